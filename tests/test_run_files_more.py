"""Run files of circuits, circuits at electrodes, crossbars, presets, places, states at the start, and goings-on."""

import contextlib
import json
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from test_cli import memnet, one_line
from test_run_files import tables
from tree import ROOT

import memnet as mn
from memnet.equations import EquationError
from memnet.study import _run_files, read_run_file

BLOCKS = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "run-files.md").read_text(encoding="utf-8"), re.S)
FILES = [tables(text) for text in BLOCKS[5:] if "[sweep]" not in text]  # sweeps: test_sweep_files.py
PLACES, CROSSBAR, WARM, CIRCUIT, ATTACHED, NEURON, GOING_ON = FILES


def build(content):
    return _run_files.build(content)


def changed(content, *path, value):
    """Return a copy of tables with another value at a path; None takes the key away."""
    copy = json.loads(json.dumps(content))
    place = copy
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return copy


def same(one, other):
    assert set(one) == set(other)
    assert all(np.array_equal(one[name], other[name], equal_nan=one[name].dtype.kind == "f") for name in one.data_vars)


@pytest.mark.parametrize("content", FILES[:-1], ids=["places", "crossbar", "warm", "circuit", "attached", "neuron"])
def test_a_file_of_the_page_runs_and_its_result_repeats(content, tmp_path):
    path = tmp_path / "run.json"
    path.write_text(json.dumps(content))
    data = read_run_file(path).run()
    assert np.isfinite(data.current.values).all()
    same(build(content).run(), data) if "initial" in json.dumps(content) else same(mn.rerun(data), data)


def test_places_and_presets_are_those_of_the_calls():
    job = build(PLACES)
    net = mn.Network(4, [[0, 1], [1, 2], [2, 3], [0, 2]], electrodes={"in": 0, "out_1": 2, "out_2": 3})
    synapse, resistor = mn.RateBalance.preset("pnn-2025", kappa_d0=0.1), mn.Resistor(conductance=1e-3)
    drive = {"in": 1.0, "out_1": 0.0, "out_2": 0.0}
    sim = mn.Simulation(net, [synapse, synapse, synapse, resistor], drive)
    sim.set_state(synapse, g=0.5)
    record = {"state:g": synapse, "potential": [1], "branch_current": True, "snapshot:potential": [0, 9]}
    same(job.run(), sim.run(10, record=record))


def test_cells_of_a_crossbar_are_those_of_cell_devices():
    job = build(changed(CROSSBAR, "run", "record", value={"branch_current": True}))
    net = mn.crossbar(3, 4, line_resistance=1.0, contact_resistance=[10.0, 20.0], gates="rows", dummy_lines=1)
    cell = mn.series(mn.RateBalance.preset("pnn-2025"), mn.Transistor())
    stuck = np.zeros((3, 4), dtype=bool)
    stuck[0, 0] = stuck[2, 1] = True
    devices = mn.cell_devices(
        net, {cell: ~stuck, mn.Resistor(conductance=1e-5): stuck}, dummy=mn.Resistor(conductance=0.0)
    )
    drive = {name: {"w": 0.0, "b": 0.0, "g": 2.0, "d": None}[name[0]] for name in net.electrodes}
    drive["w1"] = mn.drive.limited(0.5, current=1e-3)
    same(job.run(), mn.Simulation(net, devices, drive).run(10, record={"branch_current": True}))


def test_shares_of_cells_leave_lines_alone():
    content = {
        "network": {"kind": "crossbar", "rows": 4, "columns": 5, "line_resistance": 1.0},
        "devices": [
            {"model": "RateBalance", "fraction": 0.25},
            {"model": "Resistor", "conductance": 1e-4, "fraction": 0.75},
        ],
        "drive": {"w*": 1.0, "b*": 0.0},
        "simulation": {"mix_seed": 4},
        "run": {"steps": 2},
    }
    sim = build(content).simulation
    cells = mn.crossbar(4, 5)
    share = mn.mix(cells, {mn.RateBalance(): 0.25, mn.Resistor(): 0.75}, seed=4)
    assert np.array_equal(sim.edges_of(sim.devices[0]), share.edges_of(share.devices[0])) or np.array_equal(
        sim.edges_of(sim.devices[1]), share.edges_of(share.devices[0])
    )
    lines = sim.net.layout.segments
    assert all(sim.devices[k].model == "Resistor" for k in np.asarray(sim.assignment)[lines])


