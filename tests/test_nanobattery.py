"""A switching film as a battery: its open voltage, its current at 0 V, how its emf relaxes, loops beside the origin."""

import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st
from scipy.linalg import expm

import memnet as mn

# Numbers of figure 7 as far as it shows them: some 0.1 V down, then up, in hundreds of seconds.
RELAXING = {"E": 0.0, "E_N": -0.2, "E_D": 0.25, "tau_N": 50.0, "tau_D": 300.0, "G_i": 1e-6, "G_e": 0.0, "Q": 1e-3}
SIEMENS = st.floats(1e-12, 1e-2)


def circuit(*devices):
    made = mn.Circuit()
    for device in devices:
        made.add("top", "bottom", device)
    return made


def driven(device, wave, **options):
    return circuit(device).simulation({"top": wave, "bottom": 0.0}, **options)


def opened(device, **options):
    return driven(device, mn.drive.current(0.0), **options)


@pytest.mark.parametrize("options", [{}, {"method": "adaptive"}])
@given(st.floats(-3.0, 3.0), SIEMENS, st.just(0.0) | SIEMENS)
@example(E=3.4343295510963514e-18, G_i=1e-12, G_e=0.0)
@example(E=2.566482207512508e-253, G_i=0.008481329572764432, G_e=0.0)
@settings(max_examples=15, deadline=None)
def test_voltage_without_a_current_and_current_without_a_voltage(options, E, G_i, G_e):
    battery = mn.Nanobattery(E=E, G_i=G_i, G_e=G_e)
    shorted = driven(battery, 0.0, dt=1e-3, **options).run(2, progress=False).current.values
    assert shorted[:, 0] == pytest.approx(-G_i * E, rel=1e-14, abs=0)
    voltage = opened(battery, dt=1e-3, **options).run(2, progress=False).voltage.values
    assert voltage[:, 0] == pytest.approx(E * G_i / (G_i + G_e), rel=1e-14, abs=0)


@given(st.floats(-290.0, 0.0), SIEMENS)
@settings(max_examples=15, deadline=None)
def test_what_rounds_in_an_open_cell_takes_no_steps(exponent, G_i):
    """Its ions carry nothing but the last bits of its voltage, which tell nothing of how long steps may be."""
    E = 10.0**exponent
    run = opened(mn.Nanobattery(E=E, G_i=G_i, G_e=0.0, Q=1e-3), dt=1e-3, method="adaptive").run(
        2, record=["voltage", "state:n", "state:d"], progress=False
    )
    assert run.voltage.values[:, 0] == pytest.approx(E, rel=1e-14, abs=0)
    for state in (run.state_n, run.state_d):
        np.testing.assert_allclose(state.values, 0.0, rtol=0, atol=1e-14 * E * G_i * 2e-3 / 1e-3)


@pytest.mark.parametrize("load", [0.0, 1e-9, 1e-6, 1e-3])
def test_a_load_and_a_leak_share_what_the_ions_drive(load):
    made = circuit(mn.Nanobattery(E=0.4, G_i=2e-6, G_e=3e-7), mn.Resistor(conductance=load))
    sim = made.simulation({"top": mn.drive.current(0.0), "bottom": 0.0}, dt=1.0)
    assert sim["top"] == pytest.approx(0.4 * 2e-6 / (2e-6 + 3e-7 + load), rel=1e-14)


def test_batteries_in_series_add_up():
    made = mn.Circuit()
    made.add("top", "middle", mn.Nanobattery(E=0.4, G_i=2e-6, G_e=0.0))
    made.add("bottom", "middle", mn.Nanobattery(E=0.1, G_i=1e-9, G_e=0.0))
    sim = made.simulation({"top": mn.drive.current(0.0), "bottom": 0.0}, dt=1.0)
    assert sim["top"] == pytest.approx(0.4 - 0.1, rel=1e-14)


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.1, -0.1, 0.3]), st.floats(-9.0, -3.0)), min_size=2, max_size=5),
    st.sampled_from([1e-3, 1e-6]),
)
@example(cells=[(0.1, -6.0), (0.0, -6.0), (-0.1, -6.0)], rtol=1e-3)
@example(cells=[(0.3, -7.1), (0.3, -4.0), (0.3, -7.2)], rtol=1e-3)
@settings(max_examples=20, deadline=None)
def test_what_rounds_in_a_series_of_open_cells_takes_no_steps(cells, rtol):
    """A cell of 0 V between others has nothing but their last bits, and more of them the less it conducts beside."""
    made = mn.Circuit()
    for k, (emf, exponent) in enumerate(cells):
        ends = f"n{k}", f"n{k + 1}" if k + 1 < len(cells) else "bottom"
        made.add(*ends, mn.Nanobattery(E=emf, G_i=10.0**exponent, G_e=0.0))
    sim = made.simulation({"n0": mn.drive.current(0.0), "bottom": 0.0}, dt=1e-3, method="adaptive", rtol=rtol)
    sim.step(2)
    assert sim["n0"] == pytest.approx(sum(emf for emf, _ in cells), abs=1e-9)
    assert sim.counters["steps"] == 2
    assert all(abs(sim.state(cell, state)[0]) < 1e-15 for cell in sim.devices for state in "nd")


