"""Many runs as one: sweeps, replicas of a simulation that step together, runs joined in time, and run files."""

from memnet.base import rooms
from memnet.study._concat import concat
from memnet.study._ensemble import Ensemble, ensemble, replica
from memnet.study._journal import is_store as is_store
from memnet.study._outcome import FailedPoint as FailedPoint
from memnet.study._run_files import RunFile, read_run_file
from memnet.study._sweep import FailedPointsWarning, open_sweep, sweep
from memnet.study._sweep_files import SweepFile, read_sweep_file

__all__ = [
    "Ensemble",
    "FailedPointsWarning",
    "RunFile",
    "SweepFile",
    "concat",
    "ensemble",
    "open_sweep",
    "read_run_file",
    "read_sweep_file",
    "replica",
    "sweep",
]
rooms.close(globals())
