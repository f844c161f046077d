"""Output of a command's result: a file, written completely or not at all, or standard output."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..export import atomic
from ..problems import printable, short_text
from .errors import Failure, Misuse
from .parser import Parser

STDOUT = "-"


def add(parser: Parser, table: Mapping[str, Any]) -> None:
    """The option ``-o`` for a file of one of the formats in ``table``."""
    parser.add_argument(
        "-o", "--out", dest="o", metavar="FILE", required=True,
        help=f"The file, ending in {', '.join('.' + name for name in table)}; - is standard "
        "output.",
    )  # fmt: skip


def check(path: str, option: str = "-o") -> None:
    """Raise :class:`Failure` if the file cannot be written; to be used before any work is done."""
    if path == STDOUT:
        return
    try:
        atomic.check(path)
    except atomic.WriteError as error:
        raise Failure(f"{option}: {error}") from None


def write(path: str, data: bytes, option: str = "-o") -> None:
    """Write a result to a file, with a message, or to standard output."""
    if path == STDOUT:
        write_out(data)
        return
    try:
        atomic.write(path, data)
    except atomic.WriteError as error:
        raise Failure(f"{option}: {error}") from None
    notify(f"wrote {path} ({_amount(len(data))})")


def write_out(data: bytes) -> None:
    """Write bytes to standard output."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def notify(sentence: str) -> None:
    """Print a message on standard error."""
    print(f"nnviz: {printable(sentence)}", file=sys.stderr)


def format_of(path: str, named: str | None, table: Mapping[str, Any], option: str = "-o") -> str:
    """The format ``named``, or the one that the path ends in; a key of ``table``.

    Raises :class:`Misuse` if the path ends in another format than ``named``.
    """
    ending = Path(path).suffix.lower().removeprefix(".")
    if named is not None:
        if ending in table and table[ending] is not table[named]:
            raise Misuse(f"{option}: the file name must end in .{named}; got {short_text(path)}")
        return named
    if path == STDOUT:
        raise Misuse(f"-o -: choose the --format for standard output: {', '.join(table)}")
    if ending not in table:
        known = ", ".join(f".{name}" for name in table)
        raise Misuse(f"{option}: the file name must end in one of {known}; got {short_text(path)}")
    return ending


def refuse_terminal(path: str) -> None:
    """Raise :class:`Misuse` for binary output to a terminal."""
    if path == STDOUT and sys.stdout.isatty():
        raise Misuse("-o -: the output is binary, not for a terminal; use a file or a pipe")


def _amount(size: int) -> str:
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
