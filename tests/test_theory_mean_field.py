"""Mean fields: equilibria in closed form, potentials against quadrature, dynamics against the full network."""

import math

import numpy as np
import pytest
from cases import random_network
from hypothesis import given, strategies as st

import memnet as mn
from memnet.theory import (
    HillockField,
    LinearDriftField,
    MeanField,
    RateBalanceField,
    mean_field,
    rate_balance_potential,
)

# Steps are coarse here: what is compared does not depend on them.
pytestmark = pytest.mark.filterwarnings("ignore::memnet.StepWarning")

SYNAPSE = {"kappa_p0": 1e-3, "kappa_d0": 0.4, "eta_p": 8.0, "eta_d": 3.0, "g_min": 1e-3, "g_max": 5e-2}


def effective(**changes):
    parameters = {"kappa_p0": 1e-3, "kappa_d0": 2.0, "eta_p": 9.0, "eta_d": 4.0, "g_min": 1e-4, "chi": 30.0}
    return RateBalanceField(**{**parameters, **changes})


def row(n, length=0.02):
    edges = [(k, k + 1) for k in range(n)]
    return mn.Network(n + 1, edges, length=[length] * n, electrodes={"left": 0, "right": n})


def bundle(n, length=0.02):
    return mn.Network(2, [(0, 1)] * n, length=[length] * n, electrodes={"left": 0, "right": 1})


# ---------------------------------------------------------------- potential


def quadrature(g, chi, kappa_p0, kappa_d0, a, b):
    """Composite Gauss-Legendre, fine towards 0 where exp(a / u) falls fastest."""
    x, w = np.polynomial.legendre.leggauss(30)
    edges = g * np.concatenate(([0.0], np.geomspace(1e-7, 1.0, 200)))
    low, high = edges[:-1, None], edges[1:, None]
    at = (low + high) / 2 + (high - low) / 2 * x
    u = 1 + chi * at
    force = kappa_p0 * np.exp(a / u) * (1 - at) - kappa_d0 * np.exp(-b / u) * at
    return -float(((high - low) / 2 * w * force).sum())


@pytest.mark.parametrize(("low", "high"), [(0.0, 3.0), (-6.0, 0.0)])
def test_potential_agrees_with_quadrature(low, high):
    rng = np.random.default_rng(7)
    g = np.linspace(0.0, 1.0, 10)
    worst = 0.0
    for _ in range(100):
        chi = 10 ** rng.uniform(low, high)
        a, b = 200 * rng.random(2)
        kappa_p0, kappa_d0 = 10 ** rng.uniform(-4, 2, 2)
        want = np.array([quadrature(x, chi, kappa_p0, kappa_d0, a, b) for x in g])
        found = rate_balance_potential(g, chi=chi, kappa_p0=kappa_p0, kappa_d0=kappa_d0, a=a, b=b)
        worst = max(worst, np.abs(found - want).max() / np.abs(want).max())
    assert worst <= 1e-9


def test_potential_without_voltage_and_without_memory():
    g = np.linspace(0, 1, 7)
    want = -0.3 * (g - g**2 / 2) + 2.0 * g**2 / 2
    for chi in (0.0, 0.5, 40.0):
        found = rate_balance_potential(g, chi=chi, kappa_p0=0.3, kappa_d0=2.0, a=0.0, b=0.0)
        np.testing.assert_allclose(found, want, rtol=0, atol=1e-14)
    found = rate_balance_potential(g, chi=0.0, kappa_p0=0.3, kappa_d0=2.0, a=2.0, b=1.0)
    want = -0.3 * math.e**2 * (g - g**2 / 2) + 2.0 / math.e * g**2 / 2
    np.testing.assert_allclose(found, want, rtol=1e-14)
    with pytest.raises(OverflowError, match="beyond 700"):
        rate_balance_potential(g, chi=10.0, kappa_p0=0.3, kappa_d0=2.0, a=701.0, b=1.0)
    # Just below the limit it is a number.
    assert np.isfinite(rate_balance_potential(g, chi=10.0, kappa_p0=0.3, kappa_d0=2.0, a=699.0, b=699.0)).all()


