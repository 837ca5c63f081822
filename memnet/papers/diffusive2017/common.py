"""What the figures of DM17 share: the paper, its units, realisations side by side, and densities of particles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import DiffusiveMemristor
from memnet.drive import Waveform
from memnet.network import Network
from memnet.papers._registry import Paper
from memnet.simulate import Simulation

if TYPE_CHECKING:
    import xarray as xr

# Times are in 1/kappa, voltages in V_th, conductances in G_max, that of evenly spaced particles.
PAPER = Paper(
    "DM17", "Memristors with diffusive dynamics as synaptic emulators for neuromorphic computing, doi 10.1038/nmat4756"
)

# Shares of the largest conductance: the Methods take the first for the threshold, the caption of Fig. 4 the second for
# the end of a relaxation.
SWITCHED, RELAXED = 0.1, 0.02

# Places of particles are counted in thirds of a pinning well.
BINS = 40

# Steps of a figure: more would take days, and no computer has room for what is recorded of them.
MOST_STEPS = 10**9


def memristor(preset: str, **scales: float) -> DiffusiveMemristor:
    """Return a published set, "dm2017" or "dm2017-printed", with other scales or another temperature."""
    presets = DiffusiveMemristor.presets()
    return DiffusiveMemristor.preset(check.one_of("preset", preset, presets), **scales)


def largest_conductance(device: DiffusiveMemristor) -> float:
    """Return the conductance of evenly spaced particles (S): G_max."""
    gaps = int(device.parameters["n"]) + 1
    lam, r_t = (float(device.parameters[name]) for name in ("lam", "r_t"))
    return 1.0 / (gaps * float(np.exp(2.0 / (gaps * lam))) * r_t)


def realisations(
    device: DiffusiveMemristor, wave: Waveform | float, *, runs: int, dt: float, seed: int | None
) -> Simulation:
    """Return a simulation of memristors side by side between "in", which is driven, and "out" at 0 V.

    Each has noise of its own, and all have the same voltage.
    """
    net = Network(2, [(0, 1)] * check.integer("runs", runs, 1), electrodes={"in": 0, "out": 1})
    return Simulation(net, device, {"in": wave, "out": 0.0}, dt=dt, seed=seed)


def shares(resistance: Floats, device: DiffusiveMemristor) -> Floats:
    """Return conductances in G_max of resistances (ohm)."""
    return 1.0 / resistance / largest_conductance(device)


def standard_error(values: ArrayLike) -> Floats:
    """Return the standard error of the mean over the last axis, the realisations; nan where there is one."""
    given = np.asarray(values, dtype=np.float64)
    runs = given.shape[-1]
    if runs < 2:
        return np.full(given.shape[:-1], np.nan)
    return np.asarray(given.std(axis=-1, ddof=1) / np.sqrt(runs))


def run_with_densities(
    sim: Simulation,
    device: DiffusiveMemristor,
    duration: float,
    *,
    moments: ArrayLike,
    width: float,
    every: int = 1,
) -> xr.Dataset:
    """Run realisations for a time (s), and return their conductances and where the particles are around moments.

    Places are recorded in the windows alone, so a long run needs no more memory for them than a short one.

    Parameters
    ----------
    sim, device
        As `realisations` makes them, before the first step.
    duration : float
        How long (s), to the next step.
    moments : array_like (moment,)
        Middles of the windows (s).
    width : float
        Of each window (s): the density is the mean over all its steps and over all realisations.
    every : int
        Rows are of each such step.

    Returns
    -------
    xarray.Dataset
        `voltage` (time) in V_th; `conductance` (time, run) in G_max; `density` (moment, place) of the particles, in
        their number per half the device; `x` (moment, run, particle), their places at the moments, and `moment` and
        `time` in 1/kappa.

    Raises
    ------
    TypeError, ValueError
        Times that are no numbers >= 0 or longer than a billion steps, no moment.
    """
    import xarray as xr

    given = check.array("moments", moments, (None,))
    if not given.size:
        raise ValueError("moments must hold at least one time, got none")
    longest = MOST_STEPS * sim.dt
    middles = [round(check.real("moments", float(one), 0.0, longest, "[]") / sim.dt) for one in given]
    half = round(0.5 * check.real("window", width, 0.0, longest, "[]") / sim.dt)
    windows = [range(max(middle - half, 0), middle + half + 1) for middle in middles]
    steps = sorted(set().union(*windows))
    total = max(round(check.real("duration", duration, 0.0, longest, "[]") / sim.dt) + 1, steps[-1] + 1 if steps else 1)
    record: dict[str, Any] = {"state:r": device, "snapshot:state:x": (device, steps)}
    data = sim.run(total, record=record, every=every)
    x = data["snapshot_state_x"].values
    at = {step: row for row, step in enumerate(steps)}
    place, particles = density([x[[at[step] for step in window]] for window in windows])
    kappa, v_th = (float(device.parameters[name]) for name in ("kappa", "v_th"))
    return xr.Dataset(
        {
            "voltage": ("time", data["voltage"].sel(electrode="in").values / v_th, {"units": "V_th"}),
            "conductance": (("time", "run"), shares(data["state_r"].values, device), {"units": "G_max"}),
            "density": (("moment", "place"), particles, {"units": "1/L"}),
            "x": (("moment", "run", "particle"), x[[at[middle] for middle in middles]], {"units": "L"}),
        },
        {
            "time": ("time", data["time"].values * kappa, {"units": "1/kappa"}),
            "moment": ("moment", np.multiply(middles, sim.dt * kappa), {"units": "1/kappa"}),
            "place": ("place", place, {"units": "L"}),
        },
    )


def density(places: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Return middles of bins between the terminals, and for each array of places (..., particle) the density in them.

    Its integral from -1 to 1 is the number of particles.
    """
    edges = np.linspace(-1.0, 1.0, BINS + 1)
    counts = [np.histogram(x, edges)[0] * (x.shape[-1] / x.size) for x in places]
    return 0.5 * (edges[1:] + edges[:-1]), np.divide(counts, edges[1] - edges[0])
