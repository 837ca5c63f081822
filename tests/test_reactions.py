"""Reactions: events of devices that start waveforms at electrodes, against the same loop in NumPy."""

import copy
import functools
import operator
import pickle

import cases
import numpy as np
import pytest
import reference
import reference_devices
from hypothesis import given, settings, strategies as st

import memnet as mn

DT = 1e-3
# Two pairs of nodes, a switch in each, and one more between them that is always there.
EDGES = [(0, 1), (2, 3), (1, 2)]
NET = mn.Network(4, EDGES, electrodes={"pre": 0, "gnd": 1, "post": 2, "out": 3})
SPIKE = mn.drive.piecewise_linear([0.0, 5e-3, 5e-3, 30e-3], [0.0, 0.0, 2.0, 0.0])
BASE = {"pre": mn.drive.pulses(0.0, 1.0, length=0.08, spacing=0.07, count=6), "gnd": 0.0, "post": 0.05, "out": 0.0}


FIRST = {"v_set": 0.3, "v_reset": 0.2, "b": 1.0}
SECOND = {"v_set": 0.3, "v_reset": 0.2, "b": 1.0, "lambda_crit": 0.005, "lambda_max": 0.01}


def switches():
    pre, post = mn.AtomicSwitch(**FIRST), mn.AtomicSwitch(**SECOND)
    return [pre, post, mn.Resistor(conductance=1e-9)]


def loop(devices, **changed):
    """Two switches: each closing of the first starts a spike at the second, whose openings push the first."""
    pre, post, _ = devices
    first = {"electrode": "post", "wave": SPIKE, "delay": 3.5e-3, "refractory": 0.02}
    return [
        mn.react(pre, "closed", **{**first, **changed}),
        mn.react(post, "opened", electrode="pre", wave=0.5 * SPIKE),
    ]


def simulation(**options):
    devices = switches()
    return mn.Simulation(NET, devices, BASE, dt=DT, seed=1, **{"reactions": loop(devices), **options})


def started(wave, t):
    """The values of a waveform at times from its start on, nothing before: as rows see it, whose times are rounded."""
    return np.where(t >= -1e-12, wave(np.maximum(t, 0.0)), 0.0)


def in_numpy(n_steps):
    """The whole loop again: solve, events, waveforms that they start."""
    pre, post = reference_devices.AtomicSwitch(1, **FIRST), reference_devices.AtomicSwitch(1, **SECOND)
    starts = {"post": [], "pre": []}
    last, events, rows = -np.inf, [], []
    for step in range(n_steps):
        t = step * DT
        volts = {name: float(wave(t)) if isinstance(wave, mn.drive.Waveform) else wave for name, wave in BASE.items()}
        volts["post"] += sum(float(started(SPIKE, np.asarray(t - start))) for start in starts["post"])
        volts["pre"] += sum(float(started(0.5 * SPIKE, np.asarray(t - start))) for start in starts["pre"])
        g = [pre.current_law(DT)[0][0], post.current_law(DT)[0][0], 1e-9]
        solution = reference.solve(4, EDGES, g, [0, 1, 2, 3], np.ones(4), list(volts.values()))
        rows.append(solution.voltage)
        v = solution.potential[[a for a, _ in EDGES]] - solution.potential[[b for _, b in EDGES]]
        for _, kind in pre.advance(v[:1], DT):
            events.append((step, 0, kind))
            if kind > 0 and t - last >= 0.02 * (1.0 - 1e-9):
                starts["post"].append(t + 3.5e-3)
                last = t
        for _, kind in post.advance(v[1:2], DT):
            events.append((step, 1, kind))
            if kind < 0:
                starts["pre"].append(t)
    return np.array(rows), events, starts


def found_events(data):
    return list(zip(*(data[f"event_{name}"].values.tolist() for name in ("step", "edge", "kind")), strict=True))


