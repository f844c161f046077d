"""The numbers of a snapshot as files for other programs: one record for each kind of file."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..analysis.snapshot import Snapshot
from ..recipe.moment import SUFFIX, Moment
from ..training.history import METRICS

LAYOUT = (
    "weights[i] (W1, W2 and so on in an NPZ file) is the matrix of a layer, with shape "
    "(inputs + 1, units): its first row is the bias, and z = bias + x @ other_rows. In the first "
    "layer, x holds the inputs listed in 'inputs', computed from (features - shift) / scale."
)


@dataclass(frozen=True)
class DataFile:
    """A kind of file: ``make(snapshot)`` returns its bytes; ``suffix`` includes the dot.

    ``part`` is added to the moment's name in the file name.
    """

    name: str
    label: str
    description: str
    suffix: str
    mime: str
    make: Callable[[Snapshot], bytes]
    part: str = ""

    def file_name(self, moment: Moment) -> str:
        """A name such as ``circles-2-10-2-tanh-epoch-500-history.csv``."""
        return "-".join([moment.name, self.part] if self.part else [moment.name]) + self.suffix


def points_csv(snapshot: Snapshot) -> bytes:
    """All samples with class name, label and part; training part first."""
    data = snapshot.dataset
    parts = (("train", data.train, data.train_labels), ("test", data.test, data.test_labels))
    rows = (
        [*point, data.class_names[label], label, part]
        for part, points, labels in parts
        for point, label in zip(points.tolist(), labels.tolist(), strict=True)
    )
    return _csv([*data.features, "class", "label", "part"], rows)


def history_csv(snapshot: Snapshot) -> bytes:
    """Losses and accuracies of every epoch; empty cells without a test part."""
    rows = (
        [epoch, *(None if math.isnan(number) else number for number in row)]
        for epoch, row in enumerate(snapshot.history.tolist())
    )
    return _csv(["epoch", *METRICS], rows)


def weights_npz(snapshot: Snapshot) -> bytes:
    """``W1``… and the data needed to use them, for ``numpy.load`` without pickles."""
    fields = _fields(snapshot)
    fields["recipe"] = json.dumps(fields["recipe"], ensure_ascii=False)
    matrices = {f"W{layer}": w for layer, w in enumerate(snapshot.network.weights, start=1)}
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **matrices, **fields)
    return file.getvalue()


def weights_json(snapshot: Snapshot) -> bytes:
    """The same as a JSON object, one line per field."""
    fields = _fields(snapshot) | {"weights": [w.tolist() for w in snapshot.network.weights]}
    lines = [f" {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in fields.items()]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def experiment(snapshot: Snapshot) -> bytes:
    """An experiment file, with which the page and the command line open this moment again."""
    return snapshot.moment.to_json().encode()


def _fields(snapshot: Snapshot) -> dict[str, Any]:
    """A network without its weights, as names and numbers."""
    recipe, preparation = snapshot.recipe, snapshot.preparation
    return {
        "layout": LAYOUT,
        "sizes": list(recipe.sizes),
        "activation": recipe.activation,
        "output": recipe.output,
        "features": list(snapshot.dataset.features),
        "shift": list(preparation.shift),
        "scale": list(preparation.scale),
        "inputs": list(preparation.inputs),
        "class_names": list(snapshot.dataset.class_names),
        "epoch": snapshot.epoch,
        "recipe": json.loads(recipe.to_json()),
    }


def _csv(header: list[str], rows: Iterable[list[Any]]) -> bytes:
    """CSV as in RFC 4180, in UTF-8; numbers as the shortest text that reads back exactly."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(header)
    writer.writerows(rows)
    return file.getvalue().encode()


DATA_FILES: dict[str, DataFile] = {
    record.name: record
    for record in (
        DataFile(
            "points", "Points (CSV)",
            "Every point: its two features, its class, and its part (training or test).",
            ".csv", "text/csv", points_csv, "points",
        ),
        DataFile(
            "history", "Losses and accuracies (CSV)",
            "Loss and accuracy of the training and the test part, one row per epoch up to this "
            "one.",
            ".csv", "text/csv", history_csv, "history",
        ),
        DataFile(
            "weights", "Weights (NumPy)",
            "The matrix of every layer, with the biases in its first row, and the data needed to "
            "use them. Open it with numpy.load.",
            ".npz", "application/x-npz", weights_npz, "weights",
        ),
        DataFile(
            "weights_json", "Weights (JSON)", "The same as text, for any other program.",
            ".json", "application/json", weights_json, "weights",
        ),
        DataFile(
            "experiment", "Experiment, to open again",
            "The recipe, the changes made during the run, and the epoch. The page and the "
            "command line can open it.",
            SUFFIX, "application/json", experiment,
        ),
    )
}  # fmt: skip
