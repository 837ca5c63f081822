"""Devices that vary, as they are read, and wherever devices go: mixtures, circuits, files, other processes."""

import copy
import math
import pickle
import subprocess
import sys

import numpy as np
import pytest
from draws import FEW, MANY, ON, ONE, TEXT, drawn, made, oscillator, twin

import memnet as mn
from memnet import study

# ---------------------------------------------------------------- reads


PART = mn.normal(0.05, relative=True)


def reading(read=PART, **options):
    noisy, exact = mn.spread(mn.RateBalance(), read=read, seed=21), mn.RateBalance()
    sim = mn.Simulation(FEW, [noisy, exact] * 3, {"in": mn.drive.sine(1.0, 0.05), "out": 0.0}, **options)
    sim.warned_of_steps = True
    return sim


@pytest.mark.parametrize("read", [mn.normal(0.05, relative=True), mn.normal(1e-3), mn.lognormal(0.1), mn.uniform(1e-3)])
def test_recorded_currents_are_drawn_around_those_that_flow(read):
    data, exact = (reading(how).run(30, record=["branch_current"]) for how in (read, mn.normal(0.0)))
    np.testing.assert_array_equal(data.current, exact.current)
    np.testing.assert_array_equal(data.branch_current[:, 1::2], exact.branch_current[:, 1::2])
    for row in range(30):
        for edge in (0, 2, 4):
            again = twin(read, 21, "read", edge, row, float(exact.branch_current[row, edge]))
            assert float(data.branch_current[row, edge]) == pytest.approx(again, rel=1e-13, abs=1e-300)
    assert data.branch_current.attrs["read_as"] == repr(mn.spread(mn.RateBalance(), read=read, seed=21))
    assert "read_as" not in data.current.attrs


def test_reads_depend_on_edge_and_row_alone(tmp_path):
    whole = reading().run(60, record=["branch_current"])
    chunks = reading()
    parts = [chunks.run(n, record=["branch_current"]) for n in (1, 19, 40)]
    np.testing.assert_array_equal(np.concatenate([part.branch_current for part in parts]), whole.branch_current)
    some = reading().run(60, record={"branch_current": [4, 1], "snapshot:branch_current": [7, 33]}, every=5)
    np.testing.assert_array_equal(some.branch_current, whole.branch_current[::5, [4, 1]])
    np.testing.assert_array_equal(some.snapshot_branch_current, whole.branch_current[[7, 33]])
    streamed = reading().run(60, record=["branch_current"], out=tmp_path / "run.zarr")
    np.testing.assert_array_equal(streamed.branch_current, whole.branch_current)
    np.testing.assert_array_equal(mn.rerun(streamed).branch_current, whole.branch_current)


def test_both_sides_of_a_row_are_read_at_once():
    """A left side that is the same circuit is the same reading; where the drive jumps it is another one."""
    device = mn.spread(mn.RateBalance(), read=mn.normal(0.1, relative=True), seed=2)
    wave = mn.drive.pulses(0.0, 1.0, length=5.0, spacing=5.0)
    sim = mn.Simulation(FEW, device, {"in": wave, "out": 0.0}, method="adaptive")
    data = sim.run(12, record={"branch_current": True, "left": True})
    same = (data.branch_current == data.branch_current_left).all("branch_current_edge").values
    assert same.sum() > 8
    assert not same.all()


def test_the_mean_of_reads_is_the_current():
    device = mn.spread(mn.Resistor(conductance=2.0), read=mn.normal(0.05, relative=True), seed=1)
    data = mn.Simulation(FEW, device, ON).run(5000, record=["branch_current"])
    reads = data.branch_current.values.ravel()
    assert abs(reads.mean() - 2.0) < 4.0 * 0.1 / math.sqrt(reads.size)
    assert abs(reads.std() - 0.1) < 4.0 * 0.1 / math.sqrt(2.0 * reads.size)


# ---------------------------------------------------------------- wherever devices go


def varied(device, **how):
    return mn.spread(device, seed=31, **how)


def in_a_mixture():
    net = mn.percolating(30, 0.6, seed=1)
    first = varied(mn.RateBalance(), g_max=mn.lognormal(0.2))
    return mn.Simulation(net, mn.mix(net, {first: 0.6, mn.TunnelGap(): 0.4}, seed=2), {"left": 1.0, "right": 0.0})


def in_a_series():
    part = varied(mn.RateBalance(g_min=1e-6), g_max=mn.lognormal(0.2), cycle={"g > 0.5": {"eta_p": mn.normal(0.1)}})
    device = mn.spread(mn.series(mn.Selector(i_0=1e-2), part), v_0_1=mn.normal(0.1, relative=True), seed=4)
    return mn.Simulation(FEW, device, ON)


