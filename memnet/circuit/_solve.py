"""Potentials and currents of a network at one moment."""

from __future__ import annotations

import contextlib
import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import _core
from memnet.base import blas, check, text
from memnet.circuit._limits import refuse_limits_alone
from memnet.drive import ROLE_VOLTAGE, Waveform, role_and_value, without_limit
from memnet.network import Network, node_names

SOLVERS = ("kron", "umfpack")
ORDERS = ("auto", "fast", "best")
MOST_THREADS: int = _core.MOST_THREADS

# Role and value of each electrode, and the limit of its current (inf: none); None where no electrode has one.
Boundary: TypeAlias = tuple[NDArray[np.uint8], NDArray[Any], NDArray[np.float64] | None]


class IllConditionedWarning(UserWarning):
    """A solution may be off by more than 1e-10, beside the largest potential or terminal current.

    Attributes
    ----------
    rcond : float
        Reciprocal condition number of the factorisation; nan with kron.
    error_bound : float
        Bound of the relative error of potentials and terminal currents, inf where no digit is certain.

    Examples
    --------
    >>> import warnings
    >>> import memnet as mn
    >>> net = mn.Network(4, [(0, 1), (1, 2), (2, 3)], electrodes={"in": 0, "out": 3})
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     solution = mn.solve(net, [3e-16, 1.0, 1e-16], {"in": 1.0, "out": 0.0}, solver="umfpack")
    >>> caught[0].message.error_bound > 0.1
    True
    >>> round(float(mn.solve(net, [3e-16, 1.0, 1e-16], {"in": 1.0, "out": 0.0}).potential[1]), 12)
    0.75
    """

    def __init__(self, message: str, rcond: float, error_bound: float) -> None:
        super().__init__(message)
        self.rcond = rcond
        self.error_bound = error_bound


@dataclass(frozen=True, eq=False, repr=False)
class Solution(text.Summary):
    """What `memnet.solve` found. Arrays are complex where the problem was.

    For r sets of conductances at once every array has a first axis of length r more, and `conductance` is an array.

    Attributes
    ----------
    potential : ndarray, (n_nodes,)
        Potential of each node (V), nan where no path of conductances > 0 leads to a driven electrode.
    voltage : ndarray, (n_electrodes,)
        Voltage of each electrode (V), in the order of `electrodes`; nan as above.
    current : ndarray, (n_electrodes,)
        Current into the network at each electrode (A), in the order of `electrodes`.
    conductance : float, or ndarray, (r,)
        From the first driven electrode to the other driven ones joined (S); nan with fewer than two driven, and for
        complex problems.
    electrodes : tuple of str
        Names, in the order of the network.
    info : dict
        What the solver says: name, sizes, memory; ``rcond``, the reciprocal condition number (umfpack);
        ``error_bound``, of potentials and terminal currents beside the largest one (umfpack, and complex problems);
        ``ill_conditioned``, where that is above 1e-10; ``underflow``, where a result is below 2.2e-308. Of r sets of
        conductances it is the worst. Where there are limits, ``limited``: the electrodes whose currents are at theirs.
    nodes : tuple of str
        Names of the nodes, where the network is that of a `Circuit`.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    >>> solution = mn.solve(net, 2.0, {"in": 1.0, "out": None})
    >>> solution.voltage_of("out"), solution.current_of("in")
    (1.0, 0.0)
    """

    potential: NDArray[Any]
    voltage: NDArray[Any]
    current: NDArray[Any]
    conductance: float | NDArray[np.float64]
    electrodes: tuple[str, ...]
    info: dict[str, Any]
    nodes: tuple[str, ...] = ()

    @check.known_keywords
    def current_of(self, electrode: str) -> Any:
        """Return the current into the network at an electrode (A), (r,) for r sets of conductances."""
        return self._of(self.current, electrode)

    @check.known_keywords
    def voltage_of(self, electrode: str) -> Any:
        """Return the voltage of an electrode, or of any node of a `Circuit`, (V), (r,) for r sets of conductances."""
        if self.nodes:
            return self._at(self.potential, self.nodes.index(check.one_of("node", electrode, self.nodes)))
        return self._of(self.voltage, electrode)

    def _shown(self, electrode: int) -> str:
        """Return the voltage and current of an electrode, of all replicas where there are several."""
        values = (self.voltage[..., electrode], "V"), (self.current[..., electrode], "A")
        return ", ".join(text.span(value, unit) for value, unit in values)

    def _summary(self) -> dict[str, str]:
        electrodes = [f"{name} {self._shown(k)}" for k, name in enumerate(self.electrodes)]
        return {
            "": text.listed(electrodes, "electrodes", "; "),
            "replicas": str(len(self.potential)) if self.potential.ndim == 2 else "",
            "nodes": str(self.potential.shape[-1]),
            "conductance": "" if np.isnan(self.conductance).all() else text.span(self.conductance, "S"),
            "solver": str(self.info["solver"]),
        }

    def _details(self) -> dict[str, str]:
        rows = self._summary()
        return {"electrodes": rows.pop(""), **rows}

    def _of(self, values: NDArray[Any], electrode: str) -> Any:
        return self._at(values, self.electrodes.index(check.one_of("electrode", electrode, self.electrodes)))

    @staticmethod
    def _at(values: NDArray[Any], k: int) -> Any:
        return values[k].item() if values.ndim == 1 else values[:, k]


