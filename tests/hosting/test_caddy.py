"""Caddy with the configuration of ``docs/hosting.md``."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.hosting.snippets import snippet
from tests.hosting.visits import check
from tests.serving import ROOT, free_port

PROGRAM = shutil.which("caddy")

pytestmark = pytest.mark.skipif(not PROGRAM, reason="Caddy is not installed")


@contextmanager
def caddy(folder: Path, text: str, port: int) -> Iterator[None]:
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + text, encoding="utf-8")
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    command = [PROGRAM, "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, env=os.environ | home, stderr=log, stdout=log) as process,
    ):
        try:
            _wait(process, port)
            yield
        finally:
            process.terminate()


def _wait(process: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("Caddy did not start")


# what the server is called, and two replicas
OF_THE_PAGE = (snippet("caddy", "replicas"), "school.example", "127.0.0.1:8501", "127.0.0.1:8502")
OF_COMPOSE = (
    (ROOT / "docs" / "Caddyfile").read_text(encoding="utf-8"),
    "{$NNVIZ_SITE::80}", "one:8501", "two:8501",
)  # fmt: skip


@pytest.mark.parametrize("texts", [OF_THE_PAGE, OF_COMPOSE], ids=["page", "compose"])
@pytest.mark.parametrize("first", [True, False], ids=["first", "second"])
def test_two_replicas_of_which_one_is_down(server, tmp_path, texts, first):
    (text, *shown), port = texts, free_port()
    ports = [server.port, free_port()] if first else [free_port(), server.port]
    here = [f"http://:{port}", *(f"127.0.0.1:{port}" for port in ports)]
    for name, actual in zip(shown, here, strict=True):
        assert name in text
        text = text.replace(name, actual)
    with caddy(tmp_path, text, port):
        check(f"http://127.0.0.1:{port}/nnviz/")
