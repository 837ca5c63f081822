"""Device classes made from the field tables, and mixtures."""

import copy
import inspect
import pickle
import shutil
import subprocess
import sys
import sysconfig
import warnings
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from cases import chain, random_network
from hypothesis import given, strategies as st

import memnet as mn
from memnet import _core, devices
from memnet.devices._device import Device
from memnet.devices._field import argument_fields, default, parameter_fields
from memnet.devices._preset import model_presets

MODELS = _core.models()
REAL = [
    (model["name"], field["name"])
    for model in MODELS
    for field in parameter_fields(model).values()
    if field["kind"] == "real"
]
ROOT = Path(__file__).resolve().parent.parent


def table(model, field):
    return parameter_fields(devices.MODELS[model]._table)[field]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model["name"])
def test_every_model_has_a_class_with_the_tables_defaults(model):
    cls = getattr(devices, model["name"])
    device = cls()
    assert issubclass(cls, Device)
    assert device.model == cls.__name__ == model["name"]
    assert repr(device) == f"{model['name']}()"
    assert list(device.parameters) == list(argument_fields(model))
    assert [*parameter_fields(model)] == [f["name"] for f in model["fields"] if f["role"] == "parameter"]
    for field in parameter_fields(model).values():
        value = device.parameters[field["name"]]
        assert getattr(device, field["name"]) == value or value is None
        if field["kind"] == "real" and value is not None:
            assert value == field["initial"]
        assert field["name"] in cls.__doc__
        assert " ".join(field["doc"].split()[:3]) in " ".join(cls.__doc__.split())


def test_defaults_are_the_papers():
    c = mn.RateBalance()
    assert (c.kappa_p0, c.kappa_d0, c.eta_p, c.eta_d, c.g_min, c.g_max) == (5e-4, 5e-2, 10.0, 10.0, 0.0, 1.0)
    assert c.g_initial is None
    a = mn.TunnelGap()
    assert (a.alpha, a.beta, a.g_on, a.e_t, a.i_t) == (1.0, 200.0, 10.0, 10.0, 0.01)
    assert a.field == "remaining"


@pytest.mark.parametrize(("model", "name"), REAL)
def test_values_outside_the_range_are_refused(model, name):
    field, cls = table(model, name), devices.MODELS[model]
    bad = [np.inf, -np.inf]
    if np.isfinite(field["low"]):
        bad.append(np.nextafter(field["low"], -np.inf))
        bad += [field["low"]] if field["bounds"][0] == "(" else []
    if np.isfinite(field["high"]):
        bad.append(np.nextafter(field["high"], np.inf))
        bad += [field["high"]] if field["bounds"][1] == ")" else []
    if default(field) is not None:
        bad.append(np.nan)
    bad += [0.0, -0.0] if field["bounds"][2:] else []
    for value in bad:
        with pytest.raises(ValueError, match=rf"{model}\.{name}.*got"):
            cls(**{name: value})
        with pytest.raises(ValueError, match=rf"{model}\.{name}.*got"):
            cls(**{name: [value, value]})


@pytest.mark.parametrize(("model", "name"), REAL)
@pytest.mark.parametrize("value", ["1", True, 1j, {}])
def test_values_that_are_no_numbers_are_refused(model, name, value):
    with pytest.raises(TypeError, match=rf"{model}\.{name}"):
        devices.MODELS[model](**{name: value})


def test_messages_name_range_and_unit():
    field = table("RateBalance", "kappa_d0")
    with pytest.raises(ValueError, match=r"RateBalance\.kappa_d0 must be in .* 1/s, got -1"):
        mn.RateBalance(kappa_d0=-1)
    assert field["unit"] == "1/s"


def test_unknown_keywords_get_the_nearest():
    with pytest.raises(TypeError, match=r"unknown keyword 'kapa_p0', did you mean 'kappa_p0'\?"):
        mn.RateBalance(kapa_p0=1.0)
    with pytest.raises(TypeError):
        mn.RateBalance(1.0)
    with pytest.raises(TypeError, match=r"memnet\.devices"):
        Device()


def test_choices_are_words():
    assert mn.TunnelGap(field="gap").field == "gap"
    with pytest.raises(ValueError, match=r"did you mean 'remaining'"):
        mn.TunnelGap(field="remainin")
    with pytest.raises(TypeError):
        mn.TunnelGap(field=1)


