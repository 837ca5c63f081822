"""Coefficients of the elementary functions in csrc/base, made anew and compared.

    python scripts/coefficients.py            # print each polynomial with its error, and the constants
    python scripts/coefficients.py --check    # say which printed numbers are missing in those files

A polynomial interpolates at Chebyshev nodes in 240-bit arithmetic; its coefficients are then rounded to double. Its
error is the largest one of the rounded coefficients over 2,000 points, relative to the function that it is part of.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mpmath import atan, atanh, cos, exp, floor, hyp1f1, log, lu_solve, matrix, mp, mpf, pi, sin, sinh, sqrt, tanh

mp.prec = 240
SOURCES = Path(__file__).resolve().parent.parent / "csrc" / "base"
FILES = ("kernels.h", "hyperbolic.h", "circular.h", "power.h", "far_angles.c", "turns.h")
# Ranges that end where a rounded quotient takes the next integer are a little wider than that end.
WIDER = mpf("1e-4")
Real = Callable[[mpf], mpf]


@dataclass(frozen=True, kw_only=True)
class Polynomial:
    """What `function` is approximated by on [low, high], and its share in the whole function (error times weight)."""

    name: str
    meaning: str
    function: Real
    weight: Real
    low: mpf
    high: mpf
    degree: int

    def coefficients(self) -> list[float]:
        """Return the coefficients from the constant on."""
        n = self.degree + 1
        middle, half = (self.low + self.high) / 2, (self.high - self.low) / 2
        nodes = [middle + half * cos(pi * (2 * k + 1) / (2 * n)) for k in range(n)]
        powers = matrix(n, n)
        for row, x in enumerate(nodes):
            for column in range(n):
                powers[row, column] = x**column
        return [float(c) for c in lu_solve(powers, matrix([self.function(x) for x in nodes]))]

    def error(self, coefficients: list[float]) -> mpf:
        """Return the largest error relative to the whole function."""
        worst = mpf(0)
        for k in range(2000):
            x = self.low + (self.high - self.low) * (k + mpf("0.5")) / 2000
            value = sum(mpf(c) * x**j for j, c in enumerate(coefficients))
            worst = max(worst, abs((value - self.function(x)) * self.weight(x)))
        return worst


def polynomials() -> Iterator[Polynomial]:
    """Return all polynomials; z is the square of the argument where functions are odd or even."""
    most = log(2) / 2 * (1 + WIDER)
    yield Polynomial(
        name="exp",
        meaning="(exp(r) - 1 - r) / r^2, |r| <= ln(2) / 2",
        function=lambda r: hyp1f1(1, 3, r) / 2,
        weight=lambda r: r**2 / exp(r),
        low=-most,
        high=most,
        degree=10,
    )
    s = (sqrt(2) - 1) / (sqrt(2) + 1)
    yield Polynomial(
        name="log",
        meaning="(2 atanh(s) / s - 2) / z, s <= (sqrt(2) - 1) / (sqrt(2) + 1)",
        function=lambda z: (2 * atanh(sqrt(z)) / sqrt(z) - 2) / z,
        weight=lambda z: z * sqrt(z) / (2 * atanh(sqrt(z))),
        low=mpf(0),
        high=s**2,
        degree=6,
    )
    yield Polynomial(
        name="pow",
        meaning="(atanh(s) / s - 1 - z / 3) / z^2, s as for log",
        function=lambda z: (atanh(sqrt(z)) / sqrt(z) - 1 - z / 3) / z**2,
        weight=lambda z: z**2 * sqrt(z) / atanh(sqrt(z)),
        low=mpf(0),
        high=s**2,
        degree=8,
    )
    yield Polynomial(
        name="sinh",
        meaning="(sinh(x) / x - 1) / z, x <= 1",
        function=lambda z: (sinh(sqrt(z)) / sqrt(z) - 1) / z,
        weight=lambda z: z * sqrt(z) / sinh(sqrt(z)),
        low=mpf(0),
        high=mpf(1),
        degree=7,
    )
    yield Polynomial(
        name="tanh",
        meaning="(tanh(x) / x - 1) / z, x <= 9/16",
        function=lambda z: (tanh(sqrt(z)) / sqrt(z) - 1) / z,
        weight=lambda z: z * sqrt(z) / tanh(sqrt(z)),
        low=mpf(0),
        high=mpf(9) ** 2 / 16**2,
        degree=11,
    )
    yield Polynomial(
        name="atan",
        meaning="(atan(t) / t - 1) / z, t <= 9/32",
        function=lambda z: (atan(sqrt(z)) / sqrt(z) - 1) / z,
        weight=lambda z: z * sqrt(z) / atan(sqrt(z)),
        low=mpf(0),
        high=mpf(9) ** 2 / 32**2,
        degree=9,
    )
    yield from circular()
    yield from turns()


def circular() -> Iterator[Polynomial]:
    """Return the polynomials of sin and cos."""
    most = (pi / 4) ** 2 * (1 + WIDER)
    yield Polynomial(
        name="sin",
        meaning="(sin(r) / r - 1) / z, |r| <= pi / 4",
        function=lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z,
        weight=lambda z: z * sqrt(z) / sin(sqrt(z)),
        low=mpf(0),
        high=most,
        degree=6,
    )
    yield Polynomial(
        name="cos",
        meaning="(cos(r) - 1 + z / 2) / z^2, |r| <= pi / 4",
        function=lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2,
        weight=lambda z: z**2 / cos(sqrt(z)),
        low=mpf(0),
        high=most,
        degree=6,
    )


def turns() -> Iterator[Polynomial]:
    """Return the polynomials of the sine of turns."""
    most = mpf(1) / 64 * (1 + WIDER)
    yield Polynomial(
        name="sin of turns",
        meaning="(sin(2 pi r) / r - 2 pi) / z, |r| <= 1/8",
        function=lambda z: (sin(2 * pi * sqrt(z)) / sqrt(z) - 2 * pi) / z,
        weight=lambda z: z * sqrt(z) / sin(2 * pi * sqrt(z)),
        low=mpf(0),
        high=most,
        degree=6,
    )
    yield Polynomial(
        name="cos of turns",
        meaning="(cos(2 pi r) - 1 + 2 pi^2 z) / z^2, |r| <= 1/8",
        function=lambda z: (cos(2 * pi * sqrt(z)) - 1 + 2 * pi**2 * z) / z**2,
        weight=lambda z: z**2 / cos(2 * pi * sqrt(z)),
        low=mpf(0),
        high=most,
        degree=6,
    )


def parts(value: mpf, *bits: int) -> list[float]:
    """Return doubles of so many bits that sum up to a value.

    All but the last are cut off, which leaves their products with short integers exact.
    """
    found = []
    for n in bits[:-1]:
        scale = mpf(2) ** (n - 1 - int(floor(log(value, 2))))
        found.append(float(floor(value * scale) / scale))
        value -= mpf(found[-1])
    return [*found, float(value)]


def double2(value: mpf) -> list[float]:
    """Return a double and what it leaves."""
    return [float(value), float(value - mpf(float(value)))]


def constants() -> dict[str, list[float]]:
    """Return the other numbers by what they are."""
    return {
        "1 / ln 2": [float(1 / log(2))],
        "ln 2, of 42 and 53 bits": parts(log(2), 42, 53),
        "1 / 3": [float(mpf(1) / 3)],
        "2 / pi": [float(2 / pi)],
        "pi / 2, of 33, 33, 33 and 53 bits": parts(pi / 2, 33, 33, 33, 53),
        "pi / 2": double2(pi / 2),
        "atan(1/2)": double2(atan(mpf("0.5"))),
        "atan(1)": double2(pi / 4),
        "atan(2)": double2(atan(mpf(2))),
        "2 pi": double2(2 * pi),
        "2 pi^2": [float(2 * pi**2)],
    }


def two_over_pi(n_words: int = 40) -> list[str]:
    """Return the digits of 2 / pi after the point, in words of 32 bits."""
    with mp.workprec(32 * n_words + 64):
        digits = int(floor(2 / pi * mpf(2) ** (32 * n_words)))
    return [f"0x{digits >> 32 * (n_words - 1 - k) & 0xFFFFFFFF:08x}" for k in range(n_words)]


def numbers() -> Iterator[tuple[str, list[str]]]:
    """Return every line but the polynomials: what it is, and its numbers as C writes them."""
    for what, values in constants().items():
        yield what, [value.hex() for value in values]
    yield "2 / pi after the point", two_over_pi()


def missing() -> list[str]:
    """Return the numbers that no file has, by their value; a sign may stand apart."""
    text = "\n".join((SOURCES / name).read_text(encoding="utf-8") for name in FILES)
    doubles = {abs(float.fromhex(one)) for one in re.findall(r"0x[0-9a-f.]+p[+-]?\d+", text)}
    doubles |= {abs(float(one)) for one in re.findall(r"(?<![\w.])\d+\.\d+(?![\w.])", text)}
    words = set(re.findall(r"0x[0-9a-f]{8}\b", text))
    lines = [(one.name, [c.hex() for c in one.coefficients()]) for one in polynomials()]
    return [
        f"{what}: {number}"
        for what, line in [*lines, *numbers()]
        for number in line
        if (abs(float.fromhex(number)) not in doubles if "p" in number else number not in words)
    ]


def main() -> int:
    """Print or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the C files instead of printing")
    if parser.parse_args().check:
        absent = missing()
        print("\n".join(absent) or "all there")
        return len(absent) > 0
    for one in polynomials():
        coefficients = one.coefficients()
        error = float(log(one.error(coefficients), 2))
        print(f"{one.name}: {one.meaning}; error 2^{error:.1f}")
        print("    " + ",\n    ".join(c.hex() for c in coefficients))
    for what, line in numbers():
        print(f"{what}\n    " + ",\n    ".join(line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
