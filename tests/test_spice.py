"""Netlists, and a rate-balance network against ngspice, which solves the differential equations."""

from __future__ import annotations

import re
import shutil
import subprocess

import numpy as np
import pytest

import memnet as mn
from memnet.spice._netlist import MODELS

# Steps are coarse here: what is compared does not depend on them.
pytestmark = pytest.mark.filterwarnings("ignore::memnet.StepWarning")

needs_ngspice = pytest.mark.skipif(shutil.which("ngspice") is None, reason="no ngspice here")


def run_ngspice(netlist: str, folder) -> np.ndarray:
    """Rows of time and the printed columns."""
    path = folder / "circuit.cir"
    path.write_text(netlist)
    done = subprocess.run(["ngspice", "-b", str(path)], capture_output=True, text=True, timeout=300, check=True)
    rows = [line.split() for line in done.stdout.splitlines() if line[:1].isdigit()]
    table = {int(row[0]): [float(x) for x in row[1:]] for row in rows if len(row) > 2}
    return np.array([table[k] for k in sorted(table)])


def connectome() -> mn.RateBalance:
    return mn.RateBalance(kappa_p0=1e-4, kappa_d0=0.5, eta_p=10.0, eta_d=1.0, g_min=1e-3, g_max=0.1, g_initial=0.0)


@needs_ngspice
def test_rate_balance_network_after_50_seconds(tmp_path):
    net = mn.nanowires(120, size=100, length=25, length_sd=6, seed=2)
    drive = {"left": 4.0, "right": 0.0}
    table = run_ngspice(mn.to_spice(mn.Simulation(net, connectome(), drive, dt=0.05), 50.0), tmp_path)
    assert table[-1, 0] == pytest.approx(50.0, rel=1e-12)
    assert table[-1, 1] == pytest.approx(-table[-1, 2], rel=1e-9)

    def after_50_seconds(dt: float) -> float:
        sim = mn.Simulation(net, connectome(), drive, dt=dt)
        return float(sim.run(round(50 / dt) + 1, every=round(50 / dt)).current.values[-1, 0])

    assert after_50_seconds(0.02) == pytest.approx(-table[-1, 1], rel=1e-5)
    # On the way, too, as the steps get shorter.
    table = run_ngspice(mn.to_spice(mn.Simulation(net, connectome(), drive, dt=0.05), 5.0), tmp_path)
    errors = []
    for dt in (0.005, 0.0025):
        sim = mn.Simulation(net, connectome(), drive, dt=dt)
        sim.run(round(5 / dt), record={"current": False})
        errors.append(abs(float(sim.run(1).current.values[0, 0]) / -table[-1, 1] - 1.0))
    assert errors[0] < 2e-3
    assert errors[1] < 0.55 * errors[0]


@needs_ngspice
def test_resistor_and_capacitor_under_a_changing_voltage(tmp_path):
    """Charging through 2 ohm: v = 1 - exp(-t / RC) after the step, the source's ramp being one step long."""
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    devices = [mn.Resistor(conductance=0.5), mn.Capacitor(capacitance=0.25)]
    sim = mn.Simulation(net, devices, {"in": mn.drive.triangle(0.0, 1.0, 2.0), "out": 0.0}, dt=0.001)
    table = run_ngspice(mn.to_spice(sim, 1.0), tmp_path)
    # a ramp v = t: the current of the capacitor is C (1 - exp(-t / RC)), RC = 0.5 s
    assert -table[-1, 1] == pytest.approx(0.25 * (1 - np.exp(-2.0)), rel=1e-5)
    data = sim.run(1001)
    assert data.current.values[-1, 0] == pytest.approx(-table[-1, 1], rel=2e-3)


def test_a_piecewise_linear_drive_is_exact_between_the_steps_too():
    """Its points lie off the steps; through a resistor the current is the drive."""
    wave = mn.drive.piecewise_linear([0.13, 0.38, 0.61], [0.0, 1.0, -0.5])
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    sim = mn.Simulation(net, mn.Resistor(conductance=0.5), {"in": wave, "out": 0.0}, dt=0.1)
    sim.run(2)
    (source,) = re.findall(r"PWL\((.*?)\)", mn.to_spice(sim, 0.8), re.S)
    points = np.array(source.replace("+", "").split(), dtype=float).reshape(-1, 2)
    t = np.linspace(0.0, 0.8, 1001)
    np.testing.assert_allclose(np.interp(t, *points.T), wave(sim.time + t), rtol=0, atol=1e-12)
    assert len(points) == 9 + 2
    assert (np.diff(points[:, 0]) > 1e-9).all()


