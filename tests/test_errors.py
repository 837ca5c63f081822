"""Bad input: each error names the argument, its value and what is allowed, and nothing has changed after it."""

import networkx as nx
import numpy as np
import pytest

import memnet as mn

# Steps are coarse here: what is compared does not depend on them.
pytestmark = pytest.mark.filterwarnings("ignore::memnet.StepWarning")

nan, inf = np.nan, np.inf
DRIVE = {"left": 1.0, "right": 0.0}


def chain(**more):
    return mn.Network(3, [(0, 1), (1, 2)], length=[0.1, 0.1], electrodes={"left": [0], "right": [2]}, **more)


def simulation(devices=None, drive=None, **more):
    return mn.Simulation(chain(), mn.RateBalance() if devices is None else devices, drive or DRIVE, seed=1, **more)


def run(**more):
    return simulation().run(**{"n_steps": 2} | more)


def set_state(**states):
    sim = simulation()
    return sim.set_state(sim.devices[0], **states)


def mixture(*fractions):
    return mn.mix(chain(), [(mn.RateBalance(), share) for share in fractions], seed=1)


def solve(conductance, drive=None, **more):
    return mn.solve(chain(), conductance, drive or DRIVE, **more)


BAD = {
    "coverage 0": (lambda: mn.percolating(30, 0), ValueError, r"coverage must be in \(0, 0\.6763\), got 0"),
    "coverage at threshold": (
        lambda: mn.percolating(30, 0.6763),
        ValueError,
        r"\(0, 0\.6763\), got 0\.6763",
    ),
    "coverage < 0": (lambda: mn.percolating(30, -0.1), ValueError, r"coverage .*\(0, 0\.6763\), got -0\.1"),
    "coverage nan": (lambda: mn.percolating(30, nan), ValueError, r"coverage .*\(0, 0\.6763\), got nan"),
    "coverage text": (lambda: mn.percolating(30, "0.6"), TypeError, "coverage must be a number, got '0.6'"),
    "size 0": (lambda: mn.percolating(0, 0.6), ValueError, r"size must be in \(0, inf\) pd, got 0"),
    "size < 0": (lambda: mn.percolating(-1, 0.6), ValueError, r"size must be in \(0, inf\) pd, got -1"),
    "size nan": (lambda: mn.percolating(nan, 0.6), ValueError, r"size must be in \(0, inf\) pd, got nan"),
    "size inf": (lambda: mn.percolating((30, inf), 0.6), ValueError, r"size\[1\] must be in \(0, inf\) pd, got inf"),
    "size huge": (lambda: mn.percolating(1e300, 0.6), MemoryError, "too large"),
    "size array": (lambda: mn.percolating(np.array([1.0, nan]), 0.6), ValueError, r"size\[1\] .* got nan"),
    "max_gap": (lambda: mn.percolating(30, 0.6, max_gap=0), ValueError, r"max_gap must be in \(0, inf\) pd, got 0"),
    "electrodes overlap": (
        lambda: mn.percolating(30, 0.6, electrodes={"a": [0, 1], "b": [1]}, seed=1),
        ValueError,
        "electrodes 'a' and 'b' share group 1",
    ),
    "bands overlap": (
        lambda: mn.percolating(30, 0.6, electrodes={"a": (0, 20, 0, 30), "b": (10, 30, 0, 30)}, seed=1),
        mn.ShortCircuit,
        r"'a' and 'b' share group \d+ with seed=1: the two meet.*shared='first' gives it to 'a'",
    ),
    "nodes overlap": (
        lambda: mn.Network(2, [(0, 1)], electrodes={"a": [0], "b": [0, 1]}),
        ValueError,
        "electrodes 'a' and 'b' share node 0",
    ),
    "n_nodes": (lambda: mn.Network(-1, []), ValueError, r"n_nodes must be an integer in \[1, .*got -1"),
    "edges unequal": (lambda: mn.Network(3, [(0, 1), (2,)]), ValueError, r"edges .*\[\(0, 1\), \(2,\)\]"),
    "length text": (lambda: mn.Network(2, [(0, 1)], length=["1"]), TypeError, r"length must be .*numbers, got \['1'\]"),
    "length bool": (lambda: mn.Network(2, [(0, 1)], length=[True]), TypeError, r"length .*numbers, got \[True\]"),
    "conductance nan": (lambda: solve([1.0, nan]), ValueError, r"conductance must be finite, got nan at index \(1,\)"),
    "conductance inf": (lambda: solve(inf), ValueError, r"conductance must be finite, got inf"),
    "conductance < 0": (lambda: solve([1.0, -2.0]), ValueError, 'umfpack".*conductance of edge 1 is -2'),
    "conductance text": (lambda: solve(["1", "2"]), TypeError, "conductance must be an array of numbers"),
    "conductance None": (lambda: solve([None, 1.0]), TypeError, "conductance must be an array of numbers"),
    "conductance unequal": (lambda: solve([[1.0], [1.0, 2.0]]), ValueError, "conductance must be .*equal length"),
    "conductance span": (lambda: solve([1e-300, 1e300]), ValueError, "298 of conductances.* edge 0 is 1e-300"),
    "terminal conductance < 0": (lambda: mn.terminal_conductance(chain(), -1.0), ValueError, "umfpack"),
    "device conductance < 0": (
        lambda: simulation(mn.Resistor(conductance=-1.0)).run(1),
        ValueError,
        r"step 0: .*umfpack.*Resistor\.conductance.* is -1",
    ),
    "device conductance nan": (lambda: mn.Resistor(conductance=nan), ValueError, r"Resistor\.conductance .*got nan"),
    "device conductance inf": (lambda: mn.Resistor(conductance=[inf]), ValueError, r"Resistor\.conductance .*got inf"),
    "fractions": (lambda: mixture(0.5, 0.4), ValueError, r"fractions must sum to 1, got 0\.9"),
    "fraction nan": (
        lambda: mixture(nan, 1.0),
        ValueError,
        r"fraction of RateBalance\(\) .*\[0, 1\], got nan",
    ),
    "fraction < 0": (lambda: mixture(-0.5, 1.5), ValueError, r"fraction .*\[0, 1\], got -0\.5"),
    "fractions None": (lambda: mn.mix(chain(), None), TypeError, "fractions must be a dict .*got None"),
    "mix net": (lambda: mn.mix("net", {mn.RateBalance(): 1.0}), TypeError, "net must be a Network, got 'net'"),
    "drive unknown": (lambda: simulation(drive=DRIVE | {"lft": 1.0}), ValueError, "'lft', did you mean 'left'"),
    "drive missing": (lambda: simulation(drive={"left": 1.0}), ValueError, "electrode 'right'"),
    "drive none": (lambda: simulation(drive=dict.fromkeys(DRIVE)), ValueError, "drive must drive at least one"),
    "drive nan": (lambda: simulation(drive=DRIVE | {"left": nan}), ValueError, r"drive\['left'\] .*got nan"),
    "drive no electrode": (
        lambda: mn.Simulation(mn.Network(2, [(0, 1)]), mn.RateBalance(), {}),
        ValueError,
        "the network has no electrode",
    ),
    "solve drive unknown": (
        lambda: solve(1.0, DRIVE | {"lft": 1.0}),
        ValueError,
        "'lft' in drive, did you mean",
    ),
    "solve drive none": (lambda: solve(1.0, dict.fromkeys(DRIVE)), ValueError, "drive must give at least one of left"),
    "waveform 2-d": (lambda: mn.drive.from_array(np.zeros((2, 3)), 1.0), ValueError, r"values .*got shape \(2, 3\)"),
    "steps 2-d": (lambda: mn.drive.steps([[1.0]], [0.0]), ValueError, r"values must be one-dimensional"),
    "waveform dt": (lambda: mn.drive.from_array([1.0], 0.0), ValueError, r"dt must be in \(0, inf\) s, got 0"),
    "waveform text": (lambda: mn.drive.from_array(["1"], 1.0), TypeError, "values must be an array of numbers"),
    "waveform complex": (lambda: mn.drive.from_array(np.array([1j]), 1.0), TypeError, "values must be .* numbers"),
    "drive an array": (lambda: simulation(drive=DRIVE | {"left": [1.0]}), TypeError, "from_array"),
    "concat": (lambda: mn.drive.concat(5), TypeError, "parts must be a list of pairs"),
    "call": (lambda: mn.drive.constant(1.0)("now"), TypeError, "t must be an array of numbers"),
    "dt 0": (lambda: simulation(dt=0), ValueError, r"dt must be in \(0, inf\) s, got 0"),
    "dt < 0": (lambda: simulation(dt=-1.0), ValueError, r"dt must be in \(0, inf\) s, got -1"),
    "dt nan": (lambda: simulation(dt=nan), ValueError, r"dt must be in \(0, inf\) s, got nan"),
    "record number": (lambda: run(record=5), TypeError, "record must be names, .*got 5"),
    "record state": (lambda: run(record={"state:g": 5}), TypeError, r'record\["state:g"\] .*got 5'),
    "record member": (lambda: run(record={"member_current": 5}), TypeError, r'record\["member_current"\] .*got 5'),
    "record half": (lambda: run(record={"voltage": False}), ValueError, r'record\["voltage"\] must be True'),
    "out": (lambda: run(out=5), TypeError, "out must be a path, got 5"),
    "state nan": (lambda: set_state(g=nan), ValueError, r"RateBalance\.g must be in \[0, 1\], got nan"),
    "state range": (lambda: set_state(g=2.0), ValueError, r"RateBalance\.g must be in \[0, 1\], got 2"),
    "save": (lambda: simulation().save(None), TypeError, "path must be a path, got None"),
    "load": (lambda: mn.Simulation.load(5), TypeError, "path must be a path, got 5"),
    "rerun": (lambda: mn.rerun(run().assign_attrs(parameters="{}")), ValueError, 'data .*"parameters"'),
    "plot net": (lambda: mn.plot.network("net"), TypeError, "net must be a Network, got 'net'"),
    "plot ax": (lambda: mn.plot.network(chain(), ax=5), TypeError, "ax must be matplotlib Axes.*got 5"),
    "plot cmap": (lambda: mn.plot.network(chain(), cmap="virdis"), ValueError, "cmap 'virdis', did you mean 'viridis'"),
    "plot data": (lambda: mn.plot.trace(5), TypeError, "data must be the Dataset .*got 5"),
    "plot simulation": (lambda: mn.plot.overview(5, None), TypeError, "simulation must be a Simulation, got 5"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input(name):
    call, error, message = BAD[name]
    with pytest.raises(error, match=message):
        call()


# Every public callable, a keyword that it does not have, and the one that was meant. Required arguments may be missing.
MISSPELT = {
    "percolating": (mn.percolating, "covrage", "coverage"),
    "percolating seed": (mn.percolating, "sead", "seed"),
    "Network": (mn.Network, "lenght", "length"),
    "from_networkx": (mn.from_networkx, "electrods", "electrodes"),
    "mix": (mn.mix, "fraction", "fractions"),
    "Simulation": (mn.Simulation, "solvr", "solver"),
    "run": (lambda **kw: simulation().run(2, **kw), "recrod", "record"),
    "state": (lambda **kw: simulation().state(**kw), "nme", "name"),
    "edges_of": (lambda **kw: simulation().edges_of(**kw), "devcie", "device"),
    "set_drive": (lambda **kw: simulation().set_drive(**kw), "driv", "drive"),
    "save": (lambda **kw: simulation().save(**kw), "pth", "path"),
    "load": (mn.Simulation.load, "pth", "path"),
    "solve": (mn.solve, "injectd", "injected"),
    "terminal_conductance": (mn.terminal_conductance, "conductnce", "conductance"),
    "rerun": (mn.rerun, "prgress", "progress"),
    "constant": (mn.drive.constant, "vlue", "value"),
    "triangle": (mn.drive.triangle, "perod", "period"),
    "sine": (mn.drive.sine, "freqency", "frequency"),
    "pulses": (mn.drive.pulses, "hihg", "high"),
    "steps": (mn.drive.steps, "time", "times"),
    "from_array": (mn.drive.from_array, "repat", "repeat"),
    "current": (mn.drive.current, "vlue", "value"),
    "concat": (mn.drive.concat, "prts", "parts"),
    "plot.network": (mn.plot.network, "potentail", "potential"),
    "plot.trace": (mn.plot.trace, "varible", "variable"),
    "plot.overview": (mn.plot.overview, "figre", "figure"),
    "TunnelGap": (mn.TunnelGap, "alhpa", "alpha"),
    "Hillock": (mn.Hillock, "kapa", "kappa"),
    "RateBalance": (mn.RateBalance, "g_maxx", "g_max"),
    "Resistor": (mn.Resistor, "conductnce", "conductance"),
    "Capacitor": (mn.Capacitor, "capacitence", "capacitance"),
}


@pytest.mark.parametrize("name", MISSPELT)
def test_unknown_keywords_get_the_nearest(name):
    call, wrong, right = MISSPELT[name]
    with pytest.raises(TypeError, match=rf"{wrong}', did you mean '{right}'\?; allowed: .*{right}"):
        call(**{wrong: 1})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: mn.Resistor(1e3),
            r"Resistor takes its parameters by name, such as Resistor\(conductance=\.\.\.\)",
        ),
        (lambda: mn.drive.limited(1.0, 1e-3), r"limited\(\) takes 1 positional argument \(voltage\), got 2"),
        (
            lambda: mn.Circuit().add("a", "b", mn.Resistor(), "R"),
            r"Circuit\.add\(\) takes 3 positional arguments \(a, b, ",
        ),
        (
            lambda: mn.Simulation(1, 2, 3, 0.1),
            r"Simulation\(\) takes 3 positional arguments .*, got 4; write the others",
        ),
        (lambda: mn.Simulation(1, 2, 3, atol=1), r"Simulation\(\) got an unknown keyword 'atol', did you mean 'rtol'"),
    ],
)
def test_what_goes_by_keyword_alone_is_said_in_public_names(call, message):
    with pytest.raises(TypeError, match=message):
        call()


