"""Row A11: the conductance of a run is that of one port, and nan in rows where other electrodes are driven."""

import matplotlib as mpl
import numpy as np
import pytest
import xarray as xr
from cases import assert_same_data, random_network
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet.simulate import _record

# Steps are coarse here: what is compared does not depend on them.
pytestmark = pytest.mark.filterwarnings("ignore::memnet.StepWarning")

mpl.use("Agg")


def triangle_of_resistors():
    """Three electrodes, each joined to each other: 1 S from a to b, 2 S from b to c, 4 S from c to a."""
    net = mn.Network(3, [(0, 1), (1, 2), (2, 0)], electrodes={"a": 0, "b": 1, "c": 2})
    return net, mn.Resistor(conductance=[1.0, 2.0, 4.0])


def floating(*parts):
    return mn.drive.concat(list(parts))


def test_a11_a_port_is_named_and_rows_of_another_are_nan():
    net, device = triangle_of_resistors()
    drive = {"a": 1.0, "b": floating((0.0, 5.0), (None, 5.0)), "c": floating((None, 5.0), (0.0, None))}
    sim = mn.Simulation(net, device, drive, seed=0)
    data = sim.run(10)
    assert data.attrs["conductance_port"] == data.conductance.attrs["conductance_port"] == "a to b"
    a_to_b = 1.0 + 1.0 / (1 / 2.0 + 1 / 4.0)
    np.testing.assert_allclose(data.conductance[:5], a_to_b, rtol=1e-14)
    assert np.isnan(data.conductance[5:]).all()
    assert sim.terminal_conductance == pytest.approx(4.0 + 1.0 / (1 / 1.0 + 1 / 2.0), rel=1e-14)
    later = sim.run(5)
    assert later.attrs["conductance_port"] == "a to c"
    np.testing.assert_allclose(later.conductance, sim.terminal_conductance, rtol=1e-14)


def test_a11_a_port_that_is_asked_for():
    net, device = triangle_of_resistors()
    drive = {"a": 1.0, "b": floating((0.0, 5.0), (None, 5.0)), "c": floating((None, 5.0), (0.0, None))}
    data = mn.Simulation(net, device, drive, seed=0).run(10, record={"conductance": ["c", "a"]})
    assert data.attrs["conductance_port"] == "a to c"
    assert np.isnan(data.conductance[:5]).all()
    assert np.isfinite(data.conductance[5:]).all()
    assert_same_data(mn.rerun(data), data)
    never = mn.Simulation(net, device, drive, seed=0).run(10, record={"conductance": ["a", "b", "c"]})
    assert np.isnan(never.conductance).all()


def test_a11_three_electrodes_are_another_port_than_two():
    net, device = triangle_of_resistors()
    drive = {"a": 1.0, "b": 0.0, "c": floating((None, 3.0), (0.0, 3.0), (None, None))}
    data = mn.Simulation(net, device, drive, seed=0).run(9)
    assert np.isfinite(data.conductance.to_numpy()).tolist() == [True] * 3 + [False] * 3 + [True] * 3
    three = mn.Simulation(net, device, drive, seed=0).run(9, record={"conductance": ["a", "b", "c"]})
    assert three.attrs["conductance_port"] == "a to b, c"
    np.testing.assert_allclose(three.conductance[3:6], 5.0, rtol=1e-14)


def test_a11_a_current_or_one_voltage_everywhere_does_not_change_the_port():
    net, device = triangle_of_resistors()
    drive = {"a": floating((1.0, 3.0), (mn.drive.current(1e-3), 3.0), (0.0, None)), "b": 0.0, "c": None}
    data = mn.Simulation(net, device, drive, seed=0).run(9)
    assert data.attrs["conductance_port"] == "a to b"
    np.testing.assert_allclose(data.conductance, 1.0 + 1.0 / (1 / 2.0 + 1 / 4.0), rtol=1e-14)


