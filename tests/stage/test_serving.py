"""What a server with files in memory answers."""

import asyncio
import gzip

import brotli
import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from nnviz.stage import serving
from nnviz.stage.content import COMPRESS, IMMUTABLE, REVALIDATED, Content
from nnviz.stage.files import ENTRY, address, served

BASES = pytest.mark.parametrize("base", ["", "/sub/path"])


def app(base="", first=(), **more):
    files = {**serving.contents(base), **more}
    other = Route("/{path:path}", lambda _: PlainTextResponse("other"), methods=["GET", "POST"])
    middleware = Middleware(serving.MemoryFiles, contents=files, own=f"{base}/stage/", first=first)
    return Starlette(routes=[other], middleware=[middleware])


def ask(path, server, method="GET", **headers):
    """The server's response to one request; its ``body`` is not decompressed."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}

    async def request():
        transport = httpx.ASGITransport(server)
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://nnviz.test") as client,
            client.stream(method, path, headers=headers) as response,
        ):
            response.body = b"".join([part async for part in response.aiter_raw()])
            return response

    return asyncio.run(request())


@BASES
@pytest.mark.parametrize(
    ("accepted", "undo"),
    [
        ("gzip, deflate, br", brotli.decompress),
        ("gzip, deflate", gzip.decompress),
        ("identity", bytes),
    ],
)
def test_every_file_is_sent_as_the_browser_accepts_it_and_may_be_kept(base, accepted, undo):
    server = app(base)
    for name, content in served().items():
        response = ask(f"{base}/{address()}/{name}", server, accept_encoding=accepted)
        assert response.status_code == 200
        assert response.headers["cache-control"] == IMMUTABLE
        assert response.headers["vary"] == "accept-encoding"
        assert undo(response.body) == content


def test_a_head_has_no_body():
    response = ask(f"/{address()}/{ENTRY}", app(), "HEAD", accept_encoding="identity")
    assert (response.status_code, response.body) == (200, b"")
    assert int(response.headers["content-length"]) == len(served()[ENTRY])


@pytest.mark.parametrize(
    "path",
    [
        f"stage/{'0' * 20}/{ENTRY}",  # of another version
        f"stage/{ENTRY}",
        f"{address()}/stage.js",  # part of a script
        f"{address()}/serving.py",
        f"{address()}/../problems.py",
        f"{address()}/%2e%2e/%2e%2e/problems.py",
        f"{address()}/",
        "stage/",
    ],
)
@BASES
def test_nothing_else_is_there_and_the_page_is_not_sent_in_its_place(path, base):
    response = ask(f"{base}/{path}", app(base))
    assert (response.status_code, response.body) == (404, b"")
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/stages", f"/{address()}/{ENTRY}"])
def test_other_paths_and_those_outside_the_base_path_are_left_to_the_app(path):
    assert ask(path, app("/sub/path")).body == b"other"


def test_other_methods_are_left_to_the_app():
    assert ask(f"/{address()}/{ENTRY}", app(), "POST").body == b"other"


def test_a_page_that_is_revalidated_is_sent_again_only_after_a_change():
    server = app(**{"/": Content("index.html", lambda: b"<p>" * 99, REVALIDATED)})
    first = ask("/", server, accept_encoding="gzip")
    assert first.headers["cache-control"] == "no-cache"
    again = ask("/", server, accept_encoding="gzip", if_none_match=first.headers["etag"])
    assert (again.status_code, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert "content-length" not in again.headers
    other = ask("/", server, accept_encoding="identity", if_none_match='W/"another"')
    assert (other.status_code, other.body) == (200, b"<p>" * 99)


def test_the_first_files_are_compressed_once_the_server_has_started():
    made = []

    class Watched(Content):
        def prepare(self, encoding):
            made.append(encoding)
            return super().prepare(encoding)

    server = app(first=["/a.js"], **{"/a.js": Watched("a.js", lambda: b"a")})
    sent = []

    async def run():
        due = iter(["lifespan.startup", "lifespan.shutdown"])

        async def receive():
            assert made == (list(COMPRESS) if sent else [])
            return {"type": next(due)}

        async def send(message):
            assert bool(made) == bool(sent)
            sent.append(message["type"])

        await server({"type": "lifespan", "app": server, "state": {}}, receive, send)

    asyncio.run(run())
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
