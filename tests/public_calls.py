"""One good call of every public function, and of methods of public objects: where the walk over signatures starts.

`CALLS` maps a name to a function that returns the callable and good arguments by name. A public function that has no
row here fails `tests/test_hostile.py`, so the table cannot lag behind.
"""

import ast
import functools
import inspect
import pathlib
import tempfile

import numpy as np

import memnet as mn
from memnet import _core, analysis, arrays, drive, electrochemistry, learn, papers, plot, theory


@functools.cache
def net():
    return mn.Network(
        3,
        [(0, 1), (1, 2)],
        length=[0.1, 0.2],
        position=[(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)],
        electrodes={"in": 0, "out": 2},
    )


@functools.cache
def crossbar():
    return mn.crossbar(2, 3, line_resistance=1.0)


CELL_VALUES = [[1e-6, 2e-6, 3e-6], [4e-6, 5e-6, 6e-6]]


def cell_devices(net, device, dummy):
    return mn.cell_devices(net, device, dummy=dummy)


def cell_parameter(g_min):
    return mn.cell_devices(crossbar(), mn.RateBalance(), g_min=g_min)


@functools.cache
def wires():
    return mn.nanowires(30, size=40.0, length=20.0, seed=1)


def circuit():
    made = mn.Circuit()
    made.add("in", "mid", mn.Resistor(), name="R1")
    made.add("mid", "gnd", mn.Capacitor(), name="C1")
    return made


def added(a: str, b: str, device, name: str):
    return circuit().add(a, b, device, name=name)


def circuit_sim():
    return circuit().simulation({"in": 1.0, "gnd": 0.0}, dt=0.1, seed=0)


def attached(electrode, device, to):
    return net().attach(electrode, device, to=to)


def sim():
    return mn.Simulation(net(), mn.RateBalance(), {"in": 1.0, "out": 0.0}, dt=0.1, seed=0)


def viewed(simulation, speed: int, edges, height: int):
    mn.view(simulation, speed=speed, edges=edges, height=height).close()


def view():
    return mn.view(sim())


def ensemble():
    return mn.ensemble(sim(), 2, seeds=[1, 2])


@functools.cache
def data():
    return sim().run(20)


@functools.cache
def stored():
    path = pathlib.Path(tempfile.mkdtemp()) / "run.zarr"
    sim().run(20, out=path)
    return path


@functools.cache
def swept():
    path = pathlib.Path(tempfile.mkdtemp()) / "sweep.zarr"
    mn.sweep(lambda a: a, {"a": [1, 2]}, store=path, workers=1, progress=False)
    return path


@functools.cache
def sweep():
    phase = np.linspace(0.0, 4.0 * np.pi, 401)
    volts = np.sin(phase)
    return volts, volts * (1.0 + 0.3 * np.cos(phase))


@functools.cache
def pulses():
    volts = np.tile(np.r_[np.full(10, 0.1), np.full(10, 1.0)], 6)
    return volts, 1.0 + 0.01 * np.arange(volts.size)


def train():
    return {
        "amplitude": 0.5,
        "width": 1.0,
        "count": 2,
        "dt": 1.0,
        "realisations": 1,
        "seed": 0,
        "ports": ("in", "out"),
        "others": {},
        "priming": (0.1, 1.0),
        "method": "adaptive",
        "rtol": 1e-3,
    }


@functools.cache
def power_law():
    rng = np.random.default_rng(1)
    return analysis.fit_power_law(rng.pareto(1.5, 300) + 1.0, discrete=False, xmin=1.0, n_bootstrap=0, n_p=0, seed=1)


@functools.cache
def spectrum():
    return mn.impedance(sim(), ("in", "out"), [0.1, 1.0])


@functools.cache
def some_events():
    rng = np.random.default_rng(2)
    return analysis.events(np.arange(400) * 0.1, 1.0 + np.cumsum(rng.random(400) < 0.2), absolute=0.5)


@functools.cache
def some_avalanches():
    return analysis.avalanches(np.cumsum(np.random.default_rng(3).exponential(1.0, 3000)))


@functools.cache
def some_criticality():
    return analysis.criticality(some_avalanches(), n_bootstrap=2, n_p=2, n_surrogates=2, seed=1)


@functools.cache
def data_with_potentials():
    return sim().run(10, record=["potential"])


@functools.cache
def trace():
    time = np.linspace(0.0, 20.0, 60)
    volts = np.where(time < 10.0, 2.0, 0.1)
    noise = 1e-6 * (np.arange(60) * 37 % 23 - 11)  # without it a fit goes on for long
    rise = np.where(time < 10.0, time / (time + 3.0), 10.0 / 13.0 / (1.0 + 0.3 * (time - 10.0)))
    return time, volts, 1e-3 * (1.0 + 0.5 * rise) + noise


@functools.cache
def trace_fit():
    return theory.fit_rate_balance(*trace(), seed=0, n_starts=2)


@functools.cache
def loops():
    return analysis.hysteresis(*sweep())


def field():
    return theory.RateBalanceField(kappa_p0=1e-3, kappa_d0=0.1, eta_p=5.0, eta_d=1.0, g_min=1e-3, chi=50.0)


def linear_drift_field():
    return theory.LinearDriftField(drive="voltage", strength=1.0, decay=2.0, r_off=1.0, chi=0.8)


@functools.cache
def relaxation():
    time = np.linspace(0.0, 1.0, 60)
    return time, 1.0 - 0.5 * np.exp(-time / 0.2)


@functools.cache
def switched():
    return analysis.switching(*relaxation(), on=0.0, off=0.5, g_max=1.0, level=0.6)


@functools.cache
def thermal():
    return analysis.arrhenius([0.3, 0.35, 0.4], [9.0, 4.0, 2.0])


def branches():
    return theory.branch_circuit(mn.MembraneNanopore(), 0.2)


def hillock_field():
    return theory.HillockField(strength=1.0, tau=1.0, a=1.0, clamp=0.7)


def transition():
    return theory.landau(lambda x: x, lambda x: x**3, chi=2.0)


def drift_transition(chi):
    return theory.landau(lambda r: r**2 / 2, lambda r: 1 / (1 - chi * r) - 1)


def projector():
    return theory.projector(net())


def by_name(function):
    """Return a function whose parameters all go by name."""
    signature = inspect.signature(function)
    first = [one.name for one in signature.parameters.values() if one.kind is inspect.Parameter.POSITIONAL_ONLY]

    def call(**given):
        return function(*[given.pop(name) for name in first if name in given], **given)

    call.__signature__ = signature
    return call


def spread_parameter(kappa_p0):
    return mn.spread(mn.RateBalance(), kappa_p0=kappa_p0, seed=1)


def _folder():
    return pathlib.Path(tempfile.mkdtemp(prefix="memnet-walk-"))


def _saved():
    path = _folder() / "a.ckpt"
    sim().save(path)
    return path


def _figure():
    path = _folder() / "a.nc"
    papers.write(data(), path)
    return path


OWN_TEXT = """
    i = g*v
    dx/dt = -x/tau
    parameter g   = 1 mS in (0, inf)
    parameter tau = 1 s in (0, inf)
    state x = 0 in [0, 1]
"""

DEVICES = {name: lambda name=name: (getattr(mn.devices, name), {}) for name in mn.devices.MODELS}


def _wave_arguments(row):
    """Return the arguments in the example of a row of the table of waveforms, and its defaults."""
    function = drive.LEAVES[row["name"]]
    calls = (node for node in ast.walk(ast.parse(row["example"])) if isinstance(node, ast.Call))
    call = next(one for one in calls if ast.unparse(one.func) == f"mn.drive.{row['name']}")
    named = {one.arg: ast.literal_eval(one.value) for one in call.keywords}
    bound = inspect.signature(function).bind(*map(ast.literal_eval, call.args), **named)
    bound.apply_defaults()
    return bound.arguments


# Functions that make networks, and waveforms of numbers, have their own examples.
WAVEFORMS = {
    f"memnet.drive.{row['name']}": lambda row=row: (drive.LEAVES[row["name"]], _wave_arguments(row))
    for row in _core.waveforms()
    if row["leaf"]
}
GENERATORS = {
    f"memnet.{name}": lambda one=one: (one.function, dict(one.example)) for name, one in mn.network.GENERATORS.items()
}


def layer():
    return mn.arrays.Layer(2, 1, seed=0)


def perceptron():
    return mn.arrays.Perceptron([2, 1], seed=0)


