"""Equivalent circuits of devices: against the closed forms of a pore, the linearised network, and a sine."""

import warnings

import numpy as np
import pores
import pytest
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet import analysis, theory

G_S = 1e-5
# Inner voltages of figure 28 on both sides of E_0 = 0, and of the midpoint V_B = 0.0667 V.
POINTS = [-0.3, -0.05, 0.1, 0.2, 0.45]

DEVICES = {
    "pore": mn.Nanopore.preset("figure-29a"),
    "membrane": mn.MembraneNanopore.preset("figure-28"),
    "plain": mn.PlainNanopore.preset("figure-14"),
    "deactivating": mn.DeactivatingNanopore.preset("figure-16-text", tau_y=0.05),
    "retentive": mn.RetentiveNanopore.preset("figure-33"),
    "capacitive": mn.CapacitivePore.preset("figure-31"),
    "nerve": mn.HodgkinHuxley(area=1e-6),
    "resistor": mn.Resistor(conductance=2e-6),
    "capacitor": mn.Capacitor(capacitance=1e-9),
    "cubic": mn.CubicResistor(g_1=1e-6, g_3=2e-6),
}


def behind(g_s, device, volts):
    circuit = mn.Circuit()
    circuit.add("in", "u", mn.Resistor(conductance=g_s))
    circuit.add("u", "gnd", device)
    return circuit.simulation({"in": volts, "gnd": 0.0}, method="adaptive")


def held(device, volts):
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "gnd": 1})
    return mn.Simulation(net, device, {"in": volts, "gnd": 0.0}, method="adaptive")


