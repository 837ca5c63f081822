"""Quantities, estimates and tables as text, and the two forms that are made of them."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from memnet.base import text as words


class Pair(words.Summary):
    def _summary(self):
        return {"": "a <pair>", "left": "1 V", "right": "", "width": words.quantity(2e-6, "m")}


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0, "S", "0 S"),
        (-2.5e-6, "S", "-2.5 µS"),
        (0.99999e-3, "S", "1 mS"),
        (999.96, "S", "1 kS"),
        (1e-300, "S", "1e-300 S"),
        (1e300, "S", "1e+300 S"),
        (np.inf, "S", "inf S"),
        (np.nan, "S", "nan S"),
        (np.float64(0.12345), "", "0.1235"),
        (1 + 2j, "A", "1+2j A"),
        (1, "step", "1 step"),
        (2000, "sample", "2,000 samples"),
        (12_345, "bin", "12,345 bins"),
        (0.5, "step", "0.5 steps"),
    ],
)
def test_quantities_have_prefixes_or_plurals(value, unit, text):
    assert words.quantity(value, unit) == text


@given(st.floats(min_value=1e-15, max_value=1e11), st.sampled_from([-1.0, 1.0]))
def test_quantities_keep_four_digits(size, sign):
    number, unit = words.quantity(sign * size, "V").split()
    power = next(power for power, prefix in words.PREFIXES.items() if f"{prefix}V" == unit)
    assert 1.0 <= abs(float(number)) < 1000.0
    assert float(number) * 10.0**power == pytest.approx(sign * size, rel=5.001e-4)


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [(1.9456, 0.0321, "1.946 ± 0.032"), (2.0, math.nan, "2"), (math.nan, 0.1, "-"), (math.nan, math.nan, "-")],
)
def test_estimates_have_one_form(value, error, text):
    assert words.estimate(value, error) == text


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (2.0, "2 V"),
        ([1.0, np.nan, -1e-3], "-1 mV to 1 V"),
        ([1.0, 1.00001], "1 V"),
        ([np.nan], "nan V"),
        ([], "nan V"),
        ([1j, 2 + 0j], "0+1j V, 2+0j V"),
    ],
)
def test_spans_leave_out_what_is_not_known(values, text):
    assert words.span(values, "V") == text


def test_ends_keep_their_order():
    assert words.ends(1.0, -1.0, "V") == "1 V to -1 V"
    assert words.ends(3.0, 3.0, "V") == "3 V"


def test_a_summary_is_a_line_and_a_table_without_empty_rows():
    assert repr(Pair()) == "<Pair: a <pair>; left 1 V; width 2 µm>"
    page = Pair()._repr_html_()
    assert page.startswith("<table><caption>memnet Pair</caption>")
    assert page.count("<tr>") == 3
    assert ">a &lt;pair&gt;</td>" in page
