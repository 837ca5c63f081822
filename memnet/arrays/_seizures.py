"""Detection of seizures: bands filtered by one crossbar, their powers weighed by a perceptron on another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from memnet.arrays._eeg import window_powers
from memnet.arrays._encodings import Differential, Encoding
from memnet.arrays._filter_bank import BANDS, FilterBank
from memnet.base import check
from memnet.base.arrays import Flags, Floats
from memnet.base.text import Summary

__all__ = ["DetectionScores", "SeizureDetector"]

# Powers below this are taken as it (V^2), so that a dead electrode has a logarithm.
LEAST = 1e-300


@dataclass(frozen=True, repr=False)
class DetectionScores(Summary):
    """How often windows with a seizure, and without, are told as such.

    Attributes
    ----------
    sensitivity : float
        Share of the windows with a seizure that are detected; nan where there are none.
    specificity : float
        Share of the others that are not; nan where there are none.
    seizures, others : int
        How many windows there are of both.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.arrays.DetectionScores(sensitivity=0.9, specificity=0.98, seizures=40, others=100)
    <DetectionScores: sensitivity 0.9 of 40 windows; specificity 0.98 of 100 windows; balanced 0.94>
    >>> scores = mn.arrays.DetectionScores(sensitivity=0.9, specificity=0.98, seizures=40, others=100)
    >>> scores.balanced
    0.94
    """

    sensitivity: float
    specificity: float
    seizures: int
    others: int

    @property
    def balanced(self) -> float:
        """Mean of sensitivity and specificity: 0.5 by chance, whatever the share of seizures."""
        return 0.5 * (self.sensitivity + self.specificity)

    def _summary(self) -> dict[str, str]:
        return {
            "sensitivity": f"{self.sensitivity:.4g} of {self.seizures} windows",
            "specificity": f"{self.specificity:.4g} of {self.others} windows",
            "balanced": f"{self.balanced:.4g}",
        }


class SeizureDetector(Summary):
    """A bank of band filters and a perceptron of one layer, both on arrays of pairs of cells.

    The powers of the bands in windows, as standardised logarithms, are the voltages of the perceptron's word lines; one
    more has a constant. Powers and logarithms are digital, as in the source.

    Parameters
    ----------
    sampling_rate : float
        Of the signals (Hz), > 0.
    bands : array_like, (n_bands, 2)
        As for `FilterBank.of_bands`.
    encoding : Differential, Offset or BitSlices, optional
        How both arrays hold numbers; by default differential pairs of 1 to 100 uS.
    length : int
        Taps of a filter, >= 3.
    window : float
        Of a decision (s), > 0, at least one sample. Windows do not overlap.
    line_resistance, contact_resistance : float, optional
        Of both arrays, as for `FilterBank`.
    epochs : int
        How often learning goes over all windows, >= 1.
    seed : int
        Of the order of windows in learning, >= 0.

    Attributes
    ----------
    bank : FilterBank
    weights : ndarray, (n_bands + 1,)
        What the second array holds, after `fit`: of the bands, and of the constant.

    Raises
    ------
    TypeError, ValueError
        An argument outside its range.

    Notes
    -----
    Learning is Rosenblatt's rule; of all weights on the way those with the best mean of sensitivity and specificity are
    kept, and then written to cells.

    Source: Liu et al., Nat. Commun. 2020, 11, 4234, doi 10.1038/s41467-020-18105-4 (figure 20 of EC23); Gallant, IEEE
    Trans. Neural Netw. 1990, 1, 179, doi 10.1109/72.80230, which keeps the best weights.

    Examples
    --------
    >>> import memnet as mn
    >>> made = [mn.arrays.synthetic_eeg(300.0, bursts=15, seed=seed) for seed in (0, 1)]
    >>> detector = mn.arrays.SeizureDetector(173.61, encoding=mn.arrays.Differential(1e-6, 100e-6, bits=6))
    >>> detector.fit(made[0].signal, made[0].seizure).score(made[1].signal, made[1].seizure)
    <DetectionScores: sensitivity 0.8919 of 37 windows; specificity 0.9204 of 113 windows; balanced 0.9061>
    >>> detector.predict(made[1].signal).sum(), detector.decision_function(made[1].signal).shape
    (np.int64(42), (150,))
    >>> detector.weights.shape
    (5,)
    """

    @check.known_keywords
    def __init__(
        self,
        sampling_rate: float,
        bands: ArrayLike = BANDS,
        encoding: Encoding | None = None,
        *,
        length: int = 129,
        window: float = 2.0,
        line_resistance: float | None = None,
        contact_resistance: float | None = None,
        epochs: int = 20,
        seed: int = 0,
    ) -> None:
        self._encoding = Differential(1e-6, 100e-6) if encoding is None else encoding
        self._ohms = line_resistance, contact_resistance
        self.bank = FilterBank.of_bands(
            sampling_rate,
            bands,
            self._encoding,
            length=length,
            line_resistance=line_resistance,
            contact_resistance=contact_resistance,
        )
        seconds = check.real("window", window, 0.0, 1e12 / sampling_rate, unit="s")
        self._window = round(seconds * sampling_rate)
        if self._window < 1:
            raise ValueError(f"window must be at least a sample long, {1 / sampling_rate:g} s, got {seconds:g} s")
        self._epochs = check.whole("epochs", epochs, 1, 10**6)
        self._seed = check.integer("seed", seed, 0, 2**64 - 1)
        self._perceptron: FilterBank | None = None
        self._mean = self._deviation = np.empty(0)

    @property
    def weights(self) -> Floats:
        """What the second array holds, of the bands and of the constant (n_bands + 1,)."""
        return np.asarray(self._learned().taps[0])

    @check.known_keywords
    def fit(self, signal: ArrayLike, seizure: ArrayLike) -> SeizureDetector:
        """Learn from a signal with labels.

        Parameters
        ----------
        signal : array_like, (n,)
            Samples, finite.
        seizure : array_like of bool, (n,)
            Which of them are of a seizure. A window is one where more than half of its samples are.

        Returns
        -------
        SeizureDetector
            Itself.

        Raises
        ------
        TypeError, ValueError
            Signals or labels of another shape; no window with a seizure, or none without.
        """
        wanted = self.windows(seizure, len(check.array("signal", signal, (None,))))
        if wanted.all() or not wanted.any():
            raise ValueError(f"seizure must have windows of both kinds, got {wanted.size} of one")
        powers = self._powers(signal)
        spread = powers.std(axis=0)
        self._mean, self._deviation = powers.mean(axis=0), np.where(spread > 0.0, spread, 1.0)
        weights = _perceptron(self._inputs(powers), wanted, self._epochs, np.random.default_rng(self._seed))
        ohms, contact = self._ohms
        self._perceptron = FilterBank(weights, self._encoding, line_resistance=ohms, contact_resistance=contact)
        return self

    @check.known_keywords
    def decision_function(self, signal: ArrayLike) -> Floats:
        """Return for each window what the perceptron's array says, above 0 for a seizure.

        Parameters
        ----------
        signal : array_like, (n,)
            Samples, finite.

        Returns
        -------
        ndarray, (n_windows,)

        Raises
        ------
        TypeError, ValueError
            A signal of another shape or shorter than a window; nothing has been learned.
        """
        weights = self.weights
        return np.asarray(self._inputs(self._powers(signal)) @ weights)

    @check.known_keywords
    def predict(self, signal: ArrayLike) -> Flags:
        """Return for each window whether it is of a seizure; parameters and errors as in `decision_function`."""
        return np.asarray(self.decision_function(signal) > 0.0)

    @check.known_keywords
    def score(self, signal: ArrayLike, seizure: ArrayLike) -> DetectionScores:
        """Return how often windows of a signal are told right; parameters and errors as in `fit`."""
        told = self.predict(signal)
        wanted = self.windows(seizure, np.size(signal))
        right, many = told == wanted, int(wanted.sum())
        shares = [float(right[kind].mean()) if kind.any() else float("nan") for kind in (wanted, ~wanted)]
        return DetectionScores(
            sensitivity=shares[0], specificity=shares[1], seizures=many, others=int(wanted.size) - many
        )

    def windows(self, seizure: ArrayLike, count: int) -> Flags:
        """Return for each window of `count` labels whether more than half of them are True."""
        given = check.given_array("seizure", seizure)
        if given.dtype != np.bool_:
            raise TypeError(f"seizure must be an array of True and False, got one of {given.dtype}")
        check.check_shape("seizure", given.shape, (count,))
        return np.asarray(window_powers(given, self._window) > 0.5)

    def _powers(self, signal: ArrayLike) -> Floats:
        given = check.array("signal", signal, (None,))
        if len(given) < self._window:
            raise ValueError(f"signal must be at least one window long, {self._window} samples, got {len(given)}")
        return np.asarray(np.log(np.maximum(window_powers(self.bank.apply(given), self._window), LEAST)))

    def _inputs(self, powers: Floats) -> Floats:
        """Return the voltages at the perceptron's word lines: standardised powers and a constant."""
        return np.column_stack([(powers - self._mean) / self._deviation, np.ones(len(powers))])

    def _learned(self) -> FilterBank:
        if self._perceptron is None:
            raise ValueError("the detector has learned nothing: call fit(signal, seizure) first")
        return self._perceptron

    def _summary(self) -> dict[str, str]:
        return {
            "": f"{len(self.bank.taps)} bands, windows of {self._window} samples",
            "weights": "" if self._perceptron is None else np.array2string(self.weights, precision=3),
        }


def _perceptron(inputs: Floats, wanted: Flags, epochs: int, rng: np.random.Generator) -> Floats:
    """Return weights of Rosenblatt's rule: of all on the way, the first with the best balanced accuracy."""
    sign = np.where(wanted, 1.0, -1.0)
    weights: Floats = np.zeros(inputs.shape[1])
    best: Floats = np.eye(inputs.shape[1])[-1]
    most = 0.0
    for _ in range(epochs):
        for k in rng.permutation(len(inputs)):
            if sign[k] * (inputs[k] @ weights) > 0.0:
                continue
            weights = weights + sign[k] * inputs[k]
            told = inputs @ weights > 0.0
            reached = told[wanted].mean() + 1.0 - told[~wanted].mean()
            if reached > most and weights.any():
                best, most = weights, float(reached)
    return best
