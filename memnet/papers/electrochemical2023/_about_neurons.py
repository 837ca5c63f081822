"""Statements of sections 2.2.1, 2.2.2 and 3.1 about action potentials, and the equations of neurons that spike."""

from __future__ import annotations

from typing import Any

import numpy as np

from memnet import drive, theory
from memnet.base.arrays import Floats
from memnet.devices import AdaptiveExponential, Device, ExponentialIntegrateAndFire, IntegrateAndFire
from memnet.papers._statement import Numbers, Statement, near
from memnet.papers.electrochemical2023 import _traces as traces, membranes, neurons
from memnet.simulate import Circuit

MILLI = 1e3
# A pulse of 0.5 ms (uA/cm2) that makes an action potential, and shares of the smallest one that does.
STIMULUS, SHARES = 20.0, (0.99, 1.01, 1.1, 2.0)
# Accuracy of runs of which only is asked whether something fires.
COARSE: dict[str, Any] = {"row": 1e-4, "rtol": 1e-4}
# Currents (uA/cm2) at which intervals are compared, and one that integrators of eqs 20 and 21 get (A).
CURRENTS = (7.0, 8.0, 10.0, 14.0, 20.0, 30.0, 50.0)
BEGINS, INTO, INTO_ADAPTING = 6.26281, 0.7e-9, 1e-9
GAPS = (1.5, 4.0, 20.0)

