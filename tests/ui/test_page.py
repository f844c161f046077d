"""The page: links and widgets give the recipe, which is sent to the URL and the stage."""

import json

import pytest

from nnviz import Recipe
from nnviz.recipe.form import DIALS, WIDGET_KEYS
from nnviz.recipe.look import Look
from nnviz.recipe.moment import Moment
from nnviz.recipe.recipe import LIVE_FIELDS
from nnviz.stage.files import address

LINK = Recipe(data="moons", hidden=[8, 4], activation="relu", noise=0.25, batch_size=20, seed=7)
EDITED = Recipe(samples=50, edits=[[5, "l2", 0.01], [9, "weight", 1.5, [0, 1, 2]]])


# --- links ----------------------------------------------------------------------------


def test_a_first_visit_shows_the_default_recipe_in_the_url(visit):
    page = visit()
    assert page.url == Recipe().to_params()
    assert page.warnings == []


@pytest.mark.parametrize("recipe", [LINK, EDITED, Recipe(data="iris")], ids=lambda r: r.data)
def test_a_link_opens_the_recipe_it_was_made_from(visit, recipe):
    page = visit(**recipe.to_params())
    assert page.url == recipe.to_params()
    assert page.data["recipe"] == json.loads(recipe.to_json())
    assert page.warnings == []


def test_the_widgets_show_the_recipe_of_the_link(visit):
    page = visit(**LINK.to_params())
    shown = {key: page.widget(key).value for key in ("data", "noise", "seed", "units_2")}
    assert shown == {"data": "moons", "noise": 0.25, "seed": 7, "units_2": 4}


def test_widgets_show_the_settings_after_all_edits(visit):
    assert visit(**EDITED.to_params()).dials["l2"] == 0.01


def test_another_link_in_the_same_tab_opens_another_recipe(visit):
    page = visit()
    page.set("noise", 0.3)
    page.visit(**LINK.to_params())
    assert page.url == LINK.to_params()
    assert page.widget("noise").value == 0.25


def opened(page):
    """The epoch of the message that opened the last run, and its number."""
    return page.data["opened"]["epoch"], page.data["opened"]["number"]


def test_the_look_of_a_link_is_opened_and_kept_in_the_url(visit):
    look = Look("threshold", threshold=0.8, rings=True, points="train", unit=(1, 3),
                probe=(0.5, -0.25), tab="network", pace=20, stop_loss=0.1)  # fmt: skip
    moment = Moment(LINK, 12, look)
    page = visit(**moment.to_params())
    assert page.data["opened"]["look"] == {
        "view": "threshold", "class": 0, "threshold": 0.8, "rings": True, "points": "train",
        "unit": [1, 3], "probe": [0.5, -0.25], "tab": "network", "pace": 20, "log_loss": False,
        "log_epochs": False, "projector": False,
        "stop_epoch": None, "stop_loss": 0.1, "stop_patience": None, "beside": [],
    }  # fmt: skip
    assert page.url == moment.to_params()
    assert page.warnings == []


def test_a_look_that_the_run_cannot_show_gets_a_warning(visit):
    page = visit(**Moment(Recipe(data="iris"), 5).to_params() | {"view": "threshold"})
    assert page.warnings == [
        "- view must be one for 3 classes; got threshold. The default is used."
    ]
    assert opened(page) == (5, 1)


def test_a_link_with_an_epoch_opens_the_stage_there_and_stays_in_the_url(visit):
    moment = Moment(LINK, 120)
    page = visit(**moment.to_params())
    assert opened(page) == (120, 1)
    assert page.url == moment.to_params()
    assert page.warnings == []


def test_a_link_without_an_epoch_names_none(visit):
    data = visit(**LINK.to_params()).data["opened"]
    assert data == {
        "number": 1, "recipe": json.loads(LINK.to_json()), "epoch": None, "look": {"beside": []},
    }  # fmt: skip


