"""The sidebar: a widget for every field of the recipe, and only choices that fit."""

import pytest

from nnviz import Recipe
from nnviz.choices.activations import ACTIVATIONS
from nnviz.recipe.form import PAGE_KEYS
from nnviz.recipe.recipe import FIELDS

# for each field: the widgets set, in this order, and the value in the URL after that
CHANGES = {
    "data": ([("data", "moons")], "moons"),
    "classes": ([("data", "blobs"), ("classes", 5)], "5"),
    "features": (
        [("data", "iris"), ("feature_1", "sepal length (cm)")],
        "sepal length (cm),petal width (cm)",
    ),
    "samples": ([("samples", 500)], "500"),
    "noise": ([("noise", 0.25)], "0.25"),
    "test_share": ([("test_share", 0.5)], "0.5"),
    "data_seed": ([("data_seed", 12)], "12"),
    "standardise": ([("standardise", False)], "false"),
    "inputs": ([("inputs", ["x1sq", "x1"])], "x1,x1sq"),
    "hidden": ([("layers", 3), ("units_2", 4), ("units_3", 1)], "10,4,1"),
    "activation": ([("activation", "relu")], "relu"),
    "output": ([("output", "sigmoid")], "sigmoid"),
    "init": ([("init", "he")], "he"),
    "seed": ([("seed", 12)], "12"),
    "optimiser": ([("optimiser", "adam")], "adam"),
}
DIALS = {"learning_rate": 0.03, "batch_size": 20, "l1": 0.001, "l2": 0.1}


def test_every_field_can_be_changed():
    assert {*CHANGES, *DIALS, "edits"} == set(FIELDS)


@pytest.mark.parametrize("field", CHANGES)
def test_every_field_has_a_widget_that_changes_it_alone(visit, field):
    settings, text = CHANGES[field]
    page = visit()
    for key, value in settings[:-1]:
        page.set(key, value)
    before = page.url
    page.set(*settings[-1])
    assert page.url[field] == text
    assert {name for name in page.url if page.url[name] != before.get(name)} == {field}
    assert Recipe.from_json(page.data["recipe"]) == Recipe.from_query(page.url)


@pytest.mark.parametrize("field", DIALS)
def test_every_dial_shows_its_value_and_follows_the_stage(visit, field):
    page = visit(seed="3")
    assert page.dials == {name: FIELDS[name].default for name in DIALS}
    page.turn(field, DIALS[field])
    assert page.dials[field] == DIALS[field]
    assert page.url == Recipe(seed=3, **{field: DIALS[field]}).to_params()
    assert page.data["changed"] == {}
    assert dict(visit(**page.url).dials)[field] == DIALS[field]


@pytest.mark.parametrize("query", [{}, {"data": "iris"}, {"data": "blobs"}], ids=str)
def test_help_is_a_sentence_that_everybody_can_read(visit, query):
    """Streamlit's icons for help would be one more stop of the tab key each."""
    page = visit(**query)
    widgets = [e for e in page.app.sidebar if getattr(e, "key", None) in PAGE_KEYS]
    assert len(widgets) > 11
    assert [e.key for e in widgets if e.proto.help] == []
    fields = {name: kind for name, kind in FIELDS.items() if page.shows(name)}
    without = [
        name for name, kind in fields.items()
        if kind.help not in page.captions and not hasattr(kind, "table")
    ]  # fmt: skip
    assert without == []


def test_every_widget_has_its_value_as_default(visit):
    """Without a default, a widget would show its previous or its lowest value."""
    page = visit(noise="0.3")
    widgets = [e for e in page.app.sidebar if getattr(e, "key", None) in PAGE_KEYS]
    assert [e.key for e in widgets if not e.proto.set_value] == []
    page.set("layers", 3)
    page.set("output", "step")
    page.set("output", "softmax")  # hidden units are shown again
    assert all(page.widget(f"units_{layer}").proto.set_value for layer in (1, 2, 3))


# --- data -----------------------------------------------------------------------------


def test_iris_has_features_and_no_settings_of_generated_data(visit):
    page = visit(data="iris")
    measures = ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"]
    assert page.widget("feature_1").options == measures
    assert page.widget("feature_2").options == measures
    assert not any(page.shows(key) for key in ("samples", "noise", "classes"))


