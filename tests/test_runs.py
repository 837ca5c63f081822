"""Runs: how long they are, what they keep, what they say when they stop, and what may be asked meanwhile."""

import json
import re
import signal
import threading
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from cases import assert_same_data, assert_same_states, chain, simulation
from ctrl_c import pressed_after
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet.base import memory, plain
from memnet.simulate import _dataset
from memnet.simulate._run import step_count

# Steps are coarse here: what is compared does not depend on them.
pytestmark = pytest.mark.filterwarnings("ignore::memnet.StepWarning")


def resistor(dt):
    return mn.Simulation(chain(1), mn.Resistor(), {"left": 1.0, "right": 0.0}, dt=dt, seed=0)


# ------------------------------------------------------------------ how many steps


@pytest.mark.parametrize("n_steps", [7, 7.0, np.float32(7), np.int16(7), np.float64(7)])
def test_whole_floats_are_numbers_of_steps(n_steps):
    sim = resistor(0.1)
    assert sim.run(n_steps, every=np.float64(2.0)).sizes["time"] == 4
    sim.step(n_steps)
    assert sim.steps_done == 14
    sim.run(1e3)
    assert sim.steps_done == 1014


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (2.5, ValueError),
        (np.nan, ValueError),
        (np.inf, ValueError),
        (-np.inf, ValueError),
        (-1, ValueError),
        (-1.0, ValueError),
        (2**63, ValueError),
        (1e300, ValueError),
        (10**400, ValueError),
        (True, TypeError),
        ("3", TypeError),
        (Fraction(5, 2), TypeError),
        (np.array([3]), TypeError),
        (3 + 0j, TypeError),
    ],
)
def test_what_is_no_number_of_steps_is_refused(value, error):
    sim = resistor(0.1)
    sim.step()
    for name, call in {
        "n_steps": lambda: sim.run(value),
        "every": lambda: sim.run(3, every=value),
        "n": lambda: sim.step(value),
    }.items():
        with pytest.raises(error, match=rf"^{name} must be"):
            call()
    assert sim.steps_done == 1


def test_the_last_step_is_the_largest_count_of_the_library():
    sim = resistor(0.1)
    sim.step(3)
    with pytest.raises(ValueError, match=re.escape(f"n_steps must be an integer in [0, {2**63 - 4}], got {2**63 - 3}")):
        sim.run(2**63 - 3)
    with pytest.raises(ValueError, match="n must be an integer"):
        sim.step(2**63 - 3)


@settings(max_examples=300)
@given(st.integers(0, 10**7), st.floats(1e-12, 1e3))
def test_a_duration_is_its_number_of_steps(count, dt):
    assert step_count(None, count * dt, dt, 0) == count
    assert step_count(None, np.float64(count) * dt * (1 + 3e-16), dt, 0) == count


def test_runs_of_a_duration():
    assert resistor(0.1).run(duration=0.3).sizes["time"] == 3
    assert resistor(1e-3).run(duration=5).sizes["time"] == 5000
    assert resistor(0.5).run(duration=0).sizes["time"] == 0
    data = resistor(0.1).run(duration=0.7)
    assert_same_data(mn.rerun(data), data)
    assert json.loads(data.attrs["parameters"])["n_steps"] == 7


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (0.25, ValueError, r"whole number of steps of 0\.1 s, got 0\.25; .* 0\.2 s \(2 steps\) and 0\.3 s \(3 steps\)"),
        (1e-3, ValueError, r"0 s \(0 steps\) and 0\.1 s \(1 steps\)"),
        (-0.1, ValueError, r"duration must be in \[0, inf\) s"),
        (np.nan, ValueError, "duration must be in"),
        (np.inf, ValueError, "duration must be in"),
        (1e300, ValueError, r"duration must be in \[0, 9\.22337e\+17\] s"),
        (10**400, ValueError, "duration must be in"),
        ("1", TypeError, "duration must be a number"),
        (True, TypeError, "duration must be a number"),
    ],
)
def test_durations_between_steps_or_beyond_them_are_refused(value, error, message):
    sim = resistor(0.1)
    with pytest.raises(error, match=message):
        sim.run(duration=value)
    assert sim.steps_done == 0


