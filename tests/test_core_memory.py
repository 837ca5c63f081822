"""Python runs out of memory in the extension module: each allocation of each entry point fails once.

A call then raises MemoryError, or gets on by other means and gives what it always gives; nothing crashes, no lock stays
taken, and the next call answers as before. For the C library's own allocations there is `make check-oom`.
"""

import gc
import sys

import made_models
import numpy as np
import pytest
from test_core import EDGES, ELECTRODE, LENGTH, ROOT, WAVES, defaults, network, simulation

from memnet import _core

testcapi = pytest.importorskip("_testcapi")  # of CPython's own tests; some builds leave it out


@pytest.fixture(autouse=True)
def no_other_threads():
    """End the thread in which tqdm watches its bars, should an earlier test have begun it: it allocates, too."""
    from tqdm import tqdm

    if tqdm.monitor is not None:
        tqdm.monitor.exit()
        tqdm.monitor = None


@pytest.fixture(autouse=True)
def no_collection():
    """Keep the garbage of earlier tests from being collected, and its callbacks from allocating, in a starved call."""
    gc.disable()
    yield
    gc.enable()


G = np.array([1.0, 2.0, 3.0])
DRIVEN = np.ones(2, dtype=np.uint8)
VALUE = np.array([1.0, 0.0])
TIME = np.array([0.0, 0.5])
INTERVAL = np.array([0.0, 1.0])
ENDS = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 1.0, 0.0], [0.5, 0.0, 0.5, 1.0]])
PARAMETERS = np.array([0.2, 3.0, 0.01, 0.4, 0.5, 0.25, 0.6])
ENOUGH = 40  # successes in a row: no allocation is left that could fail


def solver(*, is_complex=False):
    made = _core.Solver(network(), "kron", is_complex)
    made.factor(G)
    return made


def long_solver():
    """A solver whose calls are long enough for a thread of their own."""
    n = 400_000
    edges = np.stack([np.arange(n - 1), np.arange(1, n)], axis=1).astype(np.int32)
    electrode = np.full(n, -1, dtype=np.int32)
    electrode[[0, -1]] = 0, 1
    made = _core.Solver(_core.Network(n, edges, None, 2, electrode), "kron", False)
    made.factor(np.ones(n - 1))
    return made


def wires_and_discs(folder):
    wires, discs = _core.Wires.place(ENDS, 0), _core.Discs(9.0, 9.0, 0.5, 1.0, False, False, 1)
    return [
        (_core.Wires.place, ENDS, 0),
        (wires.rectangle, 0.0, 0.4, 0.0, 1.0),
        (wires.disc, 0.5, 0.5, 0.2),
        (_core.Discs, 9.0, 9.0, 0.5, 1.0, False, False, 1),
        (getattr, discs, "position"),
        (getattr, wires, "end"),
    ]


def series_table():
    return _core.series(("Selector", "RateBalance")).table


def all_models(folder):
    """Tables like that of a series, of many models: some thousand allocations."""
    return [(_core.models,)]


def functions(folder):
    return [
        (series_table,),
        (_core.exp, G),
        (_core.grid, 3, 3, 0, 1),
        (_core.random_network, 9, 2.0, 1),
        (_core.wave_evaluate, WAVES, 0, TIME),
        (_core.wave_corners, WAVES, 0, INTERVAL, 3),
        (_core.waveforms,),
        (_core.mean_field_trace, np.ones(3), np.ones(3), PARAMETERS, 1e-9, 1000),
        (_core.mean_field_trace, np.ones(3), np.ones(3), PARAMETERS, 1e-9, 1000, np.array([1])),
        (_core.Network, 4, EDGES, LENGTH, 2, ELECTRODE),
        (network().path, 1.0, 0, 1),
    ]


def solvers(folder):
    linear, phasor = solver(), solver(is_complex=True)
    return [
        (_core.Solver, network(), "kron", False),
        (linear.solve, DRIVEN, VALUE),
        (phasor.solve, DRIVEN, VALUE),
        (solver().solve_many, np.tile(G, (5, 1)), DRIVEN, np.tile(VALUE, (5, 1))),
        (linear.terminal,),
        (linear.info,),
        (long_solver().solve, DRIVEN, VALUE),
    ]


def simulations(folder):
    sim = simulation()
    file = str(folder / "file")
    sim.write(file, b"note")
    rows = np.zeros((9, 2))
    channel = sim.record("current", ROOT)
    sim.bind(channel, rows)
    edges = np.arange(3, dtype=np.int32)
    spec = ("RateBalance", edges, defaults("RateBalance", 3))
    capsule = made_models.capsule("CarriedSource")
    carried = (_core.MadeModel(capsule), edges, [np.ones(3)], WAVES)
    return [
        (_core.Simulation, network(), [spec], WAVES, ROOT, "kron", 1.0, 0),
        (_core.Simulation, network(), [carried], WAVES, ROOT, "kron", 1.0, 0),
        (_core.MadeModel, capsule),
        (getattr, carried[0], "table"),
        (sim.set_drive, WAVES, ROOT),
        (sim.roles, TIME),
        (sim.info,),
        (sim.accuracy,),
        (sim.events,),
        (sim.dumps, b"note"),
        (sim.bind, channel, rows),
        (_core.Checkpoint, file),
        (_core.Checkpoint.from_bytes, sim.dumps(b"note")),
        (getattr, sim, "potential"),
        (getattr, sim, "branch_voltage"),
    ]


def answer(call, *arguments):
    """What a call gives, as something that == compares."""

    def plain(value):
        if isinstance(value, np.ndarray):
            return value.tobytes(), value.shape
        if isinstance(value, dict):
            return {key: plain(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [plain(one) for one in value]
        return repr(value) if isinstance(value, int | float | str | bytes | None) else type(value)  # nan is not nan

    return plain(call(*arguments))


def starved(k, call, arguments):
    """Make a call whose k-th allocation fails: its result, and whether it raised MemoryError."""
    gc.disable()  # what others do at each collection, as hypothesis does, allocates too
    testcapi.set_nomemory(k, k + 1)
    try:
        found = call(*arguments)
    except MemoryError:
        return None, True
    finally:
        testcapi.remove_mem_hooks()
        gc.enable()
    return found, False


@pytest.mark.parametrize(
    "given", [wires_and_discs, functions, pytest.param(all_models, marks=pytest.mark.slow), solvers, simulations]
)
def test_each_allocation_of_the_extension_module_may_fail(given, tmp_path):
    n_raised = 0
    for call, *arguments in given(tmp_path):
        expected = answer(call, *arguments)
        n_successes = k = 0
        while n_successes < ENOUGH:
            found, raised = starved(k, call, arguments)
            n_raised += raised
            n_successes = 0 if raised else n_successes + 1
            if not raised:
                assert answer(lambda found=found: found) == expected, (call, k)
            k += 1
        assert answer(call, *arguments) == expected, call
    assert n_raised > 0


def test_no_reference_is_left_behind_where_memory_runs_out():
    linear = solver()
    role, value = DRIVEN.copy(), VALUE.copy()
    before = sys.getrefcount(role), sys.getrefcount(value), sys.getrefcount(linear)
    for k in range(ENOUGH):
        starved(k, linear.solve, (role, value))
    assert (sys.getrefcount(role), sys.getrefcount(value), sys.getrefcount(linear)) == before
