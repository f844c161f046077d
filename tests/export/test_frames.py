"""Frames of an animation, compared with the browser's picture of the same epoch."""

import dataclasses

import numpy as np
import pytest
from PIL import Image, ImageChops

from nnviz import Recipe, Trainer
from nnviz.analysis.snapshot import Snapshot
from nnviz.choices.palette import THEMES, channels
from nnviz.choices.views import shade, shade_signed
from nnviz.export import render
from nnviz.export.animation import AnimationPlan, layer
from nnviz.export.frames import Frames, caption_parts
from nnviz.export.indexed import SIZE, Palette, palette_of
from nnviz.export.pictures import Shot, picture
from nnviz.figures import static_layer
from nnviz.figures.plane import mistakes
from nnviz.recipe.look import Look
from tests.export.reels import clear_layer, frames_of, opened

DRAWN = [[9, "points", "200_0_0.5_0.25~201_4_-0.5_0.5~202_5_0.1_0~203_3_0_0~204_3_0_0~7~8"]]
OUTPUT_AT_THRESHOLD = Look("threshold", threshold=0.8, unit=(2, 1), rings=True)


@pytest.mark.parametrize(
    ("fields", "look", "theme"),
    [
        ({"data": "circles", "hidden": [10]}, Look(rings=True), "light"),
        ({"data": "iris", "hidden": [6]}, Look("regions", points="test"), "dark"),
        ({"data": "blobs", "classes": 6, "edits": DRAWN}, Look(), "light"),
        ({"data": "blobs", "classes": 6, "edits": DRAWN}, Look("confidence"), "dark"),
    ],
)
def test_a_frame_looks_as_the_browser_draws_the_same_epoch(chrome, fields, look, theme):
    trainer = Trainer(Recipe(**fields))
    trainer.seek(150)
    snapshot = Snapshot(trainer)
    plan = AnimationPlan(size=(360, 340), look=look, theme=theme, caption=False)
    shot = Shot(look, size=plan.size, theme=theme, caption="")
    theirs = opened(render.render(picture(snapshot, "boundary", shot), "png"))
    bare = render.render(layer(trainer, plan), "png")
    _, box = static_layer(snapshot.dataset, snapshot.extent, look=look, size=plan.size, theme=theme)
    drawn = bool(trainer.recipe.edits)
    ours = Frames(bare, box, plan.size, look, theme, False, draws_points=drawn).frame(snapshot)
    difference = np.abs(np.asarray(ours, int) - np.asarray(theirs, int)).max(axis=-1)
    inside = difference[
        round(box.top) : round(box.top + box.height), round(box.left) : round(box.left + box.width)
    ]
    # the edges of lines are smoothed differently, and there are many around points
    assert inside.mean() < (6 if drawn else 2)  # a pixel further it is 17 or more
    assert np.percentile(inside, 95) < (40 if drawn else 12)
    difference[
        int(box.top) : int(box.top + box.height) + 2, int(box.left) : int(box.left + box.width) + 2
    ] = 0
    assert difference.max() <= 3


def test_grid_points_are_at_their_positions_in_a_frame(trainer):
    """Steep opaque ramps, compared with ``np.interp`` at the centres of the pixels."""
    frames = frames_of(trainer, size=(360, 345), theme="dark")
    rows, columns = np.mgrid[:100, :100]
    levels = [20 * columns % 251, 13 * rows % 241, 0 * rows, 0 * rows + 255]
    seen = np.asarray(frames.compose(np.stack(levels, axis=-1).astype(np.uint8), [], (), []), float)
    box = frames.box
    for k, (start, length, pixels) in enumerate(
        [(box.left, box.width, seen[200, :, 0]), (box.top, box.height, seen[:, 170, 1][::-1])]
    ):
        start = 345 - start - length if k else start  # rows count from the bottom
        first, last = int(start) + 2, int(start + length) - 2
        at = (np.arange(first, last) + 0.5 - start) / length * 99
        line = levels[k][:, 50] if k else levels[k][50]
        assert np.abs(pixels[first:last] - np.interp(at, range(100), line)).max() < 2


