"""Runs side by side in the pictures of a session, compared with trainers of their own."""

import json
import pickle
from dataclasses import replace

import numpy as np
import pytest

from nnviz import Edit, Recipe, Trainer
from nnviz.analysis.snapshot import Snapshot
from nnviz.live import beside
from nnviz.recipe.companions import Companion
from nnviz.recipe.look import Look
from nnviz.recipe.moment import Moment

MOONS = Recipe(data="moons", samples=60, hidden=[4])
ADAM = replace(MOONS, optimiser="adam")
BLOBS = Recipe(data="blobs", samples=50, hidden=[3]).with_edit(Edit(12, "learning_rate", 0.1))
RUNS = (ADAM, BLOBS)


def compare(visitor, recipes=RUNS, key="two"):
    runs = [{}, *({"recipe": recipe.to_values()} for recipe in recipes)]
    return visitor.ask("compare", key=key, beside=runs)[0]


def picture(visitor, op="frame", key="two", **fields):
    """A reply with the runs side by side; asked for again until all are where the run is."""
    for _ in range(200):
        header, arrays = visitor.ask(op, compared=key, **fields)
        if header["beside"]["arrived"]:
            return header, arrays
        op = "frame"
        fields.pop("epochs", None)
    raise AssertionError("the runs never arrive")


def alone(recipe, epoch):
    trainer = Trainer(recipe)
    trainer.seek(epoch)
    return trainer


def assert_shown(header, arrays, recipes=RUNS, epoch=30, **look):
    assert [run["epoch"] for run in header["beside"]["runs"]] == [epoch] * len(recipes)
    for i, (run, recipe) in enumerate(zip(header["beside"]["runs"], recipes, strict=True), 1):
        trainer = alone(recipe, epoch)
        snapshot = Snapshot(trainer)
        np.testing.assert_array_equal(
            arrays[f"rows{i}"], trainer.rows(run["since"]).astype("f4"), strict=True
        )
        assert run["metrics"]["train_loss"] == trainer.rows(epoch)[0][0]
        probabilities = snapshot.field.probabilities
        shown = probabilities[1:] if len(probabilities) == 2 else probabilities
        np.testing.assert_allclose(arrays[f"planes{i}"] / 255, shown, atol=0.01)
        assert len(arrays[f"lines{i}"]) == sum(map(len, snapshot.lines_at(0.5)))


def test_the_runs_are_at_the_epoch_of_the_run(visitor):
    visitor.open(**MOONS.to_values())
    assert compare(visitor) == {"type": "compared", "key": "two"}
    header, arrays = picture(visitor, epochs=30)
    assert header["epoch"] == 30
    assert_shown(header, arrays)


def test_the_first_picture_has_their_scenes_and_points(visitor):
    visitor.open(**MOONS.to_values())
    compare(visitor)
    header, arrays = picture(visitor)
    for i, (run, recipe) in enumerate(zip(header["beside"]["runs"], RUNS, strict=True), 1):
        own, points = visitor.open(**recipe.to_values())
        for name in ("features", "classNames", "nAtStart", "extent", "sharedUnit", "sizes"):
            assert run[name] == own[name]
        np.testing.assert_array_equal(arrays[f"trainPoints{i}"], points["trainPoints"])
        np.testing.assert_array_equal(arrays[f"testLabels{i}"], points["testLabels"])


def test_what_is_known_does_not_come_again(visitor):
    visitor.open(**MOONS.to_values())
    compare(visitor)
    picture(visitor, epochs=30)
    header, arrays = picture(visitor, epochs=2, known=[["", 31], ["", 20]])
    first, second = header["beside"]["runs"]
    assert "extent" not in first
    assert "trainPoints1" not in arrays
    assert (first["since"], len(arrays["rows1"])) == (31, 2)
    assert (second["since"], len(arrays["rows2"])) == (20, 13)


