"""Static states and folds, against closed forms, bracketing, and Jacobians that are written out again."""

import itertools
import math

import made_models
import numpy as np
import pytest
from hypothesis import assume, example, given, settings, strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

import memnet as mn

KAPPA, MU, ALPHA, TAU = 3.8e-2, 3.46e-5, 10.0, 20.0


def chain(*devices, drive, length=0.05, **options):
    """Return a simulation of devices in series, from electrode "in" to "out", by default in adaptive steps."""
    n = len(devices)
    net = mn.Network(n + 1, [(k, k + 1) for k in range(n)], length=np.full(n, length), electrodes={"in": 0, "out": n})
    return mn.Simulation(net, list(devices), drive, **{"method": "adaptive", "rtol": 1e-6, **options})


def beside(devices, drive, resistance):
    """Return a simulation of devices between node 1 and ground, behind a resistance from electrode "in"."""
    net = mn.Network(
        3, [(0, 1), *((1, 2) for _ in devices)], electrodes={"in": 0, "out": 2}, length=np.full(1 + len(devices), 0.05)
    )
    load = mn.Resistor(conductance=1.0 / resistance)
    return mn.Simulation(net, [load, *devices], drive, solver="umfpack", method="adaptive", rtol=1e-6)


def sign_changes(function, low, high, n=200_001):
    """Return the roots that a fine grid shows, each bracketed and refined."""
    grid = np.linspace(low, high, n)
    values = function(grid)
    places = np.flatnonzero(values[:-1] * values[1:] < 0.0)
    return np.array([brentq(function, grid[k], grid[k + 1], xtol=1e-15, rtol=1e-15) for k in places])


# ---------------------------------------------------------------- a static negative resistance


@pytest.mark.parametrize("resistance", [1.2, 3.0, 40.0])
def test_folds_of_a_cubic_behind_a_load_have_closed_forms(resistance):
    """v + R i(v) = V with i = v^3/3 - v turns back at v^2 = 1 - 1/R."""
    sim = beside([mn.CubicResistor(g_1=-1.0, g_3=1 / 3)], {"in": 0.0, "out": 0.0}, resistance)
    top = 4.0 * resistance
    branches = mn.equilibria(sim, electrode="in", values=(-top, top), n_starts=4)
    v = math.sqrt(1.0 - 1.0 / resistance)
    fold = v + resistance * (v**3 / 3 - v)
    order = np.argsort(branches.folds.potential[:, 1])
    assert np.allclose(branches.folds.potential[order, 1], [-v, v], rtol=0.0, atol=1e-10)
    assert np.allclose(branches.folds.value[order], [-fold, fold], rtol=1e-10, atol=1e-10)
    assert set(branches.branch) == {0}
    assert not branches.folds.stable.any()
    assert branches.folds.folds is None
    u = branches.potential[:, 1]
    assert (branches.stable == (1.0 + resistance * (u**2 - 1.0) > 0.0)).all()
    assert np.allclose(u + resistance * (u**3 / 3 - u), branches.value, rtol=0.0, atol=1e-10 * resistance)
    assert (np.diff(u) > 0.0).all() or (np.diff(u) < 0.0).all()  # through both folds, in order
    assert np.isclose(branches.value.min(), -top)
    assert np.isclose(branches.value.max(), top)


def test_the_drive_at_a_fold_has_a_double_state_there():
    v = math.sqrt(1.0 - 1.0 / 3.0)
    fold = v + 3.0 * (v**3 / 3 - v)
    sim = beside([mn.CubicResistor(g_1=-1.0, g_3=1 / 3)], {"in": fold, "out": 0.0}, 3.0)
    states = mn.equilibria(sim, n_starts=4)
    assert np.allclose(states.potential[:, 1], [-2.0 * v, v], atol=1e-7)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(
    st.floats(-2.0, 0.5),
    st.floats(-1.0, 1.0),
    st.floats(0.05, 2.0),
    st.floats(0.05, 20.0),
    st.floats(-20.0, 20.0),
    st.integers(0, 3),
)
@example(0.0, 1.0, 1 / 16, 1.0, 0.0, 1)
@example(0.0, 0.0, 1.0, 1.0, 1e-308, 0)
def test_a_load_line_has_as_many_states_as_a_fine_grid_has_sign_changes(g_1, g_2, g_3, resistance, volts, seed):
    sim = beside([mn.CubicResistor(g_1=g_1, g_2=g_2, g_3=g_3)], {"in": volts, "out": 0.0}, resistance)

    def balance(v):
        return v + resistance * (g_1 * v + g_2 * v**2 + g_3 * v**3) - volts

    extrema = np.roots([3.0 * g_3, 2.0 * g_2, g_1 + 1.0 / resistance])
    real = extrema[np.isreal(extrema)].real
    assume(not len(real) or np.abs(balance(real)).min() > 1e-3 * (1.0 + abs(volts)))  # the grid sees no double root
    roots = sign_changes(balance, -60.0, 60.0)
    states = mn.equilibria(sim, seed=seed)
    assert len(states) == len(roots)
    assert np.allclose(states.potential[:, 1], roots, rtol=1e-10, atol=1e-10)
    slope = 1.0 / resistance + g_1 + 2.0 * g_2 * roots + 3.0 * g_3 * roots**2
    assert (states.stable == (slope > 0.0)).all()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
