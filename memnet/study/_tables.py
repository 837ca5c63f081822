"""Tables of run files: which keys they may have, and errors that say in which section a value stands."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from memnet.base import check


def arguments(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """Arguments of a function that a table may set; **unknown keywords are there to be refused."""
    found = inspect.signature(function).parameters
    return {name: one for name, one in found.items() if one.kind is not inspect.Parameter.VAR_KEYWORD}


def keywords(function: Callable[..., Any], skip: Iterable[str] = ()) -> list[str]:
    """Return the names of arguments that a table may set."""
    return [name for name in arguments(function) if name not in skip]


def required(section: str, table: Mapping[str, Any], function: Callable[..., Any]) -> None:
    """Raise ValueError where a table lacks an argument that a function needs."""
    for name, argument in arguments(function).items():
        if argument.default is inspect.Parameter.empty and name not in table:
            raise ValueError(f"{section} needs a key {name!r}")


def known(section: str, table: Mapping[str, Any], allowed: Iterable[str], what: str = "key") -> None:
    """Raise ValueError, with the nearest key, where a table has one that is not allowed."""
    words = list(allowed)
    for word in table:
        if word not in words:
            near = check.did_you_mean(word, words)
            raise ValueError(f"{section} has an unknown {what} {word!r}{near}; allowed: {', '.join(words)}")


def within(section: str, function: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Call a function; a refused value says in which section it stands."""
    try:
        return function(*given, **named)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{section}: {error}") from error


def list_of_tables(section: str, tables: Any, what: str) -> list[dict[str, Any]]:
    """Return copies of the tables of a section that holds one an entry, each under its own [[name]]."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise TypeError(f"[[{section}]] must be one table {what}, each under its own [[{section}]]")
    return [dict(table) for table in tables]


def list_in(table: Mapping[str, Any], key: str) -> list[Any]:
    """Return the value of a key that must be a list with something in it."""
    given = table.get(key)
    if not isinstance(given, list) or not given:
        raise ValueError(f"{key} must be a list of one or more values, got {check.shown(given)}")
    return given
