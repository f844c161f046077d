"""The stage's files as a browser gets them: few, and under an address that changes with them.

The modules of the first picture are one script, and so is what each ``import()`` in them loads
later. Markup, style sheets and tables come with the first script.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from .bundle import join
from .imports import dynamic_imports, with_imports
from .tables import tables

FOLDER = Path(str(files(__package__)))
ENTRY = "host/main.js"  # the module that mounts the stage in a Streamlit page
SITE_ENTRY = "host/site.js"  # and the one in a page of static files
PLOTLY = "plotly.js"

# in the order of the cascade
_STYLES = (
    "diagram/diagram.css", "starts/starts.css", "plane/plane.css", "stage.css",
    "charts/ghosts.css", "layout.css", "compare/compare.css", "export/dialog.css", "pen/pen.css",
)  # fmt: skip
_DIAL_STYLES = "controls/dial.css"  # of what stands outside of the stage
_DATA_STYLES = "controls/data-field.css"
_LATER = ("export/dialog.html",)  # fetched by the modules that need them


@cache
def served(first: str = ENTRY) -> Mapping[str, bytes]:
    """All files that a browser may request, by their paths below the address.

    ``first`` is the module that mounts the stage in the page at hand.
    """
    from plotly.offline import get_plotlyjs  # takes a while

    contents = {name: (FOLDER / name).read_bytes() for name in _LATER}
    contents[PLOTLY] = get_plotlyjs().encode()
    for entry in (first, *later_entries(first)):
        bundle = join(FOLDER, entry, None if entry == first else first)
        script = bundle.script + (_given() if entry == first else "")
        script += f"//# sourceMappingURL={posixpath.basename(entry)}.map\n"
        contents |= {entry: script.encode(), f"{entry}.map": bundle.source_map.encode()}
    return contents


@cache
def address() -> str:
    """The path of the files below the server's, with a hash of all of them: ``stage/0123…``."""
    digest = hashlib.sha256()
    for name, content in sorted(served().items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return f"stage/{digest.hexdigest()[:20]}"


def later_entries(first: str = ENTRY) -> list[str]:
    """The modules that are loaded after the first picture, when they are needed."""
    entries: list[str] = []
    due = [first]
    while due:
        found = dynamic_imports(FOLDER, with_imports(FOLDER, [due.pop()]))
        due += [name for name in found if name not in entries]
        entries += [name for name in found if name not in entries]
    return entries


def markup() -> str:
    """The HTML of the stage."""
    return (FOLDER / "stage.html").read_text(encoding="utf-8")


def styles() -> str:
    """The style sheets of the stage, concatenated."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in _STYLES)


def dial_styles() -> str:
    """The style sheet of dials."""
    return (FOLDER / _DIAL_STYLES).read_text(encoding="utf-8")


def data_styles() -> str:
    """The style sheet of the field for users' own data."""
    return (FOLDER / _DATA_STYLES).read_text(encoding="utf-8")


def _given() -> str:
    """An export of the first script: what functions of its module are given."""
    given = {
        "markup": markup(), "styles": styles(), "dialStyles": dial_styles(),
        "dataStyles": data_styles(), "tables": tables(),
    }  # fmt: skip
    return f"export const given = {json.dumps(given)};\n"
