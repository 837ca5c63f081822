"""Absurd values for every public parameter: each is refused with a TypeError or ValueError that names the parameter.

The walk takes a good call of every public function and method (`tests/public_calls.py`), replaces one argument after
the other by what no argument of its kind may be, and looks at what comes back. What is accepted must stand in
`MEANINGFUL`, with the reason.
"""

import dataclasses
import datetime
import importlib
import inspect
import signal
from contextlib import contextmanager

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import public_calls
import pytest

import memnet as mn

mpl.use("Agg")

HUGE = 10**400
DATE = datetime.date(2026, 1, 1)


class Thing:
    """Nothing that any function knows."""


MASKED = np.ma.array([1.0, 2.0], mask=[False, True])
ABSURD = {
    "real": {
        "nan": np.nan,
        "true": True,
        "text": "x",
        "complex": 1 + 2j,
        "huge": HUGE,
        "digits": 10**5000,
        "date": DATE,
        "thing": Thing(),
        "masked": np.ma.masked,
        "bytes": b"1",
    },
    "integer": {
        "nan": np.nan,
        "true": True,
        "text": "3",
        "half": 1.5,
        "huge": HUGE,
        "digits": 10**5000,
        "past": 2**64,
        "below": -(2**63) - 1,
        "date": DATE,
        "thing": Thing(),
        "masked": np.ma.masked,
    },
    "flag": {
        "one": 1,
        "zero": 0,
        "text": "yes",
        "empty": [],
        "nan": np.nan,
        "thing": Thing(),
        "array": np.array([True]),
    },
    "word": {"unknown": "no such word", "number": 3, "bytes": b"left", "true": True, "thing": Thing(), "empty": ""},
    "array": {
        "masked": MASKED,
        "masked rows": [MASKED, MASKED],
        "text": ["a", "b"],
        "dates": np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[D]"),
        "thing": Thing(),
        "things": [Thing(), Thing()],
        "ragged": [[1.0], [1.0, 2.0]],
        "flags": [True, False],
        "huge": [1.0, HUGE],
        "deep": np.ones((2, 2, 2, 2)),
        "word": "left",
        "mapping": {"no": 1},
    },
    "parameter": {
        "nan": np.nan,
        "true": True,
        "text": "x",
        "complex": 1 + 2j,
        "huge": HUGE,
        "date": DATE,
        "thing": Thing(),
        "masked": MASKED,
        "deep": np.ones((2, 2)),
        "empty": [],
        "dates": np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[D]"),
        "flags": [True, False],
        "texts": ["a", "b"],
        "not finite": [1.0, np.nan],
    },
    "object": {"zero": 0, "nan": np.nan, "thing": Thing(), "things": [Thing()], "true": True, "bytes": b"x"},
}
DEEP = {"deep": "numbers of any shape"}
FIELDS = ("RateBalanceField", "LinearDriftField", "HillockField")
OF_ANY_SHAPE = ("rate", "conductance", "drive_at", "drive_slope")

