"""Damaged texts and tables of models for a while: each is refused or becomes a model, soon and in bounded memory.

Good texts are cut, joined, repeated and sprinkled with what hurts, then defined; what becomes a model makes ten steps.
Tables of `_core.equation_model` and programs of `_core.Program` are damaged, too. Another
exception than a refusal, or no answer within LIMIT seconds, is a fault and ends the run with the text that shows it.
The seed repeats a run.
"""

import argparse
import contextlib
import faulthandler
import random
import resource
import signal
import sys
import time
import warnings

import numpy as np

import memnet as mn
from memnet import _core
from memnet.devices import _equations
from memnet.devices._equation_table import equation_table
from memnet.equations import EquationError

# Seconds for one text.
LIMIT = 20
REFUSALS = (ValueError, TypeError)
STEP_REFUSALS = (*REFUSALS, RuntimeError, ArithmeticError, OverflowError)

SEEDS = [
    """
    i     = (g_off + (g_on - g_off)*x)*v
    dx/dt = k*abs(v)*(1 - x) - x/tau
    parameter g_on  = 1 mS in (0, inf) : on
    parameter g_off = 1 uS in (0, inf) : off
    parameter k     = 5 1/(V s) in [0, inf)
    parameter tau   = 20 ms in (0, inf)
    state x = 0.2 in [0, 1] : memory
    preset fast: tau = 1 ms, k = 8 : fast [nobody 2020]
    doc A thing.
    source A paper.
    """,
    """
    i = g*v*exp(-w) - I_0
    q = C*v
    dw/dt = (w_eq - w)/tau + 0*log(2 + w**2)
    w_eq = where(v > V_T and not (t < 0), min(v/V_T, 2, 3), max(0, sign(v)))
    parameter g = 2 uS
    parameter I_0 = 1 nA
    parameter C = 1 pF in (0, inf)
    parameter tau = 1 s
    parameter V_T = 0.1 V
    state w = w_start in [0, W]
    w_start = sqrt(W)/2
    parameter W = 3
    event up when v > V_T or w >= W: w = 0 : it falls
    """,
    """
    i = g*(1 + x)*v
    dx/dt = -x/tau + b*xi
    parameter g = 1 uS
    parameter tau = 1 ms
    parameter b = 1 1/s^0.5
    state x = 0 in [-L, L]
    parameter L = 1
    event closed each step when x > 0.5: x = floor(x)
    event opened each step when x < -0.5*linked.v/(1*V): x = 0
    parameter V = 1 V
    """,
]
HURTS = [
    *(
        "(",
        ")",
        "((((",
        "))))",
        "[",
        "]",
        ",",
        ":",
        "=",
        "==",
        "#",
        "'",
        '"',
        "\\",
        ";",
        ".",
        "..",
        "^",
        "**",
        "//",
        "%",
    ),
    *("\n", "\r", "\r\n", "\t", "\0", "\ufeff", "\u2028", "\ud800", "\u00b2", "\u03b3", "\u2126", " ", "   "),
    *(
        "0",
        "-1",
        "1e400",
        "-1e-400",
        "9" * 5000,
        "1.5.2",
        ".5",
        "1e",
        "0x10",
        "1_0",
        "1j",
        "inf",
        "nan",
        "True",
        "None",
    ),
    *("x", "v", "t", "i", "q", "xi", "linked", "linked.v", "linked.x", "linked.__class__", "length", "dt", "pi", "F"),
    *("__import__('os')", "lambda: 0", "x.real", "exec", "[a for a in b]", "(yield)", "a if b else c", "f(x)", "min()"),
    *("exp(", "log(0)", "1/0", "sqrt(-1)", "x**x", "v**1e300", "v**(1/3)", "-" * 300, "not " * 300, "(" * 300),
    *("+".join("x" * 300), "min(" + ",".join("x" * 300) + ")", "x<" * 300 + "x", "1 " * 300, "a" * 9000, "in [0, 1]"),
    *("parameter", "state", "event", "preset", "doc", "source", "each step", "when", "in", "d", "/dt", "dx/dt"),
    *("S**(9**9**9)", "m^99", "degC", "1/(V s)", "V" * 90, "%", "kg m^2/s", "(((S)))", "S^-1^9", "pd", "bit"),
]


