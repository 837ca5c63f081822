"""What the command line knows about papers: which there are, their figures, and how data is written."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

from memnet.base import check, files

if TYPE_CHECKING:
    import matplotlib.figure
    import xarray as xr

# One dataset, or several by name where their sizes differ.
Data: TypeAlias = "xr.Dataset | dict[str, xr.Dataset]"


@dataclass(frozen=True)
class Figure:
    """A figure of a paper, or a question of its supplement.

    Attributes
    ----------
    key : str
        What `--figure` is given, such as "3" or "spacing".
    title : str
        What it shows, in one line.
    compute : function
        Returns the data; all its parameters are keywords with defaults.
    plot : function
        Draws the data on a new matplotlib Figure and returns that.
    quick : mapping
        Arguments of `compute` for a look within seconds.

    Examples
    --------
    >>> from memnet.papers import pnn2025
    >>> figure = pnn2025.FIGURES["5"]
    >>> figure.title
    'current traces at constant voltage'
    >>> figure.arguments({"seed": 8}, quick=True)
    {'size': 100.0, 'seed': 8, 'steps': 50000}
    """

    key: str
    title: str
    compute: Callable[..., Data]
    plot: Callable[[Any], matplotlib.figure.Figure]
    quick: Mapping[str, Any] = field(default_factory=dict)

    def arguments(self, given: Mapping[str, Any], *, quick: bool = False) -> dict[str, Any]:
        """Return the arguments of `compute`: those given that are not None, over those of a quick look.

        Raises
        ------
        TypeError
            An argument that this figure does not have.
        """
        known = [name for name in inspect.signature(self.compute).parameters if name != "progress"]
        wanted = {name: value for name, value in given.items() if value is not None}
        check.keywords(f"figure {self.key}", wanted, known)
        return {**(self.quick if quick else {}), **wanted}


def names() -> list[str]:
    """Return the names of all papers.

    Examples
    --------
    >>> import memnet as mn
    >>> "pnn2025" in mn.papers.names()
    True
    """
    return sorted(
        module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]) if not module.name.startswith("_")
    )


def load(paper: str) -> ModuleType:
    """Return the module of a paper.

    Raises
    ------
    ValueError
        There is no such paper (with the nearest one).

    Examples
    --------
    >>> import memnet as mn
    >>> sorted(mn.papers.load("meanfield2023").FIGURES)
    ['2', '3', '4']
    """
    return importlib.import_module(f"memnet.papers.{check.one_of('paper', paper, names())}")


def write(data: Data, path: str | Path) -> None:
    """Write the data of a figure as netCDF; several datasets become groups.

    The file appears when it is whole: it is written beside its place and renamed.

    Examples
    --------
    >>> import memnet as mn, xarray as xr
    >>> mn.papers.write({"a": xr.Dataset({"x": 1.0})}, "figure.nc")
    >>> list(mn.papers.read("figure.nc"))
    ['a']
    """
    import xarray as xr

    check.path("path", path)
    check.instance("data", data, (xr.Dataset, Mapping), "a Dataset, or a dict of them")
    files.write_netcdf(path, {None: data} if isinstance(data, xr.Dataset) else dict(data.items()))


def read(path: str | Path) -> Data:
    """Return what `write` wrote.

    Examples
    --------
    >>> import memnet as mn, xarray as xr
    >>> mn.papers.write(xr.Dataset({"x": 1.0}), "figure.nc")
    >>> mn.papers.read("figure.nc")["x"].item()
    1.0
    """
    import h5netcdf
    import xarray as xr

    check.path("path", path)
    with h5netcdf.File(path, "r") as file:
        groups = list(file.groups)
    if not groups:
        return xr.load_dataset(path, engine="h5netcdf")
    return {name: xr.load_dataset(path, engine="h5netcdf", group=name) for name in groups}
