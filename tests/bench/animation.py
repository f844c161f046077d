"""Sixty frames of 640 × 480 as files, beside the browser drawing each frame."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from nnviz import Recipe, Trainer
from nnviz.analysis.snapshot import Snapshot
from nnviz.export import render
from nnviz.export.animation import FORMATS, AnimationPlan, animate, layer
from nnviz.export.pictures import Shot, picture
from tests.bench.report import note, say

RECIPE = Recipe(data="circles", hidden=[10])
DRAWN = 6  # frames that the browser draws, to go by


def main() -> None:
    print("Animation: 60 frames of 640 × 480 of circles, 500 epochs trained on the way")
    plan = AnimationPlan()
    still = render.render(layer(Trainer(RECIPE), plan), "png")  # the browser is warm from here on
    gif = median(_seconds(lambda: animate(Trainer(RECIPE), plan, "gif", still)) for _ in range(5))
    frame = _seconds(lambda: _drawn_by_browser(plan)) / DRAWN
    say("GIF, the static layer given", gif, 3, "s", at_least=False)
    say("times as quick as the browser drawing each frame", plan.count * frame / gif, 4)
    note(f"the browser takes {frame:.2f} s a frame, {plan.count * frame:.0f} s for all")
    for name, record in FORMATS.items():
        if record.missing():
            note(f"{record.label}: left out, as it can't be made here")
            continue
        start = time.perf_counter()
        file = animate(Trainer(RECIPE), plan, name, still)
        note(f"{record.label}: {time.perf_counter() - start:.2f} s, {len(file) / 1e6:.2f} MB")
    page = animate(Trainer(Recipe(data="blobs", classes=6, hidden=[16, 16])), plan, "html")
    say("a page that plays 60 frames of six classes", len(page) / 1e6, 8, "MB", at_least=False)
    render.close()


def _drawn_by_browser(plan: AnimationPlan) -> None:
    trainer = Trainer(RECIPE)
    for epoch in plan.epochs()[:DRAWN]:
        trainer.seek(epoch)
        shot = Shot(plan.look, size=plan.size, theme=plan.theme)
        render.render(picture(Snapshot(trainer), "boundary", shot), "png")


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
