"""The engine's archive: all it takes, and nothing more."""

import base64
import io
import json
import tarfile

import pytest

from nnviz.live.codec import unpack
from nnviz.live.session import LiveSession
from nnviz.site import archive
from tests import archived

NAMES = ("circles", "moons", "blobs", "iris", "wine")

PROGRAM = """
import asyncio, base64, json
from nnviz.site.engine.worker import start

async def main():
    replies, pages = [], []
    reply = lambda data: replies.append(base64.b64encode(data).decode())
    take = start(reply, pages.append, print)
    take(json.dumps(dict(visit=dict(data="moons"), number=1)))
    for panel in ("maths", "gallery", "sweep"):
        before = len(pages)
        take(json.dumps(dict(panel=panel, number=1)))
        while len(pages) == before:
            await asyncio.sleep(0)
    asked = [dict(op="open", recipe=dict(data=name)) for name in {names}]
    frame, code = dict(op="frame", epochs=5), dict(op="export", what="qr", text="nnviz")
    picture = dict(op="export", what="picture", picture="composed")
    for request in [request for opens in asked for request in (opens, frame)] + [picture, code]:
        before = len(replies)
        take(json.dumps(dict(live=request)))
        while len(replies) == before:
            await asyncio.sleep(0)
    print(json.dumps([replies, pages]))

asyncio.run(main())
"""


SWEEP = """
import base64, json
from nnviz.site.engine.sweeper import Sweeper
from nnviz.site.engine import graph_objects, worker

graph_objects.stand_in()
from nnviz.site.engine.sweeps import Sweeps
from nnviz.recipe.recipe import Recipe
from nnviz.sweeps.chosen import Chosen
from nnviz.site.engine.sweeper import order_of

order = order_of(Chosen(Recipe(samples=30), dict(learning_rate="0.1,1"), seeds="1", epoch=3))
trainer, shown, outcomes = Sweeper(order), Sweeps("https://lecture.test/", 1, "light"), []
for run in range(2):
    while not (outcome := trainer.go_on(run)[1]):
        pass
    outcomes.append(outcome)
shown.take(dict(order=order, state="over", seconds=1, outcomes=outcomes, problem=None))
items, _ = shown.shown(None)
picture = base64.b64decode(json.loads(outcomes[0])[2]["picture"])
kinds = [i["kind"] for i in items]
print(json.dumps([kinds.count("figure"), kinds.count("axes"), picture[:4] == b"\\x89PNG"]))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    folder, program = tmp_path_factory.mktemp("engine"), PROGRAM.format(names=NAMES)
    return archived.answer(folder, program, "PIL")


def test_the_engine_runs_where_nothing_but_numpy_and_contourpy_is(answers):
    replies, pages = answers
    assert json.loads(pages[0])["params"]["data"] == "moons"
    assert unpack(base64.b64decode(replies[-1]))[1]["file"].tobytes().startswith(b"<svg")


def test_its_runs_are_those_of_the_server(answers):
    replies = iter(answers[0])
    for name in NAMES:
        session = LiveSession()
        session.handle({"op": "open", "recipe": {"data": name}})
        next(replies)
        expected, _ = unpack(session.handle({"op": "frame", "epochs": 5}))
        header, _ = unpack(base64.b64decode(next(replies)))
        assert header["metrics"] == expected["metrics"]


def test_it_draws_pictures(answers):
    header, arrays = unpack(base64.b64decode(answers[0][-2]))
    figure = json.loads(arrays["file"].tobytes())
    assert header["name"] == "wine-2-10-3-tanh-epoch-5-composed.json"
    assert len(figure["data"]) > 10


def test_its_panels_have_formulas_and_figures(answers):
    maths, gallery = (json.loads(page)["panel"] for page in answers[1][1:3])
    assert "<math" in json.dumps(maths)
    assert [item["kind"] for item in gallery["items"]].count("figure") == 2


def test_a_sweep_is_trained_and_shown_there(tmp_path):
    figures, axes, is_png = archived.answer(tmp_path, SWEEP, "PIL", "threadpoolctl")
    assert (figures, axes, is_png) == (4, 1, True)


def test_the_same_files_make_the_same_archive():
    assert archive.archive() == archive.archive()


def test_no_module_is_left_out_or_brought_along_in_vain():
    with tarfile.open(fileobj=io.BytesIO(archive.archive())) as tar:
        names = tar.getnames()
    assert "nnviz/site/engine/tables/iris.csv" in names
    assert not [name for name in names if "build" in name or "/stage/" in name]
    for pattern in archive.TRAVELS:
        assert list(archive.FOLDER.glob(pattern)), pattern
