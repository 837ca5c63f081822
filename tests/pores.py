"""Pores behind a resistance, with the closed forms of their linearisation: what tests of impedance hold on to."""

import numpy as np

import memnet as mn

# Figure 28 of Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029, with the n_D and g_s that it leaves out.
FIGURE_28 = {"g_L": 0.1e-6, "g_H": 1e-6, "V_m": 0.1, "V_A": 0.3, "V_D": -0.4, "n_A": 1.5, "tau_0": 1e-3}


def parts(u, *, g_L, g_H, V_m, V_A, V_D, n_A, tau_0, E_0=0.0, C_m=0.0):
    """Return g_b, g_a (S), tau (s) and C_m (F) of the two branches at an inner voltage u (V): equations 55 to 58."""
    n_D = n_A / (n_A - 1.0)
    V_B = V_A / n_A + V_D / n_D
    x = 1.0 / (1.0 + np.exp(-(u - V_B) / V_m))
    slope = x * (1.0 - x) / V_m
    tau = tau_0 / (np.exp((u - V_A) / (n_A * V_m)) + np.exp(-(u - V_D) / (n_D * V_m)))
    return g_L + (g_H - g_L) * x, (g_H - g_L) * slope * (u - E_0), tau, C_m


def current(u, **pore):
    """Return the steady current (A)."""
    return parts(u, **pore)[0] * (u - pore.get("E_0", 0.0))


def impedance(u, frequency, g_s, **pore):
    """Return the impedance of a pore behind g_s (ohm)."""
    g_b, g_a, tau, C_m = parts(u, **pore)
    w = 2.0 * np.pi * np.asarray(frequency)
    return 1.0 / g_s + 1.0 / (g_b + 1j * w * C_m + g_a / (1.0 + 1j * w * tau))


def behind(g_s, drive, *, C_m=0.0, **pore):
    """Return a simulation of a pore behind a conductance g_s (S), between electrodes "in" and "gnd"."""
    device = mn.Nanopore(**pore) if C_m == 0.0 else mn.MembraneNanopore(C_m=C_m, **pore)
    circuit = mn.Circuit()
    circuit.add("in", "u", mn.Resistor(conductance=g_s), name="series")
    circuit.add("u", "gnd", device, name="pore")
    return circuit.simulation({"in": drive, "gnd": 0.0}, method="adaptive")
