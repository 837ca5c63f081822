"""Activation energies: how the logarithm of a time grows with the inverse of the temperature."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.read_only import ReadOnlyArrays, read_only
from memnet.base.text import Summary, estimate
from memnet.equations import CONSTANTS

__all__ = ["Arrhenius", "arrhenius"]

BOLTZMANN, ELEMENTARY_CHARGE = (CONSTANTS[name][0] for name in ("k_B", "e_charge"))  # J/K, C
# Squares of ratios of temperatures and of errors, and their products, are numbers.
LEAST, MOST = 1e-30, 1e30


@dataclass(frozen=True, repr=False)
class Arrhenius(ReadOnlyArrays, Summary):
    """The law t = prefactor exp(E/(k_B T)) through times at several temperatures.

    Attributes
    ----------
    energy, energy_error : float
        E/k_B and its standard error, in the unit of the temperatures: K, or with temperatures k_B T/w those of w.
    log_prefactor, log_prefactor_error : float
        Logarithm of the prefactor (s) and its standard error.
    covariance : ndarray, shape (2, 2)
        Of energy and log_prefactor.
    temperature : ndarray, shape (n,)
        Temperatures.
    log_time, log_error : ndarray, shape (n,)
        Mean logarithm of the times (s) at each, and its standard error, nan where the scatter about the line told it.
    residual : ndarray, shape (n,)
        log_time less that of the law.
    chi_square : float
        Sum of squares of residual/log_error, nan without errors.
    freedom : int
        Temperatures less the two parameters.
    error_freedom : float
        Degrees of freedom of energy_error: inf with given errors, samples of a temperature less one, or `freedom` where
        the scatter about the line told it.
    p_value : float
        Chance of a larger chi_square where the law holds; nan without errors, or freedom.
    message : str
        Empty, or why numbers are nan.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> theta = np.array([0.3, 0.35, 0.4, 0.45])
    >>> found = mn.analysis.arrhenius(theta, 5.0 * np.exp(1.2 / theta))
    >>> round(found.energy, 9), round(found.log_prefactor, 4)
    (1.2, 1.6094)
    >>> round(found.joules / 1.380649e-23, 9), round(found.electronvolts / 8.617333262e-5, 6)  # theta in K
    (1.2, 1.2)
    """

    energy: float
    energy_error: float
    log_prefactor: float
    log_prefactor_error: float
    covariance: Floats
    temperature: Floats
    log_time: Floats
    log_error: Floats
    residual: Floats
    chi_square: float
    freedom: int
    error_freedom: float
    p_value: float
    message: str = ""

    @property
    def joules(self) -> float:
        """The energy (J) of temperatures in K."""
        return BOLTZMANN * self.energy

    @property
    def electronvolts(self) -> float:
        """The energy (eV) of temperatures in K."""
        return BOLTZMANN / ELEMENTARY_CHARGE * self.energy

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Return the interval that holds the energy with this probability, in the unit of the temperatures.

        It is that of Student's t with `error_freedom`, which with given errors is the normal one.

        Raises
        ------
        TypeError, ValueError
            A confidence outside (0, 1).

        Examples
        --------
        >>> import memnet as mn
        >>> found = mn.analysis.arrhenius([300.0, 320.0, 340.0], [9.0, 4.1, 2.0])
        >>> [round(one, 1) for one in found.interval(0.68)]
        [3765.6, 3902.5]
        """
        from scipy import stats

        share = check.real("confidence", confidence, 0.0, 1.0)
        reach = float(stats.t.ppf(0.5 + 0.5 * share, self.error_freedom)) * self.energy_error
        return self.energy - reach, self.energy + reach

    def times(self, temperature: ArrayLike) -> Floats:
        """Return the times of the law (s) at temperatures, (n,).

        Raises
        ------
        TypeError, ValueError
            Temperatures that are no numbers above 0.

        Examples
        --------
        >>> import memnet as mn
        >>> mn.analysis.arrhenius([1.0, 2.0], [8.0, 4.0]).times(1.0).round(6)
        array([8.])
        """
        given = check.array("temperature", np.atleast_1d(check.numeric("temperature", temperature)), (None,))
        with np.errstate(over="ignore"):
            return np.exp(self.log_prefactor + self.energy / _bounded("temperature", given))

    def _summary(self) -> dict[str, str]:
        chi = "" if math.isnan(self.chi_square) else f"{self.chi_square:.3g} of {self.freedom}"
        return {
            "energy": estimate(self.energy, self.energy_error),
            "log prefactor": estimate(self.log_prefactor, self.log_prefactor_error),
            "chi square": chi,
            "": self.message,
        }


