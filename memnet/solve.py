"""Potentials and currents of a network at one moment."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import _check, _core
from memnet.network import Network

SOLVERS = ("kron", "umfpack")


@dataclass(frozen=True, eq=False)
class Solution:
    """What `solve` found. Arrays are complex where the problem was.

    Attributes
    ----------
    potential : ndarray, (n_nodes,)
        Potential of each node (V), nan where no path of conductances > 0 leads to a driven electrode.
    voltage : ndarray, (n_electrodes,)
        Voltage of each electrode (V), in the order of `electrodes`; nan as above.
    current : ndarray, (n_electrodes,)
        Current into the network at each electrode (A), in the order of `electrodes`.
    conductance : float
        From the first driven electrode to the other driven ones joined (S); nan with fewer than two driven, and for
        complex problems.
    electrodes : tuple of str
        Names, in the order of the network.
    info : dict
        What the solver says: name, sizes, memory, and ``rcond``, the reciprocal condition number (umfpack).

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
    conductance: float
    electrodes: tuple[str, ...]
    info: dict[str, Any]

    @_check.known_keywords
    def current_of(self, electrode: str) -> Any:
        """Return the current into the network at an electrode (A)."""
        return self.current[self._index(electrode)].item()

    @_check.known_keywords
    def voltage_of(self, electrode: str) -> Any:
        """Return the voltage of an electrode (V)."""
        return self.voltage[self._index(electrode)].item()

    def _index(self, electrode: str) -> int:
        return self.electrodes.index(_check.one_of("electrode", electrode, self.electrodes))


@_check.known_keywords
def solve(
    net: Network,
    conductance: ArrayLike,
    drive: Mapping[str, Any],
    *,
    solver: str = "kron",
    injected: ArrayLike | Mapping[int, Any] | None = None,
) -> Solution:
    """Return potentials and currents of a network of conductances.

    Parameters
    ----------
    net : Network
        With at least one electrode.
    conductance : float or array_like, (n_edges,)
        Conductance of each edge (S), finite, and >= 0 with kron. Complex numbers (admittances) need umfpack.
    drive : dict
        For every electrode a voltage (V), ``mn.drive.current(A)`` for a current into the network, or None to let it
        float. With no voltage the currents must sum to zero, and the first electrode is at 0 V.
    solver : {"kron", "umfpack"}
        Elimination in sum form, which is exact to rounding over any range of conductances >= 0; or a general sparse
        LU factorisation, which also takes negative and complex conductances.
    injected : array_like, (n_nodes,), or dict, optional
        Current into each node (A), or a dict from node to current.

    Returns
    -------
    Solution
        With `potential`, `voltage`, `current` and `conductance`.

    Raises
    ------
    ValueError
        A conductance that is not finite, or negative with kron; an unknown electrode, one without a drive, or none
        driven; a current into a part of the network that no voltage holds.
    TypeError
        An argument of the wrong type, or an unknown keyword.
    ArithmeticError
        The system is singular (umfpack).

    Notes
    -----
    kron takes one factorisation in the elimination order of SuiteSparse's AMD: for planar networks about O(n log n)
    time and memory. Potentials of voltage-driven networks are accurate componentwise to about 1e-15.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    >>> solution = mn.solve(net, [1.0, 1.0], {"in": 1.0, "out": 0.0})
    >>> solution.potential
    array([1. , 0.5, 0. ])
    >>> solution.current_of("in")
    0.5
    """
    _check.instance("net", net, Network, "a Network")
    _check.one_of("solver", solver, SOLVERS)
    g = _values("conductance", conductance, net.n_edges, scalar=True)
    currents = None if injected is None else _injected(injected, net.n_nodes)
    role, value = _boundary(drive, net)
    is_complex = any(np.iscomplexobj(part) for part in (g, value, currents) if part is not None)
    _refuse_complex(is_complex, solver)
    with _one_blas_thread(solver):
        core = _core.Solver(net._core, solver, is_complex)
        core.factor(_real(g), _imag(g, is_complex))
        found = core.solve(
            role,
            _real(value),
            _imag(value, is_complex),
            None if currents is None else _real(currents),
            None if currents is None else _imag(currents, is_complex),
        )
    return Solution(
        potential=_joined(found, "potential"),
        voltage=_joined(found, "voltage"),
        current=_joined(found, "current"),
        conductance=found["conductance"],
        electrodes=tuple(net.electrodes),
        info={"solver": solver, **core.info()},
    )


