"""Headers of every answer: what the page may load, who may embed it, what others learn of it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Streamlit and Plotly write style sheets and style attributes; the stage's entry, which Streamlit
# imports, and pictures on their way into a file have addresses that begin with blob:
_POLICY: dict[str, tuple[str, ...]] = {
    "default-src": ("'self'",),
    # Streamlit's protobuf tries WebAssembly for whole numbers of 64 bits
    "script-src": ("'self'", "blob:", "'wasm-unsafe-eval'"),
    "style-src": ("'self'", "'unsafe-inline'"),
    "img-src": ("'self'", "data:", "blob:"),
    "media-src": ("'self'", "blob:"),
    "font-src": ("'self'", "data:"),
    "connect-src": ("'self'",),
    "worker-src": ("'self'", "blob:"),
    "object-src": ("'none'",),
    "base-uri": ("'self'",),
    "form-action": ("'self'",),
}
_CSP = "content-security-policy"
_HOST = re.compile(r"[\w.-]+(:\d+)?", re.ASCII)  # a policy cannot hold addresses of IPv6
_QUOTED = {"self": "'self'", "none": "'none'"}


def headers(scripts: Iterable[str], embedders: Sequence[str]) -> dict[str, str]:
    """The headers; ``scripts`` are the inline ones that may run, ``embedders`` may frame the page.

    ``embedders`` are addresses, ``self``, ``none``, or ``*`` for all.
    """
    policy = dict(_POLICY)
    policy["script-src"] += tuple(map(_hash, scripts))
    if "*" not in embedders:
        policy["frame-ancestors"] = tuple(_QUOTED.get(each, each) for each in embedders)
    return {
        _CSP: "; ".join(f"{k} {' '.join(v)}" for k, v in policy.items()),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
    }


def inline_scripts(page: str) -> list[str]:
    """The scripts that stand in a page."""
    return re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", page, re.DOTALL)


class SecurityHeaders:
    """Middleware that adds ``headers`` to every answer; ``closed`` paths are not found."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str], closed: Iterable[str] = ()):
        self._app, self._headers, self._closed = app, headers, frozenset(closed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_with_sockets(self._headers, scope))
            await send(message)

        is_closed = scope["path"] in self._closed
        app = PlainTextResponse("Not Found", 404) if is_closed else self._app
        await app(scope, receive, send_with_headers)


def _with_sockets(headers: Mapping[str, str], scope: Scope) -> Mapping[str, str]:
    """The headers with the addresses of this server's sockets, by the names it is reached by.

    For older browsers, to which 'self' is pages and files only.
    """
    request = Headers(scope=scope)
    names = f"{request.get('host', '')},{request.get('x-forwarded-host', '')}".split(",")
    hosts = sorted({name.strip() for name in names if _HOST.fullmatch(name.strip())})
    sockets = "".join(f" ws://{host} wss://{host}" for host in hosts)
    policy = headers[_CSP].replace("connect-src 'self'", f"connect-src 'self'{sockets}")
    return {**headers, _CSP: policy}


def failure(headers: Mapping[str, str]) -> object:
    """The answer where the server fails: Starlette sends it from outside of all middleware."""

    async def answer(request: Request, error: Exception) -> PlainTextResponse:
        return PlainTextResponse("Internal Server Error", 500, dict(headers))

    return answer


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
