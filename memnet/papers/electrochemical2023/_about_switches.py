"""Statements of section 4.1.1 about neurons that leak, integrate and fire, and neurons of switches."""

from __future__ import annotations

import numpy as np

from memnet import drive
from memnet.base.arrays import Floats
from memnet.devices import IntegrateAndFire, Resistor, ThermalSwitch, ThresholdSwitch
from memnet.papers._statement import Numbers, Statement, in_order, near
from memnet.papers.electrochemical2023 import _elements as elements, neuristors, switches
from memnet.papers.electrochemical2023._traces import threshold
from memnet.simulate import Circuit

STATEMENTS = (
    Statement(
        "Sec. 4.1.1: a neuron fires where it surpasses a threshold",
        "spikes in 0.4 s at 0.605 and 0.607 nA; g_L (V_T - E_L) is between them",
        "lif",
        ("spikes, 0.605 nA", "spikes, 0.607 nA", "g_L (V_T - E_L) (nA)"),
        lambda n: n["spikes, 0.605 nA"] == 0.0 < n["spikes, 0.607 nA"] and 0.605 < n["g_L (V_T - E_L) (nA)"] < 0.607,
    ),
    Statement(
        "Sec. 4.1.1: leakage, accumulation and emission make such a neuron of a switch",
        "pulses of 2 V for 5 us until a threshold switch beside 1 nF behind 20 kohm fires, with gaps of 1 and 3 us, and"
        " in 200 us with 5 us; closed form",
        "lif",
        ("pulses, 1 us", "closed form, 1 us", "pulses, 3 us", "closed form, 3 us", "spikes, 5 us"),
        lambda n: (
            all(n[f"pulses, {gap} us"] == n[f"closed form, {gap} us"] > 1.0 for gap in (1, 3))
            and n["spikes, 5 us"] == 0.0
        ),
    ),
    Statement(
        "Sec. 4.1.1: in Mott devices heat accumulates, and leaks by dissipation",
        "rise of the temperature of the vanadium dioxide film by the 5th pulse of 5 V for 50 ns over that by the 1st:"
        " gaps of 50 ns, above 2, and of 5 us, within 1e-3 of 1",
        "lif",
        ("5th / 1st, 50 ns", "5th / 1st, 5 us"),
        lambda n: n["5th / 1st, 50 ns"] > 2.0 and abs(n["5th / 1st, 5 us"] - 1.0) < 1e-3,
    ),
    Statement(
        "Sec. 4.1.1: one such neuron modulates the gain of a signal",
        "frequencies with two inputs of 1.5 or 2.5 V, each behind 20 kohm: ln(f_11 f_22/(f_12 f_21)), within 0.05 of 0"
        " where one scales what the other does; (f_11 + f_22 - f_12 - f_21)/f_22, where it adds",
        "oscillators",
        ("scales", "adds"),
        lambda n: abs(n["scales"]) < 0.05,
        "gain means a frequency that the other input adds; both charge one capacitor",
        lambda n: abs(n["adds"]) < 0.05,
    ),
    Statement(
        "Sec. 4.1.1, Fig. 9 b: a Mott memristor in series with a load resistor oscillates",
        "spikes of the vanadium dioxide film behind 12 kohm at 11 V in 30 us, with nothing beside it; above 1",
        "oscillators",
        ("spikes, no capacitance", "spikes, 145 pF"),
        lambda n: n["spikes, no capacitance"] > 1.0,
        "a capacitance is beside it",
        lambda n: n["spikes, 145 pF"] > 1.0,
    ),
    Statement(
        "Sec. 4.1.1: a long voltage makes it oscillate",
        "frequency of a threshold switch at 2 V behind 20 kohm, at 1.2 V, and behind 1.5 kohm; closed form",
        "oscillators",
        ("2 V, 20 kohm (kHz)", "closed form (kHz)", "1.2 V, 20 kohm (kHz)", "2 V, 1.5 kohm (kHz)"),
        lambda n: min(n["1.2 V, 20 kohm (kHz)"], n["2 V, 1.5 kohm (kHz)"]) > 0.0,
        "it would charge beyond v_on and discharge below v_off",
        lambda n: (
            near(n["2 V, 20 kohm (kHz)"], n["closed form (kHz)"], 1e-3)
            and max(n["1.2 V, 20 kohm (kHz)"], n["2 V, 1.5 kohm (kHz)"]) == 0.0
        ),
    ),
    Statement(
        "Sec. 4.1.1: the amplitude and the resistance in series adjust the frequency",
        "frequency at 1.5, 2 and 3 V behind 20 kohm, and at 2 V behind 10 and 40 kohm; monotonic",
        "oscillators",
        tuple(f"{v} V, {r} kohm (kHz)" for v, r in ((1.5, 20), (2, 20), (3, 20), (2, 10), (2, 40))),
        lambda n: (
            in_order(n, *(f"{v} V, 20 kohm (kHz)" for v in (1.5, 2, 3)))
            and in_order(n, *(f"2 V, {r} kohm (kHz)" for r in (40, 20, 10)))
        ),
    ),
    Statement(
        "Sec. 4.1.1: coupled oscillators make a network",
        "periods of two at 2 and 2.03 V with 1 uS and with 50 uS between their nodes, over each other, less 1; within"
        " 1e-4",
        "coupled",
        ("apart, nothing", "apart, 1 uS", "apart, 50 uS"),
        lambda n: n["apart, 1 uS"] < 1e-4,
        "they are coupled strongly enough to lock",
        lambda n: n["apart, 50 uS"] < 1e-4 < n["apart, nothing"],
    ),
    Statement(
        "Sec. 4.1.1: neurons of Mott devices fire",
        "film of vanadium dioxide behind 12 kohm and beside 145 pF: period at 11 and 12 V within 0.5 % of what its"
        " publishers' code has, 3604.5 and 3040.5 ns; spikes at 10 and 16 V, at most 1",
        "vo2",
        ("period, 11 V (ns)", "period, 12 V (ns)", "spikes, 10 V", "spikes, 16 V"),
        lambda n: (
            near(n["period, 11 V (ns)"], 3604.5, 5e-3)
            and near(n["period, 12 V (ns)"], 3040.5, 5e-3)
            and max(n["spikes, 10 V"], n["spikes, 16 V"]) <= 1.0
        ),
    ),
    Statement(
        "Sec. 4.1.1, Fig. 9 c: two memristors with supplies of opposite polarity make a Hodgkin-Huxley neuron: pulses"
        " all or nothing",
        "largest potential of the second node under 0.5 ms of 0.9, 1 and 2 uA; the last two within 5 % of each other"
        " and above three times the first",
        "neuristor",
        ("peak, 0.9 uA (mV)", "peak, 1 uA (mV)", "peak, 2 uA (mV)"),
        lambda n: (
            near(n["peak, 1 uA (mV)"], n["peak, 2 uA (mV)"], 0.05)
            and n["peak, 1 uA (mV)"] > 3.0 * n["peak, 0.9 uA (mV)"]
        ),
    ),
    Statement(
        "Sec. 4.1.1: it has a threshold of bifurcation",
        "smallest current of a step of 0.1 s that makes it fire; by bisection, within 1 % of 21.28 nA",
        "neuristor",
        ("threshold (nA)",),
        lambda n: near(n["threshold (nA)"], 21.28, 0.01),
    ),
    Statement(
        "Sec. 4.1.1: it amplifies a signal",
        "swing of the second node under 1 uA over the largest one of the first node that does not make it fire",
        "neuristor",
        ("gain",),
        lambda n: n["gain"] > 2.0,
    ),
    Statement(
        "Sec. 4.1.1: it has a refractory period",
        "shortest gap behind one of two pulses of 4 uA for 0.1 ms with which the second fires as well; above 0.1 ms",
        "neuristor",
        ("gap (ms)",),
        lambda n: n["gap (ms)"] > 0.1,
    ),
    Statement(
        "Sec. 4.1.1: it spikes continuously",
        "spikes in 10 ms at 1 uA, and their mean interval, within 1e-4 of 0.5357995 ms",
        "neuristor",
        ("spikes", "interval (ms)"),
        lambda n: n["spikes"] == 18.0 and near(n["interval (ms)"], 0.5357995, 1e-4),
    ),
)


