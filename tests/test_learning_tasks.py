"""Tasks of reservoir computing and how well they are done: against closed forms, SciPy, plain NumPy and reservoirpy."""

import itertools
import runpy
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.integrate import solve_ivp
from scipy.special import eval_legendre
from scipy.stats import chi2
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from memnet import learn

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # escapes in its docstrings, where they are compiled for the first time
    from reservoirpy import nodes, observables

BENCHMARK = Path(__file__).resolve().parent.parent / "benchmarks" / "reservoirs.py"


def uniform(n, seed=0):
    return np.random.default_rng(seed).uniform(-1.0, 1.0, n)


# ------------------------------------------------------------------ capacities


@pytest.mark.parametrize("taps", [1, 7, 30])
def test_the_memory_capacity_of_a_shift_register_is_its_length(taps):
    u = uniform(2000)
    found = learn.memory_capacity(learn.DelayLine(taps).fit_transform(u[:, None]), u, max_delay=60, washout=60)
    assert found.by_delay[:taps] == pytest.approx(np.ones(taps), abs=1e-10)
    assert not found.by_delay[taps:].any()
    assert found.total == pytest.approx(taps, abs=1e-10)
    assert found.rank == taps


def test_a_register_that_is_mixed_has_the_same_capacity():
    """Any invertible mixture of the states, and constants and copies among them, change nothing."""
    u = uniform(1500)
    states = learn.DelayLine(8).fit_transform(u[:, None])
    mixed = states @ np.random.default_rng(1).normal(size=(8, 8)) * 1e-7 + 3.0
    mixed = np.hstack([mixed, mixed[:, :1] * 2.0, np.full((1500, 1), 5.0)])
    found = learn.memory_capacity(mixed, u, max_delay=30, washout=30)
    assert (found.total, found.rank) == (pytest.approx(8.0, abs=1e-10), 8)


def test_a_capacity_is_the_squared_correlation_with_the_best_readout():
    u = uniform(600)
    rng = np.random.default_rng(2)
    states = learn.DelayLine(5).fit_transform(u[:, None]) @ rng.normal(size=(5, 3)) + 0.3 * rng.normal(size=(600, 3))
    found = learn.memory_capacity(states, u, max_delay=9, washout=10, chance=0.999999)
    X = np.column_stack([np.ones(590), states[10:]])
    for delay, capacity in enumerate(found.by_delay):
        y = u[10 - delay : 600 - delay]
        fit = X @ np.linalg.lstsq(X, y, rcond=None)[0]
        assert capacity == pytest.approx(np.corrcoef(fit, y)[0, 1] ** 2, rel=1e-9)


def test_chance_is_what_it_says():
    """Of targets that the states know nothing of, so many pass; the limit of many steps is chi squared."""
    rng = np.random.default_rng(3)
    passed = total = 0
    for _ in range(20):
        states, u = rng.normal(size=(400, 10)), rng.uniform(-1.0, 1.0, 400)
        found = learn.memory_capacity(states, u, max_delay=99, washout=100, chance=0.05)
        passed, total = passed + np.count_nonzero(found.capacity), total + 100
    assert passed / total == pytest.approx(0.05, abs=4.0 * np.sqrt(0.05 * 0.95 / total))
    many = learn.memory_capacity(rng.normal(size=(200_000, 4)), rng.normal(size=200_000), max_delay=0)
    assert many.threshold == pytest.approx(chi2.isf(1e-4, 4) / 200_000, rel=1e-3)