@pytest.mark.parametrize("field", [HillockField(strength=3.0, tau=20.0, a=2.0), effective()])
def test_potential_is_minus_the_integral_of_the_rate(field):
    from scipy.integrate import quad

    g = np.array([0.1, 0.3, 0.45])
    want = [-quad(field.rate, 0.0, x, args=(0.2,), epsrel=1e-12)[0] for x in g]
    np.testing.assert_allclose(field.potential(g, 0.2), want, rtol=1e-9)


def test_potential_of_linear_drift():
    field = LinearDriftField(drive="voltage", strength=2.0, decay=0.5, r_off=4.0, chi=0.9)
    g = np.linspace(0, 1, 5)
    np.testing.assert_allclose(field.potential(g, 0.3), super(LinearDriftField, field).potential(g, 0.3), atol=1e-12)


# ---------------------------------------------------------------- equilibria


@given(
    chi=st.floats(0.01, 1000),
    u=st.floats(0, 5),
    eta=st.floats(0.1, 50),
    ratio=st.floats(1e-3, 1e6),
)
def test_rate_balance_has_one_stable_equilibrium(chi, u, eta, ratio):
    field = effective(chi=chi, eta_p=eta, eta_d=0.5 * eta, kappa_p0=1.0, kappa_d0=ratio)
    (point,) = field.fixed_points(u)
    assert point.stable
    # MF23 eq. 12 with s = kD0 / kP0 and f0 = -(etaP + etaD).
    exponent = -1.5 * eta * u / (1 + chi * point.g)
    assert point.g == pytest.approx(1 / (1 + ratio * math.exp(exponent)), rel=1e-9, abs=1e-12)


def test_rate_balance_switches_where_its_equilibrium_is_one_half():
    field = effective()
    u = field.switching_drive()
    assert u == pytest.approx((1 + 15.0) * math.log(2000.0) / 13.0)
    assert field.fixed_points(u)[0].g == pytest.approx(0.5, abs=1e-12)
    assert field.bistable_region() is None
    assert field.jump() is None


@pytest.mark.parametrize("a", [0.1, 1.0, 4.0, 30.0])
def test_hillock_fold_is_the_closed_form(a):
    kappa = 0.7
    field = HillockField(strength=1 / kappa, tau=1 / kappa, a=a, clamp=None)
    g = ((a - 2) + math.sqrt(a**2 + 4)) / (2 * a)
    q = kappa * g * (1 - g) * math.exp(a * g)
    ((found, drive),) = field.turning_points()
    assert found == pytest.approx(g, abs=1e-12)
    assert drive == pytest.approx(q, rel=1e-12)
    # An independent way: the largest drive that still has an equilibrium.
    low, high = 0.0, 10 * q
    while high - low > 1e-9 * q:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if field.fixed_points(middle) else (low, middle)
    assert low == pytest.approx(q, rel=2e-9)
    stable, unstable = field.fixed_points(0.9 * q)
    assert stable.stable
    assert not unstable.stable
    assert stable.g < g < unstable.g
    # Nothing is stable beyond the fold.
    assert field.bistable_region() is None
    assert math.isnan(field.jump()[1])


def test_hillock_with_a_clamp_beyond_the_fold_is_bistable():
    field = HillockField(strength=1.0, tau=1.0, a=1.0, clamp=0.7)
    g = (math.sqrt(5) - 1) / 2
    low, high = field.bistable_region()
    assert low == pytest.approx(0.7 * 0.3 * math.exp(0.7), rel=1e-14)
    assert high == pytest.approx(g * (1 - g) * math.exp(g), rel=1e-14)
    for u, count in ((0.999 * low, 1), (0.5 * (low + high), 2), (1.001 * high, 1)):
        assert sum(point.stable for point in field.fixed_points(u)) == count
    assert field.jump() == (pytest.approx(g, abs=1e-12), 0.7)


