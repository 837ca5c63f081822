"""Bad input to pores, membranes and what looks at them: refused by name, or finite."""

import json
import pickle
import warnings

import numpy as np
import pytest
from pore_loops import EDGE, combined

import memnet as mn
from memnet import analysis, plot, theory
from memnet.study import read_run_file

POSITIVE = {
    mn.Nanopore: ("g_L", "g_H", "V_m", "tau_0"),
    mn.MembraneNanopore: ("g_L", "g_H", "C_m", "V_m", "tau_0"),
    mn.PlainNanopore: ("g_L", "g_H", "V_m", "tau_0"),
    mn.DeactivatingNanopore: ("g_L", "g_H", "V_m"),
    mn.RetentiveNanopore: ("g_L", "g_H", "V_m", "tau_0", "tau_M"),
    mn.CapacitivePore: ("g_L", "V_m", "Q_0", "tau_0"),
    mn.HodgkinHuxley: ("C_m", "phi", "area"),
}
WITH_FACTORS = (mn.Nanopore, mn.MembraneNanopore, mn.RetentiveNanopore)
BAD = [(model, name, value) for model, names in POSITIVE.items() for name in names for value in (0.0, -1e-9, np.inf)]
BAD += [(model, "n_A", value) for model in WITH_FACTORS for value in (1.0, 0.5, -2.0, np.inf)]
ids = [f"{model.__name__}.{name} {value}" for model, name, value in BAD]


def run_file(folder, model, **parameters):
    path = folder / "job.json"
    content = {
        "network": {"kind": "grid", "rows": 2, "columns": 2, "seed": 1},
        "devices": [{"model": model.__name__, **parameters}],
        "drive": {"left": 0.1, "right": 0.0},
        "simulation": {"dt": 1e-4},
        "run": {"steps": 2},
    }
    path.write_text(json.dumps(content))
    return path


@pytest.mark.parametrize(("model", "name", "value"), BAD, ids=ids)
def test_parameters_out_of_range_are_refused_however_they_are_given(model, name, value, tmp_path):
    said = rf"{model.__name__}\.{name} must be in \("
    preset = next(iter(model.presets()))
    good = getattr(model(), name)
    for make in (
        lambda: model(**{name: value}),
        lambda: model(**{name: [good, value, good]}),
        lambda: model.preset(preset, **{name: value}),
    ):
        with pytest.raises(ValueError, match=said):
            make()
    if np.isfinite(value):
        with pytest.raises(ValueError, match=said):
            read_run_file(run_file(tmp_path, model, **{name: value}))


@pytest.mark.parametrize("model", WITH_FACTORS)
def test_an_n_d_in_no_detailed_balance_is_refused_however_it_is_given(model, tmp_path):
    said = r"1/n_A \+ 1/n_D = 1, .* got 1\.16667 with n_A = 1\.5 and n_D = 2; .* n_D is then 3"
    preset = next(iter(model.presets()))
    for make in (
        lambda: model(n_A=1.5, n_D=2.0),
        lambda: model.preset(preset, n_A=1.5, n_D=2.0),
        lambda: model(n_A=[2.0, 1.5], n_D=[2.0, 2.0]),
        lambda: read_run_file(run_file(tmp_path, model, n_A=1.5, n_D=2.0)),
    ):
        with pytest.raises(ValueError, match=said):
            make()
    read = read_run_file(run_file(tmp_path, model, n_A=1.5, n_D=3.0)).simulation
    assert pickle.loads(pickle.dumps(read.devices[0])).n_D == pytest.approx(3.0)


@pytest.mark.parametrize("name", ["n_D", "V_B"])
def test_derived_parameters_of_no_edge_are_refused(name):
    with pytest.raises(ValueError, match=rf"Nanopore\.{name} must be a number or one for each edge"):
        mn.Nanopore(**{name: []})


# ------------------------------------------------------------------ frequencies


def behind(device, volts, g_s=1e-5):
    make = combined(("in", "u", mn.Resistor(conductance=g_s)), ("u", "out", device))
    return make({"in": volts, "out": 0.0}, dt=1e-5, method="adaptive")


