"""The device models. Written by scripts/generate_models.py from the C field tables: do not edit."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.device import Device as Device
from memnet.mix import Mix as Mix
from memnet.mix import mix as mix

# A number for all edges, or one for each edge of the network.
Real: TypeAlias = float | ArrayLike
Kept: TypeAlias = float | NDArray[np.float64]

MODELS: Mapping[str, type[Device]]

class TunnelGap(Device):
    """A tunnel gap that spikes (Type A).

    Open, it conducts alpha exp(-beta L) whatever its filament has grown to. Where the field exceeds e_t the filament
    grows, d += r_d (E - e_t) dt, and when d reaches L the gap closes: its conductance jumps to g_on. The current I
    through a closed gap thins the filament where |I| > i_t, w -= r_w (|I| - i_t) dt, and at w <= 0 it breaks: the gap
    is open again, with d = d_after_break L and w = w0. Both events are logged (+1 closed, -1 broken). Only |v| and |I|
    count, so the gap is unipolar. The forms of the growth and thinning laws are the simplest with the published
    thresholds and rates; the rates are ours to choose.

    Parameters
    ----------
    alpha : float or array (n_edges,), default 1
        tunnelling prefactor: conductance of an open gap of length 0 (S); in [0, inf).
    beta : float or array (n_edges,), default 200
        decay of the tunnelling conductance with gap length L: an open gap conducts alpha exp(-beta L), and nothing at
        all where beta L > 300 (1/pd); in [0, inf).
    g_on : float or array (n_edges,), default 10
        conductance of a gap that a filament bridges (S); in [0, inf).
    e_t : float or array (n_edges,), default 10
        threshold field E_T above which the filament of an open gap grows (V/pd); in [0, inf).
    i_t : float or array (n_edges,), default 0.01
        threshold current I_T above which a formed filament thins (A); in [0, inf).
    r_d : float or array (n_edges,), default 1e-06
        growth rate of the filament length per unit of field above threshold (pd^2/(V s)); in [0, inf).
    r_w : float or array (n_edges,), default 0.01
        thinning rate of the filament width per unit of current above threshold (1/(A s)); in [0, inf).
    w0 : float or array (n_edges,), default 1
        width of a filament when it forms; only r_w / w0 matters; in (0, inf).
    d_leak : float or array (n_edges,), default 0
        rate at which a filament that does not grow retracts: dd/dt = -d_leak d at or below threshold, stepped exactly.
        0 keeps its length; our reading of the leaky integration that PNN25 mentions (1/s); in [0, inf).
    d_after_break : float or array (n_edges,), default 0
        filament length that stays when a filament breaks, as a fraction of the gap length L; in [0, 1).
    field : {"remaining", "gap"}, default 'remaining'
        what the field acts across: "remaining", E = |v| / (L - d), the gap that is left; "gap", E = |v| / L, the whole
        gap.

    States
    ------
    d : array
        length of the growing filament; L while the gap is closed (pd); in [0, inf).
    w : array
        width of the formed filament; w0 while the gap is open; in (0, inf).
    closed : array
        1 while a filament bridges the gap, 0 while it is open.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.TunnelGap()
    TunnelGap()

    Source
    ------
    PNN25: Nanoscale Horiz. 2025, 10, 2475, doi 10.1039/D5NH00407A, sec. 5.1-5.2, eq. 2 and 3
    """

    def __init__(
        self,
        *,
        alpha: Real = 1.0,
        beta: Real = 200.0,
        g_on: Real = 10.0,
        e_t: Real = 10.0,
        i_t: Real = 0.01,
        r_d: Real = 1e-06,
        r_w: Real = 0.01,
        w0: Real = 1.0,
        d_leak: Real = 0.0,
        d_after_break: Real = 0.0,
        field: Literal["remaining", "gap"] = "remaining",
    ) -> None: ...
    @property
    def alpha(self) -> Kept: ...
    @property
    def beta(self) -> Kept: ...
    @property
    def g_on(self) -> Kept: ...
    @property
    def e_t(self) -> Kept: ...
    @property
    def i_t(self) -> Kept: ...
    @property
    def r_d(self) -> Kept: ...
    @property
    def r_w(self) -> Kept: ...
    @property
    def w0(self) -> Kept: ...
    @property
    def d_leak(self) -> Kept: ...
    @property
    def d_after_break(self) -> Kept: ...
    @property
    def field(self) -> Literal["remaining", "gap"]: ...

class Hillock(Device):
    """A memristive tunnel gap (Type B).

    The field raises a hillock of height z in a gap of length D, which relaxes where the field is weak: dz/dt = ((mu /
    kappa) |v| / (D - z) - z) / tau, with 0 <= z <= z_max_fraction D, and the conductance alpha exp(-beta (D - z))
    follows. A gap longer than 2 sqrt(mu |v| / kappa) settles at z (D - z) = mu |v| / kappa; a shorter one runs to the
    clamp, so gaps of one network respond differently. Explicit Euler steps: the error is of first order in dt, which
    should stay well below tau.

    Parameters
    ----------
    mu : float or array (n_edges,), default 3.46e-05
        strength of the field-driven growth; mu / kappa has the published value (pd^2/V); in [0, inf).
    kappa : float or array (n_edges,), default 0.038
        strength of the relaxation, relative to mu; in (0, inf).
    alpha : float or array (n_edges,), default 10
        tunnelling prefactor: conductance of a gap of length 0 (S); in [0, inf).
    beta : float or array (n_edges,), default 200
        decay of the tunnelling conductance with the gap D - z that is left: the conductance is alpha exp(-beta (D -
        z)), and exactly 0 where beta (D - z) > 300 (1/pd); in [0, inf).
    tau : float or array (n_edges,), default 20
        relaxation time, the T of PNN25; tau = 1 / kappa gives MF23 eq. 29 (s); in (0, inf).
    z_max_fraction : float or array (n_edges,), default 0.5
        the hillock's largest height, as a fraction of the gap length D; in [0, 1).

    States
    ------
    z : array
        height of the hillock, at most z_max_fraction D (pd); in [0, inf).

    Examples
    --------
    >>> import memnet as mn
    >>> mn.Hillock()
    Hillock()

    Source
    ------
    PNN25: Nanoscale Horiz. 2025, 10, 2475, doi 10.1039/D5NH00407A, Table 1, eq. 4-6; MF23: Ann. Phys. 2023, 535,
    2300090, doi 10.1002/andp.202300090, eq. 29
    """

    def __init__(
        self,
        *,
        mu: Real = 3.46e-05,
        kappa: Real = 0.038,
        alpha: Real = 10.0,
        beta: Real = 200.0,
        tau: Real = 20.0,
        z_max_fraction: Real = 0.5,
    ) -> None: ...
    @property
    def mu(self) -> Kept: ...
    @property
    def kappa(self) -> Kept: ...
    @property
    def alpha(self) -> Kept: ...
    @property
    def beta(self) -> Kept: ...
    @property
    def tau(self) -> Kept: ...
    @property
    def z_max_fraction(self) -> Kept: ...

class RateBalance(Device):
    """A memristive synapse (Type C): potentiation and depression balance in dg/dt = kP (1 - g) - kD g, with rates kP =
    kappa_p0 exp(eta_p |v|) and kD = kappa_d0 exp(-eta_d |v|), and the conductance is g_min (1 - g) + g_max g.

    Each step takes the exact solution at the voltage just solved, g -> g_inf (1 - e) + g e with g_inf = kP / (kP + kD)
    and e = exp(-(kP + kD) dt), so no dt is unstable and no voltage overflows. At 0 V the state relaxes in 1 / (kappa_p0
    + kappa_d0), 19.8 s with the defaults; above 0.23 V potentiation wins.

    Parameters
    ----------
    kappa_p0 : float or array (n_edges,), default 0.0005
        potentiation rate at 0 V (1/s); in [0, inf).
    kappa_d0 : float or array (n_edges,), default 0.05
        depression rate at 0 V (1/s); in [0, inf).
    eta_p : float or array (n_edges,), default 10
        growth of the potentiation rate with voltage: kappa_p0 exp(eta_p |v|) (1/V); in [0, inf).
    eta_d : float or array (n_edges,), default 10
        decay of the depression rate with voltage: kappa_d0 exp(-eta_d |v|) (1/V); in [0, inf).
    g_min : float or array (n_edges,), default 0
        conductance at g = 0 (S); in [0, inf).
    g_max : float or array (n_edges,), default 1
        conductance at g = 1 (S); in [0, inf).
    g_initial : float or array (n_edges,), default None
        g before the first step; in [0, 1]. None: kappa_p0 / (kappa_p0 + kappa_d0), the equilibrium at 0 V.
    step : {"exact", "as-published"}, default 'exact'
        "exact", the solution of the rate equation at constant voltage; "as-published", the recursion of the group's
        published scripts, which misplaces a bracket and does not tend to g as dt -> 0: only to repeat figures made with
        it.

    States
    ------
    g : array
        memory state: share of the conductance range in use; in [0, 1].

    Examples
    --------
    >>> import memnet as mn
    >>> mn.RateBalance()
    RateBalance()

    Source
    ------
    PNN25: Nanoscale Horiz. 2025, 10, 2475, doi 10.1039/D5NH00407A, eq. 8-10; MF23: Ann. Phys. 2023, 535, 2300090, doi
    10.1002/andp.202300090, eq. 2-4
    """

    def __init__(
        self,
        *,
        kappa_p0: Real = 0.0005,
        kappa_d0: Real = 0.05,
        eta_p: Real = 10.0,
        eta_d: Real = 10.0,
        g_min: Real = 0.0,
        g_max: Real = 1.0,
        g_initial: Real | None = None,
        step: Literal["exact", "as-published"] = "exact",
    ) -> None: ...
    @property
    def kappa_p0(self) -> Kept: ...
    @property
    def kappa_d0(self) -> Kept: ...
    @property
    def eta_p(self) -> Kept: ...
    @property
    def eta_d(self) -> Kept: ...
    @property
    def g_min(self) -> Kept: ...
    @property
    def g_max(self) -> Kept: ...
    @property
    def g_initial(self) -> Kept | None: ...
    @property
    def step(self) -> Literal["exact", "as-published"]: ...

class Resistor(Device):
    """Ohm's law with an optional source: i = conductance (v - emf), where v is the voltage across the edge.

    It has no state. With an emf the edge drives current around any closed path through it, also where no electrode
    does.

    Parameters
    ----------
    conductance : float or array (n_edges,), default 1
        conductance of the resistor; 0 takes the edge out, negative values need solver="umfpack" (S).
    emf : float or array (n_edges,), default 0
        source voltage: the branch voltage at which no current flows (V).

    Examples
    --------
    >>> import memnet as mn
    >>> mn.Resistor()
    Resistor()

    Source
    ------
    Ohm's law; a battery with internal resistance is the same element
    """

    def __init__(
        self,
        *,
        conductance: Real = 1.0,
        emf: Real = 0.0,
    ) -> None: ...
    @property
    def conductance(self) -> Kept: ...
    @property
    def emf(self) -> Kept: ...

class Capacitor(Device):
    """A linear capacitor, i = C dv/dt, integrated by backward Euler: in each step it is a conductance C/dt with the
    source current -(C/dt) v of the step before.

    The row of step k holds the voltage at the end of an interval dt that started with the voltage of step k - 1
    (v_initial before the first row). Choose dt well below R C: the error is of first order in dt, but no dt is
    unstable.

    Parameters
    ----------
    capacitance : float or array (n_edges,), default 1
        capacitance of the edge (F); in [0, inf).
    v_initial : float or array (n_edges,), default 0
        voltage across the capacitor before the first step (V).

    States
    ------
    v : array
        voltage across the capacitor at the last step (V).

    Examples
    --------
    >>> import memnet as mn
    >>> mn.Capacitor()
    Capacitor()

    Source
    ------
    Nagel, SPICE2: a computer program to simulate semiconductor circuits, Univ. of California, Berkeley, ERL-M520 (1975)
    """

    def __init__(
        self,
        *,
        capacitance: Real = 1.0,
        v_initial: Real = 0.0,
    ) -> None: ...
    @property
    def capacitance(self) -> Kept: ...
    @property
    def v_initial(self) -> Kept: ...
