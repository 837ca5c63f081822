"""Writer of GIFs whose few coloured letters keep their colours."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.animation import AbstractMovieWriter


def gif_writer(fps: Any) -> AbstractMovieWriter:
    """Return a writer of frames a second, made here so that matplotlib is imported where a GIF is written."""
    from matplotlib.animation import AbstractMovieWriter
    from PIL import Image

    class GifWriter(AbstractMovieWriter):
        """Collects the frames of an animation and writes them as a GIF that repeats.

        A GIF has 256 colours a frame. Matplotlib's writer leaves their choice to median cuts, which serve the many
        shades of a map and turn the names of electrodes olive and grey; an octree keeps colours that only a few pixels
        have.
        """

        def setup(self, fig: Any, outfile: Any, dpi: float | None = None) -> None:
            """Begin without frames."""
            super().setup(fig, outfile, dpi=dpi)
            self._images: list[Image.Image] = []

        def grab_frame(self, **savefig_kwargs: Any) -> None:
            """Draw the figure and keep it."""
            buffer = io.BytesIO()
            self.fig.savefig(buffer, **(savefig_kwargs | {"format": "rgba", "dpi": self.dpi}))
            drawn = Image.frombytes("RGBA", self.frame_size, buffer.getvalue()).convert("RGB")
            self._images.append(drawn.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE))

        def finish(self) -> None:
            """Write what was kept."""
            first, *others = self._images
            first.save(
                self.outfile, "GIF", save_all=True, append_images=others, duration=round(1_000.0 / self.fps), loop=0
            )

    return GifWriter(fps=fps)
