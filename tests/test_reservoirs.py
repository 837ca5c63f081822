"""Reservoirs as transformers of scikit-learn: its own checks, what is driven and read, echo states in plain NumPy."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from sklearn.base import clone
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import GridSearchCV, TimeSeriesSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import memnet as mn

Reservoir, EchoState, DelayLine = mn.learn.Reservoir, mn.learn.EchoState, mn.learn.DelayLine
READ = {"potential": [3, [1, 4]], "current": ["a", "out"], "edge_conductance": [[0, 2], 1]}


def simulation(seed=0, dt=0.5):
    net = mn.grid(3, 3, seed=1, electrodes={"a": 0, "b": 2, "out": 8})
    return mn.Simulation(net, mn.RateBalance(), {"a": 0.0, "b": 0.0, "out": 0.1}, dt=dt, seed=seed)


def sequence(n=20, channels=1):
    return np.random.default_rng(0).random((n, channels))


# ------------------------------------------------------------------ scikit-learn's checks

# All pass where a row is a sequence of its own. Where rows are the steps of one sequence, a row depends on those before
# it, and so on their order and on whether they are there: these two checks ask for the contrary.
OF_ROWS = {
    "check_methods_sample_order_invariance": "rows are steps of one sequence",
    "check_methods_subset_invariance": "rows are steps of one sequence",
}


def excused(estimator):
    return OF_ROWS if estimator.sequences == "rows" and getattr(estimator, "taps", 2) > 1 else {}


CHECKED = [
    Reservoir(simulation(), ["a", "b"], READ, sequences="columns", random_state=0),
    Reservoir(simulation(), ["a", "b"], READ, random_state=0, virtual_nodes=2, steps=2, washout=3),
    EchoState(8, sequences="columns", random_state=0),
    EchoState(8, random_state=0),
    DelayLine(3, sequences="columns"),
    DelayLine(3),
]


@parametrize_with_checks(CHECKED[:1], expected_failed_checks=excused)
def test_scikit_learns_checks(estimator, check):
    check(estimator)


@pytest.mark.slow
@parametrize_with_checks(CHECKED[1:], expected_failed_checks=excused)
def test_scikit_learns_checks_of_more(estimator, check):
    check(estimator)


def test_what_is_excused_does_fail():
    found = CHECKED[1].fit_transform(sequence())
    turned = CHECKED[1].transform(sequence()[::-1])[::-1]
    assert abs(found - turned).max() > 1e-3


# ------------------------------------------------------------------ what is driven and read


def by_hand(sim, levels, electrodes, groups):
    """Return what a simulation gives, driven step after step by hand."""
    sim = sim.copy()
    found = []
    for level in levels:
        sim.set_drive({**sim.drive, **dict(zip(electrodes, level.tolist(), strict=True))})
        found.append(np.concatenate([group(sim) for group in groups]))
        sim.step(1)
    return np.array(found)


def looked_at(sim):
    potential, current = sim.potential, dict(zip(sim.net.electrodes, sim.current, strict=True))
    edges = sim.conductance
    return np.array(
        [potential[3], potential[[1, 4]].mean(), current["a"], current["out"], edges[[0, 2]].mean(), edges[1]]
    )


@pytest.mark.parametrize("start", [0, 7])
@pytest.mark.parametrize(("virtual", "steps", "at"), [(1, 1, -1), (3, 1, -1), (2, 4, -1), (2, 3, 0)])
def test_a_reservoir_is_its_simulation_driven_by_hand(start, virtual, steps, at):
    sim = simulation()
    sim.step(start)
    X = sequence(6, 2)
    given = {"scaling": [0.5, 2.0], "offset": [0.1, -0.2], "virtual_nodes": virtual, "steps": steps, "at": at}
    model = Reservoir(sim, ["b", "a"], READ, random_state=3, **given).fit(X)
    levels = []
    for x in X:
        for mask in model.mask_:
            levels += [np.array([0.1, -0.2]) + np.array([0.5, 2.0]) * (mask @ x)] * steps
    expected = by_hand(sim, levels, ["b", "a"], [looked_at])[at % steps :: steps].reshape(len(X), -1)
    found = model.transform(X)
    assert found.shape == (6, 6 * virtual) == (6, len(model.get_feature_names_out()))
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-15)
    assert sim.steps_done == model.simulation_.steps_done == start


def test_pulses_have_their_shape_and_blocks_do_not_show(monkeypatch):
    X = sequence(7)
    given = {"steps": 3, "shape": [0.0, 1.0, 0.5], "offset": 0.2, "mask": [[1.0], [2.0]]}
    model = Reservoir(simulation(), ["a", "b"], {"voltage": True}, at=1, **given).fit(X)
    read = model.transform(X)
    assert read[:, 0] == pytest.approx(0.2 + X[:, 0], rel=1e-14)
    assert read[:, 1] == pytest.approx(0.2 + 2.0 * X[:, 0], rel=1e-14)
    assert read[:, 2] == pytest.approx(0.1, rel=1e-14)
    pulses = 0.2 + 2.0 * np.outer(X[:2, 0], [0.0, 1.0, 0.5]).ravel()
    assert model.drive_of(X)["b"](np.arange(6) * 0.5) == pytest.approx(pulses, rel=1e-14)
    whole = Reservoir(simulation(), ["a"], READ, random_state=0, steps=2).fit(X)
    expected = whole.transform(X)
    monkeypatch.setattr("memnet.learn._transformers._reservoir.BLOCK", 5)
    assert whole.transform(X).tobytes() == expected.tobytes()


def test_currents_can_be_the_input():
    model = Reservoir(simulation(), ["a"], ["a", "out"], source="current", scaling=1e-3, mask="identity")
    read = model.fit_transform(sequence(5))
    assert read[:, 0] == pytest.approx(1e-3 * sequence(5)[:, 0], rel=1e-12)


@pytest.mark.parametrize(
    "model",
    [Reservoir(simulation(), ["a"], READ, random_state=0), EchoState(8, random_state=0), DelayLine(3)],
    ids=["reservoir", "echo state", "delay line"],
)
def test_washout_holds_the_start_and_no_row_knows_a_later_one(model):
    """Mirrored at its start, a sequence would show its future to its first rows."""
    X = sequence(9)
    washed = clone(model).set_params(washout=4).fit(X)
    found = washed.transform(X)
    assert found.tobytes() == clone(model).fit(X).transform(np.concatenate([X[:1]] * 4 + [X]))[4:].tobytes()
    for k in range(1, 9):
        later = np.concatenate([X[:k], 1.0 - X[k:]])
        assert washed.transform(later)[:k].tobytes() == washed.transform(X[:k]).tobytes() == found[:k].tobytes()


# ------------------------------------------------------------------ predictions that are fed back


@pytest.mark.parametrize(
    "steps",
    [
        [Reservoir(simulation(), ["a", "b"], READ, random_state=0, virtual_nodes=2, steps=2, washout=3)],
        [Reservoir(simulation(), ["a"], READ, random_state=0), StandardScaler(), "passthrough", DelayLine(3)],
        [EchoState(8, random_state=0, washout=2)],
        [DelayLine(4)],
    ],
    ids=["reservoir", "delay line behind it", "echo state", "delay line"],
)
def test_a_free_run_is_the_prediction_of_what_it_predicted(steps):
    x = np.stack([np.sin(0.4 * np.arange(60)), np.cos(0.3 * np.arange(60))], axis=1)
    model = make_pipeline(*steps, Ridge(1e-3)).fit(x[:39], x[1:40])
    grown = x[:40]
    for _ in range(8):
        grown = np.concatenate([grown, model.predict(grown)[-1:]])
    found = mn.learn.free_run(model, x[:40], 8)
    assert found == pytest.approx(grown[40:], rel=1e-9, abs=1e-12)
    assert np.ptp(found) > 0.0


def test_a_linear_recurrence_goes_on_as_it_is():
    """x(t+1) = 2 cos(w) x(t) - x(t-1), which two taps and a linear readout know exactly."""
    x = np.sin(0.3 * np.arange(300))[:, None]
    model = make_pipeline(DelayLine(2), LinearRegression(fit_intercept=False)).fit(x[:99], x[1:100])
    model[-1].fit(model[:-1].transform(x[:99])[1:], x[2:100])
    assert mn.learn.free_run(model, x[:100], 200) == pytest.approx(x[100:], abs=1e-10)


def test_free_runs_refuse_what_has_no_next_input():
    x = sequence(20, 2)
    one = make_pipeline(DelayLine(2), Ridge()).fit(x[:-1], x[1:, 0])
    with pytest.raises(ValueError, match="model must predict 2 channels, those of X, got 1"):
        mn.learn.free_run(one, x, 3)
    with pytest.raises(ValueError, match="must begin with a Reservoir, EchoState or DelayLine"):
        mn.learn.free_run(make_pipeline(StandardScaler(), Ridge()).fit(x[:-1], x[1:]), x, 3)
    columns = make_pipeline(DelayLine(2, sequences="columns"), Ridge()).fit(x[:-1], x[1:])
    with pytest.raises(ValueError, match="sequences='columns'"):
        mn.learn.free_run(columns, x, 3)
    with pytest.raises(ValueError, match="must end with a readout"):
        mn.learn.free_run(make_pipeline(DelayLine(2), StandardScaler()).fit(x), x, 3)
    wild = make_pipeline(DelayLine(1), LinearRegression()).fit(x[:-1], x[1:])
    wild[-1].coef_ = np.full((2, 2), 1e200)
    with np.errstate(over="ignore"), pytest.raises(ArithmeticError, match="the prediction of step 1 is not finite"):
        mn.learn.free_run(wild, x, 30)


def test_columns_are_sequences_of_their_own():
    rows = Reservoir(simulation(), ["a", "b"], READ, mask="identity")
    X = sequence(6, 2)
    expected = rows.fit_transform(X)
    columns = Reservoir(simulation(), ["a", "b"], READ, mask="identity", sequences="columns", channels=2)
    found = columns.fit_transform(np.stack([X.ravel(), X[::-1].ravel()]))
    assert found[0].tobytes() == expected.ravel().tobytes()
    for keep, value in (("last", expected[-1]), ("mean", expected.mean(axis=0))):
        assert clone(columns).set_params(keep=keep).fit_transform(X.reshape(1, -1))[0].tobytes() == value.tobytes()


def test_a_factory_is_called_by_fit_with_a_seed():
    seeds = []

    def factory(seed):
        seeds.append(seed)
        return simulation(seed)

    for random_state in (1, 1, 2):
        Reservoir(factory, ["a"], ["out"], random_state=random_state).fit(sequence())
    assert seeds[0] == seeds[1] != seeds[2]
    assert Reservoir(simulation, ["a"], ["out"]).fit(sequence()).simulation_.steps_done == 0
    assert Reservoir(lambda: simulation(), ["a"], ["out"]).fit_transform(sequence()).shape == (20, 1)


NETWORKS = {
    "discs": lambda: mn.percolating(20, 0.6, seed=1),
    "wires": lambda: mn.nanowires(60, size=50.0, length=20.0, seed=1),
    "wires with resistance": lambda: mn.nanowires(60, size=50.0, length=20.0, wire_resistance=10.0, seed=1),
    "crossbar": lambda: mn.crossbar(3, 3, line_resistance=1.0),
    "random": lambda: mn.random_network(20, 6.0, seed=1, electrodes={"left": 0, "right": 1}),
}


@pytest.mark.parametrize("kind", NETWORKS)
def test_all_networks_are_reservoirs(kind):
    net = NETWORKS[kind]()
    names = list(net.electrodes)
    device = mn.RateBalance() if net.segments is None else mn.wire_devices(net, mn.RateBalance())
    sim = mn.Simulation(net, device, dict.fromkeys(names, 0.0), dt=0.5, seed=0)
    read = {"potential": True, "current": names, "edge_conductance": [range(net.n_edges)]}
    found = Reservoir(sim, names[:1], read, offset=1.0, random_state=0).fit_transform(sequence())
    assert found.shape == (20, net.n_nodes + len(names) + 1)
    assert np.isfinite(found).all()
    assert len(np.unique(found[:, -1])) == 20


def test_nodes_that_hang_at_no_electrode_have_no_potential():
    net = mn.Network(5, [(0, 1), (1, 2), (3, 4)], electrodes={"in": 0, "out": 2})
    sim = mn.Simulation(net, mn.RateBalance(), {"in": 0.0, "out": 0.0}, dt=0.5, seed=0)
    whole = {"potential": True, "branch_voltage": True}
    found = Reservoir(sim, ["in"], whole, random_state=0).fit_transform(sequence())
    assert found.shape == (20, 3 + 3)
    assert np.isfinite(found).all()
    with pytest.raises(ValueError, match=r"read\['potential'\] must name what has a potential, got 3"):
        Reservoir(sim, ["in"], {"potential": [1, 3]}).fit(sequence())


def test_pores_are_reservoirs():
    net = mn.grid(3, 3, seed=1, electrodes={"in": 0, "out": 8})
    sim = mn.Simulation(net, mn.Nanopore(), {"in": 0.0, "out": 0.0}, dt=1e-3, seed=0)
    found = Reservoir(sim, ["in"], {"potential": True, "current": ["out"]}, random_state=0).fit_transform(sequence())
    assert np.isfinite(found).all()
    assert found[:, -1].std() > 0.0


# ------------------------------------------------------------------ as users of scikit-learn have it


def test_pipelines_searches_clones_pickles():
    u, y = mn.learn.narma(120, seed=0)
    reservoir = Reservoir(simulation(), ["a", "b"], READ, offset=0.3, random_state=0)
    model = make_pipeline(reservoir, StandardScaler(), Ridge(1e-6))
    grid = {"reservoir__scaling": [0.5, 1.0], "reservoir__virtual_nodes": [1, 2], "ridge__alpha": [1e-6, 1e-2]}
    found = GridSearchCV(model, grid, cv=TimeSeriesSplit(2)).fit(u, y)
    assert set(found.best_params_) == set(grid)
    best = found.best_estimator_
    again = pickle.loads(pickle.dumps(best))
    assert again.predict(u).tobytes() == best.predict(u).tobytes()
    assert clone(best).fit(u, y).predict(u).tobytes() == best.predict(u).tobytes()
    assert best.set_params(reservoir__steps=2).fit(u, y)[0].mask_.shape[1:] == (2, 1)


def test_the_readout_is_the_closed_form_of_ridge():
    u, y = mn.learn.narma(150, seed=0)
    model = make_pipeline(Reservoir(simulation(), ["a", "b"], READ, offset=0.3, random_state=0), Ridge(1e-3))
    states = model.fit(u, y)[0].transform(u)
    centred = states - states.mean(axis=0)
    gram = centred.T @ centred + 1e-3 * np.eye(states.shape[1])
    weights = np.linalg.solve(gram, centred.T @ (y - y.mean()))
    assert model.predict(u) == pytest.approx(y.mean() + centred @ weights, rel=1e-9)


# ------------------------------------------------------------------ echo states and delays


def test_echo_states_are_the_recursion():
    rng = np.random.default_rng(0)
    W, W_in, u = rng.normal(size=(5, 5)) / 5.0, rng.normal(size=(5, 2)), rng.normal(size=(30, 2))
    model = EchoState(W, spectral_radius=None, input_weights=W_in, scaling=0.5, bias=0.1, leak=0.3, read=[4, 0])
    x, expected = np.zeros(5), []
    for value in u:
        x = 0.7 * x + 0.3 * np.tanh(W @ x + 0.5 * W_in @ value + 0.1)
        expected.append(x[[4, 0]])
    assert model.fit_transform(u) == pytest.approx(np.array(expected), rel=1e-14)


def test_echo_states_of_a_network_lie_on_its_edges():
    net = mn.grid(4, 4, seed=1)
    model = EchoState(net, spectral_radius=0.7, inputs=[0, 3], random_state=0).fit(sequence())
    a, b = net.edges.T
    joined = np.zeros((16, 16), dtype=bool)
    joined[a, b] = joined[b, a] = True
    assert ((model.weights_ != 0.0) == joined).all()
    assert np.abs(np.linalg.eigvals(model.weights_)).max() == pytest.approx(0.7, rel=1e-12)
    assert np.flatnonzero(model.input_weights_).tolist() == [0, 3]
    assert not EchoState([[0.0]], input_weights=[[0.0]]).fit(sequence()).weights_.any()


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 12), st.integers(1, 6), st.integers(1, 3))
def test_a_delay_line_is_its_input_moved(n, taps, channels):
    X = sequence(n, channels)
    found = DelayLine(taps).fit_transform(X).reshape(n, taps, channels)
    for t in range(n):
        for k in range(taps):
            assert (found[t, k] == (X[t - k] if k <= t else 0.0)).all()


# ------------------------------------------------------------------ what is refused

REFUSED = [
    ("simulation", {"simulation": 3}, "simulation must be a Simulation, or a function"),
    ("factory", {"simulation": lambda: 3}, "function simulation returns must be a Simulation"),
    ("inputs", {"inputs": ["c"]}, "unknown electrode of inputs 'c'"),
    ("text", {"inputs": "a"}, "inputs must be a list of electrodes"),
    ("twice", {"inputs": ["a", "a"]}, "inputs must name each electrode once"),
    ("read", {"read": {"potentials": True}}, "unknown read 'potentials', did you mean 'potential'"),
    ("node", {"read": {"potential": [9]}}, r"read\['potential'\] must be an integer in \[0, 8\]"),
    ("group", {"read": {"potential": [[0], []]}}, "no group without ids, got one at index 1"),
    ("nothing", {"read": {}}, "read must be a list of electrodes, or name"),
    ("mask", {"mask": "identity"}, "takes a channel for each of 2 inputs, got 1 channels"),
    ("numbers", {"mask": [[1.0]]}, "mask must have shape"),
    ("scaling", {"scaling": [1.0]}, "scaling must have shape"),
    ("not finite", {"offset": np.nan}, "offset must be in"),
    ("shape", {"shape": [1.0, 1.0]}, "shape must have shape"),
    ("at", {"at": 1}, "at must be an integer in"),
    ("source", {"source": "power"}, "unknown source 'power'"),
    ("virtual_nodes", {"virtual_nodes": 0}, "virtual_nodes must be an integer"),
    ("sequences", {"sequences": "row"}, "unknown sequences 'row', did you mean 'rows'"),
    ("channels", {"sequences": "columns", "channels": 3}, "channels must divide the number of features, 1, got 3"),
    ("random_state", {"random_state": "x"}, "random_state must be None"),
]


@pytest.mark.parametrize(("given", "message"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_what_a_reservoir_refuses(given, message):
    parameters = {"simulation": simulation(), "inputs": ["a", "b"], "read": READ, **given}
    with pytest.raises((TypeError, ValueError), match=message):
        Reservoir(**parameters).fit(sequence())


def test_voltages_beyond_numbers_are_refused():
    model = Reservoir(simulation(), ["a"], ["out"], scaling=1e300).fit([[1.0]])
    with pytest.raises(ValueError, match="X must be such that all voltages are finite"):
        model.transform([[1e200]])


def test_without_scikit_learn_the_rest_is_there():
    code = (
        "import sys; sys.modules['sklearn'] = None\n"
        "import importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'sklearn' else find(name, *a)\n"
        "import memnet as mn; print(len(mn.learn.narma(10, seed=0)[1]), 'Reservoir' in dir(mn.learn))\n"
        "try: mn.learn.Reservoir\nexcept ImportError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == ('10 False\nmemnet.learn.Reservoir needs sklearn: pip install "memnet-sim[learn]"\n')
