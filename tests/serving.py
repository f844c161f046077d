"""A server of the app in a separate process, for tests and benchmarks."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """``streamlit run script`` on a free port of this machine; a context manager.

    ``variables`` are added to the environment.
    """

    def __init__(
        self,
        script: Path = ROOT / "app.py",
        base: str = "",
        port: int | None = None,
        **variables: str,
    ):
        self._variables = variables
        self.port = port or free_port()
        self.base = base
        self._script = script
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  closed with the server

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.base}/"

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self) -> Server:
        command = [
            *(sys.executable, "-m", "streamlit", "run", str(self._script)),
            *("--server.headless", "true", "--server.address", "127.0.0.1"),
            *("--server.port", str(self.port), "--browser.gatherUsageStats", "false"),
            *("--server.fileWatcherType", "none"),
        ]
        if self.base:
            command += ["--server.baseUrlPath", self.base.strip("/")]
        self._process = subprocess.Popen(
            command, cwd=self._script.parent, stdout=self._log, stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | self._variables,
        )  # fmt: skip
        self._wait()
        return self

    def stop(self) -> None:
        """End the server at once, as a crash would."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def log(self) -> str:
        file = self._log.fileno()  # the server writes at the same place of it, which stays
        return os.pread(file, os.fstat(file).st_size, 0).decode(errors="replace")

    def wait_for_log(self, text: str, seconds: float = 10) -> None:
        """Until the server has logged a text, which may be after it has answered."""
        deadline = time.monotonic() + seconds
        while text not in (log := self.log()):
            assert time.monotonic() < deadline, f"no {text!r} in:\n{log}"
            time.sleep(0.02)

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._log.close()

    def _wait(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        health = f"{self.url}_stcore/health"
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(health, timeout=5) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"the server did not start:\n{self.log()}")
