"""A figure of a paper from its arguments to its picture: computed, written, read and drawn."""

import xarray as xr

from memnet.papers import _pages, _registry as registry


def drawn_again(figure, arguments, folder, monkeypatch):
    """Compute a figure, write, read and draw it; return what was read, as a list of datasets."""
    page = _pages.page
    monkeypatch.setattr(_pages, "page", lambda *size: page(*size, layout=None))  # the layout takes most of the time
    data = figure.compute(**figure.arguments(arguments, quick=True))
    registry.write(data, folder / "x.nc")
    read = registry.read(folder / "x.nc")
    pairs = [(data, read)] if isinstance(data, xr.Dataset) else [(data[name], read[name]) for name in data]
    for ours, theirs in pairs:
        xr.testing.assert_equal(ours, theirs)
    figure.plot(read).savefig(folder / "x.png", dpi=30)
    assert (folder / "x.png").read_bytes().startswith(b"\x89PNG")
    return [theirs for _, theirs in pairs]
