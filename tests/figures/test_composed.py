"""All panels on one sheet: each has its own box, and no two overlap."""

import itertools

import pytest

from nnviz.figures import Box, PanelDrawings, composed
from nnviz.figures.composed import boxes


@pytest.mark.parametrize(
    "size", [(800, 450), (1280, 720), (1920, 1080), (3840, 2160), (900, 900), (800, 1200)]
)
def test_panels_do_not_overlap_and_stay_inside_the_sheet(size):
    places = boxes(Box(0, 0, *size))
    assert len(places) == 4
    for box in places:
        assert min(box.left, box.top) >= 0
        assert box.left + box.width <= size[0] + 1e-9
        assert box.top + box.height <= size[1] + 1e-9
    for one, other in itertools.combinations(places, 2):
        apart = (
            one.left + one.width <= other.left + 1e-9
            or other.left + other.width <= one.left + 1e-9
            or one.top + one.height <= other.top + 1e-9
            or other.top + other.height <= one.top + 1e-9
        )
        assert apart
    areas = [box.width * box.height for box in places]
    assert areas[0] == max(areas)
    assert sum(areas) == pytest.approx(size[0] * size[1])


def test_each_panel_is_drawn_in_its_place_above_the_caption():
    drawn = []
    panels = PanelDrawings(*(lambda sheet, box, i=i: drawn.append((i, box)) for i in range(4)))
    figure = composed(panels, caption="A line", theme="dark")
    assert [i for i, _ in drawn] == [0, 1, 2, 3]
    assert max(box.top + box.height for _, box in drawn) < 720
    assert figure.layout.paper_bgcolor == "#171614"


def test_a_small_sheet_has_the_plane_alone():
    assert boxes(Box(0, 0, 320, 240)) == (Box(0, 0, 320, 240),)
