"""The tables of choices that the stage needs, as JSON values."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..choices.palette import CLASS_STYLES, SIGN_COLOURS
from ..choices.views import VIEWS
from ..recipe.look import Look
from ..recipe.recipe import FIELDS, LAST_EPOCH, LIVE_FIELDS
from . import export_choices


@cache
def tables() -> dict[str, Any]:
    """Fields, colours, views and exports, and the default look."""
    return {
        "liveFields": list(LIVE_FIELDS),
        "labels": {name: kind.label for name, kind in FIELDS.items()},
        "lastEpoch": LAST_EPOCH,
        "classStyles": [vars(style) for style in CLASS_STYLES],
        "signColours": SIGN_COLOURS,
        "views": {
            view.name: {
                "label": view.label, "description": view.description,
                "parameter": view.parameter, "twoClasses": view.two_classes,
                "scale": view.scale,
            }
            for view in VIEWS.values()
        },
        "look": Look().to_dict(),
        "exports": export_choices.choices(),
    }  # fmt: skip