@needs_ngspice
def test_floating_and_current_driven_electrodes(tmp_path):
    net = mn.grid(4, 4, seed=3, electrodes={"a": 0, "b": 15, "c": 12})
    sim = mn.Simulation(net, mn.Resistor(conductance=0.5), {"a": mn.drive.current(0.2), "b": 0.0, "c": None})
    table = run_ngspice(mn.to_spice(sim, 1.0), tmp_path)
    assert -table[-1, 1] == pytest.approx(-0.2, rel=1e-9)


def test_what_is_written():
    net = mn.Network(6, [(0, 1), (1, 2), (2, 0), (3, 4), (1, 5)], electrodes={"in": [0], "out": [2, 5]})
    devices = [
        mn.Resistor(conductance=0.5),
        mn.Resistor(conductance=2.0, emf=0.25),
        mn.Capacitor(capacitance=3.0, v_initial=0.5),
        mn.Resistor(),
        mn.RateBalance(g_initial=0.25),
    ]
    sim = mn.Simulation(net, devices, {"in": 1.5, "out": 0.0}, dt=0.5)
    lines = mn.to_spice(sim, 10.0, step=0.25).splitlines()
    assert "R0 e0 n1 2.0" in lines
    assert "B1 n1 e1 I=2.0*(V(n1,e1)-(0.25))" in lines
    assert "C2 e1 e0 3.0 IC=0.5" in lines
    assert not any("n3" in line for line in lines)  # an island
    assert "C4 g4 0 1 IC=0.25" in lines
    assert "V0 e0 0 DC 1.5" in lines
    assert ".tran 0.25 10.0 0 0.25 uic" in lines
    sim.run(3)
    assert f"C4 g4 0 1 IC={float(sim.state(devices[4], 'g')[0])!r}" in mn.to_spice(sim).splitlines()


def test_parameters_for_each_edge_of_a_device():
    net = mn.Network(4, [(0, 1), (1, 2), (2, 3)], electrodes={"in": 0, "out": 3})
    own = mn.Resistor(conductance=np.array([0.25, 0.125]))
    whole = mn.Capacitor(capacitance=np.array([1.0, 2.0, 3.0]))
    sim = mn.Simulation(net, [whole, own, own], {"in": 1.0, "out": 0.0})
    lines = mn.to_spice(sim).splitlines()
    assert {"C0 e0 n1 1.0 IC=0.0", "R1 n1 n2 4.0", "R2 n2 e1 8.0"} <= set(lines)


@needs_ngspice
def test_elements_without_a_state(tmp_path):
    """Each under its own share of a sine: the currents that ngspice finds are those of Newton's method here."""
    net = mn.Network(6, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (1, 3), (2, 5)], electrodes={"in": 0, "out": 5})
    devices = [
        mn.Selector(i_0=1e-4, v_0=0.2),
        mn.Diode(saturation_current=1e-6, ideality=1.5, g_min=1e-5),
        mn.CubicResistor(g_1=1e-3, g_2=1e-4, g_3=2e-3),
        mn.series(mn.Resistor(conductance=1e-3, emf=0.1), mn.Selector(i_0=1e-5, v_0=0.1), mn.Diode(temperature=400.0)),
        mn.VoltageSource(voltage=mn.drive.sine(0.3, 2.0), resistance=50.0),
        mn.CurrentSource(current=mn.drive.triangle(0.0, 1e-3, 0.5)),
        mn.Switch(control=mn.drive.triangle(-1.0, 1.0, 4.0), threshold=3.0, r_off=1e3),
    ]
    wave = mn.drive.sine(2.0, 1.0)
    sim = mn.Simulation(net, devices, {"in": wave, "out": 0.0}, dt=1e-3, method="adaptive", rtol=1e-4)
    table = run_ngspice(mn.to_spice(sim, 1.0, step=2e-3), tmp_path)
    data = sim.run(1001)
    current = np.interp(table[:, 0], data.time.values, data.current.values[:, 0])
    # rows of 1 ms are read between by straight lines: (2 pi)^2 (1 ms)^2 / 8 of a sine, more of what is steeper
    np.testing.assert_allclose(-table[:, 1], current, rtol=0, atol=5e-5 * np.abs(current).max())


