"""The device models. Written by scripts/generate_models.py from the C field tables: do not edit."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.devices._device import Device, DeviceWithPresets
from memnet.drive import Waveform

# A number for all edges, or one for each edge of the device or of the network.
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
    alpha : float or array, default 1; tunnelling prefactor: conductance of an open gap of length 0 (S); in [0,
        inf).
    beta : float or array, default 200; decay of the tunnelling conductance with gap length L: an open gap conducts
        alpha exp(-beta L), and nothing at all where beta L > 300 (1/pd); in [0, inf).
    g_on : float or array, default 10; conductance of a gap that a filament bridges (S); in [0, inf).
    e_t : float or array, default 10; threshold field E_T above which the filament of an open gap grows (V/pd); in
        [0, inf).
    i_t : float or array, default 0.01; threshold current I_T above which a formed filament thins (A); in [0, inf).
    r_d : float or array, default 1e-06; growth rate of the filament length per unit of field above threshold
        (pd^2/(V s)); in [0, inf).
    r_w : float or array, default 0.01; thinning rate of the filament width per unit of current above threshold
        (1/(A s)); in [0, inf).
    w0 : float or array, default 1; width of a filament when it forms; only r_w / w0 matters; in (0, inf).
    d_leak : float or array, default 0; rate at which a filament that does not grow retracts: dd/dt = -d_leak d at
        or below threshold, stepped exactly. 0 keeps its length; our reading of the leaky integration that PNN25
        mentions (1/s); in [0, inf).
    d_after_break : float or array, default 0; filament length that stays when a filament breaks, as a fraction of
        the gap length L; in [0, 1).
    field : {"remaining", "gap"}, default 'remaining'; what the field acts across: "remaining", E = |v| / (L - d),
        the gap that is left; "gap", E = |v| / L, the whole gap.
    """

    alpha: Final[Kept]
    beta: Final[Kept]
    g_on: Final[Kept]
    e_t: Final[Kept]
    i_t: Final[Kept]
    r_d: Final[Kept]
    r_w: Final[Kept]
    w0: Final[Kept]
    d_leak: Final[Kept]
    d_after_break: Final[Kept]
    field: Final[Literal["remaining", "gap"]]
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

class Hillock(Device):
    """A memristive tunnel gap (Type B).

    The field raises a hillock of height z in a gap of length D, which relaxes where the field is weak: dz/dt = ((mu /
    kappa) |v| / (D - z) - z) / tau, with 0 <= z <= z_max_fraction D, and the conductance alpha exp(-beta (D - z))
    follows. A gap longer than 2 sqrt(mu |v| / kappa) settles at z (D - z) = mu |v| / kappa; a shorter one runs to the
    clamp, so gaps of one network respond differently. Explicit Euler steps: the error is of first order in dt, which
    should stay well below tau.

    Parameters
    ----------
    mu : float or array, default 3.46e-05; strength of the field-driven growth; mu / kappa has the published value
        (pd^2/V); in [0, inf).
    kappa : float or array, default 0.038; strength of the relaxation, relative to mu; in (0, inf).
    alpha : float or array, default 10; tunnelling prefactor: conductance of a gap of length 0 (S); in [0, inf).
    beta : float or array, default 200; decay of the tunnelling conductance with the gap D - z that is left: the
        conductance is alpha exp(-beta (D - z)), and exactly 0 where beta (D - z) > 300 (1/pd); in [0, inf).
    tau : float or array, default 20; relaxation time, the T of PNN25; tau = 1 / kappa gives MF23 eq. 29 (s); in (0,
        inf).
    z_max_fraction : float or array, default 0.5; the hillock's largest height, as a fraction of the gap length D;
        in [0, 1).
    """

    mu: Final[Kept]
    kappa: Final[Kept]
    alpha: Final[Kept]
    beta: Final[Kept]
    tau: Final[Kept]
    z_max_fraction: Final[Kept]
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

class RateBalance(DeviceWithPresets):
    """A memristive synapse (Type C): potentiation and depression balance in dg/dt = kP (1 - g) - kD g, with rates kP =
    kappa_p0 exp(eta_p |v|) and kD = kappa_d0 exp(-eta_d |v|), and the conductance is g_min (1 - g) + g_max g.

    Each step takes the exact solution at the voltage just solved, g -> g_inf (1 - e) + g e with g_inf = kP / (kP + kD)
    and e = exp(-(kP + kD) dt), so no dt is unstable and no voltage overflows. At 0 V the state relaxes in 1 / (kappa_p0
    + kappa_d0), 19.8 s with the defaults; above 0.23 V potentiation wins.

    Parameters
    ----------
    kappa_p0 : float or array, default 0.0005; potentiation rate at 0 V (1/s); in [0, inf).
    kappa_d0 : float or array, default 0.05; depression rate at 0 V (1/s); in [0, inf).
    eta_p : float or array, default 10; growth of the potentiation rate with voltage: kappa_p0 exp(eta_p |v|) (1/V);
        in [0, inf).
    eta_d : float or array, default 10; decay of the depression rate with voltage: kappa_d0 exp(-eta_d |v|) (1/V);
        in [0, inf).
    g_min : float or array, default 0; conductance at g = 0 (S); in [0, inf).
    g_max : float or array, default 1; conductance at g = 1 (S); in [0, inf).
    g_initial : float or array, default None; g before the first step; in [0, 1]. None: kappa_p0 / (kappa_p0 +
        kappa_d0), the equilibrium at 0 V.
    step : {"exact", "as-published"}, default 'exact'; "exact", the solution of the rate equation at constant
        voltage; "as-published", the recursion of the group's published scripts, which misplaces a bracket and does
        not tend to g as dt -> 0: only to repeat figures made with it.
    """

    kappa_p0: Final[Kept]
    kappa_d0: Final[Kept]
    eta_p: Final[Kept]
    eta_d: Final[Kept]
    g_min: Final[Kept]
    g_max: Final[Kept]
    g_initial: Final[Kept | None]
    step: Final[Literal["exact", "as-published"]]
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

class StochasticRateBalance(DeviceWithPresets):
    """A memristive synapse that fluctuates.

    The rate balance, dg/dt = kP (1 - g) - kD g, with noise sigma dW and with jumps: each step takes the exact solution
    of RateBalance, adds the noise that gathers in dt, normal with variance sigma^2 (1 - exp(-2 (kP + kD) dt)) / (2 (kP
    + kD)), and with probability jump_rate dt a jump whose size follows a bounded power law and which goes up with
    probability 1/2 + (g_inf - g) / (2 (1 + 2 jump_high)). g stays in [0, 1]. The random numbers belong to the
    simulation's seed, the edge and the step, so runs repeat whatever their pieces. Without noise and jumps it is
    RateBalance, bit for bit.

    Parameters
    ----------
    kappa_p0 : float or array, default 0.0005; potentiation rate at 0 V (1/s); in [0, inf).
    kappa_d0 : float or array, default 0.05; depression rate at 0 V (1/s); in [0, inf).
    eta_p : float or array, default 10; growth of the potentiation rate with voltage: kappa_p0 exp(eta_p |v|) (1/V);
        in [0, inf).
    eta_d : float or array, default 10; decay of the depression rate with voltage: kappa_d0 exp(-eta_d |v|) (1/V);
        in [0, inf).
    g_min : float or array, default 0; conductance at g = 0 (S); in [0, inf).
    g_max : float or array, default 1; conductance at g = 1 (S); in [0, inf).
    g_initial : float or array, default None; g before the first step; in [0, 1]. None: kappa_p0 / (kappa_p0 +
        kappa_d0), the equilibrium at 0 V.
    sigma : float or array, default 0; strength of the noise: dg = ... + sigma dW (1/s^0.5); in [0, inf).
    jump_rate : float or array, default 0; mean number of jumps per time; at most one happens in a step, with
        probability jump_rate dt (1/s); in [0, inf).
    jump_exponent : float or array, default 2.78; exponent of the power law of the jumps' sizes: density
        proportional to size^-jump_exponent.
    jump_low : float or array, default 0.00064; smallest jump, in units of g; in (0, 1].
    jump_high : float or array, default 0.0102; largest jump, in units of g; in (0, 1].
    """

    kappa_p0: Final[Kept]
    kappa_d0: Final[Kept]
    eta_p: Final[Kept]
    eta_d: Final[Kept]
    g_min: Final[Kept]
    g_max: Final[Kept]
    g_initial: Final[Kept | None]
    sigma: Final[Kept]
    jump_rate: Final[Kept]
    jump_exponent: Final[Kept]
    jump_low: Final[Kept]
    jump_high: Final[Kept]
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
        sigma: Real = 0.0,
        jump_rate: Real = 0.0,
        jump_exponent: Real = 2.78,
        jump_low: Real = 0.00064,
        jump_high: Real = 0.0102,
    ) -> None: ...

class AtomicSwitch(DeviceWithPresets):
    """A junction of silver nanowires that is on or off.

    A filament gathers flux lambda: above v_set it grows to the side of the voltage, lambda += (|v| - v_set) sgn(v) dt;
    below v_reset it decays, lambda -= b (v_reset - |v|) sgn(lambda) dt, by default never past 0; |lambda| <=
    lambda_max. The junction conducts g_on where |lambda| >= lambda_crit, else g_off; both switchings are logged (+1 on,
    -1 off). Explicit Euler steps, in the order of the published code; 1 ms is its dt. At a constant voltage it switches
    on after lambda_crit / (|v| - v_set).

    Parameters
    ----------
    v_set : float or array, default 0.01; voltage above which lambda grows, by |v| - v_set (V); in [0, inf).
    v_reset : float or array, default 0.005; voltage below which lambda decays, by b (v_reset - |v|) (V); in [0,
        inf).
    lambda_crit : float or array, default 0.01; flux at which the filament bridges the junction (V s); in (0, inf).
    lambda_max : float or array, default 0.015; largest |lambda|; below lambda_crit the junction never switches on
        (V s); in [0, inf).
    b : float or array, default 10; how much faster the filament decays than it grows; in [0, inf).
    g_on : float or array, default 7.77e-05; conductance of the metallic filament (S); in (0, inf).
    g_off : float or array, default 7.77e-08; conductance of the junction without a filament (S); in [0, inf).
    decay : {"to-zero", "past-zero"}, default 'to-zero'; how the decay ends: "to-zero", lambda stops at 0, as in the
        code of Nat. Commun. 2021; "past-zero", the last step carries it past 0, by less than b v_reset dt, as in
        ASN_simulation, where it then chatters about 0.
    """

    v_set: Final[Kept]
    v_reset: Final[Kept]
    lambda_crit: Final[Kept]
    lambda_max: Final[Kept]
    b: Final[Kept]
    g_on: Final[Kept]
    g_off: Final[Kept]
    decay: Final[Literal["to-zero", "past-zero"]]
    def __init__(
        self,
        *,
        v_set: Real = 0.01,
        v_reset: Real = 0.005,
        lambda_crit: Real = 0.01,
        lambda_max: Real = 0.015,
        b: Real = 10.0,
        g_on: Real = 7.77e-05,
        g_off: Real = 7.77e-08,
        decay: Literal["to-zero", "past-zero"] = "to-zero",
    ) -> None: ...

class TunnelSwitch(DeviceWithPresets):
    """A junction of silver nanowires that tunnels.

    Its filament gathers flux lambda as that of AtomicSwitch, and leaves a gap d = d_max max(0, lambda_crit - |lambda|)
    / lambda_crit with the resistance R_t = (2 / a) d / sqrt(phi) exp(10.19 d phi^2) / 4.71307e-5 ohm; the conductance
    is 1 / (R_t + 1 / g_on) + g_off. The codes that were published differ in two places, which are choices here:
    exponent and prefactor. Explicit Euler steps; 1 ms is the dt of the published code. A conductance that rises above
    switch_at g_off is logged as an event (+1), one that falls back to it as another (-1): the trains that were
    published count these.

    Parameters
    ----------
    v_set : float or array, default 0.01; voltage above which lambda grows, by |v| - v_set (V); in [0, inf).
    v_reset : float or array, default 0.005; voltage below which lambda decays, by b (v_reset - |v|) (V); in [0,
        inf).
    lambda_crit : float or array, default 0.01; flux at which the filament bridges the junction (V s); in (0, inf).
    lambda_max : float or array, default 0.015; largest |lambda|; below lambda_crit the junction never switches on
        (V s); in [0, inf).
    b : float or array, default 10; how much faster the filament decays than it grows; in [0, inf).
    g_on : float or array, default 7.77e-05; conductance of the metallic filament (S); in (0, inf).
    g_off : float or array, default 7.77e-08; conductance of the junction without a filament (S); in [0, inf).
    d_max : float or array, default 5; length of the tunnel gap without a filament (nm); in [0, inf).
    phi : float or array, default 0.81; height of the tunnel barrier (V); in (0, inf).
    a : float or array, default 0.17; area of the junction (nm^2); in (0, inf).
    exponent : {"phi^2", "sqrt(phi)"}, default 'phi^2'; what stands in the exponent, 10.19 d times it: "phi^2" as
        the published codes have it, or "sqrt(phi)", Simmons' formula, for which 10.19 is in 1/(nm V^0.5).
    prefactor : {"d", "d^2"}, default 'd'; what stands before the exponential: "d" in the code of Nat. Commun. 2021,
        "d^2" in ASN_simulation.
    switch_at : float or array, default 1.1; conductance, in units of g_off, above which the junction counts as on:
        to rise above switch_at g_off is an event, to fall back to it another; in (1, inf).
    decay : {"to-zero", "past-zero"}, default 'to-zero'; how the decay ends: "to-zero", lambda stops at 0, as in the
        code of Nat. Commun. 2021; "past-zero", the last step carries it past 0, by less than b v_reset dt, as in
        ASN_simulation, where it then chatters about 0.
    """

    v_set: Final[Kept]
    v_reset: Final[Kept]
    lambda_crit: Final[Kept]
    lambda_max: Final[Kept]
    b: Final[Kept]
    g_on: Final[Kept]
    g_off: Final[Kept]
    d_max: Final[Kept]
    phi: Final[Kept]
    a: Final[Kept]
    exponent: Final[Literal["phi^2", "sqrt(phi)"]]
    prefactor: Final[Literal["d", "d^2"]]
    switch_at: Final[Kept]
    decay: Final[Literal["to-zero", "past-zero"]]
    def __init__(
        self,
        *,
        v_set: Real = 0.01,
        v_reset: Real = 0.005,
        lambda_crit: Real = 0.01,
        lambda_max: Real = 0.015,
        b: Real = 10.0,
        g_on: Real = 7.77e-05,
        g_off: Real = 7.77e-08,
        d_max: Real = 5.0,
        phi: Real = 0.81,
        a: Real = 0.17,
        exponent: Literal["phi^2", "sqrt(phi)"] = "phi^2",
        prefactor: Literal["d", "d^2"] = "d",
        switch_at: Real = 1.1,
        decay: Literal["to-zero", "past-zero"] = "to-zero",
    ) -> None: ...

