"""Hysteresis: loops whose areas, directions and openings are known in closed form."""

import numpy as np
import pytest

import memnet as mn

# Steps are coarse here: what is compared does not depend on them.
pytestmark = pytest.mark.filterwarnings("ignore::memnet.StepWarning")

hysteresis, loop_distance = mn.analysis.hysteresis, mn.analysis.loop_distance


def memristor(amplitude=1.0, g0=1.0, a=0.3, omega=1.0, periods=1, n=20_000):
    """An ideal memristor, G = g0 + a flux, under a sine: voltage, current, conductance, time."""
    time = np.linspace(0.0, periods * 2 * np.pi / omega, periods * n + 1)
    voltage = amplitude * np.sin(omega * time)
    conductance = g0 + a * amplitude * (1.0 - np.cos(omega * time)) / omega
    return voltage, voltage * conductance, conductance, time


@pytest.mark.parametrize(("amplitude", "a", "omega"), [(1.0, 0.3, 1.0), (2.0, 0.1, 0.5), (0.5, 4.0, 20.0)])
def test_an_ideal_memristor_has_the_lobes_of_its_closed_form(amplitude, a, omega):
    voltage, current, conductance, time = memristor(amplitude, 1.0, a, omega, periods=3)
    found = hysteresis(voltage, current, conductance=conductance, time=time)
    assert [branch.direction for branch in found.branches] == [1, -1, 1, -1, 1, -1, 1]
    assert len(found.cycles) == 3
    area = 2.0 * a * amplitude**3 / (3.0 * omega)
    swing = 2.0 * a * amplitude / omega
    for cycle in found.cycles:
        assert [(lobe.sign, lobe.direction) for lobe in cycle.lobes] == [(1, "counter-clockwise"), (-1, "clockwise")]
        np.testing.assert_allclose([lobe.area for lobe in cycle.lobes], [area, -area], rtol=1e-6)
        assert cycle.area == pytest.approx(2.0 * area, rel=1e-6)
        assert cycle.direction == "crossing"
        assert cycle.pinch < 1e-12
        # Out and back differ by a A (2 cos)/omega at phase and pi - phase: most at V = 0, by the whole range.
        assert cycle.opening == pytest.approx(1.0, abs=1e-3)
        assert cycle.ratio == pytest.approx(1.0 + swing, rel=1e-6)


def test_a_faster_drive_closes_the_loop():
    areas = [hysteresis(*memristor(omega=omega)[:2]).cycles[0].area for omega in (1.0, 10.0, 100.0)]
    np.testing.assert_allclose(np.divide(areas[:-1], areas[1:]), 10.0, rtol=1e-6)


def test_a_resistor_has_no_hysteresis():
    voltage = memristor(periods=2)[0]
    for cycle in hysteresis(voltage, 0.7 * voltage).cycles:
        assert cycle.area == 0.0
        assert cycle.direction == "none"
        assert cycle.opening == 0.0
        assert cycle.ratio == pytest.approx(1.0)


def test_a_capacitor_beside_a_resistor_is_not_pinched():
    phase = np.linspace(0.0, 2.0 * np.pi, 4001)
    cycle = hysteresis(np.sin(phase), np.sin(phase) + 0.5 * np.cos(phase)).cycles[0]
    # The ellipse of i = v + 0.5 cos has the area pi/2, half of it on each side, run through clockwise.
    np.testing.assert_allclose([lobe.area for lobe in cycle.lobes], -np.pi / 4.0, rtol=1e-3)
    assert cycle.direction == "clockwise"
    assert cycle.pinch == pytest.approx(0.5 / np.hypot(1.0, 0.5), rel=1e-3)


def triangle(periods, n=100, high=2.0):
    one = np.r_[np.arange(n), np.arange(n, 0, -1)] * high / n
    return np.append(np.tile(one, periods), 0.0)


def test_a_unipolar_sweep_has_a_cycle_for_each_time_it_comes_back():
    voltage = triangle(3)
    rising = np.r_[1.0, np.diff(voltage)] > 0
    # Up with 1 S, back with 2 S: a triangle of the two lines.
    found = hysteresis(voltage, conductance=np.where(rising, 1.0, 2.0))
    assert [(b.start, b.stop, b.direction) for b in found.branches][:2] == [(0, 101, 1), (100, 201, -1)]
    assert [(c.start, c.stop) for c in found.cycles] == [(0, 201), (200, 401), (400, 601)]
    first = found.cycles[0]
    assert len(first.lobes) == 1
    assert first.lobes[0].direction == first.direction == "counter-clockwise"
    # 0 -> (2, 2) with 1 S, one step to (1.98, 3.96), then back with 2 S: the shoelace area of that triangle.
    assert first.area == pytest.approx(abs(2.0 * 3.96 - 1.98 * 2.0) / 2.0)
    assert first.opening == pytest.approx(1.0)
    assert first.pinch == 0.0
    assert first.ratio == 2.0


