"""Pores in series and parallel, in the same and opposite polarity: what follows from one of them, for any pore."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st
from pore_loops import combined, periodic_loop, single

import memnet as mn
from memnet import analysis

CHARGED = {"V_A": 1.0, "V_D": 0.0, "C_m": 1e-11}
# Fixed steps are the same numbers on both sides of an identity, however coarse they are.
pytestmark = pytest.mark.filterwarnings("ignore::memnet.StepWarning")

pores = st.builds(
    mn.Nanopore,
    g_L=st.floats(1e-8, 2e-6),
    g_H=st.floats(1e-8, 2e-6),
    E_0=st.floats(-0.2, 0.2),
    V_m=st.floats(0.05, 0.3),
    V_A=st.floats(0.2, 1.5),
    V_D=st.floats(-1.0, 0.2),
    n_A=st.floats(1.2, 4.0),
    tau_0=st.floats(1e-4, 1e-2),
)


def currents(make, amplitude, *, frequency=100.0, cycles=1, rows=100):
    """Currents of the first cycles under a sine, in fixed steps."""
    wave = mn.drive.sine(amplitude, frequency=frequency)
    data = make({"in": wave, "out": 0.0}, dt=1.0 / frequency / rows).run(cycles * rows, record=["current"])
    return data.current.sel(electrode="in").values


def chain(device, count):
    nodes = ["in", *(f"n{k}" for k in range(count - 1)), "out"]
    return combined(*((a, b, device) for a, b in pairwise(nodes)))


def close(found, expected, share=1e-9):
    assert np.abs(found - expected).max() <= share * np.abs(expected).max()


@settings(max_examples=20)
@given(pores, st.integers(2, 4), st.floats(0.2, 1.5))
def test_pores_in_series_share_the_voltage_from_the_first_cycle_on(pore, count, amplitude):
    """But for falling currents: there an even division is unstable, and rounding ends it."""
    swept = np.linspace(-amplitude, amplitude, 201)
    assume((mn.theory.steady_curve(pore, swept).conductance.values > 0.0).all())
    close(currents(chain(pore, count), count * amplitude), currents(single(pore), amplitude))


@settings(max_examples=20)
@given(pores, st.integers(2, 4), st.floats(0.2, 1.5))
def test_pores_in_parallel_add_their_currents(pore, count, amplitude):
    side_by_side = combined(*[("in", "out", pore)] * count)
    close(currents(side_by_side, amplitude), count * currents(single(pore), amplitude))


@settings(max_examples=20)
@given(pores, st.floats(0.2, 1.5))
def test_a_pore_turned_round_sees_the_wave_turned_round(pore, amplitude):
    turned = currents(combined(("out", "in", pore)), amplitude)
    close(turned, -currents(single(pore), -amplitude))
    both = currents(combined(("in", "out", pore), ("out", "in", pore)), amplitude)
    close(both, currents(single(pore), amplitude) + turned)


@pytest.mark.parametrize(
    "device",
    [
        mn.PlainNanopore.preset("figure-21", tau_0=1e-3),
        mn.DeactivatingNanopore(),
        mn.RetentiveNanopore.preset("figure-33"),
        mn.CapacitivePore.preset("figure-31"),
        mn.MembraneNanopore(**CHARGED),
    ],
    ids=lambda device: type(device).__name__,
)
def test_every_pore_can_be_combined(device):
    one = currents(single(device), 1.5)
    close(currents(chain(device, 2), 3.0), one)
    close(currents(combined(*[("in", "out", device)] * 2), 1.5), 2.0 * one)


def half_a_period_later(values):
    return np.roll(values, -len(values) // 2)


def opposite(periodic_currents, device, share):
    """What must hold of pores in opposite polarity, to a share of the largest current."""
    one = periodic_currents(single(device))
    antiparallel = periodic_currents(combined(("in", "out", device), ("out", "in", device)))
    antiseries = periodic_currents(combined(("in", "n", device), ("out", "n", device)))
    close(antiparallel, one - half_a_period_later(one), share)
    close(antiparallel, -half_a_period_later(antiparallel), share)
    close(antiseries, -half_a_period_later(antiseries), share)


@pytest.mark.parametrize("device", [mn.Nanopore.preset("figure-29a"), mn.Nanopore.preset("figure-30")])
def test_opposite_pores_answer_the_other_half_of_the_wave_alike(device):
    def periodic_currents(make):
        wave = mn.drive.sine(1.5, frequency=500.0)
        return mn.periodic(make({"in": wave, "out": 0.0}, dt=5e-6), 2e-3, 1e-12).current.values[:, 0]

    opposite(periodic_currents, device, 1e-9)


def test_opposite_pores_with_a_capacitance_do_so_within_the_error_of_steps():
    """Currents into capacitors have that of the steps they are taken in, which differ from circuit to circuit."""

    def periodic_currents(make):
        return periodic_loop(make, 1.5, 500.0, rows=400, rtol=1e-7, tolerance=1e-8).current.values[:, 0]

    opposite(periodic_currents, mn.MembraneNanopore(**CHARGED), 1e-5)


def test_classes_of_pores_in_the_same_polarity_are_those_of_one():
    """0.5 kHz, C_m 0.01 nF: one pore crosses at 0.1100 V, two in series under twice the voltage at 0.2200 V."""
    pore = mn.MembraneNanopore(**CHARGED)
    fine = {"rows": 1000, "rtol": 1e-7, "tolerance": 1e-7}
    series = analysis.loop_class(periodic_loop(chain(pore, 2), 3.0, 500.0, **fine))
    parallel = analysis.loop_class(periodic_loop(combined(*[("in", "out", pore)] * 2), 1.5, 500.0, **fine))
    for loop, crossing in ((series, 0.2200), (parallel, 0.1100)):
        assert [wing.type for wing in loop.wings] == ["capacitive", "inductive"]
        assert loop.crossings == pytest.approx([crossing], rel=1e-3)
    # Twice the current at half the voltage, or once at twice: one power.
    assert series.wings[1].area == pytest.approx(parallel.wings[1].area, rel=1e-5)
