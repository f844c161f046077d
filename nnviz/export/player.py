"""An HTML page that plays a run offline, with a slider, losses, and probabilities at the pointer.

The file contains everything, including Plotly. Each frame holds its field as a small image and its
probabilities in bytes.
"""

from __future__ import annotations

import base64
import html
import json
import re
import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.offline import get_plotlyjs

from ..analysis.snapshot import Snapshot
from ..choices import views
from ..choices.datasets import Dataset
from ..choices.palette import CLASS_STYLES, THEMES, Theme
from ..figures.plane import LINE, RING, RING_LINE, mistakes, path_of
from ..figures.sheet import FONT, SMALL, TEXT
from ..recipe.look import Look
from .frames import caption_parts
from .player_files import text

Array = NDArray[Any]

MOST_POINTS = 400  # per curve


def page(
    layer: go.Figure, dataset: Dataset, look: Look, theme: str, fps: int,
    snapshots: Iterable[Snapshot],
) -> bytes:  # fmt: skip
    """Make the page. ``layer`` holds the points and the axes of the plane, in any size."""
    frames, last = [], None
    for last in snapshots:
        frames.append(_frame(last, look, THEMES[theme]))
    if last is None:
        raise ValueError("an animation must have 1 frame or more; got none")
    run = {
        "frames": frames,
        "fps": fps,
        "plane": _plane(layer, dataset.shares_scale),
        "losses": _losses(last, THEMES[theme]),
        "ink": THEMES[theme].ink,
        "pens": {"line": LINE, "ring": RING, "ringLine": RING_LINE},  # pixels
        "features": dataset.features,
        "classes": [
            {"name": name, "colour": style.colour}
            for name, style in zip(dataset.class_names, CLASS_STYLES, strict=False)
        ],
        **_grid(last),
    }
    return _filled(
        title=html.escape(f"{last.recipe.source.label}: decision boundary"),
        about=html.escape(_about(last, look)),
        colours=_colours(THEMES[theme]),
        last=str(len(frames) - 1),
        run=_safe_json(run),
        plotly=get_plotlyjs(),
        style=text("player.css"),
        script=text("player.js"),
    ).encode()


# --- frames ---------------------------------------------------------------------------


def _frame(snapshot: Snapshot, look: Look, theme: Theme) -> dict[str, Any]:
    probabilities = snapshot.field.probabilities
    painted = look.painted(snapshot.network.sizes)
    unit_map = snapshot.chosen_map(painted)
    pixels = (
        views.shade(probabilities, painted, theme)
        if unit_map is None
        else views.shade_signed(unit_map)
    )
    rings: Any = ()
    if look.rings:
        rings = mistakes(snapshot.dataset, snapshot.predicted(look), look)
    return {
        "epoch": snapshot.epoch,
        "caption": " · ".join(caption_parts(snapshot, look)),
        "field": views.data_uri(pixels),
        "path": path_of(snapshot.lines(look)),
        "rings": [float(f"{number:.5g}") for number in np.ravel(rings)],
        "planes": _packed(_stored(probabilities)),
    }


def _stored(probabilities: Array) -> Array:
    """The probabilities to store: of two classes only the second's."""
    return probabilities[1:] if len(probabilities) == 2 else probabilities


def _packed(probabilities: Array) -> str:
    """Bytes, 255 for 1, as differences along each row, compressed, in base64."""
    steps = np.rint(np.clip(probabilities, 0, 1) * 255).astype(np.uint8)
    differences = np.diff(steps, axis=-1, prepend=np.uint8(0))  # modulo 256
    return base64.b64encode(zlib.compress(differences.tobytes(), 9)).decode()


def _grid(snapshot: Snapshot) -> dict[str, Any]:
    """The grid's shape, the plane's extent, and the edges of the field's image."""
    field, extent = snapshot.field, snapshot.extent
    halves = [(x[1] - x[0]) / 2 for x in (field.x1, field.x2)]
    ends = [(float(x[0]), float(x[-1])) for x in (field.x1, field.x2)]
    planes, rows, columns = _stored(field.probabilities).shape
    return {
        "grid": {"planes": planes, "rows": rows, "columns": columns},
        "extent": [*extent.x1, *extent.x2],
        "edges": [
            end for (low, high), half in zip(ends, halves, strict=True)
            for end in (low - half, high + half)
        ],
    }  # fmt: skip


# --- charts ---------------------------------------------------------------------------


def _plane(layer: go.Figure, shares_scale: bool) -> dict[str, Any]:
    """The static layer's points on axes that fill the available space."""
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


def _losses(snapshot: Snapshot, theme: Theme) -> dict[str, Any]:
    """Loss by epoch: training part solid, test part dotted."""
    history = snapshot.history
    epochs = np.unique(np.linspace(0, len(history) - 1, MOST_POINTS).astype(int))
    data = [
        {
            "type": "scatter", "mode": "lines", "name": part, "x": epochs.tolist(),
            "y": [_number(value) for value in history[f"{part}_loss"][epochs]],
            "line": {"color": theme.ink, "width": 2, "dash": dash},
            "hovertemplate": f"epoch %{{x}}: %{{y:.4g}} {part}<extra></extra>",
        }
        for part, dash in (("train", "solid"), ("test", "dot"))
        if part == "train" or len(snapshot.dataset.test)
    ]  # fmt: skip
    axis = {
        "gridcolor": theme.grid,
        "zeroline": False,
        "fixedrange": True,
        "ticks": "outside",
        "tickcolor": "rgba(0,0,0,0)",
    }  # invisible ticks keep the numbers of the two axes apart
    font = {"family": FONT, "size": TEXT, "color": theme.ink}
    across = {"range": [0, max(len(history) - 1, 1)], "title": {"text": "epoch", "font": font}}
    up = {"rangemode": "tozero", "title": {"text": "loss", "font": font}}
    return {"data": data, "layout": _layout(font) | {"xaxis": across | axis, "yaxis": up | axis}}


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
