"""Models from equations that other programs can solve, and a transient for each: memnet's own, and more made here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

import memnet as mn

BALANCE = """
    i     = v*(g_min*(1 - g) + g_max*g)
    dg/dt = kappa_p0*exp(eta_p*abs(v))*(1 - g) - kappa_d0*exp(-eta_d*abs(v))*g
    parameter g_min    = 1 mS in [0, inf)
    parameter g_max    = 100 mS in [0, inf)
    parameter kappa_p0 = 1e-4 1/s in [0, inf)
    parameter kappa_d0 = 0.5 1/s in [0, inf)
    parameter eta_p    = 10 1/V in [0, inf)
    parameter eta_d    = 1 1/V in [0, inf)
    state g = 0.1 in [0, 1]
"""
MEMBRANE = """
    i     = g_L*(v - E_L) + g_K*n**4*(v - E_K) + g_Na*m**3*h*(v - E_Na)
    q     = C_m*v
    dn/dt = a_n*(1 - n) - b_n*n
    dm/dt = a_m*(1 - m) - b_m*m
    dh/dt = a_h*(1 - h) - b_h*h
    u     = v/V_1
    a_n   = k*where(abs(u + 55) < 1e-4, 0.1, 0.01*(u + 55)/(1 - exp(-(u + 55)/10)))
    b_n   = k*0.125*exp(-(u + 65)/80)
    a_m   = k*where(abs(u + 40) < 1e-4, 1, 0.1*(u + 40)/(1 - exp(-(u + 40)/10)))
    b_m   = k*4*exp(-(u + 65)/18)
    a_h   = k*0.07*exp(-(u + 65)/20)
    b_h   = k/(1 + exp(-(u + 35)/10))
    parameter k    = 1 1/ms in (0, inf)
    parameter V_1  = 1 mV in (0, inf)
    parameter C_m  = 1 uF in (0, inf)
    parameter g_L  = 0.3 mS in (0, inf)
    parameter g_K  = 36 mS in (0, inf)
    parameter g_Na = 120 mS in (0, inf)
    parameter E_L  = -54.387 mV
    parameter E_K  = -77 mV
    parameter E_Na = 50 mV
    parameter v_initial = -65 mV
    state n = 0.3177 in [0, 1]
    state m = 0.0529 in [0, 1]
    state h = 0.5961 in [0, 1]
"""
JUNCTION = """
    i = I_s*expm1(v/(n*k_B*T/e_charge)) + g_min*v
    parameter I_s   = 1 nA in (0, inf)
    parameter n     = 1.5 in (0, inf)
    parameter T     = 300 K in (0, inf)
    parameter g_min = 1 nS in [0, inf)
"""
# A linear filter inside: its current is linear in v and w, and so are the rates.
FILTER = """
    i     = g*(v - w) + G*v
    q     = C*v
    dw/dt = (v - w)/tau
    parameter g   = 1 mS in (0, inf)   : of the filter
    parameter G   = 0.2 mS in [0, inf) : beside it; its name is g for who does not mind the case
    parameter C   = 3 nF in (0, inf)
    parameter tau = 5 us in (0, inf)
    state w = 0.2 V
"""
# States of some nm, of which the ends of the range are parameters, and are reached.
FILAMENT = """
    i     = v/(R_on*gap/d + R_off*(1 - gap/d) + R_0*(W/d)**2)
    dgap/dt = mu*v*where(abs(v) > v_0 and not gap < 0, 1, 0.5)
    dW/dt = -mu*v + min(0, abs(v) - v_0)*mu
    parameter R_on  = 1 kohm in (0, inf)
    parameter R_off = 5 kohm in (0, inf)
    parameter R_0   = 2 kohm in (0, inf)
    parameter d     = 10 nm in (0, inf)
    parameter mu    = 2e-7 m/(V s) in (0, inf)
    parameter v_0   = 0.3 V in (0, inf)
    state gap = d/3 in [0, d]
    state W = 1 nm in [-d, d] : of the other sign
"""
MEMCAPACITOR = """
    i     = g*v
    q     = C*(1 + x)*v + D*v**3
    dx/dt = k*v - x/tau
    parameter g   = 1 nS in [0, inf)
    parameter C   = 2 pF in (0, inf)
    parameter D   = 0.5 pF/V^2 in [0, inf)
    parameter k   = 100 1/(V ms)
    parameter tau = 20 us in (0, inf)
    parameter v_initial = 0.1 V
    state x = 0.5 in [0, inf)
"""
CLOCK = """
    i     = g*v*(1 + min(t/tau, 1) + x)
    dx/dt = where(t > tau or v < -v_0, 1/tau, -x/tau)
    parameter g   = 1 mS in (0, inf)
    parameter tau = 0.5 ms in (0, inf)
    parameter v_0 = 0.4 V in (0, inf)
    state x = 1
"""
# Level 1, which a state of the edge between gate and source strengthens.
CHANNEL = """
    u   = max(linked.v - V_t, 0)
    i   = (1 + linked.g)*sign(v)*K*where(abs(v) < u, (2*u - abs(v))*abs(v), u*u)*(1 + y*abs(v)) + g_min*v
    parameter V_t   = 0.5 V
    parameter K     = 1 mA/V^2 in (0, inf)
    parameter y     = 0.02 1/V in [0, inf)
    parameter g_min = 1 nS in [0, inf)
