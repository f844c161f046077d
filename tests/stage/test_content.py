"""Files in memory: which form a browser gets, and that each is made once."""

import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest

from nnviz.stage import content
from nnviz.stage.content import COMPRESS, IMMUTABLE, REVALIDATED, Content, best_encoding

TEXT = b"the same words again; " * 100


@pytest.mark.parametrize(
    ("accepted", "best"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0.5, gzip", "br"),
        ("br;q=0, gzip;q=1.0", "gzip"),
        ("br; q=0.0, gzip; q=0", "identity"),
        ("*", "br"),
        ("*, br;q=0", "gzip"),
        ("*;q=0", "identity"),
        ("br;q=much", "identity"),
        ("deflate", "identity"),
        ("identity", "identity"),
        ("", "identity"),
    ],
)
def test_the_encoding_is_the_best_that_is_accepted(accepted, best):
    assert best_encoding(accepted) == best


def form(file, accepted):
    one = asyncio.run(file.form(accepted))
    return one, {name.decode(): value.decode() for name, value in one.headers}


@pytest.mark.parametrize(
    ("accepted", "undo"),
    [("br", brotli.decompress), ("gzip", gzip.decompress), ("identity", bytes)],
)
def test_a_form_is_the_file_in_that_encoding(accepted, undo):
    one, fields = form(Content("a.js", lambda: TEXT), accepted)
    assert undo(one.body) == TEXT
    assert fields.get("content-encoding", "identity") == accepted
    assert fields["content-length"] == str(len(one.body))
    assert fields["vary"] == "accept-encoding"


def test_pictures_and_fonts_are_not_compressed_again():
    one, fields = form(Content("font.woff2", lambda: TEXT), "br, gzip")
    assert one.body == TEXT
    assert not {"content-encoding", "vary"} & fields.keys()
    assert fields["content-type"] == "font/woff2"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.b1.js", "text/javascript; charset=utf-8"),
        ("a.css", "text/css; charset=utf-8"),
        ("index.html", "text/html; charset=utf-8"),
        ("main.js.map", "application/json"),
        ("a.unheard-of", "application/octet-stream"),
    ],
)
def test_the_media_type_is_that_of_the_name(name, kind):
    assert form(Content(name, lambda: TEXT), "")[1]["content-type"] == kind


def test_files_are_immutable_unless_stated_otherwise():
    assert form(Content("a.js", lambda: TEXT), "")[1]["cache-control"] == IMMUTABLE
    page = Content("a.html", lambda: TEXT, REVALIDATED)
    assert form(page, "")[1]["cache-control"] == "no-cache"
    assert IMMUTABLE == "public, max-age=31536000, immutable"


def test_the_tag_is_the_same_for_all_forms_and_changes_with_the_file():
    file = Content("a.js", lambda: TEXT)
    tags = {form(file, accepted)[0].etag for accepted in (*COMPRESS, "")}
    assert len(tags) == 1
    assert form(Content("a.js", lambda: TEXT + b"."), "")[0].etag not in tags


def test_each_form_is_made_once_for_all_who_ask_at_once(monkeypatch):
    made = []
    monkeypatch.setitem(content.COMPRESS, "br", lambda body: made.append(body) or b"short")
    read = []
    file = Content("a.js", lambda: read.append(1) or TEXT)

    async def all_at_once():
        return await asyncio.gather(*(file.form("br") for _ in range(50)))

    assert {one.body for one in asyncio.run(all_at_once())} == {b"short"}
    assert (made, read) == ([TEXT], [1])


def test_a_visitor_who_leaves_takes_nothing_from_the_others(monkeypatch):
    workers = ThreadPoolExecutor(1)
    monkeypatch.setattr(content, "_workers", workers)

    async def visits():
        gate = asyncio.Event()
        loop = asyncio.get_running_loop()
        busy = workers.submit(asyncio.run_coroutine_threadsafe(gate.wait(), loop).result)
        file = Content("a.js", lambda: TEXT)
        leaver, stayer = (asyncio.create_task(file.form("br")) for _ in range(2))
        await asyncio.sleep(0)  # both wait now
        leaver.cancel()
        await asyncio.gather(leaver, return_exceptions=True)
        gate.set()
        await asyncio.wrap_future(busy)
        return (await stayer).body

    assert brotli.decompress(asyncio.run(visits())) == TEXT
    workers.shutdown()
