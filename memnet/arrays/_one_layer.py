"""What asks for a crossbar of straight lines in one layer: a programmer, a row of logic, neurons at bit lines."""

from __future__ import annotations

from typing import Any

from memnet.network import Crossbar, Network, crossbar_layout


def one_layer(net: Any) -> Crossbar:
    """Return the layout of a crossbar of one layer to which nothing is attached, or raise TypeError or ValueError."""
    layout = crossbar_layout(net)
    if not is_one_layer(net) or net.attached:
        raise ValueError(f"net must be a crossbar of one layer of straight lines with nothing attached, got {net!r}")
    return layout


def is_one_layer(net: Network) -> bool:
    """Return whether a network is a crossbar of one layer, whose lines are no pillars."""
    layout = net.layout
    return isinstance(layout, Crossbar) and layout.cell.shape[0] == 1 and layout.arguments["stacking"] != "vertical"
