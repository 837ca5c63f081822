"""Programs as runs take them: products and sums in one pass, a register for what lives, outputs where they belong."""

from __future__ import annotations

import collections
import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memnet import _core
from memnet.equations._graph import OPERATIONS, Constant, Graph, Input, Operation

MOST_OPERANDS = 5
# Inputs that are one number for all members.
UNIFORMS = ("t", "dt")


@dataclass(frozen=True)
class Program:
    """A program: which inputs it has, which outputs, and its instructions.

    Attributes
    ----------
    inputs, uniforms, outputs : tuple of str
        By name, in order; uniforms are one number for all members.
    constants : tuple of float
        Its numbers.
    n_registers : int
        How many arrays it works in.
    instructions : tuple of (str, int, tuple of int)
        Operation, the value that it writes, operands. Values are numbered: inputs, uniforms, constants, registers,
        outputs.
    """

    inputs: tuple[str, ...]
    uniforms: tuple[str, ...]
    constants: tuple[float, ...]
    n_registers: int
    outputs: tuple[str, ...]
    instructions: tuple[tuple[str, int, tuple[int, ...]], ...]

    def core(self) -> _core.Program:
        """Return the program as the C library takes it."""
        table: NDArray[np.int16] = np.zeros((len(self.instructions), 2 + MOST_OPERANDS), dtype=np.int16)
        for row, (name, to, of) in zip(table, self.instructions, strict=True):
            row[: 2 + len(of)] = [OPERATIONS[name][0], to, *of]
        constants = np.array(self.constants, dtype=np.float64)
        return _core.Program(
            len(self.inputs), len(self.uniforms), constants, self.n_registers, len(self.outputs), table
        )

    def names(self) -> list[str]:
        """Return what the values are called, by number: constants by their digits, registers r0, r1 ..."""
        registers = [f"r{k}" for k in range(self.n_registers)]
        return [*self.inputs, *self.uniforms, *map(repr, self.constants), *registers, *self.outputs]

    def __str__(self) -> str:
        names = self.names()
        return "\n".join(
            f"{names[to]} = {name} {' '.join(names[one] for one in of)}" for name, to, of in self.instructions
        )


def allocate(graph: Graph, outputs: Mapping[str, int]) -> Program:
    """Return the program that computes some values of a graph, by the names of the outputs."""
    return _Allocation(_fused(graph, list(outputs.values())), tuple(outputs)).program()


@dataclass(frozen=True)
class _Listing:
    """What is computed, in order; operands are numbers of `values`, of which inputs and constants have no operation."""

    values: Sequence[Input | Constant | Operation]
    order: tuple[int, ...]
    wanted: tuple[int, ...]


def _fused(graph: Graph, wanted: list[int]) -> _Listing:
    """Join each product that one sum or difference alone needs with it: the same two roundings in one pass."""
    needed = graph.needed(wanted)
    values = list(graph.values)
    uses = collections.Counter(wanted)
    for k in needed:
        what = values[k]
        uses.update(what.of if isinstance(what, Operation) else ())
    joined = set()
    for k in needed:
        what = values[k]
        if isinstance(what, Operation) and what.name in ("ADD", "SUBTRACT"):
            for side in (0, 1):
                product = values[what.of[side]]
                alone = uses[what.of[side]] == 1
                if alone and isinstance(product, Operation) and product.name == "MULTIPLY":
                    added = ("MULTIPLY_SUBTRACT", "SUBTRACT_PRODUCT")[side]
                    name = "MULTIPLY_ADD" if what.name == "ADD" else added
                    values[k] = Operation(name, (*product.of, what.of[1 - side]))
                    joined.add(what.of[side])
                    break
    order = tuple(k for k in needed if isinstance(values[k], Operation) and k not in joined)
    return _Listing(values, order, tuple(wanted))


class _Allocation:
    """Gives every value its place. A register is free again after its value's last use, the lowest one first."""

    def __init__(self, listing: _Listing, outputs: tuple[str, ...]) -> None:
        self.listing, self.outputs = listing, outputs
        self.inputs: list[str] = []
        self.uniforms: list[str] = []
        self.constants: dict[Constant, int] = {}
        self.free: list[int] = []
        self.n_registers = 0
        self.last = {one: k for k in listing.order for one in self._of(k)}
        # A value that is an output twice is written once and copied; one that is no operation is copied.
        self.output_of: dict[int, int] = {}
        for j, value in enumerate(listing.wanted):
            if isinstance(listing.values[value], Operation):
                self.output_of.setdefault(value, j)

    def _of(self, k: int) -> tuple[int, ...]:
        what = self.listing.values[k]
        return what.of if isinstance(what, Operation) else ()

    def program(self) -> Program:
        """Return the program."""
        places: dict[int, tuple[str, int]] = {}
        rows: list[tuple[str, tuple[str, int], list[tuple[str, int]]]] = []
        for k in self.listing.order:
            what = self.listing.values[k]
            assert isinstance(what, Operation)
            of = [self._place(one, places) for one in what.of]
            for one in set(what.of):
                if self.last[one] == k and places.get(one, ("", 0))[0] == "register":
                    heapq.heappush(self.free, places[one][1])
            places[k] = ("output", self.output_of[k]) if k in self.output_of else ("register", self._register())
            rows.append((what.name, places[k], of))
        for j, value in enumerate(self.listing.wanted):
            if self.output_of.get(value) != j:
                rows.append(("COPY", ("output", j), [self._place(value, places)]))
        return self._numbered(rows)

    def _register(self) -> int:
        if self.free:
            return heapq.heappop(self.free)
        self.n_registers += 1
        return self.n_registers - 1

    def _place(self, value: int, places: Mapping[int, tuple[str, int]]) -> tuple[str, int]:
        what = self.listing.values[value]
        if isinstance(what, Input):
            kind, names = ("uniform", self.uniforms) if what.name in UNIFORMS else ("input", self.inputs)
            if what.name not in names:
                names.append(what.name)
            return kind, names.index(what.name)
        if isinstance(what, Constant):
            return "constant", self.constants.setdefault(what, len(self.constants))
        return places[value]

    def _numbered(self, rows: list[tuple[str, tuple[str, int], list[tuple[str, int]]]]) -> Program:
        first = {"input": 0, "uniform": len(self.inputs)}
        first["constant"] = first["uniform"] + len(self.uniforms)
        first["register"] = first["constant"] + len(self.constants)
        first["output"] = first["register"] + self.n_registers

        def number(place: tuple[str, int]) -> int:
            return first[place[0]] + place[1]

        instructions = tuple((name, number(to), tuple(map(number, of))) for name, to, of in rows)
        constants = tuple(one.value for one in self.constants)
        return Program(
            tuple(self.inputs), tuple(self.uniforms), constants, self.n_registers, self.outputs, instructions
        )