class LinearDrift(DeviceWithPresets):
    """A linear drift memristor.

    Charge moves the boundary between a doped and an undoped region, dx/dt = (mu r_on / d^2) i f(x) - decay x, and the
    device is their resistances in series, r_on x + r_off (1 - x). Bipolar: the sign of the current, from the first node
    of the edge to the second, decides the direction. 0 <= x <= 1. Without a window explicit Euler steps: the error is
    of first order in dt. With one, a step is the solution of the equation at the step's voltage (1e-8 of what is left
    to an end), so that x comes near the end, and comes back: after a closed cycle of an imposed voltage it is where it
    was.

    Parameters
    ----------
    r_on : float or array, default 100; resistance of the device when it is doped throughout (ohm); in (0, inf).
    r_off : float or array, default 16000; resistance of the device when nothing of it is doped (ohm); in (0, inf).
    mu : float or array, default 1e-14; mobility of the dopants (m^2/(V s)); in [0, inf).
    d : float or array, default 1e-08; thickness of the device (m); in (0, inf).
    window : {"none", "strukov", "joglekar"}, default 'none'; what slows the boundary down near the ends: "none", f
        = 1; "strukov", f = x (1 - x); "joglekar", f = 1 - (2 x - 1)^(2 p). The last two are 0 at x = 0 and at x =
        1: a boundary never gets there, and one that was put there never returns, other than by decay.
    p : float or array, default 1; exponent of the joglekar window; the larger, the flatter; in (0, inf).
    v_threshold : float or array, default 0; the boundary drifts only where |v| > v_threshold (V); in [0, inf).
    decay : float or array, default 0; rate at which the doped fraction decays, 1/tau: dx/dt = ... - decay x, at any
        voltage (1/s); in [0, inf).
    x_initial : float or array, default 0.1; doped fraction at the start; in [0, 1].
    """

    r_on: Final[Kept]
    r_off: Final[Kept]
    mu: Final[Kept]
    d: Final[Kept]
    window: Final[Literal["none", "strukov", "joglekar"]]
    p: Final[Kept]
    v_threshold: Final[Kept]
    decay: Final[Kept]
    x_initial: Final[Kept]
    def __init__(
        self,
        *,
        r_on: Real = 100.0,
        r_off: Real = 16000.0,
        mu: Real = 1e-14,
        d: Real = 1e-08,
        window: Literal["none", "strukov", "joglekar"] = "none",
        p: Real = 1.0,
        v_threshold: Real = 0.0,
        decay: Real = 0.0,
        x_initial: Real = 0.1,
    ) -> None: ...

class ShortLongTermDrift(DeviceWithPresets):
    """A linear drift memristor that forgets, and forgets less the more it was used.

    The current moves the boundary as in LinearDrift, l = (mu r_on / d^2) i, and w decays to a retained level eps with a
    time constant tau, dw/dt = (l - (w - eps) / tau) f(w); the same drift raises the retained level, deps/dt = sigma l
    f(w), and slows the decay down, dtau/dt = theta l (a - w). So a short-term memory, which lasts tau, becomes a long-
    term one, eps; a current the other way undoes both. The device is r_on w + r_off (1 - w). Each step takes the exact
    exponential of the decay, stable at any dt, and Euler's step of the rest: without current and window w is exact,
    else the error is of first order in dt. 0 <= w <= 1, tau >= 0, 0 <= eps <= 1. With a window, a step of w that would
    reach an end, and those that follow it near there, are exact at their voltage, tau and eps: w comes near the end,
    and comes back.

    Parameters
    ----------
    r_on : float or array, default 100; resistance of the device when it is doped throughout (ohm); in (0, inf).
    r_off : float or array, default 16000; resistance of the device when nothing of it is doped (ohm); in (0, inf).
    mu : float or array, default 1e-14; mobility of the dopants (m^2/(V s)); in [0, inf).
    d : float or array, default 1e-08; thickness of the device (m); in (0, inf).
    window : {"none", "strukov", "joglekar"}, default 'none'; what slows the doped fraction and the retained level
        down near the ends: "none", f = 1; "strukov", f = w (1 - w); "joglekar", f = 1 - (2 w - 1)^(2 p). The last
        two are 0 at w = 0 and at w = 1: w never gets there, and where it was put there drift and decay both end,
        for good.
    p : float or array, default 1; exponent of the joglekar window; the larger, the flatter; in (0, inf).
    sigma : float or array, default 0.03; how much of the drift is retained: deps/dt = sigma l f, where l f is the
        drift of w; in [0, inf).
    theta : float or array, default 0.0001; how much slower the decay gets with the drift: dtau/dt = theta l (a - w)
        (s); in [0, inf).
    a : float or array, default 0.75; doped fraction up to which the drift slows the decay down; above, it speeds it
        up; in [0, 1].
    w_initial : float or array, default 0.055; doped fraction at the start; in [0, 1].
    tau_initial : float or array, default 0.2; time constant of the decay at the start (s); in (0, inf).
    eps_initial : float or array, default 0.055; retained level at the start; in [0, 1].
    """

    r_on: Final[Kept]
    r_off: Final[Kept]
    mu: Final[Kept]
    d: Final[Kept]
    window: Final[Literal["none", "strukov", "joglekar"]]
    p: Final[Kept]
    sigma: Final[Kept]
    theta: Final[Kept]
    a: Final[Kept]
    w_initial: Final[Kept]
    tau_initial: Final[Kept]
    eps_initial: Final[Kept]
    def __init__(
        self,
        *,
        r_on: Real = 100.0,
        r_off: Real = 16000.0,
        mu: Real = 1e-14,
        d: Real = 1e-08,
        window: Literal["none", "strukov", "joglekar"] = "none",
        p: Real = 1.0,
        sigma: Real = 0.03,
        theta: Real = 0.0001,
        a: Real = 0.75,
        w_initial: Real = 0.055,
        tau_initial: Real = 0.2,
        eps_initial: Real = 0.055,
    ) -> None: ...

class DiffusiveMemristor(DeviceWithPresets):
    """A volatile memristor of silver particles that diffuse.

    n particles between two terminals follow eta dx/dt = -U'(x) + tilt v / v_th + sqrt(2 eta theta) xi, in units of half
    the device and of kappa, in a potential U of one well at each terminal and many pinning wells between them, and turn
    round at the terminals. The current tunnels from terminal to particle to terminal, r = r_t sum of exp(gap / lam)
    over the n + 1 gaps, and heats the device: dtheta/dt = kappa (c_t (v / v_th)^2 r_t / r - (theta - theta0)). A
    voltage pulls the particles out of their wells until they bridge the terminals; without one they fall back. Sub-
    steps of the particles are Euler's, each at the temperature where it begins, the heat of a sub-step is exact at its
    resistance, and the voltage stays what it was when the step of the simulation began. The random numbers belong to
    the simulation's seed, the edge, the step, the sub-step and the particle.

    Parameters
    ----------
    n : int, default 40; number of particles, one for all edges of a device; in [1, 128].
    w_i : float or array, default 4.5; interfacial energy: depth of a terminal's well; in [0, 1e+60].
    r_i : float or array, default 0.1; range of the interfacial energy, of half the device; in [0.001, 1e+60].
    x_c : float or array, default 0.85; distance of the terminals' wells from the middle, of half the device; in [0,
        1].
    w_p : float or array, default 1; pinning energy, from the top to the bottom of a pinning well; the unit of all
        energies where it is 1; in [0, 1e+60].
    phase : float or array, default 0; phase of the pinning at the middle in turns: at 0, as printed, the two
        terminals differ, at 0.25 they do not; in [-1e+06, 1e+06].
    r_p : float or array, default 0.15; period of the pinning, of half the device; in [0.001, 1e+60].
    lam : float or array, default 0.2; tunnelling length, of half the device; in (0, inf).
    v_th : float or array, default 1; scale of the voltage, about the threshold (V); in [1e-60, 1e+60].
    tilt : float or array, default 9; force of the voltage on a particle at v_th, in pinning energies over half the
        device; in [-1e+60, 1e+60].
    eta : float or array, default 30; friction, in pinning energies / (kappa times half the device squared); in
        [1e-60, 1e+60].
    theta0 : float or array, default 0.45; temperature around the device, in pinning energies / Boltzmann's
        constant; in [0, 1e+60].
    c_t : float or array, default 20; heating: rise of the temperature at v_th were the resistance r_t; in [0,
        1e+60].
    kappa : float or array, default 1; rate of cooling, the scale of time (1/s); in [1e-60, 1e+60].
    r_t : float or array, default 1; resistance of a gap of no length, the scale of resistance (ohm); in [1e-100,
        1e+100].
    left : float or array, default 0.5; share of the particles that start at the left terminal, which is the first
        end of the edge; in [0, 1].
    substep : float or array, default None; longest step of the particles; a step of the simulation has as many
        equal ones as it takes (s); in (0, inf). None: 0.12 eta / (kappa U'') with the largest curvature U'' of the
        potential, at most 0.01 / kappa.
    potential : {"wells", "pairs"}, default 'wells'; interfacial energy: "wells" of the depth w_i at the terminals,
        or "pairs" of particles that attract each other by w_i / n, and wells half as deep; with half of the
        particles at each terminal both hold a particle alike.
    """

    n: Final[int]
    w_i: Final[Kept]
    r_i: Final[Kept]
    x_c: Final[Kept]
    w_p: Final[Kept]
    phase: Final[Kept]
    r_p: Final[Kept]
    lam: Final[Kept]
    v_th: Final[Kept]
    tilt: Final[Kept]
    eta: Final[Kept]
    theta0: Final[Kept]
    c_t: Final[Kept]
    kappa: Final[Kept]
    r_t: Final[Kept]
    left: Final[Kept]
    substep: Final[Kept | None]
    potential: Final[Literal["wells", "pairs"]]
    def __init__(
        self,
        *,
        n: int = 40,
        w_i: Real = 4.5,
        r_i: Real = 0.1,
        x_c: Real = 0.85,
        w_p: Real = 1.0,
        phase: Real = 0.0,
        r_p: Real = 0.15,
        lam: Real = 0.2,
        v_th: Real = 1.0,
        tilt: Real = 9.0,
        eta: Real = 30.0,
        theta0: Real = 0.45,
        c_t: Real = 20.0,
        kappa: Real = 1.0,
        r_t: Real = 1.0,
        left: Real = 0.5,
        substep: Real | None = None,
        potential: Literal["wells", "pairs"] = "wells",
    ) -> None: ...

class JART(DeviceWithPresets):
    """The filament of an oxide whose vacancies move, by valence change: the model JART VCM v1b with its inner
    equation.

    A Schottky interface (thermionic emission where v > 0, thermionic field emission where v < 0, over a barrier that
    the image force lowers), a disc, a plug, a layer of titanium oxide and lines that their current heats are in series.
    The filament has the temperature T_0 + R_th P of the power P in interface, disc and plug, at v > 0 with s_reset
    R_th. Vacancies hop between plug and disc in the field, of the disc at v < 0 and of the whole filament at v > 0: a
    negative voltage at the first node, the active electrode, sets, and a positive one resets. Where several voltages of
    the interface solve the equation, the smallest is taken, which a sweep from 0 V comes to; with other barriers it can
    end, and the current jumps. A field lowers the barrier of a hop by at most 0.999 of what it can. ExplicitJART is a
    fit to this current.

    Parameters
    ----------
    r : float or array, default 4.5e-08; radius of the filament (m); in (0, inf).
    l : float or array, default 4e-10; length of the disc (m); in (0, l_cell).
    N_min : float or array, default 8e+23; least concentration of vacancies in the disc (1/m^3); in (0, N_max).
    N_max : float or array, default 2e+27; largest concentration of vacancies in the disc (1/m^3); in (0, inf).
    N_0 : float or array, default 8e+23; concentration of vacancies in the disc at the start (1/m^3); in (0, inf).
    N_plug : float or array, default 2e+27; concentration of vacancies in the plug (1/m^3); in (0, inf).
    a : float or array, default 2.5e-10; length of a hop (m); in (0, inf).
    nu_0 : float or array, default 2e+13; attempt frequency of hops (Hz); in (0, inf).
    dW : float or array, default 2.16294e-19; barrier of a hop, 1.35 eV (J); in (0, inf).
    z : float or array, default 2; charge number of a vacancy; in (0, inf).
    l_cell : float or array, default 3e-09; length of disc and plug together (m); in (0, inf).
    mu_n : float or array, default 4e-06; mobility of electrons in disc and plug (m^2/(V s)); in (0, inf).
    R_TiOx : float or array, default 650; resistance of the layer of titanium oxide (ohm); in [0, inf).
    R_line : float or array, default 719.244; resistance of the lines without a current (ohm); in [0, inf).
    R_th_line : float or array, default 90471.5; thermal resistance of the lines, which their current heats (K/W);
        in [0, inf).
    alpha_line : float or array, default 0.00392; temperature coefficient of the resistance of the lines (1/K); in
        [0, inf).
    T_0 : float or array, default 293; ambient temperature (K); in (0, inf).
    R_th : float or array, default 1.572e+07; thermal resistance of the filament where v < 0, in the set (K/W); in
        [0, inf).
    s_reset : float or array, default 0.27; share of R_th that counts where v > 0, in the reset; in [0, inf).
    phi_B : float or array, default 0.18; Schottky barrier before the field lowers it (V); in (0, inf).
    phi_n : float or array, default 0.1; from the Fermi level of the oxide to its conduction band (V); in [0,
        phi_B).
    eps : float or array, default 17; relative permittivity of the oxide in tunnelling; in (0, inf).
    eps_phi : float or array, default 5.5; relative permittivity of the oxide in the lowering of the barrier; in (0,
        inf).
    A_R : float or array, default 601000; Richardson constant of the interface (A/(m K)^2); in (0, inf).
    """

    r: Final[Kept]
    l: Final[Kept]
    N_min: Final[Kept]
    N_max: Final[Kept]
    N_0: Final[Kept]
    N_plug: Final[Kept]
    a: Final[Kept]
    nu_0: Final[Kept]
    dW: Final[Kept]
    z: Final[Kept]
    l_cell: Final[Kept]
    mu_n: Final[Kept]
    R_TiOx: Final[Kept]
    R_line: Final[Kept]
    R_th_line: Final[Kept]
    alpha_line: Final[Kept]
    T_0: Final[Kept]
    R_th: Final[Kept]
    s_reset: Final[Kept]
    phi_B: Final[Kept]
    phi_n: Final[Kept]
    eps: Final[Kept]
    eps_phi: Final[Kept]
    A_R: Final[Kept]
    def __init__(
        self,
        *,
        r: Real = 4.5e-08,
        l: Real = 4e-10,
        N_min: Real = 8e23,
        N_max: Real = 2e27,
        N_0: Real = 8e23,
        N_plug: Real = 2e27,
        a: Real = 2.5e-10,
        nu_0: Real = 20000000000000.0,
        dW: Real = 2.1629384559e-19,
        z: Real = 2.0,
        l_cell: Real = 3e-09,
        mu_n: Real = 4e-06,
        R_TiOx: Real = 650.0,
        R_line: Real = 719.2437,
        R_th_line: Real = 90471.47,
        alpha_line: Real = 0.00392,
        T_0: Real = 293.0,
        R_th: Real = 15720000.0,
        s_reset: Real = 0.27,
        phi_B: Real = 0.18,
        phi_n: Real = 0.1,
        eps: Real = 17.0,
        eps_phi: Real = 5.5,
        A_R: Real = 601000.0,
    ) -> None: ...

