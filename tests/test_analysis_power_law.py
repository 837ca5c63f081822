"""Power-law fits on samples with known exponents, against independent likelihoods."""

import math
import sys
import warnings

import numpy as np
import pytest
from heavy_tails import QUICK, pareto_sample, zeta_sample
from scipy import integrate, optimize, special, stats

from memnet import analysis as an

power_law = sys.modules["memnet.analysis._power_law"]


# ---------------------------------------------------------------- maximum likelihood


@pytest.mark.parametrize("xmin", [1, 2, 5, 40])
def test_discrete_exponent_maximises_the_zeta_likelihood(xmin):
    values = zeta_sample(2.2, 3000, seed=1, xmin=xmin)
    fit = an.fit_power_law(values, discrete=True, xmin=xmin, **QUICK)
    best = optimize.minimize_scalar(
        lambda s: s * np.log(values).mean() + math.log(special.zeta(s, xmin)), bounds=(1.01, 6), method="bounded",
        options={"xatol": 1e-10},
    )  # fmt: skip
    assert fit.exponent == pytest.approx(best.x, abs=1e-6)
    # asymptotic error: the variance of log k, by brute force
    k = np.arange(xmin, 10**6)
    p = k**-fit.exponent / special.zeta(fit.exponent, xmin)
    variance = (p * np.log(k) ** 2).sum() - (p * np.log(k)).sum() ** 2
    assert fit.error == pytest.approx(1 / math.sqrt(values.size * variance), rel=1e-3)


@pytest.mark.parametrize("s", [0.5, 1.0, 1.5, 2.5])
@pytest.mark.parametrize(("xmin", "xmax"), [(1, 20), (4, 113), (30, 2000)])
def test_doubly_truncated_discrete_exponent_maximises_the_direct_likelihood(s, xmin, xmax):
    values = zeta_sample(s, 2000, seed=2, xmin=xmin, xmax=xmax)
    fit = an.fit_power_law(np.r_[values, xmax + 1, 1], discrete=True, xmin=max(xmin, 1), xmax=xmax, **QUICK)
    inside = np.r_[values, [1] if xmin == 1 else []]
    k = np.arange(xmin, xmax + 1)
    best = optimize.minimize_scalar(
        lambda t: t * np.log(inside).mean() + math.log(math.fsum(k**-t)), bounds=(-1, 6), method="bounded",
        options={"xatol": 1e-10},
    )  # fmt: skip
    assert fit.exponent == pytest.approx(best.x, abs=1e-6)
    assert fit.n == inside.size
    assert fit.n_total == 2002
    assert abs(fit.exponent - s) < 4 * fit.error


def test_continuous_exponent_is_hills_and_truncated_one_maximises_the_likelihood():
    values = pareto_sample(2.5, 4000, seed=3, xmin=2.0)
    fit = an.fit_power_law(values, discrete=False, xmin=2.0, **QUICK)
    assert fit.exponent == pytest.approx(1 + 4000 / np.log(values / 2.0).sum(), rel=1e-12)
    assert fit.error == pytest.approx((fit.exponent - 1) / math.sqrt(4000), rel=1e-3)
    part = values[values <= 30]
    cut = an.fit_power_law(values, discrete=False, xmin=2.0, xmax=30.0, **QUICK)
    best = optimize.minimize_scalar(
        lambda s: s * np.log(part).mean() + math.log((2.0 ** (1 - s) - 30.0 ** (1 - s)) / (s - 1)), bounds=(1.1, 6),
        method="bounded", options={"xatol": 1e-10},
    )  # fmt: skip
    assert cut.exponent == pytest.approx(best.x, abs=1e-6)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("values", "options", "exponent"),
    [
        (lambda seed: zeta_sample(2.5, 5000, seed), {"discrete": True}, 2.5),
        (lambda seed: zeta_sample(1.5, 2000, seed), {"discrete": True}, 1.5),
        (lambda seed: zeta_sample(1.5, 5000, seed, 1, 500), {"discrete": True, "xmax": 500}, 1.5),
        (lambda seed: pareto_sample(2.5, 5000, seed), {"discrete": False}, 2.5),
        (lambda seed: 1e-3 * pareto_sample(1.8, 5000, seed), {"discrete": False}, 1.8),
    ],
)
def test_exact_power_laws_are_found(values, options, exponent, seed):
    fit = an.fit_power_law(values(seed), **options, n_bootstrap=20, n_p=20, seed=seed)
    assert abs(fit.exponent - exponent) < 3.5 * fit.error
    assert fit.error < 0.15
    assert fit.p_value > 0.02
    assert fit.message == ""


