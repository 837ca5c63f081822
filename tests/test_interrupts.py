"""Ctrl-C in long calls: it stops them at once, leaves everything as before, and other threads go on meanwhile.

Each call is made with input that takes far longer than the test waits, and a second thread presses Ctrl-C as soon as it
has seen itself go on inside the call. Nothing here measures a time: that is `benchmarks/interrupts.py`.
"""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
import weakref

import numpy as np
import pytest

import memnet as mn
from memnet import _core
from memnet.base import job, long_calls

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")

ENDS = {"a": 0, "b": 1}


class Presser(threading.Thread):
    """Goes on for some rounds while the main thread is inside a call, then presses Ctrl-C."""

    def __init__(self, rounds=40):
        super().__init__(daemon=True)
        self.rounds = 0
        self.most = rounds
        self.over = threading.Event()

    def run(self):
        while self.rounds < self.most and not self.over.is_set():
            time.sleep(0.005)
            self.rounds += 1
        if not self.over.is_set():
            os.kill(os.getpid(), signal.SIGINT)


def interrupted(call):
    """Make a call and interrupt it; it must neither end nor keep the presser from going on."""
    presser = Presser()

    def pressed():
        presser.start()
        try:
            call()
        finally:
            presser.over.set()
            presser.join()

    with pytest.raises(KeyboardInterrupt):
        pressed()
    assert presser.rounds == presser.most


def fan(n):
    """Wires whose boxes overlap and which never meet."""
    t = np.linspace(0.0, 1.0, n)
    return np.stack([1e-3 * t, 0 * t, 1e-3 * t + 1.0, 0 * t + 1.0], axis=1)


def wide(side=1200):
    net = mn.grid(side, side, "none", electrodes={"a": 0, "b": side * side - 1})
    return net, np.random.default_rng(1).random(net.n_edges)


# ------------------------------------------------------------------ each long call

MAKING = {
    "random_network": (lambda n: mn.random_network(n, 6.0, seed=1), 12_000_000, 3000),
    "grid": (lambda n: mn.grid(n, n, seed=1), 14_000, 60),
    "percolating": (lambda n: mn.percolating(n, 0.6, seed=1), 4_000, 40),
    "percolating with a huge max_gap": (lambda n: mn.percolating(n, 0.6, max_gap=n / 2, seed=1), 500, 20),
    "nanowires": (lambda n: mn.nanowires(n, size=3000, length=20, seed=1), 3_000_000, 5_000),
    "nanowires_at": (lambda n: mn.nanowires_at(fan(n), electrodes={"a": [0], "b": [1]}), 300_000, 2_000),
}


@pytest.mark.parametrize("name", ["percolating with a huge max_gap", "nanowires_at"])
def test_ctrl_c_while_a_network_is_made(name):
    make, n_long, n_short = MAKING[name]
    before = make(n_short)
    interrupted(lambda: make(n_long))
    assert np.array_equal(before.edges, make(n_short).edges)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in MAKING if "huge" not in name and name != "nanowires_at"])
def test_ctrl_c_while_a_large_network_is_made(name):
    test_ctrl_c_while_a_network_is_made(name)


@pytest.mark.slow
def test_ctrl_c_while_networkx_is_read():
    networkx = pytest.importorskip("networkx")
    graph = networkx.path_graph(2_000_000)
    interrupted(lambda: mn.from_networkx(graph, electrodes=ENDS))


@pytest.mark.slow
def test_ctrl_c_in_making_a_simulation():
    given = [wide()[0]]
    alive = weakref.ref(given[0])
    interrupted(lambda: mn.Simulation(given[0], mn.RateBalance(), {"a": 1.0, "b": 0.0}))
    assert mn.Simulation(mn.grid(9, 9, seed=1), mn.RateBalance(), {"left": 1.0, "right": 0.0}).steps_done == 0
    given.clear()
    assert gone(alive)


@pytest.mark.slow
@pytest.mark.parametrize("solver", ["kron", "umfpack"])
def test_ctrl_c_in_solve(solver):
    given = list(wide())
    alive = weakref.ref(given[0])
    interrupted(lambda: mn.solve(*given, {"a": 1.0, "b": 0.0}, solver=solver))
    given.clear()
    assert gone(alive)


def gone(alive):
    """Whether an object goes once a call that was left to itself has ended."""
    for _ in range(1200):
        gc.collect()
        if alive() is None:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.slow
def test_ctrl_c_in_solving_replicas():
    net = mn.percolating(150, 0.6, seed=1)
    rows = np.random.default_rng(1).random((60_000, net.n_edges))
    interrupted(lambda: mn.solve(net, rows, {"left": 1.0, "right": 0.0}))


@pytest.mark.slow
def test_ctrl_c_in_terminal_conductance():
    side = 700
    net = mn.grid(side, side, "none", electrodes={f"e{k}": side * k for k in range(side)})
    interrupted(lambda: mn.terminal_conductance(net, 1.0))


