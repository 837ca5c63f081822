"""Material implication by two pores and a resistor: the truth table, why it holds, and where it ceases to."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import memnet as mn
from memnet.papers import _registry as registry, nanopores2024
from memnet.papers.nanopores2024 import logic

PORE = mn.RetentiveNanopore.preset("figure-33", V_A=2.0, V_D=-2.0, tau_M=10.0)
AFTER = logic.expected()[:, :, 1]


@pytest.fixture(scope="module")
def data():
    return nanopores2024.figure37(draws=3, sigmas=(0.05, 1.0))


def states(load=2e6, v_cond=2.2, v_set=2.8, operate=3e-4, pore=PORE):
    """States after the operation, (case, line)."""
    gate = logic.Gate(pore, load, logic.GatePulses(v_cond, v_set, operate), dt=1e-4)
    return gate.table(copies=1, sigma=0.0, seed=0)[0, :, :, 1] >= logic.THRESHOLD


def test_the_truth_table(data):
    assert data.expected.sel(moment="after").values.tolist() == [[0, 1], [0, 1], [1, 0], [1, 1]]
    ones = data.expected.values == 1
    read = data.read.values
    assert read[ones].min() > 1.25 * logic.THRESHOLD
    assert read[~ones].max() < logic.THRESHOLD / 1.25
    # P is as it was, and a Q that was open stays.
    assert np.abs(read[:, 0, 1] / read[:, 0, 0] - 1.0).max() < 0.06
    assert np.abs(read[[1, 3], 1, 1] / read[[1, 3], 1, 0] - 1.0).max() < 0.01


def test_currents_are_those_of_the_circuit(data):
    through_load = data.current.sum("line")
    node = data.voltage - data.pore_voltage
    pulsed = (data.voltage != 0.0) & data.voltage.notnull() & (data.current != 0.0)
    assert pulsed.sum() > 1000
    difference = (node - 2e6 * through_load).where(pulsed)
    assert np.abs(difference).max() < 1e-9


@pytest.mark.parametrize("p", [0, 1])
def test_the_operation_against_another_integrator(data, p):
    case = f"{p}0"
    at = slice(data.operation - 1e-9, data.operation + data.operate - 1e-9)
    found = data.open.sel(case=case, time=at).values
    volts = np.array([2.2, 2.8])

    def rates(_, x):
        g = 1e-7 + 9e-7 * x
        u = volts - (g * volts).sum() / (g.sum() + 5e-7)
        x_eq = 1.0 / (1.0 + np.exp(-(u - 0.5) / 0.1))
        inverse = 0.1 + 1e3 * (np.exp((u - 2.0) / 0.2) + np.exp(-(u + 2.0) / 0.2))
        return (x_eq - x) * inverse

    times = 1e-5 * np.arange(found.shape[1])
    other = solve_ivp(rates, (0.0, 3e-4), found[:, 0], t_eval=times, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(found, other.y, rtol=1e-5)


@pytest.mark.parametrize(
    "changed",
    [{"v_cond": 2.1}, {"v_cond": 2.3}, {"v_set": 2.7}, {"v_set": 2.9}, {"operate": 2e-4}, {"operate": 4e-4},
     {"load": 1.8e6}, {"load": 2.2e6}],
)  # fmt: skip
def test_it_does_not_hang_on_exact_values(changed):
    assert (states(**changed) == AFTER).all()


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"v_cond": 0.0}, [(2, 1)]),  # nothing lifts the node: Q opens whatever P is
        ({"load": 1e4}, [(2, 1)]),
        ({"load": 1e8}, [(0, 1)]),  # all the voltage is across the load: Q never opens
        ({"v_cond": 2.8}, [(0, 0)]),  # P opens, too
        ({"operate": 1e-5}, [(0, 1)]),
    ],
)
def test_what_each_part_is_for(changed, wrong):
    found = states(**changed)
    assert all(found[at] != AFTER[at] for at in wrong)


def test_pores_that_forget_do_not_compute():
    """With the time of figure 33 nothing that was written lasts until it is read."""
    assert not states(pore=mn.RetentiveNanopore.preset("figure-33"))[2:, 0].any()


def test_the_1_that_the_gate_makes_is_too_weak_as_the_p_of_another(data):
    """Docs say so: an open share of 0.145 in P does not keep Q closed."""
    weak = float(data.open.sel(case="00", line="Q")[-1])
    rested = 0.5 + 0.1 * np.log(weak / (1.0 - weak))
    circuit = mn.Circuit()
    circuit.add("P", "node", mn.RetentiveNanopore(**PORE.parameters | {"v_initial": rested}))
    circuit.add("Q", "node", PORE, name="Q")
    circuit.add("node", "ground", mn.Resistor(conductance=5e-7))
    sim = circuit.simulation({"P": 2.2, "Q": 2.8, "ground": 0.0}, dt=3e-4, method="adaptive", rtol=1e-6)
    sim.run(2)
    g = 1e-7 + 9e-7 * np.array([sim.state(PORE, "x")[0], 1.0 / (1.0 + np.exp(5.0))])
    read, closed = g * 5e-7 / (g + 5e-7)
    assert weak == pytest.approx(0.145, abs=0.003)
    assert read / closed > logic.THRESHOLD


def test_tables_where_pores_differ(data):
    right = data.right.mean("draw")
    assert right.sel(sigma=0.05) == 1.0
    assert right.sel(sigma=1.0) < 1.0
    one = logic.Gate(PORE, 2e6, logic.GatePulses(2.2, 2.8, 3e-4), dt=1e-4)
    again = one.table(copies=3, sigma=0.05, seed=0)
    np.testing.assert_array_equal(again, data.spread_read.sel(sigma=0.05))
    assert (one.table(copies=3, sigma=0.05, seed=1) != again).any()


def test_gates_side_by_side_share_nothing():
    gate = logic.Gate(PORE, 2e6, logic.GatePulses(2.2, 2.8, 3e-4), dt=1e-4)
    alone, beside = (gate.table(copies=copies, sigma=0.0, seed=0) for copies in (1, 3))
    np.testing.assert_allclose(beside, np.repeat(alone, 3, axis=0), rtol=1e-9)


def test_the_figure_is_written_read_and_drawn(data, tmp_path):
    registry.write(data, tmp_path / "x.nc")
    read = registry.read(tmp_path / "x.nc")
    assert read.identical(data)
    drawn = nanopores2024.plot_figure37(read)
    drawn.savefig(tmp_path / "x.png", dpi=40)
    assert len(drawn.axes) == 8