def test_cubics_in_series_have_every_state_that_their_currents_allow(seed):
    """Where three voltages that carry one current sum to the drive, counted over all branches of v(i)."""
    volts, current = 0.3, np.linspace(-2.0 / 3.0, 2.0 / 3.0, 400_001)
    angle = np.arccos(np.clip(1.5 * current, -1.0, 1.0)) / 3.0
    branches = [2.0 * np.cos(angle - 2.0 * np.pi * k / 3.0) for k in range(3)]
    excess = [sum(three) - volts for three in itertools.product(branches, repeat=3)]
    circuit = mn.Circuit()
    for a, b in [("in", "first"), ("first", "second"), ("second", "gnd")]:
        circuit.add(a, b, mn.CubicResistor(g_1=-1.0, g_3=1 / 3))
    states = mn.equilibria(circuit, {"in": volts, "gnd": 0.0}, seed=seed)
    assert len(states) == sum(int((one[:-1] * one[1:] < 0.0).sum()) for one in excess)
    through = states.branch_current
    assert np.abs(through - through[:, :1]).max() < 1e-12


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(st.floats(0.03, 0.08), st.floats(0.3, 0.95), st.floats(-2.0, 4.0), st.floats(20.0, 200.0), st.floats(-1.5, 0.8))
def test_a_hillock_behind_a_load_runs_to_its_clamp(length, fraction, log_resistance, beta, log_volts):
    resistance, volts, most = 10.0**log_resistance, 10.0**log_volts, fraction * length
    hillock = mn.Hillock(z_max_fraction=fraction, beta=beta)
    load = mn.Resistor(conductance=1.0 / resistance)
    states = mn.equilibria(chain(hillock, load, drive={"in": volts, "out": 0.0}, length=length))

    def balance(z):
        return KAPPA * z * (length - z) / MU * (1.0 + resistance * ALPHA * np.exp(-beta * (length - z))) - volts

    assume(abs(balance(most)) > 1e-4 * volts)
    grid = balance(np.linspace(0.0, most, 2001))
    turns = np.flatnonzero(np.diff(np.sign(np.diff(grid))))
    assume(not len(turns) or np.abs(grid[turns + 1]).min() > 1e-4 * volts)
    roots = sign_changes(balance, 0.0, most)
    if balance(most) < 0.0:
        roots = np.append(roots, most)  # held by its clamp, pushed outwards
    z = np.sort(states.state(hillock, "z").ravel())
    assert len(z) == len(roots)
    assert np.allclose(z, roots, rtol=1e-9, atol=1e-12)


def test_a_hillock_pulls_in_at_half_the_gap():
    hillock = mn.Hillock(z_max_fraction=0.9)
    branches = mn.equilibria(
        chain(hillock, drive={"in": 0.0, "out": 0.0}), electrode="in", values=(0.1, 1.0), n_starts=4
    )
    smooth, corner = KAPPA * 0.05**2 / (4.0 * MU), KAPPA * 0.045 * 0.005 / MU
    assert np.allclose(branches.folds.value, [smooth, corner], rtol=1e-12)
    assert np.allclose(branches.folds.state(hillock, "z").ravel(), [0.025, 0.045], rtol=1e-10)


# ---------------------------------------------------------------- stability


def jacobian(function, x, share=1e-6):
    """Return central differences of fourth order."""
    columns = []
    for k in range(len(x)):
        h = share * max(abs(x[k]), 1e-3)
        step = np.zeros(len(x))
        step[k] = h
        near, far = function(x + step) - function(x - step), function(x + 2 * step) - function(x - 2 * step)
        columns.append((8.0 * near - far) / (12.0 * h))
    return np.array(columns).T


