"""Plotly figures, drawn from arrays and records. No figure predicts or trains."""

from .activations import gallery, layer
from .boundary import boundary, static_layer
from .sheet import Axes, Box, Sheet

__all__ = ["Axes", "Box", "Sheet", "boundary", "gallery", "layer", "static_layer"]
