"""Series circuits at electrodes: what they do to currents, and all that a network keeps with them."""

import copy
import pickle

import matplotlib.pyplot as plt
import numpy as np
import pytest

import memnet as mn
from memnet.network import describe_network, rebuild_network

NETWORKS = {
    "discs": lambda: mn.percolating(25, 0.6, seed=1),
    "periodic": lambda: mn.percolating(25, 0.6, periodic="y", seed=1),
    "wires": lambda: mn.nanowires(60, size=40.0, length=20.0, seed=1),
    "pieces": lambda: mn.nanowires(60, size=40.0, length=20.0, wire_resistance=10.0, seed=1),
    "grid": lambda: mn.grid(4, 4, seed=1),
    "by hand": lambda: mn.Network(
        4,
        [(0, 1), (1, 2), (1, 3), (0, 2)],
        length=[0.1, 0.2, 0.1, 0.3],
        electrodes={"left": [0], "right": [2, 3]},
        edge_data={"kind": ["a", "b", "c", "d"]},
        node_data={"weight": [1, 2, 3, 4]},
    ),
}


@pytest.fixture(params=NETWORKS)
def net(request):
    return NETWORKS[request.param]()


def conductance_of(net):
    return float(mn.solve(net, 1e-3, {"left": 1.0, "right": 0.0}).current_of("left"))


def test_a_resistor_at_an_electrode_is_in_series(net):
    alone = conductance_of(net)
    attached = net.attach("left", mn.Resistor(conductance=2e-3), mn.Resistor(conductance=1e-4))
    device = mn.Resistor(conductance=1e-3)
    data = mn.Simulation(attached, device, {"left": 2.0, "right": 0.0}).run(2, record=["branch_current"])
    current = 2.0 / (1.0 / alone + 500.0 + 1e4)
    np.testing.assert_allclose(data.current.sel(electrode="left"), current, rtol=1e-12)
    np.testing.assert_allclose(data.current.sel(electrode="right"), -current, rtol=1e-12)
    np.testing.assert_allclose(data.voltage.sel(electrode="left.inner"), current / alone, rtol=1e-12)
    np.testing.assert_allclose(data.conductance, current / 2.0, rtol=1e-12)
    edges = attached.attached[0].edges
    np.testing.assert_allclose(data.branch_current.sel(branch_current_edge=edges), current, rtol=1e-11)


def test_nothing_of_the_network_itself_changes(net):
    attached = net.attach("left", mn.Resistor()).attach("left.inner", mn.Resistor(), mn.Resistor(), to="right")
    assert (attached.n_own_nodes, attached.n_own_edges) == (net.n_nodes, net.n_edges)
    assert (attached.n_nodes, attached.n_edges) == (net.n_nodes + 5, net.n_edges + 3)
    assert attached.edges[: net.n_edges].tolist() == net.edges.tolist()
    assert (attached.edges[net.n_edges :] >= net.n_nodes).all()
    assert attached.layout is net.layout
    for name in ("position", "length"):
        before, after = getattr(net, name), getattr(attached, name)
        assert (before is None) == (after is None)
        if before is not None:
            assert after[: len(before)].tobytes() == before.tobytes()
            assert len(after) == (attached.n_nodes if name == "position" else attached.n_edges)
            assert np.isfinite(after).all()
    for name in ("junctions", "segments", "disc_group", "gap_discs", "edge_data", "node_data"):
        assert getattr(attached, name) is getattr(net, name) or getattr(attached, name) == getattr(net, name)
    assert {name: nodes.tolist() for name, nodes in attached.contacts.items()} == {
        name: nodes.tolist() for name, nodes in net.electrodes.items()
    }
    assert list(attached.electrodes) == ["left", "right", "left.inner"]
    assert dict(attached.joints) == {"left.inner": "left"}
    assert not net.attached
    assert not net.joints
    for name in ("path_gaps", "percolates"):
        assert attached.info[name] == net.info[name]


