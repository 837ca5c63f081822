"""Whether departures from an operating point can grow: sure answers from admittances, without any eigenvalue.

An edge whose states relax each by itself has the admittance y(s) = g + s c + sum of gain/(s + rate), and a circuit of
such edges a symmetric matrix Y(s) of them. Where Re Y(iw) is positive semidefinite at all w nothing grows; where Y(s)
is not so at some real s > 0 something grows, with the largest such s or faster, as it is at large s.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memnet.response._operating_point import OperatingPoint

Floats = NDArray[np.float64]
# What is so small beside the entries of its row counts as 0.
ROUNDING = 1e-12
# So many factorisations decide, or nothing does.
MOST_BANDS = 300
# Bands of frequencies are so wide at first, and so is what is slow beside the slowest rate.
WIDE, SLOW = 10.0, 1e-9
# Beside the fastest rate, where all is as it is at infinity; and how many growth rates are tried in a decade.
FAST, A_DECADE = 1e6, 3


@dataclass(frozen=True)
class Terms:
    """y(s) = g + s c + sum of gain/(s + rate) of each edge, and where edges end."""

    point: OperatingPoint
    g: Floats  # (n_edges,) (S)
    c: Floats  # (n_edges,) (F)
    gain: Floats  # (n_terms,) (S/s)
    rate: Floats  # (n_terms,) (1/s), >= 0
    edge: NDArray[np.int64]  # (n_terms,)

    @staticmethod
    def of(point: OperatingPoint) -> Terms | None:
        """Return the terms of a circuit; None where some edge has no such form, or grows alone."""
        linear, equations = point.linear, point.equations
        if point.coupled or (equations.linked >= 0).any() or (linear.f_x > 0.0).any():
            return None
        g, alive = linear.i_v.copy(), point.assembly.alive
        np.add.at(g, equations.edge, linear.q_x * linear.f_v)
        gain = (linear.i_x + linear.f_x * linear.q_x) * linear.f_v
        seen = (gain != 0.0) & alive[equations.edge]
        rate = -linear.f_x[seen]
        if (gain[seen][rate == 0.0] < 0.0).any() or (linear.q_v < 0.0).any():
            return None
        if not all(np.isfinite(values).all() for values in (g, gain[seen], rate)):
            return None
        return Terms(point, g * alive, linear.q_v * alive, gain[seen], rate, equations.edge[seen].astype(np.int64))

    def at(self, s: float) -> Floats:
        """Return y at a real s > 0 (S)."""
        y: Floats = self.g + s * self.c
        np.add.at(y, self.edge, self.gain / (s + self.rate))
        return y

    def least(self, low: float, high: float) -> Floats:
        """Return what Re y(iw) is at least for frequencies w between two (S); both the same: what it is."""
        y: Floats = self.g.copy()
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            w = np.where(self.gain > 0.0, high, low)
            share = np.where(self.rate > 0.0, self.gain / self.rate / (1.0 + (w / self.rate) ** 2), 0.0)
        np.add.at(y, self.edge, share)
        return y

    def active(self) -> NDArray[np.bool_]:
        """Return which edges may give energy at some frequency, (n_edges,)."""
        may: NDArray[np.bool_] = self.least(0.0, np.inf) < 0.0
        return may

    def definite(self, y: Floats, margin: float = ROUNDING) -> bool:
        """Return whether a matrix of conductances, with a share of its entries more of each, is positive definite."""
        if (y >= 0.0).all():
            return True
        from scipy import sparse
        from scipy.sparse import linalg

        incidence = self.point.assembly.incidence
        size = abs(incidence).T @ np.abs(y)
        seen = np.flatnonzero(size > 0.0)
        if not seen.size:
            return True
        scale = sparse.diags_array(1.0 / np.sqrt(size[seen]))
        own = incidence[:, seen] @ scale
        matrix = sparse.csc_array(own.T @ sparse.diags_array(y) @ own + margin * sparse.eye_array(seen.size))
        try:
            factor = linalg.splu(matrix, "MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
        except RuntimeError:  # exactly singular
            return False
        return bool((factor.perm_r == factor.perm_c).all() and (factor.U.diagonal() > 0.0).all())

    def slowest(self) -> float:
        """Return the slowest rate of an edge (1/s); 1 where nothing has one."""
        rates = self.rate[self.rate > 0.0]
        g, c = np.abs(self.g[self.g != 0.0]), float(self.c.sum())
        if c > 0.0 and g.size:
            rates = np.append(rates, g.min() / c)
        return float(rates.min(initial=np.inf)) if rates.size else 1.0


def is_passive(terms: Terms) -> bool:
    """Return whether a circuit takes energy from departures at each frequency: then nothing grows. False: not known.

    Where it takes none, as where potentials are decided by nothing, that is not known.
    """
    active = terms.active()
    if not active.any():
        return True
    rates = terms.rate[active[terms.edge]]
    rates = rates[rates > 0.0]
    if not rates.size:
        return terms.definite(terms.least(0.0, np.inf), -ROUNDING)
    low, high = float(rates.min()) / WIDE, float(rates.max()) * WIDE
    inner = np.geomspace(low, high, 2 + int(np.log10(high / low)))
    bands = list(zip([0.0, *inner.tolist()], [*inner.tolist(), np.inf], strict=True))
    for _ in range(MOST_BANDS):
        if not bands:
            return True
        first, last = bands.pop()
        if terms.definite(terms.least(first, last), -ROUNDING):
            continue
        middle = _middle(first, last)
        if not terms.definite(terms.least(middle, middle), -ROUNDING):
            return False
        bands += [(first, middle), (middle, last)]
    return False


def _middle(low: float, high: float) -> float:
    """Return a frequency between two, in the logarithm."""
    if low == 0.0:
        return high / WIDE
    return low * WIDE if high == np.inf else float(np.sqrt(low) * np.sqrt(high))


def real_growth(terms: Terms) -> float | None:
    """Return the largest real eigenvalue that grows (1/s), inf where potentials run away at once; None for none."""
    low = SLOW * terms.slowest()
    high = WIDE * max(growth_bound(terms), low)
    places = np.geomspace(low, high, A_DECADE * (2 + int(np.log10(high / low))))
    grows = [s for s in places.tolist() if not terms.definite(terms.at(s))]
    if not grows:
        return None
    if grows[-1] == places[-1]:
        return np.inf
    low = grows[-1]
    high = float(places[np.searchsorted(places, low) + 1])
    while high > low * (1.0 + 1e-14):
        s = float(np.sqrt(low) * np.sqrt(high))
        if s in (low, high):
            break
        low, high = (low, s) if terms.definite(terms.at(s), 0.0) else (s, high)
    return high


def growth_bound(terms: Terms) -> float:
    """Return a rate (1/s) above which nothing grows: there each edge alone takes energy from departures.

    Where an edge gives energy no matter how fast, that is far above the fastest rate that there is.
    """
    active = terms.active()
    gain = np.zeros(len(terms.g))
    np.add.at(gain, terms.edge, np.maximum(-terms.gain, 0.0))
    gain, g, c = gain[active], terms.g[active], terms.c[active]
    with np.errstate(divide="ignore", invalid="ignore"):
        bounds = np.where(g > 0.0, gain / g, np.where(c > 0.0, -g / c + np.sqrt(gain / c), np.inf))
    bound = float(np.nan_to_num(bounds, nan=np.inf, posinf=np.inf).max(initial=0.0))
    if np.isfinite(bound):
        return bound
    total, charges = np.abs(terms.g).sum(), terms.c[terms.c > 0.0]
    return FAST * float(max(terms.rate.max(initial=0.0), total / charges.min(initial=np.inf), terms.slowest()))