def measure_lif() -> Numbers:
    """Return spikes of neurons under constant currents, of a switch under pulses, and how a film heats."""
    g_l, e_l, v_t = (float(IntegrateAndFire().parameters[name]) for name in ("g_L", "E_L", "V_T"))
    numbers: Numbers = {f"spikes, {one} nA": float(_fired(1e-9 * one).size) for one in (0.605, 0.607)}
    numbers["g_L (V_T - E_L) (nA)"] = 1e9 * g_l * (v_t - e_l)
    trains = switches.figure9a(gaps=(1e-6, 3e-6), duration=100e-6)["pulses"].values
    for gap, count in zip((1, 3), trains, strict=True):
        numbers[f"pulses, {gap} us"] = float(count)
        numbers[f"closed form, {gap} us"] = elements.pulses_to_fire(gap * 1e-6, 5e-6, elements.SUPPLY)
    silent = switches.figure9a(gaps=(5e-6,), duration=200e-6)["pulses"].values
    numbers["spikes, 5 us"] = float(np.isfinite(silent).sum())
    return numbers | {f"5th / 1st, {name}": _heat(gap) for name, gap in (("50 ns", 50e-9), ("5 us", 5e-6))}


def _fired(current: float) -> Floats:
    """Return when a membrane fires in 0.4 s under a current (A)."""
    circuit = Circuit()
    circuit.add("in", "gnd", IntegrateAndFire())
    sim = circuit.simulation({"in": drive.current(current), "gnd": 0.0}, dt=1e-3, method="adaptive", rtol=1e-5)
    return elements.closings(sim.run(duration=0.4), 0)


