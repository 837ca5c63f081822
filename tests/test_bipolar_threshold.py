"""The bipolar threshold memristor and the spikes that train it: windows by quadrature and closed forms, and bounds."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.integrate import quad

import memnet as mn
from memnet import analysis as an

RISE, FALL, BEFORE, AFTER = 2e-3, 30e-3, 5e-3, 75e-3
SPIKE = mn.drive.spike(1.0, -0.25, rise=RISE, fall=FALL, before=BEFORE, after=AFTER)
DELAYS = np.array([1e-3, 2e-3, 5e-3, 10e-3, 20e-3, 30e-3, 40e-3])
BOTH = [*-DELAYS[::-1], *DELAYS]
ADAPTIVE = {"dt": 1e-3, "method": "adaptive"}
# The same law with a weight that the current does not show, from 0 without an end.
UNSEEN = mn.device_model(
    "Unseen",
    """
    i      = g*v
    dw/dt  = where(abs(v) > v_th, I_0*sign(v)*(exp(abs(v)/v_0) - exp(v_th/v_0)), 0)
    parameter g = 1 uS in [0, inf)       : conductance
    parameter I_0 = 1 1/s in [0, inf)    : rate scale
    parameter v_0 = 0.14285714285714285 V in (0, inf) : scale of the voltage
    parameter v_th = 1 V in [0, inf)     : threshold
    state w = 0 in (-inf, inf)           : weight
    """,
)


def synapse(device):
    """The voltage of the device is that of post less that of pre."""
    circuit = mn.Circuit()
    circuit.add("post", "pre", device, name="w")
    return circuit


def exponentials(t):
    """The spike by its formula, with its jump at BEFORE."""
    late = t - BEFORE
    if -BEFORE < late < 0.0:
        return (math.exp(late / RISE) - math.exp(-BEFORE / RISE)) / (1.0 - math.exp(-BEFORE / RISE))
    if 0.0 <= late < AFTER:
        return -0.25 * (math.exp(-late / FALL) - math.exp(-AFTER / FALL)) / (1.0 - math.exp(-AFTER / FALL))
    return 0.0


def rate(volts):
    beyond = math.exp(7.0 * abs(volts)) - math.exp(7.0)
    return math.copysign(beyond, volts) if abs(volts) > 1.0 else 0.0


def window(delay):
    """What the weight gains by a pair, with a rate scale of 1/s."""
    places = sorted({0.0, BEFORE, BEFORE + AFTER, delay, delay + BEFORE, delay + BEFORE + AFTER})

    def moves(t):
        return rate(exponentials(t - delay) - exponentials(t))

    return sum(quad(moves, a, b, limit=400)[0] for a, b in itertools.pairwise(places))


# ------------------------------------------------------------------ the spike


@settings(max_examples=60, deadline=None)
@given(
    levels=st.tuples(st.floats(-10, 10), st.floats(-10, 10)),
    times=st.tuples(*[st.floats(1e-3, 1e3)] * 4),
    t=st.lists(st.floats(-1.0, 3e3), min_size=1, max_size=20),
)
def test_the_spike_is_that_of_numpy(levels, times, t):
    high, low = levels
    rise, fall, before, after = times
    wave = mn.drive.spike(high, low, rise=rise, fall=fall, before=before, after=after)
    late = np.array(t) - before
    left, gone = np.clip(-late, 0.0, before), np.clip(late, 0.0, after)
    up = high * np.exp(-left / rise) * np.expm1((left - before) / rise) / np.expm1(-before / rise)
    down = low * np.exp(-gone / fall) * np.expm1((gone - after) / fall) / np.expm1(-after / fall)
    want = np.where(late < 0.0, up, down)
    away = np.abs(late) > 1e-6 * (before + after)  # at the jump it is one or the other
    assert wave(t)[away] == pytest.approx(want[away], rel=1e-12, abs=1e-12)


def test_a_spike_jumps_once_and_comes_to_rest():
    assert SPIKE.corners(0.0, 1.0).tolist() == [0.0, BEFORE, BEFORE + AFTER]
    assert SPIKE.corners(0.0, 1.0, jumps=True).tolist() == [BEFORE]
    assert SPIKE([BEFORE * (1.0 - 1e-8), BEFORE]) == pytest.approx([1.0, -0.25], rel=1e-7)
    assert SPIKE([-1.0, 0.0, BEFORE + AFTER, 9.0]).tolist() == [0.0] * 4
    later = mn.drive.concat([(0.0, 1.0), (SPIKE, None)])
    assert later.corners(0.0, 2.0, jumps=True).tolist() == [1.0, 1.0 + BEFORE]


def test_spikes_of_any_length_are_finite():
    for rise in (1e-300, 1.0, 1e300):
        for before in (1e-300, 1.0, 1e300):
            wave = mn.drive.spike(1.0, -1.0, rise=rise, fall=rise, before=before, after=before)
            shown = wave(before * np.array([0.25, 0.5, 1.5, 1.75]))
            assert np.isfinite(shown).all()
            assert (np.abs(shown) <= 1.0).all()
    straight = mn.drive.spike(1.0, -1.0, rise=1e6, fall=1e6, before=1.0, after=2.0)
    assert straight([0.5, 2.0]) == pytest.approx([0.5, -0.5], rel=1e-5)


# ------------------------------------------------------------------ windows


def test_the_numbers_of_the_window():
    assert [window(d) for d in (1e-3, 5e-3, 20e-3)] == pytest.approx([0.85214357, 0.56960348, 0.13626395], abs=5e-9)


@pytest.mark.parametrize(
    ("device", "scale", "rtol"),
    [
        pytest.param(mn.BipolarThreshold(I_0=0.01), 0.01, 1e-5, id="a weight that conducts"),
        pytest.param(UNSEEN(), 1.0, 1e-3, id="a weight that nothing shows"),
    ],
)
def test_the_window_of_exponential_spikes_is_that_of_quadrature(device, scale, rtol):
    found = an.stdp(synapse(device), BOTH, pre=SPIKE, state="w", rtol=rtol, **ADAPTIVE)
    want = np.array([window(d) for d in DELAYS])
    assert found.change_mean.values / scale == pytest.approx(np.concatenate([-want[::-1], want]), rel=1e-3)
    assert found.attrs["message"] == ""


@pytest.mark.parametrize(
    ("device", "options"),
    [
        pytest.param(UNSEEN(), {**ADAPTIVE, "rtol": 1e-3}, id="adaptive"),
        pytest.param(UNSEEN(), {"dt": 1e-4}, id="fixed"),
        pytest.param(mn.BipolarThreshold(I_0=1.0, w_initial=0.5), {"dt": 1e-4}, id="a weight that conducts"),
    ],
)
def test_the_window_is_odd(device, options):
    found = an.stdp(synapse(device), BOTH, pre=0.98 * SPIKE, state="w", **options).change_mean.values
    assert np.abs(found + found[::-1]).max() <= 1e-12 * np.abs(found).max()
    assert np.abs(found).max() > 0.1


@settings(max_examples=20, deadline=None)
@given(
    delay=st.integers(-60, 60).filter(bool),
    peak=st.sampled_from([0.9, 1.0, 1.2]),
    tail=st.sampled_from([0.25, 0.5]),
    soft=st.sampled_from([0.0, 1.0]),
)
def test_the_window_of_rectangular_spikes_is_the_closed_form(delay, peak, tail, soft):
    """While both are on, the voltage is one of four: each is held for a time that is known."""
    spike = mn.drive.concat([(peak, 5e-3), (-tail, 40e-3), (0.0, None)])
    device = mn.BipolarThreshold(I_0=1e-4, soft=soft)
    found = an.stdp(synapse(device), delay * 1e-3, pre=spike, state="w", dt=1e-3).change.item()
    edges = sorted({0.0, 5.0, 45.0, float(delay), delay + 5.0, delay + 45.0})
    w = 0.5
    for begin, end in itertools.pairwise(edges):
        middle = 0.5 * (begin + end)
        levels = [peak if 0 < t < 5 else -tail if 5 < t < 45 else 0.0 for t in (middle - delay, middle)]
        moved = 1e-4 * rate(levels[0] - levels[1]) * (end - begin) * 1e-3
        bound = 1.0 if moved > 0.0 else 0.0
        w = w + moved if soft == 0.0 else bound + (w - bound) * math.exp(-abs(moved))
    assert found == pytest.approx(w - 0.5, rel=1e-6, abs=1e-15)


def test_what_is_below_the_threshold_is_said():
    found = an.stdp(synapse(mn.BipolarThreshold()), BOTH, pre=0.7 * SPIKE, state="w", dt=1e-3)
    assert found.attrs["message"].startswith("flat window: no pair of spikes changes the weight")
    assert (found.change.values == 0.0).all()


def test_a_window_that_is_flat_since_steps_miss_the_peak_says_so():
    coarse = an.stdp(synapse(mn.BipolarThreshold()), [-3e-3, 3e-3], pre=SPIKE, state="w", dt=1e-3)
    assert (coarse.change.values == 0.0).all()
    assert "steps of dt = 0.001 s see 0.571 V of a peak of 0.759 V" in coarse.attrs["message"]
    steps = {"dt": 1e-3, "method": "adaptive", "rtol": 1e-4}
    assert an.stdp(synapse(mn.BipolarThreshold()), [3e-3], pre=SPIKE, state="w", **steps).change.item() > 0.0
    below = an.stdp(synapse(mn.BipolarThreshold()), [3e-3], pre=0.7 * SPIKE, state="w", **steps)
    assert below.attrs["message"] == "flat window: no pair of spikes changes the weight"


# ------------------------------------------------------------------ bounds


def test_a_soft_weight_moves_by_what_is_left():
    device = mn.BipolarThreshold(soft=1.0, w_initial=0.2, I_0=1e-3)
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    for volts, bound in ((1.2, 1.0), (-1.2, 0.0)):
        sim = mn.Simulation(net, device, {"in": volts, "out": 0.0}, dt=0.01)
        kept = math.exp(-1e-3 * abs(rate(volts)) * 0.01)
        for n in range(1, 20):
            sim.step()
            assert sim.state(device, "w")[0] - bound == pytest.approx((0.2 - bound) * kept**n, rel=1e-12)


def test_a_hard_weight_stops_at_its_bounds():
    device = mn.BipolarThreshold(I_0=1.0)
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    for volts, end in ((1.5, 1.0), (-1.5, 0.0)):
        sim = mn.Simulation(net, device, {"in": volts, "out": 0.0}, dt=0.1)
        sim.step(3)
        assert sim.state(device, "w")[0] == end
        assert sim.conductance[0] == (device.g_on if end else device.g_off)
