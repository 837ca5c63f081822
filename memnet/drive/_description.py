"""Waveforms as plain data, and the waveforms again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from memnet import _core
from memnet.base import check
from memnet.drive._table import KINDS, ROWS
from memnet.drive._waveform import Waveform


def to_spec(wave: Waveform) -> dict[str, Any]:
    """Return a waveform as plain data: dicts, lists, numbers and arrays, for files and provenance.

    Raises
    ------
    TypeError
        No waveform.
    """
    check.instance("wave", wave, Waveform, "a waveform of mn.drive")
    children = [to_spec(child) for child in wave.children]
    parts = {"parameters": list(wave.parameters), "samples": wave.samples, "children": children}
    return {
        "kind": ROWS[wave.kind]["name"],
        **{name: part for name, part in parts.items() if part is not None and len(part)},
    }


def from_spec(spec: Mapping[str, Any]) -> Waveform:
    """Return the waveform that `to_spec` described.

    Raises
    ------
    TypeError, ValueError
        No mapping, an unknown kind, or not what a waveform of that kind is made of.
    """
    return _read(spec, 1, {})


def _read(spec: Any, level: int, known: dict[int, Waveform]) -> Waveform:
    """Return the waveform of a description that stands so deep in another; `known` are those read by their id."""
    if level > _core.WAVE_DEPTH:
        raise ValueError(f"spec must be nested at most {_core.WAVE_DEPTH} deep")
    if not isinstance(spec, Mapping) or "kind" not in spec:
        raise TypeError(f'spec must be a dict with a "kind", as to_spec returns it, got {check.shown(spec)}')
    if id(spec) not in known:
        name = check.one_of("kind of waveform", spec["kind"], KINDS)
        given = spec.get("children", ())
        check.instance("children", given, (list, tuple), "a list of waveforms")
        children = tuple(_read(child, level + 1, known) for child in given)
        known[id(spec)] = Waveform(KINDS[name], spec.get("parameters", ()), spec.get("samples"), children)
    return known[id(spec)]