def test_eigenvalues_are_those_of_the_equations_written_out_again():
    """A hillock beside a capacitor behind a resistance: C du/dt and dz/dt in plain numbers."""
    hillock = mn.Hillock(z_max_fraction=0.9)
    capacitance, resistance, volts = 2e-3, 30.0, 0.6
    sim = beside([hillock, mn.Capacitor(capacitance=capacitance)], {"in": volts, "out": 0.0}, resistance)

    def rates(x):
        u, z = x
        current = (volts - u) / resistance - ALPHA * math.exp(-200.0 * (0.05 - z)) * u
        return np.array([current / capacitance, (MU * abs(u) / (KAPPA * (0.05 - z)) - z) / TAU])

    states = mn.equilibria(sim, n_starts=4)
    assert len(states) >= 1
    for k, z in enumerate(states.state(hillock, "z").ravel()):
        if z < 0.045:
            at = np.array([states.potential[k, 1], z])
            assert np.abs(rates(at) * [capacitance * resistance, 1.0]).max() < 1e-12
            want = np.sort_complex(np.linalg.eigvals(jacobian(rates, at)))
            assert np.allclose(np.sort_complex(states.eigenvalues[k]), want, rtol=1e-6)
            assert states.stable[k] == (want.real < 0.0).all()


def test_states_of_one_device_move_each_other():
    """Short-long-term drift: dw/dt depends on tau and eps, which the model's linearisation leaves out."""
    drift = mn.ShortLongTermDrift(sigma=0.0, theta=0.0)
    sim = chain(drift, mn.Resistor(conductance=1e-3), drive={"in": 0.2, "out": 0.0})
    states = mn.equilibria(sim, n_starts=4)
    sim.run(duration=1000.0)
    assert np.isclose(sim.state(drift, "w")[0], states.state(drift, "w")[states.stable], rtol=1e-4).any()


@pytest.mark.slow
def test_short_long_term_drift_ends_full_and_forgets_at_once():
    """A voltage of one sign raises w and what is kept of it to their ends, and there wears the time constant down."""
    drift = mn.ShortLongTermDrift()
    states = mn.equilibria(chain(drift, mn.Resistor(conductance=1e-3), drive={"in": 0.2, "out": 0.0}))
    assert [states.state(drift, name).ravel().tolist() for name in ("w", "tau", "eps")] == [[1.0], [0.0], [1.0]]
    assert states.stable.all()


def test_a_continuum_is_one_state_and_no_branch():
    """At 0 V nothing decides tau, nor at which w = eps the device rests."""
    drift = mn.ShortLongTermDrift()
    sim = chain(drift, mn.Resistor(conductance=1e-3), drive={"in": 0.0, "out": 0.0})
    states = mn.equilibria(sim, n_starts=4)
    assert states.branch.tolist() == [-1]
    assert np.allclose(states.eigenvalues, [[0.0, 0.0, -1.0 / drift.tau_initial]])
    assert not states.stable.any()
    assert [states.state(drift, name).item() for name in ("w", "tau", "eps")] == [
        sim.state(drift, name).item() for name in ("w", "tau", "eps")
    ]


def test_a_van_der_pol_circuit_is_unstable_inside_its_cycle():
    """Cubic, capacitor and inductor side by side: s^2 C L + s L g_1 + 1 = 0."""
    net = mn.Network(2, [(0, 1)] * 3 + [(0, 1)], electrodes={"gnd": 1})
    cubic, load = mn.CubicResistor(g_1=-0.3, g_3=0.1), mn.Resistor(conductance=0.1)
    devices = [cubic, mn.Capacitor(capacitance=2.0), mn.Inductor(inductance=0.5), load]
    sim = mn.Simulation(net, devices, {"gnd": 0.0}, solver="umfpack", method="adaptive", rtol=1e-3)
    states = mn.equilibria(sim)
    assert np.allclose(states.potential, 0.0, atol=1e-12)
    assert len(states) == 1
    assert not states.stable[0]
    assert np.allclose(
        np.sort_complex(states.eigenvalues[0]), np.sort_complex(np.roots([2.0 * 0.5, -0.2 * 0.5, 1.0])), rtol=1e-10
    )


