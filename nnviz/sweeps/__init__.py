"""Sweeps: many runs that differ in some fields of the recipe, and what they show together."""

from .errors import SweepError
from .frame import sweep

__all__ = ["SweepError", "sweep"]
