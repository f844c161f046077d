"""Files as other programs write them, bad files, and any bytes at all."""

import csv
import io
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nnviz.tables import cells, dialect, excel
from nnviz.tables.columns import KINDS
from nnviz.tables.decoding import MOST_BYTES
from nnviz.tables.errors import TableError
from nnviz.tables.reader import Reading, read, read_text

ROWS = [(3.5, 1.25, "Adélie"), (4.0, 2.5, "Gentoo"), (-1.5, 1e-3, "Adélie"), (2.0, 0.5, "Gentoo")]
HEAD = ("bill length (mm)", "mass", "species")


def written(delimiter=",", decimal=".", head=HEAD, quote=csv.QUOTE_MINIMAL, end="\r\n"):
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, quoting=quote, lineterminator=end)
    if head:
        writer.writerow(head)
    writer.writerows([[str(x).replace(".", decimal), str(y).replace(".", decimal), name]
                      for x, y, name in ROWS])  # fmt: skip
    return file.getvalue()


PROGRAMS = {
    "excel, american": written().encode("cp1252"),
    "excel, german": written(";", ",").encode("cp1252"),
    "excel, unicode text": b"\xff\xfe" + written("\t").encode("utf-16-le"),
    "excel, csv utf-8": b"\xef\xbb\xbf" + written(";", ",").encode(),
    "libreoffice": written(quote=csv.QUOTE_NONNUMERIC, end="\n").encode(),
    "old mac": written(end="\r").encode("mac-roman"),
    "pandas, utf-16 without mark": written(end="\n").encode("utf-16-le"),
    "big endian": written(end="\n").encode("utf-16-be"),
    "pipes": written("|", end="\n").encode(),
    "sep": b"sep=;\r\n" + written(";", ",").encode(),
    "a delimiter at the end": written(end="\n").replace("\n", ",\r\n").encode(),
    "blank lines": ("\n\n" + written(end="\n\n") + "\n").encode(),
}


def columns_of(sheet):
    return [each.name for each in sheet.columns]


def check_penguins(sheet):
    assert columns_of(sheet)[-3:] == list(HEAD)
    *_, length, mass, species = sheet.columns
    np.testing.assert_array_equal(length.numbers, [row[0] for row in ROWS])
    np.testing.assert_array_equal(mass.numbers, [row[1] for row in ROWS])
    assert species.cells == tuple(row[2] for row in ROWS)


@pytest.mark.parametrize("program", PROGRAMS)
def test_files_of_other_programs_are_understood(program):
    check_penguins(read(PROGRAMS[program], "penguins.csv"))


@pytest.mark.parametrize("text", [
    '"","bill length (mm)","mass","species"\n' + "\n".join(
        f'"{i}",{x},{y},"{name}"' for i, (x, y, name) in enumerate(ROWS, 1)),  # write.csv
    '"bill length (mm)" "mass" "species"\n' + "\n".join(
        f'"{i}" {x} {y} "{name}"' for i, (x, y, name) in enumerate(ROWS, 1)),  # write.table
    ",bill length (mm),mass,species\n" + "\n".join(
        f"{i},{x},{y},{name}" for i, (x, y, name) in enumerate(ROWS)),  # pandas with its index
])  # fmt: skip
def test_row_names_are_a_column_of_their_own(text):
    sheet = read_text(text)
    check_penguins(sheet)
    assert len(sheet.columns) == 4


def test_without_a_header_columns_are_numbered():
    sheet = read(written(head=None).encode())
    assert columns_of(sheet) == ["column 1", "column 2", "column 3"]
    assert sheet.reading.header is False
    assert sheet.n_rows == len(ROWS)


def test_a_paste_from_a_spreadsheet_has_tabs():
    sheet = read_text(written("\t", ",", end="\n"), "paste")
    check_penguins(sheet)
    assert (sheet.reading.delimiter, sheet.reading.decimal) == ("\t", ",")


@pytest.mark.parametrize(("reading", "names"), [
    (Reading(header=False), ["column 1", "column 2", "column 3"]),
    (Reading(encoding="latin-1"), ["bill length (mm)", "mass", "species"]),
])  # fmt: skip
def test_what_was_found_out_can_be_overridden(reading, names):
    assert columns_of(read(written().encode(), "f.csv", reading)) == names


def test_lines_are_those_of_the_file():
    text = 'a,b,c\n1,2,"two\nlines"\n\n3,4,x\n'
    sheet = read_text(text)
    assert sheet.lines.tolist() == [2, 5]
    assert sheet.columns[2].cells == ("two\nlines", "x")


