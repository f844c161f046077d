"""The room of every screen: what leads is in view, nothing is cut, covered or moved."""

from __future__ import annotations

import math
import re
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from nnviz import Recipe
from tests.browser.conftest import Stage
from tests.browser.sidebar import choose

PROJECTOR, BIG = {"width": 1280, "height": 720}, {"width": 1920, "height": 1080}
LAPTOP, TABLET = {"width": 1280, "height": 800}, {"width": 768, "height": 1024}
PHONE, LYING = {"width": 390, "height": 844}, {"width": 844, "height": 390}
ZOOMED = {"width": 640, "height": 400}  # a laptop's page at 200 %

SHIFTS = """window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      const elements = sources.map(({ node }) => node?.parentElement ?? node);
      const own = elements.filter((part) => part && !part.closest("[role=listbox]"));
      const parts = own.map((part) => part.outerHTML.slice(0, 200));
      if (parts.length) shifts.push({ value, hadRecentInput, parts });
    }
  }).observe({ type: "layout-shift", buffered: true });"""


def close_sidebar(stage: Stage) -> None:
    if stage.page.locator(".stSidebar").get_attribute("data-collapsed") == "false":
        stage.page.locator("[data-testid=stSidebarCollapseButton] button").dispatch_event("click")
        expect(stage.page.locator(".stSidebar")).to_have_attribute("data-collapsed", "true")
        stage.page.wait_for_function(
            "() => document.querySelector('.stSidebar').getBoundingClientRect().right <= 0"
        )
    stage.settled()


def box(stage: Stage, selector: str) -> dict[str, float]:
    found = stage.page.locator(selector).first.bounding_box()
    assert found, f"{selector} is not shown"
    return found


def right(place: dict[str, float]) -> float:
    return place["x"] + place["width"]


def bottom(place: dict[str, float]) -> float:
    return place["y"] + place["height"]


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    across = min(right(one), right(other)) - max(one["x"], other["x"])
    down = min(bottom(one), bottom(other)) - max(one["y"], other["y"])
    return across > 1 and down > 1


@pytest.mark.parametrize("is_open", [True, False], ids=["open", "closed"])
@pytest.mark.parametrize(
    "size", [PROJECTOR, LAPTOP, BIG, TABLET, PHONE, LYING, ZOOMED],
    ids=lambda size: f"{size['width']}x{size['height']}",
)  # fmt: skip
def test_play_plot_and_numbers_are_in_view_and_whole(
    open_stage: Any, size: dict[str, int], is_open: bool
) -> None:
    stage = open_stage(viewport=size)
    if size == LYING:
        expect(stage.page.locator(".stSidebar")).to_have_attribute("data-collapsed", "true")
    if not is_open:
        close_sidebar(stage)
    elif size == LYING:
        stage.page.get_by_test_id("stExpandSidebarButton").click()
        stage.page.wait_for_function(
            "() => document.querySelector('.stSidebar').getBoundingClientRect().left === 0"
        )
        stage.settled()
    elif stage.page.locator(".stSidebar").get_attribute("data-collapsed") == "true":
        pytest.skip("the sidebar lies above the page here")
    elif size in (ZOOMED,):
        pytest.skip("the sidebar takes half of so small a page")
    places = [box(stage, f".nnviz-{part}") for part in ("play", "numbers", "plane")]
    for place in places:
        assert place["x"] >= 0
        assert place["y"] >= 0
        assert right(place) <= size["width"]
        assert bottom(place) <= size["height"]
    play, numbers, plane = places
    assert not overlap(play, numbers)
    assert not overlap(numbers, plane)
    assert not overlap(box(stage, ".nnviz-boundary .legend"), box(stage, ".nnviz-below"))
    assert stage.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    panels = stage.page.locator(".st-key-panel [role=radio]").all()
    assert len({each.bounding_box()["y"] for each in panels}) == 1  # in one row
    covered = stage.page.evaluate(
        """([x, y]) => !document.elementFromPoint(x, y)?.closest('.nnviz-play')""",
        [play["x"] + 8, play["y"] + 4],
    )
    assert not covered, "something lies over Play"
    for view in ("threshold", "class"):
        stage.root.locator("select[data-do=view]").select_option(view)
        controls = stage.root.locator(".nnviz-look :is(select, input, output, button):visible")
        for one, other in combinations([each.bounding_box() for each in controls.all()], 2):
            assert not overlap(one, other), view


@pytest.mark.parametrize(
    "size", [PROJECTOR, LAPTOP, BIG], ids=lambda size: f"{size['width']}x{size['height']}"
)
def test_the_plot_grows_without_the_sidebar(open_stage: Any, size: dict[str, int]) -> None:
    stage = open_stage(viewport=size)
    before = box(stage, ".nnviz-plane")
    panels = box(stage, ".st-key-panel")
    assert bottom(panels) <= size["height"]
    close_sidebar(stage)
    after = box(stage, ".nnviz-plane")
    assert after["width"] >= 1.08 * before["width"]
    assert bottom(box(stage, ".st-key-panel")) <= size["height"]


