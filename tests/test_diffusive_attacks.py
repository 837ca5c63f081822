"""What else is tried on a diffusive memristor: odd numbers, shapes and types; extreme drives; files and selections."""

import copy
import pickle

import numpy as np
import pytest
import xarray as xr
from cases import assert_same_data
from particles import parallel

import memnet as mn
from memnet import _core

# Every parameter that may differ from edge to edge, at its default, and at another value.
EACH = {
    "w_i": (4.5, 6.0),
    "r_i": (0.1, 0.2),
    "x_c": (0.85, 0.6),
    "w_p": (1.0, 0.5),
    "phase": (0.0, 0.25),
    "r_p": (0.15, 0.3),
    "lam": (0.2, 0.3),
    "v_th": (1.0, 2.0),
    "tilt": (9.0, -9.0),
    "eta": (30.0, 60.0),
    "theta0": (0.45, 0.9),
    "c_t": (20.0, 200.0),
    "kappa": (1.0, 0.5),
    "r_t": (1.0, 1e3),
    "left": (0.5, 1.0),
    "substep": (0.002, 0.001),
}


# ------------------------------------------------------------------ parameters


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        *(({"n": n}, r"\.n must be an integer, got") for n in (True, np.True_, "40", b"40", None, 40j, np.array(40))),
        *(({"n": n}, r"\.n must be a whole number in \[1, 128\], got") for n in (np.nan, np.inf, 39.999)),
        *(({"n": n}, r"\.n must be an integer in \[1, 128\], got") for n in (-1, 0.0, 1e300, 2**70)),
        *(({"n": n}, r"\.n must be one whole number for all edges") for n in ([40], (1, 2), np.array([40]))),
        *(({"lam": lam}, r"\.lam is .*, must be at least 0\.00287238") for lam in (0.002872, 1e-300)),
        ({"lam": 0.01, "n": 128, "r_t": [1.0, 1e100]}, None),
        *(({"substep": h}, r"\.substep must be in \(0, inf\) s, got") for h in (np.nan, np.inf, -np.inf, -1e-3)),
        ({"substep": True}, r"\.substep must be a number, got True"),
        ({"substep": [0.01, 0.02]}, r"\.substep of edge 1 is 0\.02, must be at most 0\.016879"),
        ({"w_i": [4.5, 45.0], "substep": 0.01}, r"\.substep of edge 1 is 0\.01, must be at most 0\.003037"),
        ({"eta": [30.0, 3.0], "substep": 0.01}, r"\.substep of edge 1 is 0\.01, must be at most 0\.001687"),
        ({"r_i": [0.1, 0.01], "substep": [0.01, 0.01]}, r"\.substep of edge 1 is 0\.01, must be at most 0\.000"),
        *(({"potential": kind}, r"\.potential must be a string") for kind in (1, None, True, ["wells", "pairs"])),
        ({"potential": "Wells"}, r"did you mean 'wells'"),
        *(({"left": left}, r"\.left must be in \[0, 1\], got") for left in (1.2, -0.1, np.nan)),
        *(({name: np.nan}, rf"\.{name} must be in .*, got nan") for name in EACH),
        *(({name: [value[0], np.inf]}, rf"\.{name} must be in .*, got inf at index 1") for name, value in EACH.items()),
        *(({name: [[value[0]]]}, rf"\.{name} must have shape") for name, value in EACH.items()),
        *(({name: 1e61}, rf"\.{name} must be in .*1e\+60\]") for name in ("w_i", "r_i", "kappa", "eta", "tilt", "c_t")),
        *(({name: 1e-61}, rf"\.{name} must be in \[1e-60") for name in ("kappa", "eta", "v_th")),
        ({"friction": 30.0}, r"unknown keyword 'friction'"),
    ],
)
def test_odd_parameters_are_named(parameters, message):
    if message is None:
        assert mn.DiffusiveMemristor(**parameters).n == 128
        return
    with pytest.raises((TypeError, ValueError), match=message):
        mn.DiffusiveMemristor(**parameters)


def test_whole_floats_are_counts():
    for n in (7, 7.0, np.int8(7), np.float32(7.0), np.uint64(7)):
        device = mn.DiffusiveMemristor(n=n)
        assert device.n == 7
        assert type(device.n) is int


def test_at_the_shortest_tunnelling_length_nothing_overflows():
    least = 2.0 / (700.0 - np.log1p(1e-15) - np.log(41.0))
    device = mn.DiffusiveMemristor(lam=1.0000001 * least)
    sim = parallel(device)
    for place in (-1.0, 0.0, 1.0):
        sim.set_state(device, x=place)
        r = sim.state(device, "r")
        assert np.isfinite(r).all()
        assert (1.0 / r > np.finfo(float).tiny).all()
    assert np.isfinite(sim.run(5).conductance).all()


