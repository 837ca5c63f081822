"""Cycles until they repeat, against closed forms."""

import math

import numpy as np
import pytest
from ctrl_c import pressed_after

import memnet as mn


def driven(device, *, period=2.0, dt=0.02, **options):
    """Return a simulation of one device under a sine of 1 V."""
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    return mn.Simulation(net, device, {"in": mn.drive.sine(1.0, 1.0 / period), "out": 0.0}, dt=dt, **options)


def synapse(**parameters):
    return mn.RateBalance(**{"kappa_p0": 0.01, "kappa_d0": 0.1, "eta_p": 5.0, **parameters})


def test_a_resistor_repeats_at_once():
    loop = mn.periodic(driven(mn.Resistor()), 2.0)
    assert loop.attrs["cycles"] == 2
    assert loop.attrs["difference"] < 1e-12
    assert loop.sizes["time"] == 100
    assert loop.time.values[0] == 2.0


@pytest.mark.parametrize("options", [{}, {"method": "adaptive", "rtol": 1e-6}])
def test_the_last_cycle_is_the_periodic_one_and_the_simulation_stands_at_its_end(options):
    device = synapse()
    sim = driven(device, **options)
    loop = mn.periodic(sim, 2.0, 1e-8, record=["current", "state:g"])
    assert sim.steps_done == 100 * loop.attrs["cycles"]
    assert loop.attrs["difference"] <= 1e-8
    again = sim.run(100, record=["current", "state:g"])
    assert np.allclose(again.state_g, loop.state_g, rtol=1e-7)
    assert np.allclose(again.current, loop.current, rtol=1e-7, atol=1e-7 * float(abs(loop.current).max()))
    time = np.linspace(0.0, 2.0, 20_001)
    up = device.kappa_p0 * np.exp(device.eta_p * np.abs(np.sin(math.pi * time)))
    down = device.kappa_d0 * np.exp(-device.eta_d * np.abs(np.sin(math.pi * time)))
    total = np.concatenate(([0.0], np.cumsum((up + down)[:-1]) * 1e-4))
    source = np.sum((up * np.exp(total))[:-1]) * 1e-4
    want = source / (np.exp(total[-1]) - 1.0)  # of dg/dt = up (1 - g) - down g with g(0) = g(2)
    assert np.isclose(loop.state_g.values[0, 0], want, rtol=2e-2 if not options else 1e-3)


def test_more_cycles_for_a_smaller_tolerance():
    counts = [mn.periodic(driven(synapse()), 2.0, tolerance).attrs["cycles"] for tolerance in (1e-2, 1e-4, 1e-8)]
    assert counts == sorted(set(counts))


def test_what_does_not_repeat_is_named_and_the_simulation_goes_on():
    sim = driven(synapse())
    with pytest.raises(ArithmeticError, match=r"no cycle of 3 repeated .* still differs by .* times as much"):
        mn.periodic(sim, 2.0, 1e-12, max_cycles=3)
    assert sim.steps_done == 300
    assert mn.periodic(sim, 2.0, 1e-6).attrs["cycles"] > 1
    with pytest.raises(ArithmeticError, match="the drive itself does not have this period"):
        mn.periodic(driven(mn.Resistor()), 1.0, max_cycles=3)


def test_what_comes_back_but_for_the_error_of_adaptive_steps_is_said_so():
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    device, drive = mn.LinearDrift(window="joglekar"), {"in": mn.drive.sine(1.0, 1.0), "out": 0.0}
    sim = mn.Simulation(net, device, drive, dt=0.01, method="adaptive", rtol=1e-3)
    with pytest.raises(ArithmeticError, match=r"off by, which a smaller rtol than 0\.001 tells"):
        mn.periodic(sim, 1.0, 1e-8, max_cycles=4)


def test_arguments_are_checked():
    sim = driven(synapse())
    for arguments, kind, message in [
        ({"period": 2.01}, ValueError, "whole number of steps"),
        ({"period": 0.001}, ValueError, "whole number of steps"),
        ({"period": 0.0}, ValueError, "period must be in"),
        ({"period": math.inf}, ValueError, "period must be in"),
        ({"period": 2.0, "tolerance": 0.0}, ValueError, "tolerance"),
        ({"period": 2.0, "max_cycles": 1}, ValueError, "max_cycles"),
        ({"period": 2.0, "cycles": 1}, TypeError, "unknown keyword"),
        ({"period": "2"}, TypeError, "period must be a number"),
    ]:
        with pytest.raises(kind, match=message):
            mn.periodic(sim, **arguments)
    assert sim.steps_done == 0
    with pytest.raises(TypeError, match="sim must be a Simulation"):
        mn.periodic(sim.net, 2.0)


def test_control_c_keeps_the_simulation():
    sim, twin = driven(synapse(), dt=2e-5), driven(synapse(), dt=2e-5)
    with pytest.raises(KeyboardInterrupt), pressed_after(sim):
        mn.periodic(sim, 2.0, 1e-15, max_cycles=10_000)
    twin.step(sim.steps_done)
    assert (sim.state(sim.devices[0], "g") == twin.state(twin.devices[0], "g")).all()
