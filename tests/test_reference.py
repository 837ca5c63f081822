"""The reference engine against exact rational arithmetic and closed forms: what the C engine is measured with."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import reference as ref


def exact_potentials(n_nodes, edges, conductance, fixed, injected):
    """Solve Kirchhoff's laws in rational arithmetic by Gauss-Jordan elimination."""
    free = [k for k in range(n_nodes) if k not in fixed]
    row = {k: i for i, k in enumerate(free)}
    matrix = [[Fraction(0)] * (len(free) + 1) for _ in free]
    for k in free:
        matrix[row[k]][-1] += Fraction(injected[k])
    for (a, b), w in zip(edges, conductance, strict=True):
        for i, j in ((a, b), (b, a)):
            if i in row:
                matrix[row[i]][row[i]] += Fraction(w)
                if j in row:
                    matrix[row[i]][row[j]] -= Fraction(w)
                else:
                    matrix[row[i]][-1] += Fraction(w) * Fraction(fixed[j])
    for k in range(len(free)):
        pivot = next(i for i in range(k, len(free)) if matrix[i][k] != 0)
        matrix[k], matrix[pivot] = matrix[pivot], matrix[k]
        matrix[k] = [x / matrix[k][k] for x in matrix[k]]
        for i in range(len(free)):
            if i != k and matrix[i][k] != 0:
                matrix[i] = [x - matrix[i][k] * y for x, y in zip(matrix[i], matrix[k], strict=True)]
    potential = [Fraction(fixed.get(k, 0)) for k in range(n_nodes)]
    for k in free:
        potential[k] = matrix[row[k]][-1]
    return potential


def random_network(seed, n_nodes=14, n_extra=16):
    rng = np.random.default_rng(seed)
    tree = [(int(rng.integers(k)), k) for k in range(1, n_nodes)]
    extra = [tuple(int(x) for x in rng.choice(n_nodes, 2, replace=False)) for _ in range(n_extra)]
    return tree + extra, rng


@pytest.mark.parametrize("seed", range(5))
def test_potentials_and_currents_keep_their_relative_accuracy_over_a_hundred_decades(seed):
    edges, rng = random_network(seed)
    g = np.exp(-200.0 * rng.uniform(0.0, 1.2, len(edges)))
    electrode = [0, *[-1] * 12, 1]
    got = ref.solve(14, edges, g, electrode, [ref.VOLTAGE, ref.VOLTAGE], [1.0, 0.0])
    exact = exact_potentials(14, edges, g, {0: 1.0, 13: 0.0}, [0.0] * 14)
    current = sum(Fraction(w) * (exact[a] - exact[b]) * (1 if a == 0 else -1)
                  for (a, b), w in zip(edges, g, strict=True) if 0 in (a, b))  # fmt: skip
    for k in range(14):
        assert abs(float((Fraction(got.potential[k]) - exact[k]) / (exact[k] or 1))) <= 1e-13
    assert abs(got.current[0] / float(current) - 1.0) <= 1e-13
    assert got.current[1] == pytest.approx(-got.current[0], rel=1e-13)
    assert got.conductance == pytest.approx(got.current[0], rel=1e-13)


@pytest.mark.parametrize("seed", range(5))
def test_floating_and_current_driven_electrodes_and_sources(seed):
    edges, rng = random_network(seed + 100)
    g = rng.uniform(0.1, 2.0, len(edges))
    source = rng.uniform(-1.0, 1.0, len(edges))
    electrode = [0, *[-1] * 10, 1, 2, 3]
    role = [ref.VOLTAGE, ref.CURRENT, ref.FLOATING, ref.VOLTAGE]
    got = ref.solve(14, edges, g, electrode, role, [1.0, 0.3, 7.0, -0.5], source)
    injected = np.zeros(14)
    injected[11] = 0.3
    for (a, b), i in zip(edges, source, strict=True):
        injected[a] -= i
        injected[b] += i
    exact = exact_potentials(14, edges, g, {0: 1.0, 13: -0.5}, injected)
    np.testing.assert_allclose(got.potential, [float(x) for x in exact], rtol=0.0, atol=1e-13)
    assert got.current[1] == 0.3
    assert got.current[2] == 0.0
    assert got.current.sum() == pytest.approx(0.0, abs=1e-12)


