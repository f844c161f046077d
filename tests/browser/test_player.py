"""The page that plays a run, opened from a file: no server, no network."""

import dataclasses
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from nnviz import Recipe, Trainer
from nnviz.analysis.snapshot import Snapshot
from nnviz.export import render
from nnviz.export.animation import AnimationPlan, animate
from nnviz.export.pictures import Shot, picture
from nnviz.recipe.companions import Companion
from nnviz.recipe.look import Look

LAPTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def open_file(browser, tmp_path):
    """``open_file(bytes)`` gives the page, with its errors and requests; both are checked."""
    opened = []

    def open_one(data, viewport=LAPTOP):
        path = tmp_path / f"page-{len(opened)}.html"
        path.write_bytes(data)
        context = browser.new_context(viewport=viewport, offline=True)
        page = context.new_page()
        seen = SimpleNamespace(page=page, errors=[], requests=[], uri=path.as_uri())
        opened.append((context, seen))
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.on("console", lambda m: seen.errors.append(f"{m.type}: {m.text}"))
        page.on("request", lambda request: seen.requests.append(request.url))
        page.goto(seen.uri)
        return page

    yield open_one
    for context, seen in opened:
        context.close()
        assert seen.errors == []
        assert seen.requests == [seen.uri]


@pytest.fixture
def open_player(open_file):
    """A player of circles, or of another recipe, once it can be used; and its trainer."""

    def open_one(recipe=None, viewport=LAPTOP, **fields):
        trainer = Trainer(recipe or Recipe(data="circles", hidden=[10]))
        data = animate(trainer, AnimationPlan(**{"last": 100, "count": 11} | fields), "html")
        page = open_file(data, viewport)
        page.wait_for_selector("body[data-ready]")
        return page, trainer

    return open_one


def picture_of(page):
    return page.evaluate("document.getElementById('plane').layout.images[0].source")


def boundary_of(page):
    return page.evaluate("document.getElementById('plane').layout.shapes[0].path")


def mark_of(page):
    return page.evaluate("document.getElementById('losses').layout.shapes[0].x0")


def test_points_drawn_during_the_run_come_with_their_frame(open_player):
    edits = [[50, "points", "200_1_1.25_1.25"]]
    page, _ = open_player(Recipe(hidden=[3], edits=edits))
    drawn = "document.getElementById('plane').data[1].x.includes(1.25)"
    shown = "document.querySelectorAll('#plane .scatterlayer .trace:nth-child(2) .point').length"
    assert not page.evaluate(drawn)
    before = page.evaluate(shown)
    page.locator("#slider").focus()
    page.keyboard.press("End")
    expect(page.locator("#epoch")).to_have_text("epoch 100")
    assert page.evaluate(drawn)
    assert page.evaluate(shown) == before + 1
    page.keyboard.press("Home")
    expect(page.locator("#epoch")).to_have_text("epoch 0")
    assert not page.evaluate(drawn)


def test_it_plays_to_the_end_and_again_from_the_start(open_player):
    page, _ = open_player(fps=30)
    epoch, button = page.locator("#epoch"), page.locator("#play")
    expect(epoch).to_have_text("epoch 0")
    expect(button).to_have_attribute("aria-label", "Play")
    first = picture_of(page)
    button.click()
    expect(epoch).to_have_text("epoch 100")
    expect(button).to_have_attribute("aria-label", "Play")
    assert picture_of(page) != first
    assert mark_of(page) == 100
    seen = page.evaluate(
        """async () => {
          const seen = [];
          const epoch = document.getElementById("epoch");
          const look = () => seen.push(epoch.textContent);
          new MutationObserver(look).observe(epoch, { childList: true });
          document.getElementById("play").click();
          while (seen.at(-1) !== "epoch 100") await new Promise(requestAnimationFrame);
          return seen;
        }"""
    )
    numbers = [int(text.split()[1]) for text in seen]
    assert numbers[0] == 0
    assert numbers == sorted(numbers)


def test_playing_can_be_paused_and_goes_on(open_player):
    page, _ = open_player(fps=1)
    button = page.locator("#play")
    button.click()
    expect(button).to_have_attribute("aria-label", "Pause")
    button.click()
    expect(button).to_have_attribute("aria-label", "Play")
    expect(page.locator("#epoch")).to_have_text("epoch 0")


def test_slider_and_keys_go_through_the_epochs(open_player):
    page, _ = open_player()
    slider, epoch = page.get_by_role("slider", name="Epoch"), page.locator("#epoch")
    slider.fill("4")
    expect(epoch).to_have_text("epoch 40")
    expect(slider).to_have_attribute("aria-valuetext", "epoch 40")
    page.keyboard.press("ArrowRight")  # the slider has the focus
    expect(epoch).to_have_text("epoch 50")
    slider.blur()
    for key, shown in [("ArrowRight", 60), ("ArrowLeft", 50), ("End", 100), ("Home", 0)]:
        page.keyboard.press(key)
        expect(epoch).to_have_text(f"epoch {shown}")
    expect(page.locator("#caption")).to_contain_text("epoch 0 · loss 0.")
    page.keyboard.press(" ")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Pause")
    page.keyboard.press(" ")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")


