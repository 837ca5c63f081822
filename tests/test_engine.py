"""The C engine against its plain NumPy twin (reference.py), single devices against closed forms and mpmath."""

import cases
import mpmath
import numpy as np
import pytest
import reference as ref
import reference_devices as more

import memnet as mn

# Steps are coarse here: what is compared does not depend on them.
pytestmark = pytest.mark.filterwarnings("ignore::memnet.StepWarning")

EPS = np.finfo(float).eps

MIXTURES = {
    "A": [(mn.TunnelGap, ref.TunnelGap, {"r_d": 2e-5, "r_w": 0.05}, 1.0)],
    "A, field over the gap": [(mn.TunnelGap, ref.TunnelGap, {"r_d": 2e-5, "r_w": 0.05, "field": "gap"}, 1.0)],
    "A, leaking": [
        (mn.TunnelGap, ref.TunnelGap, {"r_d": 2e-5, "r_w": 0.05, "d_leak": 0.01, "d_after_break": 0.5}, 1.0)
    ],
    "B": [(mn.Hillock, ref.Hillock, {}, 1.0)],
    "C": [(mn.RateBalance, ref.RateBalance, {}, 1.0)],
    "C, as published": [(mn.RateBalance, ref.RateBalance, {"step": "as-published", "g_min": 1e-3}, 1.0)],
    "atomic switches": [(mn.AtomicSwitch, more.AtomicSwitch, {"lambda_crit": 30.0, "lambda_max": 40.0}, 1.0)],
    "tunnel switches": [
        (mn.TunnelSwitch, more.TunnelSwitch, {"lambda_crit": 30.0, "lambda_max": 40.0}, 0.5),
        (
            mn.TunnelSwitch,
            more.TunnelSwitch,
            {"lambda_crit": 50.0, "lambda_max": 70.0, "exponent": "sqrt(phi)", "prefactor": "d^2", "phi": 0.4},
            0.5,
        ),
    ],
    "linear drift": [
        (mn.LinearDrift, more.LinearDrift, {"mu": 1e-17, "decay": 1e-3}, 0.4),
        (mn.LinearDrift, more.LinearDrift, {"mu": 1e-17, "window": "joglekar", "p": 2.5, "x_initial": 0.5}, 0.3),
        (mn.LinearDrift, more.LinearDrift, {"mu": 1e-17, "window": "strukov", "v_threshold": 0.2}, 0.3),
    ],
    "short- and long-term drift": [
        (mn.ShortLongTermDrift, more.ShortLongTermDrift, {"mu": 1e-17, "tau_initial": 50.0, "theta": 30.0}, 0.4),
        (
            mn.ShortLongTermDrift,
            more.ShortLongTermDrift,
            {"mu": 1e-16, "theta": 1.0, "a": 0.1, "sigma": 0.5, "w_initial": 0.5},  # forgets at once, now and then
            0.3,
        ),
        (
            mn.ShortLongTermDrift,
            more.ShortLongTermDrift,
            {"mu": 1e-17, "window": "joglekar", "p": 2.5, "w_initial": 0.3, "tau_initial": 200.0, "eps_initial": 0.1},
            0.3,
        ),
    ],
    "A:B": [(mn.TunnelGap, ref.TunnelGap, {"r_d": 2e-5, "r_w": 0.05}, 0.75), (mn.Hillock, ref.Hillock, {}, 0.25)],
    "A:C": [
        (mn.TunnelGap, ref.TunnelGap, {"r_d": 2e-5, "r_w": 0.05}, 0.75),
        (mn.RateBalance, ref.RateBalance, {}, 0.25),
    ],
    "A:B:C and passive edges": [
        (mn.TunnelGap, ref.TunnelGap, {"r_d": 2e-5, "r_w": 0.05}, 0.4),
        (mn.Hillock, ref.Hillock, {}, 0.2),
        (mn.RateBalance, ref.RateBalance, {}, 0.2),
        (mn.Resistor, ref.Resistor, {"conductance": 0.02, "emf": 0.3}, 0.1),
        (mn.Capacitor, ref.Capacitor, {"capacitance": 0.5, "v_initial": 0.1}, 0.1),
    ],
}
# Those that take long until enough of them have switched.
SWITCHING = {mixture for mixture in MIXTURES if mixture.startswith(("A", "atomic", "tunnel"))}


