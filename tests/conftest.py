"""What all tests share: how hypothesis runs, and that a run without a test is a failure."""

import gc
import os
import signal
import sys
from pathlib import Path

import pytest

# Where Python is told to write no bytecode, each process that a test starts would compile all that it imports again.
if sys.dont_write_bytecode:
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(Path(__file__).parent.parent / "build" / "pycache")
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# With a thread a processor in each worker, BLAS waits for itself: a fit of 300 rows takes ten times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import hypothesis  # after that: of all its modules pytest makes bytecode anew where none is kept

# memnet flushes each file of a stream to the disk, and tests write thousands:
# in memory that takes a quarter of the time.
MEMORY = Path("/dev/shm")
if "PYTEST_DEBUG_TEMPROOT" not in os.environ and os.access(MEMORY, os.W_OK | os.X_OK):
    there = os.statvfs(MEMORY)
    if there.f_bavail * there.f_frsize > 4 << 30 and not there.f_flag & os.ST_NOEXEC:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)

# A shell starts its background jobs with Ctrl-C ignored, and children inherit that; some tests press it.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Timings say nothing on a shared machine; in CI the examples are the same every time.
hypothesis.settings.register_profile("default", deadline=None, print_blob=True)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture(autouse=True)
def no_callbacks_of_the_collector():
    """Keep hypothesis's clock of garbage collections out of tests.

    Python prints and drops what a Ctrl-C raises inside such a callback, so that a test which presses it would go on.
    """
    callbacks = gc.callbacks[:]
    gc.callbacks.clear()
    yield
    gc.callbacks[:] = callbacks


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or session.config.option.collectonly or exitstatus != pytest.ExitCode.OK:
        return
    if not any(reporter.stats.get(kind) for kind in ("passed", "xfailed")):
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