def test_devices_per_edge_mixtures_and_per_edge_parameters_are_for_own_edges(net):
    values = np.linspace(1.0, 2.0, net.n_edges)
    sense = mn.Resistor(conductance=0.1)
    attached = net.attach("right", sense)
    assert len(mn.mix(attached, {mn.RateBalance(): 1.0}, seed=1)) == net.n_edges
    one = mn.Resistor(conductance=values)
    drive = {"left": 1.0, "right": 0.0}
    whole = mn.Simulation(attached, one, drive)
    assert whole.conductance[: net.n_edges].tolist() == values.tolist()
    assert whole.devices == (one, sense)
    listed = mn.Simulation(attached, [mn.Resistor(conductance=float(x)) for x in values], drive)
    assert listed.current.tobytes() == whole.current.tobytes()
    mixed = mn.mix(attached, {mn.Resistor(conductance=1.0): 0.5, mn.Resistor(conductance=2.0): 0.5}, seed=1)
    sim = mn.Simulation(attached, mixed, drive)
    assert sim.devices == (*mixed.devices, sense)
    assert np.unique(sim.conductance[: net.n_edges]).tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match=f"each of the network's {net.n_edges} edges, got {attached.n_edges}"):
        mn.Simulation(attached, [one] * attached.n_edges, drive)


def test_a_device_may_be_on_own_edges_and_attached_and_twice():
    net = mn.Network(2, [(0, 1)], electrodes={"left": 0, "right": 1})
    device = mn.RateBalance()
    attached = net.attach("left", device, device)
    sim = mn.Simulation(attached, device, {"left": 3.0, "right": 0.0}, dt=1.0)
    assert sim.devices == (device,)
    assert sim.edges_of(device).tolist() == [0, 1, 2]
    sim.step(20)
    assert np.ptp(sim.state(device, "g")) < 1e-15
    data = sim.run(1)
    assert isinstance(mn.devices_of(data), mn.RateBalance)
    first, second = mn.load_network(data).attached[0].devices
    assert first is second
    per_edge = mn.Resistor(conductance=[1.0, 2.0])
    chain = net.attach("left", per_edge, per_edge)
    assert mn.Simulation(chain, mn.Resistor(), {"left": 1.0, "right": 0.0}).conductance.tolist() == [1.0, 1.0, 2.0]


def test_a_capacitor_across_the_network_and_a_resistor_before_it_charge_as_an_rc():
    net = mn.grid(3, 3, diagonals="none")
    load = conductance_of(net)
    attached = net.attach("left", mn.Resistor(conductance=1e-3)).attach(
        "left.inner", mn.Capacitor(capacitance=1e-6), to="right"
    )
    sim = mn.Simulation(attached, mn.Resistor(conductance=1e-3), {"left": 1.0, "right": 0.0}, dt=1e-4)
    volts, inner = 0.0, []
    for _ in range(30):
        volts = (1e-3 + volts * 1e-2) / (1e-3 + load + 1e-2)
        inner.append(volts)
    np.testing.assert_allclose(sim.run(30).voltage.sel(electrode="left.inner"), inner, rtol=1e-12)
    first = net.attach("left", mn.Capacitor(capacitance=1e-6), to="right").attach("left", mn.Resistor(conductance=1e-3))
    sim = mn.Simulation(first, mn.Resistor(conductance=1e-3), {"left": 1.0, "right": 0.0}, dt=1e-4)
    np.testing.assert_allclose(sim.run(30).voltage.sel(electrode="left.inner"), inner, rtol=1e-12)


def test_adaptive_steps_take_what_is_attached():
    """And their result is what fixed steps of the same circuit tend to."""
    net = NETWORKS["grid"]().attach("left", mn.Resistor(conductance=0.02))
    net = net.attach("left.inner", mn.Resistor(conductance=0.01), to="right")
    device, drive = mn.RateBalance(), {"left": 4.0, "right": 0.0}
    rows = mn.Simulation(net, device, drive, dt=5.0, method="adaptive", rtol=1e-6).run(3)
    coarse, fine = (mn.Simulation(net, device, drive, dt=dt).run(int(10 / dt) + 1) for dt in (0.01, 0.005))
    for name in ("current", "voltage"):
        tends = 2.0 * fine[name].to_numpy()[-1] - coarse[name].to_numpy()[-1]
        np.testing.assert_allclose(rows[name].to_numpy()[-1], tends, rtol=1e-5, atol=1e-12)


def test_the_joint_may_be_driven_and_its_currents_belong_to_its_members():
    net = NETWORKS["discs"]()
    attached = net.attach("left", mn.Resistor(conductance=1e-4))
    drive = {"left": 1.0, "right": 0.0}
    device = mn.Resistor(conductance=1e-3)
    data = mn.Simulation(attached, device, {**drive, "left.inner": 0.5}).run(1)
    assert data.voltage.sel(electrode="left.inner").item() == 0.5
    assert data.current.sel(electrode="left").item() == pytest.approx(0.5e-4)
    members = mn.Simulation(attached, device, drive).run(1, record={"member_current": "left.inner"}).member_current[0]
    inside = mn.Simulation(net, device, drive).run(1, record={"member_current": "left"}).member_current[0]
    share = members[:-1] / members[:-1].sum()
    np.testing.assert_allclose(share, inside / inside.sum(), rtol=1e-9)
    assert members[-1].item() == pytest.approx(-members[:-1].sum().item())


