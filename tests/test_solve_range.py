"""Numbers far from 1, and conductances over many decades: right against exact fractions, or warned of, or refused."""

import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import memnet as mn

SOLVERS = ("kron", "umfpack")
DRIVE = {"in": 1.0, "out": 0.0}


def chain(n_edges):
    """Nodes in a row, an electrode at each end."""
    edges = [(k, k + 1) for k in range(n_edges)]
    return mn.Network(n_edges + 1, edges, electrodes={"in": 0, "out": n_edges})


def eliminated(matrix, right):
    """Solve a system of fractions."""
    n = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for k in range(n):
        pivot = next(i for i in range(k, n) if rows[i][k] != 0)
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for i in range(n):
            if i != k and rows[i][k] != 0:
                factor = rows[i][k] / rows[k][k]
                rows[i] = [x - factor * y for x, y in zip(rows[i], rows[k], strict=True)]
    return [rows[k][n] / rows[k][k] for k in range(n)]


def exact(net, conductance, voltage):
    """Return potentials and terminal currents as complex fractions (re, im); `voltage` maps driven nodes to volts."""
    free = [node for node in range(net.n_nodes) if node not in voltage]
    n = len(free)
    place = {node: k for k, node in enumerate(free)}
    matrix = [[Fraction(0)] * (2 * n) for _ in range(2 * n)]
    right = [Fraction(0)] * (2 * n)
    branches = []
    for (a, b), g in zip(net.edges.tolist(), np.asarray(conductance, dtype=complex).tolist(), strict=True):
        g_re, g_im = Fraction(g.real), Fraction(g.imag)
        branches.append((a, b, g_re, g_im))
        for i, j in ((a, b), (b, a)):
            if i not in place:
                continue
            r = place[i]
            for column, sign in ((i, 1), (j, -1)):
                if column in place:
                    c = place[column]
                    matrix[r][c] += sign * g_re
                    matrix[r][n + c] -= sign * g_im
                    matrix[n + r][c] += sign * g_im
                    matrix[n + r][n + c] += sign * g_re
                else:
                    right[r] -= sign * g_re * Fraction(voltage[column])
                    right[n + r] -= sign * g_im * Fraction(voltage[column])
    found = eliminated(matrix, right)
    potential = [
        (found[place[k]], found[n + place[k]]) if k in place else (Fraction(voltage[k]), Fraction(0))
        for k in range(net.n_nodes)
    ]
    current = dict.fromkeys(voltage, (Fraction(0), Fraction(0)))
    for a, b, g_re, g_im in branches:
        v_re, v_im = (x - y for x, y in zip(potential[a], potential[b], strict=True))
        flow = (g_re * v_re - g_im * v_im, g_re * v_im + g_im * v_re)
        for node, sign in ((a, 1), (b, -1)):
            if node in current:
                current[node] = tuple(x + sign * y for x, y in zip(current[node], flow, strict=True))
    return potential, list(current.values())


def size(x):
    return abs(x[0]) + abs(x[1])


def worst_error(values, right, each=False):
    """Return the largest error, each relative to its own value or all to the largest one."""
    largest = max(size(x) for x in right)
    worst = 0.0
    for value, x in zip(np.asarray(values, dtype=complex).tolist(), right, strict=True):
        wrong = abs(Fraction(value.real) - x[0]) + abs(Fraction(value.imag) - x[1])
        scale = size(x) if each else largest
        worst = max(worst, float(wrong / scale) if scale else float(wrong > 0))
    return worst


def quiet(*args, **kwargs):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mn.IllConditionedWarning)
        return mn.solve(*args, **kwargs)


# ---------------------------------------------------------------- A10: far from 1


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("volts", [1.0, 1e-290, 1e-300, 1e290])
@pytest.mark.parametrize("siemens", [1e-300, 1e-290, 1e-200, 1.0, 1e200, 1e290])
def test_a10_chains_far_from_1_have_the_potentials_of_one_near_1(siemens, volts, solver):
    net = chain(3)
    drive = {"in": volts, "out": 0.0}
    if siemens * volts > 1e308:
        with pytest.raises(ArithmeticError, match="current of electrode"):
            mn.solve(net, siemens, drive, solver=solver)
        return
    if siemens * volts < 1e-300:
        with pytest.warns(RuntimeWarning, match=r"2\.2e-308"):
            found = mn.solve(net, siemens, drive, solver=solver)
    else:
        found = mn.solve(net, siemens, drive, solver=solver)
        assert found.current_of("in") == pytest.approx(siemens / 3 * volts, rel=1e-13)
    np.testing.assert_allclose(found.potential / volts, [1, 2 / 3, 1 / 3, 0], rtol=1e-14)
    assert found.conductance == pytest.approx(siemens / 3, rel=1e-13)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("siemens", [5e-324, 1e-320, 2.5e-310])
