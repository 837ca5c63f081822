"""States that are vectors for each edge: in simulations, datasets, stores and files."""

import copy
import pickle

import made_models
import numpy as np
import pytest
import xarray as xr
from cases import assert_same_data, assert_same_states
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet import devices

WIDTH = {"Particles": ("x", "particle", 5), "Beads": ("y", "bead", 3)}


@pytest.fixture
def listed(monkeypatch):
    for name in WIDTH:
        monkeypatch.setitem(devices.MODELS, name, made_models.made_class(name))


def bundle(name="Particles", n=3, **options):
    """Edges side by side between two electrodes, every second one turned round; each 1/8 faster than the one before."""
    net = mn.Network(2, [(k % 2, 1 - k % 2) for k in range(n)], electrodes={"a": 0, "b": 1})
    device = made_models.made_class(name)(rate=0.125 * np.arange(1, n + 1))
    return mn.Simulation(net, device, {"a": 1.0, "b": 0.0}, **{"dt": 0.5, "seed": 1, **options})


def places(step, n=3):
    """What Particles come to, by hand: numbers that are exact."""
    rate, sign = 0.125 * np.arange(1, n + 1), (-1.0) ** np.arange(n)
    return 0.125 * np.arange(5) + (rate * sign)[:, None] * np.arange(1, 6) * 0.5 * step


# ------------------------------------------------------------------ looking and setting


def test_a_state_has_a_row_for_each_edge():
    sim = bundle()
    np.testing.assert_array_equal(sim.state(sim.devices[0], "x"), places(0))
    sim.step(7)
    np.testing.assert_array_equal(sim.state(sim.devices[0], "x"), places(7))


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_what_is_set_is_there(seed, n):
    sim = bundle(n=n)
    wanted = np.random.default_rng(seed).uniform(-100.0, 100.0, (n, 5))
    sim.set_state(sim.devices[0], x=wanted)
    np.testing.assert_array_equal(sim.state(sim.devices[0], "x"), wanted)
    sim.set_state(sim.devices[0], x=2.0)
    np.testing.assert_array_equal(sim.state(sim.devices[0], "x"), np.full((n, 5), 2.0))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.zeros(3), r"Particles\.x must have shape \(3, 5\), got \(3,\)"),
        (np.zeros((5, 3)), r"Particles\.x must have shape \(3, 5\), got \(5, 3\)"),
        (np.zeros(15), r"Particles\.x must have shape \(3, 5\), got \(15,\)"),
        (np.diag([0.0, 0.0, 101.0, 0.0, 0.0])[:3], r"must be in \[-100, 100\], got 101.0 at index \(2, 2\)"),
        (np.full((3, 5), np.nan), r"must be in \[-100, 100\], got nan at index \(0, 0\)"),
    ],
)
def test_what_does_not_fit_is_refused(value, message):
    sim = bundle()
    with pytest.raises(ValueError, match=message):
        sim.set_state(sim.devices[0], x=value)
    np.testing.assert_array_equal(sim.state(sim.devices[0], "x"), places(0))


def test_a_device_without_edges_has_no_rows():
    unused, net = made_models.made_class("Particles")(), bundle().net
    mixture = mn.mix(net, {mn.Resistor(): 1.0, unused: 0.0}, seed=1)
    sim = mn.Simulation(net, mixture, {"a": 1.0, "b": 0.0})
    assert sim.state(unused, "x").shape == (0, 5)


# ------------------------------------------------------------------ datasets


@pytest.mark.parametrize("name", WIDTH)
def test_a_dataset_has_a_dimension_of_that_name(name):
    state, dim, width = WIDTH[name]
    sim = bundle(name)
    data = sim.run(20, record=f"state:{state}", every=2)
    variable = data[f"state_{state}"]
    assert dict(variable.sizes) == {"time": 10, f"state_{state}_edge": 3, dim: width}
    assert data[dim].values.tolist() == list(range(width))
    assert variable.attrs["units"] == "1"
    if name == "Particles":
        np.testing.assert_array_equal(variable, [places(step) for step in range(0, 20, 2)])
        np.testing.assert_array_equal(variable.sel(particle=3)[:, 1], [places(k)[1, 3] for k in range(0, 20, 2)])
    assert len(data.isel({dim: slice(2)})[dim]) == 2


