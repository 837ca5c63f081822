"""How far apart the two states of a cell are read in an array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from memnet.arrays._schemes import SCHEMES, read_drive
from memnet.base import check, text
from memnet.devices import MODELS, Device, cell_devices
from memnet.network import Cell, Network, checked_cell, crossbar_layout
from memnet.simulate import solve

__all__ = ["ReadMargin", "read_margin"]

OTHERS = ("on", "off", "worst")


@dataclass(frozen=True, repr=False)
class ReadMargin(text.Summary):
    """What `read_margin` found.

    Attributes
    ----------
    on, off : float
        Current out of the bit line of the selected cell (A), where that cell is in its state of low and of high
        resistance.
    ratio : float
        ``on / off``.
    margin : float
        ``(on - off) / on``: 1 where the states are read apart in full, 0 or less where they are not.
    cell : (int, int, int)
        Layer, row and column of the cell.
    scheme, others : str
        What the other lines did, and in which state the other cells were.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.arrays.read_margin(mn.crossbar(8, 8), 1e-4, 1e-6, 1.0)
    <ReadMargin: on 426.7 µA; off 327.7 µA; ratio 1.302; margin 0.232; scheme float; others on>
    """

    on: float
    off: float
    cell: Cell
    scheme: str
    others: str

    @property
    def ratio(self) -> float:
        return _divided(self.on, self.off)

    @property
    def margin(self) -> float:
        return _divided(self.on - self.off, self.on)

    def _summary(self) -> dict[str, str]:
        return {
            "on": text.quantity(self.on, "A"),
            "off": text.quantity(self.off, "A"),
            "ratio": f"{self.ratio:.4g}",
            "margin": f"{self.margin:.3g}",
            "scheme": self.scheme,
            "others": self.others,
        }


@check.known_keywords
def read_margin(
    net: Network,
    on: Any,
    off: Any,
    voltage: float,
    *,
    cell: Sequence[int] | None = None,
    scheme: str = "float",
    others: str = "on",
    layer: int = 0,
) -> ReadMargin:
    """Return the currents that one cell is read with in both of its states, where the other cells are worst.

    Parameters
    ----------
    net : Network
        A network that `crossbar` made, with or without resistance of lines.
    on, off : float or Device
        The state of low and of high resistance: a conductance (S), or a device such as a selector in series with a
        resistor.
    voltage : float
        The voltage that reads (V).
    cell : (int, int) or (int, int, int), optional
        The cell that is read. Default: the one farthest from the contacts of its lines, at row 0 and the last column.
    scheme : {"float", "ground", "V/2", "V/3"}
        As for `read_drive`.
    others : {"on", "off", "worst"}
        The state of all other cells: "on" for both reads, the pattern in which sneak paths carry most, and what is
        published as a rule; "off"; or for each read that of the two which hides it most: the one with the least current
        where the cell is on, as a rule "off", and the one with the largest where it is off. Lines that lose much may
        turn that round, and then a mixed pattern may hide it a little more.
    layer : int
        The layer, where `cell` does not say it.

    Returns
    -------
    ReadMargin

    Raises
    ------
    TypeError, ValueError
        A network that is no crossbar, a cell outside, an unknown scheme, conductances that are negative.
    ArithmeticError
        No operating point of the devices was found.

    Examples
    --------
    >>> import memnet as mn
    >>> selector = mn.Selector(i_0=1e-9, v_0=0.1)
    >>> on, off = (mn.series(selector, mn.Resistor(conductance=g)) for g in (1e-4, 1e-6))
    >>> round(mn.arrays.read_margin(mn.crossbar(8, 8), on, off, 1.0).ratio, 2)
    11.67
    """
    layout = crossbar_layout(net)
    where = checked_cell(layout, (layer, 0, layout.cell.shape[2] - 1) if cell is None else cell, layer)
    voltage = check.real("voltage", voltage, bounds="()0", unit="V")
    check.one_of("scheme", scheme, SCHEMES)
    check.one_of("others", others, OTHERS)
    states = {"on": _device("on", on), "off": _device("off", off)}
    drive = read_drive(net, where, voltage, scheme)
    bit = str(layout.bits[where])
    mask = np.zeros(layout.cell.shape, dtype=bool)
    mask[where] = True

    def current(state: str, beside: str) -> float:
        devices = states[state] if beside == state else {states[state]: mask, states[beside]: ~mask}
        return float(0.0 - solve(net, devices=cell_devices(net, devices), drive=drive).current_of(bit))

    patterns = ("on", "off") if others == "worst" else (others,)
    least = min((current("on", beside) for beside in patterns), key=lambda one: one * voltage)
    most = max((current("off", beside) for beside in patterns), key=lambda one: one * voltage)
    return ReadMargin(least, most, cell=where, scheme=scheme, others=others)


def _divided(value: float, by: float) -> float:
    """Return a quotient, infinite or nan where a cell that is open carries nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.divide(value, by))


def _device(name: str, state: Any) -> Device:
    if isinstance(state, Device):
        return state
    return MODELS["Resistor"](conductance=check.real(name, state, 0.0, np.inf, "[)", "S"))
