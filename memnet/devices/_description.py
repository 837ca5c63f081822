"""Devices on the edges of a network as plain data, and again as devices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from memnet.base import check
from memnet.base.plain import decode, encode
from memnet.devices._device import Device, table_of
from memnet.devices._field import default, parameter_fields, signal_field
from memnet.devices._links import link
from memnet.devices._mix import Mix, checked_pairs
from memnet.devices._models import MODELS
from memnet.devices._spread import spread
from memnet.drive import Waveform, from_spec, to_spec

# What makes devices again whose models were made at run time, by the first part of their `recipe`; "equations" makes
# the class of a model from its name and text.
RECIPES: dict[str, Callable[..., Any]] = {}


def describe_devices(devices: Sequence[Device], assignment: Any) -> dict[str, Any]:
    """Return devices, and which is on which edge, as JSON holds them."""
    return {
        "devices": [describe_device(device) for device in devices],
        "assignment": describe_assignment(assignment),
    }


def described(device: Device) -> dict[str, Any]:
    """Return a device's parameters; what its model was given later is left out at its default, as before."""
    fields = parameter_fields(table_of(device))
    return {
        name: value
        for name, value in device.parameters.items()
        if not (name in fields and fields[name]["added_later"] and value == default(fields[name]))
    }


def describe_device(device: Device) -> dict[str, Any]:
    """Return a device as JSON holds it."""
    if device.recipe is not None:
        return {**dict(zip(("recipe", "of"), device.recipe, strict=True)), **_describe_spread(device)}
    of_model = {} if device.equations is None else {"equations": dict(device.equations)}
    return {"model": device.model, **of_model, **describe_parts(device)}


def describe_parts(device: Device) -> dict[str, Any]:
    """Return what a device is besides its model, as JSON holds it."""
    plain = {name: to_spec(x) if isinstance(x, Waveform) else x for name, x in described(device).items()}
    parts = {"parameters": encode(plain), **_describe_spread(device)}
    return parts if device.linked_to is None else {**parts, "link": encode(device.linked_to)}


def _describe_spread(device: Device) -> dict[str, Any]:
    """Return what is drawn of a device itself, not as a part of it; nothing where nothing is."""
    own = [one.to_spec() for one in device.variations if one.part is None]
    return {"spread": own} if own else {}


def _respread(device: Device, spec: Mapping[str, Any]) -> Device:
    """Return a device that is spread as the description of one says."""
    for one in spec.get("spread", ()):
        device = spread(device, seed=one["seed"], cycle=one["cycle"], read=one["read"], **one["parameters"])
    return device


def rebuild_device(spec: Mapping[str, Any]) -> Device:
    """Return the device that `describe_device` described."""
    if "recipe" in spec:
        device: Device = RECIPES[spec["recipe"]](spec["of"])
        return _respread(device, spec)
    if "equations" in spec:
        return rebuild_of(RECIPES["equations"](spec["model"], **spec["equations"]), spec)
    return rebuild_of(MODELS[spec["model"]], spec)


def rebuild_of(model: type[Device], spec: Mapping[str, Any]) -> Device:
    """Return the device of a class whose parts `describe_parts` described."""
    given, signal = decode(spec["parameters"]), signal_field(model._table)
    if signal is not None and signal["name"] in given:
        given[signal["name"]] = from_spec(given[signal["name"]])
    device = _respread(model(**given), spec)
    return link(device, decode(spec["link"])) if "link" in spec else device


def describe_assignment(assignment: Any) -> Any:
    """Return which device is on which edge: None for one on all, a mixture's fractions and seed, or an array."""
    if isinstance(assignment, Mix):
        return {"fractions": list(assignment.fractions), "seed": assignment.seed}
    return None if assignment is None else encode(assignment)


def rebuild_each(spec: Mapping[str, Any]) -> list[Device]:
    """Return each of the different devices that `describe_devices` described."""
    return [rebuild_device(given) for given in spec["devices"]]


def rebuild_assignment(spec: Any, devices: Sequence[Device], n_edges: int) -> Any:
    """Return what `Simulation` takes as devices."""
    if spec is None:
        return devices[0]
    if "fractions" in spec:
        mixed = devices[: len(spec["fractions"])]  # behind them stand those attached to electrodes
        pairs = checked_pairs(zip(mixed, spec["fractions"], strict=True))
        return Mix(mixed, [share for _, share in pairs], check.seed("seed", spec["seed"]), n_edges)
    return [devices[k] for k in decode(spec)]
