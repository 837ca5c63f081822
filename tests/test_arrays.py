"""Passive arrays of cells with selectors: sneak paths in static solves, fixed and adaptive runs."""

import numpy as np
import pytest

import memnet as mn

RATIOS = {8: 11.67, 32: 4.43, 128: 1.726}


def array(n):
    edges = [(row, n + column) for row in range(n) for column in range(n)]
    return mn.Network(2 * n, edges, electrodes={"w": 0, "b": n})


def cells(n, resistance):
    conductance = np.full(n * n, 1e-4)
    conductance[0] = 1.0 / resistance
    return mn.series(mn.Selector(i_0=1e-9, v_0=0.1), mn.Resistor(conductance=conductance))


def lacking(net, current):
    """Return the largest current (A) that a floating line lacks of Kirchhoff's law."""
    into = np.zeros(net.n_nodes)
    np.add.at(into, net.edges[:, 0], -current)
    np.add.at(into, net.edges[:, 1], current)
    into[[net.electrodes["w"][0], net.electrodes["b"][0]]] = 0.0
    return np.abs(into).max()


def read(net, n, resistance, method):
    drive = {"w": 1.0, "b": 0.0}
    if method == "static":
        found = mn.solve(net, drive=drive, devices=cells(n, resistance))
        assert found.info["newton_steps"] <= 8
        return found.current_of("w")
    sim = mn.Simulation(net, cells(n, resistance), drive, dt=1e-3, method=method)
    data = sim.run(1, record="branch_current")
    assert lacking(net, data.branch_current.values[0]) < 1e-15
    assert sim.counters["solves"] <= 8 + 8 * (method == "adaptive")  # what leads to the next row included
    later = sim.run(3, record="branch_current")
    assert max(lacking(net, row) for row in later.branch_current.values) < 1e-15
    np.testing.assert_allclose(later.current.values[:, 0], data.current.values[0, 0], rtol=1e-12)
    return float(data.current.values[0, 0])


@pytest.mark.parametrize("method", ["static", "fixed", "adaptive"])
@pytest.mark.parametrize("n", RATIOS)
def test_the_ratio_of_currents_with_floating_lines(n, method):
    net = array(n)
    ratio = read(net, n, 10e3, method) / read(net, n, 1e6, method)
    assert ratio == pytest.approx(RATIOS[n], abs=5e-3)
