"""The files that every player page is made of; reading them needs no figure library."""

from __future__ import annotations

from importlib import resources

from plotly.offline import get_plotlyjs


def text(name: str) -> str:
    """The text of ``player.html``, ``player.css`` or ``player.js``."""
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def scripts() -> list[str]:
    """The scripts that run in a page, for a server that lists those it allows."""
    return [get_plotlyjs(), f"\n{text('player.js')}\n"]
