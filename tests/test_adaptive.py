"""Adaptive steps as Python offers them: arguments, what refuses them, equal bits, files, counters, failures."""

import copy
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time

import cases
import numpy as np
import pytest
import xarray as xr

import memnet as mn
from memnet.drive import flatten

NET = mn.nanowires(60, size=45, length=20, length_sd=5, seed=3)
JUNCTION = mn.RateBalance(kappa_p0=1e-4, kappa_d0=0.5, eta_p=10.0, eta_d=1.0, g_min=1e-3, g_max=0.1)
WAVE = mn.drive.pulses(0.1, 6.0, length=1.0, spacing=1.0, count=3, start=0.3) + mn.drive.sine(0.5, 0.7)


def simulation(net=NET, device=JUNCTION, wave=WAVE, **options):
    given = {"dt": 0.25, "method": "adaptive", "rtol": 1e-3, "seed": 0}
    return mn.Simulation(net, device, {"left": wave, "right": 0.0}, **{**given, **options})


def known(sim):
    """All that a simulation knows, as bytes and counters."""
    bits = {key: values.tobytes() for key, values in cases.states(sim).items()}
    return bits, sim.potential.tobytes(), sim.counters, sim.steps_done


# ------------------------------------------------------------ arguments


def test_methods_and_tolerances():
    fixed, adaptive = simulation(method="fixed", rtol=None), simulation(rtol=None)
    assert (fixed.method, fixed.rtol) == ("fixed", None)
    assert (adaptive.method, adaptive.rtol) == ("adaptive", 1e-3)
    assert simulation(rtol=0.5).rtol == 0.5
    assert "method: adaptive, rtol 0.001" in repr(adaptive)
    assert "method" not in repr(fixed)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"method": "adaptve"}, ValueError, "unknown method 'adaptve', did you mean 'adaptive'"),
        ({"method": None}, TypeError, "method must be a string"),
        ({"rtol": 0.0}, ValueError, r"rtol must be in \[1e-14, 0.5\], got 0.0"),
        ({"rtol": -1e-3}, ValueError, r"rtol must be in \[1e-14, 0.5\]"),
        ({"rtol": 0.51}, ValueError, r"rtol must be in \[1e-14, 0.5\]"),
        ({"rtol": float("nan")}, ValueError, r"rtol must be in \[1e-14, 0.5\]"),
        ({"rtol": "1e-3"}, TypeError, "rtol must be a number"),
        ({"method": "fixed"}, ValueError, 'rtol belongs to method="adaptive"'),
    ],
)
def test_bad_methods_are_refused(options, error, said):
    with pytest.raises(error, match=said):
        simulation(**options)


@pytest.mark.parametrize(
    ("device", "said"),
    [
        (mn.TunnelGap(), r"TunnelGap\(\) is event-driven"),
        (mn.AtomicSwitch(), r"AtomicSwitch\(\) is event-driven"),
        (mn.RateBalance(step="as-published"), "has step='as-published', .* use step='exact'"),
        (mn.StochasticRateBalance(), r"StochasticRateBalance\(\) draws random numbers"),
    ],
)
def test_devices_that_are_no_differential_equations_are_refused_by_name(device, said):
    net = cases.random_network(1)
    with pytest.raises(ValueError, match=said):
        simulation(net, device)
    mixed = mn.mix(net, {mn.RateBalance(): 0.5, device: 0.5}, seed=1)
    with pytest.raises(ValueError, match=said):
        simulation(net, mixed)


def test_the_library_refuses_them_too():
    net = mn.Network(2, [(0, 1)], length=[0.05], electrodes={"left": 0, "right": 1})
    waves, root = flatten({"left": mn.drive.constant(1.0), "right": mn.drive.constant(0.0)}, ["left", "right"])
    for device, said in [
        (mn.TunnelGap(), "differential equations: TunnelGap"),
        (mn.RateBalance(step="as-published"), r"differential equations: RateBalance.step of edge 0 is 1"),
    ]:
        edges = np.array([0], dtype=np.int32)
        populations = [(device.model, edges, device.core_values(edges, 1))]
        with pytest.raises(ValueError, match=said):
            mn._core.Simulation(net.core, populations, waves, root, "kron", 1.0, 0, rtol=1e-3)
    with pytest.raises(ValueError, match="rtol"):
        mn._core.Simulation(net.core, populations, waves, root, "kron", 1.0, 0, rtol=0.6)


