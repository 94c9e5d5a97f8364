"""The book: Sphinx with MyST-NB. Every cell of every chapter runs when it is built; one that raises fails the build."""

import os
import re
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx

from tinygrad_dnn import __version__

project, author, release = "tinygrad_dnn", "the tinygrad_dnn authors", __version__
extensions = ["myst_nb", "sphinxcontrib.cairosvgconverter", "sphinx.ext.autodoc"]
autodoc_typehints = "none"  # the docstrings say it in words
exclude_patterns = ["_build", "speed/*.md"]
html_extra_path = ["gallery/extra"]
myst_enable_extensions = ["dollarmath", "amsmath"]
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True
nb_render_markdown_format = "myst"
nb_mime_priority_overrides = [
    ("html", "image/svg+xml", 1),
    ("latex", "image/svg+xml", 1),
    ("latex", "text/markdown", 2),
]
html_theme = "furo"
html_title = "tinygrad_dnn"
html_static_path, html_css_files = ["static"], ["book.css"]
html_math_renderer = "mathml"
latex_documents = [
    ("index", "book.tex", "Backpropagation, read off your own code", r"the tinygrad\_dnn authors", "manual")
]
latex_elements = {
    "extraclassoptions": "openany,oneside",
    "papersize": "a4paper",
    "preamble": r"\usepackage{amsmath}\setlength{\tymin}{8em}",
}


LONG = 15  # rows: a longer table may go on over the next page in print


def inline(writer: Any, node: nodes.Element) -> None:
    writer.body.append(convert(node.astext()))
    raise nodes.SkipNode


def display(writer: Any, node: nodes.Element) -> None:
    writer.body.append(f'<div class="math">{convert(node.astext(), display="block")}</div>')
    raise nodes.SkipNode


def lengthen(_: Sphinx, document: nodes.document) -> None:
    for table in document.findall(nodes.table):
        if len(list(table.findall(nodes.row))) > LONG:
            table["classes"].append("longtable")


def gallery(*_: Any) -> None:
    """The pictures and pages of the gallery, where python docs/make_gallery.py docs/gallery has not made them yet."""
    here = Path(__file__).parent
    if not (here / "gallery" / "index.md").exists():
        sys.path.insert(0, str(here))
        from make_gallery import make

        make(here / "gallery", os.environ.get("TINYGRAD_GALLERY", "course").split())  # the sets of submissions


TERM = re.compile(r"(\S.*?)(?:  +(\S.*))?$")  # a name, and after two spaces what it is


def plain(text: str) -> str:
    """A text in which no sign is markup."""
    return re.sub(r"([\\*`|_])", r"\\\1", text)


def as_text(app: Sphinx, what: str, name: str, of: object, options: object, lines: list[str]) -> None:
    """Docstrings are plain text: tables of names become definitions, what is indented is code, the rest paragraphs."""
    written: list[str] = []
    for block in "\n".join(lines).split("\n\n"):
        rows = block.strip("\n").split("\n")
        if all(row.startswith(" ") for row in rows):
            written += ["::", "", *rows]
        elif any(re.match(r"\S.*?  +\S", row) for row in rows):
            for row in rows:
                found = None if row.startswith(" ") else TERM.match(row)
                term, said = (found[1], found[2] or "") if found else ("", row.strip())
                written += [f"**{plain(term)}**"] * bool(term) + [f"    {plain(said)}"] * bool(said)
        else:
            written += map(plain, rows)
        written.append("")
    lines[:] = written


def setup(app: Sphinx) -> None:
    """Formulas as MathML, which browsers show by themselves: the pages load nothing from elsewhere."""
    app.connect("config-inited", gallery)
    app.connect("doctree-read", lengthen)
    app.connect("autodoc-process-docstring", as_text)
    app.add_html_math_renderer("mathml", (inline, None), (display, None))
