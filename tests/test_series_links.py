"""Series of which one part reads another edge: cells of a transistor and a memristor (1T1R) on one edge."""

import copy
import functools
import math
import pickle
import shutil

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from test_spice import run_ngspice as run_netlist
from test_transistor import MODULATION, V_T, K, level_1, run_ngspice

import memnet as mn
from memnet import devices, study

needs_ngspice = pytest.mark.skipif(shutil.which("ngspice") is None, reason="no ngspice here")
ACCESS = mn.Transistor(k=K, v_t=V_T, modulation=MODULATION)
DRIFT = mn.LinearDrift(r_on=1e3, r_off=1e5, x_initial=0.3)
WAVES = {"bit": mn.drive.triangle(0.0, 2.0, period=0.04), "gate": mn.drive.sine(1.5, 33.0), "source": 0.0}


def one_cell():
    """A cell, and a probe from its gate to its source."""
    return mn.Network(3, [(0, 2), (1, 2)], electrodes={"bit": 0, "gate": 1, "source": 2})


def simulation(drive=WAVES, access=ACCESS, memristor=DRIFT, **options):
    cell = mn.series(memristor, mn.link(access, to=1))
    return mn.Simulation(one_cell(), [cell, mn.Resistor(conductance=0.0)], drive, **{"dt": 1e-4, **options})


# ------------------------------------------------------------------ what it is


def test_the_link_of_a_part_is_that_of_the_whole():
    cell = mn.series(DRIFT, mn.link(mn.Transistor(), to=[3, 4]))
    assert cell.linked_to.tolist() == [3, 4]
    assert "linked to" in cell._repr_html_()
    assert (
        repr(mn.series(mn.Resistor(), mn.link(mn.Transistor(), to=1))) == "series(Resistor(), link(Transistor(), to=1))"
    )


def test_a_series_is_linked_anew_as_a_device_is():
    cell = mn.series(mn.Resistor(), mn.Transistor(k=1e-3))
    assert cell.linked_to is None
    again = mn.link(cell, to=2)
    assert (again.linked_to, again.parts[1].linked_to, again.k_2) == (2, 2, 1e-3)
    assert cell.linked_to is None
    with pytest.raises(ValueError, match=r"reads another edge for each of its own; say which: mn\.link"):
        mn.Simulation(one_cell(), [cell, mn.Resistor(conductance=0.0)], WAVES)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ((mn.Transistor(), mn.Resistor()), "Transistor must be the last part of a series: .*turn the edge round"),
        ((mn.Resistor(), mn.Transistor(), mn.Transistor()), "only one part of a series may read another edge"),
        ((mn.Ecram(), mn.Transistor()), "only one part of a series may read another edge.* got Ecram, Transistor"),
    ],
)
def test_what_links_cannot_be_is_refused(parts, message):
    with pytest.raises(ValueError, match=message):
        mn.series(*parts)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda cell: pickle.loads(pickle.dumps(cell))])
def test_copies_and_descriptions_are_linked(again):
    cell = mn.series(mn.RateBalance(g_min=1e-6), mn.link(ACCESS, to=[1, 2]))
    assert again(cell).linked_to.tolist() == [1, 2]
    (told,) = devices.rebuild_each(devices.describe_devices([cell], np.zeros(1, dtype=np.int32)))
    assert repr(told) == repr(cell)
    assert told.linked_to.tolist() == [1, 2]


def test_a_text_in_a_series_reads_voltage_and_state_of_its_link():
    reader = mn.device_model(
        "Reader", "i = g*v*(1 + linked.g + (linked.v/V_1)**2)\nparameter g = 1 mS\nparameter V_1 = 1 V"
    )
    gate = mn.RateBalance(g_min=0.0, g_max=0.0, g_initial=0.25)
    for parts in ((reader(), mn.Resistor(conductance=1e-3)), (mn.Resistor(conductance=1e-3), reader())):
        cell = mn.link(mn.series(*parts), to=1)
        sim = mn.Simulation(one_cell(), [cell, gate], {"bit": 1.0, "gate": 2.0, "source": 0.0}, dt=1e-3)
        assert sim.current[0] == pytest.approx(1e-3 / (1.0 + 1.0 / 5.25), rel=1e-14)