def test_an_unknown_key_of_a_run_file_gets_the_nearest(tmp_path):
    from memnet.study import _run_files as config

    path = tmp_path / "run.toml"
    path.write_text(
        '[network]\nsize = 30\ncoverge = 0.6\n[[devices]]\nmodel = "RateBalance"\n[drive]\n[run]\nsteps = 1\n'
    )
    with pytest.raises(ValueError, match=r"\[network\] has an unknown key 'coverge', did you mean 'coverage'"):
        config.read_run_file(path)


def test_what_is_refused_changes_nothing():
    sim, other = simulation(), simulation()
    device = sim.devices[0]
    for call in (
        lambda: sim.run(3, record={"state:g": mn.RateBalance()}),
        lambda: sim.run(-1),
        lambda: sim.set_state(device, g=[0.5, 2.0]),
        lambda: sim.set_drive({"left": 2.0}),
        lambda: sim.set_drive({"left": nan, "right": 0.0}),
    ):
        with pytest.raises(ValueError):
            call()
    np.testing.assert_array_equal(sim.run(5).current, other.run(5).current)


def test_a_step_that_overflows_is_refused_and_named():
    drive = {"left": mn.drive.steps([1.0, 1.7e308], [0.0, 5.0]), "right": 0.0}
    sim = simulation(mn.Capacitor(capacitance=1e280), drive)
    with pytest.raises(ArithmeticError, match="step 5: current of electrode 0 is inf"):
        sim.run(10)
    assert sim.steps_done == sim.partial.sizes["time"] == 5
    sim.set_drive(DRIVE)
    assert sim.run(3).time.values.tolist() == [5.0, 6.0, 7.0]


