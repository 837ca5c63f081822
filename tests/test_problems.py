"""The benchmark of memristive networks: its files, its references made again, its scores, and who takes part."""

import importlib
import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
from tree import ROOT

FOLDER = ROOT / "benchmarks" / "problems"
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/problem.json"))
# Whose references take less than half a second to make.
CHEAP = ("floating-read", "hp-memristor", "rest-potential")
# Those that take a minute: `python benchmarks/problems/make` makes them again, and memnet is compared with them here.
DEAR = ("nanopore-loop", "wire-pulses", "membrane-spikes")


@pytest.fixture(scope="module", autouse=True)
def path():
    """The runner and the makers import what lies beside them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER / "make"))
        patch.syspath_prepend(str(FOLDER))
        yield
    for name in [name for name, one in sys.modules.items() if str(FOLDER) in str(getattr(one, "__file__", ""))]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def score(path):
    return importlib.import_module("score")


@pytest.fixture(scope="module")
def files(path):
    return importlib.import_module("files")


@pytest.fixture(scope="module")
def memnets(score):
    return score.adapter("adapters/with_memnet.py:Memnet")


@pytest.fixture(scope="module")
def plain(score):
    return score.adapter("adapters/plain.py:Plain")


def test_there_are_a_dozen_or_more_and_they_are_small(score):
    assert 12 <= len(NAMES) <= 14
    assert sorted(score.names()) == NAMES
    assert sum(path.stat().st_size for name in NAMES for path in (FOLDER / name).iterdir()) < 300_000
    page = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"## {name}\n" not in page] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_problem_is_as_the_schema_says_and_netcdf_holds_the_same(score, files, name):
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((FOLDER / "schema.json").read_text())
    problem = score.load(name)
    jsonschema.Draft202012Validator(schema).validate(problem)
    assert problem["name"] == name
    assert files.read_netcdf(FOLDER / name / "problem.nc") == problem


@pytest.mark.parametrize("name", NAMES)
def test_what_is_named_in_a_problem_is_there(score, name):
    problem = score.load(name)
    net, drive = problem["network"], problem["drive"]
    assert len(net["devices"]) == len(net["edges"])
    assert set(net["devices"]) == set(problem["devices"])
    assert set(drive) == set(net["electrodes"])
    assert all(len(values) == len(net["edges"]) for values in net.get("per_edge", {}).values())
    assert max(node for edge in net["edges"] for node in edge) < net["nodes"]
    for one in drive.values():
        times = one.get("times", [])
        assert len(times) == len(one.get("values", times))
        assert all(np.diff(times) > 0)
    assert set(problem["reference"]["quantities"]) == set(problem["ask"])
    for quantity, ask in problem["ask"].items():
        known = problem["reference"]["quantities"][quantity]
        assert known["rtol"] + known["atol"] > 0
        values = np.array(known["values"], dtype=float)
        assert np.isfinite(values).all()
        counts = [len(ask[key]) for key in ("times", "frequencies", "electrodes") if len(ask.get(key, [])) > 1]
        assert values.ndim == 0 or not counts or values.shape[0] == counts[-1]
        assert values.shape[0] == ask.get("events", values.shape[0])


def made_again(score, name):
    """Make a problem again and return how far its references are from those in the file, in tolerances."""
    again = importlib.import_module(name.replace("-", "_")).made()
    kept = score.load(name)
    assert {key: value for key, value in again.items() if key != "reference"} == {
        key: value for key, value in kept.items() if key != "reference"
    }
    assert max(one["apart"] for one in again["reference"]["checked"]) < 1
    quantities = {key: one["values"] for key, one in again["reference"]["quantities"].items()}
    return max(score.errors(kept, quantities).values())


@pytest.mark.parametrize("name", CHEAP)
def test_a_reference_is_what_its_maker_gives(score, name):
    assert made_again(score, name) < 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name not in (*CHEAP, *DEAR)])
def test_a_reference_that_takes_seconds_is_what_its_maker_gives(score, name):
    assert made_again(score, name) < 1e-3


def test_makers_do_not_use_memnet():
    for path in (FOLDER / "make").glob("*.py"):
        assert "memnet" not in path.read_text().replace("uses memnet", ""), path


def test_references_were_got_in_two_ways(score):
    for name in NAMES:
        known = score.load(name)["reference"]
        assert known["checked"], name
        assert max(one["apart"] for one in known["checked"]) < 1, name


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=[pytest.mark.slow] if one == "membrane-spikes" else []) for one in NAMES]
)
def test_memnet_is_right(score, memnets, name, monkeypatch):
    monkeypatch.setattr(score, "REPEATS", 1)
    found = score.score(memnets, name)
    assert not found.said
    assert found.error < 0.5


def test_a_code_of_an_afternoon_is_told_apart(score, plain, monkeypatch):
    monkeypatch.setattr(score, "REPEATS", 1)
    found = {
        name: score.score(plain, name) for name in ("tunnel-gaps", "floating-read", "narrow-pulses", "hp-memristor")
    }
    assert found["hp-memristor"].right
    assert found["tunnel-gaps"].error > 1e6
    assert found["narrow-pulses"].error > 100
    assert "Singular matrix" in found["floating-read"].said
    assert not score.score(plain, "switching-order").tried
    assert score.table(plain, list(found.values())).endswith("NumPy, SciPy: 1 right of 4 tried, of 4 problems")


def test_a_command_takes_part_without_seeing_the_reference(score, tmp_path, monkeypatch):
    monkeypatch.setattr(score, "REPEATS", 1)
    script = tmp_path / "code.py"
    script.write_text(
        "import json, pathlib, sys\n"
        "folder, result = map(pathlib.Path, sys.argv[1:])\n"
        "problem = json.loads((folder / 'problem.json').read_text())\n"
        "assert 'reference' not in problem and (folder / 'problem.nc').exists()\n"
        "if problem['name'] == 'floating-read':\n"
        "    sneak = 0.5 / (1 / 14e-4 + 1 / 210e-4 + 1 / 15e-4)\n"
        "    potential = [sneak / 15e-4, 0.5 - sneak / 14e-4]\n"
        "    answer = {'current': [-0.5e-9 - sneak], 'sneak': [sneak], 'potential': potential}\n"
        "    result.write_text(json.dumps({**answer, 'steps': 1}))\n"
    )
    code = score.Command(f"{sys.executable} {script}")
    found = score.score(code, "floating-read")
    assert found.right
    assert found.steps == 1
    assert not score.score(code, "hp-memristor").tried


@pytest.mark.parametrize(
    "answer",
    [{}, {"x": [1.0]}, {"x": "three", "current": None}, {"x": [[1.0], [1.0, 2.0]]}, {"x": np.full(36, np.nan)}],
)
def test_an_answer_that_is_none_is_wrong_and_raises_nothing(score, answer):
    assert score.errors(score.load("hp-memristor"), answer)["x"] == np.inf


def test_one_error_in_tolerances_is_what_it_says(score):
    problem = score.load("hp-memristor")
    known = problem["reference"]["quantities"]["x"]
    values = np.array(known["values"])
    values[7] += 3 * (known["atol"] + known["rtol"] * values[7])
    assert score.errors(problem, {"x": values})["x"] == pytest.approx(3.0)


@pytest.mark.slow
def test_the_runner_runs_from_anywhere(tmp_path):
    shutil.copy(FOLDER / "adapters" / "plain.py", tmp_path / "mine.py")
    command = [sys.executable, FOLDER / "score.py", "--adapter", "mine.py:Plain", "--problem", "hp-memristor"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "NumPy, SciPy: 1 right of 1 tried, of 1 problems" in done.stdout


def test_what_is_wrong_with_a_code_of_ones_own_is_said(score, tmp_path):
    mine = tmp_path / "mine.py"
    mine.write_text(
        "from adapters.base import Adapter\nclass Mine(Adapter):\n    name = 'mine'\n"
        "    def stdp_curve(self, problem):\n        return {'chang': [0.0]*14}\n"
    )
    assert (
        score.score(score.adapter(f"{mine}:Mine"), "stdp-curve").of
        == "change: missing, not finite, or not of shape (14,)"
    )
    for where, said in ((f"{mine}:Yours", "has no class 'Yours'"), (f"{tmp_path}/no.py:Mine", "no.py: no such file")):
        with pytest.raises(SystemExit, match=said):
            score.adapter(where)
