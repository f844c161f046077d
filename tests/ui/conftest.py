"""The page without a browser: tests set widgets, run the script and check its output."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from nnviz import Edit, Recipe

PAGE = Path(__file__).parents[2] / "nnviz" / "ui" / "page.py"


class Page:
    """A page opened by a link with these query parameters."""

    def __init__(self, **query):
        self.app = AppTest.from_file(PAGE, default_timeout=30)
        self.reported = {"epoch": 0, "sample": None}
        self.visit(**query)

    def visit(self, **query):
        """Follow a link in the same browser tab."""
        self.app.query_params.clear()
        self.app.query_params.update(query)
        self._ran(self.app.run())

    def shows(self, key):
        return any(getattr(element, "key", None) == key for element in self.app.sidebar)

    def widget(self, key):
        """The sidebar's widget with this key; fails where there is none."""
        found = [e for e in self.app.sidebar if getattr(e, "key", None) == key]
        assert found, f"no widget for {key}"
        return found[0]

    def open(self, panel, sample=None, **state):
        """Choose a panel under the stage, and a training point; other state is there before."""
        for key, value in state.items():
            self.app.session_state[key] = value
        self._choose("panel", panel)
        if sample is not None:
            self._choose("sample", sample)

    def _choose(self, key, value):
        (widget,) = [e for e in self.app.main if getattr(e, "key", None) == key]
        self._ran(widget.set_value(value).run())

    def set(self, key, value):
        self._ran(self.widget(key).set_value(value).run())

    @property
    def url(self):
        return dict(self.app.query_params)

    @property
    def warnings(self):
        return [element.value for element in self.app.warning]

    @property
    def captions(self):
        return [element.value for element in self.app.caption]

    @property
    def stage(self):
        """The stage component in the page's output."""
        (element,) = [e for e in self.app.main if e.type == "bidi_component"]
        return element.proto

    @property
    def dials(self):
        """The fields of the dials in the sidebar, in order, with the values that they are given."""
        found = [json.loads(e.proto.json) for e in self.app.sidebar if e.type == "bidi_component"]
        widgets = [data["widget"] for data in found if "widget" in data]
        return {widget["field"]: widget["value"] for widget in widgets}

    def turn(self, field, value):
        """Report what the stage makes of a dial that is turned at epoch 0."""
        recipe = Recipe.from_json(self.data["recipe"]).with_edit(Edit(0, field, value))
        self.report(recipe=json.loads(recipe.to_json()))

    @property
    def data(self):
        """The data that the page sends to the stage."""
        return json.loads(self.stage.json)

    def report(self, **fields):
        """Send a report of a stage that has applied all changes, with these fields."""
        data = self.data
        self.reported |= {
            "page": data["page"], "heard": data["number"], "number": data["heard"] + 1,
            "recipe": data["recipe"], "experiment": None,
        } | fields  # fmt: skip
        self.send(self.reported)

    def send(self, report):
        """Send any value in place of the stage's report."""
        # AppTest does not support components, so the report is added to the widget states by hand
        widgets = self.app._tree.get_widget_states()
        widgets.widgets.add(id=self.stage.id, json_value=json.dumps({"report": report}))
        self._ran(self.app._run(widgets))

    def restart(self, report, **values):
        """Restart the server; the browser keeps its widgets, some with new values."""
        for key, value in values.items():
            self.widget(key).set_value(value)
        widgets = self.app._tree.get_widget_states()
        widgets.widgets.add(id=self.stage.id, json_value=json.dumps({"report": report}))
        url = self.url
        self.app = AppTest.from_file(PAGE, default_timeout=30)
        self.app.query_params.update(url)
        self._ran(self.app._run(widgets))

    def drop(self, text):
        """Drop an experiment file on the stage."""
        self.report(experiment={"number": self.data["heard"] + 1, "text": text})

    def _ran(self, app):
        assert not app.exception, [element.value for element in app.exception]


@pytest.fixture
def visit():
    return Page
