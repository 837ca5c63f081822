"""The functions that make networks: a record each, by name. A module of this room adds its own by `generator`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from memnet.base import check
from memnet.network._electrodes import Form
from memnet.network._network import Network

Function = TypeVar("Function", bound=Callable[..., Network])


@dataclass(frozen=True)
class Generator:
    """A function that makes networks.

    `memnet.<name>`, run files, datasets and tests find it by this record; a name from a file is looked up here alone.
    """

    function: Callable[..., Network]
    form: Form  # what its electrodes may be
    example: Mapping[str, Any]  # arguments of a small network, all that it has


# Each record by the name of its function.
GENERATORS: dict[str, Generator] = {}


def generator(form: Form, **example: Any) -> Callable[[Function], Function]:
    """Return a decorator that adds a function to the table."""

    def add(function: Function) -> Function:
        known = {name: one.function for name, one in GENERATORS.items()}
        check.unused("name", function.__name__, known, function, (Network.__name__,))
        GENERATORS[function.__name__] = Generator(function, form, example)
        return function

    return add
