"""``nnviz sweep report``: the results of a sweep as one HTML page, or one figure as a picture."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..export.render import FORMATS, CannotDraw, prepare, render
from ..recipe.kinds import Choice, Integer
from ..sweeps.pictures import FIGURES
from . import output
from .errors import Failure
from .parser import Parser, value
from .progress import bar

if TYPE_CHECKING:
    from ..sweeps.portrait import Portrait
    from ..sweeps.summary import Summary

EXAMPLES = """
    nnviz sweep report sweep.parquet -o report.html
    nnviz sweep report xor.csv --picture boundaries -o xor.png

    The page needs no network. Runs are trained again for their pictures and curves.
"""

_SCALE = 2  # pixels of a file for each of the figure's

_PICTURE = Choice(
    default=None, table=FIGURES, label="Picture",
    help="Draw one figure alone, instead of the page.",
)  # fmt: skip
_JOBS = Integer(
    default=None, low=1, high=1024, label="Jobs",
    help="How many processes train; the default is one for each core.",
)  # fmt: skip


def add(parser: Parser) -> None:
    parser.add_argument("results", metavar="FILE", help="The file that nnviz sweep has written.")
    output.add(parser, FORMATS)
    parser.field("picture", _PICTURE)
    parser.field("jobs", _JOBS)


def run(args: argparse.Namespace) -> None:
    from ..sweeps import SweepError
    from ..sweeps.report import by_run, report

    name = value(args, "picture", _PICTURE)
    known = {"html": FORMATS["html"]} if name is None else FORMATS
    form = output.format_of(args.o, "html" if args.o == output.STDOUT else None, known)
    output.check(args.o)
    try:
        if name is not None:
            prepare(form)
        summary = _summary(args.results)
        portraits = {p.key: p for p in _portraits(summary, value(args, "jobs", _JOBS))}
        if name is None:
            data = report(summary, portraits)
        else:
            data = render(FIGURES[name].draw(summary, by_run(summary, portraits)), form, _SCALE)
    except SweepError as error:
        named = "" if str(error).startswith(args.results) else f"{args.results}: "
        raise Failure(f"{named}{error}") from None
    except CannotDraw as error:
        raise Failure(str(error)) from None
    output.write(args.o, data)


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
