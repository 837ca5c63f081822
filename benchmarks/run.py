"""What memnet is measured against: `make bench`, or

    python benchmarks/run.py [--quick] [--no-file] [name ...]

Prints a Markdown table and keeps its rows in results/ (records.py). The two sides of a ratio are measured in turn in
one process, and the median of several rounds is taken. Times are CPU times of one thread, which on an idle machine are
the times on the clock; what waits for something else (Ctrl-C, importing) or has several threads goes by the clock.
Nothing here is asserted by a test.
"""

from __future__ import annotations

import measuring  # first: one BLAS thread

# isort: split
import argparse
import os
import platform
from collections.abc import Callable, Iterator
from pathlib import Path

from measuring import Row
from records import FOLDER, Record
from rows.beside_brian import membranes, neurons
from rows.calls import importing, interrupt, short_runs
from rows.ensembles import ensembles
from rows.errors import errors
from rows.large import huge, large, memory
from rows.networks import crossbars, lattices, peers
from rows.scaling import scaling
from rows.solvers import gather, replicas, solvers
from rows.spectra import spectra
from rows.steps import particles, pure_a, silver_mixture, stepping
from rows.threads import threads
from rows.wires import nanowires

import memnet as mn

BENCHMARKS: dict[str, Callable[[bool], Iterator[Row]]] = {
    "solvers": solvers,
    "peers": peers,
    "lattices": lattices,
    "crossbars": crossbars,
    "errors": errors,
    "gather": gather,
    "replicas": replicas,
    "stepping": stepping,
    "threads": threads,
    "ensembles": ensembles,
    "particles": particles,
    "silver_mixture": silver_mixture,
    "pure_a": pure_a,
    "large": large,
    "huge": huge,
    "nanowires": nanowires,
    "spectra": spectra,
    "membranes": membranes,
    "neurons": neurons,
    "memory": memory,
    "short_runs": short_runs,
    "scaling": scaling,
    "importing": importing,
    "interrupt": interrupt,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure memnet; prints a Markdown table and keeps it in results/.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and shorter runs")
    parser.add_argument("--into", type=Path, default=FOLDER, help="the folder of the file with the rows")
    parser.add_argument("--no-file", action="store_true", help="keep no file")
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], help="only these")
    options = parser.parse_args()
    versions = f"Python {platform.python_version()}, memnet {mn.__version__}"
    print(f"{measuring.processor()}, {os.cpu_count()} cores, one used; {versions}")
    load = measuring.load()
    print(f"Load of the machine when it began: {load:.1f}. Both sides of a ratio are measured in turn; CPU times.\n")
    record = None if options.no_file else Record(options.quick, mn.__version__, options.into)
    print("| what | measured | bar | |\n|---|---|---|---|")
    for name in options.names or BENCHMARKS:
        for row in BENCHMARKS[name](options.quick):
            verdict = "" if row.good is None else "met" if row.good else "**missed**"
            print(f"| {row.what} | {row.measured} | {row.bar} | {verdict} |", flush=True)
            if record is not None:
                record.add(name, row)
    if record is not None:
        print(f"\nkept in {record.file}")


if __name__ == "__main__":
    main()
