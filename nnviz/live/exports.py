"""Exports of an open run at its current epoch.

A request ``{"op": "export", "what": …}`` names one of ``EXPORTS``, which lists its other fields. If
the export is not possible, the reply has a ``problem``, a sentence that says why.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..analysis.snapshot import Plane, Snapshot
from ..choices.palette import THEMES
from ..export import animation, data_files, pictures
from ..export.pictures import PICTURES, Shot
from ..figures import EYE
from ..problems import RecipeError
from ..recipe.kinds import Choice, Flag, Kind, Numbers
from ..recipe.look import Look
from ..recipe.recipe import Recipe
from ..recipe.table import Table
from ..training.trainer import Trainer
from ..writing.programs import FLAVOURS, NotExpressible, differences, program
from .requests import Header, Text, Values, read_fields

SIDES = (200, 4000)  # pixels a picture may have along a side
MOST_CAPTION = 500  # characters
MOST_LINK = 2900  # bytes that a QR code can hold


@dataclass(frozen=True)
class Export:
    """One kind of export: ``make(snapshot, values)`` returns header and file.

    ``values`` are those of ``fields`` in the request.
    """

    make: Callable[[Snapshot, Values], tuple[Header, bytes]]
    fields: Mapping[str, Kind] = field(default_factory=dict)


def export(trainer: Trainer, plane: Plane, message: Mapping[str, Any]) -> tuple[Header, bytes]:
    """Header and file; raises :class:`RequestError` or :class:`RecipeError` for invalid fields."""
    what = read_fields(message, {"what": _WHAT})["what"]
    record = EXPORTS[what]
    snapshot = Snapshot(trainer, plane, look_of(message, trainer.recipe))
    values = read_fields(message, record.fields)
    try:
        header, file = record.make(snapshot, values)
    except NotExpressible as error:
        header, file = {"problem": str(error)}, b""
    return {"type": "exported", "what": what, **header}, file


def look_of(message: Mapping[str, Any], recipe: Recipe) -> Look:
    """The look in a request; raises :class:`RecipeError` if the run cannot show it."""
    look = Look.from_dict(message.get("look", {}))
    if problems := look.problems(recipe):
        raise RecipeError(*problems.values())
    return look


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


# --- files ----------------------------------------------------------------------------


def _data_file(name: str) -> Export:
    file = data_files.DATA_FILES[name]

    def make(snapshot: Snapshot, values: Values) -> tuple[Header, bytes]:
        return {"name": file.file_name(snapshot.moment), "mime": file.mime}, file.make(snapshot)

    return Export(make)


def _program(name: str) -> Export:
    def make(snapshot: Snapshot, values: Values) -> tuple[Header, bytes]:
        script = program(snapshot.recipe, snapshot.epoch, name)
        header = {
            "name": f"{snapshot.moment.name}-{name}.py", "mime": "text/x-python",
            "differences": differences(snapshot.recipe, snapshot.epoch, name),
        }  # fmt: skip
        return header, script.encode()

    return Export(make)


# --- the points as a data set ---------------------------------------------------------


def _table(snapshot: Snapshot, values: Values) -> tuple[Header, bytes]:
    """The text of a table of the points of this epoch, for another run to start with."""
    recipe, data = snapshot.recipe, snapshot.dataset
    if len(snapshot.labels) < 2:
        return {"problem": "A run starts with two points or more: draw some first."}, b""
    table = Table.of(
        snapshot.plane.samples, snapshot.labels, axes=data.features, classes=data.class_names,
        name=recipe.table.name if recipe.table else f"{recipe.source.name}-drawn",
        note=recipe.source.note,
    )  # fmt: skip
    return {"text": table.text}, b""


# --- links ----------------------------------------------------------------------------


def _link(snapshot: Snapshot, values: Values) -> tuple[Header, bytes]:
    if problem := snapshot.recipe.too_long:
        return {"problem": problem}, b""
    return {"query": snapshot.moment.to_query()}, b""


def _qr(snapshot: Snapshot, values: Values) -> tuple[Header, bytes]:
    import segno

    link = values["text"]
    if (n_bytes := len(link.encode())) > MOST_LINK:
        problem = (
            f"The link has {n_bytes} bytes, and a QR code holds {MOST_LINK}: "
            "send the link, or save the experiment as a file."
        )
        return {"problem": problem}, b""
    file = io.BytesIO()
    # a light background of its own, so that cameras can read it on a dark page
    segno.make(link, error="l", micro=False).save(
        file, kind="svg", xmldecl=False, omitsize=True, light="#fff", border=4
    )
    return {"name": f"{snapshot.moment.name}-qr.svg", "mime": "image/svg+xml"}, file.getvalue()


# --- the table ------------------------------------------------------------------------

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
                default=None, low=SIDES[0], high=SIDES[1], whole=True, label="Size",
                help="Width and height in pixels; by default the picture's own.",
            ),
            "caption": Text(
                default=None, optional=True, most=MOST_CAPTION, label="Caption",
                help="Replaces the picture's own caption.",
            ),
            "eye": Numbers(
                default=EYE, count=3, low=-100, high=100, label="Eye",
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
    **{name: _data_file(name) for name in data_files.DATA_FILES},
    **{name: _program(name) for name in FLAVOURS},
    "table": Export(_table),
    "link": Export(_link),
    "qr": Export(_qr, {"text": Text(default=None, label="Text", help="Content of the code.")}),
}  # fmt: skip

_WHAT = Choice(default=None, table=EXPORTS, label="What", help="The export to make.")
