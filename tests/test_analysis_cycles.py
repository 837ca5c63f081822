"""Cycles of sweeps whose number the eye sees: any phase, direction, noise, sampling; jumps are not turns."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import memnet as mn

hysteresis = mn.analysis.hysteresis
PERIOD = 2.0 * np.pi


def triangle(phase):
    return 2.0 / np.pi * np.arcsin(np.sin(phase))


def sweep(shape, *, start, direction, periods, n, unipolar):
    """A sweep of +-1 V, or 0 to 1 V, of n steps a period; start in periods."""
    phase = PERIOD * (start + direction * np.linspace(0.0, periods, n * periods + 1))
    volts = {"sine": np.sin, "triangle": triangle}[shape](phase)
    return 0.5 * (volts + 1.0) if unipolar else volts


def cycles_of(volts, **options):
    return hysteresis(volts, conductance=np.ones(volts.size), **options)


closed_sweeps = st.fixed_dictionaries(
    {
        "shape": st.sampled_from(["sine", "triangle"]),
        "start": st.one_of(st.sampled_from([k / 8 for k in range(8)]), st.floats(0.0, 1.0)),
        "direction": st.sampled_from([1, -1]),
        "periods": st.integers(1, 3),
        "n": st.integers(40, 400),
        "unipolar": st.booleans(),
    }
)


@given(closed_sweeps)
@settings(max_examples=200, deadline=None)
def test_a2_a_closed_sweep_has_one_cycle_a_period_from_any_phase(options):
    found = cycles_of(sweep(**options))
    assert len(found.cycles) == options["periods"]
    assert found.closed
    assert found.cycles[0].start == 0
    assert found.cycles[-1].stop == found.voltage.size
    assert all(a.stop - 1 == b.start for a, b in zip(found.cycles, found.cycles[1:], strict=False))
    signs = {1} if options["unipolar"] else {1, -1}
    assert all({lobe.sign for lobe in cycle.lobes} == signs for cycle in found.cycles)


@pytest.mark.parametrize("direction", [1, -1])
@pytest.mark.parametrize("start", [0.0, 0.1, 0.25, 0.4, 0.5, 0.75, 0.9])
def test_a2_an_ideal_loop_has_both_lobes_from_any_phase(start, direction):
    """G = 1 + 0.3 flux: the areas of the lobes do not depend on where the sweep starts."""
    phase = PERIOD * (start + direction * np.linspace(0.0, 1.0, 20_001))
    volts = np.sin(phase)
    flux = direction * (1.0 - np.cos(phase))
    found = hysteresis(volts, conductance=1.0 + 0.3 * flux)
    assert len(found.cycles) == 1
    areas = {lobe.sign: lobe.area for lobe in found.cycles[0].lobes}
    # Against time the flux is the same function of the phase with the other sign, and so is the sense of rotation.
    assert areas == pytest.approx({1: 0.2, -1: -0.2}, rel=1e-4)
    assert found.cycles[0].opening == pytest.approx(1.0, abs=2e-3)


def test_a2_the_sweep_of_the_report():
    volts = np.r_[np.linspace(0, -1, 101), np.linspace(-1, 1, 201)[1:], np.linspace(1, 0, 101)[1:]]
    found = hysteresis(volts, volts**3)
    assert [lobe.sign for lobe in found.cycles[0].lobes] == [1, -1]
    assert (len(found.cycles), found.closed) == (1, True)
    assert not cycles_of(volts[:330]).closed


@given(closed_sweeps, st.sampled_from([1e-6, 1e-4, 5e-3]), st.integers(0, 2**32 - 1))
@settings(max_examples=200, deadline=None)
def test_a3_noise_on_the_voltage_makes_no_cycles(options, noise, seed):
    volts = sweep(**options)
    found = cycles_of(volts + noise * np.random.default_rng(seed).normal(size=volts.size))
    assert len(found.cycles) == options["periods"]


@given(
    closed_sweeps,
    st.sampled_from([0.0, 1e-4, 5e-3]),
    st.integers(2, 20),
    st.booleans(),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=100, deadline=None)
def test_a3_held_samples_and_staircases_are_the_same_sweep(options, noise, dwell, noisy_steps, seed):
    volts, rng = sweep(**options), np.random.default_rng(seed)
    if noisy_steps:
        volts = np.repeat(volts + noise * rng.normal(size=volts.size), dwell)
    else:
        volts = np.repeat(volts, dwell)
        volts = volts + noise * rng.normal(size=volts.size)
    assert len(cycles_of(volts).cycles) == options["periods"]


@pytest.mark.parametrize("quantum", [0.01, 0.05, 0.1])
@pytest.mark.parametrize("noise", [0.0, 1e-3])
@pytest.mark.parametrize("unipolar", [False, True])
@pytest.mark.parametrize("start", [0.0, 0.25, 0.75])
def test_a3_coarse_digits_that_flicker_make_no_cycles(quantum, noise, unipolar, start):
    volts = sweep("triangle", start=start, direction=1, periods=2, n=400, unipolar=unipolar)
    volts = volts + noise * np.random.default_rng(1).normal(size=volts.size)
    assert len(cycles_of(np.round(volts / quantum) * quantum).cycles) == 2


@pytest.mark.parametrize("amplitudes", [(0.2, 0.5, 1.0), (1.0, 0.5, 0.2), (0.1, 0.3, 0.6, 1.0), (1.0, 1.0, 0.1, 1.0)])
@pytest.mark.parametrize("noise", [0.0, 1e-4, 5e-3])
@pytest.mark.parametrize("unipolar", [False, True])
@pytest.mark.parametrize("sign", [1, -1])
def test_a3_unequal_amplitudes_are_cycles_of_their_own(amplitudes, noise, unipolar, sign):
    phase = np.linspace(0.0, 1.0, 100, endpoint=False)
    one = 1.0 - np.abs(2.0 * phase - 1.0) if unipolar else triangle(PERIOD * phase)
    volts = sign * np.r_[np.concatenate([a * one for a in amplitudes]), 0.0]
    volts = volts + noise * np.random.default_rng(2).normal(size=volts.size)
    assert len(cycles_of(volts).cycles) == len(amplitudes)


@given(closed_sweeps, st.sampled_from([0.0, 0.02, -0.3]), st.sampled_from([0.01, -0.02]), st.integers(0, 2**32 - 1))
@settings(max_examples=100, deadline=None)
def test_a3_offset_and_drift_make_no_cycles(options, offset, drift, seed):
    volts = sweep(**options)
    noise = 2e-3 * np.random.default_rng(seed).normal(size=volts.size)
    assert (
        len(cycles_of(volts + offset + drift * np.linspace(0.0, 1.0, volts.size) + noise).cycles) == options["periods"]
    )


@pytest.mark.parametrize("fraction", [0.25, 0.5, 0.75])
@pytest.mark.parametrize("start", [0.02, 0.3, 0.6, 0.8])
@pytest.mark.parametrize("direction", [1, -1])
def test_a3_a_part_of_a_period_is_no_cycle(fraction, start, direction):
    phase = PERIOD * (start + direction * np.linspace(0.0, 2.0 + fraction, 500))
    assert len(cycles_of(np.sin(phase)).cycles) == 2


def test_a3_a_given_tolerance_is_used_and_the_found_one_is_said():
    volts = sweep("triangle", start=0.0, direction=1, periods=1, n=400, unipolar=True)
    volts = volts + 5e-3 * np.random.default_rng(3).normal(size=volts.size)
    assert 5e-3 < cycles_of(volts).tolerance < 0.1
    assert cycles_of(volts, tolerance=0.2).tolerance == pytest.approx(0.2)
    assert len(cycles_of(volts, tolerance=1e-9).branches) > 50


def series(drive, *, r_series=10.0, r_on=2.0, r_off=100.0, set_at=0.6, reset_at=0.3, hold=None, lag=1):
    """Voltage and current of a switch behind a resistor: SET above a device voltage, RESET below another or a hold."""
    resistance, goal = r_off, r_off
    volts, amps = np.empty(drive.size), np.empty(drive.size)
    for k, u in enumerate(drive):
        v = u * resistance / (resistance + r_series)
        volts[k], amps[k] = v, u / (resistance + r_series)
        if v > set_at or (hold is not None and v < -set_at):
            goal = r_on
        elif (v < -reset_at) if hold is None else (abs(v) < hold):
            goal = r_off
        resistance *= (goal / resistance) ** (1.0 / lag)
    return volts, amps


@pytest.mark.parametrize("n", [100, 400, 2000])
@pytest.mark.parametrize("r_on", [2.0, 10.0])
@pytest.mark.parametrize("lag", [1, 3])
@pytest.mark.parametrize("noise", [0.0, 1e-3])
@pytest.mark.parametrize("periods", [1, 2])
@pytest.mark.parametrize("unipolar", [False, True])
def test_a4_a_voltage_that_falls_back_at_set_is_one_loop(n, r_on, lag, noise, periods, unipolar):
    drive = sweep("triangle", start=-0.25 if unipolar else 0.0, direction=1, periods=periods, n=n, unipolar=unipolar)
    volts, amps = series(drive, r_on=r_on, lag=lag)
    volts = volts + noise * np.random.default_rng(4).normal(size=volts.size)
    rising = volts[: int(np.argmax(drive)) + 1]
    assert (np.maximum.accumulate(rising) - rising).max() > 0.03  # it does fall back
    found = hysteresis(volts, amps)
    assert len(found.cycles) == periods
    assert len(found.cycles[0].lobes) == (1 if unipolar else 2)


def test_a4_a_volatile_switch_jumps_up_on_its_way_back_and_is_one_loop():
    drive = sweep("triangle", start=-0.25, direction=1, periods=2, n=400, unipolar=True)
    volts, amps = series(drive, r_series=3.0, r_on=2.0, hold=0.1)
    assert np.diff(volts[200:400]).max() > 0.1  # the jump at the hold voltage
    found = hysteresis(volts, amps)
    assert len(found.cycles) == 2
    assert [branch.direction for branch in found.branches] == [1, -1, 1, -1]


def test_a4_a_sawtooth_and_pulses_are_no_jumps():
    ramp = np.tile(np.r_[np.linspace(0.0, 1.0, 50)], 4)
    assert len(cycles_of(np.r_[ramp, 0.0]).cycles) == 4
    pulses = np.tile(np.repeat([0.0, 1.0], 10), 5)
    assert len(cycles_of(np.r_[pulses, 0.0]).cycles) == 5


def test_a4_a_drive_defines_the_cycles():
    drive = sweep("triangle", start=0.0, direction=1, periods=2, n=400, unipolar=False)
    volts, amps = series(drive)
    volts = volts + 0.3 * volts.max() * (np.arange(volts.size) % 50 == 7)  # glitches that hide it
    found = hysteresis(volts, amps, drive=drive)
    assert [(one.start, one.stop) for one in found.cycles] == [(0, 401), (400, 801)]
    with pytest.raises(ValueError, match=r"drive must have shape \(801,\), got \(3,\)"):
        hysteresis(volts, amps, drive=[0.0, 1.0, 0.0])


@pytest.mark.parametrize("n", [60, 200, 1000])
@pytest.mark.parametrize("r_series", [300.0, 1e3, 1e4])
def test_a4_a_loop_from_its_largest_voltage_is_closed_behind_a_resistor(n, r_series):
    source = 1.5 * np.interp(np.linspace(0.0, 1.0, n + 1), [0.0, 0.5, 1.0], [1.0, -1.0, 1.0])
    r_on, r_off = 1e3, 1e5
    resistance, volts = r_on, []
    for level in source:
        if resistance == r_on and level * r_on / (r_on + r_series) < -0.02:
            resistance = r_off
        elif resistance == r_off and level * r_off / (r_off + r_series) > 0.8:
            resistance = r_on
        volts.append(level * resistance / (resistance + r_series))
    for sign in (1.0, -1.0):
        found = cycles_of(sign * np.array(volts))
        assert found.closed
        assert [(cycle.start, cycle.stop, len(cycle.lobes)) for cycle in found.cycles] == [(0, n + 1, 2)]


@pytest.mark.parametrize("wave", ["triangle", "raised sine"])
@pytest.mark.parametrize("periods", [1, 3])
@pytest.mark.parametrize("noise", [0.0, 1e-3])
def test_a4_a_slow_set_behind_a_resistor_is_one_loop(wave, periods, noise):
    """A drift memristor takes 61 of 1000 samples to fall from 1.1 V to 0.1 V while its current grows."""
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"left": [0], "right": [2]})
    device = mn.LinearDrift(mu=5e-14, x_initial=0.05, window="joglekar")
    phase = np.arange(1000 * periods + 1) / 1000 % 1.0
    shape = 1.0 - np.abs(2.0 * phase - 1.0) if wave == "triangle" else 0.5 - 0.5 * np.cos(2.0 * np.pi * phase)
    drive = mn.drive.steps(2.0 * shape, np.arange(shape.size) * 1e-3)
    sim = mn.Simulation(net, [mn.Resistor(conductance=1e-3), device], {"left": drive, "right": 0.0}, dt=1e-3)
    data = sim.run(shape.size)
    current = data.current.sel(electrode="left").to_numpy()
    voltage = data.voltage.sel(electrode="left").to_numpy() - 1e3 * current
    voltage += noise * voltage.max() * np.random.default_rng(1).standard_normal(voltage.size)
    fall = voltage[:500].argmax()
    assert voltage[fall + 61] < 0.2 * voltage[fall]
    found = mn.analysis.hysteresis(voltage, current).cycles
    assert len(found) == periods
    assert found[0].start == 0
    assert abs(found[0].stop - 1001) <= (30 if noise else 2)  # the bottom of a raised sine is flat


@pytest.mark.parametrize("both_signs", [True, False])
@pytest.mark.parametrize("periods", [1, 2])
@pytest.mark.parametrize("held", [1, 2, 5, 10])
@pytest.mark.parametrize("noise", [0.0, 1e-4, 5e-3])
@pytest.mark.parametrize("drift", [0.0, 1e-3, 1e-2])
def test_a3_a_staircase_on_a_drifting_baseline(both_signs, periods, held, noise, drift):
    """Within a step, and against the falling steps, the drift is a reversal: no eye sees it."""
    rise = np.arange(51) / 50
    one = np.r_[rise, rise[-2::-1]]
    period = np.r_[one, -one[1:]] if both_signs else one
    voltage = np.repeat(np.r_[period, np.tile(period[1:], periods - 1)], held)
    current = 1e-3 * voltage * (1.0 + 0.2 * np.cumsum(voltage) / np.abs(np.cumsum(voltage)).max())
    rng = np.random.default_rng(1)
    voltage = voltage + drift * np.linspace(0.0, 1.0, voltage.size) + noise * rng.standard_normal(voltage.size)
    assert len(hysteresis(voltage, current).cycles) == periods
