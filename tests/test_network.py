"""Networks: what they hold, how they are made, and what is refused."""

import copy
import json
import pickle
import subprocess
import sys

import networkx as nx
import numpy as np
import pytest
from cases import FOUR, same_arrays, small
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

import memnet as mn
from memnet.study import _run_files as config

# groups, and gaps below 1.0, 0.5, 0.2, 0.1 pd: mean and standard deviation over 40 seeds of an independent generator
# (200 x 200, coverage 0.65), which used a Delaunay triangulation.
STATISTICS = {None: (2393, 59), 1.0: (5642, 185), 0.5: (4489, 143), 0.2: (2862, 88), 0.1: (1793, 62)}


# ---------------------------------------------------------------- Network


def test_network_holds_read_only_copies():
    edges = np.array([(0, 1), (1, 2)], dtype=np.int32)
    length = np.array([0.1, 0.2])
    net = mn.Network(3, edges, length=length, electrodes={"a": np.array([0])})
    edges[:] = 2
    length[:] = 9
    assert net.edges.tolist() == [[0, 1], [1, 2]]
    assert net.edges.dtype == np.int32
    assert net.length.tolist() == [0.1, 0.2]
    assert net.electrodes["a"].dtype == np.int32
    for array in (net.edges, net.length, net.electrodes["a"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(TypeError):
        net.electrodes["b"] = array
    with pytest.raises(AttributeError):
        net.n_nodes = 4


def test_info_counts_islands_and_the_path():
    info = small().info
    assert info["n_nodes"] == 5
    assert info["n_edges"] == 4
    assert info["n_components"] == 2
    assert (info["n_islands"], info["n_island_nodes"]) == (1, 2)
    assert info["path_gaps"] == 2
    assert info["mean_degree"] == 8 / 5
    apart = small(electrodes={"in": 0, "out": 4}).info
    assert apart["path_gaps"] is None
    assert (apart["n_islands"], apart["n_island_nodes"]) == (0, 0)
    assert small(electrodes=None).info["n_islands"] == 2


def test_electrodes_join_components():
    # one electrode on both parts: nothing is an island, and one component is left
    net = small(electrodes={"both": [0, 3]})
    assert net.info["n_components"] == 1
    assert net.info["n_island_nodes"] == 0


def test_electrodes_are_ascending_and_unique():
    assert small(electrodes={"a": [4, 0, 4]}).electrodes["a"].tolist() == [0, 4]
    assert small(electrodes={"a": range(2)}).electrodes["a"].tolist() == [0, 1]


def test_no_edges():
    net = mn.Network(2, [], electrodes={"a": 0})
    assert net.edges.shape == (0, 2)
    assert net.info["n_island_nodes"] == 1


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"n_nodes": 0}, ValueError, r"n_nodes must be an integer in \[1, 2147483647\], got 0"),
        ({"n_nodes": 2.5}, TypeError, r"n_nodes must be an integer, got 2\.5"),
        ({"n_nodes": True}, TypeError, "n_nodes must be an integer, got True"),
        ({"edges": [(0, 5)]}, ValueError, "edges must name nodes 0 to 4, got 5"),
        ({"edges": [(0, -1)]}, ValueError, "edges must name nodes 0 to 4, got -1"),
        ({"edges": [(0, 1), (2, 2)], "length": None}, ValueError, "got edge 1 from node 2 to itself"),
        ({"edges": [0, 1]}, ValueError, r"edges must have shape \(any, 2\), got \(2,\)"),
        ({"edges": [(0.0, 1.0)]}, TypeError, "edges must be an array of integers, got dtype float64"),
        ({"length": [1.0]}, ValueError, r"length must have shape \(4,\), got \(1,\)"),
        ({"length": [0.1, np.nan, 0.1, 0.1]}, ValueError, r"length must be finite, got nan at index \(1,\)"),
        ({"length": [0.1, 0.1, -0.5, 0.1]}, ValueError, r"length must be in \[0, inf\), got -0.5 at edge 2"),
        ({"length": "long"}, TypeError, "length must be an array of numbers"),
        ({"position": np.zeros((5, 3))}, ValueError, r"position must have shape \(5, 2\), got \(5, 3\)"),
        ({"position": np.full((5, 2), np.inf)}, ValueError, "position must be finite"),
        ({"electrodes": [0, 1]}, TypeError, "electrodes must be a dict"),
        ({"electrodes": {0: [0]}}, TypeError, "names that are non-empty strings, got 0"),
        ({"electrodes": {"": [0]}}, TypeError, "names that are non-empty strings, got ''"),
        ({"electrodes": {"a": []}}, ValueError, r"electrodes\['a'\] must name at least one of the nodes, got none"),
        ({"electrodes": {"a": [5]}}, ValueError, r"electrodes\['a'\] must name nodes 0 to 4, got 5"),
        ({"electrodes": {"a": [0.5]}}, TypeError, r"electrodes\['a'\] must be an array of integers"),
        ({"electrodes": {"a": [0, 3], "b": 1, "c": [3]}}, ValueError, "electrodes 'a' and 'c' share node 3"),
        ({"lenght": [1.0]}, TypeError, r"unknown keyword 'lenght', did you mean 'length'\?"),
    ],
)
def test_bad_network(changed, error, message):
    with pytest.raises(error, match=message):
        small(**changed)


