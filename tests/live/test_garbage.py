"""Any message gets a readable reply: no exception, no hang."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz.live.codec import unpack
from nnviz.live.session import LiveSession
from nnviz.recipe.recipe import FIELDS

BLIND = {"picture": False}
RECIPE = {"data": "xor", "samples": 10, "hidden": [2], "batch_size": 4, "edits": [[2, "l2", 0.1]]}

REQUESTS = {
    "open": {"op": "open", "recipe": RECIPE, **BLIND},
    "frame": {"op": "frame", "epochs": 2, "since": 1, "probe": [0.5, -1], **BLIND},
    "walk": {"op": "frame", "walked": 3, "health": True, **BLIND},
    "detail": {"op": "detail", "size": [9, 7], "first": 2, "threshold": 0.4, "unit": [1, 1]},
    "seek": {"op": "seek", "epoch": 3, "since": 0, "id": 1, **BLIND},
    "edit": {"op": "edit", "field": "learning_rate", "value": 0.1, **BLIND},
    "weight": {"op": "edit", "field": "weight", "value": 1, "at": [0, 1, 1], **BLIND},
    "picture": {
        "op": "export", "what": "picture", "picture": "probabilities", "size": [200, 200],
        "caption": "a b", "theme": "dark", "eye": [1, 1, 1],
        "look": {"view": "class", "class": 1, "threshold": 0.4, "rings": True, "unit": [1, 1],
                 "probe": [0, 1], "log_loss": True},
    },
    "link": {"op": "export", "what": "link", "look": {"points": "train", "probe": [0, 1]}},
    "qr": {"op": "export", "what": "qr", "text": "http://localhost"},
}  # fmt: skip

# all JSON values, and what Python's parser accepts beyond JSON
text = st.text(st.characters(exclude_categories=()), max_size=8)  # lone surrogates too
numbers = (
    st.integers()
    | st.floats()
    | st.sampled_from([10**400, -(10**400), 2**63, 1e308, 5e-324, -0.0])
    | st.integers(-2, 20)
)
strings = st.sampled_from(
    ["open", "frame", "edit", "weight", "full", "none", "iris", "adam", "x1", "1", "0.5", "9" * 400]
)
scalars = st.none() | st.booleans() | numbers | text | strings
small = st.recursive(
    scalars,
    lambda values: (
        st.lists(values, max_size=4) | st.dictionaries(text | strings, values, max_size=4)
    ),
    max_leaves=8,
)
large = st.sampled_from(
    [[0] * 5000, ["x1"] * 5000, [[1, "l2", 0]] * 600, {str(i): i for i in range(999)}]
)
deep = st.sampled_from([50, 300]).map(lambda depth: json.loads("[" * depth + "]" * depth))
garbage = small | large | deep


def answer(session, request):
    """The reply as a browser parses it, with strict JSON."""
    header, arrays = unpack(session.handle(request))
    assert header["type"] in ("opened", "frame", "detail", "error", "exported")
    if header["type"] == "error":
        assert header["message"]
        assert not arrays
    json.dumps(header, allow_nan=False)
    values = {name: value for name, value in header.items() if name != "id"}  # repeated as it is
    json.dumps(values, ensure_ascii=False).encode()
    return header


def opened():
    session = LiveSession()
    assert answer(session, REQUESTS["open"])["type"] == "opened"
    return session


@settings(deadline=None)
@given(garbage)
def test_any_json_value_gets_a_reply(value):
    answer(LiveSession(), json.dumps(value))


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=())) | st.binary())
def test_any_text_and_any_bytes_get_a_reply(message):
    answer(LiveSession(), message)


places = st.sampled_from([(name, place) for name in REQUESTS for place in REQUESTS[name]])


@settings(deadline=None, max_examples=300)
@given(places, garbage, st.integers(0, 1))
def test_a_request_with_garbage_in_one_place_gets_a_reply_and_the_run_goes_on(where, value, epochs):
    name, place = where
    session = opened()
    answer(session, {"op": "frame", "epochs": epochs, **BLIND})
    header = answer(session, json.dumps(REQUESTS[name] | {place: value}))
    if header["type"] == "error":  # then nothing has changed
        assert answer(session, {"op": "frame", **BLIND})["epoch"] == epochs
    assert answer(session, REQUESTS["frame"])["type"] == "frame"


@settings(deadline=None)
@given(st.sampled_from([*FIELDS, "nonsense"]), garbage)
def test_a_recipe_with_garbage_in_one_field_gets_a_reply(field, value):
    recipe = RECIPE | {field: value}
    request = json.dumps({"op": "open", "recipe": recipe, **BLIND})
    header = answer(LiveSession(), request)
    if header["type"] == "error":
        assert field in header["problems"] or "edits" in header["problems"]


@settings(deadline=None)
@given(st.lists(st.one_of(small, st.sampled_from([1, "l2", "weight", [0, 0, 0]])), max_size=5))
def test_a_recipe_with_garbage_for_an_edit_gets_a_reply(edit):
    recipe = RECIPE | {"edits": [edit]}
    answer(LiveSession(), json.dumps({"op": "open", "recipe": recipe, **BLIND}))


@settings(deadline=None)
@given(st.text('[]{}":,0123456789eE+-.truefalsnNIiy\\ud8', max_size=40))
def test_text_that_looks_like_json_gets_a_reply(message):
    answer(LiveSession(), message)
