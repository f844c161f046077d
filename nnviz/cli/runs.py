"""Which run, and training it: from options, a file or a link to a trainer at an epoch."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from ..problems import RecipeError, shortly
from ..recipe.kinds import Integer
from ..recipe.moment import EPOCH, SUFFIX, Moment
from ..recipe.recipe import FIELDS, Recipe
from .errors import Failure, Misuse
from .kinds import PlainText
from .parser import Parser, flag, value
from .progress import bar

if TYPE_CHECKING:
    from ..training.trainer import Trainer

START = 500  # the epoch shown where nothing says which
_RUN = PlainText(
    default=None, label="Run", stands_for="FILE|LINK",
    help=f"the run to start from: a recipe (JSON), an experiment ({SUFFIX}), - for one of these "
    "on standard input, or a link copied from the page, in quotes. Options override what it says.",
)  # fmt: skip


@dataclass(frozen=True)
class _Given:
    """A moment as a file or a link has it; ``epoch`` None where that says nothing about it."""

    moment: Moment
    epoch: int | None = None


def add_run(parser: Parser) -> None:
    """The options that say which run: one a field of the recipe, a file or a link."""
    parser.add_argument("run", nargs="?", metavar=_RUN.stands_for, help=_RUN.help)
    parser.add_argument("--recipe", metavar="FILE|LINK", help="The same as an option.")
    parser.usage = "%(prog)s [OPTION …] [FILE|LINK]"
    group = parser.add_argument_group(
        "the run", "Every field of a recipe, by the name that links and files give it."
    )
    for name, kind in FIELDS.items():
        parser.field(name, kind, group)


def add_epoch(parser: Parser, default: int = START) -> None:
    parser.field("epoch", epoch_kind(default))


def epoch_kind(default: int = START, help: str = EPOCH.help) -> Integer:  # noqa: A002
    return replace(EPOCH, default=default, help=f"{help} A link or experiment says its own.")


def moment_of(args: argparse.Namespace, default: int = START, epoch: str = "epoch") -> Moment:
    """The run and epoch asked for; ``epoch`` is the name of the option for it."""
    given = _given(args)
    settled = default if given.epoch is None else given.epoch
    start = given.moment
    moment = Moment(_recipe_of(args, start.recipe), value(args, epoch, epoch_kind(), settled))
    try:
        return replace(moment, look=start.look)
    except RecipeError:  # options ask for another run, which has not got what was looked at
        return moment


def train(moment: Moment) -> Trainer:
    """A trainer at that moment; raises :class:`Failure` where the run does not get there."""
    trainer = train_as_far(moment)
    if trainer.epoch < moment.epoch:
        raise Failure(ended(trainer, moment.epoch))
    return trainer


def train_as_far(moment: Moment) -> Trainer:
    """A trainer at that moment, or at the last epoch before it where the run diverges."""
    from threadpoolctl import threadpool_limits

    from ..training.trainer import Trainer

    with threadpool_limits(1, user_api="blas"):  # sums as on the page
        trainer = Trainer(moment.recipe)
        with bar("training", moment.epoch, "epoch") as done:
            while trainer.epoch < moment.epoch and not trainer.finished:
                done(trainer.stride(moment.epoch - trainer.epoch))
    return trainer


def ended(trainer: Trainer, epoch: int) -> str:
    """Why the run does not get as far as ``epoch``, in one sentence."""
    why = (trainer.diverged or "").rstrip(".")
    end = f"the run ends at epoch {trainer.epoch}, before epoch {epoch}"
    return f"{end}: {why[:1].lower()}{why[1:]}"


# --- reading --------------------------------------------------------------------------


def _recipe_of(args: argparse.Namespace, start: Recipe) -> Recipe:
    """The recipe of ``start`` with the options given."""
    given = {name: kind.read(text) for name, kind in FIELDS.items()
             if (text := getattr(args, name)) is not None}  # fmt: skip
    values = vars(start) | given
    if values["data"] != start.data and "features" not in given:
        values["features"] = ()  # other data have other features
    try:
        return Recipe(**values)
    except RecipeError as error:
        raise Misuse(*(f"{flag(name)}: {said}" for name, said in error.problems.items())) from None


def _given(args: argparse.Namespace) -> _Given:
    if args.run is not None and args.recipe is not None:
        raise Misuse(f"give one run, as {args.run} or as --recipe {args.recipe}, not both")
    text = args.recipe if args.run is None else args.run
    if text is None:
        return _Given(Moment(Recipe()))
    try:
        return _of_link(text) if _is_link(text) else _of_file(_bytes_of(text))
    except RecipeError as error:
        name = "the link" if _is_link(text) else "standard input" if text == "-" else text
        raise Misuse(*(f"{name}: {said}" for said in error.problems.values())) from None


def _is_link(text: str) -> bool:
    return "://" in text or text.startswith("?") or ("=" in text and not os.path.exists(text))


def _of_link(text: str) -> _Given:
    query = urlsplit(text).query if "://" in text else text.removeprefix("?")
    moment = Moment.from_query(query)
    says_epoch = "epoch" in dict(parse_qsl(query))
    return _Given(moment, moment.epoch if says_epoch else None)


def _of_file(content: bytes) -> _Given:
    moment = Moment.from_json(content)
    document: Any = json.loads(content)
    says_epoch = isinstance(document, Mapping) and "epoch" in document
    return _Given(moment, moment.epoch if says_epoch else None)


def _bytes_of(path: str) -> bytes:
    if path == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise Failure(f"{shortly(path)} cannot be read: {why}") from None
