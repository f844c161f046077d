"""The engine's archive: all it takes, and nothing more."""

import base64
import io
import json
import subprocess
import sys
import zipfile

import pytest

from nnviz.live.codec import unpack
from nnviz.live.session import LiveSession
from nnviz.site import archive

NAMES = ("circles", "moons", "blobs", "iris", "wine")

# an interpreter in which nothing but NumPy, contourpy and the archive can be imported
PROGRAM = """
import asyncio, base64, json, sys
from importlib.abc import MetaPathFinder

class Refusing(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in {refused}:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Refusing())
sys.path.insert(0, {folder!r})
import nnviz
assert nnviz.__file__.startswith({folder!r})
from nnviz.site.engine.worker import start

async def main():
    replies, pages = [], []
    take = start(lambda reply: replies.append(base64.b64encode(reply).decode()), pages.append)
    take(json.dumps(dict(visit=dict(data="moons"), number=1)))
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

REFUSED = [
    "sklearn", "scipy", "pandas", "streamlit", "starlette", "plotly", "joblib", "threadpoolctl",
    "isal", "brotli", "kaleido", "PIL", "uvicorn",
]  # fmt: skip


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("engine")
    zipfile.ZipFile(io.BytesIO(archive.archive())).extractall(folder)
    program = PROGRAM.format(refused=REFUSED, folder=str(folder), names=NAMES)
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


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


def test_the_same_files_make_the_same_archive():
    assert archive.archive() == archive.archive()


def test_no_module_is_left_out_or_brought_along_in_vain():
    names = zipfile.ZipFile(io.BytesIO(archive.archive())).namelist()
    assert "nnviz/site/engine/tables/iris.csv" in names
    assert not [name for name in names if "build" in name or "/stage/" in name]
    for pattern in archive.TRAVELS:
        assert list(archive.FOLDER.glob(pattern)), pattern
