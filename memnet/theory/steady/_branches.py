"""The equivalent circuit of a device at a voltage: a branch for each state that relaxes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.text import Summary, named, quantity
from memnet.devices import Device
from memnet.theory.steady._settled import Settled, checked_device

Complex = NDArray[np.complex128]
# A change of sign of the capacitance is looked for in steps of the logarithm of the frequency; terms bend over 1.
STEP = 0.02
# Beyond the slowest and the fastest rate: below, the capacitance is that at 0.
BEYOND = 1e8
# Below this part of its terms a capacitance is what rounding has left of them.
ROUNDING = 1e-14


@dataclass(frozen=True, repr=False)
class StateBranch(Summary):
    """What a relaxing state adds to the admittance of its device: g_a/(1 + i w tau).

    Attributes
    ----------
    state : str
        Its name.
    g_a : float
        Conductance (S) that slow changes see in addition. Above 0 the state adds current late, as in an inductor; below
        0 it takes some away again, as in a capacitor.
    tau : float
        Relaxation time (s).

    Examples
    --------
    >>> import memnet as mn
    >>> mn.theory.branch_circuit(mn.Nanopore(), 0.6).branches[0]
    <StateBranch: inductive; state x; g_a 1.062 µS; tau 2.701 ms; R_a 941.9 kohm; L_a 2.544 kH>
    >>> branch = mn.theory.branch_circuit(mn.Nanopore(), 0.6).branches[0]
    >>> branch.type, round(1e-3 * branch.R_a, 1), round(1e-3 * branch.L_a, 3)
    ('inductive', 941.9, 2.544)
    >>> (1e9 * branch.capacitance([10.0])).round(4)
    array([-2.7873])
    >>> (1e9 * branch.inductor_capacitance([10.0])).round(4)
    array([-99.571])
    """

    state: str
    g_a: float
    tau: float

    @property
    def R_a(self) -> float:
        """Resistance 1/g_a (ohm), infinite without a branch."""
        return 1.0 / self.g_a if self.g_a else math.inf

    @property
    def L_a(self) -> float:
        """Inductance tau/g_a (H), negative in a capacitive branch."""
        return self.tau / self.g_a if self.g_a else math.inf

    @property
    def type(self) -> str:
        """Return "inductive", "capacitive", or "none" where g_a is 0."""
        return "inductive" if self.g_a > 0.0 else "capacitive" if self.g_a < 0.0 else "none"

    def capacitance(self, frequency: ArrayLike) -> Floats:
        """Return its effective capacitance -g_a tau/(1 + (w tau)^2) (F) at frequencies (Hz), (n,): equation 58.

        Raises
        ------
        TypeError, ValueError
            Frequencies that are no numbers > 0.
        """
        with np.errstate(over="ignore"):
            found: Floats = -self.g_a * self.tau / (1.0 + (_angular(frequency) * self.tau) ** 2)
        return found

    def inductor_capacitance(self, frequency: ArrayLike) -> Floats:
        """Return C* = -1/(w^2 L_a) (F), of the inductor alone: equation 32. `capacitance` tends to it at w tau >> 1.

        Raises
        ------
        TypeError, ValueError
            Frequencies that are no numbers > 0.
        """
        with np.errstate(over="ignore"):
            found: Floats = -1.0 / (_angular(frequency) ** 2 * self.L_a)
        return found

    def _summary(self) -> dict[str, str]:
        values = ("g_a", self.g_a, "S"), ("tau", self.tau, "s"), ("R_a", self.R_a, "ohm"), ("L_a", self.L_a, "H")
        shown = {name: quantity(value, unit) for name, value, unit in values}
        return {"": self.type, "state": self.state, **shown}


@dataclass(frozen=True, repr=False)
class Arc(Summary):
    """A range of frequencies over which an impedance is on one side of the real axis.

    Attributes
    ----------
    low, high : float
        Its ends (Hz), 0 and infinite at the outermost ones.
    type : str
        "capacitive", with Im Z < 0, or "inductive".

    Examples
    --------
    >>> import memnet as mn
    >>> mn.theory.branch_circuit(mn.MembraneNanopore.preset("figure-28"), 0.2).arcs
    (<Arc: inductive; from 0 Hz; to 2.207 kHz>, <Arc: capacitive; above 2.207 kHz>)
    """

    low: float
    high: float
    type: str

    def _summary(self) -> dict[str, str]:
        if math.isinf(self.high):
            return {"": self.type, "above": quantity(self.low, "Hz")} if self.low else {"": f"{self.type} throughout"}
        return {"": self.type, "from": quantity(self.low, "Hz"), "to": quantity(self.high, "Hz")}


@dataclass(frozen=True, repr=False)
class BranchCircuit(Summary):
    """The equivalent circuit of a device at a voltage, alone or behind a conductance.

    Attributes
    ----------
    model : str
        Model of the device.
    voltage : float
        Across the device (V).
    current : float
        Steady current (A).
    g_b : float
        Conductance (S) of the branch that follows at once.
    C_m : float
        Capacitance beside it (F).
    branches : tuple of StateBranch
        One for each state that relaxes.
    g_s : float or None
        Conductance in series (S), None without one: then the voltage is held across the device.

    Examples
    --------
    >>> import memnet as mn
    >>> at = mn.theory.branch_circuit(mn.MembraneNanopore.preset("figure-28"), 0.2, g_s=1e-5)
    >>> round(1e6 * at.g_b, 8), round(1e6 * at.g_a, 8), round(1e3 * at.tau_k, 7), round(1e-6 * at.z_zero, 6)
    (0.81225233, 0.29716382, 1.5414201, 1.001375)
    >>> round(at.applied, 6), round(at.g_dc * 1e6, 4), round(1e3 * at.fast_time, 4), round(at.slow_rate, 2)
    (0.216245, 1.1094, 0.0001, 666.58)
    >>> at.arcs
    (<Arc: inductive; from 0 Hz; to 2.207 kHz>, <Arc: capacitive; above 2.207 kHz>)
    >>> at.circuit, sorted(at.elements), (at.eigenvalues.real / [1.0, 1e6]).round(2)
    ('R0-p(R1,C1,R2-L2)', ['C1', 'L2', 'R0', 'R1', 'R2'], array([-666.58,  -10.81]))
    >>> (1e-6 * at.impedance([1.0, 1e3])).round(3), (1e6 * at.admittance([1.0])).round(4)
    (array([1.001+0.002j, 1.325+0.036j]), array([1.1094-0.0029j]))
    >>> (1e12 * at.capacitance([1e3])).round(2)
    array([-3.83])
    >>> round(1e-6 * at.z_infinity, 4), round(1e-6 * at.R_a, 3), round(1e-3 * at.L_a, 3)
    (0.1, 3.365, 5.187)
    """

    model: str
    voltage: float
    current: float
    g_b: float
    C_m: float
    branches: tuple[StateBranch, ...]
    g_s: float | None = None

    @property
    def g_dc(self) -> float:
        """Conductance of slow changes (S), without g_s: g_b and all g_a, the slope of the steady current."""
        return math.fsum([self.g_b, *(one.g_a for one in self.branches)])

    @property
    def applied(self) -> float:
        """Voltage across the device and g_s (V): V_app."""
        return self.voltage + self.current * self._series

    @property
    def g_a(self) -> float:
        """Conductance of the branch of the only state (S)."""
        return self._only.g_a

    @property
    def tau_k(self) -> float:
        """Relaxation time of the only state (s)."""
        return self._only.tau

    @property
    def R_a(self) -> float:
        """Resistance of the branch of the only state (ohm)."""
        return self._only.R_a

    @property
    def L_a(self) -> float:
        """Inductance of the branch of the only state (H)."""
        return self._only.L_a

    @property
    def z_zero(self) -> float:
        """Impedance at frequency 0 (ohm)."""
        return self._series + (1.0 / self.g_dc if self.g_dc else math.inf)

    @property
    def z_infinity(self) -> float:
        """Impedance at infinite frequency (ohm)."""
        return self._series + (0.0 if self.C_m else 1.0 / self.g_b if self.g_b else math.inf)

    @property
    def fast_time(self) -> float:
        """Time constant C_m/(g_s + g_b) (s) with which C_m is charged: equation 55, with g_b. 0 without g_s or C_m."""
        return 0.0 if self.g_s is None or not self.C_m else self.C_m / (self.g_s + self.g_b)

    @property
    def slow_rate(self) -> float:
        """Rate (1/tau_k) (1 + g_a/(g_s + g_b)) (1/s) with which the only state settles where C_m is charged at once.

        Below 0 the state runs away: the point is unstable.
        """
        one = self._only
        return (1.0 if self.g_s is None else 1.0 + one.g_a / (self.g_s + self.g_b)) / one.tau

    @property
    def eigenvalues(self) -> Complex:
        """All eigenvalues (1/s) of the linearised circuit, the rightmost first: those of `mn.eigenvalues`.

        With C_m and g_s there is one more than states; `fast_time` and `slow_rate` are what they tend to where both
        parts are far apart.
        """
        rates = np.array([1.0 / one.tau for one in self.branches])
        g_a = np.array([one.g_a for one in self.branches])
        matrix = -np.diag(rates)
        if self.g_s is not None and self.C_m:
            n = rates.size + 1
            matrix = np.zeros((n, n))
            matrix[0] = np.r_[-(self.g_s + self.g_b), np.full(n - 1, -1.0)] / self.C_m
            matrix[1:, 0] = g_a * rates
            matrix[1:, 1:] = -np.diag(rates)
        elif self.g_s is not None:
            matrix = matrix - np.outer(rates * g_a, np.ones(rates.size)) / (self.g_s + self.g_b)
        values = np.linalg.eigvals(matrix).astype(np.complex128)
        order = np.lexsort((values.imag, -values.real))
        found: Complex = values[order]
        return found

    @property
    def arcs(self) -> tuple[Arc, ...]:
        """Ranges of frequencies over which it is inductive and capacitive, from 0 up; none of a mere resistance."""
        w = self._frequencies()
        sign = np.sign(self._capacitance(w))
        w, sign = w[sign != 0.0], sign[sign != 0.0]
        if not w.size:
            return ()
        at = np.flatnonzero(np.diff(sign))
        turns = [0.0, *(self._turn(w[k], w[k + 1]) / (2.0 * math.pi) for k in at), math.inf]
        kinds = ["capacitive" if sign[k] > 0.0 else "inductive" for k in (*at, -1)]
        return tuple(Arc(turns[k], turns[k + 1], kind) for k, kind in enumerate(kinds))

    @property
    def circuit(self) -> str:
        """The circuit as a string for `memnet.analysis.fit_impedance`, of positive elements where there is one such.

        A branch with g_a < 0 is one of a resistance and a capacitance in series, and what it takes away stands in R1.
        """
        return self._drawn()[0]

    @property
    def elements(self) -> dict[str, float]:
        """Values of the elements of `circuit`, by name, in ohm, F and H.

        R1 < 0 belongs to a negative resistance. `fit_impedance`, whose values are > 0, cannot find such a circuit.
        """
        return self._drawn()[1]

    def admittance(self, frequency: ArrayLike) -> Complex:
        """Return the admittance of the device alone (S) at frequencies (Hz), (n,).

        Raises
        ------
        TypeError, ValueError
            Frequencies that are no numbers > 0.
        """
        w = _angular(frequency)
        found: Complex = np.zeros(w.shape, dtype=np.complex128)
        found += self.g_b + 1j * w * self.C_m
        for one in self.branches:
            found += one.g_a / (1.0 + 1j * w * one.tau)
        return found

    def impedance(self, frequency: ArrayLike) -> Complex:
        """Return the impedance of device and g_s (ohm) at frequencies (Hz), (n,).

        Raises
        ------
        TypeError, ValueError
            Frequencies that are no numbers > 0.
        """
        admittance = self.admittance(frequency)
        with np.errstate(divide="ignore", invalid="ignore"):
            admittance = 1.0 / admittance
        return self._series + admittance

    def capacitance(self, frequency: ArrayLike) -> Floats:
        """Return the effective capacitance Im(Y)/w of the device (F) at frequencies (Hz), (n,); < 0 is inductive.

        Raises
        ------
        TypeError, ValueError
            Frequencies that are no numbers > 0.
        """
        return self._capacitance(_angular(frequency))

    @property
    def _series(self) -> float:
        return 0.0 if self.g_s is None else 1.0 / self.g_s

    @property
    def _only(self) -> StateBranch:
        if len(self.branches) != 1:
            raise AttributeError(f"{self.model} has {len(self.branches)} states, not one: look at branches")
        return self.branches[0]

    def _capacitance(self, w: Floats) -> Floats:
        terms = np.zeros((len(self.branches), w.size))
        with np.errstate(over="ignore"):
            for term, one in zip(terms, self.branches, strict=True):
                term[:] = one.g_a * one.tau / (1.0 + (w * one.tau) ** 2)
        found: Floats = self.C_m - terms.sum(axis=0)
        found[np.abs(found) <= ROUNDING * (abs(self.C_m) + np.abs(terms).sum(axis=0))] = 0.0
        return found

    def _frequencies(self) -> Floats:
        """Return angular frequencies (1/s) close enough to see each change of sign of the capacitance."""
        moving = [one for one in self.branches if one.g_a]
        if not moving:
            return np.ones(1)
        rates = np.array([1.0 / one.tau for one in moving])
        high = BEYOND * rates.max()
        if self.C_m:  # at high frequencies the branches are down to their C*, which falls as 1/w^2
            high = max(high, 10.0 * math.sqrt(sum(abs(one.g_a) / one.tau for one in moving) / self.C_m))
        low, high = math.log(rates.min() / BEYOND), min(math.log(high), 700.0)
        return np.exp(np.linspace(low, high, 2 + math.ceil((high - low) / STEP)))

    def _turn(self, low: float, high: float) -> float:
        from scipy import optimize

        def at(log: float) -> float:
            return float(self._capacitance(np.array([math.exp(log)]))[0])

        return math.exp(optimize.brentq(at, math.log(low), math.log(high), xtol=1e-15, rtol=1e-15))

    def _drawn(self) -> tuple[str, dict[str, float]]:
        values = {} if self.g_s is None else {"R0": 1.0 / self.g_s}
        beside = math.fsum([self.g_b, *(one.g_a for one in self.branches if one.g_a < 0.0)])
        parallel = ["R1"] if beside or not (self.C_m or self.branches) else []
        values |= dict.fromkeys(parallel, 1.0 / beside if beside else math.inf)
        if self.C_m:
            parallel.append("C1")
            values["C1"] = self.C_m
        for k, one in enumerate((one for one in self.branches if one.g_a), start=2):
            last, value = (f"L{k}", one.L_a) if one.g_a > 0.0 else (f"C{k}", -one.g_a * one.tau)
            parallel.append(f"R{k}-{last}")
            values |= {f"R{k}": abs(one.R_a), last: value}
        inner = f"p({','.join(parallel)})" if len(parallel) > 1 else "".join(parallel)
        return inner if self.g_s is None else f"R0-{inner}", values

    def _summary(self) -> dict[str, str]:
        shown = {"g_s": "" if self.g_s is None else quantity(self.g_s, "S"), "g_b": quantity(self.g_b, "S")}
        for one in self.branches:
            shown[f"g_a of {one.state}"] = f"{quantity(one.g_a, 'S')}, {quantity(one.tau, 's')}"
        shown["C_m"] = quantity(self.C_m, "F") if self.C_m else ""
        arcs = [named(arc._summary(), " ") for arc in self.arcs]
        return {"": f"{self.model} at {quantity(self.voltage, 'V')}", **shown, " ": ", ".join(arcs)}


@check.known_keywords
def branch_circuit(device: Device, voltage: float, *, g_s: float | None = None) -> BranchCircuit:
    """Return the equivalent circuit of a device at a voltage, in closed form: a branch for each state that relaxes.

    Parameters
    ----------
    device : Device
        As for `steady_curve`: pores, membranes, and others whose states relax each by itself.
    voltage : float
        Across the device (V); `applied` says what is then across device and `g_s`.
    g_s : float, optional
        Conductance in series (S), > 0. Without it the voltage is held across the device.

    Returns
    -------
    BranchCircuit

    Raises
    ------
    TypeError, ValueError
        As for `steady_curve`; numbers that are not finite, a conductance that is not > 0.

    See Also
    --------
    memnet.impedance : of any circuit or network, from its linearisation.
    memnet.analysis.fit_impedance : the elements from a measured spectrum.

    Notes
    -----
    With the current i(v, x), the charge q(v, x) and rates f(v, x) of the model's own equations the admittance is::

        Y = g_b + i w C_m + sum over states of g_a/(1 + i w tau)
        tau = -1/f_x, g_a = (i_x tau - q_x) f_v, g_b = i_v + sum of q_x f_v, C_m = q_v

    with indices for derivatives at the steady state. For a pore this is the circuit of Bisquert, Adv. Phys. Res. 2024,
    doi 10.1002/apxr.202400029, figure 28 and equations 55 to 58. A polarisation as that of `CapacitivePore` is a branch
    with g_a < 0 beside a g_b that is larger by as much: a resistance and a capacitance in series.

    Examples
    --------
    >>> import memnet as mn
    >>> pore = mn.MembraneNanopore.preset("figure-28")
    >>> for volts in (0.2, -0.2):
    ...     at = mn.theory.branch_circuit(pore, volts, g_s=1e-5)
    ...     print(at.circuit, [f"{arc.type} from {arc.low:.0f} Hz" for arc in at.arcs])
    R0-p(R1,C1,R2-L2) ['inductive from 0 Hz', 'capacitive from 2207 Hz']
    R0-p(R1,C1,R2-C2) ['capacitive from 0 Hz']
    """
    checked_device(device)
    volts = check.real("voltage", voltage, unit="V")
    series = None if g_s is None else check.real("g_s", g_s, 0.0, math.inf, "()", "S")
    settled = Settled(device, np.array([volts]))
    linear = settled.linear
    at_once, branches = float(linear.i_v[0]), []
    for name in settled.names:
        f_v, i_x, q_x = (float(one[settled.row(name)][0]) for one in (linear.f_v, linear.i_x, linear.q_x))
        tau = -1.0 / float(linear.f_x[settled.row(name)][0])
        at_once += q_x * f_v
        branches.append(StateBranch(name, (i_x * tau - q_x) * f_v + 0.0, tau))  # no -0
    return BranchCircuit(
        device.model, volts, float(linear.i[0]), at_once, float(linear.q_v[0]), tuple(branches), series
    )


def _angular(frequency: ArrayLike) -> Floats:
    """Return angular frequencies (1/s), (n,), of frequencies (Hz) > 0."""
    f = np.atleast_1d(check.numeric("frequency", frequency))
    f = check.array("frequency", f, (None,))
    if not f.size or not (f > 0.0).all():
        raise ValueError(f"frequency must be > 0 Hz, got {check.shown(f.min() if f.size else [])}")
    return 2.0 * np.pi * f
