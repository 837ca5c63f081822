"""The mean field of a network that carries one device: its equation from the solved branch voltages."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import check
from memnet.circuit import solve
from memnet.devices import Device
from memnet.network import Network
from memnet.theory.exact import terminals
from memnet.theory.fields._field import MeanField
from memnet.theory.fields._hillock_field import HillockField
from memnet.theory.fields._linear_drift_field import LinearDriftField
from memnet.theory.fields._rate_balance_field import RateBalanceField

Floats = NDArray[np.float64]


@check.known_keywords
def mean_field(
    net: Network,
    device: Device,
    *,
    drive: str = "voltage",
    source: str | None = None,
    drain: str | None = None,
    average: str = "uniform",
    length: float | None = None,
    clamp: bool = True,
) -> MeanField:
    """Return the mean-field equation of a network that carries one device on every edge.

    With equal junctions the branch voltages are fixed shares of the applied voltage, whatever the state; under a
    current they are those shares of j / G_eff(<g>). The one approximation left is that all junctions see the mean of
    their magnitudes. In chains and bundles of equal edges nothing is left, and the equation is exact.

    Parameters
    ----------
    net : Network
        With two electrodes.
    device : device
        A RateBalance, Hillock or LinearDrift with the same parameters on every edge.
    drive : {"voltage", "current"}
        What is applied. The factor 1 / (1 + chi <g>) of MF23 eq. 8-10 comes with a current (it is 1 / G_eff); under an
        applied voltage it is absent.
    source, drain : str, optional
        The electrodes; the first two by default.
    average : {"uniform", "power"}
        Mean of the branch voltages over the edges that carry current: plain, as MF23 does, or weighted by v^2, the
        weight with which an edge's conductance enters that of the network.
    length : float, optional
        Length of every gap (pd), for devices that have one; default: the network's, if they are all equal.
    clamp : bool
        Whether a hillock stops at z_max_fraction of its gap, as the device does.

    Returns
    -------
    MeanField
        A RateBalanceField, HillockField or LinearDriftField.

    Raises
    ------
    TypeError, ValueError
        A device without a mean field or with parameters per edge, a network without a path between the electrodes,
        gaps of different length, an argument out of range.

    Notes
    -----
    MF23 (doi 10.1002/andp.202300090) eq. 25-31 in the form of docs/theory.md. Takes one solve of the network.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    >>> device = mn.RateBalance(g_min=1e-3, g_max=1e-1)
    >>> field = mn.theory.mean_field(net, device, drive="current")
    >>> round(field.conductance(0.0).item(), 12)
    0.0005
    """
    if not isinstance(device, Device):
        raise TypeError(f"device must be a device model, got {type(device).__name__}")
    name = type(device).__name__
    check.one_of("drive", drive, ("voltage", "current"))
    if length is not None:
        length = check.real("length", length, 0.0, math.inf, "()", "pd")
    check.flag("clamp", clamp)
    make: dict[str, Callable[..., MeanField]] = {
        "RateBalance": _rate_balance,
        "Hillock": _hillock,
        "LinearDrift": _linear_drift,
    }
    if name not in make:
        raise ValueError(f"{name} has no mean field; the models that have one: {', '.join(make)}")
    share, gain = homogeneous_shares(net, source=source, drain=drain)
    mean = _mean_share(share, average)
    against = bool((share < -1e-12).any())
    return make[name](net, device, drive, mean, gain, length=length, clamp=clamp, against=against)


def homogeneous_shares(net: Network, *, source: str | None = None, drain: str | None = None) -> tuple[Floats, float]:
    """Return the branch voltage of each edge per applied volt when all edges are equal, and the network's gain.

    Shares are Omega_source / Omega of the projector, the gain is (1 - Omega) / Omega, both by one sparse solve.
    """
    names = terminals(net, source, drain)
    volts: dict[str, float | None] = dict.fromkeys(net.electrodes)
    volts.update({names[0]: 1.0, names[1]: 0.0})
    found = solve(net, 1.0, volts)
    gain = float(found.current_of(names[0]))
    if not gain > 0.0:
        raise ValueError(f"net has no path between {names[0]!r} and {names[1]!r}, so nothing drives its junctions")
    ends = found.potential[net.edges]
    return np.nan_to_num(ends[:, 0] - ends[:, 1]), gain


def _mean_share(share: Floats, average: str) -> float:
    check.one_of("average", average, ("uniform", "power"))
    size = np.abs(share)
    carrying = size[size > 1e-12 * size.max()]
    return float(carrying.mean() if average == "uniform" else (carrying**3).sum() / (carrying**2).sum())


def _number(device: Device, name: str) -> float:
    value = getattr(device, name)
    if np.ndim(value) != 0:
        raise ValueError(f"{type(device).__name__}.{name} must be one number for a mean field, got one for each edge")
    return float(value)


def _rate_balance(net: Network, device: Device, drive: str, share: float, gain: float, **_: Any) -> RateBalanceField:
    del net
    names = ("kappa_p0", "kappa_d0", "eta_p", "eta_d", "g_min", "g_max")
    kappa_p0, kappa_d0, eta_p, eta_d, g_min, g_max = (_number(device, name) for name in names)
    if not g_min > 0.0:
        raise ValueError("RateBalance.g_min must be > 0 S for a mean field: chi = g_max / g_min - 1 enters it")
    if device.step != "exact":  # type: ignore[attr-defined]
        raise ValueError("RateBalance.step must be 'exact' for a mean field: the as-published step solves no equation")
    if g_max < g_min:
        raise ValueError(f"RateBalance.g_max must be at least g_min = {g_min:g} S for a mean field, got {g_max:g}")
    return RateBalanceField(
        drive=drive,
        scale=share if drive == "voltage" else share / (gain * g_min),
        gain=gain,
        kappa_p0=kappa_p0,
        kappa_d0=kappa_d0,
        eta_p=eta_p,
        eta_d=eta_d,
        g_min=g_min,
        chi=g_max / g_min - 1.0,
    )


def _hillock(
    net: Network, device: Device, drive: str, share: float, gain: float, *, length: float | None, clamp: bool, **_: Any
) -> HillockField:
    if length is None:
        if net.length is None or np.ptp(net.length) > 1e-12 * net.length.max():
            raise ValueError("length must be given: the network's gaps are not all of one length, a mean field's are")
        length = check.real("length of the network's gaps", float(net.length[0]), 0.0, math.inf, "()", "pd")
    mu, kappa, alpha, beta, tau, top = (
        _number(device, name) for name in ("mu", "kappa", "alpha", "beta", "tau", "z_max_fraction")
    )
    g_min = alpha * math.exp(-beta * length)
    return HillockField(
        drive=drive,
        scale=share if drive == "voltage" else share / (gain * g_min),
        gain=gain,
        strength=mu / (kappa * length**2),
        tau=tau,
        a=beta * length,
        g_min=g_min,
        clamp=top if clamp else None,
    )


def _linear_drift(
    net: Network, device: Device, drive: str, share: float, gain: float, *, against: bool, **_: Any
) -> LinearDriftField:
    del net
    r_on, r_off, mu, thickness, decay = (_number(device, name) for name in ("r_on", "r_off", "mu", "d", "decay"))
    if device.window != "none" or _number(device, "v_threshold") != 0.0:  # type: ignore[attr-defined]
        raise ValueError("LinearDrift must have window='none' and v_threshold=0 for a mean field")
    if not decay > 0.0:
        raise ValueError("LinearDrift.decay must be > 0 1/s for a mean field: without decay the state never rests")
    if not r_off > r_on:
        raise ValueError(f"LinearDrift.r_off must be above r_on = {r_on:g} ohm for a mean field, got {r_off:g}")
    if against:
        raise ValueError("LinearDrift is bipolar: every edge must point from source to drain for a mean field")
    return LinearDriftField(
        drive=drive,
        scale=share if drive == "voltage" else share * r_off / gain,
        gain=gain,
        strength=mu * r_on / thickness**2,
        decay=decay,
        r_off=r_off,
        chi=(r_off - r_on) / r_off,
    )
