"""The command line: `memnet demo`, `memnet run CONFIG.toml`, `memnet info [FILE]`."""

from __future__ import annotations

import contextlib
import os
import platform
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import xarray as xr

    from memnet.network import Network
    from memnet.simulation import Simulation

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


@app.command()
def demo(
    seed: Annotated[int, typer.Option(help="Seed of the network; devices are placed with seed + 1.")] = 1,
    size: Annotated[float, typer.Option(help="Side of the sample, in particle diameters.")] = 200.0,
    steps: Annotated[int, typer.Option(help="Time steps of 1 s.")] = 50_000,
    out: Annotated[Path, typer.Option(help="The netCDF file; the picture goes beside it as .png.")] = Path("demo.nc"),
    progress: Annotated[bool, typer.Option(help="Show a progress bar.")] = True,
) -> None:
    """Run a percolating network of spiking gaps and synapses (A:C = 75:25) at 3 V and draw it."""
    with _one_line_errors():
        _writable(out)
        import memnet as mn

        net = mn.percolating(size=size, coverage=0.65, seed=seed)
        _say_network(net)
        devices = mn.mix(net, {mn.TunnelGap(): 0.75, mn.RateBalance(): 0.25}, seed=seed + 1)
        simulation = mn.Simulation(net, devices, drive={"left": 3.0, "right": 0.0}, dt=1.0, seed=seed)
        data = _run(simulation, steps, out, record=("current",), every=1, progress=progress)
        picture = out.with_suffix(".png")
        _draw(simulation, data, picture)
        typer.echo(f"wrote       {picture}")


@app.command()
def run(
    config: Annotated[Path, typer.Argument(help="A run file (TOML); see docs/run-files.md.")],
    out: Annotated[Path | None, typer.Option(help="The netCDF file; default: the run file's name with .nc.")] = None,
    progress: Annotated[bool, typer.Option(help="Show a progress bar.")] = True,
) -> None:
    """Run what a TOML file describes and write the result as netCDF."""
    with _one_line_errors(str(config)):
        target = out if out is not None else config.with_suffix(".nc")
        if not config.is_file():
            raise FileNotFoundError("no such file")
        from memnet import config as run_files

        job = run_files.read(config)
        _writable(target)
        _say_network(job.network)
        _run(job.simulation, job.steps, target, record=job.record, every=job.every, progress=progress)


@app.command()
def info(
    file: Annotated[Path | None, typer.Argument(help="A result (netCDF) or a checkpoint.")] = None,
) -> None:
    """Say what is installed or, given a file, what is in it."""
    with _one_line_errors(str(file) if file else ""):
        if file is None:
            _say_installation()
        elif not file.is_file():
            raise FileNotFoundError("no such file")
        elif _is_netcdf(file):
            _say_dataset(file)
        else:
            _say_checkpoint(file)


@contextlib.contextmanager
def _one_line_errors(subject: str = "") -> Iterator[None]:
    """Turn what a user can mend into one line and exit status 2, Ctrl-C into status 130."""
    from memnet import CheckpointError

    try:
        yield
    except KeyboardInterrupt:
        typer.echo("\nmemnet: stopped", err=True)
        raise typer.Exit(130) from None
    except (ValueError, TypeError, OSError, MemoryError, CheckpointError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        where = f"{subject}: " if subject and subject not in said else ""
        typer.echo(f"memnet: {where}{' '.join(said.split())}", err=True)
        raise typer.Exit(2) from None


def _writable(path: Path) -> None:
    """Find out before a long run, not after it, that its result has no place."""
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise ValueError(f"cannot write {path}: {path.parent} must be a folder that you may write to")


def _run(simulation: Simulation, steps: int, out: Path, **options: Any) -> xr.Dataset:
    """Run, say what came of it, and write it; a run that is stopped by Ctrl-C leaves what it has."""
    start = time.perf_counter()
    try:
        data = simulation.run(steps, **options)
    except KeyboardInterrupt:
        if simulation.partial is not None:
            _write(simulation.partial, out)
        raise
    _say_run(data, steps, time.perf_counter() - start)
    _write(data, out)
    return data


def _write(data: xr.Dataset, out: Path) -> None:
    data.to_netcdf(out, engine="h5netcdf")
    typer.echo(f"wrote       {out}")


def _say_network(net: Network) -> None:
    found = net.info
    typer.echo(f"network     {net.n_nodes:,} groups, {net.n_edges:,} gaps, electrodes {', '.join(net.electrodes)}")
    path = found["path_gaps"]
    way = "no path between the first two electrodes" if path is None else f"{path} gaps on the least-resistance path"
    typer.echo(f"            {found['n_islands']:,} islands that no electrode reaches; {way}")


def _say_run(data: xr.Dataset, steps: int, seconds: float) -> None:
    import numpy as np

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
    import io

    from matplotlib.figure import Figure
    from PIL import Image

    from memnet import plot

    figure = plot.overview(simulation, data, figure=Figure(figsize=(12.0, 8.2), layout="constrained"))
    page = io.BytesIO()
    figure.savefig(page, format="png", dpi=100)
    # A palette makes the file three times smaller.
    Image.open(page).convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE).save(path, optimize=True)


def _say_installation() -> None:
    import importlib.metadata

    import memnet as mn
    from memnet.devices import MODELS

    typer.echo(f"memnet {mn.__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}")
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


def _say_dataset(path: Path) -> None:
    import xarray as xr

    with xr.open_dataset(path, engine="h5netcdf") as data:
        typer.echo(f"result of a run, {path.stat().st_size / 1e6:.1f} MB")
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
    import json

    from memnet import drive, results
    from memnet.devices import MODELS

    spec = json.loads(text)
    made = ", ".join(f"{name}={_short(value, 60)}" for name, value in spec["network"]["arguments"].items())
    typer.echo(f"network           {spec['network']['function']}({made})")
    shares = (spec["assignment"] or {}).get("fractions")
    for k, given in enumerate(spec["devices"]):
        device = MODELS[given["model"]](**results.decode(given["parameters"]))
        typer.echo(f"device            {device!r}" + (f" on {shares[k]:g} of the edges" if shares else ""))
    for name, wave in spec["drive"].items():
        typer.echo(f"drive             {name}: {drive.from_spec(results.decode(wave))!r}")
    for name in ("dt", "seed", "solver", "every", "first_step", "n_steps"):
        typer.echo(f"{name:<16}  {spec[name]}")


def _short(value: Any, length: int = 160) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= length else f"{text[: length - 4]} ..."


def _say_checkpoint(path: Path) -> None:
    from memnet.simulation import Simulation

    simulation = Simulation.load(path)
    typer.echo(f"checkpoint, {path.stat().st_size / 1e6:.1f} MB")
    typer.echo(repr(simulation))
    _say_network(simulation.net)
