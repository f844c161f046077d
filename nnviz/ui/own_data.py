"""Your own data on the page: the field in the sidebar, and the step that shows what was understood.

The browser reads the file and sends it in one message. It stays in the session's memory until it is
accepted or cancelled; nothing is written to disk. The run goes on meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from ..recipe.recipe import Recipe
from ..stage import files
from ..tables import dialect
from ..tables.choosing import Prepared, TableChoices, labels_of, prepare
from ..tables.decoding import ENCODINGS, MOST_BYTES
from ..tables.errors import TableError
from ..tables.preview import preview
from ..tables.projection import PROJECTIONS
from ..tables.reader import RawTable, Reading, read
from ..tables.upload import File, file_of
from . import entry, pending, tab
from .escaping import escape_markdown
from .html_table import html_table

_FILE = "own_data_file"
_SHEETS = "own_data_sheets"
MOST_SENT = 900_000  # characters; Streamlit's socket takes messages of 1 MB


# --- what the browser sends ---------------------------------------------------------------


def collect() -> None:
    """Take what the browser has sent since the last run of the script."""
    with tab.sent("upload") as (upload, number):
        if file := file_of(upload, number):
            st.session_state[_FILE] = file
    with tab.sent("kept") as (kept, _):
        if isinstance(kept, Mapping):
            pending.of_session().brought = kept


# --- drawing ------------------------------------------------------------------------------


def show() -> None:
    """Draw the field in the sidebar; it carries what the tab keeps for a reload, too."""
    component = st.components.v2.component(
        "nnviz.data",
        js=entry.script("renderData", "disposeData", shows_problem=False),
        isolate_styles=False,
    )
    component(
        key=tab.KEY,
        data={
            "files": files.address(),
            "mostSent": MOST_SENT,
            "mostBytes": MOST_BYTES,
            **tab.message(st.session_state.page.unlinked),
        },
        on_upload_change=lambda: None,  # every run of the script reads it anyway
        on_kept_change=lambda: None,
    )


def show_step(recipe: Recipe) -> None:
    """The step between a file and its run, while one waits for it."""
    file = st.session_state.get(_FILE)
    if file is not None:
        st.dialog("Your data", width="large", on_dismiss=_cancel)(_draw_step)(file, recipe)


def _cancel() -> None:
    for key in (_FILE, _SHEETS):
        st.session_state.pop(key, None)


def _draw_step(file: File, recipe: Recipe) -> None:
    """What was understood of the file, to be changed, accepted or cancelled."""
    prepared = None
    try:
        reading = _choose_reading(file)
        sheet = _read(file, reading)
        _preview(sheet)
        prepared = prepare(
            sheet, _choose_columns(file, sheet), test_share=recipe.test_share,
            data_seed=recipe.data_seed,
        )  # fmt: skip
        _report(prepared)
    except TableError as error:
        st.error(escape_markdown(str(error)), icon=":material/error:")
    accept, cancel = st.columns(2)
    if accept.button("Use these data", type="primary", disabled=prepared is None, width="stretch"):
        assert prepared is not None, "the button is disabled without data"
        pending.of_session().table = prepared.table
        _cancel()
        st.rerun()
    if cancel.button("Cancel", width="stretch"):
        _cancel()
        st.rerun()


def _choose_reading(file: File) -> Reading:
    """How the file is read: what was found out, unless another choice is made."""
    try:
        found = _read(file, Reading()).reading
    except TableError:
        found = Reading()
    with st.expander(f"How the file is read: {_understood(found)}"):
        encoding = _select(file, "Encoding", ENCODINGS, found.encoding)
        delimiter = _select(file, "Delimiter", dialect.DELIMITERS, found.delimiter)
        decimal = _select(file, "Decimal mark", dialect.DECIMALS, found.decimal)
        header = st.toggle("The first row has the columns' names", found.header is not False,
                           key=_key(file, "header"))  # fmt: skip
    return Reading(encoding, delimiter, decimal, header)


def _read(file: File, reading: Reading) -> RawTable:
    """The file as read; kept until another one comes, since every choice draws the step again."""
    number, sheets = st.session_state.get(_SHEETS, (0, {}))
    if number != file.number:
        sheets = {}
    if reading not in sheets:
        sheet = read(file.content, file.name, reading)
        sheets |= {reading: sheet, sheet.reading: sheet}  # what was found out would read the same
    st.session_state[_SHEETS] = file.number, sheets
    return sheets[reading]


def _understood(reading: Reading) -> str:
    facts = [
        ENCODINGS.get(reading.encoding or "", reading.encoding),
        reading.delimiter and f"fields between {dialect.DELIMITERS[reading.delimiter]}s",
        reading.decimal and f"decimal {dialect.DECIMALS[reading.decimal]}",
        reading.header is not None and ("a header" if reading.header else "no header"),
    ]
    return ", ".join(fact for fact in facts if fact) or "not understood"


def _select(file: File, label: str, names: Mapping[str, str], found: str | None) -> str | None:
    """A choice of ``names``' keys; what was found comes first."""
    options = list(dict.fromkeys([found, *names]))
    return st.selectbox(
        label, options, key=_key(file, label),
        format_func=lambda key: names.get(key, key) if key else "Not needed",
    )  # fmt: skip


def _preview(sheet: RawTable) -> None:
    shown = preview(sheet)
    st.html(html_table("Columns and first rows", shown.names, shown.headings, shown.values))


def _choose_columns(file: File, sheet: RawTable) -> TableChoices:
    """The label and the axes: what is suggested, unless another choice is made."""
    labels = [each.name for each in labels_of(sheet)]
    label = st.selectbox("Label: the column with the classes", labels, key=_key(file, "label"),
                         format_func=str)  # fmt: skip
    suggested = prepare(sheet, TableChoices(label)).choices
    ways: dict[str | None, str] = {None: "Two columns"}
    ways |= {name: each.label for name, each in PROJECTIONS.items()}
    way = st.radio("Axes", list(ways), format_func=ways.__getitem__, horizontal=True,
                   key=_key(file, "way"))  # fmt: skip
    numeric = [each.name for each in sheet.numeric if each.name != label]
    if way:
        chosen = st.multiselect("Columns that the axes are computed from", numeric, numeric,
                                key=_key(file, f"columns {label}"))  # fmt: skip
        return TableChoices(label, tuple(chosen), way)
    features = [
        place.selectbox(f"Axis {name}", numeric, numeric.index(found), key=_key(file, name + label))
        for place, name, found in zip(st.columns(2), ("x₁", "x₂"), suggested.features, strict=True)
    ]
    return TableChoices(label, tuple(features))


def _report(prepared: Prepared) -> None:
    """Show how many rows stay, the classes, and notes on the other rows."""
    table = prepared.table
    st.markdown(
        f"**{escape_markdown(table.summary)}**: {escape_markdown(', '.join(table.classes))}"
    )
    for note in (*prepared.notes, *filter(None, [table.note])):
        st.caption(escape_markdown(f"{note[0].upper()}{note[1:]}."))


def _key(file: File, name: str) -> str:
    return f"own_data_{file.number}_{name}"
