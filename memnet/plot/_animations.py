"""Animations of a run: the map, or a vector state of devices, and the conductance, moment by moment."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check, job
from memnet.base.arrays import Floats
from memnet.network import Network
from memnet.plot import _layout as layout, _particles as particles
from memnet.plot._gif import gif_writer
from memnet.plot._maps import network
from memnet.plot._style import pad
from memnet.simulate import Simulation, described, load_network

if TYPE_CHECKING:
    from matplotlib.animation import FuncAnimation
    from matplotlib.axes import Axes

__all__ = ["Film", "animate"]

# Frames of an animation of a simulation, where their number is not given.
FRAMES = 60
MAP_WIDTH, MAP_HEIGHT, TRACE_HEIGHT = 6.4, 5.6, 1.6
EDGE_HEIGHT, AXIS_HEIGHT = 0.45, 0.8  # of dots


@dataclass(frozen=True)
class Film:
    """An animation: shown by a notebook, saved as a GIF or MP4.

    Attributes
    ----------
    animation : matplotlib.animation.FuncAnimation
        To be changed or written in other ways.
    frames : int
        Number of frames.
    interval : float
        Time between two frames (ms).

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> sim = mn.Simulation(net, mn.TunnelGap(), drive={"left": 2.0, "right": 0.0}, seed=0)
    >>> mn.plot.animate(sim, steps=20, every=10).frames
    2
    >>> mn.plot.animate(sim, steps=20, every=10).save("film.gif")
    """

    animation: FuncAnimation
    frames: int
    interval: float

    @check.known_keywords
    def save(self, path: str | Path) -> None:
        """Write the animation; .gif always works, .mp4 where ffmpeg is installed.

        Parameters
        ----------
        path : path
            Ends in .gif or .mp4.

        Raises
        ------
        TypeError, ValueError
            No path, or another ending.
        RuntimeError
            An .mp4 without ffmpeg.
        """
        from matplotlib import animation

        check.path("path", path)
        ending = Path(path).suffix.lower()
        if ending not in (".gif", ".mp4"):
            raise ValueError(f"path must end in .gif or .mp4, got {os.fspath(path)!r}")
        if ending == ".mp4" and not animation.FFMpegWriter.isAvailable():
            raise RuntimeError(f"path={os.fspath(path)!r} needs ffmpeg, which is not installed; a .gif needs nothing")
        rate: Any = 1_000.0 / self.interval  # of frames a second, which are not always whole
        writer = gif_writer(rate) if ending == ".gif" else animation.FFMpegWriter(fps=rate)
        self.animation.save(os.fspath(path), writer=writer)

    def __repr__(self) -> str:
        return f"<Film of {self.frames} frames, {self.frames * self.interval / 1_000.0:.3g} s>"

    def _repr_html_(self) -> str:
        return str(self.animation.to_jshtml(default_mode="once"))


@dataclass(frozen=True)
class Trace:
    """The conductance over all times, below what moves, and the times that frames show (s)."""

    time: Floats
    conductance: Floats
    shown: Floats


@check.known_keywords
def animate(
    source: Any,
    net: Network | None = None,
    *,
    state: str | None = None,
    edges: ArrayLike | None = None,
    steps: int | None = None,
    every: int = 1,
    interval: float = 60.0,
    cmap: str | None = None,
) -> Film:
    """Animate the potentials of a run, or a vector state of its devices, with its conductance below.

    Parameters
    ----------
    source : Simulation or xarray.Dataset
        A simulation, which takes the steps now; or what its run returned, with ``record=["potential"]`` or with
        ``"snapshot:potential"``, for a state with ``record=["state:x"]`` or with ``"snapshot:state:x"``.
    net : Network, optional
        The network of a dataset; by default made again from the dataset's attributes.
    state : str, optional
        A vector state, such as "x" of a `DiffusiveMemristor`: instead of the map each edge is a line, on which each of
        the state's numbers is a dot. Where a run recorded it of several devices it is "x_0", "x_1", ...
    edges : array_like of int, optional
        Edges whose state is shown; by default those recorded, the first 10 of them.
    steps : int, optional
        Steps that a simulation takes, >= 1; by default 60 times `every`.
    every : int
        A frame for every that many steps of a simulation, or rows of a dataset, >= 1.
    interval : float
        Time between two frames (ms), > 0.
    cmap : str, optional
        Colour map of the potential.

    Returns
    -------
    Film
        Its last line in a notebook cell shows it; `Film.save` writes a GIF or MP4.

    Raises
    ------
    TypeError, ValueError
        Something else than a simulation or a dataset, a dataset without what is to be shown, `steps` for a dataset,
        `edges` without a state or not recorded, `cmap` for a state, numbers out of range.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> sim = mn.Simulation(net, mn.TunnelGap(), drive={"left": 2.0, "right": 0.0}, seed=0)
    >>> mn.plot.animate(sim.run(40, record=["potential"]), net, every=10)
    <Film of 4 frames, 0.24 s>

    Particles of two memristors side by side under a train of pulses:

    >>> pair = mn.Network(2, [(0, 1)] * 2, electrodes={"in": 0, "out": 1})
    >>> train = mn.drive.pulses(0.0, 5.0, length=0.1, spacing=0.1)
    >>> sim = mn.Simulation(pair, mn.DiffusiveMemristor(), {"in": train, "out": 0.0}, dt=0.02, seed=1)
    >>> mn.plot.animate(sim, state="x", steps=20, every=5)
    <Film of 4 frames, 0.24 s>
    """
    import xarray as xr

    every = check.integer("every", every, 1)
    interval = check.real("interval", interval, 0.0, unit="ms")
    check.instance("net", net, (Network, type(None)), "a Network, or None")
    _together(state, edges, cmap)
    if isinstance(source, Simulation):
        data, net = _taken(source, FRAMES * every if steps is None else check.integer("steps", steps, 1), every, state)
        every = 1
    else:
        check.instance("source", source, xr.Dataset, "a Simulation or the Dataset of a run")
        data = source
        if steps is not None:
            raise ValueError(
                f"steps={check.shown(steps)} is for a simulation; a dataset has its rows, of which every={every} are"
                " shown"
            )
    check.rows_of_run(data, "conductance")
    if state is not None:
        return _film_of_dots(particles.dots_of_data(data, state, edges), data, every, interval)
    return _film_of_map(load_network(data) if net is None else net, data, every, interval, cmap)


def _together(state: Any, edges: Any, cmap: Any) -> None:
    """Raise ValueError where arguments do not go together."""
    check.instance("state", state, (str, type(None)), "the name of a state, or None")
    if state is None and edges is not None:
        raise ValueError(f"edges={check.shown(edges)} are those of a state; give state, too")
    if state is not None and cmap is not None:
        raise ValueError(f"cmap={check.shown(cmap)} is of the potential, which is not shown with state={state!r}")


def _taken(simulation: Simulation, steps: int, every: int, state: str | None) -> tuple[Any, Network]:
    """Take steps; return the run with what is shown of one step in `every`, and the network."""
    first = simulation.steps_done
    wanted = range(first, first + steps, every)
    if state is None:
        return simulation.run(steps, record={"snapshot:potential": wanted}), simulation.net
    device = particles.vector_state(simulation, state)
    return simulation.run(steps, record={f"snapshot:state:{state}": (device, wanted)}), simulation.net


def _trace(data: Any, row: str, every: int) -> Trace:
    """Return the conductance of a run and the times of what is shown along a dimension, rows or steps."""
    time = np.asarray(data["time"].values, dtype=np.float64)
    shown = time if row == "time" else np.asarray(data[row].values, dtype=np.float64) * described(data)["dt"]
    return Trace(time, np.asarray(data["conductance"].values, dtype=np.float64), shown[::every])


def _film_of_map(net: Network, data: Any, every: int, interval: float, cmap: str | None) -> Film:
    names = [name for name in ("snapshot_potential", "potential") if name in data]
    if not names:
        raise ValueError('source has no potentials; run with record=["potential"] or {"snapshot:potential": steps}')
    shown = data[names[0]]
    potential = np.asarray(shown.values, dtype=np.float64)[::every]
    if potential.ndim != 2 or potential.shape[1] != net.n_nodes or not len(potential):
        raise ValueError(f"source must hold the potentials of all {net.n_nodes} nodes, got shape {shown.shape}")
    above, below = _page(MAP_HEIGHT)
    drawn = network(net, ax=above, potential=potential[0], cmap=cmap, title="t = 0 s")
    known = layout.on_map(net, potential, net.n_own_nodes)
    known = known[np.isfinite(known)]
    if known.size:
        drawn.groups.set_clim(float(known.min()), float(known.max()))

    def move(frame: int) -> list[Any]:
        drawn.update(potential=potential[frame])
        return [drawn.groups]

    return _film(above, below, _trace(data, str(shown.dims[0]), every), move, interval)


def _film_of_dots(dots: particles.Dots, data: Any, every: int, interval: float) -> Film:
    above, below = _page(AXIS_HEIGHT + EDGE_HEIGHT * len(dots.edges))
    drawn = particles.draw(above, dots)

    def move(frame: int) -> list[Any]:
        drawn.set_data(*particles.places(dots, frame * every))
        return [drawn]

    return _film(above, below, _trace(data, dots.row, every), move, interval)


def _page(height: float) -> list[Axes]:
    """Return axes of what moves, so high (inches), and of the conductance below it."""
    job.load("matplotlib.pyplot")
    from matplotlib import pyplot

    figure = pyplot.figure(figsize=(MAP_WIDTH, height + TRACE_HEIGHT), layout="constrained")
    pad(figure)
    return list(figure.subplots(2, 1, height_ratios=(height, TRACE_HEIGHT)))


def _film(above: Axes, below: Axes, trace: Trace, move: Callable[[int], list[Any]], interval: float) -> Film:
    """Return the film of what `move` draws for a frame, with the conductance and a mark of the time below."""
    from matplotlib import pyplot
    from matplotlib.animation import FuncAnimation

    below.plot(trace.time, trace.conductance, lw=0.9, color="#1f4e8c")
    mark = below.axvline(trace.shown[0], color="#c2410c", lw=1.2)
    below.set_xlabel("time (s)")
    below.set_ylabel("conductance (S)")
    below.spines[["top", "right"]].set_visible(False)

    def show(frame: int) -> list[Any]:
        moved = move(frame)
        mark.set_xdata([trace.shown[frame]] * 2)
        above.set_title(f"t = {trace.shown[frame]:,.6g} s")
        return [*moved, mark, above.title]

    frames, figure = len(trace.shown), above.figure.canvas.figure
    show(0)
    animation = FuncAnimation(figure, show, frames=frames, interval=interval, blit=False)
    animation._draw_was_started = True  # type: ignore[attr-defined]  # one that is made and never shown is no mistake
    pyplot.close(figure)  # a notebook shows the film, not the figure beside it
    return Film(animation, frames, interval)
