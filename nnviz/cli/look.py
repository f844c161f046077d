"""The options that say how a picture looks, shared by ``render`` and ``animate``."""

from __future__ import annotations

import argparse
from dataclasses import replace

from ..choices.palette import THEMES
from ..choices.views import VIEWS
from ..problems import shortly
from ..recipe.kinds import Choice
from ..recipe.look import SEEN, Look
from ..recipe.moment import Moment
from ..recipe.recipe import Recipe
from .errors import Misuse
from .kinds import PlainText, Size, Unit
from .parser import Parser, value

VIEW = Choice(
    default="blend", table=VIEWS, label="View",
    help="What the field shows. (With --class it is class, with --threshold threshold.)",
)  # fmt: skip
CLASS = PlainText(
    default=None, label="Class", stands_for="CLASS",
    help="The class shown by the views class and surface: its name, or its number from 0.",
)  # fmt: skip
THRESHOLD, POINTS = SEEN["threshold"], SEEN["points"]
UNIT = Unit(
    default=None, label="Unit",
    help="A unit of the network in place of the field, counted as on the page: 1,3 is the third "
    "of the first hidden layer; layer 0 holds the inputs.",
)  # fmt: skip
THEME = Choice(default="light", table=THEMES, label="Theme", help="Its colours.")


def add_look(parser: Parser) -> None:
    group = parser.add_argument_group("the look")
    parser.field("view", VIEW, group)
    parser.field("class", CLASS, group)
    parser.field("threshold", THRESHOLD, group)
    group.add_argument("--rings", action="store_true", help="Ring the points predicted wrongly.")
    parser.field("points", POINTS, group)
    parser.field("unit", UNIT, group)
    parser.field("theme", THEME, group)


def add_size(parser: Parser, default: tuple[int, int] | None = None, note: str = "") -> None:
    parser.field("size", Size(default=default, label="Size", help=f"Width and height{note}."))


def size_of(args: argparse.Namespace) -> tuple[int, int] | None:
    return value(args, "size", Size(default=None, label="Size", help=""))


def look_of(args: argparse.Namespace, moment: Moment) -> Look:
    """The look asked for, else that of the link or file; as far as its recipe has it."""
    recipe, seen = moment.recipe, moment.look
    return replace(
        seen,
        view=_view(args, recipe, seen.view),
        class_index=_class(getattr(args, "class"), recipe, seen.class_index),
        threshold=value(args, "threshold", THRESHOLD, seen.threshold),
        rings=args.rings or seen.rings,
        points=value(args, "points", POINTS, seen.points),
        unit=_unit(args, recipe, seen.unit),
    )


# options that only some views have a use for, each called as the view that it stands for
_ASKS = ("class", "threshold")


def _view(args: argparse.Namespace, recipe: Recipe, seen: str) -> str:
    given = [ask for ask in _ASKS if getattr(args, ask) is not None]
    view: str = value(args, "view", VIEW, given[0] if given else seen)
    for ask in given:
        if VIEWS[view].parameter != ask:
            known = " or ".join(name for name, entry in VIEWS.items() if entry.parameter == ask)
            raise Misuse(f"--{ask}: is for the view {known}; got view {view}")
    if VIEWS[view].two_classes and recipe.n_classes != 2:
        raise Misuse(f"--view: {view} is for two classes; {recipe.data} has {recipe.n_classes}")
    return view


def _class(text: str | None, recipe: Recipe, seen: int) -> int:
    names = recipe.source.names_of_classes(recipe.n_classes)
    if text is None:
        return seen
    if text in names:
        return names.index(text)
    if text.isascii() and text.isdigit() and int(text) < len(names):
        return int(text)
    rule = f"one of {', '.join(names)}, or 0…{len(names) - 1}"
    raise Misuse(f"--class: class must be {rule}; got {shortly(text)}")


def _unit(
    args: argparse.Namespace, recipe: Recipe, seen: tuple[int, int] | None
) -> tuple[int, int] | None:
    unit: tuple[int, int] | None = value(args, "unit", UNIT)
    if unit is None:
        return seen
    layer, number = unit
    if layer >= len(recipe.sizes) or number > recipe.sizes[layer]:
        sizes = "–".join(map(str, recipe.sizes))
        raise Misuse(f"--unit: unit must be one of the layers {sizes}; got {layer},{number}")
    return layer, number - 1
