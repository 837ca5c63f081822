"""What plots show is what they were given."""

import io
import itertools
import subprocess
import sys

import matplotlib
import numpy as np
import PIL.Image
import public_calls
import pytest
from matplotlib.figure import Figure

import memnet as mn
from memnet.plot._groups import IMAGE_SIDE
from memnet.plot._pages import CLOSE_UP
from memnet.plot._style import ELECTRODES, NO_POTENTIAL

matplotlib.use("Agg")


@pytest.fixture
def ax():
    return Figure().add_subplot()


@pytest.fixture(scope="module")
def net():
    return mn.percolating(size=30, coverage=0.6, seed=1)


@pytest.fixture(scope="module")
def simulation(net):
    devices = mn.mix(net, {mn.TunnelGap(r_d=1e-3): 0.75, mn.RateBalance(): 0.25}, seed=2)
    return mn.Simulation(net, devices, drive={"left": 3.0, "right": 0.0}, dt=0.5, seed=0)


@pytest.fixture(scope="module")
def data(simulation):
    data = simulation.run(2000, record=["current"])
    assert data.sizes["event"] > 10
    return data


def square():
    return mn.Network(
        4,
        [[0, 1], [1, 2], [2, 3], [3, 0]],
        position=[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]],
        electrodes={"in": [0], "out": [2]},
    )


def points(drawn):
    return np.asarray(drawn.get_offsets())


def segments(lines):
    return np.asarray(lines.get_segments())


def test_discs_are_where_the_particles_are_and_edges_between_the_nearest(net, ax):
    drawn = mn.plot.network(net, ax=ax)
    np.testing.assert_array_equal(points(drawn.groups), net.disc_position)
    ends = segments(drawn.edges[0])
    np.testing.assert_array_equal(ends, net.disc_position[net.gap_discs])
    # the discs' diameter is 1, so the ends of a gap are its length and a diameter apart
    np.testing.assert_allclose(np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1), net.length + 1.0, rtol=1e-12)
    assert drawn.ax is ax


def test_discs_of_a_group_have_one_colour_and_electrodes_cover_their_groups(net, ax):
    drawn = mn.plot.network(net, ax=ax)
    colours = drawn.groups.get_facecolor()
    for group in range(net.n_nodes):
        assert len(np.unique(colours[net.disc_group == group], axis=0)) == 1
    for name, nodes in net.electrodes.items():
        expected = net.disc_position[np.isin(net.disc_group, nodes)]
        np.testing.assert_array_equal(points(drawn.electrodes[name]), expected)
    assert {"left", "right"} <= {text.get_text() for text in ax.texts}


def test_potential_colours_every_disc_by_its_group_and_unknown_ones_grey(net, ax):
    potential = np.linspace(-1.0, 2.0, net.n_nodes)
    potential[[3, 5]] = np.nan
    drawn = mn.plot.network(net, ax=ax, potential=potential)
    shown = drawn.groups.get_array()
    np.testing.assert_array_equal(shown.mask, np.isin(net.disc_group, [3, 5]))
    np.testing.assert_array_equal(shown.data[~shown.mask], potential[net.disc_group][~shown.mask])
    assert drawn.groups.get_clim() == (-1.0, 2.0)
    assert drawn.colorbars[0].ax.get_ylabel() == "potential (V)"
    drawn.groups.update_scalarmappable()
    grey = matplotlib.colors.to_rgba(NO_POTENTIAL)
    is_grey = np.all(np.isclose(drawn.groups.get_facecolor(), grey), axis=1)
    np.testing.assert_array_equal(is_grey, shown.mask)


@pytest.mark.parametrize("quantity", ["current", "conductance"])
def test_edges_show_magnitudes_on_a_log_scale_the_largest_on_top(net, ax, quantity):
    value = np.where(np.arange(net.n_edges) % 2, -1.0, 1.0) * 10.0 ** -np.linspace(0.0, 9.0, net.n_edges)
    value[:4] = [0.0, np.nan, 1e-40, 2.0]
    drawn = mn.plot.network(net, ax=ax, decades=6, **{quantity: value})
    pale, bright = drawn.edges
    above = np.abs(value) > 2e-6
    assert len(segments(pale)) == (~above).sum()
    np.testing.assert_array_equal(bright.get_array(), np.sort(np.abs(value[above])))
    assert (np.diff(bright.get_linewidths()) >= 0.0).all()
    np.testing.assert_allclose(bright.get_clim(), (2e-6, 2.0))
    np.testing.assert_array_equal(segments(bright)[-1], net.position[net.edges[3]])
    assert quantity in drawn.colorbars[0].ax.get_ylabel()


