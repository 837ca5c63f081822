"""What the Methods say of the model before any run: formulas, scales and energies."""

from __future__ import annotations

import math

import numpy as np

from memnet.base.arrays import Floats
from memnet.devices import DiffusiveMemristor
from memnet.equations import CONSTANTS
from memnet.papers._statement import Numbers, Statement, near
from memnet.papers.diffusive2017 import common

# Boltzmann's constant (eV/K), and the measured activation energy (eV).
K_B, ACTIVATION = CONSTANTS["k_B"][0] / CONSTANTS["e_charge"][0], 0.27
COLD, HOT = 0.3, 0.45

STATEMENTS = (
    Statement(
        "Eq. 3: the smallest resistance is N R_i exp(2L/(N lambda)) with N = 40 particles",
        "resistance of evenly spaced particles, and the formula with N and with N + 1; within 1e-9",
        "formulas",
        ("smallest r (r_t)", "formula, 40", "formula, 41"),
        lambda n: near(n["smallest r (r_t)"], n["formula, 40"], 1e-9),
        "N counts the gaps, one more than particles",
        lambda n: near(n["smallest r (r_t)"], n["formula, 41"], 1e-9),
    ),
    Statement(
        "Fig. 1: the resistances of the two states differ by five orders of magnitude",
        "largest ratio that 40 particles can have, and that between the start and the smallest resistance, in decades;"
        " the largest one with lambda = 0.128 L in place of 0.2 L",
        "formulas",
        ("decades, possible", "decades, start", "decades, lambda 0.128"),
        lambda n: n["decades, possible"] >= 5.0,
        "lambda is 0.128 L and all particles are at one terminal",
        lambda n: n["decades, lambda 0.128"] >= 5.0,
    ),
    Statement(
        "Methods: alpha V_th R_p/w_i = 0.3, and about alpha = eta kappa L^2/V_th with eta = w_p/(kappa L^2)",
        "alpha V_th/w_p from either sentence, within a factor of 2",
        "formulas",
        ("alpha, of 0.3", "alpha, of the estimate"),
        lambda n: 0.5 < n["alpha, of 0.3"] / n["alpha, of the estimate"] < 2.0,
    ),
    Statement(
        "Methods: at V_th the interfacial barrier is 3.6 k_B T_0",
        "barrier of a particle in the left well under the force at V_th over k_B T_0, at the largest temperature, with"
        " and without pinning; within 10 %",
        "formulas",
        ("barrier (k_B T_0)", "barrier, no pinning (k_B T_0)"),
        lambda n: near(n["barrier (k_B T_0)"], 3.6, 0.1) or near(n["barrier, no pinning (k_B T_0)"], 3.6, 0.1),
    ),
    Statement(
        "Methods: the time of a hop goes from 2/kappa to 6/kappa between k_B T/w_p = 0.45 and 0.3",
        "Kramers' time of a pinning well, 2 pi eta exp(w_p/k_B T)/U'', with the printed eta of 1 and with 30; 10 %",
        "formulas",
        ("hop, hot, eta 1", "hop, cold, eta 1", "hop, hot, eta 30", "hop, cold, eta 30"),
        lambda n: near(n["hop, hot, eta 1"], 2.0, 0.1) and near(n["hop, cold, eta 1"], 6.0, 0.1),
        "eta is 30 w_p/(kappa L^2), and not about 1",
        lambda n: near(n["hop, hot, eta 30"], 2.0, 0.1) and near(n["hop, cold, eta 30"], 6.0, 0.1),
    ),
    Statement(
        "Methods: the temperatures are those of Fig. 3 b, whose activation energy of 0.27 eV is that of the pinning",
        "T = k_B T/w_p times 0.27 eV/k_B at both ends; below 700 K, where the experiments were",
        "formulas",
        ("T, cold (K)", "T, hot (K)"),
        lambda n: n["T, hot (K)"] < 700.0,
    ),
    Statement(
        "Fig. 4: 1e7 steps of 2e-6 in each run are long enough for relaxations of 20/kappa to 60/kappa",
        "length of such a run, if the unit is 1/kappa; at least 60",
        "formulas",
        ("length of a run (1/kappa)",),
        lambda n: n["length of a run (1/kappa)"] >= 60.0,
    ),
)


