"""Models from equations as files of C: csrc/devices/generated."""

from __future__ import annotations

import re

from memnet import equations
from memnet.devices._equation_table import EquationTable, FieldRow

HOOKS = ("start", "ranges", "conductance", "advance", "linearise", "crossing")
# The functions behind the hooks, by the program that each needs.
FUNCTIONS = {"start": "init", **{name: name for name in HOOKS[1:]}}
INPUTS = {
    "v": "MN_INPUT_VOLTAGE",
    "length": "MN_INPUT_LENGTH",
    "linked.v": "MN_INPUT_LINKED_VOLTAGE",
    "inflow": "MN_INPUT_INFLOW",
}
UNIFORMS = {"t": "MN_UNIFORM_TIME", "dt": "MN_UNIFORM_STEP"}


def file_name(model: str) -> str:
    """Return RateBalance as rate_balance."""
    return re.sub(r"(?<!^)(?<![A-Z])(?=[A-Z])", "_", model).lower()


def model_in_c(table: EquationTable) -> str:
    """Return a model as a file of C."""
    programs = dict(zip(HOOKS, table.programs.hooks(), strict=True))
    named = {name: program for name, program in programs.items() if program is not None}
    jumps = {f"jump_{k}": jump for k, jump in enumerate(table.programs.jumps)}
    functions = [equations.program_in_c(name, program) for name, program in {**named, **jumps}.items()]
    parts = [
        f"/* {table.name}, written from its equations, which stand at the end: to_c() of its class. */",
        '#include "devices/equation_model.h"\n#include "equations/compiled.h"\n',
        *_tables(table),
        *functions,
        *(_binding(name, program, table) for name, program in {**named, **jumps}.items()),
        _whole(table, named, list(jumps)),
    ]
    return "\n".join(parts)


def text(value: str) -> str:
    """Return a text as C reads it back, one line of it a line."""
    lines = value.split("\n")
    ends = [line + "\n" for line in lines[:-1]] + [lines[-1]] * bool(lines[-1] or len(lines) == 1)
    return "\n    ".join(f'"{_escaped(line)}"' for line in ends)


