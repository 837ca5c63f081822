"""Run files with a section [sweep], and `memnet sweep`."""

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

import memnet as mn
from memnet.cli import app
from memnet.study import read_run_file, read_sweep_file

RUN_FILE = """
[network]
kind = "grid"
rows = 3
columns = 3

[[devices]]
model = "RateBalance"
fraction = 0.5

[[devices]]
model = "Resistor"
fraction = 0.5

[drive]
left = { kind = "triangle", low = 0.0, high = 1.0, period = 0.1 }
right = 0.0

[simulation]
dt = 1e-2

[run]
steps = 10

[sweep.axes]
drive.left.high = [0.5, 1.0]
"network.seed" = [1, 2]

[sweep.read]
current = { variable = "current", electrode = "left" }
last = { variable = "conductance", reduce = "last" }
rows = { variable = "conductance", reduce = "count" }
"""


def written(folder, text=RUN_FILE, name="job.toml"):
    path = folder / name
    path.write_text(text)
    return path


def memnet(*arguments):
    return CliRunner().invoke(app, ["sweep", *map(str, arguments), "--no-progress", "--workers", "1"])


def one_run(high, seed):
    net = mn.grid(3, 3, seed=seed)
    devices = mn.mix(net, {mn.RateBalance(): 0.5, mn.Resistor(): 0.5}, seed=0)
    wave = mn.drive.triangle(0.0, high, period=0.1)
    return mn.Simulation(net, devices, {"left": wave, "right": 0.0}, dt=1e-2).run(10)


def test_a_file_is_swept_over_its_keys(tmp_path):
    out, store = tmp_path / "job.nc", tmp_path / "job.zarr"
    result = memnet(written(tmp_path), "--store", store)
    assert result.exit_code == 0, result.output
    assert "sweep       4 points in" in result.output
    with xr.open_dataset(out, engine="h5netcdf") as data:
        assert data.current.dims == ("drive.left.high", "network.seed", "time")
        assert data.attrs["function_source"] == RUN_FILE
        for high in (0.5, 1.0):
            for seed in (1, 2):
                point, run = data.sel({"drive.left.high": high, "network.seed": seed}), one_run(high, seed)
                np.testing.assert_array_equal(point.current.values, run.current.sel(electrode="left").values)
                np.testing.assert_array_equal(point["last"].values, run.conductance[-1].values)
        assert (data.rows == 10).all()
        assert mn.open_sweep(store).equals(data)
    refused = memnet(written(tmp_path), "--store", store, "--force")
    assert refused.exit_code == 2
    assert "exists already; --resume goes on with it" in refused.stderr
    again = memnet(written(tmp_path), "--store", store, "--force", "--resume")
    assert again.exit_code == 0, again.output
    shown = CliRunner().invoke(app, ["info", str(store)])
    assert "result of a sweep" in shown.output


def test_a_run_goes_without_the_section(tmp_path):
    assert read_run_file(written(tmp_path)).steps == 10


def test_values_may_be_spaced_paired_and_of_numbered_tables(tmp_path):
    head = RUN_FILE.partition("[sweep.axes]")[0]
    text = f"""{head}
[sweep]
read = ["current"]
axes = {{ "devices.1.eta_p" = {{ first = 1.0, last = 100.0, count = 3, spacing = "log" }} }}
errors = "keep"
[[sweep.paired]]
"network.rows" = [3, 4]
"network.columns" = [3, 5]
"""
    found = read_sweep_file(written(tmp_path, text))
    assert found.axes == {
        "devices.1.eta_p": pytest.approx([1.0, 10.0, 100.0]),
        ("network.rows", "network.columns"): [(3, 3), (4, 5)],
    }
    assert found.errors == "keep"
    tables = found.function.at({"devices.1.eta_p": 7.0, "network.rows": 4})
    assert tables["devices"][0]["eta_p"] == 7.0
    assert tables["network"]["rows"] == 4


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[sweep.axes]", "[sweeps.axes]", "\\[sweep\\] needs axes"),
        ("drive.left.high = [0.5, 1.0]", "drive.lift.high = [0.5]", "there is no 'lift', did you mean 'left'"),
        ("drive.left.high = [0.5, 1.0]", "drive.left.hig = [0.5]", "unknown key 'hig', did you mean 'high'"),
        ("drive.left.high = [0.5, 1.0]", '"devices.3.g_on" = [1.0]', "devices has numbers 1 to 2, no '3'"),
        ("drive.left.high = [0.5, 1.0]", '"network.seed.x" = [1.0]', "there is no 'seed'"),
        ("drive.left.high = [0.5, 1.0]", '"network.rows.x" = [1.0]', "network.rows is no table"),
        ("drive.left.high = [0.5, 1.0]", "drive.left.high = 0.5", "must be a list of values or a table"),
        ("drive.left.high = [0.5, 1.0]", "drive.left.high = {first = 1, count = 2}", "needs a key 'last'"),
        ("drive.left.high = [0.5, 1.0]", "drive.left.high = []", "at least one value"),
        ('reduce = "last"', 'reduce = "least"', "unknown .*reduce 'least', did you mean 'last'"),
        ('reduce = "last"', 'over = "time"', "needs a key 'reduce' beside 'over'"),
        (
            'variable = "conductance", reduce = "last"',
            'variable = "conduct"',
            "drive.left.high=0.5, .*no variable 'conduct'",
        ),
        ('electrode = "left"', 'electrode = "lift"', "electrode has no 'lift'"),
        ('electrode = "left"', "node = 3", "no dimension 'node'"),
        ("[sweep.axes]", "[sweep]\nread2 = 1\n[sweep.axes]", "unknown key 'read2', did you mean 'read'"),
    ],
)
def test_what_is_refused_is_named_in_one_line(tmp_path, old, new, said):
    text = RUN_FILE.replace(old, new)
    assert text != RUN_FILE
    result = memnet(written(tmp_path, text))
    assert result.exit_code == 2, result.output
    (line,) = result.stderr.strip().splitlines()
    assert line.startswith("memnet: ")
    with pytest.raises(ValueError, match=said):
        raise ValueError(line)
    assert not (tmp_path / "job.nc").exists()


