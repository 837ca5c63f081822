"""Sweeps on a dask cluster: the bits of one process, from processes here and from hosts in network namespaces."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest
import sweeping
import xarray as xr

import memnet as mn

distributed = pytest.importorskip("distributed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default::ResourceWarning")]
SCHEDULER = "tcp://10.217.0.1:8786"
HOSTS = {f"memnet{os.getpid()}a": "10.217.0.1", f"memnet{os.getpid()}b": "10.217.0.2"}


@pytest.fixture(scope="module")
def whole():
    """The same sweep in one process."""
    return mn.sweep(sweeping.function(), sweeping.FEW, workers=1, progress=False)


@pytest.fixture(scope="module")
def client():
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def test_a_local_cluster_gives_the_bits_of_one_process(client, whole, tmp_path):
    store = tmp_path / "s.zarr"
    data = mn.sweep(sweeping.function(), sweeping.FEW, client=client, progress=False, store=store)
    assert data.equals(whole)
    assert mn.open_sweep(store).equals(whole)


def test_a_worker_that_is_killed_costs_its_points_only(client, whole, tmp_path):
    log = tmp_path / "log"

    def kill():
        while len(sweeping.begun(log)) < 10:
            time.sleep(0.01)
        os.kill(sweeping.begun(log)[-1][0], signal.SIGKILL)

    killed = threading.Thread(target=kill)
    killed.start()
    data = mn.sweep(sweeping.function(log, 0.05), sweeping.FEW, client=client, progress=False)
    killed.join()
    assert data.equals(whole)
    again = len(sweeping.begun(log)) - 40
    print(f"{again} points computed again")
    # What it computed, and what it had and nobody had asked for yet.
    assert 1 <= again <= 10


def test_errors_of_a_cluster_are_those_of_the_function(client):
    def near(a):
        if a == 1:
            raise mn.ShortCircuit("in touches out")
        return a

    with pytest.raises(mn.ShortCircuit, match="in touches out"):
        mn.sweep(near, {"a": range(3)}, client=client, progress=False)
    with pytest.warns(mn.FailedPointsWarning):
        data = mn.sweep(near, {"a": range(3)}, client=client, progress=False, errors="keep")
    assert data.sweep_error.values.tolist() == ["", "ShortCircuit: in touches out", ""]
    with pytest.raises(ValueError, match="workers must be left out"):
        mn.sweep(near, {"a": range(3)}, client=client, workers=2)


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def hosts():
    """Two network namespaces with a cable between them, removed with all that runs in them."""
    if os.getuid() != 0 or shutil.which("ip") is None:
        pytest.skip("needs root and ip")
    with contextlib.ExitStack() as stack:
        try:
            for name in HOSTS:
                ip("netns", "add", name)
                stack.callback(ip, "netns", "del", name)
            one, other = HOSTS
            ip("link", "add", "cable", "netns", one, "type", "veth", "peer", "name", "cable", "netns", other)
            for name, address in HOSTS.items():
                ip("-n", name, "address", "add", f"{address}/24", "dev", "cable")
                ip("-n", name, "link", "set", "cable", "up")
                ip("-n", name, "link", "set", "lo", "up")
        except subprocess.CalledProcessError as error:
            pytest.skip(f"no network namespaces here: {error.stderr.decode()}")
        yield stack


def test_two_hosts_give_the_bits_of_one_process_although_a_worker_is_killed(hosts, whole, tmp_path):
    log, out = tmp_path / "log", tmp_path / "out.nc"
    root = str(sweeping.Path(mn.__file__).parent.parent)
    environment = {**os.environ, "PYTHONPATH": f"{root}:{sweeping.Path(__file__).parent}"}

    output = hosts.enter_context((tmp_path / "output").open("a"))

    def start(host, *command):
        process = subprocess.Popen(
            ["ip", "netns", "exec", host, sys.executable, *map(str, command)],
            env=environment,
            cwd=tmp_path,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        hosts.callback(process.wait)
        hosts.callback(process.kill)
        return process

    one, other = HOSTS
    worker = ["-m", "dask", "worker", SCHEDULER, "--nthreads", 1, "--no-nanny", "--no-dashboard", "--host"]
    start(one, "-m", "dask", "scheduler", "--host", HOSTS[one], "--port", 8786, "--no-dashboard")
    start(one, *worker, HOSTS[one])
    there = start(other, *worker, HOSTS[other])
    sweep = start(one, sweeping.__file__, SCHEDULER, out, log, 0.1)
    deadline = time.monotonic() + 60
    while len({pid for pid, _ in sweeping.begun(log)}) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.5)
    assert there.pid in {pid for pid, _ in sweeping.begun(log)}  # exec: ip is the worker by now
    there.kill()
    assert sweep.wait(timeout=90) == 0, (tmp_path / "output").read_text()
    with xr.open_dataset(out, engine="h5netcdf") as data:
        assert data.equals(whole)
    again = len(sweeping.begun(log)) - 40
    print(f"{again} points computed again")
    assert 1 <= again <= 10
