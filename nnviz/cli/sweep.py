"""``nnviz sweep``: train many runs that differ in some fields, and write a table of results."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, TypeVar

from ..problems import short_text
from ..recipe.kinds import Integer
from ..recipe.look import LOOK_FIELDS
from ..recipe.moment import Moment
from . import output
from .errors import Failure, Misuse
from .options import PlainText
from .parser import Parser, flag, value
from .progress import bar
from .runs import add_epoch, add_run, moment_of

if TYPE_CHECKING:
    from ..sweeps.plan import Plan
    from ..sweeps.results import Results
    from ..sweeps.run import Run

EXAMPLES = """
    nnviz sweep --data xor --vary "hidden=2;3;4" --seeds 100 --target test_accuracy=0.95 -o xor.csv
    nnviz sweep --vary learning_rate=0.01..1:log:5 --vary "activation=*" --seeds 10 -o sweep.parquet
    nnviz sweep "http://localhost:8501/?data=moons" --vary noise=0,0.1,0.3 --data-seeds 5 -o s.jsonl

    The same command goes on where it was stopped. A field that varies is given its values, with
    semicolons where a value has commas: hidden=4;8;16,16. learning_rate=0.01..1:log:5 are five
    from 0.01 to 1, noise=0..0.5:6 six evenly spaced, samples=50..60 whole numbers, activation=*
    all. A shell takes ; and * for its own, unless they are quoted.
