"""Neurons that integrate the current of an electrode: closed forms, arrays against NumPy, bits, and what is refused."""

import copy
import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet.equations import EquationError

C, G_L, E_L, V_T, V_R = 281e-12, 30e-9, -70.6e-3, -50.4e-3, -70.6e-3
TAU = C / G_L
SPIKE, RECOVERED = 1, 2


def period(current, t_ref=0.0):
    """Return the time (s) between spikes under a constant current."""
    end = E_L + current / G_L
    return TAU * math.log((end - V_R) / (end - V_T)) + t_ref


def fed(neuron, current, dt, n=1):
    """Return a simulation of `n` neurons on one electrode at 0 V, which takes a current through a resistor."""
    net = mn.Network(3, [(0, 1), *[(1, 2)] * n], electrodes={"row": 0, "column": 1, "gnd": 2})
    devices = [mn.Resistor(conductance=1e-7), *[neuron] * n]
    return mn.Simulation(net, devices, {"row": current / 1e-7, "column": 0.0, "gnd": 0.0}, dt=dt)


def exact_times(run, dt, kind=SPIKE):
    """Return when the spikes of one neuron were, inside their steps, by its age in the row behind each."""
    step = run.event_step.values[run.event_kind.values == kind]
    step = step[step + 1 < run.sizes["time"]]
    return (step + 1) * dt - run.state_age.values[step + 1, 0]


# ------------------------------------------------------------------ one neuron


@pytest.mark.parametrize("t_ref", [0.0, 1e-5, 2e-3, 3.33e-3])
@pytest.mark.parametrize("dt", [5e-3, 1e-3, 1e-4])
def test_periods_are_the_closed_form_in_steps_of_any_length(dt, t_ref):
    neuron = mn.ElectrodeIntegrateAndFire(t_ref=t_ref)
    run = fed(neuron, 1e-9, dt).run(duration=0.3, record={"state:age": neuron})
    found = exact_times(run, dt)
    assert len(found) >= 20
    expected = period(1e-9, t_ref) * np.arange(1, len(found) + 1) - t_ref
    assert found == pytest.approx(expected, rel=1e-11)
    kinds = run.event_kind.values
    assert (kinds == RECOVERED).sum() == (0 if t_ref == 0.0 else pytest.approx((kinds == SPIKE).sum(), abs=1))


@settings(deadline=None, max_examples=25, derandomize=True)
@given(st.floats(0.62e-9, 5e-9), st.floats(0.0, 5e-3), st.floats(2e-5, 1e-3))
def test_an_event_is_noted_at_the_start_of_the_step_in_which_it_is(current, t_ref, dt):
    run = fed(mn.ElectrodeIntegrateAndFire(t_ref=t_ref), current, dt).run(300)
    step = run.event_step.values[run.event_kind.values == SPIKE]
    at = (period(current, t_ref) * np.arange(1, len(step) + 1) - t_ref) / dt
    clear = abs(at - np.round(at)) > 1e-6
    assert (step == np.floor(at))[clear].all()


def test_a_neuron_that_would_fire_more_often_fires_once_a_step():
    run = fed(mn.ElectrodeIntegrateAndFire(), 1e-6, 1e-3).run(50)
    assert run.event_step.values.tolist() == list(range(50))


@pytest.mark.parametrize("rest", [-0.05, -0.0504, 0.0])
def test_a_neuron_whose_leak_lies_above_its_threshold_fires_by_itself(rest):
    neuron = mn.ElectrodeIntegrateAndFire(E_L=rest, t_ref=1e-3)
    run = fed(neuron, 0.0, 1e-4).run(duration=0.3, record={"state:age": neuron})
    if rest == V_T:
        assert len(run.event_step) == 0
        return
    first = TAU * math.log((rest - V_R) / (rest - V_T))
    assert exact_times(run, 1e-4)[:3] == pytest.approx(first + (first + 1e-3) * np.arange(3), rel=1e-10)


