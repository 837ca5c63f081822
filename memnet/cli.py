"""The command line: `memnet demo`, `run`, `sweep` and `view` of a file, `reproduce PAPER`, `info [FILE]`."""

from __future__ import annotations

import contextlib
import errno
import importlib
import importlib.metadata
import importlib.util
import inspect
import io
import itertools
import json
import platform
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from memnet import drive, papers, plot
from memnet._core import CheckpointError, __version__
from memnet.base import check, files
from memnet.base.plain import decode
from memnet.devices import MODELS, RateBalance, TunnelGap, mix
from memnet.live import Page
from memnet.network import Network, percolating
from memnet.simulate import Simulation, UnfinishedRunWarning, open_run, resume as resume_run
from memnet.study import (
    FailedPoint,
    FailedPointsWarning,
    is_store,
    open_sweep,
    read_run_file,
    read_sweep_file,
    sweep as sweep_of,
)

if TYPE_CHECKING:
    import xarray as xr

app = typer.Typer(
    name="memnet",
    help="Simulate self-organised memristive networks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run the command line."""
    app()


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"memnet {__version__}")
        raise typer.Exit


@app.callback()
def _options_of_all(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say the version and end.")
    ] = False,
) -> None:
    pass


FORCE = typer.Option("--force", help="Overwrite results that exist.")
METHOD = typer.Option(help="fixed or adaptive, instead of what the run file says.")
RTOL = typer.Option(help="Tolerance of adaptive steps, instead of the run file's.")
ORDER = typer.Option(help="How to look for the order of elimination: auto, fast or best, instead of the run file's.")
THREADS = typer.Option(help="Threads that work on each step, instead of the run file's.")


@app.command()
def demo(
    seed: Annotated[int, typer.Option(help="Seed of the network; devices are placed with seed + 1.")] = 1,
    size: Annotated[float, typer.Option(help="Side of the sample, in particle diameters.")] = 200.0,
    steps: Annotated[int, typer.Option(help="Time steps of 1 s.")] = 50_000,
    out: Annotated[Path, typer.Option(help="The netCDF file; the picture goes beside it as .png.")] = Path("demo.nc"),
    progress: Annotated[bool, typer.Option(help="Show a progress bar.")] = True,
    force: Annotated[bool, FORCE] = False,
) -> None:
    """Run a percolating network of spiking gaps and synapses (A:C = 75:25) at 3 V and draw it."""
    with _one_line_errors():
        picture = out.with_suffix(".png")
        if picture == out:
            raise ValueError(f"--out must name a netCDF file, got {out}: the picture goes beside it as .png")
        _refuse_store(out)
        for file in (out, picture):
            _writable(file, force)
        _import_all()

        net = percolating(size=size, coverage=0.65, seed=seed)
        _say_network(net)
        devices = mix(net, {TunnelGap(): 0.75, RateBalance(): 0.25}, seed=seed + 1)
        simulation = Simulation(net, devices, drive={"left": 3.0, "right": 0.0}, dt=1.0, seed=seed)
        data = _run(simulation, steps, out, force, record=("current",), every=1, progress=progress)
        _draw(simulation, data, picture)
        typer.echo(f"wrote       {picture}")


@app.command()
def run(
    config: Annotated[Path, typer.Argument(help="A run file (TOML or JSON); see docs/run-files.md.")],
    out: Annotated[
        Path | None, typer.Option(help="The netCDF file, or a .zarr store; default: the run file's name with .nc.")
    ] = None,
    checkpoint: Annotated[
        Path | None, typer.Option(help="Write the state at the end here, for [start] of another run file.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a .zarr store of a run that ended early.")
    ] = False,
    method: Annotated[str | None, METHOD] = None,
    rtol: Annotated[float | None, RTOL] = None,
    order: Annotated[str | None, ORDER] = None,
    threads: Annotated[int | None, THREADS] = None,
    progress: Annotated[bool, typer.Option(help="Show a progress bar.")] = True,
    force: Annotated[bool, FORCE] = False,
) -> None:
    """Run what a file describes and write the result as netCDF, or stream it to a zarr store."""
    with _one_line_errors(str(config)):
        _must_be_file(config)
        target = out if out is not None else config.with_suffix(".nc")
        streamed = _is_store(target)
        if resume and (not streamed or checkpoint is not None):
            raise ValueError("--resume goes on with the .zarr store that --out names, and without --checkpoint")
        if resume:
            if any(value is not None for value in (method, rtol, order)):
                raise ValueError("method, rtol and order of a run that --resume goes on with are those of its store")
            resume_run(target, threads=1 if threads is None else threads, progress=progress)
            typer.echo(f"wrote       {target}")
            return
        job = read_run_file(config, method=method, rtol=rtol, order=order, threads=threads)
        if streamed and target.exists():
            raise FileExistsError(errno.EEXIST, "exists already; --resume goes on with it", str(target))
        _writable(target, force)
        if checkpoint is not None:
            _writable(checkpoint, force)
        _import_all()
        _say_network(job.network)
        options = {"record": job.record, "every": job.every, "events": job.events, "progress": progress}
        _run(job.simulation, job.steps, target, force, streamed=streamed, **options)
        if checkpoint is not None:
            job.simulation.save(checkpoint)
            typer.echo(f"wrote       {checkpoint}")


