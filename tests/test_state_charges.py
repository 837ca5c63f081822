"""Charges that follow states: what these bring to a current, i = q_v dv/dt + q_x dx/dt, in rows of all steps."""

import numpy as np
import pytest
from pores import EDGE, combined, single

import memnet as mn

# The pore of figure 31 with its polarisation as a charge, which no voltage holds.
POLARISED = """
i     = g_L*v
q     = Q_0*p
dp/dt = (1/(1 + exp(-v/V_m)) - p_m - p)/tau_0
parameter g_L = 0.1 uS in (0, inf)
parameter Q_0 = 1 nC in (0, inf)
parameter V_m = 0.1 V in (0, inf)
parameter p_m = 0.5
parameter tau_0 = 1 ms in (0, inf)
state p = 0
"""


@pytest.mark.parametrize("options", [{"method": "fixed"}, {"method": "adaptive", "rtol": 1e-7}])
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


@pytest.mark.parametrize("phase", [0.0, 0.3])
@pytest.mark.parametrize("series", [False, True])
def test_a_charge_that_no_voltage_holds(series, phase):
    """Written as a charge or as a current, polarisation draws the same to second order, from the first row."""
    polarised = mn.device_model("Polarised", POLARISED)
    wave = mn.drive.sine(1.5, frequency=100.0, phase=phase)
    currents = []
    for device in (polarised(), mn.CapacitivePore()):
        ends = [("in", "n", mn.Resistor(conductance=1e-6)), ("n", "out", device)]
        make = combined(*ends) if series else single(device)
        sim = make({"in": wave, "out": 0.0}, dt=1e-5)
        currents.append(sim.run(1000).current.values[:, 0])
    assert np.abs(currents[0] - currents[1]).max() < (1e-5 / 1e-3) ** 2 * 1e-2 * np.abs(currents[1]).max()
    assert currents[0][0] == pytest.approx(currents[1][0], rel=1e-12)


@pytest.mark.parametrize("series", [False, True])
def test_a_charge_that_no_voltage_holds_in_adaptive_steps(series):
    polarised = mn.device_model("Polarised", POLARISED)
    wave = mn.drive.sine(1.5, frequency=100.0)
    currents = []
    for device in (polarised(), mn.CapacitivePore()):
        ends = [("in", "n", mn.Resistor(conductance=1e-6)), ("n", "out", device)]
        make = combined(*ends) if series else single(device)
        sim = make({"in": wave, "out": 0.0}, dt=1e-5, method="adaptive", rtol=1e-6)
        currents.append(sim.run(1000).current.values[:, 0])
    assert np.abs(currents[0] - currents[1]).max() < 1e-5 * np.abs(currents[1]).max()
