"""Markdown of the panels as HTML, and formulas as MathML."""

import re
from xml.etree import ElementTree

import pytest

from nnviz import Recipe, Trainer
from nnviz.analysis.step import worked_example, worked_points
from nnviz.choices.activations import ACTIVATIONS
from nnviz.notation import matrix
from nnviz.site.engine.rich_text import html, mathml
from nnviz.ui.escaping import escape_markdown
from nnviz.ui.panel_texts import function
from nnviz.writing.derivation import Formula, Paragraph, parts, point_parts

MATHML = "{http://www.w3.org/1998/Math/MathML}"
RUNS = [
    Recipe(),
    Recipe(hidden=(), output="step", data="linear"),
    Recipe(data="iris", hidden=(9, 3), activation="relu", optimiser="adam", l2=0.1, batch_size=7),
]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("plain < & >", "plain &lt; &amp; &gt;"),
        ("**two words** and `code`", "<strong>two words</strong> and <code>code</code>"),
        (r"**a\*b**", "<strong>a*b</strong>"),
        (r"no \$formula\$", "no $formula$"),
    ],
)
def test_markdown_becomes_html(markdown, expected):
    assert html(markdown) == expected


@pytest.mark.parametrize("name", ["<b>x</b>", "**x** _y_", "$x$ \\ `c`", "[a](b) ~~c~~ {d} e^2 #"])
def test_names_that_people_typed_are_shown_as_they_are(name):
    shown = ElementTree.fromstring(f"<p>{html(escape_markdown(name))}</p>")
    assert "".join(shown.itertext()) == name
    assert len(shown) == 0


def test_a_formula_in_a_sentence_is_inline():
    found = ElementTree.fromstring(f"<p>{html('the number $w = 1$ is')}</p>")
    (formula,) = found
    assert formula.get("display") == "inline"
    assert "".join(found.itertext()) == "the number w=1 is"


def test_a_matrix_is_a_table_of_that_class_row_by_row():
    formula = ElementTree.fromstring(mathml(matrix([[1.5, -2.0], [3.0, 4.0]])))
    (table,) = formula.iter(f"{MATHML}mtable")
    assert table.get("class") == "matrix"
    rows = [["".join(cell.itertext()) for cell in row] for row in table]
    assert rows == [["1.5", "−2"], ["3", "4"]]


@pytest.mark.parametrize("recipe", RUNS, ids=lambda recipe: recipe.data)
def test_every_formula_of_a_derivation_is_converted_with_nothing_left_of_its_latex(recipe):
    trainer = Trainer(recipe)
    trainer.advance(3)
    found = [*parts(worked_example(trainer, 3)), *point_parts(worked_points(trainer, (0.3, 0.4)))]
    blocks = [block for part in found for block in part.blocks()]
    formulas = [mathml(block.latex) for block in blocks if isinstance(block, Formula)]
    sentences = [html(block.text) for block in blocks if isinstance(block, Paragraph)]
    assert formulas
    for text in [*formulas, *(f"<p>{sentence}</p>" for sentence in sentences)]:
        shown = "".join(ElementTree.fromstring(text).itertext())
        assert not re.search(r"\\|&|\$|\[1ex\]|\*\*", shown), shown


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_formula_of_an_activation_is_converted(name):
    shown = "".join(ElementTree.fromstring(mathml(function(ACTIVATIONS[name]))).itertext())
    assert "\\" not in shown
    assert "φ" in shown
