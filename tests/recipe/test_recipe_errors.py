"""Invalid recipes: their error messages, and what ``salvage_query`` keeps of them."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz import Recipe, RecipeError
from nnviz.recipe.recipe import FIELDS, MOST_UNKNOWN

SOURCES = "circles, moons, xor, blobs, spirals, checkerboard, linear, iris, wine, drawing"
INPUTS = "x1, x2, x1sq, x2sq, x1x2, sinx1, sinx2"
ACTIVATIONS = "tanh, sigmoid, relu, leaky_relu, elu, softplus, sine, identity, step"
IRIS = "sepal length (cm), sepal width (cm), petal length (cm), petal width (cm)"
PETAL = "petal width (cm)"
TWO = f"two different ones of {IRIS}"
NO_FEATURES = "left out for circles, whose axes are x₁ and x₂"
NO_HIDDEN = "softmax or sigmoid where there are hidden layers (a perceptron has none)"
NO_WEIGHT = "existing weights: the weight matrices have shapes [(3, 4), (5, 2)]"
ALL_FIELDS = (
    "data, classes, features, samples, noise, test_share, data_seed, standardise, inputs, hidden, "
    "activation, output, init, seed, optimiser, learning_rate, batch_size, l1, l2, edits"
)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("data", "squares", f"data must be one of {SOURCES}; got squares"),
        ("data", "", f"data must be one of {SOURCES}; got nothing"),
        ("classes", 9, "classes must be a whole number 2…8; got 9"),
        ("features", "hue", "features must be a list of names; got hue"),
        ("features", [1, 2], "features must be a list of names; got [1, 2]"),
        ("samples", 9, "samples must be a whole number 10…5000; got 9"),
        ("samples", 20.5, "samples must be a whole number 10…5000; got 20.5"),
        ("noise", -0.1, "noise must be 0…0.5; got -0.1"),
        ("test_share", 1, "test share must be 0…0.9; got 1"),
        ("data_seed", -1, "data seed must be a whole number 0…4294967295; got -1"),
        ("standardise", 1, "standardise must be true or false; got 1"),
        ("inputs", ["x1", "x3"], f"inputs must be one or more of {INPUTS}; got x3"),
        ("inputs", 7, f"inputs must be one or more of {INPUTS}; got 7"),
        ("hidden", [4, 0], "hidden units must be 1…64 per layer; got 0 in layer 2"),
        ("hidden", [65], "hidden units must be 1…64 per layer; got 65 in layer 1"),
        ("hidden", [1] * 7, "hidden layers must be 0…6; got 7"),
        ("hidden", "x", "hidden must be units of each layer, such as 10,4, or none; got x"),
        ("activation", "cube", f"activation must be one of {ACTIVATIONS}; got cube"),
        ("output", "tanh", "output must be one of softmax, sigmoid, step; got tanh"),
        ("init", "ones", "init must be one of glorot, he, normal, zeros; got ones"),
        ("seed", 2**32, "seed must be a whole number 0…4294967295; got 4294967296"),
        (
            "optimiser",
            "best",
            "optimiser must be one of sgd, momentum, nesterov, rmsprop, adam; got best",
        ),
        ("learning_rate", 0, "learning rate must be 1e-05…10; got 0"),
        ("batch_size", 0, "batch size must be full or a whole number 1…5000; got 0"),
        ("l1", 1.5, "l1 must be 0…1; got 1.5"),
        ("l2", float("nan"), "l2 must be 0…1; got nan"),
        ("edits", "soon", "edits must be a list of edits; got soon"),
    ],
)
def test_an_invalid_field_is_named_with_its_rule_and_the_offender(name, value, sentence):
    with pytest.raises(RecipeError) as caught:
        Recipe(**{name: value})
    assert str(caught.value) == sentence
    assert caught.value.problems == {name: sentence}


def test_all_invalid_fields_are_named_at_once():
    with pytest.raises(RecipeError) as caught:
        Recipe(samples=9, noise=-1)
    assert str(caught.value) == (
        "samples must be a whole number 10…5000; got 9; noise must be 0…0.5; got -1"
    )


@pytest.mark.parametrize(
    ("fields", "name", "rule", "got"),
    [
        ({"data": "spirals", "classes": 6}, "classes", "2…5 for spirals", "6"),
        ({"features": ["hue", "ash"]}, "features", NO_FEATURES, "hue, ash"),
        ({"data": "iris", "features": [PETAL, "hue"]}, "features", TWO, f"{PETAL}, hue"),
        ({"data": "iris", "features": [PETAL, PETAL]}, "features", TWO, f"{PETAL}, {PETAL}"),
        ({"data": "iris", "features": [PETAL]}, "features", TWO, PETAL),
        ({"data": "iris", "output": "sigmoid"}, "output", "softmax for 3 classes", "sigmoid"),
        (
            {"data": "blobs", "classes": 4, "output": "step", "hidden": ()},
            "output",
            "softmax for 4 classes",
            "step",
        ),
        ({"output": "step"}, "output", NO_HIDDEN, "step"),
    ],
)
def test_fields_in_conflict_are_named_with_their_rule_and_the_offender(fields, name, rule, got):
    with pytest.raises(RecipeError) as caught:
        Recipe(**fields)
    assert caught.value.problems == {name: f"{name} must be {rule}; got {got}"}


def test_an_edit_may_reach_the_last_row_and_column_of_every_layer():
    edits = [[1, "weight", 0.5, [0, 2, 3]], [1, "weight", 0.5, [1, 4, 1]]]
    assert len(Recipe(hidden=(4,), edits=edits).edits) == 2


# --- codecs ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["5", "[]", "null", '"circles"'])
def test_json_of_something_else_is_refused(text):
    with pytest.raises(RecipeError) as caught:
        Recipe.from_json(text)
    assert str(caught.value) == f"recipe must be a JSON object; got {json.loads(text)}"


@pytest.mark.parametrize("text", ["", "circles", "{", b"\xff\xfe", '{"seed": ' + "1" * 5000 + "}"])
def test_text_that_is_no_json_is_refused(text):
    with pytest.raises(RecipeError) as caught:
        Recipe.from_json(text)
    assert str(caught.value).startswith("recipe must be a JSON object; got ")


def test_text_that_is_no_json_is_refused_with_what_the_reader_says_of_it():
    with pytest.raises(RecipeError, match=r"got Expecting property name .*: line 1 column 2"):
        Recipe.from_json("{")


@pytest.mark.parametrize("depth", [10, 100_000])
def test_json_nested_to_any_depth_is_refused_with_a_sentence(depth):
    with pytest.raises(RecipeError):
        Recipe.from_json('{"data": ' + "[" * depth + "]" * depth + "}")


def test_an_unknown_field_is_refused_with_the_list_of_known_ones():
    sentence = f"a recipe has no field 'colour'; its fields are {ALL_FIELDS}"
    for read, text in ((Recipe.from_json, '{"colour": 1}'), (Recipe.from_query, "colour=1")):
        with pytest.raises(RecipeError) as caught:
            read(text)
        assert caught.value.problems == {"colour": sentence}


def test_an_unknown_name_is_shown_as_far_as_it_can_be():
    long, half = "a" * 39 + "bc", "\ud800"  # UTF-8 can't hold half of a surrogate pair
    _, problems = Recipe.salvage_query({long: "1", half: "1"})
    start = "a recipe has no field"
    assert problems == {
        long: f"{start} '{long[:40]}'; its fields are {ALL_FIELDS}",
        r"\ud800": rf"{start} '\ud800'; its fields are {ALL_FIELDS}",
    }


def test_of_many_unknown_fields_one_is_named():
    few = {f"x{i}": "1" for i in range(MOST_UNKNOWN)}
    _, problems = Recipe.salvage_query(few | {"noise": "9"})
    assert set(problems) == {*few, "noise"}
    _, problems = Recipe.salvage_query(few | {"more": "1", "noise": "9"})
    assert problems == {
        "x0": f"a recipe has no field 'x0', and none of 8 others; its fields are {ALL_FIELDS}",
        "noise": "noise must be 0…0.5; got 9.0",
    }


def test_a_field_left_empty_in_a_link_is_a_problem_not_the_default():
    _, problems = Recipe.salvage_query("data=&samples=60")
    assert problems == {"data": f"data must be one of {SOURCES}; got nothing"}


@pytest.mark.parametrize("at", [(0, 3, 0), (0, 0, 4), (1, 5, 0), (1, 0, 2), (2, 0, 0)])
def test_a_weight_just_outside_its_matrix_is_refused(at):
    with pytest.raises(RecipeError) as caught:
        Recipe(hidden=(4,), edits=[[0, "l1", 0.1], [1, "weight", 0.5, list(at)]])
    assert caught.value.problems == {"edits": f"edits must name {NO_WEIGHT}; got a weight at {at}"}


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (Recipe.from_json, '{"samples": 9, "data": "squares"}'),
        (Recipe.from_query, "samples=9&data=squares"),
    ],
)
def test_reading_strictly_names_every_bad_field(read, text):
    with pytest.raises(RecipeError) as caught:
        read(text)
    assert caught.value.problems == {
        "samples": "samples must be a whole number 10…5000; got 9",
        "data": f"data must be one of {SOURCES}; got squares",
    }


# --- salvage --------------------------------------------------------------------------


def test_salvage_keeps_valid_fields_and_gives_invalid_ones_their_default():
    recipe, problems = Recipe.salvage_query("data=moons&samples=many&seed=7&colour=1&hidden=0")
    assert recipe == Recipe(data="moons", seed=7)
    assert problems == {
        "colour": f"a recipe has no field 'colour'; its fields are {ALL_FIELDS}",
        "samples": "samples must be a whole number 10…5000; got many",
        "hidden": "hidden units must be 1…64 per layer; got 0 in layer 1",
    }


def test_salvage_replaces_the_field_that_is_in_conflict_with_the_others():
    recipe, problems = Recipe.salvage_query("data=iris&output=step&seed=7")
    assert recipe == Recipe(data="iris", seed=7)
    assert problems == {"output": "output must be softmax for 3 classes; got step"}


def test_salvage_finds_conflicts_after_replacing_invalid_fields():
    recipe, problems = Recipe.salvage_query("hidden=none,&output=step&edits=1:weight:2:0.9.9")
    assert recipe == Recipe()
    assert set(problems) == {"hidden", "output", "edits"}


good_texts = {
    "data": st.sampled_from(["moons", "iris", "spirals"]),
    "output": st.sampled_from(["sigmoid", "step"]),
    "hidden": st.sampled_from(["none", "3", "2,2"]),
    "classes": st.sampled_from(["2", "6"]),
    "features": st.sampled_from(["petal width (cm),sepal width (cm)", "hue,ash"]),
    "seed": st.integers(0, 9).map(str),
    "edits": st.sampled_from(["1:l1:0.5", "1:weight:2:1.0.0", "1:weight:2:0.0.1"]),
}


@given(
    garbage=st.dictionaries(st.sampled_from(list(FIELDS)) | st.text(), st.text(), max_size=6),
    good=st.fixed_dictionaries({}, optional=good_texts),
)
@settings(deadline=None, max_examples=150)
def test_salvage_makes_a_recipe_of_anything(garbage, good):
    recipe, problems = Recipe.salvage_query(garbage | good)
    assert Recipe.from_query(recipe.to_query()) == recipe
    assert set(problems) <= set(garbage | good)
    for name, text in good.items():  # valid by itself, so it is kept or has a problem
        if name not in problems:
            kind = FIELDS[name]
            assert getattr(recipe, name) == kind.check(name, kind.read(text))


@given(query=st.text())
@settings(deadline=None, max_examples=100)
def test_salvage_makes_a_recipe_of_any_text(query):
    recipe, _ = Recipe.salvage_query(query)
    assert isinstance(recipe, Recipe)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(values=st.dictionaries(st.sampled_from(list(FIELDS)) | st.text(), json_values, max_size=5))
@settings(deadline=None, max_examples=150)
def test_any_json_object_is_a_recipe_or_an_error_with_a_sentence(values):
    problems = problems_of(json.dumps(values))
    assert set(problems) <= set(values)
    assert all(problems.values())


def problems_of(text):
    try:
        Recipe.from_json(text)
    except RecipeError as error:
        return error.problems
    return {}


@pytest.mark.parametrize("table", [pd.DataFrame({"x": [1]}), [[1, 2]], {"x": [1]}], ids=type)
def test_a_table_as_data_is_refused_with_what_data_takes(table):
    with pytest.raises(RecipeError) as error:
        Recipe(data=table)
    assert str(error.value) == (
        "data must be the name of a data set, one of circles, moons, xor, blobs, spirals, "
        "checkerboard, linear, iris, wine, drawing, or a table by Recipe.from_table; "
        f"got a {type(table).__name__}"
    )
