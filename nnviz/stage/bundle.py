"""Join ES modules into one script, so that a browser needs one request for all of them.

Each module becomes a function that returns its exports, after the modules it imports; an object
named ``$modules`` holds what they returned. Lines stay lines, so that a source map can say which
module and line an error is in. Only the forms of ``import`` and ``export`` that the stage uses are
known, each at the start of a line; others are refused.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from .imports import relative, resolve, static_imports, with_imports, with_moved_imports

_IMPORT = re.compile(r'^import (?:(\{[^}]*\}) from )?"(\.{1,2}/[^"]+)";', re.MULTILINE)
_RENAMED = re.compile(r"(\w+) as (\w+)")
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_EXPORTED_NAMES = re.compile(r"^export \{(\s*\w+(?:,\s*\w+)*,?\s*)\};", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)

Origin = tuple[int, int] | None  # of a line: the index of its module, and its line there


@dataclass(frozen=True)
class Bundle:
    """A joined script, and its source map as JSON."""

    script: str
    source_map: str


def join(folder: Path, entry: str, first: str | None = None) -> Bundle:
    """The module ``entry`` and its static imports in one script, to be served in its place.

    The script exports what ``entry`` exports. It imports what the script of module ``first`` has
    already. Raises ``ValueError`` where modules import each other in a circle, or a form of import
    or export is not known.
    """
    there = with_imports(folder, [first]) if first else []
    names = [name for name in with_imports(folder, [entry]) if name not in there]
    texts = [(folder / name).read_text(encoding="utf-8") for name in names]
    lines: list[tuple[str, Origin]] = [(_first_line(entry, first), None)]
    for index, (name, text) in enumerate(zip(names, texts, strict=True)):
        _check_order(name, text, [*there, *names[:index]])
        body, exported = _body(name, text, entry)
        lines.append((f"$modules[{json.dumps(name)}] ??= (() => {{", None))
        lines += [(line, (index, number)) for number, line in enumerate(body.split("\n"))]
        lines.append((f"return {{ {', '.join(exported)} }}; }})();", None))
    exports = f"export const {{ {', '.join(exported)} }} = $modules[{json.dumps(entry)}];"
    lines.append((exports, None))  # the entry's, which comes last
    sources = [relative(entry, name) for name in names]
    return Bundle(
        "".join(f"{line}\n" for line, _ in lines),
        _source_map(sources, texts, [origin for _, origin in lines]),
    )


def _first_line(entry: str, first: str | None) -> str:
    if first is None:
        return "export const $modules = {};"
    return f'import {{ $modules }} from "{relative(entry, first)}";'


def _check_order(name: str, text: str, before: list[str]) -> None:
    for imported in static_imports(text, name):
        if imported not in before:
            raise ValueError(
                f"modules must not import each other in a circle; got {name} and {imported}"
            )


def _body(name: str, text: str, entry: str) -> tuple[str, list[str]]:
    """The body of a function that does what the module does, and the names it exports."""

    def constants(match: re.Match[str]) -> str:
        names, path = match.groups()
        if names is None:
            return ""  # it has run already
        constant = _RENAMED.sub(r"\1: \2", names)
        return f"const {constant} = $modules[{json.dumps(resolve(name, path))}];"

    exported = [declared for _, declared in _EXPORT.findall(text)]
    exported += re.findall(r"\w+", " ".join(_EXPORTED_NAMES.findall(text)))
    body = _IMPORT.sub(constants, text)
    body = _EXPORTED_NAMES.sub("", _EXPORT.sub(r"\1", body))
    if left := _OTHER.search(body):
        raise ValueError(f"this form of import or export is not known in {name}; got {left[0]}")
    return with_moved_imports(body, name, entry).rstrip("\n"), exported


# --- source maps, https://tc39.es/ecma426/ ---------------------------------------------------


def _source_map(sources: list[str], texts: list[str], origins: list[Origin]) -> str:
    segments, before = [], (0, 0)
    for origin in origins:
        if origin is None:
            segments.append("")
            continue
        moves = (0, origin[0] - before[0], origin[1] - before[1], 0)
        segments.append("".join(map(_base64_vlq, moves)))
        before = origin
    return json.dumps(
        {"version": 3, "sources": sources, "sourcesContent": texts, "mappings": ";".join(segments)}
    )


_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def _base64_vlq(number: int) -> str:
    """A number as digits of 5 bits, lowest first, with the sign in the lowest bit."""
    rest = abs(number) << 1 | (number < 0)
    digits = ""
    while rest > 31:
        digits += _DIGITS[rest & 31 | 32]  # bit 5: more digits follow
        rest >>= 5
    return digits + _DIGITS[rest]
