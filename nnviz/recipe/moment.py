"""The moment: a recipe, an epoch and a look. Links and experiment files hold moments.

Both formats carry a version, so that later versions can open them. Links without a version hold a
recipe alone and count as version 1. Only the fields of the look that differ from their defaults
are written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from ..problems import Problem, RecipeError, field_error
from . import companions
from .kinds import Integer, Kind
from .look import DEFAULT_LOOK, LOOK_FIELDS, Look
from .recipe import LAST_EPOCH, Recipe, quoted
from .table import MOST_LINK

VERSION = 1
SUFFIX = ".nnviz.json"

EPOCH = Integer(
    default=0, low=0, high=LAST_EPOCH, label="Epoch", help="How many epochs the network is trained."
)


@dataclass(frozen=True, kw_only=True)
class _Version(Integer):
    """The version of a format; newer ones cannot be read."""

    def _checked(self, name: str, value: Any) -> Any:
        if type(value) is not int or not self.low <= value <= self.high:
            raise field_error(name, "{high}, the newest version supported", value, high=self.high)
        return value


_VERSION = _Version(default=VERSION, low=1, high=VERSION, label="Version", help="Of the format.")


@dataclass(frozen=True)
class Moment:
    """A run at an epoch with a look; equal moments show the same picture.

    Raises :class:`RecipeError` for an epoch out of range, and for a look that the run cannot show.
    """

    recipe: Recipe
    epoch: int = 0
    look: Look = DEFAULT_LOOK

    def __post_init__(self) -> None:
        object.__setattr__(self, "epoch", EPOCH.check("epoch", self.epoch))
        if problems := self.look.problems(self.recipe):
            raise RecipeError(*problems.values())

    @property
    def name(self) -> str:
        """The stem of file names: ``circles-2-10-2-tanh-epoch-500``."""
        units = "-".join(map(str, self.recipe.sizes))
        activation = [self.recipe.activation] if self.recipe.hidden else []
        return "-".join([self.recipe.source.name, units, *activation, f"epoch-{self.epoch}"])

    # --- links ------------------------------------------------------------------------

    def to_params(self, room: int = MOST_LINK) -> dict[str, str]:
        """The query of a link as a mapping of unquoted text; see :meth:`Recipe.to_params`."""
        recipe, look = self.recipe.to_params(room), self.look.to_params()
        look |= companions.link_params(self.recipe, self.look.beside)
        return {"v": str(VERSION), **recipe, "epoch": str(self.epoch), **look}

    def to_query(self, room: int = MOST_LINK) -> str:
        """The query of a link, without ``?``."""
        return "&".join(f"{key}={quoted(text)}" for key, text in self.to_params(room).items())

    @classmethod
    def from_query(cls, query: str | Mapping[str, str]) -> Moment:
        """Read :meth:`to_query`, or the query of a recipe; raises :class:`RecipeError`."""
        return _strict(*cls.salvage_query(query))

    @classmethod
    def salvage_query(cls, query: str | Mapping[str, str]) -> tuple[Moment, dict[str, Problem]]:
        """As :meth:`from_query`, but invalid fields get their default.

        Returns the moment and the problems by field.
        """
        if isinstance(query, str):
            query = dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True))
        kinds = {"epoch": EPOCH, "v": _VERSION, **LOOK_FIELDS}
        texts = {name: query[name] for name in kinds if query.get(name)}  # empty ones are missing
        found, problems = _salvaged(texts, kinds)
        recipe, rest = Recipe.salvage_query({k: v for k, v in query.items() if k not in kinds})
        look = Look.from_dict({name: found[name] for name in LOOK_FIELDS})
        if conflicts := look.problems(recipe):
            look = look.with_defaults(conflicts)
        return cls(recipe, found["epoch"], look), problems | conflicts | rest

    @property
    def too_long(self) -> str:
        """A sentence on why a link cannot hold the moment; empty where it can."""
        return self.recipe.too_long or companions.too_long(self.recipe, self.look.beside)

    # --- experiment files ---------------------------------------------------------------

    def to_json(self) -> str:
        """An experiment file: a JSON object with ``nnviz`` (the version), epoch and recipe."""
        document = {
            "nnviz": VERSION, "epoch": self.epoch, "recipe": json.loads(self.recipe.to_json()),
        }  # fmt: skip
        if look := self.look.non_defaults:
            document["look"] = look
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Moment:
        """Read :meth:`to_json`, or a recipe's own JSON; raises :class:`RecipeError`."""
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            start = text if isinstance(text, str) else text[:80].decode(errors="replace")
            raise field_error(
                "experiment", "a JSON object", start.strip()[:40] or "nothing"
            ) from None
        if not isinstance(document, Mapping):
            raise field_error("experiment", "a JSON object", document)
        if not document:
            raise field_error("experiment", "an object with the fields of a run", "none")
        if "nnviz" not in document:
            return cls(Recipe.from_json(document))
        return _from_document(dict(document))


def _from_document(document: dict[str, Any]) -> Moment:
    version, epoch = document.pop("nnviz"), document.pop("epoch", EPOCH.default)
    recipe, look = document.pop("recipe", {}), document.pop("look", {})
    _VERSION.check("version of the experiment", version)
    for name in document:
        raise field_error("experiment", "an object with only nnviz, epoch, recipe and look", name)
    if not isinstance(recipe, Mapping):
        raise field_error("recipe", "a JSON object", recipe)
    checked_look = Look.from_dict(look)
    return Moment(Recipe.from_json(recipe), epoch, checked_look)


def _salvaged(
    texts: Mapping[str, str], kinds: Mapping[str, Kind]
) -> tuple[dict[str, Any], dict[str, Problem]]:
    """A value for every field of ``kinds``, and the problems by field.

    The value is read from its text; missing and invalid fields get their default.
    """
    found, problems = {}, {}
    for name, kind in kinds.items():
        found[name] = kind.default
        try:
            if name in texts:
                subject = "version of the link" if name == "v" else name
                found[name] = kind.check(subject, kind.read(texts[name]))
        except RecipeError as error:
            (problem,) = error.problems.values()
            problems[name] = problem.for_field(name, problem.subject)
    return found, problems


def _strict(moment: Moment, problems: dict[str, Problem]) -> Moment:
    if problems:
        raise RecipeError(*problems.values())
    return moment
