"""The network as a diagram: units as small maps of their activation, weights as edges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from .. import notation
from ..choices import views
from ..choices.palette import SIGN_COLOURS
from . import diagram_tiles
from .diagram_layout import Arrangement, LayerColumn, arrange
from .diagram_legend import KEY, draw_key
from .sheet import SMALL, TEXT, Axes, Box, Sheet, plain, shortened, text_width

Array = NDArray[Any]

SIZE = (900, 560)  # pixels
MARGIN = {"left": 12, "top": 10, "right": 12, "bottom": KEY + 4}  # pixels
LEVELS = 8  # number of edge thicknesses; edges of one thickness are drawn as one trace
_MEDIUM = 2.0  # smallest |w| at full thickness, so that |w| = 1 has at most half of it
_THINNEST = 0.6  # pixels
_DENSE = 100  # edges between two layers, above which small weights are faint
_SIDE = 0.26  # of the width, for names beside the first and the last layer
_BIAS = (2.2, 6.0)  # radius of a bias in pixels: smallest, largest
_RIM = 1.5  # pixels of the line around a bias


@dataclass(frozen=True, eq=False)
class Wiring:
    """A network to draw. ``weights`` are ``(n_in + 1, n_out)`` per layer, row 0 the biases.

    ``maps`` are ``(units, n, n)`` per layer, inputs first: activations divided by the layer's
    scale, in −1…1. ``inputs`` are the inputs' names, ``output`` is the last layer's name.
    """

    weights: Sequence[Array]
    maps: Sequence[Array]
    scales: Sequence[float]
    inputs: Sequence[str]
    class_names: Sequence[str]
    output: str

    @property
    def sizes(self) -> list[int]:
        return [len(self.inputs), *(w.shape[1] for w in self.weights)]

    def unit_name(self, layer: int, unit: int) -> str:
        """A name such as ``x₁``, ``a₃[1]`` or ``ŷ₂``; ``unit`` counts from 0."""
        if layer == 0:
            return self.inputs[unit]
        if layer < len(self.weights):
            return notation.unit(unit + 1, layer)
        return notation.output(unit + 1, self.sizes[-1])

    def full_name(self, unit: int) -> str:
        """An output's name with its class; a single output is for the second class."""
        class_index = unit if self.sizes[-1] > 1 else 1
        return f"{self.unit_name(len(self.weights), unit)} {self.class_names[class_index]}"

    def layer_name(self, layer: int) -> str:
        if layer == 0:
            return "inputs"
        return f"layer {layer}" if layer < len(self.weights) else self.output


def diagram(
    wiring: Wiring,
    marked: tuple[int, int] | None = None,
    *,
    size: tuple[int, int] = SIZE,
    theme: str = "light",
    caption: str | None = None,
) -> go.Figure:
    """Draw columns of units, with edges as thick as their weights are large.

    Positive weights are solid, negative ones dashed; a positive bias is round, a negative one
    square. ``marked``, a layer and a unit, has a thick frame.
    """
    sheet = Sheet(size, theme, caption)
    draw(sheet, sheet.box, wiring, marked)
    return sheet.figure


def draw(sheet: Sheet, box: Box, wiring: Wiring, marked: tuple[int, int] | None = None) -> None:
    """Draw the diagram on a box of a sheet."""
    inner = box.inside(**MARGIN)
    room = _SIDE * inner.width
    inputs = [shortened(name, room) for name in wiring.inputs]
    outputs = [shortened(wiring.full_name(i), room) for i in range(wiring.sizes[-1])]
    left, right = (max(map(text_width, names)) + 8 for names in (inputs, outputs))
    layout = arrange(wiring.sizes, inner.width, inner.height, left, right)
    axes = sheet.axes(
        inner, {"range": [0, inner.width], "visible": False},
        {"range": [inner.height, 0], "visible": False},
    )  # fmt: skip
    draw_key(sheet, box.inside(top=box.height - KEY), wiring.scales)
    scale = scale_of(wiring, layout)
    _draw_edges(sheet, axes, wiring, layout, scale)
    _draw_tiles(sheet, axes, wiring, layout, marked)
    _draw_biases(sheet, axes, wiring, layout, scale)
    _draw_names(sheet, inner, wiring, layout, inputs, outputs)


