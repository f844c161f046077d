"""How a text holds a table: its delimiter, its decimal mark, and whether it has a header."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from statistics import fmean

from .cells import is_missing, number

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space"}
DECIMALS = {".": "point", ",": "comma"}
SCORED_ROWS, SCORED_COLUMNS = 200, 50

_DECLARED = re.compile(r'"?sep=([,;\t|])"?[\t,;]*\r?\n', re.IGNORECASE)  # Excel's own first line


def declared(text: str) -> tuple[str | None, int]:
    """The delimiter that the first line declares, as ``sep=;`` does, and how long that line is."""
    match = _DECLARED.match(text)
    return (match[1], match.end()) if match else (None, 0)


def delimiter_of(text: str) -> str:
    """The delimiter under which most rows have the same number of clean cells.

    A comma where none gives two columns.
    """
    start = _first_lines(text)
    return max(DELIMITERS, key=lambda delimiter: _score(start, delimiter))


def _first_lines(text: str) -> str:
    if "\n" not in text:
        text = text.replace("\r", "\n")  # as old Macs end lines
    at = 0
    for _ in range(SCORED_ROWS):
        if (at := text.find("\n", at) + 1) == 0:
            return text
    return text[:at]


def _score(text: str, delimiter: str) -> float:
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter,
                               skipinitialspace=delimiter == " "))  # fmt: skip
    except csv.Error:
        return 0.0
    rows = [row for row in rows if any(row)]
    if not rows:
        return 0.0
    width, count = Counter(map(len, rows)).most_common(1)[0]
    if width < 2:
        return 0.0
    others = {each for each in DELIMITERS if each not in (" ", delimiter)}
    clean = fmean(_is_clean(cell, others) for row in rows for cell in row[:SCORED_COLUMNS])
    # blanks separate words too: only where nothing else does
    return count / len(rows) * clean * (0.5 if delimiter == " " else 1.0)


def _is_clean(cell: str, others: set[str]) -> bool:
    if not others.intersection(cell):
        return True
    return any(number(cell.strip(), mark, grouped=True) is not None for mark in DECIMALS)


def decimal_of(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    """The decimal mark that more cells have as their only mark; a point if none has either."""
    counts = dict.fromkeys(DECIMALS, 0)
    for row in rows[: 5 * SCORED_ROWS]:
        for cell in row[:SCORED_COLUMNS]:
            for mark in DECIMALS:
                if mark in cell and number(cell, mark) is not None:
                    counts[mark] += 1
                elif mark in cell and number(cell, mark, grouped=True) is not None:
                    counts[mark] += 5  # such as 1.234,5, which can only be read in one way
    return "," if counts[","] > counts["."] else "."


def has_header(rows: Sequence[Sequence[str]], decimal: str) -> bool:
    """Whether the first row holds names: no number in it, and more numbers below some cell.

    A table without any number has one where no cell of the first row occurs below it.
    """
    first, rest = rows[0], rows[1 : SCORED_ROWS + 1]
    if any(number(cell, decimal) is not None for cell in first):
        return False
    if not rest:
        return True
    below = list(zip(*(row for row in rest if len(row) == len(rest[0])), strict=True))
    numeric = [_is_numeric(column, decimal) for column in below]
    if any(numeric):
        return True
    found = {cell for column in below for cell in column}
    return not found.intersection(filter(None, first))


def _is_numeric(column: Sequence[str], decimal: str) -> bool:
    cells = [cell for cell in column if not is_missing(cell)]
    return bool(cells) and fmean(number(cell, decimal) is not None for cell in cells) > 0.5
