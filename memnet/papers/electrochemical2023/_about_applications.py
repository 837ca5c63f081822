"""Statements of sections 4.3 to 4.5: arrays of three terminals, arrays with neurons, networks, logic and biosignals."""

from __future__ import annotations

import numpy as np

from memnet import arrays
from memnet.devices import Ecram, EcramGate, LinearDrift, ThresholdSwitch, link
from memnet.network import cell_conductances, crossbar
from memnet.papers._statement import Numbers, Statement, in_order, near
from memnet.papers.electrochemical2023 import (
    _elements as elements,
    brains,
    classifiers,
    ecram,
    logic,
    neuron_arrays,
    neuron_learning as learning,
    seizures,
)
from memnet.papers.electrochemical2023._traces import threshold
from memnet.simulate import Circuit

STATEMENTS = (
    Statement(
        "Sec. 4.3: electrochemical memory has symmetric potentiation and depression",
        "charge of a channel after 10 pulses up and 10 down, as a share of a full one: pulses of a current, of a"
        " voltage, and of a voltage where a full channel holds 0.25 V itself; each within 1e-3 of 0",
        "ecram",
        tuple(f"end, {one}" for one in ecram.WRITTEN),
        lambda n: max(abs(n[f"end, {one}"]) for one in ecram.WRITTEN) < 1e-3,
        "a current writes, or the channel holds no voltage against the next pulse",
        lambda n: max(abs(n[f"end, {one}"]) for one in ("current", "voltage")) < 1e-3,
    ),
    Statement(
        "Sec. 4.3, Fig. 15 c: injection of ions that is controlled precisely makes updates linear",
        "linearity of these trains on the way up, above 0.999",
        "ecram",
        tuple(f"linearity, {one}" for one in ecram.WRITTEN),
        lambda n: min(n[f"linearity, {one}"] for one in ecram.WRITTEN) > 0.999,
        "a current injects them, or the channel holds no voltage against the next pulse",
        lambda n: min(n[f"linearity, {one}"] for one in ("current", "voltage")) > 0.999,
    ),
    Statement(
        "Sec. 4.3: terminals of their own for reading and writing make reading nondestructive",
        "part by which 100 s of 0.1 V change the conductance of Ecram with an open gate, and of LinearDrift, which has"
        " two terminals and rests at 0 V; the first and the last exactly 0, the second not",
        "ecram",
        ("Ecram", "LinearDrift", "LinearDrift, 0 V"),
        lambda n: n["Ecram"] == n["LinearDrift, 0 V"] == 0.0 < n["LinearDrift"],
    ),
    Statement(
        "Sec. 4.4, Fig. 16 a: synapses with transistors and diffusive neurons work together",
        "share of four letters and eight runs in which the neuron of the letter fires first, inputs of 0.75 and of"
        " 1.5 V, which are 2 and 4 V_th; above 0.95, where chance has 0.25",
        "neurons",
        ("right, 0.75 V", "right, 1.5 V"),
        lambda n: min(n["right, 0.75 V"], n["right, 1.5 V"]) > 0.95,
        "inputs are far above the threshold; near it noise decides",
        lambda n: n["right, 1.5 V"] > 0.95,
    ),
    Statement(
        "Sec. 4.4: matching the impedance of synapses and neurons is a challenge",
        "largest and smallest resistance (kohm) in series with which the threshold switch of figure 16 b fires again"
        " and again at 0.8 V, by bisection and in closed form, within 1 %; nine cells of low resistance in parallel, of"
        " figure 16 a, 1.1 kohm, outside, and of 16 b, 5.6 kohm, between",
        "neurons",
        ("largest", "closed form, largest", "smallest", "closed form, smallest", "cells of 16 a", "cells of 16 b"),
        lambda n: (
            near(n["largest"], n["closed form, largest"], 0.01)
            and near(n["smallest"], n["closed form, smallest"], 0.01)
            and n["cells of 16 a"] < n["smallest"] < n["cells of 16 b"] < n["largest"]
        ),
    ),
    Statement(
        "Sec. 4.4, Fig. 16 b: a passive array with threshold switches recognises patterns by a simplified delta rule",
        "share of four letters whose neuron fires most often before and after 8 epochs by the sign of the error, the"
        " last 1; and of letters with one pixel wrong",
        "neurons",
        ("before", "after", "one pixel wrong"),
        lambda n: n["after"] == 1.0 > n["before"],
    ),
    Statement(
        "Sec. 4.4, Fig. 16 b: such a neuron detects coincidence",
        "largest delay (us) of a second pulse with which it fires, by bisection and by what the first pulse has left;"
        " within 1 %",
        "neurons",
        ("delay (us)", "closed form (us)"),
        lambda n: near(n["delay (us)"], n["closed form (us)"], 0.01),
    ),
    Statement(
        "Sec. 4.5.1: a perceptron of one layer tells apart only what a line separates; a hidden layer helps",
        "share of 200 points of exclusive or that arrays have right, with one layer, at most 3/4, and with 8 hidden"
        " units, above 0.95",
        "networks",
        ("one layer", "one hidden layer"),
        lambda n: n["one layer"] <= 0.75 and n["one hidden layer"] > 0.95,
    ),
    Statement(
        "Sec. 4.5.1, Fig. 17 a, b: layers on separate arrays, or on parts of one, classify digits",
        "share of 597 digits of 8 x 8 pixels that a programmed perceptron of 64, 32 and 10 units has right; above 0.95,"
        " and alike",
        "networks",
        ("two arrays", "one array in parts"),
        lambda n: n["two arrays"] > 0.95 and n["two arrays"] == n["one array in parts"],
    ),
    Statement(
        "Sec. 4.5.1, Fig. 17 b: online learning tolerates imperfect devices",
        "the same with cells that miss their conductances by a lognormal factor of 0.8, after programming and in the"
        " best of three epochs online; this above 0.9",
        "networks",
        ("programmed, 0.8", "online, 0.8"),
        lambda n: n["online, 0.8"] > 0.9 > n["programmed, 0.8"],
    ),
    Statement(
        "Sec. 4.5.1: in two dimensions kernels are unrolled, and reads follow each other or areas multiply",
        "currents of a crossbar of two unrolled 3 x 3 kernels, read with each patch of an 8 x 8 image, against"
        " scipy.signal.correlate2d, below 1e-12; reads of one array",
        "networks",
        ("unrolled", "reads"),
        lambda n: n["unrolled"] < 1e-12 and n["reads"] > 1.0,
    ),
    Statement(
        "Sec. 4.5.1, Fig. 17 c to e: a three-dimensional array convolves an image in one read, in two dimensions",
        "currents of a staircase array for the whole image against the same; below 1e-12; share of its crossings that"
        " have a cell",
        "networks",
        ("staircase", "cells"),
        lambda n: n["staircase"] < 1e-12,
    ),
    Statement(
        "Sec. 4.5.2: a memristor keeps its state unless the voltage across it is beyond limits",
        "change of the state of VTEAM, v_on -1 and v_off 0.3 V, by 1 s of -0.9 and of 0.2 V, exactly 0, and by 100 ns"
        " of 0.5 V, above 0.1",
        "logic",
        ("-0.9 V", "0.2 V", "0.5 V"),
        lambda n: n["-0.9 V"] == n["0.2 V"] == 0.0 and n["0.5 V"] > 0.1,
    ),
    Statement(
        "Sec. 4.5.2, Fig. 18 b: with R_on as logic 0, two levels of cells map minterms, inputs present or not",
        "cases of 8 in which sums of four products, of parity and of the majority, are wrong, with gates of 1 V, and of"
        " 0.5 and 1.6 V; none",
        "logic",
        tuple(f"{name}, {volts} V" for name in logic.FUNCTIONS for volts in (0.5, 1.0, 1.6)),
        lambda n: all(n[f"{name}, {volts} V"] == 0.0 for name in logic.FUNCTIONS for volts in (0.5, 1.0, 1.6)),
        "the voltage resets cells through one low resistance and not through high ones, as 1 V does",
        lambda n: all(n[f"{name}, 1.0 V"] == 0.0 for name in logic.FUNCTIONS),
    ),
    Statement(
        "Sec. 4.5.2: drawn bits have a tunable probability over [0, 1]",
        "share of ones of 100,000 bits of StochasticSwitch by pulses of 1 us, of 0.35 and of 0.8 V, below 0.01 and"
        " above 0.99; largest distance of 26 voltages between from 1 - exp(-T/tau), in standard deviations, below 4",
        "logic",
        ("0.35 V", "0.8 V", "largest distance"),
        lambda n: n["0.35 V"] < 0.01 and n["0.8 V"] > 0.99 and n["largest distance"] < 4.0,
    ),
    Statement(
        "Sec. 4.5.2, Fig. 18 d: three NANDs and a NOT of memtransistors are a multiplexer",
        "cases of 8 in which it is wrong as a circuit, none; least distance of an output from half of the supply, over"
        " that",
        "logic",
        ("wrong", "margin"),
        lambda n: n["wrong"] == 0.0,
    ),
    Statement(
        "Sec. 4.5.2: gates and drawn bits can be cascaded",
        "share of ones that a multiplexer takes from streams of 0.9 and 0.1, selected by a third one of 0.05 to 0.95:"
        " largest distance from s 0.9 + (1 - s) 0.1, in standard deviations, below 4",
        "logic",
        ("cascade",),
        lambda n: n["cascade"] < 4.0,
    ),
    Statement(
        "Sec. 4.5.3, Fig. 19: what a spike does through a memristor resembles an excitatory postsynaptic potential",
        "largest potential of the cell above rest (mV) after one spike through ABSyn with weights 0, 0.15, 0.3 and 0.6;"
        " rising, and all below 20",
        "brain",
        tuple(f"weight {one:g}" for one in (0.0, 0.15, 0.3, 0.6)),
        lambda n: _rising(n) and n["weight 0.6"] < 20.0,
        "the weight is too small for an action potential, as 0.3 is and 0.6 is not",
        lambda n: _rising(n) and n["weight 0.3"] < 20.0,
    ),
    Statement(
        "Sec. 4.5.3, Fig. 19: memristors pass signals on both ways, and their plasticity modulates how much",
        "spikes of ANpre, of the nerve cell and of ANpost in a second of slow spikes and in one of fast ones, both"
        " synapses plastic, and both fixed at their first weights; of the cell in the slow one less than fixed, of"
        " ANpost in the fast one more",
        "brain",
        (
            *(f"{name}, {phase}" for phase in ("slow", "fast") for name in brains.NEURONS),
            "BN, slow, fixed",
            "ANpost, fast, fixed",
        ),
        lambda n: n["BN, slow"] < n["BN, slow, fixed"] and n["ANpost, fast"] > n["ANpost, fast, fixed"] > 0.0,
    ),
    Statement(
        "Sec. 4.5.3, Fig. 20: arrays are four band filters, delta, theta, alpha and beta",
        "least gain in the middle of the own band, and largest in that of another one, of filters that ideal pairs of"
        " cells and pairs of 4 bits hold; above 0.9, and below 0.1",
        "brain",
        ("own, ideal", "other, ideal", "own, 4 bits", "other, 4 bits"),
        lambda n: min(n["own, ideal"], n["own, 4 bits"]) > 0.9 and max(n["other, ideal"], n["other, 4 bits"]) < 0.1,
    ),
    Statement(
        "Sec. 4.5.3, Fig. 20: their biomarkers and a perceptron of one layer on an array tell the state of the brain",
        "sensitivity and specificity in four made signals of 10 minutes, cells of 6 bits, after learning from four"
        " other ones; both above 0.8, and their mean where the seizures that are learned are shifted, below 0.7",
        "brain",
        ("sensitivity", "specificity", "shifted"),
        lambda n: min(n["sensitivity"], n["specificity"]) > 0.8 and n["shifted"] < 0.7,
    ),
)


