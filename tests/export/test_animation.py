"""Animations, read again by Pillow and ffmpeg, beside the browser's own picture of an epoch."""

import dataclasses
import io
import json
import re
import subprocess
import tempfile
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from nnviz import Recipe, RecipeError, Trainer
from nnviz.export import encoders, raster, video
from nnviz.export.animation import FORMATS, CannotEncode, Plan, animate, layer
from nnviz.export.encoders import Reel
from nnviz.export.frames import Frames, words
from nnviz.export.indexed import SIZE, Palette, palette_of
from nnviz.export.pictures import Shot, picture
from nnviz.export.snapshot import Snapshot
from nnviz.figures import static_layer
from nnviz.figures.plane import mistakes, path_of
from nnviz.palette import CLASS_STYLES, THEMES, channels
from nnviz.views import Look, data_uri, shade, shade_signed

STILLS = ("gif", "webp", "apng")
VIDEOS = ("mp4", "webm")


def images_of(data):
    """Every frame, RGB, and its milliseconds."""
    with Image.open(io.BytesIO(data)) as image:
        for number in range(image.n_frames):
            image.seek(number)
            image.load()
            yield image.convert("RGB"), image.info["duration"]


def clear_layer(size):
    file = io.BytesIO()
    Image.new("RGBA", size).save(file, "PNG")
    return file.getvalue()


def frames_of(trainer, **fields):
    """Frames under a layer with nothing on it."""
    plan = Plan(caption=False, **fields)
    extent = Snapshot(trainer).extent
    _, box = static_layer(trainer.dataset, extent, look=plan.look, size=plan.size)
    painted = Snapshot(trainer).painted(plan.look)
    png = clear_layer(plan.size)
    return Frames(png, box, plan.size, plan.look, plan.theme, plan.caption, painted)


# --- which epochs ---------------------------------------------------------------------


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
    assert Plan(**fields).epochs() == epochs


@given(
    st.integers(0, 100_000), st.integers(0, 100_000), st.integers(2, 600),
    st.sampled_from(["even", "early"]),
)  # fmt: skip
def test_epochs_rise_from_the_first_to_the_last(one, other, count, spacing):
    first, last = sorted((one, other))
    epochs = Plan(first, last, count, spacing).epochs()
    assert (epochs[0], epochs[-1]) == (first if first < last else last, last)
    assert all(a < b for a, b in pairwise(epochs))
    assert len(epochs) == min(count, last - first + 1)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"count": 0}, "count must be a whole number 1…600; got 0"),
        ({"fps": 61}, "fps must be a whole number 1…60; got 61"),
        ({"first": 9, "last": 5}, "first epoch must be at most the last, 5; got 9"),
        ({"last": 10**9}, "last must be a whole number 0…1000000; got 1000000000"),
        ({"size": (640, 100)}, "size must be two whole numbers 160…1920; got (640, 100)"),
        ({"size": 640}, "size must be two whole numbers 160…1920; got 640"),
        ({"spacing": "late"}, "spacing must be one of even, early; got late"),
        ({"theme": "sepia"}, "theme must be one of light, dark; got sepia"),
        ({"caption": 1}, "caption must be true or false; got 1"),
        (
            {"size": (1920, 1920), "count": 600},
            "frames must be 135 at most of that size; got 600",
        ),
    ],
)
def test_a_plan_says_what_is_wrong_with_it(fields, sentence):
    with pytest.raises(RecipeError) as caught:
        Plan(**fields)
    assert str(caught.value) == sentence


# --- frames ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "look", "theme"),
    [
        ({"data": "circles", "hidden": [10]}, Look(rings=True), "light"),
        ({"data": "iris", "hidden": [6]}, Look("regions", parts="test"), "dark"),
    ],
)
def test_a_frame_looks_as_the_browser_draws_the_same_epoch(chrome, fields, look, theme):
    trainer = Trainer(Recipe(**fields))
    trainer.seek(150)
    snapshot = Snapshot(trainer)
    plan = Plan(size=(360, 340), look=look, theme=theme, caption=False)
    shot = Shot(look, size=plan.size, theme=theme, caption="")
    theirs = opened(raster.render(picture(snapshot, "boundary", shot), "png"))
    bare = raster.render(layer(trainer, plan), "png")
    _, box = static_layer(snapshot.dataset, snapshot.extent, look=look, size=plan.size, theme=theme)
    ours = Frames(bare, box, plan.size, look, theme, False).frame(snapshot)
    difference = np.abs(np.asarray(ours, int) - np.asarray(theirs, int)).max(axis=-1)
    inside = difference[
        round(box.top) : round(box.top + box.height), round(box.left) : round(box.left + box.width)
    ]
    assert inside.mean() < 2
    assert np.percentile(inside, 95) < 12  # lines are softened a little otherwise
    difference[
        int(box.top) : int(box.top + box.height) + 2, int(box.left) : int(box.left + box.width) + 2
    ] = 0
    assert difference.max() <= 3


