"""Devices in series on one edge."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator, Sequence
from typing import Any

from memnet import _core
from memnet.base import check
from memnet.devices._description import RECIPES, describe_device, rebuild_device
from memnet.devices._device import Device, altered
from memnet.devices._device_class import device_class
from memnet.devices._field import state_fields
from memnet.devices._variation import Variation, spread_text


class Series(Device):
    """Devices in series on one edge: what `series` returns.

    Attributes
    ----------
    parts : tuple of Device
        The devices, in the order from the first node of the edge to the second.
    model : str
        As "series(Selector, RateBalance)".
    parameters : mapping
        Those of the parts, with the number of the part behind: ``g_min_2`` is g_min of the second.

    Examples
    --------
    >>> import memnet as mn
    >>> cell = mn.series(mn.Selector(), mn.RateBalance(g_min=1e-6))
    >>> cell.parts[1].g_min, cell.g_min_2
    (1e-06, 1e-06)
    >>> cell.own_parts
    (Selector(), RateBalance(g_min=1e-06))
    """

    parts: tuple[Device, ...]

    def __init__(self, *parts: Device) -> None:
        super().__init__(**{f"{name}_{k}": x for k, part in enumerate(parts, 1) for name, x in part.parameters.items()})
        object.__setattr__(self, "parts", parts)
        object.__setattr__(self, "variations", tuple(_variations(parts)))
        object.__setattr__(self, "linked_to", next((part.linked_to for part in parts if _reads(part)), None))

    def __repr__(self) -> str:
        return spread_text(f"series({', '.join(map(repr, self.parts))})", self.variations)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (self.parts, self.variations)

    def changed(self, **parameters: Any) -> Series:
        """Return the device with other values of some parameters, named with the number of their part behind.

        Parameters
        ----------
        **parameters : float or array_like
            Values by name.

        Raises
        ------
        TypeError, ValueError
            An unknown parameter (with the nearest one), a value outside its range.

        Examples
        --------
        >>> import memnet as mn
        >>> mn.series(mn.Resistor(conductance=1e-3), mn.RateBalance()).changed(conductance_1=2e-3).parts[0]
        Resistor(conductance=0.002)
        """
        check.keywords(self.model, parameters, self.parameters)
        own: list[dict[str, Any]] = [{} for _ in self.parts]
        for name, value in parameters.items():
            inner, _, part = name.rpartition("_")
            own[int(part) - 1][inner] = value
        parts = tuple(part.changed(**some) for part, some in zip(self.parts, own, strict=True))
        return _rebuilt(parts, self.variations)

    def relinked(self, to: Any) -> Series:
        """Return the device with another link of the part that reads another edge."""
        parts = tuple(part.relinked(to) if _reads(part) else part for part in self.parts)
        return altered(self, parts=parts, linked_to=to)

    @property
    def own_parts(self) -> tuple[Device, ...]:
        """The parts."""
        return self.parts

    @property
    def recipe(self) -> tuple[str, Any]:
        """How the device is made again: of its parts."""
        return "series", [describe_device(part) for part in self.parts]


@check.known_keywords
def series(*devices: Device) -> Series:
    """Put devices in series on one edge, as one device: a selector and a memristor, a diode and a resistor.

    All carry one current, and the voltage of the edge divides between them; there is no node of the network between
    them. The division is found for each edge by a bracketed Newton iteration, to rounding, and what follows for the
    circuit (the slope of the current, the rates of states and their slopes) is exact. It takes some 0.4 us an edge
    and evaluation.

    Parameters
    ----------
    *devices : Device
        Two or more, in the order from the first node of the edge to the second. Their parameters may be arrays over
        edges. A series among them is taken apart. Each must be a differential equation whose current rises with its
        voltage, without charge, noise and waveform: no `Capacitor`, no event-driven or stochastic model, no
        `CubicResistor`. Models from equations may be among them; of these nobody knows whether the current rises, so
        it is looked at. One of them may read another edge (`link`), which is then the link of the whole; a
        `Transistor` must be the last one, so that its source is the second node of the edge.

    Returns
    -------
    Series
        A device like others. Its parameters and states are those of the parts, with the number of the part behind
        the name: ``record=["state:g_2"]``, ``sim.state(cell, "g_2")``.

    Raises
    ------
    TypeError, ValueError
        Fewer than two devices, something that is none, or one that cannot be a part; the message says why. A negative
        conductance, steps that are no differential equation, and a text whose current falls somewhere between -16 and
        16 V at the states of the start, are refused by `Simulation`.

    Notes
    -----
    A change of one part's state changes the rates of the others through the division of the voltage. Steps that are
    linearly implicit leave these cross terms out: they keep their order, and an adaptive step its control, but two
    stiff memristors in series may take shorter steps than with a node between them.

    States that make the current of a text fall while a run goes on leave several divisions of the voltage, of which the
    search finds one.

    Events have the names that they have in the parts, and do not tell of which part they are.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.series(mn.Selector(), mn.RateBalance(g_min=1e-6, g_max=1e-4))
    series(Selector(), RateBalance(g_min=1e-06, g_max=0.0001))

    A cell of one transistor and one memristor, whose gate is edge 1:

    >>> mn.series(mn.RateBalance(), mn.link(mn.Transistor(k=1e-3), to=1))
    series(RateBalance(), link(Transistor(k=0.001), to=1))
    """
    for k, device in enumerate(devices):
        check.instance(f"device {k + 1} of a series", device, Device, "a Device")
    parts = tuple(part for device in devices for part in _taken_apart(device))
    if len(parts) < 2:
        raise ValueError(f"a series needs two or more devices, got {len(parts)}")
    for part in parts:
        _refuse(part)
    _refuse_links(parts)
    return series_class(*(part._made or part.model for part in parts))(*parts)


def _refuse(part: Device) -> None:
    """Raise ValueError where a device is one that no part of a series can be, with the reason."""
    table = part._table
    reasons = {
        "no charge, since what flows into it depends on how fast its voltage changes, and not on voltages and states"
        " alone; put a node between the devices (mn.Circuit)": table["has_charge"],
        "no waveform, which the edge as a whole has not got": table["signal"] is not None,
        "no noise, which is drawn for steps of a fixed length, while the voltage is divided at one moment; put a node"
        " between the devices (mn.Circuit)": table["stochastic"],
        "no reading of an electrode's current (inflow), which is one of the edge as a whole": table["reads_inflow"],
        "no steps of its own, since the voltage is divided at one moment, by the law of a differential equation": (
            not table["smooth"]
        ),
    }
    for reason, holds in reasons.items():
        if holds:
            raise ValueError(f"a part of a series must have {reason}: {part.model}")


def _reads(part: Device) -> bool:
    return part._table["linked_states"] is not None


def _refuse_links(parts: Sequence[Device]) -> None:
    """Raise ValueError where two parts read other edges, or one that reads the voltage to its source is not last."""
    readers = [part for part in parts if _reads(part)]
    if len(readers) > 1:
        raise ValueError(
            "only one part of a series may read another edge, since an edge has one link; put a node between the"
            f" devices (mn.Circuit), got {', '.join(part.model for part in readers)}"
        )
    for part in parts[:-1]:
        if part._table["link_at_end"]:
            raise ValueError(
                f"{part.model} must be the last part of a series: the voltage that it reads counts from the second node"
                f" of its edge, which is a node of the network only there; turn the edge round, or put a node between"
                f" the devices (mn.Circuit)"
            )


def _rebuilt(parts: tuple[Device, ...], variations: tuple[Variation, ...]) -> Series:
    return altered(series(*parts), variations=variations)


def _variations(parts: Sequence[Device]) -> Iterator[Variation]:
    """Give what is drawn of the parts, with the names that parameters and states have in the series."""
    n_with_events = sum(bool(part._table["events"]) for part in parts)
    for k, part in enumerate(parts, 1):
        states = state_fields(part._table)
        for one in part.variations:
            numbered = one.of_part(k, states)
            if n_with_events > 1 and {*one.cycle} & {*numbered.cycle}:
                raise ValueError(
                    f"an event of a series does not tell which part it is of, so none can begin a cycle of"
                    f" {part!r}; name a state that passes a level, or spread the series"
                )
            yield numbered


def _taken_apart(device: Device) -> Iterator[Device]:
    if isinstance(device, Series):
        if any(one.part is None for one in device.variations):
            raise ValueError(f"a series in a series is taken apart, so spread its parts or the whole, got {device!r}")
        yield from device.parts
    else:
        yield device


@functools.lru_cache(maxsize=128)
def series_class(*models: str | _core.MadeModel) -> type[Series]:
    """Return the class of models in series: one for the same models, so that devices of one kind have one type."""
    made = _core.series(models)
    body = {name: getattr(Series, name) for name in ("__doc__", "__module__")}
    body["__signature__"] = inspect.Signature([inspect.Parameter("parts", inspect.Parameter.VAR_POSITIONAL)])
    return type(made.table["name"], (Series, device_class(made.table, made)), body)


RECIPES["series"] = lambda of: series(*map(rebuild_device, of))
