"""Phases of nanowire networks over junction density and voltage, by simulation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.circuit import terminal_conductance
from memnet.devices import Device, RateBalance
from memnet.network import Network, nanowires
from memnet.simulate import Simulation
from memnet.theory.fields import mean_field

if TYPE_CHECKING:
    import xarray as xr


# Critical density times length^2 of widthless sticks of one length: Mertens and Moore, Phys. Rev. E 86 (2012) 061109.
STICK_THRESHOLD = 5.63726
# More steps at one voltage are a slip of the units: this many take hours for the smallest network.
MAX_STEPS = 100_000_000


@check.known_keywords
def phase_diagram(
    density: ArrayLike,
    voltage: ArrayLike,
    *,
    device: Device | None = None,
    size: float = 100.0,
    length: float = 20.0,
    length_sd: float = 0.0,
    average: str = "power",
    n_networks: int = 3,
    duration: float = 100.0,
    dt: float = 0.5,
    seed: int | None = None,
    progress: bool = False,
    method: str = "fixed",
) -> xr.Dataset:
    """Return the conductance of nanowire networks after some time at a voltage, over density and voltage.

    Every network starts with all junctions at rest and is driven from its left to its right side. The order parameter
    is the <g> that equal junctions would need for the network's conductance: 0 with all junctions low, 1 with all high.

    Parameters
    ----------
    density : array_like, (n,)
        Wires per area (1/µm^2), ascending.
    voltage : array_like, (m,)
        Applied voltages (V).
    device : RateBalance, optional
        The junction; default: the connectome set of Neural Networks 2022, 150, 137, with the exact step.
    size, length, length_sd : float
        Side of the square, mean and standard deviation of the wires' length (µm).
    average : {"power", "uniform"}
        Of the mean field whose switching voltage is reported; see `mean_field`.
    n_networks : int
        Networks at each density, with the seeds from `seed` on.
    duration, dt : float
        Time at each voltage, and time step of method="fixed" (s).
    seed : int, optional
        Seed of the first network; drawn if not given.
    progress : bool
        Show a progress bar.
    method : {"fixed", "adaptive"}
        As of `Simulation`.

    Returns
    -------
    xarray.Dataset
        Over density and network: ``percolates``, ``junction_density`` (1/µm^2), ``mean_field_switching`` (V); over
        density, voltage and network: ``conductance`` (S) and ``order``, nan where the network does not percolate.
        The attribute ``percolation_threshold`` is 5.637 / length^2, for wires of one length in a large network.

    Raises
    ------
    TypeError, ValueError
        A value out of range, a duration of more than 100 million steps, or a device that is no RateBalance or has no
        mean field.

    Notes
    -----
    MF23 Fig. 2c (doi 10.1002/andp.202300090) as a measurement in place of a sketch.

    Examples
    --------
    >>> import memnet as mn
    >>> found = mn.theory.phase_diagram([0.005, 0.05], [1.0, 20.0], n_networks=1, duration=5.0, seed=1)
    >>> found["percolates"].to_numpy().ravel()
    array([False,  True])
    """
    from tqdm import tqdm

    densities, volts = check.array("density", density, (None,)), check.array("voltage", voltage, (None,))
    if (densities <= 0).any() or (np.diff(densities) <= 0).any():
        raise ValueError("density must be > 0 and ascend")
    size = check.real("size", size, 0.0, math.inf, unit="µm")
    length = check.real("length", length, 0.0, math.inf, unit="µm")
    length_sd = check.real("length_sd", length_sd, 0.0, math.inf, "[)", "µm")
    n_networks = check.integer("n_networks", n_networks, 1)
    duration = check.real("duration", duration, 0.0, unit="s")
    steps = _steps(duration, check.real("dt", dt, 0.0, unit="s"))
    first = check.seed("seed", seed)
    if device is None:
        device = RateBalance(kappa_p0=1e-4, kappa_d0=0.5, eta_p=10.0, eta_d=1.0, g_min=1e-3, g_max=0.1)
    check.instance("device", device, RateBalance, "a RateBalance")
    check.one_of("average", average, ("power", "uniform"))
    check.flag("progress", progress)
    check.one_of("method", method, ("fixed", "adaptive"))

    # The row at the end is the second of two where steps do not come one a row.
    held = _Held({"dt": dt}, steps) if method == "fixed" else _Held({"dt": duration, "method": method}, 2)
    phases = []
    for i, k in tqdm(list(np.ndindex(len(densities), n_networks)), desc="networks", disable=not progress):
        net = _network(float(densities[i]), size, length, length_sd, (first + k) % 2**64)
        phases.append(_phase(net, device, average, volts, held))
    data = _diagram(phases, n_networks, densities, volts, size**2)
    data.attrs = {
        "percolation_threshold": STICK_THRESHOLD / length**2,
        "device": repr(device),
        "size": size,
        "length": length,
        "length_sd": length_sd,
        "duration": duration,
        "dt": dt,
        "method": method,
        "seed": str(first),
    }
    return data


@dataclass(frozen=True)
class _Phase:
    """One network of the diagram; of conductance (S) and order there is one value a voltage."""

    percolates: bool
    n_junctions: int
    switching: float
    conductance: list[float]
    order: list[float]


@dataclass(frozen=True)
class _Held:
    """How each voltage is held: options of the simulation, and the row that is looked at."""

    options: dict[str, Any]
    rows: int


def _phase(net: Network | None, device: Device, average: str, volts: Floats, held: _Held) -> _Phase:
    """Return what a network comes to at each voltage, from all junctions at rest on."""
    if net is None or not net.info["percolates"]:
        zeros, nans = [0.0] * len(volts), [math.nan] * len(volts)
        return _Phase(False, 0 if net is None else net.n_edges, math.nan, zeros, nans)
    field: Any = mean_field(net, device, average=average)
    low, high = float(field.conductance(0.0)), float(field.conductance(1.0))
    if not high > low:
        raise ValueError("RateBalance.g_max must be above g_min: equal ones leave nothing to switch")
    conductance = []
    for v in volts:
        sim = Simulation(net, device, {"left": float(v), "right": 0.0}, seed=0, **held.options)
        sim.warned_of_steps = True  # where it settles counts, not the way there
        sim.run(held.rows, every=held.rows)
        conductance.append(float(-terminal_conductance(net, sim.conductance)[0, 1]))
    order = [(g - low) / (high - low) for g in conductance]
    return _Phase(True, net.n_edges, field.switching_drive(), conductance, order)


def _diagram(phases: list[_Phase], n_networks: int, densities: Floats, volts: Floats, area: float) -> xr.Dataset:
    """Return the networks, those of the first density first, as a dataset."""
    import xarray as xr

    def column(name: str) -> Floats:
        values: Floats = np.array([getattr(phase, name) for phase in phases])
        of_networks = (len(densities), n_networks)
        if name not in ("conductance", "order"):
            return values.reshape(of_networks)
        by_voltage: Floats = values.reshape(*of_networks, len(volts)).swapaxes(1, 2)
        return by_voltage

    two, three = ("density", "network"), ("density", "voltage", "network")
    return xr.Dataset(
        {
            "percolates": (two, column("percolates")),
            "junction_density": (two, column("n_junctions") / area, {"units": "1/um^2"}),
            "mean_field_switching": (two, column("switching"), {"units": "V"}),
            "conductance": (three, column("conductance"), {"units": "S"}),
            "order": (three, column("order"), {"units": "1"}),
        },
        {
            "density": ("density", densities, {"units": "1/um^2"}),
            "voltage": ("voltage", volts, {"units": "V"}),
        },
    )


def _steps(duration: float, dt: float) -> int:
    if duration > MAX_STEPS * dt:
        raise ValueError(
            f"duration must be at most {MAX_STEPS:,} steps of dt = {dt:g} s at each voltage, got {duration:g} s,"
            f" {duration / dt:.3g} steps"
        )
    return max(round(duration / dt), 1)


def _network(density: float, size: float, length: float, length_sd: float, seed: int) -> Network | None:
    """Return a network of wires, or None where no wire reaches one of the sides."""
    if round(density * size**2) < 1 or not math.isfinite(density):
        return None
    options: dict[str, Any] = {"size": size, "length": length, "length_sd": length_sd, "seed": seed}
    try:
        return nanowires(density=density, shared="first", **options)
    except ValueError as error:
        if "touch" in str(error) or "reach" in str(error):
            return None
        raise