def test_no_current_below_the_rheobase_fires():
    least = G_L * (V_T - E_L)
    for current, fires in ((0.999 * least, False), (1.02 * least, True), (-1e-9, False)):
        run = fed(mn.ElectrodeIntegrateAndFire(), current, 1e-3).run(duration=0.5)
        assert (len(run.event_step) > 0) == fires


def test_neurons_on_one_electrode_all_read_its_current():
    run = fed(mn.ElectrodeIntegrateAndFire(), 1e-9, 1e-4, n=3).run(100)
    assert run.event_edge.values.tolist() == [1, 2, 3]
    assert len({*run.event_step.values.tolist()}) == 1


def test_the_inflow_is_what_all_nodes_of_the_electrode_take_and_has_a_sign():
    Reader = mn.device_model(
        "Reader", "i = 0\ndx/dt = (inflow - x)/tau\nparameter tau = 1 fs in (0, inf) : at once\nstate x = 0 A : seen"
    )
    net = mn.Network(5, [(0, 1), (0, 2), (2, 3), (1, 4)], electrodes={"in": 0, "out": [1, 2], "fed": 3, "gnd": 4})
    resistor = mn.Resistor(conductance=1e-3)
    for node, name in ((1, "out"), (3, "fed"), (0, "in")):
        pair = mn.Network(5, [*net.edges.tolist(), (node, 4)], electrodes={"in": 0, "out": [1, 2], "fed": 3, "gnd": 4})
        reader = Reader()
        drive = {"in": 1.0, "out": 0.25, "fed": mn.drive.current(1e-4), "gnd": 0.0}
        sim = mn.Simulation(pair, [*[resistor] * 4, reader], drive, dt=1e-3)
        sim.step()
        assert sim.state(reader, "x")[0] == pytest.approx(-sim.current[list(pair.electrodes).index(name)], rel=1e-12)


# ------------------------------------------------------------------ an array

ROWS, COLUMNS, DT = 4, 6, 1e-4


def array(neuron, synapse, reactions=(), seed=0):
    """Return driven rows, a memristor from each to each column, and a neuron from each column to ground."""
    crossings = [(row, ROWS + column) for column in range(COLUMNS) for row in range(ROWS)]
    edges = [*crossings, *((ROWS + column, ROWS + COLUMNS) for column in range(COLUMNS))]
    electrodes = {f"w{k}": k for k in range(ROWS)} | {f"b{k}": ROWS + k for k in range(COLUMNS)}
    net = mn.Network(ROWS + COLUMNS + 1, edges, electrodes=electrodes | {"gnd": ROWS + COLUMNS})
    drive = dict.fromkeys(net.electrodes, 0.0)
    for row in range(ROWS):
        drive[f"w{row}"] = mn.drive.pulses(0.0, 0.1 + 0.05 * row, length=3e-3, spacing=2e-3)
    devices = [*[synapse] * len(crossings), *[neuron] * COLUMNS]
    return mn.Simulation(net, devices, drive, dt=DT, reactions=reactions)


def by_numpy(neuron, synapse, drive, reacts, n_steps):
    """Return the spikes (step, column), with a ramp from 0.3 V to 0 in 1 ms at row 0 since each spike of column 0."""
    s = synapse.parameters
    g = np.full((ROWS, COLUMNS), s["kappa_p0"] / (s["kappa_p0"] + s["kappa_d0"]))
    u, age, resting = np.full(COLUMNS, V_R), np.zeros(COLUMNS), np.zeros(COLUMNS, dtype=bool)
    found, started = [], -1.0
    for step in range(n_steps):
        t = step * DT
        v = np.array([drive[f"w{row}"](t) for row in range(ROWS)])
        if reacts and 0.0 <= started < t:
            v[0] += 0.3 * max(1.0 - (t - started) / 1e-3, 0.0)
        inflow = ((s["g_min"] * (1 - g) + s["g_max"] * g) * v[:, None]).sum(axis=0)
        k_p = s["kappa_p0"] * np.exp(s["eta_p"] * abs(v[:, None]))
        k_d = s["kappa_d0"] * np.exp(-s["eta_d"] * abs(v[:, None]))
        e = np.exp(-(k_p + k_d) * DT)
        g = k_p / (k_p + k_d) * (1 - e) + g * e
        for column in range(COLUMNS):
            left, end, fired = DT, E_L + inflow[column] / G_L, False
            while left > 0.0:  # what happens next in the step
                if resting[column]:
                    part = min(max(neuron.t_ref - age[column], 0.0), left)
                    resting[column] = age[column] + part < neuron.t_ref * (1 - 1e-12)
                else:
                    passes = end > V_T and not fired
                    part = TAU * math.log((end - u[column]) / (end - V_T)) if passes else math.inf
                    fired = part <= left
                    part = min(part, left)
                    u[column] = V_R if fired else end + (u[column] - end) * math.exp(-part / TAU)
                    if fired:
                        found.append((step, column))
                        age[column], resting[column] = -part, True
                        started = t if column == 0 else started
                age[column] += part
                left -= part
    return found, g, u


