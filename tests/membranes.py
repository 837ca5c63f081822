"""Membranes of Hodgkin and Huxley in plain NumPy and SciPy: one of them, and as many as resistors join.

Potentials u in mV from rest, times in ms, currents in uA/cm2, conductances in mS/cm2, capacitances in uF/cm2.
"""

from collections.abc import Callable

import numpy as np
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicSpline

G_NA, G_K, G_LEAK = 120.0, 36.0, 0.3
E_NA, E_K, E_LEAK = 115.0, -12.0, 10.6


def linear_over_exponential(z):
    """Return z/(exp(z) - 1), which is 1 at 0."""
    z = np.asarray(z, dtype=float)
    nonzero = np.where(z == 0.0, 1.0, z)
    return np.where(z == 0.0, 1.0, nonzero / np.expm1(nonzero))


def rates(u):
    """Return a and b of the gates m, h and n."""
    a = linear_over_exponential((25 - u) / 10), 0.07 * np.exp(-u / 20), 0.1 * linear_over_exponential((10 - u) / 10)
    b = 4 * np.exp(-u / 18), 1 / (np.exp((30 - u) / 10) + 1), 0.125 * np.exp(-u / 80)
    return np.array(a), np.array(b)


def gates_at(u):
    a, b = rates(u)
    return a / (a + b)


def ion_current(u, m, h, n):
    return G_NA * m**3 * h * (u - E_NA) + G_K * n**4 * (u - E_K) + G_LEAK * (u - E_LEAK)


def steady_current(u):
    return ion_current(u, *gates_at(u))


def derivative(state, current):
    """Return d(u, m, h, n)/dt, of shape (4,) or (4, n), for what flows into each membrane."""
    u, gates = state[0], state[1:]
    a, b = rates(u)
    return np.concatenate([[current - ion_current(u, *gates)], a * (1 - gates) - b * gates])


def at_rest(u, n=1):
    return np.repeat(np.array([u, *gates_at(u)])[:, None], n, axis=1)


def coupled(state: np.ndarray, laplacian: Callable, stimuli: list, rows: np.ndarray, rtol: float = 1e-10) -> np.ndarray:
    """Return the potentials at `rows`, (rows, n), of membranes into which -laplacian(u) flows.

    `stimuli` are pairs of the time at which one ends and what then has flowed into each membrane.
    """
    n, found, start = state.shape[1], [], 0.0
    for end, current in stimuli:

        def of(t, y, current=current):
            now = y.reshape(4, n)
            return derivative(now, current - laplacian(now[0])).ravel()

        inside = rows[(rows >= start) & (rows < end)]
        until = np.append(inside, end)
        made = solve_ivp(of, (start, end), state.ravel(), t_eval=until, method="LSODA", rtol=rtol, atol=1e-12)
        found.append(made.y[:n, :-1].T)
        state, start = made.y[:, -1].reshape(4, n), end
    return np.concatenate(found)


def arrivals(time: np.ndarray, u: np.ndarray, level: float = 50.0) -> np.ndarray:
    """Return when each column of u first rises through a level, by a cubic curve through the rows."""
    found = []
    for one in u.T:
        curve = CubicSpline(time, one)
        times = curve.solve(level, extrapolate=False)
        found.append(times[curve(times, 1) > 0.0][0])
    return np.array(found)
