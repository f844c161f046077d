"""Points drawn during a live run: made by an edit, and returned to whoever does not have them."""

import copy
import pickle

import numpy as np

from nnviz import Recipe, Trainer

XOR = {"data": "xor", "samples": 20, "hidden": (3,)}
STROKE = "20_1_0.5_0.25~21_0_-0.5_0.5~3"


def drawn_on(visitor, epoch=5):
    visitor.open(**XOR)
    visitor.ask("frame", epochs=epoch)
    return visitor.ask("edit", field="points", value=STROKE, epoch=epoch)


def trainer_after(epoch):
    trainer = Trainer(Recipe(**XOR, edits=[[5, "points", STROKE]]))
    trainer.seek(epoch)
    return trainer


def test_an_edit_returns_the_points_with_their_numbers(visitor):
    header, arrays = drawn_on(visitor)
    assert header["recipe"]["edits"] == [[5, "points", STROKE]]
    data = trainer_after(5).dataset
    assert header["data"] == trainer_after(5).data_key != ""
    np.testing.assert_array_equal(arrays["numbers"], data.numbers)
    np.testing.assert_array_equal(arrays["trainPoints"], data.train.astype("<f4"))
    np.testing.assert_array_equal(arrays["trainLabels"], data.train_labels)
    np.testing.assert_array_equal(arrays["testPoints"], data.test.astype("<f4"))
    np.testing.assert_array_equal(arrays["testLabels"], data.test_labels)


def test_an_edit_where_the_picture_is_needs_no_training(visitor, monkeypatch):
    visitor.open(**XOR)
    for _ in range(9):
        visitor.ask("frame", epochs=7)
    monkeypatch.setattr(Trainer, "striding", None)
    header, _ = visitor.ask("edit", field="points", value=STROKE, epoch=49)
    assert (header["type"], header["epoch"]) == ("frame", 49)


def test_points_that_are_known_are_not_sent_again(visitor):
    key = drawn_on(visitor)[0]["data"]
    header, arrays = visitor.ask("frame", epochs=3, data=key)
    assert "data" not in header
    assert "trainPoints" not in arrays
    header, arrays = visitor.ask("frame", epochs=3)
    assert header["data"] == key
    assert len(arrays["numbers"]) == 21


def test_going_back_returns_the_points_as_they_were(visitor):
    key = drawn_on(visitor)[0]["data"]
    header, arrays = visitor.ask("seek", epoch=4, data=key)
    assert header["data"] == ""
    assert "numbers" not in arrays
    assert len(arrays["trainPoints"]) + len(arrays["testPoints"]) == 20
    header, _ = visitor.ask("seek", epoch=9, data="")
    assert header["data"] == key


def test_without_a_picture_there_are_no_points(visitor):
    drawn_on(visitor)
    header, arrays = visitor.ask("frame", picture=False)
    assert "data" not in header
    assert "trainPoints" not in arrays


def test_a_link_with_points_of_epoch_0_opens_with_them(visitor):
    header, arrays = visitor.open(**XOR, edits=[[0, "points", STROKE]])
    assert header["data"] != ""
    assert 20 in arrays["numbers"]
    assert 3 not in arrays["numbers"]


def test_predictions_and_the_plane_are_those_of_the_points(visitor):
    extent = visitor.open(**XOR)[0]["extent"]
    visitor.ask("edit", field="points", value="20_1_0.5_0.25~0", epoch=0)
    _, arrays = visitor.ask("frame", epochs=2, predicted=True, space=[1, 0, 1])
    assert len(arrays["predicted"]) == len(arrays["spacePoints"]) == 20
    assert visitor.open(**XOR, edits=[[0, "points", "20_1_0.9_9"]])[0]["extent"] == extent


def test_the_numbers_are_those_of_the_trainer(visitor):
    drawn_on(visitor)
    header, arrays = visitor.ask("frame", epochs=20)
    trainer = trainer_after(header["epoch"])
    np.testing.assert_array_equal(arrays["rows"], trainer.rows(0).astype("<f4"))


