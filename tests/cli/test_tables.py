"""Your own data by ``--data``: from a file or standard input to all that a run gives."""

import io
import json
import sys

import numpy as np
import pytest

from nnviz import Moment, Recipe, Trainer
from nnviz.cli.parser import Parser
from nnviz.cli.runs import add_epoch, add_run, moment_of
from nnviz.tables.decoding import MOST_BYTES

FLOWERS = "länge;breite;höhe;art\r\n" + "".join(
    f"{1 + i / 10:.1f};{2 + i % 7 / 10:.1f};{i % 5};{'ABC'[i % 3]}\r\n".replace(".", ",")
    for i in range(30)
)


@pytest.fixture
def flowers(folder):
    (folder / "flowers.csv").write_bytes(FLOWERS.encode("cp1252"))
    return folder


def chosen(*arguments):
    parser = Parser("train", "", "")
    add_run(parser)
    add_epoch(parser)
    return moment_of(parser.read(arguments))


def test_a_file_is_a_run_and_what_was_understood_is_printed(flowers, nnviz):
    answer = nnviz("train", "--data", "flowers.csv", "--epoch", "5", "--json")
    assert answer.code == 0
    assert answer.err == "nnviz: flowers.csv, 30 rows, 3 classes: länge, breite by art\n"
    recipe = Recipe.from_json(json.dumps(json.loads(answer.out)["recipe"]))
    assert recipe.table.classes == ("A", "B", "C")
    np.testing.assert_array_equal(recipe.table.points[:2], [[1.0, 2.0], [1.1, 2.1]])


def test_label_axes_and_reading_can_be_chosen(flowers):
    recipe = chosen(
        "--data", "flowers.csv", "--label", "höhe", "--features", "breite,länge", "--encoding",
        "latin-1", "--delimiter", "semicolon", "--decimal", "comma", "--header", "true",
    ).recipe  # fmt: skip
    assert recipe.features == recipe.table.axes == ("breite", "länge")
    assert recipe.table.classes == ("0", "1", "2", "3", "4")


def test_a_column_whose_name_has_a_comma_stands_in_quotes(folder):
    (folder / "a.csv").write_text('"length, mm",width,kind\n1,2,a\n2,1,b\n3,5,a\n')
    recipe = chosen("--data", "a.csv", "--features", 'width, "length, mm"').recipe
    assert recipe.features == ("width", "length, mm")


def test_components_are_fitted_on_the_training_part_of_the_run(flowers):
    arguments = ("--data", "flowers.csv", "--label", "art", "--projection", "pca")
    table = chosen(*arguments, "--test-share", "0.5").recipe.table
    assert table.axes[0].startswith("PC 1 (")
    assert table.note == (
        "Principal components of länge, breite, höhe, standardised, fitted on the 15 rows of the "
        "training part at test share 0.5 and data seed 0"
    )
    assert table != chosen(*arguments).recipe.table


def test_standard_input_is_read(flowers, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FLOWERS.encode())))
    assert chosen("--data", "-").recipe.table.name == "standard input"


def test_a_run_goes_on_with_its_own_data_and_swapped_axes(flowers, nnviz):
    nnviz("export", "--data", "flowers.csv", "--epoch", "3", "-o", "a.nnviz.json")
    recipe = chosen("a.nnviz.json", "--features", "breite,länge").recipe
    assert recipe.table.name == "flowers.csv"
    assert recipe.features == ("breite", "länge")


def test_file_link_and_experiment_are_the_same_run_bit_for_bit(flowers, nnviz):
    moment = chosen("--data", "flowers.csv", "--epoch", "20")
    nnviz("export", "--data", "flowers.csv", "--epoch", "20", "-o", "a.nnviz.json")
    assert chosen("a.nnviz.json") == chosen(moment.to_query()) == moment
    runs = [Trainer(each.recipe) for each in (moment, Moment.from_query(moment.to_query()))]
    first, other = (run.network.weights for run in runs if run.seek(20))
    assert all((a == b).all() for a, b in zip(first, other, strict=True))


def test_a_script_of_a_long_table_says_which_file_it_needs(folder, nnviz):
    rows = "".join(f"{i},{i * i % 97},{'ab'[i % 2]}\n" for i in range(600))
    (folder / "long.csv").write_text("x,y,k\n" + rows)
    answer = nnviz("code", "--data", "long.csv", "--epoch", "3")
    name = "long-2-10-2-tanh-epoch-3-points.csv"
    assert f"note: the script reads the points from {name}" in answer.err
    assert name in answer.out


ERRORS = {
    ("--data", "none.csv"): (1, "none.csv cannot be read: no such file or directory"),
    ("--data", "flowers.csv", "--label", "kind"):
        (2, "--data: flowers.csv: there is no column kind; there are länge, breite, höhe, art"),
    ("--data", "flowers.csv", "--features", "länge,art"):
        (2, "--data: flowers.csv, column art: it is the label, so it cannot be an axis too"),
    ("--data", "empty.csv"): (2, "--data: empty.csv: the file is empty"),
    ("--data", "huge.csv"): (2, "--data: huge.csv: the file has 5.0 MB, and 5 MB is the most"),
    ("--label", "art"): (2, "--label: is for your own data, such as --data flowers.csv"),
    ("--data", "flowers.csv", "--delimiter", "dot"):
        (2, "--delimiter: delimiter must be one of comma, semicolon, tab, pipe, space; got dot"),
    ("-", "--data", "-"): (2, "standard input is either the run or --data, not both"),
}  # fmt: skip


@pytest.mark.parametrize("arguments", ERRORS, ids=" ".join)
def test_each_mistake_gets_one_sentence(arguments, flowers, nnviz):
    (flowers / "empty.csv").write_bytes(b"")
    with open(flowers / "huge.csv", "wb") as file:
        file.truncate(MOST_BYTES * 40)
    code, sentence = ERRORS[arguments]
    answer = nnviz("train", *arguments)
    assert (answer.code, answer.out) == (code, "")
    assert answer.err == f"nnviz: error: {sentence}\n"


def test_a_misspelt_name_is_no_file(nnviz):
    assert "data must be one of circles, moons" in nnviz("train", "--data", "circels").err
