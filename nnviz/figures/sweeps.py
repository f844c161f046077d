"""Figures of many runs, from arrays: heat map, curves, parallel coordinates, shares of variance.

``customdata`` of a mark is the number of the run that it stands for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ..choices.palette import CLASS_STYLES, THEMES, channels
from .sheet import FONT, TEXT, plain

Array = NDArray[Any]
Columns = Mapping[
    str, tuple[list[float], list[str] | None]
]  # numbers; what they stand for, if texts
Curves = Mapping[str, Sequence[float | None]]  # by name, "epoch" among them

_SIDE = 110  # pixels of an image
_POINTS = 60  # of a median line
_SCALE = "Cividis"  # for any colour vision; the best is bright
_MOST_SHOWN = 97  # per cent of the numbers of all curves
_MOST_ABOVE = 10  # times the highest loss at the start
_FAINT, _BAND, _LINE = 0.18, 0.25, 0.7  # opacity of single runs, of the band, on parallel axes
_BEST, _WORST, _NONE = CLASS_STYLES[0].colour, CLASS_STYLES[1].colour, "#808080"  # of those lines
_AXIS = {"color": _NONE, "width": 1}
_SHADES = 8
_MOST_ACROSS, _MOST_UP = 12, 8  # cells that have room for a second line
_TICKS, _MOST_TICKS = 5, 12  # of an axis of numbers, of one of texts


def heat_map(
    across: tuple[str, list[str]], up: tuple[str, list[str]], metric: str,
    medians: Array, runs: NDArray[np.integer], counts: NDArray[np.integer], texts: list[list[str]],
) -> go.Figure:  # fmt: skip
    """Medians ``(up, across)``, NaN where there is none, with the ``runs`` to open and texts.

    ``across`` and ``up`` are a title and the values along an axis, ``counts`` the numbers of runs
    that medians are of. They are in the title, so that a picture has them, and in the cells if
    they differ and there is room.
    """
    of_runs = counts[runs >= 0]  # without cells that no run is in
    figure = _figure(f"{plain(metric)} {_of_each(of_runs)}")
    has_room = len(across[1]) <= _MOST_ACROSS and len(up[1]) <= _MOST_UP
    in_cells = has_room and len(set(of_runs.tolist())) > 1
    figure.add_trace(
        go.Heatmap(
            z=medians.tolist(), x=list(map(plain, across[1])), y=list(map(plain, up[1])),
            customdata=runs.tolist(),
            hovertext=texts, colorscale=_SCALE, reversescale=metric.endswith("loss"),
            text=[[f"<br>of {n}" if n else "–" for n in row] for row in counts.tolist()]
            if in_cells else None,
            texttemplate="%{z:.3g}%{text}" if in_cells else "%{z:.3g}",
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
    groups: Mapping[str, Sequence[int]], curves: Sequence[Curves], metric: str, name: str,
    diverged: Collection[int] = (),
) -> go.Figure:  # fmt: skip
    """Every run as a faint line, and the median and the quartiles of each group of runs.

    A run that ends early counts up to its end. A ``diverged`` one does not count, and its line
    leaves the axes. ``metric`` is the name of the lines in ``curves``.
    """
    figure = _figure("")
    for number, (label, runs) in enumerate(groups.items()):
        colour = CLASS_STYLES[number % len(CLASS_STYLES)].colour
        kept = [run for run in runs if run not in diverged]
        legend = f"{plain(label)} ({_counts(len(kept), len(runs) - len(kept))})"
        drawn, its_own = [(run, curves[run]) for run in runs], "" if kept else legend
        _draw_runs(figure, drawn, metric, colour, label, its_own)
        if kept:
            _draw_quartiles(figure, [curves[run] for run in kept], metric, colour, label, legend)
    figure.update_xaxes(title_text="epoch")
    figure.update_yaxes(title_text=name, range=[0, _top(curves, metric, diverged)])
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.12})
    return figure


def parallel(columns: Columns, by: Array) -> go.Figure:
    """Parallel coordinates: a line a run, which ends where it has no number.

    ``by`` are ranks 0…1 that colour the lines, NaN for runs that have none.
    """
    figure = _figure("")
    names = list(map(plain, columns))
    places = []
    for axis, (numbers, texts) in enumerate(columns.values()):
        values = np.array(numbers, float)
        low, high = _ends(values, texts)
        places.append(np.clip((values - low) / (high - low), 0, 1))
        figure.add_shape(x0=axis, x1=axis, y0=0, y1=1, layer="below", line=_AXIS)
        for at, text in _ticks(low, high, texts):
            figure.add_annotation(
                x=axis, y=(at - low) / (high - low), text=plain(text), showarrow=False,
                xanchor="right", xshift=-5, font={"size": TEXT - 2},
            )  # fmt: skip
    shade = np.where(np.isnan(by), _SHADES, np.minimum(by * _SHADES, _SHADES - 1)).astype(int)
    for number in range(_SHADES, -1, -1):  # the best on top
        _draw_lines(figure, np.flatnonzero(shade == number), columns, places, _shade(number))
    figure.update_xaxes(
        tickvals=list(range(len(names))), ticktext=names, side="top", ticks="",
        range=[-0.4, len(names) - 0.6], showgrid=False,
    )  # fmt: skip
    figure.update_yaxes(visible=False, range=[-0.06, 1.06])
    figure.update_layout(margin={"l": 20, "r": 20, "t": 50, "b": 10})
    return figure


def draggable(columns: Columns, by: Array) -> go.Figure:
    """Parallel coordinates with draggable axes, drawn by WebGL; only :func:`whole` runs.

    Axes have ranges, so that a page can compute where lines are: Plotly reports no click on one.
    """
    figure = _figure("")
    drawn = whole(columns)
    dimensions = []
    for name, (numbers, texts) in columns.items():
        ticks = {} if texts is None else {"tickvals": list(range(len(texts))), "ticktext": texts}
        values = np.array(numbers, float)[drawn].tolist()
        low, high = min(values, default=0.0), max(values, default=0.0)
        ends = [low, high] if low < high else [low - 0.5, high + 0.5]
        dimensions.append({"label": name, "values": values, "range": ends, **ticks})
    line = {"color": by[drawn], "colorscale": [[0, _BEST], [1, _WORST]]}
    runs = np.flatnonzero(drawn).tolist()
    figure.add_trace(go.Parcoords(dimensions=dimensions, line=line, customdata=runs))
    figure.update_layout(margin={"l": 70, "r": 40, "t": 80, "b": 20})
    return figure


def whole(columns: Columns) -> NDArray[np.bool_]:
    """The runs with a number on every axis: Plotly's WebGL lines go to 0 instead of having gaps."""
    values = np.array([numbers for numbers, _ in columns.values()], float)  # (axes, runs)
    drawn: NDArray[np.bool_] = np.isfinite(values).all(axis=0)
    return drawn