@pytest.mark.parametrize("drive", ["effective", "voltage"])
def test_hillock_with_the_clamp_is_continuous(drive):
    field = HillockField(drive=drive, strength=1.0, tau=1.0, a=3.0, clamp=0.5)
    assert field.turning_points() == []
    assert field.bistable_region() is None
    u = np.linspace(0.0, 3.0, 301)
    sweep = field.bifurcation(u)
    up, down = sweep["up"].to_numpy(), sweep["down"].to_numpy()
    np.testing.assert_array_equal(up, down)
    assert up[-1] == 0.5
    # Without a jump the largest step shrinks with the step of the drive (as its square root under a voltage).
    finer = field.bifurcation(np.linspace(0.0, 3.0, 1201))["up"].to_numpy()
    assert np.diff(finer).max() < 0.6 * np.diff(up).max()
    assert np.diff(up).max() < 0.11


def test_linear_drift_under_a_voltage_is_bistable():
    field = LinearDriftField(drive="voltage", strength=1.0, decay=2.0, r_off=1.0, chi=0.8)
    ((x, v),) = field.turning_points()
    assert x == pytest.approx(1 / 1.6, abs=1e-12)
    assert v == pytest.approx(2.0 / (4 * 0.8), rel=1e-12)
    low, high = field.bistable_region()
    assert low == pytest.approx(2.0 * (1 - 0.8))
    assert high == pytest.approx(v)
    before, after = field.jump()
    assert before == pytest.approx(x, abs=1e-12)
    assert after == 1.0
    sweep = field.bifurcation(np.linspace(0.0, 1.0, 501))
    inside = (sweep["drive"] > low + 1e-9) & (sweep["drive"] < high - 1e-9)
    assert (sweep["down"] > sweep["up"] + 0.1)[inside].all()
    outside = (sweep["drive"] < low - 1e-9) | (sweep["drive"] > high + 1e-9)
    np.testing.assert_array_equal(sweep["down"][outside], sweep["up"][outside])
    # The equation followed in time ends on these branches.
    end = field.integrate([0.0, 200.0], 0.5 * (low + high), g0=0.0)["g"][-1]
    assert end == pytest.approx(field.fixed_points(0.5 * (low + high))[0].g, abs=1e-8)
    end = field.integrate([0.0, 200.0], 0.5 * (low + high), g0=0.95)["g"][-1]
    assert end == pytest.approx(1.0, abs=1e-8)


# ---------------------------------------------------------------- against the full network


@pytest.mark.parametrize("seed", range(5))
def test_conductance_of_homogeneous_states(seed):
    net = random_network(seed)
    for drive in ("voltage", "current"):
        field = mean_field(net, mn.RateBalance(**SYNAPSE), drive=drive)
        for g in (0.0, 0.3, 1.0):
            each = SYNAPSE["g_min"] * (1 - g) + SYNAPSE["g_max"] * g
            want = mn.solve(net, each, {"left": 1.0, "right": 0.0}).conductance
            assert field.conductance(g) == pytest.approx(want, rel=1e-9)


NETS = {"chain": row(7), "bundle": bundle(5), "one": row(1)}
WAVES = {
    "voltage": mn.drive.pulses(0.05, 1.1, length=13.0, spacing=9.0),
    "current": mn.drive.current(mn.drive.pulses(1e-4, 2e-3, length=13.0, spacing=9.0)),
}


DEVICES = [mn.RateBalance(**SYNAPSE), mn.Hillock(), mn.LinearDrift(decay=0.5, x_initial=0.0)]


def test_every_field_is_compared_with_its_device():
    fields = [field for field in MeanField.__subclasses__() if field.__module__.startswith("memnet.")]
    assert sorted(field._model for field in fields) == sorted(device.model for device in DEVICES)


@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("drive", WAVES)
@pytest.mark.parametrize("device", DEVICES, ids=lambda device: device.model)
def test_chains_and_bundles_step_by_step(net, drive, device):
    sim = mn.Simulation(NETS[net], device, {"left": WAVES[drive], "right": 0.0}, dt=0.25)
    data = sim.run(300)
    field = mean_field(NETS[net], device, drive=drive)
    found = field.integrate(data["time"].to_numpy(), WAVES[drive], method="steps")
    np.testing.assert_allclose(found["conductance"], data["conductance"], rtol=1e-9)


