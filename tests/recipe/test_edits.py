"""Timed edits: their checks, their order, their text."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz import Edit, Recipe, RecipeError
from nnviz.recipe.edits import MOST_EDITS
from nnviz.recipe.recipe import FIELDS, LAST_EPOCH, LIVE_FIELDS

EDITS = FIELDS["edits"]
FORM = "edits must be each [epoch, field, value] or [epoch, weight, value, place]"
PLACE = "in edits, place of a weight must be layer, row and column, counted from 0"
EPOCH = "in edits, epoch of an edit must be a whole number 0…1000000"
LIVE = "optimiser, learning_rate, batch_size, l1, l2, weight, points"


def test_the_live_fields_are_the_five_that_need_no_new_network():
    assert list(LIVE_FIELDS) == ["optimiser", "learning_rate", "batch_size", "l1", "l2"]


def test_an_edit_is_checked_into_its_canonical_form():
    (edit,) = EDITS.check("edits", [[3, "learning_rate", 1]])
    assert edit == Edit(3, "learning_rate", 1.0)
    assert type(edit.value) is float
    (edit,) = EDITS.check("edits", [(7, "weight", 2, [0, 1, 2])])
    assert edit == Edit(7, "weight", 2.0, (0, 1, 2))


def test_edits_are_sorted_by_epoch_and_otherwise_keep_their_order():
    given_edits = [[9, "l1", 0.1], [2, "l2", 0.2], [9, "l2", 0.3], [2, "l1", 0.4]]
    epochs_and_fields = [(e.epoch, e.field) for e in EDITS.check("edits", given_edits)]
    assert epochs_and_fields == [(2, "l2"), (2, "l1"), (9, "l1"), (9, "l2")]


def test_edits_may_be_given_as_edits_or_as_lists():
    assert EDITS.check("edits", [Edit(1, "l1", 0.5)]) == EDITS.check("edits", [[1, "l1", 0.5]])


@pytest.mark.parametrize(
    ("edit", "as_list", "text"),
    [
        (Edit(120, "learning_rate", 0.01), [120, "learning_rate", 0.01], "120:learning_rate:0.01"),
        (Edit(1, "optimiser", "adam"), [1, "optimiser", "adam"], "1:optimiser:adam"),
        (Edit(5, "batch_size", None), [5, "batch_size", None], "5:batch_size:full"),
        (Edit(5, "batch_size", 8), [5, "batch_size", 8], "5:batch_size:8"),
        (
            Edit(300, "weight", 0.5, (1, 2, 0)),
            [300, "weight", 0.5, [1, 2, 0]],
            "300:weight:0.5:1.2.0",
        ),
        (
            Edit(0, "weight", -1e-7, (0, 0, 9)),
            [0, "weight", -1e-7, [0, 0, 9]],
            "0:weight:-1e-07:0.0.9",
        ),
    ],
)
def test_an_edit_has_a_list_for_json_and_a_text_for_urls(edit, as_list, text):
    assert edit.to_list() == as_list
    assert EDITS.write((edit,)) == text
    assert EDITS.check("edits", [as_list]) == (edit,)
    assert EDITS.check("edits", EDITS.read(text)) == (edit,)


def test_several_edits_are_separated_by_commas_and_no_edits_are_no_text():
    both = (Edit(1, "l1", 0.5), Edit(2, "weight", 3.0, (0, 1, 0)))
    assert EDITS.write(both) == "1:l1:0.5,2:weight:3:0.1.0"
    assert EDITS.check("edits", EDITS.read(EDITS.write(both))) == both
    assert EDITS.check("edits", EDITS.read("")) == ()


@pytest.mark.parametrize(
    ("edits", "sentence"),
    [
        (5, "edits must be a list of edits; got 5"),
        ("ab", "edits must be a list of edits; got ab"),
        ({"a": 1}, "edits must be a list of edits; got {'a': 1}"),
        (
            [[1, "l1", 0.1]] * (MOST_EDITS + 1),
            "edits must be a list of at most 1000 edits; got 1001",
        ),
        ([(1, "l1")], f"{FORM}; got (1, 'l1')"),
        ([-1], f"{FORM}; got -1"),
        ([[-1, "l1", 0.1]], f"{EPOCH}; got -1"),
        ([[LAST_EPOCH + 1, "l1", 0.1]], f"{EPOCH}; got 1000001"),
        ([[1, "hidden", 3]], f"in edits, field of an edit must be one of {LIVE}; got hidden"),
        ([[1, 2, 3]], f"in edits, field of an edit must be one of {LIVE}; got 2"),
        ([[1, "l1", 2]], "in edits, l1 must be 0…1; got 2"),
        (
            [[1, "batch_size", 0]],
            "in edits, batch size must be full or a whole number 1…5000; got 0",
        ),
        (
            [[1, "optimiser", "best"]],
            "in edits, optimiser must be one of sgd, momentum, nesterov, rmsprop, adam; got best",
        ),
        (
            [[1, "weight", 1e7, [0, 0, 0]]],
            "in edits, weight must be -1e+06…1e+06; got 10000000.0",
        ),
        ([[1, "weight", 0.5]], f"{PLACE}; got None"),
        ([[1, "weight", 0.5, [0, -1, 0]]], f"{PLACE}; got [0, -1, 0]"),
        ([[1, "weight", 0.5, [0, 1]]], f"{PLACE}; got [0, 1]"),
    ],
)
def test_an_invalid_edit_is_refused_with_a_sentence(edits, sentence):
    with pytest.raises(RecipeError) as caught:
        EDITS.check("edits", edits)
    assert caught.value.problems == {"edits": sentence}


def test_as_many_edits_as_there_may_be_are_taken():
    assert len(EDITS.check("edits", [[1, "l1", 0.1]] * MOST_EDITS)) == MOST_EDITS


def test_an_edit_in_no_place_is_refused_with_what_it_has_instead():
    with pytest.raises(RecipeError) as caught:
        EDITS.check("edits", [Edit(1, "weight", 0.5, 7)])
    assert caught.value.problems == {"edits": f"{PLACE}; got 7"}


def test_a_place_is_refused_for_a_live_field():
    with pytest.raises(RecipeError) as caught:
        EDITS.check("edits", [[1, "l1", 0.1, [0, 0, 0]]])
    sentence = "in edits, place of an edit must be left out for l1; got [0, 0, 0]"
    assert caught.value.problems == {"edits": sentence}


def test_text_with_too_many_parts_is_refused_rather_than_cut():
    with pytest.raises(RecipeError) as caught:
        Recipe.from_query("edits=5:weight:1:0.0.0:more")
    assert caught.value.problems == {"edits": f"{FORM}; got 5:weight:1:0.0.0:more"}


def test_each_part_of_a_text_is_read_as_its_field_is():
    text = "1:too:many:parts:here,2:batch_size:full,3:optimiser:7,4:weight:0.5:0.1.2"
    assert EDITS.read(text) == [
        "1:too:many:parts:here", [2, "batch_size", "full"], [3, "optimiser", "7"],
        [4, "weight", 0.5, [0, 1, 2]],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", [",,,", "::", "1:l1", "1:weight:2:", "1:weight:2:1.2", "x:l1:0.1", "1:weight:2:a.b.c"]
)
def test_text_that_is_not_an_edit_is_refused_with_a_sentence(text):
    recipe, problems = Recipe.salvage_query({"edits": text})
    assert recipe == Recipe()
    assert list(problems) == ["edits"]


@pytest.mark.parametrize("text", ["{}:l1:0.1", "1:weight:0.5:0.0.{}"])
def test_a_number_of_thousands_of_digits_is_refused_with_a_sentence(text):
    recipe, problems = Recipe.salvage_query({"edits": text.format("9" * 5000)})
    assert recipe == Recipe()
    assert list(problems) == ["edits"]


@given(text=st.text(alphabet="0123456789:.,-ewl1aightr²", max_size=40))
@settings(deadline=None, max_examples=100)
def test_any_text_is_an_edit_or_refused_with_a_sentence(text):
    recipe, problems = Recipe.salvage_query({"edits": text})
    assert recipe.edits == () or not problems


def test_numpy_values_give_the_same_edit_as_python_values():
    edit = Edit(np.int64(3), "weight", np.float64(0.5), np.array([0, 1, 1]))
    assert edit == Edit(3, "weight", 0.5, (0, 1, 1))
    assert json.dumps(edit.to_list()) == '[3, "weight", 0.5, [0, 1, 1]]'
    assert Recipe().with_edit(edit) == Recipe(edits=[[3, "weight", 0.5, [0, 1, 1]]])
    assert Recipe(edits=[edit, [np.int64(4), "weight", 1, np.array([0, 1, 1])]]).edits[0] == edit


def test_drawn_points_have_a_text_that_reads_as_the_same_edits():
    edits = EDITS.check("edits", [[2, "l1", 0.5], [3, "points", "200_1_0.5_-0.25"]])
    assert EDITS.check("edits", EDITS.read(EDITS.write(edits))) == edits


def test_of_two_optimisers_chosen_at_an_epoch_the_last_counts():
    recipe = Recipe().with_edit(Edit(3, "optimiser", "adam"))
    recipe = recipe.with_edit(Edit(3, "optimiser", "rmsprop"))
    assert recipe.edits == (Edit(3, "optimiser", "rmsprop"),)