def test_repr():
    assert repr(small()) == "<Network: 5 nodes, 4 edges; electrodes in (1 node), out (1 node)>"
    assert "no electrodes" in repr(small(electrodes=None))
    page = small(electrodes={"<in>": [0, 1]})._repr_html_()
    assert "&lt;in&gt; (2 nodes)" in page
    assert ">5</td>" in page


def test_equality_is_identity():
    one, other = small(), small()
    assert one == one
    assert one != other
    assert len({one, other}) == 2


@pytest.mark.parametrize("copied", [lambda net: pickle.loads(pickle.dumps(net)), copy.deepcopy])
def test_pickle(copied):
    for net in (small(), mn.percolating(20, 0.6, seed=1), mn.from_networkx(nx.path_graph("abc"))):
        other = copied(net)
        same_arrays(net, other)
        assert other.info == net.info
        assert other.provenance == net.provenance
        assert other.labels == net.labels
        assert not other.edges.flags.writeable


# ---------------------------------------------------------------- discs


def brute_force_discs(position, size, periodic, max_gap):
    """Groups by a k-d tree and SciPy's components, and the shortest gap of each pair of groups."""
    box = [size[0] if "x" in periodic else 0, size[1] if "y" in periodic else 0]
    tree = cKDTree(position, boxsize=box)
    touching = tree.query_pairs(1.0, output_type="ndarray")
    n = len(position)
    _, group = connected_components(coo_matrix((np.ones(len(touching)), touching.T), shape=(n, n)), directed=False)
    near = tree.sparse_distance_matrix(tree, 1.0 + max_gap, output_type="coo_matrix")
    shortest = {}
    for i, k, distance in zip(near.row, near.col, near.data, strict=True):
        pair = group[i], group[k]
        if pair[0] < pair[1] and 1.0 < distance < 1.0 + max_gap:
            shortest[pair] = min(distance - 1.0, shortest.get(pair, np.inf))
    return group, shortest


@pytest.mark.parametrize("periodic", [None, "x", "y", "xy"])
@pytest.mark.parametrize("max_gap", [0.3, 1.0, 2.5])
def test_discs_against_scipy(periodic, max_gap):
    size = (37.0, 23.5)
    net = mn.percolating(size, 0.55, max_gap=max_gap, periodic=periodic, electrodes=(), seed=7)
    assert len(net.disc_position) == round(-np.log(1 - 0.55) * 4 / np.pi * size[0] * size[1])
    assert (net.disc_position >= 0).all()
    assert (net.disc_position <= size).all()
    group, shortest = brute_force_discs(net.disc_position, size, periodic or "", max_gap)
    # the same partition, numbered by the first disc
    _, first = np.unique(group, return_index=True)
    number = np.argsort(np.argsort(first))
    np.testing.assert_array_equal(net.disc_group, number[group])
    gaps = {(int(number[a]), int(number[b])): length for (a, b), length in shortest.items()}
    gaps = {(min(pair), max(pair)): length for pair, length in gaps.items()}
    assert [tuple(edge) for edge in net.edges.tolist()] == sorted(gaps)
    np.testing.assert_allclose(net.length, [gaps[tuple(edge)] for edge in net.edges.tolist()], rtol=0, atol=2e-14)
    np.testing.assert_array_equal(net.disc_group[net.gap_discs], net.edges)


