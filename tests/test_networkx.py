"""Networks and networkx: graphs there and back, directions, attributes, GraphML."""

import copy
import json
import pickle

import hypothesis
import networkx as nx
import numpy as np
import pytest
from cases import FOUR, same_arrays, small
from hypothesis import strategies as st

import memnet as mn
from memnet.network import _description


@pytest.mark.parametrize(
    "net",
    [
        small(edges=[(1, 0), (4, 2), (2, 1), (1, 2)]),
        mn.Network(2, [(1, 0), (0, 1)]),
        mn.percolating(20, 0.6, seed=1),
    ],
    ids=["electrodes", "bare", "discs"],
)
def test_networkx_round_trip(net):
    graph = net.to_networkx()
    assert isinstance(graph, nx.MultiGraph)
    assert graph.number_of_nodes() == net.n_nodes
    assert graph.number_of_edges() == net.n_edges
    again = mn.from_networkx(graph)
    for name in ("edges", "length", "position"):
        if getattr(net, name) is None:
            assert getattr(again, name) is None
        else:
            np.testing.assert_array_equal(getattr(net, name), getattr(again, name))
    assert {name: nodes.tolist() for name, nodes in again.electrodes.items()} == {
        name: nodes.tolist() for name, nodes in net.electrodes.items()
    }


def test_to_networkx_attributes():
    graph = small().to_networkx()
    assert graph.nodes[1] == {"x": 2.0, "y": 3.0}
    assert graph.nodes[2] == {"x": 4.0, "y": 5.0, "electrode": "out"}
    assert sorted(data["length"] for _, _, data in graph.edges(1, data=True)) == [0.1, 0.2, 0.3]
    assert nx.number_connected_components(graph) == 2


def test_from_networkx_labels():
    graph = nx.grid_2d_graph(3, 2)
    net = mn.from_networkx(graph, electrodes={"corner": (0, 0), "side": [(2, 0), (2, 1)]})
    assert net.labels == tuple(graph.nodes)
    assert [(net.labels[a], net.labels[b]) for a, b in net.edges] == list(graph.edges)
    assert [net.labels[k] for k in net.electrodes["side"]] == [(2, 0), (2, 1)]
    assert [net.labels[k] for k in net.electrodes["corner"]] == [(0, 0)]
    assert net.length is None
    assert set(net.to_networkx().nodes) == set(graph.nodes)


def test_from_networkx_attributes_by_name():
    graph = nx.Graph()
    graph.add_node("a", where=(0, 1), electrode="in")
    graph.add_node("b", where=(2, 3))
    graph.add_edge("a", "b", gap=0.25)
    net = mn.from_networkx(graph, length="gap", position="where")
    assert net.length.tolist() == [0.25]
    assert net.position.tolist() == [[0, 1], [2, 3]]
    assert net.electrodes["in"].tolist() == [0]
    assert mn.from_networkx(graph, length=None, position=None).length is None


def test_from_directed_graph_keeps_directions():
    graph = nx.DiGraph([("b", "a"), ("a", "c")])
    net = mn.from_networkx(graph)
    assert [(net.labels[a], net.labels[b]) for a, b in net.edges] == list(graph.edges)


def test_bad_networkx():
    graph = nx.path_graph("abc")
    graph.edges["a", "b"]["length"] = 0.1
    with pytest.raises(ValueError, match="'length' must be an attribute of all edges of the graph, 1 of 2 have it"):
        mn.from_networkx(graph)
    with pytest.raises(ValueError, match="'gap' must be an attribute of all edges of the graph, 0 of 2 have it"):
        mn.from_networkx(graph, length="gap")
    graph = nx.path_graph(["left", "right"])
    with pytest.raises(
        ValueError, match=r"electrodes\['in'\] must name nodes of the graph, got 'lift', did you mean 'left'"
    ):
        mn.from_networkx(graph, electrodes={"in": ["lift"]})
    with pytest.raises(ValueError, match="must name nodes of the graph, got 7"):
        mn.from_networkx(graph, electrodes={"in": 7})
    with pytest.raises(ValueError, match="share node 0"):
        mn.from_networkx(graph, electrodes={"in": "left", "out": ["left"]})
    graph.add_edge("left", "left")
    with pytest.raises(ValueError, match=r"graph joins node 'left' to itself.*selfloop_edges"):
        mn.from_networkx(graph)
    with pytest.raises(TypeError, match="graph must be a networkx graph, got list"):
        mn.from_networkx([(0, 1)])
    with pytest.raises(TypeError, match=r"unknown keyword 'lengths', did you mean 'length'\?"):
        mn.from_networkx(graph, lengths="gap")


