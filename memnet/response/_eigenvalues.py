"""Eigenvalues of a circuit that is linearised at a point."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import blas, check
from memnet.response._operating_point import OperatingPoint, operating_point
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


class UnstableWarning(UserWarning):
    """The operating point of an impedance is unstable: small departures grow, so that no measurement stays there.

    Attributes
    ----------
    eigenvalue : complex
        The rightmost one (1/s).

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

    Notes
    -----
    Potentials without a charge follow the others at once; they make the matrix M singular, and have no eigenvalue. In
    a large circuit some are found around 0 and around growth rates between the slowest and the fastest rate of a state,
    by Arnoldi's method (`scipy.sparse.linalg.eigs`) on the inverse of J - sigma M; the rightmost of these are
    returned. It takes one sparse factorisation for each of six places.

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
    return rightmost(point, number)[0]


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


def rightmost(point: OperatingPoint, number: int) -> tuple[Eigenvalues, Floats]:
    """Return some eigenvalues (1/s) of a large circuit, the rightmost first, and how wrong each may be (1/s)."""
    from scipy.sparse import linalg

    pencil = point.assembly.pencil(point.linear, point.coupled)
    n = point.assembly.n
    found: list[Eigenvalues] = [np.empty(0, dtype=np.complex128)]
    errors: list[Floats] = [np.empty(0)]
    start = np.random.default_rng(0).standard_normal(n)
    start[pencil.still] = 0.0
    few = min(number + LOOKED_FOR, n - 2)
    with blas.one_thread():
        for place in _places(point):
            solve = solution(point.boundary, point.assembly, point.linear, point.coupled, pencil, place)
            inverse = linalg.LinearOperator((n, n), lambda x, solve=solve: -solve(pencil.mass @ x), dtype=np.float64)
            begin = inverse @ start
            if not np.isfinite(begin).all():
                continue
            try:
                near = linalg.eigs(inverse, few, which="LM", v0=begin, return_eigenvectors=False, tol=1e-12)
            except linalg.ArpackNoConvergence as error:
                near = error.eigenvalues
            near = near[np.abs(near) > 1e-13 * np.abs(near).max(initial=0.0)]
            found.append(place + 1.0 / near)
            errors.append(UNCERTAIN / np.abs(near))
    values, wrong = _distinct(np.concatenate(found), np.concatenate(errors))
    return values[:number], wrong[:number]


def _places(point: OperatingPoint) -> list[float]:
    """Return places on the real axis around which eigenvalues are looked for (1/s)."""
    rates = np.abs(point.linear.f_x[point.assembly.moving])
    rates = rates[rates > 0.0]
    low, high = (float(rates.min()), float(rates.max())) if rates.size else (1.0, 1e6)
    return [1e-3 * low, *np.geomspace(low, max(high, 10.0 * low), 5).tolist()]


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
    """Return the rightmost eigenvalue (1/s) where it grows, else None."""
    if _is_passive(point):
        return None
    if point.assembly.n > MOST_DENSE:
        values, errors = rightmost(point, LOOKED_FOR)
        return complex(values[0]) if len(values) and values[0].real > errors[0] else None
    return all_eigenvalues(point).growth


def _is_passive(point: OperatingPoint) -> bool:
    """Return whether each edge alone can only take energy from small departures: then nothing grows in any network.

    An edge with the admittance i_v + s q_v + sum of i_x f_v / (s - f_x) is so where no real part on the axis is < 0:
    that of a term lies between 0 and its value at s = 0.
    """
    linear, equations = point.linear, point.equations
    if point.coupled or (equations.linked >= 0).any() or linear.q_x.any():
        return False
    gain = linear.i_x * linear.f_v
    moving = gain != 0.0
    if (linear.f_x[moving] > 0.0).any() or (gain[(linear.f_x == 0.0) & moving] < 0.0).any():
        return False
    if (linear.f_x > 0.0).any() or (linear.q_v < 0.0).any():
        return False
    least = linear.i_v.copy()
    falls = moving & (gain < 0.0)
    np.add.at(least, equations.edge[falls], -gain[falls] / linear.f_x[falls])
    return bool((least >= 0.0).all())


def warn_of_growth(point: OperatingPoint, stacklevel: int) -> bool:
    """Return whether nothing grows at a point; warn where it does."""
    value = growing(point)
    if value is None:
        return True
    warnings.warn(
        UnstableWarning(
            f"the operating point is unstable: departures grow with the eigenvalue {value:.6g} 1/s, so no measurement"
            " would stay there",
            value,
        ),
        stacklevel=stacklevel,
    )
    return False
