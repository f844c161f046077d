"""``nnviz train``: print losses and accuracies as a table or JSON, and write the weights."""

from __future__ import annotations

import argparse
import json
import math
import sys
from typing import TYPE_CHECKING, Any

from . import output
from .errors import Failure, Misuse
from .output import STDOUT
from .parser import Parser
from .runs import add_epoch, add_run, end_reason, moment_of, train_as_far

if TYPE_CHECKING:
    from ..analysis.snapshot import Snapshot
    from ..export.data_files import DataFile

EXAMPLES = """
    nnviz train
    nnviz train --data iris --hidden 10,4 --activation relu --learning-rate 0.1 --epoch 1000
    nnviz train --data moons --edits 120:learning_rate:0.01,300:optimiser:adam
    nnviz train experiment.nnviz.json --weights weights.npz
    nnviz train "http://localhost:8501/?data=xor&epoch=300" --json > history.json
"""

_STEPS = (1, 2, 5)  # times powers of ten: the epochs of the table


def add(parser: Parser) -> None:
    add_run(parser)
    add_epoch(parser)
    parser.add_argument(
        "--json", action="store_true",
        help="Print one JSON object with the recipe and the metrics of every epoch.",
    )  # fmt: skip
    parser.add_argument(
        "--weights",
        metavar="FILE",
        help="Write the weights to FILE, which ends in .npz (NumPy) or .json.",
    )


def run(args: argparse.Namespace) -> None:
    from ..analysis.snapshot import Snapshot

    moment = moment_of(args)
    file = _weights_file(args.weights) if args.weights is not None else None
    trainer = train_as_far(moment)
    snapshot = Snapshot(trainer)
    complete = trainer.epoch == moment.epoch
    shown = _json(snapshot, trainer.diverged) if args.json else _table(snapshot)
    print(shown)
    if not complete:  # the epochs before are printed; weights of another epoch are not written
        sys.stdout.flush()
        raise Failure(end_reason(trainer, moment.epoch))
    if file is not None:
        output.write(args.weights, file.make(snapshot), option="--weights")


def _weights_file(path: str) -> DataFile:
    """The kind of file; checks that it can be written."""
    from ..export.data_files import DATA_FILES

    by_suffix = {
        file.suffix.removeprefix("."): file
        for file in DATA_FILES.values()
        if file.part == "weights"
    }
    if path == STDOUT:
        raise Misuse("--weights: name a file; the table goes to standard output")
    chosen = by_suffix[output.format_of(path, None, by_suffix, option="--weights")]
    output.check(path, option="--weights")
    return chosen


def _json(snapshot: Snapshot, diverged: str | None) -> str:
    history = snapshot.history
    columns = {name: [_finite(x) for x in history[name].tolist()] for name in history.dtype.names}
    document = {
        "name": snapshot.moment.name,
        "epoch": snapshot.epoch,
        "diverged": diverged,
        "recipe": json.loads(snapshot.recipe.to_json()),
        "history": {"epoch": list(range(snapshot.epoch + 1)), **columns},
    }
    return json.dumps(document, ensure_ascii=False)


def _table(snapshot: Snapshot) -> str:
    history = snapshot.history
    names = ["epoch", *(name.replace("_", " ") for name in history.dtype.names)]
    rows = [names]
    for epoch in _epochs(snapshot.epoch):
        metrics = zip(history.dtype.names, history[epoch].tolist(), strict=True)
        rows.append([str(epoch), *(_shown(name, number) for name, number in metrics)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.rjust(w) for cell, w in zip(row, widths, strict=True)) for row in rows]
    return "\n".join([snapshot.caption, "", *lines])


def _epochs(last: int) -> list[int]:
    """0, 1, 2, 5, 10, … and the last one."""
    powers = [10**n for n in range(len(str(last)) + 1)]
    stops = [step * power for power in powers for step in _STEPS]
    return [0, *(epoch for epoch in stops if epoch < last), *([last] if last else [])]


def _shown(name: str, number: float) -> str:
    if math.isnan(number):
        return "–"
    return f"{number:.1%}".replace("%", " %") if name.endswith("accuracy") else f"{number:#.5g}"


def _finite(number: Any) -> float | None:
    return None if math.isnan(number) else number
