"""How a simulation gets from row to row, and which devices allow it."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable
from typing import Any

from memnet import _core
from memnet.base import check
from memnet.devices import Device, table_of

METHODS = ("fixed", "adaptive")
DEFAULT_RTOL = 1e-3
# How far one step and two of half its length may be from their mean, before a run says so.
STEP_LIMIT = 0.05
# Up to which factor a step a swing does not grow but is bounded.
BOUNDED = 1.001


class StepWarning(UserWarning):
    """The steps of a run are too long: what it returns depends on their length.

    Either its conductance does, and `Simulation.check_step` says by how much; or a device that reads another edge
    (`link`) does so one step late, and steps are so long that what it feeds back to its control swings from side to
    side, ever more.

    Attributes
    ----------
    difference : float
        The largest that `check_step` had found until then; nan of a control.
    edge : int or None
        The edge that reads its control late.
    growth : float or None
        Factor by which its oscillation grows in a step: above 1, or 1 where the device's own law bounds it.

    Examples
    --------
    >>> import warnings
    >>> import memnet as mn
    >>> net = mn.nanowires(300, size=100, length=20, length_sd=5, seed=3)
    >>> junction = mn.RateBalance(kappa_p0=1e-4, kappa_d0=0.5, eta_p=10.0, eta_d=1.0, g_min=1e-3, g_max=0.1)
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     data = mn.Simulation(net, junction, {"left": 8.0, "right": 0.0}, dt=0.005).run(10)
    >>> caught[0].category.__name__, caught[0].message.difference > 0.05
    ('StepWarning', True)
    """

    def __init__(
        self, message: str, difference: float = math.nan, edge: int | None = None, growth: float | None = None
    ) -> None:
        super().__init__(message)
        self.difference = difference
        self.edge = edge
        self.growth = growth

    def __reduce__(self) -> tuple[Any, ...]:
        return StepWarning, (str(self), self.difference, self.edge, self.growth)


def checked(method: Any, rtol: Any) -> tuple[str, float | None]:
    """Return a method, and the tolerance of its steps: None where their length is fixed.

    Raises
    ------
    TypeError, ValueError
        No method, no number in [1e-14, 0.5], or a tolerance of steps that have none.
    """
    check.one_of("method", method, METHODS)
    if method == "fixed":
        if rtol is not None:
            raise ValueError(f'rtol belongs to method="adaptive", and method is "fixed"; got {check.shown(rtol)}')
        return method, None
    return method, check.real("rtol", DEFAULT_RTOL if rtol is None else rtol, _core.LEAST_RTOL, _core.MOST_RTOL, "[]")


def refuse_steps(asked: str, devices: Iterable[Device], why_not: Callable[[Device], str] | None = None) -> None:
    """Raise ValueError for the first device that has an `obstacle`, or what else says why not.

    Its message says what was `asked`, as in "check_step() compares", what the device has instead, and what to do.
    """
    for device in devices:
        why = (why_not or obstacle)(device)
        if why:
            raise ValueError(f"{asked} steps of any length, but {check.shown(device)} {why}")


def incomparable(device: Device) -> str:
    """Return why a step and two halves of it say nothing of their length; nothing where they do.

    Noise is no obstacle where both halves have that of the whole.
    """
    return "" if table_of(device)["halves"] else obstacle(device)


def obstacle(device: Device) -> str:
    """Return why a device is no differential equation, and what to do; nothing where it is one."""
    table = table_of(device)
    if table["stochastic"]:
        return 'draws random numbers at each step; use method="fixed", or a device without noise'
    if table["reads_inflow"]:
        return 'reads the current of its electrode, which it is told in steps of a fixed length; use method="fixed"'
    if not table["smooth"]:
        what = "a rule from step to step, and the length"
        if table["event_driven"]:
            what = "event-driven: its conductance jumps at the end of a step, and the length"
        return f'is {what} dt of steps is part of the model; use method="fixed", or another device'
    field = table["fixed_field"]
    if field is not None:
        first = next(one["choices"][0] for one in table["fields"] if one["name"] == field)
        if device.parameters[field] != first:
            return (
                f"has {field}={device.parameters[field]!r}, a rule from step to step of which the length dt is a part;"
                f' use {field}={first!r}, or method="fixed"'
            )
    return ""


def described(rtol: float | None) -> dict[str, Any]:
    """Return what a description of a simulation says of its method: of fixed steps nothing, as it always was."""
    return {} if rtol is None else {"method": "adaptive", "rtol": rtol}


def summary(rtol: float | None) -> dict[str, str]:
    """Return what the summary of a simulation says of its method: of fixed steps nothing."""
    return {} if rtol is None else {"method": f"adaptive, rtol {rtol:g}"}


def unit(rtol: float | None) -> str:
    """Return what lies dt apart."""
    return "steps" if rtol is None else "rows"


def warn_of_steps(difference: float, dt: float, stacklevel: int, *, has_noise: bool) -> None:
    """Emit a StepWarning for what was found."""
    alike = ", with the same noise," if has_noise else ""
    instead = 'use method="adaptive", whose steps follow from their errors, or a shorter dt'
    if has_noise:  # it goes with the square of dt where steps are short, and less than that where they are not
        instead = f"take a shorter dt, {dt * STEP_LIMIT / difference:.1g} s or less"
    message = (
        f"the conductance depends on dt = {dt:g} s: after one step and after two of half its length{alike} it is"
        f" {100 * difference:.2g} % from the mean of both; {instead}, and see Simulation.check_step"
    )
    warnings.warn(StepWarning(message, difference), stacklevel=stacklevel + 1)


def warn_of_control(loop: _core.ControlLoop, place: str, model: str, dt: float, stacklevel: int) -> None:
    """Emit a StepWarning for a control that lags and is fed back."""
    grows = f", and grows {loop['growth']:.3g} times in each" if loop["growth"] > BOUNDED else ""
    message = (
        f"{model} of {place} reads its control one step late, and feeds back to it so much ({loop['slope']:.3g} S) that"
        f" with dt = {dt:g} s this swings from side to side from step to step{grows}; take a shorter dt beside a"
        ' capacitance where the control is, or method="adaptive"'
    )
    warnings.warn(StepWarning(message, edge=loop["edge"], growth=loop["growth"]), stacklevel=stacklevel + 1)
