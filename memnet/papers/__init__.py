"""Papers: their protocols and figures as functions, one module a paper.

`memnet reproduce PAPER --figure KEY` runs them. A module becomes a paper by having a `FIGURES` table of
`memnet.papers.Figure`, and may have a function `table`.
"""

from types import ModuleType

from memnet.papers._registry import Figure, load, names, read, write

__all__ = ["Figure", "load", "names", "read", "write"]


def __getattr__(name: str) -> ModuleType:
    """Import a paper when it is first asked for."""
    if name in names():
        return load(name)
    raise AttributeError(f"module 'memnet.papers' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *names()])
