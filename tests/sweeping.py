"""Sweeps that are killed: what they compute, and a log of who computed it.

As a program, python sweeping.py STORE LOG sweeps into a store until somebody kills it, and python sweeping.py SCHEDULER
OUT LOG SECONDS on a cluster.
"""

import functools
import os
import sys
import time
from pathlib import Path

import numpy as np

import memnet as mn

POINTS = 120
SECONDS = 0.08  # that a point takes beside its run
AXES = {"voltage": np.linspace(0.1, 3.0, POINTS // 4), "seed": range(4)}
FEW = {"voltage": np.linspace(0.1, 3.0, 10), "seed": range(4)}


def point(voltage, seed, log, seconds):
    """A short run that also takes some time, and says in the log that it begins."""
    with Path(log).open("a") as file:
        file.write(f"{os.getpid()} {voltage!r} {seed}\n")
    time.sleep(seconds)
    net = mn.grid(4, 4, seed=seed)
    data = mn.Simulation(net, mn.RateBalance(), {"left": voltage, "right": 0.0}, dt=0.01).run(5)
    return {"current": data.current, "last": data.conductance[-1].item()}


def function(log=os.devnull, seconds=0.0):
    return functools.partial(point, log=str(log), seconds=seconds)


def begun(log):
    """Return the processes and the points that have begun, in their order."""
    lines = Path(log).read_text().splitlines() if Path(log).exists() else []
    return [(int(line.split()[0]), line.partition(" ")[2]) for line in lines]


def main(store, log):
    mn.sweep(function(log, SECONDS), AXES, workers=2, store=store, progress=False)


def on_cluster(scheduler, out, log, seconds):
    """Sweep on the workers of a scheduler, and write the result."""
    from distributed import Client

    with Client(scheduler, timeout=60) as client:
        client.wait_for_workers(2, timeout=60)
        mn.sweep(function(log, float(seconds)), FEW, client=client, progress=False).to_netcdf(out, engine="h5netcdf")


if __name__ == "__main__":
    (on_cluster if len(sys.argv) == 5 else main)(*sys.argv[1:])