@app.command()
def sweep(
    config: Annotated[Path, typer.Argument(help="A run file with a section [sweep]; see docs/run-files.md.")],
    out: Annotated[Path | None, typer.Option(help="The netCDF file; default: the run file's name with .nc.")] = None,
    store: Annotated[
        Path | None, typer.Option(help="A zarr store that keeps each point as soon as it is done.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a store that exists.")] = False,
    workers: Annotated[int | None, typer.Option(help="Processes; default: one a processor.")] = None,
    scheduler: Annotated[str | None, typer.Option(help="Address of a dask scheduler, as in tcp://host:8786.")] = None,
    errors: Annotated[str | None, typer.Option(help="raise or keep, instead of what the run file says.")] = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Compute points again of which the store has an error.")
    ] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(help="What the store may have of another sweep: axes, function, seeds, versions."),
    ] = None,
    method: Annotated[str | None, METHOD] = None,
    rtol: Annotated[float | None, RTOL] = None,
    progress: Annotated[bool, typer.Option(help="Show a progress bar.")] = True,
    force: Annotated[bool, FORCE] = False,
) -> None:
    """Run what a file describes at each point of its [sweep] and write all results as one netCDF file."""
    with _one_line_errors(str(config)):
        _must_be_file(config)
        target = out if out is not None else config.with_suffix(".nc")
        job = read_sweep_file(config, method=method, rtol=rtol)
        _refuse_store(target, "; --store names a zarr store, which has the results too")
        _writable(target, force)
        if store is not None and store.exists() and not resume:
            raise FileExistsError(errno.EEXIST, "exists already; --resume goes on with it", str(store))
        if resume and store is None:
            raise ValueError("--resume needs --store")
        start = time.perf_counter()
        with _client(scheduler) as client, warnings.catch_warnings():
            warnings.simplefilter("ignore", FailedPointsWarning)  # said below
            data = sweep_of(
                job.function,
                job.axes,
                workers=workers,
                client=client,
                store=store,
                progress=progress,
                errors=job.errors if errors is None else errors,  # type: ignore[arg-type]
                ragged=job.ragged,
                accept=accept or [],
                retry=retry,
            )
        _say_sweep(data, time.perf_counter() - start)
        _write(data, target, force)


@contextlib.contextmanager
def _client(scheduler: str | None) -> Iterator[Any]:
    """Give a client of a scheduler, None where there is none."""
    if scheduler is None:
        yield None
        return
    if importlib.util.find_spec("distributed") is None:
        raise ValueError('--scheduler needs distributed: pip install "memnet-sim[cluster]"')
    from distributed import Client

    with Client(scheduler, timeout=30) as client:
        yield client


def _say_sweep(data: xr.Dataset, seconds: float) -> None:
    dims = [f"{name} {size:,}" for name, size in data.sizes.items()]
    typer.echo(f"sweep       {data.attrs['title'].rpartition(', ')[2]} in {seconds:.1f} s; {', '.join(dims)}")
    if "failed" in data.attrs:
        typer.echo(f"errors      {data.attrs['failed']}")


