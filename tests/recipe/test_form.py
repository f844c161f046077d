"""The form: widgets as plain data, and pure functions between their values and a recipe."""

import json
from dataclasses import asdict, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz import Recipe
from nnviz.choices.datasets import SOURCES
from nnviz.choices.outputs import OUTPUTS
from nnviz.problems import RecipeError, field_title
from nnviz.recipe import form
from nnviz.recipe.form import (
    DIALS,
    FORM_FIELDS,
    WIDGET_KEYS,
    form_values,
    recipe_of,
    valid_values,
    values_after,
    values_chosen,
)
from nnviz.recipe.kinds import Flag
from nnviz.recipe.recipe import FIELDS, LIVE_FIELDS

RECIPES = [
    Recipe(),
    Recipe(data="iris", features=["petal width (cm)", "sepal length (cm)"], hidden=[3, 64, 1]),
    Recipe(data="blobs", classes=6, batch_size=7, learning_rate=0.07),
    Recipe(data="xor", output="step", hidden=[], inputs=["x1", "x1x2"], standardise=False),
    Recipe(output="sigmoid", hidden=[1, 2, 3, 4, 5, 6], edits=[[5, "l2", 0.01], [9, "l2", 0.3]]),
]
recipes = pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.data)


def drawn(values):
    """The widgets that are shown, by their keys."""
    groups = form.form(valid_values(values))
    return {w.key: w for group in groups for w in group.widgets if w.shown}


# --- the declaration ------------------------------------------------------------------


def test_fields_are_the_attributes_of_a_recipe():
    assert list(FIELDS) == [each.name for each in fields(Recipe)]
    assert {each.name: each.default for each in fields(Recipe)} == {
        name: kind.default for name, kind in FIELDS.items()
    }
    assert FIELDS["edits"].settings == LIVE_FIELDS


def test_every_field_but_the_edits_is_in_a_group():
    assert set(FIELDS) - set(FORM_FIELDS) == {"edits"}
    groups = form.form(valid_values({}))
    assert [group.title for group in groups] == [
        "", "More about the data", "More about the network", "More about training",
    ]  # fmt: skip
    assert {w.field for group in groups for w in group.widgets} == set(FORM_FIELDS)


def test_a_new_field_needs_one_declaration(monkeypatch):
    kind = Flag(default=True, label="Momentous", help="Whether it is.", group="Training")
    monkeypatch.setattr(form, "FIELDS", {**FIELDS, "momentous": kind})
    monkeypatch.setattr(form, "FORM_FIELDS", [*FORM_FIELDS, "momentous"])
    values = valid_values({}) | {"momentous": False}
    widget = form.form(values)[-1].widgets[-1]
    assert (widget.kind, widget.label, widget.value) == ("toggle", "Momentous", False)


# --- records --------------------------------------------------------------------------


@recipes
def test_widgets_are_plain_data(recipe):
    groups = form.form(valid_values(form_values(recipe)))
    again = json.loads(json.dumps([asdict(group) for group in groups]))
    keys = [widget["key"] for group in again for widget in group["widgets"]]
    assert sorted(keys) == sorted(WIDGET_KEYS)
    assert len(set(keys)) == len(keys)
    for group in again:
        for widget in group["widgets"]:
            assert widget["label"]
            assert widget["help"].endswith(".")
            if widget["kind"] == "select":
                assert widget["value"] in [value for value, _ in widget["options"]]


@recipes
def test_a_value_lies_in_the_range_of_its_widget(recipe):
    for widget in drawn(form_values(recipe)).values():
        if widget.kind in ("slider", "number"):
            assert widget.low <= widget.value <= widget.high


LEADING = ["data", "layers", "units_1", "activation", "learning_rate", "optimiser", "batch_size"]


def test_the_order_of_the_sidebar():
    shown = list(drawn({}))
    assert shown[:7] == LEADING
    assert shown[7:] == [
        "samples", "noise", "test_share", "data_seed", "standardise", "inputs",
        "output", "init", "seed", "l1", "l2",
    ]  # fmt: skip
    assert list(drawn({"data": "wine"}))[7:10] == ["feature_1", "feature_2", "test_share"]
    assert list(drawn({"data": "blobs"}))[7:10] == ["classes", "samples", "noise"]


