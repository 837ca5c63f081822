"""The simulation: steps, states, equal bits whichever way a run is made, interruption, threads, bad input."""

import pickle
import signal
import threading
import time

import numpy as np
import pytest
from cases import (
    KINDS,
    assert_same_data,
    assert_same_states,
    chain,
    drives,
    random_network,
    rate_balance,
    simulation,
    states,
    tunnel_gap,
)
from ctrl_c import pressed_after
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet import _core

# Steps are coarse here: what is compared does not depend on them.
pytestmark = pytest.mark.filterwarnings("ignore::memnet.StepWarning")

STEPS = 150
EVERYTHING = ["potential", "branch_voltage", "branch_current", "edge_conductance"]

cases = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(sorted(KINDS)),
        "seed": st.integers(0, 50),
        "drive": st.sampled_from(["constant", "pulses", "triangle"]),
        "third": st.booleans(),
    }
)
few = settings(max_examples=25)


def concatenated(parts):
    """Consecutive runs in one: rows and events in a row."""
    return {
        name: np.concatenate([part[name].to_numpy() for part in parts])
        for name in parts[0].variables
        if parts[0][name].dims[0] in ("time", "event")
    }


def assert_same_arrays(rows, data):
    for name, values in rows.items():
        assert values.tobytes() == data[name].to_numpy().tobytes(), name


# ------------------------------------------------------------------ equal bits


@few
@given(cases, st.sampled_from([1, 7, 64]))
def test_the_chunk_size_does_not_show(case, chunk):
    whole, pieces = simulation(**case), simulation(**case)
    data = whole.run(STEPS, record=EVERYTHING)
    parts = [pieces.run(min(chunk, STEPS - k), record=EVERYTHING) for k in range(0, STEPS, chunk)]
    assert_same_arrays(concatenated(parts), data)
    assert_same_states(whole, pieces)


@few
@given(cases, st.integers(1, 9))
def test_recording_does_not_show(case, every):
    quiet, loud, stepped = simulation(**case), simulation(**case), simulation(**case)
    full = loud.run(STEPS, record=EVERYTHING)
    sparse = quiet.run(STEPS, record={"current": False})
    thin = simulation(**case).run(STEPS, record=["potential"], every=every)
    kinds = []
    for _ in range(STEPS):
        stepped.step()
        kinds.append(stepped.last_events)
    assert_same_states(quiet, loud)
    assert_same_states(quiet, stepped)
    for k, name in enumerate(("event_step", "event_edge", "event_kind")):
        assert sparse[name].to_numpy().tobytes() == full[name].to_numpy().tobytes()
        assert np.concatenate([step[k] for step in kinds]).tolist() == full[name].to_numpy().tolist()
    assert "current" not in sparse
    assert thin.potential.to_numpy().tobytes() == full.potential.to_numpy()[::every].tobytes()
    assert thin.time.to_numpy().tolist() == [float(k) for k in range(0, STEPS, every)]


@few
@given(cases)
def test_incremental_or_full_and_event_driven_or_every_step(case):
    data = simulation(**case).run(STEPS, record=EVERYTHING)
    for options in ({"incremental": False}, {"event_driven": False}, {"incremental": False, "event_driven": False}):
        other = simulation(**case, **options)
        assert_same_data(other.run(STEPS, record=EVERYTHING), data)


@few
@given(cases, st.integers(0, STEPS))
def test_save_and_load_at_any_step(tmp_path_factory, case, at):
    path = tmp_path_factory.mktemp("save") / "run.memnet"
    whole, first = simulation(**case), simulation(**case)
    data = whole.run(STEPS, record=EVERYTHING)
    head = first.run(at, record=EVERYTHING)
    first.save(path)
    second = mn.Simulation.load(path)
    assert_same_states(first, second)
    tail = second.run(STEPS - at, record=EVERYTHING)
    assert_same_arrays(concatenated([head, tail]), data)
    assert_same_states(second, whole)


