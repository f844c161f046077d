"""Ways to colour the field: each shades the points of the plane from their class probabilities.

The browser paints the same views, by the same names, sixty times a second
(``stage/plane/views.js``); here they serve every picture that is exported. A shade is red, green,
blue and opacity, 0…255.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .palette import CLASS_STYLES, SIGN_COLOURS, Theme, channels

Array = NDArray[Any]

STRENGTH = 0.62  # opacity of the field where it is strongest


class LookLike(Protocol):
    """What a view's shade needs of a :class:`~nnviz.recipe.look.Look`."""

    @property
    def view(self) -> str: ...
    @property
    def class_index(self) -> int: ...
    @property
    def threshold(self) -> float: ...


@dataclass(frozen=True)
class View:
    """One choice: ``shade(p, look, ink)`` takes probabilities ``(k, …)``, gives ``(…, 4)``.

    ``parameter`` names the field of a look that is chosen for it; ``two_classes`` is whether it
    is for two classes only. ``scale`` are the ends of the quantity that it shows by the opacity of
    the ink, {k} standing for the number of classes.
    """

    name: str
    label: str
    description: str
    shade: Callable[[Array, LookLike, Array], Array]
    parameter: str | None = None
    two_classes: bool = False
    scale: tuple[str, str] | None = None


def shade(probabilities: Array, look: LookLike, theme: Theme) -> NDArray[np.uint8]:
    """Class probabilities ``(k, rows, columns)`` as pixels ``(rows, columns, 4)``, bytes.

    In steps of 1/255, as the browser gets them.
    """
    stepped = np.rint(np.asarray(probabilities, dtype=np.float64) * 255) / 255
    return VIEWS[look.view].shade(stepped, look, np.array(channels(theme.ink), dtype=float))


def shade_signed(values: Array) -> NDArray[np.uint8]:
    """A unit's outputs, −1…1 of its scale, as pixels: 0 is clear, ±1 the full colour of a sign."""
    stepped = np.rint(np.clip(values, -1, 1) * 127) / 127
    ends = np.array([channels(SIGN_COLOURS[sign]) for sign in ("negative", "positive")], float)
    return _pixels(ends[(stepped > 0).astype(int)], 1.3 * np.abs(stepped))


def data_uri(pixels: NDArray[np.uint8]) -> str:
    """Pixels, the first row at the bottom, as a PNG in a ``data:`` address."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels[::-1])).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


# --- shades ---------------------------------------------------------------------------


def _pixels(colours: Array, share: Array) -> NDArray[np.uint8]:
    """Colours ``(…, 3)`` at a share ``(…)`` of the field's full opacity."""
    alpha = 255 * STRENGTH * np.clip(share, 0, 1)
    colours = np.broadcast_to(colours, (*share.shape, 3))
    return np.concatenate([colours, alpha[..., None]], axis=-1).round().astype(np.uint8)


def _colours(n_classes: int) -> Array:
    return np.array([channels(style.colour) for style in CLASS_STYLES[:n_classes]], dtype=float)


def _certainty(p: Array) -> Array:
    """0 where all classes are as likely, 1 where one is certain."""
    k = len(p)
    return (p.max(axis=0) / p.sum(axis=0) - 1 / k) / (1 - 1 / k)


def _blend(p: Array, look: LookLike, ink: Array) -> Array:
    share = p / p.sum(axis=0)
    return _pixels(np.tensordot(share, _colours(len(p)), (0, 0)), _certainty(p))


def _regions(p: Array, look: LookLike, ink: Array) -> Array:
    return _pixels(_colours(len(p))[p.argmax(axis=0)], np.full(p.shape[1:], 0.8))


def _one_class(p: Array, look: LookLike, ink: Array) -> Array:
    return _pixels(_colours(len(p))[look.class_index], p[look.class_index])


def _confidence(p: Array, look: LookLike, ink: Array) -> Array:
    return _pixels(ink, _certainty(p))


def _entropy(p: Array, look: LookLike, ink: Array) -> Array:
    logs = np.log(p, where=p > 0, out=np.zeros_like(p))  # 0 · log 0 counts as 0
    return _pixels(ink, -(p * logs).sum(axis=0) / np.log(len(p)))


def _threshold(p: Array, look: LookLike, ink: Array) -> Array:
    predicted = (p[1] >= look.threshold).astype(int)
    return _pixels(_colours(2)[predicted], np.full(predicted.shape, 0.8))


VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        View("blend", "Probability blend",
             "Class colours mixed by probability; pale where the network is unsure.", _blend),
        View("regions", "Regions (arg-max)",
             "Each point in the colour of its most probable class.", _regions),
        View("class", "Class probability",
             "The stronger the colour, the more probable the class.", _one_class,
             parameter="class"),
        View("confidence", "Confidence",
             "The largest probability: strong where it is 1, clear where all are the same.",
             _confidence, scale=("1/{k}", "1")),
        View("entropy", "Entropy",
             "−Σ p log p: strong where the network is unsure, clear where it is certain.",
             _entropy, scale=("0", "log {k}")),
        View("threshold", "Threshold",
             "The second class is predicted where its probability reaches the threshold.",
             _threshold, parameter="threshold", two_classes=True),
        View("surface", "3-D surface", "One class’s probability as height. Drag to turn it.",
             _one_class, parameter="class"),  # the shade is for where there is no third dimension
    )
}  # fmt: skip
