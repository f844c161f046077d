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
from plotly.offline import get_plotlyjs

from ..problems import field_title
from .pictures import FIGURES, along, axes, columns, picture_uri
from .portrait import Portrait
from .run import Run
from .summary import Summary

MOST_RUNS = 600  # whose pictures and lines a report holds
_MOST_ROWS = 2000  # of the table


def shown_runs(summary: Summary) -> list[int]:
    """The runs that the report needs portraits of: all, or those in front of each cell first."""
    if len(summary) <= MOST_RUNS:
        return list(range(len(summary)))
    cells = summary.groups(axes(summary)).values()
    front = [summary.median_run(runs) for runs in cells][:MOST_RUNS]
    others = sorted(set(range(len(summary))) - set(front))
    step = math.ceil(len(others) / max(MOST_RUNS - len(front), 1))
    return sorted([*front, *others[::step]][:MOST_RUNS])


def run_at(summary: Summary, number: int) -> Run:
    """The run whose portrait is needed."""
    return Run(summary.recipes[number], summary.epochs[number])


def by_run(summary: Summary, portraits: Mapping[str, Portrait]) -> dict[int, Portrait]:
    """Portraits by the number of their run, from those by the JSON of its recipe."""
    return {
        number: portraits[key] for number, recipe in enumerate(summary.recipes)
        if (key := recipe.to_json()) in portraits
    }  # fmt: skip


def report(summary: Summary, portraits: Mapping[str, Portrait]) -> bytes:
    """The report as HTML; ``portraits``, by the JSON of recipes, are those of ``shown_runs``."""
    drawn = by_run(summary, portraits)
    data = {
        "figures": {
            name: json.loads(figure.draw(summary, drawn).to_json())  # missing numbers as null
            for name, figure in FIGURES.items()
            if figure.on_page
        },
        "links": summary.links,
        "columns": [[None if math.isnan(x) else x for x in numbers]
                    for numbers, _ in columns(summary).values()],
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


def _pictures(summary: Summary, drawn: Mapping[int, Portrait]) -> str:
    """A table of boundaries over two fields: the median run, and the others of its cell."""
    names = axes(summary)
    down, across = along(summary, names[:1]), along(summary, names[1:])
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
    losses = summary.metrics[summary.loss]
    result = "diverged" if summary.diverged[run] else f"{summary.loss[:-5]} loss {losses[run]:.3g}"
    what = html.escape(f"{_name(summary, run)}: {result}")
    link = html.escape(summary.links[run])
    return f'<a href="{link}" title="{what}"><img src="{picture_uri(portrait)}" alt="{what}"></a>'


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