def test_a_last_cycle_that_stops_one_sample_early_counts_and_half_a_cycle_does_not():
    voltage = triangle(2)
    for samples, cycles in ((401, 2), (400, 2), (301, 1), (350, 1)):
        part = voltage[:samples]
        assert len(hysteresis(part, conductance=1.0 + part).cycles) == cycles


def test_negative_sweeps_are_mirrored():
    voltage = triangle(2)
    rising = np.r_[1.0, np.diff(voltage)] > 0
    g = np.where(rising, 1.0, 2.0)
    up, down = hysteresis(voltage, conductance=g), hysteresis(-voltage, conductance=g)
    assert [(c.start, c.stop) for c in up.cycles] == [(c.start, c.stop) for c in down.cycles]
    assert [c.area for c in up.cycles] == pytest.approx([c.area for c in down.cycles])
    assert down.cycles[0].lobes[0].sign == -1


def test_noise_below_the_tolerance_makes_no_branches():
    rng = np.random.default_rng(1)
    voltage = triangle(2) + 0.05 * rng.uniform(-1.0, 1.0, 401)
    assert len(hysteresis(voltage, conductance=np.ones(401), tolerance=1e-9).branches) > 10
    assert len(hysteresis(voltage, conductance=np.ones(401)).branches) == 4
    assert len(hysteresis(voltage, conductance=np.ones(401), tolerance=0.1).branches) == 4


def test_without_a_whole_period_it_says_so():
    voltage = triangle(1)[100:]
    found = hysteresis(np.r_[voltage, voltage[::-1][1:51]], conductance=np.ones(151))
    assert len(found.branches) == 2
    assert found.cycles == ()
    assert found.message == "not enough data: 2 branches without a whole period"
    assert found.to_dataset().sizes["cycle"] == 0


def switching(n=400, g_on=1e-4, ratio=100.0):
    """A bipolar switch under a triangle of 1 V: SET at 0.7 V, RESET at -0.6 V."""
    voltage = np.interp(np.linspace(0.0, 4.0, n + 1), [0, 1, 3, 4], [0.0, 1.0, -1.0, 0.0])
    conductance, state = np.empty(n + 1), g_on / ratio
    for k, v in enumerate(voltage):
        state = g_on if v > 0.7 else g_on / ratio if v < -0.6 else state
        conductance[k] = state
    return voltage, voltage * conductance


@pytest.mark.parametrize("v_offset", [9e-7, -9e-7])
@pytest.mark.parametrize("i_offset", [0.0, -5e-10, 5e-10])
@pytest.mark.parametrize("n", [40, 400])
@pytest.mark.parametrize("ratio", [2.0, 1e3])
def test_a5_an_offset_of_the_instrument_does_not_change_the_loop(v_offset, i_offset, n, ratio):
    voltage, current = switching(n, ratio=ratio)
    found = hysteresis(voltage + v_offset, current + i_offset)
    cycle = found.cycles[0]
    assert cycle.ratio == pytest.approx(ratio, rel=2e-3)
    assert cycle.opening == pytest.approx(1.0, rel=2e-3)
    assert found.offset == pytest.approx(i_offset, abs=2e-10)
    at_read = hysteresis(voltage + v_offset, current + i_offset, read=-0.3).cycles[0]
    assert at_read.ratio == pytest.approx(ratio, rel=2e-3)


@pytest.mark.parametrize("start", [0.3, 0.7, 3.0])
@pytest.mark.parametrize("scale", [1e-3, 1e-6])
def test_a5_without_a_sample_at_0_v_currents_are_continued_to_it(start, scale):
    phase = start + np.linspace(0.0, 2.0 * np.pi, 401)
    conductance = scale * (1.3 - 0.3 * np.cos(phase))
    voltage = np.sin(phase)
    exact = hysteresis(voltage, conductance=conductance).cycles[0]
    found = hysteresis(voltage + 9e-7, voltage * conductance - 5e-10)
    assert found.cycles[0].ratio == pytest.approx(exact.ratio, rel=5e-3)
    assert found.cycles[0].opening == pytest.approx(exact.opening, rel=5e-3)
    # the lines through two samples miss what the current bends over one step
    assert found.offset == pytest.approx(-5e-10, abs=5e-6 * scale)