def test_inductors_are_short_and_capacitors_open():
    resistor = mn.Resistor(conductance=1e-2)
    inductor = mn.Inductor(inductance=1e-3)
    other = mn.Inductor(inductance=2e-3)
    sim = chain(resistor, inductor, other, resistor, drive={"in": 1.0, "out": 0.0}, solver="umfpack")
    states = mn.equilibria(sim, n_starts=4)
    assert np.allclose(states.potential, [[1.0, 0.5, 0.5, 0.5, 0.0]])
    assert np.allclose(states.state(inductor, "i"), 5e-3)
    assert np.allclose(states.current_of("in"), 5e-3)
    assert np.allclose(states.voltage_of("out"), 0.0)
    finite = states.eigenvalues[0][np.isfinite(states.eigenvalues[0])]
    assert np.allclose(finite, -200.0 / 3e-3)
    assert states.stable.all()
    sim = beside([mn.Capacitor(capacitance=1e-6)], {"in": 2.0, "out": 0.0}, 1e3)
    states = mn.equilibria(sim, n_starts=4)
    assert np.allclose(states.potential, [[2.0, 2.0, 0.0]])
    assert np.allclose(states.eigenvalues, -1e3)
    assert np.allclose(states.state(sim.devices[1], "v"), 2.0)


# ---------------------------------------------------------------- ends, thresholds, continua


@pytest.mark.parametrize(("volts", "end"), [(1.0, 1.0), (-1.0, 0.0)])
def test_drift_without_a_window_rests_at_the_end_that_its_current_pushes_to(volts, end):
    drift = mn.LinearDrift(window="none")
    states = mn.equilibria(chain(drift, mn.Resistor(conductance=1e-3), drive={"in": volts, "out": 0.0}), n_starts=4)
    assert states.state(drift, "x").ravel().tolist() == [end]
    assert states.stable.all()
    assert np.isneginf(states.eigenvalues.real).all()


def test_a_state_that_nothing_moves_stays_where_it_is_and_is_not_stable():
    drift = mn.LinearDrift(window="none")
    sim = chain(drift, mn.Resistor(conductance=1e-3), drive={"in": 0.0, "out": 0.0})
    states = mn.equilibria(sim)
    assert np.allclose(states.state(drift, "x"), [sim.state(drift, "x")])
    assert not states.stable.any()
    assert np.abs(states.eigenvalues).max() == 0.0


def test_a_threshold_switch_may_stand_both_ways_between_its_voltages():
    switch = mn.ThresholdSwitch(v_on=1.2, v_off=0.4, r_on=500.0, r_off=1e6)
    load = mn.Resistor(conductance=1e-3)
    on = {}
    for volts in (0.5, 1.2005, 1.3):
        states = mn.equilibria(chain(switch, load, drive={"in": volts, "out": 0.0}), n_starts=4)
        on[volts] = np.sort(states.state(switch, "on").ravel()).tolist()
    assert on == {0.5: [0.0], 1.2005: [0.0, 1.0], 1.3: [1.0]}  # v = V/1.001 while open, V/3 while closed
    sim = chain(switch, load, drive={"in": 0.0, "out": 0.0})
    branches = mn.equilibria(sim, electrode="in", values=(0.0, 3.0), n_starts=4)
    closed = branches.state(switch, "on").ravel() == 1.0
    assert np.isclose(branches.value[~closed].max(), 1.2 * 1.001, rtol=1e-9)
    assert np.isclose(branches.value[closed].min(), 3 * 0.4, rtol=1e-9)
    assert branches.stable.all()


@pytest.mark.parametrize("charged", [False, True])
def test_a_node_without_a_capacitor_is_as_stable_as_with_one(charged):
    """A current into a negative branch runs away; a voltage across it does not."""
    circuit = mn.Circuit()
    circuit.add("in", "gnd", mn.CubicResistor(g_1=-1.0, g_3=1 / 3))
    if charged:
        circuit.add("in", "gnd", mn.Capacitor(capacitance=1e-9))
    fed = mn.equilibria(circuit, {"in": mn.drive.current(0.1), "gnd": 0.0}, n_starts=4)
    assert fed.stable.tolist() == [True, False, True]
    assert fed.eigenvalues.shape[1] == charged
    held = mn.equilibria(circuit, {"in": 0.1, "gnd": 0.0}, n_starts=4)
    assert held.stable.tolist() == [True]
    assert np.isclose(held.current_of("in").item(), 0.1**3 / 3 - 0.1)


