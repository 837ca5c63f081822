"""Run files with models of their own, devices in series, durations, and as JSON."""

import json
import subprocess
import sys

import numpy as np
import pytest
from typer.testing import CliRunner

import memnet as mn
from memnet.cli import app
from memnet.equations import EquationError
from memnet.study import read_run_file

TEXT = """
    i     = (g_off + (g_on - g_off)*x)*v
    dx/dt = k*abs(v)*(1 - x) - x/tau
    parameter g_on  = 1 mS in (0, inf)
    parameter g_off = 1 uS in (0, inf)
    parameter k     = 5 1/(V s) in [0, inf)
    parameter tau   = 20 ms in (0, inf)
    state x = 0 in [0, 1]
"""
RUN_FILE = f"""
[network]
kind = "grid"
rows = 4
columns = 4
seed = 1

[model.Forgetful]
doc = "A conductance that forgets."
text = '''{TEXT}'''

[[devices]]
model = "Forgetful"
fraction = 0.5
tau = 0.1

[[devices]]
series = [{{ model = "Selector", v_0 = 0.05 }}, {{ model = "Forgetful" }}]
spread = {{ seed = 2, g_on_2 = {{ kind = "lognormal", sigma = 0.3 }} }}
fraction = 0.5

[drive]
left = 1.0
right = 0.0

[simulation]
dt = 1e-3
mix_seed = 3

[run]
duration = 0.05
record = ["current", "state:x"]
"""


def written(folder, text=RUN_FILE, name="job.toml"):
    path = folder / name
    path.write_text(text)
    return path


def tables(text=RUN_FILE):
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(text)


def test_a_run_file_does_what_the_same_calls_do(tmp_path):
    job = read_run_file(written(tmp_path))
    model = mn.device_model("Forgetful", TEXT[1:], doc="A conductance that forgets.")  # TOML drops the first line end
    assert type(job.simulation.devices[0]) is model
    net = mn.grid(4, 4, seed=1)
    cell = mn.spread(mn.series(mn.Selector(v_0=0.05), model()), seed=2, g_on_2=mn.lognormal(0.3))
    devices = mn.mix(net, {model(tau=0.1): 0.5, cell: 0.5}, seed=3)
    want = mn.Simulation(net, devices, {"left": 1.0, "right": 0.0}, dt=1e-3).run(duration=0.05)
    assert job.steps == 50
    assert np.array_equal(job.simulation.run(job.steps).current, want.current)


def test_the_command_line_runs_a_model_that_nobody_defined_and_its_result_repeats(tmp_path):
    path = written(tmp_path)
    command = [sys.executable, "-m", "memnet", "run", str(path), "--no-progress"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with mn.open_run(tmp_path / "job.nc") as data:
        assert data.sizes["time"] == 50
        again = mn.rerun(data)
        assert np.array_equal(again.current, data.current)
        assert np.array_equal(again.state_x, data.state_x)


def test_a_text_alone_is_a_model_and_json_holds_all_that_toml_does(tmp_path):
    content = tables()
    content["model"] = {"Forgetful": TEXT}
    job = read_run_file(written(tmp_path, json.dumps(content), "job.json"))
    want = read_run_file(written(tmp_path))
    assert np.array_equal(job.simulation.run(job.steps).current, want.simulation.run(want.steps).current)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "duration = 0.05",
            "duration = 0.05\nsteps = 3",
            r"\[run\] needs one of the keys 'steps' and 'duration' .* both",
        ),
        ("duration = 0.05", "", r"\[run\] needs one of the keys 'steps' and 'duration' \(s\), got neither"),
        ("duration = 0.05", "duration = 0.0505", r"\[run\]: duration must be a whole number of steps of 0.001 s"),
        ("duration = 0.05", "duration = 0.0", r"\[run\]: duration must be at least one step of 0.001 s, got 0.0"),
        ("duration = 0.05", "duration = '5 s'", r"\[run\]: duration must be"),
        ("duration = 0.05", "duratoin = 0.05", r"\[run\] has an unknown key 'duratoin', did you mean 'duration'"),
        ("doc = ", "dock = ", r"\[model.Forgetful\] has an unknown key 'dock', did you mean 'doc'"),
        ("text = ", "citation = ", r"\[model.Forgetful\] needs a key 'text'"),
        ('doc = "A conductance that forgets."', "doc = 3", r"\[model.Forgetful\]: doc of a device model must be a str"),
        (
            "[model.Forgetful]",
            "[model]\nForgetful = 3\n[model.Other]",
            r"\[model.Forgetful\] must be a table with a key",
        ),
        (
            "[model.Forgetful]",
            "[model.RateBalance]",
            r"\[model.RateBalance\]: name must be a Python name that no model",
        ),
        ("[model.Forgetful]", "[[model]]", r"\[model\] must be a table"),
        (
            "dx/dt = k",
            "dx/dt = kk",
            r"\[model.Forgetful\] text, line 2, column 13: kk is not defined, did you mean 'k'",
        ),
        ('"Forgetful"\nfraction', '"Forgetfull"\nfraction', r"\[\[devices\]\] 1 model 'Forgetfull', did you mean"),
        ("v_0 = 0.05", "v_1 = 0.05", r"\[\[devices\]\] 2 series 1 \(Selector\) has an unknown key 'v_1', did you mean"),
        ("v_0 = 0.05", "v_0 = -1", r"\[\[devices\]\] 2 series 1: Selector.v_0 must be in"),
        ("v_0 = 0.05", "fraction = 0.05", r"\[\[devices\]\] 2 series 1 \(Selector\) has an unknown key 'fraction'"),
        ('"Selector", v_0 = 0.05', '"Capacitor"', r"\[\[devices\]\] 2 series: a part of a series must have no charge"),
        (', { model = "Forgetful" }]', "]", r"\[\[devices\]\] 2 series: a series needs two or more devices, got 1"),
        ("series = [", "model = 'Diode'\nseries = [", r"\[\[devices\]\] 2 \(series\) has an unknown key 'model'"),
        ("series = [", "series = 3\nother = [", r"\[\[devices\]\] 2 \(series\) has an unknown key 'other'"),
        ("g_on_2 = ", "g_on_3 = ", r"\[\[devices\]\] 2 spread: .*g_on_3"),
    ],
)
def test_what_is_wrong_names_the_table_and_the_key(tmp_path, old, new, message):
    assert old in RUN_FILE
    with pytest.raises((ValueError, TypeError), match=message):
        read_run_file(written(tmp_path, RUN_FILE.replace(old, new)))


def test_a_wrong_text_is_an_equation_error_with_its_place(tmp_path):
    path = written(tmp_path, RUN_FILE.replace("dx/dt = k", "dx/dt = kk"))
    with pytest.raises(EquationError) as said:
        read_run_file(path)
    assert (said.value.line, said.value.column) == (2, 13)
    result = CliRunner().invoke(app, ["run", str(path)])
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not a JSON file"),
        ("[1]", "must hold one JSON object with the sections"),
        ('{"run": 1, "run": 2}', "the key 'run' stands twice"),
        ("[" * 100_000, "is not a JSON file"),
        ('{"runs": {}}', "the file has an unknown section 'runs', did you mean 'run'"),
    ],
)
def test_what_is_no_json_is_said(tmp_path, text, message):
    with pytest.raises((ValueError, TypeError), match=message):
        read_run_file(written(tmp_path, text, "job.JSON"))
