"""Protocols of plasticity, where what must come out is known: closed forms, runs by hand, and what is refused."""

import math

import hypothesis.strategies as st
import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings

import memnet as mn
from memnet import analysis as an

# A synapse with two signs, as EC23 has it, whose weight is a state: v is post - pre where it lies from post to pre.
BIPOLAR = mn.device_model(
    "Bipolar",
    """
    i      = g*v
    dw/dt  = where(abs(v) > v_t, rate*sign(v)*(exp(abs(v)/v_0) - exp(v_t/v_0)), 0)
    parameter g = 1 uS in [0, inf)       : its conductance, which is not its weight
    parameter rate = 1e-3 1/s in [0, inf) : speed
    parameter v_0 = 0.5 V in (0, inf)    : scale of the voltage
    parameter v_t = 1 V in [0, inf)      : threshold
    state w = 0 in [-1e6, 1e6]           : weight
    """,
)
SPIKE = mn.drive.concat([(1.5, 1.0), (-0.75, 2.0), (0.0, None)])


def balance(g, volts, time, device):
    """The conductance of a rate-balance device after some time at a voltage: its equation solved."""
    rise = device.kappa_p0 * math.exp(device.eta_p * abs(volts))
    fall = device.kappa_d0 * math.exp(-device.eta_d * abs(volts))
    steady = (rise * device.g_max + fall * device.g_min) / (rise + fall)
    return steady + (g - steady) * math.exp(-(rise + fall) * time)


def at_rest(device):
    return balance(device.g_min, 0.0, 1e9, device)


def trained(device, amplitude, width, interval, count):
    """Its conductances at the ends of pulses."""
    g, found = at_rest(device), []
    for k in range(count):
        g = balance(g, 0.0, interval, device) if k else g
        g = balance(g, amplitude, width, device)
        found.append(g)
    return np.array(found)


def synapse(*, pre="pre", post="post"):
    circuit = mn.Circuit()
    circuit.add(post, pre, BIPOLAR(), name="w")
    return circuit


def pair_by_hand(onset_pre, onset_post, spike, stop, dt, device=None):
    """What the bipolar synapse gains, summed over steps: it depends on the voltage alone."""
    device = BIPOLAR() if device is None else device
    time = np.arange(round(stop / dt)) * dt + dt / 2.0

    def at(onset):
        return np.where(time >= onset, spike(np.maximum(time - onset, 0.0)), 0.0)

    volts = at(onset_post) - at(onset_pre)
    size = np.exp(np.abs(volts) / device.v_0) - np.exp(device.v_t / device.v_0)
    return np.sum(np.where(np.abs(volts) > device.v_t, device.rate * np.sign(volts) * size, 0.0)) * dt


# ------------------------------------------------------------------ paired pulses


@settings(max_examples=25, deadline=None)
@given(
    amplitude=st.floats(-1.0, 1.0).filter(lambda v: abs(v) > 1e-3),
    width=st.integers(1, 8),
    intervals=st.lists(st.integers(1, 60), min_size=1, max_size=4, unique=True),
    count=st.integers(2, 6),
    dt=st.sampled_from([0.1, 0.25, 1.0]),
)
def test_trains_at_a_rate_balance_device_have_its_closed_form(amplitude, width, intervals, count, dt):
    device = mn.RateBalance()
    found = an.paired_pulse(
        device, [gap * dt for gap in intervals], amplitude=amplitude, width=width * dt, count=count, dt=dt
    )
    for gap in intervals:
        want = trained(device, amplitude, width * dt, gap * dt, count)
        row = found.sel(interval=gap * dt)
        assert row.conductance.values[0] == pytest.approx(want, rel=1e-12)
        assert row["index"].values == pytest.approx(want / want[0], rel=1e-12)


