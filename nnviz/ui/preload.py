"""Preload the scripts that the first picture needs, by a header of the page's response.

Without it the browser finds them one after the other: Streamlit's script for components after the
page script has run, the stage's modules after that. Plotly is not preloaded: it takes the browser a
second, so it is loaded after the first picture.
"""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.file_util import get_static_dir

from ..stage.files import first_modules, with_imports


class Preload:
    """Middleware that adds a ``Link`` header (RFC 8288) to every HTML response."""

    def __init__(self, app: ASGIApp, base: str = ""):
        self._app = app
        urls = [f"{base}/static/js/{name}" for name in component_scripts(_streamlit_scripts())]
        urls += [f"{base}/stage/{name}" for name in first_modules()]
        self._links = ", ".join(f"<{url}>; rel=modulepreload" for url in urls)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_links(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers["link"] = self._links
            await send(message)

        await self._app(scope, receive, send_with_links if scope["type"] == "http" else send)


def component_scripts(folder: Path) -> list[str]:
    """Streamlit's script for components, and its imports that are not loaded by every page.

    Names of scripts depend on Streamlit's version; the list is empty if none is found.
    """
    entry, component = (_with_imports(folder, f"{s}.*.js") for s in ("index", "BidiComponent"))
    return sorted(component - entry)


def _with_imports(folder: Path, pattern: str) -> set[str]:
    return set(with_imports(folder, [path.name for path in folder.glob(pattern)]))


def _streamlit_scripts() -> Path:
    return Path(get_static_dir()) / "static" / "js"