def test_units_of_states_that_a_part_reads_are_compared():
    reader = mn.device_model(
        "Reader", "i = g*v*(1 + linked.x/s_1)\nparameter g = 1 mS\nparameter s_1 = 1 s\nlinked x in s"
    )
    cell = mn.series(mn.Resistor(), mn.link(reader(), to=1))
    with pytest.raises(ValueError, match=r"Reader takes linked\.x in s, but x of LinearDrift.* is without a unit"):
        mn.Simulation(one_cell(), [cell, DRIFT], WAVES)


# ------------------------------------------------------------------ against level 1 of ngspice


@needs_ngspice
@pytest.mark.parametrize("polarity", ["n", "p"])
def test_currents_are_those_of_level_1(polarity, tmp_path):
    """Cells in triode, saturation, reversed and cut off, with the source at any potential."""
    n, sign = 60, 1.0 if polarity == "n" else -1.0
    rng = np.random.default_rng(7)
    bit, source = sign * rng.uniform(-2.0, 2.0, n), sign * rng.uniform(-0.5, 0.5, n)
    gate, conductance = sign * rng.uniform(0.0, 4.0, n), 10.0 ** rng.uniform(-6, -2, n)
    lines = [level_1(polarity)]
    for k in range(n):
        lines += [
            f"V{name}{k} {name}{k} 0 {of[k]!r}"
            for name, of in (("b", bit.tolist()), ("g", gate.tolist()), ("s", source.tolist()))
        ]
        lines += [f"R{k} b{k} i{k} {1.0 / float(conductance[k])!r}", f"M{k} i{k} g{k} s{k} s{k} m w=1 l=1"]
    expected = -run_ngspice(tmp_path, lines, [f"i(vb{k})" for k in range(n)])
    edges = [(3 * k + end, 3 * k + 2) for end in (0, 1) for k in range(n)]
    electrodes = {f"{name}{k}": 3 * k + j for k in range(n) for j, name in enumerate("bgs")}
    drive = {f"{name}{k}": of[k] for name, of in (("b", bit), ("g", gate), ("s", source)) for k in range(n)}
    access = mn.Transistor(k=K, v_t=V_T, modulation=MODULATION, polarity=polarity)
    cell = mn.series(mn.Resistor(conductance=conductance), mn.link(access, to=np.arange(n, 2 * n)))
    sim = mn.Simulation(
        mn.Network(3 * n, edges, electrodes=electrodes), [cell] * n + [mn.Resistor(conductance=0.0)] * n, drive
    )
    np.testing.assert_allclose(sim.current[::3], expected, rtol=1e-12, atol=1e-27)
    opened = np.abs(sim.current[::3]) > 0.0
    over = sign * gate - np.minimum(sign * source, sign * bit) > V_T
    np.testing.assert_array_equal(opened, over)
    assert 5 < opened.sum() < n


@needs_ngspice
@pytest.mark.parametrize("polarity", ["n", "p"])
def test_netlists_of_cells(polarity, tmp_path):
    sign = 1.0 if polarity == "n" else -1.0
    memristor = mn.RateBalance(kappa_p0=2.0, kappa_d0=20.0, eta_p=3.0, eta_d=1.0, g_min=1e-6, g_max=1e-4, g_initial=0.2)
    access = mn.Transistor(k=K, v_t=V_T, modulation=MODULATION, polarity=polarity)
    drive = {"bit": mn.drive.triangle(-1.0, 2.0, period=0.4), "gate": sign * 1.6, "source": 0.1}
    sim = simulation(drive, access, memristor, dt=1e-3, method="adaptive", rtol=1e-9)
    table = run_netlist(mn.to_spice(sim, 0.4, step=1e-3), tmp_path)
    data = sim.run(401)
    expected = np.interp(data.time.values[1:], table[:, 0], -table[:, 1])  # at steps of ngspice's own
    np.testing.assert_allclose(data.current.values[1:, 0], expected, rtol=1e-4, atol=1e-9)
    assert np.ptp(data.current.values[:, 0]) > 1e-5


# ------------------------------------------------------------------ against SciPy


def cell_current(t, x):
    """The root of both laws, by bisection to rounding."""
    bit, gate = 100.0 * min(t, 0.04 - t), 1.5 * math.sin(2.0 * math.pi * 33.0 * t)  # WAVES
    resistance = 1e3 * x + 1e5 * (1.0 - x)

    def excess(inner):
        over, beyond = max(gate - V_T, 0.0), max(gate - inner - V_T, 0.0)
        return (bit - inner) / resistance - 0.5 * K * (over**2 - beyond**2) * (1.0 + MODULATION * abs(inner))

    return (bit - brentq(excess, 0.0, bit, xtol=1e-16, rtol=1e-15)) / resistance if bit > 0.0 else 0.0


