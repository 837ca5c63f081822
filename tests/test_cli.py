"""The command line: what it writes, what it says, and how it refuses."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

import memnet as mn
from memnet.cli import app

RUN_FILE = """
[network]
size = 30
coverage = 0.6
seed = 1

[[devices]]
model = "TunnelGap"
fraction = 0.75
r_d = 1e-3

[[devices]]
model = "RateBalance"
fraction = 0.25

[drive]
left = { kind = "pulses", low = 0.5, high = 3.0, length = 20, spacing = 10, count = 2 }
right = 0.0

[simulation]
seed = 3
mix_seed = 2

[run]
steps = 100
every = 5
record = ["current", "potential"]
"""


def memnet(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def run_file(tmp_path):
    def write(text=RUN_FILE):
        path = tmp_path / "job.toml"
        path.write_text(text)
        return path

    return write


def one_line(result):
    """What was refused: status 2 and one line without a traceback."""
    assert result.exit_code == 2, result.output
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("memnet: ")
    return lines[0]


def test_demo_writes_a_result_and_a_picture_and_says_what_it_found(tmp_path):
    out = tmp_path / "small.nc"
    result = memnet("demo", "--size", 40, "--steps", 500, "--seed", 4, "--out", out, "--no-progress")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "small.png").read_bytes().startswith(b"\x89PNG")
    net = mn.percolating(size=40, coverage=0.65, seed=4)
    assert f"{net.n_nodes:,} groups, {net.n_edges:,} gaps" in result.output
    with xr.open_dataset(out, engine="h5netcdf") as data:
        assert data.sizes["time"] == 500
        assert f"{data.sizes['event']:,} (" in result.output
        assert f"{float(data.conductance.min()):.3g} to {float(data.conductance.max()):.3g} S" in result.output


def test_run_does_what_the_same_calls_do(run_file, tmp_path):
    result = memnet("run", run_file(), "--no-progress")
    assert result.exit_code == 0, result.output
    net = mn.percolating(size=30, coverage=0.6, seed=1)
    devices = mn.mix(net, [(mn.TunnelGap(r_d=1e-3), 0.75), (mn.RateBalance(), 0.25)], seed=2)
    drive = {"left": mn.drive.pulses(0.5, 3.0, length=20, spacing=10, count=2), "right": 0.0}
    expected = mn.Simulation(net, devices, drive, seed=3).run(100, record=["current", "potential"], every=5)
    with xr.open_dataset(tmp_path / "job.nc", engine="h5netcdf") as data:
        for name in expected.variables:
            np.testing.assert_array_equal(data[name].values, expected[name].values)


def test_run_with_electrodes_by_shape(run_file, tmp_path):
    path = run_file(
        RUN_FILE.replace("size = 30", "size = 30\nelectrodes = { left = { band = [0, 1, 0, 30] }, right = 'right' }")
    )
    assert memnet("run", path, "--no-progress").exit_code == 0
    with xr.open_dataset(tmp_path / "job.nc", engine="h5netcdf") as data:
        again = mn.rerun(data)
        np.testing.assert_array_equal(data["current"].values, again["current"].values)


def test_run_writes_where_it_is_told(run_file, tmp_path):
    assert memnet("run", run_file(), "--no-progress", "--out", tmp_path / "other.nc").exit_code == 0
    assert (tmp_path / "other.nc").is_file()
    assert not (tmp_path / "job.nc").exists()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("coverage = 0.6", "covrage = 0.6", r"[network] has an unknown key 'covrage', did you mean 'coverage'?"),
        ("coverage = 0.6", "coverage = 0.8", "[network]: coverage must be in (0, 0.6763), got 0.8"),
        ("coverage = 0.6\n", "", "[network] needs a key 'coverage'"),
        ("size = 30", "size = 30\nkind = 'percolation'", "did you mean 'percolating'"),
        (
            "size = 30",
            "size = 30\nelectrodes = { left = [0, 5, 0, 30], right = 'right' }",
            "[network] electrodes.left may be a shape or groups, got [0, 5, 0, 30]; say which by {band = [x_low,",
        ),
        ("r_d = 1e-3", "r_dd = 1e-3", "[[devices]] 1 (TunnelGap) has an unknown key 'r_dd', did you mean 'r_d'?"),
        ("r_d = 1e-3", "r_d = -1", "[[devices]] 1: TunnelGap.r_d must be in [0, inf) pd^2/(V s), got -1"),
        ('"RateBalance"', '"RateBallance"', "[[devices]] 2 model 'RateBallance', did you mean 'RateBalance'?"),
        ("fraction = 0.25", "fraction = 0.5", "fractions must sum to 1"),
        ("fraction = 0.25\n", "", "[[devices]] 2 (RateBalance) needs a key 'fraction'"),
        ("right = 0.0", "rigth = 0.0", "drive names an unknown electrode 'rigth', did you mean 'right'?"),
        ('"pulses"', '"pulse"', "[drive] left: unknown kind 'pulse', did you mean 'pulses'?"),
        ("spacing = 10", "spaceing = 10", "'spaceing', did you mean 'spacing'?"),
        ("length = 20, ", "", "[drive] left: a waveform of kind 'pulses' needs a key 'length'"),
        ("length = 20", "length = -20", "[drive] left: length must be in"),
        ("mix_seed = 2", "mix_sead = 2", "[simulation] has an unknown key 'mix_sead', did you mean 'mix_seed'?"),
        ("mix_seed = 2", "dt = 0.0", "dt must be in (0, inf) s, got 0.0"),
        ("steps = 100", "step = 100", "[run] has an unknown key 'step', did you mean 'steps'?"),
        ("steps = 100", "steps = 0", "[run] steps must be an integer in"),
        ("every = 5", "every = 1.5", "[run] every must be a whole number in [1, "),
        ('"potential"', '"potentail"', "did you mean 'potential'?"),
        ("[run]", "[runs]", "the file has an unknown section 'runs', did you mean 'run'?"),
        ("[drive]", "[drive", "is not a TOML file"),
        ("[network]", f"deep = {'[' * 5000}\n[network]", "is not a TOML file"),
        ("steps = 100", "steps = 1.5", "[run] steps must be a whole number in [1, "),
        ("every = 5", "every = inf", "[run] every must be a whole number in [1, "),
        ("[network]\nsize = 30\ncoverage = 0.6\nseed = 1", "network = 3", "[network] must be a table, got 3"),
    ],
)
def test_a_wrong_run_file_is_one_line_that_names_the_place(run_file, tmp_path, old, new, message):
    assert RUN_FILE.count(old) == 1 or old in ("fraction = 0.25", "[run]")
    path = run_file(RUN_FILE.replace(old, new))
    assert message in one_line(memnet("run", path, "--no-progress"))
    assert not (tmp_path / "job.nc").exists()


def test_c2_a_byte_of_a_result_that_changed_is_never_read_in_silence(run_file, tmp_path):
    path = run_file(RUN_FILE.replace("every = 5", "every = 1").replace("steps = 100", "steps = 500"))
    assert memnet("run", path, "--no-progress").exit_code == 0
    result = tmp_path / "job.nc"
    with mn.open_run(result) as data:
        good = data.load()
    whole = result.read_bytes()
    rng = np.random.default_rng(0)
    refused = 0
    for values in (good.potential.values, good.current.values):
        for row in rng.integers(1, 500, 3):
            place = whole.find(values[row].tobytes())
            assert place > 0
            damaged = bytearray(whole)
            damaged[place + int(rng.integers(values[row].nbytes))] ^= 1
            result.write_bytes(damaged)
            with pytest.raises((OSError, ValueError, RuntimeError)), mn.open_run(result) as data:
                data.load()
            refused += 1
    assert refused == 6


def test_e_a_run_file_may_have_whole_floats(run_file, tmp_path):
    path = run_file(RUN_FILE.replace("steps = 100", "steps = 1e2").replace("every = 5", "every = 5.0"))
    assert memnet("run", path, "--no-progress").exit_code == 0
    with xr.open_dataset(tmp_path / "job.nc", engine="h5netcdf") as data:
        assert data.sizes["time"] == 20


@pytest.mark.parametrize("place", [".", "jobs", "nowhere/job.toml"])
def test_c2_what_is_no_run_file_is_said(tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jobs").mkdir()
    expected = "no such file" if place.endswith(".toml") else "is a folder"
    assert one_line(memnet("run", place)) == f"memnet: {place}: {expected}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"floating"', None),
        ('{kind="sum", parts=[1.0, {kind="constant", value=0.5}]}', 1.5),
        ('{kind="concat", parts=[2.0, 4.0], durations=[10]}', 2.0),
        ('{kind="from_array", values=[7.0, 8.0], dt=1.0}', 7.0),
        ('{kind="steps", values=[1.0, 2.0], times=[0.0, 5.0]}', 1.0),
        ('{kind="piecewise_linear", times=[-1, 1], values=[1.0, 4.0]}', 2.5),
        ('{kind="current", value={kind="constant", value=1e-3}}', 1e-3),
    ],
)
def test_waveforms_of_run_files(run_file, value, expected):
    from memnet.study import _run_files as config

    start = RUN_FILE.index("left =")
    text = RUN_FILE[:start] + f"left = {value}\n" + RUN_FILE[RUN_FILE.index("right = 0.0") :]
    wave = config.read_run_file(run_file(text)).simulation.drive["left"]
    assert repr(wave) == "None" if expected is None else wave(0.0) == expected


def test_the_run_file_of_the_documentation_is_right(run_file):
    from memnet.study import _run_files as config

    text = (Path(__file__).parent.parent / "docs" / "run-files.md").read_text()
    # Those behind them are files of their own: tests/test_run_files_more.py.
    whole, waveforms, reactions, own, electrodes = re.findall(r"```toml\n(.*?)```", text, re.S)[:5]
    job = config.read_run_file(run_file(whole))
    assert (job.steps, job.every, job.record) == (3500, 1, ("current",))
    assert [device.model for device in job.simulation.devices] == ["TunnelGap", "RateBalance"]
    start, stop = whole.index("left ="), whole.index("right =")
    for line in waveforms.strip().splitlines():
        config.read_run_file(run_file(whole[:start] + line + "\n" + whole[stop:]))
    (reaction,) = config.read_run_file(run_file(whole + reactions)).simulation.reactions
    assert (reaction.device.model, reaction.event, reaction.delay) == ("TunnelGap", "closed", 2.0)
    start, stop = whole.index("[[devices]]"), whole.index("[drive]")
    (cell,) = config.read_run_file(run_file(whole[:start] + own + whole[stop:])).simulation.devices
    assert repr(cell) == "series(Selector(v_0=0.05), Forgetful(tau=0.1))"
    drive = "[drive]\nin = 1.0\nout = 0.0\ngate = 'floating'\nback = 'floating'\n"
    run = whole[whole.index("[run]") :]
    network = config.read_run_file(run_file(electrodes + "[[devices]]\nmodel = 'RateBalance'\n" + drive + run)).network
    assert network.wires.pads == {"in": (0, 10, 0, 60), "out": (50, 30, 8), "gate": [17], "back": "bottom"}


def test_c2_an_existing_result_is_overwritten_by_force_only(run_file, tmp_path):
    path, out = run_file(), tmp_path / "job.nc"
    out.write_bytes(b"mine")
    assert f"{out}: exists already; --force overwrites it" in one_line(memnet("run", path, "--no-progress"))
    assert out.read_bytes() == b"mine"
    assert memnet("run", path, "--no-progress", "--force").exit_code == 0
    assert mn.open_run(out).sizes["time"] == 20
    for existing in ("small.nc", "small.png"):
        (tmp_path / existing).write_bytes(b"mine")
        small = ("demo", "--size", 20, "--steps", 5, "--out", tmp_path / "small.nc", "--no-progress")
        assert f"{existing}: exists already" in one_line(memnet(*small))
        assert (tmp_path / existing).read_bytes() == b"mine"
        assert memnet(*small, "--force").exit_code == 0
        assert (tmp_path / existing).read_bytes() != b"mine"
        (tmp_path / "small.nc").unlink()
        (tmp_path / "small.png").unlink()


def test_c2_what_appears_during_a_run_is_kept(run_file, tmp_path, monkeypatch):
    run = mn.Simulation.run

    def slow(sim, *given, **named):
        (tmp_path / "job.nc").write_bytes(b"mine")
        return run(sim, *given, **named)

    monkeypatch.setattr(mn.Simulation, "run", slow)
    result = memnet("run", run_file(), "--no-progress")
    assert result.exit_code == 0
    assert f"wrote       {tmp_path / 'job-1.nc'}" in result.output
    assert (tmp_path / "job.nc").read_bytes() == b"mine"


def test_c2_a_link_is_followed_and_the_mode_is_kept(run_file, tmp_path):
    (tmp_path / "real.nc").touch(0o640)
    (tmp_path / "job.nc").symlink_to("real.nc")
    assert memnet("run", run_file(), "--no-progress", "--force").exit_code == 0
    assert (tmp_path / "job.nc").is_symlink()
    assert (tmp_path / "real.nc").stat().st_mode & 0o777 == 0o640
    assert mn.open_run(tmp_path / "real.nc").sizes["time"] == 20


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_c2_what_is_no_file_is_refused_before_the_run(run_file, tmp_path, force):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder.nc").mkdir()
    path = run_file()
    for out, reason in {
        "/dev/full": "not a regular file",
        tmp_path / "pipe": "not a regular file",
        tmp_path / "folder.nc": "Is a directory",
        tmp_path / "no" / "x.nc": "No such file or directory",
    }.items():
        assert one_line(memnet("run", path, "--out", out, *force)) == f"memnet: {out}: cannot write: {reason}"


def test_version_and_a_picture_that_would_replace_the_data(tmp_path):
    result = memnet("--version")
    assert result.exit_code == 0
    assert result.output == f"memnet {mn.__version__}\n"
    assert "must name a netCDF file" in one_line(memnet("demo", "--out", tmp_path / "x.png"))


def test_a_folder_that_is_not_there_is_refused_before_the_run(run_file, tmp_path):
    assert "cannot write" in one_line(memnet("run", run_file(), "--out", tmp_path / "no" / "x.nc"))
    assert "cannot write" in one_line(memnet("demo", "--out", tmp_path / "no" / "x.nc"))


@pytest.mark.parametrize("command", ["run", "info"])
def test_a_missing_file_is_one_line(tmp_path, command):
    said = one_line(memnet(command, tmp_path / "nothing.toml"))
    assert "nothing.toml: no such file" in said


def test_demo_refuses_a_size_below_zero(tmp_path):
    assert "size must be in" in one_line(memnet("demo", "--size", -3, "--out", tmp_path / "x.nc"))


def test_info_names_versions_solvers_and_models():
    result = memnet("info")
    assert result.exit_code == 0, result.output
    assert f"memnet {mn.__version__}" in result.output
    assert all(word in result.output for word in ("numpy", "kron", "umfpack", "TunnelGap", "RateBalance", "Capacitor"))


def test_info_of_a_result_lists_its_variables(run_file, tmp_path):
    memnet("run", run_file(), "--no-progress")
    result = memnet("info", tmp_path / "job.nc")
    assert result.exit_code == 0, result.output
    assert "time 20" in result.output
    assert any(line.split()[:1] == ["current"] and line.endswith("A") for line in result.output.splitlines())
    assert "TunnelGap(r_d=0.001) on 0.75 of the edges" in result.output
    assert "percolating(size=[30.0, 30.0], coverage=0.6" in result.output
    assert "left: pulses(low=0.5, high=3.0" in result.output


def test_info_of_a_store_says_whether_it_is_finished(tmp_path):
    pytest.importorskip("zarr")
    net = mn.percolating(size=20, coverage=0.5, seed=1)
    simulation = mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0})
    simulation.run(7, out=tmp_path / "run.zarr")
    result = memnet("info", tmp_path / "run.zarr")
    assert result.exit_code == 0, result.output
    assert "time 7" in result.output
    assert "unfinished" not in result.output


def test_info_of_a_checkpoint_shows_the_simulation(tmp_path):
    net = mn.percolating(size=20, coverage=0.5, seed=1)
    simulation = mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0})
    simulation.run(7)
    simulation.save(tmp_path / "state.mn")
    result = memnet("info", tmp_path / "state.mn")
    assert result.exit_code == 0, result.output
    assert repr(simulation) in result.output


def test_info_of_a_damaged_or_foreign_file_is_one_line(tmp_path):
    foreign = tmp_path / "foreign.bin"
    foreign.write_bytes(b"something else entirely" * 10)
    assert "foreign.bin" in one_line(memnet("info", foreign))
    torn = tmp_path / "torn.nc"
    torn.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(40))
    assert "torn.nc" in one_line(memnet("info", torn))


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_ctrl_c_keeps_what_was_recorded(run_file, tmp_path):
    path = run_file(RUN_FILE.replace("steps = 100", "steps = 50000000").replace(', "potential"', ""))
    command = [sys.executable, "-m", "memnet", "run", str(path), "--no-progress"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.stdout.readline()
        time.sleep(0.5)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 130, said
    assert "Traceback" not in said
    with xr.open_dataset(tmp_path / "job.nc", engine="h5netcdf") as data:
        assert 0 < data.sizes["time"] < 10_000_000
        assert np.isfinite(data.current.values).all()


@pytest.mark.slow
def test_imports_are_no_part_of_the_time_of_a_run():
    """The first Dataset imports dask and pint where they are installed; the run of a small file took as long."""
    script = """if True:
        import sys
        import memnet as mn
        from memnet import cli
        cli._import_all()
        before = set(sys.modules)
        sim = mn.Simulation(mn.grid(3, 3), mn.RateBalance(), {"left": 1.0, "right": 0.0})
        sim.run(2, progress=True)
        new = {name.partition(".")[0] for name in set(sys.modules) - before}
        print(new - {"memnet", *sys.stdlib_module_names})
    """
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout == "set()\n"


def with_options(options):
    return RUN_FILE.replace("mix_seed = 2\n", f"mix_seed = 2\n{options}\n")


@pytest.mark.parametrize(
    ("options", "arguments", "expected"),
    [
        ("", [], ("auto", 1)),
        ('order = "best"\nthreads = 2', [], ("best", 2)),
        ('order = "best"\nthreads = 2', ["--order", "fast", "--threads", 3], ("fast", 3)),
    ],
)
def test_order_and_threads_of_a_run_file_and_of_the_command_line(run_file, tmp_path, options, arguments, expected):
    path, kept = run_file(with_options(options)), tmp_path / "state"
    assert memnet("run", path, "--checkpoint", kept, "--no-progress", *arguments).exit_code == 0
    order, threads = expected
    assert mn.Simulation.load(kept).order == order
    names = dict(zip([one.removeprefix("--") for one in arguments[::2]], arguments[1::2], strict=True))
    simulation = mn.study.read_run_file(path, **names).simulation
    assert (simulation.order, simulation.threads) == (order, threads)
    go_on = tmp_path / "more.toml"
    go_on.write_text(f'[start]\ncheckpoint = "{kept}"\nthreads = 2\n[run]\nsteps = 2\n')
    assert mn.study.read_run_file(go_on).simulation.threads == 2
    assert mn.study.read_run_file(go_on, threads=3).simulation.threads == 3
    assert "order" in one_line(memnet("run", go_on, "--order", "fast"))


@pytest.mark.parametrize(
    ("options", "arguments", "message"),
    [
        ("threads = 0", [], "threads must be an integer"),
        ('order = "slow"', [], "'slow'"),
        ("", ["--threads", 0], "threads must be an integer"),
        ("", ["--order", "slow"], "'slow'"),
    ],
)
def test_no_other_order_and_number_of_threads(run_file, options, arguments, message):
    for command in ("run", "view"):
        assert message in one_line(memnet(command, run_file(with_options(options)), *arguments))


def test_a_run_that_goes_on_takes_no_other_method_or_order(run_file, tmp_path):
    store = tmp_path / "run.ZARR"
    assert memnet("run", run_file(), "--out", store, "--no-progress").exit_code == 0
    for name, value in (("--method", "adaptive"), ("--rtol", 1e-4), ("--order", "best")):
        assert "those of its store" in one_line(memnet("run", run_file(), "--out", store, "--resume", name, value))
    assert memnet("run", run_file(), "--out", store, "--resume", "--threads", 2, "--no-progress").exit_code == 0
