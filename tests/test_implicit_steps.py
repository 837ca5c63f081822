"""Implicit steps of a fixed length: closed forms, events inside a step, SciPy and ngspice, and equal bits."""

import shutil
import subprocess

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.integrate import solve_ivp
from scipy.linalg import expm

import memnet as mn
from memnet.drive import constant, current, pulses, sine


def network(n_nodes, edges, **electrodes):
    return mn.Network(n_nodes, edges, electrodes=electrodes)


def ohms(resistance):
    return mn.Resistor(conductance=1.0 / resistance)


def farads(capacitance, **further):
    return mn.Capacitor(capacitance=capacitance, method="trapezoidal", **further)


def potentials(sim, duration, node):
    n = round(duration / sim.dt) + 1
    data = sim.run(n, record={"potential": [node]})
    return data.time.values, data.potential.values[:, 0]


# ------------------------------------------------------------------ order

FREQUENCY = 0.3
OMEGA = 2.0 * np.pi * FREQUENCY


def rc(wave, dt):
    return mn.Simulation(network(3, [(0, 1), (1, 2)], i=0, g=2), [ohms(1.0), farads(1.0)], {"i": wave, "g": 0.0}, dt=dt)


def rl(wave, dt):
    devices = [ohms(1.0), mn.Inductor(inductance=1.0)]
    return mn.Simulation(network(3, [(0, 1), (1, 2)], i=0, g=2), devices, {"i": wave, "g": 0.0}, dt=dt)


def rlc(resistance):
    def simulation(wave, dt):
        devices = [ohms(resistance), mn.Inductor(inductance=1.0), farads(1.0)]
        return mn.Simulation(network(4, [(0, 1), (1, 2), (2, 3)], i=0, g=3), devices, {"i": wave, "g": 0.0}, dt=dt)

    return simulation


N_LADDER = 50


def ladder(wave, dt):
    n, resistor, capacitor = N_LADDER, ohms(1.0), farads(1.0)
    edges = [(k, k + 1) for k in range(n)] + [(k + 1, n + 1) for k in range(n)]
    devices = [resistor] * n + [capacitor] * n
    return mn.Simulation(network(n + 2, edges, i=0, g=n + 1), devices, {"i": wave, "g": 0.0}, dt=dt)


def ladder_matrix():
    n = N_LADDER
    matrix = np.diag(np.full(n - 1, 1.0), 1) + np.diag(np.full(n - 1, 1.0), -1) - 2.0 * np.eye(n)
    matrix[-1, -1] = -1.0
    return matrix, np.eye(n)[0]


def rlc_matrix(resistance):
    return np.array([[-resistance, -1.0], [1.0, 0.0]]), np.array([1.0, 0.0])


def linear(matrix, into, state, wave):
    """Return a state of x' = A x + b u(t), x(0) = 0, in closed form: u is 1, or the sine."""

    rate, mode = np.linalg.eig(matrix)

    def decayed(start, t):
        """Return the state at t where nothing drives it."""
        return ((mode[state] * np.linalg.solve(mode, start)) @ np.exp(np.outer(rate, t))).real

    def at(t):
        if wave == "step":
            rest = np.linalg.solve(matrix, into)
            return decayed(rest, t) - rest[state]
        phasor = np.linalg.solve(1j * OMEGA * np.eye(len(matrix)) - matrix, into)
        return (phasor[state] * np.exp(1j * OMEGA * t)).imag - decayed(phasor.imag, t)

    return at


def of_inductor(wave):
    """Return the voltage of an inductor behind a resistance: what the resistance leaves of the drive."""
    rest = linear(np.array([[-1.0]]), np.array([1.0]), 0, wave)
    return lambda t: (np.ones_like(t) if wave == "step" else np.sin(OMEGA * t)) - rest(t)


