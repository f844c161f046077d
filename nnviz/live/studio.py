"""The ``/studio`` WebSocket: animations made on the server, one per socket.

A browser that waits costs nothing: it sends its request when the server says ``{"ready": true}``,
and then the static layer, as drawn by its Plotly, in pieces. The server sends its progress after
each frame, then the file. Closing the socket cancels the work.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from ..problems import Problem, RecipeError, field_error
from ..recipe.kinds import Choice, Integer
from ..recipe.moment import Moment
from ..recipe.recipe import Recipe
from ..training.trainer import Trainer
from . import origin
from .endpoint import AGAIN, POLICY, TOO_BIG
from .line import Line, Place
from .load import Load, seat_of
from .requests import Object, RequestError, decoded, read_fields
from .session import CLOCK

MOST_BYTES = 256_000  # of a request without its layer
MOST_LAYER = 9_000_000  # bytes of a layer
MOST_PIECE = 512_000  # bytes of one piece of it
REQUEST_SECONDS = 30.0  # in which a request whose turn it is has to arrive
JOB_SECONDS = 90.0  # processor time of one animation
PROGRESS_SECONDS = 0.05  # between two progress messages
TRAINING_SECONDS = 60.0  # processor time of training the run

_RECIPE = {"recipe": Object(default=None, label="Recipe", help="As JSON.")}
_PIECES = {
    "layer": Integer(
        default=0, low=0, high=MOST_LAYER, label="Layer", help="Bytes of the PNG that follows."
    )
}

Progress = Callable[[int, int], None]  # frames done, frames in all

# one worker: the other cores are for training
_worker = ThreadPoolExecutor(1, thread_name_prefix="nnviz-studio")


class Stopped(Exception):
    """The socket was closed, so the animation is no longer needed."""


class Refused(Exception):
    """The socket is closed with this code and reason."""

    def __init__(self, code: int, reason: str):
        self.code, self.reason = code, reason
        super().__init__(reason)


def route(base: str = "") -> WebSocketRoute:
    """The route, under the server's base path (``""`` or ``"/sub/path"``)."""
    return WebSocketRoute(f"{base}/studio", Studio().serve)


