"""``nnviz code``: write a script that reproduces a run."""

from __future__ import annotations

import argparse

from ..recipe.kinds import Choice
from ..writing.programs import FLAVOURS, NotExpressible, differences, program
from ..writing.programs.table import is_inline, points_file
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

_FLAVOUR = Choice(
    default="numpy", table=FLAVOURS, label="Flavour", help="The library that the script uses."
)


def add(parser: Parser) -> None:
    add_run(parser)
    add_epoch(parser)
    parser.field("flavour", _FLAVOUR)
    parser.add_argument(
        "-o", "--out", dest="o", metavar="FILE", default=STDOUT,
        help="Write the script to FILE; the default is standard output. Differences from nnviz "
        "itself are listed on standard error.",
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
    if (table := moment.recipe.table) and not is_inline(table):
        output.notify(f"note: the script reads the points from {points_file(moment)}, which "
                      "nnviz export --what points writes")  # fmt: skip
    output.write(args.o, script.encode())
