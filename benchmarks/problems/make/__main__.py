"""Make the files of problems again: `python benchmarks/problems/make [NAME ...]`, all where no name is given."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path
from time import perf_counter

import files

FOLDER = Path(__file__).resolve().parent.parent
NAMES = (
    "tunnel-gaps",
    "crossbar-lines",
    "floating-read",
    "rest-potential",
    "pore-impedance",
    "hp-memristor",
    "narrow-pulses",
    "stdp-curve",
    "nanopore-loop",
    "diffusive-pulse",
    "wire-pulses",
    "membrane-spikes",
    "ndr-oscillator",
    "switching-order",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}")
    for name in parser.parse_args().names or NAMES:
        if name not in NAMES:
            parser.error(f"{name} is no problem; there are {', '.join(NAMES)}")
        start = perf_counter()
        problem = importlib.import_module(name.replace("-", "_")).made()
        files.write(problem, FOLDER / name)
        apart = ", ".join(f"{one['by']}: {one['apart']:g} tolerances" for one in problem["reference"]["checked"])
        print(f"{name:16} {perf_counter() - start:6.1f} s  {apart}")


if __name__ == "__main__":
    main()
