"""Many starts beside the plot, looked at and made the run."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from playwright.sync_api import expect

from nnviz import Recipe, Trainer
from tests.browser.carriers import on_both_carriers

XOR = "?data=xor&samples=80&hidden=2&seed=3"


@on_both_carriers
def test_a_start_becomes_the_run_at_its_epoch(open_stage: Any) -> None:
    stage = open_stage(XOR)
    stage.root.get_by_role("tab", name="Starts").click()
    starts = stage.root.locator(".nnviz-starts-grid button")
    expect(starts).to_have_count(25)
    expect(stage.root.locator(".nnviz-starts-grid [aria-current=true]")).to_have_attribute(
        "data-seed", "3"
    )
    stage.play_to(60)
    epoch = stage.epoch
    seventh = stage.root.locator(".nnviz-starts-grid [data-seed='7']")
    expect(seventh).to_have_accessible_name(told(stage.recipe, 7, epoch))
    stage.root.get_by_label("Order of the starts").focus()
    stage.page.keyboard.press("Tab")  # the accuracy to reach
    stage.page.keyboard.press("Tab")  # all starts are one stop
    stage.page.keyboard.press("ArrowDown")
    for _ in range(2):
        stage.page.keyboard.press("ArrowRight")
    assert stage.epoch == epoch  # the key is not that of a step
    expect(seventh).to_be_focused()
    stage.page.keyboard.press("Enter")
    stage.wait_for_url(seed="7")
    stage.settled()
    assert stage.epoch == epoch
    assert stage.recipe == replace(Recipe(data="xor", samples=80, hidden=[2]), seed=7)
    expect(seventh).to_have_attribute("aria-current", "true")
    expect(seventh).to_be_focused()


def told(recipe: Recipe, seed: int, epoch: int) -> Any:

    trainer = Trainer(replace(recipe, seed=seed))
    trainer.seek(epoch)
    loss, _, accuracy, _ = trainer.rows(epoch)[0]
    share = round(100 * accuracy, 1)
    return re.compile(
        f"^Seed {seed} at epoch {epoch}: training loss {loss:.3g}0?0?, accuracy {share:g} %"
    )


def test_other_data_and_another_order_and_number(open_stage: Any) -> None:
    stage = open_stage(XOR)
    stage.root.get_by_role("tab", name="Starts").click()
    stage.play_to(40)
    stage.root.get_by_label("Number of starts").select_option("9")
    stage.root.get_by_label("What differs").select_option("data_seed")
    starts = stage.root.locator(".nnviz-starts-grid button")
    expect(starts).to_have_count(9)
    expect(stage.root.locator(".nnviz-starts-grid [aria-current=true]")).to_have_attribute(
        "data-seed", "0"
    )
    stage.root.get_by_label("Order of the starts").select_option("loss")
    losses = starts.evaluate_all(
        "(all) => all.map((one) => +one.ariaLabel.match(/loss ([\\d.]+)/)[1])"
    )
    assert losses == sorted(losses)
    assert len(set(losses)) > 1
    target = stage.root.get_by_label("Training accuracy to reach, in percent")
    best = max(
        starts.evaluate_all("(all) => all.map((one) => +one.title.match(/accuracy ([\\d.]+)/)[1])")
    )
    assert target.input_value() == str(min(95, 5 * int(best // 5)))
    assert not stage.root.locator(".nnviz-starts-sum").inner_text().startswith("0 of")
    target.fill("0")
    target.press("Enter")
    expect(stage.root.locator(".nnviz-starts-sum")).to_contain_text("9 of 9 reach")
    starts.nth(8).click()
    stage.settled()
    chosen = starts.nth(8).get_attribute("data-seed")
    if chosen != "0":
        stage.wait_for_url(data_seed=chosen)
