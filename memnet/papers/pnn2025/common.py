"""Networks, devices and drives of PNN25, and what its figures share."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from memnet.base import check
from memnet.base.plain import encode
from memnet.devices import MODELS, Device, Mix, mix
from memnet.network import Network, describe_network, percolating, rebuild_network
from memnet.simulate import Simulation, versions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Nanoscale Horiz. 2025, 10, 2475.
SOURCE = "Learning and spiking dynamics in brain-like nanoscale networks, doi 10.1039/D5NH00407A"

# Rates of Type A. The paper does not print them; docs/models/tunnel_gap.md says how these were chosen.
TUNED: dict[str, Any] = {"r_d": 1e-6, "r_w": 1e-2}
# Those of networks of LARGE pd and more: A:C makes as many events in the pulses of Fig. 7 as on 200 x 200 with TUNED.
TUNED_LARGE: dict[str, Any] = {"r_d": 1.5e-6, "r_w": 1e-2}
LARGE = 500.0

COVERAGE = 0.65
# A 200 x 200 network with 10 gaps on its least-resistance path, as many as the paper speaks of.
SEED = 5
FRACTION = 0.25
# Applied voltage (V) of each kind of network in Figs 5 and 6.
VOLTAGE = {"A": 2.0, "A:B": 3.0, "A:C": 3.0}
KINDS = {"A": "TunnelGap", "B": "Hillock", "C": "RateBalance"}
COLOURS = {"A": "#c8282d", "B": "#1c8f4d", "C": "#1f5fd0"}

Parameters = Mapping[str, Mapping[str, Any]]
Floats = NDArray[np.float64]


def network(size: float, seed: int, coverage: float = COVERAGE) -> Network:
    """Return a network of the paper: input on the left, grounded on the right."""
    return percolating(size, coverage, seed=seed)


def device(kind: str, size: float, parameters: Parameters | None = None) -> Device:
    """Return the device "A", "B" or "C", with the tuned rates for networks of that size, changed by `parameters`."""
    check.one_of("kind of device", kind, KINDS)
    given = dict(parameters or {})
    check.keywords("parameters", given, KINDS)
    rates = (TUNED if size < LARGE else TUNED_LARGE) if kind == "A" else {}
    return MODELS[KINDS[kind]](**{**rates, **given.get(kind, {})})


def devices(
    net: Network, name: str, size: float, *, fraction: float = FRACTION, seed: int, parameters: Parameters | None = None
) -> Device | Mix:
    """Return the devices of a network named "A", "B", "C", "A:B" or "A:C"; one seed puts B and C in the same gaps."""
    if ":" not in name:
        return device(name, size, parameters)
    spiking, memristor = (device(kind, size, parameters) for kind in name.split(":", 1))
    return mix(net, [(spiking, 1.0 - fraction), (memristor, fraction)], seed=seed)


def simulation(
    net: Network,
    name: str,
    drive: Any,
    *,
    seed: int,
    fraction: float = FRACTION,
    parameters: Parameters | None = None,
) -> Simulation:
    """Return a simulation of a named network with a voltage on the left; devices are placed with seed + 1."""
    size = max(net.size) if net.size is not None else 0.0
    placed = devices(net, name, size, fraction=fraction, seed=seed + 1, parameters=parameters)
    return Simulation(net, placed, {"left": drive, "right": 0.0}, dt=1.0, seed=seed)


def skip(sim: Simulation, steps: int, progress: bool) -> Any:
    """Take steps and record nothing but events."""
    return sim.run(steps, record={"current": False}, progress=progress)


def memristors(sim: Simulation) -> NDArray[np.int32]:
    """Return the edges that carry something else than Type A."""
    found = [sim.edges_of(one) for one in sim.devices if one.model != KINDS["A"]]
    return np.sort(np.concatenate(found)) if found else np.empty(0, np.int32)


def attributes(figure: str, net: Network, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return attributes that say how the data of a figure was made."""
    keep = {name: value for name, value in arguments.items() if name not in ("progress", "net")}
    keep["TUNED"], keep["TUNED_LARGE"] = TUNED, TUNED_LARGE
    return {
        "title": f"PNN25, {figure}",
        "source": SOURCE,
        "arguments": json.dumps(encode(keep)),
        "network": json.dumps(describe_network(net)),
        "path_gaps": -1 if net.info["path_gaps"] is None else int(net.info["path_gaps"]),
        **versions(),
    }


def rebuilt_network(attrs: Mapping[str, Any]) -> Network:
    """Return the network that `attributes` described."""
    return rebuild_network(json.loads(attrs["network"]))


# ---------------------------------------------------------------- drawing


def colour(name: str) -> str:
    """Return the colour of a network: red A, green with B, blue with C, as in the paper."""
    return COLOURS[name.split(" ")[0].split(":")[-1]]


def label(name: str, fraction: float = FRACTION) -> str:
    """Return the name of a network with its ratio, as in "A:C = 75:25"."""
    if ":" not in name:
        return f"100% Type {name}"
    first, _, rest = name.partition(" ")
    tail = f" {rest}" if rest else ""
    return f"{first} = {100 * (1 - fraction):g}:{100 * fraction:g}{tail}"


def page(width: float, height: float, layout: Literal["constrained"] | None = "constrained") -> Figure:
    """Return an empty figure that no window shows."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout=layout)


def letters(axes: Sequence[Axes]) -> None:
    """Name panels (a), (b), ... and take away the frame's upper and right side."""
    for k, ax in enumerate(axes):
        ax.set_title(f"({chr(ord('a') + k)})", loc="left", fontsize="medium", weight="bold")
        ax.spines[["top", "right"]].set_visible(False)