def scale_of(wiring: Wiring, layout: Arrangement) -> float:
    """The |w| drawn at full thickness: the largest of the weights and biases shown."""
    shown = [
        np.abs(_finite(w[: 1 + below.count, : above.count])).max()
        for w, below, above in _between(wiring, layout)
    ]
    return max(_MEDIUM, *shown)


# --- edges ----------------------------------------------------------------------------


def _draw_edges(
    sheet: Sheet, axes: Axes, wiring: Wiring, layout: Arrangement, scale: float
) -> None:
    """Draw all edges of one thickness and sign as one trace, the thinnest at the bottom."""
    groups: dict[tuple[int, bool, bool], list[Array]] = {}
    for matrix, (w, below, above) in enumerate(_between(wiring, layout)):
        part = _finite(w[1 : 1 + below.count, : above.count])
        levels = np.minimum(LEVELS - 1, LEVELS * (np.abs(part) / scale)).astype(int)
        ends = _ends(below, above)
        dense = layout.edges(matrix) > _DENSE
        for level in np.unique(levels):
            for negative in (False, True):
                here = (levels == level) & ((part < 0) == negative)
                groups.setdefault((int(level), negative, dense), []).append(ends[here])
    for (level, negative, dense), found in sorted(groups.items(), key=lambda item: item[0]):
        lines = np.concatenate(found).reshape(-1, 2)
        if len(lines):
            pen, opacity = _pen(layout, level, negative, dense)
            sheet.figure.add_trace(
                go.Scatter(
                    x=lines[:, 0], y=lines[:, 1], mode="lines", line=pen, opacity=opacity,
                    name=f"{'negative' if negative else 'positive'} weights", **axes.on,
                    showlegend=False, hoverinfo="skip",
                )
            )  # fmt: skip


def _between(
    wiring: Wiring, layout: Arrangement
) -> Iterator[tuple[Array, LayerColumn, LayerColumn]]:
    return zip(wiring.weights, layout.columns[:-1], layout.columns[1:], strict=True)


def _ends(below: LayerColumn, above: LayerColumn) -> Array:
    """Start, end and a gap (NaN) of every edge between two layers, ``(below, above, 3, 2)``."""
    ends = np.full((below.count, above.count, 3, 2), np.nan)
    ends[:, :, 0, 0], ends[:, :, 1, 0] = below.x + below.tile / 2, above.x - above.tile / 2
    ends[:, :, 0, 1], ends[:, :, 1, 1] = np.array(below.ys)[:, None], np.array(above.ys)
    return ends


def _pen(
    layout: Arrangement, level: int, negative: bool, dense: bool
) -> tuple[dict[str, Any], float]:
    """Line and opacity of the edges of a level: negative dashed; small ones faint if ``dense``."""
    share = (level + 0.5) / LEVELS
    width = _THINNEST + (layout.thickest - _THINNEST) * share
    dash = f"{3 + 1.5 * width:.1f}px,{2 + 0.9 * width:.1f}px" if negative else "solid"
    colour = SIGN_COLOURS["negative" if negative else "positive"]
    opacity = layout.faintest + (1 - layout.faintest) * share if dense else 1.0
    return {"color": colour, "width": round(width, 2), "dash": dash}, round(opacity, 2)


def _finite(w: Array) -> Array:
    return np.nan_to_num(w, nan=0.0)


# --- units ----------------------------------------------------------------------------


def _draw_tiles(
    sheet: Sheet, axes: Axes, wiring: Wiring, layout: Arrangement, marked: tuple[int, int] | None
) -> None:
    frames, images = "", []
    for column in layout.columns:
        side = column.tile
        for unit, y in enumerate(column.ys):
            left, top = column.x - side / 2, y - side / 2
            images.append(
                {"source": views.data_uri(_tile(wiring, column.layer, unit, sheet)), **axes.refs,
                 "layer": "below", "sizing": "stretch", "x": left, "y": top, "sizex": side,
                 "sizey": side, "name": wiring.unit_name(column.layer, unit)}
            )  # fmt: skip
            frame = _square(left, top, side)
            frames += frame
            if marked == (column.layer, unit):
                _frame(sheet, axes, frame, 3.5)
    sheet.figure.layout.images += tuple(images)  # all at once, see Sheet.write
    _frame(sheet, axes, frames, 1, opacity=0.6)


