"""Layers, parts of arrays, perceptrons: products through circuits, errors back, updates, pulses, weights of PyTorch."""

import copy
import pickle

import numpy as np
import pytest

import memnet as mn

SPAN = 99e-6


def programmed(shape=(5, 3), seed=0, **settings):
    layer = mn.arrays.Layer(*shape, **settings)
    layer.program(np.random.default_rng(seed).uniform(-1.0, 1.0, shape))
    return layer


def test_an_ideal_layer_multiplies_with_its_weights():
    weights = np.random.default_rng(0).uniform(-1.0, 1.0, (5, 3))
    layer = mn.arrays.Layer(5, 3)
    assert (layer.weights == 0.0).all()
    layer.program(weights)
    values = np.random.default_rng(1).normal(size=(7, 5))
    assert layer.weights == pytest.approx(weights, abs=1e-14)
    assert layer(values) == pytest.approx(values @ weights, abs=1e-13)
    assert layer(values[0]).shape == (3,)


def test_with_lines_products_are_currents_of_the_circuit_both_ways():
    """Forward by a drive of word lines; back by one of bit lines, whose pairs have both signs."""
    layer = programmed(line_resistance=50.0)
    net = mn.crossbar(5, 6, line_resistance=50.0, contact_resistance=50.0)
    g = mn.cell_conductances(net, layer.conductances)
    volts = np.array([0.3, -0.1, 0.2, 0.05, 0.4])
    ground = dict.fromkeys(net.electrodes, 0.0)
    forward = mn.solve(net, g, {**ground, **{f"w{k}": one for k, one in enumerate(volts)}})
    out = -np.array([forward.current_of(f"b{k}") for k in range(6)])
    assert layer(volts) == pytest.approx((out[0::2] - out[1::2]) / SPAN, rel=1e-12)
    errors = np.array([0.2, -0.3, 0.1])
    pairs = {f"b{k}": errors[k // 2] * (-1.0) ** k for k in range(6)}
    back = mn.solve(net, g, {**ground, **pairs})
    assert layer.back(errors) == pytest.approx(
        -np.array([back.current_of(f"w{k}") for k in range(5)]) / SPAN, rel=1e-11
    )
    assert abs(layer.matrix - layer.weights).max() > 1e-3


@pytest.mark.parametrize("bounds", ["hard", "soft"])
def test_updates_move_both_cells_of_a_pair(bounds):
    layer = programmed(bounds=bounds)
    before = layer.conductances
    change = np.random.default_rng(2).uniform(-0.5, 0.5, (5, 3))
    layer.update(change)
    share = (before - 1e-6) / SPAN
    both = np.repeat(change, 2, axis=1) * np.tile([1.0, -1.0], 3)
    if bounds == "hard":
        expected = np.clip(share + both, 0.0, 1.0)
    else:
        expected = share + both * np.where(both > 0.0, 1.0 - share, share)
    assert layer.conductances == pytest.approx(1e-6 + SPAN * expected, rel=1e-12)


def test_bits_and_spread_are_those_of_cells():
    layer = mn.arrays.Layer(40, 30)
    weights = np.random.default_rng(3).uniform(-1.0, 1.0, (40, 30))
    layer.program(weights, bits=2)
    assert np.unique(layer.weights.round(9)).tolist() == pytest.approx([-1, -2 / 3, -1 / 3, 0, 1 / 3, 2 / 3, 1])
    ideal = mn.arrays.Differential(1e-6, 1e-4).encode(weights)
    layer.program(weights, spread=0.2, seed=4)
    factor = np.log(layer.conductances / ideal)
    assert factor.std() == pytest.approx(0.2, abs=4 * 0.2 / np.sqrt(2 * factor.size))
    assert abs(factor.mean()) < 4 * 0.2 / np.sqrt(factor.size)
    first = layer.conductances
    layer.program(weights, spread=0.2, seed=4)
    assert (layer.conductances == first).all()


def device(**parameters):
    return mn.BipolarThreshold(g_on=1e-4, g_off=1e-6, **parameters)


@pytest.mark.parametrize("bounds", ["hard", "soft"])
def test_cells_beyond_their_range_stay_unless_they_are_asked_back(bounds):
    layer = mn.arrays.Layer(20, 3, bounds=bounds)
    layer.program(np.full((20, 3), 0.98), spread=0.3, seed=0)
    before = layer.conductances
    beyond = before > layer.pairs.g_max
    assert beyond.any()
    layer.update(np.zeros((20, 3)))
    assert (layer.conductances == before).all()
    layer.update(np.full((20, 3), 0.01))
    assert (layer.conductances[beyond] == before[beyond]).all()
    layer.update(np.full((20, 3), -0.01))
    assert (layer.conductances[beyond] < before[beyond]).all()


@pytest.mark.parametrize("values", [[1.0, 2.0], [[[1.0, 2.0, 3.0]]], "a"])
def test_parts_refuse_vectors_of_another_shape(values):
    part = mn.arrays.partition([(3, 3), (2, 1)])[0]
    for name, call in (("values", part), ("errors", part.back)):
        with pytest.raises((TypeError, ValueError), match=name):
            call(values)


def test_pulses_move_devices_by_what_is_asked_for_in_the_mean_and_leave_others():
    layer = mn.arrays.Layer(20, 10, device=device(), seed=0)
    change = np.zeros((20, 10))
    change[:, :5] = np.random.default_rng(5).uniform(-0.2, 0.2, (20, 5))
    layer.update(change)
    assert (layer.weights[:, 5:] == 0.0).all()
    pulse = 1e-3 * 0.01 * (np.exp(1.2 * 7) - np.exp(7))  # I_0 (e^(v/v_0) - e^(v_th/v_0)) of one pulse
    # Each cell gets a whole number of pulses, the one below or above what is asked for.
    moved = (layer.conductances - 50.5e-6) / SPAN
    count = moved / pulse
    assert abs(count - count.round()).max() < 1e-6
    wanted = np.repeat(change, 2, axis=1) * np.tile([1.0, -1.0], 10)
    assert abs(moved - wanted).max() < pulse
    assert (moved - wanted)[:, :10].mean() == pytest.approx(0.0, abs=4 * pulse / np.sqrt(200))


def test_cells_half_selected_stay_and_lines_take_of_the_pulse():
    ideal = mn.arrays.Layer(6, 2, device=device(I_0=0.005), seed=0)
    lossy = mn.arrays.Layer(6, 2, device=device(I_0=0.005), line_resistance=100.0, seed=0)
    change = np.zeros((6, 2))
    change[5, 1] = 0.3
    for layer in (ideal, lossy):
        layer.update(change)
        others = np.ones((6, 2), dtype=bool)
        others[5, 1] = False
        assert (layer.weights[others] == 0.0).all()
        assert layer.weights[5, 1] > 0.3
    assert lossy.weights[5, 1] != ideal.weights[5, 1]


def test_a_device_that_does_not_learn_both_ways_is_refused():
    with pytest.raises(ValueError, match="must move the device down"):
        mn.arrays.Layer(2, 1, device=mn.RateBalance())
    with pytest.raises(ValueError, match="update"):
        mn.arrays.Layer(2, 1, device=device()).program([[0.1], [0.2]])


@pytest.mark.parametrize("settings", [{}, {"line_resistance": 2.0}, {"device": device(), "seed": 1}])
def test_copies_and_pickles_go_on_alike(settings):
    layer = mn.arrays.Layer(4, 2, **settings)
    change = np.random.default_rng(6).uniform(-0.1, 0.1, (4, 2))
    layer.update(change)
    others = copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))
    for one in (layer, *others):
        one.update(change)
    for one in others:
        assert (one.conductances == layer.conductances).all()
        assert (one.matrix == layer.matrix).all()


