"""Devices that vary: draws against plain NumPy, what they depend on and what not, cycles, reads, files, messages."""

import copy
import hashlib
import math
import pickle
import subprocess
import sys

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


# ---------------------------------------------------------------- reads


PART = mn.normal(0.05, relative=True)


def reading(read=PART, **options):
    noisy, exact = mn.spread(mn.RateBalance(), read=read, seed=21), mn.RateBalance()
    sim = mn.Simulation(FEW, [noisy, exact] * 3, {"in": mn.drive.sine(1.0, 0.05), "out": 0.0}, **options)
    sim.warned_of_steps = True
    return sim


@pytest.mark.parametrize("read", [mn.normal(0.05, relative=True), mn.normal(1e-3), mn.lognormal(0.1), mn.uniform(1e-3)])
def test_recorded_currents_are_drawn_around_those_that_flow(read):
    data, exact = (reading(how).run(30, record=["branch_current"]) for how in (read, mn.normal(0.0)))
    np.testing.assert_array_equal(data.current, exact.current)
    np.testing.assert_array_equal(data.branch_current[:, 1::2], exact.branch_current[:, 1::2])
    for row in range(30):
        for edge in (0, 2, 4):
            again = twin(read, 21, "read", edge, row, float(exact.branch_current[row, edge]))
            assert float(data.branch_current[row, edge]) == pytest.approx(again, rel=1e-13, abs=1e-300)
    assert data.branch_current.attrs["read_as"] == repr(mn.spread(mn.RateBalance(), read=read, seed=21))
    assert "read_as" not in data.current.attrs


def test_reads_depend_on_edge_and_row_alone(tmp_path):
    whole = reading().run(60, record=["branch_current"])
    chunks = reading()
    parts = [chunks.run(n, record=["branch_current"]) for n in (1, 19, 40)]
    np.testing.assert_array_equal(np.concatenate([part.branch_current for part in parts]), whole.branch_current)
    some = reading().run(60, record={"branch_current": [4, 1], "snapshot:branch_current": [7, 33]}, every=5)
    np.testing.assert_array_equal(some.branch_current, whole.branch_current[::5, [4, 1]])
    np.testing.assert_array_equal(some.snapshot_branch_current, whole.branch_current[[7, 33]])
    streamed = reading().run(60, record=["branch_current"], out=tmp_path / "run.zarr")
    np.testing.assert_array_equal(streamed.branch_current, whole.branch_current)
    np.testing.assert_array_equal(mn.rerun(streamed).branch_current, whole.branch_current)


def test_both_sides_of_a_row_are_read_at_once():
    """A left side that is the same circuit is the same reading; where the drive jumps it is another one."""
    device = mn.spread(mn.RateBalance(), read=mn.normal(0.1, relative=True), seed=2)
    wave = mn.drive.pulses(0.0, 1.0, length=5.0, spacing=5.0)
    sim = mn.Simulation(FEW, device, {"in": wave, "out": 0.0}, method="adaptive")
    data = sim.run(12, record={"branch_current": True, "left": True})
    same = (data.branch_current == data.branch_current_left).all("branch_current_edge").values
    assert same.sum() > 8
    assert not same.all()


def test_the_mean_of_reads_is_the_current():
    device = mn.spread(mn.Resistor(conductance=2.0), read=mn.normal(0.05, relative=True), seed=1)
    data = mn.Simulation(FEW, device, ON).run(5000, record=["branch_current"])
    reads = data.branch_current.values.ravel()
    assert abs(reads.mean() - 2.0) < 4.0 * 0.1 / math.sqrt(reads.size)
    assert abs(reads.std() - 0.1) < 4.0 * 0.1 / math.sqrt(2.0 * reads.size)


# ---------------------------------------------------------------- wherever devices go


def varied(device, **how):
    return mn.spread(device, seed=31, **how)


