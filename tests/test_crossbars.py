"""Crossbars: the network, its devices and conductances, schemes, margins, sneak paths; against closed forms."""

import itertools
import json
import pickle

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet import arrays
from memnet.network import Crossbar, crossbar_layout, describe_network, rebuild_network

SELECTOR = mn.Selector(i_0=1e-9, v_0=0.1)
STACKINGS = ("shared", "isolated", "vertical")


def all_driven(net, volts=1.0):
    return {name: volts if name.startswith("w") else 0.0 for name in net.electrodes}


def laplacian_solve(net, conductance, volts):
    """Potentials by NumPy alone: electrodes not named in `volts` float."""
    a, b = net.edges.T
    matrix = np.zeros((net.n_nodes, net.n_nodes))
    np.add.at(matrix, (a, a), conductance)
    np.add.at(matrix, (b, b), conductance)
    np.add.at(matrix, (a, b), -conductance)
    np.add.at(matrix, (b, a), -conductance)
    held = {int(net.electrodes[name][0]): value for name, value in volts.items() if value is not None}
    free = [k for k in range(net.n_nodes) if k not in held]
    fixed = list(held)
    potential = np.zeros(net.n_nodes)
    potential[fixed] = list(held.values())
    potential[free] = np.linalg.solve(matrix[np.ix_(free, free)], -matrix[np.ix_(free, fixed)] @ potential[fixed])
    return potential


# ---------------------------------------------------------------- the network


def test_ideal_lines_are_nodes_and_edges_are_cells():
    net = mn.crossbar(3, 4)
    assert (net.n_nodes, net.n_edges) == (7, 12)
    assert np.array_equal(net.cell, np.arange(12).reshape(1, 3, 4))
    for (row, column), edge in np.ndenumerate(net.cell[0]):
        assert net.edges[edge].tolist() == [net.electrodes[f"w{row}"][0], net.electrodes[f"b{column}"][0]]


def test_resistive_lines_have_a_node_at_each_cell_and_contacts_at_their_ends():
    net = mn.crossbar(3, 4, line_resistance=2.0, contact_resistance=(5.0, 0.0))
    layout = net.layout
    assert net.n_nodes == 2 * 12 + 3
    assert len(layout.segments) == 3 * 3 + 4 * 2
    assert layout.contact_resistance.tolist() == [5.0] * 3
    assert net.edges[layout.contacts, 1].tolist() == layout.word_node[0, :, 0].tolist()
    assert [net.electrodes[f"b{k}"][0] for k in range(4)] == layout.bit_node[0, -1].tolist()
    graph = nx.Graph()
    graph.add_edges_from(net.edges[layout.segments].tolist())
    lines = [sorted(part) for part in nx.connected_components(graph)]
    want = [sorted(row) for row in layout.word_node[0].tolist()] + [sorted(c) for c in layout.bit_node[0].T.tolist()]
    assert sorted(lines) == sorted(want)


def test_shared_layers_have_the_lines_between_them_in_common():
    net = mn.crossbar(2, 3, layers=3)
    words, bits = net.layout.words, net.layout.bits
    assert list(net.electrodes) == ["w0_0", "w0_1", "w1_0", "w1_1", *(f"b{p}_{c}" for p in (0, 1) for c in range(3))]
    assert bits[0].tolist() == bits[1].tolist()
    assert words[1].tolist() == words[2].tolist()
    assert not set(words[0].ravel()) & set(words[1].ravel())
    assert not set(bits[1].ravel()) & set(bits[2].ravel())


def test_isolated_layers_share_nothing():
    net = mn.crossbar(2, 3, layers=2, stacking="isolated")
    one = mn.crossbar(2, 3)
    assert len(net.electrodes) == 10
    assert net.layout.words[1, 1, 0] == "w1_1"
    assert net.info["n_components"] == 2
    assert np.array_equal(net.cell[1].ravel() - 6, one.cell.ravel())


def test_pillars_cross_every_plane():
    net = mn.crossbar(2, 3, layers=4, stacking="vertical")
    assert [net.layout.bits[k, 1, 2] for k in range(4)] == ["b0", "b1", "b2", "b3"]
    assert set(net.layout.words[:, 1, 2]) == {"w1_2"}
    assert net.n_nodes == 6 + 4
    net = mn.crossbar(2, 3, layers=4, stacking="vertical", line_resistance=1.0)
    # Pillars of 4 nodes; planes of 2 x 2 nodes and one along column 0, with 4 segments across and 2 along.
    assert net.n_nodes == 6 * 4 + 4 * 5
    assert len(net.layout.segments) == 6 * 3 + 4 * (4 + 2)
    assert net.electrodes["b2"].tolist() == [net.layout.bit_node[2, 0, 0]] == [net.layout.bit_node[2, 1, 0]]