def test_attached_twice_in_series_adds_up_and_names_stay_apart():
    net = mn.Network(2, [(0, 1)], electrodes={"left": 0, "right": 1})
    twice = net.attach("left", mn.Resistor(conductance=1.0)).attach("left", mn.Resistor(conductance=0.5))
    assert list(twice.electrodes) == ["left", "right", "left.inner", "left.inner2"]
    assert {name: nodes.tolist() for name, nodes in twice.contacts.items()} == {"left": [0], "right": [1]}
    sim = mn.Simulation(twice, mn.Resistor(conductance=1.0), {"left": 4.0, "right": 0.0})
    assert sim.voltage.tolist() == pytest.approx([4.0, 0.0, 1.0, 2.0])
    assert sim["left.inner2"] == pytest.approx(2.0)
    at_both = net.attach("left", mn.Resistor(conductance=1.0)).attach("right", mn.Resistor(conductance=1.0))
    sim = mn.Simulation(at_both, mn.Resistor(conductance=1.0), {"left": 3.0, "right": 0.0})
    assert sim.branch_current.tolist() == pytest.approx([1.0, 1.0, -1.0])


def test_solve_and_terminal_conductance_know_the_joint():
    net = mn.Network(2, [(0, 1)], electrodes={"left": 0, "right": 1}).attach("left", mn.Resistor())
    solution = mn.solve(net, [1.0, 3.0], {"left": 4.0, "right": 0.0})
    assert solution.voltage_of("left.inner") == pytest.approx(3.0)
    many = mn.solve(net, [[1.0, 3.0], [1.0, 1.0]], {"left": 4.0, "right": 0.0})
    assert many.voltage_of("left.inner").tolist() == pytest.approx([3.0, 2.0])
    with pytest.raises(ValueError, match="no drive given for electrode 'right'"):
        mn.solve(net, 1.0, {"left": 1.0})
    with pytest.raises(ValueError, match="drive says nothing about electrode 'right'"):
        mn.Simulation(net, mn.Resistor(), {"left": 1.0})


def test_files_copies_and_reruns_keep_what_is_attached(net, tmp_path):
    attached = net.attach("left", mn.Resistor(conductance=1e-3), mn.RateBalance(eta_p=9.0))
    attached = attached.attach("left.inner", attached.attached[0].devices[0], to="right")
    devices = mn.mix(attached, {mn.RateBalance(): 0.5, mn.Resistor(conductance=1e-4): 0.5}, seed=1)
    sim = mn.Simulation(attached, devices, {"left": 2.0, "right": 0.0}, dt=0.5, seed=3)
    first = sim.run(5, record={"branch_current": True, "state:g": attached.attached[0].devices[1]})
    sim.save(tmp_path / "a.ckpt")
    twins = [sim.copy(), copy.deepcopy(sim), pickle.loads(pickle.dumps(sim)), mn.Simulation.load(tmp_path / "a.ckpt")]
    second = sim.run(5, record={"branch_current": True, "state:g": attached.attached[0].devices[1]})
    for twin in twins:
        assert repr(twin.net) == repr(attached)
        assert twin.run(5, record=["branch_current"]).branch_current.equals(second.branch_current)
    whole = mn.concat([first, second])
    again = mn.rerun(whole)
    for name in ("branch_current", "state_g", "voltage"):
        assert again[name].equals(whole[name])
    assert isinstance(mn.devices_of(whole), type(devices))
    read = mn.load_network(whole)
    assert describe_network(read) == describe_network(attached)
    assert [repr(one) for one in read.attached] == [repr(one) for one in attached.attached]
    assert read.attached[0].devices[0] is read.attached[1].devices[0]
    other = mn.Simulation(net.attach("left", mn.Resistor(conductance=2e-3)), mn.Resistor(), {"left": 1.0, "right": 0.0})
    same = mn.Simulation(net.attach("left", mn.Resistor(conductance=1e-3)), mn.Resistor(), {"left": 1.0, "right": 0.0})
    same.step(1)
    with pytest.raises(ValueError, match="different"):
        mn.concat([other.run(1), same.run(1)])


