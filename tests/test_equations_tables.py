"""Tables of models as C takes them: damaged ones are refused before a hook runs, and events have room."""

import numpy as np
import pytest

import memnet as mn
from memnet import _core
from memnet.devices import _equations

TEXT = """
i = g*(1 + x)*v
q = C*v
dx/dt = -x/tau
parameter g = 1 uS
parameter C = 1 pF
parameter tau = 1 ms
state x = 0 in [0, 1]
preset a: g = 2
event up when v > V_T: x = 1
parameter V_T = 1 V
"""


def table(monkeypatch, text=TEXT):
    """Return the arguments of `_core.equation_model` that a text has."""
    found = {}
    monkeypatch.setattr(_core, "equation_model", found.update)
    with pytest.raises(AttributeError):
        _equations._device_model("Model", text, "", "")
    monkeypatch.undo()
    return found


def put(rows, k, row):
    return (*rows[:k], row, *rows[k + 1 :])


DAMAGES = {
    "a field": lambda of: {"fields": put(of["fields"], 0, "g")},
    "a range": lambda of: {"fields": put(of["fields"], 0, (*of["fields"][0][:-3], "][", None, None))},
    "a state without 0": lambda of: {
        "fields": tuple((*row[:-3], "[)0", *row[-2:]) if row[0] == "x" else row for row in of["fields"])
    },
    "a range without 1": lambda of: {"fields": put(of["fields"], 0, (*of["fields"][0][:-3], "[)1", None, None))},
    "an empty range": lambda of: {"fields": put(of["fields"], 0, (*of["fields"][0][:-5], 2.0, 1.0, "[]", None, None))},
    "a parameter's own range": lambda of: {"fields": put(of["fields"], 0, (*of["fields"][0][:-1], "[0, g]"))},
    "an own range without a program": lambda of: {
        "fields": tuple((*row[:-1], "[0, g]") if row[0] == "x" else row for row in of["fields"])
    },
    "a name twice": lambda of: {"fields": (*of["fields"], of["fields"][0])},
    "too many": lambda of: {"fields": tuple((f"p{k}", *of["fields"][0][1:]) for k in range(200))},
    "no state": lambda of: {"fields": of["fields"][:-1]},
    "a flag": lambda of: {"flags": ("x",)},
    "a flag that is no str": lambda of: {"flags": (1,)},
    "no charge": lambda of: {"flags": ("implicit",)},
    "at steps": lambda of: {"flags": (*of["flags"], "events_at_steps")},
    "noise": lambda of: {"n_noises": 1},
    "less noise than none": lambda of: {"n_noises": -1},
    "much noise": lambda of: {"n_noises": 2**40},
    "no voltage": lambda of: {"voltage_field": None},
    "another voltage": lambda of: {"voltage_field": "g"},
    "no parameter": lambda of: {"check": "x"},
    "a preset": lambda of: {"presets": (("a", "", "", (("x", 1.0),)),)},
    "a preset of nothing": lambda of: {"presets": (None,)},
    "a value": lambda of: {"presets": (("a", "", "", (1,)),)},
    "an event": lambda of: {"events": (("up", 1000),)},
    "an event beyond a short": lambda of: {"events": (("up", 10**6),)},
    "a value beyond a float": lambda of: {
        "fields": put(of["fields"], 0, (*of["fields"][0][:5], 10**400, *of["fields"][0][6:]))
    },
    "no event": lambda of: {"events": ()},
    "many events": lambda of: {"events": tuple((f"e{k}", 1) for k in range(500))},
    "links": lambda of: {"linked_states": ("x",)},
    "no programs": lambda of: {"programs": ((None,) * 6, ())},
    "few programs": lambda of: {"programs": (of["programs"][0][:-1], of["programs"][1])},
    "no jumps": lambda of: {"programs": (of["programs"][0], ())},
    "a jump": lambda of: {"programs": (of["programs"][0], (None,))},
    "no crossing": lambda of: {"programs": ((*of["programs"][0][:-1], None), of["programs"][1])},
    "another program": lambda of: {"programs": (of["programs"][0][::-1], of["programs"][1])},
    "names": lambda of: {"programs": (put(of["programs"][0], 0, (of["programs"][0][0][0], ("v",), ())), ())},
    "no tuple": lambda of: {"programs": (put(of["programs"][0], 0, "x"), of["programs"][1])},
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_tables_are_refused(damage, monkeypatch):
    whole = table(monkeypatch)
    with pytest.raises((ValueError, TypeError)):
        _core.equation_model(**{**whole, **damage(whole)})


def test_the_whole_table_is_a_model(monkeypatch):
    assert _core.equation_model(**table(monkeypatch)).table["name"] == "Model"


@pytest.mark.parametrize("n_events", [2, 5])
def test_members_may_have_several_events_at_one_step(n_events):
    """Each has its own row in the log, in the order of members and of the text."""
    text = "i = g*v\nparameter g = 1 S\nparameter r = 1 1/(V s)\nstate x = 0\ndx/dt = r*abs(v)\n"
    text += "\n".join(f"event e{k} each step when x > 0 and v != 0: x = x" for k in range(n_events))
    net = mn.grid(5, 5)
    run = mn.Simulation(net, mn.device_model("Busy", text)(), {"left": 1.0, "right": 0.0}, dt=0.1).run(duration=0.3)
    edges, counts = np.unique(run.event_edge, return_counts=True)
    assert set(counts) <= {n_events * k for k in range(1, 5)}
    assert len(edges) > 0
    kinds = np.asarray(run.event_kind).reshape(-1, n_events)
    assert (kinds == kinds[0]).all()
