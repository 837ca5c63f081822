"""Many runs as one: sweeps, runs joined in time, and run files."""

from memnet.base import rooms
from memnet.study._concat import concat
from memnet.study._journal import is_store as is_store
from memnet.study._outcome import FailedPoint as FailedPoint
from memnet.study._run_files import RunFile, read_run_file
from memnet.study._sweep import FailedPointsWarning, open_sweep, sweep
from memnet.study._sweep_files import SweepFile, read_sweep_file

__all__ = [
    "FailedPointsWarning",
    "RunFile",
    "SweepFile",
    "concat",
    "open_sweep",
    "read_run_file",
    "read_sweep_file",
    "sweep",
]
rooms.close(globals())
