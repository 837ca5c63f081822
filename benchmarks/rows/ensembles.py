"""Replicas that step together against one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from ensembles import interleaved, made
from measuring import Row


def ensembles(quick: bool) -> Iterator[Row]:
    """A:C = 75:25, every replica with its own voltage and seed; the states are compared at the end."""
    replicas, steps, piece = (16, 100, 20) if quick else (64, 1_000, 100)
    ens, alone = made(replicas, 200.0)
    found = interleaved(ens, alone, steps, piece)
    ratio = found.apart / found.together
    each = 1e6 / (steps * replicas)
    yield Row(
        f"{replicas} replicas of A:C, 200x200, {steps:,} steps: as an ensemble against one after the other",
        f"**{ratio:.2f}x** ({found.together * each:.1f} us a step of one against {found.apart * each:.1f} us);"
        f" {'same' if found.same else 'OTHER'} bits",
        "same bits",
        found.same,
        found.ratios,
        "x",
    )
