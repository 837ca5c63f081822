"""Reactions: events of devices that start waveforms at electrodes."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import _core, drive as drives
from memnet.base import check
from memnet.base.plain import decode, encode
from memnet.circuit import Element
from memnet.devices import Device, table_of
from memnet.network import Network

# The rule where a waveform starts while another runs and nobody has named one.
SUM = _core.OVERLAPS[0]
# The name that stands for all events of a device.
ANY = "any"


@dataclass(frozen=True, eq=False, repr=False)
class Reaction:
    """What `react` returns: an event of a device that starts a waveform at an electrode.

    Attributes
    ----------
    device : Device
        The device whose events count.
    event : str
        Which of its events.
    electrode : str
        Where the waveform runs.
    wave : Waveform
        The voltage (V) that is added to the electrode's drive, from the waveform's own t = 0 on.
    delay : float
        From the event to the start (s).
    refractory : float
        For how long after an event that counts those of the same edge do not (s).
    overlap : str or None
        The rule that was named.
    edges : tuple of int or None
        The edges whose events count; None for all edges of the device.
    most : int
        Waveforms that may wait or run at a time.

    Examples
    --------
    >>> import memnet as mn
    >>> spike = mn.drive.pulses(0.0, 1.0, length=1e-3, spacing=1.0, count=1)
    >>> mn.react(mn.AtomicSwitch(), "closed", electrode="post", wave=spike).event
    'closed'
    >>> found = mn.react(mn.AtomicSwitch(), "closed", electrode="post", wave=spike)
    >>> found.kind
    1
    """

    device: Device
    event: str
    electrode: str
    wave: drives.Waveform
    delay: float
    refractory: float
    overlap: str | None
    edges: tuple[int, ...] | None
    most: int

    @property
    def kind(self) -> int:
        """The kind of the events that count, as `event_kind` of a run has it; 0 for any."""
        return 0 if self.event == ANY else table_of(self.device)["events"][self.event]

    def __repr__(self) -> str:
        shown = {name: getattr(self, name) for name in ("electrode", "wave")}
        shown |= {name: getattr(self, name) for name, usual in DEFAULTS.items() if getattr(self, name) != usual}
        return f"react({self.device!r}, {self.event!r}, {', '.join(f'{name}={x!r}' for name, x in shown.items())})"

    def to_spec(self, device: int) -> dict[str, Any]:
        """Return plain data for files, which know the device by its number."""
        plain = {name: getattr(self, name) for name in ("event", "electrode", *DEFAULTS)}
        return {"device": device, "wave": encode(drives.to_spec(self.wave)), **encode(plain)}


@check.known_keywords
def react(
    device: Device,
    event: str,
    *,
    electrode: str,
    wave: drives.Waveform | float,
    delay: float = 0.0,
    refractory: float = 0.0,
    overlap: str | None = None,
    edges: ArrayLike | None = None,
    most: int = 1_000,
) -> Reaction:
    """Return a reaction for `Simulation`: each event of a device starts a waveform at an electrode.

    The C library carries reactions out between the steps. The waveform is added to what drives the electrode, with its
    own t = 0 at the time of the event plus `delay`. Where events are located, that is the time at which they happen;
    with a plain step of fixed length an event of step k happens at k dt, when the voltages were solved that caused it,
    and shows first in row k + 1.

    Parameters
    ----------
    device : Device
        A device of the simulation; the events of all its edges count.
    event : str
        A name in the table of its model, such as "closed" or "opened" of switches; "any" for all of them.
    electrode : str
        An electrode that is driven by voltages all the time, `limited` ones included.
    wave : Waveform or float
        A voltage over time (V), as long as it is to be: one that is 0 after its last corner ends there, any other goes
        on for ever.
    delay : float
        From the event to the start of the waveform (s), >= 0.
    refractory : float
        For this long (s, >= 0) after an event that counted, events of the same edge do not count for this reaction.
    overlap : {"sum", "last", "error"}, optional
        What happens at the electrode where a waveform starts while another one of reactions runs or is to start in
        between: both are added; the one that runs ends; the run ends with RuntimeError. Alone at its electrode a
        reaction needs no rule, and sums. Of several at one electrode at least one names the rule, which is then that of
        all.
    edges : array_like of int, optional
        Edges of the device whose events count; default: all.
    most : int
        How many waveforms may wait or run at a time, >= 1; one more is a RuntimeError. It bounds time and memory.

    Returns
    -------
    Reaction

    Raises
    ------
    TypeError, ValueError
        An argument of another type or outside its range, an event that the model does not have (with the nearest one),
        a waveform that is not a voltage all the time.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(4, [(0, 1), (2, 3)], electrodes={"pre": 0, "gnd": 1, "post": 2, "gnd2": 3})
    >>> pre, post = mn.AtomicSwitch(), mn.AtomicSwitch()
    >>> spike = mn.drive.pulses(0.0, 1.0, length=0.05, spacing=1.0, count=1)
    >>> sim = mn.Simulation(net, [pre, post], {"pre": 1.0, "gnd": 0.0, "post": 0.0, "gnd2": 0.0}, dt=1e-3,
    ...     reactions=[mn.react(pre, "closed", electrode="post", wave=spike, delay=2e-3)])
    >>> data = sim.run(40)
    >>> data.event_step.values
    array([10, 22])
    >>> float(data.time[data.voltage.sel(electrode="post") > 0.0][0])
    0.012
    """
    what = "a Device, such as the device of this element" if isinstance(device, Element) else "a Device"
    check.instance("device", device, Device, what)
    events = table_of(device)["events"]
    if not events:
        raise ValueError(f"device must be one whose model has events, got {device!r}")
    wanted = check.one_of(f"event of {device.model}", event, (*events, ANY))
    check.instance("electrode", electrode, str, "the name of an electrode")
    started = drives.waveform("wave", wave)
    if started.roles != {drives.ROLE_VOLTAGE}:
        raise ValueError(f"wave must be a voltage all the time, got {check.shown(started)}")
    listed: NDArray[Any] | None = None if edges is None else check.ids("edges", edges, (None,), 2**31 - 1, "edges")
    if listed is not None and not listed.size:
        raise ValueError("edges must name at least one edge, got none")
    return Reaction(
        device,
        wanted,
        electrode,
        started,
        check.real("delay", delay, 0.0, _core.LARGEST_TIME, "[]", "s"),
        check.real("refractory", refractory, 0.0, _core.LARGEST_TIME, "[]", "s"),
        None if overlap is None else check.one_of("overlap", overlap, _core.OVERLAPS),
        None if listed is None else tuple(np.unique(listed).tolist()),
        check.integer("most", most, 1, 1_000_000),
    )


# What a reaction has where nothing is said, by name.
DEFAULTS = {
    name: one.default for name, one in inspect.signature(react).parameters.items() if one.default is not one.empty
}


def from_spec(spec: Mapping[str, Any], devices: Sequence[Device]) -> Reaction:
    """Return the reaction that `Reaction.to_spec` described, of one of these devices."""
    rest = {name: spec[name] for name in ("electrode", *DEFAULTS)}
    return react(devices[spec["device"]], spec["event"], wave=drives.from_spec(decode(spec["wave"])), **rest)


def checked_reactions(reactions: Any, net: Network, devices: Sequence[Device]) -> tuple[Reaction, ...]:
    """Return the reactions of a simulation.

    Raises
    ------
    TypeError, ValueError
        Something else than reactions; a device or an electrode that is not there; two at one electrode without a rule,
        or with two.
    """
    if isinstance(reactions, (str, bytes, Mapping)) or not isinstance(reactions, Sequence):
        raise TypeError(f"reactions must be a list of what mn.react returns, got {check.shown(reactions)}")
    for k, one in enumerate(reactions):
        check.instance(f"reactions[{k}]", one, Reaction, "what mn.react returns")
        check.one_of(f"electrode of reactions[{k}]", one.electrode, net.electrodes)
        if not any(device is one.device for device in devices):
            raise ValueError(
                f"device of reactions[{k}] must be one of the simulation's (devices compare by identity), got"
                f" {one.device!r}; devices: {', '.join(map(repr, devices))}"
            )
    _rules(reactions)
    return tuple(reactions)


def _rules(reactions: Sequence[Reaction]) -> dict[str, str]:
    """Return the rule of each electrode at which waveforms start."""
    rules: dict[str, str] = {}
    for name in dict.fromkeys(one.electrode for one in reactions):
        there = [k for k, one in enumerate(reactions) if one.electrode == name]
        named = sorted({str(reactions[k].overlap) for k in there if reactions[k].overlap is not None})
        which = " and ".join(f"reactions[{k}]" for k in there)
        if len(named) > 1:
            raise ValueError(
                f"overlap must be one rule for an electrode, got {' and '.join(map(repr, named))} of {which}, which"
                f" start waveforms at {name!r}"
            )
        if len(there) > 1 and not named:
            raise ValueError(
                f"overlap must be named by one of {which}, which start waveforms at the same electrode {name!r}; it is"
                f" one of {', '.join(map(repr, _core.OVERLAPS))}"
            )
        rules[name] = named[0] if named else SUM
    return rules


def refuse_roles(reactions: Sequence[Reaction], drive: Mapping[str, drives.Waveform]) -> None:
    """Raise ValueError where an electrode of a reaction is not driven by voltages all the time."""
    for k, one in enumerate(reactions):
        wave = drive[one.electrode]
        if wave.roles & {drives.ROLE_CURRENT, drives.ROLE_FLOATING}:
            raise ValueError(
                f"electrode of reactions[{k}] must be driven by a voltage all the time, which a waveform can be added"
                f" to, got {one.electrode!r}, driven by {check.shown(wave)}"
            )


def core_reactions(
    reactions: Sequence[Reaction],
    electrodes: Sequence[str],
    members: Mapping[int, tuple[int, NDArray[np.int32]]],
) -> tuple[tuple[dict[str, Any], ...], list[_core.Wave]]:
    """Return reactions as the C library takes them, and their waves.

    Parameters
    ----------
    reactions : sequence of Reaction
        Checked ones.
    electrodes : sequence of str
        The network's.
    members : mapping
        Number of the population and edges, ascending, of each device, by its id.

    Raises
    ------
    ValueError
        A device without an edge, or edges that do not carry it.
    """
    rules = _rules(reactions)
    waves, roots = drives.nodes([one.wave for one in reactions])
    found = []
    for k, (one, root) in enumerate(zip(reactions, roots, strict=True)):
        if id(one.device) not in members:
            raise ValueError(f"device of reactions[{k}], {one.device!r}, has no edge in this network")
        population, edges = members[id(one.device)]
        listens = None
        if one.edges is not None:
            strange = np.setdiff1d(one.edges, edges)
            if strange.size:
                raise ValueError(
                    f"edges of reactions[{k}] must carry its device {one.device!r}, got edge {strange[0]}, which does"
                    " not"
                )
            listens = np.isin(edges, one.edges).astype(np.uint8)
        found.append(
            {
                "population": population,
                "kind": one.kind,
                "listens": listens,
                "electrode": electrodes.index(one.electrode),
                "wave": root,
                "delay": one.delay,
                "refractory": one.refractory,
                "overlap": rules[one.electrode],
                "most": one.most,
            }
        )
    return tuple(found), waves
