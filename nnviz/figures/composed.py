"""All panels on one sheet: the plane at the left, network, probabilities and curves beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import plotly.graph_objects as go

from .plane import MARGIN
from .sheet import Box, Sheet

SIZE = (1280, 720)  # pixels

_LEAST = (640, 360)  # pixels, for more than the plane

Panel = Callable[[Sheet, Box], object]


@dataclass(frozen=True)
class Panels:
    """What draws each panel on its box of the sheet."""

    plane: Panel
    network: Panel
    probabilities: Panel
    curves: Panel


def composed(
    panels: Panels,
    *,
    size: tuple[int, int] = SIZE,
    theme: str = "light",
    caption: str | None = None,
) -> go.Figure:
    """The plane as large as it gets, at the right the network, below it bars and curves.

    On a sheet that has no room for them, the plane alone.
    """
    sheet = Sheet(size, theme, caption)
    for panel, box in zip(vars(panels).values(), boxes(sheet.box), strict=False):
        panel(sheet, box)
    return sheet.figure


def boxes(box: Box) -> tuple[Box, ...]:
    """Where plane, network, probabilities and curves stand; on a high sheet below the plane."""
    if box.width < _LEAST[0] or box.height < _LEAST[1]:
        return (box,)
    if box.width < box.height * 1.1:  # the rest stands below the plane
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
