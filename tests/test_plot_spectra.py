"""Figures of impedances: what is drawn where."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt

import memnet as mn

mpl.use("Agg")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def spectrum(frequency=(1e3, 10.0, 100.0)):
    circuit = mn.Circuit()
    circuit.add("in", "mid", mn.Resistor(conductance=1e-3))
    circuit.add("mid", "gnd", mn.Capacitor(capacitance=1e-6))
    circuit.add("mid", "gnd", mn.Resistor(conductance=1e-3))
    return mn.impedance(circuit.simulation({"in": 0.0, "gnd": 0.0}), ("in", "gnd"), frequency)


def test_nyquist_draws_minus_the_imaginary_part_from_low_to_high_frequencies():
    z = spectrum()
    drawn = mn.plot.nyquist(z)
    x, y = drawn.lines[0].get_data()
    assert np.array_equal(x, z.values.real[[1, 2, 0]])
    assert np.array_equal(y, -z.values.imag[[1, 2, 0]])
    assert drawn.ax.get_aspect() == 1.0
    assert drawn.figure is drawn.ax.figure


def test_bode_draws_magnitude_and_phase():
    z = spectrum()
    drawn = mn.plot.bode({"first": z, "second": 2.0 * z})
    assert len(drawn.lines) == 4
    assert np.allclose(drawn.lines[2].get_ydata(), 2.0 * np.abs(z.values[[1, 2, 0]]))
    assert np.allclose(drawn.lines[3].get_ydata(), np.degrees(np.angle(z.values[[1, 2, 0]])))
    assert [one.get_text() for one in drawn.ax.get_legend().get_texts()] == ["first", "second"]
    assert drawn.ax.get_yscale() == "log"


def test_given_axes_are_used():
    _, ax = plt.subplots()
    assert mn.plot.nyquist(spectrum(), ax=ax).ax is ax
    figure = plt.figure()
    assert mn.plot.bode(spectrum(), figure=figure).figure is figure


@pytest.mark.parametrize("draw", [mn.plot.nyquist, mn.plot.bode])
@pytest.mark.parametrize(
    ("spectra", "error"), [({}, ValueError), (3, TypeError), ({"a": [1j]}, TypeError), ({1: None}, TypeError)]
)
def test_what_is_no_spectrum_is_refused(draw, spectra, error):
    with pytest.raises(error, match="spectra"):
        draw(spectra)


@pytest.mark.parametrize("draw", [mn.plot.nyquist, mn.plot.bode])
def test_spectra_with_holes_or_without_frequencies_are_refused(draw):
    z = spectrum()
    for wrong, said in (
        (z.where(z.frequency != z.frequency[1]), r"finite impedances, got .* at index \(1,\)"),
        (z.assign_coords(frequency=[1.0, 2.0, np.inf]), r"finite frequencies, got inf at index \(2,\)"),
        (z.drop_vars("frequency"), "coordinate frequency"),
    ):
        with pytest.raises(ValueError, match=said):
            draw({"a": z, "b": wrong})


def test_arrays_over_something_else_are_refused():
    with pytest.raises(ValueError, match="over frequency"):
        mn.plot.nyquist(spectrum().rename(frequency="time"))
