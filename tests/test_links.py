"""Devices whose edges read other edges: from `mn.link` to runs, files and back."""

import copy
import keyword
import pickle

import made_models
import numpy as np
import pytest
from cases import assert_same_data, assert_same_states
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet import devices, study

EVERYTHING = ["potential", "edge_conductance", "state:x"]


@pytest.fixture
def follower(monkeypatch):
    """Return the class of a state that follows another edge's voltage, in the list of models."""
    cls = made_models.made_class("Follower")
    monkeypatch.setitem(devices.MODELS, "Follower", cls)
    return cls


def ring(n=4):
    """Nodes in a ring, two of them electrodes."""
    return mn.Network(n, [(k, (k + 1) % n) for k in range(n)], electrodes={"a": 0, "b": n // 2})


def simulation(device, **options):
    wave = mn.drive.triangle(0.0, 1.0, period=3.0)
    return mn.Simulation(ring(), device, {"a": wave, "b": 0.0}, **{"dt": 0.25, "seed": 1, **options})


# ------------------------------------------------------------------ the device


def test_a_linked_device_is_another_of_the_same_class(follower):
    device = follower(g=2.0)
    one = mn.link(device, to=[1, 2, 3, 0])
    assert type(one) is follower
    assert one is not device
    assert one.g == 2.0
    assert device.linked_to is None
    assert one.linked_to.dtype == np.int32
    assert not one.linked_to.flags.writeable
    assert repr(one) == "link(Follower(g=2.0), to=array([1, 2, 3, ...]))"
    assert repr(mn.link(device, to=2)) == "link(Follower(g=2.0), to=2)"
    assert repr(mn.link(device, to="gate")) == "link(Follower(g=2.0), to='gate')"
    assert "linked to" in one._repr_html_()
    with pytest.raises(AttributeError, match="frozen"):
        one.linked_to = 3


def test_the_array_given_is_copied(follower):
    edges = np.array([1, 2, 3, 0])
    device = mn.link(follower(), to=edges)
    edges[:] = 0
    assert device.linked_to.tolist() == [1, 2, 3, 0]


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda device: pickle.loads(pickle.dumps(device))])
def test_copies_are_linked(follower, again):
    device = mn.link(follower(tau=3.0), to=[1, 2, 3, 0])
    assert repr(again(device)) == repr(device)
    assert again(device).linked_to.tolist() == [1, 2, 3, 0]


@pytest.mark.parametrize(
    ("to", "error", "message"),
    [
        (-1, ValueError, r"to must be an integer in \[0, "),
        ([1, -2], ValueError, "to must name edges 0 to .*, got -2"),
        (1.5, TypeError, "to must be an integer, got 1.5"),
        ([1.0, 2.0], TypeError, "to must be an array of integers"),
        ([[1, 2]], ValueError, r"to must have shape \(any,\), got \(1, 2\)"),
        (None, TypeError, "to must be an integer, got None"),
        (True, TypeError, "to must be an integer, got True"),
        (["gate"], TypeError, "to must be an array of integers"),
    ],
)
def test_what_names_no_edge_is_refused(follower, to, error, message):
    with pytest.raises(error, match=message):
        mn.link(follower(), to=to)


def test_devices_that_read_no_edge_are_refused():
    with pytest.raises(ValueError, match=r"device must be one that reads another edge, which Resistor does not, got"):
        mn.link(mn.Resistor(), to=1)
    with pytest.raises(TypeError, match="device must be a device, got 3"):
        mn.link(3, to=1)


@pytest.mark.parametrize(
    ("to", "message"),
    [
        (4, r"to of link\(Follower\(\), to=4\) must name edges 0 to 3, got 4"),
        ([1, 2, 3, 9], "must name edges 0 to 3, got 9"),
        ([1, 2, 3], "must name one edge for each of its 4 edges, got 3"),
        ([1, 2, 3, 3], "must name other edges, got 3 for itself"),
        (2, "must name other edges, got 2 for itself"),
        ("gate", "must be edges of the network; names of edges are known to a circuit only"),
    ],
)
def test_links_must_fit_the_network(follower, to, message):
    with pytest.raises(ValueError, match=message):
        simulation(mn.link(follower(), to=to))


