"""Exports of an open run as files and links: what needs no figure, and so no Plotly."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..analysis.snapshot import Plane, Snapshot
from ..export import data_files
from ..problems import RecipeError
from ..recipe.kinds import Choice, Kind
from ..recipe.look import Look
from ..recipe.recipe import Recipe
from ..recipe.table import Table
from ..training.pieces import Work
from ..training.trainer import Trainer
from ..writing.programs import FLAVOURS, NotExpressible, differences, program
from ..writing.programs.table import is_inline
from .requests import Header, Text, Values, read_fields

MOST_LINK = 2900  # bytes that a QR code can hold


Exported = tuple[Header, bytes]  # header and file


@dataclass(frozen=True)
class Export:
    """One kind of export: ``make(snapshot, values)`` returns header and file, or work that does.

    ``values`` are those of ``fields`` in the request.
    """

    make: Callable[[Snapshot, Values], Exported | Work[Exported]]
    fields: Mapping[str, Kind] = field(default_factory=dict)

    def making(self, snapshot: Snapshot, values: Values) -> Work[Exported]:
        made = self.make(snapshot, values)
        return made if isinstance(made, tuple) else (yield from made)


def export_by(
    table: Mapping[str, Export],
    trainer: Trainer,
    plane: Plane,
    message: Mapping[str, Any],
    others: Sequence[Trainer] = (),
) -> Work[Exported]:
    """Make one of the exports in a table; see :func:`.exports.export`."""
    kind = Choice(default=None, table=table, label="What", help="The export to make.")
    what = read_fields(message, {"what": kind})["what"]
    record = table[what]
    beside = [Snapshot(other) for other in others]
    snapshot = Snapshot(trainer, plane, look_of(message, trainer.recipe), beside=beside)
    values = read_fields(message, record.fields)
    try:
        header, file = yield from record.making(snapshot, values)
    except NotExpressible as error:
        header, file = {"problem": str(error)}, b""
    return {"type": "exported", "what": what, **header}, file


def look_of(message: Mapping[str, Any], recipe: Recipe) -> Look:
    """The look in a request; raises :class:`RecipeError` if the run cannot show it."""
    look = Look.from_dict(message.get("look", {}))
    if problems := look.problems(recipe):
        raise RecipeError(*problems.values())
    return look


# --- files ----------------------------------------------------------------------------


def _data_file(name: str) -> Export:
    file = data_files.DATA_FILES[name]

    def make(snapshot: Snapshot, values: Values) -> Exported:
        return {"name": file.file_name(snapshot.moment), "mime": file.mime}, file.make(snapshot)

    return Export(make)


def _program(name: str) -> Export:
    def make(snapshot: Snapshot, values: Values) -> Exported:
        script = program(snapshot.recipe, snapshot.epoch, name)
        header = {
            "name": f"{snapshot.moment.name}-{name}.py", "mime": "text/x-python",
            "differences": differences(snapshot.recipe, snapshot.epoch, name),
        }  # fmt: skip
        if (table := snapshot.recipe.table) and not is_inline(table):
            header["reads"] = "points"  # the export of the file beside the script
        return header, script.encode()

    return Export(make)


# --- the points as a data set ---------------------------------------------------------


def _table(snapshot: Snapshot, values: Values) -> Exported:
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


def _link(snapshot: Snapshot, values: Values) -> Exported:
    if problem := snapshot.moment.too_long:
        return {"problem": problem}, b""
    return {"query": snapshot.moment.to_query()}, b""


def _qr(snapshot: Snapshot, values: Values) -> Exported:
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


FILE_EXPORTS: dict[str, Export] = {
    **{name: _data_file(name) for name in data_files.DATA_FILES},
    **{name: _program(name) for name in FLAVOURS},
    "table": Export(_table),
    "link": Export(_link),
    "qr": Export(_qr, {"text": Text(default=None, label="Text", help="Content of the code.")}),
}
