"""Trains that potentiate and depress, postsynaptic currents, and what a second state or terminal does to them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet import analysis as an

# Soft bounds: a pulse goes a share of what is left to go.
SOFT = mn.device_model(
    "Soft",
    """
    i     = g*x*v
    dx/dt = where(v > 0, (1 - x)/tau, where(v < 0, -x/tau, 0))
    parameter g = 1 mS in (0, inf)   : conductance at x = 1
    parameter tau = 10 s in (0, inf) : time to go all but 1/e of the rest
    parameter x_0 = 0.1 in [0, 1]    : at the start
    state x = x_0 in [0, 1]          : share
    """,
)
# What a small voltage leaves in c speeds up what a larger one does: metaplasticity.
PRIMED = mn.device_model(
    "Primed",
    """
    i     = (g_0 + g_1*w)*v
    dw/dt = where(abs(v) > v_th, rate*sign(v)*exp(c), 0)
    dc/dt = where(abs(v) < v_th, k*v, 0)
    parameter g_0 = 1 uS in (0, inf)    : conductance without weight
    parameter g_1 = 10 uS in (0, inf)   : conductance by weight
    parameter rate = 0.01 1/s in [0, inf) : speed
    parameter k = 0.1 1/(V s)           : what primes
    parameter v_th = 1 V in (0, inf)    : threshold
    state w = 0.2 in [0, 1]             : weight
    state c = 0 in [-10, 10]            : what was left
    """,
)
NO_DEPRESSION = "no depression: the weight does not fall under the second train"


def gated(**parameters):
    """A memristor between in and out, whose gate is a node of its own."""
    circuit = mn.Circuit()
    circuit.add("in", "out", mn.link(mn.GatedMemristor(**parameters), to="gate"), name="channel")
    circuit.add("gate", "out", mn.Resistor(conductance=1e-6), name="gate")
    return circuit


# ------------------------------------------------------------------ linearity


@settings(max_examples=25, deadline=None)
@given(
    d=st.floats(0.01, 0.9),
    g_0=st.floats(0.0, 0.9),
    count=st.integers(2, 30),
    scale=st.sampled_from([1e-300, 1e-6, -1.0, 1e300]),
)
def test_the_index_of_soft_bounds_is_the_closed_form(d, g_0, count, scale):
    n = np.arange(count + 1)
    bent = (1.0 - (1.0 - d) ** n) / (1.0 - (1.0 - d) ** count)
    want = 1.0 - (bent - n / count).max()
    assert an.linearity(scale * (1.0 - (1.0 - g_0) * (1.0 - d) ** n)) == pytest.approx(want, rel=1e-9)


def test_the_index_at_its_ends():
    assert an.linearity(np.linspace(3.0, -2.0, 11)) == pytest.approx(1.0, rel=1e-15)
    assert an.linearity([0.0, 1.0, 1.0, 1.0]) == pytest.approx(1.0 / 3.0, rel=1e-15)
    assert an.linearity([0.0, 9.0, 1.0]) < 0.0
    assert math.isnan(an.linearity([1.0, 2.0, 1.0]))
    with pytest.raises(ValueError, match="values must hold at least 3 weights, got 2"):
        an.linearity([0.0, 1.0])


@settings(max_examples=6, deadline=None)
@given(width=st.integers(1, 9), count=st.integers(2, 8), x_0=st.floats(0.0, 0.9))
def test_trains_at_soft_bounds_are_the_closed_form(width, count, x_0):
    device = SOFT(x_0=x_0)
    found = an.potentiation(device, amplitude=0.7, width=width * 0.5, interval=1.0, count=count, dt=0.5)
    kept = math.exp(-width * 0.5 / 10.0) ** np.arange(count + 1)
    up = 1.0 - (1.0 - x_0) * kept
    assert found.weight.values[0, 0] == pytest.approx(1e-3 * up, rel=1e-12, abs=1e-18)
    assert found.weight.values[1, 0] == pytest.approx(1e-3 * up[-1] * kept, rel=1e-12, abs=1e-18)
    assert found.linearity.values == pytest.approx([an.linearity(up), an.linearity(kept)], rel=1e-9)
    assert found.attrs["message"] == ""


def test_the_bipolar_synapse_with_soft_bounds_is_the_closed_form():
    device = mn.BipolarThreshold(soft=1.0, w_initial=0.05, I_0=0.02)
    found = an.potentiation(device, amplitude=1.2, width=1e-2, interval=1e-2, count=15, dt=1e-2, state="w")
    d = -math.expm1(-0.02 * (math.exp(1.2 / device.v_0) - math.exp(1.0 / device.v_0)) * 1e-2)
    want = 1.0 - (1.0 - 0.05) * (1.0 - d) ** np.arange(16)
    assert found.weight.values[0, 0] == pytest.approx(want, rel=1e-12)


def test_a_linear_synapse_goes_back_as_it_came():
    device = mn.BipolarThreshold(w_initial=0.1, I_0=1e-3)
    found = an.potentiation(device, amplitude=1.2, width=1e-2, interval=1e-2, count=8, dt=1e-2)
    assert found["linearity"].values == pytest.approx([1.0, 1.0], rel=1e-12)
    assert found.asymmetry.item() == pytest.approx(0.0, abs=1e-12)
    weaker = an.potentiation(device, amplitude=1.2, depression=-1.1, width=1e-2, interval=1e-2, count=8, dt=1e-2)
    assert weaker.asymmetry.item() > 0.5  # not all the way back
    assert weaker.attrs["depression"] == -1.1


def test_realisations_of_noise_have_an_error():
    device = mn.StochasticRateBalance(sigma=1e-3)
    found = an.potentiation(device, amplitude=0.5, width=1.0, interval=1.0, count=3, dt=0.5, realisations=6)
    assert found.weight.shape == (2, 6, 4)
    want = found.weight.values.std(axis=1, ddof=1) / math.sqrt(6.0)
    assert found.weight_error.values == pytest.approx(want, rel=1e-12)
    assert (want[:, 1:] > 0.0).all()


@pytest.mark.parametrize(
    ("device", "amplitude", "said"),
    [
        (mn.RateBalance(), 0.5, NO_DEPRESSION),
        (SOFT(), -0.5, f"no potentiation: the weight does not rise under the first train; {NO_DEPRESSION}"),
        (mn.BipolarThreshold(), 0.9, "no plasticity: no pulse changes the weight"),
    ],
)
def test_what_a_synapse_cannot_is_said(device, amplitude, said):
    found = an.potentiation(device, amplitude=amplitude, width=1.0, interval=0.1, count=4, dt=0.1)
    assert found.attrs["message"] == said


# ------------------------------------------------------------------ metaplasticity, heterosynaptic plasticity


@pytest.mark.parametrize("primes", [-0.8, 0.4, 0.8])
def test_a_priming_pulse_changes_what_the_next_ones_do(primes):
    arguments = {"amplitude": 1.5, "width": 1.0, "interval": 1.0, "count": 5, "dt": 1.0, "state": "w"}
    plain = an.potentiation(PRIMED(), **arguments).weight.values[0, 0]
    primed = an.potentiation(PRIMED(), priming=(primes, 5.0), **arguments).weight.values[0, 0]
    assert primed[0] == plain[0] == 0.2  # the priming pulse itself moves no weight
    assert np.diff(primed) == pytest.approx(np.diff(plain) * math.exp(0.1 * primes * 5.0), rel=1e-12)
    assert np.diff(plain) == pytest.approx(0.01, rel=1e-12)


@pytest.mark.parametrize("gate", [-1.0, 0.0, 1.5])
def test_a_third_terminal_changes_potentiation_and_depression(gate):
    circuit = gated(r_0=1e-3, x_initial=0.25)
    found = an.potentiation(
        circuit, amplitude=1.0, width=1.0, interval=1.0, count=6, dt=1.0, weight="channel", state="x",
        others={"gate": gate},
    )  # fmt: skip
    kept = math.exp(-1e-3 * math.exp(gate) * math.sinh(2.0)) ** np.arange(7)
    assert found.weight.values[0, 0] == pytest.approx(1.0 - 0.75 * kept, rel=1e-12)
    assert found.weight.values[1, 0] == pytest.approx((1.0 - 0.75 * kept[-1]) * kept, rel=1e-12)


@pytest.mark.parametrize("gate", [-1.0, 0.0, 1.0])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_third_terminal_shifts_set_and_reset(gate, sign):
    """Of a ramp of 1 V/s half is switched where cosh(v/v_0) = 1 + ln 2/(r_0 e^(gate) v_0 s)."""
    circuit = gated(r_0=1e-2, x_initial=0.0 if sign > 0.0 else 1.0)
    ramp = mn.drive.piecewise_linear([0.0, 4.0], [0.0, 4.0 * sign])
    drive = {"in": ramp, "out": 0.0, "gate": gate}
    sim = circuit.simulation(drive, dt=0.005, method="adaptive", rtol=1e-5)
    run = sim.run(800, record="state:x", progress=False)
    x = run.state_x.values[:, 0]
    at = np.interp(0.5, *((x, run.time) if sign > 0.0 else (x[::-1], run.time[::-1])))
    assert at == pytest.approx(0.5 * math.acosh(1.0 + math.log(2.0) / (1e-2 * math.exp(gate) * 0.5)), abs=2e-3)


# ------------------------------------------------------------------ postsynaptic currents


def test_the_current_of_a_synapse_with_soft_bounds():
    amplitude, duration, interval = [0.5, -0.5], [1.0, 5.0], [1.0, 4.0]
    found = an.epsc(SOFT(), amplitude=amplitude, duration=duration, interval=interval, count=3, dt=1.0)
    assert found.current.dims == ("amplitude", "duration", "interval", "realisation", "spike")
    for volts in amplitude:
        for seconds in duration:
            kept = math.exp(-seconds / 10.0) ** np.arange(1, 4)
            x = 1.0 - 0.9 * kept if volts > 0.0 else 0.1 * kept
            for gap in interval:
                one = found.sel(amplitude=volts, duration=seconds, interval=gap)
                assert one.current.values[0] == pytest.approx(1e-3 * x * volts, rel=1e-12)
                assert one["index"].values == pytest.approx(x / x[0], rel=1e-12)
    assert (found.after.values == 0.0).all()
    assert (found.rest.values == 0.0).all()
    assert found.attrs["message"] == ""


def test_the_index_against_the_interval_is_that_of_the_review():
    found = an.epsc(mn.RateBalance(), amplitude=0.5, duration=1.0, interval=[1.0, 5.0, 20.0], count=2, dt=1.0)
    paired = an.paired_pulse(mn.RateBalance(), [1.0, 5.0, 20.0], amplitude=0.5, width=1.0, dt=1.0)
    assert found["index"].values[0, 0, :, 1] == pytest.approx([1.774188, 1.632585, 1.296579], abs=5e-7)
    assert found["index"].values[0, 0] == pytest.approx(paired["index"].values, rel=1e-14)


def test_frequencies_are_intervals():
    arguments = {"amplitude": 0.5, "duration": [1.0, 2.0], "count": 10, "dt": 0.5}
    by_rate = an.epsc(mn.RateBalance(), frequency=[0.25, 0.1], **arguments)
    for seconds in (1.0, 2.0):
        for rate in (0.25, 0.1):
            gap = an.epsc(mn.RateBalance(), interval=1.0 / rate - seconds, **{**arguments, "duration": seconds})
            one = by_rate.sel(duration=seconds, frequency=rate)
            assert (one.current.values == gap.current.values[0, 0, 0]).all()
    last = by_rate.epsc.isel(spike=-1)
    assert (last.sel(frequency=0.25) > last.sel(frequency=0.1)).all()  # more often, more of it


def test_the_current_that_leaves_a_membrane():
    """A resistance and a capacitance: the charge of the first spike takes from the current of the next."""
    circuit = mn.Circuit()
    circuit.add("pre", "inside", mn.Resistor(conductance=1e-6))
    circuit.add("inside", "post", mn.Capacitor(capacitance=1e-6, method="trapezoidal"))
    found = an.epsc(circuit, amplitude=0.2, duration=0.5, interval=0.25, count=2, dt=1e-3)
    charged = 0.2 * -math.expm1(-0.5)
    left = charged * math.exp(-0.25)
    after = left + (0.2 - left) * -math.expm1(-0.5)
    assert found.current.values[0, 0, 0, 0] == pytest.approx([1e-6 * (0.2 - charged), 1e-6 * (0.2 - after)], rel=1e-5)
    assert found["after"].values[0, 0, 0, 0] == pytest.approx([-1e-6 * charged, -1e-6 * after], rel=1e-5)


def test_spikes_at_a_gate_are_seen_in_the_channel():
    circuit = mn.Circuit()
    circuit.add("source", "post", mn.link(mn.Ecram(), to="gate"), name="channel")
    circuit.add("pre", "ground", mn.EcramGate(), name="gate")
    found = an.epsc(
        circuit, amplitude=[0.1, 0.2, -0.2], duration=0.5, interval=0.5, count=3, dt=0.05,
        others={"source": 0.1, "ground": 0.0},
    )  # fmt: skip
    assert found.rest.item() == pytest.approx(10e-6 * 0.1, rel=1e-12)
    grown = found.epsc.isel(duration=0, interval=0)
    assert (grown.sel(amplitude=0.2) > grown.sel(amplitude=0.1)).all()
    assert (grown.sel(amplitude=0.1) > 0.0).all()
    assert (grown.sel(amplitude=-0.2) < 0.0).all()
    assert found.after.values[..., 0, :] == pytest.approx(found.current.values[..., 0, :], rel=1e-12)  # it stays


def test_a_network_and_realisations():
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"pre": 0, "post": 2})
    devices = [mn.StochasticRateBalance(sigma=1e-3), mn.Resistor(conductance=1e-3)]
    found = an.epsc((net, devices), amplitude=0.5, duration=1.0, interval=1.0, count=2, dt=0.5, realisations=4, seed=3)
    amperes = found.current.values[0, 0, 0]
    assert found.epsc.values[0, 0, 0] == pytest.approx(amperes.mean(axis=0), rel=1e-12)
    assert found.epsc_error.values[0, 0, 0] == pytest.approx(amperes.std(axis=0, ddof=1) / 2.0, rel=1e-9)
    assert len(set(amperes[:, 0])) == 4


def test_what_no_spike_shows_is_said():
    said = an.epsc(mn.Resistor(conductance=0.0), amplitude=1.0, duration=1.0, dt=1.0).attrs["message"]
    assert said == "no current: no spike changes what flows at the second port"
    said = an.epsc(mn.Resistor(), amplitude=1.0, duration=1.0, frequency=0.25, count=3, dt=1.0).attrs["message"]
    assert said == "no plasticity: all spikes of a train bring the same current"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"frequency": 0.5}, "frequency must be below 0.5 Hz where spikes last 2.0 s, got 0.5"),
        ({"frequency": 0.3}, "period of frequency must be a whole number of steps of dt = 1.0 s, got 3.33"),
        ({"frequency": -1.0}, "frequency must be in (0, inf) Hz, got -1.0"),
        ({"frequency": 0.1, "interval": 1.0}, "interval and frequency must not both be given"),
        ({}, "interval or frequency must be given with a count of 2"),
        ({"count": 1, "interval": 1.0}, "interval and frequency must not be given with a count of 1"),
        ({"interval": [1.0, 1.0]}, "interval must hold each time once, got [1.0, 1.0]"),
        ({"interval": 1.0, "amplitude": [0.5, 0.0]}, "amplitude must not be 0 V"),
        ({"interval": 1.0, "amplitude": []}, "amplitude must hold at least one number, got none"),
        ({"interval": 1.5}, "interval must be a whole number of steps of dt = 1.0 s, got 1.5"),
    ],
)
def test_spikes_that_cannot_be(change, message):
    arguments = {"amplitude": 0.5, "duration": 2.0, "count": 2, "dt": 1.0, **change}
    with pytest.raises(ValueError) as error:
        an.epsc(mn.RateBalance(), **arguments)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"depression": 0.0}, "depression must not be 0 V, which is no pulse"),
        ({"count": 1}, "count must be an integer in [2,"),
        ({"interval": 0.0}, "interval must be in (0, inf) s, got 0.0"),
    ],
)
def test_trains_that_cannot_be(change, message):
    arguments = {"amplitude": 0.5, "width": 1.0, "interval": 1.0, "dt": 1.0, **change}
    with pytest.raises(ValueError) as error:
        an.potentiation(mn.RateBalance(), **arguments)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"duration": 0.0}, r"duration must be in \(0, inf\) s"),
        ({"duration": 0.5}, "duration must be a whole number of steps"),
        ({"interval": 0.0}, r"interval must be in \(0, inf\) s"),
        ({"interval": -1.0}, r"interval must be in \(0, inf\) s"),
    ],
)
def test_times_of_spikes_are_named_as_they_were_given(arguments, words):
    with pytest.raises(ValueError, match=words):
        an.epsc(
            mn.RateBalance(), **{"amplitude": 0.5, "duration": 1.0, "interval": 1.0, "count": 2, "dt": 1.0, **arguments}
        )


def test_plots_of_xarray_find_names_and_units():
    spike = mn.drive.concat([(0.5, 1.0), (0.0, None)])
    pulses = {"amplitude": 0.5, "width": 1.0, "dt": 0.5, "count": 2}
    for found, unlabelled in (
        (an.stdp(mn.RateBalance(), [-1.0, 1.0], pre=spike, dt=0.5), {"realisation"}),
        (an.srdp(mn.RateBalance(), [1.0, 2.0], **pulses), {"realisation"}),
        (an.paired_pulse(mn.RateBalance(), [1.0, 2.0], **pulses), {"realisation", "pulse"}),
        (an.potentiation(mn.RateBalance(), interval=1.0, **pulses), {"realisation", "direction"}),
        (
            an.epsc(mn.RateBalance(), amplitude=0.5, duration=1.0, frequency=0.2, count=2, dt=0.5),
            {"realisation", "spike"},
        ),
    ):
        bare = {name for name, one in found.variables.items() if not {"units", "long_name"} <= one.attrs.keys()}
        assert bare == unlabelled
