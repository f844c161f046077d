"""Pictures of a snapshot: one record for each that can be taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import plotly.graph_objects as go

from .. import figures
from ..analysis.snapshot import Snapshot
from ..figures import Panels, Wiring, bars, boundary, composed, curves, diagram, surface
from ..recipe.look import DEFAULT_LOOK, Look

Fields = dict[str, Any]  # arguments of a figure


@dataclass(frozen=True)
class Shot:
    """How a picture is wanted. ``size`` in pixels; without one the picture has its own.

    Probabilities are those at the look's probe, which is marked on the plane; without one, at
    the centre. ``caption`` None is the snapshot's own, "" none. ``eye`` is where the camera of a
    surface stands, in Plotly's units.
    """

    look: Look = DEFAULT_LOOK
    size: tuple[int, int] | None = None
    theme: str = "light"
    caption: str | None = None
    eye: tuple[float, float, float] = figures.EYE


@dataclass(frozen=True)
class Picture:
    """One choice: ``draw(snapshot, shot, size, caption)``, and the size it has by itself.

    ``has_plane`` where the look's view is seen in it.
    """

    name: str
    label: str
    size: tuple[int, int]
    draw: Callable[[Snapshot, Shot, tuple[int, int], str], go.Figure]
    has_plane: bool = False


def picture(snapshot: Snapshot, name: str, shot: Shot) -> go.Figure:
    """The picture of that name in ``PICTURES``."""
    record = PICTURES[name]
    caption = caption_of(snapshot, name, shot.look) if shot.caption is None else shot.caption
    figure = record.draw(snapshot, shot, shot.size or record.size, caption)
    title = f"{snapshot.recipe.source.label}, epoch {snapshot.epoch}"
    return figure.update_layout(meta={"title": title})  # for a page of its own


def caption_of(snapshot: Snapshot, name: str, look: Look) -> str:
    """The picture's own caption: of what it shows, and nothing else."""
    return snapshot.caption_of(look, PICTURES[name].has_plane)


# --- pictures -------------------------------------------------------------------------


def _boundary(snapshot: Snapshot, shot: Shot, size: tuple[int, int], caption: str) -> go.Figure:
    frame = _frame(shot, size, caption)
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
    """Everything at once; the plane is marked where the bars are of, but not under a surface."""
    if shot.look.is_surface:
        plane = partial(figures.draw_surface, **_surface_of(snapshot, shot))
    else:
        at_bars = {"pin": shot.look.probe or snapshot.centre}
        plane = partial(figures.draw_boundary, **_plane_of(snapshot, shot) | at_bars)
    panels = Panels(
        plane=plane,
        network=partial(figures.draw_diagram, **_diagram_of(snapshot, shot)),
        probabilities=partial(figures.draw_bars, **_bars_of(snapshot, shot)),
        curves=partial(figures.draw_curves, **_curves_of(snapshot, shot)),
    )
    return composed(panels, **_frame(shot, size, caption))


def _activations(snapshot: Snapshot, shot: Shot, size: tuple[int, int], caption: str) -> go.Figure:
    """The run's own one is marked, where a caption says which run that is."""
    own = snapshot.recipe.activation if snapshot.recipe.hidden and caption else None
    return figures.functions(own, **_frame(shot, size, caption))


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

# --- what each is drawn from ------------------------------------------------------------


def _frame(shot: Shot, size: tuple[int, int], caption: str) -> Fields:
    return {"size": size, "theme": shot.theme, "caption": caption}


def _plane_of(snapshot: Snapshot, shot: Shot) -> Fields:
    look = shot.look.painted(snapshot.network.sizes)
    return {
        "dataset": snapshot.dataset, "extent": snapshot.extent, "field": snapshot.field,
        "lines": snapshot.lines(shot.look), "look": look,
        "predicted": snapshot.predicted(shot.look),
        "said": snapshot.said(look), "pin": shot.look.probe,
    }  # fmt: skip


def _surface_of(snapshot: Snapshot, shot: Shot) -> Fields:
    class_index = shot.look.class_index
    return {
        "field": snapshot.field, "class_index": class_index, "features": snapshot.dataset.features,
        "class_name": snapshot.dataset.class_names[class_index], "eye": shot.eye,
    }  # fmt: skip


def _bars_of(snapshot: Snapshot, shot: Shot) -> Fields:
    point, data = shot.look.probe or snapshot.centre, snapshot.dataset
    output = snapshot.network.output.name
    return {
        "probabilities": snapshot.probabilities(point), "class_names": data.class_names,
        "headings": figures.headings_at(output, data.features, point, snapshot.extent),
    }  # fmt: skip


def _curves_of(snapshot: Snapshot, shot: Shot) -> Fields:
    # accuracies in the caption are at the look's threshold, those of the curves at the default
    at_threshold = shot.look.decision_threshold != DEFAULT_LOOK.decision_threshold
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
