"""Compliance in adaptive runs: the turns to the limit and back are located, against closed forms and SciPy."""

import itertools

import cases
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from scipy.integrate import solve_ivp

import memnet as mn

HOLDS = 1e-9  # no current passes its limit by more than this part of it
PAIR = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
CHAIN = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
BESIDE = mn.Network(2, [(0, 1), (0, 1)], electrodes={"in": 0, "out": 1})
JUNCTION = mn.RateBalance(kappa_p0=1e-4, kappa_d0=0.5, eta_p=10.0, eta_d=1.0, g_min=1e-6, g_max=1e-3)
SWEEP = mn.drive.triangle(-1.5, 1.5, period=40.0, phase=0.25)


def adaptive(net, devices, drive, **options):
    return mn.Simulation(net, devices, drive, method="adaptive", **options)


def of(data, name, electrode="in"):
    return data[name].sel(electrode=electrode).values


def junction_with_events(times, limit):
    """Voltage, current and turns of JUNCTION under SWEEP, a set that runs away: SciPy from turn to turn."""

    def conductance(x):
        return 1e-6 + (1e-3 - 1e-6) * x

    def volts(t, x, side):
        return float(SWEEP(np.array([t]))[0]) if side == 0 else side * limit / conductance(x)

    def rate(t, x, side):
        v = abs(volts(t, x[0], side))
        return [1e-4 * np.exp(10.0 * v) * (1.0 - x[0]) - 0.5 * np.exp(-v) * x[0]]

    def beyond(t, x, side):
        if side == 0:
            return abs(volts(t, x[0], 0)) * conductance(x[0]) - limit
        return side * (volts(t, x[0], side) - volts(t, x[0], 0))

    beyond.terminal, beyond.direction = True, 1.0
    t, x, side, turns = 0.0, [1e-4 / (1e-4 + 0.5)], 0, []
    out = np.empty((times.size, 2))
    corners = [*np.arange(10.0, times[-1], 20.0), times[-1]]
    while t < times[-1]:
        stop = min(corner for corner in corners if corner > t + 1e-12)
        found = solve_ivp(
            rate, (t, stop), x, args=(side,), method="Radau", rtol=1e-10, atol=1e-14, events=beyond, dense_output=True
        )
        for k in np.flatnonzero((times >= t) & (times <= found.t[-1])):
            v = volts(times[k], found.sol(times[k])[0], side)
            out[k] = v, v * conductance(found.sol(times[k])[0])
        t, x = found.t[-1], found.y[:, -1]
        if found.status == 1:
            side = int(np.sign(volts(t, x[0], 0))) if side == 0 else 0
            turns.append(t)
    return *out.T, turns


def test_a_limited_set_that_runs_away_is_that_of_scipy_with_events():
    times, limit = np.arange(400) * 0.1, 1e-4
    voltage, current, turns = junction_with_events(times, limit)
    assert len(turns) == 4  # one to the limit and one back, of each sign
    edges = np.searchsorted(times, turns)
    for rtol in (1e-2, 1e-3, 1e-4):
        drive = {"in": mn.drive.limited(SWEEP, current=limit), "out": 0.0}
        data = adaptive(PAIR, JUNCTION, drive, dt=0.1, rtol=rtol).run(400, record=["limited"], progress=False)
        assert np.abs(of(data, "voltage") - voltage).max() <= 10.0 * rtol * 1.5
        assert np.abs(of(data, "current") - current).max() <= 10.0 * rtol * limit
        assert (np.abs(of(data, "current")) <= limit * (1.0 + HOLDS)).all()
        at_limit = of(data, "limited") == 1.0
        assert (np.flatnonzero(np.diff(at_limit)) + 1).tolist() == edges.tolist()
        assert (of(data, "voltage")[~at_limit] == SWEEP(times)[~at_limit]).all()


