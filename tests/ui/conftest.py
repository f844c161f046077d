"""The page without a browser: widgets are set, the script runs, its output is looked at."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PAGE = Path(__file__).parents[2] / "nnviz" / "ui" / "page.py"


class Page:
    """The page as it is after a visit to a link with these query parameters."""

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

    def open(self, panel, **state):
        """Choose a panel under the stage, with these values of its widgets."""
        for key, value in state.items():
            self.app.session_state[key] = value
        (choice,) = [e for e in self.app.main if getattr(e, "key", None) == "panel"]
        self._ran(choice.set_value(panel).run())

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
        """What the page tells the browser about the stage."""
        (element,) = [e for e in self.app.main if e.type == "bidi_component"]
        return element.proto

    @property
    def data(self):
        """What the stage is handed to draw."""
        return json.loads(self.stage.json)

    def report(self, **fields):
        """What the stage in the browser would send: it has applied all, and goes on from there."""
        data = self.data
        self.reported |= {
            "page": data["page"], "heard": data["number"], "number": data["heard"] + 1,
            "recipe": data["recipe"], "experiment": None,
        } | fields  # fmt: skip
        self.send(self.reported)

    def send(self, report):
        """Anything at all in the place of the stage's report."""
        # AppTest knows no components, so the report is put among the widgets' values by hand
        widgets = self.app._tree.get_widget_states()
        widgets.widgets.add(id=self.stage.id, json_value=json.dumps({"report": report}))
        self._ran(self.app._run(widgets))

    def restart(self, report, **values):
        """The server is started anew; the browser kept its widgets, some changed meanwhile."""
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
