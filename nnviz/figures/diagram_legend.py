"""The line under a network's diagram that explains lines, marks and colours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from ..choices import views
from ..choices.palette import SIGN_COLOURS
from . import diagram_tiles
from .sheet import SMALL, Axes, Box, Sheet, text_width

KEY = 22  # pixels, the height of the line
_APART = 14  # pixels between two items
_GAP = 5  # pixels between a sample and its text
_SAMPLE = 24  # pixels, the width of a sample of an edge
_SHADES = (44, 11)  # pixels, width and height of the colour scale of the maps


@dataclass(frozen=True)
class Item:
    """A sample, ``width`` pixels wide and drawn by ``draw(left)``, between two texts."""

    before: str
    width: float
    after: str
    draw: Callable[[float], None]

    @property
    def whole(self) -> float:
        texts = sum(text_width(text, SMALL) + _GAP for text in (self.before, self.after) if text)
        return texts + self.width


def draw_key(sheet: Sheet, box: Box, scales: Sequence[float]) -> None:
    """Draw as many of the items as fit, in the middle of a box that is ``KEY`` pixels high."""
    axes = sheet.axes(
        box, {"range": [0, box.width], "visible": False},
        {"range": [-box.height / 2, box.height / 2], "visible": False},
    )  # fmt: skip
    items = _items(sheet, axes, scales)
    while len(items) > 2 and _width(items) > box.width - 16:
        items.pop()
    left = max(8.0, (box.width - _width(items)) / 2)
    for item in items:
        _draw_item(sheet, box, item, left)
        left += item.whole + _APART


def _width(items: Sequence[Item]) -> float:
    return sum(item.whole for item in items) + _APART * (len(items) - 1)


def _items(sheet: Sheet, axes: Axes, scales: Sequence[float]) -> list[Item]:
    """The items, most important first."""

    def line(sign: str) -> Callable[[float], None]:
        dash = "solid" if sign == "positive" else "7px,4px"
        pen = {"color": SIGN_COLOURS[sign], "width": 3, "dash": dash}
        return lambda left: _add(sheet, axes, [left, left + _SAMPLE], "lines", line=pen)

    def marks(left: float) -> None:
        signs = SIGN_COLOURS["positive"], SIGN_COLOURS["negative"]
        _add(sheet, axes, [left + 5, left + 18], "markers",
             marker={"color": signs, "symbol": ["circle", "square"], "size": 9})  # fmt: skip

    items = [
        Item("", _SAMPLE, "positive weight", line("positive")),
        Item("", _SAMPLE, "negative", line("negative")),
    ]
    if len(scales) > 2:  # the scales of hidden layers; inputs and outputs have others
        hidden = set(scales[1:-1])
        end = f"{hidden.pop():.3g}" if len(hidden) == 1 else "max"
        items.append(
            Item(f"maps −{end}", _SHADES[0], end, lambda left: _add_shades(sheet, axes, left))
        )
    return [*items, Item("", 0, "thick: large", lambda left: None), Item("", 23, "bias", marks)]


def _draw_item(sheet: Sheet, box: Box, item: Item, left: float) -> None:
    def write(text: str, left: float) -> float:
        """Write a text and return where the next item begins."""
        if not text:
            return left
        middle = box.top + box.height / 2
        sheet.text(text, box.left + left, middle, size=SMALL, xanchor="left", yanchor="middle")
        return left + text_width(text, SMALL) + _GAP

    left = write(item.before, left)
    item.draw(left)
    write(item.after, left + (item.width + _GAP if item.width else 0))


def _add(sheet: Sheet, axes: Axes, xs: list[float], mode: str, **more: object) -> None:
    sheet.figure.add_trace(
        go.Scatter(x=xs, y=[0] * len(xs), mode=mode, name="key", showlegend=False,
                   hoverinfo="skip", **axes.on, **more)
    )  # fmt: skip


def _add_shades(sheet: Sheet, axes: Axes, left: float) -> None:
    width, height = _SHADES
    shades = diagram_tiles.signed(np.tile(np.linspace(-1, 1, width), (height, 1)), sheet.theme)
    sheet.figure.add_layout_image(
        source=views.data_uri(shades), layer="below", sizing="stretch", name="key", **axes.refs,
        x=left, y=height / 2, sizex=width, sizey=height,
    )  # fmt: skip
