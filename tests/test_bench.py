"""The bench: exact potentials, peers from C, exponents, kept results and what changed, turns of two sides, Ctrl-C."""

import json
import platform
import signal
import subprocess
import sys
from pathlib import Path

import hypothesis
import mpmath
import numpy as np
import pytest
import tree
from hypothesis import given, strategies as st
from scipy import stats

import memnet as mn

if not (tree.ROOT / "benchmarks").is_dir():
    pytest.skip("the bench is not here", allow_module_level=True)
BENCH = tree.ROOT / "benchmarks"
HERE = Path(mn.__file__).parent.parent  # from where memnet comes

measuring, systems, compiled, laplacian, peers, exact, scaling, records, compare, against = (
    tree.tool("benchmarks", name)
    for name in (
        "measuring",
        "systems",
        "compiled",
        "laplacian",
        "peers",
        "exact",
        "scaling",
        "records",
        "compare",
        "against",
    )
)


def system(net, conductance, voltage):
    return systems.System(net, np.asarray(conductance, dtype=float), np.asarray(voltage, dtype=float))


def found(one):
    solution = systems.factor_and_solve(one, mn._core.Solver(one.net.core, "kron"))()
    return solution["potential"], solution["current"]


# ---------------------------------------------------------------- exact potentials


@pytest.fixture(scope="module")
def quad():
    try:
        return exact.library()
    except compiled.Unavailable as error:
        pytest.skip(f"no quad precision here: {error}")


def by_mpmath(one):
    """Return potentials with 60 digits, by dense elimination."""
    a, b = np.asarray(one.net.edges).T
    free = np.flatnonzero(exact.free_nodes(one))
    at = exact.voltages(one)
    place = {int(node): k for k, node in enumerate(free)}
    with mpmath.workdps(60):
        matrix, right = mpmath.zeros(len(free)), mpmath.zeros(len(free), 1)
        for i, j, g in zip(a.tolist(), b.tolist(), map(float, one.conductance), strict=True):
            for here, there in ((i, j), (j, i)):
                if here in place:
                    matrix[place[here], place[here]] += g
                    if there in place:
                        matrix[place[here], place[there]] -= g
                    else:
                        right[place[here]] += mpmath.mpf(g) * float(at[there])
        return free, mpmath.lu_solve(matrix, right)


def wide(decades, seed=3):
    """Return a small lattice with conductances over decades."""
    net = mn.grid(6, 5, "none")
    return system(net, 10.0 ** np.random.default_rng(seed).uniform(-decades, 0.0, net.n_edges), [3.0, 0.5])


@pytest.mark.usefixtures("quad")
@pytest.mark.parametrize("decades", [2.0, 25.0])
def test_an_elimination_in_quad_precision_agrees_with_60_digits(decades):
    one = wide(decades)
    truth, updates = exact.eliminated(one)
    free, digits = by_mpmath(one)
    assert updates > 0
    with mpmath.workdps(60):
        for k, node in enumerate(free):
            value = mpmath.mpf(float(truth.high[node])) + float(truth.low[node])
            assert abs(value / digits[k] - 1) < 1e-29


@pytest.mark.usefixtures("quad")
@pytest.mark.parametrize("made", [lambda: wide(6.0), lambda: systems.crossbar(12), lambda: systems.wires(300)])
def test_a_proved_bound_holds_and_tells_the_same_error(made):
    one = made()
    potential, current = found(one)
    truth, proved = exact.eliminated(one)[0], exact.enclosed(one, potential)
    known = ~np.isnan(truth.high)
    off = np.abs((proved.high - truth.high) + (proved.low - truth.low))[known]
    assert np.all(off <= proved.bound[known] + 1e-30)
    assert proved.bound[known].max() < 1e-20
    solved, bounded = (exact.errors(one, each, potential, current) for each in (truth, proved))
    assert bounded == pytest.approx(solved, rel=1e-3, abs=1e-20)
    assert solved.potential < 1e-13
    assert solved.current < 1e-13


