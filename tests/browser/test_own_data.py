"""Your own data in a real browser: chosen, dropped on the plot, pasted; kept for a reload."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import expect

from tests.browser.carriers import on_both_carriers, ready
from tests.browser.export_dialog import Dialog, dialog_of

GERMAN = "länge;breite;art\r\n" + "".join(
    f"{i / 8:.3f};{i % 7 / 4:.2f};{'ABC'[i % 3]}\r\n".replace(".", ",") for i in range(40)
)
PASTE = "a\tb\tkind\n" + "".join(f"{i}\t{i * i % 11}\t{'xy'[i % 2]}\n" for i in range(20))

PENGUINS = "species,island,bill_length_mm,bill_depth_mm,body_mass_g,sex,year\n" + "".join(
    f"{name},Dream,{long + i % 7 / 2},{deep + i % 5 / 4},{3500 + 10 * i},male,{2007 + i % 3}\n"
    if i % 12
    else f"{name},Dream,NA,NA,NA,NA,2007\n"
    for i in range(16)
    for name, long, deep in (("Adelie", 38, 18), ("Chinstrap", 49, 18), ("Gentoo", 47, 15))
)

TITANIC = "PassengerId,Survived,Pclass,Name,Sex,Age,SibSp,Fare,Cabin\n" + "".join(
    f'{i},{i % 5 // 3},{1 + i % 3},"Nasser, Mrs. ""Nora"" {i}",female,'
    f"{'' if i % 10 == 0 else 20 + i % 37},{i % 4},{7 + i * i % 53 / 4},\n"
    for i in range(1, 61)
)

# in the page: drop a file on the stage
DROP = """(content) => {
  const transfer = new DataTransfer();
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  transfer.items.add(new File([bytes], "dropped.csv"));
  const event = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
  document.querySelector(".nnviz").dispatchEvent(event);
}"""


def use(stage: Any, summary: str) -> None:
    """Accept what was understood."""
    step = stage.page.get_by_role("dialog", name="Your data")
    expect(step.get_by_text(summary)).to_be_visible()
    step.get_by_role("button", name="Use these data").click()
    expect(step).to_have_count(0)


def tab_to(element: Any) -> None:
    """Press Tab until the focus is on an element."""
    for _ in range(60):
        element.page.keyboard.press("Tab")
        if element.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {element}")


@on_both_carriers
def test_a_table_is_chosen_pasted_or_dropped_and_kept_for_a_reload(
    open_stage: Any, tmp_path: Path
) -> None:
    stage = open_stage("?hidden=3")
    field = stage.page.locator(".nnviz-data")
    field.locator("summary").click()
    (tmp_path / "flowers.csv").write_bytes(GERMAN.encode("cp1252"))
    field.locator("[type=file]").set_input_files(tmp_path / "flowers.csv")
    use(stage, "flowers.csv, 40 rows, 3 classes")
    expect(stage.page.locator(".nnviz-boundary").get_by_text("länge")).to_be_visible()

    field.locator("summary").click()
    field.locator("textarea").fill(PASTE)
    field.get_by_role("button", name="Read the rows").click()
    use(stage, "pasted rows, 20 rows, 2 classes")

    rows = np.random.default_rng(0).normal(size=(2500, 2)).tolist()
    long = "x,y,k\n" + "".join(f"{x},{y},{'ab'[i % 2]}\n" for i, (x, y) in enumerate(rows))
    stage.page.evaluate(DROP, base64.b64encode(long.encode()).decode())
    use(stage, "dropped.csv, 2500 rows, 2 classes")
    expect(stage.page.locator(".nnviz-boundary").get_by_text("x", exact=True)).to_be_visible()
    assert len(stage.page.url) < 1000  # a link holds less
    stage.page.wait_for_function(
        "() => Object.values(sessionStorage).some((text) => text.includes('dropped.csv'))"
    )
    stage.page.reload()
    ready(stage.page)
    expect(stage.page.get_by_text("dropped.csv, 2500 rows, 2 classes")).to_be_visible()


def test_measurements_from_a_file_are_seen_by_whoever_opens_the_link(
    open_stage: Any, tmp_path: Path
) -> None:
    stage = open_stage("?hidden=4", fresh=True)
    (tmp_path / "penguins.csv").write_text(PENGUINS, "utf-8")
    field = stage.page.locator(".nnviz-data")
    field.locator("summary").click()
    field.locator("[type=file]").set_input_files(tmp_path / "penguins.csv")
    use(stage, "penguins.csv, 42 rows, 3 classes")
    expect(stage.page.locator(".nnviz-boundary").get_by_text("bill_depth_mm")).to_be_visible()
    stage.play_to(40)
    query = f"?{urlsplit(stage.page.url).query}&epoch={stage.epoch}"
    friend = open_stage(query, fresh=True)
    friend.settled()
    assert_same(friend, stage)

    # passengers instead, by keys alone, and as a file
    (tmp_path / "titanic.csv").write_text(TITANIC, "utf-8")
    keys = stage.page.keyboard
    field.locator("summary").focus()
    keys.press("Enter")
    tab_to(field.get_by_role("button", name="Choose a file…"))
    # a page behind another one gets no window to choose in, so that it is asked for is what counts
    chooser = field.locator("[type=file]")
    chooser.evaluate(
        """(input) => input.addEventListener("click", (event) => {
          event.preventDefault();
          input.dataset.asked = "";
        }, { once: true })"""
    )
    keys.press("Enter")
    expect(chooser).to_have_attribute("data-asked", "")
    chooser.set_input_files(tmp_path / "titanic.csv")
    step = stage.page.get_by_role("dialog", name="Your data")
    expect(step.get_by_text("titanic.csv, 54 rows, 2 classes")).to_be_visible()
    tab_to(step.get_by_role("button", name="Use these data"))
    keys.press("Enter")
    expect(stage.page.locator(".nnviz-boundary").get_by_text("Fare")).to_be_visible()
    keys.press("Space")
    stage.wait("+stage.dataset.epoch > 40")
    keys.press("Space")
    stage.settled()
    name, file = dialog_of(stage, "Share").download("Save experiment")
    keys.press("Escape")
    (tmp_path / name).write_bytes(file)
    friend.do("export")
    chosen = Dialog(friend.page)
    chosen.turn_to("Share")
    chosen.panel.locator("[type=file]").set_input_files(tmp_path / name)
    friend.wait(f"stage.dataset.epoch === '{stage.epoch}'")
    expect(friend.page.locator(".nnviz-boundary").get_by_text("Fare")).to_be_visible()
    friend.settled()
    assert_same(friend, stage)


def assert_same(stage: Any, other: Any) -> None:
    assert stage.epoch == other.epoch
    assert stage.shown("train_loss") == other.shown("train_loss")
    assert stage.picture == other.picture


def test_a_file_that_is_too_large_is_refused_in_the_browser(
    open_stage: Any, tmp_path: Path
) -> None:
    stage = open_stage()
    field = stage.page.locator(".nnviz-data")
    with open(tmp_path / "huge.csv", "wb") as file:
        file.truncate(200_000_000)
    field.locator("[type=file]").set_input_files(tmp_path / "huge.csv")
    expect(field.get_by_role("alert")).to_have_text(
        "huge.csv: the file has 200.0 MB, and 5 MB is the most."
    )
