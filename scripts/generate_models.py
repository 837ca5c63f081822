"""Write what follows from the tables of the devices: memnet/devices/_models.pyi, and the tables in docs/models.

Before that, what follows from the texts memnet/devices/models/*.txt: csrc/devices/generated/*.c and their list. A new
or changed text must be compiled (`make build`) before its class has a stub and a page; the script says so.

    python scripts/generate_models.py           # write
    python scripts/generate_models.py --check   # change nothing, fail where a file is out of date

A page docs/models/<model>.md keeps its text; only what stands between the two markers is replaced, and a page that
does not exist is begun.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import textwrap
from collections.abc import Mapping
from pathlib import Path

from memnet import _core
from memnet.devices import MODELS, equation_table, file_name, model_in_c
from memnet.devices._device_class import KINDS, docstring
from memnet.devices._field import argument_fields, default, default_text, range_text, set_text
from memnet.devices._preset import Preset, model_presets, preset_text

ROOT = Path(__file__).resolve().parent.parent
BEGIN = "<!-- table: written by scripts/generate_models.py from the C field table -->"
END = "<!-- end of table -->"
WAVEFORM_IMPORT = "from memnet.drive import Waveform\n"
# The kinds of fields that have a unit.
UNITS = ("real", "waveform")

HEADER = f'''\
"""The device models. Written by scripts/generate_models.py from the C field tables: do not edit."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.devices._device import Device, DeviceWithPresets
{WAVEFORM_IMPORT}
# A number for all edges, or one for each edge of the device or of the network.
Real: TypeAlias = float | ArrayLike
Kept: TypeAlias = float | NDArray[np.float64]