def in_a_mixture():
    net = mn.percolating(30, 0.6, seed=1)
    first = varied(mn.RateBalance(), g_max=mn.lognormal(0.2))
    return mn.Simulation(net, mn.mix(net, {first: 0.6, mn.TunnelGap(): 0.4}, seed=2), {"left": 1.0, "right": 0.0})


def in_a_series():
    part = varied(mn.RateBalance(g_min=1e-6), g_max=mn.lognormal(0.2), cycle={"g > 0.5": {"eta_p": mn.normal(0.1)}})
    device = mn.spread(mn.series(mn.Selector(i_0=1e-2), part), v_0_1=mn.normal(0.1, relative=True), seed=4)
    return mn.Simulation(FEW, device, ON)


def in_a_link():
    device = mn.link(varied(mn.Transistor(v_t=0.4), v_t=mn.normal(0.05)), to=5)
    return mn.Simulation(FEW, [device] * 5 + [mn.Resistor(conductance=0.0)], ON)


def on_wires():
    net = mn.nanowires(120, size=100, length=20, wire_resistance=5.0, seed=1)
    device = varied(mn.RateBalance(), g_max=mn.lognormal(0.2), read=mn.normal(1e-3))
    return mn.Simulation(net, mn.wire_devices(net, device), {"left": 1.0, "right": 0.0})


def in_a_circuit():
    return oscillator()


def attached():
    net = mn.percolating(30, 0.6, seed=1).attach(
        "left", varied(mn.Resistor(conductance=0.1), conductance=mn.normal(0.01))
    )
    return mn.Simulation(net, varied(mn.RateBalance(), g_max=mn.uniform(0.3)), {"left": 1.0, "right": 0.0})


def of_a_text():
    return mn.Simulation(FEW, made(TEXT, "Fires"), ON, dt=2e-3)


PLACES = [in_a_mixture, in_a_series, in_a_link, on_wires, in_a_circuit, attached, of_a_text]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_spread_devices_go_wherever_devices_go(place, tmp_path):
    sim = place()
    sim.warned_of_steps = True
    record = {"branch_current": True, "edge_conductance": True}
    data = sim.run(40, record=record)
    data.to_netcdf(tmp_path / "run.nc", engine="h5netcdf")
    sim.save(tmp_path / "kept.mn")
    shown = [repr(device) for device in sim.devices]
    assert any("spread(" in one for one in shown)
    for again in (mn.rerun(tmp_path / "run.nc"), mn.rerun(data)):
        for name in record:
            np.testing.assert_array_equal(again[name], data[name])
    for other in (mn.Simulation.load(tmp_path / "kept.mn"), copy.deepcopy(sim), pickle.loads(pickle.dumps(sim))):
        assert [repr(device) for device in other.devices] == shown
        other.warned_of_steps = True
        rows = other.run(20, record=record)
        other._core.verify()
        np.testing.assert_array_equal(rows.branch_current, sim.copy().run(20, record=record).branch_current)


