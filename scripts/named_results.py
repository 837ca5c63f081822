"""Results of memnet, by name: networks, solves, runs, texts, analyses, mean fields and fits.

What `fixed` marks rests on the C library and on exact operations of NumPy, and is the same on every machine
(docs/guarantees.md). What `by_library` marks goes through LAPACK, SciPy or a vectorised function of NumPy.
"""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

import memnet as mn

Result = Callable[[], Any]
FIXED: dict[str, Result] = {}
BY_LIBRARY: dict[str, Result] = {}


def fixed(result: Result) -> Result:
    """Enter a result whose bits are the same everywhere."""
    FIXED[result.__name__] = result
    return result


def by_library(result: Result) -> Result:
    """Enter a result whose bits rest on the libraries and the processor, too."""
    BY_LIBRARY[result.__name__] = result
    return result


# ---------------------------------------------------------------- networks


@functools.cache
def discs() -> mn.Network:
    """Return a network of discs whose gaps have lengths."""
    return mn.percolating(size=25, coverage=0.62, seed=3)


@functools.cache
def wires() -> mn.Network:
    """Return a network of nanowires."""
    return mn.nanowires(60, size=50.0, length=20.0, length_sd=4.0, seed=2)


@functools.cache
def lattice() -> mn.Network:
    """Return a small grid with three electrodes."""
    return mn.grid(5, 6, seed=4, electrodes={"in": 0, "out": 29, "probe": 14})


@fixed
def network_percolating_sparse() -> Any:
    """Far below the threshold: no path."""
    return mn.percolating(size=30, coverage=0.3, seed=1)


@fixed
def network_percolating_near_the_threshold() -> Any:
    """Gaps of up to 2, four electrodes, no square."""
    sides = ("left", "right", "top", "bottom")
    return mn.percolating(size=(40, 25), coverage=0.6, max_gap=2.0, electrodes=sides, shared="first", seed=5)


@fixed
def network_percolating_periodic() -> Any:
    """Top and bottom joined."""
    return mn.percolating(size=30, coverage=0.6, periodic="y", seed=6)


@fixed
def network_nanowires() -> Any:
    """Lengths that scatter, sides as electrodes."""
    return [wires(), mn.nanowires(density=0.02, size=(70.0, 50.0), length=15.0, angles=(10.0, 60.0), seed=3)]


@fixed
def network_nanowires_with_resistance() -> Any:
    """Wires cut into segments, pads as electrodes."""
    pads = {"in": {"rectangle": (0.0, 10.0, 0.0, 40.0)}, "out": {"disc": (30.0, 20.0, 8.0)}}
    return mn.nanowires(50, size=40.0, length=18.0, wire_resistance=2.0, electrodes=pads, shared="first", seed=7)


@fixed
def network_nanowires_at() -> Any:
    """Wires given by their ends."""
    ends = [[(0.0, 1.0), (9.0, 2.0)], [(4.0, -4.0), (5.0, 4.5)], [(1.0, 4.0), (8.0, -3.0)], [(7.0, -4.0), (7.5, 4.0)]]
    return mn.nanowires_at(ends, electrodes={"a": [0], "b": [3]}, wire_resistance=0.5)


@fixed
def network_grids() -> Any:
    """Each kind of diagonals."""
    return [mn.grid(6, 7, diagonals=kind, seed=8) for kind in ("none", "random", "both")]


@fixed
def network_random() -> Any:
    """Return a random graph."""
    return mn.random_network(80, 3.5, seed=9, electrodes={"in": 0, "out": [5, 6]})


@fixed
def network_from_networkx() -> Any:
    """To networkx and back, and turned along a field."""
    back = mn.from_networkx(discs().to_networkx())
    return [back, mn.oriented(back, {"left": 1.0, "right": 0.0})]


# ---------------------------------------------------------------- solves


def _spread(n: int, decades: float) -> np.ndarray:
    """Conductances in no order: powers of two times small whole numbers, so that nothing is rounded here."""
    k = np.arange(n)
    return np.ldexp(1.0 + (7 * k % 16) / 16.0, (np.rint(k * 31 % 97 / 97 * decades / 0.30103)).astype(int))