def across(net, conductance):
    return mn.solve(net, conductance, {"a": 1.0, "b": 0.0}).current_of("a")


SYMMETRIC = np.array([[0.0, 1.0, 2.0], [1.0, 0.0, 4.0], [2.0, 4.0, 0.0]])


def test_a16_a_directed_graph_of_a_symmetric_matrix_is_not_doubled_in_silence():
    graph = nx.from_numpy_array(SYMMETRIC, create_using=nx.DiGraph)
    with pytest.raises(ValueError, match=r"directed and joins 0 and 1 in both directions, as it does 3 times in all"):
        mn.from_networkx(graph)
    undirected = mn.from_networkx(nx.from_numpy_array(SYMMETRIC), electrodes={"a": 0, "b": 2})
    found = {}
    for reciprocal in ("one", "both"):
        net = mn.from_networkx(graph, electrodes={"a": 0, "b": 2}, reciprocal=reciprocal)
        found[reciprocal] = across(net, net.edge_data["weight"])
    right = across(undirected, undirected.edge_data["weight"])
    assert found == {"one": right, "both": pytest.approx(2 * right, rel=1e-14)}
    assert right == pytest.approx(2.0 + 1.0 / (1.0 + 1.0 / 4.0), rel=1e-14)


@pytest.mark.parametrize("kind", [nx.DiGraph, nx.MultiDiGraph])
def test_a16_relatives(kind):
    pair = kind([("a", "b"), ("c", "b"), ("b", "a")])
    with pytest.raises(ValueError, match="'a' and 'b' in both directions, as it does 1 times"):
        mn.from_networkx(pair)
    net = mn.from_networkx(pair, reciprocal="one")
    assert [(net.labels[a], net.labels[b]) for a, b in net.edges] == [("a", "b"), ("c", "b")]
    assert mn.from_networkx(pair, reciprocal="both").n_edges == 3
    nx.set_edge_attributes(pair, dict.fromkeys(pair.edges, 1.0), "g")
    pair.add_edge("b", "d", g=np.nan)
    pair.add_edge("d", "b", g=np.nan)
    assert mn.from_networkx(pair, reciprocal="one").n_edges == 3
    next(data for a, b, data in pair.edges(data=True) if (a, b) == ("b", "a"))["g"] = 2.0
    with pytest.raises(ValueError, match=r"equal attributes in both directions, got 'g' = 1.0 from 'a' to 'b' and 2.0"):
        mn.from_networkx(pair, reciprocal="one")
    with pytest.raises(ValueError, match="unknown reciprocal 'two'; allowed: error, one, both"):
        mn.from_networkx(pair, reciprocal="two")


def test_a16_a_multigraph_made_directed_comes_back():
    net = small(edges=[(1, 0), (4, 2), (2, 1), (1, 2)])
    directed = net.to_networkx().to_directed()
    with pytest.raises(ValueError, match="in both directions, as it does 4 times"):
        mn.from_networkx(directed)
    same_arrays(mn.from_networkx(directed, reciprocal="one"), net)


def test_parallel_edges_of_a_multigraph_are_kept():
    graph = nx.MultiGraph([("a", "b"), ("b", "a"), ("a", "b")])
    net = mn.from_networkx(graph, electrodes={"a": "a", "b": "b"})
    assert net.n_edges == 3
    assert across(net, 1.0) == 3.0


