"""Impedance, eigenvalues and the sine in time, against closed forms and dense complex algebra."""

import pickle
import warnings

import mpmath
import numpy as np
import pores
import pytest
from hypothesis import example, given, settings, strategies as st
from scipy.optimize import brentq

import memnet as mn

F = np.geomspace(1e-2, 1e6, 30)
W = 2.0 * np.pi * F


def circuit(*elements, drive, **options):
    """Return a simulation of (a, b, device) elements."""
    made = mn.Circuit()
    for a, b, device in elements:
        made.add(a, b, device)
    return made.simulation(drive, **options)


def close(found, expected, rtol=1e-10):
    return np.allclose(np.asarray(found), expected, rtol=rtol, atol=0.0)


# ---------------------------------------------------------------- closed forms


def test_resistor_and_capacitor():
    sim = circuit(
        ("in", "mid", mn.Resistor(conductance=1e-3)),
        ("mid", "gnd", mn.Capacitor(capacitance=1e-6)),
        ("mid", "gnd", mn.Resistor(conductance=2e-3)),
        drive={"in": 0.3, "gnd": 0.0},
    )
    z = mn.impedance(sim, ("in", "gnd"), F)
    assert close(z, 1e3 + 1.0 / (2e-3 + 1j * W * 1e-6))
    assert z.dims == ("frequency",)
    assert z.attrs["units"] == "ohm"
    assert z.frequency.attrs["units"] == "Hz"
    assert np.isclose(z.attrs["voltage"], 0.3)
    assert np.isclose(z.attrs["current"], 0.3 / 1500.0)
    assert z.attrs["stable"] == 1
    assert close(mn.eigenvalues(sim), [-3e-3 / 1e-6])
    assert close(mn.impedance(sim, ("gnd", "in"), F), z.values)


def test_resistor_and_inductor_and_their_resonance():
    sim = circuit(
        ("in", "a", mn.Resistor(conductance=0.1)),
        ("a", "b", mn.Inductor(inductance=1e-3)),
        ("b", "gnd", mn.Capacitor(capacitance=1e-9)),
        drive={"in": 1.0, "gnd": 0.0},
    )
    assert close(mn.impedance(sim, ("in", "gnd"), F), 10.0 + 1j * W * 1e-3 + 1.0 / (1j * W * 1e-9), 1e-9)
    damped, resonance = 10.0 / 2e-3, 1.0 / np.sqrt(1e-3 * 1e-9)
    values = mn.eigenvalues(sim)
    assert close(values.real, [-damped] * 2)
    assert close(np.sort(values.imag), np.sqrt(resonance**2 - damped**2) * np.array([-1.0, 1.0]))


def test_capacitors_in_series_need_no_path_of_direct_current():
    sim = circuit(
        ("in", "mid", mn.Capacitor(capacitance=1e-6)),
        ("mid", "gnd", mn.Capacitor(capacitance=3e-6)),
        drive={"in": 0.5, "gnd": 0.0},
    )
    assert close(mn.impedance(sim, ("in", "gnd"), F), 1.0 / (1j * W * 0.75e-6))


def test_a_series_device_is_its_parts_in_series():
    first, second = mn.Selector(), mn.RateBalance(kappa_p0=0.01, kappa_d0=0.5, eta_p=10.0)
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "gnd": 1})
    as_one = mn.Simulation(net, mn.series(first, second), {"in": 0.4, "gnd": 0.0}, method="adaptive")
    as_two = circuit(("in", "mid", first), ("mid", "gnd", second), drive={"in": 0.4, "gnd": 0.0}, method="adaptive")
    assert close(mn.impedance(as_one, ("in", "gnd"), F), mn.impedance(as_two, ("in", "gnd"), F).values)


def test_circuits_at_electrodes_belong_to_the_impedance():
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "gnd": 2})
    with_load = net.attach("in", mn.Resistor(conductance=1e-2), mn.Capacitor(capacitance=1e-5), to="gnd")
    drive = {name: 0.0 if name == "gnd" else 0.1 for name in with_load.electrodes if name not in with_load.joints}
    sim = mn.Simulation(with_load, mn.Resistor(conductance=1e-2), drive)
    port = ("in", "gnd")
    assert close(mn.impedance(sim, port, F), 1.0 / (1.0 / 200.0 + 1.0 / (100.0 + 1.0 / (1j * W * 1e-5))))