@functools.lru_cache
def expected_states():
    """The state of the memristor in each of 40 ms: dx/dt = mu r_on/d^2 i."""
    time = 1e-3 * np.arange(41)
    found = solve_ivp(
        lambda t, x: [1e5 * cell_current(t, x[0])],
        (0.0, 0.04),
        [0.3],
        "LSODA",
        time,
        rtol=1e-10,
        atol=1e-12,
        max_step=1e-4,
    )
    return found.y[0]


def rows(sim, every):
    """The state of the memristor in rows of a millisecond each."""
    return sim.run(40 * every + 1, every=every, record={"state:x_1": sim.devices[0]}).state_x_1.values[:, 0]


def test_a_cell_moves_as_its_equations_say():
    expected = expected_states()
    np.testing.assert_allclose(rows(simulation(dt=1e-3, method="adaptive", rtol=1e-8), 1), expected, rtol=1e-6)
    assert np.ptp(expected) > 0.01
    # Steps of a fixed length are of second order.
    error = {every: np.abs(rows(simulation(dt=1e-3 / every), every) - expected).max() for every in (2, 10)}
    assert error[2] < 3e-5
    assert error[10] < error[2] / 15.0


@settings(max_examples=5)
@given(cut=st.integers(1, 29), method=st.sampled_from(["fixed", "adaptive"]))
def test_runs_in_pieces_have_the_same_bits(cut, method):
    sim = simulation(method=method, dt=1e-3)
    whole = sim.copy()
    parts = [sim.run(n, record="state:x_1") for n in (cut, 30 - cut)]
    data = whole.run(30, record="state:x_1")
    np.testing.assert_array_equal(np.concatenate([part.state_x_1 for part in parts]), data.state_x_1)
    np.testing.assert_array_equal(np.concatenate([part.current for part in parts]), data.current)


def test_a_closed_gate_keeps_the_state():
    """Control: the same drive with an open gate moves it."""
    moved = {}
    for gate in (0.0, 3.0):
        sim = simulation({"bit": 1.5, "gate": gate, "source": 0.0})
        sim.run(100)
        moved[gate] = sim.state(sim.devices[0], "x_1")[0] - 0.3
    assert moved[0.0] == 0.0
    assert moved[3.0] > 0.02


# ------------------------------------------------------------------ keeping


def test_files_keep_cells(tmp_path):
    sim = simulation(dt=1e-3)
    first = sim.run(7)
    np.testing.assert_array_equal(mn.rerun(first).current, first.current)
    sim.save(tmp_path / "run.mn")
    again = mn.Simulation.load(tmp_path / "run.mn")
    assert repr(again.devices) == repr(sim.devices)
    np.testing.assert_array_equal(again.run(20).current, sim.run(20).current)


def test_names_of_a_circuit_are_links():
    circuit = mn.Circuit()
    circuit.add("word", "gnd", mn.Resistor(conductance=0.0), name="control")
    cell = mn.series(mn.Resistor(conductance=1e-4), mn.link(ACCESS, to="control"))
    circuit.add("bit", "gnd", cell, name="cell")
    sim = circuit.simulation({"bit": 1.0, "word": 2.0, "gnd": 0.0}, dt=1e-3)
    over = 2.0 - V_T

    def excess(u):
        return (1.0 - u) * 1e-4 - 0.5 * K * (over**2 - (over - u) ** 2) * (1.0 + MODULATION * u)

    expected = 1e-4 * (1.0 - brentq(excess, 0.0, 1.0, xtol=1e-16))
    assert sim.branch_current[sim.edge("cell")] == pytest.approx(expected, rel=1e-13)


def test_a_run_file_names_the_link_of_a_part(tmp_path):
    text = """
network = {kind = "grid", rows = 2, columns = 2}
devices = [{series = [{model = "RateBalance"}, {model = "Transistor", link = LINK}]}]
drive = {left = 1.0, right = 0.0}
run = {steps = 5}
"""
    n_edges = mn.grid(2, 2, seed=1).n_edges
    links = [(k + 1) % n_edges for k in range(n_edges)]
    (tmp_path / "run.toml").write_text(text.replace("LINK", str(links)))
    assert study.read_run_file(tmp_path / "run.toml").simulation.devices[0].linked_to.tolist() == links
