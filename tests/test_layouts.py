"""Every function that makes networks, found by its record: files, run files, copies, maps, and its layout."""

import copy
import json
import pickle

import numpy as np
import pytest
from matplotlib import pyplot

import memnet as mn
from memnet.network import GENERATORS, Layout, describe_network, rebuild_network, turned as turn
from memnet.study import read_run_file


def make(name):
    return GENERATORS[name].function(**GENERATORS[name].example)


def toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(one)}" for key, one in value.items()) + "}"
    return json.dumps(value)


@pytest.mark.parametrize("name", GENERATORS)
def test_a_generator_is_found_by_its_name(name):
    assert getattr(mn, name) is getattr(mn.network, name) is GENERATORS[name].function
    assert name in mn.__all__
    assert name in dir(mn)
    assert name in mn.network.__all__


@pytest.mark.parametrize("name", GENERATORS)
def test_a_layout_says_what_made_the_network(name):
    net = make(name)
    layout = net.layout
    assert layout.function == name == net.provenance["function"]
    assert net.provenance["arguments"] == layout.arguments
    assert {one: net.info[one] for one in layout.info} == layout.info
    assert set(layout.told) <= set(layout.arguments)
    assert set(layout.units) <= {*layout.info, *layout.arguments} or name == "nanowires_at"
    assert list(layout.places) == list(net.electrodes if "electrodes" in layout.arguments else ())
    assert json.loads(json.dumps(layout.plain())) == layout.plain()
    assert layout.caption() in repr(net)
    assert repr(layout).startswith(f"<{type(layout).__name__}: ")
    assert layout._repr_html_().startswith("<table>")


@pytest.mark.parametrize("name", GENERATORS)
def test_files_copies_and_turns_give_the_same_network(name):
    net = make(name)
    turned = turn(net, np.arange(0, net.n_edges, 2))
    for one in (net, turned):
        spec = json.loads(json.dumps(describe_network(one)))
        for other in (rebuild_network(spec), pickle.loads(pickle.dumps(one)), copy.deepcopy(one)):
            assert np.array_equal(other.edges, one.edges)
            assert other.info == one.info
            assert other.provenance == one.provenance
            arrays = {key: value for key, value in vars(one.layout).items() if isinstance(value, np.ndarray)}
            for key, value in arrays.items():
                assert np.array_equal(getattr(other.layout, key), value)
                assert not getattr(other.layout, key).flags.writeable
            assert other.layout.places == one.layout.places


@pytest.mark.parametrize("name", GENERATORS)
def test_a_run_file_makes_the_network(name, tmp_path):
    net = make(name)
    written = "\n".join(
        f"{key} = {toml(value)}" for key, value in GENERATORS[name].example.items() if value is not None
    )
    drive = "\n".join(f"{one} = {k}" for k, one in enumerate(net.electrodes))
    path = tmp_path / "run.toml"
    path.write_text(
        f'[network]\nkind = {toml(name)}\n{written}\n[[devices]]\nmodel = "RateBalance"\n'
        f"[drive]\n{drive}\n[run]\nsteps = 1\n"
    )
    assert read_run_file(path).network.provenance == net.provenance


@pytest.mark.parametrize("name", GENERATORS)
@pytest.mark.parametrize("nodes", [False, True])
def test_a_map_shows_the_marks_of_the_layout(name, nodes):
    net = make(name)
    word = "nodes" if nodes else net.layout.marks().word
    volts = np.linspace(0.0, 1.0, net.n_nodes)
    drawn = mn.plot.network(net, groups=word, potential=volts)
    drawn.update(potential=volts[::-1].copy())
    ends = net.layout.edge_ends(net.edges, np.asarray(mn.plot.network(net).drawing.groups.position), net.layout.marks())
    assert ends.shape == (net.n_edges, 2, 2)
    names = {text.get_text() for text in drawn.ax.texts}
    assert bool(net.layout.unit) == any(one.endswith(f" {net.layout.unit}") for one in names)
    assert set(net.electrodes) <= names
    pyplot.close("all")