def test_ideal_crossbars_are_as_before():
    content = {
        "network": {"kind": "crossbar", "rows": 3, "columns": 3},
        "devices": [{"model": "RateBalance", "fraction": 0.5}, {"model": "TunnelSwitch", "fraction": 0.5}],
        "drive": {"w*": 1.0, "b*": 0.0},
        "simulation": {"seed": 3},
        "run": {"steps": 5},
    }
    net = mn.crossbar(3, 3)
    devices = mn.mix(net, {mn.RateBalance(): 0.5, mn.TunnelSwitch(): 0.5}, seed=0)
    drive = {name: 1.0 if name[0] == "w" else 0.0 for name in net.electrodes}
    same(build(content).run(), mn.Simulation(net, devices, drive, seed=3).run(5))


def test_junctions_of_wires_with_a_resistance_carry_devices_and_segments_none():
    wires = {"kind": "nanowires", "n_wires": 60, "size": 50, "length": 20, "wire_resistance": 5.0, "seed": 1}
    content = {
        "network": wires,
        "devices": [{"model": "RateBalance"}],
        "drive": {"left": 1.0, "right": 0.0},
        "run": {"steps": 3},
    }
    net = mn.nanowires(60, size=50, length=20, wire_resistance=5.0, seed=1)
    sim = mn.Simulation(net, mn.wire_devices(net, mn.RateBalance()), {"left": 1.0, "right": 0.0})
    same(build(content).run(), sim.run(3))


def test_a_circuit_is_that_of_the_calls():
    circuit = mn.Circuit()
    circuit.add("in", "n1", mn.Resistor(conductance=1e-3), name="R1")
    circuit.add("n1", "gnd", mn.Capacitor(capacitance=1e-3), name="C1")
    circuit.add("n1", "gnd", mn.RateBalance(g_min=1e-5, g_max=1e-3), name="M")
    sim = circuit.simulation({"in": 1.0, "gnd": 0.0}, dt=0.1, method="adaptive", rtol=1e-4)
    sim.set_state(sim.device("M"), g=0.2)
    record = {"potential": "n1", "branch_current": True, "state:g": sim.device("M"), "left": True}
    same(build(CIRCUIT).run(), sim.run(duration=5.0, record=record))


def test_elements_that_read_others_name_them():
    content = {
        "circuit": [
            {"name": "gate", "a": "g", "b": "s", "model": "Resistor", "conductance": 0.0},
            {"name": "T", "a": "d", "b": "s", "model": "Transistor", "link": "gate"},
        ],
        "drive": {"g": 2.0, "d": 1.0, "s": 0.0},
        "run": {"steps": 1, "record": {"branch_current": "T"}},
    }
    on = build(content).run().branch_current.values[0, 0]
    off = build(changed(content, "drive", "g", value=-2.0)).run().branch_current.values[0, 0]
    assert on > 1e3 * abs(off)


def test_circuits_at_electrodes_are_those_of_attach():
    net = mn.percolating(30, 0.6, seed=1).attach("left", mn.Resistor(conductance=0.1))
    net = net.attach("left.inner", mn.Resistor(conductance=1.0), mn.Capacitor(capacitance=0.1), to="right")
    sim = mn.Simulation(net, mn.mix(net, {mn.RateBalance(): 1.0}, seed=0), {"left": 1.0, "right": 0.0}, dt=0.1)
    same(build(ATTACHED).run(), sim.run(20))


