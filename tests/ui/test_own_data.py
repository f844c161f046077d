"""Your own data on the page: what the browser sends, and the step before they are used."""

import base64
import gzip
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz import Recipe
from nnviz.recipe.recipe import FIELDS
from nnviz.tables.decoding import MOST_BYTES
from nnviz.ui.own_data import KEY, File, file_of

FLOWERS = "length,width,depth,species\n" + "".join(
    f"{i / 10},{i % 7},{i % 5},{'ABC'[i % 3]}\n" for i in range(30)
)


def packed(content):
    return base64.b64encode(gzip.compress(content)).decode()


def upload(text=FLOWERS, name="flowers.csv"):
    return {"name": name, "content": packed(text.encode())}


def field(page):
    found = [e.proto for e in page.app.sidebar if e.type == "bidi_component"]
    (proto,) = [proto for proto in found if "mostBytes" in json.loads(proto.json)]
    return proto


def bring(page, text=FLOWERS, name="flowers.csv", number=1):
    """As if the browser had sent this file."""
    page.app.session_state["own_data_file"] = File(name, text.encode(), number)
    page._ran(page.app.run())


def press(page, label):
    (button,) = [each for each in page.app.button if each.label == label]
    page._ran(button.click().run())


def choice(page, label):
    (found,) = [each for each in page.app.selectbox if each.label == label]
    return found


# --- messages of the browser --------------------------------------------------------------


def test_a_file_comes_deflated():
    assert file_of(upload(), 3) == File("flowers.csv", FLOWERS.encode(), 3)


def test_no_more_is_inflated_than_a_file_may_have():
    file = file_of({"name": "bomb.csv", "content": packed(bytes(20 * MOST_BYTES))}, 1)
    assert len(file.content) == MOST_BYTES + 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
)


@given(json_values | st.fixed_dictionaries({"name": json_values, "content": json_values}))
def test_any_other_message_is_ignored(message):
    assert file_of(message, 1) is None or isinstance(message["content"], str)


@pytest.mark.parametrize("content", ["!", "AAAA", "H4sIé"])
def test_a_damaged_file_is_ignored(content):
    assert file_of({"name": "a.csv", "content": content}, 1) is None


# --- the step -----------------------------------------------------------------------------


def test_nothing_changes_until_the_data_are_accepted(visit):
    page = visit(hidden="4")
    before = page.data["recipe"]
    bring(page)
    assert page.data["recipe"] == before
    assert "**flowers.csv, 30 rows, 3 classes**: A, B, C" in [m.value for m in page.app.markdown]
    press(page, "Use these data")
    recipe = Recipe.from_json(page.data["recipe"])
    assert recipe.table.name == "flowers.csv"
    assert (recipe.hidden, recipe.features) == ((4,), ("length", "width"))
    assert Recipe.from_query(page.url) == recipe
    assert not any(each.label == "Cancel" for each in page.app.button)


def test_cancelling_leaves_everything_as_it_was(visit):
    page = visit(hidden="4")
    before = page.data
    bring(page)
    press(page, "Cancel")
    assert page.data == before
    assert not any(each.label == "Cancel" for each in page.app.button)


def test_label_and_axes_can_be_changed(visit):
    page = visit()
    bring(page)
    page._ran(choice(page, "Label: the column with the classes").set_value("depth").run())
    page._ran(choice(page, "Axis x₁").set_value("width").run())
    page._ran(choice(page, "Axis x₂").set_value("length").run())
    press(page, "Use these data")
    table = Recipe.from_json(page.data["recipe"]).table
    assert (table.axes, table.classes) == (("width", "length"), ("0", "1", "2", "3", "4"))


def test_components_can_be_the_axes(visit):
    page = visit()
    bring(page)
    (axes,) = [each for each in page.app.radio if each.label == "Axes"]
    page._ran(axes.set_value("lda").run())
    press(page, "Use these data")
    assert Recipe.from_json(page.data["recipe"]).features == ("LD 1", "LD 2")


def test_what_cannot_be_used_says_why_and_the_run_goes_on(visit):
    page = visit()
    before = page.data["recipe"]
    bring(page, "a,b\n1,x\n2,x\n")
    (error,) = [each.value for each in page.app.error]
    assert error == "flowers.csv: there is no column of numbers: the axes need two"
    (button,) = [each for each in page.app.button if each.label == "Use these data"]
    assert button.disabled
    press(page, "Cancel")
    assert page.data["recipe"] == before


def test_own_data_can_be_left_and_chosen_again(visit):
    page = visit()
    bring(page)
    press(page, "Use these data")
    table = Recipe.from_json(page.data["recipe"]).table
    page.set("data", "moons")
    assert Recipe.from_json(page.data["recipe"]).data == "moons"
    page.set("data", table)
    assert Recipe.from_json(page.data["recipe"]).data == table


# --- reloading ----------------------------------------------------------------------------


def long():
    """A file with more than a link holds."""
    rows = np.random.default_rng(0).normal(size=(3000, 2)).tolist()
    return "x,y,k\n" + "".join(f"{x},{y},{'ab'[i % 2]}\n" for i, (x, y) in enumerate(rows))


def test_the_browser_keeps_what_a_link_cannot_hold_and_brings_it_back(visit):
    page = visit(hidden="3")
    bring(page, long(), "long.csv")
    press(page, "Use these data")
    kept = json.loads(field(page).json)["kept"]
    assert kept["link"] == page.url["data"]
    assert len(kept["link"]) < 100
    again = visit(**page.url)
    data = json.loads(field(again).json)
    assert (data["wanted"], data["kept"]) == (kept["link"], None)
    assert "the link names long.csv, but does not hold it" in again.warnings[0]
    widgets = again.app._tree.get_widget_states()
    widgets.widgets.add(id=field(again).id, json_value=json.dumps({"kept": kept}))
    again._ran(again.app._run(widgets))
    assert again.data["recipe"] == page.data["recipe"]
    assert again.warnings == []
    assert again.url == page.url


def test_the_field_knows_the_most_that_it_may_send(visit):
    assert json.loads(field(visit()).json)["mostBytes"] == MOST_BYTES
    assert KEY not in FIELDS