def _solved(*arguments: Any, **keywords: Any) -> dict[str, Any]:
    """Return the numbers of a solution."""
    found = mn.solve(*arguments, **keywords)
    return {name: getattr(found, name) for name in ("potential", "voltage", "current", "conductance", "info")}


@fixed
def solve_kron() -> Any:
    """Voltages over 12 and over 100 decades."""
    drive = {"in": 1.0, "out": -0.5, "probe": 0.25}
    return [_solved(lattice(), _spread(lattice().n_edges, decades), drive) for decades in (12.0, 100.0)]


@fixed
def solve_kron_current_and_floating() -> Any:
    """Return a current, a voltage and a floating electrode; currents only; currents into nodes."""
    g, current = _spread(lattice().n_edges, 3.0), mn.drive.current
    return [
        _solved(lattice(), g, {"in": current(1e-3), "out": 0.0, "probe": None}),
        _solved(lattice(), g, {"in": current(1e-3), "out": current(-1e-3), "probe": None}),
        _solved(lattice(), g, {"in": 1.0, "out": 0.0, "probe": None}, injected={7: 0.25, 20: -0.5}),
    ]


@fixed
def solve_kron_replicas() -> Any:
    """Eleven sets of conductances in one call."""
    n = lattice().n_edges
    g = _spread(11 * n, 6.0).reshape(11, n)
    return _solved(lattice(), g, {"in": np.arange(11.0), "out": 0.0, "probe": None})


@fixed
def solve_kron_admittances() -> Any:
    """Complex, imaginary parts of one sign and of both."""
    n = lattice().n_edges
    real, imaginary = _spread(n, 2.0), _spread(n, 4.0)[::-1]
    drive = {"in": 1.0, "out": 0.0, "probe": None}
    both = real + 1j * imaginary * (1 - 2 * (np.arange(n) % 3 == 0))
    return [_solved(lattice(), y, drive) for y in (real + 1j * imaginary, both)]


@fixed
def terminal_conductance_kron() -> Any:
    """Three electrodes of a grid, two of discs."""
    return [mn.terminal_conductance(net, _spread(net.n_edges, 9.0)) for net in (lattice(), discs())]


@by_library
def solve_umfpack() -> Any:
    """Voltages, currents, negative and complex conductances."""
    g, current = _spread(lattice().n_edges, 3.0), mn.drive.current
    drives = {"in": 1.0, "out": 0.0, "probe": None}, {"in": current(1e-3), "out": 0.0, "probe": 0.5}
    negative = np.where(np.arange(g.size) % 9 == 4, -0.125 * g, g)
    found = [_solved(lattice(), y, drive, solver="umfpack") for y in (g, negative, g + 0.5j * g) for drive in drives]
    return [*found, mn.terminal_conductance(lattice(), g, solver="umfpack")]


# ---------------------------------------------------------------- runs


def _simulation(net: mn.Network, devices: Any, drive: Any, **keywords: Any) -> mn.Simulation:
    """Return a simulation between `left` and `right`."""
    return mn.Simulation(net, devices, {"left": drive, "right": 0.0}, **{"seed": 7, **keywords})


# What `Simulation.run` can record of each model.
STATES = {
    "TunnelGap": ("d", "w", "closed"),
    "Hillock": ("z",),
    "RateBalance": ("g",),
    "StochasticRateBalance": ("g",),
    "AtomicSwitch": ("lambda",),
    "TunnelSwitch": ("lambda",),
    "LinearDrift": ("x", "logit"),
    "ShortLongTermDrift": ("w", "tau", "eps", "logit"),
    "Capacitor": ("v",),
}


def _run(net: mn.Network, device: Any, drive: Any, *, dt: float, n: int, **keywords: Any) -> Any:
    """Return a run that records every state of a device, and the fields at its end."""
    sim = _simulation(net, device, drive, dt=dt, **keywords)
    states = [f"state:{name}" for name in STATES[device.model]]
    data = sim.run(n, record=["current", *states, "edge_conductance"], every=7)
    return [data, sim.potential, sim.branch_voltage, sim.branch_current, sim.conductance]


