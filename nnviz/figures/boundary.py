"""The decision boundary of any classifier as one figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
from numpy.typing import NDArray

from ..analysis.field import Extent, Field
from ..choices.datasets import Dataset
from ..recipe.look import DEFAULT_LOOK, Look
from . import plane
from .sheet import Axes, Box, Sheet

Array = NDArray[Any]

SIZE = (680, 690)  # pixels


def boundary(
    dataset: Dataset,
    extent: Extent,
    field: Field,
    lines: Sequence[Array],
    *,
    look: Look | None = None,
    predicted: Array | None = None,
    unit_map: Array | None = None,
    pin: tuple[float, float] | None = None,
    size: tuple[int, int] = SIZE,
    theme: str = "light",
    caption: str | None = None,
) -> go.Figure:
    """Draw field, boundary ``lines`` and points.

    ``predicted`` holds the predicted classes of all samples, training part first, and is needed
    for a look with rings. ``unit_map``, ``(rows, columns)`` in −1…1, is a unit's activation divided
    by its scale; it is shown instead of the field.
    """
    sheet = Sheet(size, theme, caption)
    draw(
        sheet,
        sheet.box,
        dataset,
        extent,
        field,
        lines,
        look or DEFAULT_LOOK,
        predicted,
        unit_map,
        pin,
    )
    return sheet.figure


def draw(
    sheet: Sheet,
    box: Box,
    dataset: Dataset,
    extent: Extent,
    field: Field,
    lines: Sequence[Array],
    look: Look,
    predicted: Array | None = None,
    unit_map: Array | None = None,
    pin: tuple[float, float] | None = None,
) -> None:
    """Draw field, boundary, points and a legend on a box of a sheet."""
    axes = plane.draw_axes(sheet, box, dataset, extent)
    legends = plane.draw_legends(sheet, box, axes, dataset)
    draw_on(sheet, axes, dataset, extent, field, lines, look, predicted, unit_map, pin, legends)


def draw_on(
    sheet: Sheet,
    axes: Axes,
    dataset: Dataset,
    extent: Extent,
    field: Field,
    lines: Sequence[Array],
    look: Look,
    predicted: Array | None = None,
    unit_map: Array | None = None,
    pin: tuple[float, float] | None = None,
    legends: dict[str, plane.Legend] | None = None,
) -> None:
    """Draw field, boundary and points on axes; ``legends`` are those of the points, if any."""
    plane.draw_field(sheet, axes, field, look, unit_map)
    plane.draw_lines(sheet, axes, lines)
    plane.draw_points(sheet, axes, dataset, look, legends)
    plane.draw_scale(sheet, axes, look, dataset.n_classes)
    if look.rings and predicted is not None:
        plane.draw_rings(sheet, axes, extent, plane.mistakes(dataset, predicted, look))
    if pin is not None:
        plane.draw_pin(sheet, axes, pin)


def static_layer(
    dataset: Dataset,
    extent: Extent,
    *,
    look: Look | None = None,
    size: tuple[int, int] = SIZE,
    theme: str = "light",
    below: int = 0,
) -> tuple[go.Figure, Box]:
    """The parts of a picture that training does not change, and the plane's box in pixels.

    The background is transparent: a frame of an animation is the field and the boundary of an
    epoch under this layer. ``below`` is the number of pixels left free at the bottom.
    """
    sheet = Sheet(size, theme, bare=True)
    box = sheet.box.inside(bottom=below)
    axes = plane.draw_axes(sheet, box, dataset, extent)
    legends = plane.draw_legends(sheet, box, axes, dataset)
    plane.draw_points(sheet, axes, dataset, look or DEFAULT_LOOK, legends)
    plane.draw_scale(sheet, axes, look or DEFAULT_LOOK, dataset.n_classes)
    return sheet.figure, axes.box
