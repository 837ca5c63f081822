"""Nernst potentials, fluxes and potentials of Goldman, Hodgkin and Katz, of Henderson, and electromotive forces."""

import itertools
import re

import mpmath as mp
import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st
from scipy import constants
from scipy.integrate import quad, solve_bvp, solve_ivp

import memnet as mn
from memnet.electrochemistry import (
    TABLE_1,
    Electrode,
    diffusion_potential,
    emf,
    ghk_flux,
    ghk_voltage,
    nernst,
)

R, F = constants.R, constants.e * constants.N_A
# Concentrations of table 1, and the permeabilities of section 2.1.1: potassium, chloride, sodium.
CELL = {"z": [1, -1, 1], "inside": [150.0, 10.0, 12.0], "outside": [4.5, 115.0, 145.0]}
RELATIVE = [1.0, 0.1, 0.03]

CHARGES = st.sampled_from([-3, -2, -1, 1, 2, 3])
CONCENTRATIONS = st.floats(1e-5, 1e4)
VOLTS = st.floats(-1.0, 1.0)
KELVIN = st.floats(200.0, 500.0)
IONS = st.lists(st.tuples(CHARGES, st.floats(1e-3, 1.0), CONCENTRATIONS, CONCENTRATIONS), min_size=1, max_size=5)


def exact_flux(z, permeability, inside, outside, v, temperature):
    """The flux with 60 digits, by the mean of the two one-way fluxes where the field is 0."""
    with mp.workdps(60):
        x = mp.mpf(float(z)) * mp.mpf(F) * mp.mpf(v) / (mp.mpf(R) * mp.mpf(temperature))
        if x == 0:
            return mp.mpf(permeability) * (mp.mpf(inside) - mp.mpf(outside))
        difference = mp.mpf(inside) - mp.mpf(outside)
        return mp.mpf(permeability) * x * (difference / -mp.expm1(-x) + mp.mpf(outside))


def larger_flux(z, permeability, inside, outside, v, temperature):
    """The larger one of the two fluxes that the flux is the difference of."""
    x = z * F * v / (R * temperature)
    with np.errstate(over="ignore"):
        forth, back = (x / -np.expm1(-x), x / np.expm1(x)) if x else (1.0, 1.0)
    return permeability * max(inside * forth, outside * back)


# ------------------------------------------------------------------ table 1, nernst


# mV at 300 K, to three digits behind the point.
AT_300_K = {
    "Na+": 64.419, "K+": -90.652, "Cl-": -63.140, "Ca2+": 124.294, "Mg2+": 0.0, "HCO3-": -23.688, "H+": -23.688
}  # fmt: skip


@pytest.mark.parametrize("row", TABLE_1, ids=lambda row: row.ion)
def test_table_1_at_300_kelvin(row):
    assert 1e3 * nernst(row.z, row.inside, row.outside, 300.0) == pytest.approx(AT_300_K[row.ion], abs=1e-3)
    assert row.potential == nernst(row.z, row.inside, row.outside, 300.0)
    assert type(row.potential) is float
    assert row.source.endswith("table 1")


def test_what_table_1_prints_is_right_but_for_signs_of_anions_and_calcium():
    signs = {row.ion: row.printed * row.potential < 0.0 for row in TABLE_1}
    assert {ion for ion, differs in signs.items() if differs} == {"Cl-", "HCO3-"}
    far = {row.ion for row in TABLE_1 if abs(abs(row.printed) - abs(row.potential)) > 0.5e-3}
    assert far == set()
    # "+63", "-24" and "0" are rounded to 1 mV, the others to 0.1 mV.
    fine = [row for row in TABLE_1 if row.ion not in ("Cl-", "H+", "Mg2+")]
    assert [row.ion for row in fine if abs(abs(row.printed) - abs(row.potential)) > 0.06e-3] == ["Ca2+"]


def test_the_ion_of_a_name_has_its_charges():
    for row in TABLE_1:
        digits, sign = re.fullmatch(r"[A-Za-z]+\d*?(\d?)([+-])", row.ion.replace("HCO3", "HCO")).groups()
        assert row.z == int(f"{sign}{digits or 1}")


