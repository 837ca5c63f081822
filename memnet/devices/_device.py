"""What a device is in Python: frozen parameters of a model, made from the model's field table."""

from __future__ import annotations

import dataclasses
import inspect
import math
import textwrap
import warnings
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from memnet import _core, drive
from memnet.base import check, text
from memnet.base.carried import Carried
from memnet.base.read_only import read_only
from memnet.devices._variation import Values, Variation, drawn, spread_text

AnyDevice = TypeVar("AnyDevice", bound="Device")
D = TypeVar("D", bound="DeviceWithPresets")

# What an argument of each kind is in words; a choice has its own.
KINDS = {"real": "float or array", "flag": "bool", "count": "int", "waveform": "float or Waveform"}


class PresetWarning(UserWarning):
    """A published parameter set is used with another choice than the one it was fitted with.

    Examples
    --------
    >>> import warnings, memnet as mn
    >>> with warnings.catch_warnings(record=True) as said:
    ...     warnings.simplefilter("always")
    ...     device = mn.RateBalance.preset("connectome-2022")
    >>> [one.category.__name__ for one in said]
    ['PresetWarning']
    """


@dataclasses.dataclass(frozen=True)
class Preset:
    """A published set of parameters of a device model.

    Attributes
    ----------
    name : str
        What `preset` of the model takes.
    doc : str
        What the set describes.
    citation : str
        Where it was published.
    parameters : mapping
        The values it gives by name; every other parameter keeps its default.
    fitted_with : mapping
        Choices the set was fitted with where they are not the model's defaults; empty where there are none.

    Examples
    --------
    >>> import memnet as mn
    >>> preset = mn.RateBalance.presets()["connectome-2022"]
    >>> preset.name, preset.parameters["g_max"]
    ('connectome-2022', 0.1)
    """

    name: str
    doc: str
    citation: str
    parameters: Mapping[str, Any] = dataclasses.field(hash=False)
    fitted_with: Mapping[str, str] = dataclasses.field(hash=False)

    def __post_init__(self) -> None:
        for name in ("parameters", "fitted_with"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __repr__(self) -> str:
        return f"<Preset {self.name!r}: {', '.join(f'{name}={value!r}' for name, value in self.parameters.items())}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Preset, (self.name, self.doc, self.citation, dict(self.parameters), dict(self.fitted_with))


class Device(Carried):
    """A device model with its parameters: what sits on an edge.

    The classes of `memnet.devices` derive from it, one a model. Devices are frozen, and compare by identity: two
    devices with equal parameters are two devices, with edges and random streams of their own.

    Attributes
    ----------
    model : str
        Name of the model.
    parameters : mapping
        Every parameter by name: a float, a read-only array over the device's edges or all edges of the network, a
        string or a bool; None where the model's own default applies. The waveform that a device carries stands here,
        too.
    linked_to : int, ndarray of int, str or None
        The other edge that each of its edges reads, as `link` was given it.
    variations : tuple of Variation
        What `spread` was given; `parameters` are without.

    Examples
    --------
    >>> import memnet as mn
    >>> device = mn.RateBalance(eta_p=[8.0, 12.0])
    >>> device.model, device.parameters["eta_p"]
    ('RateBalance', array([ 8., 12.]))
    """

    model: ClassVar[str] = ""
    _table: ClassVar[_core.Model]
    _made: ClassVar[_core.MadeModel | None] = None
    _fields: ClassVar[Mapping[str, _core.Field]] = MappingProxyType({})

    def __init__(self, *by_position: Any, **parameters: Any) -> None:
        if not self.model:
            raise TypeError("Device is the base of the device models; use one of memnet.devices, e.g. TunnelGap()")
        table = argument_fields(self._table)
        check.keywords(self.model, parameters, table)
        if by_position:
            example = f"{self.model}({next(iter(table))}=...)"
            raise TypeError(f"{self.model} takes its parameters by name, such as {example}, got {by_position[0]!r}")
        given = {name: parameters.get(name, default(field)) for name, field in table.items()}
        checked = {name: checked_value(f"{self.model}.{name}", value, table[name]) for name, value in given.items()}
        check_order(self.model, checked, table)
        object.__setattr__(self, "parameters", MappingProxyType(checked))
        if self._table["checks_together"]:
            self._check_together()

    parameters: Mapping[str, Any]
    # Of a model that a user made from equations: its text, and what was said of it.
    equations: ClassVar[Mapping[str, str] | None] = None
    linked_to: int | str | NDArray[np.int32] | None = None
    variations: tuple[Variation, ...] = ()

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{self.model} is frozen: make a new one, or use Simulation.set_state for states")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{self.model} is frozen")

    def __repr__(self) -> str:
        table = argument_fields(self._table)
        shown = [
            f"{name}={value_text(value)}"
            for name, value in self.parameters.items()
            if not is_default(value, table[name])
        ]
        whole = f"{self.model}({', '.join(shown)})"
        whole = whole if self.linked_to is None else f"link({whole}, to={value_text(self.linked_to)})"
        return spread_text(whole, self.variations)

    def _repr_html_(self) -> str:
        units = {name: unit_text(field) for name, field in argument_fields(self._table).items()}
        shown = {name: f"{value_text(value)} {units[name]}".rstrip() for name, value in self.parameters.items()}
        if self.linked_to is not None:
            shown["linked to"] = value_text(self.linked_to)
        shown |= {f"spread {k}": one.shown() for k, one in enumerate(self.variations, 1)}
        return text.table(f"memnet {self.model}", shown)

    def __reduce__(self) -> tuple[Any, ...]:
        given = {name: value for name, value in self.parameters.items() if value is not None}
        return _rebuilt, (type(self), given, self.linked_to, self.variations)

    @property
    def recipe(self) -> tuple[str, Any] | None:
        """How a device whose model was made at run time is made again: a key of `RECIPES`, and what it takes as JSON.

        None: the class of its model makes it of its parameters.
        """
        return None

    def core_device(self, edges: NDArray[np.int32], n_edges: int) -> _core.Device:
        """Return the device on the given edges as the C library takes it.

        Raises
        ------
        ValueError
            As `core_values`; a link that is missing, or to an edge that does not exist or is the device's own.
        """
        signal = self._table["signal"]
        name = None if signal is None else signal["name"]
        waves = [] if name is None else drive.flatten({name: self.parameters[name]}, [name])[0]
        return self._made or self.model, edges, self.core_values(edges, n_edges), waves, self._link(edges, n_edges)

    def _check_together(self) -> None:
        """Raise ValueError where parameters do not go together.

        Arrays of different lengths, one over the network's edges and one over the device's, are left to the simulation.
        """
        sizes = {value.size for value in self.parameters.values() if isinstance(value, np.ndarray)}
        if len(sizes) < 2:
            edges = np.arange(next(iter(sizes)), dtype=np.int32) if sizes else np.full(1, -1, dtype=np.int32)
            _core.check_device((self._made or self.model, edges, self.core_values(edges, edges.size)))

    def _link(self, edges: NDArray[np.int32], n_edges: int) -> NDArray[np.int32] | None:
        """Return the edge that each of some edges reads, None where the model reads none."""
        to = self.linked_to
        if self._table["linked_states"] is None:
            return None
        if to is None:
            raise ValueError(f"{self!r} reads another edge for each of its own; say which: mn.link(device, to=edges)")
        if isinstance(to, str):
            raise ValueError(f"to of {self!r} must be edges of the network; names of edges are known to a circuit only")
        if isinstance(to, np.ndarray) and to.size != edges.size:
            raise ValueError(f"to of {self!r} must name one edge for each of its {edges.size} edges, got {to.size}")
        link = np.ascontiguousarray(np.broadcast_to(np.asarray(to, dtype=np.int32), edges.shape))
        check.ids(f"to of {self!r}", link, (None,), n_edges, "edges")
        if (link == edges).any():
            raise ValueError(f"to of {self!r} must name other edges, got {link[link == edges][0]} for itself")
        return link

    def core_values(self, edges: NDArray[np.int32], n_edges: int, first_cycle: bool = True) -> list[Values]:
        """Return one array a parameter, in table order, for edges: in the first cycle, or what cycles are drawn around.

        Raises
        ------
        ValueError
            A per-edge parameter has neither one value for each of these edges nor one for each edge of the network; no
            draw of `spread` is inside its range.
        """
        values = []
        for name, field in parameter_fields(self._table).items():
            value = self.parameters[name]
            if not isinstance(value, np.ndarray):
                values.append(np.full(edges.size, number(field, value)))
            elif value.size == n_edges and not (edges >= n_edges).any():
                values.append(np.ascontiguousarray(value[edges]))
            elif value.size == edges.size:
                values.append(np.ascontiguousarray(value))
            else:
                raise ValueError(
                    f"{self.model}.{name} has {value.size} values; a per-edge parameter needs one for each of the"
                    f" device's {edges.size} edges, in the order of edges_of, or one for each of the network's"
                    f" {n_edges} edges"
                )
        return drawn(self.model, parameter_fields(self._table), self.variations, edges, values, first_cycle)


