"""The Markdown that panels are written in, as HTML, and its formulas as MathML.

Only what they use: bold text, code, formulas between dollar signs, and characters after a
backslash, as :func:`nnviz.ui.escaping.escape_markdown` writes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape

from latex2mathml.converter import convert

FORMULAS = 500  # converted last: a part that is opened again has the same ones

_TOKEN = re.compile(
    r"\\(?P<escaped>[^\sA-Za-z0-9])|\*\*(?P<bold>.+?)\*\*(?!\*)|`(?P<code>[^`]+)`"
    r"|\$(?P<formula>(?:\\.|[^\\$])+)\$"
)


def html(markdown: str) -> str:
    """One paragraph as HTML, without the paragraph's own tags."""
    parts, end = [], 0
    for token in _TOKEN.finditer(markdown):
        parts += [escape(markdown[end : token.start()]), _HTML[token.lastgroup or ""](token)]
        end = token.end()
    return "".join([*parts, escape(markdown[end:])])


@lru_cache(FORMULAS)
def mathml(latex: str, is_display: bool = True) -> str:
    """A formula as MathML; one on a line of its own if ``is_display``.

    Its matrices are tables of the class ``matrix``, to which the page's styles give brackets: those
    of a font are as high as the matrix only where the visitor has a font for mathematics.
    """
    for pattern, into in _KNOWN:
        latex = pattern.sub(into, latex)
    written = convert(latex, display="block" if is_display else "inline")
    return written.replace("<mtable>", '<mtable class="matrix">')


# what the converter has another name for, or none: matrices, lines below each other, their distance
_KNOWN = [
    (re.compile(r"\\(begin|end)\{bmatrix\*?\}(\[r\])?"), r"\\\1{matrix}"),
    (re.compile(r"\\(begin|end)\{aligned\}"), r"\\\1{split}"),
    (re.compile(r"\\\\\[1ex\]"), r"\\\\"),
]

_HTML: dict[str, Callable[[re.Match[str]], str]] = {
    "escaped": lambda token: escape(token["escaped"]),
    "bold": lambda token: f"<strong>{html(token['bold'])}</strong>",
    "code": lambda token: f"<code>{escape(token['code'])}</code>",
    "formula": lambda token: mathml(token["formula"], is_display=False),
}
