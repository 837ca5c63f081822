"""Neurons whose spikes start waveforms at synapses: learning, coincidence, rings and order, against closed forms."""

import itertools
import math

import numpy as np
import pytest
from scipy.integrate import quad

import memnet as mn

C, G_L, E_L, V_T = 281e-12, 30e-9, -70.6e-3, -50.4e-3
LIFT = V_T - E_L  # from rest to the threshold
SPIKE = 1  # the kind of the event
SHAPE = mn.drive.spike(1.0, -0.25, rise=2e-3, fall=30e-3, before=5e-3, after=75e-3)


def fired(run, edge):
    """Return the times (s) at which a neuron fired."""
    return run.event_time.values[(run.event_edge.values == edge) & (run.event_kind.values == SPIKE)]


def window(delay):
    """What the weight of a bipolar synapse gains by a pair, with a rate scale of 1/s."""

    def moves(t):
        volts = SHAPE(t - delay) - SHAPE(t)
        beyond = math.exp(7.0 * abs(volts)) - math.exp(7.0)
        return math.copysign(beyond, volts) if abs(volts) > 1.0 else 0.0

    places = sorted({0.0, 5e-3, 80e-3, delay, delay + 5e-3, delay + 80e-3})
    return sum(quad(moves, a, b, limit=200)[0] for a, b in itertools.pairwise(places))


# ------------------------------------------------------------------ two neurons and a synapse


def pushes(times):
    """Return a current that makes a neuron fire once, 3.38 ms after each of these times (s)."""
    starts = np.sort(np.concatenate(([0.0], times, np.add(times, 5e-3))))
    return mn.drive.current(mn.drive.steps([0.0, *[2e-9, 0.0] * len(times)], starts))


def test_two_neurons_teach_a_synapse():
    """1 s of pairs that are alone: each changes the weight by w of the time between its spikes."""
    delays = np.array([2e-3, -5e-3, 10e-3, -1e-3, 20e-3])
    at = 0.02 + 0.2 * np.arange(5)
    circuit = mn.Circuit()
    circuit.add("a", "gnd", mn.IntegrateAndFire(), name="first")
    circuit.add("b", "gnd", mn.IntegrateAndFire(), name="second")
    circuit.add("post", "pre", mn.BipolarThreshold(I_0=0.02), name="synapse")
    reactions = [
        mn.react(circuit["first"].device, "spike", electrode="pre", wave=SHAPE),
        mn.react(circuit["second"].device, "spike", electrode="post", wave=SHAPE),
    ]
    drive = {"a": pushes(at), "b": pushes(at + delays), "pre": 0.0, "post": 0.0, "gnd": 0.0}
    sim = circuit.simulation(drive, dt=0.05, method="adaptive", rtol=1e-5, reactions=reactions)
    run = sim.run(duration=1.0, record="state:w", progress=False)
    between = fired(run, 1) - fired(run, 0)
    assert between == pytest.approx(delays, abs=1e-6)
    weight = run.state_w.values[[*range(0, len(run.time), 4), -1], 0]
    found = np.diff(weight[: len(delays)], append=sim.state(circuit["synapse"].device, "w")[0])
    assert found == pytest.approx([0.02 * window(delay) for delay in between], rel=1e-2)


# ------------------------------------------------------------------ coincidence


def coincidence(delay):
    """Return the spikes of two neurons, the second later by a delay (s), and of the one that both excite."""
    circuit = mn.Circuit()
    circuit.add("a", "gnd", mn.IntegrateAndFire(), name="a")
    circuit.add("b", "gnd", mn.IntegrateAndFire(), name="b")
    circuit.add("inside", "gnd", mn.IntegrateAndFire(), name="both")
    for name in "ab":
        circuit.add(f"from {name}", "inside", mn.Resistor(conductance=5e-9), name=f"synapse of {name}")
    spike = mn.drive.concat([(0.33, 4e-3), (0.0, None)])
    reactions = [mn.react(circuit[n].device, "spike", electrode=f"from {n}", wave=spike) for n in "ab"]
    drive = {"a": pushes([1e-3]), "b": pushes([1e-3 + delay]), "from a": E_L, "from b": E_L, "gnd": 0.0}
    run = circuit.simulation(drive, dt=1e-4, reactions=reactions).run(duration=0.04, progress=False)
    return fired(run, 0), fired(run, 1), fired(run, 2)