def both(mixture, seed, drive, n_steps, dt=1.0, third=False):
    """The same run by the engine and by the reference."""
    net = cases.random_network(seed, n_nodes=16, n_edges=40, third=third)
    parts = MIXTURES[mixture]
    devices = [make(**parameters) for make, _, parameters, _ in parts]
    mix = mn.mix(net, [(device, part[3]) for device, part in zip(devices, parts, strict=True)], seed=seed)
    sim = mn.Simulation(net, mix, drive, dt=dt, seed=seed)
    placed = [(device, part) for device, part in zip(devices, parts, strict=True) if sim.edges_of(device).size]
    record = {"potential": True, "branch_voltage": True, "edge_conductance": True}
    for device, (_, twin, _, _) in placed:
        for name in twin.states:
            record.setdefault(f"state:{name}", []).append(device)
    data = sim.run(n_steps, record=record)
    twins = [
        (twin(length=net.length[sim.edges_of(device)], **parameters), sim.edges_of(device))
        for device, (_, twin, parameters, _) in placed
    ]
    electrode = np.full(net.n_nodes, -1)
    for k, nodes in enumerate(net.electrodes.values()):
        electrode[nodes] = k
    times = np.arange(n_steps) * dt
    role = np.zeros((n_steps, len(net.electrodes)), dtype=int)
    value = np.zeros((n_steps, len(net.electrodes)))
    for k, (name, wave) in enumerate(sim.drive.items()):
        value[:, k] = 0.0 if drive[name] is None else wave(times)
        role[:, k] = ref.FLOATING if drive[name] is None else ref.VOLTAGE
    want = ref.run(net.n_nodes, net.edges, electrode, twins, role, value, n_steps, dt)
    return sim, data, want, placed