def test_a_missing_link_is_named(follower):
    with pytest.raises(ValueError, match=r"Follower\(\) reads another edge for each of its own; say which: mn\.link"):
        simulation(follower())


def test_the_linked_edge_must_have_the_state(follower):
    reader = mn.link(follower(), to=1)
    with pytest.raises(ValueError, match=r"the states that it reads.*Follower\.x of edge 1"):
        simulation([reader, mn.Resistor(), mn.Resistor(), mn.Resistor()])
    simulation([reader, mn.LinearDrift(), mn.Resistor(), mn.Resistor()])


# ------------------------------------------------------------------ units

GAP = mn.device_model(
    "LinkedGap",
    """
i = g*v
dd/dt = k*v
parameter g = 1 mS
parameter k = 1 nm/(V s)
state d = 1 nm in [0 nm, 10 nm]
""",
)
READS_GAP = "i = g*v*(1 + linked.d/l)\nparameter g = 1 mS\n"


def reading_a_gap(text):
    pair = mn.Network(3, [(0, 1), (1, 2)], electrodes={"a": 0, "b": 2})
    reader = mn.device_model("GapReader", text)
    return mn.Simulation(pair, [GAP(), mn.link(reader(), to=0)], {"a": 1.0, "b": 0.0}, dt=1e-3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            READS_GAP + "parameter l = 1 s\nlinked d in s",
            r"GapReader takes linked\.d in s, but d of LinkedGap, which is on edge 0, is in m; .* in m`",
        ),
        (READS_GAP + "parameter l = 1 V\nlinked d in mV", r"takes linked\.d in mV, but d of LinkedGap.* is in m;"),
        (
            READS_GAP + "parameter l = 1 s\nstate d = 1 ms\ndd/dt = -d/l",
            r"takes linked\.d in s, but d of LinkedGap.* is in m;",
        ),
    ],
)
def test_units_of_linked_states_are_compared(text, message):
    with pytest.raises(ValueError, match=message):
        reading_a_gap(text)


def test_a_linked_state_without_a_unit_is_a_number():
    sim = reading_a_gap("i = g*v*(1 + linked.d)\nparameter g = 1 mS")
    sim.step(1)
    np.testing.assert_allclose(sim.conductance, [1e-3, 1e-3 * (1 + 1e-9)], rtol=1e-12)


def test_a_linked_state_is_read_in_si_units():
    sim = reading_a_gap(READS_GAP + "parameter l = 1 nm\nlinked d in nm : the gap of the other edge")
    sim.step(1)
    np.testing.assert_allclose(sim.conductance, [1e-3, 2e-3], rtol=1e-12)
    own = reading_a_gap(
        "i = g*v*(1 + linked.d/d)\nparameter g = 1 mS\nstate d = 1 um\ndd/dt = 0*d/s_0\nparameter s_0 = 1 s"
    )
    np.testing.assert_allclose(own.conductance, [1e-3, 1.001e-3], rtol=1e-12)


def test_every_state_of_memnet_has_a_unit_that_can_be_compared():
    pair = mn.Network(3, [(0, 1), (1, 2)], length=[0.5, 0.5], electrodes={"a": 0, "b": 2})
    compared = 0
    for cls in devices.MODELS.values():
        for name, field in devices.state_fields(devices.table_of(cls)).items():
            is_read = name != "v" and not keyword.iskeyword(name) and field["dimension"] is None
            if is_read and devices.table_of(cls)["linked_states"] is None:
                text = f"i = g*v*where(linked.{name} > 0*s, 1, 2)\nparameter g = 1 S\nparameter s = 1 {field['unit']}"
                unit = "" if field["unit"] == "1" else f"\nlinked {name} in {field['unit']}"
                reader = mn.device_model("AnyReader", text.replace("1 1", "1") + unit)
                mn.Simulation(pair, [cls(), mn.link(reader(), to=0)], {"a": 1.0, "b": 0.0}, dt=1e-3)
                compared += 1
    assert compared > 10


# ------------------------------------------------------------------ runs


