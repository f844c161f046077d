"""Which ES modules of a folder import which others."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

_IMPORT = re.compile(r"""(?:from|import)\s*["'](\.{1,2}/[\w./-]+\.js)["']""")

# comments name types of other modules by import() too
_DYNAMIC = re.compile(r"""/\*.*?\*/|\bimport\(["'](\.{1,2}/[\w./-]+\.js)["']\)""", re.DOTALL)


def with_imports(folder: Path, entries: list[str]) -> list[str]:
    """The modules ``entries`` and all their static imports.

    Each comes after those that it imports, unless modules import each other in a circle. Imports of
    files that do not exist are left out.
    """
    ordered: dict[str, None] = {}
    seen: set[str] = set()

    def visit(name: str) -> None:
        seen.add(name)
        for imported in static_imports((folder / name).read_text(encoding="utf-8"), name):
            if imported not in seen and (folder / imported).is_file():
                visit(imported)
        ordered[name] = None

    for entry in entries:
        if entry not in seen:
            visit(entry)
    return list(ordered)


def static_imports(text: str, name: str) -> list[str]:
    """The modules that module ``name`` with this text imports, in their order."""
    return [resolve(name, path) for path in _IMPORT.findall(text)]


def dynamic_imports(folder: Path, names: list[str]) -> list[str]:
    """The modules that the modules ``names`` import later, by ``import()``."""
    found = {
        resolve(name, match[1])
        for name in names
        for match in _DYNAMIC.finditer((folder / name).read_text(encoding="utf-8"))
        if match[1]
    }
    return sorted(found)


def with_moved_imports(text: str, name: str, to: str) -> str:
    """The text of module ``name``, with the paths of its ``import()`` made for module ``to``."""

    def moved(match: re.Match[str]) -> str:
        if not match[1]:
            return match[0]
        return f'import("{relative(to, resolve(name, match[1]))}")'

    return _DYNAMIC.sub(moved, text)


def resolve(name: str, path: str) -> str:
    """The name of the module that module ``name`` imports by a relative path."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def relative(name: str, other: str) -> str:
    """The relative path by which module ``name`` imports module ``other``."""
    path = posixpath.relpath(other, posixpath.dirname(name) or ".")
    return path if path.startswith(".") else f"./{path}"