@fixed
def run_tunnel_gap() -> Any:
    """Gaps that close and open under pulses, over the whole gap and over what remains of it."""
    pulses = mn.drive.pulses(1.0, 60.0, 40.0, 20.0)
    devices = (mn.TunnelGap(), mn.TunnelGap(field="gap", d_leak=0.01, d_after_break=0.3))
    return [_run(discs(), device, pulses, dt=1.0, n=300) for device in devices]


@fixed
def run_hillock() -> Any:
    """Hillocks that grow and decay."""
    return _run(discs(), mn.Hillock(), mn.drive.triangle(-300.0, 300.0, 100.0), dt=0.5, n=400)


@fixed
def run_rate_balance() -> Any:
    """Return the exact step and the published one."""
    devices = (mn.RateBalance(g_min=1e-3), mn.RateBalance(g_min=1e-3, step="as-published"))
    return [_run(wires(), device, mn.drive.sine(3.0, 0.02), dt=0.5, n=300) for device in devices]


@fixed
def run_stochastic_rate_balance() -> Any:
    """Noise and jumps."""
    device = mn.StochasticRateBalance(g_min=1e-3, sigma=0.02, jump_rate=0.05)
    return _run(wires(), device, 2.0, dt=0.5, n=300)


@fixed
def run_atomic_switch() -> Any:
    """Both rules of decay."""
    sweep = mn.drive.triangle(-1.0, 1.0, 2.0)
    return [_run(wires(), mn.AtomicSwitch(decay=rule), sweep, dt=1e-2, n=300) for rule in ("to-zero", "past-zero")]


@fixed
def run_tunnel_switch() -> Any:
    """All forms of the tunnel resistance."""
    forms = [(exponent, prefactor) for exponent in ("phi^2", "sqrt(phi)") for prefactor in ("d", "d^2")]
    sweep = mn.drive.triangle(-1.0, 1.0, 2.0)
    devices = [mn.TunnelSwitch(exponent=exponent, prefactor=prefactor) for exponent, prefactor in forms]
    return [_run(wires(), device, sweep, dt=1e-2, n=200) for device in devices]


@fixed
def run_linear_drift() -> Any:
    """Each window, a threshold, a decay."""
    sweep, given = mn.drive.sine(2.0, 1.0), {"x_initial": 0.3, "mu": 1e-13}
    devices = [mn.LinearDrift(window=window, p=2.0, **given) for window in ("none", "strukov", "joglekar")]
    devices.append(mn.LinearDrift(v_threshold=0.05, decay=0.2, **given))
    return [_run(wires(), device, sweep, dt=1e-2, n=200) for device in devices]


@fixed
def run_short_long_term_drift() -> Any:
    """Each window."""
    given = {"w_initial": 0.3, "mu": 1e-13}
    devices = [mn.ShortLongTermDrift(window=window, **given) for window in ("none", "strukov", "joglekar")]
    return [_run(wires(), device, mn.drive.pulses(0.1, 2.0, 0.2, 0.2), dt=1e-2, n=200) for device in devices]


@fixed
def run_diffusive_memristor() -> Any:
    """Wells and pairs, with noise and heat."""
    record = [f"state:{name}" for name in ("x", "theta", "r", "largest_gap")]
    results = []
    for n, kind in ((40, "wells"), (7, "pairs")):
        device = mn.DiffusiveMemristor(n=n, potential=kind)
        sim = _simulation(mn.grid(4, 4, seed=4), device, mn.drive.pulses(0.0, 40.0, 0.1, 0.1), dt=1e-2)
        results += [sim.run(40, record=record, every=7), sim.branch_current]
    return results


