"""How far the mean field is from the network that it stands for, over time and disorder."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from memnet import drive as drives
from memnet.base import check
from memnet.devices import RateBalance
from memnet.network import Network
from memnet.simulate import Simulation
from memnet.theory.exact import terminals
from memnet.theory.fields._network_field import mean_field

if TYPE_CHECKING:
    import xarray as xr


@check.known_keywords
def mean_field_error(
    net: Network,
    device: Any,
    drive: float | drives.Waveform,
    *,
    steps: int,
    dt: float = 1.0,
    disorder: ArrayLike = (0.0, 0.25, 0.5, 1.0),
    average: str = "uniform",
    source: str | None = None,
    drain: str | None = None,
    seed: int | None = None,
    method: str = "fixed",
) -> xr.Dataset:
    """Simulate a network and its mean field side by side, for several strengths of disorder.

    Both take the same step rule, or steps that follow from their errors, so that what is left is the error of the mean
    field.

    Parameters
    ----------
    net : Network
        With two electrodes.
    device : RateBalance
        The junction. Disorder multiplies g_min and g_max of each edge by exp(disorder N(0, 1)).
    drive : float or waveform
        Voltage on the source (V), or ``mn.drive.current(...)`` into it; the drain is at 0 V, others float.
    steps : int
        Number of rows.
    dt : float
        Time from row to row (s), and the time step of method="fixed".
    disorder : array_like, (n,)
        Standard deviations of the logarithm of the junctions' conductances.
    average : {"uniform", "power"}
        As in `mean_field`.
    source, drain : str, optional
        The electrodes; the first two by default.
    seed : int, optional
        Fixes the disorder; the same normal numbers serve all strengths.
    method : {"fixed", "adaptive"}
        As of `Simulation`. With "fixed" both have the errors of a step, which depend on dt.

    Returns
    -------
    xarray.Dataset
        ``network`` (disorder, time) and ``mean_field`` (time), conductances (S), and ``error`` (disorder, time), the
        mean field over the network minus 1.

    Raises
    ------
    TypeError, ValueError
        As in `mean_field`; a device that is no RateBalance; numbers out of range.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    >>> device = mn.RateBalance(g_min=1e-3, g_max=1e-1)
    >>> found = mn.theory.mean_field_error(net, device, 1.0, steps=50, disorder=[0.0, 0.5], seed=1)
    >>> float(abs(found["error"][0]).max()) < 1e-12
    True
    """
    import xarray as xr

    names = terminals(net, source, drain)
    strengths = check.array("disorder", disorder, (None,))
    if not strengths.size or (strengths < 0.0).any():
        raise ValueError(f"disorder must be >= 0 and hold at least one number, got {strengths.tolist()}")
    check.instance("device", device, RateBalance, "a RateBalance")
    steps = check.integer("steps", steps, 1)
    dt = check.real("dt", dt, 0.0, math.inf, unit="s")
    check.one_of("method", method, ("fixed", "adaptive"))
    wave = drives.waveform("drive", drive)
    kind = "current" if wave.kind == drives.CURRENT else "voltage"
    field = mean_field(net, device, drive=kind, source=names[0], drain=names[1], average=average)
    time = dt * np.arange(steps)
    flat = field.integrate(time, wave, method="steps" if method == "fixed" else "ode")["conductance"].to_numpy()

    normal = np.random.default_rng(check.seed("seed", seed)).standard_normal(net.n_edges)
    table = {name: getattr(device, name) for name in ("kappa_p0", "kappa_d0", "eta_p", "eta_d", "g_initial", "step")}
    applied: dict[str, Any] = dict.fromkeys(net.electrodes)
    applied.update({names[0]: wave, names[1]: 0.0})
    rows = []
    for strength in strengths:
        factor = np.exp(strength * normal)
        one = RateBalance(**table, g_min=device.g_min * factor, g_max=device.g_max * factor)
        sim = Simulation(net, one, applied, dt=dt, seed=0, method=method)
        sim.warned_of_steps = True  # the mean field takes the same steps
        rows.append(sim.run(steps)["conductance"].to_numpy())
    network = np.array(rows)
    return xr.Dataset(
        {
            "network": (("disorder", "time"), network, {"units": "S"}),
            "mean_field": ("time", flat, {"units": "S"}),
            "error": (("disorder", "time"), flat / network - 1.0, {"units": "1"}),
        },
        {"disorder": strengths, "time": ("time", time, {"units": "s"})},
        {"drive": repr(wave), "average": average},
    )