def fitted(name, room=arrays, **given):
    """Return a function that makes an estimator and fits it, with the parameters of the estimator, and good ones."""
    estimator = getattr(room, name)
    defaults = {name: one.default for name, one in inspect.signature(estimator).parameters.items()}

    def fit(**parameters):
        X = np.random.default_rng(0).random((20, 9))
        return estimator(**parameters).fit(X, X[:, 0] > 0.5)

    fit.__signature__ = inspect.signature(estimator)
    return fit, {**defaults, **({"random_state": 0} if "random_state" in defaults else {}), **given}


def shift_register():
    """Return a fitted model that predicts the next step of a sequence."""
    from sklearn.linear_model import LinearRegression
    from sklearn.pipeline import make_pipeline

    X = np.arange(10.0)[:, np.newaxis]
    return make_pipeline(learn.DelayLine(1), LinearRegression()).fit(X[:-1], X[1:])


RESERVOIR = {
    "simulation": sim,
    "inputs": ["in"],
    "read": {"potential": [1], "current": ["out"]},
    "scaling": [0.1],
    "offset": [0.1],
    "virtual_nodes": 2,
    "steps": 2,
    "shape": [1.0, 0.5],
    "at": 1,
    "sequences": "columns",
    "channels": 3,
    "washout": 1,
}
ECHO_STATE = {"weights": 3, "input_weights": np.ones((3, 3)), "inputs": [0], "read": [1]}
COLUMNS = {"sequences": "columns", "channels": 3}
CAPACITY = {"states": np.arange(20.0)[:, np.newaxis] ** 2, "u": np.linspace(-1.0, 1.0, 20), "washout": 2}
LEARN = {
    "memnet.learn.DelayLine": lambda: fitted("DelayLine", learn, **COLUMNS),
    "memnet.learn.EchoState": lambda: fitted("EchoState", learn, **COLUMNS, **ECHO_STATE),
    "memnet.learn.Reservoir": lambda: fitted("Reservoir", learn, **RESERVOIR),
    "memnet.learn.free_run": lambda: (learn.free_run, {"model": shift_register(), "X": [[1.0], [2.0]], "n": 2}),
    "memnet.learn.lorenz": lambda: (
        learn.lorenz,
        {"n": 5, "sigma": 10.0, "rho": 28.0, "beta": 2.5, "dt": 0.02, "start": [1.0, 1.0, 1.0], "transient": 2},
    ),
    "memnet.learn.mackey_glass": lambda: (
        learn.mackey_glass,
        {
            "n": 5,
            "beta": 0.2,
            "gamma": 0.1,
            "tau": 17.0,
            "exponent": 10.0,
            "theta": 1.0,
            "dt": 1.0,
            "start": 1.2,
            "transient": 2,
            "solver": "rk4",
        },
    ),
    "memnet.learn.narma": lambda: (
        learn.narma,
        {"n": 5, "order": 10, "coefficients": [0.3, 0.05, 1.5, 0.1], "saturated": False, "seed": 1},
    ),
    "memnet.learn.waveforms": lambda: (
        learn.waveforms,
        {"n": 5, "length": 8, "kinds": ("sine", "square"), "period": (8.0, 16.0), "noise": 0.1, "seed": 1},
    ),
    "memnet.learn.nrmse": lambda: (learn.nrmse, {"true": [1.0, 2.0], "predicted": [1.0, 1.5], "norm": "std"}),
    "memnet.learn.memory_capacity": lambda: (
        learn.memory_capacity,
        {**CAPACITY, "max_delay": 2, "chance": 1e-4, "tolerance": 1e-10},
    ),
    "memnet.learn.information_processing_capacity": lambda: (
        learn.information_processing_capacity,
        {**CAPACITY, "max_delays": [2, 1], "low": -1.0, "high": 1.0, "chance": 1e-4, "tolerance": 1e-10},
    ),
}