def in_a_link():
    device = mn.link(varied(mn.Transistor(v_t=0.4), v_t=mn.normal(0.05)), to=5)
    return mn.Simulation(FEW, [device] * 5 + [mn.Resistor(conductance=0.0)], ON)


def on_wires():
    net = mn.nanowires(120, size=100, length=20, wire_resistance=5.0, seed=1)
    device = varied(mn.RateBalance(), g_max=mn.lognormal(0.2), read=mn.normal(1e-3))
    return mn.Simulation(net, mn.wire_devices(net, device), {"left": 1.0, "right": 0.0})


def in_a_circuit():
    return oscillator()


def attached():
    net = mn.percolating(30, 0.6, seed=1).attach(
        "left", varied(mn.Resistor(conductance=0.1), conductance=mn.normal(0.01))
    )
    return mn.Simulation(net, varied(mn.RateBalance(), g_max=mn.uniform(0.3)), {"left": 1.0, "right": 0.0})


def of_a_text():
    return mn.Simulation(FEW, made(TEXT, "Fires"), ON, dt=2e-3)


PLACES = [in_a_mixture, in_a_series, in_a_link, on_wires, in_a_circuit, attached, of_a_text]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_spread_devices_go_wherever_devices_go(place, tmp_path):
    sim = place()
    sim.warned_of_steps = True
    record = {"branch_current": True, "edge_conductance": True}
    data = sim.run(40, record=record)
    data.to_netcdf(tmp_path / "run.nc", engine="h5netcdf")
    sim.save(tmp_path / "kept.mn")
    shown = [repr(device) for device in sim.devices]
    assert any("spread(" in one for one in shown)
    for again in (mn.rerun(tmp_path / "run.nc"), mn.rerun(data)):
        for name in record:
            np.testing.assert_array_equal(again[name], data[name])
    for other in (mn.Simulation.load(tmp_path / "kept.mn"), copy.deepcopy(sim), pickle.loads(pickle.dumps(sim))):
        assert [repr(device) for device in other.devices] == shown
        other.warned_of_steps = True
        rows = other.run(20, record=record)
        other._core.verify()
        np.testing.assert_array_equal(rows.branch_current, sim.copy().run(20, record=record).branch_current)


