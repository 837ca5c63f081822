"""The slopes of every model that is a text, against differences with 90 digits."""

import mpmath
import numpy as np
import pytest

from memnet import equations
from memnet.devices import MODELS
from memnet.equations._model import CONSTANTS
from memnet.equations._tree import Name, Number


def has_slopes(text: str) -> bool:
    """Return whether a model has a program of slopes; one that takes fixed steps alone has none."""
    model = equations.parse("Model", text)
    return equations.programs(model, equations.table(model)).linearise is not None


TEXTS = [name for name, model in MODELS.items() if (text := model._table["text"]) and has_slopes(text)]
EXACT = {
    **{name: getattr(mpmath, name) for name in ("exp", "expm1", "log", "sqrt", "sin", "cos", "tan")},
    **{name: getattr(mpmath, name) for name in ("sinh", "cosh", "tanh", "atan", "floor", "sign")},
    "log1p": mpmath.log1p,
    "abs": abs,
    "min": min,
    "max": max,
    "pow": lambda a, b: a**b,
    "neg": lambda a: -a,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "and": lambda a, b: a and b,
}


def exact(tree, model, values):
    """Return what an expression of a model is, with the digits of mpmath; of `where` one side alone.

    What the definitions on the way are is noted in `values`.
    """
    if isinstance(tree, Number):
        return mpmath.mpf(tree.value)
    if isinstance(tree, Name):
        if tree.name not in values and tree.name in model.definitions:
            values[tree.name] = exact(model.definitions[tree.name], model, values)
        return values[tree.name] if tree.name in values else mpmath.mpf(CONSTANTS[tree.name][0])
    if tree.function == "where":
        side = tree.of[1] if exact(tree.of[0], model, values) else tree.of[2]
        return exact(side, model, values)
    return EXACT[tree.function](*(exact(one, model, values) for one in tree.of))


def central(tree, model, values, name):
    """Return the derivative by one symbol."""
    h = mpmath.mpf(10) ** -30 * (abs(values[name]) or 1)
    ahead, back = (exact(tree, model, {**values, name: values[name] + step}) for step in (h, -h))
    return (ahead - back) / (2 * h)


def wanted(model, table):
    """Return the outputs of the program of slopes that are derivatives, each with its expression and symbol."""
    found = {"i_v": ("i", "v"), "q_v": ("q", "v")}
    found = {name: (model.definitions[of], by) for name, (of, by) in found.items() if of in model.definitions}
    for state in table.states:
        if state in model.rates:
            found |= {f"f_x.{state}": (model.rates[state], state), f"f_v.{state}": (model.rates[state], "v")}
        for of in ("i", "q"):
            if of in model.definitions:
                found[f"{of}_x.{state}"] = (model.definitions[of], state)
    return found


@pytest.mark.parametrize("name", TEXTS)
def test_slopes_are_differences(name):
    model = equations.parse(name, MODELS[name]._table["text"])
    table = equations.table(model)
    program = equations.programs(model, table).linearise
    rng = np.random.default_rng(5)
    for _ in range(40):
        given = {one: table.parameters[one].initial for one in table.parameters}
        given |= {"v": rng.uniform(-1.6, 1.6), "linked.v": rng.uniform(-1, 1), "linked.x": rng.uniform(-0.7, 0.7)}
        given |= {one: rng.uniform(0.05, 0.95) for one in table.states} | {"v_q": 0.0}
        given |= {"R_m": rng.uniform(1001, 9999)} if "R_m" in table.states else {}
        given |= {"S": 1 + rng.choice([5e-8, 0.3])} if "S" in table.states else {}  # released, and frozen
        at = np.array([[given[one]] for one in program.inputs], dtype=np.float64)
        found = dict(zip(program.outputs, program.core().run(at, np.empty(0))[:, 0], strict=True))
        with mpmath.workdps(90):
            inputs = {one: mpmath.mpf(x) for one, x in given.items()}
            here = dict(inputs)
            for what, (tree, by) in wanted(model, table).items():
                expected = float(central(tree, model, inputs, by))
                size = abs(float(exact(tree, model, here))) / max(abs(given[by]), 1e-3)
                assert found[what] == pytest.approx(expected, rel=1e-12, abs=1e-13 * size + 1e-40), (what, given)
