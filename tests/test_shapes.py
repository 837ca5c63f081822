"""Shapes of electrodes: every entry of the table, and polygons against references that round nothing."""

import copy
import json
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as arrays
from matplotlib import pyplot
from matplotlib.path import Path

import memnet as mn
from memnet import _core
from memnet.network import SHAPES, Polygon, Rectangle
from memnet.study import read_run_file

CORNERS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=3, max_size=7, unique=True)
ENDS = arrays.arrays(np.int64, st.tuples(st.integers(1, 30), st.just(4)), elements=st.integers(-4, 16))


def example(word):
    return SHAPES[word].of(np.array(SHAPES[word].example))


def wires_at(ends):
    return _core.Wires.place(np.asarray(ends, dtype=np.float64), 1 << 30)


@st.composite
def polygons(draw):
    """Simple polygons with corners in whole numbers, many of them not convex."""
    corners = draw(CORNERS)
    try:
        return Polygon(corners)
    except ValueError:
        middle = np.mean(corners, axis=0)
        corners.sort(key=lambda point: np.arctan2(*(np.array(point) - middle)))
    try:
        return Polygon(corners)
    except ValueError:
        return Polygon([(0, 0), (12, 1), (5, 5), (3, 12)])


def sticks(ends):
    return [end for end in ends.tolist() if end[:2] != end[2:]] or [[0, 0, 1, 1]]


# ---------------------------------------------------------------- references in fractions


def side_of(p, q, r):
    (px, py), (qx, qy), (rx, ry) = ([Fraction(x) for x in point] for point in (p, q, r))
    turn = (qx - px) * (ry - py) - (qy - py) * (rx - px)
    return (turn > 0) - (turn < 0)


def meets(p, q, r, s):
    """Whether two closed segments have a point in common."""
    boxes = all(max(min(p[k], q[k]), min(r[k], s[k])) <= min(max(p[k], q[k]), max(r[k], s[k])) for k in (0, 1))
    return boxes and side_of(p, q, r) * side_of(p, q, s) <= 0 and side_of(r, s, p) * side_of(r, s, q) <= 0


def sides(points):
    return list(zip(points, [*points[1:], points[0]], strict=True))


def holds(points, point):
    """Whether a point is on the rim of a polygon, or the turns of its sides around the point add up."""
    if any(meets(p, q, point, point) for p, q in sides(points)):
        return True
    turns = 0
    for p, q in sides(points):
        if (p[1] <= point[1]) != (q[1] <= point[1]):
            turns += side_of(p, q, point) if (side_of(p, q, point) > 0) == (q[1] > p[1]) else 0
    return turns != 0


# ---------------------------------------------------------------- every shape


@pytest.mark.parametrize("word", SHAPES)
def test_a_shape_comes_back_from_json_and_copies(word):
    shape = example(word)
    again = SHAPES[word].of(np.array(json.loads(json.dumps(shape.plain()))))
    assert again == shape == pickle.loads(pickle.dumps(shape)) == copy.deepcopy(shape)
    assert hash(again) == hash(shape)
    assert getattr(mn.network, type(shape).__name__) is type(shape)


@pytest.mark.parametrize("word", SHAPES)
def test_a_shape_holds_its_centre_and_what_its_outline_encloses(word):
    shape = example(word)
    assert shape.contains(shape.centre[None]).all()
    corners = shape.outline()
    points = np.random.default_rng(1).uniform(corners.min(axis=0) - 1, corners.max(axis=0) + 1, (4000, 2))
    inside = Path(corners).contains_points(points)
    assert 0.1 < inside.mean() < 0.9
    assert (shape.contains(points) != inside).mean() < 2e-3  # an outline has corners where a shape may be round
    rim = shape.centre + (corners - shape.centre) * np.array([[0.999]])
    assert shape.contains(rim).mean() > 0.5


@pytest.mark.parametrize("word", SHAPES)
def test_the_parts_of_wires_in_a_shape_are_in_it(word):
    shape = example(word)
    ends = np.random.default_rng(2).uniform(-2, 12, (300, 4))
    wires = wires_at(ends)
    wire, part = shape.contacts(wires)
    assert (np.diff(wire) >= 0).all()
    assert ((part >= 0) & (part <= 1) & (part[:, :1] <= part[:, 1:])).all()
    at = (np.arange(400) + 0.5) / 400
    start, way = wires.end[:, :2], wires.end[:, 2:] - wires.end[:, :2]
    inside = shape.contains((start[:, None] + at[:, None] * way[:, None]).reshape(-1, 2)).reshape(300, 400)
    told = np.zeros((300, 400), dtype=bool)
    for k, (low, high) in zip(wire, part, strict=True):
        told[k] |= (at >= low) & (at <= high)
    assert (told != inside).mean() < 1e-3