NETWORKS = {
    "percolating": lambda: mn.percolating(20, 0.6, seed=1),
    "periodic": lambda: mn.percolating(20, 0.6, periodic="y", electrodes=["right", "left"], seed=1),
    "grid": lambda: mn.grid(4, 5, seed=1, electrodes=FOUR, shared="first"),
    "random": lambda: mn.random_network(30, 4, seed=1),
    "wires": lambda: mn.nanowires(100, size=50, length=15, seed=1),
    "segments": lambda: mn.nanowires(100, size=50, length=15, seed=1, wire_resistance=2.0),
    "wires at": lambda: mn.nanowires_at([(0, 0, 4, 4), (0, 4, 4, 0)], electrodes={"ä <b>": [0], "b": [1]}),
    "arrays": lambda: small(edges=[(1, 0), (4, 2), (2, 1), (1, 2)], electrodes={"out": [2], "in": 0}),
    "bare": lambda: mn.Network(3, [(1, 0), (0, 1)]),
    "labels": lambda: mn.from_networkx(nx.grid_2d_graph(3, 2), electrodes={"z": [(2, 0), (2, 1)], "a": (0, 0)}),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_e_every_network_goes_through_graphml(name, tmp_path):
    net = NETWORKS[name]()
    graph = net.to_networkx()
    nx.write_graphml(graph, tmp_path / "net.graphml")
    read = mn.from_networkx(nx.read_graphml(tmp_path / "net.graphml"))
    json.dumps([list(graph.nodes(data=True)), list(graph.edges(data=True)), graph.graph])
    for again in (read, mn.from_networkx(graph)):
        assert again.n_nodes == net.n_nodes
        for array in ("edges", "length", "position"):
            np.testing.assert_array_equal(getattr(again, array), getattr(net, array), err_msg=array)
        assert [(n, nodes.tolist()) for n, nodes in again.electrodes.items()] == [
            (n, nodes.tolist()) for n, nodes in net.electrodes.items()
        ]
        assert dict(again.edge_data) == {}
        assert dict(again.node_data) == {}


def with_data():
    graph = nx.MultiGraph()
    graph.add_node("a", kind="Au", radius=2.5, place=(0.0, 1.0), electrode="in", tag="x", x=7)
    graph.add_node("b", kind="Ag", radius=3, place=(2.0, 1.0), electrode="out")
    graph.add_node("c", kind="Ag", radius=1.5, place=(2.0, 5.0), tag="y")
    graph.add_edge("b", "a", g=1e-6, count=3, live=True, length=0.25, name="first")
    graph.add_edge("b", "c", g=2e-6, count=4, live=False, length=0.5)
    graph.add_edge("a", "b", g=3e-6, count=5, live=True, length=0.75, name="last", seen=None, extra={"no": "array"})
    return graph


def test_e_attributes_survive_from_networkx():
    net = mn.from_networkx(with_data())
    data, nodes = net.edge_data, net.node_data
    assert list(data) == ["g", "count", "live", "name", "seen", "extra"]
    assert data["g"].tolist() == [1e-6, 3e-6, 2e-6]  # a networkx graph lists edges node by node
    assert (data["g"].dtype.kind, data["count"].dtype.kind, data["live"].dtype.kind) == ("f", "i", "b")
    assert data["name"].tolist() == ["first", "last", None]
    assert data["extra"][1] == {"no": "array"}
    assert nodes["radius"].tolist() == [2.5, 3.0, 1.5]
    assert nodes["kind"].tolist() == ["Au", "Ag", "Ag"]
    assert nodes["place"].tolist() == [[0, 1], [2, 1], [2, 5]]
    np.testing.assert_array_equal(nodes["x"], [7, np.nan, np.nan])
    assert "electrode" not in nodes
    assert "length" not in data
    with pytest.raises(ValueError, match="read-only"):
        data["g"][0] = 1.0
    with pytest.raises(TypeError):
        data["g"] = None
    assert mn.solve(net, data["g"], {"in": 1.0, "out": 0.0}).current_of("in") == pytest.approx(4e-6, rel=1e-14)


def same_data(one, other):
    for mine, its in ((one.edge_data, other.edge_data), (one.node_data, other.node_data)):
        assert list(mine) == list(its)
        for name, values in mine.items():
            assert values.dtype.kind == its[name].dtype.kind
            np.testing.assert_array_equal(values, its[name], err_msg=name)


def test_e_attributes_survive_networkx_copies_and_files(tmp_path):
    graph = with_data()
    for _, _, data in graph.edges(data=True):
        data.pop("extra", None)
        data.pop("seen", None)
    net = mn.from_networkx(graph)
    for again in (mn.from_networkx(net.to_networkx()), pickle.loads(pickle.dumps(net)), copy.deepcopy(net)):
        same_arrays(net, again)
        same_data(net, again)
    sim = mn.Simulation(net, mn.RateBalance(), {"in": 1.0, "out": 0.0})
    data = sim.run(3)
    same_data(_description.rebuild_network(json.loads(data.attrs["parameters"])["network"]), net)
    sim.save(tmp_path / "sim")
    same_data(mn.Simulation.load(tmp_path / "sim").net, net)


def test_e_data_that_has_no_place_in_a_file_is_left_out_of_it():
    net = mn.from_networkx(with_data())
    again = _description.rebuild_network(json.loads(json.dumps(_description.describe_network(net))))
    assert list(again.edge_data) == ["g", "count", "live", "name", "seen"]
    same_data(pickle.loads(pickle.dumps(net)), net)


def test_e_data_through_graphml(tmp_path):
    graph = mn.grid(2, 2, diagonals="none").to_networkx()
    nx.set_edge_attributes(graph, {edge: float(k) for k, edge in enumerate(graph.edges)}, "g")
    nx.set_node_attributes(graph, {0: "first"}, "note")
    net = mn.from_networkx(graph)
    nx.write_graphml(net.to_networkx(), tmp_path / "net.graphml")
    same_data(mn.from_networkx(nx.read_graphml(tmp_path / "net.graphml")), net)


def test_x_and_y_of_all_nodes_are_their_positions():
    graph = nx.path_graph(2)
    nx.set_node_attributes(graph, dict(enumerate(np.array([3, 4]))), "x")
    nx.set_node_attributes(graph, 0.5, "y")
    assert mn.from_networkx(graph).position.tolist() == [[3.0, 0.5], [4.0, 0.5]]
    kept = mn.from_networkx(graph, position=None)
    assert kept.position is None
    assert list(kept.node_data) == ["x", "y"]


def test_e_places_of_networkx_generators_are_positions_and_go_through_graphml(tmp_path):
    graph = nx.random_geometric_graph(12, 0.6, seed=1)
    net = mn.from_networkx(graph)
    assert net.position.tolist() == [list(graph.nodes[node]["pos"]) for node in graph]
    assert dict(net.node_data) == {}
    nx.write_graphml(net.to_networkx(), tmp_path / "net.graphml")
    same_arrays(mn.from_networkx(nx.read_graphml(tmp_path / "net.graphml")), net)
    assert list(mn.from_networkx(graph, position=None).node_data) == ["pos"]


@pytest.mark.parametrize("place", [(1.0, 2.0, 3.0), "ab", 1.0, (1.0, np.nan), (1.0, "b"), None])
def test_e_a_pos_that_is_no_place_in_a_plane_is_data(place):
    graph = nx.path_graph(2)
    nx.set_node_attributes(graph, {0: place, 1: place}, "pos")
    net = mn.from_networkx(graph)
    assert net.position is None
    assert list(net.node_data) == ["pos"]


def test_edges_of_a_subgraph_keep_their_order_and_direction():
    net = small(edges=[(1, 0), (4, 2), (2, 1), (1, 2)])
    part = net.to_networkx().subgraph([4, 1, 2])
    again = mn.from_networkx(part)
    assert [(again.labels[a], again.labels[b]) for a, b in again.edges] == [(4, 2), (2, 1), (1, 2)]


def test_data_given_to_a_network():
    net = mn.Network(3, [(0, 1), (1, 2)], edge_data={"g": (1, None)}, node_data={"at": np.zeros((3, 2))})
    np.testing.assert_array_equal(net.edge_data["g"], [1.0, np.nan])
    assert net.node_data["at"].shape == (3, 2)
    assert dict(mn.grid(2, 2).edge_data) == {}


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        ({"g": [1.0]}, ValueError, r"edge_data\['g'\] must have 4 values along its first axis, got shape \(1,\)"),
        ({"g": 1.0}, ValueError, r"edge_data\['g'\] must have 4 values along its first axis, got shape \(\)"),
        ({1: [1.0] * 4}, TypeError, "edge_data must be a dict from names to arrays"),
        ([1.0] * 4, TypeError, "edge_data must be a dict from names to arrays"),
    ],
)
def test_bad_data(data, error, message):
    with pytest.raises(error, match=message):
        small(edge_data=data)


