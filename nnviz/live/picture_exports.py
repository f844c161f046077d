"""Exports of an open run as pictures: figures, which the browser draws."""

from __future__ import annotations

from ..analysis.snapshot import Snapshot
from ..choices.palette import THEMES
from ..export import pictures
from ..export.pictures import PICTURES, Shot
from ..figures import EYE
from ..recipe.kinds import Choice, Numbers
from ..training.pieces import Work
from .file_exports import Export, Exported
from .requests import Text, Values

SIDES = (200, 4000)  # pixels a picture may have along a side
MOST_CAPTION = 500  # characters

THEME = Choice(default="light", table=THEMES, label="Theme", help="Light or dark colours.")


def _picture(snapshot: Snapshot, values: Values) -> Work[Exported]:
    name, look = values["picture"], snapshot.look
    size = values["size"] or pictures.size_of(name, len(snapshot.beside))
    shot = Shot(look=look, size=size, theme=values["theme"], caption=values["caption"],
                eye=values["eye"])  # fmt: skip
    figure = yield from pictures.drawing(snapshot, name, shot)
    stem = snapshot.moment.name + ("" if name == "boundary" else f"-{name}")
    header = {
        "name": f"{stem}.json", "mime": "application/json", "size": size,
        "caption": pictures.caption_of(snapshot, name, look),
    }  # fmt: skip
    return header, figure.to_json().encode()


PICTURE_EXPORTS: dict[str, Export] = {
    "picture": Export(
        _picture,
        {
            "picture": Choice(
                default="boundary", table=PICTURES, label="Picture", help="The picture to draw."
            ),
            "theme": THEME,
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
}
