"""The live view of a simulation in a notebook."""

from __future__ import annotations

import functools
import time
from collections.abc import Mapping
from typing import Any

from memnet.base import check, job, text
from memnet.live import _assets
from memnet.live._message import plain
from memnet.live._player import EDGES, MOST_STEPS, Player
from memnet.live._scene import scene
from memnet.simulate import Simulation

# The next picture is sent when the browser has asked for it, or after that time (s): while a cell runs, the kernel
# hears nothing of the browser.
PATIENCE = 0.5


class View(text.Summary):
    """A simulation that is played in a notebook; `memnet.view` makes it.

    The buttons do what the methods do. The simulation runs in a thread of its own, so cells go on; while it runs,
    another use of `sim` raises SimulationBusy, and while it is paused `sim` is free.

    Attributes
    ----------
    widget : anywidget.AnyWidget
        What a notebook shows, for boxes and tabs of ipywidgets.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> view = mn.view(mn.Simulation(net, mn.TunnelGap(), {"left": 2.0, "right": 0.0}, seed=0))
    >>> view.step(100)
    >>> view.turn("left", 2.5)
    >>> view.sim.steps_done, view.sim["left"]
    (100, 2.5)
    >>> view.sim.step(10)  # between the view's own steps it is an ordinary simulation
    >>> view.refresh()
    >>> view.reset()
    >>> view.sim.steps_done
    0
    >>> view.run()
    >>> view.pause()
    >>> view.running
    False
    >>> view.close()
    """

    def __init__(self, simulation: Simulation, speed: int, edges: str, height: int) -> None:
        self._player = Player(simulation, speed)
        self._asked: dict[str, Any] = {"begun": 0, "rows": 0, "events": 0, "edges": edges}
        self._waiting = True
        self._sent = 0.0
        self.widget = _widget_class()(height=height, edges=edges)
        self.widget.on_msg(self._hear)
        self._player.listeners.append(self._push)

    @property
    def sim(self) -> Simulation:
        """The simulation that is played; after `reset` it is another one."""
        return self._player.simulation

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self._player.running

    def run(self) -> None:
        """Let it run until `pause`."""
        self._player.command({"do": "run"}).result()

    def pause(self) -> None:
        """Stop between two steps; `sim` is then free."""
        self._player.command({"do": "pause"}).result()

    @check.known_keywords
    def step(self, n: int = 1) -> None:
        """Take some steps, and wait for their end.

        Parameters
        ----------
        n : int
            Number of steps, in [1, 1,000,000].

        Raises
        ------
        TypeError, ValueError
            Another number.
        RuntimeError
            An error of the simulation, which the view shows, too.
        KeyboardInterrupt
            Ctrl-C; it stops between two steps.
        """
        steps = check.whole("n", n, 1, MOST_STEPS)
        self._player.command({"do": "take", "steps": steps}).result()
        try:
            while self._player.running:
                self._player.wait(self._player.picture, 0.05)
        except BaseException:  # Ctrl-C, which reaches this thread alone
            self.pause()
            raise
        if self._player.error is not None:
            raise RuntimeError(self._player.error)

    def reset(self) -> None:
        """Go back to the states, the time and the drive that the simulation had when the view was made."""
        self._player.command({"do": "reset"}).result()

    @check.known_keywords
    def turn(self, electrode: str, value: float) -> None:
        """Set the value of a constant drive, or the factor by which any other is multiplied, from the next step on.

        Parameters
        ----------
        electrode : str
            An electrode that is driven.
        value : float
            The value (V, or A of a current) where its drive is constant, else a factor.

        Raises
        ------
        TypeError, ValueError
            Another electrode, or no finite number.
        """
        self._player.command({"do": "turn", "electrode": electrode, "value": value}).result()

    def refresh(self) -> None:
        """Show the simulation as it is now, where cells have used it."""
        self._player.do(self._player.show)

    def close(self) -> None:
        """Stop, and take the view off the notebook."""
        self.pause()
        self._player.listeners.clear()
        self.widget.close()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)

    def _summary(self) -> Mapping[str, str]:
        return {
            "of": repr(self.sim),
            "": "running" if self.running else "paused",
        }

    def _hear(self, _widget: Any, words: Any, _buffers: Any) -> None:
        """Do what the browser asks for, and do not wait for it: this is the thread of the cells."""
        what = words.get("do") if isinstance(words, dict) else None
        if what == "scene":
            self._send(scene(self.sim, self._player.traced))
        elif what == "frame":
            self._asked = {name: words[name] for name in ("begun", "rows", "events", "edges")}
            if words["picture"] != self._player.picture:
                self._player.soon(self._answer)
            else:
                self._waiting = True
        else:
            self._reply(words)

    def _reply(self, words: Any) -> None:
        number = words.pop("number_of_request", None) if isinstance(words, dict) else None

        def answered(future: Any) -> None:
            error = future.exception()
            reply = {"error": str(error)} if error is not None else {"reply": plain(future.result())}
            self.widget.send({"number_of_request": number, **reply})

        try:
            self._player.command(words).add_done_callback(answered)
        except (ValueError, TypeError) as error:
            self.widget.send({"number_of_request": number, "error": str(error)})

    def _push(self) -> None:
        """Send a picture, in the player's thread, where the browser waits for one or cannot say so."""
        if self._waiting or time.monotonic() - self._sent > PATIENCE or not self._player.running:
            self._answer()

    def _answer(self) -> None:
        self._waiting = False
        self._sent = time.monotonic()
        self._send(self._player.frame(**self._asked))

    def _send(self, message: bytes) -> None:
        self.widget.send({}, [message])


