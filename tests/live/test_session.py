"""Each operation of a live session, compared with a Trainer of the same recipe."""

import json
from functools import partial
from itertools import count
from urllib.parse import parse_qsl

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.live.operations import MOST_EPOCHS
from nnviz.live.session import MOST_ROWS
from nnviz.ui.state import visited
from tests.live.conftest import Visitor

RUNAWAY = {"samples": 30, "activation": "identity", "learning_rate": 10.0, "init": "normal"}


def trainer_at(recipe, epoch):
    trainer = Trainer(recipe)
    trainer.seek(epoch)
    return trainer


def assert_rows_equal(rows, trainer, start=0):
    np.testing.assert_array_equal(rows, trainer.rows(start).astype("<f4"))


# --- open -----------------------------------------------------------------------------


def test_open_starts_the_run_at_epoch_0(visitor):
    header, arrays = visitor.open(samples=30)
    assert (header["type"], header["epoch"], header["finished"]) == ("opened", 0, False)
    assert header["diverged"] is None
    assert_rows_equal(arrays["rows"], Trainer(Recipe(samples=30)))


def test_open_returns_the_whole_recipe_with_its_defaults(visitor):
    header, _ = visitor.open(samples=30)
    assert header["recipe"] == json.loads(Recipe(samples=30).to_json())


@pytest.mark.parametrize(
    "query",
    [
        "", "?data=iris&hidden=3&edits=9:learning_rate:0.1&epoch=20&view=regions",
        "?v=1&data=none&hidden=4,%205&colour=red&learning_rate=&embed=true",
    ],
)  # fmt: skip
def test_open_reads_a_link_as_the_page_does(visitor, query):
    header, _ = visitor.ask("open", recipe=query)
    page = visited("page", dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True)))
    assert json.dumps(header["recipe"]) == json.dumps(page.message()["recipe"])


def test_open_returns_the_points_and_their_names(visitor):
    header, arrays = visitor.open(data="iris")
    data = Trainer(Recipe(data="iris")).dataset
    np.testing.assert_array_equal(arrays["trainPoints"], data.train.astype("<f4"))
    np.testing.assert_array_equal(arrays["testPoints"], data.test.astype("<f4"))
    assert arrays["trainLabels"].tolist() == data.train_labels.tolist()
    assert arrays["testLabels"].tolist() == data.test_labels.tolist()
    assert header["features"] == ["petal length (cm)", "petal width (cm)"]
    assert header["classNames"] == ["setosa", "versicolor", "virginica"]
    assert header["sharedUnit"] is False  # the petals would leave half of such a plane empty


def test_the_extent_contains_every_point(visitor):
    header, arrays = visitor.open(data="wine")
    points = np.concatenate([arrays["trainPoints"], arrays["testPoints"]])
    low, high = np.array(header["extent"]).T
    assert (low < points.min(axis=0)).all()
    assert (points.max(axis=0) < high).all()


def test_a_second_open_starts_another_run(visitor):
    visitor.open(samples=30)
    visitor.ask("frame", epochs=3)
    header, arrays = visitor.open(samples=40, data="moons")
    assert header["epoch"] == 0
    assert len(arrays["trainPoints"]) + len(arrays["testPoints"]) == 40


# --- frame ----------------------------------------------------------------------------


def test_frame_trains_as_a_trainer_does(visitor):
    visitor.open(samples=30)
    header, arrays = visitor.ask("frame", epochs=5)
    trainer = trainer_at(Recipe(samples=30), 5)
    assert (header["type"], header["epoch"]) == ("frame", 5)
    assert_rows_equal(arrays["rows"], trainer)
    latest = trainer.history[-1]
    assert header["metrics"] == {name: latest[name] for name in trainer.history.dtype.names}


def test_frame_without_epochs_does_not_train(visitor):
    visitor.open(samples=30)
    visitor.ask("frame", epochs=2)
    assert visitor.look() == visitor.look()
    assert visitor.ask("frame")[0]["epoch"] == 2


def test_test_metrics_are_null_where_there_is_no_test_part(visitor):
    header, arrays = visitor.open(samples=30, test_share=0.0)
    assert header["metrics"]["test_loss"] is None
    assert header["metrics"]["test_accuracy"] is None
    assert len(arrays["testPoints"]) == 0


def test_since_selects_the_rows_that_are_new_to_the_browser(visitor):
    visitor.open(samples=30)
    visitor.ask("frame", epochs=6)
    header, arrays = visitor.ask("frame", epochs=2, since=4)
    assert header["since"] == 4
    assert_rows_equal(arrays["rows"], trainer_at(Recipe(samples=30), 8), start=4)


