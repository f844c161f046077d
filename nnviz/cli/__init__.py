"""The command line ``nnviz COMMAND …``, with the same names and choices as the page."""

from .commands import main

__all__ = ["main"]
