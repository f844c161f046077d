"""Activation functions as Plotly figures. Arrays and records in, figures out: no prediction.

Background and text colours come from the caller's template, so that a figure is readable in
light and dark themes. φ is solid and its slope dashed, so colour is not needed to distinguish them.
"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ..analysis.health import is_flat, slopes_at
from ..choices.activations import ACTIVATIONS, Activation
from ..choices.palette import CLASS_STYLES
from .sheet import SMALL, Box, Sheet

Array = NDArray[np.float64]

VALUE, SLOPE = CLASS_STYLES[0].colour, CLASS_STYLES[5].colour

SIZE = (960, 640)  # pixels

_COLUMNS = 3
_RANGE = (-4.0, 4.0)  # of z in the gallery, and the smallest range of a histogram
_HEIGHTS = (-1.3, 2.3)  # of the vertical axis; larger values of φ are cut off
_BINS = 40
_FARTHEST = 1e100  # limit for z of a diverged run: beyond it the axis range would overflow
_MARGIN = {"l": 8, "r": 8, "t": 56, "b": 8}
_LEGEND = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "top",
           "yref": "container", "title": None}  # fmt: skip


def gallery(current: str | None = None) -> go.Figure:
    """Plot φ and φ′ of every activation on the same axes, with a frame around ``current``."""
    rows = -(-len(ACTIVATIONS) // _COLUMNS)
    axes: dict[str, object] = {}
    figure, titles, frames, z = go.Figure(), [], [], np.linspace(*_RANGE, 321)
    for i, activation in enumerate(ACTIVATIONS.values()):
        row, column = divmod(i, _COLUMNS)
        wide, high = _share(column, _COLUMNS, 0.04), _share(rows - 1 - row, rows, 0.09)
        number = "" if i == 0 else str(i + 1)
        lowest = i + _COLUMNS >= len(ACTIVATIONS)
        axes[f"xaxis{number}"] = {
            "domain": wide, "anchor": f"y{number}", "range": _RANGE, "tickvals": [-3, 0, 3],
            "zeroline": True, "showticklabels": lowest, **({"matches": "x"} if i else {}),
            **({"title": {"text": "z"}} if row == rows - 1 else {}),
        }  # fmt: skip
        axes[f"yaxis{number}"] = {
            "domain": high, "anchor": f"x{number}", "range": _HEIGHTS, "tickvals": [-1, 0, 1, 2],
            "zeroline": True, "showticklabels": column == 0, **({"matches": "y"} if i else {}),
        }  # fmt: skip
        for curve in _curves(activation, z, legend=i == 0):
            figure.add_trace(curve.update(xaxis=f"x{number}", yaxis=f"y{number}"))
        is_current = activation.name == current
        titles.append({
            "text": f"<b>{activation.label} (this run)</b>" if is_current else activation.label,
            "x": sum(wide) / 2, "y": high[1], "xref": "paper", "yref": "paper",
            "xanchor": "center", "yanchor": "bottom", "showarrow": False, "font": {"size": 12},
        })  # fmt: skip
        if is_current:
            frames.append({
                "type": "rect", "x0": 0, "x1": 1, "y0": 0, "y1": 1,
                "xref": f"x{number} domain", "yref": f"y{number} domain",
                "line": {"color": VALUE, "width": 3},
            })  # fmt: skip
    return figure.update_layout(
        **axes, annotations=titles, shapes=frames, height=560, margin=_MARGIN, legend=_LEGEND,
        hovermode="x unified",
    )  # fmt: skip


def _share(i: int, n: int, gap: float) -> tuple[float, float]:
    """The part of the figure that the ``i``-th of ``n`` has, with gaps between them."""
    each = (1 - gap * (n - 1)) / n
    return i * (each + gap), min(i * (each + gap) + each, 1.0)


def functions(
    current: str | None = None,
    *,
    size: tuple[int, int] = SIZE,
    theme: str = "light",
    caption: str | None = None,
) -> go.Figure:
    """Draw the gallery as a picture for export: on a sheet, with an optional caption."""
    sheet = Sheet(size, theme, caption)
    room = sheet.box.inside(left=34, top=36, right=8, bottom=26)
    legend = sheet.legend(room.left, 8)
    rows = -(-len(ACTIVATIONS) // _COLUMNS)
    width, height = room.width / _COLUMNS, room.height / rows
    z = np.linspace(*_RANGE, 321)
    for i, activation in enumerate(ACTIVATIONS.values()):
        row, column = divmod(i, _COLUMNS)
        tile = Box(room.left + column * width, room.top + row * height, width, height)
        axis = {"zeroline": True, "zerolinecolor": sheet.theme.ink}
        axes = sheet.axes(
            tile.inside(left=6, top=22, right=6, bottom=8),
            {"range": _RANGE, "tickvals": [-3, 0, 3], "showticklabels": row == rows - 1, **axis},
            {"range": _HEIGHTS, "tickvals": [-1, 0, 1, 2], "showticklabels": column == 0, **axis},
        )
        for curve in _curves(activation, z, legend=i == 0):
            sheet.figure.add_trace(curve.update(**axes.on, **legend))
        is_current = activation.name == current
        title = f"<b>{activation.label} (this run)</b>" if is_current else activation.label
        middle = axes.box.left + axes.box.width / 2
        sheet.text(title, middle, tile.top + 20, SMALL + 1, xanchor="center", yanchor="bottom")
        if row == rows - 1:
            below = tile.top + tile.height - 4
            sheet.text("z", middle + width / 8, below, xanchor="center", yanchor="top")
    return sheet.figure


def layer(activation: Activation, z: Array) -> go.Figure:
    """Plot φ and φ′ above a histogram of a layer's ``z``, an ndarray of any shape."""
    finite = np.clip(z[np.isfinite(z)], -_FARTHEST, _FARTHEST)
    low, high = finite.min(initial=_RANGE[0]), finite.max(initial=_RANGE[1])
    counts, edges = np.histogram(finite, bins=_BINS, range=(low, high))
    middles = (edges[:-1] + edges[1:]) / 2
    flat = is_flat(activation, slopes_at(activation, middles))
    figure = go.Figure()
    for curve in _curves(activation, np.linspace(low, high, 801)):
        figure.add_trace(curve)
    for where, name, colour, pattern in (
        (~flat, "z where φ has a slope", VALUE, ""),
        (flat, "z where φ is flat", SLOPE, "/"),
    ):
        if counts[where].any():
            bars = go.Bar(
                x=middles[where], y=100 * counts[where] / z.size, width=edges[1] - edges[0],
                name=name, marker={"color": colour, "pattern": {"shape": pattern}}, yaxis="y2",
                hovertemplate="z ≈ %{x:.3g}: %{y:.1f} %<extra></extra>",
            )  # fmt: skip
            figure.add_trace(bars)
    return figure.update_layout(
        xaxis={"range": (low, high), "zeroline": True, "anchor": "y2", "title": {"text": "z"}},
        yaxis={"domain": (0.45, 1), "range": _HEIGHTS, "tickvals": [-1, 0, 1, 2],
               "zeroline": True},
        yaxis2={"domain": (0, 0.4), "title": {"text": "% of z"}, "rangemode": "tozero"},
        height=380, margin=_MARGIN, legend=_LEGEND, barmode="overlay", bargap=0,
    )  # fmt: skip


def _curves(activation: Activation, z: Array, legend: bool = True) -> tuple[go.Scatter, go.Scatter]:
    """The curves of φ, solid, and φ′, dashed."""
    value = np.asarray(activation.value(z, None))
    common = {"x": z, "mode": "lines", "showlegend": legend}
    pen = {"width": 2, "simplify": False}  # Plotly's simplification would show corners
    return (
        go.Scatter(y=value, name="φ(z)", legendgroup="value", line={"color": VALUE, **pen},
                   hovertemplate="%{y:.3f}", **common),
        go.Scatter(y=slopes_at(activation, z), name="φ′(z), its slope", legendgroup="slope",
                   line={"color": SLOPE, "dash": "dash", **pen},
                   hovertemplate="%{y:.3f}", **common),
    )  # fmt: skip
