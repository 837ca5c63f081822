"""Plasticity in DM17: figures 5 b, 5 c, 6 b and 6 d, the synapse that two of them share, and the statements."""

import runpy
from pathlib import Path

import numpy as np
import pytest
from figures_again import drawn_again
from scipy.optimize import minimize_scalar
from test_papers import memnet, refused

import memnet as mn
from memnet.papers import diffusive2017
from memnet.papers._statement import HEAD
from memnet.papers.diffusive2017 import _about_methods, statements as tables, synapse

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "papers" / "diffusive2017.md"
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "statements.py"))

SMALL = {
    "5b": {"shapes": ((5.0, 0.1), (3.0, 2.0)), "intervals": (0.1, 1.0), "count": 3, "runs": 4},
    "5c": {"counts": (1, 3, 1), "runs": 4},
    "6b": {"intervals": (0.1, 1.0), "count": 3, "runs": 4},
    "6d": {"delays": (1.0, 2.0), "long": 1.0, "runs": 4},
}


# ---------------------------------------------------------------- figures are computed, written, read and drawn


@pytest.mark.parametrize("key", SMALL)
def test_every_figure_is_computed_written_read_and_drawn(key, tmp_path, monkeypatch):
    for theirs in drawn_again(diffusive2017.FIGURES[key], SMALL[key], tmp_path, monkeypatch):
        assert theirs.attrs["title"].startswith("DM17, Fig. ")


