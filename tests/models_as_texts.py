"""The models of C files, written once more as texts, and networks in which they are mixed."""

from __future__ import annotations

import numpy as np

import memnet as mn

RATE_BALANCE = """
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
STOCHASTIC_RATE_BALANCE = (
    RATE_BALANCE.replace("- k_D*g", "- k_D*g + sigma*xi") + "parameter sigma = 0 1/s^0.5 in [0, inf)"
)
# The field is over the whole gap, as with field="gap".
TUNNEL_GAP = """
i     = where(closed, g_on, where(beta*length > 300, 0, alpha*exp(-beta*length)))*v
dd/dt = where(closed or d >= length, 0, where(abs(v) - e_t*length > 0, r_d*((abs(v) - e_t*length)/length), 0))
dw/dt = where(closed and abs(g_on*v) - i_t > 0, -r_w*(abs(g_on*v) - i_t), 0)
event opened when closed and w <= 0: d = 0, w = w0, closed = 0
event closed when not closed and d >= length: d = length, w = w0, closed = 1
parameter alpha = 1 S in [0, inf)
parameter beta = 200 1/pd in [0, inf)
parameter g_on = 10 S in [0, inf)
parameter e_t = 10 V/pd in [0, inf)
parameter i_t = 0.01 A in [0, inf)
parameter r_d = 1e-3 pd^2/(V s)
parameter r_w = 10 1/(A s)
parameter w0 = 1
state d = 0 pd in [0 pd, inf)
state w = w0
state closed = 0 in [0, 1]
"""
# A decay stops at 0, as with decay="to-zero": where it went past it, flux and the side it was on differ in sign.
ATOMIC_SWITCH = """
i        = where(abs(flux) >= lambda_crit, g_on, g_off)*v
dflux/dt = where(abs(v) > v_set, (abs(v) - v_set)*sign(v), where(abs(v) < v_reset, decay, 0))
decay    = -(b*(v_reset - abs(v)))*sign(flux)
event emptied each step when side*flux < 0 and abs(v) < v_reset: flux = 0
event turned each step when side != sign(flux): side = sign(flux)
event closed each step when abs(flux) >= lambda_crit and not on: on = 1
event opened each step when abs(flux) < lambda_crit and on: on = 0
parameter v_set = 10 mV in [0, inf)
parameter v_reset = 5 mV in [0, inf)
parameter lambda_crit = 0.01 V s in (0, inf)
parameter lambda_max = 0.015 V s in [0, inf)
parameter b = 10 in [0, inf)
parameter g_on = 77.7 uS in (0, inf)
parameter g_off = 77.7 nS in [0, inf)
state flux = 0 V s in [-lambda_max, lambda_max]
state side = 0 in [-1, 1]
state on = 0 in [0, 1]
"""
HILLOCK = """
i     = where(beta*(length - z) > 300, 0, alpha*exp(-beta*(length - z)))*v
dz/dt = (mu/kappa*abs(v)/(length - z) - z)/tau
z_max = z_max_fraction*length
parameter mu = 3.46e-5 pd^2/V in [0, inf)
parameter kappa = 3.8e-2 in (0, inf)
parameter alpha = 10 S in [0, inf)
parameter beta = 200 1/pd in [0, inf)
parameter tau = 20 s in (0, inf)
parameter z_max_fraction = 0.5 in [0, 1)
state z = 0 pd in [0, z_max]
"""
DRIFT = """
i = v/(r_on*x + r_off*(1 - x))
l = mu*r_on/d**2*i
parameter r_on = 100 ohm in (0, inf)
parameter r_off = 16 kohm in (0, inf)
parameter mu = 1e-14 m^2/(V s) in [0, inf)
parameter d = 10 nm in (0, inf)
"""
WINDOWS = {"none": "1", "strukov": "{0}*(1 - {0})", "joglekar": "1 - ((2*{0} - 1)**2)**p"}
LINEAR_DRIFT = (
    DRIFT
    + """