CIRCUITS = {
    "RC": (rc, 1, lambda wave: linear(np.array([[-1.0]]), np.array([1.0]), 0, wave)),
    "RL": (rl, 1, of_inductor),
    "RLC, underdamped": (rlc(0.3), 2, lambda wave: linear(*rlc_matrix(0.3), 1, wave)),
    "RLC, overdamped": (rlc(5.0), 2, lambda wave: linear(*rlc_matrix(5.0), 1, wave)),
    "ladder": (ladder, 1, lambda wave: linear(*ladder_matrix(), 0, wave)),
}


@pytest.mark.parametrize("wave", ["step", "sine"])
@pytest.mark.parametrize("name", CIRCUITS)
def test_e_the_error_falls_with_the_square_of_dt(name, wave):
    simulation, node, exact = CIRCUITS[name]
    drive = 1.0 if wave == "step" else sine(1.0, frequency=FREQUENCY)
    error = []
    for dt in (0.025, 0.0125):
        t, found = potentials(simulation(drive, dt), 6.0, node)
        error.append(np.abs(found - exact(wave)(t)).max())
    assert error[1] < 1e-3
    assert abs(np.log2(error[0] / error[1]) - 2.0) < 0.1


def test_e_the_first_row_has_the_voltage_that_the_capacitor_starts_with():
    for v in (0.0, 0.3, -1.7):
        sim = mn.Simulation(
            network(4, [(0, 1), (1, 2), (1, 3)], i=0, g=2, x=3),
            [ohms(1e3), farads(1e-9, v_initial=v), mn.Diode()],
            {"i": 2.0, "g": 0.1, "x": None},
            dt=1e-7,
        )
        data = sim.run(2, record={"potential": [1]})
        assert data.potential.values[0, 0] - 0.1 == pytest.approx(v, abs=1e-16)
        assert sim.current[0] != 0.0


def test_e_backward_euler_capacitors_stay_of_first_order_beside_diodes():
    def final(dt, method):
        devices = [ohms(1.0), mn.Capacitor(capacitance=1.0, method=method), mn.Diode()]
        sim = mn.Simulation(network(3, [(0, 1), (1, 2), (2, 1)], i=0, g=2), devices, {"i": 1.0, "g": 0.0}, dt=dt)
        return potentials(sim, 1.0, 1)[1][-1] - (1.0 - np.exp(-1.0))

    first = [final(dt, "backward-euler") for dt in (0.02, 0.01)]
    second = [final(dt, "trapezoidal") for dt in (0.02, 0.01)]
    assert abs(np.log2(first[0] / first[1]) - 1.0) < 0.1
    assert abs(np.log2(second[0] / second[1]) - 2.0) < 0.1


def charged_by_pulses(t, low, high, start, length, spacing):
    """Return the voltage of a capacitor behind R C = 1 s under pulses."""
    times = [0.0]
    values = [low]
    while times[-1] <= t[-1]:
        k = len(times) // 2
        times += [start + k * (length + spacing), start + k * (length + spacing) + length]
        values += [high, low]
    v, out = 0.0, np.empty_like(t)
    for k, (begin, level) in enumerate(zip(times, values, strict=True)):
        end = times[k + 1] if k + 1 < len(times) else np.inf
        inside = (t >= begin) & (t < end)
        out[inside] = level + (v - level) * np.exp(-(t[inside] - begin))
        v = level + (v - level) * np.exp(-(end - begin))
    return out


