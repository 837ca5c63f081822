"""Loops, transients and pulses of pores against numbers of independent integrators, and identities."""

import numpy as np
import pytest
from pore_loops import EDGE, MICRO, combined, largest, periodic_loop, single

import memnet as mn
from memnet import analysis

# Classes at 0.5 kHz need C_m; its pore is that of figure 29 a.
CHARGED = {"V_A": 1.0, "V_D": 0.0, "C_m": 1e-11}


# ------------------------------------------------------------------ loops


@pytest.mark.parametrize(
    ("frequency", "x", "current", "area"),
    [(0.1, 0.916336888, 0.672173939, 0.141334), (1.0, 0.429716469, 0.333210251, 0.0384502)],
)
def test_loops_of_figure_21(frequency, x, current, area):
    pore = mn.PlainNanopore.preset("figure-21")
    data = periodic_loop(single(pore), 1.0, frequency, record=["current", "state:x"])
    assert largest(data.state_x.values[:, 0]) == pytest.approx(x, rel=1e-6)
    assert largest(MICRO * data.current.values[:, 0]) == pytest.approx(current, rel=1e-6)
    loop = analysis.loop_class(data)
    assert [wing.type for wing in loop.wings] == ["capacitive", "inductive"]
    assert MICRO * loop.wings[1].area == pytest.approx(area, rel=1e-4)
    assert loop.crossings == pytest.approx([0.2], abs=1e-9)


def test_first_cycle_of_figure_21():
    pore = mn.PlainNanopore.preset("figure-21")
    wave = mn.drive.sine(1.0, frequency=1.0)
    sim = mn.Simulation(EDGE, pore, {"in": wave, "out": 0.0}, dt=1 / 4000, method="adaptive", rtol=1e-8)
    data = sim.run(4000, record=["current", "state:x"])
    assert largest(data.state_x.values[:, 0]) == pytest.approx(0.273271796, rel=1e-6)
    assert largest(MICRO * data.current.values[:, 0]) == pytest.approx(0.208070216, rel=1e-6)


@pytest.mark.slow
def test_figure_21_opens_most_between_0_1_and_0_16_hz():
    """Area above E_0 over the frequency: its peak at 0.126 Hz, where it is largest of all."""
    pore = mn.PlainNanopore.preset("figure-21")

    def area(frequency):
        loop = analysis.loop_class(periodic_loop(single(pore), 1.0, frequency, rows=1000, rtol=1e-6, tolerance=1e-6))
        return loop.wings[-1].area

    frequencies = np.array([0.05, 0.08, 0.1, 0.12, 0.126, 0.132, 0.16, 0.2, 0.4])
    areas = np.array([area(one) for one in frequencies])
    best = frequencies[areas.argmax()]
    assert 0.1 < best < 0.16
    assert best == pytest.approx(0.126)
    assert (np.diff(np.sign(np.diff(areas))) != 0).sum() == 1


@pytest.mark.parametrize(("frequency", "area"), [(10.0, 0.145614), (50.0, 0.360336), (100.0, 0.472230)])
def test_areas_of_figure_29a(frequency, area):
    loop = analysis.loop_class(periodic_loop(single(mn.Nanopore.preset("figure-29a")), 1.5, frequency))
    assert MICRO * loop.wings[-1].area == pytest.approx(area, rel=1e-4)
    assert loop.crossings == pytest.approx([0.0], abs=1e-9)


@pytest.mark.parametrize("e_0", [0.0, 0.0123456, -0.3])
@pytest.mark.parametrize("preset", ["figure-29a", "figure-29e", "figure-30"])
def test_loops_without_a_capacitance_cross_at_e_0_alone(preset, e_0):
    data = periodic_loop(single(mn.Nanopore.preset(preset, E_0=e_0)), 1.5, 100.0)
    loop = analysis.loop_class(data)
    assert loop.crossings == pytest.approx([e_0], abs=1e-9)
    # Below E_0 an opening pore is capacitive, above it inductive; one that a voltage closes the other way round.
    expected = ["capacitive", "inductive"]
    assert [wing.type for wing in loop.wings] == (expected[::-1] if preset == "figure-30" else expected)