ARRAYS = {
    "memnet.arrays.ArrayClassifier": lambda: fitted("ArrayClassifier"),
    "memnet.arrays.ArrayConvolution": lambda: fitted("ArrayConvolution"),
    "memnet.arrays.ArrayRegressor": lambda: fitted("ArrayRegressor"),
    "memnet.arrays.Layer": lambda: (
        mn.arrays.Layer,
        {
            "inputs": 2,
            "outputs": 1,
            "g_min": 1e-6,
            "g_max": 1e-4,
            "line_resistance": 1.0,
            "bounds": "hard",
            "device": mn.BipolarThreshold(),
            "pulse": (1.2, 1e-3),
            "seed": 0,
        },
    ),
    "memnet.arrays.LayerPart": lambda: (
        mn.arrays.LayerPart,
        {"array": layer(), "rows": slice(0, 2), "columns": slice(0, 1)},
    ),
    "memnet.arrays.Perceptron": lambda: (
        mn.arrays.Perceptron,
        {
            "sizes": [2, 2, 1],
            "activation": "relu",
            "gain": 6.0,
            "partitioned": False,
            "dac_bits": 4,
            "adc_bits": 4,
            "seed": 0,
        },
    ),
    "memnet.arrays.SpikingLayer": lambda: (
        mn.arrays.SpikingLayer,
        {
            "inputs": 2,
            "neurons": 1,
            "synapse": mn.BipolarThreshold(),
            "neuron": mn.ElectrodeIntegrateAndFire(),
            "teach": (-0.8, 1.2),
            "inhibition": 0.45,
            "seed": 0,
        },
    ),
    "memnet.arrays.kernel_matrix": lambda: (mn.arrays.kernel_matrix, {"kernels": np.ones((1, 2, 2))}),
    "memnet.arrays.partition": lambda: (mn.arrays.partition, {"shapes": [(3, 2), (2, 1)]}),
    "memnet.arrays.patches": lambda: (
        mn.arrays.patches,
        {"images": np.ones((1, 3, 3)), "kernel_shape": 2, "stride": 1, "padding": 0},
    ),
    "memnet.arrays.staircase_matrix": lambda: (
        mn.arrays.staircase_matrix,
        {"kernels": np.ones((1, 2, 2)), "image_shape": (3, 3), "stride": 1, "padding": 0},
    ),
    "memnet.arrays.state_dict_weights": lambda: (
        mn.arrays.state_dict_weights,
        {"state_dict": {"0.weight": [[1.0]], "0.bias": [0.5]}},
    ),
}
FUNCTIONS = {
    **ARRAYS,
    **GENERATORS,
    **WAVEFORMS,
    "memnet.Network": lambda: (
        mn.Network,
        {
            "n_nodes": 2,
            "edges": [(0, 1)],
            "length": [0.1],
            "position": [(0.0, 0.0), (1.0, 0.0)],
            "electrodes": {"a": 0},
        },
    ),
    "memnet.Circuit": lambda: (mn.Circuit, {}),
    "memnet.cell_conductances": lambda: (
        mn.cell_conductances,
        {"net": crossbar(), "conductance": CELL_VALUES, "dummy": 0.0},
    ),
    "memnet.cell_devices": lambda: (
        cell_devices,
        {"net": crossbar(), "device": mn.RateBalance(), "dummy": mn.Resistor()},
    ),
    "memnet.cell_devices of a parameter": lambda: (cell_parameter, {"g_min": CELL_VALUES}),
    "memnet.arrays.read_drive": lambda: (
        mn.arrays.read_drive,
        {"net": crossbar(), "cell": (0, 1), "voltage": 0.2, "scheme": "V/2", "layer": 0},
    ),
    "memnet.arrays.write_drive": lambda: (
        mn.arrays.write_drive,
        {
            "net": crossbar(),
            "cell": (0, 1),
            "voltage": 1.0,
            "width": 1e-6,
            "start": 0.0,
            "scheme": "V/3",
            "compliance": 1e-3,
            "layer": 0,
        },
    ),
    "memnet.arrays.vmm_drive": lambda: (
        mn.arrays.vmm_drive,
        {"net": crossbar(), "volts": [0.1, 0.2], "layer": 0, "transposed": False},
    ),
    "memnet.arrays.read_margin": lambda: (
        mn.arrays.read_margin,
        {
            "net": crossbar(),
            "on": 1e-4,
            "off": 1e-6,
            "voltage": 0.2,
            "cell": (0, 1),
            "scheme": "float",
            "others": "on",
            "layer": 0,
        },
    ),
    "memnet.arrays.sneak_paths": lambda: (
        mn.arrays.sneak_paths,
        {"net": crossbar(), "conductance": CELL_VALUES, "cell": (0, 1), "voltage": 0.2, "longest": 3, "layer": 0},
    ),
    "memnet.Simulation": lambda: (
        mn.Simulation,
        {
            "net": net(),
            "devices": mn.RateBalance(),
            "drive": {"in": 1.0, "out": 0.0},
            "dt": 0.1,
            "seed": 1,
            "solver": "kron",
            "order": "auto",
            "incremental": True,
            "event_driven": True,
            "reactions": [],
        },
    ),
    "memnet.react": lambda: (
        mn.react,
        {
            "device": mn.AtomicSwitch(),
            "event": "closed",
            "electrode": "in",
            "wave": 1.0,
            "delay": 0.1,
            "refractory": 0.2,
            "overlap": "sum",
            "edges": [0, 1],
            "most": 10,
        },
    ),
    "memnet.device_model": lambda: (
        mn.device_model,
        {"name": "Walked", "text": OWN_TEXT, "doc": "What it is.", "citation": "Where it comes from"},
    ),
    "memnet.normal": lambda: (mn.normal, {"sigma": 0.1, "relative": True}),
    "memnet.lognormal": lambda: (mn.lognormal, {"sigma": 0.1}),
    "memnet.uniform": lambda: (mn.uniform, {"width": 0.1, "relative": True}),
    "memnet.spread": lambda: (
        by_name(mn.spread),
        {
            "device": mn.ThresholdSwitch(),
            "seed": 1,
            "cycle": {"opened": {"v_on": mn.normal(0.05)}},
            "read": mn.normal(0.01, relative=True),
        },
    ),
    "memnet.spread in a parameter": lambda: (spread_parameter, {"kappa_p0": mn.lognormal(0.3)}),
    "memnet.from_networkx": lambda: (mn.from_networkx, {"graph": net().to_networkx()}),
    "memnet.link": lambda: (mn.link, {"device": mn.Transistor(), "to": 1}),
    "memnet.mix": lambda: (mn.mix, {"net": net(), "fractions": {mn.RateBalance(): 1.0}, "seed": 1}),
    "memnet.oriented": lambda: (
        mn.oriented,
        {"net": net(), "potential": {"in": 1.0, "out": 0.0}, "conductance": [1.0, 2.0]},
    ),
    "memnet.arrays.gate_drive": lambda: (
        mn.arrays.gate_drive,
        {"net": mn.crossbar(2, 3, gates="rows"), "voltage": 2.0, "cell": (0, 1), "off": -0.5},
    ),
    "memnet.series": lambda: (
        lambda first, second: mn.series(first, second),
        {"first": mn.Selector(), "second": mn.RateBalance()},
    ),
    "memnet.rerun": lambda: (mn.rerun, {"data": data(), "threads": 1, "progress": False}),
    "memnet.equilibria": lambda: (
        mn.equilibria,
        {
            "circuit": sim(),
            "drive": {"in": 1.0, "out": 0.0},
            "electrode": "in",
            "values": (0.5, 1.0),
            "n_starts": 1,
            "seed": 1,
        },
    ),
    "memnet.eigenvalues": lambda: (
        mn.eigenvalues,
        {"sim": sim(), "bias": {"in": 0.5}, "at": "static", "number": 2},
    ),
    "memnet.impedance": lambda: (
        mn.impedance,
        {"sim": sim(), "port": ("in", "out"), "frequency": [0.1, 1.0], "bias": {"in": 0.5}, "at": "static"},
    ),
    "memnet.impedance_by_sine": lambda: (
        mn.impedance_by_sine,
        {
            "sim": sim(),
            "port": ("in", "out"),
            "frequency": [0.1],
            "amplitude": 1e-4,
            "bias": {"in": 0.5},
            "rtol": 1e-3,
            "max_cycles": 100,
        },
    ),
    "memnet.periodic": lambda: (
        mn.periodic,
        {
            "sim": sim(),
            "period": 1.0,
            "tolerance": 1e-2,
            "max_cycles": 200,
            "record": ["current"],
            "progress": False,
        },
    ),
    "memnet.concat": lambda: (mn.concat, {"runs": [data()]}),
    "memnet.ensemble": lambda: (
        mn.ensemble,
        {
            "sim": sim(),
            "n": 2,
            "seeds": [1, 2],
            "parameters": {"eta_p": [9.0, 11.0]},
            "drives": {"in": [1.0, 2.0]},
        },
    ),
    "memnet.replica": lambda: (mn.replica, {"data": ensemble().run(3), "i": 1}),
    "memnet.devices_of": lambda: (mn.devices_of, {"data": data()}),
    "memnet.load_network": lambda: (mn.load_network, {"data": data()}),
    "memnet.open_run": lambda: (mn.open_run, {"path": stored()}),
    "memnet.resume": lambda: (mn.resume, {"path": stored(), "n_steps": 20, "threads": 1, "progress": False}),
    "memnet.open_sweep": lambda: (mn.open_sweep, {"path": swept()}),
    "memnet.sweep": lambda: (
        mn.sweep,
        {
            "function": lambda a: a,
            "axes": {"a": [1, 2]},
            "workers": 1,
            "client": None,
            "store": None,
            "progress": False,
            "errors": "raise",
            "ragged": False,
            "accept": ["axes"],
            "retry": False,
        },
    ),
    "memnet.solve": lambda: (
        mn.solve,
        {
            "net": net(),
            "conductance": [1.0, 2.0],
            "drive": {"in": 1.0, "out": 0.0},
            "solver": "kron",
            "order": "auto",
            "injected": [0.0, 1e-3, 0.0],
        },
    ),
    "memnet.terminal_conductance": lambda: (
        mn.terminal_conductance,
        {"net": net(), "conductance": [1.0, 2.0], "solver": "kron", "order": "best"},
    ),
    "memnet.to_spice": lambda: (mn.to_spice, {"sim": sim(), "duration": 1.0, "step": 0.1}),
    "memnet.wire_devices": lambda: (mn.wire_devices, {"net": wires(), "junction": mn.RateBalance()}),
    "memnet.analysis.autocorrelation": lambda: (
        analysis.autocorrelation,
        {
            "events": some_events(),
            "max_lag": 20,
            "n_surrogates": 3,
            "seed": 1,
            "per_decade": 5.0,
            "quantiles": (0.1, 0.9),
            "unbiased": False,
        },
    ),
    "memnet.analysis.avalanches": lambda: (
        analysis.avalanches,
        {"events": np.arange(20) * 0.1, "bin": 0.1, "multiple": 1.0},
    ),
    "memnet.analysis.criticality": lambda: (
        analysis.criticality,
        {
            "avalanches": some_avalanches(),
            "size_min": 1.0,
            "size_max": 50.0,
            "duration_min": 1.0,
            "duration_max": 20.0,
            "n_bootstrap": 2,
            "n_p": 2,
            "n_shape": 2,
            "n_surrogates": 2,
            "seed": 1,
        },
    ),
    "memnet.analysis.events": lambda: (
        analysis.events,
        {
            "data": np.arange(8) * 0.1,
            "conductance": [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0],
            "absolute": 0.5,
            "relative": 0.1,
            "floor": 1e-9,
            "per_step": True,
            "start": 0,
            "stop": 8,
        },
    ),
    "memnet.analysis.fit_impedance": lambda: (
        analysis.fit_impedance,
        {
            "frequency": [1.0, 2.0, 5.0],
            "impedance": [2.0 - 0.1j, 1.9 - 0.3j, 1.5 - 0.5j],
            "circuit": "R0-p(R1,C1)",
            "initial": {"R0": 1.0},
            "weights": "unit",
            "sigma": [0.1, 0.1, 0.1],
            "n_starts": 1,
            "seed": 1,
        },
    ),
    "memnet.analysis.fit_power_law": lambda: (
        analysis.fit_power_law,
        {
            "values": [1.0, 1.5, 2.0, 4.0, 1.1, 1.2, 9.0, 3.0, 2.5, 1.7, 1.3, 1.05],
            "discrete": False,
            "xmin": 1.0,
            "xmax": 100.0,
            "n_bootstrap": 2,
            "n_p": 2,
            "seed": 1,
            "max_xmin": 10,
        },
    ),
    "memnet.analysis.hysteresis": lambda: (
        analysis.hysteresis,
        {"data": sweep()[0], "current": sweep()[1], "time": np.arange(401.0), "tolerance": 1e-9},
    ),
    "memnet.analysis.loop_class": lambda: (
        analysis.loop_class,
        {"data": sweep()[0], "current": sweep()[1], "time": np.arange(401.0), "cycle": 0, "tolerance": 1e-9},
    ),
    "memnet.analysis.iei_distribution": lambda: (
        analysis.iei_distribution,
        {"intervals": np.arange(1.0, 40.0), "linear": 4, "log": 3.0},
    ),
    "memnet.analysis.find_pulses": lambda: (
        analysis.find_pulses,
        {"voltage": pulses()[0], "rest": 0.1, "tolerance": 0.1},
    ),
    "memnet.analysis.inter_event_intervals": lambda: (
        analysis.inter_event_intervals,
        {"events": [0.0, 1.0, 2.5]},
    ),
    "memnet.analysis.log_slope": lambda: (
        analysis.log_slope,
        {"x": [1.0, 2.0, 4.0, 8.0], "y": [1.0, 0.5, 0.25, 0.1], "low": 0.5, "high": 10.0},
    ),
    "memnet.analysis.loop_distance": lambda: (
        analysis.loop_distance,
        {"first": loops().cycles[0], "second": loops().cycles[-1]},
    ),
    "memnet.analysis.moving_average": lambda: (
        analysis.moving_average,
        {"values": [1.0, 2.0, 3.0, 4.0], "window": 2},
    ),
    "memnet.analysis.plasticity": lambda: (
        analysis.plasticity,
        {
            "data": np.arange(120) * 0.1,
            "conductance": pulses()[1],
            "voltage": pulses()[0],
            "event_times": [0.5, 1.5],
            "window": 5,
            "threshold": 0.5,
        },
    ),
    "memnet.analysis.paired_pulse": lambda: (
        analysis.paired_pulse,
        {"system": mn.RateBalance(), "interval": [1.0, 2.0], **train(), "weight": "RateBalance"},
    ),
    "memnet.analysis.linearity": lambda: (analysis.linearity, {"values": [0.0, 1.0, 1.5, 2.0]}),
    "memnet.analysis.potentiation": lambda: (
        analysis.potentiation,
        {
            "system": mn.RateBalance(),
            **train(),
            "depression": -0.25,
            "interval": 1.0,
            "weight": None,
            "state": "g",
        },
    ),
    "memnet.analysis.epsc": lambda: (
        analysis.epsc,
        {
            "system": mn.RateBalance(),
            "amplitude": [0.5, 0.25],
            "duration": [1.0, 2.0],
            "frequency": [0.25],
            "count": 2,
            "dt": 1.0,
            "seed": 0,
        },
    ),
    "memnet.analysis.epsc with intervals": lambda: (
        analysis.epsc,
        {"system": mn.RateBalance(), "amplitude": 0.5, "duration": 1.0, "interval": [2.0], "count": 2, "dt": 1.0},
    ),
    "memnet.analysis.srdp": lambda: (
        analysis.srdp,
        {"system": mn.RateBalance(), "interval": [1.0, 2.0], **train(), "weight": None, "state": "g", "settle": 1.0},
    ),
    "memnet.analysis.stdp": lambda: (
        analysis.stdp,
        {
            "system": mn.RateBalance(),
            "delay": [-1.0, 2.0],
            "pre": drive.concat([(0.5, 1.0), (0.0, None)]),
            "post": drive.concat([(0.25, 1.0), (0.0, None)]),
            "delay_from": "start",
            "duration": 6.0,
            "dt": 1.0,
            "seed": 0,
            "state": "g",
            "method": "adaptive",
            "rtol": 1e-3,
        },
    ),
    "memnet.analysis.pulse_windows": lambda: (
        analysis.pulse_windows,
        {"voltage": pulses()[0], "threshold": 0.5},
    ),
    "memnet.analysis.series_autocorrelation": lambda: (
        analysis.series_autocorrelation,
        {"values": [1.0, 2.0, 1.0, 3.0, 1.0], "max_lag": 2, "unbiased": False},
    ),
    "memnet.analysis.arrhenius": lambda: (
        analysis.arrhenius,
        {"temperature": [0.3, 0.35, 0.4], "time": [9.0, 4.0, 2.0], "log_error": [0.1, 0.1, 0.2]},
    ),
    "memnet.analysis.switching": lambda: (
        analysis.switching,
        {
            "time": relaxation()[0],
            "g": relaxation()[1],
            "on": [0.0],
            "off": [0.5],
            "g_max": 1.0,
            "level": 0.6,
            "relaxed": 0.55,
            "rise": (0.1, 0.9),
            "top": 0.9,
            "hold": 0.0,
        },
    ),
    "memnet.analysis.switching in a voltage": lambda: (
        analysis.switching,
        {
            "time": np.arange(7.0),
            "g": [1.0, 1.0, 5.0, 6.0, 2.0, 1.0, 0.1],
            "voltage": [0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0],
            "rest": 0.0,
            "tolerance": 0.5,
        },
    ),
    "memnet.analysis.transient": lambda: (
        analysis.transient,
        {"data": relaxation()[0], "current": relaxation()[1], "start": 0.0, "stop": 1.0, "final": 1.0},
    ),
    "memnet.analysis.trend": lambda: (analysis.trend, {"values": [1.0, 2.0, 1.5, 3.0]}),
    "memnet.electrochemistry.nernst": lambda: (
        electrochemistry.nernst,
        {"z": 1, "inside": 12.0, "outside": 145.0, "temperature": 310.0},
    ),
    "memnet.electrochemistry.ghk_flux": lambda: (
        electrochemistry.ghk_flux,
        {"z": 1, "permeability": 1e-8, "inside": 12.0, "outside": 145.0, "v": -0.07, "temperature": 310.0},
    ),
    "memnet.electrochemistry.ghk_voltage": lambda: (
        electrochemistry.ghk_voltage,
        {
            "z": [1, -1, 1],
            "permeability": [1e-8, 1e-9, 3e-10],
            "inside": [150.0, 10.0, 12.0],
            "outside": [4.5, 115.0, 145.0],
            "temperature": 310.0,
            "pump_current": 1e-3,
        },
    ),
    "memnet.electrochemistry.diffusion_potential": lambda: (
        electrochemistry.diffusion_potential,
        {
            "z": [1, -1, 1],
            "diffusivity": [9.3, 2.0, 1.9],
            "first": [10.0, 10.0, 0.0],
            "second": [0.0, 100.0, 100.0],
            "temperature": 298.15,
        },
    ),
    "memnet.electrochemistry.Electrode": lambda: (
        electrochemistry.Electrode,
        {
            "z": 1,
            "standard": 0.8,
            "oxidised": 1e-3,
            "reduced": 0.5,
            "radius": 5e-9,
            "surface_energy": 1.2,
            "molar_volume": 1e-5,
        },
    ),
    "memnet.electrochemistry.emf": lambda: (
        electrochemistry.emf,
        {
            "first": electrochemistry.Electrode(standard=0.8),
            "second": electrochemistry.Electrode(),
            "temperature": 298.15,
            "diffusion": 0.01,
        },
    ),
    "memnet.theory.branch_circuit": lambda: (
        theory.branch_circuit,
        {"device": mn.MembraneNanopore(), "voltage": 0.2, "g_s": 1e-6},
    ),
    "memnet.theory.steady_curve": lambda: (
        theory.steady_curve,
        {"device": mn.PlainNanopore(), "voltage": [0.1, 0.2]},
    ),
    "memnet.theory.HillockField": lambda: (
        theory.HillockField,
        {
            "drive": "voltage",
            "scale": 1.0,
            "gain": 1.0,
            "strength": 1.0,
            "tau": 1.0,
            "a": 1.0,
            "g_min": 1.0,
            "clamp": 0.5,
        },
    ),
    "memnet.theory.LinearDriftField": lambda: (
        theory.LinearDriftField,
        {"drive": "voltage", "scale": 1.0, "gain": 1.0, "strength": 1.0, "decay": 2.0, "r_off": 1.0, "chi": 0.8},
    ),
    "memnet.theory.RateBalanceField": lambda: (
        theory.RateBalanceField,
        {
            "drive": "voltage",
            "scale": 1.0,
            "gain": 1.0,
            "kappa_p0": 1e-3,
            "kappa_d0": 0.1,
            "eta_p": 5.0,
            "eta_d": 1.0,
            "g_min": 1e-3,
            "chi": 50.0,
        },
    ),
    "memnet.theory.critical_chi": lambda: (
        theory.critical_chi,
        {
            "theory": drift_transition,
            "low": 0.1,
            "high": 0.9,
            "tolerance": 0.1,
        },
    ),
    "memnet.theory.fit_mean_field": lambda: (
        theory.fit_mean_field,
        {
            **dict(zip(("time", "voltage", "conductance"), trace(), strict=True)),
            "seed": 0,
            "n_starts": 1,
            "hold": "next",
        },
    ),
    "memnet.theory.fit_rate_balance": lambda: (
        theory.fit_rate_balance,
        {
            **dict(zip(("time", "voltage", "conductance"), trace(), strict=True)),
            "seed": 0,
            "n_starts": 1,
            "hold": "next",
        },
    ),
    "memnet.theory.landau": lambda: (
        theory.landau,
        {"q": lambda x: x, "p": lambda x: x**3, "chi": 1.0, "r_max": 1.0, "form": "stationary", "n": 101},
    ),
    "memnet.theory.mean_field": lambda: (
        theory.mean_field,
        {
            "net": net(),
            "device": mn.RateBalance(g_min=1e-3, g_max=1e-1),
            "drive": "voltage",
            "source": "in",
            "drain": "out",
            "average": "uniform",
            "clamp": True,
        },
    ),
    "memnet.theory.mean_field_error": lambda: (
        theory.mean_field_error,
        {
            "net": net(),
            "device": mn.RateBalance(g_min=1e-3, g_max=1e-1),
            "drive": 1.0,
            "steps": 3,
            "dt": 0.1,
            "disorder": (0.0,),
            "average": "uniform",
            "source": "in",
            "drain": "out",
            "seed": 1,
        },
    ),
    "memnet.theory.phase_diagram": lambda: (
        theory.phase_diagram,
        {
            "density": [0.01],
            "voltage": [1.0],
            "size": 60.0,
            "length": 20.0,
            "length_sd": 0.0,
            "average": "power",
            "n_networks": 1,
            "duration": 1.0,
            "dt": 0.5,
            "seed": 1,
            "progress": False,
        },
    ),
    "memnet.theory.projector": lambda: (theory.projector, {"net": net(), "source": "in", "drain": "out"}),
    "memnet.theory.rate_balance_potential": lambda: (
        theory.rate_balance_potential,
        {"g": [0.1, 0.5], "chi": 10.0, "kappa_p0": 1e-3, "kappa_d0": 0.1, "a": 1.0, "b": 1.0},
    ),
    "memnet.drive.concat": lambda: (drive.concat, {"parts": [(1.0, 2.0), (0.0, None)]}),
    "memnet.drive.current": lambda: (drive.current, {"value": 1e-3}),
    "memnet.drive.limited": lambda: (drive.limited, {"voltage": 1.0, "current": 1e-3}),
    "memnet.drive.from_spec": lambda: (drive.from_spec, {"spec": drive.to_spec(drive.sine(1.0, 2.0))}),
    "memnet.drive.to_spec": lambda: (drive.to_spec, {"wave": drive.sine(1.0, 2.0)}),
    "memnet.drive.waveform": lambda: (drive.waveform, {"name": "drive", "value": 1.0}),
    "memnet.plot.network": lambda: (
        plot.network,
        {
            "net": net(),
            "potential": [1.0, 0.5, 0.0],
            "current": [1.0, 2.0],
            "electrodes": True,
            "colorbar": False,
            "decades": 6.0,
            "title": "a title",
        },
    ),
    "memnet.plot.overview": lambda: (plot.overview, {"simulation": sim(), "data": data()}),
    "memnet.plot.trace": lambda: (
        plot.trace,
        {"data": data(), "variable": "current", "electrode": "in", "events": True, "log": False, "label": "a label"},
    ),
    "memnet.plot.animate": lambda: (
        plot.animate,
        {
            "source": data_with_potentials(),
            "net": net(),
            "every": 5,
            "interval": 50.0,
            "cmap": "viridis",
            "state": None,
        },
    ),
    "memnet.plot.avalanches": lambda: (
        plot.avalanches,
        {"found": some_criticality(), "alternatives": ["lognormal"]},
    ),
    "memnet.plot.distribution": lambda: (
        plot.distribution,
        {"found": power_law(), "alternatives": ["lognormal"], "label": "a label"},
    ),
    "memnet.plot.cells": lambda: (
        plot.cells,
        {
            "net": crossbar(),
            "values": CELL_VALUES,
            "ax": None,
            "cell": (0, 1),
            "log": True,
            "limits": (1e-6, 1e-5),
            "label": "conductance (S)",
            "cmap": "magma",
            "title": "t",
        },
    ),
    "memnet.plot.crossbar": lambda: (
        plot.crossbar,
        {
            "net": crossbar(),
            "ax": None,
            "values": CELL_VALUES,
            "drive": {"w0": 1.0},
            "cell": (0, 1),
            "log": False,
            "limits": (1e-6, 1e-5),
            "label": "conductance (S)",
            "cmap": "magma",
            "title": "t",
        },
    ),
    "memnet.plot.line_drops": lambda: (
        plot.line_drops,
        {"net": crossbar(), "potential": np.zeros(crossbar().n_nodes), "layer": 0, "ax": None},
    ),
    "memnet.plot.fit": lambda: (plot.fit, {"found": trace_fit()}),
    "memnet.plot.loop": lambda: (
        plot.loop,
        {"found": loops(), "log": False, "arrows": True, "cmap": "viridis"},
    ),
    "memnet.plot.nyquist": lambda: (plot.nyquist, {"spectra": spectrum(), "ax": None}),
    "memnet.plot.bode": lambda: (plot.bode, {"spectra": spectrum(), "figure": None}),
    "memnet.papers.load": lambda: (papers.load, {"paper": "pnn2025"}),
    "memnet.papers.names": lambda: (papers.names, {}),
    "memnet.papers.read": lambda: (papers.read, {"path": _figure()}),
    "memnet.papers.write": lambda: (papers.write, {"data": data(), "path": _folder() / "b.nc"}),
}


