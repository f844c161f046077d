"""A sheet: positions in pixels, captions that fit, texts that are shortened."""

import pytest
from PIL import ImageFont

from nnviz.figures.sheet import SMALL, TEXT, Box, Sheet, shortened, text_width, wrapped


def test_axes_are_placed_on_their_box():
    sheet = Sheet((400, 200))
    axes = sheet.axes(Box(40, 20, 300, 100), {"range": [0, 1]}, {"range": [2, 3]})
    assert axes.on == {"xaxis": "x", "yaxis": "y"}
    assert sheet.figure.layout.xaxis.domain == (0.1, 0.85)
    assert sheet.figure.layout.yaxis.domain == pytest.approx((0.4, 0.9))  # from the bottom
    assert sheet.figure.layout.yaxis.range == (2, 3)
    assert sheet.axes(Box(0, 0, 10, 10), {}, {}).on == {"xaxis": "x2", "yaxis": "y2"}


def test_a_caption_takes_room_from_the_box_above_it():
    assert Sheet((400, 200)).box == Sheet((400, 200), caption="").box == Box(0, 0, 400, 200)
    one, three = (Sheet((400, 200), caption="word " * n).box.height for n in (5, 30))
    assert three < one < 200


def test_a_caption_begins_at_the_left_however_wide_its_letters_turn_out():
    lines = Sheet((400, 200), caption="word " * 30).figure.layout.annotations
    assert {(line.x, line.xanchor, line.align) for line in lines} == {(10 / 400, "left", "left")}


@pytest.mark.parametrize("size", [(300, 200), (200, 4000), (1280, 720)])
@pytest.mark.parametrize("text", ["x" * 9000, "word " * 9000])
def test_a_long_caption_is_cut_at_a_third_of_the_height(size, text):
    sheet = Sheet(size, caption=text)
    lines = [line.text for line in sheet.figure.layout.annotations]
    assert 0.6 * size[1] < sheet.box.height < 0.7 * size[1]
    assert [line for line in lines if line.endswith("…")] == lines[-1:]
    assert {len(line) for line in lines[1:-1]} <= {len(lines[0]), len(lines[0]) - 1}
    assert len(lines[-1]) <= len(lines[0]) + 1


def test_a_caption_that_just_fits_is_not_cut():
    fitting = " ".join(wrapped("word " * 9000, 300, 4)).removesuffix("…")
    assert len(wrapped(fitting, 300)) == 4
    assert not any("…" in line for line in wrapped(fitting, 300, 4))


@pytest.mark.parametrize("margins", [{"left": 300}, {"top": 150, "bottom": 150}])
def test_axes_with_no_room_are_still_valid(margins):
    sheet = Sheet((200, 200))
    box = sheet.box.inside(**margins)
    assert min(box.width, box.height) >= 1
    sheet.axes(box, {}, {})
    for domain in (sheet.figure.layout.xaxis.domain, sheet.figure.layout.yaxis.domain):
        assert 0 <= domain[0] <= domain[1] <= 1


def test_a_caption_is_escaped():
    text = "p < 0.5 & <b>not bold</b>"
    (line,) = wrapped(text, 600)
    assert line == "p &lt; 0.5 &amp; &lt;b&gt;not bold&lt;/b&gt;"


@pytest.mark.parametrize("width", [320, 400, 500, 640])
def test_no_line_of_a_caption_begins_with_a_dot_or_a_per_cent_sign(width):
    caption = "Circles · epoch 500 · accuracy 100.0 % train, 97.5 % test · seeds 0, 0 " * 4
    lines = wrapped(caption, width)
    assert len(lines) > 2
    assert not any(line.startswith(("·", "%")) for line in lines)
    assert " ".join(lines).replace("\N{NO-BREAK SPACE}", " ").split() == caption.split()


def test_an_unknown_theme_raises():
    with pytest.raises(KeyError):
        Sheet((100, 100), "blue")


TEXTS = ["class 0", "versicolor", "nonflavanoid phenols", "ŷ₂ grower 3", "OD280/OD315", "MWm%"]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("size", [SMALL, TEXT])
def test_the_width_of_a_text_is_about_the_one_it_has_in_a_font_like_arial(text, size):
    try:
        font = ImageFont.truetype("LiberationSans-Regular.ttf", size)
    except OSError:
        pytest.skip("Liberation Sans, as wide as Arial, is not on this machine")
    assert 0.93 * font.getlength(text) < text_width(text, size) < 1.25 * font.getlength(text)


def test_shortened_text_ends_in_an_ellipsis():
    assert shortened("setosa", 100) == "setosa"
    cut = shortened("alcalinity of ash", 60)
    assert cut.endswith("…")
    assert "alcalinity of ash".startswith(cut[:-1])
    assert text_width(cut) <= 60
    assert shortened("setosa", 1) == "…"