@pytest.mark.parametrize("net", NETS)
def test_voltage_driven_chains_and_bundles_in_continuous_time(net):
    # The branch voltage is constant between jumps of the drive, so the device's step is the exact solution.
    device = mn.RateBalance(**SYNAPSE)
    sim = mn.Simulation(NETS[net], device, {"left": WAVES["voltage"], "right": 0.0}, dt=0.5)
    data = sim.run(150)
    found = mean_field(NETS[net], device, drive="voltage").integrate(data["time"], WAVES["voltage"], rtol=1e-12)
    np.testing.assert_allclose(found["conductance"], data["conductance"], rtol=1e-9)


@pytest.mark.parametrize("net", NETS)
def test_current_driven_chains_and_bundles_in_continuous_time(net):
    """Against every junction's equation with Kirchhoff's laws solved at each evaluation."""
    from scipy.integrate import solve_ivp

    network, device = NETS[net], mn.RateBalance(**SYNAPSE)
    current = {"left": mn.drive.current(2e-3), "right": 0.0}
    span = SYNAPSE["g_max"] - SYNAPSE["g_min"]

    def rate(_, g):
        potential = mn.solve(network, SYNAPSE["g_min"] + span * g, current).potential
        v = np.abs(potential[network.edges[:, 0]] - potential[network.edges[:, 1]])
        up, down = (
            SYNAPSE["kappa_p0"] * np.exp(SYNAPSE["eta_p"] * v),
            SYNAPSE["kappa_d0"] * np.exp(-SYNAPSE["eta_d"] * v),
        )
        return up * (1 - g) - down * g

    times = np.linspace(0, 40, 9)
    full = solve_ivp(rate, (0, 40), np.zeros(network.n_edges), method="LSODA", t_eval=times, rtol=1e-11, atol=1e-14)
    found = mean_field(network, device, drive="current").integrate(times, 2e-3, g0=0.0)
    for g in full.y:
        np.testing.assert_allclose(found["g"], g, rtol=0, atol=1e-9)


def test_factor_belongs_to_the_current():
    """Under an applied voltage and equal states the branch voltages do not depend on the state."""
    net = random_network(1)
    drops = []
    for g in (0.1, 0.9):
        potential = np.nan_to_num(mn.solve(net, 1e-3 * (1 + 50 * g), {"left": 1.0, "right": 0.0}).potential)
        drops.append(potential[net.edges[:, 0]] - potential[net.edges[:, 1]])
    np.testing.assert_allclose(drops[0], drops[1], atol=1e-13)
    device = mn.RateBalance(**SYNAPSE)
    by_voltage, by_current = (mean_field(net, device, drive=drive) for drive in ("voltage", "current"))
    assert by_voltage.branch_voltage(0.9, 1.0) == by_voltage.branch_voltage(0.1, 1.0)
    current = by_current.conductance(0.4) * 0.7
    assert by_current.branch_voltage(0.4, current) == pytest.approx(by_voltage.branch_voltage(0.4, 0.7), rel=1e-12)


def test_hillock_gap_by_hand():
    device = mn.Hillock()
    net = row(1, length=0.05)
    field = mean_field(net, device)
    # Settles at z (D - z) = mu v / kappa.
    (point, _) = mean_field(net, device, clamp=False).fixed_points(0.2)
    z = point.g * 0.05
    assert z * (0.05 - z) == pytest.approx(3.46e-5 * 0.2 / 0.038, rel=1e-12)
    assert field.fixed_points(0.2)[0].g == pytest.approx(point.g)
    assert field.fixed_points(5.0)[-1].g == 0.5


# ---------------------------------------------------------------- integration


