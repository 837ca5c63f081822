"""Circuits of named elements: closed forms, dense nodal analysis, names in everything that comes of them."""

import copy
import pickle
import re
import textwrap
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet.circuit import capacitor_paths, refuse_undefined, undefined_nodes
from memnet.drive import first_jump


def rc(resistance=1e3, capacitance=1e-6):
    circuit = mn.Circuit()
    circuit.add("in", "n1", mn.Resistor(conductance=1 / resistance), name="R1")
    circuit.add("n1", "gnd", mn.Capacitor(capacitance=capacitance), name="C1")
    return circuit


# ---------------------------------------------------------------- closed forms


@pytest.mark.parametrize("dt", [1e-5, 1e-4, 3e-3])
def test_rc_charges_as_backward_euler_does_in_closed_form(dt):
    sim = rc().simulation({"in": 2.0, "gnd": 0.0}, dt=dt)
    data = sim.run(40, record={"potential": ["n1"], "branch_current": ["C1", "R1"]})
    volts = 2.0 * (1.0 - (1.0 + dt / 1e-3) ** -np.arange(1.0, 41.0))
    np.testing.assert_allclose(data.potential.sel(potential_node="n1"), volts, rtol=1e-12)
    current = data.branch_current.sel(branch_current_edge="R1")
    np.testing.assert_allclose(current, (2.0 - volts) / 1e3, rtol=1e-9, atol=1e-18)
    np.testing.assert_allclose(data.branch_current.sel(branch_current_edge="C1"), current, rtol=1e-9, atol=1e-18)
    assert sim["n1"] == data.potential.to_numpy()[-1, 0]


def test_a_ladder_of_fifty_resistors_divides_as_its_transfer_matrix_says():
    circuit = mn.Circuit()
    series, shunt = mn.Resistor(conductance=1e-3), mn.Resistor(conductance=1e-4)
    for k in range(50):
        circuit.add(f"n{k}", f"n{k + 1}", series)
        circuit.add(f"n{k + 1}", "gnd", shunt)
    sim = circuit.simulation({"n0": 1.0, "gnd": 0.0})
    section = np.array([[1.0 + 0.1, 1e3], [1e-4, 1.0]])  # voltage and current before a section from those behind it
    want = [1.0 / np.linalg.matrix_power(section, 50)[0, 0]]
    assert sim["n50"] == pytest.approx(want[0], rel=1e-12)
    assert len(sim.devices) == 2
    assert sim.edges_of(shunt).size == 50


def test_a_wheatstone_bridge_is_balanced_and_not():
    def bridge(last):
        circuit = mn.Circuit()
        arms = [("top", "l", 1.0), ("l", "gnd", 2.0), ("top", "r", 3.0), ("r", "gnd", last), ("l", "r", 5.0)]
        for a, b, conductance in arms:
            circuit.add(a, b, mn.Resistor(conductance=conductance), name=f"{a}-{b}")
        sim = circuit.simulation({"top": 1.0, "gnd": 0.0})
        return sim.branch_current[sim.edge("l-r")], sim

    assert abs(bridge(6.0)[0]) < 1e-15
    current, sim = bridge(1.0)
    left, right = np.linalg.solve([[8.0, -5.0], [-5.0, 9.0]], [1.0, 3.0])
    assert current == pytest.approx(5.0 * (left - right), rel=1e-12)
    assert sim["l"] == pytest.approx(left, rel=1e-13)


def test_elements_between_the_same_nodes_are_parallel_and_each_counts_from_its_own_first_node():
    circuit = mn.Circuit()
    circuit.add("in", "gnd", mn.Resistor(conductance=1.0), name="there")
    circuit.add("gnd", "in", mn.Resistor(conductance=2.0), name="back")
    circuit.add("in", "gnd", mn.Resistor(conductance=4.0, emf=0.5), name="source")
    sim = circuit.simulation({"in": 1.0, "gnd": 0.0})
    data = sim.run(1, record=["branch_current"])
    current = data.branch_current.isel(time=0)
    assert {name: float(current.sel(branch_current_edge=name)) for name in circuit.elements} == {
        "there": 1.0,
        "back": -2.0,
        "source": 2.0,
    }
    assert data.current.sel(electrode="in").item() == pytest.approx(5.0)


