"""Whether avalanches speak for a critical point: the criteria, each with its reason in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

from memnet.analysis._exponents import Exponents
from memnet.analysis._power_law import PowerLaw

# The criteria of docs/analysis.md.
SIGNIFICANT = 0.05
REJECTED = 0.1
DECADE = 10.0
ERRORS_APART = 2.0
# Sizes are alike where the share up to any size differs by less; so many avalanches show that at all.
ALIKE = 0.05
ENOUGH_TO_DIFFER = math.ceil((1.36 / ALIKE) ** 2)
# Exponents less certain than this agree with anything.
VAGUE = 0.3
YES, NO, UNKNOWN = "consistent with criticality", "not critical", "cannot tell"


@dataclass(frozen=True)
class Verdict:
    """A verdict, and a line for each criterion."""

    word: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Criterion:
    """Whether a criterion is met; None where that cannot be said."""

    met: bool | None
    reason: str


def judge(found: Exponents) -> Verdict:
    """Return the verdict on avalanches: no where a criterion fails, yes where all are met."""
    if found.message:
        return Verdict(UNKNOWN, (f"?  {found.message}",))
    criteria = [
        _scale_free("sizes", found.tau, float(found.largest)),
        _scale_free("durations", found.alpha, float(found.duration.max())),
        _one_number(found),
        _order(found),
    ]
    met = [one.met for one in criteria]
    word = NO if False in met else UNKNOWN if None in met else YES
    marks = {True: "+", False: "-", None: "?"}
    return Verdict(word, tuple(f"{marks[one.met]}  {one.reason}" for one in criteria))


def _scale_free(what: str, fit: PowerLaw, largest: float) -> Criterion:
    """Judge whether p does not reject a power law, nor an alternative beat it, over a decade or more."""
    if fit.message:
        return Criterion(None, f"{what}: {fit.message}")
    if _beaten(fit, "exponential"):
        return Criterion(False, f"{what} are described better by an exponential than by a power law")
    if _cut_off(fit):
        return Criterion(None, f"{what} are cut off; give the largest of the range, below the cut-off")
    if fit.p_value < REJECTED:
        return Criterion(False, f"{what} are no power law in {fit.xmin:g} to {fit.xmax:g}: p = {fit.p_value:.2g}")
    for name in ("lognormal", "truncated_power_law"):
        if _beaten(fit, name):
            return Criterion(False, f"{what} are described better by a {name.replace('_', ' ')} than by a power law")
    top = min(largest, fit.xmax)
    if top < DECADE * fit.xmin:
        return Criterion(None, f"{what} are fitted over less than a decade, {fit.xmin:g} to {top:g}")
    if math.isnan(fit.p_value):
        return Criterion(None, f"{what}: the fit has no p value (n_p=0)")
    return Criterion(
        True, f"{what} are a power law over {math.log10(top / fit.xmin):.1f} decades, p = {fit.p_value:.2g}"
    )


def _beaten(fit: PowerLaw, name: str) -> bool:
    """Return whether an alternative describes the values better, beyond chance."""
    against = fit.compare(name)
    return against.ratio < 0 and against.p < SIGNIFICANT


def _cut_off(fit: PowerLaw) -> bool:
    """Return whether a fit without an upper end runs into a cut-off, which every finite system has."""
    return not fit.message and math.isinf(fit.xmax) and _beaten(fit, "truncated_power_law")


def _one_number(found: Exponents) -> Criterion:
    """Judge whether the crackling relation, the mean size and, where there is one, the shape give one exponent."""
    named = {"crackling": found.crackling, "mean_size": found.mean_size, "shape": found.shape}
    missing = [f"{name}: {one.message}" for name, one in named.items() if one.message and name != "shape"]
    if missing:
        return Criterion(None, "no exponents to compare, " + "; ".join(missing))
    if _cut_off(found.tau) or _cut_off(found.alpha):
        return Criterion(None, "exponents of fits that run into a cut-off are not compared")
    known = {name: one for name, one in named.items() if not one.message}
    text = ", ".join(f"{name} {one}" for name, one in known.items())
    if any(math.isnan(one.error) for one in known.values()):
        return Criterion(None, f"exponents without errors: {text}")
    for one, other in combinations(known.values(), 2):
        if abs(one.value - other.value) > ERRORS_APART * math.hypot(one.error, other.error):
            return Criterion(False, f"exponents differ: {text}")
    if max(one.error for one in known.values()) > VAGUE:
        return Criterion(None, f"exponents agree but are too uncertain to say so: {text}")
    return Criterion(True, f"exponents agree: {text}")


def _order(found: Exponents) -> Criterion:
    """Judge whether the order of the intervals makes the avalanches: those of surrogates are others."""
    surrogates = found.surrogates
    if not surrogates.n:
        return Criterion(None, "no surrogates to compare with")
    if 1 / (surrogates.n + 1) > SIGNIFICANT:
        return Criterion(None, f"{surrogates.n} surrogates are too few for p <= {SIGNIFICANT:g}")
    if surrogates.p > SIGNIFICANT and found.n >= ENOUGH_TO_DIFFER and surrogates.distance < ALIKE:
        return Criterion(False, f"intervals in random order give the same sizes: p = {surrogates.p:.2g}")
    if surrogates.p > SIGNIFICANT:
        return Criterion(
            None, f"sizes do not differ visibly from those of intervals in random order: p = {surrogates.p:.2g}"
        )
    return Criterion(True, f"intervals in random order give other sizes: p = {surrogates.p:.2g}")