def test_an_element_that_fires_starts_a_waveform():
    data = build(NEURON).run()
    assert data.sizes["event"] > 2
    assert float(data.voltage.sel(electrode="pre").max()) == 0.1


def test_a_file_goes_on_where_another_ended(tmp_path):
    (tmp_path / "monday.json").write_text(json.dumps(PLACES))
    (tmp_path / "tuesday.json").write_text(json.dumps(changed(GOING_ON, "run", "steps", value=10)))
    assert (
        memnet("run", tmp_path / "monday.json", "--no-progress", "--checkpoint", tmp_path / "monday.ckpt").exit_code
        == 0
    )
    assert memnet("run", tmp_path / "tuesday.json", "--no-progress").exit_code == 0
    whole = build(changed(changed(PLACES, "run", "steps", value=20), "run", "record", value=["current"])).run()
    with mn.open_run(tmp_path / "tuesday.nc") as data:
        assert np.array_equal(data.current.values, whole.current.values[10:])
    other = changed({**GOING_ON, "drive": {"in": 2.0, "out_1": 0.0, "out_2": 0.0}}, "run", "steps", value=1)
    (tmp_path / "tuesday.json").write_text(json.dumps(other))
    assert read_run_file(tmp_path / "tuesday.json").run().voltage.values[0, 0] == 2.0
    said = one_line(
        memnet("run", tmp_path / "monday.json", "--force", "--checkpoint", tmp_path / "monday.ckpt", "--resume")
    )
    assert "--resume goes on with the .zarr store" in said


def test_a_streamed_run_goes_on_from_the_command_line(tmp_path, monkeypatch):
    pytest.importorskip("zarr")
    path, store = tmp_path / "run.json", tmp_path / "run.zarr"
    path.write_text(json.dumps(changed(ATTACHED, "simulation", "seed", value=1)))
    assert memnet("run", path, "--no-progress", "--out", store).exit_code == 0
    with mn.open_run(store) as data:
        assert np.array_equal(data.current.values, read_run_file(path).run().current.values)
    assert "exists already" in one_line(memnet("run", path, "--no-progress", "--out", store, "--force"))
    assert memnet("run", path, "--no-progress", "--out", store, "--resume").exit_code == 0
    assert "--resume goes on" in one_line(memnet("run", path, "--resume"))