@pytest.mark.parametrize("wrong", [0.0, -1.0, [1.0, 0.0], [np.nan], [np.inf], []])
def test_frequencies_that_are_not_above_0(wrong):
    sim = behind(mn.MembraneNanopore(), 0.2)
    at = theory.branch_circuit(mn.MembraneNanopore(), 0.2)
    z = mn.impedance(sim, ("in", "out"), [1.0, 2.0])
    fit = analysis.fit_impedance(np.geomspace(1.0, 1e6, 20), at.impedance(np.geomspace(1.0, 1e6, 20)), at.circuit)
    for call in (
        lambda: mn.impedance(sim, ("in", "out"), wrong),
        lambda: mn.impedance_by_sine(sim, ("in", "out"), wrong),
        lambda: at.impedance(wrong),
        lambda: at.admittance(wrong),
        lambda: at.capacitance(wrong),
        lambda: at.branches[0].capacitance(wrong),
        lambda: at.branches[0].inductor_capacitance(wrong),
        lambda: analysis.fit_impedance(wrong, np.ones(np.size(wrong)), "R0"),
        lambda: fit.impedance(wrong),
    ):
        with pytest.raises(ValueError, match="frequency must"):
            call()
    if np.size(wrong) == 1:
        with pytest.raises(ValueError, match="frequency must"):
            mn.drive.sine(1.0, frequency=np.ravel(wrong)[0].item())
    if np.size(wrong) == 2:
        with pytest.raises(ValueError, match="frequency must"):
            plot.bode(z.assign_coords(frequency=wrong))


# ------------------------------------------------------------------ conductances in series


@pytest.mark.parametrize("device", [mn.Nanopore(), mn.MembraneNanopore()])
def test_a_series_conductance_of_0_joins_nothing(device):
    sim = behind(device, 0.3, 0.0)
    for look in (mn.impedance, mn.impedance_by_sine):
        with pytest.raises(ValueError, match="not joined"):
            look(sim, ("in", "out"), 1.0)
    with pytest.raises(ValueError, match=r"g_s must be in \(0, inf\) S, got 0"):
        theory.branch_circuit(device, 0.3, g_s=0.0)


def test_a_negative_series_conductance_without_a_state_is_an_error():
    sim = behind(mn.Nanopore(), 0.3, -1e-6)
    with pytest.raises(mn.NoOperatingPoint, match="no static state was found"):
        mn.impedance(sim, ("in", "out"), 1.0)
    assert len(mn.equilibria(sim, n_starts=1)) == 0
    with pytest.raises(ValueError, match="g_s"):
        theory.branch_circuit(mn.Nanopore(), 0.3, g_s=-1e-6)


# ------------------------------------------------------------------ unstable points, cycles that do not close


def test_an_unstable_operating_point_of_a_pore():
    """A current through the pore of figure 14 has three states; at the middle one nothing can be measured."""
    pore = mn.PlainNanopore.preset("figure-14")
    sim = mn.Simulation(EDGE, pore, {"in": mn.drive.current(-0.3e-6), "out": 0.0}, dt=1e-3, method="adaptive")
    states = mn.equilibria(sim)
    assert states.stable.tolist() == [True, False, True]
    middle = states.voltage_of("in")[1]
    sim.set_state(pore, x=states.state(pore, "x")[1, 0])
    value = -theory.branch_circuit(pore, middle).g_dc / theory.branch_circuit(pore, middle).g_b / pore.tau_0
    assert mn.eigenvalues(sim).real == pytest.approx([value], rel=1e-8)
    with pytest.warns(mn.UnstableWarning, match="2.92165"):
        z = mn.impedance(sim, ("in", "out"), 0.1)
    assert z.attrs["stable"] == 0
    assert z.item() == pytest.approx(theory.branch_circuit(pore, middle).impedance(0.1)[0], rel=1e-8)
    with (
        pytest.warns(mn.UnstableWarning),
        pytest.raises(ArithmeticError, match=r"repeat elsewhere, at -0\.1052 V .* is unstable and was left"),
    ):
        mn.impedance_by_sine(sim, ("in", "out"), 0.1, 1e-11, max_cycles=50)


@pytest.mark.parametrize("method", ["fixed", "adaptive"])
def test_cycles_that_do_not_close_say_by_how_much(method):
    pore = mn.PlainNanopore(tau_0=1e3)
    wave = mn.drive.sine(1.0, frequency=100.0)
    sim = mn.Simulation(EDGE, pore, {"in": wave, "out": 0.0}, dt=1e-4, method=method)
    with pytest.raises(ArithmeticError, match=r"no cycle of 3 .*PlainNanopore\) still differs by 0\.000\d+ of its"):
        mn.periodic(sim, 0.01, 1e-12, max_cycles=3)


def test_a_membrane_that_fires_has_no_period_of_another_length():
    made = mn.Circuit()
    made.add("in", "out", mn.HodgkinHuxley())
    sim = made.simulation({"in": mn.drive.current(10e-6), "out": 0.0}, dt=1e-5, method="adaptive", rtol=1e-5)
    with pytest.raises(ArithmeticError, match=r"no cycle of 4 .* still differs by"):
        mn.periodic(sim, 0.01, 1e-6, max_cycles=4)


# ------------------------------------------------------------------ removable singularities of the rates


