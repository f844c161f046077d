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

    ``counts`` is how often each value occurs that is not missing, in the order of first
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
    absent = cells.missing(counts)
    for text in absent:
        del counts[text]
    n_present = counts.total()

    def of_kind(kind: str, numbers: NDArray[np.float64] | None = None) -> Column:
        return Column(name, kind, texts, counts, absent, numbers)

    if not counts:
        return of_kind("empty")
    if all(text.casefold() in cells.TRUE_FALSE for text in counts):
        return of_kind("true or false")
    if values := _numbers(counts, decimal, n_present):
        whole = all(value.is_integer() for value in values.values() if not math.isnan(value))
        values |= dict.fromkeys(absent, math.nan)
        numbers = np.fromiter(map(values.__getitem__, texts), float, len(texts))
        return of_kind("whole number" if whole else "number", numbers)
    return of_kind("date" if _are_dates(counts, n_present) else "text")


def _numbers(counts: Counter[str], decimal: str, n_present: int) -> dict[str, float] | None:
    """The finite number in each text, else NaN; None where too few cells hold a number."""
    if plain := cells.plain_numbers(counts, decimal):
        return plain
    grouped = any(cells.has_groups(text, decimal) for text in counts)
    values: dict[str, float] = {}
    n_numbers, is_any_finite = n_present, False
    for text, count in counts.items():
        value = cells.number(text, decimal, grouped)
        if value is not None and math.isfinite(value):
            values[text], is_any_finite = value, True
            continue
        values[text] = math.nan
        n_numbers -= 0 if cells.is_infinite(text) else count
        if n_numbers < NUMERIC * n_present:
            return None  # most texts are not looked at
    return values if is_any_finite else None


def _are_dates(counts: Counter[str], n_present: int) -> bool:
    """Whether enough cells hold a date."""
    n_dates = n_present
    for text, count in counts.items():
        n_dates -= 0 if cells.is_date(text) else count
        if n_dates < NUMERIC * n_present:
            return False
    return True
