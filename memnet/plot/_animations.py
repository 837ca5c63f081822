"""Animations of a run: the map and the conductance, moment by moment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet.base import check, job
from memnet.base.arrays import Floats
from memnet.network import Network
from memnet.plot import _layout as layout
from memnet.plot._gif import gif_writer
from memnet.plot._maps import network
from memnet.plot._style import pad
from memnet.simulate import Simulation, described, load_network

if TYPE_CHECKING:
    from matplotlib.animation import FuncAnimation

__all__ = ["Film", "animate"]

# Frames of an animation of a simulation, where their number is not given.
FRAMES = 60
MAP_WIDTH, MAP_HEIGHT, TRACE_HEIGHT = 6.4, 5.6, 1.6


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
class Moments:
    """What the frames show: times (s), potentials (frame, node), conductance over all times."""

    time: Floats
    potential: Floats
    trace_time: Floats
    conductance: Floats


@check.known_keywords
def animate(
    source: Any,
    net: Network | None = None,
    *,
    steps: int | None = None,
    every: int = 1,
    interval: float = 60.0,
    cmap: str | None = None,
) -> Film:
    """Animate the potentials of a run, with its conductance below.

    Parameters
    ----------
    source : Simulation or xarray.Dataset
        A simulation, which takes the steps now; or what its run returned, with ``record=["potential"]`` or with
        ``"snapshot:potential"``.
    net : Network, optional
        The network of a dataset; by default made again from the dataset's attributes.
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
        Something else than a simulation or a dataset, a dataset without potentials, `steps` for a dataset, numbers out
        of range.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> sim = mn.Simulation(net, mn.TunnelGap(), drive={"left": 2.0, "right": 0.0}, seed=0)
    >>> mn.plot.animate(sim.run(40, record=["potential"]), net, every=10)
    <Film of 4 frames, 0.24 s>
    """
    import xarray as xr

    every = check.integer("every", every, 1)
    interval = check.real("interval", interval, 0.0, unit="ms")
    check.instance("net", net, (Network, type(None)), "a Network, or None")
    if isinstance(source, Simulation):
        steps = FRAMES * every if steps is None else check.integer("steps", steps, 1)
        return _film(source.net, _moments_of_steps(source, steps, every), interval, cmap)
    check.instance("source", source, xr.Dataset, "a Simulation or the Dataset of a run")
    if steps is not None:
        raise ValueError(
            f"steps={check.shown(steps)} is for a simulation; a dataset has its rows, of which every={every} are shown"
        )
    if net is None:
        net = load_network(source)
    return _film(net, _moments_of_data(source, net, every), interval, cmap)


def _moments_of_steps(simulation: Any, steps: int, every: int) -> Moments:
    """Take steps, and keep the potential of one in `every`."""
    first = simulation.steps_done
    wanted = range(first, first + steps, every)
    data = simulation.run(steps, record={"snapshot:potential": wanted})
    return _moments_of_data(data, simulation.net, 1)


def _moments_of_data(data: Any, net: Network, every: int) -> Moments:
    check.rows_of_run(data, "conductance")
    trace_time = np.asarray(data["time"].values, dtype=np.float64)
    conductance = np.asarray(data["conductance"].values, dtype=np.float64)
    if "snapshot_potential" in data:
        shown = data["snapshot_potential"]
        time = np.asarray(data[str(shown.dims[0])].values, dtype=np.float64) * described(data)["dt"]
    elif "potential" in data:
        shown, time = data["potential"], trace_time
    else:
        raise ValueError('source has no potentials; run with record=["potential"] or {"snapshot:potential": steps}')
    potential = np.asarray(shown.values, dtype=np.float64)[::every]
    if potential.ndim != 2 or potential.shape[1] != net.n_nodes or not len(potential):
        raise ValueError(f"source must hold the potentials of all {net.n_nodes} nodes, got shape {shown.shape}")
    return Moments(time[::every], potential, trace_time, conductance)


def _film(net: Network, moments: Moments, interval: float, cmap: str | None) -> Film:
    job.load("matplotlib.pyplot")
    from matplotlib import pyplot
    from matplotlib.animation import FuncAnimation

    figure = pyplot.figure(figsize=(MAP_WIDTH, MAP_HEIGHT + TRACE_HEIGHT), layout="constrained")
    pad(figure)
    above, below = figure.subplots(2, 1, height_ratios=(MAP_HEIGHT, TRACE_HEIGHT))
    drawn = network(net, ax=above, potential=moments.potential[0], cmap=cmap, title="t = 0 s")
    shown = layout.on_map(net, moments.potential, net.n_own_nodes)
    known = shown[np.isfinite(shown)]
    if known.size:
        drawn.groups.set_clim(float(known.min()), float(known.max()))
    below.plot(moments.trace_time, moments.conductance, lw=0.9, color="#1f4e8c")
    mark = below.axvline(moments.time[0], color="#c2410c", lw=1.2)
    below.set_xlabel("time (s)")
    below.set_ylabel("conductance (S)")
    below.spines[["top", "right"]].set_visible(False)

    def show(frame: int) -> list[Any]:
        drawn.update(potential=moments.potential[frame])
        mark.set_xdata([moments.time[frame]] * 2)
        above.title.set_text(f"t = {moments.time[frame]:,.6g} s")
        return [drawn.groups, mark, above.title]

    frames = len(moments.time)
    show(0)
    animation = FuncAnimation(figure, show, frames=frames, interval=interval, blit=False)
    animation._draw_was_started = True  # type: ignore[attr-defined]  # one that is made and never shown is no mistake
    pyplot.close(figure)  # a notebook shows the film, not the figure beside it
    return Film(animation, frames, interval)