def test_grid_points_lie_on_their_places_in_a_frame(trainer):
    """Steep ramps, opaque, against interpolation by hand at the centres of the pixels."""
    frames = frames_of(trainer, size=(360, 345), theme="dark")
    rows, columns = np.mgrid[:100, :100]
    levels = [20 * columns % 251, 13 * rows % 241, 0 * rows, 0 * rows + 255]
    seen = np.asarray(frames.compose(np.stack(levels, axis=-1).astype(np.uint8), [], (), []), float)
    box = frames.box
    for k, (start, length, pixels) in enumerate(
        [(box.left, box.width, seen[200, :, 0]), (box.top, box.height, seen[:, 170, 1][::-1])]
    ):
        start = 345 - start - length if k else start  # rows are counted from the bottom
        first, last = int(start) + 2, int(start + length) - 2
        at = (np.arange(first, last) + 0.5 - start) / length * 99
        line = levels[k][:, 50] if k else levels[k][50]
        assert np.abs(pixels[first:last] - np.interp(at, range(100), line)).max() < 2


def opened(data):
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB")


LOOKS = [
    Look(), Look("regions"), Look("class", klass=1), Look("confidence"), Look("entropy"),
    Look("threshold", threshold=0.8), Look("surface"), Look(unit=(1, 2)),
]  # fmt: skip


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "unit" if look.unit else look.view)
def test_every_view_shades_its_frames_and_fits_a_palette(trainer, look):
    trainer.seek(80)
    snapshot = Snapshot(trainer)
    frames = frames_of(trainer, size=(400, 380), look=look, theme="dark")
    frame = frames.frame(snapshot)
    said = snapshot.said(look)
    shades = (
        shade(snapshot.field.probabilities, look, THEMES["dark"])
        if said is None
        else shade_signed(said)
    )
    seen = np.asarray(frame)
    palette = palette_of(frames, 2)
    indexed = palette.colours[palette.index(frame)].astype(int)
    for row, column in away_from(snapshot, look):
        left = frames.box.left + column / 99 * frames.box.width
        top = frames.box.top + (1 - row / 99) * frames.box.height
        place = int(top), int(left)
        *colour, alpha = shades[row, column].astype(float)
        on_paper = np.array(channels(THEMES["dark"].paper))
        wanted = on_paper + alpha / 255 * (colour - on_paper)
        assert np.abs(seen[place] - wanted).max() <= 12  # a grid point is not a pixel's centre
        assert np.abs(indexed[place] - seen[place]).max() <= 16
    assert np.abs(indexed - seen).mean() < 2


def away_from(snapshot, look):
    """Rows and columns of grid points with no boundary near."""
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


def test_the_caption_drops_what_does_not_fit(trainer):
    plan = Plan(last=0, count=1, size=(160, 200))
    _, box = static_layer(trainer.dataset, Snapshot(trainer).extent, size=plan.size, below=26)
    wide, narrow = (
        Frames(clear_layer((side, 200)), box, (side, 200), Look(), "light", True)
        for side in (600, 160)
    )
    for frames, least, most in ((wide, 250, 592), (narrow, 30, 152)):
        words = frames.frame(Snapshot(trainer)).crop((0, 174, frames._ground.width, 200))
        right = ImageChops.invert(words).getbbox()[2]
        assert least < right <= most


# --- files ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", STILLS)
def test_pillow_reads_every_frame_as_it_was_made(trainer, reel, name):
    frames = made(trainer, reel)
    got = list(images_of(animate(trainer, reel.plan, name, reel.layer)))
    assert [stays for _, stays in got] == [100, 100, 100, 100, 1500]
    for (image, _), frame in zip(got, frames, strict=True):
        assert image.size == reel.plan.size
        difference = np.abs(np.asarray(image, int) - np.asarray(frame, int))
        assert difference.mean() < {"gif": 1.0, "webp": 2.0, "apng": 1e-9}[name]


def made(trainer, reel):
    """The plan's frames, before any encoder saw them."""
    plan, snapshots = reel.plan, []
    for epoch in plan.epochs():
        trainer.seek(epoch)
        snapshots.append(Snapshot(trainer))
        assert snapshots[-1].field  # worked out now, as is
        assert len(snapshots[-1].history)
    extent = snapshots[0].extent
    _, box = static_layer(trainer.dataset, extent, look=plan.look, size=plan.size, below=26)
    frames = Frames(reel.layer, box, plan.size, plan.look, plan.theme, plan.caption)
    return [frames.frame(snapshot) for snapshot in snapshots]