def test_nernst_potentials_broadcast():
    volts = nernst([[1], [-2]], [1.0, 10.0, 100.0], 10.0, [300.0, 310.0, 320.0])
    assert volts.shape == (2, 3)
    assert volts[1, 2] == nernst(-2, 100.0, 10.0, 320.0)
    assert isinstance(nernst(1, 1.0, 2.0), float)
    assert nernst(1, 12, 145) == nernst(z=1, inside=12.0, outside=145.0, temperature=310.0)
    assert nernst([], [], []).shape == (0,)


@given(CHARGES, CONCENTRATIONS, CONCENTRATIONS, KELVIN)
def test_nernst_potentials_are_odd_and_as_with_60_digits(z, inside, outside, temperature):
    volts = nernst(z, inside, outside, temperature)
    with mp.workdps(60):
        exact = mp.mpf(R) * mp.mpf(temperature) / (z * mp.mpf(F)) * mp.log(mp.mpf(outside) / mp.mpf(inside))
        assert abs(volts - exact) <= 1e-15 * abs(exact)
    assert nernst(z, outside, inside, temperature) == pytest.approx(-volts, rel=1e-15, abs=1e-17)
    assert nernst(-z, inside, outside, temperature) == -volts


@given(CONCENTRATIONS, st.floats(-15.0, 0.5))
def test_nearly_equal_concentrations_keep_their_digits(inside, decades):
    outside = inside * (1.0 + 10.0**decades)
    with mp.workdps(60):
        exact = mp.mpf(R) * 300 / mp.mpf(F) * mp.log(mp.mpf(outside) / mp.mpf(inside))
        assert abs(nernst(1, inside, outside, 300.0) - exact) <= 1e-15 * abs(exact)


def test_ratios_that_are_no_doubles():
    with mp.workdps(60):
        exact = float(mp.mpf(R) * 310 / mp.mpf(F) * mp.log(mp.mpf(1e200) / mp.mpf(1e-200)))
    assert nernst(1, 1e-200, 1e200) == pytest.approx(exact, rel=1e-14)
    assert nernst(1, 1e200, 1e-200) == pytest.approx(-exact, rel=1e-14)
    assert ghk_flux(1, 1.0, 1e-200, 1e200, 0.0) == -1e200


# ------------------------------------------------------------------ ghk_flux


def test_the_printed_equation_10_has_the_sides_exchanged():
    """The flux at -75 mV of sodium is that of equation 8, integrated, and not that of the printed solution."""
    x = F * -0.075 / (R * 310.0)

    def profile(start, flux):
        return solve_ivp(lambda _, c: x * c - flux, (0.0, 1.0), [start], rtol=1e-12, atol=1e-12).y[0, -1]

    # The end of the profile is linear in the flux.
    ends = [profile(12.0, flux) for flux in (0.0, 1.0)]
    integrated = (145.0 - ends[0]) / (ends[1] - ends[0])
    flux = ghk_flux(1, 1.0, 12.0, 145.0, -0.075, 310.0)
    assert flux == pytest.approx(integrated, rel=1e-9)
    assert flux == pytest.approx(-431.08, abs=0.005)
    printed = x * (145.0 - 12.0 * np.exp(-x)) / (1.0 - np.exp(-x))
    assert printed == pytest.approx(-9.7, abs=0.05)


@given(CHARGES, CONCENTRATIONS, CONCENTRATIONS, VOLTS, KELVIN)
@settings(max_examples=60)
def test_fluxes_are_those_of_60_digits(z, inside, outside, v, temperature):
    exact = exact_flux(z, 1.0, inside, outside, v, temperature)
    # Of the voltage, x has three roundings, which its exponential turns into 3 eps x of a flux.
    x = abs(z * F * v / (R * temperature))
    bound = (1e-14 + 4e-16 * x) * larger_flux(z, 1.0, inside, outside, v, temperature)
    assert abs(ghk_flux(z, 1.0, inside, outside, v, temperature) - exact) <= bound


@pytest.mark.parametrize("v", [0.0, 1e-300, 1e-20, 1e-12, 1e-9, 1e-6, 1e-3, 2e-3, 0.01])
@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("sides", [(150.0, 4.5), (4.5, 150.0), (7.0, 7.0), (1.0, 1.0 + 1e-9)])
def test_next_to_0_volts_fluxes_have_14_digits(v, sign, sides):
    for z in (1, -1, 2):
        flux = ghk_flux(z, 1e-8, *sides, sign * v, 310.0)
        exact = exact_flux(z, 1e-8, *sides, sign * v, 310.0)
        scale = exact if sides[0] == sides[1] or sides[0] > 4.0 * sides[1] or sides[1] > 4.0 * sides[0] else 1e-8
        assert abs(flux - exact) <= 1e-14 * abs(scale)