def _rising(numbers: Numbers) -> bool:
    return in_order(numbers, *(f"weight {one:g}" for one in (0.0, 0.15, 0.3, 0.6)))


def measure_ecram() -> Numbers:
    """Return what trains at a gate leave, and what reading does."""
    data = ecram.figure15(size=2, voltages=(0.5,))
    numbers: Numbers = {f"end, {one}": float(data["charge"].sel(written=one)[-1]) for one in ecram.WRITTEN}
    linear = data["linearity"].sel(direction="up")
    numbers |= {f"linearity, {one}": float(linear.sel(written=one)) for one in ecram.WRITTEN}
    channel, plain = Circuit(), Circuit()
    channel.add("gate", "out", EcramGate(x_initial=0.3), name="gate")
    channel.add("in", "out", link(Ecram(), to="gate"), name="read")
    plain.add("in", "out", LinearDrift(), name="read")
    return numbers | {
        "Ecram": _by_reading(channel),
        "LinearDrift": _by_reading(plain),
        "LinearDrift, 0 V": _by_reading(plain, 0.0),
    }


def _by_reading(circuit: Circuit, volts: float = 0.1) -> float:
    """Return the part by which 100 s of a voltage (V) change a conductance."""
    sim = circuit.simulation({"in": volts, "out": 0.0}, dt=10.0, method="adaptive", rtol=1e-5)
    run = sim.run(11, record={"edge_conductance": "read"})["edge_conductance"].values[:, 0]
    return float(abs(run[-1] / run[0] - 1.0))