def test_another_recipe_has_no_epoch(visit):
    page = visit(**Moment(LINK, 120).to_params())
    page.set("noise", 0.3)
    assert "epoch" not in page.url
    assert page.data["opened"]["number"] == 1  # nothing else was opened


def test_a_second_link_to_another_epoch_goes_there(visit):
    page = visit(**Moment(LINK, 120).to_params())
    page.visit(**Moment(LINK, 7).to_params())
    assert opened(page) == (7, 2)


def test_an_invalid_epoch_or_version_gets_a_warning_and_the_rest_opens(visit):
    page = visit(**Moment(LINK, 120).to_params() | {"epoch": "soon", "v": "9"})
    assert page.data["recipe"] == json.loads(LINK.to_json())
    (warning,) = page.warnings
    assert "epoch must be a whole number 0…1000000; got soon. The default is used." in warning
    assert "version of the link must be 1, the newest version supported; got 9" in warning


def test_an_experiment_file_opens_at_its_epoch(visit):
    page = visit()
    page.drop(Moment(EDITED, 30).to_json())
    assert page.data["recipe"] == json.loads(EDITED.to_json())
    assert opened(page) == (30, 2)
    assert page.url == Moment(EDITED, 30).to_params()
    assert page.dials["l2"] == 0.01


@pytest.mark.parametrize("text", ["hello", '{"nnviz": 1, "recipe": {"noise": 9}}'])
def test_an_invalid_experiment_file_is_refused_and_changes_nothing(visit, text):
    page = visit(**LINK.to_params())
    page.drop(text)
    (warning,) = page.warnings
    assert "The file was not opened; the run is unchanged." in warning
    assert page.data["recipe"] == json.loads(LINK.to_json())
    assert opened(page) == (None, 1)


EDITABLE = ", ".join([*LIVE_FIELDS, "weight, points"])
BAD = [
    ("noise", "7", "noise must be 0…0.5; got 7.0"),
    ("samples", "many", "samples must be a whole number 10…5000; got many"),
    ("hidden", "10,0", "hidden units must be 1…64 per layer; got 0 in layer 2"),
    ("batch_size", "0", "batch size must be full or a whole number 1…5000; got 0"),
    ("standardise", "perhaps", "standardise must be true or false; got perhaps"),
    ("edits", "5:seed:1", f"in edits, field of an edit must be one of {EDITABLE}; got seed"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "text", "problem"), BAD, ids=[field for field, _, _ in BAD])
def test_a_field_out_of_range_gets_a_warning_and_its_default(visit, field, text, problem):
    page = visit(**Recipe(seed=3).to_params() | {field: text})
    assert page.warnings == [f"- {problem}. The default is used."]
    assert page.url == Recipe(seed=3).to_params()


def test_an_unknown_field_gets_a_warning_that_lists_the_fields(visit):
    page = visit(colour="red", seed="3")
    (warning,) = page.warnings
    assert warning.startswith("- a recipe has no field 'colour'; its fields are data, classes, ")
    assert page.url == Recipe(seed=3).to_params()


def test_every_invalid_field_gets_its_own_line(visit):
    page = visit(colour="red", noise="7", seed="-1")
    (warning,) = page.warnings
    assert [line.split()[1] for line in warning.splitlines()] == ["a", "noise", "seed"]


def test_conflicting_fields_get_a_warning(visit):
    page = visit(output="step", hidden="10")
    (warning,) = page.warnings
    assert warning == (
        "- output must be softmax or sigmoid where there are hidden layers "
        "(a perceptron has none); got step. The default is used."
    )
    assert page.url == Recipe().to_params()


def test_the_warning_disappears_when_the_visitor_changes_something(visit):
    page = visit(noise="7")
    page.set("seed", 5)
    assert page.warnings == []


# --- the stage ------------------------------------------------------------------------


def test_the_stage_receives_everything_it_needs(visit):
    data = visit().data
    assert data["recipe"] == json.loads(Recipe().to_json())
    assert data["files"] == address()


