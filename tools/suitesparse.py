"""Find SuiteSparse, and prove it by compiling, linking and running a few lines of C.

Only the standard library is used: setup.py imports this file, and the Makefile runs it as a program:

    python3 tools/suitesparse.py --cflags     compiler flags, for `make check-c`
    python3 tools/suitesparse.py --libs       linker flags
    python3 tools/suitesparse.py --ensure     install it with apt where it is missing and this user may
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

LIBRARIES = ("umfpack", "amd", "suitesparseconfig")
PKG_CONFIG_NAMES = ("UMFPACK", "AMD", "SuiteSparse_config")
INCLUDE_VARIABLE = "MEMNET_SUITESPARSE_INCLUDE"
LIB_VARIABLE = "MEMNET_SUITESPARSE_LIB"
SYSTEM_PREFIXES = ("/usr", "/usr/local", "/opt/homebrew", "/opt/local")
SEARCH_SECONDS = 9.0  # for the whole search, however slow a compiler or a network file system is

PROBE = """\
#include <stdio.h>
#include <umfpack.h>
#include <amd.h>

int main(void)
{
    double control[UMFPACK_CONTROL];
    int start[3] = {0, 1, 2}, row[2] = {1, 0}, order[2];
    umfpack_di_defaults(control);
    if (amd_order(2, start, row, order, NULL, NULL) < 0) {
        return 1;
    }
    printf("%d.%d.%d", SUITESPARSE_MAIN_VERSION, SUITESPARSE_SUB_VERSION, SUITESPARSE_SUBSUB_VERSION);
    return 0;
}
"""

MESSAGE = """\

  memnet needs SuiteSparse (UMFPACK and AMD: headers and libraries) and did not find it.

  Install it with one of

      Debian, Ubuntu    sudo apt-get install libsuitesparse-dev
      Fedora, RHEL      sudo dnf install suitesparse-devel
      macOS, Homebrew   brew install suite-sparse
      conda             conda install -c conda-forge suitesparse

  or, where it is installed in a place of its own, set

      {include}=/path/to/include   (the folder with umfpack.h)
      {lib}=/path/to/lib           (the folder with libumfpack)

  and build again. Tried, in this order:

{tried}
"""


@dataclass(frozen=True)
class SuiteSparse:
    """Where SuiteSparse is: `origin` says which step of the search found it."""

    origin: str
    include_dirs: tuple[str, ...]
    library_dirs: tuple[str, ...]
    version: str = "unknown"

    def cflags(self) -> list[str]:
        """Return compiler flags; system includes, so that warnings in those headers are not ours."""
        return [word for folder in self.include_dirs for word in ("-isystem", folder)]

    def libs(self) -> list[str]:
        """Return linker flags."""
        paths = [word for folder in self.library_dirs for word in (f"-L{folder}", f"-Wl,-rpath,{folder}")]
        return paths + [f"-l{name}" for name in LIBRARIES]


class SuiteSparseMissing(Exception):
    """SuiteSparse was not found; the text is one screen that says what to do."""

    def __init__(self, tried: list[str]) -> None:
        lines = "\n".join(f"      {line}" for line in tried)
        super().__init__(MESSAGE.format(include=INCLUDE_VARIABLE, lib=LIB_VARIABLE, tried=lines))


def candidates(environ: Mapping[str, str]) -> Iterator[tuple[str, SuiteSparse | None]]:
    """Yield (what is tried, where it would be), in the order of the search; None where there is nothing to try."""
    include, lib = environ.get(INCLUDE_VARIABLE), environ.get(LIB_VARIABLE)
    if include or lib:
        # Whoever names a place means it: another one is never taken in silence.
        given = ((INCLUDE_VARIABLE, include), (LIB_VARIABLE, lib))
        label = " ".join(f"{name}={value}" for name, value in given if value)
        yield label, from_variables(label, include, lib)
        return
    yield f"pkg-config {' '.join(PKG_CONFIG_NAMES)}", from_pkg_config()
    conda = environ.get("CONDA_PREFIX")
    yield f"CONDA_PREFIX={conda or '(not set)'}", from_prefix("conda prefix", Path(conda)) if conda else None
    for prefix in SYSTEM_PREFIXES:
        yield prefix, from_prefix(prefix, Path(prefix))


def from_variables(label: str, include: str | None, lib: str | None) -> SuiteSparse | None:
    """Return the place that the two variables name, or None; the compiler's own folders fill in a missing one."""
    if include and not Path(include, "umfpack.h").is_file():
        return None
    if lib and not any(Path(lib).glob("libumfpack*")):
        return None
    beside = None if include or lib is None else from_prefix(label, Path(lib).parent)
    includes = (include,) if include else beside.include_dirs if beside else ()
    return SuiteSparse(label, includes, (lib,) if lib else ())


def from_prefix(origin: str, prefix: Path) -> SuiteSparse | None:
    """Return the place under a prefix where umfpack.h lies, or None."""
    for include in (prefix / "include" / "suitesparse", prefix / "include"):
        if (include / "umfpack.h").is_file():
            # The compiler knows the folders of /usr by itself, multiarch ones included.
            lib = () if str(prefix) == "/usr" else (str(prefix / "lib"),)
            return SuiteSparse(origin, (str(include),), lib)
    return None