def test_a_wide_screen_has_plot_network_and_curves_side_by_side(open_stage: Any) -> None:
    stage = open_stage(viewport=BIG)
    stage.play_to(20)
    plane, network, history = (
        box(stage, f".nnviz-{part}") for part in ("plane", "network", "history")
    )
    assert right(plane) <= network["x"]
    assert right(network) <= history["x"]
    assert right(history) <= BIG["width"]
    expect(stage.root.get_by_role("tab", name="Curves")).to_be_hidden()
    expect(stage.root.locator("[data-show=probe]")).to_be_visible()
    drawn = stage.root.locator(".nnviz-network canvas")
    expect(drawn.first).to_be_visible()
    before = stage.chart("history", "chart.data[0].x.length")
    stage.root.get_by_role("tab", name="Warped space").click()
    expect(stage.root.locator(".nnviz-warp")).to_be_visible()
    expect(stage.root.locator(".nnviz-history")).to_be_visible()
    stage.play_to(stage.epoch + 40)
    assert stage.chart("history", "chart.data[0].x.length") > before


def test_logits_and_outputs_stand_beside_the_bars(open_stage: Any) -> None:
    stage = open_stage("?data=iris&epoch=20")
    rows = stage.root.locator(".nnviz-bars li")
    expect(rows).to_have_count(3)
    widths = [row.bounding_box()["height"] for row in rows.all()]
    bars = box(stage, ".nnviz-probabilities")
    assert bars["height"] == pytest.approx(sum(widths), abs=1)
    z = [
        float(text.replace("−", "-"))
        for text in rows.locator("span:nth-child(2)").all_inner_texts()
    ]
    shares = [float(text) for text in rows.locator("span:last-child").all_inner_texts()]
    powers = [math.exp(value) for value in z]
    assert shares == pytest.approx([power / sum(powers) for power in powers], abs=0.01)


@pytest.mark.parametrize("size", [BIG, PROJECTOR], ids=["1920", "1280"])
def test_the_projector_enlarges_by_half_and_hides_the_rest(
    open_stage: Any, size: dict[str, int]
) -> None:
    stage = open_stage(viewport=size)
    dot = ".nnviz-points path"
    stage.play_to(5)
    stage.do("renew")  # leaves an earlier run
    stage.play_to(5)
    before = box(stage, ".nnviz-play")["height"], box(stage, dot)["width"]
    stage.page.keyboard.press("p")
    expect(stage.page.locator(".stSidebar")).to_be_hidden()
    expect(stage.page.locator(".st-key-panel")).to_be_hidden()
    stage.settled()
    after = box(stage, ".nnviz-play")["height"], box(stage, dot)["width"]
    assert after == pytest.approx([1.5 * value for value in before], rel=0.05)
    for part in ("play", "numbers", "plane", "history", "track"):
        place = box(stage, f".nnviz-{part}")
        assert bottom(place) <= size["height"]
        assert right(place) <= size["width"]
    expect(stage.root.locator(".nnviz-line")).to_have_attribute("stroke", "rgb(0, 0, 0)")
    assert stage.chart("history", "chart._fullLayout.yaxis._length") > 60
    assert not overlap(box(stage, ".nnviz-axes"), box(stage, ".nnviz-ghosts"))
    stage.root.get_by_role("tab", name="Starts").click()
    expect(stage.root.locator(".nnviz-starts-grid button")).to_have_count(25)
    assert bottom(box(stage, ".nnviz-starts-grid")) <= size["height"]
    stage.root.get_by_role("tab", name="Curves").click()
    stage.root.locator("[data-do=projector]").click()
    expect(stage.page.locator(".stSidebar")).to_be_visible()


@pytest.mark.parametrize("size", [BIG, PROJECTOR], ids=["1920", "1280"])
def test_a_projector_shows_warnings_and_the_threshold(
    open_stage: Any, size: dict[str, int]
) -> None:
    link = "?data=circles&hidden=10&epoch=20&projector=true"
    stage = open_stage(link, viewport=size)
    plane = box(stage, ".nnviz-plane")
    assert stage.shown("hint") == ""  # no instructions
    stage = open_stage(f"{link}&activation=step&view=threshold", viewport=size)
    expect(stage.root.locator(".nnviz-hint")).to_contain_text("Layer 1 cannot learn")
    expect(stage.root.get_by_role("slider", name="Threshold")).to_be_visible()
    expect(stage.root.get_by_role("combobox", name="View")).to_be_hidden()
    parts = ("numbers", "hint", "ask", "confusion", "tabs", "history", "axes", "plane", "time")
    places = [box(stage, f".nnviz-{part}") for part in parts]
    assert max(map(bottom, places)) <= size["height"]
    assert not any(overlap(*pair) for pair in combinations(places, 2))
    assert box(stage, ".nnviz-plane") == plane