def measure_neurons() -> Numbers:
    """Return what arrays with neurons recognise, and between which resistances a neuron fires."""
    letters = neuron_arrays.figure16a(voltages=(0.75, 1.5))["right"].values
    numbers: Numbers = {f"right, {volts} V": float(one) for volts, one in zip((0.75, 1.5), letters, strict=True)}
    low, high = (
        learning.R_ON * (learning.READ / learning.V_OFF - 1.0),
        learning.R_OFF * (learning.READ / learning.V_ON - 1.0),
    )
    numbers |= {"closed form, largest": 1e-3 * high, "closed form, smallest": 1e-3 * low}
    for name, siemens in (("cells of 16 a", neuron_arrays.G_ON), ("cells of 16 b", learning.SYNAPSE["g_on"])):
        numbers[name] = 1e-3 / (learning.ROWS * siemens)
    numbers["smallest"] = 1e-3 * threshold(_fires_again, 0.5 * low, 2.0 * low)
    numbers["largest"] = 1e-3 / threshold(lambda siemens: _fires_again(1.0 / siemens), 0.5 / high, 2.0 / high)
    learned = learning.figure16b(delays=(1e-6,))["right"]
    numbers |= {
        "before": float(learned[0, 0]),
        "after": float(learned[0, -1]),
        "one pixel wrong": float(learned[1, -1]),
    }
    numbers["delay (us)"] = 1e6 / threshold(lambda rate: learning.coincides(1.0 / rate), 1.0 / 16e-6, 1.0 / 6e-6)
    return numbers | {"closed form (us)": 1e6 * learning.window()}