def test_two_simulations_in_two_threads():
    net = random_network(1)
    mixtures = [mn.mix(net, [(make(), 1 / 3) for make, _ in KINDS["A:B:C"]], seed=seed) for seed in (1, 2)]

    def make(devices):
        return mn.Simulation(net, devices, drives(net, "constant"), seed=0)

    wanted = [make(devices).run(2000) for devices in mixtures]
    sims = [make(devices) for devices in mixtures]
    got = [None, None]

    def work(k):
        got[k] = sims[k].run(2000)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for data, want in zip(got, wanted, strict=True):
        assert_same_data(data, want)


def test_events_happen_in_the_cases():
    kinds = [simulation(kind, seed).run(500).event_kind.to_numpy() for kind in ("A", "A:C") for seed in range(5)]
    assert all((kind == 1).any() for kind in kinds)
    assert any((kind == -1).any() for kind in kinds)


# ------------------------------------------------------------------ physics of the loop


def assert_kirchhoffs_law(net, v, g):
    """At every free node of every row the currents of its edges sum to rounding."""
    a, b = net.edges[:, 0], net.edges[:, 1]
    current = g * np.nan_to_num(v[:, a] - v[:, b])
    scale = g * (np.nan_to_num(np.abs(v[:, a])) + np.nan_to_num(np.abs(v[:, b])))
    residual, bound = np.zeros(v.shape[::-1]), np.zeros(v.shape[::-1])
    np.add.at(residual, a, -current.T)
    np.add.at(residual, b, current.T)
    np.add.at(bound, a, scale.T)
    np.add.at(bound, b, scale.T)
    free = np.ones(net.n_nodes, dtype=bool)
    free[np.concatenate(list(net.electrodes.values()))] = False
    assert (np.abs(residual[free]) <= 8 * np.finfo(float).eps * bound[free]).all()


@few
@given(cases)
def test_kirchhoffs_current_law_at_every_recorded_step(case):
    sim = simulation(**case)
    data = sim.run(STEPS, record=["potential", "edge_conductance"])
    assert_kirchhoffs_law(sim.net, data.potential.to_numpy(), data.edge_conductance.to_numpy())


def test_kirchhoffs_current_law_in_a_percolating_network():
    net = mn.percolating(size=60, coverage=0.65, seed=3)
    devices = mn.mix(net, {tunnel_gap(): 0.75, rate_balance(): 0.25}, seed=1)
    data = mn.Simulation(net, devices, {"left": 3.0, "right": 0.0}, seed=0).run(
        500, record=["potential", "edge_conductance"]
    )
    assert data.sizes["event"] > 10
    assert_kirchhoffs_law(net, data.potential.to_numpy(), data.edge_conductance.to_numpy())


def test_the_other_solver_agrees():
    kron, umfpack = simulation("C", 3, third=True), simulation("C", 3, third=True, solver="umfpack")
    one, other = kron.run(50), umfpack.run(50)
    for name in ("current", "voltage", "conductance"):
        scale = np.abs(one[name].to_numpy()).max()
        np.testing.assert_allclose(other[name].to_numpy(), one[name].to_numpy(), rtol=0, atol=1e-10 * scale)


def test_row_k_is_step_k_before_the_states_move_on():
    net = chain(1)
    device = mn.RateBalance()
    sim = mn.Simulation(net, device, {"left": mn.drive.from_array([1.0, 0.5, 2.0], 2.0), "right": 0.0}, dt=2.0, seed=0)
    g0 = sim.state(device, "g")[0]
    data = sim.run(3, record={"state:g": device, "edge_conductance": [0]})
    assert data.time.to_numpy().tolist() == [0.0, 2.0, 4.0]
    assert data.voltage.sel(electrode="left").to_numpy().tolist() == [1.0, 0.5, 2.0]
    g, v = data.state_g.to_numpy()[:, 0], [1.0, 0.5, 2.0]
    assert g[0] == g0
    for k in range(2):
        p = 5e-4 * np.exp(10 * v[k])
        d = 5e-2 * np.exp(-10 * v[k])
        want = p / (p + d) + (g[k] - p / (p + d)) * np.exp(-(p + d) * 2.0)
        assert g[k + 1] == pytest.approx(want, rel=1e-13)
    conductance = data.edge_conductance.to_numpy()[:, 0]
    np.testing.assert_allclose(data.conductance.to_numpy(), conductance, rtol=1e-15)
    np.testing.assert_allclose(data.current.sel(electrode="left"), conductance * v, rtol=1e-15)
    np.testing.assert_allclose(data.current.sel(electrode="right"), -conductance * v, rtol=1e-15)
    assert sim.time == 6.0
    assert sim.steps_done == 3


