"""Random circuits of all elements: no crash, no silent nan, and bits that depend on nothing but the circuit."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet import drive

RECORDED = {"potential": True, "branch_current": True}
N_ROWS = 24
NO_ANSWER = ("crossed again and again", "a loop of voltages and capacitors", "no potentials were", "no step is short")


def wave(rng, amplitude, period):
    """Return a waveform with jumps, with corners, or smooth; jumps fall on rows of period / 24."""
    return (
        lambda: float(rng.uniform(-amplitude, amplitude)),
        lambda: drive.sine(amplitude, frequency=rng.uniform(0.3, 4.0) / period),
        lambda: drive.triangle(-amplitude, amplitude, period=period * rng.uniform(0.2, 2.0)),
        lambda: drive.pulses(0.0, amplitude, length=period / 4, spacing=period / 8),
        lambda: drive.pulses(0.0, amplitude, length=period * rng.uniform(0.05, 0.3), spacing=period / 10),
        lambda: drive.piecewise_linear(period * np.array([0.0, 0.4, 0.4, 0.9]), rng.uniform(-amplitude, amplitude, 4)),
    )[rng.integers(6)]()


def element(rng, period, other):
    """Return an element; what reads another edge reads `other`."""
    memristor = mn.RateBalance(kappa_p0=0.01 / period, kappa_d0=1.0 / period, eta_p=5.0, g_min=1e-5, g_max=1e-2)
    size = float(10.0 ** rng.uniform(-1.0, 1.0))
    return (
        lambda: mn.Resistor(conductance=1e-3 * size),
        lambda: mn.Capacitor(capacitance=1e-4 * period * size, method="trapezoidal"),
        lambda: mn.Capacitor(capacitance=1e-4 * period * size, v_initial=0.3),
        lambda: mn.Inductor(inductance=300.0 * period * size),
        lambda: mn.series(mn.Resistor(conductance=1e-2), mn.Diode(g_min=1e-12)),
        lambda: mn.series(mn.Selector(i_0=1e-6), memristor),
        lambda: memristor,
        lambda: mn.Selector(i_0=1e-6 * size),
        lambda: mn.CubicResistor(g_1=1e-3 * size, g_3=1e-3),
        lambda: mn.Switch(control=wave(rng, 1.5, period), r_on=100.0 * size, r_off=1e6),
        lambda: mn.ThresholdSwitch(v_on=rng.uniform(0.5, 1.5), v_off=0.3, r_on=100.0 * size),
        lambda: mn.VoltageSource(voltage=wave(rng, 1.0, period), resistance=1e3 * size),
        lambda: mn.CurrentSource(current=wave(rng, 1e-3, period)),
        lambda: mn.link(mn.Transistor(v_t=float(rng.uniform(-0.5, 0.8))), to=other),
    )[rng.integers(14)]()


def circuit(seed, method):
    """Return a simulation of at most nine elements between four nodes, each node with a resistance to ground."""
    rng = np.random.default_rng(seed)
    n_nodes, period = int(rng.integers(2, 5)), float(10.0 ** rng.uniform(-6.0, 2.0))
    edges = [(int(rng.integers(0, k)), k) for k in range(1, n_nodes)]
    edges += [tuple(map(int, rng.choice(n_nodes, 2, replace=False))) for _ in range(rng.integers(1, 7))]
    devices = [element(rng, period, (k + 1) % len(edges)) for k in range(len(edges))]
    edges += [(0, k) for k in range(1, n_nodes)] + [(n_nodes, n_nodes - 1)]
    devices += [mn.Resistor(conductance=1e-5)] * (n_nodes - 1) + [mn.Resistor(conductance=1e-2)]
    net = mn.Network(n_nodes + 1, edges, electrodes={"ground": 0, "source": n_nodes})
    driven = {"ground": 0.0, "source": wave(rng, 2.0, period)}
    return mn.Simulation(net, devices, driven, dt=period / N_ROWS, method=method)


def attempt(function):
    """Return what a call returns, or the message of what a circuit may have no answer to."""
    try:
        return function()
    except (ArithmeticError, ValueError) as error:
        if not any(words in str(error) for words in NO_ANSWER):
            raise
        return str(error)


def in_pieces(sim, cut, path):
    """Take the rows in three pieces, and go on from a checkpoint, a copy or a pickle between them."""
    parts = [sim.run(cut, record=RECORDED)]
    sim.save(path)
    sim = mn.Simulation.load(path)
    _ = sim.potential, sim.counters, repr(sim)
    parts.append(sim.run(1, record=RECORDED))
    sim = pickle.loads(pickle.dumps(sim)) if cut % 2 else copy.deepcopy(sim)
    parts.append(sim.run(N_ROWS - cut, record=RECORDED))
    return {name: b"".join(part[name].values.tobytes() for part in parts) for name in parts[0]}


@pytest.mark.filterwarnings("ignore::memnet.StepWarning")
@pytest.mark.parametrize("method", ["fixed", "adaptive"])
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), cut=st.integers(1, N_ROWS - 1))
def test_bits_of_random_circuits(method, tmp_path_factory, seed, cut):
    data = attempt(lambda: circuit(seed, method).run(N_ROWS + 1, record=RECORDED))
    if isinstance(data, str):
        return
    assert all(np.isfinite(data[name].values).all() for name in ("current", "voltage", "potential", "branch_current"))
    path = tmp_path_factory.mktemp("circuits") / "a.ckpt"
    pieces = in_pieces(circuit(seed, method), cut, path)
    assert pieces == {name: data[name].values.tobytes() for name in data}


def switches(sim):
    """Return which switches of a simulation are closed."""
    return [sim.state(device, "on").tolist() for device in sim.devices if "Switch" in device.model]


@pytest.mark.filterwarnings("ignore::memnet.StepWarning")
@pytest.mark.parametrize("method", ["fixed", "adaptive"])
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), steps=st.integers(0, N_ROWS))
def test_looks_and_steps_that_fail_leave_no_trace(method, seed, steps):
    looked = circuit(seed, method)
    attempt(lambda: looked.run(steps))
    untouched = looked.copy()
    attempt(lambda: looked.potential)
    assert switches(looked) == switches(untouched)
    failed = isinstance(attempt(lambda: looked.copy().run(1)), str)
    if failed:
        attempt(lambda: looked.run(1))
    if switches(looked) != switches(untouched):
        return  # a step fails after its row, at which a switch has moved
    for sim in (looked, untouched):
        sim.set_drive({"ground": 0.0, "source": 0.05})
    first, second = (attempt(lambda sim=sim: sim.run(3, record=RECORDED)) for sim in (looked, untouched))
    if isinstance(first, str):
        assert first == second
    else:
        bits = ({name: one[name].values.tobytes() for name in one} for one in (first, second))
        assert next(bits) == next(bits)


def jumping(rng, period, n):
    """Return a waveform whose jumps are at multiples of period / n."""
    whole = [period * int(k) / n for k in rng.integers(1, n, 3)]
    at = np.sort(rng.choice(np.arange(1, n), 3, replace=False)) * period / n
    return (
        lambda: drive.pulses(*rng.uniform(-2.0, 2.0, 2), length=whole[0], spacing=whole[1], start=whole[2]),
        lambda: drive.concat(
            [(float(v), s) for v, s in zip(rng.uniform(-2, 2, 3), whole, strict=True)] + [(0.3, None)]
        ),
        lambda: drive.from_array(rng.uniform(-2.0, 2.0, 5), period / n * int(rng.integers(1, 4)), repeat=True),
        lambda: drive.piecewise_linear([0.0, at[0], at[0], at[1], at[1], at[2]], rng.uniform(-2.0, 2.0, 6)),
    )[rng.integers(4)]()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(6, 60), decade=st.floats(-7.0, 4.0))
def test_rows_at_jumps_are_those_after_them_in_all_three_ways(seed, n, decade):
    rng, period = np.random.default_rng(seed), 10.0**decade
    net = mn.Network(2, [(0, 1)], electrodes={"source": 0, "ground": 1})
    source, control = (jumping(rng, period, n) + jumping(rng, period, n) for _ in range(2))

    def voltage(device, wave, **options):
        sim = mn.Simulation(net, device, {"source": wave, "ground": 0.0}, dt=period / n, **options)
        return sim.run(3 * n, record={f"state:{name}": device for name in ("on",) if device.model == "Switch"})

    plain = voltage(mn.Resistor(), source).voltage.sel(electrode="source").values
    closed = voltage(mn.Resistor(), control).voltage.sel(electrode="source").values > 0.1234567
    for method in ("fixed", "adaptive"):
        switch = mn.Switch(control=control, threshold=0.1234567, r_on=1.0, r_off=100.0)
        found = voltage(switch, source, method=method)
        assert found.voltage.sel(electrode="source").values == pytest.approx(plain, abs=1e-9)
        assert (found.state_on.values[:, 0] == closed).all()


# ------------------------------------------------------------------ the smallest that went wrong


def test_a_pulse_that_ends_on_a_row_has_ended_there():
    period = 0.001635731201932883
    pulses = drive.pulses(0.0, 1.5, length=period / 4, spacing=period / 8)
    net = mn.Network(2, [(0, 1)], electrodes={"source": 0, "ground": 1})
    device = mn.series(mn.Resistor(), mn.Diode())
    data = mn.Simulation(net, device, {"source": pulses, "ground": 0.0}, dt=period / 40).run(27)
    assert data.voltage.sel(electrode="source").values[24:].tolist() == [1.5, 0.0, 0.0]


@pytest.mark.parametrize("volts", [1e300, 1e200, 1e30])
def test_a_current_that_overflows_is_no_balance(volts):
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    devices, driven = [mn.Resistor(conductance=1e-3), mn.Diode()], {"in": volts, "out": 0.0}
    said = r"no potentials were found .*(voltage missing of electrode|current missing of node 1)"
    with pytest.raises(ArithmeticError, match=said):
        mn.solve(net, devices=devices, drive=driven)
    for method in ("fixed", "adaptive"):
        sim = mn.Simulation(net, devices, driven, dt=0.1, method=method)
        with pytest.raises(ArithmeticError, match=said):
            sim.run(2)
        assert sim.steps_done == 0


def test_a_companion_without_a_number_is_named():
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    devices = [mn.Resistor(conductance=1e-3), mn.Capacitor(capacitance=1e-6, method="trapezoidal")]
    sim = mn.Simulation(net, devices, {"in": 1.0, "out": 0.0}, dt=5e-324)
    with pytest.raises(ArithmeticError, match=r"Capacitor.conductance of edge 1 \(n1-n2\) is inf; check"):
        sim.run(2)


def test_an_inductor_beside_a_negative_resistance_has_errors_that_are_numbers():
    """At a node with no positive conductance an inductor runs away by the negative one: i' = |g| i / L, i = -g v."""
    net = mn.Network(2, [(0, 1), (0, 1)], electrodes={"ground": 0})
    devices = [mn.Inductor(inductance=1.0, i_initial=1e-6), mn.CubicResistor(g_1=-1e-3)]
    sim = mn.Simulation(net, devices, {"ground": 0.0}, dt=1e-3, method="adaptive", rtol=1e-5)
    data = sim.run(4, record={"branch_current": [0]})
    assert data.branch_current.values[:, 0] == pytest.approx(1e-6 * np.exp(1e3 * data.time.values), rel=1e-4)