# (call, parameter) or parameter alone: the values of ABSURD that mean something there, and why.
MEANINGFUL = {
    "g_initial": {"not finite": "where the model's own start applies"},
    "title": {"unknown": "any text", "empty": "any text"},
    "label": {"unknown": "any text", "empty": "any text"},
    ("memnet.learn.EchoState", "spectral_radius"): {"zero": "no memory"},
    **{("memnet.learn.Reservoir", one): {"zero": "0 V"} for one in ("scaling", "offset")},
    ("memnet.arrays.patches", "images"): {"deep": "images of two channels"},
    ("memnet.arrays.kernel_matrix", "kernels"): {"deep": "kernels of two channels"},
    ("memnet.arrays.staircase_matrix", "kernels"): {"deep": "kernels of two channels"},
    "random_state": {"zero": "a seed"},
    "padding": {"zero": "no padding"},
    ("memnet.device_model", "doc"): {"unknown": "any text", "empty": "no text"},
    ("memnet.device_model", "citation"): {"unknown": "any text", "empty": "no text"},
    ("memnet.link", "to"): {"text": "the name of an edge of a circuit"},
    ("memnet.drive.waveform", "name"): dict.fromkeys(ABSURD["word"], "only written into messages"),
    ("memnet.drive.waveform", "unit"): dict.fromkeys(ABSURD["word"], "only written into messages"),
    ("memnet.drive.waveform", "value"): {"zero": "0 V"},
    ("memnet.drive.current", "value"): {"zero": "0 A"},
    ("memnet.drive.limited", "voltage"): {"zero": "0 V"},
    ("memnet.react", "wave"): {"zero": "0 V, which ends what runs where only the last counts"},
    ("memnet.arrays.read_drive", "voltage"): {"zero": "0 V"},
    ("memnet.arrays.write_drive", "voltage"): {"zero": "0 V"},
    **{("memnet.arrays.read_margin", one): {"zero": "an open cell"} for one in ("on", "off")},
    ("memnet.react", "electrode"): dict.fromkeys(("unknown", "empty"), "the simulation knows its electrodes"),
    **{(f"{name}.integrate", "drive"): {"zero": "no drive"} for name in FIELDS},
    **{(f"{name}.{method}", one): DEEP for name in FIELDS for method in OF_ANY_SHAPE for one in "gu"},
    **{(f"{name}.potential", "g"): DEEP for name in ("RateBalanceField", "LinearDriftField")},
    ("RateBalanceField.branch_voltage", "g"): DEEP,
    ("RateBalanceField.branch_voltage", "u"): DEEP,
    ("memnet.theory.rate_balance_potential", "g"): DEEP,
    **{
        (f"memnet.electrochemistry.{function}", one): DEEP
        for function, names in {
            "nernst": ("z", "inside", "outside", "temperature"),
            "ghk_flux": ("z", "permeability", "inside", "outside", "v", "temperature"),
            "ghk_voltage": ("temperature", "pump_current"),
            "diffusion_potential": ("temperature",),
            "Electrode": ("z", "standard", "oxidised", "reduced", "radius", "surface_energy", "molar_volume"),
            "emf": ("temperature", "diffusion"),
        }.items()
        for one in names
    },
    ("Electrode.potential", "temperature"): DEEP,
    **{
        (f"memnet.arrays.{function}", one): DEEP
        for function, one in {
            "program": "conductances",
            "noisy_read": "values",
            "relax": "conductances",
            "drift": "conductances",
        }.items()
    },
    ("Differential.fitted", "weights"): DEEP,
    ("Differential.decode", "values"): DEEP,
    ("DAC.__call__", "values"): DEEP,
    ("memnet.arrays.window_powers", "signals"): {"flags": "the share of True in a window"},
    ("SampleAndHold.__call__", "values"): DEEP,
    ("ADC.__call__", "values"): DEEP,
    ("TIA.__call__", "currents"): DEEP,
    ("Waveform.__call__", "t"): DEEP,
    ("PowerLaw.density", "x"): DEEP,
    ("LogicLevels.bits", "resistance"): DEEP,
    ("LogicLevels.margins", "resistance"): DEEP,
    ("LogicLevels.margins", "expected"): {"flags": "bits"},
    **{("memnet.arrays.multiplexer", one): {"flags": "bits"} for one in ("select", "one", "zero")},
    **{("memnet.arrays.switching_probability", one): DEEP for one in ("voltage", "width")},
    ("memnet.arrays.switching_voltage", "width"): DEEP,
    **{("LogicStep.imp", one): {"unknown": "any cell"} for one in ("p", "q")},
    **{(f"LogicStep.{step}", one): {"unknown": "any cell"} for step, one in (("nor", "output"), ("write", "cell"))},
    **{("NandLogic.nand", one): {"unknown": "any node"} for one in ("a", "b", "out")},
    **{("NandLogic.invert", one): {"unknown": "any node"} for one in ("a", "out")},
    **{("NandLogic.multiplexer", one): {"unknown": "any node"} for one in ("select", "one", "zero", "out")},
}


