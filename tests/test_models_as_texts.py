"""Models of C files written once more as texts: the same runs, to rounding, and the same events."""

import numpy as np
import pytest

import memnet as mn

RATE_BALANCE = """
i     = (g_min*(1 - g) + g_max*g)*v
dg/dt = k_P*(1 - g) - k_D*g
k_P   = kappa_p0*exp(min(eta_p*abs(v), 700))
k_D   = kappa_d0*exp(-eta_d*abs(v))
parameter kappa_p0 = 1e-4 1/s in [0, inf)
parameter kappa_d0 = 0.5 1/s in [0, inf)
parameter eta_p = 10 1/V in [0, inf)
parameter eta_d = 1 1/V in [0, inf)
parameter g_min = 1 mS in [0, inf)
parameter g_max = 100 mS in [0, inf)
state g = 0 in [0, 1]
"""
# The field is over the whole gap, as with field="gap".
TUNNEL_GAP = """
i     = where(closed, g_on, where(beta*length > 300, 0, alpha*exp(-beta*length)))*v
dd/dt = where(closed or d >= length, 0, where(abs(v) - e_t*length > 0, r_d*((abs(v) - e_t*length)/length), 0))
dw/dt = where(closed and abs(g_on*v) - i_t > 0, -r_w*(abs(g_on*v) - i_t), 0)
event opened when closed and w <= 0: d = 0, w = w_0, closed = 0
event closed when not closed and d >= length: d = length, w = w_0, closed = 1
parameter alpha = 1 S in [0, inf)
parameter beta = 200 1/pd in [0, inf)
parameter g_on = 10 S in [0, inf)
parameter e_t = 10 V/pd in [0, inf)
parameter i_t = 0.01 A in [0, inf)
parameter r_d = 1e-3 pd^2/(V s)
parameter r_w = 10 1/(A s)
parameter w_0 = 1
state d = 0 pd in [0 pd, inf)
state w = w_0
state closed = 0 in [0, 1]
"""


@pytest.mark.parametrize("network", ["wires", "percolating"])
def test_rate_balance(network):
    if network == "wires":
        net, volts = mn.nanowires(300, size=100, length=20, length_sd=5, seed=3), 8.0
    else:
        net, volts = mn.percolating(size=200, coverage=0.65, seed=1), 12.0
    text = mn.device_model("RateBalanceText", RATE_BALANCE)
    c_file = mn.RateBalance(kappa_p0=1e-4, kappa_d0=0.5, eta_p=10.0, eta_d=1.0, g_min=1e-3, g_max=0.1, g_initial=0.0)
    found, expected = (
        mn.Simulation(net, device, {"left": volts, "right": 0.0}, dt=1e-4).run(2000, record=["state:g"])
        for device in (text(), c_file)
    )
    assert expected.state_g.values[-1].max() > 0.1
    np.testing.assert_allclose(found.state_g, expected.state_g, rtol=1e-12, atol=0)
    np.testing.assert_allclose(found.conductance, expected.conductance, rtol=1e-12)


def test_tunnel_gap_has_the_same_events_at_the_same_steps():
    """With field="gap". With "remaining" the C file takes a step of Euler, and a text one along the slope."""
    net = mn.percolating(size=200, coverage=0.65, seed=1)
    text = mn.device_model("TunnelGapText", TUNNEL_GAP)
    found, expected = (
        mn.Simulation(net, device, {"left": 8.0, "right": 0.0}, dt=1e-3).run(2000)
        for device in (text(), mn.TunnelGap(r_d=1e-3, r_w=10.0, field="gap"))
    )
    assert expected.event_step.size > 100
    for name in ("event_step", "event_edge", "event_kind"):
        assert np.array_equal(found[name], expected[name])
    np.testing.assert_allclose(found.conductance, expected.conductance, rtol=1e-12)


SELECTOR = """
i = i_0*(sinh(u) + (v/v_0 - u)*cosh(u))
u = max(min(v/v_0, 200), -200)
parameter i_0 = 1 nA in (0, inf)
parameter v_0 = 0.1 V in (0, inf)
"""
TRANSISTOR = """
i          = k/2*difference*(source_side + drain_side)*(1 + modulation*abs(v))
over       = linked.v - v_t
source_side = max(over, 0)
drain_side  = max(over - v, 0)
difference = where(source_side > 0 and drain_side > 0, v, source_side - drain_side)
parameter k = 1e-4 A/V^2 in (0, inf)
parameter v_t = 1 V
parameter modulation = 0 1/V in [0, inf)
"""


@pytest.mark.parametrize("volts", [1e-9, 0.03, 0.7, -1.1, 25.0, -30.0])
def test_selector(volts):
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    text = mn.device_model("SelectorText", SELECTOR)
    found, expected = (
        mn.Simulation(net, device, {"in": volts, "out": 0.0}).run(1).current.values[0, 0]
        for device in (text(), mn.Selector())
    )
    assert found == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("drain", [0.2, 1.4, 3.0, -0.5, -2.0])
@pytest.mark.parametrize("gate", [0.5, 1.8, 3.0])
def test_transistor(drain, gate):
    """Cut off, linear, saturated, reversed."""
    net = mn.Network(3, [(0, 1), (2, 1)], electrodes={"drain": 0, "source": 1, "gate": 2})
    text = mn.device_model("TransistorText", TRANSISTOR)
    found, expected = (
        mn.Simulation(net, [mn.link(device, to=1), mn.Resistor(conductance=0.0)],
                      {"drain": drain, "source": 0.0, "gate": gate}).run(1).current.values[0]
        for device in (text(modulation=0.05), mn.Transistor(modulation=0.05))
    )  # fmt: skip
    np.testing.assert_allclose(found, expected, rtol=1e-15)


def test_stochastic_rate_balance_draws_the_same_numbers():
    net = mn.nanowires(300, size=100, length=20, length_sd=5, seed=3)
    text = mn.device_model(
        "StochasticText", RATE_BALANCE.replace("- k_D*g", "- k_D*g + sigma*xi") + "parameter sigma = 0.05 1/s^0.5"
    )
    numbers = {"kappa_p0": 1e-4, "kappa_d0": 0.5, "eta_p": 10.0, "eta_d": 1.0, "g_min": 1e-3, "g_max": 0.1}
    c_file = mn.StochasticRateBalance(**numbers, sigma=0.05, jump_rate=0.0, g_initial=0.0)
    found, expected = (
        mn.Simulation(net, device, {"left": 8.0, "right": 0.0}, dt=1e-4, seed=7).run(2000, record=["state:g"])
        for device in (text(), c_file)
    )
    assert expected.state_g.values[-1].std() > 1e-3
    np.testing.assert_allclose(found.state_g, expected.state_g, rtol=0, atol=1e-12)
