"""What statements are judged by: conductances of realisations over time, and when they cross levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from memnet.base.arrays import Floats
from memnet.devices import DiffusiveMemristor
from memnet.drive import Waveform
from memnet.papers.diffusive2017 import common


@dataclass(frozen=True)
class Observed:
    """A run of realisations.

    Attributes
    ----------
    time : ndarray (time,)
        In 1/kappa.
    shares : ndarray (time, run)
        Conductances over the largest one.
    voltage : ndarray (time,)
        In V_th.
    theta : ndarray (time, run)
        Temperatures.
    x : ndarray (run, particle)
        Where the particles are at the end.
    """

    time: Floats
    shares: Floats
    voltage: Floats
    theta: Floats
    x: Floats

    @property
    def mean(self) -> Floats:
        """Mean conductance over time."""
        found: Floats = self.shares.mean(axis=1)
        return found

    @property
    def left(self) -> float:
        """Particles in the left half at the end, a memristor."""
        return float((self.x < 0.0).sum(axis=1).mean())

    def delay(self) -> float:
        """When half of the realisations have reached the tenth part of the largest conductance; nan where less have."""
        share = np.maximum.accumulate(self.shares >= common.SWITCHED, axis=0).mean(axis=1)
        return float(self.time[(share >= 0.5).argmax()]) if share[-1] >= 0.5 else np.nan

    def relaxation(self, start: float = 0.0) -> float:
        """Mean time from one on in which realisations fall to 2 % of the largest; nan where one does not."""
        late = self.time >= start - 1e-9
        below = self.shares[late] <= common.RELAXED
        return float((self.time[late][below.argmax(axis=0)] - start).mean()) if below.any(axis=0).all() else np.nan

    def peak(self, first: float, last: float) -> float:
        """Largest mean conductance between two times."""
        return float(self.mean[(self.time >= first) & (self.time < last)].max())


def observe(
    device: DiffusiveMemristor,
    wave: Waveform | float,
    duration: float,
    *,
    runs: int,
    dt: float = 0.05,
    seed: int = 1,
) -> Observed:
    """Run realisations for a duration (1/kappa)."""
    sim = common.realisations(device, wave, runs=runs, dt=dt, seed=seed)
    data = sim.run(round(duration / dt) + 1, record=["state:r", "state:theta"])
    volts = data["voltage"].sel(electrode="in").values
    places = np.asarray(sim.state(device, "x"))
    shares = common.shares(data["state_r"].values, device)
    return Observed(data["time"].values, shares, volts, data["state_theta"].values, places)
