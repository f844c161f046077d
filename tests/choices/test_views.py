"""Shades of the views, against numbers worked out by hand.

That the browser has the same ones is tested in ``tests/browser/test_shades.py``.
"""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from nnviz.choices.palette import SIGN_COLOURS, THEMES, channels
from nnviz.choices.views import VIEWS, data_uri, shade, shade_signed
from nnviz.recipe.look import Look

LIGHT = THEMES["light"]
BLUE, ORANGE, GREEN = (0, 114, 178), (230, 159, 0), (0, 158, 115)
INK = (0x14, 0x13, 0x12)  # of the light theme


def shaded(view, p, theme=LIGHT, **look):
    """Red, green, blue and opacity of one point with class probabilities ``p``."""
    points = np.array(p, dtype=float)[:, None, None]
    return tuple(shade(points, Look(view=view, **look), theme)[0, 0].tolist())


# opacity at full strength is 0.62 · 255 = 158.1


@pytest.mark.parametrize(
    ("view", "p", "look", "expected"),
    [
        ("blend", [1, 0], {}, (*BLUE, 158)),
        ("blend", [0, 1], {}, (*ORANGE, 158)),
        # 1/5 blue and 4/5 orange; (0.8 − ½) / ½ = 0.6 of the opacity
        ("blend", [0.2, 0.8], {}, (184, 150, 36, 95)),
        # thirds, all as likely: clear
        ("blend", [1 / 3, 1 / 3, 1 / 3], {}, (77, 144, 98, 0)),
        ("regions", [0.4, 0.6], {}, (*ORANGE, 126)),
        ("regions", [0.2, 0.2, 0.6], {}, (*GREEN, 126)),
        ("regions", [0.4, 0.4, 0.2], {}, (*BLUE, 126)),  # the first of two
        ("class", [0.2, 0.2, 0.6], {"class_index": 2}, (*GREEN, 95)),
        ("class", [1, 0], {"class_index": 1}, (*ORANGE, 0)),
        ("surface", [0.2, 0.2, 0.6], {"class_index": 2}, (*GREEN, 95)),
        ("confidence", [0, 0, 1], {}, (*INK, 158)),
        # (0.6 − ⅓) / ⅔ = 0.4
        ("confidence", [0.2, 0.2, 0.6], {}, (*INK, 63)),
        ("entropy", [1, 0, 0], {}, (*INK, 0)),
        ("entropy", [1 / 3, 1 / 3, 1 / 3], {}, (*INK, 158)),
        # −(0.2 ln 0.2 + 0.8 ln 0.8) / ln 2 = 0.7219
        ("entropy", [0.2, 0.8], {}, (*INK, 114)),
        # −(2 · 0.2 ln 0.2 + 0.6 ln 0.6) / ln 3 = 0.8650
        ("entropy", [0.2, 0.2, 0.6], {}, (*INK, 137)),
        ("threshold", [0.4, 0.6], {"threshold": 0.6}, (*ORANGE, 126)),
        ("threshold", [0.4, 0.6], {"threshold": 0.61}, (*BLUE, 126)),
    ],
)
def test_a_point_has_the_shade_worked_out_by_hand(view, p, look, expected):
    assert shaded(view, p, **look) == expected


def test_every_view_has_a_shade_tested_above():
    tested = {"blend", "regions", "class", "confidence", "entropy", "threshold", "surface"}
    assert set(VIEWS) == tested


@pytest.mark.parametrize("view", ["confidence", "entropy"])
def test_ink_is_the_themes_own(view):
    assert shaded(view, [0.9, 0.1], THEMES["dark"])[:3] == (237, 235, 232)


def test_probabilities_count_in_steps_of_a_byte():
    assert shaded("class", [0.5, 0.5], class_index=0) == (*BLUE, round(158.1 * 128 / 255))
    assert shaded("class", [0.5004, 0.4996], class_index=0) == shaded(
        "class", [0.5, 0.5], class_index=0
    )


def test_units_are_shaded_by_sign():
    values = np.array([[0.0, 1.0, -1.0, 64 / 127, 5.0]])
    positive, negative = (channels(SIGN_COLOURS[s]) for s in ("positive", "negative"))
    pixels = shade_signed(values)[0]
    assert pixels[0, 3] == 0
    assert pixels[1].tolist() == [*positive, 158]
    assert pixels[2].tolist() == [*negative, 158]
    assert pixels[3].tolist() == [*positive, round(158.1 * 1.3 * 64 / 127)]
    assert pixels[4].tolist() == pixels[1].tolist()


def test_a_picture_has_its_first_row_at_the_bottom():
    pixels = np.zeros((2, 3, 4), np.uint8)
    pixels[0, 0] = (10, 20, 30, 255)
    head, data = data_uri(pixels).split(",")
    assert head == "data:image/png;base64"
    read = np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))
    assert read.shape == (2, 3, 4)
    assert read[1, 0].tolist() == [10, 20, 30, 255]
