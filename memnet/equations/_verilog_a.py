"""Models as modules of Verilog-A."""

from __future__ import annotations

import math
from collections.abc import Iterator

from memnet.equations._dialects import VERILOG_A, distinct, number, rendered
from memnet.equations._model import START_VOLTAGE, Model
from memnet.equations._smooth import Smooth, SmoothState, constants, definitions_of, smooth
from memnet.equations._table import Field, Table
from memnet.equations._tree import Expression

# Words of the language and of the header that names may not be; OpenVAF takes `root` for $root.
WORDS = """
    above abs absdelay ac_stim access acos acosh aliasparam always analog analysis and asin asinh assert assign
    atan atan2 atanh begin branch buf case casex casez ceil connectmodule connectrules continuous cos cosh cross
    ddt ddt_nature ddx deassign default defparam disable discipline discrete domain driver_update edge else end
    endcase endconnectrules enddiscipline endfunction endmodule endnature endparamset endprimitive endspecify
    endtable endtask event exclude exp final_step flicker_noise floor flow for force forever fork from function
    generate genvar ground highz0 highz1 hypot idt idt_nature idtmod if ifnone inf initial initial_step inout
    input integer join laplace_nd laplace_np laplace_zd laplace_zp large last_crossing limexp ln localparam log
    macromodule max medium merged min module nand nature negedge net_resolution nmos noise_table nor not notif0
    notif1 or output parameter paramset pmos posedge potential pow primitive pull0 pull1 pulldown pullup rcmos
    real realtime reg release repeat resolveto rnmos root rpmos rtran scalared sin sinh slew small specify
    specparam split sqrt string strong0 strong1 supply0 supply1 table tan tanh task time timer tran transition
    tri tri0 tri1 triand trior trireg units unsigned use vectored wait wand weak0 weak1 while white_noise wire
    wor wreal xnor xor zi_nd zi_np zi_zd zi_zp electrical voltage current magnetic thermal I V
"""
KEYWORDS = frozenset(WORDS.split())


def verilog_a(model: Model, table: Table, doc: str) -> str:
    """Return a model as a module of Verilog-A.

    Raises
    ------
    ValueError
        It has events or noise, or an expression would be longer than 100,000 characters.
    """
    of = smooth(model, table, "a Verilog-A module")
    try:
        return _Writer(of, doc).module()
    except ValueError as fault:
        raise ValueError(f"{model.name}: {fault}") from None


