"""The extension module refuses what memnet itself never passes, by the exception that says so."""

import threading

import numpy as np
import pytest
from test_core import EDGES, ELECTRODE, LENGTH, ROOT, WAVES, defaults, network, refused, simulation

from memnet import _core

DRIVEN = np.ones(2, dtype=np.uint8)
VALUE = np.array([1.0, 0.0])
G = np.array([1.0, 2.0, 3.0])
ENDS = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 1.0, 0.0]])


def solver(*, is_complex=False):
    made = _core.Solver(network(), "kron", is_complex)
    made.factor(G)
    return made


def discs():
    return _core.Discs(9.0, 9.0, 0.5, 1.0, False, False, 1)


def wires():
    return _core.Wires.place(ENDS, 0)


def spec():
    return ("RateBalance", np.arange(3, dtype=np.int32), defaults("RateBalance", 3))


# ---------------------------------------------------------------- arguments of the wrong type

CALLS = {
    "grid": lambda: _core.grid("3", 3, 0, 1),
    "random_network": lambda: _core.random_network(9, "2", 1),
    "wave_evaluate": lambda: _core.wave_evaluate(WAVES, "0", np.zeros(1)),
    "a wave's kind": lambda: _core.wave_evaluate([("1", (1.0,), None, ())], 0, np.zeros(1)),
    "mean_field_trace": lambda: _core.mean_field_trace(
        np.ones(2), np.ones(2), np.ones(7), 1e-9, 100, np.zeros(1, dtype=np.int32)
    ),
    "mean_field_trace, dt": lambda: _core.mean_field_trace([1.0], np.ones(1), np.ones(7), 1e-9, 100),
    "rate_balance_trace, voltage": lambda: _core.rate_balance_trace(np.ones(1), [1.0], np.ones(7)),
    "rate_balance_trace, parameters": lambda: _core.rate_balance_trace(np.ones(1), np.ones(1), [1.0] * 7),
    "rate_balance_trace": lambda: _core.rate_balance_trace(np.ones(1)),
    "Network.path": lambda: network().path("1", 0, 1),
    "Wires": lambda: _core.Wires("9"),
    "Wires.place": lambda: _core.Wires.place(ENDS, "0"),
    "Wires.place, an array": lambda: _core.Wires.place(ENDS.tolist(), 0),
    "Wires.rectangle": lambda: wires().rectangle("0", 0.4, 0.0, 1.0),
    "Wires.disc": lambda: wires().disc("0", 0.5, 0.2),
    "Solver.factor": lambda: solver().factor(),
    "Solver.solve": lambda: solver().solve(DRIVEN),
    "Solver.solve, an array": lambda: solver().solve([1, 1], VALUE),
    "Solver.solve_many": lambda: solver().solve_many(G),
    "Solver.solve_many, conductance": lambda: solver().solve_many(G.tolist(), DRIVEN, VALUE),
    "Solver.solve_many, role": lambda: solver().solve_many(np.tile(G, (2, 1)), DRIVEN.tolist(), VALUE),
    "Checkpoint": lambda: _core.Checkpoint(7),
    "Simulation": lambda: _core.Simulation(None, [spec()], WAVES, ROOT, "kron", 1.0, 0),
    "Simulation.set_drive": lambda: simulation().set_drive(WAVES),
    "Simulation.set_field": lambda: simulation().set_field("0", 0, G),
    "Simulation.record": lambda: simulation().record(0, ROOT),
    "Simulation.bind": lambda: simulation().bind("0", np.zeros((1, 2))),
    "Simulation.n_rows": lambda: simulation().n_rows("0"),
}


@pytest.mark.parametrize("name", CALLS)
def test_wrong_types_are_type_errors(name):
    with pytest.raises(TypeError):
        CALLS[name]()


def test_the_name_of_the_type_that_is_wanted_is_said():
    with pytest.raises(TypeError, match=r"^role must be a NumPy array of uint8, got list$"):
        solver().solve([1, 1], VALUE)
    with pytest.raises(TypeError, match=r"^jump must be an array of int64, got dtype int32$"):
        CALLS["mean_field_trace"]()