def test_two_limits_of_a_network_against_static_solutions_in_scipy():
    """Rates are continuous, whoever is at a limit, so a solver that knows nothing of turns goes over them."""
    edges = [(0, 1), (1, 2), (0, 3), (3, 4), (1, 3), (2, 4), (1, 4)]
    ends = np.array(edges)
    net = mn.Network(5, edges, electrodes={"p": 0, "q": 2, "gnd": 4})
    junction = mn.RateBalance(kappa_p0=1e-3, kappa_d0=0.5, eta_p=8.0, eta_d=1.0, g_min=1e-5, g_max=1e-3)
    waves = {"p": mn.drive.triangle(-2.0, 2.0, period=4.0, phase=0.25), "q": mn.drive.sine(1.5, frequency=0.31)}
    drive = {"p": mn.drive.limited(waves["p"], current=1.5e-4), "q": mn.drive.limited(waves["q"], current=8e-5)}

    def solved(t, x):
        now = {
            name: mn.drive.limited(float(waves[name](np.array([t]))[0]), current=wave.parameters[0])
            for name, wave in drive.items()
        }
        return mn.solve(net, 1e-5 + (1e-3 - 1e-5) * x, {**now, "gnd": 0.0})

    def rate(t, x):
        potential = solved(t, x).potential
        v = np.abs(potential[ends[:, 0]] - potential[ends[:, 1]])
        return 1e-3 * np.exp(8.0 * v) * (1.0 - x) - 0.5 * np.exp(-v) * x

    times, x = np.arange(31) * 0.1, np.full(7, 1e-3 / (1e-3 + 0.5))
    states = [x]
    for a, b in itertools.pairwise(times):
        x = solve_ivp(rate, (a, b), x, method="LSODA", rtol=1e-6, atol=1e-10).y[:, -1]
        states.append(x)
    wanted = [solved(t, x) for t, x in zip(times, states, strict=True)]
    data = adaptive(net, junction, {**drive, "gnd": 0.0}, dt=0.1, rtol=1e-3).run(31, record=["limited"], progress=False)
    assert np.abs(data.voltage.values - [one.voltage for one in wanted]).max() <= 1e-2 * 2.0
    assert np.abs(data.current.values - [one.current for one in wanted]).max() <= 1e-2 * 1.5e-4
    assert (np.abs(data.current.values[:, :2]) <= np.array([1.5e-4, 8e-5]) * (1.0 + HOLDS)).all()
    assert (data.limited.values.sum(axis=0)[:2] > 5.0).all()
    assert (data.limited.values.sum(axis=0)[:2] < 29.0).all()


@pytest.mark.parametrize("rtol", [1e-1, 1e-3, 1e-5])
def test_a_capacitor_charges_along_a_ramp_and_then_an_exponential(rtol):
    limit, r, c, volts = 1e-3, 100.0, 1e-6, 3.0
    drive = {"in": mn.drive.limited(volts, current=limit), "out": 0.0}
    devices = [mn.Resistor(conductance=1.0 / r), mn.Capacitor(capacitance=c)]
    data = adaptive(CHAIN, devices, drive, dt=1e-4, rtol=rtol).run(60, record=["limited"], progress=False)
    t, turn = data.time.values, (volts - limit * r) * c / limit
    inner = np.where(t < turn, limit / c * t, volts - limit * r * np.exp(-(t - turn) / (r * c)))
    at_limit = of(data, "limited") == 1.0
    assert at_limit.tolist() == (t < turn * (1.0 + 1e-12)).tolist()
    wanted = np.where(at_limit, inner + limit * r, volts)
    np.testing.assert_allclose(of(data, "voltage"), wanted, rtol=0.0, atol=10.0 * rtol * volts)
    drop = of(data, "voltage") - of(data, "current") * r
    np.testing.assert_allclose(drop, inner, rtol=0.0, atol=10.0 * rtol * volts)
    assert (np.abs(of(data, "current")) <= limit * (1.0 + HOLDS)).all()


@pytest.mark.parametrize("rtol", [0.5, 1e-2, 1e-5])
def test_a_source_with_a_limit_charges_a_capacitor_without_a_resistance(rtol):
    """At the turn back the current jumps to what the other edge takes, and the capacitor must not feel it."""
    c, g, limit, volts = 1e-6, 1e-4, 1e-3, 3.0
    drive = {"in": mn.drive.limited(volts, current=limit), "out": 0.0}
    data = adaptive(PAIR, mn.Capacitor(capacitance=c), drive, dt=1e-4, rtol=rtol).run(60, progress=False)
    np.testing.assert_allclose(of(data, "voltage"), np.minimum(1e3 * data.time.values, volts), rtol=1e-9, atol=1e-12)
    assert np.abs(of(data, "current")[31:]).max() < 1e-9
    devices = [mn.Resistor(conductance=g), mn.Capacitor(capacitance=c)]
    data = adaptive(BESIDE, devices, drive, dt=1e-4, rtol=rtol).run(60, progress=False)
    t, turn = data.time.values, -c / g * np.log(1.0 - volts * g / limit)
    wanted = np.where(t < turn, limit / g * (1.0 - np.exp(-t * g / c)), volts)
    np.testing.assert_allclose(of(data, "voltage"), wanted, rtol=0.0, atol=10.0 * rtol * volts)
    np.testing.assert_allclose(of(data, "current"), np.where(t < turn, limit, volts * g), rtol=1e-9)