def _fires_again(series: float) -> bool:
    """Return whether the neuron of figure 16 b fires more than once behind a resistance (ohm) at a read."""
    switch = ThresholdSwitch(v_on=learning.V_ON, v_off=learning.V_OFF, r_on=learning.R_ON, r_off=learning.R_OFF)
    circuit = elements.oscillator(switch, series=series)
    duration = 30.0 * elements.CAPACITANCE / (1.0 / series + 1.0 / learning.R_OFF)
    sim = circuit.simulation({"in": learning.READ, "gnd": 0.0}, dt=duration / 10.0, **elements.ADAPTIVE)
    return bool(elements.closings(sim.run(10), sim.edge("switch")).size > 1)


def measure_networks() -> Numbers:
    """Return what perceptrons and convolutions on arrays have right."""
    points = classifiers.exclusive_or()
    numbers: Numbers = {
        name: float(classifiers.of_two_classes(layers).score(*points)) for name, layers in classifiers.LAYERS.items()
    }
    for name, partitioned in classifiers.PARTS.items():
        numbers[name] = classifiers.taught(0.0, partitioned=partitioned, epochs=0)[0]
    programmed, *online = classifiers.taught(0.8, partitioned=True, epochs=3)
    numbers |= {"programmed, 0.8": programmed, "online, 0.8": max(online)}
    stairs = classifiers.figure17c()
    exact = np.moveaxis(stairs["exact"].values, 0, -1)
    patches = arrays.patches(stairs["image"].values[None], classifiers.KERNELS.shape[1:])
    kernels = arrays.kernel_matrix(classifiers.KERNELS)
    encoding = classifiers.pairs(kernels)
    net = crossbar(len(kernels), 2 * len(classifiers.KERNELS))
    read = arrays.vmm(net, cell_conductances(net, encoding.encode(kernels)), patches.reshape(-1, len(kernels)))
    unrolled = encoding.decode(read).reshape(exact.shape)
    return numbers | {
        "unrolled": float(np.abs(unrolled - exact).max()),
        "reads": float(np.prod(patches.shape[1:3])),
        "staircase": float(np.abs(stairs["convolved"] - stairs["exact"]).max()),
        "cells": float(stairs["cells"]),
    }


