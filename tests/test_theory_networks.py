"""The mean field beside networks: its error, the phase diagram, and the figures of the paper."""

import numpy as np
import pytest
from test_theory_mean_field import SYNAPSE, WAVES, row

import memnet as mn
from memnet.papers import meanfield2023
from memnet.theory import mean_field, mean_field_error, phase_diagram

# Steps are coarse here: what is compared does not depend on them.
pytestmark = pytest.mark.filterwarnings("ignore::memnet.StepWarning")


def test_error_vanishes_without_disorder_in_chains_only():
    device = mn.RateBalance(**SYNAPSE)
    for wave in WAVES.values():
        found = mean_field_error(row(6), device, wave, steps=80, dt=0.5, disorder=[0.0, 0.5, 1.0], seed=3)
        assert found["error"].dims == ("disorder", "time")
        size = np.abs(found["error"]).max("time").to_numpy()
        assert size[0] < 1e-9
        assert 1e-3 < size[1] < size[2]
    wires = mn.nanowires(150, size=100, length=20, seed=4, shared="first")
    assert wires.info["percolates"]
    found = mean_field_error(wires, device, 5.0, steps=40, disorder=[0.0], seed=1)
    # At the start all junctions are equal, so the conductance is exact; later their voltages drive them apart.
    assert abs(float(found["error"][0, 0])) < 1e-9
    assert float(np.abs(found["error"][0]).max()) > 1e-2
    with pytest.raises(ValueError, match="disorder must be >= 0"):
        mean_field_error(row(2), device, 1.0, steps=2, disorder=[-0.1])
    with pytest.raises(ValueError, match="at least one number"):
        mean_field_error(row(2), device, 1.0, steps=2, disorder=[])
    with pytest.raises(TypeError, match="device must be a RateBalance"):
        mean_field_error(row(2), mn.Hillock(), 1.0, steps=2)
    with pytest.raises(ValueError, match="dt must be in"):
        mean_field_error(row(2), device, 1.0, steps=2, dt=-1.0)


def test_power_average_is_the_sensitivity_of_the_conductance():
    """Raising every conductance by c v^2 changes G by the v^2-weighted mean: the weights are v^2, to first order."""
    net = mn.nanowires(150, size=100, length=20, seed=4, shared="first")
    volts = {"left": 1.0, "right": 0.0}
    potential = np.nan_to_num(mn.solve(net, 1.0, volts).potential)
    v = np.abs(potential[net.edges[:, 0]] - potential[net.edges[:, 1]])
    g = mn.solve(net, 1.0, volts).conductance
    rise = 1e-6 * np.random.default_rng(0).random(net.n_edges)
    change = mn.solve(net, 1.0 + rise, volts).conductance - g
    assert change == pytest.approx(float(v**2 @ rise), rel=1e-4)
    field = mean_field(net, mn.RateBalance(**SYNAPSE), average="power")
    assert field.scale == pytest.approx(float((v**3).sum() / (v**2).sum()), rel=1e-9)


def test_linear_drift_chain_step_by_step():
    device = mn.LinearDrift(r_on=100.0, r_off=2000.0, mu=1e-12, d=1e-8, decay=0.5, x_initial=0.1)
    for kind, wave in {"voltage": 0.02, "current": mn.drive.current(3e-6)}.items():
        sim = mn.Simulation(row(3), device, {"left": wave, "right": 0.0}, dt=0.01)
        data = sim.run(200)
        field = mean_field(row(3), device, drive=kind)
        found = field.integrate(data["time"], wave, g0=0.1, method="steps")
        np.testing.assert_allclose(found["conductance"], data["conductance"], rtol=1e-9)
        assert np.ptp(found["g"].to_numpy()) > 0.01
    against = mn.Network(3, [(0, 1), (2, 1)], electrodes={"left": 0, "right": 2})
    with pytest.raises(ValueError, match="bipolar"):
        mean_field(against, device)
    with pytest.raises(ValueError, match="decay must be > 0"):
        mean_field(row(2), mn.LinearDrift())


def test_adaptive_steps_leave_the_error_of_the_mean_field_alone():
    device = mn.RateBalance(kappa_p0=1e-4, kappa_d0=0.5, g_min=1e-3, g_max=1e-1)
    # In a row of equal junctions the mean field is exact, whatever steps are taken.
    found = mean_field_error(row(6), device, 4.0, steps=20, dt=0.5, disorder=[0.0], seed=3, method="adaptive")
    assert abs(found.error).max() < 1e-2
    wires = mn.nanowires(60, size=45.0, length=20.0, seed=3)
    options = {"disorder": [0.5], "seed": 1, "method": "adaptive"}
    coarse, fine = (mean_field_error(wires, device, 4.0, steps=n, dt=2.0 / n, **options) for n in (4, 40))
    assert coarse.network.values == pytest.approx(fine.network.values[:, ::10], rel=1e-2)
    with pytest.raises(ValueError, match="unknown method 'adaptve'"):
        mean_field_error(row(2), device, 1.0, steps=2, method="adaptve")


def test_a_phase_diagram_ends_in_the_same_states_by_either_method():
    given = {"n_networks": 1, "duration": 100.0, "seed": 2}
    fixed, adaptive = (phase_diagram([0.05], [2.0, 10.0], method=method, **given) for method in ("fixed", "adaptive"))
    assert adaptive.conductance.values == pytest.approx(fixed.conductance.values, rel=1e-3)
    assert adaptive.attrs["method"] == "adaptive"
    with pytest.raises(ValueError, match="unknown method 'adaptve'"):
        phase_diagram([0.05], [2.0], method="adaptve")