def test_two_spikes_fire_a_neuron_within_the_window_and_not_outside():
    """Each lifts the membrane by a; what is left of the first when the second ends makes up for the rest."""
    g = G_L + 2 * 5e-9
    tau, a = C / g, 5e-9 * 0.33 / g * -math.expm1(-4e-3 * g / C)
    assert LIFT / 2 < a < LIFT
    width = -tau * math.log(LIFT / a - 1.0)
    for delay in (0.5 * width, 0.999 * width):
        first, second, both = coincidence(delay)
        assert second - first == pytest.approx([delay], abs=1e-9)
        assert both.size == 1
        assert both[0] <= second[0] + 4e-3
    for delay in (1.001 * width, 1.5 * width):
        assert coincidence(delay)[2].size == 0
    # when it fires is known as well: the lift of both reaches the threshold
    first, second, both = coincidence(6e-3)
    left = a * math.exp(-2e-3 / tau)
    rises = tau * math.log((5e-9 * 0.33 / g - left) / (5e-9 * 0.33 / g - LIFT))
    assert both - second == pytest.approx([rises], rel=1e-4)


# ------------------------------------------------------------------ a ring


@pytest.mark.parametrize("n", [3, 8])
def test_a_ring_of_excitable_neurons_keeps_a_spike_going(n):
    """A hop takes the delay and the rise to the threshold. Without the first push nothing ever fires."""
    circuit = mn.Circuit()
    for k in range(n):
        circuit.add(f"n{k}", "gnd", mn.IntegrateAndFire(t_ref=8e-3), name=f"neuron {k}")
    for k in range(n):
        circuit.add(f"from {k}", f"n{k}", mn.Resistor(conductance=10e-9), name=f"synapse {k}")
    spike = mn.drive.concat([(0.2, 5e-3), (0.0, None)])
    reactions = [
        mn.react(circuit[f"neuron {k}"].device, "spike", electrode=f"from {(k + 1) % n}", wave=spike, delay=4e-3)
        for k in range(n)
    ]
    rest = {**{f"from {k}": E_L for k in range(n)}, "gnd": 0.0}
    push = mn.drive.concat([(E_L + 0.2, 5e-3), (E_L, None)])
    run = circuit.simulation({**rest, "from 0": push}, dt=1e-4, reactions=reactions).run(duration=0.1, progress=False)
    g = G_L + 10e-9
    hop = 4e-3 + C / g * math.log(1.0 / (1.0 - LIFT * g / (10e-9 * 0.2)))
    spikes = run.event_kind.values == SPIKE
    assert run.event_edge.values[spikes].tolist() == [k % n for k in range(spikes.sum())]
    assert spikes.sum() == int((0.1 + 4e-3) / hop)
    assert np.diff(run.event_time.values[spikes]) == pytest.approx(hop, rel=1e-4)
    idle = circuit.simulation({**rest, "from 0": E_L}, dt=1e-3, reactions=reactions).run(duration=0.05, progress=False)
    assert idle.event_kind.size == 0


# ------------------------------------------------------------------ the order of two spikes: NP24, figure 4


def order(first, second, gap):
    """Return which of the two postsynaptic neurons fire where one channel is pushed `gap` (s) after the other."""
    circuit = mn.Circuit()
    for k in "12":
        circuit.add(f"channel {k}", "gnd", mn.CurrentIntegrateAndFire(), name=f"pre {k}")
        circuit.add(f"column {k}", "gnd", mn.CurrentIntegrateAndFire(), name=f"post {k}")
    for row in "12":
        for column in "12":
            strong = mn.BipolarThreshold(g_on=3e-9, g_off=1e-9, w_initial=0.8 if row != column else 0.3)
            circuit.add(f"row {row}", f"column {column}", strong, name=f"synapse {row}{column}")
    spike = mn.drive.concat([(0.5, 5e-3), (0.0, None)])
    reactions = [mn.react(circuit[f"pre {k}"].device, "spike", electrode=f"row {k}", wave=spike) for k in "12"]
    start = {first: 1e-3, second: 1e-3 + gap}
    drive = {f"channel {k}": pushes([start[k]]) for k in "12"} | {"row 1": 0.0, "row 2": 0.0, "gnd": 0.0}
    run = circuit.simulation(drive, dt=1e-4, reactions=reactions).run(duration=0.06, progress=False)
    assert [fired(run, edge).size for edge in (0, 2)] == [1, 1]
    return {k for k, edge in (("1", 1), ("2", 3)) if fired(run, edge).size}


def test_a_network_tells_the_order_of_its_two_channels():
    """A neuron fires where its weak synapse is first and the strong one later, if no more than the closed form."""
    tau = C / G_L
    lift = -math.expm1(-5e-3 / tau) * 0.5 / G_L
    weak, strong = lift * 1.6e-9, lift * 2.6e-9
    longest = -tau * math.log((LIFT - strong) / weak)
    both = -tau * math.log((LIFT - weak) / strong)  # so near that the order does not matter
    assert 0.0 < both < longest
    middle = round(0.5 * (both + longest), 4)
    assert order("1", "2", middle) == {"1"}
    assert order("2", "1", middle) == {"2"}
    assert order("1", "2", round(longest, 4) + 5e-4) == set()
    assert order("2", "1", round(both, 4) - 5e-4) == {"1", "2"}


