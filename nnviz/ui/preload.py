"""The page's answer names the scripts that its first picture needs, so that they load at once.

Without it the browser learns of them one after the other: of Streamlit's script for
components when the page script has run, of the stage's modules when that has started.
Plotly is not named: a second's work for the browser, it is left until the picture is shown.
"""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.file_util import get_static_dir

from ..stage.files import first_modules, with_imports


class Preload:
    """Middleware that adds a ``Link`` header (RFC 8288) to every HTML answer."""

    def __init__(self, app: ASGIApp, base: str = ""):
        self._app = app
        urls = [f"{base}/static/js/{name}" for name in component_scripts(_streamlits_scripts())]
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
    """Streamlit's script for components, and what it imports that not every page loads.

    Their names change from version to version; none where they are called otherwise.
    """
    entry, component = (_with_imports(folder, f"{s}.*.js") for s in ("index", "BidiComponent"))
    return sorted(component - entry)


def _with_imports(folder: Path, pattern: str) -> set[str]:
    return set(with_imports(folder, [path.name for path in folder.glob(pattern)]))


def _streamlits_scripts() -> Path:
    return Path(get_static_dir()) / "static" / "js"
