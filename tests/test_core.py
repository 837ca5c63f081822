"""The extension module: types and shapes, exact reference counts, the lock, and which exception stands for what."""

import gc
import math
import sys
import threading
import tracemalloc
import weakref

import numpy as np
import pytest

import memnet as mn
from memnet import _core, drive

EDGES = np.array([(0, 1), (1, 2), (2, 3)], dtype=np.int32)
ELECTRODE = np.array([0, -1, -1, 1], dtype=np.int32)
LENGTH = np.array([0.02, 0.03, 0.05])
CONSTANT, SUM, ARRAY = (drive.KINDS[name] for name in ("constant", "sum", "from_array"))
TIME = np.zeros(1)
WAVES = [(CONSTANT, (1.0,), None, ()), (CONSTANT, (0.0,), None, ())]
ROOT = np.array([0, 1], dtype=np.int32)


def network():
    return _core.Network(4, EDGES, LENGTH, 2, ELECTRODE)


MODELS = {table["name"]: table for table in _core.models()}


def defaults(model, n):
    return [np.full(n, field["initial"]) for field in MODELS[model]["fields"] if field["role"] == "parameter"]


def simulation(model="RateBalance", net=None, edges=3):
    spec = (model, np.arange(edges, dtype=np.int32), defaults(model, edges))
    return _core.Simulation(net or network(), [spec], WAVES, ROOT, "kron", 1.0, 0)


# ---------------------------------------------------------------- models, functions


def test_models_have_complete_tables():
    models = _core.models()
    assert len({model["name"] for model in models}) == len(models) > 0
    for model in models:
        assert model["doc"]
        assert model["check"] in ({field["name"] for field in model["fields"]} or {None})
        for field in model["fields"]:
            assert field["kind"] in ("real", "choice", "flag", "count")
            assert field["role"] in ("parameter", "state", "output")
            assert field["bounds"][:2] in ("[]", "(]", "[)", "()")
            assert field["bounds"][2:] == "" or (field["bounds"][2:] == "0" and field["role"] == "parameter")
            assert field["low"] < field["high"]
            assert bool(field["choices"]) == (field["kind"] == "choice")
            if field["role"] == "parameter":
                assert math.isnan(field["initial"]) == (field["otherwise"] is not None)


def test_exp_and_sin_keep_the_shape():
    x = np.linspace(-3, 3, 12).reshape(3, 4)
    np.testing.assert_allclose(_core.exp(x), np.exp(x), rtol=3e-16)
    np.testing.assert_allclose(_core.sin_turns(x), np.sin(2 * np.pi * x), rtol=0, atol=4e-15)
    assert _core.exp(np.empty(0)).shape == (0,)


def test_philox_known_answer():
    # the published vector of Random123 for counter and key of zeros
    assert _core.philox(0, 0, 0, 0).tolist() == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]


def test_permutation():
    assert np.sort(_core.permutation(1, 2, 100)).tolist() == list(range(100))
    assert _core.permutation(1, 2, 100).tolist() != _core.permutation(2, 2, 100).tolist()
    assert _core.permutation(1, 2, 0).shape == (0,)


def test_wave_evaluate():
    waves = [(CONSTANT, (2.0,), None, ()), (CONSTANT, (0.5,), None, ()), (SUM, (), None, (0, 1))]
    role, value = _core.wave_evaluate(waves, 2, np.array([0.0, 1.0]))
    assert role.tolist() == [1, 1]
    assert value.tolist() == [2.5, 2.5]


# ---------------------------------------------------------------- what is refused