def test_fields_are_those_of_the_step_just_taken():
    sim, other = simulation("A:C", 3, "pulses"), simulation("A:C", 3, "pulses")
    data = other.run(30, record=EVERYTHING)
    for k in range(30):
        sim.step()
        assert sim.potential.tobytes() == data.potential.to_numpy()[k].tobytes()
        assert sim.branch_voltage.tobytes() == data.branch_voltage.to_numpy()[k].tobytes()
        assert sim.conductance.tobytes() == data.edge_conductance.to_numpy()[k].tobytes()
        assert sim.current.tobytes() == data.current.to_numpy()[k].tobytes()
        assert sim.voltage.tobytes() == data.voltage.to_numpy()[k].tobytes()
        assert sim.terminal_conductance == data.conductance.to_numpy()[k]


def test_before_the_first_step_fields_are_solved_and_nothing_moves():
    sim, other = simulation("A:C", 4), simulation("A:C", 4)
    before = sim.potential
    assert np.isnan(before[-2:]).all()
    assert np.isfinite(before[:-2]).all()
    assert before[0] == before[1] == 3.0
    data = sim.run(20, record=["potential"])
    assert before.tobytes() == data.potential.to_numpy()[0].tobytes()
    assert_same_data(data, other.run(20, record=["potential"]))


def test_an_event_changes_the_conductance_in_the_next_row():
    sim = simulation("A", 5)
    data = sim.run(600, record=["edge_conductance"])
    g = data.edge_conductance.to_numpy()
    changed = {(int(k), int(e)) for k, e in np.argwhere(g[1:] != g[:-1])}
    events = set(zip(data.event_step.to_numpy().tolist(), data.event_edge.to_numpy().tolist(), strict=True))
    assert events
    assert {event for event in events if event[0] < 599} == changed
    closed = data.event_kind.to_numpy() == 1
    for k, e in zip(data.event_step.to_numpy()[closed], data.event_edge.to_numpy()[closed], strict=True):
        if k < 599:
            assert g[k + 1, e] == 10.0


# ------------------------------------------------------------------ states


def test_set_state_is_what_state_returns():
    sim = simulation("A:C", 6)
    a, c = sim.devices
    n = sim.edges_of(c).size
    sim.run(5)
    sim.set_state(c, g=0.25)
    assert sim.state(c, "g").tolist() == [0.25] * n
    values = np.linspace(0.0, 1.0, n)
    sim.set_state(c, g=values)
    assert sim.state(c, "g").tolist() == values.tolist()
    assert sim.conductance[sim.edges_of(c)].tolist() == values.tolist()
    assert sim.edges_of(a).size + n == sim.net.n_edges
    data = sim.run(1, record={"state:g": c})
    assert data.state_g.to_numpy()[0].tolist() == values.tolist()
    assert data.state_g_edge.to_numpy().tolist() == sim.edges_of(c).tolist()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"g": -0.5}, ValueError, r"RateBalance\.g .*-0.5"),
        ({"g": 1.5}, ValueError, r"RateBalance\.g .*1.5"),
        ({"g": np.nan}, ValueError, r"RateBalance\.g"),
        ({"g": [0.5, 0.5]}, ValueError, r"RateBalance\.g must have shape"),
        ({"g": "x"}, TypeError, r"RateBalance\.g"),
        ({"gg": 0.5}, TypeError, "did you mean 'g'"),
        ({"eta_p": 0.5}, TypeError, "unknown keyword 'eta_p'"),
    ],
)
def test_bad_states_are_refused_and_change_nothing(change, error, message):
    sim = simulation("C", 6)
    before = states(sim)
    with pytest.raises(error, match=message):
        sim.set_state(sim.devices[0], **change)
    assert all((values == before[key]).all() for key, values in states(sim).items())
    assert sim.set_by_hand is False