def test_a_device_that_two_elements_share_has_two_states_and_equal_devices_are_two():
    memristor = mn.RateBalance()
    circuit = mn.Circuit()
    circuit.add("a", "gnd", memristor, name="fast")
    circuit.add("b", "gnd", memristor, name="slow")
    circuit.add("b", "gnd", mn.RateBalance(), name="other")
    sim = circuit.simulation({"a": 1.0, "b": 0.1, "gnd": 0.0}, dt=10.0)
    sim.step(50)
    assert sim.device("fast") is sim.device("slow") is memristor
    assert sim.device("other") is not memristor
    fast, slow = sim.state(memristor, "g")
    assert fast > slow
    assert sim.state(sim.device("other"), "g").tolist() == [slow]


# ---------------------------------------------------------------- against dense nodal analysis


@st.composite
def circuits(draw):
    """Nodes in a random tree of resistors, further resistors and capacitors between any two of them."""
    n = draw(st.integers(2, 8))
    value = st.floats(0.1, 10.0)
    elements = [(draw(st.integers(0, k - 1)), k, "R", draw(value)) for k in range(1, n)]
    for _ in range(draw(st.integers(0, 10))):
        a = draw(st.integers(0, n - 1))
        b = (a + draw(st.integers(1, n - 1))) % n
        elements.append((a, b, draw(st.sampled_from("RC")), draw(value)))
    held = draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=n, unique=True))
    return n, draw(st.permutations(elements)), {k: draw(st.floats(-3.0, 3.0)) for k in held}


def dense(n, elements, held, dt, steps):
    """Nodal analysis with backward Euler: potentials (steps, n) and currents (steps, elements)."""
    stored = np.zeros(len(elements))
    free = [k for k in range(n) if k not in held]
    potential, current = np.zeros((steps, n)), np.zeros((steps, len(elements)))
    for step in range(steps):
        matrix, source = np.zeros((n, n)), np.zeros(n)
        conductance = np.array([x if kind == "R" else x / dt for _, _, kind, x in elements])
        extra = np.array([0.0 if kind == "R" else x / dt for _, _, kind, x in elements]) * stored
        for (a, b, _, _), g, i in zip(elements, conductance, extra, strict=True):
            matrix[a, a] += g
            matrix[b, b] += g
            matrix[a, b] -= g
            matrix[b, a] -= g
            source[a] += i
            source[b] -= i
        volts = np.zeros(n)
        volts[list(held)] = list(held.values())
        right = source - matrix[:, list(held)] @ volts[list(held)]
        if free:
            volts[free] = np.linalg.solve(matrix[np.ix_(free, free)], right[free])
        stored = np.array([volts[a] - volts[b] for a, b, _, _ in elements])
        potential[step], current[step] = volts, conductance * stored - extra
        stored = np.where([kind == "C" for _, _, kind, _ in elements], stored, 0.0)
    return potential, current


@settings(max_examples=60, deadline=None)
@given(circuits(), st.sampled_from([0.01, 0.3, 5.0]))
def test_random_circuits_agree_with_dense_nodal_analysis(case, dt):
    n, elements, held = case
    circuit = mn.Circuit()
    for a, b, kind, x in elements:
        circuit.add(f"n{a}", f"n{b}", mn.Resistor(conductance=x) if kind == "R" else mn.Capacitor(capacitance=x))
    sim = circuit.simulation({f"n{k}": volts for k, volts in held.items()}, dt=dt)
    data = sim.run(4, record=["potential", "branch_current"])
    potential, current = dense(n, elements, held, dt, 4)
    shown = data.potential.sel(potential_node=[f"n{k}" for k in range(n)])
    np.testing.assert_allclose(shown, potential, rtol=1e-10, atol=1e-11)
    names = [element.name for element in circuit]
    size = max(x if kind == "R" else x / dt for _, _, kind, x in elements) * np.abs(potential).max()
    found = data.branch_current.sel(branch_current_edge=names)
    # The dense solution has no digits among subnormal numbers.
    np.testing.assert_allclose(found, current, rtol=1e-9, atol=max(1e-12 * size, 1e-300))


# ---------------------------------------------------------------- names


def test_elements_are_named_by_their_model_where_no_name_is_given():
    circuit = mn.Circuit()
    circuit.add("a", "b", mn.Resistor(), name="Resistor2")
    names = [circuit.add("a", "b", device()).name for device in (mn.Resistor, mn.Resistor, mn.Capacitor, mn.Resistor)]
    assert names == ["Resistor1", "Resistor3", "Capacitor1", "Resistor4"]
    assert list(circuit.elements) == ["Resistor2", *names]
    assert [element.name for element in circuit] == list(circuit.elements)
    assert len(circuit) == 5
    assert "Capacitor1" in circuit
    assert "C1" not in circuit
    assert circuit["Capacitor1"].device is circuit.devices[3]
    assert circuit.nodes == ("a", "b")
    with pytest.raises(TypeError):
        circuit.elements["new"] = circuit["Resistor1"]