# ------------------------------------------------------------------ what used to be lost


@pytest.mark.parametrize(
    "graph",
    [
        nx.path_graph("abc"),
        nx.grid_2d_graph(3, 2),
        nx.Graph([(np.int64(5), 2.5), (2.5, 7)]),
    ],
    ids=["text", "tuples", "numbers"],
)
def test_labels_of_networkx_survive_saving_and_rerun(tmp_path, graph):
    nodes = list(graph.nodes)
    net = mn.from_networkx(graph, electrodes={"left": [nodes[0]], "right": [nodes[-1]]})
    sim = mn.Simulation(net, mn.RateBalance(), DRIVE, seed=1)
    data = sim.run(5)
    sim.save(tmp_path / "run")
    again = mn.Simulation.load(tmp_path / "run")
    assert again.net.labels == net.labels == tuple(nodes)
    assert list(map(type, again.net.to_networkx())) == [int if type(n) is np.int64 else type(n) for n in nodes]
    assert again.net.provenance == net.provenance
    np.testing.assert_array_equal(mn.rerun(data).current, data.current)


def test_labels_that_no_file_can_hold_are_left_out(tmp_path):
    graph = nx.Graph([(frozenset("a"), frozenset("b"))])
    net = mn.from_networkx(graph, electrodes={"left": [frozenset("a")], "right": [frozenset("b")]})
    sim = mn.Simulation(net, mn.RateBalance(), DRIVE, seed=1)
    sim.save(tmp_path / "run")
    again = mn.Simulation.load(tmp_path / "run")
    assert again.net.labels is None
    np.testing.assert_array_equal(again.net.edges, net.edges)