@pytest.mark.usefixtures("quad")
@hypothesis.settings(max_examples=20)
@given(st.floats(1e-14, 1e-3), st.integers(0, 10**6))
def test_an_error_that_is_put_in_is_found(size, at):
    one = wide(2.0)
    potential, current = found(one)
    free = np.flatnonzero(exact.free_nodes(one))
    node = free[at % len(free)]
    wrong = potential.copy()
    wrong[node] *= 1.0 + size
    assert exact.errors(one, exact.eliminated(one)[0], wrong, current).potential == pytest.approx(size, rel=0.2)
    more = current * (1.0 + size)
    assert exact.errors(one, exact.enclosed(one, potential), potential, more).current == pytest.approx(size, rel=0.2)


@pytest.mark.usefixtures("quad")
def test_what_cannot_be_proved_is_not():
    net = mn.Network(4, [[0, 1], [1, 2], [2, 3]], electrodes={"a": 0, "b": 3})
    cut_off = system(net, [1e-60, 1.0, 1e-60], [1.0, 0.0])
    potential, current = found(cut_off)
    assert exact.errors(cut_off, exact.enclosed(cut_off, potential), potential, current).potential == np.inf
    assert exact.errors(cut_off, exact.eliminated(cut_off)[0], potential, current).potential < 1e-15


# ---------------------------------------------------------------- peers


@pytest.mark.parametrize("name", peers.PEERS)
def test_peers_solve_the_same_system_again_and_again(name):
    one = systems.wires(200)
    reduced = laplacian.reduced(*one)
    try:
        peer = peers.Peer(name, reduced)
    except compiled.Unavailable as error:
        pytest.skip(str(error))
    potential = found(one)[0][reduced.free]
    for _ in range(2):
        assert peer() == pytest.approx(potential, rel=1e-9)
    assert peer.entries >= len(potential)
    peer.value *= 2.0
    assert peer() == pytest.approx(potential / 2.0, rel=1e-9)
    peer.close()


def test_a_program_that_cannot_be_compiled_says_why(monkeypatch):
    with pytest.raises(compiled.Unavailable, match=r"no_such_header\.h"):
        compiled.library("exact.c", flags=["-include", "no_such_header.h"])
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.raises(compiled.Unavailable, match="no-such-compiler"):
        compiled.library("exact.c")


def test_peers_without_headers_are_unavailable(monkeypatch, tmp_path):
    monkeypatch.setenv("MEMNET_SUITESPARSE_INCLUDE", str(tmp_path))
    with pytest.raises(compiled.Unavailable, match="SuiteSparse"):
        peers.library.__wrapped__()


# ---------------------------------------------------------------- exponents


def test_a_power_law_has_its_exponent_and_no_error():
    n = np.array([10, 100, 1000, 5000])
    law = scaling.exponent(n, 3e-6 * n**1.31)
    assert law.value == pytest.approx(1.31, abs=1e-12)
    assert law.error == pytest.approx(0.0, abs=1e-9)
    assert law.factor == pytest.approx(3e-6, rel=1e-9)


@given(
    st.lists(st.floats(1e-7, 10.0), min_size=3, max_size=8).filter(lambda seconds: max(seconds) > 1.001 * min(seconds))
)
def test_exponents_and_errors_are_those_of_scipy(seconds):
    n = [10 * 3**k for k in range(len(seconds))]
    law, line = scaling.exponent(n, seconds), stats.linregress(np.log(n), np.log(seconds))
    assert law.value == pytest.approx(line.slope, abs=1e-9)
    assert law.error == pytest.approx(line.stderr, rel=1e-6, abs=1e-7)


def test_two_sizes_have_no_exponent_with_an_error():
    with pytest.raises(ValueError, match="needs 3 sizes or more, got 2"):
        scaling.exponent([1, 2], [1.0, 2.0])


# ---------------------------------------------------------------- kept results


def row(what, samples, good=None, bar="", unit="s"):
    return measuring.Row(what, "shown", bar, good, samples, unit)