def test_space_on_the_button_is_one_press(open_player):
    page, _ = open_player(fps=1)
    page.locator("#play").focus()
    page.keyboard.press(" ")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Pause")


def test_pointing_tells_the_probabilities_there(open_player):
    page, trainer = open_player(Recipe(data="iris", hidden=[10]), look=Look("regions"))
    page.keyboard.press("End")
    box = page.locator("#plane").bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.55 * box["height"])
    tip = page.locator("#tip")
    expect(tip).to_be_visible()
    x, y = page.evaluate(
        """([left, top]) => {
          const { xaxis, yaxis } = document.getElementById("plane")._fullLayout;
          return [xaxis.p2d(left - xaxis._offset), yaxis.p2d(top - yaxis._offset)];
        }""",
        [0.5 * box["width"], 0.55 * box["height"]],
    )
    wanted = Snapshot(trainer).probabilities((x, y))
    expect(tip.locator("b")).to_have_count(3)
    shown = [float(text.removesuffix(" %")) / 100 for text in tip.locator("b").all_inner_texts()]
    assert shown == pytest.approx(wanted, abs=0.01)
    expect(page.locator("#here")).to_contain_text("petal length (cm)")
    # the text follows the frame
    before = tip.inner_text()
    page.keyboard.press("Home")
    page.wait_for_function(
        "(before) => document.getElementById('tip').innerText !== before", arg=before
    )
    page.mouse.move(2, 2)
    expect(tip).to_be_hidden()


def test_rings_keep_their_size_when_the_window_changes(open_player):
    page, _ = open_player(Recipe(data="circles", hidden=[4], noise=0.4), look=Look(rings=True))

    def radius():
        """Of the first ring, in pixels."""
        return page.evaluate(
            """() => {
              const plane = document.getElementById("plane");
              const path = plane.layout.shapes[1].path.match(/-?[\\d.e-]+/g).map(Number);
              const [right, , , , , , middle] = path; // the first curve ends above the middle
              const { xaxis } = plane._fullLayout;
              return ((right - middle) * xaxis._length) / (xaxis.range[1] - xaxis.range[0]);
            }"""
        )

    assert radius() == pytest.approx(8.5, abs=0.01)
    page.set_viewport_size({"width": 700, "height": 700})
    page.wait_for_function("() => document.getElementById('plane')._fullLayout.width < 700")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert radius() == pytest.approx(8.5, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_nothing_is_wider_than_the_page(open_player, theme):
    page, _ = open_player(Recipe(data="blobs", classes=6, hidden=[8]), PHONE, theme=theme)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(23, 22, 20)"}[theme]
    expect(page.locator("#play")).to_be_in_viewport()


def test_names_cannot_run_as_script(open_file):
    trainer = Trainer(Recipe(data="circles", hidden=[4]))
    evil = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"
    trainer.dataset = dataclasses.replace(
        trainer.dataset, class_names=(evil, evil), features=("<b>one</b>", evil)
    )
    page = open_file(animate(trainer, AnimationPlan(last=4, count=2), "html"))
    page.wait_for_selector("body[data-ready]")
    box = page.locator("#plane").bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.55 * box["height"])
    expect(page.locator("#tip")).to_contain_text("</script><script>")
    assert page.evaluate("window.hacked") is None


def test_a_picture_as_a_page_stands_alone_too(open_file):
    trainer = Trainer(Recipe(data="circles", hidden=[4]))
    figure = picture(Snapshot(trainer), "boundary", Shot(theme="dark"))
    page = open_file(render.render(figure, "html"))
    page.wait_for_selector("#figure .main-svg")
    assert page.locator("#figure .scatterlayer .trace").count() >= 2
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 22, 20)"


def test_runs_side_by_side_play_together_and_each_answers_at_the_pointer(open_player):
    adam = Recipe(data="circles", hidden=[10], optimiser="adam")
    look = Look(beside=(Companion(), Companion(adam, "fast")))
    page, _ = open_player(look=look)
    planes = page.locator(".run")
    expect(page.locator("h2")).to_have_text(["Run 1: SGD", "fast: Adam"])
    before = planes.evaluate_all("(all) => all.map((one) => one.layout.images[0].source)")
    assert before[0] == before[1]  # the same start
    page.keyboard.press("End")
    expect(page.locator("#epoch")).to_have_text("epoch 100")
    after = planes.evaluate_all("(all) => all.map((one) => one.layout.images[0].source)")
    assert len({*before, *after}) == 3
    for i, recipe in enumerate((Recipe(data="circles", hidden=[10]), adam)):
        trainer = Trainer(recipe)
        trainer.seek(100)
        loss = f"{trainer.history.train_loss[-1]:.4f}"
        expect(page.locator(".note").nth(i)).to_contain_text(f"loss {loss} train")
    planes.nth(1).hover()
    expect(page.locator("#here")).to_contain_text("fast: Adam. x₁ ")
    expect(page.locator(".tip").nth(1)).to_be_visible()
    expect(page.locator(".tip").first).to_be_hidden()
