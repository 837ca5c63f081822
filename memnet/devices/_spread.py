"""Devices that vary: from edge to edge, from cycle to cycle, from read to read."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from memnet import _core
from memnet.base import check
from memnet.devices._device import Device, altered
from memnet.devices._distributions import Distribution, distribution, is_distribution
from memnet.devices._field import argument_fields, field_index, parameter_fields, set_text, state_fields
from memnet.devices._variation import ANY, Beginning, Variation, beginning

D = TypeVar("D", bound=Device)


def spread(
    device: D,
    /,
    *,
    seed: int | None = None,
    cycle: Mapping[str, Any] | str | None = None,
    read: Distribution | None = None,
    **parameters: Distribution,
) -> D:
    """Return a device like another whose parameters vary.

    A parameter named here has a value of its own on each edge, drawn around the device's own value (for each edge where
    that is an array). With `cycle` it is drawn again in each cycle of an edge, and with `read` recorded currents are as
    a noisy instrument reads them.

    Parameters
    ----------
    device : Device
        Any device of which the parameters are numbers: also one that is linked, a series, one that a text defines, or
        one that is spread already in other parameters.
    seed : int, optional
        Seed of all draws, drawn itself where it is not given; the device's repr has it.
    cycle : dict or str, optional
        What begins a cycle, and which parameters it has drawn again: ``{"closed": {"v_off": mn.normal(0.02)}}``. It is
        the name of an event of the model, ``"any"`` for all of them, or a state that comes to be above or below a
        level (SI units), as in ``"g > 0.5"``, looked at at each row. ``{"v_off": mn.normal(0.02)}`` alone is of any
        event; a name alone, ``cycle="closed"``, has the parameters that follow drawn in cycles and not once. A
        parameter is in one of these at most. It is drawn for cycle 0 at the start; where it is spread over edges, too,
        cycles are drawn around the edge's own value.
    read : Distribution, optional
        What is recorded as ``branch_current`` of an edge is drawn around the edge's current. The circuit does not
        feel it; electrodes' currents are without.
    **parameters : Distribution
        By the parameter's name, what `normal`, `lognormal` or `uniform` returned, which say with a formula of which
        quantity their number is the standard deviation.

    Returns
    -------
    Device
        Of the same class; `parameters` are those that draws are around, `variations` say what is drawn.
        `Simulation.parameter` gives the values of the edges. It is another device: they compare by identity.

    Raises
    ------
    TypeError
        No device, an unknown parameter (with the nearest one), something that is no distribution.
    ValueError
        A parameter that is a choice, a flag or a waveform, is spread already, or has no number (None); an unknown event
        or state; nothing to spread. `Simulation` raises it for an edge for which 1,000 draws are all outside the range.

    Notes
    -----
    Draws are Philox 4x32-10 with the seed and a stream of the parameter's name as key, and the edge's number, the
    number of the cycle (of the step, of reads) and of the try as counter. So the value of an edge depends on nothing
    else: not on the other edges of the device, their order, other devices or parameters, the seed of the simulation, or
    how a run is cut by calls and checkpoints. Devices with one seed and one parameter name on different edges have
    different values; two that are compared on the same edge have the same.

    A draw outside the parameter's range, or on the wrong side of another parameter that it has to stay below or above,
    is drawn again from the next counter, so what results is the distribution cut off at the range; nothing is clipped.
    A distribution of which much is outside has another mean and standard deviation than it says. In a run, 1,000 such
    draws of one member end it with ArithmeticError, at the last good step.

    An event of a plain step has the parameter drawn at the end of that step; where events are located inside steps, at
    the event.

    Examples
    --------
    >>> import memnet as mn
    >>> device = mn.spread(mn.RateBalance(), kappa_p0=mn.lognormal(0.3), g_max=mn.normal(0.1, relative=True), seed=1)
    >>> device
    spread(RateBalance(), kappa_p0=lognormal(0.3), g_max=normal(0.1, relative=True), seed=1)
    >>> net = mn.Network(2, [(0, 1)] * 3, electrodes={"in": 0, "out": 1})
    >>> sim = mn.Simulation(net, device, {"in": 1.0, "out": 0.0})
    >>> len(set(sim.parameter(device, "g_max")))
    3
    >>> switch = mn.spread(mn.ThresholdSwitch(), cycle={"opened": {"v_on": mn.normal(0.05)}}, seed=1)
    """
    check.instance("device", device, Device, "a device")
    check.keywords(f"spread of {device.model}", parameters, [*argument_fields(device._table), "seed", "cycle", "read"])
    once, again = (parameters, cycle) if not isinstance(cycle, str) else ({}, {cycle: parameters})
    made = Variation(
        parameters=_distributions(device, once, {name for one in device.variations for name in one.parameters}),
        cycle=_cycles(device, again),
        read=None if read is None else distribution("read", read),
        seed=check.seed("seed", seed),
    )
    if not (made.parameters or made.per_cycle or made.read):
        raise ValueError("spread needs a parameter, cycle or read, got nothing to draw")
    return altered(device, variations=(*device.variations, made))


def _distributions(device: Device, given: Mapping[str, Any], taken: Container[str]) -> Mapping[str, Distribution]:
    """Return what each parameter is drawn from, where it can be drawn at all and is not drawn yet."""
    table = argument_fields(device._table)
    for name in given:
        field, value = table[name], device.parameters[name]
        if field["kind"] != "real":
            what = f"a choice between {set_text(field)}" if field["kind"] == "choice" else f"a {field['kind']}"
            raise ValueError(f"{device.model}.{name} is {what}; only numbers are spread")
        if name in taken:
            raise ValueError(f"{device.model}.{name} is drawn already, got {device!r}")
        if value is None or np.isnan(value).any():
            raise ValueError(f"{device.model}.{name} is None, the model's own choice; give it a value to spread")
    return {name: distribution(f"{device.model}.{name}", x) for name, x in given.items()}


def _cycles(device: Device, given: Any) -> Mapping[str, Mapping[str, Distribution]]:
    """Return what begins a cycle, and what is drawn again there."""
    if given is None:
        return {}
    check.instance("cycle", given, Mapping, 'a dict, as in {"closed": {"v_on": mn.normal(0.1)}}')
    flat = bool(given) and all(map(is_distribution, given.values()))
    found: dict[str, Mapping[str, Distribution]] = {}
    taken = {name for one in device.variations for name in one.per_cycle}
    fields = {name: field for name, field in state_fields(device._table).items() if field["dimension"] is None}
    for where, parameters in ({ANY: given} if flat else given).items():
        begins = beginning(where, device.model, device._table["events"], fields)
        if begins.state is not None:
            _refuse_unreachable(begins, device.model, fields[begins.state])
        check.instance(f"cycle {where!r}", parameters, Mapping, "a dict from parameters to distributions")
        check.keywords(f"cycle {where!r} of {device.model}", parameters, argument_fields(device._table))
        found[begins.text] = _distributions(device, parameters, taken)
        taken.update(parameters)
    return found


def _refuse_unreachable(begins: Beginning, model: str, field: _core.Field) -> None:
    """Raise ValueError where a state cannot come to be beyond a level, so that no cycle would ever begin."""
    low, high, level = field["low"], field["high"], begins.level
    if field["kind"] == "real" and not (low <= level < high if begins.above else low < level <= high):
        side = "above" if begins.above else "below"
        raise ValueError(
            f"cycle {begins.text!r} never begins: {model}.{begins.state} is in"
            f" {check.interval(low, high, field['bounds'])}, so it does not come to be {side} {level:g}"
        )


def core_cycles(device: Device, edges: NDArray[np.int32], n_edges: int) -> list[dict[str, Any]]:
    """Return the parameters of a device that are drawn again as the C library takes them, without the population."""
    if not any(one.cycle for one in device.variations):
        return []
    table = device._table
    centers = dict(zip(parameter_fields(table), device.core_values(edges, n_edges, first_cycle=False), strict=True))
    cycles = []
    for one in device.variations:
        for where, again in one.cycle.items():
            begins = beginning(where, device.model, table["events"], state_fields(table))
            for name, how in again.items():
                cycles.append(
                    {
                        "field": field_index(table, name),
                        "kind": begins.kind,
                        "state": -1 if begins.state is None else field_index(table, begins.state),
                        "level": begins.level,
                        "above": begins.above,
                        "distribution": how.core,
                        "seed": one.seed,
                        "stream": one.stream(f"cycle {name}"),
                        "center": centers[name],
                    }
                )
    return cycles
