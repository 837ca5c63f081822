"""FilmSwitch: resistances and times in closed form, and how interface, volume and filament scale."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import memnet as mn

EDGE = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
ADAPTIVE = {"method": "adaptive", "rtol": 1e-6}
AREAS, LENGTHS = st.floats(1e-16, 1e-6), st.floats(1e-9, 1e-6)


def simulated(device, volts, dt=1.0, **options):
    return mn.Simulation(EDGE, device, {"in": volts, "out": 0.0}, dt=dt, **options)


def resistance(device, **state):
    sim = simulated(device, 0.1)
    sim.set_state(device, **state)
    return 1.0 / sim.conductance[0]


@settings(max_examples=30, deadline=None)
@given(area=AREAS, thickness=LENGTHS, layer=LENGTHS, x=st.floats(0.0, 1.0))
def test_layer_and_film_are_in_series(area, thickness, layer, x):
    device = mn.FilmSwitch(area=area, thickness=thickness, layer=layer)
    depth = min(layer, thickness)
    sigma = 1e-3 + (0.1 - 1e-3) * x
    expected = (depth / sigma + (thickness - depth) / 1e3) / area
    assert resistance(device, x=x) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("x", [0.0, 0.3, 1.0])
def test_interface_volume_and_filament_are_told_apart_by_what_they_scale_with(x):
    """Powers of the area and the thickness that the resistance goes with."""

    def interface(area, thickness):
        return mn.FilmSwitch(area=area, thickness=thickness, sigma_film=1e12)

    def volume(area, thickness):
        return mn.FilmSwitch(area=area, thickness=thickness, layer=1.0)

    def powers(make):
        base = resistance(make(1e-12, 20e-9), x=x)
        others = [resistance(make(*one), x=x) for one in ((4e-12, 20e-9), (1e-12, 80e-9))]
        return np.log(np.divide(others, base)) / np.log(4.0)

    assert powers(interface) == pytest.approx([-1.0, 0.0], abs=1e-9)
    assert powers(volume) == pytest.approx([-1.0, 1.0], abs=1e-12)
    # A bridge of metal: no area of the cell, and the same whatever it bridges.
    bridges = [resistance(mn.ElectrochemicalMetallization(L=length), x=0.0) for length in (20e-9, 80e-9)]
    assert bridges[1] == bridges[0]


@pytest.mark.parametrize("volts", [0.05, 2.0])
def test_a_volume_switches_at_a_constant_speed(volts):
    """x = mu E_0 t sinh(v/(L E_0))/L: the square of L at a small voltage, and exponential in v/L at a large one."""
    for length in (20e-9, 40e-9):
        device = mn.FilmSwitch(thickness=length, layer=1.0)
        whole = length / (1e-17 * 50e6 * np.sinh(volts / (length * 50e6)))
        sim = simulated(device, volts, dt=whole / 20, **ADAPTIVE)
        run = sim.run(25, record="state:x")
        expected = np.minimum(run.time.values / whole, 1.0)
        np.testing.assert_allclose(run.state_x.values[:, 0], expected, rtol=1e-9, atol=1e-12)


def test_an_interface_switches_in_a_time_that_thickness_and_area_do_not_change():
    whole = 2e-9 / (1e-17 * 50e6 * np.sinh(0.5 / (2e-9 * 50e6)))
    for area, length in ((1e-12, 20e-9), (1e-14, 200e-9)):
        device = mn.FilmSwitch(area=area, thickness=length, sigma_film=1e12)
        sim = simulated(device, mn.drive.steps([0.5, -0.5], [0.0, whole]), dt=whole / 10, **ADAPTIVE)
        run = sim.run(21, record="state:x")
        expected = 1.0 - np.abs(np.arange(21) / 10.0 - 1.0)
        np.testing.assert_allclose(run.state_x.values[:, 0], expected, rtol=0, atol=1e-7)


def test_the_film_takes_its_share_of_the_voltage():
    """Of a layer that conducts like the film its share of the thickness."""
    device = mn.FilmSwitch(thickness=20e-9, layer=5e-9, sigma_on=1e3, sigma_off=1e3)
    field = 0.4 / 20e-9
    whole = 5e-9 / (1e-17 * 50e6 * np.sinh(field / 50e6))
    sim = simulated(device, 0.4, dt=whole / 2, **ADAPTIVE)
    assert sim.run(2, record="state:x").state_x.values[1, 0] == pytest.approx(0.5, rel=1e-9)


def test_no_voltage_overflows():
    for volts in (1e4, -1e4):
        sim = simulated(mn.FilmSwitch(x_initial=0.5), volts, dt=1e-30)
        sim.step(3)
        assert sim.state(sim.devices[0], "x")[0] == (1.0 if volts > 0.0 else 0.0)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"area": 0.0}, r"area must be in \(0, inf\) m\^2"),
        ({"thickness": -1e-9}, r"thickness must be in \(0, inf\) m"),
        ({"layer": 0.0}, r"layer must be in \(0, inf\) m"),
        ({"sigma_off": 0.0}, r"sigma_off must be in \(0, inf\) S/m"),
        ({"x_initial": 1.5}, r"x_initial must be in \[0, 1\]"),
    ],
)
def test_bad_parameters_are_refused(wrong, says):
    with pytest.raises(ValueError, match=rf"FilmSwitch\.{says}"):
        mn.FilmSwitch(**wrong)