@app.command()
def view(
    config: Annotated[Path, typer.Argument(help="A run file (TOML or JSON); see docs/run-files.md.")],
    port: Annotated[int, typer.Option(help="Port at 127.0.0.1; 0: a free one.")] = 0,
    method: Annotated[str | None, METHOD] = None,
    rtol: Annotated[float | None, RTOL] = None,
    order: Annotated[str | None, ORDER] = None,
    threads: Annotated[int | None, THREADS] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Show what a file describes as a page of this machine, where it is run, paused and steered; Ctrl-C ends it."""
    with _one_line_errors(str(config)), contextlib.ExitStack() as stack:
        _must_be_file(config)
        job = read_run_file(config, method=method, rtol=rtol, order=order, threads=threads)
        page = Page(job.simulation, port)
        stack.callback(page.close)
        _say_network(job.network)
        typer.echo(f"page        {page.url}\n            Ctrl-C ends it")
        if browser:
            page.open()
        page.serve()


@app.command()
def reproduce(
    paper: Annotated[str | None, typer.Argument(help="A paper; without one, all are listed.")] = None,
    figure: Annotated[str | None, typer.Option(help="Its figure; without one, all are listed.")] = None,
    every_one: Annotated[bool, typer.Option("--all", help="Every figure.")] = False,
    table: Annotated[bool, typer.Option("--table", help="Judge the paper's statements.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Smaller and shorter.")] = False,
    size: Annotated[float | None, typer.Option(help="Side of the network, in particle diameters.")] = None,
    steps: Annotated[int | None, typer.Option(help="Time steps.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the network.")] = None,
    seeds: Annotated[str | None, typer.Option(help="Seeds of a table over several networks, as in 5,8,11.")] = None,
    option: Annotated[list[str] | None, typer.Option(help="Any other argument, as in fraction=0.5 (JSON).")] = None,
    out: Annotated[Path, typer.Option(help="The folder for data (netCDF), pictures (PNG) or the table.")] = Path(),
    progress: Annotated[bool, typer.Option(help="Show progress bars.")] = True,
) -> None:
    """Repeat a figure of a paper: data as netCDF and a picture."""
    with _one_line_errors():
        if paper is None:
            for name in papers.names():
                typer.echo(f"{name:<18}{_short((papers.load(name).__doc__ or '').splitlines()[0], 100)}")
            return
        module = papers.load(paper)
        options = {"size": size, "steps": steps, "seed": seed, **_options(option or [])}
        if sum((figure is not None, every_one, table)) > 1:
            raise ValueError("--figure, --all and --table exclude each other")
        if figure is None and not every_one and not table:
            for one in module.FIGURES.values():
                typer.echo(f"{one.key:<15}{one.title}")
            return
        out.mkdir(parents=True, exist_ok=True)
        if table:
            _table(module, paper, out, seeds, {name: x for name, x in options.items() if x is not None})
            return
        if seeds is not None:
            raise ValueError("--seeds belongs to --table; a figure has --seed")
        keys = list(module.FIGURES) if every_one else [check.one_of("figure", figure, module.FIGURES)]
        for key in keys:
            _reproduce(module.FIGURES[key], f"{paper}-{key}", options, out, quick, every_one, progress)


def _reproduce(
    figure: papers.Figure, name: str, options: dict[str, Any], out: Path, quick: bool, lenient: bool, progress: bool
) -> None:
    """Compute a figure, write and draw it. Where all are asked for, an argument goes to those that have it."""
    if lenient:
        known = inspect.signature(figure.compute).parameters
        options = {argument: value for argument, value in options.items() if argument in known}
    arguments = figure.arguments(options, quick=quick)
    file_of_data, picture = out / f"{name}.nc", out / f"{name}.png"
    for file in (file_of_data, picture):
        _writable(file, force=True)
    typer.echo(f"figure      {figure.key}: {figure.title}")
    start = time.perf_counter()
    with_bar = {"progress": progress} if "progress" in inspect.signature(figure.compute).parameters else {}
    data = figure.compute(**arguments, **with_bar)
    computed = time.perf_counter()
    papers.write(data, file_of_data)
    with files.replacing(picture) as file:
        figure.plot(data).savefig(file, dpi=130)
    typer.echo(f"computed    in {computed - start:.1f} s, written and drawn in {time.perf_counter() - computed:.1f} s")
    typer.echo(f"wrote       {file_of_data}, {picture.name}")


def _table(module: Any, paper: str, out: Path, seeds: str | None, options: dict[str, Any]) -> None:
    """Judge a paper's statements; further arguments are options of its measurements."""
    if not hasattr(module, "table"):
        raise ValueError(f"{paper} has no table of statements")
    known = [name for name in inspect.signature(module.table).parameters if name not in ("out", "say")]
    takes_seeds = "seeds" in known
    if seeds is not None and not takes_seeds:
        raise ValueError(f"the table of {paper} takes no --seeds: nothing in it is random")
    if takes_seeds and not options.keys().isdisjoint(("size", "steps", "seed")):
        raise ValueError('a table takes --seeds, and sizes as --option \'options={"learning": {"size": 200}}\'')
    check.keywords(f"the table of {paper}", options, known)
    try:
        numbers = {} if seeds is None else {"seeds": [int(seed) for seed in seeds.split(",")]}
    except ValueError:
        raise ValueError(f"--seeds must be integers with commas between, got {seeds!r}") from None
    typer.echo(module.table(out, say=typer.echo, **{**options, **numbers}))


def _options(pairs: list[str]) -> dict[str, Any]:
    """Return arguments given as name=value; what is not JSON is text."""
    options: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name:
            raise ValueError(f"--option must be name=value, got {pair!r}")
        try:
            options[name] = json.loads(text)
        except ValueError:
            options[name] = text
    return options


@app.command()
def info(
    file: Annotated[Path | None, typer.Argument(help="A result (netCDF or zarr) or a checkpoint.")] = None,
) -> None:
    """Say what is installed or, given a file, what is in it."""
    with _one_line_errors(str(file) if file else ""):
        if file is None:
            _say_installation()
        elif not file.exists():
            raise FileNotFoundError("no such file")
        elif file.is_dir() or _is_netcdf(file):
            _say_dataset(file)
        else:
            _say_checkpoint(file)


@contextlib.contextmanager
def _one_line_errors(subject: str = "") -> Iterator[None]:
    """Turn what a user can mend into one line and exit status 2, Ctrl-C into status 130."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("\nmemnet: stopped", err=True)
        raise typer.Exit(130) from None
    except (ValueError, TypeError, OSError, MemoryError, CheckpointError) as error:
        said = str(error)
        if isinstance(error.__cause__, FailedPoint):
            said = f"{error.__cause__.place}: {said}"
        if isinstance(error, OSError) and error.strerror:
            said, subject = error.strerror, str(error.filename or subject)
        where = f"{subject}: " if subject and subject not in said else ""
        typer.echo(f"memnet: {where}{' '.join(said.split())}", err=True)
        raise typer.Exit(2) from None


def _must_be_file(config: Path) -> None:
    """Raise FileNotFoundError where a run file is not there, or is no file."""
    if not config.is_file():
        raise FileNotFoundError("is a folder" if config.is_dir() else "no such file")


def _writable(path: Path, force: bool) -> None:
    """Find out before a long run, not after it, that its result has no place, or that one is there."""
    try:
        files.target(path)
    except OSError as error:
        raise OSError(error.errno, f"cannot write: {error.strerror}", str(path)) from None
    if path.exists() and not force:
        raise FileExistsError(errno.EEXIST, "exists already; --force overwrites it", str(path))


def _is_store(path: Path) -> bool:
    return path.suffix.lower() == ".zarr"


def _refuse_store(out: Path, otherwise: str = "") -> None:
    """Raise ValueError where a netCDF file would get a name that says zarr store, as `memnet run` takes it."""
    if _is_store(out):
        raise ValueError(f"--out must name a netCDF file, such as {out.with_suffix('.nc')}, got {out}{otherwise}")


def _import_all() -> None:
    """Import what a run imports when it needs it, so that the time of imports is not part of the run's."""
    import xarray as xr

    for module in ("tqdm.auto", "h5netcdf"):
        importlib.import_module(module)
    xr.Dataset(coords={"time": [0.0]})  # the first one imports dask and pint where they are installed


def _run(
    simulation: Simulation, steps: int, out: Path, force: bool, *, streamed: bool = False, **options: Any
) -> xr.Dataset:
    """Run, say what came of it, and write it; a run that is stopped by Ctrl-C leaves what it has."""
    start = time.perf_counter()
    try:
        data = simulation.run(steps, out=out if streamed else None, **options)
    except KeyboardInterrupt:
        if simulation.partial is not None and not streamed:
            _write(simulation.partial, out, force)
        raise
    _say_run(data, steps, time.perf_counter() - start)
    if streamed:
        typer.echo(f"wrote       {out}")
    else:
        _write(data, out, force)
    return data


def _write(data: xr.Dataset, out: Path, force: bool) -> None:
    """Write a result; beside one that somebody else has put there since, unless that may be overwritten."""
    names = itertools.chain([out], (out.with_stem(f"{out.stem}-{k}") for k in itertools.count(1)))
    place = out if force else next(name for name in names if not name.exists())
    files.write_netcdf(place, {None: data})
    typer.echo(f"wrote       {place}")


def _say_network(net: Network) -> None:
    found = net.info
    typer.echo(f"network     {net.n_nodes:,} groups, {net.n_edges:,} gaps, electrodes {', '.join(net.electrodes)}")
    path = found["path_gaps"]
    way = "no path between the first two electrodes" if path is None else f"{path} gaps on the least-resistance path"
    typer.echo(f"            {found['n_islands']:,} islands that no electrode reaches; {way}")


def _say_run(data: xr.Dataset, steps: int, seconds: float) -> None:
    typer.echo(f"run         {steps:,} steps in {seconds:.1f} s, {1e3 * seconds / steps:.3f} ms a step")
    if "event_kind" in data:
        kind = data["event_kind"].values
        up, down = int((kind > 0).sum()), int((kind < 0).sum())
        typer.echo(f"events      {len(kind):,} ({up:,} up, {down:,} down), {len(kind) / steps:.4f} a step")
    if "conductance" in data and np.isfinite(data["conductance"].values).any():
        g = data["conductance"].values
        low, middle, high = np.nanmin(g), np.nanmedian(g), np.nanmax(g)
        typer.echo(f"conductance {low:.3g} to {high:.3g} S, median {middle:.3g} S")


def _draw(simulation: Simulation, data: xr.Dataset, path: Path) -> None:
    from matplotlib.figure import Figure
    from PIL import Image

    figure = plot.overview(simulation, data, figure=Figure(figsize=(12.0, 8.2), layout="constrained"))
    page = io.BytesIO()
    figure.savefig(page, format="png", dpi=100)
    # A palette makes the file three times smaller.
    small = Image.open(page).convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE)
    with files.replacing(path) as file:
        small.save(file, optimize=True)