@pytest.mark.parametrize(("cells", "kind"), [
    (["1", "2", "n/a"], "whole number"), (["1.5", "2", ""], "number"), (["1e3", "2.5"], "number"),
    (["yes", "no"], "true or false"), (["2024-01-31", "2024-02-01"], "date"),
    (["31.1.2024", "1.2.2024"], "date"), (["=1+1", "=2+2"], "text"), (["", "NA"], "empty"),
    (["<b>", "%{y}"], "text"), (["1_000", "2_000"], "text"), (["٣", "٤"], "text"),
])  # fmt: skip
def test_kinds_of_columns(cells, kind):
    text = "a\tb\tc\n" + "".join(f"{cell}\tx\t0.5\n" for cell in cells)
    assert read_text(text).columns[0].kind == kind
    assert kind in KINDS


def test_what_is_no_finite_number_is_unreadable():
    column = read_text("a\tb\n" + "1.5\tx\n" * 8 + "inf\ty\noops\tz\n\tw\n").columns[0]
    assert column.unreadable.tolist() == [False] * 8 + [True, True, False]
    assert column.missing.tolist() == [False] * 10 + [True]
    assert column.range == (1.5, 1.5)


@pytest.mark.parametrize(("cells", "numbers"), [
    (["1.234,5", "1.234", "0,5"], [1234.5, 1234, 0.5]),  # one cell shows that thousands are grouped
    (["1,5", "2,5", "1.234", "3,5", "4,5"], [1.5, 2.5, np.nan, 3.5, 4.5]),  # or nothing does
    (["1,234.5", "1,234", "0.5"], [1234.5, 1234, 0.5]),
    (["−1.5", "+2.5"], [-1.5, 2.5]),
])  # fmt: skip
def test_marks_of_numbers(cells, numbers):
    sheet = read_text("a\tb\n" + "".join(f"{cell}\tx\n" for cell in cells))
    np.testing.assert_array_equal(sheet.columns[0].numbers, numbers)


@given(
    st.lists(st.text("0123456789.,+-eE_ \n−٣x\ud800", min_size=1, max_size=8), unique=True),
    st.sampled_from(list(dialect.DECIMALS)),
)
@example(["1e999", "2"], ".")
@example(["1e99999", "2"], ".")
@example(["1-2", "3"], ".")
@example(["1.234,5", "6.789"], ",")
def test_numbers_read_at_once_are_those_read_one_by_one(texts, decimal):
    at_once = cells.plain_numbers(texts, decimal)
    if at_once is not None:
        assert at_once == {text: cells.number(text, decimal) for text in texts}
        assert np.isfinite(list(at_once.values())).all()
    assert cells.missing([*texts, "NA", "n/A"]) == {
        text for text in [*texts, "NA", "n/A"] if cells.is_missing(text)
    }


def test_plain_numbers_are_read_at_once():
    assert cells.plain_numbers(["1,5", "-2", "+,5", "3,", "1e3"], ",") == {
        "1,5": 1.5, "-2": -2.0, "+,5": 0.5, "3,": 3.0, "1e3": 1000.0,
    }  # fmt: skip
    for other in ("1.5", "1_0", "nan", "−1", "1e999", "1\n2", "٣", "", "1-2"):
        assert cells.plain_numbers(["1", other], ",") is None


def test_names_are_unique_and_printable():
    sheet = read_text("a,a,,\x1bb \n1,2,3,4\n5,6,7,8\n")
    assert columns_of(sheet) == ["a", "a (2)", "column 3", "\\x1bb"]


def test_longer_rows_are_left_out_and_shorter_ones_filled():
    sheet = read_text("a,b,c\n1,2,x\n1,2,x,9\n3\n4,5,y\n")
    assert sheet.left_out == ("1 row left out: line 3 has 4 fields instead of 3",)
    assert sheet.lines.tolist() == [2, 4, 5]
    assert sheet.columns[1].missing.tolist() == [False, True, False]


WRONG = "f.csv: this is neither a table of text (.csv) nor a workbook (.xlsx) but "
BAD = {
    b"": "f.csv: the file is empty",
    b" \r\n\r\n": "f.csv: the file is empty",
    b"\x89PNG\r\n\x1a\n" + bytes(100): WRONG + "a picture (PNG)",
    b"ab\x00\x01\x02" * 99: WRONG + "a binary file",
    b"II*\x00" + bytes(100): WRONG + "a picture (TIFF)",
    bytes(range(1, 256)) * 40: WRONG + "a binary file",
    b"PK\x03\x04" + bytes(50): WRONG + "a ZIP archive",
    b"a\n1\n2\n": "f.csv, line 2: there is only one column: a label and two axes need three",
    b"a,b,c\n": "f.csv, line 1: there is a header, but no row below it",
    b"1,2,3\n" + b"1," * 10_000 + b"\n":
        "f.csv, line 2: the row has 10001 fields, and 1000 is the most",
    b"a" * (MOST_BYTES + 1): "f.csv: the file has 5.0 MB, and 5 MB is the most",
}  # fmt: skip


