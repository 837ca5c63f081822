"""Texts that are no models: each is refused at its line and column, in bounded time, and what is no fault is none."""

import pytest

from memnet import device_model, equations

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
    "i = __import__('os')": ("__import__ is not part of the language", 1, 5),
    "i = v.real": ("there are no attributes", 1, 5),
    "i = (v": ("stays open", 1, 1),
    "i = v if v else 0": ("which is where(c, a, b)", 1, 5),
    "i = [v]": ("not part of the language", 1, 5),
    "i = v^2": ("x**y", 1, 6),
    "i = 'v'": ("no number", 1, 5),
    "i = a*(1/0)\nparameter a = 1 A": ("numbers must be finite", 1, 8),
    "i = a*exp(1000)\nparameter a = 1 A": ("is inf", 1, 7),
    "x' = -x/tau\ni = v": ("a rate is written `dx/dt = ...`", 1, 1),
    "i == v": ("an equation has one `=`", 1, 1),
    "i = v = 2": ("an equation has one `=`", 1, 7),
    "i += v": ("an equation holds at all times", 1, 1),
    "d2x/dt2 = 1\ni = v": ("rates are of first order", 1, 1),
    "i = 2 v": ("a product is 2*v", 1, 7),
    "i = 2v": ("a product is 2*v", 1, 6),
    "i = (v)(v)": ("a product is written with *", 1, 8),
    "i = v(2)": ("there is no function v; a product is written with *", 1, 5),
    "i = a*ln(2)\nparameter a = 1 A": ("write log(x)", 1, 7),
    "i = a*math.exp(2)\nparameter a = 1 A": ("write exp(...)", 1, 7),
    "i = a*e**2\nparameter a = 1 A": ("write exp(x) for e**x", 1, 7),
    "i = g*(v - 0.5 mV)\nparameter g = 1 S": (
        "a number with a unit is a parameter: write `parameter a = 0.5 mV`",
        1,
        16,
    ),
    "i = g*(v - 0.5*mV)\nparameter g = 1 S": ("if it is the unit, a number with a unit is a parameter: write", 1, 16),
    "i = g*exp(v/(25*kohm))*v\nparameter g = 1 S": ("`parameter a = 0.5 kohm`, and a in the expression", 1, 17),
    "i = G*v\nparameter g = 1 S": ("G is not defined", 1, 5),
    "i = g*v\nlinked x in nm\nparameter g = 1 S": ("nothing reads linked.x", 2, 8),
    "i = g*linked.v\nlinked v in V\nparameter g = 1 S": ("linked.v is the voltage of the linked edge", 2, 8),
    "i = g*v*linked.x\nlinked x: nm\nparameter g = 1 S": ("write it as `linked x in nm : what it is`", 2, 8),
    "i = g*v*linked.x\nlinked x in bogus\nparameter g = 1 S": ("bogus is no unit", 2, 13),
    "i = g*v*linked.x\nlinked x in nm\nparameter g = 1 S": ("i must be in A, got m A", 1, 5),
    "i = g*v\nparameter g = inf S": ("numbers must be finite", 2, 15),
    "i = g*v\nparameter g = -nan": ("numbers must be finite", 2, 15),
    "i = g*v*inf\nparameter g = 1 S": ("inf is not defined: numbers must be finite", 1, 9),
    "i = g*x*v\ndx/dt = 0\nparameter g = 1 S\nstate x = inf": ("numbers must be finite", 4, 11),
    "i = g*v\nparameter g = 1 S\npreset a: g = inf S": ("numbers must be finite", 3, 15),
    "i = g*x*v\ndx/dt = 0\nparameter g = 1 S\nstate x = 2 in [0, 1]": ("x must be in [0, 1], got 2", 4, 11),
    "q = C*v\nparameter C = 1 F\nparameter v_initial = 1 mA": ("voltage at the start: it must be in V, got A", 3, 23),
    "i = v & 1": ("write `and`", 1, 7),
    "i = v % 1": ("a - b*floor(a/b)", 1, 7),
    "i = C*dv/dt\nparameter C = 1 F": ("of a charge q is i + dq/dt", 1, 7),
    "i = g*v\nparameter g": ("write it as `parameter", 2, 11),
    "i = g*v\nparameter g = S": ("a number with its unit", 2, 15),
    "i = g*v\ng = 1 S": ("a number with a unit is a parameter", 2, 7),
    "i = g*v\nParameter g = 1 S": ("did you mean 'parameter'", 2, 1),
    "i = g*v\ndg/dt = 1\nparameter g = 1 S": ("g is a parameter, which stays as it is", 2, 2),
    "i = w*v\ndw/dt = 1\nw = 1": ("w is a definition", 2, 2),
    "i = v\ndv/dt = 1": ("a capacitance is a charge", 2, 2),
    "i = \u03b3*v": ("names have the letters a to z: \u03b3, as gamma", 1, 5),
    "i = 2\u00b7v": ("times is written *", 1, 6),
    "i = v\u00b2": ("a square is written x**2", 1, 6),
    "i = \u2212v": ("minus is written -", 1, 5),
    "i = v\nx = \ud800": ("is no letter of a text", 2, 5),
    "i = v # \0": ("is no letter of a text", 1, 9),
    "i = v) + (v": ("closes none", 1, 6),
    "i = linked.__class__": ("no attribute", 1, 5),
    "i = v\nparameter __class__ = 1": ("write it as", 2, 11),
    "i = model*v\nparameter model = 1 S": ("something else of every device", 2, 11),
    "i = parameters*v\nparameter parameters = 1 S": ("something else of every device", 2, 11),
    "i = g*v\nparameter g = 1 S**(9**9**9)": ("is no unit", 2, 15),
    "i = g*v\nparameter g = 1 " + "(" * 500 + "S" + ")" * 500: ("is no unit", 2, 15),
    "i = g*v**1e300\nparameter g = 1 S": ("powers of units are at most 1000", 1, 10),
    "i = g*v**(1e300*1e300)\nparameter g = 1 S": ("powers of units are at most 1000", 1, 11),
    "i = g*v\nparameter g = 1 S\npreset a: g = 1, g = 2": ("preset a has g already", 3, 22),
    "i = v\nstate x = 0\nevent s when x > 1: x = 0, x = 1": ("event s sets x already", 3, 28),
    "i = v\nstate s_holds = 0\nevent s when t > 1: s_holds = 1": ("needs the name s_holds", 3, 7),
    "i = v\nstate x = 0\ndx/dt = " + "+".join(["xi"] * 17): ("at most 16 uses of xi", 3, 57),
    "i = v\n" + "\n".join(f"parameter p{k} = 0" for k in range(129)): ("at most 128 parameters and states", 130, 11),
    "i = v\nstate x = 0\n" + "\n".join(f"event e{k} when x > 1: x = 0" for k in range(101)): (
        "at most 100 events",
        103,
        7,
    ),
    "i = " + "min(" + ", ".join("v" * 300) + ")": ("nest", 1, 5),
    "i = " + " and ".join("v" * 300): ("nest", 1, 5),
    "i = " + " < ".join("v" * 300): ("nest", 1, 5),
    "i = sin()": ("takes 1 argument", 1, 5),
    "i = a*xi\nparameter a = 1 A s^0.5": ("white noise", 1, 7),
    "i = a\nparameter a = 1 apple": ("is no unit", 2, 15),
    "i = a\nparameter a = 1 degC": ("zero elsewhere", 2, 15),
    "i = a\nparameter a = 1 A in [2, 1]": ("range of a is empty", 2, 23),
    "i = a\nparameter a = 0 A in [-1, 1] without 0": ("a must be in [-1, 1] without 0 A, got 0", 2, 15),
    "i = a*x\nparameter a = 1 A\nstate x = 1 in [0, 2] without 0": ("only the range of a parameter", 3, 22),
    "i = a + b\nparameter b = 2 A\nparameter a = 1 A in (-inf, b) without 0": ("between numbers", 3, 31),
    "i = a\nparameter a = 1 A in [0, 2] without 1": ("a range is as", 2, 22),
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