@pytest.mark.parametrize("reacts", [False, True])
def test_an_array_is_that_of_numpy(reacts):
    neuron, synapse = mn.ElectrodeIntegrateAndFire(t_ref=1.23e-3), mn.RateBalance(g_min=2e-9, g_max=4e-8, kappa_p0=5.0)
    ramp = mn.drive.piecewise_linear([0.0, 1e-3], [0.3, 0.0])
    listens = {"electrode": "w0", "wave": ramp, "edges": [ROWS * COLUMNS], "overlap": "last"}
    sim = array(neuron, synapse, [mn.react(neuron, "spike", **listens)] if reacts else [])
    run = sim.run(400)
    found, g, u = by_numpy(neuron, synapse, sim.drive, reacts, 400)
    fired = run.event_kind.values == SPIKE
    column = run.event_edge.values[fired] - ROWS * COLUMNS
    assert len(found) > 5 * COLUMNS
    assert list(zip(run.event_step.values[fired].tolist(), column.tolist(), strict=True)) == found
    weights = sim.state(synapse, "g").reshape(COLUMNS, ROWS).T
    assert weights == pytest.approx(g, rel=1e-12)
    assert sim.state(neuron, "u") == pytest.approx(u, rel=1e-9)


def test_bits_do_not_depend_on_chunks_checkpoints_and_who_runs_the_equations(tmp_path):
    Own = mn.device_model("Own", mn.ElectrodeIntegrateAndFire.text)
    synapse = mn.RateBalance(g_min=2e-9, g_max=4e-8)

    def ready(model):
        neuron = model(t_ref=1.23e-3)
        ramp = mn.drive.piecewise_linear([0.0, 1e-3], [0.3, 0.0])
        return array(neuron, synapse, [mn.react(neuron, "spike", electrode="w0", wave=ramp, overlap="last")])

    def rest_of(sim, n, record=("current",)):
        run = sim.run(n, record=list(record))
        return run.current.values[-50:].tobytes(), sim.state(sim.devices[1], "u").tobytes()

    whole = rest_of(ready(mn.ElectrodeIntegrateAndFire), 300)
    assert rest_of(ready(Own), 300) == whole
    assert rest_of(ready(Own), 300, ("current", "potential", "branch_current")) == whole
    sim = ready(mn.ElectrodeIntegrateAndFire)
    for n in (1, 7, 100, 92):
        sim.step(n)
    sim.save(tmp_path / "state")
    others = copy.deepcopy(sim), mn.Simulation.load(tmp_path / "state")
    assert [rest_of(one, 100) for one in (sim, *others)] == [whole] * 3


def test_a_run_is_repeated_from_its_description():
    run = array(mn.ElectrodeIntegrateAndFire(t_ref=1e-3), mn.RateBalance(g_min=2e-9, g_max=4e-8)).run(100)
    assert mn.rerun(run).current.values.tobytes() == run.current.values.tobytes()


# ------------------------------------------------------------------ what is refused

PAIR = mn.Network(3, [(0, 1), (1, 2)], electrodes={"row": 0, "column": 1, "gnd": 2})
AT_GROUND = {"row": 0.1, "column": 0.0, "gnd": 0.0}


