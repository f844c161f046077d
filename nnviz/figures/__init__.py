"""Plotly figures, drawn from arrays and records. No figure predicts or trains.

Each function returns a figure of its own; its ``draw_…`` variant draws on a box of a sheet.
"""

from .activations import functions, gallery, layer
from .bars import bars, headings_at
from .bars import draw as draw_bars
from .boundary import boundary, static_layer
from .boundary import draw as draw_boundary
from .composed import PanelDrawings, composed
from .curves import curves
from .curves import draw as draw_curves
from .diagram import Wiring, diagram
from .diagram import draw as draw_diagram
from .row import PLANE, Cell, row, static_row
from .sheet import Axes, Box, Sheet
from .surface import EYE, surface
from .surface import draw as draw_surface

__all__ = [
    "EYE", "PLANE", "Axes", "Box", "Cell", "PanelDrawings", "Sheet", "Wiring", "bars", "boundary",
    "composed", "curves", "diagram", "draw_bars", "draw_boundary", "draw_curves", "draw_diagram",
    "draw_surface", "functions", "gallery", "headings_at", "layer", "row", "static_layer",
    "static_row", "surface",
]  # fmt: skip
