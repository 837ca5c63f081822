"""What a number costs in each loop of the interpreter, for each kind of processor.

    python benchmarks/functions.py                       # a table, nanoseconds a number
    python benchmarks/functions.py --compiler clang EXP SIN

The loops of csrc/equations/interpret.c are compiled once for each form that csrc/base/vector.h lets the loader choose
from (those this processor can run), with the flags of setup.py, and called on 2,048 numbers; the best of some hundred
calls counts. The bits of all forms are compared on the way. In brackets: vectors of so many doubles.
"""

from __future__ import annotations

import argparse
import ctypes
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from memnet import _core

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("csrc/equations/interpret.c", "csrc/base/far_angles.c")
FLAGS = ("-std=c11", "-O3", "-ffp-contract=off", "-fno-trapping-math", "-fno-math-errno", "-DMN_ONE_FORM")
FORMS = {"SSE2 (2)": (), "AVX2 (4)": ("-mavx2",), "AVX-512 (8)": ("-mavx512f",)}
NEEDS = {"SSE2 (2)": "sse2", "AVX2 (4)": "avx2", "AVX-512 (8)": "avx512f"}
BLOCK = 2048
ROUNDS = 200


def processor_has(flag: str) -> bool:
    """Return whether Linux names an instruction set among those of this processor."""
    return flag in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").split()


def library(compiler: str, flags: tuple[str, ...], folder: Path) -> ctypes.CDLL:
    """Return the interpreter, compiled for one form."""
    path = folder / f"functions{''.join(flags)}.so"
    sources = [str(ROOT / one) for one in SOURCES]
    subprocess.run(
        [compiler, *FLAGS, *flags, f"-I{ROOT / 'csrc'}", "-shared", "-fPIC", *sources, "-lm", "-o", str(path)],
        check=True,
    )
    return ctypes.CDLL(str(path))


def operands(n_operands: int) -> list[np.ndarray]:
    """Return what all operations take without an exception: positive numbers of the usual size."""
    rng = np.random.default_rng(1)
    return [rng.uniform(0.1, 5.0, BLOCK) for _ in range(n_operands)]


def measure(lib: ctypes.CDLL, operation: int, of: list[np.ndarray]) -> tuple[float, bytes]:
    """Return nanoseconds a number, and the results' bits."""
    to = np.empty(BLOCK)
    pointers = (ctypes.c_void_p * 5)(*(one.ctypes.data for one in of))
    call, n, out = lib.mn_operation_run, ctypes.c_int64(BLOCK), ctypes.c_void_p(to.ctypes.data)
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter_ns()
        for _ in range(2):
            call(operation, n, pointers, out)
        best = min(best, (time.perf_counter_ns() - start) / (2 * BLOCK))
    return best, to.tobytes()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "operations", nargs="*", help="names as in csrc/equations/operations.def; all of them if none is given"
    )
    parser.add_argument("--compiler", default="gcc")
    arguments = parser.parse_args()
    table = _core.operations()
    forms = [form for form in FORMS if processor_has(NEEDS[form])]
    with tempfile.TemporaryDirectory() as folder:
        libraries = [library(arguments.compiler, FORMS[form], Path(folder)) for form in forms]
        print(f"| ns a number, {arguments.compiler} | {' | '.join(forms)} |\n|---|{'---|' * len(forms)}")
        for name in arguments.operations or table:
            number, n_operands = table[name]
            results = [measure(lib, number, operands(n_operands)) for lib in libraries]
            if len({bits for _, bits in results}) > 1:
                raise SystemExit(f"{name}: forms differ")
            print(f"| {name} | {' | '.join(f'{best:.2f}' for best, _ in results)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