def shares(of: Mapping[str, Mapping[str, float]]) -> go.Figure:
    """Shares of variance, by metric and field, as bars."""
    figure = _figure("")
    for number, (metric, each) in enumerate(of.items()):
        figure.add_trace(
            go.Bar(
                y=list(map(plain, each)), x=list(each.values()), orientation="h", name=metric,
                marker={"color": CLASS_STYLES[number].colour}, texttemplate="%{x:.0%}",
                hovertemplate="%{y}: %{x:.1%} of the variance of the " + metric + "<extra></extra>",
            )
        )  # fmt: skip
    figure.update_xaxes(range=[0, 1.05], tickformat=".0%", title_text="share of the variance")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.15})
    return figure


def _of_each(counts: NDArray[np.integer]) -> str:
    """The numbers of runs of all cells: ``of 3…5 runs each``."""
    least, most = (int(counts.min()), int(counts.max())) if counts.size else (0, 0)
    numbers = str(most) if least == most else f"{least}…{most}"
    return f"of {numbers} {'run' if most == 1 else 'runs'} each"


def _ends(values: Array, texts: list[str] | None) -> tuple[float, float]:
    """The ends of an axis; few numbers far above the others do not flatten these."""
    known = values[np.isfinite(values)]
    if texts is not None or not len(known):
        return 0.0, max(1.0, len(texts or ()) - 1.0)
    low, high = float(known.min()), float(known.max())
    high = min(high, max(low, 1.5 * float(np.percentile(known, _MOST_SHOWN))))
    return low, high if high > low else low + 1.0


