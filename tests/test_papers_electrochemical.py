"""EC23, sections 2 and 3: figures against closed forms and independent integrations, and its statements' verdicts."""

import runpy
from pathlib import Path

import membranes as plain
import numpy as np
import pytest
from figures_again import drawn_again
from test_papers import memnet, refused

import memnet as mn
from memnet.papers import electrochemical2023
from memnet.papers._statement import HEAD
from memnet.papers.electrochemical2023 import (
    _about_cells,
    _about_membranes,
    _traces as traces,
    axons,
    cells,
    membranes,
    neurons,
    statements as tables,
    synapses,
)

MILLI = 1e3
ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "papers" / "electrochemical2023.md"
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "statements.py"))


# ---------------------------------------------------------------- figures are computed, written, read and drawn

SMALL = {
    "table1": {},
    "flux": {"points": 7},
    "rest": {"points": 7},
    "2": {"duration": 1e-3},
    "3": {"duration": 2.5e-3},
    "axon": {"count": 3, "bare": 2, "duration": 1e-3},
    "4": {"duration": 1e-3},
    "5": {"delays": [-3e-3, 3e-3]},
    "6": {"points": 7, "rows": 100, "leaks": [0.0, 1.0]},
}


@pytest.mark.parametrize("key", SMALL)
def test_every_figure_is_computed_written_read_and_drawn(key, tmp_path, monkeypatch):
    for theirs in drawn_again(electrochemical2023.FIGURES[key], SMALL[key], tmp_path, monkeypatch):
        assert theirs.attrs["title"].startswith("EC23, ")