def test_xmin_is_found_where_the_power_law_begins():
    rng = np.random.default_rng(5)
    values = np.r_[rng.integers(1, 20, size=6000), zeta_sample(2.5, 6000, seed=5, xmin=20)]
    fit = an.fit_power_law(values, discrete=True, n_bootstrap=20, n_p=0, seed=1)
    assert 18 <= fit.xmin <= 40
    assert abs(fit.exponent - 2.5) < 3 * fit.error
    everything = an.fit_power_law(values, discrete=True, xmin=1, n_bootstrap=0, n_p=40, seed=1)
    assert everything.p_value == 0


def brute_distance(values, s, xmin, discrete):
    """The largest distance of the cumulative distributions, everywhere."""
    inside = np.sort(values[values >= xmin])
    if discrete:
        k = np.arange(xmin, inside.max() + 2)
        law = 1 - special.zeta(s, k + 1) / special.zeta(s, xmin)
        return np.abs(np.searchsorted(inside, k, side="right") / inside.size - law).max()
    return stats.kstest(inside, lambda x: 1 - (x / xmin) ** (1 - s)).statistic


@pytest.mark.parametrize("discrete", [True, False])
@pytest.mark.parametrize("n", [300, 20_000])
def test_distance_and_choice_of_xmin_are_those_of_brute_force(discrete, n):
    values = zeta_sample(2.3, n, seed=6) if discrete else pareto_sample(2.3, n, seed=6)
    values = np.minimum(values, 5000) if discrete else values  # a tail that brute force can list
    fit = an.fit_power_law(values, discrete=discrete, max_xmin=10**6 if n == 300 else 30, **QUICK)
    assert fit.distance == pytest.approx(brute_distance(values, fit.exponent, fit.xmin, discrete), abs=1e-10)
    if n == 300:
        for xmin in np.unique(values):
            if (values >= xmin).sum() >= 50:
                other = an.fit_power_law(values, discrete=discrete, xmin=xmin, **QUICK)
                assert other.distance >= fit.distance - 1e-12


@pytest.mark.parametrize(
    ("s", "xmin", "xmax"), [(1.5, 1, math.inf), (2.5, 7, math.inf), (1.5, 3, 400), (1.2, 1, 10**5)]
)
def test_drawn_integers_have_the_law(s, xmin, xmax):
    n = 200_000
    value, count = power_law.draw_power_law(n, s, float(xmin), float(xmax), True, np.random.default_rng(7))
    assert count.sum() == n
    assert value.min() >= xmin
    assert value.max() <= xmax
    edges = np.unique(np.floor(np.geomspace(xmin, min(xmax, 10**8), 40)))
    whole = special.zeta(s, xmin) - (special.zeta(s, xmax + 1) if xmax < math.inf else 0)
    expected = n * (special.zeta(s, edges[:-1]) - special.zeta(s, edges[1:])) / whole
    found, _ = np.histogram(value[value < edges[-1]], bins=edges, weights=count[value < edges[-1]])
    chi = ((found - expected) ** 2 / expected)[expected > 5]
    assert stats.chi2.sf(chi.sum(), chi.size - 1) > 1e-4


def test_drawn_reals_have_the_law():
    rng = np.random.default_rng(8)
    for s, xmax in ((2.5, math.inf), (1.5, 50.0), (1.0, 50.0), (0.3, 50.0)):
        value, _ = power_law.draw_power_law(20_000, s, 2.0, xmax, False, rng)
        whole = 2 ** (1 - s) / (s - 1) if xmax == math.inf else integrate.quad(lambda x, s=s: x**-s, 2, xmax)[0]

        def law(x, s=s, whole=whole):
            return (np.log(x / 2) if s == 1 else (2 ** (1 - s) - x ** (1 - s)) / (s - 1)) / whole

        assert stats.kstest(value, law).pvalue > 1e-3


