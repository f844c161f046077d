"""A large test part has passes of its own; no number shows it."""

from dataclasses import replace

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.training import descent as module

WIDE = Recipe(samples=500, test_share=0.5, hidden=[64, 64], learning_rate=0.05)


def trained(recipe):
    trainer = Trainer(recipe)
    trainer.advance(20)
    return trainer._descent.state, trainer.rows(0)


def alone(monkeypatch):
    """From here on, all samples go together in one pass."""
    monkeypatch.setattr(module, "plan_of", lambda _sizes, n, *_: [(0, n, None)])


@pytest.mark.parametrize("samples", [300, 400, 500])
@pytest.mark.parametrize("changes", [{}, {"batch_size": 32}, {"output": "sigmoid"}])
def test_a_large_test_part_has_the_same_numbers_whether_or_not_it_goes_by_itself(
    monkeypatch, samples, changes
):
    recipe = replace(WIDE, samples=samples, **changes)
    state, rows = trained(recipe)
    alone(monkeypatch)
    for one, two in zip((state, rows), trained(recipe), strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("plan", [
    [(0, 256, 128), (256, 500, None)], [(0, 256, None), (256, 500, 100)], [(0, 500, 150)],
])  # fmt: skip
def test_however_the_passes_are_made_weights_and_metrics_are_those_of_one(monkeypatch, plan):
    monkeypatch.setattr(module, "plan_of", lambda *_: plan)  # on whatever machine
    apart = Trainer(WIDE)
    blocks = [each._run._block for each in apart._descent._sample_passes]
    assert blocks == [block or stop - start for start, stop, block in plan]
    apart.advance(20)
    alone(monkeypatch)
    for one, two in zip((apart._descent.state, apart.rows(0)), trained(WIDE), strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-9, atol=1e-12)
