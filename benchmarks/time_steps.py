"""Errors of fixed and adaptive steps against what they cost: the tables and pictures of docs/time.md.

    python benchmarks/time_steps.py network           # nanowires under a step of 8 V
    python benchmarks/time_steps.py oscillator        # a threshold switch that oscillates
    python benchmarks/time_steps.py cost              # what an adaptive step takes, beside a fixed one
    python benchmarks/time_steps.py draw              # both, into docs/images/time_network.png and time_oscillator.png

Elsewhere cost is counted in factorisations of the circuit's matrix, rows included: it is the same on every machine.
"""

from __future__ import annotations

import argparse
import math
import warnings
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray

import memnet as mn

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
BLUE, ORANGE, GREEN = "#1f5fd0", "#d9480f", "#2f9e44"

NETWORK = mn.nanowires(300, size=100, length=20, length_sd=5, seed=3)
JUNCTION = mn.RateBalance(kappa_p0=1e-4, kappa_d0=0.5, eta_p=10.0, eta_d=1.0, g_min=1e-3, g_max=0.1)
DURATION, ROW = 10.0, 0.05  # s
FIXED = (0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0001)  # s
TOLERANCES = (0.1, 0.01, 1e-3, 1e-4, 1e-5)
REFERENCE = 1e-7
FIRST = 1e-4  # s: where the picture begins
# Multiples of ROW, nearly evenly spread in their logarithm.
TIMES = np.unique(np.rint(np.geomspace(ROW, DURATION, 24) / ROW).astype(int)) * ROW

# A switch beside a capacitor, behind a resistance
SUPPLY, BEHIND, CAPACITANCE = 2.0, 20e3, 1e-9  # V, ohm, F
V_ON, V_OFF, R_ON, R_OFF = 1.2, 0.4, 500.0, 1e6
PERIODS = 20
PER_PERIOD = (15, 50, 150, 500, 1500, 5000)


# ------------------------------------------------------------ a network


def simulation(dt: float, **options: float | str) -> mn.Simulation:
    """Return the nanowires under 8 V."""
    return mn.Simulation(NETWORK, JUNCTION, {"left": 8.0, "right": 0.0}, dt=dt, **options)


def reference() -> NDArray[np.float64]:
    """Return the conductance at each multiple of ROW up to DURATION (S)."""
    return rows(simulation(ROW, method="adaptive", rtol=REFERENCE), ROW)


def rows(sim: mn.Simulation, spacing: float) -> NDArray[np.float64]:
    """Return the conductance at each multiple of `spacing` up to DURATION (S)."""
    every = round(spacing / sim.dt)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mn.StepWarning)  # to be seen is what it warns of
        return sim.run(round(DURATION / sim.dt) + 1, every=every, events=False).conductance.values


