"""Logic of memristors: gates against closed forms, where they cease to work, minterms, memtransistors."""

import copy
import itertools
import pickle

import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st

import memnet as mn
from memnet import arrays

PARAMETERS = {
    "R_on": 1e3,
    "R_off": 1e6,
    "D": 3e-9,
    "v_on": -1.0,
    "v_off": 1.0,
    "k_on": -3.0,
    "k_off": 3.0,
    "alpha_on": 1.0,
    "alpha_off": 1.0,
}
CELL = mn.VTEAM(**PARAMETERS)
MAGIC = mn.VTEAM(**PARAMETERS | {"v_off": 0.3})
WIDTH = 200e-9
WORKS = {"load": 5e3, "v_cond": 0.9, "v_set": 1.6, "width": WIDTH, "polarity": -1}
PULSES = {"v_cond": 0.9, "v_set": 1.6, "width": WIDTH}
IMP = [1, 1, 0, 1]


def test_implication_and_where_it_ends():
    found = arrays.imp(CELL, **WORKS)
    assert found.right
    assert found.wrong == ()
    assert found.bits[:, 1].tolist() == IMP
    # V_q is at its threshold: i = (1.6 - 1 V)/5 kohm, less what p brings at 0.9 V
    closed = 1.0 / (0.6 / 5e3 - 0.3 / 1e6)
    assert closed == pytest.approx(8354.22, abs=5e-3)
    assert found.resistance_of("q")[0] == pytest.approx(closed, rel=1e-5)
    np.testing.assert_allclose(found.resistance_of("q")[1:], [1e3, 1e6, 1e3], rtol=1e-9)
    assert found.margin == pytest.approx(np.log(np.sqrt(1e9) / closed) / np.log(np.sqrt(1e3)), rel=1e-4)


@pytest.mark.parametrize(
    ("changed", "case", "ohms"),
    [
        # q with an open p ends at its threshold behind p's own current, where it should not have moved
        ({"load": 1e3}, 2, 1.0 / (0.6 / 1e3 - 0.3 / 1e3)),
        ({"v_cond": 0.4}, 2, 1.0 / (0.6 / 5e3 + 0.2 / 1e3)),
        ({"v_set": 2.4}, 2, 1.0 / (1.4 / 5e3 + 0.5 / 1e3)),
        ({"load": 31.6e3}, 0, 1.0 / (0.6 / 31.6e3 - 0.3 / 1e6)),
    ],
)
def test_settings_at_which_implication_fails(changed, case, ohms):
    found = arrays.imp(CELL, **WORKS | changed)
    assert not found.right
    assert found.right_cases.tolist() == [k != case for k in range(4)]
    assert found.wrong == ("q",)
    assert found.margin < 0.0
    assert found.worst[1:] == ("q", dict(zip("pq", [(0, 0), (0, 1), (1, 0), (1, 1)][case], strict=True)))
    assert found.resistance_of("q")[case] == pytest.approx(ohms, rel=1e-4)


@given(load=st.floats(2e3, 2e4), v_cond=st.floats(0.3, 1.0), v_set=st.floats(1.1, 2.2))
@example(load=2512.0, v_cond=0.796875, v_set=1.578125)  # 7 mV above the threshold: 200 ns do not suffice
@settings(max_examples=12, deadline=None)
def test_the_four_cases_follow_from_dividers(load, v_cond, v_set):
    """Where q's voltage is above its threshold it goes down to where it is not, or to R_on, if it has the time to."""
    found = arrays.imp(CELL, **WORKS | {"load": load, "v_cond": v_cond, "v_set": v_set, "width": 100 * WIDTH})
    for p, ohms in ((1e6, found.resistance_of("q")[0]), (1e3, found.resistance_of("q")[2])):
        node = (v_cond / p + v_set / 1e6) / (1 / p + 1e-6 + 1 / load)
        current = (v_set - 1.0) / load - (v_cond - (v_set - 1.0)) / p
        expected = 1e6 if v_set - node <= 1.0 else max(1e3, 1.0 / current)
        if abs(v_set - node - 1.0) > 1e-3:
            assert ohms == pytest.approx(expected, rel=1e-5)


