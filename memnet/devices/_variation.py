"""How a device varies from edge to edge, from cycle to cycle and from read to read, and the draws of it."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet import _core
from memnet.base import check
from memnet.devices._distributions import Distribution

Values = NDArray[np.float64]

# The cycle that every event begins.
ANY = "any"
CROSSING = re.compile(r"\s*(\w+)\s*([<>])\s*(\S+)\s*")


@dataclass(frozen=True, eq=False, repr=False)
class Variation:
    """What one call of `spread` says of a device.

    Attributes
    ----------
    parameters : mapping
        Distribution of each parameter that is drawn once for each edge.
    cycle : mapping
        Of what begins a cycle: an event, or a state that passes a level; the distribution of each parameter that is
        drawn again there.
    read : Distribution or None
        Of recorded currents of edges.
    seed : int
    part : int or None
        The part of a series that it is of, counted from 1.
    """

    parameters: Mapping[str, Distribution]
    cycle: Mapping[str, Mapping[str, Distribution]]
    read: Distribution | None
    seed: int
    part: int | None = None

    def __post_init__(self) -> None:
        again = {where: MappingProxyType(dict(parameters)) for where, parameters in self.cycle.items()}
        object.__setattr__(self, "parameters", MappingProxyType(dict(self.parameters)))
        object.__setattr__(self, "cycle", MappingProxyType(again))

    def __reduce__(self) -> tuple[Any, ...]:
        again = {where: dict(parameters) for where, parameters in self.cycle.items()}
        return Variation, (dict(self.parameters), again, self.read, self.seed, self.part)

    @property
    def per_cycle(self) -> dict[str, Distribution]:
        """The parameters that are drawn again, and how."""
        return {name: how for again in self.cycle.values() for name, how in again.items()}

    def stream(self, label: str) -> int:
        """Return the random stream of a parameter, of its cycles, or of reads."""
        text = f"spread {label}" if self.part is None else f"spread {label} of part {self.part}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")

    def shown(self) -> str:
        """Return the arguments of `spread` as they were given."""
        given: dict[str, Any] = dict(self.parameters)
        if self.cycle:
            given["cycle"] = {where: dict(again) for where, again in self.cycle.items()}
        if self.read is not None:
            given["read"] = self.read
        return ", ".join(f"{name}={value!r}" for name, value in {**given, "seed": self.seed}.items())

    def to_spec(self) -> dict[str, Any]:
        """Return plain data for files."""
        return {
            "parameters": {name: how.to_spec() for name, how in self.parameters.items()},
            "cycle": {where: {name: x.to_spec() for name, x in again.items()} for where, again in self.cycle.items()},
            "read": None if self.read is None else self.read.to_spec(),
            "seed": self.seed,
        }

    def of_part(self, part: int, states: Iterable[str]) -> Variation:
        """Return the same for a series, where the device is a part of it, which has these states."""
        return replace(
            self,
            parameters={f"{name}_{part}": how for name, how in self.parameters.items()},
            cycle={
                _numbered(where, part, states): {f"{name}_{part}": how for name, how in again.items()}
                for where, again in self.cycle.items()
            },
            part=part,
        )


def spread_text(whole: str, variations: Iterable[Variation]) -> str:
    """Return the repr of a device of which `whole` is the repr without what `spread` was given."""
    for one in variations:
        whole = whole if one.part else f"spread({whole}, {one.shown()})"
    return whole


def _numbered(where: str, part: int, states: Iterable[str]) -> str:
    found = CROSSING.fullmatch(where)
    return where if found is None or found[1] not in states else f"{found[1]}_{part} {found[2]} {found[3]}"


@dataclass(frozen=True)
class Beginning:
    """What begins a cycle: events of a kind (0: any), or a state that comes to be above or below a level."""

    text: str
    kind: int = 0
    state: str | None = None
    level: float = 0.0
    above: bool = False


def beginning(where: Any, model: str, events: Mapping[str, int], states: Iterable[str]) -> Beginning:
    """Return what begins a cycle from its text: the name of an event, "any", or as in "g > 0.5".

    Raises
    ------
    TypeError, ValueError
        Something else, an unknown event or state (with the nearest one), a level that is no number.
    """
    check.instance("cycle", where, str, 'an event such as "closed", or a state that passes a level, as in "g > 0.5"')
    crossing = CROSSING.fullmatch(where)
    if crossing is None:
        known = [*events, ANY] if events else []
        if not known:
            raise ValueError(
                f"{model} has no events, so a cycle begins where a state passes a level, as in"
                f' "{next(iter(states), "g")} > 0.5"; got {check.shown(where)}'
            )
        return Beginning(where, events.get(check.one_of(f"event of {model} in cycle", where, known), 0))
    state = check.one_of(f"state of {model} in cycle", crossing[1], states)
    try:
        level = float(crossing[3])
    except ValueError:
        level = math.nan
    if not math.isfinite(level):
        raise ValueError(f"the level in cycle {where!r} must be a finite number, got {crossing[3]!r}")
    return Beginning(f"{state} {crossing[2]} {level!r}", 0, state, level, crossing[2] == ">")


# ---------------------------------------------------------------- draws


def drawn(
    model: str,
    table: Mapping[str, _core.Field],
    variations: Sequence[Variation],
    edges: NDArray[np.int32],
    values: Sequence[Values],
    first_cycle: bool,
) -> list[Values]:
    """Return one array a parameter, in table order, as drawn for the edges.

    Parameters
    ----------
    model : str
        For messages.
    table : mapping
        The parameters.
    variations : sequence of Variation
        What is drawn.
    edges, values : arrays
        The edges, and what each parameter is without a draw.
    first_cycle : bool
        Whether what is drawn in each cycle is that of the first one, else what cycles are drawn around.

    Raises
    ------
    ValueError
        An edge for which no draw is inside the range.
    """
    found = dict(zip(table, values, strict=True))
    of_edges = [(one, name, how, name) for one in variations for name, how in one.parameters.items()]
    of_cycles = [(one, name, how, f"cycle {name}") for one in variations for name, how in one.per_cycle.items()]
    for draws in (of_edges, of_cycles if first_cycle else []):
        waiting = {name for _, name, _, _ in draws}
        # What must stay below another parameter is drawn when that is known.
        for one, name, how, label in sorted(draws, key=lambda draw: table[draw[1]]["below"] is not None):
            waiting.remove(name)
            low, high = _range_of(name, table, {other: x for other, x in found.items() if other not in waiting})
            x = around(how, one.seed, one.stream(label), edges, np.zeros(edges.size, np.int64), found[name], low, high)
            if np.isnan(x).any():
                k = int(np.argmax(np.isnan(x)))
                raise ValueError(
                    f"{model}.{name} must be in [{low[k]:g}, {high[k]:g}], and 1,000 draws of {how!r} around"
                    f" {found[name][k]:g} for edge {edges[k]} were not; spread it less, or start farther from the ends"
                )
            found[name] = x
    return list(found.values())


def _range_of(name: str, table: Mapping[str, _core.Field], values: Mapping[str, Values]) -> tuple[Values, Values]:
    """Return the lowest and the highest value of a parameter for each edge, beside the values that are known."""
    field = table[name]
    low = field["low"] if field["bounds"][0] == "[" else np.nextafter(field["low"], np.inf)
    high = field["high"] if field["bounds"][1] == "]" else np.nextafter(field["high"], -np.inf)
    lows, highs = np.full(values[name].size, low), np.full(values[name].size, high)
    for other, value in values.items():
        if field["below"] == other:
            highs = np.minimum(highs, np.nextafter(value, -np.inf))
        if table[other]["below"] == name:
            lows = np.maximum(lows, np.nextafter(value, np.inf))
    return lows, highs


def around(
    how: Distribution,
    seed: int,
    stream: int,
    edges: NDArray[np.int32],
    draw: NDArray[np.int64],
    center: Values,
    low: Values,
    high: Values,
) -> Values:
    """Return a draw around each center, from the counters of an edge and a draw, nan where none is in [low, high]."""
    return _core.draw(how.core, seed, stream, edges, draw, np.ascontiguousarray(center), low, high)


def read_currents(
    variations: Sequence[Variation],
    edges: NDArray[np.int32],
    steps: NDArray[np.int64],
    currents: Values,
) -> Values:
    """Return recorded currents (steps, edges) as they are read."""
    for one in variations:
        if one.read is not None:
            edge = np.ascontiguousarray(np.broadcast_to(edges, currents.shape).ravel())
            step = np.ascontiguousarray(np.broadcast_to(steps[:, None], currents.shape).ravel())
            ends = np.full(edge.size, -np.inf), np.full(edge.size, np.inf)
            drawn = around(one.read, one.seed, one.stream("read"), edge, step, currents.ravel(), *ends)
            currents = drawn.reshape(currents.shape)
    return currents
