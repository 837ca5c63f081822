"""The netlist of JART, whose inner equation ngspice solves with those of the circuit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

# CODATA 2022, as in csrc/devices/jart.c.
E_CHARGE, BOLTZMANN, PLANCK = 1.602176634e-19, 1.380649e-23, 6.62607015e-34
ELECTRON_MASS, EPS_0 = 9.1093837139e-31, 8.8541878188e-12


def lines(edge: str, a: str, b: str, p: Mapping[str, Any]) -> Iterator[str]:
    """Return the sources of an edge: what csrc/devices/jart.c reduces to a root; tests/test_jart.py compares.

    The interface stands between ``j<edge>`` and ``h<edge>``, and the rest behind it. Nodes carry the temperature in K
    (``t<edge>``), log(N/N_min) (``n<edge>``), the barrier (``p<edge>``) and E_00 (``w<edge>``) in V, and the state
    (``x<edge>``).
    """
    charge, area = p["z"] * E_CHARGE, math.pi * p["r"] ** 2
    decades, k = math.log(p["N_max"] / p["N_min"]), BOLTZMANN / E_CHARGE
    per_area = 1.0 / (charge * p["mu_n"] * area)
    disc = f"({p['l'] / p['N_min'] * per_area!r}*exp(-V(n{edge})))"
    filament = f"({disc}+{(p['l_cell'] - p['l']) / p['N_plug'] * per_area!r})"
    i, u, t, phi, w = f"I(Vj{edge})", f"V(j{edge},h{edge})", f"V(t{edge})", f"V(p{edge})", f"V(w{edge})"
    sets = f"V({a},{b})<0"
    yield f"Vj{edge} {a} j{edge} 0"
    yield f"Bn{edge} n{edge} 0 V={decades!r}*V(x{edge})"
    image = (E_CHARGE / (p["eps_phi"] * EPS_0)) ** 3 * p["z"] * p["N_min"] / (8.0 * math.pi**2)
    bent = f"max({p['phi_B'] - p['phi_n']!r}-{u},1e-30)"
    yield f"Bp{edge} p{edge} 0 V=max({p['phi_B']!r}-{image**0.25!r}*exp(0.25*V(n{edge}))*sqrt(sqrt({bent})),0)"
    e_00 = PLANCK / (4.0 * math.pi) * math.sqrt(p["z"] * p["N_min"] / (ELECTRON_MASS * p["eps"] * EPS_0))
    yield f"Bw{edge} w{edge} 0 V={e_00!r}*exp(0.5*V(n{edge}))"
    emission, ratio = area * p["A_R"], f"({w}/({k!r}*{t}))"
    over = f"{emission!r}*{t}*{t}*exp(-{phi}/({k!r}*{t}))*(exp({u}/({k!r}*{t}))-1)"
    high = f"({math.pi!r}*{w}*(abs({u})+{phi}/cosh({ratio})**2)+1e-30)"
    through = (
        f"-{emission / k!r}*{t}*sqrt({high})*exp(-{phi}*tanh({ratio})/{w})"
        f"*(exp(abs({u})*({ratio}-tanh({ratio}))/{w})-1)"
    )
    yield f"Bu{edge} j{edge} h{edge} I={u}<0?{through}:{over}"
    rest, heat = p["R_TiOx"] + p["R_line"], p["R_line"] ** 2 * p["alpha_line"] * p["R_th_line"]
    yield f"Br{edge} h{edge} {b} V={i}*({filament}+{rest!r}+{heat!r}*{i}*{i})"
    warming = f"({sets}?{p['R_th']!r}:{p['R_th'] * p['s_reset']!r})"
    yield f"Bt{edge} t{edge} 0 V={p['T_0']!r}+{warming}*{i}*({u}+{i}*{filament})"
    field = f"({sets}?{i}*{disc}/{p['l']!r}:({u}+{i}*{filament})/{p['l_cell']!r})"
    yield f"Bg{edge} g{edge} 0 V=min(max({charge * p['a'] / (math.pi * p['dW'])!r}*{field},-0.999),0.999)"
    gamma, root, b_w = f"V(g{edge})", f"sqrt(1-V(g{edge})*V(g{edge}))", f"({p['dW'] / BOLTZMANN!r}/{t})"
    hops = p["a"] * p["nu_0"] / (2.0 * p["l"] * decades)
    mean = f"({p['N_plug'] / p['N_min']!r}*exp(-V(n{edge}))+1)"
    window = f"(1-exp(10*({sets}?V(n{edge})-{decades!r}:-V(n{edge}))))"
    barrier = f"exp(-{b_w}*({root}+{gamma}*atan({gamma}/{root})))"
    yield f"Cx{edge} x{edge} 0 1 IC={p['x']!r}"
    yield f"Bx{edge} 0 x{edge} I=-{2.0 * hops!r}*{mean}*{window}*{barrier}*sinh({math.pi / 2!r}*{b_w}*{gamma})"