@needs_ngspice
def test_a_rectifier_with_a_coil(tmp_path):
    net = mn.Network(4, [(0, 1), (1, 2), (2, 3), (2, 3)], electrodes={"in": 0, "out": 3})
    coil = mn.series(mn.Inductor(inductance=0.05, i_initial=0.01), mn.Resistor(conductance=0.1))
    devices = [coil, mn.Diode(g_min=1e-3), mn.Capacitor(capacitance=1e-3, v_initial=0.5), mn.Resistor(conductance=0.01)]
    drive = {"in": mn.drive.sine(5.0, 10.0), "out": 0.0}
    sim = mn.Simulation(net, devices, drive, dt=1e-4, method="adaptive", rtol=1e-6)
    table = run_ngspice(mn.to_spice(sim, 0.3, step=1e-4), tmp_path)
    data = sim.run(3001)
    current = np.interp(table[:, 0], data.time.values, data.current.values[:, 0])
    np.testing.assert_allclose(-table[:, 1], current, rtol=0, atol=2e-3 * np.abs(current).max())


@needs_ngspice
def test_a_threshold_switch_oscillates_as_its_equations_say(tmp_path):
    """2 V behind 20 kohm on 1 nF beside the switch: the closed form of the period, and of the first spike."""
    net = mn.Network(3, [(0, 1), (1, 2), (1, 2)], electrodes={"in": 0, "out": 2})
    devices = [mn.Resistor(conductance=5e-5), mn.Capacitor(capacitance=1e-9), mn.ThresholdSwitch()]
    sim = mn.Simulation(net, devices, {"in": 2.0, "out": 0.0}, dt=1e-7, method="adaptive")
    table = run_ngspice(mn.to_spice(sim, 1e-4, step=2e-8), tmp_path)
    current = -table[:, 1]
    falls = table[1:, 0][(np.diff(current) > 0) & (current[1:] >= 4.2e-5) & (current[:-1] < 4.2e-5)]
    assert falls[0] == pytest.approx(18.5637e-6, rel=5e-3)
    assert np.diff(falls) == pytest.approx(14.6691806e-6, rel=5e-3)


def test_netlists_belong_to_models():
    assert set(MODELS) <= set(mn.devices.MODELS)


@pytest.mark.parametrize(
    ("device", "drive", "match"),
    [
        (mn.TunnelGap(), 1.0, "TunnelGap has no netlist; to_spice knows Resistor, Capacitor, RateBalance"),
        (mn.RateBalance(step="as-published"), 1.0, "only step='exact'"),
        (mn.Resistor(), mn.drive.concat([(1.0, 2.0), (None, None)]), "'in' changes its role"),
    ],
)
def test_what_has_no_netlist(device, drive, match):
    net = mn.Network(2, [(0, 1)], length=[0.1], electrodes={"in": 0, "out": 1})
    with pytest.raises(ValueError, match=match):
        mn.to_spice(mn.Simulation(net, device, {"in": drive, "out": 0.0}))


def test_a_part_without_a_netlist_is_named():
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    cell = mn.series(mn.Resistor(), mn.LinearDrift())
    with pytest.raises(ValueError, match="LinearDrift has no netlist"):
        mn.to_spice(mn.Simulation(net, cell, {"in": 1.0, "out": 0.0}, method="adaptive"))


def test_bad_arguments():
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    sim = mn.Simulation(net, mn.Resistor(), {"in": 1.0, "out": 0.0})
    with pytest.raises(TypeError, match="sim must be"):
        mn.to_spice(net)
    with pytest.raises(ValueError, match="duration must be"):
        mn.to_spice(sim, 0.0)
    for step in (-1.0, 2.0):
        with pytest.raises(ValueError, match=r"step must be in \(0, 1\] s"):
            mn.to_spice(sim, 1.0, step=step)
    sim = mn.Simulation(net, mn.Resistor(), {"in": mn.drive.sine(1.0, 10.0), "out": 0.0})
    with pytest.raises(ValueError, match="duration must be at most 10,000,000 steps"):
        mn.to_spice(sim, 1e9)
