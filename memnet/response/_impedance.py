"""The impedance of a circuit between two electrodes, from its linearisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import drive as drives
from memnet.base import check
from memnet.circuit import solve_conductances
from memnet.drive import Driven
from memnet.response._eigenvalues import warn_of_growth
from memnet.response._nodes import sorted_nodes
from memnet.response._operating_point import OperatingPoint, operating_point
from memnet.response._pencil import Assembly
from memnet.simulate import versions

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]

# The part of an admittance that is nothing beside the other one: what is kept of the smaller potentials has all digits.
NOTHING = 1e-250
# 2 pi times this is a number still, with room for sums of it (Hz).
HIGHEST = 1e300


@check.known_keywords
def impedance(
    sim: Any,
    port: tuple[str, str] = ("left", "right"),
    frequency: ArrayLike = 1.0,
    bias: Mapping[str, Driven] | None = None,
    *,
    at: str = "static",
) -> xr.DataArray:
    """Return the impedance of a circuit or network between two electrodes, over frequency.

    Parameters
    ----------
    sim : Simulation
        It is looked at, not changed.
    port : tuple of two str
        Electrodes: a small voltage is put on the first one, and the second one is held. The others keep their roles:
        held at constant voltages, fed with constant currents, floating.
    frequency : float or array_like, (n,)
        In Hz, > 0.
    bias : dict, optional
        Constant values of electrodes at the operating point, as in a drive (V, `mn.drive.current`, None to float), in
        place of those that the drive has. None: all are those of the drive at the simulation's present time.
    at : {"static", "present"}
        Where the circuit is linearised. "static": the static state that it comes to from its present one. "present":
        states of devices stay what they are now, also where they would move on their own; potentials balance, with no
        current through capacitors.

    Returns
    -------
    xarray.DataArray
        Complex (ohm), over `frequency` (Hz). `attrs` say the port, the voltage (V) and the current (A) of the operating
        point there, and whether it is stable (1 or 0).

    Raises
    ------
    TypeError, ValueError
        Arguments that do not fit; a frequency that is not > 0, or above 1e300 Hz; a bias that is not constant; a drive
        that limits a current; a model without a linearisation (random, with vectors, with
        events of each step), one that reads states of other edges, one with the time in its equations: by name; a port
        that nothing joins.
    NoOperatingPoint
        There is no static state, or none was found; it is a ValueError and an ArithmeticError.

    Warns
    -----
    UnstableWarning
        The operating point is unstable; it names the rightmost eigenvalue. The impedance is returned all the same: it
        is that of the linearised circuit.
    IllConditionedWarning
        As in `solve`, near a resonance.

    Notes
    -----
    An edge with the current i(v, x), the charge q(v, x) and the rates dx/dt = f(v, x) is, for departures that go as
    exp(i w t), an admittance::

        y = i_v + i w q_v + (i_x + i w q_x) . (i w - f_x)^-1 f_v

    with indices for derivatives at the operating point; states of one edge that move each other are a matrix f_x. An
    edge that reads the voltage of another (`mn.link`) has a second admittance of that voltage, with i_u and f_u. The
    network of these admittances is solved by `kron` where all real parts are >= 0, by `umfpack` where one is not, and
    by sparse LU where edges read others: Z = 1 V / (current into the first electrode).

    Edges whose conductance moves at events alone (`TunnelGap`, `AtomicSwitch`) are conductances, as they are now.

    Examples
    --------
    >>> import memnet as mn
    >>> circuit = mn.Circuit()
    >>> _ = circuit.add("in", "mid", mn.Resistor(conductance=1e-3))
    >>> _ = circuit.add("mid", "gnd", mn.Capacitor(capacitance=1e-6))
    >>> _ = circuit.add("mid", "gnd", mn.Resistor(conductance=1e-3))
    >>> sim = circuit.simulation({"in": 0.0, "gnd": 0.0})
    >>> z = mn.impedance(sim, ("in", "gnd"), [1.0, 159.15494309, 1e5])
    >>> z.values.round(1)
    array([2000.  -6.3j, 1500.-500.j , 1000.  -1.6j])
    """
    names = checked_port(sim, port)
    f = checked_frequency(frequency)
    point = operating_point(sim, bias, at)
    stable = warn_of_growth(point, 4)
    return spectrum(point, names, f, 1.0 / admittances(point, names, f)[0], stable)


def checked_port(simulation: Any, port: Any) -> tuple[str, str]:
    """Return the two electrodes of a port.

    Raises
    ------
    TypeError, ValueError
        Not two different electrodes of the simulation's network.
    """
    electrodes = getattr(getattr(simulation, "net", None), "electrodes", None)
    if electrodes is None:
        raise TypeError(f"sim must be a Simulation, got {check.shown(simulation)}")
    if not isinstance(port, (tuple, list)) or len(port) != 2:
        raise TypeError(f"port must be a tuple of two electrodes, got {check.shown(port)}")
    first, second = (check.known_name("electrode in port", name, dict.fromkeys(electrodes)) for name in port)
    if first == second:
        raise ValueError(f"port must be two different electrodes, got {check.shown(port)}")
    return first, second


def checked_frequency(frequency: Any) -> Floats:
    """Return frequencies (Hz), (n,), finite and > 0."""
    values = np.atleast_1d(check.numeric("frequency", frequency))
    f = check.array("frequency", values, (None,))
    if not f.size:
        raise ValueError("frequency must hold at least one number")
    if not (f > 0.0).all():
        bad = int(np.argmax(~(f > 0.0)))
        raise ValueError(f"frequency must be > 0 Hz, got {f[bad]:.15g} at index ({bad},)")
    if f.max() > HIGHEST:
        bad = int(np.argmax(f))
        raise ValueError(f"frequency must be at most {HIGHEST:g} Hz, got {f[bad]:.15g} at index ({bad},)")
    return f


def spectrum(
    point: OperatingPoint, port: tuple[str, str], frequency: Floats, values: Complex, stable: bool
) -> xr.DataArray:
    """Return impedances (ohm) as an array with what they belong to."""
    import xarray as xr

    of_frequency = {"units": "Hz", "long_name": "frequency"}
    return xr.DataArray(
        values,
        {"frequency": ("frequency", frequency, of_frequency)},
        "frequency",
        name="impedance",
        attrs={
            "units": "ohm",
            "long_name": "impedance",
            "port": f"{port[0]} to {port[1]}",
            "voltage": point.voltage_of(port[0]) - point.voltage_of(port[1]),
            "current": point.current_into(port[0]),
            "stable": int(stable),
            **versions(),
        },
    )


# ---------------------------------------------------------------- edges


def states_by_voltage(point: OperatingPoint, s: complex) -> tuple[Complex, Complex]:
    """Return what states move by with their edge's voltage, and with the voltage that it reads, (n_states,) each.

    They are (s - f_x)^-1 f_v and (s - f_x)^-1 f_u. A state that nothing moves stays.
    """
    linear = point.linear
    own, read = np.zeros((2, point.equations.n_states), dtype=np.complex128)
    for to, by in ((own, linear.f_v), (read, linear.f_u)):
        moved = by != 0.0
        to[moved] = by[moved] / (s - linear.f_x[moved])
    for one in point.coupled:
        n_states = one.part.shape[0]
        matrix = s * np.eye(n_states) - one.slopes
        k = np.arange(n_states)
        matrix[:, k, k] -= linear.f_x[one.part.block].reshape(one.part.shape).T
        for to, by in ((own, linear.f_v), (read, linear.f_u)):
            right = by[one.part.block].reshape(one.part.shape).T
            to[one.part.block] = np.linalg.solve(matrix, right[:, :, None])[:, :, 0].T.ravel()
    return own, read


def edge_admittances(point: OperatingPoint, s: complex) -> tuple[Complex, Complex]:
    """Return the admittance of each edge by its own voltage, and by the one that it reads, (n_edges,) each (S)."""
    linear, edge = point.linear, point.equations.edge
    by_states = linear.i_x + s * linear.q_x
    y = linear.i_v + s * linear.q_v
    w = linear.i_u.astype(np.complex128)
    for total, moved in zip((y, w), states_by_voltage(point, s), strict=True):
        np.add.at(total, edge, by_states * moved)
    return _told(y), w


def _told(y: Complex) -> Complex:
    """Return admittances without parts so far below the other part that products with them would leave the doubles."""
    real, imaginary = np.abs(y.real), np.abs(y.imag)
    told: Complex = y.copy()
    told.real[real < NOTHING * imaginary] = 0.0
    told.imag[imaginary < NOTHING * real] = 0.0
    return told


# ---------------------------------------------------------------- the network


def admittances(point: OperatingPoint, port: tuple[str, str], frequency: Floats) -> tuple[Complex, Complex]:
    """Return the admittance of a port (n,) (S), and the potentials of nodes by its voltage, (n, n_nodes).

    Raises
    ------
    ValueError
        Nothing joins the electrodes of the port.
    """
    reads = bool((point.equations.linked >= 0).any())
    solve = _Reading(point, port).solve if reads else _plain(point, port)
    values, potentials = [], []
    for f in frequency:
        into, potential = solve(*edge_admittances(point, 2j * np.pi * f))
        if not np.isfinite(into) or into == 0.0:
            raise ValueError(f"port must be two electrodes between which a current flows; {port} are not joined")
        values.append(into)
        potentials.append(potential)
    return np.array(values), np.array(potentials)


def _plain(point: OperatingPoint, port: tuple[str, str]) -> Any:
    """Return what solves a network whose edges read no others."""
    net = point.simulation.net
    drive: dict[str, Any] = {}
    for name, role in zip(net.electrodes, point.role.tolist(), strict=True):
        drive[name] = {drives.ROLE_VOLTAGE: 0.0, drives.ROLE_CURRENT: drives.current(0.0)}.get(role)
    drive |= {port[0]: 1.0, port[1]: 0.0}

    def solve(y: Complex, _: Complex) -> tuple[complex, Complex]:
        solver = "kron" if (y.real >= 0.0).all() else "umfpack"
        found = solve_conductances(net, y, drive, solver, stacklevel=7)
        return complex(found.current_of(port[0])), found.potential

    return solve


class _Reading:
    """Solves a network some of whose edges read voltages of others."""

    def __init__(self, point: OperatingPoint, port: tuple[str, str]) -> None:
        net = point.simulation.net
        names = list(net.electrodes)
        role = point.role.copy()
        role[[names.index(name) for name in port]] = drives.ROLE_VOLTAGE
        value = np.zeros(len(names))
        value[names.index(port[0])] = 1.0
        every = np.ones(net.n_edges, dtype=bool)
        nodes = sorted_nodes(net, every, role, value * (role == drives.ROLE_VOLTAGE), 0.0 * value)
        ends = np.asarray(net.edges)
        self.assembly = Assembly(point.equations, ends, nodes, np.empty(0, dtype=np.int64))
        inside = np.isin(ends, net.electrodes[port[0]]).astype(float)
        self.into = inside[:, 0] - inside[:, 1]
        self.linked = point.equations.linked

    def solve(self, y: Complex, w: Complex) -> tuple[complex, Complex]:
        """Return the current into the port (A) and the potentials (V)."""
        from scipy import sparse
        from scipy.sparse import linalg

        incidence, alive = self.assembly.incidence, self.assembly.alive
        reads = np.flatnonzero(self.linked >= 0)
        read = self.linked[reads]
        held = self.assembly.voltage(np.zeros(self.assembly.n)).astype(np.complex128)
        matrix = incidence.T @ sparse.diags_array(y * alive) @ incidence
        matrix = matrix + incidence[reads].T @ sparse.diags_array((w * alive)[reads]) @ incidence[read]

        def current(v: Complex) -> Complex:
            i = y * v
            i[reads] += w[reads] * v[read]
            return i * alive

        try:
            u = linalg.splu(sparse.csc_array(matrix)).solve(-(incidence.T @ current(held)))
        except RuntimeError:
            return complex(np.nan), np.empty(0, dtype=np.complex128)
        potential = self.assembly.potential(np.zeros(self.assembly.n)).astype(np.complex128)
        free = self.assembly.nodes.free >= 0
        potential[free] = u[self.assembly.nodes.free[free]]
        return complex(self.into @ current(held + incidence @ u)), potential
