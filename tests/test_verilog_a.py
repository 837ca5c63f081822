"""Models as Verilog-A: compiled by OpenVAF, they are the equations that memnet has, and so are their derivatives."""

from __future__ import annotations

import numpy as np
import pytest
from smooth_models import BALANCE, CHANNEL, TRANSIENTS, made, own_models, transient_of
from test_spice_equations import FUNCTION_CASES, POINTS, function_model

import memnet as mn
from memnet import equations

openvaf_py = pytest.importorskip("openvaf_py", reason="no OpenVAF here: pip install memnet-sim[verilog]")

N_POINTS = 20


class Module:
    """A module of Verilog-A, compiled."""

    def __init__(self, model: type[mn.devices.EquationDevice], folder) -> None:
        path = folder / f"{model.model}.va"
        path.write_text(model.to_verilog_a())
        (self.compiled,) = openvaf_py.compile_va(str(path))
        self.node = {node["name"]: node["idx"] for node in self.compiled.get_dae_system()["nodes"]}
        self.voltage = f"V({','.join(list(self.node)[:2])})"

    def at(self, values: dict[str, float]) -> tuple[np.ndarray, np.ndarray]:
        """Return what leaves each node, and its derivatives, at given parameters and voltages.

        A current and a charge each: (nodes, 2) and (nodes, nodes, 2).
        """
        kinds = zip(self.compiled.param_names, self.compiled.param_kinds, strict=True)
        assert {name for name, kind in kinds if kind in ("param", "voltage")} <= values.keys()
        residuals, entries = self.compiled.run_init_eval({"mfactor": 1.0, **values})
        jacobian = np.zeros((len(residuals), len(residuals), 2))
        for row, column, *entry in entries:
            jacobian[row, column] = entry
        return np.array(residuals), jacobian


def simulation(device: mn.Device) -> mn.Simulation:
    """Return a simulation of which the device's edges are the points, and the last one is read by them."""
    net = mn.Network(2, [(0, 1)] * (N_POINTS + 1), length=[0.5] * (N_POINTS + 1), electrodes={"in": 0, "out": 1})
    devices = [device] * N_POINTS + [made("Balance", BALANCE, g_max=0.2)]
    return mn.Simulation(net, devices, {"in": 0.0, "out": 0.0})


def ranges(device: mn.devices.EquationDevice) -> dict[str, tuple[float, float, float]]:
    """Return the range of each state, and its unit."""
    table = equations.table(equations.parse(device.model, device.text))
    found = {}
    for name, field in table.states.items():
        low, high = (
            number if of is None else (-1.0 if of.is_negative else 1.0) * device.parameters[of.name]
            for number, of in ((field.low, field.low_of), (field.high, field.high_of))
        )
        found[name] = (low, high, high - low if np.isfinite(high - low) else abs(field.initial or 0.0) or 1.0)
    return found


def device_and_amplitude(name: str) -> tuple[mn.devices.EquationDevice, float]:
    of = TRANSIENTS[name]() if name in TRANSIENTS else transient_of(own_models()[name]())
    return of.device, of.amplitude


@pytest.mark.parametrize("name", [*TRANSIENTS, *own_models()])
def test_currents_charges_rates_and_slopes(name, tmp_path):
    """Those that read states of another edge are compiled only: memnet gives no derivatives of them alone."""
    device, amplitude = device_and_amplitude(name)
    module, reads = Module(type(device), tmp_path), device._table["linked_states"]
    if not reads:
        compare(module, device if reads is None else mn.link(device, to=N_POINTS), amplitude)


def test_a_module_reads_another_edge(tmp_path):
    """Its ports are the nodes of that edge and its states, of which one is a parameter here for memnet's equations."""
    module = Module(type(made("Channel", CHANNEL)), tmp_path)
    with_parameter = CHANNEL.replace("linked.g", "strength") + "\nparameter strength = 0.1"
    compare(module, mn.link(made("WithParameter", with_parameter), to=N_POINTS), 1.0)


