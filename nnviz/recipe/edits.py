"""Timed edits: changes made during a run, each with its epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..problems import RecipeError, field_error, field_title
from .kinds import Integer, Kind, Number, read_integer, to_python
from .strokes import MOST_MARKS, PACKED, Stroke, for_link, marks_of, packed, unpacked
from .table import DIGEST

WEIGHT = "weight"
POINTS = "points"
MOST_EDITS = 1000

# what can be edited beside the live fields
OTHERS: dict[str, Kind] = {
    WEIGHT: Number(default=0.0, low=-1e6, high=1e6, label="Weight", help="Set by hand."),
    POINTS: Stroke(default="", label="Points", help="Points drawn, moved or erased."),
}


@dataclass(frozen=True)
class Edit:
    """A change of ``field`` to ``value`` after ``epoch`` epochs of training.

    ``field`` is a live field of the recipe, or ``"weight"`` with ``at = (layer, row, column)``,
    the position in ``network.weights[layer]``, where row 0 holds the biases; or ``"points"``, whose
    value is a stroke, see :mod:`.strokes`.
    """

    epoch: int
    field: str
    value: Any
    at: tuple[int, int, int] | None = None

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            object.__setattr__(self, name, to_python(value))
        if isinstance(self.at, list):
            object.__setattr__(self, "at", tuple(self.at))

    @property
    def target(self) -> tuple[Any, ...]:
        """Epoch, field and position; a later edit with the same target replaces this one."""
        return self.epoch, self.field, self.at

    def to_list(self) -> list[Any]:
        """For JSON: ``[epoch, field, value]``, with ``[layer, row, column]`` added for a weight."""
        start = [self.epoch, self.field, self.value]
        if self.at is None:
            return start
        return [*start, list(self.at) if isinstance(self.at, tuple) else self.at]


@dataclass(frozen=True, kw_only=True)
class Edits(Kind):
    """A list of edits, sorted by epoch; ``settings`` are the live fields."""

    settings: Mapping[str, Kind]
    last_epoch: int

    def _checked(self, name: str, value: Any) -> tuple[Edit, ...]:
        if isinstance(value, (str, Mapping)) or not isinstance(value, Iterable):
            raise field_error(name, "a list of edits", value)
        items = [to_python(item) for item in value]
        for item in items:
            if isinstance(item, str) and item.startswith(PACKED):
                raise _not_held(name, item)
        if len(items) > MOST_EDITS:
            raise field_error(name, "a list of at most {most} edits", len(items), most=MOST_EDITS)
        edits = [self._check_one(name, item) for item in items]
        n_marks = sum(len(marks_of(edit.value)) for edit in edits if edit.field == POINTS)
        if n_marks > MOST_MARKS:
            rule = "a list with at most {most} points drawn, moved or erased"
            raise field_error(name, rule, n_marks, most=MOST_MARKS)
        # points come last at an epoch, as in links
        return tuple(sorted(edits, key=lambda edit: (edit.epoch, edit.field == POINTS)))

    def _check_one(self, name: str, item: Any) -> Edit:
        if isinstance(item, Edit):
            item = item.to_list()
        if not isinstance(item, (list, tuple)) or len(item) not in (3, 4):
            raise field_error(
                name, "each [epoch, field, value] or [epoch, weight, value, place]", item
            )
        epoch, target, value = item[:3]
        try:
            epoch = Integer(default=0, low=0, high=self.last_epoch, label="", help="").check(
                "epoch of an edit", epoch
            )
            if target == WEIGHT:
                place = _check_place(item[3] if len(item) == 4 else None)
                return Edit(epoch, WEIGHT, OTHERS[WEIGHT].check("weight", value), place)
            if not isinstance(target, str) or target not in self._kinds:
                allowed = ", ".join(self._kinds)
                raise field_error("field of an edit", "one of {names}", target, names=allowed)
            if len(item) == 4:
                rule = "left out for {field_name}"
                raise field_error("place of an edit", rule, item[3], field_name=field_title(target))
            return Edit(epoch, target, self._kinds[target].check(target, value))
        except RecipeError as error:
            problem = next(iter(error.problems.values()))
            raise RecipeError(problem.for_field(name, f"in edits, {problem.subject}")) from None

    @property
    def _kinds(self) -> dict[str, Kind]:
        return {**self.settings, **OTHERS}

    def read(self, text: str) -> Any:
        """Parse text such as ``120:learning_rate:0.01,300:weight:0.5:1.2.0``; not yet checked."""
        kinds = self._kinds
        items: list[Any] = []
        for part in text.split(",") if text else ():
            if part.startswith(PACKED):
                items += _unpacked(part)
                continue
            epoch, target, value, *place = [*part.split(":"), "", ""][: max(3, part.count(":") + 1)]
            if len(place) > 1:
                items.append(part)
                continue
            kind = kinds.get(target, OTHERS[WEIGHT])
            item: list[Any] = [read_integer(epoch), target, kind.read(value)]
            if place:
                item.append([read_integer(number) for number in place[0].split(".")])
            items.append(item)
        return items

    def write(self, value: tuple[Edit, ...]) -> str:
        return self._write(value, for_link)

    def write_within(self, value: tuple[Edit, ...], room: int) -> str:
        """The text for a link that has so much room left for strokes."""
        return self._write(value, lambda text: for_link(text, room))

    def write_whole(self, value: tuple[Edit, ...]) -> str:
        """The text with all strokes, also where they are too long for a link."""
        return self._write(value, str)

    def _write(self, value: tuple[Edit, ...], shortened: Callable[[str], str]) -> str:
        plain = ",".join(map(self._write_one, value))
        drawn = [(edit.epoch, edit.value) for edit in value if edit.field == POINTS]
        if not drawn:
            return plain
        others = (self._write_one(edit) for edit in value if edit.field != POINTS)
        return min(plain, ",".join([*others, shortened(packed(drawn))]), key=len)

    def _write_one(self, edit: Edit) -> str:
        kind = self._kinds[edit.field]
        text = f"{edit.epoch}:{edit.field}:{kind.write(edit.value)}"
        return text if edit.at is None else f"{text}:{'.'.join(map(str, edit.at))}"


def fits_link(edits: Iterable[Edit], room: int) -> bool:
    """Whether a link with so much room can hold the points drawn by edits."""
    drawn = [(edit.epoch, edit.value) for edit in edits if edit.field == POINTS]
    return not drawn or for_link(text := packed(drawn), room) == text


def _unpacked(text: str) -> list[Any]:
    """The edits of packed strokes, or the text itself where it holds none."""
    try:
        return [[epoch, POINTS, stroke] for epoch, stroke in unpacked(text)]
    except ValueError:
        return [text]


def _not_held(name: str, text: str) -> RecipeError:
    """The error for packed strokes that could not be unpacked."""
    if DIGEST not in text:
        return field_error(name, "strokes that are complete", text, subject="points drawn")
    return field_error(
        name, "part of the link", "points drawn",
        pattern="the link names {offender}, but does not hold them, as they are too long for a "
        "link: open an experiment file",
    )  # fmt: skip


def _check_place(place: Any) -> tuple[int, int, int]:
    valid = isinstance(place, (list, tuple)) and len(place) == 3
    if not valid or not all(type(number) is int and number >= 0 for number in place):
        raise field_error("place of a weight", "layer, row and column, counted from 0", place)
    return place[0], place[1], place[2]
