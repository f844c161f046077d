"""An HTML page that plays runs offline, with a slider, losses, and probabilities at the pointer.

The file contains everything, including Plotly. Each frame holds its field as an image as fine as
the animation's size, probabilities on a coarser grid in bytes, and which of the lists of points it
shows.
"""

from __future__ import annotations

import base64
import html
import io
import json
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from PIL import Image
from plotly.offline import get_plotlyjs

from ..analysis.snapshot import Snapshot
from ..choices import views
from ..choices.datasets import Dataset
from ..choices.palette import CLASS_STYLES, THEMES, Theme, channels
from ..figures.plane import LINE, RING, RING_LINE, mistakes, path_of, points_by_trace
from ..figures.sheet import FONT, SMALL, TEXT, plain
from ..recipe.look import Look
from .frames import caption_parts
from .player_files import text

Array = NDArray[Any]

MOST_POINTS = 400  # per curve
QUALITY = 90  # of a field with many shades, as WebP
TOLERANCE = 0.1  # of a grid step: how far a line may be from the boundary
HALVINGS = 5  # of the points of a line, at most


# a run at an epoch, on the grid of the probabilities and on that of the picture
Both = tuple[Snapshot, Snapshot]


@dataclass(frozen=True)
class PlayerPart:
    """A run of the page, with its own ``look``.

    ``layer`` holds the axes of its plane, in any size, and a trace of points for each class and
    part; where they are comes from snapshots. ``title`` and ``colour`` distinguish several runs.
    """

    layer: go.Figure
    dataset: Dataset
    look: Look
    colour: str
    title: str = ""


def page(
    parts: Sequence[PlayerPart], theme: str, fps: int, snapshots: Iterable[Sequence[Both]]
) -> bytes:
    """Make the page; each of the ``snapshots`` is one for each part, in their order."""
    films = [_Film(part, THEMES[theme]) for part in parts]
    for shown in snapshots:
        for film, both in zip(films, shown, strict=True):
            film.add(both)
    lasts = [film.last for film in films if film.last]
    if not lasts:
        raise ValueError("an animation must have 1 frame or more; got none")
    first, *others = films
    run = {
        **first.as_json(lasts[0]),
        "fps": fps,
        "losses": _losses(list(zip(parts, lasts, strict=True)), THEMES[theme]),
        "ink": THEMES[theme].ink,
        "pens": {"line": LINE, "ring": RING, "ringLine": RING_LINE},  # pixels
        "others": [film.as_json(last) for film, last in zip(others, lasts[1:], strict=True)],
    }
    title = f"{lasts[0].recipe.source.label}: decision boundary"
    about = _about(lasts[0], parts[0].look)
    return _filled(
        title=html.escape(title),
        about=html.escape("" if others else about),
        colours=_colours(THEMES[theme]),
        last=str(len(first.frames) - 1),
        run=_safe_json(run),
        plotly=get_plotlyjs(),
        style=text("player.css"),
        script=text("player.js"),
    ).encode()


class _Film:
    """The frames of a run, and the lists of points that they show."""

    def __init__(self, part: PlayerPart, theme: Theme):
        self.part, self.theme = part, theme
        self.frames: list[dict[str, Any]] = []
        self.points: list[list[dict[str, Any]]] = []
        self.last: Snapshot | None = None
        self.edges: list[float] = []  # of the pictures

    def add(self, both: Both) -> None:
        snapshot, fine = both
        if self.last is None or snapshot.dataset is not self.last.dataset:
            self.points.append(_points(snapshot.dataset, self.part.look))
        frame = _frame(fine, self.part.look, self.theme)
        frame["planes"] = _packed(_stored(snapshot.field.probabilities))
        self.frames.append(frame | {"points": len(self.points) - 1})
        self.last, self.edges = snapshot, _edges(fine)

    def as_json(self, last: Snapshot) -> dict[str, Any]:
        """The run as the page's script reads it."""
        dataset = self.part.dataset
        return {
            "title": self.part.title,
            "frames": self.frames,
            "points": self.points,
            "plane": _plane(self.part.layer, dataset.shares_scale),
            "features": dataset.features,
            "classes": [
                {"name": name, "colour": style.colour}
                for name, style in zip(dataset.class_names, CLASS_STYLES, strict=False)
            ],
            "edges": self.edges,
            **_grid(last),
        }


