"""Ensembles: replicas that step together have the bits of runs of their own."""

import copy
import json
import os
import pickle
import signal

import numpy as np
import pytest
from ctrl_c import pressed_after
from hypothesis import HealthCheck, given, settings, strategies as st

import memnet as mn
from memnet import _core
from memnet.simulate import _together

DRIVE = {"left": 10.0, "right": 0.0}


def sample(size=20.0, seed=4):
    return mn.percolating(size=size, coverage=0.6, seed=seed)


NET = sample()
# Devices by name: plain, event-driven, stochastic, with zero conductances that cut nodes off, with a source, implicit.
DEVICES = {
    "A:C": lambda: mn.mix(NET, {mn.TunnelGap(): 0.75, mn.RateBalance(): 0.25}, seed=2),
    "A": mn.TunnelGap,
    "C": mn.RateBalance,
    "noise": lambda: mn.mix(NET, {mn.StochasticRateBalance(): 0.5, mn.StochasticSwitch(): 0.5}, seed=1),
    "cut": lambda: mn.mix(NET, {mn.TunnelGap(beta=4000.0): 0.6, mn.RateBalance(): 0.4}, seed=2),
    "source": lambda: mn.mix(NET, {mn.Resistor(emf=0.1): 0.3, mn.RateBalance(): 0.7}, seed=4),
    "resistors": lambda: mn.mix(NET, {mn.Resistor(): 0.3, mn.LinearDrift(): 0.7}, seed=4),
    "spread": lambda: mn.spread(mn.RateBalance(), g_min=mn.uniform(0.01), seed=5),
    "implicit": lambda: mn.mix(NET, {mn.Diode(): 0.2, mn.RateBalance(): 0.8}, seed=4),
    "charges": lambda: mn.mix(NET, {mn.Capacitor(): 0.2, mn.RateBalance(): 0.8}, seed=4),
}
WAVES = {
    "constant": lambda k: 5.0 + k,
    "triangle": lambda k: mn.drive.triangle(0.0, 4.0 + k, 8.0),
    "pulses": lambda k: mn.drive.pulses(0.0, 6.0 + k, length=3.0, spacing=9.0),
    "current": lambda k: mn.drive.current(0.01 * (k + 1)),
    "limited": lambda k: mn.drive.limited(8.0 + k, current=0.02),
}


def same_core(one, other):
    """Whether two simulations stand at the same step with the same states, counters and last solution."""
    return one._core.dumps(b"") == other._core.dumps(b"") and np.array_equal(
        one.potential, other.potential, equal_nan=True
    )


def same_run(one, other):
    """Whether two datasets have the same bits, and tell of the same run."""
    assert one.equals(other)
    attrs = [{**data.attrs, "created": "", "parameters": json.loads(data.attrs["parameters"])} for data in (one, other)]
    assert attrs[0] == attrs[1]


# ---------------------------------------------------------------- bits


RUNS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(sorted(DEVICES)),
        "wave": st.sampled_from(sorted(WAVES)),
        "n": st.integers(1, 11),
        "pieces": st.lists(st.integers(0, 40), min_size=1, max_size=3),
        "every": st.integers(1, 4),
        "options": st.fixed_dictionaries({"incremental": st.booleans(), "event_driven": st.booleans()}),
    }
)


def compare(kind, wave, n, pieces, every, options):
    """Run an ensemble in pieces, and each of its replicas alone."""
    devices = DEVICES[kind]()
    drives = [{"left": WAVES[wave](k), "right": 0.0} for k in range(n)]
    ens = mn.ensemble(mn.Simulation(NET, devices, DRIVE, seed=0, **options), n, seeds=range(n), drives=drives)
    alone = [mn.Simulation(NET, devices, drives[k], seed=k, **options) for k in range(n)]
    record = {"potential": [0, 5, 7], "branch_current": True, "snapshot:edge_conductance": [3, 30], "limited": True}
    for piece in pieces:
        data = ens.run(piece, record=record, every=every)
        for k, sim in enumerate(alone):
            same_run(mn.replica(data, k), sim.run(piece, record=record, every=every))
    for k, sim in enumerate(alone):
        counters = [one.info["counters"] | {"n_columns": 0} for one in (ens[k], sim)]
        assert counters[0] == counters[1]  # what was factorised anew depends on what the replica's own solver had
        assert np.array_equal(ens[k].potential, sim.potential, equal_nan=True)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RUNS)
