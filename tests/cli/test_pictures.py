"""``render`` and ``animate``: their options reach the figures, and they write real files."""

import io

import pytest
from PIL import Image

from nnviz import Recipe, Trainer
from nnviz.analysis.snapshot import Snapshot
from nnviz.choices.palette import THEMES, channels
from nnviz.cli import animate, render
from nnviz.export import animation
from nnviz.export.animation import AnimationPlan
from nnviz.export.pictures import PICTURES, Shot, picture
from nnviz.export.render import FORMATS
from nnviz.recipe.companions import Companion
from nnviz.recipe.look import Look
from nnviz.recipe.moment import Moment
from tests.cli.conftest import names


def shown(value):
    """The name of a case: the arguments."""
    return " ".join(value)[:40] if isinstance(value, list) else ""


IRIS = ["--data", "iris", "--hidden", "4", "--epoch", "12"]


@pytest.fixture
def drawn(monkeypatch):
    """The figure, format and scale of each call that renders in the browser."""
    calls = []

    def draw(figure, file_format, scale):
        calls.append((figure, file_format, scale))
        return b"drawn"

    monkeypatch.setattr(render, "render", draw)
    return calls


def expected(name, **shot):
    trainer = Trainer(Recipe(data="iris", hidden=[4]))
    trainer.seek(12)
    return picture(Snapshot(trainer), name, Shot(**shot)).to_json()


def test_a_link_with_runs_side_by_side_gives_a_row(nnviz, drawn):
    beside = (Companion(Recipe(optimiser="adam"), "Quick"), Companion())
    link = Moment(Recipe(), 5, Look(beside=beside)).to_query()
    arguments = ("render", f"http://localhost/?{link}", "-o", "row.png", "--size", "600x200")
    assert nnviz(*arguments).code == 0
    figure, *_ = drawn[0]
    titles = [annotation.text for annotation in figure.layout.annotations]
    assert titles[-2:] == ["Quick: Adam", "Run 2: SGD"]
    assert nnviz(*arguments, "--picture", "probabilities").code == 0
    assert len(drawn[-1][0].layout.images) == 0


SHOTS = [
    ([], "boundary", {}),
    (["--picture", "composed"], "composed", {}),
    (["--view", "confidence", "--theme", "dark"], "boundary",
     {"look": Look("confidence"), "theme": "dark"}),
    (["--class", "virginica"], "boundary", {"look": Look("class", class_index=2)}),
    (["--class", "1", "--view", "surface"], "boundary", {"look": Look("surface", class_index=1)}),
    (["--rings", "--points", "test"], "boundary", {"look": Look(rings=True, points="test")}),
    (["--unit", "1,3"], "boundary", {"look": Look(unit=(1, 2))}),
    (["--unit", "1,3", "--picture", "network"], "network", {"look": Look(unit=(1, 2))}),
    (["--probe", "4.5,1.5"], "boundary", {"look": Look(probe=(4.5, 1.5))}),
    (["--probe", "-0.5,0.2", "--picture", "probabilities"], "probabilities",
     {"look": Look(probe=(-0.5, 0.2))}),
    (["--size", "500x400"], "boundary", {"size": (500, 400)}),
    (["--no-caption"], "boundary", {"caption": ""}),
    (["--caption", "Iris & co"], "boundary", {"caption": "Iris & co"}),
    (["--picture", "losses", "--log-loss", "--log-epochs"], "losses",
     {"look": Look(log_loss=True, log_epochs=True)}),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "name", "shot"), SHOTS, ids=shown)
def test_render_draws_the_picture_of_its_options(nnviz, drawn, arguments, name, shot):
    answer = nnviz("render", *IRIS, *arguments, "-o", "a.png", "--scale", "2")
    assert answer.err == "nnviz: wrote a.png (5 bytes)\n"
    [(figure, file_format, scale)] = drawn
    assert (file_format, scale) == ("png", 2)
    assert figure.to_json() == expected(name, **shot)


def test_the_threshold_s_view_is_chosen_by_the_threshold(nnviz, drawn):
    assert nnviz("render", "--threshold", "0.3", "--epoch", "3", "-o", "a.png").code == 0
    trainer = Trainer(Recipe())
    trainer.seek(3)
    shot = Shot(look=Look("threshold", threshold=0.3))
    assert drawn[0][0].to_json() == picture(Snapshot(trainer), "boundary", shot).to_json()


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_can_be_named(nnviz, drawn, name):
    assert nnviz("render", *IRIS, "--picture", name, "-o", "a.svg").code == 0
    assert drawn[0][0].to_json() == expected(name)


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_ending_of_the_name_is_the_format(nnviz, drawn, folder, suffix):
    assert nnviz("render", *IRIS, "-o", f"a.{suffix.upper()}").code == 0
    assert drawn[0][1] == suffix
    assert names(folder) == [f"a.{suffix.upper()}"]


def test_a_format_can_be_named_for_standard_output(nnviz, drawn):
    answer = nnviz("render", *IRIS, "-o", "-", "--format", "svg")
    assert (answer.code, answer.out, answer.err) == (0, "drawn", "")
    assert drawn[0][1] == "svg"


