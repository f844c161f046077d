"""A user's own points as source text: written out, or read from the exported file of points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from textwrap import wrap

import numpy as np
from numpy.typing import NDArray

from ...choices.datasets import Dataset
from ...recipe.moment import Moment
from ...recipe.table import Table
from .plan import ProgramPlan

MOST_INLINE = 500  # rows written out
WIDTH = 96


def is_inline(table: Table) -> bool:
    return table.n_rows <= MOST_INLINE


def inline(table: Table, features: Sequence[str]) -> Iterator[str]:
    """``points`` and ``labels`` of a short table."""
    columns = [table.axes.index(name) for name in features]
    yield from _list("points =", (str(row) for row in table.points[:, columns].tolist()))
    yield f"# {', '.join(features)}"
    yield from _list("labels =", map(str, table.class_indices.tolist()))


def read_points(plan: ProgramPlan) -> Iterator[str]:
    """The same of a long one, and ``train`` and ``test``, from the export "Points (CSV)"."""
    file = points_file(Moment(plan.recipe, plan.last))
    yield f"# the points lie beside this script: export them as {file}"
    yield f'with open("{file}", encoding="utf-8", newline="") as file:'
    yield "    rows = list(csv.reader(file))[1:]  # two features, class, label, part"
    yield "points = np.array([[float(x1), float(x2)] for x1, x2, *_ in rows])"
    yield "labels = np.array([int(label) for *_, label, _ in rows])"
    if plan.strokes:
        yield from _points_before(plan)
    yield f"train = np.arange({plan.n_train})"
    if plan.n_test:
        yield f"test = np.arange({plan.n_train}, len(points))"


def _points_before(plan: ProgramPlan) -> Iterator[str]:
    """The points of the start, from those of the file, which has what was drawn meanwhile."""
    last = plan.drawn
    assert last.initial is not None, "there are strokes"
    assert last.numbers is not None, "there are strokes"
    before = _rows(last.initial)
    now = np.full_like(before, np.nan)  # where a point was erased
    kept = last.numbers < len(before)
    now[last.numbers[kept]] = _rows(last)[kept]
    changed = np.flatnonzero((now != before).any(axis=1)).tolist()
    marks = (
        f"{i}: (({x1!r}, {x2!r}), {k:.0f})" for i in changed for x1, x2, k in [before[i].tolist()]
    )
    yield "# from the points of that epoch back to those of the start, by number"
    yield from _list("numbers =", _ranges(last.numbers.tolist()), "[", "]")
    yield "before = dict(zip(numbers, zip(points, labels)))"
    if changed:
        yield from _list("before |=", marks, "{", "}")
    yield f"points = np.array([before[i][0] for i in range({len(before)})])"
    yield f"labels = np.array([before[i][1] for i in range({len(before)})])"


def _rows(data: Dataset) -> NDArray[np.float64]:
    """Places and classes ``(n, 3)``, the training part first."""
    labels = np.concatenate([data.train_labels, data.test_labels])
    return np.column_stack([np.concatenate([data.train, data.test]), labels])


def _ranges(numbers: Sequence[int]) -> Iterator[str]:
    """Whole numbers as items of a list, those that follow each other as a range."""
    ends = [i for i in range(1, len(numbers)) if numbers[i] != numbers[i - 1] + 1]
    for start, stop in pairwise([0, *ends, len(numbers)] if numbers else []):
        first, last = numbers[start], numbers[stop - 1]
        yield str(first) if first == last else f"*range({first}, {last + 1})"


def points_file(moment: Moment) -> str:
    """The name that the export of points has."""
    return f"{moment.name}-points.csv"


def _list(
    name: str, texts: Iterable[str], opening: str = "np.array([", closing: str = "])"
) -> Iterator[str]:
    yield f"{name} {opening}"
    yield from (f"    {line}" for line in _wrapped(", ".join(texts)))
    yield closing


def _wrapped(text: str) -> list[str]:
    return wrap(text, WIDTH - 4, break_long_words=False, break_on_hyphens=False)
