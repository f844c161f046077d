"""Invalid requests: the reply is a sentence, and the run does not change."""

import json
import sys

import pytest

from nnviz.live.codec import plain, unpack
from nnviz.live.operations import MOST_EPOCHS
from nnviz.live.session import LiveSession
from nnviz.recipe.recipe import LAST_EPOCH

OPS = "open, frame, seek, edit, compare, detail, export"
EDITABLE = "optimiser, learning_rate, batch_size, l1, l2, weight, points"

REFUSED = [
    ({}, f"op must be one of {OPS}; got None"),
    ({"op": "stop"}, f"op must be one of {OPS}; got stop"),
    ({"op": ["frame"]}, f"op must be one of {OPS}; got ['frame']"),
    ({"op": "open"}, "recipe must be an object; got None"),
    ({"op": "open", "recipe": 7}, "recipe must be an object; got 7"),
    ({"op": "frame", "epochs": -1}, f"epochs must be a whole number 0…{MOST_EPOCHS}; got -1"),
    ({"op": "frame", "epochs": 1001}, f"epochs must be a whole number 0…{MOST_EPOCHS}; got 1001"),
    ({"op": "frame", "epochs": 1.5}, f"epochs must be a whole number 0…{MOST_EPOCHS}; got 1.5"),
    ({"op": "frame", "epochs": True}, f"epochs must be a whole number 0…{MOST_EPOCHS}; got True"),
    ({"op": "frame", "epochs": "7"}, f"epochs must be a whole number 0…{MOST_EPOCHS}; got 7"),
    ({"op": "seek"}, f"epoch must be a whole number 0…{LAST_EPOCH}; got None"),
    ({"op": "seek", "epoch": 10**7}, f"epoch must be a whole number 0…{LAST_EPOCH}; got 10000000"),
    (
        {"op": "frame", "since": -1},
        f"since must be none or a whole number 0…{LAST_EPOCH + 1}; got -1",
    ),
    ({"op": "frame", "picture": 1}, "picture must be true or false; got 1"),
    ({"op": "frame", "probe": 3}, "probe must be two numbers -1e+09…1e+09; got 3"),
    ({"op": "frame", "probe": [1]}, "probe must be two numbers -1e+09…1e+09; got [1]"),
    ({"op": "frame", "probe": [1, 1e99]}, "probe must be two numbers -1e+09…1e+09; got [1, 1e+99]"),
    ({"op": "frame", "probe": [1, True]}, "probe must be two numbers -1e+09…1e+09; got [1, True]"),
    ({"op": "edit"}, "field must be a text; got None"),
    (
        {"op": "edit", "field": "learning_rate", "value": 99},
        "in edits, learning rate must be 1e-05…10; got 99",
    ),
    (
        {"op": "edit", "field": "weight", "value": 1},
        "in edits, place of a weight must be layer, row and column, counted from 0; got None",
    ),
    (
        {"op": "edit", "field": "weight", "value": 1, "at": 3},
        "in edits, place of a weight must be layer, row and column, counted from 0; got 3",
    ),
    (
        {"op": "edit", "field": "weight", "value": 1, "at": [0, 9, 0]},
        (
            "edits must name existing weights: the weight matrices have shapes [(3, 10), (11, 2)]; "
            "got a weight at (0, 9, 0)"
        ),
    ),
    (
        {"op": "edit", "field": "data", "value": "moons"},
        f"in edits, field of an edit must be one of {EDITABLE}; got data",
    ),
    (
        {"op": "edit", "field": "l1", "value": 0.1, "at": [0, 0, 0]},
        "in edits, place of an edit must be left out for l1; got [0, 0, 0]",
    ),
]  # fmt: skip


def error_of(reply):
    header, arrays = unpack(reply)
    assert header["type"] == "error"
    assert not arrays
    return header["message"]


@pytest.fixture
def run(visitor):
    """A visitor in the middle of a run."""
    visitor.open(samples=30)
    visitor.ask("frame", epochs=5)
    return visitor


@pytest.mark.parametrize(("bad", "message"), REFUSED, ids=[str(bad) for bad, _ in REFUSED])
def test_an_invalid_request_is_refused_with_a_sentence_and_changes_nothing(run, bad, message):
    before = run.look()
    assert error_of(run.session.handle(bad)) == message
    assert run.look() == before


@pytest.mark.parametrize("field", ["data", "hidden", "samples", "edits", "nonsense", "weight", ""])
def test_an_edit_of_a_field_that_is_not_live_is_refused_at_epoch_0_too(visitor, field):
    visitor.open(samples=30)
    reply = visitor.session.handle({"op": "edit", "field": field, "value": 40})
    assert error_of(reply).startswith("in edits, ")
    assert visitor.ask("edit", field="l1", value=0.5)[0]["recipe"]["samples"] == 30


@pytest.mark.parametrize("op", ["frame", "seek", "edit"])
def test_open_must_come_first(visitor, op):
    assert error_of(visitor.session.handle({"op": op})) == f"open must come before {op}"


def test_an_invalid_recipe_is_refused_with_a_sentence_for_each_field(run):
    before = run.look()
    header, arrays = run.open(noise=7, hidden=[0], colour="red")
    assert (header["type"], arrays) == ("error", {})
    assert header["problems"].keys() == {"noise", "hidden", "colour"}
    assert header["problems"]["noise"] == "noise must be 0…0.5; got 7"
    assert header["problems"]["hidden"] == "hidden units must be 1…64 per layer; got 0 in layer 1"
    assert "no field 'colour'" in header["problems"]["colour"]
    assert header["message"] == "; ".join(header["problems"].values())
    assert run.look() == before