TEXT = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=4)
FLOATS = st.floats(allow_infinity=False, width=64)


@st.composite
def networks(draw):
    n = draw(st.integers(2, 6))
    node = st.integers(0, n - 1)
    edges = draw(st.lists(st.tuples(node, node).filter(lambda pair: pair[0] != pair[1]), max_size=8))
    names = draw(st.lists(TEXT, max_size=2, unique=True))
    return mn.Network(
        n,
        np.array(edges, dtype=int).reshape(-1, 2),
        position=draw(st.none() | st.just(np.arange(2.0 * n).reshape(n, 2) / 3.0)),
        electrodes={name: k for k, name in enumerate(names)},
        edge_data={"g": np.array([draw(FLOATS) for _ in edges]), "name": [draw(st.none() | TEXT) for _ in edges]},
        node_data={"count": [draw(st.integers(-(2**40), 2**40)) for _ in range(n)]},
    )


@hypothesis.given(net=networks())
def test_e_any_network_comes_back_from_graphml(net):
    text = "\n".join(nx.generate_graphml(net.to_networkx()))
    again = mn.from_networkx(nx.parse_graphml(text))
    same_arrays(again, net)
    for one, other in ((again.edge_data, net.edge_data), (again.node_data, net.node_data)):
        # a name that no edge has a value for does not come back
        kept = {name: values for name, values in other.items() if any(x is not None for x in values.tolist())}
        assert set(one) == set(kept)
        for name, values in kept.items():
            np.testing.assert_array_equal(one[name], values)


