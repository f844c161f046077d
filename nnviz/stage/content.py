"""A file to serve from memory, compressed at most once for each encoding."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import mimetypes
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import brotli

IMMUTABLE = "public, max-age=31536000, immutable"  # for addresses that change with the content
REVALIDATED = "no-cache"

# best first; these qualities take 0.1 s of processor time a megabyte
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=6),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
IDENTITY = "identity"

# the operating system may know others by these suffixes
_MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".map": "application/json"}
_TEXTS = ("text/", "application/json", "image/svg+xml")

_workers = ThreadPoolExecutor(2, thread_name_prefix="nnviz-files")


@dataclass(frozen=True)
class Form:
    """A response's header fields and its body in one encoding."""

    headers: list[tuple[bytes, bytes]]
    body: bytes
    etag: bytes


class Content:
    """A file that is read when it is first needed; ``read`` returns its bytes."""

    def __init__(self, name: str, read: Callable[[], bytes], cache_control: str = IMMUTABLE):
        self.media_type = _media_type(name)
        self._read, self._cache_control = read, cache_control
        self._forms: dict[str, Future[Form]] = {}
        self._lock = Lock()

    @property
    def encodings(self) -> tuple[str, ...]:
        """The encodings that the file may be sent in."""
        return (IDENTITY, *COMPRESS) if self.media_type.startswith(_TEXTS) else (IDENTITY,)

    def prepare(self, encoding: str) -> Future[Form]:
        """Start to make the form in one encoding, if none has yet."""
        with self._lock:
            if encoding not in self._forms:
                self._forms[encoding] = _workers.submit(self._form, encoding)
            return self._forms[encoding]

    async def form(self, accept_encoding: str) -> Form:
        """The best form that a browser accepts, by its ``Accept-Encoding``."""
        best = best_encoding(accept_encoding)
        encoding = best if best in self.encodings else IDENTITY
        future = self.prepare(encoding)
        if future.done():
            return future.result()
        return await asyncio.shield(asyncio.wrap_future(future))  # others may wait for it too

    def _form(self, encoding: str) -> Form:
        plain = self._read()
        body = COMPRESS[encoding](plain) if encoding in COMPRESS else plain
        fields = {
            "content-type": self.media_type,
            "content-length": str(len(body)),
            "cache-control": self._cache_control,
            "etag": f'W/"{hashlib.sha256(plain).hexdigest()[:20]}"',  # weak: of all its forms
        }
        if len(self.encodings) > 1:
            fields["vary"] = "accept-encoding"
        if encoding in COMPRESS:
            fields["content-encoding"] = encoding
        headers = [(name.encode(), value.encode()) for name, value in fields.items()]
        return Form(headers, body, fields["etag"].encode())


@lru_cache(256)
def best_encoding(accept_encoding: str) -> str:
    """The best encoding in an ``Accept-Encoding`` field (RFC 9110, section 12.5.3)."""
    weights = {}
    for item in accept_encoding.lower().split(","):
        name, _, parameter = item.partition(";")
        weights[name.strip()] = _weight(parameter)
    others = weights.get("*", 0.0)
    return next((name for name in COMPRESS if weights.get(name, others) > 0), IDENTITY)


def _weight(parameter: str) -> float:
    try:
        return float(parameter.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0


def _media_type(name: str) -> str:
    known = {suffix: kind for suffix, kind in _MEDIA_TYPES.items() if name.endswith(suffix)}
    kind = next(iter(known.values()), None) or mimetypes.guess_type(name)[0]
    kind = kind or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
