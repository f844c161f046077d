"""The panels below the stage, as lists of what the page is to show: JSON, of the kinds in ``DRAW``
of ``nnviz/stage/host/panel-items.js``.

A panel shows the run at the epoch at which the stage last paused. A trainer replays the run up to
there, a piece at each message, so that the worker has time for the run itself in between.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ... import figures
from ...analysis.health import RULE, pre_activations
from ...analysis.step import WorkedExample, nearest_training_point, worked_example, worked_points
from ...choices.activations import ACTIVATIONS
from ...recipe.recipe import MOST_SAMPLES, Recipe
from ...training.pieces import Work
from ...training.trainer import Trainer
from ...ui import panel_texts as texts
from ...ui.state import PageState
from ...writing.derivation import Block, Formula, Paragraph, Part, check, parts, point_parts
from ...writing.step_script import step_script
from .rich_text import html, mathml

if TYPE_CHECKING:
    from .sweeps import Sweeps

PIECE_SECONDS = 0.1  # of a replay, in one message

Item = dict[str, Any]


class PagePanels:
    """What is open in the panels, and the run that they show.

    ``page`` is the address that links lead to, ``workers`` how many web workers train a sweep,
    ``theme`` that of the page.
    """

    def __init__(self, page: str = "/", workers: int = 1, theme: str = "light") -> None:
        self._browser = page, workers, theme
        self._toggled: dict[str, bool] = {}  # parts, by their keys
        self._weight = [0, 1, 0]  # layer, row and column of the one that is checked
        self._replay: Replay | None = None

    @cached_property
    def sweeps(self) -> Sweeps:
        from .sweeps import Sweeps  # imports what only sweeps need

        return Sweeps(*self._browser)

    def take(self, message: Mapping[str, Any]) -> None:
        """Open or close a ``part``, ``[key, whether it is open]``, or choose in ``weight``."""
        if "part" in message:
            key, is_open = message["part"]
            self._toggled[key] = is_open
        if "weight" in message:
            place, value = message["weight"]
            self._weight = [value, 1, 0] if place == 0 else self._weight
            self._weight[place] = value

    def points(self, state: PageState) -> int:
        """How many training points the run has."""
        return len(self._of(state.run).trainer.dataset.train)

    def shown(self, state: PageState) -> dict[str, Any]:
        """The open panel; ``replaying`` until its numbers are there."""
        assert state.panel
        start = {"name": state.panel, "title": texts.TITLES[state.panel]}
        if state.panel == "sweep":
            items, is_more = self.sweeps.shown(state)
            return {**start, "items": items, "replaying": is_more}
        replay = self._of(state.run)
        if not replay.goes_to(state.epoch):
            epoch = replay.trainer.epoch
            sentence = texts.REPLAYING.format(goal=state.epoch, epoch=epoch)
            bar = {"kind": "progress", "text": sentence, "share": epoch / state.epoch}
            return {**start, "items": [bar], "replaying": True}
        trainer = replay.trainer
        draw = {"maths": self._maths, "gallery": self._gallery}[state.panel]
        items = [_text(texts.AT_EPOCH.format(epoch=trainer.epoch), "caption")]
        items += [_text(trainer.diverged, "warning")] if trainer.diverged else []
        return {**start, "items": [*items, *draw(trainer, state)], "replaying": False}

    def _of(self, recipe: Recipe) -> Replay:
        if self._replay is None or self._replay.trainer.recipe != recipe:
            self._replay = Replay(recipe)
        return self._replay

    # --- the maths of a step --------------------------------------------------------------

    def _maths(self, trainer: Trainer, state: PageState) -> Iterator[Item]:
        n = len(trainer.dataset.train)
        if not n:
            yield _text(texts.NO_POINTS, "info")
            return
        sample = state.sample(n)
        yield {"kind": "point", "label": texts.POINT, "help": texts.POINT_HELP.format(n=n),
               "value": state.points[-1] + 1, "most": MOST_SAMPLES}  # fmt: skip
        if state.pin is not None:
            near = nearest_training_point(trainer, state.pin)
            yield _text(texts.pinned(trainer.dataset.features, state.pin))
            yield _text(texts.NEVER_LEARNED, "info")
            yield {"kind": "nearest", "text": texts.NEAREST.format(number=near + 1), "point": near}
            yield _text(texts.ROUNDED, "caption")
            found = [texts.in_markdown(one) for one in worked_points(trainer, state.pin)]
            yield from self._parts(point_parts(found))
            return
        if state.points[-1] != sample:
            yield _text(texts.OTHER_POINT.format(n=n, number=sample + 1), "warning")
        yield from self._step(worked_example(trainer, sample))

    def _step(self, found: WorkedExample) -> Iterator[Item]:
        written = texts.in_markdown(found)
        yield _text(texts.heading(written))
        yield _text(texts.ROUNDED, "caption")
        if sentence := texts.batch(found):
            yield _text(sentence)
        yield from self._parts(parts(written))
        yield _heading(texts.CHECK_AND_COPY)
        yield self._part("check", texts.CHECK, False, self._check(found))
        yield self._part("copy", texts.COPY, False, _copy(found))

    def _parts(self, found: Iterable[Part]) -> Iterator[Item]:
        for group, of_group in groupby(found, key=lambda part: part.group):
            yield _heading(group)
            for part in of_group:
                yield self._part(part.key, part.title, part.opened, _of_part(part))

    def _part(self, key: str, title: str, is_open: bool, items: Iterator[Item]) -> Item:
        """A part that unfolds; what is in it is computed once it is open."""
        is_open = self._toggled.get(key, is_open)
        return {"kind": "part", "key": key, "title": html(title), "open": is_open,
                "items": list(items) if is_open else []}  # fmt: skip

    def _check(self, found: WorkedExample) -> Iterator[Item]:
        layer = min(self._weight[0], found.n_hidden)
        rows, columns = texts.weight_names(found, layer)
        row, column = min(self._weight[1], len(rows) - 1), min(self._weight[2], len(columns) - 1)
        options = (texts.layer_names(found), rows, columns)
        yield {"kind": "weight", "boxes": [
            {"label": label, "help": help_text, "options": names, "value": value}
            for (label, help_text), names, value
            in zip(texts.WEIGHT.items(), options, (layer, row, column), strict=True)
        ]}  # fmt: skip
        yield from map(_block, check(found, (layer, row, column)))

    # --- activation functions -------------------------------------------------------------

    def _gallery(self, trainer: Trainer, _: PageState) -> Iterator[Item]:
        activation = ACTIVATIONS[trainer.recipe.activation]
        inputs = trainer.preparation.apply(trainer.dataset.train)
        layers = pre_activations(trainer.network, inputs)
        yield _heading(texts.OF_THIS_RUN)
        if layers:
            yield _text(RULE, "caption")
            yield {"kind": "formula", "html": mathml(texts.function(activation))}
        else:
            yield _text(texts.NO_LAYERS)
        for layer, z in enumerate(layers, 1):
            yield _text(texts.layer_heading(layer, z))
            yield _figure(figures.layer(activation, z), texts.layer_alt(activation, layer, z))
            if warning := texts.layer_warning(activation, layer, z):
                yield _text(warning, "warning")
        yield _heading(texts.ALL_FUNCTIONS)
        current = activation.name if layers else None
        yield _figure(figures.gallery(current), texts.GALLERY_ALT)


class Replay:
    """A run on its way to an epoch."""

    def __init__(self, recipe: Recipe):
        self.trainer = Trainer(recipe)
        self._goal = 0
        self._work: Work[None] | None = None
        self._ends = 0.0

    def goes_to(self, epoch: int) -> bool:
        """Go on for ``PIECE_SECONDS`` at most; whether the run is there, or at its end."""
        if self._work is None or epoch != self._goal:
            if self._work:
                self._work.close()
            self.trainer.rewind(epoch)
            self._goal, self._work = epoch, self._going(epoch)
        self._ends = time.monotonic() + PIECE_SECONDS
        try:
            next(self._work)
        except StopIteration:
            self._work = None
            return True
        return False

    def _going(self, epoch: int) -> Work[None]:
        def is_due() -> bool:
            return time.monotonic() >= self._ends

        trainer = self.trainer
        while trainer.epoch < epoch and (
            yield from trainer.striding(epoch - trainer.epoch, is_due)
        ):
            if is_due():
                yield


# --- items ------------------------------------------------------------------------------------


def _heading(text: str) -> Item:
    return {"kind": "heading", "text": text}


def _text(markdown: str, role: str = "text") -> Item:
    """A paragraph; its role is ``text``, ``caption``, ``info`` or ``warning``."""
    return {"kind": "text", "role": role, "html": html(markdown)}


def _figure(figure: Any, alt: str) -> Item:
    return {"kind": "figure", "figure": json.loads(figure.to_json()), "alt": alt}


def _of_part(part: Part) -> Iterator[Item]:
    yield from map(_block, part.blocks())


def _block(block: Block) -> Item:
    if isinstance(block, Paragraph):
        return _text(block.text)
    if isinstance(block, Formula):
        return {"kind": "formula", "html": mathml(block.latex)}
    values = [[f"{value:.4g}" for value in row] for row in block.values.tolist()]
    return {"kind": "table", "caption": block.caption, "rows": block.rows,
            "columns": block.columns, "values": values}  # fmt: skip


def _copy(found: WorkedExample) -> Iterator[Item]:
    yield _text(texts.COPY_HELP)
    text = step_script(found)
    if len(text) > texts.MOST_CODE:
        yield _text(texts.TOO_LONG.format(kilobytes=len(text) // 1000))
    yield {"kind": "program", "text": text, "name": texts.script_name(found),
           "isShown": len(text) <= texts.MOST_CODE}  # fmt: skip