def test_devices_are_found_by_identity():
    sim = simulation("C", 6)
    for call in (sim.edges_of, sim.index_of, lambda d: sim.state(d, "g"), lambda d: sim.set_state(d, g=0.5)):
        with pytest.raises(ValueError, match="identity"):
            call(mn.RateBalance())
        with pytest.raises(TypeError, match="device must be"):
            call("RateBalance")
    with pytest.raises(ValueError, match="did you mean 'g'"):
        sim.state(sim.devices[0], "gg")


def test_one_device_an_edge():
    net = chain(3)
    one, other = mn.Resistor(conductance=1.0), mn.Resistor(conductance=2.0)
    sim = mn.Simulation(net, [other, one, other], {"left": 1.0, "right": 0.0}, seed=0)
    assert sim.devices == (other, one)
    assert sim.edges_of(other).tolist() == [0, 2]
    assert sim.conductance.tolist() == [2.0, 1.0, 2.0]


def test_a_device_without_an_edge_is_kept_aside():
    net = chain(3)
    c, none = mn.RateBalance(), mn.TunnelGap()
    sim = mn.Simulation(net, mn.mix(net, {c: 1.0, none: 0.0}, seed=1), {"left": 1.0, "right": 0.0}, seed=0)
    sim.run(3)
    assert sim.edges_of(none).size == 0
    assert sim.state(none, "d").size == 0
    sim.set_state(none, d=0.0)
    with pytest.raises(ValueError, match="no edge"):
        sim.run(1, record={"state:d": none})


def test_set_drive_goes_on_from_there():
    sim = simulation("C", 8)
    sim.run(5)
    sim.set_drive({"left": 1.0, "right": None})
    assert sim.steps_done == 5
    data = sim.run(1)
    assert data.voltage.to_numpy()[0, 0] == 1.0
    assert repr(sim.drive["left"]) == "constant(value=1.0)"
    with pytest.raises(ValueError, match="unknown electrode"):
        sim.set_drive({"left": 1.0, "rihgt": 0.0})
    with pytest.raises(TypeError):
        sim.drive["left"] = 2.0


# ------------------------------------------------------------------ interruption, threads, errors


def test_ctrl_c_leaves_a_usable_simulation():
    sim, other = simulation("A:C", 9), simulation("A:C", 9)
    with pytest.raises(KeyboardInterrupt), pressed_after(sim, 1000):
        sim.run(20_000_000, every=1000)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    done = sim.steps_done
    assert 0 < done < 20_000_000
    part = sim.partial
    assert part.sizes["time"] == -(-done // 1000)
    rest = sim.run(3000)
    assert sim.partial is None
    whole = other.run(done, every=1000)
    assert_same_data(part, whole)
    assert_same_data(rest, other.run(3000))
    assert_same_states(sim, other)
    assert_same_data(mn.rerun(part), part)


def test_an_own_handler_of_ctrl_c_stays():
    seen = []
    previous = signal.signal(signal.SIGINT, lambda *_: seen.append(True))
    try:
        sim = simulation("C", 9)
        with pressed_after(sim, 1000):
            while not seen:
                sim.run(2000, record={"current": False})
    finally:
        signal.signal(signal.SIGINT, previous)


def busy(call):
    try:
        call()
    except _core.SimulationBusy as error:
        return [error]
    return []


def test_a_second_thread_on_one_simulation_gets_simulation_busy():
    sim = simulation("C", 10)
    errors = []
    thread = threading.Thread(target=lambda: sim.run(400_000, record={"current": False}))
    thread.start()
    while sim.steps_done == 0 and thread.is_alive():  # until it is inside, as else it would be the second
        time.sleep(0.001)
    while thread.is_alive():
        for call in (lambda: sim.run(1), sim.step, lambda: sim.potential, lambda: sim.save("never")):
            errors += busy(call)
        time.sleep(0.001)
    thread.join()
    assert errors
    assert "thread" in str(errors[0])


def test_a_drive_that_overflows_is_refused_and_the_simulation_stays_usable():
    huge = mn.drive.sine(1e308, 0.1)
    sim = mn.Simulation(chain(), mn.RateBalance(), {"left": huge + huge + huge, "right": 0.0}, seed=0)
    with pytest.raises(ValueError, match="drive"):
        sim.run(10)
    assert sim.steps_done < 10
    assert sim.partial.sizes["time"] == sim.steps_done
    sim.set_drive({"left": 1.0, "right": 0.0})
    sim.run(3)


def test_no_steps():
    sim = simulation("A:C", 11)
    data = sim.run(0)
    assert data.sizes["time"] == data.sizes["event"] == 0
    assert data.current.shape == (0, 2)
    assert sim.steps_done == 0


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"dt": 0.0}, ValueError, r"dt must be in \(0, inf\) s, got 0"),
        ({"dt": -1.0}, ValueError, "dt"),
        ({"dt": np.inf}, ValueError, "dt"),
        ({"dt": np.nan}, ValueError, "dt"),
        ({"dt": "1"}, TypeError, "dt"),
        ({"seed": -1}, ValueError, "seed"),
        ({"seed": 1.5}, TypeError, "seed"),
        ({"seed": 2**64}, ValueError, "seed"),
        ({"solver": "umfpak"}, ValueError, "did you mean 'umfpack'"),
        ({"incremental": 1}, TypeError, "incremental"),
        ({"net": 3}, TypeError, "net must be a Network"),
        ({"devices": "RateBalance"}, TypeError, "devices"),
        ({"devices": [mn.RateBalance()]}, ValueError, "3 edges, got 1"),
        ({"devices": [mn.RateBalance(), 1, 2]}, TypeError, r"devices\[1\]"),
        ({"devices": {mn.RateBalance(): 1.0}}, TypeError, r"mn\.mix"),
        ({"drive": {"left": 1.0}}, ValueError, "right"),
        ({"drive": {"left": None, "right": None}}, ValueError, "at least one"),
    ],
)
def test_bad_arguments_are_refused(change, error, message):
    good = {"net": chain(3), "devices": mn.RateBalance(), "drive": {"left": 1.0, "right": 0.0}}
    with pytest.raises(error, match=message):
        mn.Simulation(**{**good, **change})


