"""Devices for crossbars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.read_only import read_only
from memnet.devices._device import Device, altered
from memnet.devices._field import argument_fields
from memnet.devices._models import MODELS
from memnet.devices._series import Series, series
from memnet.network import Crossbar, Network, crossbar_layout

Cells = Device | Sequence[Any] | NDArray[Any] | Mapping[Device, ArrayLike]


def cell_devices(
    net: Network, device: Cells, /, *, dummy: Device | None = None, heat: Device | None = None, **parameters: ArrayLike
) -> list[Device]:
    """Return one device an edge for a crossbar: those of its cells, and resistors on lines and contacts.

    Parameters
    ----------
    net : Network
        A network that `crossbar` made.
    device : Device, dict, or array_like of Device
        The device of all cells; or a dict from devices to masks of cells that together hold each cell once; or one
        device a cell. Masks and arrays have the shape of ``net.cell``, (layers, rows, columns), or (rows, columns) with
        one layer. Parameters that the device has per edge are arrays over the cells it is on, in the order of
        ``net.cell``.
    dummy : Device, optional
        The device of cells on dummy lines. Default: a resistor of conductance 0, as of cells that were never formed.
    heat : Device, optional
        Where cells warm each other (``thermal_conductance`` of `crossbar`), which needs one: the device between the
        node of heat of each cell and the surroundings, whose current is what flows off less what the cell brings in
        (W) at a voltage that is the temperature above the surroundings (K). It reads its cell, and cells that read a
        voltage read it.
    **parameters : array_like
        Parameters of the one device for each cell, in the shape of the cells: they replace those that it has. Of a
        series they have the number of the part behind, as in ``g_2``.

    Returns
    -------
    list of Device (n_own_edges,)
        What `Simulation` takes, and `solve` as ``devices=``. A cell whose device is ``Resistor(conductance=0.0)`` is
        open; one with a large conductance is shorted. Where the crossbar has gates, devices that read the voltage of
        another edge and no state, as a `series` with a `Transistor` does, are linked to the probes of their cells,
        unless they are linked already.

    Raises
    ------
    TypeError, ValueError
        A network that is no crossbar; something that is no device; arrays of another shape, or masks that leave out a
        cell or hold it twice; a parameter that the device does not have, or a value outside its range.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.crossbar(2, 2, line_resistance=1.0)
    >>> memristor = mn.RateBalance()
    >>> devices = mn.cell_devices(net, memristor, g_max=[[1e-3, 2e-3], [3e-3, 4e-3]])
    >>> devices[0].g_max, len(devices), devices[-1]
    (array([0.001, 0.002, 0.003, 0.004]), 8, Resistor(conductance=array([0, 0, 0, ...])))
    >>> cell = mn.series(mn.Resistor(), mn.Transistor())
    >>> mn.cell_devices(mn.crossbar(2, 2, gates="rows"), cell)[0].linked_to
    array([4, 5, 6, 7], dtype=int32)
    >>> bad = mn.Resistor(conductance=0.0)
    >>> mn.cell_devices(net, {memristor: [[1, 1], [1, 0]], bad: [[0, 0], [0, 1]]})[3]
    Resistor(conductance=0.0)
    """
    layout = crossbar_layout(net)
    if parameters:
        device = _with_parameters(device, parameters, layout.cell.shape)
    each = _each(device, layout.cell.shape)
    warm = _warm(layout, heat)
    cells = _gated(each, layout.probe if layout.heat is None else layout.heat)
    if dummy is not None:
        check.instance("dummy", dummy, Device, "a Device")
    resistance: Floats = np.concatenate([layout.segment_resistance, layout.contact_resistance])
    beside = [dummy or MODELS["Resistor"](conductance=0.0)] * len(layout.dummy_cells)
    probes = [MODELS["Resistor"](conductance=0.0)] * len(layout.probes)
    if not resistance.size:
        return cells + beside + probes + warm
    conductance = np.zeros(net.n_own_edges)
    conductance[np.concatenate([layout.segments, layout.contacts])] = 1.0 / resistance
    return cells + beside + [MODELS["Resistor"](conductance=conductance)] * resistance.size + probes + warm


def _warm(layout: Crossbar, heat: Any) -> list[Device]:
    """Return the devices of the circuit in which heat flows, none where there is none."""
    if layout.heat is None:
        if heat is not None:
            raise ValueError("heat must be None for a crossbar without thermal_conductance")
        return []
    check.instance("heat", heat, Device, "a Device, which a crossbar with thermal_conductance needs")
    if heat._table["linked_states"] is not None and heat.linked_to is None:
        heat = heat.relinked(read_only(layout.cell.ravel().copy()))
    between = MODELS["Resistor"](conductance=layout.arguments["thermal_conductance"])
    return [heat] * layout.heat.size + [between] * len(layout.couplings)


def _gated(cells: list[Device], probe: NDArray[np.int32] | None) -> list[Device]:
    """Return devices of cells of which those that read a voltage, and have no link, read the probes of their cells."""
    if probe is None:
        return cells
    mine = [one.linked_to is None and one._table["linked_states"] == () for one in cells]
    for device in {id(one): one for one, reads in zip(cells, mine, strict=True) if reads}.values():
        on = np.array([one is device for one in cells])
        linked = device.relinked(read_only(probe.ravel()[on]))
        cells = [linked if one is device else one for one in cells]
    return cells


def _with_parameters(device: Any, given: Mapping[str, Any], shape: tuple[int, ...]) -> Device:
    """Return a device like another that has some parameters for each cell."""
    check.instance("device", device, Device, "one Device where parameters are given for each cell")
    check.keywords(device.model, given, argument_fields(device._table))
    return _altered(device, {name: _in_shape(name, value, shape).ravel() for name, value in given.items()})


def _altered(device: Device, values: Mapping[str, Any]) -> Device:
    """Return a device like another with other values of some parameters, linked and spread as it is."""
    if isinstance(device, Series):
        parts = []
        for k, part in enumerate(device.parts, 1):
            own = {name: values[f"{name}_{k}"] for name in part.parameters if f"{name}_{k}" in values}
            parts.append(_altered(part, own))
        made: Device = series(*parts)
    else:
        kept = {name: value for name, value in device.parameters.items() if value is not None}
        made = type(device)(**{**kept, **values})
    return altered(made, linked_to=device.linked_to, variations=device.variations)


def _in_shape(name: str, value: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    """Return an array that has the shape of the cells, with or without an axis for the only layer."""
    given = check.given_array(name, value)
    if given.shape != shape and not (shape[0] == 1 and given.shape == shape[1:]):
        raise ValueError(
            f"{name} must have the shape of the cells, {shape if shape[0] > 1 else shape[1:]}, got {given.shape}"
        )
    return given


def _each(device: Any, shape: tuple[int, ...]) -> list[Device]:
    """Return the device of each cell."""
    n_cells = int(np.prod(shape))
    if isinstance(device, Device):
        return [device] * n_cells
    if isinstance(device, Mapping):
        return _masked(device, shape)
    if not isinstance(device, (Sequence, np.ndarray)) or isinstance(device, str):
        raise TypeError(f"device must be a Device, a dict or an array of devices, got {check.shown(device)}")
    each: list[Any] = _in_shape("device", np.array(device, dtype=object), shape).ravel().tolist()
    for k, one in enumerate(each):
        check.instance(f"device of cell {tuple(map(int, np.unravel_index(k, shape)))}", one, Device, "a Device")
    return each


def _masked(masks: Mapping[Any, Any], shape: tuple[int, ...]) -> list[Device]:
    """Return the device of each cell, of masks that hold each cell once."""
    each: NDArray[Any] = np.full(int(np.prod(shape)), None, dtype=object)
    held = np.zeros(each.size, dtype=int)
    for device, value in masks.items():
        check.instance("device", device, Device, "a dict from devices to masks")
        mask = _in_shape(f"mask of {check.shown(device, 60)}", value, shape)
        if mask.dtype.kind not in "biu" or ((mask != 0) & (mask != 1)).any():
            raise TypeError(f"mask of {check.shown(device, 60)} must be True or False for each cell, got {mask.dtype}")
        each[mask.astype(bool).ravel()] = device
        held += mask.astype(bool).ravel()
    if (held != 1).any():
        k = int(np.argmax(held != 1))
        where = tuple(map(int, np.unravel_index(k, shape)))
        raise ValueError(f"masks must hold each cell once, got cell {where} in {held[k]} of them")
    found: list[Device] = each.tolist()
    return found
