"""Estimators on arrays: scikit-learn's own checks, digits inferred and learnt, and neurons that find patterns."""

import functools
import pickle
import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.cross_decomposition import PLSRegression
from sklearn.datasets import load_digits, load_iris, make_regression
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier, SGDClassifier
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.svm import SVC
from sklearn.utils.estimator_checks import parametrize_with_checks

import memnet as mn

ArrayClassifier, ArrayConvolution, ArrayRegressor = (
    mn.arrays.ArrayClassifier,
    mn.arrays.ArrayConvolution,
    mn.arrays.ArrayRegressor,
)


@functools.cache
def digits():
    """Return 1,200 digits to learn from and 597 to be judged by, of pixels from 0 to 1."""
    X, y = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(X))
    return X[order[:1200]] / 16.0, y[order[:1200]], X[order[1200:]] / 16.0, y[order[1200:]]


def score(**parameters):
    X, y, X_test, y_test = digits()
    return ArrayClassifier(**{"random_state": 0, **parameters}).fit(X, y).score(X_test, y_test)


# ------------------------------------------------------------------ scikit-learn's checks

FAST = [ArrayRegressor(), ArrayConvolution(), ArrayConvolution(array="staircase", pool=2, weight_bits=6)]
SLOW = [
    ArrayClassifier(),
    ArrayClassifier(learning="in situ"),
    ArrayRegressor(learning="in situ"),
    ArrayClassifier(adc_bits=10, dac_bits=10, weight_bits=8, spread=0.02, line_resistance=1.0),
]


@parametrize_with_checks(FAST)
def test_scikit_learns_checks(estimator, check):
    check(estimator)


@pytest.mark.slow
@parametrize_with_checks(SLOW)
def test_scikit_learns_checks_of_more(estimator, check):
    check(estimator)


# ------------------------------------------------------------------ digits, inferred


@functools.cache
def trained():
    """Return the software of the table, fitted."""
    X, y, _, _ = digits()
    return FrozenEstimator(LogisticRegression(max_iter=3000).fit(X, y))


def inferred(**parameters):
    return score(estimator=trained(), **parameters)


def test_an_ideal_array_gives_the_softwares_numbers():
    X, y, X_test, y_test = digits()
    ideal = ArrayClassifier(estimator=trained()).fit(X, y)
    assert ideal.score(X_test, y_test) == trained().score(X_test, y_test) == pytest.approx(0.9782, abs=5e-5)
    assert ideal.decision_function(X_test) == pytest.approx(trained().decision_function(X_test), abs=1e-12)
    assert ideal.predict_proba(X_test) == pytest.approx(trained().predict_proba(X_test), abs=1e-12)
    assert ideal.perceptron_.layers[0].conductances.shape == (65, 20)


@pytest.mark.parametrize(("bits", "expected"), [(6, 0.9765), (4, 0.9732), (3, 0.9665), (2, 0.9296)])
def test_bits_of_weights_are_those_of_the_table(bits, expected):
    assert inferred(weight_bits=bits) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(("bits", "expected"), [(8, 0.9782), (4, 0.9564), (3, 0.9079)])
def test_bits_of_converters_are_those_of_the_table(bits, expected):
    """The table has the range of the outputs that it judges; `fit` knows only those that it learns from."""
    X, y, X_test, y_test = digits()
    found = ArrayClassifier(estimator=trained(), adc_bits=bits).fit(X, y)
    ideal = ArrayClassifier(estimator=trained()).fit(X, y).perceptron_
    assert found.perceptron_.output_ranges[0] == pytest.approx(abs(ideal(X)).max() / ideal.gains[0], rel=1e-12)
    found.perceptron_.output_ranges[0] = abs(ideal(X_test)).max() / ideal.gains[0]
    assert found.score(X_test, y_test) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(("ohm", "expected"), [(1.0, 0.9782), (10.0, 0.9665), (30.0, 0.9162), (100.0, 0.6784)])
def test_lines_are_those_of_the_table(ohm, expected):
    assert inferred(line_resistance=ohm) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(("spread", "expected"), [(0.1, 0.968), (0.4, 0.886)])
def test_spread_is_that_of_the_table(spread, expected):
    found = [inferred(spread=spread, random_state=seed) for seed in range(10)]
    assert np.mean(found) == pytest.approx(expected, abs=2.0 * np.std(found))


