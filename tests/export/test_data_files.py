"""Points, history and weights as files, read again by other programs."""

import csv
import io
import json

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.analysis.snapshot import Snapshot
from nnviz.choices.inputs import INPUTS
from nnviz.export.data_files import DATA_FILES
from nnviz.recipe.moment import Moment


def snapshot_of(epoch=20, **fields):
    trainer = Trainer(Recipe(**fields))
    trainer.seek(epoch)
    return Snapshot(trainer)


@pytest.fixture(scope="module")
def iris():
    return snapshot_of(data="iris", hidden=[5, 4], inputs=["x1", "x2", "x1x2"])


def rows_of(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))


def test_points_read_back_exactly_with_class_label_and_part(iris):
    header, *rows = rows_of(DATA_FILES["points"].make(iris))
    assert header == ["petal length (cm)", "petal width (cm)", "class", "label", "part"]
    data = iris.dataset
    for part, points, labels in (
        ("train", data.train, data.train_labels),
        ("test", data.test, data.test_labels),
    ):
        own = [row for row in rows if row[4] == part]
        np.testing.assert_array_equal([[float(a), float(b)] for a, b, *_ in own], points)
        assert [int(row[3]) for row in own] == labels.tolist()
        assert [row[2] for row in own] == [data.class_names[k] for k in labels]
    assert len(rows) == 150


def test_generated_points_read_back_exactly():
    snapshot = snapshot_of(0, data="spirals", samples=50, test_share=0.0)
    _, *rows = rows_of(DATA_FILES["points"].make(snapshot))
    np.testing.assert_array_equal([[float(a), float(b)] for a, b, *_ in rows],
                                  snapshot.dataset.train)  # fmt: skip
    assert {row[4] for row in rows} == {"train"}


def test_csv_follows_rfc_4180(iris):
    data = DATA_FILES["points"].make(iris)
    assert data.endswith(b"\r\n")
    assert data.count(b"\r\n") == data.count(b"\n") == 151


def test_history_reads_back_exactly(iris):
    header, *rows = rows_of(DATA_FILES["history"].make(iris))
    assert header == ["epoch", "train_loss", "test_loss", "train_accuracy", "test_accuracy"]
    assert [int(row[0]) for row in rows] == list(range(21))
    read = np.array([[float(number) for number in row[1:]] for row in rows])
    for column, name in enumerate(header[1:]):
        np.testing.assert_array_equal(read[:, column], iris.history[name])


def test_history_has_empty_cells_without_a_test_part():
    _, *rows = rows_of(DATA_FILES["history"].make(snapshot_of(3, data="xor", test_share=0.0)))
    assert len(rows) == 4
    assert all(row[2] == row[4] == "" and row[1] and row[3] for row in rows)


def probabilities_by_hand(weights, fields, points):
    """The network computed from a file alone, in the lecture's convention; tanh and softmax."""
    x1, x2 = ((points - np.array(fields["shift"])) / np.array(fields["scale"])).T
    x = np.stack([INPUTS[str(name)].derive(x1, x2) for name in fields["inputs"]])
    for number, w in enumerate(weights):
        z = w[0][:, None] + w[1:].T @ x
        x = np.tanh(z) if number < len(weights) - 1 else np.exp(z) / np.exp(z).sum(axis=0)
    return x.T


@pytest.mark.parametrize("kind", ["weights", "weights_json"])
def test_weights_files_hold_all_that_is_needed_to_use_them(iris, kind):
    data = DATA_FILES[kind].make(iris)
    if kind == "weights":
        fields = dict(np.load(io.BytesIO(data), allow_pickle=False))
        weights = [fields[f"W{layer}"] for layer in (1, 2, 3)]
        assert "W4" not in fields
        recipe = json.loads(str(fields["recipe"]))
    else:
        fields = json.loads(data)
        weights, recipe = [np.array(w) for w in fields["weights"]], fields["recipe"]
    for read, own in zip(weights, iris.network.weights, strict=True):
        np.testing.assert_array_equal(read, own)
    points = np.array([[1.5, 0.3], [4.4, 1.4], [6.0, 2.2]])
    ours = [iris.probabilities(tuple(point)) for point in points]
    np.testing.assert_allclose(probabilities_by_hand(weights, fields, points), ours, rtol=1e-12)
    assert list(fields["sizes"]) == [3, 5, 4, 3]
    assert (str(fields["activation"]), str(fields["output"])) == ("tanh", "softmax")
    assert list(fields["class_names"]) == ["setosa", "versicolor", "virginica"]
    assert list(fields["features"]) == ["petal length (cm)", "petal width (cm)"]
    assert int(fields["epoch"]) == 20
    assert Recipe.from_json(recipe) == iris.recipe


def test_an_experiment_is_the_moment(iris):
    assert Moment.from_json(DATA_FILES["experiment"].make(iris)) == iris.moment


def test_file_names(iris):
    names = [file.file_name(iris.moment) for file in DATA_FILES.values()]
    stem = "iris-3-5-4-3-tanh-epoch-20"
    assert names == [
        f"{stem}-points.csv", f"{stem}-history.csv", f"{stem}-weights.npz",
        f"{stem}-weights.json", f"{stem}.nnviz.json",
    ]  # fmt: skip
    assert all(key == file.name for key, file in DATA_FILES.items())


@pytest.mark.parametrize("name", DATA_FILES)
def test_the_same_moment_makes_the_same_bytes(iris, name):
    again = snapshot_of(data="iris", hidden=[5, 4], inputs=["x1", "x2", "x1x2"])
    assert DATA_FILES[name].make(again) == DATA_FILES[name].make(iris)
