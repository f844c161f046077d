"""The engine of a web worker, on an event loop of this process."""

import asyncio
import importlib
import json
import sys

from nnviz.live.codec import unpack
from nnviz.site.engine import worker
from nnviz.site.engine.worker import Engine


async def until(condition):
    for _ in range(100_000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it did not come to that")


def play(*messages, n_replies=0, n_pages=0):
    """What an engine answers to messages that come at once: headers, and what pages show."""
    replies, pages = [], []

    async def main():
        engine = Engine(replies.append, pages.append)
        running = asyncio.create_task(engine.run())
        await asyncio.gather(*(engine.take(json.dumps(message)) for message in messages))
        await until(lambda: len(replies) >= n_replies and len(pages) >= n_pages)
        running.cancel()

    asyncio.run(main())
    return [unpack(reply)[0] for reply in replies], [json.loads(page) for page in pages]


def live(identity, op, **fields):
    return {"live": {"id": identity, "op": op, **fields}}


OPEN = live(1, "open", recipe={})


def test_requests_are_answered_in_order():
    headers, _ = play(OPEN, live(2, "frame", epochs=3), live(3, "frame", epochs=4), n_replies=3)
    assert [(header["id"], header["epoch"]) for header in headers] == [(1, 0), (2, 3), (3, 7)]


def test_replies_are_not_compressed():
    replies = []

    async def main():
        engine = Engine(replies.append, print)
        running = asyncio.create_task(engine.run())
        await engine.take(json.dumps(OPEN))
        await until(lambda: replies)
        running.cancel()

    asyncio.run(main())
    assert not replies[0].startswith(bytes(4))


def test_what_a_later_request_makes_pointless_is_dropped():
    headers, _ = play(
        OPEN, live(2, "frame", epochs=5), live(3, "frame", epochs=5), live(4, "seek", epoch=2),
        n_replies=4,
    )  # fmt: skip
    assert [header["type"] for header in headers] == ["opened", "dropped", "dropped", "frame"]
    assert headers[-1]["epoch"] == 2


def test_long_work_gives_way_to_what_comes():
    """A large network takes many pieces; a pause of the visitor is heard between two of them."""
    expensive = {"hidden": [64] * 6, "samples": 500}
    replies, pages = [], []

    async def main():
        engine = Engine(replies.append, pages.append)
        running = asyncio.create_task(engine.run())
        await engine.take(json.dumps(live(1, "open", recipe=expensive)))
        await until(lambda: replies)
        await engine.take(json.dumps(live(2, "frame", epochs=1000)))
        await asyncio.sleep(0)  # it has begun
        await engine.take(json.dumps({"visit": {}, "number": 1}))
        assert pages, "the page answers while a run trains"
        await engine.take(json.dumps(live(3, "seek", epoch=0)))
        await until(lambda: len(replies) == 3)
        running.cancel()

    asyncio.run(main())
    assert unpack(replies[1])[0]["type"] == "dropped"


def test_a_page_answers_with_the_number_of_the_message():
    _, pages = play(
        {"visit": {"data": "moons"}, "number": 1}, {"params": {"data": "xor"}, "number": 2},
        n_pages=2,
    )  # fmt: skip
    assert [(page["number"], page["params"]["data"]) for page in pages] == [
        (1, "moons"),
        (2, "xor"),
    ]


def test_files_and_links_are_exported():
    headers, _ = play(
        OPEN, live(2, "export", what="link"), live(3, "export", what="numpy"), n_replies=3
    )
    assert "data=circles" in headers[1]["query"]
    assert headers[2]["name"] == "circles-2-10-2-tanh-epoch-0-numpy.py"


def test_it_starts_on_the_loop_that_is_there(monkeypatch):
    for name in (
        "sklearn.datasets", "plotly", "plotly.graph_objects", "PIL", "PIL.Image", "threadpoolctl",
    ):  # fmt: skip
        monkeypatch.setitem(sys.modules, name, importlib.import_module(name))
    replies = []

    async def main():
        take = worker.start(replies.append, print, print)
        take(json.dumps(OPEN))
        await until(lambda: replies)

    asyncio.run(main())
    assert unpack(replies[0])[0]["type"] == "opened"
    assert sys.modules["sklearn.datasets"].__name__ == "nnviz.site.engine.samples"


def test_a_page_that_cannot_be_made_ends_it_in_a_sentence(monkeypatch, capsys):
    monkeypatch.setattr(worker, "Page", None)
    for module in ("samples", "graph_objects", "image", "thread_pools"):
        monkeypatch.setattr(getattr(worker, module), "stand_in", lambda: None)
    sentences = []

    async def main():
        take = worker.start(print, print, sentences.append)
        take(json.dumps({"visit": {}, "number": 1}))
        await until(lambda: sentences)

    asyncio.run(main())
    assert sentences == ["Python has ended: TypeError: 'NoneType' object is not callable"]
    assert "Traceback" in capsys.readouterr().err