@pytest.mark.parametrize("word", SHAPES)
def test_a_shape_is_an_electrode_by_its_class_by_its_word_and_on_a_map(word, tmp_path):
    shape = example(word)
    electrodes = {"pad": shape, "far": "right"}
    long = {"pad": {word: shape.plain()}, "far": "right"}
    made = mn.nanowires(300, size=30, length=8, seed=1, electrodes=electrodes)
    same = mn.nanowires(300, size=30, length=8, seed=1, electrodes=long)
    assert made.electrodes["pad"].tolist() == same.electrodes["pad"].tolist()
    assert made.provenance == same.provenance
    assert made.wires.pads == {"pad": shape.numbers, "far": "right"}
    assert made.layout.places == electrodes
    film = mn.percolating(30, 0.5, seed=1, electrodes=electrodes)
    inside = shape.contains(film.disc_position)
    assert film.electrodes["pad"].tolist() == np.unique(film.disc_group[inside]).tolist()
    assert mn.percolating(**json.loads(json.dumps(film.provenance["arguments"]))).provenance == film.provenance
    for net in (made, film):
        drawn = mn.plot.network(net)
        assert len(drawn.ax.patches) == 1
        assert "pad" in drawn.electrodes
        pyplot.close("all")
    path = tmp_path / "run.toml"
    numbers = json.dumps(shape.plain())
    path.write_text(
        f'[network]\nkind = "nanowires"\nn_wires = 300\nsize = 30\nlength = 8\nseed = 1\n'
        f'electrodes = {{ pad = {{ {word} = {numbers} }}, far = "right" }}\n'
        f'[[devices]]\nmodel = "RateBalance"\n[drive]\npad = 1\nfar = 0\n[run]\nsteps = 1\n'
    )
    assert read_run_file(path).network.provenance == made.provenance


@pytest.mark.parametrize("word", SHAPES)
def test_what_is_no_shape_is_refused_by_name(word):
    kind = SHAPES[word]
    bad = np.full_like(np.array(kind.example), np.nan)
    with pytest.raises(ValueError, match=rf"electrodes\['a'\]\['{word}'\] must be a {word} with"):
        mn.nanowires(9, size=9, length=5, electrodes={"a": {word: bad}})
    with pytest.raises((TypeError, ValueError), match=kind.__name__):
        kind.of(bad)
    with pytest.raises((TypeError, ValueError), match=rf"\['{word}'\] must be"):
        mn.nanowires(9, size=9, length=5, electrodes={"a": {word: "abc"}})
    with pytest.raises(TypeError, match=r"electrodes\['a'\] must be a side, a node or a list of nodes, got"):
        mn.grid(3, 3, electrodes={"a": example(word)})


@pytest.mark.parametrize("word", SHAPES)
def test_contains_takes_lists_and_refuses_what_is_no_list_of_points(word):
    shape = example(word)
    assert shape.contains([shape.centre.tolist(), [np.nan, 0.0], [1e9, 0.0]]).tolist() == [True, False, False]
    assert shape.contains(np.empty((0, 2))).tolist() == []
    for bad in ([1.0, 2.0], [[1.0, 2.0, 3.0]], "ab", None):
        with pytest.raises((TypeError, ValueError), match="points must"):
            shape.contains(bad)


def test_percolating_wants_bands_that_end():
    for band in (Rectangle(0, np.inf, 0, 9), {"band": [0, np.inf, 0, 9]}):
        with pytest.raises(ValueError, match="finite"):
            mn.percolating(20, 0.5, seed=1, electrodes={"a": band})


# ---------------------------------------------------------------- polygons