@given(CHARGES, CONCENTRATIONS, CONCENTRATIONS, VOLTS, KELVIN)
def test_sides_are_exchanged_with_the_voltage(z, inside, outside, v, temperature):
    flux = ghk_flux(z, 1.0, inside, outside, v, temperature)
    scale = larger_flux(z, 1.0, inside, outside, v, temperature)
    assert ghk_flux(z, 1.0, outside, inside, -v, temperature) == pytest.approx(-flux, rel=0, abs=1e-14 * scale)
    assert ghk_flux(-z, 1.0, inside, outside, -v, temperature) == flux


@given(CHARGES, CONCENTRATIONS, CONCENTRATIONS, KELVIN)
def test_no_flux_at_the_nernst_potential(z, inside, outside, temperature):
    volts = nernst(z, inside, outside, temperature)
    flux = ghk_flux(z, 1.0, inside, outside, volts, temperature)
    assert abs(flux) <= 1e-14 * larger_flux(z, 1.0, inside, outside, volts, temperature)


@given(CHARGES, CONCENTRATIONS, CONCENTRATIONS, st.lists(VOLTS, min_size=2, max_size=20), KELVIN)
def test_currents_rise_with_the_voltage_and_have_the_ratio_of_ussing(z, inside, outside, volts, temperature):
    v = np.sort(volts)
    current = z * ghk_flux(z, 1.0, inside, outside, v, temperature)
    scale = max(larger_flux(z, 1.0, inside, outside, one, temperature) for one in v)
    assert np.all(np.diff(current) >= -1e-13 * scale)
    # Flux ratio of Ussing: with nearly nothing on the other side, one-way fluxes have the ratio of activities.
    out, back = (ghk_flux(z, 1.0, *sides, 0.03, temperature) for sides in ((inside, 1e-30), (1e-30, outside)))
    assert out / -back == pytest.approx(inside / outside * np.exp(z * F * 0.03 / (R * temperature)), rel=1e-12)


def test_far_from_0_volts_one_side_alone_feeds_the_flux():
    x = F * 50.0 / (R * 310.0)
    assert ghk_flux(1, 2.0, 12.0, 145.0, 50.0) == pytest.approx(2.0 * x * 12.0, rel=1e-14)
    assert ghk_flux(1, 2.0, 12.0, 145.0, -50.0) == pytest.approx(-2.0 * x * 145.0, rel=1e-14)
    assert ghk_flux(1, 0.0, 12.0, 145.0, -0.07) == 0.0


# ------------------------------------------------------------------ ghk_voltage


def test_the_resting_potential_at_310_kelvin():
    assert 1e3 * ghk_voltage(permeability=RELATIVE, **CELL) == pytest.approx(-74.7787, abs=5e-5)
    order = [2, 0, 1]
    shuffled = {name: np.array(values)[order] for name, values in CELL.items()}
    shuffled["permeability"] = 3e-9 * np.array(RELATIVE)[order]
    assert ghk_voltage(**shuffled) == pytest.approx(ghk_voltage(permeability=RELATIVE, **CELL), rel=1e-14)


@pytest.mark.parametrize("z", [1, -1, 2, -2, 3])
@pytest.mark.parametrize("other", [1, -1, 2])
def test_alone_an_ion_rests_at_its_nernst_potential(z, other):
    alone = nernst(z, 150.0, 4.5, 310.0)
    for share in (1e-13, 1e-20, 1e-300, 0.0):
        volts = ghk_voltage([z, other], [1.0, share], [150.0, 12.0], [4.5, 145.0])
        assert volts == pytest.approx(alone, abs=1e-12 * max(1.0, abs(alone)) + 10.0 * share)
    assert ghk_voltage(z, 1.0, 150.0, 4.5) == pytest.approx(alone, rel=1e-13)


