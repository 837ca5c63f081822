"""Gate lines of crossbars: cells of a transistor and a memristor, one of which is written at a time."""

import json

import numpy as np
import pytest
from hypothesis import given, strategies as st

import memnet as mn
from memnet.network import describe_network, rebuild_network

ACCESS = mn.Transistor(k=1e-3, v_t=0.7)
MEMRISTOR = mn.LinearDrift(r_on=1e3, r_off=1e5, x_initial=0.3)
CELL = mn.series(MEMRISTOR, ACCESS)


def lines(net, word, bit):
    """The same voltage on all word lines, and on all bit lines."""
    return {name: bit if name[0] == "b" else word for name in net.electrodes if name[0] != "g"}


# ------------------------------------------------------------------ what it is


@given(
    st.integers(1, 3),
    st.integers(1, 4),
    st.integers(1, 4),
    st.sampled_from(["rows", "columns"]),
    st.sampled_from([None, 2.0]),
    st.sampled_from(["shared", "isolated"]),
    st.integers(0, 1),
)
def test_a_probe_runs_from_the_gate_to_the_bit_line_of_its_cell(layers, rows, columns, gates, line, stacking, dummy):
    net = mn.crossbar(
        rows, columns, layers=layers, gates=gates, line_resistance=line, stacking=stacking, dummy_lines=dummy
    )
    plain = mn.crossbar(rows, columns, layers=layers, line_resistance=line, stacking=stacking, dummy_lines=dummy)
    layout = net.layout
    np.testing.assert_array_equal(net.edges[: plain.n_edges], plain.edges)
    assert list(net.electrodes)[: len(plain.electrodes)] == list(plain.electrodes)
    np.testing.assert_array_equal(layout.probes, np.arange(plain.n_edges, net.n_edges))
    for place in np.ndindex(layers, rows, columns):
        number = place[1] if gates == "rows" else place[2]
        name = f"g{place[0]}_{number}" if layers > 1 else f"g{number}"
        assert layout.gates[place] == name
        gate, source = net.edges[layout.probe[place]]
        assert [gate] == net.electrodes[name].tolist()
        assert source == layout.bit_node[place] == net.edges[net.cell[place]][1]
    assert len(np.unique(net.edges[layout.probes], axis=0)) == len(layout.probes)


def test_gates_are_kept_in_files():
    net = mn.crossbar(2, 3, gates="columns", contact_resistance=1.0)
    again = rebuild_network(json.loads(json.dumps(describe_network(net))))
    assert again.layout.gates.tolist() == net.layout.gates.tolist()
    np.testing.assert_array_equal(again.edges, net.edges)
    assert net.info["gates"] == "columns"
    assert mn.crossbar(2, 2).layout.gates is mn.crossbar(2, 2).layout.probe is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"gates": "row"}, "unknown gates 'row', did you mean 'rows'"),
        ({"gates": 3}, "gates"),
        ({"gates": "rows", "layers": 2, "stacking": "vertical"}, "gates must be None with stacking"),
    ],
)
def test_gates_that_cannot_be_are_refused(options, message):
    with pytest.raises((TypeError, ValueError), match=message):
        mn.crossbar(2, 2, **options)


# ------------------------------------------------------------------ devices


def test_transistors_of_cells_are_linked_to_their_probes():
    net = mn.crossbar(2, 2, gates="rows", line_resistance=1.0)
    other = mn.series(mn.RateBalance(), ACCESS)
    devices = mn.cell_devices(net, {CELL: [[1, 0], [0, 1]], other: [[0, 1], [1, 0]]})
    probe = net.layout.probe[0]
    assert devices[0].linked_to.tolist() == [probe[0, 0], probe[1, 1]]
    assert devices[1].linked_to.tolist() == [probe[0, 1], probe[1, 0]]
    assert devices[0] is devices[3]
    assert len(devices) == net.n_edges
    assert [devices[k].conductance for k in net.layout.probes] == [0.0] * 4
    assert CELL.linked_to is None
    # A link that was made, and a device that reads no other edge, stay as they are.
    mine = mn.link(CELL, to=[7, 7, 7, 7])
    assert mn.cell_devices(net, mine)[0] is mine
    assert mn.cell_devices(net, MEMRISTOR)[0] is MEMRISTOR


def test_values_for_each_cell_keep_the_links():
    net = mn.crossbar(2, 2, gates="columns")
    devices = mn.cell_devices(net, CELL, x_initial_1=[[0.1, 0.2], [0.3, 0.4]])
    assert devices[0].x_initial_1.tolist() == [0.1, 0.2, 0.3, 0.4]
    assert devices[0].linked_to.tolist() == net.layout.probe.ravel().tolist()