@pytest.mark.filterwarnings("ignore::memnet.StepWarning")
def test_each_replica_has_the_bits_of_its_own_run(run):
    compare(**run)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RUNS)
@pytest.mark.filterwarnings("ignore::memnet.StepWarning")
def test_so_it_has_of_many_kinds(run):
    compare(**run)


@pytest.mark.parametrize(("method", "solver"), [("adaptive", "kron"), ("fixed", "umfpack")])
def test_what_lanes_do_not_solve_is_as_it_is_alone(method, solver):
    sim = mn.Simulation(NET, mn.RateBalance(), DRIVE, dt=2.0, method=method, solver=solver, seed=0)
    data = mn.ensemble(sim, 3, drives={"left": [1.0, 2.0, 3.0]}).run(5)
    alone = mn.Simulation(NET, mn.RateBalance(), {**DRIVE, "left": 2.0}, dt=2.0, method=method, solver=solver, seed=0)
    same_run(mn.replica(data, 1), alone.run(5))


def test_lattices_with_dense_fronts():
    net = mn.grid(30, 30, electrodes={"left": 0, "right": 899})
    sim = mn.Simulation(net, mn.RateBalance(), {"left": 3.0, "right": 0.0}, seed=0)
    ens = mn.ensemble(sim, 4, drives={"left": [1.0, 2.0, 3.0, 4.0]})
    ens.step(6)
    alone = mn.Simulation(net, mn.RateBalance(), {"left": 4.0, "right": 0.0}, seed=0)
    alone.step(6)
    assert same_core(ens[3], alone)


def test_replicas_keep_the_order_of_elimination():
    """On this lattice the best order is another than that of every day, and its sums have other bits."""
    net = mn.grid(6, 6, electrodes={"left": 0, "right": 35})
    alone = mn.Simulation(net, mn.RateBalance(), {"left": 3.0, "right": 0.0}, seed=2, order="best")
    ens = mn.ensemble(alone.copy(), 3, drives={"left": [1.0, 2.0, 3.0]})
    drawn = mn.ensemble(mn.Simulation(net, mn.RateBalance(), alone.drive, seed=0, order="best"), 3, seeds=range(3))
    for one in (alone, ens, drawn):
        one.step(6)
    assert same_core(ens[2], alone)
    assert drawn[2].order == "best"
    assert same_core(drawn[2], alone)


def test_lanes_are_used_where_all_conductances_change():
    """The solver of a replica is idle then: what it says of its last factorisation is that of none."""
    ens = mn.ensemble(mn.Simulation(NET, mn.RateBalance(), DRIVE, seed=0), 8, drives={"left": np.linspace(5, 9, 8)})
    ens.step(4)
    inside = ens._together.simulations[3]._core
    assert inside.info()["n_columns"] == 0
    assert inside.counters["n_columns"] == 4 * inside.info()["n_free"]


@pytest.mark.parametrize(("which", "n"), [([1], 3), ([0, 1, 2], 3), ([2], 9)])
def test_what_lanes_give_up_comes_after_what_they_have_found(which, n):
    """A drive that small has to be scaled, which no lane does: some replicas solve their last steps themselves."""

    def drive(k):
        values = np.full(20, 3.0 + k)
        values[17:] = 1e-200 if k in which else values[17:]
        return {"left": mn.drive.from_array(values, 1.0), "right": 0.0}

    drives = [drive(k) for k in range(n)]
    ens = mn.ensemble(mn.Simulation(NET, mn.RateBalance(), DRIVE, dt=1.0, seed=0), n, seeds=range(n), drives=drives)
    alone = [mn.Simulation(NET, mn.RateBalance(), drives[k], dt=1.0, seed=k) for k in range(n)]
    for steps in (18, 1, 1):
        ens.step(steps)
        for k, sim in enumerate(alone):
            sim.step(steps)
            assert same_core(ens[k], sim)


