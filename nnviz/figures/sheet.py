"""A figure of fixed size, in pixels, and the panels placed on it.

Margins are 0 and every axis is placed in pixels, so that other layers can be put exactly under or
over the axes of a rendered figure.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from ..choices.palette import THEMES, Theme

FONT = "Arial, Liberation Sans, Helvetica, sans-serif"  # one of them is on most machines
TEXT, SMALL = 13, 11  # font sizes in pixels
_LINE = 1.35 * SMALL  # height of a line of the caption
_WIDTH = 0.48 * SMALL  # average width of a letter
_MOST_CAPTION = 1 / 3  # largest share of a sheet's height

# widths of letters of Arial as a share of the font size; see _CAPITAL and _LETTER for all others
_LETTERS = dict.fromkeys("iIjl.,:;'|!·ft() r[]₁₂₃₄₅₆₇₈₉₀¹²³⁴⁵⁶", 0.33) | dict.fromkeys(
    "mwMW%@…", 0.9
)
_LETTERS |= dict.fromkeys("ckszvxyJ", 0.5)
_CAPITAL, _LETTER = 0.7, 0.56
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_UNPAIRED = re.compile("[\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels, measured from the top left corner."""

    left: float
    top: float
    width: float
    height: float

    def inside(self, left: float = 0, top: float = 0, right: float = 0, bottom: float = 0) -> Box:
        """The box without these margins; it is at least one pixel wide and high."""
        return Box(
            self.left + left, self.top + top,
            max(1.0, self.width - left - right), max(1.0, self.height - top - bottom),
        )  # fmt: skip

    def fitted(self, across: float, up: float) -> Box:
        """The largest rectangle with the proportions ``across`` : ``up``, in the middle."""
        scale = min(self.width / across, self.height / up)
        width, height = across * scale, up * scale
        left = self.left + (self.width - width) / 2
        return Box(left, self.top + (self.height - height) / 2, width, height)


@dataclass(frozen=True)
class Axes:
    """Two axes of a figure; ``x`` and ``y`` are Plotly's names of them, such as ``x2``, ``y2``."""

    x: str
    y: str
    box: Box

    @property
    def on(self) -> dict[str, str]:
        """Arguments that put a trace on these axes."""
        return {"xaxis": self.x, "yaxis": self.y}

    @property
    def refs(self) -> dict[str, str]:
        """Arguments that put a shape, an image or an annotation on these axes."""
        return {"xref": self.x, "yref": self.y}


