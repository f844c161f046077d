"""Animations of a run: files with one frame for each of some epochs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from .. import figures
from ..analysis.field import Extent, Grid
from ..analysis.snapshot import Plane, Snapshot
from ..choices.datasets import Dataset
from ..choices.palette import CLASS_STYLES, THEMES
from ..problems import Problem, RecipeError, field_error
from ..recipe.contrasts import titles
from ..recipe.edits import POINTS
from ..recipe.kinds import Choice, Flag, Integer, Numbers, check_fields
from ..recipe.look import DEFAULT_LOOK, Look
from ..recipe.moment import EPOCH
from ..training.pieces import done
from ..training.trainer import Trainer
from . import encoders, player, video
from .beside import HasDataset, Start, in_order, looks_of, own_recipe
from .encoders import Frame, Reel
from .frames import CAPTION, Frames
from .indexed import palette_of
from .video import CannotEncode

__all__ = [
    "FORMATS", "SPACINGS", "AnimationFormat", "AnimationPlan", "CannotEncode", "animate", "layer",
]  # fmt: skip

Progress = Callable[[int, int], Any]  # frames done, frames in all
Pulse = Callable[[], Any]

SIDES = (160, 1920)  # pixels
MOST_PIXELS = 500_000_000  # of all frames together
PLANE_BESIDE = (480, 400)  # pixels of the plane of a run on the page that plays several, at most
LEAST_SIDE = 16  # pixels of the plane, beside which stand axes, legend and caption
PULSE_SECONDS = 0.1  # between two pulses while the run is trained


# from the runs side by side, or the run alone
Make = Callable[[list[Trainer], "AnimationPlan", bytes | None, Iterator[Snapshot], Pulse], bytes]


@dataclass(frozen=True)
class Spacing:
    """A way to choose epochs: ``steps(span, count)`` returns ``count`` integers in 0…span."""

    name: str
    label: str
    steps: Callable[[int, int], list[int]]


def _even(span: int, count: int) -> list[int]:
    return [(2 * i * span + count - 1) // (2 * (count - 1)) for i in range(count)]


def _early(span: int, count: int) -> list[int]:
    # step + 1 grows by a constant factor, and each step is larger than the last
    return [max(i, round((span + 1) ** (i / (count - 1))) - 1) for i in range(count)]


SPACINGS: dict[str, Spacing] = {
    spacing.name: spacing
    for spacing in (
        Spacing("even", "Even", _even),
        Spacing("early", "Denser early", _early),
    )
}

FIELDS = {
    "first": EPOCH,
    "last": EPOCH,
    "count": Integer(default=60, low=1, high=600, label="Frames", help="One per epoch shown."),
    "spacing": Choice(
        default="even", table=SPACINGS, label="Steps", help="Between the epochs of two frames."
    ),
    "fps": Integer(default=20, low=1, high=60, label="Frames per second", help="Playback speed."),
    "size": Numbers(
        default=(640, 480), low=SIDES[0], high=SIDES[1], whole=True, label="Size",
        help="Width and height in pixels.",
    ),
    "theme": Choice(default="light", table=THEMES, label="Theme", help="Light or dark colours."),
    "caption": Flag(default=True, label="Caption", help="Show epoch, losses and accuracies."),
}  # fmt: skip


@dataclass(frozen=True)
class AnimationPlan:
    """Options of an animation, which shows ``count`` epochs from ``first`` to ``last`` inclusive.

    ``size`` is in pixels. If there are fewer epochs than frames, each is shown once.
    Raises :class:`RecipeError` with a sentence for each field that breaks its rule.
    """

    first: int = 0
    last: int = 500
    count: int = 60
    spacing: str = "even"
    fps: int = 20
    size: tuple[int, int] = (640, 480)
    theme: str = "light"
    look: Look = DEFAULT_LOOK
    caption: bool = True

    def __post_init__(self) -> None:
        problems = check_fields(self, FIELDS)
        if not problems and self.first > self.last:
            rule = "at most the last epoch, {last}"
            problems["first"] = Problem(
                "first", rule, self.first, subject="first epoch", last=self.last
            )
        if not problems and self.count * self.size[0] * self.size[1] > MOST_PIXELS:
            most = MOST_PIXELS // (self.size[0] * self.size[1])
            rule = "at most {most} at this size"
            problems["count"] = Problem("count", rule, self.count, subject="frames", most=most)
        if problems:
            raise RecipeError(*problems.values())

    def epochs(self) -> list[int]:
        """The epochs shown, in increasing order."""
        span = self.last - self.first
        count = min(self.count, span + 1)
        if count == 1:  # a single frame shows the last epoch
            return [self.last]
        return [self.first + step for step in SPACINGS[self.spacing].steps(span, count)]


def layer(run: HasDataset, plan: AnimationPlan) -> go.Figure:
    """The static layer of all frames: axes, points and legend on a transparent background.

    A browser draws it as a PNG of the plan's size.
    """
    others = [Start.of(other.recipe) for other in plan.look.beside if other.recipe]
    return _layer(in_order(run, others, plan.look), plan)[0]


def animate(
    trainer: Trainer,
    plan: AnimationPlan,
    format: str = "gif",  # noqa: A002
    layer_png: bytes | None = None,
    progress: Progress | None = None,
    pulse: Pulse | None = None,
) -> bytes:
    """Make an animation and return the file. ``trainer`` is left at the last epoch of ``plan``.

    ``layer_png`` is ``layer(trainer, plan)`` as a PNG; HTML does not need it. Runs that the look
    names are side by side with it; one that ends before stays where it has ended.
    ``progress(done, of)`` is called after each frame, and ``pulse()`` often in between; both may
    raise to stop. If the run diverges,
    the animation ends there. Raises :class:`RecipeError` for a plan that does not fit the run, and
    :class:`CannotEncode` for a format that needs software that is not installed.
    """
    record = FORMATS[FORMAT.check("format", format)]
    if problems := plan.look.problems(trainer.recipe):
        raise RecipeError(*problems.values())
    if missing := record.missing():
        raise CannotEncode(missing)
    plan = replace(plan, look=plan.look.flat())
    pulse = pulse or (lambda: None)
    others = [Trainer(other.recipe) for other in plan.look.beside if other.recipe]
    snapshots = _snapshots(trainer, others, plan, progress or (lambda done, of: None), pulse)
    return record.make(in_order(trainer, others, plan.look), plan, layer_png, snapshots, pulse)


# --- frames ---------------------------------------------------------------------------


def _draws_points(run: HasDataset) -> bool:
    """Whether points are drawn during the run, so that frames have points of their own."""
    return any(edit.field == POINTS for edit in run.recipe.edits)


def _without_points(run: HasDataset) -> Dataset:
    """The same axes and legend with no point to see."""
    dataset = run.dataset
    nowhere, labels = np.full((dataset.n_classes, 2), np.nan), np.arange(dataset.n_classes)
    initial = dataset.initial or dataset
    has_test = len(initial.test) or (_draws_points(run) and run.recipe.test_share)
    n_test = dataset.n_classes if has_test else 0
    return replace(
        dataset, train=nowhere, train_labels=labels, test=nowhere[:n_test],
        test_labels=labels[:n_test], initial=initial, numbers=None,
    )  # fmt: skip


def _layer(
    runs: Sequence[HasDataset], plan: AnimationPlan, has_points: bool = True
) -> tuple[go.Figure, list[figures.Box]]:
    below = CAPTION if plan.caption else 0
    shown = [
        run.dataset if has_points and not _draws_points(run) else _without_points(run)
        for run in runs
    ]
    extents, looks = [Extent.around(run.dataset) for run in runs], looks_of(runs, plan.look)
    if len(runs) > 1:
        names = titles(plan.look.beside, own_recipe(runs, plan.look))
        cells = [
            figures.Cell(name, {"dataset": dataset, "extent": extent, "look": look})
            for name, dataset, extent, look in zip(names, shown, extents, looks, strict=True)
        ]
        return figures.static_row(cells, size=plan.size, theme=plan.theme, below=below)
    figure, box = figures.static_layer(
        shown[0], extents[0], look=plan.look, size=plan.size, theme=plan.theme, below=below
    )
    return figure, [box]


def _snapshots(
    trainer: Trainer,
    others: Sequence[Trainer],
    plan: AnimationPlan,
    progress: Progress,
    pulse: Pulse,
) -> Iterator[Snapshot]:
    plane, planes = Plane(trainer), [Plane(other) for other in others]
    epochs = plan.epochs()
    for made, epoch in enumerate(epochs, start=1):
        trainer.rewind(epoch)
        if advance(trainer, epoch, pulse) < epoch and made > 1:
            break
        for other in others:
            other.rewind(epoch)
            advance(other, epoch, pulse)
        beside = [Snapshot(each, own) for each, own in zip(others, planes, strict=True)]
        yield Snapshot(trainer, plane, beside=beside)
        progress(made, len(epochs))


def advance(trainer: Trainer, epoch: int, pulse: Pulse) -> int:
    """Train up to an epoch; the epoch reached."""
    beat = _beating(pulse)
    while trainer.epoch < epoch and done(trainer.striding(epoch - trainer.epoch, beat)):
        pass
    return trainer.epoch


def _beating(pulse: Pulse) -> Callable[[], bool]:
    """An ``is_due`` that never asks for a pause, and calls ``pulse`` from time to time."""
    due = time.monotonic() + PULSE_SECONDS

    def is_due() -> bool:
        nonlocal due
        if time.monotonic() >= due:
            pulse()
            due = time.monotonic() + PULSE_SECONDS
        return False

    return is_due


def _frames_by(
    encode: Callable[[Iterable[Frame], Reel], bytes],
) -> Make:
    def make(
        runs: list[Trainer],
        plan: AnimationPlan,
        layer_png: bytes | None,
        snapshots: Iterator[Snapshot],
        pulse: Pulse,
    ) -> bytes:
        _, boxes = _layer(runs, plan)
        if layer_png is None:
            raise field_error("layer", "a PNG", "nothing")
        _check_room(boxes, plan.size)
        frames = [
            Frames(layer_png, box, plan.size, look, plan.theme, plan.caption,
                   look.painted(run.recipe.sizes), _draws_points(run))
            for run, box, look in zip(runs, boxes, looks_of(runs, plan.look), strict=True)
        ]  # fmt: skip
        grids = [_grid_of(run, box) for run, box in zip(runs, boxes, strict=True)]
        n_classes = max(run.dataset.n_classes for run in runs)
        painter = next((each for each in frames if each.painted.unit is None), frames[0])
        background = THEMES[plan.theme].paper
        reel = Reel(plan.size, plan.fps, lambda: palette_of(painter, n_classes), background)
        return encode(
            (_frame(snapshot, frames, grids, plan, pulse) for snapshot in snapshots), reel
        )

    return make


def _grid_of(run: Trainer, box: figures.Box) -> Grid:
    """A grid point for each pixel of a plane."""
    return Grid(Extent.around(run.dataset), run.preparation, (round(box.width), round(box.height)))


def _frame(
    snapshot: Snapshot,
    frames: Sequence[Frames],
    grids: Sequence[Grid],
    plan: AnimationPlan,
    pulse: Pulse,
) -> Image.Image:
    """The frame of a run, or of all that are side by side."""
    shown = in_order(snapshot, snapshot.beside, plan.look)
    fine = [
        _evaluated(each.on(grid), own.painted, pulse)
        for each, grid, own in zip(shown, grids, frames, strict=True)
    ]
    if len(fine) == 1:
        return frames[0].frame(fine[0])
    caption = [f"epoch {snapshot.epoch}"] if plan.caption else []
    return frames[0].joined(list(zip(frames, fine, strict=True)), caption)


def _check_room(boxes: Sequence[figures.Box], size: tuple[int, int]) -> None:
    """Raises :class:`RecipeError` where a plane would have fewer pixels a side than it needs."""
    plane = min(((round(box.width), round(box.height)) for box in boxes), key=min)
    if min(plane) < LEAST_SIDE:
        whole, left = (f"{width} × {height}" for width, height in (size, plane))
        rule = "large enough for a plot of {least} × {least} pixels, of which {left} are left"
        raise field_error("size", rule, whole, least=LEAST_SIDE, left=left)


def _evaluated(snapshot: Snapshot, look: Look, pulse: Pulse) -> Snapshot:
    """The snapshot after evaluating what a look shows, which is slow for a large picture."""
    for _ in snapshot.evaluating(look.unit):
        pulse()
    return snapshot


def _player(
    runs: list[Trainer],
    plan: AnimationPlan,
    layer_png: bytes | None,
    snapshots: Iterator[Snapshot],
    pulse: Pulse,
) -> bytes:
    names, colours = [""], [THEMES[plan.theme].ink]
    size = plan.size
    if len(runs) > 1:
        names = titles(plan.look.beside, own_recipe(runs, plan.look))
        width, height = map(min, plan.size, PLANE_BESIDE)
        size = width, height
        ends = [style.colour for style in CLASS_STYLES[::-1]]  # as the curves on the page have them
        colours = [
            ends[place] if other.recipe else colours[0]
            for place, other in enumerate(plan.look.beside)
        ]
    parts, grids = [], []
    for run, look, name, colour in zip(
        runs, looks_of(runs, plan.look), names, colours, strict=True
    ):
        alone = replace(look, beside=())
        figure, [box] = _layer([run], replace(plan, look=alone, size=size), has_points=False)
        _check_room([box], size)
        parts.append(player.PlayerPart(figure, run.dataset, alone, colour, name))
        grids.append(_grid_of(run, box))

    def both(one: Snapshot, part: player.PlayerPart, grid: Grid) -> player.Both:
        return one, _evaluated(one.on(grid), part.look.painted(one.network.sizes), pulse)

    shown = (
        list(map(both, in_order(each, each.beside, plan.look), parts, grids)) for each in snapshots
    )
    return player.page(parts, plan.theme, plan.fps, shown)


@dataclass(frozen=True)
class AnimationFormat:
    """A file format; ``missing()`` returns how to install what it needs, or None if it is there."""

    suffix: str
    label: str
    mime: str
    make: Make
    missing: Callable[[], str | None] = lambda: None

    @property
    def needs_layer(self) -> bool:
        return self.make is not _player


FORMATS: dict[str, AnimationFormat] = {
    record.suffix: record
    for record in (
        AnimationFormat("gif", "GIF", "image/gif", _frames_by(encoders.gif)),
        AnimationFormat("webp", "WebP", "image/webp", _frames_by(encoders.webp)),
        AnimationFormat("apng", "APNG", "image/apng", _frames_by(encoders.apng)),
        AnimationFormat("mp4", "MP4", "video/mp4", _frames_by(video.encoder("mp4", video.H264)),
               lambda: video.missing("MP4")),
        AnimationFormat("webm", "WebM", "video/webm", _frames_by(video.encoder("webm", video.VP9)),
               lambda: video.missing("WebM")),
        AnimationFormat("html", "HTML", "text/html", _player),
    )
}  # fmt: skip
FORMAT = Choice(default="gif", table=FORMATS, label="Format", help="The kind of file.")
