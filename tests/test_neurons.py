"""Neurons as edges with events: closed forms, SciPy with events at 1e-11, circuits of them, and what is refused."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.integrate import solve_ivp

import memnet as mn

C, G_L, E_L, V_T, D_T = 281e-12, 30e-9, -70.6e-3, -50.4e-3, 2e-3
TAU = C / G_L
LIFT = V_T - E_L
SPIKE, RECOVERED = 1, 2
FIXED = {"dt": 1e-4}
ADAPTIVE = {"dt": 1e-3, "method": "adaptive", "rtol": 1e-6}
BOTH_WAYS = [pytest.param(FIXED, id="fixed"), pytest.param(ADAPTIVE, id="adaptive")]
MEMBRANES = [
    mn.IntegrateAndFire,
    mn.ExponentialIntegrateAndFire,
    mn.AdaptiveExponential,
    mn.GeneralizedIntegrateAndFire,
]


def alone(neuron, current, **options):
    """Return a simulation of one neuron that a current is fed into."""
    circuit = mn.Circuit()
    circuit.add("in", "gnd", neuron, name="neuron")
    return circuit.simulation({"in": mn.drive.current(current), "gnd": 0.0}, **options)


def times(run, kind=SPIKE, edge=None):
    """Return the times (s) of the events of one kind."""
    of_kind = run.event_kind.values == kind
    return run.event_time.values[of_kind if edge is None else of_kind & (run.event_edge.values == edge)]


def spikes(neuron, current, duration, **options):
    return times(alone(neuron, current, **options).run(duration=duration, progress=False))


def period(current, start=E_L, threshold=V_T, rest=E_L, g=G_L, c=C):
    """Return the time (s) from the start to the threshold, in closed form."""
    end = rest + current / g
    return c / g * np.log((end - start) / (end - threshold))


def by_scipy(rates, start, fires, reset, duration):
    """Return the times (s) at which `fires` rises through 0; there the state becomes what `reset` says."""
    fires.terminal, fires.direction = True, 1
    t, y, found = 0.0, np.asarray(start, dtype=float), []
    while True:
        part = solve_ivp(rates, (t, duration), y, events=fires, rtol=1e-11, atol=1e-15, method="DOP853")
        if part.status != 1:
            return np.array(found)
        t, y = part.t_events[0][0], np.asarray(reset(part.y_events[0][0]))
        found.append(t)


def exponential(current, a=0.0, b=0.0, tau_w=0.144, duration=0.4):
    """Return the spikes (s) of equation 21 of the review, with the adaptation of Brette and Gerstner."""

    def rates(_, y):
        v, w = y
        upward = G_L * D_T * np.exp((v - V_T) / D_T)
        return (-G_L * (v - E_L) + upward - w + current) / C, (a * (v - E_L) - w) / tau_w

    return by_scipy(rates, (E_L, 0.0), lambda _, y: y[0] - V_T - 5 * D_T, lambda y: (E_L, y[1] + b), duration)


# ------------------------------------------------------------------ one neuron


@pytest.mark.parametrize("options", BOTH_WAYS)
@pytest.mark.parametrize(("current", "milliseconds"), [(0.7e-9, 18.806258), (1e-9, 8.724154)])
def test_the_period_of_a_leaky_membrane_is_the_closed_form(options, current, milliseconds):
    assert 1e3 * period(current) == pytest.approx(milliseconds, rel=1e-7)
    found = spikes(mn.IntegrateAndFire(), current, 0.1, **options)
    assert len(found) == int(0.1 / period(current))
    assert np.allclose(np.diff(found, prepend=0.0), period(current), rtol=2e-5, atol=0.0)


@settings(max_examples=15, deadline=None)
@given(
    current=st.floats(0.8e-9, 5e-9),
    reset=st.floats(-0.09, -0.055),
    t_ref=st.sampled_from([0.0, 3e-4, 2.345e-3]),
    c=st.floats(1e-10, 5e-10),
)
def test_periods_of_any_membrane(current, reset, t_ref, c):
    """With a refractory time, at whose end the membrane is at the reset."""
    neuron = mn.IntegrateAndFire(V_r=reset, t_ref=t_ref, C_m=c)
    want = t_ref + period(current, start=reset, c=c)
    found = spikes(neuron, current, 4.5 * want, dt=want / 200)
    assert np.allclose(np.diff(found), want, rtol=2e-4, atol=0.0)


def test_fixed_steps_are_of_second_order():
    def error(dt):
        return abs(np.diff(spikes(mn.IntegrateAndFire(), 1e-9, 0.04, dt=dt)) / period(1e-9) - 1.0).max()

    errors = [error(dt) for dt in (4e-4, 2e-4, 1e-4)]
    assert errors[2] < 2e-5
    assert 3.0 < errors[0] / errors[1] < 5.5
    assert 3.0 < errors[1] / errors[2] < 5.5


@pytest.mark.parametrize("options", BOTH_WAYS)
def test_the_exponential_membrane_is_that_of_scipy(options):
    want = exponential(0.7e-9, duration=0.1)
    assert 1e3 * np.diff(want, prepend=0.0) == pytest.approx([24.107539] * 4, rel=1e-7)
    found = spikes(mn.ExponentialIntegrateAndFire(), 0.7e-9, 0.1, **options)
    assert np.allclose(np.diff(found, prepend=0.0), np.diff(want, prepend=0.0), rtol=1e-3, atol=0.0)


@pytest.mark.parametrize("options", [pytest.param({"dt": 2e-5}, id="fixed"), pytest.param(ADAPTIVE, id="adaptive")])
def test_the_adaptive_membrane_is_that_of_scipy(options):
    want = exponential(1e-9, a=4e-9, b=80.5e-12)
    found = spikes(mn.AdaptiveExponential(), 1e-9, 0.4, **options)
    assert len(want) == len(found) == 14
    assert np.allclose(found, want, rtol=0.0, atol=0.02e-3)
    assert 1e3 * found[:2] == pytest.approx([11.725, 25.250], abs=0.05)


@pytest.mark.parametrize("options", [{"dt": 1e-4}, {"dt": 1e-3, "method": "adaptive", "rtol": 1e-3}])
def test_how_long_steps_of_exponential_membranes_may_be(options):
    """What the page of neurons promises of them; 25.250 ms is what Brian 2 has."""
    exponential_ones = spikes(mn.ExponentialIntegrateAndFire(), 0.7e-9, 0.15, **options)
    assert 1e3 * np.diff(exponential_ones) == pytest.approx([24.107539] * 5, rel=1e-3)
    adaptive_ones = spikes(mn.AdaptiveExponential(), 1e-9, 0.4, **options)
    assert adaptive_ones.size == 14
    assert 1e3 * adaptive_ones[1] == pytest.approx(25.250, abs=0.05)


# Per preset: the current (nA), and how many spikes it makes in 0.4 s.
PATTERNS = {
    "tonic": (0.5, 42),
    "adapting": (0.5, 9),
    "initial-burst": (0.4, 9),
    "bursting": (0.21, 7),
    "accelerating": (0.3, 27),
    "delayed-bursting": (0.11, 20),
    "transient": (0.18, 1),
    "irregular": (0.16, 23),
}


def adaptation_index(intervals):
    """Return the mean of (later - earlier)/(later + earlier): 0 where intervals stay, 1 where they grow at once."""
    return np.mean(np.diff(intervals) / (intervals[1:] + intervals[:-1]))


@pytest.fixture(scope="module")
def patterns():
    """Return the spikes (ms) of all presets of the adaptive membrane."""
    return {
        name: 1e3
        * spikes(mn.AdaptiveExponential.preset(name), 1e-9 * current, 0.4, dt=1e-3, method="adaptive", rtol=1e-5)
        for name, (current, _) in PATTERNS.items()
    }


def test_presets_of_the_adaptive_membrane_fire_as_they_are_called(patterns):
    assert set(PATTERNS) == set(mn.AdaptiveExponential.presets())
    assert {name: times.size for name, times in patterns.items()} == {name: n for name, (_, n) in PATTERNS.items()}
    intervals = {name: np.diff(times) for name, times in patterns.items()}
    settled = intervals["tonic"][10:]
    assert np.ptp(settled) < 0.02 * settled.mean()
    assert adaptation_index(intervals["adapting"]) > 0.1
    assert (np.diff(intervals["adapting"]) > 0.0).all()
    assert (intervals["initial-burst"][:2] < 8.0).all()
    assert (intervals["initial-burst"][2:] > 50.0).all()
    assert (intervals["bursting"][1::2] < 6.0).all()
    assert (intervals["bursting"][2::2] > 100.0).all()
    assert patterns["accelerating"][0] > 30.0
    assert (np.diff(intervals["accelerating"]) < 0.0).all()
    assert adaptation_index(intervals["accelerating"]) < -0.01
    assert patterns["delayed-bursting"][0] > 50.0
    assert (intervals["delayed-bursting"] > 50.0).sum() == 4
    assert (intervals["delayed-bursting"] < 9.0).sum() == 15
    late = intervals["irregular"][5:]
    assert late.std() > 0.3 * late.mean()


@pytest.mark.parametrize("preset", [name for name in PATTERNS if name != "irregular"])
def test_presets_of_the_adaptive_membrane_are_those_of_scipy(patterns, preset):
    p = {name: float(value) for name, value in mn.AdaptiveExponential.preset(preset).parameters.items()}
    current = 1e-9 * PATTERNS[preset][0]

    def rates(_, y):
        v, w = y
        upward = p["g_L"] * p["D_T"] * np.exp((min(v, p["V_cut"] + p["D_T"]) - p["V_T"]) / p["D_T"])
        flow = current - p["g_L"] * (v - p["E_L"]) + upward - w
        return flow / p["C_m"], (p["a"] * (v - p["E_L"]) - w) / p["tau_w"]

    want = by_scipy(rates, (p["E_L"], 0.0), lambda _, y: y[0] - p["V_cut"], lambda y: (p["V_r"], y[1] + p["b"]), 0.2)
    assert patterns[preset][: want.size] == pytest.approx(1e3 * want, abs=0.1)


@pytest.mark.parametrize("preset", ["tonic", "adapting", "bursting", "mixed"])
def test_the_generalised_membrane_is_that_of_scipy(preset):
    """At 2 nA and 1 nF: Mihalas and Niebur 2009, equations 2.1 and 2.2, with their 2 V/s."""
    neuron = mn.GeneralizedIntegrateAndFire.preset(preset)
    p = {name: float(value) for name, value in neuron.parameters.items()}

    def rates(_, y):
        v, theta, i_1, i_2 = y
        flow = 2e-9 + i_1 + i_2 - p["g_L"] * (v - p["E_L"])
        threshold = p["a"] * (v - p["E_L"]) - p["b"] * (theta - p["V_T"])
        return flow / p["C_m"], threshold, -p["k_1"] * i_1, -p["k_2"] * i_2

    def reset(y):
        return p["V_r"], max(p["V_Tr"], y[1]), p["R_1"] * y[2] + p["A_1"], p["R_2"] * y[3] + p["A_2"]

    want = by_scipy(rates, (p["E_L"], p["V_T"], 0.0, 0.0), lambda _, y: y[0] - y[1], reset, 0.4)
    found = spikes(neuron, 2e-9, 0.4, dt=1e-3, method="adaptive", rtol=1e-6)
    assert len(found) == len(want) > 5
    assert np.allclose(found, want, rtol=0.0, atol=5e-5)


@pytest.mark.parametrize("options", BOTH_WAYS)
@pytest.mark.parametrize("model", MEMBRANES)
def test_the_voltage_jumps_to_the_reset_and_stays_there_for_the_refractory_time(model, options):
    reset = -0.0675
    sim = alone(model(V_r=reset, t_ref=5e-3), 3e-9, **options)
    run = sim.run(duration=0.06, progress=False, record=["voltage"])
    fired, recovered, t = times(run), times(run, RECOVERED), run.time.values
    n = len(recovered)
    assert n >= 3
    assert np.allclose(recovered - fired[:n], 5e-3, rtol=1e-9, atol=0.0)
    between = [(t > a) & (t <= b) for a, b in zip(fired, recovered, strict=False)]
    held = run.voltage.sel(electrode="in").values[np.any(between, axis=0)]
    assert len(held) >= 10
    assert np.allclose(held, reset, rtol=0.0, atol=4e-6)  # 3 nA over g_ref = 1 mS


@pytest.mark.parametrize("options", BOTH_WAYS)
@pytest.mark.parametrize("reset", [-0.0678, -0.1, 0.0123 - 0.1])
def test_the_reset_is_exact_at_the_spike_itself(options, reset):
    """A spike at the start, so that the first row is the circuit right behind it: to the last bit at a free node."""
    circuit = mn.Circuit()
    circuit.add("in", "n", mn.Resistor(conductance=1e-9))
    circuit.add("n", "gnd", mn.IntegrateAndFire(v_initial=-0.04, V_r=reset), name="neuron")
    circuit.add("n", "far", mn.RateBalance(g_min=1e-10, g_max=1e-9), name="synapse")
    sim = circuit.simulation({"in": 0.0, "far": -0.01, "gnd": 0.0}, **options)
    run = sim.run(1, record=["potential"])
    assert run.event_time.values.tolist() == [0.0]
    assert float(run.potential.sel(potential_node="n")[0]) == reset


@pytest.mark.parametrize("rtol", [1e-4, 1e-6])
def test_currents_fade_exactly_while_the_membrane_is_held(rtol):
    """The conductance that holds it would hide them, and their errors, beside its own current."""
    neuron = mn.GeneralizedIntegrateAndFire.preset("bursting", t_ref=1.5e-3)
    sim = alone(neuron, 2e-9, dt=16e-3, method="adaptive", rtol=rtol)
    run = sim.run(2, progress=False, record=["state:I_1", "state:I_2"])
    since = 16e-3 - times(run)[0]
    assert 1e-3 < since < 1.5e-3
    assert float(run.state_I_1[1, 0]) == pytest.approx(10e-9 * np.exp(-200.0 * since), rel=10 * rtol)
    assert float(run.state_I_2[1, 0]) == pytest.approx(-0.6e-9 * np.exp(-20.0 * since), rel=10 * rtol)


def test_a_membrane_that_is_not_held_integrates_but_does_not_fire():
    t_ref = 12e-3  # longer than a period
    sim = alone(mn.IntegrateAndFire(t_ref=t_ref, g_ref=0.0), 1e-9, **FIXED)
    run = sim.run(duration=0.05, progress=False, record=["voltage"])
    assert np.allclose(np.diff(times(run)), t_ref, rtol=1e-8, atol=0.0)
    assert run.voltage.sel(electrode="in").values.max() > V_T + 1e-3


@pytest.mark.parametrize("options", BOTH_WAYS)
@pytest.mark.parametrize("g_leak", [1e-30, 1e-16])
@pytest.mark.parametrize("rest", [0.0, E_L])
def test_a_membrane_that_hardly_leaks_integrates(options, g_leak, rest):
    """Its charge is held at a spike and at the start, where next to nothing conducts."""
    neuron = mn.IntegrateAndFire(g_L=g_leak, E_L=rest, V_r=rest, v_initial=rest, V_T=rest + LIFT)
    found = spikes(neuron, 1e-9, 0.03, **options)
    assert np.diff(found, prepend=0.0) == pytest.approx(np.full(5, C * LIFT / 1e-9), rel=1e-6)


@pytest.mark.parametrize("options", BOTH_WAYS)
def test_a_membrane_may_be_reset_to_where_its_slope_is_none(options):
    """At V_T the slopes of leak and upstroke cancel: nothing but the charge holds the voltage."""
    found = spikes(mn.ExponentialIntegrateAndFire(V_r=V_T), 1e-9, 0.05, **options)
    beside = spikes(mn.ExponentialIntegrateAndFire(V_r=V_T - 1e-7), 1e-9, 0.05, **options)
    assert found.size == beside.size > 10
    assert found == pytest.approx(beside, rel=1e-4)


def test_no_current_below_the_rheobase_fires():
    rheobase = G_L * (V_T - E_L)
    assert len(spikes(mn.IntegrateAndFire(), 0.999 * rheobase, 0.5, **FIXED)) == 0
    assert len(spikes(mn.IntegrateAndFire(), 1.001 * rheobase, 0.5, **FIXED)) > 0


# ------------------------------------------------------------------ virtual ground


def test_a_neuron_at_virtual_ground_is_the_membrane_that_gets_its_current():
    """Fed through 1 ohm to 0 V: adaptive steps locate its spikes, fixed steps put them at the next end."""
    neuron = mn.CurrentIntegrateAndFire(t_ref=2e-3)
    located = spikes(neuron, 1e-9, 0.1, **ADAPTIVE)
    assert np.allclose(np.diff(located), period(1e-9) + 2e-3, rtol=2e-5, atol=0.0)
    plain = spikes(neuron, 1e-9, 0.1, dt=1e-4)
    steps = np.ceil(period(1e-9) / 1e-4) + 20
    assert np.allclose(np.diff(plain), 1e-4 * steps, rtol=1e-9, atol=0.0)


def test_its_membrane_is_exact_in_fixed_steps():
    sim = alone(mn.CurrentIntegrateAndFire(), 0.5e-9, dt=1e-3)  # below the rheobase
    sim.step(30)
    end = E_L + 0.5e-9 / G_L
    want = end + (E_L - end) * np.exp(-0.03 / TAU)
    assert sim.state(sim.devices[0], "u")[0] == pytest.approx(want, rel=1e-12)


# ------------------------------------------------------------------ several neurons


@pytest.mark.parametrize("options", BOTH_WAYS)
def test_two_neurons_with_a_conductance_between_them(options):
    """Against SciPy: each spike resets one membrane and leaves the voltage of the other one."""
    g, into = 5e-9, np.array([1.2e-9, 0.9e-9])
    circuit = mn.Circuit()
    circuit.add("a", "gnd", mn.IntegrateAndFire(), name="first")
    circuit.add("b", "gnd", mn.IntegrateAndFire(), name="second")
    circuit.add("a", "b", mn.Resistor(conductance=g))
    drive = {"a": mn.drive.current(into[0]), "b": mn.drive.current(into[1]), "gnd": 0.0}
    run = circuit.simulation(drive, **options).run(duration=0.06, progress=False)

    def rates(_, v):
        between = g * (v[0] - v[1]) * np.array([1.0, -1.0])
        return (into - between - G_L * (v - E_L)) / C

    want = by_scipy(rates, (E_L, E_L), lambda _, v: v.max() - V_T, lambda v: np.where(v >= V_T, E_L, v), 0.06)
    found = np.sort(times(run))
    assert len(found) == len(want) > 6
    assert np.allclose(found, want, rtol=0.0, atol=5e-6)
    assert len(times(run, edge=0)) > len(times(run, edge=1)) > 0


@pytest.mark.parametrize("options", BOTH_WAYS)
def test_neurons_that_fire_at_one_moment_all_jump(options):
    circuit = mn.Circuit()
    for k in range(5):
        circuit.add("in", f"n{k}", mn.VoltageSource(voltage=0.0, resistance=1e6))
        circuit.add(f"n{k}", "gnd", mn.IntegrateAndFire(), name=f"neuron{k}")
    run = circuit.simulation({"in": 5e-3, "gnd": 0.0}, **options).run(duration=0.01, progress=False)
    counts = [len(times(run, edge=2 * k + 1)) for k in range(5)]
    assert len(set(counts)) == 1
    assert counts[0] > 5


@pytest.mark.parametrize("options", BOTH_WAYS)
def test_one_neuron_drives_another_through_a_reaction(options):
    """A pulse behind a resistor, 1 ms after each spike of the first, makes the second one fire in closed form."""
    first, second = mn.IntegrateAndFire(), mn.IntegrateAndFire(t_ref=4e-3, g_ref=1.0)
    circuit = mn.Circuit()
    circuit.add("in", "gnd", first, name="first")
    circuit.add("axon", "dendrite", mn.Resistor(conductance=G_L))
    circuit.add("dendrite", "gnd", second, name="second")
    rest, push = E_L, 0.1
    pulse = mn.drive.concat([(push, 3e-3), (0.0, None)])
    reaction = mn.react(first, "spike", electrode="axon", wave=pulse, delay=1e-3)
    drive = {"in": mn.drive.current(1e-9), "axon": rest, "gnd": 0.0}
    run = circuit.simulation(drive, reactions=[reaction], **options).run(duration=0.03, progress=False)
    latency = period(push * G_L, g=2 * G_L)  # two conductances to the resting potential
    assert 0.0 < latency < 3e-3
    fired = times(run, edge=0)
    assert np.allclose(times(run, edge=2), fired + 1e-3 + latency, rtol=0.0, atol=2e-6)


def test_a_neuron_fires_through_a_memristive_synapse():
    """The memristor moves with the voltage between row and membrane: in fixed steps with an error of first order."""
    circuit = mn.Circuit()
    synapse = mn.RateBalance(g_min=1e-9, g_max=1e-7, kappa_p0=1.0, kappa_d0=1.0)
    circuit.add("row", "n", synapse, name="synapse")
    circuit.add("n", "gnd", mn.IntegrateAndFire(t_ref=1e-3), name="neuron")
    drive, ways = {"row": 0.5, "gnd": 0.0}, ({"dt": 1e-5}, ADAPTIVE)
    runs = [circuit.simulation(drive, **options).run(duration=0.1, progress=False) for options in ways]
    found = [times(run) for run in runs]
    assert len(found[0]) == len(found[1]) > 3
    assert np.allclose(found[0], found[1], rtol=2e-3)


# ------------------------------------------------------------------ threshold switches


def switching(supply, v_on=1.2, v_off=0.4, r_off=1e6, *, r_on=500.0, r_s=20e3, c=1e-9):
    """Return what both branches tend to, and the period in closed form: physics of a switch behind R_s, beside C."""
    (r1, v1), (r2, v2) = ((r_s * r / (r_s + r), supply * r / (r_s + r)) for r in (r_off, r_on))
    if not (v1 > v_on and v2 < v_off):
        return None
    return c * (r1 * np.log((v1 - v_off) / (v1 - v_on)) + r2 * np.log((v_on - v2) / (v_off - v2)))


@pytest.mark.parametrize("options", [{"dt": 5e-8}, {"dt": 1e-6, "method": "adaptive", "rtol": 1e-5}])
@pytest.mark.parametrize(("supply", "oscillates"), [(2.0, True), (5.0, True), (1.21, False), (17.0, False)])
def test_a_threshold_switch_oscillates_where_it_can_and_has_its_period(options, supply, oscillates):
    circuit = mn.Circuit()
    circuit.add("in", "n", mn.Resistor(conductance=1 / 20e3))
    circuit.add("n", "gnd", mn.Capacitor(capacitance=1e-9, method="trapezoidal"))
    circuit.add("n", "gnd", mn.ThresholdSwitch(v_on=1.2, v_off=0.4, r_on=500.0, r_off=1e6))
    run = circuit.simulation({"in": supply, "gnd": 0.0}, **options).run(duration=1e-4, progress=False)
    want = switching(supply)
    assert (want is not None) == oscillates
    if oscillates:
        assert np.allclose(np.diff(times(run)[1:]), want, rtol=2e-3, atol=0.0)
    else:
        assert len(times(run)) == (supply > 16.0)  # stays open, or closes once and stays closed


@pytest.mark.parametrize(
    ("between", "locks"),
    [
        (mn.Resistor(conductance=1e-6), False),
        (mn.Resistor(conductance=5e-5), True),
        (mn.Capacitor(capacitance=2e-10, method="trapezoidal"), True),
    ],
    ids=["weak", "resistor", "capacitor"],
)
def test_two_oscillators_of_other_supplies_lock_where_enough_couples_them(between, locks):
    circuit = mn.Circuit()
    for node, supply in (("a", "one"), ("b", "two")):
        circuit.add(supply, node, mn.Resistor(conductance=1 / 20e3))
        circuit.add(node, "gnd", mn.Capacitor(capacitance=1e-9, method="trapezoidal"))
        circuit.add(node, "gnd", mn.ThresholdSwitch(v_on=1.2, v_off=0.4, r_on=500.0, r_off=1e6))
    circuit.add("a", "b", between)
    drive = {"one": 2.0, "two": 2.03, "gnd": 0.0}
    run = circuit.simulation(drive, dt=2e-7).run(duration=1e-3, progress=False)
    one, two = (times(run, edge=edge)[-21:] for edge in (2, 5))
    drift = abs(np.diff(one).mean() - np.diff(two).mean())
    assert (drift < 1e-9) if locks else (drift > 2e-7)


# ------------------------------------------------------------------ the same bits


@pytest.mark.parametrize("options", BOTH_WAYS)
@pytest.mark.parametrize("model", [*MEMBRANES, mn.CurrentIntegrateAndFire])
def test_bits_do_not_depend_on_chunks_checkpoints_and_who_runs_the_equations(tmp_path, model, options):
    interpreted = mn.device_model(f"{model.__name__}Interpreted", model._table["text"])
    options = options | ({"rtol": 1e-4} if "rtol" in options else {})

    def values(run):
        return [run[name].values.tobytes() for name in ("voltage", "event_time", "event_kind")]

    record = ["voltage"]
    whole = alone(model(t_ref=1.5e-3), 5e-9, **options).run(60, record=record)
    assert len(times(whole)) > 0
    other = alone(interpreted(t_ref=1.5e-3), 5e-9, **options).run(60, record=record)
    assert values(whole) == values(other)
    sim = alone(model(t_ref=1.5e-3), 5e-9, **options)
    parts = [sim.run(7, record=record), sim.run(20, record=record)]
    sim.save(tmp_path / "neuron.mn")
    loaded = mn.Simulation.load(tmp_path / "neuron.mn")
    copied = copy.deepcopy(sim)
    for one in (loaded, copied, sim):
        rest = one.run(33, record=record)
        joined = [*parts, rest]
        voltage = np.concatenate([part.voltage.values for part in joined])
        event_time = np.concatenate([part.event_time.values for part in joined])
        assert voltage.tobytes() == whole.voltage.values.tobytes()
        assert event_time.tobytes() == whole.event_time.values.tobytes()


# ------------------------------------------------------------------ what is refused


CANNOT_JUMP = (
    r"^t = \S+ s: right after an event a loop of voltages and capacitors cannot keep its charges; put a resistance "
    r"in series: IntegrateAndFire.spike of element neuron from in to gnd"
)


@pytest.mark.parametrize("options", BOTH_WAYS)
def test_a_membrane_that_a_voltage_drives_cannot_jump(options):
    circuit = mn.Circuit()
    circuit.add("in", "gnd", mn.IntegrateAndFire(), name="neuron")
    ramp = mn.drive.piecewise_linear([0.0, 0.1], [E_L, -0.03])
    sim = circuit.simulation({"in": ramp, "gnd": 0.0}, **options)
    with pytest.raises(ValueError, match=f"{CANNOT_JUMP}$"):
        sim.run(duration=0.1, progress=False)


@pytest.mark.parametrize("options", BOTH_WAYS)
def test_a_membrane_beside_a_capacitor_cannot_jump(options):
    circuit = mn.Circuit()
    circuit.add("in", "gnd", mn.IntegrateAndFire(), name="neuron")
    circuit.add("in", "gnd", mn.Capacitor(capacitance=1e-10, v_initial=E_L), name="other")
    sim = circuit.simulation({"in": mn.drive.current(1e-9), "gnd": 0.0}, **options)
    with pytest.raises(ValueError, match=f"{CANNOT_JUMP}$"):
        sim.run(duration=0.1, progress=False)


@pytest.mark.parametrize("options", BOTH_WAYS)
def test_what_a_start_or_a_drive_asks_of_a_membrane_is_no_event(options):
    circuit = mn.Circuit()
    circuit.add("in", "gnd", mn.IntegrateAndFire(), name="neuron")
    with pytest.raises(ValueError, match=r"cannot keep its charges.*neuron.*check IntegrateAndFire.v_initial"):
        circuit.simulation({"in": 0.0, "gnd": 0.0}, **options).run(2, progress=False)
    sim = circuit.simulation({"in": E_L, "gnd": 0.0}, **options)
    sim.step(3)
    sim.set_drive({"in": E_L - 0.01, "gnd": 0.0})
    with pytest.raises(ValueError, match=r": a loop.*cannot keep its charges.*neuron from in to gnd is -0.01$"):
        sim.step()


@pytest.mark.parametrize(
    ("model", "parameters", "message"),
    [
        (mn.IntegrateAndFire, {"V_r": -0.05}, r"V_r must be below V_T \(-0.0504 V\), got -0.05"),
        (mn.IntegrateAndFire, {"V_r": V_T}, "V_r must be below V_T"),
        (mn.IntegrateAndFire, {"V_T": [-0.05, -0.08]}, "V_r must be below V_T .* at index 1"),
        (mn.IntegrateAndFire, {"C_m": 0.0}, r"C_m must be in \(0, inf\)"),
        (mn.IntegrateAndFire, {"t_ref": -1e-3}, r"t_ref must be in \[0, inf\)"),
        (mn.CurrentIntegrateAndFire, {"V_r": 0.0}, "V_r must be below V_T"),
        (mn.ExponentialIntegrateAndFire, {"D_T": 0.0}, r"D_T must be in \(0, inf\)"),
        (mn.ExponentialIntegrateAndFire, {"V_r": -0.04}, "V_r must be below V_cut"),
        (mn.AdaptiveExponential, {"tau_w": 0.0}, r"tau_w must be in \(0, inf\)"),
        (mn.GeneralizedIntegrateAndFire, {"V_r": -0.055}, r"V_r must be below V_Tr \(-0.06 V\)"),
    ],
)
def test_parameters_that_make_no_neuron_are_named(model, parameters, message):
    with pytest.raises(ValueError, match=message):
        model(**parameters)


def test_a_burst_may_be_reset_above_the_threshold_of_the_exponential():
    assert mn.AdaptiveExponential(V_r=V_T + 4e-3).parameters["V_r"] > V_T


# ------------------------------------------------------------------ the language

NEURON = """
    i = g*v
    {charge}
    event spike when v > V_T: {jump}
    parameter g   = 1 nS in (0, inf)
    parameter C_m = 1 pF in (0, inf)
    parameter V_T = 10 mV
    parameter V_r = 0 mV in {range}
    {more}
