"""One animation: from a request to a file, independent of the transport.

Makes its pictures with Pillow, and starts no thread.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..problems import Problem, RecipeError, field_error
from ..recipe.kinds import Choice
from ..recipe.moment import Moment
from ..recipe.recipe import Recipe
from ..training.trainer import Trainer
from .requests import Object, RequestError, decoded, read_fields
from .session import CLOCK

_RECIPE = {"recipe": Object(default=None, label="Recipe", help="As JSON.")}

Progress = Callable[[int, int], None]  # frames done, frames in all


@dataclass(frozen=True)
class Bounds:
    """Seconds of processor time for one animation, and for training its run."""

    job: float
    training: float


SERVER = Bounds(90.0, 60.0)
NONE = Bounds(math.inf, math.inf)


def answer(
    request: Mapping[str, Any] | str | bytes, progress: Progress, bounds: Bounds = SERVER
) -> tuple[dict[str, Any], bytes]:
    """Header and file, or a header with a ``problem``, a sentence, and no file.

    ``progress(done, of)`` is called after each frame; it may raise to end the work.
    """
    from ..export.animation import CannotEncode

    start = CLOCK()

    def bounded(done: int, of: int) -> None:
        progress(done, of)
        if CLOCK() - start > bounds.job:
            rule = "take at most {seconds:g} s of server time"
            pattern = (
                "the animation must {rule}; it was reached after {offender} frames: use fewer or "
                "smaller ones"
            )
            got = f"{done} of {of}"
            raise RequestError(Problem("animation", rule, got, pattern=pattern, seconds=bounds.job))

    try:
        return _answer(decoded(request), bounded, bounds)
    except (RequestError, RecipeError, CannotEncode) as error:
        return {"problem": str(error)}, b""


def _answer(
    request: Mapping[str, Any], progress: Progress, bounds: Bounds
) -> tuple[dict[str, Any], bytes]:
    from ..export import animation
    from . import beside
    from .file_exports import look_of

    kind = Choice(default=None, table=animation.FORMATS, label="Format", help="Format of the file.")
    name = read_fields(request, {"format": kind})["format"]
    record = animation.FORMATS[name]
    if missing := record.missing():
        raise RequestError(missing)
    trainer = Trainer(Recipe.from_json(read_fields(request, _RECIPE)["recipe"]))
    fields = {name: request[name] for name in animation.FIELDS if name in request}
    plan = animation.AnimationPlan(**fields, look=look_of(request, trainer.recipe))
    beside.check([run.recipe for run in plan.look.beside if run.recipe])
    layer = _layer(request, plan.size) if record.needs_layer else None
    _train(trainer, plan.last, progress, bounds.training)
    file = animation.animate(trainer, plan, name, layer, progress, lambda: progress(0, 1))
    stem = Moment(trainer.recipe, plan.last).name
    return {"name": f"{stem}.{record.suffix}", "mime": record.mime}, file


def _train(trainer: Trainer, last: int, progress: Progress, seconds: float) -> None:
    """Train to ``last`` within so many ``seconds``; later passes replay this run."""
    from ..export.animation import advance

    start = CLOCK()

    def pulse() -> None:
        progress(0, 1)
        if CLOCK() - start > seconds:
            rule = "an epoch this server can train in {seconds:g} s"
            raise RequestError(
                Problem("last", rule, last, pattern=_BOUND + ", but it reached only {epoch}",
                        seconds=seconds, epoch=trainer.epoch)
            )  # fmt: skip

    advance(trainer, last, pulse)
    if trainer.diverged:
        raise RequestError(
            Problem("last", "at most {epoch}", last, pattern=_BOUND + ". {why}",
                    epoch=trainer.epoch, why=trainer.diverged)
        )  # fmt: skip


_BOUND = "{subject} must be {rule}; got {offender}"


def _layer(request: Mapping[str, Any], size: tuple[int, int]) -> bytes:
    """The PNG of the static layer, which must have the size of the frames."""
    png = request.get("layer")
    if not isinstance(png, bytes):
        raise field_error("layer", "the bytes of a PNG", png)
    # size from the PNG's header (RFC 2083, 3.2 and 4.1.1), checked before the image is decoded
    sides = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    if not png.startswith(b"\x89PNG\r\n\x1a\n") or sides != size:
        rule, kind = f"a PNG of {size[0]} × {size[1]} pixels", png[:4].decode("latin-1")
        raise field_error("layer", rule, f"{kind} of {sides}")
    return png