def test_the_stage_keeps_its_identity_when_the_recipe_changes(visit):
    page = visit()
    before = page.stage.id
    page.set("data", "moons")
    assert page.stage.id == before
    assert page.data["recipe"]["data"] == "moons"


def test_the_stage_shares_its_styles_with_the_page(visit):
    stage = visit().stage  # Plotly adds its styles to the document's head
    assert not stage.isolate_styles
    assert not stage.html_content + stage.css_content  # they come with the stage's script


def test_an_edit_the_stage_reports_is_kept_in_the_url(visit):
    page = visit()
    page.set("optimiser", "adam")
    reported = Recipe(edits=[[120, "optimiser", "adam"], [130, "learning_rate", 0.1]])
    page.report(recipe=json.loads(reported.to_json()))
    assert page.url == reported.to_params()
    assert page.widget("optimiser").value == "adam"
    assert page.dials["learning_rate"] == 0.1


def test_a_late_report_of_another_run_is_ignored(visit):
    page = visit(**EDITED.to_params())
    page.report(recipe=json.loads(Recipe(edits=[[120, "l1", 0.1]]).to_json()), heard=0)
    assert page.url == EDITED.to_params()


def test_new_weights_on_the_stage_appear_in_the_sidebar_and_the_url(visit):
    page = visit()
    page.report(recipe=json.loads(Recipe(seed=41).to_json()))
    assert page.widget("seed").value == 41
    assert page.url == Recipe(seed=41).to_params()


def test_a_change_made_before_the_browser_has_the_last_url_is_kept(visit):
    page = visit()
    before = page.url
    page.set("data_seed", 5)
    page.app.query_params.clear()
    page.app.query_params.update(before)  # the URL that a quick second change still sends
    page.set("samples", 300)
    assert page.url == Recipe(data_seed=5, samples=300).to_params()


def test_the_sidebar_lists_earlier_values_of_a_setting(visit):
    page = visit(
        **Recipe(l2=0.1, edits=[[5, "l2", 0.01], [9, "weight", 1.5, [0, 1, 2]]]).to_params()
    )
    (changes,) = [
        caption for caption in page.captions if caption.startswith("Changed during the run")
    ]
    assert changes == (
        "Changed during the run: L2 0.1 at first, 0.01 from epoch 5. "
        "Reset starts with the values shown here."
    )


# --- what people typed ------------------------------------------------------------------

TYPED = "![x](https://e.org) :material/home: $x$"
SHOWN = r"\!\[x\](https:%s//e.org) :%smaterial/home: \$x\$".replace(
    "%s", "\N{WORD JOINER}"
)  # as text, see test_escaping.py
SETS = "circles, moons, xor, blobs, spirals, checkerboard, linear, iris, wine, drawing"
VIEWS = "blend, regions, class, confidence, entropy, threshold, surface"

ECHOED = {
    "data": f"data must be one of {SETS}; got {SHOWN}. The default is used.",
    "features": "features must be left out for circles, whose axes are x₁ and x₂; "
    f"got {SHOWN}. The default is used.",
    "hidden": "hidden must be units of each layer, such as 10,4, or none; "
    f"got {SHOWN}. The default is used.",
    "view": f"view must be one of {VIEWS}; got {SHOWN}. The default is used.",
    "probe": f"probe must be two numbers -1e+09…1e+09; got {SHOWN}. The default is used.",
    "v": f"version of the link must be 1, the newest version supported; got {SHOWN}. "
    "It is ignored.",
    "epoch": f"epoch must be a whole number 0…1000000; got {SHOWN}. The default is used.",
}


@pytest.mark.parametrize("field", ECHOED)
def test_values_of_a_link_are_shown_as_text(visit, field):
    page = visit(**{field: TYPED})
    assert page.warnings == [f"- {ECHOED[field]}"]
    assert page.url == Recipe().to_params()


def test_an_unknown_name_is_shown_as_text(visit):
    fields = ", ".join(Recipe().to_params()) + ", edits"
    fields = fields.replace("classes, ", "classes, features, ")
    page = visit(**{TYPED: "1"})
    problem = f"a recipe has no field '{SHOWN}'; its fields are {fields}"
    assert page.warnings == [f"- {problem}. It is ignored."]


