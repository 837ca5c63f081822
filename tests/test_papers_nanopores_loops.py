"""NP24: loops, transients, pulses and combinations, against numbers of independent integrators and against SciPy."""

import numpy as np
import pytest
import xarray as xr
from figures_again import drawn_again
from scipy.integrate import solve_ivp
from scipy.special import expit
from test_papers import memnet

from memnet.papers import _registry as registry, nanopores2024

MICRO = 1e6


# ---------------------------------------------------------------- the equations again, for SciPy


def exponential(u, *, V_A, V_D, tau_0, n=2.0, V_m=0.1, tau_M=np.inf):
    """Return the relaxation rate of equation 68, which is that of equation 50 without tau_M."""
    return 1.0 / tau_M + (np.exp((u - V_A) / (n * V_m)) + np.exp(-(u - V_D) / (n * V_m))) / tau_0


def integrated(rates, start, times):
    return solve_ivp(rates, (0.0, times[-1]), start, method="DOP853", t_eval=times, rtol=1e-10, atol=1e-13).y


def periodic_x(loop, frequency, V_B, rate, V_m=0.1):
    """Return x at the phases of a loop in its periodic state, which an affine equation gives in two cycles."""
    amplitude = float(loop["voltage"].max())
    times = loop["phase"].values / frequency

    def rates(t, x):
        u = amplitude * np.sin(2.0 * np.pi * frequency * t)
        return rate(u) * (expit((u - V_B) / V_m) - x)

    offset, whole = (integrated(rates, [start], times)[0, -1] for start in (0.0, 1.0))
    return integrated(rates, [offset / (1.0 - (whole - offset))], times)[0]


def same_current(loop, x, g_L=0.1e-6, g_H=1e-6, e_0=0.0):
    """Whether a loop has the current of these states to 1e-6 of the largest one."""
    expected = (g_L + (g_H - g_L) * x) * (loop["voltage"].values - e_0)
    return np.abs(loop["current"].values - expected).max() <= 1e-6 * np.abs(expected).max()


# ---------------------------------------------------------------- figures are computed, written, read and drawn

LOOPS = {"rows": 100, "rtol": 1e-4}
SMALL = {
    "19d": {"count": 2, "rows": 4},
    "21": {**LOOPS, "frequencies": (0.1, 1.0), "n": 3},
    "26": {"voltages": (1.0,), "on": 1e-3, "off": 1e-3, "rtol": 1e-4},
    "27": {"on": 1e-3, "off": 1e-3, "rtol": 1e-4},
    "29": {**LOOPS, "frequencies": (100.0,), "amplitudes": (1.0, 1.5)},
    "30": {**LOOPS, "frequencies": (100.0,), "amplitudes": (1.0, 1.5)},
    "31": {**LOOPS, "n": 2},
    "33": {**LOOPS, "frequencies": (100.0,), "amplitudes": (1.0, 1.5)},
    "34a": {"count": 2},
    "38": {**LOOPS, "count": 2},
    "39": {**LOOPS, "count": 2},
}


@pytest.mark.parametrize("key", SMALL)
def test_every_figure_is_computed_written_read_and_drawn(key, tmp_path, monkeypatch):
    for theirs in drawn_again(nanopores2024.FIGURES[key], SMALL[key], tmp_path, monkeypatch):
        assert theirs.attrs["title"].startswith("NP24, Fig. ")