def test_a_mixture_of_another_network_is_refused():
    mixed = mn.mix(chain(4), {mn.RateBalance(): 1.0}, seed=1)
    with pytest.raises(ValueError, match="3 edges, got 4"):
        mn.Simulation(chain(3), mixed, {"left": 1.0, "right": 0.0})


def test_a_model_that_needs_lengths_says_so():
    net = mn.Network(2, [(0, 1)], electrodes={"left": [0], "right": [1]})
    with pytest.raises(ValueError, match="length"):
        mn.Simulation(net, mn.TunnelGap(), {"left": 1.0, "right": 0.0})


@pytest.mark.parametrize("n_steps", [-1, 1.5, "3", True])
def test_bad_numbers_of_steps(n_steps):
    with pytest.raises((TypeError, ValueError), match="n_steps"):
        simulation("C", 1).run(n_steps)


def test_seeds_that_are_not_given_are_drawn():
    net = chain()
    seeds = {mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0}).seed for _ in range(4)}
    assert len(seeds) == 4


def test_text():
    sim = simulation("A:C", 12)
    sim.run(3)
    text = repr(sim)
    for part in ("RateBalance()", "61 edges", "3 steps", "kron", "seed: 12"):
        assert part in text
    page = sim._repr_html_()
    assert page.startswith("<table>")
    assert "RateBalance()" in page
    assert "<" not in page.replace("<t", "").replace("</t", "").replace("<c", "").replace("</c", "")
    assert sim.info["counters"]["n_events"] >= 0
    assert sim.info["solver"]["n_free"] == 26 - 3


# ------------------------------------------------------------------ checkpoints


