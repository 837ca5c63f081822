"""The steady curve of one device: current, differential conductance, states and relaxation times over the voltage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import Device, state_fields, table_of
from memnet.theory.steady._settled import Settled, checked_device

if TYPE_CHECKING:
    import xarray as xr


@check.known_keywords
def steady_curve(device: Device, voltage: ArrayLike) -> xr.Dataset:
    """Return what a device carries where its states have settled, at each of some voltages.

    Parameters
    ----------
    device : Device
        One device with a number for each parameter, of a model that is a differential equation. The rate of each of its
        states is affine in that state and knows no other one, as with gates of pores and membranes, f = (x_eq - x)/tau.
    voltage : array_like, shape (n,), or float
        Voltages (V).

    Returns
    -------
    xarray.Dataset
        Over `voltage`: ``current`` (A); ``conductance``, its slope dI/dV (S), which slow changes see; and for each
        state ``state_<name>``, where it settles, and ``tau_<name>``, its relaxation time (s).

    Raises
    ------
    TypeError
        `device` is none, or the voltages are no numbers.
    ValueError
        A parameter with a value for each edge, a model without a differential equation, a linked device, a voltage that
        is not finite; states that move one another, of which `mn.equilibria` finds all that are static.

    Notes
    -----
    Charges carry nothing at a constant voltage. What is computed are the model's own equations and derivatives, those
    of adaptive steps: with f = 0, dx/dV = -f_v/f_x, so the slope is I_v - sum I_x f_v/f_x, and tau = -1/f_x.

    Examples
    --------
    >>> import memnet as mn
    >>> curve = mn.theory.steady_curve(mn.PlainNanopore.preset("figure-12"), [0.0, 0.5])
    >>> (1e6 * curve.current.values).round(8), (1e6 * curve.conductance.values).round(8)
    (array([-0.02120471,  0.165     ]), array([0.09405706, 1.225     ]))
    >>> curve.state_x.values.round(6), curve.tau_x.values
    (array([0.006693, 0.5     ]), array([1., 1.]))
    """
    checked_device(device)
    volts = check.array("voltage", np.atleast_1d(check.numeric("voltage", voltage)), (None,))
    if not volts.size:
        raise ValueError("voltage must hold at least one number")
    return _dataset(Settled(device, volts))


def _dataset(settled: Settled) -> xr.Dataset:
    import xarray as xr

    linear, states = settled.linear, settled.states
    units = {name: field["unit"] for name, field in state_fields(table_of(settled.device)).items()}
    slope: Floats = linear.i_v.copy()
    found: dict[str, tuple[Floats, str]] = {"current": (linear.i, "A"), "conductance": (slope, "S")}
    for name in settled.names:
        row = settled.row(name)
        slope -= linear.i_x[row] * linear.f_v[row] / linear.f_x[row]
        found[f"state_{name}"] = (states[row], units[name])
        found[f"tau_{name}"] = (-1.0 / linear.f_x[row], "s")
    data: dict[str, Any] = {name: ("voltage", values, {"units": unit}) for name, (values, unit) in found.items()}
    attrs = {"model": settled.device.model, "device": repr(settled.device)}
    return xr.Dataset(data, {"voltage": ("voltage", settled.volts, {"units": "V"})}, attrs)
