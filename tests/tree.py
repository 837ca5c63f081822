"""The tree of this repository: its programs as modules, and copies of it that a test may change."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


# Where an installed memnet is tested, its sources are not there.
needs_sources = pytest.mark.skipif(not (ROOT / "memnet").is_dir(), reason="the sources of memnet are not here")


def tool(folder, name):
    """Return a program of this repository as a module; it may import its neighbours, as when it is run."""
    if str(ROOT / folder) not in sys.path:
        sys.path.append(str(ROOT / folder))
    spec = importlib.util.spec_from_file_location(name, ROOT / folder / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def tracked():
    """Return the names of the files that git has, or skip the test where there is no git."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if (ROOT / name).is_file()]


def copy(target, *wanted):
    """Copy the files that git has, or the wanted ones, as they are now, and return their names."""
    names = wanted or tracked()
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name)
    return names