def test_one_of_steps_and_duration():
    sim = resistor(0.1)
    with pytest.raises(TypeError, match=r"n_steps or duration \(s\), got neither"):
        sim.run()
    with pytest.raises(TypeError, match="got both"):
        sim.run(3, duration=0.3)


# ------------------------------------------------------------------ many steps without rows, and events


@settings(max_examples=15)
@given(st.sampled_from(["A", "A:C", "A:B:C"]), st.integers(0, 20), st.lists(st.integers(0, 400), max_size=4))
def test_steps_at_once_are_the_steps_one_by_one(kind, seed, pieces):
    one, many = simulation(kind, seed), simulation(kind, seed)
    for piece in pieces:
        many.step(piece)
        data = one.run(piece)
        for mine, name in zip(many.last_events, ("event_step", "event_edge", "event_kind"), strict=True):
            assert mine.dtype == data[name].dtype
            assert mine.tobytes() == data[name].to_numpy().tobytes()
    assert_same_states(one, many)
    assert one.potential.tobytes() == many.potential.tobytes()


def test_steps_log_more_events_than_the_core_has_room_for():
    one, many = simulation("A", 5), simulation("A", 5)
    many.step(100_000)
    data = one.run(100_000, record={"current": False})
    assert data.sizes["event"] > 4096
    assert many.last_events[0].tobytes() == data.event_step.to_numpy().tobytes()


def test_runs_without_events_keep_none(monkeypatch, tmp_path):
    kept = simulation("A:C", 5).run(600, record=["potential"])
    assert kept.sizes["event"] > 0
    sim = simulation("A:C", 5)
    held = []
    result = _dataset.dataset
    monkeypatch.setattr(_dataset, "dataset", lambda rec, *rest: held.append(len(rec._events)) or result(rec, *rest))
    bare = sim.run(600, record=["potential"], events=False)
    assert held == [0]
    assert "event" not in bare.dims
    assert not [name for name in bare.variables if str(name).startswith("event")]
    assert_same_data(bare, kept.drop_vars(["event_step", "event_edge", "event_kind"]))
    again = mn.rerun(bare)
    assert_same_data(again, bare)
    assert sim.info["counters"]["n_events"] == kept.sizes["event"]
    with pytest.raises(ValueError, match="event_step"):
        mn.analysis.events(bare)
    mn.plot.trace(bare)
    mn.plot.overview(sim, sim.run(2500, events=False))
    pytest.importorskip("zarr")
    stored = simulation("A:C", 5).run(600, record=["potential"], events=False, out=tmp_path / "run.zarr")
    assert_same_data(stored.load(), bare)
    with pytest.raises(TypeError, match="events must be True or False, got 1"):
        sim.run(1, events=1)


# ------------------------------------------------------------------ descriptions


def test_a_network_is_described_once(monkeypatch):
    described = []
    encode = plain.encode
    monkeypatch.setattr(plain, "encode", lambda value, *rest: described.append(np.size(value)) or encode(value, *rest))
    sim = simulation("C", 3)
    first = sim.run(1)
    assert max(described) >= 2 * sim.net.n_edges
    described.clear()
    second = sim.run(1)
    other = mn.Simulation(sim.net, mn.RateBalance(), sim.drive, seed=4).run(1)
    assert max(described) < 10
    spec = json.loads(first.attrs["parameters"])
    assert json.loads(second.attrs["parameters"]) == {**spec, "first_step": 1}
    assert json.loads(other.attrs["parameters"])["network"] == spec["network"]


