"""Papers: the registry, and each figure of PNN25 at a tiny size, against what can be known otherwise."""

import dataclasses
import json
import runpy
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from figures_again import drawn_again
from typer.testing import CliRunner

import memnet as mn
from memnet.cli import app
from memnet.papers import _registry as registry, pnn2025
from memnet.papers.pnn2025 import common, learning, maps, spiking, statements as tables, sweeps

# Steps are coarse here: what is compared does not depend on them.
pytestmark = pytest.mark.filterwarnings("ignore::memnet.StepWarning")

TINY = {"size": 50.0, "seed": 3}


def memnet(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def refused(*arguments):
    result = memnet(*arguments)
    assert result.exit_code == 2, result.output
    return result.stderr


# ---------------------------------------------------------------- registry and command line


def test_papers_and_their_figures_are_listed():
    assert "pnn2025" in mn.papers.names()
    for paper in mn.papers.names():
        module = mn.papers.load(paper)
        assert module.FIGURES
        for key, figure in module.FIGURES.items():
            assert figure.key == key
            figure.arguments({}, quick=True)
    result = memnet("reproduce")
    assert "pnn2025" in result.output
    result = memnet("reproduce", "pnn2025")
    assert [line.split()[0] for line in result.output.splitlines()] == list(pnn2025.FIGURES)


def test_what_cannot_be_reproduced_is_refused_in_one_line():
    assert "unknown paper 'pnn2052', did you mean 'pnn2025'?" in refused("reproduce", "pnn2052", "--figure", "6")
    assert "unknown figure 'spcing', did you mean 'spacing'?" in refused("reproduce", "pnn2025", "--figure", "spcing")
    assert "figure spacing got an unknown keyword 'steps'" in refused(
        "reproduce", "pnn2025", "--figure", "spacing", "--steps", "5"
    )
    assert "exclude each other" in refused("reproduce", "pnn2025", "--figure", "6", "--all")
    assert "--option must be name=value" in refused("reproduce", "pnn2025", "--figure", "6", "--option", "x")
    assert "parameters got an unknown keyword 'D'" in refused(
        "reproduce", "pnn2025", "--figure", "5", "--quick", "--option", 'parameters={"D": {}}'
    )
    assert "--seeds must be integers" in refused("reproduce", "pnn2025", "--table", "--seeds", "1,b")
    assert "--seeds belongs to --table" in refused("reproduce", "pnn2025", "--figure", "5", "--seeds", "1")


def test_a_figure_is_written_and_drawn_and_can_be_read_again(tmp_path):
    out = tmp_path / "new"
    result = memnet(
        "reproduce", "pnn2025", "--figure", "6", "--size", 50, "--seed", 3, "--steps", 2000,
        "--option", "n_surrogates=3", "--option", "n_bootstrap=0", "--out", out, "--no-progress",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert (out / "pnn2025-6.png").read_bytes().startswith(b"\x89PNG")
    data = registry.read(out / "pnn2025-6.nc")
    assert list(data) == ["A", "A:B", "A:C"]
    made = json.loads(data["A"].attrs["arguments"])
    assert (made["size"], made["seed"], made["steps"], made["n_surrogates"]) == (50.0, 3, 2000, 3)
    assert made["TUNED"] == pnn2025.TUNED
    again = pnn2025.figure6(size=50.0, seed=3, steps=2000, n_surrogates=3, n_bootstrap=0)
    for name, one in data.items():
        xr.testing.assert_equal(one, again[name])
    assert not list(out.glob("*.part"))


def test_what_netcdf_cannot_hold_is_refused_and_names_it(tmp_path):
    path, data = tmp_path / "a.nc", xr.Dataset({"x": 1.0})
    for given, error, words in [
        ({"a": 1.0}, TypeError, "data must be a Dataset"),
        ({"a": data, "b": None}, TypeError, "data must be a Dataset"),
        ({3: data}, TypeError, "name of a Dataset"),
        ({"a/b": data}, ValueError, "'a/b'"),
        ({"": data}, ValueError, "''"),
        ({".": data}, ValueError, r"'\.'"),
        ({"a\0b": data}, ValueError, "group"),
        ({}, ValueError, "empty"),
    ]:
        with pytest.raises(error, match=words):
            mn.papers.write(given, path)
    assert not list(tmp_path.iterdir())


SMALL = {
    "3": {**TINY, "steps": 80, "fractions": (0.5,)},
    "4": {**TINY, "steps": 50},
    "5": {**TINY, "steps": 500},
    "6": {**TINY, "steps": 1000, "n_surrogates": 3, "n_bootstrap": 0},
    "7": {**TINY, "steps": 140, "runs": ("A:C", "A warm")},
    "spacing": {**TINY, "length": 10, "spacings": (10, 20), "count": 4},
    "ratio": {**TINY, "steps": 100, "fractions": (0.0, 0.5, 1.0)},
    "scaling": {**TINY, "steps": 200, "n_surrogates": 2, "factors": (1.0, 10.0)},
    "distributions": {**TINY, "steps": 50, "n_bootstrap": 0},
    "small": {**TINY, "steps": 140},
}


@pytest.mark.parametrize("key", list(pnn2025.FIGURES))
def test_every_figure_is_computed_written_read_and_drawn(key, tmp_path, monkeypatch):
    for theirs in drawn_again(pnn2025.FIGURES[key], SMALL[key], tmp_path, monkeypatch):
        assert theirs.attrs["source"] == common.PAPER.source
        assert common.rebuilt_network(theirs.attrs).n_edges == mn.percolating(50, 0.65, seed=3).n_edges


# ---------------------------------------------------------------- the figures say what is


def test_devices_have_the_tuned_rates_of_their_size_and_what_is_given():
    def device(letter, size, parameters=None):
        return common.Setting(size=size, parameters=parameters).device(letter)

    assert device("A", 200.0).r_d == pnn2025.TUNED["r_d"]
    assert device("A", 800.0).r_d == pnn2025.TUNED_LARGE["r_d"] != pnn2025.TUNED["r_d"]
    assert device("A", 200.0, {"A": {"r_d": 1e-4}}).r_d == 1e-4
    assert device("C", 200.0, {"C": {"g_max": 0.5}}).g_max == 0.5
    with pytest.raises(TypeError, match="r_dd"):
        device("A", 200.0, {"A": {"r_dd": 1.0}})


def test_b_and_c_are_in_the_same_gaps():
    data = pnn2025.figure4(**TINY, steps=20)
    b, c = (data["memristor"].sel(network=name).values for name in ("A:B", "A:C"))
    np.testing.assert_array_equal(b, c)
    assert b.sum() == round(0.25 * b.size)
    assert data["memristor"].sel(network="A").values.sum() == 0
    net = common.rebuilt_network(data.attrs)
    known = np.isfinite(data["potential"].values)
    assert data["potential"].values[known].max() == 2.0
    assert (data["potential"].values[:, net.electrodes["right"]] == 0.0).all()


def test_figure3_is_the_sweep_it_says():
    data = pnn2025.figure3(**TINY, steps=80, fractions=(1.0,))
    assert data.sizes["time"] == 81
    np.testing.assert_allclose(data["voltage"].values[[0, 20, 40, 60, 80]], [0.0, 2.0, 0.0, 2.0, 0.0], atol=1e-12)
    net = mn.percolating(50, 0.65, seed=3)
    for kind, model in (("B", mn.Hillock), ("C", mn.RateBalance)):
        drive = {"left": mn.drive.triangle(0.0, 2.0, 40.0), "right": 0.0}
        run = mn.Simulation(net, model(), drive).run(81)
        np.testing.assert_array_equal(data["network_conductance"].sel(kind=kind), run["conductance"])
        # A mixture with 100 % memristors is that network.
        np.testing.assert_array_equal(data["mixture_conductance"].sel(kind=kind, fraction=1.0), run["conductance"])
        assert float(data["mixture_distance"].sel(kind=kind, fraction=1.0)) == 0.0
        length = float(data["single_length"].sel(kind=kind))
        assert length in net.length
        loop = mn.analysis.hysteresis(run).cycles[1]
        assert float(data["network_area"].sel(kind=kind)) == loop.area


def test_a_single_gap_as_network_has_no_distance_from_itself():
    net = mn.Network(2, [(0, 1)], length=[0.02], electrodes={"left": 0, "right": 1})
    runs = [
        mn.Simulation(net, mn.RateBalance(), {"left": mn.drive.triangle(0.0, high, 40.0), "right": 0.0}).run(81)
        for high in (0.2, 0.2, 2.0)
    ]
    loops = [mn.analysis.hysteresis(run).cycles[1] for run in runs]
    assert mn.analysis.loop_distance(loops[0], loops[1]) == 0.0
    assert mn.analysis.loop_distance(loops[0], loops[2]) > 0.1


def test_the_weighted_median_halves_the_weight():
    rng = np.random.default_rng(1)
    values, weights = rng.random(101), rng.random(101)
    middle = sweeps.weighted_median(values, weights)
    assert weights[values < middle].sum() < 0.5 * weights.sum() <= weights[values <= middle].sum()
    with pytest.raises(ValueError, match="no current"):
        sweeps.weighted_median(values, np.zeros(101))


def test_a_run_in_two_parts_is_the_run_in_one():
    net = mn.percolating(50, 0.65, seed=3)
    seen = spiking.observe(common.Setting(size=50.0, seed=3), net, "A:C", steps=1000, kept=200)
    devices = mn.mix(net, [(mn.TunnelGap(**pnn2025.TUNED), 0.75), (mn.RateBalance(), 0.25)], seed=4)
    whole = mn.Simulation(net, devices, {"left": 3.0, "right": 0.0}, seed=3).run(1000)
    np.testing.assert_array_equal(seen.current, whole["current"].values[-200:, 0])
    np.testing.assert_array_equal(seen.events.step, whole["event_step"])
    assert (seen.events.start, seen.events.stop, seen.start) == (0, 1000, 800)


def test_spikes_of_a_made_up_current():
    current = np.ones(100)
    current[20:25] = 4.0  # rises by 3 after the event of step 19, falls after that of step 24
    current[60:65] = 1.005  # too small to be seen
    steps = np.array([10, 119, 119, 124, 159, 164, 199])
    events = mn.analysis.Events(step=steps, time=steps.astype(float), start=0, stop=200)
    found = spiking.spikes(spiking.Observation(events, current, 100, 3.0))
    assert found["baseline"] == 1.0
    assert found["spike_size"] == 3.0
    assert found["spike_count"] == 2.0
    assert found["spike_height"] == 3.0
    assert found["event_rate"] == pytest.approx(6.0 / 100.0)
    silent = mn.analysis.Events(step=steps[:0], time=np.empty(0), start=0, stop=200)
    assert np.isnan(spiking.spikes(spiking.Observation(silent, current, 100, 3.0))["spike_size"])


def test_too_few_events_give_words_and_no_numbers():
    steps = np.array([5, 9, 30])
    events = mn.analysis.Events(step=steps, time=steps.astype(float), start=0, stop=100)
    found = spiking.statistics(events, seed=1, n_surrogates=2, n_bootstrap=0)
    assert np.isnan(found.attrs["exponent"])
    assert found.attrs["fit_message"] == "not enough data: 2 values"
    assert found.attrs["acf_message"].startswith("not enough data: 3")
    spiking.plot_figure6({"A": found.assign_attrs(fraction=0.25, voltage=2.0)})


def test_figure7_gives_each_output_its_current_and_the_warm_up_its_time():
    data = pnn2025.figure7(**TINY, steps=140, runs=("A:C", "A:C warm"), outputs=3)
    np.testing.assert_allclose(data["output_current"].sum("output"), data["current"], rtol=1e-6)
    np.testing.assert_array_equal(data["voltage"].values, np.where(np.arange(140) % 20 < 10, 6.0, 1.25))
    assert data["pulse_start"].values[0].tolist() == list(range(0, 140, 20))
    net = mn.percolating(50, 0.65, seed=3)
    devices = mn.mix(net, [(mn.TunnelGap(**pnn2025.TUNED), 0.75), (mn.RateBalance(), 0.25)], seed=4)
    train = mn.drive.pulses(1.25, 6.0, 10.0, 10.0, 7)
    warm = mn.drive.concat([(6.0, 70.0), (1.25, 10.0), (train, None)])
    for name, wave, before in (("A:C", train, 0), ("A:C warm", warm, 80)):
        run = mn.Simulation(net, devices, {"left": wave, "right": 0.0}, seed=3).run(140 + before)
        np.testing.assert_array_equal(data["conductance"].sel(run=name), run["conductance"][before:])
        counts = np.bincount(run["event_step"].values, minlength=140 + before)[before:]
        np.testing.assert_array_equal(data["events"].sel(run=name), counts)


def test_forgetting_is_sorted_by_spacing():
    def one(value):
        return xr.Dataset({"conductance_forgetting": ("pulse", [value, value + 0.2, np.nan])})

    gaps, lost = learning.forgetting({"500": one(0.5), "50": one(0.1)})
    assert gaps.tolist() == [50.0, 500.0]
    np.testing.assert_allclose(lost, [0.2, 0.6])


def test_densities_are_normalised():
    values = np.random.default_rng(2).lognormal(0.0, 2.0, 5000)
    center, density = maps._density(values)
    edge = 10.0 ** (0.5 / maps.PER_DECADE)
    assert np.sum(density * (center * edge - center / edge)) == pytest.approx(1.0)
    assert maps._density(np.ones(1))[0].size == 0


def test_the_conductance_of_memristors_alone_has_no_spikes():
    # Memristors report no events, so none in their list says little: look for jumps in the trace.
    setting = common.Setting(size=50.0, seed=3)
    net = setting.network()
    found = {}
    for kind in "ABC":
        run = setting.simulation(net, kind, 3.0).run(3000)
        found[kind] = len(mn.analysis.events(run, relative=0.01, start=1000))
    assert found["A"] > 0
    assert (found["B"], found["C"]) == (0, 0)


def test_only_memristors_have_no_events_and_mixtures_of_none_are_pure():
    data = pnn2025.ratio(**TINY, steps=2000, fractions=(0.0, 1.0))
    assert (data["n_events"].sel(fraction=1.0) == 0).all()
    assert (data["n_events"].sel(fraction=0.0) > 0).all()
    np.testing.assert_array_equal(
        data["event_rate"].sel(kind="B", fraction=0.0), data["event_rate"].sel(kind="C", fraction=0.0)
    )


# ---------------------------------------------------------------- the table

OPTIONS = {
    "sweeps": {"size": 50.0, "steps": 40},
    "spiking": {"size": 50.0, "steps": 2000, "n_surrogates": 3},
    "learning": {"size": 50.0, "steps": 140},
    "spacing": {"size": 50.0, "length": 10, "spacings": (10, 20, 30), "count": 4},
    "full": {"size": 50.0, "steps": 50},
}


def test_the_table_has_a_row_a_statement_and_goes_on_where_it_was(tmp_path, monkeypatch):
    said = []
    text = pnn2025.table(tmp_path / "t", seeds=(3, 4), options=OPTIONS, say=said.append)
    assert len(said) == 10
    rows = text.splitlines()[2:]
    assert len(rows) == len(pnn2025.STATEMENTS)
    assert all(row.count(" |") == 4 for row in rows)
    assert (tmp_path / "t" / "table.md").read_text() == text

    def fail(**_):
        raise AssertionError("measured again")

    calls = dict.fromkeys(tables.MEASURES, fail)
    monkeypatch.setattr(tables, "MEASURES", calls)
    assert pnn2025.table(tmp_path / "t", seeds=(3, 4), options=OPTIONS) == text
    part = pnn2025.table(tmp_path / "t", seeds=(4,), options=OPTIONS, groups=["full"])
    assert "no spikes" in part
    assert "1 of 1" in part
    other = dataclasses.replace(common.SETTING, tuned={"r_d": 1e-5, "r_w": 1e-2})
    monkeypatch.setattr(tables, "SETTING", other)  # other rates: what was measured does not count
    with pytest.raises(AssertionError, match="measured again"):
        pnn2025.table(tmp_path / "t", seeds=(3,), options=OPTIONS)


def test_regular_intervals_are_not_heavy_tailed():
    statement = next(one for one in tables.STATEMENTS if "heavy-tailed" in one.text)
    rng = np.random.default_rng(1)
    heavy = rng.choice(np.arange(1, 1001), 3000, p=np.arange(1, 1001) ** -1.5 / (np.arange(1, 1001) ** -1.5).sum())
    regular = np.maximum(1, np.round(rng.gamma(3.0, 10.0, 3000))).astype(int)
    for intervals, verdict in ((heavy, True), (regular, False)):
        steps = np.cumsum(intervals)
        events = mn.analysis.Events(step=steps, time=steps.astype(float), start=0, stop=int(steps[-1]) + 1)
        found = spiking.statistics(events, seed=1, n_surrogates=0, n_bootstrap=0).attrs
        assert found["tail_p"] < 0.01  # of both: neither is exponential
        numbers = {
            "log-likelihood ratio A": found["tail_ratio"],
            "p A": found["tail_p"],
            "interval CV A": found["cv"],
        }
        assert statement.holds(numbers) is verdict


def test_a_row_has_median_range_and_verdicts():
    statement = tables.Statement("text", "judged", "sweeps", ("x", "y"), tables._all(("x", lambda x: x < 2.5)))
    found = [{"x": 1.0, "y": np.nan}, {"x": 2.0, "y": np.nan}, {"x": 9.0, "y": np.nan}, {"x": np.nan, "y": np.nan}]
    assert tables.row(statement, found) == (
        "| text | judged | x: 2 (1 to 9, 1 without)<br>y: not enough data | 2 of 4, 1 without enough data |"
    )
    rising = tables._ordered("a", "b", "c")
    assert rising({"a": 1.0, "b": 2.0, "c": 3.0}) is True
    assert rising({"a": 1.0, "b": 3.0, "c": 2.0}) is False
    assert rising({"a": 1.0, "b": np.nan, "c": 2.0}) is None


def test_a_table_that_cannot_be_is_refused(tmp_path):
    with pytest.raises(ValueError, match="at least one seed"):
        pnn2025.table(tmp_path, seeds=())
    with pytest.raises(ValueError, match="unknown group 'lerning', did you mean 'learning'"):
        pnn2025.table(tmp_path, groups=["lerning"])
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- the script that writes tables into pages

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "statements.py"))


