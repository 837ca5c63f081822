"""Runs that are streamed to disk: what a store holds after an end of any kind, and how a run goes on from it."""

import contextlib
import errno
import json
import os
import shutil
import subprocess
import warnings
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from cases import assert_same_data, random_network, simulation
from typer.testing import CliRunner

import memnet as mn
from memnet.base import files
from memnet.simulate import _growing as growing, _record as records, _store as store
from memnet.simulate._store import Store

pytest.importorskip("zarr")

RECORD = {"potential": True, "state:g": True, "snapshot:potential": [3, 70, 171]}


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(records, "BLOCK_ROWS", 10)


class Stopped(RuntimeError):
    pass


@contextlib.contextmanager
def stopped_after(commits):
    """Stop a run as a power cut would: after some commits nothing is written any more."""
    commit = growing.GrowingArrays.commit
    count = 0

    def counted(arrays, attrs):
        nonlocal count
        if count == commits:
            raise Stopped
        count += 1
        commit(arrays, attrs)

    growing.GrowingArrays.commit = counted
    try:
        with pytest.raises(Stopped):
            yield
    finally:
        growing.GrowingArrays.commit = commit


def half_a_run(path, commits=12, kind="A:C", **options):
    sim = simulation(kind, 1, "pulses")
    with stopped_after(commits):
        sim.run(200, record=RECORD, out=path, **options)
    assert sim.partial is None  # rows that were not committed are not shown
    return sim


@pytest.fixture(scope="module")
def stored_half(tmp_path_factory):
    """What `half_a_run` leaves, to be copied."""
    path = tmp_path_factory.mktemp("half") / "run.zarr"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "BLOCK_ROWS", 10)
        half_a_run(path)
    return path


@pytest.fixture
def half(stored_half, tmp_path, small_blocks):
    return Path(shutil.copytree(stored_half, tmp_path / "run.zarr"))


def open_unfinished(path):
    with pytest.warns(mn.UnfinishedRunWarning, match=r"of 200 steps; memnet\.resume goes on"):
        return mn.open_run(path)


@pytest.mark.parametrize("commits", [0, 1, 12])
def test_an_unfinished_store_shows_what_was_committed(tmp_path, small_blocks, commits):
    half_a_run(tmp_path / "run.zarr", commits)
    whole = simulation("A:C", 1, "pulses").run(10 * commits, record=RECORD)
    for data in (open_unfinished(tmp_path / "run.zarr"), xr.open_zarr(tmp_path / "run.zarr")):
        assert_same_data(data, whole)
        assert data.attrs["unfinished"].startswith(f"{10 * commits} of 200 steps")
    assert_same_data(mn.rerun(data), whole)
    # Readers that do not know the consolidated metadata see nothing rather than something wrong.
    assert xr.open_zarr(tmp_path / "run.zarr", consolidated=False).sizes["time"] == 0


