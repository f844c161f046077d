"""Runs of the page's script that Streamlit breaks off for the next one, wherever it may do so.

The next run has what the browser shows by then: older values of its widgets, and no press of a
button and no message that the run before had.
"""

import json
import re
from urllib.parse import urlencode

import pytest
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from tests.ui.test_own_data import bring, field, long, press, states, upload

BEFORE = 1  # place where Streamlit itself loses what the browser has sent: it has not looked at it


class Breaks:
    """Breaks off a run of the script at one of its places, for one with these states of widgets."""

    def __init__(self, monkeypatch):
        self.place, self.next, self.passed = 0, RerunData(), 0
        look = LocalScriptRunner._maybe_handle_execution_control_request

        def looked(runner):
            if runner._execing:
                self.passed += 1
                if self.passed == self.place:
                    runner.request_rerun(self.next)
            look(runner)

        name = "_maybe_handle_execution_control_request"
        monkeypatch.setattr(LocalScriptRunner, name, looked)

    def at(self, place, page, widgets):
        self.place, self.passed = place, 0
        self.next = RerunData(urlencode(page.url), widget_states=widgets)


@pytest.fixture
def breaks(monkeypatch):
    return Breaks(monkeypatch)


def test_the_nearest_point_is_chosen_wherever_the_run_is_broken_off(visit, breaks):
    page = visit(samples="30", hidden="3,2")
    page.open("maths", sample=8)
    near = choose_the_nearest(page, breaks)
    some = [*range(BEFORE + 1, 20), *range(20, breaks.passed, 9)]  # the state is stored after 70
    for place in some:
        assert choose_the_nearest(page, breaks, place) == near, place
    assert len(some) > 40


def choose_the_nearest(page, breaks, place=None):
    """Press the button that shows the training point nearest to one that is none."""
    page.report(sample=6, point=None)
    page.report(sample=None, point=[0.3, 0.3])
    (button,) = [each for each in page.app.button if each.key == "nearest"]
    near = int(re.match("Show training point ([0-9]+)", button.label)[1])
    assert near != 7
    breaks.at(place, page, before(page))
    page._ran(button.click().run())
    state = page.app.session_state.page
    assert (state.points[-1] + 1, state.pin) == (near, None), place
    assert (page.app.number_input(key="sample").value, page.data["sample"]) == (near, near - 1)
    return near


def before(page):
    """The widgets as the browser shows them, and a new report of the stage, which starts a run."""
    news = page.reported | {"number": page.data["heard"] + 1}
    widgets = page.app._tree.get_widget_states()
    widgets.widgets.add(id=page.stage.id, json_value=json.dumps({"report": news}))
    return widgets


def test_a_file_is_kept_wherever_the_run_is_broken_off(visit, breaks):
    page = visit(hidden="3")
    for number, place in enumerate(range(BEFORE + 1, 20), start=1):
        sent = {"upload": {"number": number, "value": upload(name=f"{place}.csv")}}
        breaks.at(place, page, page.app._tree.get_widget_states())
        page._ran(page.app._run(states(page, **sent)))
        if json.loads(field(page).json)["taken"].get("upload", 0) < number:
            page._ran(page.app._run(states(page, **sent)))  # as the browser repeats it
        assert page.app.session_state.own_data_file.name == f"{place}.csv"
        assert json.loads(field(page).json)["taken"] == {"upload": number}


def test_what_a_link_cannot_hold_is_restored_wherever_the_run_is_broken_off(visit, breaks):
    made = visit(hidden="3")
    bring(made, long(), "long.csv")
    press(made, "Use these data")
    sent = {"kept": {"number": 1, "value": json.loads(field(made).json)["kept"]}}
    for place in range(BEFORE + 1, 75, 6):
        page = visit(**made.url)
        page.report()
        breaks.at(place, page, before(page))
        page._ran(page.app._run(states(page, **sent)))
        if "kept" not in json.loads(field(page).json)["taken"]:
            page._ran(page.app._run(states(page, **sent)))  # as the browser repeats it
        assert page.data["recipe"] == made.data["recipe"], place
        assert page.warnings == [], place


def test_a_file_is_dropped_only_once_its_data_are_there(visit, breaks):
    page = visit(hidden="3")
    bring(page)
    breaks.at(None, page, None)
    press(page, "Use these data")
    accepted, n_places = page.data["recipe"]["data"], breaks.passed
    for place in range(n_places - 400, n_places, 25):
        page = visit(hidden="3")
        page.report()
        bring(page)
        breaks.at(place, page, before(page))
        press(page, "Use these data")
        is_there = page.data["recipe"]["data"] == accepted
        assert is_there or "own_data_file" in page.app.session_state, place
    assert is_there  # of the last places
