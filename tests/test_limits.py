"""Compliance: electrodes at voltages whose currents have limits, against the same problem solved by NumPy."""

import itertools

import cases
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet import _core

HOLDS = 1e-9  # no current passes its limit by more than this part of it


def consistent(matrix, volts, limits):
    """Every way in which electrodes may be at their limits, and the one that agrees with itself; the last is ground."""
    n = len(volts)
    for sides in itertools.product((0, 1, -1), repeat=n):
        side = np.array(sides)
        free = side == 0
        v = np.append(np.where(free, volts, 0.0), 0.0)
        at = np.flatnonzero(~free)
        if at.size:
            wanted = side[at] * limits[at] - matrix[np.ix_(at, np.arange(n + 1))] @ v
            v[at] = np.linalg.solve(matrix[np.ix_(at, at)], wanted)
        current = matrix @ v
        slack = 1e-9 * np.abs(v).max()
        good = np.abs(current[:n]) <= limits * (1.0 + HOLDS)
        good &= (side != 1) | (v[:n] <= volts + slack)
        good &= (side != -1) | (v[:n] >= volts - slack)
        if good.all():
            return v, current
    raise AssertionError("there is always one")


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(1, 4),
    decades=st.floats(0.0, 6.0),
    solver=st.sampled_from(["kron", "umfpack"]),
)
def test_limits_of_several_electrodes_hold_and_agree_with_numpy(seed, n, decades, solver):
    rng = np.random.default_rng(seed)
    names = [f"e{k}" for k in range(n)]
    edges = [(a, b) for a in range(n + 3) for b in range(a) if rng.random() < 0.7 or b == a - 1]
    net = mn.Network(n + 3, edges, electrodes={**{name: k for k, name in enumerate(names)}, "gnd": n})
    g = 10.0 ** rng.uniform(-decades, 0.0, len(edges))
    matrix = mn.terminal_conductance(net, g)
    volts = rng.normal(size=n)
    # some at a part of what would flow, some far beyond
    limits = np.abs(matrix[:n, :n] @ volts) * 10.0 ** rng.uniform(-2.0, 0.5, n) + 1e-12
    drive = {name: mn.drive.limited(v, current=limit) for name, v, limit in zip(names, volts, limits, strict=True)}
    found = mn.solve(net, g, {**drive, "gnd": 0.0}, solver=solver)
    assert (np.abs(found.current[:n]) <= limits * (1.0 + HOLDS)).all()
    v, current = consistent(matrix, volts, limits)
    np.testing.assert_allclose(found.voltage, v, rtol=1e-7, atol=1e-9 * np.abs(volts).max())
    at_limit = np.isin(names, found.info["limited"])
    assert (np.abs(np.abs(current[:n]) - limits)[at_limit] <= HOLDS * limits[at_limit]).all()
    assert (found.voltage[:n][~at_limit] == volts[~at_limit]).all()


def pair(wave, device=None, **options):
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    return mn.Simulation(net, device or mn.RateBalance(), {"in": wave, "out": 0.0}, **options)


def test_the_limit_holds_through_a_sweep_and_the_real_voltage_is_reported():
    net = mn.percolating(size=60, coverage=0.6, seed=1)
    wave = mn.drive.triangle(-8.0, 8.0, period=40.0, phase=0.25)

    def swept(drive):
        sim = mn.Simulation(net, mn.RateBalance(), {"left": drive, "right": 0.0}, dt=0.1, seed=1)
        return sim.run(800, record=["limited"])

    free = swept(wave)
    limit = 0.3 * float(abs(free.current).max())
    data = swept(mn.drive.limited(wave, current=limit))
    current, voltage = (data[name].sel(electrode="left").values for name in ("current", "voltage"))
    assert (np.abs(current) <= limit * (1.0 + HOLDS)).all()
    at_limit = data.limited.sel(electrode="left").values == 1.0
    assert 50 < at_limit.sum() < 700
    wanted = wave(data.time.values)
    assert (np.abs(voltage[at_limit]) < np.abs(wanted[at_limit])).all()
    assert (voltage[~at_limit] == wanted[~at_limit]).all()
    assert np.allclose(np.abs(current[at_limit]), limit, rtol=HOLDS)
    assert np.allclose(voltage * data.conductance.values, current, rtol=1e-9)
    assert data.limited.sel(electrode="right").values.max() == 0.0


def test_limits_that_are_never_reached_change_no_bit_of_voltages():
    net = cases.random_network(6)
    wave = mn.drive.triangle(-0.4, 0.4, period=1.0)

    def run(drive):
        sim = mn.Simulation(net, mn.AtomicSwitch(), {"left": drive, "right": 0.0}, dt=1e-3, seed=1)
        return sim.run(500, record=["potential"])

    np.testing.assert_array_equal(run(mn.drive.limited(wave, current=1.0)).potential, run(wave).potential)