# ------------------------------------------------------------ equal bits


@pytest.mark.parametrize("pieces", [[1] * 20, [7, 7, 6], [3, 17]])
def test_no_bit_depends_on_how_rows_are_asked_for(pieces):
    whole, parts, recorded = simulation(), simulation(), simulation()
    whole.step(20)
    for n in pieces:
        parts.step(n)
    data = [recorded.run(n, record={"potential": True, "state:g": True}) for n in pieces]
    assert known(whole) == known(parts) == known(recorded)
    assert mn.concat(data).state_g.sizes["time"] == 20


def test_looking_changes_no_bit():
    whole, watched = simulation(), simulation()
    whole.step(12)
    for _ in range(12):
        watched.step(1)
        _ = watched.potential, watched.branch_current, watched.info, repr(watched)
        watched.set_state(watched.devices[0])  # nothing of it
    assert known(whole) == known(watched)


@pytest.mark.parametrize("at", [1, 4, 9])
def test_going_on_from_a_checkpoint_or_a_copy_has_the_same_bits(at, tmp_path):
    whole, half = simulation(), simulation()
    whole.step(14)
    half.step(at)
    half.save(tmp_path / "half")
    others = [
        mn.Simulation.load(tmp_path / "half"),
        copy.copy(half),
        copy.deepcopy(half),
        pickle.loads(pickle.dumps(half)),
    ]
    for sim in [*others, half]:
        assert (sim.method, sim.rtol, sim.counters) == ("adaptive", 1e-3, half.counters) or sim is half
        sim.step(14 - at)
        assert known(sim) == known(whole)


def test_a_checkpoint_is_of_one_method_and_tolerance(tmp_path):
    one = simulation()
    one.step(2)
    one.save(tmp_path / "one")
    checkpoint = mn._core.Checkpoint(os.fspath(tmp_path / "one"))
    for other in (simulation(rtol=1e-4), simulation(method="fixed", rtol=None)):
        with pytest.raises(mn.CheckpointError, match="another simulation"):
            other._restore(checkpoint)


def test_files_tell_the_method(tmp_path):
    pytest.importorskip("zarr")
    data = simulation().run(6, out=tmp_path / "run.zarr")
    assert json.loads(data.attrs["parameters"])["rtol"] == 1e-3
    again = mn.rerun(data)
    cases.assert_same_data(again, data)
    longer = mn.resume(tmp_path / "run.zarr", n_steps=9)
    cases.assert_same_data(longer, simulation().run(9))
    sim = simulation()
    joined = mn.concat([sim.run(4), sim.run(5)])
    cases.assert_same_data(mn.rerun(joined), longer)
    other = simulation(rtol=1e-4)
    other.step(4)
    with pytest.raises(ValueError, match="rtol"):
        mn.concat([simulation().run(4), other.run(5)])


def test_descriptions_without_a_method_are_of_fixed_steps():
    data = simulation(method="fixed", rtol=None, dt=1e-5).run(5)
    spec = json.loads(data.attrs["parameters"])
    assert "method" not in spec
    assert "rtol" not in spec
    cases.assert_same_data(mn.rerun(data), data)


def test_run_files_and_the_command_line_know_the_method(tmp_path):
    text = """
    network = {kind = "grid", rows = 3, columns = 3}
    devices = [{model = "RateBalance"}]
    drive = {left = 1.0, right = 0.0}
    simulation = {method = "adaptive", rtol = 1e-4, seed = 0}
    run = {steps = 5}
    """
    (tmp_path / "run.toml").write_text(text)
    found = mn.study.read_run_file(tmp_path / "run.toml").simulation
    assert (found.method, found.rtol) == ("adaptive", 1e-4)
    assert mn.study.read_run_file(tmp_path / "run.toml", method="fixed").simulation.rtol is None
    assert mn.study.read_run_file(tmp_path / "run.toml", rtol=1e-2).simulation.rtol == 1e-2
    call = [sys.executable, "-m", "memnet", "run", str(tmp_path / "run.toml"), "--rtol", "1e-2", "--no-progress"]
    subprocess.run(call, check=True, capture_output=True)
    with xr.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as data:
        assert json.loads(data.attrs["parameters"])["rtol"] == 1e-2
    said = subprocess.run(
        [sys.executable, "-m", "memnet", "info", str(tmp_path / "run.nc")], check=True, capture_output=True, text=True
    )
    assert "adaptive" in said.stdout


