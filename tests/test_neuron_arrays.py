"""Crossbars with neurons at their bit lines: closed forms of the oscillators, reference circuits, and learning."""

import numpy as np
import pytest

import memnet as mn

SWITCH = mn.ThresholdSwitch()
C = 1e-9
LETTERS = np.array(
    [
        [letter == "X" for row in rows.split() for letter in row]
        for rows in ("X..X X..X X..X .XX.", "X..X XXXX X..X X..X", ".XX. X..X XXXX X..X", ".XXX XX.. ..XX XXX.")
    ]
)


def first_and_period(volts, ohms, switch=SWITCH, capacitance=C):
    """Return when a threshold switch behind a Thevenin source closes first, and again; nan where it never does."""
    on, off = ([ohms * r / (ohms + r), volts * r / (ohms + r)] for r in (switch.r_on, switch.r_off))
    with np.errstate(invalid="ignore", divide="ignore"):
        first = off[0] * capacitance * np.log(off[1] / (off[1] - switch.v_on))
        charge = off[0] * capacitance * np.log((off[1] - switch.v_off) / (off[1] - switch.v_on))
        discharge = on[0] * capacitance * np.log((switch.v_on - on[1]) / (switch.v_off - on[1]))
    return first, charge + discharge


def passive(rows=5, columns=3, seed=0, **lines):
    siemens = np.random.default_rng(seed).uniform(5e-6, 25e-6, (rows, columns))
    net = mn.crossbar(rows, columns, **lines)
    array = mn.arrays.NeuronArray(net, mn.Resistor(conductance=siemens.ravel()), SWITCH, capacitance=C)
    return array, siemens


PATTERNS = np.array([[2.0, 2.0, 0.0, 2.0, 2.0], [2.0, 2.0, 2.0, 2.0, 2.0], [0.0, 0.0, 2.0, 0.0, 0.0]])


def test_sources_of_ideal_lines_are_weighted_means():
    array, siemens = passive()
    np.testing.assert_array_equal(array.conductances, siemens)
    found = array.sources(PATTERNS)
    np.testing.assert_allclose(found.voltage, PATTERNS @ siemens / siemens.sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.resistance, np.tile(1.0 / siemens.sum(axis=0), (3, 1)), rtol=1e-12)


def test_sources_of_lines_and_floating_words_by_two_loads():
    """A bit line that is open, and one with a known resistance at it, in `mn.solve`, give voltage and resistance."""
    array, siemens = passive(line_resistance=500.0, contact_resistance=200.0)
    pattern = np.array([2.0, np.nan, 0.0, 1.0, np.nan])
    found = array.sources([pattern]).isel(pattern=0)
    drive = {f"w{k}": volts if np.isfinite(volts) else None for k, volts in enumerate(pattern)}
    drive |= dict.fromkeys(("b0", "b1", "b2"))
    cells = mn.cell_devices(array.net, mn.Resistor(conductance=siemens.ravel()))
    for column in range(3):
        potential = []
        for load in (0.0, 1e-4):
            net = array.net.attach(f"b{column}", mn.Resistor(conductance=load))
            inner = int(net.electrodes[f"b{column}.inner"][0])
            run = mn.Simulation(net, cells, {**drive, f"b{column}": 0.0}).run(1, record={"potential": [inner]})
            potential.append(run.potential.item())
        volts, loaded = potential
        assert found.voltage.values[column] == pytest.approx(volts, rel=1e-10)
        assert found.resistance.values[column] == pytest.approx((volts / loaded - 1.0) / 1e-4, rel=1e-9)


def test_first_spikes_and_counts_are_those_of_the_closed_form():
    array, _ = passive()
    duration = 1e-4
    found, source = array.respond(PATTERNS, duration, dt=5e-7), array.sources(PATTERNS)
    first, period = first_and_period(source.voltage.values, source.resistance.values)
    np.testing.assert_allclose(found["first"], first, rtol=5e-4)
    assert np.isnan(first[2]).all()
    counts = np.where(np.isnan(first), 0.0, 1.0 + (duration - first) / period)
    assert (np.abs(found["count"].values - (counts - 0.5)) <= 0.51).all()


def test_error_of_the_first_spike_falls_with_the_square_of_the_step():
    array, _ = passive()
    source = array.sources(PATTERNS[:1])
    first, _ = first_and_period(source.voltage.values, source.resistance.values)
    error = [np.abs(array.respond(PATTERNS[:1], 2.4e-5, dt=dt)["first"].values - first).max() for dt in (2e-6, 5e-7)]
    assert error[0] / error[1] > 10.0


