"""Models from equations in series, against circuits with a node between them."""

import pickle

import numpy as np
import pytest

import memnet as mn
from memnet import _core

LINEAR = """
    i     = (g_off + (g_on - g_off)*x)*v
    dx/dt = k*abs(v)*(1 - x) - x/tau
    parameter g_on  = 1 mS in (0, inf)
    parameter g_off = 1 uS in (0, inf)
    parameter k     = 5 1/(V s) in [0, inf)
    parameter tau   = 20 ms in (0, inf)
    state x = 0 in [0, 1]
"""
SINH = """
    i     = g*(1 + x)*V_0*sinh(v/V_0)
    dx/dt = (abs(v)/V_0 - x)/tau
    parameter g   = 1 uS in (0, inf)
    parameter V_0 = 0.3 V in (0, inf)
    parameter tau = 50 ms in (0, inf)
    state x = 0 in [0, inf)
"""
SPIKING = """
    i     = g*(1 + x)*v
    dx/dt = v/V_1/tau
    event spike when x > level: x = 0
    event closed when v > V_c: x = x
    parameter g     = 1 mS in (0, inf)
    parameter level = 0.3
    parameter V_1   = 1 V in (0, inf)
    parameter V_c   = 10 V
    parameter tau   = 10 ms in (0, inf)
    state x = 0
"""
RESETTING = SPIKING.replace("spike", "reset").replace("event closed when v > V_c: x = x", "").replace("= 0.3", "= 0.2")
WAVE = mn.drive.sine(2.0, 5.0)


def linear(**parameters):
    return mn.device_model("Linear", LINEAR)(**parameters)


def sinh(**parameters):
    return mn.device_model("Sinh", SINH)(**parameters)


def on_one_edge(*parts, drive=WAVE, **options):
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    return mn.Simulation(net, mn.series(*parts), {"in": drive, "out": 0.0}, **options)


def with_nodes(*parts, drive=WAVE, **options):
    circuit = mn.Circuit()
    names = ["in", *(f"n{k}" for k in range(1, len(parts))), "out"]
    for a, b, part in zip(names, names[1:], parts, strict=False):
        circuit.add(a, b, part)
    return circuit.simulation({"in": drive, "out": 0.0}, **options)


@pytest.mark.parametrize(
    "parts",
    [
        lambda: (linear(), mn.Resistor(conductance=1e-4)),
        lambda: (mn.Resistor(conductance=1e-4), sinh()),
        pytest.param(lambda: (sinh(), linear(tau=0.1), mn.Selector()), marks=pytest.mark.slow),
        lambda: (mn.Yakopcic(), mn.Resistor(conductance=1e-3)),
    ],
)
def test_a_series_is_the_circuit_with_nodes_between(parts):
    options = {"dt": 5e-3, "method": "adaptive", "rtol": 1e-11}
    found, want = (make(*parts(), **options).run(12).current for make in (on_one_edge, with_nodes))
    assert np.abs(found - want).max() < 1e-10 * np.abs(want).max()


def test_implicit_steps_of_a_fixed_length_are_those_of_the_circuit():
    parts = mn.Resistor(conductance=1e-4), sinh()
    found, want = (make(*parts, dt=1e-3).run(200).current for make in (on_one_edge, with_nodes))
    assert np.abs(found - want).max() < 1e-12 * np.abs(want).max()


def test_events_have_the_names_of_the_parts_and_come_when_they_come_in_the_circuit():
    parts = mn.device_model("Spiking", SPIKING)(), mn.device_model("Spiking", RESETTING)()
    cell = mn.series(*parts)
    kinds = type(cell)._table["events"]
    assert kinds == {"spike": 2, "closed": 1, "reset": 3}
    options = {"drive": 1.0, "dt": 1e-3, "method": "adaptive", "rtol": 1e-8}
    found, want = (make(*parts, **options).run(20) for make in (on_one_edge, with_nodes))
    assert len(want.event_time) > 5
    assert np.allclose(found.event_time, want.event_time, rtol=0.0, atol=1e-7)
    edge = want.event_edge.values
    assert np.array_equal(found.event_kind, np.where(edge == 0, kinds["spike"], kinds["reset"]))


