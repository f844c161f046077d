"""The file of a sweep's results: rows are appended as they come, and read again to go on.

A row is one line, so that whatever ends the program spoils at most the last one, which is then
dropped. Parquet cannot be appended to: its rows go to a journal beside it, and into the file
itself at the end. One sweep at a time holds the file that rows are appended to.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..export import atomic
from ..problems import short_text
from ..recipe.moment import VERSION
from .errors import SweepError
from .lock import held
from .plan import Plan
from .run import to_text

JOURNAL = ".jsonl"  # added to the name of a Parquet file
_BATCH = 1000  # rows of a Parquet file written at once

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Format:
    """How rows are written as lines, after a ``head``; ``parse`` reads all complete lines."""

    name: str
    label: str
    head: Callable[[list[str]], str]
    line: Callable[[Row], str]
    parse: Callable[[Iterator[str]], Iterator[dict[str, Any]]]
    has_journal: bool = False


def _csv_line(cells: Iterable[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(map(to_text, cells))
    return text.getvalue()


def _json_line(row: Row) -> str:
    return (
        json.dumps({name: to_text(cell) for name, cell in row.items()}, ensure_ascii=False) + "\n"
    )


def _json_rows(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError(line)
        yield row


def _csv_rows(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    for row in csv.DictReader(lines, strict=True):
        if None in row or None in row.values():  # too many cells, or too few
            raise ValueError("a row of another length")
        yield {name: cell or None for name, cell in row.items()}


FORMATS: dict[str, Format] = {
    record.name: record
    for record in (
        Format("csv", "CSV", _csv_line, lambda row: _csv_line(row.values()), _csv_rows),
        Format("jsonl", "JSON Lines", lambda names: "", _json_line, _json_rows),
        Format("parquet", "Parquet", lambda names: "", _json_line, _json_rows, has_journal=True),
    )
}  # fmt: skip


class Results:
    """The rows of a sweep in a file; the path's ending, one of ``FORMATS``, sets how.

    Raises :class:`atomic.WriteError` where the file cannot be written, ``KeyError`` for another
    ending.
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self._format = FORMATS[self.path.suffix.lower().removeprefix(".")]
        atomic.check(path)
        # the target of a link, which may not be there yet, so that the link stays
        place = Path(os.path.realpath(path)) if self.path.is_symlink() else self.path
        has_journal = self._format.has_journal
        self._lines = place.with_name(place.name + JOURNAL) if has_journal else place

    def rows(self) -> Iterator[dict[str, Any]]:
        """All complete rows so far; numbers of a CSV file are texts, empty cells None.

        Raises :class:`SweepError` for a file that is no results of a sweep.
        """
        if self._format.has_journal:
            yield from self._parquet_rows()
        if not self._lines.exists():
            return
        try:
            with self._lines.open(encoding="utf-8", newline="\n") as file:
                yield from self._format.parse(line for line in file if line.endswith("\n"))
        except (ValueError, csv.Error):
            raise SweepError(f"{self._lines} is not a file of a sweep's results") from None

    def done(self, plan: Plan) -> set[str]:
        """The recipes of the plan, as JSON, whose rows are in the file.

        Raises :class:`SweepError` where rows are not of this plan.
        """
        found: dict[str, tuple[int, bool]] = {}
        for number, row in enumerate(self.rows()):
            if list(row) != plan.columns:
                theirs = ", ".join(name for name in row if name not in plan.columns)
                missing = ", ".join(name for name in plan.columns if name not in row)
                what = f"columns {theirs}" if theirs else f"no column {missing}"
                raise self._other(what if theirs or missing else "its columns in another order")
            if f"?v={VERSION}&" not in str(row["link"]):
                raise self._other("links of another version")
            if not number % _BATCH and _rules(str(row["link"])) != _rules(plan.first_query):
                raise self._other("runs with another rule to stop")
            epoch = self._epoch(row["epoch"], number)
            found[str(row["recipe"])] = epoch, row["diverged"] is not None
        known = {run.key for run in plan if run.key in found}
        for key, (epoch, diverged) in found.items():
            if key not in known:
                raise self._other(f"the run {key}")
            if epoch > plan.epoch or (epoch < plan.epoch and not diverged and not plan.has_rules):
                raise self._other(f"a run that ends at epoch {epoch}")
        return known

    def held(self) -> AbstractContextManager[None]:
        """A context in which no other sweep can add rows; raises :class:`SweepError`."""
        return held(self._lines)

    def append(self, plan: Plan) -> Appender:
        """A context in which rows can be added."""
        return Appender(self._lines, self._format, plan.columns)

    def finish(self) -> None:
        """Complete the file: the rows of a journal go to the file itself."""
        if self._format.has_journal and self._lines.exists() and self._lines.stat().st_size:
            rows = {
                row["recipe"]: row for row in self.rows()
            }  # once each, even if a journal stayed
            atomic.write(self.path, _parquet(list(rows.values())))
            self._lines.write_bytes(b"")  # its name stays held

    def _parquet_rows(self) -> Iterator[dict[str, Any]]:
        if not self.path.exists() or not self.path.stat().st_size:
            return
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            with pq.ParquetFile(self.path) as file:
                for batch in file.iter_batches(_BATCH):
                    yield from batch.to_pylist()
        except pa.ArrowInvalid:
            raise SweepError(f"{self.path} is not a file of a sweep's results") from None

    def _epoch(self, cell: Any, number: int) -> int:
        """The epoch in a cell of a row, counted from 0."""
        try:
            return int(cell)
        except (ValueError, TypeError, OverflowError):
            has = f"row {number + 1} has the epoch {short_text(cell)}"
            raise SweepError(f"{self.path} is not a file of a sweep's results: {has}") from None

    def _other(self, what: str) -> SweepError:
        return SweepError(
            f"{self.path} holds results of another sweep, which has {short_text(what)}; "
            "name another file"
        )


