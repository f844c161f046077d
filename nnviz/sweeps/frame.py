"""A sweep as a table: ``nnviz.sweep(…) → pandas.DataFrame``."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..recipe.recipe import Recipe
from .engine import unordered
from .errors import SweepError
from .plan import PAGE, make_plan
from .run import Target, row_of

if TYPE_CHECKING:
    import pandas as pd


def sweep(
    recipe: Recipe,
    vary: Mapping[str, Any] | None = None,
    *,
    seeds: int | Iterable[int] = 1,
    data_seeds: int | Iterable[int] = 1,
    epoch: int = 500,
    stop_loss: float | None = None,
    stop_patience: int | None = None,
    targets: Mapping[str, float] | None = None,
    sample: int | None = None,
    sample_seed: int = 0,
    curves: bool = False,
    page: str = PAGE,
    jobs: int | None = None,
) -> pd.DataFrame:
    """Train many runs that differ from ``recipe`` in some fields: a row a run, in grid order.

    ``vary`` maps fields to lists of values, or to texts as on the command line, such as
    ``"0.01..1:log:5"`` or ``"*"``. ``seeds`` and ``data_seeds`` are how many, from the recipe's
    own on, or lists. Runs end at ``epoch``, or before, at a training loss of ``stop_loss`` or after
    ``stop_patience`` epochs without a lower test loss. ``targets`` such as
    ``{"test_accuracy": 0.95}`` add a column of epochs to each. ``sample`` takes so many
    combinations, by ``sample_seed``. ``curves`` adds thinned histories as dicts of lists.
    ``page`` is the address that links lead to. ``jobs`` processes are used; by default as
    set by ``joblib.parallel_config``, else one for each core.

    Columns are the varied fields (layers and the like as texts of links), ``seed``,
    ``data_seed``, the ``epoch`` reached, losses and accuracies there, ``best_epoch`` and
    ``best_test_loss``, ``diverged`` (a sentence or None), ``seconds``, ``recipe`` (JSON) and
    ``link``, which only names own data that are too long for it; the recipe as a file opens such a
    run. Combinations that no recipe allows are left out with a warning.
    Raises :class:`SweepError`, a ``ValueError``.
    """
    import pandas as pd

    if not isinstance(recipe, Recipe):
        raise SweepError(f"recipe must be a Recipe; got a {type(recipe).__name__}")
    plan = make_plan(
        recipe, vary or {}, seeds=seeds, data_seeds=data_seeds, epoch=epoch, stop_loss=stop_loss,
        stop_patience=stop_patience, sample=sample, sample_seed=sample_seed, curves=curves,
        targets=[Target.read(f"{name}={value}") for name, value in (targets or {}).items()],
        page=page,
    )  # fmt: skip
    if plan.left_out_sentence:
        warnings.warn(plan.left_out_sentence, stacklevel=2)
    rows = {row["recipe"]: plan.completed(row) for row in unordered(row_of, plan, jobs)}
    return pd.DataFrame([rows[run.key] for run in plan], columns=plan.columns)
