"""Networks of conductances with as many digits as one likes, in two ways that share nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import mpmath as mp


def by_lu(nodes: int, edges: Sequence[Sequence[int]], g: Sequence[Any], held: Mapping[int, Any]) -> list[Any]:
    """Return the potentials by Gaussian elimination of Kirchhoff's equations, at the digits that mpmath is set to."""
    free = [k for k in range(nodes) if k not in held]
    row = {node: k for k, node in enumerate(free)}
    matrix, right = mp.zeros(len(free)), mp.zeros(len(free), 1)
    for (a, b), value in zip(edges, g, strict=True):
        for one, other in ((a, b), (b, a)):
            if one in row:
                matrix[row[one], row[one]] += value
                if other in row:
                    matrix[row[one], row[other]] -= value
                else:
                    right[row[one]] += value * held[other]
    found = mp.lu_solve(matrix, right) if free else []
    return [held[k] if k in held else found[row[k]] for k in range(nodes)]


def by_stars(nodes: int, edges: Sequence[Sequence[int]], g: Sequence[Any], held: Mapping[int, Any]) -> list[Any]:
    """Return the potentials by turning stars into meshes: sums of positive numbers only, so 60 digits stay 60."""
    beside: list[dict[int, Any]] = [{} for _ in range(nodes)]
    for (a, b), value in zip(edges, g, strict=True):
        if value != 0:
            beside[a][b] = beside[b][a] = beside[a].get(b, mp.mpf(0)) + value
    stars = []
    for node in sorted((k for k in range(nodes) if k not in held), key=lambda k: len(beside[k])):
        star = beside[node]
        total = mp.fsum(star.values())
        ends = list(star)
        for k, one in enumerate(ends):
            del beside[one][node]
            for other in ends[:k]:
                joined = beside[one].get(other, mp.mpf(0)) + star[one] * star[other] / total
                beside[one][other] = beside[other][one] = joined
        stars.append((node, total, star))
    potential = dict(held)
    for node, total, star in reversed(stars):
        potential[node] = mp.fsum(value * potential[other] for other, value in star.items()) / total
    return [potential[k] for k in range(nodes)]


def into(electrode: int, edges: Sequence[Sequence[int]], g: Sequence[Any], potential: Sequence[Any]) -> Any:
    """Return the current from an electrode into the network (A)."""
    terms = []
    for (a, b), value in zip(edges, g, strict=True):
        if electrode in (a, b):
            other = b if a == electrode else a
            terms.append(value * (potential[electrode] - potential[other]))
    return mp.fsum(terms)
