"""The page of static files: the stage of the served page, with Python in a web worker."""

from contextlib import ExitStack

import pytest
from PIL import Image
from playwright.sync_api import expect

from nnviz import Moment, Recipe, Trainer
from tests import pyodide
from tests.browser.axe import Audit
from tests.browser.carriers import ready
from tests.browser.conftest import LAPTOP, PHONE, Stage
from tests.browser.export_dialog import Dialog

# keeps the header of the worker's last reply
RECORD = """
const Plain = Worker;
window.Worker = class extends Plain {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => {
      if (!data.live) return;
      const length = new DataView(data.live).getUint32(0, true);
      const header = JSON.parse(new TextDecoder().decode(new Uint8Array(data.live, 4, length)));
      if (header.metrics) window.metrics = header.metrics;
    });
  }
};
"""


@pytest.fixture(scope="module")
def address(site_folder):
    with pyodide.served(site_folder, pyodide.Strict) as root:
        yield f"{root}{pyodide.PATH}/"


@pytest.fixture(scope="module")
def waiting(browser, address):
    """A page whose Python is held back, and what lets it go."""
    held = []
    with ExitStack() as pages:
        context = browser.new_context(viewport=LAPTOP, service_workers="block")
        pages.callback(context.close)
        context.route("**/engine.tar.gz", lambda route: held.append(route))
        stage = Stage(context.new_page())
        stage.page.add_init_script(RECORD)
        stage.page.goto(address)
        stage.painted()
        yield stage, held
        for route in held:
            route.abort()


@pytest.fixture
def stage(waiting):
    """The page, with Python there and paused at epoch 0 of the default run."""
    stage, held = waiting
    let_go(stage, held)
    ready(stage.page)
    if stage.data("state") == "running":
        stage.do("play")
    stage.page.set_viewport_size(LAPTOP)
    if stage.query.get("data", ["circles"]) != ["circles"] or "edits" in stage.query:
        field(stage, "data").select_option(label="Moons")
        stage.wait_for_url(data="moons")
        field(stage, "data").select_option(label="Circles")
        stage.wait_for_url(data="circles")
    stage.do("reset")
    stage.wait("stage.dataset.epoch === '0'")
    stage.settled()
    yield stage
    assert stage.errors == []


def let_go(stage, held):
    while held:
        held.pop().continue_()
    stage.page.context.unroute("**/engine.tar.gz")


def field(stage, key):
    return stage.page.locator(f"#site-field-{key}")


def test_picture_and_settings_are_there_before_python(waiting):
    stage, held = waiting
    assert stage.epoch == 0
    assert stage.shown("train_loss") == f"{Trainer(Recipe()).history.train_loss[0]:.4f}"
    assert field(stage, "data").input_value() == "0"
    expect(stage.page.locator("#site-loading")).to_contain_text("Loading Python")
    stage.do("play")  # starts when Python is there
    assert stage.data("frames") != ""
    while not held:
        stage.page.evaluate("new Promise(requestAnimationFrame)")
    assert stage.epoch == 0
    let_go(stage, held)
    stage.wait("+stage.dataset.epoch > 20")
    stage.charted()
    assert stage.errors == []


def test_its_losses_are_those_of_the_server(stage):
    stage.play_to(30)
    trainer = stage.trainer()
    metrics = stage.page.evaluate("window.metrics")
    for name, loss in metrics.items():
        assert loss == pytest.approx(getattr(trainer.history, name)[-1], rel=0, abs=1e-9)


def test_a_setting_opens_another_run_and_back_returns(stage):
    before = stage.page.url
    field(stage, "data").select_option(label="Iris")
    stage.wait_for_url(data="iris")
    expect(field(stage, "feature_1")).to_be_attached()
    expect(stage.root.locator(".nnviz-bars")).to_contain_text("setosa")
    stage.page.go_back()
    stage.page.wait_for_function("(url) => location.href === url", arg=before)
    expect(stage.root.locator(".nnviz-bars")).to_contain_text("outer")
    assert field(stage, "data").evaluate("(select) => select.selectedOptions[0].label") == "Circles"


def test_an_edit_while_it_plays_is_in_the_address(stage):
    stage.play_to(20)
    rate = stage.page.get_by_label("Learning rate η", exact=False).first
    rate.fill("0.1")
    rate.press("Enter")
    stage.page.wait_for_function("() => location.search.includes('edits=')")
    assert [edit.value for edit in stage.recipe.edits] == [0.1]
    expect(stage.page.locator("#site-changes")).to_contain_text("0.1 from epoch")
    stage.play_to(stage.epoch + 10)
    assert stage.page.evaluate("window.metrics.train_loss") == pytest.approx(
        stage.trainer().history.train_loss[-1], abs=1e-9
    )


def test_a_worker_that_ends_is_replaced_and_goes_on_where_it_was(stage):
    stage.play_to(40)
    epoch, trainer = stage.epoch, stage.trainer()
    stage.page.workers[0].evaluate("setTimeout(() => { throw new Error('killed by a test'); })")
    expect(stage.root.locator("[data-show=message]")).to_contain_text("Python has ended")
    ready(stage.page)
    stage.do("step")
    stage.wait(f"+stage.dataset.epoch === {epoch + 1}")
    stage.settled()
    trainer.advance(1)
    assert stage.shown("train_loss") == f"{trainer.history.train_loss[-1]:.4f}"
    stage.errors.clear()  # that of the test


