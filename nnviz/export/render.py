"""Figures as files: drawn by a Chrome or Chromium on this machine, or as an HTML page.

One browser is started for the first picture, kept running for the next ones (about 0.3 s each),
and closed when the program ends. Nothing is fetched from the network.
"""

from __future__ import annotations

import asyncio
import atexit
import html
import io
import logging
import math
import threading
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import plotly.graph_objects as go

from ..problems import field_error
from ..recipe.kinds import Choice, Number

Result = TypeVar("Result")

# limits in pixels of a file; for larger ones browsers return an empty picture
MOST_SIDE, MOST_PIXELS = 16_000, 150_000_000
SCALE = Number(default=1.0, low=0.25, high=8, label="Scale", help="File pixels per figure pixel.")
_OPENING = 60  # seconds a browser may take to start
_SIZE = (700, 500)  # pixels, of a figure without a size
_STARTS = {"png": b"\x89PNG\r\n\x1a\n", "svg": b"<svg", "pdf": b"%PDF-"}  # first bytes of a file


class CannotDraw(RuntimeError):
    """The browser has not drawn a picture; the message is one sentence."""


class NoChrome(CannotDraw):
    """There is no browser to draw with; ``trouble`` is the reason, the message adds advice."""

    def __init__(self, trouble: str):
        self.trouble = trouble
        with_chrome = [f.label for f in FORMATS.values() if f.needs_chrome]
        without = [f.label for f in FORMATS.values() if not f.needs_chrome]
        super().__init__(advice(trouble, with_chrome, without))


@dataclass(frozen=True)
class PictureFormat:
    """A file format; ``make(figure, scale)`` returns a file. ``is_raster`` if it has pixels."""

    suffix: str
    label: str
    mime: str
    needs_chrome: bool
    make: Callable[[go.Figure, float], bytes]
    is_raster: bool = False


def render(figure: go.Figure, format: str, scale: float = 1.0) -> bytes:  # noqa: A002
    """Return ``figure`` as a file of this format in ``FORMATS``.

    ``scale`` multiplies the pixels of raster formats. Raises ``ValueError`` for an invalid format
    or scale, :class:`NoChrome` if the format needs a browser and there is none, and
    :class:`CannotDraw` if the browser returns no picture.
    """
    size = figure.layout.width or _SIZE[0], figure.layout.height or _SIZE[1]
    check(format, size, scale)
    return FORMATS[format].make(figure, float(scale))


def check(format: str, size: tuple[float, float], scale: float = 1.0) -> None:  # noqa: A002
    """Raise :class:`RecipeError` for an invalid format or scale, or if a figure of this ``size``
    would give a file of more pixels than a browser can draw."""
    record = FORMATS[FORMAT.check("format", format)]
    SCALE.check("scale", scale)
    width, height = size
    most = min(MOST_SIDE / max(size), math.sqrt(MOST_PIXELS / (width * height)))
    if record.is_raster and scale > most:
        rule = (
            "at most {most:g} for a picture of {width:g} × {height:g}: a file has at most {side} "
            "pixels per side and {millions} million in all"
        )
        raise field_error(
            "scale", rule, f"{scale:g}", most=math.floor(100 * most) / 100, width=width,
            height=height, side=MOST_SIDE, millions=MOST_PIXELS // 10**6,
        )  # fmt: skip


def prepare(format: str) -> None:  # noqa: A002
    """Start the browser if this format needs one and none is running. Raises :class:`NoChrome`."""
    if FORMATS[FORMAT.check("format", format)].needs_chrome:
        _chrome.open()


def close() -> None:
    """Close the browser if one is running; the next picture starts another."""
    _chrome.close()


def advice(trouble: str, with_chrome: Iterable[str], without: Iterable[str]) -> str:
    """A sentence on what to do without a browser: which formats need one, and which do not."""
    return (
        f"{trouble}, and {', '.join(dict.fromkeys(with_chrome))} need one: install it (apt "
        "install chromium, or kaleido_get_chrome, which downloads one), or choose "
        f"{', '.join(dict.fromkeys(without))}, which needs none"
    )


# --- formats --------------------------------------------------------------------------


def _drawn(format: str) -> Callable[[go.Figure, float], bytes]:  # noqa: A002
    """Draw by the browser, which may return an empty picture instead of an error."""

    def make(figure: go.Figure, scale: float) -> bytes:
        data = _chrome.draw(figure, {"format": format, "scale": scale})
        if not data.startswith(_STARTS[format]):
            got = f"{len(data)} bytes of something else" if data else "nothing"
            raise CannotDraw(f"the browser must return a picture as {format.upper()}; got {got}")
        return data

    return make


