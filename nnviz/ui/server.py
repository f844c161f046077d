"""The server: the parts of the ``st.App``, and serving it without a checkout."""

from __future__ import annotations

import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit.web.bootstrap import load_config_options

from ..choices.palette import THEMES
from ..live import endpoint, origin, studio
from ..stage import serving
from . import page_files, stage

PAGE = Path(str(files(__package__))) / "page.py"

# the settings of .streamlit/config.toml, for a server started outside a checkout
SETTINGS: dict[str, Any] = {
    "browser.gatherUsageStats": False,
    "server.maxMessageSize": 10,
    "runner.postScriptGC": False,  # 50 ms after each run of the script; Python collects by itself
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",  # visitors should not see paths of the server
    "theme.light.primaryColor": THEMES["light"].accent,
    "theme.light.textColor": THEMES["light"].ink,
    "theme.light.sidebar.backgroundColor": THEMES["light"].side,
    "theme.light.sidebar.secondaryBackgroundColor": THEMES["light"].paper,  # of fields
    "theme.dark.primaryColor": THEMES["dark"].accent,
    "theme.dark.sidebar.backgroundColor": THEMES["dark"].side,
    "theme.dark.sidebar.secondaryBackgroundColor": THEMES["dark"].paper,
}


def parts() -> dict[str, Any]:
    """The arguments of ``st.App``."""
    base, live = stage.base_path(), endpoint.Live()
    files = {**serving.contents(base), **page_files.contents(base)}
    first = page_files.first_paths(base)
    return {
        "script_path": PAGE,
        "routes": [
            live.route(base),
            studio.route(base),
            *(origin.plain_route(f"{base}/{name}") for name in ("live", "studio")),
        ],
        "middleware": [
            Middleware(serving.MemoryFiles, contents=files, own=f"{base}/stage/", first=first)
        ],
        "lifespan": live.lifespan,
    }


def serve(address: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve the app until it is interrupted, which raises ``KeyboardInterrupt``.

    ``ready(base_path)`` is called in its own thread once the page can be opened.
    """

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        async with own["lifespan"](app):
            # the port is bound already; requests wait until startup is complete
            threading.Thread(target=ready, args=(stage.base_path(),), daemon=True).start()
            yield

    config = SETTINGS | {
        "server.address": address, "server.port": port, "server.headless": True,
        "server.fileWatcherType": "none", "logger.hideWelcomeMessage": True,
    }  # fmt: skip
    load_config_options(config)  # first of all, because Streamlit warns of later changes
    own = parts()
    sys.argv = [str(PAGE)]  # Streamlit takes the first argument as the script to run
    st.App(**own | {"lifespan": lifespan}).run(config=config)
