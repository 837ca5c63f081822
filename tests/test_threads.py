"""`threads=`: the same bits whatever the number, in runs of all kinds, solutions, children, and after files."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import memnet as mn

NUMBERS = (2, 3, 7)
DRIVE = {"left": 4.0, "right": 0.0}


@pytest.fixture(scope="module")
def wires():
    """Fronts: 2,000 wires."""
    return mn.nanowires(2000, size=450, length=45.0, length_sd=15.0, seed=3)


@pytest.fixture(scope="module")
def discs():
    """A list in several parts, gaps that spike, and more members than a slice has."""
    return mn.percolating(size=300, coverage=0.65, seed=1)


def mixture(net):
    return mn.mix(net, {mn.TunnelGap(): 0.6, mn.RateBalance(): 0.4}, seed=2)


def made(kind, wires, discs, threads):
    if kind == "wires":
        return mn.Simulation(wires, mn.RateBalance(), DRIVE, dt=1e-2, seed=1, threads=threads)
    if kind == "noise":
        return mn.Simulation(wires, mn.StochasticRateBalance(), DRIVE, dt=1e-2, seed=1, threads=threads)
    if kind == "adaptive":
        return mn.Simulation(wires, mn.RateBalance(), DRIVE, dt=1e-2, method="adaptive", seed=1, threads=threads)
    if kind == "discs":
        return mn.Simulation(discs, mixture(discs), DRIVE, dt=1.0, seed=1, threads=threads)
    if kind == "listless":  # gaps spike after two others, of which threads list no changed edges
        gap = mn.TunnelGap(r_d=1e-3, r_w=0.3, d_after_break=0.3)
        devices = mn.mix(discs, {mn.RateBalance(): 0.35, mn.RateBalance(g_max=2e-3): 0.35, gap: 0.3}, seed=2)
        drive = {"left": mn.drive.sine(30.0, 0.1), "right": 0.0}
        return mn.Simulation(discs, devices, drive, dt=1.0, seed=1, threads=threads)
    if kind == "whole":
        options = {"incremental": False, "event_driven": False}
        return mn.Simulation(discs, mn.TunnelGap(), DRIVE, dt=1.0, seed=1, threads=threads, **options)
    if kind == "texts":
        return mn.Simulation(wires, mn.VTEAM(), DRIVE, dt=1e-3, seed=1, threads=threads)
    net = mn.crossbar(48, 48, line_resistance=1.0, contact_resistance=1.0)
    drive = {name: 0.5 if name.startswith("w") else 0.0 for name in net.electrodes}
    return mn.Simulation(net, mn.cell_devices(net, mn.RateBalance()), drive, dt=1e-2, seed=1, threads=threads)


def bits(simulation, steps):
    """What a run leaves: every row, every event, every state."""
    data = simulation.run(steps, record=["current", "potential", "conductance"])
    values = {name: np.ascontiguousarray(data[name].values).tobytes() for name in (*data.data_vars, *data.coords)}
    return values, simulation._core.dumps(b"")


@pytest.mark.parametrize("kind", ["wires", "noise", "adaptive", "discs", "listless", "whole", "texts", "crossbar"])
def test_runs_have_the_bits_of_one_thread(kind, wires, discs):
    one = bits(made(kind, wires, discs, 1), 12)
    for threads in NUMBERS:
        assert bits(made(kind, wires, discs, threads), 12) == one


def test_chunks_copies_and_files_with_threads(discs, tmp_path):
    one, several = (made("discs", None, discs, threads) for threads in (1, 3))
    one.step(20)
    for _ in range(5):
        several.step(4)
    others = [several.copy(), pickle.loads(pickle.dumps(several))]
    several.save(tmp_path / "state")
    loaded = mn.Simulation.load(tmp_path / "state", threads=2)
    assert [sim.threads for sim in (*others, loaded, mn.Simulation.load(tmp_path / "state"))] == [3, 3, 2, 1]
    expected = bits(one, 10)
    assert all(bits(sim, 10) == expected for sim in (several, *others, loaded))


def test_solutions_have_the_bits_of_one_thread(wires):
    rng = np.random.default_rng(1)
    g = 10.0 ** rng.uniform(-9.0, -3.0, (2, wires.n_edges))
    on_island = np.isnan(mn.solve(wires, g[0], DRIVE).potential)
    injected = np.where(on_island, 0.0, rng.normal(size=wires.n_nodes) * 1e-6)
    calls = [
        lambda threads: mn.solve(wires, g[0], DRIVE, threads=threads).potential,
        lambda threads: mn.solve(wires, g[0], DRIVE, injected=injected, threads=threads).potential,
        lambda threads: mn.solve(wires, g, DRIVE, threads=threads).potential,
        lambda threads: mn.solve(wires, g[0], DRIVE, solver="umfpack", threads=threads).potential,
        lambda threads: mn.solve(wires, g[0] * (1 + 1j), DRIVE, threads=threads).potential,
        lambda threads: mn.solve(wires, drive=DRIVE, devices=mn.RateBalance(), threads=threads).potential,
        lambda threads: mn.terminal_conductance(wires, g[0], threads=threads),
    ]
    for call in calls:
        one = call(1).tobytes()
        assert all(call(threads).tobytes() == one for threads in NUMBERS)


def test_a_state_that_is_not_finite_is_refused_as_with_one_thread(wires):
    def refused(threads):
        text = "i = g*v\ndx/dt = a*x*x\nparameter g = 1 mS\nparameter a = 1e300 1/s\nstate x = 1e200"
        slow = mn.device_model("Grows", text)
        with pytest.raises(ArithmeticError) as caught:
            mn.Simulation(wires, slow(), DRIVE, dt=1.0, threads=threads).step(3)
        return str(caught.value)

    assert refused(3) == refused(1)


@pytest.mark.parametrize("threads", [0, -1, 1.5, True, 10**9, 1025, "2", None, np.nan])
def test_no_other_number_is_taken(threads, discs):
    for call in (
        lambda: mn.Simulation(discs, mn.RateBalance(), DRIVE, threads=threads),
        lambda: mn.solve(discs, 1.0, DRIVE, threads=threads),
        lambda: mn.terminal_conductance(discs, 1.0, threads=threads),
        lambda: mn.Simulation.load("nowhere", threads=threads),
        lambda: mn.resume("nowhere", threads=threads),
    ):
        with pytest.raises((TypeError, ValueError), match="threads must be an integer"):
            call()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_goes_on_with_one_thread(discs):
    simulation = made("discs", None, discs, 3)
    simulation.step(3)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:  # the child has no workers, and must neither wait for them nor join them
        try:
            simulation.step(5)
            os.write(writer, np.float64(simulation.conductance.sum()).tobytes())
            del simulation
        finally:
            os._exit(0)
    simulation.step(5)
    assert np.frombuffer(os.read(reader, 8))[0] == simulation.conductance.sum()
    os.waitpid(child, 0)
    os.close(reader)
    os.close(writer)


def test_a_run_is_stopped_in_every_thread(wires):
    simulation = made("wires", wires, None, 3)
    stopper = threading.Timer(0.1, simulation._core.cancel)
    stopper.start()
    before = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        simulation.run(10_000_000, record=[])
    stopper.join()
    assert time.monotonic() - before < 30.0  # far from the hours that it would take
    simulation._core.cancel(False)
    steps = simulation.steps_done
    simulation.step(2)
    assert simulation.steps_done == steps + 2


def test_threads_that_the_system_refuses():
    code = """
import resource, memnet as mn
net = mn.grid(3, 3)
sim = lambda threads: mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0}, threads=threads)
sim(1).step(2)
size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (size + (200 << 20), resource.RLIM_INFINITY))
try:
    sim(1024)
except RuntimeError as error:
    print(error)
sim(2).step(2)
"""
    if not sys.platform.startswith("linux"):
        pytest.skip("limits of memory are Linux's")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert "starts no further thread" in done.stdout


def test_replicas_of_an_ensemble_have_one_thread(discs):
    ensemble = mn.ensemble(made("discs", None, discs, 3), 2, seeds=[1, 2])
    assert [ensemble[k].threads for k in range(2)] == [1, 1]
