"""Errors of sweeps."""

from __future__ import annotations


class SweepError(ValueError):
    """A sweep cannot be made or go on; the message is a sentence."""