def kept(folder, *rows):
    record = records.Record(True, "0.0", folder)
    for one in rows:
        record.add("topic", one)
    return record.file


def test_results_come_back_as_they_were_kept(tmp_path):
    samples = [5.0, 1.0, 2.0, 4.0, 3.0]
    first = kept(tmp_path, row("many", samples, True, "< 4 s"), row("few", [1.0, 3.0]), row("words", []))
    held = records.read(first)
    many, few, words = held["rows"]
    assert (many["median"], many["low"], many["high"], many["samples"]) == (3.0, 2.0, 4.0, 5)
    assert (few["median"], few["low"], few["high"], few["samples"]) == (2.0, 1.0, 3.0, 2)
    assert "median" not in words
    assert (many["benchmark"], many["what"], many["bar"], many["good"]) == ("topic", "many", "< 4 s", True)
    assert held["quick"] is True
    assert held["versions"]["memnet"] == "0.0"
    assert first.name.startswith(f"{held['date'][:10]}-{held['commit']}-")
    assert platform.node() not in first.read_text() or platform.node() in ("", "localhost", "memnet")


def test_a_second_run_does_not_write_over_the_first(tmp_path):
    first, second = (kept(tmp_path, row("a", [1.0])) for _ in range(2))
    assert first != second
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"rows": 3}', "nonsense"])
def test_a_file_without_results_is_refused(tmp_path, text):
    file = tmp_path / "results.json"
    file.write_text(text)
    with pytest.raises(ValueError, match="holds no results"):
        records.read(file)
    with pytest.raises(ValueError, match="holds no results"):
        records.read(tmp_path / "none.json")


def changed(tmp_path, old, new):
    files = [kept(tmp_path, *rows) for rows in (old, new)]
    return {one.what: one for one in compare.changes(*map(records.read, files))}


def test_only_what_leaves_the_spread_has_changed(tmp_path):
    old = [row("still", [1.0, 1.2]), row("slower", [1.0, 1.1]), row("one", [10.0]), row("one far", [10.0])]
    new = [row("still", [1.1, 1.4]), row("slower", [1.2, 1.3]), row("one", [10.9]), row("one far", [8.0])]
    found_rows = changed(tmp_path, [*old, row("gone", [1.0])], [*new, row("new", [1.0])])
    assert {what for what, one in found_rows.items() if one.beyond} == {"slower", "one far"}
    assert found_rows.keys() == {"still", "slower", "one", "one far"}
    assert found_rows["slower"].verdict == "worse"
    assert found_rows["one far"].verdict == "better"
    assert found_rows["one far"].by == pytest.approx(-0.2)


def test_a_bar_says_which_way_is_better_and_whether_it_is_met(tmp_path):
    old = [row("ratio", [2.0, 2.1], True, ">= 2x", "x"), row("met", [1.0], False, "< 1 s"), row("count", [1], unit="")]
    new = [row("ratio", [1.8, 1.9], False, ">= 2x", "x"), row("met", [0.99], True, "< 1 s"), row("count", [2], unit="")]
    found_rows = changed(tmp_path, old, new)
    assert found_rows["ratio"].verdict == "**now missed**"
    assert found_rows["met"].verdict == "now met"
    assert found_rows["met"].told
    assert found_rows["count"].verdict == ""


def test_rows_of_one_text_are_told_apart(tmp_path):
    twice = [row("the same", [1.0]), row("the same", [5.0])]
    files = [records.read(kept(tmp_path, *twice)) for _ in range(2)]
    assert [one.by for one in compare.changes(*files)] == [0.0, 0.0]


@given(st.lists(st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=9), max_size=5))
def test_nothing_changes_between_a_run_and_itself(samples):
    held = {"rows": []}
    for k, each in enumerate(samples):
        low, high = records.spread(each)
        middle = float(np.median(each))
        assert low <= middle <= high
        told = {"benchmark": "b", "what": str(k), "bar": "", "good": None, "unit": "s"}
        held["rows"].append(told | {"median": middle, "low": low, "high": high, "samples": len(each)})
    assert not any(one.told or one.by for one in compare.changes(held, held))