def test_inputs_of_few_bits_are_rounded_to_levels():
    X, y, X_test, _ = digits()
    found = ArrayClassifier(estimator=trained(), dac_bits=2).fit(X, y)
    expected = trained().decision_function(np.rint(X_test * 3.0) / 3.0)
    assert found.decision_function(X_test) == pytest.approx(expected, abs=1e-12)


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_two_arrays_and_one_partitioned_array_are_the_softwares_perceptron():
    X, y, X_test, y_test = digits()
    network = MLPClassifier(16, random_state=0, learning_rate_init=0.01, max_iter=20)
    found = [ArrayClassifier(estimator=network, partitioned=one).fit(X, y) for one in (False, True)]
    for one in found:
        assert one.predict_proba(X_test) == pytest.approx(one.estimator_.predict_proba(X_test), abs=1e-9)
        assert one.score(X_test, y_test) > 0.9
    assert len(found[1].perceptron_.layers[0].array.weights) == 65 + 17


# ------------------------------------------------------------------ digits, learnt where the cells are


def epochs(n_epochs=5, **parameters):
    """Return the score after each epoch, in the orders of the prototype."""
    X, y, X_test, y_test = digits()
    order = np.random.default_rng(0)
    model = ArrayClassifier(learning="in situ", random_state=0, **parameters)
    found = []
    for _ in range(n_epochs):
        # The prototype permutes numbers of examples of all digits, here their places among the 1,200.
        places = order.permutation(1200)
        found.append(model.partial_fit(X[places], y[places], classes=np.arange(10)).score(X_test, y_test))
    return found


def test_the_delta_rule_learns_online():
    assert max(epochs(4)) == pytest.approx(0.9648, abs=5e-5)


def test_soft_bounds_cost_some_of_it():
    assert 0.92 <= max(epochs(4, bounds="soft")) < 0.9648


@pytest.mark.slow
def test_learning_through_lines_of_1_ohm():
    assert max(epochs(line_resistance=1.0, batch_size=10)) >= 0.93


@pytest.mark.slow
def test_devices_learn_by_pulses_through_the_circuit():
    cells = mn.BipolarThreshold(g_on=1e-4, g_off=1e-6, I_0=0.005)
    assert max(epochs(2, device=cells, batch_size=40, learning_rate=0.005)) >= 0.9


@pytest.mark.slow
def test_a_hidden_layer_learns_by_backpropagation():
    assert score(learning="in situ", hidden_layer_sizes=32, learning_rate=0.005, epochs=5) > 0.965


def test_learning_in_situ_corrects_cells_that_missed_their_weights():
    X, y, X_test, y_test = digits()
    model = ArrayClassifier(estimator=trained(), spread=0.4, random_state=3, learning_rate=0.005).fit(X, y)
    before = model.score(X_test, y_test)
    after = model.partial_fit(X, y).score(X_test, y_test)
    assert after > before + 0.03


def test_a_regressor_learns_a_plane_in_situ():
    X, y = make_regression(200, 4, noise=0.0, random_state=1)
    found = ArrayRegressor(learning="in situ", epochs=10, random_state=0).fit(X, y)
    assert found.score(X, y) > 0.999
    two = ArrayRegressor(learning="in situ", epochs=10, random_state=0).fit(X, np.stack([y, -y], axis=1))
    assert two.predict(X).shape == (200, 2)
    assert two.predict(X)[:, 0] == pytest.approx(-two.predict(X)[:, 1], abs=1e-6)


# ------------------------------------------------------------------ what scikit-learn's users do


def test_pipelines_grids_and_cross_validation():
    X, y, _, _ = digits()
    X, y = X[:200], y[:200]
    steps = make_pipeline(MinMaxScaler(), ArrayClassifier(estimator=RidgeClassifier()))
    found = GridSearchCV(steps, {"arrayclassifier__weight_bits": [1, 6]}, cv=2).fit(X, y)
    assert found.best_params_ == {"arrayclassifier__weight_bits": 6}
    assert cross_val_score(steps, X, y, cv=3).mean() > 0.8


def test_convolutions_come_before_a_classifier_and_a_staircase_is_the_same():
    X, y, X_test, y_test = digits()
    made = {"kernels": 6, "pool": 2, "line_resistance": 0.0}
    both = [ArrayConvolution(array=one, **made).fit(X) for one in ("unrolled", "staircase")]
    features = [one.transform(X) for one in both]
    assert features[0] == pytest.approx(features[1], abs=1e-12)
    assert both[0].get_feature_names_out()[:2].tolist() == ["arrayconvolution0", "arrayconvolution1"]
    classifier = ArrayClassifier(estimator=RidgeClassifier()).fit(features[0], y)
    assert classifier.score(both[0].transform(X_test), y_test) > 0.95