@pytest.mark.parametrize("stacking", STACKINGS)
@pytest.mark.parametrize("layers", [1, 2])
def test_dummy_lines_lie_around_the_array(stacking, layers):
    plain = mn.crossbar(2, 3, layers=layers, stacking=stacking)
    net = mn.crossbar(2, 3, layers=layers, stacking=stacking, dummy_lines=2)
    assert np.array_equal(net.cell, plain.cell)
    assert np.array_equal(net.layout.words, plain.layout.words)
    assert np.array_equal(net.layout.bits, plain.layout.bits)
    assert len(net.layout.dummy_cells) == layers * (6 * 7 - 6)
    assert {*plain.electrodes, *net.layout.dummies} == set(net.electrodes)
    assert all(name.startswith("d") for name in net.layout.dummies)


@settings(max_examples=20, deadline=None)
@given(
    rows=st.integers(1, 4),
    columns=st.integers(1, 4),
    layers=st.integers(1, 3),
    stacking=st.sampled_from(STACKINGS),
    line=st.sampled_from([None, 1.0, (0.0, 2.0), (3.0, 0.0)]),
    contact=st.sampled_from([None, 5.0, (1.0, 0.0)]),
    dummy=st.integers(0, 1),
)
def test_every_crossbar_is_solved_as_its_laplacian_says(rows, columns, layers, stacking, line, contact, dummy):
    net = mn.crossbar(
        rows,
        columns,
        layers=layers,
        stacking=stacking,
        line_resistance=line,
        contact_resistance=contact,
        dummy_lines=dummy,
    )
    layout = net.layout
    assert net.n_edges == net.cell.size + sum(map(len, (layout.dummy_cells, layout.segments, layout.contacts)))
    assert np.array_equal(net.edges[net.cell], np.stack([layout.word_node, layout.bit_node], axis=-1))
    rng = np.random.default_rng(rows + 10 * columns)
    g = rng.uniform(1e-6, 1e-4, net.cell.shape)
    each = mn.cell_conductances(net, g, dummy=1e-5)
    drive = dict.fromkeys(net.electrodes, 0.0) | {str(layout.words[0, 0, 0]): 1.0}
    solution = mn.solve(net, each, drive)
    assert solution.potential == pytest.approx(laplacian_solve(net, each, drive), rel=1e-10, abs=1e-14)
    devices = mn.cell_devices(net, mn.Resistor(), conductance=g, dummy=mn.Resistor(conductance=1e-5))
    assert mn.solve(net, devices=devices, drive=drive).potential == pytest.approx(solution.potential, rel=1e-12)
    again = rebuild_network(json.loads(json.dumps(describe_network(net))))
    for other in (again, pickle.loads(pickle.dumps(net))):
        assert np.array_equal(other.cell, net.cell)
        assert other.provenance == net.provenance


DRAWN = ("words", "bits", "dummies", "gates", "lines", "line_ends", "node_line", "cell_place")


@pytest.mark.parametrize("further", [{}, {"gates": "rows"}, {"gates": "columns"}, {"thermal_conductance": 1e-6}])
@pytest.mark.parametrize("stacking", ["shared", "isolated", "vertical"])
@pytest.mark.parametrize("layers", [1, 3])
def test_nodes_are_in_the_middle_of_their_cells_or_where_lines_begin(layers, stacking, further):
    if stacking == "vertical" and "gates" in further:
        return
    for line, contact, dummy in itertools.product((None, 1.0, [1.0, 0.0], [0.0, 1.0]), (None, [2.0, 0.0]), (0, 1)):
        net = mn.crossbar(
            2,
            3,
            layers=layers,
            stacking=stacking,
            line_resistance=line,
            contact_resistance=contact,
            dummy_lines=dummy,
            **further,
        )
        layout, n_cells = net.layout, net.cell.size + net.layout.dummy_cells.size
        held = np.concatenate([net.electrodes[name] for name in layout.lines])
        np.testing.assert_array_equal(net.position[held], layout.line_ends[: len(held), 0])
        at = net.edges[:n_cells]
        for node in set(at.ravel().tolist()) - set(held.tolist()):
            places = layout.cell_place[(at == node).any(axis=1)]
            np.testing.assert_allclose(net.position[node], places.mean(axis=0), rtol=0, atol=1e-14)