def test_a_ladder_of_two_negative_resistances_has_the_roots_of_its_polynomial():
    """Without a capacitor, and with folds: the second potential is a polynomial of the first."""
    g_1, g_3, volts, first, second = (-1.5, -0.8), (0.4, 0.3), 0.2, 2.0, 3.0
    circuit = mn.Circuit()
    circuit.add("in", "a", mn.Resistor(conductance=1.0 / first))
    circuit.add("a", "gnd", mn.CubicResistor(g_1=g_1[0], g_3=g_3[0]))
    circuit.add("a", "b", mn.Resistor(conductance=1.0 / second))
    circuit.add("b", "gnd", mn.CubicResistor(g_1=g_1[1], g_3=g_3[1]))
    through = [np.poly1d([g_3[k], 0.0, g_1[k], 0.0]) for k in range(2)]
    a = np.poly1d([1.0, 0.0])
    b = a - second * ((volts - a) / first - through[0])
    roots = ((a - b) / second - through[1](b)).roots
    states = mn.equilibria(circuit, {"in": volts, "gnd": 0.0})
    real = np.sort(roots[np.abs(roots.imag) < 1e-9].real)
    assert len(real) > 3
    assert np.allclose(np.sort(states.potential[:, 1]), real, rtol=0.0, atol=1e-8)
    assert len(states.folds) > 0
    assert states.eigenvalues.shape == (len(real), 0)
    potential = states.to_dataset().potential
    slopes = [g_1[k] + 3.0 * g_3[k] * potential.sel(node=node).values ** 2 for k, node in enumerate("ab")]
    for stable, one, two in zip(states.stable, *slopes, strict=True):
        matrix = [[1 / first + 1 / second + one, -1 / second], [-1 / second, 1 / second + two]]
        assert stable == (np.linalg.eigvalsh(matrix) > 0.0).all()


def test_an_oscillator_with_a_threshold_has_no_static_state():
    circuit = mn.Circuit()
    circuit.add("in", "n1", mn.Resistor(conductance=1 / 20e3))
    circuit.add("n1", "gnd", mn.ThresholdSwitch(v_on=1.2, v_off=0.4, r_on=500.0, r_off=1e6))
    circuit.add("n1", "gnd", mn.Capacitor(capacitance=1e-9))
    assert len(mn.equilibria(circuit, {"in": 3.0, "gnd": 0.0})) == 0


def test_a_transistor_reads_the_voltage_that_its_link_has():
    """Gate to drain: k/2 (u - v_t)^2 = (V - u)/R, and its slope k (u - v_t) in the eigenvalue."""
    transistor, resistance, capacitance, volts = mn.Transistor(k=1e-4, v_t=1.0), 1e4, 1e-9, 7.0
    net = mn.Network(3, [(0, 1), (1, 2), (1, 2), (1, 2)], electrodes={"in": 0, "gnd": 2})
    devices = [
        mn.Resistor(conductance=1.0 / resistance),
        mn.Resistor(conductance=0.0),
        mn.link(transistor, to=1),
        mn.Capacitor(capacitance=capacitance),
    ]
    states = mn.equilibria(mn.Simulation(net, devices, {"in": volts, "gnd": 0.0}), n_starts=4)
    over = sign_changes(lambda x: 0.5e-4 * x**2 - (volts - 1.0 - x) / resistance, 0.0, volts)
    assert np.allclose(states.potential[:, 1], 1.0 + over, rtol=1e-10)
    assert np.allclose(states.eigenvalues, -(1.0 / resistance + 1e-4 * over) / capacitance, rtol=1e-9)
    with_gate = mn.equilibria(
        mn.Simulation(net, devices, {"in": volts, "gnd": 0.0}), electrode="in", values=[2.0, 7.0], n_starts=4
    ).potential[:, 1]
    assert np.isclose(with_gate[-1], 1.0 + over[0], rtol=1e-10)


# ---------------------------------------------------------------- drives, circuits, errors


@pytest.mark.parametrize("volts", [200.0, 1e3, 1e4])
def test_diodes_far_below_the_drive_have_their_state(volts):
    """Newton's method alone falls through an exponential by about 26 mV a step."""
    circuit = mn.Circuit()
    circuit.add("in", "out", mn.Resistor(conductance=1e-3))
    circuit.add("out", "gnd", mn.Diode())
    driven = {"in": volts, "gnd": 0.0}
    found = mn.equilibria(circuit, driven, n_starts=2)
    at_rest = mn.solve(circuit.network(driven), drive=driven, devices=circuit.devices).potential
    assert found.potential == pytest.approx(at_rest[None, :], rel=1e-9)
    assert found.stable.tolist() == [True]


def test_values_give_all_states_at_each_and_their_branches():
    sim = beside([mn.CubicResistor(g_1=-1.0, g_3=1 / 3)], {"in": 0.0, "out": 0.0}, 3.0)
    values = [-3.0, -0.5, 0.0, 0.7, 3.0]
    states = mn.equilibria(sim, electrode="in", values=values, n_starts=4)
    for value in values:
        roots = sign_changes(lambda v, value=value: v + 3.0 * (v**3 / 3 - v) - value, -5.0, 5.0 + 1e-4)
        assert np.allclose(states.potential[states.value == value, 1], roots, atol=1e-10)
    assert set(states.branch) == {0}
    assert len(states.folds) == 2


