"""Write what follows from the table of waveforms, csrc/drive/waves.def: memnet/drive/_leaves.pyi.

python scripts/generate_waveforms.py           # write
python scripts/generate_waveforms.py --check   # change nothing, fail where the file is out of date
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from memnet.drive import LEAVES

STUB = Path(__file__).resolve().parent.parent / "memnet" / "drive" / "_leaves.pyi"
HEADER = '''\
"""The waveforms of numbers. Written by scripts/generate_waveforms.py from csrc/drive/waves.def: do not edit."""

from collections.abc import Callable, Mapping

from numpy.typing import ArrayLike

from memnet.drive._waveform import Waveform

LEAVES: Mapping[str, Callable[..., Waveform]]
'''


def stub_function(name: str, function: Callable[..., Any]) -> str:
    """Return the stub of one function: how it is called, and the first line of its docstring."""
    given = [f"{one.name}: {typed(one)}" for one in inspect.signature(function).parameters.values()]
    head = f"def {name}({', '.join(given)}) -> Waveform:"
    if len(head) > 120:
        head = f"def {name}(\n    {', '.join(given)}\n) -> Waveform:"
    said, _, _ = str(function.__doc__).partition("\n")
    return f'{head}\n    """{said}"""\n'


def typed(parameter: inspect.Parameter) -> str:
    """Return the type of an argument, with its default where it has one."""
    has_default = parameter.default is not inspect.Parameter.empty
    return f"{parameter.annotation} = {parameter.default!r}" if has_default else str(parameter.annotation)


def stub() -> str:
    """Return memnet/drive/_leaves.pyi."""
    return HEADER + "".join("\n" + stub_function(name, function) for name, function in LEAVES.items())


def main() -> int:
    """Write or check the stub; return 1 where a check found an old one."""
    text = stub()
    if STUB.exists() and STUB.read_text(encoding="utf-8") == text:
        return 0
    if "--check" in sys.argv[1:]:
        sys.stderr.write("out of date: memnet/drive/_leaves.pyi; run python scripts/generate_waveforms.py\n")
        return 1
    STUB.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