def test_since_beyond_the_run_gives_no_rows(visitor):
    visitor.open(samples=30)
    header, arrays = visitor.ask("frame", epochs=2, since=100)
    assert header["since"] == 3
    assert arrays["rows"].shape == (0, 4)


def test_a_long_history_comes_in_pieces(visitor):
    visitor.open(samples=10, hidden=[])
    while visitor.ask("frame", epochs=MOST_EPOCHS, picture=False)[0]["epoch"] <= MOST_ROWS:
        pass
    _, first = visitor.ask("frame", picture=False)
    header, second = visitor.ask("frame", since=MOST_ROWS, picture=False)
    assert len(first["rows"]) == MOST_ROWS
    assert len(second["rows"]) == header["epoch"] + 1 - MOST_ROWS


# --- seek -----------------------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [None, 7])
def test_seek_arrives_in_bounded_pieces_where_a_trainer_does(visitor, batch_size):
    visitor.open(samples=30, batch_size=batch_size)
    replies = visitor.seek_to(MOST_EPOCHS + 200)
    assert len(replies) == 2
    assert_rows_equal(
        visitor.ask("frame")[1]["rows"],
        trainer_at(Recipe(samples=30, batch_size=batch_size), MOST_EPOCHS + 200),
    )


def test_seek_goes_back_to_the_earlier_state(visitor):
    visitor.open(samples=30)
    visitor.seek_to(20)
    then = visitor.ask("frame", probe=[0.3, 0.4])
    visitor.seek_to(45)
    visitor.seek_to(20)
    again = visitor.ask("frame", probe=[0.3, 0.4])
    assert again[0] == then[0]
    assert all((again[1][name] == array).all() for name, array in then[1].items())


def test_seek_replays_the_edits_of_a_recipe(visitor):
    edits = [[4, "learning_rate", 0.01], [9, "weight", 1.5, [0, 1, 2]]]
    visitor.open(samples=30, edits=edits)
    visitor.seek_to(15)
    expected = trainer_at(Recipe(samples=30, edits=edits), 15)
    assert_rows_equal(visitor.ask("frame")[1]["rows"], expected)


# --- edit -----------------------------------------------------------------------------

EDITS = [
    {"field": "learning_rate", "value": 0.05},
    {"field": "optimiser", "value": "adam"},
    {"field": "batch_size", "value": 5},
    {"field": "batch_size", "value": None},
    {"field": "l1", "value": 0.01},
    {"field": "l2", "value": 0.01},
    {"field": "weight", "value": -2.5, "at": [0, 0, 3]},
]


@pytest.mark.parametrize("epoch", [0, 6])
@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: f"{edit['field']}={edit['value']}")
def test_edit_returns_the_recipe_that_replays_the_run(visitor, edit, epoch):
    visitor.open(samples=30, batch_size=20)
    visitor.seek_to(epoch)
    recipe = Recipe.from_json(visitor.ask("edit", **edit)[0]["recipe"])
    header, arrays = visitor.ask("frame", epochs=7)
    replay = trainer_at(recipe, epoch + 7)
    assert header["epoch"] == replay.epoch
    assert_rows_equal(arrays["rows"], replay)
    assert recipe != Recipe(samples=30, batch_size=20)


@pytest.mark.parametrize("value", [None, 3, [[7, 0, [0, 0]]], {"7": 0}])
def test_points_that_are_no_text_are_refused(visitor, value):
    visitor.open(samples=30)
    header, _ = visitor.ask("edit", field="points", value=value)
    assert header["type"] == "error"
    assert header["message"].startswith("in edits, points must be marks such as")
    assert visitor.ask("frame", epochs=1)[0]["epoch"] == 1


def test_edit_drops_later_edits(visitor):
    visitor.open(samples=30, edits=[[8, "l2", 0.1]])
    visitor.seek_to(10)
    visitor.seek_to(5)
    recipe = visitor.ask("edit", field="learning_rate", value=0.1)[0]["recipe"]
    assert recipe["edits"] == [[5, "learning_rate", 0.1]]


# --- a run that diverges --------------------------------------------------------------


def test_a_run_that_diverges_stays_at_its_last_finite_epoch(visitor):
    visitor.open(**RUNAWAY)
    header, arrays = visitor.ask("frame", epochs=1000)
    trainer = trainer_at(Recipe(**RUNAWAY), 1000)
    assert header["diverged"] == trainer.diverged
    assert "no longer finite" in header["diverged"]
    assert (header["epoch"], header["finished"]) == (trainer.epoch, True)
    assert len(arrays["rows"]) == trainer.epoch + 1
    assert np.isfinite(arrays["rows"]).all()


