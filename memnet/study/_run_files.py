"""Run files: a network, its devices, a drive and a run, written in TOML or JSON.

[network], [model], [[devices]], [drive], [[reactions]], [simulation] and [run] are its sections; docs/run-files.md
shows one whole. [sweep] is for `read_sweep_file`, and a run goes without it.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memnet import drive
from memnet.base import check
from memnet.devices import MODELS, Device, argument_fields, device_model, link, mix, series, spread, table_of
from memnet.equations import EquationError
from memnet.network import GENERATORS, Network, refuse_ambiguous
from memnet.simulate import Reaction, Simulation, react, step_count

SECTIONS = ("network", "model", "devices", "drive", "reactions", "simulation", "run", "sweep")
# The sections that hold one table an entry, each under its own [[name]].
LISTS = ("devices", "reactions")
# What a table of [model] says of a model, as `device_model` takes it.
MODEL_KEYS = ("text", "doc", "citation")
WAVE_FUNCTIONS: dict[str, Callable[..., Any]] = {**drive.LEAVES, "current": drive.current, "limited": drive.limited}
WAVEFORMS = (*WAVE_FUNCTIONS, "sum", "concat")


@dataclass(frozen=True)
class RunFile:
    """A run file that was read: everything in it is checked, nothing has run yet.

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
    """

    network: Network
    simulation: Simulation
    steps: int
    every: int
    record: tuple[str, ...]


@check.known_keywords
def read_run_file(path: str | Path, *, method: str | None = None, rtol: float | None = None) -> RunFile:
    """Read a run file and build its network and simulation.

    Parameters
    ----------
    path : str or Path
        A file as docs/run-files.md describes it: JSON where its name ends in ``.json``, else TOML.
    method : {"fixed", "adaptive"}, optional
        How to get from row to row, instead of the method and the tolerance that the file names.
    rtol : float, optional
        Tolerance of adaptive steps, instead of the file's.

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
    OSError
        The file cannot be read.

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
    return build(load(Path(path)), method=method, rtol=rtol)


def build(tables: Mapping[str, Any], *, method: str | None = None, rtol: float | None = None) -> RunFile:
    """Build what `read_run_file` returns from tables that are in memory already."""
    _known("the file", tables, SECTIONS, "section")
    for name in ("network", "devices", "drive", "run"):
        if name not in tables:
            raise ValueError(f"the file needs a section [{name}]")
    for name in SECTIONS:
        if name not in LISTS and not isinstance(tables.get(name, {}), Mapping):
            raise TypeError(f"[{name}] must be a table, got {tables[name]!r}")
    simulation = dict(tables.get("simulation", {}))
    keywords = _keywords(Simulation, skip=("net", "devices", "drive", "reactions"))
    _known("[simulation]", simulation, ("mix_seed", *keywords))
    if method is not None:
        simulation = {**simulation, "method": method, "rtol": None}
    if rtol is not None:
        simulation["rtol"] = rtol
    steps, every, record = _run(tables["run"])
    net = _network(dict(tables["network"]))
    models = {**MODELS, **_models(tables.get("model", {}))}
    devices = _devices(net, tables["devices"], models, simulation.pop("mix_seed", 0))
    waves = {name: _within(f"[drive] {name}", _waveform, value) for name, value in tables["drive"].items()}
    reactions = _reactions(tables.get("reactions", []), devices.devices)
    sections = "[drive], [[reactions]] or [simulation]" if reactions else "[drive] or [simulation]"
    made = _within(sections, Simulation, net, devices, waves, reactions=reactions, **simulation)
    steps = _within("[run]", _steps_of, tables["run"]["duration"], made.dt) if steps is None else steps
    return RunFile(net, made, steps, every, record)


def load(path: Path) -> dict[str, Any]:
    """Return the sections of a file as they stand there."""
    return _load_json(path) if path.suffix.lower() == ".json" else _load_toml(path)


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
    for name in tables:
        if sum(name == key for key, _ in pairs) > 1:
            raise ValueError(f"the key {name!r} stands twice")
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


def _network(table: dict[str, Any]) -> Network:
    generator = GENERATORS[check.one_of("[network] kind", table.pop("kind", "percolating"), GENERATORS)]
    _known("[network]", table, ("kind", *_keywords(generator.function)))
    _required("[network]", table, generator.function)
    electrodes = table.get("electrodes")
    if isinstance(electrodes, Mapping):
        for name, value in electrodes.items():
            # TOML has no tuples, and 10 is as good a coordinate as 10.0.
            refuse_ambiguous(f"[network] electrodes.{name}", value, generator.form)
    net: Network = _within("[network]", generator.function, **table)
    return net