class _Writer:
    """Gives names, then writes the parts of the module."""

    def __init__(self, of: Smooth, doc: str) -> None:
        self.of, self.doc = of, doc
        taken = {*KEYWORDS, *VERILOG_A.own}
        (self.name,) = distinct({"": of.model.name}, taken).values()
        fields = [*of.table.parameters, *(["length"] if of.uses_length else [])]
        self.names = distinct({one: one for one in (*fields, *of.states, *of.definitions)}, taken)
        self.parameters = {one: self.names[one] for one in fields}
        inner = [f"{what}.{one}" for one in of.states for what in ("in_units", "unit", "rate")]
        self.names |= distinct({one: one.replace(".", "_") for one in inner}, taken)
        ports = ["a", "b", *(["linked_a", "linked_b"] if of.linked else [])]
        ports += [f"linked_{one}" for one in of.model.linked_states]
        self.ports = distinct({one: one for one in ports}, taken)
        self.symbols = {one: number(value) for one, value in constants(of.model).items()}
        self.symbols |= {"v": f"V({self.ports['a']}, {self.ports['b']})", "t": "$abstime", **self.names}
        self.symbols |= {f"in_units.{one}": f"V({self.names[f'in_units.{one}']})" for one in of.states}
        if of.linked:
            self.symbols["linked.v"] = f"V({self.ports['linked_a']}, {self.ports['linked_b']})"
        self.symbols |= {f"linked.{one}": f"V({self.ports[f'linked_{one}']})" for one in of.model.linked_states}

    def module(self) -> str:
        body = list(self._body())
        variables = [self.names[one] for one in self.of.definitions]
        variables += [self.names[one] for name in self.of.states for one in (name, f"unit.{name}", f"rate.{name}")]
        ports = ", ".join(self.ports.values())
        lines = [
            '`include "disciplines.vams"',
            "",
            f"// {self.of.model.name}: to_verilog_a() of its class in memnet. Its equations:",
            *(f"//   {line}".rstrip() for line in self.of.model.lines()),
            *self._remarks(),
            f"(* desc={_string(self.doc)} *)",
            f"module {self.name}({ports});",
            f"  inout {ports};",
            f"  electrical {ports};",
            *(self._node(state) for state in self.of.states.values()),
            *(self._parameter(self.of.table.parameters[name]) for name in self.of.table.parameters),
            *self._length(),
            *([f"  real {', '.join(variables)};"] if variables else []),
            *VERILOG_A.definitions("\n".join(body)),
            "  analog begin",
            *(f"    {line}" for line in body),
            "  end",
            "endmodule",
            "",
        ]
        return "\n".join(lines)

    def _remarks(self) -> Iterator[str]:
        if self.of.states:
            yield "// The voltage of each inner node is a state in units of its size, in the operating point its start."
        if self.of.linked:
            yield "// Ports linked_a and linked_b are the ends of the edge that is read; the others have its states."

    def _node(self, state: SmoothState) -> str:
        name = state.field.name
        return (
            f"  electrical {self.names[f'in_units.{name}']}; // {name} ({state.field.unit}) in units of {name}'s size"
        )

    def _parameter(self, field: Field) -> str:
        low = "-inf" if math.isinf(field.low) else repr(field.low)
        high = "inf" if math.isinf(field.high) else repr(field.high)
        bounded = not (math.isinf(field.low) and math.isinf(field.high))
        of_range = f" from {field.bounds[0]}{low}:{high}{field.bounds[1]}" if bounded else ""
        of_range += " exclude 0" if field.bounds[2:] else ""
        desc = f", desc={_string(field.doc)}" if field.doc else ""
        said = f"(* units={_string(field.unit)}{desc} *)"
        return f"  {said} parameter real {self.names[field.name]} = {field.initial!r}{of_range};"

    def _length(self) -> Iterator[str]:
        if self.of.uses_length:
            said = '(* units="pd", desc="length of the edge" *)'
            yield f"  {said} parameter real {self.names['length']} = 1.0 from [0:inf);"

    def _text(self, expression: Expression) -> str:
        return rendered(expression, self.symbols, VERILOG_A)

    def _body(self) -> Iterator[str]:
        ends = definitions_of(
            self.of.model, [one for state in self.of.states.values() for one in (state.unit, state.within)]
        )
        for name, expression in ends.items():
            yield f"{self.names[name]} = {self._text(expression)};"
        for name, state in self.of.states.items():
            yield f"{self.names[f'unit.{name}']} = {self._text(state.unit)};"
            yield f"{self.names[name]} = {self._text(state.within)};"
        for name, expression in self.of.definitions.items():
            if name not in ends:
                yield f"{self.names[name]} = {self._text(expression)};"
        for name, state in self.of.states.items():
            yield f"{self.names[f'rate.{name}']} = {self._text(state.rate)} / {self.names[f'unit.{name}']};"
        yield f"I({self.ports['a']}, {self.ports['b']}) <+ {self._current()};"
        for name, state in self.of.states.items():
            node, unit = self.names[f"in_units.{name}"], self.names[f"unit.{name}"]
            start = f"V({node}) - {self._start(state)} / {unit}"
            yield f"I({node}) <+ ddt(V({node}));"
            yield f'I({node}) <+ analysis("static") ? {start} : -{self._text(state.limited)};'

    def _current(self) -> str:
        parts = [] if self.of.current is None else [self._text(self.of.current)]
        parts += [] if self.of.charge is None else [f"ddt({self._text(self.of.charge)})"]
        return " + ".join(parts)

    def _start(self, state: SmoothState) -> str:
        """Return a start, which knows parameters only: what it needs is written out."""
        known = START_VOLTAGE in self.of.table.parameters
        symbols = {**self.symbols, "v": self.names[START_VOLTAGE] if known else "0.0", "t": "0.0"}
        for name, expression in definitions_of(self.of.model, [state.start]).items():
            symbols[name] = rendered(expression, symbols, VERILOG_A)
        return rendered(state.start, symbols, VERILOG_A)


def _string(text: str) -> str:
    """Return a text as a string of Verilog-A."""
    return '"' + " ".join(text.replace("\\", "\\\\").replace('"', '\\"').split()) + '"'