def test_the_paired_pulse_index_of_the_review():
    found = an.paired_pulse(mn.RateBalance(), [1.0, 5.0, 20.0], amplitude=0.5, width=1.0, dt=1.0)
    assert found["index"].sel(pulse=2).values == pytest.approx([1.774188, 1.632585, 1.296579], abs=5e-7)
    device = mn.RateBalance()
    want = [trained(device, 0.5, 1.0, gap, 2) for gap in (1.0, 5.0, 20.0)]
    assert found["index"].sel(pulse=2).values == pytest.approx([b / a for a, b in want], rel=1e-14)
    assert np.isnan(found.index_error.values).all()  # of one realisation
    assert found.attrs["message"] == ""


def test_adaptive_steps_give_the_same():
    arguments = {"amplitude": 0.5, "width": 1.0, "count": 4, "dt": 1.0}
    exact = an.paired_pulse(mn.RateBalance(), [1.0, 5.0], **arguments)
    found = an.paired_pulse(mn.RateBalance(), [1.0, 5.0], method="adaptive", rtol=1e-8, **arguments)
    assert found.conductance.values == pytest.approx(exact.conductance.values, rel=1e-6)
    assert found.attrs["rtol"] == 1e-8


def test_a_train_is_that_of_a_simulation_made_by_hand():
    # with noise, and with rows at the ends of pulses: the same bits
    device = mn.DiffusiveMemristor()
    found = an.paired_pulse(device, 0.2, amplitude=5.0, width=0.1, count=4, dt=0.05, realisations=3, seed=7)
    net = mn.Network(6, [(0, 1), (2, 3), (4, 5)], electrodes={"in": [0, 2, 4], "out": [1, 3, 5]})
    drive = {"in": mn.drive.pulses(0.0, 5.0, length=0.1, spacing=0.2), "out": 0.0}
    sim = mn.Simulation(net, device, drive, dt=0.05, seed=7)
    rows = sim.run(21, record="edge_conductance").edge_conductance.values[[2, 8, 14, 20]]
    assert found.conductance.values[0] == pytest.approx(rows.T, rel=1e-15)


def test_an_interval_gives_the_same_bits_whatever_else_is_asked():
    arguments = {"amplitude": 5.0, "width": 0.1, "count": 3, "dt": 0.05, "realisations": 2}
    alone = an.paired_pulse(mn.DiffusiveMemristor(), 0.5, **arguments)
    beside = an.paired_pulse(mn.DiffusiveMemristor(), [0.1, 0.5], **arguments)
    assert (alone.conductance.values[0] == beside.conductance.values[1]).all()
    assert (beside.conductance.values[0, :, 0] == beside.conductance.values[1, :, 0]).all()  # the first pulse
    other = an.paired_pulse(mn.DiffusiveMemristor(), 0.5, seed=1, **arguments)
    assert (alone.conductance.values != other.conductance.values).all()


def test_the_index_is_a_ratio_of_means_and_its_error_that_of_the_delta_method():
    found = an.paired_pulse(mn.DiffusiveMemristor(), 0.1, amplitude=5.0, width=0.1, count=3, dt=0.05, realisations=12)
    siemens = found.conductance.values[0]
    mean = siemens.mean(axis=0)
    assert found["index"].values[0] == pytest.approx(mean / mean[0], rel=1e-14)
    for n in (1, 2):
        spread = np.cov(siemens[:, n], siemens[:, 0])
        slope = np.array([1.0 / mean[0], -mean[n] / mean[0] ** 2])
        assert found.index_error.values[0, n] == pytest.approx(math.sqrt(slope @ spread @ slope / 12.0), rel=1e-10)
    assert found.index_error.values[0, 0] == pytest.approx(0.0, abs=1e-15)


def test_the_conductance_under_the_pulse_is_current_over_voltage():
    # a rectifier has nearly none at 0 V
    device = mn.Diode()
    found = an.paired_pulse(device, 1.0, amplitude=0.4, width=1.0, dt=1.0)
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    solution = mn.solve(net, devices=device, drive={"in": 0.4, "out": 0.0})
    assert found.conductance.values.ravel() == pytest.approx(solution.current_of("in") / 0.4, rel=1e-9)
    assert found.attrs["message"] == "no plasticity: the conductance is the same at the end of every pulse"


