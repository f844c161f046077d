"""Encode frames one by one as MP4 or WebM, by the ffmpeg that comes with ``imageio-ffmpeg``."""

from __future__ import annotations

import contextlib
import importlib.util
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from .encoders import Frame, Reel

# all players support yuv420p; the file names BT.709 as its colour space
_COLOURS = (
    "-pix_fmt", "yuv420p", "-color_range", "tv",
    "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
)  # fmt: skip
H264 = (
    "-c:v", "libx264", "-preset", "veryfast", "-crf", "16",
    *_COLOURS, "-movflags", "+faststart",
)  # fmt: skip
VP9 = (
    "-c:v", "libvpx-vp9", "-crf", "24", "-b:v", "0",
    "-deadline", "realtime", "-cpu-used", "6", "-row-mt", "1", *_COLOURS,
)  # fmt: skip


class CannotEncode(RuntimeError):
    """An animation cannot be made; the message says in one sentence why, or what is missing."""


def missing(label: str) -> str | None:
    """How to install ffmpeg for videos in this format, or None if it is installed."""
    advice = f"{label} needs ffmpeg, which comes with imageio-ffmpeg: pip install imageio-ffmpeg"
    if importlib.util.find_spec("imageio_ffmpeg") is None:
        return advice
    from imageio_ffmpeg import get_ffmpeg_exe

    try:
        get_ffmpeg_exe()
    except RuntimeError:  # installed, but without an executable for this machine
        return advice
    return None


def encoder(suffix: str, options: Sequence[str]) -> Callable[[Iterable[Frame], Reel], bytes]:
    """An encoder of videos with these options of ffmpeg; it raises :class:`CannotEncode`."""

    def encode(frames: Iterable[Frame], reel: Reel) -> bytes:
        with tempfile.TemporaryDirectory(prefix="nnviz-") as folder:
            path = Path(folder) / f"animation.{suffix}"  # MP4 can't be written to a pipe
            _run(_command(reel, options, path), frames, suffix)
            return path.read_bytes()

    return encode


def _command(reel: Reel, options: Sequence[str], path: Path) -> list[str]:
    from imageio_ffmpeg import get_ffmpeg_exe

    colour = reel.background.replace("#", "0x")
    even = f"pad=ceil(iw/2)*2:ceil(ih/2)*2:color={colour}"  # yuv420p halves both sides
    return [
        get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "{}x{}".format(*reel.size),
        "-r", str(reel.fps), "-i", "-", "-an",
        "-vf", f"{even},scale=out_color_matrix=bt709:out_range=tv", *options, str(path),
    ]  # fmt: skip


def _run(command: Sequence[str], frames: Iterable[Frame], suffix: str) -> None:
    with tempfile.TemporaryFile() as errors:  # a full pipe would block
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors
        )
        try:
            _feed(process, frames)
        except BaseException:  # interrupted, or a frame could not be made
            process.kill()
            raise
        finally:
            process.wait()
        if process.returncode:
            errors.seek(0)
            lines = errors.read().decode(errors="replace").strip().splitlines()
            reason = lines[0].strip() if lines else f"exit code {process.returncode}"
            raise CannotEncode(f"ffmpeg could not make the {suffix.upper()}: {reason}")


def _feed(process: subprocess.Popen[bytes], frames: Iterable[Frame]) -> None:
    assert process.stdin is not None
    try:
        with contextlib.suppress(BrokenPipeError):  # ffmpeg failed; its exit code is checked later
            for frame in frames:
                process.stdin.write(frame.tobytes())
    finally:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