def test_waveforms_are_not_stepped_over():
    field = effective()
    pulse = mn.drive.pulses(0.0, 1.5, length=0.01, spacing=100.0, count=1)
    wave = mn.drive.concat([(0.0, 50.0), (pulse, 50.0), (0, None)])
    found = field.integrate([0.0, 49.0, 50.02, 100.0], wave)
    parts = field.integrate([0.0, 0.01], 1.5, g0=float(found["g"][1]))
    after = field.integrate([0.0, 0.01], 0.0, g0=float(parts["g"][1]))
    assert found["g"][2] == pytest.approx(float(after["g"][1]), abs=1e-9)
    assert float(found["g"][2] - found["g"][1]) > 1e-3


def test_arrays_hold_their_value_until_the_next():
    field = effective()
    times = np.array([0.0, 1.0, 3.0, 4.0])
    u = np.array([3.0, 0.5, 4.0, 0.0])
    found = field.integrate(times, u, g0=0.1)["g"]
    g = 0.1
    for k in range(3):
        g = float(field.integrate([0.0, times[k + 1] - times[k]], u[k], g0=g)["g"][-1])
        assert found[k + 1] == pytest.approx(g, abs=1e-9)
    same = field.integrate(times, mn.drive.steps(u, times), g0=0.1)["g"]
    np.testing.assert_allclose(same, found, atol=1e-12)
    same = field.integrate(times, lambda t: u[np.searchsorted(times, t, side="right") - 1], g0=0.1, breaks=times)["g"]
    np.testing.assert_allclose(same, found, atol=1e-12)


def test_unclamped_hillock_that_runs_away_says_so():
    field = HillockField(strength=1.0, tau=1.0, a=1.0, clamp=None)
    with pytest.raises(ArithmeticError, match="cannot be followed"):
        field.integrate([0.0, 100.0], 1.0)


def test_a_clamp_holds_on_a_ramp_and_lets_go_on_the_way_down():
    field = HillockField(strength=1.0, tau=1.0, a=1.0, clamp=0.5)
    limit = float(field.drive_at(0.5))
    ramp = mn.drive.triangle(low=0.0, high=2.0 * limit, period=400.0)
    free = 300.0  # falling again, and at the drive at which the clamp is an equilibrium
    found = field.integrate([0.0, 99.0, 150.0, 250.0, free, free + 10.0, free + 50.0], ramp)["g"].to_numpy()
    assert found[1] < 0.5
    np.testing.assert_allclose(found[2:5], 0.5, rtol=1e-9)
    after = field.integrate([0.0, 10.0, 50.0], lambda t: float(ramp(free + t)), g0=0.5)["g"].to_numpy()
    np.testing.assert_allclose(found[5:], after[1:], atol=1e-7)


