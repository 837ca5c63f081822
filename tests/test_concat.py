"""Runs joined in time, and what datasets and files tell of their simulation."""

import json

import numpy as np
import pytest
import xarray as xr
from cases import assert_same_data, random_network, simulation

import memnet as mn

# Steps are coarse here: what is compared does not depend on them.
pytestmark = pytest.mark.filterwarnings("ignore::memnet.StepWarning")

RECORD = {"potential": True, "state:g": True, "snapshot:potential": [3, 70, 71]}


def with_parameters(data, **changed):
    return data.assign_attrs(parameters=json.dumps({**json.loads(data.attrs["parameters"]), **changed}))


@pytest.mark.parametrize("every", [1, 7])
def test_joined_runs_are_one_run(every):
    whole = simulation("A:C", 1, "pulses").run(100, record=RECORD, every=every)
    sim = simulation("A:C", 1, "pulses")
    parts = [sim.run(n, record=RECORD, every=every) for n in (1, 40, 0, 59)]
    joined = mn.concat(parts)
    assert_same_data(joined, whole)
    assert {**joined.attrs, "created": ""} == {**whole.attrs, "created": ""}
    assert all(joined[name].attrs == whole[name].attrs for name in whole.variables)
    assert_same_data(mn.rerun(joined), whole)
    assert_same_data(mn.concat([mn.concat(parts[:2]), *parts[2:]]), whole)
    assert_same_data(mn.concat(iter(parts)), whole)
    assert_same_data(mn.concat(parts[1:2]), parts[1])
    assert parts[0].sizes["time"] == 1


def test_runs_that_begin_late_are_joined_too():
    sim = simulation("A", 1)
    sim.run(17)
    joined = mn.concat([sim.run(20), sim.run(30)])
    assert joined.time.to_numpy().tolist() == list(range(17, 67))
    assert_same_data(mn.rerun(joined), joined)


def test_runs_in_files_are_joined(tmp_path):
    pytest.importorskip("zarr")
    whole = simulation("A:C", 1).run(60, record=RECORD)
    sim = simulation("A:C", 1)
    sim.run(20, record=RECORD).to_netcdf(tmp_path / "0.nc", engine="h5netcdf")
    sim.run(20, record=RECORD, out=tmp_path / "1.zarr")
    last = sim.run(20, record=RECORD)
    assert_same_data(mn.concat([tmp_path / "0.nc", str(tmp_path / "1.zarr"), last]), whole)
    with xr.open_dataset(tmp_path / "0.nc", engine="h5netcdf") as first:
        joined = mn.concat([first, mn.open_run(tmp_path / "1.zarr"), last])
    joined.to_netcdf(tmp_path / "whole.nc", engine="h5netcdf")
    assert_same_data(mn.rerun(tmp_path / "whole.nc"), whole)


def test_snapshots_of_each_run_are_kept():
    sim = simulation("A:C", 1)
    device = sim.devices[1]
    parts = [
        sim.run(50, record={"snapshot:potential": [5, 70], "snapshot:state:g": (device, 8)}),
        sim.run(50, record={"snapshot:potential": [80, 20], "snapshot:state:g": (device, [60, 61])}),
    ]
    joined = mn.concat(parts)
    assert joined.snapshot_potential_step.to_numpy().tolist() == [5, 80]
    assert joined.snapshot_state_g_step.to_numpy().tolist() == [8, 60, 61]
    assert_same_data(mn.rerun(joined), joined)


def test_what_was_set_between_two_runs_is_joined_and_said():
    for change in (
        lambda sim: sim.set_drive({"left": 1.0, "right": 0.0}),
        lambda sim: sim.set_state(sim.devices[0], g=0.5),
    ):
        sim = simulation("C", 1)
        first = sim.run(20)
        change(sim)
        joined = mn.concat([first, sim.run(20)])
        assert joined.sizes["time"] == 40
        with pytest.raises(ValueError, match="set by hand"):
            mn.rerun(joined)


def refused():
    sim, other = simulation("A:C", 1), simulation("A:C", 2)
    first, second, third = sim.run(20), sim.run(20), sim.run(20)
    again = simulation("A:C", 1)
    again.run(20)
    more = again.run(20, record=["potential"])
    longer = simulation("A:C", 1, dt=0.5)
    longer.run(20)
    later = simulation("A:C", 1)
    later.run(20)
    events = simulation("A:C", 1)
    events.run(20)
    parts = simulation("A:C", 1)
    one, two = parts.run(20, record={"potential": [1]}), parts.run(20, record={"potential": [2]})
    return {
        "gap": ([first, third], r"runs\[1\] must begin at step 20, where runs\[0\] ends, got step 40: a gap of 20"),
        "overlap": ([first, first], "an overlap of 20 steps"),
        "order": ([second, first], "must begin at step 40"),
        "network": ([first, other.run(20)], r"runs\[0\] and runs\[1\] have different networks"),
        "variables": ([first, more], "recorded different things: only one of them has potential"),
        "dt": ([first, longer.run(20)], "different time steps dt: 1.0 and 0.5"),
        "every": ([first, later.run(20, every=2)], "different every=: 1 and 2"),
        "events": ([first, events.run(20, events=False)], "different events=: True and False"),
        "seed": ([first, with_parameters(second, seed=7)], "different seeds: 1 and 7"),
        "nodes": ([one, two], "recorded different parts of the network: see potential_node"),
        "cut": ([first.isel(time=slice(10)), second], r"runs\[0\] has 10 rows where its run of 20 steps had 20"),
        "none": ([], "at least one run"),
        "torn": ([first.assign_attrs(parameters='{"network": 1}')], "that Simulation.run did not write"),
        "foreign": ([first, xr.Dataset()], r'runs\[1\] has no attribute "parameters"'),
    }


