"""Any file or link opens or is refused with a sentence that UTF-8 can encode."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nnviz import Recipe, RecipeError
from nnviz.recipe.edits import WEIGHT
from nnviz.recipe.look import LOOK_FIELDS
from nnviz.recipe.moment import Moment
from nnviz.recipe.recipe import FIELDS

LONE = "\ud800x"  # a lone surrogate

anything = st.text(st.characters(exclude_categories=()), max_size=8)
names = (
    st.sampled_from([*FIELDS, *LOOK_FIELDS, "nnviz", "recipe", "look", "epoch", "v", LONE])
    | anything
)
texts = st.sampled_from(["full", "none", "iris", "1,2", "9" * 400, "-0", "1e999", "\x1b[31m", LONE])
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | anything | texts
    | st.sampled_from([10**400, -(10**400), 2**63, 1e308, 5e-324])
)  # fmt: skip
deep = st.sampled_from([50, 300, 900]).map(lambda depth: json.loads("[" * depth + "]" * depth))
values = (
    st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
        max_leaves=8,
    )
    | deep
)
edits = st.lists(
    st.lists(st.sampled_from([1, "l2", WEIGHT, 0.5, [0, 1, 1]]) | values, max_size=5), max_size=2
)
recipes = st.dictionaries(names, values, max_size=4) | edits.map(lambda e: {"edits": e})
documents = (
    values | recipes
    | st.fixed_dictionaries(
        {"nnviz": st.just(1)},
        optional={
            "recipe": recipes | values, "epoch": values, LONE: values,
            "look": st.dictionaries(names, values, max_size=4) | values,
        },
    )
)  # fmt: skip


def check(read, thing):
    """What is read can be written again, or else the error message can be."""
    try:
        found = read(thing)
    except RecipeError as error:
        check_problems(error.problems)
        return
    found.to_json().encode()
    found.to_query().encode("ascii")


def check_problems(problems):
    assert all(text.isprintable() for text in problems.values())
    json.dumps(problems, ensure_ascii=False).encode()


@settings(deadline=None, max_examples=300)
@given(documents)
@example({"nnviz": 1, "recipe": {"data": LONE}})
@example({"nnviz": 1, "recipe": {LONE: 1}})
@example({"nnviz": 1, "recipe": {"edits": [[LONE, "l2", 1]]}})
@example({"nnviz": 1, "look": {LONE: 1}})
@example({"nnviz": 1, LONE: 1})
@example({"nnviz": LONE})
def test_any_document_opens_or_is_refused_with_a_sentence(document):
    text = json.dumps(document)
    check(Moment.from_json, text)
    check(Moment.from_json, json.dumps(document, ensure_ascii=False))
    check(Recipe.from_json, text)


@settings(deadline=None, max_examples=200)
@given(anything | st.text('[]{}":,0123456789eE+-.truefalsnNIiy\\ud8', max_size=40) | st.binary())
@example("9" * 5000)
@example('{"nnviz": 1, "epoch": ' + "9" * 5000 + "}")
@example('{"nnviz": 1, "recipe": ' + "[" * 100_000)
@example("NaN")
@example('{"nnviz": 1, "look": {"probe": [NaN, Infinity]}}')
@example('{"nnviz": 1, "look": {"stop_loss": Infinity}}')
@example(b'{"nnviz": 1, "recipe": {"data": "\xff"}}')
@example(LONE)
def test_any_text_and_any_bytes_open_or_are_refused_with_a_sentence(text):
    check(Moment.from_json, text)
    check(Recipe.from_json, text)


@settings(deadline=None, max_examples=300)
@given(st.dictionaries(names, anything | texts, max_size=6))
@example({LONE: LONE, "view": LONE, "v": LONE, "epoch": LONE, "unit": LONE, "edits": LONE})
@example({"features": LONE, "data": "iris"})
@example({"probe": "9" * 400 + ",inf", "stop_loss": "1e999", "stop_epoch": "9" * 5000})
def test_a_moment_is_salvaged_from_any_link(query):
    for read in (Moment.salvage_query, Recipe.salvage_query):
        found, problems = read(query)
        check_problems(problems)
        found.to_query().encode("ascii")


@settings(deadline=None, max_examples=200)
@given(anything | st.text("?&=%+;,:1ud8", max_size=20))
def test_a_moment_is_salvaged_from_any_text(query):
    found, problems = Moment.salvage_query(query)
    check_problems(problems)
    found.to_query().encode("ascii")


@pytest.mark.parametrize(
    "text", ['{"nnviz":1,"recipe":{"data":"\\ud800x"}}', '{"data": "\\ud800x"}']
)
def test_a_lone_surrogate_is_shown_as_an_escape(text):
    with pytest.raises(RecipeError, match=r"^data must be one of .*; got \\ud800x$"):
        Moment.from_json(text)
