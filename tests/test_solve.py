"""Solutions of conductance networks: both backends against dense NumPy, circuits by hand, and what is refused."""

import re
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import memnet as mn

SOLVERS = ("kron", "umfpack")
TOLERANCE = 1e-10
FLOATING, VOLTAGE, CURRENT = mn.drive.ROLE_FLOATING, mn.drive.ROLE_VOLTAGE, mn.drive.ROLE_CURRENT


# ---------------------------------------------------------------- a dense reference


@dataclass
class Problem:
    net: mn.Network
    conductance: np.ndarray
    drive: dict
    role: list
    value: np.ndarray
    injected: np.ndarray


def vertices(net):
    """Vertex of each node: electrode k is vertex k, then the free nodes."""
    vertex = np.full(net.n_nodes, -1)
    for k, nodes in enumerate(net.electrodes.values()):
        vertex[nodes] = k
    free = vertex < 0
    vertex[free] = len(net.electrodes) + np.arange(free.sum())
    return vertex


def laplacian(net, conductance, vertex):
    matrix = np.zeros((vertex.max() + 1, vertex.max() + 1), dtype=np.asarray(conductance).dtype)
    for (a, b), g in zip(vertex[net.edges], conductance, strict=True):
        matrix[a, a] += g
        matrix[b, b] += g
        matrix[a, b] -= g
        matrix[b, a] -= g
    return matrix


def held_vertices(matrix, start):
    """Vertices with a path of conductances > 0 to one in `start`."""
    held, grown = set(start), list(start)
    while grown:
        for other in np.flatnonzero(matrix[grown.pop()] < 0).tolist():
            if other not in held:
                held.add(other)
                grown.append(other)
    return held


def dense(problem):
    """Potential, voltage and current, or None where a current is driven into a part that no voltage holds."""
    net, role = problem.net, problem.role
    n_electrodes = len(net.electrodes)
    vertex = vertices(net)
    matrix = laplacian(net, problem.conductance, vertex)
    n = len(matrix)
    source = np.zeros(n)
    np.add.at(source, vertex, problem.injected)
    fixed = [k for k in range(n_electrodes) if role[k] == VOLTAGE]
    known = {k: problem.value[k] for k in fixed} or {0: 0.0}
    driven = source.copy()
    for k in range(n_electrodes):
        if role[k] == CURRENT:
            driven[k] += problem.value[k]
    held = held_vertices(matrix, known)
    apart = [k for k in range(n) if k not in held]
    if any(driven[k] != 0 for k in apart):
        return None
    unknown = [k for k in sorted(held) if k not in known]
    potential = np.full(n, np.nan)
    potential[list(known)] = list(known.values())
    right = driven[unknown] - matrix[np.ix_(unknown, list(known))] @ np.array(list(known.values()))
    potential[unknown] = np.linalg.solve(matrix[np.ix_(unknown, unknown)], right)
    flow = matrix @ np.where(np.isnan(potential), 0.0, potential) - source
    current = np.where(np.array(role) == VOLTAGE, flow[:n_electrodes], problem.value * (np.array(role) == CURRENT))
    return potential[vertex], potential[:n_electrodes], current