class Resistor(Device):
    """Ohm's law with an optional source: i = conductance (v - emf), where v is the voltage across the edge.

    It has no state. With an emf the edge drives current around any closed path through it, also where no electrode
    does.

    Parameters
    ----------
    conductance : float or array, default 1; conductance of the resistor; 0 takes the edge out, negative values need
        solver="umfpack" (S).
    emf : float or array, default 0; source voltage: the branch voltage at which no current flows (V).
    """

    conductance: Final[Kept]
    emf: Final[Kept]
    def __init__(self, *, conductance: Real = 1.0, emf: Real = 0.0) -> None: ...

class Capacitor(Device):
    """A linear capacitor, i = C dv/dt.

    In fixed steps by backward Euler it is in each step a conductance C/dt with the source current -(C/dt) v of the step
    before. The row of step k holds the voltage at the end of an interval dt that started with the voltage of step k - 1
    (v_initial before the first row). Choose dt well below R C: the error is of first order in dt, but no dt is
    unstable. With method="trapezoidal" it is of second order, and the row of step k is the circuit at k dt, the first
    one with v_initial across the capacitor. Adaptive runs have no use for the choice.

    Parameters
    ----------
    capacitance : float or array, default 1; capacitance of the edge (F); in (0, inf).
    v_initial : float or array, default 0; voltage across the capacitor before the first step (V).
    method : {"backward-euler", "trapezoidal"}, default 'backward-euler'; rule of fixed steps: "backward-euler", of
        first order in dt, which damps what is faster than dt; "trapezoidal", of second order, with a damped step
        after each jump or event.
    """

    capacitance: Final[Kept]
    v_initial: Final[Kept]
    method: Final[Literal["backward-euler", "trapezoidal"]]
    def __init__(
        self,
        *,
        capacitance: Real = 1.0,
        v_initial: Real = 0.0,
        method: Literal["backward-euler", "trapezoidal"] = "backward-euler",
    ) -> None: ...

class Inductor(Device):
    """A linear inductor, v = L di/dt.

    Its current, from the first node of the edge to the second, is its state: it goes on through jumps of the drive, and
    at the first moment it is i_initial. A node that only inductors reach has the potential at which the rates of their
    currents balance. In fixed steps the trapezoidal rule, of second order in dt.

    Parameters
    ----------
    inductance : float or array, default 1; inductance of the edge (H); in (0, inf).
    i_initial : float or array, default 0; current from the first node of the edge to the second at the start (A).
    """

    inductance: Final[Kept]
    i_initial: Final[Kept]
    def __init__(self, *, inductance: Real = 1.0, i_initial: Real = 0.0) -> None: ...

class Diode(Device):
    """A junction diode, i = I_s (exp(v / (n V_T)) - 1) + g_min v with V_T = k T / e.

    It conducts from the first node of the edge to the second. Exponents above 200 go on along the tangent, so that no
    voltage overflows. It has no state, no capacitance, no series resistance and no breakdown.

    Parameters
    ----------
    saturation_current : float or array, default 1e-14; current I_s that flows in reverse at large voltages (A); in
        (0, inf).
    ideality : float or array, default 1; ideality factor n, the emission coefficient; in (0, inf).
    temperature : float or array, default 300.15; temperature T of the thermal voltage V_T = k T / e; it does not
        change I_s (K); in (0, inf).
    g_min : float or array, default 0; conductance beside the junction; circuits in which only diodes in reverse
        hold a node are better conditioned with 1e-12, the default of SPICE (S); in [0, inf).
    """

    saturation_current: Final[Kept]
    ideality: Final[Kept]
    temperature: Final[Kept]
    g_min: Final[Kept]
    def __init__(
        self,
        *,
        saturation_current: Real = 1e-14,
        ideality: Real = 1.0,
        temperature: Real = 300.15,
        g_min: Real = 0.0,
    ) -> None: ...

class Transistor(Device):
    """A field-effect transistor of level 1, i = (F(v_gs) - F(v_gd)) (1 + lambda |v|) with F(u) = k/2 max(u - v_t,
    0)^2.

    Its edge runs from drain to source, and v_gs is the voltage of another edge, from gate to source, which `mn.link`
    names: a Resistor of conductance 0 is enough. Linear, saturated, cut off and reversed, where drain and source change
    places, are one formula. The gate takes no current.

    Parameters
    ----------
    k : float or array, default 0.0001; transconductance parameter: mobility, gate capacitance per area and width
        over length, multiplied (A/V^2); in (0, inf).
    v_t : float or array, default 1; threshold voltage between gate and source above which the channel conducts (V).
    modulation : float or array, default 0; channel-length modulation lambda: relative growth of the current with
        the voltage (1/V); in [0, inf).
    polarity : {"n", "p"}, default 'n'; the carriers of the channel; a p-channel is an n-channel with all voltages
        and the current reversed, so that v_t is minus the threshold that is written for it.
    """

    k: Final[Kept]
    v_t: Final[Kept]
    modulation: Final[Kept]
    polarity: Final[Literal["n", "p"]]
    def __init__(
        self,
        *,
        k: Real = 0.0001,
        v_t: Real = 1.0,
        modulation: Real = 0.0,
        polarity: Literal["n", "p"] = "n",
    ) -> None: ...

class Selector(Device):
    """A selector, i = i_0 sinh(v / v_0): what stands in series with each cell of a passive array so that half selected
    cells carry little.

    The same law is that of a pair of equal electrochemical interfaces in series (Butler and Volmer with a transfer
    coefficient of 1/2) and of hopping in a field. Exponents above 200 go on along the tangent, so that no voltage
    overflows. It has no state.

    Parameters
    ----------
    i_0 : float or array, default 1e-09; current scale: i_0 / v_0 is the conductance at 0 V (A); in (0, inf).
    v_0 : float or array, default 0.1; voltage scale: far above it the current grows by e every v_0 (V); in (0,
        inf).
    """

    i_0: Final[Kept]
    v_0: Final[Kept]
    def __init__(self, *, i_0: Real = 1e-09, v_0: Real = 0.1) -> None: ...

class CubicResistor(DeviceWithPresets):
    """A resistor with i = g_1 v + g_2 v^2 + g_3 v^3.

    With g_1 < 0 < g_3 its current falls between two voltages: the static negative resistance of the oscillators of van
    der Pol, FitzHugh and Nagumo, and the simplest form of a tunnel diode. Negative slopes make circuits that are
    bistable or oscillate. It has no state.

    Parameters
    ----------
    g_1 : float or array, default 1; conductance at 0 V (S).
    g_2 : float or array, default 0; coefficient of v^2: what the two directions differ in (S/V).
    g_3 : float or array, default 0; coefficient of v^3; where it is positive the current is bounded to no range of
        voltages (S/V^2).
    """

    g_1: Final[Kept]
    g_2: Final[Kept]
    g_3: Final[Kept]
    def __init__(self, *, g_1: Real = 1.0, g_2: Real = 0.0, g_3: Real = 0.0) -> None: ...

class ThresholdSwitch(Device):
    """A volatile threshold switch: r_off until |v| reaches v_on, then r_on until |v| has fallen to v_off < v_on.

    The sign of v does not matter. Behind a resistance and beside a capacitance it is a relaxation oscillator or a
    neuron. A step ends at the moment of a switch, in fixed and in adaptive runs, so its times do not depend on dt.
    Events: +1 closed, -1 opened.

    Parameters
    ----------
    v_on : float or array, default 1.2; |v| at which the open switch closes (V); in (0, inf).
    v_off : float or array, default 0.4; |v| at which the closed switch opens, the hold voltage; below v_on (V); in
        (0, v_on).
    r_on : float or array, default 500; resistance of the closed switch (ohm); in (0, inf).
    r_off : float or array, default 1e+06; resistance of the open switch (ohm); in (0, inf).
    on_initial : bool, default False; whether the switch is closed at the start.
    """

    v_on: Final[Kept]
    v_off: Final[Kept]
    r_on: Final[Kept]
    r_off: Final[Kept]
    on_initial: Final[bool]
    def __init__(
        self,
        *,
        v_on: Real = 1.2,
        v_off: Real = 0.4,
        r_on: Real = 500.0,
        r_off: Real = 1000000.0,
        on_initial: bool = False,
    ) -> None: ...

class Switch(Device):
    """A switch with a control: r_on while the control, a waveform, is above the threshold, else r_off.

    It is open before the first moment. A step ends where the control crosses the threshold, in fixed and in adaptive
    runs, so the times of a switch do not depend on dt. Events: +1 closed, -1 opened.

    Parameters
    ----------
    threshold : float or array, default 0.5; the switch is closed while the control is above it, and open while it
        is not (V).
    r_on : float or array, default 1; resistance of the closed switch (ohm); in (0, inf).
    r_off : float or array, default 1e+12; resistance of the open switch (ohm); in (0, inf).
    control : float or Waveform, default 0; what opens and closes the switch, a waveform or a number (V).
    """

    threshold: Final[Kept]
    r_on: Final[Kept]
    r_off: Final[Kept]
    control: Final[Waveform]
    def __init__(
        self,
        *,
        threshold: Real = 0.5,
        r_on: Real = 1.0,
        r_off: Real = 1000000000000.0,
        control: float | Waveform = 0.0,
    ) -> None: ...

class StochasticSwitch(Device):
    """A switch that waits.

    Open, it closes after a time that is exponentially distributed with the mean tau0 exp(-v / V0); closed, it opens
    with the rate k_off exp(-v / V_off), by default never. So a pulse of the length T at the voltage v closes it with
    the probability 1 - exp(-T / tau), for any division of T into steps: a hazard gathers the rate, and the switch falls
    where it comes to a number drawn for the cycle. Fixed steps look for it at their end, adaptive ones find the moment.
    Draws depend on seed, device, edge and the number of switches before. Events: +1 closed, -1 opened.

    Parameters
    ----------
    tau0 : float or array, default 1; mean waiting time of the open switch at 0 V (s); in (0, inf).
    V0 : float or array, default 0.05; voltage that makes it wait e times shorter (V); in (0, inf).
    k_off : float or array, default 0; rate at which the closed switch opens at 0 V; 0: it never does (1/s); in [0,
        inf).
    V_off : float or array, default 0.05; negative voltage that opens it e times as fast (V); in (0, inf).
    r_on : float or array, default 10000; resistance of the closed switch (ohm); in (0, inf).
    r_off : float or array, default 1e+06; resistance of the open switch (ohm); in (0, inf).
    on_initial : bool, default False; whether the switch is closed at the start.
    """

    tau0: Final[Kept]
    V0: Final[Kept]
    k_off: Final[Kept]
    V_off: Final[Kept]
    r_on: Final[Kept]
    r_off: Final[Kept]
    on_initial: Final[bool]
    def __init__(
        self,
        *,
        tau0: Real = 1.0,
        V0: Real = 0.05,
        k_off: Real = 0.0,
        V_off: Real = 0.05,
        r_on: Real = 10000.0,
        r_off: Real = 1000000.0,
        on_initial: bool = False,
    ) -> None: ...

class VoltageSource(Device):
    """A voltage source e(t) in series with a resistance, between any two nodes: i = (v - e(t)) / resistance.

    As V n+ n- of SPICE: the first node of the edge is the positive one, and the current counts from it through the
    source to the second node, so that a source that delivers power has a negative current. Where an electrode can be
    driven, drive it: that source has no resistance.

    Parameters
    ----------
    resistance : float or array, default 1; resistance in series with the source (ohm); in (0, inf).
    voltage : float or Waveform, default 1; voltage e(t) of the source, a waveform or a number (V).
    """

    resistance: Final[Kept]
    voltage: Final[Waveform]
    def __init__(self, *, resistance: Real = 1.0, voltage: float | Waveform = 1.0) -> None: ...

class CurrentSource(Device):
    """A current source between any two nodes: i = current(t), whatever the voltage.

    As I n+ n- of SPICE: the current counts from the first node of the edge through the source to the second, so that a
    positive one is taken out of the first node and driven into the second. Each of its nodes needs another path on
    which the current returns.

    Parameters
    ----------
    current : float or Waveform, default 0; current from the first node of the edge to the second, a waveform or a
        number (A).
    """

    current: Final[Waveform]
    def __init__(self, *, current: float | Waveform = 0.0) -> None: ...

