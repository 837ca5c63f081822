"""Texts become programs: trees print back, units agree, derivatives and runs meet mpmath."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from memnet import device_model, equations
from memnet.equations._derivatives import derivative
from memnet.equations._fault import Place
from memnet.equations._lower import Lowering
from memnet.equations._model import parse
from memnet.equations._registers import allocate
from memnet.equations._tree import Call, Name, Number, read

# What each function is at high precision.
EXACT = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "neg": lambda a: -a,
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sqrt": mpmath.sqrt,
    "abs": abs,
    "min": min,
    "max": max,
}
SYMBOLS = ("a", "b", "v")


def trees(depth=4):
    """Return expressions of a, b and v with values of moderate size."""
    leaves = st.one_of(
        st.sampled_from([Name(name, Place(1, 1)) for name in SYMBOLS]),
        st.floats(0.25, 4).map(lambda x: Number(round(x, 3), Place(1, 1))),
    )

    def grow(inner):
        two = st.tuples(st.sampled_from(("+", "-", "*", "/", "min", "max")), st.tuples(inner, inner))
        one = st.tuples(st.sampled_from(("neg", "exp", "log", "sqrt", "abs")), st.tuples(inner))
        return st.one_of(two, one).map(lambda pair: Call(pair[0], pair[1], Place(1, 1)))

    return st.recursive(leaves, grow, max_leaves=2**depth)


def exact(tree, values):
    """Return what a tree is, with the digits of mpmath."""
    if isinstance(tree, Number):
        return mpmath.mpf(tree.value)
    if isinstance(tree, Name):
        return values[tree.name]
    return EXACT[tree.function](*(exact(one, values) for one in tree.of))


def lowered(text):
    """Return the values of a model whose current is an expression of a, b and v."""
    return Lowering(parse("M", f"i = {text}\nparameter a = 1\nparameter b = 1"))


def run(graph, outputs, values):
    """Return what a program computes of numbers."""
    program = allocate(graph, outputs)
    given = np.array([[values[name]] for name in program.inputs], dtype=np.float64).reshape(len(program.inputs), 1)
    return dict(zip(program.outputs, program.core().run(given, np.empty(0))[:, 0], strict=True))


@given(trees())
def test_print_back(tree):
    assert str(read(str(tree), Place(1, 1))) == str(tree)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("-a**2", "(-pow(a, 2.0))"),
        ("a - b - v", "((a - b) - v)"),
        ("a/b*v", "((a / b) * v)"),
        ("a**b**v", "pow(a, pow(b, v))"),
        ("a < b < v", "((a < b) and (b < v))"),
        ("not a < b or v > 1", "((not (a < b)) or (v > 1.0))"),
        ("min(a, b, v)", "min(min(a, b), v)"),
        ("+a", "a"),
    ],
)
def test_precedence(text, means):
    assert str(read(text, Place(1, 1))) == means


@settings(max_examples=200, deadline=None)
@given(trees(), *(st.floats(0.3, 3.0) for _ in SYMBOLS))
def test_values_and_derivatives(tree, a, b, v):
    """Values meet mpmath to rounding, derivatives central differences of 60 digits to 1e-12, where nothing cancels."""
    values = {"a": a, "b": b, "v": v}
    with mpmath.workdps(80):
        precise = {name: mpmath.mpf(x) for name, x in values.items()}
        try:
            parts = [exact(one, precise) for one in subtrees(tree)]
            slope = central(tree, precise)
        except (ZeroDivisionError, ValueError, TypeError):  # mpmath does not order complex numbers
            return
        if any(isinstance(one, mpmath.mpc) or not 1e-3 < abs(one) < 1e3 for one in parts) or kinks(tree, precise):
            return
    lowering = lowered(str(tree))
    graph, i = lowering.graph, lowering.definition("i")
    found = run(graph, {"i": i, "i_v": derivative(graph, i, "v")}, values)
    assert found["i"] == pytest.approx(float(parts[0]), rel=1e-11)
    assert found["i_v"] == pytest.approx(float(slope), rel=1e-9, abs=1e-3)


def subtrees(tree):
    """Return a tree and all in it."""
    return [tree, *(one for part in getattr(tree, "of", ()) for one in subtrees(part))]


def central(tree, values):
    """Return the derivative by v."""
    h = mpmath.mpf(10) ** -30
    ahead, back = (exact(tree, {**values, "v": values["v"] + step}) for step in (h, -h))
    return (ahead - back) / (2 * h)


def kinks(tree, values):
    """Return whether a kink is near."""
    for one in subtrees(tree):
        if isinstance(one, Call) and one.function in ("min", "max"):
            a, b = (exact(part, values) for part in one.of)
            if abs(a - b) < 1e-6:
                return True
    return False


def test_common_parts_are_computed_once():
    lowering = lowered("exp(a*v) + exp(a*v)*b")
    program = allocate(lowering.graph, {"i": lowering.definition("i")})
    assert sum(name == "EXP" for name, _, _ in program.instructions) == 1


def test_constants_are_folded():
    lowering = lowered("0*exp(v) + 1*v + (2 + 3)*a - 0")
    program = allocate(lowering.graph, {"i": lowering.definition("i")})
    assert [name for name, _, _ in program.instructions] == ["MULTIPLY_ADD"]
    assert program.constants == (5.0,)


BAD = {
    "i = g*v": ("g is not defined", 1, 5),
    "i = vv": ("did you mean 'v'", 1, 5),
    "i = a\na = b\nb = a": ("a definition needs itself: a needs b needs a", 3, 5),
    "i = v": ("i must be in A, got V", 1, 5),
    "i = a + v\nparameter a = 1 A": ("a is in A, v in V", 1, 9),
    "i = exp(v)": ("argument of exp must be a number without unit", 1, 9),
    "i = x\nstate x = 0 A": ("state x has no equation", 2, 7),
    "i = a\nparameter a = 3 A in [0, 2]": ("a must be in [0, 2] A, got 3", 2, 15),
    "q = a\nparameter a = 1 V": ("q must be in C, got V", 1, 5),
    "a = 1": ("needs its current", 1, 1),
    "i = 1e400*v": ("finite", 1, 5),
    "i = a\nparameter a = 1 A\nparameter a = 2 A": ("line 2 already", 3, 11),
    "i = v\nparameter exp = 1": ("has a meaning", 2, 11),
    "i = a\nparameter a = 1 A\nevent s:": ("has a name and a condition", 3, 7),
    "i = a\nparameter a = 1 A\nevent s when : a = 1": ("needs a condition", 3, 14),
    "i = __import__('os')": ("there is no function", 1, 5),
    "i = v.real": ("there are no attributes", 1, 5),
    "i = (v": ("stays open", 1, 1),
    "i = v if v else 0": ("not part of the language", 1, 5),
    "i = [v]": ("not part of the language", 1, 5),
    "i = v^2": ("x**y", 1, 5),
    "i = 'v'": ("no number", 1, 5),
    "i = sin()": ("takes 1 argument", 1, 5),
    "i = a*xi\nparameter a = 1 A s^0.5": ("white noise", 1, 7),
    "i = a\nparameter a = 1 apple": ("is no unit", 2, 15),
    "i = a\nparameter a = 1 degC": ("zero elsewhere", 2, 15),
    "i = a\nparameter a = 1 A in [2, 1]": ("range of a is empty", 2, 23),
    "hello": ("a line is", 1, 1),
    "\n" * 3000 + "i = 1": ("at most 2000 lines", 1, 1),
    "i = " + "(" * 300 + "v" + ")" * 300: ("nest", 1, 5),
    "i = " + "-" * 5000 + "v": ("nest", 1, 5),
}


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:30])
def test_bad_texts(text):
    reason, line, column = BAD[text]
    with pytest.raises(equations.EquationError) as found:
        device_model("Bad", text)
    assert reason in str(found.value)
    assert found.value.line == line
    if "nest" not in reason:
        assert found.value.column == column


def test_message_shows_the_line():
    with pytest.raises(equations.EquationError) as found:
        device_model("Bad", "# a comment\n    i = g*v")
    assert str(found.value) == "Bad, line 2, column 9: g is not defined\n        i = g*v\n            ^"


def test_units_reach_si():
    model = device_model("M", "i = g*v + I\nparameter g = 2 uS in [0, 1 mS]\nparameter I = 3 nA in [0, 5]")
    device = model()
    assert device.g == pytest.approx(2e-6, rel=1e-15)
    fields = {field["name"]: field for field in model._table["fields"]}
    assert fields["g"]["unit"] == "S"
    assert fields["g"]["high"] == pytest.approx(1e-3, rel=1e-15)
    assert fields["I"]["high"] == pytest.approx(5e-9, rel=1e-15)
    assert math.isfinite(device.I)
