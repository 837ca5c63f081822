"""Run files: a network, its devices, a drive and a run, written in TOML or JSON.

[network] with [[devices]] and [[attach]], or [[circuit]], or [start]; [model], [drive], [[reactions]], [simulation] and
[run] are the sections; docs/run-files.md shows one whole. [sweep] is for `read_sweep_file`, and a run goes without it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memnet.base import check
from memnet.network import Network
from memnet.simulate import Circuit, Reaction, Simulation, react
from memnet.study._file_devices import Models, models
from memnet.study._file_networks import attached, network
from memnet.study._file_places import Placed, elements, placed
from memnet.study._file_run import Record, asked, recorded
from memnet.study._file_waves import drives, waveform
from memnet.study._tables import keywords, known, list_of_tables, required, within

if TYPE_CHECKING:
    import xarray as xr

SECTIONS = (
    *("network", "model", "devices", "attach", "circuit", "start", "drive", "reactions", "simulation", "run"),
    "sweep",
)
# The sections that hold one table an entry, each under its own [[name]].
LISTS = ("devices", "attach", "circuit", "reactions")
# What the simulation is made of, and what does not go with it.
SOURCES = {
    "network": ("circuit", "start"),
    "circuit": ("network", "devices", "attach", "start"),
    "start": ("network", "devices", "attach", "circuit", "model", "reactions", "simulation"),
}
# A file that is longer is data, not a description of a run.
LARGEST = 2**26


@dataclass(frozen=True)
class RunFile:
    """A run file that was read: everything in it is checked, nothing has run yet.

    Attributes
    ----------
    network : Network
    simulation : Simulation
    steps, every : int
        How many steps to take, and which are kept.
    record : tuple of str, or dict
        What is recorded, as `Simulation.run` takes it.
    events : bool
        Whether events are kept.

    Examples
    --------
    >>> from pathlib import Path
    >>> from memnet import study
    >>> text = '''
    ... network = {kind = "grid", rows = 3, columns = 3}
    ... devices = [{model = "RateBalance"}]
    ... drive = {left = 1.0, right = 0.0}
    ... run = {steps = 5}
    ... '''
    >>> size = Path("run.toml").write_text(text)
    >>> found = study.read_run_file("run.toml")
    >>> found.network.n_nodes, found.steps, found.every
    (9, 5, 1)
    >>> found.run().sizes["time"]
    5
    """

    network: Network
    simulation: Simulation
    steps: int
    every: int
    record: Record
    events: bool = True

    def run(self, **options: Any) -> xr.Dataset:
        """Take the steps and return what was recorded; options are `progress` and `out` of `Simulation.run`."""
        return self.simulation.run(self.steps, record=self.record, every=self.every, events=self.events, **options)


@check.known_keywords
def read_run_file(
    path: str | Path,
    *,
    method: str | None = None,
    rtol: float | None = None,
    order: str | None = None,
    threads: int | None = None,
) -> RunFile:
    """Read a run file and build its network and simulation.

    Parameters
    ----------
    path : str or Path
        A file as docs/run-files.md describes it: JSON where its name ends in ``.json``, else TOML.
    method : {"fixed", "adaptive"}, optional
        How to get from row to row, instead of the method and the tolerance that the file names.
    rtol : float, optional
        Tolerance of adaptive steps, instead of the file's.
    order : {"auto", "fast", "best"}, optional
        How kron looks for its order of elimination, instead of the file's, which is "auto" where it says nothing.
    threads : int, optional
        How many threads work on a step, instead of the file's, which is 1 where it says nothing.

    Returns
    -------
    RunFile
        The network, the simulation, and what to run.

    Raises
    ------
    ValueError, TypeError
        The file is no TOML or JSON, a section or key is unknown (the message names the section and the nearest key), a
        required one is missing, or a value is not allowed.
    EquationError
        The text of a model is none: the message names its table, line and column.
    CheckpointError
        The file that [start] names is no checkpoint.
    OSError
        The file, or the checkpoint, cannot be read.

    Examples
    --------
    >>> from pathlib import Path
    >>> from memnet import study
    >>> text = '''
    ... network = {kind = "grid", rows = 3, columns = 3}
    ... devices = [{model = "RateBalance"}]
    ... drive = {left = 1.0, right = 0.0}
    ... simulation = {method = "adaptive"}
    ... run = {steps = 5}
    ... '''
    >>> size = Path("run.toml").write_text(text)
    >>> found = study.read_run_file("run.toml")
    >>> data = found.simulation.run(found.steps)
    >>> data.sizes["time"]
    5
    """
    return build(load(Path(path)), method=method, rtol=rtol, order=order, threads=threads)


def build(
    tables: Mapping[str, Any],
    *,
    method: str | None = None,
    rtol: float | None = None,
    order: str | None = None,
    threads: int | None = None,
) -> RunFile:
    """Build what `read_run_file` returns from tables that are in memory already."""
    source = _checked(tables)
    wanted = asked(tables["run"])
    if source == "start":
        simulation = _started(tables["start"], threads, method=method, rtol=rtol, order=order)
        if "drive" in tables:
            within("[drive]", simulation.set_drive, drives(tables["drive"], simulation.net))
        devices = None
    else:
        simulation, devices = _made(tables, source, _options(tables, method, rtol, order, threads))
    steps = within("[run]", wanted.count, simulation.dt)
    record = recorded(wanted.record, devices)
    return RunFile(simulation.net, simulation, steps, wanted.every, record, wanted.events)


def _checked(tables: Mapping[str, Any]) -> str:
    """Return the section that the simulation is made of; sections that are unknown, missing or too many raise."""
    known("the file", tables, SECTIONS, "section")
    source = next((name for name in SOURCES if name in tables), "network")
    for name in SOURCES[source]:
        if name in tables:
            raise ValueError(f"the file has sections [{source}] and [{name}], which exclude each other")
    needed = {"network": ("network", "devices", "drive", "run"), "circuit": ("drive", "run"), "start": ("run",)}
    for name in needed[source]:
        if name not in tables:
            other = ", or elements under [[circuit]]" if name == "network" else ""
            raise ValueError(f"the file needs a section [{name}]{other}")
    for name in SECTIONS:
        if name not in LISTS and not isinstance(tables.get(name, {}), Mapping):
            raise TypeError(f"[{name}] must be a table, got {check.shown(tables[name])}")
    return source


def _options(
    tables: Mapping[str, Any], method: str | None, rtol: float | None, order: str | None, threads: int | None
) -> dict[str, Any]:
    """Return the keys of [simulation], or what replaces them."""
    options = dict(tables.get("simulation", {}))
    known("[simulation]", options, ("mix_seed", *keywords(Simulation, ("net", "devices", "drive", "reactions"))))
    if method is not None:
        options = {**options, "method": method, "rtol": None}
    if rtol is not None:
        options["rtol"] = rtol
    options |= {name: value for name, value in (("order", order), ("threads", threads)) if value is not None}
    return options


def _made(tables: Mapping[str, Any], source: str, options: dict[str, Any]) -> tuple[Simulation, Placed]:
    """Return the simulation of a network or of a circuit, and where its devices are."""
    of_file: Models = models(tables.get("model", {}))
    seed = options.pop("mix_seed", 0)
    circuit: Circuit | None = None
    if source == "circuit":
        circuit, devices = elements(tables["circuit"], of_file)
        net = None
    else:
        net = attached(network(dict(tables["network"])), tables.get("attach", []), of_file)
        devices = placed(net, tables["devices"], of_file, seed)
    waves = drives(tables["drive"], net)
    reactions = _reactions(tables.get("reactions", []), devices)
    sections = "[drive], [[reactions]] or [simulation]" if reactions else "[drive] or [simulation]"
    if circuit is not None:
        made = within(sections, circuit.simulation, waves, reactions=reactions, **options)
    else:
        made = within(sections, Simulation, net, devices.devices, waves, reactions=reactions, **options)
    devices.set_states("circuit" if circuit is not None else "devices", made)
    return made, devices


def _started(table: Mapping[str, Any], threads: int | None, **kept: Any) -> Simulation:
    """Return the simulation of a checkpoint."""
    known("[start]", table, ("checkpoint", "threads"))
    if "checkpoint" not in table:
        raise ValueError("[start] needs a key 'checkpoint', the name of a file")
    if any(value is not None for value in kept.values()):
        raise ValueError("method, rtol and order of a file that goes on from a checkpoint are those of the checkpoint")
    name = table["checkpoint"]
    if not isinstance(name, str) or not name or "\0" in name:
        raise TypeError(f"[start] checkpoint must be the name of a file, got {check.shown(name)}")
    return Simulation.load(name, threads=table.get("threads", 1) if threads is None else threads)


def _reactions(tables: Any, devices: Placed) -> list[Reaction]:
    """Return the reactions, whose devices are the numbers of their tables, from 1 on, or names of elements."""
    given = list_of_tables("reactions", tables, "a reaction")
    return [within(f"[[reactions]] {k}", _reaction, table, devices) for k, table in enumerate(given, 1)]


def _reaction(table: dict[str, Any], devices: Placed) -> Reaction:
    known("a reaction", table, keywords(react))
    required("a reaction", table, react)
    device = devices.device("device", table.pop("device"))
    return react(device, wave=waveform(table.pop("wave")), **table)


def load(path: Path) -> dict[str, Any]:
    """Return the sections of a file as they stand there, with the place of a checkpoint as seen from here."""
    if path.stat().st_size > LARGEST:
        raise ValueError(f"{path} is longer than {LARGEST:,} bytes, which no run file is")
    tables = _load_json(path) if path.suffix.lower() == ".json" else _load_toml(path)
    start = tables.get("start")
    if isinstance(start, dict) and isinstance(start.get("checkpoint"), str) and start["checkpoint"]:
        start["checkpoint"] = str(path.parent / start["checkpoint"])
    return tables


def _load_json(path: Path) -> dict[str, Any]:
    try:
        tables = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not a JSON file: {error}") from error
    if not isinstance(tables, dict):
        raise TypeError(f"{path} must hold one JSON object with the sections, got {check.shown(tables)}")
    return tables


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON in which no key stands twice, as in TOML."""
    tables = dict(pairs)
    if len(tables) < len(pairs):
        twice, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise ValueError(f"the key {twice!r} stands twice")
    return tables


def _load_toml(path: Path) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        with path.open("rb") as file:
            tables: dict[str, Any] = tomllib.load(file)
            return tables
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{path} is not a TOML file: {error}") from error