STATEMENTS = (
    Statement(
        "Sec. 2.2.1: the threshold is typically at about -55 mV",
        "smallest potential to which a membrane must jump to fire, from -65 mV; within 5 mV",
        "spike",
        ("threshold of a jump (mV)",),
        lambda n: abs(n["threshold of a jump (mV)"] + 55.0) < 5.0,
    ),
    Statement(
        "Sec. 2.2.1: an action potential rises towards the Nernst potential of sodium",
        "its peak after 20 uA/cm2 for 0.5 ms; above 0 and below E_Na",
        "spike",
        ("peak (mV)", "E_Na (mV)"),
        lambda n: 0.0 < n["peak (mV)"] < n["E_Na (mV)"],
    ),
    Statement(
        "Sec. 2.2.1: after 1 to 2 ms the sodium channels become inactive",
        "how long their conductance is above half of its peak, at the 6.3 degrees of the model, and above a tenth",
        "spike",
        ("above half (ms)", "above a tenth (ms)"),
        lambda n: 1.0 <= n["above half (ms)"] <= 2.0,
    ),
    Statement(
        "Sec. 2.2.1: now slow potassium channels open, and repolarise",
        "when both conductances are largest; potassium later",
        "spike",
        ("sodium peaks at (ms)", "potassium peaks at (ms)"),
        lambda n: n["sodium peaks at (ms)"] < n["potassium peaks at (ms)"],
    ),
    Statement(
        "Sec. 2.2.1: an undershoot follows, as the permeability for potassium is larger than at rest",
        "lowest potential, below rest, and the conductance of potassium there over that at rest, above 1",
        "spike",
        ("lowest (mV)", "at rest (mV)", "K then / at rest"),
        lambda n: n["lowest (mV)"] < n["at rest (mV)"] and n["K then / at rest"] > 1.0,
    ),
    Statement(
        "Sec. 2.2.1: in the refractory period the cell cannot make a new action potential",
        "spikes behind a second pulse, of 50 thresholds, that follows the first by 4 ms, none; from when on one of"
        " 1.5, 4 and 20 thresholds makes one",
        "refractory",
        ("spikes at 4 ms", *(f"{share:g} thresholds from (ms)" for share in GAPS)),
        lambda n: n["spikes at 4 ms"] == 0.0,
    ),
    Statement(
        "Sec. 2.2.1: above the threshold the depolarisation goes on irrespective of any external influence",
        "charge (nC/cm2) that must be taken out in 0.2 ms, 1 ms after the stimulus began, to stop it; potential at"
        " that time",
        "refractory",
        ("potential then (mV)", "charge that stops it (nC/cm2)"),
        lambda n: n["charge that stops it (nC/cm2)"] > 20.0,
        "the influence stays below {charge that stops it (nC/cm2):.2g} nC/cm2 while the potential is next to -55 mV",
        lambda n: n["charge that stops it (nC/cm2)"] > 0.0,
    ),
    Statement(
        "Sec. 2.2.1: the amplitude of an action potential does not depend on the stimulus",
        "peak above rest after 1.01, 1.1 and 2 times the smallest pulse that makes one; within 5 %",
        "spike",
        tuple(f"amplitude, {share:g} (mV)" for share in SHARES[1:]),
        lambda n: _alike(n, *SHARES[1:]),
        "the stimulus is a tenth above the threshold",
        lambda n: _alike(n, *SHARES[2:]),
    ),
    Statement(
        "Sec. 2.2.1: below the threshold there is none, and the cell returns to rest: all or nothing",
        "peak above rest after 0.99 times that pulse, below a tenth of that after 1.01; how far it is from rest after"
        " 60 ms, below 0.01 mV",
        "spike",
        ("amplitude, 0.99 (mV)", "amplitude, 1.01 (mV)", "left after 60 ms (mV)"),
        lambda n: n["amplitude, 0.99 (mV)"] < 0.1 * n["amplitude, 1.01 (mV)"] and n["left after 60 ms (mV)"] < 0.01,
    ),
    Statement(
        "Fig. 3: a membrane is a capacitance beside conductances, each in series with a source",
        "largest difference between this circuit and one element of Hodgkin and Huxley in 40 ms; below 0.01 mV",
        "circuit",
        ("difference (mV)",),
        lambda n: n["difference (mV)"] < 0.01,
    ),
    Statement(
        "Sec. 2.2.2: with appropriate constants the model has action potentials as measured",
        "the paper's, per cm2, and E_K -77, E_Na 50 mV, which it does not print; rest -65 within 0.01 mV, peak and"
        " interval at 10 uA/cm2",
        "circuit",
        ("rest (mV)", "peak at 10 uA/cm2 (mV)", "interval (ms)"),
        lambda n: abs(n["rest (mV)"] + 65.0) < 0.01 and n["peak at 10 uA/cm2 (mV)"] > 0.0,
    ),
    Statement(
        "Sec. 2.2.2: its sources are the electrochemical gradients of Table 1",
        "with 64.4 and -90.7 mV: rest within 0.1 mV of the -65 mV from which the rates count",
        "circuit",
        ("rest with Table 1 (mV)", "rest (mV)", "peak with Table 1 (mV)"),
        lambda n: abs(n["rest with Table 1 (mV)"] + 65.0) < 0.1,
        "they are those of the squid axon, E_K -77 and E_Na 50 mV; with Table 1 it fires as well",
        lambda n: abs(n["rest (mV)"] + 65.0) < 0.1,
    ),
    Statement(
        "Eq. 15: the pump's current enters with + I_p",
        "rest with I_p = 1 uA/cm2 by eq. 15, and with -I_p; below rest, as the pump takes out 3 charges for 2",
        "circuit",
        ("rest (mV)", "rest by eq. 15 (mV)", "rest with -I_p (mV)"),
        lambda n: n["rest by eq. 15 (mV)"] < n["rest (mV)"],
        "it stands with - I_p",
        lambda n: n["rest with -I_p (mV)"] < n["rest (mV)"],
    ),
    Statement(
        "Sec. 2.2.2: alpha_n, alpha_m and alpha_h are exponential functions",
        "slope of the logarithm of each at +20 mV over that at -90 mV, within 1 % of 1",
        "circuit",
        tuple(f"alpha_{gate}" for gate in neurons.GATES),
        lambda n: all(near(n[f"alpha_{gate}"], 1.0, 0.01) for gate in neurons.GATES),
        "alpha_h is meant; those of m and n become linear",
        lambda n: near(n["alpha_h"], 1.0, 0.01),
    ),
    Statement(
        "Eq. 20 describes a neuron that integrates and fires",
        "times it passes the threshold in 0.3 s at 0.7 nA without a reset, above 1; and with one, the interval against"
        " tau ln((R I + V_rest - V_r)/(R I + V_rest - V_th)) to 1e-4",
        "integrate",
        ("passages without", "passages with", "interval (ms)", "closed form (ms)"),
        lambda n: n["passages without"] > 1.0,
        "the potential is reset, which the print leaves out",
        lambda n: n["passages with"] > 1.0 and near(n["interval (ms)"], n["closed form (ms)"], 1e-4),
    ),
    Statement(
        "Eq. 21: the spike begins as an exponential",
        "interval at 0.7 nA, of which eq. 20 has the one above; and of eq. 21 with adaptation at 1 nA the first and"
        " second spike, and how many in 400 ms",
        "integrate",
        ("exponential (ms)", "first (ms)", "second (ms)", "in 400 ms"),
        lambda n: near(n["exponential (ms)"], 24.107539, 1e-3) and n["in 400 ms"] == 14.0,
    ),
    Statement(
        "Sec. 3.1: such models can be fitted to that of Hodgkin and Huxley and say when it fires",
        "closed form of eq. 20 with three constants fitted to intervals at 7 to 50 uA/cm2, largest error below 10 %;"
        " interval where firing begins, at 6.2628 uA/cm2",
        "integrate",
        ("largest error", "begins with (ms)"),
        lambda n: n["largest error"] < 0.1,
    ),
)