class AdaptiveExponential(DeviceWithPresets):
    """A membrane whose spikes begin as an exponential, and that adapts: a current w follows the voltage below
    threshold (a) and grows at each spike (b).

    It accelerates, gets used, bursts. V_cut and the upstroke are those of ExponentialIntegrateAndFire, refractory time
    and events those of IntegrateAndFire. V_r stays below V_cut, but may be above V_T, where bursts come from.

    Parameters
    ----------
    C_m : float or array, default 2.81e-10; capacitance (F); in (0, inf).
    g_L : float or array, default 3e-08; conductance of the leak (S); in (0, inf).
    E_L : float or array, default -0.0706; where the leak alone would rest (V).
    V_T : float or array, default -0.0504; where the slopes of leak and upstroke cancel (V); in (-inf, V_cut).
    D_T : float or array, default 0.002; how sharply a spike begins (V); in (0, inf).
    V_cut : float or array, default -0.0404; voltage at which the spike is over (V).
    V_r : float or array, default -0.0706; voltage after a spike (V); in (-inf, V_cut).
    a : float or array, default 4e-09; how the adaptation follows the voltage (S).
    b : float or array, default 8.05e-11; by how much a spike raises it (A).
    tau_w : float or array, default 0.144; how long it lasts (s); in (0, inf).
    t_ref : float or array, default 0; refractory time (s); in [0, inf).
    g_ref : float or array, default 0.001; conductance that holds V_r for the refractory time (S); in [0, inf).
    v_initial : float or array, default -0.0706; voltage at the start (V).
    """

    C_m: Final[Kept]
    g_L: Final[Kept]
    E_L: Final[Kept]
    V_T: Final[Kept]
    D_T: Final[Kept]
    V_cut: Final[Kept]
    V_r: Final[Kept]
    a: Final[Kept]
    b: Final[Kept]
    tau_w: Final[Kept]
    t_ref: Final[Kept]
    g_ref: Final[Kept]
    v_initial: Final[Kept]
    def __init__(
        self,
        *,
        C_m: Real = 2.81e-10,
        g_L: Real = 3e-08,
        E_L: Real = -0.0706,
        V_T: Real = -0.0504,
        D_T: Real = 0.002,
        V_cut: Real = -0.0404,
        V_r: Real = -0.0706,
        a: Real = 4e-09,
        b: Real = 8.05e-11,
        tau_w: Real = 0.144,
        t_ref: Real = 0.0,
        g_ref: Real = 0.001,
        v_initial: Real = -0.0706,
    ) -> None: ...

class BipolarThreshold(Device):
    """A memristor with a threshold and two signs, as spikes train it.

    Its weight w moves where the voltage is beyond the threshold v_th of either sign, upwards under positive voltages,
    by the exponential of the voltage less that of the threshold; else it stays. The conductance is linear in w. Where a
    pair of spikes meets, their difference passes the threshold, and the time between them decides sign and size. With
    soft = 1 a weight moves in proportion to what is left to its bound, with soft = 0 alike everywhere, up to the bound.
    PershinDiVentra has a threshold as well, but is linear beyond it, in the resistance.

    Parameters
    ----------
    g_on : float or array, default 1e-05; conductance at w = 1 (S); in (0, inf).
    g_off : float or array, default 1e-07; conductance at w = 0 (S); in (0, inf).
    I_0 : float or array, default 0.01; scale of the rate (1/s); in [0, inf).
    v_0 : float or array, default 0.142857; voltage over which the rate grows by e (V); in (0, inf).
    v_th : float or array, default 1; threshold of the voltage, of either sign (V); in [0, inf).
    soft : float or array, default 0; share of the rate that falls with the distance to the bound; in [0, 1].
    w_initial : float or array, default 0.5; weight at the start; in [0, 1].
    """

    g_on: Final[Kept]
    g_off: Final[Kept]
    I_0: Final[Kept]
    v_0: Final[Kept]
    v_th: Final[Kept]
    soft: Final[Kept]
    w_initial: Final[Kept]
    def __init__(
        self,
        *,
        g_on: Real = 1e-05,
        g_off: Real = 1e-07,
        I_0: Real = 0.01,
        v_0: Real = 0.14285714285714285,
        v_th: Real = 1.0,
        soft: Real = 0.0,
        w_initial: Real = 0.5,
    ) -> None: ...

class ButlerVolmer(Device):
    """An interface at which metal dissolves and ions deposit: the current of a reaction with a barrier that the
    voltage across it lowers by the share 1 - alpha forwards and raises by alpha backwards.

    Two equal ones with alpha = 1/2 in series carry 2 A j_0 sinh(z e V/(4 k_B T)). Exponents above 200 go on along the
    tangent, so that no voltage overflows.

    Parameters
    ----------
    A : float or array, default 1e-16; area of the interface (m^2); in (0, inf).
    j_0 : float or array, default 300000; exchange current density (A/m^2); in (0, inf).
    alpha : float or array, default 0.5; share of the voltage that slows the way back, the charge transfer
        coefficient; in [0, 1].
    z : float or array, default 1; charge number of the ion; in (0, inf).
    T : float or array, default 300; temperature (K); in (0, inf).
    """

    A: Final[Kept]
    j_0: Final[Kept]
    alpha: Final[Kept]
    z: Final[Kept]
    T: Final[Kept]
    def __init__(
        self,
        *,
        A: Real = 1e-16,
        j_0: Real = 300000.0,
        alpha: Real = 0.5,
        z: Real = 1.0,
        T: Real = 300.0,
    ) -> None: ...

class CapacitivePore(DeviceWithPresets):
    """A pore that conducts as an ohmic resistance and is polarised by the voltage: its polarisation p draws the
    current Q_0 dp/dt as it moves, so that its loops are capacitive and never cross.

    p_m moves p and changes no current.

    Parameters
    ----------
    g_L : float or array, default 1e-07; conductance (S); in (0, inf).
    E_0 : float or array, default 0; voltage without a steady current (V).
    V_B : float or array, default 0; voltage at which half of it is polarised (V).
    V_m : float or array, default 0.1; steepness of the polarisation (V); in (0, inf).
    Q_0 : float or array, default 1e-09; charge of the whole polarisation (C); in (0, inf).
    p_m : float or array, default 0.5; polarisation that counts as none; in [0, 1].
    tau_0 : float or array, default 0.001; relaxation time (s); in (0, inf).
    v_initial : float or array, default 0; voltage at which it rested before the start (V).
    """

    g_L: Final[Kept]
    E_0: Final[Kept]
    V_B: Final[Kept]
    V_m: Final[Kept]
    Q_0: Final[Kept]
    p_m: Final[Kept]
    tau_0: Final[Kept]
    v_initial: Final[Kept]
    def __init__(
        self,
        *,
        g_L: Real = 1e-07,
        E_0: Real = 0.0,
        V_B: Real = 0.0,
        V_m: Real = 0.1,
        Q_0: Real = 1e-09,
        p_m: Real = 0.5,
        tau_0: Real = 0.001,
        v_initial: Real = 0.0,
    ) -> None: ...

class CurrentIntegrateAndFire(Device):
    """A neuron at virtual ground, as an amplifier makes it.

    The current that comes in through the input conductance g_in charges a membrane u that the circuit does not see;
    where u passes V_T it jumps to V_r and stays there for t_ref. The larger g_in, the nearer to 0 V is the node that it
    holds. Fixed steps look for spikes at their ends, so that networks of such neurons need no iteration; spikes and
    refractory times then take whole steps. Adaptive steps locate them. The events are those of IntegrateAndFire. V_r
    stays below V_T.

    Parameters
    ----------
    g_in : float or array, default 1; conductance of the input (S); in (0, inf).
    C_m : float or array, default 2.81e-10; capacitance of the membrane (F); in (0, inf).
    g_L : float or array, default 3e-08; conductance of the leak (S); in (0, inf).
    E_L : float or array, default -0.0706; where the leak alone would rest (V).
    V_T : float or array, default -0.0504; voltage at which it fires (V).
    V_r : float or array, default -0.0706; voltage after a spike (V); in (-inf, V_T).
    t_ref : float or array, default 0; refractory time (s); in [0, inf).
    """

    g_in: Final[Kept]
    C_m: Final[Kept]
    g_L: Final[Kept]
    E_L: Final[Kept]
    V_T: Final[Kept]
    V_r: Final[Kept]
    t_ref: Final[Kept]
    def __init__(
        self,
        *,
        g_in: Real = 1.0,
        C_m: Real = 2.81e-10,
        g_L: Real = 3e-08,
        E_L: Real = -0.0706,
        V_T: Real = -0.0504,
        V_r: Real = -0.0706,
        t_ref: Real = 0.0,
    ) -> None: ...

class DeactivatingNanopore(DeviceWithPresets):
    """A rectifying nanopore that a voltage opens (x) and a higher one closes again (y), each with a relaxation time of
    its own: beyond V_C the steady current falls.

    Ions that block the pore do so. y takes tau_y, and x tau_0 unless voltages hasten it: with k_0 > 0 it relaxes as in
    equation 68, whose tau_M is tau_0 here and whose tau_0 is 1/k_0, and with a tau_0 beyond all times as in equation
    50. Exponents of rates above 500 count as 500: there x follows at once.

    Parameters
    ----------
    g_L : float or array, default 1e-07; conductance of the closed pore (S); in (0, inf).
    g_H : float or array, default 1e-06; conductance of the open pore (S); in (0, inf).
    E_0 : float or array, default 0.2; voltage without a current (V).
    V_B : float or array, default 0.5; voltage that opens half of it (V).
    V_C : float or array, default 0.7; voltage that closes half of it again (V).
    V_m : float or array, default 0.1; steepness of both (V); in (0, inf).
    tau_0 : float or array, default 1; relaxation time of x, the longest one with k_0 (s); in (0, inf).
    tau_y : float or array, default 1; relaxation time of y (s); in (0, inf).
    k_0 : float or array, default 0; rate that V_A adds to 1/tau_0 by activation, and V_D by deactivation (1/s); in
        [0, inf).
    V_A : float or array, default 1; onset of activation, where k_0 > 0 (V).
    V_D : float or array, default 0; onset of deactivation, where k_0 > 0 (V).
    n_A : float or array, default 2; ideality factor of activation; n_D = n_A/(n_A - 1) may be given and must agree;
        in (1, inf).
    v_initial : float or array, default 0; voltage at which it rested before the start (V).
    """

    g_L: Final[Kept]
    g_H: Final[Kept]
    E_0: Final[Kept]
    V_B: Final[Kept]
    V_C: Final[Kept]
    V_m: Final[Kept]
    tau_0: Final[Kept]
    tau_y: Final[Kept]
    k_0: Final[Kept]
    V_A: Final[Kept]
    V_D: Final[Kept]
    n_A: Final[Kept]
    v_initial: Final[Kept]
    n_D: Final[Kept]
    def __init__(
        self,
        *,
        g_L: Real = 1e-07,
        g_H: Real = 1e-06,
        E_0: Real = 0.2,
        V_B: Real = 0.5,
        V_C: Real = 0.7,
        V_m: Real = 0.1,
        tau_0: Real = 1.0,
        tau_y: Real = 1.0,
        k_0: Real = 0.0,
        V_A: Real = 1.0,
        V_D: Real = 0.0,
        n_A: Real = 2.0,
        v_initial: Real = 0.0,
        n_D: Real | None = None,
    ) -> None: ...

class Ecram(Device):
    """The channel of an electrochemical memory: a conductance that follows the charge of another edge, its gate, which
    `mn.link` names and which has a state x, as `EcramGate` has.

    It is linear in the charge and never below g_min. Reading it moves nothing. Numbers are ours.

    Parameters
    ----------
    g_0 : float or array, default 1e-05; conductance without charge (S); in [0, inf).
    g_x : float or array, default 8e-06; what a full channel adds to it; one charged the other way takes as much
        away (S).
    g_min : float or array, default 1e-06; least conductance (S); in [0, inf).
    """

    g_0: Final[Kept]
    g_x: Final[Kept]
    g_min: Final[Kept]
    def __init__(self, *, g_0: Real = 1e-05, g_x: Real = 8e-06, g_min: Real = 1e-06) -> None: ...

class EcramGate(Device):
    """The gate of an electrochemical memory: ions that go through the electrolyte into the channel, and stay there.

    x is the charge that has gone in, as a share of Q_max; it raises the voltage at which nothing flows by x V_x. The
    current follows the overvoltage as a hyperbolic sine (Butler and Volmer, with a transfer coefficient of 1/2), so
    that little is lost where nobody drives it. An `Ecram` that is linked to the edge conducts as x says. Where x is at
    an end of its range the current still flows: another reaction carries it. Exponents above 200 go on along the
    tangent. Numbers are ours.

    Parameters
    ----------
    i_0 : float or array, default 1e-09; exchange current (A); in (0, inf).
    v_0 : float or array, default 0.0514; overvoltage over which the current grows by e; 2 k T/e at 298 K (V); in
        (0, inf).
    Q_max : float or array, default 1e-07; charge that the channel takes, of either sign (C); in (0, inf).
    V_x : float or array, default 1; voltage that a full channel holds by itself (V); in [0, inf).
    x_initial : float or array, default 0; charge at the start, as a share of Q_max; in [-1, 1].
    """

    i_0: Final[Kept]
    v_0: Final[Kept]
    Q_max: Final[Kept]
    V_x: Final[Kept]
    x_initial: Final[Kept]
    def __init__(
        self,
        *,
        i_0: Real = 1e-09,
        v_0: Real = 0.0514,
        Q_max: Real = 1e-07,
        V_x: Real = 1.0,
        x_initial: Real = 0.0,
    ) -> None: ...

