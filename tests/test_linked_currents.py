"""Circuits whose edges read other edges: currents balance at every row, and steps see what is read where it is."""

import itertools

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

import memnet as mn

V, U, TAU, G = 0.2, 0.5, 2e-3, 1e-4
READERS = {
    ("sinh", "state"): "i = G*V*sinh(v/V)*(1 + linked.y)\nlinked y in 1\nparameter G = 0.1 mS\nparameter V = 0.2 V",
    ("linear", "state"): "i = G*v*(1 + linked.y)\nlinked y in 1\nparameter G = 0.1 mS",
    ("sinh", "v"): "i = G*V*sinh(v/V)*(1 + linked.v**2/V**2)\nparameter G = 0.1 mS\nparameter V = 0.2 V",
    ("linear", "v"): "i = G*v*(1 + linked.v**2/V**2)\nparameter G = 0.1 mS\nparameter V = 0.2 V",
}
READERS = {kind: mn.device_model(f"{kind[0].title()}Reads{kind[1].title()}", text) for kind, text in READERS.items()}
MOVES = (
    "parameter G = 0.1 mS\nparameter U = 0.5 V\nparameter tau = 2 ms\nstate y = 0 in [-2, 2]\ndy/dt = (v/U - y)/tau\n"
)
MOVERS = {
    "linear": mn.device_model("Mover", "i = G*v\n" + MOVES),
    "follows": mn.device_model("FollowingMover", "i = G*U*sinh(v/U)\n" + MOVES),
    "jumps": mn.device_model("JumpingMover", "i = G*v\n" + MOVES + "event hit when v > 0.6*U: y = y + 0.5\n"),
}
Bent = mn.device_model("Bent", "i = G*V*sinh(v/V)\nparameter G = 0.1 mS\nparameter V = 0.1 V")
DRIVES = {
    "sine": mn.drive.sine(0.5, frequency=100.0),
    "jumps": mn.drive.pulses(low=0.1, high=0.5, length=1.3e-3, spacing=1.7e-3, count=2),
}


def circuit_of(reader, mover, load):
    """Return a mover, and beside it a reader in series with a load: the node between them is an inner one."""
    circuit = mn.Circuit()
    circuit.add("in", "gnd", mover(), name="mover")
    circuit.add("in", "mid", mn.link(reader(), to="mover"), name="reader")
    circuit.add("mid", "gnd", load, name="load")
    return circuit


def worst_residual(run):
    reader, load = (run.branch_current.sel(branch_current_edge=name) for name in ("reader", "load"))
    return float(np.abs(reader - load).max() / np.abs(reader).max())


@pytest.mark.parametrize("drive", DRIVES)
@pytest.mark.parametrize("load", [mn.Resistor(conductance=1e-4), Bent()], ids=["resistor", "bent"])
@pytest.mark.parametrize("mover", MOVERS)
@pytest.mark.parametrize("method", ["fixed", "adaptive"])
@pytest.mark.parametrize("kind", READERS, ids="-".join)
@pytest.mark.filterwarnings("ignore::memnet.StepWarning")
def test_currents_balance_at_every_row(kind, method, mover, load, drive):
    sim = circuit_of(READERS[kind], MOVERS[mover], load).simulation(
        {"in": DRIVES[drive], "gnd": 0.0}, dt=1e-4, method=method
    )
    assert worst_residual(sim.run(60, record={"branch_current": True})) < 1e-12


def mid_potential(kind, t, y, bent):
    """Return the potential between reader and load, found by bisection from the circuit's one equation."""
    across = 0.5 * np.sin(2 * np.pi * 100.0 * t)
    factor = 1.0 + y if kind[1] == "state" else 1.0 + (across / V) ** 2
    law = (lambda v: V * np.sinh(v / V)) if kind[0] == "sinh" else (lambda v: v)
    load = (lambda v: 0.1 * np.sinh(v / 0.1)) if bent else (lambda v: v)
    return brentq(lambda m: law(across - m) * factor - load(m), -1.0, 1.0, xtol=1e-15)


def exact_states(t):
    rate = lambda t, y: (np.sin(2 * np.pi * 100.0 * t) - y) / TAU  # noqa: E731
    return solve_ivp(rate, (0.0, t[-1]), [0.0], t_eval=t, rtol=1e-11, atol=1e-13, max_step=2e-4).y[0]


def potential_error(kind, mover, dt, method="fixed"):
    circuit = circuit_of(READERS[kind], MOVERS[mover], Bent())
    sim = circuit.simulation({"in": DRIVES["sine"], "gnd": 0.0}, dt=dt, method=method)
    run = sim.run(duration=1e-2, record={"potential": ["mid"]})
    y = exact_states(run.time.values)
    exact = [mid_potential(kind, *point, bent=True) for point in zip(run.time.values, y, strict=True)]
    return np.abs(run.potential.values[:, 0] - exact).max()


