"""A user's own points as source text: written out, or read from the exported file of points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

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
    yield from _list("points", (str(row) for row in table.points[:, columns].tolist()))
    yield f"# {', '.join(features)}"
    yield from _list("labels", map(str, table.class_indices.tolist()))


def read_points(plan: ProgramPlan) -> Iterator[str]:
    """The same of a long one, and ``train`` and ``test``, from the export "Points (CSV)"."""
    file = points_file(Moment(plan.recipe, plan.last))
    yield f"# the points lie beside this script: export them as {file}"
    yield f'with open("{file}", encoding="utf-8", newline="") as file:'
    yield "    rows = list(csv.reader(file))[1:]  # two features, class, label, part"
    yield "points = np.array([[float(x1), float(x2)] for x1, x2, *_ in rows])"
    yield "labels = np.array([int(label) for *_, label, _ in rows])"
    yield f"train = np.arange({plan.n_train})"
    if plan.n_test:
        yield f"test = np.arange({plan.n_train}, len(points))"


def points_file(moment: Moment) -> str:
    """The name that the export of points has."""
    return f"{moment.name}-points.csv"


def _list(name: str, texts: Iterable[str]) -> Iterator[str]:
    yield f"{name} = np.array(["
    yield from (f"    {line}" for line in _wrapped(", ".join(texts)))
    yield "])"


def _wrapped(text: str) -> list[str]:
    return wrap(text, WIDTH - 4, break_long_words=False, break_on_hyphens=False)
