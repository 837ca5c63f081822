"""Copies: simulations that go on with the same bits, each for itself, and everything public by pickle and deepcopy."""

import copy
import multiprocessing
import pickle
import threading

import numpy as np
import pytest
from cases import KINDS, assert_same_data, assert_same_states, chain, random_network, simulation, states
from hypothesis import given, settings
from hypothesis import strategies as st

import memnet as mn
from memnet import _core

STEPS = 80
EVERYTHING = ["potential", "branch_voltage", "branch_current", "edge_conductance"]
WAYS = {
    "copy": mn.Simulation.copy,
    "copy.copy": copy.copy,
    "copy.deepcopy": copy.deepcopy,
    "pickle": lambda sim: pickle.loads(pickle.dumps(sim)),
    "pickle 2": lambda sim: pickle.loads(pickle.dumps(sim, protocol=2)),
}

cases = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(sorted(KINDS)),
        "seed": st.integers(0, 50),
        "drive": st.sampled_from(["constant", "pulses", "triangle"]),
        "third": st.booleans(),
    }
)


@settings(max_examples=25)
@given(cases, st.integers(0, STEPS), st.sampled_from(sorted(WAYS)))
def test_a_copy_goes_on_with_the_same_bits_and_for_itself(case, at, way):
    whole, first = simulation(**case), simulation(**case)
    whole.run(at)
    first.run(at)
    second = WAYS[way](first)
    assert repr(second) == repr(first)
    assert second.info == first.info
    assert_same_states(second, first)
    for name in ("potential", "voltage", "current", "branch_voltage", "branch_current", "conductance"):
        assert getattr(second, name).tobytes() == getattr(first, name).tobytes(), name
    before = states(first)
    want = whole.run(STEPS, record=EVERYTHING)
    assert_same_data(second.run(STEPS, record=EVERYTHING), want)
    assert all(values.tobytes() == before[key].tobytes() for key, values in states(first).items())
    assert first.steps_done == at
    assert_same_data(first.run(STEPS, record=EVERYTHING), want)


def test_copies_share_what_never_changes_and_deep_ones_keep_it_together():
    sim = simulation("A:C", 1)
    sim.step(5)
    near = sim.copy()
    assert near.net is sim.net
    assert near.devices == sim.devices
    assert near.state(sim.devices[0], "d").tobytes() == sim.state(sim.devices[0], "d").tobytes()
    far, device = copy.deepcopy([sim, sim.devices[1]])
    assert far.devices[1] is device
    assert far.net is not sim.net
    far, device = pickle.loads(pickle.dumps((sim, sim.devices[1])))
    assert far.devices[1] is device
    assert not far.edges_of(device).flags.writeable


def test_copies_of_every_way_to_give_devices_and_of_what_was_set_by_hand():
    net = chain(4)
    one, other = mn.Resistor(conductance=1.0), mn.RateBalance(eta_p=[5.0, 6.0, 7.0, 8.0])
    for devices in (other, [one, other, one, other], mn.mix(net, {one: 0.5, other: 0.5}, seed=1)):
        sim = mn.Simulation(net, devices, {"left": mn.drive.sine(1.0, 0.1), "right": 0.0}, dt=0.5, seed=2)
        sim.step(3)
        sim.set_state(other, g=0.25)
        sim.note = "mine"
        for way in WAYS.values():
            twin = way(sim)
            assert twin.set_by_hand
            assert twin.note == "mine"
            assert twin.partial is None
            assert_same_data(twin.run(9, record=EVERYTHING), sim.copy().run(9, record=EVERYTHING))
            with pytest.raises(ValueError, match="set by hand"):
                mn.rerun(twin.run(1))


def test_a_copy_has_a_drive_and_events_of_its_own():
    sim = simulation("A", 5)
    sim.step(600)
    assert sim.last_events[0].size
    twin = copy.copy(sim)
    assert [part.tolist() for part in twin.last_events] == [part.tolist() for part in sim.last_events]
    twin.set_drive({"left": 0.5, "right": 0.0})
    twin.step()
    assert sim.drive["left"](0.0) == 3.0
    assert twin.voltage[0] == 0.5
    assert sim.steps_done == 600


