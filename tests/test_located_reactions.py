"""Reactions to located events: two oscillators of threshold switches that drive each other, in closed form."""

import copy
import functools
import math
import operator
import pickle

import numpy as np
import pytest

import memnet as mn

# Oscillators: a resistance from the supply to a node, at which a threshold switch and a capacitance stand.
R_S, C, V_ON, V_OFF, R_ON, R_OFF = 20e3, 1e-9, 1.2, 0.4, 500.0, 1e6
PERIOD = 14.6691806e-6
SUPPLY = {"a": 2.0, "b": 0.0}
HEIGHT, LENGTH = 2.0, 40e-6
DELAYS = [0.0, 3.3e-6, 17.77e-6]
WAYS = [("adaptive", 1e-5, 2.5e-6), ("fixed", None, 1e-8)]


def pulse(height, length):
    return mn.drive.concat([(height, length), (0.0, None)])


def simulation(method, rtol, dt, *, delay=DELAYS[1], push=-1.5):
    """`a` starts a pulse that makes `b` oscillate; each opening of `b` pushes `a` for a while, at once."""
    net = mn.Network(
        5,
        [(0, 1), (1, 4), (1, 4), (2, 3), (3, 4), (3, 4)],
        electrodes={"a": 0, "b": 2, "ground": 4},
    )
    switch = {"v_on": V_ON, "v_off": V_OFF, "r_on": R_ON, "r_off": R_OFF}
    first, second = mn.ThresholdSwitch(**switch), mn.ThresholdSwitch(**switch)
    r, c = mn.Resistor(conductance=1 / R_S), mn.Capacitor(capacitance=C, method="trapezoidal")
    reactions = [
        mn.react(first, "closed", electrode="b", wave=pulse(HEIGHT, LENGTH), delay=delay, refractory=1.0),
        mn.react(second, "opened", electrode="a", wave=pulse(push, 2e-6)),
    ]
    options = {} if rtol is None else {"rtol": rtol}
    return mn.Simulation(
        net, [r, first, c, r, second, c], {**SUPPLY, "ground": 0.0}, dt=dt, seed=1, method=method,
        reactions=reactions, **options,
    )  # fmt: skip


def next_crossing(v, is_on, supply):
    """Time to the next event of an oscillator, its time constant, and where its voltage tends to."""
    r = R_ON if is_on else R_OFF
    tau, end = C * R_S * r / (R_S + r), supply * r / (R_S + r)
    threshold = V_OFF if is_on else V_ON
    reaches = end < V_OFF if is_on else end > V_ON
    return (tau * math.log((v - end) / (threshold - end)) if reaches else math.inf), tau, end


def in_closed_form(duration, delay, push):
    """(time, edge, kind) of all events: exponentials from one event or edge of a pulse to the next."""
    t, v, is_on = 0.0, {"a": 0.0, "b": 0.0}, {"a": False, "b": False}
    pulses, events = [], []
    while True:
        supply = {name: SUPPLY[name] + sum(h for at, s, e, h in pulses if at == name and s <= t < e) for name in SUPPLY}
        found = {name: next_crossing(v[name], is_on[name], supply[name]) for name in SUPPLY}
        wait = min(one[0] for one in found.values())
        edges = [time for _, s, e, _ in pulses for time in (s, e) if t < time < t + wait]
        then = min(edges) if edges else t + wait
        if then > duration:
            return events
        for name, (own, tau, end) in found.items():
            v[name] = end + (v[name] - end) * math.exp(-(then - t) / tau)
            if not edges and own == wait:
                is_on[name] = not is_on[name]
                events.append((then, 1 if name == "a" else 4, 1 if is_on[name] else -1))
                if name == "a" and is_on[name] and not any(at == "b" for at, *_ in pulses):
                    pulses.append(("b", then + delay, then + delay + LENGTH, HEIGHT))
                if name == "b" and not is_on[name]:
                    pulses.append(("a", then, then + 2e-6, push))
        t = then


def events_of(data):
    return [data[f"event_{name}"].values for name in ("time", "edge", "kind")]


