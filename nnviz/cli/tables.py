"""Your own data on the command line: ``--data flowers.csv``, and the options that belong to it."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..problems import RecipeError
from ..recipe.kinds import Choice, Flag, Kind
from ..recipe.recipe import FIELDS, Recipe
from . import output
from .errors import Misuse
from .options import PlainText
from .parser import Parser, flag, value

if TYPE_CHECKING:
    from ..recipe.table import Table

STDIN = "-"
MOST_BYTES = 5_000_000  # as in tables.decoding, which is imported where a file is read
HELP = (
    "The points to be classified. A name, or your own data: a file (CSV in any dialect, .xlsx), or "
    "- for standard input."
)

_LABEL = PlainText(
    default=None, label="Label", metavar="COLUMN", help="The column with the classes, 2 to 8."
)
_PROJECTION = Choice(
    default=None, label="Projection",
    table={"pca": "two principal components", "lda": "two linear discriminants"},
    help="Compute the axes from all --features, on the training part.",
)  # fmt: skip
_ENCODING = PlainText(
    default=None, label="Encoding", metavar="NAME", help="Such as utf-8 or cp1252."
)
_DELIMITER = Choice(
    default=None, label="Delimiter", help="What separates the fields.",
    table={"comma": "1,2", "semicolon": "1;2", "tab": "between tabs", "pipe": "1|2",
           "space": "1 2"},
)  # fmt: skip
_DECIMAL = Choice(
    default=None, label="Decimal", help="The decimal mark.", table={"point": "1.5", "comma": "1,5"}
)
_HEADER = Flag(default=None, label="Header", help="Whether the first row has the columns' names.")

OPTIONS: dict[str, Kind] = {
    "label": _LABEL, "projection": _PROJECTION, "encoding": _ENCODING, "delimiter": _DELIMITER,
    "decimal": _DECIMAL, "header": _HEADER,
}  # fmt: skip


def add(parser: Parser) -> None:
    """Add the options that only your own data have; without them everything is detected."""
    group = parser.add_argument_group(
        "your own data",
        "For --data FILE. Options not given are found from the file. --features are columns.",
    )
    for name, kind in OPTIONS.items():
        parser.field(name, kind, group)


def is_own(text: str | None) -> bool:
    """Whether ``--data`` names a file or standard input, and no data set."""
    if text is None or text in FIELDS["data"].table or text.startswith("table:"):  # type: ignore[attr-defined]
        return False
    return text == STDIN or any(sign in text for sign in "./\\") or Path(text).is_file()


def refuse_options(args: argparse.Namespace) -> None:
    """Raise :class:`Misuse` for options that have no effect without your own data."""
    given = [flag(name) for name in OPTIONS if getattr(args, name) is not None]
    if given:
        raise Misuse(*(f"{name}: is for your own data, such as --data flowers.csv"
                       for name in given))  # fmt: skip


def table_of(args: argparse.Namespace, content: bytes, start: Recipe) -> Table:
    """The table in a file, by the options; what was done with its rows goes to standard error."""
    from ..tables import choosing, dialect, reader
    from ..tables.errors import TableError

    reading = reader.Reading(
        value(args, "encoding", _ENCODING),
        _mark(value(args, "delimiter", _DELIMITER), dialect.DELIMITERS),
        _mark(value(args, "decimal", _DECIMAL), dialect.DECIMALS),
        value(args, "header", _HEADER),
    )
    columns = () if args.features is None else _columns(args.features)
    choices = choosing.TableChoices(
        value(args, "label", _LABEL), columns, value(args, "projection", _PROJECTION)
    )
    name = "standard input" if args.data == STDIN else Path(args.data).name
    try:
        sheet = reader.read(content, name, reading)
        prepared = choosing.prepare(
            sheet, choices, test_share=_field(args, "test_share", start),
            data_seed=_field(args, "data_seed", start),
        )  # fmt: skip
    except (TableError, RecipeError) as error:
        raise Misuse(f"--data: {error}") from None
    chosen = prepared.choices
    output.notify(f"{prepared.table.summary}: {', '.join(prepared.table.axes)} by {chosen.label}")
    for note in prepared.notes:
        output.notify(f"note: {note}")
    return prepared.table


def _columns(text: str) -> tuple[str, ...]:
    """Names between commas; one that has a comma in it stands in double quotes."""
    return tuple(name.strip() for name in next(csv.reader([text], skipinitialspace=True)))


def _mark(name: str | None, names: dict[str, str]) -> str | None:
    return None if name is None else next(mark for mark, each in names.items() if each == name)


def _field(args: argparse.Namespace, name: str, start: Recipe) -> Any:
    return value(args, name, FIELDS[name], getattr(start, name))
