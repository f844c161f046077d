"""The report of a sweep: one HTML file with pictures and figures, whose marks open their runs."""

from __future__ import annotations

import base64
import functools
import gzip
import html
import json
import math
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

import numpy as np

from ..notation import counted
from .markup import MOST_ROWS, about, fronts, listed, pictures, table
from .pictures import FIGURES, columns, draggable, left_out
from .portrait import Portrait
from .run import Run
from .summary import Summary

MOST_RUNS = 600  # whose pictures and lines a report holds


def shown_runs(summary: Summary, most: int | None = None) -> list[int]:
    """The runs to draw, ``most`` of them: all, or those in front of each cell first."""
    most = MOST_RUNS if most is None else most
    if len(summary) <= most:
        return list(range(len(summary)))
    front = fronts(summary)[:most]
    others = sorted(set(range(len(summary))) - set(front))
    step = math.ceil(len(others) / max(most - len(front), 1))
    return sorted([*front, *others[::step]][:most])


def run_at(summary: Summary, number: int) -> Run:
    """The run whose portrait is needed."""
    return Run(summary.recipes[number], summary.epochs[number])


def by_run(summary: Summary, portraits: Mapping[str, Portrait]) -> dict[int, Portrait]:
    """Portraits by the number of their run, from those by the JSON of its recipe."""
    return {
        number: portraits[key] for number, recipe in enumerate(summary.recipes)
        if (key := recipe.to_json()) in portraits
    }  # fmt: skip


def report(summary: Summary, portraits: Mapping[str, Portrait], plotly: str | None = None) -> bytes:
    """The report as HTML; ``portraits``, by the JSON of recipes, are those of ``shown_runs``.

    ``plotly`` is its script, gzipped, in base64; that of the installed package if None.
    """
    drawn = by_run(summary, portraits)
    data = {
        "figures": {
            name: json.loads(figure.draw(summary, drawn).to_json())  # missing numbers as null
            for name, figure in FIGURES.items()
            if figure.on_page
        },
        "draggable": json.loads(draggable(summary).to_json()),
        "links": summary.links,
        "columns": {name: [None if math.isnan(x) else x for x in numbers]
                    for name, (numbers, _) in columns(summary).items()},
    }  # fmt: skip
    finite = int(np.isfinite(summary.metrics[summary.loss]).sum())
    parts = {
        "title": html.escape(
            f"{counted(len(summary), 'run')}: {listed(summary.fields) or 'one recipe'}"
        ),
        "about": about(summary),
        "pictures": pictures(summary, drawn),
        "finite": counted(finite, "run"),
        "count": str(min(len(summary), MOST_ROWS)),
        "left_out": left_out(summary),
        "table": table(summary),
        "data": _safe_json(data),
        "plotly": _packed_plotly() if plotly is None else plotly,
        "script": _text("report.js"),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], _text("report.html")).encode()


# --- the file -------------------------------------------------------------------------


@functools.cache
def _packed_plotly() -> str:
    """Plotly's script, compressed, in base64: a third of its size."""
    from plotly.offline import get_plotlyjs  # takes a while

    return base64.b64encode(gzip.compress(get_plotlyjs().encode(), 9, mtime=0)).decode()


def _safe_json(value: Any) -> str:
    """JSON for a script element, escaped so that it contains no tags."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _text(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
