"""“Open the link now”: how soon visitors see their first picture, alone, at once, and far away.

A visitor in the crowd requests what a browser requested, over six connections as a browser does,
then Streamlit's socket until the page's script has finished, then the first frame of ``/live``.
All that runs in this process, beside the server, on the same machine.
"""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
import time
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from nnviz.live.codec import unpack
from nnviz.ui import page_files
from tests import chromium, nginx
from tests.bench.browser import BLANK, CHARTED, PAINTED
from tests.bench.report import note, say
from tests.proxy import Link
from tests.serving import Server

VISITORS = 60
WITHIN = 5.0  # seconds in which they come
ALONE = 7  # visitors, one after the other
CONNECTIONS = 6  # of a browser to a server
PATIENCE = 120  # seconds until a visitor gives up

ROUND_TRIPS = [(0.1, 1.5), (0.2, 1.5)]  # seconds, and what is promised
LOADS = 5  # of each page


def main() -> None:
    print(f"Arrival: {VISITORS} visitors within {WITHIN:g} s; a browser at round trips")
    with sync_playwright() as playwright, Server() as server:
        browser = playwright.chromium.launch(
            executable_path=chromium.executable(), args=chromium.ARGUMENTS
        )
        paths = _requested(browser, server.url)
        _bytes(browser, server)
        _far(browser, server)
        browser.close()
    with Server() as server:
        _crowd(server.url, paths, "", alone=1.2, middle=8, worst=12)
    if nginx.PROGRAM:
        _behind_nginx(paths)
    else:
        note("nginx is not installed: apt-get install nginx")


# --- by a browser ----------------------------------------------------------------------------


def _requested(browser: Browser, url: str) -> list[str]:
    """The paths of all files that a browser requests until all charts are drawn."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    found: dict[str, None] = {}
    host = urlsplit(url).netloc
    page.on("request", lambda request: found.setdefault(request.url))
    page.goto(url)
    page.wait_for_function(CHARTED)
    page.wait_for_load_state("networkidle")
    page.close()
    parts = [urlsplit(one) for one in found]
    return [
        part.path
        for part in parts
        if part.netloc == host and not part.path.startswith("/media/")  # of one session only
    ]


def _bytes(browser: Browser, server: Server) -> None:
    """What a first and a second visit carry, with the frames' and Streamlit's messages."""
    with Link(server.port) as link:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        counts = []
        for _ in range(2):
            before = link.carried
            page = context.new_page()
            page.goto(link.url)
            page.wait_for_function(CHARTED)
            page.wait_for_load_state("networkidle")
            page.close()
            counts.append(link.carried - before)
        context.close()
    say("bytes of a first visit", counts[0] / 1e6, 3.2, "MB", at_least=False)
    say("bytes of a second visit", counts[1] / 1e3, 50, "kB", at_least=False)


def _far(browser: Browser, server: Server) -> None:
    """First pictures over a long way, beside a blank Streamlit page's text over the same."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "blank.py"
        script.write_text(BLANK)
        with Server(script) as blank:
            for round_trip, promised in ROUND_TRIPS:
                with Link(server.port, round_trip) as ours, Link(blank.port, round_trip) as theirs:
                    pairs = [
                        (_seconds(browser, ours.url, PAINTED), _seconds(browser, theirs.url, READY))
                        for _ in range(LOADS)
                    ]
                mine, other = (median(times) for times in zip(*pairs, strict=True))
                note(f"first picture {mine:.2f} s, blank page {other:.2f} s")
                ratio = median(mine / other for mine, other in pairs)
                what = f"first picture / blank page, round trip of {1e3 * round_trip:.0f} ms"
                say(what, ratio, promised, "×", at_least=False)


READY = "() => document.body.innerText.includes('ready')"


def _seconds(browser: Browser, url: str, condition: str) -> float:
    """Until a condition holds in a browser that has nothing of the page yet."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_function(condition)
    seconds = time.perf_counter() - start
    context.close()
    return seconds


# --- many at once ----------------------------------------------------------------------------

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def _crowd(
    url: str, paths: list[str], where: str, alone: float, middle: float, worst: float
) -> None:
    asyncio.run(_visit(url, paths, 0.0))  # loads the data sets, compresses what is left
    single = [asyncio.run(_visit(url, paths, 0.0)) for _ in range(ALONE)]
    say(f"one visitor alone{where}", median(times[-1] for times in single), alone, "s", False)
    crowd = asyncio.run(_visits(url, paths))
    files, script, frame = (median(times) for times in zip(*crowd, strict=True))
    note(f"files after {files:.1f} s, script {script - files:.1f} s, frame {frame - script:.1f} s")
    totals = [times[-1] for times in crowd]
    say(
        f"{VISITORS} visitors{where}, the median's first picture",
        median(totals),
        middle,
        "s",
        False,
    )
    say(f"{VISITORS} visitors{where}, the last's", max(totals), worst, "s", False)


def _behind_nginx(paths: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        page_files.write(Path(folder))
        with Server() as server, nginx.with_files(server.port, Path(folder)) as front:
            _crowd(front.url, paths, " behind nginx", alone=1.2, middle=5, worst=8)


async def _visits(url: str, paths: list[str]) -> list[tuple[float, float, float]]:
    delays = [WITHIN * visitor / VISITORS for visitor in range(VISITORS)]
    return await asyncio.gather(*(_visit(url, paths, delay) for delay in delays))


async def _visit(url: str, paths: list[str], delay: float) -> tuple[float, float, float]:
    """Seconds until all files are there, until the script has finished, and until a frame is."""
    await asyncio.sleep(delay)
    start = time.perf_counter()
    times = []
    async with asyncio.timeout(PATIENCE):
        for stage in (_fetch_all(url, paths), run_script(url), _open_run(url)):
            await stage
            times.append(time.perf_counter() - start)
    return times[0], times[1], times[2]


async def _fetch_all(url: str, paths: list[str]) -> None:
    """The page, then all it needs, over connections that take the next file when they can."""
    host, port = urlsplit(url).hostname, urlsplit(url).port
    page, *due = paths
    due.reverse()
    first = await asyncio.open_connection(host, port)
    await _fetch(*first, page)

    async def fetch(connection: Connection | None = None) -> None:
        reader, writer = connection or await asyncio.open_connection(host, port)
        while due:
            await _fetch(reader, writer, due.pop())
        writer.close()

    await asyncio.gather(fetch(first), *(fetch() for _ in range(CONNECTIONS - 1)))


async def _fetch(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> None:
    request = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n"
    )
    writer.write(request.encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    assert head.startswith("http/1.1 200"), head
    length = re.search(r"^content-length: (\d+)", head, re.MULTILINE)
    if length:
        await reader.readexactly(int(length[1]))
        return
    while size := int(await reader.readline(), 16):  # in chunks
        await reader.readexactly(size + 2)
    await reader.readline()


async def run_script(url: str) -> None:
    """Streamlit's own socket, until the page's script has finished."""
    address = f"{url.replace('http', 'ws')}_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], max_size=None) as socket:
        message = BackMsg()
        message.rerun_script.query_string = ""
        await socket.send(message.SerializeToString())
        while True:
            answer = ForwardMsg.FromString(await socket.recv())
            if answer.WhichOneof("type") == "script_finished":
                assert answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
                return


async def _open_run(url: str) -> None:
    """The live socket, until the first frame."""
    async with connect(f"{url.replace('http', 'ws')}live", max_size=None) as socket:
        await socket.send(json.dumps({"op": "open", "recipe": {}}))
        header, _ = unpack(await socket.recv())
        assert header["epoch"] == 0, header
