"""The page's response lists the scripts of the first picture."""

import asyncio
import re

from nnviz.stage.files import first_modules
from nnviz.ui.preload import Preload, component_scripts


def links_of(path, base=""):
    """The Link header of the response for a path: a page at ``/``, a script elsewhere."""
    sent = []

    async def answer(scope, receive, send):
        kind = b"text/html; charset=utf-8" if scope["path"] == "/" else b"text/javascript"
        headers = [(b"content-type", kind)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def send(message):
        sent.append(dict(message["headers"]))

    asyncio.run(Preload(answer, base)({"type": "http", "path": path}, None, send))
    return sent[0].get(b"link", b"").decode()


def test_the_page_lists_the_scripts_and_other_responses_do_not():
    links = links_of("/", base="/sub")
    for name in first_modules():
        assert f"</sub/stage/{name}>; rel=modulepreload" in links
    assert re.search(r"</sub/static/js/BidiComponent\.[\w-]+\.js>; rel=modulepreload", links)
    assert "plotly.js" not in links  # it would delay the first picture
    assert links_of("/stage/host/main.js") == ""


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
    assert component_scripts(tmp_path) == ["BidiComponent.c3.js", "more.d4.js", "most.e5.js"]


def test_a_streamlit_with_other_names_is_no_error(tmp_path):
    (tmp_path / "main.js").write_text("")
    assert component_scripts(tmp_path) == []
    (tmp_path / "BidiComponent.a1.js").write_text('import"./gone.b2.js";')
    assert component_scripts(tmp_path) == ["BidiComponent.a1.js"]
