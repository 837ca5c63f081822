"""Files of C in this folder, compiled when they are first asked for."""

from __future__ import annotations

import ctypes
import os
import shlex
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent


class Unavailable(Exception):
    """A program cannot be compiled here; the text says why."""


def library(source: str, *, flags: Sequence[str] = (), libraries: Sequence[str] = ()) -> ctypes.CDLL:
    """Compile a file with CC (cc) and load it.

    Raises
    ------
    Unavailable
        Without a compiler, a header, or one of the libraries.
    """
    compiler = shlex.split(os.environ.get("CC", "cc"))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "library.so"
        words = [*compiler, "-std=c11", "-O3", "-shared", "-fPIC", *flags, str(HERE / source), *libraries]
        try:
            made = subprocess.run([*words, "-o", str(target)], capture_output=True, text=True, check=False)
        except OSError as error:
            raise Unavailable(f"{compiler[0]}: {error.strerror}") from None
        if made.returncode != 0:
            lines = made.stderr.strip().splitlines()
            telling = [line for line in lines if "error" in line or "cannot find" in line]
            raise Unavailable((telling or lines or [f"{compiler[0]} ended with {made.returncode}"])[0].strip())
        return ctypes.CDLL(str(target))