class Appender:
    """Appends rows to a file of lines, without an incomplete one that was left at its end."""

    def __init__(self, path: Path, form: Format, columns: list[str]):
        self._path, self._form, self._columns = path, form, columns

    def __enter__(self) -> Appender:
        try:
            self._file = self._path.open("r+b" if self._path.exists() else "w+b", buffering=0)
        except OSError as error:
            raise self._error(error) from None
        try:
            self._file.truncate(_complete_length(self._file))
            self._begin(self._form.head(self._columns))
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(self, *ended: object) -> None:
        self._file.close()

    def add(self, row: Row) -> None:
        """Append a row at once; raises :class:`atomic.WriteError`."""
        self._write(self._form.line(row))

    def _begin(self, head: str) -> None:
        self._file.seek(0)
        found = self._file.read(len(head.encode()))
        if found and found != head.encode():  # a file with a head and no row of another sweep
            raise SweepError(f"{self._path} has other columns; name another file")
        self._file.seek(0, os.SEEK_END)
        if not found:
            self._write(head)

    def _write(self, text: str) -> None:
        data = memoryview(text.encode())
        start = self._file.tell()
        try:
            while data:
                data = data[self._file.write(data) :]
        except OSError as error:
            self._file.truncate(start)
            raise self._error(error) from None

    def _error(self, error: OSError) -> atomic.WriteError:
        why = (error.strerror or str(error)).lower()
        return atomic.WriteError(f"{self._path} cannot be written: {why}")


def _complete_length(file: Any) -> int:
    """Bytes up to the end of the last complete line."""
    length = file.seek(0, os.SEEK_END)
    while length:
        start = max(0, length - 65536)
        file.seek(start)
        end = file.read(length - start).rfind(b"\n")
        if end >= 0:
            return int(start + end + 1)
        length = start
    return 0


def _rules(link: str) -> list[str]:
    """The rules to stop in a link."""
    return [part for part in link.split("&") if part.startswith("stop_")]


def _parquet(rows: list[dict[str, Any]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    data, table = io.BytesIO(), pa.Table.from_pylist(rows)
    if pa.types.is_null(table.schema.field("diverged").type):  # no run diverged
        place = table.schema.get_field_index("diverged")
        table = table.set_column(place, "diverged", table["diverged"].cast(pa.string()))
    pq.write_table(table, data)
    return data.getvalue()