@pytest.mark.parametrize("kind", [("sinh", "state"), ("linear", "state")], ids="-".join)
@pytest.mark.filterwarnings("ignore::memnet.StepWarning")
def test_fixed_steps_that_read_states_are_of_second_order(kind):
    errors = [potential_error(kind, "follows", dt) for dt in (2e-4, 1e-4, 5e-5)]
    for coarse, fine in itertools.pairwise(errors):
        assert 3.5 < coarse / fine < 4.5
    assert errors[-1] < 1e-4


@pytest.mark.parametrize("kind", [("sinh", "v"), ("linear", "v")], ids="-".join)
@pytest.mark.filterwarnings("ignore::memnet.StepWarning")
def test_adaptive_rows_read_voltages_of_their_own_moment(kind):
    """A linear reader beside what Newton's method solves was a row late: 2e-3 V at this step."""
    assert potential_error(kind, "linear", 1e-4, "adaptive") < 1e-12


@pytest.mark.parametrize("kind", [("sinh", "v"), ("linear", "v")], ids="-".join)
@pytest.mark.parametrize("load", [mn.Resistor(conductance=1e-4), Bent()], ids=["resistor", "bent"])
def test_the_first_adaptive_row_reads_its_own_voltage(kind, load):
    sim = circuit_of(READERS[kind], MOVERS["linear"], load).simulation(
        {"in": 0.5, "gnd": 0.0}, dt=1e-4, method="adaptive"
    )
    exact = mid_potential(kind, 2.5e-3, 0.0, bent=isinstance(load, Bent))
    assert sim.run(2, record={"potential": ["mid"]}).potential.values[:, 0] == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize("kind", [("sinh", "v"), ("linear", "v")], ids="-".join)
def test_a_static_solution_reads_its_own_voltage(kind):
    circuit = circuit_of(READERS[kind], MOVERS["linear"], Bent())
    drive = {"in": 0.5, "gnd": 0.0}
    found = mn.solve(circuit.network(drive), devices=circuit.devices, drive=drive)
    assert found.potential[circuit.nodes.index("mid")] == pytest.approx(
        mid_potential(kind, 2.5e-3, 0.0, bent=True), rel=1e-12
    )


# ------------------------------------------------------------------ numbers of steps

Mem = mn.device_model(
    "QuadraticMemristor",
    """
i = G*(1 + y)*v
dy/dt = (v**2/U**2 - y)/tau
parameter G = 0.1 mS
parameter U = 0.5 V
parameter tau = 2 ms
state y = 0 in [0, 2]
""",
)
LOOPS = {
    "voltage": "i = G*V*sinh(v/V)*(1 + 0.8*tanh(linked.v/V))\nparameter G = 0.1 mS\nparameter V = 0.4 V",
    "state": "i = G*V*sinh(v/V)*(1 + linked.y)\nlinked y in 1\nparameter G = 0.1 mS\nparameter V = 0.4 V",
    "own state": """
i = G*V*sinh(v/V)*(1 + z)
dz/dt = (linked.v/V - z)/tau
state z = 0 in [-1, 5]
parameter G = 0.1 mS
parameter V = 0.4 V
parameter tau = 1 ms
""",
    "none": "i = G*V*sinh(v/V)\nparameter G = 0.1 mS\nparameter V = 0.4 V",
}
LOOPS = {of: mn.device_model(f"Loop{number}", text) for number, (of, text) in enumerate(LOOPS.items())}


def steps_of(device, rtol):
    """Return how many adaptive steps a device in series with a memristor takes, and the last potential between."""
    circuit = mn.Circuit()
    circuit.add("in", "mid", device, name="device")
    circuit.add("mid", "gnd", Mem(), name="memristor")
    wave = mn.drive.sine(0.5, frequency=100.0, offset=0.1)
    sim = circuit.simulation({"in": wave, "gnd": 0.0}, dt=1e-3, method="adaptive", rtol=rtol)
    last = sim.run(20, record={"potential": ["mid"]}).potential.values[-1, 0]
    return sim._core.step_counters["steps"], last


@pytest.mark.parametrize("of", ["voltage", "state", "own state"])
def test_what_is_read_costs_no_more_steps_as_tolerances_shrink(of):
    """Without its slope in the stages they went as 1/rtol: 1e4 at 1e-4, 1e5 at 1e-5."""
    tolerances = (1e-4, 1e-6)
    read, free = (
        [steps_of(device, rtol) for rtol in tolerances]
        for device in (mn.link(LOOPS[of](), to="memristor"), LOOPS["none"]())
    )
    assert read[0][0] < 2 * free[0][0]
    assert read[1][0] / read[0][0] < 1.2 * free[1][0] / free[0][0]
    assert read[0][1] == pytest.approx(read[1][1], rel=1e-3)


