"""Statements of section 4.2: passive arrays, stacks of them, and arrays with transistors."""

from __future__ import annotations

import numpy as np

from memnet import arrays
from memnet.base.arrays import Floats
from memnet.devices import BipolarThreshold, Nanobattery, Resistor, cell_devices, series
from memnet.drive import sine
from memnet.network import cell_conductances, crossbar
from memnet.papers._statement import Numbers, Statement, in_order, near
from memnet.papers.electrochemical2023 import _elements as elements, crossbars, hybrids, pillars, stacks
from memnet.simulate import Circuit, solve

# An inch and the pitch of the caption of figure 11 b (nm).
INCH, FEATURE, PITCH = 25.4e6, 2.0, 12.0

STATEMENTS = (
    Statement(
        "Sec. 4.2: a crossbar computes in parallel",
        "currents of all 64 columns of one read against the product of voltages and conductances: largest difference"
        " over the largest current with ideal lines, and what the column farthest away lacks with lines of 1 ohm a"
        " segment where all cells have 10 kohm; below 1 %",
        "passive",
        ("ideal lines", "lost, 1 ohm"),
        lambda n: max(n["ideal lines"], n["lost, 1 ohm"]) < 0.01,
        "lines have no resistance",
        lambda n: n["ideal lines"] < 1e-12,
    ),
    Statement(
        "Sec. 4.2.1: sneak paths limit what a passive array can read",
        "part by which the current of a cell falls from 10 kohm to 1 Mohm, among cells of 10 kohm with floating lines,"
        " 64 each way, and in closed form; below a tenth of 0.99, that of the cell alone",
        "passive",
        ("float, 64", "closed form, 64"),
        lambda n: n["float, 64"] < 0.099 and near(n["float, 64"], n["closed form, 64"], 1e-9),
    ),
    Statement(
        "Sec. 4.2.1: this gets worse as the array grows, and limits its size",
        "the same for 4, 16 and 64 lines each way that float, and for others at V/2, at V/3 and at ground; falling",
        "passive",
        tuple(f"{scheme}, {size}" for scheme in crossbars.SCHEMES for size in (4, 16, 64)),
        lambda n: all(_falls(n, scheme) for scheme in crossbars.SCHEMES),
        "other lines are not at ground; there, with ideal lines, they take no part",
        lambda n: (
            all(_falls(n, one) for one in ("float", "V/2", "V/3")) and near(n["ground, 64"], n["ground, 4"], 1e-9)
        ),
    ),
    Statement(
        "Sec. 4.2.1: devices of 2 nm make 4.5 terabits a square inch in one layer",
        "bits in a square inch (10^12), one a cell: cells of 4 F^2 with F = 2 nm, and with the pitch of 12 nm of the"
        " caption; 4.5 within half a unit of its last digit",
        "passive",
        ("4 F^2, 2 nm", "pitch of 12 nm"),
        lambda n: abs(n["4 F^2, 2 nm"] - 4.5) < 0.05,
        "the pitch of the caption counts, six times the feature",
        lambda n: abs(n["pitch of 12 nm"] - 4.5) < 0.05,
    ),
    Statement(
        "Sec. 4.2.1: layers on top of each other allow an exponential increase in the number of connections",
        "cells of 1, 2, 4 and 8 layers of 10 x 10; from 4 to 8 by the square of the factor from 2 to 4",
        "stacks",
        tuple(f"cells, {one}" for one in (1, 2, 4, 8)),
        lambda n: n["cells, 8"] * n["cells, 2"] ** 2 == n["cells, 4"] ** 3,
    ),
    Statement(
        "Sec. 4.2.1, Fig. 12 a: both layers with shared middle electrodes behave similarly",
        "current of the worst cell of each of two layers of 10 x 10 equal cells with lines of 1 ohm, and of the middle"
        " one of three; the two, whose circuit is its own mirror image, within 1 %, and the third apart from them",
        "stacks",
        ("lower (uA)", "upper (uA)", "middle of three (uA)"),
        lambda n: near(n["lower (uA)"], n["upper (uA)"], 0.01) and n["middle of three (uA)"] > 1.01 * n["upper (uA)"],
    ),
    Statement(
        "Sec. 4.2.1: with more layers sneak paths become prominent, lead to failure and take power",
        "part by which the current of a cell of the middle layer falls with its resistance, and power (uW) of a read;"
        " shared lines, floating, 1, 2, 3 and 6 layers of 10 x 10; the first falling, the second rising",
        "stacks",
        tuple(f"{what}, {one}" for what in ("margin", "power (uW)") for one in (1, 2, 3, 6)),
        lambda n: (
            in_order(n, *(f"margin, {one}" for one in (6, 3, 2, 1)))
            and in_order(n, *(f"power (uW), {one}" for one in (1, 2, 3, 6)))
        ),
        "layers next to the one that is read are meant; with all resistances low, no others carry a current",
        lambda n: (
            in_order(n, *(f"margin, {one}" for one in (3, 2, 1))) and near(n["power (uW), 6"], n["power (uW), 3"], 1e-6)
        ),
    ),
    Statement(
        "Sec. 4.2.1, Fig. 12 b: a sneak path that extends beyond one layer above passes at least 3 diodes in reverse",
        "least number of diodes in reverse on paths of a shared stack that go 0, 1, 2 and 3 layers up; 3 from 2 on",
        "stacks",
        tuple(f"{one} up" for one in range(4)),
        lambda n: min(n["2 up"], n["3 up"]) >= 3.0,
        "it goes three layers up; two up it meets 2, one up as many as in its own layer",
        lambda n: n["3 up"] >= 3.0,
    ),
    Statement(
        "Sec. 4.2.1: diodes suppress sneak currents within a layer and between layers",
        "current at the column that is read beyond that of the cell, over that of the cell: in one layer of 10 x 10,"
        " and what two more with shared lines add; linear cells, above 1, and with diodes that leak 1 nS, at most what"
        " all cells in reverse leak at the voltage of the read, 81 of the layer and 180 of the others",
        "stacks",
        ("linear, its layer", "linear, others", "diodes, its layer", "81 leak", "diodes, others", "180 leak"),
        lambda n: (
            min(n["linear, its layer"], n["linear, others"]) > 1.0
            and n["diodes, its layer"] < n["81 leak"]
            and n["diodes, others"] < n["180 leak"]
        ),
    ),
    Statement(
        "Sec. 4.2.1, Fig. 13: cells whose current is not linear do without a selector",
        "part by which the current of a cell falls with its resistance, 8 x 8 pillars through 8 planes, floating: of"
        " resistors, below 1/2, and of resistors behind 1 nA sinh(v/0.1 V), above 1/2",
        "stacks",
        ("linear", "not linear"),
        lambda n: n["linear"] < 0.5 < n["not linear"],
    ),
    Statement(
        "Sec. 4.2.1: heat of a cell reaches neighbours that only an electrode separates",
        "rise of the temperature of the cell above and of the nearest one in its layer, over that of a heated cell, if"
        " heat flows to each neighbour as to the surroundings, and if a hundredth of that does; above 0.1",
        "stacks",
        ("above", "beside", "above, 0.01"),
        lambda n: min(n["above"], n["above, 0.01"]) > 0.1,
        "it flows to a neighbour about as well as to the surroundings",
        lambda n: n["above"] > 0.1,
    ),
    Statement(
        "Sec. 4.2.2: transistors overcome the problem of sneak paths",
        "part by which the current of a cell falls from 10 kohm to 1 Mohm, 64 x 64 cells: floating lines, and one open"
        " column of gates; this within 0.001 of 0.99",
        "hybrids",
        ("passive", "with transistors"),
        lambda n: abs(n["with transistors"] - 0.99) < 1e-3 and n["passive"] < 0.1,
    ),
    Statement(
        "Sec. 4.2.2: and enable writing with precision",
        "largest change of the weight of another cell over that of the one which is written, 8 x 8: by halves of the"
        " voltage, and with one open gate; this below 1e-9",
        "hybrids",
        ("others, passive", "others, transistors"),
        lambda n: n["others, transistors"] < 1e-9 < n["others, passive"],
    ),
    Statement(
        "Sec. 4.2.2: memristive devices are not active, and supply no energy",
        "energy into BipolarThreshold in a period of a sine of 1.2 V, and from a Nanobattery into 1 Mohm in 10 s;"
        " above 0, and 0",
        "hybrids",
        ("into BipolarThreshold (nJ)", "from Nanobattery (nJ)"),
        lambda n: n["into BipolarThreshold (nJ)"] > 0.0 == n["from Nanobattery (nJ)"],
        "they have no emf, as redox cells of section 3.1 do",
        lambda n: n["into BipolarThreshold (nJ)"] > 0.0 < n["from Nanobattery (nJ)"],
    ),
    Statement(
        "Sec. 4.2.2: with all transistors on, an array multiplies as a passive one",
        "largest difference of the currents of 16 columns from the product, over the largest one; channels of 43 ohm"
        " behind cells of 10 kohm to 1 Mohm; below 1 %",
        "hybrids",
        ("all gates open",),
        lambda n: n["all gates open"] < 0.01,
    ),
    Statement(
        "Sec. 4.2.2, Fig. 14 c: the currents of columns are the product of G_ij and V_j",
        "largest difference of the currents of 16 columns from sum_j G_ij V_j, and from sum_i G_ij V_i, over the"
        " largest one; rows are i; below 1e-12",
        "hybrids",
        ("sum over j", "sum over i"),
        lambda n: n["sum over j"] < 1e-12,
        "voltages have the index of their rows: sum_i G_ij V_i",
        lambda n: n["sum over i"] < 1e-12,
    ),
)


