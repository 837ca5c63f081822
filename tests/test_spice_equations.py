"""Netlists of models from equations: each against ngspice, which solves the equations as they are written."""

from __future__ import annotations

import math
import re
import shutil
import subprocess

import numpy as np
import pytest
from smooth_models import BALANCE, CHANNEL, FILTER, JUNCTION, TRANSIENTS, Transient, own_models, transient_of
from test_spice import run_ngspice

import memnet as mn
from memnet import equations
from memnet.equations._dialects import NGSPICE, rendered
from memnet.equations._tree import FUNCTIONS, read

needs_ngspice = pytest.mark.skipif(shutil.which("ngspice") is None, reason="no ngspice here")


def compare(sim: mn.Simulation, duration: float, folder, steps: int = 1000) -> float:
    """Return the largest difference of the first electrode's current, relative to its range.

    A source that is not constant is known at the rows, so ngspice has all of them. It takes steps of first order from
    each, so there are few.
    """
    n_rows = round(duration / sim.dt)
    table, start = run_ngspice(mn.to_spice(sim, duration, step=duration / steps), folder), sim.time
    data = sim.run(n_rows + 1)
    time, current = data.time.values[1:] - start, data.current.values[1:, 0]
    row = np.searchsorted(table[:, 0], time - 1e-9 * duration)
    np.testing.assert_allclose(table[row, 0], time, rtol=0, atol=1e-9 * duration)
    return float(np.abs(-table[row, 1] - current).max() / np.ptp(current))


@needs_ngspice
@pytest.mark.parametrize("name", TRANSIENTS)
def test_a_transient_of_a_model_made_here(name, tmp_path):
    of = TRANSIENTS[name]()
    assert compare(of.simulation(), of.duration, tmp_path) < of.tolerance


@needs_ngspice
@pytest.mark.parametrize("name", own_models())
def test_a_transient_of_each_model_from_equations(name, tmp_path):
    of = transient_of(own_models()[name]())
    assert compare(of.simulation(), of.duration, tmp_path) < of.tolerance


def balance(**parameters: float) -> mn.Device:
    return mn.device_model("Balance", BALANCE)(**parameters)


@needs_ngspice
@pytest.mark.parametrize("gate", [balance(), mn.RateBalance(g_initial=0.1, kappa_p0=1e-4, kappa_d0=0.5, eta_p=10.0)])
def test_a_transistor_reads_voltage_and_state_of_its_gate(gate, tmp_path):
    """A model from equations or one of C at the gate: their nodes have other names."""
    net = mn.Network(4, [(0, 1), (1, 3), (2, 3)], electrodes={"drain": 0, "gate": 2, "ground": 3})
    channel = mn.link(mn.device_model("Channel", CHANNEL)(), to=2)
    drive = {"drain": mn.drive.triangle(-1.0, 2.0, 1.0), "gate": mn.drive.triangle(0.2, 1.5, 3.0), "ground": 0.0}
    devices = [mn.Resistor(conductance=1e-2), channel, gate]
    sim = mn.Simulation(net, devices, drive, dt=1e-2, method="adaptive", rtol=1e-6)
    assert compare(sim, 2.0, tmp_path) < 1e-3


@needs_ngspice
def test_netlists_go_on_from_the_present(tmp_path):
    """From the middle of a run, with a time in the equations, values for each edge and the length of each edge."""
    text = "i = g*v*length*(1 + t/tau)\nparameter g = 1 S/pd in [0, inf)\nparameter tau = 1 s in (0, inf)"
    net = mn.Network(3, [(0, 1), (1, 2), (0, 1)], length=[0.5, 2.0, 1.0], electrodes={"in": 0, "out": 2})
    timed = mn.device_model("Timed", text)(g=[0.01, 0.03])
    sim = mn.Simulation(
        net,
        [timed, timed, balance()],
        {"in": mn.drive.triangle(-1.0, 3.0, 1.0), "out": 0.0},
        dt=1e-2,
        method="adaptive",
        rtol=1e-6,
    )
    sim.run(70)
    assert compare(sim, 1.0, tmp_path) < 1e-3


