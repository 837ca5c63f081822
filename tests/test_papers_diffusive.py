"""DM17: loops, transients and trains of pulses of the diffusive memristor, and what the paper says of them."""

import numpy as np
import pytest
from figures_again import drawn_again
from test_papers import memnet

import memnet as mn
from memnet.papers import _registry as registry, diffusive2017
from memnet.papers.diffusive2017 import _relaxations, common

# ---------------------------------------------------------------- figures are computed, written, read and drawn

WARM = {"temperatures": (0.6, 0.7)}
SMALL = {
    "1b": {"runs": 1, "loops": 1, "period": 6.0, "rest": 2.0},
    "3a": {"runs": 2, "duration": 2e-3},
    "3b": {"runs": 2, "duration": 0.01, **WARM},
    "4a": {"runs": 2, "duration": 2.0, "moments": (1.0, 3.0), **WARM},
    "4b": {"runs": 2, "count": 2, "moments": (0, 2)},
}


@pytest.mark.parametrize("key", SMALL)
def test_every_figure_is_computed_written_read_and_drawn(key, tmp_path, monkeypatch):
    for theirs in drawn_again(diffusive2017.FIGURES[key], SMALL[key], tmp_path, monkeypatch):
        assert theirs.attrs["title"].startswith("DM17, Fig. ")


def test_the_energy_of_two_temperatures_is_drawn_without_an_error():
    arguments = diffusive2017.FIGURES["3b"].arguments(SMALL["3b"], quick=True)
    data = diffusive2017.figure3b(**arguments)
    assert np.isnan(data["energy_error"])
    (text,) = diffusive2017.plot_figure3b(data).axes[1].get_legend().get_texts()
    assert text.get_text() == rf"$E = {float(data['energy']):.2f}\,w_p$"
    (text,) = diffusive2017.plot_figure3b(data.assign(energy_error=0.25)).axes[1].get_legend().get_texts()
    assert text.get_text() == rf"$E = {float(data['energy']):.2f} \pm 0.25\,w_p$"


def test_temperatures_in_kelvin_are_told_apart(monkeypatch):
    monkeypatch.setattr(_relaxations, "MOST", 20)
    with pytest.raises(ArithmeticError, match=r"longer than 20 rows at k_B T/w_p = 300; .* not in K"):
        diffusive2017.figure3b(temperatures=(300.0, 340.0), runs=2, interval=1e-4, duration=1e-3)


def test_a_moment_at_the_start_is_not_drawn_on_the_axis():
    arguments = diffusive2017.FIGURES["4b"].arguments(SMALL["4b"], quick=True)
    figure = diffusive2017.plot_figure4b(diffusive2017.figure4b(**arguments))
    figure.draw_without_rendering()
    ax = figure.axes[0]
    labels = [one.get_window_extent() for one in ax.texts]
    assert labels[0].x0 > ax.get_window_extent().x0
    assert not labels[0].overlaps(labels[1])


def test_currents_of_reads_lie_above_the_voltage():
    arguments = diffusive2017.FIGURES["3a"].arguments(SMALL["3a"], quick=True)
    pulse, reads, *voltages = diffusive2017.plot_figure3a(diffusive2017.figure3a(**arguments)).axes
    assert min(pulse.get_zorder(), reads.get_zorder()) > max(one.get_zorder() for one in voltages)


