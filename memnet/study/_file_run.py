"""What a run file says of its run: how long, which rows, and what is in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from memnet.base import check
from memnet.simulate import step_count
from memnet.study._file_places import Placed
from memnet.study._tables import known

KEYS = ("steps", "duration", "every", "record", "events")
Record = tuple[str, ...] | dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What [run] says; `steps` is None where a duration (s) does."""

    steps: int | None
    duration: Any
    every: int
    events: bool
    record: Any

    def count(self, dt: float) -> int:
        """Return how many steps of length dt (s) to take, at least one."""
        if self.steps is not None:
            return self.steps
        count = step_count(None, self.duration, dt, 0)
        if count < 1:
            raise ValueError(f"duration must be at least one step of {dt!r} s, got {self.duration!r}")
        return count


def asked(table: Mapping[str, Any]) -> Asked:
    """Return what [run] says, with names alone checked that need no simulation."""
    known("[run]", table, KEYS)
    if ("steps" in table) == ("duration" in table):
        given = "both" if "steps" in table else "neither"
        raise ValueError(f"[run] needs one of the keys 'steps' and 'duration' (s), got {given}")
    steps = check.whole("[run] steps", table["steps"], 1) if "steps" in table else None
    every = check.whole("[run] every", table.get("every", 1), 1)
    record = table.get("record", ["current"])
    names = [record] if isinstance(record, str) else record
    if not isinstance(names, (list, Mapping)) or not all(isinstance(name, str) for name in names):
        raise TypeError(
            f"[run] record must be a list of names, or a table of names and parts, got {check.shown(record)}"
        )
    return Asked(steps, table.get("duration"), every, check.flag("[run] events", table.get("events", True)), names)


def recorded(record: Any, devices: Placed | None) -> Record:
    """Return what to record, in which devices are named by the numbers of their tables, or their elements."""
    if not isinstance(record, Mapping):
        return tuple(record)
    return {name: _part(f"[run] record {name}", name, part, devices) for name, part in record.items()}


def _part(what: str, name: str, part: Any, devices: Placed | None) -> Any:
    if name.startswith("snapshot:state:"):
        if not isinstance(part, list) or len(part) != 2:
            raise TypeError(f"{what} must be [device, steps], got {check.shown(part)}")
        return _devices(what, part[0], devices), part[1]
    return _devices(what, part, devices) if name.startswith("state:") else part


def _devices(what: str, part: Any, devices: Placed | None) -> Any:
    if isinstance(part, bool):
        return part
    if devices is None:
        raise ValueError(f"{what} must be true in a file that goes on from a checkpoint, got {check.shown(part)}")
    return [devices.device(what, one) for one in part] if isinstance(part, list) else devices.device(what, part)
