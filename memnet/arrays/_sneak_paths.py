"""Sneak paths: the ways around a cell that is read with all other lines floating."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.arrays._schemes import read_drive
from memnet.base import check, text
from memnet.base.arrays import Floats, Ids
from memnet.circuit import solve_conductances
from memnet.network import Cell, Crossbar, Network, cell_conductances, checked_cell, crossbar_layout

__all__ = ["SneakPath", "SneakPaths", "sneak_paths"]

# The most paths that are listed.
MOST = 1_000_000


@dataclass(frozen=True)
class SneakPath:
    """One way around a cell, through an odd number of others.

    Attributes
    ----------
    cells : tuple of (int, int, int)
        Layer, row and column of each cell, from the word line that is driven to the bit line at 0 V.
    conductance : float
        Of its cells in series, as if they were alone (S).
    current : float
        What it carries in the array (A).

    Examples
    --------
    >>> import memnet as mn
    >>> mn.arrays.sneak_paths(mn.crossbar(2, 2), 1e-4, (0, 0), 1.0).paths[0].cells
    ((0, 0, 1), (0, 1, 1), (0, 1, 0))
    """

    cells: tuple[Cell, ...]
    conductance: float
    current: float


@dataclass(frozen=True, repr=False)
class SneakPaths(text.Summary):
    """What `sneak_paths` found.

    Attributes
    ----------
    paths : tuple of SneakPath
        Those with at most `longest` cells, the one with the largest current first.
    own : float
        Current through the cell itself (A).
    beside : float
        Current of all sneak paths together, of any length (A).
    cell : (int, int, int)
        The cell.
    longest : int
        The most cells that a listed path has.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.arrays.sneak_paths(mn.crossbar(3, 3), 1e-4, (0, 0), 1.0, longest=5)
    <SneakPaths: 8 of 5 cells or fewer; own 100 µA; beside 80 µA; listed 80 µA>
    >>> round(1e6 * mn.arrays.sneak_paths(mn.crossbar(3, 3), 1e-4, (0, 0), 1.0, longest=5).listed, 9)
    80.0
    """

    paths: tuple[SneakPath, ...]
    own: float
    beside: float
    cell: Cell
    longest: int

    @property
    def listed(self) -> float:
        """Current of the paths that are listed (A)."""
        return math.fsum(path.current for path in self.paths)

    def _summary(self) -> dict[str, str]:
        return {
            "": f"{len(self.paths)} of {self.longest} cells or fewer",
            "own": text.quantity(self.own, "A"),
            "beside": text.quantity(self.beside, "A"),
            "listed": text.quantity(self.listed, "A"),
        }


@check.known_keywords
def sneak_paths(
    net: Network, conductance: ArrayLike, cell: Sequence[int], voltage: float, *, longest: int = 3, layer: int = 0
) -> SneakPaths:
    """Return the sneak paths around a cell that is read with all other lines floating, and what each carries.

    Parameters
    ----------
    net : Network
        A network that `crossbar` made.
    conductance : float or array_like, (rows, columns) or (layers, rows, columns)
        Conductance of each cell (S). Cells of dummy lines are open.
    cell : (int, int) or (int, int, int)
        Row and column, or layer, row and column.
    voltage : float
        The voltage that reads (V).
    longest : int
        The most cells that a listed path has, odd: 3, 5, ...
    layer : int
        The layer, where `cell` does not say it.

    Returns
    -------
    SneakPaths
        Which paths are there, and the currents.

    Raises
    ------
    TypeError, ValueError
        A network that is no crossbar, a cell outside, conductances of another shape, or more than 1,000,000 paths.

    Notes
    -----
    A path goes from the word line of the cell over other cells and lines to its bit line, and meets no line twice;
    cells that are open are on none. There are (rows - 1)(columns - 1) of three cells, and (rows - 2)(columns - 2) times
    as many of five.

    Currents are those of the whole circuit, with the resistance of lines where there is one. On each line what comes in
    by some cells is shared among the cells by which it goes on, in proportion to their currents; so a path whose cells
    the current does not pass in this direction carries nothing, and the currents of all paths add up to `beside`. Where
    lines lose about as much as cells, current may leave a line and come back to it further on; that is on no path.

    Examples
    --------
    >>> import memnet as mn
    >>> found = mn.arrays.sneak_paths(mn.crossbar(8, 8), 1e-4, (2, 3), 1.0)
    >>> len(found.paths), f"{found.beside:.4g}", f"{sum(path.current for path in found.paths):.4g}"
    (49, '0.0003267', '0.0003267')
    """
    layout = crossbar_layout(net)
    where = checked_cell(layout, cell, layer)
    voltage = check.real("voltage", voltage, bounds="()0", unit="V")
    longest = check.integer("longest", longest, 1, 2**31 - 1)
    if longest % 2 == 0:
        raise ValueError(f"longest must be odd, since a path ends on a bit line, got {longest}")
    each = cell_conductances(net, conductance)
    if each.ndim == 2:
        raise ValueError("conductance must be that of one array, without an axis of replicas")
    found = solve_conductances(net, each, read_drive(net, where, voltage))
    cells = layout.cell.ravel()
    g = each[cells]
    volts = found.potential[layout.word_node.ravel()] - found.potential[layout.bit_node.ravel()]
    current = np.nan_to_num(g * volts)  # a line that only open cells reach has no potential
    own = int(np.ravel_multi_index(where, layout.cell.shape))
    lines = _Lines(layout, g, current, own, math.copysign(1.0, voltage))
    places = [
        (int(k), int(i), int(j)) for k, i, j in zip(*np.unravel_index(range(g.size), layout.cell.shape), strict=True)
    ]
    paths = [
        SneakPath(
            cells=tuple(places[k] for k in path),
            conductance=1.0 / math.fsum(1.0 / g[k] for k in path),
            current=math.copysign(lines.share(path), voltage),
        )
        for path in lines.paths(longest)
    ]
    paths.sort(key=lambda path: -abs(path.current))
    beside = lines.beside(-found.current_of(str(layout.bits[where])))
    return SneakPaths(tuple(paths), float(current[own]), beside, where, longest)


class _Lines:
    """The lines of an array as nodes of a graph whose edges are the cells that conduct, but for the selected one."""

    def __init__(self, layout: Crossbar, g: Floats, current: Floats, own: int, sign: float) -> None:
        self.g, self.own, self.sign = g, own, sign
        self.word: Ids = _numbered(layout.words)
        self.bit: Ids = _numbered(layout.bits)
        self.current = current = sign * current  # as if the voltage were positive
        self.start, self.end = int(self.word[own]), int(self.bit[own])
        conducts = g > 0.0
        conducts[own] = False
        self.cells = np.flatnonzero(conducts)
        self.at_word = _groups(self.word[self.cells], self.cells)
        self.at_bit = _groups(self.bit[self.cells], self.cells)
        # The cell by which each word line reaches the bit line that is read.
        self.last = {int(self.word[k]): k for k in self.at_bit.get(self.end, ())}
        into, out = np.maximum(current, 0.0) * conducts, np.maximum(-current, 0.0) * conducts
        # What leads away from each line: from word lines by currents > 0, from bit lines by those < 0.
        self.from_word = np.bincount(self.word, weights=into)
        self.from_bit = np.bincount(self.bit, weights=out)

    def beside(self, whole: float) -> float:
        """Return the current into the bit line by other cells, in the way in which less cancels (A)."""
        others = self.at_bit.get(self.end, [])
        if math.fsum(self.g[others]) < self.g[self.own]:
            return self.sign * math.fsum(self.current[others])
        return float(whole - self.sign * self.current[self.own])

    def paths(self, longest: int) -> Iterator[list[int]]:
        """Give each path as its cells, from the word line of the selected cell to its bit line.

        Raises
        ------
        ValueError
            There may be more than `MOST`.
        """
        self._refuse_many(longest)
        return self._from(self.start, [], {self.start}, set(), longest)

    def _refuse_many(self, longest: int) -> None:
        """Raise ValueError where there may be too many paths.

        Each turn counts the walks that lead two cells further, which may meet lines twice, and the ways there would be
        with a cell at every crossing; there are no more paths than the lesser of the two.
        """
        word, bit = self.word[self.cells], self.bit[self.cells]
        n_words, n_bits = len(self.from_word), len(self.from_bit)
        walks: Any = np.zeros(n_words)
        walks[self.start] = 1.0
        found, ways = 0.0, 1.0
        for turn in range(1, min((longest + 1) // 2, n_words, n_bits)):
            at_bit = np.bincount(bit, walks[word], n_bits)
            at_bit[self.end] = 0.0
            walks = np.bincount(word, at_bit[bit], n_words)
            walks[self.start] = 0.0
            ways *= (n_words - turn) * (n_bits - turn)
            found += min(walks.sum(), ways)
            if found > MOST:
                raise ValueError(f"longest must be so small that there are at most {MOST:,} paths, got {longest}")

    def _from(self, word: int, path: list[int], words: set[int], bits: set[int], longest: int) -> Iterator[list[int]]:
        if word in self.last:
            yield [*path, self.last[word]]
        for cell in self.at_word.get(word, ()) if len(path) + 3 <= longest else ():
            bit = int(self.bit[cell])
            if bit != self.end and bit not in bits:
                for back in self.at_bit.get(bit, ()):
                    further = int(self.word[back])
                    if further not in words:
                        yield from self._from(further, [*path, cell, back], words | {further}, bits | {bit}, longest)

    def share(self, path: list[int]) -> float:
        """Return the current that a path carries, 0 where a cell of it is passed in the other direction."""
        carried = 1.0
        for k, cell in enumerate(path):
            along, total = (
                (self.current[cell], self.from_word[self.word[cell]])
                if k % 2 == 0
                else (-self.current[cell], self.from_bit[self.bit[cell]])
            )
            if along <= 0.0:
                return 0.0
            carried *= along if k == 0 else along / total
        return float(carried)


def _numbered(names: Any) -> Ids:
    return np.unique(names.ravel(), return_inverse=True)[1].ravel().astype(np.int32)


def _groups(of: Ids, cells: Any) -> dict[int, list[int]]:
    """Return the cells at each line."""
    groups: dict[int, list[int]] = {}
    for line, cell in zip(of.tolist(), cells.tolist(), strict=True):
        groups.setdefault(line, []).append(cell)
    return groups