def test_neurons_on_lines_with_a_resistance():
    """Neurons load each other by lines; where one is there alone, its source is that of `sources`."""
    array, _ = passive(columns=1, line_resistance=1e3)
    found, source = array.respond(PATTERNS[:2], 1e-4, dt=5e-7), array.sources(PATTERNS[:2])
    first, _ = first_and_period(source.voltage.values, source.resistance.values)
    np.testing.assert_allclose(found["first"], first, rtol=5e-4)
    assert (source.resistance.values > 1.05 * passive(columns=1)[0].sources(PATTERNS[:2]).resistance.values).all()


def test_integrate_and_fire_neurons_stand_the_right_way_round():
    """A current into the first node depolarises: spikes as in equation 20 of EC23 with the current of the cell."""
    neuron = mn.IntegrateAndFire()
    array = mn.arrays.NeuronArray(mn.crossbar(1, 2), mn.Resistor(conductance=[1e-9, 2e-9]), neuron)
    found = array.respond([[0.5], [-0.5]], 0.2, dt=1e-4)
    leak, volts = np.array([1e-9, 2e-9]), 0.5
    rest = (neuron.g_L * neuron.E_L + leak * volts) / (neuron.g_L + leak)
    tau = neuron.C_m / (neuron.g_L + leak)
    start = neuron.E_L if neuron.v_initial is None else neuron.v_initial
    fires = rest > neuron.V_T
    first = tau[fires] * np.log((rest[fires] - start) / (rest[fires] - neuron.V_T))
    assert fires.any()
    np.testing.assert_allclose(found["first"].values[0, fires], first, rtol=1e-4)
    assert (found["count"].values[0] > 0).tolist() == fires.tolist()
    assert not found["count"].values[1].any()


def test_a_level_counts_upward_crossings_with_a_distance():
    """Currents of threshold switches rise above 1 mA at each event, and are far below half of it between."""
    array, siemens = passive()
    cells = mn.Resistor(conductance=siemens.ravel())
    other = mn.arrays.NeuronArray(array.net, cells, SWITCH, capacitance=C, level=2e-4)
    events, levels = (one.respond(PATTERNS, 1e-4, dt=2e-7) for one in (array, other))
    np.testing.assert_array_equal(levels["count"], events["count"])
    np.testing.assert_allclose(levels["first"], events["first"], atol=2.1e-7)


def test_a_neuron_a_column():
    array, siemens = passive()
    neurons = [mn.ThresholdSwitch(v_on=v) for v in (0.8, 1.2, 1.9)]
    other = mn.arrays.NeuronArray(array.net, mn.Resistor(conductance=siemens.ravel()), neurons, capacitance=C)
    found, source = other.respond(PATTERNS[1:2], 6e-5, dt=5e-7)["first"].values[0], other.sources(PATTERNS[1:2])
    for k, neuron in enumerate(neurons):
        first, _ = first_and_period(source.voltage.values[0, k], source.resistance.values[0, k], neuron)
        assert found[k] == pytest.approx(first, rel=5e-4)


def learning(seed, volts=1.6, **options):
    weights = np.random.default_rng(seed).uniform(0.3, 0.7, 64)
    cells = mn.BipolarThreshold(g_on=8e-6, g_off=0.8e-6, v_th=1.2, w_initial=weights)
    neuron = mn.ThresholdSwitch(v_on=0.6, v_off=0.2)
    array = mn.arrays.NeuronArray(mn.crossbar(16, 4), cells, neuron, capacitance=C, width=1e-4)
    steps = {"duration": 6e-5, "dt": 3e-6}
    found = array.learn(LETTERS.astype(float), np.eye(4, dtype=bool), voltage=volts, seed=seed, **steps, **options)
    return array, found, array.respond(LETTERS.astype(float), **steps)["count"].values


def test_a_delta_rule_teaches_letters():
    _, found, counts = learning(0)
    assert found.wrong.values[0] >= 5
    assert found.wrong.values[-1] == 0
    assert found.wrong.size <= 10
    np.testing.assert_array_equal(counts > 0, np.eye(4, dtype=bool))
    assert (found.pulses == found.wrong).all()  # no word line is below 0 V


