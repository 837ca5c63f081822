"""Texts become programs: trees print back, units reach SI, what is common or constant is computed once."""

import math

import pytest
from hypothesis import given, strategies as st

from memnet import device_model, equations
from memnet.equations._dimensions import in_si
from memnet.equations._fault import Place
from memnet.equations._lower import Lowering
from memnet.equations._model import parse
from memnet.equations._registers import allocate
from memnet.equations._statements import Quantity
from memnet.equations._tree import Call, Name, Number, read

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


def lowered(text):
    """Return the values of a model whose current is an expression of a, b and v."""
    return Lowering(parse("M", f"i = {text}\nparameter a = 1\nparameter b = 1"))


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


def test_common_parts_are_computed_once():
    lowering = lowered("exp(a*v) + exp(a*v)*b")
    program = allocate(lowering.graph, {"i": lowering.definition("i")})
    assert sum(name == "EXP" for name, _, _ in program.instructions) == 1


def test_constants_are_folded():
    lowering = lowered("0*exp(v) + 1*v + (2 + 3)*a - 0")
    program = allocate(lowering.graph, {"i": lowering.definition("i")})
    assert [name for name, _, _ in program.instructions] == ["MULTIPLY_ADD"]
    assert program.constants == (5.0,)


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


@given(st.integers(1, 99_999), st.integers(-4, 4), st.sampled_from(["p", "n", "u", "m", "k", "M"]))
def test_prefixes_move_the_point_of_a_number(digits, power, prefix):
    """0.05 nF is the float 5e-11, not 0.05 times the float 1e-9."""
    by = {"p": -12, "n": -9, "u": -6, "m": -3, "k": 3, "M": 6}[prefix]
    quantity = Quantity(float(f"{digits}e{power}"), f"{prefix}F", Place(1, 1))
    assert in_si(quantity) == float(f"{digits}e{power + by}")