def test_a_projector_says_what_a_perceptron_learns_from_each_sample(open_stage: Any) -> None:
    link = "?data=blobs&classes=2&output=step&hidden=none&batch_size=1&pace=0&projector=true"
    stage = open_stage(link, viewport=PROJECTOR)
    stage.do("play")
    hint = stage.root.locator(".nnviz-hint")
    expect(hint).to_contain_text(re.compile(r"Sample \d+ of 160 in epoch 1: .+ so far\."))
    expect(hint).to_be_visible()


def test_the_plot_answers_where_it_is_pointed_at_on_a_projector(open_stage: Any) -> None:
    stage = open_stage("?data=circles&epoch=30&projector=true", viewport=BIG)
    expect(stage.page.locator(".stSidebar")).to_be_hidden()
    point = stage.root.locator(".nnviz-points path").first
    place = point.bounding_box()
    middle = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    stage.page.mouse.click(*middle)
    expect(stage.root.locator("[data-show=probe]")).to_contain_text("pinned")
    pinned = stage.chart("boundary", "[chart.data.at(-1).x[0], chart.data.at(-1).y[0]]")
    data = stage.trainer().dataset
    assert pinned == pytest.approx(data.train[data.train_labels == 0][0].tolist(), abs=0.02)


def test_nothing_shifts(open_stage: Any) -> None:
    stage = open_stage(script=SHIFTS)
    stage.settled()
    stage.do("play")
    stage.wait("+stage.dataset.epoch > 100")
    stage.do("play")
    stage.settled()
    choose(stage, "Data set", "Moons")
    stage.wait_for_url(data="moons")
    stage.settled()
    rate = stage.page.get_by_role("textbox", name="Learning rate")
    rate.fill("0.3")
    rate.press("Enter")
    stage.wait_for_url(learning_rate="0.3")
    stage.settled()
    shifts = stage.page.evaluate("shifts.filter(({ hadRecentInput }) => !hadRecentInput)")
    assert shifts == []


def test_the_keys_are_listed_behind_a_question_mark(open_stage: Any) -> None:
    stage = open_stage()
    stage.page.keyboard.press("?")
    listed = stage.root.locator(".nnviz-keyboard table")
    expect(listed).to_be_visible()
    expect(listed).to_contain_text("play or pause")
    stage.page.keyboard.press("?")
    expect(listed).to_be_hidden()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?hidden=none",
        "?hidden=none&inputs=x1sq,x2sq",
        "?data=linear&output=step&hidden=none",
        "?activation=step",
    ],
)
def test_the_hint_is_whole_on_a_laptop(open_stage: Any, query: str) -> None:
    stage = open_stage(query)
    stage.settled()
    hint = stage.root.locator("[data-show=hint]")
    expect(hint).not_to_be_empty()
    room, taken = hint.evaluate(
        "(hint) => [hint.parentElement.getBoundingClientRect(), hint.getBoundingClientRect()]"
        ".map(({ bottom }) => bottom)"
    )
    assert taken <= room, hint.inner_text()


def test_a_perceptron_is_followed_sample_by_sample(open_stage: Any) -> None:
    stage = open_stage(
        "?data=linear&output=step&hidden=&batch_size=1&learning_rate=0.1", fresh=True
    )
    pace = stage.root.locator("select[data-do=pace]")
    expect(pace).to_have_value("1")
    pace.select_option("0")
    stage.do("play")
    hint = stage.root.locator("[data-show=hint]")
    expect(hint).to_contain_text("Sample 2 of 160 in epoch 1")
    stage.do("play")
    stage.wait("stage.dataset.state === 'paused'")
    assert stage.epoch == 0
    assert stage.path("rings")  # around the sample
    stage.do("step")
    expect(hint).to_contain_text("corrections so far. Drag")


def test_the_tools_and_eight_classes_have_room_and_move_nothing(open_stage: Any) -> None:
    angles = np.arange(80) % 8 * np.pi / 4
    points = np.column_stack([np.cos(angles), np.sin(angles)]) + np.arange(80)[:, None] / 1000
    recipe = Recipe.from_table(points, np.arange(80) % 8)
    stage = open_stage("?" + recipe.to_query(), viewport=PROJECTOR)
    before = box(stage, ".nnviz-plane")
    stage.root.get_by_role("button", name="Draw").click()
    assert box(stage, ".nnviz-plane") == before
    bar = stage.root.locator(".nnviz-pen")
    assert bar.evaluate("bar => bar.scrollWidth <= bar.clientWidth")
    tools = [button.bounding_box() for button in bar.locator("button:visible").all()]
    assert len(tools) == 5 + 8 + 3 + 2
    assert not any(overlap(one, other) for one, other in pairwise(tools))
    assert not any(overlap(tool, box(stage, ".nnviz-message")) for tool in tools)
    stage.root.get_by_role("button", name="Done").click()
