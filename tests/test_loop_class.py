"""Classes of loops against loops whose currents up and down are known."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

import memnet as mn
from memnet import analysis


def loop(difference, rows=1000, *, amplitude=1.0, offset=0.0, phase=0.0, closed=True, cycles=1):
    """A cycle of V with I = V^3 + V and half a difference d(V) less on the way up and more on the way down."""
    angle = phase + 2.0 * np.pi * np.arange(cycles * rows + closed) / rows
    volts = offset + amplitude * np.sin(angle)
    # The ways join smoothly: the difference goes with the rate of the voltage.
    return volts, volts**3 + volts - 0.5 * np.cos(angle) * difference(volts)


@given(st.floats(-0.9, 0.9), st.floats(0.0, 6.3), st.booleans(), st.sampled_from([-1.0, 1.0]))
def test_one_crossing(at, phase, closed, sign):
    found = analysis.loop_class(*loop(lambda v: sign * 0.3 * (v - at), phase=phase, closed=closed))
    assert found.crossings == pytest.approx([at], abs=1e-9)
    expected = ["capacitive", "inductive"]
    assert [wing.type for wing in found.wings] == (expected if sign > 0 else expected[::-1])
    assert found.type == "crossing"


@given(st.lists(st.floats(-0.9, 0.9), min_size=0, max_size=4), st.floats(0.0, 6.3))
def test_crossings_are_the_roots(roots, phase):
    roots = sorted(roots)
    assume(all(b - a > 0.05 for a, b in itertools.pairwise(roots)))
    found = analysis.loop_class(*loop(lambda v: 0.3 * np.prod([v - one for one in roots], axis=0), phase=phase))
    assert found.crossings == pytest.approx(roots, abs=1e-8)
    types = [wing.type for wing in found.wings]
    assert types == [("inductive", "capacitive")[(len(roots) - k) % 2] for k in range(len(roots) + 1)]


def test_areas_of_wings():
    """With cos(angle) = +-sqrt(1 - V^2) the difference is 0.3 V sqrt(1 - V^2), whose integral from 0 to 1 is 0.1."""
    found = analysis.loop_class(*loop(lambda v: 0.3 * v, rows=4000))
    assert [wing.area for wing in found.wings] == pytest.approx([-0.1, 0.1], rel=1e-5)
    ends = [end for wing in found.wings for end in (wing.low, wing.high)]
    assert ends == pytest.approx([-1.0, 0.0, 0.0, 1.0], abs=1e-9)
    assert found.area == pytest.approx(0.2, rel=1e-5)


def test_areas_are_those_of_lobes():
    """Where a loop crosses at 0 V, wings are the lobes of `hysteresis`."""
    volts, amps = loop(lambda v: 0.3 * v)
    lobes = {lobe.sign: lobe.area for lobe in analysis.hysteresis(volts, amps).cycles[0].lobes}
    wings = analysis.loop_class(volts, amps).wings
    assert [wing.area for wing in wings] == pytest.approx([lobes[-1], lobes[1]], rel=1e-4)


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_a_touch_is_no_crossing(sign):
    found = analysis.loop_class(*loop(lambda v: sign * 0.3 * v**2))
    assert found.type == ("inductive" if sign > 0 else "capacitive")
    assert (found.crossings.size, len(found.wings)) == (0, 1)


@pytest.mark.parametrize("rows", [100, 1000, 7919])
def test_a_loop_that_is_not_open_has_no_wings(rows):
    found = analysis.loop_class(*loop(lambda v: 0.0 * v, rows=rows))
    assert (found.type, found.wings, found.crossings.size, found.area) == ("none", (), 0, 0.0)


@pytest.mark.parametrize("constant", [0.0, 5.0, -1e-9])
def test_a_constant_current_has_no_wings(constant):
    volts, _ = loop(lambda v: v)
    found = analysis.loop_class(volts, np.full(volts.size, constant))
    assert (found.type, found.crossings.size) == ("none", 0)


def test_a_triangle():
    up = np.linspace(-1.0, 1.0, 501)
    volts = np.r_[up, up[-2::-1]]
    amps = np.r_[np.exp(up), np.exp(up[-2::-1]) + 0.1 * up[-2::-1]]
    found = analysis.loop_class(volts, amps)
    assert found.crossings == pytest.approx([0.0], abs=1e-9)
    assert [wing.type for wing in found.wings] == ["capacitive", "inductive"]


@pytest.mark.parametrize("noise", [1e-4, 1e-3])
def test_noise_is_no_crossing(noise):
    volts, amps = loop(lambda v: 0.3 * (v - 0.2))
    rng = np.random.default_rng(1)
    for _ in range(20):
        found = analysis.loop_class(volts, amps + noise * rng.standard_normal(volts.size))
        assert found.crossings == pytest.approx([0.2], abs=20 * noise)
        nothing = analysis.loop_class(volts, volts + noise * rng.standard_normal(volts.size))
        assert nothing.type == "none"


@pytest.mark.parametrize("rows", [200, 1000])
@pytest.mark.parametrize("noise", [1e-4, 1e-3])
def test_noise_of_the_voltage_is_no_crossing(noise, rows):
    """A measured voltage has noise, which currents do not follow: where they are steep it looks like theirs."""
    volts, amps = loop(lambda v: 0.3 * (v - 0.2), rows=rows)
    rng = np.random.default_rng(1)
    for _ in range(20):
        found = analysis.loop_class(volts + noise * rng.standard_normal(volts.size), amps)
        assert found.crossings == pytest.approx([0.2], abs=20 * noise)
        assert [wing.type for wing in found.wings] == ["capacitive", "inductive"]
        assert analysis.loop_class(volts + noise * rng.standard_normal(volts.size), volts**3).type == "none"


@pytest.mark.parametrize("size", [1e-2, 1e-3, 1e-4])
@pytest.mark.parametrize("timed", [True, False])
def test_uneven_sampling_is_no_noise(size, timed):
    """661 samples of a smooth loop, each up to 0.4 of a step early or late: its wings are those of even ones."""
    rng = np.random.default_rng(0)
    for _ in range(5):
        rows = np.arange(661) + 0.4 * rng.uniform(-1.0, 1.0, 661) * np.r_[0.0, np.ones(659), 0.0]
        angle = 2.0 * np.pi * rows / 660.0
        volts = np.sin(angle)
        amps = volts**3 + volts + size * np.cos(angle) * volts
        found = analysis.loop_class(volts, amps, time=rows if timed else None)
        assert found.crossings == pytest.approx([0.0], abs=1e-9)
        assert [wing.type for wing in found.wings] == ["inductive", "capacitive"]
        assert [wing.area for wing in found.wings] == pytest.approx([size * 2 / 3, -size * 2 / 3], rel=1e-2)
        noisy = volts**3 + volts + 20.0 * size * rng.standard_normal(661)
        assert analysis.loop_class(volts, noisy, time=rows if timed else None).type == "none"


def test_a_jump_on_one_way():
    """A device that switches on at 0.5 V and off at -0.5 V; no polynomial rings around the jumps."""
    up = np.linspace(-1.0, 1.0, 801)
    volts = np.r_[up, up[-2::-1]]
    conductance = np.r_[np.where(up > 0.5, 10.0, 1.0), np.where(up[-2::-1] > -0.5, 10.0, 1.0)]
    found = analysis.loop_class(volts, conductance * volts)
    assert found.crossings == pytest.approx([0.0], abs=1e-9)
    assert [wing.type for wing in found.wings] == ["capacitive", "inductive"]


def test_cycles_are_chosen():
    first, second = loop(lambda v: 0.3 * v), loop(lambda v: 0.3 * v**2)
    volts, amps = np.r_[first[0][:-1], second[0]], np.r_[first[1][:-1], second[1]]
    assert analysis.loop_class(volts, amps).type == "inductive"
    assert analysis.loop_class(volts, amps, cycle=0).type == "crossing"
    assert analysis.loop_class(volts, amps, cycle=0).stop <= 1002
    with pytest.raises(ValueError, match="cycle must be one of the 2"):
        analysis.loop_class(volts, amps, cycle=2)


def test_a_first_cycle_that_does_not_close():
    pore = mn.PlainNanopore.preset("figure-21")
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    wave = mn.drive.sine(1.0, frequency=1.0)
    data = mn.Simulation(net, pore, {"in": wave, "out": 0.0}, dt=1e-3, method="adaptive", rtol=1e-7).run(1001)
    found = analysis.loop_class(data)
    assert found.crossings == pytest.approx([0.2], abs=1e-6)
    assert [wing.type for wing in found.wings] == ["capacitive", "inductive"]


def test_electrodes_of_a_run():
    pore = mn.PlainNanopore.preset("figure-21")
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    wave = mn.drive.sine(1.0, frequency=1.0)
    data = mn.Simulation(net, pore, {"in": wave, "out": 0.0}, dt=1e-3, method="adaptive", rtol=1e-7).run(2001)
    there, back = analysis.loop_class(data), analysis.loop_class(data, electrode="out")
    assert back.crossings == pytest.approx(-there.crossings, abs=1e-9)
    assert [wing.type for wing in back.wings] == [wing.type for wing in there.wings][::-1]


def test_what_is_refused():
    volts, amps = loop(lambda v: 0.3 * v)
    with pytest.raises(ValueError, match="current"):
        analysis.loop_class(volts)
    with pytest.raises(ValueError, match="goes up and down"):
        analysis.loop_class(np.zeros(10), np.zeros(10))
    with pytest.raises(ValueError, match="electrode"):
        analysis.loop_class(volts, amps, electrode="in")
    with pytest.raises(ValueError, match="time"):
        analysis.loop_class(volts, amps, time=np.zeros(volts.size))
    with pytest.raises(TypeError, match="did you mean 'tolerance'"):
        analysis.loop_class(volts, amps, tolerence=0.1)
    assert analysis.loop_class(volts[:400], amps[:400]).message.startswith("not enough data")


@given(st.floats(-0.3, 0.3), st.floats(0.0, 6.3), st.integers(60, 2000))
@settings(max_examples=30)
def test_pinched_is_what_carries_nothing_at_0_volts(current, phase, rows):
    angle = np.linspace(0.0, 2.0 * np.pi, rows + 1) + phase
    volts, amps = np.sin(angle), np.sin(angle) * (1.3 - 0.3 * np.cos(angle)) + current
    found = analysis.loop_class(volts, amps)
    assert found.pinched == (abs(current) <= 1e-4 * np.ptp(amps))
    assert found.at_zero == pytest.approx([current] * 2, abs=1e-5)


def test_pinched_with_noise_with_a_tolerance_and_without_0_volts():
    angle = np.linspace(0.0, 2.0 * np.pi, 2001)
    volts, amps = np.sin(angle), np.sin(angle) * (1.3 - 0.3 * np.cos(angle))
    noise = 1e-3 * np.random.default_rng(1).standard_normal(angle.size)
    assert analysis.loop_class(volts, amps + noise).pinched
    assert not analysis.loop_class(volts, amps + noise + 0.1).pinched
    assert analysis.loop_class(volts, amps + 0.01, tolerance=0.01).pinched
    assert not analysis.loop_class(volts, amps + 0.01, tolerance=0.001).pinched
    away = analysis.loop_class(volts + 2.0, amps)
    assert np.isnan(away.at_zero).all()
    assert not away.pinched
    capacitor = analysis.loop_class(volts, np.cos(angle))
    assert not capacitor.pinched
    assert capacitor.at_zero == pytest.approx([1.0, -1.0], abs=1e-6)


def test_the_summary_says_what_flows_at_0_volts():
    phase = np.linspace(0.0, 2.0 * np.pi, 2001)
    volts, battery = np.sin(phase), 1e-6 * np.sin(phase) - 6e-7
    assert repr(mn.analysis.loop_class(volts, battery)).endswith("at 0 V -600 nA>")
    memristor = np.sin(phase) * (1.3 - 0.3 * np.cos(phase))
    assert repr(mn.analysis.loop_class(volts, memristor)).endswith("at 0 V pinched>")
    assert "at 0 V" not in repr(mn.analysis.loop_class(volts + 2.0, memristor))
