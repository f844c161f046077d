"""Animations as videos, read again by ffmpeg."""

import re
import subprocess
import tempfile

import numpy as np
import pytest
from PIL import Image

from nnviz.export import video
from nnviz.export.animation import FORMATS, CannotEncode, animate
from tests.export.reels import VIDEOS, made, plain_reel


@pytest.mark.parametrize("name", VIDEOS)
def test_ffmpeg_reads_a_video_back(trainer, reel, name, tmp_path):
    about, pictures = played(animate(trainer, reel.plan, name, reel.layer), (320, 300), tmp_path)
    assert re.search(r"Video: .*yuv420p\(tv, bt709.* 320x300.* 10 fps", about)
    frames = made(trainer, reel)
    assert len(pictures) == len(frames) == 5
    for picture_, frame in zip(pictures, frames, strict=True):
        assert np.abs(picture_.astype(int) - np.asarray(frame, int)).mean() < 4


def played(data, size, folder):
    """ffmpeg's description of a video, and its frames ``(n, height, width, 3)``."""
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


def test_an_error_of_ffmpeg_becomes_a_sentence(tmp_path, monkeypatch):
    pytest.importorskip("imageio_ffmpeg")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    frames = [Image.new("RGB", (32, 32))] * 50
    with pytest.raises(CannotEncode, match=r"^ffmpeg could not make the MP4: .*nonesuch"):
        video.encoder("mp4", ("-c:v", "nonesuch"))(frames, plain_reel((32, 32)))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", VIDEOS)
def test_without_ffmpeg_the_message_explains_how_to_install_it(trainer, reel, name, monkeypatch):
    monkeypatch.setattr(video.importlib.util, "find_spec", lambda name: None)
    label = FORMATS[name].label
    sentence = f"{label} needs ffmpeg, which comes with imageio-ffmpeg: pip install imageio-ffmpeg"
    assert FORMATS[name].missing() == sentence
    with pytest.raises(CannotEncode) as caught:
        animate(trainer, reel.plan, name, reel.layer)
    assert str(caught.value) == sentence
    assert trainer.epoch == 0
