"""Absurd calls of the public API for a while: nothing but a refusal or an answer may come back, and soon.

Starts from the good calls of `tests/public_calls.py`, replaces some of their arguments by values that hypothesis draws
or that are known to hurt, and calls. Another exception than those of a refusal, or no answer within LIMIT seconds, is a
fault; each place in the code that has one is printed at the end with one call that shows it, and a crash with its
traceback. The seed repeats a run.
"""

import argparse
import collections
import contextlib
import faulthandler
import gc
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import hypothesis.extra.numpy as hnp
import matplotlib as mpl
import numpy as np
import public_calls
from hypothesis import HealthCheck, Phase, given, seed, settings, strategies as st

mpl.use("Agg")

import matplotlib.pyplot as plt

# Seconds for one call, and for one that goes on for as long as it is asked to; memory for all of them (a machine that
# small exists).
LIMIT, UNBOUNDED_LIMIT = 60, 2
MEMORY = 12 * 2**30
# What a refusal may be: of an argument, of the numbers that follow from it, of memory.
REFUSALS = (TypeError, ValueError, ArithmeticError, MemoryError, OSError, RuntimeError, ImportError)

KNOWN_TO_HURT = [
    *(0, 1, -1, 2, 7, 2**31 - 1, 2**31, 2**32, 2**53 + 1, 2**63 - 1, 2**63, 2**64, -(2**63), 10**400),
    *(0.0, -0.0, 0.5, 1e-300, 5e-324, 1e300, 1.7e308, -1.7e308, float("inf"), float("-inf"), float("nan")),
    *(True, False, None, "", "x", "left", b"left", "\x00", "∞", (), [], {}, set(), object(), 1j, range(3)),
    *(np.float32(1.0), np.int8(-1), np.bool_(True), np.datetime64("2026-01-01"), np.ma.masked),
    np.ma.array([1.0, 2.0], mask=[False, True]),
    *(np.empty(0), np.zeros((0, 2)), np.ones(2), np.ones((2, 2)), np.full(2, np.nan), np.array(["a", "b"])),
    *(np.array([1, 2], dtype=object), np.ones(2, dtype=">f8"), np.ones(4)[::2], np.arange(3, dtype=np.uint8)),
]
VALUES = st.one_of(
    st.sampled_from(KNOWN_TO_HURT),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.floats(), max_size=4),
    hnp.arrays(hnp.scalar_dtypes(), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)),
    st.dictionaries(st.text(max_size=4), st.floats(), max_size=2),
)


# Calls that go on for as long as their caller asks; that they can be stopped is enough.
UNBOUNDED = (
    {f"memnet.{name}" for name in ("grid", "nanowires", "percolating", "random_network", "resume")}
    | {f"{one}.{name}" for one in ("Ensemble", "Simulation") for name in ("run", "run for a time", "step")}
    | {"View.step"}
    # Protocols of plasticity, which simulate for the times that they are given.
    | {f"memnet.analysis.{name}" for name in ("epsc", "epsc with intervals", "paired_pulse", "potentiation")}
    | {f"memnet.analysis.{name}" for name in ("srdp", "stdp")}
    # Series as long as they are asked for, and reservoirs that are driven for so many steps.
    | {f"memnet.learn.{name}" for name in ("lorenz", "mackey_glass", "narma", "waveforms", "Reservoir", "EchoState")}
)
# So do others that are asked to do something again and again: arguments that say how often, and how often is soon done.
REPETITIONS = {"count", "epochs", "most_pulses", "n_bootstrap", "n_p", "n_starts", "n_surrogates", "passes"} | {
    "pulse_steps",
    "realisations",
}
FEW = 100


class NoAnswer(Exception):
    """A call that takes longer than it may."""


@contextlib.contextmanager
def answered(limit):
    def stop(_number, _frame):
        raise NoAnswer

    # hypothesis is called by the garbage collector, which swallows what is raised in such a call.
    callbacks = gc.callbacks[:]
    gc.callbacks.clear()
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(limit)
    try:
        yield
    finally:
        signal.alarm(0)
        gc.callbacks.extend(callbacks)


def endless(call, changes):
    """Return whether a call may go on for as long as it is asked to."""
    return call in UNBOUNDED or any(
        isinstance(value, (int, float, np.integer, np.floating)) and value > FEW
        for name, value in changes.items()
        if name in REPETITIONS
    )


def outcome(call, changes):
    """Return what a call came to, as a word, and where in the code it went wrong, or None."""
    function, good = public_calls.CALLS[call]()
    try:
        with answered(UNBOUNDED_LIMIT if endless(call, changes) else LIMIT), np.errstate(all="ignore"):
            function(**{**good, **changes})
    except REFUSALS as error:
        return type(error).__name__, None
    except NoAnswer:
        if endless(call, changes):
            return "stopped", None
        return "fault", f"no answer in {LIMIT} s"
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return "fault", f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}: {error!s:.100}"
    finally:
        plt.close("all")
    return "answer", None


def run(seconds, start):
    outcomes, faults = collections.Counter(), {}
    end = time.monotonic() + seconds
    calls = sorted(call for call, make in public_calls.CALLS.items() if make()[1])

    @settings(
        max_examples=200, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=HealthCheck
    )
    @given(st.data())
    def one(data):
        call = data.draw(st.sampled_from(calls))
        _, good = public_calls.CALLS[call]()
        names = data.draw(st.lists(st.sampled_from(sorted(good)), min_size=1, max_size=3, unique=True))
        changes = {name: data.draw(VALUES) for name in names}
        if time.monotonic() > end:  # after the draws, which must not depend on the clock
            return
        word, where = outcome(call, changes)
        outcomes[word] += 1
        if where is not None:
            faults.setdefault((call, where), changes)

    rounds = 0
    while time.monotonic() < end:
        seed(start + rounds)(one)()
        rounds += 1
    return outcomes, faults


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=150.0)
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    start = random.randrange(2**32) if arguments.seed is None else arguments.seed
    print(f"fuzz_api: seed {start}", flush=True)
    faulthandler.enable()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.RLIM_INFINITY))
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # a drawn text may be a path
        outcomes, faults = run(arguments.seconds, start)
    print("fuzz_api:", ", ".join(f"{count} {word}" for word, count in outcomes.most_common()))
    if not outcomes:
        sys.exit("fuzz_api: no call was made")
    for (call, where), changes in sorted(faults.items()):
        print(f"fuzz_api: {call}: {where}\n    {changes!r:.400}")
    if faults:
        sys.exit(f"fuzz_api: {len(faults)} faults")


if __name__ == "__main__":
    main()