@settings(max_examples=20)
@given(cut=st.integers(1, 29), event_driven=st.booleans(), links=st.permutations(range(4)))
def test_runs_in_pieces_have_the_same_bits(cut, event_driven, links):
    links = [(k + 1) % 4 if to == k else to for k, to in enumerate(links)]
    sim = simulation(mn.link(made_models.made_class("Follower")(), to=links), event_driven=event_driven)
    whole = sim.copy()
    parts = [sim.run(n, record=EVERYTHING) for n in (cut, 30 - cut)]
    data = whole.run(30, record=EVERYTHING)
    for name in ("potential", "edge_conductance", "state_x"):
        np.testing.assert_array_equal(np.concatenate([part[name] for part in parts]), data[name])


def test_a_follower_follows_its_link(follower):
    links = [1, 3, 0, 2]
    sim = simulation(mn.link(follower(), to=links))
    data = sim.run(30, record=[*EVERYTHING, "branch_voltage"])
    voltage, x = data.branch_voltage.values[:, links], data.state_x.values
    np.testing.assert_allclose(np.diff(x, axis=0), (voltage - x)[:-1] * 0.25 / 2.0, rtol=0, atol=1e-15)
    lagged = np.vstack([np.zeros(4), voltage[:-1]])
    np.testing.assert_allclose(data.edge_conductance, 1.0 + x[:, links] ** 2 + 2.0 * lagged**2, rtol=1e-15)
    assert np.ptp(x) > 0.3


# ------------------------------------------------------------------ keeping


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, lambda sim: pickle.loads(pickle.dumps(sim))])
def test_copies_of_simulations_are_linked(follower, way):
    sim = simulation(mn.link(follower(), to=[1, 2, 3, 0]))
    sim.step(7)
    again = way(sim)
    assert_same_states(again, sim)
    assert_same_data(again.run(20, record=EVERYTHING), sim.run(20, record=EVERYTHING))


@pytest.mark.parametrize("to", [[1, 2, 3, 0], None])
def test_files_keep_links(follower, tmp_path, to):
    given = mn.link(follower(), to=to) if to else [mn.link(follower(), to=1), *[mn.LinearDrift()] * 3]
    sim = simulation(given)
    first = sim.run(7, record=EVERYTHING[:2])
    assert_same_data(mn.rerun(first), first)
    sim.save(tmp_path / "run.mn")
    again = mn.Simulation.load(tmp_path / "run.mn")
    assert repr(again.devices) == repr(sim.devices)
    data = sim.run(20, record=EVERYTHING[:2])
    assert_same_data(again.run(20, record=EVERYTHING[:2]), data)
    data.to_netcdf(tmp_path / "run.nc")
    assert_same_data(mn.rerun(tmp_path / "run.nc"), data)


RUN_FILE = """
network = {kind = "grid", rows = 2, columns = 2}
devices = [{model = "MODEL", link = LINK}]
drive = {left = 1.0, right = 0.0}
run = {steps = 5}
"""


def test_a_run_file_names_the_link(follower, tmp_path):
    def read(model, link):
        (tmp_path / "run.toml").write_text(RUN_FILE.replace("MODEL", model).replace("LINK", link))
        return study.read_run_file(tmp_path / "run.toml").simulation

    n_edges = mn.grid(2, 2, seed=1).n_edges
    links = [(k + 1) % n_edges for k in range(n_edges)]
    sim = read("Follower", str(links))
    assert sim.devices[0].linked_to.tolist() == links
    with pytest.raises(ValueError, match=r"\[\[devices\]\] 1: to must be an integer in"):
        read("Follower", "-1")
    with pytest.raises(ValueError, match=r"\[\[devices\]\] 1 \(Resistor\) has an unknown key 'link'"):
        read("Resistor", "1")


# ------------------------------------------------------------------ the transistor


def test_a_transistor_is_described_by_its_parameters():
    device = mn.link(mn.Transistor(k=2e-4, v_t=0.7, modulation=0.05, polarity="p"), to=1)
    assert repr(device) == "link(Transistor(k=0.0002, v_t=0.7, modulation=0.05, polarity='p'), to=1)"
    (again,) = devices.rebuild_each(devices.describe_devices([device], np.zeros(1, dtype=np.int32)))
    assert repr(again) == repr(device)
