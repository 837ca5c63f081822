"""Nanowire networks: geometry by hand, pads, segments, and what is refused. The geometry itself is tested in C."""

from __future__ import annotations

import itertools
import json
import pickle

import numpy as np
import pytest

import memnet as mn
from memnet.base import memory
from memnet.study import _run_files as config

CROSS = [(0, 0, 4, 4), (0, 4, 4, 0)]
# Two vertical wires, two horizontal ones: a square of four junctions, A-C, A-D, B-C, B-D.
FOUR = [(1, -1, 1, 4), (3, -1, 3, 4), (0, 0, 5, 0), (0, 2, 5, 2)]


def conductance(net, values, drive):
    return mn.solve(net, values, drive).conductance


# ---------------------------------------------------------------- geometry by hand


@pytest.mark.parametrize(
    ("ends", "place"),
    [
        (CROSS, [2.0, 2.0]),
        ([(0, 0, 8, 0), (2, 0, 2, 3)], [2.0, 0.0]),  # a T
        ([(0, 0, 3, 1), (3, 1, 5, 7)], [3.0, 1.0]),  # ends that touch
        ([(0, 0, 4, 4), (2, 2, 6, 6)], [3.0, 3.0]),  # on one line: the middle of what they share
    ],
)
def test_two_wires_that_meet(ends, place):
    net = mn.nanowires_at(ends, electrodes={"a": [0], "b": [1]})
    assert net.edges.tolist() == [[0, 1]]
    assert net.wires.junction_position.tolist() == [place]
    assert net.info["percolates"] is True
    assert net.info["path_gaps"] == 1
    assert conductance(net, np.array([0.25]), {"a": 1.0, "b": 0.0}) == 0.25


@pytest.mark.parametrize(
    "ends",
    [
        [(0, 0, 7, 0), (2, 2.0**-46, 2, 3)],  # a T with a gap
        [(0, 0, 2, 4), (2.5, 5, 3, 6)],  # on one line, apart
        [(0, 0, 4, 0), (0, 2.0**-46, 4, 2.0**-46)],  # beside each other
    ],
)
def test_two_wires_that_miss(ends):
    net = mn.nanowires_at(ends, electrodes={"a": [0], "b": [1]})
    assert net.n_edges == 0
    assert net.info["percolates"] is False
    assert net.info["path_gaps"] is None


def test_four_wires_by_hand():
    net = mn.nanowires_at(FOUR, electrodes={"a": [0], "b": [1]})
    assert net.edges.tolist() == [[0, 2], [0, 3], [1, 2], [1, 3]]
    assert net.wires.junction_position.tolist() == [[1, 0], [1, 2], [3, 0], [3, 2]]
    # Two branches in parallel, each of two junctions in series: 1/(1/1 + 1/3) + 1/(1/2 + 1/6) = 0.75 + 1.5
    assert conductance(net, np.array([1.0, 2.0, 3.0, 6.0]), {"a": 1.0, "b": 0.0}) == pytest.approx(2.25, rel=1e-15)


def test_four_wires_with_resistance_by_hand():
    net = mn.nanowires_at(FOUR, electrodes={"a": (0, 1, -1, -1), "b": (3, 4, -1, -1)}, wire_resistance=0.5)
    # On each wire two nodes at its junctions; on the vertical ones the contact at y = -1, too.
    assert net.n_nodes == 10
    assert net.wires.node_wire.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 3, 3]
    places = [(1, -1), (1, 0), (1, 2), (3, -1), (3, 0), (3, 2), (1, 0), (3, 0), (1, 2), (3, 2)]
    assert np.allclose(net.position, places, rtol=0, atol=1e-15)
    assert net.junctions.tolist() == [0, 1, 2, 3]
    assert net.edges[net.junctions].tolist() == [[1, 6], [2, 8], [4, 7], [5, 9]]
    assert net.edges[net.segments].tolist() == [[0, 1], [1, 2], [3, 4], [4, 5], [6, 7], [8, 9]]
    assert np.allclose(net.wires.segment_length, [1, 2, 1, 2, 2, 2], rtol=1e-15, atol=0)
    assert np.allclose(net.segment_conductance, [2, 1, 2, 1, 1, 1], rtol=1e-15, atol=0)
    values = np.empty(net.n_edges)
    values[net.junctions] = 2.0
    values[net.segments] = net.segment_conductance
    # 0.5 ohm, then (0.5 + 1 + 0.5) beside (1 + 0.5 + 1 + 0.5 + 1), then 0.5 ohm: 1 + 2*4/(2+4)
    assert conductance(net, values, {"a": 1.0, "b": 0.0}) == pytest.approx(1.0 / (1.0 + 4.0 / 3.0), rel=1e-14)