@pytest.mark.slow
def test_slow_loops_cross_where_the_capacitance_balances_the_inductance():
    """C_m = g_a tau_k, to first order in the frequency: 6e-3 off at 1 Hz, so here at 0.01 Hz."""
    loop = analysis.loop_class(periodic_loop(single(mn.MembraneNanopore(**CHARGED)), 1.5, 0.01))
    assert loop.crossings == pytest.approx([0.0899222917, 1.0783650271], rel=1e-3, abs=0)
    assert [wing.type for wing in loop.wings] == ["capacitive", "inductive", "capacitive"]


def test_loops_of_figure_31():
    data = periodic_loop(single(mn.CapacitivePore.preset("figure-31")), 1.5, 100.0, rows=10_000)
    current = MICRO * data.current.values[:, 0]
    assert largest(current) == pytest.approx(0.715216309, rel=1e-6)
    assert current[0] == pytest.approx(0.427636374, rel=1e-6)


@pytest.mark.slow
def test_figure_31_never_crosses():
    for frequency in np.geomspace(1.0, 1e4, 40):
        data = periodic_loop(
            single(mn.CapacitivePore.preset("figure-31")), 1.5, frequency, rows=1000, rtol=1e-7, tolerance=1e-7
        )
        loop = analysis.loop_class(data)
        assert loop.type == "capacitive"
        assert loop.crossings.size == 0


def test_p_m_changes_no_current():
    wave = mn.drive.sine(1.5, frequency=100.0)
    currents = []
    for p_m in (0.5, 0.0, 1.0, 0.123):
        pore = mn.CapacitivePore.preset("figure-31", p_m=p_m)
        sim = mn.Simulation(EDGE, pore, {"in": wave, "out": 0.0}, dt=1e-5)
        currents.append(sim.run(1000).current.values[:, 0])
    assert np.abs(np.array(currents) - currents[0]).max() < 1e-13 * np.abs(currents[0]).max()


# ------------------------------------------------------------------ transients


@pytest.mark.parametrize(
    ("preset", "g_s", "volts", "inner", "rows"),
    [
        ("figure-26", 5e-6, 1.0, (0.8344927703, 0.8275361487), (2.00783369, 0.689614668, 0.817734551, 0.827133497)),
        ("figure-27", 1e-6, 0.5, (0.2665421517, 0.2334578483), (0.256199296, 0.20503841, 0.221241323, 0.228918129)),
    ],
)
def test_transients_of_figures_26_and_27(preset, g_s, volts, inner, rows):
    make = combined(("in", "n", mn.Resistor(conductance=g_s)), ("n", "out", mn.MembraneNanopore.preset(preset)))
    sim = make({"in": volts, "out": 0.0}, dt=1e-5, method="adaptive", rtol=1e-8)
    data = sim.run(3001, record=["current", "potential"])
    current = data.current.values[:, 0]
    assert current[0] == pytest.approx(g_s * volts, rel=1e-12)
    assert MICRO * current[[1, 10, 50, 100]] == pytest.approx(rows, rel=1e-6)
    assert data.potential.sel(potential_node="n").values[-1] == pytest.approx(inner[0], rel=1e-6)
    assert MICRO * current[-1] == pytest.approx(inner[1], rel=1e-6)


def test_a_jump_gives_a_spike_of_the_series_conductance():
    """At t0+ the capacitance keeps its voltage: the current jumps by g_s dV."""
    make = combined(("in", "n", mn.Resistor(conductance=1e-6)), ("n", "out", mn.MembraneNanopore.preset("figure-27")))
    wave = mn.drive.steps([0.5, -0.3], [0.0, 5e-3])
    sim = make({"in": wave, "out": 0.0}, dt=1e-4, method="adaptive", rtol=1e-6)
    data = sim.run(60, record={"current": True, "left": True})
    jump = data.current.values[50, 0] - data.current_left.values[50, 0]
    assert jump == pytest.approx(1e-6 * -0.8, rel=1e-12)


# ------------------------------------------------------------------ pulses


def pulses():
    """20 pulses of 0.8 V and 20 of -1.2 V, 0.5 ms long and 0.5 ms apart."""
    starts = 1e-3 * np.arange(40)
    times = np.sort(np.r_[starts, starts + 5e-4])
    return mn.drive.steps(np.c_[np.where(np.arange(40) < 20, 0.8, -1.2), np.zeros(40)].ravel(), times)


