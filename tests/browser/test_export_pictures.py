"""Pictures through real downloads, and on the clipboard."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from nnviz import Trainer
from nnviz.analysis.snapshot import Snapshot
from nnviz.choices.palette import CLASS_STYLES, THEMES, channels
from nnviz.export.pictures import Shot, picture
from nnviz.recipe.look import Look
from tests.browser.carriers import on_both_carriers
from tests.browser.export_dialog import CLIPBOARD, NAME, SVG, at_moment, dialog_of, trained


def samples(trainer: Trainer, scale: float) -> Iterator[tuple[int, int, int]]:
    """Pixels of the picture, well away from points and boundary, and the class the engine calls."""
    shot = Shot(look=Look(view="regions"))
    layout = picture(Snapshot(trainer), "boundary", shot).layout
    axes = ((layout.xaxis, layout.width, False), (layout.yaxis, layout.height, True))

    def pixel(point: Any) -> Any:
        places = []
        for (axis, length, is_up), value in zip(axes, point, strict=True):
            low, high = axis.range
            start, end = axis.domain
            share = start + (end - start) * (value - low) / (high - low)
            places.append((1 - share if is_up else share) * length)
        return np.array(places)

    data = trainer.dataset
    marks = np.array([pixel(point) for point in np.concatenate([data.train, data.test])])
    near = np.array([[dx, dy] for dx in (-0.06, 0, 0.06) for dy in (-0.06, 0, 0.06)])
    (x0, x1), (y0, y1) = layout.xaxis.range, layout.yaxis.range
    for x in np.linspace(x0, x1, 25)[1:-1]:
        for y in np.linspace(y0, y1, 25)[1:-1]:
            around = trainer.preparation.apply(near + np.array([x, y]))
            predicted = set(trainer.network.predict(around).tolist())
            place = pixel((x, y))
            if len(predicted) == 1 and np.hypot(*(marks - place).T).min() > 14:
                across, down = np.rint(place * scale).astype(int)
                yield int(across), int(down), predicted.pop()


def test_pictures_have_the_engines_colours_at_any_scale_in_any_format(open_stage: Any) -> None:
    trainer = trained()
    with at_moment(open_stage) as stage:
        stage.root.get_by_label("View", exact=True).select_option("regions")
        dialog = dialog_of(stage)
        for form, suffix, scale, theme, tolerance in (
            ("png", "png", 2, "light", 2),
            ("webp", "webp", 1, "dark", 12),
            ("jpeg", "jpg", 3, "dark", 12),
        ):
            dialog.choose("Format", form)
            dialog.choose("Size", str(scale))
            dialog.choose("Colours", theme)
            name, file = dialog.download()
            assert name == f"{NAME}.{suffix}"
            image = Image.open(io.BytesIO(file))
            assert image.format == form.upper()
            assert image.size == (680 * scale, 690 * scale)
            pixels = np.asarray(image.convert("RGB")).astype(float)
            paper = np.array(channels(THEMES[theme].paper))
            seen = set()
            for across, down, class_index in samples(trainer, scale):
                colour = np.array(channels(CLASS_STYLES[class_index].colour))
                expected = paper + 0.62 * 0.8 * (colour - paper)
                assert pixels[down, across] == pytest.approx(expected, abs=tolerance)
                seen.add(class_index)
            assert seen == {0, 1}


@on_both_carriers
def test_an_svg_holds_the_boundary_as_a_path_and_the_caption_chosen(open_stage: Any) -> None:
    with at_moment(open_stage) as stage:
        dialog = dialog_of(stage)
        dialog.choose("Format", "svg")
        expect(dialog.field("Size")).to_be_disabled()
        own = dialog.field("Caption text").input_value()
        assert own == Snapshot(trained()).caption
        name, file = dialog.download()
        assert name == f"{NAME}.svg"
        svg = ElementTree.fromstring(file)
        boundary = [
            path for path in svg.iterfind(f".//{SVG}g[@class='shapelayer']//{SVG}path")
            if path.get("d", "").count("L") > 50
        ]  # fmt: skip
        assert boundary
        (image,) = [
            image for image in svg.iter(f"{SVG}image")
            if image.get("{http://www.w3.org/1999/xlink}href", "").startswith("data:image/png")
        ]  # fmt: skip
        assert float(image.get("width", 0)) > 400
        assert "epoch 200" in "".join(svg.itertext())

        dialog.field("Caption text").fill("Rings & <b>what</b> parts them")
        _, file = dialog.download()
        words = "".join(ElementTree.fromstring(file).itertext())
        assert "Rings & <b>what</b> parts them" in words
        assert "epoch 200" not in words
        stage.page.keyboard.press("Escape")  # what was typed is there when the dialog comes back
        dialog = dialog_of(stage)
        expect(dialog.field("Caption text")).to_have_value("Rings & <b>what</b> parts them")

        dialog.field("Caption").uncheck()
        _, file = dialog.download()
        assert "Rings" not in "".join(ElementTree.fromstring(file).itertext())

        dialog.choose("Picture", "losses")
        assert dialog.download()[0] == f"{NAME}-losses.svg"


REFUSE = "() => { navigator.clipboard.writeText = () => Promise.reject(new DOMException()); }"


def test_pictures_go_to_the_clipboard_or_it_is_said_why_not(open_stage: Any) -> None:
    with at_moment(open_stage, permissions=CLIPBOARD) as stage:
        dialog = dialog_of(stage)
        dialog.choose("Size", "1")
        dialog.press("Copy")
        expect(dialog.says).to_have_text("Picture copied, as PNG.")
        kind, size = stage.page.evaluate(
            """async () => {
              const [item] = await navigator.clipboard.read();
              const picture = await createImageBitmap(await item.getType('image/png'));
              return [item.types, [picture.width, picture.height]];
            }"""
        )
        assert (kind, size) == (["image/png"], [680, 690])
        dialog.choose("Format", "svg")
        dialog.press("Copy")
        expect(dialog.says).to_have_text("SVG copied as text.")
        assert stage.page.evaluate("navigator.clipboard.readText()").startswith("<svg")
        stage.page.evaluate(REFUSE)
        dialog.press("Copy")
        expect(dialog.says).to_have_text(
            "The browser does not let this page copy. Allow the clipboard for this site, "
            "or download the file."
        )
