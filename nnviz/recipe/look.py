"""The look: all choices about how a run is shown, as names and numbers.

``LOOK_FIELDS`` is the one table of these choices. Links, files, the socket and the command line use
its names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..choices.palette import CLASS_STYLES
from ..choices.views import VIEWS
from ..problems import Problem, RecipeError, field_error
from .companions import Companion, Companions
from .kinds import Choice, Flag, Integer, IntegerChoice, Kind, Number, Numbers, OrNone, check_fields
from .recipe import LAST_EPOCH, Recipe

# points that may be shown
POINTS = {"both": "all points", "train": "the training part", "test": "the test part"}
# panels beside the plane; one of them is open
TABS = {
    "curves": "probabilities, losses and accuracies",
    "network": "the network's diagram",
    "space": "the plane in the coordinates of two units",
    "starts": "runs with other seeds, as small planes",
}
PACES = (0, 1, 2, 5, 10, 20, 50)  # epochs per frame; 0 is slow

_STOP_EPOCH = Integer(default=None, low=1, high=LAST_EPOCH, label="", help="")
_STOP_LOSS = Number(default=None, low=0.0, label="", help="")

LOOK_FIELDS: dict[str, Kind] = {
    "view": Choice(default="blend", table=VIEWS, label="View", help="What the field shows."),
    "class": Integer(
        default=0, low=0, high=len(CLASS_STYLES) - 1, label="Class",
        help="The class that is shown.",
    ),
    "threshold": Number(
        default=0.5, low=0.01, high=0.99, label="Threshold",
        help="The second of two classes is predicted from this probability on.",
    ),
    "rings": Flag(default=False, label="Rings", help="Rings around wrongly predicted points."),
    "points": Choice(default="both", table=POINTS, label="Points", help="The points shown."),
    "unit": Numbers(
        default=None, low=0, high=63, whole=True, label="Unit",
        help="The unit shown in place of the field: layer and number, counted from 0.",
    ),
    "probe": Numbers(
        default=None, low=-1e9, high=1e9, label="Probe", help="The pinned point."
    ),
    "tab": Choice(default="curves", table=TABS, label="Tab", help="The panel beside the plane."),
    "pace": IntegerChoice(
        default=5, options=PACES, label="Pace",
        help="Epochs trained for one picture; 0 is slow, an epoch every quarter of a second.",
    ),
    "log_loss": Flag(default=False, label="Log loss", help="A logarithmic axis for the loss."),
    "log_epochs": Flag(default=False, label="Log epochs", help="A logarithmic axis for epochs."),
    "projector": Flag(
        default=False, label="Projector",
        help="Larger, with full contrast and without the rest of the page.",
    ),
    "stop_epoch": OrNone(
        default=None, kind=_STOP_EPOCH, label="Stop at epoch", help="The run stops at this epoch."
    ),
    "stop_loss": OrNone(
        default=None, kind=_STOP_LOSS, label="Stop at loss",
        help="The run stops when its training loss is this low.",
    ),
    "stop_patience": OrNone(
        default=None, kind=_STOP_EPOCH, label="Patience",
        help="The run stops after so many epochs without a lower test loss.",
    ),
    "beside": Companions(default=(), label="Beside", help="The runs shown side by side."),
}  # fmt: skip

_ATTRIBUTES = {"class": "class_index"}  # attributes whose name differs from the field's


def _default(name: str) -> Any:
    return field(default=LOOK_FIELDS[name].default)


@dataclass(frozen=True)
class Look:
    """How a run is shown; see ``LOOK_FIELDS`` for the values of each field.

    Equal looks compare and hash equal. Raises :class:`RecipeError` naming every invalid field by
    its name in ``LOOK_FIELDS``, where ``class_index`` is "class".
    """

    view: str = _default("view")
    class_index: int = _default("class")
    threshold: float = _default("threshold")
    rings: bool = _default("rings")
    points: str = _default("points")
    unit: tuple[int, int] | None = _default("unit")
    probe: tuple[float, float] | None = _default("probe")
    tab: str = _default("tab")
    pace: int = _default("pace")
    log_loss: bool = _default("log_loss")
    log_epochs: bool = _default("log_epochs")
    projector: bool = _default("projector")
    stop_epoch: int | None = _default("stop_epoch")
    stop_loss: float | None = _default("stop_loss")
    stop_patience: int | None = _default("stop_patience")
    beside: tuple[Companion, ...] = _default("beside")

    def __post_init__(self) -> None:
        if problems := check_fields(self, LOOK_FIELDS, _ATTRIBUTES):
            raise RecipeError(*problems.values())

    # --- as a mapping -----------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """All values as JSON has them, by their names in ``LOOK_FIELDS``."""
        return self._values | {"beside": [run.to_dict() for run in self.beside]}

    @property
    def non_defaults(self) -> dict[str, Any]:
        """The values of :meth:`to_dict` that are not the default ones."""
        return {name: value for name, value in self.to_dict().items() if self._is_chosen(name)}

    def to_params(self) -> dict[str, str]:
        """The same as the text of a link, not quoted."""
        values = self._values
        return {k: LOOK_FIELDS[k].write(values[k]) for k in LOOK_FIELDS if self._is_chosen(k)}

    @property
    def _values(self) -> dict[str, Any]:
        return {name: getattr(self, _ATTRIBUTES.get(name, name)) for name in LOOK_FIELDS}

    def _is_chosen(self, name: str) -> bool:
        return bool(getattr(self, _ATTRIBUTES.get(name, name)) != LOOK_FIELDS[name].default)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Look:
        """Read :meth:`to_dict`; missing fields get their default. Raises :class:`RecipeError`."""
        if not isinstance(values, Mapping):
            raise field_error("look", "a JSON object", values)
        for name in values:
            if name not in LOOK_FIELDS:
                raise field_error(
                    "look", "an object with only {names}", name, names=", ".join(LOOK_FIELDS)
                )
        return cls(**{_ATTRIBUTES.get(name, name): value for name, value in values.items()})

    def with_defaults(self, names: Iterable[str]) -> Look:
        """The look with the default values of these fields."""
        return replace(
            self, **{_ATTRIBUTES.get(name, name): LOOK_FIELDS[name].default for name in names}
        )

    # --- for a run --------------------------------------------------------------------

    def problems(self, recipe: Recipe) -> dict[str, Problem]:
        """The problems of a look that a run of this recipe cannot show, by field."""
        found = []
        n_classes, sizes = recipe.n_classes, recipe.sizes
        if VIEWS[self.view].two_classes and n_classes != 2:
            found.append(Problem("view", "one for {classes} classes", self.view, classes=n_classes))
        if self.class_index >= n_classes:
            found.append(Problem("class", "0…{last}", self.class_index, last=n_classes - 1))
        if self.unit is not None and not has_units(sizes, *self.unit):
            listed, unit = ", ".join(map(str, sizes)), LOOK_FIELDS["unit"].write(self.unit)
            found.append(Problem("unit", "one of layers of {sizes} units", unit, sizes=listed))
        return {problem.field: problem for problem in found}

    @property
    def decision_threshold(self) -> float:
        """The probability from which on the second of two classes is predicted."""
        return self.threshold if VIEWS[self.view].two_classes else LOOK_FIELDS["threshold"].default

    def fitted(self, recipe: Recipe) -> Look:
        """The look, with its defaults where a run of this recipe cannot show it."""
        return self.with_defaults(self.problems(recipe))

    @property
    def picture_fields(self) -> dict[str, Any]:
        """The fields of a live request for a picture with this look."""
        return {"threshold": self.decision_threshold, "predicted": self.rings, "unit": self.unit}

    @property
    def is_surface(self) -> bool:
        """Whether the plane is drawn as a surface in three dimensions."""
        return self.view == "surface" and self.unit is None

    def flat(self) -> Look:
        """The look in two dimensions: a surface becomes the view of its class."""
        return replace(self, view="class") if self.view == "surface" else self

    def painted(self, sizes: Sequence[int]) -> Look:
        """The look as painted on the plane: an output unit becomes the view of its class.

        ``sizes`` are the units of every layer, inputs first.
        """
        if self.unit is None or self.unit[0] < len(sizes) - 1:
            return self
        class_index = self.unit[1] if sizes[-1] > 1 else 1
        return replace(self, unit=None, view="class", class_index=class_index)

    def threshold_text(self) -> str:
        """The decision threshold with two decimals, or with all if it has more."""
        return max(f"{self.decision_threshold:.2f}", f"{self.decision_threshold:g}", key=len)

    def accuracy_label(self) -> str:
        """``accuracy``, or ``accuracy at 0.80:`` if the threshold is not the default."""
        is_default = self.decision_threshold == LOOK_FIELDS["threshold"].default
        return "accuracy" if is_default else f"accuracy at {self.threshold_text()}:"


DEFAULT_LOOK = Look()


def has_units(sizes: Sequence[int], layer: int, *units: int) -> bool:
    """Whether ``units`` exist in ``layer`` of a network with layers of ``sizes``, inputs first."""
    return layer < len(sizes) and max(units) < sizes[layer]
