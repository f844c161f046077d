"""Firefox and WebKit as Debian has them, each driven by a standard of its own.

Firefox is driven by WebDriver BiDi, over a WebSocket. WebKit is driven by WebDriver, over HTTP,
on a screen in memory (Xvfb).
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import httpx
from websockets.sync.client import ClientConnection, connect

from tests.serving import free_port

SECONDS = 60  # for a browser to start, and for one answer of it

Actions = list[dict[str, Any]]  # WebDriver's, which are BiDi's too


class Browser(Protocol):
    """A browser with one page."""

    downloads: Path

    def open(self, url: str) -> None:
        """Go to a URL and wait until its page is loaded."""

    def resize(self, width: int, height: int) -> None:
        """Give the page this size, in CSS pixels."""

    def run(self, body: str, *arguments: Any) -> Any:
        """Run the body of an async function of ``args`` and return its result, as in JSON."""

    def act(self, actions: Actions) -> None:
        """Press keys, move the pointer."""


# --- Firefox ----------------------------------------------------------------------------


@contextmanager
def firefox(folder: Path) -> Iterator[Browser]:
    """Firefox without a window; its profile is in ``folder``."""
    downloads = folder / "downloads"
    preferences = {"browser.download.folderList": 2, "browser.download.dir": str(downloads)}
    (folder / "user.js").write_text(
        "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
                for name, value in preferences.items())
    )  # fmt: skip
    port = free_port()
    command = [
        *("firefox-esr", "--headless", "--no-remote", "--profile", str(folder)),
        *("--remote-debugging-port", str(port)),
    ]
    url = f"ws://127.0.0.1:{port}/session"
    with _server(command, port), connect(url, max_size=None, ping_interval=None) as connection:
        yield _Firefox(connection, downloads)


# collects what fails in a page in ``window.failures``
WATCH_FAILURES = """window.failures = [];
addEventListener("error", ({ message }) => failures.push(message));
addEventListener("unhandledrejection", ({ reason }) => failures.push(`${reason}`));"""


class _Firefox:
    def __init__(self, connection: ClientConnection, downloads: Path):
        self.downloads = downloads
        self._connection = connection
        self._numbers = count()
        self._send("session.new", capabilities={})
        (page,) = self._send("browsingContext.getTree")["contexts"]
        self._page = page["context"]
        self._send("script.addPreloadScript", functionDeclaration=f"() => {{ {WATCH_FAILURES} }}")

    def open(self, url: str) -> None:
        self._send("browsingContext.navigate", context=self._page, url=url, wait="complete")

    def resize(self, width: int, height: int) -> None:
        viewport = {"width": width, "height": height}
        self._send("browsingContext.setViewport", context=self._page, viewport=viewport)

    def run(self, body: str, *arguments: Any) -> Any:
        answer = self._send(
            "script.callFunction", target={"context": self._page}, awaitPromise=True,
            functionDeclaration=_function(body),
            arguments=[{"type": "string", "value": json.dumps(arguments)}],
        )  # fmt: skip
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def act(self, actions: Actions) -> None:
        self._send("input.performActions", context=self._page, actions=actions)

    def _send(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": params}))
        answer: dict[str, Any] = {}
        while answer.get("id") != number:  # others are events
            answer = json.loads(self._connection.recv(timeout=SECONDS))
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['message']}")
        return answer["result"]


# --- WebKit -----------------------------------------------------------------------------

# else the toolbar keeps the window wider than a phone
TOOLBAR = "* { border: 0; font-size: 1px; margin: 0; min-width: 0; padding: 0; }"


@contextmanager
def webkit(folder: Path) -> Iterator[Browser]:
    """WebKitGTK's MiniBrowser; its settings are in ``folder``."""
    downloads = folder / "downloads"
    downloads.mkdir()
    (folder / "user-dirs.dirs").write_text(f'XDG_DOWNLOAD_DIR="{downloads}"\n')
    (folder / "gtk-3.0").mkdir()
    (folder / "gtk-3.0" / "gtk.css").write_text(TOOLBAR)
    port = free_port()
    driver = ["WebKitWebDriver", "--host=127.0.0.1", f"--port={port}"]
    own = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    url = f"http://127.0.0.1:{port}"
    with (
        _screen() as display,
        _server(driver, port, env=os.environ | own | {"DISPLAY": display}),
        httpx.Client(base_url=url, timeout=SECONDS, trust_env=False) as client,
    ):
        browser = _WebKit(client, downloads)
        try:
            yield browser
        finally:
            browser.quit()


class _WebKit:
    def __init__(self, client: httpx.Client, downloads: Path):
        self.downloads = downloads
        self._client = client
        self._session = ""
        self._session = "/session/" + self._send("/session", capabilities={})["sessionId"]
        self._send("/timeouts", script=1000 * SECONDS)

    def quit(self) -> None:
        self._client.delete(self._session)

    def open(self, url: str) -> None:
        self._send("/url", url=url)

    def resize(self, width: int, height: int) -> None:
        across, down = self.run("return [outerWidth - innerWidth, outerHeight - innerHeight]")
        self._send("/window/rect", width=width + across, height=height + down)

    def run(self, body: str, *arguments: Any) -> Any:
        script = f"""const [text, done] = arguments;
          ({_function(body)})(text).then(
            (result) => done([null, result]), (problem) => done([String(problem), null]));"""
        problem, result = self._send("/execute/async", script=script, args=[json.dumps(arguments)])
        if problem:
            raise RuntimeError(problem)
        return json.loads(result)

    def act(self, actions: Actions) -> None:
        self._send("/actions", actions=actions)

    def _send(self, command: str, **body: Any) -> Any:
        answer = self._client.post(self._session + command, json=body)
        value = answer.json()["value"]
        if answer.is_error:
            raise RuntimeError(f"{command}: {value['message']}")
        return value


@contextmanager
def _screen() -> Iterator[str]:
    """The name of a new display."""
    reader, writer = os.pipe()
    with open(reader) as number:
        command = [
            *("Xvfb", "-displayfd", str(writer), "-nolisten", "tcp"),
            *("-screen", "0", "2000x1400x24"),
        ]
        with _process(command, pass_fds=[writer]):
            os.close(writer)
            display = number.readline().strip()
            if not display:
                raise RuntimeError("Xvfb has ended without a display")
            yield f":{display}"


# --- both -------------------------------------------------------------------------------


@dataclass(frozen=True)
class BrowserKind:
    """A kind of browser: how it starts, what it needs of the machine, where that comes from."""

    start: Callable[[Path], AbstractContextManager[Browser]]
    programs: tuple[str, ...]
    packages: str

    @property
    def is_installed(self) -> bool:
        return all(shutil.which(program) for program in self.programs)


KINDS = {
    "Firefox": BrowserKind(firefox, ("firefox-esr",), "firefox-esr"),
    "WebKit": BrowserKind(webkit, ("WebKitWebDriver", "Xvfb"), "webkit2gtk-driver xvfb"),
}


def _function(body: str) -> str:
    """An async function of the arguments' JSON that returns JSON."""
    return f"""async (text) => {{
      const result = await (async (...args) => {{ {body} }})(...JSON.parse(text));
      return JSON.stringify(result ?? null);
    }}"""


@contextmanager
def _server(command: list[str], port: int, **options: Any) -> Iterator[None]:
    """A process that listens at a port."""
    with _process(command, **options) as process:
        deadline = time.monotonic() + SECONDS
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not start")
            time.sleep(0.05)
        yield


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def _process(command: list[str], **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process, ended at the end."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **quiet, **options) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
