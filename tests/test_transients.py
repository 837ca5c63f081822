"""Transients: their parts in sums of exponentials, and against eigenvalues of circuits of pores."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from pore_loops import combined

import memnet as mn
from memnet import analysis, theory

FIGURES = {"figure-26": (5e-6, 1.0, 1e-6), "figure-27": (1e-6, 0.5, 1e-6)}


def two_parts(t, final=1e-6, slow=-0.5e-6, tau=0.2, fast=2e-6, short=0.005):
    return final + slow * np.exp(-t / tau) + fast * np.exp(-t / short)


def step(device, g_s, volts, dt, n, **more):
    """A simulation behind g_s, and its current after the voltage has jumped to `volts`."""
    make = combined(("in", "u", mn.Resistor(conductance=g_s)), ("u", "out", device))
    sim = make({"in": volts, "out": 0.0}, dt=dt, method="adaptive", rtol=1e-8)
    return sim, sim.run(n, record=["current"], **more)


# ------------------------------------------------------------------ sums of exponentials


@settings(max_examples=12)
@given(
    st.floats(-1e-3, 1e-3),
    st.floats(1e-9, 1e-3),
    st.sampled_from([-1.0, 1.0]),
    st.floats(0.1, 10.0),
    st.floats(0.05, 0.15),
    st.floats(25.0, 60.0),
)
def test_two_exponentials_are_found(final, slow, sign, ratio, share, apart):
    """Without noise: as good as an error of 1e-7 of the range allows."""
    t = np.linspace(0.0, 1.0, 1501)
    tau, short, fast = share, share / apart, -sign * slow * ratio
    found = analysis.transient(t, two_parts(t, final, sign * slow, tau, fast, short))
    assert found.slow.tau == pytest.approx(tau, rel=1e-3)
    assert found.slow.amplitude == pytest.approx(sign * slow, rel=1e-3)
    assert found.fast.tau == pytest.approx(short, rel=1e-3)
    assert found.fast.amplitude == pytest.approx(fast, rel=1e-3)
    assert found.final == pytest.approx(final, abs=1e-6 * slow)
    assert found.initial == pytest.approx(final + sign * slow + fast, rel=1e-12, abs=1e-18)
    assert found.message == ""


def test_errors_cover_the_truth():
    """Within one standard error in about 68 of 100 noisy measurements, within three nearly always."""
    t = np.linspace(0.0, 1.0, 800)
    rng = np.random.default_rng(5)
    off = []
    for _ in range(30):
        noisy = two_parts(t, tau=0.12) + 1e-8 * rng.standard_normal(t.size)
        found = analysis.transient(t, noisy)
        off.append(
            [
                (found.slow.tau - 0.12) / found.slow.tau_error,
                (found.slow.amplitude + 0.5e-6) / found.slow.amplitude_error,
                (found.fast.tau - 0.005) / found.fast.tau_error,
                (found.fast.amplitude - 2e-6) / found.fast.amplitude_error,
                (found.final - 1e-6) / found.final_error,
            ]
        )
    within = (np.abs(off) < 1.0).mean(axis=0)
    assert (within > 0.45).all()
    assert (within < 0.9).all()
    assert (np.abs(off) < 4.0).mean() > 0.97


def test_samples_may_be_spaced_as_logarithms():
    t = np.r_[0.0, np.geomspace(1e-6, 1.0, 300)]
    found = analysis.transient(t, two_parts(t, short=1e-4))
    assert (found.slow.tau, found.fast.tau) == (pytest.approx(0.2, rel=1e-4), pytest.approx(1e-4, rel=1e-4))


def test_the_remaining_current_and_the_sum_of_parts():
    """Equation 54."""
    t = np.linspace(0.0, 1.5, 1000)
    amps = two_parts(t)
    found = analysis.transient(t, amps)
    np.testing.assert_allclose(found.remaining, 1e-6 - amps, atol=1e-12)
    np.testing.assert_allclose(found.current(t), amps, atol=1e-11)
    assert found.time.flags.writeable is False
    with pytest.raises(ValueError, match="time must be >= 0"):
        found.current([-1.0])


# ------------------------------------------------------------------ parts that are not there


T = np.linspace(0.0, 1.0, 600)


@pytest.mark.parametrize("noise", [0.0, 1e-9, 1e-8])
def test_one_exponential_has_no_fast_part(noise):
    rng = np.random.default_rng(3)
    for _ in range(5):
        found = analysis.transient(T, 1e-6 * (1.0 - np.exp(-T / 0.1)) + noise * rng.standard_normal(T.size))
        assert not found.fast
        assert np.isnan([found.fast.amplitude, found.fast.tau, found.fast.tau_error]).all()
        assert found.slow.tau == pytest.approx(0.1, rel=1e-3 + 2e7 * noise)
        assert "fast none" in repr(found)


@pytest.mark.parametrize("noise", [0.0, 1e-9])
def test_nothing_moves(noise):
    amps = 1e-6 + noise * np.random.default_rng(4).standard_normal(T.size)
    found = analysis.transient(T, amps)
    assert (bool(found.fast), bool(found.slow)) == (False, False)
    assert "nothing moves" in found.message
    assert found.final == pytest.approx(1e-6, abs=1e-9)


def test_what_does_not_settle_has_no_end():
    found = analysis.transient(T, 1e-6 * T + 1e-9 * np.random.default_rng(6).standard_normal(T.size))
    assert not found.slow
    assert np.isnan(found.final)
    assert np.isnan(found.remaining).all()
    assert "does not settle" in found.message
    spiked = analysis.transient(T, 1e-6 * T + 1e-6 * np.exp(-T / 0.01))
    assert spiked.fast.tau == pytest.approx(0.01, rel=0.02)
    assert not spiked.slow


def test_a_known_end_helps_where_samples_stop_early():
    t = np.linspace(0.0, 0.3, 200)
    amps = 1e-6 * (1.0 - np.exp(-t / 1.0)) + 1e-9 * np.random.default_rng(7).standard_normal(t.size)
    free, held = analysis.transient(t, amps), analysis.transient(t, amps, final=1e-6)
    assert held.slow.tau == pytest.approx(1.0, rel=0.02)
    assert (held.final, held.final_error) == (1e-6, 0.0)
    assert not free.slow or held.slow.tau_error < 0.2 * free.slow.tau_error


def test_a_spike_that_ends_between_samples_has_no_time():
    amps = 1e-6 * (1.0 - 0.5 * np.exp(-T / 0.1)) + np.where(T == 0.0, 3e-6, 0.0)
    found = analysis.transient(T, amps)
    assert found.fast
    assert found.fast.amplitude == pytest.approx(3e-6, rel=1e-6)
    assert np.isnan(found.fast.tau)
    assert found.slow.tau == pytest.approx(0.1, rel=1e-6)


def test_too_few_samples():
    found = analysis.transient(T[:19], two_parts(T[:19]))
    assert found.message == "not enough data: 19 samples behind the step"
    assert (bool(found.fast), bool(found.slow)) == (False, False)
    assert found.initial == two_parts(T)[0]


# ------------------------------------------------------------------ pores


@pytest.mark.parametrize("name", FIGURES)
def test_times_of_figures_26_and_27(name):
    """Slow: the eigenvalue at the end. Fast: C_m is charged while the open share is still that before the step."""
    g_s, volts, dt = FIGURES[name]
    device = mn.MembraneNanopore.preset(name)
    sim, data = step(device, g_s, volts, dt, 4000)
    found = analysis.transient(data)
    assert found.slow.tau == pytest.approx(-1.0 / mn.eigenvalues(sim)[0].real, rel=1e-3)
    share = theory.steady_curve(device, 0.0).state_x.values[0]
    charging = device.C_m / (g_s + device.g_L + (device.g_H - device.g_L) * share)
    assert found.fast.tau == pytest.approx(charging, rel=0.01)
    assert found.fast.amplitude > 0.0 > found.slow.amplitude
    assert found.initial == pytest.approx(g_s * volts, rel=1e-12)
    inner = volts - found.final / g_s
    at = theory.branch_circuit(device, inner, g_s=g_s)
    assert found.final == pytest.approx(at.current, rel=1e-6)
    np.testing.assert_allclose(found.remaining, at.current - data.current.values[:, 0], atol=1e-6 * at.current)


@pytest.mark.parametrize("name", FIGURES)
def test_slow_rates_in_closed_form(name):
    """(1/tau_k(u_inf)) (1 + g_a/(g_s + g_b)), with u_inf the inner voltage, against the eigenvalue."""
    g_s, volts, _ = FIGURES[name]
    device = mn.MembraneNanopore.preset(name)
    make = combined(("in", "u", mn.Resistor(conductance=g_s)), ("u", "out", device))
    sim = make({"in": volts, "out": 0.0}, dt=1e-5, method="adaptive")
    states = mn.equilibria(sim, n_starts=1)
    at = theory.branch_circuit(device, volts - states.current_of("in")[0] / g_s, g_s=g_s)
    slow, fast = mn.eigenvalues(sim).real
    assert at.applied == pytest.approx(volts, rel=1e-9)
    assert at.slow_rate == pytest.approx(-slow, rel=1e-3)
    assert 1.0 / at.fast_time == pytest.approx(-fast, rel=2e-2)
    assert at.eigenvalues.real == pytest.approx([slow, fast], rel=1e-8)
    outer = theory.branch_circuit(device, volts, g_s=g_s)
    assert abs(outer.slow_rate / -slow - 1.0) > 0.05


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("volts", [-0.2, 0.3])
def test_a_small_step_has_both_times_of_the_eigenvalues(name, volts):
    g_s = FIGURES[name][0]
    device = mn.MembraneNanopore.preset(name)
    make = combined(("in", "u", mn.Resistor(conductance=g_s)), ("u", "out", device))
    sim = make({"in": volts, "out": 0.0}, dt=2e-6, method="adaptive", rtol=1e-9)
    sim.run(duration=0.02, record=[])
    sim.set_drive({"in": volts + 1e-3, "out": 0.0})
    found = analysis.transient(sim.run(3000, record=["current"]))
    slow, fast = mn.eigenvalues(sim).real
    assert found.slow.tau == pytest.approx(-1.0 / slow, rel=2e-3)
    assert found.fast.tau == pytest.approx(-1.0 / fast, rel=1e-3)
    g_a = theory.branch_circuit(device, volts - found.final / g_s, g_s=g_s).g_a
    assert (found.slow.amplitude < 0.0) == (g_a > 0.0)  # inductive: the current rises late


@pytest.mark.parametrize(
    ("device", "volts"),
    [
        (mn.Nanopore.preset("figure-29a"), 1.0),
        (mn.Nanopore.preset("figure-29a"), -0.6),
        (mn.PlainNanopore(tau_0=1e-3), 1.0),
        (mn.CapacitivePore.preset("figure-31"), 0.5),
    ],
)
@pytest.mark.parametrize("noise", [0.0, 1e-3])
def test_pores_without_a_capacitance_have_no_fast_part(device, volts, noise):
    """However far their relaxation is from an exponential."""
    sim, data = step(device, 5e-6, volts, 1e-5, 2000)
    amps = data.current.values[:, 0]
    amps = amps + noise * np.ptp(amps) * np.random.default_rng(8).standard_normal(amps.size)
    found = analysis.transient(data.time.values, amps)
    assert not found.fast
    assert found.slow.tau == pytest.approx(-1.0 / mn.eigenvalues(sim)[0].real, rel=0.15 if noise else 5e-3)


@pytest.mark.parametrize("name", FIGURES)
def test_noise_changes_times_little(name):
    g_s, volts, dt = FIGURES[name]
    _, data = step(mn.MembraneNanopore.preset(name), g_s, volts, dt, 4000)
    clean = data.current.values[:, 0]
    found = analysis.transient(data)
    noisy = clean + 1e-3 * np.ptp(clean) * np.random.default_rng(9).standard_normal(clean.size)
    other = analysis.transient(data.time.values, noisy)
    assert other.slow.tau == pytest.approx(found.slow.tau, rel=0.1)
    assert other.fast.tau == pytest.approx(found.fast.tau, rel=0.05)
    assert other.final == pytest.approx(found.final, rel=1e-3)
    assert other.start < found.start  # better data are looked at later, where an exponential is nearer the truth


def test_windows_of_several_steps():
    """On, and then the other way: the spike is inverted, and the pore closes later than it has opened."""
    device = mn.MembraneNanopore.preset("figure-27")
    wave = mn.drive.steps([0.5, -0.1], [0.0, 4e-3])
    _, data = step(device, 1e-6, wave, 2e-6, 6000)
    on = analysis.transient(data, stop=4e-3 - 2e-6)
    off = analysis.transient(data, start=4e-3)
    assert np.isnan(on.jump)
    assert off.time[0] == pytest.approx(0.0, abs=1e-12)
    assert off.jump == pytest.approx(-0.6e-6, rel=1e-3)
    assert off.before == data.current.values[1999, 0]
    assert (on.fast.amplitude > 0.0, off.fast.amplitude < 0.0) == (True, True)
    assert off.slow.tau > 1.2 * on.slow.tau
    assert analysis.transient(data, electrode="out", start=4e-3).jump == pytest.approx(-off.jump, rel=1e-9)
    tail = analysis.transient(data.time.values, data.current.values[:, 0], start=4e-3)
    assert repr(tail) == repr(off)


# ------------------------------------------------------------------ what is refused, and forms


def test_what_is_refused():
    amps = two_parts(T)
    with pytest.raises(ValueError, match="needs current"):
        analysis.transient(T)
    with pytest.raises(ValueError, match="time must increase"):
        analysis.transient(T[::-1], amps)
    with pytest.raises(ValueError, match="current must have shape"):
        analysis.transient(T, amps[:-1])
    with pytest.raises(ValueError, match="electrode is of a dataset"):
        analysis.transient(T, amps, electrode="in")
    with pytest.raises(ValueError, match="samples between them"):
        analysis.transient(T, amps, start=2.0)
    with pytest.raises(ValueError, match="at least one"):
        analysis.transient([], [])
    _, data = step(mn.Nanopore(), 1e-6, 0.3, 1e-5, 3)
    with pytest.raises(ValueError, match="current is taken from the dataset"):
        analysis.transient(data, data.current.values[:, 0])
    with pytest.raises(ValueError, match="electrode"):
        analysis.transient(data, electrode="nowhere")
    with pytest.raises(ValueError, match="current"):
        analysis.transient(data.drop_vars("current"))


def test_forms():
    found = analysis.transient(T, two_parts(T, short=0.01))
    assert repr(found) == "<Transient: final 1 µA; initial 2.5 µA; fast 2 µA, 10 ms; slow -500 nA, 200 ms>"
    assert "memnet Transient" in found._repr_html_()
    assert "tau (s)" in found.slow._repr_html_()
