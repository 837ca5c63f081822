"""Pores: steady curves at printed points, the laws that relaxation obeys, what is refused."""

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st
from pore_loops import EDGE, MICRO

import memnet as mn

STEADY = {
    "figure-12": (mn.PlainNanopore, [0.0, 0.5, 1.0], [-0.02120471317, 0.165, 0.7951811473],
                  [0.09405706382, 1.225, 1.041842442]),
    "figure-14": (mn.PlainNanopore, [-0.9528847237, -0.3628703668], [-0.1263677834, -0.4603325891], [0.0, 0.0]),
    "figure-16": (mn.DeactivatingNanopore, [0.6073295024, 1.1282233514], [0.3033609603, 0.1042035139], [0.0, 0.0]),
}  # fmt: skip


@pytest.mark.parametrize("preset", STEADY)
def test_steady_curves_at_printed_points(preset):
    """To all digits that are printed: half a unit of the tenth."""
    model, volts, current, conductance = STEADY[preset]
    curve = mn.theory.steady_curve(model.preset(preset), volts)
    assert MICRO * curve.current.values == pytest.approx(current, rel=5e-10)
    assert MICRO * curve.conductance.values == pytest.approx(conductance, rel=5e-10, abs=3e-9)


@pytest.mark.parametrize("preset", STEADY)
def test_steady_curves_against_closed_forms(preset):
    device = STEADY[preset][0].preset(preset)
    given_ = device.parameters
    u = np.linspace(-1.5, 1.5, 301)
    x = 1 / (1 + np.exp(-(u - given_["V_B"]) / given_["V_m"]))
    slope = x / (1 + np.exp((u - given_["V_B"]) / given_["V_m"])) / given_["V_m"]
    if "V_C" in given_:
        y = 1 / (1 + np.exp((u - given_["V_C"]) / given_["V_m"]))
        slope = slope * y - x * y / (1 + np.exp(-(u - given_["V_C"]) / given_["V_m"])) / given_["V_m"]
        x = x * y
    conductance = given_["g_L"] + (given_["g_H"] - given_["g_L"]) * x
    driving = u - given_["E_0"]
    curve = mn.theory.steady_curve(device, u)
    np.testing.assert_allclose(curve.current, conductance * driving, rtol=1e-12, atol=1e-30)
    expected = conductance + (given_["g_H"] - given_["g_L"]) * slope * driving
    size = conductance + np.abs(expected - conductance)
    assert (np.abs(curve.conductance.values - expected) <= 1e-12 * size).all()


def test_smallest_conductance_of_figure_14():
    u = np.linspace(-0.6, -0.5, 100_001)
    curve = mn.theory.steady_curve(mn.PlainNanopore.preset("figure-14"), u)
    assert MICRO * curve.conductance.values.min() == pytest.approx(-1.1472319030, rel=1e-9)


def test_times_of_figure_24():
    pore = mn.Nanopore.preset("figure-24")
    curve = mn.theory.steady_curve(pore, 0.2)
    tau, x = 1e3 * curve.tau_x.values[0], curve.state_x.values[0]
    assert (pore.V_B, pore.n_D) == (pytest.approx(0.2, rel=1e-15), 2.0)
    assert (tau, x) == (pytest.approx(1.847264025, rel=5e-10), pytest.approx(0.5, rel=1e-12))
    assert (tau / x, tau / (1 - x)) == (pytest.approx(3.694528049, rel=5e-10), pytest.approx(3.694528049, rel=5e-10))


# ------------------------------------------------------------------ laws of the relaxation


PORES = st.fixed_dictionaries(
    {
        "V_A": st.floats(-1.0, 1.0),
        "V_D": st.floats(-1.0, 1.0),
        "V_m": st.floats(0.05, 0.5),
        "n_A": st.floats(1.1, 8.0),
        "tau_0": st.floats(1e-6, 1.0),
    }
)


