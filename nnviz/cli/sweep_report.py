"""``nnviz sweep report``: the results of a sweep as one HTML page."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..recipe.kinds import Integer
from . import output
from .errors import Failure
from .parser import Parser, value
from .progress import bar

if TYPE_CHECKING:
    from ..sweeps.portrait import Portrait
    from ..sweeps.summary import Summary

EXAMPLES = """
    nnviz sweep report sweep.parquet -o report.html
    nnviz sweep report xor.csv -o xor.html

    The page needs no network. Runs are trained again for their pictures and curves.
"""

_JOBS = Integer(
    default=None, low=1, high=1024, label="Jobs",
    help="How many processes train; the default is one for each core.",
)  # fmt: skip


def add(parser: Parser) -> None:
    parser.add_argument("results", metavar="FILE", help="The file that nnviz sweep has written.")
    output.add(parser, {"html": None})
    parser.field("jobs", _JOBS)


def run(args: argparse.Namespace) -> None:
    from ..sweeps import SweepError

    output.format_of(args.o, "html" if args.o == output.STDOUT else None, {"html": None})
    output.check(args.o)
    try:
        summary = _summary(args.results)
        portraits = {p.key: p for p in _portraits(summary, value(args, "jobs", _JOBS))}
    except SweepError as error:
        raise Failure(f"{args.results}: {error}") from None
    from ..sweeps.report import report

    output.write(args.o, report(summary, portraits))


def _summary(path: str) -> Summary:
    from pathlib import Path

    from ..sweeps.summary import summarise
    from .sweep import results_of

    if not Path(path).is_file():
        raise Failure(f"{path} cannot be read: no such file")
    return summarise(results_of(path, option="").rows())


def _portraits(summary: Summary, jobs: int | None) -> Iterator[Portrait]:
    from ..sweeps.engine import unordered
    from ..sweeps.portrait import portrait_of
    from ..sweeps.report import run_at, shown_runs

    numbers = shown_runs(summary)
    with bar("drawing", len(numbers), "run") as tick:
        for portrait in unordered(portrait_of, (run_at(summary, n) for n in numbers), jobs):
            tick(1)
            yield portrait
