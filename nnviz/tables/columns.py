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

    ``counts`` says how often each value occurs that is not missing, in the order of first
    appearance; ``absent`` are the texts that stand for a missing one. ``numbers`` ``(rows,)`` is
    NaN where a cell is missing or cannot be read as a finite number; it is None for a column that
    holds no numbers.
    """

    name: str
    kind: str  # one of KINDS
    cells: tuple[str, ...]
    counts: Counter[str]
    absent: frozenset[str]
    numbers: NDArray[np.float64] | None = None

    @cached_property
    def missing(self) -> NDArray[np.bool_]:
        """Which cells are empty or stand for a missing value ``(rows,)``."""
        return np.fromiter(map(self.absent.__contains__, self.cells), bool, len(self.cells))

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

    @property
    def is_constant(self) -> bool:
        return len(self.counts) == 1


def column(name: str, texts: Sequence[str], decimal: str) -> Column:
    """The column of these cells, with its kind. Each different text is looked at once."""
    texts, counts = tuple(texts), Counter(texts)
    absent = frozenset(filter(cells.is_missing, counts))
    for text in absent:
        del counts[text]
    n_present = counts.total()

    def of_kind(kind: str, numbers: NDArray[np.float64] | None = None) -> Column:
        return Column(name, kind, texts, counts, absent, numbers)

    if not counts:
        return of_kind("empty")
    if all(text.casefold() in cells.TRUE_FALSE for text in counts):
        return of_kind("true or false")
    grouped = any(cells.has_groups(text, decimal) for text in counts)
    values = {text: _finite(text, decimal, grouped) for text in counts}
    finite = {text: value for text, value in values.items() if not math.isnan(value)}
    n_numbers = sum(counts[text] for text in counts if text in finite or cells.is_infinite(text))
    if finite and n_numbers >= NUMERIC * n_present:
        values |= dict.fromkeys(absent, math.nan)
        numbers = np.fromiter(map(values.__getitem__, texts), float, len(texts))
        whole = all(value.is_integer() for value in finite.values())
        return of_kind("whole number" if whole else "number", numbers)
    dates = sum(counts[text] for text in counts if cells.is_date(text))
    return of_kind("date" if dates >= NUMERIC * n_present else "text")


def _finite(text: str, decimal: str, grouped: bool) -> float:
    """The finite number in a cell, else NaN."""
    value = cells.number(text, decimal, grouped)
    return value if value is not None and math.isfinite(value) else math.nan
