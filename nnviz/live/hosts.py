"""The names that the server answers to; requests for other hosts are refused and logged."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from ..problems import short_text
from .load import Load

_KNOWN = "nnviz.host"  # in the scope


class Hosts:
    """Starlette's middleware for trusted hosts, which by itself logs nothing."""

    def __init__(self, app: ASGIApp, load: Load, hosts: Sequence[str]):
        self._app, self._load = app, load
        self._trusted = TrustedHostMiddleware(self._admit, hosts, www_redirect=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._trusted(scope, receive, send)
        if scope["type"] in ("http", "websocket") and _KNOWN not in scope:
            host = short_text(Headers(scope=scope).get("host", ""))
            self._load.refused("hosts", f"{host} is none of the names in NNVIZ_HOSTS.")

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[_KNOWN] = True
        await self._app(scope, receive, send)
