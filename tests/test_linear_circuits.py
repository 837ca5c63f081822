"""Circuits of resistors, capacitors and inductors against closed forms, in fixed and in adaptive steps."""

import numpy as np
import pytest
from scipy.linalg import expm

import memnet as mn

FREQUENCY = 0.3
END = 6.0
JUMP = {"step": 0.0, "jump at a row": 1.0, "jump between rows": 1.2345}
WAVES = [*JUMP, "sine"]
SECTIONS = 50


def ohms(resistance):
    return mn.Resistor(conductance=1.0 / resistance)


def farads(capacitance):
    return mn.Capacitor(capacitance=capacitance, method="trapezoidal")


def rc():
    circuit = mn.Circuit()
    circuit.add("in", "a", ohms(1.0))
    circuit.add("a", "gnd", farads(1.0))
    return circuit, [[-1.0]], [1.0], {"a": ([1.0], 0.0)}


def rl():
    circuit = mn.Circuit()
    circuit.add("in", "a", ohms(1.0))
    circuit.add("a", "gnd", mn.Inductor(inductance=1.0))
    return circuit, [[-1.0]], [1.0], {"a": ([-1.0], 1.0)}


def rlc(resistance):
    circuit = mn.Circuit()
    circuit.add("in", "a", ohms(resistance))
    circuit.add("a", "b", mn.Inductor(inductance=1.0))
    circuit.add("b", "gnd", farads(1.0))
    seen = {"a": ([-resistance, 0.0], 1.0), "b": ([0.0, 1.0], 0.0)}
    return circuit, [[-resistance, -1.0], [1.0, 0.0]], [1.0, 0.0], seen


def ladder():
    circuit, resistor, capacitor = mn.Circuit(), ohms(1.0), farads(1.0)
    for k in range(SECTIONS):
        circuit.add("in" if k == 0 else f"n{k - 1}", f"n{k}", resistor)
        circuit.add(f"n{k}", "gnd", capacitor)
    beside = np.full(SECTIONS - 1, 1.0)
    matrix = np.diag(beside, 1) + np.diag(beside, -1) - 2.0 * np.eye(SECTIONS)
    matrix[-1, -1] = -1.0
    identity = np.eye(SECTIONS)
    return circuit, matrix, identity[0], {f"n{k}": (identity[k], 0.0) for k in (0, 5, 20, SECTIONS - 1)}


CIRCUITS = {
    "RC": rc,
    "RL": rl,
    "RLC, underdamped": lambda: rlc(0.3),
    "RLC, overdamped": lambda: rlc(5.0),
    "ladder": ladder,
}


def drive(wave):
    if wave == "sine":
        return mn.drive.sine(1.0, FREQUENCY)
    return mn.drive.constant(1.0) if wave == "step" else mn.drive.concat([(0.3, JUMP[wave]), (1.0, None)])


def closed_form(matrix, into, wave, t):
    """Return the states of x' = A x + b u(t), x(0) = 0, and u, at times t: by the eigenvectors of A."""
    rates, vectors = np.linalg.eig(np.asarray(matrix, dtype=float))
    inverse, into = np.linalg.inv(vectors), np.asarray(into, dtype=float)

    def later(state, seconds):
        return ((vectors * np.exp(rates * seconds)) @ (inverse @ state)).real

    if wave == "sine":
        omega = 2.0 * np.pi * FREQUENCY
        phasor = np.linalg.solve(1j * omega * np.eye(into.size) - matrix, into)
        turning = (phasor * np.exp(1j * omega * t)[:, None]).imag
        return turning - np.array([later(phasor.imag, s) for s in t]), np.sin(omega * t)
    rest = -np.linalg.solve(matrix, into)
    jump, low = JUMP[wave], 0.0 if wave == "step" else 0.3
    at_jump = low * (rest - later(rest, jump))
    u = np.where(t < jump, low, 1.0)
    states = [low * (rest - later(rest, s)) if s < jump else rest + later(at_jump - rest, s - jump) for s in t]
    return np.array(states), u


def error(name, wave, dt, **options):
    circuit, matrix, into, seen = CIRCUITS[name]()
    sim = circuit.simulation({"in": drive(wave), "gnd": 0.0}, dt=dt, **options)
    data = sim.run(round(END / dt) + 1, record={"potential": list(seen)})
    states, u = closed_form(matrix, into, wave, data.time.values)
    found = data.potential.sel(potential_node=list(seen)).values
    exact = np.stack([states @ np.asarray(of_x) + of_u * u for of_x, of_u in seen.values()], axis=1)
    return np.abs(found - exact).max() / np.abs(exact).max()