def test_what_a_map_shows_is_made_when_it_is_asked_for_and_then_kept():
    net, again = (mn.crossbar(3, 2, line_resistance=1.0, dummy_lines=1) for _ in range(2))
    mn.solve(net, mn.cell_conductances(net, 1e-4), arrays.vmm_drive(net, [0.1, 0.2, 0.3]))
    assert not {"words", "bits", "line_ends", "cell_place", "node_line"} & vars(net.layout).keys()
    before = {name: getattr(net.layout, name) for name in DRAWN}
    assert all(getattr(net.layout, name) is value for name, value in before.items())
    for other in (net, pickle.loads(pickle.dumps(net)), pickle.loads(pickle.dumps(again))):
        for name, value in before.items():
            found = getattr(other.layout, name)
            np.testing.assert_array_equal(found, value)
            assert not isinstance(found, np.ndarray) or not found.flags.writeable


@settings(max_examples=25, deadline=None)
@given(
    volts=st.lists(
        st.one_of(st.floats(-10, 10), st.integers(-10, 10), st.just(np.float32(0.5))), min_size=3, max_size=3
    ),
    transposed=st.booleans(),
)
def test_voltages_of_lines_are_floats_in_their_order(volts, transposed):
    net = mn.crossbar(3, 3)
    driven, others = "bw" if transposed else "wb"
    expected = {f"{driven}{k}": float(v) for k, v in enumerate(volts)} | {f"{others}{k}": 0.0 for k in range(3)}
    for given_as in (volts, tuple(volts), np.array(volts, dtype=object), np.array(volts, dtype=float)):
        found = arrays.vmm_drive(net, given_as, transposed=transposed)
        assert list(found) == list(net.electrodes)
        assert found == expected
        assert all(type(v) is float for v in found.values())


@pytest.mark.parametrize("bad", [np.nan, np.inf, True, "1"])
def test_a_voltage_that_is_none_is_named(bad):
    net = mn.crossbar(2, 2)
    for volts in ([0.1, bad], np.array([0.1, bad], dtype=object)):
        with pytest.raises((TypeError, ValueError), match=r"volts\[1\] must be"):
            arrays.vmm_drive(net, volts)


def test_a_run_brings_its_crossbar_back(tmp_path):
    net = mn.crossbar(3, 4, layers=2, line_resistance=[1.0, 2.0], dummy_lines=1)
    sim = mn.Simulation(net, mn.cell_devices(net, mn.RateBalance()), all_driven(net), dt=0.1, seed=0)
    data = sim.run(3)
    data.to_netcdf(tmp_path / "run.nc")
    loaded = mn.load_network(tmp_path / "run.nc")
    assert isinstance(loaded.layout, Crossbar)
    for name, value in vars(net.layout).items():
        if isinstance(value, np.ndarray):
            assert np.array_equal(getattr(loaded.layout, name), value)
    assert np.array_equal(mn.rerun(data).current, data.current)


