"""One class's probability as a surface over the plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ..analysis.field import Field
from ..choices.palette import CLASS_STYLES
from .sheet import SMALL, TEXT, Box, Sheet, plain, shortened

Array = NDArray[Any]

SIZE = (680, 690)  # pixels
EYE = (1.35, -1.45, 0.95)  # position of the camera, in Plotly's units
HEAD = 34  # pixels for the heading
_STEPS = 50  # along each side: enough for a smooth surface


def surface(
    field: Field,
    class_index: int,
    features: Sequence[str],
    class_name: str,
    *,
    points: Sequence[Array] = (),
    eye: tuple[float, float, float] = EYE,
    size: tuple[int, int] = SIZE,
    theme: str = "light",
    caption: str | None = None,
) -> go.Figure:
    """Draw the probability of ``class_index`` as height, with a line where it is ½.

    ``points`` are those of each class, ``(n, 2)``: of this class they lie at 1, of others at 0.
    """
    sheet = Sheet(size, theme, caption)
    draw(sheet, sheet.box, field, class_index, features, class_name, points=points, eye=eye)
    return sheet.figure


def draw(
    sheet: Sheet,
    box: Box,
    field: Field,
    class_index: int,
    features: Sequence[str],
    class_name: str,
    *,
    points: Sequence[Array] = (),
    eye: tuple[float, float, float] = EYE,
) -> None:
    """Draw the surface on a box of a sheet, which can hold only one."""
    first, second = map(plain, features)
    ink, grid = sheet.theme.ink, sheet.theme.grid
    rows, columns = _steps(len(field.x2)), _steps(len(field.x1))
    sheet.figure.add_trace(
        go.Surface(
            x=field.x1[columns], y=field.x2[rows],
            z=np.asarray(field.probabilities[class_index], float)[np.ix_(rows, columns)],
            cmin=0, cmax=1, colorscale=[[0, grid], [1, CLASS_STYLES[class_index].colour]],
            showscale=False, scene="scene", showlegend=False,
            contours={"z": {"show": True, "start": 0.5, "end": 0.51, "size": 0.1, "color": ink,
                            "width": 3}},
            hovertemplate=f"{first} %{{x:.3g}}, {second} %{{y:.3g}}<br>"
                          f"p = %{{z:.3f}}<extra>{plain(class_name)}</extra>",
        )
    )  # fmt: skip

    for k, own in enumerate(points):
        sheet.figure.add_trace(
            go.Scatter3d(
                x=own[:, 0], y=own[:, 1], z=np.full(len(own), float(k == class_index)),
                mode="markers", scene="scene", showlegend=False, hoverinfo="skip",
                marker={"size": 3.5, "color": CLASS_STYLES[k].colour,
                        "line": {"width": 1, "color": ink}},
            )
        )  # fmt: skip

    def axis(title: str, **more: Any) -> dict[str, Any]:
        return {"title": {"text": title, "font": {"size": TEXT}}, "color": ink, "gridcolor": grid,
                "zeroline": False, "showbackground": False, "tickfont": {"size": SMALL},
                "nticks": 4, **more}  # fmt: skip

    along, up = sheet.domains(box.inside(top=HEAD))
    sheet.figure.update_layout(
        scene={
            "domain": {"x": along, "y": up},
            "xaxis": axis(first), "yaxis": axis(second),
            "zaxis": axis(f"p({plain(class_name)})", range=[-0.02, 1.02], tickvals=[0, 0.5, 1]),
            "camera": {"eye": dict(zip("xyz", eye, strict=True)), "center": {"z": -0.08}},
            "aspectmode": "manual", "aspectratio": {"x": 1, "y": 1, "z": 0.7},
            "dragmode": "turntable",
        }
    )  # fmt: skip
    text = plain(shortened(f"Probability of {class_name}", box.width - 20))
    sheet.text(text, box.left + box.width / 2, box.top + 10, xanchor="center", yanchor="top")


def _steps(n: int) -> NDArray[np.intp]:
    """Indices below ``n``, evenly spaced, with both ends."""
    return np.rint(np.linspace(0, n - 1, min(n, _STEPS + 1))).astype(np.intp)