@pytest.mark.parametrize("push", [-1.5, 0.4])
@pytest.mark.parametrize("delay", DELAYS)
@pytest.mark.parametrize(("method", "rtol", "dt"), WAYS, ids=["adaptive", "fixed"])
def test_a_loop_of_two_oscillators_has_the_times_of_the_closed_form(method, rtol, dt, delay, push):
    expected = in_closed_form(90e-6, delay, push)
    data = simulation(method, rtol, dt, delay=delay, push=push).run(duration=90e-6, progress=False)
    time, edge, kind = events_of(data)
    within = time <= 90e-6
    assert list(zip(edge[within], kind[within], strict=True)) == [(e, k) for _, e, k in expected]
    assert {1, 4} <= {e for _, e, _ in expected}
    np.testing.assert_allclose(time[within], [t for t, _, _ in expected], rtol=10 * rtol if rtol else 1e-5)


@pytest.mark.parametrize(("method", "rtol", "dt"), WAYS, ids=["adaptive", "fixed"])
def test_waveforms_stand_in_the_rows_from_their_start_to_their_end(method, rtol, dt):
    delay = DELAYS[1]
    data = simulation(method, rtol, dt, delay=delay).run(duration=90e-6, progress=False)
    time, edge, kind = events_of(data)
    start = time[(edge == 1) & (kind == 1)][0] + delay
    rows = data.time.values
    clear = np.abs(rows[:, None] - [start, start + LENGTH]).min(axis=1) > 1e-9 * dt
    expected = np.where((rows >= start) & (rows < start + LENGTH), HEIGHT, 0.0)
    np.testing.assert_array_equal(data.voltage.sel(electrode="b").values[clear], expected[clear])
    assert expected.any()


@pytest.mark.parametrize(("method", "rtol", "dt"), [WAYS[0], ("fixed", None, PERIOD / 40)], ids=["adaptive", "fixed"])
def test_bits_do_not_depend_on_chunks_or_a_checkpoint_in_the_middle_of_a_pulse(method, rtol, dt, tmp_path):
    n = 7 * math.ceil(90e-6 / dt / 7)
    whole = simulation(method, rtol, dt).run(n, record=["potential"], progress=False)
    for chunk in (1, 7):
        sim = simulation(method, rtol, dt)
        parts = [sim.run(chunk, record=["potential"], progress=False) for _ in range(n // chunk)]
        np.testing.assert_array_equal(np.concatenate([part.potential for part in parts]), whole.potential)
        for k, name in enumerate(("time", "edge", "kind")):
            found = functools.reduce(operator.iadd, (list(events_of(part)[k]) for part in parts), [])
            np.testing.assert_array_equal(found, whole[f"event_{name}"])
    waits = int((whole.event_time.values[0] + 0.5 * DELAYS[1]) / dt)
    runs = int(np.flatnonzero(whole.voltage.sel(electrode="b").values)[-1]) - 1
    for stop in (waits, runs):
        sim = simulation(method, rtol, dt)
        sim.step(stop)
        sim.save(tmp_path / "kept.mn")
        others = [mn.Simulation.load(tmp_path / "kept.mn"), copy.deepcopy(sim), pickle.loads(pickle.dumps(sim)), sim]
        for other in others:
            rest = other.run(n - stop, record=["potential"], progress=False)
            np.testing.assert_array_equal(rest.potential, whole.potential[stop:])
            later = whole.event_step.values >= stop
            np.testing.assert_array_equal(rest.event_time, whole.event_time.values[later])
            other._core.verify()


@pytest.mark.parametrize(("method", "rtol", "dt"), WAYS, ids=["adaptive", "fixed"])
def test_a_reaction_without_room_leaves_the_last_good_row(method, rtol, dt):
    sim = simulation(method, rtol, dt)
    first, second = sim.devices[1], sim.devices[3]
    assert (type(first), type(second)) == (mn.ThresholdSwitch, mn.ThresholdSwitch)
    options = {} if rtol is None else {"rtol": rtol}
    full = mn.Simulation(
        sim.net, [sim.devices[k] for k in (0, 1, 2, 0, 3, 2)], {**SUPPLY, "ground": 0.0}, dt=dt, method=method,
        reactions=[mn.react(first, "closed", electrode="b", wave=pulse(1.0, 1.0), most=1)], **options,
    )  # fmt: skip
    with pytest.raises(RuntimeError, match="no room for one more waveform"):
        full.run(duration=90e-6, progress=False)
    events = in_closed_form(90e-6, DELAYS[1], 0.0)
    second_closing = [t for t, e, k in events if e == 1 and k == 1][1]
    assert full.steps_done == pytest.approx(second_closing / dt, abs=1.5)
    before = full.potential.copy()
    with pytest.raises(RuntimeError, match="no room for one more waveform"):
        full.step(1)
    np.testing.assert_array_equal(full.potential, before)
    full._core.verify()
