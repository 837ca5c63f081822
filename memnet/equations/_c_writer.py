"""Programs as C, with the bits of the interpreter.

Between functions, which have loops of their own, arithmetic is gathered in as few loops as there can be: compilers
vectorise a loop of arithmetic, and none that calls a function of this size.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from memnet.equations._registers import Program

# Operations with a loop of their own; others are a few instructions of a processor.
FUNCTIONS = frozenset(
    ("EXP", "EXPM1", "LOG", "LOG1P", "SIN", "COS", "TAN", "SINH", "COSH", "TANH", "ATAN", "POW", "PHI1", "RELAX")
)
IN_C = {
    "COPY": "{}",
    "ADD": "{} + {}",
    "SUBTRACT": "{} - {}",
    "MULTIPLY": "{} * {}",
    "DIVIDE": "{} / {}",
    "NEGATE": "-{}",
    "MULTIPLY_ADD": "{} * {} + {}",
    "MULTIPLY_SUBTRACT": "{} * {} - {}",
    "SUBTRACT_PRODUCT": "{2} - {0} * {1}",
}


def number_in_c(value: float) -> str:
    """Return a number as C reads it back with all its bits."""
    if math.isnan(value):
        return "NAN"
    if math.isinf(value):
        return "INFINITY" if value > 0 else "-INFINITY"
    return value.hex()


def program_in_c(name: str, program: Program) -> str:
    """Return a program as a function of C, `mn_compiled_program name`, with the loops that it is made of."""
    return _Writer(name, program).text()


@dataclass(frozen=True)
class _Value:
    """A value that an instruction writes: where in the row of stages, and what of."""

    operation: str
    of: tuple[int, ...]
    stage: int
    output: int | None

    @property
    def is_call(self) -> bool:
        return self.operation in FUNCTIONS


class _Writer:
    """Values are numbered as in the program; those that instructions write get numbers of their own behind these.

    A stage is a loop of arithmetic, and the functions after it. What one stage leaves for another, or for a function,
    stands in a row of a block's length.
    """

    def __init__(self, name: str, program: Program) -> None:
        self.name, self.program = name, program
        self.n_given = len(program.inputs) + len(program.uniforms) + len(program.constants)
        self.values = self._values()
        self.n_stages = 1 + max((one.stage for one in self.values), default=0)
        self.rows = self._rows()

    def _values(self) -> list[_Value]:
        first_output = self.n_given + self.program.n_registers
        now: dict[int, int] = {}
        values: list[_Value] = []
        for operation, to, written_of in self.program.instructions:
            of = tuple(now.get(one, one) for one in written_of)
            stage = max((self._ready(values, one) for one in of), default=0)
            values.append(_Value(operation, of, stage, to - first_output if to >= first_output else None))
            now[to] = self.n_given + len(values) - 1
        return values

    def _ready(self, values: list[_Value], one: int) -> int:
        """Return the first stage whose loop can read a value."""
        if one < self.n_given:
            return 0
        value = values[one - self.n_given]
        return value.stage + value.is_call

    def _written(self) -> Iterable[tuple[int, _Value]]:
        return enumerate(self.values, self.n_given)

    def _rows(self) -> dict[int, int]:
        """Return the row of each value that has one; a row is free again after the last stage that reads it."""
        last: dict[int, int] = {}
        wanted: set[int] = set()
        for _, value in self._written():
            for one in value.of:
                last[one] = max(last.get(one, 0), value.stage)
                is_array = one < len(self.program.inputs)
                other_stage = one >= self.n_given and (
                    self.values[one - self.n_given].stage != value.stage or self.values[one - self.n_given].is_call
                )
                if (value.is_call and not is_array) or other_stage:
                    wanted.add(one)
        rows: dict[int, int] = {}
        busy: dict[int, int] = {}
        given = sorted(one for one in wanted if one < self.n_given)
        for one in given:  # filled before the first block, so never free again
            rows[one] = len(busy)
            busy[rows[one]] = self.n_stages
        for one, value in self._written():
            if one in wanted and value.output is None:
                free = next((row for row in range(len(busy)) if busy[row] < value.stage), len(busy))
                rows[one] = free
                busy[free] = last[one]
        self.n_rows = len(busy)
        return rows

    # ------------------------------------------------------------------ text

    def text(self) -> str:
        loops = [self._loop(stage) for stage in range(self.n_stages)]
        return "\n".join([*filter(None, loops), self._whole([bool(loop) for loop in loops])])

    def _loop(self, stage: int) -> str:
        """Return the loop of a stage, nothing where it has no arithmetic."""
        here = [(k, value) for k, value in self._written() if value.stage == stage and not value.is_call]
        if not here:
            return ""
        lines = [f"        const double t{k} = {self._arithmetic(value)};" for k, value in here]
        for k, value in here:
            if value.output is not None:
                lines.append(f"        out_{value.output}[k] = t{k};")
            elif k in self.rows:
                lines.append(f"        row_{self.rows[k]}[k] = t{k};")
        body = "\n".join(lines)
        return (
            "MN_VECTOR\n"
            f"static void {self.name}_{stage}(const int64_t n, const int64_t first, const double *const *in,"
            f" const double *uniform, double (*row)[MN_PROGRAM_BLOCK], double *const *out)\n{{\n"
            f"{self._pointers(stage, here)}"
            "    MN_INDEPENDENT\n"
            f"    for (int64_t k = 0; k < n; k++) {{\n{body}\n    }}\n}}\n"
        )

    def _pointers(self, stage: int, here: list[tuple[int, _Value]]) -> str:
        """Return declarations of the arrays that a loop reads and writes."""
        lines, read, written = [], set(), set()
        for k, value in here:
            for one in value.of:
                if one < len(self.program.inputs):
                    read.add(("in", one))
                elif one >= self.n_given and not self._is_here(one, stage):
                    read.add(self._kept(one))
            if value.output is not None:
                written.add(("out", value.output))
            elif k in self.rows:
                written.add(("row", self.rows[k]))
        for kind, j in sorted(read - written):
            source = f"row[{j}]" if kind == "row" else f"{kind}[{j}] + first"
            lines.append(f"    const double *restrict {kind}_{j} = {source};")
        for kind, j in sorted(written):
            source = f"row[{j}]" if kind == "row" else f"{kind}[{j}] + first"
            lines.append(f"    double *restrict {kind}_{j} = {source};")
        used = {kind for kind, _ in read | written}
        has_uniforms = any(self._is_uniform(one) for _, value in here for one in value.of)
        unused = [name for name in ("in", "row", "out") if name not in used] + ([] if has_uniforms else ["uniform"])
        if unused:
            lines.append("    " + ", ".join(f"(void){name}" for name in unused) + ";")
        if not used & {"in", "out"}:
            lines.append("    (void)first;")
        return "".join(f"{line}\n" for line in lines)

    def _is_here(self, one: int, stage: int) -> bool:
        value = self.values[one - self.n_given]
        return value.stage == stage and not value.is_call

    def _is_uniform(self, one: int) -> bool:
        return len(self.program.inputs) <= one < len(self.program.inputs) + len(self.program.uniforms)

    def _kept(self, one: int) -> tuple[str, int]:
        """Return where a value stands between stages."""
        output = self.values[one - self.n_given].output
        return ("row", self.rows[one]) if output is None else ("out", output)

    def _arithmetic(self, value: _Value) -> str:
        of = [self._operand(one, value.stage) for one in value.of]
        if value.operation in IN_C:
            return IN_C[value.operation].format(*of)
        operands = ", ".join([*of, *["0.0"] * (5 - len(of))])
        return f"mn_do_{value.operation}({operands})"

    def _operand(self, one: int, stage: int) -> str:
        program = self.program
        if one < len(program.inputs):
            return f"in_{one}[k]"
        if one < self.n_given:
            return self._scalar(one)
        if self._is_here(one, stage):
            return f"t{one}"
        kind, j = self._kept(one)
        return f"{kind}_{j}[k]"

    def _scalar(self, one: int) -> str:
        n_inputs, n_uniforms = len(self.program.inputs), len(self.program.uniforms)
        if one < n_inputs + n_uniforms:
            return f"uniform[{one - n_inputs}]"
        text = number_in_c(self.program.constants[one - n_inputs - n_uniforms])
        return f"({text})" if text.startswith("-") else text

    def _whole(self, has_loop: list[bool]) -> str:
        """Return the function over all members."""
        given = sorted(one for one in self.rows if one < self.n_given)
        lines = [f"    mn_fill(row[{self.rows[one]}], {self._scalar(one)});" for one in given]
        lines.append("    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {")
        lines.append("        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;")
        for stage in range(self.n_stages):
            if has_loop[stage]:
                lines.append(f"        {self.name}_{stage}(m, first, in, uniform, row, out);")
            for k, value in self._written():
                if value.stage == stage and value.is_call:
                    lines.append(f"        {self._call(k, value)}")
        lines.append("    }")
        body = "\n".join(lines)
        return (
            f"static void {self.name}(int64_t n, const double *const *in, const double *uniform, double *const *out)\n"
            f"{{\n    double row[{max(self.n_rows, 1)}][MN_PROGRAM_BLOCK];\n"
            f"    (void)row, (void)in, (void)uniform;\n{body}\n}}\n"
        )

    def _call(self, k: int, value: _Value) -> str:
        of = ", ".join(self._array(one) for one in value.of)
        kind, j = ("out", value.output) if value.output is not None else ("row", self.rows[k])
        to = f"row[{j}]" if kind == "row" else f"out[{j}] + first"
        return f"mn_operation_run(MN_OPERATION_{value.operation}, m, (const double *const[]){{{of}}}, {to});"

    def _array(self, one: int) -> str:
        if one < len(self.program.inputs):
            return f"in[{one}] + first"
        if one in self.rows:
            return f"row[{self.rows[one]}]"
        return f"out[{self._kept(one)[1]}] + first"
