"""A voltage sweep as analyses of loops take it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from memnet.base import check

if TYPE_CHECKING:
    import xarray as xr


def of_run(data: xr.Dataset, electrode: str | None) -> tuple[Any, Any, Any, Any]:
    """Return voltage, current, conductance and time of a run with two electrodes."""
    check.rows_of_run(data, "voltage", "current", "conductance")
    names = [str(name) for name in data["electrode"].values]
    if len(names) != 2:
        raise ValueError(f"data must have two electrodes, got {names}; give voltage and current as arrays")
    one = names[0] if electrode is None else check.one_of("electrode", electrode, names)
    other = next(name for name in names if name != one)
    volts = data["voltage"].sel(electrode=one).values - data["voltage"].sel(electrode=other).values
    return volts, data["current"].sel(electrode=one).values, data["conductance"].values, data["time"].values
