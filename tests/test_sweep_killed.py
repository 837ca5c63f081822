"""kill -9 of a sweep and of its workers at random moments: nothing is lost, nothing is computed twice."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import sweeping

import memnet as mn
from memnet.study import _journal as journals

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::memnet.UnfinishedRunWarning")]
KILLS = int(os.environ.get("MEMNET_KILLS", "8"))


@pytest.fixture(scope="module")
def whole():
    """An unbroken sweep in one process."""
    return mn.sweep(sweeping.function(), sweeping.AXES, workers=1, progress=False)


def committed(store):
    """Return the points that a store has, none of them twice."""
    keys = [key for key, _ in journals.stored(store)] if store.exists() else []
    assert len(keys) == len(set(keys))
    points = [json.loads(key) for key in keys]
    return {f"{point['voltage']!r} {point['seed']}" for point in points}


def ended(processes):
    """Wait until these processes are gone."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if not any(Path(f"/proc/{pid}").exists() for pid in processes):
            return True
        time.sleep(0.02)
    return False


def assert_part(data, whole):
    """What is there has the bits of the whole."""
    for name in ("current", "last"):
        there = np.isfinite(data[name].values)
        np.testing.assert_array_equal(data[name].values[there], whole[name].values[there])


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")
def test_a_sweep_that_is_killed_goes_on_and_computes_nothing_twice(tmp_path, whole):
    store, log = tmp_path / "s.zarr", tmp_path / "log"
    random = np.random.default_rng(1)
    before = set()
    for kill in range(KILLS):
        seen = len(sweeping.begun(log))
        process = subprocess.Popen([sys.executable, sweeping.__file__, str(store), str(log)])
        while kill % 3 and len(sweeping.begun(log)) == seen and process.poll() is None:
            time.sleep(0.01)  # two of three kills come after the start, which takes longest
        time.sleep(random.uniform(0.0, 0.6))
        process.kill()
        process.wait()
        again = sweeping.begun(log)[seen:]
        assert ended({pid for pid, _ in again})
        assert not before & {point for _, point in again}
        now = committed(store)
        assert before <= now
        before = now
        if store.exists() and before:
            assert_part(mn.open_sweep(store), whole)
    data = mn.sweep(sweeping.function(log, sweeping.SECONDS), sweeping.AXES, workers=2, store=store, progress=False)
    assert data.equals(whole)
    assert len(committed(store)) == sweeping.POINTS
    lost = len(sweeping.begun(log)) - sweeping.POINTS
    print(f"{KILLS} kills of the sweep with {len(before)} points before the last one, {lost} points begun in vain")
    assert lost <= 2 * KILLS


def test_workers_that_are_killed_cost_their_points_only(tmp_path, whole):
    log, done = tmp_path / "log", threading.Event()
    kills = []

    def kill():
        random = np.random.default_rng(2)
        while not done.wait(random.uniform(0.1, 0.5)) and len(kills) < KILLS:
            pids = {pid for pid, _ in sweeping.begun(log)[-2:]}
            for pid in list(pids)[:1]:
                if Path(f"/proc/{pid}/stat").exists() and pid not in kills:
                    os.kill(pid, signal.SIGKILL)
                    kills.append(pid)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        data = mn.sweep(
            sweeping.function(log, sweeping.SECONDS),
            sweeping.AXES,
            workers=2,
            progress=False,
            store=tmp_path / "s.zarr",
        )
    finally:
        done.set()
        killer.join()
    assert data.equals(whole)
    lost = len(sweeping.begun(log)) - sweeping.POINTS
    print(f"{len(kills)} kills of workers, {lost} points computed again")
    assert len(kills) >= 3
    assert lost <= len(kills)
    assert len(committed(tmp_path / "s.zarr")) == sweeping.POINTS