def test_without_resistance_the_segments_are_shorts():
    few = {"size": 60, "length": 20, "length_sd": 5, "seed": 3}
    whole = mn.nanowires(150, **few)
    split = mn.nanowires(150, **few, wire_resistance=1e-9)
    g = 1.0 + np.arange(whole.n_edges) % 7
    values = np.concatenate([g, split.segment_conductance])
    drive = {"left": 1.0, "right": 0.0}
    assert split.junctions.size == whole.n_edges
    assert conductance(split, values, drive) == pytest.approx(conductance(whole, g, drive), rel=1e-6)


def test_three_wires_through_one_point_share_their_nodes():
    star = [(-4, 0, 4, 0), (0, -4, 0, 4), (-2, -2, 2, 2)]
    net = mn.nanowires_at(star, electrodes={"left": (-4, -4, 0, 0), "right": (4, 4, 0, 0)}, wire_resistance=1.0)
    assert net.wires.node_wire.tolist() == [0, 0, 0, 1, 2]
    assert net.edges.tolist() == [[1, 3], [1, 4], [3, 4], [0, 1], [1, 2]]


# ---------------------------------------------------------------- pads


def test_pads_of_every_shape():
    ends = [(0, 0, 8, 0), (0, 4, 4, 8), (2, 2, 3, 3), (7.5, -5, 7.5, 5)]
    pads = {"disc": (4.0, -3.0, 3.0), "corner": (2, 5, 4, 6), "wires": [2], "band": [6.5, 9.0, 1.0, 2.0]}
    net = mn.nanowires_at(ends, electrodes=pads)
    assert {name: nodes.tolist() for name, nodes in net.electrodes.items()} == {
        "disc": [0],
        "corner": [1],
        "wires": [2],
        "band": [3],
    }
    assert net.info["percolates"] is False


@pytest.mark.parametrize(
    ("forms", "pad"),
    [
        ([(0, 10, 0, 60), [0.0, 10.0, 0.0, 60.0], np.array([0, 10, 0, 60.0])], "rectangle"),
        ([(50, 50, 8), [50.0, 50.0, 8.0], np.array([50, 50, 8.0])], "disc"),
        ([[3, 9, 27, 81], range(3, 82), np.array([3, 9]), {3, 9}, 3], "wires"),
    ],
)
def test_every_form_of_a_pad_means_the_same_as_its_long_one(forms, pad):
    few = {"n_wires": 200, "size": 60, "length": 20.0, "seed": 3}
    for form in forms:
        net = mn.nanowires(**few, electrodes={"a": form})
        listed = list(form) if not np.isscalar(form) else form
        assert_same_electrodes(net, mn.nanowires(**few, electrodes={"a": {pad: listed}}))
        made = json.loads(json.dumps(net.provenance["arguments"]))
        assert list(made["electrodes"]["a"]) == [pad]
        assert_same_electrodes(net, mn.nanowires(**made))


def assert_same_electrodes(one, other):
    assert one.wires.pads == other.wires.pads
    assert one.electrodes["a"].tolist() == other.electrodes["a"].tolist()


def test_sides_are_the_wires_that_reach_them():
    net = mn.nanowires(300, size=(80, 50), length=15, seed=4, electrodes=("left", "right"))
    ends = net.wires.end
    assert net.electrodes["left"].tolist() == np.flatnonzero(ends[..., 0].min(axis=1) <= 0.0).tolist()
    assert net.electrodes["right"].tolist() == np.flatnonzero(ends[..., 0].max(axis=1) >= 80.0).tolist()
    net = mn.nanowires(300, size=(80, 50), length=15, seed=4, electrodes=("bottom", "top"))
    assert net.electrodes["bottom"].tolist() == np.flatnonzero(ends[..., 1].min(axis=1) <= 0.0).tolist()
    assert net.electrodes["top"].tolist() == np.flatnonzero(ends[..., 1].max(axis=1) >= 50.0).tolist()


