"""Fits of equivalent circuits: parameters and their errors, and strings that are none."""

import pickle

import numpy as np
import pores
import pytest

import memnet as mn

F = np.geomspace(1.0, 1e6, 60)
S = 2j * np.pi * F
CURVES = {
    "R0-p(R1,C1)": (10.0 + 1.0 / (1e-3 + S * 1e-7), {"R0": 10.0, "R1": 1e3, "C1": 1e-7}),
    "R0-p(R1,C1,R2-L2)": (
        10.0 + 1.0 / (S * 1e-8 + 1e-3 + 1.0 / (500.0 + S * 0.05)),
        {"R0": 10.0, "R1": 1e3, "C1": 1e-8, "R2": 500.0, "L2": 0.05},
    ),
    "p(R1,CPE1)": (1.0 / (1e-3 + 1e-6 * S**0.7), {"R1": 1e3, "CPE1_Q": 1e-6, "CPE1_alpha": 0.7}),
    "R0-W1": (50.0 + 30.0 * (1.0 - 1j) / np.sqrt(2.0 * np.pi * F), {"R0": 50.0, "W1": 30.0}),
}


@pytest.mark.parametrize("circuit", CURVES)
def test_exact_data_give_their_own_parameters(circuit):
    z, values = CURVES[circuit]
    found = mn.analysis.fit_impedance(F, z, circuit, n_starts=12)
    assert list(found.params) == list(found.units) == list(values)
    for name, value in values.items():
        assert np.isclose(found.params[name].value, value, rtol=1e-6)
    assert found.rms < 1e-8
    assert found.undetermined == []
    assert np.allclose(found.impedance(F), found.best_fit)
    assert np.allclose(found.best_fit - z, found.residual)


def test_errors_cover_the_truth_as_often_as_they_say():
    """Of 60 fits of data with 1 % noise about 68 % are within one standard deviation, 95 % within two."""
    exact, values = CURVES["R0-p(R1,C1)"]
    rng = np.random.default_rng(1)
    off = []
    for _ in range(60):
        z = exact * (1.0 + 0.01 * (rng.standard_normal(60) + 1j * rng.standard_normal(60)))
        found = mn.analysis.fit_impedance(F, z, "R0-p(R1,C1)", initial=values, n_starts=1)
        off += [(found.params[name].value - value) / found.params[name].stderr for name, value in values.items()]
    assert 0.55 < np.mean(np.abs(off) < 1.0) < 0.8
    assert np.mean(np.abs(off) < 2.0) > 0.88


def test_given_errors_decide_about_the_errors_of_parameters():
    exact, values = CURVES["R0-p(R1,C1)"]
    rng = np.random.default_rng(2)
    z = exact + rng.standard_normal(60) + 1j * rng.standard_normal(60)
    right, large = (
        mn.analysis.fit_impedance(F, z, "R0-p(R1,C1)", sigma=np.full(60, size), initial=values, n_starts=1)
        for size in (1.0, 10.0)
    )
    assert 0.6 < right.chi_square < 1.5
    assert np.isclose(large.params["R1"].stderr, 10.0 * right.params["R1"].stderr, rtol=1e-3)


def test_what_the_data_do_not_tell_is_said():
    z, _ = CURVES["R0-p(R1,C1)"]
    found = mn.analysis.fit_impedance(F, z, "R0-R2-p(R1,C1)", n_starts=4)
    assert {"R0", "R2"} <= set(found.undetermined)
    assert "not determined" in found.report()


def test_the_branches_of_a_pore_are_found_in_its_impedance():
    u, pore = 0.2, {**pores.FIGURE_28, "C_m": 1e-11}
    g_b, g_a, tau, C_m = pores.parts(u, **pore)
    sim = pores.behind(1e-5, u + pores.current(u, **pore) / 1e-5, **pore)
    z = mn.impedance(sim, ("in", "gnd"), np.geomspace(1.0, 1e6, 40))
    found = mn.analysis.fit_impedance(z.frequency, z, "R0-p(R1,C1,R2-L2)", n_starts=12)
    expected = {"R0": 1e5, "R1": 1 / g_b, "C1": C_m, "R2": 1 / g_a, "L2": tau / g_a}
    for name, value in expected.items():
        assert np.isclose(found.params[name].value, value, rtol=1e-5)


def test_fits_can_be_pickled_and_are_the_same_for_a_seed():
    z, _ = CURVES["R0-p(R1,C1)"]
    first, second = (mn.analysis.fit_impedance(F, z, "R0-p(R1,C1)", n_starts=2, seed=5) for _ in range(2))
    assert first.report() == second.report() == pickle.loads(pickle.dumps(first)).report()


@pytest.mark.parametrize(
    ("circuit", "said"),
    [
        ("", "expected p"),
        ("R0-", "character 4"),
        ("R0-p(R1)", "two or more"),
        ("X1", "expected p"),
        ("R", "expected p"),
        ("R0-p(R1,C1", "expected '\\)'"),
        ("R0)", "unexpected '\\)'"),
        ("R1-R1", "R1 twice"),
        ("p(" * 40 + "R1", "levels"),
        ("-".join(f"R{k}" for k in range(50)), "at most 40"),
        ("R0-Ws1", "expected p"),
    ],
)
def test_strings_that_are_no_circuits_say_where(circuit, said):
    with pytest.raises(ValueError, match=said):
        mn.analysis.fit_impedance(F, CURVES["R0-W1"][0], circuit)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"frequency": -F}, ValueError, "frequency"),
        ({"frequency": F[:3]}, ValueError, "impedance"),
        ({"impedance": np.full(60, np.nan)}, ValueError, "impedance"),
        ({"impedance": np.zeros(60)}, ValueError, "impedance"),
        ({"impedance": 1e200 * CURVES["R0-W1"][0]}, ValueError, r"impedance must be between 1e-100 and 1e\+100 ohm"),
        ({"impedance": 1e-200 * CURVES["R0-W1"][0]}, ValueError, r"impedance must be between 1e-100 and 1e\+100 ohm"),
        ({"impedance": ["x"] * 60}, TypeError, "impedance"),
        ({"circuit": 3}, TypeError, "circuit"),
        ({"initial": {"R7": 1.0}}, ValueError, "R7"),
        ({"initial": {"R0": -1.0}}, ValueError, "R0"),
        ({"weights": "none"}, ValueError, "weights"),
        ({"sigma": np.zeros(60)}, ValueError, "sigma"),
        ({"n_starts": 0}, ValueError, "n_starts"),
        ({"frequency": F[:1], "impedance": [1.0]}, ValueError, "parameters"),
    ],
)
def test_bad_arguments_are_named(arguments, error, said):
    good = {"frequency": F, "impedance": CURVES["R0-W1"][0], "circuit": "R0-p(R1,C1)", "n_starts": 1}
    with pytest.raises(error, match=said):
        mn.analysis.fit_impedance(**{**good, **arguments})