@functools.cache
def cell():
    rates = {"k_on": -3.0, "k_off": 3.0, "D": 3e-9, "alpha_on": 1.0, "alpha_off": 1.0}
    return mn.VTEAM(R_on=1e3, R_off=1e6, v_on=-1.0, v_off=0.3, **rates)


def pulse():
    return {"v_cond": 0.9, "v_set": 1.6, "width": 200e-9}


def implied():
    return arrays.imp(cell(), load=5e3, **pulse(), polarity=-1)


def logic_row():
    return arrays.LogicRow(cell(), ["p", "q"], load=5e3, polarity=-1)


def crossbar_row():
    return arrays.CrossbarRow(cell(), mn.crossbar(2, 2), {"p": "b0", "q": "b1"}, line="w0", load=5e3)


def implication():
    return [arrays.LogicStep.imp("p", "q", **pulse())]


def gates():
    made = arrays.NandLogic()
    made.nand("a", "b", "c")
    return made


def another_nand(a: str, b: str, out: str, device: mn.Memtransistor | None):
    return gates().nand(a, b, out, device=device)


def another_not(a: str, out: str, device: mn.Memtransistor | None):
    return gates().invert(a, out, device=device)


def a_multiplexer(select: str, one: str, zero: str, out: str):
    return arrays.NandLogic().multiplexer(select, one, zero, out)


