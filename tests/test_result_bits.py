"""Results have the bits that they had: the hashes of scripts/result_bits.py against those stored in result_bits.txt."""

import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import named_results  # noqa: E402
import result_bits  # noqa: E402

# Steps are coarse here: what is compared does not depend on them.
pytestmark = pytest.mark.filterwarnings("ignore::memnet.StepWarning")

TABLE = ROOT / "tests" / "result_bits.txt"
MADE_WITH, STORED = result_bits.read(TABLE)
NAMES = [*named_results.FIXED, *named_results.BY_LIBRARY]


@pytest.fixture(scope="module")
def differences():
    """What is not here as it was where the table was made."""
    return [f"{name}: {text}" for name, text in result_bits.surroundings().items() if MADE_WITH.get(name) != text]


@pytest.mark.filterwarnings("ignore::memnet.theory.NotIdentifiable")
@pytest.mark.parametrize("name", NAMES)
def test_bits_are_as_stored(name, differences):
    if name in named_results.BY_LIBRARY and differences:
        pytest.skip(f"bits of the libraries, which differ here: {'; '.join(differences)}")
    result = {**named_results.FIXED, **named_results.BY_LIBRARY}[name]
    found = result_bits.hash_of_computed(result)
    assert found == STORED[name][1], f"{name} has changed; CHANGELOG.md lists such changes"


def test_the_table_has_at_least_thirty_results_and_no_other():
    assert len(NAMES) >= 30
    assert {name: kind for name, (kind, _) in STORED.items()} == {
        **dict.fromkeys(named_results.FIXED, "fixed"),
        **dict.fromkeys(named_results.BY_LIBRARY, "library"),
    }


VALUE = {"a": np.array([1.0, -0.0, np.nan]), "b": [1, 2.0, "three"], "c": None}


@pytest.mark.parametrize(
    "other",
    [
        {**VALUE, "a": np.array([1.0, 0.0, np.nan])},
        {**VALUE, "a": np.array([np.nextafter(1.0, 2.0), -0.0, np.nan])},
        {**VALUE, "a": VALUE["a"].astype(np.float32)},
        {**VALUE, "a": VALUE["a"].reshape(3, 1)},
        {**VALUE, "b": [1, 2, "three"]},
        {**VALUE, "b": [1, 2.0, "four"]},
        {**VALUE, "d": None},
    ],
)
def test_a_hash_sees_the_last_bit_the_type_and_the_shape(other):
    assert result_bits.hash_of(other) != result_bits.hash_of(VALUE)


def test_a_hash_does_not_see_the_order_of_names_the_payload_of_a_nan_or_how_an_array_lies():
    payload = np.array([1.0, -0.0, np.nan])
    payload.view(np.uint64)[2] |= np.uint64(1 << 63 | 5)
    lying = np.array([[1.0, 9.0], [-0.0, 9.0], [np.nan, 9.0]])[:, 0]
    for array in (payload, lying, VALUE["a"].astype(">f8")):
        again = {"c": None, "b": VALUE["b"], "a": array}
        assert result_bits.hash_of(again) == result_bits.hash_of(VALUE)


def test_the_script_names_what_differs(tmp_path, monkeypatch):
    monkeypatch.setattr(result_bits, "FIXED", {"one": lambda: 1, "two": lambda: 2})
    monkeypatch.setattr(result_bits, "BY_LIBRARY", {"three": lambda: 3})
    result_bits.write(tmp_path / "table.txt")
    assert result_bits.check(tmp_path / "table.txt") == []
    monkeypatch.setattr(result_bits, "FIXED", {"one": lambda: 1, "two": lambda: 2.0, "four": lambda: 4})
    monkeypatch.setattr(result_bits, "BY_LIBRARY", {"three": lambda: 4})
    names = [line.partition(":")[0] for line in result_bits.check(tmp_path / "table.txt")]
    assert names == ["two", "four", "three"]
    monkeypatch.setattr(result_bits, "surroundings", lambda: {"machine": "another"})
    names = [line.partition(":")[0] for line in result_bits.check(tmp_path / "table.txt")]
    assert names == ["two", "four"]
    monkeypatch.setattr(result_bits, "FIXED", {"one": lambda: 1})
    assert [line.partition(":")[0] for line in result_bits.check(tmp_path / "table.txt")] == ["two"]
