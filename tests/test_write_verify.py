"""Programming through the circuit: pulses on lines with a read of the row after each."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet import arrays

VOLTS = {"set_volts": (1.0, 1.9), "reset_volts": (-1.0, -1.9)}
CELL = {"g_on": 100e-6, "g_off": 1e-6, "soft": 1.0, "w_initial": 0.0}


def simulation(net, devices):
    return mn.Simulation(net, mn.cell_devices(net, devices), dict.fromkeys(net.electrodes, 0.0), dt=1e-3)


def targets(rows, columns, seed=0, low=5e-6, high=90e-6):
    return np.random.default_rng(seed).uniform(low, high, (rows, columns))


def held(sim):
    """Return what cells really hold (S), which the programmer does not see."""
    return sim.conductance[sim.net.cell[0]]


@pytest.mark.parametrize("scheme", ["V/2", "V/3"])
@pytest.mark.parametrize("soft", [0.0, 1.0])
def test_cells_come_to_their_targets_and_stay(scheme, soft):
    sim = simulation(mn.crossbar(4, 6), mn.BipolarThreshold(**CELL | {"soft": soft}))
    wanted = targets(4, 6)
    report = arrays.write_verify(sim, wanted, scheme=scheme, **VOLTS)
    assert report.failed == ()
    assert set(report.status.ravel()) == {"verified"}
    assert np.abs(report.error).max() <= 0.01
    assert report.pulses.max() <= 200
    assert report.disturbance == 0.0  # ideal lines, and half-selected cells below their threshold
    np.testing.assert_allclose(held(sim), report.conductances, rtol=1e-12)
    assert report.time == pytest.approx(sim.time)
    assert set(map(repr, sim.drive.values())) == {"constant(value=0.0)"}


@pytest.mark.parametrize("method", ["fixed", "adaptive"])
def test_cells_that_differ_are_no_harder(method):
    """Thresholds by 30 mV and rates by a factor of 1.6 from cell to cell: what a programmer without reads cannot do."""
    device = mn.spread(mn.BipolarThreshold(**CELL), v_th=mn.normal(0.03), I_0=mn.lognormal(0.5), seed=3)
    net = mn.crossbar(5, 6)
    sim = mn.Simulation(net, device, dict.fromkeys(net.electrodes, 0.0), dt=1e-3, method=method)
    wanted = targets(5, 6)
    report = arrays.write_verify(sim, wanted, **VOLTS)
    assert report.failed == ()
    np.testing.assert_allclose(held(sim), wanted, rtol=0.0101)


@given(st.integers(1, 3), st.integers(1, 3), st.floats(0.002, 0.1), st.integers(0, 2**32 - 1))
@settings(max_examples=6, deadline=None)
def test_the_report_says_what_reads_and_cells_say(rows, columns, tolerance, seed):
    sim = simulation(mn.crossbar(rows, columns), mn.BipolarThreshold(**CELL))
    wanted = targets(rows, columns, seed, low=5e-7, high=1.2e-4)
    report = arrays.write_verify(sim, wanted, tolerance=tolerance, most_pulses=60, **VOLTS)
    np.testing.assert_allclose(report.conductances, held(sim), rtol=1e-12)
    reached = np.abs(report.conductances - wanted) <= tolerance * wanted
    np.testing.assert_array_equal(report.status == "verified", reached)
    assert report.failed == tuple(map(tuple, np.argwhere(~reached).tolist()))
    beyond = (wanted > 100e-6 / (1 - tolerance)) | (wanted < 1e-6 / (1 + tolerance))
    assert not (beyond & reached).any()
    assert report.pulses.max() <= 60


def test_devices_with_resistances_and_unlike_thresholds():
    """VTEAM is set by negative voltages, 0.9 V below it, and reset from 0.4 V."""
    device = mn.VTEAM(
        R_on=1e4, R_off=1e6, v_on=-0.9, v_off=0.4, k_on=-3e-6, k_off=3e-6, alpha_on=3, alpha_off=3, x_initial=1.0
    )
    sim = simulation(mn.crossbar(4, 5), device)
    wanted = targets(4, 5, low=5e-6, high=80e-6)
    report = arrays.write_verify(sim, wanted, set_volts=(-0.95, -1.75), reset_volts=(0.45, 0.79))
    assert report.failed == ()
    np.testing.assert_allclose(held(sim), wanted, rtol=0.01)


def test_cells_that_cannot_are_listed_with_why():
    whole, narrow = mn.BipolarThreshold(**CELL), mn.BipolarThreshold(**CELL | {"g_on": 20e-6})
    kind = np.zeros((5, 6), dtype=int)
    kind[1, 2] = kind[4, 5] = 1
    kind[0, 3] = kind[2, 0] = 2
    sim = simulation(mn.crossbar(5, 6), {whole: kind == 0, narrow: kind == 1, mn.Resistor(conductance=5e-5): kind == 2})
    wanted = np.where(kind == 1, 40e-6, targets(5, 6))
    report = arrays.write_verify(sim, wanted, **VOLTS)
    assert report.failed == ((0, 3), (1, 2), (2, 0), (4, 5))
    assert (report.status[kind == 1] == "out of range").all()
    assert (report.status[kind == 2] == "stuck").all()
    assert np.abs(report.error[kind == 0]).max() <= 0.01
    assert "26 of 30 cells verified" in repr(report)
    assert "2 out of range, 2 stuck" in repr(report)


def test_too_few_pulses_are_said():
    sim = simulation(mn.crossbar(2, 2), mn.BipolarThreshold(**CELL))
    report = arrays.write_verify(sim, np.full((2, 2), 50e-6), most_pulses=3, **VOLTS)
    assert (report.status == "not reached").all()
    assert (report.pulses == 3).all()


def test_half_selected_cells_above_their_threshold_are_disturbed():
    """Of cells with a threshold of 0.5 V half of 1.9 V changes those that were verified."""
    device = mn.BipolarThreshold(**CELL | {"v_th": 0.5, "I_0": 0.3})
    once = arrays.write_verify(simulation(mn.crossbar(4, 4), device), targets(4, 4), most_pulses=60, passes=1, **VOLTS)
    assert (once.status == "disturbed").any()
    assert once.disturbance > 0.01
    third = arrays.write_verify(
        simulation(mn.crossbar(4, 4), device), targets(4, 4), most_pulses=60, passes=1, scheme="V/3", **VOLTS
    )
    assert third.disturbance < once.disturbance


def test_lines_are_made_up_for():
    """Reads through lines see less than cells hold; what is verified is what products give."""
    net = mn.crossbar(8, 8, line_resistance=10.0, contact_resistance=10.0)
    sim = simulation(net, mn.BipolarThreshold(**CELL))
    wanted = targets(8, 8, high=80e-6)
    once = arrays.write_verify(sim.copy(), wanted, passes=1, **VOLTS)
    assert (once.status == "disturbed").any()  # what lines lose depends on rows that came later
    report = arrays.write_verify(sim, wanted, **VOLTS)
    assert report.failed == ()
    assert (held(sim) > report.conductances).all()
    np.testing.assert_allclose(arrays.transfer(net, held(sim)), report.conductances, rtol=1e-9)


def test_compliance_limits_set_pulses():
    """A cell that one pulse would take to the top stops where its line has the limit of the current."""
    device = mn.BipolarThreshold(**CELL | {"I_0": 5e-4})
    currents = []
    for compliance in (None, 30e-6):
        sim = simulation(mn.crossbar(1, 1), device)
        options = {"most_pulses": 1, "pulse_steps": 300, "compliance": compliance}
        volts = {"set_volts": (1.8, 1.9), "reset_volts": (-1.0, -1.9)}
        report = arrays.write_verify(sim, [[30e-6]], **options, **volts)
        currents.append(report.conductances[0, 0])
    assert currents[0] > 90e-6
    # At the threshold of 1 V nothing moves any more: 30 uA there are 30 uS.
    assert currents[1] == pytest.approx(30e-6, rel=0.05, abs=0.0)


def test_further_electrodes_have_a_drive_row_by_row():
    """Dummy lines, whose cells conduct, at 0 V or floating: a read goes through them only where they float."""
    net = mn.crossbar(3, 3, dummy_lines=1)
    cell, dummy = mn.BipolarThreshold(**CELL), mn.Resistor(conductance=1e-5)
    rows = []

    def grounded(row):
        rows.append(row)
        return dict.fromkeys(net.layout.dummies, 0.0)

    for others, exact in ((grounded, True), (grounded(0), True), (None, False)):
        devices = mn.cell_devices(net, cell, dummy=dummy)
        sim = mn.Simulation(net, devices, dict.fromkeys(net.electrodes, 0.0), dt=1e-3)
        report = arrays.write_verify(sim, targets(3, 3), others=others, **VOLTS)
        assert np.allclose(report.conductances, held(sim), rtol=1e-12) == exact
    assert set(rows) == {0, 1, 2}


@pytest.mark.parametrize("broken", [KeyboardInterrupt, OSError])
def test_lines_are_at_rest_after_programming_that_was_interrupted(broken):
    sim = simulation(mn.crossbar(2, 2), mn.BipolarThreshold(**CELL))
    calls = []

    def others(row):
        calls.append(row)
        if len(calls) == 7:
            raise broken
        return {}

    with pytest.raises(broken):
        arrays.write_verify(sim, targets(2, 2), others=others, **VOLTS)
    assert set(map(repr, sim.drive.values())) == {"constant(value=0.0)"}
    assert arrays.write_verify(sim, targets(2, 2), **VOLTS).failed == ()
    with pytest.raises(TypeError, match="others must be a dict, or a function of the row that returns one, got None"):
        arrays.write_verify(sim, targets(2, 2), others=lambda row: None, **VOLTS)


def test_the_largest_voltage_is_used_whatever_the_steps():
    """The only voltage that can raise these cells enough, 1.9 V, is no multiple of steps above 1 V."""
    device = mn.BipolarThreshold(**CELL | {"v_th": 1.85, "I_0": 1e-3})
    for step in (0.4, 1e9):
        sim = simulation(mn.crossbar(1, 1), device)
        options = {"volts_step": step, "tolerance": 0.1}
        report = arrays.write_verify(sim, [[50e-6]], **options, set_volts=[1.0, 1.9], reset_volts=np.array([-1, -1.9]))
        assert report.status[0, 0] == "verified"


@pytest.mark.slow
def test_4096_cells_within_1_percent():
    """The bar of the array: 64 x 64 cells in at most 200 pulses each; those that cannot are listed."""
    rng = np.random.default_rng(0)
    kind = np.zeros((64, 64), dtype=int)
    kind.flat[rng.permutation(4096)[:16]] = np.repeat([1, 2], 8)
    devices = {
        mn.BipolarThreshold(**CELL): kind == 0,
        mn.BipolarThreshold(**CELL | {"g_on": 20e-6}): kind == 1,
        mn.Resistor(conductance=50e-6): kind == 2,
    }
    sim = simulation(mn.crossbar(64, 64), devices)
    wanted = np.where(kind > 0, 40e-6, rng.uniform(5e-6, 90e-6, (64, 64)))
    report = arrays.write_verify(sim, wanted, **VOLTS)
    assert report.failed == tuple(map(tuple, np.argwhere(kind > 0).tolist()))
    assert np.abs(held(sim) / wanted - 1)[kind == 0].max() <= 0.01
    assert report.pulses.max() <= 200
    assert report.disturbance == 0.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"targets": [[1e-6]]}, r"targets must have shape \(2, 2\), got \(1, 1\)"),
        ({"targets": np.zeros((2, 2))}, r"targets must be in \(0, inf\) S"),
        ({"targets": np.full((2, 2), np.nan)}, "targets must be finite"),
        ({"set_volts": (1.9, 1.0)}, "set_volts must go from a voltage to a larger one of its sign"),
        ({"set_volts": (1.0,)}, "set_volts must be a pair of voltages"),
        ({"reset_volts": (1.0, 1.5)}, "set_volts and reset_volts must be of opposite signs"),
        ({"volts_step": 0.0}, "volts_step must be in"),
        ({"volts_step": 1e-9}, "volts_step must make at most 100,000 steps"),
        ({"read_volts": 0.0}, "read_volts must be in .* without 0"),
        ({"scheme": "V/4"}, "unknown scheme 'V/4'"),
        ({"tolerance": 1.0}, "tolerance must be in"),
        ({"most_pulses": 0}, "most_pulses must be an integer in"),
        ({"compliance": -1e-6}, "compliance must be in"),
        ({"read_volts": 1e7}, "read_volts must be in"),
        ({"set_volts": (1e-12, 1e-11)}, "set_volts must begin with 1e-09 V or more"),
        ({"others": {"b1": 1.0}}, "others must name no line of the array, which has pulses and reads, got 'b1'"),
        ({"others": lambda row: {"w0": 1.0}}, "others must name no line of the array"),
        ({"others": {"gate": 1.0}}, "drive names an unknown electrode 'gate'"),
    ],
)
def test_bad_arguments_are_refused_by_name(arguments, message):
    sim = simulation(mn.crossbar(2, 2), mn.BipolarThreshold())
    with pytest.raises(ValueError, match=message):
        arrays.write_verify(**{"simulation": sim, "targets": np.full((2, 2), 5e-6), **VOLTS} | arguments)


def test_other_networks_are_refused():
    stack = mn.crossbar(1, 1, layers=2)
    pillars = mn.crossbar(1, 2, stacking="vertical")
    for net in (mn.Network(2, [(0, 1)], electrodes={"w0": 0, "b0": 1}), stack, pillars):
        sim = mn.Simulation(net, mn.RateBalance(), dict.fromkeys(net.electrodes, 0.0))
        with pytest.raises(ValueError, match=r"simulation must be of a network of mn\.crossbar with one layer"):
            arrays.write_verify(sim, [[1e-6]], **VOLTS)
