"""What was understood of a sheet, as a table."""

from nnviz.tables.preview import MOST_COLUMNS, MOST_ROWS, preview
from nnviz.tables.reader import read_text


def test_each_column_has_its_kind_its_range_and_its_first_rows():
    shown = preview(read_text("size,kind\n1.5,a\nn/a,b\n3,a\n"))
    assert shown.names == ["size", "kind"]
    assert shown.headings == ["Kind", "Range", "Values", "Missing", "Row 1", "Row 2", "Row 3"]
    assert shown.values == [
        ["number", "1.5 … 3", "2", "1", "1.5", "n/a", "3"],
        ["text", "", "2", "0", "a", "b", "a"],
    ]


def test_of_a_large_sheet_it_shows_the_beginning():
    line = ",".join(map(str, range(MOST_COLUMNS + 9)))
    shown = preview(read_text(f"{line}\n" * 9))
    assert len(shown.names) == len(shown.values) == MOST_COLUMNS
    assert {len(row) for row in shown.values} == {4 + MOST_ROWS}
