"""Devices of the published simulators: noise and jumps, switches, linear drift, against statistics and closed forms."""

import doctest
import threading
from pathlib import Path

import cases
import numpy as np
import pytest
import reference as ref
import reference_devices as more
from scipy import optimize, stats
from scipy.integrate import solve_ivp

import memnet as mn

# Steps are coarse here: what is compared does not depend on them.
pytestmark = pytest.mark.filterwarnings("ignore::memnet.StepWarning")


def parallel(n):
    """n edges between two electrodes: n independent devices at one voltage."""
    return mn.Network(2, [(0, 1)] * n, electrodes={"left": [0], "right": [1]})


def run(device, n, voltage, n_steps, dt, seed=1):
    """The first and the last g of n devices at a voltage."""
    sim = mn.Simulation(parallel(n), device, {"left": voltage, "right": 0.0}, dt=dt, seed=seed)
    before = sim.state(device, "g").copy()
    sim.run(n_steps)
    return before, sim.state(device, "g").copy()


# ------------------------------------------------------------------ stochastic rate balance


@pytest.mark.parametrize("preset", ["pnn-2025", "stochastic-2025"])
@pytest.mark.parametrize("dt", [1e-4, 0.5])
def test_without_noise_it_is_the_rate_balance_to_the_bit(preset, dt):
    quiet = mn.RateBalance.preset(preset)
    given = {name: value for name, value in quiet.parameters.items() if name != "step" and value is not None}
    noisy = mn.StochasticRateBalance(**given)
    net = cases.random_network(3)
    drive = {"left": mn.drive.triangle(0.0, 4.0, period=777 * dt), "right": 0.0}
    states = []
    for device in (quiet, noisy):
        sim = mn.Simulation(net, device, drive, dt=dt, seed=1)
        sim.run(1000)
        states.append(sim.state(device, "g").tobytes())
    assert states[0] == states[1]


# theta = kappa_p0 + kappa_d0 = 0.8 at 0 V, g_inf = 1/4
FREE = {"kappa_p0": 0.2, "kappa_d0": 0.6, "g_initial": 0.25}


@pytest.mark.parametrize("theta_dt", [1e-3, 0.1, 1.0, 30.0])
def test_noise_has_its_stationary_and_its_one_step_variance(theta_dt):
    """sigma^2 / (2 theta), whatever the step, and sigma^2 (1 - e^(-2 theta dt)) / (2 theta) after one of them."""
    sigma, theta, n = 0.01, 0.8, 20_000
    device = mn.StochasticRateBalance(sigma=sigma, **FREE)
    sim = mn.Simulation(parallel(n), device, {"left": 0.0, "right": 0.0}, dt=theta_dt / theta, seed=4)
    for n_steps in (1, 9, 290 if theta_dt < 0.05 else 40):
        sim.run(n_steps)
        g = sim.state(device, "g")
        expected = sigma**2 * -np.expm1(-2.0 * theta_dt * sim.steps_done) / (2.0 * theta)
        assert abs(g.mean() - 0.25) <= 4.0 * np.sqrt(expected / n)
        assert abs(g.var() / expected - 1.0) <= 4.0 * np.sqrt(2.0 / n)
        assert stats.kstest((g - 0.25) / np.sqrt(expected), "norm").pvalue > 1e-3
    if theta_dt >= 1.0:
        assert abs(g.var() / (sigma**2 / (2.0 * theta)) - 1.0) <= 4.0 * np.sqrt(2.0 / n)


def test_noise_of_edges_steps_and_seeds_is_independent():
    n = 20_000
    device = mn.StochasticRateBalance(sigma=0.01, kappa_p0=0.0, kappa_d0=0.0, g_initial=0.5)
    sim = mn.Simulation(parallel(n), device, {"left": 0.0, "right": 0.0}, dt=1.0, seed=4)
    steps = [np.full(n, 0.5)]
    for _ in range(3):
        sim.run(1)
        steps.append(sim.state(device, "g").copy())
    first, second, third = np.diff(np.array(steps), axis=0)
    other = run(device, n, 0.0, 1, 1.0, seed=5)[1] - 0.5
    bound = 4.0 / np.sqrt(n)
    for one, two in ((first, second), (second, third), (first[1:], first[:-1]), (first, other)):
        assert abs(np.corrcoef(one, two)[0, 1]) <= bound


