"""Networks of discs thrown at random: percolating films of nanoparticles."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from memnet import _core
from memnet.base import check
from memnet.base.arrays import Floats, Ids
from memnet.network import _electrodes
from memnet.network._disc_layout import UNIT, Discs
from memnet.network._electrodes import Place, Region
from memnet.network._generators import generator
from memnet.network._network import Network, build
from memnet.network._shapes import Members, Rectangle

# Percolation threshold of overlapping discs: from here on one group spans any network.
COVERAGE_LIMIT = 0.6763
# Width of the strip along a side (pd) in which a disc centre touches the electrode there.
STRIP = 0.5
# The electrodes of every example.
SIDES = ("left", "right")


@generator(_electrodes.GROUPS, size=20.0, coverage=0.6, max_gap=1.0, periodic=None, electrodes=SIDES, seed=1)
@check.known_keywords
def percolating(
    size: float | Sequence[float],
    coverage: float,
    *,
    max_gap: float = 1.0,
    periodic: str | None = None,
    electrodes: Sequence[str] | Mapping[str, Any] = ("left", "right"),
    shared: str = "error",
    seed: int | None = None,
) -> Network:
    """Return a percolating network of nanoparticles: overlapping discs form groups, groups are joined by gaps.

    Discs of diameter 1 are thrown at random, about ``-ln(1 - coverage) 4/pi`` of them on each pd^2. Discs that overlap
    are one group, which is one node. Two groups whose nearest discs leave a gap below `max_gap` are joined by one edge
    of that length. Time and memory grow in proportion to the number of discs.

    Parameters
    ----------
    size : float or (float, float)
        Side of the square, or width and height (pd).
    coverage : float
        Fraction of the area that the discs cover, inside (0, 0.6763): below the percolation threshold.
    max_gap : float
        Longest gap that becomes an edge (pd). Gaps above 1.5 pd carry no current at beta = 200 per pd.
    periodic : None, "x", "y" or "xy"
        Axes along which the network closes onto itself.
    electrodes : sequence of str, or dict
        Sides, out of "left", "right", "top" and "bottom": the groups with a disc centre within half a diameter. Or a
        dict from a name to a side, to a band (x_low, x_high, y_low, y_high) in pd, as a tuple or as a list of floats,
        or to groups by number, as a list of integers. ``{"band": [...]}`` and ``{"groups": [...]}`` say the same in so
        many words; so do ``{"disc": [x, y, radius]}``, ``{"polygon": [(x, y), ...]}`` and the classes of
        `memnet.network`, such as `Polygon`, for other shapes.
    shared : {"error", "first"}
        What happens to a group that touches two electrodes: it is refused, since it would short them, or it belongs to
        the one that is named first. Sides that meet in a corner, as of all four, nearly always have such a group.
    seed : int, optional
        Fixes the discs, on every platform. One that is not given is drawn, and recorded in `provenance` and `info`.

    Returns
    -------
    Network
        Positions are the mean disc centres of the groups (pd), lengths those of the gaps (pd).

    Raises
    ------
    ValueError
        An argument outside its range, a side along a periodic axis, an electrode that no group touches, or electrodes
        that name one group.
    ShortCircuit
        A ValueError, too: a group spans from one electrode to another.
    TypeError
        An argument of the wrong type, or an unknown keyword.

    Notes
    -----
    Construction after the percolating-network papers of the Canterbury group, e.g. Nanoscale Horiz. 2025, 10, 2475.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(40, 0.6, seed=1)
    >>> net.n_nodes, list(net.electrodes)
    (204, ['left', 'right'])
    """
    width, height = _electrodes.box_size(size)
    coverage = check.real("coverage", coverage, 0.0, COVERAGE_LIMIT)
    max_gap = check.real("max_gap", max_gap, 0.0, np.inf, unit="pd")
    if periodic is not None:
        check.one_of("periodic", periodic, ("x", "y", "xy"))
    axes = periodic or ""
    places = _electrodes.placed(electrodes, _electrodes.GROUPS)
    _refuse_closed(places, axes)
    check.one_of("shared", shared, _electrodes.SHARED)
    seed = check.seed("seed", seed)
    if -math.log1p(-coverage) * 4 / math.pi * width * height < 0.5:
        raise ValueError(f"size must leave room for at least one disc at coverage {coverage:g}, got {size!r}")

    discs = _core.Discs(width, height, coverage, max_gap, "x" in axes, "y" in axes, seed)
    regions = _electrodes.resolved(places, _strips(width, height))
    position, group = discs.position, discs.group
    touched = {name: _groups(position, group, discs.n_groups, name, where) for name, where in regions.items()}
    members = _electrodes.apart(touched, regions, discs.n_groups, shared=shared, one="group", seed=seed)
    arguments = {
        "size": [width, height],
        "coverage": coverage,
        "max_gap": max_gap,
        "periodic": periodic,
        "electrodes": _electrodes.plain(places, _electrodes.GROUPS),
        "shared": shared,
        "seed": seed,
    }
    return build(
        n_nodes=discs.n_groups,
        edges=discs.gap,
        length=discs.gap_length,
        position=discs.group_position,
        electrodes=members,
        layout=Discs(
            function="percolating",
            arguments=arguments,
            told=("size", "coverage", "max_gap", "periodic", "seed"),
            places=places,
            position=position,
            group=group,
            gap_discs=discs.gap_disc,
        ),
    )


def _refuse_closed(places: Mapping[str, Place], periodic: str) -> None:
    """Raise ValueError for a side along which the network closes onto itself."""
    for name, where in places.items():
        axis = "x" if where in ("left", "right") else "y"
        if isinstance(where, str) and axis in periodic:
            raise ValueError(
                f"electrodes[{name!r}] = {where!r} is no side: with periodic={periodic!r} the network closes along"
                f" {axis}"
            )


def _strips(width: float, height: float) -> dict[str, Region]:
    """Return the band of each side."""
    return {
        "left": Rectangle(0.0, STRIP, 0.0, height),
        "right": Rectangle(width - STRIP, width, 0.0, height),
        "bottom": Rectangle(0.0, width, 0.0, STRIP),
        "top": Rectangle(0.0, width, height - STRIP, height),
    }


def _groups(position: Floats, group: Ids, n_groups: int, name: str, where: Region) -> Ids:
    """Return the groups of one electrode, ascending: by number, or those with a disc centre in a shape."""
    if isinstance(where, Members):
        return _electrodes.nodes(name, where.numbers, n_groups, "groups")
    groups = np.unique(group[where.contains(position)])
    if not groups.size:
        raise ValueError(
            f"no group touches electrode {name!r} ({where} {UNIT}); use a larger size or coverage, or another pad"
        )
    return groups
