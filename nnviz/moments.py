"""A moment: a recipe, an epoch of it, and what is looked at. What links and files hold.

Both formats carry a version, so that what was sent or saved with this one opens in later ones.
Links from before there were versions hold a recipe alone, and are of version 1. What is looked
at is written only where it is not the usual.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote

from .fields import Choice, Field, Flag, Integer, Number, Pair, RecipeError, broken
from .recipe import LAST_EPOCH, Recipe
from .views import PARTS, VIEWS, Look

VERSION = 1
SUFFIX = ".nnviz.json"

EPOCH = Integer(
    default=0, low=0, high=LAST_EPOCH, label="Epoch", help="How long the network has been trained."
)


@dataclass(frozen=True, kw_only=True)
class _Version(Integer):
    """Of the format; one to come can't be read."""

    def _checked(self, name: str, value: Any) -> Any:
        if type(value) is not int or not self.low <= value <= self.high:
            raise broken(name, f"{self.high}, the newest known here", value)
        return value


_VERSION = _Version(default=VERSION, low=1, high=VERSION, label="Version", help="Of the format.")

# what is looked at, by the names of links, files and the command line
SEEN: dict[str, Field] = {
    "view": Choice(default="blend", table=VIEWS, label="View", help="What the field shows."),
    "class": Integer(default=0, low=0, high=5, label="Class", help="That some views show."),
    "threshold": Number(
        default=0.5, low=0.01, high=0.99, label="Threshold",
        help="Of two classes, the second is called from this probability on.",
    ),
    "rings": Flag(default=False, label="Rings", help="Around points called wrongly."),
    "points": Choice(default="both", table=PARTS, label="Points", help="The points shown."),
    "unit": Pair(
        default=None, low=0, high=63, whole=True, label="Unit",
        help="Layer and number, from 0, of a unit in place of the field.",
    ),
    "probe": Pair(
        default=None, low=-1e9, high=1e9, label="Probe", help="The point that is pinned."
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """A run at an epoch, and the look at it; equal moments show the same picture.

    ``probe`` is the point pinned, if one is. Raises :class:`RecipeError` for an epoch out of
    range, and a look at what the run has not got.
    """

    recipe: Recipe
    epoch: int = 0
    look: Look = field(default_factory=Look)
    probe: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "epoch", EPOCH.check("epoch", self.epoch))
        values = {name: kind.check(name, self._seen()[name]) for name, kind in SEEN.items()}
        if problems := _conflicts(values, self.recipe):
            raise RecipeError(problems)
        object.__setattr__(self, "probe", values["probe"])

    @property
    def name(self) -> str:
        """What a file of it is called: ``circles-2-10-2-tanh-epoch-500``."""
        units = "-".join(map(str, self.recipe.sizes))
        activation = [self.recipe.activation] if self.recipe.hidden else []
        return "-".join([self.recipe.data, units, *activation, f"epoch-{self.epoch}"])

    def _seen(self) -> dict[str, Any]:
        """What is looked at, by the names of ``SEEN``."""
        look = self.look
        return {
            "view": look.view, "class": look.klass, "threshold": look.threshold,
            "rings": look.rings, "points": look.parts, "unit": look.unit, "probe": self.probe,
        }  # fmt: skip

    def _unusual(self) -> dict[str, Any]:
        return {k: value for k, value in self._seen().items() if value != SEEN[k].default}

    # --- links ------------------------------------------------------------------------

    def to_params(self) -> dict[str, str]:
        """The query of a link as a mapping of plain, unquoted text."""
        seen = {name: SEEN[name].write(value) for name, value in self._unusual().items()}
        return {"v": str(VERSION), **self.recipe.to_params(), "epoch": str(self.epoch), **seen}

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
        kinds = {"epoch": EPOCH, "v": _VERSION, **SEEN}
        own = {
            name: kind.read(values.pop(name)) for name, kind in kinds.items() if values.get(name)
        }
        for name in kinds:
            values.pop(name, None)  # left empty
        own = _salvaged(own, kinds, problems)
        recipe, rest = Recipe.salvage_query(values)
        seen = {name: own[name] for name in SEEN}
        for name, problem in _conflicts(seen, recipe).items():
            problems[name] = problem
            seen[name] = SEEN[name].default
        return _moment(recipe, own["epoch"], seen), problems | rest

    # --- experiment files ---------------------------------------------------------------

    def to_json(self) -> str:
        """An experiment file: a JSON object with ``nnviz`` (the version), epoch and recipe."""
        document = {
            "nnviz": VERSION, "epoch": self.epoch, "recipe": json.loads(self.recipe.to_json()),
        }  # fmt: skip
        if unusual := self._unusual():
            document["look"] = unusual
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Moment:
        """Read :meth:`to_json`, or a recipe's own JSON; raises :class:`RecipeError`."""
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            start = text if isinstance(text, str) else text[:80].decode(errors="replace")
            raise broken("experiment", "a JSON object", start.strip()[:40] or "nothing") from None
        if not isinstance(document, Mapping):
            raise broken("experiment", "a JSON object", document)
        if not document:
            raise broken("experiment", "an object with the fields of a run", "none")
        if "nnviz" not in document:
            return cls(Recipe.from_json(document))
        return _from_document(dict(document))


def _from_document(document: dict[str, Any]) -> Moment:
    version, epoch = document.pop("nnviz"), document.pop("epoch", EPOCH.default)
    recipe, look = document.pop("recipe", {}), document.pop("look", {})
    _VERSION.check("version of the experiment", version)
    for name in document:
        raise broken("experiment", "made of nnviz, epoch, recipe and look", name)
    for name, part in (("recipe", recipe), ("look", look)):
        if not isinstance(part, Mapping):
            raise broken(name, "a JSON object", part)
    for name in look:
        if name not in SEEN:
            raise broken("look", f"made of {', '.join(SEEN)}", name)
    seen = {name: kind.check(name, look.get(name, kind.default)) for name, kind in SEEN.items()}
    return _moment(Recipe.from_json(recipe), epoch, seen)


def _moment(recipe: Recipe, epoch: int, seen: Mapping[str, Any]) -> Moment:
    look = Look(
        view=seen["view"], klass=seen["class"], threshold=seen["threshold"], rings=seen["rings"],
        parts=seen["points"], unit=seen["unit"],
    )  # fmt: skip
    return Moment(recipe, epoch, look, seen["probe"])


def _conflicts(seen: Mapping[str, Any], recipe: Recipe) -> dict[str, str]:
    """What a look asks of a run that has it not."""
    problems: dict[str, str] = {}
    n_classes, sizes, unit = recipe.n_classes, recipe.sizes, seen["unit"]
    if VIEWS[seen["view"]].pair and n_classes != 2:
        problems |= broken("view", f"one for {n_classes} classes", seen["view"]).problems
    if seen["class"] >= n_classes:
        problems |= broken("class", f"0…{n_classes - 1}", seen["class"]).problems
    if unit is not None and (unit[0] >= len(sizes) or unit[1] >= sizes[unit[0]]):
        rule = f"one of layers of {', '.join(map(str, sizes))} units"
        problems |= broken("unit", rule, SEEN["unit"].write(unit)).problems
    return problems


def _salvaged(
    values: Mapping[str, Any], kinds: Mapping[str, Field], problems: dict[str, str]
) -> dict[str, Any]:
    """Every field of ``kinds``: its value if that is in order, else its default."""
    found = {}
    for name, kind in kinds.items():
        try:
            value = values.get(name, kind.default)
            found[name] = kind.check("version of the link" if name == "v" else name, value)
        except RecipeError as error:
            problems[name] = str(error)
            found[name] = kind.default
    return found


def _strict(moment: Moment, problems: dict[str, str]) -> Moment:
    if problems:
        raise RecipeError(problems)
    return moment