@pytest.mark.parametrize("third", [0.0, mn.drive.current(1e-4), None])
def test_a_third_electrode_is_held_or_open(third):
    """A star of three conductances, whose middle is beside a capacitor to the third electrode."""
    sim = circuit(
        ("a", "m", mn.Resistor(conductance=1.0)),
        ("b", "m", mn.Resistor(conductance=1.0)),
        ("c", "m", mn.Capacitor(capacitance=1.0)),
        ("c", "m", mn.Resistor(conductance=1.0)),
        drive={"a": 0.2, "b": 0.0, "c": third},
    )
    z = mn.impedance(sim, ("a", "b"), F)
    to_third = (1.0 + 1j * W) if third == 0.0 else 0.0
    assert close(z, 1.0 + 1.0 / (1.0 + to_third))


def test_a_current_as_bias_is_the_same_impedance():
    held = pores.behind(1e-5, 0.25, **pores.FIGURE_28)
    z = mn.impedance(held, ("in", "gnd"), F)
    amperes = mn.drive.current(float(z.attrs["current"]))
    assert close(mn.impedance(held, ("in", "gnd"), F, {"in": amperes}), z.values)


# ---------------------------------------------------------------- a pore


@pytest.mark.parametrize("u", [-0.3, -0.05, 0.1, 0.2, 0.45])
@pytest.mark.parametrize("C_m", [0.0, 1e-10])
def test_a_pore_has_the_impedance_of_its_two_branches(u, C_m):
    pore = {**pores.FIGURE_28, "C_m": C_m}
    sim = pores.behind(1e-5, u + pores.current(u, **pore) / 1e-5, **pore)
    f = np.geomspace(1e-1, 1e5, 30)
    assert close(mn.impedance(sim, ("in", "gnd"), f), pores.impedance(u, f, 1e-5, **pore))
    g_b, g_a, tau, _ = pores.parts(u, **pore)
    ends = mn.impedance(sim, ("in", "gnd"), [1e-12, 1e16]).values
    assert close(ends[0], 1e5 + 1.0 / (g_a + g_b))
    assert close(ends[1], 1e5 + (1.0 / g_b if C_m == 0.0 else 0.0))
    if C_m == 0.0:
        assert close(mn.eigenvalues(sim), [-(1.0 + g_a / (1e-5 + g_b)) / tau])


def test_the_printed_digits_of_figure_28():
    pore = {**pores.FIGURE_28, "C_m": 1e-12}
    sim = pores.behind(1e-5, 0.2 + pores.current(0.2, **pore) / 1e-5, **pore)
    f = np.array([1.0, 100.0]) * 1e3 / (2.0 * np.pi)
    z = mn.impedance(sim, ("in", "gnd"), f).values * 1e-6
    assert close(z, [1.18645637 + 0.16253309j, 1.31343614 - 0.14650934j], 1e-8)


@pytest.mark.parametrize("u", [pytest.param(-0.3, marks=pytest.mark.slow), 0.2, 0.45])
def test_a_sine_in_time_measures_the_same(u):
    pore = {**pores.FIGURE_28, "C_m": 1e-10}
    sim = pores.behind(1e-5, u + pores.current(u, **pore) / 1e-5, **pore)
    f = np.geomspace(1.0, 1e6, 7)
    measured = mn.impedance_by_sine(sim, ("in", "gnd"), f, 1e-4)
    assert close(measured, pores.impedance(u, f, 1e-5, **pore), 1e-6)
    assert measured.attrs["error"] <= 1e-7
    assert measured.attrs["amplitude"] == 1e-4


def test_a_sine_of_a_current_measures_the_same():
    sim = pores.behind(1e-5, mn.drive.current(2e-7), **pores.FIGURE_28)
    f = [10.0, 1e3]
    exact = mn.impedance(sim, ("in", "gnd"), f)
    assert close(mn.impedance_by_sine(sim, ("in", "gnd"), f, 1e-10), exact.values, 1e-6)
    unasked = mn.impedance_by_sine(sim, ("in", "gnd"), f)
    assert close(unasked, exact.values, 1e-6)
    assert np.isclose(unasked.attrs["amplitude"], 1e-4 / np.abs(exact.values).min())


def test_a_large_sine_is_not_linear():
    sim = pores.behind(1e-5, 0.25, **pores.FIGURE_28)
    exact = mn.impedance(sim, ("in", "gnd"), 1.0).values
    small, large = (mn.impedance_by_sine(sim, ("in", "gnd"), 1.0, size).values for size in (1e-3, 1e-1))
    assert abs(small / exact - 1.0) < 1e-4
    assert abs(large / exact - 1.0) > 1e-2


# ---------------------------------------------------------------- any circuit