def test_the_command_line_takes_keys_with_letters(tmp_path):
    result = memnet("reproduce", "nanopores2024", "--figure", "34a", "--option", "count=3", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert registry.read(tmp_path / "nanopores2024-34a.nc").sizes["pulse"] == 6


@pytest.mark.parametrize(
    ("compute", "arguments", "words"),
    [
        (nanopores2024.figure21, {"rows": 15}, "rows must be"),
        (nanopores2024.figure21, {"frequencies": ()}, "frequencies must hold at least one"),
        (nanopores2024.figure29, {"frequencies": (0.0,)}, "frequencies must be in"),
        (nanopores2024.figure30, {"amplitudes": (-1.0,)}, "amplitudes must be in"),
        (nanopores2024.figure31, {"p_m": (1.5,)}, "p_m must be in"),
        (nanopores2024.figure33, {"rtol": 0.1}, "rtol must be in"),
        (nanopores2024.figure26, {"voltages": ()}, "voltages must hold at least one"),
        (nanopores2024.figure26, {"on": 0.0}, "on must be in"),
        (nanopores2024.figure27, {"g_s": 0.0}, "g_s must be in"),
        (nanopores2024.figure19d, {"gap": 0.123e-3}, "gap must be a whole number of rows"),
        (nanopores2024.figure34a, {"count": 0}, "count must be"),
        (nanopores2024.figure38, {"rows": 401}, "rows must be even"),
        (nanopores2024.figure39, {"width": 0.0}, "width must be in"),
        (nanopores2024.figure39, {"C_m": -1e-12}, "C_m must be in"),
    ],
)
def test_arguments_that_make_no_figure_are_refused(compute, arguments, words):
    with pytest.raises(ValueError, match=words):
        compute(**arguments)


# ---------------------------------------------------------------- 21


@pytest.fixture(scope="module")
def constant_time():
    return nanopores2024.figure21(frequencies=(0.1, 1.0, 30.0), n=7)


def test_figure_21_has_the_loops_of_a_constant_time(constant_time):
    periodic = constant_time["loops"].sel(cycle="periodic")
    expected = {0.1: (0.916336888, 0.672173939, 0.141334), 1.0: (0.429716469, 0.333210251, 0.0384502)}
    for frequency, (x, current, area) in expected.items():
        loop = periodic.sel(frequency=frequency)
        assert float(loop["largest_x"]) == pytest.approx(x, rel=1e-6)
        assert MICRO * float(loop["largest_current"]) == pytest.approx(current, rel=1e-6)
        assert MICRO * float(loop["wing_area"][1]) == pytest.approx(area, rel=1e-4)
        assert loop["wing_type"].values.tolist() == ["capacitive", "inductive"]
        assert loop["crossing"].values == pytest.approx([0.2], abs=1e-9)
        again = periodic_x(loop, frequency, 0.5, np.ones_like)
        assert loop["x"].values == pytest.approx(again, abs=1e-7)
        assert same_current(loop, again, e_0=0.2)
    first = constant_time["loops"].sel(cycle="first", frequency=1.0)
    assert float(first["largest_x"]) == pytest.approx(0.273271796, rel=1e-6)
    assert MICRO * float(first["largest_current"]) == pytest.approx(0.208070216, rel=1e-6)


def opened_again(frequency):
    """Return the area above E_0 of a loop of figure 21, by SciPy."""
    phase = np.linspace(0.0, 1.0, 4001)
    volts = np.sin(2.0 * np.pi * phase)
    x = periodic_x(xr.Dataset({"voltage": ("phase", volts)}, {"phase": phase}), frequency, 0.5, np.ones_like)
    amps = (0.1e-6 + 0.9e-6 * x) * np.maximum(volts - 0.2, 0.0)
    return -float((0.5 * (amps[1:] + amps[:-1]) * np.diff(volts)).sum())


def test_figure_21_opens_most_between_0_1_and_0_16_hz(constant_time):
    opening = constant_time["opening"]
    assert 0.1 < float(opening["peak_frequency"]) < 0.16
    peak = float(opening["peak_frequency"])
    assert opened_again(peak) > max(opened_again(0.99 * peak), opened_again(1.01 * peak))
    assert (np.diff(np.sign(np.diff(opening["area_above"].values))) != 0).sum() == 1


def test_figure_21_keeps_its_mean_at_high_frequencies_and_its_start_in_the_first_cycle(constant_time):
    loops = constant_time["loops"].sel(frequency=30.0)
    mean = float(loops["mean_x_eq"])
    assert mean == pytest.approx(0.3282585031, abs=1e-10)
    assert loops["x"].sel(cycle="periodic").values == pytest.approx(mean, abs=0.01)
    assert loops["x"].sel(cycle="first").values == pytest.approx(expit(-5.0), abs=0.02)


# ---------------------------------------------------------------- 29, 30, 33


@pytest.fixture(scope="module")
def peaked_time():
    return nanopores2024.figure29(frequencies=(10.0, 50.0, 100.0), amplitudes=(0.75, 1.0, 1.5), rtol=1e-7)


def test_figure_29_has_its_areas_and_crosses_at_e_0(peaked_time):
    loops = peaked_time["frequencies"]
    assert MICRO * loops["wing_area"].values[:, 1] == pytest.approx([0.145614, 0.360336, 0.472230], rel=1e-4)
    for name in ("frequencies", "amplitudes", "early", "early_rate"):
        assert (peaked_time[name]["wing_type"] == ["capacitive", "inductive"]).all()
        assert peaked_time[name]["crossing"].values == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(("name", "V_A"), [("amplitudes", 1.0), ("early", 0.6)])
def test_figure_29_has_the_currents_of_scipy(peaked_time, name, V_A):
    def rate(u):
        return exponential(u, V_A=V_A, V_D=0.0, tau_0=0.5e-3)

    for amplitude in (0.75, 1.5):
        loop = peaked_time[name].sel(amplitude=amplitude)
        again = periodic_x(loop, 100.0, 0.5 * V_A, rate)
        assert float(loop["largest_x"]) == pytest.approx(again.max(), abs=1e-6)
        assert same_current(loop, again)


def test_figure_29_does_not_depend_on_the_amplitude_at_one_rate_of_the_voltage(peaked_time):
    apart = {name: peaked_time[name]["deviation"].values for name in ("amplitudes", "early", "early_rate")}
    assert all((one[-1], (np.diff(one) < 0.0).all()) == (0.0, True) for one in apart.values())
    assert (apart["early_rate"][:-1] < apart["early"][:-1]).all()
    assert (apart["early"][:-1] < apart["amplitudes"][:-1]).all()


def test_figure_30_falls_on_its_way_up():
    data = nanopores2024.figure30(frequencies=(100.0, 500.0), amplitudes=(0.5, 1.5), rtol=1e-7)
    for name in ("frequencies", "amplitudes"):
        assert (data[name]["wing_type"] == ["inductive", "capacitive"]).all()
        assert data[name]["crossing"].values == pytest.approx(0.0, abs=1e-9)
        assert (data[name]["forward_fall"] > 0.0).all()
        assert (np.diff(data[name]["forward_fall"]) > 0.0).all()
    loop = data["frequencies"].sel(frequency=500.0)
    again = periodic_x(loop, 500.0, 0.0, lambda u: exponential(u, V_A=0.5, V_D=-0.5, tau_0=1e-4))
    assert same_current(loop, again, g_L=1e-6, g_H=0.1e-6)
    up = again[: again.size // 4] * -0.9 + 1.0
    fall = up * loop["voltage"].values[: up.size]
    assert MICRO * float(loop["forward_fall"]) == pytest.approx((np.maximum.accumulate(fall) - fall).max(), rel=1e-3)


def test_figure_33_closes_far_from_where_it_opens():
    data = nanopores2024.figure33(frequencies=(10.0, 500.0), amplitudes=(1.5,), rtol=1e-7)
    loops, steady = data["frequencies"], data["steady"]
    rate = {"V_A": 1.0, "V_D": -1.0, "tau_0": 1e-3, "tau_M": 1e-3}
    for frequency in (10.0, 500.0):
        loop = loops.sel(frequency=frequency)
        assert same_current(loop, periodic_x(loop, frequency, 0.5, lambda u: exponential(u, **rate)))
    assert (loops["x_rises_at"] > 0.5).all()
    assert loops["x_falls_at"].values[0] > 0.4
    assert loops["x_falls_at"].values[1] < -1.0
    assert float(steady["peak_voltage"]) == pytest.approx(0.0, abs=1e-12)
    assert float(steady["retention"]) == pytest.approx(1.0 / exponential(0.0, **rate), rel=1e-12)


# ---------------------------------------------------------------- 31


@pytest.mark.slow
def test_figure_31_never_crosses_at_40_frequencies():
    data = nanopores2024.figure31()
    over, loops = data["frequencies"], data["loops"]
    assert over.sizes["frequency"] == 40
    assert (over["frequency"].values[[0, -1]] == [1.0, 1e4]).all()
    assert (over["type"] == "capacitive").all()
    assert (over["n_crossings"] == 0).all()
    first = loops.sel(p_m=0.5)
    assert MICRO * float(first["largest_current"]) == pytest.approx(0.715216309, rel=1e-6)
    assert MICRO * float(first["current"][0]) == pytest.approx(0.427636374, rel=1e-6)


def test_p_m_moves_the_polarisation_and_changes_no_current_in_figure_31():
    data = nanopores2024.figure31(n=3, p_m=(0.5, 0.0, 1.0, 0.123), rows=400, rtol=1e-6)
    assert (data["loops"]["current_difference"] < 1e-13).all()
    shifted = data["loops"]["p"].mean("phase").values
    assert shifted == pytest.approx([0.0, 0.5, -0.5, 0.377], abs=5e-3)
    assert (data["frequencies"]["n_crossings"] == 0).all()


# ---------------------------------------------------------------- 26 and 27


@pytest.fixture(scope="module")
def steps():
    return {"26": nanopores2024.figure26()["steps"], **nanopores2024.figure27()}


def circuit_again(one, g_s, c_m, volts):
    """Return the total current at the rows in the first step: charge and x by SciPy."""
    times = one["time"].values[(one["time"].values >= 0.0) & (one["time"].values < float(one["step_time"][1]))]

    def rates(t, y):
        u, x = y
        charging = g_s * (volts - u) - (0.1e-6 + 0.9e-6 * x) * u
        settling = exponential(u, V_A=0.1, V_D=-0.3, tau_0=1e-3, V_m=0.2)
        return [charging / c_m, settling * (expit((u + 0.1) / 0.2) - x)]

    solved = solve_ivp(rates, (0.0, times[-1]), [0.0, expit(0.5)], method="LSODA", t_eval=times, rtol=1e-10, atol=1e-13)
    return times, g_s * (volts - solved.y[0])


@pytest.mark.parametrize(
    ("key", "g_s", "c_m", "volts", "settles", "rows"),
    [
        (
            "26", 5e-6, 5e-11, 1.0, (0.8344927703, 0.8275361487),
            (2.00783369, 0.689614668, 0.817734551, 0.827133497),
        ),
        (
            "27", 1e-6, 1e-11, 0.5, (0.2665421517, 0.2334578483),
            (0.256199296, 0.20503841, 0.221241323, 0.228918129),
        ),
    ],
)  # fmt: skip
def test_figures_26_and_27_have_the_currents_after_a_step(steps, key, g_s, c_m, volts, settles, rows):
    one = steps["26"].sel(voltage=1.0) if key == "26" else steps["steps"]
    inner, amps = float(one["settled_voltage"][0]), MICRO * float(one["settled_current"][0])
    assert (inner, amps) == pytest.approx(settles, abs=5e-11)
    at = [int(np.abs(one["time"].values - time).argmin()) for time in (1e-5, 1e-4, 5e-4, 1e-3)]
    assert MICRO * one["current"].values[at] == pytest.approx(rows, rel=1e-6)
    times, again = circuit_again(one, g_s, c_m, volts)
    here = one["current"].values[np.isin(one["time"].values, times)]
    assert np.abs(here - again).max() < 1e-6 * again.max()
    assert one["remaining_current"].values[10:-1000] == pytest.approx(
        float(one["settled_current"][0]) - one["current"].values[10:-1000], abs=1e-20
    )


def test_figures_26_and_27_fade_as_the_eigenvalues_say(steps):
    for one in (steps["26"].sel(voltage=0.5), steps["26"].sel(voltage=1.0), steps["steps"], steps["pulses"]):
        slow = one["slow_rate"].values
        assert one["x_rate"].values == pytest.approx(slow, rel=1e-3)
        tells = np.isfinite(one["current_rate"].values)
        assert tells.tolist() == (one["step_voltage"] != 0.0).values.tolist()  # at E_0 a current tells nothing of x
        assert one["current_rate"].values[tells] == pytest.approx(slow[tells], rel=1e-3)
        # Each part without the other, to the ratio of their rates.
        ratio = slow / one["fast_rate"].values
        assert (np.abs(one["slow_rate_alone"].values / slow - 1.0) < ratio).all()
        assert (np.abs(one["fast_rate_alone"].values / one["fast_rate"].values - 1.0) < ratio).all()
    # The way back takes longer, as tau_k is longer at 0 V.
    both = steps["26"]["slow_rate"].values
    assert (both[:, 1] < both[:, 0]).all()


def test_figures_26_and_27_begin_with_a_spike_of_the_series_conductance(steps):
    for one in (steps["26"].sel(voltage=0.5), steps["26"].sel(voltage=1.0), steps["steps"], steps["pulses"]):
        largest = np.abs(one["g_s_dV"].values).max()
        assert one["spike"].values == pytest.approx(one["g_s_dV"].values, abs=1e-12 * largest)
    pulses = steps["pulses"]
    # At the inverted pulse x falls, and with it the magnitude of the current.
    inverted = (pulses["time"].values > 0.0105) & (pulses["time"].values < 0.0199)
    assert (np.diff(np.abs(pulses["internal_current"].values[inverted])) <= 1e-15).all()


# ---------------------------------------------------------------- 19 d and 34 a


def test_figure_34a_has_the_pulses_in_closed_form():
    data = nanopores2024.figure34a()
    micro = MICRO * data["conductance"].values
    expected = {0: 0.29822642, 1: 0.420490551, 2: 0.516595838, 19: 0.863783048, 20: 0.286711531, 39: 0.101761027}
    assert micro[list(expected)] == pytest.approx(list(expected.values()), abs=6e-10)

    def moved(x, volt):
        rate = exponential(volt, V_A=1.0, V_D=-1.0, tau_0=1e-3, tau_M=20e-3)
        settled = expit((volt - 0.3) / 0.1)
        return settled + (x - settled) * np.exp(-5e-4 * rate)

    x, states = expit(-3.0), []
    for volt in data["voltage"].values:
        x = moved(moved(x, volt), 0.0)
        states.append(x)
    assert data["x"].values == pytest.approx(states, rel=1e-9)
    assert data["conductance"].values == pytest.approx(0.1e-6 + 0.9e-6 * np.array(states), rel=1e-9)


def test_figure_19d_has_the_currents_of_the_same_pulses():
    data, read = nanopores2024.figure19d(count=5, rows=10), nanopores2024.figure34a(count=5)
    assert data["conductance"].values[20::20] == pytest.approx(read["conductance"].values, rel=1e-12)
    g = 0.1e-6 + 0.9e-6 * data["x"].values
    assert data["current"].values == pytest.approx(g * data["voltage"].values, rel=1e-12, abs=1e-30)
    first, last = data["current"].values[5], data["current"].values[85]
    assert last > first > 0.0


# ---------------------------------------------------------------- 38 and 39


@pytest.fixture(scope="module")
def combined():
    few = {"rows": 800, "rtol": 1e-6}
    return {"38": nanopores2024.figure38(**few), "39": nanopores2024.figure39(**few)}


def test_combinations_follow_from_a_single_pore(combined):
    errors = np.array([combined[key]["loops"]["identity_error"].values for key in ("38", "39")])
    assert (errors[:, 1] < 1e-9).all()
    assert errors[1, 2] < 1e-9


def test_combinations_touch_without_a_capacitance(combined):
    for key, opposite in (("38", "antiseries"), ("39", "antiparallel")):
        loops = combined[key]["loops"].isel(frequency=1)
        assert loops["type"].values.tolist() == ["crossing", "crossing", "inductive"]
        assert loops["crossing"].values[:2] == pytest.approx(0.0, abs=1e-9)
        assert np.isnan(loops["crossing"].sel(arrangement=opposite)).all()


def test_combinations_cross_with_a_capacitance_as_the_paper_says(combined):
    charged = {key: combined[key]["charged"].isel(frequency=0) for key in combined}
    assert charged["38"].sel(arrangement="antiseries")["type"] == "capacitive"
    both = charged["39"].sel(arrangement="antiparallel")
    assert both["crossing"].values == pytest.approx([-0.41604, 0.41604], rel=1e-3)
    assert both["wing_type"].values.tolist() == ["inductive", "capacitive", "inductive"]
    for one in charged.values():
        single = one.sel(arrangement="one")["crossing"].values
        assert single[np.isfinite(single)] == pytest.approx([0.1100], rel=1e-3)


def test_combinations_potentiate_as_the_paper_says(combined):
    """Both ways in antiparallel, forward alone in one direction, and hardly in antiseries."""
    grows = {
        str(one): combined[key]["pulses"]["potentiation"].sel(arrangement=one)
        for key in combined
        for one in combined[key]["pulses"]["arrangement"].values
    }
    for name in ("series", "parallel"):
        assert (grows[name].sel(sign=1) > 1.5).all()
        assert grows[name].sel(sign=-1).values == pytest.approx(1.0, abs=1e-6)
    assert (grows["antiparallel"] > 1.5).all()
    assert (grows["antiseries"] < 1.1).all()
