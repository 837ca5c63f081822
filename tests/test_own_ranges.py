"""States whose range each edge has to itself, as its parameters say: no method leads out of it."""

import numpy as np
import pytest

import memnet as mn

# The state runs into the end of its range; the cubic one makes fixed steps implicit.
RISING = """
i     = (g_0 + g_1*x)*v
dx/dt = k*v
parameter g_0   = 1 mS in (0, inf)
parameter g_1   = 1 S/m in [0, inf)
parameter k     = 1 m/(V s) in [0, inf)
parameter x_max = 1 mm in [0, inf)
parameter tau   = 10 ms in (0, inf)
state x = 0 m in [-x_max, x_max]
"""
CUBIC = RISING.replace("g_1*x)*v", "g_1*x)*v + b*v**3") + "parameter b = 1 mA/V^3 in [0, inf)"
X_MAX = np.array([1e-3, 2e-4, 5e-4, 0.0])
NET = mn.Network(3, [(0, 1), (0, 1), (1, 2), (1, 2)], length=[1.0, 2.0, 3.0, 4.0], electrodes={"in": 0, "out": 2})
METHODS = {
    "fixed": {},
    "adaptive": {"method": "adaptive", "rtol": 1e-3},
    "adaptive, finely": {"method": "adaptive", "rtol": 1e-7},
}


def rising(text=RISING, x_max=X_MAX, **parameters):
    return mn.device_model("Rising" if "b*" not in text else "RisingCubic", text)(x_max=x_max, **parameters)


@pytest.mark.parametrize("text", [RISING, CUBIC], ids=["linear", "cubic"])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("volts", [1.0, -1.0])
def test_no_step_leads_out_of_it(text, method, volts):
    device = rising(text)
    sim = mn.Simulation(NET, device, {"in": volts, "out": 0.0}, dt=1e-4, **METHODS[method])
    run = sim.run(100, record=["state:x"])
    end = np.sign(volts) * X_MAX
    assert (np.abs(run.state_x.values) <= X_MAX).all()
    np.testing.assert_array_equal(sim.state(device, "x"), end)
    sim.set_drive({"in": -volts, "out": 0.0})
    sim.run(1)
    assert (sim.state(device, "x")[:3] != end[:3]).all()


@pytest.mark.parametrize("text", [RISING, CUBIC], ids=["linear", "cubic"])
def test_methods_agree_on_when_it_is_reached(text):
    finely, adaptive = (
        mn.Simulation(NET, rising(text), {"in": 1.0, "out": 0.0}, dt=dt, **options).run(rows).conductance
        for dt, rows, options in ((1e-6, 2001, {}), (1e-4, 21, METHODS["adaptive, finely"]))
    )
    np.testing.assert_allclose(adaptive, finely[::100], rtol=2e-3)


def test_set_state_knows_it():
    device = rising()
    sim = mn.Simulation(NET, device, {"in": 1.0, "out": 0.0}, dt=1e-4)
    sim.set_state(device, x=X_MAX)
    sim.set_state(device, x=-X_MAX)
    wrong = X_MAX.copy()
    wrong[1] *= 1.001
    message = r"x must be in \[-x_max, x_max\], which is \[-0.0002, 0.0002\] m there, got 0.0002\d* at index 1"
    with pytest.raises(ValueError, match=message):
        sim.set_state(device, x=wrong)
    np.testing.assert_array_equal(sim.state(device, "x"), -X_MAX)


def test_a_range_that_is_empty_on_some_edge_is_refused():
    text = RISING.replace("[-x_max, x_max]", "[x_min, x_max]") + "parameter x_min = 0 m"
    device = mn.device_model("Between", text)(x_min=[0.0, 3e-4, 0.0, 0.0], x_max=X_MAX)
    with pytest.raises(ValueError, match=r"no range.*Between\.x of edge 1"):
        mn.Simulation(NET, device, {"in": 1.0, "out": 0.0}, dt=1e-4)
    with pytest.raises(ValueError, match=r"PershinDiVentra\.R_m of edge 0"):
        mn.Simulation(NET, mn.devices.PershinDiVentra(R_on=20e3), {"in": 1.0, "out": 0.0}, dt=1e-4)


@pytest.mark.parametrize("text", [RISING, CUBIC], ids=["linear", "cubic"])
def test_equilibria_lie_in_it(text):
    """A state that relaxes to a value beyond its range rests at the end of that."""
    device = rising(text.replace("k*v", "k*v - x/tau"), x_max=np.array([1e-3, 2e-4, 5e-4, 1e-4]), tau=1.0)
    sim = mn.Simulation(NET, device, {"in": 1.0, "out": 0.0}, dt=1e-4, method="adaptive", rtol=1e-6)
    found = mn.equilibria(sim)
    np.testing.assert_array_equal(found.state(device, "x"), [device.x_max])
    assert found.stable.all()


def test_it_may_depend_on_the_length_by_definitions():
    text = RISING.replace("in [-x_max, x_max]", "in [0, top]") + "\ntop = share*side\nside = 1*reach*length/unit\n"
    text += "parameter share = 0.5 in [0, 1]\nparameter reach = 1 um\nparameter unit = 1 pd"
    device = mn.device_model("Longer", text)()
    for options in METHODS.values():
        sim = mn.Simulation(NET, device, {"in": 1.0, "out": 0.0}, dt=1e-4, **options)
        sim.run(100)
        np.testing.assert_allclose(sim.state(device, "x"), 0.5e-6 * NET.length, rtol=1e-15)