class DeviceWithPresets(Device):
    """A device model of which parameter sets have been published."""

    _presets: ClassVar[Mapping[str, Preset]] = MappingProxyType({})

    @classmethod
    def presets(cls) -> Mapping[str, Preset]:
        """Return the published parameter sets by name."""
        return cls._presets

    @classmethod
    def preset(cls: type[D], name: str, **overrides: Any) -> D:
        """Return a device with the parameters of a published set.

        Parameters
        ----------
        name : str
            Name of the set, one of `presets()`.
        **overrides
            Parameters that replace those of the set.

        Warns
        -----
        PresetWarning
            The set was fitted with another choice than the device has, such as step="as-published".

        Raises
        ------
        ValueError
            There is no set of this name, or a value is outside its range.
        TypeError
            An override is no parameter of the model.
        """
        preset = cls._presets[check.one_of(f"{cls.model} preset", name, cls._presets)]
        device = cls(**{**preset.parameters, **overrides})
        for field, choice in preset.fitted_with.items():
            if device.parameters[field] != choice:
                warnings.warn(
                    f"{cls.model}.preset({name!r}) was fitted with {field}={choice!r}; with"
                    f" {field}={device.parameters[field]!r} it does not repeat the published curves. Pass"
                    f" {field}={choice!r} to repeat them",
                    PresetWarning,
                    stacklevel=2,
                )
        return device