@st.composite
def circuits(draw):
    """Random connected circuits of linear elements and memristors, with the dense admittance that they have."""
    n = draw(st.integers(2, 6))
    pairs = [(draw(st.integers(0, k - 1)), k) for k in range(1, n)]
    pairs += [(0, n - 1)]
    extra = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=6))
    pairs += [(a, b) for a, b in extra if a != b]
    kinds = [draw(st.sampled_from(["R", "C", "L", "RC", "M"])) for _ in pairs]
    kinds[: n - 1] = ["R"] * (n - 1)  # so that each node has a potential at rest
    values = [draw(st.floats(0.1, 10.0)) for _ in pairs]
    return n, pairs, kinds, values, draw(st.floats(-0.6, 0.6)), draw(st.floats(1e-2, 1e2))


def device_of(kind, value):
    return {
        "R": lambda: mn.Resistor(conductance=value),
        "C": lambda: mn.Capacitor(capacitance=value),
        "L": lambda: mn.series(mn.Inductor(inductance=value), mn.Resistor(conductance=1.0)),
        "RC": lambda: mn.CubicResistor(g_1=value, g_3=0.3),
        "M": lambda: mn.RateBalance(g_min=0.1 * value, g_max=value, kappa_p0=0.3, kappa_d0=0.5, eta_p=4.0, eta_d=1.0),
    }[kind]()


def admittance_of(kind, value, v, s):
    if kind == "M":
        p, d = 0.3 * np.exp(4.0 * abs(v)), 0.5 * np.exp(-1.0 * abs(v))
        low, high = 0.1 * value, value
        g = (p * high + d * low) / (p + d)
        f_v = np.sign(v) * (4.0 * p * (high - g) + 1.0 * d * (g - low))
        return g + v * f_v / (s + p + d)
    return {
        "R": value,
        "C": s * value,
        "L": 1.0 / (s * value + 1.0),
        "RC": value + 0.9 * v**2,
    }[kind]


@settings(max_examples=60, deadline=None)
@given(circuits())
@example((4, [(0, 1), (0, 2), (0, 3), (0, 3), (0, 1), (1, 3)], [*"RRRRR", "M"], [1.0] * 6, 2.2e-313, 1.0))
def test_random_circuits_have_the_impedance_of_dense_algebra(drawn):
    n, pairs, kinds, values, volts, f = drawn
    net = mn.Network(n, pairs, electrodes={"in": 0, "gnd": n - 1})
    devices = [device_of(kind, value) for kind, value in zip(kinds, values, strict=True)]
    sim = mn.Simulation(net, devices, {"in": volts, "gnd": 0.0}, method="adaptive")
    z = mn.impedance(sim, ("in", "gnd"), f).item()
    from memnet.response._operating_point import operating_point

    potential = operating_point(sim, None, "static").potential
    s = 2j * np.pi * f
    matrix = np.zeros((n, n), dtype=complex)
    for (a, b), kind, value in zip(pairs, kinds, values, strict=True):
        y = admittance_of(kind, value, potential[a] - potential[b], s)
        for j, k, sign in ((a, a, 1), (b, b, 1), (a, b, -1), (b, a, -1)):
            matrix[j, k] += sign * y
    inner = list(range(1, n - 1))
    u = -np.linalg.solve(matrix[np.ix_(inner, inner)], matrix[inner, 0]) if inner else np.empty(0)
    into = matrix[0, 0] + matrix[0, inner] @ u
    assert abs(z * into - 1.0) < 1e-9


def test_edges_that_read_others_are_controlled_sources():
    """A common source: the drain's resistance sees r_o, and the gate's voltage moves the current by g_m."""
    Source = mn.device_model(
        "TestControlled",
        """
        i     = g*v + k*x
        dx/dt = (linked.v - x)/tau
        parameter g   = 1 mS in (0, inf)
        parameter k   = 5 mS
        parameter tau = 1 ms in (0, inf)
        state x = 0 V
        """,
    )
    made = mn.Circuit()
    made.add("in", "gate", mn.Resistor(conductance=1e-3))
    made.add("gate", "gnd", mn.Capacitor(capacitance=1e-6), name="control")
    made.add("gate", "gnd", mn.Resistor(conductance=1e-3))
    made.add("in", "gnd", mn.link(Source(), to="control"))
    sim = made.simulation({"in": 0.1, "gnd": 0.0}, method="adaptive")
    s = 1j * W
    half = 1e-3 / (2e-3 + s * 1e-6)
    y = 1e-3 * (1.0 - half) + 1e-3 + 5e-3 / (1.0 + s * 1e-3) * half
    assert close(mn.impedance(sim, ("in", "gnd"), F), 1.0 / y, 1e-9)
    assert close(mn.eigenvalues(sim), [-1e3, -2e3], 1e-9)


