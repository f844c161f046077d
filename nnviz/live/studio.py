"""The ``/studio`` WebSocket: animations of a run, made on the server, one a socket.

The browser sends one request, which holds the static layer as its own Plotly has drawn it, and
hears after each frame how far the work is; then comes the file. Closing the socket stops it.
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

from ..problems import Problem, RecipeError, broken, shortly
from ..recipe.kinds import Choice
from ..recipe.moment import Moment
from ..recipe.recipe import Recipe
from ..training.trainer import Trainer
from .endpoint import POLICY, TOO_BIG, same_origin
from .requests import Object, RequestError, Text, decoded, read_fields
from .session import CLOCK

MOST_BYTES = 9_000_000  # one request; most of it is the layer
MOST_WAITING = 8  # animations asked for and not yet done
JOB_SECONDS = 90.0  # of processor time, that one may take
BETWEEN_NEWS = 0.05  # seconds
TRAINING_SECONDS = 60.0  # of processor time, that the run itself may take

_RECIPE = {"recipe": Object(default=None, label="Recipe", help="As in JSON.")}
_LAYER = {"layer": Text(default=None, label="Layer", help="A PNG as a data address.")}

Progress = Callable[[int, int], None]

_worker = ThreadPoolExecutor(1, thread_name_prefix="nnviz-studio")  # the other cores are the runs'
_under_way: set[WebSocket] = set()  # those whose animation is being made, or waits


class Stopped(Exception):
    """Nobody waits for the animation any more."""


def route(base: str = "") -> WebSocketRoute:
    """The route, under the server's base path (``""`` or ``"/sub/path"``)."""
    return WebSocketRoute(f"{base}/studio", studio)


async def studio(websocket: WebSocket) -> None:
    """Serve one animation."""
    if not same_origin(websocket.headers):
        await websocket.close(POLICY)
        return
    await websocket.accept()
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
    except (WebSocketDisconnect, RuntimeError):  # gone in the middle
        return


async def _serve(websocket: WebSocket, request: str | bytes) -> None:
    if len(_under_way) >= MOST_WAITING:
        words = f"{MOST_WAITING} animations are being made already: try again in a minute."
        await websocket.send_text(json.dumps({"problem": words}))
        return
    if _under_way:
        await websocket.send_text(json.dumps({"waiting": len(_under_way)}))
    _under_way.add(websocket)
    try:
        await _make(websocket, request)
    finally:
        _under_way.discard(websocket)


async def _make(websocket: WebSocket, request: str | bytes) -> None:
    """Make it in the worker, and tell the browser how far it is; stop when that goes."""
    loop, news, stopped = asyncio.get_running_loop(), asyncio.Queue[Any](), threading.Event()
    told = 0.0

    def progress(done: int, of: int) -> None:
        nonlocal told
        if stopped.is_set():
            raise Stopped
        if time.monotonic() - told >= BETWEEN_NEWS or done == of:
            told = time.monotonic()
            loop.call_soon_threadsafe(news.put_nowait, {"done": done, "of": of})

    work = loop.run_in_executor(_worker, answer, request, progress)
    work.add_done_callback(lambda _: news.put_nowait(None))
    gone = asyncio.ensure_future(websocket.receive())  # nothing more is expected
    gone.add_done_callback(lambda _: stopped.set())
    try:
        while (item := await news.get()) is not None:
            await websocket.send_text(json.dumps(item))
        header, file = await work
        await websocket.send_text(json.dumps(header))
        if file:
            await websocket.send_bytes(file)
    except Stopped:
        return
    finally:
        stopped.set()
        gone.cancel()


# --- the animation itself -------------------------------------------------------------


def answer(request: str | bytes, progress: Progress) -> tuple[dict[str, Any], bytes]:
    """Header and file; a header with a ``problem`` in words where there is no file.

    ``progress`` is told ``(done, of)`` and may raise, which ends the work.
    """
    from ..export.animation import CannotEncode

    start = CLOCK()

    def bounded(done: int, of: int) -> None:
        progress(done, of)
        if CLOCK() - start > JOB_SECONDS:
            rule = "take {seconds:g} s of this server's time at most"
            pattern = (
                "the animation must {rule}; {offender} frames took that: ask for fewer or "
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

    kind = Choice(default=None, table=animation.FORMATS, label="Format", help="Of the file.")
    name = read_fields(request, {"format": kind})["format"]
    record = animation.FORMATS[name]
    if missing := record.missing():
        raise RequestError(missing)
    trainer = Trainer(Recipe.from_json(read_fields(request, _RECIPE)["recipe"]))
    wanted = {name: request[name] for name in animation.FIELDS if name in request}
    plan = animation.AnimationPlan(**wanted, look=look_of(request, trainer.recipe))
    layer = _layer(request, plan.size) if record.needs_layer else None
    _train(trainer, plan.last, progress)
    file = animation.animate(trainer, plan, name, layer, progress)
    stem = Moment(trainer.recipe, plan.last).name
    return {"name": f"{stem}.{record.suffix}", "mime": record.mime}, file


def _train(trainer: Trainer, last: int, progress: Progress) -> None:
    """Go through the run once, within bounds; what comes after only goes through it again."""
    start = CLOCK()
    while trainer.epoch < last and trainer.stride(last - trainer.epoch):
        progress(0, 1)
        if CLOCK() - start > TRAINING_SECONDS:
            rule = "an epoch this server can train in {seconds:g} s"
            raise RequestError(
                Problem("last", rule, last, pattern=_BOUND + ", and it came to {epoch}",
                        seconds=TRAINING_SECONDS, epoch=trainer.epoch)
            )  # fmt: skip
    if trainer.diverged:
        raise RequestError(
            Problem("last", "at most {epoch}", last, pattern=_BOUND + ". {why}",
                    epoch=trainer.epoch, why=trainer.diverged)
        )  # fmt: skip


_BOUND = "{subject} must be {rule}; got {offender}"


def _layer(request: Mapping[str, Any], size: tuple[int, int]) -> bytes:
    """The PNG of the static layer, of just the size of the frames."""
    start, _, encoded = read_fields(request, _LAYER)["layer"].partition(",")
    try:
        png = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        png = b""
    # the head of a PNG holds its size (RFC 2083, 3.2 and 4.1.1): looked at before it is unpacked
    sides = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    if start != "data:image/png;base64" or png[:8] != b"\x89PNG\r\n\x1a\n" or sides != size:
        rule = f"a PNG of {size[0]} × {size[1]} pixels as a data address"
        raise broken("layer", rule, f"{shortly(start)} of {sides}")
    return png