def test_a_damaged_checkpoint_is_refused(tmp_path):
    path, broken = tmp_path / "run.memnet", tmp_path / "broken.memnet"
    sim = simulation("A:C", 13)
    sim.run(20)
    sim.save(path)
    good = path.read_bytes()
    rng = np.random.default_rng(1)
    places = np.unique(np.concatenate([np.arange(64), len(good) - 1 - np.arange(16), rng.integers(0, len(good), 300)]))
    for place in places:
        bad = bytearray(good)
        bad[place] ^= 1 << int(rng.integers(8))
        broken.write_bytes(bytes(bad))
        with pytest.raises(_core.CheckpointError):
            mn.Simulation.load(broken)
    for size in np.unique(np.concatenate([np.arange(40), rng.integers(0, len(good), 60), [len(good) - 1]])):
        broken.write_bytes(good[:size])
        with pytest.raises(_core.CheckpointError):
            mn.Simulation.load(broken)
    broken.write_bytes(good + b"x")
    with pytest.raises(_core.CheckpointError):
        mn.Simulation.load(broken)
    with pytest.raises(FileNotFoundError):
        mn.Simulation.load(tmp_path / "missing")
    broken.write_bytes(b"not a checkpoint of this kind")
    with pytest.raises(_core.CheckpointError):
        mn.Simulation.load(broken)
    assert_same_states(mn.Simulation.load(path), sim)


def test_saving_again_replaces_and_failing_keeps(tmp_path):
    path = tmp_path / "run.memnet"
    sim = simulation("C", 14)
    sim.save(path)
    sim.run(5)
    sim.save(path)
    assert mn.Simulation.load(path).steps_done == 5
    assert [p.name for p in tmp_path.iterdir()] == ["run.memnet"]
    with pytest.raises(FileNotFoundError, match="no such folder"):
        sim.save(tmp_path / "no such folder" / "run.memnet")
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError, match="folder"):
        sim.save(tmp_path / "folder")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder", "run.memnet"]
    sim.run(1)


@pytest.mark.parametrize("change", ["drive", "list", "mix", "per edge"])
def test_load_rebuilds_everything(tmp_path, change):
    net = random_network(15, third=True)
    drive = drives(net, "constant")
    devices = rate_balance()
    if change == "drive":
        drive = {
            "left": mn.drive.concat(
                [(mn.drive.pulses(0, 3, 2, 3, 4), 17.0), (None, 2.0), (mn.drive.current(1e-3), None)]
            ),
            "right": 0.0,
            "top": mn.drive.from_array([0.0, 0.1], 3.0, repeat=True) + mn.drive.sine(0.1, 0.01),
        }
    elif change == "list":
        a, c = tunnel_gap(), rate_balance()
        devices = [a if k % 3 else c for k in range(net.n_edges)]
    elif change == "mix":
        devices = mn.mix(net, [(tunnel_gap(), 0.5), (rate_balance(), 0.25), (rate_balance(), 0.25)], seed=3)
    elif change == "per edge":
        devices = mn.RateBalance(eta_p=np.linspace(5, 10, net.n_edges), g_initial=np.linspace(0.1, 1, net.n_edges))
    sim = mn.Simulation(net, devices, drive, seed=4)
    sim.run(30)
    sim.save(tmp_path / "run")
    again = mn.Simulation.load(tmp_path / "run")
    assert repr(again) == repr(sim)
    assert_same_data(again.run(60, record=EVERYTHING), sim.run(60, record=EVERYTHING))
    assert_same_states(again, sim)


def test_devices_travel_between_processes():
    devices = pickle.loads(pickle.dumps([mn.TunnelGap(r_d=1e-5), mn.RateBalance()]))
    assert [repr(d) for d in devices] == ["TunnelGap(r_d=1e-05)", "RateBalance()"]


def test_a_constant_drive_that_is_replaced_or_restored_is_read_again(tmp_path):
    net, device = mn.Network(2, [(0, 1)], electrodes={"a": 0, "b": 1}), mn.Resistor(conductance=2.0)
    sim = mn.Simulation(net, device, {"a": 1.0, "b": 0.0})
    assert sim.run(2).current.sel(electrode="a").to_numpy().tolist() == [2.0, 2.0]
    sim.save(tmp_path / "one.mn")
    sim.set_drive({"a": 3.0, "b": 0.0})
    assert sim.run(2).current.sel(electrode="a").to_numpy().tolist() == [6.0, 6.0]
    sim.set_drive({"a": None, "b": mn.drive.steps([0.0, 1.0], [0.0, 5.0])})
    assert sim.run(2).voltage.sel(electrode="b").to_numpy().tolist() == [0.0, 1.0]
    assert mn.Simulation.load(tmp_path / "one.mn").run(1).current.sel(electrode="a").item() == 2.0
