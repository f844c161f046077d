"""Several classifiers side by side, on shared axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils import column_or_1d
from sklearn.utils.validation import check_is_fitted

from ..figures import plane
from ..figures.sheet import SMALL, Axes, Box, Sheet, plain
from ..problems import short_text
from .boundary import TITLE_ROOM, DecisionBoundaryDisplay, known_theme, titled

MOST_COLUMNS = 4
PANEL = 250  # width and height of a plane in pixels, if no size is given

# pixels
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 14, 40, 46  # around all planes; the legend is at the top
_GAP = 14  # between planes of a row
_HEAD = 46  # for name and accuracy above each plane
_MARKER, _LINE = 6, 2


def compare(
    estimators: Sequence[tuple[str, Any]],
    X: Any,
    y: ArrayLike,
    *,
    columns: int | None = None,
    theme: str = "light",
    size: tuple[int, int] | None = None,
    title: str | None = None,
    caption: str | None = None,
    **options: Any,
) -> go.Figure:
    """Draw small multiples of named classifiers on shared axes, with one legend.

    Parameters
    ----------
    estimators : sequence of (str, estimator)
        Names and classifiers. A fitted classifier is used unchanged. For one that is not fitted,
        a clone is fitted to ``X`` and ``y``; the given estimator is not changed. Above its plane
        is noted that it is fitted to these points, as it is for a
        :class:`NeuralNetworkClassifier` that was fitted to them before.
    X : array-like or DataFrame of shape (n_samples, n_features)
        The samples; two of their features are on the axes.
    y : array-like of shape (n_samples,)
        The classes of the samples, also used for the accuracy shown above each plane.
    columns : int, default=None
        Planes per row. By default at most four, in rows of about equal length.
    theme, title, caption :
        As in :meth:`DecisionBoundaryDisplay.plot`.
    size : pair of int, default=None
        Width and height in pixels. By default a plane has ``PANEL`` of both.
    **options :
        As in :meth:`DecisionBoundaryDisplay.from_estimator`: ``response_method``,
        ``grid_resolution``, ``eps``, ``class_of_interest``, ``features``, ``slice_at``,
        ``xlabel``, ``ylabel``.

    Raises
    ------
    As in ``from_estimator``, and ``ValueError`` if the estimators have different classes.
    """
    estimators = _pairs(estimators)
    columns = _columns(columns, len(estimators))
    known_theme(theme)
    displays, heads = _displays(estimators, X, column_or_1d(y), options)
    _check_classes(displays, heads)

    rows = -(-len(displays) // columns)
    caption = displays[0].note if caption is None else caption
    names = displays[0].dataset.class_names
    sheet = Sheet(size or _size(rows, columns, names, title, caption), theme, caption)
    box = titled(sheet, title)
    legends = dict.fromkeys(names, sheet.legend(_LEFT, box.top + 8))
    panels = _panels(box, rows, columns)[: len(displays)]
    for number, (display, panel, head) in enumerate(zip(displays, panels, heads, strict=True)):
        _write_head(sheet, panel, *head)
        last_of_column = number + columns >= len(displays)
        axes = _axes(sheet, panel, display, number % columns == 0, last_of_column)
        plane.draw_field(sheet, axes, display.field, display.look, None)
        plane.draw_lines(sheet, axes, display.lines)
        plane.draw_points(sheet, axes, display.dataset, display.look, None if number else legends)
    sheet.figure.update_traces(marker_size=_MARKER)
    sheet.figure.update_shapes(line_width=_LINE)
    return sheet.figure


def _pairs(estimators: Any) -> list[tuple[str, Any]]:
    pairs = list(estimators)
    for pair in pairs:
        if not (isinstance(pair, tuple | list) and len(pair) == 2 and isinstance(pair[0], str)):
            raise ValueError(
                f"estimators must be pairs of a name and an estimator; got {short_text(pair)}"
            )
    if not pairs:
        raise ValueError("estimators must be one or more pairs; got none")
    return [(name, estimator) for name, estimator in pairs]


def _columns(columns: int | None, n: int) -> int:
    if columns is None:
        return -(-n // -(-n // MOST_COLUMNS))
    if isinstance(columns, bool) or not isinstance(columns, int | np.integer) or columns < 1:
        raise ValueError(f"columns must be a whole number 1 or above; got {short_text(columns)}")
    return min(int(columns), n)


def _displays(
    estimators: Sequence[tuple[str, Any]], X: Any, y: Any, options: Mapping[str, Any]
) -> tuple[list[DecisionBoundaryDisplay], list[tuple[str, str]]]:
    """Every estimator's display and the two lines above it: name and accuracy."""
    displays, heads = [], []
    for name, given in estimators:
        estimator = given if _is_fitted(given) else clone(given).fit(X, y)
        displays.append(DecisionBoundaryDisplay.from_estimator(estimator, X, y=y, **options))
        accuracy = 100 * float(np.mean(np.asarray(estimator.predict(X)) == y))
        is_own = estimator is not given or _is_fitted_to(given, X, y)
        small = ", fitted to these points" if is_own else ""
        heads.append((name, f"accuracy {accuracy:.1f} %{small}"))
    return displays, heads


