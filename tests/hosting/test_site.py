"""The page of static files on nginx, with the types of files that its distribution has."""

from contextlib import ExitStack

import pytest

from tests import pyodide
from tests.browser.carriers import ready
from tests.browser.conftest import Stage
from tests.nginx import PROGRAM, Nginx

pytestmark = pytest.mark.skipif(not PROGRAM, reason="nginx is not installed")

HOST = """
server {
  listen 127.0.0.1:{port};
  default_type application/octet-stream;
  root /srv/web;
}
"""

DECODED = HOST.replace("root", "location ~ [.]gz$ { add_header Content-Encoding gzip; }\n  root")


@pytest.fixture
def opened(browser, site_folder):
    """``opened(configuration)`` gives a Stage of the site on nginx, with Python there."""
    with ExitStack() as all_of_it:

        def open_one(configuration=HOST):
            here = {"{port}": "{port}", "/srv/web": str(site_folder)}
            front = all_of_it.enter_context(Nginx(configuration, here))
            context = browser.new_context(service_workers="block")
            all_of_it.callback(context.close)
            stage = Stage(context.new_page())
            stage.page.goto(f"{front.url}{pyodide.PATH}/", wait_until="commit")
            ready(stage.page)
            return stage

        yield open_one


def test_it_starts_where_no_type_is_added(opened):
    stage = opened()
    stage.play_to(10)
    assert stage.errors == []


FIRST = """async () => {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const script = loaded.find((url) => url.endsWith("/start.js"));
  const archive = await fetch(new URL("./engine.tar.gz", script));
  return new Uint8Array(await archive.arrayBuffer())[0];
}"""


def test_it_starts_where_a_header_has_browsers_unpack_the_archive(opened):
    stage = opened(DECODED)
    assert stage.page.evaluate(FIRST) != 0x1F  # that of gzip; Python's tarfile reads either
    stage.play_to(10)
    assert stage.errors == []