@pytest.mark.parametrize("array", ["unrolled", "staircase"])
def test_images_in_blocks_have_the_features_of_all_at_once(array, monkeypatch):
    X = digits()[0][:50]
    model = ArrayConvolution(array=array, pool=2)
    wanted = model.fit_transform(X)
    monkeypatch.setattr("memnet.arrays._learn._array_convolution.BLOCK", 7)
    assert model.fit_transform(X) == pytest.approx(wanted, abs=1e-12)


def test_clones_pickles_seeds_and_names_of_features():
    pandas = pytest.importorskip("pandas")
    X, y, X_test, _ = digits()
    named = pandas.DataFrame(X, columns=[f"pixel {k}" for k in range(64)])
    model = ArrayClassifier(estimator=RidgeClassifier(), spread=0.3, random_state=7).fit(named, y)
    assert model.feature_names_in_[3] == "pixel 3"
    again = clone(model).fit(X, y)
    other = clone(model).set_params(random_state=8).fit(X, y)
    outputs = again.decision_function(X_test)
    assert (pickle.loads(pickle.dumps(again)).decision_function(X_test) == outputs).all()
    assert model.perceptron_.layers[0].conductances == pytest.approx(again.perceptron_.layers[0].conductances)
    assert (other.perceptron_.layers[0].conductances != again.perceptron_.layers[0].conductances).any()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"learning": "online"}, "unknown learning"),
        ({"g_min": 1e-3}, "g_min must be below g_max"),
        ({"weight_bits": 0}, "bits"),
        ({"adc_bits": 25}, "adc_bits"),
        ({"line_resistance": np.nan}, "line_resistance"),
        ({"hidden_layer_sizes": 0}, "hidden_layer_sizes"),
        ({"learning": "in situ", "epochs": 0}, "epochs"),
        ({"learning": "in situ", "batch_size": 0}, "batch_size"),
        ({"learning": "in situ", "learning_rate": -1.0}, "learning_rate"),
        ({"learning": "in situ"}, "estimator must be None"),
        ({"learning": "in situ", "estimator": None, "weight_bits": 4}, "weight_bits must be None"),
        ({"learning": "in situ", "estimator": None, "spread": 0.1}, "spread must be 0"),
        ({"device": mn.BipolarThreshold()}, "device must be None"),
        ({"estimator": MinMaxScaler()}, "coef_"),
    ],
)
def test_bad_parameters_are_refused_at_fit(parameters, message):
    X, y, _, _ = digits()
    with pytest.raises((TypeError, ValueError), match=message):
        ArrayClassifier(**{"estimator": RidgeClassifier(), **parameters}).fit(X[:50], y[:50])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda X, _: FrozenEstimator(LogisticRegression(max_iter=300).fit(X, np.arange(len(X)) % 2)), "classes of y"),
        (lambda X, y: FrozenEstimator(LogisticRegression(max_iter=300).fit(X, y.astype(str))), "classes of y"),
        (lambda X, y: FrozenEstimator(LogisticRegression(max_iter=300).fit(X[:, :2], y)), "features|inputs"),
        (lambda *_: LinearRegression(), "must be a classifier"),
        (lambda *_: SVC(kernel="linear"), "alone"),  # three pairs of classes, not three classes
    ],
)
def test_estimators_that_decide_otherwise_are_refused(make, message):
    """Their coef_ has the shape of weights, and would classify in silence at chance."""
    X, y = load_iris(return_X_y=True)
    with pytest.raises(ValueError, match=message):
        ArrayClassifier(estimator=make(X, y)).fit(X, y)


def test_a_regressor_that_centres_its_inputs_is_refused_and_sparse_weights_are_read():
    X, y = load_iris(return_X_y=True)
    with pytest.raises(ValueError, match="alone"):
        ArrayRegressor(estimator=PLSRegression()).fit(X, X[:, 0])
    software = SGDClassifier(random_state=0).fit(X, y)
    outputs = software.decision_function(X)
    found = ArrayClassifier(estimator=FrozenEstimator(software.sparsify())).fit(X, y)
    assert found.decision_function(X) == pytest.approx(outputs, abs=1e-10)