def _heat(gap: float) -> float:
    """Return the rise of a film's temperature by the 5th of pulses (5 V, 50 ns, gaps in s) over that by the 1st."""
    width = 50e-9
    film = ThermalSwitch.preset("vo2")
    circuit = Circuit()
    circuit.add("in", "gnd", film)
    wave = drive.pulses(0.0, 5.0, length=width, spacing=gap)
    sim = circuit.simulation({"in": wave, "gnd": 0.0}, dt=width, method="adaptive", rtol=1e-6)
    rows = sim.run(round(4.0 * (width + gap) / width) + 2, record="state:T")["state_T"].values[:, 0]
    rise = rows - rows[0]
    return float(rise[-1] / rise[1])


def measure_oscillators() -> Numbers:
    """Return frequencies of a threshold switch at voltages and resistances, and with two inputs."""
    points = ((1.5, 20), (2, 20), (3, 20), (2, 10), (2, 40), (1.2, 20), (2, 1.5))
    numbers: Numbers = {}
    for volts, kohm in points:
        expected = elements.period(volts, 1e3 * kohm)
        numbers[f"{volts} V, {kohm} kohm (kHz)"] = 1e-3 * switches.frequency(volts, 1e3 * kohm, 10, expected)
    numbers["closed form (kHz)"] = 1e-3 / elements.period(2.0)
    both = np.log([[_with_inputs(first, second) for second in (1.5, 2.5)] for first in (1.5, 2.5)])
    f = np.exp(both)
    numbers["scales"] = float(both[0, 0] + both[1, 1] - both[0, 1] - both[1, 0])
    numbers["adds"] = float((f[0, 0] + f[1, 1] - f[0, 1] - f[1, 0]) / f[1, 1])
    for name, capacitance in (("no capacitance", 0.0), ("145 pF", elements.VO2_CAPACITANCE)):
        film = ThermalSwitch.preset("vo2")
        circuit = elements.oscillator(film, series=elements.VO2_SERIES, capacitance=capacitance)
        sim = circuit.simulation({"in": 11.0, "gnd": 0.0}, dt=10e-9, **elements.ADAPTIVE)
        run = sim.run(duration=30e-6, record={"potential": "a"})
        falls = elements.upward(run["time"].values, -run["potential"].values[:, 0], -4.0)
        numbers[f"spikes, {name}"] = float(falls.size)
    return numbers


def _with_inputs(first: float, second: float) -> float:
    """Return the frequency (Hz) of a threshold switch with two inputs (V)."""
    sim = elements.oscillator(inputs=2).simulation(
        {"in": first, "in 2": second, "gnd": 0.0}, dt=5e-6, **elements.ADAPTIVE
    )
    return float(1.0 / np.diff(elements.closings(sim.run(duration=200e-6), sim.edge("switch"))).mean())