# ------------------------------------------------------------ what they know of each other


def test_counters():
    sim = simulation()
    assert sim.counters == {"steps": 0, "factorisations": 0, "solves": 0, "refused": 0, "negative": 0}
    sim.step(8)
    found = sim.counters
    assert found["steps"] > 8
    assert found["negative"] == 0
    assert found["factorisations"] >= found["steps"] + found["refused"] + 8
    assert found["solves"] >= 3 * (found["steps"] + found["refused"]) + 8
    fixed = simulation(method="fixed", rtol=None, dt=1e-5)
    fixed.step(8)
    assert fixed.counters == {"steps": 8, "factorisations": 8, "solves": 8, "refused": 0, "negative": 0}


def test_a_duration_is_rows():
    assert simulation().run(duration=1.5).sizes["time"] == 6


def test_rows_do_not_move_with_their_spacing():
    coarse = simulation(dt=1.0, rtol=1e-5).run(6).conductance.to_numpy()
    fine = simulation(dt=0.125, rtol=1e-5).run(41).conductance.to_numpy()
    np.testing.assert_allclose(coarse, fine[::8], rtol=1e-4)


def test_a_new_drive_is_the_one_that_acts():
    sim, told = simulation(), simulation(wave=mn.drive.concat([(WAVE, 1.0), (2.5, None)]))
    sim.step(4)
    sim.set_drive({"left": 2.5, "right": 0.0})
    sim.step(4)
    told.step(8)
    g = [one.state(one.devices[0], "g") for one in (sim, told)]
    np.testing.assert_allclose(g[0], g[1], rtol=3e-3)


def test_a_new_state_starts_small_steps():
    sim = simulation(wave=6.0)
    sim.step(8)
    before = sim.counters["steps"]
    fresh = simulation(wave=6.0)
    sim.set_state(sim.devices[0], g=fresh.state(fresh.devices[0], "g"))
    sim.step(1)
    fresh.step(1)
    assert sim.counters["steps"] - before > 20
    np.testing.assert_allclose(sim.state(sim.devices[0], "g"), fresh.state(fresh.devices[0], "g"), rtol=3e-3)


# ------------------------------------------------------------ failures


def test_a_smallest_step_names_time_edge_and_model():
    fast = mn.RateBalance(kappa_p0=1e10, kappa_d0=1e10, eta_p=700.0, eta_d=700.0, g_min=1e-3, g_max=0.1)
    net = mn.Network(2, [(0, 1)], electrodes={"left": 0, "right": 1})
    sim = simulation(net, fast, mn.drive.piecewise_linear([0.0, 1.0, 2.0], [0.0, 0.0, 2.0]), dt=5.0)
    with pytest.raises(ArithmeticError, match=r"t = .* s: no step is short enough.*RateBalance.* of edge \d+ \(n"):
        sim.run(3)
    assert sim.steps_done == 0
    assert sim.partial is not None
    assert sim.partial.sizes["time"] == 0
    assert np.isfinite(sim.potential).any()


def test_a_row_that_was_stopped_leaves_no_trace():
    whole, stopped = (simulation(dt=2.0, rtol=1e-8) for _ in range(2))
    whole.step(3)
    stopped.step(1)
    timer = threading.Timer(0.02, stopped._core.cancel)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        stopped._core.run(1, 60.0)
    timer.join()
    stopped._report = stopped._ask()
    stopped.step(2)
    assert cases.states(stopped).keys() == cases.states(whole).keys()
    cases.assert_same_states(whole, stopped)
    assert whole.potential.tobytes() == stopped.potential.tobytes()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer")