@pytest.mark.parametrize("path", ["a", "a.tmp", "a.jpg", "a.jpeg", "a.v2.JPG"])
def test_a_format_can_be_named_for_a_file_without_an_ending(nnviz, drawn, path):
    assert nnviz("render", *IRIS, "-o", path, "--format", "jpeg").code == 0
    assert drawn[0][1] == "jpeg"


def test_a_real_picture_is_written(program, drawing_browser, folder):
    answer = program(
        "render", *IRIS, "-o", "iris.png", "--size", "400x300", "--scale", "2", "--theme", "dark",
        **drawing_browser,
    )  # fmt: skip
    assert answer.code == 0, answer.err
    with Image.open(folder / "iris.png") as image:
        assert (image.format, image.size) == ("PNG", (800, 600))
        assert image.convert("RGB").getpixel((3, 3)) == channels(THEMES["dark"].paper)


def test_html_is_written_without_a_browser(program, folder):
    assert program("render", *IRIS, "-o", "a.html", BROWSER_PATH="/nowhere/chrome").code == 0
    assert b"Plotly" in (folder / "a.html").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "formats"),
    [
        (["render", "-o", "a.png"], "PNG, SVG, PDF, WebP, JPEG"),
        (["animate", "-o", "a.gif"], "GIF, WebP, APNG, MP4, WebM"),
    ],
)
def test_without_a_browser_a_sentence_says_what_to_do(program, folder, arguments, formats):
    answer = program(*arguments, BROWSER_PATH="/nowhere/chrome")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        f"nnviz: error: no Chrome or Chromium was found on this machine, and {formats} need "
        "one: install it (apt install chromium, or kaleido_get_chrome, which downloads one), "
        "or choose HTML, which needs none\n"
    )
    assert names(folder) == []


# --- animations -----------------------------------------------------------------------


@pytest.fixture
def planned(monkeypatch):
    """The plan, format and layer of each animation made."""
    calls = []

    def make(trainer, plan, file_format, layer, progress):
        calls.append((plan, file_format, layer))
        trainer.seek(plan.last)
        progress(1, 1)
        return b"moving"

    monkeypatch.setattr(animate, "animate", make)
    monkeypatch.setattr(animate, "render", lambda figure, file_format: b"layer")
    return calls


PLANS = [
    ([], {}),
    (["--first", "5", "--last", "40", "--frames", "12", "--spacing", "early", "--fps", "25"],
     {"first": 5, "last": 40, "count": 12, "spacing": "early", "fps": 25}),
    (["--size", "300x200", "--theme", "dark", "--no-caption"],
     {"size": (300, 200), "theme": "dark", "caption": False}),
    (["--view", "regions", "--rings", "--points", "train"],
     {"look": Look("regions", rings=True, points="train")}),
    (["--class", "inner"], {"look": Look("class", class_index=1)}),
    (["--unit", "0,2"], {"look": Look(unit=(0, 1))}),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "plan"), PLANS, ids=shown)
def test_animate_makes_the_plan_of_its_options(nnviz, planned, arguments, plan):
    answer = nnviz("animate", *arguments, "-o", "a.gif")
    assert answer.err == "nnviz: wrote a.gif (6 bytes)\n"
    assert planned == [(AnimationPlan(**plan), "gif", b"layer")]


def test_an_animation_ends_where_the_link_does(nnviz, planned):
    assert nnviz("animate", "?data=xor&epoch=30", "-o", "a.webp").code == 0
    assert nnviz("animate", "?data=xor&epoch=30", "--last", "9", "-o", "a.webp").code == 0
    assert nnviz("animate", "?data=xor&epoch=30", "--epoch", "7", "-o", "a.webp").code == 0
    assert [plan.last for plan, *_ in planned] == [30, 9, 7]


@pytest.mark.parametrize("suffix", animation.FORMATS)
def test_the_ending_of_the_name_is_the_animation_s_format(nnviz, planned, suffix, monkeypatch):
    monkeypatch.setattr(animation.video, "missing", lambda _: None)
    assert nnviz("animate", "-o", f"a.{suffix}").code == 0
    layer = b"layer" if animation.FORMATS[suffix].needs_layer else None
    assert planned == [(AnimationPlan(), suffix, layer)]


def test_a_format_that_cannot_be_made_is_an_error_with_advice(nnviz, planned, monkeypatch, folder):
    monkeypatch.setattr(animation.video, "missing", lambda label: f"{label} needs a thing")
    answer = nnviz("animate", "-o", "a.mp4")
    assert (answer.code, answer.err) == (1, "nnviz: error: MP4 needs a thing\n")
    assert (planned, names(folder)) == ([], [])


def test_a_real_animation_is_written(program, drawing_browser, folder):
    answer = program(
        "animate", "--last", "20", "--frames", "5", "--size", "320x240", "--fps", "10",
        "-o", "a.gif", **drawing_browser,
    )  # fmt: skip
    assert answer.code == 0, answer.err
    with Image.open(io.BytesIO((folder / "a.gif").read_bytes())) as image:
        assert (image.format, image.size, image.n_frames) == ("GIF", (320, 240), 5)
        assert image.info["duration"] == 100