def test_the_1_of_an_implication_is_too_weak_for_the_next():
    """Docs say so: node = v_cond (v_set - 1)/v_set, and v_set - node < 1 asks for v_cond > v_set."""
    row = arrays.LogicRow(CELL, ["p", "q", "s"], load=5e3, polarity=-1)
    steps = [arrays.LogicStep.imp("p", "q", **PULSES), arrays.LogicStep.imp("q", "s", **PULSES)]
    found = row.table(steps, inputs=["p", "q"], expected={"s": lambda p, q: not (not p or q)})
    assert found.right_cases.tolist() == [False, True, True, True]


@pytest.mark.parametrize(
    ("voltage", "right", "wrong"), [(0.8, True, ()), (1.2, True, ("in1", "in2")), (0.5, False, ("out",))]
)
def test_nor(voltage, right, wrong):
    found = arrays.nor(MAGIC, voltage=voltage, width=WIDTH, polarity=-1)
    assert found.right == right
    assert found.wrong == wrong
    if voltage == 1.2:  # two inputs at 0 are set until they are at their threshold: 1.2 V = 1 V + 0.2 V
        np.testing.assert_allclose(found.resistance[0], [1e4, 1e4, 1e3], rtol=1e-4)
    if voltage == 0.5:  # 0.25 V at the output do not reset it
        assert found.bits[:, 2].tolist() == [1, 1, 1, 0]


def test_nor_of_one_and_three_inputs_and_nand():
    assert arrays.nor(MAGIC, voltage=0.8, width=WIDTH, n_inputs=1, polarity=-1).bits[:, 1].tolist() == [1, 0]
    assert arrays.nor(MAGIC, voltage=0.8, width=WIDTH, n_inputs=3, polarity=-1).right
    found = arrays.nand(CELL, **WORKS)
    assert found.bits[:, 2].tolist() == [1, 1, 1, 0]


def test_full_adder():
    found = arrays.full_adder(MAGIC, voltage=0.8, width=WIDTH, polarity=-1)
    for case, bits in zip(found.cases, found.bits, strict=True):
        assert 2 * bits[-1] + bits[-2] == case.sum()
    assert found.right
    assert found.wrong == ()


def test_a_full_adder_of_wrong_nors_adds_by_nands():
    found = arrays.full_adder(MAGIC, voltage=0.5, width=WIDTH, polarity=-1, rtol=1e-3)
    assert found.right
    assert set(found.wrong) == {f"n{k}" for k in range(1, 8)}


def test_levels_name_their_convention():
    usual, snider = arrays.LogicLevels(zero=1e6, one=1e3), arrays.LogicLevels(zero=1e3, one=1e6)
    ohms = [1e3, 1e4, 1e5, 1e6, np.inf]
    assert usual.bits(ohms).tolist() == [1, 1, 0, 0, 0]
    assert snider.bits(ohms).tolist() == [0, 0, 1, 1, 1]
    np.testing.assert_allclose(usual.margins([1e3, 1e6, 1e4], [1, 1, 0]), [1.0, -1.0, -1 / 3], rtol=1e-12)
    # what is implication with the usual levels is the other way round with these
    found = arrays.LogicRow(CELL, ["p", "q"], load=5e3, polarity=-1, levels=snider).table(
        [arrays.LogicStep.imp("p", "q", **PULSES)], inputs=["p", "q"], expected={"q": lambda p, q: not p and q}
    )
    assert found.right
    assert found.bits[:, 1].tolist() == [0, 1, 0, 0]


@pytest.mark.parametrize(
    ("device", "further"),
    [
        (mn.BipolarThreshold(g_on=1e-3, g_off=1e-6, I_0=1e9, v_0=0.5), {}),
        (
            mn.PershinDiVentra(R_on=1e3, R_off=1e6, R_initial=1e6, V_t=1.0, beta=-1e15),
            {"states": ({"R_m": 1e6}, {"R_m": 1e3})},
        ),
    ],
)
def test_other_devices_with_a_threshold_end_at_the_same_place(device, further):
    found = arrays.imp(device, load=5e3, **PULSES, **further)
    assert found.right
    assert found.resistance_of("q")[0] == pytest.approx(8354.22, rel=1e-3)


