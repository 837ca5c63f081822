"""Docstrings: every public function and class has one with its sections, and every example in them runs."""

import doctest
import inspect

import matplotlib
import pytest

import memnet as mn
from memnet import drive, plot
from memnet.devices import MODELS, Mix

matplotlib.use("Agg")

FIELDS = (mn.theory.RateBalanceField, mn.theory.HillockField, mn.theory.LinearDriftField)
# Made by functions, not by hand: attributes in place of parameters.
RESULTS = (mn.theory.FixedPoint, mn.theory.MeanField, mn.theory.Landau, mn.theory.Projector)
THEORY = FIELDS + RESULTS
NOT_CALLED = (Mix, drive.Waveform, mn.Solution, mn.ShortCircuit, *RESULTS)
FUNCTIONS = {
    **{name: getattr(mn, name) for name in ("from_networkx", "mix", "solve", "terminal_conductance")},
    **{name: getattr(mn, name) for name in ("concat", "devices_of", "load_network", "open_run", "rerun", "resume")},
    "Network": mn.Network,
    **{f"network.{shape.__name__}": shape for shape in (*mn.network.SHAPES.values(), mn.network.Members)},
    "ShortCircuit": mn.ShortCircuit,
    "Simulation": mn.Simulation,
    "Solution": mn.Solution,
    "Mix": Mix,
    "drive.Waveform": drive.Waveform,
    **MODELS,
    **{name: getattr(mn, name) for name in ("wire_devices", *mn.network.GENERATORS, "to_spice")},
    **{
        f"theory.{name}": getattr(mn.theory, name)
        for name in (
            "critical_chi",
            "fit_mean_field",
            "fit_rate_balance",
            "landau",
            "mean_field",
            "mean_field_error",
            "phase_diagram",
            "projector",
            "rate_balance_potential",
            *(one.__name__ for one in THEORY),
        )
    },
    **{
        f"MeanField.{name}": getattr(mn.theory.MeanField, name)
        for name in (
            "bifurcation",
            "bistable_region",
            "fixed_points",
            "integrate",
            "jump",
            "potential",
            "switching_drive",
            "turning_points",
        )
    },
    **{f"Landau.{name}": getattr(mn.theory.Landau, name) for name in ("count", "equilibria", "jump")},
    **{f"Projector.{name}": getattr(mn.theory.Projector, name) for name in ("effective_conductance", "voltage_drops")},
    "TraceFit.interval": mn.theory.TraceFit.interval,
    "Simulation.run": mn.Simulation.run,
    **{f"plot.{name}": getattr(plot, name) for name in ("network", "trace", "overview")},
    **{f"drive.{name}": getattr(drive, name) for name in (*drive.LEAVES, "current", "concat")},
    "Waveform.corners": drive.Waveform.corners,
}
# The rest of what users call.
OTHERS = {
    f"{owner.__name__}.{name}": member
    for owner in (mn.Network, mn.Simulation, mn.Solution, drive.Waveform, *THEORY)
    for name, member in vars(owner).items()
    if not name.startswith("_") and (callable(member) or isinstance(member, (property, classmethod)))
}


def plain(value):
    return inspect.unwrap(value) if inspect.isfunction(value) else value


@pytest.mark.parametrize("name", FUNCTIONS)
def test_examples_run(name, monkeypatch, tmp_path):
    from matplotlib import pyplot

    monkeypatch.chdir(tmp_path)
    value = plain(FUNCTIONS[name])
    names = dict(vars(inspect.getmodule(value)))
    found = doctest.DocTestFinder(recurse=False).find(value, name, globs=names)
    assert sum(len(test.examples) for test in found) > 0, f"{name} has no example"
    said = []
    for test in found:
        doctest.DocTestRunner().run(test, out=said.append)
    pyplot.close("all")
    assert said == []


@pytest.mark.parametrize(
    "name",
    [n for n, one in FUNCTIONS.items() if n not in MODELS and one not in NOT_CALLED],
)
def test_arguments_returns_and_errors_are_documented(name):
    value = FUNCTIONS[name]
    text = inspect.getdoc(value)
    given = [one for one in inspect.signature(value).parameters if one != "self"]
    assert [one for one in given if one not in text] == []
    if len(given) > 1:
        assert "Parameters\n------" in text
    if given:
        assert "Raises\n------" in text


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
