"""What adaptive steps come to: devices and random networks against SciPy, networks of wires against themselves."""

import itertools

import numpy as np
import pytest
import rates
from scipy.integrate import solve_ivp

import memnet as mn

PERIOD = 1.3
SERIES = mn.Network(3, [(0, 1), (1, 2)], length=[0.05, 0.05], electrodes={"left": 0, "right": 2})
# Model, its law in rates.py, parameters of both, the resistance in series (ohm), the largest drive (V).
FAST = {"kappa_p0": 1e-4, "kappa_d0": 0.5, "eta_p": 10.0, "eta_d": 1.0, "g_min": 1e-3, "g_max": 0.1}
DEVICES = {
    "rate balance": (mn.RateBalance, rates.rate_balance, FAST, 500.0, 2.0),
    "rate balance, defaults": (mn.RateBalance, rates.rate_balance, {}, 500.0, 1.0),
    "linear drift": (mn.LinearDrift, rates.linear_drift, {"x_initial": 0.3}, 500.0, 1.0),
    "linear drift to an end": (mn.LinearDrift, rates.linear_drift, {"x_initial": 0.3, "mu": 1e-13}, 500.0, 2.0),
    "linear drift, joglekar": (
        mn.LinearDrift,
        rates.linear_drift,
        {"x_initial": 0.3, "window": "joglekar", "p": 2.0},
        500.0,
        1.0,
    ),
    "linear drift, strukov": (
        mn.LinearDrift,
        rates.linear_drift,
        {"x_initial": 0.3, "window": "strukov", "decay": 0.5, "mu": 1e-13},
        500.0,
        1.0,
    ),
    "hillock": (mn.Hillock, rates.hillock, {"tau": 0.3}, 2e4, 1.0),
    "short- and long-term drift": (
        mn.ShortLongTermDrift,
        rates.short_long_term_drift,
        {"w_initial": 0.3, "eps_initial": 0.1},
        500.0,
        1.0,
    ),
    "short- and long-term drift, joglekar": (
        mn.ShortLongTermDrift,
        rates.short_long_term_drift,
        {"w_initial": 0.3, "eps_initial": 0.1, "window": "joglekar", "p": 2.0},
        500.0,
        1.0,
    ),
}


def law_of(make, parameters, length):
    return make(length, **parameters) if make is rates.hillock else make(**parameters)


def pulsed(high, t):
    return high if any(0.2 + 0.75 * k <= t < 0.55 + 0.75 * k for k in range(3)) else 0.1 * high


PULSE_ENDS = sorted([0.2 + 0.75 * k for k in range(3)] + [0.55 + 0.75 * k for k in range(3)])
# Waveform of a largest voltage, its value in time, its breaks; of a current: times the resistance.
WAVES = {
    "constant": (mn.drive.constant, lambda high, t: high, []),
    "sine": (lambda high: mn.drive.sine(high, 1.0), lambda high, t: high * np.sin(2.0 * np.pi * t), []),
    "pulses": (
        lambda high: mn.drive.pulses(0.1 * high, high, length=0.35, spacing=0.4, count=3, start=0.2),
        pulsed,
        PULSE_ENDS,
    ),
    "triangle": (
        lambda high: mn.drive.triangle(-high, high, period=PERIOD, phase=0.25),
        lambda high, t: high * (2.0 / np.pi) * np.arcsin(np.sin(2.0 * np.pi * t / PERIOD)),
        [PERIOD / 4.0 * k for k in range(1, 8)],
    ),
}
# A law that runs to an end against which a drive that comes back holds it is no problem for Radau.
TOO_HARD = {("linear drift to an end", "sine"), ("linear drift to an end", "triangle")}
SINGLE = [(device, wave) for device in DEVICES for wave in WAVES if (device, wave) not in TOO_HARD]


def error_of(net, devices, drive, wanted, duration, rows, rtol):
    sim = mn.Simulation(net, devices, drive, dt=duration / rows, method="adaptive", rtol=rtol, seed=0)
    data = sim.run(rows + 1, record={"edge_conductance": True})
    return np.abs(data.edge_conductance.to_numpy() / wanted - 1.0).max()


@pytest.mark.parametrize(("device", "wave"), SINGLE)
def test_a_device_and_a_resistor_follow_radau(device, wave):
    model, make, parameters, resistance, high = DEVICES[device]
    circuit = rates.Circuit(
        3, [(0, 1), (1, 2)], [law_of(make, parameters, 0.05), rates.resistor(conductance=1.0 / resistance)], [0, -1, 1]
    )
    made, value, breaks = WAVES[wave]
    wanted = rates.solution(circuit, lambda t: ("VV", (value(high, t), 0.0)), np.linspace(0.0, 2.0, 41), breaks)
    drive = {"left": made(high), "right": 0.0}
    devices = [model(**parameters), mn.Resistor(conductance=1.0 / resistance)]
    for rtol in (1e-2, 1e-3, 1e-4, 1e-5):
        assert error_of(SERIES, devices, drive, wanted, 2.0, 40, rtol) <= 10.0 * rtol