def _rebuilt(cls: type[Device], parameters: dict[str, Any], linked_to: Any = None, variations: Any = ()) -> Device:
    return altered(cls(**parameters), linked_to=linked_to, variations=variations)


def altered(device: AnyDevice, **attributes: Any) -> AnyDevice:
    """Return a device of the same class and parameters that is linked or spread in another way."""
    copy: AnyDevice = object.__new__(type(device))
    vars(copy).update(vars(device), **attributes)
    return copy


def table_of(device: Device | type[Device]) -> _core.Model:
    """Return the table of a device's model, as the C library has it."""
    return device._table


def parameter_fields(model: _core.Model) -> dict[str, _core.Field]:
    """Return the fields a user sets, by name, in table order."""
    return {field["name"]: field for field in model["fields"] if field["role"] == "parameter"}


def signal_field(model: _core.Model) -> _core.Field | None:
    """Return the waveform that devices of a model carry as a field of kind "waveform", None where they carry none."""
    signal = model["signal"]
    if signal is None:
        return None
    return {
        **signal,
        "kind": "waveform",
        "role": "signal",
        "low": -math.inf,
        "high": math.inf,
        "bounds": "()",
        "choices": (),
        "otherwise": None,
        "below": None,
        "own_range": None,
        "added_later": False,
        "dimension": None,
        "width": 1,
        "width_field": None,
    }