def test_snapshots_have_it_too():
    sim = bundle()
    data = sim.run(20, record={"snapshot:state:x": (sim.devices[0], [3, 11])})
    assert data.snapshot_state_x.dims == ("snapshot_state_x_step", "snapshot_state_x_edge", "particle")
    np.testing.assert_array_equal(data.snapshot_state_x, [places(3), places(11)])


def test_two_devices_share_the_dimension():
    net, cls = bundle().net, made_models.made_class("Particles")
    one, other = cls(), cls(rate=0.5)
    sim = mn.Simulation(net, [one, other, one], {"a": 1.0, "b": 0.0})
    data = sim.run(5, record={"state:x": [one, other]})
    assert data.state_x_0.dims == ("time", "state_x_0_edge", "particle")
    assert data.state_x_1.dims == ("time", "state_x_1_edge", "particle")


def test_one_dimension_has_one_length(monkeypatch):
    net = bundle().net
    one, other = made_models.made_class("Particles")(), made_models.made_class("Beads")()
    table = copy.deepcopy(other._table)
    next(field for field in table["fields"] if field["name"] == "y")["dimension"] = "particle"
    monkeypatch.setattr(type(other), "_table", table)
    sim = mn.Simulation(net, [one, other, one], {"a": 1.0, "b": 0.0})
    with pytest.raises(ValueError, match="state_x with 5 and state_y with 3 along the dimension 'particle'"):
        sim.run(5, record={"state:x": one, "state:y": other})


def test_a_store_has_what_memory_has(listed, tmp_path, monkeypatch):
    pytest.importorskip("zarr")
    monkeypatch.setattr("memnet.simulate._record.BLOCK_ROWS", 6)
    streamed, kept = (bundle() for _ in range(2))
    data = streamed.run(20, record=["state:x", "potential"], out=tmp_path / "run.zarr").load()
    whole = kept.copy().run(30, record=["state:x", "potential"])
    assert_same_data(data, kept.run(20, record=["state:x", "potential"]))
    assert_same_data(mn.resume(tmp_path / "run.zarr", n_steps=30).load(), whole)


def test_a_file_has_what_memory_has(listed, tmp_path):
    data = bundle().run(20, record="state:x")
    data.to_netcdf(tmp_path / "run.nc")
    with xr.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as again:
        assert_same_data(again, data)
    assert_same_data(mn.rerun(tmp_path / "run.nc"), data)


def test_the_size_of_a_recording_counts_every_number(monkeypatch):
    monkeypatch.setattr("memnet.base.memory.usable", lambda: 8 * 1000 * 15)
    with pytest.raises(MemoryError, match="state_x: 1000 rows x 15 values"):
        bundle().run(1000, record="state:x")


# ------------------------------------------------------------------ steps and copies


@settings(max_examples=20)
@given(st.sampled_from(sorted(WIDTH)), st.integers(1, 39), st.booleans())
def test_runs_in_pieces_have_the_same_bits(name, cut, event_driven):
    state = WIDTH[name][0]
    sim, whole = bundle(name, event_driven=event_driven), bundle(name)
    parts = [sim.run(n, record=f"state:{state}") for n in (cut, 40 - cut)]
    data = whole.run(40, record=f"state:{state}")
    joined = np.concatenate([part[f"state_{state}"] for part in parts])
    np.testing.assert_array_equal(joined, data[f"state_{state}"])
    np.testing.assert_array_equal(np.concatenate([part.current for part in parts]), data.current)
    assert np.concatenate([part.event_edge for part in parts]).tolist() == data.event_edge.values.tolist()


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, lambda sim: pickle.loads(pickle.dumps(sim))])
def test_copies_go_on_with_the_same_bits(way):
    sim = bundle()
    sim.step(7)
    again = way(sim)
    assert_same_states(again, sim)
    assert_same_data(again.run(9, record="state:x"), sim.run(9, record="state:x"))


def test_checkpoints_keep_every_number(listed, tmp_path):
    sim = bundle()
    sim.set_state(sim.devices[0], x=np.arange(15.0).reshape(3, 5))
    sim.step(4)
    sim.save(tmp_path / "run.mn")
    again = mn.Simulation.load(tmp_path / "run.mn")
    np.testing.assert_array_equal(again.state(again.devices[0], "x"), sim.state(sim.devices[0], "x"))


def test_the_docstring_says_the_shape():
    assert "x : array (edges, 5 particle)\n" in made_models.made_class("Particles").__doc__
