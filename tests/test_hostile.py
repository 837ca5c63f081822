"""Absurd values for every public parameter: each is refused with a TypeError or ValueError that names the parameter.

The walk takes a good call of every public function and method (`tests/public_calls.py`), replaces one argument after
the other by what no argument of its kind may be, and looks at what comes back. What is accepted must stand in
`MEANINGFUL`, with the reason.
"""

import datetime
import importlib
import inspect
import re
import signal
from contextlib import contextmanager

import matplotlib as mpl
import numpy as np
import public_calls
import pytest

mpl.use("Agg")

HUGE = 10**400
DATE = datetime.date(2026, 1, 1)


class Thing:
    """Nothing that any function knows."""


MASKED = np.ma.array([1.0, 2.0], mask=[False, True])
ABSURD = {
    "real": {
        "nan": np.nan,
        "true": True,
        "text": "x",
        "complex": 1 + 2j,
        "huge": HUGE,
        "digits": 10**5000,
        "date": DATE,
        "thing": Thing(),
        "masked": np.ma.masked,
        "bytes": b"1",
    },
    "integer": {
        "nan": np.nan,
        "true": True,
        "text": "3",
        "half": 1.5,
        "huge": HUGE,
        "digits": 10**5000,
        "past": 2**64,
        "below": -(2**63) - 1,
        "date": DATE,
        "thing": Thing(),
        "masked": np.ma.masked,
    },
    "flag": {"one": 1, "zero": 0, "text": "yes", "empty": [], "nan": np.nan, "thing": Thing(), "array": np.array([True])},
    "word": {"unknown": "no such word", "number": 3, "bytes": b"left", "true": True, "thing": Thing(), "empty": ""},
    "array": {
        "masked": MASKED,
        "masked rows": [MASKED, MASKED],
        "text": ["a", "b"],
        "dates": np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[D]"),
        "thing": Thing(),
        "things": [Thing(), Thing()],
        "ragged": [[1.0], [1.0, 2.0]],
        "flags": [True, False],
        "huge": [1.0, HUGE],
        "deep": np.ones((2, 2, 2, 2)),
        "word": "left",
        "mapping": {"no": 1},
    },
    "object": {"zero": 0, "nan": np.nan, "thing": Thing(), "things": [Thing()], "true": True, "bytes": b"x"},
}
NAMES = {"MASKED": MASKED}

# (call, parameter, value): why the value means something there.
MEANINGFUL = {}


def kind_of(parameter):
    """Return the kinds of absurd values that a parameter must refuse, from its annotation."""
    text = str(parameter.annotation)
    if "bool" in text:
        return ["flag"]
    if "ArrayLike" in text:
        return ["array"]
    if text.startswith("float"):
        return ["real"]
    if text.startswith("int"):
        return ["integer"]
    if re.match(r"str( \| None)?$|Literal", text):
        return ["word"]
    return ["object"]


def parameters_of(function):
    variable = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    return [one for one in inspect.signature(function).parameters.values() if one.kind not in variable]


def walk():
    for call, make in public_calls.CALLS.items():
        if call.startswith("memnet.devices."):
            continue
        function, _ = make()
        for parameter in parameters_of(function):
            for kind in kind_of(parameter):
                for label in ABSURD[kind]:
                    yield call, parameter.name, kind, label


@contextmanager
def at_most(seconds):
    def stop(_number, _frame):
        raise AssertionError(f"no answer within {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def refusal(call, name, value):
    """Return why a value is no good refusal, or None where it is refused as it should be."""
    function, good = public_calls.CALLS[call]()
    try:
        with at_most(30):
            function(**{**good, name: value})
    except (TypeError, ValueError) as error:
        words = [name, *public_calls.ALSO_NAMED.get((call, name), ())]
        if not any(word in str(error) for word in words):
            return f"{type(error).__name__} that does not name {name}: {str(error)[:200]}"
        if not any(place.split("/")[-2:-1] for place in [__file__]):
            return None
        return None
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]}"
    return "accepted"