def test_a_current_that_flows_through_charges_alone_is_limited():
    """C dV/dt would be 1 mA: the voltage stays behind until the triangle comes back, and stays behind again."""
    ramp = mn.drive.limited(mn.drive.triangle(-1.0, 1.0, period=4e-3, phase=0.25), current=9e-4)
    divider = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    c, double = mn.Capacitor(capacitance=1e-6), mn.Capacitor(capacitance=2e-6)
    for net, devices in [(PAIR, c), (divider, double)]:
        data = adaptive(net, devices, {"in": ramp, "out": 0.0}, dt=1e-4).run(30, record=["limited"], progress=False)
        t, met = data.time.values, 1e-3 + 0.1 / 1900.0
        np.testing.assert_allclose(
            of(data, "voltage"), 900.0 * np.where(t < met, t, 2.0 * met - t), rtol=0.0, atol=1e-6
        )
        np.testing.assert_allclose(of(data, "current"), np.where(t < met, 9e-4, -9e-4), rtol=1e-9)
        assert of(data, "limited").all()
    sim = adaptive(CHAIN, [mn.Resistor(conductance=1e-2), c], {"in": ramp, "out": 0.0}, dt=1e-4)
    data = sim.run(40, record=["limited"], progress=False)
    assert 0 < of(data, "limited").sum() < 40
    assert np.abs(of(data, "current")).max() <= 9e-4 * (1.0 + HOLDS)


def test_a_diode_at_a_voltage_that_would_burn_it():
    wave = mn.drive.triangle(-3.0, 3.0, period=4.0)
    drive = {"in": mn.drive.limited(wave, current=1e-3), "out": 0.0}
    data = adaptive(PAIR, mn.Diode(), drive, dt=0.1).run(80, record=["limited"], progress=False)
    at_limit = of(data, "limited") == 1.0
    alone = mn.solve(PAIR, drive={"in": mn.drive.current(1e-3), "out": 0.0}, devices=mn.Diode()).voltage[0]
    assert 20 < at_limit.sum() < 40
    np.testing.assert_allclose(of(data, "voltage")[at_limit], alone, rtol=1e-9)
    assert (of(data, "voltage")[~at_limit] == wave(data.time.values)[~at_limit]).all()


@pytest.mark.parametrize("method", ["fixed", "adaptive"])
def test_a_current_that_falls_with_its_voltage_stays_on_the_way_up(method):
    """v (v - 1) (v - 2) carries 0.3 at three voltages, and more than that at 0.6 V."""
    device = mn.CubicResistor(g_1=2.0, g_2=-3.0, g_3=1.0)
    first = np.sort(np.roots([1.0, -3.0, 2.0, -0.3]).real)[0]
    ramp = mn.drive.piecewise_linear([0.0, 1.0], [0.0, 0.6])
    for wave in (ramp, 0.6):
        drive = {"in": mn.drive.limited(wave, current=0.3), "out": 0.0}
        data = mn.Simulation(PAIR, device, drive, dt=0.1, method=method).run(12, progress=False)
        assert of(data, "voltage")[-1] == pytest.approx(first, rel=1e-9)
        assert of(data, "current")[-1] == 0.3


@pytest.mark.parametrize("method", ["fixed", "adaptive"])
def test_a_switch_that_a_limit_opens_again_for_ever_is_named(method):
    switch = mn.ThresholdSwitch(v_on=1.2, v_off=0.4, r_on=500.0, r_off=1e6)
    ramp = mn.drive.piecewise_linear([0.0, 1.0], [0.0, 2.0])
    sim = mn.Simulation(PAIR, switch, {"in": mn.drive.limited(ramp, current=1e-4), "out": 0.0}, dt=0.1, method=method)
    with pytest.raises(ArithmeticError, match=r"again and again at one moment.*edge 0"):
        sim.run(20, progress=False)
    assert sim.time == 0.5


