"""Devices that carry a waveform, and models that are made at run time: from keywords to files and back."""

import copy
import gc
import inspect
import json
import pickle
import weakref

import made_models
import numpy as np
import pytest
from cases import assert_same_data
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet import _core, devices, study

PULSES = mn.drive.pulses(1.0, 1.5, length=1.0, spacing=2.0, start=0.5)


@pytest.fixture
def source(monkeypatch):
    """Return the class of a source in series with a resistance whose voltage is a waveform, in the list of models."""
    cls = made_models.made_class("CarriedSource")
    monkeypatch.setitem(devices.MODELS, "CarriedSource", cls)
    return cls


def divider(device, drive=0.0, **options):
    """A source and 1.5 ohm in series between two electrodes."""
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"a": 0, "b": 2})
    load = mn.Resistor(conductance=1 / 1.5)
    return mn.Simulation(net, [device, load], {"a": drive, "b": 0.0}, **{"dt": 0.25, "seed": 1, **options})


def inner(data):
    return data.potential.values[:, 1]


# ------------------------------------------------------------------ the argument


def test_the_waveform_is_an_argument_like_others(source):
    device = source(resistance=0.25, voltage=PULSES)
    assert device.voltage is PULSES
    assert device.parameters["voltage"] is PULSES
    assert repr(device) == f"CarriedSource(resistance=0.25, voltage={PULSES!r})"
    assert str(inspect.signature(source)) == (
        "(*, resistance: 'float or array, ohm' = 0.5, voltage: 'float or Waveform, V' = 0.25)"
    )
    assert "voltage : float or Waveform, default 0.25\n" in source.__doc__
    assert repr(PULSES) in device._repr_html_().replace("&#x27;", "'")


def test_a_number_is_a_constant(source):
    assert repr(source(voltage=2)) == "CarriedSource(voltage=2.0)"
    assert source(voltage=2).voltage(7.0) == 2.0
    assert repr(source()) == repr(source(voltage=0.25)) == "CarriedSource()"
    assert source().voltage(0.0) == 0.25


def test_devices_with_equal_waveforms_are_two(source):
    one, other = source(voltage=PULSES), source(voltage=PULSES)
    assert one != other
    assert len({one, other, one}) == 2


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (None, ValueError),
        (mn.drive.current(1.0), ValueError),
        (mn.drive.concat([(1.0, 2.0), (None, None)]), ValueError),
        (np.nan, ValueError),
        ("1", TypeError),
        (True, TypeError),
        ([1.0, 2.0], TypeError),
        (np.array([1.0]), TypeError),
    ],
)
def test_what_has_no_values_is_refused(source, value, error):
    with pytest.raises(error, match=r"CarriedSource\.voltage must be "):
        source(voltage=value)


def test_a_misspelt_waveform_is_named(source):
    with pytest.raises(TypeError, match="unknown keyword 'voltag', did you mean 'voltage'"):
        source(voltag=PULSES)


# ------------------------------------------------------------------ runs


@settings(max_examples=30)
@given(
    wave=st.sampled_from(
        [PULSES, mn.drive.sine(1.0, 0.3), mn.drive.triangle(0.0, 1.0, period=3.0) + PULSES, mn.drive.constant(0.7)]
    ),
    event_driven=st.booleans(),
    cut=st.integers(1, 39),
)
def test_the_circuit_follows_the_waveform(wave, event_driven, cut):
    sim = divider(made_models.made_class("CarriedSource")(voltage=wave), event_driven=event_driven)
    whole = sim.copy()
    first, rest = (sim.run(n, record="potential") for n in (cut, 40 - cut))
    data = whole.run(40, record="potential")
    np.testing.assert_array_equal(np.concatenate([inner(first), inner(rest)]), inner(data))
    np.testing.assert_allclose(inner(data), -wave(data.time.values) * 1.5 / 2.0, rtol=0, atol=2e-15)


def test_another_drive_leaves_devices_alone(source):
    sim = divider(source(voltage=PULSES))
    sim.step(2)
    sim.set_drive({"a": 1.0, "b": 1.0})
    data = sim.run(8, record="potential")
    np.testing.assert_allclose(inner(data), 1.0 - PULSES(data.time.values) * 0.75, rtol=0, atol=1e-15)


def test_looking_changes_nothing(source):
    sim, other = (divider(source(voltage=PULSES)) for _ in range(2))
    assert sim.potential[1] == -0.75
    assert_same_data(sim.run(12, record="potential"), other.run(12, record="potential"))