def test_what_is_always_recorded_may_be_named():
    data = run(record=["current", "voltage", "conductance"])
    assert {"current", "voltage", "conductance"} <= set(data.data_vars)
    np.testing.assert_array_equal(data.voltage, [[1.0, 0.0], [1.0, 0.0]])


def test_a_set_of_edges_is_recorded_in_order():
    data = run(record={"branch_voltage": {1, 0}})
    assert data.branch_voltage_edge.values.tolist() == [0, 1]
    np.testing.assert_array_equal(mn.rerun(data).branch_voltage, data.branch_voltage)


def test_size_may_be_an_array():
    want = mn.percolating((20.0, 10.0), 0.6, seed=1)
    net = mn.percolating(np.array([20.0, 10.0]), 0.6, seed=1)
    assert net.provenance == want.provenance
    assert mn.percolating(np.array(20.0), 0.6, seed=1).size == (20.0, 20.0)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["0,1", "0,2"], "text such as '0,1'; read it with decimal=','"),
        (np.array(["Voltage", *["1e-3"] * 20], dtype=object), "text such as 'Voltage'$"),
        (np.array(["-1,5E-3"] * 20), "text such as '-1,5E-3'; read it with decimal=','"),
        ([1.0, "n/a", 2.0], "text such as "),
        (np.arange(20).astype("M8[s]"), r"an array of datetime64\[s\]; give seconds, such as"),
        (np.arange(20).astype("m8[ms]"), r"an array of timedelta64\[ms\]; give seconds, such as"),
    ],
)
def test_e_text_and_dates_of_a_measured_file_are_named(values, said):
    with pytest.raises(TypeError, match=f"^voltage must be an array of numbers, got .*{said}"):
        mn.analysis.find_pulses(values)