def test_bad_input():
    net = row(3)
    device = mn.RateBalance(**SYNAPSE)
    with pytest.raises(ValueError, match="no mean field"):
        mean_field(net, mn.TunnelGap())
    with pytest.raises(TypeError, match="device model"):
        mean_field(net, "RateBalance")
    with pytest.raises(ValueError, match="one for each edge"):
        mean_field(net, mn.RateBalance(**{**SYNAPSE, "eta_p": np.array([1.0, 2.0, 3.0])}))
    with pytest.raises(ValueError, match="g_min must be > 0"):
        mean_field(net, mn.RateBalance())
    with pytest.raises(ValueError, match="unknown drive"):
        mean_field(net, device, drive="volt")
    with pytest.raises(ValueError, match="all of one length"):
        mean_field(mn.Network(3, [(0, 1), (1, 2)], length=[0.1, 0.2], electrodes={"a": 0, "b": 2}), mn.Hillock())
    with pytest.raises(ValueError, match="no path"):
        mean_field(mn.Network(4, [(0, 1), (2, 3)], electrodes={"a": 0, "b": 3}), device)
    field = mean_field(net, device)
    with pytest.raises(ValueError, match="ascend"):
        field.integrate([0.0, 2.0, 1.0], 1.0)
    with pytest.raises(ValueError, match="shape"):
        field.integrate([0.0, 1.0], [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="g0"):
        field.integrate([0.0, 1.0], 1.0, g0=1.5)
    with pytest.raises(ValueError, match="driven all the time"):
        field.integrate([0.0, 1.0], mn.drive.concat([(1.0, 1.0), (None, None)]))
    with pytest.raises(ValueError, match="chi"):
        effective(chi=-1.0)
    with pytest.raises(ValueError, match="ascend"):
        field.bifurcation([1.0, 0.0])


def connectome(**changes):
    table = {"kappa_p0": 1e-4, "kappa_d0": 0.5, "eta_p": 10.0, "eta_d": 1.0, "g_min": 1e-3, "g_max": 0.1}
    return mn.RateBalance(**{**table, **changes})


@pytest.mark.parametrize("volts", [1.0, 3.0, 8.0, 20.0])
def test_stiff_rates_are_followed_to_their_equilibrium(volts):
    """The equilibrium is within rounding of 1, where the state is bounded."""
    field = mean_field(row(1), connectome())
    times = [0.0, 1e-3, 0.1, 1.0, 10.0]
    found = field.integrate(times, volts)
    assert float(found["g"][-1]) == pytest.approx(field.fixed_points(volts)[0].g, abs=1e-9)
    want = field.integrate(times, volts, method="steps")
    np.testing.assert_allclose(found["g"], want["g"], rtol=0, atol=1e-9)


def test_rates_beyond_any_integrator_say_so():
    with pytest.raises(ArithmeticError, match="too large for an integrator; use method='steps'"):
        effective().integrate([0.0, 1.0], 60.0)
    with pytest.raises(ArithmeticError, match="cannot be followed"):
        effective().integrate([0.0, 1.0], 1e3)
    with pytest.raises(ValueError, match="rtol must be in"):
        effective().integrate([0.0, 1.0], 1.0, rtol=0.0)


def test_potential_with_little_memory_and_slow_depression():
    """exp(-b / u) underflows at g = 0; b = 5,000 is an ordinary eta_d v of fitted traces."""
    g = np.linspace(0.0, 1.0, 6)
    for chi in (0.5, 0.99):
        found = rate_balance_potential(g, chi=chi, kappa_p0=1e-3, kappa_d0=2.0, a=1.0, b=5_000.0)
        want = [quadrature(x, chi, 1e-3, 2.0, 1.0, 5_000.0) for x in g]
        np.testing.assert_allclose(found, want, rtol=0, atol=1e-9 * np.abs(want).max())
    flat = rate_balance_potential(g, chi=0.0, kappa_p0=1.0, kappa_d0=2.0, a=1.0, b=3.0)
    tiny = rate_balance_potential(g, chi=1e-300, kappa_p0=1.0, kappa_d0=2.0, a=1.0, b=3.0)
    np.testing.assert_array_equal(flat, tiny)


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"chi": -5.0}, "chi must be in"),
        ({"a": -1.0}, "a must be in"),
        ({"b": np.nan}, "b must be in"),
        ({"kappa_p0": -1.0}, "kappa_p0 must be in"),
        ({"g": [0.5, 1.5]}, r"g must be in \[0, 1\], got 1.5"),
        ({"g": [np.nan]}, "g must be finite"),
    ],
)
def test_bad_arguments_of_the_potential(given, match):
    arguments = {"g": [0.0, 1.0], "chi": 10.0, "kappa_p0": 1.0, "kappa_d0": 1.0, "a": 1.0, "b": 1.0, **given}
    with pytest.raises(ValueError, match=match):
        rate_balance_potential(arguments.pop("g"), **arguments)


def test_potentials_refuse_what_is_no_state():
    for field in (effective(), HillockField(strength=1.0, tau=1.0, a=1.0, clamp=None)):
        for g in (np.nan, -0.1, 1.1):
            with pytest.raises(ValueError, match="g must be"):
                field.potential(g, 0.1)
        with pytest.raises(ValueError, match="u must be"):
            field.potential(0.5, np.nan)


def test_switching_drive_without_an_argument():
    clamped = HillockField(strength=1.0, tau=1.0, a=1.0)
    assert clamped.switching_drive() == pytest.approx(float(clamped.drive_at(0.25)))
    assert effective().switching_drive() == effective().switching_drive(0.5)
    with pytest.raises(ValueError, match="no drive moves"):
        effective(eta_p=0.0, eta_d=0.0).switching_drive()


