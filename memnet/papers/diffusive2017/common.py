"""What the figures of DM17 share: the paper."""

from __future__ import annotations

from memnet.papers._registry import Paper

# Times are in 1/kappa, voltages in V_th, conductances in that of the shortest gaps.
PAPER = Paper(
    "DM17", "Memristors with diffusive dynamics as synaptic emulators for neuromorphic computing, doi 10.1038/nmat4756"
)