@pytest.mark.parametrize(
    ("compute", "arguments", "words"),
    [
        (diffusive2017.figure5b, {"runs": 1}, "runs must be"),
        (diffusive2017.figure5b, {"preset": "dm17"}, "unknown preset"),
        (diffusive2017.figure5c, {"runs": 1}, "runs must be"),
        (diffusive2017.figure5c, {"counts": (1, 0, 1)}, "counts must be"),
        (diffusive2017.figure5c, {"counts": (1, 1)}, "counts must be"),
        (diffusive2017.figure5c, {"dt": 0.03}, "whole numbers of dt"),
        (diffusive2017.figure5c, {"gaps": (5.0, 0.0, 5.0)}, "whole numbers of dt"),
        (diffusive2017.figure6b, {"weight": 1.2}, "weight must be"),
        (diffusive2017.figure6b, {"runs": 1}, "runs must be"),
        (diffusive2017.figure6d, {"delays": (0.0, 1.0)}, "delay must hold each time once"),
        (diffusive2017.figure6d, {"delays": ()}, "delay must hold at least one"),
        (diffusive2017.figure6d, {"runs": 1}, "runs must be"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(compute, arguments, words):
    with pytest.raises(ValueError, match=words):
        compute(**arguments)


# ---------------------------------------------------------------- the synapse


@pytest.mark.parametrize("weight", [0.0, 0.5, 0.9])
def test_the_drift_memristor_is_that_of_the_equations(weight):
    device = synapse.drift_memristor(weight)
    r, dt = 1000.0 - 800.0 * weight, 1e-3
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    for volts, rate in ((2.9, 0.0), (3.1, 400.0 * 3.1 / r), (-2.9, 0.0), (-3.1, -400.0 * 3.1 / r)):
        sim = mn.Simulation(net, device, {"in": volts, "out": 0.0}, dt=dt)
        assert sim.conductance[0] == pytest.approx(1.0 / r, rel=1e-12)
        sim.step(1)
        change = sim.state(device, "x")[0] - weight
        assert change == pytest.approx(max(rate * dt, -weight), rel=1e-9, abs=1e-15)
    assert synapse.conductance_of(weight) == pytest.approx(200.0 / r, rel=1e-12)


def test_synapses_side_by_side_are_pairs_in_series():
    device = mn.DiffusiveMemristor()
    circuit = synapse.synapse(device, 0.5, runs=3)
    assert len(circuit.elements) == 6
    sim = circuit.simulation({"in": 1.0, "out": 0.0}, dt=0.02, seed=1)
    data = sim.run(3, record=["branch_voltage", "current", "state:r"])
    volts = data.branch_voltage.values
    assert volts[:, ::2] + volts[:, 1::2] == pytest.approx(np.ones((3, 3)), rel=1e-12)
    total = (1.0 / (data.state_r.values + 600.0)).sum(axis=1)
    assert data.current.sel(electrode="in").values == pytest.approx(total, rel=1e-9)


# ---------------------------------------------------------------- the figures say what is


def test_figure5b_has_the_ratios_of_its_conductances():
    data = diffusive2017.figure5b(**SMALL["5b"])
    mean = data["conductance"].mean("run")
    assert data["index"].values == pytest.approx((mean / mean.isel(pulse=0)).values, rel=1e-12)
    assert data["change"].values == pytest.approx(100.0 * (data["index"].values[..., -1] - 1.0), rel=1e-12)
    assert (data["conductance"] <= 1.0).all()
    # the first pulse is the same at all intervals, and a long one makes a bridge where a short one does not
    first = data["conductance"].isel(pulse=0).values
    assert (first == first[:, :1]).all()
    assert first[0].max() < 0.1 < first[1].mean()


def test_figure5c_rises_at_the_high_rate_and_falls():
    data = diffusive2017.figure5c(counts=(3, 40, 3), runs=24)
    mean, part = data["mean"].values, data["part"].values
    high = mean[part == 1]
    assert high.max() > 3.0 * mean[part == 0].max()
    assert int(data["inflection"]) == high.argmax() + 1
    assert 9 <= int(data["inflection"]) <= 17  # about 13
    assert high[-1] < 0.5 * high.max()
    assert mean[-1] < high[-1]
    assert data["left"].values[0] > 19.0
    assert data["left"].values[-1] < 3.0


@pytest.mark.slow
def test_figure5c_as_it_is_drawn():
    data = diffusive2017.figure5c()
    mean, error, part = data["mean"].values, data["error"].values, data["part"].values
    assert 9 <= int(data["inflection"]) <= 17
    assert mean[part == 1].max() == pytest.approx(0.84, abs=0.06)
    assert mean[-1] + 3.0 * error[-1] < mean[part == 1][-1]
    # at the low rate the mean rises first: that the train begins with depression does not come out
    low = part == 0
    assert mean[low][-1] - 3.0 * error[low][-1] > mean[0]


def test_figure6b_falls_with_the_interval_and_has_both_weights():
    data = diffusive2017.figure6b(intervals=(0.1, 3.0), runs=16)
    assert data["change"].values[0] == pytest.approx(np.ones(16), abs=1e-12)
    assert data["mean"].values[1] < 1.0
    x = data["change"].values  # from 0
    assert data["conductance_change"].values == pytest.approx(200.0 / (1000.0 - 800.0 * x) - 0.2, rel=1e-9)


def test_figure6d_potentiates_where_pre_comes_first():
    data = diffusive2017.figure6d(delays=(1.0,), runs=24)
    assert data["delay"].values.tolist() == [-1.0, 1.0]
    assert (data["first"].values == 0.0).all()
    depressed, potentiated = data["mean"].values
    assert potentiated > 5.0 * data["error"].values[1]
    assert -depressed > 5.0 * data["error"].values[0]


def test_figure6d_draws_the_spikes_that_it_applies():
    data = diffusive2017.figure6d(**SMALL["6d"])
    spike = synapse.spike(-1.0, long=1.0)
    pre_first = data["voltage"].sel(order="pre first")
    second = 0.1 + 1.0 + 2.0  # the second shortest delay behind the end of the first
    for time in (0.05, 0.5, 1.05, 2.0, second + 0.05, second + 0.5, second + 1.2):
        drawn = float(pre_first.values[np.searchsorted(data["time"].values, time, side="right") - 1])
        assert drawn == spike(time) - (spike(time - second) if time >= second else 0.0)
    assert (data["voltage"].sum("order") == 0.0).all()


# ---------------------------------------------------------------- statements


def test_the_barrier_is_that_of_a_search():
    device = mn.DiffusiveMemristor()

    def energy(x):
        return float(_about_methods.potential(device, np.array([x]))[0]) - 9.0 * x

    well = minimize_scalar(energy, bounds=(-0.95, -0.8), method="bounded", options={"xatol": 1e-9}).fun
    tops = [
        -minimize_scalar(lambda x: -energy(x), bounds=(a, a + 0.05), method="bounded", options={"xatol": 1e-9}).fun
        for a in np.arange(-0.8, -0.3, 0.05)
    ]
    assert _about_methods.barrier(device, 1.0) == pytest.approx(max(tops) - well, abs=1e-6)


# What takes no time, and what some of its statements come to.
VERDICTS = {
    "Eq. 3": "holds if N counts the gaps",
    "Fig. 1: the resistances": "holds if lambda is 0.128 L",
    "Methods: alpha": "does not hold",
    "Methods: at V_th the interfacial barrier": "does not hold",
    "Methods: the time of a hop": "holds if eta is 30",
    "Methods: the temperatures": "does not hold",
}


def test_statements_about_formulas_are_judged():
    numbers = tables.MEASURES["formulas"]()
    found = {one.text: one.verdict(numbers) for one in diffusive2017.STATEMENTS if one.group == "formulas"}
    for start, verdict in VERDICTS.items():
        (said,) = (words for text, words in found.items() if text.startswith(start))
        assert said == verdict if verdict == "does not hold" else said.startswith(verdict)
    assert numbers["smallest r (r_t)"] == pytest.approx(52.325, abs=5e-4)
    assert numbers["hop, hot, eta 30"] == pytest.approx(1.98, abs=5e-3)


def test_every_statement_has_a_measurement_of_its_own_words():
    assert {one.group for one in diffusive2017.STATEMENTS} == set(tables.MEASURES)
    assert len({one.text for one in diffusive2017.STATEMENTS}) == len(diffusive2017.STATEMENTS)
    for one in diffusive2017.STATEMENTS:
        assert bool(one.condition) == (one.holds_if is not None), one.text
        assert "|" not in one.text + one.judged + one.condition


def test_a_table_is_written_by_the_command(tmp_path):
    out = tmp_path / "new"
    result = memnet("reproduce", "diffusive2017", "--table", "--option", 'groups=["formulas"]', "--out", out)
    assert result.exit_code == 0, result.output
    rows = (out / "table.md").read_text().splitlines()
    assert rows[:2] == list(HEAD)
    assert len(rows) - 2 == sum(one.group == "formulas" for one in diffusive2017.STATEMENTS)
    assert all(row.count(" |") == 4 for row in rows[2:])
    table = ("reproduce", "diffusive2017", "--table", "--out", tmp_path)
    assert "unknown group 'formula', did you mean 'formulas'" in refused(*table, "--option", 'groups=["formula"]')


def verdicts(table):
    return [line.split("|")[-2].strip() for line in table.strip().splitlines()[2:]]


@pytest.mark.slow
def test_the_whole_table_comes_to_the_verdicts_of_the_page(tmp_path):
    table = diffusive2017.table(tmp_path)
    assert verdicts(table) == verdicts(SCRIPT["parts"](PAGE)[1])
