"""``nnviz code``: a run as a script that makes it again."""

from __future__ import annotations

import argparse

from ..recipe.kinds import Choice
from ..writing.programs import FLAVOURS, NotExpressible, differences, program
from . import output
from .errors import Failure
from .output import STDOUT
from .parser import Parser, value
from .runs import add_epoch, add_run, moment_of

EXAMPLES = """
    nnviz code
    nnviz code --data iris --hidden 10,4 --epoch 300 -o iris.py
    nnviz code experiment.nnviz.json --flavour torch -o run.py
    nnviz code "http://localhost:8501/?data=xor&epoch=300" --flavour sklearn | python
"""

_FLAVOUR = Choice(default="numpy", table=FLAVOURS, label="Flavour", help="What it is written for.")


def add(parser: Parser) -> None:
    add_run(parser)
    add_epoch(parser)
    parser.field("flavour", _FLAVOUR)
    parser.add_argument(
        "-o", "--out", dest="o", metavar="FILE", default=STDOUT,
        help="The script; without it, it goes to standard output. What it does otherwise than "
        "nnviz itself is told on standard error.",
    )  # fmt: skip


def run(args: argparse.Namespace) -> None:
    flavour, moment = value(args, "flavour", _FLAVOUR), moment_of(args)
    output.check(args.o)
    try:
        script = program(moment.recipe, moment.epoch, flavour)
        notes = differences(moment.recipe, moment.epoch, flavour)
    except NotExpressible as error:
        raise Failure(f"--flavour {flavour}: {error}") from None
    for note in notes:
        output.notify(f"note: {note}")
    output.write(args.o, script.encode())
