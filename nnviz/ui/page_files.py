"""Streamlit's own files from memory: its page, scripts, styles and fonts.

Streamlit sends its scripts uncompressed and reads them from the disk for each visitor. Names of
scripts have a hash of their content in them, so that browsers may keep them.

The page names all scripts of the first picture. Without that the browser finds them one after the
other: Streamlit's script for components after the page script has run, the stage's script after
that. Plotly is not among them: it takes the browser a second, so it is loaded after the picture.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from streamlit.file_util import get_static_dir

from ..stage import serving
from ..stage.content import IDENTITY, REVALIDATED, Content
from ..stage.files import ENTRY, address
from ..stage.imports import with_imports

_SCRIPTS = "static/js"
_STYLES = Path(__file__).with_name("page.css")

# the stage's script comes first, because it opens the run of the page's link while the others load
_EARLY = """<link rel="modulepreload" href="{script}">
<script type="module" async>
  const base = new URL(".", document.baseURI).pathname.slice(0, -1);
  const files = `${{base}}/{files}`;
  import("{script}").then((stage) => stage.begin({{ base, files }}, location.search, stage.given));
</script>
"""
_ENDINGS = {IDENTITY: "", "gzip": ".gz", "br": ".br"}  # of files, by encoding


def contents(base: str = "") -> dict[str, Content]:
    """Streamlit's files, by their paths on a server under the base path."""
    folder = Path(get_static_dir())
    found = {
        f"{base}/{path.relative_to(folder).as_posix()}": Content(path.name, path.read_bytes)
        for path in (folder / "static").rglob("*.*")
    }
    html = page().encode()
    return {f"{base}/": Content("index.html", lambda: html, REVALIDATED), **found}


def first_paths(base: str = "") -> list[str]:
    """The paths of the page and of what it names, other than fonts."""
    named = re.findall(r'(?:src|href)="\./(\S+\.(?:js|css))"', page())
    return [f"{base}/", *(f"{base}/{path}" for path in dict.fromkeys(named))]


def write(folder: Path) -> int:
    """Write all files but the page below a folder, compressed too; returns their number.

    Their paths are those on a server without a base path.
    """
    files = {
        path: file for path, file in {**serving.contents(), **contents()}.items() if path != "/"
    }
    for path, file in files.items():
        target = folder / path.removeprefix("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        for encoding in file.encodings:
            body = file.prepare(encoding).result().body
            target.with_name(target.name + _ENDINGS[encoding]).write_bytes(body)
    return len(files)


def page() -> str:
    """Streamlit's page as it is served."""
    return page_html(Path(get_static_dir()))


@cache
def page_html(folder: Path) -> str:
    """Streamlit's page, with our styles, and all scripts of the first picture named in it."""
    page = (folder / "index.html").read_text(encoding="utf-8")
    first = _EARLY.format(script=f"./{address()}/{ENTRY}", files=address())
    scripts = component_scripts(folder / _SCRIPTS)
    last = "".join(f'<link rel="modulepreload" href="./{_SCRIPTS}/{name}">\n' for name in scripts)
    last += f"<style>\n{_STYLES.read_text(encoding='utf-8')}</style>\n"
    return page.replace("<head>", f"<head>\n{first}", 1).replace("</head>", f"{last}</head>", 1)


def component_scripts(folder: Path) -> list[str]:
    """Streamlit's script for components, and its imports that are not loaded by every page.

    Names of scripts depend on Streamlit's version; the list is empty if none is found.
    """
    entry, component = (_with_imports(folder, f"{s}.*.js") for s in ("index", "BidiComponent"))
    return sorted(component - entry)


def _with_imports(folder: Path, pattern: str) -> set[str]:
    return set(with_imports(folder, [path.name for path in folder.glob(pattern)]))
