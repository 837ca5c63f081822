"""Docstrings: every public function and class has one with its sections, and every example in them runs."""

import doctest
import inspect
import itertools
import re
import sys

import matplotlib
import pytest
from tree import ROOT

import memnet as mn
from memnet import drive
from memnet.base import docstrings
from memnet.devices import MODELS

matplotlib.use("Agg")

THEORY = (*(getattr(mn.theory, name) for name in mn.theory.__all__ if name.endswith("Field")),)
# Made by functions, not by hand: attributes in place of parameters.
THEORY += (mn.theory.FixedPoint, mn.theory.MeanField, mn.theory.Landau, mn.theory.Projector)


# The walk over public names is that of the web site, whose pages they have.
sys.path.insert(0, str(ROOT / "docs"))

from making import names  # noqa: E402

PUBLIC = {name.removeprefix("memnet."): value for name, value in names.public_names().items()}
# What is called by users: functions, and classes that are not results. Figures of one paper share their parameters.
CALLED = {
    name: value
    for name, value in PUBLIC.items()
    if value not in MODELS.values()
    and not name.startswith("papers.")
    and (inspect.isroutine(value) or "Parameters\n------" in inspect.getdoc(value))
}
# The rest of what users call.
OTHERS = {
    f"{owner.__name__}.{name}": member
    for owner in (mn.Network, mn.Simulation, mn.Solution, mn.Equilibria, drive.Waveform, *THEORY)
    for name, member in vars(owner).items()
    if not name.startswith("_") and (callable(member) or isinstance(member, (property, classmethod)))
}


def test_every_room_is_walked():
    found = {module.__name__ for module in names.public_modules()}
    assert {"memnet", "memnet.analysis", "memnet.plot", "memnet.papers.pnn2025", "memnet.theory.fits"} <= found
    assert {"percolating", "devices.RateBalance", "drive.sine", "analysis.Hysteresis", "papers.write"} <= set(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_examples_run(name, monkeypatch, tmp_path):
    """A public name has an example of its own; those of its members run, too."""
    from matplotlib import pyplot

    monkeypatch.chdir(tmp_path)
    value = inspect.unwrap(PUBLIC[name]) if inspect.isfunction(PUBLIC[name]) else PUBLIC[name]
    module = inspect.getmodule(value)
    found = doctest.DocTestFinder(exclude_empty=False).find(value, name, module, globs=dict(vars(module)))
    assert [test.name for test in found if test.name == name and test.examples], f"{name} has no example"
    said = []
    for test in found:
        doctest.DocTestRunner().run(test, out=said.append)
    pyplot.close("all")
    assert said == []


# What rooms call of each other, or needs more around it than an example has.
NOT_SHOWN = {
    *("Network.labels", "analysis.Autocorrelation.slope", "analysis.Autocorrelation.decades_above"),
    *("analysis.Histogram.slope", "analysis.Transient.jump", "equations.EquationError.located"),
    *("arrays.CrossbarRow.final_resistances", "arrays.LogicRow.final_resistances", "arrays.NeuronArray.write"),
    *("arrays.NeuronArray.learn", "arrays.SeizureDetector.windows", "simulate.Reaction.to_spec"),
    *("theory.Projector.mean_state", "theory.RateBalanceField.potential"),
    *(f"devices.Device.{name}" for name in ("recipe", "core_device", "relinked", "core_values")),
    *("devices.Series.relinked", "devices.Series.recipe"),
}
# Classes for those who write a layout or a shape; each is overridden alike.
ABSTRACT = (mn.network.Layout, mn.network.Shape)


def test_methods_and_properties_are_shown_in_an_example():
    """In that of their class, or in one of their own; parameters of device models are shown by the run of the model."""
    missing = set()
    for name, cls in PUBLIC.items():
        if not inspect.isclass(cls) or issubclass(cls, ABSTRACT) or cls in MODELS.values():
            continue
        shown = inspect.getdoc(cls).partition("Examples\n--------")[2]
        for member, told in names.members(cls).items():
            if member in vars(cls) and ">>>" not in inspect.getdoc(told) and not re.search(rf"\.{member}\b", shown):
                missing.add(f"{name}.{member}")
    assert missing == NOT_SHOWN


@pytest.mark.parametrize("name", CALLED)
def test_arguments_and_errors_are_documented(name):
    text = inspect.getdoc(CALLED[name])
    given = list(inspect.signature(CALLED[name]).parameters)
    assert [one for one in given if one not in text] == []
    if len(given) > 1:
        assert "Parameters\n------" in text
    if given:
        assert "Raises\n------" in text


def test_each_parameter_has_a_description():
    """As numpydoc's rule PR07 has it, by which the web site is built; a list of what may be given says enough."""
    silent = []
    for name, value in PUBLIC.items():
        told = {name: value}
        if inspect.isclass(value) and value not in MODELS.values():
            told |= {f"{name}.{member}": what for member, what in names.members(value).items()}
        for full, what in told.items():
            text = (inspect.getdoc(what) or "").partition("Parameters\n----------\n")[2]
            lines = [*text.partition("\n\n")[0].splitlines(), ""]
            pairs = itertools.pairwise(lines)
            alone = [one for one, below in pairs if re.match(r"\w.* : [^{]", one) and below[:1] != " "]
            silent += [f"{full}: {one}" for one in alone]
    assert silent == []


@pytest.mark.parametrize("name", [n for n in OTHERS if n.split(".")[0] in {one.__name__ for one in THEORY}])
def test_methods_of_theory_document_what_they_take_and_return(name):
    member = OTHERS[name]
    if isinstance(member, property):
        return
    text = inspect.getdoc(member)
    given = [one for one in inspect.signature(member).parameters if one != "self"]
    assert "Returns\n-------" in text
    for section in ("Parameters\n----------", *given) if given else ():
        assert section in text


@pytest.mark.parametrize("name", OTHERS)
def test_every_member_is_documented(name):
    member = OTHERS[name]
    text = inspect.getdoc(member.__func__ if isinstance(member, classmethod) else member)
    assert text
    assert text.splitlines()[0].endswith(".")


@pytest.mark.parametrize("name", MODELS)
def test_models_document_each_field_with_its_unit(name):
    model = MODELS[name]
    for section in ("Parameters\n------", "Source\n------"):
        assert section in model.__doc__
    for field in model._table["fields"]:
        assert f"\n{field['name']} : " in model.__doc__
        if field["unit"] != "1" and field["kind"] == "real":
            assert f"({field['unit']})" in " ".join(model.__doc__.split())


def test_an_override_says_what_is_its_own_and_has_the_sections_of_what_it_overrides():
    class Shape:
        def __init_subclass__(cls):
            docstrings.inherit(cls)

        def area(self, scale):
            """Return the area.

            Parameters
            ----------
            scale : float
                Of lengths.

            Returns
            -------
            float
                In m^2.

            Examples
            --------
            >>> Shape().area(1.0)
            """

        def edge(self):
            """Return the length of the edge."""

    class Disc(Shape):
        def area(self, scale):
            """Return pi r^2.

            Returns
            -------
            float
                In m^2, rounded.

            Notes
            -----
            Since Archimedes.
            """

        def edge(self):
            pass

    scale = "Parameters\n----------\nscale : float\n    Of lengths."
    rounded = "Returns\n-------\nfloat\n    In m^2, rounded."
    notes = "Notes\n-----\nSince Archimedes."
    assert Disc.area.__doc__ == "\n\n".join(["Return pi r^2.", scale, rounded, notes])
    assert Disc.edge.__doc__ is None
    assert "In m^2.\n" in inspect.getdoc(Shape.area)