def test_open_groups_lie_at_their_mean_centre():
    net = mn.percolating(25, 0.6, seed=3)
    count = np.bincount(net.disc_group)
    for axis in range(2):
        mean = np.bincount(net.disc_group, net.disc_position[:, axis]) / count
        np.testing.assert_allclose(net.position[:, axis], mean, rtol=1e-13)


@pytest.fixture(scope="module")
def ten_networks():
    return [mn.percolating(200, 0.65, seed=seed) for seed in range(100, 110)]


@pytest.mark.parametrize("limit", STATISTICS)
def test_statistics_of_ten_seeds(ten_networks, limit):
    counts = [net.n_nodes if limit is None else int((net.length < limit).sum()) for net in ten_networks]
    mean, deviation = STATISTICS[limit]
    assert abs(np.mean(counts) - mean) <= 0.05 * mean
    assert (np.abs(np.array(counts) - mean) <= 4 * deviation).all()


def test_path_gaps_against_scipy(ten_networks):
    for net in ten_networks:
        # electrodes as two extra nodes that reach their groups for (nearly) nothing
        a, b = net.edges.T
        weight = np.exp(200 * (net.length - 0.4)) + 1e-300  # scaled: Dijkstra compares sums only
        n = net.n_nodes
        rows, columns, data = [a], [b], [weight]
        for k, nodes in enumerate(net.electrodes.values()):
            rows.append(np.full(len(nodes), n + k))
            columns.append(nodes)
            data.append(np.full(len(nodes), 1e-200))
        matrix = coo_matrix(
            (np.concatenate(data), (np.concatenate(rows), np.concatenate(columns))), shape=(n + 2, n + 2)
        )
        _, previous = dijkstra(matrix.tocsr(), directed=False, indices=n, return_predecessors=True)
        steps, node = 0, n + 1
        while node != n:
            node = previous[node]
            steps += 1
        assert net.info["path_gaps"] == steps - 2


def test_electrodes_are_the_groups_at_the_sides(ten_networks):
    for net in ten_networks:
        x = net.disc_position[:, 0]
        assert net.electrodes["left"].tolist() == np.unique(net.disc_group[x <= 0.5]).tolist()
        assert net.electrodes["right"].tolist() == np.unique(net.disc_group[x >= 199.5]).tolist()


def test_top_and_bottom():
    net = mn.percolating((30, 20), 0.5, electrodes=("bottom", "top"), periodic="x", seed=2)
    y = net.disc_position[:, 1]
    assert net.electrodes["bottom"].tolist() == np.unique(net.disc_group[y <= 0.5]).tolist()
    assert net.electrodes["top"].tolist() == np.unique(net.disc_group[y >= 19.5]).tolist()


def test_bands_and_groups():
    places = {"in": (0.0, 2.0, 0.0, 20.0), "tip": [38.0, 40.0, 5.0, 9.0], "out": "right", "dot": [3, 17]}
    with pytest.raises(ValueError, match="'tip' and 'out' share group 106 with seed=3: the two meet"):
        mn.percolating(40, 0.5, electrodes=places, seed=3)
    del places["out"]
    net = mn.percolating(40, 0.5, electrodes=places, seed=3)
    x, y = net.disc_position.T
    inside = (x >= 38) & (x <= 40) & (y >= 5) & (y <= 9)
    assert net.electrodes["tip"].tolist() == np.unique(net.disc_group[inside]).tolist()
    assert net.electrodes["in"].tolist() == np.unique(net.disc_group[(x <= 2) & (y <= 20)]).tolist()
    assert net.electrodes["dot"].tolist() == [3, 17]


def test_bands_and_groups_by_name():
    short = {"in": (0.0, 2.0, 0.0, 20.0), "dot": [3, 17, 4, 5]}
    long = {"in": {"band": [0, 2, 0, 20]}, "dot": {"groups": [3, 17, 4, 5]}}
    same_arrays(mn.percolating(40, 0.5, electrodes=short, seed=3), mn.percolating(40, 0.5, electrodes=long, seed=3))


def test_provenance_makes_the_same_network():
    places = {"in": (0.0, 2.0, 0.0, 20.0), "dot": [3, 17], "out": "right"}
    for arguments in (
        {"size": 30, "coverage": 0.6},
        {"size": (30, 18.5), "coverage": 0.5, "periodic": "y", "max_gap": 1.5, "seed": 5},
        {"size": 40, "coverage": 0.5, "electrodes": places, "seed": 3},
    ):
        net = mn.percolating(**arguments)
        made = json.loads(json.dumps(net.provenance))
        assert made["function"] == "percolating"
        same_arrays(net, mn.percolating(**made["arguments"]))
        assert net.info["seed"] == made["arguments"]["seed"]