def of_cells():
    return {"states": ({"x": 1.0}, {"x": 0.0}), "levels": None, "write": None, "v_read": 0.1, "dt": 200e-9}


def further():
    return {"method": "adaptive", "rtol": 1e-3, "seed": 0}


FUNCTIONS |= {
    "memnet.arrays.LogicLevels": lambda: (arrays.LogicLevels, {"zero": 1e6, "one": 1e3}),
    "memnet.arrays.LogicStep": lambda: (
        arrays.LogicStep,
        {"volts": {"p": 1.0}, "width": 1e-6, "line": 0.0, "load": True},
    ),
    "memnet.arrays.LogicWrite": lambda: (arrays.LogicWrite, {"zero": -2.0, "one": 2.0, "width": 1e-6}),
    "memnet.arrays.LogicRow": lambda: (
        arrays.LogicRow,
        {"device": cell(), "cells": ["p", "q"], "load": 5e3, "polarity": -1, **of_cells(), **further()},
    ),
    "memnet.arrays.CrossbarRow": lambda: (
        arrays.CrossbarRow,
        {
            "device": cell(),
            "net": mn.crossbar(2, 2),
            "cells": {"p": "b0", "q": "b1"},
            "line": "w0",
            "others": [[0, 0], [1, 0]],
            "load": 5e3,
            **of_cells(),
            **further(),
        },
    ),
    "memnet.arrays.NandLogic": lambda: (
        arrays.NandLogic,
        {"device": mn.Memtransistor(), "supply": 2.0, "load": 1e6, "capacitance": 1e-12},
    ),
    "memnet.arrays.imp": lambda: (arrays.imp, {"device": cell(), "load": 5e3, **pulse()}),
    "memnet.arrays.nand": lambda: (arrays.nand, {"device": cell(), "load": 5e3, **pulse()}),
    "memnet.arrays.nor": lambda: (arrays.nor, {"device": cell(), "voltage": 0.8, "width": 200e-9, "n_inputs": 2}),
    "memnet.arrays.full_adder": lambda: (arrays.full_adder, {"device": cell(), "voltage": 0.2, "width": 200e-9}),
    "memnet.arrays.minterm_crossbar": lambda: (
        arrays.minterm_crossbar,
        {
            "device": cell(),
            "functions": {"f": ["a"]},
            "load": 2.5e3,
            "result_load": 12e3,
            **pulse(),
            "polarity": -1,
            "line_resistance": 1.0,
        },
    ),
    "memnet.arrays.logic_map": lambda: (
        lambda gate, device, over: arrays.logic_map(gate, device, over, width=200e-9, polarity=-1),
        {"gate": "nor", "device": cell(), "over": {"voltage": [0.5, 0.8]}},
    ),
    "memnet.arrays.stochastic_bits": lambda: (
        arrays.stochastic_bits,
        {"n": 10, "voltage": 0.6, "width": 1e-6, "device": mn.StochasticSwitch(), "seed": 1},
    ),
    "memnet.arrays.switching_probability": lambda: (
        arrays.switching_probability,
        {"voltage": [0.6], "width": [1e-6], "device": None},
    ),
    "memnet.arrays.switching_voltage": lambda: (
        arrays.switching_voltage,
        {"probability": [0.5], "width": [1e-6], "device": None},
    ),
    "memnet.arrays.multiplexer": lambda: (arrays.multiplexer, {"select": [1, 0], "one": [1, 1], "zero": [0, 0]}),
    "memnet.plot.logic_map": lambda: (plot.logic_map, {"data": mapped(), "ax": None}),
}


