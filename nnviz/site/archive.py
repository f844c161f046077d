"""The engine as a zip archive: the floors that run in the visitor's browser, and what they need."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..choices.datasets import SOURCES

FOLDER = Path(str(files("nnviz")))

TRAVELS = (  # below the package; pyproject.toml holds that they need no others
    "__init__.py", "notation.py", "problems.py",
    "choices/*.py", "recipe/*.py", "training/*.py", "analysis/*.py",
    "writing/__init__.py", "writing/programs/*.py", "figures/*.py",
    "export/__init__.py", "export/data_files.py", "export/pictures.py",
    "live/__init__.py", "live/codec.py", "live/file_exports.py", "live/lottery.py",
    "live/picture_exports.py", "live/queue.py", "live/replies.py", "live/requests.py",
    "live/session.py", "live/stopwatch.py",
    "ui/__init__.py", "ui/escaping.py", "ui/events.py", "ui/remedies.py", "ui/state.py",
    "site/__init__.py", "site/engine/*.py",
)  # fmt: skip
TABLES = "site/engine/tables"  # where its module ``samples`` reads them

_DATED = (1980, 1, 1, 0, 0, 0)  # so that the same files make the same archive


def archive() -> bytes:
    """The archive, to be unpacked into a folder on Python's path."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        own = {f"nnviz/{name}": body for name, body in (*_modules(FOLDER, *TRAVELS), *_tables())}
        for name, content in sorted({**own, **_segno()}.items()):
            entry = zipfile.ZipInfo(name, _DATED)
            zipped.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _modules(folder: Path, *patterns: str) -> Iterator[tuple[str, bytes]]:
    for pattern in patterns:
        for path in folder.glob(pattern):
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _segno() -> dict[str, bytes]:
    """The installed package that draws QR codes; it needs no other."""
    modules = _modules(Path(str(files("segno"))), "*.py")
    return {f"segno/{name}": body for name, body in modules}


def _tables() -> Iterator[tuple[str, bytes]]:
    """The measured data sets as text, every number to the bit; labels come last."""
    for source in SOURCES.values():
        if source.load is not None:
            yield f"{TABLES}/{source.name}.csv", _csv(*source.load())


def _csv(table: NDArray[np.float64], labels: NDArray[np.intp]) -> bytes:
    rows = (
        ",".join(map(repr, [*row, label]))
        for row, label in zip(table.tolist(), labels.tolist(), strict=True)
    )
    return "".join(f"{row}\n" for row in rows).encode()
