"""Devices that vary: draws against plain NumPy, what they depend on and what not, cycles, reads, files, messages."""

import copy
import hashlib
import math
import pickle

import numpy as np
import pytest
import reference
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet import _core, devices, study

N = 100_000
MANY = mn.Network(2, [(0, 1)] * N, electrodes={"in": 0, "out": 1})
FEW = mn.Network(2, [(0, 1)] * 6, electrodes={"in": 0, "out": 1})
ON = {"in": 1.0, "out": 0.0}
TEXT = """
    i     = g*x*v
    dx/dt = (u*v - x)/tau
    parameter g   = 1 mS in [0, inf) : conductance
    parameter u   = 1 1/V in [0, inf) : opening
    parameter tau = 50 ms in (0, inf) : time constant
    parameter theta = 0.5 in (0.2, 0.9) : threshold
    state x = 0.1 in [0, 1] : opening
    event fired when x > theta: x = 0.1
"""
STEPPED = TEXT.replace("event fired when", "event fired each step when")


def stream(label):
    return int.from_bytes(hashlib.sha256(f"spread {label}".encode()).digest()[:8], "little")


def twin(how, seed, label, edge, draw, center, low=-math.inf, high=math.inf):
    """One draw again in plain Python, from the words of the generator."""
    for attempt in range(1000):
        word = [int(w) for w in _core.philox(seed, stream(label), edge + (attempt << 32), draw)]
        u = [((word[2 * k + 1] << 32 | word[2 * k]) >> 11) * 2.0**-53 for k in range(2)]
        z = math.sqrt(-2.0 * math.log1p(-u[0])) * math.cos(2.0 * math.pi * u[1])
        size = how.size * (center if how.relative else 1.0)
        value = {
            "normal": center + size * z,
            "lognormal": center * math.exp(how.size * z),
            "uniform": center + size * (u[0] - 0.5),
        }[how.kind]
        if low <= value <= high:
            return value
    raise AssertionError("no draw is inside")


def drawn(device, name, net=FEW, **options):
    return mn.Simulation(net, device, ON, **options).parameter(device, name)


HOW = [
    mn.normal(0.1),
    mn.normal(0.2, relative=True),
    mn.lognormal(0.4),
    mn.uniform(0.6),
    mn.uniform(0.5, relative=True),
]


# ---------------------------------------------------------------- distributions


@pytest.mark.parametrize("how", HOW, ids=repr)
def test_means_and_standard_deviations_are_those_of_the_formulas(how):
    """Within 4 standard errors of 100,000 draws; of the lognormal those of the logarithm, and of the value itself."""
    x = drawn(mn.spread(mn.Resistor(conductance=2.0), conductance=how, seed=11), "conductance", MANY)
    part = 2.0 if how.relative else 1.0
    size, fourth = {
        "normal": (part * how.size, 3.0),
        "lognormal": (how.size, 3.0),
        "uniform": (part * how.size / math.sqrt(12.0), 1.8),
    }[how.kind]
    y, center = (np.log(x), math.log(2.0)) if how.kind == "lognormal" else (x, 2.0)
    assert abs(y.mean() - center) < 4.0 * size / math.sqrt(N)
    assert abs(y.var() - size**2) < 4.0 * size**2 * math.sqrt((fourth - 1.0) / N)
    if how.kind == "lognormal":
        mean = 2.0 * math.exp(0.5 * how.size**2)
        sigma = mean * math.sqrt(math.expm1(how.size**2))
        assert abs(x.mean() - mean) < 4.0 * sigma / math.sqrt(N)
    assert len(np.unique(x)) == N


@pytest.mark.parametrize("how", HOW, ids=repr)
def test_draws_are_those_of_plain_python(how):
    x = drawn(mn.spread(mn.Resistor(conductance=1.5), conductance=how, seed=2**64 - 3), "conductance")
    again = [twin(how, 2**64 - 3, "conductance", edge, 0, 1.5) for edge in range(6)]
    np.testing.assert_allclose(x, again, rtol=1e-14)


def test_what_is_outside_the_range_is_drawn_again():
    """A half normal: its mean and its standard deviation, none below 0, and none at 0."""
    x = drawn(mn.spread(mn.RateBalance(kappa_p0=0.0), kappa_p0=mn.normal(0.5), seed=1), "kappa_p0", MANY)
    assert (x > 0.0).all()
    sigma = 0.5 * math.sqrt(1.0 - 2.0 / math.pi)
    assert abs(x.mean() - 0.5 * math.sqrt(2.0 / math.pi)) < 4.0 * sigma / math.sqrt(N)
    few = drawn(mn.spread(mn.RateBalance(kappa_p0=0.0), kappa_p0=mn.normal(0.5), seed=1), "kappa_p0")
    again = [twin(mn.normal(0.5), 1, "kappa_p0", edge, 0, 0.0, low=0.0) for edge in range(6)]
    np.testing.assert_allclose(few, again, rtol=1e-14)


def test_parameters_in_an_order_stay_in_it():
    one = mn.ThresholdSwitch(v_on=0.5, v_off=0.4)
    both = mn.spread(one, v_on=mn.normal(0.05), v_off=mn.normal(0.05), seed=4)
    upper = mn.spread(one, v_on=mn.normal(0.05), seed=4)
    sim = mn.Simulation(MANY, both, ON)
    assert (sim.parameter(both, "v_off") < sim.parameter(both, "v_on")).all()
    assert (sim.parameter(both, "v_on") < 0.4).any()
    assert (sim.parameter(both, "v_off") > 0.5).any()
    assert (drawn(upper, "v_on", MANY) > 0.4).all()


