"""The stage component: the base path of its files."""

import pytest
import streamlit as st

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
    assert "${component.data.base}/stage/host/main.js" in page.stage.js_content