# ---------------------------------------------------------------- errors and p values


def coverage(samples, options, exponent, n_bootstrap):
    """How many of the intervals exponent +- error and +- 1.96 error hold the true value."""
    one = two = 0
    for seed, values in enumerate(samples):
        fit = an.fit_power_law(values, **options, n_bootstrap=n_bootstrap, n_p=0, seed=seed)
        one += abs(fit.exponent - exponent) < fit.error
        two += abs(fit.exponent - exponent) < 1.96 * fit.error
    return one, two


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sample", "options", "exponent"),
    [
        (lambda seed: zeta_sample(2.5, 1000, seed), {"discrete": True, "xmin": 1}, 2.5),
        (lambda seed: zeta_sample(1.5, 1000, seed, 2, 200), {"discrete": True, "xmin": 2, "xmax": 200}, 1.5),
        (lambda seed: pareto_sample(2.5, 1000, seed), {"discrete": False, "xmin": 1.0}, 2.5),
        (lambda seed: pareto_sample(2.5, 1000, seed), {"discrete": False}, 2.5),
    ],
)
def test_intervals_cover_the_exponent_as_often_as_they_say(sample, options, exponent):
    one, two = coverage([sample(1000 + k) for k in range(200)], options, exponent, n_bootstrap=60)
    # 99.9 % of a binomial distribution of the nominal probabilities
    low, high = stats.binom.interval(0.999, 200, 0.6827)
    assert low <= one <= high
    assert two >= stats.binom.ppf(0.0005, 200, 0.95)


def test_asymptotic_intervals_cover_the_exponent():
    samples = [zeta_sample(2.5, 1000, 3000 + k) for k in range(200)]
    one, two = coverage(samples, {"discrete": True, "xmin": 1}, 2.5, n_bootstrap=0)
    low, high = stats.binom.interval(0.999, 200, 0.6827)
    assert low <= one <= high
    assert two >= stats.binom.ppf(0.0005, 200, 0.95)


@pytest.fixture(scope="module")
def p_values():
    """Those of 40 samples of a power law."""
    options = {"discrete": True, "xmin": 1, "n_bootstrap": 0, "n_p": 30}
    return [an.fit_power_law(zeta_sample(2.0, 500, 500 + k), **options, seed=k).p_value for k in range(40)]


@pytest.mark.slow
def test_p_values_of_power_laws_are_uniform(p_values):
    assert stats.kstest(p_values, "uniform").pvalue > 1e-3


def test_seed_decides_and_is_reported():
    values = zeta_sample(2.0, 1000, 9)
    first = an.fit_power_law(values, discrete=True, n_bootstrap=10, n_p=10)
    again = an.fit_power_law(values[::-1], discrete=True, n_bootstrap=10, n_p=10, seed=first.seed)
    assert first == again


def test_a14_steep_exponents_need_a_higher_limit_and_say_so():
    values = pareto_sample(12.0, 2000, seed=17)
    fit = an.fit_power_law(values, discrete=False, xmin=1.0, **QUICK)
    assert fit.message == "no exponent between 1 and max_exponent = 10 fits the 2000 distinct values"
    fit = an.fit_power_law(values, discrete=False, xmin=1.0, max_exponent=20, **QUICK)
    assert abs(fit.exponent - 12.0) < 4 * fit.error
    assert an.fit_power_law(values, discrete=False, xmin=1.0, xmax=3.0, max_exponent=20, **QUICK).exponent == (
        pytest.approx(12.0, abs=1.0)
    )