def test_only_crossbars_have_cells():
    net = mn.grid(3, 3)
    with pytest.raises(AttributeError, match=r"only a network that mn.crossbar made has cells, got <Network: 9 nodes"):
        _ = net.cell
    assert not hasattr(net, "cell")
    for function in (mn.cell_conductances, mn.cell_devices):
        with pytest.raises(TypeError, match=r"net must be a network that mn.crossbar made, got <Network: 9 nodes"):
            function(net, 1.0)
    with pytest.raises(TypeError, match=r"net must be a network that mn.crossbar made"):
        crossbar_layout(3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"rows": 0}, "rows must be an integer in .1, 2147483647., got 0"),
        ({"columns": -3}, "columns must be an integer"),
        ({"layers": 0}, "layers must be an integer"),
        ({"line_resistance": -1.0}, r"line_resistance must be in \[0, inf\) ohm, got -1.0"),
        ({"line_resistance": np.nan}, r"line_resistance must be in \[0, inf\) ohm, got nan"),
        ({"line_resistance": [1.0, np.nan]}, r"line_resistance\[1\] must be in \[0, inf\) ohm, got nan"),
        ({"contact_resistance": b"ab"}, "contact_resistance must be a number, got b'ab'"),
        ({"line_resistance": 1e-320}, "line_resistance must be 0 or so large that its inverse is finite"),
        ({"contact_resistance": [1.0, 2.0, 3.0]}, "contact_resistance must be a number or"),
        ({"stacking": "diagonal"}, "unknown stacking 'diagonal'"),
        ({"rows": 2**16, "columns": 2**15}, "must make at most 2,147,483,647 edges"),
        ({"rows": 2**31 - 1, "columns": 2**31 - 1}, "must make at most 2,147,483,647 edges"),
        ({"rows": 1, "columns": 200_000}, "must make at most 100,000 lines, got 200,001"),
        ({"dummy_lines": -1}, "dummy_lines must be an integer"),
        ({"line_resistence": 1.0}, "unknown keyword 'line_resistence', did you mean 'line_resistance'"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        mn.crossbar(**{"rows": 2, "columns": 2, **arguments})


def test_an_array_larger_than_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr("memnet.base.memory.physical", lambda: 1e6)
    with pytest.raises(MemoryError, match="half of the machine's memory"):
        mn.crossbar(200, 200)


# ---------------------------------------------------------------- devices and conductances


def test_masks_and_arrays_of_devices_say_the_device_of_each_cell():
    net = mn.crossbar(2, 2, line_resistance=1.0)
    memristor, broken = mn.RateBalance(), mn.Resistor(conductance=0.0)
    devices = mn.cell_devices(net, {memristor: [[True, True], [True, False]], broken: [[0, 0], [0, 1]]})
    assert devices[:4] == [memristor, memristor, memristor, broken]
    assert mn.cell_devices(net, [[memristor, broken], [broken, memristor]])[:4] == [
        memristor,
        broken,
        broken,
        memristor,
    ]
    assert devices[-1].conductance[net.layout.segments].tolist() == [1.0] * 4
    with pytest.raises(ValueError, match=r"masks must hold each cell once, got cell \(0, 1, 1\) in 0 of them"):
        mn.cell_devices(net, {memristor: [[1, 1], [1, 0]]})
    with pytest.raises(ValueError, match=r"got cell \(0, 0, 0\) in 2 of them"):
        mn.cell_devices(net, {memristor: np.ones((2, 2), bool), broken: np.ones((1, 2, 2), bool)})
    with pytest.raises(TypeError, match="must be True or False for each cell, got float64"):
        mn.cell_devices(net, {memristor: np.ones((2, 2))})
    with pytest.raises(TypeError, match=r"device of cell \(0, 1, 0\) must be a Device"):
        mn.cell_devices(net, [[memristor, broken], [3, memristor]])


def test_parameters_of_cells_have_their_shape():
    net = mn.crossbar(2, 3)
    g = np.arange(1.0, 7.0).reshape(2, 3) * 1e-6
    cell = mn.series(SELECTOR, mn.Resistor(conductance=1e-6))
    made = mn.cell_devices(net, cell, conductance_2=g)[0]
    assert made.conductance_2.tolist() == g.ravel().tolist()
    assert made.i_0_1 == SELECTOR.i_0
    spread = mn.spread(mn.RateBalance(), seed=3, eta_p=mn.lognormal(0.1))
    assert mn.cell_devices(net, spread, g_min=g)[0].variations == spread.variations
    with pytest.raises(ValueError, match=r"g_min must have the shape of the cells, \(2, 3\), got \(3, 2\)"):
        mn.cell_devices(net, mn.RateBalance(), g_min=g.T)
    with pytest.raises(TypeError, match="unknown keyword 'g_mn', did you mean 'g_min'"):
        mn.cell_devices(net, mn.RateBalance(), g_mn=g)
    with pytest.raises(TypeError, match="one Device where parameters are given"):
        mn.cell_devices(net, [[mn.RateBalance()] * 3] * 2, g_min=g)


def test_conductances_of_replicas_and_layers():
    net = mn.crossbar(2, 3, layers=2, line_resistance=4.0)
    g = np.random.default_rng(1).uniform(1e-6, 1e-4, (5, 2, 2, 3))
    each = mn.cell_conductances(net, g)
    assert each.shape == (5, net.n_edges)
    assert np.array_equal(each[3], mn.cell_conductances(net, g[3]))
    assert np.array_equal(each[:, :12], g.reshape(5, 12))
    with pytest.raises(
        ValueError, match=r"conductance must have shape \(\), \(2, 2, 3\) or \(r, 2, 2, 3\), got \(2, 3\)"
    ):
        mn.cell_conductances(net, g[0, 0])
    with pytest.raises(ValueError, match=r"conductance must be in \[0, inf\) S, got -1"):
        mn.cell_conductances(net, -1.0)
    with pytest.raises(ValueError, match="no attached circuits"):
        mn.cell_conductances(net.attach("w0_0", mn.Resistor()), 1e-4)


def test_open_cells_isolate_a_line_without_an_error():
    g = np.full((3, 3), 1e-4)
    g[1] = 0.0
    for line in (None, 1.0):
        net = mn.crossbar(3, 3, line_resistance=line)
        drive = arrays.read_drive(net, (0, 0), 1.0)
        solution = mn.solve(net, mn.cell_conductances(net, g), drive)
        at_rest = mn.solve(net, devices=mn.cell_devices(net, mn.Resistor(), conductance=g), drive=drive)
        assert np.isnan(solution.voltage_of("w1"))
        assert np.isnan(at_rest.voltage_of("w1"))
        assert at_rest.current == pytest.approx(solution.current, rel=1e-11, abs=0.0)
        sim = mn.Simulation(net, mn.cell_devices(net, mn.Resistor(), conductance=g), drive)
        assert np.isnan(sim.run(2).voltage.sel(electrode="w1")).all()
        assert len(arrays.sneak_paths(net, g, (0, 0), 1.0).paths) == 2


def test_a_shorted_cell_joins_its_lines():
    net = mn.crossbar(4, 4)
    devices = {mn.Resistor(conductance=1e-4): np.arange(16).reshape(4, 4) != 5, mn.Resistor(conductance=1e6): None}
    devices[list(devices)[1]] = np.arange(16).reshape(4, 4) == 5
    solution = mn.solve(net, devices=mn.cell_devices(net, devices), drive=arrays.read_drive(net, (0, 0), 1.0))
    assert solution.voltage_of("w1") == pytest.approx(solution.voltage_of("b1"), rel=1e-9)


# ---------------------------------------------------------------- schemes


def sneak_resistance(n, r):
    return 2.0 * r / (n - 1) + r / (n - 1) ** 2


@pytest.mark.parametrize("n", [2, 3, 8, 64, 256])
def test_a_floating_read_has_its_closed_form(n):
    """electrochemical.md 3.5: 1/R = 1/R_sel + 1/(2R/(n - 1) + R/(n - 1)^2)."""
    g = np.full((n, n), 1e-4)
    g[0, n - 1] = 1e-6
    net = mn.crossbar(n, n)
    solution = mn.solve(net, mn.cell_conductances(net, g), arrays.read_drive(net, (0, n - 1), 1.0))
    assert -solution.current_of(f"b{n - 1}") == pytest.approx(1e-6 + 1.0 / sneak_resistance(n, 1e4), rel=1e-13, abs=0.0)


@pytest.mark.parametrize(("n", "nearest", "farthest"), [(16, 1.08, 2.25), (32, 3.72, 8.15), (128, 33.81, 58.88)])
def test_lines_take_what_the_table_says(n, nearest, farthest):
    """electrochemical.md 3.5: 10 kohm, 1 ohm a segment and to the contacts, all driven; lost current in percent."""
    net = mn.crossbar(n, n, line_resistance=1.0, contact_resistance=1.0)
    drive = arrays.vmm_drive(net, np.ones(n))
    lost = 100.0 * (1.0 + mn.solve(net, mn.cell_conductances(net, 1e-4), drive).current[n:] / (n * 1e-4))
    assert np.round(lost[[0, -1]], 2).tolist() == [nearest, farthest]


@pytest.mark.parametrize(
    ("n", "scheme", "ratio", "linear"),
    [(8, "float", 11.67, 1.302), (128, "float", 1.73, 1.016), (8, "V/2", 7.59, None), (128, "V/2", 1.59, None)],
)
def test_selectors_keep_states_apart_as_the_table_says(n, scheme, ratio, linear):
    """electrochemical.md 3.5: 1 nA sinh(v/0.1 V) behind 10 kohm and 1 Mohm, read at 1 V."""
    net = mn.crossbar(n, n)
    on, off = (mn.series(SELECTOR, mn.Resistor(conductance=g)) for g in (1e-4, 1e-6))
    assert round(arrays.read_margin(net, on, off, 1.0, scheme=scheme).ratio, 2) == ratio
    if linear is not None:
        assert round(arrays.read_margin(net, 1e-4, 1e-6, 1.0, scheme=scheme).ratio, 3) == linear


def test_a_grounded_array_hides_nothing_and_the_worst_pattern_all():
    net = mn.crossbar(8, 8)
    found = arrays.read_margin(net, 1e-4, 1e-6, 0.5, scheme="ground")
    assert (found.ratio, found.cell) == (pytest.approx(100.0), (0, 0, 7))
    worst = arrays.read_margin(net, 1e-4, 1e-6, 0.5, others="worst")
    assert worst.on == pytest.approx(0.5 * (1e-4 + 1.0 / sneak_resistance(8, 1e6)), rel=1e-12, abs=0.0)
    assert worst.off == pytest.approx(0.5 * (1e-6 + 1.0 / sneak_resistance(8, 1e4)), rel=1e-12, abs=0.0)
    assert worst.margin < 0.0
    assert "others worst" in repr(worst)
    # Where lines lose much, cells that conduct hide one in its state of low resistance by what they take along lines.
    lossy = mn.crossbar(4, 4, line_resistance=1e3)
    for volts in (0.5, -0.5):
        both = [arrays.read_margin(lossy, 1e-4, 1e-6, volts, scheme="ground", others=one) for one in ("on", "off")]
        worst = arrays.read_margin(lossy, 1e-4, 1e-6, volts, scheme="ground", others="worst")
        assert abs(worst.on) == min(abs(one.on) for one in both) < abs(both[1].on)
        assert abs(worst.off) == max(abs(one.off) for one in both)
    open_cell = arrays.read_margin(mn.crossbar(1, 1), 1e-4, 0.0, 1.0)
    assert open_cell.ratio == np.inf


@pytest.mark.parametrize("scheme", ["float", "ground", "V/2", "V/3"])
def test_no_pattern_is_worse_than_the_worst(scheme):
    """All patterns of the other cells of 2 x 3, with ideal lines."""
    net = mn.crossbar(2, 3)
    drive = arrays.read_drive(net, (0, 2), -0.7, scheme)
    found = arrays.read_margin(net, 1e-4, 1e-6, -0.7, scheme=scheme, others="worst")
    for state, choose, got in ((1e-4, max, found.on), (1e-6, min, found.off)):
        patterns = [np.insert(others, 2, state) for others in itertools.product((1e-4, 1e-6), repeat=5)]
        each = mn.cell_conductances(net, np.reshape(patterns, (-1, 1, 2, 3)))
        currents = [-mn.solve(net, one, drive).current_of("b2") for one in each]
        assert got == pytest.approx(choose(currents), rel=1e-12, abs=0.0)


@pytest.mark.parametrize("scheme", ["float", "ground", "V/2", "V/3"])
@pytest.mark.parametrize("stacking", STACKINGS)
def test_a_scheme_holds_other_cells_below_the_selected_one(scheme, stacking):
    net = mn.crossbar(3, 4, layers=2, stacking=stacking, dummy_lines=1)
    drive = arrays.read_drive(net, (1, 2, 3), 0.9, scheme)
    assert list(drive) == list(net.electrodes)
    words, bits = net.layout.words, net.layout.bits
    assert (drive[words[1, 2, 3]], drive[bits[1, 2, 3]]) == (0.9, 0.0)
    if scheme != "float":
        share = {"ground": 1.0, "V/2": 0.5, "V/3": 1.0 / 3.0}[scheme]
        across = np.vectorize(lambda w, b: drive[w] - drive[b])(words, bits)
        beside = np.delete(across.ravel(), net.cell[1, 2, 3])
        assert np.abs(beside).max() == pytest.approx(share * 0.9)
    else:
        assert sum(value is None for value in drive.values()) == len(drive) - 2


def test_writes_are_pulses_or_waveforms():
    net = mn.crossbar(2, 2)
    drive = arrays.write_drive(net, (1, 0), -1.2, width=1e-6, start=2e-6, scheme="V/3", compliance=1e-4)
    times = np.array([1e-6, 2.5e-6, 3.5e-6])
    assert drive["b1"](times).tolist() == pytest.approx([0.0, -0.8, 0.0])
    assert drive["w0"](times).tolist() == pytest.approx([0.0, -0.4, 0.0])
    assert drive["b0"] == 0.0
    wave = mn.drive.triangle(0.0, 1.0, period=1.0)
    assert arrays.write_drive(net, (1, 0), wave)["w1"] is wave
    with pytest.raises(ValueError, match="width must be the length of the pulse"):
        arrays.write_drive(net, (1, 0), 1.0)
    with pytest.raises(ValueError, match="width and start are those of a pulse"):
        arrays.write_drive(net, (1, 0), wave, width=1.0)
    with pytest.raises(ValueError, match="waveform of voltages alone"):
        arrays.write_drive(net, (1, 0), mn.drive.current(1e-3))


def test_a_write_changes_the_selected_cell_alone():
    net = mn.crossbar(3, 3, line_resistance=1.0)
    device = mn.ThresholdSwitch()
    high = 1.5 * float(device.v_on)
    sim = mn.Simulation(net, mn.cell_devices(net, device), arrays.write_drive(net, (1, 2), high, width=1.0), dt=0.1)
    before = sim.state(device, "on").copy()
    sim.step(5)
    changed = np.flatnonzero(sim.state(device, "on") != before)
    assert changed.tolist() == [net.cell[0, 1, 2]]


def test_products_of_vectors_with_matrices():
    rng = np.random.default_rng(4)
    net = mn.crossbar(5, 7, dummy_lines=1)
    g, x, y = rng.uniform(1e-6, 1e-4, (5, 7)), rng.uniform(-0.2, 0.2, 5), rng.uniform(-0.2, 0.2, 7)
    each = mn.cell_conductances(net, g, dummy=1e-3)
    forward = mn.solve(net, each, arrays.vmm_drive(net, x))
    assert [-forward.current_of(f"b{k}") for k in range(7)] == pytest.approx(x @ g, rel=1e-12, abs=0.0)
    backward = mn.solve(net, each, arrays.vmm_drive(net, y, transposed=True))
    assert [-backward.current_of(f"w{k}") for k in range(5)] == pytest.approx(g @ y, rel=1e-12, abs=0.0)
    pillars = mn.crossbar(2, 3, layers=2, stacking="vertical")
    g, x = rng.uniform(1e-6, 1e-4, (2, 2, 3)), rng.uniform(-0.2, 0.2, (2, 3))
    found = mn.solve(pillars, mn.cell_conductances(pillars, g), arrays.vmm_drive(pillars, x))
    assert [-found.current_of(f"b{k}") for k in (0, 1)] == pytest.approx((g * x).sum(axis=(1, 2)), rel=1e-12, abs=0.0)
    waves = arrays.vmm_drive(net, [mn.drive.sine(1.0, 1.0)] * 5)
    assert waves["w3"](0.25) == 1.0
    for like in (np.array([0.1] * 5), range(5), arrays.DAC(4, 0.0, 0.15)([0.1] * 5)):
        assert list(arrays.vmm_drive(net, like).values())[1:6] == np.asarray(like).tolist()
    with pytest.raises(ValueError, match="volts must have no masked values, got one at index 2"):
        arrays.vmm_drive(net, np.ma.array(np.ones(5), mask=[0, 0, 1, 0, 0]))
    for bad, message in (([0.1] * 4, r"volts must have shape \(5,\)"), (np.nan, "volts must have shape")):
        with pytest.raises(ValueError, match=message):
            arrays.vmm_drive(net, bad)
    with pytest.raises(ValueError, match=r"volts\[2\] must be in"):
        arrays.vmm_drive(net, [0.1, 0.1, np.nan, 0.1, 0.1])
    with pytest.raises(ValueError, match="transposed must be False"):
        arrays.vmm_drive(pillars, x, transposed=True)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ((3, 0), r"row of cell must be an integer in \[0, 2\], got 3"),
        ((0, -1), "column of cell must be an integer"),
        ((1, 0, 0), r"layer must be an integer in \[0, 0\], got 1"),
        ((0,), r"cell must be \(row, column\)"),
        (bytearray(2), r"cell must be \(row, column\)"),
        ("w0", r"cell must be \(row, column\)"),
    ],
)
def test_a_cell_outside_is_named(cell, message):
    net = mn.crossbar(3, 3)
    for call in (
        lambda: arrays.read_drive(net, cell, 1.0),
        lambda: arrays.write_drive(net, cell, 1.0, width=1.0),
        lambda: arrays.sneak_paths(net, 1e-4, cell, 1.0),
        lambda: arrays.read_margin(net, 1e-4, 1e-6, 1.0, cell=cell),
    ):
        with pytest.raises((TypeError, ValueError), match=message):
            call()


