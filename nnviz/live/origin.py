"""Which pages may open a socket: those from this server. Others get a message why not.

A script cannot read why a handshake was refused, so the socket is accepted and closed at once, with
a code of its own and half a sentence; the browser adds the other half, the origin of its page.
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.websockets import WebSocket

from ..problems import printable, short_text
from .load import seat_of

FORBIDDEN = 4403  # private use (RFC 6455, 7.4.2); final, unlike other codes
MOST_REASON = 123  # bytes (RFC 6455, 5.5)

_NO_UPGRADE = (
    "The request for a WebSocket came without its header Upgrade, which a proxy in front of the "
    "server has to pass on; see docs/hosting.md.\n"
)

_log = logging.getLogger(__name__)


async def admit(websocket: WebSocket) -> bool:
    """Accept the socket; close it again and return False if its page came from elsewhere."""
    reason = refusal(websocket.headers)
    await websocket.accept()
    if reason is None:
        return True
    origin = short_text(websocket.headers["origin"])
    _log.warning("%s refused: its page came from %s, and %s", websocket.url.path, origin, reason)
    seat_of(websocket.scope).load.count_refusal("origin")
    await websocket.close(FORBIDDEN, reason)
    return False


def refusal(headers: Headers) -> str | None:
    """Why a socket with these headers is refused, for the page; None if it is admitted.

    Programs other than browsers send no Origin header and are admitted. A reverse proxy may change
    Host and keep the original in X-Forwarded-Host, a header that web pages cannot set.
    """
    origin = headers.get("origin")
    if origin is None:
        return None
    forwarded = headers.get("x-forwarded-host", "").split(",")
    own = [name for name in (headers.get("host", ""), *map(str.strip, forwarded)) if name]
    if _host(origin) in own:
        return None
    pattern = "the server takes itself for {}; see docs/hosting.md"
    room = MOST_REASON - len(pattern)
    return pattern.format(_cut(" or ".join(own) or "nothing, as no Host arrives", room))


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


def _cut(text: str, most: int) -> str:
    """The text in so many bytes; names of hosts are ASCII."""
    text = printable(text).encode("ascii", "backslashreplace").decode()
    return text if len(text) <= most else f"{text[: most - 3]}..."


def plain_route(path: str) -> Route:
    """The answer where a request for the socket at ``path`` arrives as one for a file.

    The browser asks for it when it cannot open the socket; see ``stage/transport/diagnosis.js``.
    """
    return Route(path, _without_upgrade)


def _without_upgrade(request: Request) -> Response:
    headers = {"upgrade": "websocket", "cache-control": "no-store"}
    return PlainTextResponse(_NO_UPGRADE, 426, headers)  # Upgrade Required (RFC 9110, 15.5.22)