@given(IONS, KELVIN)
@settings(max_examples=60)
def test_at_rest_the_currents_cancel_between_the_nernst_potentials(ions, temperature):
    z, permeability, inside, outside = np.array(ions).T
    volts = ghk_voltage(z, permeability, inside, outside, temperature)
    currents = z * ghk_flux(z, permeability, inside, outside, volts, temperature)
    scale = max(larger_flux(*one, volts, temperature) * abs(one[0]) for one in ions)
    assert abs(currents.sum()) <= 1e-13 * scale
    ends = nernst(z, inside, outside, temperature)
    assert ends.min() - 1e-13 <= volts <= ends.max() + 1e-13
    # Reciprocity: the sides exchanged, and all charges.
    assert ghk_voltage(z, permeability, outside, inside, temperature) == pytest.approx(-volts, rel=1e-9, abs=1e-13)
    assert ghk_voltage(-z, permeability, inside, outside, temperature) == pytest.approx(-volts, rel=1e-9, abs=1e-13)


@given(st.floats(0.0, 10.0), st.floats(0.0, 10.0))
def test_more_sodium_permeability_depolarises(first, second):
    low, high = sorted((first, second))
    rests = [ghk_voltage(permeability=[1.0, 0.1, one], **CELL) for one in (low, high)]
    assert rests[0] <= rests[1]


def test_the_root_is_that_of_the_closed_form():
    pumped = ghk_voltage(permeability=np.array(RELATIVE) * 1e-8, pump_current=1e-40, **CELL)
    assert pumped == pytest.approx(ghk_voltage(permeability=RELATIVE, **CELL), rel=1e-14)


def test_calcium_beside_monovalent_ions_has_a_quadratic_equation():
    """sum z j = 0 of potassium, sodium, chloride and calcium, multiplied out, is quadratic in w = exp(F v/(R T))."""
    permeability = np.array([1.0, 0.03, 0.1, 0.5])
    inside, outside = np.array([150.0, 12.0, 10.0, 1e-4]), np.array([4.5, 145.0, 115.0, 1.5])
    volts = ghk_voltage([1, 1, -1, 2], permeability, inside, outside)
    cations = permeability[:2]
    a = (cations * inside[:2]).sum() + permeability[2] * outside[2]
    b = (cations * outside[:2]).sum() + permeability[2] * inside[2]
    four_p = 4.0 * permeability[3]
    # (a w - b)/(w - 1) + 4 P (c w^2 - d)/(w^2 - 1) = 0
    roots = np.roots([a + four_p * inside[3], a - b, -(b + four_p * outside[3])])
    assert volts == pytest.approx(R * 310.0 / F * np.log(roots[roots > 0.0][0]), rel=1e-13)


def test_a_pump_of_mullins_and_noda():
    """Where the pump holds sodium and potassium steady at a ratio of 3 to 2, p_K counts 1.5 times."""
    permeability, inside, outside = np.array([1e-8, 3e-10]), np.array([150.0, 12.0]), np.array([4.5, 145.0])
    weights = permeability * [1.5, 1.0]
    steady = R * 310.0 / F * np.log((weights * outside).sum() / (weights * inside).sum())
    potassium, sodium = ghk_flux(1, permeability, inside, outside, steady)
    assert sodium / potassium == pytest.approx(-1.5, rel=1e-12)
    # Each turn carries three sodium out and two potassium in.
    current = F * (-sodium / 3.0)
    volts = ghk_voltage(1, permeability, inside, outside, pump_current=current)
    assert volts == pytest.approx(steady, rel=1e-12)
    assert volts < ghk_voltage(1, permeability, inside, outside) - 1e-3


@given(st.floats(-1e3, 1e3), IONS)
@settings(max_examples=60)
def test_a_pump_moves_the_rest_to_where_currents_balance_it(share, ions):
    z, permeability, inside, outside = np.array(ions).T
    scale = (np.abs(z) * permeability * (inside + outside)).sum()
    pump = F * share * scale
    volts = ghk_voltage(z, permeability, inside, outside, pump_current=pump)
    currents = z * ghk_flux(z, permeability, inside, outside, volts)
    largest = max(abs(share) * scale, *(abs(one[0]) * larger_flux(*one, volts, 310.0) for one in ions))
    assert abs(currents.sum() + share * scale) <= 1e-12 * largest
    rest = ghk_voltage(z, permeability, inside, outside)
    assert (volts - rest) * share <= 1e-12


