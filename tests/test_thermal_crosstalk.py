"""Cells that warm each other: heat as a second circuit, in which potentials are temperatures."""

import functools

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import memnet as mn

# A cell that switches the faster the warmer it is, and the heat that it makes; g_th, c_th: 1 uW/K, 1 pJ/K.
CELL = mn.device_model(
    "WarmCell",
    """
    i = (g_off + (g_on - g_off)*x)*v
    dx/dt = k_0*exp(-T_a/(T_0 + linked.v*K_per_V))*sinh(v/v_0)*(1 - x)*x
    parameter g_on = 100 uS
    parameter g_off = 1 uS
    parameter k_0 = 1e18 1/s
    parameter T_a = 12000 K
    parameter T_0 = 300 K
    parameter v_0 = 0.1 V
    parameter K_per_V = 1 K/V
    parameter x_initial = 0.01
    state x = x_initial
    """,
)
HEAT = mn.device_model(
    "Heat",
    """
    i = g_th*v - linked.v**2*(g_off + (g_on - g_off)*linked.x)/V_1
    q = c_th*v
    parameter g_on = 100 uS
    parameter g_off = 1 uS
    parameter g_th = 1 uS
    parameter c_th = 1 pF
    parameter V_1 = 1 V
    """,
)
COUPLING = 0.3e-6
X = np.full((3, 3), 0.01)
X[1, 1] = 0.9


def array(coupling=COUPLING, volts=0.5, cell=CELL, heat=HEAT, **options):
    """An array whose middle cell conducts and is driven, with V/2 at the other lines."""
    net = mn.crossbar(3, 3, thermal_conductance=coupling)
    drive = mn.arrays.read_drive(net, (1, 1), volts, "V/2")
    devices = mn.cell_devices(net, cell(), heat=heat(), x_initial=X)
    return mn.Simulation(net, devices, drive, **{"dt": 1e-8, **options})


def voltages(volts=0.5):
    across = np.zeros((3, 3))
    across[1], across[:, 1], across[1, 1] = volts / 2, volts / 2, volts
    return across


def expected(times, coupling=COUPLING, volts=0.5):
    """States and temperatures of all cells, by SciPy."""
    v = voltages(volts)

    def rates(_, y):
        x, warm = y.reshape(2, 3, 3)
        heat = v**2 * (1e-6 + 99e-6 * x) - 1e-6 * warm
        for axis in (0, 1):
            flow = coupling * np.diff(warm, axis=axis)
            first, last = (slice(None, -1), slice(1, None))
            heat[first if axis == 0 else (slice(None), first)] += flow
            heat[last if axis == 0 else (slice(None), last)] -= flow
        rate = 1e18 * np.exp(-12000.0 / (300.0 + warm)) * np.sinh(v / 0.1) * (1.0 - x) * x
        return np.append(rate, heat / 1e-12)

    start = np.append(X, np.zeros(9))
    found = solve_ivp(rates, (0.0, times[-1]), start, "LSODA", times, rtol=1e-10, atol=1e-12)
    return found.y.T.reshape(len(times), 2, 3, 3)


def warmth(sim):
    return sim.branch_voltage[sim.net.layout.heat][0]


def states(sim):
    return sim.state(sim.devices[0], "x").reshape(3, 3)


@pytest.mark.parametrize(
    ("options", "rtol"),
    [({}, 2e-4), ({"dt": 1e-6, "method": "adaptive", "rtol": 1e-8}, 1e-5)],
    ids=["fixed", "adaptive"],
)
def test_states_and_temperatures_are_those_of_scipy(options, rtol):
    sim = array(**options)
    wanted = expected([0.0, 1e-6, 5e-6])
    for time, (x, _) in zip((1e-6, 5e-6), wanted[1:], strict=True):
        sim.run(round((time - sim.time) / sim.dt))
        np.testing.assert_allclose(states(sim), x, rtol=rtol)
        assert sim.time == pytest.approx(time)
    warm = wanted[-1, 1]
    sim.run(1)  # the row of this time
    np.testing.assert_allclose(warmth(sim), warm, rtol=1e-2)
    assert warm[0, 1] > 1.5


