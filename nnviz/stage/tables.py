"""The tables of choices that the stage needs, as JSON values."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..choices.activations import ACTIVATIONS
from ..choices.palette import CLASS_STYLES, SIGN_COLOURS, THEMES
from ..choices.views import VIEWS
from ..recipe.look import Look
from ..recipe.phrases import fixed_fields, phrases
from ..recipe.recipe import LAST_EPOCH, LIVE_FIELDS
from . import export_choices


@cache
def tables() -> dict[str, Any]:
    """Fields and how their values are described, activations without a bend, colours, views and
    exports, and the default look."""
    return {
        "liveFields": list(LIVE_FIELDS),
        "phrases": {
            "fields": {name: vars(phrase) for name, phrase in phrases().items()},
            "fixed": fixed_fields(),
        },
        "straight": [each.name for each in ACTIVATIONS.values() if each.straight],
        "lastEpoch": LAST_EPOCH,
        "classStyles": [vars(style) for style in CLASS_STYLES],
        "signColours": SIGN_COLOURS,
        "accents": {name: theme.accent for name, theme in THEMES.items()},
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