LOOKS = [
    Look(), Look("regions"), Look("class", class_index=1), Look("confidence"), Look("entropy"),
    Look("threshold", threshold=0.8), Look("surface"), Look(unit=(1, 2)),
]  # fmt: skip


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "unit" if look.unit else look.view)
def test_every_view_shades_its_frames_and_fits_a_palette(trainer, look):
    trainer.seek(80)
    snapshot = Snapshot(trainer)
    frames = frames_of(trainer, size=(400, 380), look=look, theme="dark")
    frame = frames.frame(snapshot)
    unit_map = snapshot.chosen_map(look)
    shades = (
        shade(snapshot.field.probabilities, look, THEMES["dark"])
        if unit_map is None
        else shade_signed(unit_map)
    )
    seen = np.asarray(frame)
    palette = palette_of(frames, 2)
    indexed = palette.colours[palette.index(frame)].astype(int)
    for row, column in away_from(snapshot, look):
        left = frames.box.left + column / 99 * frames.box.width
        top = frames.box.top + (1 - row / 99) * frames.box.height
        place = int(top), int(left)
        *colour, alpha = shades[row, column].astype(float)
        paper = np.array(channels(THEMES["dark"].paper))
        expected = paper + alpha / 255 * (colour - paper)
        assert np.abs(seen[place] - expected).max() <= 12  # a grid point is not a pixel's centre
        assert np.abs(indexed[place] - seen[place]).max() <= 16
    assert np.abs(indexed - seen).mean() < 2


def away_from(snapshot, look):
    """Rows and columns of grid points with no boundary nearby."""
    lines = np.concatenate([*snapshot.lines(look), np.full((1, 2), np.inf)])
    field = snapshot.field
    reach = 0.15 * (field.x1[-1] - field.x1[0])
    for row in range(4, 99, 10):
        for column in range(4, 99, 10):
            point = field.x1[column], field.x2[row]
            if np.hypot(*(lines - point).T).min() > reach:
                yield row, column


def test_a_line_is_drawn_where_the_boundary_is(trainer):
    trainer.seek(150)
    snapshot = Snapshot(trainer)
    frames = frames_of(trainer, size=(400, 380))
    seen = np.asarray(frames.frame(snapshot), int)
    ink = np.array(channels(THEMES["light"].ink))
    (x0, x1), (y0, y1) = snapshot.extent.x1, snapshot.extent.x2
    for x, y in np.concatenate(snapshot.lines(Look()))[::7]:
        left = frames.box.left + (x - x0) / (x1 - x0) * frames.box.width
        top = frames.box.top + (y1 - y) / (y1 - y0) * frames.box.height
        assert np.abs(seen[int(top), int(left)] - ink).max() < 60


def test_an_output_unit_keeps_the_threshold_as_in_pictures(trainer):
    trainer.seek(80)
    snapshot, look = Snapshot(trainer), OUTPUT_AT_THRESHOLD
    frames = frames_of(trainer, size=(400, 380), look=look)
    painted = dataclasses.replace(look, unit=None, view="class", class_index=1)
    assert frames.painted == painted
    extent = snapshot.extent
    pixels = shade(snapshot.field.probabilities, painted, THEMES["light"])
    lines = [frames._in_pixels(line, extent) for line in snapshot.lines(look)]
    rings = mistakes(snapshot.dataset, snapshot.predicted(look), look)
    by_hand = frames.compose(pixels, lines, frames._in_pixels(rings, extent), [])
    assert np.array_equal(np.asarray(frames.frame(snapshot)), np.asarray(by_hand))
    assert len(rings) != len(mistakes(snapshot.dataset, snapshot.predicted(painted), look))


def test_the_caption_leaves_out_parts_that_do_not_fit(trainer):
    plan = AnimationPlan(last=0, count=1, size=(160, 200))
    _, box = static_layer(trainer.dataset, Snapshot(trainer).extent, size=plan.size, below=26)
    wide, narrow = (
        Frames(clear_layer((side, 200)), box, (side, 200), Look(), "light", True)
        for side in (600, 160)
    )
    for frames, least, most in ((wide, 250, 592), (narrow, 30, 152)):
        caption = frames.frame(Snapshot(trainer)).crop((0, 174, frames._background.width, 200))
        right = ImageChops.invert(caption).getbbox()[2]
        assert least < right <= most


def test_the_caption_has_the_accuracy_at_the_threshold_shown(trainer):
    trainer.seek(30)
    snapshot = Snapshot(trainer)
    look = Look("threshold", threshold=0.99)
    data = trainer.dataset
    p = trainer.network.predict_proba(trainer.preparation.apply(data.train))[:, 1]
    share = ((p >= 0.99) == (data.train_labels == 1)).mean()
    row = trainer.history[-1]
    epoch, loss, accuracy = caption_parts(snapshot, look)
    assert epoch == "epoch 30"
    assert loss == f"loss {row.train_loss:.4f} train, {row.test_loss:.4f} test"
    assert accuracy.startswith(f"accuracy at 0.99: {100 * share:.1f} % train, ")
    assert share != row.train_accuracy


def test_a_palette_keeps_its_colours_exactly():
    rng = np.random.default_rng(1)
    colours = rng.integers(0, 256, (400, 3), dtype=np.uint8)
    palette = Palette(colours)
    assert len(palette.colours) == SIZE
    exact = Image.fromarray(palette.colours[None])
    assert np.array_equal(palette.colours[palette.index(exact)[0]], palette.colours)