def test_limits_far_from_what_flows():
    wave = mn.drive.triangle(-2.0, 2.0, period=4.0, phase=0.25)

    def run(drive):
        sim = adaptive(PAIR, JUNCTION, {"in": drive, "out": 0.0}, dt=0.1)
        return sim.run(60, record=["limited"], progress=False)

    free = run(wave)
    for limit in (1e30, 1e300):
        np.testing.assert_array_equal(run(mn.drive.limited(wave, current=limit)).current, free.current)
    for limit in (1e-30, 1e-300):
        data = run(mn.drive.limited(wave, current=limit))
        driven = wave(data.time.values) != 0.0
        assert (of(data, "current")[driven] == limit * np.sign(wave(data.time.values)[driven])).all()
        assert (of(data, "limited")[driven] == 1.0).all()
        np.testing.assert_allclose(
            (of(data, "voltage") * data.conductance.values)[driven], of(data, "current")[driven], rtol=1e-9
        )


@pytest.mark.parametrize("part", [-1e-3, -1e-9, -1e-12, 0.0, 1e-15, 1e-9])
def test_a_limit_that_is_all_but_the_current_at_rest(part):
    rest = adaptive(PAIR, JUNCTION, {"in": 1.0, "out": 0.0}, dt=1.0).run(200, progress=False)
    limit = float(of(rest, "current")[-1]) * (1.0 + part)
    drive = {"in": mn.drive.limited(1.0, current=limit), "out": 0.0}
    sim = adaptive(PAIR, JUNCTION, drive, dt=1.0)
    data = sim.run(200, record=["limited"], progress=False)
    assert sim.counters["steps"] < 300
    assert sim.counters["refused"] < 200
    assert (of(data, "current") <= limit * (1.0 + HOLDS)).all()
    assert np.count_nonzero(np.diff(of(data, "limited"))) <= 1
    assert of(data, "voltage")[-1] == pytest.approx(1.0, abs=2.0 * abs(min(part, 0.0)) + 1e-9)


def random_role(rng, voltage):
    kind = rng.integers(4)
    wave = voltage * mn.drive.triangle(-1.0, 1.0, period=rng.uniform(0.5, 3.0), phase=rng.uniform(0.0, 1.0))
    if kind == 3:
        return None
    if kind == 2:
        return mn.drive.current(rng.normal() * 1e-4)
    jumps = mn.drive.pulses(0.0, voltage, length=rng.uniform(0.1, 1.0), spacing=rng.uniform(0.1, 1.0))
    return mn.drive.limited(wave if kind == 0 else jumps, current=10.0 ** rng.uniform(-6.0, -3.0))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 4))
def test_limits_hold_and_agree_with_themselves_in_any_network(seed, n):
    """Limited, driven and floating electrodes, an island with a limit of its own, drives with corners and jumps."""
    rng = np.random.default_rng(seed)
    edges = [(a, b) for a in range(n + 3) for b in range(a) if rng.random() < 0.6 or b == a - 1]
    island = n + 3
    names = [f"e{k}" for k in range(n)]
    places = {**{name: k for k, name in enumerate(names)}, "gnd": n, "far": island, "ground": island + 1}
    net = mn.Network(n + 5, [*edges, (island, island + 1), (island + 1, island)], electrodes=places)
    junction = mn.RateBalance(kappa_p0=1e-3, kappa_d0=0.5, eta_p=6.0, eta_d=1.0, g_min=1e-5, g_max=1e-3)
    drive = {name: random_role(rng, rng.choice([-2.0, 2.0])) for name in names}
    drive |= {"gnd": 0.0, "far": mn.drive.limited(mn.drive.sine(2.0, frequency=1.0), current=2e-5), "ground": 0.0}
    data = adaptive(net, junction, drive, dt=0.11, rtol=1e-2).run(25, record=["limited"], progress=False)
    assert np.abs(data.current.values.sum(axis=1)).max() <= 1e-12 * np.abs(data.current.values).max() + 1e-30
    for name, wave in drive.items():
        if not isinstance(wave, mn.drive.Waveform) or 3 not in wave.roles:
            continue
        limit, asked = wave.parameters[0], wave(data.time.values)
        current, voltage, at_limit = of(data, "current", name), of(data, "voltage", name), of(data, "limited", name) > 0
        assert (np.abs(current) <= limit * (1.0 + HOLDS)).all()
        assert (np.abs(np.abs(current) - limit)[at_limit] <= HOLDS * limit).all()
        assert (np.sign(current) * (voltage - asked) <= 1e-9)[at_limit].all()
        assert (voltage == asked)[~at_limit].all()


