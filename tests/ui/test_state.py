"""The state of the page: ``next_state`` of a state and an event."""

import json
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz import Recipe
from nnviz.recipe.companions import Companion
from nnviz.recipe.look import LOOK_FIELDS, Look
from nnviz.recipe.moment import Moment
from nnviz.recipe.recipe import FIELDS
from nnviz.ui.events import (
    ExperimentOpened,
    PanelChanged,
    PointChosen,
    Reported,
    UrlChanged,
    Visited,
    WidgetsChanged,
    report_of,
)
from nnviz.ui.observation import Observation, events_of, updated
from nnviz.ui.state import next_state, visited

EDITED = Recipe(edits=[[5, "l2", 0.01], [9, "weight", 1.5, [0, 1, 2]]])
LINK = Moment(Recipe(data="moons"), 120, Look("regions", probe=(0.5, 0.25)))


def state_of(recipe=None, **params):
    return visited("a1", {**(recipe or Recipe()).to_params(), **params})


def change(state, **values):
    return next_state(state, WidgetsChanged(values))


def report(state, recipe=None, **fields):
    """A report of a stage that has applied all changes, with these fields."""
    return Reported(**{
        "page": state.page, "heard": state.number, "number": state.heard + 1,
        "recipe": recipe or state.recipe, "epoch": 0, "sample": None, "point": None,
        "experiment": None, **fields,
    })  # fmt: skip


def observed(state, **fields):
    """The observation of the script if nothing has happened except these fields."""
    return Observation(**{
        "params": state.params, "values": state.values, "panel": state.panel,
        "point": state.points[-1], **fields,
    })  # fmt: skip


def raw(report):
    """A report as sent by a browser."""
    return vars(report) | {"recipe": json.loads(report.recipe.to_json())}


# --- what people open -----------------------------------------------------------------


def test_a_first_visit_has_number_1():
    state = next_state(None, Visited("a1", LINK.to_params()))
    assert state == visited("a1", LINK.to_params())
    message = state.message()
    assert (message["page"], message["number"], message["heard"]) == ("a1", 1, 0)
    assert message["opened"] == {
        "number": 1, "recipe": json.loads(LINK.recipe.to_json()), "epoch": 120,
        "look": Look("regions", probe=(0.5, 0.25)).to_dict(),
    }  # fmt: skip
    assert set(message["opened"]["look"]) == set(LOOK_FIELDS)


def test_a_state_is_frozen():
    with pytest.raises(FrozenInstanceError):
        state_of().number = 5


@pytest.mark.parametrize(
    ("params", "epoch", "looks"),
    [({}, None, False), ({"epoch": "7"}, 7, True), ({"view": "regions"}, None, True),
     ({"seed": "3", "v": "1"}, None, False)],
)  # fmt: skip
def test_without_epoch_or_look_in_the_link_the_stage_keeps_its_own(params, epoch, looks):
    opened = visited("a1", params).message()["opened"]
    assert opened["epoch"] == epoch
    assert (len(opened["look"]) > 1) == looks


def test_reports_from_before_a_link_are_ignored():
    state = change(state_of(), noise=0.3, seed=4)
    state = next_state(state, UrlChanged(LINK.to_params()))
    assert (state.number, state.opened.number, state.changed) == (3, 3, {})
    assert state.params == LINK.to_params()
    before = state
    state = next_state(state, report(state, EDITED, heard=2))
    assert state == replace(before, heard=1)  # counted, but not applied


def test_an_invalid_file_gets_a_problem_and_changes_nothing_else():
    state = change(state_of(EDITED), noise=0.3)
    after_file = next_state(state, ExperimentOpened(4, "[]"))
    assert after_file == replace(
        state, experiment=4,
        problems={"experiment: experiment": "experiment must be a JSON object; got []"},
    )  # fmt: skip


# --- widgets --------------------------------------------------------------------------


def test_settings_that_need_a_new_network_drop_edits():
    state = change(state_of(EDITED), seed=3)
    assert state.run == state.recipe == Recipe(seed=3, l2=0.01)


def test_other_settings_keep_the_run_until_the_stage_reports_the_edit():
    state = change(state_of(EDITED), l2=0.1)
    assert (state.run, state.recipe) == (EDITED, Recipe(l2=0.1))
    edited = Recipe(edits=[[5, "l2", 0.01], [7, "l2", 0.1]])
    state = next_state(state, report(state, edited, epoch=7))
    assert state.run == state.recipe == edited
    assert state.epoch == 7