def test_a11_without_a_second_driven_electrode_there_is_no_port():
    net, device = triangle_of_resistors()
    alone = mn.Simulation(net, device, {"a": 1.0, "b": None, "c": None}, seed=0).run(4)
    assert alone.attrs["conductance_port"] == "none"
    assert np.isnan(alone.conductance).all()
    drive = {"a": 1.0, "b": None, "c": floating((None, 2.0), (0.0, None))}
    data = mn.Simulation(net, device, drive, seed=0).run(4)
    assert data.attrs["conductance_port"] == "a to c"
    assert np.isfinite(data.conductance.to_numpy()).tolist() == [False, False, True, True]
    hidden = mn.Simulation(net, device, {**drive, "c": floating((None, 1e4), (0.0, None))}, seed=0).run(10_001)
    assert hidden.attrs["conductance_port"] == "a to c"
    assert np.flatnonzero(np.isfinite(hidden.conductance.to_numpy())).tolist() == [10_000]


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.booleans(), st.integers(1, 9)), min_size=1, max_size=5),
    st.lists(st.tuples(st.booleans(), st.integers(1, 9)), min_size=1, max_size=5),
    st.integers(1, 4),
    st.sampled_from([1.0, 0.1, 1e-7]),
)
def test_a11_rows_are_those_of_the_steps_with_these_electrodes(left, top, every, dt):
    """Against the electrodes' own voltages and currents: what floats carries no current in each single step."""

    def wave(parts, volts):
        return floating(*((volts if driven else None, length * dt) for driven, length in parts))

    net = random_network(5, third=True)
    drive = {"left": wave(left, 1.0), "right": 0.0, "top": wave(top, 2.0)}
    data = mn.Simulation(net, mn.RateBalance(), drive, dt=dt, seed=1).run(40, every=every)
    sim = mn.Simulation(net, mn.RateBalance(), drive, dt=dt, seed=1)
    driven, conductance = [], []
    for step in range(40):
        sim.step()
        if step % every == 0:
            driven.append(tuple(name for k, name in enumerate(net.electrodes) if sim.current[k] != 0.0))
            conductance.append(sim.terminal_conductance)
    ports = [names for names in driven if len(names) > 1]
    if ports:
        assert data.attrs["conductance_port"] == f"{ports[0][0]} to {', '.join(ports[0][1:])}"
        want = [g if names == ports[0] else np.nan for names, g in zip(driven, conductance, strict=True)]
        np.testing.assert_array_equal(data.conductance.to_numpy(), want)
    else:
        assert np.isnan(data.conductance).all()


def test_a11_streams_and_files_keep_the_port(tmp_path, monkeypatch):
    pytest.importorskip("zarr")
    monkeypatch.setattr(_record, "BLOCK_ROWS", 3)
    net, device = triangle_of_resistors()
    drive = {"a": 1.0, "b": floating((0.0, 5.0), (None, 5.0)), "c": floating((None, 5.0), (0.0, None))}
    whole = mn.Simulation(net, device, drive, seed=0).run(10)
    stored = mn.Simulation(net, device, drive, seed=0).run(10, out=tmp_path / "run.zarr")
    assert_same_data(stored.load(), whole)
    assert stored.conductance.attrs == whole.conductance.attrs
    whole.to_netcdf(tmp_path / "run.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as read:
        assert read.attrs["conductance_port"] == "a to b"
        assert_same_data(mn.rerun(read), whole)


def test_a11_a_plot_breaks_where_the_port_changes():
    net, device = triangle_of_resistors()
    drive = {"a": 1.0, "b": 0.0, "c": floating((None, 3.0), (0.0, 3.0), (None, None))}
    data = mn.Simulation(net, device, drive, seed=0).run(9)
    drawn = mn.plot.trace(data)
    assert np.isnan(drawn.lines[0].get_ydata()).tolist() == [False] * 3 + [True] * 3 + [False] * 3


@pytest.mark.parametrize(
    ("port", "error"),
    [
        ("a", TypeError),
        ("", TypeError),
        (3, TypeError),
        ([], ValueError),
        (["a"], ValueError),
        (["a", "a"], ValueError),
        (["a", "d"], ValueError),
        ([0, 1], TypeError),
        (False, TypeError),
        ({"a": 1, "b": 2}, TypeError),
    ],
)
def test_a11_what_is_no_port_is_refused(port, error):
    net, device = triangle_of_resistors()
    sim = mn.Simulation(net, device, {"a": 1.0, "b": 0.0, "c": None}, seed=0)
    with pytest.raises(error, match=r"conductance|electrode"):
        sim.run(3, record={"conductance": port})
    with pytest.raises(ValueError, match="conductance"):
        sim.run(3, record={"conductance": ["a", "b"], "current": False})
    assert sim.steps_done == 0