def test_an_ensemble_that_begins_later():
    sim = mn.Simulation(NET, DEVICES["A:C"](), DRIVE, seed=7)
    sim.step(25)
    ens = mn.ensemble(sim, 4, drives={"left": [7.0, 8.0, 9.0, 10.0]})
    assert ens.steps_done == 25
    ens.step(10)
    other = sim.copy()
    other.set_drive({**DRIVE, "left": 8.0})
    other.step(10)
    assert same_core(ens[1], other)
    assert sim.steps_done == 25


def test_reactions_and_links_of_devices_that_differ():
    net = mn.Network(4, [(0, 1), (2, 3)], electrodes={"pre": 0, "gnd": 1, "post": 2, "gnd2": 3})
    drive = {"pre": 1.0, "gnd": 0.0, "post": 0.0, "gnd2": 0.0}

    def made(x):
        pre, post = mn.AtomicSwitch(**x), mn.AtomicSwitch()
        spike = mn.drive.pulses(0.0, 1.0, length=0.05, spacing=1.0, count=1)
        reaction = mn.react(pre, "closed", electrode="post", wave=spike, delay=2e-3)
        return mn.Simulation(net, [pre, post], drive, dt=1e-3, reactions=[reaction], seed=0)

    name = next(iter(made({}).devices[0].parameters))
    value = made({}).devices[0].parameters[name]
    sim = made({})
    ens = mn.ensemble(sim, 3, parameters={sim.devices[0]: {name: [value, 1.1 * value, 1.2 * value]}})
    data = ens.run(40)
    same_run(mn.replica(data, 2), made({name: 1.2 * value}).run(40))


def test_series_and_links_take_parameters():
    cell = mn.series(mn.Selector(), mn.link(mn.Transistor(k=1e-3), to=1))
    assert cell.changed(k_2=2e-3).parts[1].k == 2e-3
    assert cell.changed(k_2=2e-3).linked_to == 1
    with pytest.raises(TypeError, match="k_2"):
        cell.changed(k_3=1.0)


# ---------------------------------------------------------------- what differs


def test_parameters_by_name_by_device_and_by_edge():
    sim = mn.Simulation(NET, DEVICES["A:C"](), DRIVE, seed=0)
    gap, synapse = sim.devices
    own = np.random.default_rng(1).uniform(5.0, 9.0, (3, sim.edges_of(synapse).size))
    ens = mn.ensemble(sim, 3, parameters={"r_d": [1e-6, 2e-6, 3e-6], synapse: {"eta_p": own, "step": ["exact"] * 3}})
    assert np.array_equal(ens[2].parameter(ens[2].devices[1], "eta_p"), own[2])
    assert ens[1].devices[0].r_d == 2e-6
    assert gap.r_d == 1e-6  # what was given stays


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "must differ"),
        ({"seeds": [1, 2]}, "3 replicas, got 2"),
        ({"seeds": 5}, "sequence"),
        ({"seeds": [1, 2, -1]}, r"seeds\[2\]"),
        ({"seeds": [1, 2, None]}, r"seeds\[2\]"),
        ({"parameters": {"eta_q": [1, 2, 3]}}, "eta_p"),
        ({"parameters": {"eta_p": [1.0, 2.0, np.inf]}}, "replica 2.*eta_p"),
        ({"parameters": {"eta_p": [1.0, 2.0]}}, "3 replicas"),
        ({"parameters": {"eta_p": 1.0}}, "sequence"),
        ({"parameters": {"eta_p": [[1.0, 2.0]] * 3}}, "replica 0.*has 2 values"),
        ({"parameters": [1.0]}, "a dict"),
        ({"parameters": {mn.RateBalance(): {"eta_p": [1, 2, 3]}}}, "not in this simulation"),
        ({"drives": {"top": 1.0}}, "left"),
        ({"drives": {"left": [1.0, 2.0]}}, "3 replicas"),
        ({"drives": {"left": [1.0, 2.0, "x"]}}, "replica 2"),
        ({"drives": [DRIVE] * 2}, "3 replicas"),
        ({"drives": [DRIVE, DRIVE, {"left": 1.0}]}, "replica 2.*right"),
    ],
)
def test_what_is_refused(arguments, words):
    sim = mn.Simulation(NET, mn.RateBalance(), DRIVE, seed=0)
    with pytest.raises((TypeError, ValueError), match=words):
        mn.ensemble(sim, 3, **arguments)


