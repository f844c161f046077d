"""All panels on one sheet: the plane on the left; network, probabilities and curves beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import plotly.graph_objects as go

from .plane import MARGIN
from .sheet import Box, Sheet

SIZE = (1280, 720)  # pixels

_LEAST = (640, 360)  # pixels; on a smaller sheet only the plane is drawn

Panel = Callable[[Sheet, Box], object]


@dataclass(frozen=True)
class PanelDrawings:
    """Functions that draw each panel on its box of the sheet."""

    plane: Panel
    network: Panel
    probabilities: Panel
    curves: Panel


def composed(
    panels: PanelDrawings,
    *,
    size: tuple[int, int] = SIZE,
    theme: str = "light",
    caption: str | None = None,
) -> go.Figure:
    """Draw the plane as large as possible, the network to its right, bars and curves below that.

    On a sheet that is too small for them, draw only the plane.
    """
    sheet = Sheet(size, theme, caption)
    for panel, box in zip(vars(panels).values(), boxes(sheet.box), strict=False):
        panel(sheet, box)
    return sheet.figure


def boxes(box: Box) -> tuple[Box, ...]:
    """Boxes of plane, network, probabilities and curves.

    On a tall sheet the other panels are placed below the plane.
    """
    if box.width < _LEAST[0] or box.height < _LEAST[1]:
        return (box,)
    if box.width < box.height * 1.1:  # the rest below the plane
        plane = box.inside(bottom=box.height * 0.45)
        rest = box.inside(top=plane.height)
        network = rest.inside(right=rest.width * 0.5)
        below = rest.inside(left=rest.width * 0.5)
        bars = below.inside(bottom=below.height * 0.5)
        return plane, network, bars, below.inside(top=bars.height)
    square = box.height - MARGIN["top"] - MARGIN["bottom"] + MARGIN["left"] + MARGIN["right"]
    across = min(square, box.width * 0.54)  # so that its axes can be a square
    plane, rest = box.inside(right=box.width - across), box.inside(left=across)
    network = rest.inside(bottom=rest.height * 0.44)
    below = rest.inside(top=network.height)
    bars = below.inside(right=below.width * 0.58)
    return plane, network, bars, below.inside(left=bars.width)