def test_short_forms_say_what_there_is():
    circuit = rc()
    assert repr(circuit) == "<Circuit: 3 nodes, 2 elements: R1 from in to n1, C1 from n1 to gnd>"
    assert "R1 from in to n1" in circuit._repr_html_()
    assert repr(mn.Circuit()) == "<Circuit: 0 nodes, 0 elements>"
    for k in range(20):
        circuit.add("n1", f"m{k}", mn.Resistor(), name=f"L{k}")
    assert repr(circuit).endswith("22 elements: R1 from in to n1, C1 from n1 to gnd, ..., L19 from n1 to m19>")


def test_everything_recorded_is_read_by_name():
    circuit = rc()
    sim = circuit.simulation({"in": 1.0, "gnd": 0.0}, dt=1e-4)
    record = {
        "potential": "n1",
        "branch_voltage": ["C1"],
        "edge_conductance": [1, 0],
        "state:v": True,
        "member_current": "in",
        "snapshot:potential": [2],
    }
    data = sim.run(5, record=record)
    assert data.potential_node.values.tolist() == ["n1"]
    assert data.branch_voltage_edge.values.tolist() == ["C1"]
    assert data.edge_conductance_edge.values.tolist() == ["C1", "R1"]
    assert data.state_v_edge.values.tolist() == ["C1"]
    assert data.member_current_node.values.tolist() == ["in"]
    assert data.snapshot_potential.sel(snapshot_potential_node="n1").item() == data.potential[2, 0]
    assert data.state_v.sel(state_v_edge="C1")[4] == data.branch_voltage[3, 0]


def test_unknown_names_are_refused_with_the_nearest():
    circuit = rc()
    sim = circuit.simulation({"in": 1.0, "gnd": 0.0})
    for call, said in [
        (lambda: sim["n2"], r"unknown name of a node 'n2', did you mean 'n1'\?|unknown name of a node 'n2'"),
        (lambda: sim["gdn"], r"'gdn', did you mean 'gnd'\?"),
        (lambda: sim.device("R11"), r"unknown name of an element 'R11', did you mean 'R1'\?; allowed: R1, C1"),
        (lambda: sim.edge("C"), r"unknown name of an element 'C', did you mean 'C1'\?"),
        (lambda: circuit["R"], r"unknown name of an element 'R', did you mean 'R1'\?"),
        (lambda: circuit.simulation({"in": 1.0, "gn": 0.0}), r"unknown node in drive 'gn', did you mean 'gnd'\?"),
        (lambda: circuit.network(["inn"]), r"unknown node in electrodes 'inn', did you mean 'in'\?"),
        (lambda: sim.run(1, record={"potential": ["n1", "gn"]}), r'unknown node in record\["potential"\] \'gn\''),
        (lambda: sim.run(1, record={"branch_current": "RR1"}), r'unknown element in record\["branch_current"\]'),
        (lambda: sim.set_drive({"in": 1.0, "gmd": 0.0}), r"'gmd', did you mean 'gnd'\?"),
    ]:
        with pytest.raises(ValueError, match=said):
            call()
    for name in ("sim", "circuit"):
        with pytest.raises(KeyError):
            {"sim": sim, "circuit": circuit}[name]["nowhere"]
    with pytest.raises(TypeError, match="name of a node must be a string, got 1"):
        sim[1]


def test_what_no_element_can_be_is_refused_and_leaves_nothing():
    circuit = rc()
    for arguments, error, said in [
        (("a", "a", mn.Resistor()), ValueError, "b must be another node than a, got 'a' for both"),
        (("a", "", mn.Resistor()), TypeError, "b must be a non-empty string, got ''"),
        ((0, "b", mn.Resistor()), TypeError, "a must be a non-empty string, got 0"),
        (("a", "b\0", mn.Resistor()), ValueError, "b must have no NUL"),
        (("a", "b", mn.Resistor), TypeError, r"device must be a device, got the class Resistor; write Resistor\("),
        (("a", "b", 1e-3), TypeError, "device must be a device, such as mn.Resistor"),
    ]:
        with pytest.raises(error, match=said):
            circuit.add(*arguments)
    with pytest.raises(ValueError, match="name 'R1' is taken by the element from 'in' to 'n1'"):
        circuit.add("a", "b", mn.Resistor(), name="R1")
    assert circuit.nodes == ("in", "n1", "gnd")
    assert len(circuit) == 2
    with pytest.raises(ValueError, match="the circuit has no elements"):
        mn.Circuit().network([])
    with pytest.raises(ValueError, match="electrodes must name each node once"):
        circuit.network(["in", "in"])
    with pytest.raises(TypeError, match="electrodes must be a list of names of nodes, got 'in'"):
        circuit.network("in")
    with pytest.raises(TypeError, match="drive must be a dict"):
        circuit.simulation(["in", "gnd"])
    with pytest.raises(TypeError, match="unknown keyword 'dtt', did you mean 'dt'"):
        circuit.simulation({"in": 1.0, "gnd": 0.0}, dtt=1.0)


