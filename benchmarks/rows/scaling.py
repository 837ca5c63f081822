"""Exponents of times with the size of a network."""

from __future__ import annotations

from collections.abc import Iterator

from measuring import ROOT, Row, shown
from scaling import KINDS, draw, exponent, measured


def scaling(quick: bool) -> Iterator[Row]:
    """Factor + solve and a step of discs, wires, grids and crossbars; drawn in build/bench/scaling.png."""
    curves = {}
    for name, kind in KINDS.items():
        curve = curves[name] = measured(kind, quick)
        for what, seconds in (("factor + solve", curve.solve), ("a step", curve.step)):
            law = exponent(curve.nodes, seconds)
            nodes = f"{curve.nodes[0]:,} to {curve.nodes[-1]:,} nodes"
            measured_times = f"{shown(seconds[0])} to {shown(seconds[-1])}"
            yield Row(
                f"{name}, {nodes}: exponent of {what}",
                f"**{law.value:.2f} ± {law.error:.2f}** ({measured_times})",
                "",
                None,
                [law.value - law.error, law.value, law.value + law.error],
            )
    draw(curves, ROOT / "build" / "bench" / "scaling.png")
