"""The server's settings: errors shown to visitors."""

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