@_check.known_keywords
def terminal_conductance(net: Network, conductance: ArrayLike, *, solver: str = "kron") -> NDArray[np.float64]:
    """Return the terminal conductance matrix: current = matrix @ voltage with every electrode driven.

    Parameters
    ----------
    net : Network
        With at least one electrode.
    conductance : float or array_like, (n_edges,)
        Conductance of each edge (S), finite, and >= 0 with kron.
    solver : {"kron", "umfpack"}
        As in `solve`.

    Returns
    -------
    ndarray, (n_electrodes, n_electrodes)
        In S; rows and columns in the order of ``net.electrodes``. Symmetric, rows sum to zero.

    Raises
    ------
    TypeError, ValueError, ArithmeticError
        As in `solve`.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    >>> mn.terminal_conductance(net, 1.0)
    array([[ 0.5, -0.5],
           [-0.5,  0.5]])
    """
    _check.instance("net", net, Network, "a Network")
    _check.one_of("solver", solver, SOLVERS)
    g = _values("conductance", conductance, net.n_edges, scalar=True)
    if np.iscomplexobj(g):
        raise ValueError(
            "conductance must be real here, got complex numbers; drive one electrode at a time with solve()"
        )
    with _one_blas_thread(solver):
        core = _core.Solver(net._core, solver)
        core.factor(g)
        return core.terminal()


# ---------------------------------------------------------------- arguments


def _refuse_complex(is_complex: bool, solver: str) -> None:
    if is_complex and solver != "umfpack":
        raise ValueError(f"solver={solver!r} takes real numbers only; use solver='umfpack' for complex ones")


def _values(name: str, value: Any, n: int, *, scalar: bool = False) -> NDArray[Any]:
    """Return finite real or complex numbers, (n,); one number may stand for all of them."""
    given = _check.given_array(name, value)
    if given.dtype.kind == "b":
        raise TypeError(f"{name} must be numbers, got dtype bool")
    if scalar and given.ndim == 0 and given.dtype.kind in "iufc":
        given = np.full(n, given[()])
    if given.dtype.kind != "c":
        return _check.array(name, given, (n,))
    _check.check_shape(name, given.shape, (n,))
    if not np.isfinite(given).all():
        bad = int(np.argmax(~np.isfinite(given)))
        raise ValueError(f"{name} must be finite, got {given[bad]} at index ({bad},)")
    return np.ascontiguousarray(given, dtype=np.complex128)


def _injected(injected: Any, n_nodes: int) -> NDArray[Any]:
    """Return the current into each node (A)."""
    if not isinstance(injected, Mapping):
        return _values("injected", injected, n_nodes)
    nodes = _check.ids("injected", list(injected), (None,), n_nodes, "nodes")
    amounts = _values("injected", list(injected.values()), len(nodes))
    currents = np.zeros(n_nodes, dtype=amounts.dtype)
    currents[nodes] = amounts
    return currents


def _boundary(drive: Any, net: Network) -> tuple[NDArray[np.uint8], NDArray[Any]]:
    """Return role and value of each electrode."""
    from memnet.drive import role_and_value

    names = list(net.electrodes)
    if not isinstance(drive, Mapping):
        raise TypeError(f"drive must be a dict from electrodes to volts, got {drive!r}")
    for name in drive:
        if name not in names:
            near = _check.did_you_mean(str(name), names)
            raise ValueError(
                f"unknown electrode {name!r} in drive{near}; the network has: {', '.join(names) or 'none'}"
            )
    role = np.zeros(len(names), dtype=np.uint8)
    values: list[complex] = []
    for k, name in enumerate(names):
        if name not in drive:
            raise ValueError(f"no drive given for electrode {name!r} (use None to let it float)")
        given = drive[name]
        if isinstance(given, (complex, np.complexfloating)):
            if not np.isfinite(given):
                raise ValueError(f"drive[{name!r}] must be finite, got {given!r}")
            role[k] = 1
            values.append(complex(given))
        else:
            role[k], number = role_and_value(f"drive[{name!r}]", given)
            values.append(number)
    if names and not role.any():
        raise ValueError(f"no electrode is driven: drive must give at least one of {', '.join(names)} a value")
    kind: Any = np.complex128 if any(isinstance(number, complex) for number in values) else np.float64
    return role, np.array(values, dtype=kind)


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
    """Pin BLAS, which UMFPACK calls, to one thread: more are slower here, and give other bits."""
    if solver == "umfpack":
        with contextlib.suppress(ImportError):
            from threadpoolctl import threadpool_limits

            limits: contextlib.AbstractContextManager[Any] = threadpool_limits(limits=1, user_api="blas")
            return limits
    return contextlib.nullcontext()
