"""nginx in front of a server of the app, with the configuration in ``assets``."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.serving import ROOT, free_port

PROGRAM = shutil.which("nginx")
CONFIGURATION = ROOT / "assets" / "nginx.conf"

# what a distribution's nginx.conf holds around it
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
{temporary}
  include {folder}/nnviz.conf;
}}
"""


class Nginx:
    """nginx on a free port, that sends the files below ``files`` itself; a context manager."""

    def __init__(self, port: int, files: Path):
        self.port = free_port()
        self._folder = tempfile.TemporaryDirectory()
        self._configure(port, files, Path(self._folder.name))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def _configure(self, port: int, files: Path, folder: Path) -> None:
        text = CONFIGURATION.read_text(encoding="utf-8")
        for shown, here in (
            ("127.0.0.1:8501", f"127.0.0.1:{port}"),
            ("listen 80;", f"listen 127.0.0.1:{self.port};"),
            ("root /srv/nnviz;", f"root {files};"),
        ):
            assert shown in text, f"{CONFIGURATION.name} has no {shown}"
            text = text.replace(shown, here)
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
        self._process = subprocess.Popen(
            [PROGRAM, "-e", f"{folder}/errors", "-c", f"{folder}/nginx.conf"]
        )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                urllib.request.urlopen(self.url, timeout=5).close()
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
