"""Networks of run files: what makes them, and circuits at their electrodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from memnet.base import check
from memnet.network import GENERATORS, Network, refuse_ambiguous
from memnet.study._file_devices import Models, device
from memnet.study._tables import keywords, known, list_of_tables, required, within

# The kind of a network that is given by its edges.
PLAIN = "network"


def network(table: dict[str, Any]) -> Network:
    """Return the network of [network]: what one of the functions makes, or the one of some edges."""
    kind = check.one_of("[network] kind", table.pop("kind", "percolating"), (*GENERATORS, PLAIN))
    if kind == PLAIN:
        known("[network]", table, ("kind", *keywords(Network)))
        required("[network]", table, Network)
        plain: Network = within("[network]", Network, **table)
        return plain
    generator = GENERATORS[kind]
    known("[network]", table, ("kind", *keywords(generator.function)))
    required("[network]", table, generator.function)
    electrodes = table.get("electrodes")
    if isinstance(electrodes, Mapping):
        for name, value in electrodes.items():
            # TOML has no tuples, and 10 is as good a coordinate as 10.0.
            refuse_ambiguous(f"[network] electrodes.{name}", value, generator.form)
    net: Network = within("[network]", generator.function, **table)
    return net


def attached(net: Network, tables: Any, models: Models) -> Network:
    """Return a network with the series circuits of [[attach]] at its electrodes, put there in their order."""
    for k, table in enumerate(list_of_tables("attach", tables, "a circuit"), 1):
        section = f"[[attach]] {k}"
        if "electrode" not in table:
            raise ValueError(f"{section} needs a key 'electrode'")
        electrode, to = table.pop("electrode"), table.pop("to", None)
        if "devices" in table:
            known(section, table, ("electrode", "to", "devices"))
            chain = list_of_tables(f"attach]] {k} [[devices", table["devices"], "a device")
            made = [device(f"{section} devices {j}", one, models) for j, one in enumerate(chain, 1)]
        elif "model" not in table:
            known(section, table, ("electrode", "to", "devices", "model", "series"))
            raise ValueError(f"{section} needs a key 'devices', a list of one table a device, or a key 'model'")
        else:
            made = [device(section, table, models)]
        net = within(section, net.attach, electrode, *made, to=to)
    return net