def test_states_of_an_edge_that_move_each_other():
    Pair = mn.device_model(
        "TestPair",
        """
        i     = g*(1 + y)*v
        q     = C*(1 + y)*v
        dx/dt = (k*v - x)/tau
        dy/dt = (x - y)/tau
        parameter g   = 1 S in (0, inf)
        parameter C   = 1 F in (0, inf)
        parameter k   = 0.5 1/V
        parameter tau = 1 s in (0, inf)
        state x = 0
        state y = 0
        """,
    )
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "gnd": 1})
    sim = mn.Simulation(net, Pair(), {"in": 0.4, "gnd": 0.0}, method="adaptive")
    s = 1j * W
    y = (1.0 + s) * (1.2 + 0.4 * 0.5 / (1.0 + s) ** 2)
    assert close(mn.impedance(sim, ("in", "gnd"), F), 1.0 / y, 1e-9)
    assert np.allclose(mn.eigenvalues(sim), -1.0, atol=1e-5)  # twice the same one: as the root of a rounding


def test_a_charge_that_follows_a_state():
    Following = mn.device_model(
        "TestFollowing",
        """
        q     = C*(1 + k*x)*v
        dx/dt = (a*v - x)/tau
        parameter C   = 1 uF in (0, inf)
        parameter k   = 2
        parameter a   = 0.5 1/V
        parameter tau = 1 ms in (0, inf)
        state x = 0
        """,
    )
    sim = circuit(
        ("in", "u", mn.Resistor(conductance=1e-3)),
        ("u", "gnd", Following()),
        drive={"in": 0.4, "gnd": 0.0},
        method="adaptive",
    )
    C, k, a, tau, v, x = 1e-6, 2.0, 0.5, 1e-3, 0.4, 0.2

    def exact(f):
        s = 2j * np.pi * f
        return 1e3 + 1.0 / (s * (C * (1 + k * x) + C * k * v * a / (1 + s * tau)))

    assert close(mn.impedance(sim, ("in", "gnd"), F), exact(F))
    mass = np.array([[C * (1 + k * x), C * k * v], [0.0, 1.0]])
    jacobian = np.array([[-1e-3, 0.0], [a / tau, -1 / tau]])
    expected = np.sort(np.linalg.eigvals(np.linalg.solve(mass, jacobian)))[::-1]
    assert close(mn.eigenvalues(sim), expected)
    assert close(mn.equilibria(sim, n_starts=1).eigenvalues[0], expected, 1e-8)
    assert close(mn.impedance_by_sine(sim, ("in", "gnd"), 300.0), exact(300.0), 1e-6)


@pytest.mark.parametrize("volts", [2.0, 8.0, 16.0, 40.0])
def test_slow_eigenvalues_beside_pores_that_are_faster_by_tens_of_decades(volts):
    """Three membranes in series: rates up to 1e106 1/s, against the characteristic polynomial in 160 digits."""
    fastest, middle = {"V_m": 0.025, "g_L": 1e-8, "g_H": 2e-6}, {"V_m": 0.1, "g_L": 1e-8, "g_H": 1e-6}
    last = {"V_m": 0.1, "g_L": 1e-5, "g_H": 2e-5}
    each = [{"V_A": 1.0, "V_D": 0.0, "n_A": 2.0, "tau_0": 5e-4, "C_m": 1e-11, **one} for one in (fastest, middle, last)]
    names = ["in", "a", "b", "gnd"]
    elements = [(names[k], names[k + 1], mn.MembraneNanopore(**one)) for k, one in enumerate(each)]
    sim = circuit(*elements, drive={"in": volts, "gnd": 0.0}, method="adaptive")
    from memnet.response._operating_point import operating_point

    point = operating_point(sim, None, "static")
    with mpmath.workdps(160):
        matrix = mpmath.zeros(5, 5)  # of two potentials and three states
        mass = mpmath.matrix([[2e-11, -1e-11], [-1e-11, 2e-11]])
        for k, one in enumerate(each):
            u = mpmath.mpf(float(point.potential[k] - point.potential[k + 1]))
            g_b, g_a, tau = two_branches(u, **one)
            into = [mpmath.mpf(sign) if 0 <= node < 2 else None for node, sign in ((k - 1, -1), (k, 1))]
            for node, sign in ((k - 1, into[0]), (k, into[1])):
                if sign is None:
                    continue
                # the slope of x by the voltage times what x does to the current is g_a
                matrix[2 + k, node] = -sign / tau
                matrix[node, 2 + k] = sign * g_a
                for other, again in ((k - 1, into[0]), (k, into[1])):
                    if again is not None:
                        matrix[node, other] -= sign * again * g_b
            matrix[2 + k, 2 + k] = -1 / tau
        inverse = mass**-1
        matrix[:2, :] = inverse * matrix[:2, :]
        found = mn.eigenvalues(sim)
        assert (found.imag == 0.0).all()
        assert (found.real < 0.0).all()
        for value in found.real.tolist():  # the characteristic polynomial changes its sign within 1e-9
            below, above = (mpmath.det(matrix - value * (1 + off) * mpmath.eye(5)) for off in (-1e-9, 1e-9))
            assert below * above < 0


