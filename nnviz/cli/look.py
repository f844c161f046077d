"""The options of a picture's look, shared by ``render`` and ``animate``."""

from __future__ import annotations

import argparse
from dataclasses import replace

from ..choices.palette import THEMES
from ..choices.views import VIEWS
from ..problems import short_text
from ..recipe.kinds import Choice
from ..recipe.look import LOOK_FIELDS, Look
from ..recipe.moment import Moment
from ..recipe.recipe import Recipe
from .errors import Misuse
from .options import PlainText, Size, UnitOption
from .parser import Parser, value

VIEW = Choice(
    default="blend", table=VIEWS, label="View",
    help="What the field shows. The default is class with --class, threshold with --threshold.",
)  # fmt: skip
CLASS = PlainText(
    default=None, label="Class", metavar="CLASS",
    help="The class shown by the views class and surface: its name, or its number from 0.",
)  # fmt: skip
THRESHOLD, POINTS = LOOK_FIELDS["threshold"], LOOK_FIELDS["points"]
UNIT = UnitOption(
    default=None, label="Unit",
    help="Show a unit of the network in place of the field, counted as on the page: 1,3 is the "
    "third unit of the first hidden layer; layer 0 holds the inputs.",
)  # fmt: skip
THEME = Choice(default="light", table=THEMES, label="Theme", help="Light or dark colours.")


def add_look(parser: Parser) -> None:
    group = parser.add_argument_group("the look")
    parser.field("view", VIEW, group)
    parser.field("class", CLASS, group)
    parser.field("threshold", THRESHOLD, group)
    group.add_argument(
        "--rings", action="store_true", help="Draw rings around wrongly predicted points."
    )
    parser.field("points", POINTS, group)
    parser.field("unit", UNIT, group)
    parser.field("theme", THEME, group)


def add_size(parser: Parser, default: tuple[int, int] | None = None, note: str = "") -> None:
    parser.field("size", Size(default=default, label="Size", help=f"Width and height{note}."))


def size_of(args: argparse.Namespace) -> tuple[int, int] | None:
    return value(args, "size", Size(default=None, label="Size", help=""))


def look_of(args: argparse.Namespace, moment: Moment) -> Look:
    """The look in the options; fields without an option are those of the link or file."""
    recipe, look = moment.recipe, moment.look
    return replace(
        look,
        view=_view(args, recipe, look.view),
        class_index=_class(getattr(args, "class"), recipe, look.class_index),
        threshold=value(args, "threshold", THRESHOLD, look.threshold),
        rings=args.rings or look.rings,
        points=value(args, "points", POINTS, look.points),
        unit=_unit(args, recipe, look.unit),
    )


# options used by some views only, each named like the view that it selects by default
_PARAMETERS = ("class", "threshold")


def _view(args: argparse.Namespace, recipe: Recipe, default: str) -> str:
    given = [name for name in _PARAMETERS if getattr(args, name) is not None]
    view: str = value(args, "view", VIEW, given[0] if given else default)
    for option in given:
        if VIEWS[view].parameter != option:
            known = " or ".join(name for name, entry in VIEWS.items() if entry.parameter == option)
            raise Misuse(f"--{option}: is for the view {known}; got view {view}")
    if VIEWS[view].two_classes and recipe.n_classes != 2:
        name, n_classes = recipe.source.name, recipe.n_classes
        raise Misuse(f"--view: {view} is for two classes; {name} has {n_classes}")
    return view


def _class(text: str | None, recipe: Recipe, default: int) -> int:
    names = recipe.source.names_of_classes(recipe.n_classes)
    if text is None:
        return default
    if text in names:
        return names.index(text)
    if text.isascii() and text.isdigit() and int(text) < len(names):
        return int(text)
    rule = f"one of {', '.join(names)}, or 0…{len(names) - 1}"
    raise Misuse(f"--class: class must be {rule}; got {short_text(text)}")


def _unit(
    args: argparse.Namespace, recipe: Recipe, default: tuple[int, int] | None
) -> tuple[int, int] | None:
    unit: tuple[int, int] | None = value(args, "unit", UNIT)
    if unit is None:
        return default
    layer, number = unit
    if layer >= len(recipe.sizes) or number > recipe.sizes[layer]:
        rule = f"exist: the layers have {', '.join(map(str, recipe.sizes))} units"
        raise Misuse(f"--unit: unit must {rule}; got {layer},{number}")
    return layer, number - 1