@settings(max_examples=20)
@given(st.floats(0.0, 0.3), st.floats(0.03, 0.8), st.floats(0.03, 0.8))
def test_e_pulses_may_start_and_end_inside_a_step(start, length, spacing):
    wave = pulses(0.2, 1.0, length=length, spacing=spacing, start=start)
    t, found = potentials(rc(wave, 0.01), 2.0, 1)
    exact = charged_by_pulses(t, 0.2, 1.0, start, length, spacing)
    assert np.abs(found - exact).max() < 3e-5


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(2, 7))
def test_e_random_networks_of_resistances_and_capacitances(seed, n):
    random = np.random.default_rng(seed)
    edges = [(k, int(random.integers(k))) for k in range(1, n + 1)]
    edges += [tuple(random.choice(n + 1, 2, replace=False)) for _ in range(n)]
    g = random.uniform(0.2, 2.0, len(edges))
    c = random.uniform(0.5, 2.0, n)
    earth = n + 1
    edges = [(int(a), int(b)) for a, b in edges]
    net = network(n + 2, edges + [(k, earth) for k in range(1, n + 1)], i=0, g=earth)
    per_edge = np.concatenate([g, np.ones(n)]), np.concatenate([np.ones(len(g)), c])
    resistor = mn.Resistor(conductance=per_edge[0])
    capacitor = mn.Capacitor(capacitance=per_edge[1], method="trapezoidal")
    sim = mn.Simulation(net, [resistor] * len(edges) + [capacitor] * n, {"i": 1.0, "g": 0.0}, dt=0.004)
    data = sim.run(501, record=["potential"])
    laplacian = np.zeros((n + 1, n + 1))
    for (a, b), value in zip(edges, g, strict=True):
        laplacian[[a, b, a, b], [a, b, b, a]] += np.array([1.0, 1.0, -1.0, -1.0]) * value
    matrix, into = -laplacian[1:, 1:] / c[:, None], -laplacian[1:, 0] / c
    exact = np.linalg.solve(matrix, (expm(matrix * 2.0) - np.eye(n)) @ into)
    assert np.abs(data.potential.values[-1, 1 : n + 1] - exact).max() < 2e-4


# ------------------------------------------------------------------ currents that are not linear


def rectifier(dt, devices):
    net = network(3, [(0, 1), (1, 2), (1, 2)], i=0, g=2)
    return mn.Simulation(net, devices, {"i": sine(5.0, frequency=50.0), "g": 0.0}, dt=dt)


def test_e_a_rectifier_against_radau():
    thermal = 1.380649e-23 / 1.602176634e-19 * 300.15
    devices = [mn.Diode(saturation_current=1e-9), farads(1e-6), ohms(20e3)]

    def rate(t, v):
        drop = 5.0 * np.sin(2.0 * np.pi * 50.0 * t) - v
        return (1e-9 * np.expm1(drop / thermal) - v / 20e3) / 1e-6

    t = np.arange(0.0, 0.05, 1e-3)
    exact = solve_ivp(rate, (0.0, 0.05), [0.0], "Radau", t, rtol=1e-10, atol=1e-12).y[0]
    error = []
    for dt in (1e-5, 5e-6):
        found = potentials(rectifier(dt, devices), 0.049, 1)[1][:: round(1e-3 / dt)]
        error.append(np.abs(found - exact).max())
    assert error[1] < 2e-4
    assert error[0] / error[1] > 3.0


def test_e_selectors_of_a_floating_crossbar():
    def read(n, resistance):
        rows, columns = np.divmod(np.arange(n * n), n)
        inner = 2 * n + np.arange(n * n)
        edges = np.concatenate([np.stack([rows, inner], 1), np.stack([inner, n + columns], 1)])
        net = mn.Network(2 * n + n * n, edges, electrodes={"w": 0, "b": n})
        selector, cell = mn.Selector(i_0=1e-9, v_0=0.1), ohms(10e3)
        devices = [selector] * (n * n) + [ohms(resistance)] + [cell] * (n * n - 1)
        sim = mn.Simulation(net, devices, {"w": 1.0, "b": 0.0})
        current, a, b = sim.branch_current, *np.asarray(net.edges).T
        into = np.bincount(b, current, net.n_nodes) - np.bincount(a, current, net.n_nodes)
        assert np.abs(np.delete(into, [0, n])).max() < 1e-15
        assert sim._core.step_counters["solves"] <= 8
        return sim.current[0]

    assert read(8, 10e3) / read(8, 1e6) == pytest.approx(11.67, abs=5e-3)
    assert read(32, 10e3) / read(32, 1e6) == pytest.approx(4.43, abs=5e-3)