def test_pulses_below_the_threshold_teach_nothing():
    array, found, _ = learning(0, volts=1.19, epochs=2)
    assert found.wrong.values[0] == found.wrong.values[1] >= 5
    weights = np.random.default_rng(0).uniform(0.3, 0.7, 64)
    np.testing.assert_allclose(array.conductances.ravel(), 0.8e-6 + 7.2e-6 * weights, rtol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 4))
def test_a_delta_rule_teaches_letters_from_other_starts(seed):
    _, found, counts = learning(seed)
    assert found.wrong.values[-1] == 0
    np.testing.assert_array_equal(counts > 0, np.eye(4, dtype=bool))


def test_pulses_move_cells_as_the_law_says():
    """Full voltage at one cell, half of it at its neighbours: dw = T I_0 (e^(V/v_0) - e^(v_th/v_0)) at one alone."""
    cells = mn.BipolarThreshold(v_th=1.2)
    array = mn.arrays.NeuronArray(mn.crossbar(3, 2), cells, SWITCH, capacitance=C, width=1e-4)
    before = array.conductances
    array.write([0.8, 0.0, 0.0], [0.0, -0.8])
    moved = (array.conductances - before) / (cells.g_on - cells.g_off)
    assert np.count_nonzero(moved) == 1  # half of the voltage moves nothing, to the bit
    step = 1e-4 * cells.I_0 * (np.exp(1.6 / cells.v_0) - np.exp(1.2 / cells.v_0))
    np.testing.assert_allclose(moved, [[0.0, step], [0.0, 0.0], [0.0, 0.0]], rtol=1e-9, atol=1e-15)
    shown = array.conductances
    array.respond([[1.0, 1.0, 1.0]], 1e-5, dt=1e-6)
    np.testing.assert_array_equal(array.conductances, shown)


def test_signed_patterns_move_rows_of_both_signs():
    cells = mn.BipolarThreshold(v_th=1.2)
    array = mn.arrays.NeuronArray(mn.crossbar(3, 1), cells, mn.ThresholdSwitch(v_on=5.0), capacitance=C, width=1e-4)
    found = array.learn([[0.5, -0.5, 0.0]], [[True]], voltage=1.6, duration=1e-5, dt=1e-6, epochs=1)
    assert (found.wrong.item(), found.pulses.item()) == (1, 2)
    moved = np.sign(np.round(array.conductances[:, 0] / cells.g_off - 50.5, 6))
    assert moved.tolist() == [1.0, -1.0, 0.0]


def diffusive(seed, duration, dt, letters=LETTERS):
    share = np.where(LETTERS.T, 1.0, 0.05)
    siemens = 0.2e-6 * share / share.sum(axis=0)  # each bit line behind 5 Mohm
    neuron = mn.DiffusiveMemristor(kappa=1e4, v_th=0.2, r_t=1e3)
    cells = mn.Resistor(conductance=siemens.ravel())
    array = mn.arrays.NeuronArray(mn.crossbar(16, 4), cells, neuron, capacitance=0.2e-9, level=0.5e-6)
    return array.respond(np.where(letters, 1.1, -1.1), duration, dt=dt, seed=seed)


def test_diffusive_neurons_depend_on_the_seed_alone():
    short = {"duration": 2e-3, "dt": 1e-5, "letters": LETTERS[:2]}
    one, same, other = diffusive(0, **short), diffusive(0, **short), diffusive(7, **short)
    assert one.identical(same)
    assert not one.identical(other)


@pytest.mark.slow
def test_diffusive_neurons_recognise_letters():
    right, wrong = [], []
    for seed in range(4):
        count = diffusive(10 * seed, 6e-3, 5e-6)["count"].values
        right.append((np.diag(count) > 0).mean())
        wrong.append((count[~np.eye(4, dtype=bool)] > 0).mean())
    assert np.mean(right) > 0.8
    assert np.mean(wrong) < 0.05


