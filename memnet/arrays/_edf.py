"""Recordings in the European data format: EDF, EDF+, BDF and BDF+ files as datasets."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet.base import check

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["read_edf"]

# Volts of the units that electrodes are read in; others stay as they are.
VOLTS = {"nV": 1e-9, "uV": 1e-6, "µV": 1e-6, "μV": 1e-6, "mV": 1e-3, "V": 1.0}
# Places in a header (Kemp et al. 1992): bytes of the fixed part, and of each signal before its samples of a record.
FIXED, BEFORE_SAMPLES = 256, 216


@check.known_keywords
def read_edf(path: str | os.PathLike[str], channels: Sequence[str | int] | str | None = None) -> xr.Dataset:
    """Read an EDF, EDF+, BDF or BDF+ file.

    Parameters
    ----------
    path : str or path
        The file.
    channels : sequence of str or int, or str, optional
        Labels of the signals to read, or their numbers from 0, where two have one label; by default all. All that are
        read must have one sampling rate.

    Returns
    -------
    xarray.Dataset
        `signal` (channel, time), in V where the file has nV, uV, mV or V, else as the file has it. Coordinates: `time`
        (s) from the start of the recording, `channel`, the labels, and `unit` (channel). `annotation`, `onset` (s) and
        `duration` (s, nan where the file says none) (annotation). ``attrs``: `sampling_rate` (Hz) and `start_time`, a
        text in ISO 8601.

    Raises
    ------
    FileNotFoundError, OSError
        No file; one that is truncated or damaged, which the message says.
    TypeError, ValueError
        An unknown channel, with the nearest one; channels of different sampling rates; none at all.
    ImportError
        pyedflib is missing, which ``pip install 'memnet-sim[edf]'`` brings.

    Notes
    -----
    Who the patient is stays in the file. Samples are the integers of the file, scaled as its header says.

    Source: Kemp et al., Electroencephalogr. Clin. Neurophysiol. 1992, 82, 391, doi 10.1016/0013-4694(92)90009-7; Kemp
    and Olivan, Clin. Neurophysiol. 2003, 114, 1755, doi 10.1016/S1388-2457(03)00123-8.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import numpy as np
    >>> import pyedflib
    >>> import memnet as mn
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = str(pathlib.Path(folder) / "one.edf")
    ...     with pyedflib.EdfWriter(path, 1) as writer:
    ...         writer.setLabel(0, "Fp1")
    ...         writer.setPhysicalDimension(0, "mV")
    ...         writer.setSamplefrequency(0, 200)
    ...         writer.writeSamples([np.sin(0.1 * np.arange(400.0))])
    ...     recording = mn.arrays.read_edf(path, "Fp1")
    >>> dict(recording.signal.sizes), recording.sampling_rate, recording.unit.values.tolist()
    ({'channel': 1, 'time': 400}, 200.0, ['V'])
    """
    import xarray as xr

    place = check.existing_path("path", path)
    _refuse_other_sizes(place)
    with closing(_reader(place)) as reader:
        labels = reader.getSignalLabels()
        numbers = _chosen(channels, labels)
        rates = [float(reader.getSampleFrequency(k)) for k in numbers]
        if len(set(rates)) > 1:
            found = ", ".join(f"{labels[k]} {rate:g} Hz" for k, rate in zip(numbers, rates, strict=True))
            raise ValueError(f"channels must have one sampling rate, got {found}; read those of one rate at a time")
        units = [reader.getPhysicalDimension(k).strip() for k in numbers]
        signal = np.stack([reader.readSignal(k) for k in numbers]) * [[VOLTS.get(unit, 1.0)] for unit in units]
        onset, duration, annotation = reader.readAnnotations()
        start = reader.getStartdatetime()
    return xr.Dataset(
        {
            "signal": (("channel", "time"), signal),
            "annotation": ("annotations", np.asarray(annotation, dtype=str)),
            "onset": ("annotations", np.asarray(onset, dtype=np.float64), {"units": "s"}),
            "duration": ("annotations", np.where(np.asarray(duration) < 0, np.nan, duration), {"units": "s"}),
        },
        coords={
            "time": ("time", np.arange(signal.shape[1]) / rates[0], {"units": "s"}),
            "channel": [labels[k] for k in numbers],
            "unit": ("channel", ["V" if unit in VOLTS else unit for unit in units]),
        },
        attrs={"sampling_rate": rates[0], "start_time": start.isoformat()},
    )


def _reader(place: Path) -> Any:
    """Return an open reader of pyedflib, or raise OSError that says what is wrong with the file."""
    try:
        import pyedflib
    except ImportError as error:
        raise ImportError("read_edf needs pyedflib: pip install 'memnet-sim[edf]'") from error
    try:
        return pyedflib.EdfReader(os.fspath(place))
    except OSError as error:
        raise OSError(f"{place} cannot be read as EDF or BDF: {str(error).removeprefix(f'{place}: ')}") from error


def _refuse_other_sizes(place: Path) -> None:
    """Raise OSError where a file is not as long as its header says, which pyedflib would print and not say."""
    with place.open("rb") as file:
        head = file.read(FIXED)
        try:
            records, signals = int(head[236:244]), int(head[252:256])
            file.seek(FIXED + BEFORE_SAMPLES * signals)
            samples = [int(file.read(8)) for _ in range(signals)]
        except ValueError:
            if len(head) == FIXED and file.tell() < file.seek(0, os.SEEK_END):
                return  # damaged rather than short: pyedflib names the field
            raise OSError(f"{place} is truncated or no EDF or BDF file: its header ends too early") from None
        size = file.seek(0, os.SEEK_END)
    width = 3 if head[:1] == b"\xff" else 2
    wanted = FIXED * (signals + 1) + records * width * sum(samples)
    if size < wanted:
        raise OSError(f"{place} is truncated or damaged: it has {size} bytes, and its header asks for {wanted}")


def _chosen(channels: Any, labels: list[str]) -> list[int]:
    """Return the numbers of the signals to read."""
    if not labels:
        raise ValueError("path must be of a file with signals, got one of annotations alone")
    if channels is None:
        return list(range(len(labels)))
    wanted = [channels] if isinstance(channels, str) else channels
    check.instance("channels", wanted, (list, tuple), "a sequence of labels or numbers, a label, or None")
    if not wanted:
        raise ValueError("channels must name at least one signal, got none")
    numbers = []
    for one in wanted:
        if isinstance(one, str):
            check.known_name("channel", one, dict.fromkeys(labels))
            if labels.count(one) > 1:
                raise ValueError(f"channel {one!r} is the label of {labels.count(one)} signals; give their numbers")
            numbers.append(labels.index(one))
        else:
            numbers.append(check.integer("channels", one, 0, len(labels) - 1))
    return numbers
