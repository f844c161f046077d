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
from dataclasses import replace
from importlib import resources
from typing import Any

import numpy as np

from ..notation import counted
from ..recipe.moment import SUFFIX
from ..recipe.recipe import quoted
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
    summary = replace(summary, room=0)  # what is long in links is in the file once, as texts
    drawn = by_run(summary, portraits)
    data = {
        "figures": {
            name: json.loads(figure.draw(summary, drawn).to_json())  # missing numbers as null
            for name, figure in FIGURES.items()
            if figure.on_page
        },
        "draggable": json.loads(draggable(summary).to_json()),
        "links": summary.links,
        "texts": _texts(summary),
        "experiments": _experiments(summary),
        "columns": {name: [None if math.isnan(x) else x for x in numbers]
                    for name, (numbers, _) in columns(summary).items()},
    }  # fmt: skip
    finite = int(np.isfinite(summary.metrics[summary.loss]).sum())
    parts = {
        "title": html.escape(
            f"{counted(len(summary), 'run')}: {listed(summary.fields) or 'one recipe'}"
        ),
        "about": about(summary) + _on_files(summary),
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


# --- runs to be opened ----------------------------------------------------------------


def _texts(summary: Summary) -> dict[str, str]:
    """What is to be in links, by the digests that they have in its place."""
    texts: dict[str, str] = {}
    for recipe in {(each.data, each.edits): each for each in summary.recipes}.values():
        whole = recipe.to_params()
        texts |= {quoted(text): quoted(whole[name])
                  for name, text in recipe.to_params(0).items() if text != whole[name]}  # fmt: skip
    return texts


def _experiments(summary: Summary) -> dict[str, Any]:
    """The files of the runs that no link holds: their names, and their fields as columns.

    A column has its different values, and for each run the place of its own; -1 for none.
    """
    documents, names = [], []
    for run in summary.unlinked:
        moment = summary.moment(run)
        document = json.loads(moment.to_json())
        recipe = document.pop("recipe")
        documents.append(document | recipe)
        varied = [f"{name}-{summary.texts[name][run]}" for name in summary.fields]
        names.append("-".join([moment.name, *varied]) + SUFFIX)
    columns = {}
    for name in dict.fromkeys(name for document in documents for name in document):
        values: dict[str, int] = {}
        places = [
            values.setdefault(json.dumps(document[name]), len(values)) if name in document else -1
            for document in documents
        ]
        columns[name] = [list(map(json.loads, values)), places]
    return {"runs": summary.unlinked, "names": names, "columns": columns}


def _on_files(summary: Summary) -> str:
    """How runs are opened that no link holds; empty where there are none."""
    if not summary.unlinked:
        return ""
    run = summary.unlinked[0]
    page = f'<a href="{html.escape(summary.pages[run])}">the page</a>'
    return (
        f"<p>{html.escape(summary.recipes[run].excess)}, so a click on such a run saves it as a "
        f"file; dropped on the plot of {page}, it opens the run.</p>\n"
    )


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