@pytest.mark.parametrize("offset", [(0, 0), (-10, -20), (1000, -2), (-1.5, 0.25)])
def test_without_a_size_the_sides_are_those_of_the_bounding_box(offset):
    ends = np.array([(1, 2, 3, 2), (3, 2, 3, 6), (2, 3, 6, 3), (4, 7, 4, 1)]) + np.tile(offset, 2)
    net = mn.nanowires_at(ends, electrodes=("left", "right"))
    assert {name: nodes.tolist() for name, nodes in net.electrodes.items()} == {"left": [0], "right": [2]}
    net = mn.nanowires_at(ends, electrodes={"up": "top"})
    assert net.electrodes["up"].tolist() == [3]
    net = mn.nanowires_at(ends, electrodes={"down": "bottom"})
    assert net.electrodes["down"].tolist() == [3]
    assert net.size is None
    assert net.wires.end.reshape(-1, 4).tolist() == ends.tolist()


def test_with_a_size_the_sides_are_those_of_the_box_from_the_origin():
    ends = [(-1, 1, 2, 1), (1, 2, 3, 2), (2, 0, 9, 3), (5, 1, 6, 1)]
    net = mn.nanowires_at(ends, size=(5, 9))
    assert {name: nodes.tolist() for name, nodes in net.electrodes.items()} == {"left": [0], "right": [2, 3]}


def test_a_pad_that_no_wire_touches_is_refused():
    with pytest.raises(ValueError, match=r"no wire touches electrode 'b' \(disc \(9\.0, 9\.0, 1\.0\)\)"):
        mn.nanowires_at(CROSS, electrodes={"a": [0], "b": (9, 9, 1)})
    with pytest.raises(ValueError, match="no wire touches electrode 'left'"):
        mn.nanowires_at(np.add(CROSS, 1.0), size=6)


def test_pads_that_share_a_wire_are_refused_unless_allowed():
    pads = {"a": (0, 1, 0, 1), "b": (3, 4, 3, 4)}
    ends = [*CROSS, (3, 3.5, 3.5, 5)]
    with pytest.raises(ValueError, match="'a' and 'b' share wire 0"):
        mn.nanowires_at(ends, electrodes=pads)
    net = mn.nanowires_at(ends, electrodes=pads, shared="first")
    assert [nodes.tolist() for nodes in net.electrodes.values()] == [[0], [2]]
    with pytest.raises(ValueError, match="'b' has no wire left"):
        mn.nanowires_at(CROSS, electrodes=pads, shared="first")


def test_with_resistance_one_wire_may_join_two_pads():
    net = mn.nanowires_at([(0, 0, 10, 0)], electrodes={"a": (0, 2, -1, 1), "b": (7, 9, -1, 1)}, wire_resistance=0.5)
    assert net.position[:, 0].tolist() == pytest.approx([0, 2, 7, 9], rel=1e-15)
    assert [nodes.tolist() for nodes in net.electrodes.values()] == [[0, 1], [2, 3]]
    assert conductance(net, net.segment_conductance, {"a": 1.0, "b": 0.0}) == pytest.approx(0.4, rel=1e-14)
    with pytest.raises(ValueError, match="share wire 0"):
        mn.nanowires_at([(0, 0, 10, 0)], electrodes={"a": (0, 5, -1, 1), "b": (4, 9, -1, 1)}, wire_resistance=0.5)


# ---------------------------------------------------------------- simulations


def test_a_network_that_does_not_percolate_carries_no_current():
    net = mn.nanowires_at([(0, 0, 1, 0), (2, 0, 3, 0)], electrodes={"a": [0], "b": [1]})
    sim = mn.Simulation(mn.nanowires(20, size=200, length=30, seed=1), mn.RateBalance(), {"left": 5.0, "right": 0.0})
    assert sim.net.info["percolates"] is False
    assert sim.net.info["path_gaps"] is None
    data = sim.run(20)
    assert np.abs(data.current.values).max() == 0.0
    assert np.abs(data.conductance.values).max() == 0.0
    assert conductance(net, np.zeros(0), {"a": 1.0, "b": 0.0}) == 0.0


