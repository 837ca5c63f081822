"""The transistor, alone and behind a memristor (1T1R), against ngspice's level 1."""

import shutil
import subprocess

import numpy as np
import pytest

import memnet as mn

pytestmark = pytest.mark.skipif(shutil.which("ngspice") is None, reason="no ngspice here")

K, V_T, MODULATION = 2e-4, 0.7, 0.03
# What the iteration leaves is below rounding, and gmin, a conductance beside each junction, is none.
OPTIONS = ".options gmin=1e-30 reltol=1e-13 abstol=1e-30 vntol=1e-16 itl1=1000"
REGIONS = {"triode": (0.1, 0.8), "saturation": (1.1, 3.0), "cut off": (0.1, 3.0)}


def run_ngspice(folder, lines, wanted):
    """Numbers that an operating point has, with all their digits."""
    path = folder / "circuit.cir"
    prints = [f"print {one}" for one in wanted]
    path.write_text(
        "\n".join(["* circuit", OPTIONS, *lines, ".control", "set numdgt=17", "op", *prints, "quit", ".endc", ".end\n"])
    )
    done = subprocess.run(["ngspice", "-b", str(path)], capture_output=True, text=True, timeout=300, check=True)
    said = dict(line.split(" = ") for line in done.stdout.splitlines() if line.count(" = ") == 1)
    return np.array([float(said[one]) for one in wanted])


def level_1(polarity):
    kind, v_t = ("NMOS", V_T) if polarity == "n" else ("PMOS", -V_T)
    return f".model m {kind} level=1 kp={K!r} vto={v_t!r} lambda={MODULATION!r} gamma=0 is=0"


def points(region, n=40):
    """Gate-source and drain-source voltages of a region, reversed ones among them: half of the drains are below."""
    rng = np.random.default_rng(sum(map(ord, region)))
    low, high = REGIONS[region]
    over = rng.uniform(0.05, 3.0, n) * (-1.0 if region == "cut off" else 1.0)
    v = rng.uniform(low, high, n) * np.abs(over)
    v_gs = V_T + over
    reversed_ones = np.arange(n) % 2 == 1
    return np.where(reversed_ones, v_gs - v, v_gs), np.where(reversed_ones, -v, v)


@pytest.mark.parametrize("polarity", ["n", "p"])
@pytest.mark.parametrize("region", REGIONS)
def test_currents_are_those_of_level_1(region, polarity, tmp_path):
    sign = 1.0 if polarity == "n" else -1.0
    gates, drains = (sign * values for values in points(region))
    lines = [level_1(polarity)]
    for k, (gate, drain) in enumerate(zip(gates.tolist(), drains.tolist(), strict=True)):
        lines += [f"Vd{k} d{k} 0 {drain!r}", f"Vg{k} g{k} 0 {gate!r}", f"M{k} d{k} g{k} 0 0 m w=1 l=1"]
    expected = -run_ngspice(tmp_path, lines, [f"i(vd{k})" for k in range(gates.size)])
    device = mn.Transistor(k=K, v_t=V_T, modulation=MODULATION, polarity=polarity)
    found = np.array([current_of(device, gate, drain) for gate, drain in zip(gates, drains, strict=True)])
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-28)
    assert (np.abs(found) > 0.0).all() == (region != "cut off")


def current_of(device, gate, drain):
    net = mn.Network(3, [(0, 2), (1, 2)], electrodes={"drain": 0, "gate": 1, "source": 2})
    devices = [mn.link(device, to=1), mn.Resistor(conductance=0.0)]
    sim = mn.Simulation(net, devices, {"drain": drain, "gate": gate, "source": 0.0})
    return float(sim.current[0])


@pytest.mark.parametrize("word_line", [0.9, 1.4, 3.0])
@pytest.mark.parametrize("bit_line", [-1.5, 0.3, 2.0])
def test_a_memristor_behind_a_transistor(word_line, bit_line, tmp_path):
    """1T1R as a netlist, at three states of the memristor: triode, saturation, and set or reset with it reversed."""
    memristor = mn.LinearDrift(r_on=1e3, r_off=1e5)
    circuit = mn.Circuit()
    circuit.add("bit", "inner", memristor, name="memristor")
    circuit.add("word", "gnd", mn.Resistor(conductance=0.0), name="control")
    access = mn.link(mn.Transistor(k=K, v_t=V_T, modulation=MODULATION), to="control")
    circuit.add("inner", "gnd", access, name="access")
    for x in (0.02, 0.5, 0.97):
        sim = circuit.simulation({"bit": bit_line, "word": word_line, "gnd": 0.0}, dt=1e-6)
        sim.set_state(memristor, x=x)
        conductance = float(sim.conductance[sim.edge("memristor")])
        lines = [level_1("n"), f"Vb bit 0 {bit_line!r}", f"Vw word 0 {word_line!r}"]
        lines += [f"R1 bit inner {1.0 / conductance!r}", "M1 inner word 0 0 m w=1 l=1"]
        inner, current = run_ngspice(tmp_path, lines, ["v(inner)", "i(vb)"])
        assert sim["inner"] == pytest.approx(inner, rel=1e-12)
        assert sim.branch_current[sim.edge("access")] == pytest.approx(-current, rel=1e-12)
        assert 1.0 / conductance == pytest.approx(1e3 * x + 1e5 * (1 - x), rel=1e-12)
