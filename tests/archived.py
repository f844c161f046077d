"""Runs a program where nothing but NumPy, contourpy and the site's archive can be imported."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

from nnviz.site.archive import archive

REFUSED = [
    "sklearn", "scipy", "pandas", "streamlit", "starlette", "plotly", "joblib", "threadpoolctl",
    "isal", "brotli", "kaleido", "uvicorn", "tqdm", "imageio_ffmpeg",
]  # fmt: skip

_BEFORE = """
import sys
from importlib.abc import MetaPathFinder

class Refusing(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in {refused}:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Refusing())
sys.path.insert(0, {folder!r})
import nnviz
assert nnviz.__file__.startswith({folder!r})
"""


def answer(folder: Path, program: str, *refused: str) -> Any:
    """What a program prints as JSON, with the archive unpacked in ``folder``.

    ``refused`` are packages that it must do without, besides ``REFUSED``.
    """
    with tarfile.open(fileobj=io.BytesIO(archive())) as tar:
        tar.extractall(folder, filter="data")
    before = _BEFORE.format(refused=[*REFUSED, *refused], folder=str(folder))
    done = subprocess.run(
        [sys.executable, "-c", before + program],
        capture_output=True, text=True, encoding="utf-8", cwd=folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
