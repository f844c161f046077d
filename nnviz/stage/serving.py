"""Server routes for the stage's files and Plotly's script."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from .files import FOLDER

_SUFFIXES = {".js", ".html", ".css"}  # the folder also holds Python modules


def routes(base: str = "") -> list[BaseRoute]:
    """The routes of the stage's modules and of Plotly, under the base path."""
    return [
        Route(f"{base}/stage/plotly.js", _plotly_js),
        Mount(f"{base}/stage", _Modules(directory=str(FOLDER))),
    ]


class _Modules(StaticFiles):
    """Files that the browser revalidates each time, so that all are of the same version."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if PurePosixPath(path).suffix not in _SUFFIXES:
            raise HTTPException(404)
        return await super().get_response(path, scope)

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response


async def _plotly_js(request: Request) -> Response:
    source, compressed, version = _plotly()
    headers = {
        "cache-control": "no-cache",
        "etag": f'"{version}"',
        "vary": "accept-encoding",
    }
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    # compressed once: 4.8 MB would otherwise be compressed again for every visitor
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            compressed, headers=headers | {"content-encoding": "gzip"}, media_type="text/javascript"
        )
    return Response(source, headers=headers, media_type="text/javascript")


@cache
def _plotly() -> tuple[bytes, bytes, str]:
    """Plotly's script, plain and compressed by gzip, and its version."""
    from plotly.offline import get_plotlyjs, get_plotlyjs_version

    source = get_plotlyjs().encode()
    return source, gzip.compress(source, 6), get_plotlyjs_version()