def test_maps_with_the_same_limits_share_one_scale(net, ax):
    value = 10.0 ** -np.linspace(0.0, 9.0, net.n_edges)
    drawn = mn.plot.network(net, ax=ax, conductance=value, limits=(1e-4, 1e-2))
    pale, bright = drawn.edges
    assert len(segments(pale)) == (value <= 1e-4).sum()
    assert bright.get_clim() == (1e-4, 1e-2)
    assert drawn.colorbars[0].mappable is bright
    widths = np.array(bright.get_linewidths())
    np.testing.assert_array_equal(widths == widths.max(), np.sort(value[value > 1e-4]) >= 1e-2)
    faint = mn.plot.network(net, ax=ax, conductance=1e-5 * value, limits=(1e-4, 1e-2))
    assert len(faint.edges) == 1


def test_very_many_discs_are_one_image_with_the_same_potentials(net, ax, monkeypatch):
    monkeypatch.setattr("memnet.plot._groups.MAX_DISCS", 100)
    potential = np.linspace(0.0, 2.0, net.n_nodes)
    potential[3] = np.nan
    image = mn.plot.network(net, ax=ax, potential=potential).groups
    shown = image.get_array()
    grey = matplotlib.colors.to_rgba(NO_POTENTIAL)
    side = 30.0 / IMAGE_SIDE
    assert shown.shape == (IMAGE_SIDE, IMAGE_SIDE)
    for disc in range(0, len(net.disc_position), 7):
        x, y = np.floor(net.disc_position[disc] / side).astype(int)
        expected = potential[net.disc_group[disc]]
        assert not shown.mask[y, x]
        if np.isfinite(expected):
            assert shown[y, x] == expected
        else:
            assert image.to_rgba(shown[y, x]) == grey
    # discs of diameter 1 cover about the fraction of the area that was asked for
    assert abs((~shown.mask).mean() - 0.6) < 0.05
    assert len(mn.plot.network(net, ax=Figure().add_subplot()).electrodes) == 0


def test_no_current_at_all_is_a_pale_map(net, ax):
    drawn = mn.plot.network(net, ax=ax, current=np.zeros(net.n_edges))
    assert len(drawn.edges) == 1
    assert drawn.colorbars == []


def test_devices_are_counted_in_the_legend(net, simulation, ax):
    drawn = mn.plot.network(net, ax=ax, device=simulation.assignment)
    counts = [len(simulation.edges_of(device)) for device in simulation.devices]
    assert [len(segments(lines)) for lines in drawn.edges] == counts
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == [f"TunnelGap ({counts[0]:,})", f"RateBalance ({counts[1]:,})"]


def test_one_device_for_all_edges(ax):
    drawn = mn.plot.network(square(), ax=ax, device=mn.Resistor())
    assert [len(segments(lines)) for lines in drawn.edges] == [4]


def test_a_gap_across_a_periodic_boundary_is_drawn_to_the_nearest_image(ax):
    net = mn.percolating(size=30, coverage=0.6, periodic="y", seed=3)
    ends = segments(mn.plot.network(net, ax=ax).edges[0])
    np.testing.assert_allclose(np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1), net.length + 1.0, rtol=1e-9)


def test_other_networks_are_drawn_as_nodes(ax):
    net = square()
    drawn = mn.plot.network(net, ax=ax)
    np.testing.assert_array_equal(points(drawn.groups), net.position)
    np.testing.assert_array_equal(segments(drawn.edges[0]), net.position[net.edges])
    np.testing.assert_array_equal(points(drawn.electrodes["out"]), [[1.0, 1.0]])