# ------------------------------------------------------------------ keeping


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, lambda sim: pickle.loads(pickle.dumps(sim))])
def test_copies_carry_the_waveform(source, way):
    sim = divider(source(voltage=PULSES))
    sim.step(7)
    again = way(sim)
    assert repr(again.devices) == repr(sim.devices)
    assert_same_data(again.run(20, record="potential"), sim.run(20, record="potential"))


def test_files_carry_the_waveform(source, tmp_path):
    sim = divider(source(voltage=PULSES, resistance=[0.25]))
    sim.step(7)
    sim.save(tmp_path / "run.mn")
    again = mn.Simulation.load(tmp_path / "run.mn")
    data = sim.run(20, record="potential")
    assert_same_data(again.run(20, record="potential"), data)
    data.to_netcdf(tmp_path / "run.nc")
    assert_same_data(mn.rerun(tmp_path / "run.nc"), data)
    assert repr(mn.devices_of(tmp_path / "run.nc")[0]) == repr(sim.devices[0])
    assert json.loads(data.attrs["parameters"])["devices"][0]["parameters"]["voltage"]["kind"] == "pulses"


def test_a_checkpoint_of_another_waveform_is_refused(source):
    one, other = (divider(source(voltage=wave)) for wave in (PULSES, 2.0 * PULSES))
    checkpoint = _core.Checkpoint.from_bytes(one._core.dumps(b""))
    with pytest.raises(mn.CheckpointError, match="another simulation"):
        other._core.restore(checkpoint)
    one._core.restore(checkpoint)


RUN_FILE = """
network = {kind = "grid", rows = 2, columns = 2}
devices = [{model = "CarriedSource", voltage = VOLTAGE}]
drive = {left = 0.0, right = 0.0}
run = {steps = 5}
"""


def test_a_run_file_writes_it_as_in_drive(source, tmp_path):
    def read(voltage):
        (tmp_path / "run.toml").write_text(RUN_FILE.replace("VOLTAGE", voltage))
        return study.read_run_file(tmp_path / "run.toml").simulation.devices[0]

    assert repr(read('{kind = "sine", amplitude = 2.0, frequency = 0.5}').voltage) == repr(mn.drive.sine(2.0, 0.5))
    assert read("3").voltage(0.0) == 3.0
    with pytest.raises(ValueError, match=r"\[\[devices\]\] 1: CarriedSource.voltage must be a number"):
        read('"floating"')
    with pytest.raises(ValueError, match=r"\[\[devices\]\] 1 voltage: unknown kind 'sin', did you mean 'sine'"):
        read('{kind = "sin"}')


# ------------------------------------------------------------------ models made at run time


def test_a_simulation_keeps_its_models():
    model = _core.MadeModel(made_models.capsule("CarriedSource"))
    cls = devices.device_class(model.table, model)
    sim = divider(cls(voltage=2.0))
    seen = weakref.ref(cls)
    core = sim._core
    del cls, model, sim
    gc.collect()
    assert seen() is None
    assert core.run(3, np.inf) == (0, 3)
    assert core.potential[1] == -1.5


def test_a_device_with_a_recipe_is_described_by_it(monkeypatch):
    cls = made_models.made_class("CarriedSource")

    class Made(cls):
        @property
        def recipe(self):
            return "contract", {"name": "CarriedSource", **devices.describe_parts(self)}

    monkeypatch.setitem(devices.RECIPES, "contract", lambda of: devices.rebuild_of(Made, of))
    sim = divider(Made(voltage=PULSES))
    data = sim.run(12, record="potential")
    assert json.loads(data.attrs["parameters"])["devices"][0]["recipe"] == "contract"
    assert_same_data(mn.rerun(data), data)


@pytest.mark.parametrize("given", [3, "CarriedSource", None])
def test_only_a_capsule_makes_a_model(given):
    with pytest.raises(TypeError, match=r'a MadeModel is of a capsule "memnet\.device_model"'):
        _core.MadeModel(given)


def test_a_waveform_needs_a_model_that_takes_one():
    net = _core.Network(2, np.array([[0, 1]], dtype=np.int32), None, 2, np.array([0, 1], dtype=np.int32))
    waves, root = mn.drive.flatten({"a": 1.0, "b": 0.0}, ["a", "b"])
    device = ("Resistor", np.zeros(1, dtype=np.int32), [np.ones(1), np.zeros(1)], waves)
    with pytest.raises(ValueError, match=r"Resistor\.waves is 2"):
        _core.Simulation(net, [device], waves, root, "kron", 1.0, 0)
    with pytest.raises(TypeError, match=r"a device must be a tuple \(model, edges, parameters\[, waves\[, link\]\]\)"):
        _core.Simulation(net, [(*device, None, 2, 3)], waves, root, "kron", 1.0, 0)
