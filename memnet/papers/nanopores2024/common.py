"""What the figures of NP24 share: the paper, its units, and pores between two electrodes."""

from __future__ import annotations

from memnet.papers._registry import Paper

# Captions are in V, uA, ms and kHz, or in V, uA, s and Hz; memnet takes and returns SI units.
PAPER = Paper("NP24", "Hysteresis, rectification, and relaxation times of nanofluidic pores, doi 10.1002/apxr.202400029")
