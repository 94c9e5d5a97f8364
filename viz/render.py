"""DOT text as SVG, PNG or PDF, and Drawing, which holds it.

Graphviz's own dot draws where it is on PATH, the library that pygraphviz carries where it is not.
"""

import base64
import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RENDERED = (".svg", ".png", ".pdf")
WRITTEN = (".dot", ".gv")
ENDINGS = ", ".join(RENDERED + WRITTEN)
ALT = "The recorded graph: a node per tensor, an edge per operand"
INSTALL = 'Install one of them: pip install "tinygrad_dnn[viz]", or Graphviz itself, apt-get install graphviz'


def by_dot(source: str, form: str) -> bytes:
    """Drawn by the program dot."""
    import graphviz

    return bytes(graphviz.pipe("dot", form, source.encode(), quiet=True))


def by_pygraphviz(source: str, form: str) -> bytes:
    """Drawn by the library inside pygraphviz."""
    import pygraphviz

    with quiet():
        return bytes(pygraphviz.AGraph(string=source).draw(format=form, prog="dot"))


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Nothing is written to stderr: the library remarks on large graphs, and on the system's font settings from C."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(nowhere):
            os.dup2(nowhere.fileno(), 2)
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


RENDERERS = {"dot": by_dot, "pygraphviz": by_pygraphviz}


def render(source: str, form: str) -> bytes:
    """The picture as svg, png or pdf, or a RuntimeError that says why neither renderer could draw it."""
    reasons = []
    for name, renderer in RENDERERS.items():
        try:
            return renderer(source, form)
        except Exception as problem:  # whatever is wrong with the first, the second may work
            reasons.append(f"{name}: {problem}")
    raise RuntimeError(f"no {form} could be drawn ({'; '.join(reasons)}). {INSTALL}")


class Drawing:
    """A picture of a recorded graph: .source is its DOT text, .save writes it, and in Jupyter it shows itself."""

    def __init__(self, source: str) -> None:
        self.source = source

    def __repr__(self) -> str:
        return 'Drawing: .save("graph.svg") writes it, .source is its DOT text'

    def svg(self) -> str:
        """The picture as SVG text."""
        return render(self.source, "svg").decode()

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture in the form that the ending names: .svg, .png, .pdf, or the DOT text as .dot, .gv."""
        path = Path(path)
        ending = path.suffix.lower()
        if ending not in RENDERED + WRITTEN:
            raise ValueError(f"save: {path.name!r} has the ending {ending!r}; known endings are {ENDINGS}")
        path.write_bytes(self.source.encode() if ending in WRITTEN else render(self.source, ending[1:]))
        return path

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What Jupyter shows: an image with a data URI, as a notebook that is not trusted drops image/svg+xml.

        That is for what makes documents of notebooks.
        """
        try:
            svg = self.svg()
        except Exception as problem:
            return {"text/plain": f"{problem}\n\n{self.source}"}
        picture = base64.b64encode(svg.encode()).decode()
        image = f'<img alt="{ALT}" src="data:image/svg+xml;base64,{picture}">'
        return {"text/html": image, "image/svg+xml": svg, "text/plain": repr(self)}
