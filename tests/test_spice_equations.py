"""Netlists of models from equations: each against ngspice, which solves the equations as they are written."""

from __future__ import annotations

import math
import re
import shutil

import numpy as np
import pytest
from smooth_models import CHANNEL, FILTER, JUNCTION, TRANSIENTS, own_models, transient_of
from test_spice import run_ngspice

import memnet as mn
from memnet import equations
from memnet.equations._dialects import NGSPICE, rendered
from memnet.equations._tree import FUNCTIONS, read

needs_ngspice = pytest.mark.skipif(shutil.which("ngspice") is None, reason="no ngspice here")


def compare(sim: mn.Simulation, duration: float, folder, n_rows: int = 2000) -> float:
    """Return the largest difference of the first electrode's current, relative to its range.

    A source that is not constant is known at the rows, so ngspice has all of them.
    """
    table = run_ngspice(mn.to_spice(sim, duration, step=duration / n_rows), folder)
    data = sim.run(n_rows + 1)
    time, current = data.time.values[1:], data.current.values[1:, 0]
    row = np.abs(table[:, 0] - time[:, None]).argmin(axis=1)
    np.testing.assert_allclose(table[row, 0], time, rtol=0, atol=1e-9 * duration)
    return float(np.abs(-table[row, 1] - current).max() / np.ptp(current))


@needs_ngspice
@pytest.mark.parametrize("name", TRANSIENTS)
def test_a_transient_of_a_model_made_here(name, tmp_path):
    of = TRANSIENTS[name]()
    assert compare(of.simulation(2000), of.duration, tmp_path) < of.tolerance


@needs_ngspice
@pytest.mark.parametrize("name", own_models())
def test_a_transient_of_each_model_from_equations(name, tmp_path):
    of = transient_of(own_models()[name]())
    assert compare(of.simulation(2000), of.duration, tmp_path) < of.tolerance
