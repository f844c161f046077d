"""What differs between runs side by side is described in Python as in the browser."""

import json

from nnviz import Edit, Recipe
from nnviz.recipe.companions import Companion
from nnviz.recipe.contrasts import contrasts, titles
from nnviz.stage.tables import tables
from tests import node

EDITED = Recipe().with_edit(Edit(120, "learning_rate", 0.05))
TABLE = Recipe.from_table([[0, 0], [1, 1], [2, 0]], [0, 1, 0], name="mine")

COMPARED = {
    "one field": [Recipe(), Recipe(learning_rate=0.05)],
    "all optimisers": [Recipe(optimiser=name) for name in ("sgd", "momentum", "rmsprop", "adam")],
    "the same": [Recipe(), Recipe()],
    "an edit": [Recipe(), EDITED, Recipe(learning_rate=0.05)],
    "a weight": [Recipe(), Recipe().with_edit(Edit(3, "weight", 1.0, (0, 0, 0)))],
    "points": [Recipe(), Recipe().with_edit(Edit(3, "points", "200_1_0.5_0.5"))],
    "data": [Recipe(), Recipe(data="iris"), TABLE],
    "layers": [Recipe(hidden=[]), Recipe(hidden=[1]), Recipe(hidden=[4, 2])],
    "a perceptron": [Recipe(), Recipe(hidden=[], output="step", batch_size=1)],
    "many": [Recipe(), Recipe(l1=0.1, l2=0.01, batch_size=7, seed=3, inputs=["x1", "x1x2"])],
}


def test_python_describes_runs_as_the_browser_does():
    lists = [[recipe.to_values() for recipe in recipes] for recipes in COMPARED.values()]
    phrases = json.dumps(tables()["phrases"])
    described = node.evaluate(f"""
      const {{ contrasts }} = await load("compare/contrast.js");
      return {json.dumps(lists)}.map((recipes) => contrasts(recipes, {phrases}));
    """)
    assert described == [contrasts(recipes) for recipes in COMPARED.values()]


def test_each_run_has_its_own_value():
    assert contrasts(COMPARED["one field"]) == ["learning rate η 0.5", "learning rate η 0.05"]
    assert contrasts(COMPARED["the same"]) == ["the same settings"] * 2
    assert contrasts(COMPARED["an edit"]) == [
        "learning rate η 0.5", "learning rate η 0.05 from epoch 120",
        "learning rate η 0.05 from the start",
    ]  # fmt: skip


def test_a_title_has_a_name_or_a_number():
    runs = (Companion(Recipe(optimiser="adam"), "Quick"), Companion())
    assert titles(runs, Recipe()) == ["Quick: Adam", "Run 2: SGD"]