# ------------------------------------------------------------------ events

PERIOD = 14.6691806e-6


def oscillator(steps):
    net = network(3, [(0, 1), (1, 2), (1, 2)], i=0, g=2)
    devices = [ohms(20e3), farads(1e-9), mn.ThresholdSwitch()]
    return mn.Simulation(net, devices, {"i": 2.0, "g": 0.0}, dt=PERIOD / steps)


@pytest.mark.parametrize(("steps", "tolerance"), [(150, 1e-3), (1500, 1e-5)])
def test_e_the_period_of_a_relaxation_oscillator(steps, tolerance):
    data = oscillator(steps).run(6 * steps)
    closed = data.event_time.values[data.event_kind.values == 1]
    assert closed[0] == pytest.approx(18.5637e-6, rel=1e-5)
    assert np.diff(closed) == pytest.approx(PERIOD, rel=tolerance)
    assert np.abs(np.diff(closed) / PERIOD - 1.0).max() < 0.5 * tolerance


def neuristor(dt, wave):
    net = network(5, [(1, 3), (1, 0), (2, 4), (2, 0), (2, 0), (1, 2)], g=0, i=1, n=3, p=4)
    switch = mn.ThresholdSwitch(v_on=1.0, v_off=0.5, r_on=50e3, r_off=10e6)
    devices = [switch, farads(3e-9), switch, farads(2e-9), ohms(1e9), ohms(100e3)]
    return mn.Simulation(net, devices, {"g": 0.0, "i": current(wave), "n": -0.9, "p": 0.9}, dt=dt)


def upward(t, v, level):
    k = np.flatnonzero((v[:-1] < level) & (v[1:] >= level))
    return t[k] + (level - v[k]) / (v[k + 1] - v[k]) * (t[1] - t[0])


def test_e_the_spikes_of_a_neuristor():
    sim = neuristor(2e-6, pulses(0.0, 1e-6, length=10e-3, spacing=1.0, start=0.1, count=1))
    t, v = potentials(sim, 0.115, 2)
    spikes = upward(t, v, 0.2)
    assert len(spikes) == 18
    assert np.diff(spikes).mean() == pytest.approx(0.5357995e-3, rel=1e-4)
    after = v[t > 0.1]
    assert after.min() == pytest.approx(-0.1, abs=1e-3)
    assert after.max() == pytest.approx(0.4, abs=1e-3)


@pytest.mark.parametrize(("amplitude", "fires"), [(21.2e-9, False), (21.4e-9, True)])
def test_e_a_neuristor_fires_all_or_nothing(amplitude, fires):
    sim = neuristor(1e-4, pulses(0.0, amplitude, length=0.1, spacing=10.0, start=0.2, count=1))
    assert (sim.run(duration=0.4).sizes["event"] > 0) == fires


NETLIST = """neuristor without switches: a diode pair
V1 1 0 SIN(0 2 1k)
R1 1 2 1k
C1 2 0 100n IC=0
D1 2 0 D
D2 0 2 D
.model D D(IS=1e-12 N=1)
.options reltol=1e-7 abstol=1e-15 vntol=1e-9 gmin=1e-15 temp=27
.tran 1u 2m 0 0.2u UIC
.print tran v(2)
.end
"""


def test_e_diodes_against_ngspice(tmp_path):
    if shutil.which("ngspice") is None:
        pytest.skip("no ngspice here")
    path = tmp_path / "diodes.cir"
    path.write_text(NETLIST, encoding="utf-8")
    said = subprocess.run(["ngspice", "-b", str(path)], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in said.splitlines()]
    table = np.array([[float(x) for x in row] for row in rows if len(row) == 3 and row[0].isdigit()])
    devices = [ohms(1e3), farads(100e-9), mn.Diode(saturation_current=1e-12)]
    net = network(3, [(0, 1), (1, 2), (1, 2), (2, 1)], i=0, g=2)
    sim = mn.Simulation(net, [*devices, devices[2]], {"i": sine(2.0, frequency=1e3), "g": 0.0}, dt=1e-6)
    t, v = potentials(sim, 2e-3, 1)
    assert np.abs(np.interp(table[:, 1], t, v) - table[:, 2]).max() < 2e-4