@pytest.mark.parametrize(
    ("content", "path", "value", "message"),
    [
        (PLACES, ("devices", 0, "preset"), "pnn-2052", r"\[\[devices\]\] 1: .*pnn-2052.* did you mean 'pnn-2025'"),
        (PLACES, ("devices", 1, "preset"), "x", r"\[\[devices\]\] 2 preset 'x': Resistor has none"),
        (PLACES, ("devices", 0, "preset"), 3, r"\[\[devices\]\] 1 preset must be a name, got 3"),
        (PLACES, ("devices", 0, "initial"), {"gg": 0.5}, r"\[\[devices\]\] 1 initial: .*gg.* did you mean 'g'"),
        (PLACES, ("devices", 0, "initial"), {"g": 2.0}, r"\[\[devices\]\] 1 initial: RateBalance.g must be"),
        (PLACES, ("devices", 0, "initial"), 0.5, r"\[\[devices\]\] 1 initial must be a table of states"),
        (PLACES, ("devices", 1, "edges"), [7], r"\[\[devices\]\] 2: edges"),
        (PLACES, ("devices", 1, "edges"), [3, 3], r"\[\[devices\]\] 2: edges must name each once"),
        (PLACES, ("devices", 0, "edges"), [0, 3], r"\[\[devices\]\] 2 names edge 3, which carries no device"),
        (
            PLACES,
            ("devices", 0, "edges"),
            [0],
            r"\[\[devices\]\] leave 2 of 4 places without a device, the first edge 1",
        ),
        (PLACES, ("devices", 0, "fraction"), 0.5, r"\[\[devices\]\] 1 has a key 'fraction' beside tables that name"),
        (PLACES, ("devices", 1, "fraction"), 0.5, r"may have one of the keys 'fraction' and 'edges', got both"),
        (PLACES, ("devices", 1, "cells"), [[0, 0]], r"\(Resistor\) has a key 'cells', which is of a crossbar"),
        (PLACES, ("drive", "out_*"), None, r"\[drive\].* electrode"),
        (PLACES, ("drive", "outt_*"), 0.0, r"\[drive\] outt_\* matches no electrode of in, out_1, out_2"),
        (PLACES, ("network", "edges"), None, r"\[network\] needs a key 'edges'"),
        (PLACES, ("network", "n_node"), 4, r"\[network\] has an unknown key 'n_node', did you mean 'n_nodes'"),
        (PLACES, ("run", "record"), {"state:g": 3}, r"\[run\] record state:g must be an integer in \[1, 2\], got 3"),
        (
            PLACES,
            ("run", "record"),
            {"snapshot:state:g": [0, 3]},
            r"\[run\] record snapshot:state:g must be an integer",
        ),
        (PLACES, ("run", "record"), {"snapshot:state:g": 1}, r"record snapshot:state:g must be \[device, steps\]"),
        (PLACES, ("run", "record"), 3, r"\[run\] record must be a list of names, or a table"),
        (PLACES, ("run", "events"), 1, r"\[run\] events must be"),
        (PLACES, ("circuit",), [], r"sections \[network\] and \[circuit\], which exclude each other"),
        (PLACES, ("start",), {"checkpoint": "a"}, r"sections \[network\] and \[start\], which exclude each other"),
        (
            CROSSBAR,
            ("devices", 1, "cells"),
            [[0, 4]],
            r"\[\[devices\]\] 2: column of a cell must be an integer in \[0, 3\]",
        ),
        (CROSSBAR, ("devices", 1, "cells"), [[0]], r"\[\[devices\]\] 2: a cell must be \[row, column\], got \[0\]"),
        (CROSSBAR, ("devices", 1, "cells"), 3, r"\[\[devices\]\] 2: cells must be a list"),
        (
            CROSSBAR,
            ("devices", 2, "role"),
            "dummies",
            r"\[\[devices\]\] 3 \(Resistor\) role 'dummies', did you mean 'dummy'",
        ),
        (
            CROSSBAR,
            ("devices", 1, "edges"),
            [1],
            r"has a key 'edges', which is of other networks; a crossbar has 'cells'",
        ),
        (WARM, ("devices", 1, "role"), None, r"\[\[devices\]\] 1 \(Cell\) needs a key 'fraction'"),
        (WARM, ("devices",), [{"model": "Heat", "role": "heat"}], r"needs a table without a role"),
        (CIRCUIT, ("circuit", 0, "b"), None, r"\[\[circuit\]\] 1 \(Resistor\) needs a key 'b'"),
        (CIRCUIT, ("circuit", 0, "b"), "in", r"\[\[circuit\]\] 1 \(Resistor\): b must be another node"),
        (CIRCUIT, ("circuit", 2, "name"), "C1", r"\[\[circuit\]\] 3 \(RateBalance\): name 'C1' is taken"),
        (CIRCUIT, ("circuit", 1, "capacitence"), 1.0, r"\[\[circuit\]\] 2 \(Capacitor\).*did you mean 'capacitance'"),
        (CIRCUIT, ("circuit",), [], r"\[\[circuit\]\] must have one table an element"),
        (CIRCUIT, ("circuit",), {}, r"\[\[circuit\]\] must be one table an element"),
        (
            CIRCUIT,
            ("drive", "n2"),
            0.0,
            r"\[drive\] or \[simulation\]: unknown node in drive 'n2'; allowed: in, n1, gnd",
        ),
        (
            CIRCUIT,
            ("run", "record"),
            {"state:g": "N"},
            r"\[run\] record state:g 'N', did you mean 'M'|record state:g 'N'",
        ),
        (CIRCUIT, ("circuit", 2, "initial"), {"g": -1}, r"\[\[circuit\]\] M initial: RateBalance.g must be"),
        (ATTACHED, ("attach", 0, "electrode"), "lefd", r"\[\[attach\]\] 1: .*'lefd', did you mean 'left'"),
        (ATTACHED, ("attach", 0, "electrode"), None, r"\[\[attach\]\] 1 needs a key 'electrode'"),
        (ATTACHED, ("attach", 0, "model"), None, r"\[\[attach\]\] 1 has an unknown key 'conductance'"),
        (ATTACHED, ("attach", 1, "devices"), [], r"\[\[attach\]\] 2: devices must hold at least one device"),
        (ATTACHED, ("attach", 1, "devices"), 3, r"must be one table a device"),
        (ATTACHED, ("attach",), 3, r"\[\[attach\]\] must be one table a circuit"),
        (NEURON, ("reactions", 0, "device"), "neurone", r"\[\[reactions\]\] 1: .*'neurone', did you mean 'neuron'"),
        (GOING_ON, ("start", "checkpoint"), None, r"\[start\] needs a key 'checkpoint'"),
        (GOING_ON, ("start", "checkpoint"), 3, r"\[start\] checkpoint must be the name of a file, got 3"),
        (GOING_ON, ("start", "checkpont"), "a", r"\[start\] has an unknown key 'checkpont', did you mean 'checkpoint'"),
        (GOING_ON, ("devices",), [], r"sections \[start\] and \[devices\], which exclude each other"),
        (GOING_ON, ("run",), None, r"the file needs a section \[run\]"),
    ],
)
def test_what_is_wrong_names_the_section_and_the_key(content, path, value, message):
    with pytest.raises((ValueError, TypeError), match=message):
        build(changed(content, *path, value=value))


