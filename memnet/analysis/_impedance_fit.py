"""Fits of equivalent circuits to measured impedances."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.analysis._equivalent_circuits import ELEMENTS, Part, parsed
from memnet.base import blas, check, job
from memnet.base.arrays import Floats
from memnet.base.text import Summary, quantity

__all__ = ["ImpedanceFit", "fit_impedance"]

Complex = NDArray[np.complex128]
WEIGHTS = ("modulus", "unit")
# A standard deviation of a logarithm from which on a value counts as not determined: a factor of two.
UNDETERMINED = math.log(2.0)
CORRELATED = 0.99
# No data are better than this, relative: of exact ones errors are judged as if they were of this size.
EXACT = 1e-6
# Logarithms of values go no further than this from where the data are.
FARTHEST = math.log(1e12)
# Squares of impedances, and of what elements are made of, are numbers up to this one (ohm).
LARGEST = 1e100
# Of a start, and of the best one when it goes on: changes of the sum of squares at which it ends, and evaluations.
EXPLORING, FINISHING = (1e-6, 300), (1e-12, 3000)
# Starts whose sum of squares is within this share of the best one's ended at the same fit.
SAME = 1e-3


@dataclass(frozen=True, eq=False, repr=False)
class ImpedanceFit(Summary):
    """A fit of an equivalent circuit.

    Attributes
    ----------
    circuit : str
        The circuit, as it was given.
    params : lmfit.Parameters
        Of the elements, by name, with `value`, `stderr` and `correl`, in the units of `units`. Errors are those of a
        fit that is linear near its best.
    units : dict
        Unit of each parameter.
    best_fit : ndarray of complex, (n,)
        Impedance of the circuit (ohm).
    residual : ndarray of complex, (n,)
        best_fit minus the data (ohm).
    rms : float
        Root of the mean square of the weighted residuals, real and imaginary parts: with weights="modulus" a share of
        the magnitude.
    chi_square : float
        Sum of squares of weighted residuals over the degrees of freedom; near 1 for errors that are right.
    undetermined : list of str
        Parameters whose error is a factor of two or more, or that ran to the edge of what was searched.
    correlated : list of (str, str, float)
        Pairs with a correlation beyond 0.99.
    n_same : int
        How many starts ended at this fit.
    result : lmfit MinimizerResult
        lmfit's result in the fitted logarithms.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> f = np.geomspace(1.0, 1e5, 40)
    >>> z = 100.0 + 1.0 / (1e-3 + 2j * np.pi * f * 1e-6)
    >>> mn.analysis.fit_impedance(f, z, "R0-p(R1,C1)", seed=1)
    <ImpedanceFit: circuit R0-p(R1,C1); R0 100 ohm; R1 1 kohm; C1 1 µF>
    >>> found = mn.analysis.fit_impedance(f, z, "R0-p(R1,C1)", seed=1)
    >>> bool(abs(found.impedance(f) / z - 1).max() < 1e-6), "R1" in found.report()
    (True, True)
    """

    circuit: str
    params: Any
    units: dict[str, str]
    best_fit: Complex
    residual: Complex
    rms: float
    chi_square: float
    undetermined: list[str]
    correlated: list[tuple[str, str, float]]
    n_same: int
    result: Any = field(repr=False)

    def impedance(self, frequency: ArrayLike) -> Complex:
        """Return the impedance of the fitted circuit (ohm) at other frequencies (Hz), (n,).

        Raises
        ------
        TypeError, ValueError
            Frequencies that are no numbers > 0.
        """
        values = {name: float(one.value) for name, one in self.params.items()}
        return parsed(self.circuit).impedance(2.0 * np.pi * _frequencies(frequency), values)

    def report(self) -> str:
        """Return parameters with their errors as text."""
        lines = [f"{self.circuit}: rms {self.rms:.3g} of weighted residuals; {self.n_same} starts ended here"]
        for name, one in self.params.items():
            mark = "   not determined" if name in self.undetermined else ""
            error = math.nan if one.stderr is None else one.stderr
            lines.append(f"  {name:<12} {one.value:12.6g} +/- {error:.2g} {self.units[name]}{mark}")
        lines += [f"  correlation of {a} and {b}: {value:+.4f}" for a, b, value in self.correlated]
        return "\n".join(lines)

    def _summary(self) -> dict[str, str]:
        values = {name: quantity(float(one.value), self.units[name]) for name, one in self.params.items()}
        return {"circuit": self.circuit, **values, "not determined": ", ".join(self.undetermined)}


@check.known_keywords
def fit_impedance(
    frequency: ArrayLike,
    impedance: ArrayLike,
    circuit: str,
    *,
    initial: Mapping[str, float] | None = None,
    weights: str = "modulus",
    sigma: ArrayLike | None = None,
    n_starts: int = 8,
    seed: int | None = 0,
) -> ImpedanceFit:
    """Fit an equivalent circuit to a measured impedance.

    Parameters
    ----------
    frequency : array_like, (n,)
        In Hz, > 0, in any order.
    impedance : array_like of complex, (n,)
        In ohm; that of `memnet.impedance` will do, with its ``frequency``.
    circuit : str
        Elements in series with ``-``, in parallel with ``p(...)``, as in ``"R0-p(R1,C1)"`` or, for the two branches of
        a memristive membrane, ``"R0-p(R1,C1,R2-L2)"``. Elements are R (ohm), C (F), L (H), W, a Warburg impedance
        A (1 - i)/w^0.5, and CPE, a constant phase element 1/(Q (i w)^alpha), each with a number of its own.
    initial : dict, optional
        Where the fit begins: some or all of the parameters, by name ("R1", "CPE1_Q"); the others are drawn.
    weights : {"modulus", "unit"}
        By what residuals are divided: the magnitude of the data, or 1 ohm.
    sigma : array_like, (n,), optional
        Standard deviations of real and imaginary part (ohm), in place of `weights`. Errors are then those that these
        imply; without them the residuals themselves say how large errors are.
    n_starts : int
        How many random starts, >= 1.
    seed : int, optional
        Of the starts; drawn where it is None.

    Returns
    -------
    ImpedanceFit
        All values are > 0, alpha at most 1.

    Raises
    ------
    TypeError, ValueError
        A string that is no circuit; data that do not fit, or of fewer numbers than there are parameters; values that
        are not > 0.
    RuntimeError
        No start led to a fit.

    Notes
    -----
    lmfit (least squares in trust regions) on logarithms, from starts drawn where the data are: resistances around the
    magnitudes, times around the periods. The covariance is that of the Jacobian at the best fit. Of two equal branches
    which is the first one is chance.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> f = np.geomspace(1.0, 1e5, 40)
    >>> rng = np.random.default_rng(0)
    >>> z = 100.0 + 1.0 / (1e-3 + 2j * np.pi * f * 1e-6)
    >>> z = z * (1.0 + 0.01 * (rng.standard_normal(40) + 1j * rng.standard_normal(40)))
    >>> found = mn.analysis.fit_impedance(f, z, "R0-p(R1,C1)", seed=1)
    >>> bool(abs(found.params["C1"].value - 1e-6) < 3 * found.params["C1"].stderr)
    True
    """
    parts = parsed(circuit)
    f = _frequencies(frequency)
    z = _impedances(impedance, len(f))
    units = parts.units()
    if 2 * len(f) < len(units) + 1:
        raise ValueError(
            f"impedance must have more numbers than {circuit} has parameters, {len(units)}, got {2 * len(f)}"
        )
    size = np.abs(z) if check.one_of("weights", weights, WEIGHTS) == "modulus" else np.ones(len(z))
    if sigma is not None:
        size = check.array("sigma", sigma, (len(f),))
    if not (size > 0.0).all():
        raise ValueError(f"{'impedance' if sigma is None else 'sigma'} must be > 0 everywhere in magnitude")
    given = _initial(initial, units)
    check.integer("n_starts", n_starts, 1)
    rng = np.random.default_rng(check.seed("seed", seed))
    problem = _Problem(parts, f, z, size, sigma is not None)
    starts = [problem.start(rng, given) for _ in range(n_starts)]
    with blas.one_thread(), np.errstate(all="ignore"):
        found = [one for one in (problem.fitted(start, *EXPLORING) for start in starts) if one is not None]
        found.sort(key=lambda one: float(one.chisqr))
        best = problem.fitted(problem.values(found[0]), *FINISHING) if found else None
    if best is None:
        raise RuntimeError(f"no start of {n_starts} led to a fit of {circuit}: give initial values")
    return problem.answer(circuit, best, [float(one.chisqr) for one in found])


def _frequencies(frequency: Any) -> Floats:
    f = check.array("frequency", np.atleast_1d(check.numeric("frequency", frequency)), (None,))
    if not f.size or not (f > 0.0).all():
        raise ValueError(f"frequency must be > 0 Hz, got {check.shown(f.min() if f.size else [])}")
    return f


def _impedances(impedance: Any, n: int) -> Complex:
    z = np.atleast_1d(check.given_array("impedance", impedance))
    if z.dtype.kind not in "iufc":
        raise TypeError(f"impedance must be complex numbers, got dtype {z.dtype}")
    check.check_shape("impedance", z.shape, (n,))
    z = z.astype(np.complex128)
    if not np.isfinite(z).all():
        raise ValueError(f"impedance must be finite, got {z[np.argmax(~np.isfinite(z))]}")
    largest = float(np.hypot(z.real, z.imag).max(initial=0.0))
    if largest > 0.0 and not 1.0 / LARGEST <= largest <= LARGEST:
        raise ValueError(
            f"impedance must be between {1 / LARGEST:g} and {LARGEST:g} ohm at its largest, got {largest:g}"
        )
    return z


def _initial(initial: Any, units: Mapping[str, str]) -> dict[str, float]:
    if initial is None:
        return {}
    check.instance("initial", initial, Mapping, "a dict from parameters to numbers, or None")
    given = {}
    for name, value in initial.items():
        check.known_name("parameter in initial", name, units)
        high, bounds = (1.0, "(]") if name.endswith("_alpha") else (math.inf, "()")
        given[name] = check.real(f"initial[{name!r}]", value, 0.0, high, bounds, units[name])
    return given


@dataclass(frozen=True, eq=False)
class _Problem:
    parts: Part
    frequency: Floats
    impedance: Complex
    size: Floats
    absolute: bool

    def start(self, rng: np.random.Generator, given: Mapping[str, float]) -> dict[str, float]:
        """Return values to begin with: those given, others drawn where the data are."""
        magnitude, w = np.abs(self.impedance), 2.0 * np.pi * self.frequency
        low, high = np.log(magnitude.min() + 1e-300), np.log(magnitude.max() + 1e-300)
        values: dict[str, float] = {}
        for element in self.parts.elements():
            r = math.exp(rng.uniform(low - 1.0, high + 1.0))
            at = math.exp(rng.uniform(math.log(w.min()), math.log(w.max())))
            for suffix, (_, begin) in ELEMENTS[element.kind].parameters.items():
                values[element.name + suffix] = float(begin(r, at))
        return values | dict(given)

    @staticmethod
    def values(result: Any) -> dict[str, float]:
        """Return the values of a result of lmfit, no logarithms."""
        return {name: math.exp(one.value) for name, one in result.params.items()}

    def fitted(self, start: Mapping[str, float], tolerance: float, most: int) -> Any:
        """Return lmfit's result from a start; None where it leads nowhere."""
        job.load("lmfit")
        import lmfit

        params = lmfit.Parameters()
        for name, value in start.items():
            at = math.log(value)
            if name.endswith("_alpha"):
                params.add(name, value=min(at, -1e-3), min=math.log(1e-3), max=0.0)
            else:
                params.add(name, value=at, min=at - FARTHEST, max=at + FARTHEST)
        residual = functools.partial(_weighted, self.parts, self.frequency, self.impedance, self.size)
        minimiser = lmfit.Minimizer(residual, params, scale_covar=not self.absolute)
        try:
            result = minimiser.least_squares(x_scale="jac", xtol=tolerance, ftol=tolerance, max_nfev=most)
        except (ValueError, np.linalg.LinAlgError):
            return None
        return result if np.isfinite(result.chisqr) else None

    def _least_error(self) -> float:
        """Return what weighted residuals are of data that are as good as any."""
        return EXACT * float(np.sqrt(np.mean(np.square(np.abs(self.impedance) / self.size))))

    def answer(self, circuit: str, best: Any, every: list[float]) -> ImpedanceFit:
        """Return the fit with its parameters as they are, no logarithms."""
        import lmfit

        params = lmfit.Parameters()
        undetermined, correlated = [], []
        least = 1.0 if self.absolute else self._least_error() / max(math.sqrt(float(best.redchi)), 1e-300)
        for name, one in best.params.items():
            value = math.exp(one.value)
            params.add(name, value=value, min=0.0)
            # A change of the logarithm is a relative one of the value, so correlations are the same.
            params[name].stderr = None if one.stderr is None else value * one.stderr
            params[name].correl = one.correl
            edge = min(abs(one.value - one.min), abs(one.max - one.value)) < 1e-6
            at_edge = edge and not name.endswith("_alpha")
            if one.stderr is None or not one.stderr * max(least, 1.0) < UNDETERMINED or at_edge:
                undetermined.append(name)
            for other, value in (one.correl or {}).items():
                if name < other and abs(value) > CORRELATED:
                    correlated.append((name, other, float(value)))
        fit = self.parts.impedance(2.0 * np.pi * self.frequency, self.values(best))
        rms = float(np.sqrt(np.mean(np.square(best.residual))))
        floor = 1e-18 * len(best.residual)
        n_same = sum(one <= (1.0 + SAME) * min(every) + floor for one in every)
        return ImpedanceFit(
            circuit=circuit,
            params=params,
            units=self.parts.units(),
            best_fit=fit,
            residual=fit - self.impedance,
            rms=rms,
            chi_square=float(best.redchi),
            undetermined=undetermined,
            correlated=correlated,
            n_same=n_same,
            result=best,
        )


def _weighted(parts: Part, frequency: Floats, impedance: Complex, size: Floats, params: Any) -> Floats:
    """Return weighted residuals, real parts before imaginary ones: a function of the module, so that results pickle."""
    values = {name: math.exp(one.value) for name, one in params.items()}
    off = (parts.impedance(2.0 * np.pi * frequency, values) - impedance) / size
    return np.concatenate([off.real, off.imag])
