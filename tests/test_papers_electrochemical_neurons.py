"""EC23, figures 7 to 10 and section 4.1: against closed forms, and the verdicts of its statements."""

import numpy as np
import pytest
from figures_again import drawn_again

from memnet.papers import electrochemical2023 as ec23
from memnet.papers.electrochemical2023 import (
    _about_devices,
    _about_plasticity,
    _about_switches,
    _elements as elements,
    history,
    pairs,
)

# ---------------------------------------------------------------- figures are computed, written, read and drawn

SMALL = {
    "7": {"tau_D": (100.0,), "rows": 10},
    "8b": {"rows": 20},
    "8c": {"delays": (-5e-3, 5e-3), "shapes": ("exponential",)},
    "8d": {"areas": (1, 4), "thicknesses": (1, 3)},
    "9a": {"gaps": (1e-6,), "duration": 20e-6},
    "9b": {"voltages": (1.2, 2.0), "series": (20e3,), "periods": 2},
    "9c": {"length": 1e-4, "currents": (0.5e-6,)},
    "vo2": {"voltages": (10.0,), "duration": 1e-6},
    "10a": {"synapses": ("soft bounds",), "count": 3},
    "10b": {"intervals": (1.0,), "count": 2, "runs": 2},
    "10c": {"voltages": (0.0, 0.8), "count": 2},
    "10d": {"gates": (0.0,), "count": 2, "rows": 20},
}


@pytest.mark.parametrize("key", SMALL)
def test_every_figure_is_computed_written_read_and_drawn(key, tmp_path, monkeypatch):
    for theirs in drawn_again(ec23.FIGURES[key], SMALL[key], tmp_path, monkeypatch):
        assert theirs.attrs["title"].startswith("EC23, ")


