"""Build the site: all its files, in a folder that is written completely or not at all.

Every file but the page and what browsers look for beside it lies in a folder whose name changes
with the content, so that an old copy of one never meets a new copy of another.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from ..choices.palette import THEMES, Theme
from ..live.session import LiveSession
from ..recipe.form import form_values, valid_values
from ..recipe.recipe import Recipe
from ..stage.files import SITE_ENTRY, served
from ..tables.decoding import MOST_BYTES
from ..ui.panel_texts import LOOK_INSIDE, TITLES
from . import pyodide
from .archive import archive
from .engine.sidebar import groups_json

FOLDER = Path(str(files(__package__)))
MARK = "nnviz-site.json"  # a folder with this file is a site, and may be replaced by another

ENGINE = "engine.tar.gz"
WORKER = "worker.js"
START = "start.js"
SERVICE = "sw.js"

ICON = "128x128"  # pixels of ui/icon.png

NO_VIDEO = "{label}: made by a server or on the command line; a link opens this moment there."

Files = dict[str, bytes]  # by their paths below a folder


class BuildError(Exception):
    """The site cannot be built; the message is a sentence."""


def build(folder: Path, source: str = pyodide.OFFICIAL) -> int:
    """Write the site to a folder, with Pyodide from ``source``; returns its size in bytes.

    A site that is there is replaced. Raises :class:`BuildError` where something else is there, or
    where the folder cannot be written, and :class:`.pyodide.SourceError`; then nothing is changed.
    """
    _check(folder)
    contents = site(source)
    try:
        _write(folder, contents)
    except OSError as error:
        raise BuildError(
            f"{folder} cannot be written: {(error.strerror or str(error)).lower()}"
        ) from None
    return sum(map(len, contents.values()))


def site(source: str) -> Files:
    """All files of the site, by their paths."""
    runtime = {_servable(name): body for name, body in pyodide.contents(source)}
    python = f"pyodide-{pyodide.VERSION}"
    own: Files = {
        **served(SITE_ENTRY), ENGINE: archive(), WORKER: (FOLDER / WORKER).read_bytes()
    }  # fmt: skip
    own = {name: body for name, body in own.items() if not name.endswith(".map")}
    own[START] = _start(python, {**_sizes(runtime), ENGINE: len(own[ENGINE])})
    folder = f"nnviz-{_digest(own)}"
    contents: Files = {
        **{f"{python}/{name}": body for name, body in runtime.items()},
        **{f"{folder}/{name}": body for name, body in own.items()},
        "icon.png": (FOLDER.parent / "ui" / "icon.png").read_bytes(),
        "index.html": _index(folder),
        "manifest.webmanifest": _manifest(),
    }
    kept = _service_worker(contents)
    mark = json.dumps({"pyodide": pyodide.VERSION, "files": folder}).encode()
    return {**contents, "sw.js": kept, MARK: mark}


def _servable(name: str) -> str:
    """A module's name with the ending that every host sends as JavaScript.

    nginx has no type for ``.mjs``, and browsers run no module that comes without one.
    """
    return f"{name.removesuffix('.mjs')}.module.js" if name.endswith(".mjs") else name


def _start(python: str, sizes: Mapping[str, int]) -> bytes:
    """The script that starts the page, with what is known of it before Python is there."""
    recipe = Recipe()
    reply = LiveSession().handle({"op": "open", "recipe": {}})
    given = {
        "python": python,
        "sizes": sizes,
        "mostBytes": MOST_BYTES,
        "noVideo": NO_VIDEO,
        "panels": {"label": LOOK_INSIDE, "titles": TITLES},
        "first": {
            "recipe": json.loads(recipe.to_json()),
            "reply": base64.b64encode(reply).decode(),
            "groups": groups_json(valid_values(form_values(recipe)), recipe),
        },
    }
    return (
        f'import {{ given, start }} from "./{SITE_ENTRY}";\n'
        f"start(import.meta.url, {{ ...given, site: {json.dumps(given)} }});\n"
    ).encode()


def _sizes(runtime: Mapping[str, bytes]) -> dict[str, int]:
    """Bytes of the files whose loading is shown: those that are not scripts or lists."""
    return {
        name: len(body) for name, body in runtime.items() if not name.endswith((".js", ".json"))
    }


def _index(folder: str) -> bytes:
    page = Template((FOLDER / "index.html").read_text(encoding="utf-8"))
    colours = {f"{theme.name}_theme": _properties(theme) for theme in THEMES.values()}
    styles = (FOLDER / "site.css").read_text(encoding="utf-8")
    return page.substitute(files=folder, styles=styles, entry=SITE_ENTRY, **colours).encode()


def _manifest() -> bytes:
    """What a browser needs to know to install the page as an app."""
    light = THEMES["light"]
    manifest = {
        "name": "nnviz", "description": "Watch a small neural network learn.",
        "start_url": "./index.html", "scope": "./", "display": "standalone",
        "background_color": light.paper, "theme_color": light.paper,
        "icons": [{"src": "./icon.png", "sizes": ICON, "type": "image/png"}],
    }  # fmt: skip
    return json.dumps(manifest).encode()


def _service_worker(contents: Files) -> bytes:
    """The service worker, which keeps all these files; those for animations once they are used."""
    names = [f"./{name}" for name in sorted(contents)]
    later = [name for name in names if name.endswith(pyodide.PACKAGES["pillow"]["file_name"])]
    kept = [name for name in names if name not in later]
    head = "".join(
        f"const {constant} = {json.dumps(value)};\n"
        for constant, value in (("VERSION", _digest(contents)), ("FILES", kept), ("LATER", later))
    )
    return head.encode() + (FOLDER / SERVICE).read_bytes()


def _properties(theme: Theme) -> str:
    """The colours of a theme as CSS, by the names that the stage knows them under."""
    named: dict[str, Any] = {
        "text-color": theme.ink, "background-color": theme.paper, "border-color": theme.grid,
        "primary-color": theme.accent, "secondary-background-color": theme.side,
    }  # fmt: skip
    return " ".join(f"--st-{name}: {colour};" for name, colour in named.items())


def _digest(contents: Files) -> str:
    digest = hashlib.sha256()
    for name, body in sorted(contents.items()):
        digest.update(f"{name}\0{len(body)}\0".encode() + body)
    return digest.hexdigest()[:16]


# --- the folder ---------------------------------------------------------------------------


def _check(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise BuildError(f"-o must be a new or empty folder, or one with a site; got {folder}")
    if folder.exists() and not folder.is_dir():
        raise BuildError(f"-o must be a folder; got {folder}, which is a file")
    if not folder.absolute().parent.is_dir():
        raise BuildError(f"-o must be in a folder that is there; got {folder}")


def _write(folder: Path, contents: Files) -> None:
    """Write beside the folder first, and put that in its place when it is complete.

    What lies in it beside the old site, as ``.git`` and ``CNAME``, moves to the new one.
    """
    temporary = Path(tempfile.mkdtemp(prefix=".nnviz-", dir=folder.absolute().parent))
    new, old = temporary / "new", temporary / "old"
    try:
        for name, body in contents.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        others = [(old / name, new / name) for name in _others(folder, contents)]
        _move_all([*([(folder, old)] if folder.exists() else []), *others, (new, folder)])
    except BaseException:  # an old site that cannot go back to its place is not deleted
        shutil.rmtree(new if old.exists() else temporary, ignore_errors=True)
        raise
    shutil.rmtree(temporary, ignore_errors=True)


def _others(folder: Path, contents: Files) -> list[str]:
    """Names at the top of a folder that neither the site in it nor the new one has written."""
    if not (folder / MARK).is_file():
        return []
    written = {path.split("/")[0] for path in contents} | _versioned(folder / MARK)
    return [path.name for path in folder.iterdir() if path.name not in written]


def _versioned(mark: Path) -> set[str]:
    """The folders of a site, as its mark has them; the names of its other files never change."""
    try:
        site = json.loads(mark.read_bytes())
        return {f"pyodide-{site['pyodide']}", site["files"]}
    except (ValueError, LookupError, TypeError):  # edited by hand
        return set()


def _move_all(moves: Iterable[tuple[Path, Path]]) -> None:
    """Rename one after the other; where one fails, those before it are undone."""
    with ExitStack() as undo:
        for source, target in moves:
            undo.callback(_move_back, target, source)
            os.replace(source, target)
        undo.pop_all()


def _move_back(target: Path, source: Path) -> None:
    if not os.path.lexists(source) and os.path.lexists(target):
        os.replace(target, source)