"""


def text(charge="q = C_m*v", jump="v = V_r", limits="(-inf, V_T)", more=""):
    return NEURON.format(charge=charge, jump=jump, range=limits, more=more)


def test_a_voltage_and_a_state_that_a_charge_follows_jump_together():
    """q = C (1 + x) v: behind the event the voltage is what it says, whatever x becomes."""
    growing = text("q = C_m*(1 + x)*v", "v = v/2, x = x + 1", more="state x = 0")
    device = mn.device_model("Growing", growing)()
    found = spikes(device, 1e-9, 1e-4, dt=1e-7)
    # 1 nA through 1 nS tends to 1 V; C grows by 1 pF a spike, from half the threshold
    want, start = [], 0.0
    for k in range(len(found)):
        want.append((1 + k) * 1e-12 / 1e-9 * np.log((1.0 - start) / (1.0 - 0.01)))
        start = 5e-3
    assert len(found) >= 4
    assert np.allclose(np.diff(found, prepend=0.0), want, rtol=1e-5)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (text(charge=""), "v jumps only across a charge"),
        (text(jump="v = C_m"), "v must be in .*, got"),
        (text(jump="v = V_r, v = V_T"), "event spike sets v already"),
        (text(limits="(-inf, V_T]"), "ends below another parameter"),
        (text(limits="(V_T, inf)"), "ends below another parameter"),
        (text(limits="(-inf, -V_T)"), "-V_T: .*ends below another parameter"),
        (text(limits="(-inf, V_r)"), "ends below another parameter"),
        (text(limits="(-inf, V_X)"), "ends below another parameter"),
        (text(limits="(-inf, C_m)"), "an end of the range of V_r must be in"),
        (text(more="preset odd: V_r = 20 mV : no"), r"preset odd: V_r must be below V_T \(0.01 V\), got 0.02"),
        (text().replace("V_r = 0 mV", "V_r = 11 mV"), r"V_r must be below V_T \(0.01 V\), got 0.011"),
    ],
)
def test_texts_of_neurons_that_are_refused(made, message):
    with pytest.raises(ValueError, match=message):
        mn.device_model("Refused", made)


@pytest.mark.parametrize("neuron", [mn.AdaptiveExponential, mn.ExponentialIntegrateAndFire])
def test_a_threshold_beyond_the_cut_is_refused(neuron):
    with pytest.raises(ValueError, match=r"V_T must be below V_cut \(-0.0404 V\), got -0.03"):
        neuron(V_T=-30e-3)
    assert neuron(V_T=-30e-3, V_cut=-20e-3).V_T == -30e-3


def test_messages_of_drives_that_cannot_be_say_what_to_drive():
    circuit = mn.Circuit()
    circuit.add("in", "gnd", mn.IntegrateAndFire(), name="neuron")
    with pytest.raises(ValueError, match="or drive a current"):
        circuit.simulation({"in": 1e-9, "gnd": 0.0}, dt=1e-4).step(1)
    with pytest.raises(ValueError, match=r"drive one of the nodes at 0\.0"):
        circuit.simulation({"in": mn.drive.current(1e-9)}, dt=1e-4).step(1)
    circuit.add("a", "b", mn.Resistor(conductance=1e-6))
    with pytest.raises(ValueError, match=r"drive one of its nodes at 0\.0"):
        circuit.simulation({"in": mn.drive.current(1e-9), "a": 1.0, "b": 0.0}, dt=1e-4).step(1)