def test_the_command_line_has_the_figures(tmp_path):
    result = memnet(
        "reproduce", "diffusive2017", "--figure", "4b", "--option", "runs=1", "--option", "count=3",
        "--option", "moments=[0, 3]", "--seed", 5, "--out", tmp_path,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    data = registry.read(tmp_path / "diffusive2017-4b.nc")
    assert (data.sizes["pulse"], data.sizes["moment"], data.sizes["run"]) == (3, 2, 1)


@pytest.mark.parametrize(
    ("compute", "arguments", "words"),
    [
        (diffusive2017.figure1b, {"period": 0.25}, "period must be a whole number of rows"),
        (diffusive2017.figure1b, {"loops": 0}, "loops must be"),
        (diffusive2017.figure1b, {"compliance": 0.0}, "compliance must be"),
        (diffusive2017.figure3a, {"width": 3.3e-5}, "width must be a whole number of reads"),
        (diffusive2017.figure3a, {"interval": 1e-5}, "interval must be two reads"),
        (diffusive2017.figure3a, {"preset": "dm2018"}, "unknown preset 'dm2018'"),
        (diffusive2017.figure3b, {"temperatures": (0.4, 0.4)}, "temperatures must be two or more"),
        (diffusive2017.figure3b, {"temperatures": (0.4,)}, "temperatures must be two or more"),
        (diffusive2017.figure3b, {"interval": 1e-5}, "interval must be two reads"),
        (diffusive2017.figure4a, {"width": -1.0}, "width must be"),
        (diffusive2017.figure4a, {"runs": 0}, "runs must be"),
        (diffusive2017.figure4a, {"moments": []}, "moments must hold at least one"),
        (diffusive2017.figure4a, {"moments": [[1.0]]}, "moments must have shape"),
        (diffusive2017.figure4a, {"moments": [-5.0]}, "moments must be in"),
        (diffusive2017.figure4a, {"moments": [1e308]}, "moments must be in"),
        (diffusive2017.figure4a, {"window": -1.0}, "window must be in"),
        (diffusive2017.figure4a, {"duration": 1e308}, "duration must be in"),
        (diffusive2017.figure3a, {"duration": 1e308}, "duration must be in"),
        (diffusive2017.figure1b, {"rest": 1e308}, "rest must be in"),
        (diffusive2017.figure4b, {"count": 5, "moments": (6,)}, "moments must be"),
        (diffusive2017.figure4b, {"gap": 0.0}, "gap must be"),
    ],
)
def test_arguments_that_make_no_figure_are_refused(compute, arguments, words):
    with pytest.raises(ValueError, match=words):
        compute(**arguments)


# ---------------------------------------------------------------- what figures share


def test_the_largest_conductance_is_that_of_even_particles():
    device = mn.DiffusiveMemristor(n=5, r_t=7.0)
    even = np.linspace(-1.0, 1.0, 7)[1:-1]
    sim = common.realisations(device, 0.0, runs=1, dt=1.0, seed=1)
    sim.set_state(device, x=even[np.newaxis])
    assert 1.0 / sim.state(device, "r")[0] == pytest.approx(common.largest_conductance(device), rel=1e-14)
    assert 1.0 / common.largest_conductance(mn.DiffusiveMemristor()) == pytest.approx(52.325, abs=5e-4)


def test_densities_count_particles_in_their_windows():
    device, dt = mn.DiffusiveMemristor(kappa=1000.0), 1e-5
    drive = mn.drive.steps([0.0, 4.0], [0.0, 2e-4])
    sim = common.realisations(device, drive, runs=3, dt=dt, seed=2)
    data = common.run_with_densities(sim, device, 8e-4, moments=[0.0, 4e-4], width=6e-5, every=10)
    again = common.realisations(device, drive, runs=3, dt=dt, seed=2).run(81, record="state:x")["state_x"].values
    edges = np.linspace(-1.0, 1.0, data.sizes["place"] + 1)
    for row, window in enumerate((slice(0, 4), slice(37, 44))):
        counts = np.histogram(again[window], edges)[0] / again[window, :, 0].size
        np.testing.assert_allclose(data["density"][row] * np.diff(edges), counts, rtol=1e-12)
    assert (data["density"].sum("place") * np.diff(edges)[0]).values == pytest.approx(40.0, rel=1e-12)
    np.testing.assert_array_equal(data["x"], again[[0, 40]])
    np.testing.assert_allclose(data["moment"], [0.0, 0.4], rtol=1e-12)
    np.testing.assert_allclose(data["time"], np.arange(9) * 0.1, rtol=1e-12)


# ---------------------------------------------------------------- 1 b


def test_figure_1b_repeats_its_loops_with_a_compliance_alone():
    data = diffusive2017.figure1b(period=20.0, rest=60.0, loops=2, runs=4)
    for name in ("unipolar", "bipolar"):
        amps = np.abs(data[name]["current"].values)
        assert amps.max() == pytest.approx(0.1, rel=1e-9)
        assert (data[name]["largest"] >= 0.1).all()
    assert data["unlimited"]["current"].max() > 1.0
    assert (data["unlimited"]["left"] <= 1).all()  # carried to the other terminal on the way up
    assert (data["unlimited"]["largest"][1] < 0.1).all()
    assert 14.0 <= data["unipolar"]["left"][1].mean() < 20.0
    signs = np.sign(data["bipolar"]["voltage"].values[:, 100])
    np.testing.assert_array_equal(signs, [1.0, -1.0])
    assert data["bipolar"]["voltage"].values.min() == pytest.approx(-3.0, rel=1e-12)
    # the threshold is where the loop first carries 0.1 G_max, unless the source is at its limit
    sweep = data["unlimited"]
    siemens = sweep["current"].values[0] / np.maximum(sweep["voltage"].values[0, :, np.newaxis], 1e-12)
    first = sweep["voltage"].values[0, (siemens >= 0.1).argmax(axis=0)]
    np.testing.assert_allclose(sweep["threshold"][0], first, atol=0.035)


# ---------------------------------------------------------------- 3 a and b


@pytest.fixture(scope="module")
def pulse():
    return diffusive2017.figure3a(duration=4e-3, runs=60)


def test_figure_3a_has_the_delays_of_the_paper(pulse):
    known = pulse["delay"].values[np.isfinite(pulse["delay"].values)]
    assert known.size >= 55
    assert 1.2e-3 <= known.mean() <= 2.0e-3
    begin, end = pulse.attrs["pulse"]
    assert end - begin == pytest.approx(5e-3, rel=1e-12)
    largest = common.largest_conductance(common.memristor("dm2017", kappa=1000.0, v_th=0.375, r_t=100.0))
    for run, delay in enumerate(pulse["delay"].values):
        above = pulse["conductance"].values[:, run] >= 0.1 * largest
        time = pulse["time"].values[above.argmax()] - begin
        assert time - 1e-5 <= delay <= time if np.isfinite(delay) else not above[:510].any()


def test_figure_3a_reads_what_is_left(pulse):
    reads = pulse.isel(time=slice(510, None))
    np.testing.assert_allclose(reads["time"] - pulse.attrs["pulse"][1], [1e-3, 2e-3, 3e-3, 4e-3], rtol=1e-9)
    assert (reads["voltage"] == 0.05).all()
    np.testing.assert_allclose(reads["current"], 0.05 * reads["conductance"], rtol=1e-12)
    assert (pulse["voltage"][10:510] == 0.75).all()
    assert (pulse["voltage"][:10] == 0.0).all()


def test_figure_3b_relaxes_faster_when_warm():
    data = diffusive2017.figure3b(temperatures=(0.45, 0.7), runs=6, duration=0.01)
    cold, warm = data["relaxation"].values.mean(axis=1)
    assert cold > 1.3 * warm
    assert data["energy"] == pytest.approx(np.log(cold / warm) / (1.0 / 0.45 - 1.0 / 0.7), rel=1e-12)
    np.testing.assert_allclose(data["current"][:, 0], data["current"][0, 0, 0], rtol=1e-12)  # the same bridge


@pytest.mark.slow
def test_relaxation_is_activated_by_the_pinning():
    data = diffusive2017.figure4a(duration=1.0, moments=(0.5,))["relaxation"]
    assert data["B"] == pytest.approx(0.90, abs=0.25)
    assert data["A"] > 1.0  # slower than the paper's 0.1


# ---------------------------------------------------------------- 4 a and b


def test_figure_4a_almost_restores_the_particles():
    data = diffusive2017.figure4a(runs=10, duration=30.0, moments=(0.5, 4.0, 34.0), **WARM)["pulse"]
    assert 0.8 <= float(data["delay"]) <= 1.9
    mean = data["conductance"].mean("run").values
    at = np.searchsorted(data["time"].values, [1.0, 4.0, 34.0])
    assert mean[at[0]] < 0.03
    assert mean[at[1]] > 0.4
    assert mean[at[2]] < 0.5 * mean[at[1]]
    place = data["place"].values
    middle = data["density"].values[:, np.abs(place) < 0.7].sum(axis=1)
    assert middle[1] > 3.0 * middle[2] > middle[0]
    left = (data["x"] < 0.0).sum("particle").mean("run").values
    assert left[0] == 20.0
    assert 15.0 <= left[2] < 20.0
    assert (data["voltage"] == 2.0).sum() == 30  # 3/kappa of rows of 0.1


def test_figure_4b_facilitates_and_then_depletes():
    data = diffusive2017.figure4b()
    after = data["after"]
    assert 0.10 <= after.sel(pulse=4) <= 0.32
    assert 0.56 <= after.sel(pulse=7) <= 0.82
    assert 0.85 <= after.max() <= 0.95
    assert 8 <= after.idxmax() <= 14
    assert after.sel(pulse=40) < 0.03
    left = (data["x"] < 0.0).sum("particle").mean("run").values
    assert (np.diff(left) <= 0.0).all()  # the peak at the left terminal falls, as in panels b4 and b5
    assert left[-1] < 0.5
    bridging = (np.abs(data["x"]) < 0.7).sum("particle").mean("run").values
    assert bridging.argmax() == 3  # at the largest conductance, panel b4
    # "after k pulses" is at the end of pulse k, at (k - 1)(width + gap) + width
    row = data["conductance"].sel(time=0.2 * 6 + 0.1, method="nearest").mean("run")
    assert after.sel(pulse=7) == pytest.approx(float(row), rel=1e-12)
