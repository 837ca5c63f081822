"""Mixtures of devices, drawn by a seeded permutation."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from memnet import _core
from memnet.base import check
from memnet.base.read_only import read_only
from memnet.devices._device import Device
from memnet.network import Crossbar, Network

# A mapping's keys are invariant: this lets a dict of one model through.
AnyDevice = TypeVar("AnyDevice", bound=Device)

# The random stream of mixtures ("mix" in ASCII), apart from those of networks and of device noise.
MIX_STREAM = 0x6D6978


class Mix(Sequence[Device]):
    """One device an edge, drawn at random: what `mix` returns and `Simulation` takes.

    Attributes
    ----------
    devices : tuple of Device
        The devices, in the order given.
    fractions : tuple of float
        The share of the edges that was asked for each device.
    counts : tuple of int
        The number of edges of each device.
    seed : int
        The seed of the draw.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(2, [(0, 1)] * 4, electrodes={"in": 0, "out": 1})
    >>> mn.mix(net, {mn.RateBalance(): 0.75, mn.Resistor(conductance=0.1): 0.25}, seed=1).counts
    (3, 1)
    >>> leak = mn.Resistor(conductance=0.1)
    >>> mn.mix(net, {mn.RateBalance(): 0.75, leak: 0.25}, seed=1).edges_of(leak)
    array([2], dtype=int32)
    """

    def __init__(self, devices: Sequence[Device], fractions: Sequence[float], seed: int, n_edges: int) -> None:
        self.devices = tuple(devices)
        self.fractions = tuple(fractions)
        self.seed = seed
        order = _core.permutation(seed, MIX_STREAM, n_edges)
        stop = np.floor(np.cumsum(fractions) * n_edges + 0.5).astype(np.int64)
        stop[-1] = n_edges
        start = np.concatenate(([0], stop[:-1]))
        self._edges = [read_only(np.sort(order[i:k])) for i, k in zip(start, stop, strict=True)]
        self.counts = tuple(int(edges.size) for edges in self._edges)
        self.assignment: NDArray[np.int32] = np.empty(n_edges, dtype=np.int32)
        for k, edges in enumerate(self._edges):
            self.assignment[edges] = k
        read_only(self.assignment)

    def __reduce__(self) -> tuple[Any, ...]:
        return Mix, (self.devices, self.fractions, self.seed, len(self))

    def __len__(self) -> int:
        return int(self.assignment.size)

    @overload
    def __getitem__(self, edge: int) -> Device: ...
    @overload
    def __getitem__(self, edge: slice) -> Sequence[Device]: ...
    def __getitem__(self, edge: int | slice) -> Device | Sequence[Device]:
        if isinstance(edge, slice):
            return [self.devices[k] for k in self.assignment[edge]]
        return self.devices[int(self.assignment[edge])]

    def __iter__(self) -> Iterator[Device]:
        return (self.devices[k] for k in self.assignment)

    def edges_of(self, device: Device) -> NDArray[np.int32]:
        """Return the edges that carry a device, ascending.

        Raises
        ------
        ValueError
            The device is not in this mixture; devices compare by identity.
        """
        for mine, edges in zip(self.devices, self._edges, strict=True):
            if mine is device:
                return edges
        raise ValueError(f"{device!r} is not in this mixture (devices compare by identity): {list(self.devices)}")

    def __repr__(self) -> str:
        parts = ", ".join(f"{device!r}: {count}" for device, count in zip(self.devices, self.counts, strict=True))
        return f"<Mix of {len(self)} edges, seed {self.seed}: {parts}>"


@check.known_keywords
def mix(
    net: Network, fractions: Mapping[AnyDevice, float] | Iterable[tuple[AnyDevice, float]], seed: int | None = None
) -> Mix:
    """Put devices on the edges of a network at random, in given fractions.

    The edges are drawn by a seeded permutation, so the same seed and fractions put different memristors in the same
    gaps. Time and memory grow linearly with the number of edges.

    Parameters
    ----------
    net : Network
        The network; only its number of edges is used, without those that `Network.attach` added.
    fractions : dict or iterable of pairs
        Device and its share of the edges, each finite and >= 0, with sum 1 (to 1e-9). Devices compare by identity, so
        two devices of one model are kept apart.
    seed : int, optional
        Seed of the draw, drawn itself where it is not given; the result has it as `.seed`.

    Returns
    -------
    Mix
        A sequence with one device an edge.

    Raises
    ------
    TypeError, ValueError
        A fraction that is no number, is negative or not finite; a sum other than 1; a device given twice; a crossbar
        that has other edges beside its cells.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> devices = mn.mix(net, {mn.TunnelGap(): 0.75, mn.RateBalance(): 0.25}, seed=2)
    >>> len(devices) == net.n_edges
    True
    """
    check.instance("net", net, Network, "a Network")
    if has_lines(net):
        raise ValueError(
            "net must have a device on every edge, got a crossbar with lines, dummy cells, gates or heat; use"
            " mn.cell_devices(net, {device: mask of cells}) for its cells"
        )
    pairs = checked_pairs(fractions)
    return Mix([d for d, _ in pairs], [x for _, x in pairs], check.seed("seed", seed), int(net.n_own_edges))


def checked_pairs(fractions: Any) -> list[tuple[Device, float]]:
    """Return devices and fractions as a list of pairs, or raise."""
    check.instance("fractions", fractions, Iterable, "a dict {device: fraction} or a list of pairs")
    given = list(fractions.items()) if isinstance(fractions, Mapping) else list(fractions)
    if not given:
        raise ValueError("fractions must name at least one device, got none")
    pairs: list[tuple[Device, float]] = []
    for pair in given:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2 or not isinstance(pair[0], Device):
            raise TypeError(f"fractions must hold pairs (device, fraction), got {pair!r}")
        if any(device is pair[0] for device, _ in pairs):
            raise ValueError(f"{pair[0]!r} is given twice; make a second device to keep two groups apart")
        pairs.append((pair[0], check.real(f"fraction of {pair[0]!r}", pair[1], 0.0, 1.0, "[]")))
    total = math.fsum(x for _, x in pairs)
    if abs(total - 1.0) > 1e-9:
        raise ValueError(f"fractions must sum to 1, got {total!r}")
    return pairs


def has_lines(net: Network) -> bool:
    """Return whether a network is a crossbar that has other edges beside its cells."""
    return isinstance(net.layout, Crossbar) and net.layout.cell.size < net.n_own_edges