def solve_conductances(
    net: Network,
    conductance: ArrayLike,
    drive: Any,
    solver: str = "kron",
    injected: Any = None,
    *,
    order: str = "fast",
    threads: int = 1,
    stacklevel: int = 5,
) -> Solution:
    """Return potentials and currents of a network of conductances: `memnet.solve` documents it."""
    check.instance("net", net, Network, "a Network")
    check.one_of("solver", solver, SOLVERS)
    check.one_of("order", order, ORDERS)
    given = check.given_array("conductance", conductance)
    if given.ndim == 2:
        return _solve_many(net, given, drive, solver, injected, order, threads, stacklevel + 1)
    g = _values("conductance", given, net.n_edges, scalar=True)
    currents = None if injected is None else _injected(injected, net.n_nodes)
    role, value, limit = _boundary(drive, net)
    is_complex = any(part.dtype.kind == "c" for part in (g, value, currents) if part is not None)
    if limit is not None and is_complex:
        raise ValueError("complex numbers have no limits: drive must hold no mn.drive.limited beside them")
    with _one_blas_thread(solver):
        core = _core.Solver(net.core, solver, is_complex, order, threads)
        core.factor(_real(g), _imag(g, is_complex))
        found = core.solve(
            role,
            _real(value),
            _imag(value, is_complex),
            None if currents is None else _real(currents),
            None if currents is None else _imag(currents, is_complex),
            limit,
        )
    info = {"solver": solver, **core.info()}
    if limit is not None:
        info["limited"] = tuple(name for name, side in zip(net.electrodes, found["limited"], strict=True) if side)
    warn_of_accuracy(info, stacklevel)
    return Solution(
        potential=_joined(found, "potential"),
        voltage=_joined(found, "voltage"),
        current=_joined(found, "current"),
        conductance=found["conductance"],
        electrodes=tuple(net.electrodes),
        info=info,
    )


def _solve_many(
    net: Network,
    conductance: NDArray[Any],
    drive: Any,
    solver: str,
    injected: Any,
    order: str,
    threads: int,
    stacklevel: int,
) -> Solution:
    """Return the solutions of r replicas, which have a row of `conductance` each."""
    if injected is not None:
        raise ValueError(f"injected needs conductance of shape ({net.n_edges},), got {conductance.shape}")
    if conductance.dtype.kind == "c":
        raise ValueError(f"complex numbers need conductance of shape ({net.n_edges},), got {conductance.shape}")
    if conductance.dtype.kind == "b":
        raise TypeError("conductance must be numbers, got dtype bool")
    n = len(conductance)
    if conductance.shape[1] != net.n_edges:
        raise ValueError(
            f"conductance must have shape ({net.n_edges},), or (r, {net.n_edges}) for r replicas, "
            f"got {conductance.shape}"
        )
    g = check.array("conductance", conductance, (n, net.n_edges))
    role, value, _ = _boundary(drive, net, n)
    with _one_blas_thread(solver):
        core = _core.Solver(net.core, solver, order=order, threads=threads)
        found = core.solve_many(g, role, value)
    info = {"solver": solver, **core.info()}
    warn_of_accuracy(info, stacklevel)
    return Solution(**found, electrodes=tuple(net.electrodes), info=info, nodes=node_names(net))


