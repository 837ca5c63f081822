"""The Pythons of this machine that can build memnet."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

MINORS = range(10, 15)  # those that memnet is meant for: 3.10 to 3.14
# What says whether an interpreter will do: its version, and that it can compile an extension.
PROBE = """
import os, sys, sysconfig, venv
print(sys.version_info[1] if os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")) else "no headers")
"""


def candidates(minor: int) -> Iterator[str]:
    """Give paths that a Python of this minor version may have: on PATH, and among those of pyenv."""
    on_path = shutil.which(f"python3.{minor}")
    if on_path is not None:
        yield on_path
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    if pyenv.is_dir():
        yield from (str(path / "bin" / "python") for path in sorted(pyenv.glob(f"3.{minor}.*")))


def interpreters() -> dict[int, str]:
    """Return them by minor version; says which are missing."""
    found: dict[int, str] = {}
    for minor in MINORS:
        for path in candidates(minor):
            try:
                done = subprocess.run([path, "-c", PROBE], capture_output=True, text=True, timeout=60)
            except OSError:
                continue
            if done.returncode == 0 and done.stdout.strip() == str(minor):
                found[minor] = path
                break
        else:
            print(f"no Python 3.{minor} with headers here, left out", flush=True)
    return found
