"""``nnviz render``: draw a picture of a run at an epoch."""

from __future__ import annotations

import argparse
from dataclasses import replace

from ..analysis.snapshot import Snapshot
from ..export.pictures import PICTURES, ROW, Shot, picture
from ..export.pictures import size_of as default_size
from ..export.render import FORMATS, SCALE, CannotDraw, check, prepare, render
from ..problems import RecipeError
from ..recipe.kinds import Choice
from ..recipe.look import LOOK_FIELDS
from ..recipe.moment import Moment
from . import output
from .errors import Failure, Misuse
from .look import THEME, add_look, add_size, look_of, size_of
from .parser import Parser, value
from .progress import clock
from .runs import add_epoch, add_run, moment_of, train, train_as_far

EXAMPLES = """
    nnviz render -o circles.png
    nnviz render --data iris --epoch 300 --scale 2 -o iris.png
    nnviz render --data spirals --hidden 16,16 --epoch 2000 --view confidence -o spirals.svg
    nnviz render --data iris --class virginica --theme dark --no-caption -o virginica.pdf
    nnviz render --picture composed --size 1600x900 -o slide.png
    nnviz render "http://localhost:8501/?data=xor&epoch=300" -o xor.html
"""

_PICTURE = Choice(default="boundary", table=PICTURES, label="Picture", help="The picture to draw.")
_FORMAT = Choice(
    default=None, table=FORMATS, label="Format",
    help="Format of the file, if its name does not end in one.",
)  # fmt: skip
_PROBE = replace(
    LOOK_FIELDS["probe"],
    help="The point whose probabilities are shown; it is marked in the plane. The default is the "
    "centre.",
)  # fmt: skip


def add(parser: Parser) -> None:
    add_run(parser)
    add_epoch(parser)
    output.add(parser, FORMATS)
    parser.field("format", _FORMAT)
    parser.field("picture", _PICTURE)
    sizes = ", ".join(f"{p.name} {p.size[0]}x{p.size[1]}" for p in PICTURES.values())
    add_size(parser, note=f"; the default is {sizes}")
    parser.field("scale", SCALE)
    captions = parser.add_mutually_exclusive_group()
    captions.add_argument("--caption", metavar="TEXT", help="Replace the line below the picture.")
    captions.add_argument(
        "--no-caption", action="store_true", help="Leave out the line below the picture."
    )
    add_look(parser)
    parser.field("probe", _PROBE)
    note = "A logarithmic axis for {} in the picture losses."
    parser.add_argument("--log-loss", action="store_true", help=note.format("the loss"))
    parser.add_argument("--log-epochs", action="store_true", help=note.format("epochs"))


def run(args: argparse.Namespace) -> None:
    file_format = output.format_of(args.o, value(args, "format", _FORMAT), FORMATS)
    name, scale = value(args, "picture", _PICTURE), value(args, "scale", SCALE)
    moment = moment_of(args)
    look = replace(
        look_of(args, moment), probe=value(args, "probe", _PROBE, moment.look.probe),
        log_loss=args.log_loss or moment.look.log_loss,
        log_epochs=args.log_epochs or moment.look.log_epochs,
    )  # fmt: skip
    shot = Shot(
        look=look, size=size_of(args), theme=value(args, "theme", THEME),
        caption="" if args.no_caption else args.caption,
    )  # fmt: skip
    others = [run.recipe for run in look.beside if run.recipe] if name == ROW else []
    _check_pixels(file_format, shot.size or default_size(name, len(others)), scale)
    output.check(args.o)
    output.refuse_terminal(args.o)
    try:
        prepare(file_format)  # before training, so that errors are shown at once
        trainer = train(moment)
        beside = [Snapshot(train_as_far(Moment(recipe, moment.epoch))) for recipe in others]
        figure = picture(Snapshot(trainer, look=look, beside=beside), name, shot)
        with clock("drawing"):
            data = render(figure, file_format, scale)
    except CannotDraw as error:
        raise Failure(str(error)) from None
    output.write(args.o, data)


def _check_pixels(file_format: str, size: tuple[int, int], scale: float) -> None:
    try:
        check(file_format, size, scale)
    except RecipeError as error:
        raise Misuse(f"--scale: {error}") from None