def test_nothing_conducts():
    found = an.paired_pulse(mn.Resistor(conductance=0.0), 1.0, amplitude=1.0, width=1.0, dt=1.0)
    assert found.attrs["message"] == "no index: nothing conducts at the end of the first pulse"
    assert np.isnan(found["index"].values).all()


def test_parameters_of_devices_may_differ_between_realisations():
    found = an.paired_pulse(mn.RateBalance(g_max=[1.0, 2.0]), 5.0, amplitude=0.5, width=1.0, dt=1.0, realisations=2)
    assert found.conductance.values[0, 1] == pytest.approx(2.0 * found.conductance.values[0, 0], rel=1e-12)


def test_what_is_drawn_differs_between_realisations():
    device = mn.spread(mn.RateBalance(), g_max=mn.lognormal(0.5), seed=1)
    found = an.paired_pulse(device, 5.0, amplitude=0.5, width=1.0, dt=1.0, realisations=6)
    assert np.unique(found.conductance.values[0, :, 0]).size == 6
    index = found.conductance.values[0, :, 1] / found.conductance.values[0, :, 0]
    assert index == pytest.approx(index[0], rel=1e-12)  # g_max is a factor


# ------------------------------------------------------------------ circuits and networks


def two_in_series():
    circuit = mn.Circuit()
    circuit.add("in", "mid", mn.RateBalance(), name="upper")
    circuit.add("mid", "out", mn.RateBalance(g_max=0.5), name="lower")
    return circuit


def test_a_circuit_is_stepped_as_by_hand():
    found = an.paired_pulse(two_in_series(), 3.0, amplitude=1.0, width=2.0, count=3, dt=0.5, realisations=2)
    lower = an.paired_pulse(two_in_series(), 3.0, amplitude=1.0, width=2.0, count=3, dt=0.5, weight="lower")
    drive = {"in": mn.drive.pulses(0.0, 1.0, length=2.0, spacing=3.0), "out": 0.0}
    sim = two_in_series().simulation(drive, dt=0.5)
    rows = sim.run(25, record="edge_conductance").edge_conductance.values[[4, 14, 24]]
    want = 1.0 / (1.0 / rows).sum(axis=1)
    assert found.conductance.values[0] == pytest.approx(np.stack([want, want]), rel=1e-12)
    assert lower.conductance.values[0, 0] == pytest.approx(rows[:, 1], rel=1e-12)


def test_copies_of_a_circuit_share_nothing():
    # each is what it is alone, and links stay inside a copy
    circuit = mn.Circuit()
    circuit.add("gate", "out", mn.Resistor(conductance=0.0), name="probe")
    circuit.add("in", "out", mn.link(mn.Transistor(), to="probe"), name="channel")
    arguments = {"amplitude": 0.5, "width": 1.0, "dt": 1.0, "others": {"gate": 2.0}}
    one = an.paired_pulse(circuit, 1.0, **arguments)
    three = an.paired_pulse(circuit, 1.0, realisations=3, **arguments)
    assert one.conductance.values.min() > 0.0
    assert (three.conductance.values == one.conductance.values).all()
    closed = an.paired_pulse(circuit, 1.0, **{**arguments, "others": {"gate": -2.0}})
    assert closed.conductance.values.max() < 1e-3 * one.conductance.values.min()


def test_names_with_the_mark_of_copies():
    circuit = mn.Circuit()
    circuit.add("in", "in@2", mn.RateBalance(), name="a")
    circuit.add("in@2", "out", mn.RateBalance(), name="a@2")
    found = an.srdp(circuit, 1.0, amplitude=1.0, width=1.0, dt=1.0, realisations=3, weight="a@2")
    assert np.ptp(found.after.values) == 0.0