def test_a10_subnormal_conductances_divide_as_others_do(siemens, solver):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        found = mn.solve(chain(2), siemens, DRIVE, solver=solver)
    assert found.potential[1] == 0.5
    assert found.current_of("in") == siemens / 2


@pytest.mark.parametrize("solver", SOLVERS)
def test_a10_subnormal_drives(solver):
    found = mn.solve(chain(2), 1.0, {"in": 2e-320, "out": 0.0}, solver=solver)
    assert found.potential[1] == pytest.approx(1e-320, rel=1e-3)


@settings(max_examples=60, deadline=None)
@given(
    g=st.lists(st.floats(0.1, 10.0), min_size=7, max_size=7),
    siemens=st.integers(-1000, 1000),
    volts=st.integers(-1000, 1000),
    currents=st.booleans(),
    solver=st.sampled_from(SOLVERS),
)
def test_a10_a_power_of_two_changes_no_bit(g, siemens, volts, currents, solver):
    net = mn.Network(
        5,
        [(0, 1), (1, 2), (2, 3), (3, 4), (0, 2), (1, 3), (2, 4)],
        electrodes={"in": 0, "out": 4, "probe": 3},
    )
    shift = siemens + volts
    if abs(shift) > 1000:
        return
    amperes = 0.7 if currents else 0.0

    def solution(s, v):
        return mn.solve(
            net,
            np.ldexp(g, s),
            {"in": float(np.ldexp(1.5, v)), "out": 0.0, "probe": mn.drive.current(float(np.ldexp(amperes, s + v)))},
            solver=solver,
            injected={2: float(np.ldexp(amperes, s + v))},
        )

    near, far = solution(0, 0), solution(siemens, volts)
    tolerance = 0.0 if solver == "kron" else 1e-13  # umfpack may take other pivots
    np.testing.assert_allclose(np.ldexp(far.potential, -volts), near.potential, rtol=tolerance)
    np.testing.assert_allclose(np.ldexp(far.current, -shift), near.current, rtol=tolerance, atol=10 * tolerance)
    np.testing.assert_allclose(np.ldexp(far.conductance, -siemens), near.conductance, rtol=tolerance)


@pytest.mark.parametrize("solver", SOLVERS)
def test_a10_replicas_each_with_its_own_scale(solver):
    net = chain(3)
    g = np.array([[1.0, 2.0, 3.0]] * 5) * np.array([[1.0], [1e-290], [1e290], [1e-150], [1e-310]])
    volts = np.array([1.0, 1e-290, 1e-300, 1e200, 1e300])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        many = mn.solve(net, g, {"in": volts, "out": 0.0}, solver=solver)
        singles = [mn.solve(net, row, {"in": v, "out": 0.0}, solver=solver) for row, v in zip(g, volts, strict=True)]
    assert many.info["underflow"]
    for name in ("potential", "voltage", "current", "conductance"):
        np.testing.assert_array_equal(getattr(many, name), [getattr(one, name) for one in singles])
    np.testing.assert_allclose(many.potential[:, 1] / volts, [5 / 11] * 5, rtol=1e-12)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("siemens", [1e-300, 1e290])
def test_a10_terminal_conductance_far_from_1(siemens, solver):
    found = mn.terminal_conductance(chain(4), siemens, solver=solver)
    np.testing.assert_allclose(found / siemens, [[0.25, -0.25], [-0.25, 0.25]], rtol=1e-13)


