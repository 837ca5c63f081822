"""Pictures of crossbars show what they were given."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot

import memnet as mn

mpl.use("Agg")


@pytest.fixture(autouse=True)
def no_figures_left():
    yield
    pyplot.close("all")


def test_a_heat_map_has_the_values_of_cells_and_a_panel_a_layer():
    net = mn.crossbar(3, 4, layers=2, line_resistance=1.0)
    g = np.random.default_rng(0).uniform(1e-6, 1e-4, net.cell.shape)
    of_edges = mn.cell_conductances(net, g)
    for values in (g, of_edges):
        drawn = mn.plot.cells(net, values, cell=(1, 2, 3), limits=(1e-6, 1e-4))
        for layer, image in enumerate(drawn.images):
            assert np.array_equal(image.get_array(), g[layer])
        assert [panel.get_title() for panel in drawn.axes] == ["layer 0", "layer 1"]
        (frame,) = drawn.axes[1].patches
        assert (frame.get_x(), frame.get_y()) == (2.5, 1.5)
        assert drawn.images[0].get_clim() == (1e-6, 1e-4)
    drawn.figure.canvas.draw()


def test_values_that_a_scale_has_not_are_grey():
    net = mn.crossbar(2, 2)
    drawn = mn.plot.cells(net, [[0.0, np.nan], [1e-6, 1e-4]], log=True)
    assert np.ma.getmaskarray(drawn.images[0].get_array()).tolist() == [[True, True], [False, False]]
    assert mn.plot.cells(net, np.full((2, 2), np.nan)).images[0].get_array().mask.all()
    mn.plot.cells(net, np.zeros((2, 2)), log=True).figure.canvas.draw()


@pytest.mark.parametrize("stacking", ["shared", "isolated", "vertical"])
@pytest.mark.parametrize("layers", [1, 3])
def test_a_drawing_has_every_line_and_cell(stacking, layers):
    net = mn.crossbar(3, 4, layers=layers, stacking=stacking, dummy_lines=1)
    values = np.arange(float(net.cell.size)).reshape(net.cell.shape)
    drawn = mn.plot.crossbar(net, values=values, cell=(layers - 1, 1, 2))
    assert sum(len(lines.get_segments()) for lines in drawn.lines[:2]) == len(net.electrodes)
    assert drawn.cells.get_array().tolist() == list(range(net.cell.size))
    names = [name.get_text() for name in drawn.names]
    assert set(names) <= set(net.electrodes)
    word, bit = (str(of[layers - 1, 1, 2]) for of in (net.layout.words, net.layout.bits))
    where = dict(zip(names, (name.xy for name in drawn.names), strict=True))
    ends = net.layout.line_ends
    for name, nodes in ((word, net.layout.word_node), (bit, net.layout.bit_node)):
        if name in where:
            line = net.layout.node_line[nodes[layers - 1, 1, 2]]
            assert where[name] == pytest.approx(ends[line, 0])
    if layers > 1:
        drawn.figure.canvas.draw()


def test_names_say_what_a_drive_does():
    net = mn.crossbar(2, 2)
    drive = {"w0": 0.2, "w1": None, "b0": mn.drive.sine(1.0, 1.0), "b1": 0.0}
    said = [name.get_text() for name in mn.plot.crossbar(net, drive=drive).names]
    assert said == ["w0: 200 mV", "w1: floats", "b0: wave", "b1: 0 V"]
    many = mn.plot.crossbar(mn.crossbar(20, 2))
    assert [name.get_text() for name in many.names] == ["w0", "w19", "b0", "b1"]


def test_line_drops_are_differences_of_potentials():
    net = mn.crossbar(5, 6, layers=2, line_resistance=3.0, contact_resistance=(1.0, 0.0))
    solution = mn.solve(net, mn.cell_conductances(net, 1e-3), mn.arrays.vmm_drive(net, np.ones(5), layer=1))
    drawn = mn.plot.line_drops(net, solution.potential, layer=1)
    at = solution.potential[net.layout.word_node[1]]
    assert np.array_equal([line.get_ydata() for line in drawn.words], 1.0 - at)
    assert np.array_equal([line.get_ydata() for line in drawn.bits], solution.potential[net.layout.bit_node[1]].T)
    pillars = mn.crossbar(5, 6, layers=2, stacking="vertical", line_resistance=3.0)
    drawn = mn.plot.line_drops(pillars, np.zeros(pillars.n_nodes), layer=1)
    assert (len(drawn.words), len(drawn.bits)) == (30, 5)
    given = pyplot.subplots(1, 2)[1]
    assert mn.plot.line_drops(net, solution.potential, ax=given).ax is given[0]
    assert len(mn.plot.line_drops(mn.crossbar(2, 100), np.zeros(102)).bits) == 64


def test_long_arrays_are_drawn():
    drawn = mn.plot.cells(mn.crossbar(300, 1), np.ones((300, 1)))
    drawn.figure.canvas.draw()
    box = drawn.ax.get_window_extent()
    assert min(box.width, box.height) > 20  # pixels


def test_bad_pictures_are_refused():
    net = mn.crossbar(2, 2, layers=2)
    with pytest.raises(ValueError, match="ax must be None where there are layers"):
        mn.plot.cells(net, np.ones((2, 2, 2)), ax=pyplot.subplots()[1])
    with pytest.raises(ValueError, match=r"values must have the shape of the cells, \(2, 2, 2\), or \(8,\)"):
        mn.plot.crossbar(net, values=np.ones((2, 2)))
    for limits in ((2.0, 1.0), (0.0, 1.0)):
        with pytest.raises(ValueError, match=r"limits must be \(low, high\) above 0"):
            mn.plot.cells(net, np.ones((2, 2, 2)), log=True, limits=limits)
    with pytest.raises(TypeError, match="ax must be two matplotlib Axes"):
        mn.plot.line_drops(net, np.zeros(net.n_nodes), ax=[None, None])
    with pytest.raises(ValueError, match="potential must be finite, or nan, got inf"):
        mn.plot.line_drops(net, np.full(net.n_nodes, np.inf))
    for drive, message in (
        ({"w9": 1.0}, "unknown electrode of drive 'w9'; allowed: w0_0"),
        ({3: 1.0}, "electrode of drive must be a string, got 3"),
        ({"w0_0": True}, r"drive\['w0_0'\] must be a number, got True"),
        ({"w0_0": "x"}, r"drive\['w0_0'\] must be a number, got 'x'"),
    ):
        with pytest.raises((TypeError, ValueError), match=message):
            mn.plot.crossbar(net, drive=drive)
    with pytest.raises(TypeError, match="net must be a network that"):
        mn.plot.cells(mn.grid(2, 2), [1.0])