@functools.cache
def mapped():
    return arrays.logic_map("nor", cell(), {"voltage": [0.5, 0.8]}, width=200e-9, polarity=-1)


METHODS = {
    "LogicLevels.bits": lambda: (arrays.LogicLevels(1e6, 1e3).bits, {"resistance": [1e3, 2e3]}),
    "LogicLevels.margins": lambda: (
        arrays.LogicLevels(1e6, 1e3).margins,
        {"resistance": [1e3, 2e3], "expected": [1, 0]},
    ),
    "LogicStep.imp": lambda: (arrays.LogicStep.imp, {"p": "p", "q": "q", **pulse()}),
    "LogicStep.nor": lambda: (
        arrays.LogicStep.nor,
        {"inputs": ["a"], "output": "b", "voltage": 0.8, "width": 200e-9},
    ),
    "LogicStep.write": lambda: (arrays.LogicStep.write, {"cell": "a", "volt": 0.8, "width": 200e-9}),
    "LogicWrite.steps": lambda: (arrays.LogicWrite(-1.0, 1.0, 1e-6).steps, {"bits": {"p": 1}}),
    "LogicRow.circuit": lambda: (logic_row().circuit, {"copies": 2}),
    "LogicRow.simulation": lambda: (
        logic_row().simulation,
        {"steps": implication(), "start": {"p": 1}, "pause": 1e-7, "copies": 2},
    ),
    "LogicRow.table": lambda: (
        logic_row().table,
        {"steps": implication(), "inputs": ["p", "q"], "expected": {"q": [1, 1, 0, 1]}, "start": {}},
    ),
    "CrossbarRow.simulation": lambda: (crossbar_row().simulation, {"steps": implication(), "start": {"p": 1}}),
    "LogicTable.resistance_of": lambda: (implied().resistance_of, {"cell": "q"}),
    "NandLogic.nand": lambda: (another_nand, {"a": "a", "b": "c", "out": "d", "device": None}),
    "NandLogic.invert": lambda: (another_not, {"a": "c", "out": "d", "device": None}),
    "NandLogic.multiplexer": lambda: (
        a_multiplexer,
        {"select": "s", "one": "a", "zero": "b", "out": "d"},
    ),
    "NandLogic.table": lambda: (gates().table, {"inputs": ["a", "b"], "expected": {"c": [1, 1, 1, 0]}}),
    "NandLogic.simulation": lambda: (gates().simulation, {"volts": {"a": 0.0, "b": 2.0}}),
    "Simulation.run": lambda: (
        sim().run,
        {"n_steps": 3, "record": ("current",), "every": 1, "events": True, "progress": False},
    ),
    "Simulation.run for a time": lambda: (sim().run, {"duration": 0.3}),
    "memnet.view": lambda: (viewed, {"simulation": sim(), "speed": 2, "edges": "current", "height": 300}),
    "View.step": lambda: (view().step, {"n": 3}),
    "View.turn": lambda: (view().turn, {"electrode": "in", "value": 2.0}),
    "Simulation.step": lambda: (sim().step, {"n": 3}),
    "Ensemble.run": lambda: (
        ensemble().run,
        {"n_steps": 3, "record": ("current",), "every": 1, "events": True, "progress": False, "errors": "raise"},
    ),
    "Ensemble.run for a time": lambda: (ensemble().run, {"duration": 0.3}),
    "Ensemble.step": lambda: (ensemble().step, {"n": 3}),
    "Ensemble.set_drives": lambda: (ensemble().set_drives, {"drives": {"in": [1.0, 2.0]}}),
    "Simulation.copy": lambda: (sim().copy, {}),
    "Simulation.index_of": lambda: ((one := sim()).index_of, {"device": one.devices[0]}),
    "Simulation.edges_of": lambda: ((one := sim()).edges_of, {"device": one.devices[0]}),
    "Simulation.population_of": lambda: ((one := sim()).population_of, {"device": one.devices[0]}),
    "Simulation.state": lambda: ((one := sim()).state, {"device": one.devices[0], "name": "g"}),
    "Simulation.parameter": lambda: ((one := sim()).parameter, {"device": one.devices[0], "name": "g_max"}),
    "Simulation.set_drive": lambda: (sim().set_drive, {"drive": {"in": 1.0, "out": 0.0}}),
    "Simulation.edge": lambda: (circuit_sim().edge, {"name": "R1"}),
    "Simulation.device": lambda: (circuit_sim().device, {"name": "C1"}),
    "Circuit.add": lambda: (added, {"a": "in", "b": "out", "device": mn.Resistor(), "name": "R2"}),
    "Circuit.network": lambda: (circuit().network, {"electrodes": ["in", "gnd"]}),
    "Circuit.simulation": lambda: (circuit().simulation, {"drive": {"in": 1.0, "gnd": 0.0}}),
    "Network.attach": lambda: (attached, {"electrode": "in", "device": mn.Resistor(), "to": "out"}),
    "Simulation.save": lambda: (sim().save, {"path": _folder() / "a.ckpt"}),
    "Simulation.load": lambda: (mn.Simulation.load, {"path": _saved(), "threads": 1}),
    "Equilibria.state": lambda: (
        (found := mn.equilibria(sim(), n_starts=1)).state,
        {"device": found.devices[0], "name": "g"},
    ),
    "ImpedanceFit.impedance": lambda: (
        analysis.fit_impedance([1.0, 2.0], [1.0, 1.0], "R0").impedance,
        {"frequency": [1.0, 2.0]},
    ),
    "Equilibria.current_of": lambda: (mn.equilibria(sim(), n_starts=1).current_of, {"electrode": "in"}),
    "Equilibria.voltage_of": lambda: (mn.equilibria(sim(), n_starts=1).voltage_of, {"electrode": "in"}),
    "Solution.current_of": lambda: (_solution().current_of, {"electrode": "in"}),
    "Solution.voltage_of": lambda: (_solution().voltage_of, {"electrode": "in"}),
    "Mix.edges_of": lambda: (
        (one := mn.mix(net(), {mn.RateBalance(): 1.0}, seed=1)).edges_of,
        {"device": one.devices[0]},
    ),
    "Film.save": lambda: (plot.animate(data_with_potentials(), net()).save, {"path": _folder() / "film.gif"}),
    "NetworkPlot.update": lambda: (
        plot.network(net(), potential=[1.0, 0.5, 0.0], current=[1.0, 2.0]).update,
        {"potential": [1.0, 0.4, 0.0], "current": [1.0, 3.0]},
    ),
    "Electrode.potential": lambda: (electrochemistry.Electrode(standard=0.8).potential, {"temperature": 300.0}),
    "RateBalance.preset": lambda: (mn.RateBalance.preset, {"name": "connectome-2022"}),
    "Waveform.corners": lambda: (
        drive.triangle(0.0, 1.0, 2.0).corners,
        {"start": 0.0, "stop": 5.0, "jumps": False},
    ),
    "Waveform.__call__": lambda: (drive.sine(1.0, 1.0), {"t": [0.0, 0.5]}),
    "Projector.rho": lambda: (projector().rho, {"conductance": [1.0, 2.0], "g_min": 0.5}),
    "Projector.effective_conductance": lambda: (projector().effective_conductance, {"conductance": [1.0, 2.0]}),
    "Projector.voltage_drops": lambda: (projector().voltage_drops, {"conductance": [1.0, 2.0], "current": 1.0}),
    "Projector.all_voltage_drops": lambda: (projector().all_voltage_drops, {"conductance": [1.0, 2.0], "current": 1.0}),
    "Projector.mean_state": lambda: (projector().mean_state, {"g": [0.1, 0.2]}),
    "Projector.homogeneous_conductance": lambda: (projector().homogeneous_conductance, {"conductance": 1.0}),
    "Landau.equilibria": lambda: (transition().equilibria, {"av": 0.3}),
    "Landau.count": lambda: (transition().count, {"av": [0.3]}),
    "TraceFit.interval": lambda: (trace_fit().interval, {"name": "g0", "sigma": 1.0}),
    **{
        f"BranchCircuit.{name}": lambda name=name: (getattr(branches(), name), {"frequency": [1.0, 10.0]})
        for name in ("admittance", "impedance", "capacitance")
    },
    **{
        f"StateBranch.{name}": lambda name=name: (getattr(branches().branches[0], name), {"frequency": [1.0, 10.0]})
        for name in ("capacitance", "inductor_capacitance")
    },
    "Layer.program": lambda: (
        layer().program,
        {
            "weights": [[0.1], [0.2]],
            "bits": 2,
            "spread": 0.1,
            "seed": 0,
            "rows": slice(None),
            "columns": slice(None),
        },
    ),
    "Layer.__call__": lambda: (layer(), {"values": [0.1, 0.2]}),
    "Layer.back": lambda: (layer().back, {"errors": [0.1]}),
    "Layer.update": lambda: (layer().update, {"change": [[0.1], [0.2]]}),
    "Perceptron.program": lambda: (
        perceptron().program,
        {"weights": [([[1.0], [2.0]], [0.5])], "inputs": [[0.1, 0.2]], "bits": 2, "spread": 0.1, "seed": 0},
    ),
    "Perceptron.fit_ranges": lambda: (perceptron().fit_ranges, {"inputs": [[0.1, 0.2]]}),
    "Perceptron.__call__": lambda: (perceptron(), {"inputs": [[0.1, 0.2]]}),
    "Perceptron.learn": lambda: (
        perceptron().learn,
        {"inputs": [[0.1, 0.2]], "targets": [[1.0]], "output": "logistic", "step": 0.1},
    ),
    "SpikingLayer.learn": lambda: (mn.arrays.SpikingLayer(2, 1, seed=0).learn, {"patterns": [[0.0, 1.0]]}),
    "SpikingLayer.respond": lambda: (mn.arrays.SpikingLayer(2, 1, seed=0).respond, {"patterns": [[0.0, 1.0]]}),
    "Arrhenius.interval": lambda: (thermal().interval, {"confidence": 0.9}),
    "Arrhenius.times": lambda: (thermal().times, {"temperature": [1.0, 2.0]}),
    "Switching.mean": lambda: (switched().mean, {"what": "delay", "axis": 1, "horizon": 0.2}),
    "Switching.quantile": lambda: (switched().quantile, {"what": "delay", "share": 0.5, "axis": 1}),
    "Switching.to_dataset": lambda: (switched().to_dataset, {}),
    "Transient.current": lambda: (analysis.transient(*relaxation()).current, {"time": [0.0, 0.1]}),
    "PowerLaw.density": lambda: (power_law().density, {"x": [1.0, 2.0]}),
    "PowerLaw.compare": lambda: (power_law().compare, {"alternative": "exponential"}),
    "Events.between": lambda: (some_events().between, {"start": 0, "stop": 100}),
}


