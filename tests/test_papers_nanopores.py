"""NP24: its figures against numbers of independent calculations, and its statements' verdicts."""

import runpy
from pathlib import Path

import numpy as np
import pytest
from figures_again import drawn_again
from test_papers import memnet, refused

from memnet.papers import _registry as registry, nanopores2024
from memnet.papers._statement import HEAD, Statement
from memnet.papers.nanopores2024 import _about_answers, _curves, spectra, statements as tables, steady

MICRO, MILLI = 1e6, 1e3
ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "papers" / "nanopores2024.md"
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "statements.py"))


def printed(value, digits):
    """All digits of a number that is printed: half a unit of the last one."""
    return pytest.approx(value, abs=0.5 * 10.0**-digits)


# ---------------------------------------------------------------- figures are computed, written, read and drawn

SMALL = {
    "6": {"points": 31},
    "12": {"points": 31},
    "14": {"points": 31},
    "16": {"points": 31},
    "17": {"points": 5, "rows": 40},
    "24": {"points": 31},
    "28": {"points": 7, "voltages": [-0.1, 0.2]},
}


@pytest.mark.parametrize("key", SMALL)
def test_every_figure_is_computed_written_read_and_drawn(key, tmp_path, monkeypatch):
    for theirs in drawn_again(nanopores2024.FIGURES[key], SMALL[key], tmp_path, monkeypatch):
        assert theirs.attrs["title"] == f"NP24, Fig. {key}"