@pytest.mark.parametrize(
    "points",
    [
        [(0, 0), (1, 1)],
        [(0, 0), (4, 4), (4, 0), (0, 4)],  # crosses itself
        [(0, 0), (4, 0), (2, 0)],  # goes back
        [(0, 0), (4, 0), (4, 4), (2, 0), (0, 4)],  # touches itself
        [(0, 0), (4, 0), (4, 0), (0, 4)],
        [(0, 0), (4, 0), (0, np.inf)],
        [(0, 0), (4, 0), (0, np.nan)],
        [(k, k * k) for k in range(5000)],
    ],
)
def test_polygons_that_cross_touch_or_do_not_end_are_refused(points):
    with pytest.raises(ValueError, match="Polygon must have 3 to 4096 corners"):
        Polygon(points)
    with pytest.raises(ValueError, match=r"electrodes\['a'\]\['polygon'\] must be a polygon with 3 to 4096 corners"):
        mn.percolating(9, 0.5, electrodes={"a": {"polygon": points}})


@pytest.mark.parametrize("points", [[1, 2, 3], "abc", [[(0, 0)]], [(0, 0, 0)] * 3, [("a", "b")] * 3])
def test_what_is_no_list_of_points_is_refused(points):
    with pytest.raises((TypeError, ValueError), match="Polygon"):
        Polygon(points)


@given(polygons(), arrays.arrays(np.int64, (40, 2), elements=st.integers(-1, 13)))
def test_points_on_and_beside_the_rim_of_a_polygon_are_told_apart_exactly(polygon, twice):
    points = twice / 2.0
    assert polygon.contains(points).tolist() == [holds(polygon.points, point) for point in points.tolist()]
    other_way = Polygon(polygon.points[::-1])
    assert other_way.contains(points).tolist() == polygon.contains(points).tolist()


@given(polygons(), st.integers(1, 2**50))
def test_a_point_that_rounding_cannot_tell_from_the_rim_is_told_apart(polygon, step):
    p, q = (np.array(point) for point in polygon.points[:2])
    points = p + (q - p) * np.array([[step / 2.0**50]])
    assert polygon.contains(points).tolist() == [holds(polygon.points, point) for point in points.tolist()]


@given(polygons(), ENDS)
@settings(max_examples=200)
def test_wires_that_touch_a_polygon_are_found_exactly(polygon, ends):
    ends = sticks(ends)
    wire, part = polygon.contacts(wires_at(ends))
    expected = [
        k
        for k, (a, b, c, d) in enumerate(ends)
        if holds(polygon.points, (a, b)) or any(meets((a, b), (c, d), p, q) for p, q in sides(polygon.points))
    ]
    assert np.unique(wire).tolist() == expected
    assert ((part[:, 0] >= 0) & (part[:, 0] <= part[:, 1]) & (part[:, 1] <= 1)).all()
    again = (wire[1:] == wire[:-1]).nonzero()[0]
    assert (part[again, 1] < part[again + 1, 0]).all()


BOX = st.tuples(*[st.integers(0, 12)] * 4).map(lambda n: (min(n[:2]), max(n[:2]), min(n[2:]), max(n[2:])))


@given(BOX.filter(lambda n: n[0] < n[1] and n[2] < n[3]), ENDS, st.sampled_from([None, 2.0]))
def test_a_polygon_with_the_corners_of_a_rectangle_is_that_rectangle(box, ends, resistance):
    rectangle = Rectangle(*box)
    polygon = Polygon(rectangle.outline())
    points = np.random.default_rng(0).integers(-1, 26, (200, 2)) / 2.0
    assert polygon.contains(points).tolist() == rectangle.contains(points).tolist()
    wires = wires_at(sticks(ends))
    wire, part = polygon.contacts(wires)
    other, other_part = rectangle.contacts(wires)
    assert wire.tolist() == other.tolist()
    np.testing.assert_allclose(part, other_part, atol=1e-12)
    if len(wire):
        nets = [
            mn.nanowires_at(sticks(ends), electrodes={"a": pad}, wire_resistance=resistance)
            for pad in (polygon, rectangle)
        ]
        assert nets[0].edges.tolist() == nets[1].edges.tolist()
        assert nets[0].electrodes["a"].tolist() == nets[1].electrodes["a"].tolist()