def test_what_a_simulation_starts_with_is_given_at_its_start():
    sim = mn.Simulation(NET, mn.RateBalance(), DRIVE, seed=0)
    sim.step(1)
    with pytest.raises(ValueError, match="starts with"):
        mn.ensemble(sim, 2, seeds=[1, 2])


def test_two_devices_with_the_name():
    sim = mn.Simulation(NET, mn.mix(NET, {mn.RateBalance(): 0.5, mn.RateBalance(): 0.5}, seed=0), DRIVE)
    with pytest.raises(ValueError, match="several devices"):
        mn.ensemble(sim, 2, parameters={"eta_p": [1.0, 2.0]})


def test_states_and_drives_are_set():
    ens = mn.ensemble(mn.Simulation(NET, mn.RateBalance(), DRIVE, seed=0), 2, seeds=[0, 1])
    device = ens.devices[0]
    with pytest.raises(ValueError, match="replica 1"):
        ens.set_state(device, g=[0.5, 2.0])
    assert not (ens.state(device, "g") == 0.5).any()
    ens.set_state(device, g=[0.5, np.full(NET.n_edges, 0.25)])
    ens.set_drives({"left": [1.0, 2.0]})
    with pytest.raises(ValueError, match="replica 1"):
        ens.set_drives([{"left": 3.0, "right": 0.0}, {"left": 3.0}])
    data = ens.run(5)
    alone = mn.Simulation(NET, mn.RateBalance(), {**DRIVE, "left": 2.0}, seed=1)
    alone.set_state(alone.devices[0], g=0.25)
    assert mn.replica(data, 1).equals(alone.run(5))


# ---------------------------------------------------------------- errors


def failing(n=4):
    """Replicas of which number 2 fails at its first step: more waveforms of reactions than there is room for."""
    net = mn.Network(4, [(0, 1), (2, 3)], electrodes={"pre": 0, "gnd": 1, "post": 2, "gnd2": 3})
    switch = mn.TunnelGap(r_d=1.0, i_t=100.0)
    net = mn.Network(4, [(0, 1), (2, 3)], length=[0.01, 0.01], electrodes=net.electrodes)
    spike = mn.drive.pulses(0.0, 1.0, length=5.0, spacing=9.0, count=1)
    again = [mn.react(switch, "closed", electrode="gnd2", wave=spike, overlap="error")] * 2
    sim = mn.Simulation(net, switch, {"pre": 0.0, "gnd": 0.0, "post": 0.0, "gnd2": 0.0}, reactions=again, seed=0)
    return mn.ensemble(sim, n, drives={"pre": [2.0 if k == 2 else 0.0 for k in range(n)]})


def test_an_error_of_one_replica_leaves_the_others_alone():
    ens = failing()
    with pytest.raises(RuntimeError, match="replica 2") as caught:
        ens.run(6)
    assert ens.failed == {2: caught.value}
    assert ens.partial.sizes["time"] == 6
    assert np.isnan(ens.partial.current[2]).all() or ens[2].steps_done > 0
    assert ens[2].steps_done < 6 == ens[3].steps_done
    assert "failed 2" in repr(ens)
    with pytest.raises(RuntimeError, match="replica 2"):
        ens.step()
    data = ens.run(3, errors="keep")
    assert ens.steps_done == ens[0].steps_done == 9
    assert "replica 2" in str(data.error[2].item())
    assert data.error[0].item() == ""
    assert np.isnan(data.current[2]).all()
    assert not np.isnan(data.current[[0, 1, 3]]).any()


