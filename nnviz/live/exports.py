"""Exports of an open run at its current epoch.

A request ``{"op": "export", "what": …}`` names one of ``EXPORTS``, which lists its other fields. If
the export is not possible, the reply has a ``problem``, a sentence that says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..analysis.snapshot import Plane, Snapshot
from ..export import animation
from ..recipe.kinds import Flag
from ..training.pieces import Work
from ..training.trainer import Trainer
from .file_exports import FILE_EXPORTS, Export, Exported, export_by
from .picture_exports import PICTURE_EXPORTS, THEME
from .requests import Values


def export(
    trainer: Trainer, plane: Plane, message: Mapping[str, Any], others: Sequence[Trainer] = ()
) -> Work[Exported]:
    """Make header and file, with pauses.

    Raises :class:`RequestError` or :class:`RecipeError` for invalid fields.
    """
    return export_by(EXPORTS, trainer, plane, message, others)


def _layer(snapshot: Snapshot, values: Values) -> Exported:
    plan = animation.AnimationPlan(look=snapshot.look, **values)
    figure = animation.layer(snapshot, plan)
    return {"mime": "application/json", "size": plan.size}, figure.to_json().encode()


EXPORTS: dict[str, Export] = {
    **PICTURE_EXPORTS,
    "layer": Export(
        _layer,
        {
            "size": animation.FIELDS["size"],
            "theme": THEME,
            "caption": Flag(default=True, label="Caption", help="Whether to leave room for it."),
        },
    ),
    **FILE_EXPORTS,
}
