"""From a table as read to the data of a recipe: its label, its axes, and the rows that stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..choices.datasets import split
from ..notation import counted
from ..problems import short_text
from ..recipe.table import CLASSES, LARGEST, MOST_ROWS, Table
from ..training.trainer import SPLIT
from . import cells
from .columns import Column
from .errors import TableError
from .projection import PROJECTIONS
from .reader import RawTable

OTHER = "other"
SAMPLE = 4  # the stream of random numbers that draws the rows of a long table; see the trainer's
FEW_ROWS = 10
MOST_NAMED = 350  # characters of the names of columns that a projection is made of
SCALES = 100  # by how much the ranges of two axes may differ without a word

_LABELS = ("species", "class", "label", "target", "category", "group", "outcome", "survived")


@dataclass(frozen=True)
class TableChoices:
    """How to use a table; for a field that is None, a value is suggested.

    ``features`` are two columns, or more of them for a ``projection``, a key of ``PROJECTIONS``.
    """

    label: str | None = None
    features: tuple[str, ...] = ()
    projection: str | None = None


SUGGESTED = TableChoices()


@dataclass(frozen=True)
class Prepared:
    """The data of a recipe, how they were chosen, and sentences on what was done with the rows."""

    table: Table
    choices: TableChoices
    notes: tuple[str, ...]


def prepare(
    sheet: RawTable,
    choices: TableChoices = SUGGESTED,
    *,
    test_share: float = 0.2,
    data_seed: int = 0,
) -> Prepared:
    """Make the data of a recipe whose split is that of ``test_share`` and ``data_seed``.

    Raises :class:`TableError`.
    """
    label = _label(sheet, choices)
    features = _features(sheet, choices, label)
    stays, left_out = _complete_rows(sheet, [label, *features], label)
    texts = np.array(label.cells, dtype=object)[stays]
    indices, classes, notes = _classes(sheet, label, texts)
    points = np.column_stack([_numbers(each)[stays] for each in features])
    _check_points(sheet, points, features)
    if len(points) > MOST_ROWS:
        drawn = _sampled(indices, data_seed)
        notes.append(f"{MOST_ROWS:,} of {len(points):,} rows are used, drawn by the data seed with "
                     "the same share of each class")  # fmt: skip
        points, indices = points[drawn], indices[drawn]
    axes, note = [each.name for each in features], ""
    if choices.projection:
        rng = np.random.default_rng((data_seed, SPLIT))
        train, _ = split(len(points), test_share, rng)
        points, axes, note = _projected(sheet, choices.projection, points, indices, train, axes)
        # they stay as they are where the run's split is changed later
        note += f" at test share {test_share:g} and data seed {data_seed}"
    table = Table.of(
        points, indices, axes=axes, classes=classes, name=sheet.file or "table", note=note
    )
    chosen = TableChoices(label.name, tuple(each.name for each in features), choices.projection)
    return Prepared(table, chosen, (*sheet.left_out, *left_out, *notes, *_remarks(table)))


# --- columns --------------------------------------------------------------------------


def labels_of(sheet: RawTable) -> list[Column]:
    """The columns that can be the label, the most likely first."""
    fitting = [each for each in sheet.columns if _why_no_label(each, sheet.n_rows) is None]
    return sorted(fitting, key=lambda each: _likeness(each, sheet), reverse=True)


def _likeness(column: Column, sheet: RawTable) -> tuple[bool, ...]:
    few = len(column.counts) <= CLASSES[1]
    place = sheet.columns.index(column)
    return (
        few and column.name.casefold() in _LABELS,
        few and column.kind == "text",
        few and column.kind == "true or false",
        column.kind == "text",
        few,
        place == len(sheet.columns) - 1,
        place == 0,
    )


def _label(sheet: RawTable, choices: TableChoices) -> Column:
    if choices.label is not None:
        column = sheet.column(choices.label)
        if why := _why_no_label(column, sheet.n_rows):
            raise TableError(why, sheet.file, column=column.name)
        return column
    if found := labels_of(sheet):
        return found[0]
    reasons = {each.name: _why_no_label(each, sheet.n_rows) for each in sheet.columns}
    name, why = next(
        ((n, w) for n, w in reasons.items() if sheet.column(n).kind == "text"),
        next(iter(reasons.items())),
    )
    raise TableError(f"no column can be the label: {why}", sheet.file, column=name)


def _why_no_label(column: Column, n_rows: int) -> str | None:
    n = len(column.counts)
    if n == 0:
        return "all its values are missing"
    if n == 1:
        return f"it has one class, {short_text(next(iter(column.counts)))}: a label needs two"
    if n > CLASSES[1]:
        if column.kind == "number":
            return f"it has {n} different numbers: a label needs few"
        if column.kind == "date":
            return "it has dates: a label needs classes"
        if n > column.counts.total() / 2:
            return f"it has {n} different values in {n_rows} rows, as an ID has: a label needs few"
        if column.kind == "whole number" and n > 50:
            return f"it has {n} different numbers: a label needs few"
    return None


def _features(sheet: RawTable, choices: TableChoices, label: Column) -> list[Column]:
    """The columns that the axes show, or are computed from."""
    if choices.projection is not None and choices.projection not in PROJECTIONS:
        allowed = ", ".join(PROJECTIONS)
        raise TableError(f"the projection must be one of {allowed}; got {choices.projection}")
    free = [each for each in sheet.numeric if each is not label]
    if not choices.features:
        if len(free) < 2:
            raise _too_few_numeric(sheet, label, free)
        return free if choices.projection else _likely_axes(free)
    columns = [sheet.column(name) for name in choices.features]
    for each in columns:
        _check_feature(sheet, each, label)
    if len(set(choices.features)) < len(columns):
        raise TableError(f"the axes must be different columns; got {columns[0].name} twice",
                         sheet.file)  # fmt: skip
    if len(columns) < 2 or (len(columns) > 2 and not choices.projection):
        raise TableError(f"the axes must be two columns; got {len(columns)}", sheet.file)
    return columns


def _likely_axes(columns: Sequence[Column]) -> list[Column]:
    """The first two numeric columns; measured ones and complete ones come first."""

    def doubts(column: Column) -> tuple[bool, bool, float]:
        is_whole, n = column.kind == "whole number", len(column.counts)
        is_number = is_whole and n == len(column.cells)
        is_number = is_number or column.name.casefold() in ("id", "row", "index", "no")
        is_counted = is_whole and n <= CLASSES[1]  # as years of a study, or ranks
        return is_number, is_counted, round(float(column.missing.mean()), 1)

    chosen = sorted(columns, key=doubts)[:2]
    return [each for each in columns if each in chosen]


def _too_few_numeric(sheet: RawTable, label: Column, free: Sequence[Column]) -> TableError:
    for each in sheet.columns:
        if each.numbers is not None and each.is_constant and each is not label:
            return TableError(_constant(each), sheet.file, column=each.name)
    if not free:
        what = "no column of numbers"
    else:
        what = f"only one column of numbers, {short_text(free[0].name)}"
    others = [each for each in sheet.columns if each.numbers is None and each is not label]
    hint = f"; column {short_text(others[0].name)}: {_not_numeric(others[0])}" if others else ""
    return TableError(f"there is {what}: the axes need two{hint}", sheet.file)


def _not_numeric(column: Column) -> str:
    """Why a column that holds no numbers cannot be an axis."""
    if column.kind == "empty":
        return "all its values are missing"
    first = short_text(next(iter(column.counts)))
    if column.kind == "date":
        return f"it has dates such as {first}: an axis needs numbers"
    marks = {mark: next((text for text in column.counts if cells.number(text, mark) is not None
                         and mark in text), None) for mark in ".,"}  # fmt: skip
    if all(marks.values()):
        both = " and ".join(short_text(str(text)) for text in marks.values())
        return f"it has numbers with both decimal marks, such as {both}"
    return f"it has text such as {first}: an axis needs numbers"


def _check_feature(sheet: RawTable, column: Column, label: Column) -> None:
    why = None
    if column is label:
        why = "it is the label, so it cannot be an axis too"
    elif column.numbers is None:
        why = _not_numeric(column)
    elif column.is_constant:
        why = _constant(column)
    if why:
        raise TableError(why, sheet.file, column=column.name)


def _constant(column: Column) -> str:
    return f"it is {short_text(next(iter(column.counts)))} in every row: an axis needs two values"


def _numbers(column: Column) -> NDArray[np.float64]:
    assert column.numbers is not None, "features are columns of numbers"
    return column.numbers


# --- rows -----------------------------------------------------------------------------


def _complete_rows(
    sheet: RawTable, columns: Sequence[Column], label: Column
) -> tuple[NDArray[np.bool_], list[str]]:
    """Which rows have all that is needed ``(rows,)``, and a sentence on the others."""
    gone = label.missing.copy()
    for each in columns[1:]:
        gone |= np.isnan(_numbers(each))
    if not gone.any():
        return ~gone, []
    causes: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], int] = {}
    for row in np.flatnonzero(gone):
        for each in columns:
            if each.missing[row] or each.unreadable[row]:
                cause = each.cells[row], each.name
                causes[cause] += 1
                first.setdefault(cause, int(sheet.lines[row]))
                break
    parts = [f"{f'‘{short_text(text)}’' if text else 'no value'} in {name}, "
             f"first in line {first[text, name]}"
             for (text, name), _ in causes.most_common(3)]  # fmt: skip
    if len(causes) > 3:
        parts.append(counted(len(causes) - 3, "other cause"))
    sentence = f"{counted(int(gone.sum()), 'row')} left out: {'; '.join(parts)}"
    if gone.all():
        raise TableError(f"no row can be used; {sentence}", sheet.file)
    return ~gone, [sentence]


def _classes(
    sheet: RawTable, label: Column, texts: NDArray[np.object_]
) -> tuple[NDArray[np.intp], list[str], list[str]]:
    """The class of each row, all classes in order of first appearance, and what was joined."""
    counts, most, notes = Counter(texts.tolist()), CLASSES[1], []
    if len(counts) < 2:
        name = short_text(next(iter(counts)))
        raise TableError(f"all rows that can be used have one class, {name}", sheet.file,
                         column=label.name)  # fmt: skip
    if len(counts) > most:
        kept = {name for name, _ in counts.most_common(most - 1)}
        other = OTHER if OTHER not in kept else "all others"
        texts = np.array([text if text in kept else other for text in texts], dtype=object)
        notes.append(f"{len(counts) - most + 1} of {len(counts)} classes became “{other}”: the "
                     f"{most - 1} most frequent ones have colours of their own")  # fmt: skip
    names = list(dict.fromkeys(texts.tolist()))
    place = {name: index for index, name in enumerate(names)}
    return np.array([place[text] for text in texts], dtype=np.intp), _different(names), notes


def _different(names: Sequence[str]) -> list[str]:
    """Names that differ when they are cut to the length that a class may have."""
    cut = [name[:190] for name in names]
    return [name if cut.count(name) == 1 else f"{name} ({i})" for i, name in enumerate(cut, 1)]


def _check_points(sheet: RawTable, points: NDArray[np.float64], features: Sequence[Column]) -> None:
    for column, values in zip(features, points.T, strict=True):
        if np.abs(values).max() > LARGEST:
            sentence = f"numbers must be −{LARGEST:g}…{LARGEST:g}; got {np.abs(values).max():g}"
            raise TableError(sentence, sheet.file, column=column.name)
        if np.ptp(values) == 0:
            raise TableError(f"it is {values[0]:g} in every row that can be used: an axis needs "
                             "two values", sheet.file, column=column.name)  # fmt: skip


def _sampled(indices: NDArray[np.intp], data_seed: int) -> NDArray[np.intp]:
    """``MOST_ROWS`` rows in their order, with the same share of each class, at least one each."""
    rng = np.random.default_rng((data_seed, SAMPLE))
    counts = np.bincount(indices)
    exact = counts * MOST_ROWS / len(indices)
    quota = np.maximum(exact.astype(int), 1)
    for index in np.argsort(quota - exact)[: max(0, MOST_ROWS - quota.sum())]:
        quota[index] += 1  # the largest remainders
    while quota.sum() > MOST_ROWS:
        quota[np.argmax(quota)] -= 1
    drawn = [rng.choice(np.flatnonzero(indices == k), q, replace=False)
             for k, q in enumerate(quota)]  # fmt: skip
    return np.sort(np.concatenate(drawn))


# --- axes -----------------------------------------------------------------------------


def _projected(
    sheet: RawTable,
    projection: str,
    points: NDArray[np.float64],
    indices: NDArray[np.intp],
    train: NDArray[np.intp],
    names: Sequence[str],
) -> tuple[NDArray[np.float64], list[str], str]:
    record = PROJECTIONS[projection]
    if np.ptp(points[train], axis=0).min() == 0:
        raise TableError("a column is the same in all rows of the training part", sheet.file)
    try:
        coordinates, axes = record.fit(points, indices, train)
    except ValueError as error:
        raise TableError(str(error), sheet.file) from None
    columns = ", ".join(names)
    if len(columns) > MOST_NAMED:
        columns = columns[: MOST_NAMED - 1] + "…"
    note = (f"{record.label} of {columns}, standardised, fitted on the {len(train)} rows of the "
            "training part")  # fmt: skip
    return coordinates, axes, note


def _remarks(table: Table) -> list[str]:
    """Remarks on problems that do not prevent the use of the table."""
    return [sentence for remark in _REMARKS if (sentence := remark(table))]


def _duplicates(table: Table) -> str:
    number = table.n_rows - len(np.unique(table.points, axis=0))
    if not number:
        return ""
    verb = "repeats" if number == 1 else "repeat"
    return f"{counted(number, 'row')} {verb} the point of an earlier row"


def _scales(table: Table) -> str:
    ranges = np.ptp(table.points, axis=0)
    if not ranges.min() or ranges.max() < SCALES * ranges.min():
        return ""
    return (f"the ranges of {table.axes[0]} and {table.axes[1]} differ by a factor of "
            f"{ranges.max() / ranges.min():.0f}: keep “Standardise” on")  # fmt: skip


def _few(table: Table) -> str:
    return f"{table.n_rows} rows are few to learn from" if table.n_rows < FEW_ROWS else ""


_REMARKS: tuple[Callable[[Table], str], ...] = (_duplicates, _scales, _few)
