"""Autonomous prediction: what a readout predicts is the next input."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.learn._transformers._sequences import SequenceTransformer


@check.known_keywords
def free_run(model: Any, X: ArrayLike, n: int) -> Floats:
    """Return how a sequence goes on if each prediction of its next step is the next input.

    The model is driven by the sequence, and then by itself: the same as ``model.predict`` of a sequence that grows by
    its own last prediction, without beginning anew each time [1]_.

    Parameters
    ----------
    model : sklearn.pipeline.Pipeline
        Fitted to ``X[1:]`` from ``X[:-1]``: a reservoir, echo state network or delay line, whatever is between, and a
        readout. `DelayLine` behind a reservoir gives the readout values of earlier steps, too.
    X : array_like, (n_steps, channels)
        The sequence that is known, from its start.
    n : int
        Steps to go on, >= 1.

    Returns
    -------
    ndarray, (n, channels)
        The first is what follows ``X[-1]``.

    Raises
    ------
    TypeError, ValueError
        A model that is not such a pipeline, or whose predictions have another number of channels; an argument outside
        its range.
    ArithmeticError
        A prediction that is not finite.

    References
    ----------
    .. [1] H. Jaeger and H. Haas, Science 2004, 304, 78, doi 10.1126/science.1091277.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LinearRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> import memnet as mn
    >>> x = np.sin(0.3 * np.arange(150))[:, np.newaxis]
    >>> model = make_pipeline(mn.learn.DelayLine(2), LinearRegression())
    >>> model = model.fit(x[:99], x[1:100], linearregression__sample_weight=np.arange(99) > 0)
    >>> found = mn.learn.free_run(model, x[:100], 50)
    >>> found.shape, bool(np.abs(found - x[100:]).max() < 1e-9)
    ((50, 1), True)
    """
    sequences = _sequence_steps(model)
    n = check.integer("n", n, 1, 2**31)
    rows = check.array("X", X, (None, model.n_features_in_))
    if not len(rows):
        raise ValueError("X must have a step or more, got none")
    advances = {step: step._begin() for step in sequences}
    found = np.empty((n, rows.shape[1]))
    for k in range(n):
        values: Any = rows
        for _, step in model.steps[:-1]:
            if step not in advances:
                values = values if step is None or step == "passthrough" else step.transform(values)
            elif k == 0:
                values = step._along(values, advances[step])
            else:
                values = advances[step](values)
        rows = np.asarray(model.steps[-1][1].predict(values[-1:]), dtype=np.float64).reshape(1, -1)
        if rows.shape[1] != found.shape[1]:
            raise ValueError(f"model must predict {found.shape[1]} channels, those of X, got {rows.shape[1]}")
        if not np.isfinite(rows).all():
            raise ArithmeticError(f"the prediction of step {k} is not finite")
        found[k] = rows
    return found


def _sequence_steps(model: Any) -> list[SequenceTransformer]:
    """Return what of a fitted pipeline remembers earlier steps, or raise TypeError or ValueError."""
    check.instance("model", model, Pipeline, "a scikit-learn Pipeline")
    check_is_fitted(model)
    found = [step for _, step in model.steps[:-1] if isinstance(step, SequenceTransformer)]
    if not found or model.steps[0][1] is not found[0]:
        raise ValueError("model must begin with a Reservoir, EchoState or DelayLine")
    if any(step.sequences != "rows" for step in found):
        raise ValueError("model must take rows as the steps of one sequence, got sequences='columns'")
    if not hasattr(model.steps[-1][1], "predict"):
        raise ValueError(f"model must end with a readout that predicts, got {check.shown(model.steps[-1][1])}")
    return found
