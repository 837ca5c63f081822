r"""The statements of a text.

    text       =  { statement | empty line },  "#" begins a comment; a line goes on while a parenthesis is open
    statement  =  NAME "=" EXPRESSION                                                      a definition; i and q are two
               |  "d" STATE "/dt" "=" EXPRESSION
               |  "parameter" NAME "=" NUMBER [UNIT] ["in" RANGE] [":" DOC]
               |  "state" NAME "=" (NUMBER [UNIT] | EXPRESSION) ["in" RANGE] [":" DOC]
               |  "linked" NAME "in" UNIT [":" DOC]                           what a state of the linked edge is in
               |  "preset" WORD ":" NAME "=" NUMBER [UNIT] {"," ...} [":" DOC ["[" SOURCE "]"]]
               |  "doc" TEXT  |  "source" TEXT                                    of the model; several lines are joined
               |  "event" NAME ["each" "step"] "when" EXPRESSION ":" STATE "=" EXPRESSION {"," ...} [":" DOC]
    RANGE      =  ("[" | "(") END "," END ("]" | ")"),  END = NUMBER [UNIT] | "inf" | "-inf"; of a state also
                  ["-"] NAME; of a parameter, as the open high end, another parameter, or behind it "without 0"

A statement is a dataclass; what expressions mean is not known here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from memnet.base import check
from memnet.equations._fault import NO_LETTERS, EquationError, Place, plain
from memnet.equations._tree import Expression, read

# The largest text.
MOST_LINES = 2_000
MOST_CHARACTERS = 200_000

NAME = r"[A-Za-z][A-Za-z0-9_]*"
NUMBER = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
END = rf"(?:[-+]?inf\b|{NUMBER}|-?\s*{NAME})"


@dataclass(frozen=True)
class Quantity:
    """A number and the text of its unit, which may be empty."""

    value: float
    unit: str
    place: Place


@dataclass(frozen=True)
class Bound:
    """A parameter or definition that bounds a state, or its negative; a parameter that another one stays below."""

    name: str
    is_negative: bool
    place: Place

    def __str__(self) -> str:
        return f"{'-' if self.is_negative else ''}{self.name}"


@dataclass(frozen=True)
class Range:
    """What is allowed: ends, and whether they are, as tables of fields say it: "[)", and "[)0" without 0."""

    low: Quantity | Bound
    high: Quantity | Bound
    bounds: str


@dataclass(frozen=True)
class Parameter:
    """A parameter with its default."""

    name: str
    default: Quantity
    range: Range | None
    doc: str
    place: Place


@dataclass(frozen=True)
class State:
    """A state and where it starts."""

    name: str
    start: Quantity | Expression
    range: Range | None
    doc: str
    place: Place


@dataclass(frozen=True)
class LinkedState:
    """A state of the linked edge and its unit, as the number 1 of it."""

    name: str
    unit: Quantity
    doc: str
    place: Place


@dataclass(frozen=True)
class Definition:
    """A name for an expression."""

    name: str
    expression: Expression
    place: Place


@dataclass(frozen=True)
class Rate:
    """The rate equation of a state."""

    state: str
    expression: Expression
    place: Place


@dataclass(frozen=True)
class Event:
    """What happens where a condition comes true: at that moment, or at the end of the step in which it does."""

    name: str
    each_step: bool
    condition: Expression
    jumps: tuple[Definition, ...]
    doc: str
    place: Place


@dataclass(frozen=True)
class Preset:
    """Values of parameters that belong together, and where they were published."""

    name: str
    values: tuple[tuple[str, Quantity], ...]
    doc: str
    source: str
    place: Place


@dataclass(frozen=True)
class Note:
    """A line of the description ("doc") or of the source ("source") of a model."""

    kind: str
    text: str
    place: Place


Statement = Parameter | State | LinkedState | Definition | Rate | Event | Preset | Note


@dataclass(frozen=True)
class _Piece:
    """A part of the text and where it begins. It may go over several lines."""

    text: str
    start: Place

    def at(self, offset: int) -> Place:
        return self.start.after(self.text[:offset])

    def part(self, first: int, last: int | None = None) -> _Piece:
        """Return a part without blanks around it."""
        text = self.text[first:last]
        return _Piece(text.strip(), self.at(first + len(text) - len(text.lstrip())))

    def split(self, mark: str, *, most: int = -1) -> list[_Piece]:
        """Return the parts between marks that stand in no parentheses."""
        ends: list[int] = []
        depth = 0
        for k, letter in enumerate(self.text):
            depth += (letter in "([") - (letter in ")]")
            if letter == mark and depth <= 0 and len(ends) != most:
                ends.append(k)
        return [self.part(a, b) for a, b in zip([0, *(k + 1 for k in ends)], [*ends, len(self.text)], strict=True)]

    def read(self) -> Expression:
        return read(self.text, self.start)


def statements(text: str) -> list[Statement]:
    """Return the statements of a text in its order.

    Raises
    ------
    EquationError
        A line is no statement, or the text is too long.
    """
    text = plain(text)
    if len(text) > MOST_CHARACTERS or text.count("\n") >= MOST_LINES:
        n_lines = text.count("\n") + 1
        size = f"{n_lines} lines with {len(text)} characters"
        raise EquationError(
            f"a text has at most {MOST_LINES} lines and {MOST_CHARACTERS} characters, got {size}", Place(1, 1)
        )
    strange = NO_LETTERS.search(text)
    if strange:
        raise EquationError(f"{strange[0]!a} is no letter of a text", Place(1, 1).after(text[: strange.start()]))
    return [_statement(piece) for piece in _pieces(text)]


def _pieces(text: str) -> Iterator[_Piece]:
    """Return what each statement is made of: a line, and those that follow while a parenthesis is open."""
    whole, start, depth = "", Place(1, 1), 0
    for number, line in enumerate(text.split("\n"), 1):
        is_note = not whole and re.match(r"\s*(doc|source)\s+(?![=\s])", line)
        code = (line if is_note else line.split("#", 1)[0]).rstrip()
        if not whole and not code.strip():
            continue
        if not whole:
            start = Place(number, len(code) - len(code.lstrip()) + 1)
        whole = f"{whole}\n{code}" if whole else code.strip()
        depth += 0 if is_note else _open_parentheses(code)
        if depth <= 0:
            yield _Piece(whole, start)
            whole, depth = "", 0
    if whole:
        raise EquationError("a parenthesis stays open", start)


def _open_parentheses(code: str) -> int:
    """Return how many round parentheses a line leaves open; those of a range, as in (0, 1], do not count."""
    without_ranges = re.sub(r"\bin\s*[\[(][^,()\[\]]*,[^,()\[\]]*[\])]", "", code)
    return without_ranges.count("(") - without_ranges.count(")")


def _statement(piece: _Piece) -> Statement:
    word = re.match(r"(parameter|state|linked|event|preset|doc|source)\s+(?![=\s])", piece.text)
    if word:
        return _DECLARATIONS[word[1]](piece, word.end())
    rate = re.match(rf"d\s*({NAME})\s*/\s*dt\s*=(?!=)", piece.text)
    if rate:
        return Rate(rate[1], piece.part(rate.end()).read(), piece.at(rate.start(1)))
    definition = re.match(rf"({NAME})\s*=(?!=)", piece.text)
    if definition:
        return Definition(definition[1], piece.part(definition.end()).read(), piece.start)
    raise EquationError(_why_none(piece.text), piece.start)


def _why_none(text: str) -> str:
    """Return why a line is no statement, in the words of what was meant."""
    for pattern, reason in _SLIPS:
        slip = re.match(pattern, text)
        if slip:
            return reason.format(*slip.groups())
    word = re.match(NAME, text)
    near = check.did_you_mean(word[0].lower(), _DECLARATIONS) if word else ""
    return f"a line is `name = expression`, `dx/dt = expression`, `parameter ...`, `state ...` or `event ...`{near}"


def _named(piece: _Piece, first: int, example: str) -> tuple[str, Place, _Piece]:
    """Return the name of a declaration, where it stands, and what follows "="."""
    match = re.compile(rf"\s*({NAME})\s*=(?!=)").match(piece.text, first)
    if match is None:
        raise EquationError(f"write it as `{example}`", piece.at(first))
    return match[1], piece.at(match.start(1)), piece.part(match.end())


def _parameter(piece: _Piece, first: int) -> Parameter:
    example = "parameter g_L = 0.1 uS in [0, inf) : what it is"
    name, place, rest = _named(piece, first, example)
    value, doc = _with_doc(rest)
    value, allowed = _with_range(value, is_held=False)
    number = _quantity(value)
    if number is None:
        raise EquationError(f"the default of a parameter is a number with its unit: `{example}`", value.start)
    return Parameter(name, number, allowed, doc, place)


def _state(piece: _Piece, first: int) -> State:
    name, place, rest = _named(piece, first, "state x = 0.1 in [0, 1] : what it is")
    value, doc = _with_doc(rest)
    value, allowed = _with_range(value, is_held=True)
    return State(name, _quantity(value) or value.read(), allowed, doc, place)


def _linked(piece: _Piece, first: int) -> LinkedState:
    match = re.compile(rf"\s*({NAME})\s+in\s+([^:]*[^:\s])\s*(?::(.*))?$", re.S).match(piece.text, first)
    if match is None:
        raise EquationError("write it as `linked x in nm : what it is`", piece.at(first))
    unit = Quantity(1.0, match[2], piece.at(match.start(2)))
    return LinkedState(match[1], unit, (match[3] or "").strip(), piece.at(match.start(1)))


def _event(piece: _Piece, first: int) -> Event:
    example = "event spike when v > V_T: x = 0, w = w + b : what happens"
    match = re.compile(rf"\s*({NAME})\s+(each\s+step\s+)?when\b").match(piece.text, first)
    if match is None:
        raise EquationError(f"an event has a name and a condition: `{example}`", piece.at(first))
    condition, *parts = piece.part(match.end()).split(":", most=2)
    if not condition.text:
        raise EquationError(f"an event needs a condition: `{example}`", condition.start)
    jumps = [_jump(one, example) for one in parts[0].split(",")] if parts and parts[0].text else []
    doc = parts[1].text if len(parts) > 1 else ""
    return Event(match[1], match[2] is not None, condition.read(), tuple(jumps), doc, piece.at(match.start(1)))


def _jump(piece: _Piece, example: str) -> Definition:
    match = re.match(rf"({NAME})\s*=(?!=)", piece.text)
    if match is None:
        raise EquationError(
            f"what an event does is `state = expression`, with commas between: `{example}`", piece.start
        )
    return Definition(match[1], piece.part(match.end()).read(), piece.start)


def _preset(piece: _Piece, first: int) -> Preset:
    example = "preset fast: tau = 1 ms, g_L = 2 uS : what it describes [its source]"
    match = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*:").match(piece.text, first)
    if match is None:
        raise EquationError(f"write it as `{example}`", piece.at(first))
    values, *doc = piece.part(match.end()).split(":", most=1)
    text, source = doc[0].text if doc else "", ""
    if text.endswith("]") and "[" in text:
        text, _, source = text[:-1].partition("[")
    pairs = tuple(_value(one, example) for one in values.split(","))
    return Preset(match[1], pairs, text.rstrip(), source, piece.at(match.start(1)))


def _value(piece: _Piece, example: str) -> tuple[str, Quantity]:
    name, _, rest = _named(piece, 0, example)
    number = _quantity(rest)
    if number is None:
        raise EquationError(f"a preset gives numbers with units: `{example}`", rest.start)
    return name, number


def _note(piece: _Piece, first: int) -> Note:
    return Note(piece.text.split(None, 1)[0], piece.part(first).text, piece.start)


_DECLARATIONS: dict[str, Callable[[_Piece, int], Statement]] = {
    "parameter": _parameter,
    "state": _state,
    "linked": _linked,
    "event": _event,
    "preset": _preset,
    "doc": _note,
    "source": _note,
}


# Lines as other languages have them.
_SLIPS = (
    (rf"({NAME})\s*'\s*=", "a rate is written `d{0}/dt = ...`"),
    (rf"d\s*({NAME})\s*/\s*dt\s*==", "an equation has one `=`: `d{0}/dt = ...`"),
    (rf"({NAME})\s*==", "an equation has one `=`: `{0} = ...`"),
    (
        rf"d\^?\*{{0,2}}2\s*({NAME})\s*/",
        "rates are of first order: declare a state for d{0}/dt, and give it a rate of its own",
    ),
    (rf"({NAME})\s*[-+*/]=", "an equation holds at all times: `{0} = ...`, or `d{0}/dt = ...`"),
    (r"(?:parameter|state|linked|event|preset)\s*$", "a declaration has a name"),
)


def _with_doc(piece: _Piece) -> tuple[_Piece, str]:
    value, *doc = piece.split(":", most=1)
    return value, doc[0].text if doc else ""


def _with_range(piece: _Piece, *, is_held: bool) -> tuple[_Piece, Range | None]:
    """Return what stands before "in", and the range behind it, which may hold a state."""
    match = re.search(r"(?<![A-Za-z0-9_])in\s*(?=[\[(])", piece.text)
    if match is None:
        return piece, None
    text = piece.part(match.end())
    ends = re.fullmatch(
        rf"([\[(])\s*({END})(?![\w.])([^,]*),\s*({END})(?![\w.])([^,]*)([\])])(\s*without\s+0)?", text.text
    )
    if ends is None:
        raise EquationError("a range is as `[0, 1]`, `(0, inf)` or `[0 nm, 10 nm)`", text.start)
    low = _end(ends[2], ends[3].strip(), text.at(ends.start(2)))
    high = _end(ends[4], ends[5].strip(), text.at(ends.start(4)))
    for end, mark in ((low, ends[1]), (high, ends[6])):
        if isinstance(end, Quantity) and math.isinf(end.value) and mark in "[]":
            raise EquationError("an infinite end of a range is open, as in `[0, inf)`", end.place)
    if ends[7] is not None and (is_held or isinstance(low, Bound) or isinstance(high, Bound)):
        raise EquationError(
            "only the range of a parameter, between numbers, may be one without 0", text.at(ends.start(7))
        )
    return piece.part(0, match.start()), Range(low, high, ends[1] + ends[6] + ("" if ends[7] is None else "0"))


def _end(number: str, unit: str, place: Place) -> Quantity | Bound:
    """Return an end of a range: a number, or a name."""
    if re.fullmatch(rf"[-+]?inf|{NUMBER}", number):
        return Quantity(float(number), unit, place)
    if unit:
        raise EquationError("an end of a range is a number with a unit, a parameter or a definition", place)
    return Bound(number.lstrip("- "), number.startswith("-"), place)


def _quantity(piece: _Piece) -> Quantity | None:
    """Return a number with its unit, None for anything else."""
    if re.match(r"[-+]?(inf|nan)(?![\w.])", piece.text):
        raise EquationError("numbers must be finite", piece.start)
    match = re.match(rf"({NUMBER})(?![\w.])", piece.text)
    unit = "" if match is None else piece.text[match.end() :].strip()
    if (
        match is None
        or (unit and not re.match(r"[A-Za-z%\u00b5\u03bc\u03a9\u2126(]|1\s*/|/", unit))
        or unit.startswith("/")
    ):
        return None
    if not math.isfinite(float(match[1])):
        raise EquationError("numbers must be finite", piece.start)
    return Quantity(float(match[1]), unit, piece.start)