def test_slow_growth_beside_a_pore_that_is_faster_by_decades_is_growth():
    """The middle one of three states, behind 0.5 uS, with a branch beside it whose rate is 1e29 1/s."""
    pore = mn.PlainNanopore.preset("figure-14", tau_0=1.0)
    fast = mn.Nanopore(V_m=0.01, V_A=0.0, V_D=0.0, g_L=9e-8, g_H=1e-7)
    elements = [("in", "u", mn.Resistor(conductance=0.5e-6)), ("u", "gnd", pore)]
    elements += [("in", "w", mn.Resistor(conductance=1e-5)), ("w", "gnd", fast)]
    sim = circuit(*elements, drive={"in": -1.1913053532, "gnd": 0.0}, method="adaptive")
    middle = mn.theory.branch_circuit(pore, -0.5642157547, g_s=0.5e-6)
    sim.set_state(pore, x=mn.theory.steady_curve(pore, -0.5642157547)["state_x"].item())
    values = mn.eigenvalues(sim)
    assert np.isclose(values[0], middle.eigenvalues[0], rtol=1e-6)
    assert values[1].real < -1e28
    with pytest.warns(mn.UnstableWarning, match=r"0\.7068"):
        assert mn.impedance(sim, ("in", "gnd"), 1.0).attrs["stable"] == 0
    assert mn.equilibria(sim, n_starts=3).stable.tolist() == [True, False, True]


def two_branches(u, *, g_L, g_H, V_m, V_A, V_D, n_A, tau_0, C_m):
    """Return g_b, g_a (S) and tau (s) at a voltage of many digits."""
    exp, n_D = mpmath.exp, n_A / (n_A - 1)
    x = 1 / (1 + exp(-(u - V_A / n_A - V_D / n_D) / V_m))
    tau = tau_0 / (exp((u - V_A) / (n_A * V_m)) + exp(-(u - V_D) / (n_D * V_m)))
    return g_L + (g_H - g_L) * x, (g_H - g_L) * x * (1 - x) / V_m * u, tau


def test_a_static_state_whose_slopes_are_singular_is_one():
    """1 S behind -1 S: nothing moves at 0 V, and no potential is decided there; the impedance has no value."""
    sim = circuit(
        ("in", "u", mn.Resistor(conductance=1.0)),
        ("u", "gnd", mn.CubicResistor(g_1=-1.0, g_3=1.0)),
        drive={"in": 0.0, "gnd": 0.0},
        method="adaptive",
    )
    with pytest.warns(mn.UnstableWarning), pytest.raises(ArithmeticError, match="singular"):
        mn.impedance(sim, ("in", "gnd"), 1.0)


# ---------------------------------------------------------------- networks


def network(devices=None, **options):
    net = mn.percolating(40, 0.65, seed=3)
    chosen = mn.RateBalance() if devices is None else devices(net)
    return mn.Simulation(net, chosen, {"left": 0.3, "right": 0.0}, **options)


def test_gaps_that_wait_for_events_are_conductances_as_they_are():
    mixed = network(lambda net: mn.mix(net, [(mn.TunnelGap(), 0.75), (mn.RateBalance(), 0.25)], seed=2))
    gaps = mixed.edges_of(mixed.devices[0])
    conductance = np.zeros(mixed.net.n_edges)
    conductance[gaps] = mixed.conductance[gaps]
    resistor = mn.Resistor(conductance=conductance)
    each = [resistor if k in set(gaps.tolist()) else mixed.devices[1] for k in range(mixed.net.n_edges)]
    same = mn.Simulation(mixed.net, each, {"left": 0.3, "right": 0.0})
    f = np.geomspace(1e-3, 1.0, 4)
    z = mn.impedance(mixed, frequency=f)
    assert close(z, mn.impedance(same, frequency=f).values)
    assert close(mn.impedance_by_sine(mixed, frequency=f[:1], rtol=1e-6), z.values[:1], 1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["A:C", "wires"])
