"""Filters of finite impulse response on a crossbar: taps as pairs of cells, a delay line at the word lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from memnet.arrays._converters import ADC, DAC
from memnet.arrays._encodings import Differential, Encoding
from memnet.arrays._vmm import transfer
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.text import Summary, quantity
from memnet.network import cell_conductances, crossbar

__all__ = ["FilterBank"]

# Delta, theta, alpha and beta (Hz).
BANDS = ((0.5, 4.0), (4.0, 8.0), (8.0, 13.0), (13.0, 30.0))
# Samples that are filtered together, so that their currents stay in a processor's cache.
BLOCK = 2048
# Taps that a filter may have.
MOST_TAPS = 2**16


class FilterBank(Summary):
    """Filters side by side on one crossbar: y_k(n) = sum_j taps_kj x(n - j).

    Word line j has the sample of j steps before, and the columns of filter k hold its taps. Each filter fills the
    range of its cells by itself, so it has an amplifier of its own behind its columns.

    Parameters
    ----------
    taps : array_like, (n_filters, n_taps) or (n_taps,)
        Impulse responses, as `scipy.signal.firwin` makes them, not all 0 in any of them.
    encoding : Differential, Offset or BitSlices, optional
        How taps are held; by default differential pairs of 1 to 100 uS. The largest tap of each filter has its
        `largest` weight.
    line_resistance, contact_resistance : float, optional
        Of each segment of a line, and of each line's contact (ohm), as `mn.crossbar` takes them; by default none.
    voltage : float
        At the word lines for a signal of 1 (V), > 0. What comes out is divided by it.
    dac : DAC, optional
        What makes the voltages of word lines; by default they are what they should be.
    adc : ADC, optional
        What reads the currents of columns (A); by default they are read as they are.

    Attributes
    ----------
    conductances : ndarray, (n_taps, n_columns)
        Of the cells (S).
    transfer : ndarray, (n_taps, n_columns)
        Current of each column for 1 V at each word line (S), the lines included.
    taps : ndarray, (n_filters, n_taps)
        What the array has in place of the taps that were asked for; with `scipy.signal.freqz` its frequency response.
    encoding : Encoding
        As given.
    clipped : dict
        How many samples were outside of the range of the "dac", and how many currents outside of that of the "adc", in
        the last `apply`.

    Raises
    ------
    TypeError, ValueError
        Taps of another shape, not finite, or a filter of nothing but zeros; an argument outside its range.

    Notes
    -----
    Lines are static and linear, so an array with them is a bank of somewhat other filters: it is solved once. Currents
    are summed tap after tap, in the same order for any number of samples.

    Source: Liu et al., Nat. Commun. 2020, 11, 4234, doi 10.1038/s41467-020-18105-4, whose array filters four bands.

    Examples
    --------
    >>> import memnet as mn
    >>> bank = mn.arrays.FilterBank([0.25, 0.5, 0.25], mn.arrays.Differential(1e-6, 100e-6))
    >>> bank
    <FilterBank: 1 filter of 3 taps; cells 3 x 2, 1 µS to 100 µS>
    >>> bank.apply([1.0, 0.0, 0.0, 4.0]).ravel().round(12)
    array([0.25, 0.5 , 0.25, 1.  ])
    >>> bank.taps.ravel()
    array([0.25, 0.5 , 0.25])
    """

    @check.known_keywords
    def __init__(
        self,
        taps: ArrayLike,
        encoding: Encoding | None = None,
        *,
        line_resistance: float | None = None,
        contact_resistance: float | None = None,
        voltage: float = 1.0,
        dac: DAC | None = None,
        adc: ADC | None = None,
    ) -> None:
        wanted = np.asarray(check.given_array("taps", taps))
        wanted = check.array("taps", wanted[np.newaxis] if wanted.ndim == 1 else wanted, (None, None))
        peak = np.abs(wanted).max(axis=1, initial=0.0)
        if not wanted.size or not peak.all():
            raise ValueError("taps must hold a number other than 0 in each filter, and at least one filter")
        if wanted.shape[1] > MOST_TAPS:
            raise ValueError(f"taps must be at most {MOST_TAPS:,} a filter, got {wanted.shape[1]:,}")
        self.encoding = Differential(1e-6, 100e-6) if encoding is None else encoding
        check.instance("encoding", self.encoding, Encoding, "a Differential, Offset or BitSlices")
        self._volts = check.real("voltage", voltage, 0.0, unit="V")
        check.instance("dac", dac, (DAC, type(None)), "a DAC, or None")
        check.instance("adc", adc, (ADC, type(None)), "an ADC, or None")
        self._dac, self._adc = dac, adc
        self.clipped = {"dac": 0, "adc": 0}
        self._unit = peak / self.encoding.largest
        self.conductances = self.encoding.encode((wanted / self._unit[:, np.newaxis]).T)
        self.transfer = self.conductances
        if line_resistance is not None or contact_resistance is not None:
            self.transfer = _with_lines(self.conductances, line_resistance, contact_resistance)

    @classmethod
    @check.known_keywords
    def of_bands(
        cls,
        sampling_rate: float,
        bands: ArrayLike = BANDS,
        encoding: Encoding | None = None,
        *,
        length: int = 129,
        line_resistance: float | None = None,
        contact_resistance: float | None = None,
        voltage: float = 1.0,
        dac: DAC | None = None,
        adc: ADC | None = None,
    ) -> FilterBank:
        """Return a bank of band filters as `scipy.signal.firwin` makes them, with a Hamming window.

        Parameters
        ----------
        sampling_rate : float
            Of the signals (Hz), > 0.
        bands : array_like, (n_filters, 2)
            Lower and upper end of each band (Hz), 0 < lower < upper < `sampling_rate` / 2. By default delta, theta,
            alpha and beta: 0.5, 4, 8, 13, 30 Hz.
        length : int
            Taps of a filter, >= 3.
        encoding, line_resistance, contact_resistance, voltage, dac, adc
            As for `FilterBank`.

        Returns
        -------
        FilterBank

        Raises
        ------
        TypeError, ValueError
            Bands outside the range, too few taps, what `FilterBank` refuses.

        Examples
        --------
        >>> import memnet as mn
        >>> mn.arrays.FilterBank.of_bands(173.61)
        <FilterBank: 4 filters of 129 taps; cells 129 x 8, 1 µS to 100 µS>
        """
        from scipy import signal as filters

        rate = check.real("sampling_rate", sampling_rate, 0.0, unit="Hz")
        ends = check.array("bands", bands, (None, 2))
        for low, high in ends:
            if not 0.0 < low < high < rate / 2:
                raise ValueError(f"bands must have 0 < lower < upper < {rate / 2:g} Hz, got {low:g} and {high:g} Hz")
        many = check.whole("length", length, 3, MOST_TAPS)
        taps = [filters.firwin(many, pair, fs=rate, pass_zero=False) for pair in ends]
        return cls(
            np.reshape(taps, (len(ends), many)),
            encoding,
            line_resistance=line_resistance,
            contact_resistance=contact_resistance,
            voltage=voltage,
            dac=dac,
            adc=adc,
        )

    @property
    def taps(self) -> Floats:
        """What the array has in place of the taps that were asked for, (n_filters, n_taps)."""
        return np.ascontiguousarray((self.encoding.decode(self.transfer) * self._unit).T)

    @check.known_keywords
    def apply(self, signal: ArrayLike, past: ArrayLike | None = None) -> Floats:
        """Filter a signal.

        Parameters
        ----------
        signal : array_like, (n,)
            Samples, finite.
        past : array_like, (n_before,), optional
            Samples before the first one, which the delay line still has; older ones than it is long do not matter,
            missing ones are 0. A signal that comes in parts gives the same bits as the whole:
            ``bank.apply(signal[k:], signal[:k])`` goes on from ``bank.apply(signal[:k])``.

        Returns
        -------
        ndarray, (n, n_filters)
            As `scipy.signal.lfilter` has it with each of `taps`.

        Raises
        ------
        TypeError, ValueError
            Samples that are not finite, or no row of them; a value outside of the range of a converter that refuses it.
        ArithmeticError
            A current beyond the range of numbers.

        Examples
        --------
        >>> import memnet as mn
        >>> bank = mn.arrays.FilterBank([[0.5, 0.5], [0.5, -0.5]])
        >>> bank.apply([2.0, 4.0], past=[6.0]).round(12)
        array([[ 4., -2.],
               [ 3.,  1.]])
        """
        given = check.array("signal", signal, (None,))
        before = check.array("past", () if past is None else np.atleast_1d(check.given_array("past", past)), (None,))
        reach = len(self.transfer) - 1
        line = np.concatenate([np.zeros(reach), before])[len(before) :]
        with np.errstate(over="ignore", invalid="ignore"):
            volts = self._driven(self._volts * np.concatenate([line, given]), reach)
            currents = [self._currents(volts[k : k + BLOCK + reach]) for k in range(0, len(given), BLOCK)]
            values = np.concatenate([np.empty((0, self.transfer.shape[1])), *currents])
            found = self.encoding.decode(self._read(values)) * (self._unit / self._volts)
        if not np.isfinite(found).all():
            raise ArithmeticError("a current is above 1.8e308 A: give a smaller signal, or a lower voltage for it")
        return np.asarray(found)

    def _driven(self, volts: Floats, reach: int) -> Floats:
        """Return the voltages that a converter makes, and count new samples that are outside of its range."""
        if self._dac is None or not np.isfinite(volts).all():
            return volts
        made = self._dac(volts)
        self.clipped["dac"] = int(made.outside[reach:].sum())
        return made.values

    def _read(self, currents: Floats) -> Floats:
        """Return the currents that a converter reads, and count those outside of its range."""
        if self._adc is None or not np.isfinite(currents).all():
            return currents
        made = self._adc(currents)
        self.clipped["adc"] = made.clipped
        return made.values

    def _currents(self, volts: Floats) -> Floats:
        """Return the currents of the columns while the delay line has these voltages, its past in front."""
        reach = len(self.transfer) - 1
        count = len(volts) - reach
        currents = np.zeros((count, self.transfer.shape[1]))
        for j, row in enumerate(self.transfer):
            currents += volts[reach - j : reach - j + count, np.newaxis] * row
        return currents

    def _summary(self) -> dict[str, str]:
        taps, columns = self.conductances.shape
        many = len(self._unit)
        bits = f", {self.encoding.bits} bits" if self.encoding.bits is not None else ""
        low, high = (quantity(value, "S") for value in (self.encoding.g_min, self.encoding.g_max))
        return {
            "": f"{many} filter{'s'[many == 1 :]} of {taps} taps",
            "cells": f"{taps} x {columns}, {low} to {high}{bits}",
        }


def _with_lines(conductances: Floats, line_resistance: float | None, contact_resistance: float | None) -> Floats:
    """Return the currents of columns for 1 V at each row of an array with lines (S)."""
    net = crossbar(*conductances.shape, line_resistance=line_resistance, contact_resistance=contact_resistance)
    return transfer(net, cell_conductances(net, conductances))