@pytest.mark.parametrize("name", EACH)
def test_each_parameter_may_differ_from_edge_to_edge(name):
    usual, other = EACH[name]
    mixed, plain = mn.DiffusiveMemristor(n=5, **{name: [usual, other, usual]}), mn.DiffusiveMemristor(n=5)
    changed = mn.DiffusiveMemristor(n=5, **{name: other})
    if name == "substep":
        plain = mn.DiffusiveMemristor(n=5, substep=usual)
    rows = [
        parallel(device, 3.0, n=3, dt=0.02).run(20, record=["state:x", "state:theta", "edge_conductance"])
        for device in (mixed, plain, changed)
    ]
    for field in ("state_x", "state_theta", "edge_conductance"):
        of_mixed, of_plain, of_changed = (row[field].values for row in rows)
        np.testing.assert_array_equal(of_mixed[:, [0, 2]], of_plain[:, [0, 2]])
        np.testing.assert_array_equal(of_mixed[:, 1], of_changed[:, 1])
    assert (rows[1].edge_conductance[:, 1] != rows[2].edge_conductance[:, 1]).any()


# ------------------------------------------------------------------ states and drives


@pytest.mark.parametrize(
    ("states", "message"),
    [
        ({"x": np.zeros((4, 2))}, r"\.x must have shape \(2, 4\), got \(4, 2\)"),
        ({"x": np.zeros(8)}, r"\.x must have shape \(2, 4\), got \(8,\)"),
        ({"x": np.zeros((2, 4, 1))}, r"\.x must have shape \(2, 4\), got \(2, 4, 1\)"),
        ({"x": [[0.0] * 4, [0.0] * 3]}, r"\.x must be an array with rows of equal length"),
        ({"x": np.nan}, r"\.x must be in \[-1, 1\], got nan"),
        ({"x": np.nextafter(1.0, 2.0)}, r"\.x must be in \[-1, 1\], got 1\.0000000000000002"),
        ({"x": np.zeros((2, 4), bool)}, r"\.x must be an array of numbers"),
        ({"x": np.full((2, 4), 0.5j)}, r"\.x must be an array of numbers"),
        ({"x": "0"}, r"\.x must be an array of numbers"),
        ({"x": np.ma.masked_array(np.zeros((2, 4)), [[0, 0, 0, 1], [0, 0, 0, 0]])}, r"\.x must have no masked values"),
        ({"theta": np.inf}, r"\.theta must be in \[0, inf\), got inf"),
        ({"theta": [0.4, 0.4, 0.4]}, r"\.theta must have shape"),
    ],
)
def test_odd_states_are_named_and_leave_no_trace(states, message):
    device = mn.DiffusiveMemristor(n=4)
    sim = parallel(device, 2.0, n=2)
    before = sim.state(device, "x")
    with pytest.raises((TypeError, ValueError), match=message):
        sim.set_state(device, **states)
    np.testing.assert_array_equal(sim.state(device, "x"), before)


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.float32, np.longdouble, ">f8"])
def test_numbers_of_any_kind_are_places(dtype):
    device = mn.DiffusiveMemristor(n=4)
    sim = parallel(device, n=2)
    x = np.array([[-1, 0, 1, 0], [1, 1, -1, -1]], dtype=dtype)
    sim.set_state(device, x=x, theta=0.0)  # colder than its surroundings
    np.testing.assert_array_equal(sim.state(device, "x"), x.astype(float))
    assert sim.state(device, "x").dtype == np.float64
    x[:] = 0
    np.testing.assert_array_equal(np.abs(sim.state(device, "x")).sum(axis=1), [2.0, 4.0])  # a copy of what was given


def test_states_that_are_returned_are_copies():
    device = mn.DiffusiveMemristor(n=4)
    sim = parallel(device, n=2)
    before = sim.state(device, "x")
    before[:] = 0.0
    assert (np.abs(sim.state(device, "x")) > 0.5).all()


@pytest.mark.parametrize("kind", ["wells", "pairs"])
@pytest.mark.parametrize("voltage", [1e6, -1e6, 1e9, 1e60])
def test_drives_beyond_all_measure_stay_finite(kind, voltage):
    device = mn.DiffusiveMemristor(n=9, potential=kind, v_th=1e-3)
    data = parallel(device, voltage, n=2).run(30, record=["state:x", "state:theta", "state:r"])
    for name in ("state_x", "state_theta", "state_r"):
        assert np.isfinite(data[name]).all()
    assert (np.abs(data.state_x) <= 1.0).all()


