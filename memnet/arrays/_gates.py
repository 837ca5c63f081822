"""Gate lines of crossbars: which rows or columns of transistors are open."""

from __future__ import annotations

from collections.abc import Sequence

from memnet import drive
from memnet.arrays._schemes import checked_voltage
from memnet.base import check
from memnet.network import Network, checked_cell, crossbar_layout

__all__ = ["gate_drive"]


@check.known_keywords
def gate_drive(
    net: Network,
    voltage: float | drive.Waveform,
    cell: Sequence[int] | None = None,
    *,
    off: float = 0.0,
) -> dict[str, float | drive.Waveform]:
    """Return the drive of the gate lines of a crossbar: that of one cell open and all others closed, or all open.

    Parameters
    ----------
    net : Network
        A network that `crossbar` made with ``gates``.
    voltage : float or Waveform
        Voltage of an open gate line (V).
    cell : (int, int) or (int, int, int), optional
        Row and column, or layer, row and column, of the cell whose gate line is open. Default: all are.
    off : float
        Voltage of a closed gate line (V).

    Returns
    -------
    dict from str to float or Waveform
        One voltage a gate line, to be joined to the drive of the other lines: ``drive | gates``.

    Raises
    ------
    TypeError, ValueError
        A network that is no crossbar, or one without gate lines; a cell outside of it; something that is no voltage.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.crossbar(3, 2, gates="rows")
    >>> mn.arrays.gate_drive(net, 2.5, (1, 0))
    {'g0': 0.0, 'g1': 2.5, 'g2': 0.0}
    """
    layout = crossbar_layout(net)
    if layout.gates is None:
        raise ValueError(f'net must have gate lines, as of mn.crossbar(..., gates="rows"), got {check.shown(net)}')
    volts = checked_voltage("voltage", voltage)
    closed = check.real("off", off, unit="V")
    lines = [str(name) for name in dict.fromkeys(layout.gates.ravel().tolist())]
    if cell is None:
        return dict.fromkeys(lines, volts)
    opened = str(layout.gates[checked_cell(layout, cell)])
    return {name: volts if name == opened else closed for name in lines}