def test_points_drawn_come_with_the_epoch_that_has_them(visitor):
    drawn = MOONS.with_edit(Edit(5, "points", "60_1_0.5_0.5"))
    visitor.open(**MOONS.to_values())
    compare(visitor, [drawn])
    _, arrays = picture(visitor, epochs=4, known=[["", 0]])
    assert "trainPoints1" not in arrays
    after, arrays = picture(visitor, epochs=4, known=[["", 0]])
    name = after["beside"]["runs"][0]["data"]
    assert len(arrays["numbers1"]) == 61
    _, arrays = picture(visitor, epochs=4, known=[[name, 0]])
    assert "trainPoints1" not in arrays


def test_a_run_taken_away_leaves_the_others_where_they_are(visitor, monkeypatch):
    visitor.open(**MOONS.to_values())
    compare(visitor)
    picture(visitor, epochs=30)
    monkeypatch.setattr(beside, "SECONDS", -1)  # none could be trained from the start
    compare(visitor, [BLOBS], key="one")
    header, arrays = visitor.ask("frame", compared="one")
    assert_shown(header, arrays, [BLOBS])


def test_one_of_them_becomes_the_run(visitor):
    visitor.open(**MOONS.to_values())
    compare(visitor)
    picture(visitor, epochs=30)
    visitor.open(**ADAM.to_values())
    header, _ = visitor.ask("frame", compared="two")
    assert "beside" not in header  # the client has to say again which are beside it
    compare(visitor, [MOONS, BLOBS], key="other")
    header, arrays = picture(visitor, op="seek", epoch=30, key="other")
    assert header["metrics"]["train_loss"] == alone(ADAM, 30).rows(30)[0][0]
    assert_shown(header, arrays, [MOONS, BLOBS])


def test_one_that_becomes_the_run_is_not_trained_again(visitor, monkeypatch):
    visitor.open(**MOONS.to_values())
    compare(visitor)
    picture(visitor, epochs=30)
    made = []
    for module in ("nnviz.live.session", "nnviz.training.together"):
        monkeypatch.setattr(f"{module}.Trainer", lambda *given, **more: made.append(given))
    for epoch in (30, 27):  # where the run is, or a little before that: frames were on their way
        header, arrays = visitor.ask("open", recipe=ADAM.to_values(), epoch=epoch)
        assert (header["type"], header["epoch"]) == ("opened", epoch)
        np.testing.assert_array_equal(arrays["rows"], alone(ADAM, epoch).rows(0).astype("f4"))
        compare(visitor, [MOONS, BLOBS], key="other")
        header, arrays = picture(visitor, key="other")
        assert_shown(header, arrays, [MOONS, BLOBS], epoch)
        visitor.ask("open", recipe=MOONS.to_values(), epoch=epoch)
        compare(visitor, RUNS)
        picture(visitor)
    assert made == []


def test_a_run_opened_at_its_start_is_there(visitor):
    visitor.open(**MOONS.to_values())
    compare(visitor, [MOONS])
    picture(visitor, epochs=30)
    header, _ = visitor.ask("open", recipe=MOONS.to_values())
    assert header["epoch"] == 0


def test_a_list_of_another_name_is_not_shown(visitor):
    visitor.open(**MOONS.to_values())
    compare(visitor)
    for fields in ({}, {"compared": None}, {"compared": "other"}, {"probe": [0, 0]}):
        header, _ = visitor.ask("frame", **fields)
        assert not {"beside", "besideProbes"} & header.keys()


def test_probabilities_at_a_point_come_without_a_picture(visitor):
    visitor.open(**MOONS.to_values())
    compare(visitor)
    picture(visitor, epochs=30)
    header, _ = visitor.ask("frame", picture=False, probe=[0.5, 0.25], compared="two")
    for answer, recipe in zip(header["besideProbes"], RUNS, strict=True):
        expected = Snapshot(alone(recipe, 30)).probabilities((0.5, 0.25))
        np.testing.assert_array_equal(answer["probabilities"], expected)


