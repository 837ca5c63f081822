"""Circuits of figures 9 and 10: oscillators and neurons of switches, and synapses with a memory or a gate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import drive
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import (
    BipolarThreshold,
    Capacitor,
    Device,
    GatedMemristor,
    Resistor,
    ThermalSwitch,
    ThresholdSwitch,
    device_model,
    link,
)
from memnet.simulate import Circuit, Simulation

if TYPE_CHECKING:
    import xarray as xr

ADAPTIVE: dict[str, Any] = {"method": "adaptive", "rtol": 1e-4}

# The threshold switch, and what is beside it (V, ohm, F); the numbers are memnet's.
V_ON, V_OFF, R_ON, R_OFF, CAPACITANCE = 1.2, 0.4, 500.0, 1e6, 1e-9
SUPPLY, SERIES = 2.0, 20e3
# The published neuron of a film of vanadium dioxide (ohm, F).
VO2_SERIES, VO2_CAPACITANCE = 12e3, 145.34619293e-12
# The neuron of two switches, whose nodes are "1" and "2" (V, ohm, F), after a public script; from when on it is at
# rest (s), and what crosses upwards where it spikes (V).
SUPPLIES, LOAD, BETWEEN, CAPACITANCES = (-0.9, 0.9), 1e9, 100e3, (3e-9, 2e-9)
RESTED, CROSSED = 0.1, 0.2

PRIMED = """
    doc A synapse of two states: pulses beyond a threshold move its weight, and smaller voltages only how fast they do.
    i     = (g_0 + g_1*w)*v
    dw/dt = where(abs(v) > v_th, rate*sign(v)*exp(c), 0)
    dc/dt = where(abs(v) < v_th, k*v, 0)
    parameter g_0 = 1 uS in (0, inf)      : conductance without weight
    parameter g_1 = 10 uS in (0, inf)     : what a full weight adds
    parameter rate = 0.01 1/s in [0, inf) : speed of the weight
    parameter k = 0.1 1/(V s)             : what a small voltage leaves
    parameter v_th = 1 V in (0, inf)      : threshold
    parameter w_0 = 0.2 in [0, 1]         : weight at the start
    state w = w_0 in [0, 1]               : weight
    state c = 0 in [-10, 10]              : what small voltages have left
