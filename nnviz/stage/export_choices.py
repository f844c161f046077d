"""The choices of the export dialog: labels, descriptions and bounds from the tables of exports."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..choices.palette import THEMES
from ..export.animation import FIELDS, FORMATS, SIDES, SPACINGS, AnimationPlan
from ..export.data_files import DATA_FILES
from ..export.pictures import PICTURES
from ..recipe.kinds import Integer
from ..writing.programs import FLAVOURS

Rows = list[dict[str, Any]]


@cache
def choices() -> dict[str, Any]:
    """Pictures, themes, animations, spacings, data files and programs, in their tables' order.

    ``plan`` holds defaults and bounds of an animation. ``opens`` is whether a page that plays the
    run can be opened from this one, whose policy it has: it needs scripts inside the page, which
    the site's policy refuses.
    """
    return {
        "pictures": _rows(PICTURES, "name", "label", "size"),
        "themes": _rows(THEMES, "name", "label"),
        "animations": [
            {"name": name, "label": record.label, "suffix": record.suffix,
             "missing": record.missing()}
            for name, record in FORMATS.items()
        ],
        "opens": True,
        "spacings": _rows(SPACINGS, "name", "label"),
        "plan": _plan(),
        "tables": _rows(DATA_FILES, "name", "label", "description"),
        "flavours": _rows(FLAVOURS, "name", "label", "needs"),
    }  # fmt: skip


def _rows(table: dict[str, Any], *fields: str) -> Rows:
    return [{field: getattr(record, field) for field in fields} for record in table.values()]


def _plan() -> dict[str, Any]:
    """The default of each field of the dialog; for numbers also ``low`` and ``high``."""
    plan = AnimationPlan()
    numbers = {
        name: {"default": getattr(plan, name), "low": kind.low, "high": kind.high}
        for name, kind in FIELDS.items()
        if isinstance(kind, Integer)
    }
    sides = {
        name: {"default": side, "low": SIDES[0], "high": SIDES[1]}
        for name, side in zip(("width", "height"), plan.size, strict=True)
    }
    return {**numbers, **sides, "spacing": {"default": plan.spacing}}