def test_what_is_refused():
    net, cells = mn.crossbar(2, 2), mn.Resistor()
    for change, said in (
        ({"net": mn.crossbar(2, 2, layers=2)}, "net must be a crossbar of one layer"),
        ({"net": mn.crossbar(2, 2, stacking="vertical")}, "straight lines"),
        ({"net": net.attach("b0", mn.Resistor())}, "nothing attached"),
        ({"neuron": mn.DiffusiveMemristor()}, "level must be given"),
        ({"neuron": [SWITCH]}, "neuron must have 2 devices"),
        ({"capacitance": 0.0}, "capacitance"),
        ({"level": -1.0}, "level"),
        ({"width": 0.0}, "width"),
    ):
        with pytest.raises(ValueError, match=said):
            mn.arrays.NeuronArray(**{"net": net, "cells": cells, "neuron": SWITCH, **change})
    with pytest.raises(TypeError, match=r"net must be a network that mn\.crossbar made"):
        mn.arrays.NeuronArray(mn.grid(2, 2), cells, SWITCH)
    with pytest.raises(TypeError, match=r"neuron\[1\] must be a device"):
        mn.arrays.NeuronArray(net, cells, [SWITCH, 3])
    array = mn.arrays.NeuronArray(net, cells, SWITCH, capacitance=C)
    for patterns in ([[1.0]], [[1.0, np.inf]]):
        with pytest.raises(ValueError, match="patterns must"):
            array.respond(patterns, 1e-5, dt=1e-6)
    with pytest.raises(ValueError, match="targets must have shape"):
        array.learn([[1.0, 0.0]], [[True]], voltage=1.0, duration=1e-5, dt=1e-6)
    with pytest.raises(ValueError, match="voltage must be in"):
        array.learn([[1.0, 0.0]], [[True, False]], voltage=0.0, duration=1e-5, dt=1e-6)
    with pytest.raises(ValueError, match="bits must have shape"):
        array.write([1.0, 0.0], [0.0])


def test_a_bit_line_without_cells_has_no_source():
    cells = mn.Resistor(conductance=[1e-5, 0.0, 1e-5, 0.0])
    array = mn.arrays.NeuronArray(mn.crossbar(2, 2), cells, SWITCH, capacitance=C)
    found = array.sources([[1.0, 1.0], [np.nan, np.nan]])
    assert found.resistance.values[0].tolist() == [pytest.approx(5e4), np.inf]
    assert np.isnan(found.voltage.values[0, 1])
    assert np.isnan(found.voltage.values[1]).all()


def test_cells_with_transistors_and_dummy_lines():
    """Open gates make of each cell its resistance behind that of a channel; closed ones let nothing pass."""
    siemens = np.array([[20e-6, 5e-6], [20e-6, 5e-6], [5e-6, 25e-6]])
    net = mn.crossbar(3, 2, gates="rows", dummy_lines=1)
    cells = mn.series(mn.Resistor(conductance=siemens.ravel()), mn.Transistor(k=1e-2))
    pattern, steps = [[2.0, 2.0, 0.0]], {"duration": 6e-5, "dt": 1e-6}
    opened, closed = (mn.arrays.NeuronArray(net, cells, SWITCH, capacitance=C, gate=gate) for gate in (50.0, 0.0))
    # At small voltages a channel conducts k (v_gate - v_t): 1e-2 S/V (50 V - 1 V).
    np.testing.assert_allclose(opened.conductances, siemens / (1.0 + siemens / 0.49), rtol=1e-9)
    plain = mn.arrays.NeuronArray(mn.crossbar(3, 2), mn.Resistor(conductance=siemens.ravel()), SWITCH, capacitance=C)
    wanted, found = (one.respond(pattern, **steps) for one in (plain, opened))
    assert found["count"].values.tolist() == wanted["count"].values.tolist() == [[2, 0]]
    np.testing.assert_allclose(found["first"], wanted["first"], rtol=1e-4)
    assert not closed.respond(pattern, **steps)["count"].any()


def test_one_device_may_be_cell_and_neuron():
    device = mn.ThresholdSwitch(v_on=0.6, v_off=0.2)
    net, alone = mn.crossbar(2, 2), mn.ThresholdSwitch(v_on=0.6, v_off=0.2)
    found, wanted = (
        mn.arrays.NeuronArray(net, device, neuron, capacitance=1e-9).respond([[2.0, 0.0]], 2e-5, dt=1e-6)
        for neuron in (device, alone)
    )
    assert found.identical(wanted)


def test_a_neuron_without_events_is_named():
    neurons = [mn.ThresholdSwitch(), mn.DiffusiveMemristor()]
    with pytest.raises(ValueError, match=r"level .* got None for DiffusiveMemristor"):
        mn.arrays.NeuronArray(mn.crossbar(2, 2), mn.Resistor(), neurons)
