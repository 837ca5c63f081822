"""What may be turned while a simulation runs: the value of a constant drive, the amplitude of any other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from memnet import drive as drives
from memnet.base import check
from memnet.drive import Waveform

# How far a slider goes: times the largest constant of the drive, or the factor of a waveform.
REACH = 2.0


class Knobs:
    """One knob for each electrode that is driven, at what the drive was when they were made."""

    def __init__(self, drive: Mapping[str, Waveform]) -> None:
        self._start = dict(drive)
        self.turned: dict[str, float] = {}
        self._constant = {name: drives.constant_value(wave) for name, wave in drive.items()}

    def listed(self) -> list[dict[str, Any]]:
        """Return the knobs as a browser shows them."""
        shown = []
        for name, wave in self._start.items():
            if wave.roles == {drives.ROLE_FLOATING}:
                continue
            constant = self._constant[name]
            role, value = constant if constant is not None else (None, 1.0)
            reach = REACH if constant is None else self._reach(role)
            shown.append(
                {
                    "electrode": name,
                    "kind": "factor" if constant is None else "value",
                    "unit": "" if constant is None else "A" if role == drives.ROLE_CURRENT else "V",
                    "low": 0.0 if constant is None else -reach,
                    "high": reach,
                    "value": self.turned.get(name, value),
                    "wave": check.shown(wave, 200),
                }
            )
        return shown

    def drive(self, name: Any, value: Any) -> dict[str, Waveform]:
        """Return the whole drive where one knob is turned; `turn` then notes that it was.

        Raises
        ------
        ValueError, TypeError
            No such knob, or no finite number; an amplitude that makes the values of the waveform too large.
        """
        known = {knob["electrode"]: knob for knob in self.listed()}
        check.known_name("driven electrode", name, known)
        number = check.real("value", value, unit=known[name]["unit"])
        return {one: self._wave(one, {**self.turned, name: number}) for one in self._start}

    def turn(self, name: str, value: float) -> None:
        """Note where a knob is."""
        self.turned[name] = float(value)

    def _wave(self, name: str, turned: Mapping[str, float]) -> Waveform:
        wave, constant = self._start[name], self._constant[name]
        if name not in turned:
            return wave
        if constant is None:
            return turned[name] * wave
        number = drives.LEAVES["constant"](turned[name])
        return drives.current(number) if constant[0] == drives.ROLE_CURRENT else number

    def _reach(self, role: int | None) -> float:
        largest = max(abs(one[1]) for one in self._constant.values() if one is not None and one[0] == role)
        return REACH * largest or 1.0
