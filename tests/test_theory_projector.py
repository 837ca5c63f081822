"""The projector against the sparse solver and against what projectors must do."""

import numpy as np
import pytest
from cases import chain, random_network

import memnet as mn


def conductances(seed, n):
    return 10.0 ** np.random.default_rng(seed).uniform(-3, 0, n)


@pytest.mark.parametrize("seed", range(100))
def test_corollaries_agree_with_the_solver(seed):
    rng = np.random.default_rng(seed)
    net = random_network(seed, n_nodes=int(rng.integers(5, 40)), n_edges=int(rng.integers(45, 90)), third=seed % 2 == 0)
    g = conductances(seed, net.n_edges)
    exact = mn.theory.projector(net)
    assert np.abs(exact.omega @ exact.omega - exact.omega).max() < 1e-12
    volts = {"left": 1.5, "right": 0.0}
    found = mn.solve(net, g, {name: volts.get(name) for name in net.electrodes})
    ends = np.nan_to_num(found.potential)[net.edges]
    drops = ends[:, 0] - ends[:, 1]
    np.testing.assert_allclose(exact.voltage_drops(g, voltage=1.5), drops, rtol=0, atol=1e-9)
    np.testing.assert_allclose(exact.effective_conductance(g), found.conductance, rtol=1e-9)
    g_min = g.min()
    rho = exact.rho(g, g_min=g_min)
    np.testing.assert_allclose(g_min * (1 - rho) / rho, found.conductance, rtol=1e-9)
    current = found.current_of("left")
    np.testing.assert_allclose(exact.voltage_drops(g, current=current), drops, rtol=0, atol=1e-9)
    everything = exact.all_voltage_drops(g, current)
    np.testing.assert_allclose(everything[:-1], drops, rtol=0, atol=1e-9)
    np.testing.assert_allclose(everything[-1], 1.5, rtol=1e-9)


def test_chain_by_hand():
    exact = mn.theory.projector(chain(4))
    # Drops of a ring of five edges: all but the constant vector.
    np.testing.assert_allclose(exact.self_response, 4 / 5, rtol=1e-14)
    np.testing.assert_allclose(exact.homogeneous_conductance(8.0), 2.0, rtol=1e-14)
    np.testing.assert_allclose(exact.voltage_drops([1.0, 2.0, 4.0, 4.0], voltage=2.0), [1.0, 0.5, 0.25, 0.25])
    np.testing.assert_allclose(exact.voltage_drops([1.0, 2.0, 4.0, 4.0], current=3.0), [3.0, 1.5, 0.75, 0.75])


@pytest.mark.parametrize("seed", range(5))
def test_homogeneous_networks_are_exact(seed):
    net = random_network(seed)
    exact = mn.theory.projector(net)
    want = mn.solve(net, 0.37, {"left": 1.0, "right": 0.0}).conductance
    np.testing.assert_allclose(exact.homogeneous_conductance(0.37), want, rtol=1e-9)
    self = exact.self_response
    np.testing.assert_allclose((1 - self) / self * 0.37, want, rtol=1e-9)


def test_mean_state_is_a_weighted_mean():
    net = random_network(3)
    exact = mn.theory.projector(net)
    g = np.random.default_rng(0).random(net.n_edges)
    squared = exact.block @ exact.block
    want = np.trace(squared @ np.diag(g)) / np.trace(squared)
    np.testing.assert_allclose(exact.mean_state(g), want, rtol=1e-12)
    np.testing.assert_allclose(exact.mean_state(np.full(net.n_edges, 0.3)), 0.3, rtol=1e-12)


def test_no_path_carries_nothing():
    net = mn.Network(4, [(0, 1), (2, 3)], electrodes={"left": 0, "right": 3})
    exact = mn.theory.projector(net)
    assert exact.self_response == pytest.approx(1.0, abs=1e-14)
    assert exact.effective_conductance(1.0) == pytest.approx(0.0, abs=1e-14)
    with pytest.raises(ValueError, match="no path"):
        exact.voltage_drops(1.0, current=1.0)
    with pytest.raises(ValueError, match="no path"):
        exact.all_voltage_drops(1.0, 1.0)


def test_bad_input():
    net = chain(3)
    exact = mn.theory.projector(net)
    with pytest.raises(ValueError, match="conductance must be > 0"):
        exact.rho([1.0, 0.0, 1.0])
    with pytest.raises(ValueError, match="shape"):
        exact.rho([1.0, 1.0])
    with pytest.raises(ValueError, match="one of voltage"):
        exact.voltage_drops(1.0)
    with pytest.raises(ValueError, match="voltage must be in"):
        exact.voltage_drops(1.0, voltage=np.nan)
    with pytest.raises(TypeError, match="current must be a number"):
        exact.voltage_drops(1.0, current=True)
    with pytest.raises(TypeError, match="conductance must be an array of numbers"):
        exact.rho("high")
    with pytest.raises(ValueError, match="different electrodes"):
        mn.theory.projector(net, source="left", drain="left")
    with pytest.raises(ValueError, match="did you mean 'left'"):
        mn.theory.projector(net, source="lift")
    with pytest.raises(ValueError, match="two electrodes"):
        mn.theory.projector(mn.Network(2, [(0, 1)], electrodes={"a": 0}))
    with pytest.raises(TypeError, match="Network"):
        mn.theory.projector(3)
    with pytest.raises(TypeError, match="did you mean 'voltage'"):
        exact.voltage_drops(1.0, volts=1.0)
