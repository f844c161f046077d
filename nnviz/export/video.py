"""MP4 and WebM from frames as they come, by the ffmpeg that ``imageio-ffmpeg`` brings."""

from __future__ import annotations

import contextlib
import importlib.util
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from .encoders import Frame, Reel

# yuv420p is what every player plays, and its colours are those of BT.709, said in the file
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
    """An animation that cannot be made; the text is one sentence on why, or on what is missing."""


def missing(label: str) -> str | None:
    """How to get videos of that kind, where they can't be made."""
    advice = f"{label} is made by ffmpeg, which imageio-ffmpeg brings: pip install imageio-ffmpeg"
    if importlib.util.find_spec("imageio_ffmpeg") is None:
        return advice
    from imageio_ffmpeg import get_ffmpeg_exe

    try:
        get_ffmpeg_exe()
    except RuntimeError:  # installed, but without a program for this machine
        return advice
    return None


def encoder(suffix: str, options: Sequence[str]) -> Callable[[Iterable[Frame], Reel], bytes]:
    """An encoder of videos with these options of ffmpeg's; it raises :class:`CannotEncode`."""

    def encode(frames: Iterable[Frame], reel: Reel) -> bytes:
        with tempfile.TemporaryDirectory(prefix="nnviz-") as folder:
            path = Path(folder) / f"animation.{suffix}"  # MP4 can't be written to a pipe
            _run(_command(reel, options, path), frames, suffix)
            return path.read_bytes()

    return encode


def _command(reel: Reel, options: Sequence[str], path: Path) -> list[str]:
    from imageio_ffmpeg import get_ffmpeg_exe

    ground = reel.ground.replace("#", "0x")
    even = f"pad=ceil(iw/2)*2:ceil(ih/2)*2:color={ground}"  # yuv420p halves both sides
    return [
        get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "{}x{}".format(*reel.size),
        "-r", str(reel.fps), "-i", "-", "-an",
        "-vf", f"{even},scale=out_color_matrix=bt709:out_range=tv", *options, str(path),
    ]  # fmt: skip


def _run(command: Sequence[str], frames: Iterable[Frame], suffix: str) -> None:
    with tempfile.TemporaryFile() as said:  # a pipe nobody empties would block
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
        )
        try:
            _feed(process, frames)
        except BaseException:  # stopped, or a frame could not be made
            process.kill()
            raise
        finally:
            process.wait()
        if process.returncode:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines()
            why = lines[0].strip() if lines else f"it ended with {process.returncode}"
            raise CannotEncode(f"ffmpeg could not make the {suffix.upper()}: {why}")


def _feed(process: subprocess.Popen[bytes], frames: Iterable[Frame]) -> None:
    assert process.stdin is not None
    try:
        with contextlib.suppress(BrokenPipeError):  # it ended early, and has said why
            for frame in frames:
                process.stdin.write(frame.tobytes())
    finally:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
