"""What is wrong with a table, in one sentence with its file, line and column."""

from __future__ import annotations

from ..problems import printable, short_text


class TableError(ValueError):
    """A table cannot be used; ``sentence`` says why, and ``str`` where, too.

    ``line`` is counted from 1 in the file, ``column`` is a name; None where the whole file is
    meant.
    """

    def __init__(
        self, sentence: str, file: str = "", line: int | None = None, column: str | None = None
    ):
        self.sentence, self.file, self.line, self.column = sentence, file, line, column
        super().__init__(sentence, file, line, column)

    def __str__(self) -> str:
        place = [
            printable(self.file) or "the table",
            f"line {self.line}" if self.line else "",
            _column(self.column) if self.column else "",
        ]
        return f"{', '.join(filter(None, place))}: {self.sentence}"


def _column(name: str) -> str:
    """Without a header, columns are called “column 3” already."""
    return short_text(name) if name.startswith("column ") else f"column {short_text(name)}"


def of_file(error: TableError, file: str) -> TableError:
    """The same error, with the name of the file."""
    return TableError(error.sentence, file, error.line, error.column)