def test_another_process_that_never_defined_the_model_goes_on_with_the_same_bits(tmp_path):
    sim = of_a_text()
    sim.run(30)
    sim.save(tmp_path / "kept.mn")
    code = "import sys, memnet as mn; print(mn.Simulation.load(sys.argv[1]).run(40).current.values.tobytes().hex())"
    command = [sys.executable, "-c", code, str(tmp_path / "kept.mn")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.strip() == sim.run(40).current.values.tobytes().hex()


def test_the_description_of_a_run_says_distributions_and_seed_and_no_arrays():
    device = mn.spread(mn.RateBalance(), g_max=mn.lognormal(0.2), cycle={"g > 0.5": {"eta_p": mn.normal(0.1)}},
                       read=mn.uniform(1e-3), seed=2**64 - 1)  # fmt: skip
    text = mn.Simulation(MANY, device, ON).run(1).attrs["parameters"]
    assert '"g_max": {"kind": "lognormal", "sigma": 0.2}' in text
    assert '"g > 0.5": {"eta_p": {"kind": "normal", "sigma": 0.1}}' in text
    assert '"read": {"kind": "uniform", "width": 0.001}' in text
    assert str(2**64 - 1) in text
    assert "!array" not in text.partition('"spread"')[2].partition('"drive"')[0]


def test_short_forms_of_cycles_are_the_long_ones():
    how = mn.normal(0.1)
    named = mn.spread(mn.AtomicSwitch(), v_set=how, cycle="closed", seed=1)
    assert repr(named) == repr(mn.spread(mn.AtomicSwitch(), cycle={"closed": {"v_set": how}}, seed=1))
    any_event = mn.spread(mn.AtomicSwitch(), cycle={"v_set": how}, seed=1)
    assert repr(any_event) == repr(mn.spread(mn.AtomicSwitch(), cycle={"any": {"v_set": how}}, seed=1))
    assert repr(any_event) == "spread(AtomicSwitch(), cycle={'any': {'v_set': normal(0.1)}}, seed=1)"


def test_a_seed_that_is_not_given_is_drawn_and_kept():
    one, two = (mn.spread(mn.RateBalance(), g_max=mn.lognormal(0.2)) for _ in range(2))
    assert one.variations[0].seed != two.variations[0].seed
    assert f"seed={one.variations[0].seed}" in repr(one)
    np.testing.assert_array_equal(drawn(pickle.loads(pickle.dumps(one)), "g_max"), drawn(one, "g_max"))


def test_parts_of_a_series_that_are_equal_have_draws_of_their_own():
    part = mn.spread(mn.Resistor(conductance=1.0), conductance=mn.lognormal(0.3), read=mn.normal(0.1), seed=1)
    device = mn.series(part, part)
    sim = mn.Simulation(FEW, device, ON)
    assert not (sim.parameter(device, "conductance_1") == sim.parameter(device, "conductance_2")).any()
    first, second = (one.stream("read") for one in device.variations)
    assert first != second


def test_a_run_file_spreads(tmp_path):
    path = tmp_path / "run.toml"
    path.write_text("""
        network = {kind = "grid", rows = 3, columns = 3}
        drive = {left = 1.0, right = 0.0}
        run = {steps = 5}
        [[devices]]
        model = "RateBalance"
        spread.seed = 4
        spread.g_max = {kind = "normal", sigma = 0.1, relative = true}
        spread.cycle."g > 0.5".eta_p = {kind = "uniform", width = 0.5}
        spread.read = {kind = "lognormal", sigma = 0.02}
    """)
    device = study.read_run_file(path).simulation.devices[0]
    how = {"g_max": mn.normal(0.1, relative=True), "cycle": {"g > 0.5": {"eta_p": mn.uniform(0.5)}}}
    assert repr(device) == repr(mn.spread(mn.RateBalance(), **how, read=mn.lognormal(0.02), seed=4))


def test_a_run_file_takes_short_forms_of_cycles(tmp_path):
    path = tmp_path / "run.toml"
    text = """
        network = {kind = "grid", rows = 3, columns = 3}
        drive = {left = 1.0, right = 0.0}
        run = {steps = 5}
        [[devices]]
        model = "AtomicSwitch"
    """
    how = '{kind = "normal", sigma = 0.1}'
    for line, cycle in (
        (f'spread = {{seed = 1, cycle = "closed", b = {how}}}', {"closed": {"b": mn.normal(0.1)}}),
        (f"spread = {{seed = 1, cycle = {{b = {how}}}}}", {"any": {"b": mn.normal(0.1)}}),
    ):
        path.write_text(text + line)
        device = study.read_run_file(path).simulation.devices[0]
        assert repr(device) == repr(mn.spread(mn.AtomicSwitch(), cycle=cycle, seed=1))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('spread = {g_max = {kind = "normal", sigma = 0.1}}', "spread: a spread needs a key 'seed'"),
        ('spread = {seed = 1, g_mox = {kind = "normal", sigma = 0.1}}', "did you mean 'g_max'"),
        ('spread = {seed = 1, g_max = {kind = "norml", sigma = 0.1}}', "did you mean 'normal'"),
        ('spread = {seed = 1, g_max = {kind = "normal", sgma = 0.1}}', "did you mean 'sigma'"),
        ('spread = {seed = 1, g_max = 0.1}', "must be a distribution"),
        ('spread = {seed = 1, cycle = {g_max = 0.1}}', r"\[\[devices\]\] 1 spread: .*no events"),
        ('spread = 3', "must be a table"),
    ],
)  # fmt: skip
def test_a_run_file_that_spreads_wrong_says_where(line, message, tmp_path):
    path = tmp_path / "run.toml"
    path.write_text(f"""
        network = {{kind = "grid", rows = 3, columns = 3}}
        drive = {{left = 1.0, right = 0.0}}
        run = {{steps = 5}}
        [[devices]]
        model = "RateBalance"
        {line}
    """)
    with pytest.raises((TypeError, ValueError), match=message):
        study.read_run_file(path)


def test_a_netlist_has_the_drawn_values_and_no_cycles():
    device = mn.spread(mn.Resistor(conductance=2.0), conductance=mn.lognormal(0.3), seed=1)
    sim = mn.Simulation(ONE, device, ON)
    assert f"R0 e0 e1 {1.0 / sim.parameter(device, 'conductance').item()!r}" in mn.to_spice(sim)
    again = mn.spread(mn.RateBalance(), cycle={"g > 0.5": {"g_max": mn.normal(0.1)}}, seed=1)
    with pytest.raises(ValueError, match="drawn again in cycles"):
        mn.to_spice(mn.Simulation(ONE, again, ON))


def test_a_mean_field_takes_no_parameter_that_is_spread():
    net = mn.percolating(30, 0.6, seed=1)
    for how in ({"g_max": mn.normal(0.1)}, {"cycle": {"g > 0.5": {"g_max": mn.normal(0.1)}}}):
        with pytest.raises(ValueError, match="g_max must be one number"):
            mn.theory.mean_field(net, mn.spread(mn.RateBalance(), **how), drive="current")