CALLS = [
    (lambda: _core.exp([1.0]), TypeError, "x must be a NumPy array of float64, got list"),
    (lambda: _core.exp(np.ones(2, dtype=np.float32)), TypeError, "x must be an array of float64, got dtype float32"),
    (lambda: _core.exp(np.ones(2, dtype=">f8")), TypeError, "x must be an array of float64"),
    (lambda: _core.exp(np.ones(4)[::2]), ValueError, "x must be C-ordered and aligned"),
    (lambda: _core.sin_turns(np.ones(2, dtype=object)), TypeError, "x must be an array of float64, got dtype object"),
    (lambda: _core.permutation(0, 0, -1), ValueError, "n must be in"),
    (lambda: _core.permutation(-1, 0, 1), OverflowError, "negative"),
    (lambda: _core.permutation(0.5, 0, 1), TypeError, "cannot be interpreted as an integer"),
    (lambda: _core.philox(0, 0, 0, 2**64), OverflowError, "too big"),
    (lambda: _core.wave_evaluate(WAVES, 2, np.zeros(1)), ValueError, "root must be a wave below 2, got 2"),
    (lambda: _core.wave_evaluate([3], 0, np.zeros(1)), TypeError, "wave 0 must be a tuple"),
    (lambda: _core.wave_evaluate(3, 0, np.zeros(1)), TypeError, "not iterable"),
    (lambda: _core.wave_evaluate([(99, (), None, ())], 0, np.zeros(1)), ValueError, "unknown kind of wave 99"),
    (
        lambda: _core.wave_evaluate([(CONSTANT, (1.0,) * 7, None, ())], 0, np.zeros(1)),
        ValueError,
        "at most 6 parameters",
    ),
    (lambda: _core.wave_evaluate([(CONSTANT, ("a",), None, ())], 0, np.zeros(1)), TypeError, "real number"),
    (lambda: _core.wave_evaluate([(SUM, (), None, (-1,))], 0, np.zeros(1)), ValueError, "child -1 of a wave"),
    (lambda: _core.wave_evaluate([(SUM, (), None, ("a",))], 0, np.zeros(1)), TypeError, "integer"),
    (
        lambda: _core.wave_evaluate([(SUM, (), None, (0,))], 0, np.zeros(1)),
        ValueError,
        "an argument is outside its range",
    ),
    (lambda: _core.wave_evaluate([(ARRAY, (1.0,), [1.0], ())], 0, np.zeros(1)), TypeError, "samples of a wave must be"),
    (lambda: _core.wave_evaluate(WAVES, 0, np.zeros((1, 1))), ValueError, "time must have 1 dimensions, got 2"),
    (lambda: _core.wave_corners(WAVES, 2, np.zeros(2), 1), ValueError, "root must be a wave below 2, got 2"),
    (lambda: _core.wave_corners(WAVES, 0, np.zeros(2), -1), ValueError, "n must be >= 0, got -1"),
    (lambda: _core.wave_corners(WAVES, 0, np.zeros(3), 1), ValueError, "time must have length 2"),
    (lambda: _core.Network(4, EDGES.astype(np.int64), None, 0, None), TypeError, "edges must be an array of int32"),
    (lambda: _core.Network(4, EDGES.ravel(), None, 0, None), ValueError, "edges must have 2 dimensions, got 1"),
    (lambda: _core.Network(4, EDGES.T.copy(), None, 0, None), ValueError, "edges must have length 2 along axis 1"),
    (lambda: _core.Network(4, EDGES, LENGTH[:2], 0, None), ValueError, "length must have length 3 along axis 0, got 2"),
    (lambda: _core.Network(4, EDGES, None, 2, ELECTRODE[:2]), ValueError, "electrode must have length 4"),
    (lambda: _core.Network(-1, EDGES, None, 2, ELECTRODE), ValueError, "an argument is outside its range"),
    (lambda: _core.Network(2**40, EDGES, None, 0, None), MemoryError, "too large"),
    (lambda: _core.Network(2**70, EDGES, None, 0, None), OverflowError, "too"),
    (lambda: _core.Network(3, EDGES, None, 0, None), ValueError, "an edge names a node that does not exist"),
    (lambda: network().path(200.0, 0, 2), ValueError, "start and end must be electrodes below 2, got 0 and 2"),
    (lambda: _core.Discs(20, 20, 0.9, 1, False, False, 0), ValueError, "coverage"),
    (lambda: _core.Discs(20, 20, 0.5, 1, False, False, -1), OverflowError, "negative"),
    (lambda: _core.Discs(20, 20, 0.5, 1, False, False), TypeError, "missing required argument 'seed'"),
    (lambda: _core.Solver(network(), "lu"), ValueError, "no solver of that name"),
    (lambda: _core.Solver(3, "kron"), TypeError, "must be memnet._core.Network, not int"),
    (lambda: _core.Solver(network(), "klu", True), ValueError, "no solver"),
    (lambda: _core.Solver(network(), "kron").factor(np.ones(2)), ValueError, "conductance must have length 3"),
    (lambda: _core.Solver(network(), "kron").factor(np.ones(3), np.ones(3)), ValueError, "imag needs a solver with"),
    (
        lambda: _core.Solver(network(), "kron").factor(np.ones(3), None, np.array([3], dtype=np.int32)),
        ValueError,
        "changed must name edges below 3, got 3",
    ),
    (
        lambda: _core.Solver(network(), "kron").solve(np.array([1, 3], dtype=np.uint8), np.zeros(2)),
        ValueError,
        "role must be 0, 1 or 2, got 3",
    ),
    (
        lambda: _core.Solver(network(), "kron").solve(np.array([1, 1], dtype=np.uint8), np.zeros(3)),
        ValueError,
        "value must have length 2",
    ),
    (
        lambda: _core.Solver(network(), "kron").solve(np.array([1, 1], dtype=np.uint8), np.zeros(2)),
        RuntimeError,
        r"no factor of the conductances; call factor\(\) first",
    ),
    (lambda: build(model="Memristor9"), ValueError, "no device model of that name"),
    (lambda: build(parameters=[]), ValueError, r"Resistor has \d parameters, got 0"),
    (lambda: build(parameters=3), TypeError, "not iterable"),
    (
        lambda: build(parameters=[np.ones(2)] * len(defaults("Resistor", 3))),
        ValueError,
        "parameters of a device must have",
    ),
    (lambda: build(edges=[0, 1, 2]), TypeError, "edges of a device must be a NumPy array of int32"),
    (lambda: build(edges=np.array([0, 1], dtype=np.int32)), ValueError, "parameters of a device must have length 2"),
    (lambda: build(dt=0.0), ValueError, "an argument is outside its range"),
    (lambda: build(root=ROOT[:1]), ValueError, "root must have length 2 along axis 0, got 1"),
    (lambda: build(devices=[("Resistor",)]), TypeError, "a device must be a tuple"),
    (lambda: build(devices=[]), ValueError, "an argument is outside its range"),
    (lambda: build(waves=[()]), TypeError, "wave 0 must be a tuple"),
    (lambda: simulation().field(1, 0), ValueError, "population must be below 1, got 1"),
    (lambda: simulation().field(0, -1), ValueError, r"field must be below \d+, got -1"),
    (lambda: simulation().set_field(0, 0, np.ones(2)), ValueError, "value must have length 3"),
    (lambda: simulation().set_field(0, 99, np.ones(3)), ValueError, r"field must be below \d+, got 99"),
    (
        lambda: simulation().record("charge", ROOT),
        ValueError,
        "quantity must be one that the recorder knows, got 'charge'",
    ),
    (
        lambda: simulation().record("current", np.array([7], dtype=np.int32)),
        ValueError,
        "an argument is outside its range",
    ),
    (
        lambda: simulation().record("current", ROOT, steps=ROOT),
        TypeError,
        "steps must be an array of int64, got dtype int32",
    ),
    (lambda: simulation().bind(0, np.zeros((5, 2))), ValueError, "channel must be below 0, got 0"),
    (lambda: simulation().n_rows(0), ValueError, "channel must be below 0, got 0"),
    (lambda: simulation().run(1), TypeError, "missing required argument 'budget'"),
    (lambda: simulation().restore(3), TypeError, "checkpoint must be a Checkpoint, got int"),
    (lambda: simulation().write("/nowhere/at/all", b""), FileNotFoundError, r"No such file .*: '/nowhere/at/all'"),
    (lambda: simulation().write("a\0b", b""), ValueError, "null byte"),
    (lambda: simulation().write("x", "text"), TypeError, "bytes"),
    (lambda: simulation().set_drive([], np.array([-1, -1, -1], dtype=np.int32)), ValueError, "root must have length 2"),
    (lambda: simulation().set_drive([(1, (math.nan,), None, ())] * 2, ROOT), ValueError, "outside its range"),
    (lambda: build(threads=-1), ValueError, "threads is -1"),
    (lambda: _core.Checkpoint("/nowhere/at/all"), FileNotFoundError, r"No such file .*: '/nowhere/at/all'"),
    (lambda: _core.Checkpoint(__file__), _core.CheckpointError, "not a memnet checkpoint"),
]


