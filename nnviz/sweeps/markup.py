"""The parts of a report as HTML: sentences, the table of boundaries, the table of all runs."""

from __future__ import annotations

import html
import math
from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ..notation import counted
from ..problems import field_title
from .pictures import along, axes, picture_uri
from .portrait import Portrait
from .summary import Summary

MOST_ROWS = 2000  # of the table of runs
SHARE = (  # of the variance, as in :meth:`.summary.Summary.shares`
    r"\eta^2 = \frac{\sum_v n_v (m_v - m)^2}{\sum_i (x_i - m)^2}, \quad"
    r" m_v = \text{mean of the } n_v \text{ runs with value } v,\ m = \text{mean of all}"
)
_MANY = 12  # columns of pictures, which are small beyond
_MOST_VALUES = 20  # of a field that are listed in a sentence


# --- text -----------------------------------------------------------------------------


def about(summary: Summary) -> str:
    """What was swept, how many runs diverged and reached a target, and the best run."""
    ends = _range_of(summary.epochs)
    lines = [f"{counted(len(summary), 'run')}, to epoch {ends}."]
    for name, reached in summary.targets.items():
        metric, _, value = name.removeprefix("epochs_to_").rpartition("_")
        count = int(np.isfinite(reached).sum())
        how = f", half of them by epoch {np.nanmedian(reached):.0f}" if count else ""
        how = how or _nearest(summary, metric)
        how += _diverged_later(summary, np.isfinite(reached))
        lines.append(f"{count} of {len(summary)} reach a {field_title(metric)} of {value}{how}.")
        lines += _reached_by_value(summary, np.isfinite(reached)) if count else []
    causes = Counter(why for why in summary.diverged if why)
    if causes:
        gone, verb = causes.total(), "is" if causes.total() == 1 else "are"
        lines.append(
            f"{gone} of {counted(len(summary), 'run')} diverged, and {verb} in no average."
        )
    losses = summary.metrics[summary.loss]
    if np.isfinite(losses).any():
        best = int(np.nanargmin(losses))
        link = html.escape(summary.link(best))
        lines.append(
            f"The lowest {field_title(summary.loss)}, {losses[best]:.4g}, has "
            f'<a href="{link}">{html.escape(_name(summary, best))}</a>.'
        )
    return "".join(f"<p>{line}</p>\n" for line in lines)


def how_to_open(summary: Summary) -> str:
    """What a click on a mark does where the page looks up links in the :func:`table`."""
    which = f" if it is among the {MOST_ROWS:,} listed below" if len(summary) > MOST_ROWS else ""
    return f"Click a cell or a line to open its run{which}. Runs that diverged are in no average."


def _nearest(summary: Summary, metric: str) -> str:
    """What the best run ends at, where none reaches the target."""
    found = summary.metrics[metric]
    if not np.isfinite(found).any():
        return ""
    best = np.nanmin(found) if metric.endswith("loss") else np.nanmax(found)
    return f"; the best of them ends at {best:.4g}"


def _diverged_later(summary: Summary, reached: NDArray[np.bool_]) -> str:
    """How many runs diverged after they had reached a target: they end where they diverge."""
    count = sum(bool(why) for why, hit in zip(summary.diverged, reached, strict=True) if hit)
    return f"; {count} of them diverged later" if count else ""


def _reached_by_value(summary: Summary, reached: NDArray[np.bool_]) -> list[str]:
    """How many runs reach a target, for each value of the field varied first."""
    if not summary.varied or not 1 < len(summary.order[summary.varied[0]]) <= _MOST_VALUES:
        return []
    name, groups = summary.varied[0], summary.groups(summary.varied[:1])
    found = ((text, groups.get((text,), [])) for text in summary.order[name])
    counts = [f"{text}: {reached[runs].sum()} of {len(runs)}" for text, runs in found if runs]
    return [html.escape(f"By {field_title(name)}: {'; '.join(counts)}.")]