def test_a_gate_above_an_inner_source_costs_few_steps():
    """A source follower: 7e5 steps at this tolerance when the gate had no part in the matrix of a step."""
    circuit = mn.Circuit()
    circuit.add("vdd", "d", mn.Resistor(conductance=1e-4), name="load")
    circuit.add("g", "s", mn.Resistor(conductance=0.0), name="gate")
    circuit.add("d", "s", mn.link(mn.Transistor(k=2e-4, v_t=0.5, modulation=0.02), to="gate"), name="channel")
    circuit.add("s", "gnd", mn.Resistor(conductance=3e-4), name="degeneration")
    gate = mn.drive.sine(1.6, frequency=500.0, offset=0.2)
    sim = circuit.simulation({"vdd": 2.0, "g": gate, "gnd": 0.0}, dt=1e-4, method="adaptive", rtol=1e-5)
    run = sim.run(20, record={"potential": ["d", "s"], "branch_current": True})
    assert sim._core.step_counters["steps"] < 1000
    for gate_now, (drain, source) in zip(gate(run.time.values), run.potential.values, strict=True):

        def lacks(s, g=gate_now):
            d = 2.0 - s * 3.0
            over, back = max(g - s - 0.5, 0.0), max(g - d - 0.5, 0.0)
            return 1e-4 * (over**2 - back**2) * (1.0 + 0.02 * abs(d - s)) - 3e-4 * s

        exact = brentq(lacks, -1.0, 1.0, xtol=1e-15)
        assert (drain, source) == pytest.approx((2.0 - 3.0 * exact, exact), abs=1e-10)


# ------------------------------------------------------------------ loops of gain

Linear = mn.device_model(
    "Transconductor",
    "i = -k*V*tanh((linked.v - U)/V)\nparameter k = 10 mS\n" + "parameter V = 1 V\nparameter U = 0.2 V",
)
Follows = mn.device_model(
    "BentTransconductor",
    "i = g*V*sinh(v/V) - k*V*tanh((linked.v - U)/V)\nparameter k = 10 mS\nparameter g = 1 uS\n"
    "parameter V = 1 V\nparameter U = 0.2 V",
)


@pytest.mark.parametrize(("method", "device"), [("fixed", Follows), ("adaptive", Follows), ("adaptive", Linear)])
def test_a_loop_whose_gain_is_above_one_finds_its_balance(method, device):
    """A node that draws ten times what feeds it as its own potential rises: no iteration beside the slope would end."""
    circuit = mn.Circuit()
    circuit.add("in", "x", mn.Resistor(conductance=1e-3), name="feed")
    circuit.add("x", "gnd", mn.Resistor(conductance=0.0), name="control")
    circuit.add("gnd", "x", mn.link(device(), to="control"), name="draws")
    wave = mn.drive.sine(1.0, frequency=100.0)
    sim = circuit.simulation({"in": wave, "gnd": 0.0}, dt=1e-4, method=method)
    run = sim.run(100, record={"potential": ["x"]})
    g = 1e-6 if device is Follows else 0.0
    for into, x in zip(wave(run.time.values), run.potential.values[:, 0], strict=True):
        law = lambda x, v=into: 1e-3 * (v - x) + g * np.sinh(-x) - 1e-2 * np.tanh(x - 0.2)  # noqa: E731
        assert x == pytest.approx(brentq(law, -2.0, 2.0, xtol=1e-15), abs=1e-10)


# ------------------------------------------------------------------ the same bits


@pytest.mark.parametrize("method", ["fixed", "adaptive"])
@pytest.mark.parametrize("kind", READERS, ids="-".join)
@pytest.mark.filterwarnings("ignore::memnet.StepWarning")
def test_parts_of_a_run_and_checkpoints_have_its_bits(kind, method, tmp_path):
    def simulation():
        circuit = circuit_of(READERS[kind], MOVERS["jumps"], Bent())
        return circuit.simulation({"in": DRIVES["jumps"], "gnd": 0.0}, dt=1e-4, method=method)

    record = {"potential": ["mid"], "branch_current": True}
    whole = simulation().run(40, record=record)
    sim = simulation()
    parts = [sim.run(n, record=record) for n in (1, 6, 10)]
    sim.save(tmp_path / "state")
    parts.append(mn.Simulation.load(tmp_path / "state").run(23, record=record))
    for name in ("potential", "branch_current"):
        assert np.array_equal(np.concatenate([part[name].values for part in parts]), whole[name].values)