def test_a_network_takes_a_simulation_a_realisation():
    net = mn.percolating(size=20, coverage=0.6, seed=1)
    arguments = {"amplitude": 2.0, "width": 5.0, "count": 3, "dt": 1.0, "ports": ("left", "right")}
    found = an.paired_pulse((net, mn.TunnelGap()), 5.0, realisations=2, seed=4, **arguments)
    drive = {"left": mn.drive.pulses(0.0, 2.0, length=5.0, spacing=5.0, count=3), "right": 0.0}
    for k in range(2):
        sim = mn.Simulation(net, mn.TunnelGap(), drive, seed=4 + k)
        sim.step(5)
        sim.set_drive({"left": 2.0, "right": 0.0})
        assert found.conductance.values[0, k, 0] == pytest.approx(sim.current[0] / 2.0, rel=1e-12)
    edge = an.srdp((net, mn.TunnelGap()), 5.0, weight=3, **arguments)
    assert edge.before.values.shape == (1, 1)


def test_networks_of_circuits_and_with_circuits_at_electrodes():
    circuit = two_in_series()
    arguments = {"amplitude": 1.0, "width": 1.0, "count": 3, "dt": 0.5}
    named = an.srdp((circuit.network(["in", "out"]), circuit.devices), 1.0, weight="lower", **arguments)
    assert named.change.item() == an.srdp(circuit, 1.0, weight="lower", **arguments).change.item()
    net = mn.percolating(size=20, coverage=0.6, seed=1).attach("left", mn.Resistor(conductance=0.1))
    found = an.paired_pulse((net, mn.RateBalance()), 1.0, ports=("left", "right"), **arguments)
    assert (found.conductance.values < 0.1).all()
    assert (np.diff(found.conductance.values) > 0.0).all()


def test_adaptive_steps_of_a_circuit_with_a_charge():
    circuit = two_in_series()
    circuit.add("mid", "out", mn.Capacitor(capacitance=1e-3), name="c")
    arguments = {"amplitude": 1.0, "width": 1.0, "count": 3}
    exact = an.paired_pulse(circuit, 1.0, dt=1.0, method="adaptive", rtol=1e-7, **arguments)
    drive = {"in": mn.drive.pulses(0.0, 1.0, length=1.0, spacing=1.0), "out": 0.0}
    sim = circuit.simulation(drive, dt=1.0, method="adaptive", rtol=1e-7)
    before_jumps = sim.run(6, record=["current", "left"]).current_left.sel(electrode="in").values
    assert exact.conductance.values.ravel() == pytest.approx(before_jumps[1::2], rel=1e-5)
    found = an.paired_pulse(circuit, 1.0, dt=1e-4, **arguments)
    assert found.conductance.values == pytest.approx(exact.conductance.values, rel=3e-3)


def test_the_weight_of_a_whole_is_its_terminal_conductance():
    net = mn.percolating(size=20, coverage=0.6, seed=1)
    found = an.srdp((net, mn.RateBalance()), 5.0, amplitude=2.0, width=5.0, count=3, dt=1.0, ports=("left", "right"))
    drive = {"left": mn.drive.pulses(0.0, 2.0, length=5.0, spacing=5.0, count=3), "right": 0.0}
    sim = mn.Simulation(net, mn.RateBalance(), drive)
    for name, steps in (("before", 0), ("after", 25)):
        sim.step(steps)
        probe = sim.copy()
        probe.set_drive({"left": 0.0, "right": 0.0})
        assert found[name].item() == pytest.approx(mn.terminal_conductance(net, probe.conductance)[0, 0], rel=1e-12)


# ------------------------------------------------------------------ rates and timing


def test_rates_at_a_rate_balance_device():
    device = mn.RateBalance()
    found = an.srdp(device, [1.0, 4.0], amplitude=0.5, width=1.0, count=5, dt=0.5, settle=2.0)
    for gap in (1.0, 4.0):
        want = balance(trained(device, 0.5, 1.0, gap, 5)[-1], 0.0, 2.0, device)
        row = found.sel(interval=gap)
        assert row.before.item() == pytest.approx(at_rest(device), rel=1e-12)
        assert row.after.item() == pytest.approx(want, rel=1e-12)
        assert row.change_mean.item() == row.change.item() == row.after.item() - row.before.item()
        assert math.isnan(row.change_error.item())
    assert found.attrs["message"] == ""
    assert found.change.attrs["units"] == "S"


