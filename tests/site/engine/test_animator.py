"""Animations as the second worker makes them: with what stands in for packages, and Pillow."""

import base64
import io
import json

import pytest
from PIL import Image

from nnviz import Recipe, Trainer
from nnviz.export import animation
from nnviz.live.animations import answer
from tests import archived

SIZE = (320, 240)
PLAN = {"first": 0, "last": 12, "count": 4, "size": SIZE, "fps": 10, "recipe": {"samples": 40}}

PROGRAM = """
import base64, json
from pathlib import Path
from nnviz.site.engine import animator
animator.PLOTLY = Path("plotly.js").absolute()
animator.PLOTLY.write_text("var Plotly = 1;")
made = animator.Animator()
layers = [made.layer(json.dumps(fields)) for fields in {layers}]
frames = []
files = [
    made.animation(json.dumps(fields), base64.b64decode({png!r}), lambda *news: frames.append(news))
    for fields in {plans}
]
files = [[head, base64.b64encode(file).decode()] for head, file in files]
print(json.dumps([layers, files, frames]))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    program = PROGRAM.format(
        png=base64.b64encode(layer()).decode(),
        layers=[
            {"recipe": {"data": "iris"}, "size": SIZE},
            {"recipe": {"data": "iris"}, "size": [1, 1]},
        ],
        plans=[{**PLAN, "format": name} for name in ("gif", "html")] + [{**PLAN, "count": 0}],
    )  # fmt: skip
    return archived.answer(tmp_path_factory.mktemp("engine"), program)


def layer():
    file = io.BytesIO()
    Image.new("RGBA", SIZE, (0, 0, 0, 0)).save(file, "PNG")
    return file.getvalue()


def test_the_layer_is_that_of_the_server(made):
    figure = json.loads(json.loads(made[0][0])["figure"])
    plan = animation.AnimationPlan(size=SIZE)
    theirs = animation.layer(Trainer(Recipe(data="iris")), plan).to_plotly_json()
    assert len(figure["data"]) == len(theirs["data"])
    assert (figure["layout"]["width"], figure["layout"]["height"]) == SIZE


def test_a_gif_is_that_of_the_server_frame_by_frame(made):
    header, file = made[1][0]
    expected, theirs = answer({**PLAN, "format": "gif", "layer": layer()}, lambda done, of: None)
    assert json.loads(header) == expected
    ours = Image.open(io.BytesIO(base64.b64decode(file)))
    theirs = Image.open(io.BytesIO(theirs))
    assert (ours.n_frames, ours.size) == (4, SIZE)
    for i in range(4):
        ours.seek(i)
        theirs.seek(i)
        assert ours.convert("RGB").tobytes() == theirs.convert("RGB").tobytes()
    assert [4, 4] in made[2]


def test_a_page_holds_plotly_as_the_worker_has_put_it_there(made):
    header, file = made[1][1]
    assert json.loads(header)["mime"] == "text/html"
    assert b"var Plotly = 1;" in base64.b64decode(file)


def test_what_is_wrong_is_a_sentence(made):
    assert json.loads(made[0][1])["problem"].startswith("size must be")
    assert json.loads(made[1][2][0])["problem"].startswith("format must be")