def _models(tables: Mapping[str, Any]) -> dict[str, type[Device]]:
    """Return the classes of a file's own models by name: a text each, or a table with a text."""
    return {name: _model(name, given) for name, given in tables.items()}


def _model(name: str, given: Any) -> type[Device]:
    section = f"[model.{name}]"
    table = {"text": given} if isinstance(given, str) else given
    if not isinstance(table, Mapping):
        raise TypeError(f"{section} must be a table with a key 'text', or the text itself, got {check.shown(given)}")
    _known(section, table, MODEL_KEYS)
    if "text" not in table:
        raise ValueError(f"{section} needs a key 'text'")
    try:
        return device_model(name, **table)
    except EquationError as error:
        raise error.located(table["text"], f"{section} text") from error
    except (TypeError, ValueError) as error:
        raise type(error)(f"{section}: {error}") from error


def _devices(net: Network, tables: Any, models: Mapping[str, type[Device]], seed: Any) -> Any:
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        raise TypeError("[[devices]] must be one table a device, each under its own [[devices]]")
    pairs = [_device(f"[[devices]] {k}", dict(table), models, len(tables)) for k, table in enumerate(tables, 1)]
    return _within("[[devices]]", mix, net, pairs, seed=_within("[simulation]", check.seed, "mix_seed", seed))


