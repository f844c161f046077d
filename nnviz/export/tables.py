"""The numbers of a snapshot as files for other programs: one record for each that can be taken."""

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
from ..training.trainer import METRICS

LAYOUT = (
    "weights[i], W1 and so on in an NPZ file, has shape (inputs + 1, units) of layer i: its first "
    "row is the bias, z = bias + x @ rest. x of the first layer are the inputs named, made of "
    "(features - shift) / scale."
)


@dataclass(frozen=True)
class DataFile:
    """One choice: ``make(snapshot)`` gives the file; ``suffix`` has its dot.

    ``says`` is what it holds; ``part`` what its name says besides the moment.
    """

    name: str
    label: str
    description: str
    suffix: str
    mime: str
    make: Callable[[Snapshot], bytes]
    part: str = ""

    def file_name(self, moment: Moment) -> str:
        """``circles-2-10-2-tanh-epoch-500-history.csv``"""
        return "-".join([moment.name, self.part] if self.part else [moment.name]) + self.suffix


def points_csv(snapshot: Snapshot) -> bytes:
    """Every sample with the name of its class, its label and its part, training part first."""
    data = snapshot.dataset
    parts = (("train", data.train, data.train_labels), ("test", data.test, data.test_labels))
    rows = (
        [*point, data.class_names[label], label, part]
        for part, points, labels in parts
        for point, label in zip(points.tolist(), labels.tolist(), strict=True)
    )
    return _csv([*data.features, "class", "label", "part"], rows)


def history_csv(snapshot: Snapshot) -> bytes:
    """Losses and accuracies of every epoch; empty where there is no test part."""
    rows = (
        [epoch, *(None if math.isnan(number) else number for number in row)]
        for epoch, row in enumerate(snapshot.history.tolist())
    )
    return _csv(["epoch", *METRICS], rows)


def weights_npz(snapshot: Snapshot) -> bytes:
    """``W1``… and what is needed to use them; ``numpy.load`` reads it without pickles."""
    told = _told(snapshot)
    told["recipe"] = json.dumps(told["recipe"], ensure_ascii=False)
    matrices = {f"W{layer}": w for layer, w in enumerate(snapshot.network.weights, start=1)}
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **matrices, **told)
    return file.getvalue()


def weights_json(snapshot: Snapshot) -> bytes:
    """The same as a JSON object, one line a field."""
    told = _told(snapshot) | {"weights": [w.tolist() for w in snapshot.network.weights]}
    lines = [f" {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in told.items()]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def experiment(snapshot: Snapshot) -> bytes:
    """An experiment file: opens on the page and on the command line as this very moment."""
    return snapshot.moment.to_json().encode()


def _told(snapshot: Snapshot) -> dict[str, Any]:
    """All of a network but its weights, as names and numbers."""
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
    """RFC 4180 in UTF-8; numbers as the shortest text that reads back the same."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(header)
    writer.writerows(rows)
    return file.getvalue().encode()


TABLES: dict[str, DataFile] = {
    record.name: record
    for record in (
        DataFile(
            "points", "Points (CSV)",
            "Every point: its two features, its class, and whether it is of the training or the "
            "test part.",
            ".csv", "text/csv", points_csv, "points",
        ),
        DataFile(
            "history", "Losses and accuracies (CSV)",
            "Loss and accuracy of the training and the test part, a row for each epoch up to "
            "this one.",
            ".csv", "text/csv", history_csv, "history",
        ),
        DataFile(
            "weights", "Weights (NumPy)",
            "The matrix of every layer, its first row the biases, and what is needed to use "
            "them: numpy.load opens it.",
            ".npz", "application/x-npz", weights_npz, "weights",
        ),
        DataFile(
            "weights_json", "Weights (JSON)", "The same as text, for any other program.",
            ".json", "application/json", weights_json, "weights",
        ),
        DataFile(
            "experiment", "Experiment, to open again",
            "The recipe, the changes made during the run, and the epoch: the page and the "
            "command line open it.",
            SUFFIX, "application/json", experiment,
        ),
    )
}  # fmt: skip
