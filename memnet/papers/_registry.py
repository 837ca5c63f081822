"""Which papers there are, how a pair of functions becomes a figure of one, and how its data is written."""

from __future__ import annotations

import functools
import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeAlias, TypeVar

from memnet.base import check, files
from memnet.base.plain import encode
from memnet.simulate import versions

if TYPE_CHECKING:
    import matplotlib.figure
    import xarray as xr

# One dataset, or several by name where their sizes differ.
Data: TypeAlias = "xr.Dataset | dict[str, xr.Dataset]"
P = ParamSpec("P")
D = TypeVar("D", bound="xr.Dataset | dict[str, xr.Dataset]")
Plot = TypeVar("Plot", bound=Callable[[Any], "matplotlib.figure.Figure"])


@dataclass(frozen=True)
class Example:
    """A call that shows within a second what a figure returns; docstrings end with it, and the tests run them.

    Attributes
    ----------
    arguments : str
        As they stand between the parentheses.
    shows : mapping or list
        The sizes of the dataset, or the names of the datasets.
    panels : int
        Axes of the drawing, colour bars and twins included.
    before : tuple of str
        Statements before the call.
    """

    arguments: str
    shows: Mapping[str, int] | list[str]
    panels: int
    before: tuple[str, ...] = ()

    def call(self, function: Callable[..., Any]) -> str:
        """Return the call of a function of a paper that computes."""
        return f"{_home(function)}.{function.__name__}({self.arguments})"

    def describe(self, function: Callable[..., Any], expression: str, answer: object) -> None:
        """Let the docstring of a function of a paper end with an expression and its answer."""
        lines = (f"from memnet.papers import {_home(function)}", *self.before, expression)
        shown = "\n".join(f">>> {line}" for line in lines)
        function.__doc__ = f"{inspect.cleandoc(function.__doc__ or '')}\n\nExamples\n--------\n{shown}\n{answer!r}\n"


def _home(function: Callable[..., Any]) -> str:
    return function.__module__.split(".")[2]


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
    example : Example, optional
        What the docstrings of both functions end with.

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
    example: Example | None = None

    def arguments(self, options: Mapping[str, Any], *, quick: bool = False) -> dict[str, Any]:
        """Return the arguments of `compute`: the options that are not None, over those of a quick look.

        Raises
        ------
        TypeError
            An argument that this figure does not have.
        """
        known = [name for name in inspect.signature(self.compute).parameters if name != "progress"]
        arguments = {name: value for name, value in options.items() if value is not None}
        check.keywords(f"figure {self.key}", arguments, known)
        return {**(self.quick if quick else {}), **arguments}


@dataclass(frozen=True)
class Paper:
    """A paper and its figures, each a pair of functions that two decorators put here.

    Attributes
    ----------
    name : str
        As in "PNN25": the title of all data begins with it.
    source : str
        Where it was published; an attribute of all data.
    constants : mapping
        What is written beside the arguments of every figure, because it decides about the data, too.
    """

    name: str
    source: str
    constants: Mapping[str, Any] = field(default_factory=dict)
    _halves: dict[str, dict[str, Any]] = field(default_factory=dict, init=False, repr=False)

    def figure(
        self,
        key: str,
        *,
        title: str,
        place: str | None = None,
        quick: Mapping[str, Any] | None = None,
        example: Example | None = None,
    ) -> Callable[[Callable[P, D]], Callable[P, D]]:
        """Make a function compute the figure `key`; its data says with which arguments, defaults included.

        `title`, `quick` and `example` are those of a `Figure`; `place` is where the paper has it, "Fig. <key>" by
        default. What the function itself writes into attributes stays.
        """

        def register(compute: Callable[P, D]) -> Callable[P, D]:
            if example is not None:
                call = example.call(compute)
                sizes = isinstance(example.shows, Mapping)
                example.describe(compute, f"dict({call}.sizes)" if sizes else f"sorted({call})", example.shows)
            signature = inspect.signature(compute)

            @functools.wraps(compute)
            def described(*args: P.args, **kwargs: P.kwargs) -> D:
                bound = signature.bind(*args, **kwargs)
                bound.apply_defaults()
                arguments = {name: value for name, value in bound.arguments.items() if name != "progress"}
                attributes = {
                    "title": f"{self.name}, {place or f'Fig. {key}'}",
                    "source": self.source,
                    "arguments": json.dumps(encode({**arguments, **self.constants})),
                    **versions(),
                }
                data = compute(*args, **kwargs)
                for one in data.values() if isinstance(data, dict) else (data,):
                    one.attrs = {**attributes, **one.attrs}
                return data

            self._put(key, title=title, compute=described, quick=quick or {}, example=example)
            return described

        return register

    def drawing(self, *keys: str) -> Callable[[Plot], Plot]:
        """Make a function draw the data of one or several figures, of which the first gives the example."""

        def register(plot: Plot) -> Plot:
            first = self._halves.get(keys[0], {})
            if example := first.get("example"):
                call = example.call(first["compute"])
                example.describe(plot, f"len({_home(plot)}.{plot.__name__}({call}).axes)", example.panels)
            for key in keys:
                self._put(key, plot=plot)
            return plot

        return register

    def _put(self, key: str, **half: Any) -> None:
        parts = self._halves.setdefault(key, {})
        if not parts.keys().isdisjoint(half):
            raise ValueError(f"{self.name} has two functions that {'draw' if 'plot' in half else 'compute'} {key!r}")
        parts.update(half)

    @property
    def figures(self) -> dict[str, Figure]:
        """The figures by key: numbers first, then words."""
        for key, parts in self._halves.items():
            if len(parts) != 5:
                missing = "draws" if "compute" in parts else "computes"
                raise ValueError(f"no function of {self.name} {missing} figure {key!r}")
        keys = sorted(self._halves, key=lambda key: (not key.isdecimal(), int(key) if key.isdecimal() else 0, key))
        return {key: Figure(key=key, **self._halves[key]) for key in keys}

    @property
    def functions(self) -> dict[str, Callable[..., Any]]:
        """What computes and draws the figures, by the names of the functions."""
        figures = self.figures.values()
        return {one.__name__: one for figure in figures for one in (figure.compute, figure.plot)}


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

    Raises
    ------
    TypeError, ValueError
        Something in `data` is no Dataset, or has a name that no netCDF group can have.
    OSError
        There is no place for the file.

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
    files.write_netcdf(path, {None: data} if isinstance(data, xr.Dataset) else _groups(data))


def _groups(data: Mapping[Any, Any]) -> dict[str | None, xr.Dataset]:
    """Return datasets by names that a netCDF file can hold as they are."""
    import xarray as xr

    if not data:
        raise ValueError("data must hold at least one Dataset, got an empty dict")
    for name, dataset in data.items():
        check.instance("data", dataset, xr.Dataset, "a Dataset, or a dict of them")
        check.instance("the name of a Dataset in data", name, str, "a string")
        if name in ("", ".") or "/" in name or "\0" in name:
            raise ValueError(f"no netCDF group can have the name {check.shown(name)}; use letters, digits and '_'")
    return dict(data)


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
