"""Pictures of a snapshot: one record for each kind of picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import plotly.graph_objects as go

from .. import figures
from ..analysis.field import Grid
from ..analysis.snapshot import Snapshot
from ..figures import PanelDrawings, Wiring, bars, boundary, composed, curves, diagram, surface
from ..recipe.contrasts import titles
from ..recipe.look import DEFAULT_LOOK, Look
from ..training.pieces import Work, done
from .beside import in_order, looks_of

Fields = dict[str, Any]  # arguments of a figure
MOST_SIDE = 800  # grid points along a side of the plane
ROW = "boundary"  # the picture that shows runs side by side


@dataclass(frozen=True)
class Shot:
    """Options of a picture. ``size`` is in pixels, by default the picture's own.

    Probabilities are those at the look's probe, which is marked on the plane; without a probe, at
    the centre. ``caption`` is by default made from the snapshot; "" is none. ``eye`` is the
    position of a surface's camera, in Plotly's units.
    """

    look: Look = DEFAULT_LOOK
    size: tuple[int, int] | None = None
    theme: str = "light"
    caption: str | None = None
    eye: tuple[float, float, float] = figures.EYE


@dataclass(frozen=True)
class Picture:
    """A kind of picture: ``draw(snapshot, shot, size, caption)``, with a default ``size``.

    ``has_plane`` is true if it shows the plane, coloured by the look's view.
    """

    name: str
    label: str
    size: tuple[int, int]
    draw: Callable[[Snapshot, Shot, tuple[int, int], str], go.Figure]
    has_plane: bool = False


def picture(snapshot: Snapshot, name: str, shot: Shot) -> go.Figure:
    """Draw the picture of this name in ``PICTURES``."""
    return done(drawing(snapshot, name, shot))


def drawing(snapshot: Snapshot, name: str, shot: Shot) -> Work[go.Figure]:
    """Draw it as :func:`picture` does, with pauses while its planes are made."""
    record = PICTURES[name]
    caption = caption_of(snapshot, name, shot.look) if shot.caption is None else shot.caption
    size = shot.size or size_of(name, len(snapshot.beside))
    if record.has_plane and not shot.look.is_surface:
        snapshot = snapshot.on(_grid_for(snapshot, size))
        if name == ROW:
            snapshot = _with_fine_beside(snapshot)
        runs = [snapshot, *(snapshot.beside if name == ROW else ())]
        for run in runs:
            yield from run.evaluating(shot.look.painted(run.recipe.sizes).unit)
    figure = record.draw(snapshot, shot, size, caption)
    title = f"{snapshot.recipe.source.label}, epoch {snapshot.epoch}"
    return figure.update_layout(meta={"title": title})  # the title if exported as HTML


def size_of(name: str, n_beside: int) -> tuple[int, int]:
    """The default size of a picture, with so many runs beside the one it is of, in a row."""
    if name != ROW or not n_beside:
        return PICTURES[name].size
    across, down = figures.PLANE
    return (1 + n_beside) * across, down


def caption_of(snapshot: Snapshot, name: str, look: Look) -> str:
    """The default caption, about what the picture shows."""
    if name == ROW and snapshot.beside:
        return snapshot.common_caption
    return snapshot.caption_of(look, PICTURES[name].has_plane)


def _grid_for(snapshot: Snapshot, size: tuple[int, int]) -> Grid:
    """A grid as fine as the plane in a picture of this size, drawn twice as large."""
    side = min(2 * min(size), MOST_SIDE)
    return Grid(snapshot.extent, snapshot.preparation, side)


def _with_fine_beside(snapshot: Snapshot) -> Snapshot:
    """The snapshot with those beside it on grids as fine as its own."""
    side = len(snapshot.plane.grid.x1)
    return snapshot.with_beside(
        [each.on(Grid(each.extent, each.preparation, side)) for each in snapshot.beside]
    )


# --- pictures -------------------------------------------------------------------------


def _boundary(snapshot: Snapshot, shot: Shot, size: tuple[int, int], caption: str) -> go.Figure:
    frame = _frame(shot, size, caption)
    if snapshot.beside:
        return figures.row(_cells(snapshot, shot), **frame)
    if shot.look.is_surface:
        return surface(**_surface_of(snapshot, shot), **frame)
    return boundary(**_plane_of(snapshot, shot), **frame)


def _probabilities(
    snapshot: Snapshot, shot: Shot, size: tuple[int, int], caption: str
) -> go.Figure:
    return bars(**_bars_of(snapshot, shot), **_frame(shot, size, caption))


def _losses(snapshot: Snapshot, shot: Shot, size: tuple[int, int], caption: str) -> go.Figure:
    return curves(**_curves_of(snapshot, shot), **_frame(shot, size, caption))


def _network(snapshot: Snapshot, shot: Shot, size: tuple[int, int], caption: str) -> go.Figure:
    return diagram(**_diagram_of(snapshot, shot), **_frame(shot, size, caption))


def _composed(snapshot: Snapshot, shot: Shot, size: tuple[int, int], caption: str) -> go.Figure:
    """Draw all panels; the point of the bars is marked on the plane, but not on a surface."""
    if shot.look.is_surface:
        plane = partial(figures.draw_surface, **_surface_of(snapshot, shot))
    else:
        at_bars = {"pin": shot.look.probe or snapshot.centre}
        plane = partial(figures.draw_boundary, **_plane_of(snapshot, shot) | at_bars)
    panels = PanelDrawings(
        plane=plane,
        network=partial(figures.draw_diagram, **_diagram_of(snapshot, shot)),
        probabilities=partial(figures.draw_bars, **_bars_of(snapshot, shot)),
        curves=partial(figures.draw_curves, **_curves_of(snapshot, shot)),
    )
    return composed(panels, **_frame(shot, size, caption))


def _activations(snapshot: Snapshot, shot: Shot, size: tuple[int, int], caption: str) -> go.Figure:
    """Draw all activations; the run's is marked if a caption describes the run."""
    current = snapshot.recipe.activation if snapshot.recipe.hidden and caption else None
    return figures.functions(current, **_frame(shot, size, caption))