def _reactions(tables: Any, devices: Sequence[Device]) -> list[Reaction]:
    """Return the reactions, whose devices are the numbers of their tables, from 1 on."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise TypeError("[[reactions]] must be one table a reaction, each under its own [[reactions]]")
    return [_within(f"[[reactions]] {k}", _reaction, dict(table), devices) for k, table in enumerate(tables, 1)]


def _reaction(table: dict[str, Any], devices: Sequence[Device]) -> Reaction:
    _known("a reaction", table, _keywords(react))
    _required("a reaction", table, react)
    device = devices[check.integer("device", table.pop("device"), 1, len(devices)) - 1]
    return react(device, wave=_waveform(table.pop("wave")), **table)


def _device(
    section: str, table: dict[str, Any], models: Mapping[str, type[Device]], count: int
) -> tuple[Device, float]:
    """Return the device of a table of [[devices]], and its share of the edges."""
    if "fraction" not in table and count > 1:
        raise ValueError(f"{section}{_of_model(table)} needs a key 'fraction'")
    fraction = table.pop("fraction", 1.0)
    return _one_device(section, table, models, ("fraction",)), fraction


def _of_model(table: Mapping[str, Any]) -> str:
    return f" ({table['model']})" if isinstance(table.get("model"), str) else ""


def _one_device(
    section: str, table: dict[str, Any], models: Mapping[str, type[Device]], taken: Sequence[str] = ()
) -> Device:
    """Return the device of a table without the keys `taken`, which were allowed beside it."""
    if "series" in table:
        return _in_series(section, table, models, taken)
    if "model" not in table:
        raise ValueError(f"{section} needs a key 'model', one of {', '.join(models)}, or a key 'series'")
    model = models[check.one_of(f"{section} model", table.pop("model"), models)]
    arguments = argument_fields(table_of(model))
    reads = table_of(model)["linked_states"] is not None
    derived = getattr(model, "derived", ())  # what follows from other parameters may be given, and must agree
    known = ("model", *taken, *(["link"] if reads else []), "spread", *arguments, *derived)
    _known(f"{section} ({model.model})", table, known)
    for name in table.keys() & {name for name, field in arguments.items() if field["kind"] == "waveform"}:
        table[name] = _within(f"{section} {name}", _waveform, table[name])
    to = table.pop("link", None)
    drawn = table.pop("spread", None)
    made: Device = _within(section, model, **table)
    made = made if drawn is None else _within(f"{section} spread", _spread, made, drawn)
    return made if to is None else _within(section, link, made, to)


def _in_series(section: str, table: dict[str, Any], models: Mapping[str, type[Device]], taken: Sequence[str]) -> Device:
    """Return the devices of a list of tables in series on one edge, in the order from its first node to its second."""
    _known(f"{section} (series)", table, ("series", *taken, "spread"))
    parts = table["series"]
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise TypeError(f"{section} series must be a list of one table a device, got {check.shown(parts)}")
    made = [_one_device(f"{section} series {k}", dict(part), models) for k, part in enumerate(parts, 1)]
    whole: Device = _within(f"{section} series", series, *made)
    return whole if "spread" not in table else _within(f"{section} spread", _spread, whole, table["spread"])


def _spread(device: Device, table: Any) -> Device:
    """Return a device that is spread as a table says, in which distributions are tables with a `kind`."""
    check.instance("it", table, Mapping, "a table of parameters, seed, cycle and read")
    if "seed" not in table:
        raise ValueError("a spread needs a key 'seed'")
    return spread(device, **table)


def _waveform(value: Any) -> Any:
    """Return the drive that a number (V), "floating" or a table with a `kind` and its arguments stands for."""
    if value == "floating":
        return None
    if not isinstance(value, Mapping):
        return drive.waveform("the value", value)
    table = dict(value)
    if "kind" not in table:
        raise ValueError(f"a waveform needs a key 'kind', one of {', '.join(WAVEFORMS)}")
    kind = check.one_of("kind", table.pop("kind"), WAVEFORMS)
    if kind == "sum":
        _known("a sum", table, ("kind", "parts"))
        parts = [drive.waveform("part", _waveform(part)) for part in _list(table, "parts")]
        return sum(parts[1:], start=parts[0])
    if kind == "concat":
        _known("a concat", table, ("kind", "parts", "durations"))
        parts, durations = _list(table, "parts"), _list(table, "durations")
        if len(durations) not in (len(parts), len(parts) - 1):
            raise ValueError(f"durations must have one value a part ({len(parts)}), got {len(durations)}")
        lasting = [*durations, None][: len(parts)]
        return drive.concat([(_waveform(part), length) for part, length in zip(parts, lasting, strict=True)])
    make = WAVE_FUNCTIONS[kind]
    _known(f"a waveform of kind {kind!r}", table, ("kind", *_keywords(make)))
    _required(f"a waveform of kind {kind!r}", table, make)
    if kind == "current":
        return drive.current(_waveform(table["value"]))
    if kind == "limited":
        return drive.limited(_waveform(table["voltage"]), current=table["current"])
    return make(**table)


def _list(table: Mapping[str, Any], key: str) -> list[Any]:
    given = table.get(key)
    if not isinstance(given, list) or not given:
        raise ValueError(f"{key} must be a list of one or more values, got {given!r}")
    return given


def _run(table: Mapping[str, Any]) -> tuple[int | None, int, tuple[str, ...]]:
    """Return how many steps to take, None where a duration says, every how many rows are kept, and what is in them."""
    _known("[run]", table, ("steps", "duration", "every", "record"))
    if ("steps" in table) == ("duration" in table):
        given = "both" if "steps" in table else "neither"
        raise ValueError(f"[run] needs one of the keys 'steps' and 'duration' (s), got {given}")
    steps = check.whole("[run] steps", table["steps"], 1) if "steps" in table else None
    every = check.whole("[run] every", table.get("every", 1), 1)
    record = table.get("record", ["current"])
    names = [record] if isinstance(record, str) else record
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise TypeError(f"[run] record must be a list of names, got {record!r}")
    return steps, every, tuple(names)


def _steps_of(duration: Any, dt: float) -> int:
    """Return how many steps of length dt (s) a duration takes, at least one."""
    count = step_count(None, duration, dt, 0)
    if count < 1:
        raise ValueError(f"duration must be at least one step of {dt!r} s, got {duration!r}")
    return count


def _arguments(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """Arguments of a function that a table may set; **unknown keywords are there to be refused."""
    found = inspect.signature(function).parameters
    return {name: one for name, one in found.items() if one.kind is not inspect.Parameter.VAR_KEYWORD}


def _keywords(function: Callable[..., Any], skip: Iterable[str] = ()) -> list[str]:
    return [name for name in _arguments(function) if name not in skip]


def _required(section: str, table: Mapping[str, Any], function: Callable[..., Any]) -> None:
    for name, argument in _arguments(function).items():
        if argument.default is inspect.Parameter.empty and name not in table:
            raise ValueError(f"{section} needs a key {name!r}")


def _known(section: str, table: Mapping[str, Any], allowed: Iterable[str], what: str = "key") -> None:
    words = list(allowed)
    for word in table:
        if word not in words:
            near = check.did_you_mean(word, words)
            raise ValueError(f"{section} has an unknown {what} {word!r}{near}; allowed: {', '.join(words)}")


def _within(section: str, function: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Call a function; a refused value says in which section it stands."""
    try:
        return function(*given, **named)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{section}: {error}") from error