def test_a_run_that_diverged_can_go_back_and_be_edited(visitor):
    visitor.open(**RUNAWAY)
    assert visitor.ask("frame", epochs=1000, picture=False)[0]["diverged"]
    assert visitor.ask("seek", epoch=0)[0]["diverged"] is None
    visitor.ask("edit", field="learning_rate", value=0.01)
    header, _ = visitor.ask("frame", epochs=5)
    assert (header["epoch"], header["diverged"]) == (5, None)


# --- requests for an epoch ---------------------------------------------------------------


def test_rows_of_a_frame_are_those_it_trains_where_no_others_are_asked_for(visitor):
    visitor.open(samples=30)
    visitor.ask("frame", epochs=4)
    header, arrays = visitor.ask("frame", epochs=3, since=None)
    assert header["since"] == 5
    assert_rows_equal(arrays["rows"], trainer_at(Recipe(samples=30), 7), start=5)
    header, arrays = visitor.ask("frame", since=None)
    assert (header["since"], len(arrays["rows"])) == (8, 0)


def test_a_frame_goes_to_its_epoch_first(visitor):
    visitor.open(samples=30)
    visitor.ask("frame", epochs=9)
    header, arrays = visitor.ask("frame", epoch=4, epochs=2, since=None)
    assert (header["epoch"], header["since"]) == (6, 5)
    assert "planes" in arrays


def test_an_edit_is_made_at_its_epoch(visitor):
    visitor.open(samples=30)
    visitor.ask("frame", epochs=9)
    header, _ = visitor.ask("edit", field="l2", value=0.1, epoch=4)
    assert header["epoch"] == 4
    assert header["recipe"]["edits"] == [[4, "l2", 0.1]]


def test_an_export_is_of_its_epoch(visitor):
    visitor.open(samples=30)
    visitor.ask("frame", epochs=9)
    header, _ = visitor.ask("export", what="history", epoch=4)
    assert header["type"] == "exported"
    assert visitor.ask("frame")[0]["epoch"] == 4


@pytest.mark.parametrize(
    "request_for",
    [
        {"op": "frame", "epochs": 1},
        {"op": "edit", "field": "l2", "value": 0.1},
        {"op": "export", "what": "link"},
    ],
)
def test_an_epoch_that_takes_too_long_is_asked_for_again_and_nothing_else_is_done(request_for):
    visitor = Visitor(clock=partial(next, count()))  # every look at the clock takes a second
    visitor.open(samples=30)
    visitor.ask("frame", epochs=1)
    for reached in (2, 3, 4):
        header, arrays = visitor.ask(epoch=5, **request_for)
        assert (header["type"], header["epoch"], header["arrived"]) == ("frame", reached, False)
        assert "planes" not in arrays
        assert "recipe" not in header
    header, _ = visitor.ask(epoch=5, **request_for)
    assert "arrived" not in header


def test_an_edit_after_the_end_of_a_run_is_not_made(visitor):
    visitor.open(**RUNAWAY)
    header, _ = visitor.ask("edit", field="l2", value=0.1, epoch=5000)
    assert header["diverged"]
    assert header["epoch"] < 5000
    assert "recipe" not in header
    assert "arrived" not in header


def test_a_seek_that_goes_on_has_a_picture_only_where_it_arrives(visitor):
    visitor.open(samples=30)
    assert "planes" in visitor.ask("seek", epoch=5, onward=True)[1]
    assert "planes" not in visitor.ask("seek", epoch=5, onward=True)[1]
    assert "planes" in visitor.ask("seek", epoch=5)[1]


def test_open_probes_the_middle_of_the_plane_where_no_point_is_given(visitor):
    header, _ = visitor.open(samples=30)
    middle = [(low + high) / 2 for low, high in header["extent"]]
    assert header["probe"]["at"] == middle
    assert visitor.ask("frame", probe=middle)[0]["probe"] == header["probe"]
    assert visitor.ask("open", recipe={}, probe=[0.0, 1.0])[0]["probe"]["at"] == [0.0, 1.0]


def test_a_warning_about_dead_units_comes_only_where_it_is_asked_for(visitor):
    edits = [[0, "weight", -50.0, [0, 0, unit]] for unit in range(3)]
    opened, _ = visitor.open(samples=40, hidden=[3], activation="relu", edits=edits)
    assert "health" not in opened
    header, arrays = visitor.ask("frame", picture=False, health=True)
    assert header["health"].startswith("Layer 1 hardly learns: 3 of 3 units are dead.")
    assert "planes" not in arrays
    visitor.open(samples=40, hidden=[3])
    header, _ = visitor.ask("frame", picture=False, health=True)
    assert header["health"] is None
