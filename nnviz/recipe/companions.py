"""Companions: the runs that are shown side by side with a run, at its epoch."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote

from ..problems import RecipeError, field_error
from .kinds import Kind, is_encodable
from .recipe import Recipe
from .table import DIGEST, MOST_LINK

MOST_RUNS = 4  # side by side, with the run itself
MOST_NAME = 40  # characters

_JOINT = ";"  # in a link, between two runs; a recipe's query has none
_NAME = "name"
_DIGEST = f"runs{DIGEST}"  # in a link, before what stands for runs too long for it


@dataclass(frozen=True)
class Companion:
    """A run beside another. Without a ``recipe`` it is that other run itself, in its place.

    ``name`` is what the user calls it; "" where it has no name.
    """

    recipe: Recipe | None = None
    name: str = ""

    def to_dict(self) -> dict[str, Any]:
        """For JSON; only what it has."""
        named = {_NAME: self.name} if self.name else {}
        return named | ({"recipe": self.recipe.to_values()} if self.recipe else {})

    def to_query(self) -> str:
        """The query of a recipe, with the name in front; empty for the run itself without one."""
        return self._query({})

    def to_whole_query(self) -> str:
        """The same with all of what is too long for a link."""
        return self._query(self.recipe.unlinked if self.recipe else {})

    def _query(self, whole: Mapping[str, str]) -> str:
        params = {_NAME: self.name} if self.name else {}
        params |= self.recipe.to_params() if self.recipe else {}
        safe = {_NAME: ""}
        return "&".join(
            f"{key}={quote(whole.get(text, text), safe=safe.get(key, ',:'))}"
            for key, text in params.items()
        )


@dataclass(frozen=True, kw_only=True)
class Companions(Kind):
    """Runs side by side, in their order: ``()``, or two to ``MOST_RUNS`` :class:`Companion`.

    One of them is the run itself, which comes first if it is not in the list. In JSON each is an
    object with ``recipe`` and ``name``, either of which may be missing; a recipe may be the query
    of a link. In text, queries are joined by ``;``.
    """

    def _checked(self, name: str, value: Any) -> tuple[Companion, ...]:
        if isinstance(value, str) and value.startswith(_DIGEST):
            raise field_error(
                name, "part of the link", "runs side by side",
                pattern="the link names {offender}, but does not hold them, as they are too long "
                "for a link: open an experiment file",
            )  # fmt: skip
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            raise field_error(name, "a list of runs", value)
        if len(value) > MOST_RUNS:
            raise field_error(name, "{most} runs at most", len(value), most=MOST_RUNS)
        runs = [_companion(name, item) for item in value]
        own = sum(run.recipe is None for run in runs)
        if own > 1:
            rule = "runs of which one at most has no recipe: the run itself"
            raise field_error(name, rule, f"{own} without")
        if len(runs) == own:
            return ()
        both = tuple(runs) if own else (Companion(), *runs)
        if len(both) > MOST_RUNS:
            raise field_error(name, "{most} runs at most", len(both), most=MOST_RUNS)
        return both

    def read(self, text: str) -> Any:
        if text.startswith(_DIGEST):
            return text
        return [_fields(part) for part in text.split(_JOINT)] if text else []

    def write(self, value: tuple[Companion, ...]) -> str:
        return _JOINT.join(run.to_query() for run in value)


def too_long(recipe: Recipe, runs: Sequence[Companion]) -> str:
    """A sentence on why a link to a run cannot hold those beside it, too; empty where it can."""
    others = [run.recipe for run in runs if run.recipe]
    length = sum(len(each.to_query()) for each in (recipe, *others))
    if not others or length <= MOST_LINK:
        return next((other.too_long for other in others if other.too_long), "")
    return (
        f"The runs side by side take {length / 1000:.0f} kB, and a link holds "
        f"{MOST_LINK / 1000:g}: save the experiment as a file, which holds all of them."
    )


def link_params(recipe: Recipe, runs: Sequence[Companion]) -> dict[str, str]:
    """The runs beside a run as a part of a link's query; a digest where they are too long."""
    return {"beside": _texts(recipe, runs)[0]} if runs else {}


def unlinked(recipe: Recipe, runs: Sequence[Companion]) -> dict[str, str]:
    """The text of all runs if it is too long for a link, by the digest that it has instead."""
    linked, whole = _texts(recipe, runs)
    return {} if linked == whole else {linked: whole}


def _texts(recipe: Recipe, runs: Sequence[Companion]) -> tuple[str, str]:
    """What a link has of the runs, and the text of all of them."""
    whole = _JOINT.join(run.to_whole_query() for run in runs)
    if not too_long(recipe, runs):
        return whole, whole
    return _DIGEST + hashlib.sha256(whole.encode()).hexdigest()[:16], whole


def _companion(name: str, item: Any) -> Companion:
    if isinstance(item, Companion):
        return item
    if not isinstance(item, Mapping) or not item.keys() <= {_NAME, "recipe"}:
        raise field_error(name, "a list of runs, each with a recipe and a name", item)
    return Companion(_recipe(name, item.get("recipe")), _named(name, item.get(_NAME, "")))


def _recipe(name: str, value: Any) -> Recipe | None:
    if value is None:
        return None
    if not isinstance(value, str | Mapping):
        raise field_error(name, "a JSON object or a query", value, subject=f"in {name}, a recipe")
    try:
        return Recipe.from_query(value) if isinstance(value, str) else Recipe.from_json(value)
    except RecipeError as error:
        problem = next(iter(error.problems.values()))
        raise RecipeError(problem.for_field(name, f"in {name}, {problem.subject}")) from None


def _named(name: str, value: Any) -> str:
    is_text = isinstance(value, str) and value.isprintable() and is_encodable(value)
    if not is_text or len(value) > MOST_NAME:
        rule = "a text of {most} characters at most"
        raise field_error(name, rule, value, subject=f"in {name}, a name", most=MOST_NAME)
    return value.strip()


def _fields(text: str) -> dict[str, str]:
    """A part of a link's text as an object for :func:`_companion`."""
    pairs = parse_qsl(text, keep_blank_values=True)
    query = "&".join(f"{key}={quote(value, safe='')}" for key, value in pairs if key != _NAME)
    return {_NAME: dict(pairs).get(_NAME, "")} | ({"recipe": query} if query else {})
