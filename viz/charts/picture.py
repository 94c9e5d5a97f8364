"""Picture, which holds what matplotlib draws, and the style, the sizes and the text that all charts share."""

import base64
import contextlib
import html
import os
import warnings
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from ..label import MUTED

ENDINGS = (".svg", ".png", ".pdf")
DPI, CSS_DPI = 160, 96  # of a PNG, and of a page
WIDTH = 6.4  # inches; letters are legible when the whole is 400 pixels wide
LARGEST = 200  # inches; readers of PDF show no more
STYLE = {
    "font.size": 11,
    "lines.scale_dashes": False,
    "figure.constrained_layout.w_pad": 0.1,
    "figure.constrained_layout.h_pad": 0.13,
    "svg.hashsalt": "tinygrad_dnn",  # the same picture is the same file
}
SOLID, DASHED, DOTTED = "-", (0, (4, 2)), (0, (1, 1.5))


@contextlib.contextmanager
def own_style() -> Iterator[None]:
    """Matplotlib's own settings, but the user's fonts; a letter that none of them has is a box, without a warning."""
    from matplotlib import rcParams, style

    fonts = {key: rcParams[key] for key in ("font.family", "font.sans-serif", "font.serif", "font.monospace")}
    with warnings.catch_warnings(), style.context(["default", fonts | STYLE]):
        warnings.filterwarnings("ignore", "Glyph|Matplotlib currently does not support")
        yield


class Picture:
    """A picture: .figure is matplotlib's, .alt says what is seen, .save writes it, and in Jupyter it shows itself."""

    def __init__(self, figure: Any, alt: str) -> None:
        self.figure, self.alt = figure, alt

    def __repr__(self) -> str:
        return f'Picture: {self.alt} Write it with .save("picture.svg")'

    def render(self, form: str) -> bytes:
        """The picture as svg, png or pdf, with its words and without the time."""
        metadata = {"pdf": {"Subject": self.alt, "CreationDate": None}, "svg": {"Description": self.alt, "Date": None}}
        file = BytesIO()
        with own_style():
            self.figure.savefig(file, format=form, dpi=DPI, metadata=metadata.get(form, {"Description": self.alt}))
        return file.getvalue()

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture in the form that the ending names: .svg, .png or .pdf."""
        path = Path(path)
        ending = path.suffix.lower()
        if ending not in ENDINGS:
            raise ValueError(f"save: {path.name!r} has the ending {ending!r}; known endings are {', '.join(ENDINGS)}")
        path.write_bytes(self.render(ending[1:]))
        return path

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What Jupyter shows: an image with a data URI, which a notebook that is not trusted shows too."""
        try:
            png = base64.b64encode(self.render("png")).decode()
            width = round(self.figure.get_figwidth() * CSS_DPI)
        except Exception as problem:
            return {"text/plain": f"{self!r}\n{problem}"}
        image = f'<img alt="{html.escape(self.alt)}" src="data:image/png;base64,{png}" width="{width}">'
        return {"text/html": image, "image/png": png, "text/plain": repr(self)}


def new_figure(who: str, width: float, height: float) -> Any:
    """An empty figure, in inches. Not one of pyplot's, which is kept, and shown twice in a notebook."""
    try:
        from matplotlib.figure import Figure
    except ImportError as missing:
        message = 'the package matplotlib is missing; pip install "tinygrad_dnn[examples]"'
        raise ImportError(f"{who}: {message}") from missing
    if max(width, height) > LARGEST:
        size = f"{width:.0f} by {height:.0f} inches"
        raise ValueError(f"{who}: the picture would have {size}, at most {LARGEST} are drawn; leave some of it out")
    with own_style():
        return Figure(figsize=(width, height), layout="constrained")


def tint(color: str, depth: float) -> tuple[float, ...]:
    """From white, 0, over the colour itself, 1, to black, 2."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return tuple(1 - depth * (1 - part) if depth <= 1 else (2 - depth) * part for part in parts)


def write(axes: Any, text: str, x: float, y: float, **how: Any) -> Any:
    """Text as it is: a dollar in it starts no formula."""
    return axes.annotate(text, (x, y), **{"ha": "center", "va": "center", "color": MUTED, "parse_math": False} | how)


def legend(figure: Any, entries: Sequence[tuple[str, Any]]) -> None:
    """Words and what they stand for, one mark or a tuple of them, below all in as few rows as have room."""
    from matplotlib.legend_handler import HandlerTuple

    labels, handles = zip(*entries, strict=True)
    how: dict[str, Any] = {"loc": "outside lower center", "frameon": False, "fontsize": 10}
    how["handler_map"] = {tuple: HandlerTuple(ndivide=None)}
    how["handlelength"] = max(2.0, *(1.5 * len(handle) for handle in handles if isinstance(handle, tuple)), 0)
    for columns in range(len(entries), 0, -1):
        drawn = figure.legend(handles, labels, ncols=columns, **how)
        if drawn.get_window_extent().width <= figure.bbox.width or columns == 1:
            return
        drawn.remove()
