"""Try wheels as somebody does who has neither a compiler nor SuiteSparse.

    python scripts/check_wheel.py dist/*.whl            those of Pythons found here; `make check-wheel`
    python scripts/check_wheel.py --quick dist/*.whl    all but the tests

Each is installed into an empty environment, in which no compiler is found on PATH. It must be imported from there, take
its libraries from inside the wheel, run `memnet demo`, and pass the tests, from a copy of the tree without sources.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from pythons import interpreters
from source_copy import ROOT, copy_tree

FOLDER = ROOT / "build" / "check-wheel"
COMPILER = re.compile(r"(.*-)?(cc|c99|c89|gcc|g\+\+|c\+\+|clang|clang\+\+|tcc|icx|ld)(-[0-9.]+)?")
# What the extension has in memory, and how long it took to import.
IMPORT = """
import time
start = time.perf_counter()
import memnet as mn
seconds = time.perf_counter() - start
lines = open("/proc/self/maps", encoding="utf-8").read().splitlines()
print(seconds, *sorted({line.split()[-1] for line in lines if ".so" in line}), sep="\\n")
"""
BUNDLED = ("umfpack", "amd", "cholmod", "blas", "suitesparseconfig")


def without_compilers(place: Path) -> Path:
    """Return a folder with links to every command of this machine's PATH but compilers."""
    place.mkdir(parents=True)
    for folder in map(Path, os.environ["PATH"].split(os.pathsep)):
        for command in folder.iterdir() if folder.is_dir() else ():
            link = place / command.name
            if not COMPILER.fullmatch(command.name) and not os.path.lexists(link):
                link.symlink_to(command)
    return place


class Newcomer:
    """An empty environment of one Python, without compilers."""

    def __init__(self, place: Path, interpreter: str):
        shutil.rmtree(place, ignore_errors=True)
        self.place = place
        commands = without_compilers(place / "commands")
        kept = {key: value for key, value in os.environ.items() if key not in ("CC", "CFLAGS", "PYTHONPATH")}
        self.environ = {**kept, "PATH": f"{place / 'venv' / 'bin'}{os.pathsep}{commands}"}
        subprocess.run([interpreter, "-m", "venv", str(place / "venv")], check=True)

    def run(self, *command: str | Path, cwd: Path | None = None) -> str:
        """Run a command of the environment's Python in an empty folder, and return what it printed."""
        words = [str(self.place / "venv" / "bin" / "python"), *map(str, command)]
        done = subprocess.run(words, cwd=cwd or self.place, env=self.environ, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            print(done.stdout[-20_000:])
            raise SystemExit(f"check-wheel: {' '.join(words)} ended with {done.returncode}")
        return done.stdout

    def install(self, *requirements: str | Path) -> float:
        """Install packages; return how many seconds it took."""
        start = time.monotonic()
        self.run("-m", "pip", "--disable-pip-version-check", "install", "-q", *requirements)
        return time.monotonic() - start


def assert_bundled(maps: list[str], venv: Path) -> None:
    """Fail unless each library that the extension needs is the wheel's own."""
    for name in BUNDLED:
        found = [path for path in maps if re.match(rf"lib{name}[-.]", Path(path).name)]
        if len(found) != 1 or not found[0].startswith(str(venv)):
            raise SystemExit(f"check-wheel: lib{name} comes from {found}")


def check(wheel: Path, interpreter: str, *, quick: bool) -> None:
    """Install one wheel and try it."""
    tag = wheel.name.split("-")[2]
    newcomer = Newcomer(FOLDER / tag, interpreter)
    newcomer.install(wheel)
    newcomer.run("-m", "pip", "uninstall", "-q", "-y", "memnet-sim")
    print(f"check-wheel: {tag} installed in {newcomer.install(wheel):.1f} s beside its dependencies")
    imports = [newcomer.run("-c", IMPORT).splitlines() for _ in range(6)][1:]
    assert_bundled(imports[0][1:], newcomer.place / "venv")
    print(f"check-wheel: {tag} imported in {min(float(lines[0]) for lines in imports):.2f} s, its libraries its own")
    newcomer.run("-m", "memnet", "demo", "--force")
    print(f"check-wheel: {tag} demo written: {sorted(path.name for path in newcomer.place.glob('demo.*'))}", flush=True)
    if quick:
        return
    newcomer.install(f"memnet-sim[test] @ {wheel.resolve().as_uri()}")
    source = newcomer.place / "source"
    copy_tree(source)
    shutil.rmtree(source / "memnet")
    workers = ("-n", str(os.cpu_count()), "--dist", "loadfile")
    # pytest itself and not `python -m pytest`, which would look for memnet in the copy first.
    told = newcomer.run(newcomer.place / "venv" / "bin" / "pytest", "-q", "-m", "not slow", *workers, cwd=source)
    print(told.rstrip().rpartition("\n")[2])


def main() -> int:
    """Check what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="leave out the tests")
    parser.add_argument("wheels", nargs="+", type=Path)
    asked = parser.parse_args()
    found = {f"cp3{minor}": interpreter for minor, interpreter in interpreters().items()}
    checked = 0
    for wheel in asked.wheels:
        tag = wheel.name.split("-")[2]
        if tag not in found:
            print(f"check-wheel: no Python here for {wheel.name}, left out")
            continue
        check(wheel, found[tag], quick=asked.quick)
        checked += 1
    return 0 if checked else 1


if __name__ == "__main__":
    sys.exit(main())