@pytest.mark.parametrize(
    ("compute", "arguments", "words"),
    [
        (electrochemical2023.table1, {"temperature": 0.0}, "temperature must be"),
        (electrochemical2023.flux, {"low": 0.1, "high": 0.1}, "high must be"),
        (electrochemical2023.flux, {"points": 2}, "points must be"),
        (electrochemical2023.rest, {"largest_pump": -1.0}, "largest_pump must be"),
        (electrochemical2023.figure2, {"currents": [np.nan]}, "currents must be finite"),
        (electrochemical2023.figure2, {"currents": []}, "currents must hold at least one"),
        (electrochemical2023.figure2, {"duration": 1e-4}, "duration must be"),
        (electrochemical2023.figure3, {"duration": 0.0}, "duration must be"),
        (electrochemical2023.axon, {"count": 2}, "count must be"),
        (electrochemical2023.axon, {"bare": 0}, "bare must be"),
        (electrochemical2023.figure4, {"gap": -1.0}, "gap must be"),
        (electrochemical2023.figure5, {"delays": [np.inf]}, "delays must be finite"),
        (electrochemical2023.figure5, {"tails": []}, "tails must hold at least one"),
        (electrochemical2023.figure6, {"leaks": [-1.0]}, "leaks must be"),
        (synapses.pair, {"kind": "chemcal", "conductance": 1.0}, "did you mean 'chemical'"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(compute, arguments, words):
    with pytest.raises(ValueError, match=words):
        compute(**arguments)


# ---------------------------------------------------------------- the figures say what is


def test_table1_has_the_potentials_of_eq_4():
    data = electrochemical2023.table1()
    expected = {"Na+": 64.419, "K+": -90.652, "Cl-": -63.140, "Ca2+": 124.294, "Mg2+": 0.0, "HCO3-": -23.688}
    for ion, millivolts in expected.items():
        assert MILLI * float(data["potential"].sel(ion=ion)) == pytest.approx(millivolts, abs=1e-3)
    wrong = np.sign(data["printed"]) != np.sign(data["potential"])
    assert data["ion"].values[wrong.values].tolist() == ["Cl-", "HCO3-"]


def test_the_flux_is_the_integral_of_eq_8_and_eq_10_is_not():
    data = electrochemical2023.flux(points=13)
    np.testing.assert_allclose(data["integrated"], data["flux"], rtol=1e-9, atol=1e-20)
    assert (np.abs(data["printed"] - data["flux"]) > 0.1 * np.abs(data["flux"])).all()
    # As printed it is 0 where the potential has the other sign.
    for ion, row in membranes.IONS.items():
        if ion in membranes.SHARES:
            at = np.array([-mn.electrochemistry.nernst(row.z, row.inside, row.outside)])
            assert membranes.printed_flux(row.z, 1.0, row.inside, row.outside, at)[0] == pytest.approx(0.0, abs=1e-12)


def test_where_a_membrane_rests():
    data = electrochemical2023.rest(points=5)
    assert MILLI * data.attrs["resting"] == pytest.approx(-74.7787, abs=1e-4)
    assert MILLI * float(data["pumped"][0]) == pytest.approx(-74.7787, abs=1e-4)
    assert (np.diff(data["pumped"]) < 0.0).all()
    assert (np.diff(data["potential"]) > 0.0).all()
    assert MILLI * membranes.resting(sodium=0.0, chloride=0.0) == pytest.approx(MILLI * data.attrs["potassium"])


def test_figure2_has_an_action_potential_and_none():
    """20 and 10 uA/cm2 for 0.5 ms against SciPy on the equations of 1952."""
    data = electrochemical2023.figure2(duration=6e-3)
    rest = MILLI * traces.V_R
    for current in (20.0, 10.0):
        one = data.sel(stimulus=current * 1e-6, method="nearest")
        rows = MILLI * data["time"].values
        stimuli = [(0.5, np.array([current])), (6.0, np.zeros(1))]
        exact = plain.coupled(plain.at_rest(0.0), np.zeros_like, stimuli, rows, rtol=1e-8)[:, 0]
        np.testing.assert_allclose(MILLI * one["potential"], rest + exact, atol=0.02)
    assert (data["peak"] > 0.0).values.tolist() == [True, False]
    assert MILLI * float(data["peak"][0]) == pytest.approx(rest + 104.3205, abs=0.01)
    gates = data["opened"].isel(stimulus=0)
    m, h = (gates.sel(gate=name).values for name in "mh")
    np.testing.assert_allclose(MILLI * data["sodium"][0], 120.0 * m**3 * h, rtol=1e-12)


def test_figure3_is_one_membrane_and_its_currents_cancel():
    data = electrochemical2023.figure3(duration=4e-3)
    np.testing.assert_allclose(data["whole"], data["potential"], atol=1e-5)
    np.testing.assert_allclose(data["current"].sum("path"), 10e-6, rtol=1e-6)
    assert list(data["path"].values) == ["sodium", "potassium", "leak", "capacitance"]
    assert data.sizes["spike"] == 1
    leak = 0.3e-3 * (data["potential"] + 0.0544)
    np.testing.assert_allclose(data["current"].sel(path="leak"), leak, rtol=1e-9)
    silent = electrochemical2023.figure3(duration=4e-3, pump=10e-6)
    assert silent.sizes["spike"] == 0
    assert MILLI * float(np.abs(silent["potential"] - traces.V_R).max()) < 1e-3


def test_an_axon_carries_a_spike_to_its_ends_once():
    data = electrochemical2023.axon(count=9, bare=2, duration=5e-3)
    assert data.sizes["spike"] == 1
    times = data["spike_time"].isel(spike=0)
    assert np.isfinite(times).all()
    assert (np.diff(times.sel(case="end")) > 0.0).all()
    middle, both = (times.sel(case=name).values for name in ("middle", "both ends"))
    np.testing.assert_allclose(middle, middle[::-1], rtol=1e-6)
    assert middle.argmin() == both.argmax() == 4


def test_myelin_leaves_a_node_as_it_is_and_takes_channels_between():
    devices = [axons.Axon(5, bare=2).circuit()[f"HodgkinHuxley{k}"].device for k in (1, 2, 3)]
    node, covered, again = (one.parameters for one in devices)
    assert node == again
    assert covered["g_Na"] == covered["g_K"] == 0.0
    assert covered["C_m"] == pytest.approx(axons.THROUGH_MYELIN * node["C_m"])


def test_figure4_passes_spikes_one_way_and_both():
    data = electrochemical2023.figure4(duration=8e-3)
    fired = np.isfinite(data["first_spike"])
    assert fired.sel(kind="chemical").values.tolist() == [[True, True], [False, True]]
    assert fired.sel(kind="electrical").values.all()
    electrical = data["potential"].sel(kind="electrical")
    np.testing.assert_allclose(
        electrical.sel(stimulated="A", side="A"), electrical.sel(stimulated="B", side="B"), atol=1e-4
    )
    quiet = data["potential"].sel(kind="chemical", stimulated="B", side="A")
    assert MILLI * float(np.abs(quiet - traces.V_R).max()) < 1e-3


def test_receptors_open_as_their_rates_say():
    """A membrane at a constant potential: transmitter and receptors in closed form."""
    circuit = mn.Circuit()
    circuit.add("pre", "outside", mn.Resistor(conductance=0.0), name="membrane A")
    circuit.add("post", "outside", mn.link(synapses.chemical()(), to="membrane A"), name="receptors")
    held = {"pre": 0.0, "post": 0.0, "outside": 0.0}
    sim = circuit.simulation(held, dt=1e-5, method="adaptive", rtol=1e-8)
    run = sim.run(duration=0.05, record=["state:c", "state:r"])
    # Half of the transmitter is released at 0 mV.
    c = run["state_c"].values[:, 0]
    np.testing.assert_allclose(c, 0.5 * -np.expm1(-run["time"].values / 0.5e-3), atol=1e-4)
    assert run["state_r"].values[-1, 0] == pytest.approx(0.5 / (0.5 + 1.0 / 2.0), rel=1e-4)
    assert run["current"].sel(electrode="post").values[-1] == pytest.approx(-0.3e-3 * 0.5 * 0.05, rel=1e-4)


def test_figure5_is_odd_with_equal_spikes():
    data = electrochemical2023.figure5(delays=[-20e-3, -5e-3, -1e-3, 1e-3, 5e-3, 20e-3])
    equal, deeper = data["change"].values
    # By quadrature, times the rate.
    np.testing.assert_allclose(equal[3:], 0.02 * np.array([0.85214357, 0.56960348, 0.13626395]), rtol=1e-3)
    np.testing.assert_allclose(equal, -equal[::-1], rtol=1e-3)
    np.testing.assert_allclose(deeper[3:], equal[3:], rtol=1e-3)
    assert (deeper[:3] < equal[:3]).all()
    assert float(data["unrelated"][1]) == pytest.approx(deeper.mean())


def test_figure6_has_the_potentials_of_section_3():
    data = electrochemical2023.figure6(points=11, rows=100, leaks=[0.0, 1.0, 99.0])
    membrane = data["membrane"]
    crossing = np.interp(0.0, membrane["current"], membrane["voltage"])
    assert MILLI * membrane.attrs["resting"] == pytest.approx(-74.7787, abs=1e-4)
    assert MILLI * crossing == pytest.approx(-74.8, abs=1.0)
    emf = data["origins"]["emf"]
    assert MILLI * float(emf.sel(origin="Ag, Pt")) == pytest.approx(-182.7, abs=0.05)
    leak = data["leak"]
    np.testing.assert_allclose(leak["open_voltage"], cells.EMF * leak["share"], rtol=1e-12)
    np.testing.assert_allclose(leak["current_at_zero"], -cells.IONIC * cells.EMF, rtol=1e-12)
    loops = data["loop"]
    both = [
        mn.analysis.loop_class(*(loops[name].sel(kind=kind).values for name in ("voltage", "current")))
        for kind in loops["kind"].values
    ]
    assert [one.pinched for one in both] == [True, False]
    np.testing.assert_allclose(both[1].at_zero, -cells.IONIC * cells.EMF, rtol=1e-3)


def test_traces_of_closed_forms():
    time = np.linspace(0.0, 10.0, 501)
    wave = traces.Trace(time, np.sin(time))
    assert wave.rises() == pytest.approx([0.0, 2.0 * np.pi], abs=1e-6)
    assert wave.rises(0.5) == pytest.approx([np.pi / 6.0, np.pi / 6.0 + 2.0 * np.pi], abs=1e-6)
    assert wave.peak() == pytest.approx(1.0, abs=1e-8)
    assert traces.Trace(time, -time).peak() == 0.0
    assert traces.threshold(lambda x: x > 2.0, 0.0, 8.0, 1e-6) == pytest.approx(2.0, rel=1e-6)
    for fires in (bool, lambda x: False):
        with pytest.raises(ArithmeticError, match="nothing begins between 1 and 2"):
            traces.threshold(fires, 1.0, 2.0)
    started = traces.pulse(3.0, 1e-3, 2e-3)
    assert [float(started(t)) for t in (0.0, 2.5e-3, 4e-3)] == pytest.approx([0.0, 3e-6, 0.0])


# ---------------------------------------------------------------- statements

# Groups that take a second together, and what their statements come to.
VERDICTS = {
    "nernst": {
        "Table 1: Na+": "holds",
        "Table 1: Cl-": "holds if they have the other sign",
        "Table 1: Ca2+": "does not hold",
    },
    "flux": {
        "Eqs 6 and 7": "holds if e stands in one",
        "Eq. 10": "holds if [A]I and [A]II are exchanged",
        "Eqs 11 and 13": "holds if charges are counted",
        "Eq. 12": "holds if all have one charge",
    },
    "rest": {
        "Sec. 2.1.1: permeabilities": "holds",
        "Eqs 11 and 12": "holds if the pump is there, which makes the inside 4.76 mV",
        "Sec. 2.2.1: for a short time": "holds",
    },
    "axon": {
        "Sec. 2.2.3: it goes in one direction": "holds if it begins at an end",
        "Sec. 2.2.3: without myelin": "does not hold",
        "Sec. 2.2.3: with myelin": "holds",
    },
    "cells": {"Fig. 6: the potential": "holds", "Sec. 3.1: of Ag and Pt": "holds"},
    "loops": {"Fig. 6": "holds"},
}


@pytest.mark.parametrize("group", VERDICTS)
def test_statements_are_judged(group):
    numbers = tables.MEASURES[group]()
    found = {one.text: one.verdict(numbers) for one in electrochemical2023.STATEMENTS if one.group == group}
    for start, verdict in VERDICTS[group].items():
        (said,) = (words for text, words in found.items() if text.startswith(start))
        assert said == verdict if verdict in ("holds", "does not hold") else said.startswith(verdict)


def test_every_statement_has_a_measurement_and_words_of_its_own():
    assert {one.group for one in electrochemical2023.STATEMENTS} == set(tables.MEASURES)
    assert len({one.text for one in electrochemical2023.STATEMENTS}) == len(electrochemical2023.STATEMENTS)
    for one in electrochemical2023.STATEMENTS:
        assert bool(one.condition) == (one.holds_if is not None), one.text
        assert "|" not in one.text + one.judged + one.condition


def test_numbers_behind_verdicts_are_those_of_independent_calculations():
    numbers = _about_membranes.measure_rest()
    # Eq. 13 solved for p_Na, and the closed form with a pump of 3 to 2.
    for millivolts, printed in ((-55, 0.105), (0, 1.17), (30, 4.54), (40, 7.84)):
        share = np.exp(1e-3 * millivolts / membranes.thermal(310.0))
        by_hand = (share * (150.0 + 11.5) - 4.5 - 1.0) / (145.0 - 12.0 * share)
        assert numbers[f"p at {millivolts:+d} mV"] == pytest.approx(by_hand, rel=1e-9)
        assert by_hand == pytest.approx(printed, rel=5e-3)
    pumped = membranes.thermal(310.0) * np.log((4.5 + 0.03 * 145) / (150 + 0.03 * 12))
    pumped -= membranes.thermal(310.0) * np.log((1.5 * 4.5 + 0.03 * 145) / (1.5 * 150 + 0.03 * 12))
    assert numbers["pump (mV)"] == pytest.approx(MILLI * pumped, rel=1e-12)
    assert _about_cells.measure_cells()["smallest (uV)"] == pytest.approx(25.6926e3 * np.log(1.0001), rel=1e-5)


def verdicts(table):
    return [line.split("|")[-2].strip() for line in table.strip().splitlines()[2:]]


@pytest.mark.slow
def test_the_whole_table_comes_to_the_verdicts_of_the_page(tmp_path):
    result = memnet("reproduce", "electrochemical2023", "--table", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert [line for line in result.output.splitlines() if line and "|" not in line] == list(tables.MEASURES)
    written = (tmp_path / "table.md").read_text()
    assert written.strip() in result.output
    assert verdicts(written) == verdicts(SCRIPT["parts"](PAGE)[1])


def test_the_page_has_the_statements_that_are_judged():
    assert SCRIPT["differences"](PAGE, electrochemical2023) == []


def test_the_command_line_makes_figures_and_tables(tmp_path):
    result = memnet("reproduce", "electrochemical2023", "--figure", "rest", "--quick", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert (tmp_path / "electrochemical2023-rest.png").read_bytes().startswith(b"\x89PNG")
    table = ("reproduce", "electrochemical2023", "--table", "--out", tmp_path / "t")
    result = memnet(*table, "--option", 'groups=["nernst"]')
    assert result.exit_code == 0, result.output
    rows = (tmp_path / "t" / "table.md").read_text().splitlines()
    assert rows[:2] == list(HEAD)
    assert len(rows) - 2 == sum(one.group == "nernst" for one in electrochemical2023.STATEMENTS)
    assert "unknown group 'nerst', did you mean 'nernst'" in refused(*table, "--option", 'groups=["nerst"]')


def test_the_equivalent_circuit_has_the_paths_of_one_membrane():
    paths = neurons.equivalent_circuit()
    whole = traces.membrane().parameters
    assert paths["sodium"].device.parameters["g_K"] == paths["potassium"].device.parameters["g_Na"] == 0.0
    assert 1.0 / paths["leak"].device.parameters["resistance"] == pytest.approx(whole["g_leak"] * whole["area"])
