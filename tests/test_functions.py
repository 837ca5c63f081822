"""The functions that equations of models call: errors against mpmath, special values, where coefficients come from."""

from __future__ import annotations

import platform
import re
import runpy
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import example, given, strategies as st

from memnet import _core
from memnet.equations._derivatives import derivative
from memnet.equations._lower import Lowering
from memnet.equations._model import parse
from memnet.equations._registers import allocate

ROOT = Path(__file__).resolve().parent.parent
COEFFICIENTS = runpy.run_path(str(ROOT / "scripts" / "coefficients.py"))
MP = mpmath.MPContext()
MP.prec = 120

# What each operation is, and the numbers it is of; elsewhere it is nan.
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "EXP": MP.exp,
    "EXPM1": MP.expm1,
    "PHI1": lambda x: MP.expm1(x) / x if x else MP.mpf(1),
    "LOG": MP.log,
    "LOG1P": MP.log1p,
    "SQRT": MP.sqrt,
    "SINH": MP.sinh,
    "COSH": MP.cosh,
    "TANH": MP.tanh,
    "ATAN": MP.atan,
}
ANGULAR: dict[str, Callable[[Any], Any]] = {"SIN": MP.sin, "COS": MP.cos, "TAN": MP.tan}
LEAST = {"LOG": 0.0, "LOG1P": -1.0, "SQRT": 0.0}
ULPS = 2.0
# From far below this on they are 0, 1 or infinite, which mpmath would not find soon.
EXPONENTIALS = ("EXP", "EXPM1", "PHI1", "SINH", "COSH", "TANH")
MOST = 1e5


def run(name: str, *of: Any) -> np.ndarray:
    """Return an operation of arrays."""
    operation, n_operands = _core.operations()[name]
    instruction = np.zeros((1, 7), np.int16)
    instruction[0, :2] = operation, n_operands
    instruction[0, 2 : 2 + n_operands] = range(n_operands)
    program = _core.Program(n_operands, 0, np.empty(0), 0, 1, instruction)
    return program.run(np.array(np.broadcast_arrays(*of), float).reshape(n_operands, -1), np.empty(0))[0]


def ulps(value: float, exact: Any) -> float:
    """Return how many units of its last place a number is off; infinity stands for 2^1024 and all beyond."""
    beyond = MP.mpf(2) ** 1024
    exact = max(-beyond, min(exact, beyond))
    number = MP.sign(MP.mpf(value)) * beyond if np.isinf(value) else MP.mpf(value)
    last = min(max(int(MP.floor(MP.log(abs(exact), 2))) - 52, -1074), 971) if exact else -1074
    return float(abs(number - exact) / MP.mpf(2) ** last)


@pytest.mark.parametrize("name", FUNCTIONS)
@given(x=st.floats(allow_nan=False, allow_infinity=False) | st.floats(-800, 800) | st.floats(-3, 3))
@example(x=0.75)
@example(x=715.0)
@example(x=-36.75)
def test_functions_are_right_to_two_units_of_the_last_place(name, x):
    x = max(-MOST, min(x, MOST)) if name in EXPONENTIALS else x
    value = run(name, x)[0]
    if x < LEAST.get(name, -np.inf):
        assert np.isnan(value)
    elif (name, x) in (("LOG", 0.0), ("LOG1P", -1.0)):
        assert value == -np.inf
    else:
        assert ulps(value, FUNCTIONS[name](MP.mpf(x))) <= ULPS


@pytest.mark.parametrize("name", ANGULAR)
@given(x=st.floats(allow_nan=False, allow_infinity=False))
@example(x=1640000.0)
@example(x=np.nextafter(1640000.0, 2e6))
@example(x=1e22)
@example(x=1.7976931348623157e308)
def test_angles_of_any_size_are_reduced_exactly(name, x):
    with MP.workprec(1300):
        exact = ANGULAR[name](MP.mpf(x))
    assert ulps(run(name, x)[0], exact) <= ULPS


def angles_near_quarter_turns() -> list[float]:
    """Return doubles nearest to multiples of pi / 2: q 2^e, q the denominator of a convergent of 2^e 2 / pi."""
    found = []
    with MP.workprec(2400):
        for exponent in range(-50, 971):
            rest = MP.mpf(2) ** exponent * 2 / MP.pi
            before, now = 1, 0
            while now < 2**53:
                whole = int(MP.floor(rest))
                before, now = now, whole * now + before
                rest = 1 / (rest - whole)
                if 2**48 < now < 2**53:
                    found.append(float(MP.ldexp(MP.mpf(now), exponent)))
    return found


def test_angles_next_to_quarter_turns():
    x = np.array(angles_near_quarter_turns())
    assert len(x) > 2_000
    values = {name: run(name, x) for name in ANGULAR}
    with MP.workprec(1300):
        turns = [MP.mpf(one) * 2 / MP.pi for one in x.tolist()]
        assert min(abs(one - MP.nint(one)) for one in turns) < MP.mpf(2) ** -57
        exact = [(MP.sin(one), MP.cos(one)) for one in map(MP.mpf, x.tolist())]
    for k, (sine, cosine) in enumerate(exact):
        assert ulps(values["SIN"][k], sine) <= ULPS
        assert ulps(values["COS"][k], cosine) <= ULPS
        assert ulps(values["TAN"][k], sine / cosine) <= ULPS