def test_ions_lie_along_the_last_axis():
    permeability = np.array([[1.0, 0.1, 0.03], [0.1, 0.1, 1.0]])
    together = ghk_voltage(permeability=permeability, **CELL)
    assert together.tolist() == [ghk_voltage(permeability=one, **CELL) for one in permeability]
    over = ghk_voltage(permeability=permeability[:, np.newaxis], temperature=[290.0, 300.0, 310.0], **CELL)
    assert over.shape == (2, 3)
    assert over[:, 2].tolist() == together.tolist()
    pumped = ghk_voltage(permeability=1e-8 * permeability, pump_current=[[0.0], [0.01], [0.02]], **CELL)
    assert pumped.shape == (3, 2)
    assert np.all(np.diff(pumped, axis=0) < 0.0)


# ------------------------------------------------------------------ diffusion potentials, cells


@given(IONS, st.floats(-5.0, 5.0))
@example([(-3, 1.0, 5.0, 1e-05)], -4.0)
@settings(max_examples=40)
def test_henderson_is_the_integral_over_a_linear_mixture(ions, exponent):
    z, diffusivity, first, second = np.array(ions).T
    second = second * 10.0**exponent

    def half(near, far):
        """From one end to the middle, in logarithmic stretches, since that end may be far more conductive."""

        def slope(s):
            c = near + s * (far - near)
            return R * 298.15 / F * (z * diffusivity * (far - near)).sum() / (z**2 * diffusivity * c).sum()

        g = [(z**2 * diffusivity * one).sum() for one in (near, far)]
        cuts = [0.0, 0.5] if g[0] == g[1] else (np.geomspace(g[0], 0.5 * sum(g), 12) - g[0]) / (g[1] - g[0])
        return sum(quad(slope, a, b, epsrel=1e-12)[0] for a, b in itertools.pairwise(cuts))

    found = half(first, second) - half(second, first)
    volts = diffusion_potential(z, diffusivity, first, second)
    assert volts == pytest.approx(found, rel=1e-8, abs=1e-12)
    assert diffusion_potential(z, diffusivity, second, first) == pytest.approx(-volts, rel=1e-12, abs=1e-16)


@pytest.mark.parametrize("share", [0.0, 1e-15, 1e-9, 1e-6, 0.9e-3, 1.1e-3, 0.1, 1e3])
def test_henderson_keeps_digits_between_like_mixtures(share):
    """Of one salt the potential is that of constant transference numbers, of any two mixtures that with 60 digits."""
    volts = diffusion_potential([1, -2], [9.3, 1.07], [2.0, 1.0], [2.0 * (1.0 + share), 1.0 + share])
    transference = (2.0 * 9.3 - 2.0 * 1.07) / (2.0 * 9.3 + 4.0 * 1.07)
    with mp.workdps(60):
        ratio = mp.log(mp.mpf(2.0) / mp.mpf(2.0 * (1.0 + share)))
    assert volts == pytest.approx(-R * 298.15 / F * transference * float(ratio), rel=1e-13, abs=1e-30)


def test_diffusion_against_the_equations_of_nernst_and_planck():
    """Two salts with a common ion, each at one place, equally concentrated: there the linear mixture is exact."""
    diffusivity, z = np.array([9.311, 1.334, 2.032]), np.array([1.0, 1.0, -1.0])
    first, second = np.array([100.0, 0.0, 100.0]), np.array([0.0, 100.0, 100.0])

    def rates(_, y, flux):
        field = -(z * flux / diffusivity).sum() / (z**2 @ y[:3])  # of F V/(R T), so that sum z c stays 0
        return np.vstack([-(flux / diffusivity)[:, np.newaxis] - z[:, np.newaxis] * y[:3] * field, field])

    def ends(a, b, flux):
        return np.array([*(a[:3] - first), a[3], *(b[:2] - second[:2]), (z * flux).sum()])

    x = np.linspace(0.0, 1.0, 40)
    start = np.vstack([first[:, np.newaxis] + x * (second - first)[:, np.newaxis], 0.0 * x])
    solved = solve_bvp(rates, ends, x, start, p=diffusivity * (first - second), tol=1e-9)
    assert solved.success
    volts = diffusion_potential(z, diffusivity, first, second)
    assert volts == pytest.approx(-R * 298.15 / F * solved.y[3, -1], rel=1e-7)
    # The formula of Lewis and Sargent.
    assert volts == pytest.approx(R * 298.15 / F * np.log((1.334 + 2.032) / (9.311 + 2.032)), rel=1e-13)