def test_heat_that_is_made_flows_off_and_is_symmetric():
    sim = array(volts=0.4, cell=functools.partial(CELL, T_a=6e4))  # states stay
    sim.run(4000)
    warm = warmth(sim)
    made = (voltages(0.4) ** 2 * (1e-6 + 99e-6 * states(sim))).sum()
    assert 1e-6 * warm.sum() == pytest.approx(made, rel=1e-9)
    np.testing.assert_allclose(warm, warm.T, rtol=1e-12)
    np.testing.assert_allclose(warm, warm[::-1, ::-1], rtol=1e-12)
    assert warm[0, 0] < warm[0, 1] < warm[1, 1]


def test_without_coupling_each_cell_has_the_bits_that_it_has_alone():
    sim = array(0.0)
    sim.run(200)
    for row, column in np.ndindex(3, 3):
        net = mn.crossbar(1, 1, thermal_conductance=0.0)
        devices = mn.cell_devices(net, CELL(x_initial=X[row, column]), heat=HEAT())
        alone = mn.Simulation(net, devices, {"w0": voltages()[row, column], "b0": 0.0, "sink": 0.0}, dt=1e-8)
        alone.run(200)
        assert alone.state(alone.devices[0], "x")[0] == states(sim)[row, column]
        assert warmth(alone)[0, 0] == warmth(sim)[row, column]


def test_hammering_a_cell_disturbs_its_neighbours():
    """Half-selected neighbours switch by the heat of the middle cell; control: without coupling they stay."""
    cell, heat = functools.partial(CELL, k_0=5e19), functools.partial(HEAT, g_th=2e-7)
    found = {}
    for coupling in (0.0, 1e-7):
        sim = array(coupling, volts=0.6, dt=1e-7, cell=cell, heat=heat)
        sim.run(5000)
        found[coupling] = states(sim)
    half = voltages() == 0.25
    assert (found[0.0][half] < 0.1).all()
    assert (found[1e-7][half] > 0.9).all()
    assert found[0.0][0, 0] == found[1e-7][0, 0] == 0.01  # unselected: warm, but without voltage


def test_neighbours_in_three_dimensions():
    net = mn.crossbar(2, 3, layers=2, thermal_conductance=1e-6)
    layout = net.layout
    warm = {int(net.edges[edge][0]): place for place, edge in np.ndenumerate(layout.heat)}
    pairs = {frozenset(warm[int(node)] for node in net.edges[edge]) for edge in layout.couplings}
    places = list(warm.values())
    near = {frozenset((a, b)) for a in places for b in places if np.abs(np.subtract(a, b)).sum() == 1}
    assert pairs == near
    assert len(layout.couplings) == len(near)
    assert set(net.edges[layout.heat.ravel()][:, 1].tolist()) == set(net.electrodes["sink"].tolist())


def test_readings_leave_heat_at_rest():
    g = np.random.default_rng(1).uniform(1e-6, 1e-4, (3, 4))
    net, plain = mn.crossbar(3, 4, thermal_conductance=1e-6), mn.crossbar(3, 4)
    found = mn.solve(net, mn.cell_conductances(net, g), mn.arrays.read_drive(net, (1, 2), 0.2))
    wanted = mn.solve(plain, mn.cell_conductances(plain, g), mn.arrays.read_drive(plain, (1, 2), 0.2))
    np.testing.assert_allclose(found.current[:7], wanted.current, rtol=1e-13)


@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf, "1", True, [1.0, 2.0]])
def test_thermal_conductances_that_cannot_be_are_refused(value):
    with pytest.raises((TypeError, ValueError), match="thermal_conductance must be"):
        mn.crossbar(2, 2, thermal_conductance=value)


def test_what_does_not_go_together_is_refused():
    with pytest.raises(ValueError, match="gates and thermal_conductance must not both be given"):
        mn.crossbar(2, 2, gates="rows", thermal_conductance=1e-6)
    with pytest.raises(ValueError, match="heat must be None for a crossbar without thermal_conductance"):
        mn.cell_devices(mn.crossbar(2, 2), CELL(), heat=HEAT())
    with pytest.raises(TypeError, match="heat must be a Device"):
        mn.cell_devices(mn.crossbar(2, 2, thermal_conductance=0.0), CELL())