@st.composite
def problems(draw):
    """Up to 24 nodes: parallel edges, zero conductances, parts apart, electrodes of several nodes in any role."""
    seed = draw(st.integers(0, 2**32 - 1))
    n_nodes = draw(st.integers(3, 24))
    n_edges = draw(st.integers(1, 60))
    n_electrodes = draw(st.integers(1, 4))
    several = draw(st.booleans())
    any_current = draw(st.booleans())
    zeros = draw(st.sampled_from([0.0, 0.2]))
    rng = np.random.default_rng(seed)
    a = rng.integers(0, n_nodes, n_edges)
    b = (a + rng.integers(1, n_nodes, n_edges)) % n_nodes
    edges = np.stack([a, b], axis=1)
    order = rng.permutation(n_nodes).tolist()
    electrodes = {}
    for k in range(min(n_electrodes, n_nodes)):
        count = int(rng.integers(1, 4)) if several and len(order) > 6 else 1
        electrodes[f"e{k}"] = [order.pop() for _ in range(count)]
    net = mn.Network(n_nodes, edges, electrodes=electrodes)
    role = rng.choice(
        [FLOATING, VOLTAGE, CURRENT], len(electrodes), p=[0.25, 0.5, 0.25] if any_current else [0.3, 0.7, 0]
    )
    role[rng.integers(len(role))] = VOLTAGE
    value = np.where(role == FLOATING, 0.0, rng.uniform(-2, 2, len(role)))
    drive = {
        name: [None, float(value[k]), mn.drive.current(float(value[k]))][role[k]] for k, name in enumerate(electrodes)
    }
    conductance = rng.uniform(0.1, 10.0, n_edges) * (rng.random(n_edges) >= zeros)
    injected = np.zeros(n_nodes)
    if any_current:
        at = rng.integers(0, n_nodes, 2)
        injected[at] = rng.uniform(-1, 1, 2)
    return Problem(net, conductance, drive, role.tolist(), value, injected)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_both_solvers_against_dense(problem):
    # about one example in seven drives a current into an island; the others are solved
    expected = dense(problem)
    for solver in SOLVERS:
        if expected is None:
            with pytest.raises(
                ValueError, match="a current is driven into a part of the network that no voltage holds"
            ):
                mn.solve(problem.net, problem.conductance, problem.drive, solver=solver, injected=problem.injected)
            continue
        found = mn.solve(problem.net, problem.conductance, problem.drive, solver=solver, injected=problem.injected)
        for got, want in zip((found.potential, found.voltage, found.current), expected, strict=True):
            np.testing.assert_array_equal(np.isnan(got), np.isnan(want))
            scale = max(1.0, np.nanmax(np.abs(want), initial=0.0))
            np.testing.assert_allclose(got, want, rtol=0, atol=TOLERANCE * scale)


@settings(max_examples=60)
@given(problems())
def test_terminal_conductance_against_dense(problem):
    net = problem.net
    n_electrodes = len(net.electrodes)
    matrix = laplacian(net, problem.conductance, vertices(net))
    n = len(matrix)
    inner = [k for k in range(n_electrodes, n) if k in held_vertices(matrix, range(n_electrodes))]
    edge = list(range(n_electrodes))
    want = matrix[np.ix_(edge, edge)]
    if inner:
        want = want - matrix[np.ix_(edge, inner)] @ np.linalg.solve(
            matrix[np.ix_(inner, inner)], matrix[np.ix_(inner, edge)]
        )
    for solver in SOLVERS:
        got = mn.terminal_conductance(net, problem.conductance, solver=solver)
        np.testing.assert_allclose(got, want, rtol=0, atol=TOLERANCE * max(1.0, np.abs(want).max()))


@settings(max_examples=60)
@given(problems())
def test_only_currents(problem):
    """With no voltage the first electrode is at 0 V; the answer is that of driving it with 0 V."""
    names = list(problem.net.electrodes)
    connected = len(held_vertices(laplacian(problem.net, problem.conductance, vertices(problem.net)), [0]))
    if len(names) < 2 or connected < vertices(problem.net).max() + 1:
        return
    drive = {name: mn.drive.current(1.0 / (len(names) - 1)) for name in names} | {names[0]: mn.drive.current(-1.0)}
    grounded = dict(drive) | {names[0]: 0.0}
    for solver in SOLVERS:
        free = mn.solve(problem.net, problem.conductance, drive, solver=solver)
        held = mn.solve(problem.net, problem.conductance, grounded, solver=solver)
        assert free.voltage[0] == 0
        np.testing.assert_allclose(free.potential, held.potential, rtol=0, atol=TOLERANCE)
        np.testing.assert_allclose(held.current[0], -1.0, rtol=TOLERANCE)


# ---------------------------------------------------------------- by hand


def divider():
    return mn.Network(4, [(0, 1), (1, 2), (3, 1)], electrodes={"in": 0, "out": 2, "probe": 3})


