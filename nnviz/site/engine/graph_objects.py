"""Plotly's graph objects, as far as :mod:`nnviz.figures` uses them: figures as plain JSON.

Plotly's own package checks every attribute and has 20 MB for that. The figures are drawn by its
script in the browser, which takes the same JSON; a test compares it with that of the package.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

_TEMPLATES = {"none": {"data": {"scatter": [{"type": "scatter"}]}}}  # as the package writes it
_TITLE = "title_"  # prefix of an attribute of an axis' title


def stand_in(script: Path | None = None) -> None:
    """Replace ``plotly.graph_objects`` for all later imports.

    ``script`` is the file with Plotly's script, where pages are made that hold it.
    """
    plotly = ModuleType("plotly")
    plotly.graph_objects = sys.modules[__name__]  # type: ignore[attr-defined]
    sys.modules |= {"plotly": plotly, "plotly.graph_objects": plotly.graph_objects}
    if script:
        offline = sys.modules["plotly.offline"] = ModuleType("plotly.offline")
        offline.get_plotlyjs = partial(script.read_text, "utf-8")  # type: ignore[attr-defined]


class Attributes(dict[str, Any]):
    """A part of a figure, by its attributes."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.get(name, () if name in ("annotations", "images", "shapes") else None)

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def update(self, *parts: Any, **attributes: Any) -> Attributes:  # type: ignore[override]
        """Merge attributes, those of parts within it too; returns itself."""
        for name, value in {**dict(*parts), **attributes}.items():
            if name.startswith(_TITLE):
                self.update(title={name.removeprefix(_TITLE): value})
            elif isinstance(value, Mapping):
                known = self.get(name)
                self[name] = (known if isinstance(known, Attributes) else Attributes()).update(
                    value
                )
            elif value is not None:
                self[name] = value
        return self


class Figure:
    """Traces, and the layout around them."""

    def __init__(self, *, layout: Mapping[str, Any] | None = None):
        self.data: list[Attributes] = []
        self.layout = Attributes().update(layout or {})

    def add_trace(self, trace: Attributes) -> Figure:
        self.data.append(trace)
        return self

    def add_shape(self, **attributes: Any) -> Figure:
        self.layout.shapes += (Attributes().update(attributes),)
        return self

    def add_annotation(self, **attributes: Any) -> Figure:
        self.layout.annotations += (Attributes().update(attributes),)
        return self

    def add_layout_image(self, **attributes: Any) -> Figure:
        self.layout.images += (Attributes().update(attributes),)
        return self

    def update_layout(self, *parts: Any, **attributes: Any) -> Figure:
        self.layout.update(*parts, **attributes)
        return self

    def update_xaxes(self, **attributes: Any) -> Figure:
        return self._update_axes("xaxis", attributes)

    def update_yaxes(self, **attributes: Any) -> Figure:
        return self._update_axes("yaxis", attributes)

    def _update_axes(self, kind: str, attributes: Mapping[str, Any]) -> Figure:
        for name in [name for name in self.layout if name.startswith(kind)]:
            self.layout[name].update(attributes)
        return self

    def to_json(self) -> str:
        """The figure as Plotly's script takes it."""
        template = _TEMPLATES.get(self.layout.template, {})
        document = {"data": self.data, "layout": {**self.layout, "template": template}}
        return json.dumps(_plain(document), allow_nan=False)


def Bar(**attributes: Any) -> Attributes:  # noqa: N802
    return Attributes(type="bar").update(attributes)


def Heatmap(**attributes: Any) -> Attributes:  # noqa: N802
    return Attributes(type="heatmap").update(attributes)


def Parcoords(**attributes: Any) -> Attributes:  # noqa: N802
    return Attributes(type="parcoords").update(attributes)


def Scatter(**attributes: Any) -> Attributes:  # noqa: N802
    return Attributes(type="scatter").update(attributes)


def Scatter3d(**attributes: Any) -> Attributes:  # noqa: N802
    return Attributes(type="scatter3d").update(attributes)


def Surface(**attributes: Any) -> Attributes:  # noqa: N802
    return Attributes(type="surface").update(attributes)


def _plain(value: Any) -> Any:
    """A value as JSON has it; numbers that are none become null, which leaves a gap."""
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
