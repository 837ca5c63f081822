"""Laws that are no number behind some state or time: runs end there with an error, and the last good row stays."""

import pytest

import memnet as mn

BEHIND_A_STATE = "dx/dt = (1 + sqrt(1 - x) - sqrt(1 - x**2))/tau"
BEHIND_A_TIME = "dx/dt = sqrt(1 - t/tau)/tau"
SLOWLY = "dx/dt = (0.001 + where(x < 0.101, 0, 1)*log(0.101 - x))/tau"
CURRENTS = {
    "linear": "i = g*x*v",
    "cubic": "i = g*v + g_3*v**3",
    "charge": "i = g*v\nq = C*v\nparameter C = 1 uF",
}
MORE = "parameter g = 1 mS\nparameter g_3 = 1 mA/V**3\nparameter tau = 1 s\nstate x = 0.1 in [0, 2]"


def simulation(current, law, **options):
    circuit = mn.Circuit()
    circuit.add("in", "a", mn.Resistor(conductance=1e-3))
    circuit.add("a", "out", mn.device_model("Ends", f"{CURRENTS[current]}\n{law}\n{MORE}")())
    return circuit.simulation({"in": 1.0, "out": 0.0}, dt=0.1, **options)


@pytest.mark.parametrize("current", CURRENTS)
@pytest.mark.parametrize("law", [BEHIND_A_STATE, SLOWLY])
def test_adaptive_steps_do_not_creep_at_the_end_of_a_law(current, law):
    """Steps so short that rounding leaves the state where it is would be taken for ever."""
    sim = simulation(current, law, method="adaptive")
    with pytest.raises(ArithmeticError, match="no step is short enough"):
        sim.run(50)
    assert 0.8 <= sim.time <= 1.0
    assert sim.counters["refused"] < 3000


@pytest.mark.parametrize("current", ["cubic", "charge"])
def test_fixed_steps_take_no_state_that_is_no_number(current):
    """Also where no current depends on it, so that all currents balance."""
    sim = simulation(current, BEHIND_A_TIME)
    with pytest.raises(ArithmeticError, match="no potentials were found"):
        sim.run(50)
    assert 0.9 <= sim.time <= 1.1


def test_states_that_do_not_settle_are_an_error():
    """A rate that jumps down where its state arrives has no implicit step."""
    sim = simulation("cubic", "dx/dt = where(x < 0.55, 1, -1)/tau")
    with pytest.raises(ArithmeticError, match="no potentials were found"):
        sim.run(50)