@pytest.mark.parametrize(
    "text", ["", "{", "nonsense", b"\xff\xfe", b"\x00", "\ufeff{}", "{'op': 1}"]
)
def test_text_that_is_not_json_is_refused_with_a_sentence(visitor, text):
    assert error_of(visitor.session.handle(text)).startswith(
        "a request must be a JSON object; got "
    )


@pytest.mark.parametrize("text", ["[]", "3", "null", "true", '"frame"', "NaN", "-Infinity"])
def test_json_that_is_not_an_object_is_refused_with_a_sentence(visitor, text):
    value = json.loads(text)
    assert error_of(visitor.session.handle(text)) == f"a request must be a JSON object; got {value}"


# --- id -------------------------------------------------------------------------------


@pytest.mark.parametrize("reference", [7, 0, -1, "seven", "", "\ud800", "x" * 64])
def test_the_id_is_repeated_in_replies_and_in_errors(visitor, reference):
    assert visitor.ask("open", recipe={"samples": 30}, id=reference)[0]["id"] == reference
    assert visitor.ask("frame", id=reference)[0]["id"] == reference
    assert visitor.ask("nonsense", id=reference)[0]["id"] == reference


@pytest.mark.parametrize("reference", [None, [1], {}, 1.5, "x" * 65, 10**64])
def test_other_ids_than_short_texts_and_integers_are_not_repeated(visitor, reference):
    assert "id" not in visitor.ask("open", recipe={"samples": 30}, id=reference)[0]


def test_an_id_too_long_to_print_is_not_repeated(visitor):
    assert "id" not in visitor.ask("open", recipe={"samples": 30}, id=10**5000)[0]


# --- requests made to hurt ------------------------------------------------------------


@pytest.mark.parametrize(
    "around",
    ['{"op":%s}', '{"op":"frame","probe":%s}', '{"op":"open","recipe":{"hidden":%s}}'],
    ids=["op", "probe", "recipe"],
)
def test_brackets_nested_to_any_depth_are_refused_with_a_sentence(around):
    limit = sys.getrecursionlimit()
    session = LiveSession()
    for depth in [*range(limit - 200, limit + 20), 100_000]:  # read, but not printed, near it
        assert error_of(session.handle(around % ("[" * depth + "]" * depth)))


@pytest.mark.parametrize("data", ["circles", "iris"])
@pytest.mark.parametrize(
    "look", [{"probe": [1e8, -1e8], "picture": False}, {}], ids=["probe", "field"]
)
def test_a_run_close_to_overflow_can_still_be_shown(visitor, data, look):
    visitor.open(data=data, samples=30, activation="identity", learning_rate=10.0, init="normal")
    assert visitor.ask("frame", epochs=1000, picture=False)[0]["diverged"]
    header, _ = visitor.ask("frame", **look)
    assert (header["type"], header["finished"]) == ("frame", True)


def test_a_recipe_of_a_quarter_of_a_megabyte_is_refused_with_a_sentence(visitor):
    units = [1] * 100_000
    assert error_of(visitor.session.handle({"op": "open", "recipe": {"hidden": units}})) == (
        "hidden layers must be 0…6; got 100000"
    )


def test_the_offender_is_shortened_in_the_reply(visitor):
    message = error_of(visitor.session.handle({"op": "x" * 200_000}))
    assert len(message) < 200
    assert message.endswith("…")


# --- long ones ------------------------------------------------------------------------

FRAME = 15_000  # bytes of a first frame's reply, and more


@pytest.mark.parametrize(
    "recipe",
    [
        {f"x{i}": 0 for i in range(23_000)},
        {f"{i:01000}": 0 for i in range(200)},
        {f"{'é' * 10_000}{i}": 0 for i in range(8)},
        {"data": "é" * 100_000},
        {"hidden": ["x" * 1000] * 200},
        {"edits": [[1, "l2", "x" * 100]] * 500},
    ],
    ids=["fields", "long names", "wide names", "a long name", "layers", "edits"],
)
def test_a_reply_is_never_much_longer_than_its_request(recipe):
    request = json.dumps({"op": "open", "recipe": recipe}, ensure_ascii=False)
    reply = plain_reply(request)
    assert len(reply) <= 2 * len(request.encode()) + FRAME
    assert len(reply) < 20_000
    assert unpack(reply)[0]["type"] == "error"


def plain_reply(request):
    """The reply before it is compressed."""
    header, arrays = unpack(LiveSession().handle(request))
    return plain(header, arrays)


def test_only_a_request_to_open_a_run_may_be_long(visitor):
    visitor.open(samples=30)
    long = json.dumps({"op": "frame", "epochs": 1, "id": 1, "more": " " * 20_000})
    header, _ = unpack(visitor.session.handle(long))
    assert header == {
        "type": "error", "id": 1,
        "message": f"a message to frame must be 16000 characters long at most; got {len(long)}",
    }  # fmt: skip
    recipe = {"samples": 30, "edits": [[i, "l2", i / 1e6] for i in range(1, 500)]}
    request = json.dumps({"op": "open", "recipe": recipe, "more": " " * 20_000})
    assert unpack(visitor.session.handle(request))[0]["type"] == "opened"