def test_parts_of_one_array_are_layers_of_their_own():
    parts = mn.arrays.partition([(5, 3), (4, 2)])
    alone = [mn.arrays.Layer(5, 3), mn.arrays.Layer(4, 2)]
    rng = np.random.default_rng(7)
    for part, layer in zip(parts, alone, strict=True):
        weights = rng.uniform(-1.0, 1.0, layer.weights.shape)
        change = rng.uniform(-0.1, 0.1, layer.weights.shape)
        for one in (part, layer):
            one.program(weights)
            one.update(change)
    for part, layer in zip(parts, alone, strict=True):
        assert (part.conductances == layer.conductances).all()
        values = rng.normal(size=(3, len(layer.weights)))
        assert part(values) == pytest.approx(layer(values), abs=1e-13)
        assert part.back(part(values)) == pytest.approx(layer.back(layer(values)), abs=1e-13)
    assert parts[0].array.weights.shape == (9, 3)


def test_backpropagation_is_the_gradient():
    """Against differences of the cross-entropy, cells moved one by one."""
    both = mn.arrays.Perceptron([4, 5, 3], activation="tanh", gain=1.5, seed=8)
    rng = np.random.default_rng(8)
    inputs, targets = rng.uniform(-1.0, 1.0, (6, 4)), np.eye(3)[rng.integers(3, size=6)]

    def loss(one):
        shares = np.exp(one(inputs))
        return -(targets * np.log(shares / shares.sum(axis=1, keepdims=True))).sum()

    step = 1e-6
    learnt = copy.deepcopy(both)
    learnt.learn(inputs, targets, output="softmax", step=step)
    for k, layer in enumerate(both.layers):
        moved = (learnt.layers[k].weights - layer.weights) / (2.0 * step)
        for place in np.ndindex(layer.weights.shape):
            change = np.zeros(layer.weights.shape)
            losses = []
            for h in (5e-6, -5e-6):
                change[place] = h
                trial = copy.deepcopy(both)
                trial.layers[k].update(change)
                losses.append(loss(trial))
            slope = (losses[0] - losses[1]) / 2e-5  # a weight moves by twice what its cells do
            # The rule has no factor of the gain: only errors passed back have that of their layer.
            assert moved[place] == pytest.approx(-slope / both.gains[k], rel=2e-4, abs=2e-4)