def _solution():
    return mn.solve(net(), [1.0, 2.0], {"in": 1.0, "out": 0.0})


def _field_methods(make):
    """Every method of a mean field with arguments, at a state and a drive."""
    good = {"g": 0.3, "u": 0.1, "dt": 0.01, "time": [0.0, 0.1], "drive": 0.1, "rtol": 1e-6, "atol": 1e-9}
    found = {}
    for name, method in inspect.getmembers(make(), inspect.ismethod):
        wanted = [one for one in inspect.signature(method).parameters if one in good]
        if not name.startswith("_") and wanted:
            arguments = {one: good[one] for one in wanted if not (name == "switching_drive" and one == "g")}
            if name == "bifurcation":
                arguments["u"] = [0.1, 0.2]
            found[f"{type(make()).__name__}.{name}"] = lambda name=name, kw=arguments: (getattr(make(), name), dict(kw))
    return found


for _make in (field, linear_drift_field, hillock_field):
    METHODS |= _field_methods(_make)


def crossbar_sim():
    net = mn.crossbar(2, 2)
    return mn.Simulation(net, mn.BipolarThreshold(), dict.fromkeys(net.electrodes, 0.0), dt=1e-3)


WEIGHTS = {
    "memnet.arrays.quantise": lambda: (arrays.quantise, {"weights": [0.1, -0.4], "bits": 3, "largest": 0.5}),
    "memnet.arrays.Differential": lambda: (
        arrays.Differential,
        {"g_min": 1e-6, "g_max": 1e-4, "bits": 4, "largest": 2.0},
    ),
    "memnet.arrays.Offset": lambda: (arrays.Offset, {"g_min": 1e-6, "g_max": 1e-4, "bits": 4, "largest": 2.0}),
    "memnet.arrays.BitSlices": lambda: (
        arrays.BitSlices,
        {"g_min": 1e-6, "g_max": 1e-4, "bits": 4, "largest": 2.0, "cell_bits": 2},
    ),
    "Differential.fitted": lambda: (arrays.Differential(1e-6, 1e-4).fitted, {"weights": [[0.1, -3.0]]}),
    "Differential.encode": lambda: (arrays.Differential(1e-6, 1e-4).encode, {"weights": [[0.1, -0.4]]}),
    "Differential.decode": lambda: (arrays.Differential(1e-6, 1e-4).decode, {"values": [[1e-6, 2e-6]]}),
    "memnet.arrays.DAC": lambda: (arrays.DAC, {"bits": 4, "low": 0.0, "high": 0.2, "on_clip": "count"}),
    "memnet.arrays.ADC": lambda: (
        arrays.ADC,
        {"bits": 4, "low": 0.0, "high": 0.2, "rounding": "nearest", "on_clip": "raise"},
    ),
    "memnet.arrays.TIA": lambda: (arrays.TIA, {"gain": 1e4, "low": 0.0, "high": 1.0, "on_clip": "count"}),
    "memnet.arrays.SampleAndHold": lambda: (
        arrays.SampleAndHold,
        {"interval": 1e-6, "leak": 1e-3, "low": 0.0, "high": 1.0, "on_clip": "count"},
    ),
    "DAC.__call__": lambda: (arrays.DAC(4, 0.0, 0.2), {"values": [0.1, 0.2]}),
    "DAC.level": lambda: (arrays.DAC(4, 0.0, 0.2).level, {"codes": [0, 1]}),
    "ADC.__call__": lambda: (arrays.ADC(4, 0.0, 0.2), {"values": [0.1, 0.2]}),
    "TIA.__call__": lambda: (arrays.TIA(1e4), {"currents": [1e-6, 2e-6]}),
    "SampleAndHold.__call__": lambda: (arrays.SampleAndHold(1.0), {"time": [0.0, 1.0], "values": [0.1, 0.2]}),
    "memnet.arrays.program": lambda: (
        arrays.program,
        {"conductances": [1e-6, 2e-6], "spread": 0.1, "seed": 1, "g_min": 1e-6, "g_max": 1e-4},
    ),
    "memnet.arrays.noisy_read": lambda: (
        arrays.noisy_read,
        {"values": [1e-6, 2e-6], "noise": 0.1, "floor": 1e-8, "seed": 1},
    ),
    "memnet.arrays.relax": lambda: (
        arrays.relax,
        {
            "conductances": [1e-6, 2e-6],
            "time": 1.0,
            "tau": 1.0,
            "to": 1e-6,
            "exponent": 0.5,
            "spread": 0.1,
            "seed": 1,
        },
    ),
    "memnet.arrays.drift": lambda: (
        arrays.drift,
        {"conductances": [1e-6, 2e-6], "time": 2.0, "exponent": 0.05, "spread": 0.01, "time_0": 1.0, "seed": 1},
    ),
    "memnet.arrays.transfer": lambda: (
        arrays.transfer,
        {"net": mn.crossbar(2, 1), "conductances": [1e-6, 2e-6], "inputs": ["w0"], "outputs": ["b0"]},
    ),
    "memnet.arrays.vmm": lambda: (
        arrays.vmm,
        {
            "net": mn.crossbar(2, 1),
            "conductances": [1e-6, 2e-6],
            "volts": [0.1, 0.2],
            "inputs": ["w0", "w1"],
            "outputs": ["b0"],
        },
    ),
    "memnet.arrays.write_verify": lambda: (
        arrays.write_verify,
        {
            "simulation": crossbar_sim(),
            "targets": [[2e-6, 3e-6], [4e-6, 5e-6]],
            "set_volts": (1.0, 1.9),
            "reset_volts": (-1.0, -1.9),
            "volts_step": 0.02,
            "read_volts": 0.1,
            "scheme": "V/3",
            "tolerance": 0.02,
            "most_pulses": 30,
            "passes": 2,
            "pulse_steps": 1,
            "compliance": 1e-4,
            "others": {},
        },
    ),
}


