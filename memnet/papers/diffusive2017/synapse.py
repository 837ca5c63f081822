"""The synapse of Fig. 6: a diffusive memristor, which keeps time, and a drift memristor, which keeps a weight."""

from __future__ import annotations

from memnet import drive
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import DiffusiveMemristor, LinearDrift
from memnet.simulate import Circuit

# The drift memristor is ours, as the paper prints none: between the resistances of the diffusive one when it conducts
# (52 r_t) and when it does not (some 5,000 r_t), and with a threshold that the low part of a spike does not reach.
R_ON, R_OFF, THRESHOLD, MOBILITY = 200.0, 1000.0, 3.0, 400.0

# Names of the two elements, and of the state that is the weight.
DIFFUSIVE, DRIFT, WEIGHT = "diffusive", "drift", "x"

# A spike: a short part of high voltage, then a long part of low voltage, in V_th and 1/kappa.
HIGH, SHORT, LOW, LONG = 5.0, 0.1, 2.5, 10.0


def drift_memristor(weight: float = 0.0) -> LinearDrift:
    """Return the drift memristor with a weight x from 0 to 1: R = 1000 - 800 x, dx/dt = 400 i above 3 V."""
    d = 1.0  # so that mu r_on / d^2 is the mobility
    return LinearDrift(r_on=R_ON, r_off=R_OFF, mu=MOBILITY * d**2 / R_ON, d=d, v_threshold=THRESHOLD, x_initial=weight)


def conductance_of(weight: Floats) -> Floats:
    """Return the conductance of drift memristors with these weights, in units of the largest."""
    return R_ON / (R_OFF - (R_OFF - R_ON) * weight)


def synapse(
    diffusive: DiffusiveMemristor, weight: float, ports: tuple[str, str] = ("in", "out"), *, runs: int = 1
) -> Circuit:
    """Return the circuit: a current from the first to the second port lets the weight grow.

    Parameters
    ----------
    diffusive : DiffusiveMemristor
        With v_th = 1 V, kappa = 1/s and r_t = 1 ohm, to which the drift memristor fits.
    weight : float
        At the start, from 0 to 1.
    ports : tuple of str
        Names of the ends.
    runs : int
        So many side by side. The elements of the first are "diffusive" and "drift", those of others have a number.
    """
    first, second = ports
    drift = drift_memristor(check.real("weight", weight, 0.0, 1.0, "[]"))
    circuit = Circuit()
    for k in range(runs):
        number = f" {k + 1}" if k else ""
        circuit.add(first, f"middle{number}", diffusive, name=DIFFUSIVE + number)
        circuit.add(f"middle{number}", second, drift, name=DRIFT + number)
    return circuit


def spike(
    sign: float, *, high: float = HIGH, short: float = SHORT, low: float = LOW, long: float = LONG
) -> drive.Waveform:
    """Return a spike at one port, of positive or negative voltages."""
    return drive.concat([(sign * high, short), (sign * low, long), (0.0, None)])
