"""What a run costs, judged by its recipe, before anything of it was measured."""

from __future__ import annotations

import math
from itertools import pairwise

from ..analysis.field import RESOLUTION
from ..recipe.recipe import Recipe

MOST_SECONDS = 0.008  # of one picture or epoch that others can wait for

# of one core, in round numbers; they only decide where a run lives
_STEP_SECONDS = 12e-6  # of a layer in a step, beside its multiplications
_MULTIPLICATIONS = 1e10  # a second
_PASSES = 3  # over the training samples in an epoch: forward, backward, evaluation


def is_expensive(recipe: Recipe) -> bool:
    """Whether a picture or an epoch takes so long that it would hold up other runs."""
    sizes = recipe.sizes
    weights = sum((1 + a) * b for a, b in pairwise(sizes))
    steps = math.ceil(recipe.n_samples / min(_batch_sizes(recipe)))
    epoch = (
        steps * len(sizes) * _STEP_SECONDS + _PASSES * recipe.n_samples * weights / _MULTIPLICATIONS
    )
    return max(epoch, RESOLUTION**2 * weights / _MULTIPLICATIONS) > MOST_SECONDS


def _batch_sizes(recipe: Recipe) -> list[int]:
    """The sizes of batches at the start and after each edit."""
    edited = (edit.value for edit in recipe.edits if edit.field == "batch_size")
    return [size or recipe.n_samples for size in (recipe.batch_size, *edited)]