@pytest.mark.parametrize(
    "value", [np.ma.masked, np.ma.array([1.0, 2.0], mask=[False, True]), [np.ma.masked, 1.0], (1.0, np.ma.masked)]
)
def test_a8_masked_attributes_and_data_are_refused(value):
    pairs = [(0, 1), (1, 2)]
    for given in ([1.0, value], (1.0, value), [value, value]):
        with pytest.raises(ValueError, match=r"edge_data\['x'\].* must have no masked values"):
            mn.Network(3, pairs, edge_data={"x": given})
        with pytest.raises(ValueError, match=r"node_data\['x'\].* must have no masked values"):
            mn.Network(3, pairs, node_data={"x": [*given, 1.0]})
    for owner in ("edges", "nodes"):
        graph = nx.path_graph(3)
        row = graph.edges[1, 2] if owner == "edges" else graph.nodes[1]
        row["x"] = value
        with pytest.raises(ValueError, match=rf"attribute 'x' of {owner}\[1\].* must have no masked values"):
            mn.from_networkx(graph)


def test_a8_masked_coordinates_are_refused_not_dropped():
    graph = nx.path_graph(3)
    for k in graph:
        graph.nodes[k].update(x=np.ma.masked if k == 1 else float(k), y=0.0)
    with pytest.raises(ValueError, match=r"attribute 'x' of nodes\[1\] must have no masked values"):
        mn.from_networkx(graph)
