"""A moment: a recipe and an epoch of it. What a link, an experiment file and a file name say.

Both formats carry a version, so that what was sent or saved with this one opens in later ones.
Links from before there were versions hold a recipe alone, and are of version 1.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote

from .fields import Integer, RecipeError, broken
from .recipe import LAST_EPOCH, Recipe

VERSION = 1
SUFFIX = ".nnviz.json"

EPOCH = Integer(
    default=0, low=0, high=LAST_EPOCH, label="Epoch", help="How long the network has been trained."
)
_VERSION = Integer(default=VERSION, low=1, high=VERSION, label="Version", help="Of the format.")


@dataclass(frozen=True)
class Moment:
    """A run at an epoch; equal moments show the same picture.

    Raises :class:`RecipeError` for an epoch out of range.
    """

    recipe: Recipe
    epoch: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "epoch", EPOCH.check("epoch", self.epoch))

    @property
    def name(self) -> str:
        """What a file of it is called: ``circles-2-10-2-tanh-epoch-500``."""
        units = "-".join(map(str, self.recipe.sizes))
        activation = [self.recipe.activation] if self.recipe.hidden else []
        return "-".join([self.recipe.data, units, *activation, f"epoch-{self.epoch}"])

    # --- links ------------------------------------------------------------------------

    def to_params(self) -> dict[str, str]:
        """The query of a link as a mapping of plain, unquoted text."""
        return {"v": str(VERSION), **self.recipe.to_params(), "epoch": str(self.epoch)}

    def to_query(self) -> str:
        """The query of a link, without ``?``."""
        return "&".join(f"{key}={quote(text, safe=',:')}" for key, text in self.to_params().items())

    @classmethod
    def from_query(cls, query: str | Mapping[str, str]) -> Moment:
        """Read :meth:`to_query`, or the query of a recipe; raises :class:`RecipeError`."""
        return _strict(*cls.salvage_query(query))

    @classmethod
    def salvage_query(cls, query: str | Mapping[str, str]) -> tuple[Moment, dict[str, str]]:
        """As :meth:`from_query`, but a bad field gets its default; second, what was wrong."""
        if isinstance(query, str):
            query = dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True))
        values = dict(query)
        problems: dict[str, str] = {}
        epoch = _read_one("epoch", EPOCH, values.pop("epoch", ""), problems)
        _read_one("v", _VERSION, values.pop("v", ""), problems)
        recipe, rest = Recipe.salvage_query(values)
        return cls(recipe, epoch), problems | rest

    # --- experiment files ---------------------------------------------------------------

    def to_json(self) -> str:
        """An experiment file: a JSON object with ``nnviz`` (the version), epoch and recipe."""
        recipe = json.loads(self.recipe.to_json())
        document = {"nnviz": VERSION, "epoch": self.epoch, "recipe": recipe}
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Moment:
        """Read :meth:`to_json`, or a recipe's own JSON; raises :class:`RecipeError`."""
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise broken("experiment", "a JSON object", error) from None
        if not isinstance(document, Mapping):
            raise broken("experiment", "a JSON object", document)
        if "nnviz" not in document:
            return cls(Recipe.from_json(document))
        return _from_document(dict(document))


def _from_document(document: dict[str, Any]) -> Moment:
    version, epoch = document.pop("nnviz"), document.pop("epoch", EPOCH.default)
    recipe = document.pop("recipe", {})
    _VERSION.check("version of the experiment", version)
    for name in document:
        rule = "made of nnviz, epoch and recipe"
        raise broken("experiment", rule, name)
    if not isinstance(recipe, Mapping):
        raise broken("recipe", "a JSON object", recipe)
    return Moment(Recipe.from_json(recipe), epoch)


def _read_one(name: str, kind: Integer, text: str, problems: dict[str, str]) -> int:
    """The number of a link's field; its default where it is missing or wrong."""
    if not text:
        return int(kind.default)
    try:
        return int(kind.check("version of the link" if name == "v" else name, kind.read(text)))
    except RecipeError as error:
        problems[name] = str(error)
        return int(kind.default)


def _strict(moment: Moment, problems: dict[str, str]) -> Moment:
    if problems:
        raise RecipeError(problems)
    return moment