def test_a_layer_that_is_not_that_of_the_cell_is_refused():
    net = mn.crossbar(2, 2, layers=3)
    assert arrays.read_drive(net, (1, 0, 0), 1.0, layer=1) == arrays.read_drive(net, (0, 0), 1.0, layer=1)
    for layer, message in ((2, "layer must be that of cell"), (3, r"layer must be an integer in \[0, 2\], got 3")):
        with pytest.raises(ValueError, match=message):
            arrays.read_drive(net, (1, 0, 0), 1.0, layer=layer)
    with pytest.raises(TypeError, match="layer must be an integer, got 'x'"):
        arrays.read_margin(net, 1e-4, 1e-6, 1.0, cell=(0, 0, 0), layer="x")


# ---------------------------------------------------------------- sneak paths


def paths_by_networkx(net, g, cell, longest):
    graph = nx.Graph()
    layout = net.layout
    for place in np.ndindex(*net.cell.shape):
        if g[place] > 0.0 and place != cell:
            graph.add_edge(str(layout.words[place]), str(layout.bits[place]), cell=place)
    ends = str(layout.words[cell]), str(layout.bits[cell])
    if not all(end in graph for end in ends):
        return set()
    return {
        tuple(graph.edges[pair]["cell"] for pair in itertools.pairwise(path))
        for path in nx.all_simple_paths(graph, *ends, cutoff=longest)
    }


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    stacking=st.sampled_from(STACKINGS),
    line=st.sampled_from([None, 50.0]),
    volts=st.sampled_from([1.0, -0.3]),
)
def test_sneak_paths_are_those_of_the_graph_and_their_currents_add_up(seed, stacking, line, volts):
    rng = np.random.default_rng(seed)
    net = mn.crossbar(3, 3, layers=2, stacking=stacking, line_resistance=line)
    g = rng.uniform(1e-6, 1e-4, net.cell.shape) * (rng.random(net.cell.shape) > 0.2)
    cell = tuple(int(rng.integers(n)) for n in net.cell.shape)
    for longest in (3, 17):
        found = arrays.sneak_paths(net, g, cell, volts, longest=longest)
        assert {path.cells for path in found.paths} == paths_by_networkx(net, g, cell, longest)
        assert len({path.cells for path in found.paths}) == len(found.paths)
        for path in found.paths:
            assert path.conductance == pytest.approx(1.0 / sum(1.0 / g[k] for k in path.cells), rel=1e-12, abs=0.0)
            assert path.current * volts >= 0.0
    assert found.listed == pytest.approx(found.beside, rel=1e-9, abs=1e-18)