class Sheet:
    """A ``figure`` of ``size`` pixels; ``box`` is the space above the ``caption``.

    A caption takes a third of the height at most; a longer one is cut and ends in an ellipsis.
    ``bare`` makes the background transparent, for a layer over another picture.
    """

    def __init__(
        self,
        size: tuple[int, int],
        theme: str = "light",
        caption: str | None = None,
        bare: bool = False,
    ):
        self.theme: Theme = THEMES[theme]
        self.width, self.height = size
        background = "rgba(0,0,0,0)" if bare else self.theme.paper
        self.figure = go.Figure(
            layout={
                "template": "none", "width": self.width, "height": self.height,
                "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0, "autoexpand": False},
                "paper_bgcolor": background, "plot_bgcolor": "rgba(0,0,0,0)",
                "font": {"family": FONT, "size": TEXT, "color": self.theme.ink},
                "hoverlabel": {"font": {"family": FONT, "size": TEXT}},
                "showlegend": True, "legend": {"visible": False},
            }
        )  # fmt: skip
        self._pairs = 0
        self._legends = 0
        most = max(1, int(self.height * _MOST_CAPTION / _LINE))
        lines = wrapped(caption, self.width, most) if caption else []
        self.box = Box(0, 0, self.width, self.height).inside(bottom=_caption_height(len(lines)))
        for number, line in enumerate(lines):
            top = self.box.height + _LINE * number
            self.text(line, 10, top, size=SMALL, xanchor="left", yanchor="top", align="left")

    def axes(self, box: Box, x: dict[str, Any], y: dict[str, Any]) -> Axes:
        """Add two axes on a box of the sheet; ``x`` and ``y`` are Plotly's attributes of them."""
        self._pairs += 1
        number = "" if self._pairs == 1 else str(self._pairs)
        common = {
            "zeroline": False, "automargin": False, "gridcolor": self.theme.grid,
            "linecolor": self.theme.grid, "ticks": "", "title_font": {"size": TEXT},
        }  # fmt: skip
        along, up = self.domains(box)
        self.figure.update_layout(
            {
                f"xaxis{number}": {"domain": along, "anchor": f"y{number}", **common, **x},
                f"yaxis{number}": {"domain": up, "anchor": f"x{number}", **common, **y},
            }
        )
        return Axes(f"x{number}", f"y{number}", box)

    def legend(self, left: float, top: float, **more: Any) -> dict[str, str]:
        """Add a one-row legend at this corner; return the arguments for its traces."""
        self._legends += 1
        name = "legend" if self._legends == 1 else f"legend{self._legends}"
        place = {
            "visible": True, "orientation": "h", "bgcolor": "rgba(0,0,0,0)",
            "itemclick": False, "itemdoubleclick": False, "itemsizing": "constant",
            "x": self.across(left), "xanchor": "left", "y": self.up(top), "yanchor": "top",
        }  # fmt: skip
        self.figure.update_layout({name: place | more})
        return {"legend": name}

    def text(self, text: str, left: float, top: float, size: float = TEXT, **more: Any) -> None:
        """Write a line of text at a position in pixels."""
        self.write([self.label(text, left, top, size, **more)])

    def label(
        self, text: str, left: float, top: float, size: float = TEXT, **more: Any
    ) -> dict[str, Any]:
        """A line of text for :meth:`write`."""
        place = {"x": self.across(left), "y": self.up(top), "xref": "paper", "yref": "paper"}
        return {"text": text, **place, "showarrow": False, "font": {"size": size},
                "borderpad": 0, **more}  # fmt: skip

    def write(self, labels: Sequence[dict[str, Any]]) -> None:
        """Write many texts at once; Plotly copies all of them at each addition."""
        self.figure.layout.annotations += tuple(labels)

    def domains(self, box: Box) -> tuple[tuple[float, float], tuple[float, float]]:
        """A box as Plotly's domains of x and y, clipped to the sheet."""
        left, right = self.across(box.left), self.across(box.left + box.width)
        low, high = self.up(box.top + box.height), self.up(box.top)
        return (_share(left), _share(right)), (_share(low), _share(high))

    def across(self, left: float) -> float:
        """Pixels from the left as a share of the width, as in Plotly."""
        return left / self.width

    def up(self, top: float) -> float:
        """Pixels from the top as a share of the height from the bottom, as in Plotly."""
        return 1 - top / self.height


def wrapped(caption: str, width: float, most: int | None = None) -> list[str]:
    """Split text into lines that fit ``width`` pixels, escaped by :func:`plain`.

    If there are more than ``most`` lines, the last one kept ends in an ellipsis.
    """
    # no line begins with a per cent sign or a separator
    joined = caption.replace(" %", "\N{NO-BREAK SPACE}%").replace(" ·", "\N{NO-BREAK SPACE}·")
    letters = max(20, int((width - 20) / _WIDTH))
    lines = textwrap.wrap(joined, letters)
    if most is not None and len(lines) > most:
        lines = lines[:most]
        lines[-1] = lines[-1][: letters - 1].rstrip(" ·\N{NO-BREAK SPACE}") + "…"
    return [plain(line) for line in lines]


def plain(text: str) -> str:
    """Escape text for Plotly: tags, placeholders of hover templates, formulas between dollar signs.

    Characters not allowed in XML, and so in SVG, become a space or U+FFFD (XML 1.0, section 2.2).
    """
    text = _CONTROLS.sub(" ", _UNPAIRED.sub("\N{REPLACEMENT CHARACTER}", text))
    return html.escape(text, quote=False).replace("%{", "%&#123;").replace("$", "&#36;")


def text_width(text: str, size: float = TEXT) -> float:
    """Approximate width in pixels of a line of text; more often too large than too small."""
    return size * sum(
        _LETTERS.get(letter, _CAPITAL if letter.isupper() else _LETTER) for letter in text
    )


def shortened(text: str, width: float, size: float = TEXT) -> str:
    """The text, or as much of its beginning as fits ``width`` pixels with an ellipsis."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def _share(number: float) -> float:
    return min(max(number, 0.0), 1.0)


def _caption_height(lines: int) -> float:
    return _LINE * lines + 8 if lines else 0.0
