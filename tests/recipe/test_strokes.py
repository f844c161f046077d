"""Strokes: their text, and what is refused."""

import base64
import tracemalloc
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz import Edit, Recipe, RecipeError
from nnviz.recipe.strokes import MOST_MARKS, Mark, marks_of, n_marks, stroke

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


def drawn(n, epochs=1):
    """A recipe with so many points drawn, at every so many epochs."""
    rng = np.random.default_rng(0)
    marks = [
        f"{200 + i}_{i % 2}_{x:.3f}_{y:.3f}"
        for i, (x, y) in enumerate(rng.uniform(-1.5, 1.5, (n, 2)))
    ]
    return Recipe(
        edits=[[i * epochs, "points", "~".join(marks[i : i + 3])] for i in range(0, n, 3)]
    )


def test_a_drawing_is_packed_into_a_link():
    recipe = drawn(600, epochs=7)
    text = recipe.to_params()["edits"]
    assert text.startswith("strokes:1:")
    assert len(text) < 7500
    assert Recipe.from_query(recipe.to_query()) == recipe
    assert not recipe.too_long


def test_other_edits_stand_beside_packed_strokes():
    recipe = replace(drawn(100), edits=(*drawn(100).edits, Edit(0, "l1", 0.1), Edit(3, "l2", 0.5)))
    text = recipe.to_params()["edits"]
    assert text.startswith("0:l1:0.1,3:l2:0.5,strokes:1:")
    assert Recipe.from_query(recipe.to_query()) == recipe
    reordered = ",".join(text.split(",")[::-1])
    assert Recipe.from_query({"edits": reordered}) == recipe


def test_what_is_too_long_for_a_link_says_so_and_is_whole_in_a_file():
    recipe = drawn(1500, epochs=7)
    assert recipe.too_long == (
        "The points drawn take more than the 7.5 kB that a link holds: save the experiment as a "
        "file, which holds all of them."
    )
    assert Recipe.from_json(recipe.to_json()) == recipe
    with pytest.raises(RecipeError) as error:
        Recipe.from_query(recipe.to_query())
    assert str(error.value) == (
        "the link names points drawn, but does not hold them, as they are too long for a link: "
        "open an experiment file"
    )


def test_a_table_and_what_is_drawn_on_it_share_the_room_of_a_link():
    rng = np.random.default_rng(3)
    table = Recipe.from_table(rng.normal(size=(700, 2)), rng.integers(2, size=700), name="n.csv")
    drawing = drawn(600)
    both = replace(table, edits=drawing.edits)
    assert not table.too_long
    assert not drawing.too_long
    assert both.too_long == (
        "n.csv and the points drawn take more than the 7.5 kB that a link holds: save the "
        "experiment as a file, which holds all of them."
    )
    assert len(both.to_query()) < 8000
    (link,) = both.unlinked
    assert both.to_params()["edits"] == link
    assert Recipe.from_query(both.to_params() | {"edits": both.unlinked[link]}) == both
    assert Recipe.from_json(both.to_json()) == both
    few = replace(table, edits=drawn(10).edits)
    assert Recipe.from_query(few.to_query()) == few


def test_a_link_without_room_is_whole_again_with_what_it_has_digests_for():
    for recipe in (Recipe.from_table([[0, 1], [2, 3]], ["a", "b"], edits=drawn(300).edits),
                   Recipe.from_table([[0, 1], [2, 3]], ["a", "b"]), drawn(300)):  # fmt: skip
        short, whole = recipe.to_params(0), recipe.beyond(0)
        assert len(max(short.values(), key=len)) < 60
        assert {name: whole.get(text, text) for name, text in short.items()} == recipe.to_params()
        assert not recipe.unlinked
    assert Recipe().beyond(0) == {}
    assert Recipe().to_params(0) == Recipe().to_params()


@pytest.mark.parametrize(
    "data", ["", "x", "1:", "1:AAAA", "2:eJwDAAAAAAE", "1:eJwDAAAAAAE", "1:a:b"]
)
def test_packed_strokes_that_are_cut_off_are_refused(data):
    with pytest.raises(RecipeError) as error:
        Recipe.from_query(f"edits=strokes:{data}")
    assert str(error.value) == (
        f"points drawn must be strokes that are complete; got strokes:{data}"
    )


def test_packed_strokes_are_bounded():
    bomb = base64.urlsafe_b64encode(zlib.compress(b"0:" + b"1~" * 10_000_000)).decode()
    with pytest.raises(RecipeError, match="points drawn must be strokes that are complete"):
        Recipe.from_query(f"edits=strokes:1:{bomb.rstrip('=')}")


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
    assert [edit.value for edit in recipe.edits] == [0.2, "200_1_0_0~201_1_0_0"]


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
            "in edits, points must be a stroke of at most 8000 marks; got 8001",
        ),
    ],
)
def test_what_is_no_stroke_is_refused(value, message):
    with pytest.raises(RecipeError) as error:
        points(value)
    assert str(error.value) == message


def test_more_points_than_can_be_drawn_are_refused():
    edits = [[i, "points", "~".join(["1"] * 100)] for i in range(81)]
    assert len(Recipe(edits=edits[:80]).edits) == 80  # 8000 of them
    with pytest.raises(RecipeError) as error:
        Recipe(edits=edits)
    message = "edits must be a list with at most 8000 points drawn, moved or erased; got 8100"
    assert str(error.value) == message


def test_a_place_of_a_weight_does_not_go_with_it():
    with pytest.raises(RecipeError, match="place of an edit must be left out for points"):
        Recipe(edits=[[1, "points", "5", [0, 0, 0]]])


def test_few_long_strokes_are_kept_as_they_were_read():
    def drawn(place):
        return stroke(Mark(i, 0, (place, i)) for i in range(1000))

    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for place in range(200):
        assert len(marks_of(drawn(place))) == n_marks(drawn(place)) == 1000
    kept = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert kept < 64 * 400_000