def test_jumps_have_their_rate_direction_and_sizes():
    """theta = 0, so that nothing but jumps moves g: bounded power law by maximum likelihood."""
    n, rate, dt, exponent, low, high = 300_000, 0.08, 0.5, 2.78, 6.4e-4, 1.02e-2
    device = mn.StochasticRateBalance(kappa_p0=0.0, kappa_d0=0.0, g_initial=0.5, jump_rate=rate,
                                      jump_exponent=exponent, jump_low=low, jump_high=high)  # fmt: skip
    before, after = run(device, n, 0.0, 1, dt, seed=2)
    change = after - before
    size = np.abs(change[change != 0.0])
    chance = rate * dt
    assert abs(size.size - n * chance) <= 4.0 * np.sqrt(n * chance * (1.0 - chance))
    up = 0.5 + (0.0 - 0.5) / (2.0 * (1.0 + 2.0 * high))  # g_inf = 0 without rates
    assert abs((change > 0.0).sum() - size.size * up) <= 4.0 * np.sqrt(size.size * up * (1.0 - up))
    assert size.min() >= low * (1.0 - 1e-12)
    assert size.max() <= high * (1.0 + 1e-12)

    def minus_log_likelihood(a):
        return size.size * np.log((high ** (1 - a) - low ** (1 - a)) / (1 - a)) + a * np.log(size).sum()

    best = optimize.minimize_scalar(minus_log_likelihood, bounds=(1.5, 4.5), method="bounded").x
    h = 1e-3
    curvature = (
        minus_log_likelihood(best + h) - 2 * minus_log_likelihood(best) + minus_log_likelihood(best - h)
    ) / h**2
    assert abs(best - exponent) <= 4.0 / np.sqrt(curvature)
    assert 1.0 / np.sqrt(curvature) < 0.03
    power = stats.kstest(size, lambda x: (low ** (1 - exponent) - x ** (1 - exponent))
                         / (low ** (1 - exponent) - high ** (1 - exponent)))  # fmt: skip
    assert power.pvalue > 1e-3


def test_an_exponent_of_one_is_uniform_in_the_logarithm_and_every_step_may_jump():
    device = mn.StochasticRateBalance(kappa_p0=0.0, kappa_d0=0.0, g_initial=0.5, jump_rate=1e3, jump_exponent=1.0,
                                      jump_low=1e-3, jump_high=1e-1)  # fmt: skip
    before, after = run(device, 20_000, 0.0, 1, 1.0)
    size = np.abs(after - before)
    assert (size > 0.0).all()
    assert stats.kstest(np.log(size / 1e-3) / np.log(100.0), "uniform").pvalue > 1e-3


def test_the_state_stays_between_0_and_1():
    device = mn.StochasticRateBalance(sigma=10.0, **FREE)
    after = run(device, 1000, 0.0, 5, 1.0)[1]
    assert after.min() == 0.0
    assert after.max() == 1.0


NOISE = {"sigma": 0.02, "jump_rate": 0.3, "jump_low": 1e-3, "jump_high": 0.1}


def test_the_engine_agrees_with_the_reference():
    net = cases.random_network(2, n_nodes=16, n_edges=40)
    device = mn.StochasticRateBalance(**NOISE)
    sim = mn.Simulation(net, device, {"left": 1.0, "right": 0.0}, dt=0.5, seed=77)
    data = sim.run(300, record={"state:g": device})
    electrode = np.full(net.n_nodes, -1)
    for k, nodes in enumerate(net.electrodes.values()):
        electrode[nodes] = k
    edges = np.arange(net.n_edges)
    twin = more.StochasticRateBalance(net.n_edges, **NOISE).draw_from(77, 1000, edges)
    want = ref.run(net.n_nodes, net.edges, electrode, [(twin, edges)], [1, 1], [1.0, 0.0], 300, 0.5)
    np.testing.assert_allclose(data.state_g, want.states[0]["g"][:-1], rtol=1e-10, atol=1e-12)
    assert np.ptp(want.states[0]["g"][-1]) > 0.1