def test_partial_fit_checks_what_was_set_later_and_probabilities_far_away_are_numbers():
    X, y = load_iris(return_X_y=True)
    model = ArrayClassifier(learning="in situ", random_state=0, epochs=1).fit(X, y)
    for size in (-1, 0, "a"):
        with pytest.raises((TypeError, ValueError), match="batch_size"):
            clone(model).set_params(batch_size=size).partial_fit(X, y)
    model.perceptron_.layers[0].program(np.full((5, 3), -1.0))
    assert model.predict_proba([[1e6] * 4]) == pytest.approx(np.full((1, 3), 1.0 / 3.0))


# ------------------------------------------------------------------ without scikit-learn

WITHOUT = """
import importlib.util, sys
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "sklearn" else find(name, *rest)
import memnet as mn
assert not any(name.startswith("sklearn") for name in sys.modules)
assert mn.arrays.Layer(2, 1).weights.shape == (2, 1)
assert "ArrayClassifier" not in dir(mn.arrays)
from memnet.arrays import *
try:
    mn.arrays.ArrayClassifier
except ImportError as error:
    print(error)
"""


def test_without_scikit_learn_the_room_is_there_and_says_what_to_install():
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == 'memnet.arrays.ArrayClassifier needs sklearn: pip install "memnet-sim[learn]"'


# ------------------------------------------------------------------ neurons that find patterns

PATTERNS = np.array(
    [
        [1, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0],
        [0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0],
        [1, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1],
    ]
)


def found(seed, shuffled=False, **settings):
    """Return, for each pattern, the best correlation of a neuron's weights with it, and who fires for it."""
    rng = np.random.default_rng(seed + 100)
    shown = PATTERNS[rng.integers(4, size=80)]
    shown = np.array([rng.permutation(one) for one in shown]) if shuffled else shown
    layer = mn.arrays.SpikingLayer(16, 6, seed=seed, **settings)
    layer.learn(shown)
    spikes = layer.respond(PATTERNS)
    return np.corrcoef(np.vstack([PATTERNS, layer.weights.T]))[:4, 4:].max(axis=1), spikes


def test_neurons_find_patterns_and_do_not_where_nothing_is_to_be_found():
    seeds = range(3)
    learnt = [found(seed) for seed in seeds]
    assert np.mean([best for best, _ in learnt]) > 0.9
    assert np.mean([len(set(spikes.argmax(axis=1))) for _, spikes in learnt]) > 3.3
    assert all((spikes.sum(axis=1) == 1).all() for _, spikes in learnt)
    for settings in ({"teach": (0.0, 0.0)}, {"shuffled": True}):
        assert np.mean([found(seed, **settings)[0] for seed in seeds]) < 0.55


def test_without_teaching_weights_stay_and_seeds_decide():
    layer = mn.arrays.SpikingLayer(16, 3, teach=(0.0, 0.0), seed=0)
    before = layer.weights
    assert layer.learn(PATTERNS).sum() >= 4
    assert (layer.weights == before).all()
    assert ((before >= 0.4) & (before <= 0.6)).all()
    assert (mn.arrays.SpikingLayer(16, 3, seed=0).weights == before).all()
    taught = mn.arrays.SpikingLayer(16, 3, seed=0)
    taught.respond(PATTERNS)
    assert (taught.weights == before).all()


def test_patterns_in_two_calls_are_patterns_in_one():
    shown = PATTERNS[np.random.default_rng(1).integers(4, size=12)]
    one, two = (mn.arrays.SpikingLayer(16, 4, seed=2) for _ in range(2))
    together = one.learn(shown)
    apart = np.vstack([two.learn(shown[:5]), two.learn(shown[5:])])
    assert (together == apart).all()
    assert (one.weights == two.weights).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: mn.arrays.SpikingLayer(0, 1), "inputs"),
        (lambda: mn.arrays.SpikingLayer(2**16, 2**16), "neurons"),
        (lambda: mn.arrays.SpikingLayer(2**16, 2**10), "inputs"),
        (lambda: mn.arrays.SpikingLayer(1, 1, synapse=mn.Resistor()), "state w"),
        (lambda: mn.arrays.SpikingLayer(1, 1, teach=1.0), "teach"),
        (lambda: mn.arrays.SpikingLayer(1, 1, inhibition=np.nan), "inhibition"),
        (lambda: mn.arrays.SpikingLayer(2, 1).learn([[0.0, 2.0]]), "patterns"),
        (lambda: mn.arrays.SpikingLayer(2, 1).learn([0.0, 1.0]), "patterns"),
    ],
)
def test_bad_input_of_a_spiking_layer_is_refused(make, message):
    with pytest.raises((TypeError, ValueError), match=message):
        make()