def _escaped(line: str) -> str:
    """Return the letters of a line for a C string; what is not ASCII as octal bytes."""
    plain = {ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n", ord("?"): "\\?"}
    return "".join(
        plain[byte] if byte in plain else chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"
        for byte in line.encode("utf-8")
    )


def _tables(table: EquationTable) -> list[str]:
    """Return the tables of fields, presets, events and linked states that the model has."""
    rows = ",\n".join(f"    {_field(row)}" for row in table.fields)
    found = [f"static const mn_field fields[] = {{\n{rows},\n}};\n"] if table.fields else []
    for k, preset in enumerate(table.presets):
        values = ", ".join(f'{{"{name}", {equations.number_in_c(value)}}}' for name, value in preset.values)
        found.append(f"static const mn_preset_value values_{k}[] = {{{values}}};\n")
    if table.presets:
        rows = "".join(
            f"    {{.name = {text(one.name)}, .doc = {text(one.doc)}, .citation = {text(one.citation)},"
            f" MN_ARRAY(value, values_{k})}},\n"
            for k, one in enumerate(table.presets)
        )
        found.append(f"static const mn_preset presets[] = {{\n{rows}}};\n")
    if table.events:
        rows = ", ".join(f'{{"{name}", {kind}}}' for name, kind in table.events)
        found.append(f"static const mn_event events[] = {{{rows}}};\n")
    if table.linked_states:
        names = ", ".join(f'"{name}"' for name in table.linked_states)
        found.append(f"static const char *const linked_states[] = {{{names}}};\n")
    return found


def _field(row: FieldRow) -> str:
    low, high = equations.number_in_c(row.low), equations.number_in_c(row.high)
    role, kind = ("MN_STATE" if row.is_state else "MN_PARAMETER"), ("MN_FLAG" if row.is_flag else "MN_REAL")
    own = "" if row.own_range is None else f", .own_range = {text(row.own_range)}"
    own += "" if row.below is None else f", .below = {text(row.below)}"
    return (
        f'{{.name = "{row.name}", .unit = {text(row.unit)}, .doc = {text(row.doc)}, .kind = {kind}, .role = {role},'
        f' .initial = {equations.number_in_c(row.initial)}, MN_RANGE({low}, {high}, "{row.bounds}"){own}}}'
    )


def _binding(name: str, program: equations.Program, table: EquationTable) -> str:
    """Return where the inputs of a program come from, and its sizes."""
    places = [_input(one, table) for one in program.inputs]
    uniforms = [UNIFORMS[one] for one in program.uniforms]
    lines = [f"static const int16_t {name}_input[] = {{{', '.join(places)}}};"] if places else []
    lines += [f"static const int16_t {name}_uniform[] = {{{', '.join(uniforms)}}};"] if uniforms else []
    sizes = f".n_inputs = {len(places)}, .n_uniforms = {len(uniforms)}, .n_outputs = {len(program.outputs)}"
    lines.append(f"static const mn_program {name}_program = {{{sizes}}};\n")
    return "\n".join(lines)


def _input(name: str, table: EquationTable) -> str:
    fields = [row.name for row in table.fields]
    if name in fields:
        return str(fields.index(name))
    if name in INPUTS:
        return INPUTS[name]
    if name.startswith("xi."):
        return f"MN_INPUT_NOISE + {name.removeprefix('xi.')}"
    return f"MN_INPUT_LINKED_STATE + {table.linked_states.index(name.removeprefix('linked.'))}"


def _equations(name: str, program: equations.Program) -> str:
    inputs = f", .input = {name}_input" if program.inputs else ""
    uniforms = f", .uniform = {name}_uniform" if program.uniforms else ""
    return f"{{.program = &{name}_program, .compiled = {name}{inputs}{uniforms}}}"


def _whole(table: EquationTable, named: dict[str, equations.Program], jumps: list[str]) -> str:
    """Return the model's constant."""
    programs = table.programs
    located, at_steps = len(jumps), len(table.events) - len(jumps) * ("events_at_steps" not in table.flags)
    flags = [f"MN_{flag.upper()}" for flag in table.flags] + ["MN_STOCHASTIC"] * bool(programs.noises)
    functions = {FUNCTIONS[name]: f"mn_equation_{FUNCTIONS[name]}" for name in named}
    functions |= {"cross": "mn_equation_cross"} if located else {}
    model = {
        "name": text(table.name),
        "doc": text(table.doc),
        "citation": text(table.citation),
        "text": text(table.text),
        "check": None if table.check is None else text(table.check),
        "voltage_field": None if table.voltage_field is None else text(table.voltage_field),
        "flags": " | ".join(flags) or "0",
        "n_scratch": str(programs.noises + at_steps + located),
        "n_at_once": str(at_steps) if at_steps > 1 else None,
        **functions,
    }
    arrays = {
        "field": table.fields,
        "preset": table.presets,
        "event": table.events,
        "linked_state": table.linked_states,
    }
    lines = [f"            .{name} = {value}," for name, value in model.items() if value is not None]
    lines += [f"            MN_ARRAY({name}, {name}s)," for name, rows in arrays.items() if rows]
    of = [f"            [MN_EQUATIONS_{name.upper()}] = {_equations(name, one)}," for name, one in named.items()]
    before = ""
    if jumps:
        rows = ", ".join(_equations(name, jump) for name, jump in zip(jumps, programs.jumps, strict=True))
        before = f"static const mn_equations jumps[] = {{{rows}}};\n\n"
    counts = {"jump": "jumps" if jumps else None, "n_located": located, "n_at_steps": at_steps}
    counts |= {"n_noises": programs.noises}
    ends = [f"    .{name} = {value}," for name, value in counts.items() if value]
    body = "\n".join(
        ["    .model =", "        {", *lines, "        },", "    .of =", "        {", *of, "        },", *ends]
    )
    return f"{before}const mn_equation_model mn_{file_name(table.name)} = {{\n{body}\n}};\n"