def _is_fitted(estimator: Any) -> bool:
    try:
        check_is_fitted(estimator)
    except NotFittedError:
        return False
    return True


def _is_fitted_to(estimator: Any, X: Any, y: Any) -> bool:
    """Whether a fitted estimator is known to be fitted to these points; most do not record it."""
    answer = getattr(estimator, "is_fitted_to", None)
    return bool(answer and answer(X, y))


def _check_classes(displays: Sequence[Any], heads: Sequence[tuple[str, str]]) -> None:
    first = displays[0].dataset.class_names
    for display, (name, _) in zip(displays, heads, strict=True):
        if display.dataset.class_names != first:
            raise ValueError(
                f"estimators must have the same classes, {', '.join(first)}; "
                f"got {', '.join(display.dataset.class_names)} for {name}"
            )


def _size(
    rows: int, columns: int, names: Sequence[str], title: str | None, caption: str
) -> tuple[int, int]:
    """Size of a sheet of square planes, wide enough for a legend in one row."""
    side = max(PANEL, int(plane.legend_width(names) + _GAP) // columns + 1 - _GAP)
    width = _LEFT + columns * (side + _GAP) - _GAP + _RIGHT
    planes = _TOP + rows * (side + _HEAD + _GAP) - _GAP + _BOTTOM
    captioned = planes - Sheet((width, planes), caption=caption).box.height
    return width, int(planes + captioned) + (TITLE_ROOM if title else 0)


def _panels(box: Box, rows: int, columns: int) -> list[Box]:
    """The planes on a box of a sheet, row by row."""
    inner = box.inside(left=_LEFT, top=_TOP, right=_RIGHT, bottom=_BOTTOM)
    across, up = (inner.width + _GAP) / columns, (inner.height + _GAP) / rows
    cell = Box(inner.left, inner.top + _HEAD, across - _GAP, up - _GAP - _HEAD)
    return [
        cell.inside(left=column * across, top=row * up, right=-column * across, bottom=-row * up)
        for row in range(rows)
        for column in range(columns)
    ]


def _write_head(sheet: Sheet, panel: Box, name: str, small: str) -> None:
    middle = panel.left + panel.width / 2
    text = f"<b>{plain(name)}</b>"
    sheet.text(text, middle, panel.top - 22, xanchor="center", yanchor="bottom")
    sheet.text(small, middle, panel.top - 6, size=SMALL, xanchor="center", yanchor="bottom")


def _axes(
    sheet: Sheet, panel: Box, display: DecisionBoundaryDisplay, first: bool, last: bool
) -> Axes:
    """A plane's axes, linked to all others; named if ``first`` in a row or ``last`` in a column."""
    across, up = display.dataset.features
    common = {"showgrid": False, "title_standoff": 6}
    return sheet.axes(
        panel,
        {"range": display.extent.x1, "title_text": plain(across) if last else "",
         "showticklabels": last, "matches": "x", **common},
        {"range": display.extent.x2, "title_text": plain(up) if first else "",
         "showticklabels": first, "matches": "y", **common},
    )  # fmt: skip