def build(model="Resistor", edges=None, parameters=None, devices=None, waves=WAVES, root=ROOT, dt=1.0, threads=0):
    edges = np.arange(3, dtype=np.int32) if edges is None else edges
    if devices is None:
        devices = [(model, edges, defaults("Resistor", 3) if parameters is None else parameters)]
    return _core.Simulation(network(), devices, waves, root, "kron", dt, 0, threads=threads)


@pytest.mark.parametrize(("call", "error", "message"), CALLS)
def test_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.fixture(scope="module")
def growth():
    """What `leanest_growth` measures, while what stood before need not be walked by each collection."""
    gc.collect()
    gc.freeze()
    yield leanest_growth
    gc.unfreeze()


def leanest_growth(work, rounds=4):
    """Bytes of Python's memory that the leanest of several rounds of `work` leaves: 0 unless every round leaks.

    The leanest, because interpreter and NumPy now and then fill caches of their own. Python's cache of attributes keeps
    the names that were looked up, so it is emptied each time.
    """
    forget = getattr(sys, "_clear_internal_caches", None) or sys._clear_type_cache
    work()
    forget()
    gc.collect()
    tracemalloc.start()
    grown = []
    for _ in range(rounds):
        before = tracemalloc.get_traced_memory()[0]
        work()
        forget()
        gc.collect()
        grown.append(tracemalloc.get_traced_memory()[0] - before)
    tracemalloc.stop()
    return min(grown)


