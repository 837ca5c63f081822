"""JART VCM v1b: its inner equation and its rate against SciPy, the explicit form and ngspice; a sweep; set times."""

import shutil

import numpy as np
import pytest
from scipy import constants
from scipy.integrate import quad
from scipy.optimize import brentq
from test_spice import run_ngspice

import memnet as mn

EDGE = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
E, K = constants.e, constants.k / constants.e

NOMINAL = {name: float(value) for name, value in mn.JART().parameters.items()}


# ------------------------------------------------------------------ the equations again, by the current


def barrier(u, n, p):
    bent = max(p["phi_B"] - p["phi_n"] - u, 0.0)
    image = E**3 * p["z"] * n * bent / (8 * np.pi**2 * (p["eps_phi"] * constants.epsilon_0) ** 3)
    return max(p["phi_B"] - image**0.25, 0.0)


def interface(u, t, n, p):
    """Current of the interface at u."""
    phi, area = barrier(u, n, p), np.pi * p["r"] ** 2
    if u >= 0:
        return area * p["A_R"] * t**2 * np.exp(-phi / (K * t)) * np.expm1(u / (K * t))
    e_00 = constants.h / (4 * np.pi) * np.sqrt(p["z"] * n / (constants.m_e * p["eps"] * constants.epsilon_0))
    ratio = e_00 / (K * t)
    e_0, prime = e_00 / np.tanh(ratio), e_00 / (ratio - np.tanh(ratio))
    high = -u + phi / np.cosh(ratio) ** 2
    return -area * p["A_R"] * t / K * np.sqrt(np.pi * e_00 * high) * np.exp(-phi / e_0) * np.expm1(-u / prime)


def solution(v, x, p=NOMINAL):
    """u, i and T, of the largest current where there are several."""
    n = p["N_min"] * (p["N_max"] / p["N_min"]) ** x
    per_area = 1 / (p["z"] * E * p["mu_n"] * np.pi * p["r"] ** 2)
    disc, plug = p["l"] / n * per_area, (p["l_cell"] - p["l"]) / p["N_plug"] * per_area

    def parts(i):
        line = p["R_line"] * (1 + p["R_line"] * p["alpha_line"] * i**2 * p["R_th_line"])
        u = v - i * (disc + plug + p["R_TiOx"] + line)
        return u, p["T_0"] + p["R_th"] * (1 if v < 0 else p["s_reset"]) * i * (u + i * (disc + plug))

    def excess(i):
        u, t = parts(i)
        return (i - interface(u, t, n, p)) * np.sign(v)

    most = v / (disc + plug + p["R_TiOx"] + p["R_line"])
    grid = brentq(lambda i: parts(i)[0], *sorted([0.0, most * (1 + 1e-9)]), xtol=1e-30, rtol=1e-13) * np.linspace(
        1, 0, 201
    )
    k = next(k for k in range(200) if excess(grid[k + 1]) < 0)
    i = brentq(excess, *sorted(grid[k : k + 2]), xtol=1e-30, rtol=1e-13)
    return *parts(i), i, n, disc, plug


def rate(v, x, p=NOMINAL):
    u, t, i, n, disc, plug = solution(v, x, p)
    field = i * disc / p["l"] if v < 0 else (u + i * (disc + plug)) / p["l_cell"]
    gamma = np.clip(p["z"] * E * field * p["a"] / (np.pi * p["dW"]), -0.999, 0.999)
    level = np.sqrt(1 - gamma**2) + gamma * np.arcsin(gamma)
    down, up = (np.exp(-p["dW"] / (constants.k * t) * (level + s * gamma * np.pi / 2)) for s in (-1, 1))
    window = 1 - (n / p["N_max"]) ** 10 if v < 0 else 1 - (p["N_min"] / n) ** 10
    mean = (p["N_plug"] + n) / 2
    return -mean * p["a"] * p["nu_0"] * (down - up) * window / (p["l"] * n * np.log(p["N_max"] / p["N_min"]))


def linearised(device, volts, x):
    """Currents and rates at voltages and states."""
    volts, x = (part.ravel().astype(float) for part in np.meshgrid(volts, x))
    many = mn.Network(2, [(0, 1)] * volts.size, electrodes={"in": 0, "out": 1})
    sim = mn.Simulation(many, device, {"in": 0.0, "out": 0.0}, dt=1.0)
    sim.set_state(device, x=x)
    found = sim._core.linearise(0, volts)
    return volts, x, found["i"], np.atleast_2d(found["f"])[-1]


