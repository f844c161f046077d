"""Requests as they are read: by one table of operations and the kinds that links have too."""

import json

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.analysis.snapshot import Snapshot
from nnviz.live.exports import EXPORTS, look_of
from nnviz.live.requests import PICTURE, RequestError, defaults, read, read_fields
from nnviz.live.session import OPERATIONS
from nnviz.recipe.look import SEEN, Look


def test_every_field_has_a_kind_and_words():
    for operation in OPERATIONS.values():
        assert operation.does
        for name, kind in operation.fields.items():
            assert kind.label, name
            assert kind.help, name
    for what, export in EXPORTS.items():
        for name, kind in export.fields.items():
            assert kind.label, (what, name)


def test_what_may_be_left_out_has_its_default():
    request = read({"op": "frame", "id": 7}, OPERATIONS)
    assert (request.error, request.reference) == (None, 7)
    assert request.values == {"epochs": 0, **defaults(PICTURE)}
    assert request["since"] == 0
    assert request["picture"] is True
    assert request["threshold"] == Look().cut


@pytest.mark.parametrize(
    ("op", "field"), [("open", "recipe"), ("seek", "epoch"), ("edit", "field")]
)
def test_what_may_not_be_left_out_is_asked_for(op, field):
    request = read({"op": op}, OPERATIONS)
    assert str(request.error).startswith(f"{field} must be ")
    assert str(request.error).endswith("; got None")


def test_all_that_is_wrong_is_said_at_once():
    request = read({"op": "frame", "epochs": -1, "threshold": 2}, OPERATIONS)
    assert str(request.error) == (
        "epochs must be a whole number 0…1000; got -1; threshold must be 0.01…0.99; got 2"
    )
    assert [problem.field for problem in request.error.problems] == ["epochs", "threshold"]


def test_a_message_is_read_once_and_then_taken_as_it_is(visitor):
    visitor.open(samples=30)
    request = visitor.session.read(json.dumps({"op": "frame", "epochs": 3}))
    assert visitor.session.read(request) is request
    visitor.session.handle(request)
    assert visitor.ask("frame")[0]["epoch"] == 3


def test_what_a_look_asks_of_a_picture_is_a_request():
    look = Look("threshold", threshold=0.3, rings=True, unit=(1, 2))
    values = read_fields(look.picture, PICTURE)
    assert {name: values[name] for name in look.picture} == look.picture
    for name in ("unit", "probe", "threshold"):
        assert PICTURE[name] is SEEN[name]


def test_a_frame_shows_what_a_snapshot_does(visitor):
    recipe = Recipe(data="moons", samples=40, hidden=[4])
    visitor.open(**json.loads(recipe.to_json()))
    look = Look("threshold", threshold=0.3, rings=True, unit=(1, 2))
    _, arrays = visitor.ask("frame", epochs=5, **look.picture)
    trainer = Trainer(recipe)
    trainer.advance(5)
    snapshot = Snapshot(trainer)
    np.testing.assert_array_equal(arrays["predicted"], snapshot.predicted(look))
    lines = np.concatenate(snapshot.lines(look)).astype("f4")
    np.testing.assert_array_equal(arrays["lines"], lines)
    np.testing.assert_allclose(
        arrays["planes"][0] / 255, snapshot.field.probabilities[1], atol=0.002
    )
    np.testing.assert_allclose((arrays["unit"] - 128.0) / 127, snapshot.said(look), atol=0.004)


def test_a_look_is_read_by_the_names_of_links():
    sent = {"look": {"view": "class", "class": 1, "points": "test", "probe": [0.5, 1], "pace": 20}}
    expected = Look("class", class_index=1, points="test", probe=(0.5, 1.0), pace=20)
    assert look_of(sent, Recipe()) == expected
    assert look_of({}, Recipe()) == Look()


def test_an_error_may_be_a_sentence_of_its_own():
    assert str(RequestError("open must come before frame")) == "open must come before frame"