def noisy_simulation():
    net = cases.random_network(2)
    device = mn.StochasticRateBalance(**NOISE)
    return device, mn.Simulation(net, device, {"left": 1.0, "right": 0.0}, dt=0.1, seed=9)


def test_noise_does_not_depend_on_pieces_threads_or_checkpoints(tmp_path):
    device, whole = noisy_simulation()
    whole.run(400)
    expected = whole.state(device, "g").tobytes()
    device, pieces = noisy_simulation()
    for n_steps in (1, 2, 97, 300):
        pieces.run(n_steps)
    assert pieces.state(device, "g").tobytes() == expected

    device, saved = noisy_simulation()
    saved.run(150)
    saved.save(tmp_path / "noise.mn")
    again = mn.Simulation.load(tmp_path / "noise.mn")
    again.run(250)
    assert again.state(again.devices[0], "g").tobytes() == expected

    found = []

    def work():
        device, sim = noisy_simulation()
        sim.run(400)
        found.append(sim.state(device, "g").tobytes())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_the_published_noise_is_what_its_paper_measured():
    """At 3.6 V, 637 steps of 0.6295 s, 200 devices: mean and deviation of the stationary part from the equations."""
    device = mn.StochasticRateBalance.preset("stochastic-2025", jump_rate=0.0)
    sim = mn.Simulation(parallel(200), device, {"left": 3.6, "right": 0.0}, dt=0.6295, seed=1)
    data = sim.run(637, record={"state:g": device})
    k_p = device.kappa_p0 * np.exp(device.eta_p * 3.6)
    k_d = device.kappa_d0 * np.exp(-device.eta_d * 3.6)
    theta, late = k_p + k_d, data.state_g.to_numpy()[318:]
    deviation = 3.2e-4 / np.sqrt(2.0 * theta)
    independent = 200 * 319 * 0.6295 * theta / 2.0
    assert abs(late.mean() - k_p / theta) <= 4.0 * deviation / np.sqrt(independent)
    assert abs(late.std() / deviation - 1.0) <= 4.0 / np.sqrt(2.0 * independent)


# ------------------------------------------------------------------ switches


# v_set, v_reset, lambda_crit, lambda_max, b, g_on, g_off; the last two of asn are printed as 1e4 and 1e7 ohm.
SYDNEY = {
    "sydney-dc-2021": (1e-2, 5e-3, 0.01, 0.015, 10.0, 7.77e-5, 7.77e-8),
    "sydney-dc-2021-stored": (1e-2, 5e-3, 0.01, 0.015, 10.0, 7.77e-5, 1e-8),
    "sydney-fig3-2021": (1e-2, 5e-3, 0.01, 0.015, 1.0, 7.77e-5, 7.77e-8),
    "sydney-ac-2021": (1e-2, 1e-2, 0.01, 0.015, 10.0, 7.77e-5, 1e-8),
    "sydney-default-2021": (1e-2, 1e-2, 0.01, 0.015, 10.0, 7.77e-5, 7.77e-8),
    "asn": (1e-2, 1e-3, 0.1, 0.15, 10.0, 1.0 / 1e4, 1.0 / 1e7),
}


@pytest.mark.parametrize("model", [mn.AtomicSwitch, mn.TunnelSwitch])
def test_the_sydney_sets_are_those_of_their_codes(model):
    assert list(model.presets()) == list(SYDNEY)
    for name, printed in SYDNEY.items():
        device = model.preset(name)
        assert tuple(device.parameters.values())[:7] == printed
        if model is mn.TunnelSwitch:
            tunnelling = (5.0, 0.81, 0.17, "phi^2", "d^2" if name == "asn" else "d", 1.1)
            assert tuple(device.parameters.values())[7:-1] == tunnelling
        assert device.decay == ("past-zero" if name == "asn" else "to-zero")