@pytest.mark.parametrize("resistance", [None, 20.0])
def test_rerun_pickle_and_load_give_the_same(tmp_path, resistance):
    pads = {"a": (10.0, 10.0, 8.0), "b": (50, 60, 40, 60), "c": "top"}
    net = mn.nanowires(
        density=0.06, size=60, length=20, length_sd=5, angles=(0.3, 0.7), electrodes=pads, shared="first",
        wire_resistance=resistance, seed=7,
    )  # fmt: skip
    json.dumps(net.provenance)
    sim = mn.Simulation(net, mn.wire_devices(net, mn.RateBalance()), {"a": 2.0, "b": 0.0, "c": None}, seed=1)
    data = sim.run(30)
    assert np.abs(data.current.values).max() > 0.0
    assert np.array_equal(mn.rerun(data).current, data.current)
    sim.save(tmp_path / "wires")
    again = mn.Simulation.load(tmp_path / "wires")
    assert np.array_equal(again.run(5).current, sim.run(5).current)
    copy = pickle.loads(pickle.dumps(net))
    for name in ("end", "node_wire", "junction_position", "segment_conductance"):
        assert np.array_equal(getattr(copy.wires, name), getattr(net.wires, name))
        assert not getattr(copy.wires, name).flags.writeable
    assert copy.wires.pads == net.wires.pads
    assert copy.info == net.info


def test_given_wires_are_kept_in_results():
    net = mn.nanowires_at(FOUR, electrodes={"a": [0], "b": [1]}, wire_resistance=3.0)
    sim = mn.Simulation(net, mn.wire_devices(net, mn.RateBalance()), {"a": 1.0, "b": 0.0}, seed=1)
    data = sim.run(10)
    assert np.array_equal(mn.rerun(data).current, data.current)


def test_devices_of_wires():
    net = mn.nanowires_at(FOUR, electrodes={"a": [0], "b": [1]}, wire_resistance=0.5)
    one, other = mn.RateBalance(), mn.RateBalance()
    devices = mn.wire_devices(net, [one, other, one, other])
    assert devices[:4] == [one, other, one, other]
    assert [device.model for device in devices[4:]] == ["Resistor"] * len(net.segments)
    sim = mn.Simulation(net, devices, {"a": 1.0, "b": 0.0})
    sim.step()
    assert sim.conductance[net.segments].tolist() == net.segment_conductance.tolist()
    whole = mn.nanowires_at(FOUR, electrodes={"a": [0]})
    assert mn.wire_devices(whole, one) == [one] * 4
    with pytest.raises(ValueError, match="one device a junction, 4, got 1"):
        mn.wire_devices(net, [one])
    with pytest.raises(TypeError, match="net must be a network of nanowires"):
        mn.wire_devices(mn.grid(2, 2, seed=1), one)
    for junction in ([1, 2, 3, 4], None, mn.RateBalance):
        with pytest.raises(TypeError, match="junction must be a device"):
            mn.wire_devices(net, junction)


# ---------------------------------------------------------------- random networks


def test_density_and_number_of_wires():
    by_density = mn.nanowires(density=1500 / 500**2, size=500, length=40, length_sd=14, seed=40)
    by_number = mn.nanowires(1500, size=(500, 500), length=40, length_sd=14, seed=40)
    assert by_density.info["n_wires"] == 1500
    assert np.array_equal(by_density.edges, by_number.edges)
    assert by_number.n_edges == 4287  # the same on every machine
    assert mn.nanowires(1500, size=500, length=40, seed=41).n_edges != 4287


def test_a_seed_not_given_is_recorded():
    net = mn.nanowires(300, size=100, length=30)
    again = mn.nanowires(300, size=100, length=30, seed=net.info["seed"])
    assert np.array_equal(net.wires.end, again.wires.end)


def test_the_mean_length_is_that_before_the_cut_at_zero():
    lengths = mn.nanowires(20_000, size=1e5, length=5.0, length_sd=20.0, electrodes=(), seed=1).wires.length
    # 5 + 20 phi(1/4) / Phi(1/4), as the documentation says
    assert abs(lengths.mean() - 17.9168) < 5 * lengths.std() / 20_000**0.5
    even = mn.nanowires(20_000, size=1e5, length=5.0, length_sd=1.0, electrodes=(), seed=1).wires.length
    assert abs(even.mean() - 5.0) < 5 * even.std() / 20_000**0.5


def test_angles():
    net = mn.nanowires(50, size=100, length=30, angles=np.pi / 2, electrodes=())
    assert np.abs(np.diff(net.wires.end[..., 0], axis=1)).max() < 1e-12
    net = mn.nanowires(2000, size=1000, length=10, angles=(1.0, 0.1), electrodes=(), seed=1)
    along = np.diff(net.wires.end, axis=1)[:, 0]
    angle = np.arctan2(along[:, 1], along[:, 0])
    assert abs(angle.mean() - 1.0) < 5 * 0.1 / 2000**0.5
    assert abs(angle.std() - 0.1) < 5 * 0.1 / 4000**0.5