@pytest.mark.parametrize("event_driven", [True, False])
def test_bits_do_not_depend_on_chunks_or_checkpoints(event_driven, tmp_path):
    def begin():
        wave = mn.drive.limited(mn.drive.triangle(-0.4, 0.4, period=1.0), current=2e-7)
        net = cases.random_network(6)
        drive = {"left": wave, "right": 0.0}
        return mn.Simulation(net, mn.AtomicSwitch(), drive, dt=1e-3, seed=1, event_driven=event_driven)

    record = ["potential", "limited"]
    whole, sim = begin().run(700, record=record), begin()
    assert 0 < whole.limited.sum() < 700
    parts = [sim.run(7, record=record) for _ in range(50)]
    sim.save(tmp_path / "a.mn")
    again = mn.Simulation.load(tmp_path / "a.mn")
    assert (again.limited == sim.limited).all()
    parts.append(again.run(350, record=record))
    for name in record:
        np.testing.assert_array_equal(np.concatenate([part[name] for part in parts]), whole[name])
    again._core.verify()


def test_limits_change_in_time_and_go():
    wave = mn.drive.concat(
        [(mn.drive.limited(1.0, current=1e-3), 5.0), (mn.drive.limited(1.0, current=2e-3), 5.0), (1.0, None)]
    )
    sim = pair(wave, mn.Resistor(conductance=0.01), dt=1.0)
    data = sim.run(15, record=["limited"])
    assert data.current.values[:, 0].tolist() == [1e-3] * 5 + [2e-3] * 5 + [1e-2] * 5
    assert data.limited.values[:, 0].tolist() == [1.0] * 10 + [0.0] * 5
    assert sim.limited.tolist() == [False, False]
    sim.set_drive({"in": mn.drive.limited(1.0, current=1e-4), "out": 0.0})
    assert sim.limited.tolist() == [True, False]
    assert sim.voltage[0] == pytest.approx(0.01)


def test_a_device_with_a_source_is_limited_too():
    sim = pair(mn.drive.limited(0.0, current=1e-3), mn.Resistor(conductance=0.1, emf=1.0))
    assert sim.current[0] == -1e-3
    assert sim.voltage[0] == pytest.approx(0.99)


def test_a_reaction_adds_to_the_voltage_before_the_limit():
    net = mn.Network(3, [(0, 1), (2, 1)], electrodes={"in": 0, "gnd": 1, "post": 2})
    switch = mn.AtomicSwitch()
    reaction = mn.react(switch, "closed", electrode="post", wave=2.0)
    drive = {"in": 1.01, "gnd": 0.0, "post": mn.drive.limited(1.0, current=2e-3)}
    devices = [switch, mn.Resistor(conductance=1e-3)]
    data = mn.Simulation(net, devices, drive, dt=1e-3, reactions=[reaction]).run(30)
    current = data.current.sel(electrode="post").values
    assert sorted(set(current.tolist())) == [1e-3, 2e-3]
    assert current[-1] == 2e-3


def test_limited_is_a_waveform_as_others():
    wave = mn.drive.limited(mn.drive.triangle(0.0, 2.0, period=4.0), current=1e-3)
    assert repr(wave) == "limited(triangle(low=0.0, high=2.0, period=4.0, phase=0.0), current=0.001)"
    assert (3.0 * wave)(2.0) == 6.0
    assert (3.0 * wave).parameters == (1e-3,)
    assert wave.corners(0.0, 4.0).tolist() == [0.0, 2.0, 4.0]
    again = mn.drive.from_spec(mn.drive.to_spec(wave))
    assert repr(again) == repr(wave)
    assert again.roles == wave.roles


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: mn.drive.limited(1.0, current=0.0), r"current must be in \(0, inf\) A, got 0"),
        (lambda: mn.drive.limited(1.0, current=-1e-3), "current must be in"),
        (lambda: mn.drive.limited(None, current=1.0), "voltage of limited must be"),
        (lambda: mn.drive.limited(mn.drive.current(1.0), current=1.0), "voltage of limited must be"),
        (lambda: mn.drive.limited(mn.drive.limited(1.0, current=1.0), current=1.0), "voltage of limited must be"),
        (lambda: mn.drive.limited(1.0, current=1.0) + 1.0, "a sum must be of voltages or of currents alone"),
        (lambda: mn.drive.current(mn.drive.limited(1.0, current=1.0)), "value of a current must be"),
        (lambda: pair(mn.drive.limited(1.0, current=1.0), mn.TunnelGap(), method="adaptive"), "method"),
        (lambda: mn.equilibria(pair(mn.drive.limited(1.0, current=1.0))), "drive must limit no current here"),
        (lambda: mn.to_spice(pair(mn.drive.limited(1.0, current=1.0))), "'in' limits its current"),
        (
            lambda: mn.theory.LinearDriftField(strength=1.0, decay=1.0, r_off=1.0, chi=0.5).integrate(
                [0.0, 1.0], drive=mn.drive.limited(1.0, current=1.0)
            ),
            "drive must be of values alone, got limited",
        ),
    ],
)
def test_limits_are_refused_where_they_mean_nothing(made, message):
    with pytest.raises(ValueError, match=message):
        made()


