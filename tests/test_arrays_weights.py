"""Weights as cells, converters, what becomes of conductances, and products through the circuit."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as arrays_of
from scipy.stats import kstest

import memnet as mn
from memnet import arrays

LOW, HIGH = 1e-6, 1e-4

weights = arrays_of.arrays(
    float,
    st.tuples(st.integers(1, 5), st.integers(1, 5)),
    elements=st.floats(-1e3, 1e3).map(lambda one: one if abs(one) > 1e-100 else 0.0),
)
bits = st.integers(1, 24)


def encodings(n_bits=None):
    return [
        arrays.Differential(LOW, HIGH, n_bits),
        arrays.Offset(LOW, HIGH, n_bits),
        arrays.BitSlices(LOW, HIGH, n_bits or 24, cell_bits=min(n_bits or 24, 3)),
    ]


# ---------------------------------------------------------------- encodings


@given(weights)
@settings(max_examples=25, deadline=None)
def test_what_is_encoded_is_decoded(given_weights):
    for code in encodings():
        code = code.fitted(given_weights)
        cells = code.encode(given_weights)
        assert cells.min() >= LOW
        assert cells.max() <= HIGH
        step = code.largest / (2**24 - 1) / 2 if code.bits else 0.0
        np.testing.assert_allclose(code.decode(cells), given_weights, rtol=0, atol=step + 4e-15 * code.largest)


@given(weights, bits)
@settings(max_examples=25, deadline=None)
def test_with_bits_it_is_the_nearest_level(given_weights, n_bits):
    for code in encodings(n_bits):
        code = code.fitted(given_weights)
        top = 2**n_bits - 1
        wide = 2 * code.largest if isinstance(code, arrays.Offset) else code.largest
        decoded = code.decode(code.encode(given_weights))
        assert np.abs(decoded - given_weights).max() <= wide / top / 2 * (1 + 1e-9) + 1e-14 * code.largest
        np.testing.assert_allclose(code.decode(code.encode(decoded.clip(-code.largest, code.largest))), decoded)


@given(weights, bits)
@settings(max_examples=25, deadline=None)
def test_quantise_is_what_pairs_of_cells_hold(given_weights, n_bits):
    code = arrays.Differential(0.0, HIGH, n_bits).fitted(given_weights)
    wanted = arrays.quantise(given_weights, n_bits)
    held = code.decode(code.encode(given_weights))
    np.testing.assert_allclose(held, wanted, rtol=0, atol=1e-14 * code.largest)
    np.testing.assert_array_equal(arrays.quantise(wanted, n_bits, largest=code.largest), wanted)


@given(weights, st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_currents_decode_to_products(given_weights, seed):
    volts = np.random.default_rng(seed).uniform(-1, 1, (3, len(given_weights)))
    for code in encodings():
        code = code.fitted(given_weights)
        cells = code.encode(given_weights)
        product = code.decode(arrays.vmm(mn.crossbar(*cells.shape), cells, volts))
        np.testing.assert_allclose(product, volts @ code.decode(cells), rtol=0, atol=1e-13 * code.largest)


def test_levels_of_a_cell_and_digits_of_a_slice():
    cells = arrays.Differential(1.0, 4.0, 2).encode(np.linspace(-1, 1, 7)[:, None])
    assert cells.tolist() == [[1, 4], [1, 3], [1, 2], [1, 1], [2, 1], [3, 1], [4, 1]]
    offset = arrays.Offset(1.0, 4.0, 2).encode(np.array([[-1.0, -1 / 3, 1 / 3, 1.0]]))
    np.testing.assert_allclose(offset, [[1, 2, 3, 4, 2.5]])
    slices = arrays.BitSlices(0.0, 3.0, 5, cell_bits=2, largest=31.0)
    assert slices.encode([[27.0, -6.0]]).tolist() == [[3, 0, 2, 0, 1, 0, 0, 2, 0, 1, 0, 0]]  # 0b01_10_11, 0b00_01_10
    assert slices.scale == 1.0


def test_scales_are_exact():
    assert arrays.Differential(1.0, 5.0, largest=2.0).scale == 2.0
    assert arrays.Offset(1.0, 5.0, largest=2.0).scale == 1.0
    assert arrays.BitSlices(1.0, 5.0, 3, largest=7.0).scale == 4.0
    assert arrays.Differential(1.0, 5.0).fitted([[0.0, 0.0]]).largest == 1.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"g_min": 1e-4}, "g_min must be below g_max, got g_min = 0.0001 S and g_max = 0.0001 S"),
        ({"g_min": -1e-6}, "g_min must be in"),
        ({"g_max": np.inf}, "g_max must be in"),
        ({"bits": 0}, r"bits must be an integer in \[1, 24\], got 0"),
        ({"bits": 25}, r"bits must be an integer in \[1, 24\], got 25"),
        ({"largest": 0.0}, "largest must be in"),
        ({"largest": 1e-320}, "largest must make a scale that doubles hold"),
        ({"bit": 3}, "did you mean 'bits'"),
    ],
)
@pytest.mark.parametrize("kind", [arrays.Differential, arrays.Offset, arrays.BitSlices])
def test_bad_ranges_are_refused_by_name(kind, arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        kind(**{"g_min": LOW, "g_max": HIGH} | arguments)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: arrays.Differential(LOW, HIGH).encode([[np.nan]]),
            r"weights must be finite, got nan at index \(0, 0\)",
        ),
        (lambda: arrays.Differential(LOW, HIGH).encode([[1.5]]), "weights must be within -largest and largest = 1"),
        (lambda: arrays.Differential(LOW, HIGH).encode([0.5]), r"weights must have shape \(any, any\)"),
        (lambda: arrays.Differential(LOW, HIGH).decode([1.0, 2.0, 3.0]), "values must have 2 columns an output"),
        (lambda: arrays.Offset(LOW, HIGH).decode([1.0]), "values must have 1 columns an output and 1 more"),
        (lambda: arrays.BitSlices(LOW, HIGH, 4, cell_bits=5), r"cell_bits must be an integer in \[1, 4\]"),
        (lambda: arrays.quantise([1.0, np.nan], 3), "weights must be"),
        (lambda: arrays.quantise([1.0], 25), r"bits must be an integer in \[1, 24\], got 25"),
    ],
)
def test_bad_weights_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# ---------------------------------------------------------------- converters

ranges = st.tuples(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.integers(1, 12), ranges, st.lists(st.floats(-2e3, 2e3), min_size=1))
@settings(max_examples=30, deadline=None)
def test_converters_round_to_levels_and_count_what_they_clip(n_bits, ends, values):
    low, high = ends
    levels = np.linspace(low, high, 2**n_bits)
    held = np.clip(values, low, high)
    outside = int(np.sum((np.array(values) < low) | (np.array(values) > high)))
    near, below = arrays.DAC(n_bits, low, high)(values), arrays.ADC(n_bits, low, high)(values)
    slack = 1e-12 * max(abs(low), abs(high))
    assert np.abs(near.values - held).max() <= near_step(levels) / 2 + slack
    assert ((below.values <= held + slack) & (below.values > held - near_step(levels) - slack)).all()
    for made in (near, below):
        np.testing.assert_allclose(made.values, levels[made.codes], rtol=0, atol=slack)
        assert made.clipped == made.outside.sum() == outside
    again = arrays.ADC(n_bits, low, high)(below.values)
    np.testing.assert_array_equal(again.codes, below.codes)
    np.testing.assert_array_equal(arrays.ADC(n_bits, low, high).level(below.codes), below.values)


def near_step(levels):
    return (levels[-1] - levels[0]) / (len(levels) - 1)


def test_ends_of_a_range_are_inside():
    read = arrays.ADC(3, -0.7, 0.7, on_clip="raise")([-0.7, 0.7])
    assert (read.codes.tolist(), read.values.tolist(), read.clipped) == ([0, 7], [-0.7, 0.7], 0)


@pytest.mark.parametrize(
    ("made", "arguments", "name"),
    [
        (arrays.DAC(4, 0.0, 0.2, on_clip="raise"), ([0.1, 0.3],), r"values must be in \[0, 0.2\] where on_clip is"),
        (arrays.ADC(4, 0.0, 0.2, on_clip="raise"), (-0.1,), "values must be in"),
        (arrays.TIA(1e4, -1.0, 1.0, on_clip="raise"), (2e-4,), r"gain \* currents must be in"),
        (arrays.SampleAndHold(1.0, high=0.2, on_clip="raise"), ([0.0, 1.0], [0.1, 0.3]), "values must be in"),
    ],
)
def test_clipping_is_refused_by_a_flag(made, arguments, name):
    with pytest.raises(ValueError, match=name):
        made(*arguments)


def test_an_amplifier_holds_its_limits():
    made = arrays.TIA(-1e5, -1.0, 1.0)([[1e-6, 2e-5], [-3e-5, 0.0]])
    np.testing.assert_allclose(made.values, [[-0.1, -1.0], [1.0, 0.0]], rtol=1e-15)
    assert made.clipped == 2
    assert arrays.TIA(1e308)(1e10).values == np.inf  # no limits


def test_sample_and_hold_follows_at_instants_and_leaks():
    time = np.arange(0.0, 10.0, 0.5)
    volts = np.stack([np.sin(time), np.cos(time)], axis=1)
    held = arrays.SampleAndHold(2.0, leak=5.0)(time, volts)
    for k, at in enumerate(time):
        row = int(at // 2.0) * 4
        np.testing.assert_allclose(held.values[k], volts[row] * np.exp(-(at - time[row]) / 5.0), rtol=1e-14)
    tenths = np.arange(0.0, 5.0, 0.1)  # most of which are no multiples of 0.1 to the last bit
    np.testing.assert_array_equal(arrays.SampleAndHold(0.2)(tenths, tenths).values, np.repeat(tenths[::2], 2))
    once = arrays.SampleAndHold(np.inf)(time, volts)
    assert (once.values == volts[0]).all()


def test_samples_of_extreme_intervals_are_those_of_their_limits():
    time, values = [0.0, 1.0, 2.5], [1.0, 2.0, 3.0]
    assert arrays.SampleAndHold(1e-320, leak=5e-324)(time, values).values.tolist() == values
    assert arrays.SampleAndHold(1e308)([-5e307, 0.0, 5e307], values).values.tolist() == [1.0, 1.0, 3.0]
    with pytest.raises(ValueError, match=r"time must span at most 1\.8e308 s, got -1e\+308 to 1e\+308 s"):
        arrays.SampleAndHold(1.0)([-1e308, 1e308], [1.0, 2.0])


def test_nothing_converts_to_nothing():
    assert repr(arrays.DAC(2, 0.0, 1.0)([])) == "<Converted: no values; 0 of 0 clipped>"
    for code in encodings():
        cells = code.encode(np.zeros((0, 3)))
        assert cells.shape == (0, code.encode(np.zeros((1, 3))).shape[1])
        assert code.decode(cells).shape == (0, 3)
    assert np.isnan(arrays.Differential(LOW, HIGH).decode([np.inf, np.inf])).all()


def test_what_is_converted_is_an_array_for_numpy_and_vmm():
    volts = arrays.DAC(8, 0.0, 0.2)([[0.0, 0.1]])
    assert np.asarray(volts) is volts.values
    currents = arrays.vmm(mn.crossbar(2, 1), [[1e-6], [2e-6]], volts)
    np.testing.assert_allclose(currents, np.asarray(volts) @ [[1e-6], [2e-6]], rtol=1e-15)


# ---------------------------------------------------------------- programming


def test_spread_is_lognormal_about_the_target():
    cells = np.full((200, 200), 1e-5)
    made = np.log(arrays.program(cells, spread=0.3, seed=3) / cells)
    assert abs(made.mean()) < 4 * 0.3 / 200
    assert abs(made.std() - 0.3) < 4 * 0.3 / 200 / np.sqrt(2)
    assert kstest(made[0] / 0.3, "norm").pvalue > 0.01
    held = arrays.program(cells, spread=0.3, seed=3, g_min=9e-6, g_max=1.1e-5)
    np.testing.assert_array_equal(held, np.clip(cells * np.exp(made), 9e-6, 1.1e-5))


def test_reads_have_noise_of_both_kinds():
    values = np.tile([1e-4, 0.0], (40_000, 1))
    read = arrays.noisy_read(values, noise=0.02, floor=1e-8, seed=1) - values
    np.testing.assert_allclose(read.std(axis=0), [np.hypot(2e-6, 1e-8), 1e-8], rtol=0.015)
    assert np.abs(read.mean(axis=0) / read.std(axis=0)).max() < 4 / 200


def test_relaxation_and_drift_have_their_laws():
    cells = np.array([[1e-5, 5e-5], [1e-6, 0.0]])
    time = np.array([1.0, 10.0, 1e4])
    went = arrays.relax(cells, time, tau=20.0, to=2e-6, exponent=0.5)
    np.testing.assert_allclose(went, 2e-6 + (cells - 2e-6) * np.exp(-np.sqrt(time / 20.0))[:, None, None], rtol=1e-13)
    drifted = arrays.drift(cells, time, exponent=0.06)
    np.testing.assert_allclose(drifted, cells * (time**-0.06)[:, None, None], rtol=1e-13)
    apart = arrays.drift(np.full(50_000, 1.0), np.e, exponent=0.05, spread=0.01, seed=2)
    np.testing.assert_allclose([np.log(apart).mean(), np.log(apart).std()], [-0.05, 0.01], atol=2e-4)
    assert kstest((np.log(apart[:2000]) + 0.05) / -0.01, "norm").pvalue > 0.01
    left = arrays.relax(np.full(2000, 1e-5), 2.0, tau=1.0, to=0.0, spread=0.2, seed=1)
    assert kstest(np.log(-np.log(left / 1e-5) / 2.0) / -0.2, "norm").pvalue > 0.01  # ln tau is normal
    # What was written is there at time 0 to the last bit, and what rests in the end.
    written = np.array([1e-5, 3.3e-9, 7e-4])
    start_and_end = arrays.relax(written, [0.0, 1e300], tau=1.0, to=1e-3)
    np.testing.assert_array_equal(start_and_end, [written, np.full(3, 1e-3)])
    assert arrays.drift(1e-5, 1e300, exponent=0.05, time_0=1e-300) == pytest.approx(1e-35, rel=1e-12, abs=0.0)


@pytest.mark.parametrize(
    "made",
    [
        lambda seed: arrays.program([1.0, 2.0], spread=0.1, seed=seed),
        lambda seed: arrays.noisy_read([1.0, 2.0], noise=0.1, seed=seed),
        lambda seed: arrays.relax([1.0, 2.0], 1.0, tau=1.0, to=0.5, spread=0.2, seed=seed),
        lambda seed: arrays.drift([1.0, 2.0], 5.0, exponent=0.05, spread=0.02, seed=seed),
    ],
)
def test_the_same_seed_gives_the_same_numbers(made):
    assert made(1).tolist() == made(1).tolist() != made(2).tolist()
    assert made(None).tolist() != made(None).tolist()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: arrays.program([-1.0], spread=0.1), "conductances must be in"),
        (lambda: arrays.program([1.0], spread=-0.1), "spread must be in"),
        (lambda: arrays.program([1.0], spread=0.1, g_min=2.0, g_max=1.0), "g_min must be below g_max"),
        (lambda: arrays.noisy_read([np.nan], noise=0.1), "values must be"),
        (lambda: arrays.relax([1.0], -1.0, tau=1.0, to=0.0), "time must be in"),
        (lambda: arrays.relax([1.0], 1.0, tau=1.0, to=[0.0, 0.0]), "to must have the shape of conductances"),
        (lambda: arrays.drift([1.0], 0.5, exponent=0.1), r"time must be in \[1, inf"),
        (lambda: arrays.drift([1.0], [[2.0]], exponent=0.1), "time must be a number or have shape"),
    ],
)
def test_bad_programs_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_what_is_beyond_doubles_is_refused():
    with pytest.raises(ArithmeticError, match="conductances became more"):
        arrays.program(np.full(100, 1e300), spread=1e3, seed=1)
    held = arrays.program(np.full(100, 1e300), spread=1e3, seed=1, g_max=1e-4)
    assert held.max() == 1e-4  # what a cell can hold is held, however far a pulse would go
    for options in ({"exponent": -1000.0}, {"exponent": 0.0, "spread": 1e3, "seed": 0}):
        with pytest.raises(ArithmeticError, match="conductances became more"):
            arrays.drift(np.full(9, 1e-6), 1e300, **options)


# ---------------------------------------------------------------- products


def test_ideal_lines_give_the_cells_to_the_last_bit():
    cells = np.random.default_rng(0).uniform(LOW, HIGH, (13, 7))
    net = mn.crossbar(13, 7)
    np.testing.assert_array_equal(arrays.transfer(net, cells), cells)
    np.testing.assert_array_equal(arrays.transfer(net, cells.ravel()), cells)


def test_a_number_is_that_of_all_cells_and_not_of_lines():
    net = mn.crossbar(2, 3, line_resistance=10.0, dummy_lines=1)
    np.testing.assert_array_equal(arrays.transfer(net, 1e-4), arrays.transfer(net, np.full((2, 3), 1e-4)))
    chain = mn.Network(3, [(0, 1), (1, 2)], electrodes={"w0": 0, "b0": 2})
    assert arrays.transfer(chain, 1e-4) == pytest.approx(5e-5, rel=1e-15, abs=0.0)


def test_lines_of_a_layer_are_named_by_the_layout():
    net = mn.crossbar(2, 3, layers=2)
    cells = np.random.default_rng(5).uniform(LOW, HIGH, (2, 2, 3))
    for layer in (0, 1):
        sides = {"inputs": net.layout.words[layer, :, 0], "outputs": net.layout.bits[layer, 0]}
        np.testing.assert_array_equal(arrays.transfer(net, cells, **sides), cells[layer])


def test_circuits_in_series_with_lines_are_refused():
    net = mn.crossbar(2, 2).attach("b1", mn.Resistor(conductance=1e-3))
    with pytest.raises(ValueError, match="net must have no circuits in series with electrodes, such as 'b1'"):
        arrays.transfer(net, np.full(net.n_edges, 1e-4))


@pytest.mark.parametrize("resistance", [0.5, 100.0, 1e5])
def test_lines_give_the_currents_of_solves_one_by_one(resistance):
    rng = np.random.default_rng(1)
    net = mn.crossbar(6, 5, line_resistance=resistance, contact_resistance=(3.0, 7.0))
    cells, volts = rng.uniform(LOW, HIGH, (6, 5)), rng.uniform(-1, 1, (4, 6))
    found = arrays.vmm(net, cells, volts)
    g = mn.cell_conductances(net, cells)
    np.testing.assert_array_equal(arrays.vmm(net, g, volts), found)
    np.testing.assert_allclose(arrays.vmm(net, g, volts[2]), found[2], rtol=1e-13)
    for row, expected in zip(volts, found, strict=True):
        drive = {f"w{k}": one for k, one in enumerate(row)} | {f"b{k}": 0.0 for k in range(5)}
        solution = mn.solve(net, g, drive)
        np.testing.assert_allclose([-solution.current_of(f"b{k}") for k in range(5)], expected, rtol=1e-11)


def test_products_with_lines_by_a_dense_laplacian():
    """Nodal analysis in plain NumPy, of another order of nodes and edges."""
    rng = np.random.default_rng(2)
    rows, columns, r = 4, 3, 50.0
    cells = rng.uniform(LOW, HIGH, (rows, columns))
    word = np.arange(rows * columns).reshape(rows, columns)
    bit = word + rows * columns
    edges = [(word[i, j], bit[i, j], cells[i, j]) for i in range(rows) for j in range(columns)]
    edges += [(word[i, j], word[i, j + 1], 1 / r) for i in range(rows) for j in range(columns - 1)]
    edges += [(bit[i, j], bit[i + 1, j], 1 / r) for i in range(rows - 1) for j in range(columns)]
    laplacian = np.zeros((2 * rows * columns, 2 * rows * columns))
    for a, b, g in edges:
        laplacian[[a, b, a, b], [a, b, b, a]] += [g, g, -g, -g]
    ends = np.append(word[:, 0], bit[-1])
    inner = np.setdiff1d(np.arange(len(laplacian)), ends)
    reduced = laplacian[np.ix_(ends, ends)] - laplacian[np.ix_(ends, inner)] @ np.linalg.solve(
        laplacian[np.ix_(inner, inner)], laplacian[np.ix_(inner, ends)]
    )
    found = arrays.transfer(mn.crossbar(rows, columns, line_resistance=r), cells)
    np.testing.assert_allclose(found, -reduced[:rows, rows:], rtol=1e-9)


def test_products_are_those_of_the_drive_that_multiplies():
    rng = np.random.default_rng(3)
    net = mn.crossbar(5, 4, line_resistance=20.0)
    cells, volts, back = rng.uniform(LOW, HIGH, (5, 4)), rng.uniform(-1, 1, 5), rng.uniform(-1, 1, 4)
    words, bit_lines = ([f"{letter}{k}" for k in range(n)] for letter, n in (("w", 5), ("b", 4)))
    for given_volts, sides, transposed in ((volts, (words, bit_lines), False), (back, (bit_lines, words), True)):
        drive = arrays.vmm_drive(net, given_volts, transposed=transposed)
        solution = mn.solve(net, mn.cell_conductances(net, cells), drive)
        found = arrays.vmm(net, cells, given_volts, inputs=sides[0], outputs=sides[1])
        np.testing.assert_allclose(found, [-solution.current_of(name) for name in sides[1]], rtol=1e-11)
    backwards = arrays.transfer(net, cells, inputs=bit_lines, outputs=words)
    np.testing.assert_array_equal(backwards, arrays.transfer(net, cells).T)


def test_inputs_and_outputs_may_be_any_electrodes():
    net = mn.Network(3, [(0, 1), (1, 2), (0, 2)], electrodes={"a": 0, "b": 1, "c": 2})
    found = arrays.transfer(net, [1.0, 2.0, 3.0], inputs=["c", "a"], outputs=["b"])
    assert found.tolist() == [[2.0], [1.0]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"conductances": [[1.0, 2.0]]}, "conductances must have shape"),
        ({"conductances": np.full((2, 2), -1.0)}, "conductances must be in"),
        ({"conductances": np.full((2, 2), np.nan)}, "conductances must be"),
        ({"volts": [1.0]}, r"volts must have shape \(2,\) or \(any, 2\), got \(1,\)"),
        ({"volts": [1.0, np.inf]}, "volts must be"),
        ({"inputs": ["w0", "w0"]}, "inputs must name no electrode twice"),
        ({"inputs": ["w7"]}, r"unknown inputs\[0\] 'w7'"),
        ({"outputs": ["w0"]}, "inputs and outputs must have no electrode in common, got 'w0'"),
        ({"outputs": []}, "outputs must hold at least one electrode"),
    ],
)
def test_bad_products_are_refused_by_name(arguments, message):
    good = {"net": mn.crossbar(2, 2), "conductances": np.full((2, 2), 1e-6), "volts": [0.1, 0.2]}
    with pytest.raises(ValueError, match=message):
        arrays.vmm(**good | arguments)


def test_an_isolated_line_carries_nothing():
    cells = np.full((2, 2), 1e-6)
    cells[:, 1] = 0.0
    assert arrays.vmm(mn.crossbar(2, 2, line_resistance=1.0), cells, [0.1, 0.1])[1] == 0.0