BAD = [
    ({"length": 0.0}, ValueError, "length must be"),
    ({"length": -1.0}, ValueError, "length must be"),
    ({"length": 1e-14}, ValueError, "a wire has no length"),
    ({"length_sd": -1.0}, ValueError, "length_sd must be"),
    ({"length_sd": np.nan}, ValueError, "length_sd must be"),
    ({"size": 0.0}, ValueError, "size must be"),
    ({"size": (1, 2, 3)}, ValueError, "size must be"),
    ({"n_wires": 0}, ValueError, "n_wires must be"),
    ({"n_wires": 1.5}, TypeError, "n_wires must be"),
    ({"n_wires": None}, TypeError, "either n_wires or density"),
    ({"density": 0.1}, TypeError, "either n_wires or density"),
    ({"n_wires": None, "density": -0.1}, ValueError, "density must be"),
    ({"n_wires": None, "density": 1e-9}, ValueError, "density times the area"),
    ({"angles": (1.0, -0.1)}, ValueError, r"angles\[1\] must be"),
    ({"angles": (1.0, 0.1, 3.0)}, ValueError, "angles must be"),
    ({"angles": "up"}, TypeError, "angles must be"),
    ({"electrodes": "left"}, TypeError, "electrodes must be"),
    ({"electrodes": ("left", "lift")}, ValueError, "did you mean 'left'"),
    ({"electrodes": ("left", "left")}, ValueError, "only once"),
    ({"electrodes": {"a": (1, 2)}}, ValueError, "must be a rectangle"),
    ({"electrodes": {"a": (2, 1, 0, 1)}}, ValueError, "x_low <= x_high"),
    ({"electrodes": {"a": (2.0, 1.0, 0.0)}}, ValueError, "radius > 0"),
    ({"electrodes": {"a": [100]}}, ValueError, "wires 0 to 99"),
    ({"electrodes": {"a": [[1]]}}, TypeError, "must be a side"),
    ({"electrodes": {"a": []}}, ValueError, "at least one"),
    (
        {"electrodes": {"a": [0, 10, 0, 60]}},
        ValueError,
        r"each of the wires once, got 0 more than once in .*'rectangle'",
    ),
    ({"electrodes": {"a": np.array([7, 3, 7])}}, ValueError, "each of the wires once, got 7 more than once"),
    ({"electrodes": {"a": [1, 2, 3.0]}}, ValueError, r"got both in \[1, 2, 3.0\]; say which by .*'disc'"),
    ({"electrodes": {"a": {}}}, ValueError, "must have one key out of 'rectangle', 'disc', 'wires'"),
    ({"electrodes": {"a": {"disc": [1, 2, 3], "wires": [1]}}}, ValueError, "must have one key"),
    ({"electrodes": {"a": {"rectangel": [0, 1, 0, 1]}}}, ValueError, "did you mean 'rectangle'"),
    ({"electrodes": {"a": {"rectangle": [0, 1, 0]}}}, ValueError, r"\['rectangle'\] must be a rectangle \(x_low"),
    ({"electrodes": {"a": {"disc": [1, 1, 0]}}}, ValueError, "radius > 0"),
    ({"electrodes": {"a": {"wires": [1.0]}}}, TypeError, r"\['wires'\] must be a list of wires"),
    ({"electrodes": {"a": {"wires": [3, 3]}}}, ValueError, "got 3 more than once"),
    ({"electrodes": {"a": (25.0, 25.0, 1e18)}}, ValueError, r"electrodes\['a'\] must be a disc whose centre"),
    ({"size": 1e300}, ValueError, "size, length and length_sd must give the network an extent"),
    ({"wire_resistance": 1e-320}, ValueError, "infinite conductance"),
    ({"wire_resistance": 0.0}, ValueError, "wire_resistance must be"),
    ({"shared": "last"}, ValueError, "unknown shared"),
    ({"seed": -1}, ValueError, "seed must be"),
    ({"lenght": 3}, TypeError, "did you mean 'length'"),
]


@pytest.mark.parametrize(("given", "error", "match"), BAD)
def test_bad_arguments(given, error, match):
    with pytest.raises(error, match=match):
        mn.nanowires(**{"n_wires": 100, "size": 50.0, "length": 20.0, "seed": 1, **given})


