"""The report of a sweep: one HTML file with pictures and figures, whose marks open their runs."""

from __future__ import annotations

import base64
import functools
import gzip
import html
import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from importlib import resources
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from ..figures import sweeps as figures
from ..problems import field_title
from .portrait import Portrait
from .run import Run
from .summary import Summary

MOST_RUNS = 600  # whose pictures and lines a report holds
_MOST_ROWS = 2000  # of the table
_MOST_GROUPS = 6  # of curves


def shown_runs(summary: Summary) -> list[int]:
    """The runs that the report needs portraits of: all, or those in front of each cell first."""
    if len(summary) <= MOST_RUNS:
        return list(range(len(summary)))
    cells = summary.groups(_axes(summary)).values()
    front = [summary.median_run(runs) for runs in cells][:MOST_RUNS]
    others = sorted(set(range(len(summary))) - set(front))
    step = math.ceil(len(others) / max(MOST_RUNS - len(front), 1))
    return sorted([*front, *others[::step]][:MOST_RUNS])


def run_at(summary: Summary, number: int) -> Run:
    """The run whose portrait is needed."""
    return Run(summary.recipes[number], summary.epochs[number])


def report(summary: Summary, portraits: Mapping[str, Portrait]) -> bytes:
    """The report as HTML; ``portraits``, by the JSON of recipes, are those of ``shown_runs``."""
    drawn = {
        number: portraits[key] for number, recipe in enumerate(summary.recipes)
        if (key := recipe.to_json()) in portraits
    }  # fmt: skip
    columns = _columns(summary)
    data = {
        "figures": {
            name: json.loads(figure.to_json())  # missing numbers as null
            for name, figure in _figures(summary, drawn, columns).items()
        },
        "links": summary.links,
        "columns": [[None if math.isnan(x) else x for x in numbers]
                    for numbers, _ in columns.values()],
    }  # fmt: skip
    finite = int(np.isfinite(summary.metrics[summary.loss]).sum())
    parts = {
        "title": html.escape(f"{len(summary)} runs: {_listed(summary.fields) or 'one recipe'}"),
        "about": _about(summary),
        "pictures": _pictures(summary, drawn),
        "finite": str(finite),
        "count": str(min(len(summary), _MOST_ROWS)),
        "table": _table(summary),
        "data": _safe_json(data),
        "plotly": _packed_plotly(),
        "script": _text("report.js"),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], _text("report.html")).encode()


# --- text -----------------------------------------------------------------------------


def _about(summary: Summary) -> str:
    """What was swept, how many runs diverged and reached a target, and the best run."""
    ends = _range_of(summary.epochs)
    lines = [f"{len(summary)} runs, to epoch {ends}."]
    for name, reached in summary.targets.items():
        metric, _, value = name.removeprefix("epochs_to_").rpartition("_")
        count = int(np.isfinite(reached).sum())
        median = f", half of them by epoch {np.nanmedian(reached):.0f}" if count else ""
        lines.append(f"{count} of {len(summary)} reach a {field_title(metric)} of {value}{median}.")
    causes = Counter(why for why in summary.diverged if why)
    if causes:
        lines.append(f"{causes.total()} of {len(summary)} runs diverged, and are in no average.")
    losses = summary.metrics[summary.loss]
    if np.isfinite(losses).any():
        best = int(np.nanargmin(losses))
        link = html.escape(summary.links[best])
        lines.append(
            f"The lowest {field_title(summary.loss)}, {losses[best]:.4g}, has "
            f'<a href="{link}">{html.escape(_name(summary, best))}</a>.'
        )
    return "".join(f"<p>{line}</p>\n" for line in lines)


