"""Statements of section 4.1 about single devices, and of section 3 about figures 7 to 9."""

from __future__ import annotations

from collections.abc import Callable

from memnet.papers._statement import Numbers, Statement

STATEMENTS: tuple[Statement, ...] = ()
MEASURES: dict[str, Callable[[], Numbers]] = {}