# --- frames ---------------------------------------------------------------------------


def _frame(snapshot: Snapshot, look: Look, theme: Theme) -> dict[str, Any]:
    painted = look.painted(snapshot.network.sizes)
    unit_map = snapshot.chosen_map(painted)
    pixels = (
        views.shade(snapshot.field.probabilities, painted, theme)
        if unit_map is None
        else views.shade_signed(unit_map)
    )
    rings: Any = ()
    if look.rings:
        rings = mistakes(snapshot.dataset, snapshot.predicted(look), look)
    return {
        "epoch": snapshot.epoch,
        "caption": " · ".join(caption_parts(snapshot, look)),
        "field": _image(pixels, theme),
        "path": path_of(_simplified(snapshot, line) for line in snapshot.lines(look)),
        "rings": [float(f"{number:.5g}") for number in np.ravel(rings)],
    }


def _image(pixels: Array, theme: Theme) -> str:
    """Pixels on paper, the first row at the bottom, in a ``data:`` address: the smaller of two."""
    share = pixels[::-1, :, 3:] / 255
    colours = share * pixels[::-1, :, :3] + (1 - share) * np.array(channels(theme.paper))
    image = Image.fromarray(np.rint(colours).astype(np.uint8))
    files = []
    for way in ({"quality": QUALITY}, {"lossless": True, "quality": 20, "method": 2}):
        file = io.BytesIO()
        image.save(file, "WEBP", **way)
        files.append(file.getvalue())
    return f"data:image/webp;base64,{base64.b64encode(min(files, key=len)).decode()}"


def _simplified(snapshot: Snapshot, line: Array) -> Array:
    """The line ``(n, 2)`` without points that lie between their neighbours."""
    steps = np.array([x[1] - x[0] for x in (snapshot.field.x1, snapshot.field.x2)])
    for _ in range(HALVINGS):
        before, between, after = (line[i : len(line) - 2 + i : 2] / steps for i in range(3))
        across, aside = (after - before).T, (between - before).T
        length = np.hypot(*across)
        distance = np.abs(across[0] * aside[1] - across[1] * aside[0])
        kept = np.ones(len(line), bool)
        kept[1:-1:2] = distance >= TOLERANCE / HALVINGS * length
        line = line[kept]
    return line


def _points(dataset: Dataset, look: Look) -> list[dict[str, Any]]:
    """Places and sizes of the points of each trace."""
    return [
        {"x": _numbers(own[:, 0]), "y": _numbers(own[:, 1]), "size": size}
        for _, _, own, size in points_by_trace(dataset, look)
    ]


def _numbers(values: Array) -> list[float]:
    return [float(f"{value:.7g}") for value in values.tolist()]


def _stored(probabilities: Array) -> Array:
    """The probabilities to store: of two classes only the second's."""
    return probabilities[1:] if len(probabilities) == 2 else probabilities


def _packed(probabilities: Array) -> str:
    """Bytes, 255 for 1, as differences along each row, compressed, in base64."""
    steps = np.rint(np.clip(probabilities, 0, 1) * 255).astype(np.uint8)
    differences = np.diff(steps, axis=-1, prepend=np.uint8(0))  # modulo 256
    return base64.b64encode(zlib.compress(differences.tobytes(), 9)).decode()


def _grid(snapshot: Snapshot) -> dict[str, Any]:
    """The shape of the grid of the probabilities, and the plane's extent."""
    planes, rows, columns = _stored(snapshot.field.probabilities).shape
    return {
        "grid": {"planes": planes, "rows": rows, "columns": columns},
        "extent": [*snapshot.extent.x1, *snapshot.extent.x2],
    }


def _edges(snapshot: Snapshot) -> list[float]:
    """The edges of the field's image, half a pixel beyond the grid."""
    edges: list[float] = []
    for x in (snapshot.field.x1, snapshot.field.x2):
        half = (x[1] - x[0]) / 2
        edges += [float(x[0] - half), float(x[-1] + half)]
    return edges


# --- charts ---------------------------------------------------------------------------