def _table(summary: Summary) -> str:
    losses, accuracies = (summary.metrics[name] for name in (summary.loss, summary.accuracy))
    order = sorted(range(len(summary)), key=lambda run: (np.isnan(losses[run]), losses[run]))
    heads = [*map(field_title, summary.fields), "epoch", field_title(summary.loss),
             field_title(summary.accuracy), "run"]  # fmt: skip
    rows = []
    for run in order[:_MOST_ROWS]:
        why = summary.diverged[run]
        cells = [*(summary.texts[name][run] for name in summary.fields), str(summary.epochs[run])]
        cells += ["diverged", "–"] if why else [f"{losses[run]:.4g}", f"{accuracies[run]:.1%}"]
        link = f'<a href="{html.escape(summary.links[run])}">open</a>'
        filled = "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
        rows.append(f'<tr data-run="{run}">{filled}<td>{link}</td></tr>')
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in heads)
    more = len(summary) - len(rows)
    note = f"<p>{more} runs with a higher loss are not listed.</p>" if more else ""
    return (
        '<div class="scrolling" tabindex="0" role="region" aria-label="All runs">'
        f'<table class="runs"><thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{chr(10).join(rows)}\n</tbody></table></div>\n{note}"
    )


def _name(summary: Summary, run: int) -> str:
    return ", ".join(f"{field_title(n)} {summary.texts[n][run]}" for n in summary.fields) or "it"


def _listed(names: list[str]) -> str:
    return " × ".join(map(field_title, names))


def _range_of(numbers: list[int]) -> str:
    low, high = min(numbers), max(numbers)
    return str(high) if low == high else f"{high} (some end before, from epoch {low})"


# --- pictures -------------------------------------------------------------------------


def _axes(summary: Summary) -> list[str]:
    """The fields down and across: the first two with several values, else a seed."""
    several = [name for name in summary.fields if len(summary.order[name]) > 1]
    return (several or summary.fields)[:2]


def _pictures(summary: Summary, drawn: Mapping[int, Portrait]) -> str:
    """A table of boundaries over two fields: the median run, and the others of its cell."""
    names = _axes(summary)
    down, across = _along(summary, names[:1]), _along(summary, names[1:])
    groups = summary.groups(names)
    rows = []
    for i in down:
        cells = [_cell(summary, drawn, groups.get((*i, *j), [])) for j in across]
        rows.append(f'<tr><th scope="row">{html.escape(", ".join(i))}</th>{"".join(cells)}</tr>')
    heads = "".join(f'<th scope="col">{html.escape(", ".join(j))}</th>' for j in across)
    title = " \\ ".join(map(field_title, names))
    return (
        "<p>In front is the run with the median loss of its cell; point at it, or go there with "
        "the tab key, for the others. Each opens its run.</p>\n"
        f'<div class="wide"><table class="pictures"><thead><tr><th>{html.escape(title)}</th>'
        f"{heads}</tr></thead>\n<tbody>{chr(10).join(rows)}</tbody></table></div>"
    )


def _along(summary: Summary, names: list[str]) -> list[tuple[str, ...]]:
    return [(text,) for text in summary.order[names[0]]] if names else [()]


def _cell(summary: Summary, drawn: Mapping[int, Portrait], runs: list[int]) -> str:
    if not runs:
        return "<td>–</td>"
    front = summary.median_run(runs)
    others = "".join(_picture(summary, drawn[run], run) for run in runs
                     if run != front and run in drawn)  # fmt: skip
    gone = sum(summary.diverged[run] is not None for run in runs)
    losses = summary.metrics[summary.loss][runs]
    median = f"{np.nanmedian(losses):.3g}" if gone < len(runs) else "–"
    count = f"{len(runs) - gone} runs" + (f", {gone} diverged" if gone else "")
    image = _picture(summary, drawn[front], front) if front in drawn else ""
    popup = f'<div class="others">{others}</div>' if others else ""
    return f"<td>{image}{median} ({count}){popup}</td>"


