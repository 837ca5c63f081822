"""What a simulation says of the length of its fixed steps: check_step, and the warning of a run."""

import copy
import pickle
import warnings

import cases
import numpy as np
import pytest

import memnet as mn

NET = mn.nanowires(300, size=100, length=20, length_sd=5, seed=3)
JUNCTION = mn.RateBalance(kappa_p0=1e-4, kappa_d0=0.5, eta_p=10.0, eta_d=1.0, g_min=1e-3, g_max=0.1)
STATE = {"state:g": JUNCTION, "potential": True}


def simulation(dt, wave=8.0, **options):
    return mn.Simulation(NET, JUNCTION, {"left": wave, "right": 0.0}, dt=dt, seed=0, **options)


def warnings_of(sim, n_steps, **options):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sim.run(n_steps, **options)
    assert all(issubclass(one.category, mn.StepWarning) for one in caught)
    return caught


def by_hand(sim, dt):
    """The conductance after one step and after two of half its length, from copies."""
    found = []
    for n in (1, 2):
        other = mn.Simulation(NET, JUNCTION, dict(sim.drive), dt=dt / n, seed=0)
        other.set_state(JUNCTION, g=sim.state(JUNCTION, "g"))
        other.step(n)
        g = other.state(JUNCTION, "g")
        solution = mn.solve(NET, JUNCTION.g_min * (1 - g) + JUNCTION.g_max * g, {"left": 8.0, "right": 0.0})
        found.append(solution.conductance)
    return abs(found[0] - found[1]) / sum(found)


@pytest.mark.parametrize("dt", [0.05, 0.005, 5e-5])
def test_it_is_one_step_against_two_halves(dt):
    sim = simulation(dt)
    assert sim.check_step() == pytest.approx(by_hand(sim, dt), rel=1e-9)
    sim.step(3)
    assert sim.check_step() == pytest.approx(by_hand(sim, dt), rel=1e-9)


def test_it_falls_with_dt():
    found = [simulation(dt).check_step() for dt in (0.05, 5e-5, 5e-8)]
    assert found[0] > 0.5
    assert found[1] < 0.05
    assert found[2] < 1e-3


def test_nothing_changes():
    sim, untouched = simulation(0.05), simulation(0.05)
    for _ in range(3):
        _ = sim.potential, untouched.potential
        before = sim.info["counters"], sim.counters, sim.steps_done, sim.potential.tobytes()
        sim.check_step()
        assert (sim.info["counters"], sim.counters, sim.steps_done, sim.potential.tobytes()) == before
        sim.step(2)
        untouched.step(2)
    cases.assert_same_states(sim, untouched)
    assert sim.info["counters"] == untouched.info["counters"]


def test_events_are_not_logged_twice():
    net = cases.random_network(1)
    device = mn.TunnelSwitch()
    checked, plain = (mn.Simulation(net, device, {"left": 3.0, "right": 0.0}, dt=1e-2, seed=0) for _ in range(2))
    for _ in range(60):
        checked.check_step()
        checked.step(10)
        plain.step(10)
        assert [values.tolist() for values in checked.last_events] == [values.tolist() for values in plain.last_events]
    assert checked.info["counters"]["n_events"] == plain.info["counters"]["n_events"] > 0


@pytest.mark.parametrize(
    "drive",
    [
        {"left": 1.0, "right": None, "top": None},
        {"left": mn.drive.current(1e-3), "right": 0.0, "top": None},
        {"left": mn.drive.sine(1.0, 1.0), "right": 0.0, "top": 0.5},
    ],
)
def test_any_drive_will_do(drive):
    net = cases.random_network(2, third=True)
    sim = mn.Simulation(net, mn.RateBalance(), drive, dt=1e-3, seed=0)
    sim.step(2)
    assert 0.0 <= sim.check_step() < 0.05
    assert mn.Simulation(net, mn.Resistor(conductance=1.0), drive, dt=1.0).check_step() == 0.0


@pytest.mark.parametrize("dt", [0.05, 0.005])
def test_a_run_of_long_steps_warns_once(dt):
    sim = simulation(dt)
    (caught,) = warnings_of(sim, 50)
    assert caught.filename == __file__
    assert caught.message.difference > 0.05
    said = str(caught.message)
    assert f"dt = {dt:g} s" in said
    assert 'method="adaptive"' in said
    assert not warnings_of(sim, 50)
    assert not warnings_of(copy.copy(sim), 50)
    again = pickle.loads(pickle.dumps(caught.message))
    assert (str(again), again.difference) == (said, caught.message.difference)


def test_short_steps_do_not_warn():
    assert not warnings_of(simulation(5e-5), 400)


@pytest.mark.parametrize("kind", ["A", "A:C", "A:B:C"])
def test_event_driven_devices_have_dt_in_their_model(kind):
    sim = cases.simulation(kind, 1, dt=50.0)
    assert not warnings_of(sim, 100)
    with pytest.raises(
        ValueError, match=r"check_step\(\) compares steps of any length, but TunnelGap.* is event-driven"
    ):
        sim.check_step()


@pytest.mark.parametrize("device", [mn.StochasticRateBalance(sigma=0.1), mn.RateBalance(step="as-published")])
def test_noise_and_published_rules_do_not_warn(device):
    net = cases.random_network(1)
    sim = mn.Simulation(net, device, {"left": 6.0, "right": 0.0}, dt=1.0, seed=0)
    assert not warnings_of(sim, 20)
    with pytest.raises(ValueError, match=device.model):
        sim.check_step()


def test_adaptive_steps_do_not_warn():
    sim = simulation(1.0, method="adaptive")
    assert not warnings_of(sim, 3)
    with pytest.raises(ValueError, match="rtol"):
        sim.check_step()


def test_a_pulse_is_seen_where_it_begins():
    wave = mn.drive.pulses(0.1, 8.0, length=1.0, spacing=1.0, start=0.5)
    sim = simulation(0.005, wave)
    assert not warnings_of(sim, 99)
    assert len(warnings_of(sim, 60)) == 1


def test_a_sweep_is_seen_where_it_switches():
    sim = simulation(0.01, mn.drive.triangle(0.0, 10.0, period=0.4))
    assert sim.check_step() < 1e-3
    assert len(warnings_of(sim, 40)) == 1
    assert not warnings_of(simulation(0.005, mn.drive.triangle(0.0, 8.0, period=4.0)), 800)


@pytest.mark.filterwarnings("ignore::memnet.StepWarning")
@pytest.mark.parametrize("solver", ["kron", "umfpack"])
def test_watching_changes_no_bit(solver):
    wave = mn.drive.pulses(0.1, 8.0, length=0.1, spacing=0.1)
    watched, plain = (simulation(0.005, wave, solver=solver) for _ in range(2))
    data = watched.run(150, record=STATE)
    plain.step(150)
    cases.assert_same_states(watched, plain)
    assert watched.potential.tobytes() == plain.potential.tobytes()
    assert watched.info["counters"] == plain.info["counters"]
    pieces = simulation(0.005, wave, solver=solver)
    cases.assert_same_data(mn.concat([pieces.run(n, record=STATE) for n in (1, 7, 42, 100)]), data)


def test_it_costs_little():
    """One comparison in some hundred steps, and not at every run of a few steps."""
    sim = simulation(5e-5)
    checks = 0
    for _ in range(20):
        before = sim._core.step_difference
        sim.run(2)
        checks += sim._core.step_difference != before
    assert checks <= 4
    assert np.isfinite(sim._core.step_difference)
