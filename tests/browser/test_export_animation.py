"""Animations through real downloads, made on the server."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import WebSocketRoute, expect

from nnviz.export.animation import FIELDS, FORMATS, SPACINGS, AnimationPlan
from tests.browser.export_dialog import NAME, at_moment, dialog_of


def test_the_form_is_that_of_the_plan_and_tells_of_rules_and_of_waiting(
    open_stage: Any,
) -> None:
    with at_moment(open_stage) as stage:
        dialog = dialog_of(stage, "Animation")
        expect(dialog.field("Last epoch")).to_have_value("200")
        plan = AnimationPlan()
        for label, name in (("Frames", "count"), ("Frames per second", "fps")):
            field, kind = dialog.field(label), FIELDS[name]
            bounds = [int(field.get_attribute(end)) for end in ("min", "max")]
            assert int(field.input_value()) == getattr(plan, name)
            assert bounds == [kind.low, kind.high]
        assert dialog.field("Size").input_value() == "x".join(map(str, plan.size))
        steps = dialog.field("Steps")
        assert steps.input_value() == plan.spacing
        labels = steps.evaluate("list => [...list.options].map((option) => option.label)")
        assert labels == [spacing.label for spacing in SPACINGS.values()]
        missing = [words for record in FORMATS.values() if (words := record.missing())]
        unavailable = dialog.panel.get_by_role("list", name="Formats that are not available")
        assert unavailable.get_by_role("listitem").all_inner_texts() == missing
        expect(unavailable).to_have_count(1 if missing else 0)

        for label, text, rule in (
            ("Frames", "9999", "frames must be a whole number 1…600; got 9999"),
            ("Frames", "12.5", "frames must be a whole number 1…600; got 12.5"),
            ("Frames per second", "", "frames per second must be a whole number 1…60; got nothing"),
            ("First epoch", "201", "first epoch must be at most the last epoch, 200; got 201"),
        ):
            before = dialog.field(label).input_value()
            dialog.field(label).fill(text)
            dialog.press("Make and download")
            expect(dialog.says).to_have_text(rule)
            expect(dialog.field(label)).to_be_focused()
            dialog.field(label).fill(before)

        def serve(socket: WebSocketRoute) -> None:
            studio.append(socket)
            socket.send('{"waiting": 2}')

        studio: list[WebSocketRoute] = []
        stage.page.route_web_socket("**/studio", serve)
        dialog.press("Make and download")
        progress = dialog.panel.locator(".nnviz-export-progress span")
        expect(progress).to_have_text("Waiting: 2 before this one")
        studio[0].send('{"done": 3, "of": 60}')
        expect(progress).to_have_text("Frame 3 of 60")
        stage.page.keyboard.press("Escape")
        expect(dialog.says).to_have_text("The animation is being made. Cancel stops it.")
        expect(dialog.element).to_be_visible()
        dialog.press("Cancel")
        expect(dialog.says).to_have_text("Cancelled.")


def test_an_animation_is_made_and_plays_and_can_be_cancelled(open_stage: Any) -> None:
    with at_moment(open_stage) as stage:
        dialog = dialog_of(stage, "Animation")
        expect(dialog.field("Last epoch")).to_have_value("200")
        dialog.field("Frames").fill("12")
        dialog.field("Frames per second").fill("10")
        dialog.field("Size").select_option("other")
        dialog.field("Width").fill("320")
        dialog.field("Height").fill("300")
        name, file = dialog.download("Make and download")
        assert name == f"{NAME}.gif"
        film = Image.open(io.BytesIO(file))
        assert (film.format, film.size) == ("GIF", (320, 300))
        assert film.n_frames == 12
        first = np.asarray(film.convert("RGB")).astype(int)
        film.seek(6)
        assert film.info["duration"] == 100
        film.seek(11)
        assert np.abs(np.asarray(film.convert("RGB")).astype(int) - first).max() > 60
        expect(dialog.panel.get_by_role("img", name="The animation")).to_be_visible()
        assert stage.epoch == 200

        dialog.field("Frames").fill("600")
        dialog.field("Last epoch").fill("6000")
        dialog.press("Make and download")
        expect(dialog.panel.get_by_role("progressbar")).to_be_visible()
        dialog.press("Cancel")
        expect(dialog.says).to_have_text("Cancelled.")
        expect(dialog.panel.get_by_role("progressbar")).to_be_hidden()