def test_simulations_of_other_networks_know_electrodes_but_no_elements():
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"left": 0, "right": 2})
    sim = mn.Simulation(net, mn.Resistor(conductance=1.0), {"left": 2.0, "right": None})
    assert (sim["left"], sim["right"]) == (2.0, 2.0)
    with pytest.raises(KeyError, match="unknown electrode 'lft', did you mean 'left'"):
        sim["lft"]
    for method in (sim.edge, sim.device):
        with pytest.raises(ValueError, match="name 'R1' is of no element: the network was not made of a Circuit"):
            method("R1")


# ---------------------------------------------------------------- files, copies, graphs


def test_runs_checkpoints_copies_and_files_keep_the_names(tmp_path):
    circuit = rc()
    circuit.add("n1", "gnd", mn.RateBalance(), name="M")
    sim = circuit.simulation({"in": mn.drive.sine(1.0, 100.0), "gnd": 0.0}, dt=1e-4, seed=1)
    first = sim.run(20, record={"potential": True, "branch_current": ["M"]})
    sim.save(tmp_path / "a.ckpt")
    twins = [sim.copy(), copy.deepcopy(sim), pickle.loads(pickle.dumps(sim)), mn.Simulation.load(tmp_path / "a.ckpt")]
    second = sim.run(20, record={"potential": True, "branch_current": ["M"]})
    for twin in twins:
        data = twin.run(20, record={"potential": True, "branch_current": ["M"]})
        assert data.potential.equals(second.potential)
        assert data.branch_current.equals(second.branch_current)
        assert twin.edge("M") == 2
        assert twin["n1"] == sim["n1"]
        assert repr(twin.device("C1")) == repr(circuit["C1"].device)
    whole = mn.concat([first, second])
    again = mn.rerun(whole)
    for name in ("potential", "branch_current"):
        assert again[name].equals(whole[name])
    assert again.potential_node.values.tolist() == list(circuit.nodes)
    whole.to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    assert mn.load_network(tmp_path / "a.nc").layout.elements == ("R1", "C1", "M")
    assert [device.model for device in mn.devices_of(tmp_path / "a.nc")] == ["Resistor", "Capacitor", "RateBalance"]
    assert mn.rerun(tmp_path / "a.nc").branch_current.equals(whole.branch_current)


def test_a_streamed_run_of_a_circuit_goes_on(tmp_path):
    sim = rc().simulation({"in": 1.0, "gnd": 0.0}, dt=1e-4)
    sim.run(5, record={"potential": "n1"}, out=tmp_path / "run.zarr")
    data = mn.resume(tmp_path / "run.zarr", n_steps=12)
    want = rc().simulation({"in": 1.0, "gnd": 0.0}, dt=1e-4).run(12, record={"potential": "n1"})
    np.testing.assert_array_equal(data.potential.sel(potential_node="n1"), want.potential.sel(potential_node="n1"))


def test_circuits_are_copied_pickled_and_apart_from_what_was_made_of_them():
    circuit = rc()
    net, sim = circuit.network(["in", "gnd"]), circuit.simulation({"in": 1.0, "gnd": 0.0})
    for twin in (copy.deepcopy(circuit), pickle.loads(pickle.dumps(circuit))):
        twin.add("n1", "gnd", mn.Resistor(), name="R2")
        assert list(twin.elements) == ["R1", "C1", "R2"]
    circuit.add("n1", "n2", mn.Resistor())
    assert net.n_nodes == sim.net.n_nodes == 3
    assert sim.net.layout.nodes == ("in", "n1", "gnd")


