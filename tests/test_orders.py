"""Elimination orders: which one is taken, that it is kept with the network, and that results agree."""

import copy
import pickle
import threading

import numpy as np
import pytest

import memnet as mn


@pytest.fixture(scope="module")
def array():
    return mn.crossbar(24, 24, line_resistance=1.0)


@pytest.fixture(scope="module")
def graph(array):
    """Return the same network without places."""
    return mn.Network(array.n_nodes, array.edges, electrodes=dict(array.electrodes))


def driven(net):
    return {name: (1.0 if name.startswith("w") else 0.0) for name in net.electrodes}


def simulated(net, order, **floating):
    drive = driven(net) | floating
    devices = [mn.RateBalance(g_min=1e-6, g_max=1e-4)] * net.n_edges  # one device alone would leave out lines
    sim = mn.Simulation(net, devices, drive, dt=1e-3, seed=1, order=order)
    sim.step(3)
    return sim


def updates(sim):
    return sim.info["solver"]["n_updates"]


def test_dissection_saves_updates_of_a_crossbar(graph):
    # a line that floats keeps the electrodes apart
    fast, auto, best = (simulated(graph, order, b23=None) for order in ("fast", "auto", "best"))
    assert updates(best) <= updates(auto) <= 0.85 * updates(fast)
    for other in (auto, best):
        np.testing.assert_allclose(other.potential, fast.potential, rtol=1e-13)
        np.testing.assert_allclose(other.current, fast.current, rtol=1e-12)


def test_places_save_more_without_a_search(array, graph):
    dissected, fast, auto = simulated(graph, "auto"), simulated(array, "fast"), simulated(array, "auto")
    assert updates(fast) == updates(auto) <= updates(dissected)
    np.testing.assert_allclose(fast.potential, dissected.potential, rtol=1e-13)
    assert (fast.potential == auto.potential).all()
    turned = mn.Network(graph.n_nodes, graph.edges, electrodes=dict(graph.electrodes), position=7.0 - array.position)
    assert updates(simulated(turned, "fast")) <= updates(dissected)


@pytest.mark.parametrize("kind", ["grid", "crossbar"])
def test_copies_and_attached_circuits_keep_the_places(kind):
    net = mn.grid(60, 60, "none") if kind == "grid" else mn.crossbar(12, 12, line_resistance=1.0)
    wired = net.attach(next(iter(net.electrodes)), mn.Resistor(conductance=1e-3))
    bare = mn.Network(net.n_nodes, net.edges, electrodes=dict(net.electrodes))

    def count(one):
        g = np.full(one.n_edges, 1e-3)
        return mn.solve(one, g, dict.fromkeys(one.electrodes, 1.0)).info["n_updates"]

    assert count(pickle.loads(pickle.dumps(net))) == count(copy.deepcopy(net)) == count(net) < count(bare)
    assert count(wired) < 1.1 * count(net)


@pytest.mark.parametrize("position", [lambda n: np.zeros((n, 2)), lambda n: np.stack([np.arange(n), np.zeros(n)], 1)])
def test_places_of_no_lattice_change_nothing(graph, position):
    placed = mn.Network(graph.n_nodes, graph.edges, electrodes=dict(graph.electrodes), position=position(graph.n_nodes))
    assert (simulated(placed, "fast").potential == simulated(graph, "fast").potential).all()


def test_thin_networks_keep_minimum_degree():
    net = mn.percolating(size=60, coverage=0.65, seed=1)
    drive = {"left": 1.0, "right": 0.0}
    fast, auto = (mn.Simulation(net, mn.RateBalance(), drive, seed=1, order=order) for order in ("fast", "auto"))
    for sim in (fast, auto):
        sim.step(3)
    assert (fast.potential == auto.potential).all()


@pytest.mark.parametrize("order", ["fast", "auto", "best"])
def test_bits_do_not_hang_on_what_was_kept(order):
    alone = simulated(mn.crossbar(16, 16, line_resistance=1.0), order)
    net = mn.crossbar(16, 16, line_resistance=1.0)
    for before in ("best", "auto", "fast"):
        simulated(net, before)
    again = simulated(net, order)
    assert (alone.potential == again.potential).all()
    assert updates(alone) == updates(again)
    g = np.linspace(1e-6, 1e-4, net.n_edges)
    first = mn.solve(mn.crossbar(16, 16, line_resistance=1.0), g, driven(net), order=order)
    assert (mn.solve(net, g, driven(net), order=order).potential == first.potential).all()
    rows = mn.solve(net, [g, 2 * g], driven(net), order=order)
    assert (rows.potential[0] == first.potential).all()


def test_copies_go_on_with_the_same_bits(array):
    sim = simulated(array, "best")
    others = [copy.copy(sim), copy.deepcopy(sim), pickle.loads(pickle.dumps(sim))]
    sim.step(2)
    for other in others:
        assert other.order == "best"
        other.step(2)
        assert (other.potential == sim.potential).all()


def test_the_order_is_saved(array, tmp_path):
    simulated(array, "best").save(tmp_path / "a.ckpt")
    assert mn.Simulation.load(tmp_path / "a.ckpt").order == "best"
    assert "order: best" in repr(simulated(array, "best"))
    assert "order" not in repr(simulated(array, "auto"))


def test_a_network_outlives_its_first_solvers_and_threads_share_it():
    net = mn.crossbar(16, 16, line_resistance=1.0)
    found = [None] * 4

    def work(k):
        found[k] = simulated(net, "auto").potential

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert all((one == found[0]).all() for one in found)


def test_terminal_conductance_takes_an_order(array):
    fast, best = (mn.terminal_conductance(array, 1e-3, order=order) for order in ("fast", "best"))
    np.testing.assert_allclose(best, fast, rtol=1e-11, atol=1e-18)


@pytest.mark.parametrize("order", ["", "slow", None, 1, b"auto"])
def test_bad_orders(array, order):
    for call in (
        lambda: mn.Simulation(array, mn.RateBalance(), driven(array), order=order),
        lambda: mn.solve(array, 1.0, driven(array), order=order),
        lambda: mn.terminal_conductance(array, 1.0, order=order),
    ):
        with pytest.raises((TypeError, ValueError), match="order"):
            call()
