"""What tests of devices that vary share: small networks, a model, and draws again in plain Python."""

import hashlib
import math

import memnet as mn
from memnet import _core

N = 100_000
MANY = mn.Network(2, [(0, 1)] * N, electrodes={"in": 0, "out": 1})
FEW = mn.Network(2, [(0, 1)] * 6, electrodes={"in": 0, "out": 1})
ON = {"in": 1.0, "out": 0.0}
ONE = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
TEXT = """
    i     = g*x*v
    dx/dt = (u*v - x)/tau
    parameter g   = 1 mS in [0, inf) : conductance
    parameter u   = 1 1/V in [0, inf) : opening
    parameter tau = 50 ms in (0, inf) : time constant
    parameter theta = 0.5 in (0.2, 0.9) : threshold
    state x = 0.1 in [0, 1] : opening
    event fired when x > theta: x = 0.1
"""
STEPPED = TEXT.replace("event fired when", "event fired each step when")


def stream(label):
    return int.from_bytes(hashlib.sha256(f"spread {label}".encode()).digest()[:8], "little")


def twin(how, seed, label, edge, draw, center, low=-math.inf, high=math.inf):
    """One draw again in plain Python, from the words of the generator."""
    for attempt in range(1000):
        word = [int(w) for w in _core.philox(seed, stream(label), edge + (attempt << 32), draw)]
        u = [((word[2 * k + 1] << 32 | word[2 * k]) >> 11) * 2.0**-53 for k in range(2)]
        z = math.sqrt(-2.0 * math.log1p(-u[0])) * math.cos(2.0 * math.pi * u[1])
        size = how.size * (center if how.relative else 1.0)
        value = {
            "normal": center + size * z,
            "lognormal": center * math.exp(how.size * z),
            "uniform": center + size * (u[0] - 0.5),
        }[how.kind]
        if low <= value <= high:
            return value
    raise AssertionError("no draw is inside")


def drawn(device, name, net=FEW, **options):
    return mn.Simulation(net, device, ON, **options).parameter(device, name)


def oscillator(seed=8, **options):
    """A threshold switch and a capacitor behind a resistor, with thresholds of their own in each cycle."""
    switch = mn.spread(
        mn.ThresholdSwitch(v_on=1.2, v_off=0.4, r_on=500.0, r_off=1e6),
        cycle={"opened": {"v_on": mn.normal(0.1)}, "closed": {"v_off": mn.uniform(0.2)}},
        seed=seed,
    )
    circuit = mn.Circuit()
    circuit.add("in", "n", mn.Resistor(conductance=1e-5), name="R")
    circuit.add("n", "gnd", mn.Capacitor(capacitance=1e-6, method="trapezoidal"), name="C")
    circuit.add("n", "gnd", switch, name="S")
    return circuit.simulation({"in": 5.0, "gnd": 0.0}, seed=0, **options)


def made(text, name):
    model = mn.device_model(name, text)
    return mn.spread(model(), tau=mn.lognormal(0.1), cycle={"fired": {"theta": mn.normal(0.1)}}, seed=12)