@pytest.mark.parametrize("event_driven", [True, False])
def test_a_loop_of_two_switches_is_that_of_the_reference(event_driven):
    rows, events, starts = in_numpy(1000)
    data = simulation(event_driven=event_driven).run(1000)
    assert found_events(data) == events
    np.testing.assert_allclose(data.voltage.values, rows, rtol=0, atol=1e-12)
    assert len(starts["post"]) >= 4
    assert len(starts["pre"]) >= 4
    assert {edge for _, edge, _ in events} == {0, 1}


@pytest.mark.parametrize("chunk", [1, 7])
def test_bits_do_not_depend_on_chunks(chunk):
    whole, sim = simulation().run(420, record=["potential"]), simulation()
    parts = [sim.run(chunk, record=["potential"]) for _ in range(420 // chunk)]
    np.testing.assert_array_equal(np.concatenate([part.potential for part in parts]), whole.potential)
    assert functools.reduce(operator.iadd, (found_events(part) for part in parts), []) == found_events(whole)


def ways(sim, path):
    sim.save(path)
    return [mn.Simulation.load(path), sim.copy(), copy.deepcopy(sim), pickle.loads(pickle.dumps(sim))]


def test_a_checkpoint_in_the_middle_of_a_pulse_and_of_a_delay_goes_on_with_the_same_bits(tmp_path):
    whole = simulation().run(400, record=["potential"])
    post = whole.voltage.sel(electrode="post").values
    closing = whole.event_step.values[(whole.event_edge.values == 0) & (whole.event_kind.values == 1)][0]
    in_pulse = int(np.flatnonzero(post > 1.0)[3])
    for stop in (closing + 2, in_pulse):
        sim = simulation()
        sim.step(stop)
        for other in ways(sim, tmp_path / f"{stop}.mn"):
            data = other.run(400 - stop, record=["potential"])
            np.testing.assert_array_equal(data.potential, whole.potential[stop:])
            other._core.verify()


def test_a_run_is_made_again_from_its_dataset(tmp_path):
    data = simulation().run(300)
    np.testing.assert_array_equal(mn.rerun(data).voltage, data.voltage)
    first, second = simulation().run(10), simulation(reactions=()).run(10)
    with pytest.raises(ValueError, match="different reactions"):
        mn.concat([first, second])
    simulation().run(100, out=tmp_path / "run.zarr")
    np.testing.assert_array_equal(mn.resume(tmp_path / "run.zarr", n_steps=300).voltage, data.voltage)


def test_a_network_without_events_is_as_it_is_without_reactions():
    devices = switches()
    quiet = {"pre": 0.3, "gnd": 0.0, "post": 0.0, "out": 0.0}
    with_table = mn.Simulation(NET, devices, quiet, dt=DT, seed=1, reactions=loop(devices))
    without = mn.Simulation(NET, devices, quiet, dt=DT, seed=1)
    for sim in (with_table, without):
        sim.step(50)
    assert with_table.info["counters"] == without.info["counters"]


# ---------------------------------------------------------------- rules


PULSE = mn.drive.pulses(0.0, 1.0, length=0.01, spacing=1.0, count=1)


def parallel(n, **reaction):
    """n switches at one voltage, which close one after the other; each starts a pulse at one electrode."""
    edges = [(0, 1)] * n + [(2, 1)]
    net = mn.Network(3, edges, electrodes={"in": 0, "gnd": 1, "post": 2})
    switch = mn.AtomicSwitch(lambda_crit=1e-3 * np.arange(2.0, 2.0 + n), lambda_max=1.0)
    devices = [switch] * n + [mn.Resistor()]
    reactions = [mn.react(switch, "closed", electrode="post", wave=PULSE, **reaction)]
    return mn.Simulation(net, devices, {"in": 1.01, "gnd": 0.0, "post": 0.0}, dt=DT, reactions=reactions)


def test_waveforms_of_one_reaction_sum_and_end():
    data = parallel(4).run(60)
    starts = data.event_step.values * DT
    assert len(starts) == 4
    t = data.time.values
    expected = sum(np.where((t > start) & (t < start + 0.01 - 1e-9), 1.0, 0.0) for start in starts)
    assert expected.max() > 1.5
    np.testing.assert_array_equal(data.voltage.sel(electrode="post"), expected)


def test_only_the_last_waveform_counts_where_the_rule_says_so():
    data = parallel(4, overlap="last").run(60)
    t, starts = data.time.values, data.event_step.values * DT
    latest = np.array([max((start for start in starts if start < now), default=-1.0) for now in t])
    np.testing.assert_array_equal(data.voltage.sel(electrode="post"), (t < latest + 0.01 - 1e-9) & (latest >= 0.0))


def test_overlap_is_an_error_where_the_rule_says_so_and_leaves_the_last_good_step():
    sim = parallel(3, overlap="error")
    with pytest.raises(
        RuntimeError, match=r"step \d+: a waveform of a reaction starts .* its overlap forbids: electrode 2"
    ):
        sim.run(60)
    assert sim.partial.sizes["event"] == 1
    stopped = sim.steps_done
    sim._core.verify()
    with pytest.raises(RuntimeError, match=f"step {stopped}:"):
        sim.step()
    assert parallel(3, overlap="error", delay=1.0).reactions[0].delay == 1.0


def test_room_for_waveforms_is_bounded_by_name():
    sim = parallel(3, most=2)
    with pytest.raises(RuntimeError, match=r"most, a refractory time .*: most of electrode 2 is 2"):
        sim.run(60)
    sim._core.verify()
    assert parallel(3, most=3).run(60).sizes["event"] == 3
    assert mn.Simulation.copy(sim).steps_done == sim.steps_done


def test_a_waveform_of_0_stops_what_runs_where_only_the_last_counts():
    net = mn.Network(3, [(0, 1), (0, 1), (2, 1)], electrodes={"in": 0, "gnd": 1, "post": 2})
    first, second = mn.AtomicSwitch(lambda_crit=2e-3), mn.AtomicSwitch(lambda_crit=9e-3)
    reactions = [
        mn.react(first, "closed", electrode="post", wave=1.0, overlap="last"),
        mn.react(second, "closed", electrode="post", wave=0.0),
    ]
    devices = [first, second, mn.Resistor()]
    sim = mn.Simulation(net, devices, {"in": 1.01, "gnd": 0.0, "post": 0.25}, dt=DT, reactions=reactions)
    data = sim.run(40)
    t, (on, off) = data.time.values, data.event_step.values * DT
    np.testing.assert_array_equal(data.voltage.sel(electrode="post"), 0.25 + ((t > on) & (t <= off)))


def test_refractory_is_of_each_edge_and_restrictions_are_of_edges():
    net = mn.Network(3, [(0, 1), (0, 1), (2, 1)], electrodes={"in": 0, "gnd": 1, "post": 2})
    switch = mn.AtomicSwitch(lambda_crit=[2e-3, 5e-3], lambda_max=6e-3, v_reset=0.5)
    wave = mn.drive.pulses(0.0, 1.0, length=0.012, spacing=0.013)

    def started_by(**options):
        seen = mn.drive.pulses(0.0, 1.0, length=1e-4, spacing=1.0, count=1)
        reaction = mn.react(switch, "closed", electrode="post", wave=seen, **options)
        devices = [switch, switch, mn.Resistor()]
        sim = mn.Simulation(net, devices, {"in": wave, "gnd": 0.0, "post": 0.0}, dt=DT, reactions=[reaction])
        data = sim.run(100)
        closed = data.event_kind.values == 1
        return data.event_step.values[closed], data.event_edge.values[closed], sim

    steps, edges, _ = started_by()
    assert [edges.tolist().count(edge) for edge in (0, 1)] == [4, 4]
    assert np.diff(steps[edges == 0]).tolist() == [25, 25, 25]
    # what counted is how many waveforms had room: one more than `most` is an error
    long = {"delay": 10.0}
    for options, counted in [
        ({}, 8),
        ({"refractory": 0.025}, 8),
        ({"refractory": 0.026}, 4),
        ({"refractory": 0.06}, 4),
        ({"refractory": 10.0}, 2),
        ({"edges": [1]}, 4),
        ({"edges": 1 * [0], "refractory": 10.0}, 1),
    ]:
        assert started_by(**long, **options, most=counted)[2].steps_done == 100
        if counted > 1:
            with pytest.raises(RuntimeError, match="a reaction has no room"):
                started_by(**long, **options, most=counted - 1)


@settings(max_examples=25, deadline=None)
@given(
    delays=st.lists(st.integers(0, 30), min_size=2, max_size=4),
    lengths=st.lists(st.integers(1, 12), min_size=4, max_size=4),
    rule=st.sampled_from(["sum", "last", "error"]),
)
def test_overlap_of_reactions_follows_its_rule(delays, lengths, rule):
    """All start from one event: what runs at each row, by intervals in whole steps."""
    net = mn.Network(3, [(0, 1), (2, 1)], electrodes={"in": 0, "gnd": 1, "post": 2})
    switch = mn.AtomicSwitch(lambda_crit=2.5e-3)
    levels = [float(2**k) for k in range(len(delays))]
    reactions = [
        mn.react(
            switch,
            "closed",
            electrode="post",
            wave=mn.drive.pulses(0.0, level, length=length * DT, spacing=1.0, count=1),
            delay=delay * DT,
            overlap=rule if k == 0 else None,
        )
        for k, (delay, length, level) in enumerate(zip(delays, lengths, levels, strict=False))
    ]
    drive = {"in": 1.01, "gnd": 0.0, "post": 0.0}
    sim = mn.Simulation(net, [switch, mn.Resistor()], drive, dt=DT, reactions=reactions)
    spans = [(delay, delay + length) for delay, length in zip(delays, lengths, strict=False)]
    meets = any(a[0] < b[1] and b[0] < a[1] for k, a in enumerate(spans) for b in spans[:k])
    if rule == "error" and meets:
        with pytest.raises(RuntimeError, match="overlap forbids"):
            sim.run(60)
        return
    data = sim.run(60)
    (event,) = data.event_step.values
    for step, volts in enumerate(data.voltage.sel(electrode="post").values.tolist()):
        running = [k for k, (begin, end) in enumerate(spans) if begin <= step - event < end and step > event]
        if rule == "last":
            begun = [k for k, (begin, _) in enumerate(spans) if begin <= step - event and step > event]
            latest = max(begun, key=lambda k: (spans[k][0], k), default=None)
            running = [k for k in running if k == latest]
        assert volts == sum(levels[k] for k in running), (step - event, spans)


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"event": "closd"}, r"unknown event of AtomicSwitch 'closd', did you mean 'closed'\?.*closed, opened, any"),
        ({"delay": -1.0}, r"delay must be in \[0, 1e\+300\] s, got -1"),
        ({"delay": 1e301}, r"delay must be in \[0, 1e\+300\] s, got 1e\+301"),
        ({"refractory": 1e301}, r"refractory must be in \[0, 1e\+300\] s, got 1e\+301"),
        ({"overlap": "sums"}, "unknown overlap 'sums', did you mean 'sum'"),
        ({"wave": mn.drive.current(1e-3)}, "wave must be a voltage all the time"),
        ({"wave": None}, "wave must be a voltage all the time"),
        ({"wave": mn.drive.limited(1.0, current=1.0)}, "wave must be a voltage all the time"),
        ({"most": 0}, "most must be an integer in"),
        ({"edges": []}, "edges must name at least one edge"),
        ({"device": mn.RateBalance()}, "device must be one whose model has events"),
    ],
)
def test_react_refuses(change, message):
    good = {"device": mn.AtomicSwitch(), "event": "closed", "electrode": "post", "wave": PULSE}
    with pytest.raises(ValueError, match=message):
        mn.react(**{**good, **change})


