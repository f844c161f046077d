"""The stage's files: its markup, its styles, and the modules that its first picture needs."""

from __future__ import annotations

import posixpath
import re
from importlib.resources import files
from pathlib import Path

FOLDER = Path(str(files(__package__)))
ENTRY = "host/main.js"  # the module that mounts the stage on a Streamlit page

# in the order in which they are to count
_STYLES = ("diagram/diagram.css", "stage.css", "export/dialog.css")

_IMPORT = re.compile(r"""(?:from|import)\s*["'](\.{1,2}/[\w./-]+\.js)["']""")


def markup() -> str:
    """The HTML of a stage, to be mounted in a page."""
    return (FOLDER / "stage.html").read_text(encoding="utf-8")


def styles() -> str:
    """All style sheets, one after the other."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in _STYLES)


def first_modules() -> list[str]:
    """The modules that the first picture needs, as paths; the others are imported later."""
    return with_imports(FOLDER, [ENTRY])


def with_imports(folder: Path, entries: list[str]) -> list[str]:
    """Paths of those scripts in a folder, and of all that they import at once."""
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
