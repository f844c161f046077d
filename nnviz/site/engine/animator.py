"""Animations in a web worker of their own, so that training goes on meanwhile.

The worker has a Python of its own, with Pillow, which the run's does not need.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from ...analysis.snapshot import Plane
from ...problems import RecipeError
from ...recipe.recipe import Recipe
from ...training.pieces import done
from ...training.trainer import Trainer
from . import graph_objects, samples

PLOTLY = Path("/plotly.js")  # its script, where the worker has put it for a file that needs it


class Animator:
    """Answers the worker's requests; texts are JSON, as in :mod:`nnviz.live.studio`."""

    def __init__(self) -> None:
        samples.stand_in()
        graph_objects.stand_in(PLOTLY)

    def layer(self, text: str) -> str:
        """The figure of everything that all frames share, or a ``problem``, a sentence."""
        from ...live.exports import export
        from ...live.requests import RequestError

        message = json.loads(text)
        try:
            trainer = Trainer(Recipe.from_json(message["recipe"]))
            _, file = done(export(trainer, Plane(trainer), {**message, "what": "layer"}))
        except (RequestError, RecipeError) as error:
            return json.dumps({"problem": str(error)})
        return json.dumps({"figure": file.decode()})

    def animation(
        self, text: str, layer: bytes, report: Callable[[int, int], None]
    ) -> list[object]:
        """Header, as JSON, and file; without a file, the header has a ``problem``.

        ``report(done, of)`` is called after each frame.
        """
        from ...live.animations import NONE, answer

        header, file = answer({**json.loads(text), "layer": layer}, report, NONE)
        return [json.dumps(header), file]
