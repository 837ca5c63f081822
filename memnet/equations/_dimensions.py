"""What the unit of a text is in SI: a factor and a dimension."""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from memnet.base import check
from memnet.equations._fault import EquationError
from memnet.equations._statements import Quantity

if TYPE_CHECKING:
    import pint

# Exponents of the base units, in this order. Lengths of percolating networks are in particle diameters.
BASE = (
    "[length]",
    "[mass]",
    "[time]",
    "[current]",
    "[temperature]",
    "[substance]",
    "[luminosity]",
    "[particle_diameter]",
)
SYMBOLS = ("m", "kg", "s", "A", "K", "mol", "cd", "pd")
# Units by which a message and a table name a dimension, the first that fits.
NAMED = (
    *("V", "A", "S", "ohm", "C", "F", "H", "Wb", "W", "J", "N", "Pa", "1/s", "1/V", "1/A", "1/C", "A/s", "V/s", "m/s"),
    *("m^2/(V s)", "C/mol", "J/K", "J/(mol K)", "S/m", "V/m", "V/K", "W/K", "J/(K m^3)"),
)


@dataclass(frozen=True)
class Dimension:
    """A dimension as exponents of the base units."""

    exponents: tuple[Fraction, ...] = (Fraction(0),) * len(BASE)

    def __mul__(self, other: Dimension) -> Dimension:
        return Dimension(tuple(a + b for a, b in zip(self.exponents, other.exponents, strict=True)))

    def __truediv__(self, other: Dimension) -> Dimension:
        return self * other**-1

    def __pow__(self, power: Fraction | int) -> Dimension:
        return Dimension(tuple(a * power for a in self.exponents))

    def __bool__(self) -> bool:
        return any(self.exponents)

    def __str__(self) -> str:
        return _symbol(self)


NUMBER = Dimension()


@functools.cache
def _registry() -> pint.UnitRegistry[Any]:
    import pint

    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(cache_folder=None)
    registry.define("particle_diameter = [particle_diameter] = pd")
    return registry


# A text's unit: names, products, quotients and small powers. Only that is given to pint, which would compute any power.
_POWER = re.compile(
    r"(?:\^|\*\*)\s*(?:[-+]?[0-9]{1,2}(?:\.[0-9]{1,3})?|\(\s*[-+]?[0-9]{1,2}(?:\s*/\s*[0-9]{1,2})?\s*\))(?![0-9.])"
)
_UNIT = re.compile(r"(?:[A-Za-z_]+[0-9]?|%|(?<![0-9])1(?![0-9])|[*/() ])*")
MOST_LETTERS = 100
MOST_POWER = 1000
_LETTERS = str.maketrans(
    {"\u2126": "ohm", "\u03a9": "ohm", "\u00b5": "u", "\u03bc": "u", "\u00b2": "^2", "\u00b3": "^3", "\u00b7": "*"}
)


def _spelled(unit: str) -> str:
    """Return a unit in letters that pint knows; ValueError where it is no product of powers."""
    spelled = unit.translate(_LETTERS)
    if len(spelled) > MOST_LETTERS or not _UNIT.fullmatch(_POWER.sub("", spelled)):
        raise ValueError(f"{check.shown(unit)} is no unit; a unit is as mV, 1/(V s), kg m^2 or V/s^0.5")
    return spelled


@functools.lru_cache(maxsize=4096)
def parsed(unit: str) -> tuple[float, Dimension]:
    """Return what a unit is of the SI's own, and its dimension. ValueError says why it is none."""
    import pint

    registry = _registry()
    if not unit or unit == "1":
        return 1.0, NUMBER
    spelled = _spelled(unit)
    try:
        of_pint = registry.parse_units(spelled)
        quantity = registry.Quantity(1.0, of_pint).to_base_units()
        zero = registry.Quantity(0.0, of_pint).to_base_units()
    except pint.OffsetUnitCalculusError:
        raise ValueError(f"{unit} has its zero elsewhere; take one that begins at 0, as K") from None
    except pint.UndefinedUnitError as fault:
        raise ValueError(
            f"{fault.args[0] if fault.args and isinstance(fault.args[0], str) else unit} is no unit"
        ) from None
    except Exception:  # pint's parser raises what its tokenizer does
        raise ValueError(f"{unit!r} is no unit") from None
    if zero.magnitude != 0.0:
        raise ValueError(f"{unit} has its zero elsewhere; take one that begins at 0, as K")
    table = dict(quantity.dimensionality)
    exponents = tuple(Fraction(str(table.pop(name, 0))).limit_denominator(1000) for name in BASE)
    if table or not 0.0 < quantity.magnitude < math.inf or max(map(abs, exponents)) > MOST_POWER:
        raise ValueError(f"{unit} is no unit of the SI")
    return float(quantity.magnitude), Dimension(exponents)


@functools.lru_cache(maxsize=4096)
def _symbol(dimension: Dimension) -> str:
    if not dimension:
        return "1"
    for name in NAMED:
        if parsed(name)[1] == dimension:
            return name
    return _product_text([(s, e) for s, e in zip(SYMBOLS, dimension.exponents, strict=True) if e])


def _product_text(powers: list[tuple[str, Fraction]]) -> str:
    """Return "V s", "1/(V s)" or "m^2/(V s)" of symbols and powers."""
    above = " ".join(_power(s, e) for s, e in powers if e > 0) or "1"
    below = [_power(s, -e) for s, e in powers if e < 0]
    if not below:
        return above
    return f"{above}/{below[0]}" if len(below) == 1 else f"{above}/({' '.join(below)})"


def _power(symbol: str, exponent: Fraction) -> str:
    return symbol if exponent == 1 else f"{symbol}^{float(exponent):g}"


@functools.lru_cache(maxsize=4096)
def without_prefixes(unit: str) -> str:
    """Return a unit as it was written but for prefixes, "S/V" of "uS/mV"; where that is not one of the SI, its own."""
    registry = _registry()
    powers: dict[str, Fraction] = {}
    for name, power in registry.parse_units(_spelled(unit))._units.items() if unit else ():
        symbol = registry.get_symbol(registry.parse_unit_name(name)[0][1])
        symbol = "ohm" if symbol == "Ω" else symbol
        powers[symbol] = powers.get(symbol, Fraction(0)) + Fraction(str(power)).limit_denominator(1000)
    plain = _product_text([(symbol, power) for symbol, power in powers.items() if power])
    return plain if parsed(plain) == (1.0, parsed(unit)[1]) else _symbol(parsed(unit)[1])


def unit_of(quantity: Quantity) -> Dimension:
    """Return the dimension of a number's unit, or raise EquationError."""
    return _at(quantity)[1]


def in_si(quantity: Quantity) -> float:
    """Return a number in the SI's own units, or raise EquationError; prefixes move its point, so 0.05 nF is 5e-11 F."""
    factor = _at(quantity)[0]
    power = round(math.log10(factor))
    if factor != float(f"1e{power}"):
        return quantity.value * factor
    return float(Decimal(repr(quantity.value)).scaleb(power))


def _at(quantity: Quantity) -> tuple[float, Dimension]:
    try:
        return parsed(quantity.unit)
    except ValueError as fault:
        raise EquationError(str(fault), quantity.place) from None
