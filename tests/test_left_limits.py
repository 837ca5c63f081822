"""What ``record="left"`` says: the circuit right before a jump of the drive, in the row at which it jumps."""

import cases
import numpy as np
import pytest

import memnet as mn

NET = mn.nanowires(60, size=45, length=20, length_sd=5, seed=3)
JUNCTION = mn.RateBalance(kappa_p0=1e-4, kappa_d0=0.5, eta_p=10.0, eta_d=1.0, g_min=1e-3, g_max=0.1)
PULSES = mn.drive.pulses(0.5, 6.0, length=1.0, spacing=1.0, count=3, start=1.0)
EVERYTHING = ["left", "potential", "branch_voltage", "branch_current", "edge_conductance", "state:g"]


def network(wave=PULSES, **options):
    given = {"dt": 0.25, "method": "adaptive", "rtol": 1e-3, "seed": 0}
    return mn.Simulation(NET, JUNCTION, {"left": wave, "right": 0.0}, **{**given, **options})


def circuit(*elements, drive, **options):
    made = mn.Circuit()
    for a, b, device in elements:
        made.add(a, b, device)
    return made.simulation(drive, **{"dt": 0.25, "method": "adaptive", "rtol": 1e-6, **options})


def pairs(data):
    """Each variable with its left side."""
    names = [str(name) for name in data if f"{name}_left" in data]
    return {name: (data[f"{name}_left"], data[name]) for name in names}


def bits(data):
    return {str(name): values.to_numpy().tobytes() for name, values in data.items() if "time" in values.dims}


def rows_of_jumps(data):
    jumps = PULSES.corners(0.0, 1e3, jumps=True)
    return np.isin(np.round(data.time / 0.25), np.round(jumps / 0.25))


# ------------------------------------------------------------ closed forms


