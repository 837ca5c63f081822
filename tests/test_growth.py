"""Whether departures grow, told without eigenvalues: against all eigenvalues of small circuits, and in large ones."""

import warnings

import numpy as np
import pytest

import memnet as mn
from memnet.response import _eigenvalues
from memnet.response._operating_point import operating_point
from memnet.response._passivity import Terms, is_passive, real_growth

# Pores whose current falls where the voltage goes on falling.
FALLING = {"V_A": -1.0, "V_D": 0.0, "V_m": 0.1}


def device(rng, kind):
    size = 10.0 ** rng.uniform(-7.0, -5.0)
    if kind == "pore":
        return mn.PlainNanopore.preset("figure-14", tau_0=10.0 ** rng.uniform(-3.0, 3.0))
    if kind == "fast pore":
        return mn.Nanopore(**FALLING | {"V_m": 0.05}, g_L=1e-8, g_H=1e-5, tau_0=10.0 ** rng.uniform(-6.0, 3.0))
    if kind == "membrane":
        return mn.MembraneNanopore(V_A=rng.uniform(-1.0, 1.0), V_D=rng.uniform(-1.0, 1.0))
    if kind == "capacitor":
        return mn.Capacitor(capacitance=size * 10.0 ** rng.uniform(-5.0, 1.0))
    return mn.Resistor(conductance=size) if kind == "resistor" else mn.CubicResistor(g_1=-size, g_3=10.0 * size)


def circuits(seed, number):
    """Yield operating points of small random circuits of pores, capacitors, and resistors, some of them negative."""
    rng = np.random.default_rng(seed)
    kinds = ["pore", "fast pore", "membrane", "capacitor", "negative"]
    for _ in range(number):
        n = int(rng.integers(2, 6))
        pairs = [(int(rng.integers(0, k)), k) for k in range(1, n)] + [(0, n - 1)]
        pairs += [tuple(rng.choice(n, 2, replace=False).tolist()) for _ in range(rng.integers(1, 5))]
        made = mn.Circuit()
        for k, (a, b) in enumerate(pairs):
            resists = k < n - 1 and rng.random() < 0.7
            made.add(f"n{a}", f"n{b}", device(rng, "resistor" if resists else rng.choice(kinds)))
        sim = made.simulation({"n0": rng.uniform(-1.5, 0.5), f"n{n - 1}": 0.0}, method="adaptive", dt=1e-4)
        for one in sim.devices:
            if "Nanopore" in one.model:
                sim.set_state(one, x=rng.uniform(0.0, 1.0))
        try:
            yield operating_point(sim, None, "present" if rng.random() < 0.5 else "static")
        except mn.NoOperatingPoint:
            continue


def test_growth_told_from_admittances_is_that_of_all_eigenvalues():
    grew = rested = 0
    for point in circuits(1, 40):
        terms, every = Terms.of(point), _eigenvalues.all_eigenvalues(point)
        if terms is None or not every.settles:
            continue
        real = every.values[(every.values.imag == 0.0) & (every.values.real > every.errors)].real
        rate = real_growth(terms)
        assert (rate is not None) == (real.size > 0)
        assert rate is None or np.isclose(rate, real.max(), rtol=1e-8)
        assert not (is_passive(terms) and every.growth is not None)
        grew, rested = grew + real.size, rested + is_passive(terms)
    assert grew > 3
    assert rested > 15


@pytest.mark.parametrize("volts", [-0.01, 0.0, 0.01, 0.05])
def test_a_membrane_of_several_gates_is_passive_where_its_admittance_is(volts):
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "gnd": 1})
    at = mn.theory.branch_circuit(mn.HodgkinHuxley(), volts)
    fed = {"in": mn.drive.current(at.current), "gnd": 0.0}
    sim = mn.Simulation(net, mn.HodgkinHuxley(v_initial=volts), fed, method="adaptive", dt=1e-6)
    real = at.admittance(np.geomspace(1e-3, 1e8, 4000)).real
    assert is_passive(Terms.of(operating_point(sim, None, "static"))) == bool((real >= 0.0).all())


NET = mn.percolating(100, 0.65, seed=1)


def test_rates_over_decades_in_a_large_network_hide_no_slow_eigenvalues():
    """2,010 unknowns, rates up to 1e24 1/s: Arnoldi's method around these has nothing to find."""
    sim = mn.Simulation(NET, mn.MembraneNanopore(), {"left": 20.0, "right": 0.0}, method="adaptive")
    some = mn.eigenvalues(sim, number=5)
    rates = -operating_point(sim, None, "static").linear.f_x
    assert rates.max() > 1e23
    assert np.allclose(some.imag, 0.0)
    assert ((some.real < 0.0) & (some.real > -2.0 * rates[rates > 0.0].min())).all()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert mn.impedance(sim, frequency=1.0).attrs["stable"] == 1


@pytest.mark.parametrize("at", ["static", "present"])
def test_pores_whose_current_falls_make_a_large_network_grow(at):
    pore = mn.MembraneNanopore(**FALLING)
    sim = mn.Simulation(NET, pore, {"left": 20.0, "right": 0.0}, method="adaptive")
    with pytest.warns(mn.UnstableWarning) as caught:
        assert mn.impedance(sim, frequency=1.0, at=at).attrs["stable"] == 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        some = mn.eigenvalues(sim, at=at, number=3)
    assert np.isclose(some[0], caught[0].message.eigenvalue, rtol=1e-9)


def test_a_negative_resistance_that_the_network_makes_up_for_is_no_growth():
    """No edge of it is passive alone beside -1 mS, but all of them together are."""
    made = mn.Circuit()
    made.add("in", "u", mn.Resistor(conductance=2e-3))
    made.add("u", "gnd", mn.CubicResistor(g_1=-1e-3, g_3=1e-3))
    made.add("u", "gnd", mn.Capacitor(capacitance=1e-6))
    point = operating_point(made.simulation({"in": 0.0, "gnd": 0.0}, method="adaptive"), None, "static")
    terms = Terms.of(point)
    assert terms.active().any()
    assert is_passive(terms)
    assert real_growth(terms) is None


def test_what_is_not_known_is_said(monkeypatch):
    """Arnoldi's method that comes to nothing is no proof of rest."""
    from scipy.sparse import linalg

    def lost(*_, **__):
        raise linalg.ArpackNoConvergence("no convergence", np.empty(0), np.empty((0, 0)))

    made = mn.Circuit()  # an inductive edge makes growth that is not real possible
    made.add("in", "u", mn.series(mn.Inductor(inductance=1.0), mn.Resistor(conductance=2.0)))
    made.add("u", "gnd", mn.CubicResistor(g_1=-1.0, g_3=1.0))
    made.add("u", "gnd", mn.Capacitor(capacitance=10.0))
    sim = made.simulation({"in": 0.0, "gnd": 0.0}, method="adaptive")
    assert mn.eigenvalues(sim)[0].real < 0.0
    monkeypatch.setattr(_eigenvalues, "MOST_DENSE", 1)
    monkeypatch.setattr(linalg, "eigs", lost)
    with pytest.warns(mn.UnstableWarning, match="is not known"):
        assert mn.impedance(sim, ("in", "gnd"), 1.0).attrs["stable"] == 0
    with pytest.warns(RuntimeWarning, match="not all eigenvalues around"):
        mn.eigenvalues(sim, number=1)
