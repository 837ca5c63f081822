"""Many runs as one: runs joined in time, and run files."""

from memnet.base import rooms
from memnet.study._concat import concat
from memnet.study._run_files import RunFile, read_run_file

__all__ = ["RunFile", "concat", "read_run_file"]
rooms.close(globals())
