"""Networks whose edges point downhill."""

import json
import pickle

import cases
import networkx as nx
import numpy as np
import pytest

import memnet as mn


def networks():
    yield mn.nanowires(120, size=50, length=15, seed=5)
    yield mn.nanowires(120, size=50, length=15, seed=5, wire_resistance=5.0)
    yield mn.percolating(20, 0.6, seed=3)
    yield mn.grid(5, 6, seed=1)
    graph = nx.grid_2d_graph(4, 4)
    yield mn.from_networkx(graph, electrodes={"left": [(3, 3)], "right": [(0, 0)]})
    yield cases.random_network(4)


@pytest.mark.parametrize("net", list(networks()), ids=lambda net: net.provenance["function"])
def test_b4_edges_point_downhill_and_all_else_stays(net, tmp_path):
    drive = {name: float(k == 0) for k, name in enumerate(net.electrodes)}
    turned = mn.oriented(net, drive)
    v = mn.solve(turned, 1.0, drive).potential
    downhill = v[turned.edges[:, 0]] - v[turned.edges[:, 1]]
    assert np.nanmin(downhill) >= -1e-15
    assert (turned.edges != net.edges).any()
    assert np.sort(turned.edges, axis=1).tolist() == np.sort(net.edges, axis=1).tolist()
    for name in ("length", "position", "disc_position", "disc_group", "junctions", "segments", "segment_conductance"):
        before, after = getattr(net, name), getattr(turned, name)
        assert (before is None and after is None) or np.array_equal(before, after)
    assert turned.labels == net.labels
    assert {**turned.info} == {**net.info}
    if net.gap_discs is not None:
        assert np.array_equal(turned.disc_group[turned.gap_discs], turned.edges)
    json.dumps(turned.provenance)
    assert np.array_equal(pickle.loads(pickle.dumps(turned)).edges, turned.edges)
    again = mn.oriented(turned, v)
    assert np.array_equal(again.edges[downhill >= 0.0], turned.edges[downhill >= 0.0])
    back = mn.oriented(turned, -v)
    where = downhill > 0.0
    assert (back.edges[where] == turned.edges[where][:, ::-1]).all()

    device = mn.LinearDrift()
    sim = mn.Simulation(turned, device, drive, dt=1e-3, seed=1)
    data = sim.run(20)
    assert np.array_equal(mn.rerun(data).current, data.current)
    sim.save(tmp_path / "turned.mn")
    again = mn.Simulation.load(tmp_path / "turned.mn")
    assert np.array_equal(again.net.edges, turned.edges)
    assert (again.net.wires is None) == (net.wires is None)
    moved = sim.state(device, "x") > device.x_initial
    assert moved[downhill > 1e-6].all()


def test_b4_a_network_of_memnnetsim_is_reproduced():
    """Its rule: the size of a junction's voltage with the sign of the voltage applied, dx/dt = v / r, by Euler here."""
    net = mn.oriented(mn.nanowires(60, size=30, length=14, seed=2), {"left": 1.0, "right": 0.0})
    device, wave, n_steps, dt = mn.LinearDrift.preset("mnns"), mn.drive.sine(10.0, 5.0), 400, 1e-3
    sim = mn.Simulation(net, device, {"left": wave, "right": 0.0}, dt=dt, seed=1)
    data = sim.run(n_steps, record={"state:x": device})
    x = np.full(net.n_edges, device.x_initial)
    a, b = net.edges.T
    with_drive = np.ones(net.n_edges, dtype=bool)
    for k, voltage in enumerate(wave(np.arange(n_steps) * dt)):
        np.testing.assert_allclose(data.state_x.to_numpy()[k][with_drive], x[with_drive], rtol=1e-7)
        resistance = 10.0 * x + 1600.0 * (1.0 - x)
        v = np.nan_to_num(mn.solve(net, 1.0 / resistance, {"left": voltage, "right": 0.0}).potential)
        with_drive &= (v[a] - v[b]) * voltage >= 0.0
        x = np.clip(x + np.abs(v[a] - v[b]) * np.sign(voltage) / resistance * 1e3 * dt, 0.0, 1.0)
    assert np.ptp(data.state_x.to_numpy()) > 0.1
    assert with_drive.sum() >= net.n_edges - 2  # a junction whose voltage turns against the drive is another there


def test_b4_bad_orientations_are_refused():
    net = cases.chain(3)
    with pytest.raises(ValueError, match=r"potential must have shape"):
        mn.oriented(net, [1.0, 0.0])
    with pytest.raises(ValueError, match=r"no edge a voltage"):
        mn.oriented(net, {"left": 0.0, "right": 0.0})
    with pytest.raises(ValueError, match=r"must be constant"):
        mn.oriented(net, {"left": mn.drive.sine(1.0, 1.0), "right": 0.0})
    with pytest.raises(ValueError, match=r"finite or nan"):
        mn.oriented(net, [np.inf, 0.0, 1.0, 2.0])
    with pytest.raises(TypeError, match=r"net must be a Network"):
        mn.oriented([(0, 1)], {"left": 1.0})


def test_b4_a_complex_drive_has_no_direction():
    net = mn.Network(3, [(1, 0), (1, 2)], electrodes={"in": 0, "out": 2})
    for drive in ({"in": 1j, "out": 0.0}, {"in": 1.0 + 1j, "out": 0.0}):
        with pytest.raises(TypeError, match="potential must be a drive of real voltages"):
            mn.oriented(net, drive)