def test_products_of_legendre_polynomials_are_found_and_sum_to_the_rank():
    """A system whose states are such products has these capacities and no others."""
    u = uniform(4000)
    p = [eval_legendre(k, u) for k in range(4)]
    moved = {(k, d): np.roll(p[k], d) for k in range(4) for d in range(4)}
    states = np.stack([moved[1, 2], moved[2, 0], moved[1, 0] * moved[1, 3], moved[2, 1] * moved[1, 2], moved[3, 1]], 1)
    given = {"max_delays": [6, 5, 4], "washout": 6, "chance": 1e-7}
    found = learn.information_processing_capacity(states, u, **given)
    high = {target for target, one in zip(found.targets, found.capacity, strict=True) if one > 0.5}
    assert high == {((2, 1),), ((0, 2),), ((0, 1), (3, 1)), ((1, 2), (2, 1)), ((1, 3),)}
    assert found.capacity[found.capacity > 0.5] == pytest.approx(np.ones(5), abs=1e-10)
    assert found.by_degree == pytest.approx([0.0, 1.0, 2.0, 2.0], abs=0.03)
    assert found.rank == 5
    scaled = learn.information_processing_capacity(states, 3.0 + 0.5 * u, low=2.5, high=3.5, **given)
    assert scaled.capacity == pytest.approx(found.capacity, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 4), st.integers(0, 5))
def test_all_products_of_a_degree_are_there_once(degree, delay):
    """They are the ways to distribute a degree over delays, each with 0 or more."""
    u = uniform(200)
    found = learn.information_processing_capacity(u[:, None], u, max_delays=[delay] * degree, washout=delay)
    mine = [one for one in found.targets if sum(k for _, k in one) == degree]
    ways = {
        tuple((d, k) for d, k in enumerate(powers) if k)
        for powers in itertools.product(range(degree + 1), repeat=delay + 1)
        if sum(powers) == degree
    }
    assert len(mine) == len(set(mine))
    assert set(mine) == ways


def test_a_state_that_does_not_move_has_none():
    found = learn.memory_capacity(np.full((100, 2), 0.1), uniform(100), max_delay=5, washout=5)
    assert (found.total, found.rank) == (0.0, 0)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"washout": 4}, "washout must be the longest delay, 5, or more, got 4"),
        ({"u": uniform(99)}, "u must have shape"),
        ({"chance": 0.0}, "chance must be in"),
        ({"tolerance": 1.0}, "tolerance must be in"),
        ({"states": np.ones((100, 96)), "washout": 5}, "states must have 98 steps or more behind the washout, got 95"),
    ],
)
def test_capacities_refuse(given, message):
    with pytest.raises(ValueError, match=message):
        learn.memory_capacity(
            **{"states": uniform(100)[:, None], "u": uniform(100), "max_delay": 5, "washout": 5, **given}
        )


def test_products_refuse_inputs_outside_their_range_and_too_many_products():
    states, u = uniform(100)[:, None], uniform(100)
    with pytest.raises(ValueError, match=r"u must be in \[0, 1\]"):
        learn.information_processing_capacity(states, u, max_delays=[3], low=0.0, high=1.0, washout=3)
    with pytest.raises(ValueError, match="max_delays must be of at most 2,000,000 products"):
        learn.information_processing_capacity(states, u, max_delays=[90] * 6, washout=90)
    with pytest.raises(ValueError, match="high must be above low"):
        learn.information_processing_capacity(states, u, max_delays=[3], low=1.0, washout=3)


# ------------------------------------------------------------------ errors