"""

Result = TypeVar("Result")

_SEEDS = PlainText(
    default="1", label="Seeds", metavar="N|N,…",
    help="How many weight seeds, from the run's own on, or a list: 3,5 or 5..14.",
)  # fmt: skip
_DATA_SEEDS = PlainText(
    default="1", label="Data seeds", metavar="N|N,…",
    help="How many data seeds, from the run's own on, or a list.",
)  # fmt: skip
_SAMPLE = Integer(
    default=None, low=1, high=1_000_000, label="Sample",
    help="Train a random sample of so many combinations instead of all.",
)  # fmt: skip
_SAMPLE_SEED = Integer(
    default=0, low=0, high=2**32 - 1, label="Sample seed", help="Another seed gives another sample."
)
_PAGE = PlainText(
    default="http://localhost:8501/", label="Page", metavar="URL",
    help="The page that links lead to.",
)  # fmt: skip
_JOBS = Integer(
    default=None, low=1, high=1024, label="Jobs",
    help="How many processes train; the default is one for each core.",
)  # fmt: skip
_DASK = PlainText(
    default=None, label="Dask", metavar="ADDRESS",
    help="Train on the Dask cluster whose scheduler has this address, such as tcp://host:8786, "
    "or, as local:4, on a new one of four processes.",
)  # fmt: skip
_RULES = {name: LOOK_FIELDS[name] for name in ("stop_loss", "stop_patience")}


def add(parser: Parser) -> None:
    add_run(parser)
    add_epoch(parser)
    parser.add_argument(
        "--vary", action="append", default=[], metavar="FIELD=VALUES",
        help="A field of the run that varies, and its values; can be given several times.",
    )  # fmt: skip
    parser.field("seeds", _SEEDS)
    parser.field("data_seeds", _DATA_SEEDS)
    parser.field("sample", _SAMPLE)
    parser.field("sample_seed", _SAMPLE_SEED)
    for name, kind in _RULES.items():
        parser.field(name, kind)
    parser.add_argument(
        "--target", action="append", default=[], metavar="METRIC=X",
        help="Add a column: the first epoch at which a metric is reached, such as "
        "test_accuracy=0.95; can be given several times.",
    )  # fmt: skip
    parser.add_argument("--curves", action="store_true", help="Add a column of thinned histories.")
    parser.field("page", _PAGE)
    parser.field("jobs", _JOBS)
    parser.field("dask", _DASK)
    parser.add_argument("--yes", action="store_true", help="Start a large sweep without asking.")
    parser.add_argument(
        "-o", "--out", dest="o", metavar="FILE", required=True,
        help="The file of results, ending in .csv, .jsonl or .parquet; rows are appended to it as "
        "they come.",
    )  # fmt: skip


def run(args: argparse.Namespace) -> None:
    from ..sweeps import SweepError

    moment = moment_of(args)
    plan = plan_of(args, moment)
    results = results_of(args.o)
    try:
        with results.held():
            _go_on(args, plan, results)
    except SweepError as error:
        raise Failure(str(error)) from None
    except OSError as error:
        raise Failure(f"-o: {error}") from None
    held = f"all {len(plan)} runs" if len(plan) > 1 else "the run"
    output.notify(f"{args.o} holds {held}")
    if plan.excess:
        how = "the report saves each as a file that does"
        output.notify(f"note: {plan.excess}, so no link opens these runs; {how}")


def _go_on(args: argparse.Namespace, plan: Plan, results: Results) -> None:
    """Train the runs that are not among the results yet."""
    done, jobs = results.done(plan), value(args, "jobs", _JOBS)
    if plan.left_out_sentence:
        output.notify(plan.left_out_sentence)
    if done:
        output.notify(f"{len(done)} of {len(plan)} runs are in {args.o} already")
    if len(done) < len(plan):
        with _place(value(args, "dask", _DASK)):
            _announce(plan, len(plan) - len(done), jobs, args.yes)
            _train(plan, done, results, jobs)
    results.finish()


def plan_of(args: argparse.Namespace, moment: Moment) -> Plan:
    """The plan that the arguments describe; raises :class:`Misuse`."""
    from ..sweeps.plan import make_plan
    from ..sweeps.run import Target
    from ..sweeps.vary import read, read_seeds

    rules = {
        name: value(args, name, kind, getattr(moment.look, name)) for name, kind in _RULES.items()
    }
    return _read(
        "",
        lambda: make_plan(
            moment.recipe,
            _read("--vary: ", lambda: read(args.vary)),
            seeds=_read("--seeds: ", lambda: read_seeds(value(args, "seeds", _SEEDS))),
            data_seeds=_read(
                "--data-seeds: ", lambda: read_seeds(value(args, "data_seeds", _DATA_SEEDS))
            ),
            epoch=moment.epoch,
            targets=_read("--target: ", lambda: [Target.read(text) for text in args.target]),
            sample=value(args, "sample", _SAMPLE),
            sample_seed=value(args, "sample_seed", _SAMPLE_SEED),
            curves=args.curves,
            page=value(args, "page", _PAGE),
            **rules,
        ),
    )


def _read(option: str, reading: Callable[[], Result]) -> Result:
    from ..sweeps import SweepError

    try:
        return reading()
    except SweepError as error:
        raise Misuse(f"{option}{error}") from None


def results_of(path: str, option: str = "-o: ") -> Results:
    """The file of results at a path; raises :class:`Misuse` for an unknown ending."""
    from ..export.atomic import WriteError
    from ..sweeps.results import FORMATS, Results

    try:
        return Results(path)
    except KeyError:
        known = ", ".join(f".{name}" for name in FORMATS)
        rule = f"the file name must end in one of {known}"
        raise Misuse(f"{option}{rule}; got {short_text(path)}") from None
    except WriteError as error:
        raise Failure(f"{option}{error}") from None


def _place(dask: str | None) -> AbstractContextManager[None]:
    """Where runs are trained: on a cluster, or on this machine."""
    if dask is None:
        return nullcontext()
    from ..sweeps.cluster import cluster

    return cluster(dask)


def _announce(plan: Plan, left: int, jobs: int | None, sure: bool) -> None:
    """Print how many runs there are and how long they take; ask before many are started."""
    from ..sweeps import estimate
    from ..sweeps.engine import workers

    count = workers(jobs)
    seconds = left * estimate.seconds_of_a_run(plan) / min(count, left)
    sentence = estimate.sentence(left, seconds, count)
    if sure or not estimate.is_large(left, seconds):
        output.notify(sentence)
        return
    if not _can_ask():
        raise Misuse(f"{sentence}: {estimate.bound()} need {flag('yes')}")
    output.notify(f"{sentence}: {estimate.bound()}. Start? [y/N]")
    if input().strip().lower() not in ("y", "yes"):
        raise Failure("not started")


def _can_ask() -> bool:
    return bool(sys.stdin and sys.stderr) and sys.stdin.isatty() and sys.stderr.isatty()


def _train(plan: Plan, done: set[str], results: Results, jobs: int | None) -> None:
    from ..sweeps.engine import unordered
    from ..sweeps.run import row_of

    left: Iterator[Run] = (each for each in plan if each.key not in done)
    with results.append(plan) as file, bar("training", len(plan) - len(done), "run") as tick:
        for row in unordered(row_of, left, jobs):
            file.add(plan.completed(row))
            tick(1)