def kind_of(parameter):
    """Return the kind of absurd values that a parameter must refuse, from its annotation."""
    text = str(parameter.annotation)
    if text in ("ArrayLike", "Numbers", "ArrayLike | None") or text.startswith(("ArrayLike |", "int | ArrayLike")):
        return "array"
    if text.startswith("float or array"):
        return "parameter"
    if text.startswith("{"):
        return "word"
    for kind, name in (("flag", "bool"), ("real", "float"), ("integer", "int")):
        if text.startswith(name):
            return kind
    return "word" if text in ("str", "str | None") or text.startswith("Literal") else "object"


def parameters_of(function):
    variable = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    return [one for one in inspect.signature(function).parameters.values() if one.kind not in variable]


@contextmanager
def at_most(seconds):
    def stop(_number, _frame):
        raise AssertionError(f"no answer within {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def refusal(call, function, good, name, value):
    """Return what is wrong with how a value is refused, or None."""
    try:
        with at_most(60):
            function(**{**good, name: value})
    except (TypeError, ValueError) as error:
        if any(word in str(error) for word in (name, *public_calls.ALSO_NAMED.get((call, name), ()))):
            return None
        return f"{type(error).__name__} that does not name {name}: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        plt.close("all")
    return "accepted"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("call", public_calls.CALLS)
def test_every_parameter_refuses_what_it_cannot_be(call):
    function, good = public_calls.CALLS[call]()
    wrong = {}
    for parameter in parameters_of(function):
        name = parameter.name
        kind = kind_of(parameter)
        meaningful = {**MEANINGFUL.get(name, {}), **MEANINGFUL.get((call, name), {})}
        if kind == "parameter":
            meaningful["empty"] = "a device without an edge"
        for label, value in ABSURD[kind].items():
            found = refusal(call, function, good, name, value)
            if found != ("accepted" if label in meaningful else None):
                wrong[name, label] = found
    assert wrong == {}


@pytest.mark.parametrize("call", [call for call in public_calls.CALLS if not call.startswith("memnet.devices.")])
@pytest.mark.filterwarnings("ignore")
def test_the_good_calls_are_good(call):
    function, good = public_calls.CALLS[call]()
    function(**good)
    plt.close("all")


def test_a_masked_device_parameter_is_named_with_its_index():
    masked = np.ma.array([1.0, 1e6], mask=[False, True])
    with pytest.raises(ValueError, match=r"conductance must have no masked values, got one at index 1"):
        mn.Resistor(conductance=masked)
    assert mn.Resistor(conductance=np.ma.array([1.0, 2.0])).conductance.tolist() == [1.0, 2.0]


def test_a8_a_mask_is_never_dropped():
    net = public_calls.net()
    masked = np.ma.array([1.0, 1e6], mask=[False, True])
    drive = {"in": 1.0, "out": 0.0}
    for conductance in (masked, [masked, masked], np.ma.masked_greater([[1.0, 1e6], [1.0, 2.0]], 10.0)):
        with pytest.raises(ValueError, match=r"conductance must have no masked values, got one at index"):
            mn.solve(net, conductance, drive)
    with pytest.raises(ValueError, match=r"values must have no masked values, got one at index 1"):
        mn.drive.from_array(masked, 1.0)
    whole = np.ma.array([1.0, 2.0], mask=False)
    assert mn.solve(net, whole, drive).current.tolist() == mn.solve(net, [1.0, 2.0], drive).current.tolist()


def test_every_public_function_is_walked():
    """And every public class that is made by a call of the user, not returned by a function."""
    missing = []
    rooms = ("analysis", "arrays", "learn", "theory", "drive", "electrochemistry", "plot", "papers")
    for name in ("memnet", *(f"memnet.{room}" for room in rooms)):
        module = importlib.import_module(name)
        for one in module.__all__:
            value = getattr(module, one)
            result = inspect.isclass(value) and (
                issubclass(value, Exception)
                or (dataclasses.is_dataclass(value) and not issubclass(value, made_by_call()))
            )
            abstract = value is mn.theory.MeanField
            if callable(value) and not result and not abstract and f"{name}.{one}" not in public_calls.CALLS:
                missing.append(f"{name}.{one}")
    assert missing == []


def made_by_call():
    return (mn.theory.MeanField, mn.Network, mn.Simulation)