def test_a_seed_that_is_not_given_is_drawn():
    one, other = mn.percolating(20, 0.5), mn.percolating(20, 0.5)
    assert one.provenance["arguments"]["seed"] != other.provenance["arguments"]["seed"]


def test_a_spanning_group_is_refused():
    with pytest.raises(mn.ShortCircuit, match=r"electrodes 'left' and 'right' share group 3 with seed=2.*seed=3"):
        mn.percolating(20, 0.67, seed=2)


def owners(touched):
    """Return which electrode each node belongs to where the first one that touches it has it."""
    found = {}
    for name, nodes in touched.items():
        for node in nodes.tolist():
            found.setdefault(node, name)
    return found


@pytest.mark.parametrize("seed", range(20))
def test_e_four_sides_are_possible_with_every_seed(seed):
    given = {"size": 40, "coverage": 0.62, "seed": seed}
    with pytest.raises(mn.ShortCircuit, match=r"the two meet, so nearly every sample .* shared='first' gives it to"):
        mn.percolating(**given, electrodes=FOUR)
    net = mn.percolating(**given, electrodes=FOUR, shared="first")
    assert list(net.electrodes) == FOUR
    alone = {side: mn.percolating(**given, electrodes=[side]).electrodes[side] for side in FOUR}
    assert {node: name for name, nodes in net.electrodes.items() for node in nodes.tolist()} == owners(alone)


def test_e_bands_that_end_before_the_corners_are_the_other_way_out():
    low, high = 25, 75
    bands = {"left": (0, 0.5, low, high), "right": (99.5, 100, low, high), "top": (low, high, 99.5, 100)}
    assert len(mn.percolating(100, 0.6, electrodes=bands, seed=1).electrodes) == 3


@pytest.mark.parametrize(
    ("make", "one"),
    [
        (lambda **given: mn.percolating(20, 0.6, seed=1, **given), "group"),
        (lambda **given: mn.grid(4, 5, seed=1, **given), "node"),
        (lambda **given: mn.nanowires(200, size=50, length=10, seed=1, **given), "wire"),
        (lambda **given: mn.nanowires(200, size=50, length=10, seed=1, wire_resistance=3.0, **given), "wire"),
        (lambda **given: mn.nanowires_at([(0, 0, 4, 4), (0, 4, 4, 0), (0, 2, 4, 2)], **given), "wire"),
    ],
    ids=["discs", "grid", "wires", "segments", "wires at"],
)
def test_e_every_kind_of_network_has_shared_and_short_circuit(make, one):
    with pytest.raises(mn.ShortCircuit, match=f"electrodes .* share {one} .* shared='first' gives it to"):
        make(electrodes=FOUR)
    with pytest.raises(ValueError, match="unknown shared 'last'; allowed: error, first"):
        make(electrodes=FOUR, shared="last")
    with pytest.raises(TypeError, match="shared must be a string"):
        make(electrodes=FOUR, shared=True)


def test_e_members_that_two_electrodes_name_are_no_short_circuit_of_the_sample():
    for make in (mn.Network, mn.grid, mn.random_network):
        given = ([(0, 1)],) if make is mn.Network else (2,)
        with pytest.raises(ValueError, match="'a' and 'b' share node 1; electrodes must be apart") as caught:
            make(3, *given, electrodes={"a": [0, 1], "b": [1]})
        assert not isinstance(caught.value, mn.ShortCircuit)


def test_e_an_electrode_of_which_nothing_is_left_is_a_short_circuit():
    with pytest.raises(mn.ShortCircuit, match=r"electrode 'top' has no node left: .* name it first"):
        mn.grid(1, 4, electrodes=["bottom", "top"], shared="first")


def test_e_a_sweep_over_seeds_goes_on():
    def spans(seed):
        try:
            mn.percolating(20, 0.67, seed=seed)
        except mn.ShortCircuit:
            return True
        return False

    assert 0 < sum(spans(seed) for seed in range(20)) < 20
    assert pickle.loads(pickle.dumps(mn.ShortCircuit("spans"))).args == ("spans",)


