"""Products of voltages and a matrix of conductances, lines included."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.circuit import terminal_conductance
from memnet.network import Crossbar, Network, cell_conductances

__all__ = ["transfer", "vmm"]


@check.known_keywords
def transfer(
    net: Network,
    conductances: ArrayLike,
    *,
    inputs: Sequence[str] | NDArray[np.str_] | None = None,
    outputs: Sequence[str] | NDArray[np.str_] | None = None,
) -> Floats:
    """Return the matrix from voltages at inputs to currents at outputs, which are held at 0 V.

    Parameters
    ----------
    net : Network
        Of `mn.crossbar`, or any network with electrodes.
    conductances : float or array_like, (n_edges,), (rows, columns) or (layers, rows, columns)
        Conductance of each edge (S), finite and >= 0, as `mn.cell_conductances` returns them; or those of the cells of
        a crossbar, of which a number is that of all cells: lines keep theirs.
    inputs, outputs : sequence of str, optional
        Electrodes that are driven, and whose currents are wanted, none of them both, such as lines of one layer:
        ``net.layout.words[1, :, 0]`` and ``net.layout.bits[1, 0]``. By default the word lines
        "w0", "w1", ... and the bit lines "b0", "b1", ... in their order.

    Returns
    -------
    ndarray, (n_inputs, n_outputs)
        Current out of each output for 1 V at each input, all other electrodes at 0 V (S). With ideal lines the
        conductances of the cells, to the last bit.

    Raises
    ------
    TypeError, ValueError
        Conductances that `mn.terminal_conductance` or `mn.cell_conductances` refuses; an unknown electrode, the same
        twice, or none; circuits in series with electrodes, whose inner ends would be held at 0 V.

    Notes
    -----
    One factorisation in sum form: each entry is right to rounding, however small it is beside the others. With bit
    lines as inputs and word lines as outputs it is the transposed matrix, as backpropagation needs it.

    Examples
    --------
    >>> import memnet as mn
    >>> conductances = [[1e-4, 2e-4], [3e-4, 4e-4]]
    >>> mn.arrays.transfer(mn.crossbar(2, 2), conductances)
    array([[0.0001, 0.0002],
           [0.0003, 0.0004]])
    >>> (1e6 * mn.arrays.transfer(mn.crossbar(2, 2, line_resistance=100.0), conductances)).round(1)
    array([[ 99. , 192.3],
           [300. , 384.6]])
    """
    check.instance("net", net, Network, "a Network")
    if net.joints:
        raise ValueError(
            f"net must have no circuits in series with electrodes, such as {next(iter(net.joints.values()))!r}, whose"
            " inner ends would be held at 0 V; use mn.solve"
        )
    into = _electrodes("inputs", inputs, net, "w")
    out = _electrodes("outputs", outputs, net, "b")
    if both := set(into) & set(out):
        names = list(net.electrodes)
        raise ValueError(f"inputs and outputs must have no electrode in common, got {names[min(both)]!r} in both")
    matrix = terminal_conductance(net, _of_edges(net, conductances))
    return np.asarray(0.0 - matrix[np.ix_(into, out)])


@check.known_keywords
def vmm(
    net: Network,
    conductances: ArrayLike,
    volts: ArrayLike,
    *,
    inputs: Sequence[str] | NDArray[np.str_] | None = None,
    outputs: Sequence[str] | NDArray[np.str_] | None = None,
) -> Floats:
    """Return the currents of bit lines for a batch of vectors of voltages at word lines, on one factorisation.

    Parameters
    ----------
    net, conductances, inputs, outputs
        As in `transfer`.
    volts : array_like, (n_inputs,) or (batch, n_inputs)
        Voltage of each input (V), finite.

    Returns
    -------
    ndarray, (n_outputs,) or (batch, n_outputs)
        Current out of each bit line, which is held at 0 V (A). With ideal lines ``volts @ conductances``.

    Raises
    ------
    TypeError, ValueError
        As in `transfer`; volts of another shape, or not finite.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.arrays.vmm(mn.crossbar(2, 2), [[1e-6, 2e-6], [3e-6, 4e-6]], [[0.1, 0.0], [0.1, 0.2]])
    array([[1.e-07, 2.e-07],
           [7.e-07, 1.e-06]])
    """
    matrix = transfer(net, conductances, inputs=inputs, outputs=outputs)
    given = check.numbers_within("volts", volts, -math.inf, math.inf, "()", "V")
    if given.ndim not in (1, 2) or given.shape[-1] != len(matrix):
        raise ValueError(f"volts must have shape ({len(matrix)},) or (any, {len(matrix)}), got {given.shape}")
    with np.errstate(over="ignore", invalid="ignore"):
        currents = np.asarray(given @ matrix)
    if not np.isfinite(currents).all():
        raise ArithmeticError("a current is above 1.8e308 A: give smaller volts or conductances")
    return currents


def _of_edges(net: Network, conductances: ArrayLike) -> Floats:
    """Return the conductance of each edge (S), given that of each or those of the cells of a crossbar."""
    given = check.numbers_within("conductances", conductances, 0.0, math.inf, "[)", "S")
    shape = net.layout.cell.shape if isinstance(net.layout, Crossbar) else ()
    if given.shape == (net.n_edges,) or (given.ndim == 0 and not shape):
        return given
    if shape and given.shape in ((), shape, shape[1:] if shape[0] == 1 else shape):
        return cell_conductances(net, given)
    cells = f", or {shape[1:] if shape[0] == 1 else shape} of cells" if shape else ""
    raise ValueError(f"conductances must have shape ({net.n_edges},) of edges{cells}, got {given.shape}")


def _electrodes(name: str, given: Any, net: Network, letter: str) -> list[int]:
    """Return the places of electrodes among those of the network; by default of "w0", "w1", ..."""
    places = {electrode: k for k, electrode in enumerate(net.electrodes)}
    if given is None:
        count = 0
        while f"{letter}{count}" in places:
            count += 1
        if not count:
            raise ValueError(f"{name} must be given where the network has no electrode '{letter}0'")
        return [places[f"{letter}{k}"] for k in range(count)]
    given = given.tolist() if isinstance(given, np.ndarray) else given
    check.instance(name, given, (list, tuple), "a list of electrodes")
    found = [places[check.known_name(f"{name}[{k}]", one, places)] for k, one in enumerate(given)]
    if not found:
        raise ValueError(f"{name} must hold at least one electrode")
    if len(set(found)) < len(found):
        raise ValueError(f"{name} must name no electrode twice, got {check.shown(given)}")
    return found
