"""Drives of run files: waveforms as tables, and one value for many electrodes."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping
from typing import Any

from memnet import drive
from memnet.base import check
from memnet.network import Network
from memnet.study._tables import keywords, known, list_in, required, within

FUNCTIONS: dict[str, Callable[..., Any]] = {**drive.LEAVES, "current": drive.current, "limited": drive.limited}
KINDS = (*FUNCTIONS, "sum", "concat")
# How deep waveforms may lie in others; a file may say anything, and each level takes a part of Python's stack.
DEEPEST = 50


def drives(table: Mapping[str, Any], net: Network | None) -> dict[str, Any]:
    """Return the drive of each electrode, where names with * stand for all that they match and are not named."""
    waves = {name: within(f"[drive] {name}", waveform, value) for name, value in table.items()}
    if net is None:
        return waves
    patterns = [name for name in waves if "*" in name and name not in net.electrodes]
    found = {name: wave for name, wave in waves.items() if name not in patterns}
    for pattern in patterns:
        matched = [name for name in net.electrodes if fnmatch.fnmatchcase(name, pattern)]
        if not matched:
            raise ValueError(f"[drive] {pattern} matches no electrode of {', '.join(net.electrodes)}")
        for name in matched:
            found.setdefault(name, waves[pattern])
    return found


def waveform(value: Any, depth: int = 0) -> Any:
    """Return the drive that a number (V), "floating" or a table with a `kind` and its arguments stands for."""
    if value == "floating":
        return None
    if not isinstance(value, Mapping):
        return drive.waveform("the value", value)
    if depth == DEEPEST:
        raise ValueError(f"waveforms may lie {DEEPEST} deep in each other, and these lie deeper")
    table = dict(value)
    if "kind" not in table:
        raise ValueError(f"a waveform needs a key 'kind', one of {', '.join(KINDS)}")
    kind = check.one_of("kind", table.pop("kind"), KINDS)
    if kind in MADE_OF_PARTS:
        return MADE_OF_PARTS[kind](table, depth + 1)
    make = FUNCTIONS[kind]
    known(f"a waveform of kind {kind!r}", table, ("kind", *keywords(make)))
    required(f"a waveform of kind {kind!r}", table, make)
    if kind == "current":
        return drive.current(waveform(table["value"], depth + 1))
    if kind == "limited":
        return drive.limited(waveform(table["voltage"], depth + 1), current=table["current"])
    return make(**table)


def _sum(table: Mapping[str, Any], depth: int) -> Any:
    known("a sum", table, ("kind", "parts"))
    parts = [drive.waveform("part", waveform(part, depth)) for part in list_in(table, "parts")]
    return sum(parts[1:], start=parts[0])


def _concat(table: Mapping[str, Any], depth: int) -> Any:
    known("a concat", table, ("kind", "parts", "durations"))
    parts, durations = list_in(table, "parts"), list_in(table, "durations")
    if len(durations) not in (len(parts), len(parts) - 1):
        raise ValueError(f"durations must have one value a part ({len(parts)}), got {len(durations)}")
    lasting = [*durations, None][: len(parts)]
    return drive.concat([(waveform(part, depth), length) for part, length in zip(parts, lasting, strict=True)])


MADE_OF_PARTS: dict[str, Callable[[Mapping[str, Any], int], Any]] = {"sum": _sum, "concat": _concat}
