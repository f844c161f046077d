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
from tests.serving import free_port

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


@pytest.mark.parametrize("dead", [8501, 8502])
def test_two_replicas_below_a_prefix(server, tmp_path, dead):
    text, port = snippet("caddy", "replicas"), free_port()
    alive = {8501: 8502, 8502: 8501}[dead]
    for shown, here in {
        "school.example": f"http://127.0.0.1:{port}",
        f"127.0.0.1:{alive}": f"127.0.0.1:{server.port}",
        f"127.0.0.1:{dead}": f"127.0.0.1:{free_port()}",
    }.items():
        assert shown in text
        text = text.replace(shown, here)
    with caddy(tmp_path, text, port):
        check(f"http://127.0.0.1:{port}/nnviz/")