def argument_fields(model: _core.Model) -> dict[str, _core.Field]:
    """Return what a device is made of, by name: the parameters in table order, then the waveform that it carries."""
    signal = signal_field(model)
    return {**parameter_fields(model), **({} if signal is None else {signal["name"]: signal})}


def state_fields(model: _core.Model) -> dict[str, _core.Field]:
    """Return the fields that a run changes (states), by name, in table order."""
    return {field["name"]: field for field in model["fields"] if field["role"] != "parameter"}


def field_index(model: _core.Model, name: str) -> int:
    """Return the place of a field in the model's table."""
    return [field["name"] for field in model["fields"]].index(name)


def model_presets(model: _core.Model) -> dict[str, Preset]:
    """Return the published parameter sets of a model by name."""
    table = parameter_fields(model)
    return {
        preset["name"]: Preset(
            name=preset["name"],
            doc=preset["doc"],
            citation=preset["citation"],
            parameters=MappingProxyType(
                {name: from_number(table[name], value) for name, value in preset["values"].items()}
            ),
            fitted_with=MappingProxyType(
                {preset["fitted_field"]: preset["fitted_choice"]}
                if preset["fitted_field"] is not None and preset["fitted_choice"] is not None
                else {}
            ),
        )
        for preset in model["presets"]
    }


def from_number(field: _core.Field, value: float) -> Any:
    """Return a parameter as Python shows it from the number in the C library."""
    if field["kind"] == "choice":
        return field["choices"][int(value)]
    if field["kind"] == "flag":
        return bool(value)
    if field["kind"] == "count":
        return int(value)
    return None if math.isnan(value) else value


def default(field: _core.Field) -> Any:
    """Return a parameter's default as Python shows it: a float, a word, a bool, or None for the model's own choice."""
    return from_number(field, field["initial"])


def is_default(value: Any, field: _core.Field) -> bool:
    """Return whether a parameter as it is kept is what it is without being given."""
    if isinstance(value, drive.Waveform):
        return drive.constant_value(value) == (drive.ROLE_VOLTAGE, default(field))
    return not isinstance(value, np.ndarray) and bool(value == default(field))


def number(field: _core.Field, value: Any) -> float:
    """Return the number that stands for a parameter's scalar value in the C library."""
    if field["kind"] == "choice":
        return float(field["choices"].index(value))
    return math.nan if value is None else float(value)


def checked_value(name: str, value: Any, field: _core.Field) -> Any:
    """Return a parameter as it is kept, or raise TypeError or ValueError with its name, value, range and unit."""
    if field["kind"] == "choice":
        return check.one_of(name, value, field["choices"])
    if field["kind"] == "flag":
        return check.flag(name, value)
    if field["kind"] == "waveform":
        return carried(name, value, field)
    if field["kind"] == "count":
        return checked_count(name, value, field)
    optional = math.isnan(field["initial"])
    if value is None and optional:
        return None
    if isinstance(value, (list, tuple, range)) or (hasattr(value, "__array__") and np.ndim(value) > 0):
        return checked_array(name, value, field, optional)
    scalar = check.real(name, value, field["low"], field["high"], field["bounds"], field["unit"])
    if not math.isfinite(scalar):
        raise ValueError(f"{name} must be finite, got {value!r}")
    return scalar


def checked_count(name: str, value: Any, field: _core.Field) -> int:
    """Return a whole number inside the field's range, which is one for all edges of a device."""
    if np.ndim(value) > 0:
        raise ValueError(f"{name} must be one whole number for all edges of the device, got {check.shown(value)}")
    return check.whole(name, value, int(field["low"]), int(field["high"]))