def test_a_part_of_the_network_with_a_limit_needs_a_voltage_without_one():
    limited = mn.drive.limited(1.0, current=1e-3)
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    for other in (mn.drive.limited(0.0, current=2e-3), None, mn.drive.current(-1.0)):
        drive = {"in": limited, "out": other}
        with pytest.raises(ValueError, match=r"drive must hold an electrode at a voltage without a limit.*'in'"):
            mn.solve(net, 1.0, drive)
        with pytest.raises(ValueError, match="drive must hold an electrode at a voltage without a limit"):
            mn.Simulation(net, mn.Resistor(), drive)
    with pytest.raises(ValueError, match="no limits"):
        mn.solve(net, 1.0 + 1.0j, {"in": limited, "out": 0.0})
    with pytest.raises(ValueError, match="must be constant"):
        mn.solve(net, [[1.0], [2.0]], {"in": limited, "out": 0.0})


def test_the_waves_of_limits_are_checked_in_c_too():
    rows = {row["name"]: k for k, row in enumerate(_core.waveforms())}
    volts = (rows["constant"], (1.0,), None, ())
    limit = (rows["limited"], (1.0,), None, (0,))
    for parents in [
        [(rows["sum"], (), None, (1, 1))],
        [(rows["current"], (), None, (1,))],
        [(rows["limited"], (1.0,), None, (1,))],
    ]:
        with pytest.raises(ValueError, match="role"):
            _core.wave_evaluate([volts, limit, *parents], 2, np.zeros(1))
    with pytest.raises(ValueError, match="current"):
        _core.wave_evaluate([volts, (rows["limited"], (-1.0,), None, (0,))], 1, np.zeros(1))


CHAIN = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})


def rectifier(wave, **options):
    devices = [mn.Resistor(conductance=1e-2), mn.Diode()]
    return mn.Simulation(CHAIN, devices, {"in": wave, "out": 0.0}, dt=0.01, **options)


