"""Netlists for SPICE."""

from memnet.spice._netlist import to_spice

__all__ = ["to_spice"]


def __dir__() -> list[str]:
    return list(__all__)