def test_cells_in_a_loop_of_unlike_conductances_do_not_stall():
    """The last has but what is left of the current that the others drive through the load."""
    made = mn.Circuit()
    names = ["top", "one", "two", "three", "bottom"]
    for k, (emf, g_i) in enumerate([(0.0, 3.1e-7), (0.0, 3.7e-6), (-0.1, 4e-5), (0.0, 1e-9)]):
        made.add(names[k], names[k + 1], mn.Nanobattery(E=emf, G_i=g_i, Q=1e-6))
    made.add("top", "three", mn.Resistor(conductance=1e-7))
    sim = made.simulation({"top": mn.drive.current(0.0), "bottom": 0.0}, dt=1e-3, method="adaptive")
    sim.step(2)
    assert sim.counters["steps"] < 10
    assert abs(sim["three"]) < 1e-11


def relaxed(time, *, E, E_N, E_D, tau_N, tau_D, **_):
    """The emf of an open cell without electrons: deposited metal dissolves, and its ions spread."""
    n = np.exp(-time / tau_N)
    d = tau_D / (tau_N - tau_D) * (np.exp(-time / tau_N) - np.exp(-time / tau_D))
    return E + E_N * n + E_D * d


def test_figure_7_undershoots_overshoots_and_comes_to_rest():
    sim = opened(mn.Nanobattery(**RELAXING, n_0=1.0), dt=2.0, method="adaptive", rtol=1e-9)
    run = sim.run(duration=3000.0, progress=False)
    time, volts = run.time.values, run.voltage.values[:, 0]
    np.testing.assert_allclose(volts, relaxed(time, **RELAXING), rtol=0, atol=1e-8)
    assert volts[0] == pytest.approx(-0.2, rel=1e-12)
    top = int(volts.argmax())
    assert np.all(np.diff(volts[: top + 1]) > 0.0)
    assert np.all(np.diff(volts[top:]) < 0.0)
    assert volts[top] > 0.05
    assert 0.0 < volts[-1] < 1e-4


def test_fixed_steps_are_of_first_order():
    errors = []
    for dt in (2.0, 1.0, 0.5):
        run = opened(mn.Nanobattery(**RELAXING, n_0=1.0), dt=dt).run(duration=300.0, progress=False)
        errors.append(np.max(np.abs(run.voltage.values[:, 0] - relaxed(run.time.values, **RELAXING))))
    assert errors[0] / errors[1] == pytest.approx(2.0, rel=0.05)
    assert errors[1] / errors[2] == pytest.approx(2.0, rel=0.05)


def test_a_slower_film_relaxes_later():
    """A thicker film, or less mobile ions: the same curve, stretched."""
    fine = {"dt": 10.0, "method": "adaptive", "rtol": 1e-8}
    slow = {**RELAXING, "tau_N": 500.0, "tau_D": 3000.0}
    runs = [
        opened(mn.Nanobattery(**numbers, n_0=1.0), **{**fine, "dt": dt}).run(200, progress=False).voltage.values[:, 0]
        for numbers, dt in ((RELAXING, 2.0), (slow, 20.0))
    ]
    np.testing.assert_allclose(runs[1], runs[0], rtol=0, atol=1e-7)


def test_electrons_discharge_an_open_cell():
    """What a leak carries comes back as ions: n falls as exp(-|E_N| G t/Q), with G of both conductances in series."""
    numbers = {**RELAXING, "E_D": 0.0, "tau_N": 1e30, "G_e": 4e-7, "Q": 1e-5}
    sim = opened(mn.Nanobattery(**numbers, n_0=1.0), dt=1.0, method="adaptive", rtol=1e-9)
    run = sim.run(duration=100.0, record=["voltage", "state:n"], progress=False)
    series = 1e-6 * 4e-7 / 1.4e-6
    n = np.exp(-0.2 * series * run.time.values / 1e-5)
    np.testing.assert_allclose(run.state_n.values[:, 0], n, atol=1e-8)
    np.testing.assert_allclose(run.voltage.values[:, 0], -0.2 * n * 1e-6 / 1.4e-6, atol=1e-9)
    assert n[-1] < 0.6