def _say_installation() -> None:
    typer.echo(f"memnet {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    packages = ("numpy", "scipy", "xarray", "h5netcdf", "matplotlib", "networkx", "zarr")
    found = []
    for package in packages:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found.append(f"{package} {importlib.metadata.version(package)}")
    typer.echo(f"with      {', '.join(found)}")
    typer.echo("solvers   kron (default), umfpack")
    typer.echo("models")
    for name, model in MODELS.items():
        typer.echo(f"  {name:<12} {_short((model.__doc__ or '').splitlines()[0], 100)}")


def _is_netcdf(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(8)
    return head == b"\x89HDF\r\n\x1a\n"


def _opened(path: Path) -> xr.Dataset:
    import xarray as xr

    if path.is_file():
        return xr.open_dataset(path, engine="h5netcdf")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnfinishedRunWarning)  # it is among the attributes that are printed
        return open_sweep(path) if is_store(path) else open_run(path)


def _say_dataset(path: Path) -> None:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    with _opened(path) as data:
        kind = "sweep" if "function_sha256" in data.attrs else "run"
        typer.echo(f"result of a {kind}, {sum(file.stat().st_size for file in files) / 1e6:.1f} MB")
        typer.echo("size      " + ", ".join(f"{name} {size:,}" for name, size in data.sizes.items()))
        for name, values in data.variables.items():
            unit = values.attrs.get("units", "")
            shape = " x ".join(str(dim) for dim in values.dims) or "one value"
            typer.echo(f"  {name!s:<18} {shape:<20} {unit}")
        for name, value in data.attrs.items():
            if name != "parameters":
                typer.echo(f"{name:<16}  {_short(value)}")
        if "parameters" in data.attrs:
            _say_parameters(data.attrs["parameters"])


def _say_parameters(text: str) -> None:
    """Print what was simulated, from the attribute that `rerun` reads."""
    spec = json.loads(text)
    made = ", ".join(f"{name}={_short(value, 60)}" for name, value in spec["network"]["arguments"].items())
    typer.echo(f"network           {spec['network']['function']}({made})")
    shares = (spec["assignment"] or {}).get("fractions")
    for k, given in enumerate(spec["devices"]):
        device = MODELS[given["model"]](**decode(given["parameters"]))
        typer.echo(f"device            {device!r}" + (f" on {shares[k]:g} of the edges" if shares else ""))
    for name, wave in spec["drive"].items():
        typer.echo(f"drive             {name}: {drive.from_spec(decode(wave))!r}")
    for name in ("dt", "method", "rtol", "seed", "solver", "order", "every", "first_step", "n_steps"):
        if name in spec:
            typer.echo(f"{name:<16}  {spec[name]}")


def _short(value: Any, length: int = 160) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= length else f"{text[: length - 4]} ..."


def _say_checkpoint(path: Path) -> None:
    simulation = Simulation.load(path)
    typer.echo(f"checkpoint, {path.stat().st_size / 1e6:.1f} MB")
    typer.echo(repr(simulation))
    _say_network(simulation.net)