def _falls(numbers: Numbers, scheme: str) -> bool:
    return numbers[f"{scheme}, 64"] < 0.999 * numbers[f"{scheme}, 16"] < 0.999**2 * numbers[f"{scheme}, 4"]


def measure_passive() -> Numbers:
    """Return what passive arrays multiply and read."""
    numbers: Numbers = {"ideal lines": _difference(64), "lost, 1 ohm": float(crossbars.lost(64, 1.0).max())}
    for scheme in crossbars.SCHEMES:
        numbers |= {f"{scheme}, {size}": crossbars.margin(size, scheme) for size in (4, 16, 64)}
    numbers["closed form, 64"] = crossbars.margin_of_floating_lines(64)
    numbers["4 F^2, 2 nm"] = 1e-12 * INCH**2 / (4.0 * FEATURE**2)
    numbers["pitch of 12 nm"] = 1e-12 * INCH**2 / PITCH**2
    return numbers


def _random(size: int) -> tuple[Floats, Floats]:
    """Return conductances of a square array (S) and voltages of its rows (V)."""
    rng = np.random.default_rng(0)
    conductances: Floats = rng.uniform(crossbars.G_OFF, crossbars.G_ON, (size, size))
    return conductances, rng.uniform(0.0, crossbars.READ, size)