VOLTS = (-2.0, -0.6, -0.1, -1e-3, 1e-3, 0.2, 0.9, 1.5)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"R_th": 0.0, "R_th_line": 0.0, "R_TiOx": 100.0, "phi_B": 0.3, "phi_n": 0.2, "eps": 10.0, "eps_phi": 9.0},
        {"R_th": 5e6, "s_reset": 0.8, "r": 20e-9, "l": 0.6e-9, "z": 1.0, "mu_n": 8e-6, "A_R": 1e6, "T_0": 350.0},
    ],
)
def test_current_and_rate_against_a_root_by_scipy(changed):
    p = NOMINAL | changed
    volts, x, i, f = linearised(mn.JART(**changed), VOLTS, (0.0, 0.3, 0.6, 0.95))
    for k in range(volts.size):
        assert i[k] == pytest.approx(solution(volts[k], x[k], p)[2], rel=1e-7), (volts[k], x[k])
        assert f[k] == pytest.approx(rate(volts[k], x[k], p), rel=1e-6, abs=1e-60), (volts[k], x[k])


@pytest.mark.parametrize("sign", [1, -1])
def test_the_explicit_form_is_near(sign):
    """At 30 points of each sign, medians within 1 %, the worst within 11 %."""
    points = sign * np.array([0.2, 0.6, 1.0]), np.linspace(0, 1, 10)
    i, fitted = (linearised(device, *points)[2] for device in (mn.JART(), mn.ExplicitJART()))
    apart = np.abs(fitted / i - 1)
    assert apart.size == 30
    assert np.median(apart) < 0.01
    assert apart.max() < 0.11


def test_the_branch_that_a_sweep_from_0_volts_comes_to():
    """At 0.6 V and a full disc three voltages of the interface solve the equation; the current is that of the least."""
    u, _, i, n, disc, plug = solution(0.6, 1.0)

    def excess(u):
        rest = brentq(
            lambda a: a * (disc + plug + 1369.2437) + 719.2437**2 * 3.92e-3 * 90471.47 * a**3 - (0.6 - u), 0, 1
        )
        return rest - interface(u, 293 + 15.72e6 * 0.27 * rest * (u + rest * (disc + plug)), n, NOMINAL)

    signs = np.sign([excess(u) for u in np.linspace(0, 0.6, 601)])
    assert np.count_nonzero(np.diff(signs)) == 3
    assert 0 < u < 0.02
    volts, _, currents, _ = linearised(mn.JART(), np.linspace(0, 2, 401), [1.0])
    assert currents[np.argmin(np.abs(volts - 0.6))] == pytest.approx(i, rel=1e-7)
    assert np.all(np.diff(currents) > 0)
    assert np.all(np.abs(np.diff(currents, 2)) < 0.01 * np.diff(currents)[1:])


def test_no_voltage_is_too_large_or_small():
    volts, _, i, f = linearised(mn.JART(), (-1e4, -1e-250, 0.0, 1e-250, 1e4), (0.0, 0.5, 1.0))
    assert np.isfinite(i).all()
    assert np.isfinite(f).all()
    assert np.array_equal(np.sign(i), np.sign(volts))


# ------------------------------------------------------------------ in time


@pytest.fixture(scope="module")
def sweep():
    """From 0 to -1.5 and 1.5 V and back, at 1 V/s."""
    time, volts = [0, 1.5, 4.5, 6], [0.0, -1.5, 1.5, 0.0]
    sim = mn.Simulation(
        EDGE,
        mn.JART(),
        {"in": mn.drive.piecewise_linear(time, volts), "out": 0.0},
        dt=2e-3,
        method="adaptive",
        rtol=1e-4,
    )
    data = sim.run(3000, record=["branch_current", "state:x"])
    return np.interp(data.time.values, time, volts), data.branch_current.values[:, 0], data.state_x.values[:, 0]


def test_set_and_reset_of_a_sweep(sweep):
    v, i, x = sweep
    assert v[np.argmax(x > 0.9)] == pytest.approx(-0.585, abs=0.015)
    assert i.max() == pytest.approx(0.55e-3, rel=0.01)
    assert v[i.argmax()] == pytest.approx(0.915, abs=0.015)
    assert x.max() > 0.99
    assert x[-1] < 0.01
    assert x.min() >= 0.0


