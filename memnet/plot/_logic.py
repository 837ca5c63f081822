"""Where gates of logic work, as a map over settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from memnet.base import check
from memnet.plot._style import check_axes, new_axes

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["logic_map"]


@check.known_keywords
def logic_map(data: xr.Dataset, *, ax: Axes | None = None) -> Axes:
    """Draw where a gate works: its least margin over two settings, or one, with a line where it comes to 0.

    Parameters
    ----------
    data : xarray.Dataset
        Of `mn.arrays.logic_map`, with one or two settings of more than one value.
    ax : matplotlib Axes, optional
        Where to draw; by default on a new figure.

    Returns
    -------
    matplotlib Axes
        Blue where the truth table is right, red where it is not, the deeper the larger the margin.

    Raises
    ------
    TypeError, ValueError
        Another dataset, or one over more than two settings.

    Examples
    --------
    >>> import memnet as mn
    >>> device = mn.VTEAM(R_on=1e3, R_off=1e6, D=3e-9, v_on=-1.0, v_off=1.0, k_on=-3.0, k_off=3.0, alpha_on=1.0)
    >>> over = {"v_cond": [0.4, 0.9], "v_set": [1.6, 2.4]}
    >>> data = mn.arrays.logic_map("imp", device, over, load=5e3, width=200e-9, polarity=-1)
    >>> ax = mn.plot.logic_map(data)
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('v_set (V)', 'v_cond (V)')
    """
    if not hasattr(data, "data_vars") or "margin" not in data or "gate" not in data.attrs:
        raise TypeError(f"data must be a dataset of mn.arrays.logic_map, got {check.shown(data)}")
    margin = data["margin"].squeeze(drop=True)
    if margin.ndim not in (1, 2):
        raise ValueError(f"data must have one or two settings of more than one value, got {margin.ndim}")
    check_axes(ax)
    drawn = new_axes(ax, (4.6, 3.6))
    x = margin.dims[-1]
    if margin.ndim == 1:
        drawn.plot(margin[x], margin, "o-")
        drawn.axhline(0.0, color="k", lw=0.6)
        drawn.set(xlabel=_label(data, x), ylabel=f"least margin of {data.attrs['gate']}")
        return drawn
    y = margin.dims[0]
    image = drawn.pcolormesh(margin[x], margin[y], margin.values, cmap="RdBu", vmin=-1.0, vmax=1.0, shading="nearest")
    if np.ptp(np.sign(margin.values)) > 0.0:
        drawn.contour(margin[x], margin[y], margin.values, levels=[0.0], colors="k", linewidths=0.8)
    drawn.figure.colorbar(image, ax=drawn, label=f"least margin of {data.attrs['gate']}")
    drawn.set(xlabel=_label(data, x), ylabel=_label(data, y))
    return drawn


def _label(data: xr.Dataset, name: object) -> str:
    units = data[name].attrs.get("units", "")
    return f"{name} ({units})" if units else str(name)
