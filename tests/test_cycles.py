"""Parameters that are drawn again in each cycle: against closed forms and loops in NumPy, and their bits."""

import copy
import math
import pickle

import numpy as np
import pytest
import reference
import reference_devices
from draws import FEW, ON, ONE, STEPPED, TEXT, made, oscillator, twin

import memnet as mn
from memnet import _core


def closed_form(n, seed=8):
    """Times of the events: exponentials between thresholds, which are drawn in plain Python."""
    times, t, v, g_in, c = [], 0.0, 0.0, 1e-5, 1e-6
    for k in range(n):
        up = k % 2 == 0
        how, label, center = (mn.normal(0.1), "v_on", 1.2) if up else (mn.uniform(0.2), "v_off", 0.4)
        to = twin(how, seed, f"cycle {label}", 2, (k + 1) // 2, center, 0.0)
        g = g_in + (1e-6 if up else 1.0 / 500.0)
        end = 5.0 * g_in / g
        t += c / g * math.log((v - end) / (to - end))
        times.append(t)
        v = to
    return np.array(times)


@pytest.mark.parametrize(
    ("options", "tolerance"), [({"dt": 2e-5}, 2e-3), ({"dt": 1e-3, "method": "adaptive", "rtol": 1e-6}, 1e-4)]
)
def test_located_events_are_those_of_thresholds_drawn_in_each_cycle(options, tolerance):
    sim = oscillator(**options)
    times = sim.run(duration=0.4).event_time.values
    assert len(times) > 30
    found, again = (np.diff(one, prepend=0.0) for one in (times, closed_form(len(times))))
    np.testing.assert_allclose(found, again, rtol=tolerance)


def switches(seed=3, n=6):
    net = mn.Network(2, [(0, 1)] * n, electrodes={"in": 0, "out": 1})
    device = mn.spread(
        mn.AtomicSwitch(v_set=0.3, v_reset=0.2, b=1.0),
        v_set=mn.normal(0.05),
        cycle={"closed": {"v_reset": mn.lognormal(0.2)}, "any": {"v_set": mn.normal(0.03)}},
        seed=seed,
    )
    return net, device


def test_plain_events_are_those_of_a_loop_in_numpy():
    """Switches, each with a draw of its own after each of its events, from one step to the next."""
    net, device = switches()
    wave = mn.drive.sine(1.0, 2.0)
    sim = mn.Simulation(net, device, {"in": wave, "out": 0.0}, dt=1e-3, seed=1)
    data = sim.run(3000)
    center = np.array([twin(mn.normal(0.05), 3, "v_set", e, 0, 0.3, 0.0) for e in range(6)])
    count = np.zeros((2, 6), dtype=int)
    again = reference_devices.AtomicSwitch(6, v_set=0.3, v_reset=0.2, b=1.0)

    def draw(e):
        again.v_set[e] = twin(mn.normal(0.03), 3, "cycle v_set", e, int(count[0, e]), center[e], 0.0)
        again.v_reset[e] = twin(mn.lognormal(0.2), 3, "cycle v_reset", e, int(count[1, e]), 0.2)

    for name in ("v_set", "v_reset"):
        setattr(again, name, np.broadcast_to(getattr(again, name), 6).copy())
    for e in range(6):
        draw(e)
    events = []
    for step in range(3000):
        for e, kind in again.advance(np.full(6, float(wave(step * 1e-3))), 1e-3):
            events.append((step, e, kind))
            count[:, e] += (1, kind > 0)
            draw(e)
    found = list(zip(data.event_step.values, data.event_edge.values, data.event_kind.values, strict=True))
    assert [tuple(map(int, one)) for one in found] == events
    assert len(events) > 30
    np.testing.assert_allclose(sim.parameter(device, "v_set"), again.v_set, rtol=1e-14)
    np.testing.assert_allclose(sim.parameter(device, "v_reset"), again.v_reset, rtol=1e-14)


def test_a_state_that_passes_a_level_begins_a_cycle():
    """Rate balances: g_max is drawn again where g has come to be above the level, not where it falls below it."""
    how = mn.lognormal(0.2)
    device = mn.spread(mn.RateBalance(), cycle={"g > 0.4": {"g_max": how}}, seed=6)
    wave = mn.drive.sine(1.0, 1e-3)
    sim = mn.Simulation(FEW, device, {"in": wave, "out": 0.0})
    sim.warned_of_steps = True
    center = {"g_max": 1.0}
    again = reference.RateBalance(6)
    count, above = np.zeros(6, dtype=int), np.zeros(6, dtype=bool)

    def draw(e):
        return twin(how, 6, "cycle g_max", e, int(count[e]), center["g_max"])

    again.g_max = np.array([draw(e) for e in range(6)])
    for step in range(3000):
        again.advance(np.full(6, float(wave(step))), 1.0)
        for e in np.flatnonzero((again.g > 0.4) & ~above):
            count[e] += 1
            again.g_max[e] = draw(e)
        above = again.g > 0.4
    sim.step(3000)
    assert (count > 3).all()
    np.testing.assert_allclose(sim.parameter(device, "g_max"), again.g_max, rtol=1e-14)
    np.testing.assert_allclose(sim.state(device, "g"), again.g, rtol=1e-9)


CYCLING = {
    "switches": (lambda: switches()[1], {"in": mn.drive.sine(1.0, 2.0), "out": 0.0}, {"dt": 1e-3}),
    "solved": (lambda: switches()[1], {"in": mn.drive.sine(1.0, 2.0), "out": 0.0}, {"dt": 1e-3, "event_driven": False}),
    "level": (
        lambda: mn.spread(mn.RateBalance(), cycle={"g > 0.4": {"g_max": mn.lognormal(0.2)}}, seed=6),
        {"in": mn.drive.sine(1.0, 0.2), "out": 0.0},
        {"dt": 1e-3},
    ),
    "level of a switch": (
        lambda: mn.spread(
            mn.AtomicSwitch(v_set=0.3, v_reset=0.2, b=1.0),
            cycle={"lambda > 0.005": {"g_off": mn.lognormal(0.5)}},
            seed=6,
        ),
        {"in": mn.drive.sine(1.0, 2.0), "out": 0.0},
        {"dt": 1e-3},
    ),
    "adaptive level": (
        lambda: mn.spread(mn.RateBalance(), cycle={"g > 0.4": {"g_max": mn.lognormal(0.2)}}, seed=6),
        {"in": mn.drive.sine(1.0, 1e-3), "out": 0.0},
        {"dt": 5.0, "method": "adaptive", "rtol": 1e-3},
    ),
    "implicit level": (
        lambda: (
            [mn.spread(mn.RateBalance(), cycle={"g > 0.4": {"g_max": mn.lognormal(0.2)}}, seed=6)] * 4
            + [mn.ThresholdSwitch(r_on=1.0, r_off=2.0)] * 2
        ),
        {"in": mn.drive.sine(1.0, 0.2), "out": 0.0},
        {"dt": 1e-2},
    ),
    "text": (lambda: made(TEXT, "Fires"), {"in": 1.0, "out": 0.0}, {"dt": 2e-3}),
    "text at steps": (lambda: made(STEPPED, "FiresAtSteps"), {"in": 1.0, "out": 0.0}, {"dt": 2e-3}),
    "adaptive text": (lambda: made(TEXT, "Fires"), {"in": 1.0, "out": 0.0}, {"dt": 2e-3, "method": "adaptive"}),
}


def cycling(kind):
    device, drive, options = CYCLING[kind]
    sim = mn.Simulation(FEW, device(), drive, seed=2, **options)
    sim.warned_of_steps = True
    return sim


def everything(sim):
    device = sim.devices[0]
    names = [*device.variations[0].per_cycle]
    return np.concatenate([sim.parameter(device, name) for name in names] + [sim.potential, sim.branch_current])


@pytest.mark.parametrize("kind", CYCLING)
def test_cycles_have_the_same_bits_for_any_chunk_checkpoint_copy_and_pickle(kind, tmp_path):
    whole = cycling(kind)
    start = everything(whole)
    data = whole.run(900, record=["branch_current"])
    n = whole.edges_of(whole.devices[0]).size
    assert not (everything(whole)[:n] == start[:n]).any()
    chunks = cycling(kind)
    parts = [chunks.run(n, record=["branch_current"]) for n in (1, 7, 300, 92)]
    chunks.save(tmp_path / "kept.mn")
    rest = []
    others = (mn.Simulation.load(tmp_path / "kept.mn"), copy.deepcopy(chunks), pickle.loads(pickle.dumps(chunks)))
    for sim in (*others, chunks):
        rest.append(sim.run(500, record=["branch_current"]))
        np.testing.assert_array_equal(everything(sim), everything(whole))
        sim._core.verify()
    for end in rest:
        rows = np.concatenate([part.branch_current for part in [*parts, end]])
        np.testing.assert_array_equal(rows, data.branch_current)
    np.testing.assert_array_equal(mn.rerun(data).branch_current, data.branch_current)


CAPACITOR = """
    q     = C*v
    dn/dt = 0
    parameter C = 1 uF in (0, inf)  : capacitance
    parameter V = 0.5 V in (0, inf) : level
    state n = 0 in [0, 10]          : how often it was passed
    event passed when v > V: n = n + 1
"""


@pytest.mark.parametrize(
    ("options", "tolerance"), [({"dt": 2e-5}, 1e-4), ({"dt": 2e-4, "method": "adaptive", "rtol": 1e-6}, 1e-5)]
)
def test_a_capacitance_that_is_drawn_again_leaves_the_voltage(options, tolerance):
    device = mn.spread(mn.device_model("PassesOnce", CAPACITOR)(), cycle={"passed": {"C": mn.lognormal(1.0)}}, seed=5)
    circuit = mn.Circuit()
    circuit.add("in", "n", mn.Resistor(conductance=1e-4))
    circuit.add("n", "gnd", device)
    sim = circuit.simulation({"in": 1.0, "gnd": 0.0}, seed=0, **options)
    before = sim.parameter(device, "C").item()
    data = sim.run(duration=0.02, record={"potential": "n"})
    after, passed = sim.parameter(device, "C").item(), data.event_time.values
    assert abs(math.log(after / before)) > 0.5
    np.testing.assert_allclose(passed, [before / 1e-4 * math.log(2.0)], rtol=10 * tolerance)
    late = data.time.values > passed[0]
    again = 1.0 - 0.5 * np.exp((passed[0] - data.time.values[late]) * 1e-4 / after)
    np.testing.assert_allclose(data.potential.values[late, 0], again, atol=tolerance)


def test_skipped_solves_do_not_change_cycles():
    one, two = cycling("switches"), cycling("solved")
    first, second = (sim.run(900, record=["branch_current"]) for sim in (one, two))
    np.testing.assert_array_equal(first.branch_current, second.branch_current)
    assert one._core.counters["n_solves"] <= two._core.counters["n_solves"]


def test_a_comparison_of_steps_leaves_no_cycle():
    sim = cycling("level")
    sim.step(200)
    before = everything(sim)
    sim.check_step()
    np.testing.assert_array_equal(everything(sim), before)


# A range that one draw in 2,000 is in.
NARROW = {"theta": mn.uniform(2000.0)}


@pytest.mark.parametrize("text", [TEXT, STEPPED], ids=["located", "at steps"])
@pytest.mark.parametrize("where", ["fired", "x < 0.15"])
@pytest.mark.parametrize("options", [{}, {"method": "adaptive"}], ids=["fixed", "adaptive"])
def test_a_cycle_without_a_draw_inside_ends_the_run_at_the_last_good_step(text, where, options):
    if text is STEPPED and options:
        return  # steps of a fixed length are part of that model
    model = mn.device_model("FiresAtSteps" if text is STEPPED else "Fires", text)
    for seed in range(100):
        device = mn.spread(model(), cycle={where: NARROW}, seed=seed)
        try:
            sim = mn.Simulation(ONE, device, ON, dt=2e-3, seed=1, **options)
        except ValueError:
            continue  # it has no first cycle
        sim.warned_of_steps = True
        with pytest.raises(ArithmeticError, match=r"drawn again.*theta"):
            sim.run(20_000)
        step, theta = sim.steps_done, sim.parameter(device, "theta")
        events, counters = sim.partial.sizes["event"], sim._core.counters["n_events"]
        with pytest.raises(ArithmeticError):
            sim.step(1)
        assert (sim.steps_done, sim._core.counters["n_events"]) == (step, counters)
        assert events == counters
        np.testing.assert_array_equal(sim.parameter(device, "theta"), theta)
        sim._core.verify()
        if events > 1 or where != "fired":
            return
    raise AssertionError("no seed has a second cycle")


def test_a_checkpoint_fits_no_other_cycles(tmp_path):
    sim = cycling("switches")
    sim.save(tmp_path / "kept.mn")
    other = mn.Simulation(FEW, switches(seed=4)[1], CYCLING["switches"][1], dt=1e-3, seed=2)
    with pytest.raises(mn.CheckpointError, match="another simulation"):
        other._restore(_core.Checkpoint(str(tmp_path / "kept.mn")))


CYCLE = {"population": 0, "field": 0, "kind": 0, "state": -1, "level": 0.0, "above": False,
         "distribution": ("normal", 0.1, False), "seed": 1, "stream": 2, "center": np.ones(6)}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"population": 1}, ValueError, "population must be below 1, got 1"),
        ({"kind": 200}, ValueError, "kind must be in"),
        ({"center": np.ones(5)}, ValueError, "center"),
        ({"field": 99}, ValueError, "outside its range"),
        ({"level": math.inf}, ValueError, "outside its range"),
        ({"colour": 1}, TypeError, "10 keyword arguments"),
    ],
)
def test_the_core_refuses_cycles_that_do_not_fit(changed, error, message):
    sim = mn.Simulation(FEW, mn.AtomicSwitch(), ON)
    with pytest.raises(error, match=message):
        sim._core.cycle(({**CYCLE, **changed},))
    with pytest.raises(TypeError, match="a cycle must be a dict"):
        sim._core.cycle((3,))
    with pytest.raises(TypeError, match="cycles must be a tuple"):
        sim._core.cycle([])
    sim._core.cycle((CYCLE,))
    with pytest.raises(ValueError, match="outside its range"):
        sim._core.cycle((CYCLE,))
