"""A sheet of nerve membranes that gap junctions join, and the same sheet in Brian 2: rows of `benchmarks/run.py`.

    python benchmarks/membranes.py [--size 100] [--duration 0.05]

Brian 2 asks for another NumPy than memnet does, so it has a Python of its own: MEMNET_BRIAN names it, as in

    python -m venv /somewhere/brian && /somewhere/brian/bin/pip install 'brian2<2.10' 'numpy<2'
    MEMNET_BRIAN=/somewhere/brian/bin/python python benchmarks/membranes.py
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline

import memnet as mn

AREA = 1e-10  # m2: 10 um x 10 um, 1 pF
GAP = 20e-9  # S
PULSE, STRENGTH = 0.5e-3, 1.8e-9  # s, A into the six nodes of a corner
REST = 0.00027757e-3  # V, from V_R
LEVEL = 0.05  # V, from V_R
SPACING = 1e-4  # s, of rows


@dataclass(frozen=True)
class Wave:
    """How a wave went along the lower side, and what that took."""

    speed: float  # cells/ms
    seconds: float  # CPU time
    steps: int


def corner(size: int) -> list[int]:
    return [0, 1, 2, size, size + 1, 2 * size]


def sheet(size: int, *, dt: float = SPACING, method: str = "adaptive", rtol: float = 1e-2) -> mn.Simulation:
    """Return size x size membranes, each from its node to the ground, and resistors between neighbours."""
    cells = mn.grid(size, size, diagonals="none")
    n = cells.n_nodes
    outside = np.stack([np.arange(n), np.full(n, n)], axis=1)
    net = mn.Network(n + 1, np.concatenate([cells.edges, outside]), electrodes={"corner": corner(size), "ground": n})
    resting = mn.HodgkinHuxley.preset("absolute").parameters["V_R"]
    membrane = mn.HodgkinHuxley.preset("absolute", area=AREA, v_initial=resting + REST)
    devices = [mn.Resistor(conductance=GAP)] * cells.n_edges + [membrane] * n
    drive = {"corner": mn.drive.current(mn.drive.steps([STRENGTH, 0.0], [0.0, PULSE])), "ground": 0.0}
    options = {"rtol": rtol} if method == "adaptive" else {}
    return mn.Simulation(net, devices, drive, dt=dt, method=method, **options)


def arrival(seconds: np.ndarray, u: np.ndarray) -> float:
    """Return when a potential first rises through LEVEL, by a cubic curve through the rows."""
    curve = CubicSpline(seconds, u - LEVEL)
    times = curve.roots(extrapolate=False)
    return float(times[curve(times, 1) > 0.0][0])


def wave(size: int, duration: float, **options: object) -> Wave:
    """Run a sheet; the speed is that between a quarter and three quarters of its lower side."""
    sim = sheet(size, **options)  # type: ignore[arg-type]
    ends = [size // 4, 3 * size // 4]
    start = time.process_time()
    data = sim.run(duration=duration, record={"potential": ends}, progress=False)
    took = time.process_time() - start
    resting = mn.HodgkinHuxley.preset("absolute").parameters["V_R"]
    u = data.potential.values - resting
    first, last = (arrival(data.time.values, one) for one in u.T)
    return Wave(1e-3 * (ends[1] - ends[0]) / (last - first), took, sim.counters["steps"])


def fixed_step(size: int, duration: float, *, dt: float) -> float:
    """Return the CPU time of a fixed, implicit step (s)."""
    sim = sheet(size, dt=dt, method="fixed")
    sim.step(2)
    start = time.process_time()
    sim.step(round(duration / dt))
    return (time.process_time() - start) / round(duration / dt)


BRIAN = '''
import json, sys, time
import brian2 as b, numpy as np
size, dt, duration, method, ends, corner, strength, pulse, gap = json.loads(sys.argv[1])
b.prefs.codegen.target = "cython"
b.defaultclock.dt = dt * b.second
group = b.NeuronGroup(size**2, """
du/dt = (stimulus*int(t < pulse*second) + through - 120*m**3*h*(u - 115) - 36*n**4*(u + 12) - 0.3*(u - 10.6))/ms : 1
dm/dt = (a_m*(1 - m) - 4*exp(-u/18)*m)/ms : 1
dh/dt = (0.07*exp(-u/20)*(1 - h) - h/(exp((30 - u)/10) + 1))/ms : 1
dn/dt = (a_n*(1 - n) - 0.125*exp(-u/80)*n)/ms : 1
a_m = 1/exprel((25 - u)/10) : 1
a_n = 0.1/exprel((10 - u)/10) : 1
stimulus : 1
through : 1
""", method=method, namespace={"pulse": pulse})
u = 0.00027757
of = lambda z: z / np.expm1(z)
for gate, opens, closes in (
    ("m", of((25 - u) / 10), 4 * np.exp(-u / 18)),
    ("h", 0.07 * np.exp(-u / 20), 1 / (np.exp((30 - u) / 10) + 1)),
    ("n", 0.1 * of((10 - u) / 10), 0.125 * np.exp(-u / 80)),
):
    setattr(group, gate, opens / (opens + closes))
group.u = u
stimulus = np.zeros(size**2)
stimulus[corner] = strength / len(corner)
group.stimulus = stimulus
cell = np.arange(size**2).reshape(size, size)
a = np.r_[cell[:, :-1].ravel(), cell[:-1].ravel()]
c = np.r_[cell[:, 1:].ravel(), cell[1:].ravel()]
gaps = b.Synapses(group, group, "through_post = gap*(u_pre - u_post) : 1 (summed)", namespace={"gap": gap})
gaps.connect(i=np.r_[a, c], j=np.r_[c, a])
seen = b.StateMonitor(group, "u", record=ends)
net = b.Network(group, gaps, seen)
net.run(0 * b.second)
start = time.process_time()
net.run(duration * b.second)
took = time.process_time() - start
print(json.dumps([took, np.asarray(seen.t / b.second).tolist(), (1e-3 * seen.u).tolist()]))
'''


def brian_python() -> str | None:
    """Return the Python that has Brian 2, or None."""
    for python in (os.environ.get("MEMNET_BRIAN"), sys.executable):
        if python is not None and Path(python).exists():
            found = subprocess.run([python, "-c", "import brian2"], capture_output=True)
            if found.returncode == 0:
                return python
    return None


def brian_wave(python: str, size: int, duration: float, *, dt: float, method: str = "rk4") -> Wave:
    """The same sheet in Brian 2, its equations compiled; what compiling takes does not count.

    An electrode is one conductor, and six nodes of Brian are six: they differ in the corner, and not in the wave.
    """
    ends = [size // 4, 3 * size // 4]

    given = [
        size,
        dt,
        duration,
        method,
        ends,
        corner(size),
        STRENGTH * 1e6 / (AREA * 1e4),
        PULSE,
        GAP * 1e3 / (AREA * 1e4),
    ]
    run = subprocess.run([python, "-c", BRIAN, json.dumps(given)], capture_output=True, text=True, check=True)
    took, seconds, u = json.loads(run.stdout.strip().splitlines()[-1])
    first, last = (arrival(np.array(seconds), np.array(one)) for one in u)
    return Wave(1e-3 * (ends[1] - ends[0]) / (last - first), took, round(duration / dt))


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure sheets of membranes; prints a Markdown table.")
    parser.add_argument("--size", type=int, default=100)
    parser.add_argument("--duration", type=float, default=0.05)
    options = parser.parse_args()
    size, duration = options.size, options.duration
    print(f"{size} x {size} membranes, {1e3 * duration:g} ms; load of the machine {os.getloadavg()[0]:.1f}\n")
    print("| way | speed (cells/ms) | steps | CPU time (s) |\n|---|---|---|---|", flush=True)

    def show(way: str, one: Wave) -> None:
        print(f"| {way} | {one.speed:.5f} | {one.steps:,} | {one.seconds:.1f} |", flush=True)

    for rtol in (1e-1, 1e-2, 1.25e-3):
        show(f"adaptive, rtol {rtol:g}", wave(size, duration, rtol=rtol))
    python = brian_python()
    if python is None:
        print("\nBrian 2 is missing: set MEMNET_BRIAN to a Python that has it.")
        return
    for method in ("rk4", "exponential_euler"):
        for dt in (1e-5, 2.5e-6):
            show(f"Brian 2, {method}, dt {1e6 * dt:g} us", brian_wave(python, size, duration, dt=dt, method=method))


if __name__ == "__main__":
    main()