@pytest.mark.parametrize(
    "net",
    [
        mn.percolating(30, 0.6, electrodes=FOUR, shared="first", seed=4),
        mn.grid(4, 5, electrodes=FOUR, shared="first", seed=4),
    ],
    ids=["discs", "grid"],
)
def test_e_shared_survives_what_keeps_a_network(net):
    drive = {"left": 1.0, "right": 0.0, "top": None, "bottom": None}
    data = mn.Simulation(net, mn.RateBalance(), drive).run(5)
    json.dumps(net.provenance)
    assert net.provenance["arguments"]["shared"] == "first"
    np.testing.assert_array_equal(mn.rerun(data).current, data.current)
    same_arrays(pickle.loads(pickle.dumps(net)), net)
    again = getattr(mn, net.provenance["function"])(**net.provenance["arguments"])
    same_arrays(again, net)


def test_e_run_files_have_shared():
    tables = {
        "network": {"size": 30, "coverage": 0.6, "electrodes": FOUR, "shared": "first", "seed": 4},
        "devices": [{"model": "RateBalance"}],
        "drive": {"left": 1.0, "right": 0.0, "top": "floating", "bottom": "floating"},
        "run": {"steps": 1},
    }
    same_arrays(config.build(tables).network, mn.percolating(30, 0.6, electrodes=FOUR, shared="first", seed=4))
    del tables["network"]["shared"]
    with pytest.raises(mn.ShortCircuit, match=r"^\[network\]: electrodes"):
        config.build(tables)


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"coverage": 0.0}, ValueError, r"coverage must be in \(0, 0.6763\), got 0.0"),
        ({"coverage": 0.6763}, ValueError, r"coverage must be in \(0, 0.6763\), got 0.6763"),
        ({"coverage": -0.1}, ValueError, "coverage must be in"),
        ({"coverage": np.nan}, ValueError, "coverage must be in .*got nan"),
        ({"coverage": "dense"}, TypeError, "coverage must be a number, got 'dense'"),
        ({"size": 0}, ValueError, r"size must be in \(0, inf\) pd, got 0"),
        ({"size": -200}, ValueError, "size must be in .*got -200"),
        ({"size": np.inf}, ValueError, "size must be in .*got inf"),
        ({"size": (20, -1)}, ValueError, r"size\[1\] must be in \(0, inf\) pd, got -1"),
        ({"size": (20, 20, 20)}, ValueError, r"size must be a number or \(width, height\), got \(20, 20, 20\)"),
        ({"size": "20"}, TypeError, "size must be a number, got '20'"),
        ({"size": 0.5, "coverage": 0.1}, ValueError, "size must leave room for at least one disc"),
        ({"size": 1e9}, MemoryError, "too large"),
        ({"max_gap": 0.0}, ValueError, r"max_gap must be in \(0, inf\) pd, got 0.0"),
        ({"max_gap": np.nan}, ValueError, "max_gap must be in"),
        ({"periodic": "z"}, ValueError, "unknown periodic 'z'; allowed: x, y, xy"),
        ({"periodic": True}, TypeError, "periodic must be a string"),
        ({"periodic": "x"}, ValueError, r"electrodes\['left'\] = 'left' is no side: with periodic='x'"),
        ({"periodic": "y", "electrodes": ["left", "top"]}, ValueError, r"electrodes\['top'\] = 'top' is no side"),
        ({"seed": -1}, ValueError, r"seed must be an integer in \[0, 18446744073709551615\], got -1"),
        ({"seed": 1.5}, TypeError, "seed must be an integer, got 1.5"),
        ({"electrodes": "left"}, TypeError, "electrodes must be a sequence of sides or a dict, got 'left'"),
        ({"electrodes": ["left", "rihgt"]}, ValueError, r"unknown electrodes 'rihgt', did you mean 'right'\?"),
        ({"electrodes": ["left", "left"]}, ValueError, "electrodes must name a side only once"),
        ({"electrodes": {"a": "middle"}}, ValueError, r"unknown electrodes\['a'\] 'middle'"),
        ({"electrodes": {"a": (0, 1, 2)}}, ValueError, r"electrodes\['a'\] must be a band .*got \(0, 1, 2\)"),
        ({"electrodes": {"a": (5, 1, 0, 9)}}, ValueError, r"electrodes\['a'\] must be a band with x_low <= x_high"),
        ({"electrodes": {"a": (0.0, 1.0, 0.0, np.nan)}}, ValueError, "must be a band with .* finite"),
        ({"electrodes": {"a": (50.0, 60.0, 0.0, 9.0)}}, ValueError, "no group touches electrode 'a'"),
        ({"electrodes": {"a": [10**6]}}, ValueError, r"electrodes\['a'\] must name groups 0 to \d+, got 1000000"),
        ({"electrodes": {"a": []}}, ValueError, r"electrodes\['a'\] must name at least one of the groups, got none"),
        ({"electrodes": {"a": [0, 1], "b": [1]}}, ValueError, "electrodes 'a' and 'b' share group 1"),
        (
            {"electrodes": {"a": None}},
            TypeError,
            r"electrodes\['a'\] must be a side, a band, a group or a list of groups",
        ),
        ({"electrodes": {"a": [0, 5, 0, 20]}}, ValueError, "each of the groups once, got 0 more than once .*'band'"),
        ({"electrodes": {"a": {"rectangle": [0, 5, 0, 20]}}}, ValueError, "allowed: band, groups"),
        ({"electrodes": {1: "left"}}, TypeError, "names that are non-empty strings, got 1"),
        ({"gap": 2.0}, TypeError, r"percolating\(\) got an unknown keyword 'gap', did you mean 'max_gap'\?"),
    ],
)
def test_bad_percolating(changed, error, message):
    with pytest.raises(error, match=message):
        mn.percolating(**({"size": 20, "coverage": 0.5, "seed": 1} | changed))


