"""Exports of an open run at its current epoch.

A request ``{"op": "export", "what": …}`` names one of ``EXPORTS``, which lists its other fields. If
the export is not possible, the reply has a ``problem``, a sentence that says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..analysis.snapshot import Plane, Snapshot
from ..choices.palette import THEMES
from ..export import animation, pictures
from ..export.pictures import PICTURES, Shot
from ..figures import EYE
from ..recipe.kinds import Choice, Flag, Numbers
from ..training.trainer import Trainer
from .file_exports import FILE_EXPORTS, Export, export_by
from .requests import Header, Text, Values

SIDES = (200, 4000)  # pixels a picture may have along a side
MOST_CAPTION = 500  # characters


def export(trainer: Trainer, plane: Plane, message: Mapping[str, Any]) -> tuple[Header, bytes]:
    """Header and file; raises :class:`RequestError` or :class:`RecipeError` for invalid fields."""
    return export_by(EXPORTS, trainer, plane, message)


# --- pictures -------------------------------------------------------------------------


def _picture(snapshot: Snapshot, values: Values) -> tuple[Header, bytes]:
    name, look = values["picture"], snapshot.look
    size = values["size"] or PICTURES[name].size
    shot = Shot(look=look, size=size, theme=values["theme"], caption=values["caption"],
                eye=values["eye"])  # fmt: skip
    figure = pictures.picture(snapshot, name, shot)
    stem = snapshot.moment.name + ("" if name == "boundary" else f"-{name}")
    header = {
        "name": f"{stem}.json", "mime": "application/json", "size": size,
        "caption": pictures.caption_of(snapshot, name, look),
    }  # fmt: skip
    return header, figure.to_json().encode()


def _layer(snapshot: Snapshot, values: Values) -> tuple[Header, bytes]:
    plan = animation.AnimationPlan(look=snapshot.look, **values)
    figure = animation.layer(snapshot, plan)
    return {"mime": "application/json", "size": plan.size}, figure.to_json().encode()


_THEME = Choice(default="light", table=THEMES, label="Theme", help="Light or dark colours.")

EXPORTS: dict[str, Export] = {
    "picture": Export(
        _picture,
        {
            "picture": Choice(
                default="boundary", table=PICTURES, label="Picture", help="The picture to draw."
            ),
            "theme": _THEME,
            "size": Numbers(
                default=None,
                low=SIDES[0],
                high=SIDES[1],
                whole=True,
                label="Size",
                help="Width and height in pixels; by default the picture's own.",
            ),
            "caption": Text(
                default=None,
                optional=True,
                most=MOST_CAPTION,
                label="Caption",
                help="Replaces the picture's own caption.",
            ),
            "eye": Numbers(
                default=EYE,
                count=3,
                low=-100,
                high=100,
                label="Eye",
                help="Position of a surface's camera, in Plotly's units.",
            ),
        },
    ),
    "layer": Export(
        _layer,
        {
            "size": animation.FIELDS["size"],
            "theme": _THEME,
            "caption": Flag(default=True, label="Caption", help="Whether to leave room for it."),
        },
    ),
    **FILE_EXPORTS,
}
