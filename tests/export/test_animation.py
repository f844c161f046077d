"""Animations: their epochs, one pass over the run, divergence, and the look."""

import dataclasses
import json
import re
import tempfile
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from nnviz import Recipe, RecipeError, Trainer
from nnviz.analysis.snapshot import Snapshot
from nnviz.choices.palette import CLASS_STYLES, channels
from nnviz.export.animation import FORMATS, AnimationPlan, animate
from nnviz.export.frames import caption_parts
from nnviz.figures import static_layer
from nnviz.recipe.look import Look
from tests.export.reels import clear_layer, images_of

# --- epochs ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "epochs"),
    [
        ({"last": 100, "count": 5}, [0, 25, 50, 75, 100]),
        ({"first": 10, "last": 20, "count": 4}, [10, 13, 17, 20]),
        ({"last": 1000, "count": 4, "spacing": "early"}, [0, 9, 99, 1000]),
        ({"last": 3, "count": 60}, [0, 1, 2, 3]),
        ({"last": 3, "count": 60, "spacing": "early"}, [0, 1, 2, 3]),
        ({"last": 30, "count": 1}, [30]),
        ({"first": 7, "last": 7}, [7]),
    ],
)
def test_epochs_of_a_plan(fields, epochs):
    assert AnimationPlan(**fields).epochs() == epochs


@given(
    st.integers(0, 100_000), st.integers(0, 100_000), st.integers(2, 600),
    st.sampled_from(["even", "early"]),
)  # fmt: skip
def test_epochs_rise_from_the_first_to_the_last(one, other, count, spacing):
    first, last = sorted((one, other))
    epochs = AnimationPlan(first, last, count, spacing).epochs()
    assert (epochs[0], epochs[-1]) == (first if first < last else last, last)
    assert all(a < b for a, b in pairwise(epochs))
    assert len(epochs) == min(count, last - first + 1)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"count": 0}, "count must be a whole number 1…600; got 0"),
        ({"fps": 61}, "fps must be a whole number 1…60; got 61"),
        ({"first": 9, "last": 5}, "first epoch must be at most the last epoch, 5; got 9"),
        ({"last": 10**9}, "last must be a whole number 0…1000000; got 1000000000"),
        ({"size": (640, 100)}, "size must be two whole numbers 160…1920; got 640,100"),
        ({"size": 640}, "size must be two whole numbers 160…1920; got 640"),
        ({"spacing": "late"}, "spacing must be one of even, early; got late"),
        ({"theme": "sepia"}, "theme must be one of light, dark; got sepia"),
        ({"caption": 1}, "caption must be true or false; got 1"),
        (
            {"size": (1920, 1920), "count": 600},
            "frames must be at most 135 at this size; got 600",
        ),
    ],
)
def test_an_invalid_plan_raises(fields, sentence):
    with pytest.raises(RecipeError) as caught:
        AnimationPlan(**fields)
    assert str(caught.value) == sentence


# --- making an animation --------------------------------------------------------------


def test_the_trainer_goes_forwards_once(trainer, reel, monkeypatch):
    trained = []
    striding = trainer.striding

    def spied(most, is_due):
        before = trainer.epoch
        reached = yield from striding(most, is_due)
        trained.extend(range(before, trainer.epoch))
        return reached

    monkeypatch.setattr(trainer, "striding", spied)
    animate(trainer, reel.plan, "gif", reel.layer)
    assert reel.plan.epochs() == [0, 15, 30, 45, 60]
    assert trained == list(range(60))


@pytest.mark.parametrize("name", FORMATS)
def test_progress_is_called_after_each_frame(trainer, reel, name):
    if FORMATS[name].missing():
        pytest.skip("no ffmpeg")
    calls = []
    animate(trainer, reel.plan, name, reel.layer, lambda done, of: calls.append((done, of)))
    assert calls == [(n, 5) for n in range(1, 6)]


class Stop(Exception):
    pass


@pytest.mark.parametrize("name", FORMATS)
def test_progress_can_stop_the_work_and_leaves_no_files(trainer, reel, name, tmp_path, monkeypatch):
    if FORMATS[name].missing():
        pytest.skip("no ffmpeg")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def progress(done, of):
        if done == 3:
            raise Stop

    with pytest.raises(Stop):
        animate(trainer, reel.plan, name, reel.layer, progress)
    assert trainer.epoch == 30
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_diverges_ends_the_animation(reel):
    trainer = Trainer(Recipe(data="circles", hidden=[10], activation="relu", learning_rate=10.0,
                             l2=1.0))  # fmt: skip
    plan = dataclasses.replace(reel.plan, last=2000, count=100, spacing="early")
    got = list(images_of(animate(trainer, plan, "gif", reel.layer)))
    assert trainer.diverged
    assert 1 <= len(got) < 100
    assert got[-1][1] == 1500


