"""Planes of several runs in a row, under one legend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from ..choices.datasets import Dataset
from . import plane
from .boundary import draw_on
from .sheet import TEXT, Axes, Box, Sheet, plain, shortened

PLANE = (400, 430)  # pixels of each plane, by default

_LEGEND = 34  # pixels of a legend of one row
_TITLE = 16  # pixels from the middle of a title to its plane, or to the top of the box


@dataclass(frozen=True)
class Cell:
    """A plane and its ``title``; ``fields`` are arguments of :func:`.boundary.draw_on`."""

    title: str
    fields: dict[str, Any]

    @property
    def dataset(self) -> Dataset:
        return self.fields["dataset"]


def row(
    cells: Sequence[Cell],
    *,
    size: tuple[int, int],
    theme: str = "light",
    caption: str | None = None,
) -> go.Figure:
    """Draw the planes side by side. Classes that all have in common stand in one legend above."""
    sheet = Sheet(size, theme, caption)
    placed = list(_placed(sheet, sheet.box, cells))
    for cell, (axes, legends) in zip(cells, placed, strict=True):
        draw_on(sheet, axes, **cell.fields, legends=legends)
    return sheet.figure


def static_row(
    cells: Sequence[Cell], *, size: tuple[int, int], theme: str = "light", below: int = 0
) -> tuple[go.Figure, list[Box]]:
    """The parts of such a picture that training does not change, and the boxes of the planes.

    See :func:`.boundary.static_layer`.
    """
    sheet = Sheet(size, theme, bare=True)
    boxes = []
    placed = list(_placed(sheet, sheet.box.inside(bottom=below), cells))
    for cell, (axes, legends) in zip(cells, placed, strict=True):
        plane.draw_points(sheet, axes, cell.dataset, cell.fields["look"], legends)
        plane.draw_scale(sheet, axes, cell.fields["look"], cell.dataset.n_classes)
        boxes.append(axes.box)
    return sheet.figure, boxes


def _placed(
    sheet: Sheet, whole: Box, cells: Sequence[Cell]
) -> Iterator[tuple[Axes, dict[str, plane.Legend] | None]]:
    """Draw axes, titles and legends; of each plane its axes, and the legends of its points."""
    is_shared = len({cell.dataset.class_names for cell in cells}) == 1
    first = cells[0].dataset
    height = _LEGEND + plane.legend_height(first, whole.inside(**plane.MARGIN).width)
    rest = whole.inside(top=height if is_shared else 0)
    for i, (cell, box) in enumerate(zip(cells, parts(rest, len(cells)), strict=True)):
        data, extent = cell.dataset, cell.fields["extent"]
        below = box if is_shared else box.inside(top=_LEGEND)
        axes = plane.draw_axes(sheet, below, data, extent, has_legend=not is_shared)
        top = axes.box.top - _TITLE if is_shared else box.top + _TITLE
        title = shortened(cell.title, box.left + box.width - axes.box.left, TEXT)
        sheet.text(plain(title), axes.box.left, top, xanchor="left", yanchor="middle")
        if not is_shared:
            yield axes, plane.draw_legends(sheet, below, axes, data)
        elif i == 0:
            yield axes, plane.draw_legends(sheet, whole, axes, data)
        else:
            yield axes, None


def parts(box: Box, count: int) -> list[Box]:
    """The box in so many parts of one size, in as many rows as give the largest planes."""

    def side(columns: int) -> float:
        margin = plane.MARGIN
        across = box.width / columns - margin["left"] - margin["right"]
        return min(across, box.height / -(-count // columns) - margin["top"] - margin["bottom"])

    columns = max((count, 2, 1), key=side)
    width, height = box.width / columns, box.height / -(-count // columns)
    return [
        Box(box.left + i % columns * width, box.top + i // columns * height, width, height)
        for i in range(count)
    ]
