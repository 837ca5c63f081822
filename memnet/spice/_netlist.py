"""Netlists: a simulation written for the circuit simulator ngspice, to check one program against another."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from memnet.base import check
from memnet.devices import Device, Series, parameter_fields, state_fields, table_of
from memnet.drive import ROLE_CURRENT, ROLE_FLOATING, ROLE_LIMITED, ROLE_VOLTAGE, Waveform, constant_value
from memnet.simulate import Simulation
from memnet.spice import _jart
from memnet.spice._equation_models import Subcircuits

# Tight enough for six digits of a current; the defaults of ngspice give three.
OPTIONS = "reltol=1e-7 abstol=1e-15 vntol=1e-10 chgtol=1e-18 gmin=1e-18"

# Points of a piecewise linear source: a line of text each.
MOST_STEPS = 10_000_000


@check.known_keywords
def to_spice(sim: Simulation, duration: float | None = None, *, step: float | None = None) -> str:
    """Return a netlist for ngspice of what a simulation does from its present time on.

    Nodes are named ``n0``, ``n1``, ...; an electrode is one node, ``e0``, ``e1``, ... in the network's order, with
    a source ``v0`` or ``i0`` where it is driven. Each `RateBalance` edge is two behavioural sources: the current
    through the edge, and the rate equation dg/dt, whose state is the voltage of node ``g<edge>`` on a capacitor of
    1 F. A model from equations is a subcircuit with such sources, and each of its edges an instance ``X<edge>``;
    its states are the voltages of nodes ``x<edge>_<state>``. So ngspice solves the continuous equations, of which
    the steps of a simulation are an approximation of first order in dt. Drives that are not constant are piecewise
    linear between their values at the simulation's steps and where they turn, so piecewise linear ones are exact
    but for their jumps, which take a step. Parts of the network without a driven electrode are left out.

    Parameters
    ----------
    sim : Simulation
        Its devices are of the models Resistor, Capacitor, RateBalance and the other elements of circuits (Inductor,
        Diode, Selector, CubicResistor, ThresholdSwitch, Transistor, Switch, VoltageSource, CurrentSource), JART, of
        models from equations without events and noise (`device_model`), or such in series. States are those of the
        present moment, and time counts from there.
    duration : float, optional
        How long ngspice runs (s); default: 1,000 steps of the simulation.
    step : float, optional
        Interval of the printed rows, and longest step of ngspice (s); default: a thousandth of the duration.

    Returns
    -------
    str
        The netlist. ``ngspice -b file`` prints a table of the currents ``i(v0)``, ..., which are those into the network
        with the sign turned round.

    Raises
    ------
    ValueError
        A model or a drive that has no netlist: other devices, events or noise in equations, a rate balance with the
        as-published step, an electrode whose role changes in time or whose current is limited; a link to an edge or
        state that has no nodes; a simulation with reactions, or with a device that `spread` has drawn again in cycles.
    TypeError
        An argument of the wrong type.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    >>> sim = mn.Simulation(net, mn.Resistor(conductance=0.5), {"in": 1.0, "out": 0.0})
    >>> print(mn.to_spice(sim, 2.0).splitlines()[3])
    R0 e0 e1 2.0
    """
    check.instance("sim", sim, Simulation, "a Simulation")
    if sim.reactions:
        raise ValueError(f"sim must have no reactions, which have no netlist, got {sim.reactions[0]!r}")
    seconds = 1_000 * sim.dt if duration is None else duration
    length = check.real("duration", seconds, 0.0, np.inf, unit="s")
    interval = check.real("step", length / 1_000 if step is None else step, 0.0, length, "(]", "s")
    lines = [f"* memnet: {sim.net.n_nodes} nodes, {sim.net.n_edges} edges, from t = {sim.time!r} s"]
    lines += [f"* e{k}: electrode {name!r}" for k, name in enumerate(sim.net.electrodes)]
    names, subcircuits = _node_names(sim), Subcircuits(sim)
    lines += subcircuits.lines()
    for device in sim.devices:
        edges = sim.edges_of(device)
        if edges.size:
            lines += _device(sim, device, names, subcircuits, length)
    sources = [_source(sim, k, wave, length) for k, wave in enumerate(sim.drive.values())]
    lines += [text for text in sources if text]
    printed = " ".join(f"i(v{k})" for k, text in enumerate(sources) if text.startswith("V")) or "v(e0)"
    lines += [
        f".options {OPTIONS}",
        f".tran {interval!r} {length!r} 0 {interval!r} uic",
        *(".control", "set numdgt=12", "set width=200", "run", f"print {printed}", "quit 0", ".endc"),
        ".end",
    ]
    return "\n".join(lines) + "\n"


def _node_names(sim: Simulation) -> list[str]:
    """Return the SPICE node of each node, "" in a part without a driven electrode."""
    net = sim.net
    names = [f"n{k}" for k in range(net.n_nodes)]
    component = np.asarray(net.core.component)
    driven = []
    for k, (name, nodes) in enumerate(net.electrodes.items()):
        for node in nodes.tolist():
            names[node] = f"e{k}"
        if sim.drive[name].roles != {ROLE_FLOATING}:
            driven.append(component[nodes[0]])
    reached = np.isin(component, driven)
    return [name if reached[k] else "" for k, name in enumerate(names)]


# ---------------------------------------------------------------- devices


def _device(
    sim: Simulation, device: Device, names: list[str], subcircuits: Subcircuits, duration: float
) -> Iterator[str]:
    for part in device.own_parts:
        if part not in subcircuits and part.model not in MODELS:
            known = ", ".join(MODELS)
            raise ValueError(f"{part.model} has no netlist; to_spice knows {known}, and models from equations")
    if any(one.cycle for one in device.variations):
        raise ValueError(f"sim must have no device that is drawn again in cycles: it has no netlist, got {device!r}")
    edges, table = sim.edges_of(device), table_of(device)
    numbers = dict(zip(parameter_fields(table), device.core_values(edges, sim.net.n_own_edges), strict=True))
    numbers.update({name: sim.state(device, name) for name in state_fields(table)})
    if sim.net.length is not None:
        numbers["length"] = sim.net.length[edges]
    words: dict[str, Any] = {name: value for name, value in device.parameters.items() if isinstance(value, str)}
    words |= {
        name: _values(sim, value, duration) for name, value in device.parameters.items() if isinstance(value, Waveform)
    }
    charges, links = subcircuits.charges(device, numbers), subcircuits.links(device, names)
    for k, edge in enumerate(edges.tolist()):
        a, b = (names[node] for node in sim.net.edges[edge])
        if a and a != b:
            fields = {**{name: float(values[k]) for name, values in numbers.items()}, **words}
            fields |= {"charge.": charges[k]} if charges else {}
            fields |= {"linked.": links[k]} if links else {}
            yield from _in_series(device, str(edge), a, b, fields, subcircuits)


def _in_series(
    device: Device, edge: str, a: str, b: str, p: Mapping[str, Any], subcircuits: Subcircuits
) -> Iterator[str]:
    """Return the lines of a device, with nodes of their own between the parts of one that has parts."""
    if not isinstance(device, Series):
        yield from _edge(device, edge, a, b, p, subcircuits)
        return
    nodes = [a, *(f"s{edge}_{k}" for k in range(1, len(device.parts))), b]
    for k, part in enumerate(device.parts, 1):
        table = table_of(part)
        own = {name: p[f"{name}_{k}"] for name in (*parameter_fields(table), *state_fields(table))}
        own |= {"length": p["length"]} if "length" in p else {}
        own |= {"linked.": p["linked."]} if table["linked_states"] is not None else {}
        yield from _edge(part, f"{edge}_{k}", nodes[k - 1], nodes[k], own, subcircuits)


def _edge(part: Device, label: str, a: str, b: str, p: Mapping[str, Any], subcircuits: Subcircuits) -> Iterator[str]:
    if part in subcircuits:
        return subcircuits.edge(part, label, a, b, p)
    return MODELS[part.model](label, a, b, p)


def _resistor(edge: str, a: str, b: str, p: Mapping[str, Any]) -> Iterator[str]:
    if p["conductance"] == 0.0:
        return
    if p["emf"] == 0.0 and p["conductance"] > 0.0:
        yield f"R{edge} {a} {b} {1.0 / p['conductance']!r}"
    else:
        yield f"B{edge} {a} {b} I={p['conductance']!r}*(V({a},{b})-({p['emf']!r}))"


def _capacitor(edge: str, a: str, b: str, p: Mapping[str, Any]) -> Iterator[str]:
    yield f"C{edge} {a} {b} {p['capacitance']!r} IC={p['v']!r}"


def _rate_balance(edge: str, a: str, b: str, p: Mapping[str, Any]) -> Iterator[str]:
    """Equations 8 and 10 of PNN25, whose exact step is csrc/devices/rate_balance.c; tests/test_spice.py compares."""
    if p["step"] != "exact":
        raise ValueError(f"RateBalance(step={p['step']!r}) has no netlist: only step='exact' solves an equation")
    v, g = f"abs(V({a},{b}))", f"V(g{edge})"
    yield f"B{edge} {a} {b} I=V({a},{b})*({p['g_min']!r}*(1-{g})+{p['g_max']!r}*{g})"
    yield f"C{edge} g{edge} 0 1 IC={p['g']!r}"
    rise = f"{p['kappa_p0']!r}*exp({p['eta_p']!r}*{v})*(1-{g})"
    fall = f"{p['kappa_d0']!r}*exp(-{p['eta_d']!r}*{v})*{g}"
    yield f"Bg{edge} 0 g{edge} I={rise}-{fall}"


def _inductor(edge: str, a: str, b: str, p: Mapping[str, Any]) -> Iterator[str]:
    yield f"L{edge} {a} {b} {p['inductance']!r} IC={p['i']!r}"


def _diode(edge: str, a: str, b: str, p: Mapping[str, Any]) -> Iterator[str]:
    """Return a diode whose saturation current is given at its own temperature, so that ngspice does not change it."""
    celsius = p["temperature"] - 273.15
    yield f"D{edge} {a} {b} d{edge} TEMP={celsius!r}"
    yield f".model d{edge} D(IS={p['saturation_current']!r} N={p['ideality']!r} TNOM={celsius!r})"
    if p["g_min"] > 0.0:
        yield f"R{edge} {a} {b} {1.0 / p['g_min']!r}"


def _selector(edge: str, a: str, b: str, p: Mapping[str, Any]) -> Iterator[str]:
    yield f"B{edge} {a} {b} I={p['i_0']!r}*sinh(V({a},{b})/{p['v_0']!r})"


def _cubic_resistor(edge: str, a: str, b: str, p: Mapping[str, Any]) -> Iterator[str]:
    v = f"V({a},{b})"
    yield f"B{edge} {a} {b} I={v}*(({p['g_1']!r})+{v}*(({p['g_2']!r})+{v}*({p['g_3']!r})))"


def _threshold_switch(edge: str, a: str, b: str, p: Mapping[str, Any]) -> Iterator[str]:
    yield f"Bc{edge} c{edge} 0 V=abs(V({a},{b}))"
    yield from _switch_at(edge, a, b, 0.5 * (p["v_on"] + p["v_off"]), 0.5 * (p["v_on"] - p["v_off"]), p)


def _switch(edge: str, a: str, b: str, p: Mapping[str, Any]) -> Iterator[str]:
    yield f"Vc{edge} c{edge} 0 {p['control']}"
    yield from _switch_at(edge, a, b, p["threshold"], 0.0, p)


def _switch_at(edge: str, a: str, b: str, middle: float, half: float, p: Mapping[str, Any]) -> Iterator[str]:
    yield f"S{edge} {a} {b} c{edge} 0 w{edge} {'ON' if p['on'] else 'OFF'}"
    yield f".model w{edge} SW(VT={middle!r} VH={half!r} RON={p['r_on']!r} ROFF={p['r_off']!r})"


def _voltage_source(edge: str, a: str, b: str, p: Mapping[str, Any]) -> Iterator[str]:
    yield f"V_{edge} {a} r{edge} {p['voltage']}"
    yield f"R{edge} r{edge} {b} {p['resistance']!r}"


def _current_source(edge: str, a: str, b: str, p: Mapping[str, Any]) -> Iterator[str]:
    yield f"I_{edge} {a} {b} {p['current']}"


def _transistor(edge: str, a: str, b: str, p: Mapping[str, Any]) -> Iterator[str]:
    """Return the law of csrc/devices/transistor.c, whose control may be the voltage of any edge, as of none of M's."""
    gate, source = p["linked."]
    sign = "" if p["polarity"] == "n" else "-"
    over, v = f"{sign}V({gate},{source})-({p['v_t']!r})", f"{sign}V({a},{b})"
    difference = f"(uramp({over})**2-uramp({over}-({v}))**2)"
    yield f"B{edge} {a} {b} I={sign}{0.5 * p['k']!r}*{difference}*(1+{p['modulation']!r}*abs(V({a},{b})))"