@pytest.mark.parametrize("commits", [0, 1, 12])
@pytest.mark.parametrize("every", [1, 7])
def test_a_run_goes_on_with_the_same_bits_and_rows(tmp_path, small_blocks, commits, every):
    whole = simulation("A:C", 1, "pulses").run(200, record=RECORD, every=every)
    half_a_run(tmp_path / "run.zarr", min(commits, 200 // every // 10), every=every)
    data = mn.resume(tmp_path / "run.zarr")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = mn.open_run(tmp_path / "run.zarr")
    for found in (data, again, xr.open_zarr(tmp_path / "run.zarr", consolidated=False)):
        assert_same_data(found, whole)
        assert {**found.attrs, "created": ""} == {**whole.attrs, "created": ""}
        assert all(found[name].attrs == whole[name].attrs for name in whole.variables)
    assert_same_data(mn.rerun(data), whole)
    assert_same_data(mn.resume(tmp_path / "run.zarr"), whole)


@pytest.mark.parametrize("n_steps", [30.0, np.float32(30), np.int16(30)])
def test_e_whole_floats_are_steps_to_go_on_to(tmp_path, n_steps):
    simulation("A:C", 1, "pulses").run(20, out=tmp_path / "run.zarr")
    assert mn.resume(tmp_path / "run.zarr", n_steps=n_steps).sizes["time"] == 30
    for bad in (30.5, float("nan"), 10**400, 1e300):
        with pytest.raises(ValueError, match="n_steps must be"):
            mn.resume(tmp_path / "run.zarr", n_steps=bad)


def test_a_run_may_go_on_beyond_its_end(tmp_path, small_blocks):
    whole = simulation("A:C", 1, "pulses").run(250, record=RECORD)
    simulation("A:C", 1, "pulses").run(100, record=RECORD, out=tmp_path / "run.zarr")
    assert_same_data(mn.resume(tmp_path / "run.zarr", n_steps=250), whole)
    with pytest.raises(ValueError, match="at least the 250 steps"):
        mn.resume(tmp_path / "run.zarr", n_steps=249)
    assert_same_data(mn.open_run(tmp_path / "run.zarr"), whole)


def test_a_run_without_events_or_with_changed_states_goes_on(tmp_path, small_blocks):
    def begun():
        sim = simulation("C", 1, "triangle")
        sim.run(7)
        sim.set_state(sim.devices[0], g=0.5)
        return sim

    whole = begun().run(100, events=False)
    with stopped_after(3):
        begun().run(100, events=False, out=tmp_path / "run.zarr")
    data = mn.resume(tmp_path / "run.zarr")
    assert_same_data(data, whole)
    assert data.time.to_numpy()[0] == 7.0
    with pytest.raises(ValueError, match="set by hand"):
        mn.rerun(data)


def test_the_port_is_that_of_the_whole_run(tmp_path, small_blocks):
    def fresh():
        net = random_network(3, third=True)
        right = mn.drive.concat([(0.0, 35.0), (None, None)])
        top = mn.drive.concat([(None, 35.0), (0.0, None)])
        return mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": right, "top": top}, seed=1)

    whole = fresh().run(100)
    with stopped_after(6):
        fresh().run(100, out=tmp_path / "run.zarr")
    data = mn.resume(tmp_path / "run.zarr")
    assert_same_data(data, whole)
    assert np.isnan(data.conductance[40:]).all()
    assert data.attrs["conductance_port"] == whole.attrs["conductance_port"] == "left to right"


def test_commits_come_in_time(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "COMMIT_SECONDS", 0.0)
    committed = []
    append = Store.append

    def noted(self, recording, sim):
        append(self, recording, sim)
        committed.append(sim.steps_done)

    monkeypatch.setattr(Store, "append", noted)
    monkeypatch.setattr("memnet.simulate._engine.BUDGET", 0.0)
    data = simulation("A:C", 1, "pulses").run(50, out=tmp_path / "run.zarr")
    assert committed[:3] == [1, 2, 3]
    assert_same_data(data, simulation("A:C", 1, "pulses").run(50))


def test_one_process_writes_at_a_time(half):
    arrays = growing.GrowingArrays(half)
    with pytest.raises(BlockingIOError, match=r"another process is writing this store: .*run\.zarr"):
        mn.resume(half)
    assert open_unfinished(half).sizes["time"] == 120
    arrays.close()
    assert mn.resume(half).sizes["time"] == 200


def test_a_reader_between_two_commits_sees_one_of_them(half, monkeypatch):
    whole = simulation("A:C", 1, "pulses").run(200, record=RECORD)
    open_zarr = xr.open_zarr

    def later(*given, **named):
        monkeypatch.setattr(xr, "open_zarr", open_zarr)
        mn.resume(half)
        return open_zarr(*given, **named)

    monkeypatch.setattr(xr, "open_zarr", later)
    data = open_unfinished(half)
    assert_same_data(data, simulation("A:C", 1, "pulses").run(120, record=RECORD))
    assert data.attrs["unfinished"].startswith("120 of 200")
    assert_same_data(mn.open_run(half), whole)


def test_what_is_no_store_is_refused(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    xr.Dataset({"x": ("t", [1.0])}).to_zarr(tmp_path / "foreign.zarr", zarr_format=2, consolidated=True)
    for call in (mn.open_run, mn.resume):
        with pytest.raises(FileNotFoundError, match="missing"):
            call(tmp_path / "missing")
        with pytest.raises(TypeError, match="path must be a path"):
            call(3)
        for name in ("folder", "file", "foreign.zarr"):
            with pytest.raises(ValueError, match=name):
                call(tmp_path / name)
    with pytest.raises(TypeError, match="progress"):
        mn.resume(tmp_path / "folder", progress=1)
    with pytest.raises((TypeError, ValueError), match="n_steps"):
        mn.resume(tmp_path / "folder", n_steps=-1)


def test_a_damaged_state_is_refused_and_the_rows_stay(half):
    state = half / "restart" / "state-120"
    good = state.read_bytes()
    state.write_bytes(good[:-1])
    with pytest.raises(mn.CheckpointError, match="damaged"):
        mn.resume(half)
    state.unlink()
    with pytest.raises(FileNotFoundError, match="state-120"):
        mn.resume(half)
    simulation("A:C", 1, "pulses").save(state)
    with pytest.raises(mn.CheckpointError, match="cannot read how the run was to go on"):
        mn.resume(half)
    assert open_unfinished(half).sizes["time"] == 120


def files_of(path):
    return sorted(file for file in path.rglob("*") if file.is_file())


def test_c1_a_byte_that_changed_is_never_read_in_silence(tmp_path, small_blocks):
    simulation("A:C", 1, "pulses").run(30, record={"potential": True}, out=tmp_path / "run.zarr")
    with mn.open_run(tmp_path / "run.zarr") as data:
        good = data.load()
    rng = np.random.default_rng(0)
    refused = 0
    for file in files_of(tmp_path / "run.zarr"):
        whole = file.read_bytes()
        for place in rng.integers(0, len(whole), 2).tolist() if whole else ():
            damaged = bytearray(whole)
            damaged[place] ^= 1 << int(rng.integers(8))
            for content in (bytes(damaged), whole[:place]):
                file.write_bytes(content)
                try:
                    with mn.open_run(tmp_path / "run.zarr") as data:
                        assert_same_data(data.load(), good)
                        assert data.attrs == good.attrs
                except (ValueError, RuntimeError):
                    refused += 1
        file.write_bytes(whole)
    chunks = [file for file in files_of(tmp_path / "run.zarr") if file.name[0].isdigit()]
    assert refused >= 4 * len(chunks)  # every change of a chunk


def test_c1_a_chunk_that_is_missing_is_said(half):
    for file in files_of(half):
        if file.name[0].isdigit():
            whole = file.read_bytes()
            file.unlink()
            for call in (mn.open_run, mn.resume):
                with pytest.raises(ValueError, match=rf"damaged: its file .*{file.name} is missing"):
                    call(half)
            file.write_bytes(whole)
    with pytest.warns(mn.UnfinishedRunWarning):
        mn.open_run(half).close()


@pytest.mark.parametrize(
    "text",
    [None, "", "[]", "null", "1", '{"metadata": []}', '{"metadata": {}}', '{"metadata": {".zattrs": 1}}', "[" * 10**5],
)
def test_c1_a_store_whose_count_of_rows_is_lost_is_refused(half, text):
    if text is None:
        (half / growing.METADATA).unlink()
    else:
        (half / growing.METADATA).write_text(text)
    for call in (mn.open_run, mn.rerun, mn.load_network, lambda path: mn.concat([path])):
        with pytest.raises(ValueError, match=r"\.zmetadata.* is (missing|damaged)|its file \.zmetadata"):
            call(half)
    with pytest.raises(ValueError, match=r"run\.zarr (cannot be gone on with|is no store)"):
        mn.resume(half)


def test_c1_a_store_without_checksums_goes_on(tmp_path, small_blocks, monkeypatch):
    whole = simulation("A:C", 1, "pulses").run(200, record=RECORD)
    monkeypatch.setattr(growing, "_add_checksums", lambda file: None)  # as stores were
    half_a_run(tmp_path / "run.zarr")
    assert_same_data(mn.resume(tmp_path / "run.zarr").load(), whole)


def test_an_older_store_opens_where_it_was_finished(tmp_path):
    data = simulation("A:C", 1).run(20)
    data.to_zarr(tmp_path / "old.zarr", zarr_format=2, consolidated=False)
    assert_same_data(mn.open_run(tmp_path / "old.zarr"), data)
    data.assign_attrs({}).drop_attrs().to_zarr(tmp_path / "killed.zarr", zarr_format=2, consolidated=False)
    with pytest.raises(ValueError, match="one that an old memnet left open"):
        mn.open_run(tmp_path / "killed.zarr")


def test_what_stands_there_is_never_touched(tmp_path):
    sim = simulation("A:C", 1)
    for name in ("file", "folder"):
        path = tmp_path / name
        path.mkdir() if name == "folder" else path.write_text("mine")
        with pytest.raises(FileExistsError, match=f"exists already; .*{name}"):
            sim.run(5, out=path)
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(FileExistsError):
        sim.run(5, out=tmp_path / "link")
    assert sim.steps_done == 0
    assert (tmp_path / "file").read_text() == "mine"
    with pytest.raises((FileExistsError, NotADirectoryError)):
        sim.run(5, out=tmp_path / "file" / "run.zarr")
    assert sim.steps_done == 0
    assert sim.run(5, out=tmp_path / "new" / "folders" / "run.zarr").sizes["time"] == 5


def test_what_a_dead_process_left_of_a_store_is_taken_over(tmp_path):
    for k in range(3):
        (tmp_path / f"run.zarr.{k}.tmp" / "run.zarr").mkdir(parents=True)
        (tmp_path / f"run.zarr.{k}.tmp" / "run.zarr" / ".zgroup").write_text("half")
    assert simulation("A:C", 1).run(5, out=tmp_path / "run.zarr").sizes["time"] == 5
    assert not (tmp_path / "run.zarr.0.tmp").exists()


# ------------------------------------------------------------------ disks that are full or closed


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 2 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root may mount a small disk")
    made = subprocess.run([mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True)
    if made.returncode != 0:
        pytest.skip("this system mounts no small disk")
    yield place
    subprocess.run([shutil.which("umount") or "umount", str(place)], check=True)


def fill(place):
    with contextlib.suppress(OSError), (place / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def test_c1_a_full_disk_stops_a_stream_that_goes_on_when_there_is_room(small_disk, small_blocks):
    (small_disk / "filler").write_bytes(bytes(1300 * 1024))
    sim = simulation("A:C", 1, "pulses")
    with pytest.raises(OSError, match="No space left on device") as caught:
        sim.run(20_000, record=RECORD, out=small_disk / "run.zarr")
    assert caught.value.errno == errno.ENOSPC
    with pytest.warns(mn.UnfinishedRunWarning):
        data = mn.open_run(small_disk / "run.zarr").load()
    steps = data.sizes["time"]
    assert 0 < steps <= sim.steps_done < 20_000
    assert_same_data(data, simulation("A:C", 1, "pulses").run(steps, record=RECORD))
    (small_disk / "filler").unlink()
    data = mn.resume(small_disk / "run.zarr", n_steps=steps + 50)
    assert_same_data(data, simulation("A:C", 1, "pulses").run(steps + 50, record=RECORD))


def test_c3_a_full_disk_leaves_the_old_file(small_disk):
    sim = simulation("A:C", 1)
    path = small_disk / "run.memnet"
    sim.save(path)
    old = path.read_bytes()
    sim.run(3)
    fill(small_disk)
    with pytest.raises(OSError, match=f"No space left on device: '{path}'") as caught:
        sim.save(path)
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, str(path))
    with pytest.raises(OSError, match="No space left on device"), files.replacing(path) as written:
        written.write_bytes(bytes(10_000))
    assert path.read_bytes() == old
    assert sorted(found.name for found in small_disk.iterdir()) == ["filler", "run.memnet"]
    with pytest.raises(OSError, match="No space left on device"):
        sim.run(3, out=small_disk / "run.zarr")
    assert not (small_disk / "run.zarr").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_c1_a_folder_that_may_not_be_written_is_refused_before_the_run(tmp_path):
    sim = simulation("A:C", 1)
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError):
        sim.run(5, out=tmp_path / "run.zarr")
    assert sim.steps_done == 0
    tmp_path.chmod(0o700)


# ------------------------------------------------------------------ files that are replaced


def test_files_are_replaced_or_left(tmp_path):
    path = tmp_path / "text"
    files.write_text(path, "old")
    path.chmod(0o640)
    (tmp_path / "link").symlink_to("text")
    with pytest.raises(FileNotFoundError), files.replacing(tmp_path / "link") as written:
        written.with_name("none").rename(written)
    assert path.read_text() == "old"
    files.write_text(tmp_path / "link", "new")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "link").is_symlink()
    with files.replacing(path) as one, files.replacing(path) as other:  # two at a time do not meet
        one.write_text("one")
        other.write_text("other")
    assert path.read_text() == "one"
    assert sorted(found.name for found in tmp_path.iterdir()) == ["link", "text"]


def test_c3_a_path_that_no_file_system_has_is_named(tmp_path):
    sim = simulation("A:C", 1, "pulses")
    for call in (sim.save, mn.Simulation.load, mn.open_run, lambda path: sim.run(1, out=path)):
        with pytest.raises(ValueError, match=r"(path|out) must be a path without null characters, got 'a\\x00b'"):
            call("a\x00b")
    if Path("/proc/self").is_dir():
        with pytest.raises(OSError, match="/proc/run") as caught:
            sim.run(1, out="/proc/run.zarr")  # a folder in which nothing can be made, whatever its mode says
        assert caught.value.errno in (errno.ENOENT, errno.EACCES, errno.EPERM)


def test_places_that_are_no_files_are_refused(tmp_path):
    (tmp_path / "circle").symlink_to("circle")
    os.mkfifo(tmp_path / "pipe")
    for path, number in {
        tmp_path: errno.EISDIR,
        tmp_path / "no" / "file": errno.ENOENT,
        tmp_path / "pipe": errno.EINVAL,
        tmp_path / "circle": errno.ELOOP,
        "/dev/full": errno.EINVAL,
        tmp_path / "pipe" / "file": errno.ENOTDIR,
    }.items():
        with pytest.raises(OSError) as caught:
            files.target(path)
        assert (caught.value.errno, caught.value.filename) == (number, str(path))


def test_metadata_is_one_json_file(half):
    metadata = json.loads((half / ".zmetadata").read_text())["metadata"]
    assert metadata["time/.zarray"]["shape"] == metadata["conductance/.zarray"]["shape"] == [120]


def test_c2_a_full_disk_is_one_line_and_leaves_nothing(small_disk, tmp_path):
    from memnet.cli import app

    (tmp_path / "job.toml").write_text(
        '[network]\nsize = 20\ncoverage = 0.6\nseed = 1\n[[devices]]\nmodel = "TunnelGap"\n[drive]\nleft = 3.0\n'
        'right = 0.0\n[run]\nsteps = 3000\nrecord = ["potential"]\n'
    )
    fill(small_disk)
    for command in (["run", tmp_path / "job.toml"], ["demo", "--size", 20, "--steps", 3000]):
        result = CliRunner().invoke(app, [*map(str, command), "--out", str(small_disk / "job.nc"), "--no-progress"])
        assert result.exit_code == 2, result.output
        (line,) = result.stderr.strip().splitlines()
        assert "No space left on device" in line
        assert [found.name for found in small_disk.iterdir()] == ["filler"]
    (small_disk / "filler").write_bytes(bytes(1600 * 1024))  # room to begin with, not to end
    result = CliRunner().invoke(app, ["run", str(tmp_path / "job.toml"), "--out", str(small_disk / "job.nc")])
    assert result.exit_code == 2, result.output
    assert "No space left on device" in result.stderr
    assert [found.name for found in small_disk.iterdir()] == ["filler"]
