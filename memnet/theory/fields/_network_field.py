"""The mean field of a network that carries one device: its equation from the solved branch voltages."""

from __future__ import annotations

import math

import numpy as np

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.circuit import solve_conductances
from memnet.devices import Device
from memnet.network import Network
from memnet.theory.exact import terminals
from memnet.theory.fields._field import Junctions, MeanField


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
        Of a model that has a field (RateBalance, Hillock, LinearDrift), with the same parameters on every edge.
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
    check.one_of("drive", drive, ("voltage", "current"))
    if length is not None:
        length = check.real("length", length, 0.0, math.inf, "()", "pd")
    check.flag("clamp", clamp)
    fields = {field._model: field for field in MeanField.__subclasses__() if field._model}
    if device.model not in fields:
        raise ValueError(f"{device.model} has no mean field; the models that have one: {', '.join(sorted(fields))}")
    share, gain = homogeneous_shares(net, source=source, drain=drain)
    against = bool((share < -1e-12).any())
    junctions = Junctions(
        net=net,
        device=device,
        drive=drive,
        share=_mean_share(share, average),
        gain=gain,
        against=against,
        length=length,
        clamp=clamp,
    )
    return fields[device.model]._of(junctions)


def homogeneous_shares(net: Network, *, source: str | None = None, drain: str | None = None) -> tuple[Floats, float]:
    """Return the branch voltage of each edge per applied volt when all edges are equal, and the network's gain.

    Shares are Omega_source / Omega of the projector, the gain is (1 - Omega) / Omega, both by one sparse solve.
    """
    names = terminals(net, source, drain)
    if net.attached:
        raise ValueError("net must have nothing attached to electrodes: a mean field is of one device on every edge")
    volts: dict[str, float | None] = dict.fromkeys(net.electrodes)
    volts.update({names[0]: 1.0, names[1]: 0.0})
    found = solve_conductances(net, 1.0, volts)
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
