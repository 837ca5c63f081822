"""Figures 10 a and 10 b: trains of pulses at synapses that keep what they learn, and at those that forget it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import analysis
from memnet.base import check
from memnet.devices import BipolarThreshold, Device, DiffusiveMemristor, RateBalance
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements
from memnet.papers.electrochemical2023.common import PAPER

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

# Pulses of figure 10 a: amplitude (V), width and gap (s).
PULSE: dict[str, Any] = {"amplitude": 1.2, "width": 1e-2, "interval": 1e-2, "dt": 1e-2}
# Synapses of figure 10 a: hard bounds; soft ones; soft ones behind a layer that lets a tenth as much through.
KEEPING = {
    "hard bounds": {"I_0": 1e-3},
    "soft bounds": {"I_0": 1e-2, "soft": 1.0},
    "soft, limited": {"I_0": 1e-3, "soft": 1.0},
}


def keeping(name: str) -> Device:
    """Return a synapse of figure 10 a."""
    return BipolarThreshold(w_initial=0.1, **KEEPING[check.one_of("synapses", name, KEEPING)])


@PAPER.figure(
    "10a",
    title="long-term potentiation and depression, and how linear they are",
    place="Fig. 10 a",
    example=Example("count=4", {"synapse": 3, "direction": 2, "pulse": 5}, panels=2),
)
def figure10a(*, synapses: Sequence[str] = tuple(KEEPING), count: int = 20) -> xr.Dataset:
    """Return the weight of synapses under a train of pulses that potentiate and one that depress.

    Parameters
    ----------
    synapses : sequence of str
        Of "hard bounds", "soft bounds", whose weight moves in proportion to what is left to its bound, and "soft,
        limited", the same at a tenth of the rate.
    count : int
        Pulses of each train, of 1.2 V and 10 ms, >= 2.

    Returns
    -------
    xarray.Dataset
        `weight` (synapse, direction, pulse) in S, `linearity` (synapse, direction), `asymmetry` (synapse), as
        `memnet.analysis.potentiation` defines them, and `range` (synapse), the part of all conductances that the first
        train goes through.

    Notes
    -----
    The paper shows TaOx with and without a layer of SiO2 that limits the diffusion of vacancies. The model,
    `BipolarThreshold`, has no layer: one that lets a tenth of them through makes the rate a tenth.
    """
    import xarray as xr

    names = elements.words("synapses", synapses, KEEPING)
    devices = [keeping(one) for one in names]
    found = [analysis.potentiation(one, count=count, **PULSE) for one in devices]
    weights = [one["weight_mean"].values for one in found]
    whole = [float(one.parameters["g_on"] - one.parameters["g_off"]) for one in devices]
    return xr.Dataset(
        {
            "weight": (("synapse", "direction", "pulse"), weights, {"units": "S"}),
            "linearity": (("synapse", "direction"), [one["linearity"].values for one in found]),
            "asymmetry": ("synapse", [float(one["asymmetry"]) for one in found]),
            "range": ("synapse", [float(np.ptp(w[0])) / most for w, most in zip(weights, whole, strict=True)]),
        },
        {"synapse": names, "direction": ["up", "down"], "pulse": np.arange(count + 1)},
    )


@PAPER.drawing("10a")
def plot_figure10a(data: xr.Dataset) -> Figure:
    """Draw the weight against the pulse, up and then down, and the linearity of both trains."""
    figure, axes = _pages.grid(2, 2, side=3.4)
    pulse, count = data["pulse"].values, data.sizes["pulse"] - 1
    colours = _pages.shades(data.sizes["synapse"])
    for k, colour in enumerate(colours):
        one = data.isel(synapse=k)
        for shift, direction in ((0, "up"), (count, "down")):
            label = str(one["synapse"].values) if shift == 0 else None
            row = 1e6 * one["weight"].sel(direction=direction).values
            axes[0].plot(pulse + shift, row, "o-", color=colour, ms=3, lw=0.8, label=label)
    axes[0].set(xlabel="pulse", ylabel="$G$ (µS)")
    axes[0].legend(frameon=False, fontsize="x-small")
    place = np.arange(data.sizes["synapse"])
    axes[1].bar(place - 0.2, data["linearity"].sel(direction="up"), 0.4, color=colours)
    axes[1].bar(place + 0.2, data["range"], 0.4, color=colours, alpha=0.4, hatch="//")
    axes[1].set_xticks(place, [str(one) for one in data["synapse"].values], fontsize="x-small")
    axes[1].set(ylabel="linearity (full), range (hatched)", ylim=(0.0, 1.05))
    _pages.letters(axes)
    return figure


@PAPER.figure(
    "10b",
    title="short-term plasticity: paired pulses, rates, and a train that facilitates or depresses",
    place="Fig. 10 b",
    quick={"intervals": (1.0, 5.0, 20.0), "runs": 4},
    example=Example(
        "intervals=(1.0, 5.0), count=3, runs=2", {"interval": 2, "moment": 16, "train": 2, "pulse": 3}, panels=4
    ),
)
def figure10b(
    *,
    intervals: Sequence[float] = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0),
    amplitude: float = 0.5,
    width: float = 1.0,
    count: int = 10,
    runs: int = 8,
    seed: int = 0,
) -> xr.Dataset:
    """Return what pulses leave for the next ones in a synapse that forgets, and in a diffusive memristor.

    Parameters
    ----------
    intervals : sequence of float
        Between pulses at `RateBalance`, from end to start (s), whole numbers of 1 s.
    amplitude, width : float
        Of these pulses (V, s); the width is a whole number of 1 s.
    count : int
        Pulses of a train, >= 2.
    runs, seed : int
        Realisations of the diffusive memristor, >= 2, and of their noise.

    Returns
    -------
    xarray.Dataset
        Of `RateBalance`: `index` (interval), the second conductance over the first one, `law` (interval), its closed
        form, `change` (interval), what a train leaves behind in the conductance (S), and `left` (moment), the part of
        that `since` (s). Of `DiffusiveMemristor`: `mean` and `error` (train, pulse), the conductance over that of the
        first pulse, for fast pulses of 5 V_th and for slow and wide ones of 3 V_th.

    Notes
    -----
    The paper shows diffusive memristors of silver; more of them is in `memnet.papers.diffusive2017`.
    """
    import xarray as xr

    device, spans = RateBalance(), elements.several("intervals", intervals, 0.0)
    pulse: dict[str, Any] = {"amplitude": amplitude, "width": width, "dt": 1.0}
    paired = analysis.paired_pulse(device, spans, **pulse)
    rates = analysis.srdp(device, spans, count=count, **pulse)
    since = np.arange(0.0, 80.0, 5.0)
    left = [analysis.srdp(device, spans[:1], count=count, settle=one, **pulse) for one in since.tolist()]
    change = np.array([float(one["change_mean"][0]) for one in left])
    film = DiffusiveMemristor()
    of_film: dict[str, Any] = {"count": count, "realisations": check.integer("runs", runs, 2), "seed": seed}
    trains = [
        analysis.paired_pulse(film, 0.05, amplitude=5.0, width=0.1, dt=0.05, **of_film),
        analysis.paired_pulse(film, 60.0, amplitude=3.0, width=2.0, dt=0.1, **of_film),
    ]
    return xr.Dataset(
        {
            "index": ("interval", paired["index"].sel(pulse=2).values),
            "law": ("interval", [facilitation(one, amplitude, width) for one in spans]),
            "change": ("interval", rates["change_mean"].values, {"units": "S"}),
            "left": ("moment", change / change[0]),
            "mean": (("train", "pulse"), [one["index"].values[0] for one in trains]),
            "error": (("train", "pulse"), [one["index_error"].values[0] for one in trains]),
        },
        {
            "interval": ("interval", spans, {"units": "s"}),
            "since": ("moment", since, {"units": "s"}),
            "train": ["fast", "slow"],
            "pulse": np.arange(1, count + 1),
        },
    )


def facilitation(interval: float, amplitude: float, width: float) -> float:
    """Return the second conductance of `RateBalance` over the first one, at the ends of pulses, in closed form.

    At a constant voltage the weight relaxes exponentially to where potentiation and depression balance.
    """
    weight = 0.0
    read: list[float] = []
    for volts, length in ((0.0, np.inf), (amplitude, width), (0.0, interval), (amplitude, width)):
        target, rate = _relaxation(volts)
        weight = target + (weight - target) * float(np.exp(-rate * length))
        read.append(weight)
    return read[3] / read[1]


def _relaxation(voltage: float) -> tuple[float, float]:
    """Return where the weight of `RateBalance` goes at a voltage (V), and at which rate (1/s)."""
    of = {name: value for name, value in RateBalance().parameters.items() if isinstance(value, float)}
    up = of["kappa_p0"] * np.exp(of["eta_p"] * abs(voltage))
    down = of["kappa_d0"] * np.exp(-of["eta_d"] * abs(voltage))
    return float(up / (up + down)), float(up + down)


@PAPER.drawing("10b")
def plot_figure10b(data: xr.Dataset) -> Figure:
    """Draw paired pulses (line: closed form), trains and what they leave, and trains at diffusive memristors."""
    figure, axes = _pages.grid(4, 2, side=3.2)
    axes[0].semilogx(data["interval"], data["law"], color="0.6", lw=1.0)
    axes[0].semilogx(data["interval"], data["index"], "o", color=_pages.BLUE, ms=4)
    axes[0].set(xlabel="interval (s)", ylabel="$G_2/G_1$")
    axes[1].semilogx(data["interval"], data["change"], "o-", color=_pages.RED, ms=4)
    axes[1].set(xlabel="interval (s)", ylabel=r"$\Delta G$ of a train (S)")
    axes[2].plot(data["since"], data["left"], color=_pages.GREEN)
    axes[2].set(xlabel="time after the train (s)", ylabel=r"part of $\Delta G$ that is left", ylim=(0.0, 1.05))
    for train, colour in zip(data["train"].values, (_pages.ORANGE, _pages.PURPLE), strict=True):
        one = data.sel(train=train)
        label = f"{train} pulses"
        axes[3].errorbar(data["pulse"], one["mean"], one["error"], fmt="o-", color=colour, ms=3, lw=0.8, label=label)
    axes[3].axhline(1.0, color="0.7", lw=0.8, ls="--")
    axes[3].set(xlabel="pulse", ylabel="$G_n/G_1$, diffusive", yscale="log")
    axes[3].legend(frameon=False, fontsize="small")
    _pages.letters(axes)
    return figure
