"""Build memnet._core, the C library behind NumPy arrays. Everything else about the package is in pyproject.toml."""

from __future__ import annotations

import itertools
import os
import re
import shlex
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "tools"))  # a PEP 517 build does not put this folder on the path

import suitesparse  # noqa: E402

# Contraction into fused multiply-adds would give other bits on other processors.
COMPILE_FLAGS = [
    "-std=c11",
    "-O3",
    "-ffp-contract=off",
    "-fno-trapping-math",
    "-fno-math-errno",
    "-fvisibility=hidden",
    "-pthread",
]


def version() -> str:
    """Return MN_VERSION of the public C header: the one place where the version is written."""
    header = (HERE / "csrc" / "memnet.h").read_text(encoding="utf-8")
    found = re.search(r'^#define MN_VERSION "([^"]+)"$', header, re.MULTILINE)
    if found is None:
        raise RuntimeError("csrc/memnet.h defines no MN_VERSION")
    return found[1]


def sources(*patterns: str) -> list[str]:
    """Return files of csrc/ in a fixed order, relative to this folder as setuptools wants them."""
    files = (path for pattern in patterns for path in (HERE / "csrc").rglob(pattern))
    return sorted(str(path.relative_to(HERE)) for path in files)


def at_once(compile_files: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """Return a compiler's compile() that compiles as many files at a time as there are processors."""

    def compile_at_once(files: list[str], **options: object) -> list[str]:
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            objects = threads.map(lambda file: compile_files([file], **options), files)
            return list(itertools.chain.from_iterable(objects))

    return compile_at_once


class BuildCore(build_ext):
    """build_ext that looks for SuiteSparse first, and only when something is compiled: --help and sdist need none."""

    def build_extensions(self) -> None:
        """Add what is known only now: NumPy's headers and SuiteSparse's place."""
        import numpy

        compiler = shlex.split(os.environ.get("CC", "")) or self.compiler.compiler_so[:1]
        try:
            place = suitesparse.find(compiler=compiler)
        except suitesparse.SuiteSparseMissing as error:
            raise SystemExit(str(error)) from None
        print(f"SuiteSparse {place.version} ({place.origin})", flush=True)
        for extension in self.extensions:
            extension.include_dirs += [numpy.get_include(), *place.include_dirs]
            extension.library_dirs += place.library_dirs
            extension.runtime_library_dirs += place.library_dirs
        self.compiler.compile = at_once(self.compiler.compile)
        super().build_extensions()


core = Extension(
    "memnet._core",
    sources=sources("*.c"),
    depends=[*sources("*.h", "*.def"), "setup.py", "tools/suitesparse.py"],
    include_dirs=["csrc"],
    libraries=[*suitesparse.LIBRARIES, "m"],
    extra_compile_args=COMPILE_FLAGS,
    extra_link_args=["-pthread"],
    define_macros=[("NPY_NO_DEPRECATED_API", "NPY_2_0_API_VERSION"), ("NPY_TARGET_VERSION", "NPY_2_0_API_VERSION")],
)

if __name__ == "__main__":
    setup(version=version(), ext_modules=[core], cmdclass={"build_ext": BuildCore})
