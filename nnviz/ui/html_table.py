"""Tables of text and numbers as plain HTML, with a name at each row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def html_table(
    caption: str, names: Sequence[str], headings: Sequence[str], rows: Iterable[Sequence[str]]
) -> str:
    """A table that scrolls where it has no room; ``names`` are those of the rows."""
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    lines = (
        f'<tr><th scope="row">{escape(name)}</th>'
        f"{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>"
        for name, row in zip(names, rows, strict=True)
    )
    return (
        f'<div class="nnviz-table" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )
