"""Helpers of the tests of animations: layers, frames and reels, and reading files back."""

import io

import numpy as np
from PIL import Image

from nnviz.analysis.field import Grid
from nnviz.analysis.snapshot import Snapshot
from nnviz.export.animation import AnimationPlan
from nnviz.export.encoders import Reel
from nnviz.export.frames import Frames
from nnviz.export.indexed import Palette
from nnviz.figures import static_layer

STILLS = ("gif", "webp", "apng")
VIDEOS = ("mp4", "webm")


def images_of(data):
    """Every frame as RGB, with its duration in milliseconds."""
    with Image.open(io.BytesIO(data)) as image:
        for number in range(image.n_frames):
            image.seek(number)
            image.load()
            yield image.convert("RGB"), image.info["duration"]


def opened(data):
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB")


def clear_layer(size):
    file = io.BytesIO()
    Image.new("RGBA", size).save(file, "PNG")
    return file.getvalue()


def frames_of(trainer, **fields):
    """Frames under an empty layer."""
    plan = AnimationPlan(caption=False, **fields)
    extent = Snapshot(trainer).extent
    _, box = static_layer(trainer.dataset, extent, look=plan.look, size=plan.size)
    painted = plan.look.painted(trainer.recipe.sizes)
    png = clear_layer(plan.size)
    return Frames(png, box, plan.size, plan.look, plan.theme, plan.caption, painted)


def made(trainer, reel):
    """The plan's frames, not encoded."""
    plan, snapshots = reel.plan, []
    for epoch in plan.epochs():
        trainer.seek(epoch)
        snapshots.append(Snapshot(trainer))
        assert snapshots[-1].field  # computed now, while the trainer is at this epoch
        assert len(snapshots[-1].history)
    extent = snapshots[0].extent
    _, box = static_layer(trainer.dataset, extent, look=plan.look, size=plan.size, below=26)
    frames = Frames(reel.layer, box, plan.size, plan.look, plan.theme, plan.caption)
    grid = Grid(extent, trainer.preparation, (round(box.width), round(box.height)))
    return [frames.frame(snapshot.on(grid)) for snapshot in snapshots]


def plain_reel(size=(8, 8), fps=10):
    greys = np.repeat(np.arange(0, 256, 4, dtype=np.uint8), 3).reshape(-1, 3)
    return Reel(size, fps, lambda: Palette(greys), "#FFFFFF")