def from_pkg_config() -> SuiteSparse | None:
    """Return the place that pkg-config names, or None; SuiteSparse ships .pc files since version 6."""
    tool = shutil.which("pkg-config")
    if tool is None:
        return None
    try:
        run = subprocess.run(
            [tool, "--cflags", "--libs", *PKG_CONFIG_NAMES], capture_output=True, text=True, timeout=SEARCH_SECONDS / 3
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if run.returncode != 0:
        return None
    words = shlex.split(run.stdout)
    includes = tuple(dict.fromkeys(word[2:] for word in words if word.startswith("-I")))
    folders = tuple(dict.fromkeys(word[2:] for word in words if word.startswith("-L")))
    return SuiteSparse("pkg-config", includes or ("/usr/include/suitesparse",), folders)


def probe(place: SuiteSparse, compiler: list[str], deadline: float) -> tuple[str | None, str]:
    """Compile, link and run PROBE; return (version, "") or (None, the line that says what went wrong)."""
    with tempfile.TemporaryDirectory(prefix="memnet-probe-") as folder:
        source, program = Path(folder, "probe.c"), Path(folder, "probe")
        source.write_text(PROBE)
        command = [*compiler, *place.cflags(), str(source), *place.libs(), "-o", str(program)]
        for step in (command, [str(program)]):
            seconds = max(deadline - time.monotonic(), 0.1)
            try:
                run = subprocess.run(step, capture_output=True, text=True, timeout=seconds)
            except (OSError, subprocess.TimeoutExpired) as error:
                return None, f"{step[0]}: {error}"
            if run.returncode != 0:
                return None, first_error(run.stderr) or f"{step[0]} ended with status {run.returncode}"
        return run.stdout.strip(), ""


def first_error(text: str) -> str:
    """Return the line of a compiler's output that says what went wrong, cut to the width of a screen."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    chosen = next((line for line in lines if "error" in line or "cannot find" in line), lines[0] if lines else "")
    return chosen[-90:]


def find(environ: Mapping[str, str] | None = None, compiler: list[str] | None = None) -> SuiteSparse:
    """Return the first place whose probe works; raise SuiteSparseMissing with all that was tried."""
    environ = os.environ if environ is None else environ
    compiler = compiler or shlex.split(environ.get("CC", "cc"))
    if shutil.which(compiler[0]) is None:
        raise SuiteSparseMissing([f"{compiler[0]}: no such C compiler; install one (apt: gcc) or set CC"])
    deadline = time.monotonic() + SEARCH_SECONDS
    tried = []
    for label, place in candidates(environ):
        if place is None:
            tried.append(f"{label}: no umfpack.h or libumfpack there")
            continue
        version, problem = probe(place, compiler, deadline)
        if version is not None:
            return SuiteSparse(place.origin, place.include_dirs, place.library_dirs, version)
        tried.append(f"{label}: {problem}")
    raise SuiteSparseMissing(tried)


def apt_command(environ: Mapping[str, str]) -> list[str] | None:
    """Return how this user may run apt-get without being asked anything, or None."""
    if shutil.which("apt-get") is None or environ.get(INCLUDE_VARIABLE) or environ.get(LIB_VARIABLE):
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n", "apt-get"]
    return None


def install(packages: list[str], environ: Mapping[str, str]) -> bool:
    """Install Debian packages if this user may; the package list is fetched only where it has to be."""
    apt = apt_command(environ)
    if apt is None:
        return False
    quiet = {**environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = [*apt, "install", "-y", "-qq", "--no-install-recommends", *packages]
    print(f"installing {' '.join(packages)} with {' '.join(apt)}", file=sys.stderr, flush=True)
    # What apt says goes to stderr: stdout belongs to --cflags and --libs.
    if subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, stdout=sys.stderr).returncode == 0:
        return True
    subprocess.run([*apt, "update", "-qq"], env=quiet, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    return subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, stdout=sys.stderr).returncode == 0


def ensure(environ: Mapping[str, str], compiler: list[str] | None = None) -> SuiteSparse:
    """Find SuiteSparse, installing Debian's package first where it is missing and this user may."""
    try:
        return find(environ, compiler)
    except SuiteSparseMissing:
        if not install(["libsuitesparse-dev"], environ):
            raise
    return find(environ, compiler)


def main(arguments: list[str] | None = None) -> int:
    """Run the program described at the top of this file."""
    parser = argparse.ArgumentParser(description="find SuiteSparse (UMFPACK, AMD)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--cflags", action="store_true", help="print compiler flags")
    what.add_argument("--libs", action="store_true", help="print linker flags")
    what.add_argument("--ensure", action="store_true", help="install it with apt where it is missing")
    options = parser.parse_args(arguments)
    try:
        place = ensure(os.environ) if options.ensure else find()
    except SuiteSparseMissing as error:
        print(error, file=sys.stderr)
        return 1
    if options.cflags:
        print(shlex.join(place.cflags()))
    elif options.libs:
        print(shlex.join(place.libs()))
    else:
        print(f"SuiteSparse {place.version} ({place.origin})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
