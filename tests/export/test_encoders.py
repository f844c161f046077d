"""Animations as GIF, WebP and APNG, read again by Pillow."""

import io

import numpy as np
import pytest
from PIL import Image

from nnviz.analysis.snapshot import Snapshot
from nnviz.choices.palette import CLASS_STYLES, channels
from nnviz.export import encoders
from nnviz.export.animation import animate
from nnviz.figures import static_layer
from nnviz.recipe.look import Look
from tests.export.reels import STILLS, images_of, made, plain_reel


@pytest.mark.parametrize("name", STILLS)
def test_pillow_reads_every_frame_back(trainer, reel, name):
    frames = made(trainer, reel)
    got = list(images_of(animate(trainer, reel.plan, name, reel.layer)))
    assert [duration for _, duration in got] == [100, 100, 100, 100, 1500]
    for (image, _), frame in zip(got, frames, strict=True):
        assert image.size == reel.plan.size
        difference = np.abs(np.asarray(image, int) - np.asarray(frame, int))
        assert difference.mean() < {"gif": 1.0, "webp": 2.0, "apng": 1e-9}[name]


@pytest.mark.parametrize("name", STILLS)
def test_an_animation_repeats_for_ever(trainer, reel, name):
    with Image.open(io.BytesIO(animate(trainer, reel.plan, name, reel.layer))) as image:
        assert image.info["loop"] == 0


def test_a_gif_shows_the_class_predicted_at_each_point(trainer, reel):
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
            expected = 255 + 0.62 * 0.8 * (full - 255)
            seen = last.getpixel(
                (int(box.left + u * box.width), int(box.top + (1 - v) * box.height))
            )
            assert np.abs(seen - expected).max() <= 4
            checked += 1
    assert checked > 20


@pytest.mark.parametrize(("fps", "mean"), [(30, 100 / 30), (24, 100 / 24), (60, 2)])
def test_a_gif_keeps_its_mean_speed_in_hundredths_of_a_second(fps, mean):
    frames = [Image.new("RGB", (8, 8), (n, n, n)) for n in range(0, 240, 4)]
    got = [duration for _, duration in images_of(encoders.gif(frames, plain_reel(fps=fps)))]
    assert all(duration % 10 == 0 and duration >= 20 for duration in got)
    assert sum(got[:-1]) == pytest.approx(10 * mean * 59, abs=10)


@pytest.mark.parametrize("encode", [encoders.gif, encoders.webp, encoders.apng])
def test_a_frame_equal_to_the_one_before_has_its_duration_too(encode):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("#808080", "#808080", "#404040")]
    got = list(images_of(encode(frames, plain_reel())))
    assert [duration for _, duration in got] == [100, 100, 1500]
    for (image, _), frame in zip(got, frames, strict=True):
        assert np.abs(np.asarray(image, int) - np.asarray(frame, int)).max() <= 2


@pytest.mark.parametrize("encode", [encoders.gif, encoders.webp, encoders.apng])
def test_only_the_part_that_changed_is_written_at_its_position(encode):
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


def test_encoders_keep_few_frames_in_memory():
    """The encoder has at most two, the generator one."""
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