def test_a_capacitor_on_both_sides_of_jumps():
    wave = mn.drive.pulses(0.0, 1.0, length=1.0, spacing=1.0, count=3, start=1.0)
    elements = [("in", "n", mn.Resistor(conductance=2.0)), ("n", "gnd", mn.Capacitor(capacitance=1.0))]
    data = circuit(*elements, drive={"in": wave, "gnd": 0.0}).run(29, record=["left", "potential"])
    charge, held = 0.0, 0.0
    for k in range(29):
        driven = 1.0 if k >= 4 and (k // 4) % 2 == 1 and k < 24 else 0.0
        charge = held + (charge - held) * np.exp(-0.25 * 2.0)  # under what was held since the row before
        here = data.isel(time=k)
        assert float(here.voltage_left.sel(electrode="in")) == (held if k else driven)
        assert float(here.voltage.sel(electrode="in")) == driven
        for name, source in [("current_left", held), ("current", driven)]:
            assert float(here[name].sel(electrode="in")) == pytest.approx(2.0 * (source - charge), abs=1e-5)
        for name in ("potential_left", "potential"):
            assert float(here[name].sel(potential_node="n")) == pytest.approx(charge, abs=1e-5)
        held = driven
    apart = (data.current - data.current_left).sel(electrode="in").to_numpy()
    np.testing.assert_allclose(apart[[4, 8, 12, 16, 20, 24]], [2.0, -2.0, 2.0, -2.0, 2.0, -2.0], atol=1e-12)


def test_a_ramp_that_jumps_is_read_where_it_ends():
    wave = mn.drive.piecewise_linear([0.0, 1.0, 1.0, 3.0], [0.0, 1.0, -2.0, 0.0])
    data = circuit(("in", "gnd", mn.Resistor(conductance=2.0)), drive={"in": wave, "gnd": 0.0}).run(8, record="left")
    assert float(data.current_left[4, 0]) == pytest.approx(2.0, rel=1e-12)
    assert float(data.current[4, 0]) == pytest.approx(-4.0, rel=1e-12)


@pytest.mark.parametrize("dt", [0.1, 0.7, 1e-7 / 3])
@pytest.mark.parametrize("late", [-(2.0**-50), 0.0, 2.0**-50])
def test_times_that_were_rounded_have_both_sides(dt, late):
    times = np.repeat(np.array([3, 4, 7, 9]) * dt * (1.0 + late), 2)
    wave = mn.drive.piecewise_linear(times, [0.0, 1.0, 1.0, -2.0, -2.0, 3.0, 3.0, 0.0])
    made = circuit(("in", "gnd", mn.Resistor(conductance=1.0)), drive={"in": wave, "gnd": 0.0}, dt=dt)
    data = made.run(12, record="left")
    np.testing.assert_allclose(data.current[:, 0], [0, 0, 0, 1, -2, -2, -2, 3, 3, 0, 0, 0], rtol=1e-9)
    np.testing.assert_allclose(data.current_left[:, 0], [0, 0, 0, 0, 1, -2, -2, -2, 3, 3, 0, 0], rtol=1e-9)


def test_a_switch_is_what_it_was_before_the_jump_that_turns_it():
    wave = mn.drive.piecewise_linear([0.0, 1.0, 1.0], [0.0, 0.5, 2.0])
    switch = mn.ThresholdSwitch(v_on=1.0, v_off=0.1)
    elements = [("in", "n", mn.Resistor(conductance=1.0)), ("n", "gnd", switch)]
    data = circuit(*elements, drive={"in": wave, "gnd": 0.0}).run(8, record=["left", "state:on"])
    on, before = data.state_on[:, 0].to_numpy(), data.state_on_left[:, 0].to_numpy()
    np.testing.assert_array_equal(on, [0, 0, 0, 0, 1, 1, 1, 1])
    np.testing.assert_array_equal(before, [0, 0, 0, 0, 0, 1, 1, 1])
    assert 0.0 < 100.0 * float(data.current_left[4, 0]) < float(data.current[4, 0])


def test_a_jump_of_a_waveform_that_a_device_carries():
    source = mn.VoltageSource(voltage=mn.drive.pulses(0.0, 1.0, length=1.0, spacing=1.0, count=1, start=1.0))
    elements = [("n", "gnd", source), ("n", "gnd", mn.Resistor(conductance=2.0)), ("in", "n", mn.Resistor())]
    data = circuit(*elements, drive={"in": 0.0, "gnd": 0.0}).run(12, record=["left", "branch_current"])
    before, after = data.branch_current_left[:, 1].to_numpy(), data.branch_current[:, 1].to_numpy()
    np.testing.assert_array_equal(before[[0, 4, 5, 8, 9]] != 0.0, [False, False, True, True, False])
    np.testing.assert_array_equal(after[[0, 4, 5, 8, 9]] != 0.0, [False, True, True, False, False])
    np.testing.assert_allclose(before[1:], after[:-1], rtol=1e-12)


def test_a_jump_of_a_waveform_that_an_event_has_started():
    switch = mn.ThresholdSwitch(v_on=1.0, v_off=0.1)
    elements = [("in", "gnd", switch), ("out", "gnd", mn.Resistor(conductance=2.0))]
    drive = {"in": mn.drive.piecewise_linear([0.0, 1.0, 1.0], [0.0, 0.0, 2.0]), "out": 0.0, "gnd": 0.0}
    answer = mn.drive.pulses(0.0, 1.0, length=0.5, spacing=1.0, count=1)
    reaction = mn.react(switch, "closed", electrode="out", wave=answer, delay=0.5)
    data = circuit(*elements, drive=drive, reactions=[reaction]).run(12, record="left")
    for side, expected in [("", [0, 0, 1, 1, 0, 0]), ("_left", [0, 0, 0, 1, 1, 0])]:
        np.testing.assert_array_equal(data["voltage" + side].sel(electrode="out")[4:10], expected)
        np.testing.assert_allclose(data["current" + side].sel(electrode="out")[4:10], np.multiply(expected, 2.0))


def test_before_a_port_goes_and_comes():
    net = mn.Network(3, [(0, 1), (1, 2), (2, 0)], electrodes={"a": 0, "b": 1, "c": 2})
    device = mn.Resistor(conductance=[1.0, 2.0, 4.0])
    late = mn.drive.concat([(None, 1.0), (0.0, 1.0), (None, None)])
    drive = {"a": 1.0, "b": 0.0, "c": late}
    data = mn.Simulation(net, device, drive, dt=0.5, method="adaptive").run(6, record="left")
    a_to_b = 1.0 + 1.0 / (1 / 2.0 + 1 / 4.0)
    np.testing.assert_allclose(data.conductance, [a_to_b, a_to_b, np.nan, np.nan, a_to_b, a_to_b], rtol=1e-12)
    np.testing.assert_allclose(data.conductance_left, [a_to_b, a_to_b, a_to_b, np.nan, np.nan, a_to_b], rtol=1e-12)
    assert data.conductance_left.attrs["conductance_port"] == "a to b"
    assert float(data.current_left.sel(electrode="c")[2]) == 0.0 > float(data.current.sel(electrode="c")[2])


# ------------------------------------------------------------ memristive networks


def test_conductances_are_the_same_on_both_sides_and_currents_jump():
    data = network().run(30, record=EVERYTHING)
    jumps = rows_of_jumps(data)
    assert jumps.sum() == 6
    found = pairs(data)
    assert set(found) == {"current", "voltage", "conductance", "potential", "branch_voltage", "branch_current"} | {
        "edge_conductance",
        "state_g",
    }
    for name, (before, after) in found.items():
        assert before.dims == after.dims
        assert before.attrs["units"] == after.attrs["units"]
        assert "before the jump" in before.attrs["long_name"]
        np.testing.assert_array_equal(before[~jumps], after[~jumps], err_msg=name)
    for name in ("edge_conductance", "state_g"):
        np.testing.assert_array_equal(*found[name])
    np.testing.assert_allclose(data.conductance_left, data.conductance, rtol=1e-12)
    held, driven = data.voltage_left.sel(electrode="left"), data.voltage.sel(electrode="left")
    np.testing.assert_array_equal(held[1:], driven[:-1])
    current = data.current_left.sel(electrode="left")
    np.testing.assert_allclose(current, data.conductance * held, rtol=1e-9)
    assert (np.abs(data.current - data.current_left).sel(electrode="left")[jumps] > 0).all()


def test_currents_at_the_nodes_of_an_electrode_have_left_sides():
    data = network().run(6, record={"left": True, "member_current": "left"})
    for side in ("", "_left"):
        total = data["member_current" + side].sum("member_current_node")
        np.testing.assert_allclose(total, data["current" + side].sel(electrode="left"), rtol=1e-9)


# ------------------------------------------------------------ equal bits


def test_a_look_to_the_left_changes_nothing_else():
    plain, looking = network(), network()
    alone, both = plain.run(30, record=EVERYTHING[1:]), looking.run(30, record=EVERYTHING)
    assert bits(alone) == {name: values for name, values in bits(both).items() if name in alone}
    assert plain.counters == looking.counters
    assert plain.potential.tobytes() == looking.potential.tobytes()
    assert {k: v.tobytes() for k, v in cases.states(plain).items()} == {
        k: v.tobytes() for k, v in cases.states(looking).items()
    }


def test_a_look_to_the_left_changes_nothing_where_newton_goes_on_from_what_it_found():
    def nonlinear():
        parts = [("in", "n", mn.Diode()), ("n", "gnd", mn.Capacitor(capacitance=1e-3))]
        parts += [("n", "gnd", mn.CubicResistor()), ("in", "n", mn.Resistor(conductance=1e-3))]
        return circuit(*parts, drive={"in": PULSES * 0.1, "gnd": 0.0}, rtol=1e-3)

    plain, looking = nonlinear(), nonlinear()
    alone, both = plain.run(30, record=EVERYTHING[1:5]), looking.run(30, record=EVERYTHING[:5])
    assert bits(alone) == {name: values for name, values in bits(both).items() if name in alone}
    assert plain.counters == looking.counters
    jumps = rows_of_jumps(both)
    for name, (before, after) in pairs(both).items():
        np.testing.assert_array_equal(before[~jumps], after[~jumps], err_msg=name)
    assert (both.current_left != both.current).sel(electrode="in")[jumps].all()


@pytest.mark.parametrize("pieces", [[1] * 30, [7, 7, 7, 7, 2], [4, 26]])
def test_no_bit_depends_on_how_rows_are_asked_for(pieces, tmp_path):
    whole = network().run(30, record=EVERYTHING)
    sim, data = network(), []
    for n in pieces:
        data.append(sim.run(n, record=EVERYTHING))
        sim.save(tmp_path / "half")
        sim = mn.Simulation.load(tmp_path / "half")
    assert bits(mn.concat(data)) == bits(whole)


def test_rows_that_are_left_out_leave_no_other_bits():
    whole, some = network().run(30, record=EVERYTHING), network().run(30, record=EVERYTHING, every=4)
    assert bits(whole.isel(time=slice(None, None, 4))) == bits(some)


def test_files_and_repeated_runs_have_left_sides(tmp_path):
    pytest.importorskip("zarr")
    data = network().run(10, record=EVERYTHING)
    stored = network().run(10, record=EVERYTHING, out=tmp_path / "run.zarr")
    assert bits(mn.rerun(data)) == bits(stored.load()) == bits(data)


# ------------------------------------------------------------ arguments


def test_without_it_there_are_none():
    for record in ({"left": False}, ["current"]):
        assert not pairs(network().run(2, record=record))
    assert set(network().run(2, record={"left": True, "current": False, "potential": [0]}).data_vars) >= {
        "potential",
        "potential_left",
    }


def test_steps_of_a_fixed_length_refuse_it():
    with pytest.raises(ValueError, match=r'record\["left"\] is of adaptive steps.*no state of its own before the jump'):
        network(method="fixed", rtol=None).run(2, record={"left": True})
    assert not pairs(network(method="fixed", rtol=None).run(2, record={"left": False}))
    with pytest.raises(TypeError, match=r'record\["left"\] must be'):
        network().run(2, record={"left": "yes"})
    core = network(method="fixed", rtol=None)._core
    with pytest.raises(ValueError, match="argument"):
        core.record("current", np.zeros(1, dtype=np.int32), left=True)


def test_snapshots_have_no_left_side():
    data = network().run(6, record={"left": True, "snapshot:potential": [4]})
    assert "snapshot_potential" in data
    assert "snapshot_potential_left" not in data