"""


def several(name: str, values: Any, low: float = -np.inf) -> list[float]:
    """Return an argument that holds at least one number as a list of floats, all above `low`."""
    given = check.array(name, values, (None,)).tolist()
    if not given:
        raise ValueError(f"{name} must hold at least one number, got none")
    return [check.real(name, one, low, np.inf, "()") for one in given]


def whole(name: str, values: Any, low: int, high: int) -> list[int]:
    """Return an argument that holds at least one integer as a list, all from `low` to `high`."""
    return [check.whole(name, one, low, high) for one in several(name, values)]


def words(name: str, values: Any, known: Iterable[str]) -> list[str]:
    """Return an argument that holds at least one of some words as a list."""
    check.instance(name, values, (list, tuple, np.ndarray), "a list of strings")
    allowed = list(known)
    if not len(values):
        raise ValueError(f"{name} must hold at least one of {', '.join(allowed)}, got none")
    return [check.one_of(name, one, allowed) for one in values]


def farads(capacitance: float) -> Capacitor:
    """Return a capacitor (F) whose steps are of second order."""
    return Capacitor(capacitance=capacitance, method="trapezoidal")


def ohms(resistance: float) -> Resistor:
    """Return a resistor (ohm)."""
    return Resistor(conductance=1.0 / resistance)


def oscillator(
    switch: Device | None = None, *, series: float = SERIES, capacitance: float = CAPACITANCE, inputs: int = 1
) -> Circuit:
    """Return a switch beside a capacitance (F), none at 0, behind a resistance (ohm) from each of some inputs.

    The inputs are "in", "in 2" and so on, the node "a".
    """
    circuit = Circuit()
    for k in range(inputs):
        circuit.add("in" if k == 0 else f"in {k + 1}", "a", ohms(series))
    if capacitance > 0.0:
        circuit.add("a", "gnd", farads(capacitance))
    if switch is None:
        switch = ThresholdSwitch(v_on=V_ON, v_off=V_OFF, r_on=R_ON, r_off=R_OFF)
    circuit.add("a", "gnd", switch, name="switch")
    return circuit


def vo2() -> Circuit:
    """Return the neuron of a film of vanadium dioxide."""
    return oscillator(ThermalSwitch.preset("vo2"), series=VO2_SERIES, capacitance=VO2_CAPACITANCE)


def period(voltage: float, series: float = SERIES) -> float:
    """Return the period (s) of `oscillator` at a constant voltage (V), in closed form; nan where it does not oscillate.

    It closes where it would charge beyond v_on, and opens where it would discharge below v_off, with either sign.
    """
    times = []
    ways = ((R_OFF, V_OFF, V_ON), (R_ON, V_ON, V_OFF))  # from one threshold to the other
    for resistance, begins, ends in ways:
        whole = series + resistance
        target = abs(voltage) * resistance / whole
        left, right = target - begins, target - ends
        if left * right <= 0.0 or abs(right) >= abs(left):
            return float("nan")
        times.append(series * resistance / whole * CAPACITANCE * np.log(left / right))
    return float(sum(times))


def pulses_to_fire(gap: float, width: float, voltage: float) -> float:
    """Return how many pulses (s, V) with gaps (s) make `oscillator` fire, in closed form; inf where none of them do."""
    target = abs(voltage) * R_OFF / (SERIES + R_OFF)
    tau = SERIES * R_OFF / (SERIES + R_OFF) * CAPACITANCE
    left, fall = -np.expm1(-width / tau), np.exp(-(width + gap) / tau)
    # After n pulses it is at target left (1 - fall^n)/(1 - fall).
    most = target * left / (1.0 - fall)
    return float(np.ceil(np.log1p(-V_ON / most) / np.log(fall))) if most > V_ON else float("inf")


def neuristor(wave: Any, *, dt: float, rtol: float = 1e-4) -> Simulation:
    """Return the neuron of two switches under a current (A) into its first node, with adaptive steps."""
    circuit = Circuit()
    switch = ThresholdSwitch(v_on=1.0, v_off=0.5, r_on=50e3, r_off=10e6)
    for node, supply, capacitance in zip("12", ("low", "high"), CAPACITANCES, strict=True):
        circuit.add(node, supply, switch, name=f"switch {node}")
        circuit.add(node, "gnd", farads(capacitance))
    circuit.add("2", "gnd", ohms(LOAD))
    circuit.add("1", "2", ohms(BETWEEN))
    held = dict(zip(("low", "high"), SUPPLIES, strict=True))
    return circuit.simulation({"1": drive.current(wave), **held, "gnd": 0.0}, dt=dt, method="adaptive", rtol=rtol)


def pushed(current: float, length: float, *, gap: float = 1.0, count: int = 1) -> Any:
    """Return pulses of a current (A) and a length (s) for a neuristor at rest."""
    return drive.pulses(0.0, current, length=length, spacing=gap, start=RESTED, count=count)


def closings(run: xr.Dataset, edge: int) -> Floats:
    """Return when an edge closed, or fired (s)."""
    mine: Floats = run["event_time"].values[(run["event_edge"].values == edge) & (run["event_kind"].values == 1)]
    return mine


def upward(time: Floats, values: Floats, level: float) -> Floats:
    """Return when a trace crosses a level upwards."""
    k = np.flatnonzero((values[:-1] < level) & (values[1:] >= level))
    return np.asarray(time[k] + (level - values[k]) / (values[k + 1] - values[k]) * (time[k + 1] - time[k]))


def synapse(**parameters: float) -> Circuit:
    """Return a bipolar synapse, whose voltage is that of "post" less that of "pre"."""
    circuit = Circuit()
    circuit.add("post", "pre", BipolarThreshold(**parameters), name="synapse")
    return circuit


def primed() -> Device:
    """Return a synapse that small voltages prime."""
    return device_model("Primed", PRIMED)()


def gated(r_0: float) -> Circuit:
    """Return a synapse from "in" to "out" whose speed, r_0 (1/s) at 0 V, a voltage at "gate" tunes."""
    circuit = Circuit()
    circuit.add("in", "out", link(GatedMemristor(r_0=r_0), to="gate"), name="channel")
    circuit.add("gate", "out", ohms(1e6), name="gate")
    return circuit