def test_a_wrong_link_says_what_is_wrong(stage):
    stage.page.evaluate("history.pushState(null, '', '?noise=loud')")
    stage.page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")
    expect(stage.page.locator("#site-problems")).to_contain_text("The default is used.")


def test_axe_finds_nothing_with_all_settings_in_view(stage):
    for fold in stage.page.locator("#site-form details > summary").all():
        fold.click()
    audit = Audit(stage.page)
    audit.look("the page")
    audit.verdict()


def test_own_data_are_read_in_the_browser(stage, tmp_path):
    rows = "".join(f"{i / 8};{i % 7 / 4};{'äöü'[i % 3]}\r\n".replace(".", ",") for i in range(40))
    (tmp_path / "flowers.csv").write_bytes(f"länge;breite;art\r\n{rows}".encode("cp1252"))
    field_of_data = stage.page.locator(".nnviz-data")
    field_of_data.locator("summary").click()
    field_of_data.locator("[type=file]").set_input_files(tmp_path / "flowers.csv")
    step = stage.page.get_by_role("dialog", name="Your data")
    expect(step.get_by_text("flowers.csv, 40 rows, 3 classes: ä, ö, ü.")).to_be_visible()
    audit = Audit(stage.page)
    audit.look("the step")
    audit.verdict()
    step.get_by_label("Axis x₁").select_option(label="breite")
    step.get_by_label("Axis x₂").select_option(label="länge")
    step.get_by_role("button", name="Use these data").click()
    expect(step).to_be_hidden()
    stage.page.wait_for_function("location.search.includes('flowers.csv')")
    stage.settled()
    assert stage.recipe.table.axes == ("breite", "länge")
    assert stage.recipe.table.classes == ("ä", "ö", "ü")
    expect(field(stage, "data").locator("option:checked")).to_have_text("Your data: flowers.csv")


def test_the_settings_are_used_by_keys_alone(stage):
    field(stage, "layers").focus()
    stage.page.keyboard.press("ArrowUp")
    stage.wait_for_url(hidden="10,10")
    expect(field(stage, "layers")).to_be_focused()
    stage.page.keyboard.press("ArrowDown")
    stage.wait_for_url(hidden="10")


def test_the_panels_show_the_epoch_at_which_the_run_rests(stage):
    page, panels = stage.page, stage.page.locator("#site-panels")
    stage.play_to(10)
    panels.get_by_role("button", name="Maths of one step").click()
    expect(panels).to_contain_text(f"Numbers of epoch {stage.epoch}.")
    expect(panels.get_by_role("button", name="Maths of one step")).to_be_in_viewport()
    assert (
        panels.locator("mtable.matrix").first.evaluate("(at) => at.getBoundingClientRect().height")
        > 30
    )
    loss = panels.locator("summary", has_text="4 · Loss J")
    loss.focus()
    page.keyboard.press("Enter")
    expect(panels.locator("#site-part-loss")).to_contain_text("Only the term")
    expect(loss).to_be_focused()
    number = panels.get_by_label("Training point")
    number.fill("5")
    number.press("Enter")
    expect(panels).to_contain_text("Point 5:")
    expect(number).to_be_focused()
    audit = Audit(page)
    audit.look("maths", "#site-panels")
    panels.get_by_role("button", name="Activation functions").click()
    expect(panels.locator(".site-figure .main-svg").last).to_be_visible()
    page.set_viewport_size(PHONE)
    audit.look("activation functions", "#site-panels")
    audit.verdict()
    panels.get_by_role("button", name="Activation functions").click()
    expect(panels.locator(".site-panel")).to_be_hidden()


def test_a_phone_has_the_settings_behind_a_button(stage):
    stage.page.set_viewport_size(PHONE)
    stage.wait("document.documentElement.scrollWidth <= innerWidth")
    toggle = stage.page.get_by_role("button", name="Settings")
    shown = toggle.get_attribute("aria-expanded")
    toggle.click()
    assert toggle.get_attribute("aria-expanded") != shown
    assert stage.page.locator("#site-sidebar").is_visible() == (shown == "false")
    toggle.click()


SPOIL = """async () => {
  const [name] = await caches.keys();
  const cache = await caches.open(name);
  for (const request of await cache.keys()) {
    if (request.url.endsWith("engine.tar.gz")) await cache.put(request, new Response("spoilt"));
  }
}"""


KEPT = """async (count) => {
  const registration = await navigator.serviceWorker.getRegistration();
  const [name] = await caches.keys();
  const kept = name ? await (await caches.open(name)).keys() : [];
  return Boolean(registration?.active) && kept.length >= count;
}"""