class Studio:
    """Serves animations, one after the other; the others wait in a line."""

    def __init__(self) -> None:
        self.line = Line()

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one animation."""
        if not await origin.admit(websocket):
            return
        seat, place = seat_of(websocket.scope), None
        try:
            if limit := self._limit_reached(seat.load, seat.address):
                raise Refused(AGAIN, seat.load.refuse(limit))
            place = self.line.join(seat.address)
            await _turn(websocket, place)
            await _make(websocket, await _request(websocket))
            await websocket.close()
        except Refused as refused:
            await websocket.close(refused.code, refused.reason)
        except (WebSocketDisconnect, RuntimeError, Stopped):  # the browser closed the socket
            return
        finally:
            if place:
                self.line.leave(place)

    def _limit_reached(self, load: Load, address: str) -> str | None:
        if len(self.line) >= load.hosting.animations:
            return "animations"
        if self.line.count(address) >= load.hosting.animations_per_address:
            return "animations_per_address"
        return None


async def _turn(websocket: WebSocket, place: Place) -> None:
    """Wait for the turn; raises :class:`Stopped` where the socket closes before."""

    async def moved(before: int) -> None:
        await websocket.send_text(json.dumps({"waiting": before}))

    turn = asyncio.ensure_future(place.turn(moved))
    closed = asyncio.ensure_future(websocket.receive())  # the browser sends nothing before
    try:
        await asyncio.wait({turn, closed}, return_when=asyncio.FIRST_COMPLETED)
        if closed.done():
            if closed.result()["type"] == "websocket.disconnect":
                raise Stopped
            raise Refused(POLICY, "a request must wait until the server is ready for it")
        turn.result()
    finally:
        turn.cancel()
        closed.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await asyncio.gather(turn, closed)


async def _request(websocket: WebSocket) -> Mapping[str, Any] | bytes:
    """The fields of the request with the bytes of its ``layer``, or what cannot be read as one."""
    await websocket.send_text(json.dumps({"ready": True}))
    try:
        async with asyncio.timeout(REQUEST_SECONDS):
            return await _received(websocket)
    except TimeoutError:
        rule = f"the request did not arrive within {REQUEST_SECONDS:g} s. Try again."
        raise Refused(POLICY, rule) from None


async def _received(websocket: WebSocket) -> Mapping[str, Any] | bytes:
    message = await _next(websocket, MOST_BYTES)
    try:
        request = decoded(message)
        left = read_fields(request, _PIECES)["layer"]
    except RequestError:
        return message  # the answer says what is wrong
    layer = bytearray()
    while len(layer) < left:
        layer += await _next(websocket, min(MOST_PIECE, left - len(layer)))
    return {**request, "layer": bytes(layer)}


async def _next(websocket: WebSocket, most: int) -> bytes:
    """The next message; raises :class:`Refused` where it is too long."""
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise Stopped
    text = message.get("text")
    data = message.get("bytes") or b"" if text is None else text.encode()
    if len(data) > most:
        raise Refused(TOO_BIG, f"this message may have {most} bytes at most")
    return data


async def _make(websocket: WebSocket, request: Mapping[str, Any] | bytes) -> None:
    """Make the animation in the worker and send progress; stop when the socket closes."""
    loop, updates, stopped = asyncio.get_running_loop(), asyncio.Queue[Any](), threading.Event()
    sent = 0.0  # time of the last update

    def progress(done: int, of: int) -> None:
        nonlocal sent
        if stopped.is_set():
            raise Stopped
        if time.monotonic() - sent >= PROGRESS_SECONDS or done == of:
            sent = time.monotonic()
            loop.call_soon_threadsafe(updates.put_nowait, {"done": done, "of": of})

    work = loop.run_in_executor(_worker, answer, request, progress)
    work.add_done_callback(lambda _: updates.put_nowait(None))
    closed = asyncio.ensure_future(websocket.receive())  # the browser sends nothing more
    closed.add_done_callback(lambda _: stopped.set())
    try:
        while (item := await updates.get()) is not None:
            await websocket.send_text(json.dumps(item))
        header, file = await work
        await websocket.send_text(json.dumps(header))
        if file:
            await websocket.send_bytes(file)
    finally:
        stopped.set()
        closed.cancel()


# --- the animation itself -------------------------------------------------------------


def answer(
    request: Mapping[str, Any] | str | bytes, progress: Progress
) -> tuple[dict[str, Any], bytes]:
    """Header and file, or a header with a ``problem``, a sentence, and no file.

    ``progress(done, of)`` is called after each frame; it may raise to end the work.
    """
    from ..export.animation import CannotEncode

    start = CLOCK()

    def bounded(done: int, of: int) -> None:
        progress(done, of)
        if CLOCK() - start > JOB_SECONDS:
            rule = "take at most {seconds:g} s of server time"
            pattern = (
                "the animation must {rule}; it was reached after {offender} frames: use fewer or "
                "smaller ones"
            )
            got = f"{done} of {of}"
            raise RequestError(
                Problem("animation", rule, got, pattern=pattern, seconds=JOB_SECONDS)
            )

    try:
        return _answer(decoded(request), bounded)
    except (RequestError, RecipeError, CannotEncode) as error:
        return {"problem": str(error)}, b""


def _answer(request: Mapping[str, Any], progress: Progress) -> tuple[dict[str, Any], bytes]:
    from ..export import animation
    from .file_exports import look_of

    kind = Choice(default=None, table=animation.FORMATS, label="Format", help="Format of the file.")
    name = read_fields(request, {"format": kind})["format"]
    record = animation.FORMATS[name]
    if missing := record.missing():
        raise RequestError(missing)
    trainer = Trainer(Recipe.from_json(read_fields(request, _RECIPE)["recipe"]))
    fields = {name: request[name] for name in animation.FIELDS if name in request}
    plan = animation.AnimationPlan(**fields, look=look_of(request, trainer.recipe))
    layer = _layer(request, plan.size) if record.needs_layer else None
    _train(trainer, plan.last, progress)
    file = animation.animate(trainer, plan, name, layer, progress, lambda: progress(0, 1))
    stem = Moment(trainer.recipe, plan.last).name
    return {"name": f"{stem}.{record.suffix}", "mime": record.mime}, file


def _train(trainer: Trainer, last: int, progress: Progress) -> None:
    """Train to ``last`` within ``TRAINING_SECONDS``; later passes replay this run."""
    from ..export.animation import advance

    start = CLOCK()

    def pulse() -> None:
        progress(0, 1)
        if CLOCK() - start > TRAINING_SECONDS:
            rule = "an epoch this server can train in {seconds:g} s"
            raise RequestError(
                Problem("last", rule, last, pattern=_BOUND + ", but it reached only {epoch}",
                        seconds=TRAINING_SECONDS, epoch=trainer.epoch)
            )  # fmt: skip

    advance(trainer, last, pulse)
    if trainer.diverged:
        raise RequestError(
            Problem("last", "at most {epoch}", last, pattern=_BOUND + ". {why}",
                    epoch=trainer.epoch, why=trainer.diverged)
        )  # fmt: skip


_BOUND = "{subject} must be {rule}; got {offender}"


def _layer(request: Mapping[str, Any], size: tuple[int, int]) -> bytes:
    """The PNG of the static layer, which must have the size of the frames."""
    png = request.get("layer")
    if not isinstance(png, bytes):
        raise field_error("layer", "the bytes of a PNG", png)
    # size from the PNG's header (RFC 2083, 3.2 and 4.1.1), checked before the image is decoded
    sides = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    if not png.startswith(b"\x89PNG\r\n\x1a\n") or sides != size:
        rule, kind = f"a PNG of {size[0]} × {size[1]} pixels", png[:4].decode("latin-1")
        raise field_error("layer", rule, f"{kind} of {sides}")
    return png