def test_a_session_that_moves_to_another_process_keeps_them(visitor):
    drawn_on(visitor)
    other = copy.copy(visitor)
    other.session = pickle.loads(pickle.dumps(visitor.session))
    first, second = visitor.ask("frame", epochs=5), other.ask("frame", epochs=5)
    np.testing.assert_array_equal(first[1]["rows"], second[1]["rows"])
    np.testing.assert_array_equal(first[1]["numbers"], second[1]["numbers"])


def test_all_can_be_erased_and_the_run_goes_on(visitor):
    visitor.open(**XOR)
    everything = "~".join(map(str, range(20)))
    header, arrays = visitor.ask("edit", field="points", value=everything, epoch=0)
    assert header["metrics"]["train_loss"] is None
    assert len(arrays["trainPoints"]) == len(arrays["testPoints"]) == 0
    header, _ = visitor.ask("frame", epochs=5, predicted=True, health=True)
    assert header["epoch"] == 5
    assert header["health"] is None
    header, _ = visitor.ask("edit", field="points", value="20_1_0_0", epoch=5)
    assert header["metrics"]["train_loss"] > 0


def test_a_perceptron_without_points_takes_no_step(visitor):
    visitor.open(data="linear", samples=20, hidden=(), output="step")
    visitor.ask("edit", field="points", value="~".join(map(str, range(20))), epoch=0)
    header, _ = visitor.ask("frame", steps=1)
    assert "steps" not in header


def test_what_is_no_stroke_changes_nothing(visitor):
    visitor.open(**XOR)
    header, _ = visitor.ask("edit", field="points", value="20_7_0_0", epoch=0)
    assert header["type"] == "error"
    assert header["message"] == "edits must draw points of the classes 0…1; got 7"
    assert "edits" not in visitor.open(**XOR)[0]["recipe"]


# --- the points as a data set ------------------------------------------------------------


def test_another_run_can_start_with_these_points(visitor):
    drawn_on(visitor)
    visitor.ask("frame", epochs=4)
    text = visitor.ask("export", what="table")[0]["text"]
    header, arrays = visitor.open(**{**XOR, "data": text})
    table = Recipe(data=text).table
    assert (table.name, table.n_rows, table.axes) == ("xor-drawn", 21, ("x₁", "x₂"))
    assert header["classNames"] == ["class 0", "class 1"]
    found = np.concatenate([arrays["trainPoints"], arrays["testPoints"]])
    data = trainer_after(9).dataset
    expected = np.concatenate([data.train, data.test])
    np.testing.assert_allclose(np.sort(found, axis=0), np.sort(expected, axis=0), atol=1e-3)


def test_at_another_epoch_it_has_the_points_of_that(visitor):
    drawn_on(visitor)
    text = visitor.ask("export", what="table", epoch=2)[0]["text"]
    assert Recipe(data=text).table.n_rows == 20


def test_of_less_than_two_points_there_is_no_data_set(visitor):
    visitor.open(**XOR)
    visitor.ask("edit", field="points", value="~".join(map(str, range(19))), epoch=0)
    header, _ = visitor.ask("export", what="table")
    assert header["problem"] == "A run starts with two points or more: draw some first."


def test_a_drawing_is_opened_without_points(visitor):
    header, arrays = visitor.open(data="drawing", classes=2)
    assert (header["nAtStart"], header["classNames"]) == (0, ["class 0", "class 1"])
    assert header["metrics"]["train_loss"] is None
    assert len(arrays["trainPoints"]) == len(arrays["testPoints"]) == 0
    header, arrays = visitor.ask("edit", field="points", value="0_1_0.5_0.5", epoch=0)
    assert len(arrays["trainPoints"]) + len(arrays["testPoints"]) == 1