@pytest.mark.parametrize("device", DEVICES)
def test_a_device_follows_radau_at_a_current(device):
    model, make, parameters, resistance, high = DEVICES[device]
    circuit = rates.Circuit(
        3, [(0, 1), (1, 2)], [law_of(make, parameters, 0.05), rates.resistor(conductance=1.0 / resistance)], [0, -1, 1]
    )
    current = high / resistance

    def drive(t):
        return "AV", (current * (1.0 + 0.8 * np.sin(2.0 * np.pi * t)), 0.0)

    wanted = rates.solution(circuit, drive, np.linspace(0.0, 2.0, 41))
    waves = {"left": mn.drive.current(mn.drive.sine(0.8 * current, 1.0, offset=current)), "right": 0.0}
    devices = [model(**parameters), mn.Resistor(conductance=1.0 / resistance)]
    for rtol in (1e-2, 1e-3, 1e-4, 1e-5):
        assert error_of(SERIES, devices, waves, wanted, 2.0, 40, rtol) <= 10.0 * rtol


def random_circuit(seed):
    """A ring with chords, all models on it, three electrodes, and an island of two nodes."""
    rng = np.random.default_rng(seed)
    n = 8
    edges = [(k, (k + 1) % n) for k in range(n)]
    edges += [(int(a), int((a + rng.integers(2, n - 1)) % n)) for a in rng.integers(0, n, 5)] + [(n, n + 1)]
    length = rng.uniform(0.045, 0.055, len(edges))
    devices, laws = [], []
    for gap in length:
        model, make, parameters, _, _ = DEVICES[list(DEVICES)[rng.choice([0, 1, 4, 5, 6, 8])]]
        changed = dict(parameters)
        if make is rates.hillock:
            changed["alpha"] = 100.0
        devices.append(model(**changed))
        laws.append(law_of(make, changed, gap))
    electrode = [0, -1, -1, 1, -1, 2, -1, -1, -1, -1]
    net = mn.Network(n + 2, edges, length=length, electrodes={"left": 0, "right": 3, "top": 5})
    return net, devices, rates.Circuit(n + 2, edges, laws, electrode)


@pytest.mark.parametrize("seed", [3, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3))])
@pytest.mark.parametrize("top", ["floating", "current", "voltage"])
def test_random_networks_follow_radau(seed, top):
    net, devices, circuit = random_circuit(seed)
    high, current = 0.8, 3e-4  # so that no window is entered so far that the way out depends on its last digits
    breaks = PULSE_ENDS if seed % 2 else []
    wave, value, _ = WAVES["pulses" if seed % 2 else "sine"]
    role = {"floating": "-", "current": "A", "voltage": "V"}[top]
    extra = {"floating": None, "current": mn.drive.current(current), "voltage": 0.3}[top]
    amount = {"floating": 0.0, "current": current, "voltage": 0.3}[top]
    wanted = rates.solution(
        circuit, lambda t: ("VV" + role, (value(high, t), 0.0, amount)), np.linspace(0.0, 1.5, 31), breaks
    )
    assert np.ptp(wanted, axis=0).max() > 1e-5
    drive = {"left": wave(high), "right": 0.0, "top": extra}
    for rtol in (1e-2, 1e-3, 1e-4):
        assert error_of(net, devices, drive, wanted, 1.5, 30, rtol) <= 10.0 * rtol


# ------------------------------------------------------------ networks of wires

JUNCTION = mn.RateBalance(**FAST)


def wires(n, size, seed=3):
    return mn.nanowires(n, size=size, length=20, length_sd=5, seed=seed)


def driven(net, wave, dt, rtol):
    return mn.Simulation(net, JUNCTION, {"left": wave, "right": 0.0}, dt=dt, method="adaptive", rtol=rtol, seed=0)


def test_300_wires_rise_to_their_end():
    net = wires(300, 100)
    times = np.geomspace(1e-6, 10.0, 5)

    def at(t, rtol):
        sim = driven(net, 8.0, float(t), rtol)
        return sim.run(2).conductance.to_numpy()[1], sim.counters["factorisations"]

    wanted = [at(t, 1e-6)[0] for t in times]
    assert wanted[-1] == pytest.approx(0.1553058, abs=5e-8)
    for rtol, error, most in ((1e-2, 1e-3, 150), (1e-3, 3e-4, 250)):
        found = [at(t, rtol) for t in times]
        np.testing.assert_allclose([g for g, _ in found], wanted, rtol=error)
        assert max(g for g, _ in found) < 1.001 * wanted[-1]  # no overshoot
        assert found[-1][1] <= most