@pytest.mark.parametrize("solver", SOLVERS)
def test_divider(solver):
    found = mn.solve(divider(), [1.0, 3.0, 5.0], {"in": 4.0, "out": 0.0, "probe": None}, solver=solver)
    np.testing.assert_allclose(found.potential, [4, 1, 0, 1], rtol=1e-15, atol=0)
    assert found.current_of("in") == pytest.approx(3.0, rel=1e-15)
    assert found.current_of("out") == pytest.approx(-3.0, rel=1e-15)
    assert found.current_of("probe") == 0
    assert found.voltage_of("probe") == pytest.approx(1.0, rel=1e-15)
    assert found.conductance == pytest.approx(0.75, rel=1e-15)
    assert found.electrodes == ("in", "out", "probe")
    assert found.info["solver"] == solver
    assert found.info["n_free"] == 1
    with pytest.raises(ValueError, match=r"unknown electrode 'inn', did you mean 'in'\?"):
        found.current_of("inn")


@pytest.mark.parametrize("solver", SOLVERS)
def test_current_drive_and_injection(solver):
    # 1 A in at "probe" through 5 S, and 2 A into the middle node: both leave at "out" through 3 S
    drive = {"in": None, "out": 0.0, "probe": mn.drive.current(1.0)}
    for injected in ([0.0, 2.0, 0.0, 0.0], {1: 2.0}, {np.int32(1): 2}):
        found = mn.solve(divider(), [1.0, 3.0, 5.0], drive, solver=solver, injected=injected)
        np.testing.assert_allclose(found.potential, [1, 1, 0, 1.2], rtol=1e-15, atol=0)
        np.testing.assert_allclose(found.current, [0, -3, 1], rtol=1e-15, atol=0)


def test_one_number_stands_for_all_conductances():
    found = mn.solve(divider(), 2, {"in": 1, "out": 0, "probe": 0})
    assert found.potential[1] == pytest.approx(1 / 3, rel=1e-15)


def test_tunnelling_conductances_are_exact():
    # a chain of gaps from 1 S to 1e-87 S: the whole voltage drops over the last gap, the current is its conductance
    length = np.linspace(0.0, 1.0, 6)
    net = mn.Network(7, [(k, k + 1) for k in range(6)], electrodes={"left": 0, "right": 6})
    g = np.exp(-200 * length)
    found = mn.solve(net, g, {"left": 1.0, "right": 0.0})
    resistance = 1 / g
    np.testing.assert_allclose(found.current, [1 / resistance.sum(), -1 / resistance.sum()], rtol=1e-13)
    np.testing.assert_allclose(found.potential[:-1], np.cumsum(resistance[::-1])[::-1] / resistance.sum(), rtol=1e-13)


@pytest.mark.parametrize("solver", SOLVERS)
def test_islands_have_no_potential(solver):
    net = mn.Network(5, [(0, 1), (2, 3), (3, 4)], electrodes={"in": 0, "out": 1, "far": 4})
    found = mn.solve(net, 1.0, {"in": 1.0, "out": 0.0, "far": None}, solver=solver)
    np.testing.assert_array_equal(np.isnan(found.potential), [False, False, True, True, True])
    assert np.isnan(found.voltage_of("far"))
    assert found.current_of("far") == 0
    with pytest.raises(ValueError, match="no voltage holds"):
        mn.solve(net, 1.0, {"in": 1.0, "out": 0.0, "far": mn.drive.current(1.0)}, solver=solver)
    with pytest.raises(ValueError, match="no voltage holds"):
        mn.solve(net, 1.0, {"in": 1.0, "out": 0.0, "far": None}, solver=solver, injected={3: 1.0})