class ElectrochemicalMetallization(Device):
    """A cell in which a filament of metal grows and dissolves.

    A positive voltage first makes a nucleus, of N_c atoms, whose waiting time falls exponentially, by k_B T ln 10/((N_c
    + alpha_nuc) z e) a decade; then the ions that deposit on it, by the law of Butler and Volmer, close the gap, at k_B
    T ln 10/(alpha z e) a decade. A negative voltage opens it by the share 1 - alpha. Electrons tunnel through the gap,
    in series with R_s; what R_s takes the gap does not have. Where the gap has its full length again the nucleus is
    gone, event "dissolved"; "nucleated" is the other. Times are means: the waiting does not vary. Exponents above 200
    go on along the tangent.

    Parameters
    ----------
    A : float or array, default 1e-16; area of the filament (m^2); in (0, inf).
    L : float or array, default 2e-08; gap without a filament (m); in (0, inf).
    x_min : float or array, default 1e-10; gap of a bridge (m); in (0, L).
    R_s : float or array, default 10000; resistance in series with the gap (ohm); in [0, inf).
    j_0 : float or array, default 300000; exchange current density (A/m^2); in (0, inf).
    alpha : float or array, default 0.5; share of the voltage that drives the deposition, the charge transfer
        coefficient; in [0, 1].
    z : float or array, default 1; charge number of the ion; in (0, inf).
    T : float or array, default 300; temperature (K); in (0, inf).
    omega : float or array, default 1.7e-29; volume of an atom of the metal (m^3); in (0, inf).
    t_0 : float or array, default 1e-08; waiting time of a nucleus without a barrier (s); in (0, inf).
    dG : float or array, default 1.28174e-19; barrier of the nucleus (J); in [0, inf).
    N_c : float or array, default 3; atoms of the nucleus; in [0, inf).
    alpha_nuc : float or array, default 0.5; charge transfer coefficient of the nucleus; in [0, 1].
    kappa : float or array, default 8.4e+09; decay of the electrons in the gap, sqrt(2 m dW)/hbar (1/m); in (0,
        inf).
    R_K : float or array, default 25812.8; h/e^2, the resistance of von Klitzing (ohm); in (0, inf).
    """

    A: Final[Kept]
    L: Final[Kept]
    x_min: Final[Kept]
    R_s: Final[Kept]
    j_0: Final[Kept]
    alpha: Final[Kept]
    z: Final[Kept]
    T: Final[Kept]
    omega: Final[Kept]
    t_0: Final[Kept]
    dG: Final[Kept]
    N_c: Final[Kept]
    alpha_nuc: Final[Kept]
    kappa: Final[Kept]
    R_K: Final[Kept]
    def __init__(
        self,
        *,
        A: Real = 1e-16,
        L: Real = 2e-08,
        x_min: Real = 1e-10,
        R_s: Real = 10000.0,
        j_0: Real = 300000.0,
        alpha: Real = 0.5,
        z: Real = 1.0,
        T: Real = 300.0,
        omega: Real = 1.7e-29,
        t_0: Real = 1e-08,
        dG: Real = 1.2817413072e-19,
        N_c: Real = 3.0,
        alpha_nuc: Real = 0.5,
        kappa: Real = 8399999999.999999,
        R_K: Real = 25812.80745,
    ) -> None: ...

class ElectrodeIntegrateAndFire(Device):
    """A neuron at virtual ground, as an amplifier makes it: an edge from the electrode at which a column of synapses
    ends, and which its drive holds at 0 V, to any other node.

    It carries nothing; the current that the electrode takes from the network charges a membrane u that the circuit does
    not see. Where u passes V_T it jumps to V_r, and stays there for t_ref. Steps of a fixed length hold the current;
    the membrane is exact under it: the passage of V_T and the end of the refractory time are found within the step, and
    the rest of the step goes on from there. An event is noted at the start of the step in which it is, and age says how
    long before the end of the step it was; there is one spike at most in a step. The events are those of
    IntegrateAndFire. V_r stays below V_T.

    Parameters
    ----------
    C_m : float or array, default 2.81e-10; capacitance of the membrane (F); in (0, inf).
    g_L : float or array, default 3e-08; conductance of the leak (S); in (0, inf).
    E_L : float or array, default -0.0706; where the leak alone would rest (V).
    V_T : float or array, default -0.0504; voltage at which it fires (V).
    V_r : float or array, default -0.0706; voltage after a spike (V); in (-inf, V_T).
    t_ref : float or array, default 0; refractory time (s); in [0, inf).
    """

    C_m: Final[Kept]
    g_L: Final[Kept]
    E_L: Final[Kept]
    V_T: Final[Kept]
    V_r: Final[Kept]
    t_ref: Final[Kept]
    def __init__(
        self,
        *,
        C_m: Real = 2.81e-10,
        g_L: Real = 3e-08,
        E_L: Real = -0.0706,
        V_T: Real = -0.0504,
        V_r: Real = -0.0706,
        t_ref: Real = 0.0,
    ) -> None: ...

class ExplicitJART(Device):
    """The filament of an oxide whose vacancies move, by valence change: the explicit form of the model JART VCM v1b.

    Its current is a fit to what that model has for a filament of the radius r and a disc of the length l, and needs no
    inner equation. Vacancies hop between a plug and the disc before the Schottky electrode, warmed by the current: a
    negative voltage brings them in, which is the set, and a positive one takes them away. The first node is the active
    electrode. The fit holds between -2 and 2 V, beyond which its conductance stays; how it varies with r and l in the
    source is left out.

    Parameters
    ----------
    r : float or array, default 4.5e-08; radius of the filament, for which the fit is (m); in (0, inf).
    l : float or array, default 4e-10; length of the disc, for which the fit is (m); in (0, inf).
    N_min : float or array, default 8e+23; least concentration of vacancies in the disc (1/m^3); in (0, N_max).
    N_max : float or array, default 2e+27; largest concentration of vacancies in the disc (1/m^3); in (0, inf).
    N_0 : float or array, default 1e+24; concentration at the start (1/m^3); in (0, inf).
    N_plug : float or array, default 2e+27; concentration of vacancies in the plug (1/m^3); in (0, inf).
    a : float or array, default 2.5e-10; length of a hop (m); in (0, inf).
    nu_0 : float or array, default 2e+13; attempt frequency (Hz); in (0, inf).
    dW : float or array, default 2.16294e-19; barrier of a hop (J); in (0, inf).
    z : float or array, default 2; charge number of a vacancy; in (0, inf).
    l_cell : float or array, default 3e-09; length of disc and plug (m); in (0, inf).
    mu_n : float or array, default 4e-06; mobility of electrons (m^2/(V s)); in (0, inf).
    R_TiOx : float or array, default 650; resistance of the layer of titanium oxide (ohm); in [0, inf).
    R_line : float or array, default 719.244; resistance of the lines without a current (ohm); in [0, inf).
    R_th_line : float or array, default 90471.5; thermal resistance of the lines (K/W); in [0, inf).
    alpha_line : float or array, default 0.00392; temperature coefficient of the lines (1/K); in [0, inf).
    T_0 : float or array, default 293; ambient temperature (K); in (0, inf).
    R_th : float or array, default 1.572e+07; thermal resistance of the filament (K/W); in [0, inf).
    s_reset : float or array, default 0.27; share of it that counts where v > 0; in [0, inf).
    N_fit : float or array, default 4e+23; concentration that the fit counts from (1/m^3); in (0, inf).
    volt : float or array, default 1; unit of voltages in the fit (V); in (0, inf).
    amp : float or array, default 1; unit of currents in the fit (A); in (0, inf).
    """

    r: Final[Kept]
    l: Final[Kept]
    N_min: Final[Kept]
    N_max: Final[Kept]
    N_0: Final[Kept]
    N_plug: Final[Kept]
    a: Final[Kept]
    nu_0: Final[Kept]
    dW: Final[Kept]
    z: Final[Kept]
    l_cell: Final[Kept]
    mu_n: Final[Kept]
    R_TiOx: Final[Kept]
    R_line: Final[Kept]
    R_th_line: Final[Kept]
    alpha_line: Final[Kept]
    T_0: Final[Kept]
    R_th: Final[Kept]
    s_reset: Final[Kept]
    N_fit: Final[Kept]
    volt: Final[Kept]
    amp: Final[Kept]
    def __init__(
        self,
        *,
        r: Real = 4.5e-08,
        l: Real = 4e-10,
        N_min: Real = 8e23,
        N_max: Real = 2e27,
        N_0: Real = 1e24,
        N_plug: Real = 2e27,
        a: Real = 2.5e-10,
        nu_0: Real = 20000000000000.0,
        dW: Real = 2.1629384559e-19,
        z: Real = 2.0,
        l_cell: Real = 3e-09,
        mu_n: Real = 4e-06,
        R_TiOx: Real = 650.0,
        R_line: Real = 719.2437,
        R_th_line: Real = 90471.47,
        alpha_line: Real = 0.00392,
        T_0: Real = 293.0,
        R_th: Real = 15720000.0,
        s_reset: Real = 0.27,
        N_fit: Real = 4e23,
        volt: Real = 1.0,
        amp: Real = 1.0,
    ) -> None: ...

class ExponentialIntegrateAndFire(Device):
    """A membrane whose spikes begin as an exponential.

    Above V_T the current of the upstroke wins over the leak and the voltage runs away; where it passes V_cut, it jumps
    to V_r. Beyond V_cut, where no solution is, the current of the upstroke stays as it is. Refractory time and events
    are those of IntegrateAndFire. V_r stays below V_cut.

    Parameters
    ----------
    C_m : float or array, default 2.81e-10; capacitance (F); in (0, inf).
    g_L : float or array, default 3e-08; conductance of the leak (S); in (0, inf).
    E_L : float or array, default -0.0706; where the leak alone would rest (V).
    V_T : float or array, default -0.0504; where the slopes of leak and upstroke cancel (V); in (-inf, V_cut).
    D_T : float or array, default 0.002; how sharply a spike begins (V); in (0, inf).
    V_cut : float or array, default -0.0404; voltage at which the spike is over (V).
    V_r : float or array, default -0.0706; voltage after a spike (V); in (-inf, V_cut).
    t_ref : float or array, default 0; refractory time (s); in [0, inf).
    g_ref : float or array, default 0.001; conductance that holds V_r for the refractory time (S); in [0, inf).
    v_initial : float or array, default -0.0706; voltage at the start (V).
    """

    C_m: Final[Kept]
    g_L: Final[Kept]
    E_L: Final[Kept]
    V_T: Final[Kept]
    D_T: Final[Kept]
    V_cut: Final[Kept]
    V_r: Final[Kept]
    t_ref: Final[Kept]
    g_ref: Final[Kept]
    v_initial: Final[Kept]
    def __init__(
        self,
        *,
        C_m: Real = 2.81e-10,
        g_L: Real = 3e-08,
        E_L: Real = -0.0706,
        V_T: Real = -0.0504,
        D_T: Real = 0.002,
        V_cut: Real = -0.0404,
        V_r: Real = -0.0706,
        t_ref: Real = 0.0,
        g_ref: Real = 0.001,
        v_initial: Real = -0.0706,
    ) -> None: ...

class FilamentSwitch(DeviceWithPresets):
    """A diffusive memristor in SI units.

    A voltage drives silver into a filament, which turns into residue, and both dissolve. Together they cover the share
    m of the gap; where they bridge it, m = 1, and are driven further, the bridge thickens, S > 1, and nothing dissolves
    as long as it is thicker than 1: than 1 + dS_free, a width that adaptive steps need. The filament of the source is f
    = m - r here. The published sets have noise on gamma1 and gamma2 at each step, proportional to f and r, and cut
    where a rate would be negative; sigma1 and sigma2 keep what that does to the mean rates, within 1 %, and 0 leaves
    the bare law.

    Parameters
    ----------
    R_on : float or array, default 40000; resistance of a bridge, m = 1, of thickness S = 1 (ohm); in (0, inf).
    R_off : float or array, default 1e+09; resistance of an empty gap, m = 0 (ohm); in (0, inf).
    mu : float or array, default 100; how fast a voltage drives the filament (1/(V s)); in [0, inf).
    gamma1 : float or array, default 800; how fast the filament dissolves (1/s); in [0, inf).
    gamma2 : float or array, default 10; how fast the residue dissolves (1/s); in [0, inf).
    gamma3 : float or array, default 4; how fast a bridge gets thinner (1/s); in [0, inf).
    theta : float or array, default 10; how fast a voltage thickens a bridge (1/(V s)); in [0, inf).
    alpha : float or array, default 0.01; gap at which the drive of a closing one stops growing; in (0, inf).
    beta : float or array, default 80; how fast filament turns into residue (1/s); in [0, inf).
    lam : float or array, default 0.1; share of the gap over which the resistance falls by e; in (0, inf).
    sigma1 : float or array, default 0; relative standard deviation of gamma1 at f = 1, of which the mean is taken;
        in [0, inf).
    sigma2 : float or array, default 0; relative standard deviation of gamma2 at r = 1, of which the mean is taken;
        in [0, inf).
    dS_free : float or array, default 1e-07; excess of the thickness over which a thinning bridge lets go of what is
        frozen; ours; in (0, inf).
    r_initial : float or array, default 0; residue at the start, beside no filament; in [0, 1].
    """

    R_on: Final[Kept]
    R_off: Final[Kept]
    mu: Final[Kept]
    gamma1: Final[Kept]
    gamma2: Final[Kept]
    gamma3: Final[Kept]
    theta: Final[Kept]
    alpha: Final[Kept]
    beta: Final[Kept]
    lam: Final[Kept]
    sigma1: Final[Kept]
    sigma2: Final[Kept]
    dS_free: Final[Kept]
    r_initial: Final[Kept]
    def __init__(
        self,
        *,
        R_on: Real = 40000.0,
        R_off: Real = 1000000000.0,
        mu: Real = 100.0,
        gamma1: Real = 800.0,
        gamma2: Real = 10.0,
        gamma3: Real = 4.0,
        theta: Real = 10.0,
        alpha: Real = 0.01,
        beta: Real = 80.0,
        lam: Real = 0.1,
        sigma1: Real = 0.0,
        sigma2: Real = 0.0,
        dS_free: Real = 1e-07,
        r_initial: Real = 0.0,
    ) -> None: ...