def measure_coupled() -> Numbers:
    """Return how far apart the periods of two oscillators are."""
    numbers: Numbers = {}
    for name, siemens in (("nothing", 0.0), ("1 uS", 1e-6), ("50 uS", 5e-5)):
        circuit = Circuit()
        for node, supply in (("a", "one"), ("b", "two")):
            circuit.add(supply, node, elements.ohms(elements.SERIES))
            circuit.add(node, "gnd", elements.farads(elements.CAPACITANCE))
            switch = ThresholdSwitch(v_on=elements.V_ON, v_off=elements.V_OFF, r_on=elements.R_ON, r_off=elements.R_OFF)
            circuit.add(node, "gnd", switch, name=f"switch {node}")
        circuit.add("a", "b", Resistor(conductance=siemens))
        sim = circuit.simulation({"one": 2.0, "two": 2.03, "gnd": 0.0}, dt=5e-6, **elements.ADAPTIVE)
        run = sim.run(duration=800e-6)
        one, two = (np.diff(elements.closings(run, sim.edge(f"switch {node}"))[-21:]).mean() for node in ("a", "b"))
        numbers[f"apart, {name}"] = abs(float(one / two - 1.0))
    return numbers


def measure_vo2() -> Numbers:
    """Return periods of the film, and whether it is silent."""
    data = neuristors.vo2(voltages=(10.0, 11.0, 12.0, 16.0))
    numbers: Numbers = {}
    for volts, period, row in zip((10, 11, 12, 16), data["period"].values, data["potential"].values, strict=True):
        numbers[f"period, {volts} V (ns)"] = 1e9 * float(period)
        numbers[f"spikes, {volts} V"] = float(elements.upward(data["time"].values, -row, -4.0).size)
    return numbers


def measure_neuristor() -> Numbers:
    """Return what currents do to the neuron of two switches."""
    peaks = {f"peak, {one} uA (mV)": 1e3 * neuristors.peak(one * 1e-6, 0.5e-3) for one in (0.9, 1, 2)}
    rest = 1e3 * neuristors.peak(0.0, 0.5e-3)
    below = 1e3 * neuristors.peak(0.9e-6, 0.5e-3, node="1") - 1e3 * neuristors.peak(0.0, 0.5e-3, node="1")
    sim = elements.neuristor(elements.pushed(1e-6, 10e-3), dt=neuristors.ROW, rtol=1e-5)
    sim.step(round(elements.RESTED / sim.dt))
    run = sim.run(round(10e-3 / sim.dt), record={"potential": "2"})
    spikes = elements.upward(run["time"].values, run["potential"].values[:, 0], elements.CROSSED)
    return {
        **peaks,
        "threshold (nA)": 1e9 * threshold(_fires, 15e-9, 30e-9, 1e-3),
        "gain": (peaks["peak, 1 uA (mV)"] - rest) / below,
        "gap (ms)": 1e3 * threshold(_fires_twice, 0.01e-3, 1e-3, 1e-2),
        "spikes": float(spikes.size),
        "interval (ms)": 1e3 * float(np.diff(spikes).mean()),
    }


def _fires(current: float) -> bool:
    """Return whether a neuristor fires under a step of a current (A) of 0.1 s."""
    sim = elements.neuristor(elements.pushed(current, 0.1), dt=1e-3)
    return bool(sim.run(duration=elements.RESTED + 0.105).sizes["event"] > 0)


def _fires_twice(gap: float) -> bool:
    """Return whether a neuristor fires at both of two pulses of 4 uA for 0.1 ms with a gap (s)."""
    sim = elements.neuristor(elements.pushed(4e-6, 0.1e-3, gap=gap, count=2), dt=1e-4)
    run = sim.run(duration=elements.RESTED + 4e-3)
    return bool(elements.closings(run, sim.edge("switch 2")).size > 1)


MEASURES = {
    "lif": measure_lif,
    "oscillators": measure_oscillators,
    "coupled": measure_coupled,
    "vo2": measure_vo2,
    "neuristor": measure_neuristor,
}