@pytest.mark.parametrize("preset", SYDNEY)
@pytest.mark.parametrize("voltage", [0.02, 0.0573, -0.31])
@pytest.mark.parametrize("event_driven", [True, False])
def test_a_switch_closes_after_lambda_crit_over_the_excess_and_opens_again(preset, voltage, event_driven):
    device, dt = mn.AtomicSwitch.preset(preset), 1e-3
    drive = {"left": mn.drive.steps([voltage, 0.0], [0.0, 20.0]), "right": 0.0}
    sim = mn.Simulation(parallel(1), device, drive, dt=dt, seed=1, event_driven=event_driven)
    data = sim.run(26_000)
    to_close = int(np.ceil(device.lambda_crit / ((abs(voltage) - device.v_set) * dt) - 1e-9))
    top = min(device.lambda_max, 20_000 * (abs(voltage) - device.v_set) * dt)
    to_open = int(np.floor((top - device.lambda_crit) / (device.b * device.v_reset * dt) + 1e-9)) + 1
    steps = data.event_step.to_numpy()
    assert data.event_kind.to_numpy().tolist() == [1, -1]
    assert abs(steps[0] - (to_close - 1)) <= 1  # where the excess divides lambda_crit, rounding may add a step
    assert abs(steps[1] - (20_000 + to_open - 1)) <= 1
    conductance = data.conductance.to_numpy()
    assert set(conductance) == {device.g_on, device.g_off}
    assert conductance[steps[0]] == device.g_off
    assert conductance[steps[0] + 1] == device.g_on
    if event_driven:
        assert sim.info["counters"]["n_solves"] <= 6


def test_a_network_of_switches_has_the_same_bits_whether_or_not_it_skips_solves():
    net = cases.random_network(6)
    found = []
    for event_driven in (True, False):
        device = mn.AtomicSwitch()
        drive = {"left": mn.drive.triangle(-0.4, 0.4, period=1.0), "right": 0.0}
        sim = mn.Simulation(net, device, drive, dt=1e-3, seed=1, event_driven=event_driven)
        data = sim.run(4000)
        found.append((sim.state(device, "lambda").tobytes(), data.current.to_numpy().tobytes(), data.sizes["event"]))
    assert found[0] == found[1]
    assert found[0][2] > 20


# ------------------------------------------------------------------ linear drift


def drift_error(voltage, dt, duration, x_initial=0.1, **parameters):
    device = mn.LinearDrift(x_initial=x_initial, **parameters)
    sim = mn.Simulation(parallel(1), device, {"left": voltage, "right": 0.0}, dt=dt, seed=1)
    sim.run(round(duration / dt))
    return device, float(sim.state(device, "x")[0])


def test_without_a_window_the_state_is_a_function_of_the_flux():
    """r_off x - (r_off - r_on) x^2 / 2 grows by mu r_on / d^2 times the flux; Euler comes to it at first order."""
    flux, errors = 0.4, []
    for halvings in range(8, 13):
        dt = 2.0**-halvings
        device, x = drift_error(0.4, dt, 1.0)
        per_flux = device.mu * device.r_on / device.d**2
        span = device.r_off - device.r_on
        start = device.r_off * 0.1 - span * 0.01 / 2.0
        exact = (device.r_off - np.sqrt(device.r_off**2 - 2.0 * span * (start + per_flux * flux))) / span
        errors.append(abs(x - exact))
        assert exact > 0.4
    np.testing.assert_allclose(np.log2(np.array(errors[:-1]) / np.array(errors[1:])), 1.0, atol=0.05)


def test_the_decay_alone_is_exponential():
    _, x = drift_error(0.0, 1e-4, 0.5, x_initial=0.8, decay=3.0)
    assert x == pytest.approx(0.8 * (1.0 - 3.0e-4) ** 5000, rel=1e-12)  # Euler's own closed form
    assert x == pytest.approx(0.8 * np.exp(-1.5), rel=1e-3)


def test_joglekars_window_is_logistic_at_constant_current():
    """p = 1 is f = 4 x (1 - x): logit x grows linearly with charge."""
    net, device = parallel(1), mn.LinearDrift(window="joglekar", x_initial=0.2)
    sim = mn.Simulation(net, device, {"left": mn.drive.current(1e-5), "right": 0.0}, dt=1e-4, seed=1)
    sim.run(20_000)
    x = float(sim.state(device, "x")[0])
    logit = np.log(0.2 / 0.8) + 4.0 * 1e4 * 1e-5 * 2.0
    assert np.log(x / (1.0 - x)) == pytest.approx(logit, rel=2e-4)


