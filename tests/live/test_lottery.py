"""Many starts in the pictures of a session, compared with trainers of their own."""

import json
import pickle
from dataclasses import replace

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.analysis.miniatures import Miniatures
from nnviz.training.pieces import done

MOONS = Recipe(data="moons", samples=60, hidden=[4])


def lottery(visitor, op="frame", **fields):
    """The starts in the reply; asked for again until all are where the run is."""
    for _ in range(200):
        header, arrays = visitor.ask(op, starts=9, **fields)
        if header["starts"]["arrived"]:
            return header, arrays
        op, fields = "frame", {name: fields[name] for name in fields if name == "varied"}
    raise AssertionError("the starts never arrive")


@pytest.mark.parametrize("varied", ["seed", "data_seed"])
def test_the_starts_are_at_the_epoch_of_the_run(visitor, varied):
    visitor.open(data="moons", samples=60, hidden=[4])
    header, arrays = lottery(visitor, epochs=30, varied=varied)
    trainers = [Trainer(replace(MOONS, **{varied: seed})) for seed in range(9)]
    for trainer in trainers:
        trainer.seek(header["epoch"])
    starts = header["starts"]
    assert (starts["varied"], starts["count"], starts["seeds"]) == (varied, 9, list(range(9)))
    assert starts["epochs"] == [header["epoch"]] * 9
    assert starts["diverged"] == [False] * 9
    expected = [trainer.rows(trainer.epoch)[0] for trainer in trainers]
    np.testing.assert_array_equal(starts["metrics"], expected)
    np.testing.assert_array_equal(arrays["startsPictures"], done(Miniatures().making(trainers)))


def test_without_being_asked_for_there_are_none(visitor):
    visitor.open(samples=60)
    header, arrays = visitor.ask("frame", epochs=3)
    assert "starts" not in header
    assert "startsPictures" not in arrays


def test_they_follow_edits_and_go_back_with_the_run(visitor):
    visitor.open(data="moons", samples=60, hidden=[4])
    lottery(visitor, epochs=10)
    edited, _ = visitor.ask("edit", field="learning_rate", value=2.0, epoch=10)
    lottery(visitor, epochs=20)
    header, _ = lottery(visitor, op="seek", epoch=15)
    recipe = Recipe.from_json(json.dumps(edited["recipe"]))
    assert recipe.edits
    for seed, metrics in zip(header["starts"]["seeds"], header["starts"]["metrics"], strict=True):
        trainer = Trainer(replace(recipe, seed=seed))
        trainer.seek(15)
        np.testing.assert_array_equal(metrics, trainer.rows(15)[0])


def test_a_start_that_becomes_the_run_leaves_the_others_where_they_are(visitor):
    visitor.open(data="moons", samples=60, hidden=[4])
    before, _ = lottery(visitor, epochs=40)
    visitor.open(data="moons", samples=60, hidden=[4], seed=5)
    after, _ = visitor.ask("seek", epoch=40, starts=9)
    assert after["starts"] == before["starts"]  # at once
    assert after["metrics"]["train_loss"] == before["starts"]["metrics"][5][0]


def test_one_without_a_test_part_has_no_test_loss(visitor):
    visitor.open(samples=60, test_share=0)
    header, _ = lottery(visitor, epochs=2)
    assert {metrics[1] for metrics in header["starts"]["metrics"]} == {None}


@pytest.mark.parametrize(
    ("recipe", "fields", "sentence"),
    [
        ({}, {"starts": 10}, "starts must be none or one of 9, 16, 25; got 10"),
        ({}, {"starts": 9, "varied": "init"}, "varied must be one of seed, data_seed; got init"),
        ({"samples": 5000, "hidden": [64] * 4}, {"starts": 25},
         ("starts must be fewer for a run of 5000 points and layers of [2, 64, 64, 64, 64, 2] "
          "units; got 25")),
    ],
)  # fmt: skip
def test_starts_that_cannot_be_are_refused_in_a_sentence(visitor, recipe, fields, sentence):
    visitor.open(**recipe)
    header, _ = visitor.ask("frame", **fields)
    assert (header["type"], header["message"]) == ("error", sentence)


def test_a_copy_of_the_session_makes_them_again(visitor):
    visitor.open(data="moons", samples=60, hidden=[4])
    before, pictures = lottery(visitor, epochs=30)
    visitor.session = pickle.loads(pickle.dumps(visitor.session))
    after, same = lottery(visitor)
    assert after["starts"] == before["starts"]
    np.testing.assert_array_equal(same["startsPictures"], pictures["startsPictures"])