@pytest.mark.parametrize(("rows", "columns"), [(4, 6), (5, 3)])
def test_alike_cells_carry_currents_alike(rows, columns):
    found = arrays.sneak_paths(mn.crossbar(rows, columns), 1e-4, (1, 1), 0.6, longest=5)
    by_length = {n: [path for path in found.paths if len(path.cells) == n] for n in (3, 5)}
    assert len(by_length[3]) == (rows - 1) * (columns - 1)
    assert len(by_length[5]) == (rows - 1) * (columns - 1) * (rows - 2) * (columns - 2)
    # All other word lines are at one potential and so are all other bit lines: nothing turns back.
    resistance = 1e4 * (1 / (columns - 1) + 1 / ((rows - 1) * (columns - 1)) + 1 / (rows - 1))
    assert found.beside == pytest.approx(0.6 / resistance, rel=1e-12, abs=0.0)
    assert [path.current for path in by_length[3]] == pytest.approx(
        [found.beside / len(by_length[3])] * len(by_length[3])
    )
    assert {path.current for path in by_length[5]} == {0.0}


def test_a_small_sneak_current_beside_a_large_own_one_keeps_its_digits():
    g = np.full((3, 3), 1e-12)
    g[0, 0] = 1.0
    found = arrays.sneak_paths(mn.crossbar(3, 3), g, (0, 0), -1.0, longest=5)
    assert found.beside == pytest.approx(-1e-12 / (0.5 + 0.25 + 0.5), rel=1e-14, abs=0.0)
    assert found.listed == pytest.approx(found.beside, rel=1e-14, abs=0.0)