def test_a_network_without_positions_is_laid_out(ax):
    net = mn.Network(3, [[0, 1], [1, 2]], electrodes={"in": [0], "out": [2]})
    where = points(mn.plot.network(net, ax=ax).groups)
    assert where.shape == (3, 2)
    assert len(np.unique(where, axis=0)) == 3


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"potential": np.zeros(3)}, "potential must have shape"),
        ({"current": np.zeros((2, 2))}, "current must have shape"),
        ({"current": np.ones(4), "conductance": np.ones(4)}, "only one of device, current and conductance"),
        ({"groups": "disks"}, "did you mean 'discs'"),
        ({"groups": "discs"}, "needs a network of discs"),
        ({"decades": 0}, "decades must be in"),
        ({"limits": (1.0, 0.1)}, "limits must be .low, high. with 0 < low < high"),
        ({"limits": 1.0}, "limits must"),
    ],
)
def test_what_does_not_fit_is_refused(ax, given, message):
    with pytest.raises(ValueError, match=message):
        mn.plot.network(square(), ax=ax, **given)


def test_trace_shows_the_recorded_rows_with_units(data, ax):
    drawn = mn.plot.trace(data, ax=ax)
    np.testing.assert_array_equal(drawn.lines[0].get_xdata(), data.time)
    np.testing.assert_array_equal(drawn.lines[0].get_ydata(), data.conductance)
    assert ax.get_xlabel() == "time (s)"
    assert ax.get_ylabel() == "conductance (S)"


def test_trace_marks_every_event_at_its_time(data, ax):
    up, down = mn.plot.trace(data, ax=ax).events
    for marks, kind in ((up, 1), (down, -1)):
        expected = data.event_step.values[data.event_kind.values == kind] * 0.5
        np.testing.assert_array_equal(segments(marks)[:, 0, 0], expected)
    assert mn.plot.trace(data, ax=Figure().add_subplot(), events=False).events == []


def test_trace_of_currents_has_a_line_an_electrode_or_the_one_asked_for(data, ax):
    lines = mn.plot.trace(data, ax=ax, variable="current").lines
    assert [line.get_label() for line in lines] == ["left", "right"]
    (line,) = mn.plot.trace(data, ax=Figure().add_subplot(), variable="current", electrode="right", log=False).lines
    np.testing.assert_array_equal(line.get_ydata(), data.current.sel(electrode="right"))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"variable": "conductanse"}, "did you mean 'conductance'"),
        ({"variable": "current", "electrode": "rihgt"}, "did you mean 'right'"),
        ({"electrode": "right"}, "has no electrodes"),
    ],
)
def test_trace_refuses_what_is_not_in_the_data(data, ax, given, message):
    with pytest.raises(ValueError, match=message):
        mn.plot.trace(data, ax=ax, **given)


def test_events_need_the_length_of_a_step(data, ax):
    bare = data.drop_attrs(deep=False)
    with pytest.raises(ValueError, match="events=False"):
        mn.plot.trace(bare, ax=ax)


def test_overview_draws_into_the_figure_it_is_given(simulation, data):
    figure = Figure(figsize=(6.0, 5.0), layout="constrained")
    assert mn.plot.overview(simulation, data, figure=figure) is figure
    assert len(figure.axes) == 5  # two maps, two colour bars, one trace
    whole = Figure(figsize=(6.0, 5.0), layout="constrained")
    mn.plot.overview(simulation, simulation.run(2001, record=["current"]), figure=whole)
    close = whole.axes[5]
    assert len(close.lines[0].get_xdata()) == CLOSE_UP
    page = io.BytesIO()
    figure.savefig(page, format="png", dpi=50)
    assert page.getvalue().startswith(b"\x89PNG")


def test_a_figure_of_its_own_comes_from_pyplot():
    from matplotlib import pyplot

    drawn = mn.plot.network(square())
    assert drawn.ax.figure.number in pyplot.get_fignums()
    pyplot.close("all")


