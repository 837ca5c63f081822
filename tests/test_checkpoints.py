"""Checkpoints as files: what is replaced, what is refused, by which errors, and what a file may hold."""

import concurrent.futures
import errno
import json
import os
import socket
import struct
from pathlib import Path

import numpy as np
import pytest

import memnet as mn


def simulation():
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"left": [0], "right": [2]})
    return mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0}, seed=1)


def run():
    return simulation().run(2)


def crc64_xz(data):
    """The checksum of the file format, bit by bit."""
    crc = 2**64 - 1
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xC96C5795D7870F42 if crc & 1 else 0)
    return crc ^ 2**64 - 1


def test_a_checkpoint_of_another_version_is_refused(tmp_path):
    assert crc64_xz(b"123456789") == 0x995DC9BBDF1939FA  # the published check value of CRC-64/XZ
    path = tmp_path / "run.memnet"
    sim = simulation()
    sim.run(3)
    sim.save(path)
    good = path.read_bytes()
    (version,) = struct.unpack_from("=I", good, 8)
    for other in (version, version + 1, 0):
        changed = bytearray(good[:-8])
        struct.pack_into("=I", changed, 8, other)
        path.write_bytes(bytes(changed) + struct.pack("=Q", crc64_xz(changed)))
        if other == version:
            assert path.read_bytes() == good
            assert mn.Simulation.load(path).steps_done == 3
        else:
            with pytest.raises(mn.CheckpointError, match=rf"run\.memnet: .*format version.* {other}\b"):
                mn.Simulation.load(path)


def test_c3_files_that_cannot_be_had_raise_what_open_raises(tmp_path):
    sim = simulation()
    (tmp_path / "folder").mkdir()
    for path, error, number in [
        (tmp_path / "missing" / "x", FileNotFoundError, errno.ENOENT),
        (tmp_path / "folder", IsADirectoryError, errno.EISDIR),
        (tmp_path / ("x" * 300), OSError, errno.ENAMETOOLONG),
    ]:
        for call in (sim.save, mn.Simulation.load):
            with pytest.raises(error) as caught:
                call(path)
            assert caught.value.errno == number
            assert caught.value.filename == str(path)
            assert caught.value.strerror == os.strerror(number)
            assert str(path) in str(caught.value)
    with pytest.raises(FileNotFoundError):
        mn.Simulation.load(tmp_path / "missing")
    assert [found.name for found in tmp_path.iterdir()] == ["folder"]


def test_c3_only_files_are_replaced(tmp_path):
    sim = simulation()
    os.mkfifo(tmp_path / "pipe")
    listening = socket.socket(socket.AF_UNIX)
    with listening:
        listening.bind(str(tmp_path / "socket"))
        for path in ("/dev/null", "/dev/full", tmp_path / "pipe", tmp_path / "socket"):
            mode = Path(path).stat().st_mode
            with pytest.raises(OSError, match=f"not a regular file: '{path}'"):
                sim.save(path)
            with pytest.raises((mn.CheckpointError, OSError)):
                mn.Simulation.load(path)
            assert Path(path).stat().st_mode == mode


def test_c3_links_are_followed_and_the_mode_is_kept(tmp_path):
    sim = simulation()
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "real").touch(0o600)
    (tmp_path / "far" / "link").symlink_to("real")
    (tmp_path / "link").symlink_to(tmp_path / "far" / "link")
    (tmp_path / "broken").symlink_to("far/new")
    sim.save(tmp_path / "link")
    sim.save(tmp_path / "broken")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "far" / "link").is_symlink()
    assert (tmp_path / "far" / "real").stat().st_mode & 0o777 == 0o600
    assert mn.Simulation.load(tmp_path / "far" / "real").steps_done == 0
    assert mn.Simulation.load(tmp_path / "far" / "new").steps_done == 0
    sim.save(tmp_path / "far" / "fresh")
    (tmp_path / "far" / "plain").touch()
    assert (tmp_path / "far" / "fresh").stat().st_mode == (tmp_path / "far" / "plain").stat().st_mode