def test_one_pulse_of_a_rate_is_that_pulse():
    found = an.srdp(mn.RateBalance(), [1.0, 4.0], amplitude=0.5, width=1.0, count=1, dt=0.5)
    assert found.after.values.ravel() == pytest.approx(balance(at_rest(mn.RateBalance()), 0.5, 1.0, mn.RateBalance()))
    assert found.attrs["message"] == "the rate does not matter: all trains change the weight alike"


@settings(max_examples=25, deadline=None)
@given(delays=st.lists(st.integers(-40, 40), min_size=1, max_size=5, unique=True))
def test_windows_of_a_bipolar_synapse_have_their_closed_form(delays):
    dt = 0.25
    found = an.stdp(synapse(), [k * dt for k in delays], pre=SPIKE, dt=dt, state="w")
    for k in delays:
        pre, post = max(-k, 0) * dt, max(k, 0) * dt
        want = pair_by_hand(pre, post, SPIKE, 20.0, dt)
        assert found.change.sel(delay=k * dt).item() == pytest.approx(want, rel=1e-12, abs=1e-15)


def test_a_window_of_equal_spikes_is_odd():
    delays = np.array([0.25, 0.5, 1.0, 2.0])
    ahead = an.stdp(synapse(), delays, pre=SPIKE, dt=0.25, state="w", realisations=2)
    behind = an.stdp(synapse(), -delays, pre=SPIKE, dt=0.25, state="w", realisations=2)
    assert (ahead.change.values == -behind.change.values).all()
    assert ahead.change_mean.values.max() > 0.0
    assert (ahead.change_error.values == 0.0).all()
    assert ahead.change.attrs["units"] == "1"


def test_the_window_of_the_review():
    # spikes of 5 ms up and 75 ms down, each an exponential that ends at 0; v is post - pre
    dt = 1e-5
    device = BIPOLAR(rate=1.0, v_0=1.0 / 7.0)
    circuit = mn.Circuit()
    circuit.add("post", "pre", device)
    time = (np.arange(8_000) + 0.5) * dt - 5e-3
    cut = math.exp(-2.5)
    up, down = (np.exp(time / 2e-3) - cut) / (1.0 - cut), -0.25 * (np.exp(-time / 30e-3) - cut) / (1.0 - cut)
    spike = mn.drive.from_array(np.append(np.where(time < 0.0, up, down), 0.0), dt=dt)
    found = an.stdp(circuit, [1e-3, 5e-3, 20e-3, -1e-3, -5e-3, -20e-3], pre=spike, dt=dt, state="w")
    want = np.array([0.85214357, 0.56960348, 0.13626395])
    assert found.change_mean.values[:3] == pytest.approx(want, rel=1e-3)
    assert (found.change_mean.values[3:] == -found.change_mean.values[:3]).all()


def test_delays_from_the_end_are_later_by_the_spike():
    delays = np.array([0.5, 1.0])
    from_end = an.stdp(mn.RateBalance(), delays, pre=SPIKE, dt=0.5, delay_from="end")
    from_start = an.stdp(mn.RateBalance(), delays + 3.0, pre=SPIKE, dt=0.5)
    assert (from_end.change.values == from_start.change.values).all()


def test_different_spikes_and_what_the_first_alone_changes():
    device = mn.RateBalance()
    one = mn.drive.concat([(0.5, 1.0), (0.0, None)])
    two = mn.drive.concat([(-0.3, 2.0), (0.0, None)])
    found = an.stdp(device, [-2.0, 0.0, 2.0], pre=one, post=two, dt=0.5, delay_from="start")
    rest = at_rest(device)
    first = found.change_first.values.ravel()
    assert first[2] == pytest.approx(balance(rest, 0.5, 1.0, device) - rest, rel=1e-11)
    assert first[0] == pytest.approx(balance(rest, 0.3, 2.0, device) - rest, rel=1e-11)
    assert math.isnan(first[1])
    ahead = balance(balance(balance(rest, 0.5, 1.0, device), 0.0, 1.0, device), 0.3, 2.0, device)
    assert found.after.sel(delay=2.0).item() == pytest.approx(ahead, rel=1e-12)


