"""The step between a visitor's own file and its run, as what the page is to show.

It is that of the served page, :mod:`nnviz.ui.own_data`, without axes computed from more columns,
which are scikit-learn's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...recipe.form import Group, Widget
from ...recipe.recipe import Recipe
from ...recipe.table import Table
from ...tables import dialect
from ...tables.choosing import Prepared, TableChoices, labels_of, prepare
from ...tables.decoding import ENCODINGS
from ...tables.errors import TableError
from ...tables.preview import preview
from ...tables.reader import RawTable, Reading, read
from ...tables.upload import File
from .sidebar import group_json, value_chosen

TITLE = "How the file is read"
NO_PROJECTION = (
    "Principal components and linear discriminants of more columns are axes on a page with a "
    "server, and on the command line: nnviz train --data FILE --projection pca."
)
READING = ("encoding", "delimiter", "decimal", "header")


class OwnDataStep:
    """What was understood of a file, to be changed, accepted or cancelled."""

    def __init__(self, file: File):
        self._file = file
        self._reading = Reading()
        self._columns: dict[str, str] = {}  # label and axes that were chosen
        self._sheets: dict[Reading, RawTable] = {}
        self._widgets: dict[str, Widget] = {}  # as they are shown

    def choose(self, changes: Mapping[str, Any]) -> None:
        """Other values of widgets, by their keys; those that no widget has are ignored."""
        for key, change in changes.items():
            widget = self._widgets.get(key)
            if widget is None or (value := value_chosen(widget, change)) is None:
                continue
            if key in READING:
                self._reading = replace(self._reading, **{key: value})
                self._columns = {}
            else:
                self._columns = (
                    {"label": value} if key == "label" else {**self._columns, key: value}
                )

    def table(self, recipe: Recipe) -> Table | None:
        """The data as they are chosen; None where they cannot be used."""
        try:
            return self._prepared(recipe, self._sheet()).table
        except TableError:
            return None

    def shown(self, recipe: Recipe) -> dict[str, Any]:
        """Widgets, a preview, and sentences on what was done, or on why nothing can be done.

        ``recipe`` is the run that goes on meanwhile.
        """
        groups, preview, notes, error = [], None, [], None
        reading = self._reading
        try:
            sheet = self._sheet()
            reading, preview = sheet.reading, _preview(sheet)
            groups.append(Group("", tuple(self._column_widgets(sheet, recipe))))
            prepared = self._prepared(recipe, sheet)
            classes = ", ".join(prepared.table.classes)
            notes = [f"{prepared.table.summary}: {classes}.", *map(_sentence, prepared.notes)]
            if sum(each.name != prepared.choices.label for each in sheet.numeric) > 2:
                notes.append(NO_PROJECTION)
        except TableError as problem:
            error = str(problem)
        groups.append(Group(TITLE, tuple(_reading_widgets(reading))))
        self._widgets = {widget.key: widget for group in groups for widget in group.widgets}
        return {
            "name": self._file.name, "groups": [group_json(group, False) for group in groups],
            "preview": preview, "notes": notes, "error": error,
        }  # fmt: skip

    def _sheet(self) -> RawTable:
        if self._reading not in self._sheets:
            self._sheets[self._reading] = read(self._file.content, self._file.name, self._reading)
        return self._sheets[self._reading]

    def _prepared(self, recipe: Recipe, sheet: RawTable) -> Prepared:
        chosen = TableChoices(self._columns.get("label"), self._features(sheet, recipe))
        return prepare(sheet, chosen, test_share=recipe.test_share, data_seed=recipe.data_seed)

    def _features(self, sheet: RawTable, recipe: Recipe) -> tuple[str, ...]:
        """The columns chosen as axes, those suggested in the place of others; none if all are."""
        axes = [self._columns.get(f"own_feature_{i}") for i in (1, 2)]
        if not any(axes):
            return ()
        suggested = self._suggested(sheet, recipe).features
        return tuple(axis or other for axis, other in zip(axes, suggested, strict=True))

    def _suggested(self, sheet: RawTable, recipe: Recipe) -> TableChoices:
        choices = TableChoices(self._columns.get("label"))
        return prepare(
            sheet, choices, test_share=recipe.test_share, data_seed=recipe.data_seed
        ).choices

    def _column_widgets(self, sheet: RawTable, recipe: Recipe) -> list[Widget]:
        suggested = self._suggested(sheet, recipe)
        labels = [each.name for each in labels_of(sheet)]
        numeric = [each.name for each in sheet.numeric if each.name != suggested.label]
        axes = self._features(sheet, recipe) or suggested.features
        return [
            _select("label", "Label: the column with the classes", _same(labels), suggested.label),
            *(_select(f"own_feature_{i}", f"Axis {name}", _same(numeric), axis)
              for i, (name, axis) in enumerate(zip(("x₁", "x₂"), axes, strict=True), 1)),
        ]  # fmt: skip


def _reading_widgets(reading: Reading) -> list[Widget]:
    choices = (
        ("encoding", "Encoding", ENCODINGS, reading.encoding),
        ("delimiter", "Delimiter", dialect.DELIMITERS, reading.delimiter),
        ("decimal", "Decimal mark", dialect.DECIMALS, reading.decimal),
    )
    header = Widget("", "header", "toggle", "The first row has the columns' names", "",
                    reading.header is not False)  # fmt: skip
    return [*(_select(*each) for each in choices), header]


def _select(key: str, label: str, names: Mapping[str, str], value: str | None) -> Widget:
    unknown = () if value in names else ((value, value or "Not needed"),)
    options = (*unknown, *names.items())
    return Widget("", key, "select", label, "", value, options=options)


def _same(names: list[str]) -> dict[str, str]:
    return {name: name for name in names}


def _preview(sheet: RawTable) -> dict[str, Any]:
    shown = preview(sheet)
    return {"kind": "table", "caption": "Columns", "rows": shown.names, "columns": shown.headings,
            "values": shown.values}  # fmt: skip


def _sentence(note: str) -> str:
    return f"{note[0].upper()}{note[1:]}."
