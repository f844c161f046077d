"""``nnviz animate``: draw a run as an animation, one epoch per frame."""

from __future__ import annotations

import argparse
from dataclasses import replace

from threadpoolctl import threadpool_limits

from ..export.animation import FIELDS, FORMATS, SIDES, AnimationPlan, animate, layer
from ..export.render import CannotDraw, NoChrome, advice, render
from ..problems import RecipeError
from ..recipe.kinds import Choice
from ..recipe.moment import Moment
from ..training.trainer import Trainer
from . import output
from .errors import Failure, Misuse
from .look import add_look, look_of
from .options import Size
from .parser import Parser, flag, value
from .progress import bar, clock
from .runs import DEFAULT_EPOCH, add_run, end_reason, epoch_kind, moment_of, train

EXAMPLES = """
    nnviz animate -o circles.gif
    nnviz animate --data spirals --hidden 16,16 --last 2000 --spacing early -o spirals.webp
    nnviz animate --data iris --view regions --frames 120 --fps 30 --size 800x800 -o iris.mp4
    nnviz animate "http://localhost:8501/?data=xor&epoch=300" -o xor.html
"""

_FIRST = replace(FIELDS["first"], help="The epoch of the first frame.")
_LAST = epoch_kind(DEFAULT_EPOCH, "The epoch of the last frame.")
_FORMAT = Choice(
    default=None, table=FORMATS, label="Format",
    help="Format of the file, if its name does not end in one.",
)  # fmt: skip
_SIZE = Size(
    default=AnimationPlan().size,
    low=SIDES[0],
    high=SIDES[1],
    label="Size",
    help="Width and height.",
)
_FLAGS = {"count": "frames"}  # option of a plan's field where the names differ


def add(parser: Parser) -> None:
    add_run(parser)
    output.add(parser, FORMATS)
    parser.field("format", _FORMAT)
    parser.field("first", _FIRST)
    parser.field("last", _LAST, also=["epoch"])
    parser.field("frames", FIELDS["count"])
    parser.field("spacing", FIELDS["spacing"])
    parser.field("fps", FIELDS["fps"])
    parser.field("size", _SIZE)
    parser.add_argument("--no-caption", action="store_true", help="Leave out the line of numbers.")
    add_look(parser)


def run(args: argparse.Namespace) -> None:
    file_format = output.format_of(args.o, value(args, "format", _FORMAT), FORMATS)
    moment = moment_of(args, epoch="last")
    plan = _plan(args, moment)
    output.check(args.o)
    output.refuse_terminal(args.o)
    if missing := FORMATS[file_format].missing():
        raise Failure(missing)
    # drawn before training, so that errors are shown at once
    png = _png(moment, plan) if FORMATS[file_format].needs_layer else None
    trainer = train(Moment(moment.recipe, plan.first))
    with threadpool_limits(1, user_api="blas"), bar("drawing", len(plan.epochs()), "frame") as done:
        data = animate(trainer, plan, file_format, png, lambda *_: done(1))
    if trainer.epoch < plan.last:
        raise Failure(end_reason(trainer, plan.last))
    output.write(args.o, data)


def _plan(args: argparse.Namespace, moment: Moment) -> AnimationPlan:
    try:
        return AnimationPlan(
            first=value(args, "first", _FIRST), last=moment.epoch,
            count=value(args, "frames", FIELDS["count"]),
            spacing=value(args, "spacing", FIELDS["spacing"]),
            fps=value(args, "fps", FIELDS["fps"]), size=value(args, "size", _SIZE),
            theme=value(args, "theme", FIELDS["theme"]), look=look_of(args, moment),
            caption=not args.no_caption,
        )  # fmt: skip
    except RecipeError as error:
        problems = {_FLAGS.get(name, name): text for name, text in error.problems.items()}
        raise Misuse(*(f"{flag(name)}: {text}" for name, text in problems.items())) from None


def _png(moment: Moment, plan: AnimationPlan) -> bytes:
    with clock("drawing"):
        try:
            return render(layer(Trainer(moment.recipe), plan), "png")
        except NoChrome as error:
            with_one = [f.label for f in FORMATS.values() if f.needs_layer]
            without = [f.label for f in FORMATS.values() if not f.needs_layer]
            raise Failure(advice(error.trouble, with_one, without)) from None
        except CannotDraw as error:
            raise Failure(str(error)) from None