@check.known_keywords
def terminal_conductance(
    net: Network, conductance: ArrayLike, *, solver: str = "kron", order: str = "fast", threads: int = 1
) -> NDArray[np.float64]:
    """Return the terminal conductance matrix: current = matrix @ voltage with every electrode driven.

    Parameters
    ----------
    net : Network
        With at least one electrode.
    conductance : float or array_like, (n_edges,)
        Conductance of each edge (S), finite, and >= 0 with kron.
    solver : {"kron", "umfpack"}
        As in `solve`.
    order : {"fast", "auto", "best"}
        As in `solve`.
    threads : int
        As in `solve`.

    Returns
    -------
    ndarray, (n_electrodes, n_electrodes)
        In S; rows and columns in the order of ``net.electrodes``. Symmetric, rows sum to zero.

    Raises
    ------
    TypeError, ValueError, ArithmeticError
        As in `solve`.

    Warns
    -----
    IllConditionedWarning, RuntimeWarning
        As in `solve`.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    >>> mn.terminal_conductance(net, 1.0)
    array([[ 0.5, -0.5],
           [-0.5,  0.5]])
    """
    check.instance("net", net, Network, "a Network")
    check.one_of("solver", solver, SOLVERS)
    check.one_of("order", order, ORDERS)
    check.integer("threads", threads, 1, MOST_THREADS)
    g = _values("conductance", conductance, net.n_edges, scalar=True)
    if np.iscomplexobj(g):
        raise ValueError(
            "conductance must be real here, got complex numbers; drive one electrode at a time with solve()"
        )
    with _one_blas_thread(solver):
        core = _core.Solver(net.core, solver, order=order, threads=threads)
        core.factor(g)
        matrix = core.terminal()
    warn_of_accuracy({"solver": solver, **core.info()})
    return matrix


def warn_of_accuracy(info: Mapping[str, Any], stacklevel: int = 4) -> None:
    """Say what the solver says of its solution: `solver`, `rcond`, `error_bound`, `ill_conditioned`, `underflow`."""
    if info["ill_conditioned"]:
        rcond, bound = info["rcond"], info["error_bound"]
        size = f"by up to {bound:.1e} of the largest" if np.isfinite(bound) else "in every digit"
        why = (
            f"solver='umfpack' finds a matrix that is near singular to rounding, rcond = {rcond:.1e}; solver='kron' is"
            " exact for conductances, or real parts, >= 0"
            if info["solver"] == "umfpack"
            else "imaginary parts of both signs cancel, near a resonance"
        )
        text = f"potentials and currents may be off {size}: {why}"
        warnings.warn(IllConditionedWarning(text, rcond, bound), stacklevel=stacklevel)
    if info.get("underflow"):
        warnings.warn(
            "some potential, current or conductance is below 2.2e-308, where doubles lose their digits, or is 0 for"
            " that reason; give conductances or drives in larger numbers",
            RuntimeWarning,
            stacklevel=stacklevel,
        )


# ---------------------------------------------------------------- arguments


def _values(name: str, value: Any, n: int, *, scalar: bool = False) -> NDArray[Any]:
    """Return finite real or complex numbers, (n,); one number may stand for all of them."""
    given = check.given_array(name, value)
    if given.dtype.kind == "b":
        raise TypeError(f"{name} must be numbers, got dtype bool")
    if scalar and given.ndim == 0 and given.dtype.kind in "iufc":
        given = np.full(n, given[()])
    if given.dtype.kind != "c":
        return check.array(name, given, (n,))
    check.check_shape(name, given.shape, (n,))
    if not np.isfinite(given).all():
        bad = int(np.argmax(~np.isfinite(given)))
        raise ValueError(f"{name} must be finite, got {given[bad]} at index ({bad},)")
    return np.ascontiguousarray(given, dtype=np.complex128)


def _injected(injected: Any, n_nodes: int) -> NDArray[Any]:
    """Return the current into each node (A)."""
    if not isinstance(injected, Mapping):
        return _values("injected", injected, n_nodes)
    nodes = check.ids("injected", list(injected), (None,), n_nodes, "nodes")
    amounts = _values("injected", list(injected.values()), len(nodes))
    currents = np.zeros(n_nodes, dtype=amounts.dtype)
    currents[nodes] = amounts
    return currents