@given(st.floats(0.0, 1.0), st.floats(1e-6, 1e3), st.floats(1e-6, 1e3))
def test_a_concentration_cell_with_transference(share, first, second):
    """Between electrodes of the cation, a cell has the share of the anion twice: 2 t_- R T/F log(first/second)."""
    across = diffusion_potential([1, -1], [share, 1.0 - share], [first, first], [second, second])
    ends = [Electrode(oxidised=one) for one in (first, second)]
    expected = 2.0 * (1.0 - share) * R * 298.15 / F * np.log(first / second)
    assert emf(*ends, diffusion=across) == pytest.approx(expected, rel=1e-10, abs=1e-14)


def test_origins_of_an_emf_add_up():
    """Section 3.1: other metals, other activities, oxygen, surface energies, temperature."""
    thermal = R * 350.0 / F
    alloy, pure = Electrode(standard=0.34, z=2, reduced=0.25), Electrode(standard=0.34, z=2)
    assert emf(alloy, pure, temperature=350.0) == pytest.approx(0.5 * thermal * np.log(4.0), rel=1e-12)
    rich, poor = (Electrode(z=4, standard=1.229, oxidised=p) for p in (0.21, 0.021))
    assert emf(rich, poor, temperature=350.0) == pytest.approx(0.25 * thermal * np.log(10.0), rel=1e-12)
    assert emf(poor, rich, temperature=350.0) == -emf(rich, poor, temperature=350.0)
    small = Electrode(z=2, standard=0.34, radius=2e-9, surface_energy=1.8, molar_volume=7.11e-6)
    assert emf(small, pure) == pytest.approx(-2.0 * 1.8 * 7.11e-6 / (2.0 * F * 2e-9), rel=1e-12)
    whole = emf(Electrode(standard=0.8), small, diffusion=0.02)
    assert whole == pytest.approx(0.8 - 0.34 - emf(small, pure) + 0.02, rel=1e-12)


def test_cells_broadcast():
    radii = [1e-9, 1e-8, np.inf]
    tip = Electrode(radius=radii, surface_energy=1.2, molar_volume=1e-5)
    volts = emf(tip, Electrode(), temperature=[[300.0], [400.0]], diffusion=0.0)
    assert volts.shape == (2, 3)
    assert volts[0, 2] == 0.0
    assert volts[0, 0] == pytest.approx(10.0 * volts[1, 1], rel=1e-12)
    assert isinstance(emf(Electrode(), Electrode()), float)


# ------------------------------------------------------------------ bad input

BAD = [
    ("inside", 0.0, r"inside must be in \(0, inf\) mol/m\^3, got 0"),
    ("outside", [145.0, -1.0, 3.0], r"outside must be in \(0, inf\) mol/m\^3, got -1"),
    ("z", [1, 0, 1], r"z must not be 0, as an ion has a charge, got \[1, 0, 1\]"),
    ("temperature", 0.0, r"temperature must be in \(0, inf\) K, got 0"),
    ("temperature", -300.0, r"temperature must be in \(0, inf\) K, got -300"),
    ("inside", np.nan, r"inside must be finite, got nan"),
    ("outside", [1.0, 2.0], r"shapes must broadcast to one, got .*outside \(2,\)"),
    ("permeability", [1.0, -1.0, 0.0], r"permeability must be in \[0, inf\) m/s, got -1"),
    ("permeability", [0.0, 0.0, 0.0], r"permeability must be above 0 for one ion at least, got \[0.0, 0.0, 0.0\]"),
    ("permeability", [[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]], r"permeability must be above 0 for one ion at least"),
    ("permeability", [], r"shapes must broadcast to one, got .*permeability \(0,\)"),
    ("pump_current", np.inf, r"pump_current must be finite"),
    ("pump_current", 1e300, r"pump_current is beyond what permeability can balance"),
]