def test_linear_drift_driven_backwards_rests_at_zero():
    field = LinearDriftField(drive="voltage", strength=1.0, decay=1.0, r_off=1.0, chi=0.8)
    assert [(point.g, point.stable) for point in field.fixed_points(-1.0)] == [(0.0, True)]
    assert float(field.integrate([0.0, 50.0], -1.0, g0=0.5)["g"][-1]) == pytest.approx(0.0, abs=1e-9)


def test_the_as_published_step_has_no_mean_field():
    with pytest.raises(ValueError, match="step must be 'exact'"):
        mean_field(row(2), connectome(step="as-published"))
    with pytest.raises(TypeError, match="did you mean 'average'"):
        mean_field(row(2), connectome(), averge="power")


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: effective(chii=1.0), r"RateBalanceField\(\) got an unknown keyword 'chii', did you mean 'chi'"),
        (lambda: HillockField(strength=1.0, tau=1.0, a=1.0, clam=0.5), "did you mean 'clamp'"),
        (lambda: LinearDriftField(strenght=1.0), "did you mean 'strength'"),
        (
            lambda: effective().integrate([0.0, 1.0], 1.0, gO=1.0),
            r"Field.integrate\(\) .*'gO'; allowed: .*g0",
        ),
        (lambda: effective().conductance(gg=0.5), "did you mean 'g'"),
        (lambda: effective().integrate([0.0, 1.0], drives=1.0), "did you mean 'drive'"),
        (lambda: effective().bifurcation(drive=[0.0, 1.0]), "unknown keyword 'drive'; allowed: u"),
        (lambda: rate_balance_potential(0.5, kappa_p=1.0), "did you mean 'kappa_p0'"),
        (lambda: mean_field(row(1), connectome(), clamp="no"), "clamp must be True or False, got 'no'"),
        (lambda: effective().integrate([0.0, 1.0], lambda t: "1 V"), r"drive\(0\) must be a number, got '1 V' \(str\)"),
        (lambda: effective().integrate([0.0, 1.0], lambda t: [1.0]), r"drive\(0\) must be a number"),
    ],
)
def test_unknown_words_and_no_numbers(call, match):
    with pytest.raises(TypeError, match=match):
        call()


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: mean_field(row(1), connectome(), length=-1.0), r"length must be in \(0, inf\) pd, got -1.0"),
        (
            lambda: effective().integrate([0.0, 1.0], lambda t: math.nan),
            r"drive\(0\) must be in .*, got nan",
        ),
        (lambda: effective().drive_at([0.5, 1.5]), r"g must be in \[0, 1\], got 1.5"),
        (lambda: effective(eta_p=0.0, eta_d=0.0).drive_at(0.5), "no drive moves"),
        (lambda: effective(eta_p=0.0, eta_d=0.0).drive_slope(0.5), "no drive moves"),
    ],
)
def test_numbers_out_of_range(call, match):
    with pytest.raises(ValueError, match=match):
        call()


@pytest.mark.parametrize("drive", ["effective", "voltage"])
def test_the_ends_of_the_curve_of_equilibria(drive):
    """Warnings are errors here: the limits come without one."""
    field = effective(drive=drive)
    np.testing.assert_array_equal(field.drive_at([0.0, 1.0]), [-np.inf, np.inf])
    np.testing.assert_array_equal(field.drive_slope([0.0, 1.0]), [np.inf, np.inf])
    numeric = (field.drive_at(0.3 + 1e-6) - field.drive_at(0.3 - 1e-6)) / 2e-6
    assert field.drive_slope(0.3) == pytest.approx(numeric, rel=1e-8)


def test_a_callable_may_return_an_array_without_axes():
    times = [0.0, 1.0, 2.0]
    found = effective().integrate(times, lambda t: np.where(np.asarray(t) < 1.0, 0.5, 1.0), breaks=[1.0])
    np.testing.assert_array_equal(found["g"], effective().integrate(times, [0.5, 1.0, 1.0])["g"])