def _boundary(drive: Any, net: Network, n: int | None = None) -> Boundary:
    """Return role, (n_electrodes,), value, (n_electrodes,) or, for n replicas, (n, n_electrodes), and limits (A)."""
    electrodes = net.electrodes
    names = list(electrodes)
    if n is None and type(drive) is dict and drive.keys() == electrodes.keys():
        volts = [drive[name] for name in names]
        if set(map(type, volts)) == {float} and all(map(math.isfinite, volts)):  # what most are; crossbars have many
            return np.full(len(names), ROLE_VOLTAGE, dtype=np.uint8), np.array(volts), None
    if not isinstance(drive, Mapping):
        raise TypeError(f"drive must be a dict from electrodes to volts, got {drive!r}")
    for name in drive:
        if name not in electrodes:
            near = check.did_you_mean(str(name), names)
            raise ValueError(
                f"unknown electrode {name!r} in drive{near}; the network has: {', '.join(names) or 'none'}"
            )
    role = np.zeros(len(names), dtype=np.uint8)
    values: list[Any] = []
    limit = np.full(len(names), np.inf)
    for k, name in enumerate(names):
        if name not in drive and name not in net.joints:
            raise ValueError(f"no drive given for electrode {name!r} (use None to let it float)")
        given = drive.get(name)
        if n is None and type(given) is float and math.isfinite(given):
            role[k] = ROLE_VOLTAGE
            values.append(given)
            continue
        where = f"drive[{name!r}]"
        if isinstance(given, Waveform) and n is None:
            given, limit[k] = without_limit(where, given)
        role[k], value = _driven(where, given) if n is None else _driven_each(where, given, n)
        values.append(value)
    if names and not role.any():
        raise ValueError(f"no electrode is driven: drive must give at least one of {', '.join(names)} a value")
    kind: Any = np.complex128 if any(isinstance(number, complex) for number in values) else np.float64
    if n is not None:
        return role, np.array(values, dtype=kind).reshape(len(names), n).T.copy(), None
    limited = np.isfinite(limit)
    refuse_limits_alone(net, limited, (role == ROLE_VOLTAGE) & ~limited)
    return role, np.array(values, dtype=kind), limit if limited.any() else None


def _driven(name: str, given: Any) -> tuple[int, complex]:
    """Return role and value of one electrode."""
    if isinstance(given, (list, tuple, np.ndarray)):
        raise TypeError(f"{name} must be one value; a value for each replica needs conductance of shape (r, n_edges)")
    if not isinstance(given, (complex, np.complexfloating)):
        return role_and_value(name, given)
    if not np.isfinite(given):
        raise ValueError(f"{name} must be finite, got {given!r}")
    return ROLE_VOLTAGE, complex(given)


def _driven_each(name: str, given: Any, n: int) -> tuple[int, NDArray[np.float64]]:
    """Return role and values, (n,), of one electrode of n replicas."""
    if isinstance(given, (list, tuple)) and any(isinstance(one, Waveform) for one in given):
        check.check_shape(name, (len(given),), (n,))
        pairs = [role_and_value(f"{name}[{k}]", one) for k, one in enumerate(given)]
        if len({role for role, _ in pairs}) > 1:
            raise ValueError(f"{name} must be voltages or currents in all replicas alike")
        return pairs[0][0], np.array([value for _, value in pairs])
    if isinstance(given, (list, tuple, np.ndarray)):
        return ROLE_VOLTAGE, check.array(name, given, (n,))
    if isinstance(given, (complex, np.complexfloating)):
        raise ValueError(f"{name} must be real where conductance has several rows, got {given!r}")
    role, value = role_and_value(name, given)
    return role, np.full(n, value)


# ---------------------------------------------------------------- complex numbers as two arrays


def _real(values: NDArray[Any]) -> NDArray[np.float64]:
    return np.ascontiguousarray(values.real)


def _imag(values: NDArray[Any], is_complex: bool) -> NDArray[np.float64] | None:
    return np.ascontiguousarray(values.imag) if is_complex else None


def _joined(found: Mapping[str, NDArray[np.float64]], name: str) -> NDArray[Any]:
    """Return real and imaginary part as one array."""
    if f"{name}_imag" not in found:
        return found[name]
    joined = np.empty(len(found[name]), dtype=np.complex128)
    joined.real = found[name]
    joined.imag = found[f"{name}_imag"]
    return joined


def _one_blas_thread(solver: str) -> contextlib.AbstractContextManager[Any]:
    """Pin BLAS, which UMFPACK calls, to one thread."""
    return blas.one_thread() if solver == "umfpack" else contextlib.nullcontext()
