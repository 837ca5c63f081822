"""Where states of texts start: at the voltage v_initial, at 0 V without one, before there is a circuit."""

import numpy as np
import pytest

import memnet as mn

TEXT = """
    i     = (g_L + (g_H - g_L)*x)*v
    dx/dt = (x_eq - x)/tau
    x_eq  = 1/(1 + exp(-(v - V_B)/V_m))
    parameter g_L = 0.1 uS in (0, inf)
    parameter g_H = 1 uS in (0, inf)
    parameter V_B = 0.1 V
    parameter V_m = 25 mV in (0, inf)
    parameter tau = 1 ms in (0, inf)
    state x = x_eq in [0, 1] : open fraction
"""
VOLTAGE = "\n    parameter v_initial = 20 mV : voltage of the start"
CHARGE = "\n    q = C_m*v\n    parameter C_m = 1 nF in [0, inf)"
PARALLEL = mn.Network(2, [(0, 1)] * 3, electrodes={"in": 0, "out": 1})


def x_eq(v):
    return 1 / (1 + np.exp(-(np.asarray(v) - 0.1) / 0.025))


def starts_of(text, **parameters):
    device = mn.device_model("Pore", text)(**parameters)
    return mn.Simulation(PARALLEL, device, {"in": 0.2, "out": 0.0}, dt=1e-4).state(device, "x")


@pytest.mark.parametrize("charge", ["", CHARGE])
def test_a_start_has_the_voltage_v_initial_and_0_without_one(charge):
    np.testing.assert_allclose(starts_of(TEXT + charge), x_eq(0.0), rtol=1e-14)
    np.testing.assert_allclose(starts_of(TEXT + charge + VOLTAGE), x_eq(0.02), rtol=1e-14)
    given = np.array([-0.1, 0.0, 0.2])
    np.testing.assert_allclose(starts_of(TEXT + charge + VOLTAGE, v_initial=given), x_eq(given), rtol=1e-14)


@pytest.mark.parametrize("method", ["fixed", "adaptive"])
def test_a_charge_at_rest_stays_at_rest(method):
    device = mn.device_model("Pore", TEXT + CHARGE + VOLTAGE)(v_initial=0.2)
    sim = mn.Simulation(PARALLEL, device, {"in": 0.2, "out": 0.0}, dt=1e-4, method=method)
    np.testing.assert_allclose(sim.run(50, record=["state:x"]).state_x, x_eq(0.2), rtol=1e-12)


def test_a_charge_that_does_not_fit_the_drive_is_told_where_it_starts():
    device = mn.device_model("Pore", TEXT + CHARGE + VOLTAGE)()
    sim = mn.Simulation(PARALLEL, device, {"in": 0.2, "out": 0.0}, dt=1e-4)
    with pytest.raises(ValueError, match=r"check Pore.v_initial \(0.02 V\)"):
        sim.step(1)


def test_what_a_start_is_of_is_said():
    assert "open fraction; its start is that of v = 0; in [0, 1]." in mn.device_model("Pore", TEXT).__doc__
    assert "; its start is that of v = v_initial; in" in mn.device_model("Pore", TEXT + VOLTAGE).__doc__
    assert "its start" not in mn.device_model("Pore", TEXT.replace("x = x_eq", "x = V_B/V_B")).__doc__


def test_modules_start_at_the_same_voltage():
    def start(text):
        (line,) = (one for one in mn.device_model("Pore", text).to_verilog_a().splitlines() if "static" in one)
        return line

    assert "0.0 - V_B" in start(TEXT)
    assert "v_initial - V_B" in start(TEXT + VOLTAGE)