def test_a_record_of_one_length_is_read_at_its_end():
    device = mn.RateBalance()
    one = mn.drive.concat([(0.5, 1.0), (0.0, None)])
    found = an.stdp(device, [2.0, 4.0], pre=one, dt=0.5, duration=10.0)
    for delay in (2.0, 4.0):
        after = balance(balance(at_rest(device), 0.5, 1.0, device), 0.0, delay - 1.0, device)
        want = balance(balance(after, 0.5, 1.0, device), 0.0, 9.0 - delay, device)
        assert found.after.sel(delay=delay).item() == pytest.approx(want, rel=1e-12)


def test_priming_changes_the_answer():
    device = mn.RateBalance()
    found = an.srdp(device, 1.0, amplitude=0.5, width=1.0, count=1, dt=0.5, priming=(0.3, 4.0))
    primed = balance(at_rest(device), 0.3, 4.0, device)
    assert found.before.item() == pytest.approx(primed, rel=1e-12)
    assert found.after.item() == pytest.approx(balance(primed, 0.5, 1.0, device), rel=1e-12)


def test_windows_that_say_what_they_are():
    flat = mn.drive.concat([(0.4, 1.0), (0.0, None)])  # thresholds above the peak difference
    for delays in ([-1.0, 0.0, 1.0], [1.0]):
        found = an.stdp(synapse(), delays, pre=flat, dt=0.5, state="w")
        assert found.attrs["message"] == "flat window: no pair of spikes changes the weight"
    found = an.stdp(mn.RateBalance(), [-4.0, 4.0], pre=SPIKE, dt=0.5)
    depresses_not = "no depression: the weight does not fall at any of these delays"
    assert found.attrs["message"] == f"flat window: all pairs of spikes change the weight alike; {depresses_not}"
    found = an.stdp(mn.RateBalance(), [-4.0, -2.0, 2.0, 4.0], pre=SPIKE, dt=0.5)
    assert found.attrs["message"] == depresses_not
    found = an.stdp(synapse(pre="post", post="pre"), [1.0, 4.0], pre=SPIKE, dt=0.5, state="w")
    assert found.attrs["message"] == "no potentiation: the weight does not rise at any of these delays"
    found = an.srdp(mn.Resistor(), [1.0, 2.0], amplitude=1.0, width=1.0, dt=1.0)
    assert found.attrs["message"] == "no plasticity: no train changes the weight"


def test_reading_disturbs_nothing():
    # a train read after every pulse and one read after the last end alike, to the bit
    arguments = {"amplitude": 1.0, "width": 1.0, "dt": 0.5}
    long = an.paired_pulse(two_in_series(), 1.0, count=6, **arguments)
    short = an.paired_pulse(two_in_series(), 1.0, count=3, **arguments)
    assert (long.conductance.values[..., :3] == short.conductance.values).all()
    selector = mn.Circuit()
    selector.add("in", "mid", mn.Selector(), name="selector")
    selector.add("mid", "out", mn.RateBalance(g_min=1e-6, g_max=1e-4), name="memristor")
    found = an.paired_pulse(selector, 1.0, count=4, weight="memristor", **arguments)
    drive = {"in": mn.drive.pulses(0.0, 1.0, length=1.0, spacing=1.0), "out": 0.0}
    sim = selector.simulation(drive, dt=0.5)
    states = sim.run(15, record="edge_conductance").edge_conductance.values[[2, 6, 10, 14], 1]
    assert found.conductance.values.ravel() == pytest.approx(states, rel=1e-12)


