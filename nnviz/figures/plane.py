"""The plane: field, decision boundary and points, on axes of a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ..analysis.field import Extent, Field
from ..choices import views
from ..choices.datasets import Dataset
from ..choices.palette import CLASS_STYLES, Theme, channels
from ..recipe.look import Look
from .sheet import SMALL, Axes, Box, Sheet, plain, text_width

Array = NDArray[Any]
Legend = dict[str, str]  # arguments of a trace that put it into a legend

MARGIN = {"left": 58, "top": 40, "right": 14, "bottom": 50}  # pixels, for legend and titles
LINE = 2.5  # width of the boundary in pixels
RING, RING_LINE = 8.5, 2.0  # of a ring: radius and width of its line, in pixels
HOLLOW = "test: hollow"  # the test part's entry in the legend
_SCALE, _SHADES, _GAP = 20, 60, 6  # of a scale: height, width of its shades, room around them
_ROW = 20  # pixels from a row of a legend to the next
_ENTRY = 46  # pixels of an entry of a legend beside its text
_CROWD = 500  # points whose symbols have their full size; those of more are smaller
_MOST_COUNTED = 4  # points at one place that a symbol can tell apart
_BEND = 0.5523  # of a quarter circle drawn as a cubic curve


def plane_box(box: Box, dataset: Dataset, extent: Extent, has_legend: bool = True) -> Box:
    """Box of the plane's axes; both have one scale if the features share a unit.

    ``MARGIN`` is left around them, and more at the top if the legend takes more than one row; with
    no legend, there is room for a title.
    """
    inner = box.inside(**MARGIN)
    if has_legend:
        inner = inner.inside(top=legend_height(dataset, inner.width))
    if not dataset.shares_scale:
        return inner
    (x0, x1), (y0, y1) = extent.x1, extent.x2
    return inner.fitted(x1 - x0, y1 - y0)


def legend_height(dataset: Dataset, width: float) -> float:
    """Pixels that a legend takes beyond its first row."""
    return _ROW * _rows([*dataset.class_names, HOLLOW], width)[-1]


def draw_axes(
    sheet: Sheet, box: Box, dataset: Dataset, extent: Extent, has_legend: bool = True
) -> Axes:
    """Draw axes with the names of the two features."""
    first, second = dataset.features
    # a frame, so that a field that is pale there is seen to reach it
    common = {"showgrid": False, "showline": True, "mirror": True, "title_standoff": 6}
    return sheet.axes(
        plane_box(box, dataset, extent, has_legend),
        {"range": extent.x1, "title_text": plain(first), **common},
        {"range": extent.x2, "title_text": plain(second), **common},
    )


def draw_field(sheet: Sheet, axes: Axes, field: Field, look: Look, unit_map: Array | None) -> None:
    """Draw the field, or a unit's map with values in −1…1, as an image under everything else."""
    pixels = (
        views.shade(field.probabilities, look, sheet.theme)
        if unit_map is None
        else views.shade_signed(unit_map)
    )
    # a pixel's centre lies on its grid point, so the image extends half a pixel further
    left, right = _edges(field.x1)
    low, high = _edges(field.x2)
    sheet.figure.add_layout_image(
        source=views.data_uri(pixels), layer="below", sizing="stretch", **axes.refs,
        x=left, y=high, sizex=right - left, sizey=high - low,
    )  # fmt: skip


def draw_lines(sheet: Sheet, axes: Axes, lines: Sequence[Array]) -> None:
    """Draw the decision boundary, between field and points."""
    sheet.figure.add_shape(
        type="path", path=path_of(lines) or "M0,0", layer="between", **axes.refs,
        line={"color": sheet.theme.ink, "width": LINE},
    )  # fmt: skip