PICTURES: dict[str, Picture] = {
    record.name: record
    for record in (
        Picture("boundary", "Decision boundary", (680, 690), _boundary, has_plane=True),
        Picture("probabilities", "Class probabilities", (480, 400), _probabilities),
        Picture("losses", "Loss and accuracy", (640, 480), _losses),
        Picture("network", "Network diagram", (900, 580), _network),
        Picture("composed", "All in one", (1280, 720), _composed, has_plane=True),
        Picture("activations", "Activation functions", (960, 640), _activations),
    )
}

# --- arguments of the figures -----------------------------------------------------------


def _frame(shot: Shot, size: tuple[int, int], caption: str) -> Fields:
    return {"size": size, "theme": shot.theme, "caption": caption}


def _plane_of(snapshot: Snapshot, shot: Shot) -> Fields:
    look = shot.look.painted(snapshot.network.sizes)
    return {
        "dataset": snapshot.dataset, "extent": snapshot.extent, "field": snapshot.field,
        "lines": snapshot.lines(shot.look), "look": look,
        "predicted": snapshot.predicted(shot.look),
        "unit_map": snapshot.chosen_map(look), "pin": shot.look.probe,
    }  # fmt: skip


def _cells(snapshot: Snapshot, shot: Shot) -> list[figures.Cell]:
    """The planes of all runs side by side, in their order; surfaces are flat there."""
    runs = in_order(snapshot, snapshot.beside, shot.look)
    looks = looks_of(runs, shot.look.flat())
    cells = []
    for run, look, title in zip(
        runs, looks, titles(shot.look.beside, snapshot.recipe), strict=True
    ):
        ended = "" if run.epoch == snapshot.epoch else f", ended at epoch {run.epoch}"
        fields = _plane_of(run, replace(shot, look=look))
        cells.append(figures.Cell(title + ended, fields))
    return cells


def _surface_of(snapshot: Snapshot, shot: Shot) -> Fields:
    class_index, data = shot.look.class_index, snapshot.dataset
    return {
        "field": snapshot.field, "class_index": class_index, "features": snapshot.dataset.features,
        "class_name": data.class_names[class_index], "eye": shot.eye,
        "points": [data.train[data.train_labels == k] for k in range(data.n_classes)],
    }  # fmt: skip


def _bars_of(snapshot: Snapshot, shot: Shot) -> Fields:
    point, data = shot.look.probe or snapshot.centre, snapshot.dataset
    output = snapshot.network.output.name
    return {
        "probabilities": snapshot.probabilities(point), "class_names": data.class_names,
        "headings": figures.headings_at(output, data.features, point, snapshot.extent),
    }  # fmt: skip


def _curves_of(snapshot: Snapshot, shot: Shot) -> Fields:
    at_threshold = (
        shot.look.decision_threshold != DEFAULT_LOOK.decision_threshold
    )  # then the caption's accuracies differ from these
    return {
        "history": snapshot.history, "log_loss": shot.look.log_loss,
        "log_epochs": shot.look.log_epochs,
        "accuracy": "accuracy at ½" if at_threshold else "accuracy",
    }  # fmt: skip


def _diagram_of(snapshot: Snapshot, shot: Shot) -> Fields:
    maps, scales = snapshot.maps
    network = snapshot.network
    wiring = Wiring(network.weights, maps, scales, snapshot.inputs, snapshot.dataset.class_names,
                    network.output.name)  # fmt: skip
    return {"wiring": wiring, "marked": shot.look.unit}
