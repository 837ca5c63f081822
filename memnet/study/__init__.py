"""Many runs as one: replicas of a simulation that step together, runs joined in time, and run files."""

from memnet.base import rooms
from memnet.study._concat import concat
from memnet.study._ensemble import Ensemble, ensemble, replica
from memnet.study._run_files import RunFile, read_run_file

__all__ = ["Ensemble", "RunFile", "concat", "ensemble", "read_run_file", "replica"]
rooms.close(globals())
