"""Cells of a selector and a memristor (1S1R) in crossbars: sneak paths, half-selected cells, volatile selectors."""

import numpy as np
import pytest
from scipy.optimize import brentq

import memnet as mn

# A volatile selector that holds as long as it carries 1 uA: v_off is that current times r_on.
VOLATILE = mn.ThresholdSwitch(v_on=0.6, v_off=1e-3, r_on=1e3, r_off=1e8)


def selected_current(n, conductance, others, selector=None):
    """The current of cell (0, 0) of an array of 100 uS, read at 1 V with other lines at a potential or floating."""
    net = mn.crossbar(n, n)
    each = np.full((n, n), 1e-4)
    each[0, 0] = conductance
    cell = mn.Resistor(conductance=each.ravel())
    cell = cell if selector is None else mn.series(selector, cell)
    drive = dict.fromkeys(net.electrodes, others) | {"w0": 1.0, "b0": 0.0}
    return -mn.solve(net, devices=mn.cell_devices(net, cell), drive=drive).current_of("b0")


# ------------------------------------------------------------------ sinh selectors


def alone(g, volts):
    """The current of a sinh selector, 1 nA sinh(v / 0.1 V), behind a conductance."""
    return g * (volts - brentq(lambda v: g * (volts - v) - 1e-9 * np.sinh(v / 0.1), 0.0, volts, xtol=1e-16))


@pytest.mark.parametrize("n", [8, 128])
def test_sneak_paths_behind_sinh_selectors(n):
    """Floating lines: all other cells of the row, then all in neither, then those of the column are each alike."""
    selector = mn.Selector(i_0=1e-9, v_0=0.1)

    def sneak():
        """The current through the three groups in series, one of (n - 1)^2 cells between two of n - 1."""

        def voltage(i):
            edge, inner = i / (n - 1), i / (n - 1) ** 2
            return sum(m * (x / 1e-4 + 0.1 * np.arcsinh(x / 1e-9)) for m, x in ((2.0, edge), (1.0, inner)))

        return brentq(lambda i: voltage(i) - 1.0, 0.0, 1e-2, xtol=1e-20, rtol=1e-15)

    for g in (1e-4, 1e-6):
        assert selected_current(n, g, None, selector) == pytest.approx(alone(g, 1.0) + sneak(), rel=1e-9)
        half = (n - 1) * alone(1e-4, 0.5)
        assert selected_current(n, g, 0.5, selector) == pytest.approx(alone(g, 1.0) + half, rel=1e-9)


@pytest.mark.parametrize(
    ("n", "others", "with_selectors", "without"),
    [(8, None, 11.67, 1.302), (128, None, 1.73, 1.016), (8, 0.5, 7.59, None), (128, 0.5, 1.59, None)],
)
def test_ratio_of_currents(n, others, with_selectors, without):
    """100 uS against 1 uS; the numbers are those of plain NumPy, to the digits printed."""

    def ratio(selector):
        return selected_current(n, 1e-4, others, selector) / selected_current(n, 1e-6, others, selector)

    assert ratio(mn.Selector(i_0=1e-9, v_0=0.1)) == pytest.approx(with_selectors, abs=0.005)
    if without is not None:
        assert ratio(None) == pytest.approx(without, abs=0.0005)


# ------------------------------------------------------------------ volatile selectors


@pytest.mark.parametrize("options", [{}, {"method": "adaptive", "rtol": 1e-6}], ids=["fixed", "adaptive"])
def test_a_volatile_selector_closes_and_opens_inside_its_edge(options):
    """Closed forms: at 0.6 V across its own resistance, and where the current has fallen to 1 uA."""
    net = mn.Network(2, [(0, 1)], electrodes={"a": 0, "b": 1})
    drive = {"a": mn.drive.triangle(0.0, 1.0, period=2.0), "b": 0.0}
    sim = mn.Simulation(net, mn.series(VOLATILE, mn.Resistor(conductance=1e-5)), drive, dt=1e-3, **options)
    data = sim.run(2000)
    assert data.event_kind.values.tolist() == [1, -1]
    closes, opens = 0.6 * (1.0 + 1e5 / 1e8), 1e-3 * (1.0 + 1e5 / 1e3)
    np.testing.assert_allclose(data.event_time, [closes, 2.0 - opens], rtol=1e-9)
    at = np.array([500, 800, 1500])
    resistance = 1e5 + np.array([1e8, 1e3, 1e3])
    np.testing.assert_allclose(data.current.values[at, 0], np.array([0.5, 0.8, 0.5]) / resistance, rtol=1e-9)


def test_volatile_selectors_keep_half_selected_cells():
    """A cell is written by V/2; control: without selectors half-selected cells move half as fast as it."""
    net = mn.crossbar(4, 4)
    drive = dict.fromkeys(net.electrodes, 0.5) | {"w1": 1.0, "b2": 0.0}
    half = np.zeros((4, 4), dtype=bool)
    half[1], half[:, 2], half[1, 2] = True, True, False
    memristor = mn.LinearDrift(r_on=1e4, r_off=1e5, x_initial=0.2)

    def moved(cell, state):
        sim = mn.Simulation(net, mn.cell_devices(net, cell), drive, dt=1e-3)
        data = sim.run(100)
        return sim.state(cell, state).reshape(4, 4) - 0.2, data.event_edge.values

    change, closed = moved(mn.series(VOLATILE, memristor), "x_2")
    assert closed.tolist() == [int(net.cell[0, 1, 2])]
    assert change[1, 2] > 0.05
    assert (change[half] < 2e-3 * change[1, 2]).all()
    bare, _ = moved(memristor, "x")
    assert (bare[half] > 0.3 * bare[1, 2]).all()


# ------------------------------------------------------------------ stochastic selectors


def two_edges_a_cell(net):
    """The network of a crossbar with a node inside each cell: all memristors, then all selectors."""
    word, bit = net.edges[net.cell.ravel()].T
    inner = net.n_nodes + np.arange(word.size)
    edges = np.concatenate([np.stack([word, inner], axis=1), np.stack([inner, bit], axis=1)])
    return mn.Network(net.n_nodes + word.size, edges, electrodes=net.electrodes)


def test_diffusive_selectors_are_edges_of_their_own():
    selector = mn.DiffusiveMemristor.preset(next(iter(mn.DiffusiveMemristor.presets())))
    with pytest.raises(ValueError, match=r"no noise, .*put a node between the devices.*: DiffusiveMemristor"):
        mn.series(mn.LinearDrift(), selector)
    net = mn.crossbar(2, 3)
    two = two_edges_a_cell(net)
    memristor = mn.Resistor(conductance=1e-5)
    drive = {"w0": 0.3, "w1": 0.1, "b0": 0.0, "b1": 0.0, "b2": 0.1}
    sim = mn.Simulation(two, [memristor] * 6 + [selector] * 6, drive, dt=1e-9, seed=3)
    conductance = sim.conductance[6:]
    across = np.array([0.3, 0.3, 0.2, 0.1, 0.1, 0.0])
    np.testing.assert_allclose(sim.branch_current[:6], across / (1e5 + 1.0 / conductance), rtol=1e-10, atol=1e-20)
    sim.run(20)
    np.testing.assert_allclose(sim.branch_current[:6], sim.branch_current[6:], rtol=1e-10, atol=1e-20)
