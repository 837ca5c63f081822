"""What a model from a text costs beside its C file: a step of 1,500 wires, all of them RateBalance.

    python benchmarks/text_models.py

Prints seconds a step of each, the least of some runs taken in turn, and their ratio.
"""

from __future__ import annotations

import sys
import time

import memnet as mn

TEXT = """
i     = (g_min*(1 - g) + g_max*g)*v
dg/dt = k_P*(1 - g) - k_D*g
k_P   = kappa_p0*exp(min(eta_p*abs(v), 700))
k_D   = kappa_d0*exp(-eta_d*abs(v))
parameter kappa_p0 = 1e-4 1/s in [0, inf)
parameter kappa_d0 = 0.5 1/s in [0, inf)
parameter eta_p = 10 1/V in [0, inf)
parameter eta_d = 1 1/V in [0, inf)
parameter g_min = 1 mS in [0, inf)
parameter g_max = 100 mS in [0, inf)
state g = 0 in [0, 1]
"""
STEPS, ROUNDS = 20, 7


def main() -> None:
    """Measure and print."""
    net = mn.nanowires(1500, size=223.6, length=20, length_sd=5, seed=3)
    c_file = mn.RateBalance(kappa_p0=1e-4, kappa_d0=0.5, eta_p=10.0, eta_d=1.0, g_min=1e-3, g_max=0.1, g_initial=0.0)
    devices = {"C file": c_file, "text, interpreted": mn.device_model("RateBalanceText", TEXT)()}
    best = dict.fromkeys(devices, float("inf"))
    for _ in range(ROUNDS):
        for name, device in devices.items():
            sim = mn.Simulation(net, device, {"left": 18.0, "right": 0.0}, dt=1e-3)
            sim.step(2)
            begin = time.perf_counter()
            sim.step(STEPS)
            best[name] = min(best[name], (time.perf_counter() - begin) / STEPS)
    for name, seconds in best.items():
        sys.stdout.write(f"{name:20} {1e3 * seconds:8.3f} ms a step, {seconds / best['C file']:.3f} of the C file's\n")


if __name__ == "__main__":
    main()