def kept(stage, folder):
    """Until the service worker keeps all but itself, the builder's mark, and what is for later."""
    count = sum(path.is_file() for path in folder.rglob("*")) - 3
    for _ in range(10_000):
        if stage.page.evaluate(KEPT, count):
            return
        stage.page.evaluate("() => new Promise(requestAnimationFrame)")
    raise AssertionError("the service worker does not keep the page")


def test_a_second_visit_needs_no_network_for_a_link_and_a_picture(browser, site_folder):
    with ExitStack() as pages:
        context = browser.new_context(viewport=LAPTOP)
        pages.callback(context.close)
        stage = Stage(context.new_page())
        with pyodide.served(site_folder, pyodide.Strict) as root:
            stage.page.goto(f"{root}{pyodide.PATH}/")
            kept(stage, site_folder)
            stage.page.evaluate(SPOIL)  # a corrupt cache is left for the network
            stage.page.reload()
            ready(stage.page)
            kept(stage, site_folder)
        stage.page.goto(
            f"{root}{pyodide.PATH}/?data=iris&hidden=4&epoch=20"
        )  # the server has ended
        stage.wait("stage.dataset.epoch === '20'")
        stage.play_to(30)
        loss = stage.trainer().history.train_loss[-1]
        assert stage.shown("train_loss") == f"{loss:.4f}"
        assert field(stage, "units_1").input_value() == "4"
        stage.charted()
        stage.do("export")
        dialog = Dialog(stage.page)
        name, picture = dialog.download()
        assert name == f"iris-2-4-3-tanh-epoch-{stage.epoch}.png"
        assert picture.startswith(b"\x89PNG")
        dialog.turn_to("Animation")
        expect(dialog.panel.locator(".nnviz-export-missing")).to_contain_text("MP4: made by a")


def test_an_animation_is_made_beside_the_run_and_can_be_cancelled(stage):
    stage.play_to(20)
    stage.do("export")
    dialog = Dialog(stage.page)
    dialog.turn_to("Animation")
    for label, value in (("Frames", "5"), ("Width", "320"), ("Height", "240")):
        dialog.field("Size").select_option("other")
        dialog.field(label).fill(value)
    with stage.page.expect_worker() as started:
        dialog.press("Make and download")
    with started.value.expect_event("close"):
        dialog.press("Cancel")
    expect(dialog.says).to_have_text("Cancelled.")
    with stage.page.expect_download(timeout=120_000) as download:
        dialog.press("Make and download")
    with Image.open(download.value.path()) as picture:
        assert (picture.format, picture.n_frames, picture.size) == ("GIF", 5, (320, 240))
    assert download.value.suggested_filename.endswith(f"-epoch-{stage.epoch}.gif")
    expect(dialog.panel.get_by_alt_text("The animation")).to_be_visible()
    stage.page.keyboard.press("Escape")


def test_a_page_that_plays_is_saved_and_not_opened_as_the_policy_refuses_its_script(stage):
    stage.play_to(20)
    stage.do("export")
    dialog = Dialog(stage.page)
    dialog.turn_to("Animation")
    dialog.field("Format").select_option(label="HTML")
    dialog.field("Frames").fill("3")
    name, player = dialog.download("Make and download")
    assert name.endswith(".html")
    assert b"<script>" in player
    expect(dialog.panel.get_by_role("link")).to_have_count(0)
    stage.page.keyboard.press("Escape")


NOTES = """<!doctype html><title>Lecture notes</title>
<iframe id="run" src="{address}?data=moons&hidden=4&embed=1&controls=hidden" height="640"></iframe>
<script>
  const heard = [];
  addEventListener("message", ({{ data }}) => heard.push(data));
  const say = (message) => document.getElementById("run").contentWindow.postMessage(message, "*");
</script>
"""


def test_lecture_notes_on_another_origin_show_the_stage_and_talk_with_it(
    browser, address, tmp_path
):
    (tmp_path / "notes.html").write_text(NOTES.format(address=address))
    with ExitStack() as pages:
        context = browser.new_context(viewport=LAPTOP, service_workers="block")
        pages.callback(context.close)
        notes = pages.enter_context(pyodide.served(tmp_path))
        page = context.new_page()
        page.goto(f"{notes.replace('127.0.0.1', 'localhost')}notes.html")
        frame = page.frame_locator("#run")
        page.wait_for_function("heard.some(({ nnviz }) => nnviz === 'ready')", timeout=120_000)
        expect(frame.get_by_role("button", name="Play")).to_be_visible()
        expect(frame.locator(".nnviz-title")).to_be_hidden()
        shown = frame.locator("#site-form input, #site-form select")
        expect(shown).to_have_count(2)  # how many layers, and their units
        expect(frame.locator("#site-field-units_1")).to_have_value("4")
        page.evaluate("say({ nnviz: 'open', query: 'data=xor&hidden=3&epoch=12' })")
        expect(frame.get_by_test_id("nnviz-stage")).to_have_attribute("data-epoch", "12")
        page.evaluate("say({ nnviz: 'moment' })")
        page.wait_for_function("heard.some(({ nnviz }) => nnviz === 'moment')")
        moment = Moment.from_query(page.evaluate("heard.at(-1).query"))
        assert (moment.recipe.data, moment.epoch) == ("xor", 12)
