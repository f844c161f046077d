"""Reading requests by the table of operations and the kinds of their fields."""

import json

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.analysis.snapshot import Snapshot
from nnviz.live.exports import EXPORTS
from nnviz.live.file_exports import look_of
from nnviz.live.operations import OPERATIONS, PICTURE_FIELDS
from nnviz.live.requests import RequestError, defaults, read, read_fields
from nnviz.recipe.look import LOOK_FIELDS, Look


def test_every_operation_and_field_is_described():
    for operation in OPERATIONS.values():
        assert operation.description
        for name, kind in operation.fields.items():
            assert kind.label, name
            assert kind.help, name
    for what, export in EXPORTS.items():
        for name, kind in export.fields.items():
            assert kind.label, (what, name)


def test_optional_fields_have_their_default():
    request = read({"op": "frame", "id": 7}, OPERATIONS)
    assert (request.error, request.reference) == (None, 7)
    assert request.values == {"epochs": 0, "epoch": None, **defaults(PICTURE_FIELDS)}
    assert request["since"] == 0
    assert request["picture"] is True
    assert request["threshold"] == Look().decision_threshold


@pytest.mark.parametrize(
    ("op", "field"), [("open", "recipe"), ("seek", "epoch"), ("edit", "field")]
)
def test_a_missing_required_field_is_refused(op, field):
    request = read({"op": op}, OPERATIONS)
    assert str(request.error).startswith(f"{field} must be ")
    assert str(request.error).endswith("; got None")


def test_all_problems_are_reported_at_once():
    request = read({"op": "frame", "epochs": -1, "threshold": 2}, OPERATIONS)
    assert str(request.error) == (
        "epochs must be a whole number 0…1000; got -1; threshold must be 0.01…0.99; got 2"
    )
    assert [problem.field for problem in request.error.problems] == ["epochs", "threshold"]


def test_a_request_that_was_read_is_not_read_again(visitor):
    visitor.open(samples=30)
    request = visitor.session.read(json.dumps({"op": "frame", "epochs": 3}))
    assert visitor.session.read(request) is request
    visitor.session.handle(request)
    assert visitor.ask("frame")[0]["epoch"] == 3


def test_a_look_gives_the_fields_of_a_picture():
    look = Look("threshold", threshold=0.3, rings=True, unit=(1, 2))
    values = read_fields(look.picture_fields, PICTURE_FIELDS)
    assert {name: values[name] for name in look.picture_fields} == look.picture_fields
    for name in ("unit", "probe", "threshold"):
        assert PICTURE_FIELDS[name] is LOOK_FIELDS[name]


def test_a_frame_shows_the_same_as_a_snapshot(visitor):
    recipe = Recipe(data="moons", samples=40, hidden=[4])
    visitor.open(**json.loads(recipe.to_json()))
    look = Look("threshold", threshold=0.3, rings=True, unit=(1, 2))
    _, arrays = visitor.ask("frame", epochs=5, **look.picture_fields)
    trainer = Trainer(recipe)
    trainer.advance(5)
    snapshot = Snapshot(trainer)
    np.testing.assert_array_equal(arrays["predicted"], snapshot.predicted(look))
    lines = np.concatenate(snapshot.lines(look)).astype("f4")
    np.testing.assert_allclose(arrays["lines"], lines, atol=np.ptp(lines, axis=0).max() / 65535)
    np.testing.assert_allclose(
        arrays["planes"][0] / 255, snapshot.field.probabilities[1], atol=0.002
    )
    np.testing.assert_allclose(
        (arrays["unit"] - 128.0) / 127, snapshot.chosen_map(look), atol=0.004
    )


def test_a_look_has_the_names_of_links():
    sent = {"look": {"view": "class", "class": 1, "points": "test", "probe": [0.5, 1], "pace": 20}}
    expected = Look("class", class_index=1, points="test", probe=(0.5, 1.0), pace=20)
    assert look_of(sent, Recipe()) == expected
    assert look_of({}, Recipe()) == Look()


def test_an_error_may_be_any_sentence():
    assert str(RequestError("open must come before frame")) == "open must come before frame"
