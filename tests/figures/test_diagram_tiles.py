"""Tiles: a unit's activation, coloured as in the browser, hatched where it is negative."""

import numpy as np
import pytest

from nnviz.choices.palette import CLASS_STYLES, SIGN_COLOURS, THEMES, channels
from nnviz.figures import diagram_tiles


def mixed(theme, colour, share):
    """The paper mixed with 0.9 · ``share`` of the colour, channel by channel."""
    paper = channels(THEMES[theme].paper)
    return [round(a + 0.9 * share * (b - a)) for a, b in zip(paper, channels(colour), strict=True)]


@pytest.mark.parametrize("theme", THEMES)
def test_the_sign_sets_the_colour_and_the_size_its_strength(theme):
    pixels = diagram_tiles.signed(np.array([[0, 0, 1.0, 64 / 127, -1.0, -64 / 127]]), THEMES[theme])
    positive, negative = SIGN_COLOURS["positive"], SIGN_COLOURS["negative"]
    expected = [
        channels(THEMES[theme].paper),
        channels(THEMES[theme].paper),
        mixed(theme, positive, 1),
        mixed(theme, positive, 64 / 127),
        mixed(theme, negative, 1),
        mixed(theme, negative, 64 / 127),
    ]
    np.testing.assert_array_equal(pixels[0, :, :3], expected)
    assert (pixels[..., 3] == 255).all()


@pytest.mark.parametrize(("value", "steps"), [(-1.0, (127, 64)), (-0.5, (63, 32))])
def test_negative_values_are_hatched_with_half_their_strength(value, steps):
    pixels = diagram_tiles.signed(np.full((24, 24), value), THEMES["light"])[..., :3]
    full, half = (mixed("light", SIGN_COLOURS["negative"], step / 127) for step in steps)
    row, column = np.indices((24, 24))
    hatched = (row + column) % 6 == 0
    np.testing.assert_array_equal(pixels, np.where(hatched[..., None], half, full))


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_values_of_0_and_above_are_not_hatched(value):
    pixels = diagram_tiles.signed(np.full((24, 24), value), THEMES["light"])
    assert len(np.unique(pixels.reshape(-1, 4), axis=0)) == 1


def test_values_beyond_the_scale_are_clipped_and_nan_counts_as_0():
    pixels = diagram_tiles.signed(np.array([[0.0, 7.0, np.nan, 1.0]]), THEMES["light"])
    np.testing.assert_array_equal(pixels[0, 1], pixels[0, 3])
    np.testing.assert_array_equal(pixels[0, 2], pixels[0, 0])


def test_an_output_has_the_colour_of_its_class():
    pixels = diagram_tiles.of_class(np.array([[0.0, 1.0]]), 2, 3, THEMES["light"])
    assert pixels[0, 0, :3].tolist() == [255, 255, 255]
    assert pixels[0, 1, :3].tolist() == mixed("light", CLASS_STYLES[2].colour, 1)


def test_a_single_output_is_between_two_classes():
    pixels = diagram_tiles.of_class(np.array([[0.0, 1.0, 0.25]]), 0, 1, THEMES["dark"])
    first, second = (CLASS_STYLES[k].colour for k in (0, 1))
    assert pixels[0, 0, :3].tolist() == mixed("dark", first, 1)
    assert pixels[0, 1, :3].tolist() == mixed("dark", second, 1)
    half = mixed("dark", first, 1 - 2 * 32 / 127)  # 0.25 comes as 32 of 127
    assert pixels[0, 2, :3].tolist() == half