@pytest.mark.parametrize("call", [call for call, _, _ in CALLS])
def test_a_refusal_leaks_nothing(call, growth):
    """References to what was passed in, and memory, are the same after many refusals."""

    def refuse():
        for _ in range(30):
            try:
                call()
            except Exception:
                refusals.append(None)
        refusals.clear()

    refusals = []
    held = (EDGES, ELECTRODE, LENGTH, WAVES, WAVES[0], ROOT)
    refuse()
    gc.collect()
    counts = [sys.getrefcount(value) for value in held]
    assert growth(refuse) < 30  # not a byte a call
    assert [sys.getrefcount(value) for value in held] == counts


def use_everything():
    net = network()
    assert net.path(200.0, 0, 1) == 3
    assert net.component.tolist() == [0, 0, 0, 0]
    solver = _core.Solver(net, "umfpack", True)
    solver.factor(np.ones(3), np.ones(3), None)
    solver.solve(np.array([1, 1], dtype=np.uint8), np.array([1.0, 0.0]), np.zeros(2), np.zeros(4), np.zeros(4))
    solver.info()
    discs = _core.Discs(8, 8, 0.5, 1, False, True, 3)
    for name in ("position", "group", "group_position", "gap", "gap_disc", "gap_length"):
        assert not getattr(discs, name).flags.writeable
    sim = simulation(net=net)
    channel = sim.record("current", ROOT)
    sim.bind(channel, np.zeros((4, 2)))
    sim.bind(channel, np.zeros((5, 2)))
    assert sim.run(5, math.inf) == (0, 5)
    assert sim.n_rows(channel) == 5
    sim.solve()
    sim.verify()
    sim.events()
    sim.info()
    sim.set_drive(WAVES, ROOT)
    sim.set_field(0, 0, sim.field(0, 0))
    for name in ("conductance", "potential", "voltage", "current", "branch_voltage", "counters", "step", "solved"):
        getattr(sim, name)
    sim.record_clear()
    _core.models()
    _core.wave_evaluate(WAVES, 0, np.zeros(3))


