"""kill -9 at random moments: nothing is lost that was said to be safe, nothing wrong is opened."""

import os
import warnings
from pathlib import Path

import pytest
import xarray as xr
from cases import assert_same_data, simulation

import memnet as mn

pytest.importorskip("zarr")
import killed

# `make check-kill` asks for 200 of each.
SEEDS = range(int(os.environ.get("MEMNET_KILLS", "4")))


@pytest.fixture(scope="module")
def whole():
    return simulation("A:C", 12, "pulses").run(killed.STEPS, record=killed.RECORD, every=killed.EVERY)


def part(whole, steps):
    """What a run of fewer steps gives."""
    return whole.isel(
        time=slice(-(-steps // killed.EVERY)),
        event=whole.event_step.to_numpy() < steps,
        snapshot_potential_step=whole.snapshot_potential_step.to_numpy() < steps,
    )


def opened(path):
    """Open a store that may be unfinished; its attribute must say the truth."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", mn.UnfinishedRunWarning)
        data = mn.open_run(path)
    steps = int(data.attrs["title"].split()[2])
    assert bool(caught) == ("unfinished" in data.attrs) == (steps < killed.STEPS)
    return data, steps


@pytest.mark.parametrize("seed", SEEDS)
def test_c1_a_killed_stream_opens_right_and_goes_on(tmp_path, whole, seed):
    path = tmp_path / "run.zarr"
    killed.kill_while(killed.stream, path, seed, 1.5)
    if not path.exists():
        assert killed.said(path) == 0
        with pytest.raises(FileNotFoundError):
            mn.open_run(path)
        return
    for again in (1, 2):  # killed while it goes on, too
        data, steps = opened(path)
        assert steps >= killed.said(path)
        assert_same_data(data, part(whole, steps))
        assert_same_data(xr.open_zarr(path), part(whole, steps))
        killed.kill_while(killed.go_on, path, 1000 * again + seed, 0.5)
    assert_same_data(mn.resume(path), whole)
    data, steps = opened(path)
    assert steps == killed.STEPS
    assert_same_data(data, whole)
    assert_same_data(xr.open_zarr(path, consolidated=False), whole)
    assert_same_data(mn.rerun(data), whole)


RUN_FILE = """
[network]
size = 20
coverage = 0.6
seed = 1
[[devices]]
model = "TunnelGap"
[drive]
left = 3.0
right = 0.0
[simulation]
seed = 3
[run]
steps = 3000
record = ["potential"]
"""


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    path = tmp_path_factory.mktemp("whole") / "job.nc"
    path.with_suffix(".toml").write_text(RUN_FILE)
    killed.command(path)
    return mn.open_run(path).load()


@pytest.mark.parametrize("seed", SEEDS)
def test_c2_a_killed_command_leaves_nothing_or_the_whole(tmp_path, result, seed):
    path = tmp_path / "job.nc"
    path.with_suffix(".toml").write_text(RUN_FILE)
    killed.kill_while(killed.command, path, seed, 0.8)
    if path.exists():
        assert_same_data(mn.open_run(path).load(), result)
        path.unlink()
    killed.command(path)  # and what it left stands in nobody's way
    assert_same_data(mn.open_run(path).load(), result)
    assert {file.name for file in tmp_path.iterdir()} == {"job.nc", "job.toml"}


@pytest.mark.parametrize("seed", SEEDS)
def test_c3_a_killed_save_leaves_the_old_or_the_new(tmp_path, seed):
    path = tmp_path / "run.memnet"
    killed.kill_while(killed.save_again_and_again, path, seed, 0.4)
    if not path.exists():
        assert killed.said(path) == 0
    else:
        sim = mn.Simulation.load(path)
        assert killed.said(path) <= sim.steps_done <= killed.said(path) + 1
        again = simulation("A:C", 12, "pulses")
        again.run(sim.steps_done)
        again.save(Path(f"{path}.other"))
        assert Path(f"{path}.other").read_bytes() == path.read_bytes()
    simulation("A:C", 12, "pulses").save(path)
    assert not list(tmp_path.glob("*.tmp"))