def test_c3_what_dead_processes_left_is_taken_over(tmp_path):
    path = tmp_path / "run.memnet"
    for k in range(100):
        (tmp_path / f"run.memnet.{k}.tmp").write_bytes(b"half of it")
        (tmp_path / f"run.memnet.{os.getpid()}-{k}.tmp").write_bytes(b"of an older memnet")
    for _ in range(200):
        simulation().save(path)
    assert mn.Simulation.load(path).steps_done == 0
    assert not (tmp_path / "run.memnet.0.tmp").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_c3_what_may_not_be_written_is_refused(tmp_path):
    path = tmp_path / "run.memnet"
    simulation().save(path)
    old = path.read_bytes()
    path.chmod(0o400)
    with pytest.raises(PermissionError, match=r"run\.memnet"):
        simulation().save(path)
    path.chmod(0o600)
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError, match=r"run\.memnet"):
        simulation().save(path)
    tmp_path.chmod(0o700)
    assert path.read_bytes() == old


@pytest.mark.parametrize("path", ["text", b"bytes"])
def test_c3_threads_may_save_to_one_file(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(lambda: simulation().save(os.fsdecode(path))) for _ in range(64)]:
            done.result()
    assert mn.Simulation.load(tmp_path / os.fsdecode(path)).steps_done == 0
    assert [found.name for found in tmp_path.iterdir()] == [os.fsdecode(path)]


def resealed(good, note=None, step=None):
    """A checkpoint with another note or step, and the checksum that belongs to it."""
    (old_size,) = struct.unpack_from("=Q", good, 32)
    state = bytearray(good[40 + old_size : -8])
    if step is not None:
        struct.pack_into("=q", state, 0, step)
    note = good[40 : 40 + old_size] if note is None else note
    head = bytearray(good[:40])
    struct.pack_into("=Q", head, 16, 40 + len(note) + len(state) + 8)
    struct.pack_into("=Q", head, 32, len(note))
    changed = bytes(head) + note + bytes(state)
    return changed + struct.pack("=Q", crc64_xz(changed))


def test_c3_absurd_checkpoints_are_refused(tmp_path):
    path = tmp_path / "run.memnet"
    sim = simulation()
    sim.run(3)
    sim.save(path)
    good = path.read_bytes()
    assert resealed(good) == good
    for step in (2**63 - 1, -1, -(2**63), 2**53 + 1):
        path.write_bytes(resealed(good, step=step))
        with pytest.raises(mn.CheckpointError, match="damaged"):
            mn.Simulation.load(path)
    deep = 100_000
    for note in (
        b"[" * deep + b"]" * deep,
        b'{"network": ' * deep + b"1" + b"}" * deep,
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'{"set_by_hand": false}',
        json.dumps({"network": {"function": "eval", "arguments": {}}, "devices": []}).encode(),
    ):
        path.write_bytes(resealed(good, note=note))
        with pytest.raises(mn.CheckpointError, match=r"run\.memnet: this memnet cannot rebuild"):
            mn.Simulation.load(path)


NOT_NETWORKS = ("Simulation", "rerun", "open_run", "__getattr__", "RateBalance", "drive", "eval", "_core", "")


@pytest.mark.parametrize("function", NOT_NETWORKS)
def test_names_from_files_come_from_a_table(function):
    data = run()
    spec = json.loads(data.attrs["parameters"])
    spec["network"] = {"function": function, "arguments": {}}
    data.attrs["parameters"] = json.dumps(spec)
    with pytest.raises(ValueError, match="unknown function that makes a network"):
        mn.rerun(data)


def test_an_array_in_a_file_cannot_unpack_to_more_than_its_shape():
    from memnet.base import plain

    packed = plain.encode(np.zeros(10_000_000, np.int8))
    assert len(packed["!array"]) < 20_000
    for shape in ([10], [10_000_001], [10**18]):
        with pytest.raises(ValueError, match="does not have"):
            plain.decode({**packed, "shape": shape})
    assert plain.decode(packed).shape == (10_000_000,)