def test_steps_that_are_too_long_are_said():
    junction = mn.RateBalance(kappa_p0=1e-4, kappa_d0=0.5, eta_p=10.0, eta_d=1.0, g_min=1e-3, g_max=0.1)
    wires = mn.nanowires(300, size=100, length=20, length_sd=5, seed=3)
    with pytest.warns(mn.StepWarning, match="dt"):
        an.paired_pulse((wires, junction), 0.2, amplitude=8.0, width=0.2, dt=0.05, ports=("left", "right"))


def test_results_go_to_files_and_say_what_was_done(tmp_path):
    found = an.stdp(
        synapse(), [1.0], pre=SPIKE, dt=0.5, state="w", weight="w", priming=(0.1, 1.0), duration=30.0, realisations=2
    )
    found.to_netcdf(tmp_path / "window.nc")
    again = xr.load_dataset(tmp_path / "window.nc")
    assert again.attrs["ports"] == "pre, post"
    assert again.attrs["pre"] == repr(SPIKE)
    assert again.attrs["priming"] == "constant(value=0.1) for 1 s"
    xr.testing.assert_equal(found, again)


# ------------------------------------------------------------------ what is refused

PULSES = {"amplitude": 1.0, "width": 1.0, "dt": 0.5}
FOREVER = mn.drive.sine(1.0, 1.0)


@pytest.mark.parametrize("protocol", [an.paired_pulse, an.srdp])
@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"interval": 0.0}, ValueError, "interval must be in"),
        ({"interval": -1.0}, ValueError, "interval must be in"),
        ({"interval": []}, ValueError, "interval must hold at least one"),
        ({"interval": [1.0, 1.0]}, ValueError, "interval must hold each time once"),
        ({"interval": [1.0, math.nan]}, ValueError, "interval must be finite"),
        ({"interval": [[1.0]]}, ValueError, "interval must have shape"),
        ({"interval": 0.7}, ValueError, r"interval must be a whole number of steps of dt = 0.5 s, got 0.7.*0.5 s \(1"),
        ({"interval": 0.2}, ValueError, r"interval must be a whole .* the nearest: 0.5 s \(1 steps\)$"),
        ({"interval": 1e300}, ValueError, "interval must be below"),
        ({"interval": "1"}, TypeError, "interval must be an array of numbers"),
        ({"width": 0.0}, ValueError, "width must be in"),
        ({"width": 0.3}, ValueError, "width must be a whole number of steps"),
        ({"amplitude": 0.0}, ValueError, "amplitude must not be 0 V"),
        ({"amplitude": math.inf}, ValueError, "amplitude must be in"),
        ({"count": 0}, ValueError, "count must be"),
        ({"count": 2.5}, ValueError, "count must be"),
        ({"dt": 0.0}, ValueError, "dt must be in"),
        ({"realisations": 0}, ValueError, "realisations must be"),
        ({"realisations": 10**9}, ValueError, "realisations must be"),
        ({"seed": -1}, ValueError, "seed must be"),
        ({"ports": ("in", "in")}, ValueError, "ports must be two different"),
        ({"ports": "in"}, TypeError, "ports must be the names"),
        ({"ports": ("in", "exit")}, ValueError, "exit"),
        ({"weight": "uper"}, ValueError, "did you mean 'upper'"),
        ({"weight": 0}, TypeError, "element in weight"),
        ({"system": mn.RateBalance(), "weight": np.array([None])}, ValueError, "weight must be None or"),
        ({"others": {"gate": 1.0}}, ValueError, "gate"),
        ({"others": {"in": 1.0}}, ValueError, "others must name electrodes that are no ports"),
        ({"others": 1.0}, TypeError, "others must be a dict"),
        ({"priming": 1.0}, TypeError, "priming must be a pair"),
        ({"priming": (1.0, 0.3)}, ValueError, "duration of priming must be a whole number"),
        ({"priming": (mn.drive.pulses(0.0, 1.0, length=0.3, spacing=1.0), 2.0)}, ValueError, "jump at 0.3 s"),
        ({"method": "fast"}, ValueError, "method"),
        ({"system": two_in_series}, TypeError, "system must be"),
        ({"system": mn.RateBalance}, TypeError, "system must be"),
        ({"nonsense": 1}, TypeError, "nonsense"),
    ],
)
def test_trains_refuse(protocol, change, error, message):
    arguments = {"system": two_in_series(), "interval": 1.0, **PULSES, **change}
    with pytest.raises(error, match=message):
        protocol(**arguments)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"delay": math.inf}, ValueError, "delay must be finite"),
        ({"delay": []}, ValueError, "delay must hold at least one"),
        ({"delay": 0.3}, ValueError, "delay must be a whole number of steps"),
        ({"delay": 30.0, "duration": 20.0}, ValueError, "delay must leave both spikes inside the record, got 30.0 s"),
        ({"delay": 0.0, "delay_from": "end"}, ValueError, "delay must not be 0"),
        ({"delay_from": "middle"}, ValueError, "unknown delay_from 'middle'"),
        ({"duration": -1.0}, ValueError, "duration must be in"),
        ({"duration": 20.3}, ValueError, "duration must be a whole number"),
        ({"pre": FOREVER}, ValueError, "pre must come to rest at 0 V"),
        ({"pre": mn.drive.pulses(0.0, 1.0, length=1.0, spacing=1.0)}, ValueError, "pre must come to rest at 0 V"),
        ({"post": mn.drive.constant(1.0)}, ValueError, "post must come to rest at 0 V"),
        ({"pre": mn.drive.constant(0.0)}, ValueError, "pre must not be empty"),
        ({"pre": 0.0 * SPIKE}, ValueError, "pre must not be empty"),
        ({"pre": mn.drive.concat([(1.0, 1.0), (None, None)])}, ValueError, "pre must be a waveform of voltages"),
        ({"pre": 1.0}, TypeError, "pre must be a waveform"),
        ({"pre": mn.drive.concat([(1.0, 0.3), (0.0, None)])}, ValueError, "length of pre must be a whole number"),
        ({"pre": mn.drive.concat([(1.0, 0.3), (2.0, 0.7), (0.0, None)])}, ValueError, "jump at 0.3 s"),
        ({"state": "q"}, ValueError, "state of Bipolar"),
        ({"weight": "v"}, ValueError, "element in weight"),
    ],
)
def test_timing_refuses(change, error, message):
    arguments = {"system": synapse(), "delay": 1.0, "pre": SPIKE, "dt": 0.5, **change}
    with pytest.raises(error, match=message):
        an.stdp(**arguments)


