"""Jupyter's server with jupyter-server-proxy, as ``docs/hosting.md`` configures it."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.hosting.snippets import snippet
from tests.hosting.visits import check
from tests.serving import free_port

# in an environment of its own, as on a hub: `.ci/run` makes it
PROGRAM = shutil.which("jupyter-server", path=str(Path(sys.prefix) / "jupyter" / "bin"))

pytestmark = pytest.mark.skipif(not PROGRAM, reason="jupyter-server-proxy is not installed")


def test_the_page_starts_and_runs_below_the_users_path(tmp_path):
    nnviz = str(Path(sys.executable).with_name("nnviz"))
    text = snippet("python", "jupyter").replace("/opt/nnviz/bin/nnviz", nnviz)
    assert nnviz in text
    (tmp_path / "configuration.py").write_text(text + 'c.IdentityProvider.token = ""\n')
    url = f"http://127.0.0.1:{(port := free_port())}/user/ann/nnviz/"
    command = [
        *(PROGRAM, "--config", tmp_path / "configuration.py", "--no-browser", "--allow-root"),
        *("--ip", "127.0.0.1", "--port", str(port), "--ServerApp.base_url=/user/ann/"),
    ]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log) as process,
    ):
        try:
            _wait(process, f"http://127.0.0.1:{port}/user/ann/api")
            assert httpx.get(url, timeout=60).status_code == 200  # starts it
            check(url)
        finally:
            process.send_signal(signal.SIGTERM)


def _wait(process: subprocess.Popen, url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError("Jupyter's server did not start")
