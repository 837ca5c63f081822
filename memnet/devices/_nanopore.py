"""What pores derive from other parameters: it may be given, as captions of figures do, and must then agree."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from memnet.base import check
from memnet.devices._equation_device import EquationDevice

Value = float | NDArray[np.float64]
# How far, relatively, what is given may be from what follows: numbers are printed with few digits, 1.5 and 3, not 1.4.
AGREEMENT = 1e-6


# Which pore has a parameter, or what else there is of it.
ELSEWHERE = {
    "C_m": "MembraneNanopore, or a Capacitor beside any other pore",
    "g_s": "a Resistor in series, on an edge of its own or by mn.series",
    "V_C": "DeactivatingNanopore",
    "tau_y": "DeactivatingNanopore",
    "k_0": "DeactivatingNanopore",
    "tau_M": "RetentiveNanopore",
    "V_B": "PlainNanopore and RetentiveNanopore",
    "V_A": "Nanopore",
    "V_D": "Nanopore",
    "n_A": "Nanopore",
    "n_D": "Nanopore",
    "Q_0": "CapacitivePore",
    "p_m": "CapacitivePore",
}


class Pore(EquationDevice):
    """A pore, which knows where parameters of others are.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.PlainNanopore(tau_M=1.0)
    Traceback (most recent call last):
    TypeError: PlainNanopore has no parameter 'tau_M'; what has it: RetentiveNanopore
    """

    def __init__(self, *by_position: Any, **parameters: Any) -> None:
        own = {field["name"] for field in self._table["fields"]}
        for name in parameters:
            if name in ELSEWHERE and name not in own:
                raise TypeError(f"{self.model} has no parameter {name!r}; what has it: {ELSEWHERE[name]}")
        super().__init__(*by_position, **parameters)


class IdealityFactors(Pore):
    """A pore with the ideality factor n_A of activation, and so n_D of deactivation: 1/n_A + 1/n_D = 1.

    Attributes
    ----------
    derived : tuple of str
        What follows from other parameters: attributes, and arguments that must agree.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.RetentiveNanopore(n_A=1.5).n_D, mn.RetentiveNanopore(n_A=1.5, n_D=3.0)
    (3.0, RetentiveNanopore(n_A=1.5))
    """

    derived: ClassVar[tuple[str, ...]] = ("n_D",)

    def __init__(self, *by_position: Any, n_D: Any = None, **parameters: Any) -> None:
        super().__init__(*by_position, **parameters)
        if n_D is None:
            return
        given = _number(f"{self.model}.n_D", n_D, self.n_D, 1.0)
        total = 1.0 / self.parameters["n_A"] + 1.0 / given
        off = np.abs(total - 1.0) > AGREEMENT
        if np.any(off):
            raise ValueError(
                f"{self.model}.n_D must have 1/n_A + 1/n_D = 1, or opening and closing are in no detailed balance, got"
                f" {_first(total, off):.6g} with n_A = {_first(self.parameters['n_A'], off):g} and n_D ="
                f" {_first(given, off):g}; n_A alone will do, n_D is then {_first(self.n_D, off):.6g}"
            )

    @property
    def n_D(self) -> Any:
        """Ideality factor of deactivation, n_A/(n_A - 1)."""
        return self.parameters["n_A"] / (self.parameters["n_A"] - 1.0)


class DetailedBalance(IdealityFactors):
    """A pore that is half open at V_B = V_A/n_A + V_D/n_D, the one midpoint in detailed balance.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.Nanopore(V_A=0.6, V_D=0.0, n_A=2.0).V_B, mn.Nanopore(V_A=0.6, V_D=0.0, n_A=2.0, n_D=2.0, V_B=0.3)
    (0.3, Nanopore(V_A=0.6))
    """

    derived: ClassVar[tuple[str, ...]] = ("n_D", "V_B")

    def __init__(self, *by_position: Any, V_B: Any = None, **parameters: Any) -> None:
        super().__init__(*by_position, **parameters)
        if V_B is None:
            return
        given = _number(f"{self.model}.V_B", V_B, self.V_B)
        off = np.abs(given - self.V_B) > AGREEMENT * np.maximum(np.abs(given), self.parameters["V_m"])
        if np.any(off):
            raise ValueError(
                f"{self.model}.V_B must be V_A/n_A + V_D/n_D = {_first(self.V_B, off):.6g} V, or opening and closing"
                f" are in no detailed balance, got {_first(given, off):g} V; V_A, V_D and n_A alone will do, and"
                " RetentiveNanopore opens elsewhere"
            )

    @property
    def V_B(self) -> Any:
        """Voltage (V) at which half of it is open, V_A/n_A + V_D/n_D."""
        return self.parameters["V_A"] / self.parameters["n_A"] + self.parameters["V_D"] / self.n_D


BASES = {
    "PlainNanopore": Pore,
    "CapacitivePore": Pore,
    "Nanopore": DetailedBalance,
    "MembraneNanopore": DetailedBalance,
    "RetentiveNanopore": IdealityFactors,
    "DeactivatingNanopore": IdealityFactors,
}


def _number(name: str, value: Any, like: Value, low: float = -math.inf) -> Value:
    """Return what is given, a number above `low` or one for each edge."""
    if check.given_array(name, value).ndim == 0:
        return check.real(name, value, low, math.inf, "()")
    given = check.array(name, value, (None,) if np.ndim(like) == 0 else np.shape(like))
    if not given.size:
        raise ValueError(f"{name} must be a number or one for each edge, got []")
    check.real(name, float(given.min()), low, math.inf, "()")
    return given


def _first(value: Value, off: Any) -> float:
    """Return the first value that is off, of one or of many."""
    return float(np.broadcast_to(value, np.shape(off)).ravel()[np.flatnonzero(off)[0]])
