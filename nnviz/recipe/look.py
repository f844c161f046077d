"""A look: everything that is chosen about what is shown of a run, as names and numbers.

``SEEN`` is the one table of what can be chosen, under the names of links, files, the socket and
the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..choices.views import VIEWS
from ..problems import Problem, RecipeError, broken
from .kinds import Choice, Flag, Integer, Kind, Maybe, Number, Numbers, OneOf, settle
from .recipe import LAST_EPOCH, Recipe

# points that may be shown
POINTS = {"both": "all points", "train": "the training part", "test": "the test part"}
# panels beside the plane, one open at a time
TABS = {
    "curves": "probabilities, losses and accuracies",
    "network": "the network's diagram",
    "space": "the plane as two units see it",
}
PACES = (1, 2, 5, 10, 20, 50)  # epochs a frame

_STOP_EPOCH = Integer(default=None, low=1, high=LAST_EPOCH, label="", help="")
_STOP_LOSS = Number(default=None, low=0.0, label="", help="")

SEEN: dict[str, Kind] = {
    "view": Choice(default="blend", table=VIEWS, label="View", help="What the field shows."),
    "class": Integer(default=0, low=0, high=5, label="Class", help="That some views show."),
    "threshold": Number(
        default=0.5, low=0.01, high=0.99, label="Threshold",
        help="Of two classes, the second is predicted from this probability on.",
    ),
    "rings": Flag(default=False, label="Rings", help="Around points predicted wrongly."),
    "points": Choice(default="both", table=POINTS, label="Points", help="The points shown."),
    "unit": Numbers(
        default=None, low=0, high=63, whole=True, label="Unit",
        help="Layer and number, from 0, of a unit in place of the field.",
    ),
    "probe": Numbers(
        default=None, low=-1e9, high=1e9, label="Probe", help="The point that is pinned."
    ),
    "tab": Choice(default="curves", table=TABS, label="Tab", help="The panel beside the plane."),
    "pace": OneOf(default=5, options=PACES, label="Pace", help="Epochs trained for one picture."),
    "log_loss": Flag(default=False, label="Log loss", help="A logarithmic axis for the loss."),
    "log_epochs": Flag(default=False, label="Log epochs", help="A logarithmic axis for epochs."),
    "stop_epoch": Maybe(
        default=None, kind=_STOP_EPOCH, label="Stop at epoch", help="Where the run is to stop."
    ),
    "stop_loss": Maybe(
        default=None, kind=_STOP_LOSS, label="Stop at loss",
        help="The run is to stop where its training loss comes down to this.",
    ),
    "stop_patience": Maybe(
        default=None, kind=_STOP_EPOCH, label="Patience",
        help="The run is to stop after so many epochs without a better test loss.",
    ),
}  # fmt: skip

_ATTRIBUTES = {"class": "class_index"}  # the others have the names of ``SEEN``


def _of(name: str) -> Any:
    return field(default=SEEN[name].default)


@dataclass(frozen=True)
class Look:
    """What is looked at; see ``SEEN`` for what each field may be.

    Equal looks compare and hash equal. Raises :class:`RecipeError` naming every field out of
    order, by the names of ``SEEN``, where ``class_index`` is "class".
    """

    view: str = _of("view")
    class_index: int = _of("class")
    threshold: float = _of("threshold")
    rings: bool = _of("rings")
    points: str = _of("points")
    unit: tuple[int, int] | None = _of("unit")
    probe: tuple[float, float] | None = _of("probe")
    tab: str = _of("tab")
    pace: int = _of("pace")
    log_loss: bool = _of("log_loss")
    log_epochs: bool = _of("log_epochs")
    stop_epoch: int | None = _of("stop_epoch")
    stop_loss: float | None = _of("stop_loss")
    stop_patience: int | None = _of("stop_patience")

    def __post_init__(self) -> None:
        if problems := settle(self, SEEN, _ATTRIBUTES):
            raise RecipeError(*problems.values())

    # --- as a mapping -----------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Every field by its name in ``SEEN``."""
        return {name: getattr(self, _ATTRIBUTES.get(name, name)) for name in SEEN}

    @property
    def unusual(self) -> dict[str, Any]:
        """The fields that are not the usual, by their names in ``SEEN``."""
        return {k: value for k, value in self.to_dict().items() if value != SEEN[k].default}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Look:
        """Read :meth:`to_dict`; what is left out is the usual. Raises :class:`RecipeError`."""
        if not isinstance(values, Mapping):
            raise broken("look", "a JSON object", values)
        for name in values:
            if name not in SEEN:
                raise broken("look", "made of {names}", name, names=", ".join(SEEN))
        return cls(**{_ATTRIBUTES.get(name, name): value for name, value in values.items()})

    def without(self, names: Iterable[str]) -> Look:
        """The same with the usual in place of those fields."""
        return replace(self, **{_ATTRIBUTES.get(name, name): SEEN[name].default for name in names})

    # --- of a run ---------------------------------------------------------------------

    def problems(self, recipe: Recipe) -> dict[str, Problem]:
        """What the look asks of a run that does not have it."""
        found = []
        n_classes, sizes = recipe.n_classes, recipe.sizes
        if VIEWS[self.view].two_classes and n_classes != 2:
            found.append(Problem("view", "one for {classes} classes", self.view, classes=n_classes))
        if self.class_index >= n_classes:
            found.append(Problem("class", "0…{last}", self.class_index, last=n_classes - 1))
        if self.unit is not None and not has_units(sizes, *self.unit):
            listed, unit = ", ".join(map(str, sizes)), SEEN["unit"].write(self.unit)
            found.append(Problem("unit", "one of layers of {sizes} units", unit, sizes=listed))
        return {problem.field: problem for problem in found}

    @property
    def cut(self) -> float:
        """The threshold at which two classes are told apart."""
        return self.threshold if VIEWS[self.view].two_classes else SEEN["threshold"].default

    @property
    def picture(self) -> dict[str, Any]:
        """What is asked of a picture, by the names of a request."""
        return {"threshold": self.cut, "predicted": self.rings, "unit": self.unit}

    @property
    def is_surface(self) -> bool:
        """Whether the plane is a landscape."""
        return self.view == "surface" and self.unit is None

    def flat(self) -> Look:
        """The look where there is no third dimension: a landscape as seen from above."""
        return replace(self, view="class") if self.view == "surface" else self

    def painted(self, sizes: Sequence[int]) -> Look:
        """The look as the plane is painted: a unit of the last layer is its class."""
        if self.unit is None or self.unit[0] < len(sizes) - 1:
            return self
        class_index = self.unit[1] if sizes[-1] > 1 else 1
        return replace(self, unit=None, view="class", class_index=class_index)

    def cut_in_words(self) -> str:
        """Two digits, or all there are."""
        return max(f"{self.cut:.2f}", f"{self.cut:g}", key=len)

    def accuracy_in_words(self) -> str:
        """What accuracies are called: ``accuracy``, or ``accuracy at 0.80:`` at another cut."""
        usual = self.cut == SEEN["threshold"].default
        return "accuracy" if usual else f"accuracy at {self.cut_in_words()}:"


USUAL = Look()


def has_units(sizes: Sequence[int], layer: int, *units: int) -> bool:
    """Whether layers of those ``sizes``, inputs first, have the units of that layer."""
    return layer < len(sizes) and max(units) < sizes[layer]
