"""What a device is in Python: frozen parameters of a model, made from the model's field table."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from memnet import _core, drive
from memnet.base import check, text
from memnet.base.carried import Carried
from memnet.devices._argument import check_order, checked_value, value_text
from memnet.devices._field import argument_fields, default, is_default, number, parameter_fields, unit_text
from memnet.devices._preset import Preset, PresetWarning
from memnet.devices._variation import Values, Variation, drawn, spread_text

AnyDevice = TypeVar("AnyDevice", bound="Device")
D = TypeVar("D", bound="DeviceWithPresets")


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
    >>> device.own_parts
    (RateBalance(eta_p=array([8, 12])),)
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
    def own_parts(self) -> tuple[Device, ...]:
        """The devices that it is made of in series: itself alone."""
        return (self,)

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

    def changed(self, **parameters: Any) -> Device:
        """Return the device with other values of some parameters, which are checked as those of a new one.

        Raises
        ------
        TypeError, ValueError
            An unknown parameter (with the nearest one), a value outside its range.

        Examples
        --------
        >>> import memnet as mn
        >>> mn.RateBalance(g_min=1e-3).changed(eta_p=9.0)
        RateBalance(eta_p=9.0, g_min=0.001)
        """
        check.keywords(self.model, parameters, argument_fields(self._table))
        given = {name: value for name, value in {**self.parameters, **parameters}.items() if value is not None}
        return _rebuilt(type(self), given, self.linked_to, self.variations)

    def relinked(self: AnyDevice, to: Any) -> AnyDevice:
        """Return the device with another link, which is not looked at."""
        return altered(self, linked_to=to)

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
