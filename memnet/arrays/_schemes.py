"""Schemes that read, write and multiply: which voltage each line of a crossbar has."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from memnet import drive
from memnet.base import check
from memnet.network import SINK, Cell, Crossbar, Network, checked_cell, crossbar_layout

__all__ = ["read_drive", "vmm_drive", "write_drive"]

# What the lines of other cells have, as shares of the voltage: word lines, bit lines; None floats.
SCHEMES: dict[str, tuple[float | None, float | None]] = {
    "float": (None, None),
    "ground": (0.0, 0.0),
    "V/2": (1.0 / 2.0, 1.0 / 2.0),
    "V/3": (1.0 / 3.0, 2.0 / 3.0),
}

Volts: TypeAlias = "drive.Waveform | float | None"


@check.known_keywords
def read_drive(
    net: Network, cell: Sequence[int], voltage: Any, scheme: str = "float", *, layer: int = 0
) -> dict[str, Volts]:
    """Return the drive that reads one cell of a crossbar: its word line at a voltage, its bit line at 0 V.

    Parameters
    ----------
    net : Network
        A network that `crossbar` made.
    cell : (int, int) or (int, int, int)
        Row and column, or layer, row and column.
    voltage : float or Waveform
        Voltage of the cell (V).
    scheme : {"float", "ground", "V/2", "V/3"}
        What all other lines do, dummy lines included: they float; are at 0 V; are at half the voltage; or word lines
        at a third and bit lines at two thirds of it, so that no other cell has more than a third.
    layer : int
        The layer, where `cell` does not say it.

    Returns
    -------
    dict from str to float, Waveform or None
        What `solve` and `Simulation` take. The cell's current comes out of its bit line: ``-current_of("b2")``.

    Raises
    ------
    TypeError, ValueError
        A network that is no crossbar, a cell outside of it, something that is no voltage, an unknown scheme.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.crossbar(2, 2)
    >>> mn.arrays.read_drive(net, (0, 1), 0.2, "V/2")
    {'w0': 0.2, 'w1': 0.1, 'b0': 0.1, 'b1': 0.0}
    >>> solution = mn.solve(net, mn.cell_conductances(net, 1e-4), mn.arrays.read_drive(net, (0, 1), 0.2))
    >>> round(-solution.current_of("b1") / 0.2 * 1e6)  # 100 uS, and a sneak path of three cells beside
    133
    """
    layout = crossbar_layout(net)
    return _selected(net, layout, checked_cell(layout, cell, layer), checked_voltage("voltage", voltage), scheme)


@check.known_keywords
def write_drive(
    net: Network,
    cell: Sequence[int],
    voltage: Any,
    *,
    width: float | None = None,
    start: float = 0.0,
    scheme: str = "V/2",
    compliance: float | None = None,
    layer: int = 0,
) -> dict[str, Volts]:
    """Return the drive that writes one cell of a crossbar, by a pulse or a waveform of any form.

    Parameters
    ----------
    net, cell, scheme, layer
        As for `read_drive`.
    voltage : float or Waveform
        Height of the pulse (V), negative to reset; or the waveform of the cell's voltage.
    width : float, optional
        Length of the pulse (s), which a number needs and a waveform does not have.
    start : float
        When the pulse begins (s).
    compliance : float, optional
        Largest current of the cell's word line (A).

    Returns
    -------
    dict from str to float, Waveform or None
        What `Simulation` takes.

    Raises
    ------
    TypeError, ValueError
        As for `read_drive`; a pulse without a width, or a waveform with one.

    Examples
    --------
    >>> import memnet as mn
    >>> drive = mn.arrays.write_drive(mn.crossbar(2, 2), (0, 1), 1.5, width=1e-6, start=1e-6)
    >>> [drive[name](1.5e-6) for name in ("w0", "w1", "b0")], drive["w0"](3e-6)
    ([1.5, 0.75, 0.75], 0.0)
    """
    layout = crossbar_layout(net)
    where = checked_cell(layout, cell, layer)
    wave = checked_voltage("voltage", voltage)
    start = check.real("start", start, 0.0, math.inf, "[)", "s")
    if isinstance(wave, drive.Waveform):
        if width is not None or start:
            raise ValueError("width and start are those of a pulse; a waveform has its own, so leave them out")
    elif width is None:
        raise ValueError("width must be the length of the pulse (s) where voltage is a number, got None")
    else:
        width = check.real("width", width, 0.0, math.inf, unit="s")
        wave = drive.pulses(0.0, wave, length=width, spacing=width, count=1, start=start)
    volts = _selected(net, layout, where, wave, scheme)
    if compliance is not None:
        word = str(layout.words[where])
        volts[word] = drive.limited(wave, current=check.real("compliance", compliance, 0.0, math.inf, unit="A"))
    return volts


@check.known_keywords
def vmm_drive(net: Network, volts: Any, *, layer: int = 0, transposed: bool = False) -> dict[str, Volts]:
    """Return the drive that multiplies a vector by a crossbar: voltages on word lines, bit lines at 0 V.

    Parameters
    ----------
    net : Network
        A network that `crossbar` made.
    volts : array_like of float or Waveform, (rows,); of pillars (rows, columns)
        The voltage of each word line of the layer (V).
    layer : int
        The layer. All lines that are not its own are at 0 V, dummy lines included.
    transposed : bool
        Drive bit lines instead, (columns,), with word lines at 0 V: the product with the transposed matrix. Not of
        pillars, of which each layer has one plane.

    Returns
    -------
    dict from str to float or Waveform
        The products are the currents out of bit lines: ``-solution.current[rows:]`` with one layer.

    Raises
    ------
    TypeError, ValueError
        A network that is no crossbar, an unknown layer, or not one voltage a line.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.crossbar(2, 3)
    >>> g = [[1e-4, 2e-4, 3e-4], [4e-4, 5e-4, 6e-4]]
    >>> solution = mn.solve(net, mn.cell_conductances(net, g), mn.arrays.vmm_drive(net, [0.1, 0.2]))
    >>> [round(1e6 * current) for current in -solution.current[2:]]
    [90, 120, 150]
    """
    layout = crossbar_layout(net)
    layer = check.integer("layer", layer, 0, layout.cell.shape[0] - 1)
    check.flag("transposed", transposed)
    vertical = layout.arguments["stacking"] == "vertical"
    if transposed and vertical:
        raise ValueError("transposed must be False where pillars go through planes: each layer has one plane")
    names = layout.words[layer].ravel().tolist() if vertical else layout.lines_of_layer(layer)[transposed]
    shape, values = layout.cell.shape[1:] if vertical else (len(names),), _each(volts)
    if values.shape != shape:
        raise ValueError(f"volts must have shape {shape}, one voltage a line, got {values.shape}")
    driven = dict(zip(names, _checked_voltages("volts", values.ravel().tolist()), strict=True))
    return dict.fromkeys(_lines(net), 0.0) | driven | _surroundings(layout)


def _checked_voltages(name: str, values: list[Any]) -> list[drive.Waveform | float]:
    """Return voltages, or the waveforms of some."""
    if set(map(type, values)) == {float} and all(map(math.isfinite, values)):  # what most are, and of lines are many
        return values
    return [checked_voltage(f"{name}[{k}]", value) for k, value in enumerate(values)]


def checked_voltage(name: str, value: Any) -> drive.Waveform | float:
    """Return a voltage, or the waveform of one."""
    if not isinstance(value, drive.Waveform):
        return check.real(name, value, unit="V")
    if value.roles != {drive.ROLE_VOLTAGE}:
        raise ValueError(f"{name} must be a number or a waveform of voltages alone, got {check.shown(value)}")
    return value


def _each(volts: Any) -> NDArray[Any]:
    """Return voltages as an array, of objects where some may be waveforms; one alone as that of one line."""
    if isinstance(volts, (list, tuple)):
        check.unmasked("volts", volts)
        return np.array(volts, dtype=object)
    if hasattr(volts, "__array__") or isinstance(volts, Sequence):
        return check.given_array("volts", volts)
    return np.array([volts], dtype=object)


def _lines(net: Network) -> Iterable[str]:
    """Give the electrodes of lines but gates; what circuits attached to them made inner ones are left to float."""
    layout = crossbar_layout(net)
    if not net.attached and layout.gates is None and layout.heat is None:
        return net.electrodes
    others = {*net.joints, *([] if layout.gates is None else layout.gates.ravel().tolist())}
    others |= set() if layout.heat is None else {SINK}
    return (name for name in net.electrodes if name not in others)


def _surroundings(layout: Crossbar) -> dict[str, Volts]:
    """Return the drive of the circuit in which heat flows: temperatures are those above the surroundings."""
    return {} if layout.heat is None else {SINK: 0.0}


def _selected(
    net: Network, layout: Crossbar, cell: Cell, volts: drive.Waveform | float, scheme: str
) -> dict[str, Volts]:
    """Return the drive that selects one cell."""
    word_share, bit_share = SCHEMES[check.one_of("scheme", scheme, SCHEMES)]
    own = {layout.words[cell]: 1.0, layout.bits[cell]: 0.0}
    found: dict[str, Volts] = {}
    for name in _lines(net):
        share = own.get(name, word_share if name.startswith(("w", "dw")) else bit_share)
        found[name] = None if share is None else 0.0 if share == 0.0 else volts if share == 1.0 else volts * share
    return found | _surroundings(layout)