@given(
    x=st.floats(min_value=0.0, exclude_min=True, allow_infinity=False),
    exponent=st.floats(-745, 710) | st.floats(-1, 1) | st.integers(-5, 5).map(float),
)
def test_powers_are_right_to_two_units_of_the_last_place(x, exponent):
    y = exponent if float(exponent).is_integer() or x == 1 else float(exponent / np.log(x))
    value = run("POW", x, y)[0]
    if abs(y) < 1e30:
        assert ulps(value, MP.power(MP.mpf(x), MP.mpf(y))) <= ULPS


@given(x=st.floats() | st.integers(-9, 9).map(float), y=st.floats() | st.integers(-9, 9).map(float))
@example(x=-8.0, y=1 / 3)
@example(x=1.0, y=np.nan)
@example(x=np.nan, y=0.0)
@example(x=-1.0, y=np.inf)
@example(x=-0.0, y=-3.0)
def test_powers_have_the_special_values_of_numpy_but_for_nan(x, y):
    with np.errstate(all="ignore"):
        expected = np.power(x, y)
    if np.isnan(x) or np.isnan(y):
        expected = np.nan
    value = run("POW", x, y)[0]
    np.testing.assert_allclose(value, expected, rtol=1e-15, atol=1e-323)
    if expected == 0 or np.isinf(expected):
        assert np.signbit(value) == np.signbit(expected)


@given(x=st.floats())
@example(x=-0.3)
@example(x=0.7)
@example(x=2.0**52 - 0.5)
@example(x=-(2.0**52) - 1)
def test_floor_is_that_of_numpy(x):
    value, expected = run("FLOOR", x)[0], np.floor(x)
    np.testing.assert_equal(value, expected)
    assert np.isnan(x) or np.signbit(value) == np.signbit(expected)


@pytest.mark.parametrize("name", [*FUNCTIONS, *ANGULAR])
def test_nan_stays(name):
    assert np.isnan(run(name, [np.nan, -np.nan])).all()


@pytest.mark.parametrize("name", [*ANGULAR])
def test_infinite_angles_are_nan(name):
    assert np.isnan(run(name, [np.inf, -np.inf, 1e300, 1.0])).tolist() == [True, True, False, False]


def test_coefficients_are_those_of_the_script():
    assert COEFFICIENTS["missing"]() == []


# What a compiler reports of a loop that it has vectorised, and the oldest version that is known to vectorise them all.
REPORTS = {"gcc": ("-fopt-info-vec-optimized", 12), "clang": ("-Rpass=loop-vectorize", 14)}


@pytest.mark.parametrize("compiler", REPORTS)
def test_every_loop_of_the_interpreter_is_vectorised_on_any_x86(compiler, tmp_path):
    option, oldest = REPORTS[compiler]
    if shutil.which(compiler) is None or platform.machine() != "x86_64":
        pytest.skip(f"{compiler} for x86-64 is not here")
    version = subprocess.run([compiler, "-dumpversion"], capture_output=True, text=True, check=True).stdout
    if int(version.split(".")[0]) < oldest:
        pytest.skip(f"{compiler} {version.strip()} is old")
    flags = runpy.run_path(str(ROOT / "setup.py"))["COMPILE_FLAGS"]
    source = ROOT / "csrc" / "equations" / "interpret.c"
    command = [compiler, *flags, "-DMN_ONE_FORM", option, f"-I{ROOT / 'csrc'}", "-c", source, "-o", tmp_path / "one.o"]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    operations = (ROOT / "csrc" / "equations" / "operations.def").read_text(encoding="utf-8").splitlines()
    lines = {k for k, text in enumerate(operations, 1) if text.startswith(("MN_OPERATION(", "MN_ARITHMETIC("))}
    assert len(lines) == len(_core.operations())
    assert {int(k) for k in re.findall(r"operations\.def:(\d+):\d+: .*vectorized", report)} == lines


SLOPES = {
    "exp(v)": MP.exp,
    "expm1(v)": MP.expm1,
    "log(v)": MP.log,
    "log1p(v)": MP.log1p,
    "sqrt(v)": MP.sqrt,
    "sin(v)": MP.sin,
    "cos(v)": MP.cos,
    "tan(v)": MP.tan,
    "sinh(v)": MP.sinh,
    "cosh(v)": MP.cosh,
    "tanh(v)": MP.tanh,
    "atan(v)": MP.atan,
    "v**2.5": lambda v: v ** MP.mpf(2.5),
    "2.5**v": lambda v: MP.mpf(2.5) ** v,
    "v**v": lambda v: v**v,
    "(-v)**3": lambda v: (-v) ** 3,
}


@pytest.mark.parametrize("text", SLOPES)
@given(v=st.floats(0.01, 20.0))
@example(v=1.0)
@example(v=0.3671875)
def test_slopes_meet_differences(text, v):
    graph = Lowering(parse("M", f"i = {text}"))
    current = graph.definition("i")
    program = allocate(graph.graph, {"i": current, "i_v": derivative(graph.graph, current, "v")})
    value, slope = program.core().run(np.array([[v]]), np.empty(0))[:, 0]
    with MP.workprec(240):
        step = MP.mpf(2) ** -80
        low, middle, high = (SLOPES[text](MP.mpf(v) + k * step) for k in (-1, 0, 1))
        exact = (high - low) / (2 * step)
    assert ulps(value, middle) <= ULPS
    # A slope is a few roundings more, of its terms where these cancel: v**v log(v) and v**v at v = 1/e.
    terms = abs(value) if text == "v**v" else 1e-286
    assert slope == pytest.approx(float(exact), rel=1e-14, abs=1e-14 * terms)
