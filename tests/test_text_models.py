"""The models that are texts: published laws and their loops, closed forms, links, a charge that moves with a state."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import constants
from scipy.integrate import solve_ivp

import memnet as mn
from memnet.devices import state_fields, table_of

EDGE = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
TEXTS = [name for name, model in mn.devices.MODELS.items() if model._table["text"]]


@pytest.mark.parametrize("name", TEXTS)
def test_a_run_has_the_same_bits_interpreted_or_compiled(name):
    """Behind a resistor; what reads another edge reads the gate of an Ecram, which has a state x.

    The current of an electrode is read in plain steps alone, without that gate, whose steps are implicit.
    """
    compiled = mn.devices.MODELS[name]
    interpreted = mn.device_model(f"{name}Interpreted", compiled._table["text"])
    net = mn.Network(3, [(0, 1), (1, 2), (0, 2)], electrodes={"in": 0, "out": 2})
    linked = "linked." in compiled._table["text"]
    found = []
    for device in (compiled(), interpreted()):
        first = mn.link(device, to=2) if linked else device
        beside = mn.Resistor() if compiled._table["reads_inflow"] else mn.EcramGate()
        devices = [first, mn.Resistor(conductance=1e-4), beside]
        fires = "event spike" in compiled._table["text"]
        # nerves are faster than others, and what switches is fast beyond its threshold
        quick = {"HodgkinHuxley": 1e-4, "ElectrochemicalMetallization": 1e-18, "ExplicitJART": 1e-9}
        dt = 1e-7 if fires else quick.get(name, 1e-2)
        sim = mn.Simulation(net, devices, {"in": mn.drive.sine(1.0, 0.01 / dt), "out": 0.0}, dt=dt, seed=1)
        run = sim.run(200, record=["current", "potential"])
        states = [sim.state(first, state) for state in state_fields(table_of(device))]
        found.append([one.tobytes() for one in (run.current.values, run.potential.values, *states)])
    assert found[0] == found[1]


# ------------------------------------------------------------------ VTEAM at a constant voltage


@pytest.mark.parametrize("n_steps", [10, 137, 1000, 7001, 20_000])
def test_vteam_switches_when_its_closed_form_says_so(n_steps):
    """x = t k_off/D (v/v_off - 1)^alpha_off, in any number of steps; exact here, as alpha_off = 1."""
    rng = np.random.default_rng(n_steps)
    for v in 0.02 * (1 + rng.uniform(0.1, 40, 4)):
        rate = Fraction(5e-4) / Fraction(3e-9) * (Fraction(v) / Fraction(0.02) - 1)
        dt = float(Fraction(rng.uniform(0.9, 1.0)) / rate / n_steps)
        device = mn.VTEAM()
        sim = mn.Simulation(EDGE, device, {"in": v, "out": 0.0}, dt=dt)
        sim.step(n_steps)
        assert sim.state(device, "x")[0] == pytest.approx(float(rate * n_steps * Fraction(dt)), rel=1e-12, abs=0)
        sim.step(n_steps)
        assert sim.state(device, "x")[0] == 1.0


def test_vteam_goes_down_with_its_power():
    device = mn.VTEAM(x_initial=1.0, alpha_on=2.5, k_on=-1e-5)
    sim = mn.Simulation(EDGE, device, {"in": -0.7, "out": 0.0}, dt=1e-6)
    sim.step(10)
    assert sim.state(device, "x")[0] == pytest.approx(1 - 1e-10 / 3e-9 * 2.5**2.5, rel=1e-12)


# ------------------------------------------------------------------ loops


def vteam(v, x):
    up, down = 5e-4 / 3e-9 * (v / 0.02 - 1), -10 / 3e-9 * (v / -0.2 - 1) ** 3
    return (up if v > 0.02 else down if v < -0.2 else 0.0), v / (50 + 950 * x)


def yakopcic(v, x):
    if v > 0.65:
        moving = 4000 * (np.exp(v) - np.exp(0.65))
    else:
        moving = -4000 * (np.exp(-v) - np.exp(0.56)) if v < -0.56 else 0.0
    if v >= 0:
        slowed = np.exp(-(x - 0.3)) * ((0.3 - x) / 0.7 + 1) if x >= 0.3 else 1.0
    else:
        slowed = np.exp(5 * (x - 0.5)) * x / 0.5 if x <= 0.5 else 1.0
    return moving * slowed, 0.17 * x * np.sinh(0.05 * v)


def stanford_pku(v, x):
    """Lengths are in nm."""
    nm = 0.2 + 1.5 * x
    i = 1e-3 * np.exp(-nm / 0.25) * np.sinh(v / 0.25)
    heat = constants.k * (298 + abs(v * i) * 2.1e3)
    gamma = 16 - 0.8 * nm**3
    moves = 1 / (1 + np.exp(min((1.4e9 - gamma * abs(v) / 12e-9) / 1e4, 700)))
    speed = 10 * np.exp(-0.6 * constants.e / heat) * np.sinh(gamma * 0.25 / 12 * constants.e * v / heat) * moves
    return -1e9 * speed / 1.5, i


LOOPS = {
    "VTEAM": (vteam, 1.0, 50e6, 0.0),
    "Yakopcic": (yakopcic, 0.75, 100.0, 0.11),
    "StanfordPKU": (stanford_pku, 1.5, 10.0, 0.0),
}


def integrated(law, wave, start, times):
    """Return a state at some times by SciPy: from one end of its range, where it waits, to the next."""
    found, t, x = np.empty_like(times), times[0], start
    grid = np.linspace(times[0], times[-1], 40 * times.size)

    def rate(t, y):
        return [law(wave(t), min(max(y[0], -0.01), 1.01))[0]]

    def ends(t, y):
        return (y[0] - 1) * y[0] if t > leaves else -1.0  # not before it has left the end where it waited

    ends.terminal = True
    while t < times[-1]:
        inward = [u for u in grid[grid >= t] if law(wave(u), x)[0] * (1 if x < 1 else -1) * (x == 0 or x == 1) > 0]
        leaves = t if 0 < x < 1 else (inward[0] if inward else times[-1])
        found[(times >= t) & (times <= leaves)] = x
        t, leaves = leaves, leaves + grid[1] * 1e-6
        if t < times[-1]:
            way = solve_ivp(rate, (t, times[-1]), [x], method="Radau", dense_output=True, events=ends, rtol=1e-10,
                            atol=1e-12, max_step=times[1])  # fmt: skip
            here = (times > t) & (times <= way.t[-1])
            found[here] = way.sol(times[here])[0] if here.any() else 0.0
            t, x = way.t[-1], float(round(way.y[0, -1])) if way.status == 1 else way.y[0, -1]
    return found


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name == "StanfordPKU" else ()) for name in LOOPS]
)
def test_loops_agree_with_scipy(name):
    law, amplitude, frequency, start = LOOPS[name]
    n = 200
    wave = mn.drive.sine(amplitude, frequency=frequency)
    device = getattr(mn, name)()
    sim = mn.Simulation(EDGE, device, {"in": wave, "out": 0.0}, dt=1 / frequency / n, method="adaptive", rtol=1e-8)
    data = sim.run(n + n // 2, record=["state:x"])
    times = data.time.values
    expected = integrated(law, wave, start, times)
    found = data.state_x.values[:, 0]
    assert np.ptp(expected) > 0.04
    assert np.abs(found - expected).max() < 1e-6 * np.ptp(expected)
    current = np.array([law(wave(t), x)[1] for t, x in zip(times, expected, strict=True)])
    assert np.abs(data.current.values[:, 0] - current).max() < 1e-6 * np.ptp(current)


# ------------------------------------------------------------------ a charge that moves with a state


def memcapacitor_behind_resistor(method, n, rtol=None):
    circuit = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    devices = [mn.Resistor(conductance=1e-6), mn.Memcapacitor(alpha=0.5, beta=20.0)]
    wave = mn.drive.sine(2.0, frequency=10.0)
    tolerance = {} if rtol is None else {"rtol": rtol}
    sim = mn.Simulation(circuit, devices, {"in": wave, "out": 0.0}, dt=0.2 / n, method=method,
                        **tolerance)  # fmt: skip
    return sim.run(n + 1, record=["potential", "state:x"])


def test_memcapacitor_agrees_with_scipy():
    """C dv/dt + v dC/dt is what the resistor lets through; the charge alone would forget the second."""

    def rates(t, y):
        v, x = y
        moves = 20 * v - 19.5 / 2 * (abs(v + 0.5) - abs(v - 0.5))
        moves = 0.0 if (x >= 1 and moves > 0) or (x <= 0 and moves < 0) else moves
        return [(1e-6 * (2 * np.sin(20 * np.pi * t) - v) - v * 9e-9 * moves) / (1e-9 + 9e-9 * x), moves]

    data = memcapacitor_behind_resistor("adaptive", 400, 1e-6)
    way = solve_ivp(rates, (0, 0.2), [0.0, 0.0], t_eval=data.time.values[:-1], rtol=1e-9, atol=1e-12, max_step=2e-4)
    assert np.ptp(way.y[1]) > 0.2
    for found, expected in (
        (data.potential.values[:-1, 1], way.y[0]),
        (data.state_x.values[:-1, 0], way.y[1]),
    ):
        assert np.abs(found - expected).max() < 1e-4 * np.ptp(expected)
    apart = []
    for n in (400, 800):
        rows = memcapacitor_behind_resistor("fixed", n).potential.values[:: n // 400, 1][:400]
        apart.append(np.abs(rows - way.y[0]).max())
    assert apart[1] < apart[0] / 3 < 2e-2
