"""The step between a visitor's own file and its run, on the page of static files."""

import base64
import gzip
import json
import sys

import pytest

from nnviz import Recipe
from nnviz.site.engine.own_data import NO_PROJECTION
from nnviz.site.engine.page import Page
from nnviz.tables.choosing import prepare
from nnviz.tables.reader import read

GERMAN = "länge;breite;tiefe;art\r\n" + "".join(
    f"{i / 8:.3f};{i % 7 / 4:.2f};{i % 5 / 2};{'ABC'[i % 3]}\r\n".replace(".", ",")
    for i in range(40)
)
CONTENT = GERMAN.encode("cp1252")


@pytest.fixture
def page():
    page = Page({})
    page.handle({"visit": {}})
    return page


def bring(page, content=CONTENT, name="flowers.csv"):
    packed = base64.b64encode(gzip.compress(content)).decode()
    page.handle({"file": {"name": name, "content": packed}})


def step(page):
    return json.loads(json.dumps(page.shown()))["step"]


def widget(page, key):
    return next(w for g in step(page)["groups"] for w in g["widgets"] if w["key"] == key)


def choose(page, key, label):
    page.handle({"chosen": {key: widget(page, key)["options"].index(label)}})


def test_axes_that_need_a_server_are_noted_where_there_are_columns_for_them(page):
    bring(page)
    assert NO_PROJECTION in step(page)["notes"]
    bring(page, b"a,b,kind\n" + b"".join(b"%d,%d,%d\n" % (i, i * i, i % 2) for i in range(20)))
    assert NO_PROJECTION not in step(page)["notes"]


def test_nothing_changes_until_the_data_are_accepted(page):
    before = page.state.recipe
    assert step(page) is None
    bring(page)
    shown = step(page)
    assert (shown["name"], shown["error"]) == ("flowers.csv", None)
    assert shown["notes"][0] == "flowers.csv, 40 rows, 3 classes: A, B, C."
    assert shown["preview"]["rows"] == ["länge", "breite", "tiefe", "art"]
    assert shown["preview"]["values"][0][:4] == ["number", "0 … 4.875", "40", "0"]
    assert page.state.recipe == before
    page.handle({"use": True})
    assert step(page) is None
    assert page.state.recipe.table == prepare(read(CONTENT, "flowers.csv")).table
    assert Recipe.from_query(page.shown()["params"]) == page.state.recipe


def test_cancelling_leaves_everything_as_it_was(page):
    before = page.state
    bring(page)
    page.handle({"use": False})
    assert step(page) is None
    assert page.state.recipe == before.recipe


def test_label_axes_and_reading_can_be_changed(page):
    bring(page)
    choose(page, "own_feature_2", "tiefe")
    page.handle({"use": True})
    assert page.state.recipe.table.axes == ("länge", "tiefe")
    bring(page)
    choose(page, "label", "tiefe")
    assert "art" not in widget(page, "own_feature_1")["options"]
    choose(page, "own_feature_1", "breite")
    choose(page, "own_feature_2", "länge")
    page.handle({"use": True})
    table = page.state.recipe.table
    assert (table.axes, table.classes) == (("breite", "länge"), ("0,0", "0,5", "1,0", "1,5", "2,0"))
    bring(page)
    assert widget(page, "header")["value"] is True
    page.handle({"chosen": {"header": False}})
    assert step(page)["preview"]["rows"][0] == "column 1"


def test_what_cannot_be_used_says_why_and_can_be_read_in_another_way(page):
    bring(page, b"a;b;k\n1;2;x\n3;4;x\n")
    assert step(page)["error"] == (
        "flowers.csv: there is only one column of numbers, b: the axes need two; column k: it has "
        "text such as x: an axis needs numbers"
    )
    page.handle({"use": True})
    assert page.state.recipe.table is None
    bring(page, CONTENT)
    choose(page, "delimiter", "tab")
    assert step(page)["error"].startswith("flowers.csv, line")
    choose(page, "delimiter", "semicolon")
    assert step(page)["error"] is None


def test_messages_that_no_page_sends_are_ignored(page):
    page.handle({"file": {"name": 3}})
    assert step(page) is None
    page.handle({"use": True, "chosen": {"label": 0}})
    bring(page)
    before = step(page)
    for chosen in ({"label": 99}, {"label": "art"}, {"header": 3}, {"colour": 1}):
        page.handle({"chosen": chosen})
    assert step(page) == before


def test_a_file_is_read_without_what_no_browser_has(page, monkeypatch):
    for module in ("charset_normalizer", "openpyxl", "sklearn", "pandas"):
        monkeypatch.setitem(sys.modules, module, None)
    bring(page)
    assert step(page)["notes"][0] == "flowers.csv, 40 rows, 3 classes: A, B, C."
