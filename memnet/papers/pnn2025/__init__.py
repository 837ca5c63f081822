"""PNN25: learning and spiking in percolating networks with memristors (Nanoscale Horiz. 2025, 10, 2475).

The protocols of its figures as functions that return data, and a function that draws each as the paper does.
`memnet reproduce pnn2025 --figure KEY` runs one, `--table` judges the paper's statements over several networks.
"""

from memnet.papers import Figure
from memnet.papers.pnn2025.common import COVERAGE, SEED, TUNED, TUNED_LARGE, VOLTAGE
from memnet.papers.pnn2025.learning import figure7, plot_figure7, plot_spacing, small, spacing
from memnet.papers.pnn2025.maps import distributions, figure4, plot_distributions, plot_figure4
from memnet.papers.pnn2025.spiking import (
    figure5,
    figure6,
    plot_figure5,
    plot_figure6,
    plot_ratio,
    plot_scaling,
    ratio,
    scaling,
)
from memnet.papers.pnn2025.statements import STATEMENTS, table
from memnet.papers.pnn2025.sweeps import figure3, plot_figure3

_SMALL = {"size": 100.0, "seed": 4}

FIGURES = {
    figure.key: figure
    for figure in (
        Figure("3", "hysteresis of single memristors, networks and mixtures", figure3, plot_figure3, {"steps": 200}),
        Figure(
            "4",
            "topology, potentials and currents with memristors in the same gaps",
            figure4,
            plot_figure4,
            {**_SMALL, "steps": 20_000},
        ),
        Figure("5", "current traces at constant voltage", figure5, plot_figure5, {**_SMALL, "steps": 50_000}),
        Figure(
            "6",
            "inter-event intervals and autocorrelations",
            figure6,
            plot_figure6,
            {**_SMALL, "steps": 50_000, "n_surrogates": 10, "n_bootstrap": 5},
        ),
        Figure(
            "7", "potentiation by voltage pulses, with controls", figure7, plot_figure7, {"size": 200.0, "steps": 1400}
        ),
        Figure(
            "spacing",
            "forgetting against the spacing of pulses (S18)",
            spacing,
            plot_spacing,
            {"size": 200.0, "length": 100, "spacings": (100, 200, 400), "count": 5},
        ),
        Figure(
            "ratio",
            "spiking against the fraction of memristors (sec. 3.1)",
            ratio,
            plot_ratio,
            {**_SMALL, "steps": 10_000},
        ),
        Figure(
            "scaling",
            "spiking against the memristors' conductance (S1.4)",
            scaling,
            plot_scaling,
            {**_SMALL, "steps": 20_000, "n_surrogates": 5},
        ),
        Figure(
            "distributions",
            "voltages and conductances of the memristors (S3)",
            distributions,
            plot_distributions,
            {"steps": 5_000, "n_bootstrap": 5},
        ),
        Figure("small", "potentiation of a 200 x 200 network (S4.2)", small, plot_figure7, {"steps": 1400}),
    )
}

__all__ = [
    "COVERAGE",
    "FIGURES",
    "SEED",
    "STATEMENTS",
    "TUNED",
    "TUNED_LARGE",
    "VOLTAGE",
    "distributions",
    "figure3",
    "figure4",
    "figure5",
    "figure6",
    "figure7",
    "plot_distributions",
    "plot_figure3",
    "plot_figure4",
    "plot_figure5",
    "plot_figure6",
    "plot_figure7",
    "plot_ratio",
    "plot_scaling",
    "plot_spacing",
    "ratio",
    "scaling",
    "small",
    "spacing",
    "table",
]


def __dir__() -> list[str]:
    return list(__all__)
