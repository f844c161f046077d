"""The server: the parts of the ``st.App``, and serving it without a checkout."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit.web.bootstrap import load_config_options

from ..choices.palette import THEMES
from ..export import player_files
from ..live import endpoint, handshakes, health, log, origin, studio, sweeping
from ..live.gate import Gate
from ..live.hosting import Hosting
from ..live.hosts import Hosts
from ..live.load import Load
from ..live.workers import Workers
from ..stage import serving
from . import page_files, security, stage

PAGE = Path(str(files(__package__))) / "page.py"

# the settings of .streamlit/config.toml, for a server started outside a checkout
SETTINGS: dict[str, Any] = {
    "browser.gatherUsageStats": False,
    "server.maxMessageSize": 1,
    "server.maxUploadSize": 1,
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


def parts(hosting: Hosting | None = None) -> dict[str, Any]:
    """The arguments of ``st.App``; without ``hosting``, it is that of the environment."""
    hosting = hosting or Hosting.from_environment(os.environ)
    base, load, workers = stage.base_path(), Load(hosting), Workers(hosting.workers)
    live = endpoint.Live(workers)
    files = {**serving.contents(base), **page_files.contents(base)}
    scripts = [*security.inline_scripts(page_files.page()), *player_files.scripts()]
    headers = security.headers(scripts, hosting.embedders)
    closed = [] if hosting.metrics else [f"{base}/_stcore/metrics"]
    most_bytes = {f"{base}/live": endpoint.MOST_BYTES, f"{base}/studio": studio.MOST_PIECE}
    return {
        "script_path": PAGE,
        "routes": [
            live.route(base),
            studio.route(workers, base),
            *(origin.plain_route(f"{base}/{name}") for name in ("live", "studio")),
            *health.routes(base, load, live.epochs),
        ],
        "middleware": [
            Middleware(security.SecurityHeaders, headers=headers, closed=closed),
            Middleware(Hosts, load=load, hosts=hosting.hosts),
            Middleware(Gate, load=load, base=base, most_bytes=most_bytes),
            Middleware(
                serving.MemoryFiles, contents=files, own=f"{base}/stage/",
                first=page_files.first_paths(base),
            ),
        ],
        "exception_handlers": {Exception: security.failure(headers)},
        "lifespan": _lifespan(load, live),
    }  # fmt: skip


def serve(
    address: str, port: int, ready: Callable[[str], None], hosting: Hosting | None = None
) -> None:
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
    own = parts(hosting)
    sys.argv = [str(PAGE)]  # Streamlit takes the first argument as the script to run
    st.App(**own | {"lifespan": lifespan}).run(config=config)


def _lifespan(
    load: Load, live: endpoint.Live
) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        # before the endpoint's, which hides from the collector what exists already
        async with handshakes.guarded(load.hosting.header_seconds), live.lifespan(app):
            _warm()
            log.started(load.hosting)
            sweepers = sweeping.serve(load)
            try:
                yield
            finally:
                await asyncio.to_thread(sweepers.close)

    return lifespan


def _warm() -> None:
    """Import what the page's script needs, before the first visitor runs it."""
    from . import controls, own_data, panels  # noqa: F401