def test_a_simulation_refuses_reactions_that_do_not_fit():
    devices = switches()
    one = {"device": devices[0], "event": "any", "electrode": "post", "wave": PULSE}

    def made(drive=BASE, *, again=(), **change):
        reactions = [mn.react(**{**one, **change}), *again]
        return mn.Simulation(NET, devices, drive, dt=DT, reactions=reactions)

    assert len(made().reactions) == 1
    with pytest.raises(ValueError, match=r"unknown electrode of reactions\[0\] 'pots', did you mean 'post'\?"):
        made(electrode="pots")
    with pytest.raises(ValueError, match=r"device of reactions\[0\] must be one of the simulation's"):
        made(device=mn.AtomicSwitch())
    with pytest.raises(ValueError, match=r"edges of reactions\[0\] must carry its device .*, got edge 1"):
        made(edges=[0, 1])
    for driven in (mn.drive.current(0.0), None, mn.drive.concat([(1.0, 1.0), (None, None)])):
        with pytest.raises(ValueError, match=r"electrode of reactions\[0\] must be driven by a voltage all the time"):
            made({**BASE, "post": driven})
        with pytest.raises(ValueError, match=r"electrode of reactions\[0\] must be driven by a voltage all the time"):
            made().set_drive({**BASE, "post": driven})
    twin = mn.react(**one)
    with pytest.raises(ValueError, match=r"overlap must be named by one of reactions\[0\] and reactions\[1\]"):
        made(again=[twin])
    assert len(made(again=[twin], overlap="sum").reactions) == 2
    with pytest.raises(ValueError, match="overlap must be one rule for an electrode, got 'last' and 'sum'"):
        made(again=[mn.react(**one, overlap="last")], overlap="sum")
    for reactions, error in [({}, TypeError), ("x", TypeError), ([PULSE], TypeError)]:
        with pytest.raises(error, match="reactions"):
            mn.Simulation(NET, devices, BASE, reactions=reactions)
    with pytest.raises(ValueError, match="must have no reactions"):
        mn.to_spice(simulation())