"""


@dataclass(frozen=True)
class Transient:
    """A device behind a resistor under a triangle of voltage.

    Attributes
    ----------
    device : mn.Device
        The device.
    amplitude, duration : float
        Of two periods of the triangle (V, s).
    resistance : float
        In series (ohm).
    tolerance : float
        Of the current, relative to its range.
    method : str
        How memnet takes its steps. Adaptive ones know no charge that depends on states.
    gate : mn.Device, optional
        What the device reads where it reads another edge: between "out" and an electrode of its own, under a slower
        triangle.
    """

    device: mn.Device
    amplitude: float
    duration: float
    resistance: float
    tolerance: float = 1e-3
    method: str = "adaptive"
    gate: mn.Device | None = None

    def simulation(self) -> mn.Simulation:
        edges, electrodes = [(0, 1), (1, 2)], {"in": 0, "out": 2}
        devices = [self.device, mn.Resistor(conductance=1.0 / self.resistance)]
        drive = {"in": mn.drive.triangle(-self.amplitude, self.amplitude, self.duration / 2), "out": 0.0}
        if self.gate is not None:
            edges, electrodes = [*edges, (3, 2)], {**electrodes, "gate": 3}
            devices = [mn.link(self.device, to=2), devices[1], self.gate]
            drive["gate"] = mn.drive.triangle(-self.amplitude, self.amplitude, 1.4 * self.duration)
        net = mn.Network(len(electrodes) + 1, edges, length=[0.5] * len(edges), electrodes=electrodes)
        n_rows, rtol = (250, 1e-6) if self.method == "adaptive" else (2000, None)
        return mn.Simulation(net, devices, drive, dt=self.duration / n_rows, method=self.method, rtol=rtol)


def made(name: str, text: str, **parameters: float) -> mn.Device:
    return mn.device_model(name, text)(**parameters)


TRANSIENTS = {
    "balance": lambda: Transient(made("Balance", BALANCE), 1.2, 5.0, 5.0),
    "membrane": lambda: Transient(made("Membrane", MEMBRANE), 0.05, 30e-3, 500.0),
    "junction": lambda: Transient(made("Junction", JUNCTION), 1.0, 1e-3, 1e3),
    "filter": lambda: Transient(made("Filter", FILTER), 1.0, 1e-4, 1e3, 1e-5),
    "filament": lambda: Transient(made("Filament", FILAMENT), 1.0, 0.4, 100.0),
    "memcapacitor": lambda: Transient(made("MemCap", MEMCAPACITOR), 1.0, 1e-4, 1e6, method="fixed"),
    "clock": lambda: Transient(made("Clock", CLOCK), 1.0, 2e-3, 100.0),
}


@cache
def own_models() -> dict[str, type[mn.devices.EquationDevice]]:
    """Return memnet's own models from equations that are smooth."""
    found = {}
    for name, model in mn.devices.MODELS.items():
        if issubclass(model, mn.devices.EquationDevice):
            try:
                model.to_verilog_a()
            except ValueError:
                continue
            found[name] = model
    return found


def gate_of(device: mn.Device) -> mn.Device | None:
    """Return what a device can read: a resistor, or one of memnet's own models with the states."""
    wanted = device._table["linked_states"]
    if not wanted:
        return None if wanted is None else mn.Resistor(conductance=1e-3)
    known = {name: {field["name"] for field in model._table["fields"]} for name, model in own_models().items()}
    return next(own_models()[name]() for name, fields in known.items() if fields >= set(wanted))


def transient_of(device: mn.Device) -> Transient:
    """Return a transient in which a device's states move over their ranges, from what its equations say.

    The voltage is the first of 1, 2, 4, ... V at which a state would move over its range in 1,000 s. One that reads
    states of another edge has the transient of that edge's device.
    """
    gate = gate_of(device)
    if device._table["linked_states"]:
        of = transient_of(gate)
        return Transient(device, of.amplitude, of.duration, 1.0, gate=gate)
    states = [field for field in device._table["fields"] if field["role"] == "state" and field["name"] != "v_q"]
    fastest = 0.0
    for volts in map(float, 2.0 ** np.arange(6)):
        sim = Transient(device, volts, 1.0, 1.0, method="fixed", gate=gate).simulation()
        found = [sim._core.linearise(0, np.full(sim.net.n_edges, sign * volts)) for sign in (-1.0, 1.0)]
        current = max(abs(float(one["i"][0])) for one in found)
        sizes = [size_of(sim, field) for field in states]
        rates = [np.abs(one["f"][: len(sizes), 0]) / sizes for one in found] if states else []
        fastest = max((float(rate.max(initial=0.0)) for rate in rates), default=0.0)
        if fastest > 1e-3 or not states:
            break
    duration = 4.0 / fastest if states else 1e-3
    resistance = 0.2 * volts / current if current else 0.1 * duration / float(found[0]["q_v"][0])
    method = "fixed" if states and device._table["voltage_field"] else "adaptive"
    return Transient(device, volts, duration, resistance, method=method, gate=gate)


def size_of(sim: mn.Simulation, field: dict) -> float:
    span = field["high"] - field["low"]
    start = float(np.abs(sim.state(sim.devices[0], field["name"])).max())
    return span if np.isfinite(span) else start or 1.0