def measure_logic() -> Numbers:
    """Return which functions are right, and how bits are drawn."""
    numbers: Numbers = {"-0.9 V": _moves(-0.9, 1.0), "0.2 V": _moves(0.2, 1.0), "0.5 V": _moves(0.5, 100e-9)}
    for name in logic.FUNCTIONS:
        numbers |= {f"{name}, {volts} V": float(logic.wrong(logic.minterms(name, volts))) for volts in (0.5, 1.0, 1.6)}
    count = 100_000
    data = logic.figure18(voltages=(1.0,), functions=("parity",), bits=count)
    law = data["law"].values
    numbers["largest distance"] = float((np.abs(data["share"] - law) / np.sqrt(law * (1.0 - law) / count)).max())
    for volts in (0.35, 0.8):
        numbers[f"{volts} V"] = float(arrays.stochastic_bits(count, volts, logic.DRAW, seed=0).mean())
    expected = 0.1 + 0.8 * data["probability"].values
    spread = np.sqrt(expected * (1.0 - expected) / count)
    numbers["cascade"] = float((np.abs(data["selected"].values - expected) / spread).max())
    gates = arrays.NandLogic()
    gates.multiplexer("s", "a", "b", "out")
    table = gates.table(["s", "a", "b"], {"out": lambda s, a, b: a if s else b})
    shares = table.voltage / table.supply
    return numbers | {
        "wrong": float(np.sum((shares > 0.5) != (table.expected > 0))),
        "margin": float(np.abs(2.0 * shares - 1.0).min()),
    }


def _moves(volts: float, duration: float) -> float:
    """Return by which share of its range the state of the memristor of figure 18 moves."""
    device = logic.memristor()
    circuit = Circuit()
    circuit.add("in", "gnd", device, name="cell")
    sim = circuit.simulation({"in": volts, "gnd": 0.0}, dt=duration, method="adaptive", rtol=1e-5)
    sim.set_state(device, x=np.array([0.5]))
    sim.step()
    return float(abs(sim.state(device, "x")[0] - 0.5))


def measure_brain() -> Numbers:
    """Return what goes from silicon to a cell and back, and which seizures are detected."""
    numbers: Numbers = {f"weight {one:g}": 1e3 * float(brains.response(one).max()) for one in (0.0, 0.15, 0.3, 0.6)}
    phase = 1.0
    for plastic, suffix in ((True, ""), (False, ", fixed")):
        for name, fired in brains.spikes((brains.SLOW, brains.FAST), phase, plastic=plastic).items():
            slow = float(np.sum(fired < phase))
            numbers |= {f"{name}, slow{suffix}": slow, f"{name}, fast{suffix}": float(fired.size - slow)}
    centre = np.array([np.mean(band) for band in seizures.BANDS.values()])
    for name, bits in (("ideal", None), ("4 bits", 4)):
        gain = seizures.response(seizures.filters(bits), centre)
        numbers |= {
            f"own, {name}": float(np.diag(gain).min()),
            f"other, {name}": float((gain - np.diag(np.diag(gain))).max()),
        }
    told = np.mean([seizures.detected(600.0, 6, seed) for seed in range(4)], axis=0)
    shifted = np.mean([seizures.detected(600.0, 6, seed, shuffled=True) for seed in range(4)])
    return numbers | {"sensitivity": float(told[0]), "specificity": float(told[1]), "shifted": float(shifted)}


MEASURES = {
    "ecram": measure_ecram,
    "neurons": measure_neurons,
    "networks": measure_networks,
    "logic": measure_logic,
    "brain": measure_brain,
}
