"""The server: its settings, errors shown to visitors, and the files it sends."""

import gzip
import re
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from nnviz.stage.files import ENTRY, address
from nnviz.ui.server import SETTINGS
from tests.serving import Server


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


def test_a_server_sends_all_that_its_page_names_compressed_and_to_be_kept():
    with Server(base="/sub/path") as server:

        def get(path):
            request = Request(server.url + path, headers={"accept-encoding": "gzip"})
            return urlopen(request, timeout=30)

        with get("") as answer:
            assert answer.headers["cache-control"] == "no-cache"
            page = gzip.decompress(answer.read()).decode()
        scripts = re.findall(r'(?:src|href)="\./(\S+\.(?:js|css))"', page)
        assert f"{address()}/{ENTRY}" in scripts
        for path in scripts:
            with get(path) as answer:
                assert answer.headers["content-encoding"] == "gzip", path
                assert "immutable" in answer.headers["cache-control"], path
                assert gzip.decompress(answer.read())
        with pytest.raises(HTTPError, match="404") as missing:
            get(f"stage/{'0' * 20}/{ENTRY}")
        missing.value.close()
        with get("_stcore/health") as answer:
            assert answer.read() == b"ok"
        with urlopen(server.url + "another-page") as answer:  # Streamlit's own answer: its page
            assert b"<title>Streamlit</title>" in answer.read()
