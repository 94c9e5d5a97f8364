"""Draws what was recorded, and what came of training with it.

viz.draw(J) is the graph, viz.page(J) steps through the chain rule; both show themselves in a notebook and save
themselves. network, curves, gradients, comparison and step_sizes are charts.
"""

from .charts import Picture, comparison, curves, gradients, network, step_sizes
from .dot import draw
from .explorer import Page, page
from .render import Drawing

__all__ = [
    "Drawing",
    "Page",
    "Picture",
    "comparison",
    "curves",
    "draw",
    "gradients",
    "network",
    "page",
    "step_sizes",
]