def test_memtorchs_device_is_not_written_below_its_threshold():
    device = mn.LinearDrift.preset("memtorch")
    for voltage, moves in ((0.55, False), (-0.55, False), (0.56, True), (-0.56, True)):
        sim = mn.Simulation(parallel(1), device, {"left": voltage, "right": 0.0}, dt=1e-4, seed=1)
        sim.run(10)
        assert (sim.state(device, "x")[0] != device.x_initial) is np.bool_(moves)


def test_memnnetsims_decaying_junction_is_what_it_computes_without_units():
    """Its equations in its units, v0 = 1 V and t0 = 10 ms, to 1e-10: dx/dt = V f / R - x / 100, R = x + 160 (1 - x)."""
    voltage, times = 2.0, 60.0
    truth = solve_ivp(
        lambda t, x: voltage / (x + 160.0 * (1.0 - x)) * x * (1.0 - x) - x / 100.0,
        (0.0, times), [0.05], rtol=1e-10, atol=1e-14,
    ).y[0, -1]  # fmt: skip
    device = mn.LinearDrift.preset("mnns-decay")
    for n_steps in (60, 600, 2400):
        sim = mn.Simulation(parallel(1), device, {"left": voltage, "right": 0.0}, dt=times * 0.01 / n_steps, seed=1)
        sim.run(n_steps)
        assert abs(sim.state(device, "x")[0] - truth) < 1e-9


# ------------------------------------------------------------------ short- and long-term drift


def drifted(dt, n_steps, voltage, **parameters):
    """w, tau and eps of a device after steps at a voltage."""
    device = mn.ShortLongTermDrift(**parameters)
    sim = mn.Simulation(parallel(1), device, {"left": voltage, "right": 0.0}, dt=dt, seed=1)
    sim.run(n_steps)
    return np.array([sim.state(device, name)[0] for name in ("w", "tau", "eps")])


@pytest.mark.parametrize("dt", [1e-6, 1e-3, 0.0015, 0.2, 3.0, 1e4])
def test_without_current_w_decays_to_what_is_retained_at_any_dt(dt):
    w, tau, eps = drifted(dt, 10, 0.0, w_initial=0.9, eps_initial=0.3, tau_initial=0.25)
    assert (tau, eps) == (0.25, 0.3)
    assert w == pytest.approx(0.3 + 0.6 * np.exp(-10.0 * dt / 0.25), rel=4e-15, abs=0.0)


# At 0.4 V l is 0.4 1/s at the start.
SLOW = {"w_initial": 0.4, "tau_initial": 0.6, "theta": 0.3, "sigma": 0.2, "eps_initial": 0.2, "a": 0.7}


@pytest.mark.parametrize("window", ["none", "strukov", "joglekar"])
@pytest.mark.parametrize("wave", ["constant", "sine"])
def test_short_long_term_drift_converges_at_first_order(window, wave):
    """Against scipy's integrator at 1e-10, with dw, dtau and deps written here as the source has them."""

    def voltage(t):
        return 0.4 if wave == "constant" else 0.5 * np.sin(2.0 * np.pi * 0.4 * t)

    def rates(t, y):
        w, tau, eps = y
        f = {"none": 1.0, "strukov": w * (1.0 - w), "joglekar": 1.0 - (2.0 * w - 1.0) ** 2}[window]
        drift = 1e-14 * 100.0 / 1e-16 * voltage(t) / (100.0 * w + 16e3 * (1.0 - w))
        return (drift - (w - eps) / tau) * f, SLOW["theta"] * drift * (SLOW["a"] - w), SLOW["sigma"] * drift * f

    start = [SLOW["w_initial"], SLOW["tau_initial"], SLOW["eps_initial"]]
    truth = solve_ivp(rates, (0.0, 1.0), start, rtol=1e-10, atol=1e-14, max_step=0.01).y[:, -1]
    assert abs(truth - start).min() > 0.01
    drive = 0.4 if wave == "constant" else mn.drive.sine(0.5, 0.4)
    errors = np.array([drifted(2.0**-k, 2**k, drive, window=window, **SLOW) - truth for k in range(9, 14)])
    np.testing.assert_allclose(np.log2(np.abs(errors[:-1] / errors[1:])), 1.0, atol=0.05)
    assert np.abs(2.0 * errors[-1] - errors[-2]).max() < 1e-6  # what is left of the error at dt -> 0


