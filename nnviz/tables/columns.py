"""Columns of a table: what kind each is, its range, and which of its cells cannot be used."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from . import cells

NUMERIC = 0.8  # the share of numbers from which on a column is one of numbers
KINDS = ("number", "whole number", "true or false", "date", "text", "empty")


@dataclass(frozen=True, eq=False)
class Column:
    """One column: ``cells`` are its texts, one a row, without blanks around them.

    ``numbers`` ``(rows,)`` is NaN where a cell is missing or cannot be read as a finite number;
    it is None for a column that holds no numbers.
    """

    name: str
    kind: str  # one of KINDS
    cells: tuple[str, ...]
    numbers: NDArray[np.float64] | None = None

    @cached_property
    def missing(self) -> NDArray[np.bool_]:
        """Which cells are empty or stand for a missing value ``(rows,)``."""
        return np.fromiter(map(cells.is_missing, self.cells), bool, len(self.cells))

    @property
    def unreadable(self) -> NDArray[np.bool_]:
        """Which cells are there, but are no finite numbers, in a column of numbers ``(rows,)``."""
        if self.numbers is None:
            return np.zeros(len(self.cells), bool)
        return np.isnan(self.numbers) & ~self.missing

    @property
    def range(self) -> tuple[float, float] | None:
        """The least and the largest number."""
        if self.numbers is None or np.isnan(self.numbers).all():
            return None
        return float(np.nanmin(self.numbers)), float(np.nanmax(self.numbers))

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each value occurs that is not missing, in the order of first appearance."""
        return Counter(
            text for text, gone in zip(self.cells, self.missing, strict=True) if not gone
        )

    @property
    def is_constant(self) -> bool:
        return len(self.counts) == 1


def column(name: str, texts: Sequence[str], decimal: str) -> Column:
    """The column of these cells, with its kind."""
    texts = tuple(texts)
    present = [text for text in texts if not cells.is_missing(text)]
    if not present:
        return Column(name, "empty", texts)
    known = dict.fromkeys(present)
    if all(text.casefold() in cells.TRUE_FALSE for text in known):
        return Column(name, "true or false", texts)
    grouped = any(cells.has_groups(text, decimal) for text in known)
    values = {text: _finite(text, decimal, grouped) for text in known}
    finite = [value for text in present if (value := values[text]) is not None]
    infinite = sum(map(cells.is_infinite, present))
    if finite and len(finite) + infinite >= NUMERIC * len(present):
        numbers = np.array([_or_nan(values.get(text)) for text in texts])
        whole = all(value.is_integer() for value in finite)
        return Column(name, "whole number" if whole else "number", texts, numbers)
    dates = sum(map(cells.is_date, present))
    return Column(name, "date" if dates >= NUMERIC * len(present) else "text", texts)


def _finite(text: str, decimal: str, grouped: bool) -> float | None:
    value = cells.number(text, decimal, grouped)
    return value if value is not None and math.isfinite(value) else None


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value