def test_24_rows_cost_no_more_than_allowed():
    sim = driven(wires(300, 100), 8.0, 10.0 / 24, 1e-2)
    data = sim.run(25)
    assert sim.counters["factorisations"] <= 150
    assert float(data.conductance[24]) == pytest.approx(0.1553058, rel=1e-3)
    assert float(data.conductance.max()) < 1.001 * 0.1553058


def test_a_thousand_seconds():
    sim = driven(wires(300, 100), 8.0, 1000.0, 1e-2)
    assert sim.run(2).conductance.to_numpy()[1] == pytest.approx(0.155820405, rel=1e-5)
    assert sim.counters["factorisations"] <= 150


def test_1500_wires():
    sim = driven(wires(1500, 100 * np.sqrt(5)), 18.0, 10.0, 1e-2)
    assert sim.run(2).conductance.to_numpy()[1] == pytest.approx(0.1101454, rel=1e-3)
    assert sim.counters["factorisations"] <= 150


def test_three_pulses():
    net = wires(300, 100)
    wave = mn.drive.pulses(0.1, 8.0, length=1.0, spacing=1.0, count=3)
    wanted = driven(net, wave, 0.5, 1e-5).run(13).conductance.to_numpy()
    for rtol in (1e-2, 1e-3):
        sim = driven(net, wave, 0.5, rtol)
        np.testing.assert_allclose(sim.run(13).conductance.to_numpy(), wanted, rtol=3e-3)
        assert sim.counters["factorisations"] <= 250


@pytest.mark.filterwarnings("ignore::memnet.StepWarning")
def test_short_fixed_steps_tend_to_adaptive_ones():
    net = wires(60, 45)

    def errors(voltage):
        wanted = driven(net, voltage, 0.4, 1e-5).run(2).conductance.to_numpy()[1]
        for n in (200, 400, 800, 1600):
            sim = mn.Simulation(net, JUNCTION, {"left": voltage, "right": 0.0}, dt=0.4 / n, seed=0)
            yield abs(sim.run(n + 1).conductance.to_numpy()[-1] / wanted - 1.0)

    for long, short in itertools.pairwise(errors(1.0)):
        assert short == pytest.approx(0.5 * long, rel=0.02)  # of first order
    first, *_, last = errors(2.0)
    assert first > 0.1
    assert last < 1e-3


@pytest.mark.parametrize("dt", [0.25, 0.5, 1.0, 2.0, 4.0])
def test_a_step_never_passes_over_a_period(dt):
    net = wires(60, 45)
    wanted = driven(net, mn.drive.sine(6.0, 1.0), 0.125, 1e-4)
    wanted.step(32)
    found = driven(net, mn.drive.sine(6.0, 1.0), dt, 1e-3)
    found.step(int(4.0 / dt))
    np.testing.assert_allclose(found.state(JUNCTION, "g"), wanted.state(JUNCTION, "g"), rtol=1e-2)


@pytest.mark.parametrize("off", [-1e-12, -1e-16, 0.0, 1e-16, 1e-12])
def test_corners_beside_rows_are_at_them(off):
    net = wires(60, 45)
    wave = mn.drive.pulses(0.1, 6.0, length=1.0 + off, spacing=1.0, count=3, start=0.3 + off)
    given = [driven(net, wave, dt, 1e-4) for dt in (0.1, 1.0)]
    for sim, n in zip(given, (30, 3), strict=True):
        sim.step(n)
    np.testing.assert_allclose(given[0].state(JUNCTION, "g"), given[1].state(JUNCTION, "g"), rtol=1e-3)


# ------------------------------------------------------------ what nothing holds


@pytest.mark.parametrize("voltage", [0.0, 2.6e-320])
@pytest.mark.parametrize("rows", [1, 40])
def test_a_conductance_fades_over_decades_at_no_voltage(rows, voltage):
    fade = {"kappa_p0": 1e-7, "kappa_d0": 1.0, "g_min": 1e-9, "g_max": 0.1, "g_initial": 0.9}
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"left": 0, "right": 1})
    times = np.linspace(0.0, 15.0, rows + 1)
    rate, end = 1.0 + 1e-7, 1e-7 / (1.0 + 1e-7)
    x = end + (0.9 - end) * np.exp(-rate * times)
    wanted = (1e-9 * (1.0 - x) + 0.1 * x)[:, None]
    for rtol in (1e-2, 1e-3, 1e-4, 1e-5):
        drive = {"left": voltage, "right": 0.0}
        assert error_of(net, mn.RateBalance(**fade), drive, wanted, 15.0, rows, rtol) <= 10.0 * rtol