def run_at(volts, start, seconds, **options):
    device = mn.JART()
    sim = mn.Simulation(EDGE, device, {"in": volts, "out": 0.0}, **options)
    sim.set_state(device, x=start)
    sim.run(duration=seconds, record={"current": False})
    return sim.state(device, "x")[0]


@pytest.mark.parametrize(("volts", "start", "end"), [(-0.7, 0.0, 0.4), (0.8, 0.9, 0.6)])
def test_time_of_a_set_and_a_reset(volts, start, end):
    """At a constant voltage the time is the integral of dx over the rate."""
    seconds = quad(lambda x: 1 / rate(volts, x), start, end, epsrel=1e-6, limit=50)[0]
    slope = abs(rate(volts, end)) * seconds
    errors = []
    for rtol in (1e-3, 1e-5):
        found = run_at(volts, start, seconds, dt=seconds / 4, method="adaptive", rtol=rtol)
        errors.append(abs(found - end) / slope)
    assert errors[0] < 1e-2
    assert errors[1] < 2e-4


def test_fixed_steps_are_of_second_order():
    seconds = quad(lambda x: 1 / rate(0.8, x), 0.9, 0.865, epsrel=1e-9)[0]
    errors = np.array([abs(run_at(0.8, 0.9, seconds, dt=seconds / n) - 0.865) for n in (40, 80, 160)])
    assert np.all(errors[:-1] > 3.5 * errors[1:])
    assert errors[-1] < 1e-6


@pytest.mark.parametrize("options", [{}, {"method": "adaptive", "rtol": 1e-4}])
def test_bits_do_not_depend_on_pieces(options):
    many = mn.Network(2, [(0, 1)] * 5, electrodes={"in": 0, "out": 1})
    drive = {"in": mn.drive.sine(0.9, 1.0), "out": 0.0}
    ends = []
    for pieces in ((30,), (7, 22, 1)):
        device = mn.JART(N_0=8e23 * np.array([1.0, 3.0, 10.0, 100.0, 1000.0]))
        sim = mn.Simulation(many, device, drive, dt=0.01, **options)
        for steps in pieces:
            sim.run(steps, record={"current": False})
        ends.append(sim.state(device, "x"))
    assert np.array_equal(*ends)


@pytest.mark.skipif(shutil.which("ngspice") is None, reason="no ngspice here")
def test_ngspice_solves_the_same_equations(tmp_path):
    time, volts = [0.0, 0.2, 0.5], [-0.3, -0.55, 0.6]
    device = mn.JART()
    wave = mn.drive.piecewise_linear(time, volts)
    sim = mn.Simulation(EDGE, device, {"in": wave, "out": 0.0}, dt=5e-3, method="adaptive", rtol=1e-6)
    sim.set_state(device, x=0.2)
    table = run_ngspice(mn.to_spice(sim, 0.5, step=5e-3), tmp_path)
    data = sim.run(100, record=["branch_current", "state:x"])
    there = np.interp(data.time.values, table[:, 0], -table[:, 1])
    here = data.branch_current.values[:, 0]
    assert np.ptp(data.state_x.values) > 0.1
    assert np.median(np.abs(there - here)) < 1e-6 * np.abs(here).max()
    assert np.abs(there - here).max() < 5e-3 * np.abs(here).max()


# ------------------------------------------------------------------ bad inputs


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"R_th": -1.0}, r"R_th must be in \[0, inf\) K/W"),
        ({"N_min": 3e27}, r"N_min must be below N_max"),
        ({"l": 4e-9}, r"l must be below l_cell"),
        ({"phi_n": 0.2}, r"phi_n must be below phi_B"),
        ({"T_0": [293.0, np.nan]}, r"T_0 must be in .* at index 1"),
    ],
)
def test_bad_parameters_are_refused(wrong, says):
    with pytest.raises(ValueError, match=rf"JART\.{says}"):
        mn.JART(**wrong)


def test_no_part_of_a_series():
    """Its current can fall."""
    with pytest.raises(ValueError, match="rises with its voltage"):
        mn.series(mn.Resistor(conductance=1e-3), mn.JART())