def _ticks(low: float, high: float, texts: list[str] | None) -> list[tuple[float, str]]:
    if texts is None:
        return [(float(at), f"{at:.3g}") for at in np.linspace(low, high, _TICKS)]
    step = -(-len(texts) // _MOST_TICKS)
    return [(float(place), text) for place, text in enumerate(texts)][::step]


def _draw_lines(
    figure: go.Figure, runs: NDArray[np.integer], columns: Columns, places: list[Array], colour: str
) -> None:
    """Runs on parallel axes as one trace, with a gap after each."""
    y: list[float | None] = []
    hover_texts: list[str] = []
    for run in runs.tolist():
        for place, (name, (numbers, texts)) in zip(places, columns.items(), strict=True):
            y.append(None if np.isnan(place[run]) else float(place[run]))
            value = plain(texts[int(numbers[run])]) if texts else f"{numbers[run]:.4g}"
            hover_texts.append(f"{plain(name)} {value}")
        y.append(None)
        hover_texts.append("")
    figure.add_trace(
        go.Scatter(
            x=[*range(len(columns)), None] * len(runs), y=y, text=hover_texts, mode="lines+markers",
            customdata=np.repeat(runs, len(columns) + 1).tolist(),
            line={"color": _clear(colour, _LINE), "width": 1.2},
            marker={"size": 4, "color": colour}, hovertemplate="%{text}<extra></extra>",
        )
    )  # fmt: skip


def _shade(number: int) -> str:
    """The colour of the runs of a rank, counted from 0, of ``_SHADES``; grey for those without."""
    if number == _SHADES:
        return _NONE
    share = number / (_SHADES - 1)
    best, worst = channels(_BEST), channels(_WORST)
    mixed = [round(a + share * (b - a)) for a, b in zip(best, worst, strict=True)]
    return "#" + "".join(f"{part:02x}" for part in mixed)


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


def _top(curves: Sequence[Curves], metric: str, diverged: Collection[int]) -> float:
    """The end of an axis on which nearly all numbers lie, so that a few cannot flatten the rest.

    Runs that recover from huge losses cannot either. If every run diverged, the starts are shown.
    """
    lines = [each.get(metric, ()) for run, each in enumerate(curves) if run not in diverged]
    values = [y for line in lines for y in line if y is not None]
    starts = [y for each in curves for y in each.get(metric, ())[:1] if y is not None]
    start = max([1.0, *starts])
    if not values:
        return 2 * start
    return min(1.1 * float(np.percentile(values, _MOST_SHOWN)), _MOST_ABOVE * start)


def _counts(kept: int, diverged: int) -> str:
    return ", ".join([f"median of {kept}"] * bool(kept) + [f"{diverged} diverged"] * bool(diverged))


def _draw_runs(
    figure: go.Figure, runs: list[tuple[int, Curves]], metric: str, colour: str, label: str,
    legend: str = "",
) -> None:  # fmt: skip
    """All runs of a group as one trace, with a gap after each; in the legend if it has one."""
    x: list[Any] = []
    y: list[Any] = []
    numbers: list[Any] = []
    for run, curves in runs:
        x += [*curves["epoch"], None]
        y += [*curves[metric], None]
        numbers += [run] * (len(curves["epoch"]) + 1)
    figure.add_trace(
        go.Scatter(
            x=x, y=y, customdata=numbers, mode="lines", name=legend or plain(label),
            legendgroup=label, showlegend=bool(legend),
            line={"color": _clear(colour, _FAINT), "width": 1},
            hovertemplate=f"{plain(label)}<br>epoch %{{x}}: %{{y:.4g}}<extra></extra>",
        )
    )  # fmt: skip


def _draw_quartiles(
    figure: go.Figure, group: list[Curves], metric: str, colour: str, label: str, legend: str
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
            name=legend, showlegend=True, **common,
        )
    )  # fmt: skip


def quartiles_of(group: Sequence[Curves], metric: str) -> tuple[list[int], Array]:
    """Epochs, and the three quartiles ``(3, epochs)`` of the runs that reach them."""
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
