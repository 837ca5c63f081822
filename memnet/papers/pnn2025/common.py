"""Networks, devices and drives of PNN25, and what its figures share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import check
from memnet.devices import MODELS, Device, Mix, mix
from memnet.network import Network, describe_network, percolating, rebuild_network
from memnet.papers._registry import Paper
from memnet.simulate import Simulation

MODEL = {"A": "TunnelGap", "B": "Hillock", "C": "RateBalance"}
COLOURS = {"A": "#c8282d", "B": "#1c8f4d", "C": "#1f5fd0"}

Parameters = Mapping[str, Mapping[str, Any]]


def constants(**values: float) -> Mapping[str, float]:
    """Return a field of a dataclass with numbers by name that nobody changes."""
    return field(default_factory=lambda: MappingProxyType(values))


@dataclass(frozen=True)
class Setting:
    """What the figures share: a network with its input on the left, grounded on the right, and its devices.

    Attributes
    ----------
    size : float
        Side of the network (pd).
    coverage : float
        Coverage of the network.
    seed : int
        Of the network; memristors are placed with seed + 1. The default 200 x 200 network has 10 gaps on its
        least-resistance path, as many as the paper speaks of.
    fraction : float
        Fraction of memristors.
    parameters : mapping, optional
        Device parameters, as in ``{"A": {"r_d": 1e-5}}``.
    voltage : mapping
        Applied voltage (V) of each network in Figs 5 and 6.
    low, high : float
        Voltage between and in the pulses of Fig. 7 (V).
    pulsed_size : float
        Side of the network of Fig. 7 (pd).
    tuned : mapping
        Rates of Type A. The paper does not print them; docs/models/tunnel_gap.md says how these were chosen.
    tuned_large : mapping
        Those of networks of `large` pd and more: A:C makes as many events in the pulses of Fig. 7 as on 200 x 200 with
        `tuned`.
    large : float
        The size (pd) at which `tuned_large` begins.
    """

    size: float = 200.0
    coverage: float = 0.65
    seed: int = 5
    fraction: float = 0.25
    parameters: Parameters | None = None
    voltage: Mapping[str, float] = constants(**{"A": 2.0, "A:B": 3.0, "A:C": 3.0})
    low: float = 1.25
    high: float = 6.0
    pulsed_size: float = 800.0
    tuned: Mapping[str, float] = constants(r_d=1e-6, r_w=1e-2)
    tuned_large: Mapping[str, float] = constants(r_d=1.5e-6, r_w=1e-2)
    large: float = 500.0

    def network(self) -> Network:
        """Return the network."""
        return percolating(self.size, self.coverage, seed=self.seed)

    def rates(self) -> Mapping[str, float]:
        """Return the tuned rates of Type A for networks of this size."""
        return self.tuned if self.size < self.large else self.tuned_large

    def device(self, letter: str) -> Device:
        """Return the device "A", "B" or "C", with the tuned rates, changed by `parameters`."""
        check.one_of("kind of device", letter, MODEL)
        changes = dict(self.parameters or {})
        check.keywords("parameters", changes, MODEL)
        return MODELS[MODEL[letter]](**{**(self.rates() if letter == "A" else {}), **changes.get(letter, {})})

    def devices(self, net: Network, name: str) -> Device | Mix:
        """Return the devices of a network named "A", "B", "C", "A:B" or "A:C"; B and C are in the same gaps."""
        if ":" not in name:
            return self.device(name)
        spiking, memristor = (self.device(letter) for letter in name.split(":", 1))
        return mix(net, [(spiking, 1.0 - self.fraction), (memristor, self.fraction)], seed=self.seed + 1)

    def simulation(self, net: Network, name: str, drive: Any) -> Simulation:
        """Return a simulation of a named network with a voltage on the left."""
        sim = Simulation(net, self.devices(net, name), {"left": drive, "right": 0.0}, dt=1.0, seed=self.seed)
        sim.warned_of_steps = True  # the step is the paper's
        return sim


SETTING = Setting()
# Its figures. The rates decide about the data as much as the arguments do.
PAPER = Paper(
    "PNN25",
    "Learning and spiking dynamics in brain-like nanoscale networks, doi 10.1039/D5NH00407A",
    {"TUNED": SETTING.tuned, "TUNED_LARGE": SETTING.tuned_large},
)


def skip(sim: Simulation, steps: int, progress: bool) -> Any:
    """Take steps and record nothing but events."""
    return sim.run(steps, record={"current": False}, progress=progress)


def memristors(sim: Simulation) -> NDArray[np.int32]:
    """Return the edges that carry something else than Type A."""
    edges = [sim.edges_of(one) for one in sim.devices if one.model != MODEL["A"]]
    return np.sort(np.concatenate(edges)) if edges else np.empty(0, np.int32)


def described(net: Network) -> dict[str, Any]:
    """Return attributes from which `rebuilt_network` makes the network again."""
    path = net.info["path_gaps"]
    return {"network": json.dumps(describe_network(net)), "path_gaps": -1 if path is None else int(path)}


def rebuilt_network(attrs: Mapping[str, Any]) -> Network:
    """Return the network that attributes describe."""
    return rebuild_network(json.loads(attrs["network"]))


# ---------------------------------------------------------------- drawing


def colour(name: str) -> str:
    """Return the colour of a network: red A, green with B, blue with C, as in the paper."""
    return COLOURS[name.split(" ")[0].split(":")[-1]]


def label(name: str, fraction: float = SETTING.fraction) -> str:
    """Return the name of a network with its ratio, as in "A:C = 75:25"."""
    if ":" not in name:
        return f"100% Type {name}"
    first, _, rest = name.partition(" ")
    tail = f" {rest}" if rest else ""
    return f"{first} = {100 * (1 - fraction):g}:{100 * fraction:g}{tail}"