def test_random_nwns_junction_is_what_it_computes_without_units():
    """Its equations in its units, v0 = 1 V and t0 = 10 ms, to 1e-10: theta 0.01, sigma 0.03, a 0.75, R as above."""
    voltage, times = 4.0, 200.0

    def rates(t, y):
        w, tau, eps = y
        f, drift = w * (1.0 - w), voltage / (w + 160.0 * (1.0 - w))
        return (drift - (w - eps) / tau) * f, 0.01 * drift * (0.75 - w), 0.03 * drift * f

    truth = solve_ivp(rates, (0.0, times), [0.055, 20.0, 0.055], rtol=1e-10, atol=1e-14).y[:, -1]
    truth *= [1.0, 0.01, 1.0]
    given = mn.ShortLongTermDrift.preset("random-nwns").parameters
    errors = [drifted(times * 0.01 / n, n, voltage, **given) - truth for n in (2000, 4000)]
    assert np.abs(errors[1]).max() < 1e-4
    assert np.abs(2.0 * errors[1] - errors[0]).max() < 1e-7


ENDLESS = {"sigma": 0.0, "theta": 0.5, "w_initial": 0.1, "tau_initial": 0.05, "eps_initial": 0.1}


def test_a_current_for_ever_ends_at_a():
    """With sigma = 0 the rest is w = a, tau = (a - eps) / l."""
    found = drifted(1e-3, 400_000, mn.drive.current(1e-4), **ENDLESS)
    np.testing.assert_allclose(found, [0.75, 0.65 / (1e4 * 1e-4), 0.1], rtol=1e-9)


def test_a_voltage_for_ever_ends_there_or_makes_the_device_oscillate():
    """The rest is unstable where (a - eps) (r_off - r_on) > r_on a + r_off (1 - a): 65 against 125, and 1e4, 4e3."""
    rest = drifted(1e-3, 400_000, 0.01, r_off=200.0, **ENDLESS)
    np.testing.assert_allclose(rest, [0.75, 0.65 / (1e4 * 0.01 / 125.0), 0.1], rtol=1e-9)
    device = mn.ShortLongTermDrift(**ENDLESS)
    sim = mn.Simulation(parallel(1), device, {"left": 0.5, "right": 0.0}, dt=1e-3, seed=1)
    late = sim.run(400_000, record={"state:w": device}, every=100).state_w.to_numpy()[2000:, 0]
    assert (np.diff(np.sign(late - 0.75)) != 0.0).sum() > 20
    assert np.ptp(late) > 0.3


def test_a_current_the_other_way_undoes_both_memories():
    device = mn.ShortLongTermDrift(**SLOW)
    drive = {"left": mn.drive.steps([0.4, -0.4], [0.0, 0.5]), "right": 0.0}
    sim = mn.Simulation(parallel(1), device, drive, dt=1e-3, seed=1)
    data = sim.run(1500, record={f"state:{name}": device for name in ("w", "tau", "eps")})
    for name in ("w", "tau", "eps"):
        rows = data[f"state_{name}"].to_numpy()[:, 0]
        assert rows[500] > rows[0]
        assert rows[-1] < rows[500]


def test_where_tau_is_0_the_device_forgets_at_once():
    """Written beyond a, tau falls to 0 and w to eps; as eps < a, the next step makes tau grow again."""
    given = {"w_initial": 0.9, "tau_initial": 0.01, "eps_initial": 0.2, "sigma": 0.0, "theta": 1.0, "a": 0.5}
    states = [drifted(1e-2, n, 1.0, **given) for n in (1, 2, 3)]
    assert states[0][1] == 0.0
    assert states[1][0] == 0.2
    assert states[2][1] > 0.0


def test_the_example_of_the_page_prints_what_stands_beside_it():
    page = Path(__file__).resolve().parent.parent / "docs" / "models" / "short_long_term_drift.md"
    text = page.read_text(encoding="utf-8").replace("```python", "").replace("```", "")
    test = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    said = []
    assert len(test.examples) >= 4
    doctest.DocTestRunner().run(test, out=said.append)
    assert said == []
