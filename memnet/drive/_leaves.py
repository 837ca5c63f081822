"""The waveforms of numbers: one function a leaf of the C library's table.

`_leaves.pyi` beside this file says what they are to editors and mypy; `scripts/generate_waveforms.py` writes it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from memnet.base import check
from memnet.drive import _table
from memnet.drive._waveform import Waveform, made


def leaf_function(name: str) -> Callable[..., Waveform]:
    """Return the function that makes waveforms of a row of the table."""
    kind = _table.KINDS[name]
    row = _table.ROWS[kind]
    signature = _table.signature(row)
    names = list(signature.parameters)
    initial = {one.name: one.default for one in signature.parameters.values() if one.default is not one.empty}

    def make(*given: Any, **named: Any) -> Waveform:
        said = {**dict(zip(names, given, strict=False)), **named}
        arguments = {**initial, **said}
        if len(said) != len(given) + len(named) or arguments.keys() != signature.parameters.keys():
            check.keywords(f"{name}()", named, names)
            try:
                signature.bind(*given, **named)
            except TypeError as error:
                raise TypeError(f"{name}() cannot be called so: {error}") from None
        return made(kind, _table.joined(_table.checked_arguments(row, arguments)))

    make.__name__ = make.__qualname__ = name
    make.__doc__ = _table.docstring(row)
    make.__module__ = "memnet.drive"
    make.__signature__ = signature  # type: ignore[attr-defined]
    return make


LEAVES = {row["name"]: leaf_function(row["name"]) for row in _table.ROWS if row["leaf"]}
globals().update(LEAVES)

__all__ = ["LEAVES", *LEAVES]
