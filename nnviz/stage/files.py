"""The stage's files: its markup, its styles and the modules needed for the first picture."""

from __future__ import annotations

import posixpath
import re
from importlib.resources import files
from pathlib import Path

FOLDER = Path(str(files(__package__)))
ENTRY = "host/main.js"  # the module that mounts the stage in a Streamlit page

# in the order of the cascade
_STYLES = ("diagram/diagram.css", "stage.css", "export/dialog.css")

_IMPORT = re.compile(r"""(?:from|import)\s*["'](\.{1,2}/[\w./-]+\.js)["']""")


def markup() -> str:
    """The HTML of the stage."""
    return (FOLDER / "stage.html").read_text(encoding="utf-8")


def styles() -> str:
    """All style sheets, concatenated."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in _STYLES)


def first_modules() -> list[str]:
    """Paths of the modules needed for the first picture; the others are imported later."""
    return with_imports(FOLDER, [ENTRY])


def with_imports(folder: Path, entries: list[str]) -> list[str]:
    """Paths of the scripts ``entries`` in a folder and of all their static imports."""
    found: set[str] = set()
    new = set(entries)
    while new:
        found |= new
        named = {
            posixpath.normpath(posixpath.join(posixpath.dirname(name), other))
            for name in new
            for other in _IMPORT.findall((folder / name).read_text(encoding="utf-8"))
        }
        new = {name for name in named - found if (folder / name).is_file()}
    return sorted(found)