def _picture(summary: Summary, portrait: Portrait, run: int) -> str:
    data = base64.b64encode(portrait.picture).decode()
    losses = summary.metrics[summary.loss]
    result = "diverged" if summary.diverged[run] else f"{summary.loss[:-5]} loss {losses[run]:.3g}"
    what = html.escape(f"{_name(summary, run)}: {result}")
    link = html.escape(summary.links[run])
    source = f"data:image/webp;base64,{data}"
    return f'<a href="{link}" title="{what}"><img src="{source}" alt="{what}"></a>'


# --- figures --------------------------------------------------------------------------


def _figures(
    summary: Summary, drawn: Mapping[int, Portrait], columns: dict[str, Any]
) -> dict[str, go.Figure]:
    curves_by = [n for n in summary.varied if 1 < len(summary.order[n]) <= _MOST_GROUPS][:1]
    groups = {
        " ".join([*map(field_title, curves_by), *key]) or "all runs": shown
        for key, runs in summary.groups(curves_by).items()
        if (shown := [run for run in runs if run in drawn])
    }
    curves = [drawn[run].curves if run in drawn else {} for run in range(len(summary))]
    metrics = {name.rpartition("_")[2]: name for name in (summary.loss, summary.accuracy)}
    return {
        **{short: _heat_map(summary, name) for short, name in metrics.items()},
        "curves": figures.many_curves(groups, curves, summary.loss, field_title(summary.loss)),
        "shares": figures.shares({
            field_title(name): {field_title(n): x for n, x in summary.shares(name).items()}
            for name in metrics.values()
        }),
        "parallel": figures.parallel(columns, np.nan_to_num(
            _ranks(summary.metrics[summary.loss]), nan=1.0)),
    }  # fmt: skip


def _heat_map(summary: Summary, metric: str) -> go.Figure:
    names = _axes(summary)
    down, across = _along(summary, names[:1]), _along(summary, names[1:])
    groups = summary.groups(names)
    medians = np.full((len(down), len(across)), np.nan)
    runs = np.zeros(medians.shape, int)
    texts = [["no run"] * len(across) for _ in down]
    for i, j in np.ndindex(medians.shape):
        if found := groups.get((*down[i], *across[j])):
            values = summary.metrics[metric][found]
            finite = int(np.isfinite(values).sum())
            runs[i, j] = summary.median_run(found)
            medians[i, j] = np.nanmedian(values) if finite else np.nan
            gone = f", {len(found) - finite} diverged" if finite < len(found) else ""
            texts[i][j] = (
                f"median {field_title(metric)} of {finite} runs: {medians[i, j]:.4g}{gone}"
            )
    axes = [(field_title(name), summary.order[name]) for name in names] + [("", [""])] * 2
    return figures.heat_map(axes[1], axes[0], f"median {field_title(metric)}", medians, runs, texts)


def _columns(summary: Summary) -> dict[str, tuple[list[float], list[str] | None]]:
    """The axes of parallel coordinates: fields by the place of their value, then results."""
    columns: dict[str, tuple[list[float], list[str] | None]] = {}
    for name in summary.fields:
        place = {text: float(i) for i, text in enumerate(summary.order[name])}
        columns[field_title(name)] = [place[t] for t in summary.texts[name]], summary.order[name]
    for name in (summary.loss, summary.accuracy):
        columns[field_title(name)] = summary.metrics[name].tolist(), None
    return columns


def _ranks(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Values as ranks 0…1, so that an outlier does not take the whole scale of colours."""
    ranks = np.full(len(values), np.nan)
    known = np.flatnonzero(np.isfinite(values))
    ranks[known[np.argsort(values[known])]] = np.linspace(0, 1, len(known))
    return ranks


# --- the file -------------------------------------------------------------------------


@functools.cache
def _packed_plotly() -> str:
    """Plotly's script, compressed, in base64: a third of its size."""
    return base64.b64encode(gzip.compress(get_plotlyjs().encode(), 9, mtime=0)).decode()


def _safe_json(value: Any) -> str:
    """JSON for a script element, escaped so that it contains no tags."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _text(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