def test_the_groups_with_settings_that_are_not_the_default():
    assert form.changed_groups(Recipe(data="iris", hidden=[3], learning_rate=0.1)) == set()
    assert form.changed_groups(Recipe(noise=0.2, l2=0.1)) == {
        "More about the data", "More about training",
    }  # fmt: skip
    swapped = ["petal width (cm)", "petal length (cm)"]
    assert form.changed_groups(Recipe(data="iris", features=swapped)) == {"More about the data"}
    assert form.changed_groups(Recipe(edits=[[5, "l2", 0.1]])) == {"More about training"}


def test_kinds_of_widgets():
    kinds = {key: widget.kind for key, widget in drawn({"data": "blobs"}).items()}
    assert kinds["data"] == kinds["optimiser"] == "select"
    assert kinds["inputs"] == "pills"
    assert kinds["standardise"] == "toggle"
    assert kinds["seed"] == kinds["data_seed"] == "number"  # too many steps for a slider
    assert kinds["samples"] == kinds["classes"] == "slider"
    assert kinds["layers"] == kinds["units_1"] == "number"
    assert {key for key, kind in kinds.items() if kind == "dial"} == set(DIALS)
    assert DIALS == ["learning_rate", "batch_size", "l1", "l2"]


@pytest.mark.parametrize("field", DIALS)
def test_a_dial_has_what_it_takes_to_check_a_value(field):
    widget, kind = drawn({})[field], FIELDS[field]
    assert (widget.low, widget.high) == (kind.low, kind.high)
    assert widget.whole == (field == "batch_size")
    assert [value for value, _ in widget.options] == list(kind.stops)
    with pytest.raises(RecipeError) as error:
        kind.check(field, "x")
    assert str(error.value) == f"{field_title(field)} must be {widget.rule}; got x"


def test_the_stops_of_a_dial_are_written_as_in_links():
    assert drawn({})["batch_size"].options[-2:] == ((1000, "1000"), (None, "full"))
    assert drawn({})["learning_rate"].options[-1] == (10.0, "10")


def test_units_stand_in_a_row_and_hidden_layers_have_a_note():
    widgets = drawn({"layers": 3})
    assert [key for key, widget in widgets.items() if widget.row] == [
        "units_1", "units_2", "units_3",
    ]  # fmt: skip
    note = widgets["layers"].note
    assert note.question == "Why a hidden layer?"
    assert "straight line" in note.answer
    assert [key for key, widget in widgets.items() if widget.note] == ["layers"]


@pytest.mark.parametrize(
    ("values", "reason"), [({"layers": 0}, "there are none"), ({"output": "step"}, "a perceptron")]
)
def test_an_activation_that_no_unit_uses_cannot_be_chosen(values, reason):
    assert drawn({})["activation"].enabled
    widget = drawn(values)["activation"]
    assert not widget.enabled
    assert widget.sentence.startswith("Not used: ")
    assert reason in widget.sentence


def test_layers_can_be_chosen_where_the_output_allows_them():
    for name, output in OUTPUTS.items():
        widgets = drawn({"output": name})
        assert widgets["layers"].enabled == output.allows_hidden
        assert widgets["layers"].sentence.startswith("Not used: ") == (not output.allows_hidden)
        assert ("units_1" in widgets) == output.allows_hidden
    assert not OUTPUTS["step"].allows_hidden


def test_choices_have_a_sentence_or_a_warning():
    assert drawn({"data": "xor"})["data"].sentence == SOURCES["xor"].purpose
    assert [w.key for w in drawn({"activation": "step"}).values() if w.warns] == ["activation"]
    assert not any(w.warns for w in drawn({"activation": "step", "layers": 0}).values())
    assert not any(w.warns for w in drawn({"activation": "relu"}).values())


def test_a_sentence_lists_the_changes_during_the_run():
    assert form.changes(RECIPES[-1]) == (
        "Changed during the run: L2 0 at first, 0.01 from epoch 5, 0.3 from epoch 9. "
        "Reset starts with the values shown here."
    )
    assert form.changes(Recipe(edits=[[5, "weight", 1.5, [0, 0, 0]]])) == ""


