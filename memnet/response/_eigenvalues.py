"""Eigenvalues of a circuit that is linearised at a point."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import blas, check
from memnet.response._operating_point import OperatingPoint, operating_point
from memnet.response._passivity import Terms, growth_bound, is_passive, real_growth
from memnet.response._reduced import solution
from memnet.response._stability import Spectrum, stability
from memnet.response._system import NEAR, Point, System

Floats = NDArray[np.float64]
Eigenvalues = NDArray[np.complex128]
# Up to so many potentials and states all eigenvalues are computed.
MOST_DENSE = 1500
# How many are looked for around each place on the real axis where stability is the question.
LOOKED_FOR = 6
# One of a large circuit is known to this share of its distance from the place around which it was looked for.
UNCERTAIN = 1e-9
# Arnoldi's method begins anew so often at most at each place.
MOST_RESTARTS = 40
# If nothing grows, places end so far beyond the slowest rate.
PASSIVE = 1e3
# What is found from so far that this share of it is uncertain is left to nearer places.
VAGUE = 1e-2
# A place is empty where no eigenvalue is nearer to it than this share of its distance from 0.
NEARER = 0.7
# Beside an eigenvalue that is known, so that the inverse there is no division by 0.
BESIDE = 1.001


class UnstableWarning(UserWarning):
    """The operating point of an impedance is unstable: small departures grow, so that no measurement stays there.

    Attributes
    ----------
    eigenvalue : complex
        The rightmost one (1/s); of a large circuit the largest real one, if one grows. inf: potentials without a charge
        run away at once. nan: in a large circuit, where too few were found to know.

    Examples
    --------
    >>> import warnings
    >>> import memnet as mn
    >>> circuit = mn.Circuit()
    >>> _ = circuit.add("in", "out", mn.Resistor(conductance=1 / 3))
    >>> _ = circuit.add("out", "gnd", mn.CubicResistor(g_1=-1.0, g_3=1 / 3))
    >>> _ = circuit.add("out", "gnd", mn.Capacitor(capacitance=1.0))
    >>> sim = circuit.simulation({"in": 0.0, "gnd": 0.0}, method="adaptive")
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     z = mn.impedance(sim, ("in", "gnd"), 1.0)
    >>> round(caught[0].message.eigenvalue.real, 6)
    0.666667
    """

    def __init__(self, message: str, eigenvalue: complex) -> None:
        super().__init__(message)
        self.eigenvalue = eigenvalue

    def __reduce__(self) -> tuple[Any, ...]:
        return UnstableWarning, (str(self), self.eigenvalue)


@check.known_keywords
def eigenvalues(sim: Any, *, bias: Any = None, at: str = "static", number: int | None = None) -> Eigenvalues:
    """Return the eigenvalues of a circuit that is linearised at an operating point.

    Small departures from it follow M dy/dt = J y, with potentials and states of devices in y, and move as exp(lambda t)
    along the vectors with J y = lambda M y. Where all lambda have real parts < 0 they die out, with the time constants
    -1 / Re lambda.

    Parameters
    ----------
    sim : Simulation
        It is looked at, not changed.
    bias : dict, optional
        Electrodes with other values than their drive has at the simulation's present time: as for `impedance`.
    at : {"static", "present"}
        Where it is linearised: as for `impedance`.
    number : int, optional
        How many, the rightmost ones; all without it, which takes dense matrices: of at most 1,500 potentials and
        states.

    Returns
    -------
    ndarray of complex, (m,)
        1/s, the rightmost first. There is one for each charge and each state that moves, as in
        `Equilibria.eigenvalues`; -inf for a state that the end of its range holds. Of a large circuit equal ones are
        listed once.

    Raises
    ------
    TypeError, ValueError
        As for `impedance`; a large circuit without `number`.
    NoOperatingPoint
        There is no static state, or none was found.

    Warns
    -----
    RuntimeWarning
        Of a large circuit not all were found around some place, so that some may be missing.

    Notes
    -----
    Potentials without a charge follow the others at once; they make the matrix M singular, and have no eigenvalue. In
    a large circuit some are found around 0 and around growth rates from the slowest rate of a state up to that above
    which nothing can grow, by Arnoldi's method (`scipy.sparse.linalg.eigs`) on the inverse of J - sigma M; the
    rightmost of these are returned. It takes one sparse factorisation for each of six places. The largest real one
    that grows is always among them where states of edges relax by themselves: above it the matrix of admittances is
    positive definite.

    Examples
    --------
    >>> import memnet as mn
    >>> circuit = mn.Circuit()
    >>> _ = circuit.add("in", "mid", mn.Resistor(conductance=1e-3))
    >>> _ = circuit.add("mid", "gnd", mn.Capacitor(capacitance=1e-6))
    >>> mn.eigenvalues(circuit.simulation({"in": 1.0, "gnd": 0.0})).real.round(6)
    array([-1000.])
    """
    if number is not None:
        check.integer("number", number, 1)
    point = operating_point(sim, bias, at)
    if point.assembly.n <= MOST_DENSE:
        return all_eigenvalues(point).values[:number]
    if number is None:
        raise ValueError(
            f"number must be given for a circuit of more than {MOST_DENSE} potentials and states, which has"
            f" {point.assembly.n:,}"
        )
    found = rightmost(point, number)
    terms = Terms.of(point)
    passive = terms is not None and is_passive(terms)  # far from 0 there is then nothing to be found
    missed = [place for place in found.missed if place == found.first or not passive]
    if missed:
        around = ", ".join(f"{place:.3g}" for place in missed)
        warnings.warn(
            f"not all eigenvalues around {around} 1/s were found: some may be missing", RuntimeWarning, stacklevel=3
        )
    return found.values


def all_eigenvalues(point: OperatingPoint) -> Spectrum:
    """Return all eigenvalues (1/s), the rightmost first."""
    assembly, seen = point.assembly, point.survey
    equations = point.equations.starting(point.states)
    ends = np.asarray(point.simulation.net.edges)
    system = System(equations, seen, ends, assembly.nodes, point.volts, 1.0)
    x, low, high = point.states[system.moving], seen.low[system.moving], seen.high[system.moving]
    margin = NEAR * system.scale[system.n_free :]
    pins = np.asarray((x >= high - margin).astype(np.int8) - (x <= low + margin), dtype=np.int8)
    with blas.one_thread():
        return stability(system, Point(point.y, 0.0, pins))


@dataclass(frozen=True)
class Rightmost:
    """Some eigenvalues (1/s) of a large circuit, the rightmost first, and how wrong each may be (1/s)."""

    values: Eigenvalues
    errors: Floats
    first: float  # of the places (1/s) around which they were looked for, the one nearest to 0
    missed: list[float]  # those around which not all were found


def rightmost(point: OperatingPoint, number: int) -> Rightmost:
    """Return some eigenvalues of a large circuit."""
    from scipy.sparse import linalg

    pencil = point.assembly.pencil(point.linear, point.coupled)
    n = point.assembly.n
    found: list[Eigenvalues] = [np.empty(0, dtype=np.complex128)]
    errors: list[Floats] = [np.empty(0)]
    missed: list[float] = []
    start = np.random.default_rng(0).standard_normal(n)
    start[pencil.still] = 0.0
    few, places = min(number + LOOKED_FOR, n - 2), _places(point)
    with blas.one_thread():
        for place in places:
            solve = solution(point.boundary, point.assembly, point.linear, point.coupled, pencil, place)
            inverse = linalg.LinearOperator((n, n), lambda x, solve=solve: -solve(pencil.mass @ x), dtype=np.float64)
            begin = inverse @ start
            if not np.isfinite(begin).all():
                missed.append(place)
                continue
            try:
                near = linalg.eigs(
                    inverse, few, which="LM", v0=begin, maxiter=MOST_RESTARTS, return_eigenvectors=False, tol=1e-12
                )
            except linalg.ArpackError as error:
                if not _is_empty(inverse, begin, place):
                    missed.append(place)
                near = getattr(error, "eigenvalues", np.empty(0, dtype=np.complex128))
            near = near[np.abs(near) > 1e-13 * np.abs(near).max(initial=0.0)]
            values, wrong = place + 1.0 / near, UNCERTAIN / np.abs(near)
            known = wrong < VAGUE * np.abs(values) if place != places[0] else np.ones(len(near), dtype=bool)
            found.append(values[known])
            errors.append(wrong[known])
    values, wrong = _distinct(np.concatenate(found), np.concatenate(errors))
    return Rightmost(values[:number], wrong[:number], places[0], missed)


def _is_empty(inverse: Any, begin: Floats, place: float) -> bool:
    """Return whether no eigenvalue is much nearer to a place than those around 0, which are all as far from it."""
    from scipy.sparse import linalg

    try:
        near = linalg.eigs(inverse, 1, v0=begin, maxiter=MOST_RESTARTS, return_eigenvectors=False, tol=1e-3)
    except linalg.ArpackError:
        return False
    return bool(np.abs(near).max() * place < 1.0 / NEARER)


def _places(point: OperatingPoint) -> list[float]:
    """Return places on the real axis around which eigenvalues are looked for (1/s).

    They end where nothing can grow faster, however fast what dies out may be; one is beside the largest real one that
    grows, where that is known.
    """
    rates = np.abs(point.linear.f_x[point.assembly.moving])
    rates = rates[rates > 0.0]
    low, high = (float(rates.min()), float(rates.max())) if rates.size else (1.0, 1e6)
    terms = Terms.of(point)
    beside: list[float] = []
    if terms is not None:
        high = min(high, max(growth_bound(terms), PASSIVE * low))
        rate = None if is_passive(terms) else real_growth(terms)
        beside = [] if rate is None or np.isinf(rate) else [BESIDE * rate]
    return [1e-3 * low, *np.geomspace(low, max(high, 10.0 * low), 5).tolist(), *beside]


def _distinct(values: Eigenvalues, errors: Floats) -> tuple[Eigenvalues, Floats]:
    """Return values, the rightmost first, each as the nearest of the places knows it that have found it."""
    kept: list[int] = []
    for k in np.argsort(errors, kind="stable").tolist():
        apart = np.abs(values[kept] - values[k])
        if (apart > errors[kept] + errors[k] + 1e-7 * abs(values[k])).all():
            kept.append(k)
    values, errors = values[kept], errors[kept]
    order = np.lexsort((values.imag, -values.real))
    return values[order], errors[order]


def growing(point: OperatingPoint) -> complex | None:
    """Return the rightmost eigenvalue (1/s) where it grows, nan where that is not known, None where nothing grows.

    Of a large circuit it is the largest real one, if there is one that grows.
    """
    terms = Terms.of(point)
    if terms is not None:
        with blas.one_thread():
            if is_passive(terms):
                return None
    if point.assembly.n <= MOST_DENSE:
        return all_eigenvalues(point).growth
    if terms is not None:
        with blas.one_thread():
            rate = real_growth(terms)
        if rate is not None:
            return complex(rate)
    found = rightmost(point, LOOKED_FOR)
    grows = found.values[found.values.real > found.errors]
    if len(grows):
        return complex(grows[0])
    return complex(np.nan) if found.missed else None


def warn_of_growth(point: OperatingPoint, stacklevel: int) -> bool:
    """Return whether nothing grows at a point; warn where it does."""
    value = growing(point)
    if value is None:
        return True
    said = (
        "whether departures from the operating point grow is not known: of its eigenvalues too few were found"
        if np.isnan(value)
        else f"the operating point is unstable: departures grow with the eigenvalue {value:.6g} 1/s, so no measurement"
        " would stay there"
    )
    warnings.warn(UnstableWarning(said, value), stacklevel=stacklevel)
    return False