def draw_scale(sheet: Sheet, axes: Axes, look: Look, n_classes: int) -> None:
    """Draw what the shades mean, where the view shows a quantity: in the lower right corner."""
    scale = views.VIEWS[look.view].scale
    if scale is None or look.unit is not None:
        return
    low, high = (end.format(k=n_classes) for end in scale)
    texts = f"{look.view} {low}", high
    before, after = (text_width(text, SMALL) for text in texts)
    width = before + _SHADES + after + 4 * _GAP
    box = axes.box
    left = box.left + box.width - width - _GAP
    top = box.top + box.height - _SCALE - _GAP
    place = {"xref": "paper", "yref": "paper"}
    shades = before + 2 * _GAP  # where they begin
    # an image, since shapes above the plane are drawn over its images
    sheet.figure.add_layout_image(
        source=views.data_uri(_scale_pixels(sheet.theme, round(width), round(shades))),
        layer="above", sizing="stretch", x=sheet.across(left), y=sheet.up(top),
        sizex=sheet.across(width), sizey=_SCALE / sheet.height, **place,
    )  # fmt: skip
    common = {"yanchor": "middle", "xanchor": "left"}
    for text, at in zip(texts, (_GAP, shades + _SHADES + _GAP), strict=True):
        sheet.text(plain(text), left + at, top + _SCALE / 2, SMALL, **common)


def _scale_pixels(theme: Theme, width: int, first: int) -> NDArray[np.uint8]:
    """A scale without its texts, on paper: its shades begin at column ``first``."""
    paper, ink, grid = (np.array(channels(c), float) for c in (theme.paper, theme.ink, theme.grid))
    pixels = np.full((_SCALE, width, 4), 255, np.uint8)
    pixels[..., :3] = grid
    pixels[1:-1, 1:-1, :3] = paper
    shades = np.s_[5:-5, first : first + _SHADES]
    share = np.linspace(0, views.STRENGTH, _SHADES)[:, None]
    pixels[shades][..., :3] = np.rint(share * ink + (1 - share) * paper)
    return pixels


def legend_width(names: Sequence[str]) -> float:
    """Approximate width in pixels of a legend of these names in one row."""
    return sum(map(_entry, names))


def draw_legends(sheet: Sheet, box: Box, axes: Axes, dataset: Dataset) -> dict[str, Legend]:
    """Draw a legend above the plane; return the row of each name, for :func:`draw_points`."""
    names = [*dataset.class_names, HOLLOW]
    inner = box.inside(**MARGIN)
    rows = _rows(names, inner.width)
    whole = legend_width(names)
    # above the left side of the plane, if there is room from there
    left = axes.box.left if axes.box.left + whole <= inner.left + inner.width else inner.left
    legends = [sheet.legend(left, box.top + 8 + _ROW * row) for row in range(rows[-1] + 1)]
    return {name: legends[row] for name, row in zip(names, rows, strict=True)}


def draw_points(
    sheet: Sheet,
    axes: Axes,
    dataset: Dataset,
    look: Look,
    legends: dict[str, Legend] | None,
) -> None:
    """Draw training points filled and test points hollow.

    ``legends`` holds the legend of each name, see :func:`draw_legends`; None for no legend.
    """
    for name, trace in _points(dataset, look, sheet.theme):
        own = legends[name] if legends and name is not None else None
        trace.update(name=plain(name or ""), showlegend=own is not None, **axes.on)
        trace.update(own or {})
        sheet.figure.add_trace(trace)


def draw_rings(sheet: Sheet, axes: Axes, extent: Extent, points: Array) -> None:
    """Draw a ring around each of ``points``, ``(n, 2)``."""
    across = RING * (extent.x1[1] - extent.x1[0]) / axes.box.width
    up = RING * (extent.x2[1] - extent.x2[0]) / axes.box.height
    if len(points):
        sheet.figure.add_shape(
            type="path", path="".join(_ring(x, y, across, up) for x, y in points), layer="above",
            line={"color": sheet.theme.ink, "width": RING_LINE}, **axes.refs,
        )  # fmt: skip


def draw_pin(sheet: Sheet, axes: Axes, at: tuple[float, float]) -> None:
    """Mark the point whose probabilities the bars show."""
    sheet.figure.add_trace(
        go.Scatter(
            x=[at[0]], y=[at[1]], mode="markers", name="pin", showlegend=False, hoverinfo="skip",
            marker={"symbol": "circle-cross-open", "size": 20, "color": sheet.theme.ink,
                    "line": {"width": 2.5}}, **axes.on,
        )
    )  # fmt: skip


def mistakes(dataset: Dataset, predicted: Array, look: Look) -> Array:
    """The points shown whose predicted class is wrong, training part first; ``(n, 2)``."""
    n_train = len(dataset.train)
    parts = {
        "train": dataset.train[dataset.train_labels != predicted[:n_train]],
        "test": dataset.test[dataset.test_labels != predicted[n_train:]],
    }
    return np.concatenate(
        [points for name, points in parts.items() if look.points in ("both", name)]
    )