def test_the_threshold_is_for_those_of_two_classes(visitor):
    visitor.open(**MOONS.to_values())
    compare(visitor)
    _, arrays = picture(visitor, epochs=30, threshold=0.8, predicted=True, unit=[1, 0])
    for i, recipe in enumerate(RUNS, 1):
        snapshot = Snapshot(alone(recipe, 30))
        assert len(arrays[f"lines{i}"]) == sum(map(len, snapshot.lines_at(0.8)))
        np.testing.assert_array_equal(arrays[f"predicted{i}"], snapshot.predicted_at(0.8))
        assert f"unit{i}" not in arrays


def test_diverged_ones_stay_where_they_ended(visitor):
    diverging = Recipe(samples=30, activation="identity", learning_rate=10.0, init="normal")
    end = alone(diverging, 3000).epoch
    assert end < 3000
    visitor.open(**MOONS.to_values())
    compare(visitor, [diverging])
    visitor.seek_to(3000)
    header, _ = picture(visitor)
    (run,) = header["beside"]["runs"]
    assert run["epoch"] == end
    assert run["diverged"].startswith("The loss is no longer finite")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"key": "k", "beside": 5}, "beside must be a list of runs; got 5"),
        ({"key": "k", "beside": [{"recipe": {"seed": -1}}]},
         "in beside, seed must be a whole number 0…4294967295; got -1"),
        ({"beside": []}, "key must be a text of 64 characters at most; got None"),
        ({"key": "k", "beside": [{"recipe": {"samples": 5000, "hidden": [64] * 6}}] * 3},
         "runs side by side must be of 100 MB at most together; got about 106 MB"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused_in_a_sentence(visitor, fields, sentence):
    visitor.open(**MOONS.to_values())
    header, _ = visitor.ask("compare", **fields)
    assert (header["type"], header["message"]) == ("error", sentence)


@pytest.mark.parametrize("known", [5, [1], [["", -1]], [[3, 0]], [["x" * 65, 0]], [["", 0]] * 4])
def test_what_is_known_has_its_form(visitor, known):
    visitor.open(**MOONS.to_values())
    header, _ = visitor.ask("frame", known=known)
    assert header["message"].startswith("known must be ")


def test_without_a_run_there_is_nothing_to_compare(visitor):
    assert compare(visitor)["message"] == "open must come before compare"


def test_a_copy_of_the_session_has_them(visitor, monkeypatch):
    visitor.open(**MOONS.to_values())
    compare(visitor)
    before, _ = picture(visitor, epochs=30, known=[["", 0], ["", 0]])
    visitor.session = pickle.loads(pickle.dumps(visitor.session))
    monkeypatch.setattr(beside, "SECONDS", -1)
    after, _ = visitor.ask("frame", compared="two", known=[["", 0], ["", 0]])
    assert after["beside"] == before["beside"]


def test_exports_have_the_runs_that_their_request_names(visitor):
    visitor.open(**MOONS.to_values())
    visitor.ask("compare", key="k", beside=[{"recipe": ADAM.to_values(), "name": "Adam"}, {}])
    runs = (Companion(ADAM, "Adam"), Companion())
    for fields, expected in (({"compared": "k"}, runs), ({"compared": "other"}, ()), ({}, ())):
        look = {"view": "regions"}
        header, _ = visitor.ask("export", what="link", look=look, epoch=3, **fields)
        moment = Moment.from_query(header["query"])
        assert moment == Moment(MOONS, 3, Look("regions", beside=expected))
        _, arrays = visitor.ask("export", what="experiment", look=look, **fields)
        assert Moment.from_json(arrays["file"].tobytes()) == moment


def test_their_reply_crosses_the_network(enter):
    with enter() as client:
        client.ask("open", recipe=MOONS.to_values())
        long = MOONS.with_edit(
            Edit(3, "points", "~".join(f"{60 + i}_0_0.1_0.2" for i in range(1200)))
        )
        message = {"op": "compare", "key": "k", "beside": [{"recipe": long.to_values()}]}
        assert len(json.dumps(message)) > 16_000  # is read in a worker
        assert client.ask(**message)["type"] == "compared"
        header = client.ask("frame", compared="k")
        assert header["beside"]["runs"][0]["epoch"] == 0
