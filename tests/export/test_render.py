"""Files of pictures, read again by other programs."""

import base64
import io
import re
import shutil
import subprocess
import sys
import threading
from xml.etree import ElementTree

import numpy as np
import plotly.graph_objects as go
import pypdf
import pytest
from PIL import Image

from nnviz import RecipeError, Trainer
from nnviz.analysis.field import Grid
from nnviz.analysis.snapshot import Snapshot
from nnviz.choices.palette import CLASS_STYLES, THEMES, channels
from nnviz.export import render
from nnviz.export.pictures import Shot, picture
from nnviz.figures.plane import path_of
from nnviz.recipe.look import Look
from tests.serving import ROOT

SIZE = (420, 400)


@pytest.fixture(scope="module")
def snapshot(circles):
    trainer = Trainer(circles)
    trainer.seek(200)
    return Snapshot(trainer)


@pytest.fixture(scope="module")
def figure(snapshot):
    shot = Shot(Look("regions"), size=SIZE, theme="dark", caption="a caption <b>of</b> its own")
    return picture(snapshot, "boundary", shot)


@pytest.fixture(scope="module")
def png(chrome, figure):
    return opened(render.render(figure, "png"))


def opened(data):
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image


def test_a_png_shows_the_class_predicted_at_each_point(png, figure, snapshot):
    assert (png.format, png.size) == ("PNG", SIZE)
    pixels = np.asarray(png.convert("RGB"))
    paper = np.array(channels(THEMES["dark"].paper))
    checked = set()
    for x, y, left, top in clear_places(figure, snapshot):
        k = snapshot.probabilities((x, y)).argmax()
        full = np.array(channels(CLASS_STYLES[k].colour))
        seen = paper + 0.62 * 0.8 * (full - paper)
        assert np.abs(pixels[top, left] - seen).max() <= 3
        checked.add(k)
    assert checked == {0, 1}


def clear_places(figure, snapshot):
    """Points of the plane, and their pixels, with no line, point or axis nearby."""
    (x0, x1), (y0, y1) = snapshot.extent.x1, snapshot.extent.x2
    across, up = (figure.layout[axis].domain for axis in ("xaxis", "yaxis"))
    things = np.concatenate(
        [snapshot.dataset.train, snapshot.dataset.test, *snapshot.lines(Look())]
    )
    for u in np.linspace(0.05, 0.95, 13):
        for v in np.linspace(0.05, 0.95, 13):
            x, y = x0 + u * (x1 - x0), y0 + v * (y1 - y0)
            if np.hypot(*(things - (x, y)).T).min() < 0.1 * (x1 - x0) / 2:
                continue
            left = SIZE[0] * (across[0] + u * (across[1] - across[0]))
            top = SIZE[1] * (1 - up[0] - v * (up[1] - up[0]))
            yield x, y, int(left), int(top)


@pytest.mark.parametrize(("suffix", "kind"), [("webp", "WEBP"), ("jpg", "JPEG"), ("jpeg", "JPEG")])
def test_converted_formats_look_like_the_png(chrome, figure, png, suffix, kind):
    image = opened(render.render(figure, suffix))
    assert (image.format, image.size) == (kind, SIZE)
    difference = np.asarray(image.convert("RGB"), int) - np.asarray(png.convert("RGB"), int)
    assert np.abs(difference).mean() < 2


def test_scale_multiplies_pixels(chrome, figure):
    assert opened(render.render(figure, "png", 2.5)).size == (1050, 1000)


def test_in_svg_the_boundary_is_a_path_and_the_field_an_image(chrome, figure, snapshot):
    text = render.render(figure, "svg").decode()
    root = ElementTree.fromstring(text)
    assert (root.get("width"), root.get("height")) == tuple(map(str, SIZE))
    images = list(root.iter("{http://www.w3.org/2000/svg}image"))
    address = images[0].get("{http://www.w3.org/1999/xlink}href")
    assert opened(base64.b64decode(address.partition("base64,")[2])).size == (800, 800)
    lines = [p for p in root.iter("{http://www.w3.org/2000/svg}path") if p.get("data-index") == "0"]
    fine = snapshot.on(Grid(snapshot.extent, snapshot.preparation, 800))
    corners = path_of(fine.lines(Look())).count(",")
    assert lines[0].get("d").count(",") == corners > 50
    assert "stroke-width: 2.5px" in lines[0].get("style")
    assert "a caption <b>of</b> its own" in "".join(root.itertext())
    addresses = [value for e in root.iter() for key, value in e.attrib.items() if "href" in key]
    assert all(value.startswith(("data:", "#")) for value in addresses)


def test_a_pdf_has_one_page_with_texts_as_text(chrome, figure):
    pages = pypdf.PdfReader(io.BytesIO(render.render(figure, "pdf"))).pages
    assert len(pages) == 1
    assert pages[0].mediabox.width / pages[0].mediabox.height == pytest.approx(420 / 400, rel=0.01)
    text = pages[0].extract_text()
    assert "outer" in text
    assert "a caption <b>of</b> its own" in text


def test_a_page_is_self_contained_and_has_the_theme_of_its_figure(figure):
    page = render.render(figure, "html").decode()
    assert page.startswith("<!doctype html>")
    assert "background: #171614" in page
    assert 'src="http' not in page
    assert len(page) > 4_000_000  # Plotly is inside


def test_the_title_of_a_page_names_the_run_and_the_epoch(figure):
    assert b"<title>Circles, epoch 200</title>" in render.render(figure, "html")
    plain = go.Figure(layout={"width": 100, "height": 100})
    assert b"<title>nnviz</title>" in render.render(plain, "html")
    plain.update_layout(meta={"title": "<b>"})
    assert b"<title>&lt;b&gt;</title>" in render.render(plain, "html")


