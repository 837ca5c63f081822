"""Equivalent circuits as strings, such as ``R0-p(R1,C1)``: what they are made of, and their impedance.

circuit  = part *("-" part)                    in series
part     = element / "p(" circuit 1*("," circuit) ")"    in parallel
element  = a name of `ELEMENTS` and a number
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import check
from memnet.base.arrays import Floats

Complex = NDArray[np.complex128]
WORD = re.compile(r"([A-Z]+)([0-9]{1,4})")
MOST_LEVELS, MOST_ELEMENTS = 20, 40


@dataclass(frozen=True)
class Kind:
    """A kind of element: its impedance (ohm) at an angular frequency w (1/s), and its parameters.

    Each parameter has a unit, and what it is where the element has a given resistance at a given angular frequency:
    there a fit begins.
    """

    impedance: Callable[..., Complex]
    parameters: Mapping[str, tuple[str, Callable[[Any, Any], Any]]]


ELEMENTS = {
    "R": Kind(lambda w, r: r + 0j * w, {"": ("ohm", lambda r, _: r)}),
    "C": Kind(lambda w, c: 1.0 / (1j * w * c), {"": ("F", lambda r, w: 1.0 / (r * w))}),
    "L": Kind(lambda w, henry: 1j * w * henry, {"": ("H", lambda r, w: r / w)}),
    "W": Kind(lambda w, a: a * (1.0 - 1j) / np.sqrt(w), {"": ("ohm/s^0.5", lambda r, w: r * np.sqrt(w))}),
    "CPE": Kind(
        lambda w, q, alpha: 1.0 / (q * (1j * w) ** alpha),
        {"_Q": ("s^alpha/ohm", lambda r, w: 1.0 / (r * w)), "_alpha": ("1", lambda _, __: 0.8)},
    ),
}


@dataclass(frozen=True)
class Part:
    """An element by name, or parts in series or in parallel."""

    name: str = ""
    kind: str = ""
    joined: str = ""
    parts: tuple[Part, ...] = ()

    def impedance(self, w: Floats, values: Mapping[str, float]) -> Complex:
        """Return the impedance (ohm) at angular frequencies (1/s), with parameters by name."""
        if self.name:
            kind = ELEMENTS[self.kind]
            alone: Complex = kind.impedance(w, *(values[self.name + suffix] for suffix in kind.parameters))
            return alone
        each = [part.impedance(w, values) for part in self.parts]
        if self.joined == "-":
            series: Complex = np.sum(each, axis=0, dtype=np.complex128)
            return series
        parallel: Complex = 1.0 / np.sum([1.0 / z for z in each], axis=0)
        return parallel

    def elements(self) -> list[Part]:
        """Return the elements in the order of the string."""
        return [self] if self.name else [one for part in self.parts for one in part.elements()]

    def units(self) -> dict[str, str]:
        """Return the unit of each parameter by its name."""
        return {
            one.name + suffix: unit
            for one in self.elements()
            for suffix, (unit, _) in ELEMENTS[one.kind].parameters.items()
        }


def parsed(circuit: Any) -> Part:
    """Return the circuit that a string describes.

    Raises
    ------
    TypeError, ValueError
        No string, or none of a circuit: it says where and why.
    """
    check.instance("circuit", circuit, str, "a string such as 'R0-p(R1,C1)'")
    reader = _Reader("".join(circuit.split()))
    found = reader.series(0)
    if reader.rest():
        raise reader.fault("unexpected " + repr(reader.rest()[0]))
    names = [one.name for one in found.elements()]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"circuit must name each element once, got {name} twice in {check.shown(circuit)}")
    if len(names) > MOST_ELEMENTS:
        raise ValueError(f"circuit must have at most {MOST_ELEMENTS} elements, got {len(names)}")
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def rest(self) -> str:
        return self.text[self.at :]

    def fault(self, why: str) -> ValueError:
        return ValueError(f"circuit {check.shown(self.text)}: {why} at character {self.at + 1}")

    def series(self, level: int) -> Part:
        if level > MOST_LEVELS:
            raise self.fault(f"more than {MOST_LEVELS} levels of parentheses")
        parts = [self.part(level)]
        while self.rest().startswith("-"):
            self.at += 1
            parts.append(self.part(level))
        return parts[0] if len(parts) == 1 else Part(joined="-", parts=tuple(parts))

    def part(self, level: int) -> Part:
        if self.rest().startswith("p("):
            return self.parallel(level)
        found = WORD.match(self.text, self.at)
        if found is None or found[1] not in ELEMENTS:
            raise self.fault(f"expected p(...) or an element, one of {', '.join(ELEMENTS)} with a number,")
        self.at = found.end()
        return Part(name=found[0], kind=found[1])

    def parallel(self, level: int) -> Part:
        self.at += 2
        parts = [self.series(level + 1)]
        while self.rest().startswith(","):
            self.at += 1
            parts.append(self.series(level + 1))
        if not self.rest().startswith(")"):
            raise self.fault("expected ')' or ','")
        if len(parts) < 2:
            raise self.fault("p(...) needs two or more parts with commas between them")
        self.at += 1
        return Part(joined="p", parts=tuple(parts))
