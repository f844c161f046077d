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


def test_the_stage_is_loaded_from_below_the_pages_own_address(visit):
    page = visit()
    assert page.data["files"] == address()
    assert f"./${{component.data.files}}/{ENTRY}`, document.baseURI" in page.stage.js_content
