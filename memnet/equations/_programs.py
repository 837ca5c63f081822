"""The programs of a model: what its hooks compute."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from memnet.equations._derivatives import derivative
from memnet.equations._fault import EquationError, Place
from memnet.equations._graph import Graph
from memnet.equations._lower import Lowering, distance
from memnet.equations._model import CHARGE, CHARGE_VOLTAGE, CURRENT, HOLDS, INFLOW, START_VOLTAGE, VOLTAGE, Model
from memnet.equations._registers import Program, allocate
from memnet.equations._statements import Event, Quantity
from memnet.equations._table import Field, Table
from memnet.equations._tree import Expression, Name


@dataclass(frozen=True)
class Programs:
    """The programs of a model by hook; None where it has no such hook.

    Attributes
    ----------
    start : Program or None
        The states at the start, of parameters.
    ranges : Program or None
        Low and high end of the states that names bound, of parameters.
    conductance : Program or None
        g and i0 of i = g v + i0, for fixed steps; where i is not linear in v, at the voltage of the step before.
    advance : Program or None
        The states after a step; then, for events of each step, whether they happen.
    linearise : Program or None
        i, i_v, with a charge q and q_v; f, f_x, f_v, i_x of the states, with a charge q_x.
    crossing : Program or None
        Distances of the located events.
    jumps : tuple of Program
        The states after each located event.
    noises : int
        How many sources of noise there are.
    linear : bool
        Whether i is linear in v.
    implicit : bool
        Whether steps are implicit: there is a charge, or i is not linear in v and nothing needs explicit ones, as
        noise, inflow and events of each step do.
    source : bool
        Whether i is not 0 at v = 0.
    """

    start: Program | None
    ranges: Program | None
    conductance: Program | None
    advance: Program | None
    linearise: Program | None
    crossing: Program | None
    jumps: tuple[Program, ...]
    noises: int
    linear: bool
    implicit: bool
    source: bool

    def hooks(self) -> tuple[Program | None, ...]:
        """Return them in the order of the C library, without the jumps."""
        return self.start, self.ranges, self.conductance, self.advance, self.linearise, self.crossing


def programs(model: Model, table: Table) -> Programs:
    """Return the programs of a model with its table.

    Raises
    ------
    EquationError
        Noise that is not added to a rate, or too many operations.
    """
    try:
        return _Compiler(model, table).programs()
    except EquationError as fault:
        raise fault.located(model.text, model.name) from None


def located_events(model: Model) -> list[Event]:
    """Return the events whose moments are found within a step."""
    return [event for event in model.events if not event.each_step]


def each_step_events(model: Model) -> list[Event]:
    """Return the events that are looked for at the end of each step."""
    return [event for event in model.events if event.each_step]


def events_at_steps(model: Model) -> bool:
    """Return whether fixed steps look for located events at their ends, as conditions need neither circuit nor time."""
    conditions = [event.condition for event in located_events(model)]
    return bool(conditions) and not any(_needs_circuit(model, one) for one in conditions)


def _needs_circuit(model: Model, expression: Expression) -> bool:
    names = model.behind(expression)
    return "v" in names or "t" in names or any(name.startswith("linked.") for name in names)


class _Compiler:
    def __init__(self, model: Model, table: Table) -> None:
        self.model, self.table = model, table
        self.lowering = Lowering(model)
        self.graph: Graph = self.lowering.graph
        self.zero = self.graph.constant(0.0)
        defined = model.definitions
        self.current = self.lowering.definition(CURRENT) if CURRENT in defined else self.zero
        self.charge = self.lowering.definition(CHARGE) if CHARGE in defined else None
        self.rates = {name: self.lowering.value(model.rates[name]) for name in model.rates}
        self.located, self.each_step = located_events(model), each_step_events(model)
        self.at_steps = events_at_steps(model)

    def programs(self) -> Programs:
        graph = self.graph
        slope = derivative(graph, self.current, "v")
        linear = "v" not in graph.inputs_of(slope)
        source = graph.replaced(self.current, "v", self.zero)
        reads_inflow = self.model.uses(INFLOW)
        explicit = bool(self.each_step or self.lowering.noise or reads_inflow)
        if self.charge is not None and explicit:
            places = [event.place for event in self.each_step] or [self._place_of_noise()]
            raise EquationError("a model with a charge q has no noise and no event of each step", places[0])
        implicit = self.charge is not None or not (linear or explicit)
        return Programs(
            start=self.start(),
            ranges=self.ranges(),
            conductance=None if implicit else self.conductance(slope, source, linear=linear),
            advance=None if implicit or not self.model.states else self.advance(),
            linearise=None if self.each_step or reads_inflow else self.linearise(slope),
            crossing=self.crossing() if self.located else None,
            jumps=tuple(self.jump(event) for event in self.located),
            noises=len(self.lowering.noise),
            linear=linear,
            implicit=implicit,
            source=not implicit and (graph.known(source) != 0 or not linear),
        )

    # ------------------------------------------------------------------ start

    def start(self) -> Program | None:
        """Return the program of the states at the start; with a charge, of its voltage."""
        starts = {name: self._start(name) for name in self.model.states}
        if self.charge is not None:
            starts[CHARGE_VOLTAGE] = self._start_voltage()
        starts |= {HOLDS.format(event.name): self.zero for event in self.located}
        return allocate(self.graph, starts) if starts else None

    def _start(self, name: str) -> int:
        start = self.model.states[name].start
        if isinstance(start, Quantity):
            return self.graph.constant(self.table.states[name].initial or 0.0)
        value = self.lowering.value(start)
        value = self.graph.replaced(value, "v", self._start_voltage())
        value = self.graph.replaced(value, "t", self.zero)
        return self._within(value, self.table.states[name])

    def _start_voltage(self) -> int:
        """Return the voltage that a start knows: there is no circuit yet."""
        return self.graph.input(START_VOLTAGE) if START_VOLTAGE in self.model.parameters else self.zero

    def ranges(self) -> Program | None:
        """Return the program of the ends that differ from edge to edge."""
        ends: dict[str, int] = {}
        for name, field in self.table.states.items():
            if field.own_range is not None:
                found = dict(self._ends(field))
                ends[f"low.{name}"] = found.get(False, self.graph.constant(-math.inf))
                ends[f"high.{name}"] = found.get(True, self.graph.constant(math.inf))
        return allocate(self.graph, ends) if ends else None

    # ------------------------------------------------------------------ fixed steps

    def conductance(self, slope: int, source: int, *, linear: bool) -> Program:
        """Return the program of g and i0."""
        if not linear:
            source = self.graph.difference(self.current, self.graph.product(slope, self.graph.input("v")))
        return allocate(self.graph, {"g": slope, "i0": source})

    def advance(self) -> Program:
        """Return the program of a fixed step, with the events that its end has."""
        graph = self.graph
        new = {name: self._stepped(name) for name in self.model.states}
        flags = {HOLDS.format(event.name): graph.input(HOLDS.format(event.name)) for event in self.located}
        happens: dict[str, int] = {}
        for event in [*(self.located if self.at_steps else ()), *self.each_step]:
            after = graph.substitution(new)
            holds = after(self.lowering.value(event.condition))
            if not event.each_step:
                holds = graph("AND", holds, graph("NOT", flags[HOLDS.format(event.name)]))
            happens[f"happens.{event.name}"] = holds
            jumps = [(one.name, after(self.lowering.value(one.expression))) for one in event.jumps]
            for name, value in jumps:
                new[name] = graph("WHERE", holds, self._within(value, self.table.states[name]), new[name])
        if self.at_steps:
            flags = {HOLDS.format(event.name): self._held_after(event, new) for event in self.located}
        return allocate(graph, {**new, **flags, **happens})

    def _held_after(self, event: Event, states: Mapping[str, int]) -> int:
        """Return 1 where the condition of an event holds at the end of a step, 0 elsewhere."""
        holds = self.graph.substitution(states)(self.lowering.value(event.condition))
        return self.graph("WHERE", holds, self.graph.constant(1.0), self.zero)

    def _stepped(self, name: str) -> int:
        """Return a state after dt: exact where its rate is affine in it, else with its slope over the step."""
        graph, x = self.graph, self.graph.input(name)
        if name not in self.rates:
            return x
        dt = graph.input("dt")
        f = self._mean(self.rates[name])
        slope = derivative(graph, f, name)
        if slope == self.zero:
            new = graph.sum(x, graph.product(dt, f))
        elif name in graph.inputs_of(slope):
            gain = graph.product(dt, graph("PHI1", graph.product(slope, dt)))
            new = graph.sum(x, graph.product(gain, f))
        else:
            new = graph("RELAX", x, dt, slope, f, graph.replaced(f, name, self.zero))
        for noise in self.lowering.noise:
            new = graph.sum(new, self._gathered(self.rates[name], slope, noise))
        return self._within(new, self.table.states[name])

    def _mean(self, value: int) -> int:
        """Return a value without noise."""
        for noise in self.lowering.noise:
            value = self.graph.replaced(value, noise, self.zero)
        return value

    def _gathered(self, rate: int, slope: int, noise: str) -> int:
        """Return what noise adds to a state in dt: normal, with the variance b^2 dt phi1(2 J dt) of a linear rate."""
        graph = self.graph
        strength = derivative(graph, rate, noise)
        if any(one.startswith("xi.") for one in graph.inputs_of(strength)):
            message = "noise is added: a rate is f + b*xi, where b may depend on states but not on xi"
            raise EquationError(message, self._place_of_noise())
        if strength == self.zero:
            return self.zero
        twice = graph.product(graph.constant(2.0), graph.product(slope, graph.input("dt")))
        variance = graph.product(graph.input("dt"), graph("PHI1", twice))
        return graph.product(graph.product(strength, graph("SQRT", variance)), graph.input(noise))

    def _place_of_noise(self) -> Place:
        return next(one.place for one in self.model.all_names() if one.name == "xi")

    def _within(self, value: int, field: Field) -> int:
        """Return a value held in the range of a state."""
        for is_high, end in self._ends(field):
            value = self.graph("MIN" if is_high else "MAX", value, end)
        return value

    def _ends(self, field: Field) -> Iterator[tuple[bool, int]]:
        """Return the ends of a state's range: whether it is the high one, and its value."""
        for is_high, number, bound in ((True, field.high, field.high_of), (False, field.low, field.low_of)):
            if bound is not None:
                end = self.lowering.value(Name(bound.name, bound.place))
                yield is_high, self.graph("NEGATE", end) if bound.is_negative else end
            elif math.isfinite(number):
                yield is_high, self.graph.constant(number)

    # ------------------------------------------------------------------ differential equations

    def linearise(self, slope: int) -> Program:
        """Return the program of the current, the charge, the rates and their slopes, noise left out."""
        graph = self.graph
        outputs = {"i": self.current, "i_v": slope}
        if self.charge is not None:
            outputs |= {"q": self.charge, "q_v": derivative(graph, self.charge, "v")}
        rates = {name: self._mean(self.rates.get(name, self.zero)) for name in self.model.states}
        held = {name: self._is_held(name, rate) for name, rate in rates.items()}
        still = [CHARGE_VOLTAGE] if self.charge is not None else []
        still += [HOLDS.format(event.name) for event in self.located]
        for what, of in (("f", None), ("f_x", "x"), ("f_v", "v")):
            for name, rate in rates.items():
                value = rate if of is None else derivative(graph, rate, name if of == "x" else "v")
                outputs[f"{what}.{name}"] = graph("WHERE", held[name], self.zero, value)
            outputs |= {f"{what}.{name}": self.zero for name in still}
        outputs |= {f"i_x.{name}": derivative(graph, self.current, name) for name in rates}
        outputs |= {f"i_x.{name}": self.zero for name in still}
        if self.charge is not None:
            outputs |= {f"q_x.{name}": derivative(graph, self.charge, name) for name in rates}
            outputs |= {f"q_x.{name}": self.zero for name in still}
        return allocate(graph, outputs)

    def _is_held(self, name: str, rate: int) -> int:
        """Return whether a state is at an end of its range and its rate would take it beyond."""
        graph, x, held = self.graph, self.graph.input(name), self.zero
        for is_high, end in self._ends(self.table.states[name]):
            at_end = graph("LESS_EQUAL", end, x) if is_high else graph("LESS_EQUAL", x, end)
            outward = graph("LESS", self.zero, rate) if is_high else graph("LESS", rate, self.zero)
            here = graph("AND", at_end, outward)
            held = here if held == self.zero else graph("OR", held, here)
        return held

    # ------------------------------------------------------------------ events

    def crossing(self) -> Program:
        """Return the program of the distances of located events: to where the condition comes true, or ends."""
        return allocate(self.graph, {event.name: self._to_change(event) for event in self.located})

    def _to_change(self, event: Event) -> int:
        graph = self.graph
        to_true = distance(self.lowering, event.condition)
        # At the threshold itself a condition that has come true has not ended.
        hardly = graph.constant(-1e-300)
        to_end = graph("WHERE", graph("LESS", to_true, self.zero), graph("NEGATE", to_true),
                       graph("MIN", graph("NEGATE", to_true), hardly))  # fmt: skip
        return graph("WHERE", graph.input(HOLDS.format(event.name)), to_end, to_true)

    def jump(self, event: Event) -> Program:
        """Return the program of the states after an event; what it does not set stays, the voltage of a charge, too."""
        new = {name: self.graph.input(name) for name in self.model.states}
        if self.charge is not None:
            new[CHARGE_VOLTAGE] = self.graph.input(CHARGE_VOLTAGE)
        for jump in event.jumps:
            value = self.lowering.value(jump.expression)
            if jump.name == VOLTAGE:
                new[CHARGE_VOLTAGE] = value
            else:
                new[jump.name] = self._within(value, self.table.states[jump.name])
        return allocate(self.graph, new)