def test_a10_terminal_conductance_warns_where_it_vanishes():
    with pytest.warns(RuntimeWarning, match=r"2\.2e-308"):
        assert mn.terminal_conductance(chain(3), 5e-324)[0, 0] == 0.0


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("siemens", [1e-300, 1e-290, 1.0, 1e290])
@pytest.mark.parametrize("amperes", [1e-300, 1e-290])
def test_a10_currents_far_from_1(amperes, siemens, solver):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # 1e-590 V
        found = mn.solve(
            chain(2), siemens, {"in": mn.drive.current(amperes), "out": 0.0}, solver=solver, injected={1: amperes}
        )
    assert found.current_of("out") == pytest.approx(-2 * amperes, rel=1e-13)
    np.testing.assert_allclose(found.potential, np.array([3, 2, 0]) * (amperes / siemens), rtol=1e-13)


@pytest.mark.parametrize("where", [0, 1, 2])
def test_a10_one_tiny_conductance_carries_what_there_is(where):
    g = np.ones(3)
    g[where] = 1e-290
    found = mn.solve(chain(3), g, DRIVE)
    assert found.current_of("in") == pytest.approx(1e-290, rel=1e-13)
    assert found.current_of("out") == pytest.approx(-1e-290, rel=1e-13)
    right, _ = exact(chain(3), g, {0: 1.0, 3: 0.0})
    assert worst_error(found.potential, right, each=True) < 1e-13


@pytest.mark.parametrize("solver", SOLVERS)
def test_a10_too_many_decades_are_refused_where_they_matter(solver):
    net = mn.Network(3, [(0, 1), (1, 2), (1, 2)], electrodes={"in": 0, "out": 2})
    with pytest.raises(ValueError, match=r"298 of conductances.*conductance of edge 0 is 1e-310"):
        mn.solve(net, [1e-310, 1.0, 1.0], DRIVE, solver=solver)
    with pytest.raises(ValueError, match=r"replica 1: .*conductance of edge 0 is 1e-310"):
        mn.solve(net, [[1.0, 1.0, 1.0], [1e-310, 1.0, 1.0]], DRIVE, solver=solver)
    assert mn.solve(net, [1.0, 1.0, 1e-310], DRIVE, solver=solver).potential[1] == 0.5
    with pytest.raises(ValueError, match=r"352 of drives.*drive of electrode 1 is 1e-300"):
        mn.solve(net, 1.0, {"in": 1e300, "out": 1e-300}, solver=solver)


@pytest.mark.parametrize("solver", SOLVERS)
def test_a10_simulations_far_from_1(solver):
    def run(siemens, volts):
        net = chain(3)
        devices = [mn.Resistor(conductance=k * siemens) for k in (1.0, 2.0, 3.0)]
        sim = mn.Simulation(net, devices, {"in": mn.drive.sine(volts, 0.1), "out": 0.0}, dt=1.0, solver=solver)
        return sim.run(7, record={"potential": True})

    near, far = run(1.0, 1.0), run(2.0**-960, 2.0**600)
    np.testing.assert_array_equal(far.potential / 2.0**600, near.potential)
    np.testing.assert_array_equal(far.current * 2.0**360, near.current)
    np.testing.assert_array_equal(far.conductance * 2.0**960, near.conductance)
    assert np.isfinite(far.conductance).all()


# ---------------------------------------------------------------- A9: near singular


def hanging(weak, strong=1.0):
    """Two nodes that a strong conductance joins and weak ones hang on the electrodes: near 0.75 V."""
    return mn.Network(4, [(0, 1), (1, 2), (2, 3)], electrodes={"in": 0, "out": 3}), [3 * weak, strong, weak]


@pytest.mark.parametrize("weak", [10.0**-k for k in range(4, 40)])
def test_a9_umfpack_is_right_or_warns_or_refuses(weak):
    net, g = hanging(weak)
    right, current = exact(net, g, {0: 1.0, 3: 0.0})
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = mn.solve(net, g, DRIVE, solver="umfpack")
    except ArithmeticError:
        assert weak < 1e-15
        return
    wrong = max(worst_error(found.potential, right), worst_error(found.current, current))
    if weak >= 1e-13:
        assert not caught
    if not caught:
        assert wrong < 1e-10
        return
    (one,) = caught
    assert one.category is mn.IllConditionedWarning
    assert one.message.rcond < 1e-14
    assert one.message.error_bound == found.info["error_bound"] > 1e-10
    assert wrong <= one.message.error_bound
    assert f"rcond = {one.message.rcond:.1e}" in str(one.message)