def measure_spike() -> Numbers:
    """Return thresholds, peaks and times of action potentials."""
    rest = MILLI * _rest()
    jump = traces.threshold(lambda millivolts: _fires(traces.pulse(MILLI * millivolts, 1e-6)), 5.0, 10.0)
    smallest = smallest_pulse()
    data = neurons.figure2(currents=[STIMULUS * traces.MICROAMPERE])
    one = data.isel(stimulus=0)
    time, sodium, potassium = (one[name].values for name in ("time", "sodium", "potassium"))
    lowest = int(one["potential"].values.argmin())
    after = {share: traces.trace(traces.alone(), traces.pulse(share * smallest), 0.06, row=5e-5) for share in SHARES}
    return {
        "threshold of a jump (mV)": rest + jump,
        "peak (mV)": MILLI * float(one["peak"]),
        "E_Na (mV)": MILLI * (traces.V_R + traces.membrane().parameters["E_Na"]),
        **{
            f"above {name} (ms)": MILLI * float((sodium > share * sodium.max()).sum() * traces.ROW)
            for name, share in (("half", 0.5), ("a tenth", 0.1))
        },
        "sodium peaks at (ms)": MILLI * float(time[sodium.argmax()]),
        "potassium peaks at (ms)": MILLI * float(time[potassium.argmax()]),
        "lowest (mV)": MILLI * float(one["lowest"]),
        "at rest (mV)": rest,
        "K then / at rest": float(potassium[lowest] / potassium[0]),
        **{f"amplitude, {share:g} (mV)": trace.peak() - rest for share, trace in after.items()},
        "left after 60 ms (mV)": float(abs(after[SHARES[0]].potential[-1] - rest)),
    }


def measure_refractory() -> Numbers:
    """Return from when on a second pulse makes a spike, and what stops one."""
    smallest = smallest_pulse()

    def spikes(share: float, gap: float) -> int:
        """Return how many follow a second pulse, behind one of 1.5 thresholds by a gap (ms)."""
        amperes = np.array([1.5 * smallest, 0.0, share * smallest, 0.0]) * traces.MICROAMPERE
        wave = drive.steps(amperes, 1e-3 * np.array([0.0, 0.5, gap, gap + 0.5]))
        rises = traces.trace(traces.alone(), wave, 0.032, row=5e-5, rtol=1e-4).rises()
        return int((rises > gap).sum())

    def stopped(charge: float) -> bool:
        """Return whether a charge (nC/cm2) that leaves in 0.2 ms, at 1 ms, stops the spike."""
        wave = drive.steps([STIMULUS * traces.MICROAMPERE, 0.0, -charge * 1e-9 / 0.2e-3, 0.0], [0, 5e-4, 1e-3, 1.2e-3])
        return not _fires(wave)

    def recovers(share: float) -> float:
        """Return the smallest gap (ms) at which such a pulse makes a spike."""
        return traces.threshold(lambda gap: spikes(share, gap) > 0, 4.0, 20.0, 1e-2)

    before = traces.trace(traces.alone(), traces.pulse(STIMULUS), 1.5e-3)
    return {
        "spikes at 4 ms": float(spikes(50.0, 4.0)),
        **{f"{share:g} thresholds from (ms)": recovers(share) for share in GAPS},
        "potential then (mV)": float(np.interp(1.0, before.time, before.potential)),
        "charge that stops it (nC/cm2)": traces.threshold(stopped, 1.0, 20.0, 1e-2),
    }


def measure_circuit() -> Numbers:
    """Return what the equivalent circuit does, with other sources and a pump, too."""
    data = neurons.figure3(duration=0.1)
    rises = MILLI * data["spike_time"].values
    of_table = {name: membranes.IONS[ion].potential - traces.V_R for name, ion in (("E_Na", "Na+"), ("E_K", "K+"))}
    at = _rest(**of_table)
    spike = traces.trace(traces.alone(v_initial=at, **of_table), traces.pulse(STIMULUS), 0.01)
    inside = traces.Trace.of(data, data["potential"])
    return {
        "difference (mV)": MILLI * float(np.abs(data["potential"] - data["whole"]).max()),
        "rest (mV)": MILLI * _rest(),
        "peak at 10 uA/cm2 (mV)": inside.peak(),
        "interval (ms)": float(np.diff(rises)[-1]),
        "rest with Table 1 (mV)": MILLI * at,
        "peak with Table 1 (mV)": spike.peak(),
        "rest by eq. 15 (mV)": MILLI * _rest(current=traces.MICROAMPERE),
        "rest with -I_p (mV)": MILLI * _rest(current=-traces.MICROAMPERE),
        **{f"alpha_{gate}": _slope_of_alpha(gate, 0.02) / _slope_of_alpha(gate, -0.09) for gate in neurons.GATES},
    }


