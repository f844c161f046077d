"""The class probabilities at one point, as bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ..analysis.field import Extent
from ..choices.palette import CLASS_STYLES
from .sheet import SMALL, TEXT, Box, Sheet, plain, shortened, text_width

Array = NDArray[Any]

SIZE = (480, 380)  # pixels
MARGIN = {"left": 44, "top": 34, "right": 14, "bottom": 50}  # pixels
_UPRIGHT = 44  # pixels for the length of vertical names
_WIDTH = 0.65  # of a bar, as a share of the space for one class


def bars(
    probabilities: Array,
    class_names: Sequence[str],
    headings: Sequence[str] = (),
    *,
    size: tuple[int, int] = SIZE,
    theme: str = "light",
    caption: str | None = None,
) -> go.Figure:
    """Draw one bar per class, with its value above it and its name below; NaN has no bar.

    The first of ``headings`` that fits is shown at the top; see :func:`headings_at`.
    """
    sheet = Sheet(size, theme, caption)
    draw(sheet, sheet.box, probabilities, class_names, headings)
    return sheet.figure


def draw(
    sheet: Sheet,
    box: Box,
    probabilities: Array,
    class_names: Sequence[str],
    headings: Sequence[str] = (),
) -> None:
    """Draw the bars on a box of a sheet."""
    inner, k = box.inside(**MARGIN), len(class_names)
    place = inner.width / k
    upright = place < text_width("0.000") + 2  # numbers above narrow bars
    names, ticks = _fitted(class_names, place - 4)
    axes = sheet.axes(
        inner,
        {"range": [-0.5, k - 0.5], "tickvals": list(range(k)), "showgrid": False,
         "ticktext": names, **ticks},
        {"range": [0, _top(inner.height, 40 if upright else 22)], "tickvals": [0, 0.5, 1]},
    )  # fmt: skip
    known = np.isfinite(probabilities)
    sheet.figure.add_trace(
        go.Bar(
            x=list(range(k)), y=np.where(known, probabilities, 0.0), width=_WIDTH, **axes.on,
            marker={"color": [style.colour for style in CLASS_STYLES[:k]],
                    "line": {"width": 1, "color": sheet.theme.ink}},
            text=[f"{p:.3f}" if math.isfinite(p) else "–" for p in probabilities],
            textposition="outside", textangle=-90 if upright else 0, textfont={"size": TEXT},
            constraintext="none", cliponaxis=False, showlegend=False,
            customdata=list(map(plain, class_names)),
            hovertemplate="%{customdata}: %{text}<extra></extra>", name="probabilities",
        )
    )  # fmt: skip
    if headings:
        width = box.width - 20
        fitting = (text for text in headings if text_width(text) <= width)
        heading = plain(next(fitting, shortened(headings[-1], width)))
        sheet.text(heading, box.left + box.width / 2, box.top + 18,
                   xanchor="center", yanchor="middle")  # fmt: skip


def headings_at(
    output: str, features: Sequence[str], point: tuple[float, float], extent: Extent
) -> list[str]:
    """Headings for the bars, longest first: ``Softmax at x₁ 0.53, x₂ −0.21``, then shorter ones.

    Numbers are rounded as by :func:`coordinate`.
    """
    numbers = [coordinate(x, ends) for x, ends in zip(point, (extent.x1, extent.x2), strict=True)]
    named = ", ".join(f"{name} {number}" for name, number in zip(features, numbers, strict=True))
    start = output[:1].upper() + output[1:]
    return [f"{start} at {named}", f"{start} at ({', '.join(numbers)})", f"({', '.join(numbers)})"]


def coordinate(value: float, ends: tuple[float, float]) -> str:
    """Format a position on an axis with decimals for a hundredth of the axis length."""
    decimals = max(0, 2 - math.floor(math.log10(ends[1] - ends[0])))
    text = f"{value:.{decimals}f}"
    return text.lstrip("-") if not float(text) else text.replace("-", "−")


def _top(height: float, above: float) -> float:
    """End of the axis that leaves ``above`` pixels above 1, for the value of a bar."""
    return 1 + above / max(height - above, height / 2)


def _fitted(names: Sequence[str], room: float) -> tuple[list[str], dict[str, Any]]:
    """Names on one or two lines or vertical, shortened to fit ``room`` pixels, and tick options."""

    def widest(size: float) -> float:
        return max(text_width(part, size) for name in names for part in name.split(" ", 1))

    if widest(SMALL) > room and room < _UPRIGHT:
        cut = [plain(shortened(name, _UPRIGHT, SMALL)) for name in names]
        return cut, {"tickangle": -90, "tickfont": {"size": SMALL}}
    size = TEXT if widest(TEXT) <= room else SMALL
    breaks = any(text_width(name, size) > room for name in names)
    lines = [name.split(" ", 1) if breaks else [name] for name in names]
    broken = ["<br>".join(plain(shortened(line, room, size)) for line in each) for each in lines]
    return broken, {"tickangle": 0, "tickfont": {"size": size}}
