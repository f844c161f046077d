"""The figures of a sweep, in one table: what each takes from a summary and portraits of runs."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ..figures import sweeps as figures
from ..notation import counted
from ..problems import field_title
from .portrait import Portrait
from .summary import Summary

_MOST_GROUPS = 6  # of curves

Portraits = Mapping[int, Portrait]  # by the number of the run


@dataclass(frozen=True)
class SweepFigure:
    """One figure; ``draw`` makes it.

    ``on_page`` if the report holds it as a chart, ``has_axes`` if these are moved by hand on the
    page.
    """

    name: str
    label: str
    draw: Callable[[Summary, Portraits], go.Figure]
    on_page: bool = True
    has_axes: bool = False


def axes(summary: Summary) -> list[str]:
    """The fields down and across: the first two with several values, else a seed."""
    several = [name for name in summary.fields if len(summary.order[name]) > 1]
    return (several or summary.fields)[:2]


def along(summary: Summary, names: list[str]) -> list[tuple[str, ...]]:
    return [(text,) for text in summary.order[names[0]]] if names else [()]


def picture_uri(portrait: Portrait, theme: str = "light") -> str:
    """The picture of a portrait for a light or a dark page, as a ``data:`` address."""
    picture = portrait.dark if theme == "dark" else portrait.picture
    kind = "png" if picture.startswith(b"\x89PNG") else "webp"  # a browser's Python makes PNGs
    return f"data:image/{kind};base64," + base64.b64encode(picture).decode()


def columns(summary: Summary) -> dict[str, tuple[list[float], list[str] | None]]:
    """The axes of parallel coordinates: fields by the place of their value, then results."""
    columns: dict[str, tuple[list[float], list[str] | None]] = {}
    for name in summary.fields:
        place = {text: float(i) for i, text in enumerate(summary.order[name])}
        columns[field_title(name)] = [place[t] for t in summary.texts[name]], summary.order[name]
    for name in (summary.loss, summary.accuracy):
        columns[field_title(name)] = summary.metrics[name].tolist(), None
    return columns


def _boundaries(summary: Summary, portraits: Portraits) -> go.Figure:
    names = axes(summary)
    down, across = along(summary, names[:1]), along(summary, names[1:])
    groups = summary.groups(names)
    pictures: dict[tuple[int, int], str] = {}
    for i, j in np.ndindex(len(down), len(across)):
        found = groups.get((*down[i], *across[j]))
        if found and (front := summary.median_run(found)) in portraits:
            pictures[i, j] = picture_uri(portraits[front])
    titled = _titled(summary)
    return figures.pictures(titled[1], titled[0], pictures)


def _curves(summary: Summary, portraits: Portraits) -> go.Figure:
    curves_by = [n for n in summary.varied if 1 < len(summary.order[n]) <= _MOST_GROUPS][:1]
    groups = {
        " ".join([*map(field_title, curves_by), *key]) or "all runs": shown
        for key, runs in summary.groups(curves_by).items()
        if (shown := [run for run in runs if run in portraits])
    }
    curves = [portraits[run].curves if run in portraits else {} for run in range(len(summary))]
    diverged = {run for run, why in enumerate(summary.diverged) if why}
    return figures.many_curves(groups, curves, summary.loss, field_title(summary.loss), diverged)


def _shares(summary: Summary, portraits: Portraits) -> go.Figure:
    return figures.shares({
        field_title(name): {field_title(n): x for n, x in summary.shares(name).items()}
        for name in (summary.loss, summary.accuracy)
    })  # fmt: skip


def _parallel(summary: Summary, portraits: Portraits) -> go.Figure:
    return figures.parallel(columns(summary), _ranks(summary.metrics[summary.loss]))


def draggable(summary: Summary) -> go.Figure:
    """The same with axes to be dragged, for a page that may use WebGL and write scripts.

    A run without a loss, such as one that diverged, is not drawn.
    """
    return figures.draggable(columns(summary), _ranks(summary.metrics[summary.loss]))


def left_out(summary: Summary) -> str:
    """The sentence about the runs that :func:`draggable` does not draw; empty without such runs."""
    missing = np.flatnonzero(~figures.whole(columns(summary)))
    if not len(missing):
        return ""
    runs, verb = ("run", "is") if len(missing) == 1 else ("runs", "are")
    if all(summary.diverged[run] for run in missing):
        return f"{len(missing)} diverged {runs} {verb} not drawn."
    return f"{len(missing)} {runs} without a {field_title(summary.loss)} {verb} not drawn."


def _heat_map(summary: Summary, metric: str) -> go.Figure:
    names = axes(summary)
    down, across = along(summary, names[:1]), along(summary, names[1:])
    groups = summary.groups(names)
    medians = np.full((len(down), len(across)), np.nan)
    runs = np.full(medians.shape, -1)
    counts = np.zeros(medians.shape, int)
    texts = [["no run"] * len(across) for _ in down]
    for i, j in np.ndindex(medians.shape):
        if found := groups.get((*down[i], *across[j])):
            values = summary.metrics[metric][found]
            finite = int(np.isfinite(values).sum())
            runs[i, j], counts[i, j] = summary.median_run(found), finite
            medians[i, j] = np.nanmedian(values) if finite else np.nan
            gone = f", {len(found) - finite} diverged" if finite < len(found) else ""
            texts[i][j] = (
                f"median {field_title(metric)} of {counted(finite, 'run')}: "
                f"{medians[i, j]:.4g}{gone}"
            )
    titled = _titled(summary)
    return figures.heat_map(
        titled[1], titled[0], f"median {field_title(metric)}", medians, runs, counts, texts
    )


def _titled(summary: Summary) -> list[tuple[str, list[str]]]:
    """Title and values of the axis down and of the one across."""
    named = [(field_title(name), summary.order[name]) for name in axes(summary)]
    return [*named, ("", [""]), ("", [""])][:2]


def _ranks(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Values as ranks 0…1, so that an outlier does not take the whole scale of colours."""
    ranks = np.full(len(values), np.nan)
    known = np.flatnonzero(np.isfinite(values))
    ranks[known[np.argsort(values[known])]] = np.linspace(0, 1, len(known))
    return ranks


FIGURES: dict[str, SweepFigure] = {
    record.name: record
    for record in (
        SweepFigure("boundaries", "Decision boundaries over two fields, of the median runs",
               _boundaries, on_page=False),  # there it is a table, with the other runs
        SweepFigure("loss", "Median loss over two fields", lambda s, p: _heat_map(s, s.loss)),
        SweepFigure("accuracy", "Median accuracy over two fields",
               lambda s, p: _heat_map(s, s.accuracy)),
        SweepFigure("curves", "Loss by epoch: every run, medians and quartiles", _curves),
        SweepFigure("shares", "The share of the variance that each field explains", _shares),
        SweepFigure("parallel", "All runs on parallel axes", _parallel, has_axes=True),
    )
}  # fmt: skip