@pytest.mark.parametrize("mixture", MIXTURES)
@pytest.mark.parametrize("seed", [0, 1, pytest.param(2, marks=pytest.mark.slow)])
def test_the_engine_agrees_with_the_reference(mixture, seed):
    drive = {"left": mn.drive.triangle(0.0, 4.0, period=777.0) if seed == 1 else 3.0, "right": 0.0}
    sim, data, want, placed = both(mixture, seed, drive, 2000 if mixture in SWITCHING else 1000)
    events = sorted(zip(*(data[f"event_{name}"].to_numpy().tolist() for name in ("step", "edge", "kind")), strict=True))
    assert events == sorted(want.events)
    if mixture.startswith(("A", "atomic")) and seed != 1:
        assert len(events) > 10
    for k, (device, (_, twin, _, _)) in enumerate(placed):
        for name in twin.states:
            recorded = data[f"state_{name}_{sim.index_of(device)}"].to_numpy()
            np.testing.assert_allclose(recorded, want.states[k][name][:-1], rtol=1e-10, atol=1e-12)
            np.testing.assert_allclose(sim.state(device, name), want.states[k][name][-1], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(data.edge_conductance, want.edge_conductance, rtol=1e-9)
    np.testing.assert_allclose(data.potential, want.potential, rtol=0.0, atol=1e-10)
    np.testing.assert_allclose(data.conductance, want.conductance, rtol=1e-9)
    np.testing.assert_allclose(data.current, want.current, rtol=1e-8, atol=1e-13)


def test_a_floating_electrode_agrees_with_the_reference():
    _, data, want, _ = both("A:C", 5, {"left": 3.0, "right": 0.0, "top": None}, 500, third=True)
    np.testing.assert_allclose(data.voltage, want.voltage, rtol=0.0, atol=1e-10)
    np.testing.assert_allclose(data.current.sel(electrode="top"), 0.0, atol=0.0)


@pytest.mark.parametrize("voltage", [0.0, 1e-9, 1e-3, 0.23, 1.0, 7.0, 50.0, 300.0, 1000.0, -1000.0])
@pytest.mark.parametrize("dt", [1e-6, 1e-2, 1.0, 50.0])
def test_rate_balance_steps_are_exact_to_1e_12(voltage, dt):
    """Against the closed form at 60 digits (physics of PNN25 eq. 8): ten steps, and the same time in one."""
    net = mn.Network(2, [(0, 1)], length=[0.1], electrodes={"left": [0], "right": [1]})
    device = mn.RateBalance(g_initial=0.3)
    sim = mn.Simulation(net, device, {"left": voltage, "right": 0.0}, dt=dt)
    sim.run(10)
    with mpmath.workdps(60):
        size = mpmath.mpf(abs(voltage))
        k_p = mpmath.mpf(5e-4) * mpmath.exp(10 * size)
        k_d = mpmath.mpf(5e-2) * mpmath.exp(-10 * size)
        g_inf = k_p / (k_p + k_d)
        want = g_inf + (mpmath.mpf(0.3) - g_inf) * mpmath.exp(-(k_p + k_d) * 10 * mpmath.mpf(dt))
        got = mpmath.mpf(float(sim.state(device, "g")[0]))
        assert abs(got - want) <= 1e-12 * want


def test_rate_balance_starts_in_its_equilibrium_at_0_v():
    net = mn.Network(2, [(0, 1)], length=[0.1], electrodes={"left": [0], "right": [1]})
    device = mn.RateBalance()
    sim = mn.Simulation(net, device, {"left": 0.0, "right": 0.0})
    assert sim.state(device, "g")[0] == pytest.approx(5e-4 / (5e-4 + 5e-2), rel=1e-15)
    sim.run(1000)
    assert sim.state(device, "g")[0] == pytest.approx(5e-4 / (5e-4 + 5e-2), rel=1e-12)


@pytest.mark.parametrize("length", [0.02, 0.05])
def test_hillock_converges_at_first_order(length):
    """Halving dt halves the error, measured against scipy's integrator at 1e-12."""
    from scipy.integrate import solve_ivp

    mu, kappa, tau, voltage = 3.46e-5, 3.8e-2, 20.0, 0.05
    truth = solve_ivp(
        lambda t, z: ((mu / kappa) * voltage / (length - z) - z) / tau, (0.0, 32.0), [0.0], rtol=1e-12, atol=1e-16
    ).y[0, -1]
    net = mn.Network(2, [(0, 1)], length=[length], electrodes={"left": [0], "right": [1]})
    errors = []
    for halvings in range(4, 9):
        device = mn.Hillock()
        sim = mn.Simulation(net, device, {"left": voltage, "right": 0.0}, dt=2.0**-halvings)
        sim.run(32 * 2**halvings)
        errors.append(abs(sim.state(device, "z")[0] - truth))
    orders = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    np.testing.assert_allclose(orders, 1.0, atol=0.02)


@pytest.mark.parametrize(
    ("field", "length", "voltage"), [("gap", 0.1, 3.0), ("gap", 0.05, 1.0), ("remaining", 0.1, 3.0)]
)
def test_filament_counts_on_a_single_gap(field, length, voltage):
    """Steps to close and to break, by hand: a growth rate that is constant ("gap") or summed ("remaining")."""
    r_d, r_w, e_t, i_t, g_on = 1.3e-5, 1e-3, 10.0, 0.01, 10.0
    net = mn.Network(2, [(0, 1)], length=[length], electrodes={"left": [0], "right": [1]})
    sim = mn.Simulation(net, mn.TunnelGap(r_d=r_d, r_w=r_w, field=field), {"left": voltage, "right": 0.0})
    data = sim.run(2000)
    if field == "gap":
        to_close = int(np.ceil(length / (r_d * (voltage / length - e_t))))
    else:
        d, to_close = 0.0, 0
        while d < length:
            d += r_d * (voltage / (length - d) - e_t)
            to_close += 1
    to_break = int(np.ceil(1.0 / (r_w * (g_on * voltage - i_t))))
    period = to_close + to_break
    want, kinds, start = [], [], 0
    while start < 2000:
        want += [start + to_close - 1, start + period - 1]
        kinds += [+1, -1]
        start += period
    keep = [k for k, step in enumerate(want) if step < 2000]
    assert data.event_step.to_numpy().tolist() == [want[k] for k in keep]
    assert data.event_kind.to_numpy().tolist() == [kinds[k] for k in keep]
    # the conductance changes in the row after the event
    rows = data.conductance.to_numpy()
    first = data.event_step.to_numpy()[0]
    assert rows[first] == pytest.approx(np.exp(-200.0 * length), rel=1e-14)
    assert rows[first + 1] == 10.0


@pytest.mark.parametrize("kind", ["A", "A:C", "A:B:C"])
def test_kirchhoffs_law_holds_at_every_free_node_of_every_step(kind):
    """On a disc network whose conductances span 80 decades; the bar is rounding: 8 eps sum g (|v_a| + |v_b|)."""
    net = mn.percolating(size=50, coverage=0.65, seed=4)
    devices = mn.mix(net, [(make(), fraction) for make, fraction in cases.KINDS[kind]], seed=1)
    sim = mn.Simulation(net, devices, {"left": 3.0, "right": 0.0})
    data = sim.run(300, record={"potential": True, "edge_conductance": True})
    a, b = net.edges.T
    potential, g = data.potential.to_numpy(), data.edge_conductance.to_numpy()
    free = np.ones(net.n_nodes, dtype=bool)
    for nodes in net.electrodes.values():
        free[nodes] = False
    checked = 0
    for v, w in zip(potential, g, strict=True):
        v = np.nan_to_num(v, nan=0.0)
        flow = w * (v[a] - v[b])
        scale = w * (np.abs(v[a]) + np.abs(v[b]))
        residual = np.bincount(a, flow, net.n_nodes) - np.bincount(b, flow, net.n_nodes)
        bound = 8 * EPS * (np.bincount(a, scale, net.n_nodes) + np.bincount(b, scale, net.n_nodes))
        assert (np.abs(residual) <= bound)[free].all()
        checked += free.sum()
    assert checked > 10_000
