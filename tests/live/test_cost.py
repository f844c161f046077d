"""Which runs are expensive."""

from dataclasses import replace

import pytest

from nnviz import Recipe
from nnviz.live.cost import is_expensive
from nnviz.recipe.edits import Edit

SIX = (64,) * 6


@pytest.mark.parametrize(
    "recipe",
    [Recipe(), Recipe(data="iris"), Recipe(hidden=(16, 16, 16)), Recipe(hidden=(), samples=2000),
     Recipe(hidden=(16, 16, 16), batch_size=10), Recipe(batch_size=1),
     Recipe(data="drawing"), Recipe(data="drawing", batch_size=1)],
)  # fmt: skip
def test_runs_of_a_class_are_cheap(recipe):
    assert not is_expensive(recipe)


TABLE = Recipe.from_table([[i % 9, i % 7] for i in range(3000)], [i % 2 for i in range(3000)])


@pytest.mark.parametrize(
    "recipe",
    [Recipe(hidden=SIX), Recipe(hidden=SIX, samples=2000, batch_size=1),
     replace(TABLE, batch_size=1), Recipe(samples=2000, batch_size=1),
     Recipe(samples=2000, batch_size=1).with_edit(Edit(3, "batch_size", None)),
     Recipe(samples=2000).with_edit(Edit(3, "batch_size", 1))],
)  # fmt: skip
def test_runs_of_wide_networks_or_many_steps_are_expensive(recipe):
    assert is_expensive(recipe)
