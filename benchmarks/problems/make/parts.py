"""What several problems are made of: laws of devices, drives, questions and references as plain data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

Rates = Callable[[float, NDArray[np.float64]], Any]

RATE_BALANCE = [
    "i = (g_min + (g_max - g_min)*g)*v",
    "dg/dt = kappa_p0*exp(eta_p*abs(v))*(1 - g) - kappa_d0*exp(-eta_d*abs(v))*g",
]
PORE = [
    "i = (g_L + (g_H - g_L)*x)*(v - E_0)",
    "dx/dt = (x_eq - x)/tau",
    "x_eq = 1/(1 + exp(-(v - V_B)/V_m))",
    "tau = tau_0/(exp((v - V_A)/(n_A*V_m)) + exp(-(v - V_D)/(n_D*V_m)))",
    "V_B = V_A/n_A + V_D/n_D",
    "n_D = n_A/(n_A - 1)",
]
RESISTOR = ["i = g*v"]


def device(
    equations: Sequence[str], parameters: dict[str, tuple[Any, str]], states: dict[str, tuple[Any, str]] | None = None
) -> dict[str, Any]:
    """Return a device: equations, parameters as (value, unit), states as (start, unit)."""
    made: dict[str, Any] = {
        "equations": list(equations),
        "parameters": {name: {"value": value, "unit": unit} for name, (value, unit) in parameters.items()},
    }
    if states:
        made["states"] = {name: {"start": value, "unit": unit} for name, (value, unit) in states.items()}
    return made


def network(
    nodes: int,
    edges: Sequence[Sequence[int]],
    devices: str | Sequence[str],
    electrodes: dict[str, list[int]],
    **per: Any,
) -> dict[str, Any]:
    """Return a network; `per` are parameters with one value an edge."""
    names = [devices] * len(edges) if isinstance(devices, str) else list(devices)
    made = {"nodes": nodes, "edges": [list(edge) for edge in edges], "devices": names, "electrodes": electrodes}
    return made | ({"per_edge": {name: list(value) for name, value in per.items()}} if per else {})


def constant(value: float) -> dict[str, Any]:
    return {"kind": "constant", "value": value}


def steps(times: Sequence[float], values: Sequence[float]) -> dict[str, Any]:
    """Return a drive that holds values[k] from times[k] on."""
    return {"kind": "steps", "times": list(times), "values": list(values)}


def lines(times: Sequence[float], values: Sequence[float]) -> dict[str, Any]:
    """Return a drive along straight lines through points, constant before the first and behind the last."""
    return {"kind": "lines", "times": list(times), "values": list(values)}


def asked(unit: str, meaning: str, **where: Any) -> dict[str, Any]:
    return {"unit": unit, "meaning": meaning, **where}


def reference(values: Any, *, rtol: float = 0.0, atol: float = 0.0) -> dict[str, Any]:
    """Return a reference: an answer is right within atol + rtol |value|."""
    return {"values": np.asarray(values, dtype=float).tolist(), "rtol": rtol, "atol": atol}


def apart(known: dict[str, Any], other: Any) -> float:
    """Return how far another way to the same reference is from it, in tolerances."""
    values, given = np.asarray(known["values"]), np.asarray(other, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = abs(given - values) / (known["atol"] + known["rtol"] * abs(values))
    return float(np.where(given == values, 0.0, ratio).max())


def problem(
    name: str,
    title: str,
    separates: str,
    sources: Sequence[str],
    parts: dict[str, Any],
    references: dict[str, dict[str, Any]],
    how: str,
    others: dict[str, dict[str, Any]],
) -> dict[str, Any]:
    """Return a problem as its file has it; `others` are the same references got in other ways, by what these are."""
    checked = [
        {"by": by, "apart": float(f"{max(apart(references[key], value) for key, value in found.items()):.1e}")}
        for by, found in others.items()
    ]
    return {
        "format": "memristive networks 1",
        "name": name,
        "title": title,
        "separates": separates,
        "sources": list(sources),
        **parts,
        "reference": {"how": how, "checked": checked, "quantities": references},
    }


def integrated(
    rates: Rates, start: Sequence[float], corners: Sequence[float], times: Sequence[float], method: str, rtol: float
) -> NDArray[np.float64]:
    """Return (time, state) at `times`, integrated afresh from corner to corner of a drive.

    Rates may ask for the drive at the time given, which is always inside a piece, never at its ends.
    """
    times, state = np.asarray(times, dtype=float), np.asarray(start, dtype=float)
    found = np.empty((times.size, state.size))
    found[times == corners[0]] = state
    for begin, end in pairwise(corners):
        here = (times > begin) & (times <= end)

        def inside(s: float, y: NDArray[np.float64], low: float = begin, high: float = end) -> Any:
            # Drives are one-sided at both ends, and time from the corner keeps the digits of short steps.
            return rates(min(max(low + s, np.nextafter(low, high)), np.nextafter(high, low)), y)

        at = np.unique(np.append(times[here], end)) - begin
        first = {"first_step": (end - begin) * 1e-12} if method == "LSODA" else {}
        done = solve_ivp(
            inside, (0.0, end - begin), state, method=method, t_eval=at, rtol=rtol, atol=rtol * 1e-3, **first
        )
        if not done.success:
            raise ArithmeticError(f"{method} from {begin:g} s to {end:g} s: {done.message}")
        found[here] = done.y.T[np.searchsorted(at, times[here] - begin)]
        state = done.y[:, -1]
    return found