def _plane(layer: go.Figure, shares_scale: bool) -> dict[str, Any]:
    """The static layer's traces on axes that fill the available space."""
    figure = json.loads(layer.to_json())
    drawn = figure["layout"]
    axes = {}
    for name in ("xaxis", "yaxis"):
        kept = ("range", "title", "gridcolor", "linecolor", "zeroline", "showgrid", "ticks")
        axes[name] = {key: drawn[name][key] for key in kept if key in drawn[name]}
        axes[name] |= {"constrain": "domain", "fixedrange": True}
    if shares_scale:
        axes["yaxis"] |= {"scaleanchor": "x", "scaleratio": 1}
    for trace in figure["data"]:
        trace.pop("legend", None)  # put all into one legend, which wraps by itself
    return {"data": figure["data"], "layout": _layout(drawn["font"]) | axes}


def _losses(runs: Sequence[tuple[PlayerPart, Snapshot]], theme: Theme) -> dict[str, Any]:
    """Loss by epoch: training part solid, test part dotted."""
    data = [line for part, last in runs for line in _lines(part, last)]
    end = max(len(last.history) for _, last in runs) - 1
    axis = {
        "gridcolor": theme.grid,
        "zeroline": False,
        "fixedrange": True,
        "ticks": "outside",
        "tickcolor": "rgba(0,0,0,0)",
    }  # invisible ticks keep the numbers of the two axes apart
    font = {"family": FONT, "size": TEXT, "color": theme.ink}
    across = {"range": [0, max(end, 1)], "title": {"text": "epoch", "font": font}}
    up = {"rangemode": "tozero", "title": {"text": "loss", "font": font}}
    return {"data": data, "layout": _layout(font) | {"xaxis": across | axis, "yaxis": up | axis}}


def _lines(run: PlayerPart, last: Snapshot) -> list[dict[str, Any]]:
    """The losses of a run, of its training and its test part."""
    history = last.history
    epochs = np.unique(np.linspace(0, len(history) - 1, MOST_POINTS).astype(int))
    named = f"{plain(run.title)}, " if run.title else ""
    return [
        {
            "type": "scatter", "mode": "lines", "name": named + part, "x": epochs.tolist(),
            "y": [_number(value) for value in history[f"{part}_loss"][epochs]],
            "line": {"color": run.colour, "width": 2, "dash": dash},
            "hovertemplate": f"epoch %{{x}}: %{{y:.4g}} {part}<extra></extra>",
        }
        for part, dash in (("train", "solid"), ("test", "dot"))
        if part == "train" or len(last.dataset.test)
    ]  # fmt: skip


def _layout(font: dict[str, Any]) -> dict[str, Any]:
    clear = "rgba(0,0,0,0)"
    return {
        "template": "none", "autosize": True, "font": font, "showlegend": True,
        "paper_bgcolor": clear, "plot_bgcolor": clear,
        "margin": {"l": 56, "r": 10, "t": 30, "b": 46},
        "hoverlabel": {"font": {"family": FONT, "size": SMALL}},
        "legend": {"orientation": "h", "x": 0, "y": 1.01, "yanchor": "bottom", "bgcolor": clear,
                   "itemclick": False, "itemdoubleclick": False},
    }  # fmt: skip


# --- the page -------------------------------------------------------------------------


def _about(snapshot: Snapshot, look: Look) -> str:
    """The caption without the parts that change from frame to frame."""
    caption = snapshot.caption_of(look)
    changing = ("epoch ", "loss ", "accuracy ")
    kept = [part for part in caption.split(" · ") if not part.startswith(changing)]
    # the scale of a unit's map changes too
    return " · ".join(part.split(", colours ")[0] for part in kept)


def _colours(theme: Theme) -> str:
    """The theme as CSS variables."""
    names = {
        "ink": theme.ink, "paper": theme.paper, "grid": theme.grid, "scheme": theme.name,
        "focus": CLASS_STYLES[4].colour,
    }  # fmt: skip
    return " ".join(f"--{name}: {value};" for name, value in names.items())


def _safe_json(value: Any) -> str:
    """JSON for a script element, escaped so that it contains no tags."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _number(value: float) -> float | None:
    return float(f"{value:.5g}") if np.isfinite(value) else None


def _filled(**parts: str) -> str:
    """The page's template with its placeholders filled, in one pass."""
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], text("player.html"))