def test_waveforms_lie_in_each_other_only_so_deep():
    wave = 1.0
    for _ in range(60):
        wave = {"kind": "sum", "parts": [wave]}
    with pytest.raises(ValueError, match=r"\[drive\] in: waveforms may lie 50 deep"):
        build(changed(PLACES, "drive", "in", value=wave))


def test_a_file_that_is_no_description_is_not_read(tmp_path, monkeypatch):
    path = tmp_path / "long.toml"
    path.write_text("# " + "x" * 2000)
    monkeypatch.setattr(_run_files, "LARGEST", 1000)
    with pytest.raises(ValueError, match="is longer than 1,000 bytes, which no run file is"):
        read_run_file(path)


def paths(part, before=()):
    """Yield the path of everything in tables."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        yield (*before, key)
        if isinstance(value, (dict, list)):
            yield from paths(value, (*before, key))


LEAVES = st.sampled_from(
    [
        0,
        1,
        -1,
        3,
        2**70,
        -(2**70),
        0.5,
        1e-300,
        1e308,
        float("nan"),
        float("inf"),
        True,
        "",
        "w0",
        "floating",
        "*",
        "\0",
    ]
)
REFUSALS = (ValueError, TypeError, ArithmeticError, MemoryError, EquationError)
ODD = st.one_of(
    LEAVES,
    st.just([]),
    st.just({}),
    st.lists(LEAVES, max_size=3),
    st.dictionaries(st.sampled_from(["kind", "model", "value", "name", "x"]), LEAVES, max_size=3),
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FILES[:2] + FILES[3:6]), st.data())
def test_any_tables_are_built_or_refused_with_a_message(content, data):
    place = data.draw(st.sampled_from(list(paths(content))))
    odd = content
    for key in [place, *data.draw(st.lists(st.sampled_from(list(paths(content))), max_size=1))]:
        try:
            odd = changed(odd, *key, value=data.draw(ODD))
        except (KeyError, IndexError, TypeError):
            continue
    with contextlib.suppress(*REFUSALS):
        build(odd)