@pytest.mark.parametrize(("name", "value", "message"), BAD)
def test_membranes_refuse_by_name(name, value, message):
    arguments = {**CELL, "permeability": [1e-20, 1e-21, 0.0], "temperature": 310.0, name: value}
    with pytest.raises(ValueError, match=message):
        ghk_voltage(**arguments)
    if name not in ("permeability", "pump_current"):
        with pytest.raises(ValueError, match=message):
            nernst(**{one: given for one, given in arguments.items() if one != "permeability"})
    if name != "pump_current" and "at least" not in message:
        with pytest.raises(ValueError, match=message):
            ghk_flux(**arguments, v=0.1)


@pytest.mark.parametrize("size", [1e-250, 1.0, 1e250])
def test_units_of_permeability_and_concentration_do_not_matter(size):
    cell = {name: size * np.array(CELL[name]) for name in ("inside", "outside")}
    for z in (CELL["z"], [2, -1, 1]):
        volts = ghk_voltage(z, size * np.array(RELATIVE), **cell)
        assert volts == pytest.approx(ghk_voltage(z, RELATIVE, CELL["inside"], CELL["outside"]), rel=1e-13)


def test_no_ions_at_all_have_no_potential():
    with pytest.raises(ValueError, match="permeability must be above 0 for one ion at least"):
        ghk_voltage([], [], [], [])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"oxidised": 0.0}, r"oxidised must be in \(0, inf\), got 0"),
        ({"reduced": -1.0}, r"reduced must be in \(0, inf\), got -1"),
        ({"z": 0}, r"z must not be 0"),
        ({"radius": 0.0, "surface_energy": 1.0, "molar_volume": 1e-5}, r"radius must be in \(0, inf\] m, got 0"),
        ({"radius": np.nan, "surface_energy": 1.0, "molar_volume": 1e-5}, r"radius must be in \(0, inf\] m, got nan"),
        ({"radius": 1e-9, "surface_energy": 1.0}, r"molar_volume must be given beside a radius"),
        ({"radius": 1e-9}, r"surface_energy must be given beside a radius"),
        ({"standard": [1.0, 2.0], "oxidised": [1.0, 2.0, 3.0]}, r"shapes must broadcast to one, got .*standard \(2,\)"),
    ],
)
def test_electrodes_refuse_by_name(arguments, message):
    with pytest.raises(ValueError, match=message):
        Electrode(**arguments)


def test_cells_refuse_by_name():
    with pytest.raises(TypeError, match=r"second must be an Electrode, got 0\.8"):
        emf(Electrode(), 0.8)
    with pytest.raises(TypeError, match=r"unknown keyword 'temprature', did you mean 'temperature'"):
        emf(Electrode(), Electrode(), temprature=300.0)
    with pytest.raises(ValueError, match=r"first must have an ion that moves"):
        diffusion_potential([1, -1], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0])
    with pytest.raises(ValueError, match=r"temperature must be in \(0, inf\) K"):
        emf(Electrode(), Electrode(), temperature=0.0)


# ------------------------------------------------------------------ Goldman edges


def goldman(row, permeability):
    return mn.Goldman(P=permeability, z=row.z, c_a=row.inside, c_b=row.outside, T=310.0)


def current_of(device, volts):
    edge = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    return float(mn.Simulation(edge, device, {"in": float(volts), "out": 0.0}).branch_current[0])


@pytest.mark.parametrize("row", TABLE_1, ids=lambda row: row.ion)
def test_a_goldman_edge_carries_the_flux(row):
    for volts in (-0.3, -0.075, -1e-3, 0.0, 1e-9, 2e-3, 0.1):
        expected = row.z * F * ghk_flux(row.z, 1e-15, row.inside, row.outside, volts, 310.0)
        scale = F * abs(row.z) * larger_flux(row.z, 1e-15, row.inside, row.outside, volts, 310.0)
        assert abs(current_of(goldman(row, 1e-15), volts) - expected) <= 2e-14 * scale