@given(PORES, st.floats(-1.0, 1.0))
def test_detailed_balance(parameters, u):
    """Eqs 37, 41 to 45, 48, 49: tau_A and tau_D of eqs 46 and 47 are tau_k/x_eq and tau_k/(1 - x_eq)."""
    pore = mn.Nanopore(**parameters)
    curve = mn.theory.steady_curve(pore, u)
    tau, x = curve.tau_x.values[0], curve.state_x.values[0]
    assume(x < 1.0 - 1e-3)  # 1 - x has lost digits beyond
    activation = np.exp(-(u - pore.V_A) / (pore.n_A * pore.V_m)) * pore.tau_0
    deactivation = np.exp((u - pore.V_D) / (pore.n_D * pore.V_m)) * pore.tau_0
    conditioned = {"rel": 1e-12 * max(1.0, (abs(u) + abs(pore.V_A) + abs(pore.V_D)) / pore.V_m), "abs": 0}
    assert 1.0 / pore.n_A + 1.0 / pore.n_D == pytest.approx(1.0, rel=1e-15)
    midpoint = pore.V_B
    assert midpoint == pytest.approx(pore.V_A / pore.n_A + pore.V_D / pore.n_D, rel=1e-15, abs=1e-16)
    assert tau / x == pytest.approx(activation, **conditioned)
    assert tau == pytest.approx(1.0 / (1.0 / activation + 1.0 / deactivation), **conditioned)
    assert deactivation / activation == pytest.approx(np.exp((u - pore.V_B) / pore.V_m), **conditioned)
    assert tau / (1.0 - x) == pytest.approx(deactivation, rel=max(conditioned["rel"], 1e-12 / (1.0 - x)), abs=0)


@given(PORES)
def test_relaxation_is_slowest_at_v_b_plus_v_m_log_of_n_a_over_n_d(parameters):
    pore = mn.Nanopore(**parameters)
    peak = pore.V_B + pore.V_m * np.log(pore.n_A / pore.n_D)
    step = 1e-3 * pore.V_m
    before, top, after = mn.theory.steady_curve(pore, [peak - step, peak, peak + step]).tau_x.values
    assert before < top > after
    # There both terms of the rate have slopes of one size: e^A/n_A = e^D/n_D.
    rate = np.exp((peak - pore.V_A) / (pore.n_A * pore.V_m)) * (1.0 + pore.n_D / pore.n_A)
    assert 1.0 / top == pytest.approx(rate / pore.tau_0, rel=1e-12 * max(1.0, 4.0 / pore.V_m), abs=0)


def test_the_slowest_relaxation_of_the_example():
    pore = mn.Nanopore(n_A=1.5, V_A=0.3, V_D=-0.4, V_m=0.1)
    midpoint = pore.V_B
    assert midpoint == pytest.approx(0.0666666667, abs=5e-11)
    u = np.linspace(-0.01, 0.01, 200_001)
    tau = mn.theory.steady_curve(pore, u).tau_x.values
    assert u[tau.argmax()] == pytest.approx(-0.0026480514, abs=1e-7)


@given(st.floats(1.5, 1e3), st.floats(0.01, 0.5), st.floats(-0.5, 0.5), st.sampled_from([-1e-6, 1e-6]), st.booleans())
def test_negative_resistance(ratio, v_m, e_0, off, closes):
    """Where V_B - E_0 < V_m (ln r - 2 (r + 1)/(r - 1)), r = g_H/g_L, and nowhere else: not with V_B < E_0 alone.

    A pore that a voltage closes is one that the opposite voltage opens: with r < 1 it is >.
    """
    r = 1.0 / ratio if closes else ratio
    threshold = np.log(r) - 2.0 * (r + 1.0) / (r - 1.0)
    pore = mn.PlainNanopore(g_L=1e-6, g_H=r * 1e-6, E_0=e_0, V_m=v_m, V_B=e_0 + v_m * (threshold + off))
    # At the threshold g_dc has a double root, at s = (u - V_B)/V_m = -ln r.
    s = -np.log(r) + np.r_[np.linspace(-10.0, 10.0, 201), np.linspace(-0.01, 0.01, 21)]
    conductance = mn.theory.steady_curve(pore, pore.V_B + v_m * s).conductance.values
    assert (conductance.min() < 0.0) == ((off > 0.0) if closes else (off < 0.0))


# ------------------------------------------------------------------ one law in several models