# The models that have a netlist: how the lines of an edge (its number, its two nodes) follow from its fields by name.
MODELS: dict[str, Callable[[str, str, str, Mapping[str, Any]], Iterator[str]]] = {
    "Resistor": _resistor,
    "Capacitor": _capacitor,
    "RateBalance": _rate_balance,
    "Inductor": _inductor,
    "Diode": _diode,
    "Selector": _selector,
    "CubicResistor": _cubic_resistor,
    "ThresholdSwitch": _threshold_switch,
    "Transistor": _transistor,
    "Switch": _switch,
    "VoltageSource": _voltage_source,
    "CurrentSource": _current_source,
    "JART": _jart.lines,
}


# ---------------------------------------------------------------- drives


def _source(sim: Simulation, k: int, wave: Waveform, duration: float) -> str:
    """Return the source of electrode k, or nothing where it floats."""
    name = list(sim.net.electrodes)[k]
    if ROLE_LIMITED in wave.roles:
        raise ValueError(f"the drive of electrode {name!r} limits its current, which has no netlist: {wave!r}")
    if len(wave.roles) > 1:
        raise ValueError(f"the drive of electrode {name!r} changes its role in time, which a netlist cannot: {wave!r}")
    (role,) = wave.roles
    if role == ROLE_FLOATING:
        return ""
    value = _values(sim, wave, duration)
    assert role in (ROLE_VOLTAGE, ROLE_CURRENT)
    return f"V{k} e{k} 0 {value}" if role == ROLE_VOLTAGE else f"I{k} 0 e{k} {value}"


def _values(sim: Simulation, wave: Waveform, duration: float) -> str:
    """Return the values of a waveform from the present time on, as a source has them."""
    constant = constant_value(wave)
    if constant is not None:
        return f"DC {constant[1]!r}"
    steps = math.ceil(duration / sim.dt)
    if steps > MOST_STEPS:
        raise ValueError(
            f"duration must be at most {MOST_STEPS:,} steps of the simulation where a drive is not constant, got"
            f" {duration:g} s of dt = {sim.dt:g} s"
        )
    time = sim.dt * np.arange(steps + 1)
    turns = wave.corners(sim.time, sim.time + time[-1], jumps=False) - sim.time
    between = np.abs(turns - sim.dt * np.rint(turns / sim.dt)) > 1e-9 * sim.dt
    time = np.union1d(time, turns[between])
    points = zip(time.tolist(), np.asarray(wave(sim.time + time)).tolist(), strict=True)
    return "PWL(" + "\n+ ".join(f"{t!r} {x!r}" for t, x in points) + ")"