def measured(sim, frequency):
    """The impedance, whether the point is stable or not: some devices have negative resistances."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mn.UnstableWarning)
        return mn.impedance(sim, ("in", "gnd"), frequency).values


# ------------------------------------------------------------------ figure 28


@pytest.mark.parametrize("u", POINTS)
def test_branches_of_figure_28_are_those_of_the_closed_form(u):
    pore = {**pores.FIGURE_28, "C_m": 1e-12}
    at = theory.branch_circuit(mn.MembraneNanopore.preset("figure-28"), u, g_s=G_S)
    g_b, g_a, tau, c_m = pores.parts(u, **pore)
    assert (at.g_b, at.g_a, at.tau_k) == pytest.approx((g_b, g_a, tau), rel=1e-12, abs=0)
    assert (at.C_m, at.g_s) == (pytest.approx(c_m, rel=1e-12), G_S)
    assert (at.R_a, at.L_a) == pytest.approx((1.0 / g_a, tau / g_a), rel=1e-12)
    assert at.current == pytest.approx(pores.current(u, **pore), rel=1e-12)
    assert at.applied == pytest.approx(u + at.current / G_S, rel=1e-15)
    assert at.g_dc == pytest.approx(g_b + g_a, rel=1e-12)
    f = np.geomspace(1.0, 1e7, 40)
    np.testing.assert_allclose(at.impedance(f), pores.impedance(u, f, G_S, **pore), rtol=1e-12)


def test_the_printed_digits_of_figure_28():
    at = theory.branch_circuit(mn.MembraneNanopore.preset("figure-28"), 0.2, g_s=G_S)
    assert [1e6 * at.g_b, 1e6 * at.g_a, 1e3 * at.tau_k] == pytest.approx([0.81225233, 0.29716382, 1.5414201], rel=2e-8)
    assert 1e-6 * at.z_zero == pytest.approx(1.001375, abs=5e-7)
    z = 1e-6 * at.impedance(np.array([1e3, 1e5]) / (2.0 * np.pi))
    assert z == pytest.approx([1.18645637 + 0.16253309j, 1.31343614 - 0.14650934j], abs=5e-9)


@pytest.mark.parametrize("u", POINTS)
@pytest.mark.parametrize("name", ["pore", "membrane"])
def test_ends_of_the_impedance(name, u):
    """Z(0) is that of slow changes, Z(inf) that of g_s and, without a capacitance, g_b."""
    at = theory.branch_circuit(DEVICES[name], u, g_s=G_S)
    assert at.z_zero == pytest.approx(1.0 / G_S + 1.0 / (at.g_b + at.g_a), rel=1e-12)
    assert at.z_infinity == pytest.approx(1.0 / G_S + (0.0 if at.C_m else 1.0 / at.g_b), rel=1e-12)
    ends = measured(behind(G_S, DEVICES[name], at.applied), [1e-12, 1e18])
    assert np.abs(ends / [at.z_zero, at.z_infinity] - 1.0).max() < 1e-10
    assert np.abs(at.impedance([1e-12, 1e18]) / [at.z_zero, at.z_infinity] - 1.0).max() < 1e-10
    slope = mn.theory.steady_curve(DEVICES[name], u).conductance.values[0]
    assert at.g_dc == pytest.approx(slope, rel=1e-12)


def test_a_sine_of_0_1_mv_measures_the_equivalent_circuit():
    pore = mn.MembraneNanopore.preset("figure-28")
    at = theory.branch_circuit(pore, 0.2, g_s=G_S)
    f = [100.0, 1e4]
    found = mn.impedance_by_sine(behind(G_S, pore, at.applied), ("in", "gnd"), f, 1e-4).values
    assert np.abs(found / at.impedance(f) - 1.0).max() < 1e-6


@pytest.mark.slow
@pytest.mark.parametrize("u", POINTS)
def test_a_sine_of_0_1_mv_at_30_frequencies(u):
    pore = mn.MembraneNanopore.preset("figure-28")
    at = theory.branch_circuit(pore, u, g_s=G_S)
    f = np.geomspace(1.0, 1e7, 30)
    found = mn.impedance_by_sine(behind(G_S, pore, at.applied), ("in", "gnd"), f, 1e-4).values
    assert np.abs(found / at.impedance(f) - 1.0).max() < 1e-6


# ------------------------------------------------------------------ any device


@pytest.mark.parametrize("u", [-0.08, 0.01, 0.025, 0.3])
@pytest.mark.parametrize("name", DEVICES)
def test_the_linearised_circuit_has_the_same_impedance_and_eigenvalues(name, u):
    f = np.geomspace(1e-2, 1e8, 15)
    at = theory.branch_circuit(DEVICES[name], u, g_s=1e-5)
    sim = behind(1e-5, DEVICES[name], at.applied)
    assert np.abs(measured(sim, f) / at.impedance(f) - 1.0).max() < 1e-10
    found, expected = mn.eigenvalues(sim), at.eigenvalues
    assert found.shape == expected.shape
    assert np.abs(found - expected).max(initial=0.0) <= 1e-10 * np.abs(expected).max(initial=0.0)
    alone = theory.branch_circuit(DEVICES[name], u)
    assert np.abs(measured(held(DEVICES[name], u), f) / alone.impedance(f) - 1.0).max() < 1e-10
    assert alone.applied == u
    np.testing.assert_allclose(alone.eigenvalues.real, -np.sort([1.0 / one.tau for one in alone.branches]), rtol=1e-14)


@settings(max_examples=50)
@given(
    st.floats(-1.0, 1.0),
    st.fixed_dictionaries(
        {
            "g_L": st.floats(1e-8, 1e-5),
            "g_H": st.floats(1e-8, 1e-5),
            "E_0": st.floats(-0.5, 0.5),
            "C_m": st.floats(1e-13, 1e-9),
            "V_m": st.floats(0.05, 0.5),
            "V_A": st.floats(-0.5, 0.5),
            "V_D": st.floats(-0.5, 0.5),
            "n_A": st.floats(1.2, 6.0),
            "tau_0": st.floats(1e-5, 1e-2),
        }
    ),
)
def test_branches_of_any_pore(u, pore):
    """g_a + g_b = g_dc; the branch is inductive where it adds current, capacitive where it takes current away."""
    at = theory.branch_circuit(mn.MembraneNanopore(**pore), u)
    g_b, g_a, tau, c_m = pores.parts(u, **pore)
    assert at.g_b == pytest.approx(g_b, rel=1e-11, abs=0)
    assert at.g_a == pytest.approx(g_a, rel=1e-11, abs=1e-12 * g_b)
    assert at.tau_k == pytest.approx(tau, rel=1e-11, abs=0)
    sign = np.sign((pore["g_H"] - pore["g_L"]) * (u - pore["E_0"]))
    assert at.branches[0].type in ("none", {1.0: "inductive", -1.0: "capacitive", 0.0: "none"}[sign])
    if g_a * tau > c_m * (1.0 + 1e-9):
        turn = np.sqrt(g_a * tau / c_m - 1.0) / tau / (2.0 * np.pi)
        assert [arc.type for arc in at.arcs] == ["inductive", "capacitive"]
        assert at.arcs[1].low == pytest.approx(turn, rel=1e-9 + 1e-12 / (g_a * tau / c_m - 1.0))
    elif g_a * tau < c_m * (1.0 - 1e-9):
        assert [arc.type for arc in at.arcs] == ["capacitive"]


# ------------------------------------------------------------------ arcs and capacitances


@pytest.mark.parametrize("name", DEVICES)
@pytest.mark.parametrize("u", [-0.3, 0.01, 0.2, 0.8])
def test_arcs_say_on_which_side_of_the_real_axis_the_impedance_is(name, u):
    at = theory.branch_circuit(DEVICES[name], u, g_s=1e-5)
    f = np.geomspace(1e-4, 1e9, 400)
    side = np.full(f.size, "none", dtype="<U10")
    for arc in at.arcs:
        side[(f > arc.low) & (f < arc.high)] = arc.type
    seen = np.where(at.impedance(f).imag > 0.0, "inductive", "capacitive")
    clear = np.abs(at.impedance(f).imag) > 1e-9 * np.abs(at.impedance(f))
    assert (side[clear] == seen[clear]).all()
    ends = [end for arc in at.arcs for end in (arc.low, arc.high)]
    assert ends == sorted(ends)
    assert (ends[:1], ends[-1:]) == (([0.0], [np.inf]) if at.arcs else ([], []))
    np.testing.assert_allclose(at.capacitance(f), at.admittance(f).imag / (2 * np.pi * f), rtol=1e-6, atol=1e-22)


def test_arcs_of_several_states():
    """Two states of opposite signs and far apart, beside a capacitance: the side changes twice."""
    fast = theory.StateBranch("fast", 1e-6, 1e-5)
    slow = theory.StateBranch("slow", -1e-6, 1e-1)
    at = theory.BranchCircuit("made", 0.1, 1e-7, 1e-6, 1e-15, (fast, slow))
    assert [arc.type for arc in at.arcs] == ["capacitive", "inductive", "capacitive"]
    for arc in at.arcs[1:]:
        assert abs(at.capacitance(arc.low)[0]) < 1e-9 * np.abs(fast.capacitance(arc.low)[0])
    assert at.arcs[1].low == pytest.approx(np.sqrt(0.1 / 1e-5) / 0.1 / (2 * np.pi), rel=1e-2)


def test_states_that_balance_have_no_arc():
    at = theory.branch_circuit(mn.DeactivatingNanopore.preset("figure-16-text"), 0.6)
    assert at.arcs == ()
    assert theory.branch_circuit(mn.Resistor(), 1.0).arcs == ()


def test_effective_capacitances():
    """Equations 32, 57 and 58: of a branch, and of its inductor alone, to which it tends at high frequencies."""
    branch = theory.branch_circuit(DEVICES["pore"], 0.6).branches[0]
    f = np.geomspace(1.0, 1e7, 20)
    w = 2.0 * np.pi * f
    of_impedance = 1.0 / (1j * w * (branch.R_a + 1j * w * branch.L_a))
    np.testing.assert_allclose(branch.capacitance(f), of_impedance.real, rtol=1e-12)
    np.testing.assert_allclose(branch.inductor_capacitance(f), -1.0 / (w**2 * branch.L_a), rtol=1e-12)
    assert branch.capacitance(1e7) == pytest.approx(branch.inductor_capacitance(1e7), rel=1e-9)
    assert (branch.capacitance(f) < 0.0).all()
    assert branch.capacitance(1e-6)[0] == pytest.approx(-branch.g_a * branch.tau, rel=1e-12)


def test_a_pore_is_no_branch_at_e_0():
    at = theory.branch_circuit(mn.Nanopore(E_0=0.1), 0.1)
    assert (at.g_a, at.branches[0].type, at.R_a, at.L_a) == (0.0, "none", np.inf, np.inf)
    assert at.circuit == "R1"
    assert at.arcs == ()


def test_the_branch_of_a_polarisation():
    """Q_0 dp/dt is a resistance tau/(Q_0 p') and a capacitance Q_0 p' in series, beside g_L."""
    pore = DEVICES["capacitive"]
    x = 1.0 / (1.0 + np.exp(-(0.07 - pore.V_B) / pore.V_m))
    charge = pore.Q_0 * x * (1.0 - x) / pore.V_m
    at = theory.branch_circuit(pore, 0.07)
    assert at.circuit == "p(R1,R2-C2)"
    expected = {"R1": 1.0 / pore.g_L, "R2": pore.tau_0 / charge, "C2": charge}
    assert at.elements == pytest.approx(expected, rel=1e-12)
    assert at.g_dc == pytest.approx(pore.g_L, rel=1e-12)
    assert at.z_infinity == pytest.approx(1.0 / (pore.g_L + charge / pore.tau_0), rel=1e-12)


def test_a_charge_that_follows_a_state():
    model = mn.device_model(
        "Following",
        """
        i     = g*(1 + x)*v
        q     = C*(1 + k*x)*v
        dx/dt = (a*v - x)/tau
        parameter g   = 1 uS in (0, inf)
        parameter C   = 1 nF in (0, inf)
        parameter k   = 2
        parameter a   = 0.5 1/V
        parameter tau = 1 ms in (0, inf)
        state x = 0
        """,
    )
    at = theory.branch_circuit(model(), 0.4, g_s=1e-5)
    f = np.geomspace(1.0, 1e6, 10)
    assert np.abs(measured(behind(1e-5, model(), at.applied), f) / at.impedance(f) - 1.0).max() < 1e-10
    assert at.g_dc == pytest.approx(theory.steady_curve(model(), 0.4).conductance.values[0], rel=1e-12)
    assert np.abs(mn.eigenvalues(behind(1e-5, model(), at.applied)) / at.eigenvalues - 1.0).max() < 1e-9


# ------------------------------------------------------------------ circuits as strings


@pytest.mark.parametrize(
    ("name", "u", "circuit"),
    [
        ("pore", 0.6, "R0-p(R1,R2-L2)"),
        ("pore", -0.3, "R0-p(R1,R2-C2)"),
        ("membrane", 0.2, "R0-p(R1,C1,R2-L2)"),
        ("membrane", -0.2, "R0-p(R1,C1,R2-C2)"),
        ("capacitive", 0.1, "R0-p(R1,R2-C2)"),
        ("nerve", 0.01, "R0-p(R1,C1,R2-C2,R3-L3,R4-L4)"),
        ("resistor", 0.1, "R0-R1"),
        ("capacitor", 0.1, "R0-C1"),
    ],
)
def test_the_string_and_its_elements_are_the_circuit(name, u, circuit):
    from memnet.analysis._equivalent_circuits import parsed

    at = theory.branch_circuit(DEVICES[name], u, g_s=G_S)
    assert at.circuit == circuit
    f = np.geomspace(1e-1, 1e6, 30)
    parts = parsed(at.circuit)
    assert set(parts.units()) == set(at.elements)
    np.testing.assert_allclose(parts.impedance(2.0 * np.pi * f, at.elements), at.impedance(f), rtol=1e-12)
    without = theory.branch_circuit(DEVICES[name], u)
    assert "R0" not in without.circuit
    values = without.elements
    np.testing.assert_allclose(
        parsed(without.circuit).impedance(2.0 * np.pi * f, values), without.impedance(f), rtol=1e-12
    )


@pytest.mark.parametrize(
    ("name", "u", "g_s"), [("membrane", 0.2, G_S), ("membrane", -0.2, G_S), ("capacitive", 0.1, None)]
)
def test_a_fit_to_the_network_finds_the_elements(name, u, g_s):
    """Without C_m a spectrum cannot tell R0 from a part of the branches: there the device is alone."""
    at = theory.branch_circuit(DEVICES[name], u, g_s=g_s)
    sim = behind(g_s, DEVICES[name], at.applied) if g_s else held(DEVICES[name], u)
    f = np.geomspace(1.0, 1e8, 40)
    fit = analysis.fit_impedance(f, mn.impedance(sim, ("in", "gnd"), f), at.circuit)
    for element, value in at.elements.items():
        assert fit.params[element].value == pytest.approx(value, rel=1e-4), element


def test_a_negative_resistance_stands_in_r1():
    at = theory.branch_circuit(mn.PlainNanopore.preset("figure-14"), -0.55, g_s=2e-6)
    assert at.g_dc < 0.0
    assert at.elements["R1"] == pytest.approx(1.0 / at.g_dc, rel=1e-12)


# ------------------------------------------------------------------ times of transients


def test_parts_far_apart_have_the_times_of_their_closed_forms():
    """Equation 55 with g_b, and the slow rate: eigenvalues tend to both, with a difference that goes as C_m."""
    for c_m, far in ((1e-12, 1e-4), (1e-14, 1e-6)):
        at = theory.branch_circuit(mn.MembraneNanopore.preset("figure-28", C_m=c_m), 0.2, g_s=1e-6)
        slow, fast = at.eigenvalues
        assert slow.real == pytest.approx(-at.slow_rate, rel=far)
        assert fast.real == pytest.approx(-1.0 / at.fast_time, rel=10 * far)
        assert at.fast_time == pytest.approx(c_m / (1e-6 + at.g_b), rel=1e-12)
    bare = theory.branch_circuit(DEVICES["pore"], 0.6, g_s=1e-6)
    assert bare.eigenvalues == pytest.approx([-bare.slow_rate], rel=1e-12)
    assert bare.fast_time == 0.0
    clamped = theory.branch_circuit(DEVICES["membrane"], 0.6)
    assert (clamped.fast_time, clamped.slow_rate) == (0.0, pytest.approx(1.0 / clamped.tau_k, rel=1e-15))


def test_a_slow_rate_below_0_is_an_unstable_point():
    device = mn.PlainNanopore.preset("figure-14")
    at = theory.branch_circuit(device, -0.5642157547, g_s=0.5e-6)
    assert at.slow_rate < 0.0
    assert at.eigenvalues[0].real == pytest.approx(-at.slow_rate, rel=1e-12)
    assert at.applied == pytest.approx(-1.1913053532, abs=1e-9)


# ------------------------------------------------------------------ what is refused, and forms


def test_what_is_refused():
    with pytest.raises(TypeError, match="device"):
        theory.branch_circuit(mn.Nanopore, 0.1)
    for wrong in (0.0, -1e-6, np.inf, np.nan):
        with pytest.raises(ValueError, match="g_s"):
            theory.branch_circuit(mn.Nanopore(), 0.1, g_s=wrong)
    with pytest.raises(ValueError, match="voltage"):
        theory.branch_circuit(mn.Nanopore(), np.inf)
    with pytest.raises(ValueError, match="g_L"):
        theory.branch_circuit(mn.Nanopore(g_L=[1e-7, 2e-7]), 0.1)
    for device in (mn.VTEAM(), mn.AtomicSwitch(), mn.Inductor(inductance=1.0)):
        with pytest.raises(ValueError, match=device.model):
            theory.branch_circuit(device, 0.1)
    at = theory.branch_circuit(DEVICES["nerve"], 0.01)
    with pytest.raises(AttributeError, match="3 states, not one"):
        _ = at.tau_k
    for method in (at.impedance, at.admittance, at.capacitance, at.branches[0].capacitance):
        for wrong in (0.0, [1.0, -2.0]):
            with pytest.raises(ValueError, match="frequency must be > 0"):
                method(wrong)
        with pytest.raises(TypeError, match="frequency"):
            method("1 Hz")


@pytest.mark.parametrize("volts", [-1e4, -50.0, 50.0, 1e4])
@pytest.mark.parametrize("name", ["pore", "membrane", "plain", "deactivating", "retentive", "capacitive", "nerve"])
def test_voltages_where_exponents_overflow(name, volts):
    at = theory.branch_circuit(DEVICES[name], volts, g_s=1e-5)
    assert np.isfinite(at.impedance(np.geomspace(1e-3, 1e9, 13))).all()
    assert np.isfinite([at.z_zero, at.z_infinity, at.applied]).all()
    assert all(one.type in ("none", "inductive", "capacitive") for one in at.branches)
    assert at.arcs is not None


def test_forms():
    at = theory.branch_circuit(DEVICES["membrane"], 0.2, g_s=G_S)
    assert repr(at) == (
        "<BranchCircuit: MembraneNanopore at 200 mV; g_s 10 µS; g_b 812.3 nS; g_a of x 297.2 nS, 1.541 ms; C_m 1 pF;"
        " inductive from 0 Hz to 2.207 kHz, capacitive above 2.207 kHz>"
    )
    assert "memnet BranchCircuit" in at._repr_html_()