def test_a_step_of_the_voltage_against_the_exponential_of_the_matrix():
    numbers = {**RELAXING, "G_e": 1e-7, "Q": 1e-5, "E": 0.05}
    v, time = -0.5, np.linspace(0.0, 300.0, 61)
    g, q = numbers["G_i"], numbers["Q"]
    # d(n, d, 1)/dt, with loss = n/tau_N + g (v - E - E_N n - E_D d)/q
    loss = np.array([1.0 / 50.0 - g * numbers["E_N"] / q, -g * numbers["E_D"] / q, g * (v - numbers["E"]) / q])
    matrix = np.array([-loss, loss - [0.0, 1.0 / 300.0, 0.0], np.zeros(3)])
    states = np.array([(expm(matrix * t) @ [0.0, 0.0, 1.0])[:2] for t in time])
    run = driven(mn.Nanobattery(**numbers), v, dt=5.0, method="adaptive", rtol=1e-9).run(
        61, record=["current", "state:n", "state:d"], progress=False
    )
    np.testing.assert_allclose(run.state_n.values[:, 0], states[:, 0], atol=1e-7)
    np.testing.assert_allclose(run.state_d.values[:, 0], states[:, 1], atol=1e-7)
    emf = numbers["E"] + states @ [numbers["E_N"], numbers["E_D"]]
    np.testing.assert_allclose(run.current.values[:, 0], numbers["G_e"] * v + g * (v - emf), rtol=1e-7)
    assert states[-1, 0] > 0.5  # a negative voltage deposits metal


@given(
    st.floats(-1.0, 0.0), st.floats(0.0, 1.0), st.floats(0.1, 1e3), st.floats(0.1, 1e3), st.floats(1e-7, 1e-3), SIEMENS
)
@settings(max_examples=6, deadline=None)
def test_without_an_emf_of_its_own_a_cell_gives_nothing_in_a_cycle(E_N, E_D, tau_N, tau_D, Q, G_e):
    """What ions store they give back, at most: the impedance of a cell is that of something passive."""
    battery = mn.Nanobattery(E=0.0, E_N=E_N, E_D=E_D, tau_N=tau_N, tau_D=tau_D, Q=Q, G_e=G_e)
    impedance = mn.impedance(driven(battery, 0.0, dt=1.0), ("top", "bottom"), np.geomspace(1e-6, 1e3, 19))
    assert np.all(impedance.values.real > 0.0)


# ------------------------------------------------------------------ loops

SINE = mn.drive.sine(0.5, frequency=1.0)


def loop_of(*devices, rows=1000):
    sim = circuit(*devices).simulation({"top": SINE, "bottom": 0.0}, dt=1.0 / rows, method="adaptive", rtol=1e-8)
    return mn.analysis.loop_class(sim.run(2 * rows + 1, progress=False))


@pytest.mark.parametrize("emf", [0.1, -0.03])
def test_a_battery_beside_a_memristor_is_not_pinched_at_the_origin(emf):
    memristor = mn.LinearDrift(r_on=1e4, r_off=1e6, x_initial=0.3)
    alone = loop_of(memristor)
    assert alone.pinched
    assert alone.type == "crossing"
    assert alone.crossings == pytest.approx([0.0], abs=1e-9)

    cell = loop_of(memristor, mn.Nanobattery(E=emf, G_i=1e-6))
    assert not cell.pinched
    assert cell.at_zero == pytest.approx([-1e-6 * emf] * 2, rel=1e-6)
    # It still crosses at 0 V, above or below the origin: that is what a list of crossings does not say.
    assert cell.crossings == pytest.approx([0.0], abs=1e-9)


def test_a_battery_that_stays_is_a_line_beside_the_origin():
    cell = loop_of(mn.Nanobattery(E=0.2))
    assert (cell.type, cell.pinched) == ("none", False)
    assert cell.at_zero == pytest.approx([-2e-7] * 2, rel=1e-12)
    assert loop_of(mn.Nanobattery(E=0.0)).pinched


def test_a_battery_that_is_charged_by_the_sweep_is_capacitive():
    cell = loop_of(mn.Nanobattery(**{**RELAXING, "E_D": 0.0, "Q": 1e-7}))
    assert (cell.type, cell.pinched) == ("capacitive", False)
    assert cell.at_zero[0] > 0.0 > cell.at_zero[1]


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("E_N", 0.1, r"\(-inf, 0\] V"),
        ("E_D", -0.1, r"\[0, inf\) V"),
        ("G_i", -1e-6, r"\[0, inf\) S"),
        ("G_e", -1e-6, r"\[0, inf\) S"),
        ("tau_N", 0.0, r"\(0, inf\) s"),
        ("tau_D", -1.0, r"\(0, inf\) s"),
        ("Q", 0.0, r"\(0, inf\) C"),
    ],
)
def test_what_is_refused(name, value, allowed):
    with pytest.raises(ValueError, match=rf"Nanobattery\.{name} must be in {allowed}, got {value}"):
        mn.Nanobattery(**{name: value})
