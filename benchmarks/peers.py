"""CHOLMOD and KLU beside memnet: numeric factorisation and solution of one matrix, its pattern analysed once.

peers.c is compiled when it is first asked for, with CC (cc) and the SuiteSparse that tools/suitesparse.py finds. The
peers get the reduced matrix and right-hand side ready; memnet sets up its own from conductances in what is timed, and
computes currents, too. CHOLMOD's supernodal form hangs on the BLAS that it loads: `blas()` tells which that is.
"""

from __future__ import annotations

import ctypes
import functools
import os
import shlex
import sys
from pathlib import Path

import compiled
import numpy as np
from compiled import Unavailable
from laplacian import Reduced

HERE = Path(__file__).resolve().parent
LIBRARIES = ("-lcholmod", "-lklu", "-lbtf", "-lamd", "-lsuitesparseconfig")
REFERENCE = " (the reference: with OpenBLAS or BLIS the supernodal form is faster)"
KLU = -1
# CHOLMOD's numbers of its orders; METIS is nested dissection, NESDIS the same with constrained minimum degree.
AMD, METIS, NESDIS = 2, 3, 4
PEERS = {"KLU, AMD": (KLU, 0)} | {
    f"CHOLMOD, {name}, {form}": (order, k)
    for name, order in (("AMD", AMD), ("METIS", METIS), ("nested dissection", NESDIS))
    for k, form in enumerate(("simplicial", "supernodal"))
}


@functools.cache
def library() -> ctypes.CDLL:
    """Return what is compiled from peers.c.

    Raises
    ------
    Unavailable
        Without a compiler, SuiteSparse's headers, or one of its libraries.
    """
    sys.path.insert(0, str(HERE.parent / "tools"))
    import suitesparse

    try:
        place = suitesparse.find(compiler=shlex.split(os.environ.get("CC", "cc")))
    except suitesparse.SuiteSparseMissing as error:
        raise Unavailable(str(error).strip().splitlines()[0]) from None
    paths = [word for word in place.libs() if not word.startswith("-l")]
    calls = compiled.library("peers.c", flags=place.cflags(), libraries=[*paths, *LIBRARIES])
    pointer = ctypes.c_void_p
    calls.peer_new.restype = pointer
    calls.peer_new.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int32, pointer, pointer]
    calls.peer_factor_and_solve.argtypes = [pointer] * 4
    calls.peer_entries.restype = ctypes.c_double
    calls.peer_entries.argtypes = calls.peer_free.argtypes = [pointer]
    calls.peer_free.restype = None
    return calls


class Peer:
    """One of PEERS on one matrix, analysed.

    Raises
    ------
    Unavailable
        Where it refuses the pattern.
    """

    def __init__(self, name: str, system: Reduced) -> None:
        from scipy.sparse import triu

        order, supernodal = PEERS[name]
        matrix = system.matrix if order == KLU else triu(system.matrix, format="csc")
        matrix.sort_indices()
        start, row = (np.ascontiguousarray(part, dtype=np.int32) for part in (matrix.indptr, matrix.indices))
        self.value, self.right = np.array(matrix.data), np.array(system.right)
        self.x = np.empty(len(self.right))
        self.calls = library()
        self.handle = self.calls.peer_new(order, supernodal, len(self.x), start.ctypes.data, row.ctypes.data)
        if not self.handle:
            raise Unavailable(f"{name} cannot analyse the matrix")
        self.pointers = tuple(part.ctypes.data for part in (self.value, self.right, self.x))

    def __call__(self) -> np.ndarray:
        """Factor and solve; the potentials of the free nodes (V)."""
        if not self.calls.peer_factor_and_solve(self.handle, *self.pointers):
            raise ArithmeticError("the matrix cannot be factored")
        return self.x

    @property
    def entries(self) -> int:
        """Numbers in the factor, after a call."""
        return int(self.calls.peer_entries(self.handle))

    def close(self) -> None:
        """Free what it holds."""
        self.calls.peer_free(self.handle)
        self.handle = None


def blas() -> str:
    """Return the file of the BLAS that was loaded for CHOLMOD; REFERENCE behind it where it is that."""
    library()
    try:
        maps = Path("/proc/self/maps").read_text().split()
    except OSError:
        return "unknown BLAS"
    files = {str(Path(word).resolve()) for word in maps if word.startswith("/") and "blas" in Path(word).name}
    found = sorted(file for file in files if "site-packages" not in file)
    return ", ".join(found) + REFERENCE * all("openblas" not in file and "blis" not in file for file in found)
