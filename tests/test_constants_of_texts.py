"""Names of constants, which only parameters may replace."""

import pytest

import memnet as mn


@pytest.mark.parametrize("name", ["R", "F"])
@pytest.mark.parametrize("line", ["{0} = 1/g", "state {0} = 1"])
def test_what_is_no_parameter_has_no_name_of_a_constant(name, line):
    text = f"i = v*g\nparameter g = 1 S\n{line.format(name)}"
    with pytest.raises(ValueError, match=f"line 3.*{name} is a constant of the language"):
        mn.device_model("M", text)


def test_a_parameter_replaces_a_constant():
    assert mn.device_model("M", "i = v/R\nparameter R = 2 ohm in (0, inf)")().parameters["R"] == 2.0
