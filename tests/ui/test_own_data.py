"""Your own data on the page: what the browser sends, and the step before they are used."""

import base64
import gzip
import json
import os
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz import Recipe
from nnviz.live.codec import unpack
from nnviz.live.session import LiveSession
from nnviz.recipe import companions
from nnviz.recipe.companions import Companion
from nnviz.recipe.look import LOOK_FIELDS, Look
from nnviz.recipe.moment import Moment
from nnviz.recipe.recipe import FIELDS
from nnviz.recipe.strokes import Mark, stroke
from nnviz.tables.decoding import MOST_BYTES
from nnviz.tables.upload import File, file_of
from nnviz.ui.tab import KEY, SWEEP

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


def states(page, **sent):
    """The widgets' states in the browser, with what the field sends."""
    widgets = page.app._tree.get_widget_states()
    if sent:
        widgets.widgets.add(id=field(page).id, json_value=json.dumps(sent))
    return widgets


def send(page, name, value, number=None):
    """As the browser sends a message: with the next number."""
    number = number or json.loads(field(page).json)["taken"].get(name, 0) + 1
    page._ran(page.app._run(states(page, **{name: {"number": number, "value": value}})))


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


def test_nothing_of_it_is_written_to_disk(visit):
    page = visit()
    written, is_watched = [], True

    def watch(event, args):
        if is_watched and event == "open" and isinstance(args[2], int):
            is_bytecode = str(args[0]).split(".pyc")[0] != str(args[0])
            if args[2] & (os.O_WRONLY | os.O_RDWR) and not is_bytecode:
                written.append(args[0])

    sys.addaudithook(watch)  # for good
    bring(page)
    press(page, "Use these data")
    answer, _ = unpack(LiveSession().handle({"op": "open", "recipe": page.data["recipe"]}))
    is_watched = False
    assert answer["recipe"]["data"].startswith("table:")
    assert written == []


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
    assert error == (
        "flowers.csv: there is no column of numbers: the axes need two; column b: it has text such "
        "as x: an axis needs numbers"
    )
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


def strokes():
    """Points drawn, more than a link holds."""
    rng = np.random.default_rng(0)
    marks = [Mark(200 + i, i % 2, tuple(rng.normal(size=2).round(4))) for i in range(2500)]
    return stroke(marks)


def brings(page, texts):
    """As if the browser had brought these texts for what the link has."""
    send(page, "kept", texts)


def test_the_browser_keeps_what_a_link_cannot_hold_and_brings_it_back(visit):
    page = visit(hidden="3")
    bring(page, long(), "long.csv")
    press(page, "Use these data")
    kept = json.loads(field(page).json)["kept"]
    (link,) = kept
    assert link == page.url["data"]
    assert len(link) < 100
    again = visit(**page.url)
    data = json.loads(field(again).json)
    assert (data["wanted"], data["kept"]) == ([SWEEP, link], {})
    assert "the link names long.csv, but does not hold it" in again.warnings[0]
    brings(again, kept)
    assert again.data["recipe"] == page.data["recipe"]
    assert again.warnings == []
    assert again.url == page.url


def test_so_it_does_with_strokes(visit):
    recipe = Recipe(hidden=[3], edits=[[4, "points", strokes()], [9, "learning_rate", 0.25]])
    page = visit(**recipe.to_params(), epoch="12")
    link, _ = json.loads(field(page).json)["wanted"]
    assert [link] == list(recipe.unlinked)
    assert "the link names points drawn, but does not hold them" in page.warnings[0]
    brings(page, {"another": "text"})
    assert json.loads(field(page).json)["wanted"] == [link, SWEEP]
    brings(page, recipe.unlinked)
    assert Recipe.from_json(page.data["recipe"]) == recipe
    assert page.data["opened"]["epoch"] == 12
    assert page.warnings == []
    data = json.loads(field(page).json)
    assert (data["wanted"], data["kept"]) == ([SWEEP], recipe.unlinked)


def test_so_it_does_with_runs_side_by_side(visit):
    points = [[4, "points", strokes()]]
    runs = (Companion(name="mine"), Companion(Recipe(hidden=[4], edits=points), "drawn; & edited"))
    moment = Moment(Recipe(hidden=[3]), look=Look(beside=runs))
    ((link, text),) = companions.unlinked(moment.recipe, runs).items()
    assert moment.to_params()["beside"] == link
    page = visit(**moment.to_params())
    assert "the link names runs side by side, but does not hold them" in page.warnings[0]
    brings(page, {link: text})
    assert page.warnings == []
    assert LOOK_FIELDS["beside"].check("beside", page.data["opened"]["look"]["beside"]) == runs
    assert page.url["beside"] == link
    assert json.loads(field(page).json)["kept"] == {link: text}


def test_the_field_knows_the_most_that_it_may_send(visit):
    assert json.loads(field(visit()).json)["mostBytes"] == MOST_BYTES
    assert KEY not in FIELDS