@pytest.mark.parametrize(
    ("compute", "arguments", "words"),
    [
        (nanopores2024.figure12, {"low": 1.0, "high": 1.0}, "high must be"),
        (nanopores2024.figure6, {"points": 2}, "points must be"),
        (nanopores2024.figure17, {"g_L": 2e-6}, "g_H must be"),
        (nanopores2024.figure17, {"tau": 0.0}, "inductance must be"),
        (nanopores2024.figure17, {"rows": 4}, "rows must be"),
        (nanopores2024.figure28, {"slowest": 0.0}, "slowest must be"),
        (nanopores2024.figure28, {"slowest": 1e9}, "fastest must be"),
        (nanopores2024.figure28, {"series": 0.0}, "series must be"),
        (nanopores2024.figure28, {"voltages": [np.nan]}, "voltages must be finite"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(compute, arguments, words):
    with pytest.raises(ValueError, match=words):
        compute(**arguments)


# ---------------------------------------------------------------- the figures say what is


def test_figure6_peaks_where_an_independent_calculation_has_them():
    data = nanopores2024.figure6(points=701)
    assert list(data["gate"].values) == ["m", "h", "n"]
    for gate, u, tau in (("m", 26.16, 0.50143), ("h", -1.81, 8.58240), ("n", -12.17, 5.79234)):
        one = data.sel(gate=gate)
        assert MILLI * float(one["peak_voltage"]) == printed(u, 2)
        assert MILLI * float(one["peak_tau"]) == printed(tau, 5)
        assert float(one["tau"].max()) <= float(one["peak_tau"]) * (1.0 + 1e-12)
    assert MILLI * data.attrs["rest"] == printed(0.00027757, 8)


def test_figure6_has_the_currents_of_eq_1():
    data = nanopores2024.figure6(low=-0.05, high=0.15, points=21)
    u = MILLI * data["voltage"].values
    m, h, n = data["equilibrium"].values
    # mS/cm2 and mV give uA/cm2, of which 100 are 1 A/m2.
    sodium, potassium, leak = 120.0 * m**3 * (u - 115.0), 36.0 * n**4 * (u + 12.0), 0.3 * (u - 10.6)
    size = np.abs(sodium) + np.abs(potassium) + np.abs(leak)
    for name, expected in (
        ("sodium_open", sodium),
        ("sodium", sodium * h),
        ("potassium", potassium),
        ("current", sodium * h + potassium + leak),
    ):
        assert (np.abs(100.0 * data[name].values - expected) <= 1e-11 * size).all(), name


def test_figure12_has_the_printed_numbers():
    data = nanopores2024.figure12()
    for u, current, slope in (
        (0.0, -0.02120471317, 0.09405706382),
        (0.5, 0.165, 1.225),
        (1.0, 0.7951811473, 1.041842442),
    ):
        at = data.sel(voltage=u, method="nearest")
        assert float(at["voltage"]) == pytest.approx(u, abs=1e-15)
        assert MICRO * float(at["current"]) == pytest.approx(current, rel=5e-10)
        assert MICRO * float(at["conductance"]) == pytest.approx(slope, rel=5e-10)
    assert data.sizes["extremum"] == data.attrs["falling_regions"] == 0
    np.testing.assert_allclose(data["low_current"], 1e-7 * (data["voltage"] - 0.2), rtol=1e-12, atol=1e-22)
    np.testing.assert_allclose(data["high_current"], 1e-6 * (data["voltage"] - 0.2), rtol=1e-12, atol=1e-22)


def test_figure14_has_the_printed_numbers():
    data = nanopores2024.figure14(points=11)
    assert data["extremum_voltage"].values == printed([-0.9528847237, -0.3628703668], 10)
    assert MICRO * data["extremum_current"].values == printed([-0.1263677834, -0.4603325891], 10)
    # By minimising the closed form: -1.1472319041 at -0.5543252910.
    assert MICRO * data.attrs["smallest_conductance"] == printed(-1.1472319041, 10)
    assert data.attrs["smallest_conductance_voltage"] == pytest.approx(-0.554325291, abs=1e-7)
    assert data.attrs["falling_regions"] == 1


def test_figure16_has_one_region_with_the_v_b_of_the_text_and_two_as_printed():
    data = nanopores2024.figure16(points=11)
    printed_, text = data["printed"], data["text"]
    assert printed_["extremum_voltage"].values[2:] == printed([0.6073295024, 1.1282233514], 10)
    assert MICRO * printed_["extremum_current"].values[2:] == printed([0.3033609603, 0.1042035139], 10)
    assert (printed_.attrs["falling_regions"], text.attrs["falling_regions"]) == (2, 1)
    up, down = text["extremum_current"].values
    assert up > down > 0.0
    assert {"state_x", "state_y"} <= set(text)


def test_figure24_has_the_printed_numbers():
    data = nanopores2024.figure24()
    at = data.sel(voltage=0.2, method="nearest")
    assert float(at["voltage"]) == pytest.approx(0.2, abs=1e-15)
    for name, value in (("tau_activation", 3.694528049), ("tau_deactivation", 3.694528049), ("tau", 1.847264025)):
        assert MILLI * float(at[name]) == pytest.approx(value, rel=5e-10)
    assert float(at["state_x"]) == pytest.approx(0.5, rel=1e-12)
    assert data.attrs["peak_voltage"] == pytest.approx(data.attrs["V_B"], abs=1e-7)
    u, x = data["voltage"].values, data["state_x"].values
    # Eqs 41 and 45 to 47.
    np.testing.assert_allclose(data["tau_activation"], 0.5e-3 * np.exp(-(u - 0.6) / 0.2), rtol=1e-11)
    np.testing.assert_allclose(data["tau_deactivation"], 0.5e-3 * np.exp((u + 0.2) / 0.2), rtol=1e-11)
    np.testing.assert_allclose(data["tau_deactivation"] / data["tau_activation"], x / (1.0 - x), rtol=1e-11)


def test_figure17_has_the_loops_and_spectra_of_closed_forms():
    data = nanopores2024.figure17(points=7, rows=1000)
    w = 2.0 * np.pi * 100.0
    # Area of a loop: pi U_0^2 times the part of the admittance that is out of phase.
    expected = {"capacitive": -np.pi * w * 1e-9, "inductive": np.pi * 0.9e-6 * w * 1e-3 / (1.0 + (w * 1e-3) ** 2)}
    for kind, one in data.items():
        assert one.attrs["loop"] == kind
        assert one.attrs["area"] == pytest.approx(expected[kind], rel=2e-5)
        f = one["frequency"].values
        s = 2j * np.pi * f
        y = 1e-6 + s * 1e-9 if kind == "capacitive" else 1e-7 + 0.9e-6 / (1.0 + s * 1e-3)
        z = one["resistance"].values + 1j * one["reactance"].values
        np.testing.assert_allclose(z, 1.0 / y, rtol=1e-10)
        np.testing.assert_allclose(one["capacitance"], y.imag / s.imag, rtol=1e-6)
    far = data["inductive"].isel(frequency=-1)
    # Eq. 32 with L = tau/(g_H - g_L).
    star = -1.0 / ((2.0 * np.pi * float(far["frequency"])) ** 2 * 1e-3 / 0.9e-6)
    assert float(far["capacitance"]) == pytest.approx(star, rel=1e-5)
    assert "fast_current" not in data["capacitive"]
    inside = data["inductive"]
    assert float(np.abs(inside["current"]).max()) < float(np.abs(inside["steady_current"]).max())


def test_figure28_has_the_printed_numbers():
    rate = 1e3 / (2.0 * np.pi)  # Hz of w = 1/ms
    data = nanopores2024.figure28(voltages=[0.2], slowest=rate, fastest=100.0 * rate, points=3)
    assert MICRO * float(data["g_b"][0]) == printed(0.81225233, 8)
    assert MICRO * float(data["g_a"][0]) == printed(0.29716382, 8)
    assert MILLI * float(data["tau"][0]) == printed(1.5414201, 7)
    z = 1e-6 * (data["resistance"].values + 1j * data["reactance"].values)[0]
    assert (z[0].real, z[0].imag) == (printed(1.18645637, 8), printed(0.16253309, 8))
    assert (z[2].real, z[2].imag) == (printed(1.31343614, 8), printed(-0.14650934, 8))
    slow = nanopores2024.figure28(voltages=[0.2], slowest=1e-7, points=3)
    assert 1e-6 * float(slow["resistance"][0, 0]) == printed(1.001375, 6)
    assert data.attrs["deviation"] < 1e-10
    assert float(data["inductance"][0] * data["g_a"][0] / data["tau"][0]) == pytest.approx(1.0, rel=1e-12)


def test_figure28_changes_the_sign_of_its_slow_arc_with_the_voltage():
    data = nanopores2024.figure28(voltages=[-0.3, -0.1, 0.0, 0.1, 0.3], points=81)
    assert (data["fast_arc"] < 0.0).all()
    assert np.sign(data["slow_arc"].values).tolist() == [-1.0, -1.0, 0.0, 1.0, 1.0]
    assert np.isinf(data["inductance"].values[2])
    # C_m + Re C_a of eq. 58.
    w = 2.0 * np.pi * data["frequency"]
    branch = -data["g_a"] * data["tau"] / (1.0 + (w * data["tau"]) ** 2)
    size = np.abs(branch) + 1e-12 + data["g_b"] / w
    assert (np.abs(data["capacitance"] - 1e-12 - branch) <= 1e-9 * size).all()


def test_a_spectrum_without_arcs_has_none():
    assert spectra._arcs(np.zeros((2, 5)), np.ones((2, 5), dtype=bool)).tolist() == [0.0, 0.0]
    row = np.array([[0.0, -1.0, 0.0, 3.0, 0.0]])
    inside = np.array([[True, True, True, False, False]])
    assert spectra._arcs(row, inside).tolist() == [-1.0]
    assert spectra._arcs(row, ~inside).tolist() == [3.0]


def test_zeros_and_peaks_of_closed_forms():
    assert _curves.zeros(np.cos, 0.0, 7.0) == pytest.approx([0.5 * np.pi, 1.5 * np.pi], rel=1e-14)
    assert _curves.zeros(lambda x: x, -1.0, 1.0).tolist() == [0.0]
    assert _curves.zeros(np.cosh, -1.0, 1.0).size == 0
    assert _curves.peak(np.sin, 0.0, 3.0) == (pytest.approx(0.5 * np.pi, abs=1e-7), pytest.approx(1.0, rel=1e-14))
    assert _curves.lowest(np.sin, 3.0, 6.0)[1] == pytest.approx(-1.0, rel=1e-14)


# ---------------------------------------------------------------- statements


def statement(**more):
    given = {"text": "t", "judged": "j", "group": "g", "shown": ("a",), "holds": lambda n: n["a"] > 1.0, **more}
    return Statement(**given)


def test_verdicts_follow_from_numbers():
    plain = statement()
    assert plain.row({"a": 2.0}) == "| t | j | a: 2 | holds |"
    assert plain.verdict({"a": 0.5}) == "does not hold"
    under = statement(condition="a is {b:.2g}", holds_if=lambda n: n["b"] > 1.0)
    assert under.verdict({"a": 2.0, "b": 0.0}) == "holds"
    assert under.verdict({"a": 0.0, "b": 1.25}) == "holds if a is 1.2"
    assert under.verdict({"a": 0.0, "b": 0.0}) == "does not hold"
    with pytest.raises(ArithmeticError, match="cannot be judged: a is nan"):
        plain.verdict({"a": np.nan})


# Groups that take a second together, and what their statements come to.
VERDICTS = {
    "times": {"Sec. 11.1: the maximum": "holds if n_A is 2", "Sec. 11.5: tau_M": "does not hold"},
    "deactivation": {"Sec. 6: eqs 22 and 23": "holds if the voltage is slow"},
    "relaxing": {"Sec. 11.3": "holds if the scan rate is the same", "Fig. 30": "holds"},
    "together": {
        "Fig. 38 a": "holds",
        "Fig. 38 b": "holds if each pore has a C_m",
        "Fig. 39 b": "holds if each pore has a C_m",
    },
    "pulses": {"Fig. 22": "does not hold", "Figs 19 d, 34 a": "holds"},
    "spectrum": {"Sec. 11.2: g_a": "holds if E_0 is 0", "Fig. 28: a capacitive": "holds"},
    "membrane": {
        "Fig. 6 b": "holds if E_leak is 10.5989 mV",
        "Fig. 6: eq. 1": "holds if they count from V_R",
        "Sec. 6: that region": "does not hold",
        "Sec. 3.1: the model": "holds if C_m is 1 uF/cm2",
    },
}


@pytest.mark.parametrize("group", VERDICTS)
def test_statements_are_judged(group):
    numbers = tables.MEASURES[group]()
    found = {one.text: one.verdict(numbers) for one in nanopores2024.STATEMENTS if one.group == group}
    for start, verdict in VERDICTS[group].items():
        (said,) = (words for text, words in found.items() if text.startswith(start))
        assert said == verdict if verdict in ("holds", "does not hold") else said.startswith(verdict)


def test_every_statement_has_a_measurement_of_its_own_words():
    assert {one.group for one in nanopores2024.STATEMENTS} == set(tables.MEASURES)
    assert len({one.text for one in nanopores2024.STATEMENTS}) == len(nanopores2024.STATEMENTS)
    for one in nanopores2024.STATEMENTS:
        assert bool(one.condition) == (one.holds_if is not None), one.text
        assert "|" not in one.text + one.judged + one.condition


def test_numbers_behind_verdicts_are_those_of_independent_calculations():
    numbers = _about_answers.measure_together()
    assert numbers["upper one (V)"] == pytest.approx(0.41604, rel=1e-3)
    numbers = _about_answers.measure_pulses()
    assert numbers["1st (uS)"] == pytest.approx(0.29822642, rel=1e-5)
    assert numbers["20th (uS)"] == pytest.approx(0.863783048, rel=1e-5)
    assert numbers["40th (uS)"] == pytest.approx(0.101761027, rel=1e-5)


def verdicts(table):
    return [line.split("|")[-2].strip() for line in table.strip().splitlines()[2:]]


@pytest.mark.slow
def test_the_whole_table_comes_to_the_verdicts_of_the_page(tmp_path):
    result = memnet("reproduce", "nanopores2024", "--table", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert [line for line in result.output.splitlines() if line and "|" not in line] == list(tables.MEASURES)
    written = (tmp_path / "table.md").read_text()
    assert written.strip() in result.output
    assert verdicts(written) == verdicts(SCRIPT["parts"](PAGE)[1])


# ---------------------------------------------------------------- command line and script


def test_a_table_is_written_by_the_command(tmp_path):
    out = tmp_path / "new"
    result = memnet("reproduce", "nanopores2024", "--table", "--option", 'groups=["times"]', "--out", out)
    assert result.exit_code == 0, result.output
    rows = (out / "table.md").read_text().splitlines()
    assert rows[:2] == list(HEAD)
    assert len(rows) - 2 == sum(one.group == "times" for one in nanopores2024.STATEMENTS)
    assert all(row.count(" |") == 4 for row in rows[2:])
    assert "\n".join(rows) in result.output


def test_a_table_without_seeds_takes_none(tmp_path):
    table = ("reproduce", "nanopores2024", "--table", "--out", tmp_path)
    assert "the table of nanopores2024 takes no --seeds" in refused(*table, "--seeds", "1,2")
    for name in ("--size", "--steps", "--seed"):
        assert f"the table of nanopores2024 got an unknown keyword '{name[2:]}'" in refused(*table, name, 3)
    assert "did you mean 'groups'" in refused(*table, "--option", "group=1")
    assert "unknown group 'time', did you mean 'times'" in refused(*table, "--option", 'groups=["time"]')
    assert not list(tmp_path.iterdir())


def test_a_figure_is_written_and_drawn_by_the_command(tmp_path):
    result = memnet("reproduce", "nanopores2024", "--figure", "16", "--quick", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert (tmp_path / "nanopores2024-16.png").read_bytes().startswith(b"\x89PNG")
    assert list(registry.read(tmp_path / "nanopores2024-16.nc")) == ["printed", "text"]


def test_the_script_writes_and_checks_one_paper(tmp_path, monkeypatch, capsys):
    page = tmp_path / "nanopores2024.md"
    page.write_text(PAGE.read_text())
    assert SCRIPT["main"](["nanopores2024", "--check", "--pages", str(tmp_path)]) == 0
    monkeypatch.setattr(nanopores2024, "table", lambda out, *, groups=None, say=len: f"| {out.name} |\n")
    assert SCRIPT["main"](["nanopores2024", "--pages", str(tmp_path), "--out", str(tmp_path)]) == 0
    assert SCRIPT["parts"](page)[1] == "\n| nanopores2024 |\n"
    assert SCRIPT["main"](["nanopores2024", "--check", "--pages", str(tmp_path)]) == 1
    assert "has not 'Fig. 6 b" in capsys.readouterr().out
    for arguments, words in (
        (["nanopores2024", "--seeds", "1"], "nothing is random in the tables of nanopores2024"),
        (["nanopores2042"], "unknown paper 'nanopores2042'"),
    ):
        with pytest.raises(SystemExit):
            SCRIPT["main"](arguments)
        assert words in capsys.readouterr().err


def test_steady_grids_are_those_asked_for():
    assert steady.grid(-1.0, 1.0, 3).tolist() == [-1.0, 0.0, 1.0]
