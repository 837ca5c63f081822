"""Processes that are killed at a random moment while they write, and what they had said to be safe by then."""

import multiprocessing
import time
from pathlib import Path

import numpy as np
from cases import simulation

import memnet as mn
from memnet.simulate import _record as records
from memnet.simulate._store import Store

RECORD = {"potential": True, "state:g": True, "snapshot:potential": [3, 170, 400, 1100]}
STEPS = 1200
EVERY = 2

# Each child is a copy of one process that has imported everything already, so that hundreds of them take minutes.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["killed", "xarray", "zarr", "h5netcdf", "memnet.cli", "scipy.sparse", "tqdm.auto"])


def kill_while(function, path, seed, longest):
    """Call a function in a process of its own and kill that after a random time of at most `longest` (s)."""
    ready = processes.Event()
    process = processes.Process(target=_run, args=(function, path, ready))
    process.start()
    assert ready.wait(60)
    time.sleep(np.random.default_rng(seed).uniform(0.0, longest))
    ended = not process.is_alive()
    process.kill()
    process.join()
    process.close()
    return ended


def _run(function, path, ready):
    ready.set()
    function(path)


def said(path):
    """Return what a process had said to be safe before it was killed; 0 where it had said nothing."""
    lines = Path(f"{path}.said").read_text().splitlines() if Path(f"{path}.said").exists() else []
    return int(lines[-1]) if lines else 0


def _say(path, steps):
    with Path(f"{path}.said").open("a") as file:
        file.write(f"{steps}\n")


def stream(path):
    """Stream with blocks of a few rows, and say after each commit how many steps are safe."""
    records.BLOCK_ROWS = 3
    append = Store.append

    def appended(store, recording, sim):
        append(store, recording, sim)
        _say(path, sim.steps_done)

    Store.append = appended
    simulation("A:C", 12, "pulses").run(STEPS, record=RECORD, every=EVERY, out=path)


def go_on(path):
    """Go on with what was streamed, in small blocks too."""
    records.BLOCK_ROWS = 3
    mn.resume(path)


def save_again_and_again(path):
    """Save after each step, and say so."""
    sim = simulation("A:C", 12, "pulses")
    for _ in range(10_000):
        sim.step()
        sim.save(path)
        _say(path, sim.steps_done)


def command(path):
    """`memnet run` of the run file beside the result."""
    from memnet.cli import app

    app(["run", str(Path(path).with_suffix(".toml")), "--out", str(path), "--no-progress"], standalone_mode=False)