def test_presets_of_goldman_are_the_ions_of_table_1():
    names = {"sodium": "Na+", "potassium": "K+", "chloride": "Cl-", "calcium": "Ca2+", "bicarbonate": "HCO3-"}
    assert set(mn.Goldman.presets()) == set(names)
    for name, ion in names.items():
        row = next(one for one in TABLE_1 if one.ion == ion)
        device = mn.Goldman.preset(name, P=2e-15)
        assert (device.P, device.z, device.c_a, device.c_b) == (2e-15, row.z, row.inside, row.outside)
        rest = nernst(row.z, row.inside, row.outside, device.T)
        scale = abs(row.z) * F * larger_flux(row.z, 2e-15, row.inside, row.outside, rest, 310.0)
        assert abs(current_of(device, rest)) <= 2e-14 * scale


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"z": 0}, r"z must be in \(-inf, inf\) without 0, got 0"),
        ({"z": [1.0, -0.0]}, r"z must be in \(-inf, inf\) without 0, got -0.0 at index 1"),
        ({"T": 0.0}, r"T must be in \(0, inf\) K, got 0"),
        ({"P": 0.0}, r"P must be in \(0, inf\) m\^3/s, got 0"),
        ({"c_b": -1.0}, r"c_b must be in \[0, inf\) mol/m\^3, got -1"),
    ],
)
def test_goldman_edges_refuse_by_name(wrong, says):
    with pytest.raises(ValueError, match=rf"Goldman\.{says}"):
        mn.Goldman(**wrong)


def test_ranges_without_zero_go_with_the_model():
    assert "parameter real z = 1.0 exclude 0;" in mn.Goldman.to_verilog_a()
    assert "charges of an ion, with sign; in (-inf, inf) without 0." in mn.Goldman.__doc__
    halved = mn.device_model("Halved", "i = g*v/n\nparameter g = 1 S\nparameter n = 2 in [-3, 3] without 0")
    assert current_of(halved(n=0.5), 1.0) == 2.0
    with pytest.raises(ValueError, match=r"Halved\.n must be in \[-3, 3\] without 0, got 0"):
        halved(n=0.0)


def test_goldman_edges_side_by_side_rest_where_the_equation_says():
    ions = {row.ion: row for row in TABLE_1}
    circuit = mn.Circuit()
    chosen = [(ions[name], 1e-15 * share) for name, share in zip(("K+", "Cl-", "Na+"), RELATIVE, strict=True)]
    for row, permeability in chosen:
        circuit.add("cell", "bath", goldman(row, permeability), name=row.ion)
    circuit.add("cell", "bath", mn.Capacitor(capacitance=1e-12), name="membrane")
    rest = ghk_voltage(permeability=RELATIVE, **CELL)
    found = mn.equilibria(circuit, {"cell": mn.drive.current(0.0), "bath": 0.0})
    assert len(found) == 1
    assert found.stable.all()
    assert found.potential[0, 0] == pytest.approx(rest, rel=1e-9)

    # With the pump, a current out of the cell, which the drive brings as a current that leaves it.
    area, density = 1e-7, 1e-2
    pumped = ghk_voltage(permeability=1e-8 * np.array(RELATIVE), pump_current=density, **CELL)
    drive = {"cell": mn.drive.current(-density * area), "bath": 0.0}
    sim = circuit.simulation(drive, dt=1e-4, method="adaptive", rtol=1e-8)
    run = sim.run(duration=0.2, progress=False)
    assert float(run.voltage[-1, 0]) == pytest.approx(pumped, rel=1e-6)


def test_constants_are_those_of_the_equations_of_models():
    """A text with F and R, run, against what the functions take."""
    Thermal = mn.device_model(
        "Thermal", "i = g*(v - R*T/F)\nparameter g = 1 S in (0, inf)\nparameter T = 310 K in (0, inf)"
    )
    assert current_of(Thermal(), 0.0) == pytest.approx(-R * 310.0 / F, rel=1e-15)


@pytest.mark.parametrize("z", [1e-300, 2e-200, 1e-160])
def test_charges_whose_squares_vanish_rest_at_their_nernst_potential(z):
    rest = ghk_voltage([z], [1.0], [10.0], [100.0])
    assert rest == pytest.approx(nernst(z, 10.0, 100.0), rel=1e-8)


def test_a_membrane_beyond_doubles_is_said():
    shut = {"z": 2, "permeability": [1.0], "outside": [1e200]}
    with pytest.raises(ValueError, match="inside and outside must not be more than 1e300 times each other"):
        ghk_voltage(**shut, inside=[1e-200])
    with pytest.raises(ValueError, match="pump_current is beyond what permeability can balance"):
        ghk_voltage(z=[1e-200], permeability=[1.0], inside=[1.0], outside=[2.0], pump_current=1.0)
