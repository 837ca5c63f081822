"""Gaps that no voltage of the drive can move are left out of a step, and that changes no bit of what comes out.

What is compared with is a run that asks every gap at every step (`event_driven=False`).
"""

import numpy as np
import pytest

import memnet as mn

pytestmark = pytest.mark.filterwarnings("ignore::memnet.StepWarning", "ignore::UserWarning")

NET = mn.percolating(size=20.0, coverage=0.6, seed=4)
RECORD = ("current", "voltage", "potential", "branch_voltage", "branch_current", "edge_conductance")
QUICK = {"r_d": 1e-3, "r_w": 0.3}


def mixture():
    """Gaps of three kinds, some with a leak, some whose filament thins at any current, beside what moves always."""
    gaps = [mn.TunnelGap(**QUICK), mn.TunnelGap(d_leak=1e-2, d_after_break=0.3, field="gap", **QUICK)]
    cycled = mn.spread(
        mn.TunnelGap(i_t=0.0, **QUICK),
        e_t=mn.uniform(0.5, relative=True),
        cycle={"closed": {"e_t": mn.normal(0.3, relative=True)}},
        seed=3,
    )
    return mn.mix(NET, {gaps[0]: 0.3, gaps[1]: 0.3, cycled: 0.2, mn.RateBalance(): 0.2}, seed=2)


DRIVES = {
    "constant": lambda: 10.0,
    "grows": lambda: mn.drive.piecewise_linear([0.0, 100.0, 140.0], [0.0, 25.0, 0.5]),
    "swings": lambda: mn.drive.sine(15.0, 0.013),
    "pulses": lambda: mn.drive.pulses(0.0, 18.0, length=3.0, spacing=9.0),
    "current": lambda: mn.drive.current(0.5),
    "limited": lambda: mn.drive.limited(mn.drive.sine(15.0, 0.013), current=0.05),
}


def simulate(wave, *, solver="kron", whole=False, devices=None):
    devices = mixture() if devices is None else devices
    return mn.Simulation(NET, devices, {"left": wave, "right": 0.0}, seed=1, solver=solver, event_driven=not whole)


STATES = {"TunnelGap": ("d", "w", "closed"), "RateBalance": ("g",)}


def everything(sim):
    """States of all devices, potentials and currents."""
    states = [sim.state(device, name) for device in sim.devices for name in STATES.get(device.model, ())]
    return [*states, sim.potential, sim.current]


def same(one, other):
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("solver", ["kron", "umfpack"])
@pytest.mark.parametrize("name", DRIVES)
def test_runs_have_the_bits_of_runs_that_ask_every_gap(name, solver):
    wave = DRIVES[name]
    one, other = simulate(wave(), solver=solver), simulate(wave(), solver=solver, whole=True)
    data = one.run(300, record=RECORD)
    assert data.equals(other.run(300, record=RECORD))
    assert same(everything(one), everything(other))
    assert data.event_step.size > 20
    one._core.verify()


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("name", ["grows", "swings", "current"])
def test_rows_per_call_and_checkpoints_change_no_bit(name, whole, tmp_path):
    straight = simulate(DRIVES[name](), whole=whole)
    straight.run(200, record=RECORD)
    sim = simulate(DRIVES[name](), whole=whole)
    for n in (1, 1, 7, 50):
        sim.run(n)
        sim._core.verify()
    sim.save(tmp_path / "there")
    other = mn.Simulation.load(tmp_path / "there")
    sim.run(141)
    other.run(141)
    assert same(everything(straight), everything(sim))
    assert same(everything(straight), everything(other))


def test_what_is_set_between_runs_is_seen():
    """States, parameters in cycles, and drives: down, up beyond all before, from another electrode, a source inside."""
    closed = np.arange(NET.n_edges) % 7 == 0
    ends = []
    for whole in (False, True):
        gap = mn.TunnelGap(d_leak=1e-3, **QUICK)
        sim = simulate(8.0, whole=whole, devices=gap)
        rows = [sim.run(20, record=RECORD)]
        sim.set_state(gap, closed=closed * 1.0, d=NET.length * (np.arange(NET.n_edges) % 5) / 4)
        rows.append(sim.run(40, record=RECORD))
        for drive in ({"left": 0.0, "right": 0.0}, {"left": 40.0, "right": -5.0}, {"left": None, "right": 1.0}):
            sim.set_drive(drive)
            rows.append(sim.run(40, record=RECORD))
            sim._core.verify()
        ends.append((rows, everything(sim)))
    assert all(a.equals(b) for a, b in zip(ends[0][0], ends[1][0], strict=True))
    assert same(ends[0][1], ends[1][1])
    assert sum(row.event_step.size for row in ends[0][0]) > 20


def test_sources_between_nodes_lift_the_bound():
    """A source inside the network takes potentials beyond those of the electrodes."""
    runs = []
    for whole in (False, True):
        devices = mn.mix(NET, {mn.TunnelGap(**QUICK): 0.8, mn.Resistor(conductance=1.0, emf=12.0): 0.2}, seed=4)
        sim = simulate(1.0, whole=whole, devices=devices)
        runs.append(sim.run(200, record=RECORD))
        sim._core.verify()
    assert runs[0].equals(runs[1])
    assert np.nanmax(np.abs(runs[0].branch_voltage)) > 3.0
    assert runs[0].event_step.size > 20


def test_reactions_that_raise_the_drive_move_more_gaps():
    runs = []
    for whole in (False, True):
        gap = mn.TunnelGap(**QUICK)
        kick = mn.drive.piecewise_linear([0.0, 1.0, 4.0], [15.0, 8.0, 0.0])
        reactions = [mn.react(gap, "closed", electrode="left", wave=kick)]
        options = {"seed": 1, "event_driven": not whole, "reactions": reactions}
        runs.append(mn.Simulation(NET, gap, {"left": 6.0, "right": 0.0}, **options).run(150, record=RECORD))
    assert runs[0].equals(runs[1])
    assert runs[0].event_step.size > 20


def test_steps_counted_are_of_gaps_that_move():
    """At 6 V some gaps move; they alone are stepped, as a NumPy line finds from the first row."""
    gap = mn.TunnelGap()
    sim = simulate(6.0, devices=gap)
    v = sim.run(1, record=("branch_voltage",)).branch_voltage.values[0]
    moves = np.abs(v) > 10.0 * NET.length
    assert 0 < moves.sum() < NET.n_edges
    assert sim._core.counters["n_active_steps"] == moves.sum()