def test_a_sine_through_a_large_network_measures_the_same(kind):
    if kind == "A:C":
        net = mn.percolating(200, 0.65, seed=1)
        devices = mn.mix(net, [(mn.TunnelGap(), 0.75), (mn.RateBalance(), 0.25)], seed=2)
    else:
        net, devices = mn.nanowires(1500, size=500.0, length=40.0, length_sd=14.0, seed=40), mn.RateBalance()
    sim = mn.Simulation(net, devices, {"left": 0.5, "right": 0.0})
    f = [1e-3, 1e-2, 1e-1]
    measured = mn.impedance_by_sine(sim, frequency=f, rtol=1e-6)
    assert close(measured, mn.impedance(sim, frequency=f).values, 1e-5)


def test_growth_is_found_in_large_circuits_too(monkeypatch):
    from memnet.response import _eigenvalues

    elements = [(f"n{k}", f"n{k + 1}", mn.Resistor(conductance=0.2)) for k in range(12)]
    elements += [(f"n{k}", "n12", mn.CubicResistor(g_1=-1.0, g_3=1 / 3)) for k in (3, 5)]
    elements += [(f"n{k}", "n12", mn.Capacitor(capacitance=0.5 + 0.1 * k)) for k in range(1, 12)]
    sim = circuit(*elements, drive={"n0": 0.0, "n12": 0.0}, method="adaptive")
    fastest = mn.eigenvalues(sim)[0]
    assert fastest.real > 0.0
    monkeypatch.setattr(_eigenvalues, "MOST_DENSE", 3)
    with pytest.warns(mn.UnstableWarning) as caught:
        mn.impedance(sim, ("n0", "n12"), 1.0)
    assert np.isclose(caught[0].message.eigenvalue, fastest, rtol=1e-9)
    assert caught[0].filename == __file__


def test_some_eigenvalues_of_a_large_network_are_among_all_of_them(monkeypatch):
    from memnet.response import _eigenvalues

    sim = network(lambda net: mn.mix(net, [(mn.RateBalance(), 0.7), (mn.Capacitor(capacitance=0.1), 0.3)], seed=1))
    every = mn.eigenvalues(sim)
    differ = np.r_[True, np.diff(every.real) < -1e-9]  # charges that nothing discharges are at 0, each
    monkeypatch.setattr(_eigenvalues, "MOST_DENSE", 10)
    some = mn.eigenvalues(sim, number=6)
    assert (~differ).any()
    assert np.allclose(some, every[differ][:6], rtol=1e-9, atol=1e-15)
    with pytest.raises(ValueError, match="number must be given"):
        mn.eigenvalues(sim)


def test_charges_that_nothing_discharges_are_no_growth(monkeypatch):
    from memnet.response import _eigenvalues

    elements = [("in", "u", mn.Resistor(conductance=1.0)), ("u", "gnd", mn.CubicResistor(g_1=-0.5, g_3=1 / 3))]
    elements += [("u", "gnd", mn.Capacitor(capacitance=1.0))]
    elements += [("in", f"m{k}", mn.Capacitor(capacitance=1.0)) for k in range(6)]
    elements += [(f"m{k}", "gnd", mn.Capacitor(capacitance=2.0 + k)) for k in range(6)]
    sim = circuit(*elements, drive={"in": 0.0, "gnd": 0.0}, method="adaptive")
    assert np.allclose(mn.eigenvalues(sim), [0.0] * 6 + [-0.5], rtol=0.0, atol=1e-12)
    for most in (1500, 3):
        monkeypatch.setattr(_eigenvalues, "MOST_DENSE", most)
        assert mn.impedance(sim, ("in", "gnd"), 1.0).attrs["stable"] == 1


def test_eigenvalues_are_those_of_equilibria():
    sim = pores.behind(1e-6, 0.25, **pores.FIGURE_28, C_m=1e-10)
    states = mn.equilibria(sim, n_starts=1)
    assert close(mn.eigenvalues(sim), states.eigenvalues[0], 1e-8)


# ---------------------------------------------------------------- operating points


def negative(volts=0.0, load=1 / 3):
    return circuit(
        ("in", "out", mn.Resistor(conductance=load)),
        ("out", "gnd", mn.CubicResistor(g_1=-1.0, g_3=1 / 3)),
        ("out", "gnd", mn.Capacitor(capacitance=1.0)),
        drive={"in": volts, "gnd": 0.0},
        method="adaptive",
    )