@pytest.mark.parametrize("name", STILLS)
def test_an_animation_goes_round_for_ever(trainer, reel, name):
    with Image.open(io.BytesIO(animate(trainer, reel.plan, name, reel.layer))) as image:
        assert image.info["loop"] == 0


def test_a_gif_shows_the_class_called_at_each_point(trainer, reel):
    *_, (last, _) = images_of(animate(trainer, reel.plan, "gif", reel.layer))
    snapshot = Snapshot(trainer)
    assert snapshot.epoch == 60
    _, box = static_layer(trainer.dataset, snapshot.extent, size=reel.plan.size, below=26)
    (x0, x1), (y0, y1) = snapshot.extent.x1, snapshot.extent.x2
    things = np.concatenate([trainer.dataset.train, *snapshot.lines(Look())])
    checked = 0
    for u in np.linspace(0.03, 0.97, 12):
        for v in np.linspace(0.03, 0.97, 12):
            point = x0 + u * (x1 - x0), y0 + v * (y1 - y0)
            if np.hypot(*(things - point).T).min() < 0.07 * (x1 - x0):
                continue
            k = snapshot.probabilities(point).argmax()
            full = np.array(channels(CLASS_STYLES[k].colour))
            wanted = 255 + 0.62 * 0.8 * (full - 255)
            seen = last.getpixel(
                (int(box.left + u * box.width), int(box.top + (1 - v) * box.height))
            )
            assert np.abs(seen - wanted).max() <= 4
            checked += 1
    assert checked > 20


@pytest.mark.parametrize(("fps", "mean"), [(30, 100 / 30), (24, 100 / 24), (60, 2)])
def test_a_gif_keeps_its_pace_in_hundredths_of_a_second(fps, mean):
    frames = [Image.new("RGB", (8, 8), (n, n, n)) for n in range(0, 240, 4)]
    got = [stays for _, stays in images_of(encoders.gif(frames, plain_reel(fps=fps)))]
    assert all(stays % 10 == 0 and stays >= 20 for stays in got)
    assert sum(got[:-1]) == pytest.approx(10 * mean * 59, abs=10)


def plain_reel(size=(8, 8), fps=10):
    greys = np.repeat(np.arange(0, 256, 4, dtype=np.uint8), 3).reshape(-1, 3)
    return Reel(size, fps, lambda: Palette(greys), "#FFFFFF")


@pytest.mark.parametrize("encode", [encoders.gif, encoders.webp, encoders.apng])
def test_a_frame_like_the_one_before_takes_its_time_too(encode):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("#808080", "#808080", "#404040")]
    got = list(images_of(encode(frames, plain_reel())))
    assert [stays for _, stays in got] == [100, 100, 1500]
    for (image, _), frame in zip(got, frames, strict=True):
        assert np.abs(np.asarray(image, int) - np.asarray(frame, int)).max() <= 2


@pytest.mark.parametrize("encode", [encoders.gif, encoders.webp, encoders.apng])
def test_only_what_changed_is_written_and_in_its_place(encode):
    first = Image.effect_noise((200, 200), 100).convert("RGB")
    second = first.copy()
    second.paste("#404040", (33, 71, 45, 80))
    one = len(encode([first], plain_reel((200, 200))))
    data = encode([first, second], plain_reel((200, 200)))
    assert len(data) < 1.1 * one
    (a, _), (b, _) = images_of(data)
    difference = np.abs(np.asarray(a, int) - np.asarray(b, int)).max(axis=-1)
    rows, columns = np.nonzero(difference > 12)
    assert (columns.min(), rows.min(), columns.max(), rows.max()) == (33, 71, 44, 79)


def test_frames_are_taken_one_by_one():
    """While an encoder works it holds on to two frames at most."""
    alive, most = set(), []

    class Counted:
        def __init__(self, number):
            self.number = number
            alive.add(number)

        def __del__(self):
            alive.discard(self.number)

    def frames():
        for number in range(20):
            image = Image.new("RGB", (8, 8), (number, 0, 0))
            image.info["counted"] = Counted(number)
            yield image
            del image
            most.append(len(alive))

    for encode in (encoders.gif, encoders.webp, encoders.apng):
        encode(frames(), plain_reel())
    assert max(most) <= 3