def wires():
    net = mn.nanowires(60, size=40, length=20, length_sd=5, seed=3)
    wave = mn.drive.limited(mn.drive.triangle(-8.0, 8.0, period=8.0, phase=0.25), current=2e-4)
    junction = mn.RateBalance(kappa_p0=1e-3, kappa_d0=0.5, eta_p=8.0, eta_d=1.0, g_min=1e-5, g_max=1e-3)
    return adaptive(net, junction, {"left": wave, "right": 0.0}, dt=0.13)


def oscillator():
    net = mn.Network(4, [(0, 1), (1, 3), (1, 3), (2, 1)], electrodes={"in": 0, "probe": 2, "out": 3})
    devices = [
        mn.Resistor(conductance=5e-5),
        mn.ThresholdSwitch(v_on=1.2, v_off=0.4, r_on=500.0, r_off=1e6),
        mn.Capacitor(capacitance=1e-9),
        mn.Resistor(conductance=1e-9),
    ]
    drive = {"in": mn.drive.limited(2.0, current=6e-5), "probe": 0.0, "out": 0.0}
    return adaptive(net, devices, drive, dt=1e-6)


@pytest.mark.parametrize("begin", [wires, oscillator])
@pytest.mark.parametrize("chunk", [1, 7])
def test_bits_do_not_depend_on_chunks_looks_or_checkpoints(begin, chunk, tmp_path):
    record = ["potential", "limited"]
    whole, sim, parts = begin().run(70, record=record, progress=False), begin(), []
    assert 5 < whole.limited.values.sum() < 65
    for k in range(70 // chunk):
        parts.append(sim.run(chunk, record=record if k % 2 else [*record, "left"], progress=False))
        assert sim.limited.any() == (sim.limited != 0).any()
        if k % 3 == 0:
            sim.save(tmp_path / "a.mn")
            sim = mn.Simulation.load(tmp_path / "a.mn")
    for name in [*record, "current"]:
        np.testing.assert_array_equal(np.concatenate([part[name] for part in parts]), whole[name])
    sim._core.verify()


def test_both_sides_of_a_jump_have_limits():
    wave = mn.drive.limited(mn.drive.pulses(0.1, 2.0, length=1.0, spacing=1.0), current=1e-4)
    sim = adaptive(PAIR, JUNCTION, {"in": wave, "out": 0.0}, dt=0.5)
    data = sim.run(5, record=["limited", "left"], progress=False)
    assert of(data, "limited").tolist() == [0.0, 1.0, 0.0, 0.0, 1.0]
    assert of(data, "current_left")[2] == 1e-4
    assert of(data, "limited_left")[2] == 1.0
    assert 0.1 < of(data, "voltage_left")[2] < 2.0
    assert of(data, "voltage")[2] == 0.1
    assert of(data, "voltage_left")[4] == 0.1


def test_limits_change_in_time_and_go():
    limited = mn.drive.limited
    wave = mn.drive.concat([(limited(1.0, current=1e-3), 5.5), (limited(1.0, current=2e-3), 5.0), (1.0, None)])
    sim = adaptive(PAIR, mn.Resistor(conductance=0.01), {"in": wave, "out": 0.0}, dt=1.0)
    data = sim.run(15, record=["limited"], progress=False)
    assert of(data, "current").tolist() == [1e-3] * 6 + [2e-3] * 5 + [1e-2] * 4
    assert of(data, "limited").tolist() == [1.0] * 11 + [0.0] * 4
    sim.set_drive({"in": limited(1.0, current=1e-4), "out": 0.0})
    assert sim.limited.tolist() == [True, False]


def test_a_waveform_of_a_reaction_is_limited():
    """Closed at 0.25 s, a ramp of 20 V/s from 0.30 s on, through 0.1 mS: at the limit of 50 uA from 0.32 s on."""
    net = mn.Network(4, [(0, 1), (2, 3)], electrodes={"pre": 0, "gnd": 1, "post": 2, "out": 3})
    switch = mn.ThresholdSwitch(v_on=1.0, v_off=0.2, r_on=1e3, r_off=1e6)
    ramp = mn.drive.piecewise_linear([0.0, 0.1, 0.3], [0.0, 2.0, 0.0])
    reaction = mn.react(switch, "closed", electrode="post", wave=ramp, delay=0.05)
    drive = {"pre": mn.drive.triangle(0.0, 2.0, period=1.0), "gnd": 0.0}
    drive |= {"post": mn.drive.limited(0.1, current=5e-5), "out": 0.0}
    devices = [switch, mn.Resistor(conductance=1e-4)]
    sim = adaptive(net, devices, drive, dt=0.01, reactions=[reaction])
    data = sim.run(70, record=["limited"], progress=False)
    t = data.time.values
    asked = 0.1 + np.interp(t - 0.30, [0.0, 0.1, 0.3], [0.0, 2.0, 0.0])
    np.testing.assert_allclose(of(data, "current", "post"), np.minimum(1e-4 * asked, 5e-5), rtol=1e-6)
    assert (of(data, "limited", "post") == 1.0).tolist() == (1e-4 * asked > 5e-5 * (1.0 + 1e-9)).tolist()


def test_a_row_that_fails_leaves_no_trace():
    """What an electrode has turned in it is taken back, too."""
    wave = mn.drive.limited(mn.drive.triangle(-2.0, 2.0, period=4.0, phase=0.25), current=1e-4)
    switch = mn.ThresholdSwitch(v_on=1.2, v_off=0.4, r_on=500.0, r_off=1e9)
    net = mn.Network(4, [(0, 1), (2, 3)], electrodes={"in": 0, "out": 1, "a": 2, "b": 3})
    ramp = mn.drive.limited(mn.drive.piecewise_linear([0.0, 2.0], [0.0, 2.0]), current=1e-4)
    sim = adaptive(net, [JUNCTION, switch], {"in": wave, "out": 0.0, "a": ramp, "b": 0.0}, dt=0.5)
    with pytest.raises(ArithmeticError, match="again and again"):
        sim.run(10, progress=False)
    time, before = sim.time, sim.voltage.copy()
    with pytest.raises(ArithmeticError, match="again and again"):
        sim.run(10, progress=False)
    assert (sim.time, sim.voltage.tolist()) == (time, before.tolist())
    calm = {"in": wave, "out": 0.0, "a": 0.0, "b": 0.0}
    sim.set_drive(calm)
    other = adaptive(net, [JUNCTION, switch], {**calm, "a": ramp}, dt=0.5)
    other.run(duration=time, progress=False)
    other.set_drive(calm)
    np.testing.assert_array_equal(sim.run(10, progress=False).current, other.run(10, progress=False).current)


@pytest.mark.filterwarnings("ignore::memnet.StepWarning")
@pytest.mark.parametrize("method", ["fixed", "adaptive"])
def test_a_crossbar_of_diodes_and_memristors_keeps_twelve_limits(method):
    n = 8
    edges = [(row, n + column) for row in range(n) for column in range(n)]
    net = mn.Network(2 * n, edges, electrodes={f"{'rc'[k // n]}{k % n}": k for k in range(2 * n)})
    rows = [mn.drive.triangle(-1.0, 2.0, period=3.0 + 0.1 * k) for k in range(n)]
    drive = {f"r{k}": mn.drive.limited(wave, current=1e-4 * (1 + k)) for k, wave in enumerate(rows)}
    drive |= {f"c{k}": mn.drive.limited(0.1 * k - 0.5, current=2e-4) if k % 2 else 0.0 for k in range(n)}
    devices = mn.series(mn.Diode(), mn.RateBalance(kappa_p0=1e-3, eta_p=8.0, g_min=1e-5, g_max=1e-3))
    sim = mn.Simulation(net, devices, drive, dt=0.05, method=method)
    data = sim.run(40, record=["limited"], progress=False)
    for name, wave in drive.items():
        if isinstance(wave, mn.drive.Waveform):
            current, at_limit = of(data, "current", name), of(data, "limited", name) == 1.0
            assert (np.abs(current) <= wave.parameters[0] * (1.0 + HOLDS)).all()
            asked = wave(data.time.values)
            assert (np.sign(current) * (of(data, "voltage", name) - asked) <= 1e-9)[at_limit].all()
            np.testing.assert_allclose(of(data, "voltage", name)[~at_limit], asked[~at_limit], rtol=1e-9, atol=1e-12)
    assert data.limited.values.sum() > 100


def test_percolating_networks_keep_the_limit_through_a_sweep():
    net = cases.random_network(6)
    wave = mn.drive.triangle(-1.5, 1.5, period=4.0, phase=0.25)
    data = adaptive(net, JUNCTION, {"left": mn.drive.limited(wave, current=2e-6), "right": 0.0}, dt=0.05).run(
        80, record=["limited"], progress=False
    )
    at_limit = of(data, "limited", "left") == 1.0
    assert 5 < at_limit.sum() < 75
    assert (np.abs(of(data, "current", "left")) <= 2e-6 * (1.0 + HOLDS)).all()
    assert (np.abs(of(data, "voltage", "left")) < np.abs(wave(data.time.values)))[at_limit].all()