def test_a_page_needs_no_browser(no_chrome, figure):
    assert render.render(figure, "html")


@pytest.fixture
def no_chrome(monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chrome")
    monkeypatch.setattr(render, "_chrome", render._Chrome())


def test_without_a_browser_the_message_names_what_to_install(no_chrome, figure):
    with pytest.raises(render.NoChrome) as caught:
        render.render(figure, "png")
    assert str(caught.value) == (
        "no Chrome or Chromium was found on this machine, and PNG, SVG, PDF, WebP, JPEG need one: "
        "install it (apt install chromium, or kaleido_get_chrome, which downloads one), "
        "or choose HTML, which needs none"
    )


def test_a_browser_that_does_not_start_raises_no_chrome(no_chrome, figure, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", shutil.which("false"))
    with pytest.raises(render.NoChrome, match=r"^the Chrome on this machine does not start, and"):
        render.render(figure, "png")


@pytest.mark.parametrize(
    ("name", "scale", "sentence"),
    [
        ("bmp", 1, "format must be one of png, svg, pdf, webp, jpg, html, jpeg; got bmp"),
        ("png", 0, "scale must be 0.25…8; got 0"),
        ("png", float("nan"), "scale must be 0.25…8; got nan"),
    ],
)
def test_an_invalid_format_or_scale_raises_before_any_work(
    no_chrome, figure, name, scale, sentence
):
    with pytest.raises(RecipeError) as caught:
        render.render(figure, name, scale)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("suffix", "size", "most"),
    [("png", (4000, 4000), 3.06), ("jpg", (4000, 2100), 4), ("webp", (640, 480), 8)],
)
def test_raster_files_have_a_largest_scale(suffix, size, most):
    render.check(suffix, size, most)
    with pytest.raises(RecipeError, match=r"^scale must be "):
        render.check(suffix, size, most + 0.01)
    render.check("svg", size, 8)


def test_a_figure_too_large_raises_before_any_work(no_chrome):
    wide = go.Figure(layout={"width": 4000, "height": 300})
    with pytest.raises(RecipeError, match=r"^scale must be at most 4 .*; got 5$"):
        render.render(wide, "png", 5)


@pytest.mark.parametrize(("suffix", "label"), [("png", "PNG"), ("svg", "SVG"), ("pdf", "PDF")])
@pytest.mark.parametrize(
    ("data", "got"), [(b"", "nothing"), (b"u\xab-", "3 bytes of something else")]
)
def test_bytes_that_are_not_a_picture_raise(monkeypatch, figure, suffix, label, data, got):
    monkeypatch.setattr(render._Chrome, "draw", lambda *_: data)
    with pytest.raises(render.CannotDraw) as caught:
        render.render(figure, suffix)
    assert str(caught.value) == f"the browser must return a picture as {label}; got {got}"


@pytest.mark.parametrize(("suffix", "kind"), [("jpg", "JPEG"), ("webp", "WEBP")])
def test_pillow_s_limit_of_pixels_does_not_apply(monkeypatch, figure, png, suffix, kind):
    file = io.BytesIO()
    png.save(file, "PNG")
    monkeypatch.setattr(render._Chrome, "draw", lambda *_: file.getvalue())
    with monkeypatch.context() as limited:
        limited.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
        data = render.render(figure, suffix)
    assert (opened(data).format, opened(data).size) == (kind, SIZE)


def test_each_thread_gets_its_own_picture(chrome):
    widths, got = [110, 120, 130, 140], {}

    def draw(width):
        drawn = go.Figure(layout={"width": width, "height": 100})
        got[width] = opened(render.render(drawn, "png")).size

    threads = [threading.Thread(target=draw, args=[width]) for width in widths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == {width: (width, 100) for width in widths}


def test_the_browser_fetches_nothing_from_the_network(chrome):
    render.render(go.Figure(layout={"width": 100, "height": 100}), "png")
    page = (render._chrome._kaleido._html_tmp_dir.path / "index.html").read_text()
    sources = re.findall(r'src="([^"]*)"', page)
    assert len(sources) == 2
    assert all(source.startswith("file://") for source in sources)


def test_after_a_crash_of_the_browser_another_is_started(chrome):
    figure = go.Figure(layout={"width": 100, "height": 100})
    render.render(figure, "png")
    ended = render._chrome._kaleido.subprocess
    ended.kill()
    ended.wait()
    assert opened(render.render(figure, "png")).size == (100, 100)


def test_a_program_that_draws_ends_without_warnings(chrome):
    program = (
        "import plotly.graph_objects as go\n"
        "from nnviz.export import render\n"
        "print(len(render.render(go.Figure(), 'png')) > 1000)\n"
    )
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert (done.returncode, done.stdout) == (0, "True\n")
    # on a busy machine Python's development mode reports slow steps of the event loop
    assert [line for line in done.stderr.splitlines() if " took " not in line] == []


def test_a_caption_is_shown_literally(chrome, snapshot):
    caption = '<b>x</b> <a href="https://example.org">y</a> $z^2$ %{x} &amp; \x1b[31m \udcff'
    shot = Shot(size=SIZE, caption=caption)
    drawn = ElementTree.fromstring(render.render(picture(snapshot, "boundary", shot), "svg"))
    text = " ".join("".join(element.itertext()) for element in drawn.iter() if is_text(element))
    shown = '<b>x</b> <a href="https://example.org">y</a> $z^2$ %{x} &amp; [31m \ufffd'
    assert shown in re.sub(r"\s+", " ", text)
    assert not [element for element in drawn.iter() if element.tag.endswith("}a")]


def is_text(element):
    return element.tag.endswith("}text")
