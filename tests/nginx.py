"""nginx on this machine, with a configuration as people copy it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.serving import ROOT, free_port

PROGRAM = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
CONFIGURATION = ROOT / "assets" / "nginx.conf"

# what a distribution's nginx.conf holds around it; which server answered is for tests
AROUND = """
{user}
daemon off;
pid {folder}/pid;
error_log {folder}/errors;
worker_processes 1;
events {{ worker_connections 4096; }}
http {{
  include {types};
  access_log off;
  tcp_nodelay on;
  add_header X-Upstream $upstream_addr;
{temporary}
  include {folder}/nnviz.conf;
}}
"""


class Nginx:
    """nginx on a free port of this machine; a context manager.

    ``here`` has what stands in the configuration in place of what a person would put there; each
    has to be in it, and ``{port}`` in it is the free port.
    """

    def __init__(self, configuration: str, here: Mapping[str, str]):
        self.port = free_port()
        self._folder = tempfile.TemporaryDirectory()
        self._configure(configuration, here, Path(self._folder.name))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def _configure(self, text: str, here: Mapping[str, str], folder: Path) -> None:
        for shown, actual in here.items():
            assert shown in text, f"the configuration has no {shown}"
            text = text.replace(shown, actual.replace("{port}", str(self.port)))
        (folder / "nnviz.conf").write_text(text, encoding="utf-8")
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        around = AROUND.format(
            folder=folder,
            user="user root;" if os.geteuid() == 0 else "",  # the folder is this user's
            types="/etc/nginx/mime.types",
            temporary="\n".join(f"  {kind}_temp_path {folder}/{kind};" for kind in kinds),
        )
        (folder / "nginx.conf").write_text(around, encoding="utf-8")

    def __enter__(self) -> Nginx:
        folder = self._folder.name
        assert PROGRAM
        self._process = subprocess.Popen(
            [PROGRAM, "-e", f"{folder}/errors", "-c", f"{folder}/nginx.conf"]
        )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 5).close()
                return self
            except OSError:
                time.sleep(0.05)
        errors = (Path(folder) / "errors").read_text()
        self.__exit__()
        raise RuntimeError(f"nginx did not start:\n{errors}")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        self._folder.cleanup()


def with_files(port: int, files: Path) -> Nginx:
    """nginx before the server at a port, which sends the files below ``files`` itself."""
    here = {
        "127.0.0.1:8501": f"127.0.0.1:{port}",
        "listen 80;": "listen 127.0.0.1:{port};",
        "root /srv/nnviz;": f"root {files};",
    }
    return Nginx(CONFIGURATION.read_text(encoding="utf-8"), here)