def test_ctrl_c_ends_a_long_row():
    sim = simulation(dt=1e3, rtol=1e-7, wave=mn.drive.sine(6.0, 1.0))
    sim.step(0)
    old = signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))

    def interrupted():
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        sim.step(1)

    began = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            interrupted()
    finally:
        signal.signal(signal.SIGALRM, old)
    assert time.monotonic() - began < 60.0  # the row itself would take hours
    assert sim.steps_done == 0


@pytest.mark.parametrize("length", [1.0, 1e3])
def test_rows_far_shorter_than_the_drive_see_its_jumps_when_steps_do(length):
    """Boundaries count as reached 1e-9 of a period early in fixed rows: that is many rows here."""
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    pulses = mn.drive.pulses(0.0, 1.0, length=length, spacing=length, start=1e-8)
    device = mn.RateBalance(kappa_p0=1e9, kappa_d0=0.0, eta_p=1.0, eta_d=0.0, g_min=1e-3, g_max=0.1)
    drive = {"in": mn.drive.limited(pulses, current=1.0), "out": 0.0}
    for driven in (drive, {"in": pulses, "out": 0.0}):
        data = mn.Simulation(net, device, driven, dt=1e-10, method="adaptive").run(120, progress=False)
        expected = np.where(np.arange(120) < 100, 0.0, 1.0)
        assert (data.voltage.sel(electrode="in").values == expected).all()


def test_devices_far_slower_than_rows_carry_their_jumps_when_steps_see_them():
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    pulses = mn.drive.pulses(0.0, 1.0, length=1.0, spacing=1.0, start=1e-8)
    source = mn.CurrentSource(current=pulses)
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    sim = mn.Simulation(net, [mn.Resistor(), source], {"in": 0.0, "out": 0.0}, dt=1e-10, method="adaptive")
    current = sim.run(120, progress=False).current.sel(electrode="in").values
    assert (current[:100] == 0.0).all()
    assert (current[100:] == 1.0).all()


@pytest.mark.parametrize("device", [mn.PlainNanopore(E_0=0.2), mn.Nanopore(E_0=-0.3, tau_0=0.5)])
def test_no_steps_are_lost_where_a_device_with_a_voltage_of_its_own_is_at_0(device):
    """It carries a current there, beside which its state counts."""
    net = mn.Network(2, [(0, 1)], electrodes={"left": 0, "right": 1})
    sim = simulation(net, device, mn.drive.sine(0.5, frequency=0.01), rtol=1e-7)
    taken = []
    for _ in range(400):
        before = sim.counters["steps"]
        sim.step(1)
        taken.append(sim.counters["steps"] - before)
    assert max(taken[190:210]) <= 2 * max(taken[150:190] + taken[210:250])


@pytest.mark.parametrize("rtol", [1e-300, 1e-17, 9.9e-15])
def test_a_tolerance_below_rounding_is_refused_with_its_range(rtol):
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    with pytest.raises(ValueError, match=r"rtol must be in \[1e-14, 0.5\], got "):
        mn.Simulation(net, mn.RateBalance(), {"in": 1.0, "out": 0.0}, method="adaptive", rtol=rtol)


def test_the_least_tolerance_can_be_met():
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    drive = {"in": mn.drive.sine(1.0, frequency=1.0), "out": 0.0}
    sim = mn.Simulation(net, mn.RateBalance(), drive, dt=1e-4, method="adaptive", rtol=1e-14)
    assert np.isfinite(sim.run(3, progress=False).current.values).all()


def test_what_a_simulation_is_made_with_cannot_be_set_afterwards():
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    sim = mn.Simulation(net, mn.RateBalance(), {"in": 1.0, "out": 0.0}, method="adaptive")
    for one in (sim, sim.copy(), pickle.loads(pickle.dumps(sim))):
        for name in ("rtol", "method", "dt", "seed", "solver", "net", "devices", "reactions", "incremental"):
            before = getattr(one, name)
            with pytest.raises(AttributeError, match=f"{name} is what the simulation was made with.*cannot be set"):
                setattr(one, name, 3)
            assert getattr(one, name) is before
        one.run(1, progress=False)
