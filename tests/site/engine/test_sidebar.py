"""The form as JSON, and choices read from it."""

import json

import pytest

from nnviz.recipe.form import DIALS, form, form_values, valid_values
from nnviz.recipe.recipe import Recipe
from nnviz.recipe.table import Table
from nnviz.site.engine.sidebar import chosen, groups_json

RECIPE = Recipe()
VALUES = valid_values(form_values(RECIPE))


def widgets_of(values, opened=RECIPE):
    groups = json.loads(json.dumps(groups_json(values, opened)))
    return {widget["key"]: widget for group in groups for widget in group["widgets"]}


def test_it_has_the_widgets_of_the_form_in_their_order():
    shown = [widget for group in form(VALUES) for widget in group.widgets if widget.shown]
    drawn = list(widgets_of(VALUES).values())
    for field in ("key", "kind", "label", "help", "sentence", "low", "high", "step", "row"):
        assert [widget[field] for widget in drawn] == [getattr(widget, field) for widget in shown]
    assert [group["title"] for group in groups_json(VALUES, RECIPE)] == [
        group.title for group in form(VALUES)
    ]


def test_choices_are_indices_of_labels():
    widgets = widgets_of({**VALUES, "activation": "relu"})
    labels = widgets["activation"]["options"]
    assert labels[widgets["activation"]["value"]] == "ReLU"
    inputs = widgets["inputs"]
    assert [inputs["options"][i] for i in inputs["value"]] == ["x₁", "x₂"]


def test_every_choice_comes_back_as_its_value():
    widgets = widgets_of(VALUES)
    changes = {key: widget["value"] for key, widget in widgets.items() if key not in DIALS}
    assert chosen(VALUES, changes) == {key: VALUES[key] for key in changes}


def test_groups_with_settings_that_are_not_the_default_are_unfolded():
    groups = groups_json(VALUES, Recipe(noise=0.3))
    assert [group["title"] for group in groups if group["unfolded"]] == ["More about the data"]


def test_a_table_of_the_visitor_travels_as_an_index():
    rows = [(0.1 * i, 0.2 * i, i % 2) for i in range(20)]
    recipe = Recipe.from_table([row[:2] for row in rows], [row[2] for row in rows], name="mine")
    values = valid_values(form_values(recipe))
    widget = widgets_of(values, recipe)["data"]
    assert widget["options"][widget["value"]] == "Your data: mine"
    assert isinstance(chosen(values, {"data": widget["value"]})["data"], Table)


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("data", 99), ("data", "iris"), ("data", True), ("data", -1), ("inputs", 0),
        ("inputs", [0, 99]), ("noise", "0.1"), ("noise", -1), ("samples", 12.5),
        ("samples", 10**9), ("standardise", 1), ("nothing", 1), ("feature_1", 0),
        ("learning_rate", 0.1),
    ],
)  # fmt: skip
def test_what_no_widget_can_say_is_ignored(key, change):
    assert chosen(VALUES, {key: change}) == {}


def test_a_widget_that_is_switched_off_says_nothing():
    values = valid_values({**VALUES, "data": "linear", "output": "step"})
    assert not widgets_of(values)["layers"]["enabled"]
    assert chosen(values, {"layers": 2}) == {}
