"""Label, axes and rows of a table, and the notes about them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz.recipe.recipe import Recipe
from nnviz.tables.choosing import TableChoices, labels_of, prepare
from nnviz.tables.errors import TableError
from nnviz.tables.reader import read_text
from nnviz.training.trainer import dataset_of

FLOWERS = """id,petal length,petal width,species,weather
1,1.4,0.2,setosa,=1+1
2,1.5,0.3,setosa,=2
3,4.5,1.5,versicolor,dry
4,4.7,n/a,virginica,wet
5,5.1,1.8,virginica,wet and windy
6,inf,1.8,virginica,wet and cold
7,4.4,1.4,,dry
"""


def sheet_of(text, name="flowers.csv"):
    return read_text(text, name)


def test_a_label_and_two_measurements_are_suggested():
    made = prepare(sheet_of(FLOWERS))
    assert made.choices == TableChoices("species", ("petal length", "petal width"))
    assert made.table.summary == "flowers.csv, 4 rows, 3 classes"
    assert made.table.classes == ("setosa", "versicolor", "virginica")
    np.testing.assert_array_equal(
        made.table.points, [[1.4, 0.2], [1.5, 0.3], [4.5, 1.5], [5.1, 1.8]]
    )
    assert made.table.class_indices.tolist() == [0, 0, 1, 2]


PENGUINS = """species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year
Adelie,Torgersen,39.1,18.7,181,3750,male,2007
Adelie,Torgersen,39.5,17.4,186,3800,female,2007
Adelie,Torgersen,NA,NA,NA,NA,NA,2007
Chinstrap,Dream,46.5,17.9,192,3500,female,2007
Gentoo,Biscoe,46.1,13.2,211,4500,female,2007
Gentoo,Biscoe,50,16.3,230,5700,male,2008
"""
TITANIC = """PassengerId,Survived,Pclass,Name,Sex,Age,SibSp,Parch,Ticket,Fare,Cabin,Embarked
1,0,3,"Braund, Mr. Owen Harris",male,22,1,0,A/5 21171,7.25,,S
2,1,1,"Cumings, Mrs. (Florence ""Flo"" Thayer)",female,38,1,0,PC 17599,71.2833,C85,C
3,1,3,"Heikkinen, Miss. Laina",female,26,0,0,STON/O2. 3101282,7.925,,S
4,1,1,"Futrelle, Mrs. Jacques Heath",female,35,1,0,113803,53.1,C123,S
6,0,3,"Moran, Mr. James",male,,0,0,330877,8.4583,,Q
7,0,1,"McCarthy, Mr. Timothy J",male,54,0,0,17463,51.8625,E46,S
8,0,3,"Palsson, Master. Gosta",male,2,3,1,349909,21.075,,S
9,1,3,"Johnson, Mrs. Oscar W",female,27,0,2,347742,11.1333,,S
10,1,2,"Nasser, Mrs. Nicholas",female,14,1,0,237736,30.0708,,C
11,1,3,"Sandstrom, Miss. Marguerite",female,4,1,1,PP 9549,16.7,G6,S
12,1,1,"Bonnell, Miss. Elizabeth",female,58,0,0,113783,26.55,C103,S
14,0,3,"Andersson, Mr. Anders Johan",male,39,1,5,347082,31.275,,S
"""


@pytest.mark.parametrize(
    ("text", "label", "axes", "left_out"),
    [(PENGUINS, "species", ("bill_length_mm", "bill_depth_mm"),
      "1 row left out: ‘NA’ in bill_length_mm, first in line 4"),
     (TITANIC, "Survived", ("Age", "Fare"), "1 row left out: no value in Age, first in line 6")],
    ids=["penguins", "titanic"],
)  # fmt: skip
def test_what_is_measured_is_suggested_rather_than_what_is_counted(text, label, axes, left_out):
    made = prepare(sheet_of(text))
    assert made.choices == TableChoices(label, axes)
    assert made.notes[0] == left_out


def test_rows_left_out_are_counted_and_named():
    note, *rest = prepare(sheet_of(FLOWERS)).notes
    assert note == (
        "3 rows left out: ‘n/a’ in petal width, first in line 5; ‘inf’ in petal length, first in "
        "line 7; no value in species, first in line 8"
    )
    assert rest == ["4 rows are few to learn from"]


def test_classes_have_the_order_of_their_first_appearance():
    text = "x\ty\tgrade\n" + "".join(f"{i}\t{i * i}\t{grade}\n" for i, grade in enumerate("312312"))
    made = prepare(sheet_of(text), TableChoices("grade", ("x", "y")))
    assert made.table.classes == ("3", "1", "2")


def test_the_most_frequent_of_many_classes_stay():
    names = [f"c{k}" for k in range(10) for _ in range(20 - k)]
    text = "x,y,name\n" + "".join(f"{i},{i % 7},{name}\n" for i, name in enumerate(names))
    made = prepare(sheet_of(text))
    assert made.table.classes == (*(f"c{k}" for k in range(7)), "other")
    assert "3 of 10 classes became “other”: the 7 most frequent ones have colours of their own" in (
        made.notes
    )


def test_of_400_classes_seven_stay():
    text = "x,y,name\n" + "".join(f"{i},{i % 97},c{i % 400}\n" for i in range(1200))
    made = prepare(sheet_of(text), TableChoices("name"))
    assert len(made.table.classes) == 8
    assert "393 of 400 classes became “other”" in made.notes[0]


ERRORS = {
    "one class": ("x,y,k\n1,2,a\n3,4,a\n", TableChoices(label="k"),
                  "f.csv, column k: it has one class, a: a label needs two"),
    "no label": ("x,y\n" + "".join(f"{i}.5,{i}.25\n" for i in range(20)), TableChoices(),
                 ("f.csv, column x: no column can be the label: it has 20 different numbers: "
                 "a label needs few")),
    "an ID": ("x,y,k\n" + "".join(f"{i},{i * i},r{i}\n" for i in range(20)), TableChoices("k"),
              ("f.csv, column k: it has 20 different values in 20 rows, as an ID has: a label "
              "needs few")),
    "no numbers": ("a,b,k\nu,v,x\nw,z,y\n", TableChoices(label="k"),
                   ("f.csv: there is no column of numbers: the axes need two; column a: it has "
                    "text such as u: an axis needs numbers")),
    "one column of numbers": ("a,b,k\n1,v,x\n2,z,y\n", TableChoices(label="k"),
                              ("f.csv: there is only one column of numbers, a: the axes need two; "
                               "column b: it has text such as v: an axis needs numbers")),
    "mixed decimal marks": (
        "a;b;k\n1;1,5;x\n2;2.5;y\n3;3,5;x\n4;4.5;y\n", TableChoices("k"),
        ("f.csv: there is only one column of numbers, a: the axes need two; column b: it has "
         "numbers with both decimal marks, such as 2.5 and 1,5")),
    "only dates beside": ("a,d,k\n1,2024-01-02,x\n2,2024-01-03,y\n", TableChoices("k"),
                          ("f.csv: there is only one column of numbers, a: the axes need two; "
                           "column d: it has dates such as 2024-01-02: an axis needs numbers")),
    "only missing beside": ("a,d,k\n1,,x\n2,,y\n", TableChoices("k"),
                            ("f.csv: there is only one column of numbers, a: the axes need two; "
                             "column d: all its values are missing")),
    "constant": ("a,b,k\n1,5,x\n2,5,y\n", TableChoices(label="k"),
                 "f.csv, column b: it is 5 in every row: an axis needs two values"),
    "constant in what stays": ("a,b,k\n1,5,x\n2,5,y\n3,6,\n", TableChoices(label="k"),
                               ("f.csv, column b: it is 5 in every row that can be used: an axis "
                               "needs two values")),
    "text": ("a,b,k\n1,5,x\n2,6,y\n3,7,z\n", TableChoices("b", ("a", "k")),
             "f.csv, column k: it has text such as x: an axis needs numbers"),
    "dates": ("a,d,k\n1,2024-01-02,x\n2,2024-01-03,y\n", TableChoices("k", ("a", "d")),
              "f.csv, column d: it has dates such as 2024-01-02: an axis needs numbers"),
    "all missing": ("a,b,k\n1,,x\n,2,y\n", TableChoices("k", ("a", "b")),
                    "f.csv, column a: it is 1 in every row: an axis needs two values"),
    "no row": ("a,b,k\n1,,x\n2,,y\n,3,x\n,4,y\n", TableChoices("k", ("a", "b")),
               ("f.csv: no row can be used; 4 rows left out: no value in b, first in line 2; "
               "no value in a, first in line 4")),
    "unknown": ("a,b,k\n1,5,x\n2,6,y\n", TableChoices("q"),
                "f.csv: there is no column q; there are a, b, k"),
    "twice": ("a,b,k\n1,5,x\n2,6,y\n", TableChoices("k", ("a", "a")),
              "f.csv: the axes must be different columns; got a twice"),
    "three": ("a,b,c,k\n1,5,2,x\n2,6,3,y\n", TableChoices("k", ("a", "b", "c")),
              "f.csv: the axes must be two columns; got 3"),
    "too large": ("a,b,k\n1,5e20,x\n2,6,y\n", TableChoices("k", ("a", "b")),
                  "f.csv, column b: numbers must be −1e+15…1e+15; got 5e+20"),
    "two discriminants of two classes": (
        "a,b,c,k\n" + "".join(f"{i},{i * i},{i % 5},{'xy'[i % 2]}\n" for i in range(30)),
        TableChoices("k", projection="lda"),
        ("f.csv: two linear discriminants need three classes in the training part: choose "
        "principal components")),
}  # fmt: skip


@pytest.mark.parametrize("case", ERRORS)
def test_what_cannot_be_used_gets_one_sentence(case):
    text, choices, sentence = ERRORS[case]
    with pytest.raises(TableError) as caught:
        prepare(sheet_of(text, "f.csv"), choices)
    assert str(caught.value) == sentence


def test_markup_in_names_and_formulas_stay_text():
    text = "<b>x</b>,%{y},k\n1,2,<script>\n3,5,=1+1\n4,4,%{z}\n"
    made = prepare(sheet_of(text), TableChoices("k"))
    assert made.table.axes == ("<b>x</b>", "%{y}")
    assert made.table.classes == ("<script>", "=1+1", "%{z}")


def long_table(n=7000):
    rng = np.random.default_rng(0)
    xy, k = rng.normal(size=(n, 2)), rng.choice(3, n, p=[0.9, 0.0999, 0.0001])
    k[:2] = 2
    return "x,y,k\n" + "".join(
        f"{x:.3f},{y:.3f},{'abc'[i]}\n" for (x, y), i in zip(xy, k, strict=True)
    )


def test_a_long_table_is_sampled_by_seed_with_the_same_shares():
    sheet = sheet_of(long_table())
    made, same, other = (prepare(sheet, data_seed=seed) for seed in (0, 0, 1))
    assert made.table == same.table != other.table
    whole = np.array([count for _, count in sorted(sheet.column("k").counts.items())])
    drawn = np.bincount(made.table.class_indices)[[made.table.classes.index(c) for c in "abc"]]
    assert drawn.sum() == 5000
    np.testing.assert_allclose(drawn, whole * 5000 / 7000, atol=1)
    assert (
        "5,000 of 7,000 rows are used, drawn by the data seed with the same share of each class"
        in (made.notes)
    )


def wide_table(n=60):
    rng = np.random.default_rng(1)
    k = rng.integers(3, size=n)
    xs = rng.normal(size=(n, 4)) + k[:, None] * [1.0, 20.0, -1.0, 0.0]
    rows = "".join(
        ",".join(map(repr, row.tolist())) + f",{'uvw'[i]}\n" for row, i in zip(xs, k, strict=True)
    )
    return xs, k, "a,b,c,d,k\n" + rows


@pytest.mark.parametrize("projection", ["pca", "lda"])
def test_components_are_fitted_on_the_training_part_alone(projection):
    xs, _k, text = wide_table()
    sheet = sheet_of(text)
    made = prepare(sheet, TableChoices("k", projection=projection), test_share=0.5)
    recipe = Recipe(data=made.table, test_share=0.5)
    train = dataset_of(recipe).train
    np.testing.assert_allclose(train.mean(axis=0), 0, atol=1e-3)  # of the training part only
    assert np.abs(made.table.points.mean(axis=0)).max() > 0.01
    assert made.table.note.endswith(
        "of a, b, c, d, standardised, fitted on the 30 rows of the training part at "
        "test share 0.5 and data seed 0"
    )
    if projection == "pca":
        part = np.random.default_rng((0, 1)).permutation(60)[30:]
        scaled = (xs - xs[part].mean(axis=0)) / xs[part].std(axis=0)
        directions = np.linalg.svd(scaled[part], full_matrices=False)[2][:2]
        np.testing.assert_allclose(
            np.abs(made.table.points), np.abs(scaled @ directions.T), atol=1e-3
        )


def test_duplicates_and_different_scales_get_a_word():
    text = "a,b,k\n" + "".join(f"{i % 5},{i % 5 * 1000},{'xy'[i % 2]}\n" for i in range(20))
    assert prepare(sheet_of(text), TableChoices("k")).notes == (
        "15 rows repeat the point of an earlier row",
        "the ranges of a and b differ by a factor of 1000: keep “Standardise” on",
    )


def test_labels_are_listed_with_the_most_likely_first():
    text = "class,a,b,flag,place\n" + "".join(
        f"{'uv'[i % 2]},{i},{i * 2.5},{['yes', 'no'][i % 3 == 0]},{'pqr'[i % 3]}\n"
        for i in range(60)
    )
    assert [each.name for each in labels_of(sheet_of(text))] == ["class", "place", "flag"]


cell = st.sampled_from(["", "1", "2.5", "x", "y", "n/a", "inf", "2024-01-01", "1e20", "yes"])


@given(st.lists(st.lists(cell, min_size=3, max_size=4), min_size=1, max_size=12),
       st.sampled_from([None, "pca", "lda"]))  # fmt: skip
def test_any_table_is_prepared_or_refused_in_one_sentence(rows, projection):
    text = "a,b,c,d\n" + "".join(",".join(row) + "\n" for row in rows)
    try:
        made = prepare(read_text(text, "f.csv"), TableChoices(projection=projection))
    except TableError as error:
        assert str(error).startswith("f.csv")  # noqa: PT017
        return
    assert Recipe.from_json(Recipe(data=made.table).to_json()).data == made.table
