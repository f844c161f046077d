"""The stage component: where its files are."""

import pytest
import streamlit as st

from nnviz.stage.files import ENTRY, address
from nnviz.ui import stage


@pytest.mark.parametrize(
    ("setting", "base"),
    [("", ""), (None, ""), ("/", ""), ("sub/path", "/sub/path"), ("/sub/path/", "/sub/path")],
)
def test_the_base_path_is_that_of_streamlits_setting(monkeypatch, setting, base):
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": setting}.get)
    assert stage.base_path() == base


def test_the_stage_receives_the_base_path(monkeypatch, visit):
    monkeypatch.setattr(stage, "base_path", lambda: "/sub/path")
    page = visit()
    assert page.data["base"] == "/sub/path"
    assert page.data["files"] == f"/sub/path/{address()}"
    assert f"${{component.data.files}}/{ENTRY}" in page.stage.js_content
