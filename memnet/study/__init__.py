"""Many runs as one: sweeps, runs joined in time, and run files."""

from memnet.base import rooms
from memnet.study._concat import concat
from memnet.study._run_files import RunFile, read_run_file
from memnet.study._sweep import FailedPointsWarning, open_sweep, sweep

__all__ = ["FailedPointsWarning", "RunFile", "concat", "open_sweep", "read_run_file", "sweep"]
rooms.close(globals())
