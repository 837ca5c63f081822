"""How long a string of particles conducts without a voltage, at several temperatures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from memnet import analysis
from memnet.analysis import Arrhenius
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import DiffusiveMemristor
from memnet.papers.diffusive2017 import common
from memnet.simulate import Simulation

TEMPERATURES = 0.3, 0.35, 0.4, 0.45  # k_B T/w_p: "varied from 0.3 to 0.45"

# In 1/kappa: how long is waited at most, after how long it is looked whether all are relaxed, and between two rows.
LONGEST, LOOK, SPACING = 2000.0, 50.0, 0.5


def string(device: DiffusiveMemristor) -> Floats:
    """Return places (particle,) of a bridge: three tenths of the particles even between two clusters.

    What a pulse leaves depends on the temperature during the pulse; this start is the same at all of them.
    """
    n, x_c = int(device.parameters["n"]), float(device.parameters["x_c"])
    each = (7 * n) // 20
    bridge = np.linspace(-0.75, 0.75, n - 2 * each)
    return np.concatenate([np.full(each, -x_c), bridge, np.full(each, x_c)])


def bridged(device: DiffusiveMemristor, *, runs: int, dt: float, seed: int | None, wave: object = 0.0) -> Simulation:
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


def relaxations(thetas: Floats, *, preset: str, runs: int, seed: int | None) -> Floats:
    """Return the relaxation times (temperature, run) of strings in 1/kappa, each to 0.02 G_max.

    Raises
    ------
    ArithmeticError
        A string conducts for longer than 2,000/kappa.
    """
    rows = []
    for theta in thetas:
        device = common.memristor(preset, theta0=float(theta))
        sim = bridged(device, runs=runs, dt=SPACING, seed=seed)
        shares = np.empty((0, runs))
        while not (shares <= common.RELAXED).any(axis=0).all():
            if sim.time >= LONGEST:
                raise ArithmeticError(f"no relaxation within {LONGEST:g}/kappa at the temperature {theta:g}")
            shares = np.vstack([shares, common.shares(sim.run(duration=LOOK, record="state:r"), device)])
        time = SPACING * np.arange(len(shares))
        found = analysis.switching(time, shares, off=0.0, g_max=1.0, relaxed=common.RELAXED)
        rows.append(found.relaxation[0])
    return np.array(rows)


def law(thetas: Floats, times: Floats) -> Arrhenius:
    """Return the law through mean times (temperature, run)."""
    return analysis.arrhenius(thetas, times.mean(axis=1))