@pytest.mark.parametrize(
    ("ends", "error", "match"),
    [
        ([], ValueError, "ends must"),
        ([(0, 0, 1, 1), (2, 2, 2, 2)], ValueError, "wire 1 of zero length"),
        ([(0, 0, 1, np.nan)], ValueError, "finite"),
        ([(0, 0, 1)], ValueError, "ends must have shape"),
        ([(0, 0, 1, 1), (0, 0, 1)], ValueError, "rows of equal length"),
        ([(0, 0, 1e300, 0)], ValueError, "ends must give the network an extent"),
        ("wires", TypeError, "ends must"),
    ],
)
def test_bad_ends(ends, error, match):
    with pytest.raises(error, match=match):
        mn.nanowires_at(ends)


@pytest.mark.parametrize(
    "given",
    [
        {"n_wires": 2**31 - 2, "size": 1e6, "length": 1.0},
        {"density": 2e8, "size": 3.0, "length": 0.1},
        {"n_wires": 1_000_000, "size": 1.0, "length": 20.0},
        {"n_wires": 1_000_000, "size": 1.0, "length": 20.0, "wire_resistance": 1.0},
    ],
)
def test_networks_for_which_memory_will_not_do_are_refused_at_once(monkeypatch, given):
    monkeypatch.setattr(memory, "physical", lambda: 32e9)
    with pytest.raises(MemoryError, match=r"memory in GB is \d.*n_wires, length and size.*use fewer or shorter wires"):
        mn.nanowires(**given, electrodes=(), seed=1)


def test_given_wires_for_which_memory_will_not_do_are_refused(monkeypatch):
    ends = np.random.default_rng(1).random((30_000, 4))
    monkeypatch.setattr(memory, "physical", lambda: 1e9)
    with pytest.raises(MemoryError, match=r"memory in GB is 5\.\d.*At most 0\.35 GB.*use fewer or shorter wires"):
        mn.nanowires_at(ends, electrodes=())


def test_the_memory_that_a_network_may_take_is_half_of_the_machine(monkeypatch):
    few = {"n_wires": 3000, "size": 1.0, "length": 1.0, "electrodes": (), "seed": 1}
    n = mn.nanowires(**few).n_edges
    monkeypatch.setattr(memory, "physical", lambda: 2 * 80 * n + 1e6)
    assert mn.nanowires(**few).n_edges == n
    with pytest.raises(MemoryError):
        mn.nanowires(**few, wire_resistance=1.0)
    monkeypatch.setattr(memory, "physical", lambda: 80 * n)
    with pytest.raises(MemoryError):
        mn.nanowires(**few)
    monkeypatch.setattr(memory, "physical", lambda: np.inf)
    assert mn.nanowires(**few).n_edges == n


def test_nothing_left():
    with pytest.raises(ValueError, match="nothing is left"):
        mn.nanowires_at([(0, 0, 1, 0), (2, 0, 3, 0)], electrodes=(), wire_resistance=1.0)


# ---------------------------------------------------------------- lattices