def falling_current(wave, duration, rows, rtol, load=0.3, capacitance=1e-3):
    circuit = mn.Circuit()
    circuit.add("in", "out", mn.Resistor(conductance=load))
    circuit.add("out", "gnd", mn.CubicResistor(g_1=-1.0, g_3=1.0 / 3.0))
    circuit.add("out", "gnd", mn.Capacitor(capacitance=capacitance))
    sim = circuit.simulation({"in": wave, "gnd": 0.0}, dt=duration / rows, method="adaptive", rtol=rtol)
    return sim.run(rows + 1, record={"potential": "out"}).potential.to_numpy()[:, 0]


def falling_current_of_radau(value, duration, rows, load=0.3, capacitance=1e-3):
    def rates(t, u):
        return (load * (value(t) - u) + u - u**3 / 3.0) / capacitance

    times = np.linspace(0.0, duration, rows + 1)
    return solve_ivp(rates, (0.0, duration), [0.0], "Radau", times, rtol=1e-11, atol=1e-13).y[0]


@pytest.mark.parametrize("side", [1.0, -1.0])
@pytest.mark.parametrize("rows", [1, 4, 40])
def test_a_ramp_leaves_an_unstable_rest_to_its_own_side(side, rows):
    wanted = falling_current_of_radau(lambda t: side * t, 1.0, rows)
    assert side * wanted[-1] > 1.5
    for rtol in (1e-2, 1e-3, 1e-4, 1e-5):
        found = falling_current(mn.drive.piecewise_linear([0.0, 1.0], [0.0, side]), 1.0, rows, rtol)
        np.testing.assert_allclose(found, wanted, rtol=0.0, atol=10.0 * rtol * np.abs(wanted).max())


def test_a_state_beside_a_voltage_that_runs_away():
    load, beside, capacitance, low, high, jump, end = 0.22183, 0.2, 0.1074, 0.038, 0.762, 0.2473, 0.6
    change = {"kappa_p0": 0.003668, "kappa_d0": 0.1834, "eta_p": 3.6, "eta_d": 1.0, "g_min": 1e-3, "g_max": 0.3}

    def conductance(x):
        return change["g_min"] * (1.0 - x) + change["g_max"] * x

    def rates(t, y, volts):
        u, x = y
        v = u * beside / (beside + conductance(x))
        up = change["kappa_p0"] * np.exp(change["eta_p"] * abs(v))
        down = change["kappa_d0"] * np.exp(-change["eta_d"] * abs(v))
        into = load * (volts - u) + u - u**3 / 3.0 - conductance(x) * v
        return [into / capacitance, up * (1.0 - x) - down * x]

    y = [0.0, 0.02]
    for begin, stop, volts in ((0.0, jump, low), (jump, end, high)):
        y = solve_ivp(rates, (begin, stop), y, "Radau", args=(volts,), rtol=1e-11, atol=1e-13).y[:, -1]
    wanted = conductance(y[1])
    circuit = mn.Circuit()
    circuit.add("in", "out", mn.Resistor(conductance=load))
    circuit.add("out", "gnd", mn.CubicResistor(g_1=-1.0, g_3=1.0 / 3.0))
    circuit.add("out", "gnd", mn.Capacitor(capacitance=capacitance))
    circuit.add("out", "mid", mn.RateBalance(g_initial=0.02, **change), name="memristor")
    circuit.add("mid", "gnd", mn.Resistor(conductance=beside))
    for rtol in (1e-2, 1e-3, 1e-4, 1e-5):
        wave = mn.drive.pulses(low, high, length=1.0, spacing=1.0, start=jump)
        sim = circuit.simulation({"in": wave, "gnd": 0.0}, dt=end, method="adaptive", rtol=rtol)
        data = sim.run(2, record={"edge_conductance": "memristor"})
        assert float(data.edge_conductance[1, 0]) == pytest.approx(wanted, rel=10.0 * rtol)


def test_a_resonance_keeps_its_phase():
    zeta, periods, rows = 1e-3, 30, 23
    circuit = mn.Circuit()
    circuit.add("in", "a", mn.Resistor(conductance=0.5 / zeta))
    circuit.add("a", "out", mn.Inductor(inductance=1.0))
    circuit.add("out", "gnd", mn.Capacitor(capacitance=1.0))
    for rtol in (1e-2, 1e-3):
        dt = 2.0 * np.pi * periods / rows
        sim = circuit.simulation({"in": 1.0, "gnd": 0.0}, dt=dt, method="adaptive", rtol=rtol)
        data = sim.run(rows + 1, record={"potential": "out"})
        t, fast = data.time.to_numpy(), np.sqrt(1.0 - zeta**2)
        wanted = 1.0 - np.exp(-zeta * t) * (np.cos(fast * t) + zeta / fast * np.sin(fast * t))
        np.testing.assert_allclose(data.potential.to_numpy()[:, 0], wanted, rtol=0.0, atol=10.0 * rtol)
