"""A statement of a paper, the verdict of numbers about it, and the table of all of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from memnet.base import check, files

HEAD = ("| statement | judged by | numbers | verdict |", "|---|---|---|---|")

Numbers = dict[str, float]
Test = Callable[[Numbers], bool]


@dataclass(frozen=True)
class Statement:
    """A statement of the paper and how it is judged.

    Attributes
    ----------
    text : str
        The statement, in our words.
    judged : str
        How.
    group : str
        Which measurement it needs.
    shown : tuple of str
        The numbers in its row, by the names that the measurement gives them.
    holds : function
        From numbers to whether it holds as it stands.
    condition : str
        Under which condition it holds where it does not as it stands; `{name:.3g}` is a number in that format.
    holds_if : function, optional
        From numbers to whether it holds under that condition.
    """

    text: str
    judged: str
    group: str
    shown: tuple[str, ...]
    holds: Test
    condition: str = ""
    holds_if: Test | None = None

    def verdict(self, numbers: Numbers) -> str:
        """Return "holds", "holds if ..." or "does not hold".

        Raises
        ------
        ArithmeticError
            A number in its row is not finite, so it says nothing.
        """
        for name in self.shown:
            if not math.isfinite(numbers[name]):
                raise ArithmeticError(f"{self.text!r} cannot be judged: {name} is {numbers[name]}")
        if self.holds(numbers):
            return "holds"
        if self.holds_if is not None and self.holds_if(numbers):
            return f"holds if {self.condition.format_map(numbers)}"
        return "does not hold"

    def row(self, numbers: Numbers) -> str:
        """Return its row of the table, in Markdown."""
        verdict = self.verdict(numbers)
        cells = "<br>".join(f"{name}: {_short(numbers[name])}" for name in self.shown)
        return f"| {self.text} | {self.judged} | {cells} | {verdict} |"


@dataclass(frozen=True)
class Statements:
    """What a paper says, and the measurements that judge it.

    Attributes
    ----------
    all : tuple of Statement
        In the order of the table.
    measures : mapping
        From a group to what returns its numbers.
    """

    all: tuple[Statement, ...]
    measures: Mapping[str, Callable[[], Numbers]]

    @classmethod
    def of(cls, *modules: ModuleType) -> Statements:
        """Return those of modules, each of which has STATEMENTS and MEASURES."""
        measures = {group: measure for module in modules for group, measure in module.MEASURES.items()}
        return cls(tuple(one for module in modules for one in module.STATEMENTS), measures)

    def table(self, out: str | Path, groups: Sequence[str] | None, say: Callable[[str], object]) -> str:
        """Measure groups, all by default, write their rows into `table.md` of a folder, and return them.

        Raises
        ------
        ValueError
            An unknown group.
        ArithmeticError
            A number that is not finite, by which nothing can be judged.
        """
        folder = Path(out)
        known = self.measures
        chosen = list(known) if groups is None else [check.one_of("group", group, known) for group in groups]
        folder.mkdir(parents=True, exist_ok=True)
        numbers: dict[str, Numbers] = {}
        for group in chosen:
            numbers[group] = known[group]()
            say(group)
        rows = [one.row(numbers[one.group]) for one in self.all if one.group in chosen]
        text = "\n".join([*HEAD, *rows]) + "\n"
        files.write_text(folder / "table.md", text)
        return text


def _short(value: float) -> str:
    return f"{value:.0f}" if float(value).is_integer() and abs(value) < 1e6 else f"{value:.5g}"


def near(a: float, b: float, rtol: float) -> bool:
    """Return whether two numbers differ by at most a share of the second one."""
    return abs(a - b) <= rtol * abs(b)


def in_order(numbers: Numbers, *names: str) -> bool:
    """Return whether numbers rise in this order."""
    values = [numbers[name] for name in names]
    return all(a < b for a, b in itertools.pairwise(values))


def rounded(value: float, digits: int) -> float:
    """Return a number without what rounding, or the flat top of a peak, makes of its last digits; never -0."""
    return round(value, digits) + 0.0