def test_no_group_at_a_side():
    # two discs on 3 x 3 pd: with this seed none of them lies at the left side
    with pytest.raises(ValueError, match=r"no group touches electrode 'left' \(x 0 to 0.5, y 0 to 3 pd\)"):
        mn.percolating(3, 0.1, seed=1)


# ---------------------------------------------------------------- the package


def test_import_is_light():
    heavy = {"matplotlib", "xarray", "networkx", "scipy", "pandas", "pint"}
    code = f"import sys, memnet; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_names_of_the_package():
    for name in dir(mn):
        if name != "plot":
            assert getattr(mn, name) is not None
    assert callable(mn.solve)
    assert callable(mn.mix)
    assert mn.network.Network is mn.Network
    assert mn.RateBalance is mn.devices.MODELS["RateBalance"]
    with pytest.raises(AttributeError, match=r"no attribute 'RateBalanse', did you mean 'RateBalance'\?"):
        _ = mn.RateBalanse
    with pytest.raises(AttributeError):
        _ = mn._nothing


# ---------------------------------------------------------------- short forms


def test_e_short_forms_say_units_and_stay_short():
    many = mn.grid(600, 2, electrodes={f"r{k}": k for k in range(600)})
    solution = mn.solve(many, 1.0, {f"r{k}": k for k in range(600)})
    assert repr(many) == (
        "<Network: 1200 nodes, 2397 edges; 600 electrodes: r0 (1 node), r1 (1 node), ..., r599 (1 node)>"
    )
    for one in (many, solution):
        assert len(repr(one)) < 200
        assert len(one._repr_html_()) < 3000
    discs = mn.percolating(20, 0.6, seed=1)._repr_html_()
    assert ">20 x 20 pd<" in discs
    assert ">1 pd<" in discs
    wires = mn.nanowires(100, size=50, length=15, angles=(0.5, 0.1), wire_resistance=5, seed=1)
    assert ">50 x 50 µm<" in wires._repr_html_()
    assert ">0.5, 0.1 rad<" in wires._repr_html_()
    assert ">5 ohm/µm<" in wires._repr_html_()
    assert repr(wires).endswith("; 100 wires>")
    assert repr(wires.wires).startswith("<Wires: wires 100, length 15 µm; junctions ")
    assert " mS" in repr(wires.wires)
    assert repr(wires.wires).endswith("; pads left (left), right (right)>")
    assert "5 ohm/µm" in wires.wires._repr_html_()
    assert "segments none" in repr(mn.nanowires_at([(0, 0, 1, 1)], electrodes={"a": [0]}).wires)