@pytest.mark.parametrize("weak", [1e-8, 1e-11, 1e-13])
@pytest.mark.parametrize("turn", [1.0, 1j, 1.0 + 1j])
def test_a9_umfpack_is_refined(weak, turn):
    net, g = hanging(weak)
    g = np.array(g) * turn
    found = mn.solve(net, g, DRIVE, solver="umfpack")
    right, current = exact(net, g, {0: 1.0, 3: 0.0})
    assert worst_error(found.potential, right) < 1e-15
    assert worst_error(found.current, current) < 1e-14
    assert found.info["error_bound"] < 1e-10


def test_a9_kron_needs_no_warning():
    net, g = hanging(1e-30)
    found = mn.solve(net, g, DRIVE)
    assert found.potential[1] == pytest.approx(0.75, rel=1e-15)
    assert np.isnan(found.info["error_bound"])


@st.composite
def wide_networks(draw, n_nodes=7, decades=40):
    """A path and chords, conductances over as many decades."""
    pairs = st.tuples(st.integers(0, n_nodes - 1), st.integers(0, n_nodes - 1)).filter(lambda pair: pair[0] != pair[1])
    chords = draw(st.lists(pairs, max_size=8))
    edges = [(k, k + 1) for k in range(n_nodes - 1)] + chords
    net = mn.Network(n_nodes, edges, electrodes={"in": 0, "out": n_nodes - 1})
    exponent = draw(st.lists(st.floats(-decades, 0.0), min_size=len(edges), max_size=len(edges)))
    return net, 10.0 ** np.array(exponent)


@settings(max_examples=100, deadline=None)
@given(wide_networks(), st.sampled_from([0.0, 0.25, 0.5, -0.5]))
def test_a9_umfpack_never_errs_in_silence(network, turn):
    net, g = network
    if turn:
        g = np.abs(np.cos(np.pi * turn)) * g * (turn != 0.5) + 1j * np.sin(np.pi * turn) * g
    right, current = exact(net, g, {0: 1.0, net.n_nodes - 1: 0.0})
    try:
        found = quiet(net, g, DRIVE, solver="umfpack")
    except ArithmeticError:
        return
    wrong = max(worst_error(found.potential, right), worst_error(found.current, current))
    assert wrong <= max(10 * found.info["error_bound"], 1e-10)


@settings(max_examples=100, deadline=None)
@given(wide_networks(), st.data())
def test_a9_complex_kron_is_exact_where_imaginary_parts_have_one_sign(network, data):
    net, g = network
    angle = data.draw(st.lists(st.floats(0.0, 0.5), min_size=len(g), max_size=len(g)))
    sign = data.draw(st.sampled_from([1, -1]))
    y = np.cos(np.pi * np.array(angle)).clip(0) * g + 1j * sign * np.sin(np.pi * np.array(angle)) * g
    found = mn.solve(net, y, DRIVE)
    right, current = exact(net, y, {0: 1.0, net.n_nodes - 1: 0.0})
    assert worst_error(found.potential, right, each=True) < 1e-13
    assert worst_error(found.current, current, each=True) < 1e-13
    assert found.info["error_bound"] < 1e-10


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([-1.0, 0.5, 1.0])), min_size=9, max_size=9))
def test_a9_complex_kron_bounds_its_error_near_resonances(parts):
    net = mn.Network(
        6,
        [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (1, 3), (2, 4), (0, 3), (1, 5)],
        electrodes={"in": 0, "out": 5},
    )
    y = [complex(g, b) * (1 + 1e-9 * k) for k, (g, b) in enumerate(parts)]
    try:
        found = quiet(net, y, DRIVE)
    except ArithmeticError:
        return
    right, _ = exact(net, y, {0: 1.0, 5: 0.0})
    assert worst_error(found.potential, right) <= found.info["error_bound"]


def test_a9_a_resonance_is_refused_and_its_neighbourhood_warned_of():
    net = chain(2)
    with pytest.raises(ArithmeticError, match="singular"):
        mn.solve(net, [0.7j, -0.7j], DRIVE)
    with pytest.warns(mn.IllConditionedWarning, match="near a resonance"):
        mn.solve(net, [0.7j, -0.70000001j], DRIVE)


