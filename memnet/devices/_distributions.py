"""Distributions around a value."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from memnet.base import check


@dataclass(frozen=True)
class Distribution:
    """What `normal`, `lognormal` and `uniform` return: how `spread` draws around a value.

    Attributes
    ----------
    kind : str
        The function that made it.
    size : float
        Its number: sigma, or width.
    relative : bool
        Whether the number is a part of the value.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.normal(0.1, relative=True)
    normal(0.1, relative=True)
    >>> mn.normal(0.1, relative=True).to_spec(), mn.normal(0.1).core
    ({'kind': 'normal', 'sigma': 0.1, 'relative': True}, ('normal', 0.1, False))
    """

    kind: str
    size: float
    relative: bool = False

    def __repr__(self) -> str:
        return f"{self.kind}({self.size!r}{', relative=True' if self.relative else ''})"

    def to_spec(self) -> dict[str, Any]:
        """Return plain data for files."""
        name = "width" if self.kind == "uniform" else "sigma"
        return {"kind": self.kind, name: self.size, **({"relative": True} if self.relative else {})}

    @property
    def core(self) -> tuple[str, float, bool]:
        """What the C library takes."""
        return self.kind, self.size, self.relative


@check.known_keywords
def normal(sigma: float, relative: bool = False) -> Distribution:
    r"""Return the normal distribution around a value :math:`x_0`: the mean is the value.

    .. math:: x = x_0 + \sigma z, \qquad \text{or } x = x_0 (1 + \sigma z) \text{ where it is relative}

    with a standard normal z.

    Parameters
    ----------
    sigma : float
        Standard deviation of x, in the unit of x; where it is relative, that of :math:`x/x_0`. >= 0.
    relative : bool
        Whether sigma is a part of the value.

    Returns
    -------
    Distribution

    Raises
    ------
    TypeError, ValueError
        No number, or one that is negative or not finite.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.spread(mn.Resistor(conductance=1e-3), conductance=mn.normal(0.05, relative=True), seed=1)
    spread(Resistor(conductance=0.001), conductance=normal(0.05, relative=True), seed=1)
    """
    return Distribution("normal", _size("sigma", sigma), check.flag("relative", relative))


@check.known_keywords
def lognormal(sigma: float) -> Distribution:
    r"""Return the lognormal distribution around a value :math:`x_0`: the median is the value, and the sign stays.

    .. math:: x = x_0 e^{\sigma z}

    with a standard normal z, so that the mean is :math:`x_0 e^{\sigma^2/2}` and the standard deviation of x is the mean
    times :math:`\sqrt{e^{\sigma^2} - 1}`.

    Parameters
    ----------
    sigma : float
        Standard deviation of :math:`\ln x`, not of x. >= 0.

    Returns
    -------
    Distribution

    Raises
    ------
    TypeError, ValueError
        No number, or one that is negative or not finite.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.spread(mn.RateBalance(), kappa_p0=mn.lognormal(0.3), seed=1)
    spread(RateBalance(), kappa_p0=lognormal(0.3), seed=1)
    """
    return Distribution("lognormal", _size("sigma", sigma))


@check.known_keywords
def uniform(width: float, relative: bool = False) -> Distribution:
    r"""Return the uniform distribution around a value :math:`x_0`: the mean is the value.

    .. math:: x = x_0 + w (u - 1/2), \qquad \text{or } x = x_0 (1 + w (u - 1/2)) \text{ where it is relative}

    with u uniform in [0, 1), so that the standard deviation of x is :math:`w/\sqrt{12}`.

    Parameters
    ----------
    width : float
        From the lowest to the highest x, in the unit of x; where it is relative, of :math:`x/x_0`. >= 0.
    relative : bool
        Whether the width is a part of the value.

    Returns
    -------
    Distribution

    Raises
    ------
    TypeError, ValueError
        No number, or one that is negative or not finite.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.spread(mn.RateBalance(), g_max=mn.uniform(0.2, relative=True), seed=1)
    spread(RateBalance(), g_max=uniform(0.2, relative=True), seed=1)
    """
    return Distribution("uniform", _size("width", width), check.flag("relative", relative))


# All there are, by their kinds.
DISTRIBUTIONS: dict[str, Callable[..., Distribution]] = {one.__name__: one for one in (normal, lognormal, uniform)}


def _size(name: str, value: Any) -> float:
    return check.real(name, value, 0.0, math.inf, "[)")


def is_distribution(value: Any) -> bool:
    """Return whether a value is a distribution, or a table that says one."""
    return isinstance(value, Distribution) or (isinstance(value, Mapping) and isinstance(value.get("kind"), str))


def distribution(name: str, value: Any) -> Distribution:
    """Return a distribution, given as one or as `Distribution.to_spec` and run files have it.

    Raises
    ------
    TypeError, ValueError
        It is none, or a table with an unknown kind, key or value.
    """
    if isinstance(value, Mapping):
        table = dict(value)
        make = DISTRIBUTIONS[check.one_of(f"kind of {name}", table.pop("kind", None), DISTRIBUTIONS)]
        return make(**table)
    check.instance(name, value, Distribution, "a distribution, such as mn.normal(0.1, relative=True)")
    made: Distribution = value
    return made