@pytest.mark.parametrize("method", METHODS)
def test_it_goes_with_a_parameter_that_is_drawn_again(method):
    """From the next step on the state is within what was drawn, in pieces and from checkpoints, too."""
    text = RISING.replace("k*v", "where(falls, -k*abs(v), k*abs(v))")
    text += "event full when not falls and x >= 0.9*x_max: falls = 1\nevent empty when falls and x <= 0 : falls = 0\n"
    text = text.replace("[-x_max,", "[0 m,") + "state falls = 0 in [0, 1]"
    made = mn.device_model("Sawtooth", text)(k=20.0)
    device = mn.spread(made, cycle={"empty": {"x_max": mn.uniform(0.5, relative=True)}}, seed=3)
    sim = mn.Simulation(NET, device, {"in": 1.0, "out": 0.0}, dt=1e-4, **METHODS[method])
    drawn = []
    for _ in range(60):
        before = sim.parameter(device, "x_max")
        sim = sim.copy()
        sim.run(1)
        assert (sim.state(device, "x") <= np.maximum(before, sim.parameter(device, "x_max"))).all()
        drawn.append(sim.parameter(device, "x_max"))
    assert len(np.unique(drawn)) > 8


@pytest.mark.parametrize("rtol", [1e-2, 1e-5])
def test_hillocks_end_where_their_gaps_let_them(rtol):
    """z_max_fraction times the gap, which is no number of the table."""
    device = mn.Hillock(mu=0.6, kappa=0.1, alpha=1e-3, beta=2.0, tau=0.3)
    sim = mn.Simulation(NET, device, {"in": 10.0, "out": 0.0}, dt=0.01, method="adaptive", rtol=rtol)
    run = sim.run(200, record=["state:z"])
    assert (run.state_z.values <= 0.5 * NET.length).all()
    assert (sim.state(device, "z") == 0.5 * NET.length).any()
    with pytest.raises(ValueError, match=r"z must be in \[0, z_max_fraction D\], which is \[0, 0.5\] pd there"):
        sim.set_state(device, z=0.6)


def test_parts_of_a_series_have_theirs():
    r_off = np.array([9e3, 5e3, 8e3, 4e3])
    memristor = mn.devices.PershinDiVentra(R_on=1e3, R_off=r_off, R_initial=3e3, V_t=0.0, beta=-1e6)
    device = mn.series(mn.Resistor(conductance=1.0), memristor)
    for options in METHODS.values():
        sim = mn.Simulation(NET, device, {"in": -1.0, "out": 0.0}, dt=1e-4, **options)
        sim.run(200)
        np.testing.assert_array_equal(sim.state(device, "R_m_2"), r_off)
    with pytest.raises(ValueError, match=r"R_m_2 must be in \[R_on, R_off\]"):
        sim.set_state(device, R_m_2=r_off + 1.0)


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("x_mox", "x_mox: neither parameter nor definition.*x_max"),
        ("i", "cannot know v"),
        ("late", "cannot know t"),
        ("other", "cannot know linked.v"),
        ("x", "x: neither parameter nor definition"),
        ("tau", "must be in m"),
    ],
)
def test_ends_that_are_none(end, reason):
    text = RISING.replace("x_max]", f"{end}]") + "late = k*t*tau\nother = linked.v*k*tau"
    with pytest.raises(mn.equations.EquationError, match=reason):
        mn.device_model("Wrong", text)


def test_other_simulators_know_ends_before_states():
    """Definitions that bound a state are computed before it, also where nothing else needs them."""
    text = RISING.replace("in [-x_max, x_max]", "in [-top, top]") + "top = 2*share*x_max\nparameter share = 0.5"
    lines = [line.strip() for line in mn.device_model("Bounded", text).to_verilog_a().splitlines()]
    assert lines.index("top = ((2.0 * share) * x_max);") < lines.index("unit_x = (top - (-top));")
    netlist = mn.to_spice(mn.Simulation(NET, mn.device_model("Bounded", text)(), {"in": 1.0, "out": 0.0}, dt=1e-4), 10)
    assert ".param k_x={(((2.0 * p_share) * p_x_max) - (-((2.0 * p_share) * p_x_max)))}" in netlist


@pytest.mark.parametrize("volts", [1.0, -1.0])
@pytest.mark.parametrize(("action", "again"), [("x = 0", True), ("n = n + 1", False)])
def test_an_event_at_its_end_happens_when_the_state_comes_there(volts, action, again):
    """The state waits there where the event leaves it: it has come there once."""
    ends = f"event up when x >= x_max: {action}\nevent down when x <= -x_max: {action}\n"
    text = RISING + ends + "state n = 0" + ("\ndn/dt = 0" if again else "")
    x_max = np.array([1e-3, 2e-4, 5e-4, 3e-4])
    device = mn.device_model("Turning", text)(x_max=x_max, g_1=0.0)
    sim = mn.Simulation(NET, device, {"in": volts, "out": 0.0}, dt=1e-4, method="adaptive")
    run = sim.run(61)
    for edge, end in enumerate(x_max):
        first = 2.0 * end
        expected = first * np.arange(1, 6.05e-3 / first) if again else [first]
        np.testing.assert_allclose(run.event_time.values[run.event_edge.values == edge], expected, rtol=1e-5)