def test_polygons_around_and_within_a_disc_hold_at_least_and_at_most_what_it_does():
    disc = mn.network.Disc(15.0, 15.0, 6.0)
    turn = 2.0 * np.pi * np.arange(64) / 64
    rim = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    within, around = (Polygon(15.0 + 6.0 * factor * rim) for factor in (1.0, 1.0 / np.cos(np.pi / 64)))
    touched = [
        set(mn.nanowires(2000, size=30, length=2, seed=4, electrodes={"a": pad}).electrodes["a"].tolist())
        for pad in (within, disc, around)
    ]
    assert touched[0] <= touched[1] <= touched[2]
    assert len(touched[2]) - len(touched[0]) < 0.02 * len(touched[1])
    points = np.random.default_rng(3).uniform(8, 22, (20000, 2))
    held = [pad.contains(points) for pad in (within, disc, around)]
    assert (held[0] <= held[1]).all()
    assert (held[1] <= held[2]).all()
    assert (held[0] != held[2]).mean() < 0.002


def test_a_wire_that_leaves_a_polygon_and_enters_it_again_has_its_ends_there_twice():
    comb = Polygon([(0, 0), (9, 0), (9, 4), (6, 4), (6, 1), (3, 1), (3, 4), (0, 4)])
    net = mn.nanowires_at(
        [(-1, 3, 11, 3), (4.5, 2, 4.5, 5)], electrodes={"comb": comb, "free": [1]}, wire_resistance=1.0
    )
    on = net.wires.node_wire == 0
    np.testing.assert_allclose(net.position[on, 0], [0, 3, 4.5, 6, 9], atol=1e-12)
    held = net.position[net.electrodes["comb"], 0]
    np.testing.assert_allclose(held, [0, 3, 6, 9], atol=1e-12)
    solved = mn.solve(net, np.r_[np.full(len(net.junctions), 1e9), net.segment_conductance], {"comb": 1.0, "free": 0.0})
    np.testing.assert_allclose(solved.current[0], 1 / 1.5 + 1 / 1.5, rtol=1e-6)  # both ways from the teeth


def test_a_wire_within_a_polygon_and_one_around_it():
    polygon = Polygon([(0, 0), (8, 0), (8, 8), (4, 5), (0, 8)])
    wire, part = polygon.contacts(wires_at([(1, 1, 5, 3), (-3, 9, 9, 9), (4, 6, 4, 9), (0, 8, 8, 8), (4, 5, 4, 9)]))
    assert wire.tolist() == [0, 3, 3, 4]
    assert part.tolist() == [[0, 1], [0, 0], [1, 1], [0, 0]]


FAR = st.floats(1.0, 1e300).map(lambda size: [(-3.0 * size, -size), (2.0 * size, -0.7 * size), (0.1 * size, size)])


@given(st.one_of(FAR, st.lists(st.floats(-1e308, 1e308), min_size=6, max_size=6)), ENDS, st.integers(0, 7))
@settings(max_examples=300)
def test_polygons_that_reach_far_beyond_the_network_keep_their_shape(corners, ends, near):
    points = [tuple(point) for point in np.reshape(corners, (3, 2)).tolist()]
    points[0] = (near, 12 - near)  # one corner amid the wires, whose sides lead far away
    try:
        polygon = Polygon(points)
    except ValueError:
        return
    ends = sticks(ends)
    wires = wires_at(ends)
    wire, part = polygon.contacts(wires)
    snapped = [
        [round(x / wires.grid) * wires.grid if abs(x) < 2**52 * wires.grid else x for x in one] for one in points
    ]
    expected = [
        k
        for k, (a, b, c, d) in enumerate(ends)
        if holds(snapped, (a, b)) or any(meets((a, b), (c, d), p, q) for p, q in sides(snapped))
    ]
    assert np.unique(wire).tolist() == expected
    assert ((part[:, 0] >= 0) & (part[:, 0] <= part[:, 1]) & (part[:, 1] <= 1)).all()
    for k, places in zip(wire, part.tolist(), strict=True):
        for place in places:
            assert min(abs(cut - Fraction(place)) for cut in cuts(snapped, ends[k])) < 1e-8


def cuts(points, end):
    """Where a wire meets the lines of a polygon's sides, as fractions of it, and its ends."""
    yield from (0, 1)
    p, q = ([Fraction(x) for x in end[:2]], [Fraction(x) for x in end[2:]])
    for corner, other in sides([[Fraction(x) for x in point] for point in points]):
        turns = [
            (r[0] - corner[0]) * (other[1] - corner[1]) - (r[1] - corner[1]) * (other[0] - corner[0]) for r in (p, q)
        ]
        if turns[0] != turns[1]:
            yield turns[0] / (turns[0] - turns[1])
        else:
            yield sum((c - a) * (b - a) for a, b, c in zip(p, q, corner, strict=True)) / sum(
                (b - a) ** 2 for a, b in zip(p, q, strict=True)
            )