def test_a5_noise_is_no_offset_and_does_not_make_the_ratio_infinite():
    voltage, current = switching(ratio=10.0)
    rng = np.random.default_rng(1)
    cycles = [hysteresis(voltage, current + 5e-8 * rng.normal(size=401)) for _ in range(10)]
    assert [one.cycles[0].ratio for one in cycles] == pytest.approx([10.0] * 10, rel=0.3)
    assert sum(one.offset == 0.0 for one in cycles) >= 7
    unipolar = hysteresis(np.abs(voltage[:201]), np.abs(current[:201]) - 5e-10)
    assert np.isfinite(unipolar.cycles[0].ratio)
    assert unipolar.offset == pytest.approx(-5e-10)


def test_a5_a_rectifier_keeps_its_small_currents():
    phase = np.linspace(0.0, 2.0 * np.pi, 402)[1:-1]  # no sample at 0 V
    voltage = np.sin(phase)
    found = hysteresis(voltage, 1e-6 * np.expm1(voltage / 0.1))
    back = found.conductance[np.argmin(voltage)]
    assert back == pytest.approx(1e-6, rel=0.05)
    assert found.cycles[0].opening < 0.01


def test_a5_conductances_near_0_v_may_be_nan_and_are_left_out():
    voltage, current, conductance, _ = memristor(n=400)
    known = np.where(np.abs(voltage) > 0.1, conductance, np.nan)
    for found in (hysteresis(voltage, conductance=known), hysteresis(voltage, current, conductance=known)):
        cycle = found.cycles[0]
        assert cycle.ratio == np.nanmax(known) / np.nanmin(known)
        assert cycle.opening == pytest.approx(1.0, abs=2e-3)
        np.testing.assert_allclose([lobe.area for lobe in cycle.lobes], [0.2, -0.2], rtol=2e-3)
        assert cycle.pinch < 1e-12
    with pytest.raises(ValueError, match="conductance must have values, got nan alone"):
        hysteresis(voltage, conductance=np.full(voltage.shape, np.nan))
    with pytest.raises(ValueError, match="got inf at index 0"):
        hysteresis(voltage, conductance=np.where(np.arange(voltage.size) == 0, np.inf, conductance))


def test_a5_a_read_voltage_lies_in_the_sweep():
    voltage, current = switching()
    with pytest.raises(ValueError, match=r"read must be in \[-1, 1\] V, got 2.0"):
        hysteresis(voltage, current, read=2.0)
    with pytest.raises(ValueError, match="read must not be 0 V"):
        hysteresis(voltage, current, read=0.0)
    with pytest.raises(TypeError, match=r"read must be a number, got '0\.1'"):
        hysteresis(voltage, current, read="0.1")


def test_results_show_themselves_in_one_line():
    found = hysteresis(*switching())
    assert repr(found) == (
        "<Hysteresis: cycles 1; branches 3; samples 401; voltage -1 V to 1 V; closed yes; offset 0 A>"
    )
    assert repr(found.cycles[0]).startswith("<Cycle: samples 0 to 400; voltage -1 V to 1 V; lobes 2; area ")
    assert "µW; turns counter-clockwise>" in repr(found.cycles[0].lobes[0])
    assert "<caption>memnet Cycle</caption>" in found.cycles[0]._repr_html_()
    assert [piece.outward for piece in found.cycles[0].pieces()] == [True, False, True, False]


def test_electrodes_of_arrays_and_anything_but_cycles_are_refused():
    voltage, current = switching()
    with pytest.raises(ValueError, match="electrode='left' beside arrays"):
        hysteresis(voltage, current, electrode="left")
    loop = hysteresis(voltage, current).cycles[0]
    with pytest.raises(TypeError, match="first must be a Cycle"):
        loop_distance(voltage, loop)
    with pytest.raises(TypeError, match="second must be a Cycle"):
        loop_distance(loop, 3)


