"""Networks of a side of 800 and 4000: making them, their memory, a step; memory of a long run."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator

from measuring import MEGABYTES, ROOT, Row, child, in_turn
from systems import SEED, mixture, sample

LARGE = """
import resource, time
import memnet as mn
start = time.process_time()
net = mn.percolating(size={size}, coverage=0.65, seed={seed})
print(time.process_time() - start)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / {unit})
print(net.info["n_discs"])
"""


def large(quick: bool) -> Iterator[Row]:
    """The 800x800 network: made in a fresh process, then stepped here."""
    code = LARGE.format(size=800, seed=SEED, unit=MEGABYTES)
    runs = [[float(x) for x in child(code).split()] for _ in range(1 if quick else 5)]
    times, peaks = [run[0] for run in runs], [run[1] for run in runs]
    seconds, peak = statistics.median(times), max(peaks)
    what = f"800x800 ({runs[0][2]:,.0f} discs): generation"
    yield Row(what, f"**{seconds:.2f} s**", "< 2 s", seconds < 2.0, times, "s")
    yield Row("the same: peak memory of the process", f"**{peak:.0f} MB**", "< 600 MB", peak < 600.0, peaks, "MB")
    simulation = mixture(sample(size=800.0))
    simulation.run(20)
    steps = 50 if quick else 200
    (run,) = in_turn(3 if quick else 7, lambda: simulation.run(steps, record=["current"]))
    each = [seconds / steps for seconds in run.each]
    step = statistics.median(each)
    what = "the same: a step of A:C = 75:25, recording"
    yield Row(what, f"**{1e3 * step:.2f} ms**", "< 2.5 ms (target 1.2 ms)", step < 2.5e-3, each, "s")


HUGE = """
import json, resource, sys, time
sys.path.insert(0, {here!r})
import measuring, systems
start = time.process_time()
net = systems.sample(4000.0)
generation = time.process_time() - start
sim = systems.mixture(net)
sim.run(2)
steps = {steps}
(run,) = measuring.in_turn({rounds}, lambda: sim.run(steps, record=["current"]))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / measuring.MEGABYTES
print(json.dumps([net.n_nodes, generation, [seconds / steps for seconds in run.each], peak]))
"""


def huge(quick: bool) -> Iterator[Row]:
    """The 4000x4000 network, in a fresh process."""
    steps, rounds = (3, 3) if quick else (10, 7)
    told = child(HUGE.format(here=str(ROOT / "benchmarks"), steps=steps, rounds=rounds))
    groups, generation, each, peak = json.loads(told)
    step = statistics.median(each)
    what = f"4000x4000 ({groups:,} groups): generation"
    yield Row(what, f"**{generation:.1f} s**", "< 10 s", generation < 10.0, [generation], "s")
    what = "the same: a step of A:C = 75:25, recording"
    yield Row(what, f"**{1e3 * step:.1f} ms**", "< 70 ms", step < 0.07, each, "s")
    what = "the same: peak memory of the process"
    yield Row(what, f"**{peak:.0f} MB**", "< 1500 MB", peak < 1500.0, [peak], "MB")


MEMORY = """
import resource
import memnet as mn, xarray
net = mn.percolating(size=200, coverage=0.65, seed={seed})
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / {unit}
def now():
    for line in open("/proc/self/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1e3
    return peak()
before = now()
devices = {devices}
simulation = mn.Simulation(net, devices, drive={{"left": 3.0, "right": 0.0}}, dt=1.0, seed=0)
data = simulation.run({steps}, record=["current"])
print(peak() - before, data.sizes["event"])
"""


def memory(quick: bool) -> Iterator[Row]:
    """What a long recorded run takes above the network it runs on."""
    steps = 50_000 if quick else 500_000
    mixed = "mn.mix(net, {mn.TunnelGap(): 0.75, mn.RateBalance(): 0.25}, seed=2)"
    above, events = child(MEMORY.format(seed=SEED, unit=MEGABYTES, steps=steps, devices=mixed)).split()
    yield Row(
        f"A:C = 75:25, {steps:,} steps, two currents and {int(events):,} events recorded: memory above the network",
        f"**{float(above):.0f} MB**",
        "< 200 MB",
        float(above) < 200.0,
        [float(above)],
        "MB",
    )
