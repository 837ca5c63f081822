"""ngspice as a second way to a reference: a deck in, numbers out."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def available() -> bool:
    return shutil.which("ngspice") is not None


def table(deck: str, vectors: Sequence[str]) -> NDArray[np.float64]:
    """Run a deck and return its vectors as columns, without the scale that ngspice writes beside each.

    Raises
    ------
    FileNotFoundError
        There is no ngspice.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.txt"
        control = f".control\nset numdgt=15\nrun\nwrdata {out} {' '.join(vectors)}\n.endc\n.end\n"
        (Path(folder) / "deck.cir").write_text(deck + control)
        subprocess.run(["ngspice", "-b", "deck.cir"], cwd=folder, check=False, capture_output=True, timeout=300)
        return np.loadtxt(out, ndmin=2)[:, 1::2]


def currents(
    edges: Sequence[Sequence[int]],
    g: Sequence[float],
    held: Mapping[int, float],
    electrodes: Mapping[str, Sequence[int]],
) -> list[float]:
    """Return the current into a network of conductances at each electrode (A)."""
    deck = ["* conductances", ".options gmin=1e-25 reltol=1e-12 abstol=1e-22 vntol=1e-18"]
    deck += [f"R{k} n{a} n{b} {1.0 / value:.17g}" for k, ((a, b), value) in enumerate(zip(edges, g, strict=True))]
    deck += [f"V{node} n{node} 0 {value:.17g}" for node, value in held.items()]
    found = table("\n".join(deck) + "\n.op\n", [f"i(V{node[0]})" for node in electrodes.values()])
    return (-found[-1]).tolist()