def test_widgets_that_change_no_setting_are_not_sent():
    state = change(state_of(Recipe(output="step", hidden=[])), layers=3)
    assert (state.number, state.changed, state.values["layers"]) == (1, {}, 3)


def test_a_choice_that_needs_others_changes_them_with_it():
    state = change(state_of(Recipe(output="sigmoid")), data="iris")
    assert state.changed == {"data": 2, "features": 2, "output": 2}
    assert state.recipe == Recipe(data="iris")


def test_the_last_change_of_a_field_is_the_pending_one():
    state = change(change(state_of(), learning_rate=0.1), learning_rate=0.5)
    assert state.changed == {"learning_rate": 3}
    state = next_state(state, report(state, Recipe(learning_rate=0.1), heard=2))
    assert state.recipe.learning_rate == 0.5  # which was its first value too
    assert state.changed == {"learning_rate": 3}


# --- reports --------------------------------------------------------------------------


def test_a_pending_change_that_needs_a_new_network_gives_the_run():
    state = change(state_of(), seed=3)
    state = next_state(state, report(state, EDITED, heard=1, epoch=50))
    assert state.run == state.recipe == Recipe(seed=3, l2=0.01)
    assert state.epoch == 0


def test_a_report_keeps_a_warning_of_a_link():
    state = state_of(noise="7")
    assert next_state(state, report(state)).problems == state.problems != {}


def test_conflicts_with_a_report_are_resolved_and_sent():
    state = change(change(state_of(), data="blobs"), classes=2, output="sigmoid")
    conflicting = report(state, Recipe(data="blobs", classes=5), heard=2)
    state = next_state(state, conflicting)
    assert state.recipe == Recipe(data="blobs", classes=2, output="sigmoid")
    state = change(state_of(Recipe(data="blobs", classes=2)), output="step")
    state = next_state(state, report(state, Recipe(data="iris"), heard=1))
    assert state.recipe == Recipe(data="iris")
    assert state.changed.keys() == {"output", "hidden"}


def test_a_point_picked_on_either_side_stays_the_last():
    state = next_state(state_of(), PointChosen(4))
    assert state.changed == {"sample": 2}
    state = next_state(state, report(state, heard=1, sample=9))
    assert state.sample(100) == 4
    state = next_state(state, report(state, sample=9))
    assert (state.sample(100), state.changed) == (9, {})
    assert state.sample(8) == 4  # the last one that exists
    assert state.sample(3) == 0


def test_the_point_pinned_on_the_stage_is_shown_until_a_training_point_is_chosen():
    state = next_state(state_of(), report(state_of(), point=(0.5, 2.0)))
    assert state.pin == (0.5, 2.0)
    chosen = next_state(state, PointChosen(4))
    assert (chosen.pin, chosen.sample(100)) == (None, 4)
    late = next_state(chosen, report(chosen, heard=1, point=(1.0, 1.0)))
    assert late.pin is None  # from before the choice
    assert next_state(late, report(late, point=(1.0, 1.0))).pin == (1.0, 1.0)


def test_a_training_point_can_be_chosen_again_while_another_point_is_pinned():
    state = next_state(state_of(), report(state_of(), point=(0.5, 2.0)))
    assert updated(state, observed(state)).pin == (0.5, 2.0)
    assert updated(state, observed(state, chosen_point=state.points[-1])).pin is None


def test_an_old_value_that_comes_with_a_message_is_no_choice():
    state = next_state(state_of(), report(state_of(), sample=4))
    old = observed(state, point=0)
    assert updated(state, replace(old, has_message=True)).sample(100) == 4
    assert updated(state, old).sample(100) == 0  # alone: chosen again


def test_of_two_points_picked_quickly_the_second_stays_though_the_widget_shows_an_older_one():
    first = next_state(state_of(), report(state_of(), sample=4))
    second = raw(report(first, sample=9, seen=(first.number, first.heard)))
    state = updated(first, observed(first, point=0, report=second))
    assert (state.sample(100), state.changed) == (9, {})
    repeated = {**second, "tries": 2}
    state = updated(state, observed(state, point=0, report=repeated))
    assert (state.sample(100), state.changed) == (9, {})
    state = updated(
        state, observed(state, point=4, report=repeated)
    )  # alone: chosen there, after that was shown
    assert (state.sample(100), state.changed) == (4, {"sample": 2})
    state = updated(state, observed(state))
    state = updated(state, observed(state, point=9, panel="maths"))
    assert state.sample(100) == 9  # what is shown is outdated no more


