"""Sweeps: many runs that differ in some fields of the recipe, and what they show together.

``sweep`` needs pandas and joblib, and is imported on first use.
"""

from typing import TYPE_CHECKING, Any

from .errors import SweepError

if TYPE_CHECKING:
    from .frame import sweep

__all__ = ["SweepError", "sweep"]


def __getattr__(name: str) -> Any:
    if name != "sweep":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .frame import sweep

    return sweep
