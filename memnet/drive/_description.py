"""Waveforms as plain data, and the waveforms again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from memnet.base import check
from memnet.base.read_only import read_only
from memnet.drive._leaves import LEAVES
from memnet.drive._table import KINDS, ROWS, fits, parts_of, plain
from memnet.drive._waveform import Waveform


def to_spec(wave: Waveform) -> dict[str, Any]:
    """Return a waveform as plain data: dicts, lists, numbers and arrays, for files and provenance.

    Raises
    ------
    TypeError
        No waveform.
    """
    check.instance("wave", wave, Waveform, "a waveform of mn.drive")
    spec: dict[str, Any] = {"kind": ROWS[wave.kind]["name"]}
    if wave.parameters:
        spec["parameters"] = list(wave.parameters)
    if wave.samples is not None:
        spec["samples"] = wave.samples
    if wave.children:
        spec["children"] = [to_spec(child) for child in wave.children]
    return spec


def from_spec(spec: Mapping[str, Any]) -> Waveform:
    """Return the waveform that `to_spec` described.

    Raises
    ------
    TypeError, ValueError
        No mapping, an unknown kind, or not what a waveform of that kind is made of.
    """
    if not isinstance(spec, Mapping) or "kind" not in spec:
        raise TypeError(f'spec must be a dict with a "kind", as to_spec returns it, got {check.shown(spec)}')
    name = check.one_of("kind of waveform", spec["kind"], KINDS)
    row = ROWS[KINDS[name]]
    children = tuple(from_spec(child) for child in spec.get("children", ()))
    parameters = tuple(float(x) for x in spec.get("parameters", ()))
    samples = spec.get("samples")
    if samples is not None:
        samples = read_only(np.array(check.array("samples", samples, (None,), finite=False)))
    if not fits(row, parameters, samples, len(children)):
        raise ValueError(f"spec of a waveform of kind {name!r} has other parts than it is made of: {check.shown(spec)}")
    if row["leaf"]:
        parts = parts_of(row, parameters, samples)
        return LEAVES[name](**{argument["name"]: plain(argument, value) for argument, value in parts})
    return Waveform(KINDS[name], parameters, samples, children)