@pytest.mark.parametrize(("s", "xmin"), [(12.0, 20), (40.0, 100), (150.0, 400)])
def test_a14_steep_integers_are_fitted_by_the_exact_likelihood(s, xmin):
    k = np.arange(xmin, 4 * xmin)
    values = np.random.default_rng(18).choice(k, 3000, p=(k / xmin) ** -s / ((k / xmin) ** -s).sum())
    fit = an.fit_power_law(values, discrete=True, xmin=xmin, max_exponent=500, **QUICK)
    k = np.arange(xmin, 30 * xmin)
    best = optimize.minimize_scalar(
        lambda t: t * np.log(values / xmin).mean() + math.log(math.fsum((k / xmin) ** -t)), bounds=(2, 500),
        method="bounded", options={"xatol": 1e-8},
    )  # fmt: skip
    assert fit.exponent == pytest.approx(best.x, rel=1e-6)
    assert an.fit_power_law(values, discrete=True, xmin=xmin, max_exponent=500, n_bootstrap=0, seed=1).p_value > 0.01


def test_a14_values_passed_over_as_xmin_are_a_warning():
    values = 2.0 + np.random.default_rng(19).exponential(1.0, 1000)  # steeper, the later the tail begins
    with pytest.warns(UserWarning, match=r"of 100 values were passed over as xmin: .* below max_exponent = 5"):
        an.fit_power_law(values, discrete=False, max_exponent=5, **QUICK)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert an.fit_power_law(values, discrete=False, max_exponent=500, **QUICK).exponent > 3


def test_a14_resamples_beyond_the_limit_are_left_out_and_counted():
    values = pareto_sample(9.95, 500, seed=2)
    fit = an.fit_power_law(values, discrete=False, xmin=1.0, max_exponent=50, **QUICK)
    limit = fit.exponent + 0.1 * fit.error
    with pytest.warns(UserWarning, match="of 40 resamples were left out"):
        near = an.fit_power_law(values, discrete=False, xmin=1.0, max_exponent=limit, n_bootstrap=40, n_p=40, seed=1)
    assert near.p_value > 0.05


@pytest.mark.slow
def test_p_values_without_refits_are_too_large(p_values):
    def without(values):
        fit = an.fit_power_law(values, discrete=True, xmin=1, **QUICK)
        rng = np.random.default_rng(0)
        whole = special.zeta(fit.exponent, 1)
        farther = 0
        for _ in range(40):
            drawn = zeta_sample(fit.exponent, values.size, rng.integers(2**31))
            k, count = np.unique(drawn, return_counts=True)
            law = 1 - special.zeta(fit.exponent, k + 1) / whole
            farther += np.abs(np.cumsum(count) / drawn.size - law).max() >= fit.distance
        return farther / 40

    assert np.mean([without(zeta_sample(2.0, 500, 500 + k)) for k in range(40)]) > np.mean(p_values) + 0.1


def test_results_show_themselves_in_one_line():
    fit = an.fit_power_law(zeta_sample(2.0, 1000, 20), discrete=True, xmin=1, **QUICK)
    assert repr(fit).startswith("<PowerLaw: exponent 1.946 ± 0.032; from 1; ")
    assert "values 1000 of 1000" in repr(fit)
    assert repr(fit.compare("exponential")).startswith("<Comparison: alternative exponential; ratio ")
    assert repr(an.fit_power_law([1, 2], discrete=True)) == "<PowerLaw: not enough data: 2 values; values 2>"
    assert "<caption>memnet PowerLaw</caption>" in fit._repr_html_()
    x = np.array([1.0, 2.0, 4.0])
    assert repr(an.log_slope(x, 3 * x**2)).startswith("<Line: slope 2 ± ")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"low": "x"}, TypeError, "low must be a number, got 'x'"),
        ({"high": None}, TypeError, "high must be a number, got None"),
        ({"low": math.nan}, ValueError, r"low must be in \[-inf, inf\], got nan"),
        ({"low": 3.0, "high": 2.0}, ValueError, r"high must be in \[3, inf\], got 2.0"),
        ({"x": "abc"}, TypeError, "x must be an array of numbers"),
        ({"y": [1.0, 2.0]}, ValueError, r"y must have shape \(3,\), got \(2,\)"),
    ],
)
def test_slopes_of_anything_else_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        an.log_slope(**{"x": [1.0, 2.0, 3.0], "y": [1.0, 2.0, 3.0], **arguments})