@fixed
def run_resistor_and_capacitor() -> Any:
    """Charges and discharges; a source in a resistor."""
    net = lattice()
    devices = [mn.Resistor(conductance=0.5), mn.Capacitor(capacitance=0.25, v_initial=0.1), mn.Resistor(emf=0.2)]
    drive = {"in": mn.drive.sine(1.0, 0.3), "out": 0.0, "probe": None}
    sim = mn.Simulation(net, [devices[k % 3] for k in range(net.n_edges)], drive, dt=0.05, seed=1)
    return [sim.run(200, record=["branch_current", "state:v"]), sim.potential]


@fixed
def run_mix() -> Any:
    """Return a share of each of three models, a parameter an edge."""
    net = discs()
    eta = 5.0 + np.arange(net.n_edges) % 7
    shares = {mn.TunnelGap(): 0.5, mn.RateBalance(eta_p=eta, g_min=1e-6): 0.3, mn.Resistor(conductance=1e-3): 0.2}
    mixed = mn.mix(net, shares, seed=5)
    sim = _simulation(net, mixed, mn.drive.pulses(1.0, 60.0, 40.0, 20.0))
    return [sim.run(200, record="branch_voltage", every=5), [mixed.edges_of(device) for device in mixed.devices]]


@fixed
def run_on_wires() -> Any:
    """Junctions and the resistors of the segments between them."""
    net = mn.nanowires(40, size=40.0, length=18.0, wire_resistance=2.0, seed=8)
    sim = _simulation(net, mn.wire_devices(net, mn.RateBalance(g_min=1e-3)), mn.drive.triangle(0.0, 4.0, 50.0))
    return [sim.run(150, record=["branch_current"], every=10), sim.potential]


@functools.cache
def waves() -> dict[str, Any]:
    """Each waveform."""
    drive = mn.drive
    sine = drive.sine(2.0, 0.037, offset=0.5, phase=0.2)
    return {
        "constant": drive.constant(1.5),
        "triangle": drive.triangle(-1.0, 3.0, 17.0, phase=0.3),
        "sine": sine,
        "pulses": drive.pulses(0.5, 3.0, 7.0, 5.0, count=4, start=2.5),
        "steps": drive.steps([0.5, 2.0, -1.0], [0.0, 11.0, 40.0]),
        "samples": drive.from_array([0.5, 2.0, 1.0, -1.0], dt=3.0, repeat=True),
        "concat": drive.concat([(1.0, 20.0), (None, 10.0), (sine, None)]),
        "sum": sine + 0.5 * drive.triangle(0.0, 1.0, 10.0),
        "current": drive.current(drive.sine(1e-3, 0.02)),
    }


@fixed
def run_under_each_waveform() -> Any:
    """Values of each waveform, and a run."""
    at = np.arange(0.0, 100.0, 0.125)
    values = {name: wave(at) for name, wave in waves().items() if name != "concat"}
    run = {name: _simulation(wires(), mn.RateBalance(g_min=1e-3), wave).run(60) for name, wave in waves().items()}
    return [values, run, {name: [repr(wave), mn.drive.to_spec(wave)] for name, wave in waves().items()}]


@fixed
def run_in_pieces() -> Any:
    """Return runs of 1, 7 and 64 steps, single steps, a copy, and all joined."""
    sim = _simulation(discs(), mn.TunnelGap(), mn.drive.pulses(1.0, 60.0, 40.0, 20.0))
    parts = [sim.run(n, record="potential", every=2) for n in (1, 7, 64)]
    sim.step(28)
    other = sim.copy()
    return [mn.concat(parts), sim.last_events, other.run(50), sim.run(50), sim.potential]


@fixed
def run_through_a_checkpoint() -> Any:
    """Go on with what was saved in the middle of noise, and with other states and drive."""
    device = mn.StochasticRateBalance(g_min=1e-3, sigma=0.02, jump_rate=0.05)
    sim = _simulation(wires(), device, mn.drive.sine(2.0, 0.05))
    first = sim.run(80)
    with tempfile.TemporaryDirectory() as folder:
        sim.save(Path(folder) / "middle.ckpt")
        other = mn.Simulation.load(Path(folder) / "middle.ckpt")
    second = other.run(80)
    other.set_drive({"left": 1.0, "right": None})
    other.set_state(other.devices[0], g=0.25)
    return [first, second, other.run(40)]