def test_a_drive_may_be_set_while_a_waveform_runs():
    sim = simulation()
    whole = sim.run(26).voltage.sel(electrode="post").values
    assert whole[-1] > 1.0
    other = sim.copy()
    other.set_drive({**BASE, "post": 0.55})
    np.testing.assert_allclose(other.voltage[2] - sim.run(1).voltage.values[0, 2], 0.5, rtol=1e-12)


def test_reactions_and_files_of_other_simulations_do_not_mix(tmp_path):
    sim = simulation()
    sim.step(16)
    bare = mn.Simulation(NET, switches(), BASE, dt=DT, seed=1)
    with pytest.raises(mn.CheckpointError, match="another simulation"):
        bare._restore(mn._core.Checkpoint.from_bytes(sim._core.dumps(b"")))


def test_devices_in_a_mixture_react():
    net = cases.random_network(6)
    pair = {mn.TunnelSwitch(): 0.5, mn.AtomicSwitch(): 0.5}
    devices = mn.mix(net, pair, seed=3)
    reaction = mn.react(devices.devices[1], "any", electrode="left", wave=0.1 * PULSE, refractory=5e-3)
    drive = {"left": mn.drive.triangle(-0.4, 0.4, period=1.0), "right": 0.0}
    sim = mn.Simulation(net, devices, drive, dt=DT, seed=1, reactions=[reaction])
    other = copy.deepcopy(sim)
    assert other.reactions[0].device is other.devices[1] is not sim.devices[1]
    data = sim.run(1000)
    np.testing.assert_array_equal(other.run(1000).voltage, data.voltage)
    assert not np.array_equal(data.voltage, mn.Simulation(net, devices, drive, dt=DT, seed=1).run(1000).voltage)