def test_an_unstable_point_is_said_with_its_eigenvalue():
    with pytest.warns(mn.UnstableWarning, match="0.666667") as caught:
        z = mn.impedance(negative(), ("in", "gnd"), 1.0)
    assert np.isclose(caught[0].message.eigenvalue, 2 / 3)
    assert z.attrs["stable"] == 0
    assert np.isclose(z.item(), 3.0 + 1.0 / (-1.0 + 2j * np.pi))
    again = pickle.loads(pickle.dumps(caught[0].message))
    assert again.eigenvalue == caught[0].message.eigenvalue
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mn.impedance(negative(2.0), ("in", "gnd"), 1.0)


def test_present_states_stay_where_they_are():
    device = mn.RateBalance(g_min=0.1, g_max=1.0, kappa_p0=0.3, kappa_d0=0.5)
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "gnd": 1})
    sim = mn.Simulation(net, device, {"in": 0.4, "gnd": 0.0})
    sim.set_state(device, g=0.7)
    fast = mn.impedance(sim, ("in", "gnd"), 1e9, at="present").item()
    assert np.isclose(fast, 1.0 / (0.1 + 0.9 * 0.7))  # g is the share of the way from g_min to g_max
    assert not np.isclose(mn.impedance(sim, ("in", "gnd"), 1e9).item(), fast)


def test_a_bias_takes_the_place_of_the_drive_and_changes_nothing():
    sim = pores.behind(1e-5, mn.drive.sine(1.0, 50.0), **pores.FIGURE_28)
    bits = sim.potential.tobytes()
    a = mn.impedance(sim, ("in", "gnd"), F, {"in": 0.25})
    b = mn.impedance(pores.behind(1e-5, 0.25, **pores.FIGURE_28), ("in", "gnd"), F)
    assert (a.values == b.values).all()
    assert sim.potential.tobytes() == bits
    assert repr(sim.drive["in"]) == repr(mn.drive.sine(1.0, 50.0))


def test_the_states_choose_among_several_static_states():
    """A pore with a negative resistance, behind one that is larger, has three: the middle one is unstable."""
    pore = {**pores.FIGURE_28, "V_A": -1.0, "V_D": 0.0, "n_A": 2.0}
    volts, g_s = -1.02, 0.5e-6

    def balance(u):
        return g_s * (volts - u) - pores.current(u, **pore)

    grid = np.linspace(-1.1, 0.0, 1101)
    places = np.flatnonzero(np.diff(np.sign(balance(grid))))
    expected = [brentq(balance, grid[k], grid[k + 1], xtol=1e-15) for k in places]
    assert len(expected) == 3
    sim = pores.behind(g_s, volts, **pore)
    for u, stable in zip(expected, [1, 0, 1], strict=True):
        sim.set_state(sim.device("pore"), x=1.0 / (1.0 + np.exp(-(u + 0.5) / 0.1)))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            z = mn.impedance(sim, ("in", "gnd"), F)
        assert z.attrs["stable"] == stable
        assert len(caught) == 1 - stable
        assert close(z, pores.impedance(u, F, 0.5e-6, **pore), 1e-8)


@pytest.mark.parametrize("volts", [2e3, -2e3])
def test_exponents_that_overflow_are_an_error(volts):
    Steep = mn.device_model(
        "TestSteep",
        """
        i     = g*(1 + x)*v
        dx/dt = (exp(abs(v)/V_0) - x)/tau
        parameter g   = 1 mS
        parameter V_0 = 1 V in (0, inf)
        parameter tau = 1 ms in (0, inf)
        state x = 1
        """,
    )
    sim = circuit(
        ("in", "u", mn.Resistor(conductance=1.0)),
        ("u", "gnd", Steep()),
        drive={"in": volts, "gnd": 0.0},
        method="adaptive",
    )
    with pytest.raises(mn.NoOperatingPoint, match="overflows in TestSteep on edge 1"):
        mn.impedance(sim, ("in", "gnd"), 1.0)


def test_no_operating_point_is_an_error():
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "gnd": 1})
    sim = mn.Simulation(net, mn.Inductor(), {"in": 1.0, "gnd": 0.0}, method="adaptive")
    with pytest.raises(mn.NoOperatingPoint, match="Inductor on edge 0"):
        mn.impedance(sim, ("in", "gnd"), 1.0)
    switch = mn.Simulation(net, mn.ThresholdSwitch(v_on=1.0), {"in": 2.0, "gnd": 0.0}, method="adaptive")
    with pytest.raises(mn.NoOperatingPoint, match="threshold"):
        mn.eigenvalues(switch)