# --- there and back ---------------------------------------------------------------------


@recipes
def test_a_recipe_is_recovered_from_its_values(recipe):
    assert recipe_of(valid_values(form_values(recipe)), Recipe()) == recipe.folded()


@recipes
@pytest.mark.parametrize("other", RECIPES, ids=lambda recipe: recipe.data)
def test_values_follow_a_run_from_any_other(recipe, other):
    values = values_after(valid_values(form_values(other)), recipe, kept=())
    assert recipe_of(values, recipe) == recipe.folded()


def test_kept_fields_do_not_follow_the_run():
    values = values_after(
        valid_values({"noise": 0.3, "seed": 4}), Recipe(noise=0.2, seed=9), ["noise"]
    )
    assert recipe_of(values, Recipe()) == Recipe(noise=0.3, seed=9)


def test_values_that_describe_the_same_recipe_do_not_change():
    values = valid_values({"inputs": (), "output": "step", "layers": 3})
    recipe = recipe_of(values, Recipe())
    assert recipe == Recipe(output="step", hidden=[])
    assert values_after(values, recipe, kept=()) == values


def test_values_of_hidden_widgets_are_kept():
    values = valid_values({"layers": 3, "units_3": 7})
    assert recipe_of({**values, "layers": 1}, Recipe()).hidden == (10,)
    assert recipe_of(valid_values({**values, "layers": 1}) | {"layers": 3}, Recipe()).hidden[2] == 7


OPTIONS = {
    "data": list(SOURCES), "classes": [2, 3, 5, 6], "output": list(OUTPUTS), "layers": [0, 1, 6],
    "inputs": [(), ("x1",), ("x1", "sinx2")], "units_2": [1, 64],
    "feature_1": [*SOURCES["iris"].features, *SOURCES["wine"].features],
    "feature_2": [*SOURCES["iris"].features, *SOURCES["wine"].features],
}  # fmt: skip


@given(st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in OPTIONS.items()}))
def test_any_choices_give_a_recipe(choices):
    values = valid_values(choices)
    recipe = recipe_of(values, Recipe())
    assert valid_values(values) == values
    assert recipe_of(valid_values(form_values(recipe)), recipe) == recipe
    assert replace(recipe) == recipe


def test_own_data_lead_the_data_sets_and_come_back_after_another_one():
    own = Recipe.from_table([[1, 2], [3, 4.5]], ["a", "b"], name="mine.csv")
    values = valid_values(form_values(own))
    widgets = {w.key: w for group in form.form(values) for w in group.widgets}
    assert widgets["data"].options[0] == (own.data, "Your data: mine.csv")
    assert widgets["data"].sentence == "mine.csv, 2 rows, 2 classes"
    assert widgets["feature_1"].options == (("x₁", "x₁"), ("x₂", "x₂"))
    assert not widgets["samples"].shown
    assert recipe_of(values, own) == own
    moons = valid_values({**values, "data": "moons"})
    assert recipe_of(moons, own) == Recipe(data="moons")
    options = next(
        w for group in form.form(moons) for w in group.widgets if w.key == "data"
    ).options
    assert (own.data, "Your data: mine.csv") in options
    assert recipe_of(valid_values({**moons, "data": own.data}), own) == own


def test_a_drawing_begins_with_two_classes_unless_others_are_chosen():
    values = form_values(Recipe(data="blobs", classes=6))
    drawing = values_chosen(values, {"data": "drawing"})
    assert recipe_of(drawing, Recipe()) == Recipe(data="drawing", classes=2)
    assert values_chosen(drawing, {"classes": 8})["classes"] == 8
    assert values_chosen(drawing, {"seed": 1})["classes"] == 2
    assert values_chosen(values, {"data": "spirals"})["classes"] == 5
    shown = drawn(drawing)
    assert not {"samples", "noise", "feature_1"} & shown.keys()
    assert (shown["classes"].low, shown["classes"].high) == (2, 8)
