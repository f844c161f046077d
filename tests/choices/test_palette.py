"""Colours and symbols of the classes can be distinguished with any colour vision."""

import itertools
import re

import numpy as np
import pytest

from nnviz.choices.palette import CLASS_STYLES, SIGN_COLOURS, THEMES
from nnviz.recipe.recipe import FIELDS

# What is left of linear RGB where one kind of cone is missing: Machado, Oliveira and
# Fernandes (2009), severity 1.
MISSING_CONES = {
    "none": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}
# linear sRGB to CIE XYZ over the white point D65
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear_rgb(colour):
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """CIE L*a*b*, in which a distance of about 2 is just noticeable."""
    xyz = XYZ @ np.clip(rgb, 0, 1) / XYZ.sum(axis=1)
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def luminance(colour):
    return float(XYZ[1] @ linear_rgb(colour))


def test_there_is_a_style_for_every_class_a_recipe_can_have():
    assert len(CLASS_STYLES) >= FIELDS["classes"].high


def test_no_two_classes_share_a_colour_or_a_symbol():
    assert len({style.colour for style in CLASS_STYLES}) == len(CLASS_STYLES)
    assert len({style.symbol for style in CLASS_STYLES}) == len(CLASS_STYLES)


def test_colours_are_written_as_six_hexadecimal_digits():
    assert all(re.fullmatch("#[0-9A-F]{6}", style.colour) for style in CLASS_STYLES)


@pytest.mark.parametrize("missing", MISSING_CONES)
def test_all_colours_differ_plainly_whichever_cone_is_missing(missing):
    seen = [lab(np.array(MISSING_CONES[missing]) @ linear_rgb(s.colour)) for s in CLASS_STYLES]
    for one, other in itertools.combinations(seen, 2):
        assert np.linalg.norm(one - other) > 10


@pytest.mark.parametrize("paper", ["#FFFFFF", "#171614"])
def test_every_colour_stands_out_from_the_page_in_light_and_dark(paper):
    for style in CLASS_STYLES:
        light, dark = sorted([luminance(style.colour), luminance(paper)], reverse=True)
        assert (light + 0.05) / (dark + 0.05) > 2  # the contrast of WCAG 2


@pytest.mark.parametrize("missing", MISSING_CONES)
def test_signs_differ_plainly_whichever_cone_is_missing(missing):
    negative, positive = (
        lab(np.array(MISSING_CONES[missing]) @ linear_rgb(colour))
        for colour in SIGN_COLOURS.values()
    )
    assert np.linalg.norm(negative - positive) > 20


@pytest.mark.parametrize("paper", ["#FFFFFF", "#171614"])
def test_both_signs_stand_out_from_the_page(paper):
    for colour in SIGN_COLOURS.values():
        light, dark = sorted([luminance(colour), luminance(paper)], reverse=True)
        assert (light + 0.05) / (dark + 0.05) > 3


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("missing", MISSING_CONES)
def test_the_accent_is_no_class_s_and_no_sign_s_colour(missing, theme):
    cones = np.array(MISSING_CONES[missing])
    accent = lab(cones @ linear_rgb(theme.accent))
    for colour in [*(style.colour for style in CLASS_STYLES), *SIGN_COLOURS.values()]:
        assert np.linalg.norm(accent - lab(cones @ linear_rgb(colour))) > 10