@check.known_keywords
def arrhenius(temperature: ArrayLike, time: ArrayLike, *, log_error: ArrayLike | None = None) -> Arrhenius:
    """Fit an activation energy to times at several temperatures: ln t = ln prefactor + E/(k_B T).

    Parameters
    ----------
    temperature : array_like, shape (n,)
        Temperatures in K, or as k_B T/w in units of any energy w, such as `theta0` of a `DiffusiveMemristor`.
    time : array_like, shape (n,) or (n, n_samples)
        A time (s) at each temperature, or samples of it: then its mean logarithm counts, with the standard error of
        that.
    log_error : array_like, shape (n,), optional
        Standard errors of the logarithms of one time each, which are the relative errors of the times.

    Returns
    -------
    Arrhenius
        The energy is in the unit of the temperatures. With fewer than 2 different temperatures its numbers are nan, and
        with 2 and no errors of the times its errors; a message says so.

    Raises
    ------
    TypeError, ValueError
        Temperatures, times or errors that are no finite numbers above 0, or of other shapes; temperatures and errors
        outside [1e-30, 1e30].

    See Also
    --------
    memnet.analysis.switching : times, and their quantiles where some are censored.

    Notes
    -----
    Points with errors are weighted by them, and the error of the energy is what they make it, however far residuals
    are: see `chi_square`. Without errors all points count alike and their scatter about the line tells the error.
    Errors of few samples are themselves uncertain: then intervals are wider than the normal ones, with `error_freedom`,
    and chi_square is often larger than its law says.
    Censored times (nan) are refused, because to leave them out makes times too short where they are longest: give
    quantiles that know of them, ``switching(...).quantile("delay")``.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> theta = np.array([0.3, 0.35, 0.4, 0.45])
    >>> times = np.random.default_rng(2).exponential(5.0 * np.exp(1.2 / theta), (200, 4)).T
    >>> mn.analysis.arrhenius(theta, times)
    <Arrhenius: energy 1.188 ± 0.1; log prefactor 1.007 ± 0.28; chi square 0.186 of 2>
    """
    kelvins = _bounded("temperature", check.array("temperature", temperature, (None,)))
    given = check.given_array("time", time)
    if given.dtype.kind == "f" and np.isnan(given).any():
        raise ValueError(
            "time has nan, as censored times are; to leave them out would bias the energy, so give a time at each"
            ' temperature that knows of them, such as switching(...).quantile("delay")'
        )
    shape = (kelvins.size,) if given.ndim == 1 else (kelvins.size, None)
    logs = np.log(_positive("time", check.array("time", given, shape)))
    if logs.ndim == 2:
        return _fit(kelvins, *_of_samples(logs, log_error), logs.shape[1] - 1.0)
    if log_error is not None:
        return _fit(kelvins, logs, _bounded("log_error", check.array("log_error", log_error, kelvins.shape)), math.inf)
    return _fit(kelvins, logs, np.full(kelvins.shape, math.nan), max(kelvins.size - 2.0, 0.0))


def _positive(name: str, values: Floats) -> Floats:
    """Return values, of which none may be 0 or less."""
    if (values <= 0.0).any():
        raise ValueError(f"{name} must be above 0, got {values[values <= 0.0][0]:g}")
    return values