@pytest.mark.parametrize(("parameters", "voltage"), [({}, 1e300), ({"v_th": 1e-60}, 1e250)])
def test_what_leaves_the_numbers_stops_at_its_last_good_row(parameters, voltage):
    device = mn.DiffusiveMemristor(n=3, **parameters)
    sim = parallel(device, voltage)
    with pytest.raises(ArithmeticError, match=r"edge 0 .*; check DiffusiveMemristor\.c_t"):
        sim.run(9)
    assert np.isfinite(sim.state(device, "x")).all()


def test_drives_that_are_no_number_are_refused():
    for voltage in (np.nan, np.inf):
        with pytest.raises(ValueError, match=r"drive\['a'\] must be in \(-inf, inf\) V, got"):
            parallel(mn.DiffusiveMemristor(), voltage)


# ------------------------------------------------------------------ copies, files, selections


def test_devices_survive_copies_and_pickles():
    device = mn.DiffusiveMemristor(n=7, potential="pairs", eta=[20.0, 30.0], substep=1e-3)
    for again in (copy.copy(device), copy.deepcopy(device), pickle.loads(pickle.dumps(device))):
        assert repr(again) == repr(device)
        assert type(again.n) is int
        data = [parallel(one, 4.0, n=2).run(10, record=["state:x"]) for one in (device, again)]
        np.testing.assert_array_equal(data[0].state_x, data[1].state_x)


def test_simulations_survive_copies_and_pickles():
    sim = parallel(mn.DiffusiveMemristor(n=7), 4.0, n=2)
    sim.step(9)
    copies = [sim.copy(), copy.deepcopy(sim), pickle.loads(pickle.dumps(sim))]
    data = sim.run(10, record=["state:x", "state:theta"])
    for again in copies:
        assert_same_data(again.run(10, record=["state:x", "state:theta"]), data)


def test_a_checkpoint_of_other_particles_is_none_of_this_simulation(tmp_path):
    sims = {n: parallel(mn.DiffusiveMemristor(n=n), 2.0, n=2) for n in (4, 5)}
    for n, sim in sims.items():
        sim.step(3)
        sim.save(tmp_path / str(n))
        again = mn.Simulation.load(tmp_path / str(n))
        assert again.state(again.devices[0], "x").shape == (2, n)
        before = sim.state(sim.devices[0], "x")
        with pytest.raises(mn.CheckpointError, match="belongs to another simulation"):
            sim._core.restore(_core.Checkpoint.from_bytes(sims[9 - n]._core.dumps(b"")))
        np.testing.assert_array_equal(sim.state(sim.devices[0], "x"), before)


def test_runs_are_joined_cut_and_written(tmp_path):
    device = mn.DiffusiveMemristor(n=4)
    sim = parallel(device, 3.0, n=2)
    whole = sim.copy().run(20, record=["state:x"])
    parts = [sim.run(10, record=["state:x"]) for _ in range(2)]
    joined = xr.concat([part.state_x for part in parts], "time")
    assert joined.dims == ("time", "state_x_edge", "particle")
    np.testing.assert_array_equal(joined, whole.state_x)
    some = whole.isel(time=slice(3, 15, 2), particle=[3, 0])
    assert some.state_x.shape == (6, 2, 2)
    for name, data in {"whole": whole, "some": some}.items():
        data.to_netcdf(tmp_path / f"{name}.nc", engine="h5netcdf")
        with xr.open_dataset(tmp_path / f"{name}.nc", engine="h5netcdf") as again:
            xr.testing.assert_identical(again.state_x.load(), data.state_x)


def test_records_that_memory_does_not_hold_are_refused(monkeypatch):
    device = mn.DiffusiveMemristor()
    sim = parallel(device, 2.0, n=1104)
    assert sim.run(2, record=["state:x"]).state_x.shape == (2, 1104, 40)
    monkeypatch.setattr("memnet.base.memory.usable", lambda: 10.5 * 8 * 1104 * 40)  # times are little beside
    with pytest.raises(MemoryError, match=r"the largest is state_x: 11 rows x 44160 values"):
        sim.run(11, record=["state:x"])
    assert sim.steps_done == 2
    assert sim.run(10, record=["state:x"]).state_x.shape == (10, 1104, 40)
    assert sim.run(20, record={"state:x": device}, every=2).state_x.shape == (10, 1104, 40)
