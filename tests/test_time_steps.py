"""Other orders of a time step, as docs/time-steps.md has them, each a loop written out."""

import numpy as np
import pytest

import memnet as mn

DT = 1e-3
VALUES = 0.8 * np.sin(np.arange(300) / 20.0) + 0.3
# Two devices in series, so that voltages follow from states.
NET = mn.Network(3, [(0, 1), (1, 2)], electrodes={"left": [0], "right": [2]})
DEVICE = mn.LinearDrift(mu=1e-13, x_initial=[0.1, 0.4])


def conductances(x):
    return 1.0 / (DEVICE.r_on * x + DEVICE.r_off * (1.0 - x))


def solved(x, voltage):
    """Voltages of the two, and their current."""
    g = conductances(x)
    current = voltage / (1.0 / g).sum()
    return current / g, current


def updated(x, v):
    return np.clip(x + DEVICE.mu * DEVICE.r_on / DEVICE.d**2 * conductances(x) * v * DT, 0.0, 1.0)


def run(values):
    drive = {"left": mn.drive.from_array(values, DT), "right": 0.0}
    sim = mn.Simulation(NET, DEVICE, drive, dt=DT, seed=1)
    data = sim.run(len(values), record={"state:x": DEVICE})
    return data.current.sel(electrode="left").to_numpy(), data.state_x.to_numpy(), data.conductance.to_numpy()


def test_b5_solve_then_update():
    current, state, _ = run(VALUES)
    x = np.array(DEVICE.x_initial)
    for k, voltage in enumerate(VALUES):
        v, want = solved(x, voltage)
        assert current[k] == pytest.approx(want, rel=1e-11)
        x = updated(x, v)
        if k + 1 < len(VALUES):
            np.testing.assert_allclose(state[k + 1], x, rtol=1e-11)
    assert np.ptp(state) > 0.1


@pytest.mark.parametrize("first_updates", [False, True])
def test_b5_update_then_solve(first_updates):
    current, state, _ = run(np.concatenate(([0.0], VALUES)) if first_updates else VALUES)
    x, v = np.array(DEVICE.x_initial), np.zeros(2)
    for k, voltage in enumerate(VALUES):
        x = updated(x, v) if k > 0 or first_updates else x
        v, want = solved(x, voltage)
        assert current[k + first_updates] == pytest.approx(want, rel=1e-11)
        np.testing.assert_allclose(state[k + first_updates], x, rtol=1e-11)


def test_b5_current_from_the_state_after_the_update():
    _, _, conductance = run(np.append(VALUES, 1.0))
    x = np.array(DEVICE.x_initial)
    for k, voltage in enumerate(VALUES):
        x = updated(x, solved(x, voltage)[0])
        assert conductance[k + 1] * voltage == pytest.approx(solved(x, voltage)[1], rel=1e-11)