@pytest.mark.parametrize("u", [25e-3, 10e-3])
@pytest.mark.parametrize("offset", [0.0, -65e-3])
def test_u_of_exactly_25_and_10_mv(u, offset):
    """Everything that sees the rates there, and that it is between its neighbours."""
    membrane = mn.HodgkinHuxley(V_R=offset, v_initial=u + offset)
    near = [u + offset - 1e-9, u + offset, u + offset + 1e-9]
    curve = theory.steady_curve(membrane, near).to_array().values
    assert np.isfinite(curve).all()
    assert np.abs(curve[:, 1] - 0.5 * (curve[:, 0] + curve[:, 2])).max() < 1e-9
    circuits = [theory.branch_circuit(membrane, volts) for volts in near]
    g_a = np.array([[one.g_a for one in at.branches] for at in circuits])
    assert g_a[1] == pytest.approx(0.5 * (g_a[0] + g_a[2]), rel=1e-9)
    for method in ("fixed", "adaptive"):
        sim = mn.Simulation(EDGE, membrane, {"in": u + offset, "out": 0.0}, dt=1e-5, method=method)
        assert sim.run(5).current.values[-1, 0] == pytest.approx(circuits[1].current, rel=1e-12)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mn.UnstableWarning)
        z = mn.impedance(sim, ("in", "out"), [1.0, 100.0]).values
    assert np.abs(z / circuits[1].impedance([1.0, 100.0]) - 1.0).max() < 1e-10
    assert np.isfinite(mn.eigenvalues(sim)).all()
    assert mn.equilibria(sim, n_starts=1).current_of("in") == pytest.approx([circuits[1].current], rel=1e-9)


@pytest.mark.parametrize("u", [24.0 - 1e-9, 24.0, 24.0 + 1e-9, 26.0, 9.0, 11.0, 25.3, 10.7])
def test_slopes_of_rates_where_the_series_begins(u):
    """d(m_eq)/du from a central difference of the closed forms, on both sides of abs(z) = 0.1."""

    def settled(u):
        z_m, z_n = (25.0 - u) / 10.0, (10.0 - u) / 10.0
        a_m, a_n = z_m / np.expm1(z_m), 0.1 * z_n / np.expm1(z_n)
        return np.array([a_m / (a_m + 4.0 * np.exp(-u / 18.0)), a_n / (a_n + 0.125 * np.exp(-u / 80.0))])

    h = 1e-3
    slope = (8 * (settled(u + h) - settled(u - h)) - (settled(u + 2 * h) - settled(u - 2 * h))) / (12 * h)
    membrane = mn.HodgkinHuxley()
    at = {one.state: one.g_a for one in theory.branch_circuit(membrane, 1e-3 * u).branches}
    states = theory.steady_curve(membrane, 1e-3 * u)
    m, h_, n = (states[f"state_{gate}"].values[0] for gate in "mhn")
    v = 1e-3 * u
    of_m = membrane.g_Na * membrane.area * 3.0 * m**2 * h_ * (v - membrane.E_Na) * 1e3 * slope[0]
    of_n = membrane.g_K * membrane.area * 4.0 * n**3 * (v - membrane.E_K) * 1e3 * slope[1]
    assert (at["m"], at["n"]) == (pytest.approx(of_m, rel=1e-8), pytest.approx(of_n, rel=1e-8))


# ------------------------------------------------------------------ voltages where exponents overflow


@pytest.mark.parametrize("volts", [-1e4, -100.0, 100.0, 1e4])
@pytest.mark.parametrize("model", POSITIVE, ids=lambda model: model.__name__)
def test_voltages_where_exponents_overflow_have_a_linearisation(model, volts):
    device = model(v_initial=volts)
    sim = mn.Simulation(EDGE, device, {"in": volts, "out": 0.0}, dt=1e-5, method="adaptive")
    f = [1.0, 1e5]
    z = mn.impedance(sim, ("in", "out"), f).values
    at = theory.branch_circuit(device, volts)
    assert np.abs(z / at.impedance(f) - 1.0).max() < 1e-10
    assert np.isfinite(mn.eigenvalues(sim)).all()
    assert (mn.eigenvalues(sim).real < 0.0).all()
    states = mn.equilibria(sim, n_starts=1)
    assert states.current_of("in") == pytest.approx([at.current], rel=1e-9)
    data = sim.run(5, record=["current"])
    assert data.current.values[-1, 0] == pytest.approx(at.current, rel=1e-9)


@pytest.mark.parametrize("volts", [-1e4, -300.0, -60.0, -5.0, 5.0, 100.0])
@pytest.mark.parametrize("model", POSITIVE, ids=lambda model: model.__name__)
def test_fixed_steps_stand_still_where_exponents_overflow(model, volts):
    """States at rates of 1e100/s and more are as near to where they settle as doubles are."""
    device = model(v_initial=volts)
    data = mn.Simulation(EDGE, device, {"in": volts, "out": 0.0}, dt=1e-5).run(5, record=["current"])
    assert data.current.values[:, 0] == pytest.approx(theory.branch_circuit(device, volts).current, rel=1e-9)