@fixed
def run_streamed() -> Any:
    """To a store, gone on with, read, and run again."""
    sim = _simulation(discs(), mn.TunnelGap(), mn.drive.pulses(1.0, 60.0, 40.0, 20.0))
    with tempfile.TemporaryDirectory() as folder:
        sim.run(60, record=["edge_conductance"], out=Path(folder) / "run.zarr")
        whole = mn.resume(Path(folder) / "run.zarr", n_steps=120).load()
        read = mn.open_run(Path(folder) / "run.zarr").load()
        again = mn.rerun(read).load()
    return [[data[name].values for name in sorted(data.variables)] for data in (whole, read, again)]


@fixed
def run_recorded_channels() -> Any:
    """Each channel: parts of fields, currents of members, snapshots, another port."""
    net = mn.percolating(size=25, coverage=0.62, electrodes=("left", "right", "top"), shared="first", seed=3)
    device = mn.TunnelGap()
    sim = mn.Simulation(net, device, {"left": 40.0, "right": 0.0, "top": None}, seed=7)
    record = {
        "conductance": ("left", "right"),
        "potential": [0, 3],
        "branch_voltage": [1, 2],
        "branch_current": True,
        "edge_conductance": [0],
        "state:d": device,
        "member_current": ["left", "right"],
        "snapshot:potential": [0, 50, 99],
        "snapshot:state:w": (device, [20, 70]),
    }
    return [sim.run(100, record=record, every=3), sim.terminal_conductance, sim.info]


@fixed
def run_solved_at_every_step() -> Any:
    """Without what saves work, which has the same bits."""
    pulses = mn.drive.pulses(1.0, 60.0, 40.0, 20.0)
    return _simulation(discs(), mn.TunnelGap(), pulses, incremental=False, event_driven=False).run(150)


@by_library
def run_umfpack() -> Any:
    """Run with the other solver."""
    return _run(wires(), mn.RateBalance(g_min=1e-3), mn.drive.sine(3.0, 0.02), dt=0.5, n=100, solver="umfpack")


# ---------------------------------------------------------------- texts


@fixed
def text_spice() -> Any:
    """Netlists of voltages, of a current, and of charged capacitors."""
    net = lattice()
    devices = [mn.Resistor(conductance=0.5), mn.Capacitor(capacitance=0.25), mn.RateBalance(g_min=1e-3)]
    mixed = [devices[k % 3] for k in range(net.n_edges)]
    drives = (mn.drive.sine(1.0, 0.3), mn.drive.pulses(0.0, 1.0, 2.0, 3.0), mn.drive.current(1e-3))
    sims = [mn.Simulation(net, mixed, {"in": wave, "out": 0.0, "probe": None}, dt=0.1, seed=1) for wave in drives]
    for sim in sims:
        sim.step(5)
    return [mn.to_spice(sim, 10.0, step=0.05) for sim in sims]


@fixed
def text_of_objects() -> Any:
    """Return what objects say of themselves, and a dataset's parameters."""
    sim = _simulation(discs(), mn.TunnelGap(), waves()["pulses"])
    data = sim.run(20)
    made = [repr(mn.devices.MODELS[name]()) for name in sorted(("Resistor", *STATES))]
    texts = [repr(sim.net), repr(sim), repr(mn.devices_of(data)), *made]
    return [*texts, mn.load_network(data), data.attrs["parameters"], data.attrs["title"]]


# ---------------------------------------------------------------- analyses


@functools.cache
def switching() -> xr.Dataset:
    """Return a run in which gaps switch."""
    return _simulation(discs(), mn.TunnelGap(), mn.drive.pulses(20.0, 60.0, 40.0, 20.0)).run(600)