def test_inputs_by_pulses():
    write = arrays.LogicWrite(zero=-3.0, one=3.0, width=WIDTH)
    found = arrays.imp(CELL, **WORKS, write=write)
    np.testing.assert_allclose(found.resistance, arrays.imp(CELL, **WORKS).resistance, rtol=1e-6)
    weak = arrays.imp(CELL, **WORKS, write=arrays.LogicWrite(zero=-0.5, one=3.0, width=WIDTH))
    assert weak.wrong == ("p", "q")  # a new VTEAM is at low resistance, and -0.5 V do not reset it


def test_a_row_steps_in_time_and_copies_share_nothing():
    row = arrays.LogicRow(CELL, ["p", "q"], load=5e3, polarity=-1, dt=WIDTH / 100)
    step = arrays.LogicStep.imp("p", "q", **PULSES)
    one, three = (row.simulation([step], start={"p": 0, "q": 0}, copies=n).run(101, record="state:x") for n in (1, 3))
    falls = 1e3 + 999e3 * one.state_x.values[:, 1]
    assert falls[0] == 1e6
    assert (np.diff(falls) <= 0.0).all()
    assert falls[-1] == pytest.approx(8354.22, rel=1e-3)
    np.testing.assert_allclose(three.state_x[:, 4:], one.state_x, rtol=1e-9)


def test_a_row_of_a_crossbar_is_that_row():
    net = mn.crossbar(1, 2)
    row = arrays.CrossbarRow(CELL, net, {"p": "b0", "q": "b1"}, line="w0", load=5e3)
    step = arrays.LogicStep.imp("p", "q", **PULSES)
    found = row.table([step], inputs=["p", "q"], expected={"q": IMP})
    np.testing.assert_allclose(found.resistance, arrays.imp(CELL, **WORKS).resistance, rtol=1e-5)
    device = mn.BipolarThreshold(g_on=1e-3, g_off=1e-6, I_0=1e9, v_0=0.5)
    column = arrays.CrossbarRow(device, mn.crossbar(2, 1), {"p": "w0", "q": "w1"}, line="b0", load=5e3)
    assert column.table([step], inputs=["p", "q"], expected={"q": IMP}).right


def test_lines_and_sneak_paths_of_a_crossbar_take_margin():
    step = arrays.LogicStep.imp("p", "q", **PULSES)

    def table(**how):
        others = how.pop("others", 0)
        net = mn.crossbar(4, 4, **how)
        row = arrays.CrossbarRow(CELL, net, {"p": "b0", "q": "b3"}, line="w0", load=5e3, others=others)
        return row.table([step], inputs=["p", "q"], expected={"q": IMP})

    ideal, lines, low = table(), table(line_resistance=50.0), table(others=1)
    assert lines.margin < ideal.margin < arrays.imp(CELL, **WORKS).margin
    assert ideal.right
    assert lines.right
    # cells at low resistance join the lines that float: p's voltage comes to the line beside the load
    assert not low.right
    assert low.resistance_of("q")[0] == pytest.approx(1e6)