def test_trains_of_pulses():
    """Exact in each step, as the voltage holds: a state is affine."""
    sim = mn.Simulation(EDGE, mn.RetentiveNanopore.preset("pulses"), {"in": pulses(), "out": 0.0}, dt=5e-4)
    read = MICRO * sim.run(81).conductance.values[2::2]
    expected = {0: 0.29822642, 1: 0.420490551, 2: 0.516595838, 19: 0.863783048, 20: 0.286711531, 39: 0.101761027}
    assert read[list(expected)] == pytest.approx(list(expected.values()), abs=6e-10)
    assert (np.diff(read[:20]) > 0.0).all()
    assert (np.diff(read[20:]) < 0.0).all()


def test_trains_of_pulses_in_closed_form():
    pore = mn.RetentiveNanopore.preset("pulses")
    curve = mn.theory.steady_curve(pore, [0.8, 0.0, -1.2])
    x_eq = dict(zip((0.8, 0.0, -1.2), curve.state_x.values, strict=True))
    tau = dict(zip((0.8, 0.0, -1.2), curve.tau_x.values, strict=True))
    x, expected = x_eq[0.0], []
    for k in range(40):
        for volt in (0.8 if k < 20 else -1.2, 0.0):
            x = x_eq[volt] + (x - x_eq[volt]) * np.exp(-5e-4 / tau[volt])
            expected.append(x)
    sim = mn.Simulation(EDGE, pore, {"in": pulses(), "out": 0.0}, dt=5e-4)
    data = sim.run(81, record=["state:x"])
    assert data.state_x.values[1:, 0] == pytest.approx(expected, rel=1e-9)


# ------------------------------------------------------------------ combinations


def fixed_loop(make, amplitude=1.5):
    """Rows of a periodic state in fixed steps, in which identities hold to rounding."""
    wave = mn.drive.sine(amplitude, frequency=100.0)
    data = mn.periodic(make({"in": wave, "out": 0.0}, dt=1e-5), 1e-2, 1e-12)
    return data.current.values[:, 0]


@pytest.mark.filterwarnings("ignore::memnet.StepWarning")
def test_combinations_of_pores():
    pore = mn.Nanopore.preset("figure-29a")
    one, half = fixed_loop(single(pore)), fixed_loop(single(pore), 0.75)
    series = fixed_loop(combined(("in", "n", pore), ("n", "out", pore)))
    parallel = fixed_loop(combined(("in", "out", pore), ("in", "out", pore)))
    against = fixed_loop(combined(("in", "out", pore), ("out", "in", pore)))
    scale = np.abs(one).max()
    assert np.abs(series - half).max() < 1e-9 * scale
    assert np.abs(parallel - 2.0 * one).max() < 1e-9 * scale
    assert np.abs(against - (one - np.roll(one, -500))).max() < 1e-9 * scale


COMBINED = {
    "one": ([("in", "out")], [0.1100], ["capacitive", "inductive"]),
    "antiparallel": ([("in", "out"), ("out", "in")], [-0.41604, 0.41604], ["inductive", "capacitive", "inductive"]),
    "antiseries": ([("in", "n"), ("out", "n")], [], ["capacitive"]),
}


@pytest.mark.parametrize("name", COMBINED)
def test_classes_of_combinations_at_0_5_khz(name):
    ends, crossings, types = COMBINED[name]
    pore = mn.MembraneNanopore(**CHARGED)
    data = periodic_loop(combined(*((a, b, pore) for a, b in ends)), 1.5, 500.0, rtol=1e-7, tolerance=1e-7)
    loop = analysis.loop_class(data)
    assert [wing.type for wing in loop.wings] == types
    assert loop.crossings == pytest.approx(crossings, rel=1e-3)


def test_an_antiseries_without_capacitance_touches_and_does_not_cross():
    pore = mn.Nanopore.preset("figure-29a")
    loop = analysis.loop_class(periodic_loop(combined(("in", "n", pore), ("out", "n", pore)), 1.5, 500.0))
    assert (loop.type, loop.crossings.size) == ("inductive", 0)
