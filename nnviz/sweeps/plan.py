"""The plan of a sweep: which runs it has, where they end, and the columns of their results."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..problems import RecipeError, field_title, short_text
from ..recipe.kinds import to_python
from ..recipe.look import DEFAULT_LOOK, Look
from ..recipe.moment import EPOCH
from ..recipe.recipe import FIELDS, LAST_SEED, Recipe
from ..training.history import METRICS
from .errors import SweepError
from .run import Run, Target
from .vary import Vary, cells, check

MOST_COMBINATIONS = 1_000_000
PAGE = "http://localhost:8501/"  # where links lead, unless another page is named


@dataclass(frozen=True)
class Plan:
    """A grid over varied fields, or a sample of it, × data seeds × weight seeds.

    ``combinations`` are recipes that differ in the varied fields only; ``left_out`` holds a
    sentence for each combination that no recipe allows.
    """

    vary: Vary
    combinations: tuple[Recipe, ...]
    left_out: tuple[str, ...]
    seeds: tuple[int, ...]
    data_seeds: tuple[int, ...]
    epoch: int
    look: Look
    targets: tuple[Target, ...] = ()
    curves: bool = False
    page: str = PAGE
    cells: dict[str, dict[Any, Any]] = field(default_factory=dict, compare=False)

    def __len__(self) -> int:
        return len(self.combinations) * len(self.data_seeds) * len(self.seeds)

    def __iter__(self) -> Iterator[Run]:
        for recipe in self.combinations:
            for data_seed in self.data_seeds:
                for seed in self.seeds:
                    seeded = replace(recipe, seed=seed, data_seed=data_seed)
                    yield Run(seeded, self.epoch, self.look, self.targets, self.curves)

    @property
    def title(self) -> str:
        """What varies."""
        return " × ".join(map(field_title, self.vary)) or "seeds"

    @property
    def columns(self) -> list[str]:
        """The names of the columns of the results, in their order."""
        return [
            *self.vary, "seed", "data_seed", "epoch", *METRICS, "best_epoch", "best_test_loss",
            "diverged", *(target.column for target in self.targets), "seconds", "recipe", "link",
            *(["curves"] if self.curves else []),
        ]  # fmt: skip

    @property
    def has_rules(self) -> bool:
        """Whether runs may end before the last epoch without diverging."""
        return self.look != DEFAULT_LOOK

    @property
    def first_query(self) -> str:
        """The query of a link to the first of the runs."""
        return Run(self.combinations[0], self.epoch, self.look).query(self.epoch)

    def completed(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row of one run, with the varied fields and the whole link, in order of the columns."""
        recipe = Recipe.from_json(row["recipe"])
        varied = {name: self.cells[name][getattr(recipe, name)] for name in self.vary}
        whole = {**varied, **row, "link": f"{self.page}?{row['link']}"}
        return {name: whole[name] for name in self.columns}

    @property
    def excess(self) -> str:
        """What links to its runs cannot hold, as a clause; empty where they hold all."""
        return next((recipe.excess for recipe in self.combinations if recipe.excess), "")

    @property
    def left_out_sentence(self) -> str | None:
        """How many combinations are left out, with an example; None if there are none."""
        if not self.left_out:
            return None
        count, total = len(self.left_out), len(self.left_out) + len(self.combinations)
        return f"{count} of {total} combinations are left out, such as {self.left_out[0]}"


def make_plan(
    recipe: Recipe,
    vary: Mapping[str, Any],
    *,
    seeds: int | Iterable[int] = 1,
    data_seeds: int | Iterable[int] = 1,
    epoch: int = 500,
    stop_loss: float | None = None,
    stop_patience: int | None = None,
    targets: Iterable[Target] = (),
    sample: int | None = None,
    sample_seed: int = 0,
    curves: bool = False,
    page: str = PAGE,
) -> Plan:
    """Plan a sweep around a recipe; see :func:`nnviz.sweep` for the arguments.

    Raises :class:`SweepError` for arguments that are not valid.
    """
    checked = check(vary)
    try:
        epoch = EPOCH.check("epoch", epoch)
        rules = {"stop_loss": stop_loss, "stop_patience": stop_patience}
        # with a rule, links and files need to know where runs end without it
        rules |= {"stop_epoch": epoch} if any(r is not None for r in rules.values()) else {}
        look = Look(**rules)  # type: ignore[arg-type]
    except RecipeError as error:
        raise SweepError(str(error)) from None
    allowed, left_out = _combinations(recipe, checked, sample, sample_seed)
    if not allowed:
        raise SweepError(f"no recipe allows any of the combinations, such as {left_out[0]}")
    return Plan(
        checked, tuple(allowed), tuple(left_out), _seeds("seeds", seeds, recipe.seed),
        _seeds("data_seeds", data_seeds, recipe.data_seed), epoch, look,
        tuple(dict.fromkeys(targets)), curves, page, cells(checked),
    )  # fmt: skip


def _seeds(name: str, given: Any, first: int) -> tuple[int, ...]:
    """So many seeds from the ``first`` on, or the seeds listed."""
    given = to_python(given)
    rule = f"a number 1…{MOST_COMBINATIONS} or a list of different seeds 0…{LAST_SEED}"
    if isinstance(given, int) and not isinstance(given, bool):
        if not 1 <= given <= MOST_COMBINATIONS:
            raise SweepError(f"{field_title(name)} must be {rule}; got {short_text(given)}")
        return tuple((first + i) % (LAST_SEED + 1) for i in range(given))
    try:
        listed = tuple(FIELDS["seed"].check("seed", seed) for seed in given)
    except (TypeError, RecipeError):
        listed = ()
    if not listed or len(set(listed)) < len(listed):
        raise SweepError(f"{field_title(name)} must be {rule}; got {short_text(given)}")
    return listed


def _combinations(
    recipe: Recipe, vary: Vary, sample: int | None, sample_seed: int
) -> tuple[list[Recipe], list[str]]:
    """The recipes of all combinations or of a sample, and a sentence for each one left out."""
    total = math.prod(map(len, vary.values()))
    chosen: Iterable[int] = range(total)
    if sample is not None:
        if type(sample) is not int or not 1 <= sample <= MOST_COMBINATIONS:
            rule = f"a whole number 1…{MOST_COMBINATIONS}"
            raise SweepError(f"sample must be {rule}; got {short_text(sample)}")
        if sample < total:
            chosen = sorted(random.Random(sample_seed).sample(range(total), sample))
    elif total > MOST_COMBINATIONS:
        rule = f"at most {MOST_COMBINATIONS} combinations, or a sample of them"
        raise SweepError(f"a sweep must have {rule}; got {total}")
    allowed, left_out = [], []
    for number in chosen:
        values = _combination(vary, number)
        if values.get("data", recipe.data) != recipe.data and "features" not in values:
            values["features"] = ()  # another data set has other features
        try:
            allowed.append(replace(recipe, **values))
        except RecipeError as error:
            named = ", ".join(f"{name}={FIELDS[name].write(values[name])}" for name in vary)
            left_out.append(f"{named}: {error}")
    return allowed, left_out


def _combination(vary: Vary, number: int) -> dict[str, Any]:
    """The values of one combination, counted with the last field varying fastest."""
    values = {}
    for name, choices in reversed(vary.items()):
        number, place = divmod(number, len(choices))
        values[name] = choices[place]
    return values
