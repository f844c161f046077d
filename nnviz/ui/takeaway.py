"""What the stage's dialog can offer to take away: words out of the tables of choices."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..export.animation import FORMATS
from ..export.pictures import PICTURES
from ..export.tables import TABLES
from ..palette import THEMES
from ..programs import FLAVOURS

Rows = list[dict[str, Any]]


@cache
def tables() -> dict[str, Rows]:
    """Pictures, themes, animations, tables and programs, each in the order of its table."""
    return {
        "pictures": _rows(PICTURES, "name", "label", "size"),
        "themes": _rows(THEMES, "name", "label"),
        "animations": [
            {"name": name, "label": record.label, "suffix": record.suffix,
             "missing": record.missing()}
            for name, record in FORMATS.items()
        ],
        "tables": _rows(TABLES, "name", "label", "says"),
        "flavours": _rows(FLAVOURS, "name", "label", "needs"),
    }  # fmt: skip


def _rows(table: dict[str, Any], *fields: str) -> Rows:
    return [{field: getattr(record, field) for field in fields} for record in table.values()]