@pytest.mark.parametrize("wave", ["jump at a row", "jump between rows"])
@pytest.mark.parametrize("name", CIRCUITS)
def test_trapezoidal_steps_are_of_order_two_over_jumps(name, wave):
    errors = [error(name, wave, dt) for dt in (0.025, 0.0125)]
    assert abs(np.log2(errors[0] / errors[1]) - 2.0) < 0.1
    assert errors[1] < 1e-3


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("name", CIRCUITS)
def test_adaptive_errors_fall_with_rtol(name, wave):
    rtol = np.array([1e-2, 1e-3, 1e-4, 1e-5, 1e-6])
    errors = np.array([error(name, wave, 1.0, method="adaptive", rtol=float(r)) for r in rtol])
    assert (errors <= 10.0 * rtol).all()
    assert (np.diff(errors) < 0.0).all()


ZERO, LATE = mn.drive.constant(0.0), mn.drive.concat([(0.0, 0.512), (2.0, None)])


@pytest.mark.parametrize("wave", [mn.drive.sine(1.0, 0.5), mn.drive.triangle(-1.0, 1.0, 0.77), LATE, ZERO])
@pytest.mark.parametrize("source", ["electrode", "current", "VoltageSource", "CurrentSource"])
def test_circuits_that_begin_at_nothing(source, wave):
    """Nothing tells at first what is large: neither a voltage nor a current of an inductor."""
    circuit = mn.Circuit()
    driven = {"gnd": 0.0}
    if source == "VoltageSource":
        circuit.add("in", "gnd", mn.VoltageSource(voltage=wave))
    elif source == "CurrentSource":
        circuit.add("gnd", "in", mn.CurrentSource(current=wave))
    else:
        driven["in"] = wave if source == "electrode" else mn.drive.current(wave)
    circuit.add("in", "b", ohms(1.0))
    circuit.add("b", "gnd", farads(1.0))
    circuit.add("b", "c", mn.Inductor(inductance=1.0))
    circuit.add("c", "gnd", ohms(1.0))
    rows = circuit.simulation(driven, dt=0.05, method="adaptive", rtol=1e-3).run(60, record=["potential"])
    fixed = circuit.simulation(driven, dt=0.0025).run(1200, record=["potential"])
    exact = fixed.potential.values[::20]
    assert np.abs(rows.potential.values - exact).max() <= 1e-2 * np.abs(exact).max()


@pytest.mark.parametrize("options", [{}, {"method": "adaptive", "rtol": 1e-4}])
@pytest.mark.parametrize("unit", [1e-12, 1e-9, 1.0, 1e9])
def test_units_of_time_and_resistance_do_not_matter(unit, options):
    """Picofarad and gigaohm in milliseconds, nanohenry in nanoseconds, years: the same curves."""
    size = 1e9 if unit < 1.0 else 1e-6
    circuit = mn.Circuit()
    circuit.add("in", "a", ohms(0.3 * size))
    circuit.add("a", "b", mn.Inductor(inductance=unit * size))
    circuit.add("b", "gnd", farads(unit / size))
    data = circuit.simulation({"in": 1.0, "gnd": 0.0}, dt=0.02 * unit, **options).run(301, record={"potential": "b"})
    states, _ = closed_form([[-0.3, -1.0], [1.0, 0.0]], [1.0, 0.0], "step", data.time.values / unit)
    assert np.abs(data.potential.values[:, 0] - states[:, 1]).max() < 5e-4


@pytest.mark.parametrize("rtol", [1e-3, 1e-5, 1e-6])
def test_slow_modes_of_a_ladder(rtol):
    """The slowest mode lasts 1,000 times as long as one section: errors of all its steps add up, to 10 rtol at most."""
    circuit, matrix, into, seen = ladder()
    end = 2000.0
    sim = circuit.simulation({"in": 1.0, "gnd": 0.0}, dt=end, method="adaptive", rtol=rtol)
    found = sim.run(2, record={"potential": list(seen)}).potential.values[1]
    exact = np.linalg.solve(-np.asarray(matrix), into)
    exact = exact - expm(np.asarray(matrix) * end) @ exact
    assert np.abs(found - [exact[k] for k in (0, 5, 20, SECTIONS - 1)]).max() <= 10.0 * rtol
