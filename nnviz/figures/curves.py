"""The curves of a run: loss above, accuracy below, by epoch."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from .sheet import TEXT, Axes, Box, Sheet

Array = NDArray[Any]

SIZE = (640, 480)  # pixels
MARGIN = {"left": 62, "top": 34, "right": 16, "bottom": 50}  # pixels
DASHES = {"train": "solid", "test": "dot"}
MOST_POINTS = 1000  # of a line
_LEAST_EPOCHS = 10  # the epoch axis reaches this far at least
_LARGE = 1e4  # from here on an axis' numbers are written as powers, to be short
_FARTHEST = 1e100  # limit for losses of a diverged run: beyond it the axis range would overflow
_FAR = 10  # times its first loss: what a run that ends above that shows at most
_SHARE = 0.54  # of the height, for the loss
_APART = 14  # pixels between loss and accuracy
_POWERS = TEXT / 1.25  # font size of powers, which Plotly draws 1.25 times as large
_TITLE = 12  # pixels from the left side to the middle of the axis titles


def curves(
    history: Array,
    epoch: int | None = None,
    *,
    log_loss: bool = False,
    log_epochs: bool = False,
    accuracy: str = "accuracy",
    size: tuple[int, int] = SIZE,
    theme: str = "light",
    caption: str | None = None,
) -> go.Figure:
    """Plot loss and accuracy of the training part, solid, and of the test part, dotted.

    ``history`` is a record array as :attr:`Trainer.history`, one row per epoch from 0; a test part
    that is all NaN has no lines. ``epoch``, by default the last, is marked. ``accuracy`` is the
    title of the accuracy axis.
    """
    sheet = Sheet(size, theme, caption)
    draw(sheet, sheet.box, history, epoch,
         log_loss=log_loss, log_epochs=log_epochs, accuracy=accuracy)  # fmt: skip
    return sheet.figure


def draw(
    sheet: Sheet,
    box: Box,
    history: Array,
    epoch: int | None = None,
    *,
    log_loss: bool = False,
    log_epochs: bool = False,
    accuracy: str = "accuracy",
) -> None:
    """Draw the curves on a box of a sheet."""
    last = len(history) - 1
    epoch = last if epoch is None else min(epoch, last)
    parts = [part for part in DASHES if not np.isnan(history[f"{part}_loss"]).all()] or ["train"]
    upper, lower = _axes(sheet, box, history, parts, log_loss, log_epochs, accuracy)
    legend = sheet.legend(upper.box.left + upper.box.width, box.top + 6, xanchor="right")
    epochs = thinned(len(history), log_epochs)
    for axes, metric in ((upper, "loss"), (lower, "accuracy")):
        if epoch < last:
            _mark_epoch(sheet, axes, epoch)
        for part in parts:
            line = _cut(history[f"{part}_{metric}"], axes, sheet)
            sheet.figure.add_trace(
                go.Scatter(
                    x=epochs, y=line[epochs], mode="lines", name=part, **axes.on, **legend,
                    showlegend=metric == "loss",
                    line={"color": sheet.theme.ink, "width": 2, "dash": DASHES[part],
                          "simplify": False},
                    hovertemplate=f"epoch %{{x}}<br>{part} {metric} %{{y:.4g}}<extra></extra>",
                )
            )  # fmt: skip
            if history[f"{part}_{metric}"][epoch] == line[epoch]:
                _mark_value(sheet, axes, part, epoch, float(line[epoch]))


def thinned(length: int, logarithmic: bool = False) -> NDArray[np.intp]:
    """Epochs 0…``length`` − 1, or ``MOST_POINTS`` of them at most, including both ends.

    They are evenly spaced on a linear or a ``logarithmic`` axis.
    """
    if length <= MOST_POINTS:
        return np.arange(length)
    space = np.geomspace(1, length, MOST_POINTS) - 1 if logarithmic else None
    steps = np.linspace(0, length - 1, MOST_POINTS) if space is None else space
    return np.unique(np.rint(steps).astype(np.intp))


def _axes(
    sheet: Sheet, box: Box, history: Array, parts: list[str],
    log_loss: bool, log_epochs: bool, accuracy: str,
) -> tuple[Axes, Axes]:  # fmt: skip
    inner = box.inside(**MARGIN)
    high = _SHARE * (inner.height - _APART)
    boxes = inner.inside(bottom=inner.height - high), inner.inside(top=high + _APART)
    last = max(len(history) - 1, _LEAST_EPOCHS)
    along = {"range": [0, math.log10(last) if log_epochs else last], **_scale(log_epochs)}
    losses = np.concatenate([history[f"{part}_loss"] for part in parts])
    ends = loss_range(losses[losses <= _farthest(history["train_loss"])], log_loss)
    short = {"tickformat": "~g"} if not log_loss and ends[1] >= _LARGE else {}
    up = {"range": ends, "nticks": 5, "exponentformat": "e", **short, **_scale(log_loss)}
    upper = sheet.axes(boxes[0], {**along, "showticklabels": False}, up)
    lower = sheet.axes(
        boxes[1],
        {**along, "title_text": "epoch", "title_standoff": 6},
        {"range": [0, 1.05], "tickvals": [0, 0.5, 1]},
    )
    for name, place in (("loss", boxes[0]), (accuracy, boxes[1])):
        middle = place.top + place.height / 2
        sheet.text(name, box.left + _TITLE, middle, textangle=-90, xanchor="center",
                   yanchor="middle")  # fmt: skip
    return upper, lower


def _farthest(losses: Array) -> float:
    """The largest loss on the axis; of a run that ends far above its start, up to there."""
    known = losses[~np.isnan(losses)]  # there are none while all points are erased
    if not len(known):
        return math.inf
    far = _FAR * float(known[0])
    return math.inf if known[-1] <= far else far


def loss_range(losses: Array, logarithmic: bool = False) -> tuple[float, float]:
    """Ends of an axis for all losses that did not overflow; exponents of 10 if logarithmic."""
    known = losses[np.isfinite(losses) & (losses < _FARTHEST)]
    top = float(known.max(initial=0.0)) or 1.0
    if not logarithmic:
        return 0.0, 1.05 * top
    least = float(known[known > 0].min(initial=top / 10))
    return math.floor(math.log10(least)), math.log10(1.05 * top)


def _scale(logarithmic: bool) -> dict[str, Any]:
    """Options of an axis; a logarithmic one has tick labels at powers of 10 only."""
    return {"type": "log", "dtick": 1, "exponentformat": "power",
            "tickfont": {"size": _POWERS}} if logarithmic else {}  # fmt: skip


def _cut(line: Array, axes: Axes, sheet: Sheet) -> Array:
    """Limit losses beyond the axis to a value just above it: renderers fail on huge coordinates."""
    axis = sheet.figure.layout["yaxis" + axes.y[1:]]
    high = axis.range[1]
    return np.minimum(line, 10.0 ** (high + 1) if axis.type == "log" else 2 * high)


def _mark_epoch(sheet: Sheet, axes: Axes, epoch: int) -> None:
    sheet.figure.add_shape(
        type="line", x0=epoch, x1=epoch, y0=0, y1=1, xref=axes.x, yref=f"{axes.y} domain",
        line={"color": sheet.theme.ink, "width": 1.5, "dash": "dash"}, name="epoch shown",
    )  # fmt: skip


def _mark_value(sheet: Sheet, axes: Axes, part: str, epoch: int, value: float) -> None:
    """Mark a line's value at the epoch shown: filled for the training part, hollow for the test."""
    fill = sheet.theme.ink if part == "train" else sheet.theme.paper
    sheet.figure.add_trace(
        go.Scatter(
            x=[epoch], y=[value], mode="markers", name=f"{part} at the epoch shown", **axes.on,
            showlegend=False, hoverinfo="skip", cliponaxis=False,
            marker={"size": 8, "color": fill, "line": {"color": sheet.theme.ink, "width": 2}},
        )
    )  # fmt: skip