def _bounded(name: str, values: Floats) -> Floats:
    """Return values above 0 with which one can reckon."""
    return check.numbers_within(name, _positive(name, values), LEAST, MOST)


def _of_samples(logs: Floats, log_error: ArrayLike | None) -> tuple[Floats, Floats]:
    """Return the mean logarithm at each temperature and its standard error."""
    if log_error is not None:
        raise ValueError("log_error is of one time each; the errors of samples are taken from these")
    count = logs.shape[1]
    if count < 2:
        raise ValueError(f"time must have 2 samples or more at each temperature, or be of shape (n,), got {count}")
    equal = np.flatnonzero(np.ptp(logs, axis=1) == 0.0)
    if equal.size:
        raise ValueError(
            "time must have samples that differ, for their errors to be known, got equal ones at index"
            f" {int(equal[0])}; give one time at each temperature"
        )
    return logs.mean(axis=1), logs.std(axis=1, ddof=1) / math.sqrt(count)


def _fit(kelvins: Floats, mean: Floats, error: Floats, error_freedom: float) -> Arrhenius:
    """Return the line through mean logarithms, which errors weight where there are some."""
    n, known = kelvins.size, not np.isnan(error).any()
    scale = float(kelvins.mean()) if n else 1.0
    inverse = scale / kelvins
    different = np.unique(inverse).size
    energy, log_prefactor, covariance = math.nan, math.nan, np.full((2, 2), math.nan)
    residual, chi_square, p_value = np.full(n, math.nan), math.nan, math.nan
    message = "" if min(different, n - 1) > 1 else f"not enough data: {different} temperature{'s' * (different != 1)}"
    if different > 1:
        (slope, log_prefactor), covariance = _line(inverse, mean, error if known else None)
        energy, unit = slope * scale, np.array([scale, 1.0])
        covariance = covariance * np.outer(unit, unit)
        residual = mean - log_prefactor - slope * inverse
        if known:
            chi_square = float(np.sum((residual / error) ** 2))
            p_value = _chance(chi_square, n - 2)
    errors = np.sqrt(np.diagonal(covariance))
    return Arrhenius(
        energy=energy,
        energy_error=float(errors[0]),
        log_prefactor=log_prefactor,
        log_prefactor_error=float(errors[1]),
        covariance=read_only(covariance),
        temperature=read_only(kelvins.copy()),
        log_time=read_only(mean),
        log_error=read_only(error),
        residual=read_only(residual),
        chi_square=chi_square,
        freedom=max(n - 2, 0),
        error_freedom=error_freedom,
        p_value=p_value,
        message=message,
    )


def _line(x: Floats, y: Floats, error: Floats | None) -> tuple[tuple[float, float], Floats]:
    """Return slope and height at 0 of the line through points, and their covariance.

    The covariance is what errors make it; or else the scatter about the line, which two points lack.
    """
    least = 1.0 if error is None else float(error.min())
    weight = np.ones(x.size) if error is None else (least / error) ** 2
    total = float(weight.sum())
    middle, level = float(weight @ x) / total, float(weight @ y) / total
    away = x - middle
    spread = float(weight @ away**2)
    slope = float((weight * away) @ (y - level)) / spread
    variance = least**2
    if error is None:
        scatter = y - level - slope * away
        variance = float(scatter @ scatter) / (x.size - 2) if x.size > 2 else math.nan
    of_slope = variance / spread
    of_height = variance / total + middle**2 * of_slope
    shared = -middle * of_slope
    return (slope, level - slope * middle), np.array([[of_slope, shared], [shared, of_height]])


def _chance(chi_square: float, freedom: int) -> float:
    """Return how often chi square is larger by chance; nan without freedom."""
    from scipy import stats

    return float(stats.chi2.sf(chi_square, freedom)) if freedom > 0 else math.nan