def test_the_network_of_a_circuit_has_its_names_in_networkx():
    net = rc().network(["in", "gnd"])
    graph = net.to_networkx()
    assert set(graph.nodes) == {"in", "n1", "gnd"}
    assert [data["name"] for _, _, data in graph.edges(data=True)] == ["R1", "C1"]
    again = mn.from_networkx(graph)
    assert again.labels == net.labels
    assert again.edge_data["name"].tolist() == ["R1", "C1"]
    assert again.edges.tolist() == net.edges.tolist()
    assert {name: nodes.tolist() for name, nodes in net.electrodes.items()} == {"in": [0], "gnd": [2]}


def test_a_spice_netlist_of_a_circuit_is_written():
    sim = rc().simulation({"in": 1.0, "gnd": 0.0}, dt=1e-4)
    assert "R0 e0 n1 1000.0" in mn.to_spice(sim, 1e-3)


def test_an_array_of_many_elements_is_made_of_one_population_a_device():
    circuit, cell = mn.Circuit(), mn.RateBalance()
    for row in range(40):
        for column in range(40):
            circuit.add(f"w{row}", f"b{column}", cell, name=f"cell{row},{column}")
    sim = circuit.simulation({"w0": 1.0, **{f"b{k}": 0.0 for k in range(40)}})
    assert sim.devices == (cell,)
    assert sim.edge("cell3,7") == 127
    apart = mn.Circuit()
    for element in circuit:
        apart.add(element.a, element.b, mn.RateBalance(), name=element.name)
    other = apart.simulation({"w0": 1.0, **{f"b{k}": 0.0 for k in range(40)}})
    assert len(other.devices) == 1600
    sim.step(5)
    other.step(5)
    assert other.branch_current.tobytes() == sim.branch_current.tobytes()
    assert other.info["devices"] == sim.info["devices"] == {"RateBalance()": 1600}


# ---------------------------------------------------------------- what a circuit leaves open


def conducting(circuit):
    return np.array([not isinstance(device, mn.Capacitor) for device in circuit.devices])


def test_nodes_that_only_capacitors_reach_are_named():
    circuit = rc()
    circuit.add("n1", "n2", mn.Capacitor(), name="C2")
    circuit.add("n2", "n3", mn.Resistor(), name="R2")
    circuit.add("n3", "gnd", mn.Capacitor(), name="C3")
    net = circuit.network(["in", "gnd"])
    assert [net.layout.nodes[k] for k in undefined_nodes(net, conducting(circuit), ["in", "gnd"])] == ["n2", "n3"]
    with pytest.raises(
        ValueError, match=r"node n2 \(and 1 further nodes\) has no potential at rest.*it has elements C2, R2"
    ):
        refuse_undefined(net, undefined_nodes(net, conducting(circuit), ["in", "gnd"]))
    circuit.add("n3", "gnd", mn.Resistor())
    net = circuit.network(["in", "gnd"])
    refuse_undefined(net, undefined_nodes(net, conducting(circuit), ["in", "gnd"]))
    assert [net.layout.nodes[k] for k in undefined_nodes(net, conducting(circuit), ["gnd"])] == ["in", "n1"]
    assert undefined_nodes(net, conducting(circuit), []).size == net.n_nodes
    plain = mn.Network(3, [(0, 1)], electrodes={"a": 0})
    with pytest.raises(ValueError, match=r"node 2 has no potential at rest.*it has no edge"):
        refuse_undefined(plain, undefined_nodes(plain, np.array([True]), ["a"]))


JUMPS = mn.drive.pulses(0.0, 1.0, length=1.0, spacing=1.0)
RISES = mn.drive.piecewise_linear([0.0, 1.0, 2.0], [0.0, 1.0, 0.0])


def test_capacitors_alone_between_electrodes_that_jump_are_refused():
    circuit = rc()
    circuit.add("in", "mid", mn.Capacitor(), name="C2")
    circuit.add("mid", "gnd", mn.Capacitor(), name="C3")
    said = r"drive jumps at t = 1 s between electrodes 'in' and 'gnd', which only .* apart \(elements C1, C2, C3\)"
    with pytest.raises(ValueError, match=said):
        circuit.simulation({"in": JUMPS, "gnd": 0.0})
    for good in (
        {"in": RISES, "gnd": 0.0},
        {"in": JUMPS, "gnd": JUMPS},
        {"in": JUMPS, "gnd": None},
        {"in": mn.drive.current(JUMPS), "gnd": 0.0},
        {"in": 1.0, "gnd": 0.0},
    ):
        circuit.simulation(good).step(3)
    rc().simulation({"in": JUMPS, "gnd": 0.0}).step(3)