def test_the_script_replaces_the_table_and_nothing_else(tmp_path, monkeypatch):
    begin, end = SCRIPT["BEGIN"], SCRIPT["END"]
    page = tmp_path / "pnn2025.md"
    page.write_text(f"before\n\n{begin}\nold\n{end}\n\nafter\n")
    monkeypatch.setattr(pnn2025, "table", lambda out, *, seeds, say: f"| {out.name} | {seeds} |\n")
    assert SCRIPT["main"](["pnn2025", "--pages", str(tmp_path), "--out", str(tmp_path), "--seeds", "3", "4"]) == 0
    assert page.read_text() == f"before\n\n{begin}\n| pnn2025 | [3, 4] |\n{end}\n\nafter\n"
    page.write_text("nothing")
    with pytest.raises(ValueError, match="must have one line"):
        SCRIPT["main"](["pnn2025", "--pages", str(tmp_path), "--seeds", "3"])
    assert page.read_text() == "nothing"


def test_the_pages_have_the_statements_that_are_judged(tmp_path, capsys):
    assert SCRIPT["main"](["--check"]) == 0
    page = ROOT / "docs" / "papers" / "pnn2025.md"
    for old, new, said in (
        ("Fig. 5: the baseline", "Fig. 5: the floor", "has not 'Fig. 5: the baseline"),
        ("S18: longer", "S19: longer", "has 'S19: longer"),
    ):
        (tmp_path / "pnn2025.md").write_text(page.read_text().replace(old, new))
        assert SCRIPT["main"](["pnn2025", "--check", "--pages", str(tmp_path)]) == 1
        assert said in capsys.readouterr().out
    lines = page.read_text().splitlines(keepends=True)
    first = lines.index(SCRIPT["BEGIN"] + "\n") + 3
    lines[first], lines[first + 1] = lines[first + 1], lines[first]
    (tmp_path / "pnn2025.md").write_text("".join(lines))
    assert SCRIPT["main"](["pnn2025", "--check", "--pages", str(tmp_path)]) == 1
    assert "another order" in capsys.readouterr().out