FILES = {
    TYPED: f"experiment must be a JSON object; got {SHOWN}",
    json.dumps({"nnviz": 1, "recipe": {"data": TYPED}}): f"data must be one of {SETS}; got {SHOWN}",
    json.dumps(
        {"nnviz": 1, TYPED: 1}
    ): f"experiment must be an object with only nnviz, epoch, recipe and look; got {SHOWN}",
    '{"nnviz": 1, "recipe": {"data": "\\ud800x"}}': f"data must be one of {SETS}; got \\\\ud800x",
    "\udfff": "experiment must be a JSON object; got \\\\udfff",
}


@pytest.mark.parametrize("text", FILES)
def test_values_of_a_file_are_shown_as_text(visit, text):
    page = visit()
    page.drop(text)
    warning = (
        f"- {FILES[text]}. The file was not opened; the run is unchanged. "
        "“Save experiment” under Export makes files that can be opened."
    )
    assert page.warnings == [warning]
    assert page.data["recipe"] == json.loads(Recipe().to_json())


def test_no_link_breaks_the_page(visit):
    page = visit(**{"data": "\x00\ufffe\x7f", "": "1", "features": "a,,", "seed": "9" * 5000})
    assert "data must be one of" in page.warnings[0]
    assert page.url == Recipe().to_params()
    page.set("noise", 0.25)
    assert page.url == Recipe(noise=0.25).to_params()


# --- page and stage, by number ------------------------------------------------------------


def recipe_of(page):
    return Recipe.from_json(page.data["recipe"])


def as_json(recipe):
    return json.loads(recipe.to_json())


def test_changes_are_sent_to_the_stage_until_it_has_applied_them(visit):
    page = visit()
    assert (page.data["number"], page.data["heard"], page.data["changed"]) == (1, 0, {})
    page.set("noise", 0.3)
    page.set("optimiser", "adam")
    assert page.data["number"] == 3
    assert page.data["changed"] == {"noise": 2, "optimiser": 3}
    page.report(recipe=as_json(Recipe(noise=0.3)), heard=2)
    assert page.data["changed"] == {"optimiser": 3}
    assert page.data["heard"] == 1
    assert recipe_of(page) == Recipe(noise=0.3, optimiser="adam")
    page.report()
    assert (page.data["changed"], page.data["heard"]) == ({}, 2)


def test_simultaneous_changes_on_both_sides_are_kept(visit):
    page = visit()
    page.set("noise", 0.3)
    page.report(recipe=as_json(Recipe(seed=1)), heard=1)  # made before it received the noise
    assert page.widget("seed").value == 1
    assert page.widget("noise").value == 0.3
    assert page.url == Recipe(noise=0.3, seed=1).to_params()


def test_a_repeated_or_older_report_changes_nothing(visit):
    page = visit()
    page.report(recipe=as_json(Recipe(seed=1)), number=5)
    page.report(recipe=as_json(Recipe(seed=2)), number=5)
    page.report(recipe=as_json(Recipe(seed=3)), number=4)
    assert page.url == Recipe(seed=1).to_params()
    assert page.data["heard"] == 5


def test_a_file_reported_repeatedly_is_opened_once(visit):
    page = visit()
    page.drop(Moment(EDITED, 30).to_json())
    file = page.reported["experiment"]
    page.set("seed", 8)
    page.report(recipe=as_json(Recipe(samples=50, seed=8)), experiment=file)
    assert recipe_of(page).seed == 8
    assert opened(page) == (30, 2)


@pytest.mark.parametrize(
    "report", [None, 5, [], "\ud800", {}, {"page": 1}, {"recipe": {}}], ids=repr
)
def test_a_value_that_is_not_a_report_is_ignored(visit, report):
    page = visit(**LINK.to_params())
    before = page.data
    page.send(report)
    assert page.data == before
    assert page.warnings == []