def test_the_limit_of_what_follows_its_voltage_holds_in_implicit_steps():
    """The diode alone would carry 1e32 A at 3 V: at the limit its voltage is the one of its law."""
    wave, limit = mn.drive.triangle(-3.0, 3.0, period=4.0), 1e-3
    data = rectifier(mn.drive.limited(wave, current=limit)).run(800, record=["limited"], progress=False)
    voltage, current = (data[name].sel(electrode="in").values for name in ("voltage", "current"))
    at_limit = data.limited.sel(electrode="in").values == 1.0
    assert 100 < at_limit.sum() < 400
    assert (np.abs(current) <= limit * (1.0 + HOLDS)).all()
    assert (current[at_limit] == limit).all()
    alone = mn.solve(CHAIN, drive={"in": mn.drive.current(limit), "out": 0.0}, devices=rectifier(0.0).devices)
    np.testing.assert_allclose(voltage[at_limit], alone.voltage[0] - alone.voltage[1], rtol=1e-9)
    np.testing.assert_allclose(voltage[~at_limit], wave(data.time.values)[~at_limit], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("volts", [-2.0, 0.3, 3.0, 50.0])
def test_a_static_solution_of_devices_has_limits(volts):
    devices = rectifier(0.0).devices
    found = mn.solve(CHAIN, drive={"in": mn.drive.limited(volts, current=1e-3), "out": 0.0}, devices=devices)
    assert abs(found.current[0]) <= 1e-3 * (1.0 + HOLDS)
    assert found.current.sum() == pytest.approx(0.0, abs=1e-15)
    if found.info["limited"]:
        assert found.current[0] == 1e-3
        assert found.voltage[0] < volts
    else:
        assert found.voltage[0] == volts
    assert found.info["limited"] == (("in",) if volts > 1.0 else ())


def charged(wave, dt, series=True):
    net = CHAIN if series else mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    c = mn.Capacitor(capacitance=1e-6, method="trapezoidal")
    devices = [mn.Resistor(conductance=1e-2), c] if series else c
    return mn.Simulation(net, devices, {"in": wave, "out": 0.0}, dt=dt)


def test_a_capacitor_charges_along_a_ramp_and_then_an_exponential():
    limit, r, c, volts = 1e-3, 100.0, 1e-6, 3.0
    data = charged(mn.drive.limited(volts, current=limit), 1e-5).run(500, record=["limited"], progress=False)
    t = data.time.values
    turn = (volts - limit * r) * c / limit
    expected = np.where(t < turn, limit, limit * np.exp(-(t - turn) / (r * c)))
    np.testing.assert_allclose(data.current.sel(electrode="in").values, expected, rtol=0, atol=1e-3 * limit)
    ramp = np.where(t < turn, limit * r + limit / c * t, volts)
    np.testing.assert_allclose(data.voltage.sel(electrode="in").values, ramp, rtol=1e-9)
    assert (np.abs(data.current) <= limit * (1.0 + HOLDS)).all()
    assert data.limited.values[0, 0] == 1.0
    assert data.limited.values[-1, 0] == 0.0


def test_a_source_with_a_limit_charges_a_capacitor_without_a_resistance():
    data = charged(mn.drive.limited(3.0, current=1e-3), 1e-5, series=False).run(400, progress=False)
    expected = np.minimum(1e3 * data.time.values, 3.0)
    np.testing.assert_allclose(data.voltage.sel(electrode="in").values, expected, rtol=1e-9, atol=1e-12)
    assert (np.abs(data.current) <= 1e-3 * (1.0 + HOLDS)).all()
    assert np.abs(data.current.values[310:]).max() < 1e-9


def test_the_turn_is_located_in_steps_of_circuits():
    """An inductor ramps to the limit between two rows; the row behind has no more of the voltage before the turn."""
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    devices = [mn.Resistor(conductance=1e-2), mn.Inductor(inductance=1e-3)]
    sim = mn.Simulation(net, devices, {"in": mn.drive.limited(1.0, current=5e-3), "out": 0.0}, dt=1e-6)
    data = sim.run(12, record=["limited"], progress=False)  # 10 us long, it turns at ln 2 of that
    t, current = data.time.values, data.current.sel(electrode="in").values
    np.testing.assert_allclose(current, np.where(t < 6.9e-6, 1e-2 * (1.0 - np.exp(-1e5 * t)), 5e-3), rtol=2e-3)
    assert data.voltage.sel(electrode="in").values[:7].tolist() == [1.0] * 7
    np.testing.assert_allclose(data.voltage.sel(electrode="in").values[7:], 0.5, rtol=1e-9)
    assert data.limited.sel(electrode="in").values.tolist() == [0.0] * 7 + [1.0] * 5
    assert 12 < sim.counters["steps"] <= 24  # the step of the turn goes in parts


def oscillator(current):
    """The oscillator of a threshold switch; while the switch is closed it would draw far more than the limit."""
    net = mn.Network(4, [(0, 1), (1, 3), (1, 3), (2, 1)], electrodes={"in": 0, "probe": 2, "out": 3})
    devices = [
        mn.Resistor(conductance=5e-5),
        mn.ThresholdSwitch(v_on=1.2, v_off=0.4, r_on=500.0, r_off=1e6),
        mn.Capacitor(capacitance=1e-9, method="trapezoidal"),
        mn.Resistor(conductance=1e-9),
    ]
    drive = {"in": mn.drive.limited(2.0, current=current), "probe": 0.0, "out": 0.0}
    return mn.Simulation(net, devices, drive, dt=1e-7)


def test_limits_and_located_events_have_bits_that_no_chunk_or_checkpoint_changes(tmp_path):
    record = ["potential", "limited"]
    whole, sim = oscillator(6e-5).run(700, record=record, progress=False), oscillator(6e-5)
    assert 0 < whole.limited.sum() < 700
    assert whole.event_time.size >= 4
    assert (np.abs(whole.current.sel(electrode="in")) <= 6e-5 * (1.0 + HOLDS)).all()
    parts = [sim.run(7, record=record, progress=False) for _ in range(30)]
    stop = int(np.flatnonzero(whole.limited.sel(electrode="in").values[210:])[3]) + 1
    parts.append(sim.run(stop, record=record, progress=False))
    sim.save(tmp_path / "a.mn")
    again = mn.Simulation.load(tmp_path / "a.mn")
    assert (again.limited == sim.limited).all()
    parts.append(again.run(490 - stop, record=record, progress=False))
    for name in record:
        np.testing.assert_array_equal(np.concatenate([part[name] for part in parts]), whole[name])
    again._core.verify()


def test_limits_that_are_never_reached_change_no_bit_of_implicit_steps():
    def run(wave):
        return rectifier(wave).run(400, record=["potential"], progress=False)

    wave = mn.drive.triangle(-3.0, 0.6, period=4.0)
    np.testing.assert_array_equal(run(mn.drive.limited(wave, current=10.0)).potential, run(wave).potential)
