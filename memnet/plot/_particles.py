"""Vector states of devices as dots, such as the places of particles between two terminals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import assigned, state_fields, table_of
from memnet.plot._style import NO_POTENTIAL
from memnet.simulate import devices_of, load_network

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

# Edges that are shown where none are given.
SHOWN = 10
DOT, TERMINAL = "#d6283a", "#4a4a4a"


@dataclass(frozen=True)
class Dots:
    """What is drawn of a vector state: values (row, edge, number), ids of the edges, and what the axis says.

    `low` and `high` are the ends of the state's range, or of its values where the range has none.
    """

    values: Floats
    edges: list[int]
    low: float
    high: float
    label: str
    row: str  # the dimension over which the rows are


def vector_state(simulation: Any, state: str) -> Any:
    """Return the device of a simulation that has this vector state.

    Raises
    ------
    ValueError
        None has it, or several.
    """
    vectors = {
        (name, device): None
        for device in simulation.devices
        for name, field in state_fields(table_of(device)).items()
        if field["dimension"] is not None
    }
    if not vectors:
        raise ValueError(f"state={check.shown(state)} must be of numbers an edge, and no device has such a state")
    check.one_of("state", state, dict.fromkeys(name for name, _ in vectors))
    having = [device for name, device in vectors if name == state]
    if len(having) > 1:
        raise ValueError(
            f"state={state!r} is one of {len(having)} devices; run with"
            f' record={{"state:{state}": device}} and animate the dataset'
        )
    return having[0]


def dots_of_data(data: Any, state: str, edges: ArrayLike | None) -> Dots:
    """Return a vector state that a run recorded, in its snapshots before its rows.

    Raises
    ------
    TypeError, ValueError
        It was not recorded, is no vector, or not of these edges.
    """
    check.instance("state", state, str, "a name")
    names = [name for name in (f"snapshot_state_{state}", f"state_{state}") if name in data]
    if not names:
        recorded = sorted(str(name) for name in data.data_vars if "state_" in str(name))
        raise ValueError(
            f'source has no state {state!r}; run with record=["state:{state}"]'
            + (f", or give one of {', '.join(recorded)} without what stands before its name" if recorded else "")
        )
    shown = data[names[0]]
    if shown.ndim != 3 or not shown.size:
        raise ValueError(f"state={state!r} must be of numbers an edge, (time, edge, number), got shape {shown.shape}")
    row, edge, _ = map(str, shown.dims)
    ids = data[edge].values.tolist()
    wanted = ids[:SHOWN] if edges is None else check.given_array("edges", edges).ravel().tolist()
    missing = [one for one in wanted if one not in ids or isinstance(one, bool)]
    if missing or not wanted:
        got = check.shown(missing or wanted)
        raise ValueError(f"edges must be among those recorded, {check.shown(ids)}, got {got}")
    values = np.asarray(shown.values, dtype=np.float64)[:, [ids.index(one) for one in wanted]]
    low, high = _range(data, shown, state)
    ends = (low if math.isfinite(low) else values.min(), high if math.isfinite(high) else values.max())
    unit = "" if shown.attrs.get("units", "1") == "1" else f" ({shown.attrs['units']})"
    return Dots(values, wanted, float(ends[0]), float(ends[1]), f"{state}{unit}", row)


def _range(data: Any, shown: Any, state: str) -> tuple[float, float]:
    """Return the range of a state of a run."""
    devices = assigned(devices_of(data), load_network(data))[0]
    index = int(shown.attrs["device_index"])
    fields = state_fields(table_of(devices[index]))
    field = fields[state if state in fields else state.removesuffix(f"_{index}")]
    return float(field["low"]), float(field["high"])


def draw(ax: Axes, dots: Dots) -> Line2D:
    """Draw the first row: a line of dots an edge, the first one at the top, between the ends of the range."""
    room = 0.04 * (dots.high - dots.low) or 1.0
    for end in (dots.low, dots.high):
        ax.axvline(end, color=TERMINAL, lw=3.0, zorder=0)
    for height in range(len(dots.edges)):
        ax.axhline(height, color=NO_POTENTIAL, lw=0.6, zorder=0)
    (drawn,) = ax.plot(*places(dots, 0), "o", color=DOT, ms=5.0, alpha=0.6, mew=0.0)
    ax.set(
        xlim=(dots.low - room, dots.high + room),
        ylim=(len(dots.edges) - 0.4, -0.6),
        xlabel=dots.label,
        ylabel="edge",
    )
    ax.set_yticks(range(len(dots.edges)), [str(one) for one in dots.edges])
    ax.spines[["top", "right", "left"]].set_visible(False)
    return drawn


def places(dots: Dots, row: int) -> tuple[Floats, Floats]:
    """Return where the dots of a row are."""
    values = dots.values[row]
    return values.ravel(), np.repeat(np.arange(float(len(values))), values.shape[1])
