"""Simulations: a network with devices and a drive, stepped through time, and what runs leave in memory and on disk."""

from memnet.base import rooms
from memnet.simulate._circuit import Circuit
from memnet.simulate._dataset import versions as versions
from memnet.simulate._equations import (
    Equations as Equations,
    Linear as Linear,
    Part as Part,
    boundary as boundary,
    potentials_at_rest as potentials_at_rest,
)
from memnet.simulate._method import StepWarning
from memnet.simulate._port import NO_PORT as NO_PORT
from memnet.simulate._provenance import described as described, devices_of, load_network, rerun
from memnet.simulate._reactions import Reaction, react
from memnet.simulate._record import rows_between as rows_between
from memnet.simulate._resume import resume
from memnet.simulate._run import step_count as step_count
from memnet.simulate._simulation import Simulation
from memnet.simulate._solve import solve
from memnet.simulate._store import UnfinishedRunWarning, growing_dims as growing_dims, open_run
from memnet.simulate._together import (
    Together as Together,
    refuse_too_many as refuse_too_many,
    replica_of as replica_of,
    said_of as said_of,
    varied as varied,
)

__all__ = [
    "Circuit",
    "Reaction",
    "Simulation",
    "StepWarning",
    "UnfinishedRunWarning",
    "devices_of",
    "load_network",
    "open_run",
    "react",
    "rerun",
    "resume",
    "solve",
]
rooms.close(globals())