def test_a_current_may_be_varied_and_need_not_meet_a_voltage():
    cubic = mn.CubicResistor(g_1=-1.0, g_3=1 / 3)
    for other in (0.0, mn.drive.current(0.0)):
        if other == 0.0:
            sim = chain(cubic, drive={"in": mn.drive.current(0.1), "out": other}, solver="umfpack")
            branches = mn.equilibria(sim, electrode="in", values=(-2.0, 2.0), n_starts=4)
            assert np.allclose(np.sort(branches.folds.value), [-2 / 3, 2 / 3], rtol=1e-10)
    nothing = {"in": mn.drive.current(0.0), "out": mn.drive.current(0.0)}
    assert len(mn.equilibria(chain(cubic, drive=nothing, solver="umfpack"), n_starts=4)) == 3
    pair = {"in": mn.drive.current(0.1), "out": mn.drive.current(-0.1)}
    states = mn.equilibria(chain(cubic, drive=pair, solver="umfpack"), n_starts=4)
    across = states.voltage_of("in") - states.voltage_of("out")
    assert np.allclose(np.sort(across), sign_changes(lambda v: v**3 / 3 - v - 0.1, -5.0, 5.0 + 1e-4), atol=1e-10)
    assert np.allclose(states.current_of("in"), 0.1, atol=1e-9)


def test_a_drive_is_taken_at_the_present_time_and_nothing_changes():
    synapse = mn.RateBalance()
    sim = chain(synapse, drive={"in": mn.drive.sine(1.0, 0.25), "out": 0.0}, method="fixed", rtol=None)
    sim.run(1)
    before = sim.copy()
    states = mn.equilibria(sim, n_starts=4)
    assert np.isclose(states.voltage_of("in")[0], 1.0)
    rate_up, rate_down = (sim.devices[0].kappa_p0, sim.devices[0].kappa_d0)
    up, down = rate_up * math.exp(synapse.eta_p), rate_down * math.exp(-synapse.eta_d)
    assert np.isclose(states.state(synapse, "g").item(), up / (up + down), rtol=1e-12)
    assert np.isclose(states.eigenvalues.item().real, -(up + down), rtol=1e-12)
    other = mn.equilibria(sim, {"in": 0.0, "out": 0.0}, n_starts=4)
    assert np.isclose(other.state(synapse, "g").item(), rate_up / (rate_up + rate_down), rtol=1e-12)
    assert sim.drive["in"] == before.drive["in"]
    assert (sim.run(5).current == before.run(5).current).all()


def test_a_network_rests_where_long_runs_end():
    net = mn.grid(4, 4)
    sim = mn.Simulation(net, mn.RateBalance(), {"left": 0.5, "right": 0.0}, dt=5.0)
    states = mn.equilibria(sim, n_starts=2)
    sim.run(4000)
    assert len(states) == 1
    assert states.stable.all()
    assert np.allclose(states.state(sim.devices[0], "g")[0], sim.state(sim.devices[0], "g"), rtol=1e-9)
    assert np.allclose(states.potential[0], sim.potential, rtol=1e-9, atol=1e-12)
    assert np.allclose(states.current[0], sim.current, rtol=1e-9)
    assert np.allclose(states.branch_current[0], sim.branch_current, rtol=1e-7, atol=1e-12)


def negative_resistance(capacitance=1.0):
    """Return a circuit: V = v + 3 (v^3/3 - v) behind 3 ohm, with a capacitor."""
    circuit = mn.Circuit()
    circuit.add("in", "out", mn.Resistor(conductance=1 / 3), name="load")
    circuit.add("out", "gnd", mn.CubicResistor(g_1=-1.0, g_3=1 / 3), name="diode")
    circuit.add("out", "gnd", mn.Capacitor(capacitance=capacitance), name="beside")
    return circuit


def test_a_circuit_has_its_names_in_the_dataset():
    circuit = negative_resistance()
    states = mn.equilibria(circuit, {"in": 0.5, "gnd": 0.0}, n_starts=4)
    data = states.to_dataset()
    assert (data.potential.sel(node="out") == states.potential[:, 1]).all()
    v = data.potential.sel(node="out").values
    assert np.allclose(data.branch_current.sel(edge="diode"), v**3 / 3 - v)
    assert np.allclose(data.state_v_2.sel(edge_2="beside"), v)
    assert data.stable.values.tolist() == [True, False, True]
    assert data.eigenvalues.attrs["units"] == "1/s"
    numbered = mn.equilibria(circuit.simulation({"in": 0.5, "gnd": 0.0}).copy(), n_starts=4).to_dataset()
    assert numbered.equals(data)
    plain = mn.equilibria(chain(mn.Resistor(), drive={"in": 1.0, "out": 0.0}), n_starts=4).to_dataset()
    assert plain.node.values.tolist() == [0, 1]
    with pytest.raises(TypeError, match="needs drive"):
        mn.equilibria(circuit, n_starts=4)
    circuit.add("out", "open", mn.Capacitor(), name="series")
    with pytest.raises(ValueError, match=r"node open has no potential at rest.*it has element series"):
        mn.equilibria(circuit, {"in": 0.0, "gnd": 0.0}, n_starts=4)


