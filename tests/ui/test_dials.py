"""Dials in the sidebar: components with the files of the stage and a widget each."""

import json

from nnviz.recipe.form import DIALS, form, valid_values
from nnviz.stage.files import ENTRY, address


def components(page):
    found = [e.proto for e in page.app.sidebar if e.type == "bidi_component"]
    return [proto for proto in found if "widget" in json.loads(proto.json)]


def test_every_dial_is_a_component_with_its_widget(visit):
    found = [json.loads(proto.json)["widget"] for proto in components(visit(l1="0.02"))]
    assert sorted(widget["field"] for widget in found) == sorted(DIALS)
    widgets = {w.field: w for group in form(valid_values({"l1": 0.02})) for w in group.widgets}
    for widget in found:
        expected = widgets[widget["field"]]
        assert widget["options"] == [list(option) for option in expected.options]
        for name in ("label", "help", "rule", "value", "low", "high", "whole"):
            assert widget[name] == getattr(expected, name)


def test_dials_are_in_the_same_script_as_the_stage(visit):
    for proto in components(visit()):
        assert json.loads(proto.json)["files"] == address()
        assert f"${{component.data.files}}/{ENTRY}" in proto.js_content
        assert not proto.isolate_styles


def test_a_dial_keeps_its_identity_when_its_value_changes(visit):
    page = visit()
    before = [proto.id for proto in components(page)]
    page.turn("learning_rate", 0.1)
    assert [proto.id for proto in components(page)] == before