@pytest.mark.parametrize("far", [1.0, 1e12, 1e24, 1e100, 1e250, 1e305])
def test_wires_touch_the_same_sides_of_a_wedge_however_far_it_reaches(far):
    wedge = Polygon([(0, 0), (100 * far, 1000 * far), (100 * far, 0)])
    ends = [[(1, 9), (1, 9.5)], [(1, 11), (2, 21)], [(1, 0.5), (2, 1.5)], [(0, 5), (1, 5)]]
    net = mn.nanowires_at(ends, electrodes={"p": wedge}, wire_resistance=1.0)
    assert net.wires.node_wire[net.electrodes["p"]].tolist() == [0, 0, 2, 2, 3, 3]
    np.testing.assert_allclose(net.position[net.electrodes["p"]][4], [0.5, 5], rtol=1e-12)  # where it enters
    assert wedge.contains([(1, 9), (1, 11), (1, 0.5)]).tolist() == [True, False, True]


@pytest.mark.parametrize("size", [5e-324, 1e-300, 1e-160, 1e160, 1e300, 1e307])
def test_polygons_of_any_size_hold_what_they_do_at_ordinary_size(size):
    polygon = Polygon(size * np.array([(0, 0), (4, 0), (8, 0), (0, 8)]))
    points = size * np.array([(0, 0), (8, 0), (4, 0), (4, 4), (2, 2), (5, 4), (-1, 0), (4, -1), (8, 8)])
    assert polygon.contains(points).tolist() == [True] * 5 + [False] * 4
    assert polygon.centre.tolist() == [4 * size, 4 * size]
    for bad in ([(0, 0), (8, 0), (4, 0)], [(0, 0), (8, 8), (8, 0), (0, 8)]):
        with pytest.raises(ValueError, match="do not cross or touch"):
            Polygon(size * np.array(bad))


LARGEST = np.finfo(float).max


@pytest.mark.parametrize(
    ("shape", "inside"),
    [
        (mn.network.Disc(1e308, 0, 1.7e308), [True, False, True]),
        (mn.network.Disc(-1e308, -1e308, LARGEST), [False, True, True]),
        (Rectangle(-LARGEST, LARGEST, 0, LARGEST), [True, False, True]),
        (Polygon([(-LARGEST, -LARGEST), (LARGEST, -LARGEST), (0, LARGEST)]), [False, True, True]),
    ],
)
def test_shapes_as_large_as_numbers_go_have_a_centre_and_an_outline(shape, inside):
    assert shape.contains([(1e308, 1e308), (-1e308, -1e308), (0, 0)]).tolist() == inside
    assert np.isfinite(shape.outline()).all()
    assert shape.contains(shape.centre[None]).all()


def test_a_rectangle_that_does_not_end_has_no_centre():
    with pytest.raises(ValueError, match="must end to have a centre, got x -inf to inf, y 0 to 1"):
        _ = Rectangle(-np.inf, np.inf, 0, 1).centre


@pytest.mark.parametrize("size", [1e-268, 1e-200, 1e160, 1e268])
@pytest.mark.parametrize("resistance", [None, 1.0])
def test_networks_of_any_size_are_the_same_but_for_the_unit(size, resistance):
    ends = np.random.default_rng(1).integers(0, 2**20, (60, 4)) / 2.0**20
    pads = {"a": Polygon([(0, 0), (0.25, 0), (0, 0.25)]), "b": Rectangle(0.75, 1, 0, 1)}
    size = 2.0 ** round(np.log2(size))
    large = {"a": Polygon(size * pads["a"].outline()), "b": Rectangle(0.75 * size, size, 0, size)}
    options = {"shared": "first", "wire_resistance": resistance}
    one = mn.nanowires_at(ends, electrodes=pads, **options)
    other = mn.nanowires_at(ends * size, electrodes=large, **options)
    assert np.array_equal(one.edges, other.edges)
    assert np.array_equal(one.position * size, other.position)
    assert {name: nodes.tolist() for name, nodes in one.electrodes.items()} == {
        name: nodes.tolist() for name, nodes in other.electrodes.items()
    }


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize("word", ["", "two words", "class", "groups", "wires", "nodes", "band", 5, None, ("a",)])
def test_a_word_that_no_file_could_name_is_refused(word):
    known = dict(SHAPES)
    with pytest.raises(ValueError, match=r"word of .*Odd must be an identifier other than band, groups, nodes, wires"):
        type("Odd", (mn.network.Shape,), {}, word=word)
    assert known == SHAPES