def test_phase_diagram():
    found = phase_diagram([1e-4, 0.005, 0.05], [0.5, 40.0], n_networks=2, duration=20.0, seed=2)
    assert found["order"].dims == ("density", "voltage", "network")
    assert found["percolates"].to_numpy().tolist() == [[False, False], [False, False], [True, True]]
    assert found.attrs["percolation_threshold"] == pytest.approx(5.63726 / 400)
    assert np.isnan(found["order"][:2]).all()
    assert (found["conductance"][:2] == 0.0).all()
    low, high = found["order"][2, 0].to_numpy(), found["order"][2, 1].to_numpy()
    assert (low < 0.01).all()
    assert (high > 0.8).all()
    with pytest.raises(ValueError, match="ascend"):
        phase_diagram([0.2, 0.1], [1.0])
    with pytest.raises(ValueError, match="size must be in"):
        phase_diagram([0.1], [1.0], size=-100.0)
    with pytest.raises(ValueError, match=r"duration must be at most 100,000,000 steps of dt = 0.5 s .* 2e\+12 steps"):
        phase_diagram([0.1], [1.0], duration=1e12)
    with pytest.raises(TypeError, match="device must be a RateBalance"):
        phase_diagram([0.0001], [1.0], device=mn.Hillock())
    with pytest.raises(ValueError, match="g_max must be above g_min"):
        phase_diagram([0.05], [1.0], device=mn.RateBalance(g_min=1e-3, g_max=1e-3), n_networks=1, seed=1)


# ---------------------------------------------------------------- the paper's figures


def test_figure2_without_data_says_that_it_is_synthetic(monkeypatch, tmp_path):
    monkeypatch.delenv("MEMNET_DATA", raising=False)
    trace = meanfield2023.synthetic_trace()
    monkeypatch.setattr(meanfield2023, "synthetic_trace", lambda: trace)  # it takes a while
    time, voltage, conductance = trace
    assert time.size == voltage.size == conductance.size == 3001
    thin = np.column_stack([a[::60] for a in (time, conductance * voltage, voltage, 1 / conductance, conductance)])
    path = tmp_path / "trace.txt"
    np.savetxt(path, thin, delimiter="\t")
    data = meanfield2023.figure2(path=str(path), n_starts=2, n_networks=1, densities=2, voltages=2)
    assert data["fit"].attrs["source"] == "trace.txt"
    assert data["fit"].attrs["rmse"] < 1e-5
    # The trace was made by this field, and the fit is held to the same range of conductances.
    want = meanfield2023.effective_field().switching_drive()
    assert data["potential"].attrs["switching_voltage"] == pytest.approx(want, rel=0.1)
    assert len(meanfield2023.plot_figure2(data).axes) >= 4
    with pytest.raises(FileNotFoundError):
        meanfield2023.figure2(path=str(tmp_path / "none.txt"))
    (tmp_path / "words.txt").write_text("time I V R G\n1 2 3 4 5\n")
    with pytest.raises(ValueError, match="five columns of numbers"):
        meanfield2023.figure2(path=str(tmp_path / "words.txt"))
    assert meanfield2023._measured(None)[3] == "synthetic"
    monkeypatch.setenv("MEMNET_DATA", str(tmp_path / "none.txt"))
    with pytest.warns(UserWarning, match="MEMNET_DATA names no trace"):
        assert meanfield2023._measured(None)[3] == "synthetic"


def test_figure3_has_the_golden_ratio():
    data = meanfield2023.figure3()
    golden = (np.sqrt(5) - 1) / 2
    assert data.attrs["g_fold"] == pytest.approx(golden, abs=1e-12)
    assert data.attrs["q_fold"] == pytest.approx(golden * (1 - golden) * np.exp(golden), abs=1e-12)
    assert data.attrs["clamped_folds"] == 0
    clamped = data["clamped"].to_numpy()
    assert clamped.max() == 0.5
    assert np.diff(clamped).max() < 0.02
    assert len(meanfield2023.plot_figure3(data).axes) == 2


def test_figure4_has_both_orders():
    data = meanfield2023.figure4()
    assert data["continuous"].attrs["order"] == "continuous"
    assert data["first_order"].attrs["order"] == "first"
    # Q = s - 1.2 s^2 + s^3: Q/s is smallest at 0.6, and leaves s = 0 at a v = 1 for s = 1.2.
    assert data["first_order"].attrs["threshold"] == pytest.approx(1 - 0.36, abs=1e-12)
    np.testing.assert_allclose(data["first_order"].attrs["jump"], [1.0, 0.0, 1.2], rtol=0, atol=2e-9)
    assert len(meanfield2023.plot_figure4(data).axes) == 2


def test_reproduce_knows_the_paper():
    from typer.testing import CliRunner

    from memnet.cli import app

    found = CliRunner().invoke(app, ["reproduce", "meanfield2023"])
    assert found.exit_code == 0
    assert "effective force" in found.output


@pytest.mark.parametrize(("density", "voltage"), [([0.03], []), ([], [1.0])])
def test_a_phase_diagram_may_have_no_points(density, voltage):
    diagram = phase_diagram(density, voltage, size=30.0, n_networks=1, duration=1.0, seed=1)
    assert diagram.conductance.shape == (len(density), len(voltage), 1)
