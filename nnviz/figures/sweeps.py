"""Figures of many runs, from arrays: heat map, curves, parallel coordinates, shares of variance.

``customdata`` of a mark is the number of the run that it stands for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ..choices.palette import CLASS_STYLES, THEMES, channels
from .sheet import FONT, TEXT, plain

Array = NDArray[Any]
Curves = Mapping[str, Sequence[float | None]]  # by name, "epoch" among them

_SIDE = 110  # pixels of an image
_POINTS = 60  # of a median line
_SCALES = {"loss": "Cividis_r", "accuracy": "Cividis"}  # told apart with any colour vision
_MOST_SHOWN = 97  # per cent of the numbers of all curves
_FAINT, _BAND = 0.18, 0.25  # opacity of single runs and of the band


def heat_map(
    across: tuple[str, list[str]], up: tuple[str, list[str]], metric: str,
    medians: Array, runs: NDArray[np.integer], texts: list[list[str]],
) -> go.Figure:  # fmt: skip
    """Medians ``(up, across)``, NaN where there is none, with the ``runs`` to open and texts.

    ``across`` and ``up`` are a title and the values along an axis.
    """
    figure = _figure(plain(metric))
    figure.add_trace(
        go.Heatmap(
            z=medians.tolist(), x=list(map(plain, across[1])), y=list(map(plain, up[1])),
            customdata=runs.tolist(),
            hovertext=texts, colorscale=_SCALES[metric.rpartition(" ")[2]], texttemplate="%{z:.3g}",
            hovertemplate="%{hovertext}<extra></extra>", xgap=2, ygap=2,
            colorbar={"thickness": 12, "outlinewidth": 0},
        )
    )  # fmt: skip
    figure.update_xaxes(title_text=plain(across[0]), type="category", showgrid=False)
    figure.update_yaxes(
        title_text=plain(up[0]), type="category", showgrid=False, autorange="reversed"
    )
    return figure


def pictures(
    across: tuple[str, list[str]],
    up: tuple[str, list[str]],
    sources: Mapping[tuple[int, int], str],
) -> go.Figure:
    """Images by their places (row, column) on two axes, which are as in :func:`heat_map`."""
    figure = _figure("")
    for (row, column), source in sources.items():
        figure.add_layout_image(
            source=source, xref="x", yref="y", x=column, y=row, sizex=0.94, sizey=0.94,
            xanchor="center", yanchor="middle", sizing="stretch",
        )  # fmt: skip
    for axis, (title, values) in (("xaxis", across), ("yaxis", up)):
        ends = [-0.5, len(values) - 0.5]
        figure.layout[axis].update(
            title_text=plain(title), tickvals=list(range(len(values))), showgrid=False,
            ticktext=list(map(plain, values)), range=ends if axis == "xaxis" else ends[::-1],
        )  # fmt: skip
    figure.update_layout(width=_SIDE * len(across[1]) + 160, height=_SIDE * len(up[1]) + 110)
    figure.update_layout(margin={"l": 140})
    return figure


def many_curves(
    groups: Mapping[str, Sequence[int]], curves: Sequence[Curves], metric: str, name: str
) -> go.Figure:
    """Every run as a faint line, and the median and the quartiles of each group of runs.

    A run that ends early counts up to there. ``metric`` is the name of the lines in ``curves``.
    """
    figure = _figure("")
    for number, (label, runs) in enumerate(groups.items()):
        colour = CLASS_STYLES[number % len(CLASS_STYLES)].colour
        _draw_runs(figure, [(run, curves[run]) for run in runs], metric, colour, label)
        _draw_quartiles(figure, [curves[run] for run in runs], metric, colour, label)
    figure.update_xaxes(title_text="epoch")
    figure.update_yaxes(title_text=name, range=[0, _top(curves, metric)])
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.12})
    return figure


def parallel(columns: Mapping[str, tuple[list[float], list[str] | None]], by: Array) -> go.Figure:
    """Parallel coordinates; a column is its numbers and, if they stand for texts, these."""
    figure = _figure("")
    dimensions = []
    for name, (numbers, texts) in columns.items():
        ticks = {} if texts is None else {"tickvals": list(range(len(texts))), "ticktext": texts}
        dimensions.append({"label": name, "values": numbers, **ticks})
    line = {"color": by, "colorscale": _SCALES["loss"]}
    figure.add_trace(go.Parcoords(dimensions=dimensions, line=line))
    figure.update_layout(margin={"l": 70, "r": 40, "t": 60, "b": 20})
    return figure


def shares(of: Mapping[str, Mapping[str, float]]) -> go.Figure:
    """Shares of variance, by metric and field, as bars."""
    figure = _figure("")
    for number, (metric, each) in enumerate(of.items()):
        figure.add_trace(
            go.Bar(
                y=list(map(plain, each)), x=list(each.values()), orientation="h", name=metric,
                marker_color=CLASS_STYLES[number].colour, texttemplate="%{x:.0%}",
                hovertemplate="%{y}: %{x:.1%} of the variance of the " + metric + "<extra></extra>",
            )
        )  # fmt: skip
    figure.update_xaxes(range=[0, 1.05], tickformat=".0%", title_text="share of the variance")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.15})
    return figure


def _figure(title: str) -> go.Figure:
    theme = THEMES["light"]
    axis = {"gridcolor": theme.grid, "zeroline": False, "automargin": True, "title_standoff": 6}
    return go.Figure(
        layout={
            "template": "none", "height": 380, "title": {"text": title, "font": {"size": TEXT + 1}},
            "font": {"family": FONT, "size": TEXT, "color": theme.ink}, "showlegend": False,
            "paper_bgcolor": theme.paper, "plot_bgcolor": theme.paper, "hovermode": "closest",
            "margin": {"l": 60, "r": 20, "t": 50, "b": 50}, "xaxis": axis, "yaxis": axis,
        }
    )  # fmt: skip


def _top(curves: Sequence[Curves], metric: str) -> float:
    """The end of an axis on which nearly all numbers lie, so that a few cannot flatten the rest."""
    values = [y for each in curves for y in each.get(metric, ()) if y is not None]
    return 1.1 * float(np.percentile(values, _MOST_SHOWN)) if values else 1.0


def _draw_runs(
    figure: go.Figure, runs: list[tuple[int, Curves]], metric: str, colour: str, label: str
) -> None:
    """All runs of a group as one trace, with a gap after each."""
    x: list[Any] = []
    y: list[Any] = []
    numbers: list[Any] = []
    for run, curves in runs:
        x += [*curves["epoch"], None]
        y += [*curves[metric], None]
        numbers += [run] * (len(curves["epoch"]) + 1)
    figure.add_trace(
        go.Scatter(
            x=x, y=y, customdata=numbers, mode="lines", name=plain(label), legendgroup=label,
            showlegend=False, line={"color": _clear(colour, _FAINT), "width": 1},
            hovertemplate=f"{plain(label)}<br>epoch %{{x}}: %{{y:.4g}}<extra></extra>",
        )
    )  # fmt: skip


def _draw_quartiles(
    figure: go.Figure, group: list[Curves], metric: str, colour: str, label: str
) -> None:
    epochs, quartiles = quartiles_of(group, metric)
    low, middle, high = quartiles.tolist()
    common = {"legendgroup": label, "hoverinfo": "skip"}
    figure.add_trace(
        go.Scatter(
            x=[*epochs, *epochs[::-1]], y=[*low, *high[::-1]], fill="toself", mode="none",
            fillcolor=_clear(colour, _BAND), showlegend=False, **common,
        )
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=epochs, y=middle, mode="lines", line={"color": colour, "width": 2.5},
            name=f"{plain(label)} (median of {len(group)})", showlegend=True, **common,
        )
    )  # fmt: skip


def quartiles_of(group: Sequence[Curves], metric: str) -> tuple[list[int], Array]:
    """Epochs, and the three quartiles ``(3, epochs)`` of the runs that come that far."""
    last = max(int(curves["epoch"][-1] or 0) for curves in group)
    epochs = np.unique(np.rint(np.geomspace(1, last + 1, _POINTS) - 1).astype(int))
    lines = np.full((len(group), len(epochs)), np.nan)
    for line, curves in zip(lines, group, strict=True):
        known = np.array(curves["epoch"], float)
        values = np.array([np.nan if y is None else y for y in curves[metric]], float)
        reached = epochs <= known[-1]
        line[reached] = np.interp(epochs[reached], known, values)
    kept = ~np.isnan(lines).all(axis=0)
    return epochs[kept].tolist(), np.nanpercentile(lines[:, kept], [25, 50, 75], axis=0)


def _clear(colour: str, opacity: float) -> str:
    red, green, blue = channels(colour)
    return f"rgba({red},{green},{blue},{opacity})"
