"""The ``/studio`` WebSocket: animations made on the server, one per socket.

The browser sends one request, with the static layer as drawn by its Plotly. The server sends its
progress after each frame, then the file. Closing the socket cancels the work.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from ..problems import Problem, RecipeError, field_error, short_text
from ..recipe.kinds import Choice
from ..recipe.moment import Moment
from ..recipe.recipe import Recipe
from ..training.trainer import Trainer
from . import origin
from .endpoint import TOO_BIG
from .requests import Object, RequestError, Text, decoded, read_fields
from .session import CLOCK

MOST_BYTES = 9_000_000  # one request; most of it is the layer
MOST_WAITING = 8  # animations in progress and waiting, of all visitors
JOB_SECONDS = 90.0  # processor time of one animation
PROGRESS_SECONDS = 0.05  # between two progress messages
TRAINING_SECONDS = 60.0  # processor time of training the run

_RECIPE = {"recipe": Object(default=None, label="Recipe", help="As JSON.")}
_LAYER = {"layer": Text(default=None, label="Layer", help="A PNG as a data URL.")}

Progress = Callable[[int, int], None]  # frames done, frames in all

# one worker: the other cores are for training
_worker = ThreadPoolExecutor(1, thread_name_prefix="nnviz-studio")
_active: set[WebSocket] = set()  # animations in progress and waiting


class Stopped(Exception):
    """The socket was closed, so the animation is no longer needed."""


def route(base: str = "") -> WebSocketRoute:
    """The route, under the server's base path (``""`` or ``"/sub/path"``)."""
    return WebSocketRoute(f"{base}/studio", studio)


async def studio(websocket: WebSocket) -> None:
    """Serve one animation."""
    if not await origin.admit(websocket):
        return
    try:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        request = message.get("text") or message.get("bytes") or b""
        if len(request) > MOST_BYTES:
            await websocket.close(TOO_BIG, f"a request may have {MOST_BYTES} bytes at most")
            return
        await _serve(websocket, request)
        await websocket.close()
    except (WebSocketDisconnect, RuntimeError):  # the browser closed the socket
        return


async def _serve(websocket: WebSocket, request: str | bytes) -> None:
    if len(_active) >= MOST_WAITING:
        problem = f"{MOST_WAITING} animations are being made already: try again in a minute."
        await websocket.send_text(json.dumps({"problem": problem}))
        return
    if _active:
        await websocket.send_text(json.dumps({"waiting": len(_active)}))
    _active.add(websocket)
    try:
        await _make(websocket, request)
    finally:
        _active.discard(websocket)


async def _make(websocket: WebSocket, request: str | bytes) -> None:
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
    except Stopped:
        return
    finally:
        stopped.set()
        closed.cancel()


# --- the animation itself -------------------------------------------------------------


def answer(request: str | bytes, progress: Progress) -> tuple[dict[str, Any], bytes]:
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
    from .exports import look_of

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
    file = animation.animate(trainer, plan, name, layer, progress)
    stem = Moment(trainer.recipe, plan.last).name
    return {"name": f"{stem}.{record.suffix}", "mime": record.mime}, file


def _train(trainer: Trainer, last: int, progress: Progress) -> None:
    """Train to ``last`` within ``TRAINING_SECONDS``; later passes replay this run."""
    start = CLOCK()
    while trainer.epoch < last and trainer.stride(last - trainer.epoch):
        progress(0, 1)
        if CLOCK() - start > TRAINING_SECONDS:
            rule = "an epoch this server can train in {seconds:g} s"
            raise RequestError(
                Problem("last", rule, last, pattern=_BOUND + ", but it reached only {epoch}",
                        seconds=TRAINING_SECONDS, epoch=trainer.epoch)
            )  # fmt: skip
    if trainer.diverged:
        raise RequestError(
            Problem("last", "at most {epoch}", last, pattern=_BOUND + ". {why}",
                    epoch=trainer.epoch, why=trainer.diverged)
        )  # fmt: skip


_BOUND = "{subject} must be {rule}; got {offender}"


def _layer(request: Mapping[str, Any], size: tuple[int, int]) -> bytes:
    """The PNG of the static layer, which must have the size of the frames."""
    start, _, encoded = read_fields(request, _LAYER)["layer"].partition(",")
    try:
        png = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        png = b""
    # size from the PNG's header (RFC 2083, 3.2 and 4.1.1), checked before the image is decoded
    sides = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    if start != "data:image/png;base64" or png[:8] != b"\x89PNG\r\n\x1a\n" or sides != size:
        rule = f"a PNG of {size[0]} × {size[1]} pixels as a data URL"
        raise field_error("layer", rule, f"{short_text(start)} of {sides}")
    return png