def test_an_island_has_no_potential():
    net = mn.Network(4, [(0, 1), (2, 3)], electrodes={"in": 0, "out": 1})
    states = mn.equilibria(mn.Simulation(net, mn.RateBalance(), {"in": 1.0, "out": 0.0}), n_starts=4)
    assert np.isnan(states.potential[0, 2:]).all()
    assert states.branch_current[0, 1] == 0.0


@pytest.mark.parametrize(
    ("devices", "message"),
    [
        ((mn.AtomicSwitch(), mn.Resistor()), "AtomicSwitch has no linearisation"),
        ((mn.TunnelGap(), mn.Resistor()), "TunnelGap has no linearisation"),
        ((mn.Capacitor(), mn.Capacitor()), "node 1 has no potential at rest.*edges 0, 1"),
        ((mn.Resistor(conductance=0.0), mn.Capacitor()), "node 1 has no potential at rest"),
    ],
)
def test_what_has_no_static_equations_is_named(devices, message):
    sim = chain(*devices, drive={"in": 1.0, "out": 0.0}, method="fixed", rtol=None)
    with pytest.raises(ValueError, match=message):
        mn.equilibria(sim)


@pytest.mark.parametrize(
    ("name", "linked", "message"),
    [
        ("Particles", None, "Particles has no linearisation of its state x, which is a vector"),
        ("Follower", 1, "Follower has no linearisation on its own: it reads the state"),
    ],
)
def test_states_that_are_no_numbers_of_the_edge_are_named(name, linked, message):
    device = made_models.made_class(name)()
    device = device if linked is None else mn.link(device, to=linked)
    sim = chain(device, mn.LinearDrift(), drive={"in": 1.0, "out": 0.0}, method="fixed", rtol=None)
    with pytest.raises(ValueError, match=message):
        mn.equilibria(sim)


def test_arguments_are_checked():
    sim = chain(mn.RateBalance(), mn.Resistor(), drive={"in": 1.0, "out": 0.0})
    for wrong, kind, message in [
        ({"electrode": "in"}, TypeError, "electrode and values together"),
        ({"values": (0.0, 1.0)}, TypeError, "electrode and values together"),
        ({"electrode": "inn", "values": (0.0, 1.0)}, ValueError, "did you mean 'in'"),
        ({"electrode": "in", "values": (1.0, 1.0)}, ValueError, "low < high"),
        ({"electrode": "in", "values": []}, ValueError, "at least one"),
        ({"electrode": "in", "values": [0.0, math.nan]}, ValueError, "finite"),
        ({"electrode": "in", "values": (0.0, math.inf)}, ValueError, "values"),
        ({"n_starts": -1}, ValueError, "n_starts"),
        ({"n_start": 3}, TypeError, "did you mean 'n_starts'"),
        ({"seed": -1}, ValueError, "seed"),
    ]:
        with pytest.raises(kind, match=message):
            mn.equilibria(sim, **wrong)
    with pytest.raises(TypeError, match="circuit must be"):
        mn.equilibria(sim.net)
    floating = chain(mn.RateBalance(), drive={"in": 1.0, "out": None})
    with pytest.raises(ValueError, match="floats"):
        mn.equilibria(floating, electrode="out", values=(0.0, 1.0))
    states = mn.equilibria(sim, n_starts=0)
    with pytest.raises(ValueError, match="compare by identity"):
        states.state(mn.RateBalance(), "g")
    with pytest.raises(ValueError, match="state of RateBalance"):
        states.state(sim.devices[0], "z")
    assert "1 static state" in repr(states)
    assert len(states) == 1


# ---------------------------------------------------------------- a ramp through a fold