def test_a_rate_without_bound_names_its_edge():
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    sim = mn.Simulation(net, mn.RateBalance(eta_p=10.0), {"in": 1e3, "out": 0.0}, method="adaptive")
    with pytest.raises(ArithmeticError, match=r"t = 0 s: no step is short enough.*RateBalance.* of edge 0 \(n0-n1\)"):
        sim.run(1)


def test_a_look_moves_no_switch():
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    devices = [mn.Resistor(conductance=1.0), mn.ThresholdSwitch(v_on=1.2, v_off=0.4, r_on=500.0)]
    sim = mn.Simulation(net, devices, {"in": 0.0, "out": 0.0}, dt=0.1)
    sim.set_drive({"in": 2.0, "out": 0.0})
    assert sim.potential[1] == pytest.approx(2.0 * 500.0 / 501.0)
    sim.set_drive({"in": 0.8, "out": 0.0})
    assert sim.run(2, record={"state:on": devices[1]}).state_on.values.tolist() == [[0.0], [0.0]]


@pytest.mark.parametrize("ohms", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("elsewhere", [0.0, 1.0])
@pytest.mark.parametrize("amperes", [-1e-3, -1e-12])
def test_a_current_that_a_diode_does_not_let_through_is_no_balance(ohms, elsewhere, amperes):
    """Potentials ran away until the rounding in the resistor was more than the current, and passed for an answer."""
    net = mn.Network(4, [(0, 1), (1, 2), (3, 2)], electrodes={"in": 0, "gnd": 2, "beside": 3})
    devices = [mn.Resistor(conductance=1.0 / ohms), mn.Diode(), mn.Resistor(conductance=1.0)]
    driven = {"in": drive.current(amperes), "gnd": 0.0, "beside": elsewhere}
    said = r"no potentials were found .*current missing of node"
    with pytest.raises(ArithmeticError, match=said):
        mn.solve(net, devices=devices, drive=driven)
    for method in ("fixed", "adaptive"):
        sim = mn.Simulation(net, devices, driven, dt=0.1, method=method)
        with pytest.raises(ArithmeticError, match=said):
            sim.run(2)
    forward = mn.solve(net, devices=devices, drive=driven | {"in": drive.current(-amperes)})
    assert forward.current[0] == -amperes
    assert 0.0 < forward.voltage[0] < 1.0 - amperes * ohms