def test_use_leaks_nothing(growth):
    def use():
        for _ in range(10):
            use_everything()

    types = (_core.Network, _core.Discs, _core.Solver, _core.Simulation, _core.Checkpoint)
    held = (EDGES, ELECTRODE, LENGTH, WAVES, ROOT, *types)
    use()
    gc.collect()
    counts = [sys.getrefcount(value) for value in held]
    assert growth(use) < 10  # not a byte a use
    assert [sys.getrefcount(value) for value in held] == counts


# ---------------------------------------------------------------- who keeps whom alive


def test_views_keep_the_discs_alive():
    discs = _core.Discs(30, 30, 0.5, 1, False, False, 3)
    gap, copied = discs.gap, discs.gap.copy()
    assert gap.base is discs
    del discs
    gc.collect()
    np.testing.assert_array_equal(gap, copied)


def test_solver_and_simulation_keep_the_network_alive():
    net = network()
    count = sys.getrefcount(net)
    solver, sim = _core.Solver(net, "kron"), simulation(net=net)
    assert sys.getrefcount(net) == count + 2
    del net
    gc.collect()
    solver.factor(np.ones(3))
    assert solver.terminal()[0, 0] == pytest.approx(1 / 3)
    assert sim.run(3, math.inf) == (0, 3)


def test_a_solver_says_that_it_has_no_factor():
    solver, role = _core.Solver(network(), "kron"), np.ones(2, dtype=np.uint8)
    solver.solve_many(np.ones((2, 3)), role, np.array([[1.0, 0.0], [2.0, 0.0]]))
    for call in (solver.terminal, lambda: solver.solve(role, np.zeros(2))):
        with pytest.raises(RuntimeError, match=r"no factor .*factor\(\) first"):
            call()
    solver.factor(np.ones(3))
    assert solver.terminal()[0, 0] == pytest.approx(1 / 3)


def test_bound_rows_are_kept_until_replaced():
    sim = simulation()
    channel = sim.record("current", ROOT)
    rows, others = np.zeros((4, 2)), np.zeros((4, 2))
    count = sys.getrefcount(rows)
    sim.bind(channel, rows)
    assert sys.getrefcount(rows) == count + 1
    for bad, error in ((np.zeros((4, 3)), ValueError), (np.zeros(4), ValueError), ([0.0], TypeError)):
        with pytest.raises(error, match="rows must"):
            sim.bind(channel, bad)
    frozen = np.zeros((4, 2))
    frozen.flags.writeable = False
    with pytest.raises(ValueError, match="rows"):
        sim.bind(channel, frozen)
    assert sys.getrefcount(rows) == count + 1
    sim.run(2, math.inf)
    assert rows[:2].any()
    assert not rows[2:].any()
    sim.bind(channel, others)
    assert sys.getrefcount(rows) == count
    sim.record_clear()
    assert sys.getrefcount(others) == count


def test_a_cycle_through_bound_rows_is_collected():
    class Rows(np.ndarray):
        owner = None

    sim = simulation()
    rows = np.zeros((4, 2)).view(Rows)
    sim.bind(sim.record("current", ROOT), rows)
    rows.owner = sim
    gone = weakref.ref(rows)
    del sim, rows
    gc.collect()
    assert gone() is None


def test_types_cannot_be_subclassed_or_changed():
    with pytest.raises(TypeError):
        type("Mine", (_core.Network,), {})
    with pytest.raises(TypeError):
        _core.Network.path = None


# ---------------------------------------------------------------- the lock