def test_a_palette_keeps_listed_colours_exactly():
    rng = np.random.default_rng(1)
    colours = rng.integers(0, 256, (400, 3), dtype=np.uint8)
    palette = Palette(colours)
    assert len(palette.colours) == SIZE
    exact = Image.fromarray(palette.colours[None])
    assert np.array_equal(palette.colours[palette.index(exact)[0]], palette.colours)


@pytest.mark.parametrize("name", VIDEOS)
def test_ffmpeg_reads_a_video_back(trainer, reel, name, tmp_path):
    about, pictures = played(animate(trainer, reel.plan, name, reel.layer), (320, 300), tmp_path)
    assert re.search(r"Video: .*yuv420p\(tv, bt709.* 320x300.* 10 fps", about)
    frames = made(trainer, reel)
    assert len(pictures) == len(frames) == 5
    for picture_, frame in zip(pictures, frames, strict=True):
        assert np.abs(picture_.astype(int) - np.asarray(frame, int)).mean() < 4


def played(data, size, folder):
    """What ffmpeg says of a video, and its frames ``(n, height, width, 3)``."""
    ffmpeg = pytest.importorskip("imageio_ffmpeg").get_ffmpeg_exe()
    path = folder / "film"
    path.write_bytes(data)
    command = [ffmpeg, "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    done = subprocess.run(command, capture_output=True, check=True, stdin=subprocess.DEVNULL)
    pixels = np.frombuffer(done.stdout, np.uint8).reshape(-1, size[1], size[0], 3)
    return done.stderr.decode(), pixels


def test_a_video_of_an_odd_size_gets_an_even_one(tmp_path):
    pytest.importorskip("imageio_ffmpeg")
    frames = [Image.new("RGB", (33, 21), (n, n, n)) for n in (0, 120)]
    film = video.encoder("mp4", video.H264)(frames, plain_reel((33, 21)))
    about, pictures = played(film, (34, 22), tmp_path)
    assert "34x22" in about
    assert np.abs(pictures[1][:21, :33].astype(int) - 120).max() < 12


def test_ffmpegs_complaint_becomes_a_sentence(tmp_path, monkeypatch):
    pytest.importorskip("imageio_ffmpeg")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    frames = [Image.new("RGB", (32, 32))] * 50
    with pytest.raises(CannotEncode, match=r"^ffmpeg could not make the MP4: .*nonesuch"):
        video.encoder("mp4", ("-c:v", "nonesuch"))(frames, plain_reel((32, 32)))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", VIDEOS)
def test_what_is_missing_is_said_with_how_to_get_it(trainer, reel, name, monkeypatch):
    monkeypatch.setattr(video.importlib.util, "find_spec", lambda name: None)
    label = FORMATS[name].label
    sentence = f"{label} is made by ffmpeg, which imageio-ffmpeg brings: pip install imageio-ffmpeg"
    assert FORMATS[name].missing() == sentence
    with pytest.raises(CannotEncode) as caught:
        animate(trainer, reel.plan, name, reel.layer)
    assert str(caught.value) == sentence
    assert trainer.epoch == 0


# --- the work -------------------------------------------------------------------------


def test_the_trainer_goes_forwards_once(trainer, reel, monkeypatch):
    asked = []
    seek = trainer.seek
    monkeypatch.setattr(trainer, "seek", lambda epoch: asked.append(epoch) or seek(epoch))
    animate(trainer, reel.plan, "gif", reel.layer)
    assert asked == reel.plan.epochs() == [0, 15, 30, 45, 60]


@pytest.mark.parametrize("name", FORMATS)
def test_progress_is_told_after_each_frame(trainer, reel, name):
    if FORMATS[name].missing():
        pytest.skip("no ffmpeg")
    told = []
    animate(trainer, reel.plan, name, reel.layer, lambda done, of: told.append((done, of)))
    assert told == [(n, 5) for n in range(1, 6)]


class Enough(Exception):
    pass


@pytest.mark.parametrize("name", FORMATS)
def test_progress_may_end_the_work_and_nothing_is_left(trainer, reel, name, tmp_path, monkeypatch):
    if FORMATS[name].missing():
        pytest.skip("no ffmpeg")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def progress(done, of):
        if done == 3:
            raise Enough

    with pytest.raises(Enough):
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
        (Look("class", klass=3), "class must be 0…2; got 3"),
        (Look("threshold"), "view must be one for 3 classes; got threshold"),
        (Look(unit=(1, 6)), "unit must be one of layers of 2, 6, 3 units; got (1, 6)"),
    ],
)
def test_a_look_must_fit_the_run(look, sentence):
    trainer = Trainer(Recipe(data="iris", hidden=[6]))
    with pytest.raises(RecipeError) as caught:
        animate(trainer, Plan(look=look), "html")
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
        animate(trainer, Plan(), "gif", given_layer)
    assert str(caught.value) == sentence