def test_an_event_of_a_part_starts_a_waveform():
    cell = mn.series(mn.device_model("Spiking", RESETTING)(), mn.Resistor(conductance=1e-3))
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "mid": 1, "out": 2})
    pulse = mn.drive.pulses(0.0, 1.0, length=1e-3, spacing=1e-3, count=1)
    reaction = mn.react(cell, "reset", electrode="out", wave=pulse)
    drive = {"in": 1.0, "mid": 0.0, "out": 0.0}
    data = mn.Simulation(net, cell, drive, dt=1e-3, method="adaptive", reactions=[reaction]).run(30)
    assert len(data.event_time) > 0
    assert float(data.voltage.sel(electrode="out").max()) == 1.0


def test_two_texts_of_one_name_are_two_classes_and_the_same_texts_one():
    one, other = mn.device_model("Twin", LINEAR)(), mn.device_model("Twin", SINH)()
    load = mn.Resistor()
    assert type(mn.series(one, load)) is not type(mn.series(other, load))
    assert type(mn.series(one, load)) is type(mn.series(mn.device_model("Twin", LINEAR)(tau=1.0), load))
    again = pickle.loads(pickle.dumps(mn.series(one, load, other)))
    assert repr(again) == repr(mn.series(one, load, other))
    assert list(again.parameters)[-1] == "tau_3"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("i = g*v\nq = C*v\nparameter g = 1 mS\nparameter C = 1 uF", "no charge, since .* put a node between"),
        (
            (
                "i = g*(1 + x)*v\ndx/dt = -x/tau + b*xi\nparameter g = 1 mS\nparameter tau = 1 s\n"
                "parameter b = 1 s^-0.5\nstate x = 0"
            ),
            "no noise, which is drawn for steps of a fixed length",
        ),
        (
            (
                "i = g*v\ndx/dt = 1/tau\nevent e each step when x > 1: x = 0\nparameter g = 1 mS\n"
                "parameter tau = 1 s\nstate x = 0"
            ),
            "no steps of its own",
        ),
    ],
)
def test_a_text_that_cannot_be_a_part_is_refused_with_the_reason(text, reason):
    with pytest.raises(ValueError, match=f"a part of a series must have {reason}.*: Odd$"):
        mn.series(mn.device_model("Odd", text)(), mn.Resistor())


@pytest.mark.parametrize("sign", [1, -1])
def test_a_text_whose_current_falls_is_refused_where_it_is_used(sign):
    text = "i = g*v*exp(-max(s*v, 0*v)/V_0)\nparameter g = 1 mS\nparameter V_0 = 1 V\nparameter s = 1"
    cell = mn.device_model("Falling", text)(s=sign)
    with pytest.raises(ValueError, match=r"a current that rises with its voltage.*Falling"):
        on_one_edge(cell, mn.Resistor(), dt=1e-3)


def test_checkpoints_of_a_series_are_for_the_texts_of_its_parts():
    """Other texts of the same name are other models, in whichever part; the same go on."""
    other = mn.device_model("Linear", LINEAR.replace("20 ms", "30 ms"))
    sim = on_one_edge(mn.Resistor(), linear(), linear(tau=0.01), dt=1e-3, seed=1)
    sim.run(20)
    state = _core.Checkpoint.from_bytes(sim._core.dumps(b""))
    for parts in ((mn.Resistor(), other(), linear(tau=0.01)), (mn.Resistor(), linear(), other(tau=0.01))):
        with pytest.raises(mn.CheckpointError):
            on_one_edge(*parts, dt=1e-3, seed=1)._core.restore(state)
    again = on_one_edge(mn.Resistor(), linear(), linear(tau=0.01), dt=1e-3, seed=1)
    again._core.restore(state)
    assert again._core.step == 20
