"""memnet as one of the codes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

import memnet as mn
from adapters.base import Adapter

# Of adaptive runs; an error of a run is of this size, and answers are asked to 1e-3 or 1e-4.
RTOL = 1e-5


class Memnet(Adapter):
    """Networks, devices and drives as memnet has them; devices that it lacks are made from their equations."""

    name = "memnet"

    # ---------------------------------------------------------------- at rest

    def tunnel_gaps(self, problem: dict[str, Any]) -> dict[str, Any]:
        law = parameters(problem, "gap")
        g = law["alpha"] * np.exp(-law["beta"] * np.array(problem["network"]["per_edge"]["L"]))
        found = mn.solve(network(problem), g, drive(problem))
        return {"potential": found.potential, "current": found.current}

    def crossbar_lines(self, problem: dict[str, Any]) -> dict[str, Any]:
        return {"current": mn.solve(network(problem), problem["network"]["per_edge"]["g"], drive(problem)).current}

    def floating_read(self, problem: dict[str, Any]) -> dict[str, Any]:
        g = problem["network"]["per_edge"]["g"]
        waves = drive(problem)
        found = mn.solve(network(problem), g, waves)
        current = found.current_of("b0")
        return {
            "current": [current],
            "sneak": [-current - g[0] * (waves["w0"] - waves["b0"])],
            "potential": [found.voltage_of(name) for name in problem["ask"]["potential"]["electrodes"]],
        }

    def rest_potential(self, problem: dict[str, Any]) -> dict[str, Any]:
        laws = [parameters(problem, name) for name in problem["network"]["devices"]]
        devices = [mn.Goldman(**{name: law[name] for name in ("P", "z", "c_a", "c_b", "T")}) for law in laws]
        found = mn.solve(network(problem), devices=devices, drive=drive(problem))
        return {"potential": [found.voltage_of(name) for name in problem["ask"]["potential"]["electrodes"]]}

    def pore_impedance(self, problem: dict[str, Any]) -> dict[str, Any]:
        devices = [mn.Nanopore(**parameters(problem, "pore")), capacitor(problem)]
        sim = mn.Simulation(network(problem), devices, drive(problem))
        z = mn.impedance(sim, ("in", "ground"), problem["ask"]["impedance"]["frequencies"]).values
        return {"impedance": np.stack([z.real, z.imag], axis=-1)}

    # ---------------------------------------------------------------- in time

    def hp_memristor(self, problem: dict[str, Any]) -> dict[str, Any]:
        law = parameters(problem, "memristor") | {"x_initial": start(problem, "memristor", "x")}
        data, steps = rows(problem, mn.LinearDrift(**law), problem["ask"]["x"]["times"], ["state:x"])
        return {"x": data.state_x[:, 0], "current": data.current.sel(electrode="in"), "steps": steps}

    def narrow_pulses(self, problem: dict[str, Any]) -> dict[str, Any]:
        # A fixed step is exact at a constant voltage, so all that it takes is that pulses begin and end with steps.
        device, times = rate_balance(problem, "synapse"), problem["ask"]["g"]["times"]
        data, steps = rows(problem, device, times, ["state:g"], method="fixed", spacing=1e-3)
        return {"g": data.state_g[:, 0], "steps": steps}

    def stdp_curve(self, problem: dict[str, Any]) -> dict[str, Any]:
        device = mn.BipolarThreshold(**parameters(problem, "synapse"), w_initial=start(problem, "synapse", "w"))
        data, steps = rows(problem, device, problem["ask"]["change"]["times"], ["state:w"])
        return {"change": data.state_w[0] - start(problem, "synapse", "w"), "steps": steps}

    def nanopore_loop(self, problem: dict[str, Any]) -> dict[str, Any]:
        device, found, taken = mn.Nanopore(**parameters(problem, "pore")), {}, 0
        for name, ask in problem["ask"].items():
            data, steps = rows(problem, device, ask["times"], ["current"])
            found[name] = data.current.sel(electrode=ask["electrodes"][0])
            taken += steps
        return {**found, "steps": taken}

    def diffusive_pulse(self, problem: dict[str, Any]) -> dict[str, Any]:
        law = parameters(problem, "switch")
        series = mn.Resistor(conductance=parameters(problem, "series")["g"])
        switch = mn.device_model("DiffusiveParticle", text_of(problem, "switch"))()
        data, steps = rows(problem, [series, switch], problem["ask"]["x"]["times"], ["state:x"], spacing=0.01)
        x = data.state_x.values[:, 0]
        resistance = 2 * law["r_t"] * np.exp(1 / law["lam"]) * np.cosh(x / law["lam"])
        return {"x": x, "resistance": resistance, "steps": steps}

    def wire_pulses(self, problem: dict[str, Any]) -> dict[str, Any]:
        # Rows are evenly spaced and these times are not: from each to the next a simulation of its own goes on.
        pulse, asked = problem["drive"]["left"], problem["ask"]["conductance"]["times"]
        net, device = network(problem), rate_balance(problem, "junction")
        state, found, steps = start(problem, "junction", "g"), [], 0
        for begin, end in pairwise(sorted({0.0, *pulse["times"], *asked})):
            volts = pulse["values"][np.searchsorted(pulse["times"], begin, side="right") - 1]
            waves = {"left": volts, "right": 0.0}
            sim = mn.Simulation(net, device, waves, dt=end - begin, method="adaptive", rtol=RTOL)
            sim.set_state(device, g=state)
            data = sim.run(2, record=["state:g"])
            state = data.state_g.values[1]
            steps += sim.counters["steps"]
            if end in asked:
                found.append(data.conductance.values[1])
        return {"conductance": found, "g": state, "steps": steps}

    def membrane_spikes(self, problem: dict[str, Any]) -> dict[str, Any]:
        law = parameters(problem, "membrane")
        per_area = {name: 1e4 * law[name] for name in ("g_Na", "g_K", "g_leak", "C_m")}  # of 1 cm^2, per m^2
        device = mn.HodgkinHuxley(**per_area, **{name: law[name] for name in ("E_Na", "E_K", "E_leak")})
        times, ask = problem["ask"]["potential"]["times"], problem["ask"]["spikes"]
        data, steps = rows(problem, device, None, ["voltage"], spacing=2e-5, end=times[-1])
        volts = data.voltage.sel(electrode="inside").values
        below = np.flatnonzero((volts[:-1] < 0.05) & (volts[1:] >= 0.05))[: ask["events"]]
        share = (0.05 - volts[below]) / (volts[below + 1] - volts[below])
        at = data.voltage.sel(electrode="inside").sel(time=times, method="nearest")
        return {"spikes": data.time.values[below] + share * 2e-5, "potential": at, "steps": steps}

    # ---------------------------------------------------------------- events

    def ndr_oscillator(self, problem: dict[str, Any]) -> dict[str, Any]:
        switch = mn.ThresholdSwitch(**parameters(problem, "switch"))
        resistor = mn.Resistor(conductance=parameters(problem, "resistor")["g"])
        devices = [resistor, capacitor(problem, method="trapezoidal"), switch]
        sim = mn.Simulation(network(problem), devices, drive(problem), dt=1e-8)
        n = problem["ask"]["closing"]["events"]
        data = sim.run(16_000, every=16_000)
        closing = data.event_time.values[data.event_kind.values == 1][:n]
        return {"closing": closing, "period": [(closing[-1] - closing[0]) / (n - 1)], "steps": sim.counters["steps"]}

    def switching_order(self, problem: dict[str, Any]) -> dict[str, Any]:
        law, per_edge = parameters(problem, "gap"), problem["network"]["per_edge"]
        names = {"e_t": "E_T", "i_t": "I_T"}
        given = {name: law[names.get(name, name)] for name in ("alpha", "beta", "g_on", "e_t", "i_t", "r_d", "r_w")}
        device, dt, n = mn.TunnelGap(**given, w0=per_edge["w_0"], field="gap"), 2e-3, problem["ask"]["edge"]["events"]
        sim = mn.Simulation(network(problem, length=per_edge["L"]), device, drive(problem), dt=dt)
        data = sim.run(duration=200.0, every=1000)
        edge, kind = data.event_edge.values[:n], data.event_kind.values[:n]
        # An event of step k shows at its end.
        return {"edge": edge, "kind": kind, "time": (data.event_step.values[:n] + 1) * dt, "steps": sim.steps_done}


def network(problem: dict[str, Any], length: Any = None) -> mn.Network:
    given = problem["network"]
    return mn.Network(given["nodes"], given["edges"], electrodes=given["electrodes"], length=length)


def parameters(problem: dict[str, Any], device: str) -> dict[str, float]:
    return {name: one["value"] for name, one in problem["devices"][device]["parameters"].items()}


def start(problem: dict[str, Any], device: str, state: str) -> float:
    value: float = problem["devices"][device]["states"][state]["start"]
    return value


def capacitor(problem: dict[str, Any], **options: str) -> mn.Capacitor:
    return mn.Capacitor(capacitance=parameters(problem, "capacitor")["C"], **options)


def rate_balance(problem: dict[str, Any], device: str) -> mn.RateBalance:
    return mn.RateBalance(**parameters(problem, device), g_initial=start(problem, device, "g"))


def text_of(problem: dict[str, Any], device: str) -> str:
    """Return a device's equations in memnet's language, which has parameters and states in the same text."""
    law = problem["devices"][device]
    said = [f"parameter {name} = {one['value']} {one['unit']}" for name, one in law["parameters"].items()]
    said += [f"state {name} = {one['start']} {one['unit']}" for name, one in law["states"].items()]
    return "\n".join([*law["equations"], *said]).replace(" 1\n", "\n").removesuffix(" 1")


WAVES: dict[str, Any] = {
    "constant": lambda one: one["value"],
    "floating": lambda _: None,
    "current": lambda one: mn.drive.current(one["value"]),
    "sine": lambda one: mn.drive.sine(one["amplitude"], one["frequency"], offset=one["offset"]),
    "steps": lambda one: mn.drive.steps(one["values"], one["times"]),
    "lines": lambda one: mn.drive.piecewise_linear(one["times"], one["values"]),
}


def drive(problem: dict[str, Any]) -> dict[str, Any]:
    return {name: WAVES[one["kind"]](one) for name, one in problem["drive"].items()}


def rows(
    problem: dict[str, Any],
    devices: Any,
    times: list[float] | None,
    record: list[str],
    *,
    method: str = "adaptive",
    spacing: float | None = None,
    end: float | None = None,
) -> tuple[Any, int]:
    """Run and return the rows at some times, of which all are multiples of the first, and the steps that it took."""
    dt = times[0] if spacing is None else spacing
    rtol = RTOL if method == "adaptive" else None
    sim = mn.Simulation(network(problem), devices, drive(problem), dt=dt, method=method, rtol=rtol)
    data = sim.run(round((times[-1] if end is None else end) / dt) + 1, record=record)
    found = data if times is None else data.isel(time=np.rint(np.array(times) / dt).astype(int))
    return found, sim.counters["steps"]
