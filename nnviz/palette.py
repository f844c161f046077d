"""The one place with colours: classes, and the symbols that tell them apart without colour.

Colours are from the set of Okabe and Ito (2008), made to be told apart by people with any
common colour vision; black and yellow are left out, as they vanish on one theme each.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClassStyle:
    """How one class is drawn; ``symbol`` is a Plotly marker symbol."""

    colour: str
    symbol: str


CLASS_STYLES: tuple[ClassStyle, ...] = (
    ClassStyle("#0072B2", "circle"),  # blue
    ClassStyle("#E69F00", "square"),  # orange
    ClassStyle("#009E73", "diamond"),  # bluish green
    ClassStyle("#CC79A7", "triangle-up"),  # reddish purple
    ClassStyle("#56B4E9", "cross"),  # sky blue
    ClassStyle("#D55E00", "pentagon"),  # vermilion
)

# for weights and activations: the ends of Brewer's PRGn, purple and green, which people with
# any common colour vision tell apart, in shades that stand out from a light and a dark page
SIGN_COLOURS = {"negative": "#9970AB", "positive": "#3B9549"}