# ------------------------------------------------------------------ bits, and what goes wrong


def busy():
    return neuristor(1e-5, pulses(0.0, 1e-6, length=3.3333e-3, spacing=0.41777e-3, start=1.23456e-3))


def test_e_the_bits_do_not_depend_on_chunks_recording_or_checkpoints(tmp_path):
    n, split = 700, 333
    whole = busy().run(n)
    assert whole.sizes["event"] > 20
    for chunk in (1, 7):
        sim = busy()
        parts = [sim.run(min(chunk, n - k), record=["potential"]) for k in range(0, n, chunk)]
        assert np.concatenate([one.current for one in parts]).tobytes() == whole.current.values.tobytes()
        assert np.concatenate([one.event_time for one in parts]).tobytes() == whole.event_time.values.tobytes()
    sim = busy()
    sim.step(split)
    sim.save(tmp_path / "here")
    for other in (sim.copy(), mn.Simulation.load(tmp_path / "here")):
        assert other.branch_current.tobytes() == sim.branch_current.tobytes()
        rest = other.run(n - split)
        assert rest.current.values.tobytes() == whole.current.values[split:].tobytes()
        assert rest.event_time.values.tobytes() == whole.event_time.values[-rest.sizes["event"] :].tobytes()
    sim._core.verify()


def test_e_other_drives_and_states_start_anew():
    sim = rc(1.0, 0.01)
    sim.step(50)
    sim.set_drive({"i": 0.0, "g": 0.0})
    held = sim.state(sim.devices[1], "v")[0]
    t, v = potentials(sim, 1.0, 1)
    assert v[0] == held
    assert v == pytest.approx(held * np.exp(-(t - t[0])), abs=1e-5)
    sim.set_state(sim.devices[1], v=0.7)
    assert potentials(sim, 0.1, 1)[1][0] == 0.7


def test_e_a_capacitor_cannot_follow_a_source_that_jumps():
    net = network(2, [(0, 1)], i=0, g=1)
    sim = mn.Simulation(net, farads(1e-9), {"i": pulses(0.0, 1.0, length=1.0, spacing=1.0, start=2.5), "g": 0.0})
    with pytest.raises(ValueError, match=r"t = 2.5 s: a loop of voltages and capacitors .*edge 0 \(n0-n1\)"):
        sim.run(10)
    assert sim.steps_done == 2
    smooth = mn.Simulation(net, farads(1e-9), {"i": sine(1.0, frequency=1e-3), "g": 0.0})
    t, i = (data := smooth.run(100)).time.values[1:], data.current.values[1:, 0]
    slope = 2e-3 * np.pi * np.cos(2e-3 * np.pi * t)
    assert i == pytest.approx(1e-9 * slope, abs=3e-14)


@pytest.mark.parametrize("method", ["fixed", "adaptive"])
def test_e_a_switch_that_toggles_for_ever_is_named(method):
    net = network(3, [(0, 1), (1, 2)], i=0, g=2)
    drive = {"i": mn.drive.triangle(0.0, 2.0, period=2.0), "g": 0.0}
    sim = mn.Simulation(net, [ohms(20e3), mn.ThresholdSwitch()], drive, dt=0.01, method=method)
    with pytest.raises(ArithmeticError, match=r"again and again at one moment: ThresholdSwitch.* edge 1 \(n1-n2\)"):
        sim.run(100)
    assert sim.steps_done == 61
    assert np.isfinite(sim.potential).all()