def test_models_of_one_family_agree_where_they_meet():
    u = np.linspace(-1.5, 1.5, 61)
    pore = mn.Nanopore(n_A=1.7)
    curve = mn.theory.steady_curve(pore, u)
    shared = {name: value for name, value in pore.parameters.items() if name != "v_initial"}
    charged = mn.theory.steady_curve(mn.MembraneNanopore(**shared), u)
    retentive = mn.theory.steady_curve(mn.RetentiveNanopore(**shared, V_B=pore.V_B, tau_M=1e30), u)
    for other in (charged, retentive):
        for name in curve:
            np.testing.assert_allclose(other[name], curve[name], rtol=1e-12, atol=1e-30)
    plain = mn.theory.steady_curve(mn.PlainNanopore(), u)
    never = mn.theory.steady_curve(mn.DeactivatingNanopore(V_C=1e3), u)
    for name in plain:
        np.testing.assert_allclose(never[name], plain[name], rtol=1e-12, atol=1e-30)


def test_deactivation_goes_with_every_relaxation():
    u = np.linspace(-1.5, 1.5, 61)
    pore = mn.Nanopore(n_A=1.7, tau_0=2e-3)
    shared = {name: value for name, value in pore.parameters.items() if name not in ("v_initial", "tau_0")}
    closing = {"V_C": 0.4, "tau_y": 3e-3, "k_0": 1.0 / 2e-3, "V_B": pore.V_B}
    for tau_M, other in ((1e30, pore), (4e-3, mn.RetentiveNanopore(**shared, V_B=pore.V_B, tau_0=2e-3, tau_M=4e-3))):
        curve = mn.theory.steady_curve(other, u)
        both = mn.theory.steady_curve(mn.DeactivatingNanopore(**shared, **closing, tau_0=tau_M), u)
        for name in ("state_x", "tau_x"):
            np.testing.assert_allclose(both[name], curve[name], rtol=1e-12)
        np.testing.assert_allclose(both.tau_y, 3e-3, rtol=1e-12)
        y = 1.0 / (1.0 + np.exp((u - 0.4) / pore.parameters["V_m"]))
        g_L, g_H = pore.parameters["g_L"], pore.parameters["g_H"]
        np.testing.assert_allclose(both.current, (g_L + (g_H - g_L) * curve.state_x * y) * u, rtol=1e-12, atol=1e-30)


@pytest.mark.parametrize("model", [mn.Nanopore, mn.MembraneNanopore, mn.RetentiveNanopore, mn.DeactivatingNanopore])
def test_an_n_d_without_detailed_balance_is_refused(model):
    with pytest.raises(ValueError, match=r"n_D .* got 1\.16667 with n_A = 1\.5 and n_D = 2; .* n_D is then 3"):
        model(n_A=1.5, n_D=2.0)
    assert model(n_A=1.5, n_D=3.0).n_D == pytest.approx(3.0)
    assert model(n_A=[1.5, 2.0], n_D=[3.0, 2.0]).n_D == pytest.approx([3.0, 2.0])
    with pytest.raises(ValueError, match=r"n_D is then 2$"):
        model(n_A=[1.5, 2.0], n_D=[3.0, 3.0])
    for wrong in (1.0, 0.0, -2.0, np.nan):
        with pytest.raises(ValueError, match="n_D"):
            model(n_D=wrong)


@pytest.mark.parametrize(
    ("model", "name", "has_it"),
    [
        (mn.Nanopore, "C_m", "MembraneNanopore"),
        (mn.Nanopore, "tau_M", "RetentiveNanopore"),
        (mn.RetentiveNanopore, "tau_y", "DeactivatingNanopore"),
        (mn.PlainNanopore, "n_A", "Nanopore"),
        (mn.MembraneNanopore, "g_s", "a Resistor in series"),
        (mn.CapacitivePore, "C_m", "MembraneNanopore"),
    ],
)
def test_a_pore_says_which_other_one_has_a_parameter(model, name, has_it):
    with pytest.raises(TypeError, match=f"{model.__name__} has no parameter '{name}'; what has it: {has_it}"):
        model(**{name: 1.0})
    with pytest.raises(TypeError, match="unknown keyword 'tau_x'"):
        model(tau_x=1.0)