def path_of(lines: Iterable[Array]) -> str:
    """Polylines ``(n, 2)`` as an SVG path in the plane's coordinates."""
    return "".join(
        "M" + "L".join(f"{x:.5g},{y:.5g}" for x, y in line.tolist()) for line in lines if len(line)
    )


def _points(dataset: Dataset, look: Look, theme: Theme) -> list[tuple[str | None, go.Scatter]]:
    """One trace per class and part, with its name in the legend, or None."""
    found: list[tuple[str | None, go.Scatter]] = []
    for is_test, k, points, size in points_by_trace(dataset, look):
        label, style = dataset.class_names[k], CLASS_STYLES[k]
        marker: dict[str, Any] = {"symbol": style.symbol, "size": size, "opacity": 1}
        if not is_test:
            marker |= {"color": style.colour, "line": {"width": 1, "color": theme.ink}}
            found.append((label, _scatter(points, label, dataset, marker)))
        elif len(dataset.test):
            marker |= {"color": theme.light, "line": {"width": 2, "color": style.colour}}
            name = HOLLOW if k == 0 else None
            found.append((name, _scatter(points, f"{label}, test", dataset, marker)))
    return found


def points_by_trace(
    dataset: Dataset, look: Look
) -> Iterator[tuple[bool, int, Array, float | list[float]]]:
    """For each trace of the points shown: whether it is of the test part, which is last, the class,
    the points ``(n, 2)``, and the sizes of their symbols in pixels."""
    scale = symbol_scale(len(dataset.train) + len(dataset.test))
    parts = (
        ("train", dataset.train, dataset.train_labels, 9),
        ("test", dataset.test, dataset.test_labels, 8),
    )
    for part, points, labels, size in parts:
        if look.points in ("both", part):
            for k in range(min(dataset.n_classes, len(CLASS_STYLES))):
                own = points[labels == k]
                yield part == "test", k, own, symbol_sizes(own, size * scale)


def symbol_scale(n_points: int) -> float:
    """Of symbols: 5,000 are half as large as 500, so that more of the plane is seen."""
    return min(1.0, float((_CROWD / max(n_points, 1)) ** 0.3))


def symbol_sizes(points: Array, size: float) -> float | list[float]:
    """Of symbols in pixels: the area grows with the number of points at one place, up to four."""
    _, places, counts = np.unique(points, axis=0, return_inverse=True, return_counts=True)
    if counts.max(initial=1) == 1:
        return round(size, 2)
    return (size * np.sqrt(np.minimum(counts, _MOST_COUNTED))[places.ravel()]).round(2).tolist()


def _scatter(points: Array, label: str, dataset: Dataset, marker: dict[str, Any]) -> go.Scatter:
    label, first, second = map(plain, (label, *dataset.features))
    return go.Scatter(
        x=points[:, 0], y=points[:, 1], mode="markers", marker=marker,
        hovertemplate=f"{label}<br>{first} %{{x:.3g}}, {second} %{{y:.3g}}<extra></extra>",
    )  # fmt: skip


def _entry(name: str) -> float:
    """Approximate width in pixels of an entry of a legend."""
    return _ENTRY + text_width(name)


def _rows(names: Sequence[str], room: float) -> list[int]:
    """The row of each name in a legend, so that no row is wider than ``room`` pixels."""
    rows: list[int] = []
    row, length = 0, 0.0
    for name in names:
        length += _entry(name)
        if length > room and rows:
            row, length = row + 1, _entry(name)
        rows.append(row)
    return rows


def _edges(centres: Array) -> tuple[float, float]:
    half = (centres[1] - centres[0]) / 2
    return float(centres[0] - half), float(centres[-1] + half)


def _ring(x: float, y: float, across: float, up: float) -> str:
    a, b = _BEND * across, _BEND * up
    left, right, low, high = x - across, x + across, y - up, y + up

    def at(*numbers: float) -> str:
        return ",".join(f"{number:.5g}" for number in numbers)

    return (
        f"M{at(right, y)}C{at(right, y + b)} {at(x + a, high)} {at(x, high)}"
        f"C{at(x - a, high)} {at(left, y + b)} {at(left, y)}"
        f"C{at(left, y - b)} {at(x - a, low)} {at(x, low)}"
        f"C{at(x + a, low)} {at(right, y - b)} {at(right, y)}Z"
    )