# ------------------------------------------------------------------ a brain cell between two neurons: EC23, figure 19

RATE, LEVEL, FADES, TRACE, LASTS = 40.0, 1.0, 30e-3, 500.0, 2e-3  # 1/s, 1, s, 1/s, s

RateSynapse = mn.device_model(
    "RateSynapse",
    """
    i     = (g_0 + g_1*w)*v
    dc/dt = where(v > v_th, k, 0) - c/tau
    dw/dt = where(v > v_th, r*(c - c_0), 0)
    parameter g_0 = 4 nS in (0, inf)
    parameter g_1 = 12 nS in (0, inf)
    parameter v_th = 0.3 V in (0, inf)
    parameter k = 500 1/s in (0, inf)
    parameter tau = 30 ms in (0, inf)
    parameter c_0 = 1 in (0, inf)
    parameter r = 40 1/s in [0, inf)
    state w = 0.5 in [0, 1]
    state c = 0 in [0, inf)
""",
)


def weights(times):
    """Return the weight of a rate synapse after each of its spikes (s), in closed form, as long as no bound is met."""
    trace, found, last = 0.0, [0.5], -math.inf
    for time in times:
        trace *= math.exp(-(time - last - LASTS) / FADES)
        top, share = TRACE * FADES, -math.expm1(-LASTS / FADES)
        mean = top + (trace - top) * share * FADES / LASTS
        found.append(found[-1] + RATE * LASTS * (mean - LEVEL))
        trace, last = top + (trace - top) * (1.0 - share), time
    return np.array(found)


def test_two_rate_synapses_link_a_brain_cell_and_silicon_neurons():
    """Each weight is that of its spikes; the cell fires where the first is strong, the last neuron where both are."""
    circuit = mn.Circuit()
    circuit.add("input", "gnd", mn.IntegrateAndFire(C_m=1e-9), name="first")
    circuit.add("stimulus", "cell", RateSynapse(), name="ABSyn")
    circuit.add("cell", "gnd", mn.HodgkinHuxley(area=1e-7), name="membrane")
    circuit.add("cell", "gnd", mn.ThresholdSwitch(v_on=50e-3, v_off=20e-3, r_on=1e12, r_off=1.1e12), name="reader")
    circuit.add("reading", "column", RateSynapse(g_0=2e-9, g_1=8e-9), name="BASyn")
    circuit.add("column", "gnd", mn.CurrentIntegrateAndFire(), name="last")
    spike = mn.drive.concat([(0.5, LASTS), (0.0, None)])
    reactions = [
        mn.react(circuit["first"].device, "spike", electrode="stimulus", wave=spike),
        mn.react(circuit["reader"].device, "closed", electrode="reading", wave=spike),
    ]
    push = mn.drive.current(mn.drive.steps([0.8e-9, 1.35e-9], [0.0, 1.0]))
    drive = {"input": push, "stimulus": 0.0, "reading": 0.0, "gnd": 0.0}
    sim = circuit.simulation(drive, dt=5e-3, method="adaptive", rtol=1e-3, reactions=reactions)
    synapses = [circuit[name].device for name in ("ABSyn", "BASyn")]
    run = sim.run(duration=1.45, record={"state:w": synapses}, progress=False)
    first, cell, last = (fired(run, sim.edge(name)) for name in ("first", "reader", "last"))
    silent = (cell[:-1] < 1.0) & (cell[1:] > 1.0)
    assert silent.sum() == 1
    quiet = np.flatnonzero(silent)[0]
    assert 0.25 < cell[quiet] < 0.5  # slow spikes depress until the cell no longer fires
    moved = [run[f"state_w_{sim.edge(name)}"].values[:, 0] for name in ("ABSyn", "BASyn")]
    for times, weight in zip((first, cell), moved, strict=True):
        spikes = np.searchsorted(times, run.time.values)
        at_rest = run.time.values > np.append(-1.0, times)[spikes] + LASTS
        want = weights(times)[spikes]
        free = at_rest & (np.maximum.accumulate(want) < 0.9)
        assert free.sum() > 100
        assert weight[free] == pytest.approx(want[free], abs=2e-3)
        assert weight.min() < 0.35
    assert last.size > 5
    tau, g = C / G_L, 2e-9 + 8e-9 * moved[1][np.searchsorted(run.time.values, last)]
    left = math.exp(-np.diff(cell).min() / tau)  # of what earlier spikes have lifted it
    assert (0.5 * g / G_L * -math.expm1(-LASTS / tau) > LIFT * (1.0 - left)).all()
    assert last[0] > cell[quiet + 1]
