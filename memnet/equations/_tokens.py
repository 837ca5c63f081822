"""Words of an expression: what is none of the language is refused at its place, with what stands there instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from memnet.equations._fault import EquationError, Place

# A name may have a dot, as linked.v has.
_WORD = re.compile(
    r"(?P<blank>\s+)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\s*\.\s*[A-Za-z_][A-Za-z0-9_]*)*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|&&|\|\||//|:=|<<|>>|<>|[-+*/<>(),])"
    r"|(?P<other>.)",
    re.ASCII | re.DOTALL,
)
# Words that stand between or before operands.
_OPERATORS = frozenset(("and", "or", "not", "if", "else", "in", "is", "lambda", "for", "await", "yield"))
_INSTEAD = {
    "^": "a power is written x**y or pow(x, y)",
    "=": "an equation has one `=`; a comparison is written ==",
    ":=": "a part has a name of its own in a line of its own",
    ";": "a line holds one statement",
    ":": "a description stands behind parameters, states and events only",
    "&": "write `and`",
    "&&": "write `and`",
    "|": "write `or`",
    "||": "write `or`",
    "~": "write `not`",
    "!": "write `not`",
    "<>": "write !=",
    "%": "the remainder of a/b is a - b*floor(a/b)",
    "//": "a whole quotient is floor(a/b)",
    "[": "grouping has round parentheses",
    "{": "grouping has round parentheses",
    "'": "a text is no number; a rate is written dx/dt",
    '"': "a text is no number",
    "\\": "a line goes on while a parenthesis is open",
    "\u2212": "minus is written -",
    "\u2013": "minus is written -",
    "\u00d7": "times is written *",
    "\u00b7": "times is written *",
    "\u22c5": "times is written *",
    "\u00f7": "a quotient is written a/b",
    "\u00b2": "a square is written x**2",
    "\u00b3": "a cube is written x**3",
    "\u221a": "write sqrt(x)",
    "\u221e": "there is no infinite number",
    "\u2264": "write <=",
    "\u2265": "write >=",
    "\u2260": "write !=",
}

# What may be meant as a unit where it stands in an expression.
_UNIT = re.compile(r"[afpnumkMGT]?(?:V|A|S|F|C|H|W|J|K|N|T|Hz|eV|[oO]hm|mol|s|m)|pd|kg|min|hour|degC|rad")


@dataclass(frozen=True)
class _Word:
    kind: str
    text: str
    offset: int

    @property
    def is_operand(self) -> bool:
        return self.kind == "number" or (self.kind == "name" and self.text not in _OPERATORS)


def check_words(source: str, start: Place) -> None:
    """Check the words of an expression whose first letter stands at `start`: those alone, no grammar.

    Raises
    ------
    EquationError
        A letter is none of the language, parentheses do not match, or nothing stands between two operands.
    """
    open_at: list[int] = []
    before: _Word | None = None
    for word in _words(source):
        reason = _fault_of(word, before)
        if word.text == ")" and not open_at:
            reason = "this parenthesis closes none"
        if reason:
            raise EquationError(reason, start.after(source[: word.offset]))
        if word.text == "(":
            open_at.append(word.offset)
        elif word.text == ")":
            open_at.pop()
        before = word
    if open_at:
        raise EquationError("a parenthesis stays open", start.after(source[: open_at[-1]]))


def _fault_of(word: _Word, before: _Word | None) -> str:
    """Return why a word cannot stand behind another, nothing where it can."""
    if word.kind == "other" or word.text in _INSTEAD:
        return _reason(word.text)
    if word.text.startswith("_"):
        return f"{word.text} is not part of the language: names begin with a letter"
    if before is None:
        return ""
    is_joined = before.kind == "number" and word.offset == before.offset + len(before.text)
    is_behind = before.is_operand or before.text == ")"
    calls = word.text == "(" and before.kind != "name"
    if (is_joined and word.kind in ("number", "name")) or (is_behind and (word.is_operand or calls)):
        return _nothing_between(before.text, word.text)
    return ""


def _words(source: str) -> Iterator[_Word]:
    for match in _WORD.finditer(source):
        kind = match.lastgroup or ""
        if kind != "blank":
            yield _Word(kind, match[0], match.start())


def _reason(letter: str) -> str:
    if letter in _INSTEAD:
        return f"{letter} is not part of the language: {_INSTEAD[letter]}"
    if letter.isalpha():
        latin = unicodedata.name(letter, "").split(" ")[-1].lower()
        return (
            f"names have the letters a to z: {letter}{f', as {latin}' if latin.isascii() and latin.isalpha() else ''}"
        )
    return f"{letter} is not part of the language"


def is_unit(name: str) -> bool:
    """Return whether a name may be meant as a unit, such as mV or s."""
    return _UNIT.fullmatch(name) is not None


def unit_hint(number: str) -> str:
    """Return where a number with a unit stands instead of in an expression."""
    return f"a number with a unit is a parameter: write `parameter a = {number}`, and a in the expression"


def _nothing_between(a: str, b: str) -> str:
    if is_unit(b) and re.match(r"[0-9.]", a):
        return f"nothing stands between {a} and {b}; {unit_hint(f'{a} {b}')}"
    if re.match(r"[A-Za-z]", b) and re.match(r"[0-9.]", a):
        return (
            f"nothing stands between {a} and {b}: a product is {a}*{b}; a number with a unit is a parameter of its own"
        )
    return f"nothing stands between {a} and {b}: a product is written with *"
