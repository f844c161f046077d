"""Arrays and DataFrames as the table of a recipe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..problems import field_error
from .table import CLASSES, MOST_ROWS, Table

_FIELD = "data"


def table_of(
    X: ArrayLike, y: ArrayLike, *, feature_names: Sequence[str] | None = None, name: str = "table"
) -> Table:
    """The table of ``X (n, 2)`` and labels ``y (n,)`` of any type, named by ``str``.

    The names of the axes are ``feature_names``, the columns of a DataFrame, or x₁ and x₂. Raises
    ``RecipeError``.
    """
    points, labels = _points(X), np.asarray(y)
    if labels.shape != points.shape[:1]:
        rule = "n labels for n points"
        raise field_error(_FIELD, rule, f"shapes {points.shape} and {labels.shape}")
    if len(points) > MOST_ROWS:
        rule = "a table of 2…{most} rows"
        raise field_error(_FIELD, rule, len(points), most=MOST_ROWS)
    if not np.isfinite(points).all():
        raise field_error(_FIELD, "a table without missing or infinite values", "some")
    given = labels.tolist()
    if any(label is None or label != label for label in given):  # NaN equals nothing
        raise field_error(_FIELD, "a table without missing labels", "some")
    texts = [str(label) for label in given]
    classes = list(dict.fromkeys(texts))
    if not CLASSES[0] <= len(classes) <= CLASSES[1]:
        low, high = CLASSES
        raise field_error(
            _FIELD, "a table of {low}…{high} classes", len(classes), low=low, high=high
        )
    place = {text: index for index, text in enumerate(classes)}
    return Table.of(
        points, [place[text] for text in texts], axes=_names(X, feature_names), classes=classes,
        name=name,
    )  # fmt: skip


def _points(X: ArrayLike) -> np.ndarray[Any, np.dtype[np.float64]]:
    try:
        points = np.asarray(X, dtype=np.float64)
    except (ValueError, TypeError):
        raise field_error(_FIELD, "a table of numbers", "others") from None
    if points.ndim != 2 or points.shape[1] != 2:
        raise field_error(_FIELD, "points of shape (n, 2)", f"shape {points.shape}")
    return points


def _names(X: Any, names: Sequence[str] | None) -> Sequence[str]:
    if names is None:
        columns = getattr(X, "columns", None)
        names = ("x₁", "x₂") if columns is None else [str(column) for column in columns]
    if isinstance(names, str) or len(names) != 2:
        raise field_error("feature names", "two names", names)
    return names
