"""Models of a user in processes that never defined them: checkpoints, netCDF, pickles and stores go on the same."""

import pickle

import numpy as np
import pytest
from elsewhere import bits, go_on
from killed import processes

import memnet as mn
from memnet import _core

SPIKER = """
    i     = g_L*(v - E_L) - w
    q     = C_m*v
    dw/dt = -w/tau_w
    event spike when v > V_T: w = w - b
    parameter g_L   = 10 nS in (0, inf)
    parameter E_L   = -70 mV
    parameter C_m   = 200 pF in (0, inf)
    parameter V_T   = -50 mV
    parameter b     = 5 nA in [0, inf)
    parameter tau_w = 10 ms in (0, inf)
    parameter v_initial = -70 mV
    state w = 0 A
"""
NOISY = """
    i     = g*(1 + x)*v
    dx/dt = -x/tau + s*sqrt(2/tau)*xi
    event high when x > 0.05: x = 0.01
    parameter g   = 1 mS in (0, inf)
    parameter s   = 0.05 in [0, inf)
    parameter tau = 10 ms in (0, inf)
    state x = 0
"""
CHANNEL = """
    i     = g_max*y/(1 + exp(-(linked.v - V_half)/V_s))*v
    dy/dt = (abs(linked.v)/V_half - y)/tau
    parameter g_max  = 1 mS in (0, inf)
    parameter V_half = 0.5 V
    parameter V_s    = 50 mV in (0, inf)
    parameter tau    = 3 ms in (0, inf)
    state y = 0.1 in [0, 10]
"""
STEPPED = """
    i     = g*(1 + n)*v
    event closed each step when abs(v) > V_0: n = n + 1
    parameter g   = 1 uS in (0, inf)
    parameter V_0 = 0.2 V
    state n = 0
"""
SINH = """
    i     = g*(1 + x)*V_0*sinh(v/V_0)
    dx/dt = (abs(v)/V_0 - x)/tau
    event full when x > 0.4: x = 0.1
    parameter g   = 1 uS in (0, inf)
    parameter V_0 = 0.3 V in (0, inf)
    parameter tau = 5 ms in (0, inf)
    state x = 0 in [0, inf)
"""
CHARGED = """
    i     = g*v
    q     = C*(1 + x)*v
    dx/dt = (abs(v)/V_0 - x)/tau
    parameter g   = 1 uS in (0, inf)
    parameter C   = 2 nF in (0, inf)
    parameter V_0 = 0.3 V in (0, inf)
    parameter tau = 5 ms in (0, inf)
    state x = 0 in [0, inf)
"""
WAVE = mn.drive.sine(1.0, 80.0)


def one_net():
    return mn.grid(4, 4, seed=1)


def two_of_one_name():
    """Return devices of two different texts that have one name."""
    return mn.device_model("Twin", SINH)(), mn.device_model("Twin", SINH.replace("sinh(v/V_0)", "v/V_0"))(g=3e-6)


def on_grid(device, **options):
    return mn.Simulation(one_net(), device, {"left": WAVE, "right": 0.0}, **{"dt": 1e-3, "seed": 4, **options})


def of_channels():
    circuit = mn.Circuit()
    circuit.add("gate", "source", mn.Resistor(conductance=0.0), name="control")
    circuit.add("drain", "source", mn.link(mn.device_model("Channel", CHANNEL)(), to="control"), name="channel")
    return circuit.simulation({"gate": WAVE, "drain": 0.1, "source": 0.0}, dt=1e-3, seed=1)


def of_spiker(**options):
    cell = mn.Network(2, [[0, 1]], electrodes={"in": 0, "ground": 1})
    drive = {"in": mn.drive.current(0.5e-9), "ground": 0.0}
    return mn.Simulation(cell, mn.device_model("Spiker", SPIKER)(), drive, dt=1e-3, **options)


def of_spread():
    device = mn.spread(
        mn.device_model("Sinh", SINH)(),
        g=mn.lognormal(0.3),
        cycle={"full": {"tau": mn.normal(0.1, relative=True)}},
        seed=3,
    )
    return on_grid(device)


SIMULATIONS = {
    "located events and a charge": of_spiker,
    "adaptive steps": lambda: of_spiker(method="adaptive", rtol=1e-6),
    "noise": lambda: on_grid(mn.device_model("Noisy", NOISY)(tau=np.linspace(0.01, 0.02, one_net().n_edges))),
    "links": of_channels,
    "events of each step": lambda: on_grid(mn.device_model("Stepped", STEPPED)()),
    "a charge that follows a state": lambda: on_grid(mn.device_model("Charged", CHARGED)()),
    "spread and drawn again": of_spread,
    "two texts of one name": lambda: on_grid(mn.mix(one_net(), dict.fromkeys(two_of_one_name(), 0.5), seed=2)),
    "a series": lambda: on_grid(mn.series(two_of_one_name()[0], mn.Selector(), two_of_one_name()[1])),
    "attached": lambda: mn.Simulation(
        one_net().attach("left", two_of_one_name()[0]),
        two_of_one_name()[1],
        {"left": WAVE, "right": 0.0},
        dt=1e-3,
    ),
}


@pytest.mark.parametrize("name", SIMULATIONS)
def test_a_process_that_never_defined_the_model_goes_on_with_the_same_bits(name, tmp_path):
    sim = SIMULATIONS[name]()
    data = sim.run(20)
    sim.save(tmp_path / "state")
    data.to_netcdf(tmp_path / "run.nc", engine="h5netcdf")
    (tmp_path / "pickle").write_bytes(pickle.dumps(sim))
    own = [(type(device), device) for device in sim.devices if device.equations is not None]
    (tmp_path / "classes").write_bytes(pickle.dumps(own))
    SIMULATIONS[name]().run(20, out=tmp_path / "run.zarr")
    process = processes.Process(target=go_on, args=(tmp_path,))
    process.start()
    process.join()
    assert process.exitcode == 0
    rerun, resumed, loaded, unpickled = (tmp_path / "bits").read_text().split()
    assert rerun == bits(data)
    assert resumed == bits(SIMULATIONS[name]().run(40))
    assert loaded == unpickled == bits(sim.run(20))


def test_classes_are_pickled_with_their_texts():
    model = mn.device_model("Sinh", SINH, doc="It remembers.")
    assert pickle.loads(pickle.dumps(model)) is model
    one, other = (type(device) for device in two_of_one_name())
    assert pickle.loads(pickle.dumps([one, other])) == [one, other]
    assert one is not other
    assert pickle.loads(pickle.dumps(model.__mro__[1])) is model.__mro__[1]


def test_states_of_another_text_of_the_same_name_are_refused():
    one, other = (on_grid(device) for device in two_of_one_name())
    one.step(3)
    state = _core.Checkpoint.from_bytes(one._core.dumps(b""))
    with pytest.raises(mn.CheckpointError):
        other._core.restore(state)
    again = on_grid(two_of_one_name()[0])
    again._core.restore(state)
    assert again._core.step == 3
