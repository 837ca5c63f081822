"""How long a string of particles conducts without a voltage, at several temperatures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from memnet import analysis
from memnet.analysis import Arrhenius
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import DiffusiveMemristor
from memnet.drive import Waveform
from memnet.papers.diffusive2017 import common
from memnet.simulate import Simulation

TEMPERATURES = 0.3, 0.35, 0.4, 0.45  # k_B T/w_p: "varied from 0.3 to 0.45"
# The paper's law of relaxation times, ln(kappa tau) = A + B w_p/(k_B T): the inset of Fig. 4 a.
PRINTED_A, PRINTED_B = 0.1, 1.0

SPACING = 0.5  # 1/kappa between rows
LOOK, MOST = 20, 5000  # rows after which it is looked whether all are relaxed, and after which that is given up


def string(device: DiffusiveMemristor) -> Floats:
    """Return places (particle,) of a bridge: three tenths of the particles even between two clusters.

    What a pulse leaves depends on the temperature during the pulse; this start is the same at all of them.
    """
    n, x_c = int(device.parameters["n"]), float(device.parameters["x_c"])
    each = (7 * n) // 20
    bridge = np.linspace(-0.75, 0.75, n - 2 * each)
    return np.concatenate([np.full(each, -x_c), bridge, np.full(each, x_c)])


def bridges(
    device: DiffusiveMemristor, *, runs: int, dt: float, seed: int | None, wave: Waveform | float = 0.0
) -> Simulation:
    """Return realisations that all start from the `string`."""
    sim = common.realisations(device, wave, runs=runs, dt=dt, seed=seed)
    sim.set_state(device, x=np.tile(string(device), (runs, 1)))
    return sim


def temperatures(values: Sequence[float]) -> Floats:
    """Return temperatures of a figure, which are checked."""
    given = check.array("temperatures", values, (None,))
    if given.size < 2 or (given <= 0.0).any() or np.unique(given).size < given.size:
        raise ValueError(f"temperatures must be two or more, different and above 0, got {check.shown(values)}")
    return given


def until_relaxed(sim: Simulation, device: DiffusiveMemristor, rows: int = 0, every: int = 1) -> Floats:
    """Return conductances (time, run) in G_max for so many rows, and on until all have been down at 0.02.

    Raises
    ------
    ArithmeticError
        One conducts for longer than 5,000 rows.
    """
    shares = np.empty((0, sim.net.n_edges))
    while len(shares) < rows or not (shares <= common.RELAXED).any(axis=0).all():
        if len(shares) >= max(rows, MOST):
            theta = float(device.parameters["theta0"])
            raise ArithmeticError(
                f"a bridge conducts more than {common.RELAXED} G_max for longer than {MOST} rows at k_B T/w_p ="
                f" {theta:g}; temperatures are such ratios, as 0.45, not in K"
            )
        part = sim.run(LOOK * every, record="state:r", every=every)
        shares = np.vstack([shares, common.shares(part["state_r"].values, device)])
    return shares


def relaxation_times(thetas: Floats, *, preset: str, runs: int, seed: int | None) -> Floats:
    """Return the relaxation times (temperature, run) of bridges in 1/kappa, each to 0.02 G_max."""
    rows = []
    for theta in thetas:
        device = common.memristor(preset, theta0=float(theta))
        rows.append(times(until_relaxed(bridges(device, runs=runs, dt=SPACING, seed=seed), device), SPACING))
    return np.array(rows)


def times(shares: Floats, spacing: float) -> Floats:
    """Return when conductances (time, run) in G_max, with rows so far apart, are first down at 0.02."""
    time = spacing * np.arange(len(shares))
    found = analysis.switching(time, shares, off=0.0, g_max=1.0, relaxed=common.RELAXED)
    known: Floats = found.relaxation[0]
    return known


def law(thetas: Floats, known: Floats) -> Arrhenius:
    """Return the law through the means of times (temperature, run)."""
    return analysis.arrhenius(thetas, known.mean(axis=1))
