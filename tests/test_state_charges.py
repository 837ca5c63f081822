"""Charges that follow states, q(v, x): what they carry in rows of all steps, static states and periodic ones."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import memnet as mn

G_1, G_2, VOLTS = 2e-6, 1e-6, 1.5
C_0, ALPHA, TAU = 1e-6, 0.8, 0.3
MEMCAPACITOR = """
    q     = C_0*(1 + alpha*x)*v
    dx/dt = (v/V_0 + beta*x**2 - x)/tau
    parameter C_0   = 1 uF in (0, inf)
    parameter alpha = 0.8 in (-1, inf)
    parameter beta  = 0.1
    parameter V_0   = 2 V in (0, inf)
    parameter tau   = 0.3 s in (0, inf)
    state x = 0
"""


def memcapacitor(**parameters):
    return mn.device_model("MyMemcapacitor", MEMCAPACITOR)(**parameters)


def divider(device, drive=VOLTS, **options):
    """Return a simulation of a device beside a leak, behind a resistor."""
    circuit = mn.Circuit()
    circuit.add("in", "out", mn.Resistor(conductance=G_1), name="series")
    circuit.add("out", "gnd", mn.Resistor(conductance=G_2), name="leak")
    circuit.add("out", "gnd", device, name="cell")
    return circuit.simulation({"in": drive, "gnd": 0.0}, **options)


@pytest.mark.parametrize("alpha", [0.8, -0.6, 40.0])
@pytest.mark.parametrize("turned", [False, True])
def test_stability_is_that_of_a_jacobian_by_hand(alpha, turned):
    """C(x) du/dt + u C'(x) dx/dt = G_1 (V - u) - G_2 u, with f(u, x) = dx/dt."""
    circuit = mn.Circuit()
    circuit.add("in", "out", mn.Resistor(conductance=G_1))
    circuit.add("out", "gnd", mn.Resistor(conductance=G_2))
    circuit.add(*(("gnd", "out") if turned else ("out", "gnd")), memcapacitor(alpha=alpha))
    states = mn.equilibria(circuit, {"in": VOLTS, "gnd": 0.0})
    assert len(states) == 2
    u = VOLTS * G_1 / (G_1 + G_2)
    v = -u if turned else u
    for row, x in enumerate(np.sort((1.0 + np.array([-1.0, 1.0]) * np.sqrt(1.0 - 0.4 * v / 2.0)) / 0.2)):
        order = int(np.argsort(states.state(states.devices[-1], "x").ravel())[row])
        assert states.state(states.devices[-1], "x")[order, 0] == pytest.approx(x, rel=1e-9)
        capacitance, f_x, f_v = C_0 * (1.0 + alpha * x), (0.2 * x - 1.0) / TAU, 0.5 / TAU
        push = C_0 * alpha * v / capacitance  # of v by dx/dt
        jacobian = np.array([[-(G_1 + G_2) / capacitance - push * f_v, -push * f_x], [f_v, f_x]])
        want = np.linalg.eigvals(jacobian).astype(complex)
        found = states.eigenvalues[order][np.isfinite(states.eigenvalues[order])]
        assert np.allclose(np.sort_complex(found), np.sort_complex(want), rtol=1e-9)
        assert states.stable[order] == (want.real < 0.0).all()


def test_a_charge_that_follows_the_state_alone_bends_the_potential():
    """q = k x: G (V - u) = k dx/dt with dx/dt = (u/V_0 - x)/tau has one eigenvalue, -1/(tau + k/(G V_0))."""
    model = mn.device_model(
        "Follower",
        """
        q     = k*x + C*v
        dx/dt = (v/V_0 - x)/tau
        parameter k   = 1 uC in (0, inf)
        parameter C   = 0 F in [0, inf)
        parameter V_0 = 1 V in (0, inf)
        parameter tau = 0.3 s in (0, inf)
        state x = 0
        """,
    )
    states = mn.equilibria(divider(model()))
    (value,) = states.eigenvalues[0][np.isfinite(states.eigenvalues[0])]
    assert value.real == pytest.approx(-1.0 / (TAU + 1e-6 / (G_1 + G_2)), rel=1e-9)
    assert states.stable.all()


def test_a_cell_that_reads_another_edge_has_the_slopes_of_its_rate_by_what_it_reads():
    """Two states: x follows the voltage of the output, which its own conductance pulls down."""
    model = mn.device_model(
        "Follows",
        """
        i     = g*(1 + x)*v
        dx/dt = (linked.v/V_0 - x)/tau
        parameter g   = 1 uS in (0, inf)
        parameter V_0 = 1 V in (0, inf)
        parameter tau = 0.3 s in (0, inf)
        state x = 0
        """,
    )
    circuit = mn.Circuit()
    circuit.add("in", "out", mn.Resistor(conductance=G_1), name="series")
    circuit.add("out", "gnd", mn.Capacitor(capacitance=C_0), name="output")
    circuit.add("out", "gnd", mn.link(model(), to="output"), name="cell")
    states = mn.equilibria(circuit, {"in": VOLTS, "gnd": 0.0})
    u = np.roots([1e-6, G_1 + 1e-6, -G_1 * VOLTS]).max()
    k = int(np.argmax(states.potential[:, 1]))
    assert states.potential[k].max() == pytest.approx(VOLTS)
    jacobian = np.array([[-(G_1 + 1e-6 * (1.0 + u)) / C_0, -1e-6 * u / C_0], [1.0 / TAU, -1.0 / TAU]])
    rows = [row for row in range(len(states)) if np.isclose(states.potential[row], u, rtol=1e-9).any()]
    found = states.eigenvalues[rows[0]]
    assert np.allclose(np.sort_complex(found[np.isfinite(found)]), np.sort_complex(np.linalg.eigvals(jacobian)))


