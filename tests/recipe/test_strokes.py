"""Strokes: their text, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz import Edit, Recipe, RecipeError
from nnviz.recipe.strokes import MOST_MARKS, Mark, marks_of, stroke

MARKS = (
    "in edits, points must be marks such as 205_1_0.35_-0.2 (number, class, x and y), "
    "or a number alone to erase it; got {}"
)
PLACES = st.floats(-1e15, 1e15).map(float)
A_MARK = st.builds(Mark, st.integers(0, 9999)) | st.builds(
    Mark, st.integers(0, 9999), st.integers(0, 7), st.tuples(PLACES, PLACES)
)


def points(value, epoch=1, **fields):
    return Recipe(**fields, edits=[[epoch, "points", value]])


@given(st.lists(A_MARK, min_size=1, max_size=20))
def test_a_stroke_comes_back_from_its_text(marks):
    assert marks_of(stroke(marks)) == tuple(marks)


@given(st.lists(A_MARK.filter(lambda mark: (mark.class_index or 0) < 2), min_size=1, max_size=20))
def test_it_comes_back_from_a_link_and_a_file(marks):
    recipe = points(stroke(marks))
    assert Recipe.from_query(recipe.to_query()) == recipe
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert "%" not in recipe.to_query().split("edits=")[1]  # nothing to escape: short


def test_numbers_are_written_in_one_way():
    (edit,) = points("0205_1_0.350_-2.0~7").edits
    assert edit == Edit(1, "points", "205_1_0.35_-2~7")


def test_strokes_at_epoch_0_stay_edits():
    recipe = Recipe().with_edit(Edit(0, "points", "200_1_0_0"))
    assert recipe.edits == (Edit(0, "points", "200_1_0_0"),)
    assert recipe.folded() == Recipe()
    assert recipe.settings_at(5) == Recipe().settings_at(5)


def test_another_field_at_the_same_epoch_leaves_strokes_alone():
    recipe = points("200_1_0_0").with_edit(Edit(1, "points", "201_1_0_0"))
    recipe = recipe.with_edit(Edit(1, "l1", 0.1)).with_edit(Edit(1, "l1", 0.2))
    assert [edit.value for edit in recipe.edits] == ["200_1_0_0~201_1_0_0", 0.2]


def test_strokes_of_one_epoch_become_one_and_the_last_mark_counts():
    recipe = points("200_1_0_0~7")
    for value in ("201_0_1_1~200", "7_1_0_0"):
        recipe = recipe.with_edit(Edit(1, "points", value))
    assert recipe.edits == (Edit(1, "points", "200~7_1_0_0~201_0_1_1"),)
    recipe = recipe.with_edit(Edit(2, "points", "8"))
    assert [edit.value for edit in recipe.edits] == ["200~7_1_0_0~201_0_1_1", "8"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", MARKS.format("nothing")),
        ("x", MARKS.format("x")),
        (5, MARKS.format("5")),
        (None, MARKS.format("None")),
        ("5_1_0", MARKS.format("5_1_0")),
        ("5_1_a_b", MARKS.format("5_1_a_b")),
        ("1~", MARKS.format("nothing")),
        ("-1_1_0_0", MARKS.format("-1_1_0_0")),
        ("10000", "in edits, points must be points with numbers 0…9999; got 10000"),
        ("1_0_nan_0", "in edits, points must be places within −1e+15…1e+15; got 1_0_nan_0"),
        ("1_0_0_1e16", "in edits, points must be places within −1e+15…1e+15; got 1_0_0_1e16"),
        ("1_2_0_0", "edits must draw points of the classes 0…1; got 2"),
        (
            "~".join(["1"] * (MOST_MARKS + 1)),
            "in edits, points must be a stroke of at most 5000 marks; got 5001",
        ),
    ],
)
def test_what_is_no_stroke_is_refused(value, message):
    with pytest.raises(RecipeError) as error:
        points(value)
    assert str(error.value) == message


def test_more_points_than_can_be_drawn_are_refused():
    edits = [[i, "points", "~".join(["1"] * 100)] for i in range(51)]
    with pytest.raises(RecipeError) as error:
        Recipe(edits=edits)
    message = "edits must be a list with at most 5000 points drawn, moved or erased; got 5100"
    assert str(error.value) == message


def test_a_place_of_a_weight_does_not_go_with_it():
    with pytest.raises(RecipeError, match="place of an edit must be left out for points"):
        Recipe(edits=[[1, "points", "5", [0, 0, 0]]])