@pytest.mark.parametrize(
    ("compute", "arguments", "words"),
    [
        (ec23.figure7, {"tau_D": ()}, "tau_D must hold at least one"),
        (ec23.figure7, {"tau_D": (0.0,)}, "tau_D must be"),
        (ec23.figure7, {"rows": 1}, "rows must be"),
        (ec23.figure7, {"E_N": 0.1}, "E_N must be"),
        (ec23.figure8b, {"delays": ()}, "delays must hold at least one"),
        (ec23.figure8b, {"shape": "rectangle"}, "did you mean 'rectangular'"),
        (ec23.figure8c, {"delays": (0.5e-3,)}, "whole number"),
        (ec23.figure8c, {"shapes": ("exponentail",)}, "did you mean 'exponential'"),
        (ec23.figure8d, {"areas": (0,)}, "areas must be"),
        (ec23.figure8d, {"on": 1e9}, "on must be"),
        (ec23.figure8d, {"areas": ()}, "areas must hold at least one"),
        (ec23.figure8d, {"areas": (10**4,), "thicknesses": (10**3,)}, "at most 1000000 parts"),
        (ec23.figure9a, {"gaps": ()}, "gaps must hold at least one"),
        (ec23.figure9a, {"width": 0.0}, "width must be"),
        (ec23.figure9a, {"duration": 1.2e-6}, "duration must be a whole number of steps"),
        (ec23.figure9b, {"series": (0.0,)}, "series must be"),
        (ec23.figure9b, {"periods": 0}, "periods must be"),
        (ec23.figure9c, {"length": 0.0}, "length must be"),
        (ec23.figure9c, {"length": 1e-6}, "length must be a whole number of rows"),
        (ec23.figure9c, {"push": 0.0}, "push must be"),
        (ec23.vo2, {"voltages": ()}, "voltages must hold at least one"),
        (ec23.figure10a, {"synapses": ()}, "synapses must hold at least one"),
        (ec23.figure10a, {"synapses": ("soft bound",)}, "did you mean 'soft bounds'"),
        (ec23.figure10b, {"runs": 1}, "runs must be"),
        (ec23.figure10c, {"voltages": (np.nan,)}, "voltages must be finite"),
        (ec23.figure10d, {"rows": 3}, "rows must be"),
        (ec23.figure8c, {"delays": 0.01}, r"delays must have shape \(any,\)"),
        (ec23.figure8d, {"thicknesses": 4}, r"thicknesses must have shape \(any,\)"),
        (ec23.figure10b, {"intervals": 1.0}, r"intervals must have shape \(any,\)"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(compute, arguments, words):
    with pytest.raises(ValueError, match=words):
        compute(**arguments)


@pytest.mark.parametrize(
    ("compute", "arguments", "words"),
    [
        (ec23.figure8c, {"shapes": "exponential"}, "shapes must be a list of strings"),
        (ec23.figure10a, {"synapses": 1.0}, "synapses must be a list of strings"),
        (ec23.flux, {"temperature": [300.0, 310.0]}, "temperature must be a number"),
        (ec23.rest, {"temperature": [300.0, 310.0]}, "temperature must be a number"),
        (ec23.table1, {"temperature": [300.0, 310.0]}, "temperature must be a number"),
    ],
)
def test_arguments_of_another_kind_are_refused(compute, arguments, words):
    with pytest.raises(TypeError, match=words):
        compute(**arguments)


# ---------------------------------------------------------------- the figures say what is


def test_figure7_is_the_sum_of_two_exponentials():
    data = ec23.figure7(tau_D=(20.0, 300.0), rows=50)
    time = data["time"].values
    for tau in (20.0, 300.0):
        one = data.sel(tau_D=tau)
        n = np.exp(-time / 50.0)
        d = tau / (tau - 50.0) * (np.exp(-time / tau) - n)
        np.testing.assert_allclose(one["n"], n, atol=1e-5)
        np.testing.assert_allclose(one["d"], d, atol=1e-5)
        np.testing.assert_allclose(one["voltage"], -0.2 * n + 0.25 * d, atol=3e-6)
    assert (data["voltage"].sel(tau_D=20.0) < 1e-9).all()  # ions that spread fast leave no overshoot
    assert data["voltage"].sel(tau_D=300.0).max() > 0.15


def test_the_window_of_figure8c_is_the_integral_of_its_rate():
    """The numbers are those of a quadrature of its own, in units of the rate."""
    spikes = pairs.SPIKES["exponential"]
    found = [pairs.exact_change(spikes, delay) / pairs.I_0 for delay in (1e-3, 5e-3, 20e-3)]
    assert found == pytest.approx([0.85214357, 0.56960348, 0.13626395], abs=5e-9)
    data = ec23.figure8c(delays=(-60e-3, -1e-3, 1e-3, 10e-3, 60e-3))
    for shape, spike in pairs.SPIKES.items():
        exact = [pairs.exact_change(spike, delay) for delay in data["delay"].values.tolist()]
        np.testing.assert_allclose(data["change"].sel(shape=shape), exact, rtol=1e-4, atol=1e-9)
    assert (data["first"] == 0.0).all()


def test_rectangular_spikes_have_a_closed_form():
    """For 10 ms between spikes of 5 ms, the second one's height is above the first one's tail, both constant."""
    both = np.exp(1.02 / pairs.V_0) - np.exp(1.0 / pairs.V_0)
    exact = pairs.I_0 * 5e-3 * both
    assert pairs.exact_change(pairs.SPIKES["rectangular"], 10e-3) == pytest.approx(exact, rel=1e-9)
    data = ec23.figure8c(delays=(-10e-3, 10e-3), shapes=("rectangular",))
    assert data["change"].values.ravel() == pytest.approx([-exact, exact], rel=1e-6)


def test_figure8d_has_the_resistances_of_parts_in_series_and_side_by_side():
    r = ec23.figure8d(areas=(1, 5), thicknesses=(1, 3))["resistance"]
    on, off = 1e4, 1e9
    for area in (1, 5):
        for layers in (1, 3):
            one = r.sel(area=area, thickness=layers)
            whole = layers * np.array([off, on]) / area
            assert one.sel(kind="volume").values == pytest.approx(whole, rel=1e-12)
            bridge = 1.0 / (1.0 / (layers * on) + (area - 1) / (layers * off))
            assert one.sel(kind="filament").values == pytest.approx([layers * off / area, bridge], rel=1e-9)
            surface = [(off + (layers - 1) * on) / area, layers * on / area]
            assert one.sel(kind="surface").values == pytest.approx(surface, rel=1e-9)


def test_a_switch_under_pulses_and_voltages_keeps_to_its_closed_forms():
    assert elements.period(2.0) == pytest.approx(14.6691806e-6, rel=1e-8)
    assert np.isnan([elements.period(1.2), elements.period(2.0, 1.5e3), elements.period(0.0)]).all()
    data = ec23.figure9a(gaps=(1e-6, 3e-6, 5e-6))
    law = [elements.pulses_to_fire(gap, 5e-6, 2.0) for gap in data["gap"].values.tolist()]
    assert law == [5.0, 6.0, np.inf]
    np.testing.assert_array_equal(data["pulses"], [5.0, 6.0, np.nan])
    rate = ec23.figure9b(voltages=(-2.0, 1.2, 2.0, 4.0), series=(10e3, 40e3), periods=5)
    np.testing.assert_allclose(rate["frequency"], rate["law"], rtol=1e-3)
    assert (rate["frequency"].sel(voltage=1.2) == 0.0).all()


def test_figure9c_is_all_or_nothing():
    data = ec23.figure9c(length=3e-3, currents=(0.9e-6, 1e-6))
    spikes = data["second"].attrs["spikes"]
    assert len(spikes) == 5
    assert np.diff(spikes)[1:] == pytest.approx(0.5358e-3, rel=5e-3)
    assert data["peak"].values == pytest.approx([0.0915, 0.398], rel=0.01)


def test_the_film_is_silent_fires_and_stays_on():
    data = ec23.vo2(voltages=(10.0, 12.0, 16.0), duration=15e-6)
    assert np.isnan(data["period"].values).tolist() == [True, False, True]
    assert float(data["period"][1]) == pytest.approx(3040.5e-9, rel=5e-3)
    assert data["potential"][2, -1] < 3.0 < 6.0 < data["potential"][0, -1]


def test_figure10b_has_closed_forms():
    data = ec23.figure10b(intervals=(1.0, 5.0, 20.0), count=3, runs=2)
    np.testing.assert_allclose(data["index"], data["law"], rtol=1e-14)
    assert data["law"].values == pytest.approx([1.774188, 1.632585, 1.296579], abs=5e-7)
    at_rest = 0.0505  # 1/s: kappa_p0 + kappa_d0
    np.testing.assert_allclose(data["left"], np.exp(-at_rest * data["since"].values), rtol=1e-9)


def test_figure10c_is_primed_by_what_its_second_state_remembers():
    data = ec23.figure10c(voltages=(0.8,), count=4)
    assert data["moved"].values.tolist() == [0.0]
    up = data["weight"].sel(direction="up").values[0]
    assert np.diff(up) == pytest.approx(np.full(4, 0.01 * np.exp(0.1 * 0.8 * history.PRIMING)), rel=1e-9)


def test_figure10d_is_tuned_by_its_gate():
    data = ec23.figure10d(count=2)
    sizes = [
        data["set_voltage"].values,
        np.abs(data["reset_voltage"].values),
        -data["weight"].sel(pulse=2).values[:, 0],
    ]
    for size in sizes:
        assert (np.diff(size) < 0.0).all()
    # From half open on the way up: the integral of 0.03 e^gate sinh(v/0.5) over v is ln 2.
    exact = [0.5 * np.arccosh(1.0 + np.log(2.0) / (0.5 * history.SPEED * np.exp(gate))) for gate in data["gate"].values]
    assert data["set_voltage"].values == pytest.approx(exact, rel=2e-3)


# ---------------------------------------------------------------- statements

GROUPS = {**_about_devices.MEASURES, **_about_switches.MEASURES, **_about_plasticity.MEASURES}
STATEMENTS = (*_about_devices.STATEMENTS, *_about_switches.STATEMENTS, *_about_plasticity.STATEMENTS)


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_no_statement_fails_where_a_condition_is_named(group):
    numbers = GROUPS[group]()
    mine = [one for one in STATEMENTS if one.group == group]
    assert mine
    for one in mine:
        verdict = one.verdict(numbers)
        assert verdict != "does not hold"
        assert verdict.startswith("holds if") == (one.holds_if is not None)
        assert set(one.shown) <= set(numbers)


@pytest.mark.slow
def test_the_neuron_of_two_switches_has_its_numbers():
    numbers = _about_switches.measure_neuristor()
    assert numbers["spikes"] == 18
    assert numbers["interval (ms)"] == pytest.approx(0.5357995, rel=1e-4)
    assert numbers["threshold (nA)"] == pytest.approx(21.28, rel=0.01)
