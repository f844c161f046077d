"""The engine in a web worker: messages of the page in, replies of the run and of the page out.

A message is a JSON object: ``{"live": request}`` for the run, or one for the page, with what
:meth:`.page.Page.handle` takes and a ``number`` that its answer repeats. ``{"visit": params}``
opens a page. Requests to the run wait in the queue that the server has too; a long one pauses after
each piece, so that whatever else has come is read.
"""

from __future__ import annotations

import asyncio
import json
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...analysis.snapshot import Plane
from ...live.codec import plain
from ...live.file_exports import FILE_EXPORTS, Exported, export_by
from ...live.queue import RequestQueue
from ...live.requests import Request
from ...live.session import LiveSession
from ...training.pieces import Work
from ...training.trainer import Trainer
from . import graph_objects, image, samples, thread_pools
from .page import Page


class Engine:
    """One visitor's run and page.

    ``reply`` is called with the bytes of each reply of the run, ``show`` with what the page is to
    show, as JSON.
    """

    def __init__(self, reply: Callable[[bytes], object], show: Callable[[str], object]):
        self._reply, self._show = reply, show
        self._session, self._queue = LiveSession(pack=plain, export=_export), RequestQueue()
        self._page: Page | None = None

    async def take(self, text: str) -> None:
        """Take in a message of the browser."""
        message = json.loads(text)
        if "live" in message:
            await self._queue.put(self._session.read(message["live"]))
        else:
            self._turn(message)

    async def run(self) -> None:
        """Carry out requests one after the other, forever."""
        while True:
            request = await self._queue.get()
            self._reply(await self._answer(request))
            await asyncio.sleep(0)  # what has come meanwhile is read before the next one

    def _turn(self, message: Mapping[str, Any]) -> None:
        if self._page is None or "visit" in message:
            self._page = Page(message.get("visit", {}), message.get("browser"))
        self._page.handle(message)
        self._show(json.dumps({**self._page.shown(), "number": message.get("number")}))

    async def _answer(self, request: Request) -> bytes:
        """The reply to a request; that of a dropped one if it becomes pointless meanwhile."""
        if request.is_dropped:
            return LiveSession.dropped(request)
        work = self._session.work(request)
        try:
            while True:
                next(work)
                await asyncio.sleep(0)
                if self._queue.makes_pointless(request):
                    work.close()
                    return LiveSession.dropped(request)
        except StopIteration as end:
            return end.value


def _export(
    trainer: Trainer, plane: Plane, message: Mapping[str, Any], others: Sequence[Trainer]
) -> Work[Exported]:
    """As :func:`nnviz.live.exports.export`, but for animations, which have their own worker."""
    from ...live.picture_exports import PICTURE_EXPORTS  # imports what draws figures

    return export_by({**PICTURE_EXPORTS, **FILE_EXPORTS}, trainer, plane, message, others)


def start(
    reply: Callable[[bytes], object],
    show: Callable[[str], object],
    fail: Callable[[str], object],
) -> Callable[[str], object]:
    """Start an engine on the worker's event loop; returns what takes in messages.

    ``fail`` is called with a sentence when the engine cannot go on: it has to be started again.
    """
    for module in (samples, graph_objects, image, thread_pools):
        module.stand_in()
    engine = Engine(reply, show)
    loop = asyncio.get_event_loop()
    running = {loop.create_task(engine.run())}  # the loop itself would let go of it

    def ended(task: asyncio.Task[None]) -> None:
        running.discard(task)
        if error := task.exception():
            traceback.print_exception(error)  # in the browser's console
            fail(f"Python has ended: {traceback.format_exception_only(error)[-1].strip()}")

    def take(text: str) -> None:
        task = loop.create_task(engine.take(text))
        running.add(task)
        task.add_done_callback(ended)

    return take