@pytest.mark.slow
def test_ctrl_c_in_a_fit():
    t = np.linspace(0.0, 4.0, 20_000)
    v = 1.5 * np.abs(np.sin(np.pi * t))
    conductance = 1e-4 * (1.0 + np.cumsum(v) / v.sum())
    interrupted(lambda: mn.theory.fit_mean_field(t, v, conductance, n_starts=60, seed=1))


def test_ctrl_c_in_a_mean_field():
    field = mn.theory.RateBalanceField(kappa_p0=0.1, kappa_d0=0.1, eta_p=2.0, eta_d=2.0, g_min=1e-4, chi=10.0)
    interrupted(lambda: field.integrate(np.linspace(0.0, 5e3, 1_000_000), mn.drive.sine(1.0, 50.0)))


@pytest.mark.parametrize("method", ["fixed", "adaptive"])
def test_ctrl_c_in_a_step_of_endless_spikes(method):
    circuit = mn.Circuit()
    circuit.add("in", "gnd", mn.IntegrateAndFire(), name="neuron")
    drive = {"in": mn.drive.current(0.1), "gnd": 0.0}  # some 1e7 spikes
    sim = circuit.simulation(drive, dt=1e-3, method=method)
    interrupted(lambda: sim.run(1))
    assert sim.steps_done == 0
    sim.set_drive({**drive, "in": mn.drive.current(1e-9)})
    assert sim.run(12).event_kind.values.tolist() == [1]


@pytest.mark.slow
def test_ctrl_c_in_a_run_of_long_steps_leaves_a_whole_step():
    net, _ = wide(600)
    drive = {"a": 1.0, "b": 0.0}
    sim, untouched = (mn.Simulation(net, mn.RateBalance(), drive, seed=0) for _ in range(2))
    sim.run(1)
    interrupted(lambda: sim.run(10_000))
    done = sim.steps_done
    assert done > 0
    sim.run(1)
    untouched.run(done + 1)
    assert np.array_equal(sim.state(sim.devices[0], "g"), untouched.state(untouched.devices[0], "g"))


@pytest.mark.slow
def test_ctrl_c_in_save_keeps_the_file(tmp_path):
    net, _ = wide(1000)
    sim = mn.Simulation(net, mn.RateBalance(), {"a": 1.0, "b": 0.0})
    path = tmp_path / "run.memnet"
    sim.save(path)
    before = path.read_bytes()

    def save_often():
        while True:
            sim.save(path)

    interrupted(save_often)
    sim.step()
    assert path.read_bytes() == before
    assert sim.steps_done == 1


def test_ctrl_c_in_the_corners_of_a_waveform():
    wave = sum((mn.drive.triangle(0.0, 1.0, 1e-3) for _ in range(100)), start=mn.drive.constant(0.0))
    interrupted(lambda: wave.corners(0.0, 4900.0))
    assert wave.corners(0.0, 1.0).size == 2001


def test_ctrl_c_in_a_waveform():
    times = np.linspace(0.0, 1.0, 30_000_000)
    wave = mn.drive.sine(1.0, 50.0)
    interrupted(lambda: wave(times))
    some = times[:200_000]
    assert np.array_equal(wave(some), np.concatenate([wave(part) for part in np.split(some, 20)]))


# ------------------------------------------------------------------ the mechanism


def slow_solver():
    net = mn.grid(300, 300, "none", electrodes=ENDS)
    solver = _core.Solver(net.core, "kron")
    return net, solver, np.random.default_rng(1).random(net.n_edges)


def test_a_call_in_its_own_thread_has_the_bits_of_a_call_at_once():
    net, solver, g = slow_solver()
    role, value = np.ones(2, np.uint8), np.array([1.0, 0.0])
    solver.factor(g)
    by_thread = solver.solve(role, value)
    many = solver.solve_many(np.stack([g, g]), role, np.stack([value, value]))
    for k in range(2):
        assert np.array_equal(many["potential"][k], by_thread["potential"])
    found = []
    drive = {"a": 1.0, "b": 0.0}
    other = threading.Thread(target=lambda: found.append(mn.solve(net, g, drive, order="auto").potential))
    other.start()
    other.join()
    assert np.array_equal(found[0], by_thread["potential"])


def test_errors_of_a_call_in_its_own_thread_reach_the_caller():
    net, solver, g = slow_solver()
    g[7] = np.nan
    with pytest.raises(ValueError, match="edge 7"):
        solver.factor(g)
    g[7] = 1.0
    solver.factor(g)
    with pytest.raises(ValueError, match="joins a node to itself"):
        _core.Network(10**6, np.zeros((10**6, 2), np.int32), None, 0, None)
    assert net.n_nodes == 90_000


@pytest.fixture
def alarm():
    """Set a handler of SIGALRM and a timer; both are gone after the test."""
    previous = signal.getsignal(signal.SIGALRM)

    def start(handler, delay, interval=0.0):
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, delay, interval)

    yield start
    signal.setitimer(signal.ITIMER_REAL, 0.0)
    signal.signal(signal.SIGALRM, previous)