def test_repr_shows_what_differs_and_makes_it_again():
    device = mn.TunnelGap(r_d=1e-5, field="gap")
    assert repr(device) == "TunnelGap(r_d=1e-05, field='gap')"
    again = eval(repr(device), vars(devices))
    assert dict(again.parameters) == dict(device.parameters)
    assert repr(mn.RateBalance(eta_p=10.0)) == "RateBalance()"


def test_devices_are_frozen_and_compare_by_identity():
    one, other = mn.RateBalance(), mn.RateBalance()
    assert one == one
    assert one != other
    assert len({one, other}) == 2
    with pytest.raises(AttributeError):
        one.eta_p = 5.0
    with pytest.raises(AttributeError):
        del one.parameters
    with pytest.raises(TypeError):
        one.parameters["eta_p"] = 5.0
    given = np.array([1.0, 2.0])
    device = mn.Resistor(conductance=given)
    given[0] = 7.0
    assert device.conductance.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        device.conductance[0] = 3.0


@pytest.mark.parametrize("again", [copy.deepcopy, lambda d: pickle.loads(pickle.dumps(d))])
def test_copies_keep_parameters(again):
    device = mn.RateBalance(eta_p=12.0, g_initial=np.array([0.1, 0.2]))
    twin = again(device)
    assert twin is not device
    assert twin.eta_p == 12.0
    assert twin.g_initial.tolist() == [0.1, 0.2]
    pair = again([device, device])
    assert pair[0] is pair[1]


def test_per_edge_parameters_reach_their_edges():
    net = chain(4)
    conductance = [1.0, 2.0, 3.0, 4.0]
    sim = mn.Simulation(net, mn.Resistor(conductance=conductance), {"left": 1.0, "right": 0.0}, seed=0)
    assert sim.conductance.tolist() == conductance
    assert sim.current[0] == pytest.approx(1 / sum(1 / g for g in conductance), rel=1e-14)
    one, other = mn.Resistor(conductance=conductance), mn.Resistor(conductance=9.0)
    sim = mn.Simulation(net, [other, one, other, one], {"left": 1.0, "right": 0.0}, seed=0)
    assert sim.conductance.tolist() == [9.0, 2.0, 9.0, 4.0]


def test_per_edge_parameters_of_another_length_are_refused():
    with pytest.raises(ValueError, match=r"Resistor\.conductance has 3 values.*4 edges"):
        mn.Simulation(chain(4), mn.Resistor(conductance=[1.0, 2.0, 3.0]), {"left": 1.0, "right": 0.0})


def test_per_edge_parameters_may_have_the_devices_own_edges():
    net = chain(4)
    other = mn.Resistor(conductance=9.0)
    whole, own = mn.Resistor(conductance=[1.0, 2.0, 3.0, 4.0]), mn.Resistor(conductance=[2.0, 4.0])
    for device in (whole, own):
        sim = mn.Simulation(net, [other, device, other, device], {"left": 1.0, "right": 0.0}, seed=0)
        assert sim.conductance.tolist() == [9.0, 2.0, 9.0, 4.0]
        assert sim.edges_of(device).tolist() == [1, 3]
        data = sim.run(2)
        assert np.array_equal(mn.rerun(data).current, data.current)
    wrong = mn.Resistor(conductance=[1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"conductance has 3 values.*device's 2 edges.*edges_of.*network's 4 edges"):
        mn.Simulation(net, [other, wrong, other, wrong], {"left": 1.0, "right": 0.0})


def test_what_numpy_makes_an_array_of_is_a_per_edge_parameter():
    pandas = pytest.importorskip("pandas")
    for values in ([1.0, 2.0], (1.0, 2.0), range(1, 3), pandas.Series([1.0, 2.0])):
        assert mn.Resistor(conductance=values).conductance.tolist() == [1.0, 2.0]
    with pytest.raises(TypeError, match=r"Resistor\.conductance"):
        mn.Resistor(conductance=pandas.Series(["a", "b"]))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model["name"])
def test_signatures_have_defaults_and_units(model):
    cls = devices.MODELS[model["name"]]
    found = inspect.signature(cls).parameters
    fields = argument_fields(model)
    assert list(found) == list(fields)
    for name, parameter in found.items():
        assert parameter.kind is inspect.Parameter.KEYWORD_ONLY
        assert parameter.default == default(fields[name])
        if fields[name]["kind"] == "real" and fields[name]["unit"] != "1":
            assert fields[name]["unit"] in parameter.annotation
            assert fields[name]["unit"] in cls()._repr_html_()
    limits = {field["below"] for field in fields.values()}
    arrays = [name for name, field in parameter_fields(model).items() if field["kind"] == "real"]
    first = [name for name in arrays if name not in limits][:1]
    assert len(repr(cls(**{name: np.linspace(0.1, 0.9, 10**4) for name in first}))) < 120


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda p: pickle.loads(pickle.dumps(p))])
def test_presets_are_copied_and_pickled(again):
    for cls in devices.MODELS.values():
        for preset in getattr(cls, "presets", dict)().values():
            twin = again(preset)
            assert twin == preset
            assert hash(twin) == hash(preset)
            assert preset.name in repr(preset)
            with pytest.raises(TypeError):
                twin.parameters["x"] = 1.0


