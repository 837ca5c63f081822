"""Models as subcircuits of ngspice: behavioural sources, and a capacitor of 1 F for each state.

ngspice counts voltages as equal that differ by less than some 1e-10 V. So the voltage on the capacitor of a state is
the state in units of its range, and that of a charge the charge in a unit that is given.

Short definitions are written out where they stand. A long one is a voltage of its own, at a node: written out again and
again, in sources and in the derivatives that ngspice makes of them, it would become too long for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from memnet.equations._dialects import NGSPICE, distinct, number, rendered
from memnet.equations._model import Model
from memnet.equations._smooth import Smooth, SmoothState, constants, definitions_of, smooth
from memnet.equations._table import Table
from memnet.equations._tree import Expression

# A definition of more characters than this has a node of its own.
MOST_WRITTEN_OUT = 2_000


@dataclass(frozen=True)
class Subcircuit:
    """A model as a subcircuit.

    Attributes
    ----------
    name : str
        Of the subcircuit.
    lines : tuple of str
        The netlist.
    parameters : mapping
        What its parameters are called, by the model's names; "length" is one where the equations have it.
    starts : mapping
        What the parameters are called that are the states at the start.
    charge : tuple of str
        What the parameters are called that are the charge at the start and the unit of charges, both in C; empty where
        there is no charge.
    states : mapping
        What the states are called in names of nodes, in the order of the pins: behind the two nodes of the edge one a
        state, at whose voltage it is; then those of the linked edge, of its states in `linked_states`.
    linked_states : tuple of str
        The states that are read of the linked edge.
    linked : bool
        Whether there is a linked edge.
    """

    name: str
    lines: tuple[str, ...]
    parameters: Mapping[str, str]
    starts: Mapping[str, str]
    charge: tuple[str, ...]
    states: Mapping[str, str]
    linked_states: tuple[str, ...]
    linked: bool


def subcircuit(model: Model, table: Table, *, name: str, time: float) -> Subcircuit:
    """Return a model as a subcircuit whose time 0 is `time` (s).

    Raises
    ------
    ValueError
        It has events or noise, or one source would be longer than 100,000 characters.
    """
    of = smooth(model, table, "a netlist")
    try:
        return _Writer(of, name, time).subcircuit()
    except ValueError as fault:
        raise ValueError(f"{model.name}: {fault}") from None


class _Writer:
    def __init__(self, of: Smooth, name: str, time: float) -> None:
        self.of, self.name = of, name
        self.dialect = replace(NGSPICE, number=self._number)
        self.numbers: dict[float, str] = {}
        names = [*of.table.parameters, *(("length",) if of.uses_length else ())]
        self.parameters = distinct({one: f"p_{one}" for one in names}, set(), ignore_case=True)
        self.states = distinct({one: one for one in of.states}, set(), ignore_case=True)
        self.symbols = {one: self._number(value) for one, value in constants(of.model).items()}
        self.symbols |= {"v": "V(a,b)", "t": f"(time + {self._number(time)})", "linked.v": "V(la,lb)"}
        self.symbols |= {one: f"({{{word}}})" for one, word in self.parameters.items()}
        self.symbols |= {one: f"V(x_{word})" for one, word in self.states.items()}
        self.symbols |= {f"in_units.{one}": f"V(u_{word})" for one, word in self.states.items()}
        self.symbols |= {f"linked.{one}": f"V({word})" for one, word in self._linked_nodes().items()}
        self.sources = list(self._definitions())

    def _number(self, value: float) -> str:
        """Return a number for a source, where ngspice cuts those that are no parameter's to eleven digits."""
        if float(f"{value:.10e}") == value:
            return number(value)
        return f"({{{self.numbers.setdefault(value, f'c_{len(self.numbers)}')}}})"

    def _linked_nodes(self) -> dict[str, str]:
        return distinct({one: f"l_{one}" for one in self.of.model.linked_states}, set(), ignore_case=True)

    def _text(self, expression: Expression) -> str:
        return rendered(expression, self.symbols, self.dialect)

    def _definitions(self) -> Iterator[str]:
        """Add the definitions to the symbols, and return the sources of those that are too long to be written out."""
        nodes = distinct({one: f"d_{one}" for one in self.of.definitions}, set(), ignore_case=True)
        for one, expression in self.of.definitions.items():
            text = self._text(expression)
            is_node = len(text) > MOST_WRITTEN_OUT and expression not in (self.of.current, self.of.charge)
            self.symbols[one] = f"V({nodes[one]})" if is_node else text
            if is_node:
                yield f"B{nodes[one]} {nodes[one]} 0 V={text}"

    def subcircuit(self) -> Subcircuit:
        of = self.of
        starts = {one: f"s_{word}" for one, word in self.states.items()}
        charge = () if of.charge is None else ("q_start", "q_unit")
        body = [*self.sources, *(line for state in of.states.values() for line in self._state(state))]
        body += [*self._charge(), *self._current()]
        pins = ["a", "b", *(f"x_{word}" for word in self.states.values())]
        pins += ["la", "lb", *self._linked_nodes().values()] if of.linked else []
        given = {word: of.table.parameters[one].initial for one, word in self.parameters.items() if one != "length"}
        given |= {self.parameters["length"]: 0.0} if of.uses_length else {}
        given |= {word: of.table.states[one].initial or 0.0 for one, word in starts.items()}
        given |= dict(zip(charge, (0.0, 1.0), strict=False))
        parts = [
            *(f"* {line}" for line in [f"{of.model.name}: its equations", *of.model.lines()]),
            " ".join([f".subckt {self.name}", *pins]),
            *(f"+ {word}={value!r}" for word, value in given.items()),
            *(f".param {word}={value!r}" for value, word in self.numbers.items()),
            *NGSPICE.definitions("\n".join(body)),
            *body,
            ".ends",
        ]
        return Subcircuit(
            self.name, tuple(parts), self.parameters, starts, charge, self.states,
            of.model.linked_states, of.linked,
        )  # fmt: skip

    def _state(self, state: SmoothState) -> Iterator[str]:
        """Return the lines of a state: its unit, its capacitor, its rate, and the state itself as a voltage."""
        name = state.field.name
        word = self.states[name]
        self.symbols[f"unit.{name}"] = f"({{k_{word}}})"
        self.symbols[f"rate.{name}"] = f"({self._text(state.rate)} / ({{k_{word}}}))"
        symbols = {**{one: number(value) for one, value in constants(self.of.model).items()}, **self.parameters}
        for one, expression in definitions_of(self.of.model, [state.unit]).items():
            symbols[one] = rendered(expression, symbols, NGSPICE)
        yield f".param k_{word}={{{rendered(state.unit, symbols, NGSPICE)}}}"
        yield f"Cu_{word} u_{word} 0 1 IC={{s_{word}/k_{word}}}"
        yield f"Bu_{word} 0 u_{word} I={self._text(state.limited)}"
        yield f"Bx_{word} x_{word} 0 V={self._text(state.within)}"
        yield f".ic V(u_{word})={{s_{word}/k_{word}}} V(x_{word})={{s_{word}}}"

    def _charge(self) -> Iterator[str]:
        """Return a capacitor of 1 F that is held at the charge: what flows onto it is what charges the edge."""
        if self.of.charge is not None:
            yield f"B_q q 0 V={self._text(self.of.charge)}/({{q_unit}})"
            yield "V_q q qc 0"
            yield "C_q qc 0 1 IC={q_start/q_unit}"
            yield ".ic V(q)={q_start/q_unit} V(qc)={q_start/q_unit}"

    def _current(self) -> Iterator[str]:
        parts = [] if self.of.current is None else [self._text(self.of.current)]
        parts += [] if self.of.charge is None else ["({q_unit})*I(V_q)"]
        yield f"B_i a b I={' + '.join(parts)}"
