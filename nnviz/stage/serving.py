"""Serve files from memory, before anything else of the server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .content import COMPRESS, Content
from .files import address, served


def contents(base: str = "") -> dict[str, Content]:
    """The stage's files, by their paths on a server under the base path."""
    return {
        f"{base}/{address()}/{name}": Content(name, lambda body=body: body)  # type: ignore[misc]
        for name, body in served().items()
    }


class MemoryFiles:
    """Middleware that answers requests for the files in ``contents``, by their paths.

    Other paths below ``own`` do not exist; all others are left to the app. The files at the paths
    ``first`` are compressed once the server has started, others when they are first requested.
    """

    def __init__(
        self, app: ASGIApp, contents: Mapping[str, Content], own: str, first: Iterable[str] = ()
    ):
        self._app, self._contents, self._own = app, contents, own
        self._first = [contents[path] for path in first]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            content = self._contents.get(scope["path"])
            if content:
                await _send(content, scope, send)
                return
            if scope["path"].startswith(self._own):
                await _send_not_found(send)
                return
        await self._app(
            scope, receive, self._preparing(send) if scope["type"] == "lifespan" else send
        )

    def _preparing(self, send: Send) -> Send:
        async def send_and_prepare(message: Message) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                for encoding in COMPRESS:
                    for content in self._first:
                        content.prepare(encoding)

        return send_and_prepare


async def _send(content: Content, scope: Scope, send: Send) -> None:
    fields = Headers(scope=scope)
    form = await content.form(fields.get("accept-encoding", ""))
    is_known = form.etag in fields.get("if-none-match", "").encode("latin-1")
    status, headers = (304, _without_body(form.headers)) if is_known else (200, form.headers)
    body = b"" if is_known or scope["method"] == "HEAD" else form.body
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _without_body(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [field for field in headers if not field[0].startswith(b"content-")]


async def _send_not_found(send: Send) -> None:
    headers = [(b"content-length", b"0"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