# ------------------------------------------------------------------ published parameter sets

# kappa_p0, kappa_d0, eta_p, eta_d, g_min, g_max as the sources print them, the conductance at the start where they give
# one, and whether their scripts step with the misplaced bracket.
RATE_BALANCE = {
    "pnn-2025": ("5e-4", "5e-2", "10", "10", "0", "1", None, False),
    "natmat-2022": (
        "8.422409820914783e-10", "0.048697579017353006", "0.19999370301178968", "158.02444821482402",
        "1.123825331225794e-3", "3.0515679724941363e-3", "8.866475159246351e-4", True,
    ),
    "north-pulse": (
        "2.555173332603108574e-6", "64.88388862524891465", "34.92155165334443012", "5.590601016803570467",
        "1.014708121672117710e-3", "2.723493729125820492e-3", "1.014708121672117710e-3", True,
    ),
    "grid-example-1": (
        "5.266845411489327e-3", "102.4538696300204", "0.06665843701293933", "79.91922227381272",
        "1.3655460276781155e-3", "5.124529803901193e-3", "2.0231e-3", True,
    ),
    "grid-example-2": ("3.933e-8", "7.5e-3", "38", "0.03", "1.097e-3", "14e-3", "8.988e-4", True),
    "connectome-2022": ("1e-4", "0.5", "10", "1", "1e-3", "0.1", None, True),
    "stochastic-2025": (
        "5.217037178270165e-4", "37.93422536389374", "1.2922283233062284", "1.785933208836627",
        "1.4558148272052695e-7", "6.857961268862245e-5", "1.23364e-5", False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RATE_BALANCE)
def test_rate_balance_presets_have_every_digit(name):
    *printed, start, mis_stepped = RATE_BALANCE[name]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        device = mn.RateBalance.preset(name)
    assert device.step == "exact"
    assert [issubclass(w.category, devices.PresetWarning) for w in caught] == [True] * mis_stepped
    given = (device.kappa_p0, device.kappa_d0, device.eta_p, device.eta_d, device.g_min, device.g_max)
    assert given == tuple(float(text) for text in printed)
    low, high = Fraction(printed[4]), Fraction(printed[5])
    if start is None:
        assert device.g_initial is None
    else:
        share = max((Fraction(start) - low) / (high - low), Fraction(0))
        assert device.g_initial == pytest.approx(float(share), rel=1e-12, abs=0.0)
    if mis_stepped:
        assert "as-published" in str(caught[0].message)
        assert mn.RateBalance.preset(name, step="as-published").step == "as-published"  # and no warning


def test_every_published_set_is_there():
    assert list(mn.RateBalance.presets()) == list(RATE_BALANCE)


PRESETS = [(model["name"], name) for model in MODELS for name in model_presets(model)]


@pytest.mark.parametrize(("model", "name"), PRESETS)
def test_a_preset_is_its_parameters_and_the_defaults(model, name):
    cls = devices.MODELS[model]
    preset = cls.presets()[name]
    assert preset.name == name
    assert len(preset.doc) > 20
    assert len(preset.citation) > 20
    device = cls.preset(name, **preset.fitted_with)
    defaults = cls().parameters
    assert dict(device.parameters) == {**defaults, **preset.parameters, **preset.fitted_with}
    assert name in cls.__doc__
    assert eval(repr(device), vars(devices)).parameters == device.parameters
    # Charges cannot jump: they start where they are, and each of the two has moved by 1 mV in the end.
    start = 2.0 * device.parameters["v_initial"] if device._table["voltage_field"] else 0.0
    drive = mn.drive.piecewise_linear([0.0, 2e-3], [start, start + 2e-3])
    data = mn.Simulation(chain(2), device, {"left": drive, "right": 0.0}, dt=1e-3).run(3)
    assert np.isfinite(data.current.values).all()
    assert (data.current.values[-1] != 0.0).all()


def test_presets_take_overrides_and_know_their_names():
    device = mn.RateBalance.preset("pnn-2025", g_min=1e-3, g_initial=0.5)
    assert (device.g_min, device.g_initial, device.eta_p) == (1e-3, 0.5, 10.0)
    with pytest.raises(
        ValueError, match=r"RateBalance preset 'pnn-2052', did you mean 'pnn-2025'\?; allowed: pnn-2025"
    ):
        mn.RateBalance.preset("pnn-2052")
    with pytest.raises(TypeError, match="did you mean 'g_min'"):
        mn.RateBalance.preset("pnn-2025", gmin=1e-3)
    with pytest.raises(TypeError):
        mn.RateBalance.presets()["pnn-2025"].parameters["g_min"] = 1.0
    with pytest.raises(TypeError, match="must be a string"):
        mn.RateBalance.preset(1)
    assert not hasattr(mn.Resistor, "preset")


# ------------------------------------------------------------------ mixtures


@given(
    weights=st.lists(st.integers(0, 20), min_size=1, max_size=6).filter(lambda w: sum(w) > 0),
    seed=st.integers(0, 2**64 - 1),
    net=st.builds(random_network, st.integers(0, 3)),
)
def test_mixtures_have_the_fractions_asked_for(weights, seed, net):
    fractions = [w / sum(weights) for w in weights]
    given_devices = [mn.RateBalance() for _ in weights]
    mixed = mn.mix(net, list(zip(given_devices, fractions, strict=True)), seed=seed)
    assert len(mixed) == net.n_edges == sum(mixed.counts)
    for device, fraction, count in zip(given_devices, fractions, mixed.counts, strict=True):
        assert abs(count - fraction * net.n_edges) <= 1
        assert [e for e in range(len(mixed)) if mixed[e] is device] == mixed.edges_of(device).tolist()
        assert count == mixed.edges_of(device).size
    assert Counter(map(id, mixed)) == {id(d): n for d, n in zip(given_devices, mixed.counts, strict=True) if n}


def test_same_seed_and_fractions_put_other_devices_in_the_same_gaps():
    net = random_network(1)
    one = mn.mix(net, {mn.TunnelGap(): 0.75, mn.RateBalance(): 0.25}, seed=2)
    other = mn.mix(net, [(mn.TunnelGap(), 0.75), (mn.Hillock(), 0.25)], seed=2)
    third = mn.mix(net, [(mn.TunnelGap(), 0.75), (mn.Hillock(), 0.25)], seed=3)
    assert one.assignment.tolist() == other.assignment.tolist()
    assert one.assignment.tolist() != third.assignment.tolist()


def test_the_seed_of_a_mixture_is_drawn_and_kept():
    net = random_network(1)
    device = mn.RateBalance()
    one = mn.mix(net, {device: 0.5, mn.RateBalance(): 0.5})
    again = mn.mix(net, {device: 0.5, mn.RateBalance(): 0.5}, seed=one.seed)
    assert one.edges_of(device).tolist() == again.edges_of(device).tolist()
    assert one.seed != mn.mix(net, {device: 1.0}).seed


@pytest.mark.parametrize(
    ("fractions", "message"),
    [
        ([0.5, 0.4], "sum to 1"),
        ([1.5, -0.5], r"\[0, 1\]"),
        ([np.nan, 1.0], r"\[0, 1\]"),
        ([np.inf, 1.0], r"\[0, 1\]"),
        ([0.5, 0.5 + 1e-8], "sum to 1"),
    ],
)
def test_bad_fractions_are_refused(fractions, message):
    with pytest.raises(ValueError, match=message):
        mn.mix(chain(), [(mn.RateBalance(), x) for x in fractions], seed=0)


def test_bad_mixtures_are_refused():
    device = mn.RateBalance()
    with pytest.raises(ValueError, match="given twice"):
        mn.mix(chain(), [(device, 0.5), (device, 0.5)])
    with pytest.raises(ValueError, match="at least one"):
        mn.mix(chain(), {})
    with pytest.raises(TypeError, match="pairs"):
        mn.mix(chain(), [device])
    with pytest.raises(TypeError, match="must be a number"):
        mn.mix(chain(), {device: "1"})
    with pytest.raises(ValueError, match="identity"):
        mn.mix(chain(), {device: 1.0}, seed=0).edges_of(mn.RateBalance())


def test_the_generated_files_are_up_to_date():
    if shutil.which("clang-format", path=sysconfig.get_path("scripts")) is None:
        pytest.skip("no clang-format beside this Python, which lays the files out")
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "generate_models.py"), "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