def test_pyplot_stays_unloaded_where_axes_are_given():
    code = (
        "import sys, memnet as mn\n"
        "assert 'matplotlib' not in sys.modules\n"
        "from matplotlib.figure import Figure\n"
        "mn.plot.network(mn.percolating(size=20, coverage=0.5, seed=1), ax=Figure().add_subplot())\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def wires(**given):
    pads = {"a": (0.0, 10.0, 0.0, 60.0), "b": (50.0, 50.0, 8.0)}
    return mn.nanowires(120, size=60, length=20, seed=3, electrodes=pads, **given)


def test_wires_are_drawn_as_they_lie_with_their_junctions_and_pads(ax):
    net = wires()
    drawn = mn.plot.network(net, ax=ax)
    np.testing.assert_array_equal(segments(drawn.groups), net.wires.end)
    dots = segments(drawn.edges[0])
    np.testing.assert_allclose(dots.mean(axis=1), net.wires.junction_position, atol=1e-12)
    assert np.ptp(dots, axis=1).max() < 0.5
    np.testing.assert_array_equal(segments(drawn.electrodes["b"]), net.wires.end[net.electrodes["b"]])
    rectangle, disc = ax.patches
    assert (rectangle.get_x(), rectangle.get_y(), rectangle.get_width(), rectangle.get_height()) == (0, 0, 10, 60)
    assert (disc.center, disc.radius) == ((50.0, 50.0), 8.0)
    assert "10 µm" in {text.get_text() for text in ax.texts}


def test_wires_show_potentials_and_currents(ax):
    net = wires()
    potential = np.linspace(0.0, 1.0, net.n_nodes)
    current = np.geomspace(1e-9, 1e-3, net.n_edges)
    drawn = mn.plot.network(net, ax=ax, potential=potential, current=current)
    np.testing.assert_array_equal(drawn.groups.get_array(), potential)
    assert sum(len(segments(lines)) for lines in drawn.edges) == net.n_edges


def test_segments_show_the_potential_in_their_middle(ax):
    net = wires(wire_resistance=2.0)
    potential = np.arange(net.n_nodes, dtype=np.float64)
    drawn = mn.plot.network(net, ax=ax, potential=potential)
    ends = net.edges[net.segments]
    np.testing.assert_array_equal(segments(drawn.groups), net.position[ends])
    np.testing.assert_array_equal(drawn.groups.get_array(), potential[ends].mean(axis=1))


def test_wires_of_a_network_without_any(net, ax):
    with pytest.raises(ValueError, match="needs a network of wires"):
        mn.plot.network(net, ax=ax, groups="wires")


def test_a12_marks_are_of_the_times_that_are_drawn(ax):
    net = mn.percolating(size=40, coverage=0.6, seed=1)
    run = mn.Simulation(net, mn.TunnelGap(r_d=1e-4), {"left": 3.0, "right": 0.0}, dt=0.1).run(2000)
    part = run.sel(time=slice(100.0, None))
    drawn = mn.plot.trace(part, ax=ax)
    times = np.sort(np.concatenate([[one[0, 0] for one in marks.get_segments()] for marks in drawn.events]))
    steps = run.event_step.values[run.event_step.values >= 1000]
    assert steps.size > 20
    np.testing.assert_allclose(times, steps * 0.1)
    assert mn.plot.trace(run.isel(time=slice(0, 1)), ax=Figure().add_subplot()).events == []


# ---------------------------------------------------------------- other figures


def test_a_map_shows_other_values_on_its_scales(net, ax):
    potential = np.linspace(0.0, 1.0, net.n_nodes)
    current = np.geomspace(1e-9, 1e-3, net.n_edges)
    drawn = mn.plot.network(net, ax=ax, potential=potential, current=current)
    limits, norm = drawn.groups.get_clim(), drawn.edges[1].norm
    drawn.update(potential=potential[::-1], current=current[::-1])
    np.testing.assert_array_equal(np.ma.getdata(drawn.groups.get_array()), potential[::-1])
    assert drawn.groups.get_clim() == limits
    assert (drawn.edges[1].norm.vmin, drawn.edges[1].norm.vmax) == (norm.vmin, norm.vmax)
    assert set(drawn.edges) <= set(ax.collections)
    with pytest.raises(ValueError, match=r"conductance is not what this map shows \(potential, current\)"):
        drawn.update(conductance=current)


def test_many_discs_and_wires_are_updated_too(net, monkeypatch):
    monkeypatch.setattr("memnet.plot._groups.MAX_DISCS", 100)
    potential = np.linspace(0.0, 1.0, net.n_nodes)
    image = mn.plot.network(net, ax=Figure().add_subplot(), potential=potential)
    again = mn.plot.network(net, ax=Figure().add_subplot(), potential=potential[::-1])
    image.update(potential=potential[::-1])
    np.testing.assert_array_equal(np.asarray(image.groups.get_array()), np.asarray(again.groups.get_array()))
    wires = mn.nanowires(30, size=40.0, length=20.0, wire_resistance=1.0, seed=1)
    volts = np.linspace(0.0, 1.0, wires.n_nodes)
    drawn = mn.plot.network(wires, ax=Figure().add_subplot(), potential=volts)
    before = np.array(drawn.groups.get_array())
    drawn.update(potential=volts[::-1])
    assert not np.array_equal(before, drawn.groups.get_array())


@pytest.mark.parametrize("layout", [None, "constrained"])
def test_e_colour_bars_do_not_cover_their_neighbours(net, layout):
    figure = Figure(figsize=(12.0, 4.0), layout=layout)
    axes = figure.subplots(1, 3)
    potential, current = np.linspace(0.0, 1.0, net.n_nodes), np.geomspace(1e-9, 1e-3, net.n_edges)
    drawn = [mn.plot.network(net, ax=one, potential=potential, current=current) for one in axes]
    figure.canvas.draw()
    for left, right in itertools.pairwise(drawn):
        bars = max(bar.ax.get_tightbbox().x1 for bar in left.colorbars)
        assert bars <= right.ax.get_window_extent().x0


def test_curves_of_a_circuit_have_the_names_of_its_nodes(ax):
    circuit = mn.Circuit()
    circuit.add("in", "out", mn.Resistor(conductance=1.0), name="R")
    circuit.add("out", "gnd", mn.Capacitor(capacitance=1.0), name="C")
    data = circuit.simulation({"in": 1.0, "gnd": 0.0}).run(5, record=["potential", "branch_current"])
    drawn = mn.plot.trace(data, variable="branch_current", ax=ax)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["R", "C"]
    assert len(drawn.lines) == 2
    assert ax.get_ylabel() == "branch current (A)"


def test_the_legend_of_a_trace_is_above_its_curves(data, ax):
    drawn = mn.plot.trace(data, ax=ax, variable="current")
    ax.figure.canvas.draw()
    assert ax.get_legend().get_window_extent().y0 >= ax.get_window_extent().y1 - 1.0
    assert len(drawn.lines) == 2


def test_a_loop_has_a_line_a_cycle_and_arrows_along_it(ax):
    phase = np.linspace(0.0, 4.0 * np.pi, 801)
    volts = np.sin(phase)
    found = mn.analysis.hysteresis(volts, volts * (1.0 + 0.5 * np.cos(phase)))
    drawn = mn.plot.loop(found, ax=ax)
    assert len(drawn.lines) == len(found.cycles) == 2
    np.testing.assert_array_equal(drawn.lines[1].get_ydata(), found.cycles[1].current)
    for arrow in drawn.arrows:
        head, tail = np.array(arrow.xy), np.array(arrow.xyann)
        first = found.cycles[0]
        k, m = (int(np.argmin(np.hypot(first.voltage - v, first.current - i))) for v, i in (tail, head))
        assert k < m
    logarithmic = mn.plot.loop(found, ax=Figure().add_subplot(), log=True, arrows=False)
    assert logarithmic.arrows == []
    assert (logarithmic.lines[0].get_ydata() >= 0.0).all()


@pytest.mark.parametrize("noise", [0.0, 5e-3])
def test_e_arrows_are_drawn_on_a_measured_loop_too(ax, noise):
    rng = np.random.default_rng(1)
    phase = np.linspace(0.0, 2.0 * np.pi, 2001)
    volts = np.sin(phase) + noise * rng.standard_normal(phase.size)
    found = mn.analysis.hysteresis(volts, volts * (1.0 + 0.5 * np.cos(phase)))
    arrows = mn.plot.loop(found, ax=ax).arrows
    assert len(arrows) == 4  # out and back, of either sign
    ways = [np.sign(arrow.xy[0] - arrow.xyann[0]) for arrow in arrows]
    assert ways == [1.0, -1.0, -1.0, 1.0]


def test_e_every_plot_says_which_figure_it_is_on(data, net):
    figure = Figure()
    part = figure.subfigures(1, 2)[0].add_subplot()
    assert mn.plot.trace(data, ax=part).figure is figure
    assert mn.plot.network(net, ax=part).figure is figure
    times = np.cumsum(np.random.default_rng(3).exponential(1.0, 300))
    found = mn.analysis.criticality(mn.analysis.avalanches(times), n_bootstrap=0, n_p=0, n_surrogates=0, seed=1)
    drawn = mn.plot.avalanches(found, figure=figure)
    assert drawn.figure is figure
    assert repr(drawn) == "<AvalanchePlot>"
    assert repr(drawn.size) == "<DistributionPlot>"


def test_e_a_trace_without_a_value_says_so(data, ax):
    empty = data.assign(conductance=data.conductance.copy(data=np.full(data.sizes["time"], np.nan)))
    mn.plot.trace(empty, ax=ax, events=False)
    assert [text.get_text() for text in ax.texts] == ["conductance of left to right is nan in every row"]
    assert list(ax.get_yticks()) == []
    none = Figure().add_subplot()
    mn.plot.trace(data.isel(time=slice(0, 0)), ax=none)
    assert [text.get_text() for text in none.texts] == ["conductance of left to right has no rows"]


def test_e_names_of_electrodes_keep_clear_of_title_bar_and_legend():
    sides = ["left", "right", "top", "bottom"]
    net = mn.percolating(size=40, coverage=0.6, seed=3, electrodes=sides, shared="first")
    devices = mn.mix(net, {mn.TunnelGap(): 0.7, mn.RateBalance(): 0.3}, seed=1)
    for size in (2.4, 6.0):
        figure = Figure(figsize=(size, size))
        ax = figure.add_subplot()
        mn.plot.network(net, ax=ax, device=devices, title="a title that is wide enough")
        figure.canvas.draw()
        bar = next(text for text in ax.texts if text.get_text().endswith("pd"))
        names = [text for text in ax.texts if text.get_text() in sides]
        boxes = [text.get_window_extent() for text in (*names, ax.title, bar)] + [ax.get_legend().get_window_extent()]
        assert len(boxes) == 7
        for one, other in itertools.combinations(boxes, 2):
            assert not one.padded(-1.0).overlaps(other.padded(-1.0))
        assert bar.get_window_extent().y1 <= ax.get_window_extent().y0


@pytest.mark.parametrize("alternatives", [[], ["exponential", "lognormal", "stretched_exponential"]])
def test_e_the_legend_of_a_distribution_covers_no_curve(alternatives):
    rng = np.random.default_rng(1)
    found = mn.analysis.fit_power_law(rng.zipf(2.5, 80), discrete=True, xmin=1, n_bootstrap=0, n_p=0, seed=1)
    drawn = mn.plot.distribution(found, alternatives=alternatives)
    drawn.figure.canvas.draw()
    legend, axes = drawn.ax.get_legend().get_window_extent(), drawn.ax.get_window_extent()
    assert legend.y0 >= axes.y1 - 1.0
    assert legend.y1 <= drawn.figure.bbox.y1
    assert axes.height > 200.0


def test_e_too_few_data_are_a_word_in_the_figure():
    few = mn.analysis.fit_power_law([1.0, 2.0, 3.0], discrete=False)
    drawn = mn.plot.distribution(few, alternatives=["lognormal"])
    drawn.figure.canvas.draw()
    assert [text.get_text() for text in drawn.ax.texts] == ["not enough data: 3 values"]
    none = mn.analysis.criticality(mn.analysis.avalanches([1.0, 2.0, 5.0]), seed=1)
    drawn = mn.plot.avalanches(none)
    drawn.figure.canvas.draw()
    for ax in (drawn.size.ax, drawn.duration.ax, drawn.mean_size):
        assert ax.texts[0].get_text().startswith("not enough data: ")


def test_a_distribution_is_that_of_its_sample_and_laws(ax):
    rng = np.random.default_rng(1)
    found = mn.analysis.fit_power_law(rng.zipf(2.0, 3000), discrete=True, xmin=1, n_bootstrap=0, n_p=0, seed=1)
    drawn = mn.plot.distribution(found, ax=ax, alternatives=["exponential"], label="size")
    assert ", p = " not in drawn.law[0].get_label()  # n_p = 0: there is none
    x, density = drawn.points.lines[0].get_data()
    assert density[0] == pytest.approx(float((np.asarray(found.sample.count)[0]) / 3000.0))
    np.testing.assert_allclose(drawn.law[0].get_ydata(), found.density(drawn.law[0].get_xdata()))
    against = found.compare("exponential")
    np.testing.assert_array_equal(drawn.alternatives["exponential"].get_ydata(), against.density)
    assert 0.0 < against.density.sum() <= 1.0
    assert x[0] == 1.0  # a bin of one integer stands at it
    assert drawn.law[0].get_label() == f"exponent {found.exponent:.3g} ± {found.error:.2g}"  # and no p, with n_p = 0


@pytest.mark.filterwarnings("ignore")
def test_avalanches_and_fits_have_their_panels():
    times = np.cumsum(np.random.default_rng(3).exponential(1.0, 3000))
    found = mn.analysis.criticality(mn.analysis.avalanches(times), n_bootstrap=5, n_p=5, n_surrogates=3, seed=1)
    drawn = mn.plot.avalanches(found, figure=Figure())
    assert len(drawn.mean_size.lines[0].get_xdata()) == len(found.duration)
    assert drawn.size.ax.get_xlabel() == "size (events)"
    fitted = mn.plot.fit(public_calls.trace_fit(), figure=Figure())
    np.testing.assert_allclose(fitted.lines[0].get_ydata(), public_calls.trace()[2], rtol=1e-12)
    np.testing.assert_array_equal(fitted.lines[1].get_ydata(), public_calls.trace_fit().best_fit)


def test_a_map_drawn_before_anything_flows_takes_its_scale_from_the_first_update():
    net = mn.percolating(size=20, coverage=0.6, seed=1)
    drawn = mn.plot.network(net, current=np.zeros(net.n_edges))
    assert len(drawn.edges) == 1
    assert not drawn.colorbars
    current = np.geomspace(1e-9, 1e-6, net.n_edges)
    for _ in range(2):
        drawn.update(current=current)
        assert sum(len(lines.get_segments()) for lines in drawn.edges) == net.n_edges
        assert drawn.edges[1].norm.vmax == pytest.approx(1e-6)
        assert [bar.mappable for bar in drawn.colorbars] == [drawn.edges[1]]
    drawn.update(current=10.0 * current)
    assert drawn.edges[1].norm.vmax == pytest.approx(1e-6)


def test_e_names_of_electrodes_keep_their_colours_in_a_gif(tmp_path):
    sim = public_calls.sim()
    film = mn.plot.animate(sim, steps=4, every=2)
    film.save(tmp_path / "run.gif")
    with PIL.Image.open(tmp_path / "run.gif") as gif:
        assert (gif.n_frames, gif.info["loop"], gif.info["duration"]) == (2, 0, 60)
        for frame in range(2):
            gif.seek(frame)
            pixels = np.asarray(gif.convert("RGB")).reshape(-1, 3).astype(int)
            for name in ELECTRODES[: len(sim.net.electrodes)]:
                wanted = [int(name[k : k + 2], 16) for k in (1, 3, 5)]
                assert np.abs(pixels - wanted).max(axis=1).min() <= 16


def test_an_animation_shows_the_moments_of_a_run(tmp_path):
    simulation = public_calls.sim()
    data = simulation.run(20, record=["potential"])
    film = mn.plot.animate(data, simulation.net, every=5)
    assert film.frames == 4
    film.save(tmp_path / "film.gif")
    with PIL.Image.open(tmp_path / "film.gif") as image:
        assert image.n_frames == 4
    assert "<script" in film._repr_html_()
    lively = public_calls.sim()
    assert mn.plot.animate(lively, steps=20, every=5).frames == 4
    assert lively.steps_done == 20
    with pytest.raises(ValueError, match=r"path must end in \.gif or \.mp4"):
        film.save(tmp_path / "film.avi")
    with pytest.raises(ValueError, match="source has no potentials"):
        mn.plot.animate(simulation.run(3), simulation.net)
    late = simulation.run(40, record={"snapshot:potential": [30, 50]}, every=10)
    late_film = mn.plot.animate(late)
    titles = []
    for frame in range(late_film.frames):
        late_film.animation._func(frame)
        titles.append(late_film.animation._fig.axes[0].get_title())
    assert titles == [f"t = {step * simulation.dt:,.6g} s" for step in (30, 50)]
    again = mn.plot.animate(data)  # the network from the attributes
    assert again.frames == 20