class FilmSwitch(Device):
    """A film that conducts under the whole of its electrodes, and of which a layer at one of them switches: ions bring
    donors into the layer under a positive voltage, and take them away under a negative one.

    A layer thinner than the film is an interface: resistances go as 1/area and hardly know the thickness, nor does the
    time to switch. With layer at or beyond the thickness the whole volume switches: resistances go as thickness/area,
    and the time at a small voltage as thickness^2. A filament, ElectrochemicalMetallization, does not know the area of
    the cell. Ions move at mu times the field as long as that is small beside E_0, and exponentially faster beyond.
    Exponents above 200 go on along the tangent.

    Parameters
    ----------
    area : float or array, default 1e-12; area of the electrodes (m^2); in (0, inf).
    thickness : float or array, default 2e-08; thickness of the film (m); in (0, inf).
    layer : float or array, default 2e-09; thickness of what switches of it, at most all (m); in (0, inf).
    sigma_on : float or array, default 0.1; conductivity of the layer at x = 1 (S/m); in (0, inf).
    sigma_off : float or array, default 0.001; conductivity of the layer at x = 0 (S/m); in (0, inf).
    sigma_film : float or array, default 1000; conductivity of the film beside the layer (S/m); in (0, inf).
    mu : float or array, default 1e-17; mobility of the ions at a small field (m^2/(V s)); in [0, inf).
    E_0 : float or array, default 5e+07; field beyond which they hop exponentially faster, 2 k_B T over charge and
        length of a hop (V/m); in (0, inf).
    x_initial : float or array, default 0; donors at the start; in [0, 1].
    """

    area: Final[Kept]
    thickness: Final[Kept]
    layer: Final[Kept]
    sigma_on: Final[Kept]
    sigma_off: Final[Kept]
    sigma_film: Final[Kept]
    mu: Final[Kept]
    E_0: Final[Kept]
    x_initial: Final[Kept]
    def __init__(
        self,
        *,
        area: Real = 1e-12,
        thickness: Real = 2e-08,
        layer: Real = 2e-09,
        sigma_on: Real = 0.1,
        sigma_off: Real = 0.001,
        sigma_film: Real = 1000.0,
        mu: Real = 1e-17,
        E_0: Real = 50000000.0,
        x_initial: Real = 0.0,
    ) -> None: ...

class GatedMemristor(Device):
    """A memristor with a gate: its conductance goes up with positive voltages and down with negative ones, at a rate
    that the voltage of another edge, its gate, multiplies by e every v_gate.

    `mn.link` names that edge. Numbers and the form are ours, the least that a gate which tunes the switching of a
    channel asks for.

    Parameters
    ----------
    g_on : float or array, default 0.001; conductance at x = 1 (S); in (0, inf).
    g_off : float or array, default 1e-06; conductance at x = 0 (S); in (0, inf).
    r_0 : float or array, default 1; rate scale, at a gate voltage of 0 (1/s); in [0, inf).
    v_0 : float or array, default 0.5; voltage scale of the rate (V); in (0, inf).
    v_gate : float or array, default 1; gate voltage that makes it e times faster; negative: slower (V).
    x_initial : float or array, default 0; state at the start; in [0, 1].
    """

    g_on: Final[Kept]
    g_off: Final[Kept]
    r_0: Final[Kept]
    v_0: Final[Kept]
    v_gate: Final[Kept]
    x_initial: Final[Kept]
    def __init__(
        self,
        *,
        g_on: Real = 0.001,
        g_off: Real = 1e-06,
        r_0: Real = 1.0,
        v_0: Real = 0.5,
        v_gate: Real = 1.0,
        x_initial: Real = 0.0,
    ) -> None: ...

class GeneralizedIntegrateAndFire(DeviceWithPresets):
    """A membrane with two currents that its spikes bring and a threshold that moves, all linear between spikes.

    A spike sets the currents to R_k I_k + A_k (inwards where A_k > 0), from where they fade at the rates k_1 and k_2.
    The threshold follows the voltage at the rate a, returns to V_T at the rate b, and is at least V_Tr after a spike.
    So it adapts, bursts, and fires on rebound. Refractory time and events are those of IntegrateAndFire. V_r stays
    below V_Tr.

    Parameters
    ----------
    C_m : float or array, default 1e-09; capacitance (F); in (0, inf).
    g_L : float or array, default 5e-08; conductance of the leak (S); in (0, inf).
    E_L : float or array, default -0.07; where the leak alone would rest (V).
    V_T : float or array, default -0.05; threshold at rest (V).
    V_Tr : float or array, default -0.06; least threshold after a spike (V).
    V_r : float or array, default -0.07; voltage after a spike (V); in (-inf, V_Tr).
    a : float or array, default 0; how the threshold follows the voltage (1/s).
    b : float or array, default 10; how fast it returns (1/s); in (0, inf).
    k_1 : float or array, default 200; how fast the first current fades (1/s); in (0, inf).
    k_2 : float or array, default 20; how fast the second one does (1/s); in (0, inf).
    R_1 : float or array, default 0; what a spike leaves of the first current.
    R_2 : float or array, default 1; what it leaves of the second one.
    A_1 : float or array, default 0; what a spike adds to the first current (A).
    A_2 : float or array, default 0; what it adds to the second one (A).
    t_ref : float or array, default 0; refractory time (s); in [0, inf).
    g_ref : float or array, default 0.001; conductance that holds V_r for the refractory time (S); in [0, inf).
    v_initial : float or array, default -0.07; voltage at the start (V).
    """

    C_m: Final[Kept]
    g_L: Final[Kept]
    E_L: Final[Kept]
    V_T: Final[Kept]
    V_Tr: Final[Kept]
    V_r: Final[Kept]
    a: Final[Kept]
    b: Final[Kept]
    k_1: Final[Kept]
    k_2: Final[Kept]
    R_1: Final[Kept]
    R_2: Final[Kept]
    A_1: Final[Kept]
    A_2: Final[Kept]
    t_ref: Final[Kept]
    g_ref: Final[Kept]
    v_initial: Final[Kept]
    def __init__(
        self,
        *,
        C_m: Real = 1e-09,
        g_L: Real = 5e-08,
        E_L: Real = -0.07,
        V_T: Real = -0.05,
        V_Tr: Real = -0.06,
        V_r: Real = -0.07,
        a: Real = 0.0,
        b: Real = 10.0,
        k_1: Real = 200.0,
        k_2: Real = 20.0,
        R_1: Real = 0.0,
        R_2: Real = 1.0,
        A_1: Real = 0.0,
        A_2: Real = 0.0,
        t_ref: Real = 0.0,
        g_ref: Real = 0.001,
        v_initial: Real = -0.07,
    ) -> None: ...

class Goldman(DeviceWithPresets):
    """A membrane or pore that one kind of ion crosses, with other concentrations at its two ends: the equation of
    Goldman, Hodgkin and Katz.

    It rectifies, as ions flow more easily from the side that has more of them, and carries a current at 0 V; at the
    Nernst voltage k T/(z e) log(c_b/c_a) it carries none.

    Parameters
    ----------
    P : float or array, default 1e-15; permeability times area (m^3/s); in (0, inf).
    z : float or array, default 1; charges of an ion, with sign; in (-inf, inf) without 0.
    c_a : float or array, default 140; concentration at the first end of the edge (mol/m^3 is mmol/l) (mol/m^3); in
        [0, inf).
    c_b : float or array, default 5; concentration at the second end (mol/m^3); in [0, inf).
    T : float or array, default 310; temperature (K); in (0, inf).
    """

    P: Final[Kept]
    z: Final[Kept]
    c_a: Final[Kept]
    c_b: Final[Kept]
    T: Final[Kept]
    def __init__(
        self,
        *,
        P: Real = 1e-15,
        z: Real = 1.0,
        c_a: Real = 140.0,
        c_b: Real = 5.0,
        T: Real = 310.0,
    ) -> None: ...

class HodgkinHuxley(DeviceWithPresets):
    """The membrane of a nerve fibre (Hodgkin and Huxley): a sodium path that opens (m) and closes again (h), a
    potassium path (n), a leak and a capacitance, per area.

    Potentials count from V_R, upwards for the inside, so that with V_R = 0 they are those of the paper and of 1952
    turned round; with V_R = -65 mV they are absolute, and v_initial must be given, too. The rates are those of 6.3
    degrees Celsius, phi times as fast.

    Parameters
    ----------
    C_m : float or array, default 0.01; capacitance (F/m^2); in (0, inf).
    g_Na : float or array, default 1200; conductance of open sodium paths (S/m^2); in [0, inf).
    g_K : float or array, default 360; conductance of open potassium paths (S/m^2); in [0, inf).
    g_leak : float or array, default 3; conductance of the leak (S/m^2); in [0, inf).
    E_Na : float or array, default 0.115; reversal potential of sodium, from V_R (V).
    E_K : float or array, default -0.012; reversal potential of potassium, from V_R (V).
    E_leak : float or array, default 0.0106; reversal potential of the leak, from V_R (V).
    V_R : float or array, default 0; resting potential (V).
    phi : float or array, default 1; how many times as fast as at 6.3 degrees Celsius, as 3**((T - 6.3)/10); in (0,
        inf).
    area : float or array, default 0.0001; area; with 1 cm2, 1 uA is 1 uA/cm2 (m^2); in (0, inf).
    V_0 : float or array, default 0.001; unit of the potentials in the rates (V); in (0, inf).
    tau_0 : float or array, default 0.001; unit of the times in the rates (s); in (0, inf).
    v_initial : float or array, default 0; voltage at the start, at which the paths rested before (V).
    """

    C_m: Final[Kept]
    g_Na: Final[Kept]
    g_K: Final[Kept]
    g_leak: Final[Kept]
    E_Na: Final[Kept]
    E_K: Final[Kept]
    E_leak: Final[Kept]
    V_R: Final[Kept]
    phi: Final[Kept]
    area: Final[Kept]
    V_0: Final[Kept]
    tau_0: Final[Kept]
    v_initial: Final[Kept]
    def __init__(
        self,
        *,
        C_m: Real = 0.01,
        g_Na: Real = 1200.0,
        g_K: Real = 360.0,
        g_leak: Real = 3.0,
        E_Na: Real = 0.115,
        E_K: Real = -0.012,
        E_leak: Real = 0.0106,
        V_R: Real = 0.0,
        phi: Real = 1.0,
        area: Real = 0.0001,
        V_0: Real = 0.001,
        tau_0: Real = 0.001,
        v_initial: Real = 0.0,
    ) -> None: ...

class IntegrateAndFire(Device):
    """A membrane that leaks, integrates and fires: where its voltage passes the threshold V_T, the voltage jumps to
    V_r and goes on from there.

    It is held there for t_ref, by a conductance g_ref; with g_ref = 0 it is free, but cannot fire. The event "spike" is
    the firing, "recovered" the end of the refractory time, if there is one. Inside is the first node: a current that
    enters there depolarises. V_r stays below V_T.

    Parameters
    ----------
    C_m : float or array, default 2.81e-10; capacitance (F); in (0, inf).
    g_L : float or array, default 3e-08; conductance of the leak (S); in (0, inf).
    E_L : float or array, default -0.0706; where the leak alone would rest (V).
    V_T : float or array, default -0.0504; voltage at which it fires (V).
    V_r : float or array, default -0.0706; voltage after a spike (V); in (-inf, V_T).
    t_ref : float or array, default 0; refractory time (s); in [0, inf).
    g_ref : float or array, default 0.001; conductance that holds V_r for the refractory time (S); in [0, inf).
    v_initial : float or array, default -0.0706; voltage at the start (V).
    """

    C_m: Final[Kept]
    g_L: Final[Kept]
    E_L: Final[Kept]
    V_T: Final[Kept]
    V_r: Final[Kept]
    t_ref: Final[Kept]
    g_ref: Final[Kept]
    v_initial: Final[Kept]
    def __init__(
        self,
        *,
        C_m: Real = 2.81e-10,
        g_L: Real = 3e-08,
        E_L: Real = -0.0706,
        V_T: Real = -0.0504,
        V_r: Real = -0.0706,
        t_ref: Real = 0.0,
        g_ref: Real = 0.001,
        v_initial: Real = -0.0706,
    ) -> None: ...

class IonHopping(Device):
    """A film through which ions hop over barriers that the field tilts: a conductance at small fields, and exponential
    in them at large ones.

    Exponents above 200 go on along the tangent, so that no voltage overflows.

    Parameters
    ----------
    A : float or array, default 1e-16; area of the film (m^2); in (0, inf).
    L : float or array, default 2e-08; thickness of the film (m); in (0, inf).
    j_0 : float or array, default 1e+11; current density at a field where the hyperbolic sine is 1 (A/m^2); in (0,
        inf).
    a : float or array, default 5e-10; length of a hop (m); in (0, inf).
    z : float or array, default 1; charge number of the ion; in (0, inf).
    T : float or array, default 300; temperature (K); in (0, inf).
    """

    A: Final[Kept]
    L: Final[Kept]
    j_0: Final[Kept]
    a: Final[Kept]
    z: Final[Kept]
    T: Final[Kept]
    def __init__(
        self,
        *,
        A: Real = 1e-16,
        L: Real = 2e-08,
        j_0: Real = 100000000000.0,
        a: Real = 5e-10,
        z: Real = 1.0,
        T: Real = 300.0,
    ) -> None: ...

class MembraneNanopore(DeviceWithPresets):
    """A rectifying nanopore (`Nanopore`) with the capacitance C_m of the membrane around it on the same edge: what
    changes slowly opens its loop as an inductor does, C_m as a capacitor, and the loop crosses where both balance.

    A resistance in series is an element of its own. A pore without C_m is a `Nanopore`, whose steps cost less.

    Parameters
    ----------
    g_L : float or array, default 1e-07; conductance of the closed pore (S); in (0, inf).
    g_H : float or array, default 1e-06; conductance of the open pore (S); in (0, inf).
    E_0 : float or array, default 0; voltage without a current (V).
    C_m : float or array, default 1e-11; capacitance (F); in (0, inf).
    V_m : float or array, default 0.1; steepness of the opening (V); in (0, inf).
    V_A : float or array, default 1; onset of activation (V).
    V_D : float or array, default 0; onset of deactivation (V).
    n_A : float or array, default 2; ideality factor of activation; n_D = n_A/(n_A - 1) may be given and must agree;
        in (1, inf).
    tau_0 : float or array, default 0.0005; time of activation at V_A, and of deactivation at V_D (s); in (0, inf).
    v_initial : float or array, default 0; voltage at the start, at which it rested before (V).
    """

    g_L: Final[Kept]
    g_H: Final[Kept]
    E_0: Final[Kept]
    C_m: Final[Kept]
    V_m: Final[Kept]
    V_A: Final[Kept]
    V_D: Final[Kept]
    n_A: Final[Kept]
    tau_0: Final[Kept]
    v_initial: Final[Kept]
    n_D: Final[Kept]
    V_B: Final[Kept]
    def __init__(
        self,
        *,
        g_L: Real = 1e-07,
        g_H: Real = 1e-06,
        E_0: Real = 0.0,
        C_m: Real = 1e-11,
        V_m: Real = 0.1,
        V_A: Real = 1.0,
        V_D: Real = 0.0,
        n_A: Real = 2.0,
        tau_0: Real = 0.0005,
        v_initial: Real = 0.0,
        n_D: Real | None = None,
        V_B: Real | None = None,
    ) -> None: ...

