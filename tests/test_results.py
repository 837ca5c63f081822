"""Datasets: what is in them, their size, files, and repeating a run from its attributes."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
import xarray as xr
from cases import KINDS, assert_same_data, drives, random_network, simulation

import memnet as mn
from memnet.base import memory, plain
from memnet.simulate import _record as records
from memnet.simulate._store import Store

# Steps are coarse here: what is compared does not depend on them.
pytestmark = pytest.mark.filterwarnings("ignore::memnet.StepWarning")

EVERYTHING = ["potential", "branch_voltage", "branch_current", "edge_conductance"]


def test_what_a_run_returns():
    sim = simulation("A:C", 1, third=True)
    data = sim.run(40, every=3)
    rows = 14
    assert data.current.dims == data.voltage.dims == ("time", "electrode")
    assert data.current.shape == (rows, 3)
    assert data.conductance.dims == ("time",)
    assert data.electrode.to_numpy().tolist() == ["left", "right", "top"]
    assert data.time.to_numpy().tolist() == [3.0 * k for k in range(rows)]
    assert [data[name].attrs["units"] for name in ("current", "voltage", "conductance", "time")] == ["A", "V", "S", "s"]
    assert data.event_step.dims == data.event_edge.dims == data.event_kind.dims == ("event",)
    assert all("units" in data[name].attrs for name in data.data_vars)
    assert all(isinstance(value, str) for value in data.attrs.values())
    assert json.loads(data.attrs["parameters"])["seed"] == 1
    for name in ("memnet_version", "numpy_version", "python_version", "created"):
        assert data.attrs[name]


def test_rows_are_counted_from_step_zero():
    sim = simulation("C", 1)
    sim.run(5)
    data = sim.run(10, every=4)
    assert data.time.to_numpy().tolist() == [8.0, 12.0]
    assert sim.run(1, every=4).sizes["time"] == 0
    assert sim.run(1, every=4).time.to_numpy().tolist() == [16.0]


def test_parts_of_fields_are_columns_of_the_whole():
    whole = simulation("A:C", 2).run(30, record=EVERYTHING)
    part = simulation("A:C", 2).run(
        30, record={"potential": [3], "branch_voltage": [7, 2], "branch_current": np.array([5]), "edge_conductance": 4}
    )
    assert part.potential.dims == ("time", "potential_node")
    assert part.potential.to_numpy().tolist() == whole.potential.to_numpy()[:, [3]].tolist()
    assert part.branch_voltage.to_numpy().tolist() == whole.branch_voltage.to_numpy()[:, [7, 2]].tolist()
    assert part.branch_voltage_edge.to_numpy().tolist() == [7, 2]
    assert part.branch_current.to_numpy().tolist() == whole.branch_current.to_numpy()[:, [5]].tolist()
    assert part.edge_conductance.to_numpy().tolist() == whole.edge_conductance.to_numpy()[:, [4]].tolist()
    product = whole.edge_conductance.to_numpy() * whole.branch_voltage.to_numpy()
    np.testing.assert_array_equal(whole.branch_current.to_numpy(), product)
    a, b = simulation("A:C", 2).net.edges.T
    v = whole.potential.to_numpy()
    np.testing.assert_array_equal(whole.branch_voltage.to_numpy(), np.nan_to_num(v[:, a] - v[:, b]))


def test_states_of_devices():
    sim = simulation("A:B:C", 3)
    a, b, c = sim.devices
    data = sim.run(20, record={"state:g": c, "state:z": [b], "state:d": True})
    assert data.state_g.dims == ("time", "state_g_edge")
    assert data.state_g_edge.to_numpy().tolist() == sim.edges_of(c).tolist()
    assert data.state_z_1.shape == (20, sim.edges_of(b).size)
    assert data.state_d.shape == (20, sim.edges_of(a).size)
    assert data.state_g.attrs["device"] == "RateBalance()"
    net = random_network(3)
    two = [mn.RateBalance(), mn.RateBalance(eta_p=9.0)]
    sim = mn.Simulation(net, mn.mix(net, [(d, 0.5) for d in two], seed=1), drives(net, "constant"), seed=0)
    data = sim.run(5, record={"state:g": two})
    assert data.state_g_0.shape[1] + data.state_g_1.shape[1] == net.n_edges
    with pytest.raises(ValueError, match="name one or a list"):
        sim.run(5, record=["state:g"])


def test_the_electrodes_current_is_the_sum_of_its_members():
    data = simulation("C", 4).run(20, record={"member_current": ["left", "right"]})
    assert data.member_current_left.dims == ("time", "member_current_left_node")
    assert data.member_current_left_node.to_numpy().tolist() == [0, 1]
    for name in ("left", "right"):
        total = data[f"member_current_{name}"].sum(axis=1)
        np.testing.assert_allclose(total, data.current.sel(electrode=name), rtol=1e-11)
    one = simulation("C", 4).run(20, record={"member_current": "left"})
    assert one.member_current.to_numpy().tolist() == data.member_current_left.to_numpy().tolist()


def test_snapshots_are_rows_of_the_whole():
    whole = simulation("A:C", 5).run(50, record={"potential": True, "state:g": True})
    sim = simulation("A:C", 5)
    record = {"snapshot:potential": [40, 3, 49, 3, 1000], "snapshot:state:g": (sim.devices[1], [7])}
    data = sim.run(50, record=record, every=10)
    assert data.snapshot_potential_step.to_numpy().tolist() == [3, 40, 49]
    assert data.snapshot_potential.to_numpy().tobytes() == whole.potential.to_numpy()[[3, 40, 49]].tobytes()
    assert data.snapshot_state_g.to_numpy().tolist() == whole.state_g.to_numpy()[[7]].tolist()
    assert data.sizes["time"] == 5
    later = sim.run(50, record=record)
    assert later.sizes["snapshot_potential_step"] == 0


@pytest.mark.parametrize(
    ("record", "error", "message"),
    [
        (["curent"], ValueError, "did you mean 'current'"),
        ("potentials", ValueError, "did you mean 'potential'"),
        ({"state:gg": True}, ValueError, "did you mean 'state:g'"),
        ({"potential": [26]}, ValueError, "nodes 0 to 25, got 26"),
        ({"branch_voltage": [-1]}, ValueError, "edges"),
        ({"branch_voltage": [0.5]}, TypeError, "integers"),
        ({"branch_voltage": []}, ValueError, "at least one"),
        ({"member_current": "rihgt"}, ValueError, "did you mean 'right'"),
        (["member_current"], TypeError, "electrode"),
        ({"current": 3}, TypeError, "True or False"),
        ({"state:g": "RateBalance"}, TypeError, "device"),
        ({"state:g": mn.RateBalance()}, ValueError, "identity"),
        ({"snapshot:state:g": [3]}, TypeError, "pair"),
        ({"snapshot:potential": [-3]}, ValueError, "steps"),
        ({3: True}, TypeError, "record"),
    ],
)
def test_bad_records_are_refused(record, error, message):
    sim = simulation("C", 6)
    with pytest.raises(error, match=message):
        sim.run(5, record=record)
    assert sim.steps_done == 0
    with pytest.raises((TypeError, ValueError), match="every"):
        sim.run(5, every=0)


def test_runs_that_do_not_fit_in_memory_are_refused_with_advice(monkeypatch):
    sim = simulation("C", 7)
    monkeypatch.setattr(memory, "physical", lambda: 2e6)
    with pytest.raises(MemoryError, match=r"more than 0\.001 GB.*branch_voltage: 5000 rows x 61 values.*every=.*out="):
        sim.run(5000, record=["branch_voltage"])
    assert sim.steps_done == 0
    assert sim.run(5000, record=["branch_voltage"], every=50).sizes["time"] == 100


def test_the_estimate_is_what_the_arrays_take():
    sim = simulation("A:C", 7)
    record = {"potential": True, "branch_voltage": [1, 2], "snapshot:edge_conductance": [5, 70]}
    channels = records.plan(records.normalised(record, sim), 3, sim, 0, 100)
    data = sim.run(100, record=record, every=3)
    taken = sum(data[name].nbytes for name in data.variables if data[name].dtype == float)
    assert records.estimate(channels, 0, 100) == taken


@pytest.mark.parametrize(
    ("start", "stop", "every"), [(0, 10, 3), (1, 10, 3), (3, 3, 3), (3, 4, 3), (4, 6, 3), (0, 0, 1)]
)
def test_rows_between(start, stop, every):
    assert records.rows_between(start, stop, every) == sum(k % every == 0 for k in range(start, stop))


# ------------------------------------------------------------------ files and repeating


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_rerun_repeats(kind):
    sim = simulation(kind, 8, "triangle", third=True)
    data = sim.run(60, record=EVERYTHING, every=7)
    assert_same_data(mn.rerun(data), data)
    later = sim.run(60, record={"state:" + next(iter(results_states(sim))): sim.devices[0], "snapshot:potential": [80]})
    assert_same_data(mn.rerun(later), later)


def results_states(sim):
    return [field["name"] for field in sim.devices[0]._table["fields"] if field["role"] == "state"]


def test_rerun_of_every_kind_of_record():
    sim = simulation("A:B:C", 9)
    a, b, c = sim.devices
    record = {
        "current": False,
        "potential": [1, 2],
        "state:g": c,
        "state:z": [b],
        "member_current": ["left"],
        "snapshot:state:g": (c, [3, 4]),
        "snapshot:state:d": ([a], [5]),
    }
    data = sim.run(20, record=record, every=2)
    assert "current" not in data
    again = mn.rerun(data)
    assert_same_data(again, data)
    assert_same_data(mn.rerun(again), data)


def test_netcdf_there_and_back(tmp_path):
    net = random_network(10)
    devices = mn.RateBalance(eta_p=np.random.default_rng(1).uniform(5, 10, net.n_edges))
    wave = mn.drive.from_array(np.random.default_rng(2).uniform(0, 3, 20_000), 1.0)
    sim = mn.Simulation(net, devices, {"left": wave, "right": 0.0}, seed=3)
    data = sim.run(50, record=EVERYTHING)
    assert len(data.attrs["parameters"]) > 65536
    data.to_netcdf(tmp_path / "run.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as stored:
        assert_same_data(stored.load(), data)
        assert stored.attrs == data.attrs
        assert stored.current.attrs["units"] == "A"
        assert_same_data(mn.rerun(stored), data)


def test_rerun_of_a_generated_network(tmp_path):
    net = mn.percolating(size=25, coverage=0.6, seed=3)
    devices = mn.mix(net, {mn.TunnelGap(): 0.5, mn.RateBalance(): 0.5}, seed=4)
    sim = mn.Simulation(net, devices, {"left": 3.0, "right": 0.0}, seed=5)
    data = sim.run(200, record=["potential"])
    spec = json.loads(data.attrs["parameters"])
    assert spec["network"]["function"] == "percolating"
    assert len(data.attrs["parameters"]) < 5000
    assert_same_data(mn.rerun(data), data)
    sim.save(tmp_path / "run")
    assert_same_data(mn.Simulation.load(tmp_path / "run").run(50), sim.run(50))


def test_rerun_refuses_what_it_cannot_repeat():
    sim = simulation("C", 11)
    sim.set_state(sim.devices[0], g=0.5)
    with pytest.raises(ValueError, match="set by hand"):
        mn.rerun(sim.run(3))
    sim = simulation("C", 11)
    sim.set_drive({"left": 1.0, "right": 0.0})
    first = sim.run(3)
    assert_same_data(mn.rerun(first), first)
    sim.set_drive({"left": 2.0, "right": 0.0})
    with pytest.raises(ValueError, match="set by hand"):
        mn.rerun(sim.run(3))
    for other in (xr.Dataset(), 3):
        with pytest.raises(ValueError, match="parameters"):
            mn.rerun(other)


def test_being_set_by_hand_is_kept_in_checkpoints(tmp_path):
    sim = simulation("C", 11)
    sim.set_state(sim.devices[0], g=0.5)
    sim.save(tmp_path / "run")
    with pytest.raises(ValueError, match="set by hand"):
        mn.rerun(mn.Simulation.load(tmp_path / "run").run(3))


@pytest.mark.parametrize("block", [1, 7, 1000])
def test_streaming_gives_the_same_dataset(tmp_path, monkeypatch, block):
    pytest.importorskip("zarr")
    record = {"potential": True, "branch_voltage": [1, 2], "state:g": True, "snapshot:potential": [3, 70]}
    data = simulation("A:C", 12).run(100, record=record, every=3)
    monkeypatch.setattr(records, "BLOCK_ROWS", block)
    sim = simulation("A:C", 12)
    stored = sim.run(100, record=record, every=3, out=tmp_path / "run.zarr")
    assert stored.potential.chunks is not None or not isinstance(stored.potential.variable._data, np.ndarray)
    assert_same_data(stored.load(), data)
    for name in data.variables:
        assert stored[name].attrs == data[name].attrs
    assert json.loads(stored.attrs["parameters"]) == json.loads(data.attrs["parameters"])
    assert_same_data(mn.rerun(stored), data)
    with pytest.raises(FileExistsError, match="exists"):
        sim.run(1, out=tmp_path / "run.zarr")


def test_an_interrupted_stream_keeps_its_rows(tmp_path, monkeypatch):
    pytest.importorskip("zarr")
    monkeypatch.setattr(records, "BLOCK_ROWS", 10)
    append, calls = Store.append, []

    def interrupt(store, recording, sim):
        append(store, recording, sim)
        calls.append(sim.steps_done)
        if len(calls) == 4:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(Store, "append", interrupt)
    sim = simulation("A:C", 12)
    with pytest.raises(KeyboardInterrupt):
        sim.run(1000, out=tmp_path / "run.zarr")
    assert sim.steps_done == 40  # no step begins after the wish to stop
    stored = xr.open_zarr(tmp_path / "run.zarr", consolidated=False).load()
    assert stored.attrs["unfinished"].startswith(f"{sim.steps_done} of 1000 steps")
    assert stored.sizes["time"] == sim.steps_done
    assert_same_data(sim.partial.load(), stored)
    assert_same_data(stored, simulation("A:C", 12).run(sim.steps_done))


def test_a_stream_without_rows_or_events(tmp_path):
    pytest.importorskip("zarr")
    stored = simulation("C", 12).run(0, out=tmp_path / "run.zarr").load()
    assert stored.sizes["time"] == stored.sizes["event"] == 0
    assert stored.current.shape == (0, 2)


def test_progress_bars_show_every_step(capsys):
    simulation("C", 13).run(20, progress=True)
    assert "20/20" in capsys.readouterr().err.replace("20.0/20.0", "20/20")


def test_plain_data_comes_back():
    value = {
        "a": np.arange(6, dtype=np.int32).reshape(2, 3),
        "b": [1.5, np.inf, -np.inf, None, True, "x", np.float64(2.5), np.int64(3)],
        "c": {"d": np.zeros((0, 2))},
    }
    back = plain.decode(json.loads(json.dumps(plain.encode(value), allow_nan=False)))
    assert back["a"].dtype == np.int32
    assert back["a"].tolist() == value["a"].tolist()
    assert back["b"] == value["b"]
    assert back["c"]["d"].shape == (0, 2)
    assert np.isnan(plain.decode(plain.encode(float("nan"))))
    with pytest.raises(TypeError, match="cannot write"):
        plain.encode(object())


@pytest.mark.parametrize("dtype", [">f8", ">i4", ">c16", ">U3", "<f8", "?"])
def test_arrays_of_any_byte_order_come_back(dtype):
    values = np.array([0, 1, 2]).astype(dtype)
    back = plain.decode(json.loads(json.dumps(plain.encode(values))))
    assert back.tolist() == values.tolist()
    assert back.dtype == values.dtype.newbyteorder("=")


@pytest.mark.parametrize("name", ["!array", "!number", "!device", "!!array", "!"])
def test_any_name_may_be_that_of_an_electrode(name, tmp_path):
    net = mn.Network(2, [(0, 1)], electrodes={name: 0, "b": 1}, edge_data={name: [1.5]})
    sim = mn.Simulation(net, mn.RateBalance(), {name: 1.0, "b": 0.0}, seed=1)
    sim.save(tmp_path / "file.mn")
    again = mn.Simulation.load(tmp_path / "file.mn")
    assert list(again.net.electrodes) == [name, "b"]
    assert again.net.edge_data[name].tolist() == [1.5]


def test_nothing_heavy_is_imported_until_needed():
    code = (
        "import sys, memnet as mn; net = mn.Network(2, [(0, 1)], electrodes={'left': [0], 'right': [1]});"
        "mn.Simulation(net, mn.Resistor(), {'left': 1.0, 'right': 0.0}).step();"
        "print([m for m in ('xarray', 'matplotlib', 'pandas', 'tqdm', 'scipy', 'networkx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("fractions", [[-1.0, 0.5], [2.0, 0.5], [True, 0.5], [1e308, 0.5], [0.5]])
def test_fractions_of_a_file_are_checked(fractions):
    net = mn.Network(2, [(0, 1)] * 4, electrodes={"a": 0, "b": 1})
    devices = mn.mix(net, {mn.RateBalance(): 0.5, mn.Resistor(): 0.5}, seed=1)
    data = mn.Simulation(net, devices, {"a": 1.0, "b": 0.0}, seed=1).run(1)
    spec = json.loads(data.attrs["parameters"])
    spec["assignment"]["fractions"] = fractions
    data.attrs["parameters"] = json.dumps(spec)
    with pytest.raises(ValueError, match="cannot build"):
        mn.rerun(data)