def test_paths_of_capacitors_are_found_between_electrodes_of_many_nodes():
    net = mn.Network(5, [(0, 2), (3, 2), (3, 4)], electrodes={"a": [0, 1], "b": [3], "c": [4]})
    ((names, edges),) = capacitor_paths(net, np.array([True, True, False]), ["a", "b", "c"])
    assert names == ["a", "b"]
    assert edges.tolist() == [0, 1]
    assert capacitor_paths(net, np.array([True, False, False]), ["a", "b", "c"]) == []
    assert capacitor_paths(net, np.array([True, True, True]), ["a"]) == []


@pytest.mark.parametrize(
    ("wave", "time"),
    [
        (JUMPS, 1.0),
        (RISES, None),
        (mn.drive.constant(2.0), None),
        (mn.drive.sine(1.0, 3.0), None),
        (mn.drive.triangle(0.0, 1.0, 2.0), None),
        (mn.drive.concat([(RISES, 1.0), (1.0, None)]), None),
        (mn.drive.concat([(RISES, 1.0), (1.5, None)]), 1.0),
        (mn.drive.concat([(mn.drive.sine(1.0, 1.0), 0.25), (1.0, 1.0), (3.0, None)]), 1.25),
        (JUMPS + RISES, 1.0),
    ],
)
def test_the_first_jump_is_where_the_value_jumps(wave, time):
    assert first_jump(wave) == (None if time is None else pytest.approx(time))


PAGE = Path(__file__).resolve().parent.parent / "docs" / "circuits.md"


def test_a_circuit_at_rest_is_solved_with_its_names():
    circuit = rc()
    circuit.add("n1", "gnd", mn.Diode(), name="D1")
    drive = {"in": 2.0, "gnd": 0.0}
    found = mn.solve(circuit, drive=drive)
    by_hand = mn.solve(circuit.network(drive), devices=circuit.devices, drive=drive)
    np.testing.assert_array_equal(found.potential, by_hand.potential)
    assert found.nodes == circuit.nodes
    assert found.voltage_of("n1") == found.potential[1]
    assert found.current_of("in") == pytest.approx((2.0 - found.voltage_of("n1")) / 1e3, rel=1e-12)
    many = mn.solve(circuit.network(drive), [[1.0, 1.0, 1.0], [1.0, 3.0, 0.0]], drive)
    np.testing.assert_allclose(many.voltage_of("n1"), [2.0 / 3.0, 0.5])
    with pytest.raises(ValueError, match="unknown node 'n2'; allowed: in, n1, gnd"):
        found.voltage_of("n2")
    for arguments in ({"conductance": 1.0}, {"devices": mn.Diode()}):
        with pytest.raises(TypeError, match="solve of a Circuit takes drive= alone"):
            mn.solve(circuit, drive=drive, **arguments)
    with pytest.raises(TypeError, match="solve needs drive"):
        mn.solve(circuit)


def test_errors_of_the_library_have_the_names_of_the_circuit():
    circuit = mn.Circuit()
    circuit.add("in", "top", mn.Resistor(conductance=1 / 20e3), name="R")
    circuit.add("top", "gnd", mn.ThresholdSwitch(), name="S")
    for options in ({}, {"method": "adaptive"}):
        sim = circuit.simulation({"in": mn.drive.triangle(0.0, 2.0, period=2.0), "gnd": 0.0}, dt=0.01, **options)
        with pytest.raises(ArithmeticError, match=r"again and again.*ThresholdSwitch.*element S from top to gnd"):
            sim.run(100)
    with pytest.raises(TypeError, match=r"got 'S'.*sim\.device\('S'\) is that of an element"):
        sim.set_state("S", on=1.0)


def test_the_listings_of_the_page_print_what_stands_below_them(capsys):
    parts = re.findall(
        r"```python\n(.*?)```\n\nWhat it prints:\n\n((?:    [^\n]*\n)+)", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    assert len(parts) == 3
    names: dict[str, object] = {}
    for listing, printed in parts:
        exec(compile(listing, "circuits.md", "exec"), names)
        assert capsys.readouterr().out == textwrap.dedent(printed)


def test_a_reaction_to_an_element_says_where_its_device_is():
    element = rc().add("n1", "gnd", mn.ThresholdSwitch(), name="S")
    with pytest.raises(TypeError, match="device must be a Device, such as the device of this element, got <Element: S"):
        mn.react(element, "closed", electrode="in", wave=1.0)
    assert mn.react(element.device, "closed", electrode="in", wave=1.0).device is element.device
