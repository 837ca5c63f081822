"""Where a gate works: its least margin over settings."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.arrays._logic_cells import Program
from memnet.arrays._logic_gates import adder_program, imp_program, nand_program, nor_program
from memnet.arrays._logic_row import LogicRow
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import Device

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["logic_map"]

# Of each gate: what it does at some settings, and which these are.
GATES: dict[str, tuple[Callable[..., Program], tuple[str, ...]]] = {
    "imp": (imp_program, ("v_cond", "v_set", "width")),
    "nand": (nand_program, ("v_cond", "v_set", "width")),
    "nor": (nor_program, ("voltage", "width", "n_inputs")),
    "full_adder": (adder_program, ("voltage", "width")),
}
UNITS = {"v_cond": "V", "v_set": "V", "voltage": "V", "width": "s", "load": "ohm"}
MOST_POINTS = 100_000


def logic_map(gate: str, device: Device, over: Mapping[str, ArrayLike], **settings: Any) -> xr.Dataset:
    """Return where a gate works: its least margin, and whether its table is right, at all combinations of settings.

    Parameters
    ----------
    gate : {"imp", "nand", "nor", "full_adder"}
    device : Device
        What all cells are.
    over : dict
        One or more settings of the gate, each with its values: voltages, `width` or `load`; they are sorted, and equal
        ones taken once. At most 100,000 points.
    **settings
        The other arguments of the gate, as for `imp`, `nand`, `nor` or `full_adder`.

    Returns
    -------
    xarray.Dataset
        `margin`, that of `LogicTable.margin`; `right` (1: all outputs are) and `kept` (1: all other cells, too) over
        the dimensions of `over`. ``mn.plot.logic_map`` draws it.

    Raises
    ------
    TypeError, ValueError
        An unknown gate, a setting that it has not, or one that is missing; what the gate itself refuses.

    Notes
    -----
    A point takes some hundredths of a second; a few run side by side in one simulation.

    Examples
    --------
    >>> import memnet as mn
    >>> device = mn.VTEAM(R_on=1e3, R_off=1e6, D=3e-9, v_on=-1.0, v_off=1.0, k_on=-3.0, k_off=3.0, alpha_on=1.0)
    >>> over = {"v_cond": [0.4, 0.9], "v_set": [1.6, 2.4]}
    >>> mn.arrays.logic_map("imp", device, over, load=5e3, width=200e-9, polarity=-1).right.values.tolist()
    [[0, 0], [1, 0]]
    """
    import xarray as xr

    make, own = GATES[check.one_of("gate", gate, GATES)]
    axes = _axes(over, (*own, "load"))
    for name in axes:
        if name in settings:
            raise ValueError(f"{name} must be given once, in over or beside it")
    fixed = {name: settings.pop(name) for name in own if name in settings}
    if lacks := [name for name in own if name not in ("n_inputs", *axes, *fixed)]:
        raise TypeError(f"{gate} needs {', '.join(lacks)} too, in over or beside it")
    shape = tuple(values.size for values in axes.values())
    margin, right, kept = np.empty(shape), np.empty(shape, dtype=np.int8), np.empty(shape, dtype=np.int8)
    loads = axes.get("load", np.array([np.nan]))
    for k, load in enumerate(loads):
        at = [
            place
            for place in itertools.product(*(range(size) for size in shape))
            if "load" not in axes or place[list(axes).index("load")] == k
        ]
        points = [{name: float(axes[name][j]) for name, j in zip(axes, place, strict=True)} for place in at]
        programs = [make(**{**fixed, **{name: one[name] for name in one if name != "load"}}) for one in points]
        row = settings if np.isnan(load) else {**settings, "load": float(load)}
        cells = list(dict.fromkeys([*programs[0].inputs, *programs[0].start]))
        for place, table in zip(at, LogicRow(device, cells, **row).tables(programs), strict=True):
            margin[place], right[place], kept[place] = table.margin, table.right, not table.wrong
    found = {"margin": (list(axes), margin), "right": (list(axes), right), "kept": (list(axes), kept)}
    coordinates = {name: (name, values, {"units": UNITS[name]}) for name, values in axes.items()}
    return xr.Dataset(found, coordinates, {"gate": gate, "device": device.model})


def _axes(over: Any, allowed: tuple[str, ...]) -> dict[str, Floats]:
    """Return the values of each setting, or raise TypeError or ValueError."""
    check.instance("over", over, Mapping, "a dict from settings to values")
    words = [name for name in allowed if name in UNITS]
    check.keywords("over", over, words)
    if not over:
        raise ValueError(f"over must have at least one of {', '.join(words)}")
    found = {name: np.unique(check.array(f"over[{name!r}]", values, (None,))) for name, values in over.items()}
    if not 0 < (count := int(np.prod([values.size for values in found.values()]))) <= MOST_POINTS:
        raise ValueError(f"over must have from 1 to {MOST_POINTS} points, got {count}")
    return found