def pair(other=None, drive=None, net=PAIR, **options):
    devices = [mn.Resistor(conductance=1e-8) if other is None else other, mn.ElectrodeIntegrateAndFire()]
    return mn.Simulation(net, devices, drive or AT_GROUND, **options)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: pair(drive={**AT_GROUND, "column": None}), r"driven all the time.*electrode 1"),
        (lambda: pair().set_drive({**AT_GROUND, "column": None}), r"driven all the time.*electrode 1"),
        (
            lambda: pair(
                net=mn.Network(3, [(0, 1), (1, 2)], electrodes={"row": 0, "gnd": 2}), drive={"row": 0.1, "gnd": 0.0}
            ),
            r"at the first node of each of its edges.*ElectrodeIntegrateAndFire of edge 1 \(n1-n2\)",
        ),
        (lambda: pair(method="adaptive"), "reads the current of its electrode"),
        (lambda: pair(mn.Diode()), "plain steps of a fixed length.*no inductor, diode"),
        (lambda: pair(mn.Capacitor(capacitance=1e-9, method="trapezoidal")), "plain steps of a fixed length"),
        (lambda: mn.series(mn.Resistor(), mn.ElectrodeIntegrateAndFire()), r"current \(inflow\)"),
        (lambda: mn.equilibria(pair()), r"reads the current of an electrode \(inflow\)"),
        (lambda: mn.impedance(pair(), port=("row", "gnd"), frequency=[1.0]), r"\(inflow\)"),
        (lambda: pair().check_step(), "reads the current of its electrode"),
        (lambda: mn.ElectrodeIntegrateAndFire.to_verilog_a(), "event 'spike' of each step"),
        (lambda: mn.ElectrodeIntegrateAndFire(V_r=-0.05), r"V_r must be below V_T"),
    ],
)
def test_where_no_current_of_an_electrode_is_told(made, message):
    with pytest.raises(ValueError, match=message):
        made()


def test_a_refused_drive_leaves_the_simulation_as_it_was():
    sim, other = pair(), pair()
    sim.step(5)
    other.step(5)
    with pytest.raises(ValueError, match="driven all the time"):
        sim.set_drive({**AT_GROUND, "column": None})
    assert sim.run(50).current.values.tobytes() == other.run(50).current.values.tobytes()


TEXT = "i = g*v{i}\n{q}dx/dt = inflow*one{event}\nparameter g = 1 S\nparameter one = 1 1/(A s)\nstate x = {x}"


@pytest.mark.parametrize(
    ("parts", "message", "line"),
    [
        ({"i": " + inflow"}, "the current i cannot know inflow", 1),
        ({"i": "*where(b > 0, 1, 2)\nb = inflow"}, "the current i cannot know inflow", 2),
        ({"q": "q = one*g*v*0\n"}, "a charge q cannot know inflow", 3),
        ({"x": "inflow*one"}, "a start cannot know inflow", 5),
        ({"event": "\nevent up when x > 1: x = 0"}, "write `event up each step when ...`", 3),
        ({"event": "\nparameter inflow = 1 A"}, "inflow has a meaning in the language", 3),
        ({"event": " + inflow"}, "inflow", 2),
    ],
)
def test_texts_that_read_the_current_where_it_is_not_known(parts, message, line):
    text = TEXT.format(**{"i": "", "q": "", "x": "0", "event": ""} | parts)
    with pytest.raises(EquationError, match=message) as error:
        mn.device_model("Wrong", text)
    assert error.value.line == line


def test_a_text_without_events_reads_it_too_and_no_netlist_or_module_has_it():
    Smooth = mn.device_model("Smooth", TEXT.format(i="", q="", x="0", event=""))
    with pytest.raises(ValueError, match=r"reads the current of its electrode \(inflow\)"):
        Smooth.to_verilog_a()
    sim = mn.Simulation(PAIR, [mn.Resistor(conductance=1e-3), Smooth(g=0.0)], AT_GROUND, dt=0.5)
    sim.step(4)
    assert sim.state(sim.devices[1], "x")[0] == pytest.approx(4 * 0.5 * 1e-4, rel=1e-14)