def test_currents_alone_and_what_is_refused():
    edges, g = [(0, 1), (1, 2)], [1.0, 3.0]
    role = [ref.CURRENT, ref.CURRENT]
    got = ref.solve(3, edges, g, [0, -1, 1], role, [0.5, -0.5])
    np.testing.assert_allclose(got.potential, [0.0, -0.5, -0.5 - 0.5 / 3.0], rtol=1e-15)
    assert got.conductance == pytest.approx(0.75)
    with pytest.raises(ValueError, match="sum to zero"):
        ref.solve(3, edges, g, [0, -1, 1], role, [0.5, -0.4])
    with pytest.raises(ValueError, match="no voltage holds"):
        ref.solve(3, edges, [1.0, 0.0], [0, -1, 1], [ref.VOLTAGE, ref.CURRENT], [1.0, 0.1])
    with pytest.raises(ValueError, match="no electrode is driven"):
        ref.solve(3, edges, g, [0, -1, 1], [ref.FLOATING] * 2, [0.0, 0.0])


def test_islands_have_no_potential_and_their_devices_see_no_voltage():
    edges = [(0, 1), (1, 2), (3, 4)]
    result = ref.run(5, edges, [0, -1, 1, -1, -1], [(ref.RateBalance(3), [0, 1, 2])],
                     [ref.VOLTAGE, ref.VOLTAGE], [1.0, 0.0], 5, 1.0)  # fmt: skip
    assert np.isnan(result.potential[:, 3:]).all()
    assert np.isfinite(result.potential[:, :3]).all()
    np.testing.assert_allclose(result.states[0]["g"][:, 2], 5e-4 / 5.05e-2, rtol=1e-15)


def test_series_resistors_with_a_battery_and_a_capacitor():
    edges = [(0, 1), (1, 2)]
    result = ref.run(3, edges, [0, -1, 1], [(ref.Resistor(1, conductance=0.5, emf=1.0), [0]),
                                            (ref.Capacitor(1, capacitance=0.25), [1])],
                     [ref.VOLTAGE, ref.VOLTAGE], [3.0, 0.0], 40, 0.1)  # fmt: skip
    k = np.arange(1, 41)
    charged = 2.0 * (1.0 - (1.0 + 0.1 / (2.0 * 0.25)) ** -k)  # 3 V - 1 V through 2 ohm, backward Euler
    np.testing.assert_allclose(result.branch_voltage[:, 1], charged, rtol=1e-12)
    np.testing.assert_allclose(result.current[:, 0], 0.5 * (2.0 - charged), rtol=0.0, atol=1e-14)


def test_a_gap_held_at_a_voltage_closes_and_breaks_when_it_should():
    # E = 2 V/0.02 pd: 0.02 / (1e-6 (100 - 10)) = 222.2 steps; then I = 20 A, 1 / (1e-2 19.99) = 5.003 steps
    result = ref.run(2, [(0, 1)], [0, 1], [(ref.TunnelGap(length=[0.02], field="gap"), [0])],
                     [ref.VOLTAGE, ref.VOLTAGE], [2.0, 0.0], 460, 1.0)  # fmt: skip
    assert result.events == [(222, 0, 1), (228, 0, -1), (451, 0, 1), (457, 0, -1)]
    assert result.current[222, 0] == pytest.approx(2.0 * np.exp(-4.0))  # the event shows in the next row
    assert result.current[223, 0] == 20.0


def test_rate_balance_and_hillock_follow_their_equations():
    edges, ends, role = [(0, 1)], [0, 1], [ref.VOLTAGE, ref.VOLTAGE]
    result = ref.run(2, edges, ends, [(ref.RateBalance(1, g_initial=0.2), [0])], role, [0.3, 0.0], 50, 0.5)
    k_p, k_d = 5e-4 * np.exp(3.0), 5e-2 * np.exp(-3.0)
    g_inf, t = k_p / (k_p + k_d), 0.5 * np.arange(51)
    expected = g_inf + (0.2 - g_inf) * np.exp(-(k_p + k_d) * t)
    np.testing.assert_allclose(result.states[0]["g"][:, 0], expected, rtol=1e-13)
    np.testing.assert_allclose(result.conductance, expected[:-1], rtol=1e-13)
    result = ref.run(2, edges, ends, [(ref.Hillock(length=[0.05]), [0])], role, [0.2, 0.0], 1000, 1.0)
    z = result.states[0]["z"][-1, 0]
    assert z * (0.05 - z) == pytest.approx(3.46e-5 / 3.8e-2 * 0.2, rel=1e-12)
    assert result.conductance[-1] == pytest.approx(10.0 * np.exp(-200.0 * (0.05 - z)), rel=1e-9)
