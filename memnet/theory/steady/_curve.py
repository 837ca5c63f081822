"""The steady curve of one device: current, differential conductance, states and relaxation times over the voltage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import Device, state_fields, table_of
from memnet.network import Network
from memnet.simulate import Equations, Linear, Simulation

if TYPE_CHECKING:
    import xarray as xr

# Rates that are affine in a state lead to it in one step; more take away what that one has lost to rounding.
MOST_STEPS = 4
# By which part a slope may differ at other states and still be that of an affine rate, which knows its own state alone.
ROUNDING = 1e-9


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
    check.instance("device", device, Device, "a device, such as mn.Nanopore()")
    volts = np.atleast_1d(check.array("voltage", voltage, (None,) if np.ndim(voltage) else ()))
    if not volts.size:
        raise ValueError("voltage must hold at least one number")
    for name, value in device.parameters.items():
        if isinstance(value, np.ndarray):
            raise ValueError(f"device must have one number for each parameter, got {value.size} for {name}")
    if device.linked_to is not None:
        raise ValueError(f"device must not read another edge, got {device!r}")
    curves = _Curves.of(device, volts)
    states = curves.settled()
    return curves.dataset(states)


@dataclass(frozen=True)
class _Curves:
    """One edge for each voltage."""

    device: Device
    volts: Floats
    equations: Equations
    names: tuple[str, ...]  # of the states that a rate moves

    @staticmethod
    def of(device: Device, volts: Floats) -> _Curves:
        edges = [(0, 1)] * volts.size
        net = Network(2, edges, electrodes={"a": 0, "b": 1})
        equations = Equations(Simulation(net, device, {"a": 0.0, "b": 0.0}, dt=1.0))
        charged = table_of(device)["voltage_field"]
        fields = state_fields(table_of(device))
        names = tuple(name for name, field in fields.items() if name != charged and field["kind"] == "real")
        return _Curves(device, volts, equations, names)

    def row(self, name: str) -> slice:
        return self.equations.part_of(self.device).row(name)

    def settled(self) -> Floats:
        """Return the states at which all rates are 0.

        Raises
        ------
        ValueError
            A rate that is not affine in its state, or knows another one; one that leads nowhere.
        """
        states: Floats = self.equations.present.copy()
        first = self.equations.at(self.volts, states)
        for _ in range(MOST_STEPS):
            linear = self.equations.at(self.volts, states)
            for name in self.names:
                row = self.row(name)
                self._check_decay(name, first.f_x[row], linear.f_x[row])
                states[row] -= linear.f[row] / linear.f_x[row]
        self._check_apart(states)
        return states

    def _check_decay(self, name: str, first: Floats, slope: Floats) -> None:
        bad = ~((slope < 0.0) & (np.abs(slope - first) <= ROUNDING * np.abs(first)))
        if bad.any():
            volt = self.volts[np.flatnonzero(bad)[0]]
            raise ValueError(
                f"device must have states with rates (x_eq - x)/tau; that of {name} of {self.device.model} is no such"
                f" one at {volt:g} V: mn.equilibria finds static states of any device"
            )

    def _check_apart(self, states: Floats) -> None:
        """Refuse states of which one moves another: with the others elsewhere each must settle where it did."""
        if len(self.names) < 2:
            return
        for name in self.names:
            other = states.copy()
            for one in self.names:
                other[self.row(one)] = states[self.row(one)] if one == name else 0.37 * states[self.row(one)] + 0.29
            row = self.row(name)
            linear = self.equations.at(self.volts, other)
            off = np.abs(linear.f[row] / linear.f_x[row])
            if (off > ROUNDING * np.maximum(np.abs(states[row]), 1.0)).any():
                raise ValueError(
                    f"device must have states that do not move one another, and {name} of {self.device.model} is moved"
                    " by others: mn.equilibria finds static states of any device"
                )

    def dataset(self, states: Floats) -> xr.Dataset:
        import xarray as xr

        linear = self.equations.at(self.volts, states)
        units = {name: field["unit"] for name, field in state_fields(table_of(self.device)).items()}
        found: dict[str, tuple[Floats, str]] = {
            "current": (linear.i, "A"),
            "conductance": (self._slope(linear), "S"),
        }
        for name in self.names:
            found[f"state_{name}"] = (states[self.row(name)], units[name])
            found[f"tau_{name}"] = (-1.0 / linear.f_x[self.row(name)], "s")
        data: dict[str, Any] = {name: ("voltage", values, {"units": unit}) for name, (values, unit) in found.items()}
        attrs = {"model": self.device.model, "device": repr(self.device)}
        return xr.Dataset(data, {"voltage": ("voltage", self.volts, {"units": "V"})}, attrs)

    def _slope(self, linear: Linear) -> Floats:
        slope: Floats = linear.i_v.copy()
        for name in self.names:
            row = self.row(name)
            slope -= linear.i_x[row] * linear.f_v[row] / linear.f_x[row]
        return slope