def test_a_panel_that_opens_or_closes_moves_no_point():
    state = next_state(state_of(), report(state_of(), point=(0.5, 2.0)))
    for panel in ("maths", "gallery", None):
        state = next_state(state, PanelChanged(panel))
        assert (state.panel, state.changed, state.pin) == (panel, {}, (0.5, 2.0))


def test_a_stage_that_ran_before_a_restart_of_the_server_continues():
    old = change(state_of(), noise=0.3)
    stage = report(old, EDITED, number=17, heard=2, epoch=40)
    new = change(visited("b2", LINK.to_params()), seed=9)
    joined = next_state(new, stage)
    assert (joined.page, joined.heard, joined.changed) == ("a1", 17, {})
    assert joined.run == joined.recipe == EDITED
    assert joined.params == EDITED.to_params()
    assert joined.opened.number <= 2 <= joined.number
    assert change(joined, seed=3).changed == {"seed": joined.number + 1}


def test_once_a_stage_is_known_others_are_ignored():
    state = state_of()
    state = next_state(state, report(state))
    assert next_state(state, report(state, EDITED, page="b2", number=99)) == state


# --- what has happened ------------------------------------------------------------------


def test_nothing_changes_without_events():
    state = state_of(EDITED)
    assert updated(state, observed(state)) == replace(state, urls=state.urls[-1:])


def test_an_old_query_together_with_other_events_is_outdated():
    state = updated(state_of(), observed(state_of()))
    first, state = state.params, change(state, noise=0.3)
    for news in (
        {"values": {**state.values, "samples": 300}},
        {"panel": "maths"},
        {"point": 5},
        {"report": raw(report(state, Recipe(noise=0.3)))},
    ):
        found = updated(state, observed(state, params=first, **news))
        assert found.opened == state.opened
        assert found.recipe.noise == 0.3
    # Back, before the browser had the last URL
    found = updated(state, observed(state, params=first))
    assert (found.recipe, found.opened.number) == (Recipe(), 3)


def test_a_query_is_outdated_only_until_the_browser_has_a_newer_one():
    state = updated(state_of(), observed(state_of()))
    first, state = state.params, change(state, noise=0.3)
    state = updated(state, observed(state))
    found = updated(state, observed(state, params=first, panel="maths"))
    assert found.recipe == Recipe()
    assert found.panel == "maths"


def test_another_link_is_opened_whatever_else_happened():
    state = state_of()
    found = updated(state, observed(state, params=LINK.to_params(), panel="maths"))
    assert found.recipe == LINK.recipe


def test_a_report_and_a_change_in_one_run_are_both_applied():
    state = state_of()
    changed = {**state.values, "noise": 0.3}
    found = updated(
        state, observed(state, values=changed, report=raw(report(state, Recipe(seed=1))))
    )
    assert found.recipe == Recipe(noise=0.3, seed=1)
    assert found.changed == {"noise": 2}


def test_a_replaced_value_together_with_other_events_is_outdated():
    state = state_of()
    state = next_state(state, report(state, Recipe(seed=1)))
    late = {**state.values, "seed": 0}
    assert updated(state, observed(state, values={**late, "noise": 0.3})).recipe.seed == 1
    assert updated(state, observed(state, values=late)).recipe.seed == 0
    # this report shows that the browser has the new value
    again = raw(report(state, seen=[state.number, state.heard]))
    assert updated(state, observed(state, values=late, report=again)).recipe.seed == 0
    old = raw(report(state, seen=[state.number, state.heard - 1]))
    assert updated(state, observed(state, values=late, report=old)).recipe.seed == 1
    state = updated(state, observed(state))  # now the browser has it
    assert updated(state, observed(state, values={**late, "noise": 0.3})).recipe.seed == 0


# --- nothing from outside breaks it ---------------------------------------------------------

texts = st.text(st.characters(exclude_categories=())) | st.sampled_from(
    ["\ud800x", "circles", "none", "1", "1e999", "nan", "9" * 5000, "5:l2:1", "1,2"]
)
names = st.sampled_from([*FIELDS, *LOOK_FIELDS, "epoch", "v"]) | texts
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=8,
)


def can_be_sent(state):
    json.dumps(state.message(), ensure_ascii=False).encode()
    json.dumps(state.params, ensure_ascii=False).encode()
    json.dumps(state.problems, ensure_ascii=False).encode()