def test_another_drive_is_described_anew():
    sim = simulation("C", 3)
    sim.set_drive({"left": 1.0, "right": 0.0})
    assert_same_data(mn.rerun(data := sim.run(3)), data)
    sim.set_drive({"left": 2.0, "right": 0.0})
    drive = json.loads(sim.run(3).attrs["parameters"])["drive"]
    assert drive != json.loads(data.attrs["parameters"])["drive"]


def test_datasets_of_one_network_share_nothing_that_can_change():
    sim = simulation("C", 3)
    one, other = sim.run(2), sim.run(2)
    one.electrode.attrs["changed"] = "yes"
    one.current.attrs["changed"] = "yes"
    one["electrode"] = ["a", "b"]
    assert other.electrode.to_numpy().tolist() == ["left", "right"]
    assert "changed" not in {**other.electrode.attrs, **other.current.attrs, **sim.run(1).electrode.attrs}


# ------------------------------------------------------------------ interruption and other threads


def test_a_stopped_run_says_where_its_rows_are():
    sim = simulation("A:C", 9)
    with pytest.raises(KeyboardInterrupt) as caught, pressed_after(sim, 1000):
        sim.run(20_000_000, every=1000)
    rows = sim.partial.sizes["time"]
    assert rows > 0
    assert str(caught.value) == (
        f"stopped by Ctrl-C after {sim.steps_done} of 20000000 steps; the simulation can go on, and its `partial` has"
        f" {rows} rows"
    )


def test_stopped_steps_keep_their_events_and_go_on():
    sim, other = simulation("A:C", 9), simulation("A:C", 9)
    said = r"stopped by Ctrl-C after \d+ of 20000000000 steps"
    with pytest.raises(KeyboardInterrupt, match=said) as caught, pressed_after(sim):
        sim.step(2e10)
    done = sim.steps_done
    assert f"after {done} of" in str(caught.value)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    data = other.run(done, record={"current": False})
    assert sim.last_events[0].tobytes() == data.event_step.to_numpy().tobytes()
    assert_same_states(sim, other)
    assert_same_data(sim.run(50), other.run(50))


def test_steps_that_fail_keep_the_events_before():
    huge = mn.drive.sine(1e308, 0.1)
    sim = mn.Simulation(chain(), mn.RateBalance(), {"left": huge + huge + huge, "right": 0.0}, seed=0)
    with pytest.raises(ValueError, match="drive"):
        sim.step(10)
    assert 0 < sim.steps_done < 10
    assert [part.size for part in sim.last_events] == [0, 0, 0]


def test_looking_at_a_simulation_that_another_thread_runs():
    sim = simulation("A:C", 10)
    stop, seen, failed = threading.Event(), [], []

    def work():
        try:
            while not stop.is_set():
                sim.run(5000, record={"current": False})
                sim.step(100)
                sim.step()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        while not failed and (len(seen) < 3000 or seen[-1][0] < 20_000):
            seen.append((sim.steps_done, sim.time, sim.info["steps_done"], repr(sim), sim._repr_html_()))
            assert sim.info["counters"]["n_solves"] >= 0
            assert sim.info["solver"]["n_free"] == 23
    finally:
        stop.set()
        thread.join()
    assert not failed
    steps = [one[0] for one in seen]
    assert steps == sorted(steps)
    assert len(set(steps)) > 3
    assert sim.steps_done == sim._core.step
    assert sim.time == sim.steps_done * sim.dt
    assert sim.info["counters"] == sim._core.counters
    assert f"{sim.steps_done} steps" in repr(sim)
    assert "solver: kron" in repr(sim)


def test_info_counts_the_solve_of_a_look():
    sim = simulation("C", 10)
    assert sim.info["counters"]["n_solves"] == 0
    assert np.isfinite(sim.current).all()
    assert sim.info["counters"]["n_solves"] == 1


# ------------------------------------------------------------------ what is recorded


