"""Draws what was recorded: viz.draw(J) shows itself in a notebook and saves itself as SVG, PNG, PDF or DOT."""

from .dot import draw
from .explorer import Page, page
from .render import Drawing

__all__ = ["Drawing", "Page", "draw", "page"]
