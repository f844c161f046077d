"""Tables as parts of recipes: equal by content, exact in links and files, and safe to read."""

import base64
import copy
import json
import pickle
import zlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz.problems import RecipeError
from nnviz.recipe.moment import Moment
from nnviz.recipe.recipe import Recipe
from nnviz.recipe.table import MOST_LINK
from nnviz.training.trainer import Trainer, dataset_of

POINTS = [[5.1, 0.2], [4.9, 1.25], [-3.0, 0.0], [7.0, 1e-3]]
LABELS = ["setosa", "virginica", "setosa", "ünal, the 2nd"]


def flowers(**changes):
    return Recipe.from_table(POINTS, LABELS, name="my flowers.csv", **changes)


def large(n=5000):
    rng = np.random.default_rng(0)
    return Recipe.from_table(rng.normal(size=(n, 2)), rng.integers(3, size=n), name="large.csv")


def test_a_table_keeps_points_classes_and_names():
    table = flowers().table
    np.testing.assert_array_equal(table.points, POINTS)  # exactly, as these decimals are short
    assert table.class_indices.tolist() == [0, 1, 0, 2]
    assert table.classes == ("setosa", "virginica", "ünal, the 2nd")
    assert table.axes == ("x₁", "x₂")
    assert table.summary == "my flowers.csv, 4 rows, 3 classes"


def test_a_data_frame_names_the_axes():
    frame = pd.DataFrame(POINTS, columns=["length", "width"])
    labels = pd.Series([1, 2, 2, 1])
    table = Recipe.from_table(frame, labels).table
    assert table.axes == ("length", "width")
    assert table.classes == ("1", "2")


def test_the_names_of_the_axes_can_be_given():
    frame = pd.DataFrame(POINTS, columns=["length", "width"])
    for data in (POINTS, frame):
        table = Recipe.from_table(data, LABELS, feature_names=["height", "depth"]).table
        assert table.axes == ("height", "depth")


def test_equal_contents_make_equal_recipes():
    assert flowers() == flowers()
    assert hash(flowers()) == hash(flowers())
    assert flowers() != Recipe.from_table(POINTS, LABELS[::-1], name="my flowers.csv")


def test_copies_and_pickles_are_equal_even_after_a_run():
    recipe = flowers()
    Trainer(recipe).advance(1)
    for other in (pickle.loads(pickle.dumps(recipe)), copy.deepcopy(recipe)):
        assert other == recipe
        assert dataset_of(other).class_names == recipe.table.classes


def test_links_and_files_hold_the_table():
    moment = Moment(flowers(hidden=(4,), seed=3), 20)
    assert Moment.from_query(moment.to_query()) == moment
    assert Moment.from_json(moment.to_json()) == moment
    assert "&features" not in moment.to_query()
    assert moment.name == "my-flowers-2-4-3-tanh-epoch-20"


def test_swapped_axes_are_kept():
    recipe = flowers(features=("x₂", "x₁"))
    assert Recipe.from_query(recipe.to_query()) == recipe
    data = dataset_of(recipe)
    assert data.features == ("x₂", "x₁")
    np.testing.assert_array_equal(
        np.sort(np.concatenate([data.train, data.test])[:, 1]), np.sort(np.array(POINTS)[:, 0])
    )


def test_a_run_from_a_link_is_bit_identical():
    recipe = flowers()
    one, other = Trainer(recipe), Trainer(Recipe.from_query(recipe.to_query()))
    one.advance(20), other.advance(20)
    assert all(
        (a == b).all() for a, b in zip(one.network.weights, other.network.weights, strict=True)
    )


def test_no_more_decimals_are_kept_than_there_are():
    points = [[0.5, 1e-9], [1.25, 1.0], [1.0, 2.0]]
    assert Recipe.from_table(points, ["a", "b", "a"]).table.decimals == (2, 0)


def test_what_is_too_long_for_a_link_says_so_and_fits_a_file():
    recipe = large()
    query = recipe.to_query()
    assert len(query) < 1000
    assert not recipe.table.fits(MOST_LINK)
    assert recipe.too_long == (
        "large.csv takes 29 kB, and a link holds 7.5: save the experiment as a file, which holds "
        "all of it."
    )
    with pytest.raises(RecipeError) as caught:
        Recipe.from_query(query)
    assert str(caught.value) == (
        "the link names large.csv, but does not hold it, as it is too long for a link: open the "
        "file again, or an experiment file"
    )
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert len(large(1000).table.text) < MOST_LINK