# ---------------------------------------------------------------- what draws depend on


def test_streams_depend_on_seed_name_and_edge_alone():
    how, conductances = mn.lognormal(0.3), []
    net = mn.Network(2, [(0, 1)] * 40, electrodes={"in": 0, "out": 1})
    whole = mn.spread(mn.Resistor(), conductance=how, emf=mn.normal(0.1), seed=5)
    x = drawn(whole, "conductance", net)
    for other in (mn.RateBalance(), mn.spread(mn.Resistor(), conductance=how, seed=9)):
        mine = mn.spread(mn.Resistor(), conductance=how, seed=5)
        given = [mine if edge % 3 else other for edge in range(40)]
        sim = mn.Simulation(net, given, ON, seed=77)
        np.testing.assert_array_equal(sim.parameter(mine, "conductance"), x[sim.edges_of(mine)])
        conductances.append(sim.parameter(mine, "conductance"))
    np.testing.assert_array_equal(*conductances)
    assert not (drawn(mn.spread(mn.Resistor(), conductance=how, seed=6), "conductance", net) == x).any()


def test_streams_of_names_edges_and_seeds_are_not_correlated():
    """Correlations of 100,000 pairs within 4 standard errors of 0: neighbours, other parameters, seeds and cycles."""
    one = mn.spread(mn.RateBalance(), g_max=mn.lognormal(0.1), kappa_p0=mn.lognormal(0.1), seed=1)
    two = mn.spread(mn.RateBalance(), g_max=mn.lognormal(0.1), seed=2)
    sim = mn.Simulation(MANY, one, ON)
    z = np.log(sim.parameter(one, "g_max"))
    others = [np.roll(z, 1), np.log(sim.parameter(one, "kappa_p0")), np.log(drawn(two, "g_max", MANY))]
    again = mn.spread(mn.RateBalance(), cycle={"g > 0.5": {"g_max": mn.lognormal(0.1)}}, seed=1)
    others.append(np.log(drawn(again, "g_max", MANY)))
    for other in others:
        assert abs(np.corrcoef(z, other)[0, 1]) < 4.0 / math.sqrt(N)


@given(order=st.permutations(range(6)), seed=st.integers(0, 2**64 - 1))
@settings(max_examples=20)
def test_an_edge_has_its_draw_whatever_else_there_is(order, seed):
    """Each of six devices alone, in any order, has what one device on all six edges has."""
    how = mn.uniform(1.0, relative=True)
    whole = drawn(mn.spread(mn.Resistor(), conductance=how, seed=seed), "conductance")
    each = [mn.spread(mn.Resistor(), conductance=how, seed=seed) for _ in range(6)]
    sim = mn.Simulation(FEW, [each[k] for k in order], ON)
    found = [sim.parameter(each[order[edge]], "conductance")[0] for edge in range(6)]
    np.testing.assert_array_equal(found, whole)


def test_arrays_are_what_draws_are_around():
    center = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    how = mn.normal(0.1, relative=True)
    x = drawn(mn.spread(mn.Resistor(conductance=center), conductance=how, seed=3), "conductance")
    one = drawn(mn.spread(mn.Resistor(conductance=1.0), conductance=how, seed=3), "conductance")
    np.testing.assert_allclose(x, center * one, rtol=1e-15)


def test_a_spread_of_a_spread_keeps_both():
    inner = mn.spread(mn.RateBalance(), g_max=mn.lognormal(0.1), seed=1)
    outer = mn.spread(inner, kappa_p0=mn.lognormal(0.1), seed=2)
    assert repr(outer) == f"spread({inner!r}, kappa_p0=lognormal(0.1), seed=2)"
    np.testing.assert_array_equal(drawn(outer, "g_max"), drawn(inner, "g_max"))
    assert isinstance(outer, mn.RateBalance)
    assert outer.parameters["g_max"] == 1.0


# ---------------------------------------------------------------- cycles


def oscillator(seed=8, **options):
    """A threshold switch and a capacitor behind a resistor, with thresholds of their own in each cycle."""
    switch = mn.spread(
        mn.ThresholdSwitch(v_on=1.2, v_off=0.4, r_on=500.0, r_off=1e6),
        cycle={"opened": {"v_on": mn.normal(0.1)}, "closed": {"v_off": mn.uniform(0.2)}},
        seed=seed,
    )
    circuit = mn.Circuit()
    circuit.add("in", "n", mn.Resistor(conductance=1e-5), name="R")
    circuit.add("n", "gnd", mn.Capacitor(capacitance=1e-6, method="trapezoidal"), name="C")
    circuit.add("n", "gnd", switch, name="S")
    return circuit.simulation({"in": 5.0, "gnd": 0.0}, seed=0, **options)


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


@pytest.mark.parametrize(("options", "tolerance"), [({"dt": 2e-5}, 2e-3), ({"dt": 1e-3, "method": "adaptive", "rtol": 1e-6}, 1e-4)])
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
    import reference_devices

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


def made(text, name):
    model = mn.device_model(name, text)
    return mn.spread(model(), tau=mn.lognormal(0.1), cycle={"fired": {"theta": mn.normal(0.1)}}, seed=12)


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
    assert not (everything(whole)[:6] == start[:6]).any()
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


ONE = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
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
        except ValueError as error:
            assert "1,000 draws" in str(error)
            continue
        sim.warned_of_steps = True
        with pytest.raises(ArithmeticError, match="drawn again.*theta"):
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
