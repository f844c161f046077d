"""Your own data in a real browser: chosen, dropped on the plot, pasted; kept for a reload."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import expect

GERMAN = "länge;breite;art\r\n" + "".join(
    f"{i / 8:.3f};{i % 7 / 4:.2f};{'ABC'[i % 3]}\r\n".replace(".", ",") for i in range(40)
)
PASTE = "a\tb\tkind\n" + "".join(f"{i}\t{i * i % 11}\t{'xy'[i % 2]}\n" for i in range(20))

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
    expect(stage.page.get_by_text("dropped.csv, 2500 rows, 2 classes")).to_be_visible()


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