def test_comparing_prints_a_table_and_fails_where_a_bar_is_newly_missed(tmp_path, monkeypatch, capsys):
    files = [kept(tmp_path, row("a row", [t], t < 1.0, "< 1 s")) for t in (0.5, 1.5)]
    monkeypatch.setattr(sys, "argv", ["compare.py", *map(str, files)])
    assert compare.main() == 1
    printed = capsys.readouterr().out
    assert "| topic | a row | 0.5 s | 1.5 s | +200.0% | **now missed** |" in printed
    assert "1 rows compared, 1 changed; 0 only in old, 0 only in new" in printed
    monkeypatch.setattr(sys, "argv", ["compare.py", str(files[0]), str(files[0])])
    assert compare.main() == 0


# ---------------------------------------------------------------- two sides


def test_two_sides_take_turns_and_agree(monkeypatch):
    monkeypatch.setattr(against, "TURN", 1e-3)
    found_sides = against.measure(against.TASKS["wires1k"], [HERE, HERE], 2, True)
    here, other = found_sides.told
    assert [len(one) for one in found_sides.seconds] == [2, 2]
    assert here["current"] == other["current"]
    (line,) = against.lines("wires1k", found_sides)
    assert line.startswith("| wires1k | wires1k: factor + solve |")
    assert "currents apart 0e+00" in line
    assert ">= 1.15x" in line


def test_a_side_that_fails_says_why(tmp_path):
    side = against.Side(tmp_path)
    with pytest.raises(against.Failed, match="not from"):
        side.ask(kind="factor", system="wires1k", quick=True)
    side.end()
    failed = against.Found([{"edges": "", "current": [1.0]}, "no memory"], [[1.0, 2.0, 3.0], []])
    (line,) = against.lines("step200", failed)
    assert (
        line
        == "| step200 | A:C, 200 x 200: a step | - | 2 s (1 s) | - | >= 1.7x | **missed** | other side: no memory |"
    )


def test_absolute_bars_are_of_this_side():
    told = {"edges": "", "current": [1.0], "analysis": 16.0, "bytes": 2.0, "updates": 1.0}
    lines = list(against.lines("crossbar512", against.Found([told, told], [[2.0], [4.0]])))
    assert "**2.00x** (2.00x)" in lines[0]
    assert lines[1].endswith("| 16 s | | < 15 s | **missed** | |")
    assert lines[2].endswith("| 2 s | | < 3 s | met | |")


# ---------------------------------------------------------------- programs


def test_a_side_that_is_not_built_is_no_missed_bar(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["against.py", "--other", str(tmp_path), "wires1k"])
    with pytest.raises(SystemExit):
        against.main()
    assert f"{tmp_path}: memnet is not built there" in capsys.readouterr().err


def test_the_bench_prints_its_table_and_keeps_it(tmp_path):
    command = [sys.executable, str(BENCH / "run.py"), "--quick", "--into", str(tmp_path), "replicas"]
    environment = {**measuring.os.environ, "PYTHONPATH": str(tree.ROOT)}
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    (file,) = tmp_path.iterdir()
    held = json.loads(file.read_text())
    assert {one["benchmark"] for one in held["rows"]} == {"replicas"}
    assert all(f"| {one['what']} | {one['measured']} |" in printed for one in held["rows"])


PRESS = """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
import sys
from pathlib import Path
sys.path.insert(0, {bench!r})
import interrupts
delay, _ = interrupts.press(interrupts.Call("", "time.sleep(60)"), 0.1)
print(delay is not None and delay < 30.0)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGINT") or sys.platform == "win32", reason="no SIGINT to inherit")
def test_ctrl_c_is_measured_where_sigint_was_inherited_ignored():
    code = PRESS.format(bench=str(BENCH))
    environment = {**measuring.os.environ, "PYTHONPATH": str(tree.ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=50)
    assert done.stdout == "True\n", done.stderr