def test_probes_carry_nothing_at_rest():
    for options in ({}, {"line_resistance": 3.0, "contact_resistance": 10.0}):
        g = np.random.default_rng(1).uniform(1e-6, 1e-4, (3, 4))
        net, plain = mn.crossbar(3, 4, gates="rows", **options), mn.crossbar(3, 4, **options)
        drive = lines(plain, 0.2, 0.0)
        found = mn.solve(net, mn.cell_conductances(net, g), drive | mn.arrays.gate_drive(net, 3.0))
        expected = mn.solve(plain, mn.cell_conductances(plain, g), drive)
        np.testing.assert_allclose(found.current[:7], expected.current, rtol=1e-14)
        np.testing.assert_array_equal(found.current[7:], 0.0)


# ------------------------------------------------------------------ writing one cell


@pytest.mark.parametrize("gates", ["rows", "columns"])
@pytest.mark.parametrize("line", [None, 1.0])
def test_only_the_cell_with_an_open_gate_and_a_driven_line_moves(gates, line):
    """The lines that are no gates drive all cells of column 1, where gates are those of rows, or of row 1."""
    net = mn.crossbar(3, 3, gates=gates, line_resistance=line)
    drive = lines(net, 2.0, 2.0) | {"b1": 0.0} if gates == "rows" else lines(net, 0.0, 0.0) | {"w1": 2.0}

    def moved(volts):
        sim = mn.Simulation(net, mn.cell_devices(net, CELL), drive | volts, dt=1e-4)
        sim.run(50)
        return sim.state(sim.devices[0], "x_1").reshape(3, 3) - 0.3

    change = moved(mn.arrays.gate_drive(net, 3.0, (1, 1)))
    assert change[1, 1] > 0.01
    others = np.arange(9).reshape(3, 3) != 4
    if line is None:
        np.testing.assert_array_equal(change[others], 0.0)
    else:
        assert np.abs(change[others]).max() < 1e-3 * change[1, 1]
    # Control: with all gates open, cells on the driven line move as much.
    half = moved(mn.arrays.gate_drive(net, 3.0))
    assert (np.abs(half[:, 1] if gates == "rows" else half[1]) > 0.5 * change[1, 1]).all()


def test_an_array_of_cells_is_as_many_cells_alone():
    """Ideal lines: the current of each cell is that of one cell between the same voltages."""
    rng = np.random.default_rng(5)
    net = mn.crossbar(2, 3, gates="rows")
    x = rng.uniform(0.0, 1.0, (2, 3))
    volts = {name: float(rng.uniform(-1.0, 3.0)) for name in net.electrodes}
    sim = mn.Simulation(net, mn.cell_devices(net, CELL, x_initial_1=x), volts, dt=1e-3)
    for row, column in np.ndindex(2, 3):
        one = mn.Network(3, [(0, 2), (1, 2)], electrodes={"w": 0, "g": 1, "b": 2})
        cell = mn.series(mn.LinearDrift(r_on=1e3, r_off=1e5, x_initial=x[row, column]), mn.link(ACCESS, to=1))
        alone = mn.Simulation(
            one,
            [cell, mn.Resistor(conductance=0.0)],
            {"w": volts[f"w{row}"], "g": volts[f"g{row}"], "b": volts[f"b{column}"]},
            dt=1e-3,
        )
        assert sim.branch_current[net.cell[0, row, column]] == pytest.approx(alone.current[0], rel=1e-14)


# ------------------------------------------------------------------ drives


def test_gate_drives():
    net = mn.crossbar(2, 2, layers=2, gates="columns")
    wave = mn.drive.pulses(0.0, 2.0, length=1e-3, spacing=1e-3, count=1)
    assert mn.arrays.gate_drive(net, 2.0, (1, 0, 1), off=-0.5) == {
        "g0_0": -0.5,
        "g0_1": -0.5,
        "g1_0": -0.5,
        "g1_1": 2.0,
    }
    assert mn.arrays.gate_drive(net, wave) == dict.fromkeys(["g0_0", "g0_1", "g1_0", "g1_1"], wave)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((mn.crossbar(2, 2), 1.0), "net must have gate lines"),
        ((mn.grid(2, 2), 1.0), "net must be a network that mn.crossbar made"),
        ((mn.crossbar(2, 2, gates="rows"), np.nan), "voltage must be"),
        (
            (mn.crossbar(2, 2, gates="rows"), mn.drive.current(1.0)),
            "voltage must be a number or a waveform of voltages",
        ),
        ((mn.crossbar(2, 2, gates="rows"), 1.0, (2, 0)), "row of cell must be"),
        ((mn.crossbar(2, 2, gates="rows"), 1.0, 1), "cell must be"),
    ],
)
def test_gate_drives_that_cannot_be_are_refused(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        mn.arrays.gate_drive(*arguments)