def _recoded(format: str, **options: Any) -> Callable[[go.Figure, float], bytes]:  # noqa: A002
    """Draw as PNG and convert, because the browser has no option for quality."""

    def make(figure: go.Figure, scale: float) -> bytes:
        from PIL import Image
        from PIL.PngImagePlugin import PngImageFile

        # not Image.open, whose limit of pixels is below ours: this file can be trusted
        with PngImageFile(io.BytesIO(_drawn("png")(figure, scale))) as png:
            drawn = png.convert("RGBA")
        picture = Image.new("RGB", drawn.size, "white")
        picture.paste(drawn, mask=drawn)
        file = io.BytesIO()
        picture.save(file, format, **options)
        return file.getvalue()

    return make


def _page(figure: go.Figure, scale: float) -> bytes:
    """An HTML page with Plotly and the figure, for hovering and zooming.

    Its title is the ``title`` in the figure's ``layout.meta``.
    """
    meta = figure.layout.meta
    title = meta.get("title", "nnviz") if isinstance(meta, Mapping) else "nnviz"
    background = html.escape(figure.layout.paper_bgcolor or "white")
    body = figure.to_html(
        full_html=False, include_plotlyjs=True, div_id="figure",
        config={"displaylogo": False, "responsive": False},
    )  # fmt: skip
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n"
        f"<style>body {{ margin: 12px; background: {background}; }} "
        "#figure { margin: 0 auto; width: max-content; }</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    ).encode()


FORMATS: dict[str, PictureFormat] = {
    record.suffix: record
    for record in (
        PictureFormat("png", "PNG", "image/png", True, _drawn("png"), is_raster=True),
        PictureFormat("svg", "SVG", "image/svg+xml", True, _drawn("svg")),
        PictureFormat("pdf", "PDF", "application/pdf", True, _drawn("pdf")),
        PictureFormat(
            "webp", "WebP", "image/webp", True, _recoded("WEBP", lossless=True), is_raster=True
        ),
        PictureFormat(
            "jpg", "JPEG", "image/jpeg", True, _recoded("JPEG", quality=95, subsampling=0),
            is_raster=True,
        ),
        PictureFormat("html", "HTML", "text/html", False, _page),
    )
}  # fmt: skip
FORMATS["jpeg"] = FORMATS["jpg"]
FORMAT = Choice(default="png", table=FORMATS, label="Format", help="The kind of file.")


# --- the browser ----------------------------------------------------------------------


class _Chrome:
    """Kaleido on an event loop in its own thread, so that any thread can draw with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._kaleido: Any = None

    def draw(self, figure: go.Figure, options: dict[str, Any]) -> bytes:
        loop, kaleido = self.open()
        return _result(kaleido.calc_fig(figure.to_dict(), options), loop)

    def open(self) -> tuple[asyncio.AbstractEventLoop, Any]:
        with self._lock:
            if self._kaleido is not None and self._kaleido.subprocess.poll() is not None:
                self._end()  # it was closed or crashed
            if self._kaleido is None:
                self._start()
            assert self._loop is not None
            return self._loop, self._kaleido

    def close(self) -> None:
        with self._lock:
            if self._kaleido is not None:
                self._end()

    def _start(self) -> None:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="kaleido", daemon=True)
        thread.start()
        try:
            self._kaleido = _result(_open_browser(), loop, _OPENING)
        except BaseException:
            _stop(loop, thread)
            raise
        self._loop, self._thread = loop, thread
        atexit.register(self.close)

    def _end(self) -> None:
        loop, kaleido = self._loop, self._kaleido
        assert loop is not None
        self._loop = self._kaleido = None
        atexit.unregister(self.close)
        # while closing, its reader may log an error about messages in an unexpected order
        log = logging.getLogger("choreographer")
        level = log.level
        log.setLevel(logging.CRITICAL)
        try:
            _result(kaleido.close(), loop)
        finally:
            _stop(loop, self._thread)
            log.setLevel(level)


async def _open_browser() -> Any:
    import kaleido
    from choreographer.errors import BrowserFailedError, ChromeNotFoundError

    try:
        browser = kaleido.Kaleido(mathjax=False)  # MathJax would be fetched from the network
    except ChromeNotFoundError:
        raise NoChrome("no Chrome or Chromium was found on this machine") from None
    try:
        await browser.open()
    except (BrowserFailedError, OSError):
        await browser.close()
        raise NoChrome("the Chrome on this machine does not start") from None
    return browser


def _result(
    work: Coroutine[Any, Any, Result], loop: asyncio.AbstractEventLoop, seconds: float | None = None
) -> Result:
    """Run ``work`` on the loop of another thread and return its result."""
    future = asyncio.run_coroutine_threadsafe(work, loop)
    try:
        return future.result(seconds)
    except BaseException:  # including KeyboardInterrupt
        future.cancel()
        raise


async def _cancel_all() -> None:
    """Cancel all tasks that still wait on this loop, such as those of a browser that has ended."""
    waiting = asyncio.all_tasks() - {asyncio.current_task()}
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


def _stop(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    _result(_cancel_all(), loop)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


_chrome = _Chrome()
