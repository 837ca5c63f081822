"""Runs of circuits go on with the same bits: in pieces, recorded or not, from checkpoints, copies and pickles."""

import copy
import pickle

import numpy as np
import pytest

import memnet as mn

ROWS = 60


def ohms(resistance):
    return mn.Resistor(conductance=1.0 / resistance)


def farads(capacitance):
    return mn.Capacitor(capacitance=capacitance, method="trapezoidal")


def circuit(driven, dt, *elements):
    found = mn.Circuit()
    for a, b, device in elements:
        found.add(a, b, device)
    return lambda **options: found.simulation({"gnd": 0.0, **driven}, dt=dt, **options)


def array(**options):
    n = 6
    net = mn.Network(2 * n, [(row, n + k) for row in range(n) for k in range(n)], electrodes={"w": 0, "b": n})
    cell = mn.series(mn.Selector(), mn.RateBalance(g_min=1e-6, g_max=1e-4, g_initial=0.1, kappa_p0=1e-2))
    return mn.Simulation(net, cell, {"w": mn.drive.sine(1.5, 0.5), "b": 0.0}, dt=0.05, **options)


SINE, PULSES = mn.drive.sine(3.0, 50.0), mn.drive.pulses(0.0, 1.0, length=0.7333, spacing=0.61)
GATE = mn.drive.pulses(0.0, 5.0, length=2e-5, spacing=3e-5)
MEMRISTOR = mn.RateBalance(g_min=1e-6, g_max=1e-4, kappa_p0=1.0)
KINDS = {
    "inductor": circuit(
        {"in": PULSES}, 0.05, ("in", "a", ohms(1.0)), ("a", "b", mn.Inductor()), ("b", "gnd", farads(1.0))
    ),
    "series": array,
    "switches": circuit(
        {"in": 2.0},
        1e-6,
        ("in", "a", ohms(20e3)),
        ("a", "gnd", farads(1e-9)),
        ("a", "gnd", mn.ThresholdSwitch()),
        ("in", "b", mn.Switch(control=mn.drive.sine(1.0, 12345.0), r_off=1e6, r_on=10.0)),
        ("b", "gnd", ohms(1e3)),
        ("b", "gnd", farads(1e-9)),
    ),
    "diode and memristor": circuit(
        {"in": SINE},
        2e-4,
        ("in", "a", ohms(1e3)),
        ("a", "b", mn.Diode()),
        ("b", "gnd", farads(1e-6)),
        ("b", "gnd", ohms(1e4)),
        ("a", "gnd", MEMRISTOR),
    ),
    "backward Euler": circuit(
        {"in": SINE},
        2e-4,
        ("in", "a", ohms(1e3)),
        ("a", "gnd", mn.Capacitor(capacitance=1e-7)),
        ("a", "b", mn.Diode()),
        ("b", "gnd", mn.Capacitor(capacitance=1e-6)),
        ("b", "gnd", ohms(1e4)),
    ),
    "current-driven and floating": circuit(
        {"in": mn.drive.current(PULSES), "f": None},
        0.05,
        ("in", "a", ohms(1.0)),
        ("a", "gnd", farads(1.0)),
        ("a", "gnd", mn.Inductor()),
        ("a", "f", ohms(1.0)),
        ("f", "gnd", farads(0.1)),
    ),
    "sources": circuit(
        {},
        0.05,
        ("in", "gnd", mn.VoltageSource(voltage=mn.drive.triangle(-1.0, 1.0, 0.77))),
        ("in", "gnd", farads(1.0)),
        ("in", "x", mn.Diode()),
        ("x", "gnd", ohms(1.0)),
        ("x", "gnd", mn.CurrentSource(current=mn.drive.sine(0.1, 1.0))),
    ),
    "transistor": circuit(
        {"vdd": 5.0, "g": GATE},
        1e-6,
        ("g", "gnd", ohms(1e12)),
        ("vdd", "out", ohms(1e4)),
        ("out", "gnd", farads(1e-9)),
        ("out", "gnd", mn.link(mn.Transistor(), to="Resistor1")),
    ),
}
OPTIONS = [{}, {"method": "adaptive", "rtol": 1e-3}]


def bits(*datasets):
    names = [name for name in ("current", "voltage", "conductance", "event_time") if name in datasets[0]]
    return [np.concatenate([data[name].values for data in datasets]).tobytes() for name in names]


def known(sim):
    return sim.potential.tobytes(), sim.branch_current.tobytes(), sim.current.tobytes(), sim.steps_done


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_pieces_and_recording_change_no_bit(kind, options):
    whole, silent = KINDS[kind](**options), KINDS[kind](**options)
    want = bits(whole.run(ROWS, record=["potential"]))
    silent.step(ROWS)
    assert known(silent) == known(whole)
    for chunk in (1, 7):
        sim = KINDS[kind](**options)
        assert bits(*(sim.run(min(chunk, ROWS - k)) for k in range(0, ROWS, chunk))) == want


@pytest.mark.parametrize("looked", [False, True])
@pytest.mark.parametrize("at", [0, 1, 13, 27])
@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_saved_or_copied_goes_on_with_the_same_bits(kind, options, at, looked, tmp_path):
    whole = KINDS[kind](**options)
    want = bits(whole.run(ROWS))
    half = KINDS[kind](**options)
    first = half.run(at)
    if looked:
        _ = half.potential, half.branch_current
    half.save(tmp_path / "half")
    twins = [mn.Simulation.load(tmp_path / "half"), half.copy(), copy.deepcopy(half), pickle.loads(pickle.dumps(half))]
    for sim in [*twins, half]:
        assert bits(first, sim.run(ROWS - at)) == want
        assert known(sim) == known(whole)
