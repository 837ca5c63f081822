"""Mean fields over time: the differential equation by LSODA, or the step rule of the device model."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from memnet.base.arrays import Floats

# Width of the strip beyond an end in which a state that is held comes to rest, of the range of states.
STRIP = 1e-9
# Evaluations in which an integrator must do a thousandth of its way.
WATCHED = 50_000


class Equation(Protocol):
    """What of a `MeanField` is followed over time."""

    @property
    def lower(self) -> float:
        """Smallest state."""

    @property
    def upper(self) -> float:
        """Largest state."""

    @property
    def bounded(self) -> bool:
        """Whether the state is held at its largest value."""

    def rate(self, g: Any, u: Any) -> Any:
        """Return d<g>/dt."""

    def step(self, g: float, u: float, dt: float) -> float:
        """Return the state after a step of the device's rule."""


def stepped(field: Equation, times: Floats, drives: Floats, g: float) -> Floats:
    """Return the states at `times` by the step rule of the device, each step from one time to the next."""
    result = [g]
    for dt, u in zip(np.diff(times), drives[:-1], strict=True):
        g = field.step(g, float(u), float(dt))
        result.append(g)
    return np.array(result)


def integrated(
    field: Equation,
    times: Floats,
    value: Callable[[float], float],
    jumps: Floats,
    flat: bool,
    g: float,
    *,
    rtol: float,
    atol: float,
) -> Floats:
    """Return the states at `times` by the differential equation, restarted wherever the drive may jump.

    `value` is the drive over time, `flat` says that it is constant between `jumps`; see `drives.as_function`.
    """
    from scipy.integrate import solve_ivp

    inside = jumps[(jumps > times[0]) & (jumps < times[-1])]
    corners = np.unique(np.concatenate((times[:1], inside, times[-1:])))
    result = np.full(len(times), g)
    for start, end in itertools.pairwise(corners):
        wanted = (times > start) & (times <= end)
        found = solve_ivp(
            _watched(_right_side(field, value, flat, start, end), start, end - start),
            (0.0, end - start),
            [g],
            method="LSODA",
            t_eval=np.unique(np.append(times[wanted], end)) - start,
            rtol=rtol,
            atol=atol,
        )
        if not found.success or not np.isfinite(found.y).all() or found.t[-1] != end - start:
            raise ArithmeticError(f"the mean field cannot be followed beyond t = {start:g} s: {found.message}")
        states = np.clip(found.y[0], field.lower, field.upper)
        result[wanted] = states[: int(wanted.sum())]
        g = float(states[-1])
    return result


def _right_side(
    field: Equation, value: Callable[[float], float], flat: bool, start: float, end: float
) -> Callable[[float, Floats], list[float]]:
    if flat:
        # The value that holds inside, not the one that starts at an end; waveforms round times to steps.
        held = value(0.5 * (start + end))
        return lambda _, y: [_held_rate(field, float(y[0]), held)]
    low, high = start + 1e-7 * (end - start), end - 1e-7 * (end - start)
    return lambda t, y: [_held_rate(field, float(y[0]), value(min(max(start + t, low), high)))]


def _held_rate(field: Equation, g: float, u: float) -> float:
    """Return a rate that does not leave [lower, upper]."""
    inside = min(max(g, field.lower), field.upper)
    rate = float(field.rate(inside, u))
    if not math.isfinite(rate) or (not field.bounded and g >= field.upper):
        raise ArithmeticError(f"the mean field cannot be followed beyond <g> = {inside:g} at a drive of {u:g}")
    beyond = g - inside
    if beyond == 0.0:
        return rate
    # Without a jump or a corner, which the integrator would not get across: a rate that leads out ends within a
    # strip beyond the end (and the strip is cut off the result), one that leads back goes on as straight as it is.
    span = field.upper - field.lower
    if rate * beyond > 0.0:
        return rate * (1.0 - abs(beyond) / (STRIP * span))
    step = math.copysign(1e-6 * span, beyond)
    slope = (rate - float(field.rate(inside - step, u))) / step
    return rate + min(slope, 0.0) * beyond


def _watched(rate: Callable[[float, Floats], list[float]], start: float, length: float) -> Callable[..., list[float]]:
    """Return a right-hand side that gives up where the integrator hardly comes forward."""
    n, last = 0, 0.0

    def watched(t: float, y: Floats) -> list[float]:
        nonlocal n, last
        n += 1
        if n % WATCHED == 0:
            if t - last < length / 1_000:
                raise ArithmeticError(
                    f"the mean field cannot be followed beyond t = {start + t:g} s: its rates are too large for an"
                    " integrator; use method='steps', fixed_points, or a smaller drive"
                )
            last = t
        with np.errstate(over="ignore"):
            return rate(t, y)

    return watched