def test_names_that_are_no_utf_8_are_refused():
    with pytest.raises(UnicodeEncodeError):
        _core.Solver(network(), "\ud800", False)
    with pytest.raises(UnicodeEncodeError):
        _core.Simulation(network(), [("\ud800", *spec()[1:])], WAVES, ROOT, "kron", 1.0, 0)


# ---------------------------------------------------------------- values out of range


def test_values_out_of_range_are_value_errors():
    with pytest.raises(ValueError, match="rows"):
        _core.grid(0, 3, 0, 1)
    with pytest.raises(ValueError, match="diagonals"):
        _core.grid(3, 3, 7, 1)
    with pytest.raises(ValueError, match="degree"):
        _core.random_network(9, 9.0, 1)
    with pytest.raises(ValueError, match="argument"):
        network().path(-1.0, 0, 1)
    with pytest.raises(ValueError, match="argument"):
        wires().rectangle(1.0, 0.0, 0.0, 1.0)
    with pytest.raises(ValueError, match="argument"):
        wires().disc(0.5, 0.5, -1.0)


def test_a_trace_that_takes_too_many_steps_is_refused():
    parameters = np.array([0.1, 4.0, 2e-3, 3.0, 5.0, 8.0, 0.3])
    with pytest.raises(ArithmeticError, match="more steps than it may"):
        _core.mean_field_trace(np.full(9, 5.0), np.ones(9), parameters, 1e-9, 5)


def test_an_array_that_may_not_be_written_is_refused():
    sim, rows = simulation(), np.zeros((4, 2))
    rows.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        sim.bind(sim.record("current", ROOT), rows)


def test_solve_many_wants_a_real_solver():
    with pytest.raises(ValueError, match="complex_values=False"):
        solver(is_complex=True).solve_many(np.tile(G, (2, 1)), DRIVEN, np.tile(VALUE, (2, 1)))


# ---------------------------------------------------------------- counts, and other threads


def test_counts_are_those_of_the_arrays():
    made = discs()
    assert made.n_discs == len(made.position) == len(made.group)
    assert made.n_gaps == len(made.gap) == len(made.gap_length)
    assert _core.Network(4, EDGES, LENGTH, 2, ELECTRODE).n_electrodes == 2
    assert np.array_equal(wires().end, np.round(ENDS / wires().grid) * wires().grid)


def test_a_solver_at_work_refuses_every_other_call():
    n, n_rows = 2_000, 2_000
    edges = np.stack([np.arange(n - 1), np.arange(1, n)], axis=1).astype(np.int32)
    electrode = np.full(n, -1, dtype=np.int32)
    electrode[[0, -1]] = 0, 1
    made = _core.Solver(_core.Network(n, edges, None, 2, electrode), "kron", False)
    rows, value, results = np.ones((n_rows, n - 1)), np.tile(VALUE, (n_rows, 1)), []
    thread = threading.Thread(target=lambda: results.append(made.solve_many(rows, DRIVEN, value)))
    thread.start()
    while not refused(made.info) and thread.is_alive():
        pass  # until the other thread is inside
    calls = {
        "info": made.info,
        "terminal": made.terminal,
        "factor": lambda: made.factor(rows[0]),
        "solve": lambda: made.solve(DRIVEN, VALUE),
        "solve_many": lambda: made.solve_many(rows[:1], DRIVEN, value[:1]),
    }
    answers = {name: refused(call) for name, call in calls.items()}
    assert thread.is_alive()
    thread.join()
    assert all(answers.values()), answers
    np.testing.assert_allclose(results[0]["current"][:, 0], 1.0 / (n - 1), rtol=1e-12)
    made.factor(rows[0])  # and is free again
    np.testing.assert_allclose(made.solve(DRIVEN, VALUE)["current"][0], 1.0 / (n - 1), rtol=1e-12)