def test_branch_currents_of_sources_are_kept_in_copies_and_checkpoints(tmp_path):
    net = chain(3)
    devices = [mn.Resistor(conductance=1.0), mn.Capacitor(), mn.Resistor(conductance=2.0)]
    sim = mn.Simulation(net, devices, {"left": mn.drive.sine(1.0, 0.01), "right": 0.0}, dt=0.5, seed=2)
    data = sim.run(20, record=["branch_current"])
    current = sim.branch_current
    assert current.tobytes() == data.branch_current.to_numpy()[-1].tobytes()
    assert np.abs(current - sim.conductance * sim.branch_voltage).max() > 1e-3
    np.testing.assert_allclose(current, current[0], rtol=1e-9)
    sim.save(tmp_path / "run.memnet")
    for twin in (sim.copy(), pickle.loads(pickle.dumps(sim)), mn.Simulation.load(tmp_path / "run.memnet")):
        assert twin.branch_current.tobytes() == current.tobytes()
        assert twin.potential.tobytes() == sim.potential.tobytes()


def test_branch_current_is_conductance_times_voltage_without_sources_and_zero_on_islands():
    sim = simulation("C", 3)
    sim.step(4)
    assert sim.branch_current.tobytes() == (sim.conductance * sim.branch_voltage).tobytes()
    assert sim.branch_current[-1] == 0.0


def run_on(sim):
    return sim.run(STEPS, record=EVERYTHING)


def test_copies_run_in_other_processes():
    sims = [simulation("A:C", seed) for seed in (1, 2)]
    for sim in sims:
        sim.step(7)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.map(run_on, sims)
    for sim, data in zip(sims, found, strict=True):
        assert_same_data(data, run_on(sim))


def test_a_simulation_in_use_is_not_copied():
    sim = simulation("C", 10)
    stop = threading.Event()

    def work():
        while not stop.is_set():
            sim.step(20_000)

    thread = threading.Thread(target=work)
    thread.start()
    refused = 0
    try:
        for _ in range(2000):
            try:
                assert_same_states(*(twin := sim.copy(), twin.copy()))
            except _core.SimulationBusy:
                refused += 1
            if refused:
                break
    finally:
        stop.set()
        thread.join()
    assert refused


def test_a_broken_state_is_refused():
    sim = simulation("C", 10)
    state = sim.__getstate__()
    blank = mn.Simulation.__new__(mn.Simulation)
    with pytest.raises(_core.CheckpointError):
        blank.__setstate__({**state, "checkpoint": state["checkpoint"][:-9]})


# ------------------------------------------------------------------ everything public


def public_objects():
    """One of each kind of object that the package hands out."""
    net = random_network(1)
    discs = mn.percolating(20, 0.6, seed=1)
    wires = mn.nanowires(60, size=20, length=8, seed=1)
    devices = mn.mix(net, {mn.TunnelGap(): 0.5, mn.RateBalance(): 0.5}, seed=1)
    sim = mn.Simulation(net, devices, {"left": 3.0, "right": 0.0}, seed=1)
    data = sim.run(300)
    time = np.arange(200.0)
    voltage = np.sin(2 * np.pi * time / 100)
    return {
        "network": net,
        "network of discs": discs,
        "network of wires": wires,
        "wires": wires.wires,
        "labelled network": mn.from_networkx(discs.to_networkx()),
        "mix": devices,
        "device": mn.TunnelGap(r_d=np.linspace(1e-5, 2e-5, net.n_edges)),
        "preset": next(iter(mn.TunnelSwitch.presets().values())),
        "solution": mn.solve(net, 1.0, {"left": 1.0, "right": 0.0}),
        "waveform": mn.drive.concat([(mn.drive.sine(1.0, 0.1) + 0.5, 3.0), (None, 1.0)]),
        "sampled": mn.drive.from_array([0.0, 1.0], 2.0),
        "events": mn.analysis.events(data),
        "avalanches": mn.analysis.avalanches(np.array([1, 2, 3, 9, 10, 20]), bin=1),
        "power law": mn.analysis.fit_power_law(np.arange(1, 200), discrete=True, xmin=1),
        "hysteresis": mn.analysis.hysteresis(voltage, voltage * (1.5 + np.cos(2 * np.pi * time / 100))),
        "landau": mn.theory.Landau(a=-1.0, b=1.0) if "a" in mn.theory.Landau.__init__.__annotations__ else None,
    }