def mutated(rng):
    """Return a damaged text."""
    text = rng.choice(SEEDS)
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        at, to = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        text = rng.choice(DAMAGES)(text, at, to, rng)
    return text


def shuffled(text, rng):
    """Return a text with its lines in another order."""
    lines = text.split("\n")
    return "\n".join(rng.sample(lines, len(lines)))


def replaced_word(text, rng):
    """Return a text in which a word stands where another did."""
    words = text.split(" ")
    words[rng.randrange(len(words))] = rng.choice((*words, *HURTS))
    return " ".join(words)


DAMAGES = [
    lambda text, at, to, rng: text[:at] + rng.choice(HURTS) + text[at:],
    lambda text, at, to, rng: text[:at] + text[min(to, at + 40) :],
    lambda text, at, to, rng: text[:at] + text[at:to] * rng.choice((2, 3, 20)) + text[to:],
    lambda text, at, to, rng: text[:at] + chr(rng.randrange(0x3000)) + text[at:],
    lambda text, at, to, rng: text + rng.choice(SEEDS)[at:to],
    lambda text, at, to, rng: shuffled(text, rng),
    lambda text, at, to, rng: replaced_word(text, rng),
]


def grown(rng):
    """Return a text that is large in one way."""
    n = rng.choice((3, 50, 120, 500, 1900))
    some = range(min(n, 190))
    lines = {
        "chain": ["a0 = v/v", *(f"a{k} = a{k - 1} + a{k - 1}*a{k - 1}" for k in range(1, n)), f"i = a{n - 1}*I"],
        "powers": ["a0 = I", *(f"a{k} = a{k - 1}*a{k - 1}" for k in range(1, n)), f"i = a{n - 1}"],
        "start": ["a0 = 1", *(f"a{k} = a{k - 1} + a{k - 1}" for k in range(1, n)), f"state x = a{n - 1}", "i = I*x"],
        "states": ["i = I", *(f"state x{k} = 0\ndx{k}/dt = (x{max(k - 1, 0)} - x{k}**3)/T" for k in range(n // 2))],
        "events": ["i = I*x", "state x = 0", *(f"event e{k} when x > {k}/{n}: x = x/{k + 1}" for k in range(n))],
        "steps": ["i = I*x", "state x = 0", *(f"event e{k} each step when x > {k}: x = x - {k}" for k in range(n))],
        "noise": [
            "i = I*x",
            "state x = 0",
            "dx/dt = r*(" + " + ".join(["xi"] * (n // 9)) + ")",
            "parameter r = 1 s^-0.5",
        ],
        "constants": ["i = I*(" + " +\n".join(f"{k}.5*x" for k in some) + ")", "state x = 0", "dx/dt = 0"],
        "circle": [*(f"a{k} = a{(k + 1) % n}" for k in range(n)), "i = a0"],
        "open": ["i = (", *["v + " * 40] * n],
        "long": ["i = I*min(" + ", ".join(["x"] * n) + ")", "state x = 0", "dx/dt = 0"],
        "digits": [f"parameter g = {'1' * 90 * n}x", "i = g*v"],
        "range": [f"state x = 0 in [{'a' * 40 * n}, {'b' * 40 * n}", "i = v"],
        "blanks": [f"preset a: g = 1 : x{' ' * 90 * n}y", "i = v"],
        "names": [*(f"parameter p{k} = {k}" for k in range(n)), "i = I*(" + "+".join(f"p{k}" for k in some) + ")"],
    }
    return "\n".join([*rng.choice(list(lines.values())), "parameter I = 1 A", "parameter T = 1 s"])


def step(device_class):
    """Make ten steps with a model, where it goes."""
    net, device = mn.grid(3, 3), device_class()
    if device_class._table["linked_states"] is not None:
        device = mn.link(device, to=(np.arange(net.n_edges) + 1) % net.n_edges)
    with contextlib.suppress(*STEP_REFUSALS), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        mn.Simulation(net, device, {"left": 1.0, "right": 0.0}, dt=1e-3).run(duration=0.01)
    for text in (repr(device), device.to_c(), device_class.__doc__):
        text.encode()


def define(text):
    """Define a text, and step with it where it is a model."""
    try:
        model = mn.device_model("Fuzzed", text)
    except EquationError as fault:
        str(fault).encode("utf-8")
        return
    step(model)
    _equations._device_model.cache_clear()


def damaged_table(rng):
    """Return the arguments of a model with one of them, or a part of it, replaced by another thing."""
    given = {}
    real = _core.equation_model
    _core.equation_model = lambda **arguments: given.update(arguments) or real(**arguments)
    try:
        _equations._made(equation_table("Damaged", rng.choice(SEEDS[:2]) if rng.random() < 0.7 else SEEDS[2]))
    finally:
        _core.equation_model = real
    for _ in range(rng.choice((1, 1, 2, 4))):
        name = rng.choice(list(given))
        given[name] = damaged(given[name], rng)
    return given


NAMES = (
    "x",
    "v",
    "",
    "linked.x",
    "xi.0",
    "xi.99",
    "t",
    "g",
    "has_link",
    "implicit",
    "has_charge",
    "[]",
    "(",
    "w_holds",
)


def damaged(value, rng):
    """Return a value, or a part of it, replaced."""
    if isinstance(value, tuple) and value and rng.random() < 0.9:
        k = rng.randrange(len(value))
        how = rng.randrange(4)
        if how == 0:
            return value[:k] + value[k + 1 :]
        if how == 1:
            return (*value, value[k])
        return (*value[:k], damaged(value[k], rng), *value[k + 1 :])
    if isinstance(value, str) and rng.random() < 0.6:
        return rng.choice(
            ("x", "v", "", "linked.x", "xi.0", "xi.99", "t", "g", "has_link", "implicit", "[]", "(", "w_holds")
        )
    if isinstance(value, _core.Program) and rng.random() < 0.8:
        return damaged_program(rng)
    return rng.choice((None, 0, -1, 17, 2**40, 1.5, float("nan"), "x", (), ("x",), ("v",), True))


def damaged_program(rng):
    """Return a program of random instructions, which must pass the check to be one."""
    for _ in range(200):
        sizes = [rng.choice((0, 1, 2, 5, 40)) for _ in range(5)]
        n_values = sum(sizes)
        rows = [
            [rng.randrange(len(_core.operations())), *(rng.randrange(-1, n_values + 1) for _ in range(6))]
            for _ in range(rng.randrange(12))
        ]
        rows = np.array(rows, dtype=np.int16).reshape(len(rows), 7)
        with contextlib.suppress(*REFUSALS):
            program = _core.Program(sizes[0], sizes[1], np.full(sizes[2], 2.0), sizes[3], sizes[4], rows)
            with np.errstate(all="ignore"):
                program.run(np.ones((sizes[0], 300)), np.ones(sizes[1]))
            return program
    return None


def define_table(given):
    """Make a model of a table, and step with it where it is one."""
    with contextlib.suppress(*REFUSALS):
        made = _core.equation_model(**given)
        step(_equations.equation_class(made.table, made, _equations.EquationDevice))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=150.0)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--memory", type=float, default=6.0, help="GB of addresses; 0: any, for AddressSanitizer")
    given = parser.parse_args()
    seed = random.randrange(2**32) if given.seed is None else given.seed
    print(f"fuzz_equations: seed {seed}")
    faulthandler.enable()
    if given.memory > 0:
        resource.setrlimit(resource.RLIMIT_AS, (int(given.memory * 2**30),) * 2)
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    for text in SEEDS:  # what is imported then is in nobody's time
        define(text)
    rng = random.Random(seed)
    counts, slowest, end = {"texts": 0, "large": 0, "tables": 0}, (0.0, ""), time.monotonic() + given.seconds
    while time.monotonic() < end:
        kind = rng.choices(list(counts), (8, 1, 3))[0]
        what = {"texts": mutated, "large": grown, "tables": damaged_table}[kind](rng)
        counts[kind] += 1
        began = time.monotonic()
        signal.alarm(LIMIT)
        try:
            (define_table if kind == "tables" else define)(what)
        except BaseException:
            print(f"fuzz_equations: a fault, of {kind}:\n{what!r}"[:20_000])
            raise
        finally:
            signal.alarm(0)
        slowest = max(slowest, (time.monotonic() - began, repr(what)[:200]))
    print(f"fuzz_equations: {counts}; the slowest took {slowest[0]:.2f} s: {slowest[1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
