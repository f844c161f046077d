"""The command line: ``nnviz COMMAND …``, every command with the page's own names and choices."""

from .commands import main

__all__ = ["main"]