def test_e_short_forms_of_solutions():
    net = mn.Network(2, [(0, 1)], electrodes={"<in>": 0, "out": 1})
    ends = {"<in>": 1.0, "out": 0.0}
    assert repr(mn.solve(net, 2e-6, ends)) == (
        "<Solution: <in> 1 V, 2 µA; out 0 V, -2 µA; nodes 2; conductance 2 µS; solver kron>"
    )
    several = mn.solve(net, [[1e-9], [2e-3]], ends)
    assert "out 0 V, -2 mA to -1 nA; replicas 2; nodes 2; conductance 1 nS to 2 mS" in repr(several)
    assert "&lt;in&gt;" in several._repr_html_()
    assert "conductance" not in repr(mn.solve(net, 1.0, {"<in>": 1.0, "out": None}))
    assert "nan V" in repr(mn.solve(net, 0.0, {"<in>": 1.0, "out": None}))
    assert "<in> 1+0j V, 1+2j A" in repr(mn.solve(net, 1 + 2j, ends, solver="umfpack"))


@pytest.mark.parametrize("name", ["a\0b", "\0", "a\ud800", "\udfff"])
def test_names_that_no_file_holds_are_refused_at_once(name):
    graph = nx.path_graph(3)
    for make in (
        lambda: mn.Network(3, [(0, 1)], electrodes={name: 0}),
        lambda: mn.grid(3, 3, seed=1, electrodes={name: "left"}),
        lambda: mn.random_network(9, 2, seed=1, electrodes={name: 0}),
        lambda: mn.nanowires(9, size=9, length=5, seed=1, electrodes={name: [1]}),
        lambda: mn.percolating(20, 0.5, seed=1, electrodes={name: [1]}),
        lambda: mn.from_networkx(graph, electrodes={name: 0}),
        lambda: mn.from_networkx(nx.Graph([(0, 1)]), electrodes={name: 0}),
    ):
        with pytest.raises(ValueError, match="names without NUL and lone surrogates"):
            make()
    graph.nodes[0]["electrode"] = name
    with pytest.raises(ValueError, match="names without NUL and lone surrogates"):
        mn.from_networkx(graph)
    assert list(mn.Network(3, [(0, 1)], electrodes={"µ \U0001f300": 0}).electrodes) == ["µ \U0001f300"]


class Hostile:
    def __repr__(self):
        raise RuntimeError("no")


UNPRINTABLE = [10**5000, Hostile(), [Hostile()], (10**5000, 1, 2, 3), {"a": Hostile()}, {3: 10**5000}]


@pytest.mark.parametrize("value", UNPRINTABLE, ids=range(len(UNPRINTABLE)))
def test_messages_hold_values_that_cannot_be_printed(value):
    graph = nx.path_graph(3)
    for make in (
        lambda: mn.Network(3, [(0, 1)], electrodes={"a": value}),
        lambda: mn.grid(3, 3, electrodes={"a": value}),
        lambda: mn.nanowires(9, size=9, length=5, electrodes={"a": value}),
        lambda: mn.percolating(9, 0.5, electrodes={"a": value}),
        lambda: mn.percolating(value, 0.5),
        lambda: mn.from_networkx(graph, electrodes={"a": value}),
        lambda: mn.grid(3, 3, electrodes=value),
    ):
        with pytest.raises((TypeError, ValueError)) as caught:
            make()
        assert "Exceeds the limit" not in str(caught.value)
        assert len(str(caught.value)) < 500


def test_members_are_for_nodes_and_shapes_are_for_places():
    members, polygon = mn.network.Members([0, 2]), mn.network.Polygon([(0, 0), (1, 0), (0, 1)])
    for make in (
        lambda pad: mn.Network(3, [(0, 1), (1, 2)], electrodes={"a": pad}),
        lambda pad: mn.from_networkx(nx.path_graph("xyz"), electrodes={"a": pad}),
        lambda pad: mn.grid(3, 1, electrodes={"a": pad}),
        lambda pad: mn.random_network(3, 1, seed=1, electrodes={"a": pad}),
    ):
        assert make(members).electrodes["a"].tolist() == [0, 2]
        with pytest.raises(TypeError, match=r"a node or a list of nodes, got "):
            make(polygon)
    with pytest.raises(TypeError, match="here nodes have no places"):
        mn.Network(3, [(0, 1)], position=np.zeros((3, 2)), electrodes={"a": polygon})
    with pytest.raises(ValueError, match="must name nodes 0 to 1, got 2"):
        mn.Network(2, [(0, 1)], electrodes={"a": members})