RUN_READERS = {
    "hysteresis": mn.analysis.hysteresis,
    "plasticity": mn.analysis.plasticity,
    "events": lambda data: mn.analysis.events(data, relative=0.1),
    "animate": mn.plot.animate,
}


@pytest.fixture(scope="module")
def swept():
    net = mn.percolating(size=30, coverage=0.6, seed=1)
    return mn.Simulation(net, mn.TunnelGap(), {"left": mn.drive.triangle(-3.0, 3.0, 40.0), "right": 0.0}).run(
        80, record=["potential"]
    )


@pytest.mark.parametrize("name", RUN_READERS)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.drop_vars("time"), "data has no coordinate time, which says when its rows were"),
        (lambda data: data.drop_vars(["conductance"]), "data has no variable conductance, only current, event_edge"),
        (lambda data: data.rename(time="t"), r"(conductance|voltage) of data must have the dimensions .*, got \('t',"),
    ],
)
def test_e_a_run_that_lost_a_part_says_which(swept, name, change, message):
    with pytest.raises(ValueError, match=message):
        RUN_READERS[name](change(swept))


@pytest.mark.parametrize("name", ["hysteresis", "plasticity"])
def test_e_a_run_of_one_electrode_is_no_run(swept, name):
    with pytest.raises(ValueError, match=r"voltage of data must have the dimensions \('time', 'electrode'\)"):
        RUN_READERS[name](swept.isel(electrode=0))
    with pytest.raises(ValueError, match="data has no coordinate time"):
        mn.plot.trace(swept.drop_vars("time"))