def compare(module: Module, device: mn.devices.EquationDevice, amplitude: float) -> None:
    """Compare a module at random points to what memnet makes of the equations."""
    rng = np.random.default_rng(1)
    voltage = rng.uniform(-amplitude, amplitude, N_POINTS + 1)
    voltage[-1] = 0.9
    states = {}
    for state, (low, high, unit) in ranges(device).items():
        low, high = (low, high) if np.isfinite(high - low) else (max(low, 0.1 * unit), 2.0 * unit)
        states[state] = low + (high - low) * rng.uniform(0.01, 0.99, N_POINTS)
    fields = [field["name"] for field in device._table["fields"] if field["role"] == "state"]
    values = np.array([states.get(name, np.zeros(N_POINTS)) for name in fields]).reshape(len(fields), N_POINTS)
    found = simulation(device)._core.linearise(0, voltage, values, 0.0)
    for k in range(N_POINTS):
        compare_at(module, device, k, voltage, states, found)


def compare_at(module, device, k, voltage, states, found):
    units = {state: unit for state, (_, _, unit) in ranges(device).items()}
    given = {**device.parameters, module.voltage: voltage[k], "$abstime": 0.0, "length": 0.5}
    given |= {"V(linked_a,linked_b)": voltage[-1], "V(linked_g)": 0.1} if device.linked_to is not None else {}
    given |= {f"V(in_units_{state})": states[state][k] / unit for state, unit in units.items()}
    leaves, slope = module.at({name: float(x) for name, x in given.items()})
    close(leaves[0], [found["i"][k], found["q"][k]])
    close(leaves[1], [-found["i"][k], -found["q"][k]])
    close(slope[0, 0], [found["i_v"][k], found["q_v"][k]])
    for row, (state, unit) in enumerate(units.items()):
        node = module.node[f"in_units_{state}"]
        close(leaves[node], [-found["f"][row, k] / unit, states[state][k] / unit])
        close(slope[node, 0, 0], -found["f_v"][row, k] / unit)
        close(slope[node, node], [-found["f_x"][row, k], 1.0])
        close(slope[0, node, 0], found["i_x"][row, k] * unit)


def close(found, expected):
    """What cancels inside an equation is left out: currents are compared to a billionth of themselves."""
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize("text", FUNCTION_CASES)
def test_functions_and_slopes(text, tmp_path):
    device = mn.device_model("Function", function_model(text))()
    module, sim = Module(type(device), tmp_path), simulation(device)
    for u in POINTS:
        leaves, slope = module.at({**device.parameters, "V(a,b)": u})
        found = sim._core.linearise(0, np.full(N_POINTS + 1, u), None, 0.0)
        np.testing.assert_allclose(leaves[0, 0], FUNCTION_CASES[text](u), rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(slope[0, 0, 0], found["i_v"][0], rtol=1e-9, atol=1e-15)


def test_states_stop_at_the_ends_of_their_ranges(tmp_path):
    """At an end a rate that leads out is 0, one that leads in is whole; beyond it all lead back."""
    device = TRANSIENTS["filament"]().device
    module = Module(type(device), tmp_path)
    node, full = module.node["in_units_gap"], device.mu / device.d

    def rate(voltage: float, gap: float) -> float:
        at = {**device.parameters, "V(a,b)": voltage, "V(in_units_gap)": gap, "V(in_units_W)": 0.0}
        return -module.at(at)[0][node, 0]

    assert (rate(1.0, 1.0), rate(-1.0, 0.0)) == (0.0, 0.0)
    assert (rate(-1.0, 1.0), rate(1.0, 0.0)) == (pytest.approx(-full), pytest.approx(full))
    assert rate(1.0, 1.001) < 0.0 < rate(-1.0, -0.001)


def test_names_that_have_a_meaning_in_verilog(tmp_path):
    """Ports, words of the language and inner names are in nobody's way."""
    text = """
        i  = (a + b*table)*v + real*mn_expm1*expm1(v/v_1)
        dtable/dt = -table/unit_table
        parameter a = 1 S
        parameter b = 2 S
        parameter real = 3 A
        parameter mn_expm1 = 4
        parameter v_1 = 1 V
        parameter unit_table = 5 s
        parameter in_units_table = 6 S in (-inf, 7]
        state table = 1 in [-1, 1] : a "quoted" \\ state
    """
    module = Module(mn.device_model("module", text), tmp_path)
    assert module.compiled.name == "module_2"
    named = {"a": 1.0, "b": 2.0, "real_2": 3.0, "mn_expm1_2": 4.0, "v_1": 1.0, "unit_table": 5.0}
    leaves, _ = module.at({**named, "V(a_2,b_2)": 0.5, "V(in_units_table_2)": 0.25})
    assert leaves[0, 0] == pytest.approx((1.0 + 2.0 * 0.5) * 0.5 + 12.0 * np.expm1(0.5), rel=1e-12)