# ---------------------------------------------------------------- a pair of functions is a figure


def new_paper():
    return registry.Paper("P24", "somewhere", {"RATE": 2.0})


def test_a_pair_of_functions_is_a_figure_and_its_data_says_with_which_arguments():
    paper = new_paper()

    @paper.figure("10", title="a line", quick={"n": 2})
    def figure10(*, n: int = 5, low: float = -np.inf, names=("a", "b"), progress: bool = False) -> xr.Dataset:
        """Return a line."""
        return xr.Dataset({"x": ("i", np.arange(n))}, attrs={"title": "mine"} if n == 1 else {})

    @paper.figure("9", title="more lines", place="sec. 9")
    def figure9(n: int = 3) -> dict[str, xr.Dataset]:
        return {"one": figure10(n=n), "two": xr.Dataset()}

    @paper.drawing("9", "10")
    def plot(data):
        return None

    assert list(paper.figures) == ["9", "10"]
    assert paper.figures["10"] == mn.papers.Figure("10", "a line", figure10, plot, {"n": 2})
    assert figure10.__doc__ == "Return a line."
    assert paper.functions == {"figure9": figure9, "figure10": figure10, "plot": plot}
    data = figure10(n=4, progress=True)
    made = json.loads(data.attrs["arguments"])
    assert made == {"n": 4, "low": {"!number": "-inf"}, "names": ["a", "b"], "RATE": 2.0}
    assert (data.attrs["title"], data.attrs["source"]) == ("P24, Fig. 10", "somewhere")
    assert figure10(n=1).attrs["title"] == "mine"  # what the function says stays
    parts = figure9(7)
    assert (parts["one"].attrs["title"], parts["two"].attrs["title"]) == ("P24, Fig. 10", "P24, sec. 9")
    assert json.loads(parts["one"].attrs["arguments"])["n"] == 7
    assert json.loads(parts["two"].attrs["arguments"]) == {"n": 7, "RATE": 2.0}
    with pytest.raises(TypeError, match="got an unexpected keyword argument 'm'"):
        figure10(m=1)