def carried(name: str, value: Any, field: _core.Field) -> drive.Waveform:
    """Return the waveform that a device carries, a number as a constant: its values count, so it has to have some."""
    if value is not None:
        wave = drive.waveform(name, value, field["unit"])
        if wave.roles == {drive.ROLE_VOLTAGE}:
            return wave
    raise ValueError(
        f"{name} must be a number ({field['unit']}) or a waveform of plain values, which does not float and is no"
        f" current, got {check.shown(value)}"
    )


def checked_array(name: str, value: Any, field: _core.Field, optional: bool) -> NDArray[np.float64]:
    """Return per-edge values as a read-only float64 copy, each inside the field's range."""
    values: NDArray[np.float64] = np.array(check.array(name, value, (None,), finite=False))
    check_range(name, values, field, optional)
    return read_only(values)


def check_order(model: str, values: Mapping[str, Any], table: Mapping[str, _core.Field]) -> None:
    """Raise ValueError for a parameter that must stay below another and does not.

    Arrays of different lengths, one over the network's edges and one over the device's, are left to the C library.
    """
    for name, field in table.items():
        if field["below"] is None:
            continue
        value, limit = np.asarray(values[name]), np.asarray(values[field["below"]])
        if 0 not in (value.ndim, limit.ndim) and value.shape != limit.shape:
            continue
        wrong = np.flatnonzero(~np.less(value, limit))
        if wrong.size:
            value, limit = (np.broadcast_to(one, np.broadcast(value, limit).shape) for one in (value, limit))
            place = f" at index {wrong[0]}" if value.ndim else ""
            raise ValueError(
                f"{model}.{name} must be below {field['below']} ({limit.flat[wrong[0]]:g}{unit_behind(field)}), got"
                f" {value.flat[wrong[0]]:g}{place}"
            )


def check_range(name: str, values: NDArray[np.float64], field: _core.Field, optional: bool = False) -> None:
    """Raise ValueError for the first value that the field does not allow (nan is allowed where it is optional)."""
    low, high, bounds = field["low"], field["high"], field["bounds"]
    good = np.isfinite(values)
    good &= values >= low if bounds[0] == "[" else values > low
    good &= values <= high if bounds[1] == "]" else values < high
    if optional:
        good |= np.isnan(values)
    if not good.all():
        first = np.unravel_index(int(np.argmin(good)), good.shape)
        where = tuple(map(int, first)) if good.ndim > 1 else int(first[0])
        raise ValueError(
            f"{name} must be in {check.interval(low, high, bounds)}{unit_behind(field)}, got {values[where]} at index"
            f" {where}"
        )


def value_text(value: Any) -> str:
    """Return a parameter's value for repr: arrays are cut short."""
    if isinstance(value, np.ndarray):
        inner = ", ".join(f"{x:g}" for x in value[:3])
        return f"array([{inner}{', ...' if value.size > 3 else ''}])"
    constant = drive.constant_value(value) if isinstance(value, drive.Waveform) else None
    return repr(value if constant is None else constant[1])


def docstring(model: _core.Model, *, is_listed: bool = True) -> str:
    """Return the numpydoc docstring of a model's class, from its table; models in no list are no names of memnet."""
    first, _, rest = model["doc"].partition(". ")
    parts = [textwrap.fill(first.rstrip(".") + ".", 112)]
    if rest:
        parts.append(textwrap.fill(rest, 116))
    lines = []
    for name, field in argument_fields(model).items():
        kind = KINDS.get(field["kind"]) or str(set_text(field))
        shown = default_text(field)
        lines.append(f"{name} : {kind}, default {'None' if default(field) is None else shown}")
        said = field_text(field) + (f" {shown}." if default(field) is None else "")
        lines.append(textwrap.indent(textwrap.fill(said, 112), "    "))
    if lines:
        parts.append("Parameters\n----------\n" + "\n".join(lines))
    states = [
        f"{name} : array{vector_text(field)}\n" + textwrap.indent(textwrap.fill(field_text(field), 112), "    ")
        for name, field in state_fields(model).items()
    ]
    if states:
        parts.append("States\n------\n" + "\n".join(states))
    presets = [
        f"{preset.name}\n" + textwrap.indent(textwrap.fill(f"{preset_text(preset)} {preset.citation}.", 112), "    ")
        for preset in model_presets(model).values()
    ]
    if presets:
        parts.append("Presets\n-------\n" + "\n".join(presets))
    call = f">>> import memnet as mn\n>>> mn.{model['name']}()" if is_listed else f">>> {model['name']}()"
    parts.append(f"Examples\n--------\n{call}\n{model['name']}()")
    parts.append("Source\n------\n" + textwrap.fill(model["citation"], 116))
    return "\n\n".join(parts) + "\n"


