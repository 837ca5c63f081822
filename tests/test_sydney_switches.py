"""Junctions of the Sydney group: events of the tunnelling one, and the decay that passes zero, against their rules."""

import cases
import numpy as np
import pytest

import memnet as mn

PAIR = mn.Network(2, [(0, 1)], electrodes={"left": [0], "right": [1]})


def edges_recorded(device, voltage, n_steps, net, **options):
    sim = mn.Simulation(net, device, {"left": voltage, "right": 0.0}, dt=1e-3, seed=1, **options)
    return sim, sim.run(n_steps, record={"edge_conductance": True})


@pytest.mark.parametrize("preset", mn.TunnelSwitch.presets())
@pytest.mark.parametrize("switch_at", [1.1, 5.0])
def test_b1_events_are_the_crossings_of_the_recorded_conductance(preset, switch_at):
    device = mn.TunnelSwitch.preset(preset, switch_at=switch_at)
    wave = mn.drive.triangle(-1.5, 1.5, period=1.7) if preset != "asn" else mn.drive.pulses(0.0, 4.0, 1.0, 1.0, count=9)
    sim, data = edges_recorded(device, wave, 4000, cases.random_network(6))
    above = data.edge_conductance.to_numpy() > switch_at * device.g_off
    step, edge = np.nonzero(above[1:] != above[:-1])
    last = data.event_step.to_numpy() < sim.steps_done - 1
    assert data.event_step.to_numpy()[last].tolist() == step.tolist()
    assert data.event_edge.to_numpy()[last].tolist() == edge.tolist()
    assert data.event_kind.to_numpy()[last].tolist() == np.where(above[1:], 1, -1)[step, edge].tolist()
    assert step.size > 10
    assert len(mn.analysis.events(data)) == data.sizes["event"]


@pytest.mark.parametrize("event_driven", [True, False])
def test_b1_events_do_not_depend_on_pieces_or_checkpoints(event_driven, tmp_path):
    net = cases.random_network(6)

    def begin():
        switches = mn.mix(net, {mn.TunnelSwitch(): 0.5, mn.AtomicSwitch(): 0.5}, seed=3)
        drive = {"left": mn.drive.triangle(-0.4, 0.4, period=1.0), "right": 0.0}
        return mn.Simulation(net, switches, drive, dt=1e-3, seed=1, event_driven=event_driven)

    def found(data):
        return list(zip(*(data[f"event_{name}"].to_numpy().tolist() for name in ("step", "edge", "kind")), strict=True))

    whole, pieces = begin(), begin()
    want = found(whole.run(3000))
    got = found(pieces.run(1)) + found(pieces.run(700))
    pieces.save(tmp_path / "switches.mn")
    again = mn.Simulation.load(tmp_path / "switches.mn")
    got += found(again.run(2299))
    assert got == want
    assert len(want) > 50


def rule_of_asn(flux, v, dt, device):
    """One update as that code has it: growth, decay with the sign it then has, bound."""
    flux = flux + (abs(v) > device.v_set) * (abs(v) - device.v_set) * np.sign(v) * dt
    flux = flux - (device.v_reset > abs(v)) * (device.v_reset - abs(v)) * np.sign(flux) * dt * 10
    return np.where(abs(flux) > device.lambda_max, np.sign(flux) * device.lambda_max, flux)


@pytest.mark.parametrize("model", [mn.AtomicSwitch, mn.TunnelSwitch])
@pytest.mark.parametrize("wave", [mn.drive.triangle(-0.4, 0.4, period=0.9), mn.drive.pulses(0.0, 0.3, 1.0, 16.0, 9)])
@pytest.mark.parametrize("event_driven", [True, False])
def test_b2_past_zero_is_the_rule_of_the_code(model, wave, event_driven):
    device, n_steps = model.preset("asn"), 20_000
    drive = {"left": wave, "right": 0.0}
    sim = mn.Simulation(PAIR, device, drive, dt=1e-3, seed=1, event_driven=event_driven)
    data = sim.run(n_steps, record={"state:lambda": device})
    flux, voltage = np.zeros(n_steps), wave(np.arange(n_steps) * 1e-3)
    for k in range(1, n_steps):
        flux[k] = rule_of_asn(flux[k - 1], voltage[k - 1], 1e-3, device)
    np.testing.assert_allclose(data.state_lambda.to_numpy()[:, 0], flux, rtol=0.0, atol=1e-15)
    assert (np.diff(np.sign(flux)) != 0).sum() > 10  # it passes zero


def test_b2_a_network_under_a_triangle_carries_the_current_of_the_code():
    net, device, n_steps = cases.random_network(3, n_nodes=60, n_edges=160), mn.AtomicSwitch.preset("asn"), 3000
    wave = mn.drive.triangle(-3.0, 3.0, period=1.0)
    sim = mn.Simulation(net, device, {"left": wave, "right": 0.0}, dt=1e-3, seed=1)
    data = sim.run(n_steps)
    a, b = net.edges.T
    left, right = net.electrodes["left"], net.electrodes["right"]
    flux, current = np.zeros(net.n_edges), np.zeros(n_steps)
    held = np.concatenate((left, right))
    free = np.setdiff1d(np.arange(60), held)  # without the island
    for k, voltage in enumerate(wave(np.arange(n_steps) * 1e-3)):
        g = np.where(np.abs(flux) >= device.lambda_crit, device.g_on, device.g_off)
        laplacian = np.zeros((net.n_nodes, net.n_nodes))
        np.add.at(laplacian, (a, b), -g)
        np.add.at(laplacian, (b, a), -g)
        np.fill_diagonal(laplacian, -laplacian.sum(axis=1))
        v = np.zeros(net.n_nodes)
        v[left] = voltage
        v[free] = np.linalg.solve(laplacian[np.ix_(free, free)], -laplacian[np.ix_(free, left)] @ v[left])
        current[k] = (laplacian[left] @ v).sum()
        flux = rule_of_asn(flux, v[a] - v[b], 1e-3, device)
    np.testing.assert_allclose(data.current.sel(electrode="left"), current, rtol=1e-9, atol=1e-9 * abs(current).max())
    assert data.sizes["event"] > 100


def test_b2_the_two_decays_differ_only_after_zero():
    flux, drive = {}, {"left": mn.drive.pulses(0.0, 0.3, 0.1, 9.0, 1), "right": 0.0}
    for decay in ("to-zero", "past-zero"):
        device = mn.AtomicSwitch.preset("asn", decay=decay)
        sim = mn.Simulation(PAIR, device, drive, dt=1e-3, seed=1)
        flux[decay] = sim.run(4000, record={"state:lambda": device}).state_lambda.to_numpy()[:, 0]
    late = flux["past-zero"][3200:]
    assert (flux["to-zero"][3200:] == 0.0).all()
    assert late.min() < 0.0 < late.max() < 1.001e-5
    np.testing.assert_allclose(flux["past-zero"][:2800], flux["to-zero"][:2800], rtol=1e-10)


def test_b3_the_stored_set_differs_in_g_off_alone():
    for model in (mn.AtomicSwitch, mn.TunnelSwitch):
        script, stored = (dict(model.preset(name).parameters) for name in ("sydney-dc-2021", "sydney-dc-2021-stored"))
        assert (script.pop("g_off"), stored.pop("g_off")) == (7.77e-8, 1e-8)
        assert script == stored
