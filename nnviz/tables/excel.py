"""Workbooks: the first sheet of an ``.xlsx`` file as rows of text, where openpyxl is installed."""

from __future__ import annotations

import io
import sys
import zipfile
from typing import Any

from .decoding import MOST_BYTES
from .errors import TableError

MOST_UNPACKED = 20 * MOST_BYTES
MOST_CELLS = 150_000  # which are read in less than two seconds; those of a CSV file, in 0.2

_MISSING = "reading .xlsx files needs openpyxl (pip install openpyxl): or save it as CSV"
_MISSING_HERE = "a page without a server reads no .xlsx files: save it as CSV"

_ZIP = b"PK\x03\x04"
_PART = "xl/workbook.xml"


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are an archive with a workbook in it."""
    if not content.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _PART in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def rows(content: bytes) -> tuple[list[list[str]], list[int]]:
    """Rows of the first sheet that are not empty, and their numbers.

    Raises :class:`TableError` for a damaged workbook, and where openpyxl is missing.
    """
    try:
        import openpyxl
    except ImportError:
        raise TableError(_MISSING_HERE if sys.platform == "emscripten" else _MISSING) from None
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
            raise TableError("the workbook is too large when unpacked: save the sheet as CSV")
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        found, numbers, n_cells = [], [], 0
        for place, row in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            cells = [_text(value) for value in row[:2000]]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                found.append(cells)
                numbers.append(place)
            n_cells += max(1, len(cells))
            if n_cells > MOST_CELLS:
                raise TableError(f"the sheet has more than {MOST_CELLS:,} cells: save it as CSV")
    except TableError:
        raise
    except Exception as error:  # whatever a damaged file makes of it
        raise TableError(f"the workbook cannot be read: {type(error).__name__}") from None
    return found, numbers


def _text(value: Any) -> str:
    """A cell as text; numbers with a point, which decides their decimal mark."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()