def test_distance_of_loops_ignores_scales_and_measures_shape():
    voltage = triangle(1)
    rising = np.r_[1.0, np.diff(voltage)] > 0
    g = np.where(rising, 1.0, 3.0 - voltage / 2.0)
    loop = hysteresis(voltage, conductance=g).cycles[0]
    scaled = hysteresis(voltage / 10.0, conductance=40.0 * g).cycles[0]
    assert loop_distance(scaled, loop) == pytest.approx(0.0, abs=1e-12)
    # Against a flat loop: way out differs by 0, way back by 0 to 2 with mean square 4/3; RMS over both, range 2.
    fine = triangle(1, n=20_000)
    back = np.r_[1.0, np.diff(fine)] < 0
    curved = hysteresis(fine, conductance=np.where(back, 3.0 - fine, 1.0)).cycles[0]
    flat = hysteresis(fine, conductance=np.ones(fine.size)).cycles[0]
    assert loop_distance(flat, curved) == pytest.approx(np.sqrt(4.0 / 3.0 / 2.0) / 2.0, rel=1e-2)
    assert np.isnan(loop_distance(curved, flat))


def test_a_run_is_taken_as_it_is():
    net = mn.Network(2, [(0, 1)], length=[0.02], electrodes={"left": 0, "right": 1})
    run = mn.Simulation(net, mn.RateBalance(), {"left": mn.drive.triangle(0.0, 0.2, 200.0), "right": 0.0}).run(401)
    found = hysteresis(run)
    assert len(found.cycles) == 2
    again = hysteresis(run["voltage"].values[:, 0], run["current"].values[:, 0])
    np.testing.assert_allclose(again.cycles[1].area, found.cycles[1].area)
    assert found.to_dataset()["opening"].values[1] == found.cycles[1].opening
    # Seen from the other electrode voltage and current change sign, the loop turns by half a turn.
    other = hysteresis(run, electrode="right").cycles[1]
    assert other.area == pytest.approx(found.cycles[1].area)
    assert other.lobes[0].sign == -1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"data": np.ones(10), "current": np.ones(10)}, r"at least 2 branches, got 0 in 10 voltages from 1 to 1 V"),
        ({"data": np.arange(10.0), "current": np.ones(10)}, "got 1 in 10 voltages from 0 to 9 V"),
        ({"data": np.r_[0.0, np.nan, 1.0], "current": np.ones(3)}, "voltage must be finite, got nan at index"),
        ({"data": np.r_[0.0, 1.0, 0.0], "current": np.r_[0.0, np.inf, 0.0]}, "current must be finite"),
        ({"data": np.r_[0.0, 1.0, 0.0], "current": np.ones(4)}, r"current must have shape \(3,\), got \(4,\)"),
        ({"data": np.r_[0.0, 1.0, 0.0]}, "needs current or conductance"),
        ({"data": np.r_[0.0, 1.0], "current": np.ones(2)}, "at least 3 samples, got 2"),
        (
            {"data": np.r_[0.0, 1.0, 0.0], "current": np.ones(3), "time": [0.0, 2.0, 1.0]},
            "time must increase, got 2 and then 1 at index 2",
        ),
        ({"data": np.r_[0.0, 1.0, 0.0], "current": np.ones(3), "tolerance": 1.0}, "tolerance must be in"),
    ],
)
def test_bad_input_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        hysteresis(**arguments)


def test_a_run_with_more_electrodes_or_without_current_is_refused():
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"a": 0, "b": 1, "c": 2})
    run = mn.Simulation(net, mn.RateBalance(), {"a": mn.drive.triangle(0.0, 1.0, 10.0), "b": 0.0, "c": 0.0}).run(20)
    with pytest.raises(ValueError, match="two electrodes, got"):
        hysteresis(run)
    with pytest.raises(ValueError, match="no variable voltage"):
        hysteresis(run.drop_vars("voltage"))


@pytest.mark.parametrize("offset", [0.0, -2e-5])
def test_a5_noise_of_the_voltage_is_no_offset_of_the_current(offset):
    found = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        phase = np.linspace(0.0, 3.0, 1201) + rng.uniform()
        volts = 1.0 - 4.0 * np.abs((phase + 0.25) % 1.0 - 0.5)
        siemens, on = [], False
        for v in np.r_[volts, volts]:
            on = v > 0.8 or (on and v > -0.7)
            siemens.append(1e-3 if on else 5e-5)
        amps = np.array(siemens[volts.size :]) * volts + offset + 1e-8 * rng.standard_normal(volts.size)
        found.append(hysteresis(volts + 2e-3 * rng.standard_normal(volts.size), amps).offset)
    if offset:
        np.testing.assert_allclose(found, offset, atol=3e-6)  # 2 mV over 1 kOhm, at some of the passages
    else:
        assert np.count_nonzero(found) <= 1