def test_descriptions_graphs_and_oriented_networks_keep_what_is_attached(net):
    attached = net.attach("left", mn.Resistor(), mn.Capacitor())
    again = rebuild_network(describe_network(attached), attached.attached_devices)
    assert again.edges.tolist() == attached.edges.tolist()
    assert {k: v.tolist() for k, v in again.electrodes.items()} == {
        k: v.tolist() for k, v in attached.electrodes.items()
    }
    graph = attached.to_networkx()
    assert graph.number_of_nodes() == attached.n_nodes
    back = mn.from_networkx(graph)
    assert back.edges.tolist() == attached.edges.tolist()
    assert {k: v.tolist() for k, v in back.electrodes.items()} == {
        k: v.tolist() for k, v in attached.electrodes.items()
    }
    turned = mn.oriented(attached, {"left": 0.0, "right": 1.0})
    assert turned.edges[-2:].tolist() == attached.edges[-2:].tolist()
    assert turned.attached == attached.attached
    assert rebuild_network(describe_network(turned), turned.attached_devices).edges.tolist() == turned.edges.tolist()
    assert pickle.loads(pickle.dumps(attached)).edges.tolist() == attached.edges.tolist()
    assert attached.provenance["attached"] == [{"electrode": "left", "to": None, "devices": ["Resistor", "Capacitor"]}]


def test_maps_show_the_network_itself_with_the_electrodes_where_they_touch_it(net):
    attached = net.attach("left", mn.Resistor(conductance=1e-6)).attach("left.inner", mn.Resistor(), to="right")
    sim = mn.Simulation(attached, mn.Resistor(conductance=1e-3), {"left": 1e3, "right": 0.0})
    drawn = mn.plot.network(attached, potential=sim.potential)
    assert set(drawn.electrodes) <= {"left", "right"}
    if net.layout.box() is not None:
        own = sim.potential[: net.n_nodes]
        assert drawn.groups.get_clim() == (np.nanmin(own), np.nanmax(own))
    drawn.update(potential=2.0 * sim.potential)
    drawn = mn.plot.network(attached, current=sim.branch_current)
    drawn.update(current=sim.branch_current)
    mn.plot.network(attached, device=mn.RateBalance())
    data = sim.run(4, record=["potential"])
    mn.plot.animate(data, attached)
    mn.plot.overview(sim, data)
    plt.close("all")


def test_wire_devices_are_for_own_edges():
    net = NETWORKS["pieces"]().attach("left", mn.Resistor(conductance=1e-4))
    devices = mn.wire_devices(net, mn.RateBalance())
    assert len(devices) == net.n_own_edges
    sim = mn.Simulation(net, devices, {"left": 1.0, "right": 0.0})
    assert sim.conductance[net.segments].tolist() == net.segment_conductance.tolist()


def test_a_netlist_has_what_is_attached():
    net = mn.Network(2, [(0, 1)], electrodes={"left": 0, "right": 1}).attach("left", mn.Resistor(conductance=0.5))
    sim = mn.Simulation(net, mn.Resistor(conductance=0.25), {"left": 1.0, "right": 0.0})
    lines = mn.to_spice(sim, 1.0).splitlines()
    assert "R0 e2 e1 4.0" in lines
    assert "R1 e0 e2 2.0" in lines


def test_what_cannot_be_attached_is_refused(net):
    for arguments, named, error, said in [
        (("lft", mn.Resistor()), {}, ValueError, "unknown electrode 'lft', did you mean 'left'"),
        (("left",), {}, ValueError, "devices must hold at least one device to attach at 'left'"),
        (("left", mn.Resistor), {}, TypeError, r"devices\[0\] must be a device, got the class Resistor"),
        (("left", mn.Resistor(), 3), {}, TypeError, r"devices\[1\] must be a device, such as"),
        (("left", mn.Resistor()), {"to": "rigth"}, ValueError, "unknown to 'rigth', did you mean 'right'"),
        (("left", mn.Resistor()), {"to": "left"}, ValueError, "to must be another electrode than 'left'"),
        (("left", mn.Resistor()), {"too": "left"}, TypeError, "unknown keyword 'too', did you mean 'to'"),
    ]:
        with pytest.raises(error, match=said):
            net.attach(*arguments, **named)
    with pytest.raises(ValueError, match="nothing attached to electrodes"):
        mn.theory.mean_field(net.attach("left", mn.Resistor()), mn.RateBalance())


def test_a_circuit_takes_elements_instead():
    circuit = mn.Circuit()
    circuit.add("in", "gnd", mn.Resistor())
    with pytest.raises(ValueError, match="add the devices to the circuit instead"):
        circuit.network(["in"]).attach("in", mn.Resistor())
