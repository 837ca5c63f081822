"""Copies: simulations that go on with the same bits, each for itself, and everything public by pickle and deepcopy."""

import copy
import gc
import multiprocessing
import pickle
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress

import numpy as np
import public_calls
import pytest
import xarray as xr
from cases import KINDS, assert_same_data, assert_same_states, chain, simulation, states
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet import _core

# Steps are coarse here: what is compared does not depend on them.
pytestmark = pytest.mark.filterwarnings("ignore::memnet.StepWarning")

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
    assert second.info["counters"] == first.info["counters"]
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


def test_a_simulation_that_nobody_has_is_gone_at_once():
    for drive in (3.0, mn.drive.concat([(3.0, 5.0), (None, 5.0)])):
        sim = mn.Simulation(chain(3), mn.RateBalance(), {"left": drive, "right": 0.0}, seed=1)
        sim.run(20)
        other = sim.copy()
        cores = [sim._core, other._core]
        gc.disable()
        try:
            del sim, other
            assert [sys.getrefcount(core) for core in cores] == [3, 3]  # the list, the loop and the call
        finally:
            gc.enable()


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
            with suppress(_core.SimulationBusy):  # a copy is under way
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


# Figures, modules, and simulations, which have tests above.
NOT_HERE = ("plot", "papers", "Simulation")


def public_objects():
    """What every public function returns, and what only its own class makes, by name."""
    returned = {}
    for name, row in public_calls.CALLS.items():
        function, arguments = row()
        if name.startswith("memnet.") and name.split(".")[1] not in NOT_HERE:
            with suppress(ValueError):  # arguments of the right kind, which need not have an answer
                returned[name] = function(**arguments)
    discs = mn.percolating(20, 0.6, seed=1)
    models = list(mn.devices.MODELS.values())
    return {
        **returned,
        "network with labels": mn.from_networkx(discs.to_networkx()),
        "circuit": public_calls.circuit(),
        "network of a circuit": public_calls.circuit().network(["in", "gnd"]),
        "network with a circuit": discs.attach("left", mn.Resistor(), mn.Capacitor()),
        "devices": [model() for model in models],
        "device with an array": mn.TunnelGap(r_d=np.linspace(1e-5, 2e-5, 9)),
        "presets": [one for model in models if hasattr(model, "presets") for one in model.presets().values()],
        "wave": mn.drive.concat([(mn.drive.from_array([0.0, 1.0], 2.0) * 3.0 + 0.5, 3.0), (None, 1.0)]),
        "fixed points": returned["memnet.theory.RateBalanceField"].fixed_points(0.5),
        "pieces": list(returned["memnet.analysis.hysteresis"].cycles[0].pieces()),
        "comparison": public_calls.power_law().compare("exponential"),
        "pulses": mn.analysis.find_pulses([0.0, 0.0, 1.0, 0.0, 0.0], rest=0.0),
    }


def assert_same(one, other, where):
    """Compare what two objects are made of, also whether arrays may be written to."""
    assert type(one) is type(other), where
    if isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other, err_msg=where)
        assert one.flags.writeable == other.flags.writeable, where
    elif isinstance(one, xr.Dataset):
        assert one.identical(other), where
    elif isinstance(one, (list, tuple)):
        for k, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            assert_same(mine, theirs, f"{where}[{k}]")
    elif isinstance(one, Mapping):
        assert list(one) == list(other), where
        for name in one:
            assert_same(one[name], other[name], f"{where}[{name!r}]")
    elif isinstance(one, mn.Simulation):  # above they are copied whole; here looking at one would solve it
        assert one.counters == other.counters, where
        assert_same((repr(one), one.conductance, one.drive), (repr(other), other.conductance, other.drive), where)
    elif type(one).__module__.startswith("memnet."):
        for name in public_fields(one):
            mine, theirs = field_of(one, name), field_of(other, name)
            if not holds(mine, one):  # as a device among its own parts
                assert_same(mine, theirs, f"{where}.{name}")
    elif type(one).__repr__ is not object.__repr__ and not callable(one):
        assert repr(one) == repr(other), where


def field_of(one, name):
    """A field or property, or why it has none: no network but a crossbar has cells."""
    try:
        return getattr(one, name)
    except (AttributeError, ValueError) as error:
        return str(error)


def holds(value, one):
    return isinstance(value, (list, tuple)) and any(part is one for part in value)


def public_fields(one):
    """Names of the fields and public properties of an object of ours."""
    properties = [name for name in dir(type(one)) if isinstance(getattr(type(one), name, None), property)]
    return (
        [name for name in (*vars(one), *properties) if not name.startswith("_")]
        if hasattr(one, "__dict__")
        else [name for name in properties if not name.startswith("_")]
    )


@pytest.mark.filterwarnings("ignore")
def test_everything_public_can_be_pickled_and_copied():
    objects = public_objects()
    for name, one in objects.items():
        assert_same(pickle.loads(pickle.dumps(one)), one, name)
        assert_same(copy.deepcopy(one), one, name)
    assert seen_classes(objects) >= public_classes()


def public_classes():
    """Every public class of which objects are handed out."""
    rooms = (mn, mn.theory, mn.analysis)
    classes = {getattr(room, name) for room in rooms for name in room.__all__ if isinstance(getattr(room, name), type)}
    errors = {one for one in classes if issubclass(one, BaseException)}
    return classes - errors - {mn.theory.MeanField, mn.Simulation}


def seen_classes(one):
    """The classes of an object and of everything inside it."""
    found = {type(one)}
    inside = one.values() if isinstance(one, Mapping) else one if isinstance(one, (list, tuple)) else ()
    if type(one).__module__.startswith("memnet."):
        inside = [field_of(one, name) for name in public_fields(one)]
        inside = [part for part in inside if not holds(part, one)]
    return found.union(*(seen_classes(part) for part in inside))


def test_a_copied_landau_theory_still_finds_its_equilibria():
    theory = mn.theory.landau(lambda r: r**2 / 2, lambda r: 1 / (1 - 0.8 * r) - 1)
    for twin in (pickle.loads(pickle.dumps(theory)), copy.deepcopy(theory)):
        assert twin.equilibria(0.38).tobytes() == theory.equilibria(0.38).tobytes()
        assert twin.load_at(0.5) == theory.load_at(0.5)