def at_times(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return those of values at multiples of ROW that are at TIMES."""
    return values[np.rint(TIMES / ROW).astype(int)]


def fixed_errors(truth: NDArray[np.float64]) -> Iterator[tuple[float, int, float, float, float]]:
    """Give dt, factorisations, largest relative error, that at the end, and the largest conductance (S)."""
    for dt in FIXED:
        sim = simulation(dt)
        found = rows(sim, dt)
        error = at_times(found[:: round(ROW / dt)]) / at_times(truth) - 1.0
        yield dt, sim.counters["factorisations"], float(abs(error).max()), float(error[-1]), float(found.max())


def adaptive_errors(truth: NDArray[np.float64]) -> Iterator[tuple[float, int, float, float, float]]:
    """Give the same of tolerances. Each time has a run of its own, and the last one counts."""
    for rtol in TOLERANCES:
        found, count = adaptive_at(TIMES, rtol)
        error = found / at_times(truth) - 1.0
        yield rtol, count, float(abs(error).max()), float(error[-1]), float(found.max())


def adaptive_at(times: NDArray[np.float64], rtol: float) -> tuple[NDArray[np.float64], int]:
    """Return conductances (S), each of a run that has a row at that time, and the factorisations of the last run."""
    found = []
    for time in times:
        sim = simulation(float(time), method="adaptive", rtol=rtol)
        found.append(float(sim.run(2).conductance[-1]))
    # The run went on from its second row, to where nobody looks.
    sim = simulation(float(times[-1]), method="adaptive", rtol=rtol)
    sim.run(1)
    return np.array(found), sim.counters["factorisations"] + 1


def print_network() -> None:
    """Print both tables."""
    truth = reference()
    print(f"reference: rtol {REFERENCE:g}, {truth[-1]:.7f} S at the end, largest {truth.max():.7f} S")
    for name, table in (("dt (s)", fixed_errors(truth)), ("rtol", adaptive_errors(truth))):
        print(f"| {name} | factorisations | largest error | error at the end | largest conductance (S) |")
        print("|---|---|---|---|---|")
        for length, count, worst, last, top in table:
            print(f"| {length:g} | {count:,} | {worst:.1e} | {last:+.1e} | {top:.5f} |")
    sim = simulation(1.0)
    sim.step(1)
    fastest = float(np.nanmax(abs(sim.branch_voltage)))
    rate = JUNCTION.kappa_p0 * math.exp(JUNCTION.eta_p * fastest)
    print(f"largest voltage of a junction at the start {fastest:.2f} V, rate {rate:.1e} 1/s")
    for time in (1e-13, 1e-9, 1e-6, 1e-3, 1.0, DURATION):
        sim = simulation(time, method="adaptive", rtol=1e-3)
        sim.step(1)
        print(f"rtol 0.001: {sim.counters['steps']} steps until {time:g} s")


def draw_network() -> None:
    """Draw the conductance over time, and the errors over their cost."""
    truth = reference()
    fig, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
    for dt, line in ((0.05, "-"), (0.005, "--"), (0.0005, ":")):
        found = rows(simulation(dt), dt)
        left.semilogx(np.arange(1, len(found)) * dt, found[1:], line, color=ORANGE, label=f"fixed, dt = {dt:g} s")
    times = np.geomspace(FIRST, DURATION, 60)
    left.semilogx(times, adaptive_at(times, 1e-3)[0], color=BLUE, label="adaptive, rtol = 1e-3")
    left.semilogx(TIMES, at_times(truth), "k.", ms=5, label=f"reference, rtol = {REFERENCE:g}")
    left.set(xlabel="time since 8 V were applied (s)", ylabel="conductance (S)", xlim=(FIRST, DURATION))
    left.legend(loc="upper left", fontsize="small")
    for table, colour, words in (
        (list(fixed_errors(truth)), ORANGE, "dt = {:g} s"),
        (list(adaptive_errors(truth)), BLUE, "rtol = {:g}"),
    ):
        name = "fixed" if colour == ORANGE else "adaptive"
        length, count, worst, last = (np.array([row[k] for row in table]) for k in range(4))
        right.loglog(count, worst, "o-", color=colour, label=f"{name}, largest")
        right.loglog(count, abs(last), "s:", color=colour, mfc="white", label=f"{name}, after {DURATION:g} s")
        for k, side in ((0, "left"), (len(table) - 1, "right" if colour == ORANGE else "left")):
            right.annotate(
                words.format(length[k]),
                (count[k], worst[k]),
                (4, 13 if colour == ORANGE else 7),
                ha=side,
                textcoords="offset points",
            )
    right.set(xlabel="factorisations", ylabel="relative error of the conductance", xlim=(20, 3e5), ylim=(1e-7, 1e2))
    right.legend(loc="lower right", fontsize="small")
    right.grid(alpha=0.3)
    fig.savefig(IMAGES / "time_network.png", dpi=110)


# ------------------------------------------------------------ what a step takes


def seconds(sim: mn.Simulation, steps: int) -> float:
    """Return the processor time that some rows take."""
    start = process_time()
    sim.step(steps)
    return process_time() - start


def print_cost() -> None:
    """Print what a step takes by itself, at one density of wires, the least of some rounds of each kind in turns."""
    print("| wires | junctions | a fixed step (us) | an adaptive step (us) | ratio |")
    print("|---|---|---|---|---|")
    for n, volts, rounds in ((300, 8.0, 20), (1500, 18.0, 10), (10_000, 46.0, 3)):
        net = mn.nanowires(n, size=100 * math.sqrt(n / 300), length=20, length_sd=5, seed=3)
        fixed, adaptive = [], []
        for _ in range(rounds):
            drive = {"left": volts, "right": 0.0}
            sim = mn.Simulation(net, JUNCTION, drive, dt=DURATION, method="adaptive", rtol=1e-4)
            taken = seconds(sim, 1)
            steps = sim.counters["steps"] + sim.counters["refused"]
            adaptive.append(taken / steps)
            fixed.append(seconds(mn.Simulation(net, JUNCTION, drive, dt=1e-3), steps) / steps)
        once, other = 1e6 * min(fixed), 1e6 * min(adaptive)
        print(f"| {n:,} | {net.n_edges:,} | {once:.0f} | {other:.0f} | {other / once:.2f} |")


# ------------------------------------------------------------ an oscillator


def closed_form() -> float:
    """Return the period (s)."""
    parts = []
    for of_switch, start, end in ((R_OFF, V_OFF, V_ON), (R_ON, V_ON, V_OFF)):
        parallel = 1.0 / (1.0 / BEHIND + 1.0 / of_switch)
        limit = SUPPLY * of_switch / (BEHIND + of_switch)
        parts.append(parallel * CAPACITANCE * math.log((limit - start) / (limit - end)))
    return sum(parts)


PERIOD = closed_form()


def oscillator(dt: float, **options: float | str) -> mn.Simulation:
    """Return a simulation of the circuit, from 0 V on."""
    circuit = mn.Circuit()
    circuit.add("in", "out", mn.Resistor(conductance=1.0 / BEHIND))
    circuit.add("out", "gnd", mn.Capacitor(capacitance=CAPACITANCE, method="trapezoidal"))
    circuit.add("out", "gnd", mn.ThresholdSwitch(v_on=V_ON, v_off=V_OFF, r_on=R_ON, r_off=R_OFF))
    return circuit.simulation({"in": SUPPLY, "gnd": 0.0}, dt=dt, **options)


def period_of(times: NDArray[np.float64]) -> float:
    """Return the mean time between events (s)."""
    return float((times[-1] - times[0]) / (len(times) - 1))


def without_events(n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return voltages (V) of backward Euler steps that switch at their ends, and when the switch closed (s)."""
    dt, v, on = PERIOD / n, 0.0, False
    voltage, closed = [v], []
    for step in range(1, (PERIODS + 2) * n):
        g = 1.0 / (R_ON if on else R_OFF)
        v = (SUPPLY / BEHIND + CAPACITANCE / dt * v) / (1.0 / BEHIND + g + CAPACITANCE / dt)
        voltage.append(v)
        if not on and v >= V_ON:
            closed.append(step * dt)
        on = v > V_OFF if on else v >= V_ON
    return np.array(voltage), np.array(closed)


def closings(sim: mn.Simulation, n_rows: int) -> NDArray[np.float64]:
    """Return when the switch closed (s)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mn.StepWarning)  # to be seen is what it warns of
        data = sim.run(n_rows)
    return data.event_time.values[data.event_kind.values == 1]


def print_oscillator() -> None:
    """Print the errors of the period."""
    print(f"period {PERIOD * 1e6:.7f} us")
    for name, table in oscillator_errors().items():
        print(f"| {name} | factorisations a period | error of the period |")
        print("|---|---|---|")
        for length, count, error in table:
            print(f"| {length:g} | {count:.0f} | {error:.1e} |")


def oscillator_errors() -> dict[str, list[tuple[float, float, float]]]:
    """Return steps a period or rtol, factorisations a period, and the relative error of the period, of each way."""
    plain = "switched at the ends of steps: steps a period"
    found: dict[str, list[tuple[float, float, float]]] = {plain: []}
    for n in PER_PERIOD:
        found[plain].append((n, n, abs(period_of(without_events(n)[1]) / PERIOD - 1.0)))
    found["fixed, located events: steps a period"] = []
    for n in PER_PERIOD:
        sim = oscillator(PERIOD / n)
        error = abs(period_of(closings(sim, (PERIODS + 2) * n)) / PERIOD - 1.0)
        found["fixed, located events: steps a period"].append((n, per_period(sim), error))
    found["adaptive: rtol"] = []
    for rtol in TOLERANCES:
        sim = oscillator((PERIODS + 2) * PERIOD, method="adaptive", rtol=rtol)
        error = abs(period_of(closings(sim, 1)) / PERIOD - 1.0)
        found["adaptive: rtol"].append((rtol, per_period(sim), error))
    return found


def per_period(sim: mn.Simulation) -> float:
    """Return the factorisations that a simulation took for a period."""
    return sim.counters["factorisations"] / (sim.time / PERIOD)


def draw_oscillator() -> None:
    """Draw the voltage over time, and the errors of the period over their cost."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
    coarse, fine = 15, 400
    voltage, _ = without_events(coarse)
    shown = 6 * coarse
    left.plot(
        np.arange(shown) / coarse,
        voltage[:shown],
        ".-",
        color=ORANGE,
        label=f"switched at the ends of steps of T/{coarse}",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mn.StepWarning)
        data = oscillator(PERIOD / coarse).run(shown, record={"potential": ["out"]})
    left.plot(
        data.time / PERIOD, data.potential[:, 0], "s", color=GREEN, ms=4, label=f"events located in steps of T/{coarse}"
    )
    exact = oscillator(PERIOD / fine, method="adaptive", rtol=1e-5).run(6 * fine, record={"potential": ["out"]})
    left.plot(exact.time / PERIOD, exact.potential[:, 0], color="black", lw=0.8, label="adaptive, rtol = 1e-5")
    left.set(xlabel="time / T", ylabel="voltage of the switch (V)", ylim=(0.0, 2.0))
    left.legend(loc="upper right", fontsize="small")
    for (name, table), colour, mark in zip(oscillator_errors().items(), (ORANGE, GREEN, BLUE), "os^", strict=True):
        count, error = (np.array([row[k] for row in table]) for k in (1, 2))
        right.loglog(count, error, mark + "-", color=colour, label=name.partition(":")[0])
    right.set(xlabel="factorisations a period", ylabel="relative error of the period")
    right.grid(alpha=0.3)
    right.legend(fontsize="small")
    fig.savefig(IMAGES / "time_oscillator.png", dpi=110)


def main() -> None:
    """Do what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["network", "oscillator", "cost", "draw"])
    what = parser.parse_args().what
    if what == "network":
        print_network()
    elif what == "oscillator":
        print_oscillator()
    elif what == "cost":
        print_cost()
    else:
        draw_network()
        draw_oscillator()


if __name__ == "__main__":
    main()