def test_a_signal_handler_runs_while_a_call_goes_on(alarm):
    seen = []
    alarm(lambda *_: seen.append(True), 0.02, 0.02)
    assert len(_core.Wires.place(fan(12_000), 0).junction) == 0
    assert seen


def test_what_a_signal_handler_raises_ends_a_call(alarm):
    class Stop(Exception):
        pass

    def stop(number, frame):
        raise Stop(number)

    def call():
        alarm(stop, 0.2)
        _core.Wires.place(ends, 0)

    ends = fan(300_000)
    with pytest.raises(Stop):
        call()


def test_a_call_made_in_a_second_thread_is_not_interrupted():
    found = []
    worker = threading.Thread(target=lambda: found.append(mn.random_network(300_000, 6.0, seed=1).n_edges))
    worker.start()
    interrupted(lambda: time.sleep(60.0))
    worker.join()
    assert found == [900_000]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_long_calls_work_in_a_fork():
    expected = mn.random_network(100_000, 4.0, seed=1).edges
    child = os.fork()
    if child == 0:
        same = np.array_equal(mn.random_network(100_000, 4.0, seed=1).edges, expected)
        os._exit(0 if same else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_simulation_answers_while_it_runs():
    net = mn.grid(60, 60, seed=1)
    sim = mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0})
    core = sim._core
    core.run(1, 1.0)
    seen, stop = [], threading.Event()

    def look():
        while not stop.is_set():
            seen.append((core.step, core.solved, core.counters["n_solves"], core.info()["n_free"]))

    looker = threading.Thread(target=look)
    looker.start()
    while len({step for step, *_ in seen}) < 3:
        core.run(10**6, 0.01)
    stop.set()
    looker.join()
    steps = [step for step, *_ in seen]
    assert steps == sorted(steps)
    assert all(solves == step for step, _, solves, _ in seen)  # of one moment


def test_cancel_stops_the_step_under_way():
    net = mn.grid(450, 450, "none", electrodes=ENDS)
    sim = mn.Simulation(net, mn.RateBalance(), {"a": 1.0, "b": 0.0}, seed=0)
    core = sim._core
    presser = threading.Timer(0.2, core.cancel)
    presser.start()
    with pytest.raises(KeyboardInterrupt, match="interrupted"):
        core.run(10**9, float("inf"))
    done = core.step
    assert core.run(1, float("inf")) == (0, 1)
    assert core.step == done + 1


def small_core():
    net = mn.grid(5, 5, seed=1)
    return mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0}, seed=0)._core


def test_a_wish_to_stop_between_two_calls_is_not_lost():
    core = small_core()
    core.run(2, float("inf"))
    core.cancel()
    with pytest.raises(KeyboardInterrupt, match="interrupted"):
        core.run(3, float("inf"))
    assert core.step == 2
    assert core.run(3, float("inf")) == (0, 3)  # the call that stopped has taken the wish back


def test_a_wish_to_stop_can_be_taken_back():
    core = small_core()
    core.cancel()
    core.cancel(False)
    assert core.run(3, float("inf")) == (0, 3)


def test_a_wish_to_stop_ends_with_the_pieces_it_was_for():
    core = small_core()
    with long_calls.held_interrupt(core.cancel) as interrupted:
        signal.raise_signal(signal.SIGINT)
        assert interrupted == [True]
        with pytest.raises(KeyboardInterrupt):
            core.run(3, float("inf"))
        signal.raise_signal(signal.SIGINT)
    assert core.run(3, float("inf")) == (0, 3)


def test_interruptible_returns_raises_and_is_left():
    assert job.interruptible(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        job.interruptible(divmod, 7, 0)
    interrupted(lambda: job.interruptible(time.sleep, 30.0))


def test_the_checksum_is_crc_64_xz():
    polynomial, crc = 0xC96C5795D7870F42, 2**64 - 1
    table = []
    for k in range(256):
        for _ in range(8):
            k = (k >> 1) ^ polynomial if k & 1 else k >> 1
        table.append(k)
    sim = mn.Simulation(mn.grid(60, 60, seed=1), mn.RateBalance(), {"left": 1.0, "right": 0.0})
    data = sim._core.dumps(b"x" * 70_001)
    for byte in data[:-8]:
        crc = table[(crc ^ byte) & 255] ^ (crc >> 8)
    assert int.from_bytes(data[-8:], "little") == crc ^ (2**64 - 1)


FIRST_RUN = """
import os, signal, sys, threading, time
import memnet as mn

net = mn.grid(4, 4, seed=1)
sim = mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0})
try:
    threading.Timer(float(sys.argv[1]), os.kill, (os.getpid(), signal.SIGINT)).start()
    sim.run(10)
    time.sleep(1.0)
except KeyboardInterrupt:
    pass
print(sim.run(10).sizes["time"])
"""


@pytest.mark.parametrize("seconds", [0.02, 0.1, 0.2])
def test_an_interrupt_in_the_first_run_leaves_libraries_whole(seconds):
    done = subprocess.run([sys.executable, "-c", FIRST_RUN, str(seconds)], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "10", done.stderr