@pytest.mark.parametrize(
    "wrong",
    [{"recipe": {"noise": 9}}, {"recipe": {"data": "\ud800"}}, {"recipe": None}, {"number": 1.5},
     {"number": 10**400}, {"heard": "1"}, {"heard": 7}, {"page": "\ud800"}, {"epoch": -1},
     {"sample": 5000}, {"point": [1]}, {"point": [1, "2"]}, {"point": "here"},
     {"experiment": "x"}, {"experiment": {"number": 1, "text": 5}}],
    ids=lambda wrong: repr(wrong)[:40],
)  # fmt: skip
def test_an_impossible_report_is_ignored(visit, wrong):
    page = visit(**LINK.to_params())
    before = page.data
    page.report(**{"recipe": as_json(Recipe(seed=41)), "epoch": 3} | wrong)
    assert page.data == before
    assert page.warnings == []


def test_an_edit_made_while_the_server_restarted_is_kept(visit):
    page = visit()
    page.report()
    edited = Recipe(edits=[[120, "weight", 1.5, [0, 1, 2]]])
    report = page.reported | {"recipe": as_json(edited), "number": 9, "epoch": 130}
    page.restart(report)
    assert page.url == edited.to_params()
    assert (page.data["page"], page.data["heard"]) == (report["page"], 9)
    assert (page.data["changed"], page.warnings) == ({}, [])
    page.set("seed", 3)  # is sent to the stage with a number that is new to it
    assert page.data["changed"] == {"seed": report["heard"] + 1}


def test_a_widget_changed_while_the_server_restarted_is_kept(visit):
    page = visit(noise="0.2")
    page.report()
    page.restart(page.reported | {"recipe": as_json(Recipe(noise=0.2, seed=4)), "number": 9},
                 samples=300, inputs=["x1"])  # fmt: skip
    assert page.url == Recipe(noise=0.2, seed=4, samples=300, inputs=["x1"]).to_params()
    assert set(page.data["changed"]) == {"samples", "inputs"}
    assert page.widget("samples").value == 300


def test_an_old_value_of_a_widget_that_the_browser_has_not_updated_is_no_change(visit):
    page = visit()
    page.report(recipe=as_json(Recipe(seed=1)))
    page.widget("seed").set_value(0)  # what the browser shows until the response arrives
    page.report(recipe=as_json(Recipe(seed=2)))
    assert page.url == Recipe(seed=2).to_params()
    page.set("seed", 0)  # nothing else has happened, so the user has typed it
    assert page.url == Recipe(seed=0).to_params()


def test_back_after_the_browser_has_the_last_url_goes_back(visit):
    page = visit()
    before = page.url
    page.set("data_seed", 5)
    page.set("samples", 300)
    page.visit(**before)
    assert page.url == before
    assert page.widget("data_seed").value == 0
    assert page.data["opened"] == {
        "number": 4, "recipe": as_json(Recipe()), "epoch": None, "look": {"beside": []},
    }  # fmt: skip


def test_the_session_holds_one_state_and_the_widgets_values(visit):
    page = visit(data="blobs")
    page.open("maths")
    widgets = {e.key for e in page.app if getattr(e, "key", None)}
    dials = {f"dial_{field}" for field in DIALS}
    own = set(page.app.session_state) - widgets - set(WIDGET_KEYS) - {"panel", "stage"} - dials
    assert own == {"page", "pending", "trainer", "drawn"}


@pytest.mark.parametrize("way", ["chosen", "back"])
def test_widgets_that_come_back_are_given_their_values(visit, way):
    page = visit(samples="90")
    before = page.url
    page.set("data", "iris")
    page.set("seed", 3)  # while the widgets are away
    if way == "chosen":
        page.set("data", "circles")
    else:
        page.visit(**before)
    # the browser has forgotten them, and would show and report their lowest values
    for key in ("samples", "noise"):
        assert page.widget(key).proto.set_value
    assert page.widget("samples").value == 90
