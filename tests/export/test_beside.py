"""Animations of runs side by side: each plane is that of its run alone, in its place."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from nnviz import Recipe, Trainer
from nnviz.analysis.field import Grid
from nnviz.analysis.snapshot import Snapshot
from nnviz.choices import views
from nnviz.choices.palette import THEMES, channels
from nnviz.export import animation
from nnviz.export.animation import AnimationPlan, animate
from nnviz.export.beside import Start, in_order, looks_of
from nnviz.recipe.companions import Companion
from nnviz.recipe.look import Look
from tests.export.test_player import run_in

SIZE = (400, 320)
CIRCLES = Recipe(samples=40, hidden=[4])
ADAM = replace(CIRCLES, optimiser="adam")
IRIS = Recipe(data="iris", hidden=[3])
CLEAR = io.BytesIO()
Image.new("RGBA", SIZE).save(CLEAR, "PNG")


def plan_of(*beside, **more):
    return AnimationPlan(last=20, count=2, size=SIZE, look=Look(beside=beside), **more)


def frames_of(plan, recipe=CIRCLES):
    file = animate(Trainer(recipe), plan, "apng", CLEAR.getvalue())
    with Image.open(io.BytesIO(file)) as reel:
        for i in range(reel.n_frames):
            reel.seek(i)
            yield np.asarray(reel.convert("RGB")).astype(float)


def middle_of(recipe, epoch, box):
    """The colours of a plane's middle on paper, as the run alone has them."""
    trainer = Trainer(recipe)
    trainer.seek(epoch)
    snapshot = Snapshot(trainer)
    grid = Grid(snapshot.extent, snapshot.preparation, (round(box.width), round(box.height)))
    pixels = views.shade(snapshot.on(grid).field.probabilities, Look(), THEMES["light"])
    share = pixels[..., 3:] / 255
    colours = pixels[..., :3] * share + np.array(channels(THEMES["light"].paper)) * (1 - share)
    return colours[::-1]


@pytest.mark.parametrize("beside", [(Companion(ADAM), Companion()), (Companion(), Companion(IRIS))])
def test_each_plane_is_that_of_its_run(beside):
    plan = plan_of(*beside)
    recipes = [other.recipe or CIRCLES for other in beside]
    starts = [Start.of(recipe) for recipe in recipes]
    _, boxes = animation._layer(starts, plan)
    for epoch, frame in zip((0, 20), frames_of(plan), strict=True):
        for recipe, box in zip(recipes, boxes, strict=True):
            top, left = round(box.top), round(box.left)
            shown = frame[top : top + round(box.height), left : left + round(box.width)]
            expected = middle_of(recipe, epoch, box)
            off = np.abs(shown - expected).max(axis=-1) > 40  # the boundary, and smooth edges
            assert off.mean() < 0.2
            assert np.abs(shown - expected)[~off].mean() < 8


def test_the_page_that_plays_has_all_runs_in_their_order():
    plan = plan_of(Companion(ADAM, "</script>"), Companion())
    page = run_in(animate(Trainer(CIRCLES), plan, "html"))
    shown = [page, *page["others"]]
    assert [run["title"] for run in shown] == ["</script>: Adam", "Run 2: SGD"]
    for run, recipe in zip(shown, (ADAM, CIRCLES), strict=True):
        alone = run_in(animate(Trainer(recipe), plan_of(), "html"))
        for part in ("frames", "points", "grid", "extent", "classes"):
            assert run[part] == alone[part]
        assert alone["title"] == ""
        assert alone["others"] == []
    names = [line["name"] for line in page["losses"]["data"]]
    assert names[1:3] == ["&lt;/script&gt;: Adam, test", "Run 2: SGD, train"]
    assert page["losses"]["data"][2]["line"]["color"] == page["ink"]


def test_planes_of_a_page_are_bounded_in_height_too():
    upright, bounded = (
        run_in(
            animate(
                Trainer(IRIS), replace(plan_of(Companion(), Companion(ADAM)), size=size), "html"
            )
        )
        for size in ((300, 900), (300, animation.PLANE_BESIDE[1]))
    )
    assert upright["frames"] == bounded["frames"]


def test_one_that_ends_stays_where_it_has_ended():
    diverging = Recipe(samples=30, activation="identity", learning_rate=10.0, init="normal")
    frames = list(frames_of(replace(plan_of(Companion(diverging)), last=3000, count=3)))
    assert len(frames) == 3


def test_runs_are_in_the_order_of_the_look():
    look = Look(beside=(Companion(ADAM), Companion(), Companion(IRIS)), view="threshold")
    assert in_order("own", ["adam", "iris"], look) == ["adam", "own", "iris"]
    assert in_order("own", [], Look()) == ["own"]
    starts = [Start.of(recipe) for recipe in (ADAM, CIRCLES, IRIS)]
    assert [each.view for each in looks_of(starts, look)] == ["threshold", "threshold", "blend"]
