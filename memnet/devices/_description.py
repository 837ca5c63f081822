"""Devices on the edges of a network as plain data, and again as devices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from memnet.base import check
from memnet.base.plain import decode, encode
from memnet.devices._device import Device
from memnet.devices._mix import Mix, checked_pairs
from memnet.devices._models import MODELS


def describe_devices(devices: Sequence[Device], assignment: Any) -> dict[str, Any]:
    """Return devices, and which is on which edge, as JSON holds them."""
    return {
        "devices": [{"model": device.model, "parameters": encode(dict(device.parameters))} for device in devices],
        "assignment": describe_assignment(assignment),
    }


def describe_assignment(assignment: Any) -> Any:
    """Return which device is on which edge: None for one on all, a mixture's fractions and seed, or an array."""
    if isinstance(assignment, Mix):
        return {"fractions": list(assignment.fractions), "seed": assignment.seed}
    return None if assignment is None else encode(assignment)


def rebuild_each(spec: Mapping[str, Any]) -> list[Device]:
    """Return each of the different devices that `describe_devices` described."""
    return [MODELS[given["model"]](**decode(given["parameters"])) for given in spec["devices"]]


def rebuild_assignment(spec: Any, devices: Sequence[Device], n_edges: int) -> Any:
    """Return what `Simulation` takes as devices."""
    if spec is None:
        return devices[0]
    if "fractions" in spec:
        mixed = devices[: len(spec["fractions"])]  # behind them stand those attached to electrodes
        pairs = checked_pairs(zip(mixed, spec["fractions"], strict=True))
        return Mix(mixed, [share for _, share in pairs], check.seed("seed", spec["seed"]), n_edges)
    return [devices[k] for k in decode(spec)]