def test_three_classes_leave_softmax_as_the_only_output(visit):
    page = visit(output="sigmoid")
    page.set("data", "iris")
    assert page.widget("output").options == ["softmax"]
    assert page.url["output"] == "softmax"


def test_two_classes_can_have_any_output(visit):
    assert len(visit(data="blobs", classes="2").widget("output").options) == 3


def test_generated_sets_have_no_features_to_choose(visit):
    page = visit(data="iris")
    page.set("data", "circles")
    assert not page.shows("feature_1")
    assert page.url == Recipe().to_params()


def test_both_axes_cannot_show_the_same_measure(visit):
    page = visit(data="iris")
    page.set("feature_1", "petal width (cm)")
    first, second = page.url["features"].split(",")
    assert first == "petal width (cm)"
    assert second != first
    assert any(f"x₂ shows {second}" in caption for caption in page.captions)


@pytest.mark.parametrize(("data", "low", "high"), [("spirals", 2, 5), ("blobs", 2, 6)])
def test_classes_have_the_range_of_their_data_set(visit, data, low, high):
    widget = visit(data=data).widget("classes")
    assert (widget.min, widget.max) == (low, high)


def test_more_classes_than_a_data_set_allows_become_its_maximum(visit):
    page = visit(data="blobs", classes="6")
    page.set("data", "spirals")
    assert page.url["classes"] == "5"


def test_a_network_keeps_its_last_input(visit):
    page = visit()
    page.set("inputs", ["x2"])
    page.set("inputs", [])
    assert page.url["inputs"] == "x2"
    assert "A network needs an input: the last choice is kept." in page.captions


# --- network --------------------------------------------------------------------------


def test_a_perceptron_has_no_hidden_layers(visit):
    page = visit()
    page.set("output", "step")
    assert (page.url["output"], page.url["hidden"]) == ("step", "none")
    assert page.widget("layers").disabled
    assert not page.shows("units_1")


def test_hidden_layers_come_back_after_a_perceptron(visit):
    page = visit()
    page.set("output", "step")
    page.set("output", "softmax")
    assert page.url["hidden"] == "10"


def test_hidden_step_units_get_a_warning_that_they_cannot_learn(visit):
    page = visit()
    page.set("activation", "step")
    warning = f"⚠ {ACTIVATIONS['step'].purpose}"
    assert "learn" in warning
    assert warning in page.captions
    page.set("layers", 0)
    assert warning not in page.captions


def test_an_activation_that_no_unit_uses_is_disabled_with_the_reason(visit):
    page = visit()
    assert not page.widget("activation").disabled
    page.set("layers", 0)
    assert page.widget("activation").disabled
    assert any(caption.startswith("Not used: ") for caption in page.captions)
    page.set("layers", 1)
    assert not page.widget("activation").disabled


def test_a_question_at_the_hidden_layers_has_its_answer(visit):
    (popover,) = [e for e in visit().app.sidebar if e.type == "popover"]
    assert "straight line" in popover.markdown[0].value


def test_no_hidden_layers_show_no_units(visit):
    page = visit()
    page.set("layers", 0)
    assert page.url["hidden"] == "none"
    assert not page.shows("units_1")


# --- groups -----------------------------------------------------------------------------


def unfolded(page):
    return [fold.label for fold in page.app.sidebar.expander if fold.proto.expanded]


def test_groups_are_folded_away_except_where_a_link_set_something_in_them(visit):
    page = visit(hidden="4", learning_rate="0.1")
    assert len(page.app.sidebar.expander) == 3
    assert unfolded(page) == []
    page.set("noise", 0.3)
    assert unfolded(page) == []  # what users unfold themselves, the browser keeps
    assert unfolded(visit(**page.url)) == ["More about the data"]
    assert unfolded(visit(l2="0.1", init="he")) == ["More about the network", "More about training"]


# --- values from links that are no stop of their slider ---------------------------------


@pytest.mark.parametrize(
    ("field", "text"), [("noise", "0.123"), ("samples", "203"), ("test_share", "0.33")]
)
def test_a_value_from_a_link_that_is_no_slider_stop_is_kept(visit, field, text):
    page = visit(**{field: text})
    assert (page.url[field], page.warnings) == (text, [])
    page.set("seed", 5)
    assert page.url[field] == text
    assert str(page.widget(field).value) == text
