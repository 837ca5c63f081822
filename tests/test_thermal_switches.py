"""ThermalSwitch: hysteresis and the published neuron against SciPy. MottChannel: turning points by Lambert's W."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.special import lambertw

import memnet as mn

EDGE = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})

# ------------------------------------------------------------------ a twin of the thermal switch

VO2 = {
    "R_0": 5.35882879e-3, "E_a": 5220.47417, "R_m": 262.5 * 4.90025335, "T_c": 332.805839, "w": 7.19357064,
    "beta": 0.252796285, "gamma": 0.956269682, "C_th": 49.62776831e-12, "S_th": 0.20558726e-3, "T_base": 325.0,
}  # fmt: skip
LOAD, BESIDE = 12e3, 145.34619293e-12


class Film:
    """The law of the source, with the share g at the turn kept as it is there, and not what it shifts."""

    def __init__(self):
        self.heated, self.turned_at, self.g_there = 1.0, None, None

    def shift(self, temperature):
        if self.turned_at is None:
            return 0.0
        p = VO2
        there = self.heated * p["w"] / 2 + p["T_c"] - np.arctanh(2 * self.g_there - 1) / p["beta"] - self.turned_at
        x = (temperature - self.turned_at) / there
        return there * 0.5 * (1 - np.sin(p["gamma"] * x)) * (1 + np.tanh(np.pi**2 - 2 * np.pi * x))

    def share(self, temperature):
        p = VO2
        middle = self.heated * p["w"] / 2 + p["T_c"]
        return 0.5 + 0.5 * np.tanh(p["beta"] * (middle - temperature - self.shift(temperature)))

    def resistance(self, temperature):
        return VO2["R_0"] * np.exp(VO2["E_a"] / temperature) * self.share(temperature) + VO2["R_m"]

    def turn(self, temperature):
        self.g_there, self.turned_at, self.heated = self.share(temperature), temperature, -self.heated


def neuron_by_scipy(volts, duration):
    """Return when the voltage of the twin rises through 4 V."""
    film, time, y, rises = Film(), 0.0, np.array([0.0, VO2["T_base"]]), []

    def rates(_, y):
        own = film.resistance(y[1])
        return [
            ((volts - y[0]) / LOAD - y[0] / own) / BESIDE,
            (y[0] ** 2 / own - VO2["S_th"] * (y[1] - 325)) / VO2["C_th"],
        ]

    def turns(t, y):
        return film.heated * rates(t, y)[1] + 1e3

    turns.terminal, turns.direction = True, -1
    while time < duration:
        way = solve_ivp(rates, (time, duration), y, "LSODA", rtol=1e-8, atol=1e-10, events=turns, max_step=2e-8)
        v = way.y[0]
        k = np.flatnonzero((v[:-1] <= 4) & (v[1:] > 4))
        rises += list(way.t[k] + (way.t[k + 1] - way.t[k]) * (4 - v[k]) / (v[k + 1] - v[k]))
        time, y = way.t[-1], way.y[:, -1]
        if way.status == 1:
            film.turn(y[1])
    return np.array(rises)


def neuron(volts, **how):
    circuit = mn.Circuit()
    circuit.add("in", "n", mn.Resistor(conductance=1 / LOAD))
    circuit.add("n", "gnd", mn.Capacitor(capacitance=BESIDE, method="trapezoidal"))
    circuit.add("n", "gnd", mn.ThermalSwitch.preset("vo2"), name="film")
    return circuit.simulation({"in": volts, "gnd": 0.0}, **how)


def rises_of(data, level=4.0):
    time, v = data.time.values, data.potential.values[:, 1]
    k = np.flatnonzero((v[:-1] <= level) & (v[1:] > level))
    return time[k] + (time[k + 1] - time[k]) * (level - v[k]) / (v[k + 1] - v[k])


ADAPTIVE = {"dt": 10e-9, "method": "adaptive", "rtol": 1e-4}

# ------------------------------------------------------------------ the neuron


@pytest.mark.parametrize(("volts", "period"), [(11.0, 3604.5e-9), (12.0, 3040.5e-9)])
@pytest.mark.parametrize(("how", "tolerance"), [(ADAPTIVE, 0.002), ({"dt": 2e-9}, 0.005)])
def test_periods_of_the_published_neuron(volts, period, how, tolerance):
    rises = rises_of(neuron(volts, **how).run(duration=15e-6, record="potential"))
    assert np.diff(rises)[1:] == pytest.approx(period, rel=tolerance)


def test_periods_are_those_of_a_twin():
    expected = np.diff(neuron_by_scipy(11.0, 12e-6))
    found = np.diff(rises_of(neuron(11.0, **ADAPTIVE).run(duration=12e-6, record="potential")))
    np.testing.assert_allclose(found, expected, rtol=1e-4)


@pytest.mark.parametrize(("volts", "conducts"), [(10.0, False), (16.0, True)])
def test_neuron_is_silent_below_and_stays_on_above(volts, conducts):
    data = neuron(volts, **ADAPTIVE).run(duration=30e-6, record=["potential", "state:T"])
    assert len(rises_of(data)) == 1
    v = data.potential.values[-500:, 1]
    assert np.ptp(v) < 1e-3
    assert (v[-1] / ((volts - v[-1]) / LOAD) < 5e3) == conducts


def test_what_comes_to_rest_does_not_turn_for_ever():
    data = neuron(16.0, **ADAPTIVE).run(duration=200e-6, record="potential")
    assert len(data.event_time) < 20


# ------------------------------------------------------------------ hysteresis


def test_loops_are_those_of_a_twin_along_the_same_temperatures():
    """A neuron at 15 V turns within the hysteresis, so that most of its loops are minor ones."""
    record = ["branch_voltage", "branch_current", "state:T", "state:T_r", "state:delta"]
    data = neuron(15.0, **ADAPTIVE).run(duration=6e-6, record=record)
    volts, amperes = data.branch_voltage.values[:, 2], data.branch_current.values[:, 2]
    temperatures, turned_at, heated = (data[f"state_{name}"].values[:, 0] for name in ("T", "T_r", "delta"))
    film, turns = Film(), 0
    for k in range(1, len(volts)):
        if heated[k] != heated[k - 1]:
            film.turn(turned_at[k])
            turns += 1
        share = (volts[k] / amperes[k] - VO2["R_m"]) / (VO2["R_0"] * np.exp(VO2["E_a"] / temperatures[k]))
        assert share == pytest.approx(film.share(temperatures[k]), abs=1e-6)
    assert turns == len(data.event_time) >= 4


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"T_base": 400.0}, r"ThermalSwitch\.T_base must be below T_high \(370 K\), got 400"),
        ({"T_base": [325.0, 300.0]}, r"ThermalSwitch\.T_low must be below T_base \(300 K\), got 305"),
        ({"C_th": 0.0}, r"ThermalSwitch\.C_th"),
        ({"w": -1.0}, r"ThermalSwitch\.w"),
    ],
)
def test_temperatures_out_of_the_range_of_the_film_are_refused(wrong, says):
    with pytest.raises(ValueError, match=says):
        mn.ThermalSwitch(**wrong)


# ------------------------------------------------------------------ the Mott channel


def turning(device, branch):
    """Return u and the voltage at a turning point of the steady channel."""
    a, length, kappa, warmer, r_0 = (float(getattr(device, name)) for name in ("a", "L", "kappa", "dT", "R_0"))
    square = -1 / (a * lambertw(-np.e / a, branch).real)
    return np.sqrt(square), np.sqrt(4 * np.pi * length * kappa * warmer * r_0 / ((1 + a * square) * np.log(1 / square)))


def folds_of(device, low, high):
    circuit = mn.Circuit()
    circuit.add("in", "gnd", device, name="M")
    return mn.equilibria(circuit, {"in": 0.0, "gnd": 0.0}, electrode="in", values=(low, high)).folds


@pytest.mark.parametrize("a", [7.40, 1000.0])
def test_turning_points_are_those_of_lambert(a):
    device = mn.MottChannel(a=a)
    (u_on, v_on), (u_off, v_off) = (turning(device, branch) for branch in (-1, 0))
    folds = folds_of(device, 0.5 * v_off, 1.2 * v_on)
    assert v_on > v_off
    assert u_on < u_off
    np.testing.assert_allclose(sorted(folds.value), [v_off, v_on], rtol=1e-9)


def test_no_negative_resistance_up_to_e_squared():
    assert 7.38 < np.e**2 < 7.40
    assert len(folds_of(mn.MottChannel(a=7.38), -5.0, 5.0).value) == 0


@pytest.mark.parametrize(("a", "range_end"), [(7.40, 20.0), (7.39, 50.0)])
def test_over_a_wide_range_there_are_both_turning_points_and_no_other(a, range_end):
    """The end of the range of u lets it go at 0.87 V, where it grows by less than a step of the branch can tell."""
    device = mn.MottChannel(a=a)
    folds = folds_of(device, 0.0, range_end).value
    np.testing.assert_allclose(folds, [turning(device, branch)[1] for branch in (-1, 0)], rtol=1e-9)


@pytest.mark.parametrize(("a", "falls"), [(7.38, False), (7.40, True)])
def test_the_voltage_falls_with_the_current_above_e_squared(a, falls):
    device = mn.MottChannel(a=a)
    u = np.linspace(0.3, 0.5, 2001)
    heat = 2 * np.pi * float(device.L) * float(device.kappa) * float(device.dT) / np.log(1 / u)
    v = np.sqrt(heat * float(device.R_0) / (1 + a * u**2))
    assert (np.diff(v) < 0).any() == falls
    sim = mn.Simulation(EDGE, device, {"in": 1.0, "out": 0.0}, dt=1e-12)
    for k in (0, 1000, 2000):
        sim.set_state(device, u=u[k])
        rate = sim._core.linearise(0, np.array([v[k]]))["f"]
        assert abs(rate).max() < 1e-3 * 1e9


def test_a_channel_heats_as_scipy_says():
    """With both terms of the heat: into the metal under 2 V, and back."""
    device = mn.MottChannel()
    p = {name: float(value) for name, value in device.parameters.items()}

    def rate(t, u):
        volts, u = (2.0 if t < 2e-9 else 0.5), np.clip(u, 1e-6, 0.999999)
        log = np.log(u)
        held = p["c_p"] * p["dT"] * (1 - u**2 + 2 * u**2 * log) / (2 * u * log**2) + 2 * p["dh"] * u
        power = volts**2 * (1 + p["a"] * u**2) / p["R_0"] + 2 * np.pi * p["L"] * p["kappa"] * p["dT"] / log
        return power / (np.pi * p["L"] * p["r_ch"] ** 2 * held)

    sim = mn.Simulation(EDGE, device, {"in": mn.drive.steps([2.0, 0.5], [0.0, 2e-9]), "out": 0.0}, dt=2e-11,
                        method="adaptive", rtol=1e-7)  # fmt: skip
    sim.set_state(device, u=0.1)
    data = sim.run(201, record="state:u")
    time, u = data.time.values, [0.1]
    for start, end in ((0, 100), (100, 200)):
        way = solve_ivp(rate, (time[start], time[end] * (1 - 1e-12)), [u[-1]], "Radau", rtol=1e-10, atol=1e-13,
                        t_eval=np.minimum(time[start + 1 : end + 1], time[end] * (1 - 1e-12)))  # fmt: skip
        u += list(way.y[0])
    np.testing.assert_allclose(data.state_u.values[:, 0], np.maximum(u, 1e-6), rtol=0, atol=1e-5)


@pytest.mark.parametrize("wrong", [{"a": 0.0}, {"dT": -1.0}, {"u_0": 0.0}, {"u_0": 1.0}, {"r_ch": 0.0}])
def test_bad_channels_are_refused(wrong):
    with pytest.raises(ValueError, match=rf"MottChannel\.{next(iter(wrong))} must be in"):
        mn.MottChannel(**wrong)