@given(st.dictionaries(names, texts, max_size=6))
def test_any_link_opens(params):
    can_be_sent(visited("a1", params))
    state = next_state(state_of(), UrlChanged(params))
    can_be_sent(state)
    assert updated(state, observed(state)).recipe == state.recipe


@given(texts | st.dictionaries(names | st.sampled_from(["nnviz", "recipe", "look"]), json_values))
def test_any_file_opens_or_is_refused(document):
    text = document if isinstance(document, str) else json.dumps(document)
    can_be_sent(next_state(state_of(), ExperimentOpened(1, text)))


REPORT = raw(report(state_of(), EDITED))
wrong = st.dictionaries(st.sampled_from(sorted(REPORT)), json_values, max_size=3)


@given(json_values | wrong.map(lambda fields: REPORT | fields))
def test_any_value_is_a_report_or_none(value):
    state = state_of()
    found = updated(state, observed(state, report=value))
    can_be_sent(found)
    if report_of(value) is None:
        assert found == replace(state, urls=state.urls[-1:])


def test_a_report_is_read():
    assert report_of(REPORT) == report(state_of(), EDITED)
    assert [type(event) for event in events_of(state_of(), observed(state_of(), report=REPORT))][
        1:
    ] == [Reported]


# --- runs side by side -------------------------------------------------------------------

ADAM = {"recipe": Recipe(optimiser="adam").to_values(), "name": "Adam"}
BESIDE = Look(beside=[{}, ADAM])


def test_runs_side_by_side_are_in_the_address():
    state = visited("a1", {})
    reported = next_state(state, report(state, beside=BESIDE.beside))
    assert reported.params == Recipe().to_params() | BESIDE.to_params()
    opened = visited("b2", reported.params)
    assert opened.beside == BESIDE.beside
    assert opened.message()["opened"]["look"] == {"beside": BESIDE.to_dict()["beside"]}
    assert opened.message()["beside"] == BESIDE.to_dict()["beside"]
    assert opened.params == reported.params
    assert next_state(reported, report(reported)).params == Recipe().to_params()


def test_a_link_to_a_moment_stays_until_other_runs_are_beside_it():
    link = Moment(Recipe(), 30, BESIDE).to_params()
    state = visited("a1", link)
    assert state.params == link
    assert next_state(state, report(state, beside=BESIDE.beside)).params == link
    assert next_state(state, report(state)).params == Recipe().to_params()


def test_back_to_an_address_without_them_takes_them_away():
    state = visited("a1", Recipe().to_params() | BESIDE.to_params())
    state = next_state(state, UrlChanged(Recipe().to_params()))
    assert state.beside == ()
    assert state.message()["opened"]["look"] == {"beside": []}


def test_of_runs_that_do_not_fit_the_address_has_a_digest():
    points = np.random.default_rng(0).normal(size=(1200, 2)).round(2)
    table = Recipe.from_table(points, [i % 2 for i in range(1200)])
    many = Look(beside=[Companion(table), Companion(table)]).beside
    state = visited("a1", {})
    reported = next_state(state, report(state, beside=many))
    ((digest, text),) = reported.unlinked.items()
    assert len(digest) < 30 < 7500 < len(text)
    assert reported.params == Recipe().to_params() | {"beside": digest}
    assert len(reported.message()["beside"]) == 3


def test_another_run_of_data_too_long_for_a_link_has_those_of_the_run_before():
    points = np.random.default_rng(0).normal(size=(3000, 2))
    recipe = Recipe.from_table(points, [i % 2 for i in range(3000)], seed=3)
    state = visited("a1", recipe.to_params() | {"data": recipe.table.text})
    other = replace(recipe, seed=4)
    state = next_state(state, UrlChanged(Moment(other, 20).to_params()))
    assert (state.recipe, state.problems) == (other, {})
    assert state.params == state.urls[-1] == Moment(other, 20).to_params()
    elsewhere = next_state(visited("a1", {}), UrlChanged(other.to_params()))
    assert "does not hold it" in elsewhere.problems["data"]


@pytest.mark.parametrize("beside", [5, [{"recipe": {"seed": -1}}], [{}, {}, {}, {}, {}]])
def test_a_report_of_no_runs_is_none(beside):
    valid = {"page": "a1", "heard": 0, "number": 1, "epoch": 0, "recipe": {}, "sample": None}
    assert report_of(valid)
    assert report_of({**valid, "beside": beside}) is None