@pytest.mark.parametrize("content", BAD, ids=lambda content: repr(content[:12]))
def test_each_bad_file_gets_its_sentence(content):
    with pytest.raises(TableError) as caught:
        read(content, "f.csv")
    assert str(caught.value).replace("column 1", "") == BAD[content]


@pytest.mark.parametrize(("reading", "sentence"), [
    (Reading(encoding="utf-8"), "f.csv, line 3: byte 11 is not UTF-8: choose another encoding"),
    (Reading(encoding="klingon"), "f.csv: the encoding must be one of utf-8, utf-16, "),
    (Reading(delimiter="x"), "f.csv: the delimiter must be a comma, semicolon, tab, pipe, space; "),
    (Reading(decimal="x"), "f.csv: the decimal mark must be a point or a comma; got x"),
])  # fmt: skip
def test_a_choice_that_does_not_fit_gets_a_sentence(reading, sentence):
    with pytest.raises(TableError) as caught:
        read("a,b\n1,2\n3,é\n".encode("cp1252"), "f.csv", reading)
    assert str(caught.value).startswith(sentence)


def workbook(rows):
    openpyxl = pytest.importorskip("openpyxl")
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def test_a_workbook_is_read_by_its_first_sheet():
    check_penguins(read(workbook([HEAD, *ROWS]), "penguins.xlsx"))


def test_of_a_workbook_no_more_is_read_than_takes_two_seconds(monkeypatch):
    monkeypatch.setattr(excel, "MOST_CELLS", 1000)
    with pytest.raises(TableError) as caught:
        read(workbook([[1, 2, 3]] * 400), "a.xlsx")
    assert str(caught.value) == "a.xlsx: the sheet has more than 1,000 cells: save it as CSV"
    assert read(workbook([["x", "y", "k"], *[[1, 2, 3]] * 300]), "a.xlsx").n_rows == 300


@pytest.mark.parametrize(
    ("platform", "sentence"),
    [
        ("linux", "reading .xlsx files needs openpyxl (pip install openpyxl): or save it as CSV"),
        ("emscripten", "a page without a server reads no .xlsx files: save it as CSV"),
    ],
)
def test_without_openpyxl_a_sentence_says_what_to_do(monkeypatch, platform, sentence):
    content = io.BytesIO()
    import zipfile

    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(TableError) as caught:
        read(content.getvalue(), "penguins.xlsx")
    assert str(caught.value) == f"penguins.xlsx: {sentence}"


pieces = st.sampled_from(
    [*',;\t|"\n\r \x00', "1,5", "2.5", "n/a", "inf", "1e999", "a", "é", "=1+1", "sep=;", "\x1b[0m"]
)


@given(st.binary(max_size=300) | st.lists(pieces, max_size=80).map("".join).map(str.encode))
@example(b'a,"b\n1,2')
@example(b"\xff\xfe\x00\xd8\n\x00")
@example(b"1,2\n" + b"9" * 500 + b",1\n")
@example("a,b\n1,\ud800\n".encode("utf-16-le", "surrogatepass"))
def test_any_bytes_are_a_sheet_or_an_error_of_the_readers_own(content):
    try:
        sheet = read(content, "f.csv")
    except TableError as error:
        assert str(error).startswith("f.csv")  # noqa: PT017
        assert str(error).isprintable()  # noqa: PT017
        return
    assert all(len(each.cells) == sheet.n_rows for each in sheet.columns)
    assert len(set(columns_of(sheet))) == len(sheet.columns)
    for each in sheet.columns:
        assert each.numbers is None or not np.isinf(each.numbers).any()


def test_what_is_too_long_to_be_read_is_named(monkeypatch):
    monkeypatch.setattr("nnviz.tables.reader.MOST_CELLS", 7)
    sheet = read_text("a,b\n1,x\n\n2,y\n3,z\n")
    assert (sheet.n_rows, sheet.left_out) == (2, ("the file is read up to line 4",))
    monkeypatch.setattr("nnviz.tables.reader.MOST_ROWS", 2)
    assert read_text("a,b\n1,x\n\n2,y\n3,z\n").n_rows == 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_delimiter_is_found_in_the_first_lines_however_they_end(end, monkeypatch):
    scored = []
    monkeypatch.setattr(dialect, "_is_clean", lambda cell, others: scored.append(cell) or True)
    assert dialect.delimiter_of(f"1;2;x{end}" * 5000) == ";"
    assert len(scored) <= 3 * dialect.SCORED_ROWS


def test_reading_takes_a_bounded_multiple_of_the_memory_of_a_file():
    content = "".join(f"{i:x},{7 * i:x},q{i}\n" for i in range(10_000)).encode()
    tracemalloc.start()
    try:
        assert read(content).n_rows == 10_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 * len(content)  # 200 MB for the largest file