@pytest.mark.parametrize(
    "make",
    [
        lambda: Polygon([(True, False), (1, 0), (0, 1)]),
        lambda: Polygon(((0.5, 0), (1, 0), (0, np.True_))),
        lambda: mn.network.Members([True, 2]),
        lambda: mn.network.Disc(True, 0, 1),
        lambda: mn.nanowires(9, size=9, length=5, electrodes={"a": (True, 1, 2, 3)}),
        lambda: mn.nanowires(9, size=9, length=5, electrodes={"a": {"disc": [1, 1, True]}}),
        lambda: mn.grid(3, 3, electrodes={"a": [True, 2]}),
        lambda: mn.Network(3, [(0, 1)], electrodes={"a": [True, 2]}),
    ],
)
def test_true_and_false_are_no_numbers_in_lists_either(make):
    with pytest.raises((TypeError, ValueError), match="must be"):
        make()


def test_messages_of_large_shapes_are_short():
    for make in (
        lambda: Polygon([(k, k * k) for k in range(5000)]),
        lambda: mn.percolating(9, 0.5, electrodes={"a": {"polygon": [(k, k * k) for k in range(5000)]}}),
        lambda: mn.percolating(9, 0.5, electrodes={"a": Polygon([(k, -1 - k * k) for k in range(800)])}),
        lambda: mn.nanowires(9, size=9, length=5, electrodes={"a": Polygon([(k, -99 - k * k) for k in range(800)])}),
        lambda: mn.Network(3, [(0, 1)], electrodes={"a": Polygon([(k, k * k) for k in range(800)])}),
        lambda: mn.network.Members([*range(5000), 3]),
    ):
        with pytest.raises((TypeError, ValueError)) as caught:
            make()
        assert len(str(caught.value)) < 500


def test_members_are_different_numbers():
    with pytest.raises(ValueError, match=r"Members.numbers must be different numbers, got \[0, 0\]"):
        mn.network.Members([0, 0])
    assert mn.grid(3, 3, electrodes={"a": (2, 2, 3)}).electrodes["a"].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("make", "keyword"),
    [
        (lambda: Rectangle(x_low=0, x_hihg=1, y_low=0, y_high=1), "x_high"),
        (lambda: mn.network.Disc(0, 0, radios=1), "radius"),
        (lambda: Polygon(point=[]), "points"),
        (lambda: mn.network.Members(number=[0]), "numbers"),
    ],
)
def test_shapes_name_the_keyword_that_was_meant(make, keyword):
    with pytest.raises(TypeError, match=f"did you mean '{keyword}'"):
        make()


@pytest.mark.parametrize("corners", [[(0, 0), (9, 0), (0, 9)], [(0.0, 0.5), (9, 0), (0, 9)], ((0, 0), (9, 0), (0, 9))])
def test_corners_without_the_word_are_told_it(corners):
    with pytest.raises((TypeError, ValueError), match=r"if it is a polygon, say \{'polygon': \[...\]\}"):
        mn.percolating(9, 0.5, electrodes={"a": corners})
    with pytest.raises((TypeError, ValueError), match=r"if it is a polygon, say \{'polygon': \[...\]\}"):
        mn.nanowires(9, size=9, length=5, electrodes={"a": corners})
    with pytest.raises(TypeError, match=r"must be a side, a node or a list of nodes, got [^;]*$"):
        mn.grid(3, 3, electrodes={"a": corners})


def test_hints_fit_the_pad():
    far = {"a": {"polygon": [(900, 0), (910, 0), (900, 10)]}}
    with pytest.raises(ValueError, match=r"no group touches electrode 'a' \(polygon .*\); use .* or another pad$"):
        mn.percolating(20, 0.5, seed=1, electrodes=far)