def test_half_a_pair_and_two_of_a_half_are_refused():
    paper = new_paper()
    paper.figure("1", title="x")(lambda: xr.Dataset())
    with pytest.raises(ValueError, match="no function of P24 draws figure '1'"):
        _ = paper.figures
    with pytest.raises(ValueError, match="P24 has two functions that compute '1'"):
        paper.figure("1", title="y")(lambda: xr.Dataset())
    paper.drawing("1", "2")(lambda data: None)
    with pytest.raises(ValueError, match="no function of P24 computes figure '2'"):
        _ = paper.figures
    with pytest.raises(ValueError, match="P24 has two functions that draw '2'"):
        paper.drawing("2")(lambda data: None)


@pytest.mark.parametrize("name", mn.papers.names())
def test_a_paper_offers_what_computes_and_draws_its_figures(name):
    module = mn.papers.load(name)
    for figure in module.FIGURES.values():
        assert figure.compute.__module__.startswith(f"memnet.papers.{name}")
        assert getattr(module, figure.compute.__name__) is figure.compute
        assert getattr(module, figure.plot.__name__) is figure.plot
        assert {figure.compute.__name__, figure.plot.__name__} <= set(module.__all__)
        assert f".{figure.compute.__name__}({figure.example.arguments})" in figure.compute.__doc__
        assert [one.__doc__.count("Examples\n-----") for one in (figure.compute, figure.plot)] == [1, 1]


def test_the_command_line_makes_the_table(tmp_path):
    result = memnet(
        "reproduce", "pnn2025", "--table", "--seeds", "3", "--out", tmp_path, "--option", 'groups=["full"]',
        "--option", 'options={"full": {"size": 50, "steps": 20}}',
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "1 of 1" in result.output