class Memcapacitor(Device):
    """A capacitor with a memory and a threshold of its voltage: the charge is q = C_m v, and the capacitance C_m,
    between C_low and C_high, moves with alpha times what of the voltage is below the threshold and beta times what
    is beyond it.

    As it moves it draws or gives current by itself: i = C_m dv/dt + v dC_m/dt. Numbers are ours.

    Parameters
    ----------
    C_low : float or array, default 1e-09; least capacitance (F); in (0, inf).
    C_high : float or array, default 1e-08; largest capacitance (F); in (0, inf).
    V_t : float or array, default 0.5; threshold of the voltage (V); in [0, inf).
    alpha : float or array, default 0; speed below the threshold, in shares of the range (1/(V s)).
    beta : float or array, default 10; speed beyond the threshold (1/(V s)).
    x_initial : float or array, default 0; capacitance at the start, as a share of the range; in [0, 1].
    v_initial : float or array, default 0; voltage at the start (V).
    """

    C_low: Final[Kept]
    C_high: Final[Kept]
    V_t: Final[Kept]
    alpha: Final[Kept]
    beta: Final[Kept]
    x_initial: Final[Kept]
    v_initial: Final[Kept]
    def __init__(
        self,
        *,
        C_low: Real = 1e-09,
        C_high: Real = 1e-08,
        V_t: Real = 0.5,
        alpha: Real = 0.0,
        beta: Real = 10.0,
        x_initial: Real = 0.0,
        v_initial: Real = 0.0,
    ) -> None: ...

class Memtransistor(Device):
    """A transistor that remembers: charge trapped below its channel shifts the threshold V_T, and pulses at the gate
    trap it and set it free.

    The edge runs from drain to source, `mn.link` names the edge from gate to source. The channel is that of a
    transistor of level 1 with a smooth onset, i = k/2 (F(v_gs)^2 - F(v_gd)^2), F of a voltage u being v_s ln(1 + exp((u
    - V_T)/v_s)): exponential below the threshold, drain and source alike, and computed so that small voltages lose no
    digits. Gate voltages between -V_erase and V_program read and leave x as it is. The form of the rates and all
    numbers are ours. GatedMemristor is another kind, whose gate tunes how fast the voltage of the channel switches it.

    Parameters
    ----------
    k : float or array, default 2e-05; transconductance parameter (A/V^2); in (0, inf).
    v_s : float or array, default 0.1; voltage over which the onset is smooth; below it the current falls by e in
        half of it (V); in (0, inf).
    V_low : float or array, default 0.5; threshold at x = 0, erased (V).
    V_high : float or array, default 3.5; threshold at x = 1, programmed (V).
    V_program : float or array, default 5; gate voltage above which charge is trapped (V); in [0, inf).
    V_erase : float or array, default 5; gate voltage, as a positive number, below whose negative it is set free
        (V); in [0, inf).
    v_0 : float or array, default 0.5; voltage over which the rates grow by e (V); in (0, inf).
    r_0 : float or array, default 1000; scale of the rates (1/s); in [0, inf).
    x_initial : float or array, default 0; state at the start; in [0, 1].
    """

    k: Final[Kept]
    v_s: Final[Kept]
    V_low: Final[Kept]
    V_high: Final[Kept]
    V_program: Final[Kept]
    V_erase: Final[Kept]
    v_0: Final[Kept]
    r_0: Final[Kept]
    x_initial: Final[Kept]
    def __init__(
        self,
        *,
        k: Real = 2e-05,
        v_s: Real = 0.1,
        V_low: Real = 0.5,
        V_high: Real = 3.5,
        V_program: Real = 5.0,
        V_erase: Real = 5.0,
        v_0: Real = 0.5,
        r_0: Real = 1000.0,
        x_initial: Real = 0.0,
    ) -> None: ...

class MottChannel(Device):
    """A channel that its own current heats over a transition to a metal.

    Its core of the radius u r_ch is a metal at the temperature of the transition, its shell an insulator through which
    heat flows out to the surroundings, dT colder: core and shell are resistances side by side, R_0/(1 + a u^2). What
    the current heats and does not flow out grows the core, by its latent heat and by what the shell then holds. The
    voltage of the steady channel falls with its current, between the two turning points u^2 = -1/(a W(-e/a)) of the
    branches -1 and 0 of Lambert's W, if and only if a > e^2.

    Parameters
    ----------
    R_0 : float or array, default 70700; resistance of the channel as an insulator, rho_ins L/(pi r_ch^2) (ohm); in
        (0, inf).
    a : float or array, default 32.3; how much better the metal conducts, rho_ins/rho_met - 1; in (0, inf).
    L : float or array, default 2e-08; length of the channel (m); in (0, inf).
    r_ch : float or array, default 3e-08; radius of the channel (m); in (0, inf).
    kappa : float or array, default 1.5; thermal conductivity of the shell (W/(m K)); in (0, inf).
    c_p : float or array, default 2.6e+06; heat capacity of a volume (J/(m^3 K)); in [0, inf).
    dh : float or array, default 1.6e+08; latent heat of a volume (J/m^3); in (0, inf).
    dT : float or array, default 780; temperature of the transition above that of the surroundings (K); in (0, inf).
    u_0 : float or array, default 1e-06; u at the start; in [1e-06, 0.999999].
    """

    R_0: Final[Kept]
    a: Final[Kept]
    L: Final[Kept]
    r_ch: Final[Kept]
    kappa: Final[Kept]
    c_p: Final[Kept]
    dh: Final[Kept]
    dT: Final[Kept]
    u_0: Final[Kept]
    def __init__(
        self,
        *,
        R_0: Real = 70700.0,
        a: Real = 32.3,
        L: Real = 2e-08,
        r_ch: Real = 3e-08,
        kappa: Real = 1.5,
        c_p: Real = 2600000.0,
        dh: Real = 160000000.0,
        dT: Real = 780.0,
        u_0: Real = 1e-06,
    ) -> None: ...

class Nanobattery(Device):
    """A switching film between two electrodes as a battery: an emf behind the conductance G_i of its ions, and beside
    both the conductance G_e of its electrons.

    So V_oc = E_cell G_i/(G_i + G_e), and at 0 V it carries -G_i E_cell. A negative voltage deposits metal n at the
    first end, which adds the Nernst potential n E_N; as the metal dissolves, its ions pile up to a gradient d, which
    adds the diffusion potential d E_D until they have spread. So the voltage of an open cell undershoots, overshoots,
    and comes to rest.

    Parameters
    ----------
    G_i : float or array, default 1e-06; conductance of the ions, in series with the emf (S); in [0, inf).
    G_e : float or array, default 1e-09; conductance of the electrons, beside both (S); in [0, inf).
    E : float or array, default 0.1; emf that stays, such as that of two metals; positive where the first end is
        (V).
    E_N : float or array, default 0; Nernst potential at n = 1; the first end, which dissolves, is the negative one
        (V); in (-inf, 0].
    E_D : float or array, default 0; diffusion potential at d = 1 (V); in [0, inf).
    tau_N : float or array, default 1; time in which deposited metal dissolves by itself (s); in (0, inf).
    tau_D : float or array, default 10; time in which the ions spread (s); in (0, inf).
    Q : float or array, default 0.001; charge of the ions that deposits n = 1 (C); in (0, inf).
    n_0 : float or array, default 0; n at the start.
    d_0 : float or array, default 0; d at the start.
    """

    G_i: Final[Kept]
    G_e: Final[Kept]
    E: Final[Kept]
    E_N: Final[Kept]
    E_D: Final[Kept]
    tau_N: Final[Kept]
    tau_D: Final[Kept]
    Q: Final[Kept]
    n_0: Final[Kept]
    d_0: Final[Kept]
    def __init__(
        self,
        *,
        G_i: Real = 1e-06,
        G_e: Real = 1e-09,
        E: Real = 0.1,
        E_N: Real = 0.0,
        E_D: Real = 0.0,
        tau_N: Real = 1.0,
        tau_D: Real = 10.0,
        Q: Real = 0.001,
        n_0: Real = 0.0,
        d_0: Real = 0.0,
    ) -> None: ...

class Nanopore(DeviceWithPresets):
    """A rectifying nanopore in which ions open a conducting path: the share x of open paths follows the voltage with a
    relaxation time that peaks near the midpoint V_B = V_A/n_A + V_D/n_D and falls exponentially on both sides, with
    n_D = n_A/(n_A - 1), so that activation and deactivation are in detailed balance.

    g_L may be above g_H. It carries no charge of its own: `MembraneNanopore` has a capacitance beside it. Exponents of
    rates above 500 count as 500: there x follows at once.

    Parameters
    ----------
    g_L : float or array, default 1e-07; conductance of the closed pore (S); in (0, inf).
    g_H : float or array, default 1e-06; conductance of the open pore (S); in (0, inf).
    E_0 : float or array, default 0; voltage without a current (V).
    V_m : float or array, default 0.1; steepness of the opening (V); in (0, inf).
    V_A : float or array, default 1; onset of activation (V).
    V_D : float or array, default 0; onset of deactivation (V).
    n_A : float or array, default 2; ideality factor of activation; n_D = n_A/(n_A - 1) may be given and must agree;
        in (1, inf).
    tau_0 : float or array, default 0.0005; time of activation at V_A, and of deactivation at V_D (s); in (0, inf).
    v_initial : float or array, default 0; voltage at which it rested before the start (V).
    """

    g_L: Final[Kept]
    g_H: Final[Kept]
    E_0: Final[Kept]
    V_m: Final[Kept]
    V_A: Final[Kept]
    V_D: Final[Kept]
    n_A: Final[Kept]
    tau_0: Final[Kept]
    v_initial: Final[Kept]
    n_D: Final[Kept]
    V_B: Final[Kept]
    def __init__(
        self,
        *,
        g_L: Real = 1e-07,
        g_H: Real = 1e-06,
        E_0: Real = 0.0,
        V_m: Real = 0.1,
        V_A: Real = 1.0,
        V_D: Real = 0.0,
        n_A: Real = 2.0,
        tau_0: Real = 0.0005,
        v_initial: Real = 0.0,
        n_D: Real | None = None,
        V_B: Real | None = None,
    ) -> None: ...

class PershinDiVentra(DeviceWithPresets):
    """A memristor with a threshold of its voltage.

    Its resistance R_m moves with alpha times what of the voltage is below the threshold and beta times what is beyond
    it, and stays between R_on and R_off. With alpha = 0 nothing moves below the threshold. A negative beta turns the
    direction round.

    Parameters
    ----------
    R_on : float or array, default 1000; least resistance (ohm); in (0, inf).
    R_off : float or array, default 10000; largest resistance (ohm); in (0, inf).
    R_initial : float or array, default 7000; resistance at the start (ohm); in (0, inf).
    V_t : float or array, default 1.6; threshold of the voltage (V); in [0, inf).
    alpha : float or array, default 0; speed of the resistance below the threshold (ohm/(V s)).
    beta : float or array, default 2e+12; speed of the resistance beyond the threshold (ohm/(V s)).
    """

    R_on: Final[Kept]
    R_off: Final[Kept]
    R_initial: Final[Kept]
    V_t: Final[Kept]
    alpha: Final[Kept]
    beta: Final[Kept]
    def __init__(
        self,
        *,
        R_on: Real = 1000.0,
        R_off: Real = 10000.0,
        R_initial: Real = 7000.0,
        V_t: Real = 1.6,
        alpha: Real = 0.0,
        beta: Real = 2000000000000.0,
    ) -> None: ...

class PlainNanopore(DeviceWithPresets):
    """A rectifying nanopore whose open share x follows the voltage with a constant relaxation time: the simplest pore.

    Its steady current has a negative slope somewhere where V_B - E_0 < V_m (ln(g_H/g_L) - 2 (g_H + g_L)/(g_H - g_L)),
    with > in place of < where g_L is above g_H.

    Parameters
    ----------
    g_L : float or array, default 1e-07; conductance of the closed pore (S); in (0, inf).
    g_H : float or array, default 1e-06; conductance of the open pore (S); in (0, inf).
    E_0 : float or array, default 0.2; voltage without a current (V).
    V_B : float or array, default 0.5; voltage that opens half of it (V).
    V_m : float or array, default 0.1; steepness of the opening (V); in (0, inf).
    tau_0 : float or array, default 1; relaxation time (s); in (0, inf).
    v_initial : float or array, default 0; voltage at which it rested before the start (V).
    """

    g_L: Final[Kept]
    g_H: Final[Kept]
    E_0: Final[Kept]
    V_B: Final[Kept]
    V_m: Final[Kept]
    tau_0: Final[Kept]
    v_initial: Final[Kept]
    def __init__(
        self,
        *,
        g_L: Real = 1e-07,
        g_H: Real = 1e-06,
        E_0: Real = 0.2,
        V_B: Real = 0.5,
        V_m: Real = 0.1,
        tau_0: Real = 1.0,
        v_initial: Real = 0.0,
    ) -> None: ...

