"""What was understood of a sheet, as a table: its columns with their kinds, and its first rows."""

from __future__ import annotations

from dataclasses import dataclass

from .columns import Column
from .reader import RawTable

MOST_ROWS, MOST_COLUMNS = 5, 50


@dataclass(frozen=True)
class Preview:
    """A row for each of the sheet's columns, which ``names`` names."""

    names: list[str]
    headings: list[str]
    values: list[list[str]]


def preview(sheet: RawTable) -> Preview:
    """Kind, range and missing values of every column, and the first rows."""
    columns = sheet.columns[:MOST_COLUMNS]
    n_rows = min(MOST_ROWS, sheet.n_rows)
    return Preview(
        names=[each.name for each in columns],
        headings=["Kind", "Range", "Values", "Missing", *(f"Row {i + 1}" for i in range(n_rows))],
        values=[[*_facts(each), *each.cells[:n_rows]] for each in columns],
    )


def _facts(column: Column) -> list[str]:
    spanned = "" if column.range is None else f"{column.range[0]:g} … {column.range[1]:g}"
    n_missing = int(column.missing.sum() + column.unreadable.sum())
    return [column.kind, spanned, str(len(column.counts)), str(n_missing)]