def test_networks_by_hand_have_a_plain_layout():
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    assert type(net.layout) is Layout
    assert net.layout.info == {}
    assert net.layout.plain() == net.provenance == {"function": "Network", "arguments": {"n_nodes": 3, "n_edges": 2}}


@pytest.mark.parametrize("name", ["os.system", "rerun", "Simulation", "__import__", "eval", "from_networkx", None, 3])
def test_a_file_can_name_no_other_function(name):
    spec = {**describe_network(make("grid")), "function": name}
    with pytest.raises((TypeError, ValueError), match="function that makes a network"):
        rebuild_network(spec)


def test_a_function_of_another_module_becomes_a_generator(monkeypatch):
    from memnet.network import _electrodes, _generators

    monkeypatch.setattr(_generators, "GENERATORS", dict(GENERATORS))

    @_generators.generator(_electrodes.NODES, n=3)
    def chain(n):
        return mn.Network(n, [(k, k + 1) for k in range(n - 1)])

    record = _generators.GENERATORS["chain"]
    assert record.function(**record.example).n_edges == 2


def lambda_of(name):
    def function():
        raise NotImplementedError

    function.__name__ = name
    return function


@pytest.mark.parametrize("name", ["<lambda>", "", "two words", "class", "Network"])
def test_a_generator_has_a_name_that_files_and_code_can_say(name):
    from memnet.network import _electrodes, _generators

    known = dict(GENERATORS)
    with pytest.raises(ValueError, match=r"name of .* must be an identifier other than Network, got"):
        _generators.generator(_electrodes.NODES)(lambda_of(name))
    assert known == GENERATORS


@pytest.mark.parametrize("name", GENERATORS)
def test_what_a_network_knows_of_its_making_cannot_be_changed(name):
    net = turn(make(name), [0])
    before = json.dumps([net.provenance, net.info])
    copies = (net, pickle.loads(pickle.dumps(net)), copy.deepcopy(net))
    for one in copies:
        arguments, spoilt = one.layout.arguments, "what a network keeps cannot be changed"
        electrodes = [arguments[name] for name in ("electrodes",) if name in arguments]
        for table in (arguments, one.layout.places, one.provenance["arguments"], *electrodes):
            for spoil in (
                lambda t=table: t.update(seed=99),
                lambda t=table: t.__setitem__("seed", 99),
                lambda t=table: t.pop("seed", None),
                lambda t=table: t.__ior__({"seed": 99}),
                lambda t=table: t.clear(),
            ):
                with pytest.raises(TypeError, match=spoilt):
                    spoil()
        lists = [value for value in (*arguments.values(), one.provenance["turned"]) if isinstance(value, list)]
        for values in lists:
            for spoil in (values.clear, values.reverse, lambda v=values: v.append(1), lambda v=values: v.__imul__(2)):
                with pytest.raises(TypeError, match=spoilt):
                    spoil()
        assert json.dumps([one.provenance, one.info]) == before
    again = net.layout.arguments.copy()
    again["seed"] = 99
    mine = copy.deepcopy(net.provenance)
    mine["arguments"].setdefault("electrodes", {})["more"] = [1]
    assert json.dumps([net.provenance, net.info]) == before
    assert type(mine["arguments"]) is type(again) is dict


def test_the_name_of_a_pad_amid_a_map_stands_above_it():
    pads = {
        "tip": mn.network.Disc(30, 30, 5),
        "wedge": mn.network.Polygon([(15, 40), (22, 42), (18, 48)]),
        "left": "left",
        "rim": mn.network.Rectangle(50, 58, 10, 40),
    }
    for net in (
        mn.nanowires(200, size=60, length=12, seed=3, electrodes=pads, shared="first"),
        mn.percolating(60, 0.6, seed=3, electrodes=pads, shared="first"),
    ):
        texts = {text.get_text(): text for text in mn.plot.network(net).ax.texts}
        assert texts["tip"].xy == (30.0, pytest.approx(35.0))
        assert texts["wedge"].xy == (18.5, 48.0)
        assert texts["tip"].xycoords == texts["wedge"].xycoords == "data"
        assert texts["left"].xycoords == texts["rim"].xycoords == "axes fraction"
        pyplot.close("all")