dx/dt = where(abs(v) > v_threshold, l, 0)*({window}) - decay*x
parameter p = 1 in (0, inf)
parameter v_threshold = 0 V in [0, inf)
parameter decay = 0 1/s in [0, inf)
parameter x_initial = 0.1 in [0, 1]
state x = x_initial in [0, 1]
"""
)
SHORT_LONG_TERM_DRIFT = (
    DRIFT.replace("*x + ", "*w + ").replace("(1 - x)", "(1 - w)")
    + """
dw/dt   = (l - (w - eps)*forgets)*({window})
forgets = where(tau > 0, 1/max(tau, tau_least), 0)
dtau/dt = theta*l*(a - w)
deps/dt = sigma*l*({window})
parameter p = 1 in (0, inf)
parameter sigma = 0.03 in [0, inf)
parameter theta = 1e-4 s in [0, inf)
parameter a = 0.75 in [0, 1]
parameter w_initial = 0.055 in [0, 1]
parameter tau_initial = 0.2 s in (0, inf)
parameter eps_initial = 0.055 in [0, 1]
parameter tau_least = 1e-300 s
state w = w_initial in [0, 1]
state tau = tau_initial in [0 s, inf)
state eps = eps_initial in [0, 1]
"""
)


def windowed(text: str, state: str, window: str) -> str:
    """Return the text of a drift with a window."""
    return text.replace("{window}", WINDOWS[window].format(state))


def by_euler(text: str, state: str, rates: str) -> str:
    """Return a text whose rate of a state reads what that was when the step began, so that it has no slope.

    `rates` is the new equation, with `kept` for the state; what else reads the state is `i`, before the step.
    """
    lines = [line for line in text.splitlines() if not line.startswith(f"d{state}/dt")]
    declared = next(line for line in lines if line.startswith(f"state {state} ="))
    kept = declared.replace(f"state {state} =", "state kept =")
    return "\n".join([*lines, rates, kept, f"event kept_up each step when kept != {state}: kept = {state}"])


HILLOCK_BY_EULER = by_euler(HILLOCK, "z", "dz/dt = (mu/kappa*abs(v)/(length - kept) - kept)/tau")
L_KEPT = "l_kept = mu*r_on/d**2*v/(r_on*kept + r_off*(1 - kept))\n"
LINEAR_DRIFT_BY_EULER = by_euler(
    LINEAR_DRIFT, "x", L_KEPT + "dx/dt = where(abs(v) > v_threshold, l_kept, 0) - decay*kept"
)
# Its decay is exact, with all else as it was; at tau = 0, where the differential equation stays, a step of the C file
# puts w to eps, whichever way the current goes.
SHORT_LONG_TERM_DRIFT_BY_STEPS = by_euler(
    SHORT_LONG_TERM_DRIFT.replace("theta*l*(a - w)", "theta*l_kept*(a - kept)")
    .replace("sigma*l*", "sigma*l_kept*")
    .replace("where(tau > 0, 1/max(tau, tau_least), 0)", "1/max(tau, tau_least)"),
    "w",
    L_KEPT + "dw/dt = (l_kept - (w - eps)*forgets)*({window})",
)

Pair = tuple[mn.devices.Device, mn.devices.Device, dict[str, str]]


def pair(name: str, text: str, c_file: mn.devices.Device, states: dict[str, str]) -> Pair:
    """Return a device from a text, that of the C file with the same parameters, and the states of one by the other."""
    made = mn.device_model(name, text)
    given = {
        name: value for name, value in c_file.parameters.items() if name in made().parameters and value is not None
    }
    return made(**given), c_file, states


# Numbers of which something happens between 5 and 200 mV, on gaps of 0.5 to 1.5 pd.
BALANCE = {"kappa_p0": 0.5, "kappa_d0": 2.0, "eta_p": 40.0, "eta_d": 5.0, "g_min": 1e-5, "g_max": 1e-3}
GROWN = {"r_on": 1e3, "r_off": 16e3, "mu": 2e-13, "d": 1e-8}


def fixed_pairs() -> dict[str, Pair]:
    """Return the models whose steps of a fixed length are the same."""
    gap = {"alpha": 1e-4, "beta": 1.0, "g_on": 1e-3, "e_t": 0.02, "i_t": 2e-5, "r_d": 60.0, "r_w": 3e5, "w0": 1.0}
    drift = mn.LinearDrift(**GROWN, decay=1.0, v_threshold=0.01)
    forgetful = mn.ShortLongTermDrift(**GROWN, theta=5e-3, sigma=0.3)
    return {
        "RateBalance": pair("BalanceText", RATE_BALANCE, mn.RateBalance(**BALANCE, g_initial=0.0), {"g": "g"}),
        "StochasticRateBalance": pair(
            "StochasticText",
            STOCHASTIC_RATE_BALANCE,
            mn.StochasticRateBalance(**BALANCE, sigma=0.05, jump_rate=0.0, g_initial=0.0),
            {"g": "g"},
        ),
        "TunnelGap": pair("GapText", TUNNEL_GAP, mn.TunnelGap(**gap, field="gap"), {"d": "d", "w": "w"}),
        "AtomicSwitch": pair(
            "SwitchText", ATOMIC_SWITCH, mn.AtomicSwitch(lambda_crit=2e-3, lambda_max=3e-3), {"flux": "lambda"}
        ),
        "Hillock": pair("HillockText", HILLOCK_BY_EULER, hillock(), {"z": "z"}),
        "LinearDrift": pair("DriftText", windowed(LINEAR_DRIFT_BY_EULER, "kept", "none"), drift, {"x": "x"}),
        "ShortLongTermDrift": pair(
            "ForgetfulText",
            windowed(SHORT_LONG_TERM_DRIFT_BY_STEPS, "kept", "none"),
            forgetful,
            {"w": "w", "tau": "tau", "eps": "eps"},
        ),
    }


def hillock() -> mn.Hillock:
    return mn.Hillock(mu=0.6, kappa=0.1, alpha=1e-3, beta=2.0, tau=0.3)


def smooth_pairs() -> dict[str, Pair]:
    """Return the models that are differential equations."""
    found = {
        "RateBalance": pair("BalanceText", RATE_BALANCE, mn.RateBalance(**BALANCE, g_initial=0.0), {"g": "g"}),
        "Hillock": pair("HillockSmooth", HILLOCK, hillock(), {"z": "z"}),
    }
    for window in WINDOWS:
        numbers = GROWN | {"mu": 2e-14}  # without a window ends are not reached
        drift = mn.LinearDrift(**numbers, window=window, decay=0.3)
        forgetful = mn.ShortLongTermDrift(**numbers, window=window, theta=5e-3, sigma=0.3)
        title = window.title()
        found[f"LinearDrift {window}"] = pair(f"Drift{title}", windowed(LINEAR_DRIFT, "x", window), drift, {"x": "x"})
        found[f"ShortLongTermDrift {window}"] = pair(
            f"Forgetful{title}",
            windowed(SHORT_LONG_TERM_DRIFT, "w", window),
            forgetful,
            {"w": "w", "tau": "tau", "eps": "eps"},
        )
    return found


def lattice(n: int) -> mn.Network:
    """Return a square lattice with gaps of all lengths."""
    return with_lengths(mn.grid(n, n, diagonals="none", seed=1))


def wires() -> mn.Network:
    """Return junctions of nanowires with gaps of all lengths."""
    return with_lengths(mn.nanowires(300, size=100, length=20, length_sd=5, seed=3))


def with_lengths(net: mn.Network) -> mn.Network:
    lengths = np.random.default_rng(5).uniform(0.5, 1.5, net.n_edges)
    return mn.Network(net.n_nodes, net.edges, length=lengths, electrodes=dict(net.electrodes))


def mixed(net: mn.Network, devices: list[mn.devices.Device], weights: list[float]) -> list[mn.devices.Device]:
    """Return one of the devices for each edge."""
    share = np.array(weights) / np.sum(weights)
    chosen = np.random.default_rng(9).choice(len(devices), size=net.n_edges, p=share)
    return [devices[k] for k in chosen]