def test_all_replicas_fail():
    ens = failing(3)
    ens.set_drives({"pre": 2.0})
    data = ens.run(6, errors="keep")
    assert sorted(ens.failed) == [0, 1, 2]
    assert data.sizes["time"] == 6
    assert (data.error != "").all()


def test_ctrl_c_leaves_all_at_one_step(monkeypatch):
    sim = mn.Simulation(sample(40.0), mn.RateBalance(), DRIVE, seed=0)
    ens = mn.ensemble(sim, 20, drives={"left": np.linspace(1.0, 9.0, 20)})
    with pytest.raises(KeyboardInterrupt, match="stopped by Ctrl-C"), pressed_after(ens):
        ens.run(10**7, every=1000)
    done = ens.steps_done
    assert {one.steps_done for one in ens._together.simulations} == {done}
    ens.step(5)
    alone = mn.Simulation(sim.net, mn.RateBalance(), {**DRIVE, "left": 9.0}, seed=0)
    alone.step(done + 5)
    assert same_core(ens[19], alone)


def test_ctrl_c_between_groups_takes_a_long_step_back(monkeypatch):
    """The first group has taken its step, the others have not, when Ctrl-C is pressed."""
    monkeypatch.setattr(_together, "ROUND_TIME", 1e-9)
    sim = mn.Simulation(NET, DEVICES["A:C"](), DRIVE, seed=0)
    ens = mn.ensemble(sim, 20, drives={"left": np.linspace(1.0, 9.0, 20)})
    inside, core = ens._together, ens._together._core
    ens.step(3)

    class Pressed:
        long_steps, check, cancel = core.long_steps, core.check, core.cancel

        def run(self, until, _budget):
            for one in inside.simulations[:8]:
                one.step(until - one._core.step)
            os.kill(os.getpid(), signal.SIGINT)
            return False

    inside._core = Pressed()
    with pytest.raises(KeyboardInterrupt, match="stopped by Ctrl-C"):
        ens.run(5)
    assert {one._core.step for one in inside.simulations} == {ens.steps_done} == {3}
    inside._core = core
    ens.step(4)
    for k in (0, 7, 8, 19):
        alone = mn.Simulation(NET, DEVICES["A:C"](), {**DRIVE, "left": np.linspace(1.0, 9.0, 20)[k]}, seed=0)
        alone.step(7)
        assert same_core(ens[k], alone)


def test_one_thread_at_a_time():
    ens = mn.ensemble(mn.Simulation(NET, mn.RateBalance(), DRIVE, seed=0), 2, seeds=[0, 1])
    with ens._together.alone(), pytest.raises(mn.SimulationBusy, match="ensemble"):
        ens.step()


# ---------------------------------------------------------------- as a thing


def test_replicas_as_simulations():
    ens = mn.ensemble(mn.Simulation(NET, mn.RateBalance(), DRIVE, seed=0), 3, seeds=[4, 5, 6])
    ens.step(3)
    one = ens[-1]
    one.step(2)
    assert (one.seed, one.steps_done, ens[2].steps_done, len(list(ens))) == (6, 5, 3, 3)
    with pytest.raises(IndexError, match="-3, 2"):
        ens[3]
    with pytest.raises(TypeError, match="integer"):
        ens[1.5]
    assert repr(ens).startswith("<Ensemble: 3 replicas of ")
    assert "4, 5, 6" in ens._repr_html_()


def test_copies_and_checkpoints_go_on_with_the_same_bits(tmp_path):
    ens = mn.ensemble(mn.Simulation(NET, DEVICES["noise"](), DRIVE, seed=0), 3, seeds=[4, 5, 6])
    ens.step(20)
    others = [copy.copy(ens), copy.deepcopy(ens), pickle.loads(pickle.dumps(ens))]
    ens[1].save(tmp_path / "one.mn")
    ens.step(10)
    for other in others:
        other.step(10)
        assert all(same_core(one, two) for one, two in zip(ens, other, strict=True))
    back = mn.Simulation.load(tmp_path / "one.mn")
    back.step(10)
    assert same_core(back, ens[1])


