"""The reader: a file's bytes as columns, with what was understood, which can all be overridden."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from ..notation import counted
from ..problems import printable, short_text
from . import dialect, excel
from .columns import Column, column
from .decoding import MOST_BYTES, check_size, decode
from .errors import TableError, of_file

MOST_COLUMNS = 1000
MOST_ROWS, MOST_CELLS = 200_000, 1_000_000  # that are read; those after them are named
MOST_NAME = 200  # characters of a column's name

csv.field_size_limit(max(csv.field_size_limit(), MOST_BYTES))


@dataclass(frozen=True)
class Reading:
    """How to read a file; a field that is None is detected."""

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    header: bool | None = None


FOUND_OUT = Reading()


@dataclass(frozen=True, eq=False)
class RawTable:
    """A table as read: ``reading`` is how, ``lines`` where each row begins in the file ``(rows,)``.

    ``left_out`` are sentences about lines that are no rows.
    """

    file: str
    reading: Reading
    columns: tuple[Column, ...]
    lines: NDArray[np.intp]
    left_out: tuple[str, ...] = ()

    @property
    def n_rows(self) -> int:
        return len(self.lines)

    def column(self, name: str) -> Column:
        """The column of this name; raises :class:`TableError`."""
        for each in self.columns:
            if each.name == name:
                return each
        names = short_text(", ".join(each.name for each in self.columns))
        raise TableError(f"there is no column {short_text(name)}; there are {names}", self.file)

    @property
    def numeric(self) -> list[Column]:
        """The columns of numbers that are not all the same."""
        return [each for each in self.columns if each.numbers is not None and not each.is_constant]


@dataclass(frozen=True)
class _Rows:
    """Rows of cells, and the line of the file in which each begins."""

    rows: Sequence[Sequence[str]]
    lines: list[int]
    unread: int | None = None  # the line from which on nothing is read


def read(content: bytes, file: str = "", reading: Reading = FOUND_OUT) -> RawTable:
    """The table in a file's bytes: CSV in any dialect, or a workbook's first sheet.

    Raises :class:`TableError`, and nothing else, for whatever is no table.
    """
    try:
        check_size(len(content))
        if excel.is_workbook(content):
            return _sheet(file, _Rows(*excel.rows(content)), reading, "")
        decoded = decode(content, reading.encoding)
        reading = replace(reading, encoding=decoded.encoding)
        return read_text(decoded.text, file, reading)
    except TableError as error:
        raise of_file(error, file) from None


def read_text(text: str, file: str = "", reading: Reading = FOUND_OUT) -> RawTable:
    """The table in a text, as pasted from a spreadsheet; raises as :func:`read`."""
    try:
        if not text.strip():
            raise TableError("the text is empty")
        check_size(len(text))
        named, start = dialect.declared(text)
        delimiter = reading.delimiter or named or dialect.delimiter_of(text[start:])
        if delimiter not in dialect.DELIMITERS:
            allowed = ", ".join(dialect.DELIMITERS.values())
            raise TableError(f"the delimiter must be a {allowed}; got {short_text(delimiter)}")
        rows = _rows(text[start:], delimiter, first_line=2 if start else 1)
        return _sheet(file, rows, replace(reading, delimiter=delimiter), delimiter)
    except TableError as error:
        raise of_file(error, file) from None


# --- rows -----------------------------------------------------------------------------


def _rows(text: str, delimiter: str, first_line: int) -> _Rows:
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    n_cells = 0
    if "\r" in text:  # csv.reader counts lines by what it is given
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    reader = csv.reader(
        io.StringIO(text), delimiter=delimiter, skipinitialspace=delimiter == " ", strict=False
    )
    end = 0
    for row in filter(None, reader):  # without empty lines
        before, end = end, reader.line_num
        line = end
        if end > before + 1:  # after empty lines, or in several
            line = max(before + 1, end - sum(cell.count("\n") for cell in row))
        line += first_line - 1
        if len(row) > MOST_COLUMNS:
            raise TableError(
                f"the row has {len(row)} fields, and {MOST_COLUMNS} is the most", line=line
            )
        cells = tuple(map(str.strip, row))  # the garbage collector skips such tuples
        if any(cells):
            if len(rows) == MOST_ROWS or n_cells + len(cells) > MOST_CELLS:
                return _Rows(rows, lines, line)
            rows.append(cells)
            lines.append(line)
            n_cells += len(cells)
    return _Rows(rows, lines)


def _sheet(file: str, found: _Rows, reading: Reading, delimiter: str) -> RawTable:
    """Header and columns of rows of cells."""
    if not found.rows:
        raise TableError("the file is empty")
    decimal = reading.decimal or dialect.decimal_of(found.rows, delimiter)
    if decimal not in dialect.DECIMALS:
        allowed = " or a ".join(dialect.DECIMALS.values())
        raise TableError(f"the decimal mark must be a {allowed}; got {short_text(decimal)}")
    header = reading.header
    if header is None:
        header = dialect.has_header(found.rows, decimal)
    head, body = (found.rows[0], found.rows[1:]) if header else ([], found.rows)
    lines = found.lines[1:] if header else found.lines
    if not body:
        raise TableError("there is a header, but no row below it", line=found.lines[0])
    width = Counter(map(len, body)).most_common(1)[0][0]
    if header and len(head) == width - 1:  # R leaves out the name of its row names
        head = ["row", *head]
    width = max(len(head), width)
    if width < 2:
        raise TableError("there is only one column: a label and two axes need three", line=lines[0])
    kept, left_out = _of_width(body, lines, width)
    if not kept:
        raise TableError("no row has as many fields as the header", line=lines[0])
    names = _names([*head, *[""] * (width - len(head))])
    if found.unread:
        left_out = (f"the file is read up to line {found.unread - 1}", *left_out)
    rows = [_filled(body[i], len(names)) for i in kept]
    columns = [
        column(name, tuple(map(itemgetter(i), rows)), decimal) for i, name in enumerate(names)
    ]
    return RawTable(
        file,
        replace(reading, decimal=decimal, header=header),
        _used(columns, head),
        np.array([lines[i] for i in kept], dtype=np.intp),
        left_out,
    )


def _of_width(
    rows: Sequence[Sequence[str]], lines: Sequence[int], width: int
) -> tuple[list[int], tuple[str, ...]]:
    """Which rows have at most so many fields, and a sentence on the others."""
    longer = [i for i, row in enumerate(rows) if len(row) > width and any(row[width:])]
    if not longer:
        return list(range(len(rows))), ()
    number, first = len(longer), longer[0]
    sentence = (
        f"{counted(number, 'row')} left out: line {lines[first]} has "
        f"{len(rows[first])} fields instead of {width}"
    )
    gone = set(longer)
    return [i for i in range(len(rows)) if i not in gone], (sentence,)


def _filled(row: Sequence[str], width: int) -> Sequence[str]:
    """The row with as many fields as the others: what is longer is empty there."""
    return row if len(row) == width else [*row[:width], *[""] * (width - len(row))]


def _names(head: Sequence[str]) -> list[str]:
    """A different name for every column: that of the header, or its number."""
    names: list[str] = []
    known: Counter[str] = Counter()
    for place, text in enumerate(head, start=1):
        name = printable(" ".join(text.split()))[:MOST_NAME] or f"column {place}"
        known[name] += 1
        while known[name] > 1:
            name = f"{name} ({known[name]})"
            known[name] += 1
        names.append(name)
    return names


def _used(columns: Sequence[Column], head: Sequence[str]) -> tuple[Column, ...]:
    """The columns without empty ones that have no name, as a delimiter at the end makes them."""
    named = [*head, *[""] * (len(columns) - len(head))]
    return tuple(
        each for each, name in zip(columns, named, strict=False) if name or each.kind != "empty"
    )