def test_weights_of_a_state_dict_are_those_of_plain_products():
    rng = np.random.default_rng(9)
    state = {
        "0.weight": rng.normal(size=(5, 4)),
        "0.bias": rng.normal(size=5),
        "2.weight": rng.normal(size=(2, 5)),
    }
    inputs = rng.normal(size=(8, 4))
    expected = np.maximum(inputs @ state["0.weight"].T + state["0.bias"], 0.0) @ state["2.weight"].T
    for partitioned in (False, True):
        made = mn.arrays.Perceptron([4, 5, 2], partitioned=partitioned)
        made.program(mn.arrays.state_dict_weights(state), inputs)
        assert made(inputs) == pytest.approx(expected, abs=1e-12)


def test_kernels_of_a_state_dict_are_unrolled():
    kernels = np.random.default_rng(10).normal(size=(3, 2, 2, 2))
    ((weights, bias),) = mn.arrays.state_dict_weights({"conv.weight": kernels})
    assert (weights == mn.arrays.kernel_matrix(kernels)).all()
    assert (bias == 0.0).all()


def test_a_module_of_pytorch_gives_its_outputs():
    torch = pytest.importorskip("torch")
    module = torch.nn.Sequential(torch.nn.Linear(4, 5), torch.nn.ReLU(), torch.nn.Linear(5, 2))
    made = mn.arrays.Perceptron([4, 5, 2])
    inputs = np.random.default_rng(11).normal(size=(8, 4))
    made.program(mn.arrays.state_dict_weights(module.state_dict()), inputs)
    expected = module(torch.tensor(inputs, dtype=torch.float32)).detach().numpy()
    assert made(inputs) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({}, "at least one layer"),
        ([1.0], "state_dict must be a mapping"),
        ({"a.weight": [1.0]}, "Linear and Conv2d only"),
        ({"a.running_mean": [1.0]}, "Linear and Conv2d only"),
        ({"a.weight": [[1.0]], "a.bias": [1.0, 2.0]}, "a.bias"),
        ({"a.weight": [[np.nan]]}, "a.weight"),
    ],
)
def test_other_mappings_are_refused(state, message):
    with pytest.raises((TypeError, ValueError), match=message):
        mn.arrays.state_dict_weights(state)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: mn.arrays.Layer(0, 1), "inputs"),
        (lambda: mn.arrays.Layer(2**15, 2**15), "no more than"),
        (lambda: mn.arrays.Layer(1, 1, g_min=1e-4, g_max=1e-6), "g_min must be below g_max"),
        (lambda: mn.arrays.Layer(1, 1, line_resistance=-1.0), "line_resistance"),
        (lambda: mn.arrays.Layer(1, 1, line_resistance=np.nan), "line_resistance"),
        (lambda: mn.arrays.Layer(1, 1, pulse=1.0), "pulse"),
        (lambda: programmed().program(np.full((5, 3), 1.5)), "weights"),
        (lambda: programmed().program(np.zeros((5, 3)), bits=25), "bits"),
        (lambda: programmed()([1.0]), "values must have shape"),
        (lambda: programmed().update(np.zeros((3, 5))), "change"),
        (lambda: mn.arrays.Perceptron([3]), "sizes"),
        (lambda: mn.arrays.Perceptron([3, 1], activation="softmax"), "activation"),
        (lambda: mn.arrays.Perceptron([3, 1]).program([]), "weights must be a list of 1 layers"),
        (lambda: mn.arrays.partition([]), "shapes"),
        (lambda: mn.arrays.partition([(1, 2, 3)]), "shapes"),
    ],
)
def test_bad_input_is_refused_by_name(make, message):
    with pytest.raises((TypeError, ValueError), match=message):
        make()