def test_minterms_in_the_convention_of_snider():
    functions = {"sum": ["a ~b ~c", "~a b ~c", "~a ~b c", "a b c"], "carry": ["a b", "b c", "a c"]}
    found = arrays.minterm_crossbar(
        CELL, functions, load=2.5e3, result_load=12e3, **PULSES, polarity=-1, line_resistance=1.0
    )
    assert found.levels.zero == pytest.approx(1e3)
    assert found.levels.one == pytest.approx(1e6)
    for case, bits in zip(found.cases, found.bits, strict=True):
        assert bits[-2:].tolist() == [case.sum() % 2, case.sum() // 2]
    assert found.wrong == ()
    assert "carry: a b" in found.cells


def test_minterms_with_one_load_for_both_levels_fail():
    """The 0 of the first level, load/0.6, is too weak for a load of the same size."""
    found = arrays.minterm_crossbar(CELL, {"xor": ["a ~b", "~a b"]}, load=5e3, result_load=5e3, **PULSES, polarity=-1)
    assert found.right_cases.tolist() == [True, False, False, True]


def test_a_map_is_the_tables_of_its_points():
    over = {"v_cond": [0.4, 0.9], "v_set": [1.6], "load": [1e3, 5e3]}
    found = arrays.logic_map("imp", CELL, over, width=WIDTH, polarity=-1)
    for v_cond, v_set, load in itertools.product(*over.values()):
        one = arrays.imp(CELL, **WORKS | {"v_cond": v_cond, "v_set": v_set, "load": load})
        point = found.sel(v_cond=v_cond, v_set=v_set, load=load)
        assert float(point.margin) == pytest.approx(one.margin, rel=1e-3)
        assert int(point.right) == one.right
        assert int(point.kept) == (one.wrong == ())
    drawn = mn.plot.logic_map(found)
    assert (drawn.get_xlabel(), drawn.get_ylabel()) == ("load (ohm)", "v_cond (V)")
    assert mn.plot.logic_map(found.sel(load=5e3)).get_xlabel() == "v_cond (V)"


def test_memtransistors_read_as_transistors_and_remember():
    """Far above the threshold it is level 1; a pulse at the gate traps charge by the law in closed form."""
    circuit = mn.Circuit()
    device = mn.Memtransistor()
    circuit.add("drain", "ground", mn.link(device, to="gate"), name="channel")
    circuit.add("gate", "ground", mn.Resistor(conductance=0.0), name="gate")
    drive = {"drain": 0.1, "gate": 3.0, "ground": 0.0}
    sim = circuit.simulation(drive, dt=1e-7)
    sim.step(2)
    assert sim.branch_current[0] == pytest.approx(20e-6 * (2.5 * 0.1 - 0.005), rel=1e-9)
    channel = sim.device("channel")
    sim.set_drive(drive | {"gate": 7.0})
    sim.step(1000)
    rate = 1e3 * (np.exp(2.0 / 0.5) - 1.0)
    kept = sim.state(channel, "x")[0]
    assert -np.log1p(-kept) / (rate * 1e-7) == pytest.approx(1000.0, abs=1.1)  # a step at whose end the gate jumps
    sim.set_drive(drive | {"gate": 4.9})
    sim.step(200)
    assert kept <= sim.state(channel, "x")[0] < kept + 1e-4


def test_nand_of_memtransistors_until_they_are_programmed():
    def table(x):
        logic = arrays.NandLogic(mn.Memtransistor(x_initial=x))
        logic.nand("a", "b", "out")
        return logic.table(["a", "b"], {"out": [1, 1, 1, 0]})

    found = table(0.0)
    assert found.right
    assert found.margin > 0.8
    assert found.bits.ravel().tolist() == [1, 1, 1, 0]
    assert table(1.0).bits.ravel().tolist() == [1, 1, 1, 1]  # a threshold of 3.5 V, above the supply


def test_the_output_of_a_nand_follows_from_the_two_channels():
    """Both on: the load against two equal channels in series, which are one of half k."""
    logic = arrays.NandLogic()
    logic.nand("a", "b", "out")
    volts = logic.table(["a", "b"], {"out": [1, 1, 1, 0]}).voltage[3, 0]

    def squared(u):
        return (0.1 * np.log1p(np.exp((u - 0.5) / 0.1))) ** 2

    assert (2.0 - volts) / 1e6 == pytest.approx(0.5 * 10e-6 * (squared(2.0) - squared(2.0 - volts)), rel=1e-5)


def test_multiplexer_of_memtransistors():
    logic = arrays.NandLogic()
    logic.multiplexer("s", "a", "b", "out")
    assert logic.table(["s", "a", "b"], {"out": lambda s, a, b: a if s else b}).right


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: arrays.imp(CELL, **WORKS | {"load": 0.0}), "load must be in"),
        (lambda: arrays.imp(CELL, **WORKS, polarity_=1), "polarity_"),
        (lambda: arrays.imp(mn.Resistor(), **WORKS), "states must be given for Resistor"),
        (lambda: arrays.nor(MAGIC, voltage=0.8, width=WIDTH, n_inputs=9), "n_inputs"),
        (lambda: arrays.LogicRow(CELL, ["p", "p"]), "each once"),
        (lambda: arrays.LogicRow(CELL, ["p", "line"]), "must not be"),
        (lambda: arrays.LogicLevels(1e3, 1e3), "two resistances"),
        (lambda: arrays.LogicStep.imp("p", "p", **PULSES), "two cells"),
        (lambda: arrays.minterm_crossbar(CELL, {"f": ["a ~a"]}, load=1e3, result_load=1e3, **PULSES), "complement"),
        (lambda: arrays.CrossbarRow(CELL, mn.crossbar(2, 2), {"p": "w1"}, line="w0"), "must cross"),
        (lambda: arrays.CrossbarRow(CELL, mn.crossbar(2, 2), {"p": "b2"}, line="w0"), "unknown line"),
        (lambda: arrays.LogicRow(CELL, ["p"]).circuit(2**31), "copies must be an integer in"),
        (lambda: arrays.LogicRow(CELL, ["p"]).simulation([], copies=2**31), "copies must be an integer in"),
        (lambda: arrays.logic_map("xor", CELL, {"voltage": [1.0]}), "unknown gate"),
        (lambda: arrays.logic_map("nor", CELL, {"v_set": [1.0]}), "v_set"),
        (lambda: arrays.logic_map("imp", CELL, {"load": [5e3]}, v_set=1.6), "imp needs v_cond, width too"),
        (lambda: arrays.CrossbarRow(CELL, mn.crossbar(2, 2, gates="rows"), {"p": "b0"}, line="w0"), "without gates"),
        (lambda: arrays.minterm_crossbar(CELL, {"f": ["a"]}, load=1.0, result_load=1.0, **PULSES, other=1), "unknown"),
        (lambda: arrays.NandLogic().simulation({}), "no gates yet"),
        (lambda: arrays.NandLogic(mn.link(mn.Memtransistor(), to=1)), "must not be linked"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises((TypeError, ValueError), match=says):
        call()


def test_steps_are_copied_and_compared():
    step = arrays.LogicStep.imp("p", "q", **PULSES)
    for twin in (pickle.loads(pickle.dumps(step)), copy.deepcopy(step)):
        assert twin == step
        assert hash(twin) == hash(step)
        with pytest.raises(TypeError):
            twin.volts["p"] = 1.0
    assert len({step, arrays.LogicStep.imp("p", "q", **PULSES), arrays.LogicStep.imp("q", "p", **PULSES)}) == 2


def test_copies_of_tables_cannot_be_written_to():
    found = arrays.imp(CELL, **WORKS)
    for twin in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):
        with pytest.raises(ValueError, match="read-only"):
            twin.resistance[0, 0] = 1.0


@pytest.mark.parametrize(
    "names",
    [("s", "a", "b", "s"), ("s", "out.one", "b", "out"), ("s", "a", "b", "supply"), ("s", "a", "o.between", "o")],
)
def test_gates_that_are_refused_leave_the_circuit_as_it_was(names):
    logic = arrays.NandLogic()
    logic.nand("x", "y", "z")
    before = list(logic.circuit)
    with pytest.raises(ValueError, match="must"):
        logic.multiplexer(*names)
    with pytest.raises(ValueError, match="between"):
        logic.invert("x", "z.between")
    assert list(logic.circuit) == before
    assert logic.outputs == ("z",)


def test_widths_that_rows_do_not_divide():
    row = arrays.LogicRow(CELL, ["p", "q"], load=5e3, polarity=-1)
    steps = [arrays.LogicStep.imp("p", "q", **PULSES), arrays.LogicStep.imp("p", "q", **PULSES | {"width": 3.1e-7})]
    with pytest.raises(ValueError, match="whole numbers of rows"):
        row.table(steps, inputs=["p", "q"], expected={"q": IMP})
