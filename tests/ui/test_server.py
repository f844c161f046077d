"""The server's settings: what visitors see of an error."""

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from nnviz.ui.server import SETTINGS


@pytest.fixture
def settings():
    """The settings of a server, until the end of the test."""
    before = {name: config.get_option(name) for name in SETTINGS}
    for name, value in SETTINGS.items():
        config.set_option(name, value)
    yield
    for name, value in before.items():
        config.set_option(name, value)


def test_an_error_shown_to_visitors_carries_no_details(settings):
    def page():
        raise RuntimeError("a secret")

    (shown,) = AppTest.from_function(page).run(timeout=30).exception
    said = f"{shown.proto}"
    assert said
    for detail in ("secret", "RuntimeError", "Traceback", "line", ".py"):
        assert detail not in said