def preset_text(preset: Preset) -> str:
    """Return what a preset is, with what it was fitted with."""
    fitted = "".join(f' Fitted with {name}="{word}".' for name, word in preset.fitted_with.items())
    return f"{preset.doc.rstrip('.')}.{fitted}"


def field_text(field: _core.Field) -> str:
    """Return what a field is, with its unit and its range."""
    unit = "" if field["unit"] == "1" else f" ({field['unit']})"
    sentence = f"{field['doc'].rstrip('.')}{unit}"
    if field["own_range"] is not None:
        sentence += f"; in {field['own_range']}"
    elif field["kind"] in ("real", "count") and (math.isfinite(field["low"]) or math.isfinite(field["high"])):
        sentence += f"; in {check.interval(field['low'], field['high'], field['bounds'])}"
    return sentence + "."


def vector_text(field: _core.Field) -> str:
    """Return the shape of a state that is a vector for each edge, nothing for others."""
    return (
        "" if field["dimension"] is None else f" (edges, {field['width_field'] or field['width']} {field['dimension']})"
    )


def default_text(field: _core.Field) -> str:
    """Return a parameter's default for people: what None stands for is spelled out."""
    value = default(field)
    if value is None:
        return f"None: {field['otherwise']}"
    return f"{value:g}" if isinstance(value, float) else repr(value)


def unit_text(field: _core.Field) -> str:
    """Return a field's unit, nothing for a number and for words."""
    return "" if field["unit"] == "1" else field["unit"]


def unit_behind(field: _core.Field) -> str:
    """Return a field's unit as it stands behind a number."""
    return f" {unit_text(field)}".rstrip()


def set_text(field: _core.Field) -> str:
    """Return the words of a choice, as in {"remaining", "gap"}."""
    return "{" + ", ".join(f'"{word}"' for word in field["choices"]) + "}"


def device_class(model: _core.Model, made: _core.MadeModel | None = None) -> type[Device]:
    """Make the class of a model from its table; `made` is the model itself where it is in no list."""
    body: dict[str, Any] = {
        "__doc__": docstring(model, is_listed=made is None),
        "__module__": "memnet.devices",
        "__signature__": signature(model),
        "model": model["name"],
        "_table": model,
        "_made": made,
    }
    for name, field in argument_fields(model).items():
        body[name] = parameter_property(name, field_text(field))
    presets = model_presets(model)
    if not presets:
        return type(model["name"], (Device,), body)
    return type(model["name"], (DeviceWithPresets,), {**body, "_presets": MappingProxyType(presets)})


def signature(model: _core.Model) -> inspect.Signature:
    """Return how a model's class is called: keywords with their units and defaults, for help and completion."""
    return inspect.Signature(
        [
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=default(field), annotation=annotation_text(field)
            )
            for name, field in argument_fields(model).items()
        ]
    )


def annotation_text(field: _core.Field) -> str:
    """Return what a parameter takes, as in "float or array, ohm"."""
    if field["kind"] == "choice":
        return set_text(field)
    if field["kind"] in ("flag", "count"):
        return KINDS[field["kind"]]
    return ", ".join(filter(None, (KINDS[field["kind"]], unit_text(field))))


def parameter_property(name: str, doc: str) -> property:
    """Return a read-only property of a device for one of its parameters."""

    def value(device: Device) -> Any:
        return device.parameters[name]

    return property(value, doc=doc)
