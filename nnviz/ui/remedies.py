"""A sentence on what the page has done with an invalid field of a link or a file."""

from __future__ import annotations

from ..recipe.look import LOOK_FIELDS
from ..recipe.recipe import FIELDS
from .state import FROM_FILE


def remedy(field: str) -> str:
    """What the page has done, for a field of ``PageState.problems``."""
    if field.startswith(FROM_FILE):
        return (
            "The file was not opened; the run is unchanged. "
            "“Save experiment” under Export makes files that can be opened."
        )
    return "The default is used." if field in (*FIELDS, "epoch", *LOOK_FIELDS) else "It is ignored."