def _tile(wiring: Wiring, layer: int, unit: int, sheet: Sheet) -> NDArray[np.uint8]:
    unit_map = wiring.maps[layer][unit]
    if layer < len(wiring.weights):
        return diagram_tiles.signed(unit_map, sheet.theme)
    return diagram_tiles.of_class(unit_map, unit, wiring.sizes[-1], sheet.theme)


def _square(left: float, top: float, side: float) -> str:
    right, bottom = left + side, top + side  # Plotly does not support relative commands
    return f"M{left:.5g},{top:.5g}H{right:.5g}V{bottom:.5g}H{left:.5g}Z"


def _frame(sheet: Sheet, axes: Axes, path: str, width: float, **more: Any) -> None:
    sheet.figure.add_shape(
        type="path", path=path, line={"color": sheet.theme.ink, "width": width},
        layer="above", **axes.refs, **more,
    )  # fmt: skip


def _draw_biases(
    sheet: Sheet, axes: Axes, wiring: Wiring, layout: Arrangement, scale: float
) -> None:
    """Draw biases at the lower left corner of each unit: positive round, negative square."""
    xs, ys, biases = [], [], []
    for (w, _, column), tile in ((each, each[2].tile) for each in _between(wiring, layout)):
        xs += [column.x - tile / 2 - 3] * column.count
        ys += [y + tile / 2 - 3 for y in column.ys]
        biases += _finite(w[0, : column.count]).tolist()
    least, most = _BIAS[0], min(_BIAS[1], max(4.0, layout.columns[-1].tile / 5))
    place, bias = np.column_stack([xs, ys]), np.array(biases)
    for sign, symbol, where in (
        ("positive", "circle", bias >= 0),
        ("negative", "square", bias < 0),
    ):
        share = np.minimum(1.0, np.abs(bias[where]) / scale)
        sheet.figure.add_trace(
            go.Scatter(
                x=place[where, 0], y=place[where, 1], mode="markers", name=f"{sign} biases",
                marker={"symbol": symbol, "color": SIGN_COLOURS[sign],
                        "size": 2 * (least + (most - least) * share) + _RIM,
                        "line": {"color": sheet.theme.paper, "width": _RIM}},
                **axes.on, showlegend=False, hoverinfo="skip", cliponaxis=False,
            )
        )  # fmt: skip


# --- names ----------------------------------------------------------------------------


def _draw_names(
    sheet: Sheet, inner: Box, wiring: Wiring, layout: Arrangement,
    inputs: Sequence[str], outputs: Sequence[str],
) -> None:  # fmt: skip
    labels = []

    def write(text: str, x: float, y: float, size: float, xanchor: str, yanchor: str) -> None:
        place = inner.left + x, inner.top + y
        labels.append(
            sheet.label(plain(text), *place, size, xanchor=xanchor, yanchor=yanchor,
                        bgcolor=sheet.theme.paper)
        )  # fmt: skip

    for column in layout.columns:
        half = column.tile / 2
        write(_heading(wiring, column.layer, layout.pitch), column.x, 0, TEXT, "center", "top")
        for unit, y in enumerate(column.ys):
            if column.layer == 0:
                write(inputs[unit], column.x - half - 6, y, TEXT, "right", "middle")
            elif column.layer == len(wiring.weights):
                write(outputs[unit], column.x + half + 6, y, TEXT, "left", "middle")
            elif column.labelled:
                name = wiring.unit_name(column.layer, unit)
                write(name, column.x, y + half + 2, SMALL + 1, "center", "top")
        if column.count < column.size:
            number = column.size - column.count
            room = layout.pitch - 4
            more = f"… {number} more" if room > text_width("… 00 more", SMALL) else f"+{number}"
            write(more, column.x, column.ys[-1] + half + 3, SMALL, "center", "top")
    sheet.write(labels)


def _heading(wiring: Wiring, layer: int, room: float) -> str:
    """The layer's name, or its number if the name is too long."""
    name = wiring.layer_name(layer)
    hidden = 0 < layer < len(wiring.weights)
    return str(layer) if hidden and text_width(name) + 6 > room else name
