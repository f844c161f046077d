"""All colours: classes, with symbols that distinguish them without colour, signs and themes.

Colours are from the set of Okabe and Ito (2008), made for people with any common colour vision to
distinguish; black and yellow are left out, because each vanishes on one theme. They are replaced by
a brown and a grey, which are as distinct from the others by the same measure.
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
    ClassStyle("#8A5A2B", "triangle-down"),  # brown
    ClassStyle("#666666", "star"),  # grey
)

# for weights and activations: the ends of Brewer's PRGn, purple and green, which people with
# any common colour vision tell apart, in shades that stand out from a light and a dark page
SIGN_COLOURS = {"negative": "#9970AB", "positive": "#3B9549"}


@dataclass(frozen=True)
class Theme:
    """Colours of a figure but for its classes.

    ``grid`` is for lines that stay behind; ``accent`` is the page's, for what is chosen there, and
    ``side`` the ground of its sidebar.
    """

    name: str
    label: str
    ink: str
    paper: str
    grid: str
    accent: str
    side: str

    @property
    def light(self) -> str:
        """The lighter of ink and paper: inside hollow symbols, to be seen on any field."""
        return max(self.ink, self.paper, key=lambda colour: sum(channels(colour)))


# as the page's two themes in .streamlit/config.toml, so that a picture looks like the page it comes
# from: Streamlit's own, but for an accent that is no class's colour, and for the light theme's ink,
# which is so dark that a caption, drawn with 60 % of it, has a contrast of 4.5:1
THEMES: dict[str, Theme] = {
    theme.name: theme
    for theme in (
        Theme(
            "light",
            "Light",
            ink="#141312",
            paper="#FFFFFF",
            grid="#DCDCDB",
            accent="#4F43BD",
            side="#F6F6F4",
        ),
        Theme(
            "dark",
            "Dark",
            ink="#EDEBE8",
            paper="#171614",
            grid="#373634",
            accent="#9D8DF0",
            side="#201E1C",
        ),
    )
}


def channels(colour: str) -> tuple[int, int, int]:
    """``#rrggbb`` as three numbers 0…255."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue
