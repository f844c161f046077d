"""Pictures of a snapshot: one record for each that can be taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import plotly.graph_objects as go

from .. import figures
from ..views import Look
from .snapshot import Snapshot


@dataclass(frozen=True)
class Shot:
    """How a picture is wanted. ``size`` in pixels; without one the picture has its own.

    ``caption`` None is the snapshot's own, "" none. ``probe`` is the point of the plane whose
    probabilities are shown, the centre without one; it is marked on the plane if it was given.
    """

    look: Look = field(default_factory=Look)
    probe: tuple[float, float] | None = None
    size: tuple[int, int] | None = None
    theme: str = "light"
    caption: str | None = None


@dataclass(frozen=True)
class Picture:
    """One choice: ``draw(snapshot, shot, size, caption)``, and the size it has by itself."""

    name: str
    label: str
    size: tuple[int, int]
    draw: Callable[[Snapshot, Shot, tuple[int, int], str], go.Figure]


def picture(snapshot: Snapshot, name: str, shot: Shot) -> go.Figure:
    """The picture of that name in ``PICTURES``."""
    record = PICTURES[name]
    caption = snapshot.caption if shot.caption is None else shot.caption
    return record.draw(snapshot, shot, shot.size or record.size, caption)


def _boundary(snapshot: Snapshot, shot: Shot, size: tuple[int, int], caption: str) -> go.Figure:
    look = shot.look
    return figures.boundary(
        snapshot.dataset, snapshot.extent, snapshot.field, snapshot.lines(look), look=look,
        called=snapshot.called(look), said=snapshot.said(look), pin=shot.probe,
        size=size, theme=shot.theme, caption=caption,
    )  # fmt: skip


PICTURES: dict[str, Picture] = {
    record.name: record
    for record in (Picture("boundary", "Decision boundary", (680, 690), _boundary),)
}