def test_a_ramp_jumps_late_with_the_exponent_two_thirds():
    """Past a fold V_f the slowest rate vanishes, and a ramp of r V/s jumps at V_f + c r^(2/3)."""
    hillock = mn.Hillock(z_max_fraction=0.9)
    still = chain(hillock, drive={"in": 0.66, "out": 0.0})
    fold = mn.equilibria(still, electrode="in", values=(0.5, 0.8), n_starts=4).folds.value.max()
    start = mn.equilibria(still, n_starts=4).state(hillock, "z").min()
    rates, late = np.array([1e-6, 1e-5, 1e-4]), []
    for rate in rates:
        span = 0.08 / rate
        wave = mn.drive.piecewise_linear([0.0, span], [0.66, 0.74])
        sim = chain(hillock, drive={"in": wave, "out": 0.0}, dt=span / 4000, rtol=1e-5)
        sim.set_state(hillock, z=start)
        data = sim.run(4000, record={"state:z": hillock})
        late.append(0.66 + rate * float(data.time[int(np.argmax(data.state_z.values[:, 0] > 0.035))]) - fold)
    exponent = np.polyfit(np.log(rates), np.log(late), 1)[0]
    assert abs(exponent - 2 / 3) < 0.1


@pytest.mark.slow
def test_a_ramp_of_a_negative_resistance_jumps_as_late_as_scipy_says():
    """Over three decades of the rate: c r^(2/3), each delay as SciPy's Radau has it."""
    circuit = negative_resistance()
    drive = {"in": 0.0, "gnd": 0.0}
    fold = mn.equilibria(circuit, drive, electrode="in", values=(0.0, 2.0)).folds.value.item()
    assert np.isclose(fold, 2.0 * math.sqrt(2.0 / 3.0) ** 3, rtol=1e-10)
    rates, late = np.array([1e-5, 1e-4, 1e-3, 1e-2]), []
    for rate in rates:
        low, high = fold - 10.0 * rate ** (2 / 3), fold + 6.0 * rate ** (2 / 3)
        start = mn.equilibria(circuit, {"in": low, "gnd": 0.0}).potential[0, 1]
        span = (high - low) / rate
        wave = mn.drive.piecewise_linear([0.0, span], [low, high])
        options = {"solver": "umfpack", "method": "adaptive", "rtol": 1e-6}
        sim = circuit.simulation({"in": wave, "gnd": 0.0}, dt=span / 2000, **options)
        sim.set_state(sim.device("beside"), v=start)
        data = sim.run(2000, record={"potential": "out"})
        u, time = data.potential.values[:, 0], data.time.values
        after = int(np.argmax(u > 0.0))
        late.append(low + rate * np.interp(0.0, u[after - 1 : after + 1], time[after - 1 : after + 1]) - fold)

        def jumped(t, u):
            return u[0]

        jumped.terminal = True
        exact = solve_ivp(
            lambda t, u, low=low, rate=rate: (low + rate * t - u) / 3.0 - (u**3 / 3.0 - u),
            (0.0, span),
            [start],
            method="Radau",
            rtol=1e-10,
            atol=1e-12,
            events=jumped,
        )
        assert np.isclose(late[-1], low + rate * exact.t_events[0][0] - fold, rtol=0.0, atol=rate * span / 2000)
    exponent = np.polyfit(np.log(rates), np.log(late), 1)[0]
    assert abs(exponent - 2 / 3) < 0.1


# ---------------------------------------------------------------- the linearisation that reaches Python


def test_linearise_gives_equations_at_any_point_and_changes_nothing():
    hillock = mn.Hillock(z_max_fraction=0.9)
    sim = chain(hillock, mn.Capacitor(capacitance=3.0), drive={"in": 1.0, "out": 0.0}, method="fixed", rtol=None)
    before = sim._core.dumps(b"")
    found = sim._core.linearise(0, np.array([-0.4, 7.0]), np.array([[0.01]]))
    g = ALPHA * math.exp(-200.0 * 0.04)
    push = MU / (KAPPA * 0.04)
    assert np.allclose(found["i"], -0.4 * g)
    assert np.allclose(found["i_v"], g)
    assert np.allclose(found["i_x"], -0.4 * g * 200.0)
    assert np.allclose(found["f"], (0.4 * push - 0.01) / TAU)
    assert np.allclose(found["f_v"], -push / TAU)
    assert np.allclose(found["f_x"], (0.4 * push / 0.04 - 1.0) / TAU)
    assert "crossing" not in found
    charge = sim._core.linearise(1, np.array([-0.4, 7.0]))
    assert (charge["q"], charge["q_v"], charge["i"]) == (21.0, 3.0, 0.0)
    assert sim._core.dumps(b"") == before
    for wrong in [(2, np.zeros(2)), (0, np.zeros(3)), (0, np.zeros(2), np.zeros((2, 1)))]:
        with pytest.raises(ValueError, match=r"population|voltage|states"):
            sim._core.linearise(*wrong)
