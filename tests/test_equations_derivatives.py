"""Values and derivatives of random expressions of every function, against mpmath, as their conditioning lets."""

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

from memnet.equations._derivatives import derivative
from memnet.equations._fault import Place
from memnet.equations._lower import Lowering
from memnet.equations._model import parse
from memnet.equations._registers import allocate
from memnet.equations._tree import FUNCTIONS, Call, Name, Number

MP = mpmath.MPContext()
MP.dps = 90
STEP = MP.mpf(10) ** -30
HERE = Place(1, 1)
SYMBOLS = ("a", "b", "v")
# What each function of the language is; a test fails where one is missing.
EXACT = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "neg": lambda a: -a,
    "abs": abs,
    "min": min,
    "max": max,
    "pow": lambda a, b: MP.power(a, b),
    "sign": MP.sign,
    "floor": MP.floor,
    "where": lambda c, a, b: a if c != 0 else b,
    **{name: getattr(MP, name) for name in ("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan")},
    **{name: getattr(MP, name) for name in ("tanh", "sinh", "cosh", "atan")},
}
# Relative errors of the functions themselves, in units of 2^-53; others are exact or rounded once.
ULPS = 4
# Where a function jumps or turns: the distance to it of its operands.
KINKS = {
    "abs": lambda a: a,
    "sign": lambda a: a,
    "floor": lambda a: a - MP.nint(a),
    "min": lambda a, b: a - b,
    "max": lambda a, b: a - b,
    "where": lambda c, a, b: c,
}


def call(function, *of):
    return Call(function, of, HERE)


def trees(leaves=12):
    """Return expressions of a, b and v with every function of the language."""
    ends = st.sampled_from([Name(name, HERE) for name in SYMBOLS]) | st.floats(0.25, 4).map(
        lambda x: Number(round(x, 3), HERE)
    )
    signs = {"+": 2, "-": 2, "*": 2, "/": 2, "neg": 1}

    def grow(inner):
        return st.sampled_from(sorted({**FUNCTIONS, **signs}.items())).flatmap(
            lambda one: st.tuples(*[inner] * one[1]).map(lambda of: call(one[0], *of))
        )

    return st.recursive(ends, grow, max_leaves=leaves)


class OutsideTheReals(Exception):
    """An expression is not real, too large or too near a kink, so there is nothing to compare."""


def exact(tree, values):
    """Return what a tree is."""
    if isinstance(tree, Number):
        return MP.mpf(tree.value)
    if isinstance(tree, Name):
        return values[tree.name]
    of = [exact(one, values) for one in tree.of]
    try:
        value = EXACT[tree.function](*of)
    except (ZeroDivisionError, ValueError, OverflowError):
        raise OutsideTheReals from None
    if isinstance(value, MP.mpc) or not MP.isfinite(value) or abs(value) > 1e30:
        raise OutsideTheReals
    if tree.function in KINKS and abs(KINKS[tree.function](*of)) < 1e-3:
        raise OutsideTheReals
    return value


def spread(tree, values):
    """Return a value and how far rounding may take it: each operation errs, and carries on what its operands err."""
    if not isinstance(tree, Call):
        return exact(tree, values), MP.mpf(0)
    parts = [spread(one, values) for one in tree.of]
    of = [value for value, _ in parts]
    value = EXACT[tree.function](*of)
    error = ULPS * MP.mpf(2) ** -53 * abs(value)
    for k, (one, its) in enumerate(parts):
        if its:
            moved = [*of[:k], one + its, *of[k + 1 :]]
            error += abs(EXACT[tree.function](*moved) - value)
    return value, error


def central(tree, values):
    """Return the derivative by v: a difference of 90 digits, right to 60."""
    ahead, back = (exact(tree, {**values, "v": values["v"] + step}) for step in (STEP, -STEP))
    return (ahead - back) / (2 * STEP)


