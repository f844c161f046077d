"""What differs between runs side by side, described as in ``stage/compare/contrast.js``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .companions import Companion
from .edits import POINTS, WEIGHT
from .phrases import fixed_fields, phrases
from .recipe import FIELDS, Recipe
from .table import Table

MOST_NAMED = 3  # differences written out
_HANDMADE = {WEIGHT: "weights set by hand", POINTS: "points drawn"}


def titles(runs: Sequence[Companion], recipe: Recipe) -> list[str]:
    """The name or number of each run, and what differs; ``recipe`` is that of the active one."""
    differences = contrasts([run.recipe or recipe for run in runs])
    names = [run.name or f"Run {place}" for place, run in enumerate(runs, start=1)]
    return [f"{name}: {text}" for name, text in zip(names, differences, strict=True)]


def contrasts(recipes: Sequence[Recipe]) -> list[str]:
    """Describe each recipe by its differences from the others, as “learning rate η 0.5”."""
    pairs = [(one, other) for one in recipes for other in recipes]
    fields = [name for name in phrases() if any(_is_named(name, *pair) for pair in pairs)]
    handmade = [name for name in _HANDMADE if any(_differs(name, *pair) for pair in pairs)]
    return [_description(recipe, recipes, fields, handmade) for recipe in recipes]


def _description(
    recipe: Recipe, recipes: Sequence[Recipe], fields: Sequence[str], handmade: Sequence[str]
) -> str:
    found = [_value_of(name, recipe, recipes) for name in fields]
    found += [f"{'' if _edits_of(n, recipe) else 'no '}{_HANDMADE[n]}" for n in handmade]
    more = len(found) - MOST_NAMED
    text = ", ".join(found[:MOST_NAMED]) or "the same settings"
    return f"{text} and {more} more" if more > 0 else text


def _value_of(name: str, recipe: Recipe, recipes: Sequence[Recipe]) -> str:
    value = _final(name, recipe)
    text = _described(name, value)
    if edits := _edits_of(name, recipe):
        return f"{text} from epoch {edits[-1].epoch}"
    others = [other for other in recipes if _edits_of(name, other)]
    is_reached = any(_written(name, _final(name, o)) == _written(name, value) for o in others)
    return f"{text} from the start" if is_reached else text


def _is_named(name: str, one: Recipe, other: Recipe) -> bool:
    """Whether a field differs, and not only because of a difference in another field."""
    follows = phrases()[name].follows
    is_fixed = name in _fixed(one) or name in _fixed(other)
    return (
        _differs(name, one, other)
        and not is_fixed
        and not (follows and _differs(follows, one, other))
    )


def _differs(name: str, one: Recipe, other: Recipe) -> bool:
    starts = [getattr(recipe, name, None) for recipe in (one, other)]
    return starts[0] != starts[1] or _edits_of(name, one) != _edits_of(name, other)


def _fixed(recipe: Recipe) -> set[str]:
    """The fields that have only one possible value with the final settings."""
    found: set[str] = set()
    for name, by_value in fixed_fields().items():
        value = _final(name, recipe)
        text = "table" if isinstance(value, Table) else _written(name, value)
        found.update(by_value.get(text, ()))
    return found


def _edits_of(name: str, recipe: Recipe) -> list[Any]:
    return [edit for edit in recipe.edits if edit.field == name]


def _final(name: str, recipe: Recipe) -> Any:
    edits = _edits_of(name, recipe)
    return edits[-1].value if edits else getattr(recipe, name)


def _described(name: str, value: Any) -> str:
    phrase = phrases()[name]
    text = _written(name, value)
    if text in phrase.values:
        return phrase.values[text]
    is_list = isinstance(value, tuple)
    listed = phrase.joint.join(phrase.parts.get(str(p), str(p)) for p in value) if is_list else text
    return phrase.pattern.replace("{}", listed)


def _written(name: str, value: Any) -> str:
    if isinstance(value, Table):
        return value.name
    return f"{value:.6g}" if isinstance(value, float) else FIELDS[name].write(value)
