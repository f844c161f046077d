"""The stage: a component that trains and draws a recipe in the browser, and its files.

The component is plain ES modules in ``stage/``, loaded from this server; Plotly comes from
the installed ``plotly`` package. The page tells the stage what people ask for there; the run is
the stage's, and goes over the ``/live`` socket, so it never waits for the page.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from ..choices.palette import CLASS_STYLES, SIGN_COLOURS
from ..choices.views import VIEWS
from ..recipe.look import Look
from ..recipe.recipe import FIELDS, LAST_EPOCH, LIVE_FIELDS
from . import takeaway
from .state import PageState

KEY = "stage"

FOLDER = Path(str(files(__package__))) / "stage"
ICON = str(FOLDER / "icon.png")

# several lines, because a single line with a slash in it is taken for a path
_ENTRY = """
let stage;
export default function (component) {
  stage ??= import(new URL(`${component.data.base}/stage/main.js`, location.origin).href);
  stage.then(({ render }) => render(component));
  return () => stage.then(({ dispose }) => dispose(component));
}
"""


def show(state: PageState, sample: int | None) -> None:
    """Draw the stage, and hand it what it has to know of the page.

    ``sample`` is the training point, from 0, that the page shows. The stage answers with its
    ``report``, which every later run of the script finds under ``KEY`` in the session; see
    :func:`nnviz.ui.events.report_of`. Both sides number what they say:

    - ``page`` and ``number``: the page's session, and its count of what a person did there;
    - ``heard``: the number of the last report taken in;
    - ``recipe``: what the widgets ask for, or the run as it is known, with its edits;
    - ``changed``: the fields changed on the page, ``sample`` with them, each with the number of its
      change, until a report has heard of it;
    - ``opened``: what was opened last, see :class:`nnviz.ui.state.Opened`;
    - ``follow``: whether a panel shows the run where it rests.
    """
    component = st.components.v2.component(
        "nnviz.stage",
        html=(FOLDER / "stage.html").read_text(encoding="utf-8"),
        css="\n".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.css"))),
        js=_ENTRY,
        isolate_styles=False,  # Plotly puts its styles into the document's head
    )
    component(
        key=KEY,
        data={
            **state.message(),
            "liveFields": list(LIVE_FIELDS),
            "classStyles": [vars(style) for style in CLASS_STYLES],
            "signColours": SIGN_COLOURS,
            "views": {
                view.name: {
                    "label": view.label,
                    "says": view.says,
                    "asks": view.asks,
                    "pair": view.pair,
                }
                for view in VIEWS.values()
            },
            "look": Look().to_dict(),  # to begin with
            "takeaway": takeaway.tables(),
            "labels": {name: kind.label for name, kind in FIELDS.items()},
            "lastEpoch": LAST_EPOCH,
            "base": base_path(),
            "follow": state.panel is not None,
            "sample": sample,
        },
        on_report_change=lambda: None,  # it is looked at anyway, in every run of the script
    )


def base_path() -> str:
    """The path the server is mounted under: ``""``, or ``"/sub/path"``."""
    path = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def routes(base: str = "") -> list[BaseRoute]:
    """Where the browser finds the stage's modules and Plotly."""
    return [
        Route(f"{base}/stage/plotly.js", _plotly_js),
        Mount(f"{base}/stage", _Modules(directory=str(FOLDER))),
    ]


class _Modules(StaticFiles):
    """Files that a browser asks about each time, so that none is older than its neighbours."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response


async def _plotly_js(request: Request) -> Response:
    source, packed, version = _plotly()
    headers = {
        "cache-control": "no-cache",
        "etag": f'"{version}"',
        "vary": "accept-encoding",
    }
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    # packed once for all: 4.8 MB would otherwise be packed again for every visitor
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            packed, headers=headers | {"content-encoding": "gzip"}, media_type="text/javascript"
        )
    return Response(source, headers=headers, media_type="text/javascript")


@cache
def _plotly() -> tuple[bytes, bytes, str]:
    """Plotly's script, the same packed, and its version."""
    from plotly.offline import get_plotlyjs, get_plotlyjs_version

    source = get_plotlyjs().encode()
    return source, gzip.compress(source, 6), get_plotlyjs_version()