def test_errors_are_counted(tmp_path):
    text = RUN_FILE.replace('"network.seed" = [1, 2]', '"network.rows" = [3, 0]')
    result = memnet(written(tmp_path, text), "--errors", "keep")
    assert result.exit_code == 0, result.output
    assert (
        "errors      2 of 4 points failed: 2 ValueError; the first is drive.left.high=0.5, network.rows=0"
        in result.output
    )
    result = memnet(written(tmp_path, RUN_FILE.partition("[sweep.axes]")[0]), "--force")
    assert "needs a section [sweep]" in result.stderr
    assert "--resume needs --store" in memnet(written(tmp_path), "--resume", "--force").stderr


THREADS = RUN_FILE.replace("dt = 1e-2\n", "dt = 1e-2\nthreads = 4\n")


def with_processors(monkeypatch, folder, count, text=THREADS, **options):
    """Return the threads of a run of each point, and how many processes there are, of a sweep on a machine."""
    from memnet.study import _sweep, _workers

    found = []

    def computed(function, points, todo, processes):
        jobs = [function.function.job(points.arguments(k), function.most_threads) for k in todo]
        found.extend([[job.simulation.threads for job in jobs], processes])
        return _sweep._here(function, points, todo)

    monkeypatch.setattr(_workers, "processors", lambda: count)
    monkeypatch.setattr(_workers, "computed", computed)
    swept = read_sweep_file(written(folder, text))
    data = mn.sweep(swept.function, swept.axes, progress=False, **options)
    alone = mn.sweep(swept.function, swept.axes, progress=False, workers=1)
    xr.testing.assert_equal(data, alone)
    assert data.attrs["function_sha256"] == alone.attrs["function_sha256"]
    return found


def test_runs_side_by_side_share_the_processors(monkeypatch, tmp_path):
    assert with_processors(monkeypatch, tmp_path, 2) == [[1] * 4, 2]
    assert with_processors(monkeypatch, tmp_path, 9) == [[2] * 4, 9]
    assert with_processors(monkeypatch, tmp_path, 64) == [[4] * 4, 64]


def test_who_says_how_many_workers_or_threads_gets_them(monkeypatch, tmp_path):
    assert with_processors(monkeypatch, tmp_path, 2, workers=3) == [[4] * 4, 3]
    axes = THREADS.replace('"network.seed" = [1, 2]', '"simulation.threads" = [1, 3]')
    axes = axes.replace("columns = 3\n", "columns = 3\nseed = 1\n")
    assert with_processors(monkeypatch, tmp_path, 2, axes) == [[1, 3] * 2, 2]


@pytest.mark.parametrize("name", ["x.nc", "runs/x.H5", "x.zip", "x.hdf", "x.csv"])
def test_a_new_store_has_no_name_of_a_file(name, tmp_path):
    swept = read_sweep_file(written(tmp_path))
    with pytest.raises(ValueError, match=r"store must name a zarr store, which is a folder, such as 'x.zarr', got"):
        mn.sweep(swept.function, swept.axes, workers=1, progress=False, store=tmp_path / name)
    said = memnet(tmp_path / "job.toml", "--store", tmp_path / name)
    assert said.exit_code == 2
    assert "must name a zarr store" in said.output
    assert "--out on the command line, writes a file" in said.output
    sim = mn.Simulation(mn.grid(3, 3), mn.RateBalance(), {"left": 1.0, "right": 0.0})
    with pytest.raises(ValueError, match=r"out must name a zarr store, which is a folder"):
        sim.run(2, out=tmp_path / name)
    assert [one.name for one in tmp_path.iterdir()] == ["job.toml"]


def test_a_netcdf_file_has_no_name_of_a_store(tmp_path):
    said = memnet(written(tmp_path), "--out", tmp_path / "x.ZARR")
    assert said.exit_code == 2
    assert (
        f"--out must name a netCDF file, such as {tmp_path / 'x.nc'}, got {tmp_path / 'x.ZARR'}; --store" in said.output
    )
    assert [one.name for one in tmp_path.iterdir()] == ["job.toml"]


def test_a_store_with_the_name_of_a_file_is_gone_on_with(tmp_path):
    swept = read_sweep_file(written(tmp_path))
    data = mn.sweep(swept.function, swept.axes, workers=1, progress=False, store=tmp_path / "x.zarr")
    (tmp_path / "x.zarr").rename(tmp_path / "x.nc")
    again = mn.sweep(swept.function, swept.axes, workers=1, progress=False, store=tmp_path / "x.nc")
    xr.testing.assert_equal(again, data)