@check.known_keywords
def view(simulation: Simulation, *, speed: int = 1, edges: str = "current", height: int = 560) -> View:
    """Show a simulation in a notebook, where it is run, paused and stepped, and its drive turned, while one looks on.

    Nodes are coloured by their potential and edges by what one chooses; events flash, and the currents of the
    electrodes are drawn over time. `memnet view FILE.toml` shows the same as a page of its own.

    Parameters
    ----------
    simulation : Simulation
        What is played. It must not be used by others while it runs.
    speed : int
        The most steps from one picture to the next, in [1, 1,000,000]; slow ones are shown after 0.1 s at the latest.
    edges : {"current", "conductance", "voltage", "device", "none"}
        What colours the edges at first; magnitudes are on a logarithmic scale.
    height : int
        Height of the map (pixels), in [100, 4000].

    Returns
    -------
    View
        The last line of a cell shows it.

    Raises
    ------
    ImportError
        anywidget is not installed.
    TypeError, ValueError
        No simulation, a number outside its range, or a network without positions that is too large for springs.

    Notes
    -----
    A drive that was turned is another one than the simulation was made with, so `rerun` does not repeat its results.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> sim = mn.Simulation(net, mn.TunnelGap(), {"left": 2.0, "right": 0.0}, seed=0)
    >>> view = mn.view(sim, speed=10)
    >>> view.turn("left", 2.5)
    >>> view.sim["left"], view.running
    (2.5, False)
    """
    check.instance("simulation", simulation, Simulation, "a Simulation")
    speed = check.integer("speed", speed, 1, MOST_STEPS)
    edges = check.one_of("edges", edges, EDGES)
    height = check.integer("height", height, 100, 4_000)
    return View(simulation, speed, edges, height)


@functools.cache
def _widget_class() -> Any:
    """Return the class of the widget, which needs a package that is heavy, or not there."""
    try:
        job.load("anywidget")
        import anywidget
        import traitlets
    except ImportError:
        raise ImportError('view needs anywidget: pip install "memnet-sim[view]"') from None

    class LiveView(anywidget.AnyWidget):
        """What the browser has of a view; pictures come as messages, not as traits, which would be kept."""

        _esm = _assets.script("notebook")
        _css = _assets.text("view.css")
        height = traitlets.Int(560).tag(sync=True)
        edges = traitlets.Unicode("current").tag(sync=True)

    return LiveView
