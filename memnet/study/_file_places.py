"""Where the devices of a run file go: shares of edges, named edges, cells of crossbars, junctions, elements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import check
from memnet.devices import Device, Mix, cell_devices, checked_pairs, wire_devices
from memnet.network import Crossbar, Network
from memnet.simulate import Circuit, Simulation
from memnet.study._file_devices import Models, device, of_model
from memnet.study._tables import list_of_tables, within

# Keys of a table of [[devices]] that are not the device's.
PLACE_KEYS = ("fraction", "edges", "cells", "role", "initial")
ROLES = ("dummy", "heat")


@dataclass(frozen=True)
class Placed:
    """Devices as `Simulation` takes them, and for each table its device, first edge and states at the start."""

    devices: Any
    made: tuple[Device, ...]
    edges: tuple[NDArray[np.int64], ...]
    initial: tuple[Any, ...]
    names: tuple[str, ...] = ()  # of elements

    def device(self, what: str, number: Any) -> Device:
        """Return the device of a table by its number, from 1 on, or of an element by its name."""
        if self.names and isinstance(number, str):
            k = self.names.index(check.known_name(what, number, dict.fromkeys(self.names)))
        else:
            k = check.integer(what, number, 1, len(self.made)) - 1
        found: Device = self.devices[int(self.edges[k][0])] if self.edges[k].size else self.made[k]
        return found

    def set_states(self, section: str, simulation: Simulation) -> None:
        """Set the states that tables say."""
        for k, states in enumerate(self.initial, 1):
            if states is None:
                continue
            name = self.names[k - 1] if self.names else k
            check.instance(f"[[{section}]] {name} initial", states, Mapping, "a table of states")
            if self.edges[k - 1].size:
                one = simulation.device(str(name)) if self.names else self.devices[int(self.edges[k - 1][0])]
                within(f"[[{section}]] {name} initial", simulation.set_state, one, **states)


def placed(net: Network, tables: Any, models: Models, seed: Any) -> Placed:
    """Return the devices of [[devices]] on the edges of a network.

    On crossbars they are on cells, and on wires with a resistance on junctions; what lines and segments are the network
    knows.
    """
    given = list_of_tables("devices", tables, "a device")
    if not given:
        raise TypeError("[[devices]] must be one table a device, each under its own [[devices]]")
    seed = within("[simulation]", check.seed, "mix_seed", seed)
    places = [{key: table.pop(key) for key in PLACE_KEYS if key in table} for table in given]
    sections = [f"[[devices]] {k}" for k in range(1, len(given) + 1)]
    for section, table, place in zip(sections, given, places, strict=True):
        _refuse_place(section + of_model(table), place, net)
    made = [device(s, table, models, PLACE_KEYS) for s, table in zip(sections, given, strict=True)]
    roles = {place["role"]: k for k, place in enumerate(places) if "role" in place}
    own = [k for k in range(len(made)) if k not in roles.values()]
    if not own:
        raise ValueError("[[devices]] needs a table without a role: the device of the cells")
    edges = _shared(net, [made[k] for k in own], [places[k] for k in own], [sections[k] for k in own], seed)
    devices = _on(net, [made[k] for k in own], edges, {role: made[k] for role, k in roles.items()}, seed, places)
    of_each = [np.empty(0, dtype=np.int64)] * len(made)
    for k, where in zip(own, edges, strict=True):
        of_each[k] = where
    return Placed(devices, tuple(made), tuple(of_each), tuple(place.get("initial") for place in places))


def elements(tables: Any, models: Models) -> tuple[Circuit, Placed]:
    """Return the circuit of [[circuit]], one element a table."""
    circuit = Circuit()
    made, initial = [], []
    for k, table in enumerate(list_of_tables("circuit", tables, "an element"), 1):
        section = f"[[circuit]] {k}{of_model(table)}"
        missing = [key for key in ("a", "b") if key not in table]
        if missing:
            raise ValueError(f"{section} needs a key {missing[0]!r}: an element lies from node a to node b")
        a, b, name = table.pop("a"), table.pop("b"), table.pop("name", None)
        initial.append(table.pop("initial", None))
        made.append(device(section, table, models, ("a", "b", "name", "initial")))
        within(section, circuit.add, a, b, made[-1], name=name)
    if not made:
        raise ValueError("[[circuit]] must have one table an element, each under its own [[circuit]]")
    edges = tuple(np.array([k], dtype=np.int64) for k in range(len(made)))
    return circuit, Placed(circuit.devices, tuple(made), edges, tuple(initial), tuple(circuit.elements))


def _refuse_place(section: str, place: Mapping[str, Any], net: Network) -> None:
    """Raise ValueError for keys that do not go together, or with this network."""
    crossbar = isinstance(net.layout, Crossbar)
    for key, of_crossbars in (("cells", True), ("role", True), ("edges", False)):
        if key in place and crossbar is not of_crossbars:
            hint = "of a crossbar" if of_crossbars else "of other networks; a crossbar has 'cells'"
            raise ValueError(f"{section} has a key {key!r}, which is {hint}")
    said = [key for key in ("fraction", "edges", "cells", "role") if key in place]
    if len(said) > 1:
        raise ValueError(f"{section} may have one of the keys {' and '.join(map(repr, said))}, got both")
    if "role" in place:
        check.one_of(f"{section} role", place["role"], ROLES)


def _places(net: Network) -> NDArray[np.int64]:
    """Return the edges that devices of a file go to, in their order."""
    if isinstance(net.layout, Crossbar):
        return net.layout.cell.ravel().astype(np.int64)
    if net.wires is not None:
        return np.asarray(net.wires.junctions, dtype=np.int64)
    return np.arange(net.n_own_edges, dtype=np.int64)


def _shared(
    net: Network, made: Sequence[Device], places: Sequence[Mapping[str, Any]], sections: Sequence[str], seed: int
) -> list[NDArray[np.int64]]:
    """Return the edges of each device: by shares drawn at random, or those that are named and the rest."""
    where = _places(net)
    named = [k for k, place in enumerate(places) if "edges" in place or "cells" in place]
    if not named:
        for section, place, one in zip(sections, places, made, strict=True):
            if "fraction" not in place and len(made) > 1:
                raise ValueError(f"{section} ({one.model}) needs a key 'fraction'")
        shares = [place.get("fraction", 1.0) for place in places]
        drawn = within("[[devices]]", _mixed, made, shares, seed, where.size)
        return [where[drawn.edges_of(one)] for one in made]
    rest = [k for k in range(len(made)) if k not in named]
    if len(rest) > 1:
        raise ValueError(f"{sections[rest[1]]} needs a key 'edges' or 'cells': one table alone may take the rest")
    if any("fraction" in places[k] for k in rest):
        raise ValueError(f"{sections[rest[0]]} has a key 'fraction' beside tables that name their edges or cells")
    free = np.zeros(net.n_own_edges, dtype=bool)
    free[where] = True
    edges: list[NDArray[np.int64]] = [np.empty(0, dtype=np.int64)] * len(made)
    for k in named:
        edges[k] = within(sections[k], _named, net, places[k])
        twice = edges[k][~free[edges[k]]]
        if twice.size:
            raise ValueError(f"{sections[k]} names edge {twice[0]}, which carries no device of its own, or another's")
        free[edges[k]] = False
    left = np.flatnonzero(free)
    if rest:
        edges[rest[0]] = left
    elif left.size:
        raise ValueError(
            f"[[devices]] leave {left.size} of {where.size} places without a device, the first edge {left[0]}"
        )
    return edges


def _mixed(made: Sequence[Device], shares: Sequence[Any], seed: int, count: int) -> Mix:
    pairs = checked_pairs(list(zip(made, shares, strict=True)))
    return Mix([one for one, _ in pairs], [share for _, share in pairs], seed, count)


def _named(net: Network, place: Mapping[str, Any]) -> NDArray[np.int64]:
    """Return the edges that a table names, ascending."""
    if "edges" in place:
        ids = check.ids("edges", check.given_array("edges", place["edges"]), (None,), net.n_own_edges, "edges")
        found = np.sort(ids.astype(np.int64))
    else:
        found = np.sort(_cells(net, place["cells"]))
    if (np.diff(found) == 0).any():
        raise ValueError(f"{'edges' if 'edges' in place else 'cells'} must name each once")
    return found


def _cells(net: Network, cells: Any) -> NDArray[np.int64]:
    """Return the edges of cells that are given by (row, column), or (layer, row, column)."""
    shape = net.cell.shape
    if not isinstance(cells, list) or not cells or not all(isinstance(one, list) for one in cells):
        raise TypeError(f"cells must be a list of [row, column] or [layer, row, column], got {check.shown(cells)}")
    found = []
    for one in cells:
        whole = [0, *one] if len(one) == 2 and shape[0] == 1 else one
        if len(whole) != 3:
            raise ValueError(
                f"a cell must be {'[row, column]' if shape[0] == 1 else '[layer, row, column]'}, got {one}"
            )
        names = zip(("layer", "row", "column"), whole, shape, strict=True)
        found.append(tuple(check.integer(f"{name} of a cell", value, 0, size - 1) for name, value, size in names))
    return np.array([int(net.cell[one]) for one in found], dtype=np.int64)


def _on(
    net: Network,
    made: Sequence[Device],
    edges: Sequence[NDArray[np.int64]],
    roles: Mapping[str, Device],
    seed: int,
    places: Sequence[Mapping[str, Any]],
) -> Any:
    """Return devices as `Simulation` takes them."""
    where = _places(net)
    if where.size == net.n_own_edges and not roles and not any("edges" in one or "cells" in one for one in places):
        return _mixed(made, [place.get("fraction", 1.0) for place in places], seed, where.size)
    place_of = np.zeros(net.n_own_edges, dtype=np.int64)
    for k, mine in enumerate(edges):
        place_of[mine] = k
    each: list[Device] = [made[k] for k in place_of[where]]
    if isinstance(net.layout, Crossbar):
        cells = np.empty(len(each), dtype=object)
        cells[:] = each
        on_cells: list[Device] = within("[[devices]]", cell_devices, net, cells.reshape(net.cell.shape), **roles)
        return on_cells
    if net.wires is not None:
        on_wires: list[Device] = within("[[devices]]", wire_devices, net, each)
        return on_wires
    return each
