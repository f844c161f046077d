"""The server's settings: errors shown to visitors."""

import tomllib
from pathlib import Path

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from nnviz.ui.server import SETTINGS


@pytest.fixture
def settings():
    """Sets the settings of a server until the end of the test."""
    before = {name: config.get_option(name) for name in SETTINGS}
    for name, value in SETTINGS.items():
        config.set_option(name, value)
    yield
    for name, value in before.items():
        config.set_option(name, value)


def test_an_error_shown_to_visitors_has_no_details(settings):
    def page():
        raise RuntimeError("a secret")

    (shown,) = AppTest.from_function(page).run(timeout=30).exception
    text = f"{shown.proto}"
    assert text
    for detail in ("secret", "RuntimeError", "Traceback", "line", ".py"):
        assert detail not in text


def test_a_server_outside_a_checkout_has_the_settings_of_the_checkout():
    text = (Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text("utf-8")
    flat = {}

    def add(name, value):
        if isinstance(value, dict):
            for key, inner in value.items():
                add(f"{name}.{key}" if name else key, inner)
        else:
            flat[name] = value

    add("", tomllib.loads(text))
    assert flat == SETTINGS