@pytest.mark.parametrize("name", list(refused()))
def test_runs_that_do_not_fit_are_refused(name):
    runs, message = refused()[name]
    with pytest.raises(ValueError, match=message):
        mn.concat(runs)


def test_what_is_no_list_of_runs_is_refused(tmp_path):
    data = simulation("C", 1).run(5)
    for wrong in (data, "run.nc", 3, None, [3], [data, None], [[data]]):
        with pytest.raises(TypeError, match="runs"):
            mn.concat(wrong)
    with pytest.raises(FileNotFoundError, match=r"missing\.nc"):
        mn.concat([tmp_path / "missing.nc"])


def test_a11_a_run_without_a_port_is_joined_as_in_the_unbroken_run():
    net = random_network(3)
    source, drain = list(net.electrodes)[:2]
    wave = mn.drive.concat([(None, 7.0), (1.0, 9.0), (None, None)])
    drive = {**dict.fromkeys(net.electrodes, None), source: wave, drain: 0.0}
    whole = mn.Simulation(net, mn.RateBalance(), drive, seed=1).run(30)
    sim = mn.Simulation(net, mn.RateBalance(), drive, seed=1)
    parts = [sim.run(n) for n in (3, 0, 9, 0, 10, 8)]
    assert [part.attrs["conductance_port"] == "none" for part in parts] == [True, True, False, True, False, True]
    joined = mn.concat(parts)
    assert_same_data(joined, whole)
    assert joined.attrs["conductance_port"] == whole.attrs["conductance_port"] == f"{source} to {drain}"
    assert joined.conductance.attrs == whole.conductance.attrs
    assert mn.concat(parts[:2]).attrs["conductance_port"] == "none"


def test_runs_over_different_ports_are_refused():
    net = random_network(3, third=True)
    sim = mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0, "top": None}, seed=1)
    first = sim.run(10)
    sim.set_drive({"left": 1.0, "right": None, "top": 0.0})
    second = sim.run(10)
    with pytest.raises(ValueError, match='the port "left to right", runs\\[1\\] of "left to top"'):
        mn.concat([first, second])
    joined = mn.concat([run.drop_vars("conductance") for run in (first, second)])
    assert joined.current.shape == (20, 3)


# ------------------------------------------------------------------ what files tell


@pytest.mark.parametrize("kind", ["dataset", "netCDF", "zarr", "checkpoint"])
def test_networks_and_devices_come_back(tmp_path, kind):
    sim = simulation("A:C", 4, "pulses", third=True)
    if kind == "zarr":
        pytest.importorskip("zarr")
    data = sim.run(20, out=tmp_path / "run.zarr" if kind == "zarr" else None)
    data.load().to_netcdf(tmp_path / "run.nc", engine="h5netcdf")
    sim.save(tmp_path / "run.memnet")
    source = {"dataset": data, "netCDF": tmp_path / "run.nc", "zarr": tmp_path / "run.zarr"}.get(
        kind, str(tmp_path / "run.memnet")
    )
    net = mn.load_network(source)
    np.testing.assert_array_equal(net.edges, sim.net.edges)
    np.testing.assert_array_equal(net.length, sim.net.length)
    assert list(net.electrodes) == list(sim.net.electrodes)
    again = mn.Simulation(net, mn.devices_of(source), sim.drive, seed=sim.seed)
    assert_same_data(again.run(20), data)
    if kind == "checkpoint":
        with pytest.raises(ValueError, match="checkpoint, which tells of no run"):
            mn.rerun(source)
    else:
        assert_same_data(mn.rerun(source), data)


def test_devices_come_back_as_they_were_given():
    net = random_network(3)
    drive = {"left": 1.0, "right": 0.0}
    one = mn.devices_of(mn.Simulation(net, mn.RateBalance(eta_p=9.0), drive).run(1))
    assert repr(one) == "RateBalance(eta_p=9.0)"
    listed = [mn.RateBalance(), mn.Resistor()]
    each = mn.devices_of(mn.Simulation(net, [listed[k % 2] for k in range(net.n_edges)], drive).run(1))
    assert [type(device).__name__ for device in each[:4]] == ["RateBalance", "Resistor"] * 2


@pytest.mark.parametrize("function", ["load_network", "devices_of", "rerun"])
def test_what_tells_of_no_simulation_is_refused(tmp_path, function):
    call = getattr(mn, function)
    with pytest.raises(FileNotFoundError, match="missing"):
        call(tmp_path / "missing")
    for wrong in (3, None, [1]):
        with pytest.raises(ValueError, match='data has no attribute "parameters"; it must be'):
            call(wrong)
    (tmp_path / "text").write_text("no run")
    (tmp_path / "folder").mkdir()
    xr.Dataset({"x": ("t", [1.0])}).to_netcdf(tmp_path / "foreign.nc", engine="h5netcdf")
    for name in ("text", "folder", "foreign.nc"):
        with pytest.raises(ValueError, match=name.replace(".", r"\.")):
            call(tmp_path / name)
    for text in ("", "{", "[]", "3", "null", "{}"):
        with pytest.raises(ValueError, match="parameters"):
            call(xr.Dataset(attrs={"parameters": text}))
    for network in ({}, [], {"function": "eval", "arguments": {}}, {"function": "grid", "arguments": {"rows": "x"}}):
        with pytest.raises((ValueError, TypeError)):
            call(with_parameters(simulation("C", 1).run(2), network=network))
