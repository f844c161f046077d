"""Streamlit's files from memory are those that Streamlit itself would send."""

import asyncio
import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from streamlit.file_util import get_static_dir
from streamlit.web.server.starlette.starlette_static_routes import (
    create_streamlit_static_assets_routes,
)

from nnviz.stage.files import ENTRY, address
from nnviz.stage.serving import MemoryFiles
from nnviz.ui import page_files

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
    added = re.findall(r'<link rel="modulepreload" href="(\S+)">\n', page)
    assert re.sub(r'<link rel="modulepreload" href="\S+">\n', "", page) == own
    assert added[-1] == f"./{address()}/{ENTRY}"
    assert any(re.fullmatch(r"\./static/js/BidiComponent\.[\w-]+\.js", url) for url in added)
    assert not any("plotly" in url for url in added)  # it would delay the first picture


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