@needs_ngspice
def test_a_model_from_equations_is_part_of_a_series(tmp_path):
    cell = mn.series(mn.PershinDiVentra(beta=2e5, R_initial=5e3), mn.Resistor(conductance=1e-3))
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    drive = {"in": mn.drive.triangle(-4.0, 4.0, 0.1), "out": 0.0}
    sim = mn.Simulation(net, cell, drive, dt=1e-3, method="adaptive", rtol=1e-6)
    assert compare(sim, 0.2, tmp_path) < 1e-3


FUNCTION_CASES = {
    "exp(u)": math.exp,
    "expm1(u)": math.expm1,
    "expm1(1e-9*u)/1e-9": lambda u: math.expm1(1e-9 * u) / 1e-9,
    "log(abs(u))": lambda u: math.log(abs(u)),
    "log1p(abs(u))": lambda u: math.log1p(abs(u)),
    "log1p(1e-9*u)/1e-9": lambda u: math.log1p(1e-9 * u) / 1e-9,
    "sqrt(abs(u))": lambda u: math.sqrt(abs(u)),
    **{f"{name}(u)": getattr(math, name) for name in ("sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "floor")},
    "abs(u)": abs,
    "sign(u)": lambda u: math.copysign(1.0, u) if u else 0.0,
    "min(u, 0.5, 2)": lambda u: min(u, 0.5, 2),
    "max(u, -1)": lambda u: max(u, -1),
    "pow(u, 2)": lambda u: u**2,
    "u**3": lambda u: u**3,
    "u**-3": lambda u: u**-3 if u else None,
    "u**7": lambda u: u**7,
    "pow(abs(u), 0.3)": lambda u: abs(u) ** 0.3,
    "pow(u, two)": lambda u: u**2,
    "pow(u, two + 1)": lambda u: u**3,
    "two**u": lambda u: 2.0**u,
    "where(u > 0.5, u, -u)": lambda u: u if u > 0.5 else -u,
    "where(u, 2, 3)": lambda u: 2.0 if u else 3.0,
    "(u > 0) + 2*(u >= 0) + 4*(u < 0) + 8*(u <= 0)": lambda u: (u > 0) + 2 * (u >= 0) + 4 * (u < 0) + 8 * (u <= 0),
    "u*(two == 2) + 3*(two != 2)": lambda u: u,
    "where(not (u > 0 and u < 1) or u > 2, 1, 2)": lambda u: 1 if not (0 < u < 1) or u > 2 else 2,
    "not u": lambda u: 0.0 if u else 1.0,
    "-u**2": lambda u: -(u**2),
    "1 - 2 - u": lambda u: 1 - 2 - u,
    "1/2/(3 + u)": lambda u: 1 / 2 / (3 + u),
    "-(-u) - -2": lambda u: u + 2,
    "1e22*u/1e22 + 1e-30": lambda u: u,
    "e_charge/e_charge*pi*u": lambda u: math.pi * u,
}
POINTS = (-2.5, -0.3, 1e-9, 0.7, 3.0)


def function_model(text: str) -> str:
    """Return a model whose current in A is a function of its voltage in V."""
    return f"i = I_1*({text})\nu = v/V_1\nparameter I_1 = 1 A\nparameter V_1 = 1 V\nparameter two = 2"


def test_all_functions_are_compared():
    used = set(re.findall(r"[a-z_0-9]+(?=\()", " ".join(FUNCTION_CASES))) | {"pow"}
    assert used >= set(FUNCTIONS)


@needs_ngspice
def test_functions_are_those_of_ngspice(tmp_path):
    lines, expected = ["* functions"], []
    for k, (text, function) in enumerate(FUNCTION_CASES.items()):
        model = equations.parse("Function", function_model(text))
        lines += equations.subcircuit(model, equations.table(model), name=f"f{k}", time=0.0).lines
        for u in POINTS:
            node = f"n{len(expected)}"
            lines += [f"V{len(expected)} {node} 0 {u!r}", f".ic V({node})={u!r}", f"X{len(expected)} {node} 0 f{k}"]
            expected.append(function(u))
    printed = [f"print i(v{k})" for k in range(len(expected))]
    lines += [
        ".options gmin=1e-18",
        ".tran 1 1 0 1 uic",
        ".control",
        "set numdgt=16",
        "run",
        *printed,
        "quit 0",
        ".endc",
    ]
    path = tmp_path / "functions.cir"
    path.write_text("\n".join([*lines, ".end"]) + "\n")
    done = subprocess.run(["ngspice", "-b", str(path)], capture_output=True, text=True, timeout=300, check=True)
    blocks = re.split(r"(?m)^Index.*$", done.stdout)[1:]
    found = [-float(re.findall(r"(?m)^\d+\s+\S+\s+(\S+)", block)[-1]) for block in blocks]
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_precedence_is_that_of_the_tree():
    symbols = {name: name for name in "abc"}
    place = equations.parse("M", "i = v*g\nparameter g = 1 S").definitions["i"].place
    for text, written in {
        "a - (b - c)": "(a - (b - c))",
        "a/(b*c)": "(a / (b * c))",
        "-a**2": "(-mn_pow(a, 2.0))",
        "(-a)**2": "mn_pow((-a), 2.0)",
        "where(a, b, c)": "((a != 0.0) ? b : c)",
        "a < b": "((a < b) ? 1.0 : 0.0)",
        "where(a < b and not c, a, b)": "(((a < b) && (!(c != 0.0))) ? a : b)",
    }.items():
        assert rendered(read(text, place), symbols, NGSPICE) == written


def netlist(device: mn.Device, **options) -> list[str]:
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    return mn.to_spice(mn.Simulation(net, device, {"in": 1.0, "out": 0.0}, **options)).splitlines()


def test_what_is_written_of_a_model():
    lines = netlist(mn.device_model("Filter", FILTER)(g=2e-3), method="adaptive")
    assert ".subckt m0_Filter a b x_w" in lines
    assert "* i     = g*(v - w) + G*v" in lines
    assert {"+ p_g=0.001", "+ p_G_2=0.0002"} <= set(lines)  # ngspice does not mind the case of letters
    assert "Cu_w u_w 0 1 IC={s_w/k_w}" in lines
    assert any(line.startswith("X0 e0 e1 x0_w m0_Filter") for line in lines)
    assert any("p_g=0.002 " in line and "s_w=0.2" in line for line in lines)


@needs_ngspice
def test_names_are_in_nobodys_way(tmp_path):
    """Of ngspice, of the subcircuit, and of others with letters of another case."""
    names = ("a", "A", "la", "time", "temp", "m", "M", "q_start", "q_unit", "u_w", "x_w", "p_a", "c_0", "charge", "GND")
    total = " + ".join(names)
    given = "\n".join(f"parameter {name} = {k + 1}.234567890123456 uS" for k, name in enumerate(names))
    states = "state W = 0.1 in [0, 1]\nstate w = 0.3 in [0, 1]\nstate gnd = 1\ndW/dt = k*w\ndw/dt = -k*W\ndgnd/dt = -k"
    text = f"i = ({total})*(W + 2*w + gnd)*v\nq = C*v\n{given}\nparameter C = 1 nF\nparameter k = 1 1/s\n{states}"
    device = mn.device_model("M", text)()
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    drive = {"in": mn.drive.triangle(-1.0, 1.0, 1.0), "out": 0.0}
    devices = [device, mn.Resistor(conductance=1e-4)]
    sim = mn.Simulation(net, devices, drive, dt=5e-3, method="adaptive", rtol=1e-6)
    assert compare(sim, 1.0, tmp_path) < 1e-4


def test_models_of_one_name_are_two_subcircuits():
    net = mn.Network(2, [(0, 1), (0, 1)], electrodes={"in": 0, "out": 1})
    devices = [
        mn.device_model("One", f"i = g*v**{k}\nparameter g = 1 {unit}")() for k, unit in ((1, "S"), (2, "A/V^2"))
    ]
    lines = mn.to_spice(mn.Simulation(net, devices, {"in": 1.0, "out": 0.0}, method="adaptive")).splitlines()
    assert [line for line in lines if line.startswith(".subckt")] == [".subckt m0_One a b", ".subckt m1_One a b"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("dx/dt = v*k\nevent over when x > 1: x = 0", "the event 'over'"),
        ("dx/dt = v*k\nevent up each step when x > 1: x = 0", "the event 'up' of each step"),
        ("dx/dt = v*k + xi/s\nparameter s = 1 s^0.5", "noise (xi)"),
    ],
)
def test_what_has_no_netlist_is_named(text, reason):
    given = "i = v*g\nstate x = 0\nparameter g = 1 S\nparameter k = 1 1/(V s)"
    rough = mn.device_model("Rough", f"{given}\n{text}")
    with pytest.raises(ValueError, match=re.escape(f"Rough has {reason}, which a netlist cannot have")):
        netlist(rough())
    with pytest.raises(ValueError, match=re.escape(f"Rough has {reason}, which a Verilog-A module cannot have")):
        rough.to_verilog_a()


DOUBLING = "i = g*v*a_99/a_98\na_0 = 1 + v/V_1\nparameter g = 1 S\nparameter V_1 = 1 V\n" + "\n".join(
    f"a_{k} = a_{k - 1} + a_{k - 1}" for k in range(1, 100)
)


@needs_ngspice
def test_long_definitions_are_nodes(tmp_path):
    """A text that doubles itself a hundred times is as many lines, and its current that of memnet."""
    device = mn.device_model("Doubling", DOUBLING)()
    lines = netlist(device, method="adaptive")
    assert max(map(len, lines)) < 10_000
    assert sum(line.startswith("Bd_a_") for line in lines) > 5
    assert compare(Transient(device, 0.5, 1e-3, 0.1).simulation(), 1e-3, tmp_path) < 1e-4


def test_short_definitions_are_written_out():
    """Their netlists have no nodes but those of states and charges."""
    lines = netlist(mn.device_model("Junction", JUNCTION)(), method="adaptive")
    assert [line.split()[0] for line in lines if line.startswith("B")] == ["B_i"]


def test_texts_that_are_too_long_are_refused():
    """Of ngspice one line; of Verilog-A the start of a state, where definitions are written out."""
    twice = "a_99*a_99"
    for _ in range(9):
        twice = f"({twice} + {twice})"
    long = "\n".join([f"i = g*v*{twice}", *(f"a_{k} = a_{k - 1} + a_{k - 1}" for k in range(1, 8))])
    long = long.replace("a_99", "a_7") + "\na_0 = 1\nparameter g = 1 S"
    with pytest.raises(ValueError, match=r"Long: line 1 is too long for ngspice.*more than 100,000 characters"):
        netlist(mn.device_model("Long", long)())
    assert "a_99 = (a_98 + a_98);" in mn.device_model("Doubling", DOUBLING).to_verilog_a()
    started = mn.device_model("Started", f"{DOUBLING}\nstate x = a_99\ndx/dt = -x*k\nparameter k = 1 1/s")
    with pytest.raises(ValueError, match=r"Started: line [0-9]+ is too long for Verilog-A"):
        started.to_verilog_a()


@pytest.mark.parametrize(
    ("edge", "reason"),
    [
        (1, "on of ThresholdSwitch has no node in a netlist"),
        (2, "edge 0 reads edge 2, which has no part in the circuit"),
    ],
)
def test_what_an_edge_cannot_read_is_named(edge, reason):
    reader = mn.device_model("Reader", "i = g*v*(1 + linked.on)\nparameter g = 1 S")()
    net = mn.Network(4, [(0, 1), (0, 1), (2, 3)], electrodes={"in": 0, "out": 1})
    devices = [mn.link(reader, to=edge), mn.ThresholdSwitch(), mn.ThresholdSwitch()]
    sim = mn.Simulation(net, devices, {"in": 1.0, "out": 0.0}, method="adaptive")
    with pytest.raises(ValueError, match=reason):
        mn.to_spice(sim)
