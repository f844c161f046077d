"""Samples as columns, from arrays or DataFrames, and planes through them to predict on.

A classifier fitted to a DataFrame gets DataFrames, otherwise it would warn or fail. They are
recognised by their ``columns`` and made by their own class, so that no DataFrame library is
imported here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import check_array

from ..notation import plain, subscript
from ..problems import short_text

Array = NDArray[Any]

# statistics at which features that are not on the axes can be fixed
CENTRES: dict[str, Callable[[Array], Any]] = {"mean": np.nanmean, "median": np.nanmedian}

_MOST_LISTED = 4  # features whose values a note lists


@dataclass(frozen=True, eq=False)
class SampleTable:
    """``columns`` holds ``(n_samples,)`` values per feature, ``frame`` the DataFrame, if any.

    ``keys`` are a DataFrame's column names; an array's are its column numbers.
    """

    columns: tuple[Array, ...]
    keys: tuple[Any, ...]
    frame: Any = None

    @classmethod
    def of(cls, X: Any) -> SampleTable:
        """Make a table of ``X``. Raises as scikit-learn's ``check_array``."""
        if hasattr(X, "columns"):
            keys = tuple(X.columns)
            return cls(tuple(np.asarray(X[key]) for key in keys), keys, X)
        X = check_array(X, dtype=np.float64, ensure_all_finite="allow-nan", input_name="X")
        return cls(tuple(X.T), tuple(range(X.shape[1])))

    def number(self, feature: Any) -> int | None:
        """The column number of a feature's name or number; None if there is no such column."""
        if feature in self.keys:
            return self.keys.index(feature)
        is_number = isinstance(feature, int | np.integer) and not isinstance(feature, bool)
        return int(feature) if is_number and 0 <= feature < len(self.keys) else None

    def name(self, number: int) -> str:
        """A feature's name to show."""
        if self.frame is None:
            return f"x{subscript(number + 1)}"
        return str(self.keys[number])

    def axes(self, features: Sequence[Any]) -> tuple[int, int]:
        """The column numbers of two features. Raises ``ValueError``."""
        if len(self.keys) < 2:
            raise ValueError(f"n_features must be at least 2. Got {len(self.keys)} instead.")
        numbers = [self.number(each) for each in features] if np.ndim(features) == 1 else []
        if len(numbers) != 2 or None in numbers or numbers[0] == numbers[1]:
            known = "" if self.frame is None else f" or names, {', '.join(map(str, self.keys))}"
            raise ValueError(
                f"features must be two different numbers 0…{len(self.keys) - 1}{known}; "
                f"got {short_text(features)}"
            )
        return numbers[0], numbers[1]  # type: ignore[return-value]  # neither is None

    def samples(self, axes: tuple[int, int]) -> NDArray[np.float64]:
        """The samples on these axes, ``(n_samples, 2)``."""
        points = np.column_stack([self.columns[each] for each in axes])
        return check_array(points, dtype=np.float64, ensure_all_finite="allow-nan", input_name="X")

    def rest(self, axes: tuple[int, int], slice_at: Any) -> dict[int, Any]:
        """The fixed value of every feature that is not on the axes, by column number.

        ``slice_at`` is ``"mean"``, ``"median"``, a value for each feature (ignored for those on
        the axes), or a mapping of names or numbers to values, with means for the others. Raises
        ``ValueError``.
        """
        others = [each for each in range(len(self.keys)) if each not in axes]
        if isinstance(slice_at, Mapping):
            given = self._given(slice_at, others)
            return {
                each: given[each] if each in given else self._centre(each, "mean")
                for each in others
            }
        if isinstance(slice_at, str):
            if slice_at in CENTRES:
                return {each: self._centre(each, slice_at) for each in others}
        elif np.ndim(slice_at) == 1:
            if len(slice_at) != len(self.keys):
                raise ValueError(
                    f"slice_at must have a value for each of the {len(self.keys)} features; "
                    f"got {len(slice_at)}"
                )
            return {each: list(slice_at)[each] for each in others}
        raise ValueError(
            f"slice_at must be {', '.join(CENTRES)}, a value for each feature, or a mapping of "
            f"features to values; got {short_text(slice_at)}"
        )

    def plane(self, axes: tuple[int, int], points: Array, rest: Mapping[int, Any]) -> Any:
        """``points`` ``(n, 2)`` of the plane with all features, as a table of the type of X."""
        columns = [
            points[:, axes.index(each)] if each in axes else np.full(len(points), rest[each])
            for each in range(len(self.keys))
        ]
        if self.frame is None:
            return np.column_stack(columns)
        table = type(self.frame)(dict(zip(self.keys, columns, strict=True)))
        if hasattr(table, "astype"):  # keep the dtype of columns that are not numbers: categories
            others = [key for key, column in zip(self.keys, self.columns, strict=True)
                      if column.dtype.kind not in "biuf"]  # fmt: skip
            table = table.astype({key: self.frame.dtypes[key] for key in others})
        return table

    def note(self, rest: Mapping[int, Any]) -> str:
        """Values of the fixed features, for a caption; empty if there are none."""
        if not rest:
            return ""
        if len(rest) > _MOST_LISTED:
            return f"The other {len(rest)} features are fixed."
        values = (f"{self.name(i)} = {_value_text(value)}" for i, value in rest.items())
        return f"Fixed: {', '.join(values)}."

    def _given(self, slice_at: Mapping[Any, Any], others: Sequence[int]) -> dict[int, Any]:
        given = {}
        for feature, value in slice_at.items():
            number = self.number(feature)
            if number is None or number not in others:
                rule = "name features of X" if number is None else "not fix a feature on an axis"
                raise ValueError(f"slice_at must {rule}; got {short_text(feature)}")
            given[number] = value
        return given

    def _centre(self, number: int, name: str) -> Any:
        try:
            return CENTRES[name](self.columns[number].astype(np.float64))
        except (TypeError, ValueError):
            raise ValueError(
                f"slice_at must have a value for {self.keys[number]}, which has no {name}"
            ) from None


def _value_text(value: Any) -> str:
    return plain(float(value)) if isinstance(value, int | float | np.number) else str(value)
