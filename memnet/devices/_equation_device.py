"""What devices have in common whose model is a text."""

from __future__ import annotations

import textwrap
from typing import ClassVar

from memnet import _core, equations
from memnet.devices._device import Device
from memnet.devices._device_class import device_class
from memnet.devices._equation_table import equation_table
from memnet.devices._model_in_c import model_in_c


class EquationDevice(Device):
    r"""A device whose model is a text: the base of the classes that `device_model` returns, and of some of memnet's.

    Attributes
    ----------
    text : str
        The equations.

    Examples
    --------
    >>> import memnet as mn
    >>> Ohmic = mn.device_model("Ohmic", "i = g*v\nparameter g = 1 mS in [0, inf) : conductance")
    >>> issubclass(Ohmic, mn.devices.EquationDevice), Ohmic(g=2e-3).g
    (True, 0.002)
    """

    text: ClassVar[str] = ""

    @classmethod
    def to_c(cls) -> str:
        r"""Return the model as C, with the bits of the interpreter: a file as those of csrc/devices/generated.

        Examples
        --------
        >>> import memnet as mn
        >>> Ohmic = mn.device_model("Ohmic", "i = g*v\nparameter g = 1 mS in [0, inf) : conductance")
        >>> print(Ohmic.to_c().splitlines()[1])
        #include "devices/equation_model.h"
        """
        return model_in_c(equation_table(cls.model, cls.text))

    @classmethod
    def to_verilog_a(cls) -> str:
        r"""Return the model as a module of Verilog-A, for simulators of circuits.

        The module has the two nodes of the edge as ports ``a`` and ``b``, and those of a linked edge, as its comments
        say. Parameters have their names, units, defaults and ranges. Each state is the voltage of an inner node, in
        units of its range, so that tolerances of voltages fit; its rate falls to nothing within a millionth of the
        range from the end that it leads to. In the operating point states are at their starts. Where a charge starts
        (`v_initial`) is for the simulator to say, as of any capacitor.

        Raises
        ------
        ValueError
            The model has events or noise, which a module cannot have.

        Examples
        --------
        >>> import memnet as mn
        >>> Ohmic = mn.device_model("Ohmic", "i = g*v\nparameter g = 1 mS in [0, inf) : conductance")
        >>> print(Ohmic.to_verilog_a().splitlines()[-3].strip())
        I(a, b) <+ (g * V(a, b));
        """
        model = equations.parse(cls.model, cls.text)
        return equations.verilog_a(model, equations.table(model), cls._table["doc"])


def equation_class(
    model: _core.Model, made: _core.MadeModel | None = None, base: type[EquationDevice] = EquationDevice
) -> type[EquationDevice]:
    """Make the class of a model with a text; `made` is the model itself where it is in no list."""
    of_table, text = device_class(model, made), model["text"] or ""
    shown = textwrap.indent(textwrap.dedent(text).strip("\n"), "    ")
    doc = f"{of_table.__doc__}\nEquations\n---------\n::\n\n{shown}\n"
    body = {"text": text, "__module__": of_table.__module__, "__doc__": doc}
    return type(model["name"], (base, of_table), body)
