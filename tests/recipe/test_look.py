"""The look: its kinds, its mapping, its problems with a run, and its request for a picture."""

import dataclasses
import json
import re
from pathlib import Path

import pytest

from nnviz import Recipe, RecipeError
from nnviz.choices.palette import CLASS_STYLES
from nnviz.choices.views import VIEWS
from nnviz.export.animation import AnimationPlan
from nnviz.recipe.look import LOOK_FIELDS, PACES, TABS, Look

STAGE = Path(__file__).parents[2] / "nnviz" / "stage" / "stage.html"

FULL = {
    "view": "threshold", "class": 1, "threshold": 0.25, "rings": True, "points": "test",
    "unit": [1, 2], "probe": [0.5, -1.0], "tab": "network", "pace": 20, "log_loss": True,
    "log_epochs": True, "projector": True, "stop_epoch": 500, "stop_loss": 0.05,
    "stop_patience": 30,
    "beside": [{}, {"name": "Adam", "recipe": Recipe(optimiser="adam").to_values()}],
}  # fmt: skip


def test_a_look_can_be_written_and_read_as_a_mapping_and_json():
    look = Look.from_dict(FULL)
    assert json.loads(json.dumps(look.to_dict())) == FULL
    assert Look.from_dict(look.to_dict()) == look
    assert hash(look) == hash(Look.from_dict(FULL))
    assert look.non_defaults == look.to_dict()
    assert list(FULL) == list(LOOK_FIELDS)


def test_missing_fields_get_their_default():
    assert Look.from_dict({}) == Look()
    assert Look().non_defaults == {}
    defaults = {name: kind.default for name, kind in LOOK_FIELDS.items()}
    assert Look().to_dict() == defaults | {"beside": []}


def test_every_default_is_valid():
    for name, kind in LOOK_FIELDS.items():
        assert kind.check(name, kind.default) == kind.default


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("view", "bogus", f"view must be one of {', '.join(VIEWS)}; got bogus"),
        ("class", -1, "class must be a whole number 0…7; got -1"),
        ("threshold", 0.001, "threshold must be 0.01…0.99; got 0.001"),
        ("points", "bogus", "points must be one of both, train, test; got bogus"),
        ("unit", [1], "unit must be two whole numbers 0…63; got [1]"),
        ("probe", [1, None], "probe must be two numbers -1e+09…1e+09; got [1, None]"),
        ("tab", "x", "tab must be one of curves, network, space, starts; got x"),
        ("pace", 3, "pace must be one of 0, 1, 2, 5, 10, 20, 50; got 3"),
        ("log_loss", 1, "log loss must be true or false; got 1"),
        ("stop_epoch", 0, "stop epoch must be none or a whole number 1…1000000; got 0"),
        ("stop_loss", -1, "stop loss must be none or a number 0 or more; got -1"),
        ("stop_patience", 2.5, "stop patience must be none or a whole number 1…1000000; got 2.5"),
        ("colour", 1, f"look must be an object with only {', '.join(LOOK_FIELDS)}; got colour"),
    ],
)
def test_an_invalid_look_is_refused_with_a_sentence(field, value, sentence):
    with pytest.raises(RecipeError) as caught:
        Look.from_dict({field: value})
    assert str(caught.value) == sentence


def test_all_problems_are_reported_under_the_names_of_links():
    with pytest.raises(RecipeError) as caught:
        Look("x", class_index=9, points="y")
    assert list(caught.value.problems) == ["view", "class", "points"]


def test_an_animation_refuses_an_invalid_look():
    with pytest.raises(RecipeError, match=r"^points must be one of both, train, test; got bogus$"):
        AnimationPlan(look=Look(points="bogus"))


def test_a_look_that_the_run_cannot_show_has_problems():
    look = Look("threshold", class_index=3, unit=(1, 9))
    assert look.problems(Recipe(data="iris", hidden=[4])) == {
        "view": "view must be one for 3 classes; got threshold",
        "class": "class must be 0…2; got 3",
        "unit": "unit must be one of layers of 2, 4, 3 units; got 1,9",
    }
    assert look.with_defaults(["class", "unit"]) == Look("threshold")
    assert Look("threshold", unit=(1, 9)).problems(Recipe(hidden=[10])) == {}


def test_a_look_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Look().view = "regions"


def test_a_threshold_applies_only_in_its_view():
    assert Look(view="threshold", threshold=0.3).decision_threshold == 0.3
    assert Look(view="blend", threshold=0.3).decision_threshold == 0.5


def test_a_look_gives_the_fields_of_a_request():
    look = Look("threshold", threshold=0.3, rings=True, unit=(1, 2))
    assert look.picture_fields == {"threshold": 0.3, "predicted": True, "unit": (1, 2)}
    assert Look(threshold=0.3).picture_fields == {
        "threshold": 0.5,
        "predicted": False,
        "unit": None,
    }


def test_a_surface_is_flat_in_two_dimensions():
    assert Look("surface", class_index=1).is_surface
    assert not Look("surface", unit=(1, 0)).is_surface
    assert Look("surface", class_index=1).flat() == Look("class", class_index=1)
    assert Look("entropy").flat() == Look("entropy")


def test_paces_and_tabs_are_those_of_the_stage():
    html = STAGE.read_text(encoding="utf-8")
    select = re.search(r'<select data-do="pace">(.*?)</select>', html, re.S)[1]
    slow, *others = re.findall(r"<option[^>]*>(\w+)", select)
    assert (slow, re.search(r'<option value="(\d+)"', select)[1]) == ("slow", "0")
    assert (0, *map(int, others)) == PACES
    assert int(re.search(r"<option selected>(\d+)", select)[1]) == Look().pace
    assert re.findall(r'role="tab"[^>]* data-tab="(\w+)"', html) == list(TABS)


def test_each_of_as_many_classes_as_data_may_have_can_be_shown():
    look = Look(view="class", class_index=len(CLASS_STYLES) - 1)
    assert Look.from_dict(look.to_dict()) == look