def _difference(size: int, *, printed: bool = False) -> float:
    """Return how far currents are from sum_i G_ij V_i, or from what is printed, over the largest of them."""
    conductances, volts = _random(size)
    net = crossbar(size, size)
    found = arrays.vmm(net, cell_conductances(net, conductances), volts)
    expected = conductances @ volts if printed else volts @ conductances
    return float(np.abs(found - expected).max() / np.abs(found).max())


def measure_stacks() -> Numbers:
    """Return what layers do to reads, and where currents and heat go."""
    numbers: Numbers = {f"cells, {one}": float(crossbar(10, 10, layers=one).cell.size) for one in (1, 2, 4, 8)}
    pair = crossbar(10, 10, layers=2, line_resistance=1.0)
    for layer, name in enumerate(("lower (uA)", "upper (uA)")):
        read = arrays.read_margin(pair, crossbars.G_ON, crossbars.G_OFF, crossbars.READ, layer=layer)
        numbers[name] = 1e6 * read.on
    three = crossbar(10, 10, layers=3, line_resistance=1.0)
    numbers["middle of three (uA)"] = (
        1e6 * arrays.read_margin(three, crossbars.G_ON, crossbars.G_OFF, crossbars.READ, layer=1).on
    )
    for one in (1, 2, 3, 6):
        net = crossbar(10, 10, layers=one)
        numbers[f"margin, {one}"] = stacks.margin(net, "linear")
        numbers[f"power (uW), {one}"] = 1e6 * float(stacks.powers(net, "linear").sum())
    numbers |= {f"{one} up": float(stacks.reversed_cells(one)) for one in range(4)}
    for name, kind in (("linear", "linear"), ("diodes", "rectifying")):
        alone, among = (stacks.sneaking(crossbar(10, 10, layers=one), kind) for one in (1, 3))
        numbers |= {f"{name}, its layer": alone[1] / alone[0], f"{name}, others": (among[1] - alone[1]) / alone[0]}
    numbers |= {f"{one} leak": one * stacks.LEAK * stacks.READ / alone[0] for one in (81, 180)}
    numbers |= {kind: pillars.margin(kind, 8, 8) for kind in pillars.CELLS}
    layer, row, column = pillars.LAYERS // 2, pillars.SIDE // 2, pillars.SIDE // 2
    warm, cool = pillars.rises(1.0), pillars.rises(0.01)
    numbers |= {"above": float(warm[layer + 1, row, column]), "beside": float(warm[layer, row, column + 1])}
    return numbers | {"above, 0.01": float(cool[layer + 1, row, column])}