def table(summary: Summary) -> str:
    losses, accuracies = (summary.metrics[name] for name in (summary.loss, summary.accuracy))
    order = sorted(range(len(summary)), key=lambda run: (np.isnan(losses[run]), losses[run]))
    heads = [*map(field_title, summary.fields), "epoch", field_title(summary.loss),
             field_title(summary.accuracy), "run"]  # fmt: skip
    rows = []
    for run in order[:MOST_ROWS]:
        why = summary.diverged[run]
        cells = [*(summary.texts[name][run] for name in summary.fields), str(summary.epochs[run])]
        cells += ["diverged", "–"] if why else [f"{losses[run]:.4g}", f"{accuracies[run]:.1%}"]
        link = f'<a href="{html.escape(summary.link(run))}">open</a>'
        filled = "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
        rows.append(f'<tr data-run="{run}">{filled}<td>{link}</td></tr>')
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in heads)
    more = len(summary) - len(rows)
    verb = "is" if more == 1 else "are"
    note = f"<p>{counted(more, 'run')} with a higher loss {verb} not listed.</p>" if more else ""
    return (
        '<div class="scrolling" tabindex="0" role="region" aria-label="All runs">'
        f'<table class="runs"><thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{chr(10).join(rows)}\n</tbody></table></div>\n{note}"
    )


def _name(summary: Summary, run: int) -> str:
    return ", ".join(f"{field_title(n)} {summary.texts[n][run]}" for n in summary.fields) or "it"


def listed(names: list[str]) -> str:
    return " × ".join(map(field_title, names))


def _range_of(numbers: list[int]) -> str:
    low, high = min(numbers), max(numbers)
    return str(high) if low == high else f"{high} (some end before, from epoch {low})"


# --- pictures -------------------------------------------------------------------------


def pictures(summary: Summary, drawn: Mapping[int, Portrait], theme: str = "light") -> str:
    """A table of boundaries over two fields: the median run, and the others of its cell."""
    names = axes(summary)
    down, across = along(summary, names[:1]), along(summary, names[1:])
    groups = summary.groups(names)
    rows = []
    for i in down:
        cells = [_cell(summary, drawn, groups.get((*i, *j), []), theme) for j in across]
        rows.append(f'<tr><th scope="row">{html.escape(", ".join(i))}</th>{"".join(cells)}</tr>')
    heads = "".join(f'<th scope="col">{html.escape(", ".join(j))}</th>' for j in across)
    title = " \\ ".join(map(field_title, names))
    size = "pictures small" if len(across) > _MANY else "pictures"
    return (
        "<p>In front is the run with the median loss of its cell; point at it, or go there with "
        "the tab key, for the others. Each opens its run.</p>\n"
        f'<div class="wide"><table class="{size}"><thead><tr><th>{html.escape(title)}</th>'
        f"{heads}</tr></thead>\n<tbody>{chr(10).join(rows)}</tbody></table></div>"
    )


def n_cells(summary: Summary) -> int:
    """How many cells :func:`pictures` has."""
    return math.prod(len(summary.order[name]) for name in axes(summary))


def fronts(summary: Summary) -> list[int]:
    """The run in front of each cell."""
    return [summary.median_run(runs) for runs in summary.groups(axes(summary)).values()]


def _cell(summary: Summary, drawn: Mapping[int, Portrait], runs: list[int], theme: str) -> str:
    if not runs:
        return "<td>–</td>"
    front = summary.median_run(runs)
    others = "".join(_picture(summary, drawn[run], run, theme) for run in runs
                     if run != front and run in drawn)  # fmt: skip
    gone = sum(summary.diverged[run] is not None for run in runs)
    losses = summary.metrics[summary.loss][runs]
    median = f"{np.nanmedian(losses):.3g}" if gone < len(runs) else "–"
    count = f" ({counted(len(runs) - gone, 'run')}{f', {gone} diverged' if gone else ''})"
    text = "diverged" if gone == len(runs) == 1 else median + (count if len(runs) > 1 else "")
    image = _picture(summary, drawn[front], front, theme) if front in drawn else ""
    popup = f'<div class="others">{others}</div>' if others else ""
    return f"<td>{image}{text}{popup}</td>"


def _picture(summary: Summary, portrait: Portrait, run: int, theme: str) -> str:
    losses = summary.metrics[summary.loss]
    result = "diverged" if summary.diverged[run] else f"{summary.loss[:-5]} loss {losses[run]:.3g}"
    what = html.escape(f"{_name(summary, run)}: {result}")
    link = html.escape(summary.link(run))
    source = picture_uri(portrait, theme)
    return f'<a href="{link}" title="{what}"><img src="{source}" alt="{what}"></a>'