@pytest.mark.parametrize(
    "record",
    [
        {"state:g": ""},
        {"state:g": []},
        {"state:g": ()},
        {"state:g": {}},
        {"state:g": False},
        {"state:g": 3},
        {"state:g": b""},
        {"state:g": ["RateBalance"]},
        {"member_current": ""},
        {"member_current": []},
        {"member_current": {}},
        {"member_current": False},
        {"member_current": 0},
        {"member_current": ["left", "left"]},
        {"member_current": None},
        {"potential": ""},
        {"potential": {}},
        {"potential": "all"},
        {"potential": set()},
        {"potential": False},
        {"potential": [True, False]},
        {"potential": [[1, 2]]},
        {"potential": 10**400},
        {"potential": 1.5},
        {"potential": ...},
        {"potential": np.ma.array([1, 2], mask=[0, 1])},
        {"snapshot:potential": True},
        {"snapshot:potential": []},
        {"snapshot:potential": ""},
        {"snapshot:potential": 2.5},
        {"snapshot:state:g": ""},
        {"snapshot:state:g": ("", [1])},
        {"current": 1},
        {"current": None},
        {"current": "yes"},
        {"voltage": 0},
        {"voltage": False},
        ["snapshot:potential"],
        "",
        b"current",
        3,
        None,
        [None],
    ],
    ids=repr,
)
def test_absurd_records_are_refused(record):
    sim = simulation("C", 6)
    with pytest.raises((TypeError, ValueError), match=r"record|state|electrode|device"):
        sim.run(5, record=record)
    assert sim.steps_done == 0
    sim.run(1)


def test_a_device_that_is_named_twice_is_refused():
    sim = simulation("C", 6)
    with pytest.raises(ValueError, match="state_g_0 is of twice"):
        sim.run(5, record={"state:g": [sim.devices[0], sim.devices[0]]})


def test_whatever_runs_through_ids_and_devices_can_be_repeated():
    sim = simulation("A:C", 6)
    a, c = sim.devices
    ids = np.array([3, 1], dtype=np.int64)
    want = simulation("A:C", 6).run(9, record={"potential": [3, 1]}).potential.to_numpy()
    for given_ids in ((3, 1), iter([3, 1]), ids, pd.Index(ids), xr.DataArray(ids), {3: 0, 1: 0}.keys()):
        data = simulation("A:C", 6).run(9, record={"potential": given_ids})
        assert data.potential.to_numpy().tobytes() == want.tobytes()
        assert_same_data(mn.rerun(data), data)
    record = {"state:g": (device for device in [c]), "state:d": {a}, "potential": {3, 1}}
    data = sim.run(9, record={**record, "snapshot:state:g": (c, range(2, 4))})
    assert data.potential_node.to_numpy().tolist() == [1, 3]
    assert_same_data(mn.rerun(data), data)


def test_times_without_rows_count_as_memory(monkeypatch):
    monkeypatch.setattr(memory, "physical", lambda: 2e6)
    sim = simulation("C", 7)
    with pytest.raises(MemoryError, match=r"500000 rows, without a value in them.*step\(n\)"):
        sim.run(500_000, record={"current": False})
    assert sim.steps_done == 0
    assert sim.run(500_000, record={"current": False}, every=1000).sizes["time"] == 500


@pytest.mark.parametrize("dt", [1e308, 1.7e308, 1e300])
def test_c_times_beyond_the_largest_float_are_refused(dt):
    sim = resistor(dt)
    most = int(np.finfo(float).max / dt)
    for call in (sim.run, sim.step, lambda n: sim.run(n, events=False, record={"current": False})):
        with pytest.raises(ValueError, match=r"(n_steps|n) must leave times below 1.8e\+308 s; step 0"):
            call(most + 1)
    if most < 10:
        assert np.isfinite(sim.run(most).time).all()
        with pytest.raises(ValueError, match=f"step {most} "):
            sim.step()
        sim.step(0)
    assert np.isfinite(sim.time)
