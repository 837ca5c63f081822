"""Which states move at all, and between which ends: a model may hold a state inside its field's range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memnet.simulate import Equations, Linear

Floats = NDArray[np.float64]
# Voltages, as parts of the largest one, at which models are asked whether a state moves.
PARTS = (1.0, -1.0, 0.37, -0.37, 1e-2, -1e-2, 10.0, -10.0, 1e3, -1e3)
# The same for the question whether its steady current falls where its voltage rises.
DENSE = tuple(sign * part for part in np.geomspace(1e-2, 1e3, 20) for sign in (1.0, -1.0))
# An end holds a state where its rate jumps to 0 from more than this part of the largest rate seen.
LEAST_JUMP = 1e-9


@dataclass(frozen=True)
class Survey:
    """What models say of themselves when they are asked at many voltages and states."""

    low: Floats  # (n_states,): between which ends each state stays
    high: Floats
    moving: NDArray[np.bool_]  # (n_states,): whether anything moves it
    conducts: NDArray[np.bool_]  # (n_edges,): whether a constant voltage may carry a current that it decides
    folding: NDArray[np.bool_]  # (n_edges,): whether more than one steady state may carry one current, or one voltage


def survey(equations: Equations, volts: float) -> Survey:
    """Return what the models of a circuit do at voltages around the largest one that it has, `volts` (V)."""
    low, high = equations.low.copy(), equations.high.copy()
    moving = np.zeros(equations.n_states, dtype=bool)
    largest = np.zeros(equations.n_states)
    conducts = np.zeros(equations.n_edges, dtype=bool)
    for volt in (part * volts for part in PARTS):
        for states in (equations.present, _inner(equations, 0.3), _inner(equations, 0.8)):
            linear = _each(equations, np.full(equations.n_edges, volt), states)
            moving |= ~_still(linear)
            conducts |= linear.i_v != 0.0
            conducts[equations.edge[(linear.i_x != 0.0) & ~_still(linear)]] = True
            largest = np.fmax(largest, np.abs(linear.f))
    moving &= ~equations.discrete
    for volt in (part * volts for part in PARTS):
        for ends, outermost in ((low, -np.finfo(float).max), (high, np.finfo(float).max)):
            _narrow(equations, ends, outermost, volt, moving, largest)
    return Survey(low, high, moving, conducts, _folding(equations, volts, moving))


def _folding(equations: Equations, volts: float, moving: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which edges have, somewhere, a negative slope of their steady current or a state that runs away.

    A circuit of edges whose steady currents all rise with their voltages has one static state.
    """
    folding = equations.linked >= 0
    for volt in (part * volts for part in DENSE):
        for states in (equations.present, _inner(equations, 0.3), _inner(equations, 0.8)):
            linear = _each(equations, np.full(equations.n_edges, volt), states)
            slope = linear.i_v.copy()
            with np.errstate(all="ignore"):
                follows = np.where(moving & (linear.f_x < 0.0), -linear.i_x * linear.f_v / linear.f_x, 0.0)
            np.add.at(slope, equations.edge, np.nan_to_num(follows))
            folding |= slope < 0.0
            folding[equations.edge[moving & (linear.f_x > 0.0)]] = True
    return folding


def _still(linear: Linear) -> NDArray[np.bool_]:
    """Return which states nothing moves at this point: the rate and its slopes are exactly 0."""
    at_rest: NDArray[np.bool_] = (linear.f == 0.0) & (linear.f_x == 0.0) & (linear.f_v == 0.0)
    return at_rest


def _inner(equations: Equations, part: float) -> Floats:
    """Return states inside finite ranges, and elsewhere the present ones, moved."""
    finite = np.isfinite(equations.high - equations.low) & ~equations.discrete
    with np.errstate(invalid="ignore"):
        inside = equations.low + part * (equations.high - equations.low)
    return np.where(finite, inside, equations.present)


def _narrow(
    equations: Equations, ends: Floats, outermost: float, volt: float, moving: NDArray[np.bool_], largest: Floats
) -> None:
    """Move ends to where, on the way out from the present states, the rate at a voltage is cut to 0.

    Where a model holds a state is the first number at which rate and slopes are 0; halving the interval of numbers
    between it and a state that moves finds it to the last bit.
    """
    voltage = np.full(equations.n_edges, volt)
    inner = np.where(moving, equations.present, 0.0)
    outer = np.where(np.isfinite(ends), ends, outermost)
    outer = np.where(moving, outer, equations.present)
    inner = np.where(moving, inner, equations.present)
    moves_inside = ~_still(_each(equations, voltage, inner))
    held_outside = _still(_each(equations, voltage, outer))
    sought = moving & moves_inside & held_outside & (inner != outer)
    if not sought.any():
        return
    near, far = _ordered(inner), _ordered(outer)
    while (apart := sought & (np.abs(far - near) > 1)).any():
        middle = np.where(apart, near // 2 + far // 2 + (near % 2 + far % 2) // 2, far)
        held = _still(_each(equations, voltage, np.where(apart, _numbers(middle), equations.present)))
        far = np.where(apart & held, middle, far)
        near = np.where(apart & ~held, middle, near)
    rate = np.abs(_each(equations, voltage, np.where(sought, _numbers(near), equations.present)).f)
    cut = sought & (rate > LEAST_JUMP * largest)
    ends[cut] = _numbers(far)[cut]


def _each(equations: Equations, voltage: Floats, states: Floats) -> Linear:
    with np.errstate(all="ignore"):
        return equations.at(voltage, states)


def _ordered(values: Floats) -> NDArray[np.int64]:
    """Return integers in the order of finite numbers, consecutive ones for neighbours."""
    bits = (values + 0.0).view(np.int64)
    return np.where(bits < 0, np.iinfo(np.int64).min - bits, bits)


def _numbers(order: NDArray[np.int64]) -> Floats:
    """Return the numbers of `_ordered`."""
    bits = np.where(order < 0, np.iinfo(np.int64).min - order, order)
    return bits.view(np.float64)