@pytest.mark.parametrize("diagonals", ["none", "random", "both"])
def test_grid(diagonals):
    net = mn.grid(4, 6, diagonals=diagonals, seed=1)
    edges = {tuple(edge) for edge in net.edges.tolist()}
    assert len(edges) == net.n_edges
    straight = {
        (a, b)
        for a, b in itertools.combinations(range(24), 2)
        if abs(a // 6 - b // 6) + abs(a % 6 - b % 6) == 1
    }  # fmt: skip
    assert straight <= edges
    for row, column in itertools.product(range(3), range(5)):
        corner = 6 * row + column
        both = {(corner, corner + 7), (corner + 1, corner + 6)}
        assert len(both & edges) == {"none": 0, "random": 1, "both": 2}[diagonals]
    assert net.n_edges == len(straight) + {"none": 0, "random": 15, "both": 30}[diagonals]
    assert net.electrodes["left"].tolist() == [0, 6, 12, 18]
    assert net.electrodes["right"].tolist() == [5, 11, 17, 23]
    assert net.position[13].tolist() == [1, 2]
    assert net.info["diagonals"] == diagonals
    assert net.info["percolates"] is True


def test_grid_without_diagonals_conducts_like_its_rows():
    net = mn.grid(5, 8, "none")
    assert conductance(net, np.ones(net.n_edges), {"left": 1.0, "right": 0.0}) == pytest.approx(5 / 7, rel=1e-14)


def test_random_network():
    net = mn.random_network(60, 5.0, seed=3)
    assert net.n_edges == 150
    assert len({tuple(edge) for edge in net.edges.tolist()}) == 150
    assert (net.edges[:, 0] < net.edges[:, 1]).all()
    assert {name: nodes.tolist() for name, nodes in net.electrodes.items()} == {"source": [0], "ground": [59]}
    assert mn.random_network(6, 5).n_edges == 15
    assert mn.random_network(9, 0).info["percolates"] is False
    assert mn.random_network(1, 0).n_edges == 0


@pytest.mark.parametrize(
    "make",
    [
        lambda: mn.grid(6, 5, seed=4, electrodes={"in": 7, "out": "right"}),
        lambda: mn.random_network(30, 4, seed=4, electrodes={"in": 7, "out": [3, 4]}),
    ],
)
def test_rerun_of_lattices(make):
    net = make()
    json.dumps(net.provenance)
    sim = mn.Simulation(net, mn.RateBalance(), {"in": 1.0, "out": 0.0}, seed=1)
    data = sim.run(10)
    assert np.array_equal(mn.rerun(data).current, data.current)
    assert np.abs(data.current.values).max() > 0.0


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: mn.grid(0, 3), ValueError, "rows must be"),
        (lambda: mn.grid(50_000, 50_000), ValueError, "rows times columns must be at most"),
        (lambda: mn.random_network(100_000, 99_999), ValueError, "n degree / 2 must be below"),
        (lambda: mn.grid(3, 3, "some"), ValueError, "unknown diagonals"),
        (lambda: mn.grid(3, 1), ValueError, "share node 0"),
        (lambda: mn.grid(3, 3, electrodes={"a": 9}), ValueError, "nodes 0 to 8"),
        (lambda: mn.grid(3, 3, electrodes={"a": 1.5}), TypeError, "must be a side"),
        (lambda: mn.grid(3, 3, elektrodes={}), TypeError, "did you mean 'electrodes'"),
        (lambda: mn.random_network(0, 1), ValueError, "n must be"),
        (lambda: mn.random_network(5, 4.5), ValueError, "degree must be"),
        (lambda: mn.random_network(5, 2, electrodes={"a": "left"}), TypeError, "a node or a list of nodes"),
    ],
)
def test_bad_lattices(call, error, match):
    with pytest.raises(error, match=match):
        call()


RUN_FILE = """
[network]
kind = "nanowires"
n_wires = 200
size = 60
length = 20.0
electrodes = {{ a = {pad}, b = [50.0, 50.0, 8.0] }}
shared = "first"
seed = 3
[[devices]]
model = "RateBalance"
[drive]
a = 1.0
b = 0.0
[run]
steps = 5
"""


@pytest.mark.parametrize(
    ("written", "pad"),
    [
        ("[0.0, 10.0, 0.0, 60.0]", (0.0, 10.0, 0.0, 60.0)),
        ("{ rectangle = [0, 10, 0, 60] }", (0.0, 10.0, 0.0, 60.0)),
        ("{ disc = [10, 10, 8] }", (10.0, 10.0, 8.0)),
        ("{ wires = [3, 9, 27, 81] }", [3, 9, 27, 81]),
        ("[3, 9, 27, 81, 1]", [3, 9, 27, 81, 1]),
        ('"left"', "left"),
    ],
)
def test_run_file_with_wires(tmp_path, written, pad):
    path = tmp_path / "wires.toml"
    path.write_text(RUN_FILE.format(pad=written))
    assert config.read_run_file(path).network.wires.pads == {"a": pad, "b": (50.0, 50.0, 8.0)}


@pytest.mark.parametrize(
    ("written", "match"),
    [
        (
            "[0, 10, 0, 60]",
            r"electrodes.a may be a shape or wires, got \[0, 10, 0, 60\]; say which by {rectangle = \[x",
        ),
        ("[3, 9, 27]", "electrodes.a may be a shape or wires"),
        ("[0.0, 10, 0, 60]", "got both in"),
        ("{ rectangel = [0, 10, 0, 60] }", "did you mean 'rectangle'"),
    ],
)
def test_run_file_with_pads_that_may_mean_two_things(tmp_path, written, match):
    path = tmp_path / "wires.toml"
    path.write_text(RUN_FILE.format(pad=written))
    with pytest.raises(ValueError, match=match):
        config.read_run_file(path)