Timed = mn.device_model("TestTimed", "i = g*(1 + sin(t*w))*v\nparameter g = 1 S\nparameter w = 1 1/s")
Random = mn.device_model(
    "TestJumping",
    "i = g*(1 + x)*v\ndx/dt = -x*k\nevent hit each step when x > 1: x = 0\n"
    "parameter g = 1 S\nparameter k = 1 1/s\nstate x = 0",
)


@pytest.mark.parametrize(("device", "named"), [(Timed(), "TestTimed has the time"), (Random(), "TestJumping")])
def test_models_without_a_linearisation_are_named(device, named):
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "gnd": 1})
    sim = mn.Simulation(net, device, {"in": 1.0, "gnd": 0.0})
    with pytest.raises(ValueError, match=named):
        mn.impedance(sim, ("in", "gnd"), 1.0)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"frequency": 0.0}, ValueError, "frequency must be > 0"),
        ({"frequency": [1.0, -2.0]}, ValueError, "frequency must be > 0"),
        ({"frequency": np.nan}, ValueError, "frequency"),
        ({"frequency": []}, ValueError, "frequency"),
        ({"frequency": 1j}, TypeError, "frequency"),
        ({"port": ("in", "in")}, ValueError, "two different"),
        ({"port": ("in",)}, TypeError, "port"),
        ({"port": "in"}, TypeError, "port"),
        ({"port": ("in", "nowhere")}, ValueError, "electrode in port"),
        ({"bias": {"nowhere": 1.0}}, ValueError, "electrode in bias"),
        ({"bias": 1.0}, TypeError, "bias"),
        ({"bias": {"in": "x"}}, TypeError, r"bias\['in'\]"),
        ({"bias": {"in": np.nan}}, ValueError, r"bias\['in'\]"),
        ({"bias": {"in": mn.drive.sine(1.0, 1.0)}}, ValueError, r"bias\['in'\] must be constant"),
        ({"bias": {"in": mn.drive.current(mn.drive.sine(1.0, 1.0))}}, ValueError, r"bias\['in'\] must be constant"),
        ({"frequency": [1.0, 1.7e308]}, ValueError, r"frequency must be at most 1e\+300 Hz, .* index \(1,\)"),
        ({"bias": {"in": mn.drive.limited(1.0, current=1.0)}}, ValueError, "limit"),
        ({"at": "noon"}, ValueError, "at"),
        ({"sim": 3}, TypeError, "sim"),
    ],
)
def test_bad_arguments_are_named(arguments, error, said):
    good = {"sim": pores.behind(1e-5, 0.1), "port": ("in", "gnd"), "frequency": 1.0}
    with pytest.raises(error, match=said):
        mn.impedance(**{**good, **arguments})


def test_bad_arguments_of_the_sine_are_named():
    sim = pores.behind(1e-5, 0.1)
    for arguments, said in (
        ({"amplitude": 0.0}, "amplitude"),
        ({"amplitude": 1e-300}, "amplitude must be at least 1e-13 V"),
        ({"amplitude": 1e-300, "bias": {"in": 0.0}}, "amplitude must be at least 1e-250 V"),
        ({"amplitude": 1e-20, "bias": {"in": mn.drive.current(1e-7)}}, "amplitude must be at least 1e-19 A"),
        ({"rtol": 1.0}, "rtol"),
        ({"max_cycles": 1}, "max_cycles"),
        ({"frequency": -1.0}, "frequency"),
    ):
        with pytest.raises(ValueError, match=said):
            mn.impedance_by_sine(sim, ("in", "gnd"), **arguments)


def test_frequencies_up_to_the_highest_one_have_an_impedance():
    sim = pores.behind(1e-5, 0.1, C_m=1e-12, **pores.FIGURE_28)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert close(mn.impedance(sim, ("in", "gnd"), [1e-300, 1e300]).values[1], 1e5)


def test_a_port_that_nothing_joins_is_refused():
    sim = circuit(("a", "b", mn.Resistor()), ("c", "d", mn.Resistor()), drive={"a": 1.0, "b": 0.0, "c": 0.0, "d": 0.0})
    with pytest.raises(ValueError, match="not joined"):
        mn.impedance(sim, ("a", "c"), 1.0, {"b": None, "d": None})


def test_spectra_can_be_pickled():
    z = mn.impedance(pores.behind(1e-5, 0.1), ("in", "gnd"), F)
    assert pickle.loads(pickle.dumps(z)).identical(z)