def test_too_many_paths_and_even_ones_are_refused():
    net = mn.crossbar(64, 64)
    with pytest.raises(ValueError, match="longest must be so small that there are at most 1,000,000 paths, got 5"):
        arrays.sneak_paths(net, 1e-4, (0, 0), 1.0, longest=5)
    with pytest.raises(ValueError, match="longest must be odd, since a path ends on a bit line, got 4"):
        arrays.sneak_paths(net, 1e-4, (0, 0), 1.0, longest=4)
    with pytest.raises(ValueError, match="without an axis of replicas"):
        arrays.sneak_paths(net, np.ones((2, 1, 64, 64)), (0, 0), 1.0)
    alone = arrays.sneak_paths(mn.crossbar(1, 1), 1e-4, (0, 0), 1.0)
    assert (alone.paths, alone.own, alone.beside) == ((), 1e-4, 0.0)


def test_one_device_is_that_of_the_cells_and_not_of_the_lines():
    net = mn.crossbar(2, 3, line_resistance=5.0, dummy_lines=1)
    device = mn.RateBalance()
    drive = {name: 1.0 if name.startswith("w") else 0.0 for name in net.electrodes}
    one, each = (mn.Simulation(net, given, drive, dt=0.1) for given in (device, mn.cell_devices(net, device)))
    assert one.edges_of(device).tolist() == net.cell.ravel().tolist()
    np.testing.assert_array_equal(one.run(3).current.values, each.run(3).current.values)
    np.testing.assert_array_equal(
        mn.solve(net, devices=device, drive=drive).current,
        mn.solve(net, devices=mn.cell_devices(net, device), drive=drive).current,
    )
    ideal = mn.crossbar(2, 3)
    assert mn.Simulation(ideal, device, dict.fromkeys(ideal.electrodes, 0.0)).devices == (device,)


def test_one_device_of_a_crossbar_that_needs_others_or_has_another_number():
    drive = dict.fromkeys(mn.crossbar(2, 2).electrodes, 0.0)
    with pytest.raises(TypeError, match="heat must be a Device"):
        mn.Simulation(mn.crossbar(2, 2, thermal_conductance=1e-6), mn.RateBalance(), drive | {"sink": 0.0})
    net = mn.crossbar(2, 2, line_resistance=1.0)
    everywhere = mn.Resistor(conductance=np.ones(8))
    assert mn.Simulation(net, everywhere, drive).devices == (everywhere,)
    with pytest.raises(ValueError, match=r"has 7 values; .* each of the device's 4 edges"):
        mn.Simulation(net, mn.Resistor(conductance=np.ones(7)), drive)
    with pytest.raises(ValueError, match=r"use mn\.cell_devices"):
        mn.mix(net, {mn.RateBalance(): 0.5, mn.Resistor(): 0.5})
