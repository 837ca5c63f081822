"""What the figures of EC23 share: the paper. Data are in SI units; captions have mV, ms and uA/cm2."""

from __future__ import annotations

from memnet.papers._registry import Paper

PAPER = Paper(
    "EC23",
    "Chen et al., Electrochemical-Memristor-Based Artificial Neurons and Synapses, Adv. Mater. 2023,"
    " doi 10.1002/adma.202301924",
)
