"""Streamlit's files from memory are those that Streamlit itself would send."""

import asyncio
import difflib
import gzip
import re
import urllib.error
import urllib.request
from pathlib import Path

import brotli
import httpx
import pytest
from starlette.applications import Starlette
from streamlit.file_util import get_static_dir
from streamlit.web.server.starlette.starlette_static_routes import (
    create_streamlit_static_assets_routes,
)

from nnviz.stage.files import ENTRY, address, served
from nnviz.stage.serving import MemoryFiles
from nnviz.ui import page_files
from tests import nginx
from tests.serving import Server

STATIC = Path(get_static_dir())


async def _gone(scope, receive, send):
    raise AssertionError(f"{scope['path']} is not in memory")


def responses(app, paths):
    async def all_of_them():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://nnviz.test") as client:
            return [await client.get(path) for path in paths]

    return asyncio.run(all_of_them())


@pytest.mark.parametrize("base", ["", "/sub/path"])
def test_scripts_styles_and_fonts_are_streamlits_own(base):
    contents = page_files.contents(base)
    paths = [path for path in page_files.first_paths(base) if path != f"{base}/"]
    paths += [path for path in contents if path.endswith((".woff2", ".png"))][:5]
    theirs = Starlette(routes=create_streamlit_static_assets_routes(base))
    ours = MemoryFiles(_gone, {**contents}, own=f"{base}/stage/")
    paths = [path for path in paths if address() not in path]
    assert len(paths) > 60
    for mine, other in zip(responses(ours, paths), responses(theirs, paths), strict=True):
        assert (mine.status_code, mine.content) == (200, other.content)
        assert mine.headers["content-type"] == other.headers["content-type"]
        kept, expected = (set(r.headers["cache-control"].split(", ")) for r in (mine, other))
        assert kept == expected
        missing = set(other.headers) - set(mine.headers)
        assert missing <= {"last-modified", "accept-ranges"}


def test_a_script_is_kept_for_good_only_if_its_name_has_a_hash():
    for path in page_files.contents():
        assert path == "/" or re.search(r"[.-][\w-]{8}\.(?:js|css|woff2|png|gif|svg)$", path), path


def test_the_page_is_streamlits_with_the_scripts_of_the_first_picture():
    page, own = page_files.page_html(STATIC), (STATIC / "index.html").read_text("utf-8")
    lines = [[line.strip() for line in text.splitlines()] for text in (own, page)]
    changes = list(difflib.ndiff(*lines))
    assert not [change for change in changes if change.startswith("- ")]
    added = "\n".join(change[2:] for change in changes if change.startswith("+ "))
    preloaded = re.findall(r'<link rel="modulepreload" href="(\S+)">', added)
    assert preloaded[0] == f"./{address()}/{ENTRY}"
    assert any(re.fullmatch(r"\./static/js/BidiComponent\.[\w-]+\.js", url) for url in preloaded)
    assert not any("plotly" in url for url in preloaded)  # it would delay the first picture
    assert f'import("{preloaded[0]}")' in added


@pytest.mark.parametrize("base", ["", "/sub"])
def test_all_that_the_page_names_is_there(base):
    contents = page_files.contents(base)
    paths = page_files.first_paths(base)
    assert paths[0] == f"{base}/"
    assert f"{base}/{address()}/{ENTRY}" in paths
    assert {path for path in paths if "/stage/" not in path} <= contents.keys()


def test_component_scripts_are_those_the_page_does_not_load_anyway(tmp_path):
    for name, imports in {
        "index.a1": ["common.b2"],
        "common.b2": [],
        "BidiComponent.c3": ["common.b2", "more.d4"],
        "more.d4": ["BidiComponent.c3", "most.e5"],
        "most.e5": [],
        "Slider.f6": ["more.d4"],
    }.items():
        text = "".join(f'import{{x as y}}from"./{other}.js";' for other in imports)
        (tmp_path / f"{name}.js").write_text(text + 'import"./common.b2.js";')
    assert page_files.component_scripts(tmp_path) == [
        "BidiComponent.c3.js", "more.d4.js", "most.e5.js"
    ]  # fmt: skip


def test_a_streamlit_with_other_names_is_no_error(tmp_path):
    (tmp_path / "main.js").write_text("")
    assert page_files.component_scripts(tmp_path) == []
    (tmp_path / "BidiComponent.a1.js").write_text('import"./gone.b2.js";')
    assert page_files.component_scripts(tmp_path) == ["BidiComponent.a1.js"]


# --- for a web server in front of the app ---------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with all files, and their number."""
    folder = tmp_path_factory.mktemp("files")
    return folder, page_files.write(folder)


def test_all_files_are_written_as_they_are_and_compressed(folder):
    folder, count = folder
    entry = folder / address() / ENTRY
    assert entry.read_bytes() == served()[ENTRY]
    assert gzip.decompress(entry.with_name("main.js.gz").read_bytes()) == served()[ENTRY]
    assert brotli.decompress(entry.with_name("main.js.br").read_bytes()) == served()[ENTRY]
    plain = [path for path in folder.rglob("*.*") if path.suffix not in (".gz", ".br")]
    assert count == len([path for path in plain if path.is_file()]) > 300
    assert not list(folder.rglob("*.woff2.*"))
    assert not list(folder.glob("*.html"))  # the page is the app's


@pytest.mark.skipif(not nginx.PROGRAM, reason="nginx is not installed")
def test_nginx_sends_the_files_and_passes_on_the_rest(folder):
    with Server() as server, nginx.with_files(server.port, folder[0]) as front:

        def get(path):
            request = urllib.request.Request(front.url + path, headers={"accept-encoding": "gzip"})
            return urllib.request.urlopen(request, timeout=30)

        with get(f"{address()}/{ENTRY}") as answer:
            assert answer.headers["server"].startswith("nginx")
            assert answer.headers["content-encoding"] == "gzip"
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert gzip.decompress(answer.read()) == served()[ENTRY]
        server.stop()  # the files are there without it
        with get(f"{address()}/plotly.js") as answer:
            assert answer.status == 200
        with pytest.raises(urllib.error.HTTPError, match="502"):
            get("")