@functools.cache
def neuron_array():
    cells = mn.Resistor(conductance=[40e-6, 10e-6])
    return arrays.NeuronArray(mn.crossbar(2, 1), cells, mn.ThresholdSwitch(), capacitance=1e-9)


@functools.cache
def detector():
    made = arrays.synthetic_eeg(40.0, bursts=2, seed=1)
    return arrays.SeizureDetector(173.61, epochs=2).fit(made.signal, made.seizure)


@functools.cache
def edf():
    import pyedflib

    path = pathlib.Path(tempfile.mkdtemp()) / "one.edf"
    with pyedflib.EdfWriter(str(path), 1) as writer:
        writer.setLabel(0, "Fp1")
        writer.writeSamples([np.zeros(200)])
    return path


PRESENTATION = {"duration": 1e-6, "dt": 1e-6, "method": "fixed", "rtol": None, "seed": 1}
SIGNALS = {
    "memnet.arrays.read_edf": lambda: (arrays.read_edf, {"path": edf(), "channels": ["Fp1"]}),
    "memnet.arrays.synthetic_eeg": lambda: (
        arrays.synthetic_eeg,
        {
            "duration": 20.0,
            "sampling_rate": 100.0,
            "bursts": 2,
            "burst_duration": 4.0,
            "frequency": 3.0,
            "background": 1e-5,
            "amplitude": 1e-4,
            "seed": 1,
        },
    ),
    "memnet.arrays.window_powers": lambda: (
        arrays.window_powers,
        {"signals": [1.0, 2.0, 3.0], "length": 2, "step": 1},
    ),
    "memnet.arrays.FilterBank": lambda: (
        arrays.FilterBank,
        {
            "taps": [[0.5, 0.5], [0.5, -0.5]],
            "encoding": arrays.Differential(1e-6, 1e-4, 4),
            "line_resistance": 1.0,
            "contact_resistance": 2.0,
            "voltage": 0.1,
            "dac": arrays.DAC(8, -0.2, 0.2),
            "adc": arrays.ADC(8, -1e-4, 1e-4),
        },
    ),
    "FilterBank.of_bands": lambda: (
        arrays.FilterBank.of_bands,
        {
            "sampling_rate": 100.0,
            "bands": [[4.0, 8.0]],
            "encoding": None,
            "length": 9,
            "line_resistance": 1.0,
            "contact_resistance": 2.0,
            "voltage": 0.1,
            "dac": None,
            "adc": None,
        },
    ),
    "FilterBank.apply": lambda: (arrays.FilterBank([0.5, 0.5]).apply, {"signal": [1.0, 2.0], "past": [3.0]}),
    "memnet.arrays.SeizureDetector": lambda: (
        arrays.SeizureDetector,
        {
            "sampling_rate": 173.61,
            "bands": [[4.0, 8.0]],
            "encoding": None,
            "length": 9,
            "window": 1.0,
            "line_resistance": 1.0,
            "contact_resistance": 2.0,
            "epochs": 2,
            "seed": 1,
        },
    ),
    "SeizureDetector.fit": lambda: (detector().fit, {"signal": np.arange(694.0), "seizure": np.arange(694) < 347}),
    "SeizureDetector.score": lambda: (
        detector().score,
        {"signal": np.arange(694.0), "seizure": np.arange(694) < 347},
    ),
    "SeizureDetector.decision_function": lambda: (detector().decision_function, {"signal": np.arange(694.0)}),
    "SeizureDetector.predict": lambda: (detector().predict, {"signal": np.arange(694.0)}),
    "memnet.arrays.NeuronArray": lambda: (
        arrays.NeuronArray,
        {
            "net": mn.crossbar(2, 1),
            "cells": mn.BipolarThreshold(),
            "neuron": mn.ThresholdSwitch(),
            "capacitance": 1e-9,
            "gate": 0.0,
            "level": 1e-3,
            "width": 1e-4,
            "seed": 1,
        },
    ),
    "NeuronArray.sources": lambda: (neuron_array().sources, {"patterns": [[1.0, 0.0]]}),
    "NeuronArray.respond": lambda: (neuron_array().respond, {"patterns": [[1.0, 0.0]], **PRESENTATION}),
    "NeuronArray.write": lambda: (neuron_array().write, {"words": [0.1, 0.0], "bits": [0.0]}),
    "NeuronArray.learn": lambda: (
        neuron_array().learn,
        {"patterns": [[1.0, 0.0]], "targets": [[True]], "voltage": 1.5, "epochs": 1, **PRESENTATION},
    ),
}

CALLS = {
    **LEARN,
    **SIGNALS,
    **WEIGHTS,
    **FUNCTIONS,
    **{f"memnet.devices.{name}": call for name, call in DEVICES.items()},
    **METHODS,
}

# What a message may call a parameter instead: the quantity that it holds, or the model whose word it is.
ALSO_NAMED = {
    ("memnet.arrays.NeuronArray", "cells"): ["device must"],
    ("memnet.analysis.events", "data"): ["time"],
    ("memnet.analysis.plasticity", "data"): ["time"],
    ("memnet.analysis.hysteresis", "data"): ["voltage"],
    ("memnet.analysis.loop_class", "data"): ["voltage"],
    ("memnet.analysis.transient", "data"): ["time"],
    ("memnet.analysis.criticality", "size_min"): ["xmin"],
    ("memnet.analysis.criticality", "size_max"): ["xmax"],
    ("memnet.analysis.criticality", "duration_min"): ["xmin"],
    ("memnet.series", "first"): ["device 1"],
    ("memnet.series", "second"): ["device 2"],
    ("memnet.analysis.criticality", "duration_max"): ["xmax"],
    ("memnet.drive.waveform", "value"): ["drive must"],
    ("memnet.oriented", "potential"): ["drive"],
    ("memnet.device_model", "text"): ["Walked, line"],
    ("Simulation.parameter", "name"): ["parameter of RateBalance"],
    ("Simulation.state", "name"): ["state of RateBalance"],
    ("Equilibria.state", "name"): ["state of RateBalance"],
    ("RateBalance.preset", "name"): ["RateBalance preset"],
}