def test_another_process_that_never_defined_the_model_goes_on_with_the_same_bits(tmp_path):
    sim = of_a_text()
    sim.run(30)
    sim.save(tmp_path / "kept.mn")
    code = "import sys, memnet as mn; print(mn.Simulation.load(sys.argv[1]).run(40).current.values.tobytes().hex())"
    command = [sys.executable, "-c", code, str(tmp_path / "kept.mn")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.strip() == sim.run(40).current.values.tobytes().hex()


def test_the_description_of_a_run_says_distributions_and_seed_and_no_arrays():
    device = mn.spread(mn.RateBalance(), g_max=mn.lognormal(0.2), cycle={"g > 0.5": {"eta_p": mn.normal(0.1)}},
                       read=mn.uniform(1e-3), seed=2**64 - 1)  # fmt: skip
    text = mn.Simulation(MANY, device, ON).run(1).attrs["parameters"]
    assert '"g_max": {"kind": "lognormal", "sigma": 0.2}' in text
    assert '"g > 0.5": {"eta_p": {"kind": "normal", "sigma": 0.1}}' in text
    assert '"read": {"kind": "uniform", "width": 0.001}' in text
    assert str(2**64 - 1) in text
    assert "!array" not in text.partition('"spread"')[2].partition('"drive"')[0]


def test_short_forms_of_cycles_are_the_long_ones():
    how = mn.normal(0.1)
    named = mn.spread(mn.AtomicSwitch(), v_set=how, cycle="closed", seed=1)
    assert repr(named) == repr(mn.spread(mn.AtomicSwitch(), cycle={"closed": {"v_set": how}}, seed=1))
    any_event = mn.spread(mn.AtomicSwitch(), cycle={"v_set": how}, seed=1)
    assert repr(any_event) == repr(mn.spread(mn.AtomicSwitch(), cycle={"any": {"v_set": how}}, seed=1))
    assert repr(any_event) == "spread(AtomicSwitch(), cycle={'any': {'v_set': normal(0.1)}}, seed=1)"


def test_a_seed_that_is_not_given_is_drawn_and_kept():
    one, two = (mn.spread(mn.RateBalance(), g_max=mn.lognormal(0.2)) for _ in range(2))
    assert one.variations[0].seed != two.variations[0].seed
    assert f"seed={one.variations[0].seed}" in repr(one)
    np.testing.assert_array_equal(drawn(pickle.loads(pickle.dumps(one)), "g_max"), drawn(one, "g_max"))


def test_parts_of_a_series_that_are_equal_have_draws_of_their_own():
    part = mn.spread(mn.Resistor(conductance=1.0), conductance=mn.lognormal(0.3), read=mn.normal(0.1), seed=1)
    device = mn.series(part, part)
    sim = mn.Simulation(FEW, device, ON)
    assert not (sim.parameter(device, "conductance_1") == sim.parameter(device, "conductance_2")).any()
    first, second = (one.stream("read") for one in device.variations)
    assert first != second


def test_a_run_file_spreads(tmp_path):
    path = tmp_path / "run.toml"
    path.write_text("""
        network = {kind = "grid", rows = 3, columns = 3}
        drive = {left = 1.0, right = 0.0}
        run = {steps = 5}
        [[devices]]
        model = "RateBalance"
        spread.seed = 4
        spread.g_max = {kind = "normal", sigma = 0.1, relative = true}
        spread.cycle."g > 0.5".eta_p = {kind = "uniform", width = 0.5}
        spread.read = {kind = "lognormal", sigma = 0.02}
    """)
    device = study.read_run_file(path).simulation.devices[0]
    how = {"g_max": mn.normal(0.1, relative=True), "cycle": {"g > 0.5": {"eta_p": mn.uniform(0.5)}}}
    assert repr(device) == repr(mn.spread(mn.RateBalance(), **how, read=mn.lognormal(0.02), seed=4))


def test_a_run_file_takes_short_forms_of_cycles(tmp_path):
    path = tmp_path / "run.toml"
    text = """
        network = {kind = "grid", rows = 3, columns = 3}
        drive = {left = 1.0, right = 0.0}
        run = {steps = 5}
        [[devices]]
        model = "AtomicSwitch"
    """
    how = '{kind = "normal", sigma = 0.1}'
    for line, cycle in (
        (f'spread = {{seed = 1, cycle = "closed", b = {how}}}', {"closed": {"b": mn.normal(0.1)}}),
        (f"spread = {{seed = 1, cycle = {{b = {how}}}}}", {"any": {"b": mn.normal(0.1)}}),
    ):
        path.write_text(text + line)
        device = study.read_run_file(path).simulation.devices[0]
        assert repr(device) == repr(mn.spread(mn.AtomicSwitch(), cycle=cycle, seed=1))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('spread = {g_max = {kind = "normal", sigma = 0.1}}', "spread: a spread needs a key 'seed'"),
        ('spread = {seed = 1, g_mox = {kind = "normal", sigma = 0.1}}', "did you mean 'g_max'"),
        ('spread = {seed = 1, g_max = {kind = "norml", sigma = 0.1}}', "did you mean 'normal'"),
        ('spread = {seed = 1, g_max = {kind = "normal", sgma = 0.1}}', "did you mean 'sigma'"),
        ('spread = {seed = 1, g_max = 0.1}', "must be a distribution"),
        ('spread = {seed = 1, cycle = {g_max = 0.1}}', r"\[\[devices\]\] 1 spread: .*no events"),
        ('spread = 3', "must be a table"),
    ],
)  # fmt: skip
def test_a_run_file_that_spreads_wrong_says_where(line, message, tmp_path):
    path = tmp_path / "run.toml"
    path.write_text(f"""
        network = {{kind = "grid", rows = 3, columns = 3}}
        drive = {{left = 1.0, right = 0.0}}
        run = {{steps = 5}}
        [[devices]]
        model = "RateBalance"
        {line}
    """)
    with pytest.raises((TypeError, ValueError), match=message):
        study.read_run_file(path)