def potential(device: DiffusiveMemristor, x: Floats, *, pinned: bool = True) -> Floats:
    """Return the energy of a particle (w_p)."""
    own = {name: float(device.parameters[name]) for name in ("w_i", "r_i", "x_c", "w_p", "r_p", "phase")}
    near_left, near_right = (np.exp(-(((x + side) / own["r_i"]) ** 2)) for side in (own["x_c"], -own["x_c"]))
    pinning = 0.5 * own["w_p"] * np.sin(2.0 * np.pi * (x / own["r_p"] + own["phase"]))
    found: Floats = -own["w_i"] * (near_left + near_right) + (pinning if pinned else 0.0)
    return found


def barrier(device: DiffusiveMemristor, volts: float, *, pinned: bool = True) -> float:
    """Return by how much the way from the left well to the middle rises under a voltage (V_th), at most (w_p)."""
    x = np.linspace(-1.0, 0.0, 200_001)
    energy = potential(device, x, pinned=pinned) - float(device.parameters["tilt"]) * volts * x
    well = int(np.argmin(np.where(x < -0.6, energy, np.inf)))
    return float(energy[well:].max() - energy[well])


def hop(device: DiffusiveMemristor, theta: float) -> float:
    """Return Kramers' time of escape from a pinning well (1/kappa)."""
    curvature = 2.0 * math.pi**2 * float(device.parameters["w_p"]) / float(device.parameters["r_p"]) ** 2
    return 2.0 * math.pi * float(device.parameters["eta"]) / curvature * math.exp(1.0 / theta)


def resistances(device: DiffusiveMemristor) -> list[float]:
    """Return resistances at the start, of evenly spaced particles, and with all particles at one terminal (ohm)."""
    n = int(device.parameters["n"])
    sim = common.realisations(device, 0.0, runs=2, dt=1.0, seed=1)
    start = sim.state(device, "r")[:1]
    sim.set_state(device, x=np.stack([np.linspace(-1.0, 1.0, n + 2)[1:-1], np.full(n, -1.0)]))
    return [float(one) for one in (*start, *sim.state(device, "r"))]


def measure_formulas() -> Numbers:
    """Return what follows from parameters alone."""
    device, printed = common.memristor("dm2017"), common.memristor("dm2017-printed")
    n, lam = int(device.parameters["n"]), float(device.parameters["lam"])
    r_p, w_i = (float(device.parameters[name]) for name in ("r_p", "w_i"))
    at_start, shortest, at_end = resistances(device)
    _, shorter, at_that_end = resistances(common.memristor("dm2017", lam=0.128))
    return {
        "smallest r (r_t)": shortest,
        "formula, 40": n * math.exp(2.0 / (n * lam)),
        "formula, 41": (n + 1) * math.exp(2.0 / ((n + 1) * lam)),
        "decades, possible": math.log10(at_end / shortest),
        "decades, start": math.log10(at_start / shortest),
        "decades, lambda 0.128": math.log10(at_that_end / shorter),
        "alpha, of 0.3": 0.3 * w_i / r_p,
        "alpha, of the estimate": float(printed.parameters["eta"]),
        "barrier (k_B T_0)": barrier(device, 1.0) / HOT,
        "barrier, no pinning (k_B T_0)": barrier(device, 1.0, pinned=False) / HOT,
        **{
            f"hop, {name}, eta {one.parameters['eta']:g}": hop(one, theta)
            for one in (printed, device)
            for name, theta in (("hot", HOT), ("cold", COLD))
        },
        "T, cold (K)": COLD * ACTIVATION / K_B,
        "T, hot (K)": HOT * ACTIVATION / K_B,
        "length of a run (1/kappa)": 1e7 * 2e-6,
    }


MEASURES = {"formulas": measure_formulas}
