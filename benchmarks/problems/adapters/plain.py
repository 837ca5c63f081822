"""A code of a few lines: dense matrices of NumPy and LSODA of SciPy, as one writes it in an afternoon."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from adapters.base import Adapter

RTOL = 1e-6


class Plain(Adapter):
    """Kirchhoff's equations as a dense matrix, and one call of `solve_ivp` for a run, jumps of the drive and all."""

    name = "NumPy, SciPy"

    def tunnel_gaps(self, problem: dict[str, Any]) -> dict[str, Any]:
        g = np.exp(-200.0 * np.array(problem["network"]["per_edge"]["L"]))
        return self._solved(problem, g)

    def crossbar_lines(self, problem: dict[str, Any]) -> dict[str, Any]:
        return self._solved(problem, np.array(problem["network"]["per_edge"]["g"]))

    def floating_read(self, problem: dict[str, Any]) -> dict[str, Any]:
        found = self._solved(problem, np.array(problem["network"]["per_edge"]["g"]))
        names = list(problem["network"]["electrodes"])
        current = found["current"][names.index("b0")]
        sneak = -current - problem["network"]["per_edge"]["g"][0] * problem["drive"]["w0"]["value"]
        nodes = [problem["network"]["electrodes"][name][0] for name in problem["ask"]["potential"]["electrodes"]]
        return {"current": [current], "sneak": [sneak], "potential": found["potential"][nodes]}

    def _solved(self, problem: dict[str, Any], g: Any) -> dict[str, Any]:
        net = problem["network"]
        matrix = np.zeros((net["nodes"], net["nodes"]))
        for (a, b), value in zip(net["edges"], g, strict=True):
            matrix[[a, b], [a, b]] += value
            matrix[[a, b], [b, a]] -= value
        held = {
            node: problem["drive"][name]["value"]
            for name, nodes in net["electrodes"].items()
            for node in nodes
            if problem["drive"][name]["kind"] != "floating"
        }
        fixed, free = list(held), [k for k in range(net["nodes"]) if k not in held]
        potential = np.zeros(net["nodes"])
        potential[fixed] = list(held.values())
        potential[free] = np.linalg.solve(matrix[np.ix_(free, free)], -matrix[np.ix_(free, fixed)] @ potential[fixed])
        current = matrix @ potential
        return {
            "potential": potential,
            "current": [current[nodes].sum() for nodes in net["electrodes"].values()],
        }

    def rest_potential(self, problem: dict[str, Any]) -> dict[str, Any]:
        net = problem["network"]

        def current(v: float, cell: int) -> float:
            total = 0.0
            for (a, _), name in zip(net["edges"], net["devices"], strict=True):
                if a == cell:
                    p = {key: one["value"] for key, one in problem["devices"][name]["parameters"].items()}
                    u = p["z"] * p["F"] * v / (p["R"] * p["T"])
                    total += p["P"] * p["z"] * u * (p["c_a"] - p["c_b"] * np.exp(-u)) / (1 - np.exp(-u))
            return total

        return {"potential": [brentq(current, -0.2, 0.21, args=(k,)) for k in range(net["nodes"] - 1)]}

    def hp_memristor(self, problem: dict[str, Any]) -> dict[str, Any]:
        p, times = self._parameters(problem, "memristor"), problem["ask"]["x"]["times"]

        def current(t: Any, x: Any) -> Any:
            return self._drive(problem, "in", t) / (p["r_on"] * x + p["r_off"] * (1 - x))

        x, steps = self._followed(lambda t, x: p["mu"] * p["r_on"] / p["d"] ** 2 * current(t, x), [0.1], times)
        return {"x": x[0], "current": current(np.array(times), x[0]), "steps": steps}

    def narrow_pulses(self, problem: dict[str, Any]) -> dict[str, Any]:
        p = self._parameters(problem, "synapse")

        def rates(t: float, g: Any) -> Any:
            v = self._drive(problem, "in", t)
            up, down = p["kappa_p0"] * np.exp(p["eta_p"] * v), p["kappa_d0"] * np.exp(-p["eta_d"] * v)
            return up * (1 - g) - down * g

        start = problem["devices"]["synapse"]["states"]["g"]["start"]
        g, steps = self._followed(rates, [start], problem["ask"]["g"]["times"])
        return {"g": g[0], "steps": steps}

    def stdp_curve(self, problem: dict[str, Any]) -> dict[str, Any]:
        p = self._parameters(problem, "synapse")
        n = len(problem["network"]["edges"])

        def rates(t: float, _: Any) -> Any:
            v = np.array([self._drive(problem, f"post{k}", t) for k in range(n)]) - self._drive(problem, "pre", t)
            beyond = np.exp(abs(v) / p["v_0"]) - np.exp(p["v_th"] / p["v_0"])
            return p["I_0"] * np.sign(v) * np.maximum(beyond, 0.0)

        change, steps = self._followed(rates, np.zeros(n), problem["ask"]["change"]["times"])
        return {"change": change[:, -1], "steps": steps}

    def wire_pulses(self, problem: dict[str, Any]) -> dict[str, Any]:
        p, net = self._parameters(problem, "junction"), problem["network"]
        edges, ends = np.array(net["edges"]), net["electrodes"]
        incidence = np.zeros((len(edges), net["nodes"]))
        incidence[np.arange(len(edges)), edges[:, 0]], incidence[np.arange(len(edges)), edges[:, 1]] = 1.0, -1.0
        free = [k for k in range(net["nodes"]) if k not in ends["left"] + ends["right"]]
        at_left = incidence[:, ends["left"]].sum(axis=1)

        def circuit(state: Any) -> tuple[Any, Any]:
            g = p["g_min"] + (p["g_max"] - p["g_min"]) * state
            inner = incidence[:, free]
            return g, at_left - inner @ np.linalg.solve((inner.T * g) @ inner, inner.T @ (g * at_left))

        def rates(t: float, state: Any) -> Any:
            v = abs(self._drive(problem, "left", t) * circuit(state)[1])
            return (
                p["kappa_p0"] * np.exp(p["eta_p"] * v) * (1 - state) - p["kappa_d0"] * np.exp(-p["eta_d"] * v) * state
            )

        start = np.full(len(edges), problem["devices"]["junction"]["states"]["g"]["start"])
        states, steps = self._followed(rates, start, problem["ask"]["conductance"]["times"])
        found = [(g * v) @ at_left for g, v in map(circuit, states.T)]
        return {"conductance": found, "g": states[:, -1], "steps": steps}

    def _parameters(self, problem: dict[str, Any], device: str) -> dict[str, float]:
        return {name: one["value"] for name, one in problem["devices"][device]["parameters"].items()}

    def _drive(self, problem: dict[str, Any], electrode: str, t: Any) -> Any:
        wave = problem["drive"][electrode]
        if wave["kind"] == "sine":
            return wave["offset"] + wave["amplitude"] * np.sin(2 * np.pi * wave["frequency"] * t)
        if wave["kind"] == "lines":
            return np.interp(t, wave["times"], wave["values"])
        return wave["values"][int(np.searchsorted(wave["times"], t, side="right")) - 1]

    def _followed(self, rates: Any, start: Any, times: list[float]) -> tuple[Any, int]:
        found = solve_ivp(rates, (0.0, times[-1]), start, method="LSODA", t_eval=times, rtol=RTOL, atol=1e-9)
        return found.y, int(found.nfev)