def test_nrmse_is_what_it_is_divided_by():
    rng = np.random.default_rng(0)
    true, found = rng.normal(size=(50, 2)) * [1.0, 100.0], rng.normal(size=(50, 2))
    rmse = np.sqrt(((true - found) ** 2).mean(axis=0))
    for norm, unit in (("std", true.std(0)), ("range", np.ptp(true, 0)), ("mean", abs(true.mean(0)))):
        each = [learn.nrmse(true[:, k], found[:, k], norm=norm) for k in range(2)]
        assert each == pytest.approx(rmse / unit, rel=1e-13)
        assert learn.nrmse(true, found, norm=norm) == pytest.approx(np.sqrt(np.mean(np.square(each))), rel=1e-13)
    assert learn.nrmse(true, np.tile(true.mean(0), (50, 1))) == pytest.approx(1.0, rel=1e-13)
    with pytest.raises(ValueError, match="true must have a std above 0"):
        learn.nrmse([1.0, 1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="above 0"):  # the standard deviation of these is 1e-17
        learn.nrmse([0.1, 0.1, 0.1], [0.1, 0.2, 0.1])
    with pytest.raises(ValueError, match="predicted must have shape"):
        learn.nrmse([1.0, 2.0], [1.0])


# ------------------------------------------------------------------ against reservoirpy


def test_an_echo_state_network_does_narma_as_reservoirpy_has_it():
    """Known matrices, three codes: reservoirpy's network, readout and error, ours, and NumPy written out."""
    rng = np.random.default_rng(7)
    W, W_in = rng.normal(size=(60, 60)), rng.uniform(-1.0, 1.0, size=(60, 1))
    W *= 0.9 / abs(np.linalg.eigvals(W)).max()
    u, y = learn.narma(1500, seed=3)
    first, last = 100, 1000

    theirs = nodes.Reservoir(W=W, Win=W_in, bias=np.zeros(60), lr=0.8, input_scaling=1.0)
    states = theirs.run(u)
    ridge = nodes.Ridge(ridge=1e-6).fit(states[first:last], y[first:last, None])
    predicted = ridge.run(states[last:])
    their_value = observables.nrmse(y[last:, None], predicted, norm_value=y[last:].std())

    ours = learn.EchoState(W, spectral_radius=None, input_weights=W_in, leak=0.8)
    model = make_pipeline(ours, Ridge(1e-6))
    model.fit(u, y)  # makes the states; the readout learns of the same rows as theirs
    mine = model[0].transform(u)
    assert mine == pytest.approx(states, abs=1e-12)
    our_value = learn.nrmse(y[last:], Ridge(1e-6).fit(mine[first:last], y[first:last]).predict(mine[last:]))

    x, plain = np.zeros(60), []
    for value in u[:, 0]:
        x = 0.2 * x + 0.8 * np.tanh(W @ x + W_in[:, 0] * value)
        plain.append(x)
    plain = np.array(plain)
    centre, mean = plain[first:last].mean(0), y[first:last].mean()
    Z = plain[first:last] - centre
    weights = np.linalg.solve(Z.T @ Z + 1e-6 * np.eye(60), Z.T @ (y[first:last] - mean))
    error = mean + (plain[last:] - centre) @ weights - y[last:]
    assert our_value == pytest.approx(np.sqrt(np.mean(error**2)) / y[last:].std(), abs=1e-6)
    assert our_value == pytest.approx(their_value, abs=1e-6)
    assert 0.1 < our_value < 0.6


# ------------------------------------------------------------------ series


def test_narma_is_its_recursion():
    u, y = learn.narma(300, seed=5)
    assert ((u >= 0.0) & (u <= 0.5)).all()
    whole, past = u[:, 0], y
    for t in range(20, 299):
        expected = 0.3 * past[t] + 0.05 * past[t] * past[t - 9 : t + 1].sum() + 1.5 * whole[t - 8] * whole[t + 1] + 0.1
        assert past[t + 1] == pytest.approx(expected, rel=1e-13)
    again = learn.narma(300, seed=5)
    assert again[0].tobytes() == u.tobytes()
    assert learn.narma(300, seed=6)[0].tobytes() != u.tobytes()


def test_inputs_of_narma_that_diverge_are_drawn_again():
    """With a larger feedback most inputs diverge; those that are kept stay bounded, and order 30 needs tanh."""
    for seed in range(5):
        _, y = learn.narma(500, coefficients=(0.3, 0.06, 1.5, 0.1), seed=seed)
        assert abs(y).max() <= 1.0
    with pytest.raises(ValueError, match="coefficients must be of a system that stays below 1"):
        learn.narma(500, order=30, coefficients=(0.3, 0.05, 1.5, 0.1), seed=0)
    _, y = learn.narma(500, order=30, saturated=True, seed=0)
    assert abs(y).max() <= 1.0


def test_mackey_glass_converges_and_its_map_is_the_published_one():
    """Against SciPy, by the method of steps; and the map is that of the grid graphs' protocol, written out."""
    given = {"start": 0.9, "transient": 0, "tau": 17.0}
    fine = learn.mackey_glass(61, dt=1.0, **given)[:, 0]
    history = {}

    def exact(t):
        """Return x by the method of steps: SciPy on one delay after the other."""
        return 0.9 if t <= 0.0 else history[min(int(t // 17.0), max(history))](t)[0]

    for k in range(4):
        span = (17.0 * k, 17.0 * (k + 1))

        def flow(t, x, k=k):
            late = 0.9 if k == 0 else history[k - 1](t - 17.0)[0]
            return 0.2 * late / (1.0 + late**10) - 0.1 * x

        begin = [0.9] if k == 0 else history[k - 1](span[0])
        history[k] = solve_ivp(flow, span, begin, "DOP853", rtol=1e-12, atol=1e-14, dense_output=True).sol
    assert fine == pytest.approx([exact(t) for t in range(61)], abs=2e-8)

    x = [0.6] * 19
    for _ in range(50):
        x.append(0.9 * x[-1] + 0.2 * x[-19] / (0.8 + x[-19] ** 10))
    found = learn.mackey_glass(51, gamma=0.1, theta=0.8, tau=18, start=0.6, transient=0, solver="euler")
    assert found[:, 0] == pytest.approx(x[18:], rel=1e-13)
    assert learn.mackey_glass(5, transient=7)[:, 0].tobytes() == learn.mackey_glass(12, transient=0)[7:, 0].tobytes()


def test_lorenz_is_scipys():
    def flow(_t, at):
        return [10.0 * (at[1] - at[0]), at[0] * (28.0 - at[2]) - at[1], at[0] * at[1] - 8.0 / 3.0 * at[2]]

    found = learn.lorenz(101, dt=0.05, transient=0)
    expected = solve_ivp(flow, (0.0, 5.0), [1.0, 1.0, 1.0], "Radau", t_eval=[1.0, 5.0], rtol=1e-9, atol=1e-11).y.T
    assert found[[20, 100]] == pytest.approx(expected, abs=1e-4)
    assert found[0].tolist() == [1.0, 1.0, 1.0]
    assert learn.lorenz(11, dt=0.05, transient=90)[-1] == pytest.approx(found[100], rel=1e-6)
    still = learn.lorenz(3, rho=0.0, sigma=0.0, beta=0.0, start=[1.0, 0.0, 0.0], transient=0)
    assert still[:, 0] == pytest.approx([1.0] * 3)
    assert learn.lorenz(1, transient=0).tolist() == [[1.0, 1.0, 1.0]]


def test_waveforms_have_one_power_and_their_shapes():
    X, y = learn.waveforms(400, length=400, noise=0.0, seed=1)
    assert (X**2).mean(axis=1) == pytest.approx(0.5, abs=0.02)
    assert {kind: int((y == kind).sum()) for kind in set(y)} == dict.fromkeys(
        ("sine", "square", "triangle", "sawtooth"), 100
    )
    peaks = {kind: abs(X[y == kind]).max() for kind in set(y)}
    high = {"sine": 1.0, "square": 0.5**0.5, "triangle": 1.5**0.5, "sawtooth": 1.5**0.5}
    assert peaks == pytest.approx(high, abs=0.01)
    # A triangle has jumps of its slope only, a sawtooth of its value.
    assert abs(np.diff(X[y == "triangle"], axis=1)).max() < 4 * 1.5**0.5 / 8 + 1e-9
    noisy, _ = learn.waveforms(400, length=400, noise=0.5, seed=1)
    assert (noisy - X).std() == pytest.approx(0.5, rel=0.01)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: learn.waveforms(3, kinds=("sine", "saw")), "unknown kinds 'saw'"),
        (lambda: learn.waveforms(3, kinds=("sine", "sine")), "kinds must have each kind once"),
        (lambda: learn.waveforms(3, period=(9.0, 8.0)), "period must not decrease"),
        (lambda: learn.waveforms(0), "n must be an integer"),
        (lambda: learn.narma(10, order=0), "order must be an integer"),
        (lambda: learn.mackey_glass(10, tau=1e-3), "tau must be between 1"),
        (lambda: learn.mackey_glass(10, solver="rk5"), "unknown solver 'rk5'"),
        (lambda: learn.lorenz(10, start=[1.0, 2.0]), "start must have shape"),
    ],
)
def test_series_refuse(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# ------------------------------------------------------------------ what networks compute


def errors(seeds):
    """Return the errors of NARMA-10 over seeds: of the grid, of a readout of its input, of one of ten taps."""
    made = runpy.run_path(str(BENCHMARK))
    found = []
    for seed in seeds:
        u, y = learn.narma(made["STEPS"], seed=seed)
        net = made["grid"](seed)
        grid = made["reservoir"](net, seed, scaling=0.23, offset=3.0).fit_transform(u)
        lines = [learn.DelayLine(taps).fit_transform(u) for taps in (1, 10)]
        spans = made["WASHOUT"], made["LEARNT"], made["STEPS"]
        found.append([made["predicted"](one, y, *spans) for one in (grid, *lines)])
    return np.array(found)


def test_a_network_does_narma_better_than_a_readout_of_its_input():
    (grid, line, ten) = errors([0])[0]
    assert grid < 0.6 * line
    assert grid < ten


def told(made, seeds):
    """Return the shares of waveforms that are told over seeds: by the grid, and by a linear readout of the input."""
    found = []
    for seed in seeds:
        X, y = learn.waveforms(made["TAUGHT"] + made["TOLD"], length=made["LENGTH"], seed=seed)
        reservoir = made["reservoir"](made["grid"](seed), seed, scaling=3.0, offset=3.0)
        states = made["means"](reservoir.fit_transform(X.reshape(-1, 1)))
        fits = [make_pipeline(StandardScaler(), LogisticRegression(C=100.0, max_iter=5000)) for _ in range(2)]
        taught = slice(0, made["TAUGHT"]), slice(made["TAUGHT"], None)
        found.append(
            [
                fit.fit(one[taught[0]], y[taught[0]]).score(one[taught[1]], y[taught[1]])
                for fit, one in zip(fits, (states, X), strict=True)
            ]
        )
    return np.array(found)


def test_a_network_tells_waveforms_that_a_readout_of_its_input_does_not():
    ((grid, plain),) = told(runpy.run_path(str(BENCHMARK)), [0])
    assert grid > 0.7 > 0.4 > plain


@pytest.mark.slow
def test_a_network_tells_waveforms_over_twenty_seeds():
    found = told(runpy.run_path(str(BENCHMARK)), range(20))
    margin = found[:, 0] - found[:, 1]
    assert margin.mean() - 2.0 * margin.std(ddof=1) / np.sqrt(20) > 0.4


@pytest.mark.slow
def test_a_network_does_narma_better_over_twenty_seeds():
    """By far more than two standard errors: than a readout of its input, and than one of its last ten."""
    found = errors(range(20))
    for other in (1, 2):
        margin = found[:, other] - found[:, 0]
        assert margin.mean() - 2.0 * margin.std(ddof=1) / np.sqrt(20) > (0.3, 0.05)[other - 1]


@pytest.mark.slow
def test_the_protocols_of_grid_graphs_compute():
    """Images by three voltages at the end, and Mackey-Glass beside a delay line of the series itself."""
    made = runpy.run_path(str(BENCHMARK))
    assert made["pads"]() == {"N": 228, "E": 388, "S": 212, "W": 52}
    X, y = made["images"](0.05, 5, 1)
    reservoir = made["pattern_reservoir"]()
    assert made["told"](reservoir.fit_transform(X), y) > 0.9
    x = learn.mackey_glass(701, gamma=0.1, tau=18, theta=0.8, start=0.6, transient=0, solver="euler")
    u, target = (x[:-1] - x.min()) / np.ptp(x), x[1:, 0]
    states = made["mackey_glass_reservoir"]().fit_transform(u)
    assert states.shape == (700, 98)
    fits = [made["predicted"](one, target, 20, 500, 700) for one in (states, u)]
    assert fits[0] < 0.7 * fits[1]


def test_delays_beyond_all_steps_are_refused_at_once():
    with pytest.raises(ValueError, match="max_delay"):
        learn.memory_capacity(np.ones((9, 1)), np.ones(9), max_delay=2**31)