def test_a_netlist_has_the_drawn_values_and_no_cycles():
    device = mn.spread(mn.Resistor(conductance=2.0), conductance=mn.lognormal(0.3), seed=1)
    sim = mn.Simulation(ONE, device, ON)
    assert f"R0 e0 e1 {1.0 / sim.parameter(device, 'conductance').item()!r}" in mn.to_spice(sim)
    again = mn.spread(mn.RateBalance(), cycle={"g > 0.5": {"g_max": mn.normal(0.1)}}, seed=1)
    with pytest.raises(ValueError, match="drawn again in cycles"):
        mn.to_spice(mn.Simulation(ONE, again, ON))


def test_a_mean_field_takes_no_parameter_that_is_spread():
    net = mn.percolating(30, 0.6, seed=1)
    for how in ({"g_max": mn.normal(0.1)}, {"cycle": {"g > 0.5": {"g_max": mn.normal(0.1)}}}):
        with pytest.raises(ValueError, match="g_max must be one number"):
            mn.theory.mean_field(net, mn.spread(mn.RateBalance(), **how), drive="current")


# ---------------------------------------------------------------- messages

OK = mn.normal(0.1)
BAD = [
    (lambda: mn.spread(mn.RateBalance(), kappa_po=OK), TypeError, "spread of RateBalance.*did you mean 'kappa_p0'"),
    (lambda: mn.spread(mn.RateBalance(), gmax=0.1), TypeError, "did you mean 'g_max'"),
    (lambda: mn.spread(mn.RateBalance(), g_max=0.1), TypeError, "RateBalance.g_max must be a distribution.*0.1"),
    (lambda: mn.spread(mn.RateBalance(), step=OK), ValueError, 'RateBalance.step is a choice between {"exact"'),
    (lambda: mn.spread(mn.ThresholdSwitch(), on_initial=OK), ValueError, "on_initial is a flag"),
    (lambda: mn.spread(mn.VoltageSource(), voltage=OK), ValueError, "voltage is a waveform"),
    (lambda: mn.spread(mn.RateBalance(), g_initial=OK), ValueError, "g_initial is None, the model's own choice"),
    (lambda: mn.spread(mn.RateBalance), TypeError, "device must be a device"),
    (lambda: mn.spread(3.0, g_max=OK), TypeError, "device must be a device, got 3.0"),
    (lambda: mn.spread(mn.RateBalance()), ValueError, "got nothing to draw"),
    (lambda: mn.spread(mn.RateBalance(), cycle={}), ValueError, "got nothing to draw"),
    (lambda: mn.spread(mn.RateBalance(), g_max=OK, seed=-1), ValueError, "seed must be an integer in .0, 184"),
    (lambda: mn.spread(mn.RateBalance(), g_max=OK, seed=1.5), TypeError, "seed must be an integer, got 1.5"),
    (lambda: mn.spread(mn.RateBalance(), read=0.1), TypeError, "read must be a distribution"),
    (lambda: mn.spread(mn.spread(mn.RateBalance(), g_max=OK), g_max=OK), ValueError, "g_max is drawn already"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle=OK), TypeError, "cycle must be a dict"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle="closd", b=OK), ValueError, "did you mean 'closed'"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle="closed"), ValueError, "got nothing to draw"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle={"close": {"b": OK}}), ValueError, "did you mean 'closed'"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle={"closed": OK, "any": {"b": OK}}), TypeError, "a dict from parameters"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle={"closed": {"v_sat": OK}}), TypeError, "did you mean 'v_set'"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle={"lamda > 1": {"b": OK}}), ValueError, "did you mean 'lambda'"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle={"lambda > nan": {"b": OK}}), ValueError, "finite number, got 'nan'"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle={3: {"b": OK}}), TypeError, "an event such as"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle={"closed": {"b": 0.1}}), TypeError, "AtomicSwitch.b must be a dist"),
    (
        lambda: mn.spread(mn.AtomicSwitch(), cycle={"closed": {"b": OK}, "opened": {"b": OK}}),
        ValueError,
        "b is drawn already",
    ),
    (lambda: mn.spread(mn.RateBalance(), cycle={"closed": {"g_max": OK}}), ValueError, 'has no events.*"g > 0.5"'),
    (lambda: mn.normal(-0.1), ValueError, r"sigma must be in \[0, inf\), got -0.1"),
    (lambda: mn.normal(math.nan), ValueError, r"sigma must be in \[0, inf\), got nan"),
    (lambda: mn.lognormal(math.inf), ValueError, r"sigma must be in \[0, inf\), got inf"),
    (lambda: mn.uniform(-1.0), ValueError, "width must be in"),
    (lambda: mn.uniform("1"), TypeError, "width must be a number, got '1'"),
    (lambda: mn.normal(0.1, relative=1), TypeError, "relative must be True or False"),
    (lambda: mn.normal(0.1, relativ=True), TypeError, "did you mean 'relative'"),
    (lambda: mn.lognormal(sgma=0.1), TypeError, "did you mean 'sigma'"),
    (
        lambda: drawn(mn.spread(mn.ThresholdSwitch(), v_off=mn.uniform(1e6), seed=1), "v_off"),
        ValueError,
        "ThresholdSwitch.v_off must be in .*1,000 draws of uniform.* around 0.4 for edge .*spread it less",
    ),
    (
        lambda: mn.series(mn.spread(mn.series(mn.Selector(), mn.Diode()), i_0_1=OK), mn.Resistor()),
        ValueError,
        "a series in a series is taken apart",
    ),
    (
        lambda: mn.series(mn.spread(mn.ThresholdSwitch(), cycle={"closed": {"v_on": OK}}), mn.ThresholdSwitch()),
        ValueError,
        "does not tell which part",
    ),
    (lambda: drawn(mn.RateBalance(), "gmax"), ValueError, "is not in this simulation|did you mean 'g_max'"),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD, ids=range(len(BAD)))
def test_messages_name_what_is_wrong(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_an_unknown_parameter_of_a_simulation_is_named():
    device = mn.RateBalance()
    sim = mn.Simulation(FEW, device, ON)
    with pytest.raises(ValueError, match="unknown parameter of RateBalance 'gmax', did you mean 'g_max'"):
        sim.parameter(device, "gmax")


def core_draw(distribution, center=1.0):
    edge, draw = np.zeros(1, np.int32), np.zeros(1, np.int64)
    return _core.draw(distribution, 1, 2, edge, draw, np.full(1, center), np.zeros(1), np.full(1, 2.0))


def test_the_core_takes_what_functions_give_and_nothing_else():
    for make in devices.DISTRIBUTIONS.values():
        assert core_draw(make(0.0).core) == 1.0
        assert np.isnan(core_draw(make(0.0).core, math.nan))
        assert np.isnan(core_draw(make(0.0).core, 3.0))
    with pytest.raises(ValueError, match="distribution must be the name of one, got 'cauchy'"):
        core_draw(("cauchy", 1.0, False))
    with pytest.raises(TypeError, match=r"distribution must be .name, size, relative., got 'normal'"):
        core_draw("normal")


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
