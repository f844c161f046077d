"""The engine as an archive: the floors that run in the visitor's browser, and what they need."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterator
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..choices.datasets import SOURCES

FOLDER = Path(str(files("nnviz")))

TRAVELS = (  # below the package; pyproject.toml holds that they need no others
    "__init__.py", "notation.py", "problems.py",
    "choices/*.py", "recipe/*.py", "training/*.py", "analysis/*.py",
    "writing/__init__.py", "writing/step_script.py", "writing/derivation/*.py",
    "writing/programs/*.py", "figures/*.py",
    "export/__init__.py", "export/animation.py", "export/atomic.py", "export/beside.py",
    "export/data_files.py", "export/encoders.py",
    "export/frame_points.py", "export/frames.py", "export/indexed.py", "export/pictures.py",
    "export/player.*", "export/player_files.py", "export/video.py",
    "live/__init__.py", "live/animations.py", "live/beside.py", "live/codec.py", "live/cost.py",
    "live/exports.py", "live/file_exports.py", "live/lottery.py", "live/operations.py",
    "live/picture_exports.py", "live/queue.py", "live/replies.py", "live/requests.py",
    "live/session.py", "live/stopwatch.py",
    "ui/__init__.py", "ui/escaping.py", "ui/events.py", "ui/observation.py", "ui/panel_texts.py",
    "ui/remedies.py", "ui/state.py",
    "sweeps/__init__.py", "sweeps/chosen.py", "sweeps/errors.py", "sweeps/estimate.py",
    "sweeps/lock.py", "sweeps/markup.py", "sweeps/offers.py", "sweeps/pictures.py",
    "sweeps/plan.py", "sweeps/portrait.py", "sweeps/report.*", "sweeps/results.py",
    "sweeps/run.py", "sweeps/summary.py", "sweeps/threads.py", "sweeps/vary.py",
    "tables/*.py", "site/__init__.py", "site/engine/*.py",
)  # fmt: skip
TABLES = "site/engine/tables"  # where its module ``samples`` reads them


def archive() -> bytes:
    """The archive, a tar file that is compressed as a whole, for a folder on Python's path."""
    own = {f"nnviz/{name}": body for name, body in (*_modules(FOLDER, *TRAVELS), *_tables())}
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in sorted({**own, **_packages()}.items()):
            entry = tarfile.TarInfo(name)  # undated: the same files make the same archive
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return gzip.compress(file.getvalue(), 9, mtime=0)


def _modules(folder: Path, *patterns: str) -> Iterator[tuple[str, bytes]]:
    for pattern in patterns:
        for path in folder.glob(pattern):
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _packages() -> dict[str, bytes]:
    """Installed packages that need no others: QR codes are drawn by one, formulas by another."""
    found: dict[str, bytes] = {}
    for package in ("segno", "latex2mathml"):
        modules = _modules(Path(str(files(package))), "*.py", "*.txt")
        found |= {f"{package}/{name}": body for name, body in modules if name != "cli.py"}
        about = distribution(package)  # where a package looks up its own version
        text, _, _ = (about.read_text("METADATA") or "").partition("\n\n")  # without its manual
        found[f"{package}-{about.version}.dist-info/METADATA"] = text.encode()
    return found


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