def run(graph, outputs, values):
    """Return what a program computes of numbers."""
    program = allocate(graph, outputs)
    given = np.array([[values[name]] for name in program.inputs], dtype=np.float64).reshape(len(program.inputs), 1)
    return dict(zip(program.outputs, program.core().run(given, np.empty(0))[:, 0], strict=True))


def computed(tree, values):
    """Return the value of a tree and its derivative by v as memnet computes them."""
    lowering = Lowering(parse("M", f"i = {tree}\nparameter a = 1\nparameter b = 1"))
    graph, i = lowering.graph, lowering.definition("i")
    found = run(graph, {"i": i, "i_v": derivative(graph, i, "v")}, values)
    return found["i"], found["i_v"]


def test_every_function_of_the_language_is_compared():
    assert set(FUNCTIONS) <= set(EXACT)


@settings(max_examples=300, deadline=None)
@given(trees(), *(st.floats(0.3, 3.0) for _ in SYMBOLS))
def test_values_err_no_more_than_their_operations_carry_on(tree, a, b, v):
    values = {"a": a, "b": b, "v": v}
    try:
        value, error = spread(tree, {name: MP.mpf(x) for name, x in values.items()})
        exact(tree, {name: MP.mpf(x) for name, x in values.items()})
    except (OutsideTheReals, ZeroDivisionError, ValueError, OverflowError):
        assume(False)
    assume(error <= 1e-6 * (abs(value) + 1))
    found, _ = computed(tree, values)
    assert abs(MP.mpf(float(found)) - value) <= 2 * error + 1e-300


@settings(max_examples=300, deadline=None)
@given(trees(), *(st.floats(0.3, 3.0) for _ in SYMBOLS))
def test_derivatives_meet_differences_of_60_digits(tree, a, b, v):
    """To 1e-12, where the derivative changes by less than 30 times what its inputs do, and no part's is far larger."""
    values = {"a": a, "b": b, "v": v}
    precise = {name: MP.mpf(x) for name, x in values.items()}
    try:
        slope = central(tree, precise)
        change = sum(abs(central(tree, moved(precise, name)) - slope) for name in SYMBOLS) / SHIFT
        largest = max(abs(central(one, precise)) for one in (tree, *parts(tree)))
    except OutsideTheReals:
        assume(False)
    assume(change <= 30 * abs(slope) and largest <= 1e3 * abs(slope))
    _, found = computed(tree, values)
    assert abs(MP.mpf(float(found)) - slope) <= 1e-12 * abs(slope)


SHIFT = MP.mpf(10) ** -8


def moved(values, name):
    return {**values, name: values[name] * (1 + SHIFT)}


def parts(tree):
    """Return what stands in a tree."""
    return [inner for one in getattr(tree, "of", ()) for inner in (one, *parts(one))]


# Of each function alone, the derivative is well conditioned at these points: no excuse.
POINTS = [0.3, 0.7, 1.3, 2.9, -0.4, -2.2]


@pytest.mark.parametrize("function", [name for name, n in FUNCTIONS.items() if n == 1])
@pytest.mark.parametrize("v", POINTS)
def test_the_derivative_of_a_function_is_right_to_1e_14(function, v):
    tree = call(function, Name("v", HERE))
    try:
        slope = central(tree, {"v": MP.mpf(v)})
    except OutsideTheReals:
        pytest.skip("the function is not real there")
    _, found = computed(tree, {"a": 1.0, "b": 1.0, "v": v})
    assert abs(MP.mpf(float(found)) - slope) <= 1e-14 * abs(slope)


@pytest.mark.parametrize("exponent", [-4, -3, -1, -0.5, 0, 0.5, 1, 2, 2.5, 3, 4, 5])
@pytest.mark.parametrize("v", [0.3, 1.7])
def test_derivatives_of_powers(exponent, v):
    tree = call("pow", Name("v", HERE), Number(float(exponent), HERE))
    slope = central(tree, {"v": MP.mpf(v)})
    assert abs(MP.mpf(float(computed(tree, {"a": 1.0, "b": 1.0, "v": v})[1])) - slope) <= 1e-14 * abs(slope)