def measure_integrate() -> Numbers:
    """Return when neurons of eqs 20 and 21 spike, and how well such a one says when a membrane fires."""
    from scipy import optimize

    plain = IntegrateAndFire()
    with_reset, without = _spike_times(plain, INTO, 0.3), _passages_without_reset(plain)
    exponential = _spike_times(ExponentialIntegrateAndFire(), INTO, 0.2)
    adapting = _spike_times(AdaptiveExponential(), INTO_ADAPTING, 0.4)
    current = np.array([BEGINS * 1.001, *CURRENTS])
    intervals = np.array([_interval(one) for one in current])
    fitted = optimize.least_squares(
        lambda constants: _of_integrator(constants, current[1:]) / intervals[1:] - 1.0,
        [10.0, 5.0, 3.0],
        bounds=([0.0, 0.0, 0.0], [1e4, 0.999 * CURRENTS[0], 20.0]),
    )
    c = plain.parameters
    lift = INTO / c["g_L"] + c["E_L"]
    return {
        "passages without": float(without),
        "passages with": float(with_reset.size),
        "interval (ms)": float(np.diff(with_reset)[-1]),
        "closed form (ms)": float(MILLI * c["C_m"] / c["g_L"] * np.log((lift - c["V_r"]) / (lift - c["V_T"]))),
        "exponential (ms)": float(np.diff(exponential)[-1]),
        "first (ms)": float(adapting[0]),
        "second (ms)": float(adapting[1]),
        "in 400 ms": float(adapting.size),
        "largest error": float(np.abs(fitted.fun).max()),
        "begins with (ms)": float(intervals[0]),
    }


def smallest_pulse() -> float:
    """Return the smallest pulse of 0.5 ms that makes an action potential (uA/cm2)."""
    return traces.threshold(lambda current: _fires(traces.pulse(current)), 10.0, 20.0)


def _fires(wave: drive.Waveform) -> bool:
    return bool(traces.trace(traces.alone(), wave, 0.015, **COARSE).potential.max() > 0.0)


def _alike(numbers: Numbers, *shares: float) -> bool:
    amplitudes = [numbers[f"amplitude, {share:g} (mV)"] for share in shares]
    return max(amplitudes) < 1.05 * min(amplitudes)


def _rest(current: float = 0.0, **parameters: float) -> float:
    """Return the potential (V) at which a membrane rests under a constant current (A)."""
    from scipy import optimize

    device = traces.membrane(**parameters)

    def excess(volt: float) -> float:
        return float(theory.steady_curve(device, np.array([volt]))["current"].values[0]) - current

    return float(optimize.brentq(excess, -0.1, -0.055, xtol=1e-15))


def _slope_of_alpha(gate: str, volt: float) -> float:
    """Return d ln alpha/dV (1/V) of a gate at a potential (V)."""
    curve = theory.steady_curve(traces.membrane(), np.array([volt, volt + 1e-5]))
    alpha = np.log(curve[f"state_{gate}"].values / curve[f"tau_{gate}"].values)
    return float((alpha[1] - alpha[0]) / 1e-5)


def _interval(current: float) -> float:
    """Return the interval (ms) between the last two spikes of a membrane under a current (uA/cm2)."""
    wave = drive.constant(current * traces.MICROAMPERE)
    return float(np.diff(traces.trace(traces.alone(), wave, 0.12, **COARSE).rises())[-1])


def _of_integrator(constants: Floats, current: Floats) -> Floats:
    """Return the interval (ms) of eq. 20: a time constant, the current at which it begins, and a refractory time."""
    tau, least, refractory = constants
    found: Floats = refractory + tau * np.log(current / (current - least))
    return found


def _spike_times(device: Device, current: float, duration: float) -> Floats:
    """Return when a neuron spikes (ms) under a constant current (A)."""
    made = Circuit()
    made.add("in", "gnd", device)
    sim = made.simulation({"in": drive.current(current), "gnd": 0.0}, dt=1e-4, method="adaptive", rtol=1e-6)
    data = sim.run(duration=duration)
    found: Floats = MILLI * data["event_time"].values[data["event_kind"].values == 1]
    return found


def _passages_without_reset(device: Device) -> int:
    """Return how often eq. 20 alone rises through the threshold of a neuron in 0.3 s."""
    given = device.parameters
    free = type(device)(V_T=1.0, **{name: given[name] for name in ("C_m", "g_L", "E_L", "V_r")})
    made = Circuit()
    made.add("inside", "outside", free)
    found = traces.trace(made, drive.constant(INTO), 0.3, **COARSE)
    return int(found.rises(MILLI * given["V_T"]).size)


MEASURES = {
    "spike": measure_spike,
    "refractory": measure_refractory,
    "circuit": measure_circuit,
    "integrate": measure_integrate,
}