def test_a_v_b_without_detailed_balance_is_refused():
    with pytest.raises(ValueError, match=r"V_B must be V_A/n_A \+ V_D/n_D = 0\.5 V.* got 0\.3 V"):
        mn.Nanopore(V_A=1.0, V_D=0.0, V_B=0.3)
    assert mn.Nanopore(V_A=1.0, V_D=0.0, V_B=0.5, n_A=2.0, n_D=2.0).V_B == 0.5
    assert mn.RetentiveNanopore(V_B=0.3).V_B == 0.3


@pytest.mark.parametrize(
    ("model", "name", "value"),
    [
        (mn.Nanopore, "n_A", 1.0),
        (mn.Nanopore, "V_m", 0.0),
        (mn.Nanopore, "tau_0", 0.0),
        (mn.Nanopore, "g_L", 0.0),
        (mn.RetentiveNanopore, "tau_M", 0.0),
        (mn.MembraneNanopore, "C_m", 0.0),
        (mn.CapacitivePore, "Q_0", 0.0),
        (mn.HodgkinHuxley, "C_m", -1.0),
    ],
)
def test_parameters_outside_their_ranges_are_refused(model, name, value):
    with pytest.raises(ValueError, match=rf"{model.__name__}\.{name} must be in"):
        model(**{name: value})


@pytest.mark.parametrize(
    "model", [mn.Nanopore, mn.MembraneNanopore, mn.RetentiveNanopore, mn.PlainNanopore, mn.DeactivatingNanopore]
)
@pytest.mark.parametrize("volts", [-1e4, -100.0, 100.0, 1e4])
def test_voltages_where_exponents_overflow(model, volts):
    device = model(v_initial=volts)  # a capacitance cannot jump
    curve = mn.theory.steady_curve(device, volts)
    assert np.isfinite(curve.to_array()).all()
    for method in ("fixed", "adaptive"):
        sim = mn.Simulation(EDGE, device, {"in": volts, "out": 0.0}, dt=1e-3, method=method)
        assert np.isfinite(sim.run(20, record=["state:x", "current"]).state_x.values).all()


def test_g_l_above_g_h():
    curve = mn.theory.steady_curve(mn.Nanopore.preset("figure-30"), [-1.0, 1.0])
    assert abs(curve.current.values[0]) > 5.0 * curve.current.values[1]


# ------------------------------------------------------------------ steady_curve


def test_steady_curve_follows_simulations():
    device = mn.DeactivatingNanopore(tau_0=1e-3, tau_y=2e-3)
    for volts in (-0.4, 0.3, 0.9):
        sim = mn.Simulation(EDGE, device, {"in": volts, "out": 0.0}, dt=1e-2)
        current = sim.run(20).current.values[-1, 0]
        assert mn.theory.steady_curve(device, volts).current.values[0] == pytest.approx(current, rel=1e-12)


@pytest.mark.parametrize("device", [mn.VTEAM(), mn.Inductor(inductance=1.0), mn.AtomicSwitch()])
def test_devices_without_a_steady_curve_are_refused(device):
    with pytest.raises(ValueError, match=device.model):
        mn.theory.steady_curve(device, [0.1, 0.2])


def test_states_that_move_one_another_are_refused():
    model = mn.device_model(
        "Chain",
        """
        i = g*y*v
        dx/dt = (abs(v)/V - x)/tau
        dy/dt = (x - y)/tau
        parameter g = 1 mS
        parameter V = 1 V in (0, inf)
        parameter tau = 1 s in (0, inf)
        state x = 0
        state y = 0
        """,
    )
    with pytest.raises(ValueError, match="y of Chain is moved by others"):
        mn.theory.steady_curve(model(), 0.5)


def test_wrong_arguments_of_steady_curve():
    with pytest.raises(TypeError, match="device"):
        mn.theory.steady_curve(mn.Nanopore, 0.1)
    with pytest.raises(ValueError, match="g_L"):
        mn.theory.steady_curve(mn.Nanopore(g_L=[1e-7, 2e-7]), 0.1)
    with pytest.raises(ValueError, match="voltage"):
        mn.theory.steady_curve(mn.Nanopore(), [0.1, np.nan])
    with pytest.raises(ValueError, match="voltage must hold at least one number"):
        mn.theory.steady_curve(mn.Nanopore(), [])