def test_negative_conductance_with_umfpack():
    # 1 S and -0.5 S in parallel, in series with 1 S
    net = mn.Network(3, [(0, 1), (0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    found = mn.solve(net, [1.0, -0.5, 1.0], {"in": 3.0, "out": 0.0}, solver="umfpack")
    assert found.potential[1] == pytest.approx(1.0, rel=1e-14)
    assert found.current_of("in") == pytest.approx(1.0, rel=1e-14)
    with pytest.raises(ValueError, match=r"umfpack.*conductance of edge 1 is -0.5"):
        mn.solve(net, [1.0, -0.5, 1.0], {"in": 3.0, "out": 0.0})


def test_impedance_of_an_rc_ladder():
    """Three sections of a series resistor and a capacitor to ground, against the continued fraction."""
    r, c = 1e3, 2e-9
    edges = [(0, 1), (1, 4), (1, 2), (2, 4), (2, 3), (3, 4)]
    net = mn.Network(5, edges, electrodes={"in": 0, "ground": 4})
    for frequency in (1e2, 1e4, 1e5, 1e7):
        y = 2j * np.pi * frequency * c
        impedance = r + 1 / y
        for _ in range(2):
            impedance = r + 1 / (y + 1 / impedance)
        found = mn.solve(net, [1 / r, y] * 3, {"in": 1.0, "ground": 0.0}, solver="umfpack")
        assert found.potential.dtype == np.complex128
        assert 1 / found.current_of("in") == pytest.approx(impedance, rel=1e-12)
        assert found.current_of("ground") == pytest.approx(-found.current_of("in"), rel=1e-12)
        turned = mn.solve(net, [1 / r, y] * 3, {"in": 1j, "ground": 0.0}, solver="umfpack")
        np.testing.assert_allclose(turned.potential, 1j * found.potential, rtol=1e-12)


# ---------------------------------------------------------------- replicas


def stacked(solutions, name):
    return np.array([getattr(one, name) for one in solutions])


def assert_same_bits(many, singles):
    for name in ("potential", "voltage", "current", "conductance"):
        found, expected = getattr(many, name), stacked(singles, name)
        assert found.shape == expected.shape
        assert found.dtype == np.float64
        np.testing.assert_array_equal(found, expected, strict=True)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(problems(), st.integers(0, 19), st.integers(0, 2**32 - 1))
def test_replicas_against_a_loop(problem, n, seed):
    # other conductances in every replica, some of them 0; the first that fails in the loop fails here
    rng = np.random.default_rng(seed)
    g = problem.conductance * 10.0 ** rng.uniform(-2, 2, (n, len(problem.conductance)))
    g *= rng.random(g.shape) >= rng.choice([0.0, 0.2], (n, 1))
    drive = {
        name: value if problem.role[k] != VOLTAGE else rng.uniform(-1, 1, n)
        for k, (name, value) in enumerate(problem.drive.items())
    }
    for solver in SOLVERS:
        singles = []
        refused = None
        for r in range(n):
            own = {name: v[r] if isinstance(v, np.ndarray) else v for name, v in drive.items()}
            try:
                singles.append(mn.solve(problem.net, g[r], own, solver=solver))
            except ValueError as error:
                refused = f"replica {r}: {error}"
                break
        if refused is not None:
            with pytest.raises(ValueError, match=re.escape(refused)):
                mn.solve(problem.net, g, drive, solver=solver)
        elif n > 0:
            assert_same_bits(mn.solve(problem.net, g, drive, solver=solver), singles)
        else:
            assert mn.solve(problem.net, g, drive, solver=solver).potential.shape == (0, problem.net.n_nodes)


def test_replicas_of_a_disc_network():
    net = mn.percolating(size=40, coverage=0.6, seed=3)
    rng = np.random.default_rng(0)
    g = np.exp(-200 * np.asarray(net.length) - rng.random((19, net.n_edges)))
    left = np.linspace(-1, 3, 19)
    many = mn.solve(net, g, {"left": left, "right": 0.0})
    assert_same_bits(many, [mn.solve(net, g[r], {"left": left[r], "right": 0.0}) for r in range(19)])
    np.testing.assert_array_equal(many.voltage_of("left"), left)
    np.testing.assert_allclose(many.current_of("left"), many.conductance * left, rtol=1e-12)
    assert many.electrodes == ("left", "right")
    assert many.info["solver"] == "kron"


def test_replicas_with_currents():
    net = divider()
    amounts = [1.0, 2.0, 3.0, 4.0, 5.0]
    drive = {"in": [mn.drive.current(a) for a in amounts], "out": 0.0, "probe": None}
    many = mn.solve(net, np.full((5, 3), 2.0), drive)
    singles = [mn.solve(net, 2.0, {"in": mn.drive.current(a), "out": 0.0, "probe": None}) for a in amounts]
    assert_same_bits(many, singles)
    np.testing.assert_array_equal(many.current_of("in"), amounts)


# ---------------------------------------------------------------- what is refused

GOOD = {"in": 1.0, "out": 0.0, "probe": None}


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"net": 3}, TypeError, r"net must be a Network or a Circuit, got 3 \(int\)"),
        ({"conductance": [1.0, 1.0]}, ValueError, r"conductance must have shape \(3,\), got \(2,\)"),
        ({"conductance": np.ones((3, 1))}, ValueError, r"conductance must have shape \(3,\), or .*, got \(3, 1\)"),
        ({"conductance": np.ones((2, 3, 1))}, ValueError, r"conductance must have shape \(3,\), got \(2, 3, 1\)"),
        ({"conductance": [1.0, np.nan, 1.0]}, ValueError, r"conductance must be finite, got nan at index \(1,\)"),
        ({"conductance": np.inf}, ValueError, "conductance must be finite, got inf"),
        ({"conductance": -1.0}, ValueError, r"use solver=.umfpack. .*conductance of edge 0 is -1"),
        ({"conductance": "high"}, TypeError, "conductance must be an array of numbers"),
        ({"conductance": [True, False, True]}, TypeError, "conductance must be numbers, got dtype bool"),
        ({"conductance": -1.0 + 1j}, ValueError, r"use solver=.umfpack. .*conductance of edge 0 is -1"),
        ({"solver": "korn"}, ValueError, r"unknown solver 'korn', did you mean 'kron'\?"),
        ({"solver": None}, TypeError, "solver must be a string"),
        ({"drive": 1.0}, TypeError, "drive must be a dict from electrodes to volts, got 1.0"),
        ({"drive": {}}, ValueError, "no drive given for electrode 'in'"),
        ({"drive": {"in": 1.0, "out": 0.0}}, ValueError, r"electrode 'probe' \(use None to let it float\)"),
        ({"drive": GOOD | {"prob": 1.0}}, ValueError, r"unknown electrode 'prob' in drive, did you mean 'probe'\?"),
        ({"drive": GOOD | {0: 1.0}}, ValueError, "unknown electrode 0 in drive"),
        ({"drive": dict.fromkeys(GOOD)}, ValueError, "no electrode is driven"),
        ({"drive": GOOD | {"in": np.nan}}, ValueError, r"drive\['in'\].*nan"),
        ({"drive": GOOD | {"in": "1 V"}}, TypeError, r"drive\['in'\]"),
        ({"drive": GOOD | {"in": True}}, TypeError, r"drive\['in'\]"),
        ({"drive": GOOD | {"in": complex(np.nan)}, "solver": "umfpack"}, ValueError, r"drive\['in'\] must be finite"),
        ({"drive": GOOD | {"in": mn.drive.sine(1.0, 1.0)}}, ValueError, r"drive\['in'\] must be constant"),
        ({"injected": [1.0]}, ValueError, r"injected must have shape \(4,\), got \(1,\)"),
        ({"injected": {4: 1.0}}, ValueError, "injected must name nodes 0 to 3, got 4"),
        ({"injected": {"in": 1.0}}, TypeError, "injected must be an array of integers"),
        ({"injected": [0.0, np.inf, 0.0, 0.0]}, ValueError, r"injected must be finite, got inf at index \(1,\)"),
        ({"injected": 1j * np.ones(3)}, ValueError, r"injected must have shape \(4,\), got \(3,\)"),
        (
            {"drive": {"in": mn.drive.current(1.0), "out": mn.drive.current(1.0), "probe": None}},
            ValueError,
            "currents must sum to zero",
        ),
        ({"inject": None}, TypeError, r"solve\(\) got an unknown keyword 'inject', did you mean 'injected'\?"),
    ],
)
def test_bad_solve(changed, error, message):
    with pytest.raises(error, match=message):
        mn.solve(**({"net": divider(), "conductance": 1.0, "drive": GOOD} | changed))


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"conductance": np.ones((2, 4))}, ValueError, r"shape \(3,\), or \(r, 3\) for r replicas, got \(2, 4\)"),
        ({"conductance": [[1, 1, 1], [1, np.inf, 1]]}, ValueError, r"must be finite, got inf at index \(1, 1\)"),
        ({"conductance": [[1, 1, 1], [1, 1, -2]]}, ValueError, "replica 1: kron needs .*conductance of edge 2 is -2"),
        ({"conductance": [[1, 1], [1]]}, ValueError, "conductance must be an array with rows of equal length"),
        ({"conductance": [["a", "b", "c"]]}, TypeError, "conductance must be an array of numbers"),
        ({"conductance": np.ones((2, 3), dtype=bool)}, TypeError, "conductance must be numbers, got dtype bool"),
        ({"conductance": np.ones((2, 3)) * 1j, "solver": "umfpack"}, ValueError, r"need conductance of shape \(3,\)"),
        ({"drive": GOOD | {"in": 1j}, "solver": "umfpack"}, ValueError, r"drive\['in'\] must be real"),
        ({"drive": GOOD | {"in": [1.0]}}, ValueError, r"drive\['in'\] must have shape \(2,\), got \(1,\)"),
        ({"drive": GOOD | {"in": np.ones((2, 1))}}, ValueError, r"drive\['in'\] must have shape \(2,\), got \(2, 1\)"),
        ({"drive": GOOD | {"in": [1.0, np.nan]}}, ValueError, r"drive\['in'\] must be finite, got nan at index \(1,\)"),
        ({"drive": GOOD | {"in": ["a", "b"]}}, TypeError, r"drive\['in'\] must be an array of numbers"),
        ({"drive": GOOD | {"in": [mn.drive.current(1.0)]}}, ValueError, r"drive\['in'\] must have shape \(2,\)"),
        ({"drive": GOOD | {"in": [mn.drive.current(1.0), 2.0]}}, ValueError, "voltages or currents in all replicas"),
        ({"drive": dict.fromkeys(GOOD)}, ValueError, "no electrode is driven"),
        ({"injected": {0: 1.0}}, ValueError, r"injected needs conductance of shape \(3,\), got \(2, 3\)"),
        (
            {"conductance": np.ones(3), "drive": GOOD | {"in": [1.0, 2.0]}},
            TypeError,
            r"drive\['in'\] must be one value",
        ),
    ],
)
def test_bad_replicas(changed, error, message):
    with pytest.raises(error, match=message):
        mn.solve(**({"net": divider(), "conductance": np.ones((2, 3)), "drive": GOOD} | changed))


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"net": None}, TypeError, r"net must be a Network, got None \(NoneType\)"),
        ({"conductance": [1.0]}, ValueError, r"conductance must have shape \(3,\)"),
        ({"conductance": -1.0}, ValueError, "umfpack"),
        ({"conductance": 1j, "solver": "umfpack"}, ValueError, "conductance must be real here"),
        ({"solver": "lu"}, ValueError, "unknown solver 'lu'"),
        ({"drive": 1.0}, TypeError, "unknown keyword 'drive'"),
    ],
)
def test_bad_terminal_conductance(changed, error, message):
    with pytest.raises(error, match=message):
        mn.terminal_conductance(**({"net": divider(), "conductance": 1.0} | changed))


@pytest.mark.parametrize("solver", SOLVERS)
def test_no_electrode(solver):
    net = mn.Network(2, [(0, 1)])
    with pytest.raises(ValueError, match="the network has no electrode"):
        mn.solve(net, 1.0, {}, solver=solver)
    with pytest.raises(ValueError, match="the network has no electrode"):
        mn.terminal_conductance(net, 1.0, solver=solver)