def test_a_second_thread_gets_busy(tmp_path):
    net = mn.percolating(60, 0.6, seed=1)
    spec = ("RateBalance", np.arange(net.n_edges, dtype=np.int32), defaults("RateBalance", net.n_edges))
    sim = _core.Simulation(net.core, [spec], WAVES, ROOT, "kron", 1.0, 0)
    started, done = threading.Event(), []

    def work():
        started.set()
        done.append(sim.run(10**9, 1.0))

    thread = threading.Thread(target=work)
    thread.start()
    started.wait()
    calls = {
        "run": lambda: sim.run(1, math.inf),
        "potential": lambda: sim.potential,
        "voltage": lambda: sim.voltage,
        "current": lambda: sim.current,
        "conductance": lambda: sim.conductance,
        "terminal_conductance": lambda: sim.terminal_conductance,
        "branch_voltage": lambda: sim.branch_voltage,
        "branch_current": lambda: sim.branch_current,
        "field": lambda: sim.field(0, 0),
        "set_field": lambda: sim.set_field(0, 0, np.ones(net.n_edges)),
        "set_drive": lambda: sim.set_drive(WAVES, ROOT),
        "roles": lambda: sim.roles(np.zeros(1)),
        "bind": lambda: sim.bind(0, np.zeros((1, 2))),
        "n_rows": lambda: sim.n_rows(0),
        "record_clear": sim.record_clear,
        "verify": sim.verify,
        "record": lambda: sim.record("current", ROOT),
        "events": sim.events,
        "solve": sim.solve,
        "write": lambda: sim.write(str(tmp_path / "never-written"), b""),
    }
    while not refused(calls["field"]) and thread.is_alive():
        pass  # until the other thread is inside
    answers = {name: refused(call) for name, call in calls.items()}
    looks = sim.step, sim.solved, sim.counters["n_solves"], sim.info()["n_free"]
    assert thread.is_alive()
    thread.join()
    assert all(answers.values()), answers
    assert looks[:3] == (0, False, 0)  # as the last call left it
    assert looks[3] > 0
    assert done[0][0] == 1  # the budget was used up: nobody stopped it
    assert sim.step == done[0][1]
    assert sim.run(1, math.inf) == (0, 1)


def refused(call):
    try:
        call()
    except mn.SimulationBusy as error:
        return "another thread" in str(error)
    return False


def test_two_simulations_run_in_two_threads():
    def trace():
        sim = simulation()
        rows = np.zeros((2000, 2))
        sim.bind(sim.record("current", ROOT), rows)
        assert sim.run(2000, math.inf) == (0, 2000)
        return rows

    alone, together = trace(), []
    threads = [threading.Thread(target=lambda: together.append(trace())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(together) == 2
    for rows in together:
        np.testing.assert_array_equal(rows, alone)


# ---------------------------------------------------------------- checkpoints


def test_note_comes_back(tmp_path):
    path = tmp_path / "state"
    sim = simulation()
    sim.run(7, math.inf)
    note = b"\0 any bytes \xff"
    sim.write(str(path), note)
    checkpoint = _core.Checkpoint(str(path))
    assert checkpoint.note == note
    other = simulation()
    other.restore(checkpoint)
    assert other.step == 7
    with pytest.raises(_core.CheckpointError, match="another simulation"):
        simulation("Hillock").restore(checkpoint)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(_core.CheckpointError, match="damaged"):
        _core.Checkpoint(str(path))


def test_a_checkpoint_in_memory_is_the_file(tmp_path):
    sim = simulation()
    sim.run(7, math.inf)
    data = sim.dumps(b"a note")
    sim.write(str(tmp_path / "state"), b"a note")
    assert (tmp_path / "state").read_bytes() == data
    for form in (data, bytearray(data), memoryview(data)):
        checkpoint = _core.Checkpoint.from_bytes(form)
        assert checkpoint.note == b"a note"
        other = simulation()
        other.restore(checkpoint)
        assert other.dumps(b"a note") == data
    for bad in (b"", b"x", data[:-1], data + b"x", data[:-1] + b"x"):
        with pytest.raises(_core.CheckpointError):
            _core.Checkpoint.from_bytes(bad)
    with pytest.raises(TypeError, match="bytes"):
        _core.Checkpoint.from_bytes("text")
    with pytest.raises(TypeError, match="note must be bytes, got str"):
        sim.dumps("text")