def test_a_weight_that_is_a_charge_is_refused():
    circuit = two_in_series()
    circuit.add("mid", "out", mn.Capacitor(capacitance=1.0), name="c")
    with pytest.raises(ValueError, match="weight must be of elements without charge"):
        an.srdp(circuit, 1.0, **PULSES)
    with pytest.raises(ValueError, match="weight must be of elements without charge"):
        an.srdp(circuit, 1.0, weight="c", **PULSES)
    assert an.srdp(circuit, 1.0, weight="upper", **PULSES).change.item() > 0.0


def test_a_state_needs_its_element():
    with pytest.raises(ValueError, match="weight must name the element whose state it is: upper, lower"):
        an.srdp(two_in_series(), 1.0, state="g", **PULSES)
    with pytest.raises(ValueError, match="state must be one number an element"):
        an.srdp(mn.DiffusiveMemristor(), 1.0, amplitude=1.0, width=1.0, dt=0.5, state="x")


def test_results_that_have_no_place_are_refused_at_once():
    with pytest.raises(ValueError, match="at most 10,000,000 numbers"):
        an.paired_pulse(mn.RateBalance(), 1.0, count=10**8, **PULSES)
    with pytest.raises(ValueError, match="others must be empty"):
        an.srdp(mn.RateBalance(), 1.0, others={"gate": 1.0}, **PULSES)
    with pytest.raises(ValueError, match="Diffusive"):
        an.srdp(mn.DiffusiveMemristor(), 1.0, method="adaptive", **PULSES)
