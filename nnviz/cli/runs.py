"""Choosing a run by options, a file or a link, and training it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from ..problems import RecipeError, short_text
from ..recipe.kinds import Integer
from ..recipe.moment import EPOCH, SUFFIX, Moment
from ..recipe.recipe import FIELDS, Recipe
from . import tables
from .errors import Failure, Misuse
from .options import PlainText
from .parser import Parser, flag, value
from .progress import bar

if TYPE_CHECKING:
    from ..training.trainer import Trainer

DEFAULT_EPOCH = 500
_RUN = PlainText(
    default=None, label="Run", metavar="FILE|LINK",
    help=f"the run to start from: a recipe (JSON), an experiment ({SUFFIX}), - for one of these "
    "on standard input, or a link copied from the page, in quotes. Options override its fields.",
)  # fmt: skip


@dataclass(frozen=True)
class _Source:
    """The moment of a file or a link; ``epoch`` is None if it does not contain one."""

    moment: Moment
    epoch: int | None = None


def add_run(parser: Parser) -> None:
    """Add the options that choose a run: a file, a link, and each field of the recipe."""
    parser.add_argument("run", nargs="?", metavar=_RUN.metavar, help=_RUN.help)
    parser.add_argument("--recipe", metavar="FILE|LINK", help="The run, as an option.")
    parser.usage = "%(prog)s [OPTION …] [FILE|LINK]"
    group = parser.add_argument_group(
        "the run", "The fields of a recipe, named as in links and files."
    )
    for name, kind in FIELDS.items():
        parser.field(name, replace(kind, help=tables.HELP) if name == "data" else kind, group)
    tables.add(parser)


def add_epoch(parser: Parser, default: int = DEFAULT_EPOCH) -> None:
    parser.field("epoch", epoch_kind(default))


def epoch_kind(default: int = DEFAULT_EPOCH, help: str = EPOCH.help) -> Integer:  # noqa: A002
    return replace(
        EPOCH,
        default=default,
        help=f"{help} The default is that of the link or experiment, if any.",
    )


def moment_of(
    args: argparse.Namespace, default: int = DEFAULT_EPOCH, epoch: str = "epoch"
) -> Moment:
    """The moment chosen by the arguments; ``epoch`` is the name of the epoch's option."""
    source = _source(args)
    start, default_epoch = source.moment, default if source.epoch is None else source.epoch
    moment = Moment(_recipe_of(args, start.recipe), value(args, epoch, epoch_kind(), default_epoch))
    try:
        return replace(moment, look=start.look)
    except RecipeError:  # options changed the run, which cannot show this look
        return moment


def train(moment: Moment) -> Trainer:
    """A trainer at the moment; raises :class:`Failure` if the run diverges before it."""
    trainer = train_as_far(moment)
    if trainer.epoch < moment.epoch:
        raise Failure(end_reason(trainer, moment.epoch))
    return trainer


def train_as_far(moment: Moment) -> Trainer:
    """A trainer at the moment, or at the last epoch of a run that diverges before it."""
    from threadpoolctl import threadpool_limits

    from ..training.trainer import Trainer

    with threadpool_limits(1, user_api="blas"):  # the same sums as on the page
        trainer = Trainer(moment.recipe)
        with bar("training", moment.epoch, "epoch") as done:
            while trainer.epoch < moment.epoch and not trainer.finished:
                done(trainer.stride(moment.epoch - trainer.epoch))
    return trainer


def end_reason(trainer: Trainer, epoch: int) -> str:
    """A sentence that says why the run ends before ``epoch``."""
    why = (trainer.diverged or "").rstrip(".")
    end = f"the run ends at epoch {trainer.epoch}, before epoch {epoch}"
    return f"{end}: {why[:1].lower()}{why[1:]}"


# --- reading --------------------------------------------------------------------------


def _recipe_of(args: argparse.Namespace, start: Recipe) -> Recipe:
    """The recipe of ``start`` changed by the options."""
    given = {name: kind.read(text) for name, kind in FIELDS.items()
             if (text := getattr(args, name)) is not None}  # fmt: skip
    if tables.is_own(args.data):
        content = _bytes_of(args.data, tables.MOST_BYTES)
        given |= {"data": tables.table_of(args, content, start), "features": ()}
    else:
        tables.refuse_options(args)
    values = vars(start) | given
    if values["data"] != start.data and "features" not in given:
        values["features"] = ()  # another data set has other features
    try:
        return Recipe(**values)
    except RecipeError as error:
        raise Misuse(*(f"{flag(name)}: {text}" for name, text in error.problems.items())) from None


def _source(args: argparse.Namespace) -> _Source:
    if args.run is not None and args.recipe is not None:
        raise Misuse(f"give either {args.run} or --recipe {args.recipe}, not both")
    if args.data == tables.STDIN in (args.run, args.recipe):
        raise Misuse("standard input is either the run or --data, not both")
    text = args.recipe if args.run is None else args.run
    if text is None:
        return _Source(Moment(Recipe()))
    try:
        return _of_link(text) if _is_link(text) else _of_file(_bytes_of(text))
    except RecipeError as error:
        name = "the link" if _is_link(text) else "standard input" if text == "-" else text
        raise Misuse(*(f"{name}: {problem}" for problem in error.problems.values())) from None


def _is_link(text: str) -> bool:
    return "://" in text or text.startswith("?") or ("=" in text and not os.path.exists(text))


def _of_link(text: str) -> _Source:
    query = urlsplit(text).query if "://" in text else text.removeprefix("?")
    moment = Moment.from_query(query)
    has_epoch = "epoch" in dict(parse_qsl(query))
    return _Source(moment, moment.epoch if has_epoch else None)


def _of_file(content: bytes) -> _Source:
    moment = Moment.from_json(content)
    document: Any = json.loads(content)
    has_epoch = isinstance(document, Mapping) and "epoch" in document
    return _Source(moment, moment.epoch if has_epoch else None)


def _bytes_of(path: str, most: int = -1) -> bytes:
    """The bytes of a file or of standard input, one more than ``most`` at most."""
    if path == "-":
        return sys.stdin.buffer.read(most if most < 0 else most + 1)
    try:
        with open(path, "rb") as file:
            return file.read(most if most < 0 else most + 1)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise Failure(f"{short_text(path)} cannot be read: {why}") from None