@pytest.mark.parametrize(
    ("look", "sentence"),
    [
        (Look("class", class_index=3), "class must be 0…2; got 3"),
        (Look("threshold"), "view must be one for 3 classes; got threshold"),
        (Look(unit=(1, 6)), "unit must be one of layers of 2, 6, 3 units; got 1,6"),
    ],
)
def test_a_look_must_fit_the_run(look, sentence):
    trainer = Trainer(Recipe(data="iris", hidden=[6]))
    with pytest.raises(RecipeError) as caught:
        animate(trainer, AnimationPlan(look=look), "html")
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("given_layer", "sentence"),
    [
        (None, "layer must be a PNG; got nothing"),
        (b"GIF89a", "layer must be a PNG; got something else"),
        (clear_layer((100, 90)), "layer must be 640 × 480 pixels; got 100 × 90"),
    ],
)
def test_a_layer_must_be_a_picture_of_the_plans_size(trainer, given_layer, sentence):
    with pytest.raises(RecipeError) as caught:
        animate(trainer, AnimationPlan(), "gif", given_layer)
    assert str(caught.value) == sentence


def test_the_map_of_an_output_unit_is_the_probability_of_its_class(reel):
    recipe = Recipe(data="iris", hidden=[6])
    layer_png = clear_layer(reel.plan.size)
    by_unit, by_class = (
        animate(Trainer(recipe), dataclasses.replace(reel.plan, look=look), "gif", layer_png)
        for look in (Look(unit=(2, 1)), Look("class", class_index=1))
    )
    assert by_unit == by_class


OUTPUT_AT_THRESHOLD = Look("threshold", threshold=0.8, unit=(2, 1), rings=True)


def test_frames_of_an_output_unit_keep_the_threshold(trainer, monkeypatch):
    made = []
    monkeypatch.setattr(
        "nnviz.export.animation.Frames.frame",
        lambda frames, snapshot: made.append((frames.look, frames.painted.view)) or
        Image.new("RGB", (320, 300)),
    )  # fmt: skip
    plan = AnimationPlan(last=3, count=2, size=(320, 300), look=OUTPUT_AT_THRESHOLD)
    animate(trainer, plan, "gif", clear_layer(plan.size))
    assert made == [(OUTPUT_AT_THRESHOLD, "class")] * 2


def test_a_page_of_an_output_unit_keeps_the_threshold(trainer):
    plan = AnimationPlan(last=30, count=1, look=OUTPUT_AT_THRESHOLD)
    run = run_of(animate(trainer, plan, "html"))
    snapshot = Snapshot(trainer)
    (frame,) = run["frames"]
    assert frame["caption"] == " · ".join(caption_parts(snapshot, OUTPUT_AT_THRESHOLD))
    assert "accuracy at 0.80: " in frame["caption"]
    by_class = dataclasses.replace(plan, look=Look("class", class_index=1))
    (other,) = run_of(animate(trainer, by_class, "html"))["frames"]
    assert frame["field"] == other["field"]
    at_half = dataclasses.replace(
        plan, look=dataclasses.replace(OUTPUT_AT_THRESHOLD, threshold=0.5)
    )
    (half,) = run_of(animate(trainer, at_half, "html"))["frames"]
    assert frame["path"] != half["path"]


def run_of(page):
    return json.loads(
        re.search(r'<script id="run" type="application/json">(.*?)</script>', page.decode())[1]
    )


def test_a_surface_is_shown_as_the_flat_view_of_its_class(trainer, reel):
    def of(view, **fields):
        return dataclasses.replace(reel.plan, look=Look(view, class_index=1), **fields)

    page = animate(trainer, of("surface", count=1), "html").decode()
    assert "Class probability: inner" in page
    assert "3-D" not in page.partition("<script>")[0]
    flat, above = (animate(trainer, of(v), "gif", reel.layer) for v in ("surface", "class"))
    assert flat == above


def test_an_unknown_format_raises(trainer):
    with pytest.raises(RecipeError) as caught:
        animate(trainer, AnimationPlan(), "avi")
    assert str(caught.value) == ("format must be one of gif, webp, apng, mp4, webm, html; got avi")


# --- points drawn during the run ---------------------------------------------------------


def test_each_frame_has_the_points_of_its_epoch():
    edits = [[2, "points", "200_1_1.4_1.4"], [4, "points", "200"], [5, "points", "201_0_1.4_1.4"]]
    trainer = Trainer(Recipe(edits=edits))
    plan = AnimationPlan(first=1, last=5, caption=False, theme="light")
    frames = [
        frame for frame, _ in images_of(animate(trainer, plan, "apng", clear_layer(plan.size)))
    ]
    box = static_layer(trainer.dataset, Snapshot(trainer).extent, size=plan.size)[1]
    (low, high), (bottom, top) = Snapshot(trainer).extent.x1, Snapshot(trainer).extent.x2
    x = box.left + (1.4 - low) / (high - low) * box.width
    y = box.top + (top - 1.4) / (top - bottom) * box.height
    seen = [frame.getpixel((round(x - 0.5), round(y - 0.5))) for frame in frames]
    outer, inner = (channels(style.colour) for style in CLASS_STYLES[:2])
    assert [pixel in (outer, inner) for pixel in seen] == [False, True, True, False, True]
    assert (seen[1], seen[4]) == (inner, outer)
