"""``nnviz export``: write points, history, weights or the run itself to a file."""

from __future__ import annotations

import argparse

from ..analysis.snapshot import Snapshot
from ..export.data_files import DATA_FILES
from ..problems import short_text
from ..recipe.kinds import Choice
from . import output
from .errors import Misuse
from .output import STDOUT
from .parser import Parser, value
from .runs import add_epoch, add_run, moment_of, train

EXAMPLES = """
    nnviz export --what points --data moons --noise 0.3 > moons.csv
    nnviz export --what history --data iris --epoch 1000 -o history.csv
    nnviz export experiment.nnviz.json -o weights.npz
    nnviz export "http://localhost:8501/?data=xor&epoch=300" -o xor.nnviz.json
"""

_WHAT = Choice(
    default=None, table=DATA_FILES, label="What",
    help="What to write. By default the ending of the file name decides, if it can.",
)  # fmt: skip


def add(parser: Parser) -> None:
    add_run(parser)
    add_epoch(parser)
    parser.field("what", _WHAT)
    parser.add_argument(
        "-o", "--out", dest="o", metavar="FILE", default=STDOUT,
        help="Write to FILE; the default is standard output.",
    )  # fmt: skip


def run(args: argparse.Namespace) -> None:
    file = DATA_FILES[_what(args.o, value(args, "what", _WHAT))]
    moment = moment_of(args)
    output.check(args.o)
    if file.suffix == ".npz":
        output.refuse_terminal(args.o)
    output.write(args.o, file.make(Snapshot(train(moment), look=moment.look)))


def _what(path: str, named: str | None) -> str:
    """The file ``named``, or else the only one with the path's suffix."""
    if named is not None:
        if path != STDOUT and not path.lower().endswith(DATA_FILES[named].suffix):
            rule = f"the file name must end in {DATA_FILES[named].suffix} for {named}"
            raise Misuse(f"-o: {rule}; got {short_text(path)}")
        return named
    if path == STDOUT:
        raise Misuse(f"--what: choose what to write: {', '.join(DATA_FILES)}")
    fitting = [name for name, file in DATA_FILES.items() if path.lower().endswith(file.suffix)]
    if not fitting:
        known = ", ".join(dict.fromkeys(file.suffix for file in DATA_FILES.values()))
        raise Misuse(f"-o: the file name must end in one of {known}; got {short_text(path)}")
    longest = max(len(DATA_FILES[name].suffix) for name in fitting)  # .nnviz.json before .json
    fitting = [name for name in fitting if len(DATA_FILES[name].suffix) == longest]
    if len(fitting) > 1:
        rule = f"choose what to write: {' or '.join(fitting)}"
        raise Misuse(f"--what: {rule}; {short_text(path)} could be either")
    return fitting[0]