class RetentiveNanopore(DeviceWithPresets):
    """A rectifying nanopore that opens at V_B and keeps its state best elsewhere, around V_A/n_A + V_D/n_D, with n_D =
    n_A/(n_A - 1): so a pulse leaves it open, and an opposite one, not the rest, closes it.

    No relaxation takes longer than tau_M. Exponents of rates above 500 count as 500: there x follows at once.

    Parameters
    ----------
    g_L : float or array, default 1e-07; conductance of the closed pore (S); in (0, inf).
    g_H : float or array, default 1e-06; conductance of the open pore (S); in (0, inf).
    E_0 : float or array, default 0; voltage without a current (V).
    V_B : float or array, default 0.5; voltage that opens half of it (V_Bx in the paper) (V).
    V_m : float or array, default 0.1; steepness of the opening (V); in (0, inf).
    V_A : float or array, default 1; onset of activation (V).
    V_D : float or array, default -1; onset of deactivation (V).
    n_A : float or array, default 2; ideality factor of activation; n_D = n_A/(n_A - 1) may be given and must agree;
        in (1, inf).
    tau_0 : float or array, default 0.001; time of activation at V_A, and of deactivation at V_D, without tau_M (s);
        in (0, inf).
    tau_M : float or array, default 0.001; longest relaxation time, how long it remembers (s); in (0, inf).
    v_initial : float or array, default 0; voltage at which it rested before the start (V).
    """

    g_L: Final[Kept]
    g_H: Final[Kept]
    E_0: Final[Kept]
    V_B: Final[Kept]
    V_m: Final[Kept]
    V_A: Final[Kept]
    V_D: Final[Kept]
    n_A: Final[Kept]
    tau_0: Final[Kept]
    tau_M: Final[Kept]
    v_initial: Final[Kept]
    n_D: Final[Kept]
    def __init__(
        self,
        *,
        g_L: Real = 1e-07,
        g_H: Real = 1e-06,
        E_0: Real = 0.0,
        V_B: Real = 0.5,
        V_m: Real = 0.1,
        V_A: Real = 1.0,
        V_D: Real = -1.0,
        n_A: Real = 2.0,
        tau_0: Real = 0.001,
        tau_M: Real = 0.001,
        v_initial: Real = 0.0,
        n_D: Real | None = None,
    ) -> None: ...

class StanfordPKU(DeviceWithPresets):
    """The filament of a metal oxide with a gap at its tip (Stanford and PKU).

    The current falls exponentially with the gap and grows as a hyperbolic sine of the voltage; the gap shrinks and
    grows by thermally activated hops in the field, which the current itself warms. Below the field F_min nothing moves;
    a growing gap comes back to that threshold and goes along it as long as the voltage rises, so here it is a step of
    the width dF_min, which steps of a solver can follow, where the source jumps. The random part of the model is left
    out. Exponents of the current above 200 go on along the tangent, so that no voltage overflows.

    Parameters
    ----------
    I_0 : float or array, default 0.001; current scale at no gap (A); in (0, inf).
    g_0 : float or array, default 2.5e-10; gap over which the current falls by e (m); in (0, inf).
    V_0 : float or array, default 0.25; voltage scale of the current (V); in (0, inf).
    nu_0 : float or array, default 10; speed of the tip without a barrier (m/s); in [0, inf).
    E_a : float or array, default 9.61306e-20; activation energy of a hop (J); in [0, inf).
    a_0 : float or array, default 2.5e-10; length of a hop (m); in (0, inf).
    t_ox : float or array, default 1.2e-08; thickness of the oxide (m); in (0, inf).
    T_0 : float or array, default 298; temperature around it (K); in (0, inf).
    R_th : float or array, default 2100; thermal resistance (K/W); in [0, inf).
    gamma_0 : float or array, default 16; local enhancement of the field at no gap; in [0, inf).
    beta : float or array, default 0.8; how much of that a gap g_1 takes away, with its third power; in [0, inf).
    g_1 : float or array, default 1e-09; gap that beta is told for (m); in (0, inf).
    F_min : float or array, default 1.4e+09; enhanced field below which nothing moves (V/m); in [0, inf).
    dF_min : float or array, default 10000; over which e times as much moves; ours (V/m); in (0, inf).
    gap_min : float or array, default 2e-10; smallest gap (m); in (0, inf).
    gap_max : float or array, default 1.7e-09; largest gap (m); in (0, inf).
    gap_initial : float or array, default 2e-10; gap at the start (m); in (0, inf).
    """

    I_0: Final[Kept]
    g_0: Final[Kept]
    V_0: Final[Kept]
    nu_0: Final[Kept]
    E_a: Final[Kept]
    a_0: Final[Kept]
    t_ox: Final[Kept]
    T_0: Final[Kept]
    R_th: Final[Kept]
    gamma_0: Final[Kept]
    beta: Final[Kept]
    g_1: Final[Kept]
    F_min: Final[Kept]
    dF_min: Final[Kept]
    gap_min: Final[Kept]
    gap_max: Final[Kept]
    gap_initial: Final[Kept]
    def __init__(
        self,
        *,
        I_0: Real = 0.001,
        g_0: Real = 2.5e-10,
        V_0: Real = 0.25,
        nu_0: Real = 10.0,
        E_a: Real = 9.613059803999999e-20,
        a_0: Real = 2.5e-10,
        t_ox: Real = 1.2e-08,
        T_0: Real = 298.0,
        R_th: Real = 2100.0,
        gamma_0: Real = 16.0,
        beta: Real = 0.8,
        g_1: Real = 1e-09,
        F_min: Real = 1400000000.0,
        dF_min: Real = 10000.0,
        gap_min: Real = 2e-10,
        gap_max: Real = 1.7e-09,
        gap_initial: Real = 2e-10,
    ) -> None: ...

class TEAM(DeviceWithPresets):
    """A memristor with thresholds of its current (TEAM).

    Above i_off the state moves to 1, the high resistance, below i_on to 0, each with a power of how far the current is
    beyond its threshold; between them it stays for ever. The resistance is linear in the state. There is no window: at
    an end of its range the state stops.

    Parameters
    ----------
    R_on : float or array, default 100; resistance at x = 0 (ohm); in (0, inf).
    R_off : float or array, default 200000; resistance at x = 1 (ohm); in (0, inf).
    D : float or array, default 3e-09; length over which the state moves (m); in (0, inf).
    i_on : float or array, default -8.9e-06; threshold towards low resistance (A); in (-inf, 0).
    i_off : float or array, default 0.000115; threshold towards high resistance (A); in (0, inf).
    k_on : float or array, default -8e-13; speed towards low resistance at i = 2 i_on (m/s); in (-inf, 0].
    k_off : float or array, default 8e-13; speed towards high resistance at i = 2 i_off (m/s); in [0, inf).
    alpha_on : float or array, default 3; power of the current beyond i_on; in (0, inf).
    alpha_off : float or array, default 3; power of the current beyond i_off; in (0, inf).
    x_initial : float or array, default 0.5; state at the start; in [0, 1].
    """

    R_on: Final[Kept]
    R_off: Final[Kept]
    D: Final[Kept]
    i_on: Final[Kept]
    i_off: Final[Kept]
    k_on: Final[Kept]
    k_off: Final[Kept]
    alpha_on: Final[Kept]
    alpha_off: Final[Kept]
    x_initial: Final[Kept]
    def __init__(
        self,
        *,
        R_on: Real = 100.0,
        R_off: Real = 200000.0,
        D: Real = 3e-09,
        i_on: Real = -8.9e-06,
        i_off: Real = 0.000115,
        k_on: Real = -8e-13,
        k_off: Real = 8e-13,
        alpha_on: Real = 3.0,
        alpha_off: Real = 3.0,
        x_initial: Real = 0.5,
    ) -> None: ...

class ThermalSwitch(DeviceWithPresets):
    """A film that its own current heats over a phase transition with hysteresis: an insulator with a metal of
    resistance R_m in series, whose share g falls from 1 to 0 around T_c + w/2 when it is heated, and comes back
    around T_c - w/2.

    Where the temperature turns within the hysteresis a minor loop begins, which nears the major one. Beside a
    capacitance and behind a resistance it is a neuron that spikes. Heat flows to the surroundings at T_base through
    S_th; neighbours and noise of the source are left out. The temperature has turned, event "turned", where its rate
    has the other sign and is beyond rate_min, so that what comes to rest does not turn for ever. R is that of T_low and
    T_high beyond these.

    Parameters
    ----------
    R_0 : float or array, default 0.00535883; resistance of the insulator at infinite temperature (ohm); in (0,
        inf).
    E_a : float or array, default 5220.47; its activation energy over k_B (K); in [0, inf).
    R_m : float or array, default 1286.32; resistance of the metal (ohm); in (0, inf).
    T_c : float or array, default 332.806; middle of the hysteresis (K); in (0, inf).
    w : float or array, default 7.19357; width of the hysteresis (K); in (0, inf).
    beta : float or array, default 0.252796; steepness of the transition (1/K); in (0, inf).
    gamma : float or array, default 0.95627; shape of the minor loops; in [0, inf).
    C_th : float or array, default 4.96278e-11; heat capacity (J/K); in (0, inf).
    S_th : float or array, default 0.000205587; thermal conductance to the surroundings (W/K); in (0, inf).
    T_base : float or array, default 325; temperature of the surroundings, between T_low and T_high (K); in (0,
        T_high).
    T_low : float or array, default 305; temperature below which R no longer changes (K); in (0, T_base).
    T_high : float or array, default 370; temperature above which R no longer changes (K); in (0, inf).
    rate_min : float or array, default 1000; rate beyond which the temperature has turned; ours (K/s); in [0, inf).
    """

    R_0: Final[Kept]
    E_a: Final[Kept]
    R_m: Final[Kept]
    T_c: Final[Kept]
    w: Final[Kept]
    beta: Final[Kept]
    gamma: Final[Kept]
    C_th: Final[Kept]
    S_th: Final[Kept]
    T_base: Final[Kept]
    T_low: Final[Kept]
    T_high: Final[Kept]
    rate_min: Final[Kept]
    def __init__(
        self,
        *,
        R_0: Real = 0.00535882879,
        E_a: Real = 5220.47417,
        R_m: Real = 1286.31649,
        T_c: Real = 332.805839,
        w: Real = 7.19357064,
        beta: Real = 0.252796285,
        gamma: Real = 0.956269682,
        C_th: Real = 4.962776831e-11,
        S_th: Real = 0.00020558726,
        T_base: Real = 325.0,
        T_low: Real = 305.0,
        T_high: Real = 370.0,
        rate_min: Real = 1000.0,
    ) -> None: ...

class VTEAM(DeviceWithPresets):
    """A memristor with thresholds of its voltage (VTEAM).

    Above v_off the state moves to 1, the high resistance, below v_on to 0, each with a power of how far the voltage is
    beyond its threshold; between them it stays for ever. The resistance is linear in the state. There is no window: at
    an end of its range the state stops.

    Parameters
    ----------
    R_on : float or array, default 50; resistance at x = 0 (ohm); in (0, inf).
    R_off : float or array, default 1000; resistance at x = 1 (ohm); in (0, inf).
    D : float or array, default 3e-09; length over which the state moves (m); in (0, inf).
    v_on : float or array, default -0.2; threshold towards low resistance (V); in (-inf, 0).
    v_off : float or array, default 0.02; threshold towards high resistance (V); in (0, inf).
    k_on : float or array, default -10; speed towards low resistance at v = 2 v_on (m/s); in (-inf, 0].
    k_off : float or array, default 0.0005; speed towards high resistance at v = 2 v_off (m/s); in [0, inf).
    alpha_on : float or array, default 3; power of the voltage beyond v_on; in (0, inf).
    alpha_off : float or array, default 1; power of the voltage beyond v_off; in (0, inf).
    x_initial : float or array, default 0; state at the start; in [0, 1].
    """

    R_on: Final[Kept]
    R_off: Final[Kept]
    D: Final[Kept]
    v_on: Final[Kept]
    v_off: Final[Kept]
    k_on: Final[Kept]
    k_off: Final[Kept]
    alpha_on: Final[Kept]
    alpha_off: Final[Kept]
    x_initial: Final[Kept]
    def __init__(
        self,
        *,
        R_on: Real = 50.0,
        R_off: Real = 1000.0,
        D: Real = 3e-09,
        v_on: Real = -0.2,
        v_off: Real = 0.02,
        k_on: Real = -10.0,
        k_off: Real = 0.0005,
        alpha_on: Real = 3.0,
        alpha_off: Real = 1.0,
        x_initial: Real = 0.0,
    ) -> None: ...

class Yakopcic(DeviceWithPresets):
    """The memristor of Yakopcic.

    Its current is a hyperbolic sine of the voltage, in proportion to the state x, which moves where the voltage is
    beyond a threshold, and more slowly beyond x_p on its way up, beyond 1 - x_n on its way down.

    Parameters
    ----------
    a_1 : float or array, default 0.17; current scale for v > 0 (A); in (0, inf).
    a_2 : float or array, default 0.17; current scale for v < 0 (A); in (0, inf).
    b : float or array, default 0.05; how fast the current grows with the voltage (1/V); in (0, inf).
    V_p : float or array, default 0.65; threshold of positive voltages (V); in [0, inf).
    V_n : float or array, default 0.56; threshold of negative voltages, as a positive number (V); in [0, inf).
    V_e : float or array, default 1; over which the rate grows by e; the papers take 1 V without a symbol (V); in
        (0, inf).
    A_p : float or array, default 4000; rate scale for v > V_p (1/s); in [0, inf).
    A_n : float or array, default 4000; rate scale for v < -V_n (1/s); in [0, inf).
    x_p : float or array, default 0.3; from which state on it goes up more slowly; in [0, 1).
    x_n : float or array, default 0.5; 1 minus the state from which on it goes down more slowly; in [0, 1).
    alpha_p : float or array, default 1; how much more slowly it goes up; in [0, inf).
    alpha_n : float or array, default 5; how much more slowly it goes down; in [0, inf).
    eta : float or array, default 1; direction, 1 or -1; what a positive voltage does to x; in [-1, 1].
    x_initial : float or array, default 0.11; state at the start; in [0, 1].
    """

    a_1: Final[Kept]
    a_2: Final[Kept]
    b: Final[Kept]
    V_p: Final[Kept]
    V_n: Final[Kept]
    V_e: Final[Kept]
    A_p: Final[Kept]
    A_n: Final[Kept]
    x_p: Final[Kept]
    x_n: Final[Kept]
    alpha_p: Final[Kept]
    alpha_n: Final[Kept]
    eta: Final[Kept]
    x_initial: Final[Kept]
    def __init__(
        self,
        *,
        a_1: Real = 0.17,
        a_2: Real = 0.17,
        b: Real = 0.05,
        V_p: Real = 0.65,
        V_n: Real = 0.56,
        V_e: Real = 1.0,
        A_p: Real = 4000.0,
        A_n: Real = 4000.0,
        x_p: Real = 0.3,
        x_n: Real = 0.5,
        alpha_p: Real = 1.0,
        alpha_n: Real = 5.0,
        eta: Real = 1.0,
        x_initial: Real = 0.11,
    ) -> None: ...