@functools.cache
def trains() -> np.ndarray:
    """Return steps of events, in bursts."""
    k = np.arange(20000)
    return k[(k * k * 7919 + 13 * k) % 1009 < 90 + 60 * ((k // 37) % 5 == 0)]


@fixed
def analysis_events() -> Any:
    """Switchings and steps of the conductance, a part of them, and their intervals."""
    analysis, data = mn.analysis, switching()
    found = analysis.events(data)
    trace = analysis.events(data.time.values, data.conductance.values, absolute=2.0**-6)
    parts = [found, found.between(100, 400), trace]
    numbers = [[one.step, one.start, one.stop, one.counts(), one.edge, one.kind] for one in parts]
    return [numbers, [analysis.inter_event_intervals(one) for one in parts]]


@fixed
def analysis_avalanches() -> Any:
    """Sizes and durations at several bins."""
    bins = ({"bin": 1}, {"bin": 4}, {"multiple": 1.0})
    found = [mn.analysis.avalanches(trains(), **given) for given in bins]
    return [[one.size, one.duration, one.start, one.profile, one.bin, one.n_events] for one in found]


@fixed
def analysis_pulses() -> Any:
    """Pulses that are found in a voltage."""
    volts = np.tile(np.r_[np.full(10, 0.125), np.full(10, 1.0), np.full(5, 0.125), np.full(10, -1.0)], 6)
    found = mn.analysis.find_pulses(volts)
    return [found.start, found.stop, found.sign, found.amplitude, mn.analysis.pulse_windows(volts)]


@by_library
def analysis_power_law() -> Any:
    """Continuous and discrete values, with errors, p-values and alternatives."""
    analysis, k = mn.analysis, np.arange(600)
    u = ((k * 7919 + 11) % 600 + 0.5) / 600
    given = {"n_bootstrap": 5, "n_p": 5, "seed": 1}
    discrete = analysis.fit_power_law(np.floor(1.0 / u), discrete=True, xmax=200.0, **given)
    found = [analysis.fit_power_law(1.0 / u, discrete=False, **given), discrete]
    names = ("exponent", "error", "xmin", "xmax", "p_value", "distance", "n", "n_total", "message")
    compared = [one.compare(name) for one in found for name in ("exponential", "lognormal")]
    return [[getattr(one, name) for one in found for name in names], compared, found[0].density([2.0, 5.0])]


@by_library
def analysis_criticality() -> Any:
    """Exponents, shape and branching of avalanches, and the autocorrelation of their events."""
    analysis = mn.analysis
    found = analysis.avalanches(trains(), bin=1)
    return [
        analysis.criticality(found, n_bootstrap=3, n_p=3, n_surrogates=2, seed=1).sigma,
        analysis.autocorrelation(trains(), max_lag=50, n_surrogates=3, seed=1),
        analysis.iei_distribution(analysis.inter_event_intervals(trains())),
    ]


@by_library
def analysis_hysteresis() -> Any:
    """Loops of a sweep, their area and distance."""
    sweep = _simulation(wires(), mn.RateBalance(g_min=1e-3), mn.drive.triangle(-3.0, 3.0, 100.0)).run(400)
    found = mn.analysis.hysteresis(sweep)
    numbers = [[one.start, one.stop, one.lobes, one.pinch, one.opening, one.ratio] for one in found.cycles]
    distance = mn.analysis.loop_distance(found.cycles[0], found.cycles[-1])
    return [numbers, found.branches, found.offset, found.tolerance, distance, repr(found)]


@by_library
def analysis_of_traces() -> Any:
    """Trends, averages, slopes, correlations, and the response to pulses."""
    analysis = mn.analysis
    values = np.ldexp((np.arange(300) * 37 % 101).astype(float), -6) + np.arange(300) / 64
    volts = np.tile(np.r_[np.full(10, 0.125), np.full(10, 1.0)], 15)
    return [
        analysis.trend(values),
        analysis.moving_average(values, 7),
        analysis.log_slope(1.0 + np.arange(300), 1.0 + values),
        analysis.series_autocorrelation(values, 40),
        analysis.plasticity(np.arange(300) * 0.1, values, volts, window=5),
    ]


# ---------------------------------------------------------------- mean fields and fits


@by_library
def theory_fields() -> Any:
    """Return fixed points, potentials and paths of the three mean fields."""
    theory = mn.theory
    balance = {"kappa_p0": 1e-3, "kappa_d0": 0.1, "eta_p": 5.0, "eta_d": 1.0, "g_min": 1e-3, "chi": 50.0}
    fields = [
        theory.RateBalanceField(**balance),
        theory.LinearDriftField(drive="voltage", strength=1.0, decay=2.0, r_off=1.0, chi=0.8),
        theory.HillockField(strength=1.0, tau=1.0, a=1.0, clamp=0.7),
    ]
    time, g = np.linspace(0.0, 2.0, 9), np.linspace(0.05, 0.6, 12)
    at = 0.3
    return [[f.rate(g, at), f.potential(g, at), f.fixed_points(at), f.integrate(time, at, g0=0.1)] for f in fields]


@by_library
def theory_landau() -> Any:
    """Return a transition, its threshold, and the potential of the rate balance."""
    theory = mn.theory
    found = theory.landau(lambda x: x, lambda x: x**3, chi=2.0, n=401)

    def of_chi(chi: float) -> Any:
        return theory.landau(lambda r: r**2 / 2, lambda r: 1 / (1 - chi * r) - 1)

    critical = theory.critical_chi(of_chi, 0.1, 0.9, tolerance=1e-3)
    rates = {"kappa_p0": 1e-3, "kappa_d0": 0.1, "a": 1.0, "b": 1.0}
    potential = theory.rate_balance_potential(np.linspace(0.01, 0.9, 20), chi=10.0, **rates)
    return [found.r, found.s, found.load, found.turning_points, found.order, critical, potential]


@by_library
def theory_projector() -> Any:
    """Return the projector on cycles and what follows from it."""
    net = lattice()
    found = mn.theory.projector(net, source="in", drain="out")
    g = _spread(net.n_edges, 2.0)
    return [found.omega, found.rho(g), found.effective_conductance(g), found.voltage_drops(g, current=1e-3)]


@by_library
def theory_mean_field_of_a_network() -> Any:
    """Return the mean field of nanowires beside their simulation, and a phase diagram."""
    device = mn.RateBalance(kappa_p0=1e-3, kappa_d0=0.1, eta_p=5.0, eta_d=1.0, g_min=1e-3, g_max=0.1)
    field = mn.theory.mean_field(lattice(), device, source="in", drain="out")
    given = {"disorder": (0.0, 0.5), "source": "in", "drain": "out", "seed": 1}
    error = mn.theory.mean_field_error(lattice(), device, 2.0, steps=20, dt=0.5, **given)
    phases = mn.theory.phase_diagram(
        [0.03, 0.05], [1.0, 4.0], size=60.0, n_networks=1, duration=5.0, seed=1, progress=False
    )
    return [repr(field), field.integrate(np.linspace(0.0, 5.0, 11), 2.0, g0=0.01), error, phases]


@functools.cache
def trace() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a measured trace: a rise and a decay, with something like noise."""
    time = np.linspace(0.0, 20.0, 60)
    volts = np.where(time < 10.0, 2.0, 0.1)
    rise = np.where(time < 10.0, time / (time + 3.0), 10.0 / 13.0 / (1.0 + 0.3 * (time - 10.0)))
    return time, volts, 1e-3 * (1.0 + 0.5 * rise) + 1e-6 * (np.arange(60) * 37 % 23 - 11)


def _fitted(fit: Any) -> Any:
    """Return the numbers of a fit."""
    numbers = ("best_fit", "residual", "rmse", "aic", "bic", "determined", "undetermined", "condition")
    return [{name: float(one) for name, one in fit.params.valuesdict().items()}, [getattr(fit, n) for n in numbers]]


@by_library
def fit_mean_field() -> Any:
    """Return a mean field fitted to a trace."""
    return _fitted(mn.theory.fit_mean_field(*trace(), seed=0, n_starts=1))


@by_library
def fit_rate_balance() -> Any:
    """Return a rate balance fitted to a trace."""
    return _fitted(mn.theory.fit_rate_balance(*trace(), seed=0, n_starts=2))