# Texts that would take for ever, or all memory, or the stack, were they not bounded.
LARGE = {
    "definitions that double": [
        *(f"a{k + 1} = a{k} + a{k}" for k in range(1900)),
        "a0 = 1",
        "state x = a1900",
        "i = v",
    ],
    "units that double": ["a0 = v", *(f"a{k + 1} = a{k}*a{k}" for k in range(1900)), "i = a1900"],
    "conditions that double": [
        *("i = g*x*v", "parameter g = 1 S", "state x = 0", "event s when a1900 > 2: x = 0", "a0 = x", "b0 = x"),
        *(f"a{k + 1} = a{k} + b{k}\nb{k + 1} = b{k} - a{k}" for k in range(900)),
    ],
    "a circle": [*(f"a{k} = a{(k + 1) % 1900}" for k in range(1900)), "i = v*a0"],
    "digits": ["i = v", f"parameter g = {'1' * 190_000}x"],
    "a range": ["i = v", f"state x = 0 in [{'a' * 90_000}, {'b' * 90_000}"],
    "blanks": ["i = h*v", f"parameter g = 1 S\npreset a: g = 1 : x{' ' * 190_000}y"],
    "an open parenthesis": ["i = (", *["in (0, 1]" + " v +" * 20] * 1900],
    "jumps": ["i = v", "state x = 0", "event s when t > 1: " + ", ".join(["x = 0"] * 20_000)],
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_large_texts_are_read_in_bounded_time(text):
    with pytest.raises(equations.EquationError):
        device_model("Large", "\n".join(text))


SAME = "i = g*v\nparameter g = 1 kohm^-1 in [0, inf) : conductance"


@pytest.mark.parametrize(
    "text",
    [
        SAME.replace("\n", "\r\n"),
        SAME.replace("\n", "\r"),
        "\ufeff" + SAME,
        SAME.replace(" ", "\t"),
        SAME.replace(" ", "\u00a0"),
        SAME.replace("ohm", "\u2126"),
        SAME.replace("ohm", "\u03a9"),
        "\n\n" + SAME.replace("g*v", "(g\n * v)  # a comment"),
    ],
)
def test_what_editors_make_of_a_text_is_no_fault(text):
    model = device_model("M", text)
    assert model().g == 1e-3
    assert "conductance" in (model.__doc__ or "")


@pytest.mark.parametrize("prefix", ["u", "\u00b5", "\u03bc"])
def test_micro_has_three_letters(prefix):
    assert device_model("M", f"i = g*v\nparameter g = 2 {prefix}S")().g == pytest.approx(2e-6, rel=1e-15)


def test_columns_count_lines_that_go_on():
    with pytest.raises(equations.EquationError) as found:
        device_model("M", "i = (v +\n     v*\n  wrong)")
    assert (found.value.line, found.value.column) == (3, 3)


def test_a_message_can_be_printed_whatever_the_text_holds():
    with pytest.raises(equations.EquationError) as found:
        device_model("M", "i = v : \ud800\0")
    assert str(found.value).encode("utf-8").isascii() is False


def test_events_of_each_step_are_refused_beside_a_charge_without_states():
    with pytest.raises(equations.EquationError, match="line 4, column 7: a model with a charge q has no noise"):
        device_model("Bad", "q = C*v\nparameter C = 1 F\nparameter u = 1 V\nevent e each step when v > u:")
