"""Echo state networks: units of tanh with random weights, on a graph or on a matrix of the user's."""

from __future__ import annotations

from typing import Any

import numpy as np

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.learn._transformers._sequences import Advance, SequenceTransformer
from memnet.network import Network


class EchoState(SequenceTransformer):
    """An echo state network: x(t) = (1 - leak) x(t-1) + leak tanh(W x(t-1) + W_in u(t) + bias), from x = 0.

    Given a network of memnet, its units are the nodes and its weights, drawn from a normal distribution, lie on the
    edges, one for each direction: what the same graph does if it were not memristive, as conn2res [2]_ has it.

    Parameters
    ----------
    weights : int, Network or array_like, (n_units, n_units)
        How many units, each joined to each; a network, whose nodes are the units; or the matrix W itself.
    spectral_radius : float or None
        Largest magnitude of an eigenvalue that W is scaled to; None leaves W as it is.
    scaling : float
        Factor of the input.
    bias : float
        Constant input of every unit.
    leak : float
        Share of a state that is replaced in a step, in (0, 1].
    input_weights : array_like, (n_units, channels), optional
        W_in before the scaling; by default drawn from [-1, 1].
    inputs : sequence of int, optional
        Units that hear the input; all by default.
    read : sequence of int, optional
        Units that are read; all by default.
    sequences, channels, keep, washout, random_state
        As of `Reservoir`.

    Attributes
    ----------
    weights_ : ndarray, (n_units, n_units)
        W as it is used.
    input_weights_ : ndarray, (n_units, channels)
        W_in, with the scaling.
    n_features_in_ : int
    feature_names_in_ : ndarray of str
        Where features have names.

    Raises
    ------
    TypeError, ValueError
        By `fit`: a parameter outside its range, or numbers as scikit-learn refuses them.
    ImportError
        Without scikit-learn: ``pip install "memnet-sim[learn]"``.

    References
    ----------
    .. [1] H. Jaeger, GMD Report 148, 2001.
    .. [2] L. E. Suárez et al., Nat. Commun. 2024, 15, 656, doi 10.1038/s41467-024-44900-4.

    Examples
    --------
    >>> import memnet as mn
    >>> states = mn.learn.EchoState(50, random_state=0).fit_transform(mn.learn.mackey_glass(200))
    >>> states.shape
    (200, 50)
    """

    def __init__(
        self,
        weights: Any = 100,
        *,
        spectral_radius: Any = 0.9,
        scaling: float = 1.0,
        bias: float = 0.0,
        leak: float = 1.0,
        input_weights: Any = None,
        inputs: Any = None,
        read: Any = None,
        sequences: str = "rows",
        channels: int = 1,
        keep: str = "all",
        washout: int = 0,
        random_state: Any = None,
    ) -> None:
        self.weights = weights
        self.spectral_radius = spectral_radius
        self.scaling = scaling
        self.bias = bias
        self.leak = leak
        self.input_weights = input_weights
        self.inputs = inputs
        self.read = read
        self.sequences = sequences
        self.channels = channels
        self.keep = keep
        self.washout = washout
        self.random_state = random_state

    def _prepare(self, channels: int, random: Any) -> int:
        self.weights_ = self._scaled(_drawn(self.weights, random))
        n = len(self.weights_)
        scaling = check.real("scaling", self.scaling)
        check.real("bias", self.bias)
        check.real("leak", self.leak, 0.0, 1.0, "(]")
        drawn = random.uniform(-1.0, 1.0, size=(n, channels))
        given = self.input_weights
        drawn = drawn if given is None else check.array("input_weights", given, (n, channels))
        hears = np.zeros((n, 1))
        hears[slice(None) if self.inputs is None else check.ids("inputs", self.inputs, (None,), n, "units")] = 1.0
        self.input_weights_ = scaling * drawn * hears
        self._read = np.arange(n) if self.read is None else check.ids("read", self.read, (None,), n, "units")
        if not len(self._read):
            raise ValueError("read must name a unit or more, got none")
        return len(self._read)

    def _scaled(self, weights: Floats) -> Floats:
        """Return weights of the spectral radius that is asked for."""
        if self.spectral_radius is None:
            return weights
        wanted = check.real("spectral_radius", self.spectral_radius, 0.0, np.inf, "[)")
        found = float(np.abs(np.linalg.eigvals(weights)).max())
        return weights * (wanted / found) if found else weights

    def _begin(self) -> Advance:
        state = np.zeros(len(self.weights_))

        def advance(sequence: Floats) -> Floats:
            nonlocal state
            pushed = sequence @ self.input_weights_.T + self.bias
            found = np.empty((len(sequence), len(self._read)))
            for t, push in enumerate(pushed):
                state = (1.0 - self.leak) * state + self.leak * np.tanh(self.weights_ @ state + push)
                found[t] = state[self._read]
            return found

        return advance


def _drawn(weights: Any, random: Any) -> Floats:
    """Return the matrix W before it is scaled."""
    if isinstance(weights, Network):
        made = np.zeros((weights.n_nodes, weights.n_nodes))
        a, b = weights.edges.T
        made[a, b] = random.normal(size=len(a))
        made[b, a] = random.normal(size=len(a))
        return made
    if np.ndim(weights):
        given = check.given_array("weights", weights)
        return check.array("weights", weights, (max(len(given), 1),) * 2)
    n = check.integer("weights", weights, 1, 2**15)
    return np.asarray(random.normal(size=(n, n)))