def measure_hybrids() -> Numbers:
    """Return what transistors do, what devices give, and products."""
    numbers: Numbers = {
        "passive": crossbars.margin(64, "float"),
        "with transistors": hybrids.margin_with_transistors(64),
    }
    for name, kind in (("passive", "passive"), ("transistors", "with transistors")):
        moved = hybrids.moved(8, kind)
        others = np.delete(moved.ravel(), 4 * 8 + 4)
        numbers[f"others, {name}"] = float(np.abs(others).max() / moved[4, 4])
    conductances, volts = _random(16)
    net = crossbar(16, 16, gates="columns")
    devices = cell_devices(net, series(Resistor(), hybrids.transistor()), conductance_1=conductances)
    held = {f"w{k}": one for k, one in enumerate(volts.tolist())} | {f"b{k}": 0.0 for k in range(16)}
    found = solve(net, devices=devices, drive=held | arrays.gate_drive(net, hybrids.OPEN))
    current, expected = -np.array([found.current_of(f"b{k}") for k in range(16)]), volts @ conductances
    return numbers | {
        "into BipolarThreshold (nJ)": 1e9 * _taken(),
        "from Nanobattery (nJ)": 1e9 * _given(),
        "all gates open": float(np.abs(current - expected).max() / expected.max()),
        "sum over j": _difference(16, printed=True),
        "sum over i": _difference(16),
    }


def _taken() -> float:
    """Return the energy (J) that a synapse takes in one period of a sine."""
    circuit = Circuit()
    circuit.add("in", "gnd", BipolarThreshold(), name="synapse")
    sim = circuit.simulation({"in": sine(1.2, 1.0), "gnd": 0.0}, dt=1e-3, method="adaptive", rtol=1e-5)
    run = sim.run(1000)
    return float(1e-3 * (run["voltage"].sel(electrode="in") * run["current"].sel(electrode="in")).sum())


def _given() -> float:
    """Return the energy (J) that a battery gives to a resistor in 10 s."""
    circuit = Circuit()
    circuit.add("a", "gnd", Nanobattery(), name="cell")
    circuit.add("a", "gnd", elements.ohms(1e6), name="load")
    sim = circuit.simulation({"gnd": 0.0}, dt=1e-2, method="adaptive", rtol=1e-5)
    volts = sim.run(1000, record={"potential": "a"})["potential"].values[:, 0]
    return float(1e-2 * np.sum(volts**2) / 1e6)


MEASURES = {"passive": measure_passive, "stacks": measure_stacks, "hybrids": measure_hybrids}