MODELS: Mapping[str, type[Device]]
'''


def generated() -> dict[Path, str]:
    """Return the files of C that follow from texts, by their paths, and the list of them."""
    folder, names, files = ROOT / "csrc" / "devices", [], {}
    for path in sorted((ROOT / "memnet" / "devices" / "models").glob("*.txt")):
        table = equation_table(path.stem, path.read_text(encoding="utf-8"))
        names.append(f"MN_EQUATIONS(mn_{file_name(path.stem)})\n")
        source = folder / "generated" / f"{file_name(path.stem)}.c"
        files[source] = in_layout(source, model_in_c(table))
    head = "/* The models from memnet/devices/models: written by scripts/generate_models.py. */\n"
    return {**files, folder / "generated.def": head + "".join(names)}


def in_layout(path: Path, text: str) -> str:
    """Return C as clang-format lays it out for that path, so that `make lint` finds nothing to change."""
    program = shutil.which("clang-format", path=sysconfig.get_path("scripts"))
    if program is None:
        raise SystemExit("the files of C are laid out by clang-format, which `make dev` installs beside this Python")
    command = [program, f"--assume-filename={path}"]
    return subprocess.run(command, input=text, capture_output=True, encoding="utf-8", check=True).stdout


def argument_type(field: _core.Field, kept: bool) -> str:
    """Return the type of a parameter, as it is given or as it is kept."""
    if field["kind"] == "choice":
        return "Literal[" + ", ".join(f'"{word}"' for word in field["choices"]) + "]"
    if field["kind"] in ("flag", "count"):
        return KINDS[field["kind"]]
    if field["kind"] == "waveform":
        return "Waveform" if kept else "float | Waveform"
    real = "Kept" if kept else "Real"
    return f"{real} | None" if default(field) is None else real


def one_paragraph(parameter: str) -> str:
    """Return what a docstring says of a parameter, its type and the text below it, as one paragraph."""
    first, *text = parameter.splitlines()
    if not re.match(r"\w+ : ", first):
        return parameter
    return textwrap.fill(f"{first}; {' '.join(map(str.strip, text))}", 112, subsequent_indent="    ")


def stub_class(model: _core.Model) -> str:
    """Return the stub of one model's class, with what its docstring says of parameters."""
    fields = argument_fields(model)
    given = [f"{name}: {argument_type(field, False)} = {literal(field)}" for name, field in fields.items()]
    derived = getattr(MODELS[model["name"]], "derived", ())
    given += [f"{name}: Real | None = None" for name in derived]
    base = "DeviceWithPresets" if model["presets"] else "Device"
    said = re.split(r"\n\n(?:States|Presets|Examples)\n", docstring(model))[0]
    said = "\n".join(map(one_paragraph, re.split(r"\n(?=\w+ : )", said)))
    lines = [f"class {model['name']}({base}):", textwrap.indent(f'"""{said}\n"""', "    "), ""]
    lines += [f"    {name}: Final[{argument_type(field, True)}]" for name, field in fields.items()]
    lines += [f"    {name}: Final[Kept]" for name in derived]
    arguments = ["self", *(["*", *given] if given else [])]
    call = f"    def __init__({', '.join(arguments)}) -> None: ..."
    if len(call) > 120:
        call = "    def __init__(\n" + "".join(f"        {one},\n" for one in arguments) + "    ) -> None: ..."
    lines.append(call)
    return "\n".join(line.rstrip() for line in "\n".join(lines).splitlines())


def literal(field: _core.Field) -> str:
    """Return a default as Python source."""
    value = default(field)
    return f'"{value}"' if isinstance(value, str) else repr(value).replace("e+", "e")  # as ruff format has it


def stub() -> str:
    """Return memnet/devices/_models.pyi."""
    models = _core.models()
    header = HEADER if any(model["signal"] for model in models) else HEADER.replace(WAVEFORM_IMPORT, "")
    return header + "".join("\n" + stub_class(model) + "\n" for model in models)


def table(model: _core.Model) -> str:
    """Return the Markdown tables of a model: parameters and states."""
    lines = [BEGIN, ""]
    for title, fields in (
        ("Parameter", list(argument_fields(model).values())),
        ("State", [f for f in model["fields"] if f["role"] != "parameter"]),
    ):
        if not fields:
            continue
        last = " default |" if title == "Parameter" else ""
        lines += [f"| {title.lower()} | unit | range |{last} meaning |", "|---|---|---|" + "---|" * (1 + bool(last))]
        for field in fields:
            cells = [f"`{field['name']}`", field["unit"] if field["kind"] in UNITS else "", allowed(field)]
            cells += [default_text(field)] if last else []
            lines.append("| " + " | ".join([*cells, field["doc"].rstrip(".").replace("|", "\\|")]) + " |")
        lines.append("")
    presets = model_presets(model)
    if presets:
        lines += ["| preset | what it is | parameters | source |", "|---|---|---|---|"]
        lines += [
            f"| `{name}` | {preset_text(preset)} | {values_text(preset)} | {preset.citation} |"
            for name, preset in presets.items()
        ]
        lines.append("")
    lines += [f"Source: {model['citation']}", "", END]
    return "\n".join(lines)


def values_text(preset: Preset) -> str:
    """Return what a preset sets, every digit."""
    return ", ".join(f"{name} = {value}" for name, value in preset.parameters.items())


def allowed(field: _core.Field) -> str:
    """Return what values a field takes."""
    if field["kind"] == "choice":
        return set_text(field)
    if field["kind"] == "flag":
        return "True or False"
    if field["kind"] == "waveform":
        return "number or waveform"
    if field["kind"] == "count":
        return f"{field['low']:g} to {field['high']:g}"
    return range_text(field)


def page(model: _core.Model, old: str | None) -> str:
    """Return a model's page with its table up to date."""
    if old is None:
        return f"# {model['name']}\n\n{textwrap.fill(model['doc'], 116)}\n\n{table(model)}\n"
    if old.count(BEGIN) != 1 or old.count(END) != 1:
        raise SystemExit(f"the page of {model['name']} needs the two markers once each:\n{BEGIN}\n{END}")
    before, _, rest = old.partition(BEGIN)
    return before + table(model) + rest.partition(END)[2]


def main() -> int:
    """Write or check every file; return 1 where a check found an old one."""
    check = "--check" in sys.argv[1:]
    of_texts = generated()
    stale = old_files(of_texts)
    files = {**of_texts, ROOT / "memnet" / "devices" / "_models.pyi": stub()}
    for model in _core.models():
        path = ROOT / "docs" / "models" / f"{file_name(model['name'])}.md"
        files[path] = page(model, path.read_text(encoding="utf-8") if path.exists() else None)
    old = old_files(files)
    for path in old:
        if check:
            sys.stderr.write(f"out of date: {path.relative_to(ROOT)}; run python scripts/generate_models.py\n")
        else:
            path.write_text(files[path], encoding="utf-8")
    if stale and not check:
        sys.stdout.write("C files have changed: run `make build`, and this again for their stubs and pages\n")
    return 1 if check and old else 0


def old_files(files: Mapping[Path, str]) -> list[Path]:
    """Return those that differ from what they should be."""
    return [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]


if __name__ == "__main__":
    sys.exit(main())