def test_ports_that_differ():
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"a": 0, "b": 1, "c": 2})
    sim = mn.Simulation(net, mn.RateBalance(), {"a": 1.0, "b": 0.0, "c": None}, seed=0)
    drives = [{"a": 1.0, "b": 0.0, "c": None}, {"a": 1.0, "b": None, "c": 0.0}]
    data = mn.ensemble(sim, 2, drives=drives).run(4)
    assert data.attrs["conductance_port"] == "a to b; a to c"
    same_run(mn.replica(data, 1), mn.Simulation(net, mn.RateBalance(), drives[1], seed=0).run(4))


def test_a_run_of_an_ensemble_is_no_run_of_one():
    ens = mn.ensemble(mn.Simulation(NET, mn.RateBalance(), DRIVE, seed=0), 2, seeds=[0, 1])
    data = ens.run(4)
    with pytest.raises(ValueError, match=r"mn\.replica"):
        mn.rerun(data)
    with pytest.raises(ValueError, match=r"Ensemble\.run"):
        mn.replica(ens[0].run(2), 0)
    with pytest.raises(ValueError, match="i must be"):
        mn.replica(data, 2)


@pytest.mark.slow
def test_a_file_of_an_ensemble(tmp_path):
    ens = mn.ensemble(mn.Simulation(NET, DEVICES["A:C"](), DRIVE, seed=0), 2, seeds=[0, 1])
    data = ens.run(4, errors="keep")
    data.to_netcdf(tmp_path / "data.nc")
    with mn.open_run(tmp_path / "data.nc") as kept:
        assert mn.rerun(mn.replica(kept, 1)).equals(mn.replica(data, 1))


def test_events_may_be_left_out():
    ens = mn.ensemble(mn.Simulation(NET, mn.TunnelGap(), DRIVE, seed=0), 2, drives={"left": [9.0, 10.0]})
    assert "event_step" not in ens.run(9, events=False)
    assert ens.run(0).sizes["event"] == 0


def test_the_c_object_refuses_what_is_no_simulation():
    net, other = NET, sample(16.0)
    sims = [mn.Simulation(one, mn.RateBalance(), DRIVE, seed=0)._core for one in (net, other)]
    with pytest.raises(ValueError, match="argument"):
        _core.Ensemble(sims)
    with pytest.raises(TypeError, match="Simulations"):
        _core.Ensemble([1])
    with pytest.raises(ValueError, match="at least one"):
        _core.Ensemble([])
    with pytest.raises(ValueError, match="below 1"):
        _core.Ensemble(sims[:1]).check(1)


@pytest.mark.parametrize("tau", [[0.5, 50.0, 100.0], [50.0, 0.5, 1.0], [0.5, 0.7, 1.0]])
def test_copies_know_which_replicas_have_failed(tau):
    # dx/dt = exp(x)/tau is infinite at t = tau.
    model = mn.device_model(
        "Growing",
        """
        i = g_0*exp(x)*v
        dx/dt = exp(x)/tau
        parameter g_0 = 1 mS in (0, inf) : conductance at x = 0
        parameter tau = 1 s in (0, inf)  : time to infinity
        state x = 0 in [-1e9, 1e9]       : logarithm of the conductance
        """,
    )
    pair = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    ens = mn.ensemble(mn.Simulation(pair, model(), {"in": 1.0, "out": 0.0}, dt=0.1), 3, parameters={"tau": tau})
    ens.run(60, errors="keep")
    for other in (copy.copy(ens), copy.deepcopy(ens), pickle.loads(pickle.dumps(ens)), ens):
        assert {i: str(error) for i, error in other.failed.items()} == {i: str(e) for i, e in ens.failed.items()}
        assert other.steps_done == 60
        data = other.run(5, errors="keep")
        assert data.sizes["time"] == 5
        assert [i for i in range(3) if data.current.sel(replica=i).isnull().all()] == list(ens.failed)
        with pytest.raises(ValueError, match=f"replica {min(ens.failed)}"):
            other.run(1)