def test_e_currents_that_cannot_balance_are_named_and_the_last_good_state_stays():
    net = network(2, [(0, 1)], i=0, g=1)
    wave = mn.drive.piecewise_linear([0.0, 1.0], [1e-3, -1e-3])
    sim = mn.Simulation(net, mn.Diode(), {"i": current(wave), "g": 0.0}, dt=0.1)
    with pytest.raises(ArithmeticError, match=r"step 5: no potentials were found .*node [01] is -0.0002"):
        sim.run(20)
    good = sim.steps_done
    sim.set_drive({"i": 0.5, "g": 0.0})
    sim.run(3)
    assert sim.steps_done == good + 3


def test_e_inductors_in_series_share_a_node():
    devices = [ohms(1.0), mn.Inductor(inductance=1.0), mn.Inductor(inductance=2.0)]
    net = network(4, [(0, 1), (1, 2), (2, 3)], i=0, g=3)
    data = mn.Simulation(net, devices, {"i": constant(1.0), "g": 0.0}, dt=0.01).run(101, record=["potential"])
    decay = np.exp(-data.time.values / 3.0)
    assert data.potential.values[1:, 1] == pytest.approx(decay[1:], abs=1e-6)
    assert data.potential.values[1:, 2] == pytest.approx(2.0 / 3.0 * decay[1:], abs=1e-6)


# ------------------------------------------------------------------ at rest


def test_e_the_static_operating_point_of_devices():
    net = network(3, [(0, 1), (1, 2)], i=0, g=2)
    thermal = 1.380649e-23 / 1.602176634e-19 * 300.15
    for volts in (0.3, 5.0, 200.0, -5.0):
        found = mn.solve(net, drive={"i": volts, "g": 0.0}, devices=[ohms(1e3), mn.Diode()])
        v = found.potential[1]
        assert (volts - v) / 1e3 == pytest.approx(1e-14 * np.expm1(v / thermal), rel=1e-9, abs=1e-16 * abs(volts))
        assert found.conductance == pytest.approx(found.current_of("i") / volts, rel=1e-6)
    bridge = network(4, [(0, 2), (1, 2), (3, 0), (3, 1), (2, 3)], i=0, g=1)
    found = mn.solve(bridge, drive={"i": -100.0, "g": 0.0}, devices=[*[mn.Diode()] * 4, ohms(1e3)])
    assert found.potential[2] - found.potential[3] == pytest.approx(98.45, abs=0.01)
    assert found.info["newton_steps"] < 20
    held = mn.solve(net, drive={"i": 5.0, "g": 0.0}, devices=[ohms(1.0), farads(1.0, v_initial=2.0)])
    assert held.potential.tolist() == [5.0, 5.0, 0.0]
    plain = mn.solve(net, drive={"i": 5.0, "g": 0.0}, devices=[ohms(1.0), ohms(4.0)])
    assert plain.potential == pytest.approx(mn.solve(net, [1.0, 0.25], {"i": 5.0, "g": 0.0}).potential, rel=1e-15)


def test_e_bad_input_of_the_static_point_is_named():
    net = network(3, [(0, 1), (1, 2)], i=0, g=2)
    drive = {"i": 1.0, "g": 0.0}
    with pytest.raises(ValueError, match=r"node 1 has no potential at rest.*edges 0, 1"):
        mn.solve(net, drive=drive, devices=farads(1.0))
    with pytest.raises(TypeError, match="conductance or devices"):
        mn.solve(net, 1.0, drive, devices=ohms(1.0))
    with pytest.raises(TypeError, match="conductance or devices"):
        mn.solve(net, drive=drive)
    with pytest.raises(TypeError, match="drive"):
        mn.solve(net, devices=ohms(1.0))
    with pytest.raises(ValueError, match="injected"):
        mn.solve(net, drive=drive, devices=ohms(1.0), injected={1: 1.0})
    with pytest.raises(ValueError, match=r"drive\['i'\] must be constant"):
        mn.solve(net, drive={"i": sine(1.0, frequency=1.0), "g": 0.0}, devices=ohms(1.0))