def test_the_map_of_an_output_unit_is_its_classs_probability(reel):
    recipe = Recipe(data="iris", hidden=[6])
    layer_png = clear_layer(reel.plan.size)
    by_unit, by_class = (
        animate(Trainer(recipe), dataclasses.replace(reel.plan, look=look), "gif", layer_png)
        for look in (Look(unit=(2, 1)), Look("class", klass=1))
    )
    assert by_unit == by_class


OUTPUT_AT_THRESHOLD = Look("threshold", threshold=0.8, unit=(2, 1), rings=True)


def test_an_output_unit_keeps_the_threshold_as_its_picture_does(trainer):
    trainer.seek(80)
    snapshot, look = Snapshot(trainer), OUTPUT_AT_THRESHOLD
    frames = frames_of(trainer, size=(400, 380), look=look)
    painted = dataclasses.replace(look, unit=None, view="class", klass=1)
    assert frames.painted == painted
    extent = snapshot.extent
    pixels = shade(snapshot.field.probabilities, painted, THEMES["light"])
    lines = [frames._in_pixels(line, extent) for line in snapshot.lines(look)]
    rings = mistakes(snapshot.dataset, snapshot.called(look), look)
    by_hand = frames.compose(pixels, lines, frames._in_pixels(rings, extent), [])
    assert np.array_equal(np.asarray(frames.frame(snapshot)), np.asarray(by_hand))
    assert len(rings) != len(mistakes(snapshot.dataset, snapshot.called(painted), look))


def test_an_output_unit_s_file_is_at_its_threshold(trainer, monkeypatch):
    made = []
    monkeypatch.setattr(
        "nnviz.export.animation.Frames.frame",
        lambda frames, snapshot: made.append((frames.look, frames.painted.view)) or
        Image.new("RGB", (320, 300)),
    )  # fmt: skip
    plan = Plan(last=3, count=2, size=(320, 300), look=OUTPUT_AT_THRESHOLD)
    animate(trainer, plan, "gif", clear_layer(plan.size))
    assert made == [(OUTPUT_AT_THRESHOLD, "class")] * 2


def test_a_page_of_an_output_unit_is_at_its_threshold(trainer):
    plan = Plan(last=30, count=1, look=OUTPUT_AT_THRESHOLD)
    run = run_of(animate(trainer, plan, "html"))
    snapshot = Snapshot(trainer)
    (frame,) = run["frames"]
    assert frame["words"] == " · ".join(words(snapshot, OUTPUT_AT_THRESHOLD))
    assert "accuracy at 0.80: " in frame["words"]
    assert frame["path"] == path_of(snapshot.lines(OUTPUT_AT_THRESHOLD))
    painted = shade(snapshot.field.probabilities, Look("class", klass=1), THEMES["light"])
    assert frame["field"] == data_uri(painted)


def run_of(page):
    return json.loads(
        re.search(r'<script id="run" type="application/json">(.*?)</script>', page.decode())[1]
    )


def test_a_surface_is_its_class_from_above_and_says_so(trainer, reel):
    def of(view, **fields):
        return dataclasses.replace(reel.plan, look=Look(view, klass=1), **fields)

    page = animate(trainer, of("surface", count=1), "html").decode()
    assert "One class’s probability: inner" in page
    assert "3-D" not in page.partition("<script>")[0]
    flat, above = (animate(trainer, of(v), "gif", reel.layer) for v in ("surface", "class"))
    assert flat == above


def test_words_tell_the_accuracy_at_the_threshold_shown(trainer):
    trainer.seek(30)
    snapshot = Snapshot(trainer)
    look = Look("threshold", threshold=0.999)
    data = trainer.dataset
    p = trainer.network.predict_proba(trainer.preparation.apply(data.train))[:, 1]
    share = ((p >= 0.999) == (data.train_labels == 1)).mean()
    row = trainer.history[-1]
    epoch, loss, accuracy = words(snapshot, look)
    assert epoch == "epoch 30"
    assert loss == f"loss {row.train_loss:.4f} train, {row.test_loss:.4f} test"
    assert accuracy.startswith(f"accuracy at 0.999: {100 * share:.1f} % train, ")
    assert share != row.train_accuracy


def test_an_unknown_format_is_refused(trainer):
    with pytest.raises(RecipeError) as caught:
        animate(trainer, Plan(), "avi")
    assert str(caught.value) == ("format must be one of gif, webp, apng, mp4, webm, html; got avi")