@pytest.mark.slow
def test_the_powerlaw_package_agrees():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        powerlaw = pytest.importorskip("powerlaw", exc_type=ImportError)
        integers, reals = zeta_sample(2.5, 2000, seed=14), pareto_sample(2.5, 500, seed=14)
        theirs = powerlaw.Fit(integers, discrete=True, estimate_discrete=False, xmin=1, verbose=False)
        ours = an.fit_power_law(integers, discrete=True, xmin=1, **QUICK)
        assert ours.exponent == pytest.approx(theirs.power_law.alpha, abs=1e-3)
        for name in ("exponential", "truncated_power_law"):  # its log-normal is rounded, not summed over integers
            ratio, p = theirs.distribution_compare("power_law", name)
            found = ours.compare(name)
            assert found.ratio == pytest.approx(float(ratio), abs=2e-2)
            assert found.p == pytest.approx(float(p), abs=1e-2)
        theirs = powerlaw.Fit(reals, discrete=False, xmin=1.0, verbose=False)
        ours = an.fit_power_law(reals, discrete=False, xmin=1.0, **QUICK)
        assert ours.exponent == pytest.approx(theirs.power_law.alpha, rel=1e-6)
        ratio, p = theirs.distribution_compare("power_law", "exponential")
        assert ours.compare("exponential").ratio == pytest.approx(float(ratio), rel=1e-3)
        assert ours.compare("exponential").p == pytest.approx(float(p), rel=1e-2)


def test_density_is_normalised_to_the_share_in_range():
    values = np.r_[np.ones(1000, int), zeta_sample(2.5, 3000, seed=15, xmin=5)]
    fit = an.fit_power_law(values, discrete=True, xmin=5, **QUICK)
    assert fit.density(np.arange(5, 10**6)).sum() == pytest.approx(0.75, abs=1e-4)
    assert np.isnan(fit.density([1.0, 4.0])).all()


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        (np.arange(1, 32), {}, "not enough data: 31 values"),
        ([], {}, "not enough data: 0 values"),
        (np.arange(1, 101), {"xmin": 61}, "not enough data: 40 values"),
        (np.arange(1, 101), {"xmax": 49}, "not enough data: 49 values"),
        (np.full(100, 3), {}, "not enough data: 1 distinct value"),
        (np.full(100, 3), {"xmin": 3}, "not enough data: 1 distinct value"),
        (np.r_[np.full(99, 3), 10**6], {"xmin": 10**6}, "not enough data: 1 values"),
    ],
)
@pytest.mark.parametrize("discrete", [True, False])
def test_too_little_data_gives_no_numbers(values, options, message, discrete):
    fit = an.fit_power_law(values, discrete=discrete, **options)
    assert fit.message == message
    assert np.isnan([fit.exponent, fit.error, fit.p_value]).all()
    other = fit.compare("exponential")
    assert math.isnan(other.ratio)
    assert math.isnan(other.p)
    assert other.message == message
    assert np.isnan(fit.density([5.0])).all()


@pytest.mark.parametrize(
    ("values", "options", "error", "message"),
    [
        ([0, 1], {}, ValueError, "values must be positive, got 0"),
        ([1.0, np.nan], {}, ValueError, "values must be finite"),
        ([1.5] * 60, {}, ValueError, "discrete=True needs integers, got 1.5"),
        ([1] * 60, {"discrete": 1}, TypeError, "discrete must be True or False"),
        ([1] * 60, {"xmin": 0}, ValueError, r"xmin must be in \(0, inf\)"),
        ([1] * 60, {"xmin": 5, "xmax": 5}, ValueError, r"xmax must be in \(5, inf\)"),
        ([1] * 60, {"n_bootstrap": -1}, ValueError, "n_bootstrap must be"),
        ([1] * 60, {"max_xmin": 0}, ValueError, "max_xmin must be"),
        ([1] * 60, {"seed": -1}, ValueError, "seed must be"),
        ([1] * 60, {"max_exponent": 1.0}, ValueError, r"max_exponent must be in \(1, 500\], got 1.0"),
        ([1] * 60, {"max_exponent": True}, TypeError, "max_exponent must be a number"),
    ],
)
def test_bad_input_is_refused(values, options, error, message):
    with pytest.raises(error, match=message):
        an.fit_power_law(values, **{"discrete": True, **options})