def test_the_periodic_state_is_that_of_a_long_run():
    """By SciPy, which solves C(x) du/dt + u C'(x) dx/dt = G_1 (V(t) - u) - G_2 u for 40 cycles, and by memnet."""
    wave, period = mn.drive.sine(1.0, 2.0), 0.5
    loop = mn.periodic(divider(memcapacitor(), wave, dt=0.01, method="adaptive", rtol=1e-4), period, 1e-5)

    def rates(t, y):
        u, x = y
        f = (u / 2.0 + 0.1 * x**2 - x) / TAU
        current = G_1 * (np.sin(4.0 * np.pi * t) - u) - G_2 * u
        return (current - u * C_0 * ALPHA * f) / (C_0 * (1.0 + ALPHA * x)), f

    times = 40 * period + 0.01 * np.arange(50)
    found = solve_ivp(rates, (0.0, times[-1]), (0.0, 0.0), t_eval=times, rtol=1e-9, atol=1e-12)
    want = G_1 * (np.sin(4.0 * np.pi * times) - found.y[0])
    assert np.allclose(loop.current.sel(electrode="in"), want, rtol=0.0, atol=3e-4 * abs(want).max())
    long = divider(memcapacitor(), wave, dt=0.01, method="adaptive", rtol=1e-4)
    long.step(40 * 50)
    assert np.allclose(loop.current, long.run(50).current, rtol=0.0, atol=1e-4 * abs(want).max())


# ------------------------------------------------------------------ rows

EDGE = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
BOTH_WAYS = [{"method": "fixed"}, {"method": "adaptive", "rtol": 1e-7}]

# Polarisation that no voltage holds, as a charge and as the current that it draws.
POLARISED = """
    {law}
    p_eq  = 1/(1 + exp(-v/V_m)) - p_m
    dp/dt = (p_eq - p)/tau_0
    parameter g_L   = 0.1 uS in (0, inf)
    parameter Q_0   = 1 nC in (0, inf)
    parameter V_m   = 0.1 V in (0, inf)
    parameter p_m   = 0.5
    parameter tau_0 = 1 ms in (0, inf)
    state p = 0
"""
CHARGE = mn.device_model("PolarisedByCharge", POLARISED.format(law="i = g_L*v\n    q = Q_0*p"))
CURRENT = mn.device_model("PolarisedByCurrent", POLARISED.format(law="i = g_L*v + Q_0*(p_eq - p)/tau_0"))


@pytest.mark.parametrize("options", BOTH_WAYS)
def test_a_memcapacitor_between_driven_electrodes(options):
    """Within its threshold dx/dt = alpha v, so x is a cosine and the current d(C v)/dt in closed form."""
    alpha, omega, amplitude = 30.0, 2.0 * np.pi * 100.0, 0.4
    device = mn.Memcapacitor(alpha=alpha, x_initial=0.2)
    wave = mn.drive.sine(amplitude, frequency=100.0)
    sim = mn.Simulation(EDGE, device, {"in": wave, "out": 0.0}, dt=1e-5, **options)
    data = sim.run(2000)
    angle = omega * data.time.values
    volts, slope = amplitude * np.sin(angle), amplitude * omega * np.cos(angle)
    x = 0.2 + alpha * amplitude / omega * (1.0 - np.cos(angle))
    expected = (1e-9 + 9e-9 * x) * slope + 9e-9 * alpha * volts**2
    share = 9e-9 * alpha * (volts**2).max() / np.abs(expected).max()
    assert share > 0.01
    assert np.abs(data.current.values[:, 0] - expected).max() < 1e-3 * share * np.abs(expected).max()


@pytest.mark.parametrize("options", BOTH_WAYS)
def test_a_charge_that_no_voltage_holds_is_the_current_that_it_draws(options):
    wave = mn.drive.sine(1.5, frequency=100.0)
    currents = []
    for device in (CHARGE(), CURRENT()):
        sim = mn.Simulation(EDGE, device, {"in": wave, "out": 0.0}, dt=1e-5, **options)
        currents.append(sim.run(1000).current.values[:, 0])
    assert np.abs(currents[0] - currents[1]).max() < 1e-5 * np.abs(currents[1]).max()
