"""The stage's files, as the server sends them to a browser."""

import asyncio
import gzip
import posixpath
import re

import httpx
import pytest
from plotly.offline import get_plotlyjs
from starlette.applications import Starlette

from nnviz.stage import serving

BASES = pytest.mark.parametrize("base", ["", "/sub/path"])


def get(path, base="", **headers):
    """The server's response to one request; its ``body`` is not decompressed."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    server = httpx.ASGITransport(Starlette(routes=serving.routes(base)))

    async def request():
        async with (
            httpx.AsyncClient(transport=server, base_url="http://nnviz.test") as client,
            client.stream("GET", path, headers=headers) as response,
        ):
            response.body = b"".join([part async for part in response.aiter_raw()])
            return response

    return asyncio.run(request())


# --- Plotly ---------------------------------------------------------------------------


@BASES
def test_plotly_comes_from_the_installed_package(base):
    response = get(f"{base}/stage/plotly.js", base, accept_encoding="identity")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/javascript")
    assert "content-encoding" not in response.headers
    assert response.body.decode() == get_plotlyjs()


def test_plotly_is_compressed_for_a_browser_that_accepts_it():
    response = get("/stage/plotly.js", accept_encoding="gzip, deflate, br")
    assert response.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in response.headers["vary"].lower()
    assert gzip.decompress(response.body).decode() == get_plotlyjs()
    assert len(response.body) < len(get_plotlyjs()) / 2


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_plotly_is_not_sent_again_to_a_browser_that_has_it(encoding):
    first = get("/stage/plotly.js", accept_encoding=encoding)
    again = get("/stage/plotly.js", accept_encoding=encoding, if_none_match=first.headers["etag"])
    assert (again.status_code, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_another_version_of_plotly_is_sent_whole():
    response = get("/stage/plotly.js", if_none_match='"0.0.0"')
    assert response.status_code == 200
    assert response.body


# --- the modules ----------------------------------------------------------------------


@BASES
def test_modules_are_served_and_revalidated_each_time(base):
    response = get(f"{base}/stage/host/main.js", base)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["cache-control"] == "no-cache"
    again = get(f"{base}/stage/host/main.js", base, if_none_match=response.headers["etag"])
    assert again.status_code == 304
    assert again.headers["cache-control"] == "no-cache"


def test_every_imported_module_exists():
    seen, due = set(), {"host/main.js"}
    while due:
        name = due.pop()
        response = get(f"/stage/{name}")
        assert response.status_code == 200, name
        seen.add(name)
        found = re.findall(r'(?:from |import\()"(\..+?)"', response.body.decode())
        due |= {
            posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) for path in found
        } - seen
    assert {"host/main.js", "transport/codec.js", "export/dialog.js"} <= seen


def test_nothing_is_served_outside_the_base_path():
    assert get("/stage/host/main.js", base="/sub/path").status_code == 404
    assert get("/stage/plotly.js", base="/sub/path").status_code == 404


@pytest.mark.parametrize(
    "path", ["none.js", "%2e%2e/problems.py", "../problems.py", "serving.py", "host", ""]
)
def test_nothing_is_served_but_modules_markup_and_styles(path):
    assert get(f"/stage/{path}").status_code == 404