def test_a9_complex_kron_takes_every_role():
    net = mn.Network(
        7,
        [(0, 1), (1, 2), (2, 3), (3, 4), (0, 3), (1, 4), (4, 5), (2, 5)],
        electrodes={"in": 0, "out": 4, "probe": 3, "feed": 1},
    )
    y = np.exp(0.3j * np.arange(8)).clip(0) + 0.1
    drive = {"in": 1.0 + 0.5j, "out": 0.0, "probe": None, "feed": mn.drive.current(0.2)}
    kron, umfpack = (mn.solve(net, y, drive, solver=solver, injected={5: 0.3j}) for solver in SOLVERS)
    assert np.isnan(kron.potential[6])
    for name in ("potential", "voltage", "current"):
        np.testing.assert_allclose(getattr(kron, name), getattr(umfpack, name), rtol=1e-12, atol=1e-13)
    with pytest.raises(ValueError, match="no voltage holds"):
        mn.solve(net, y, drive, injected={6: 1j})


@pytest.mark.parametrize("drive", [{"in": 1.0, "out": 1.0}, {"in": 1.0, "out": None}, {"in": 0.0, "out": 0.0}])
def test_a9_no_current_is_no_alarm(drive):
    net, g = hanging(1e-6)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = mn.solve(net, g, drive, solver="umfpack")
    assert abs(found.current).max() < 1e-30


def test_a9_terminal_conductance_and_replicas_warn():
    net, g = hanging(1e-16)
    with pytest.warns(mn.IllConditionedWarning):
        mn.terminal_conductance(net, g, solver="umfpack")
    with pytest.warns(mn.IllConditionedWarning):
        many = mn.solve(net, [[1.0, 1.0, 1.0], g, [1.0, 2.0, 1.0]], DRIVE, solver="umfpack")
    assert many.info["ill_conditioned"]
    assert many.info["error_bound"] > 1e-10


def test_a9_simulations_warn_once_a_run():
    net, g = hanging(1e-16)
    wave = mn.drive.sine(1.0, 0.1)
    devices = [mn.Resistor(conductance=value) for value in g]
    sim = mn.Simulation(net, devices, {"in": wave, "out": 0.0}, dt=1.0, solver="umfpack")
    for _ in range(2):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            sim.run(20)
        assert [one.category for one in caught] == [mn.IllConditionedWarning]
    with pytest.warns(mn.IllConditionedWarning):
        sim.step()
    good = mn.Simulation(net, mn.Resistor(conductance=1.0), {"in": wave, "out": 0.0}, dt=1.0, solver="umfpack")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        good.run(20)


# ---------------------------------------------------------------- D2: many electrodes


@pytest.mark.parametrize("solver", SOLVERS)
def test_d2_a_crossbar_of_electrodes_is_its_incidence_matrix(solver):
    n = 21
    rng = np.random.default_rng(4)
    g = rng.uniform(0.1, 1.0, (n, n))
    edges = [(i, n + j) for i in range(n) for j in range(n)]
    net = mn.Network(2 * n, edges, electrodes={f"n{k}": k for k in range(2 * n)})
    v = rng.normal(size=2 * n)
    found = mn.solve(net, g.ravel(), {f"n{k}": v[k] for k in range(2 * n)}, solver=solver)
    np.testing.assert_array_equal(found.potential, v)
    np.testing.assert_allclose(found.current[:n], (g * (v[:n, None] - v[n:])).sum(axis=1), rtol=1e-12)
    np.testing.assert_allclose(found.current[n:], (g * (v[n:] - v[:n, None])).sum(axis=0), rtol=1e-12)
    drive = {f"n{k}": 1.0 if k == 3 else 0.0 if k == n else None for k in range(2 * n)}
    floating = mn.solve(net, g.ravel(), drive, solver=solver)
    free = mn.Network(2 * n, edges, electrodes={"row": 3, "column": n})
    other = mn.solve(free, g.ravel(), {"row": 1.0, "column": 0.0}, solver=solver)
    np.testing.assert_allclose(floating.potential, other.potential, rtol=1e-12, atol=1e-15)
    assert floating.conductance == pytest.approx(other.conductance, rel=1e-12)