def test_long_decimals_are_rounded_to_less_than_can_be_seen():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(100, 2)) * [1e-7, 1e9] + [0, 1e9]
    table = Recipe.from_table(points, rng.integers(2, size=100)).table
    low, high = np.quantile(points, [0.25, 0.75], axis=0)
    assert (np.abs(table.points - points) <= (high - low) / 2e4).all()
    assert all(len(repr(x)) < 14 for x in table.points.ravel().tolist())


coordinate = st.floats(-1e15, 1e15) | st.integers(-1000, 1000) | st.decimals(-99, 99, places=3)


@given(st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=30), st.text(max_size=8))
def test_every_table_reads_back_the_same(points, name):
    recipe = Recipe.from_table(
        np.array(points, dtype=float), ["a", "b", *["a"] * (len(points) - 2)], name=name
    )
    again = Recipe.from_json(recipe.to_json())
    assert again == recipe
    np.testing.assert_array_equal(again.table.points, recipe.table.points)


def damaged(**changes):
    """The text of a table whose contents were changed."""
    start, data = flowers().table.text.rsplit(":", 1)
    contents = zlib.decompress(base64.urlsafe_b64decode(data + "=="))
    line, _, rest = contents.partition(b"\n")
    line = json.dumps(json.loads(line) | changes).encode()
    data = base64.urlsafe_b64encode(zlib.compress(line + b"\n" + rest)).decode()
    return f"{start}:{data}"


@pytest.mark.parametrize("text", [
    "table:", "table:1:x", "table:2:x:abc", "table:1:x:abc", "table:1:x:!!!", "table:1::~",
    flowers().table.text[:-9],
    "table:1:x:" + base64.urlsafe_b64encode(zlib.compress(bytes(10_000_000))).decode(),
    damaged(rows=3), damaged(rows=10**9), damaged(rows=-1), damaged(rows=True),
    damaged(bytes=[9, 1]), damaged(bytes=[1]), damaged(bytes=None),
    damaged(classes=["a"]), damaged(classes=["a", "b"]), damaged(classes=["a", "a", "b"]),
    damaged(classes=[1, 2, 3]), damaged(classes=["a", "b", ""]),
    damaged(classes=["a", "b", "\x1b"]),
    damaged(classes=["a", "b", "x" * 300]), damaged(axes=["a", "a"]), damaged(axes=["a"]),
    damaged(decimals=[99, 0]), damaged(decimals=[-15, -15]), damaged(least=[10**30, 0]),
    damaged(least=[1.5, 0]), damaged(note="\n"), damaged(note=None),
])  # fmt: skip
def test_a_damaged_table_is_a_problem_of_the_data(text):
    with pytest.raises(RecipeError) as caught:
        Recipe(data=text)
    assert caught.value.problems.keys() == {"data"}


@given(st.text(max_size=40))
def test_any_text_after_the_prefix_is_a_problem_of_the_data(text):
    with pytest.raises(RecipeError):
        Recipe(data=f"table:1:x:{text}")


@pytest.mark.parametrize(("X", "y", "sentence"), [
    ([[1, 2]], ["a"], "data must be a table of 2…8 classes; got 1"),
    ([[1, 2]] * 9, range(9), "data must be a table of 2…8 classes; got 9"),
    ([[1, 2], [1, 3]], ["a"], "data must be n labels for n points; got shapes (2, 2) and (1,)"),
    ([[1, 2, 3]], ["a"], "data must be points of shape (n, 2); got shape (1, 3)"),
    ([["x", "y"]], ["a"], "data must be a table of numbers; got others"),
    ([[1, np.nan], [1, 2]], "ab", "data must be n labels for n points; got shapes (2, 2) and ()"),
    ([[1, np.nan], [1, 2]], ["a", "b"],
     "data must be a table without missing or infinite values; got some"),
    ([[1, 2], [2, 1]], ["a", None], "data must be a table without missing labels; got some"),
    ([[1, 2], [2, 1]], [1.0, np.nan], "data must be a table without missing labels; got some"),
    ([[1, 2]] * 5001, ["a", "b"] + ["a"] * 4999, "data must be a table of 2…5000 rows; got 5001"),
    ([[1, 1e16], [1, 2]], ["a", "b"], "data must be numbers −1e+15…1e+15; got others"),
])  # fmt: skip
def test_arrays_that_are_no_table_get_a_sentence(X, y, sentence):
    with pytest.raises(RecipeError) as caught:
        Recipe.from_table(X, y)
    assert str(caught.value) == sentence
